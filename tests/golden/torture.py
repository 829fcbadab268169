"""Files made to be hard (../shared/data/torture): what `check` says of each, held to torture.csv, and its areas to other tools.

Shapes are read here by a parser of its own. Ellipsoid areas: the closed form under the same pieces of 70 m, and geodesic
polygons of pyproj (Karney) as the limit of ever finer pieces. Plane areas: shoelace; where rings cross, shapely by the stated
rule (each ring by even–odd, holes taken from their shell, parts united). expected_area_m2.json, beside the files, says the same
from a third side.

Usage: torture.py PROGRAM ROOT      Exits with 77 (skipped) where the files are not beside the project.
"""
import csv
import json
import math
import struct
import sys
import tempfile
from pathlib import Path

from program import SHARED, check, finish, hashes, tuban

FOLDER = SHARED / "data" / "torture"
if not FOLDER.exists():
    print(f"skipped: {FOLDER} is not there")
    sys.exit(77)

import pyproj  # noqa: E402
import shapely  # noqa: E402

GEOD_A, GEOD_RF = 6378137.0, 298.257222101
GEOD = pyproj.Geod(a=GEOD_A, rf=GEOD_RF)
PIECE_M = 70.0
PLANE_TOLERANCE_M2 = 1e-6  # coordinates below 1000 m: their sums are exact to 1e-9
# What the one rule of repair leaves of each; where the page gives two readings, the one that the rule is.
AFTER = {"raw_bowtie": "make_valid", "raw_hole_crosses_shell": "difference", "raw_two_outers_overlap": "union",
         "raw_zero_area_spike": None}


def shapes(path):
    """Rings of every record of a .shp: [[(x, y), …], …], None for a null shape."""
    data = path.read_bytes()
    records, at = [], 100
    while at < len(data):
        _, words = struct.unpack(">2i", data[at:at + 8])
        body = data[at + 8: at + 8 + 2 * words]
        at += 8 + 2 * words
        if struct.unpack("<i", body[:4])[0] == 0:
            records.append(None)
            continue
        parts, points = struct.unpack("<2i", body[36:44])
        starts = [*struct.unpack(f"<{parts}i", body[44:44 + 4 * parts]), points]
        flat = struct.unpack(f"<{2 * points}d", body[44 + 4 * parts:44 + 4 * parts + 16 * points])
        vertices = list(zip(flat[::2], flat[1::2]))
        records.append([vertices[a:b] for a, b in zip(starts, starts[1:])])
    return records


def geojson_shapes(path):
    data = json.loads(path.read_text(encoding="utf-8-sig"))
    geometries = [feature["geometry"] for feature in data["features"]]
    return [g["coordinates"] if g and any(g["coordinates"]) else None for g in geometries]


def shoelace(ring):
    """Clockwise rings, which are shells in a shapefile, count > 0."""
    x0, y0 = ring[0]
    closed = [(x - x0, y - y0) for x, y in ring] + [(0.0, 0.0)]
    return -math.fsum(a[0] * b[1] - b[0] * a[1] for a, b in zip(closed, closed[1:])) / 2


def by_the_rule(rings):
    """Shells (clockwise) by even–odd without holes by even–odd, parts united; as a shapely area."""
    def even_odd(ring):
        return shapely.make_valid(shapely.Polygon(ring), method="linework")
    shells = [even_odd(ring) for ring in rings if shoelace(ring) >= 0]
    holes = [even_odd(ring) for ring in rings if shoelace(ring) < 0]
    return shapely.unary_union(shells).difference(shapely.unary_union(holes)).area


def strip_per_radian(lat_deg):
    """m² between equator and parallel, per radian of longitude: the closed form."""
    flattening = 1 / GEOD_RF
    e = math.sqrt(flattening * (2 - flattening))
    sine = math.sin(math.radians(lat_deg))
    b = GEOD_A * (1 - flattening)
    return b * b / 2 * (sine / (1 - (e * sine) ** 2) + math.atanh(e * sine) / e)


