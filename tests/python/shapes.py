"""Shapes for the tests, all made up."""

import math

import geopandas as gpd
import numpy as np
import pyproj
import shapely

GEOD = pyproj.Geod(ellps="GRS80")  # a and f of CGCS2000


def blob(lon, lat, radius_m, corners, rng):
    """A star-shaped polygon round a position."""
    bearings = np.sort(rng.uniform(0, 360, corners))
    distances = radius_m * rng.uniform(0.5, 1.0, corners)
    lons, lats, _ = GEOD.fwd(np.full(corners, lon), np.full(corners, lat), bearings, distances)
    return shapely.Polygon(list(zip(lons, lats)))


def blobs(count, seed=7, radius_m=150.0, spread_deg=0.05):
    rng = np.random.default_rng(seed)
    shapes = [
        blob(84 + rng.uniform(-spread_deg, spread_deg), 46 + rng.uniform(-spread_deg, spread_deg), radius_m, 9, rng)
        for _ in range(count)
    ]
    ids = [f"P{number:03}" for number in range(count)]
    return gpd.GeoDataFrame({"plot_id": ids}, geometry=shapes, crs="EPSG:4490")


def densified(polygon, step_m):
    """The same polygon, its edges (straight in longitude and latitude) cut into short pieces."""

    def ring(given):
        points = list(given.coords)
        made = []
        for a, b in zip(points, points[1:]):
            pieces = max(1, math.ceil(GEOD.inv(*a, *b)[2] / step_m))
            made += [(a[0] + (b[0] - a[0]) * i / pieces, a[1] + (b[1] - a[1]) * i / pieces) for i in range(pieces)]
        return made

    return shapely.Polygon(ring(polygon.exterior), [ring(hole) for hole in polygon.interiors])


def around(lon, lat):
    """Plane in which distances from a position are geodesic."""
    crs = pyproj.CRS.from_proj4(f"+proj=aeqd +lon_0={float(lon)!r} +lat_0={float(lat)!r} +ellps=GRS80 +units=m")
    return pyproj.Transformer.from_crs(pyproj.CRS.from_proj4("+proj=longlat +ellps=GRS80"), crs, always_xy=True)


def in_plane(shape, transformer):
    return shapely.transform(shape, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))
