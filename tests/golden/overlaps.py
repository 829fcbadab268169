"""`tuban check --json` tells which plots overlap and by how much: the same pairs and areas as shapely and PROJ.

Plots are made at random (seeded, 合成数据) in degrees and in the plane of a 3° zone: stars with holes, several parts, copies,
nested ones, plugs of holes and neighbours that only touch. shapely cuts each pair where edges are straight (in the file's
CRS); the piece is cut into steps of 2 m and measured in an equal-area projection of the ellipsoid of CGCS2000, where such
steps leave the edges they stand for by L²/8R = 8e-8 m: less than 0.001 m² for the longest piece here.

Usage: overlaps.py PROGRAM ROOT
"""
import json
import math
import random
import tempfile
from pathlib import Path

import geopandas
import numpy
import pyproj
import shapely
from shapely.affinity import affine_transform, translate
from shapely.geometry import MultiPolygon, Point, Polygon, box

from program import check, finish, tuban

SEED = 20261123
LEAST_M2 = 0.01  # check tells of what is above it: src/run/check.cpp
DOUBT_M2 = 0.005  # no pair here is so near to LEAST_M2
# The survey's formula cuts edges at 70 m: a chord leaves its edge by at most L²/8R = 1e-4 m there, two thirds of that on
# average: 0.09 m² along the 1.4 km around the longest piece if all had one sign. Measured: 0.007 m² in degrees, 0.016 m² in
# the plane.
TOLERANCE_M2 = 0.05
EQUAL_AREA = "+proj=cea +a=6378137 +rf=298.257222101"


def star(rng, x, y, size):
    """A polygon of 3 to 12 corners in metres, half of them with a hole."""
    corners = rng.randint(3, 12)
    angles = sorted((k + 0.8 * rng.random()) * 2 * math.pi / corners for k in range(corners))
    radii = [size * (0.4 + 0.6 * rng.random()) for _ in angles]
    shell = [(x + r * math.cos(a), y + r * math.sin(a)) for a, r in zip(angles, radii)]
    hole = [(x + 0.15 * size * math.cos(a), y + 0.15 * size * math.sin(a)) for a in (0.3, 2.2, 4.4)]
    whole = Polygon(shell)
    return Polygon(shell, [hole]) if rng.random() < 0.5 and whole.contains(Polygon(hole)) else whole


def plots_in_metres(rng):
    """Shapes within 3 km of an origin."""
    shapes = []
    for _ in range(120):
        shapes.append(star(rng, 1500 * rng.random(), 1500 * rng.random(), rng.uniform(20, 250)))
    for _ in range(20):  # several parts, which lie apart
        x, y = 1500 * rng.random(), 1500 * rng.random()
        parts = [star(rng, x, y, 60), star(rng, x + 150, y, 60), star(rng, x, y + 150, 60)]
        shapes.append(MultiPolygon(parts))
    shapes += [shapes[i] for i in (0, 7, 121)]  # identical
    shapes += [shape.buffer(-8) for shape in shapes[20:30]]  # nested
    with_hole = next(shape for shape in shapes if shape.geom_type == "Polygon" and shape.interiors)
    shapes.append(Polygon(with_hole.interiors[0]))  # fills the hole: touches all along its ring
    for i in range(4):  # a grid whose cells only touch; the last row half a cell off, so corners lie on edges
        for j in range(4):
            x = 2000 + 64 * i + (32 if j == 3 else 0)
            shapes.append(box(x, 2000 + 64 * j, x + 64, 2064 + 64 * j))
    shapes.append(translate(shapes[-1], 0, 63.9375))  # 64 m by 0.0625 m of its neighbour: 4 m²
    return [shape for shape in shapes if not shape.is_empty and shape.is_valid]


def in_degrees(shape, lon, lat):
    """Metres to degrees by a plain scale; powers of two keep what is shared exact."""
    return affine_transform(shape, [2**-16, 0, 0, 2**-17, lon, lat])  # 64 m: about 75 m and 54 m at 46° N


