"""A run on land polygons alone: what lies round each plot, what stands in for roads and waters, what plots may be used for.

Plots, land and heights are made here at random (seeded, 合成数据). The ring is made anew with shapely in an azimuthal plane of
PROJ about each plot: the union of discs' hulls along every edge (shapely's buffer of a whole polygon straightens shallow
dents), with 1000 chords to a quarter, so that the program's 64 chords are the greatest difference: 7.5e-5 of 500 m on arcs.

Usage: surroundings.py PROGRAM ROOT
"""
import hashlib
import json
import math
import random
import sqlite3
import tempfile
from pathlib import Path

import geopandas
import pyproj
import shapely
from shapely.geometry import LineString, Polygon, box

from program import check, finish, tuban

SEED = 20261124
CRS = "EPSG:4516"
EAST, NORTH = 28_468_000.0, 5_089_000.0
CELL, CELLS = 250.0, 24
RING_M = 500.0
SHARE = 1e-4  # arcs: at most 2π·500 m · 0.0375 m = 118 m² of 1e6 m², half of it in one class; measured 2e-5
DISTANCE_M = 0.001
CODES = ["0103", "0103", "0301", "0305", "0404", "0404K", "0201K", "0601", "0602", "0702", "1006", "1003", "1101", "1104A", "1106", "1206"]
VALUES = sorted(set(CODES))
GROUPS = {"0103": "耕地", "0301": "林地", "0305": "林地", "0404": "草地", "0201": "园地", "0601": "建设用地", "0702": "建设用地",
          "1006": "其他农用地", "1003": "建设用地", "1101": "水域", "1104": "水域", "1106": "湿地", "1206": "未利用地"}
ORDER = ["耕地", "园地", "林地", "草地", "其他农用地", "湿地", "水域", "建设用地", "未利用地"]
KEYS = ["farmland", "orchard", "forest", "grass", "other_farm", "wetland", "water", "built", "unused"]
DIRECTION = dict(zip(ORDER, "耕林林草耕水水建草"))
ROLES = {"road": {"1003", "1006"}, "settlement": {"0702"}, "river": {"1101"}}


def star(rng, x, y, size):
    corners = rng.randint(5, 14)
    angles = sorted((k + 0.8 * rng.random()) * 2 * math.pi / corners for k in range(corners))
    return Polygon([(x + size * rng.uniform(0.6, 1) * math.cos(a), y + size * rng.uniform(0.6, 1) * math.sin(a)) for a in angles])


def made(folder):
    rng = random.Random(SEED)
    side = CELL * CELLS
    plots = [star(rng, EAST + rng.uniform(700, side - 700), NORTH + rng.uniform(700, side - 700), rng.uniform(40, 160)) for _ in range(30)]
    ids = [f"P{i + 1:02d}" for i in range(len(plots))]
    geopandas.GeoDataFrame({"TBBH": ids}, geometry=plots, crs=CRS).to_file(folder / "plots.gpkg", layer="plots")
    land, codes = [], []
    for i in range(CELLS):
        for j in range(CELLS):
            if rng.random() < 0.06:
                continue  # not mapped
            land.append(box(EAST + CELL * i, NORTH + CELL * j, EAST + CELL * (i + 1), NORTH + CELL * (j + 1)))
            code = rng.choice(CODES)
            codes.append(rng.choice(["0301", "0305"]) if i > CELLS / 2 and rng.random() < 0.7 else
                         "0103" if i < CELLS / 2 and rng.random() < 0.6 else code)
    geopandas.GeoDataFrame({"DLBM": codes}, geometry=land, crs=CRS).to_file(folder / "dltb.gpkg", layer="DLTB")
    heights(folder / "dem.asc")
    raster(folder / "cover.asc", land, codes)
    return dict(zip(ids, plots)), land, codes


def raster(file, land, codes):
    """The same land as cells of 250 m; what is not mapped has no data."""
    values = {(round((shape.bounds[0] - EAST) / CELL), round((shape.bounds[1] - NORTH) / CELL)): VALUES.index(code) for shape, code in zip(land, codes)}
    lines = [" ".join(str(values.get((i, j), -9999)) for i in range(CELLS)) for j in reversed(range(CELLS))]
    head = f"ncols {CELLS}\nnrows {CELLS}\nxllcorner {EAST}\nyllcorner {NORTH}\ncellsize {CELL}\nNODATA_value -9999\n"
    file.write_text(head + "\n".join(lines) + "\n")


