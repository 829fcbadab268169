"""pyproj, arrays at once; its wheel carries a PROJ of its own."""
import numpy
import pyproj

from dialogue import serve


class Pyproj:
    version = f"pyproj {pyproj.__version__} (PROJ {pyproj.proj_version_str})"

    def load_vertices(self, folder):
        with open(f"{folder}/plane.txt", encoding="ascii") as file:
            self.plane = pyproj.CRS(file.read().strip())
        self.x, self.y = numpy.fromfile(f"{folder}/vertices.bin").reshape(2, -1)

    def transform(self):
        transformer = pyproj.Transformer.from_crs(self.plane, self.plane.geodetic_crs, always_xy=True)
        return numpy.concatenate(transformer.transform(self.x, self.y))


serve(Pyproj())