def cut(ring, source, longest_m, finer=1):
    """Longitudes and latitudes of a ring whose edges, straight in the file's plane, are cut to longest_m, then `finer` times finer."""
    points = []
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]]):
        length = GEOD.inv(ax, ay, bx, by)[2] if source.is_geographic else math.hypot(bx - ax, by - ay)
        pieces = max(1, math.ceil(length / longest_m)) * finer
        points += [(ax + (bx - ax) * i / pieces, ay + (by - ay) * i / pieces) for i in range(pieces)]
    x, y = zip(*points)
    if source.is_geographic:
        return x, y
    return pyproj.Transformer.from_crs(source, source.geodetic_crs, always_xy=True).transform(x, y)


def official(ring, source):
    """m² by the notice: edges cut to 70 m in the plane, a strip down to the equator under each piece."""
    lon, lat = cut(ring, source, PIECE_M)
    strips = [strip_per_radian(value) for value in lat]
    ends = [*range(1, len(lon)), 0]
    return abs(math.fsum(math.radians((lon[i] + lon[j]) / 2 - lon[0]) * (strips[j] - strips[i]) for i, j in enumerate(ends)))


def limit(ring, source):
    """m² of edges that stay straight in the plane: geodesic polygons of two finenesses, and the square of the step taken away."""
    coarse, fine = (abs(GEOD.polygon_area_perimeter(*cut(ring, source, PIECE_M, finer))[0]) for finer in (2, 4))
    return (4 * fine - coarse) / 3


def signed_sum(rings, area):
    """Holes run the other way than shells and count less; a ring alone is a shell whatever its order."""
    return sum(area(ring) if shoelace(ring) >= 0 or len(rings) == 1 else -area(ring) for ring in rings)


def bound_of_cutting(rings, source):
    """m² that pieces of 70 m may differ from the limit: 1.42 Σ ℓ³ |tan B| / 12 R over the pieces."""
    total = 0.0
    for ring in rings:
        lon, lat = cut(ring, source, PIECE_M)
        length = GEOD.line_length([*lon, lon[0]], [*lat, lat[0]])
        total += length * PIECE_M ** 2 * math.tan(math.radians(max(map(abs, lat)) + 0.1))
    return 1.42 * total / (12 * GEOD_A)


def expected_after(name, expected):
    value = expected[name]
    return value[AFTER[name]] if isinstance(value, dict) else value


def areas(case, answer):
    """Every row's area and every repair's, by other means."""
    path = FOLDER / case["file"]
    records = shapes(path) if path.suffix == ".shp" else geojson_shapes(path)
    source = pyproj.CRS(answer["crs"]["used"].split()[0])
    check(len(records) == len(answer["plots"]), f"{path.name}: as many rows as the file has")
    for plot, rings in zip(answer["plots"], records):
        where = f"{path.name} row {plot['row']} ({plot['status']})"
        if plot["status"] in ("held_out", "no_geometry"):
            check(plot["ellipsoid_area_m2"] is None, f"{where}: no area, and not 0")
            continue
        given = plot["ellipsoid_area_m2"]
        own = signed_sum(rings, lambda ring: official(ring, source))
        # Half of the printed 0.01 m², and the error of the notice's series (1.2e-11 of an area at 16–55° N) beside the closed form.
        check(abs(given - own) <= 0.005 + 2e-11 * own + 1e-4, f"{where}: {given} m², the closed form has {own:.4f}")
        least = signed_sum(rings, lambda ring: limit(ring, source))
        check(abs(given - least) <= 0.01 + bound_of_cutting(rings, source), f"{where}: {given} m², the limit is {least:.4f}")


