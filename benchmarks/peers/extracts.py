"""Cases of real extracts, read in place beside the project (../shared/data); absent ones are told as skipped.

OpenStreetMap: © OpenStreetMap contributors, ODbL; the cases made from it stay in the benchmark's folder.
"""
from pathlib import Path

import geopandas
import numpy
import shapely

from cases import told_of, write_case

POLYGON, MULTIPOLYGON = 3, 6
PLACES = {  # name: file, plots, layer, plane
    "Andorra": ("osm/andorra_layers.gpkg", "landcover", "roads", "EPSG:25831"),
    "Liechtenstein": ("osm/liechtenstein_layers.gpkg", "landcover", "roads", "EPSG:25832"),
    "North Bayreuth": ("osm/north_bayreuth_layers.gpkg", "landcover", "roads", "EPSG:25832"),
}


def polygons(file, layer, plane):
    """Valid polygons, as every peer wants them; one that is not is made so by Shapely, and kept where it stays a polygon."""
    shapes = geopandas.read_file(file, layer=layer).to_crs(plane).geometry.to_numpy()
    shapes = shapely.force_2d(shapely.make_valid(shapes))
    return shapes[numpy.isin(shapely.get_type_id(shapes), (POLYGON, MULTIPOLYGON)) & ~shapely.is_empty(shapes)]


def extract(folder, name, data):
    """The case of a place; None where its file is not there."""
    file, plots, layer, plane = PLACES[name]
    if not (Path(data) / file).exists():
        return None
    if there := told_of(folder):
        return there
    lines = shapely.force_2d(geopandas.read_file(Path(data) / file, layer=layer).to_crs(plane).geometry.to_numpy())
    return write_case(folder, polygons(Path(data) / file, plots, plane), lines[~shapely.is_empty(lines)], plane)
