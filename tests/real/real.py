"""Whole runs on real extracts, read in place: distances and areas against other tools, and a golden summary of each.

Usage: real.py PROGRAM ROOT [--write]      --write takes what came out as the new golden summary.
Exits with 77 (skipped) where the extracts are not beside the project.
"""
import csv
import json
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "golden"))
from program import ROOT, SHARED, accepted, check, finish, rows, tuban  # noqa: E402

import warnings  # noqa: E402

import geopandas  # noqa: E402
import pyproj  # noqa: E402
import shapely  # noqa: E402

warnings.filterwarnings("ignore", message="Geometry is in a geographic CRS")  # only near enough to find candidates
DATA = SHARED / "data"
GEOD = pyproj.Geod(a=6378137.0, rf=298.257222101)


def plot_ids(frame):
    """Ids as the project asks for them: osm_id, else osm_way_id, else the row."""
    ids = []
    for number, (one, other) in enumerate(zip(frame["osm_id"], frame["osm_way_id"])):
        ids.append(one if isinstance(one, str) and one else other if isinstance(other, str) and other else f"row-{number + 1:06d}")
    return ids


def area(geometry):
    """m² with geodesic edges between the vertices."""
    return abs(GEOD.geometry_area_perimeter(shapely.normalize(geometry))[0])


def distance(a, b):
    """Metres between two geometries: nearest points in a plane about them, then Karney's inverse, turned until it stays."""
    a, b = (shapely.segmentize(g, 0.0005) for g in (a, b))  # edges are straight in longitude and latitude
    origin = a.representative_point()
    for _ in range(4):
        plane = pyproj.Transformer.from_crs(4326, f"+proj=aeqd +lat_0={origin.y} +lon_0={origin.x} +ellps=GRS80", always_xy=True)
        there = [shapely.transform(g, plane.transform, interleaved=False) for g in (a, b)]
        first, second = (shapely.transform(p, lambda x, y: plane.transform(x, y, direction="INVERSE"), interleaved=False)
                         for p in map(shapely.Point, zip(*shapely.shortest_line(*there).xy)))
        origin = first
    return GEOD.inv(first.x, first.y, second.x, second.y)[2]


def costs(frame, ids, target):
    """Money by area: 22 万元 a hectare for the first three rows of four, 31 for the fourth."""
    with open(target, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["plot_id", "cost_yuan"])
        for number, (plot, geometry) in enumerate(zip(ids, frame.geometry)):
            rate = 310_000 if number % 4 == 3 else 220_000
            writer.writerow([plot, round(area(geometry) / 10_000 * rate / 100) * 100])


def summary(out):
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    counts = dict(rows(out / "plan.gpkg", "SELECT status, count(*) FROM plots GROUP BY 1 ORDER BY 1"))
    first = rows(out / "plan.gpkg", "SELECT plot_id, rank, tier, round(score, 6), round(area_m2, 2), round(road_distance_m, 3), "
                 "round(river_distance_m, 3), period FROM plots WHERE rank IS NOT NULL ORDER BY rank LIMIT 12")
    return {"status": run["status"], "periods": run["periods"], "totals": run["totals"], "plots": counts,
            "first": [list(row) for row in first]}


def against_other_tools(name, out, frame, ids, layers):
    by_id = dict(zip(ids, frame.geometry))
    ranked = rows(out / "plan.gpkg", "SELECT plot_id, geodesic_area_m2, " + ", ".join(f"{k}_distance_m, {k}_nearest_id" for k in layers) +
                  " FROM plots WHERE rank IS NOT NULL ORDER BY plot_id")
    for row in ranked[:12]:
        plot = by_id[row[0]]
        check(abs(row[1] - area(plot)) < 0.02, f"{name} {row[0]}: area {row[1]}, other tool {area(plot):.3f}")
        for k, (key, layer) in enumerate(layers.items()):
            mine = row[2 + 2 * k]
            nearby = layer.iloc[layer.sindex.nearest(plot, return_all=True, max_distance=None)[1]]
            boxed = layer.iloc[sorted(set(layer.sindex.query(plot.buffer(nearby.distance(plot).min() * 2.5 + 1e-3), predicate="intersects")))]
            other = min(0.0 if plot.intersects(g) else distance(plot, g) for g in boxed.geometry)
            check(abs(mine - other) < 0.001, f"{name} {row[0]}: {key} at {mine} m, other tool {other:.4f}")


def one(name, file, layer, context, folder, write):
    frame = geopandas.read_file(DATA / file, layer=layer)
    ids = plot_ids(frame)
    costs(frame, ids, folder / "costs.csv")
    text = (Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8")
    (folder / f"{name}.yaml").write_text(text.replace("DATA", os.path.relpath(DATA, folder)).replace("COSTS", "costs.csv"), encoding="utf-8")
    out = folder / name
    done = tuban("run", folder / f"{name}.yaml", "-o", out, "--lang", "en")
    if not check(done.returncode == 0, f"{name} runs: {done.returncode} {done.stderr[-2000:]}"):
        return
    check(accepted(out) in (None, True), f"{name} passes the outside checker")
    check(tuban("verify", out / "plan.gpkg").returncode == 0, f"{name}'s plan holds when checked again")
    layers = {key: geopandas.read_file(DATA / file, layer=layer, where=where) for key, (layer, where) in context.items()}
    against_other_tools(name, out, frame, ids, layers)
    golden = Path(__file__).parent / f"{name}.golden.json"
    found = summary(out)
    if write:
        golden.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    check(golden.exists() and json.loads(golden.read_text(encoding="utf-8")) == json.loads(json.dumps(found)),
          f"{name}: the golden summary is another; found {json.dumps(found, ensure_ascii=False)[:1500]}")
    scheduled = sum(p["plots"] for p in found["periods"])
    check(0 < scheduled and found["plots"].get("unscheduled", 0) > 0, f"{name}: the schedule had to choose: {found['plots']}")


def main():
    if not DATA.exists():
        print(f"skipped: the real extracts are not at {DATA}")
        sys.exit(77)
    write = "--write" in sys.argv
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        main_roads = "highway NOT IN ('path', 'track', 'footway')"
        one("liechtenstein", "osm/liechtenstein_layers.gpkg", "quarry",
            {"road": ("roads", main_roads), "settlement": ("settlement_areas", None), "river": ("rivers", None), "reserve": ("reserves", None)},
            folder, write)
        trunk = "highway IN ('motorway', 'trunk', 'primary', 'secondary', 'tertiary')"
        one("andorra", "osm/andorra_layers.gpkg", "landcover",
            {"road": ("roads", trunk), "settlement": ("settlement_areas", None), "river": ("rivers", None)}, folder, write)
    finish()


main()
