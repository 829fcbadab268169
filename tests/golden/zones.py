"""A run with a profile of 三区两线: table zone_hits of plan.gpkg says what shapely and PROJ find.

Plots and layers are made at random (seeded, 合成数据) in the plane of a 3° zone. For each plot shapely measures in an azimuthal
equidistant plane about the plot (PROJ), edges cut to 20 m before they are moved: within 5 km that plane is good for d·r²/6R²,
less than 0.1 mm. The rules are judged again from their own text, without any code of tuban.

Usage: zones.py PROGRAM ROOT
"""
import json
import random
import tempfile
from pathlib import Path

import geopandas
import pyproj
import shapely
from shapely.affinity import rotate, translate
from shapely.geometry import LineString, Point, box

from program import accepted, check, finish, hashes, rows, tuban

SEED = 20261124
CRS = "EPSG:4516"  # zone number before the easting
EAST, NORTH = 28_470_000, 5_090_000
DISTANCE_M = 2e-3  # 1 mm of the result, and of the plane here
SHARE = 2e-4  # round corners of 256 chords to a quarter leave 5 mm of 1 km: about 5e-5 of a plot 100 m across
COVER = 6500  # metres east to where land uses are known
MARGIN_M = 0.05  # no plot here lies so near to a limit that both could be right

RULES = [
    {"id": "reserve", "name": "保护区内", "kind": "zone", "layer": "reserve", "mode": "within", "severity": 3, "mark": "official", "basis": "合成"},
    {"id": "scenic", "name": "景观区周边", "kind": "zone", "layer": "scenic", "mode": "distance", "metres": 1000, "basis": "合成"},
    {"id": "town", "name": "居民区周边", "kind": "zone", "layer": "settlement", "mode": "centroid", "metres": 1500, "severity": 2},
    {"id": "trunk", "name": "国道省道两侧", "kind": "line", "layer": "road", "classes": ["国道", "省道"], "mode": "distance", "metres": 800,
     "half_width_m": 6, "half_widths": [{"classes": ["国道"], "metres": 14}], "severity": 2},
    {"id": "trunk-share", "name": "国道省道占比", "kind": "line", "layer": "road", "classes": ["国道", "省道"], "mode": "share", "metres": 900,
     "least_share": 0.4, "half_width_m": 6, "half_widths": [{"classes": ["国道"], "metres": 14}]},
    {"id": "railway", "name": "铁路两侧", "kind": "line", "layer": "railway", "mode": "distance", "metres": 1000, "mark": "legal", "basis": "合成"},
    {"id": "lake", "name": "湖泊周边", "kind": "line", "layer": "lake", "fallback": [{"layer": "landuse", "classes": ["1102"]}],
     "mode": "distance", "metres": 500},
    {"id": "river", "name": "河流两侧", "kind": "line", "layer": "river", "mode": "distance", "metres": 1000},
    {"id": "coast", "name": "海岸线", "kind": "line", "layer": "coast", "mode": "distance", "metres": 1000}]
ROLES = {"settlement": "villages"}  # the project's own name for a role
KNOWN_ROADS = {"国道", "省道", "小路"}  # what the profile names


def plots(rng):
    shapes = []
    for _ in range(60):
        side = rng.uniform(60, 260)
        shape = rotate(box(0, 0, side, side * rng.uniform(0.4, 1)), rng.uniform(0, 90))
        if rng.random() < 0.3:
            shape = shape.difference(shape.centroid.buffer(12, quad_segs=2))
        shapes.append(translate(shape, EAST + rng.uniform(0, 9000), NORTH + rng.uniform(0, 9000)))
    return shapes


def line(rng, length):
    """A bent line through the plots."""
    x, y = EAST + rng.uniform(0, 9000), NORTH - 1000
    corners = [(x, y)]
    while y < NORTH + length:
        x, y = x + rng.uniform(-900, 900), y + rng.uniform(300, 1500)
        corners.append((x, y))
    return LineString(corners)


def layers(rng):
    """By the key in the project: rows of (geometry, name, class)."""
    def square(size):
        return translate(box(0, 0, size, size), EAST + rng.uniform(0, 9000), NORTH + rng.uniform(0, 9000))
    return {
        "reserve": [(square(2500), "甲保护区", "省级"), (square(1200), "乙保护区", "国家级")],
        "villages": [(Point(EAST + rng.uniform(0, 9000), NORTH + rng.uniform(0, 9000)), f"村{i}", "") for i in range(6)],
        "road": [(line(rng, 10_000), "G1", "国道"), (line(rng, 10_000), "S2", "省道"), (line(rng, 10_000), "便道", "小路"),
                 (line(rng, 4_000), "X9", "不明")],
        "railway": [(line(rng, 10_000), "甲线", "")],
        "lake": [],  # a layer without features: land use serves instead
        # A cover that ends in the east: beyond, nobody knows of lakes.
        "landuse": [(square(900), "", "1102"), (square(900), "", "1102K"), (box(EAST - 3000, NORTH - 3000, EAST + COVER, NORTH + 12_000), "", "0103")],
        "river": [(LineString([(EAST + 90_000, NORTH), (EAST + 90_000, NORTH + 9000)]), "远河", "")]}  # 80 km away