def heights(file):
    """Flat, then a slope of 11.3°, then one of 31°, with ripples; 25 m cells."""
    n = int(CELL * CELLS / 25)
    z, row = 1000.0, []
    for i in range(n):
        z += 0 if i < n / 4 else 5 if i < 3 * n / 4 else 15
        row.append(f"{z:.1f}")
    text = f"ncols {n}\nnrows {n}\nxllcorner {EAST}\nyllcorner {NORTH}\ncellsize 25\nNODATA_value -9999\n"
    file.write_text(text + "\n".join(" ".join(row) for _ in range(n)) + "\n")


PROJECT = """tuban: 1
name: 周边地类（合成数据）
plots: {file: plots.gpkg}
layers:
  landuse: {file: dltb.gpkg, class: DLBM}
elevation: {file: dem.asc, crs: "EPSG:4516"}
indicators:
  - surround_class
  - slope_mean_deg
  - pit_depth_max_m
  - road_distance_m
  - settlement_distance_m
  - river_distance_m
  - lake_distance_m
reuse:
  - landfill
  - farm
  - {id: depot, name: 料场, basis: 示例, needs: [{when: "area_ha >= 1", name: 一公顷以上}, {when: "lake_distance_m > 100"}, {when: "lot_no = 1"}]}
"""


def expected(plot, land, codes, to_degrees):
    """Areas in the plane about the plot, and distances to what stands in."""
    lon, lat = to_degrees.transform(plot.centroid.x, plot.centroid.y)
    plane = pyproj.Transformer.from_crs(CRS, f"+proj=aeqd +lon_0={lon} +lat_0={lat} +ellps=GRS80", always_xy=True)
    moved = lambda shape: shapely.transform(shapely.segmentize(shape, 20), lambda xy: list(zip(*plane.transform(*xy.T))))
    here = moved(plot)
    corners = list(here.exterior.coords)
    hulls = [LineString(edge).buffer(RING_M, quad_segs=1000) for edge in zip(corners, corners[1:])]
    ring = shapely.union_all(hulls).difference(here)
    areas, away = {}, {}
    for shape, code in zip(land, codes):
        there = moved(shape)
        stem = code[:4]
        for role, stems in ROLES.items():
            if stem in stems:
                away[role] = min(away.get(role, math.inf), here.distance(there))
        if there.distance(here) <= RING_M:
            areas[stem] = areas.get(stem, 0) + ring.intersection(there).area
    return ring.area, {code: area for code, area in areas.items() if area > 0}, away


def direction(group, shares, slope):
    wanted = DIRECTION[group]
    if (wanted == "耕" and slope > 6) or (wanted == "林" and slope >= 25):
        return "林" if shares["林地"] > shares["草地"] and slope < 25 else "草"
    return wanted


def check_plot(row, wanted):
    ring, areas, away = wanted
    base = ring - areas.get("0602", 0)
    shares = {group: sum(a for code, a in areas.items() if GROUPS.get(code) == group) / base for group in ORDER}
    where = row["plot_id"]
    for group, key in zip(ORDER, KEYS):
        check(abs(row[f"surround_{key}_share"] - shares[group]) < SHARE, f"{where}: {group} {row[f'surround_{key}_share']}, by shapely {shares[group]}")
    check(abs(row["surround_known_share"] - sum(shares.values())) < SHARE, f"{where}: known {row['surround_known_share']}")
    ranked = sorted(shares.values())
    if ranked[-1] - ranked[-2] > SHARE:
        group = max(shares, key=shares.get)
        check(row["surround_group"] == group, f"{where}: mostly {row['surround_group']}, by shapely {group}")
        wanted_direction = direction(group, shares, row["slope_mean_deg"]) if sum(shares.values()) >= 0.5 else None
        check(row["surround_suggestion"] == wanted_direction, f"{where}: {row['surround_suggestion']} on {row['slope_mean_deg']}°, wanted {wanted_direction}")
        check((row["surround_reason"] is None) == (wanted_direction is None), f"{where}: a reason with each direction")
    codes = sorted(((area, code) for code, area in areas.items() if code != "0602"), reverse=True)
    if len(codes) < 2 or codes[0][0] - codes[1][0] > SHARE * base:
        check(row["surround_class"] == codes[0][1], f"{where}: {row['surround_class']}, by shapely {codes[0][1]}")
    listed = {word.split()[0]: float(word.split()[1]) * 1e4 for word in row["surround_classes"].split(", ")}
    check(all(abs(listed.get(code, 0) - area) < SHARE * base for code, area in areas.items()), f"{where}: {listed} of {areas}")
    for role, distance in away.items():
        check(abs(row[f"{role}_distance_m"] - distance) < DISTANCE_M, f"{where}: {role} at {row[f'{role}_distance_m']}, by shapely {distance}")
    check(row["lake_distance_m"] is None, f"{where}: there is no lake")


