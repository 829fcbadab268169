"""Shapely, over which GeoPandas' sjoin_nearest and buffer stand: one STRtree, arrays of shapes, GEOS in the plane."""
import geopandas
import numpy
import shapely

from dialogue import groups, serve

QUARTER_SEGMENTS = 8  # of a circle, as GeoPandas and PostGIS have it by default


class Shapely:
    version = f"Shapely {shapely.__version__} (GEOS {shapely.geos_version_string}, GeoPandas {geopandas.__version__})"

    def load(self, folder):
        self.plots = geopandas.read_file(f"{folder}/plots_plane.gpkg").geometry.to_numpy()
        self.layer = geopandas.read_file(f"{folder}/layer_plane.gpkg").geometry.to_numpy()
        self.take(len(self.plots))

    def take(self, count):
        self.taken = self.plots[:count]

    def nearest(self):
        (row, _), distance = shapely.STRtree(self.layer).query_nearest(self.taken, return_distance=True, all_matches=False)
        answer = numpy.full(len(self.taken), numpy.nan)
        answer[row] = distance
        return answer

    def share(self, within_m):
        """Each line is buffered once, and what its buffers leave of a plot united: quicker than to buffer the lines together."""
        row, line = shapely.STRtree(self.layer).query(self.taken, predicate="dwithin", distance=within_m)
        used, place = numpy.unique(line, return_inverse=True)
        buffers = shapely.buffer(self.layer[used], within_m, quad_segs=QUARTER_SEGMENTS)[place]
        shapely.prepare(self.taken)
        whole = numpy.zeros(len(self.taken), dtype=bool)
        whole[row[shapely.contains_properly(buffers, self.taken[row])]] = True
        left = ~whole[row]
        row, pieces = row[left], shapely.intersection(buffers[left], self.taken[row[left]])
        areas = numpy.zeros(len(self.taken))
        areas[whole] = shapely.area(self.taken[whole])
        if len(row):
            begins = numpy.flatnonzero(numpy.diff(row, prepend=-1))
            for begin, end in zip(begins, [*begins[1:], len(row)]):
                areas[row[begin]] = shapely.union_all(pieces[begin:end]).area
        return areas / shapely.area(self.taken)

    def clusters(self, within_m):
        first, second = shapely.STRtree(self.taken).query(self.taken, predicate="dwithin", distance=within_m)
        return groups(len(self.taken), first, second)


serve(Shapely())
