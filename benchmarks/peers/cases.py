"""The files of a case: what every peer reads.

plots.gpkg and layer.gpkg are in longitude and latitude; plots_plane.gpkg and layer_plane.gpkg hold the same vertices
in the plane that planar peers are given, so that none of them has to project. vertices.bin and plane.txt are for transforms.
"""
import json

import geopandas
import numpy
import pyproj
import shapely

POINT, LINE = 0, 1


def told_of(folder):
    """What about.json says of a case that was made before; None if it was not."""
    file = folder / "about.json"
    return json.loads(file.read_text()) if file.exists() else None


def write(folder, name, shapes, planes, key):
    """Shapes of the plane as both files. A row is known by its number, a plot by its id.

    @param planes  CRS of the shapes, and of the other file
    """
    plane, lonlat = planes
    frame = geopandas.GeoDataFrame(
        {"id": [f"{key}{i:08d}" for i in range(len(shapes))], "number": numpy.arange(len(shapes))}, geometry=shapes, crs=plane)
    frame.to_file(folder / f"{name}_plane.gpkg", layer=name)
    frame.to_crs(lonlat).to_file(folder / f"{name}.gpkg", layer=name)


def write_case(folder, plots, layer, planes, seed=None):
    """All files; about.json, the last, says how many there are, and how far the plane's scale is from 1 where they lie.

    @param planes  (CRS of the shapes, CRS of longitude and latitude); seed  of a synthetic case
    """
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, "plots", plots, planes, "P")
    write(folder, "layer", layer, planes, "L")
    plane = planes[0]
    (folder / "plane.txt").write_text(plane + "\n")
    vertices = shapely.get_coordinates(layer)
    vertices.T.tofile(folder / "vertices.bin")
    about = {"seed": seed, "plane": plane, "plots": len(plots), "features": len(layer), "segments": segments_of(layer),
             "vertices": len(vertices), "distortion": distortion(plane, plots, layer)}
    (folder / "about.json").write_text(json.dumps(about, indent=1))
    return about


def segments_of(shapes):
    """Edges of lines and rings; a point counts as one."""
    parts = shapely.get_parts(shapes)
    kinds = shapely.get_type_id(parts)
    chains = numpy.concatenate([shapely.get_rings(parts), parts[kinds == LINE]])
    return int((shapely.get_num_coordinates(chains) - 1).sum() + (kinds == POINT).sum())


def distortion(plane, *layers):
    """The greatest |scale − 1| of the plane over the box of the layers, on a grid, and a hundredth of it for what lies between."""
    boxes = numpy.array([shapely.total_bounds(layer) for layer in layers])
    west, south = boxes[:, :2].min(axis=0)
    east, north = boxes[:, 2:].max(axis=0)
    x, y = numpy.meshgrid(numpy.linspace(west, east, 41), numpy.linspace(south, north, 41))
    projection = pyproj.Proj(plane)
    lon, lat = projection(x.ravel(), y.ravel(), inverse=True)
    factors = projection.get_factors(lon, lat)
    scales = numpy.concatenate([factors.meridional_scale, factors.parallel_scale])
    return 1.01 * float(numpy.abs(scales - 1).max())


