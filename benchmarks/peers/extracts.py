"""Cases of real extracts, read in place beside the project (../shared/data); absent ones are told as skipped.

OpenStreetMap: © OpenStreetMap contributors, ODbL; Amazon Mining Watch: CC BY 4.0. The cases made from them stay in the
benchmark's folder.
"""
from pathlib import Path

import geopandas
import numpy
import shapely

from cases import told_of, write_case

POLYGON, MULTIPOLYGON = 3, 6
LONLAT = "EPSG:4326"
PLACES = {  # name: file, plots, layer (none: every second of the plots instead), plane
    "Andorra": ("osm/andorra_layers.gpkg", "landcover", "roads", "EPSG:25831"),
    "Liechtenstein": ("osm/liechtenstein_layers.gpkg", "landcover", "roads", "EPSG:25832"),
    "North Bayreuth": ("osm/north_bayreuth_layers.gpkg", "landcover", "roads", "EPSG:25832"),
    "Amazon mines": ("mines/amazon_mining_watch_2020_unified.geojson", None, None, "+proj=laea +lat_0=-5 +lon_0=-60 +datum=WGS84 +type=crs"),
}


def shapes_of(file, layer, plane):
    """Not empty, made valid by Shapely where they are not, so that every peer can take them."""
    shapes = geopandas.read_file(file, layer=layer).to_crs(plane).geometry.to_numpy()
    shapes = shapely.make_valid(shapely.force_2d(shapes))
    return shapes[~shapely.is_empty(shapes)]


def extract(folder, name, data):
    """The case of a place; None where its file is not there."""
    source, plots, layer, plane = PLACES[name]
    file = Path(data) / source
    if not file.exists():
        return None
    if there := told_of(folder):
        return there
    shapes = shapes_of(file, plots, plane)
    polygons = shapes[numpy.isin(shapely.get_type_id(shapes), (POLYGON, MULTIPOLYGON))]
    if layer:
        return write_case(folder, polygons, shapes_of(file, layer, plane), (plane, LONLAT))
    return write_case(folder, polygons[::2], polygons[1::2], (plane, LONLAT))