def write(folder, shapes, context):
    frame = geopandas.GeoDataFrame({"TBBH": [f"P{i + 1:03d}" for i in range(len(shapes))]}, geometry=shapes, crs=CRS)
    frame.to_file(folder / "plots.gpkg", layer="plots")
    for key, features in context.items():
        data = {"name": [f[1] for f in features], "grade": [f[2] for f in features]}
        layer = geopandas.GeoDataFrame(data, geometry=[f[0] for f in features], crs=CRS)
        if not features:
            layer = layer.astype({"name": str, "grade": str})
        layer.to_file(folder / "context.gpkg", layer=key, engine="pyogrio", geometry_type=None if features else "Polygon")
    # JSON is YAML.
    profile = {"tuban": 1, "name": "合成方案", "rules": RULES, "other_classes": [{"layer": "road", "classes": ["小路"]}]}
    (folder / "own.yaml").write_text(json.dumps(profile, ensure_ascii=False), encoding="utf-8")
    project = {
        "tuban": 1, "name": "三区两线（合成数据）", "plots": {"file": "plots.gpkg"},
        "layers": {key: {"file": "context.gpkg", "layer": key, "name": "name", "class": "grade"} for key in context},
        "profile": "own", "zones": {"layers": ROLES},
        "rank": {"points": [{"id": "near-railway", "when": "zones LIKE '%railway%'", "points": 10, "name": "铁路边"},
                            {"id": "grave", "when": "zone_severity >= 3", "points": 5, "name": "保护区"}]},
        "schedule": {"periods": [2026, 2027], "require": [{"id": "some", "in": 2026, "count": "plots", "at_most": 20}], "prefer": [{"earliest": "score"}]},
        "report": {"county": "合成县"}}
    path = folder / "project.yaml"
    path.write_text(json.dumps(project, ensure_ascii=False), encoding="utf-8")
    return path


class Plane:
    """Shapes of the zone's plane in a plane about one plot."""

    def __init__(self, plot):
        to_degrees = pyproj.Transformer.from_crs(CRS, "EPSG:4490", always_xy=True)
        lon, lat = to_degrees.transform(plot.centroid.x, plot.centroid.y)
        local = f"+proj=aeqd +lat_0={lat!r} +lon_0={lon!r} +ellps=GRS80"
        self.to_local = pyproj.Transformer.from_pipeline(
            f"+proj=pipeline +step +inv +proj=tmerc +lat_0=0 +lon_0=84 +k=1 +x_0=28500000 +y_0=0 +ellps=GRS80 +step {local}")

    def moved(self, shape):
        return shapely.transform(shapely.segmentize(shape, 20.0), lambda xy: [list(p) for p in zip(*self.to_local.transform(*xy.T))])


def width(rule, feature):
    if feature[0].geom_type != "LineString":
        return 0.0
    return next((w["metres"] for w in rule.get("half_widths", []) if feature[2] in w["classes"]), rule.get("half_width_m", 0.0))