def three(*needs):
    return "no" if False in needs else "unknown" if None in needs else "yes"


def check_reuse(row, verdicts):
    def at(column, test):
        return None if row.get(column) is None else test(row[column])
    water = at("surround_known_share", lambda known: known >= 0.95 and row["surround_water_share"] + row["surround_wetland_share"] < 0.001)
    wanted = {
        "landfill": three(at("pit_depth_max_m", lambda m: m >= 5), at("river_distance_m", lambda m: m >= 1000), water,
                          at("settlement_distance_m", lambda m: m >= 500), at("road_distance_m", lambda m: m <= 2000)),
        "farm": three(at("slope_mean_deg", lambda d: d <= 15), row["area_ha"] >= 0.5, at("settlement_distance_m", lambda m: m >= 500),
                      at("river_distance_m", lambda m: m >= 500), at("road_distance_m", lambda m: m <= 1000)),
        "depot": three(row["area_ha"] >= 1, None, None)}
    found = {option: verdict for option, verdict, _, _ in verdicts}
    check(found == wanted, f"{row['plot_id']}: {found}, wanted {wanted}")
    check(all(zh and en for _, _, zh, en in verdicts), f"{row['plot_id']}: a reason with each verdict")
    fit = ",".join(option for option, verdict in wanted.items() if verdict == "yes") or None
    check(row["reuse_options"] == fit, f"{row['plot_id']}: {row['reuse_options']}, wanted {fit}")
    return wanted