class EqualArea:
    """Areas on the ellipsoid of pieces whose edges are straight in a CRS."""

    def __init__(self, crs):
        crs = pyproj.CRS(crs)
        self.step = 2e-5 if crs.is_geographic else 2.0
        self.to_degrees = None if crs.is_geographic else pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
        self.to_equal = pyproj.Transformer.from_crs(crs.geodetic_crs, EQUAL_AREA, always_xy=True)

    def moved(self, xy):
        lon, lat = self.to_degrees.transform(*xy.T) if self.to_degrees else xy.T
        return numpy.column_stack(self.to_equal.transform(lon, lat))

    def m2(self, piece):
        return shapely.transform(shapely.segmentize(piece, self.step), self.moved).area


def by_shapely(shapes, crs):
    """(row, other row) → m² and whether the two are the same, rows from 1; pairs that share no area left out."""
    measure = EqualArea(crs)
    found = {}
    for a, b in zip(*shapely.STRtree(shapes).query(shapes, predicate="intersects")):
        if a < b:
            area = measure.m2(shapes[a].intersection(shapes[b]))
            if area > 0:
                found[int(a) + 1, int(b) + 1] = (area, measure.m2(shapes[a].symmetric_difference(shapes[b])) < 1e-3)
    return found


def compare(folder, name, shapes, crs):
    file = folder / f"{name}.gpkg"
    geopandas.GeoDataFrame({"TBBH": [f"P{i + 1:03d}" for i in range(len(shapes))]}, geometry=shapes, crs=crs).to_file(file, layer="plots")
    report = json.loads(tuban("check", file, "--json", "--threads", "1").stdout)
    check({plot["status"] for plot in report["plots"]} == {"ok"}, f"{name}: all plots are as they were made")
    check(json.loads(tuban("check", file, "--json", "--threads", "2").stdout)["overlaps"] == report["overlaps"], f"{name}: the same with two threads")
    wanted = by_shapely(shapes, crs)
    near = {pair: area for pair, (area, _) in wanted.items() if abs(area - LEAST_M2) < DOUBT_M2}
    check(not near, f"{name}: pairs too near to the limit to judge: {near}")
    wanted = {pair: told for pair, told in wanted.items() if told[0] > LEAST_M2}
    found = {(entry["row"], entry["other_row"]): entry for entry in report["overlaps"]}
    check(len(found) == len(report["overlaps"]), f"{name}: no pair is told twice")
    check(found.keys() == wanted.keys(), f"{name}: only tuban {sorted(found.keys() - wanted.keys())}, only shapely {sorted(wanted.keys() - found.keys())}")
    both = found.keys() & wanted.keys()
    off = {pair: found[pair]["area_m2"] - wanted[pair][0] for pair in both}
    worst = max(off, key=lambda pair: abs(off[pair]))
    check(abs(off[worst]) <= TOLERANCE_M2, f"{name}: {worst} share {found[worst]['area_m2']} m², by PROJ {wanted[worst][0]} m²")
    check(all(found[pair]["same"] == wanted[pair][1] for pair in both), f"{name}: which pairs are the same")
    check(sum(found[pair]["same"] for pair in both) == 3, f"{name}: three pairs are the same")
    to_plane = pyproj.Transformer.from_crs(pyproj.CRS(crs).geodetic_crs, crs, always_xy=True)
    for a, b in both:
        at = Point(*to_plane.transform(found[a, b]["lon_deg"], found[a, b]["lat_deg"]))
        check(shapes[a - 1].contains(at) and shapes[b - 1].contains(at), f"{name}: the place of {a}, {b} lies in both")
    print(f"{name}: {len(both)} pairs of {len(shapes)} plots, together {sum(area for area, _ in wanted.values()):.0f} m², "
          f"worst difference {abs(off[worst]):.4f} m²")


def main():
    print("seed", SEED)
    metres = plots_in_metres(random.Random(SEED))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        compare(folder, "degrees", [in_degrees(shape, 83.5, 45.75) for shape in metres], "EPSG:4490")
        # 3° zone 28 with its number before the easting, 40 km from the central meridian
        compare(folder, "plane", [translate(shape, 28_540_000, 5_070_000) for shape in metres], "EPSG:4516")
    finish()


main()
