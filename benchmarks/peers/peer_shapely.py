"""Shapely, over which GeoPandas' sjoin_nearest and buffer stand: one STRtree, arrays of shapes, GEOS in the plane."""
import geopandas
import numpy
import shapely

from dialogue import groups, serve

QUARTER_SEGMENTS = 8  # of a circle, as GeoPandas and PostGIS have it by default
TOGETHER_BELOW_M = 500.0


def runs(rows):
    """(begin, end) of equal values that follow each other."""
    begins = numpy.flatnonzero(numpy.diff(rows, prepend=-1))
    return list(zip(begins, [*begins[1:], len(rows)]))


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
        """The quicker of the two ways."""
        row, line = shapely.STRtree(self.layer).query(self.taken, predicate="dwithin", distance=within_m)
        way = self.lines_buffered_together if within_m < TOGETHER_BELOW_M else self.lines_buffered_apart
        areas = numpy.zeros(len(self.taken))
        if len(row):
            way(within_m, row, line, areas)
        return areas / shapely.area(self.taken)

    def lines_buffered_together(self, within_m, row, line, areas):
        """What lies near a plot is cut to its box and buffered as one."""
        boxes = shapely.bounds(self.taken) + numpy.array([-within_m, -within_m, within_m, within_m])
        near = [shapely.clip_by_rect(shapely.geometrycollections(self.layer[line[begin:end]]), *boxes[row[begin]]) for begin, end in runs(row)]
        rows = [row[begin] for begin, _ in runs(row)]
        areas[rows] = shapely.area(shapely.intersection(shapely.buffer(near, within_m, quad_segs=QUARTER_SEGMENTS), self.taken[rows]))

    def lines_buffered_apart(self, within_m, row, line, areas):
        """Each line is buffered once; plots that lie in one buffer are done, of the others the parts in each are united."""
        used, place = numpy.unique(line, return_inverse=True)
        buffers = shapely.buffer(self.layer[used], within_m, quad_segs=QUARTER_SEGMENTS)[place]
        whole = numpy.unique(row[shapely.contains(buffers, self.taken[row])])
        areas[whole] = shapely.area(self.taken[whole])
        left = ~numpy.isin(row, whole)
        row, parts = row[left], shapely.intersection(buffers[left], self.taken[row[left]])
        for begin, end in runs(row):
            areas[row[begin]] = shapely.union_all(parts[begin:end]).area

    def clusters(self, within_m):
        first, second = shapely.STRtree(self.taken).query(self.taken, predicate="dwithin", distance=within_m)
        return groups(len(self.taken), first, second)


serve(Shapely())