with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    plots, land, codes = made(folder)
    (folder / "p.yaml").write_text(PROJECT)
    run = tuban("run", folder / "p.yaml", "-o", folder / "out", "--threads", "1")
    check(run.returncode == 0, f"the run: {run.stderr}")
    check(tuban("run", folder / "p.yaml", "-o", folder / "two", "--threads", "2").returncode == 0, "with two threads")
    bytes_of = lambda out: hashlib.sha256((folder / out / "plan.gpkg").read_bytes()).hexdigest()
    check(bytes_of("out") == bytes_of("two"), "the same bytes with two threads")
    base = sqlite3.connect(folder / "out" / "plan.gpkg")
    base.row_factory = sqlite3.Row
    rows = {row["plot_id"]: dict(row) for row in base.execute("SELECT * FROM plots")}
    check(rows.keys() == plots.keys(), "every plot")
    degrees = pyproj.Transformer.from_crs(CRS, pyproj.CRS(CRS).geodetic_crs, always_xy=True)
    found = set()
    for plot_id, row in rows.items():
        check_plot(row, expected(plots[plot_id], land, codes, degrees))
        verdicts = [tuple(v) for v in base.execute("SELECT option, verdict, reason_zh, reason_en FROM reuse WHERE plot_id = ?", [plot_id])]
        found |= set(check_reuse(row, verdicts).values())
    check(found == {"yes", "no", "unknown"}, f"verdicts of every kind: {found}")
    check({row["surround_suggestion"] for row in rows.values()} >= {"耕", "林", "草"}, "directions of several kinds")
    issues = base.execute("SELECT code, file, layer, field, plot_id FROM issues").fetchall()
    check({issue["file"] for issue in issues if issue["code"] in ("layer_from_landuse", "surround_uncovered")} == {"dltb.gpkg"}, "the file of land is told")
    stand_in = {issue["layer"] for issue in issues if issue["code"] == "layer_from_landuse"}
    check(stand_in == {"road", "settlement", "river", "lake"}, f"what stands in is told: {stand_in}")
    missing = {issue["field"] for issue in issues if issue["code"] == "reuse_column_missing"}
    check(missing == {"lot_no"}, f"missing columns are told: {missing}")
    uncovered = {issue["plot_id"] for issue in issues if issue["code"] == "surround_uncovered"}
    check(uncovered == {i for i, row in rows.items() if row["surround_known_share"] < 0.95}, f"gaps are told: {uncovered}")
    check("reuse" not in [c["role"] for c in base.execute("SELECT role FROM inputs")], "what stands in is no input")

    told = json.loads(tuban("explain", folder / "out" / "plan.gpkg", "P01", "--json").stdout)
    check([use["option"] for use in told["reuse"]] == ["landfill", "farm", "depot"], f"explain --json: {told['reuse']}")
    check(told["surround_suggestion"] == rows["P01"]["surround_suggestion"], "explain --json: the direction")
    words = tuban("explain", folder / "out" / "plan.gpkg", "P01", "--lang", "zh").stdout
    check("再利用 料场：" in words and "建议方向" in words, f"explain: {words}")
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    check("reuse_options" in page and "surround_suggestion" in page, "the page has both")
    check(page.count('"uses":[["垃圾填埋场","') == len(plots), "each card has what its plot may be used for")

    # A layer of its own counts instead of land.
    geopandas.GeoDataFrame({"fid": [1]}, geometry=[LineString([(EAST, NORTH), (EAST + 6000, NORTH)])], crs=CRS).to_file(folder / "roads.gpkg", layer="r")
    own = PROJECT.replace("layers:\n", "layers:\n  road: {file: roads.gpkg}\n")
    (folder / "own.yaml").write_text(own)
    check(tuban("run", folder / "own.yaml", "-o", folder / "own").returncode == 0, "a road of its own")
    other = sqlite3.connect(folder / "own" / "plan.gpkg")
    south = dict(other.execute("SELECT plot_id, road_distance_m FROM plots"))
    check(all(abs(south[i] - (plots[i].bounds[1] - NORTH)) < 1.0 for i in plots), "distances are to the layer given")
    roles = [layer for layer, in other.execute("SELECT layer FROM issues WHERE code = 'layer_from_landuse'")]
    check("road" not in roles and "river" in roles, f"only what is missing is stood in for: {roles}")

    # `measure` with the same land, class column found by its name.
    done = tuban("measure", folder / "plots.gpkg", "--with", f"landuse={folder / 'dltb.gpkg'}", "--indicators", "surround_share,river_distance_m", "-o", folder / "m.csv")
    check(done.returncode == 0, f"measure: {done.stderr}")
    measured = geopandas.pd.read_csv(folder / "m.csv", encoding="utf-8-sig").set_index("plot_id")
    check(all(abs(measured.loc[i, "surround_share"] - rows[i]["surround_share"]) < 1e-12 for i in rows), "measure gives the same shares")

    # The same land as a raster: cells count with what of them lies in the ring.
    pairs = ", ".join(f'{{value: {i}, code: "{code}"}}' for i, code in enumerate(VALUES))
    (folder / "cover.yaml").write_text("tuban: 1\nname: 栅格（合成数据）\nplots: {file: plots.gpkg}\n"
                                       f'landcover: {{file: cover.asc, crs: "EPSG:4516", codes: [{pairs}]}}\n', encoding="utf-8")
    run = tuban("run", folder / "cover.yaml", "-o", folder / "cover")
    check(run.returncode == 0, f"land cover: {run.stderr}")
    cover = sqlite3.connect(folder / "cover" / "plan.gpkg")
    cover.row_factory = sqlite3.Row
    for row in cover.execute("SELECT * FROM plots"):
        for column in [f"surround_{key}_share" for key in KEYS + ["known"]]:
            same = abs(row[column] - rows[row["plot_id"]][column]) < 1e-8
            check(same, f"{row['plot_id']}: {column} {row[column]} of cells, {rows[row['plot_id']][column]} of polygons")
    check(("landcover",) in {tuple(r) for r in cover.execute("SELECT role FROM inputs")}, "the raster is an input")
    wrong = (folder / "cover.yaml").read_text(encoding="utf-8").replace('"0103"', '"0199"')
    (folder / "cover.yaml").write_text(wrong, encoding="utf-8")
    check("0199" in tuban("run", folder / "cover.yaml", "-o", folder / "cover").stderr, "a code that is none is refused")
finish()