class Oracle:
    def __init__(self, plot, context):
        self.plane = Plane(plot)
        self.plot = self.plane.moved(plot)
        self.context = {key: [(self.plane.moved(f[0]), *f[1:]) for f in features] for key, features in context.items()}
        self.east = plot.centroid.x

    def source(self, rule, key, classes):
        """Verdict and figures by one layer; none where it cannot tell."""
        features = self.context.get(ROLES.get(key, key))
        if not features:
            return None
        limit = rule.get("metres", 0.0)
        counted = [(i, f) for i, f in enumerate(features) if not classes or f[2].removesuffix("K") in classes]
        strange = [f for _, f in enumerate(features) if classes and key == "road" and f[2] not in KNOWN_ROADS]
        best = min(((max(0.0, self.plot.distance(f[0]) - width(rule, f)), i) for i, f in counted), default=None)
        zone = shapely.union_all([f[0].buffer(limit + width(rule, f), quad_segs=256) for _, f in counted]) if counted else Point()
        share = self.plot.intersection(zone).area / self.plot.area
        inside = any(self.plot.centroid.distance(f[0]) - width(rule, f) <= limit for _, f in counted)
        yes = {"within": best and best[0] == 0, "distance": best and best[0] <= limit, "centroid": inside,
               "share": share >= rule.get("least_share", 0.5)}[rule["mode"]]
        open_gaps = [self.plot.distance(f[0]) - width(rule, f) - limit for f in strange]
        gaps = [best[0] - limit] if best and rule["mode"] == "distance" else []
        self.least_gap = min(map(abs, gaps + open_gaps), default=1e9)
        verdict = "yes" if yes else "unknown" if any(gap <= 0 for gap in open_gaps) else "no"
        if verdict == "no" and best and best[0] > 50_000 + limit:
            verdict = "unknown"  # nothing but features far away, and the plot is outside of their extent
        if verdict == "no" and key == "landuse" and self.east + limit > EAST + COVER - 500:
            # The plot's far corner may be 250 m to the east of its centroid: in between, either is right.
            verdict = "unknown" if self.east + limit > EAST + COVER else None
        name, grade = features[best[1]][1:] if best else (None, None)
        return {"verdict": verdict, "distance": best and best[0], "share": share, "inside": inside, "name": name, "class": grade}

    def judge(self, rule):
        for source in [rule] + rule.get("fallback", []):
            found = self.source(rule, source["layer"], source.get("classes"))
            if found:
                return found
        return {"verdict": "unknown", "distance": None, "share": None, "inside": None, "name": None, "class": None}


def compare(out, shapes, context):
    table = {}
    for row in rows(out / "plan.gpkg", "SELECT plot_id, rule_id, verdict, feature_name, feature_class, distance_m, share, centroid_inside, "
                                       "basis, mark, reason_zh, intersects FROM zone_hits"):
        table[row[0], row[1]] = row[2:]
    check(len(table) == len(shapes) * len(RULES), f"zone_hits has {len(table)} rows")
    worst = {"distance": 0.0, "share": 0.0}
    tally, zones = {}, {}
    for i, shape in enumerate(shapes):
        oracle = Oracle(shape, context)
        for rule in RULES:
            plot, wanted = f"P{i + 1:03d}", oracle.judge(rule)
            verdict, name, grade, distance, share, inside, basis, mark, reason, intersects = table[plot, rule["id"]]
            where = f"{plot} {rule['id']}: {verdict}, {name}, {distance}, {share}; expected {wanted}"
            check(oracle.least_gap > MARGIN_M or wanted["distance"] is None, f"too near to a limit to judge: {where}")
            if check(verdict == wanted["verdict"] or wanted["verdict"] is None and verdict != "yes", where):
                tally[rule["id"], verdict] = tally.get((rule["id"], verdict), 0) + 1
            check((distance is None) == (wanted["distance"] is None) or rule["id"] == "lake" and verdict == "unknown", where)
            if distance is not None and distance < 5000:
                worst["distance"] = max(worst["distance"], abs(distance - wanted["distance"]))
                check((name or "", grade or "") == (wanted["name"], wanted["class"]) or distance == 0, where)
                check(bool(inside) == wanted["inside"], f"centroid: {where}")
                check(bool(intersects) == (distance <= rule.get("metres", 0)), f"intersects: {where}")
            if share is not None:
                worst["share"] = max(worst["share"], abs(share - wanted["share"]))
            check(mark == rule.get("mark", "example") and basis == rule.get("basis"), f"mark and basis: {where}")
            check(bool(reason) and (verdict != "unknown" or "无法判断" in reason), f"reason: {reason}")
            if verdict == "yes":
                zones.setdefault(plot, []).append(rule["id"])
    check(worst["distance"] <= DISTANCE_M, f"distances are off by up to {worst['distance']} m")
    check(worst["share"] <= SHARE, f"shares are off by up to {worst['share']}")
    for rule in ("reserve", "town", "trunk", "trunk-share", "railway", "lake"):
        check(tally.get((rule, "yes"), 0) and tally.get((rule, "no"), 0), f"{rule} is yes and no somewhere: {tally}")
    for rule in ("scenic", "river", "coast"):
        check(tally.get((rule, "unknown")) == len(shapes), f"{rule} is unknown everywhere: {tally}")
    print(f"{len(table)} verdicts; distances off by at most {worst['distance'] * 1000:.3f} mm, shares by {worst['share']:.1e}")
    return zones


