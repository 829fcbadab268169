"""Plots on county lines: shares and counties that `check --boundary` tells, against shapely in an equal-area projection of pyproj.

Synthetic squares (合成数据) around points of real county outlines, which are web-map quality and read in place.

Usage: counties.py PROGRAM ROOT      Exits with 77 (skipped) where the outlines are not beside the project.
"""
import json
import math
import re
import sys
import tempfile
from pathlib import Path

from program import SHARED, check, finish, tuban

COUNTIES = SHARED / "data" / "china" / "counties_tacheng_karamay_yichun.gpkg"
if not COUNTIES.exists():
    print(f"skipped: {COUNTIES} is not there")
    sys.exit(77)

import geopandas  # noqa: E402
import pyproj  # noqa: E402
import shapely  # noqa: E402

SIDE_M = 1200.0
# Printed with two decimals of a per cent (0.005), and as much for what is left of curved edges.
TOLERANCE_PCT = 0.01


def projections(lon, lat):
    plane = pyproj.CRS(f"+proj=laea +lon_0={lon} +lat_0={lat} +ellps=GRS80 +units=m")
    to_plane = pyproj.Transformer.from_crs("EPSG:4490", plane, always_xy=True).transform
    from_plane = pyproj.Transformer.from_crs(plane, "EPSG:4490", always_xy=True).transform
    return to_plane, from_plane


def square(lon, lat, angle):
    _, from_plane = projections(lon, lat)
    corners = [(SIDE_M / math.sqrt(2) * math.cos(angle + k * math.pi / 2), SIDE_M / math.sqrt(2) * math.sin(angle + k * math.pi / 2))
               for k in range(4)]
    return shapely.Polygon([from_plane(x, y) for x, y in corners])


def shares(plot, lon, lat, counties):
    to_plane, _ = projections(lon, lat)
    # Edges are straight in longitude and latitude: over 5 km they are a metre off the line in the plane.
    flat = shapely.transform(shapely.segmentize(plot, 1e-3), to_plane, interleaved=False)
    result = {}
    for row in counties[counties.intersects(plot)].itertuples():
        near = shapely.clip_by_rect(row.geometry, lon - 0.2, lat - 0.2, lon + 0.2, lat + 0.2)
        share = shapely.transform(shapely.segmentize(near, 1e-3), to_plane, interleaved=False).intersection(flat).area / flat.area
        if share > 0:
            result[str(row.adcode)] = share
    return result


def places(counties):
    """Points of the outline of 托里, and one well inside of it."""
    outline = counties[counties.adcode.astype(str) == "654224"].geometry.iloc[0]
    ring = max(shapely.get_parts(outline), key=lambda part: part.area).exterior
    points = [ring.interpolate(k / 23, normalized=True) for k in range(23)]
    return [(p.x, p.y) for p in points] + [(83.6, 45.94)]


def main():
    counties = geopandas.read_file(COUNTIES, layer="counties")
    counties["geometry"] = counties.geometry.apply(lambda g: shapely.make_valid(g, method="structure"))
    features, expected = [], {}
    for k, (lon, lat) in enumerate(places(counties)):
        plot = square(lon, lat, 0.3 * k)
        county = "654224" if k % 2 == 0 else "654221"
        plot_id = f"CT{county}2022{k:06d}001"
        features.append({"type": "Feature", "properties": {"TBBH": plot_id},
                         "geometry": shapely.geometry.mapping(plot)})
        expected[plot_id] = (county, shares(plot, lon, lat, counties))
    with tempfile.TemporaryDirectory() as folder:
        plots = Path(folder) / "plots.geojson"
        plots.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        run = tuban("check", plots, "--boundary", f"{COUNTIES}:counties", "--json")
        check(run.returncode == 0, f"check: {run.returncode} {run.stderr}")
        report = json.loads(run.stdout)
    compared = compare(report["issues"], expected)
    check(compared >= 10, f"only {compared} plots cross a line")
    no_code(features)
    finish()


def compare(issues, expected):
    told = {}
    for issue in issues:
        told.setdefault(issue["plot_id"], {})[issue["code"]] = issue["message_en"]
    compared = 0
    for plot_id, (county, true) in expected.items():
        mine = told.get(plot_id, {})
        crossing = {code: share for code, share in true.items() if share >= 0.001}
        check(("county_line" in mine) == (len(crossing) > 1), f"{plot_id}: crosses {crossing}, told {mine}")
        if "county_line" in mine:
            found = {code: float(pct) for code, pct in re.findall(r"(\d{6}) ([\d.]+) %", mine["county_line"])}
            check(found.keys() == crossing.keys() and
                  all(abs(found[c] - 100 * crossing[c]) <= TOLERANCE_PCT for c in crossing),
                  f"{plot_id}: {crossing} against {found}")
            compared += 1
        outside = 1 - sum(true.values())
        check(("outside_counties" in mine) == (outside > 0.001), f"{plot_id}: {outside} outside, told {mine}")
        if true:
            main_county = max(true, key=true.get)
            check(("county_mismatch" in mine) == (main_county != county), f"{plot_id}: in {main_county}, told {mine}")
    return compared


def no_code(features):
    """A layer without a code is refused, with the columns there are."""
    with tempfile.TemporaryDirectory() as folder:
        plots = Path(folder) / "plots.geojson"
        plots.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        run = tuban("check", plots, "--boundary", plots)
        check(run.returncode == 2 and "TBBH" in run.stderr and "--boundary-code" in run.stderr, f"no code column: {run.returncode} {run.stderr}")


main()