def repairs(case, answer, expected):
    """The plane area after repair, from the file that expects it, and from the rings here."""
    name = Path(case["file"]).stem
    if name not in expected:
        return
    rings = shapes(FOLDER / case["file"])
    if name in AFTER:
        after = expected_after(name, expected)
        told = [i["area_after_m2"] for i in answer["issues"] if i.get("area_after_m2") is not None]
        check(any(abs(value - after) < PLANE_TOLERANCE_M2 for value in told), f"{name}: {told} m² after repair, wanted {after}")
        check(abs(by_the_rule(rings[0]) - after) < PLANE_TOLERANCE_M2, f"{name}: the rule gives {by_the_rule(rings[0])}, wanted {after}")
    elif isinstance(expected[name], (int, float)):
        own = sum(shoelace(ring) for ring in rings[0])
        check(abs(own - expected[name]) < PLANE_TOLERANCE_M2, f"{name}: the shoelace gives {own}, wanted {expected[name]}")


def outcome(case, expected):
    done = tuban("check", FOLDER / case["file"], *case["options"].split(), "--json")
    name = f"{case['file']} {case['options']}".strip()
    check(done.returncode == int(case["exit"]), f"{name}: exit {done.returncode}, wanted {case['exit']}: {done.stderr}")
    answer = json.loads(done.stdout)
    if case["exit"] == "3":
        error = answer.get("error", {})
        for language in ("zh", "en"):
            message = error.get(f"message_{language}", "")
            check(case[f"message_{language}"] in message and case["file"] in message, f"{name}: {message!r}")
        return
    rows = case["statuses"].split()
    check([plot["status"] for plot in answer["plots"]] == rows, f"{name}: {[plot['status'] for plot in answer['plots']]}")
    check(answer["rows"] == len(rows) and answer["usable"] == sum(r in ("ok", "repaired") for r in rows),
          f"{name}: {answer['rows']} rows, {answer['usable']} usable")
    encoding = (answer["encoding"]["used"], answer["encoding"]["because"])
    check(encoding == (case["encoding"], case["because"]), f"{name}: {encoding}")
    codes = sorted({issue["code"] for issue in answer["issues"]})
    check(codes == case["issues"].split(), f"{name}: issues {' '.join(codes)}, wanted {case['issues']}")
    if not case["crs"]:  # nobody knows where it is: what to write is told, and no area
        told = [issue for issue in answer["issues"] if issue["code"] == "crs_missing"]
        check(told and case["message_zh"] in told[0]["message_zh"] and case["message_en"] in told[0]["message_en"], f"{name}: {told}")
        check(all(plot["ellipsoid_area_m2"] is None for plot in answer["plots"]), f"{name}: no area without a place")
        return
    check(answer["crs"]["used"].split()[0] == case["crs"], f"{name}: {answer['crs']}")
    areas(case, answer)
    repairs(case, answer, expected)


def text_is_right(cases):
    """The text of every file of the six outlines is the same, whatever bytes it is in."""
    sixes = [case for case in cases if case["exit"] == "0" and case["file"].startswith("cty_g") and len(case["statuses"].split()) == 6]
    with tempfile.TemporaryDirectory() as folder:
        told = set()
        for case in sixes:
            out = Path(folder) / (case["file"] + ".csv")
            done = tuban("measure", FOLDER / case["file"], "-o", out)
            check(done.returncode == 0, f"{case['file']}: {done.stderr}")
            with open(out, encoding="utf-8") as file:
                table = list(csv.reader(file))
            words = [cell for row in table[1:] for cell in row if any("\u4e00" <= c <= "\u9fff" for c in cell)]
            told.add(tuple(words))
            check(any("废弃矿山图斑" in word for word in words), f"{case['file']}: its notes are read")
        check(len(sixes) >= 4 and len(told) == 1, f"text differs between {[case['file'] for case in sixes]}")


def main():
    before = hashes(FOLDER)
    with open(Path(__file__).with_name("torture.csv"), encoding="utf-8", newline="") as file:
        cases = list(csv.DictReader(file))
    there = {p.name for p in FOLDER.iterdir() if p.suffix in (".shp", ".geojson")}
    check({case["file"] for case in cases} == there, f"every file is in the table: {there ^ {c['file'] for c in cases}}")
    expected = json.loads((FOLDER / "expected_area_m2.json").read_text(encoding="utf-8"))
    for case in cases:
        outcome(case, expected)
    text_is_right(cases)
    check(hashes(FOLDER) == before, "the folder is as it was")
    finish()


main()