def columns(out, zones):
    """The column zones holds what the table says, and ranks."""
    for plot, ids, names, unknown, severity, score in rows(
            out / "plan.gpkg", "SELECT plot_id, zones, zone_names, zones_unknown, zone_severity, score FROM plots"):
        expected = zones.get(plot)  # scenic, river and coast are unknown: no plot is known to be in none
        check(ids == (",".join(expected) if expected else None), f"zones of {plot}: {ids!r}, expected {expected}")
        check(unknown is not None and {"scenic", "river", "coast"} <= set(unknown.split(",")), f"zones_unknown of {plot}: {unknown}")
        by_id = {rule["id"]: rule for rule in RULES}
        check(severity == (max(by_id[i].get("severity", 1) for i in expected) if expected else None), f"zone_severity of {plot}: {severity}")
        wanted = [by_id[i]["name"] + ("（示例）" if by_id[i].get("mark", "example") == "example" else "") for i in expected or []]
        check((names or "") == "、".join(wanted), f"zone_names of {plot}: {names}")
        check(score == 10 * ("railway" in (expected or [])) + 5 * ("reserve" in (expected or [])), f"score of {plot}: {score}")


def surfaces(out, zones):
    """What holds is told where people look: explain, page, workbook, issues."""
    import openpyxl
    plot = max(zones, key=lambda p: len(zones[p]))
    told = json.loads(tuban("explain", out / "plan.gpkg", plot, "--json").stdout)["zones"]
    check([z["rule_id"] for z in told if z["verdict"] == "yes"] == zones[plot], f"explain --json of {plot}: {told}")
    words = tuban("explain", out / "plan.gpkg", plot, "--lang", "zh").stdout
    check("三区两线" in words and "（示例）" in words, f"explain of {plot}: {words}")
    page = (out / "report.html").read_text(encoding="utf-8")
    check('"profile":{"id":"own"' in page.replace(" ", "") and "铁路两侧" in page, "the page has the profile")
    sheet = openpyxl.load_workbook(out / "plan.xlsx", data_only=True)["年度计划表"]
    cells = {row[1].value: row[17].value for row in sheet.iter_rows(min_row=2) if row[1].value}
    check(plot in cells and cells[plot].startswith("是：") and "米）" in cells[plot], f"年度计划表 of {plot}: {cells.get(plot)}")
    issues = rows(out / "plan.gpkg", "SELECT field, message_zh FROM issues WHERE code = 'zone_unknown'")
    check({"scenic", "river", "coast"} <= {field for field, _ in issues}, f"issues: {issues}")


def control_lines(folder, project):
    """Layers of 三区三线 that serve a profile are warned of; reserves of their own are not."""
    text = project.read_text(encoding="utf-8")
    clean = json.loads(tuban("check", project, "--json").stdout)["issues"]
    check(not [i for i in clean if i["code"] == "control_line_as_zone"], "no warning for reserves")
    source = json.loads(text)
    for name, change in (("生态保护红线.gpkg", {}), ("STBHHX.gpkg", {}), ("plain.gpkg", {"alias": "永久基本农田"}), ("urban_growth-boundary.gpkg", {})):
        (folder / name).write_bytes((folder / "context.gpkg").read_bytes())
        source["layers"]["reserve"] = {"file": name, "layer": "reserve", "name": "name", "class": "grade", **change}
        project.write_text(json.dumps(source, ensure_ascii=False), encoding="utf-8")
        told = [i for i in json.loads(tuban("check", project, "--json").stdout)["issues"] if i["code"] == "control_line_as_zone"]
        check(len(told) == 1 and "三区三线" in told[0]["message_zh"] and told[0]["field"] == "reserve", f"{name}: {told}")
    project.write_text(text, encoding="utf-8")


def main():
    print("seed", SEED)
    rng = random.Random(SEED)
    shapes, context = plots(rng), layers(rng)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = write(folder, shapes, context)
        out = folder / "out"
        done = tuban("run", project, "-o", out, "--lang", "zh")
        if not check(done.returncode == 0, f"the run fails: {done.stderr}"):
            finish()
        check("三区两线  own：是" in done.stderr, f"the run tells of 三区两线: {done.stderr}")
        zones = compare(out, shapes, context)
        columns(out, zones)
        surfaces(out, zones)
        check(accepted(out) in (None, True), "the outside checker accepts the run")
        check(tuban("verify", out / "plan.gpkg").returncode == 0, "the plan holds when checked again")
        for threads in (1, 3):
            again = folder / f"out{threads}"
            tuban("run", project, "-o", again, "--threads", threads, "--lang", "en")
            check(hashes(again) == hashes(out), f"the same bytes with {threads} threads")
        control_lines(folder, project)
    finish()


main()
