"""tuban check as people and programs meet it: words, JSON against its schema, the repaired copy, exit codes; and how
the command line speaks.

Usage: check.py PROGRAM ROOT
"""
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import unicodedata
from pathlib import Path

import jsonschema
import pyproj

from program import PROGRAM, ROOT, SHARED, check, edit, finish, hashes, project_copy, tuban

LON, LAT = 83.6, 45.9  # near Toli; 合成数据
STEP = 0.001


def square(i, j=0, side=STEP):
    x, y = LON + i * STEP * 3, LAT + j * STEP * 3
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def spiked(i):
    """A square with a spike of no width: mended without a change of area."""
    ring = square(i)
    return ring[:2] + [[ring[1][0] + STEP, ring[1][1]], ring[1]] + ring[2:]


def bow_tie(i):
    """Two triangles that cross: mending it changes the area beyond any limit."""
    ring = square(i)
    return [ring[0], ring[2], ring[1], ring[3], ring[0]]


def geojson(path, rings, ids=None, properties=None):
    features = []
    for n, ring in enumerate(rings):
        geometry = None if ring is None else {"type": "Polygon", "coordinates": [ring]}
        attributes = {"TBBH": ids[n] if ids else f"CT65422420220000010{n:02d}", **(properties[n] if properties else {})}
        features.append({"type": "Feature", "properties": attributes, "geometry": geometry})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), encoding="utf-8")
    return path


def asked(*words, **more):
    """The answer in JSON and the exit code."""
    done = tuban("check", *words, "--json", **more)
    return json.loads(done.stdout), done.returncode


def codes(report, severity=None):
    return [issue["code"] for issue in report["issues"] if severity in (None, issue["severity"])]


def page_data(page):
    """What a page draws: its block of JSON."""
    blocks = re.findall(r'<script id="data" type="application/json">(.*?)</script>', page.read_text(encoding="utf-8"), re.DOTALL)
    return json.loads(blocks[0]) if check(len(blocks) == 1, f"{page.name} has {len(blocks)} blocks of data") else {}


def schema(folder):
    """Every answer fits the schema that the program prints; made-up and damaged files included."""
    shape = json.loads(tuban("schema", "--reference", "check", "--json").stdout)
    jsonschema.Draft7Validator.check_schema(shape)
    judge = jsonschema.Draft7Validator(shape)
    files = [ROOT / "data/toli/toli.yaml", ROOT / "data/toli/plots.shp", ROOT / "data/youhao/youhao.yaml",
             geojson(folder / "mixed.geojson", [square(0), spiked(1), bow_tie(2), None, square(0)])]
    files += sorted((SHARED / "data/torture").glob("*.*s[hj]*")) if SHARED.exists() else []
    judged = 0
    for path in files:
        if path.suffix not in (".yaml", ".shp", ".geojson"):
            continue
        report, _ = asked(path)
        if "error" in report:
            continue
        judged += 1
        wrong = [f"{list(e.absolute_path)}: {e.message[:120]}" for e in judge.iter_errors(report)]
        check(not wrong, f"check --json of {path.name} does not fit its schema: {wrong[:3]}")
    check(judged >= 4, f"only {judged} answers were judged")
    check(list(judge.iter_errors({"format": 1})) != [], "the schema refuses an answer without its parts")


def repaired_copy(folder):
    """--fix: nothing is left to mend but what was refused; the same bytes each time; columns and order kept."""
    source = geojson(folder / "plots.geojson", [square(0), spiked(1), bow_tie(2), None],
                     properties=[{"地类": "采矿用地", "n": n} for n in range(4)])
    before = hashes(folder)
    copy, again = folder / "fixed.gpkg", folder / "again.gpkg"
    first, code = asked(source, "--fix", copy)
    check(code == 5 and copy.exists(), f"--fix: exit {code}")
    tuban("check", source, "--fix", again, "--threads", "2")
    check(copy.read_bytes() == again.read_bytes(), "--fix gives the same bytes twice")
    left = {name: value for name, value in hashes(folder).items() if name in before}
    check(left == before, "--fix leaves the input alone")
    states = {plot["row"]: plot["status"] for plot in first["plots"]}
    check(states == {1: "ok", 2: "repaired", 3: "held_out", 4: "no_geometry"}, f"states {states}")
    with sqlite3.connect(f"file:{copy}?mode=ro", uri=True) as db:
        tables = {row[0] for row in db.execute("SELECT table_name FROM gpkg_contents")}
        rows = db.execute('SELECT "TBBH", "地类", n FROM plots ORDER BY fid').fetchall()
        crs = db.execute("SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = 'plots'").fetchall()
        ledger = db.execute("SELECT row, state FROM repairs ORDER BY row").fetchall()
    check({"plots", "repairs", "issues"} <= tables, f"tables of the copy: {tables}")
    check(rows == [(f"CT65422420220000010{n:02d}", "采矿用地", n) for n in range(4)], f"columns and rows are kept: {rows}")
    check(crs == [(4490,)], f"the copy is in EPSG:4490: {crs}")
    check(ledger == [(entry["row"], entry["state"]) for entry in first["repairs"]], f"the ledger is in the copy: {ledger}")
    refused = [entry["row"] for entry in first["repairs"] if entry["state"] == "refused"]
    check(({"refused_before", "refused_after"} <= tables) == bool(refused), f"both versions of a refused plot: {tables}")
    second, code = asked(copy, "--layer", "plots")
    states = {plot["row"]: plot["status"] for plot in second["plots"]}
    check(states == {1: "ok", 2: "ok", 3: "held_out" if refused else "no_geometry", 4: "no_geometry"}, f"the copy read back: {states}")
    check("repaired" not in codes(second), f"the copy needs no repair: {codes(second)}")
    for row in (0, 1):
        one, other = first["plots"][row]["ellipsoid_area_m2"], second["plots"][row]["ellipsoid_area_m2"]
        check(abs(one - other) <= 0.01, f"row {row + 1}: {one} m² before, {other} m² in the copy")


def refused_repair(folder):
    """A repair beyond the limit, from the ledger to the plan: wings of 9 : 1 in area, so a signed sum of 8 becomes 10."""
    small, big = STEP / 8, STEP * 3 / 8
    eight = [[LON, LAT], [LON + small + big, LAT + small + big], [LON + small + big, LAT + small - big], [LON, LAT + 2 * small], [LON, LAT]]
    # edges cross at (small, small): wings with legs 2·small and 2·big, areas small² and big²
    source = geojson(folder / "eight.geojson", [eight, square(1)])
    bad, good = "CT6542242022000001000", "CT6542242022000001001"
    report, code = asked(source, "--fix", folder / "fixed.gpkg", "--page", folder / "page.html")
    check(code == 5 and [p["status"] for p in report["plots"]] == ["held_out", "ok"], f"states: {code} {report['plots']}")
    entry = report["repairs"][0]
    check(len(report["repairs"]) == 1 and entry["state"] == "refused" and entry["plot_id"] == bad, f"the ledger: {report['repairs']}")
    geod = pyproj.Geod(a=6378137, rf=298.257222101)  # CGCS2000
    wings = [abs(geod.polygon_area_perimeter([LON + x for x, _ in wing], [LAT + y for _, y in wing])[0]) for wing in (
        [(0, 0), (small, small), (0, 2 * small)], [(small, small), (small + big, small + big), (small + big, small - big)])]
    for key, area in (("area_before_m2", wings[1] - wings[0]), ("area_after_m2", wings[1] + wings[0])):
        # 0.05: geodesic edges of 50 m leave those in longitude and latitude by 0.1 mm
        check(abs(entry[key] - area) < 0.05, f"{key} of the ledger is {entry[key]}, by hand {area}")
    with sqlite3.connect(f"file:{folder / 'fixed.gpkg'}?mode=ro", uri=True) as db:
        for table in ("refused_before", "refused_after"):
            check(db.execute(f"SELECT count(*) FROM {table} WHERE geom IS NOT NULL").fetchone() == (1,), f"{table} has the plot")
        check(db.execute("SELECT state FROM repairs").fetchall() == [("refused",)], "the ledger of the copy says refused")
    drawn = page_data(folder / "page.html")
    told = {"row": 1, "plot": bad, "rule": entry["rule"], "state": "refused", "vertices_before": entry["vertices_before"],
            "vertices_after": entry["vertices_after"], "before_m2": entry["area_before_m2"], "after_m2": entry["area_after_m2"]}
    check(drawn["repairs"] == [told], f"the page's ledger is {drawn['repairs']}, that of check --json {told}")
    check([(p["row"], p["id"], p["status"]) for p in drawn["plots"]] == [(1, bad, "held_out"), (2, good, "ok")], f"plots of the page: {drawn['plots']}")
    shape = drawn["plots"][0]["shape"]
    check([part["kind"] for part in shape] == ["polygon"] and len(shape[0]["rings"]) == 1, f"the held-out plot is drawn as {shape}")
    # as it was read, in degrees of latitude and longitude rounded to 1e-6
    flat = shape[0]["rings"][0] if shape else []
    pairs = {(lat, lon) for lat, lon in zip(flat[::2], flat[1::2])}
    check(pairs == {(round(lat, 6), round(lon, 6)) for lon, lat in eight}, f"the held-out plot is drawn as read: {flat}")
    project = folder / "eight.yaml"
    for accept, count in (("", 1), (f", accept: [{bad}]", 2)):
        project.write_text(f"tuban: 1\nname: 合成数据\nplots: {{file: {source.name}{accept}}}\n"
                           "schedule: {periods: [2023], require: [{id: t, sum: area_ha, at_least: 0.01}]}\n", encoding="utf-8")
        out = folder / f"out{count}"
        done = tuban("run", project, "-o", out)
        check(done.returncode == 0, f"run with{accept or ' nothing accepted'}: {done.stderr}")
        with sqlite3.connect(f"file:{out / 'plan.gpkg'}?mode=ro", uri=True) as db:
            ids = sorted(row[0] for row in db.execute("SELECT plot_id FROM plots WHERE geom IS NOT NULL"))
        check(ids == [bad, good][2 - count:], f"plots of the plan with{accept or ' nothing accepted'}: {ids}")


def refuses_to_overwrite(folder):
    source = geojson(folder / "plots.geojson", [square(0)])
    foreign_gpkg, foreign_page = folder / "mine.gpkg", folder / "mine.html"
    shutil.copy(ROOT / "data/toli/context.gpkg", foreign_gpkg)
    foreign_page.write_text("<p>mine</p>", encoding="utf-8")
    before = hashes(folder)
    cases = [("--fix", foreign_gpkg, 8), ("--page", foreign_page, 8), ("--fix", folder / "x.shp", 2), ("--page", folder / "x.pdf", 2),
             ("--fix", "/nowhere/x.gpkg", 8)]
    for option, target, code in cases:
        done = tuban("check", source, option, target)
        check(done.returncode == code, f"{option} {target}: exit {done.returncode}, {done.stderr}")
    fixed = folder / "own.gpkg"
    check(tuban("check", source, "--fix", fixed).returncode == 0, "--fix writes a new file")
    check(tuban("check", source, "--fix", fixed).returncode == 0, "--fix replaces a file of its own")
    check(tuban("check", fixed, "--fix", fixed).returncode == 8, "--fix does not replace its input")
    left = {name: value for name, value in hashes(folder).items() if name in before}
    check(left == before, "nothing foreign was touched")


def exit_codes(folder):
    """5 for errors; with --strict for warnings too; notes never."""
    clean = geojson(folder / "clean.geojson", [square(0), square(1)])
    twice = geojson(folder / "twice.geojson", [square(0), square(1)], ids=["A", "A"])
    nameless = geojson(folder / "nameless.geojson", [square(0)], ids=[None])
    empty = geojson(folder / "empty.geojson", [])
    points = folder / "points.geojson"
    points.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"TBBH": "A"}, "geometry": {"type": "Point", "coordinates": [LON, LAT]}}]}), encoding="utf-8")
    table = folder / "table.csv"
    table.write_text("TBBH,ha\nA,1.5\nB,2\n", encoding="utf-8")
    cases = [(clean, 0, 0), (twice, 5, 5), (nameless, 0, 5), (empty, 5, 5), (points, 5, 5), (table, 0, 5), (ROOT / "data/toli/plots.shp", 0, 0)]
    for path, plain, strict in cases:
        report, code = asked(path)
        check(code == plain, f"{path.name}: exit {code}, wanted {plain}")
        report, code = asked(path, "--strict")
        check(code == strict, f"{path.name} --strict: exit {code}, wanted {strict}")
        above = [issue for issue in report.get("issues", []) if issue["severity"] != "note"]
        check(bool(above) == (strict == 5), f"{path.name}: exit {code} goes with {codes(report)}")
        said = tuban("check", path).stdout
        check(("没有发现问题" in said) == (report.get("issues") == []), f"{path.name}: “没有发现问题” only if there is nothing")


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def words(folder):
    """Kinds by their names, columns aligned for Chinese, what to do."""
    source = geojson(folder / "words.geojson", [square(0), bow_tie(1), None, square(3)], ids=["A", "B", "C", "A"])
    for language, names in (("zh", ("编号重复", "没有图形", "→")), ("en", ("repeated id", "no geometry", "→"))):
        said = tuban("check", source, "--lang", language).stdout
        check(all(name in said for name in names), f"check ({language}) names the kinds: {said}")
        check("duplicate_id" not in said and "no_geometry" not in said, f"check ({language}) shows no bare codes")
        lines = said.splitlines()
        start = next(i for i, line in enumerate(lines) if line.split()[:1] in (["程度"], ["severity"]))
        table = lines[start:lines.index("", start)]
        # The count is the last figure before the rows; it ends in the same terminal column on each line.
        head = lines[start]
        mark = "个数" if language == "zh" else "count"
        edge = width(head[:head.index(mark)]) + width(mark)
        for line in table[1:]:
            shown, at = "", 0
            for letter in line:
                at += width(letter)
                shown += letter
                if at >= edge:
                    break
            check(at == edge and shown[-1].isdigit(), f"check ({language}): the counts are not aligned: {line!r}")


def command_line(folder):
    """What a first user meets."""
    said = {}
    for name, line, code, zh, en in [
        ("data for a project", ["run", "data/toli/plots.shp"], 4, "tuban check", "tuban check"),
        ("a misspelt option", ["run", "x.yaml", "--relaxx"], 2, "是不是 --relax", "did you mean --relax"),
        ("a missing argument", ["run"], 2, "缺少 PROJECT", "PROJECT is missing"),
        ("a value out of range", ["run", "x.yaml", "--threads", "-1"], 2, "0 与 1024 之间", "between 0 and 1024"),
        ("a value of another set", ["run", "x.yaml", "--until", "end"], 2, "应为", "not one of"),
        ("an option without its value", ["check", "x.shp", "--layer"], 2, "--layer", "--layer"),
        ("one argument too many", ["check", "a", "b"], 2, "多出", "too many"),
        ("--until with -o", ["run", "data/toli/toli.yaml", "--until", "rank", "-o", "x"], 2, "--until", "--until"),
        ("several layers", ["check", "data/toli/context.gpkg"], 3, "--layer", "--layer"),
        ("several layers for --with", ["measure", "data/toli/plots.shp", "--with", "road=data/toli/context.gpkg"], 3, "文件:图层", "file:layer"),
        ("a layer that is not given", ["measure", "data/toli/plots.shp", "--indicators", "road_distance_m"], 2, "--with road=", "--with road="),
        ("an id column that is not there", ["measure", "data/toli/plots.shp", "--id", "TBBHH"], 2, "TBBH", "TBBH"),
        ("a plan that cannot be written", ["schedule", "nowhere.csv", "nowhere.yaml", "-o", "/nowhere/plan.csv"], 8, "/nowhere", "/nowhere"),
    ]:
        for language, part in (("zh", zh), ("en", en)):
            done = tuban("--lang", language, *line, cwd=ROOT)
            said[name, language] = done.stderr
            check(done.returncode == code and part in done.stderr, f"{name} ({language}): {done.returncode} {done.stderr}")
    for (name, language), text in said.items():
        if language == "zh":
            check(not any(w in text for w in ("required", "expected", "not in range", "Value ")), f"{name}: English in Chinese words: {text}")
    check("layer:" not in said["several layers", "zh"], "options are advised where options were used")
    twice = geojson(folder / "dup.geojson", [square(0), square(1)], ids=["A", "A"])
    done = tuban("measure", twice)
    check(done.returncode == 5 and "--id" in done.stderr and "fields:" not in done.stderr, f"duplicate ids advise --id: {done.stderr}")


def rows_without_id(folder):
    """Rows without an id by number; where no column of ids was found, how to name one."""
    some = geojson(folder / "some-ids.geojson", [square(i) for i in range(4)], ids=["A", "", "B", ""])
    answer, _ = asked(some)
    found = [issue for issue in answer["issues"] if issue["code"] == "no_id"]
    check(len(found) == 1 and "2 行没有图斑编号（第 2, 4 行）" in found[0]["message_zh"] and "(rows 2, 4)" in found[0]["message_en"], f"rows without an id: {found}")
    none = folder / "no-ids.csv"
    none.write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    for language, part in (("zh", "请用 --id 指明编号列"), ("en", "name the column by --id")):
        said = tuban("check", none, "--lang", language).stdout
        check(part in said and "2 " in said, f"no column of ids ({language}): {said}")
    project = folder / "no-ids.yaml"
    project.write_text("tuban: 1\nname: x\nplots: {file: no-ids.csv}\n", encoding="utf-8")
    check("fields: 的 id" in tuban("check", project, "--lang", "zh").stdout, "no column of ids in a project")


def vertex_named_once(folder):
    """Several faults at one vertex name it once."""
    ring = square(0)
    twice = [[LON + x * STEP / 8, LAT + y * STEP / 8]  # its first edge is crossed twice
             for x, y in ((0, 0), (6, 0), (6, 2), (5, 2), (5, -1), (4, -1), (4, 2), (0, 2), (0, 0))]
    told = ""
    for outline in (twice, [ring[0], ring[1], ring[1], ring[1], *ring[2:]], [ring[0]] * 5):
        answer, _ = asked(geojson(folder / "odd.geojson", [outline]))
        for issue in answer["issues"]:
            told += issue["message_zh"]
            for language, pattern in (("message_zh", r"第 \d+ 环第 \d+ 个顶点"), ("message_en", r"ring \d+ vertex \d+")):
                places = re.findall(pattern, issue[language])
                check(len(places) == len(set(places)), f"a vertex named twice: {issue[language]}")
    check("个顶点" in told, f"faults are told by vertex: {told}")


def closed_pipe():
    """A reader that has had enough ends the program as it ends any filter: no words, SIGPIPE's exit."""
    line = f"'{PROGRAM}' schema | true; echo ${{PIPESTATUS[0]}}"
    for _ in range(3):
        done = subprocess.run(["bash", "-c", f"sleep 0; '{PROGRAM}' measure data/toli/plots.shp | head -c 1 >/dev/null; echo ${{PIPESTATUS[0]}}"],
                              cwd=ROOT, capture_output=True, text=True)
        check(done.stderr == "" and done.stdout.strip() in ("0", "141"), f"a closed pipe: {done.stdout!r} {done.stderr!r}")
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True)
    check(done.stderr == "", f"a closed pipe says nothing: {done.stderr!r}")


def byte_order_mark(folder):
    """A .csv with Chinese is for Excel; standard output and plain ASCII have no mark."""
    out = folder / "measured.csv"
    tuban("measure", ROOT / "data/toli/plots.shp", "-o", out)
    data = out.read_bytes()
    check(data.startswith(b"\xef\xbb\xbf"), "a .csv with Chinese starts with a byte order mark")
    check(data[3:].decode("utf-8") == tuban("measure", ROOT / "data/toli/plots.shp").stdout, "the rest is what stdout has")
    plain = geojson(folder / "plain.geojson", [square(0)])
    tuban("measure", plain, "-o", out)
    check(not out.read_bytes().startswith(b"\xef"), "plain ASCII has no mark")
    back = tuban("check", folder / "measured.csv")
    check(back.returncode == 0, f"tuban reads its own .csv: {back.stderr}")


def idle_filters(folder):
    """A where that picks nothing is told, with the likely cause."""
    project = project_copy("toli", folder)
    text = (project / "toli.yaml").read_text(encoding="utf-8")
    at = text.index("\n", text.index("\nlayers:") + 1)
    (project / "toli.yaml").write_text(text[:at] + "\n  empty: {file: context.gpkg, layer: rivers, where: \"name = '没有这条河'\"}" + text[at:], encoding="utf-8")
    done = tuban("run", project / "toli.yaml", "-o", folder / "out")
    check(done.returncode == 0 and "没有选中任何要素" in done.stderr and "context.gpkg" in done.stderr, f"an idle layer filter: {done.stderr}")
    done = tuban("check", project / "toli.yaml")
    said = done.stdout + done.stderr
    check(done.returncode in (0, 3) and "没有选中任何要素" in said and "name = '没有这条河'" in said, f"check tells of an idle layer filter: {said}")
    project = project_copy("youhao", folder)
    text = (project / "youhao.yaml").read_text(encoding="utf-8")
    at = text.index("require:")
    (project / "youhao.yaml").write_text(text[:at] + "require:\n    - {id: idle, where: \"mine_id = '没有'\", sum: area_ha, at_most: 1}" + text[at + len("require:"):], encoding="utf-8")
    done = tuban("run", project / "youhao.yaml", "-o", folder / "out-2")
    check(done.returncode == 0 and "没有选中任何图斑" in done.stderr, f"an idle requirement: {done.returncode} {done.stderr}")


def misspelt_columns(folder):
    """A column of a layer or a boundary that is not there is told at the key that names it, not at `file:`."""
    project = project_copy("toli", folder)
    path = project / "toli.yaml"
    whole = path.read_text(encoding="utf-8")
    at = whole.index("\n", whole.index("\nlayers:") + 1)
    line = whole[:at].count("\n") + 2  # of `wrong:`
    for key in ("id", "name", "class"):
        path.write_text(whole[:at] + f"\n  wrong:\n    file: context.gpkg\n    layer: rivers\n    {key}: nmae" + whole[at:], encoding="utf-8")
        for command in (["check"], ["run", "-o", folder / "out"]):
            done = tuban(command[0], path, *command[1:])
            check(done.returncode == 4 and f"toli.yaml:{line + 3}:5" in done.stderr and "nmae" in done.stderr, f"{command[0]} names {key}: {done.stderr}")
    for key in ("code", "name"):
        path.write_text(whole + f"\nboundary:\n  file: context.gpkg\n  layer: rivers\n  code: name\n  {key}: nmae\n".replace("  code: name\n  code", "  code"), encoding="utf-8")
        done = tuban("check", path)
        check(done.returncode == 4 and re.search(r"toli\.yaml:\d+:3", done.stderr) and "nmae" in done.stderr, f"boundary {key}: {done.stderr}")
        told = int(re.search(r"toli\.yaml:(\d+):3", done.stderr)[1])
        check(path.read_text(encoding="utf-8").split("\n")[told - 1].strip() == f"{key}: nmae", f"boundary {key} at its line: {told}")


def held_out(folder):
    """A run says at once that plots were left out for their geometry."""
    source = geojson(folder / "held.geojson", [square(0), bow_tie(1)])
    project = folder / "held.yaml"
    project.write_text(f"tuban: 1\nname: 合成数据\nplots: {{file: {source.name}}}\n"
                       "schedule: {periods: [2023], require: [{id: t, sum: area_ha, at_least: 0.1}]}\n", encoding="utf-8")
    done = tuban("run", project, "-o", folder / "held-out")
    check(done.returncode == 0 and "1 个图斑暂缓，待核实" in done.stderr, f"run tells of plots held out: {done.stderr}")


def found(report, code):
    return [issue for issue in report["issues"] if issue["code"] == code]


def far_away(folder):
    """One plot in another zone: a warning with its place, and a page whose first view is of the others."""
    rings = [square(i) for i in range(9)] + [[[x + 3, y] for x, y in square(0)]]
    source, page = geojson(folder / "far.geojson", rings), folder / "far.html"
    report, code = asked(source, "--page", page)
    told = found(report, "plot_far_away")
    check(code == 0 and [(i["row"], i["severity"]) for i in told] == [(10, "warning")], f"a plot far away: {code} {told}")
    check(told and abs(told[0]["lon_deg"] - (LON + 3 + STEP / 2)) < 1e-9, f"its place: {told}")
    check("plot_far_away" in page.read_text(encoding="utf-8"), "the page knows of it")
    near, _ = asked(geojson(folder / "near.geojson", rings[:9]))
    check(not found(near, "plot_far_away"), "without it there is nothing to tell")


def county_unchecked(folder):
    """Without county outlines: a note, on the screen with what to do, and no failure under --strict."""
    source = geojson(folder / "county.geojson", [square(0)], properties=[{"XIAN": "654224"}])
    report, code = asked(source, "--strict")
    told = found(report, "county_not_checked")
    check(code == 0 and [i["severity"] for i in told] == ["note"], f"the county was not checked: {code} {told}")
    for language in ("zh", "en"):
        said = tuban("check", source, "--lang", language).stdout
        check("--boundary" in said and "654224" in said, f"how to have it checked ({language}): {said}")
    outlines = folder / "counties.geojson"
    outlines.write_text(json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"adcode": "654224", "name": "甲县"},
        "geometry": {"type": "Polygon", "coordinates": [[[LON - 1, LAT - 1], [LON + 1, LAT - 1], [LON + 1, LAT + 1], [LON - 1, LAT + 1], [LON - 1, LAT - 1]]]}}]}), encoding="utf-8")
    report, code = asked(source, "--boundary", outlines)
    check(code == 0 and not found(report, "county_not_checked"), f"with outlines it is checked: {codes(report)}")
    nameless = geojson(folder / "other.geojson", [square(0)], ids=["A"])
    check(not found(asked(nameless)[0], "county_not_checked"), "where no county is named there is none to check")


def areas_of_tables(folder):
    """A table without geometry: which column could be counted, and by which key; a table without one is an error."""
    def word(column):
        return f'"{column}"' if "[" in column else column

    for header, key in (("TBTYMJ", "area_m2"), ("面积(亩)", "area_mu"), ("area_ha", "area_ha"), ("图斑面积_公顷", "area_ha"), ("面积[公顷]", "area_ha")):
        table = folder / "table.csv"
        table.write_text(f"TBBH,n,{header}\nA,1,1.5\nB,2,2\n", encoding="utf-8")
        report, code = asked(table)
        told = found(report, "nothing_usable")
        check(code == 0 and [i["severity"] for i in told] == ["warning"], f"{header}: {code} {told}")
        name = told[0]["field"] if told else ""
        check(told and all(f"fields: {{{key}: {word(name)}}}" in told[0][m] for m in ("message_zh", "message_en")), f"{header}: the key: {told}")
        project = folder / "table.yaml"
        project.write_text(f"tuban: 1\nname: 合成数据\nplots: {{file: table.csv, fields: {{{key}: {word(name)}}}}}\n", encoding="utf-8")
        report, code = asked(project)
        check(code == 0 and report["usable"] == report["eligible"] == 2, f"{header}: the advice taken: {code} {report}")
    for columns in ("TBBH,n\nA,1\nB,2\n", "TBBH,TBTYMJ\nA,\nB,\n"):
        table.write_text(columns, encoding="utf-8")
        report, code = asked(table)
        check(code == 5 and [i["severity"] for i in found(report, "nothing_usable")] == ["error"], f"no area column: {code} {codes(report)}")


def copy_checked_again(folder):
    """The repaired copy has several layers of polygons: the plots are taken, and that is told."""
    copy = folder / "fixed.gpkg"
    asked(geojson(folder / "bow.geojson", [square(0), bow_tie(1)]), "--fix", copy)
    report, code = asked(copy)
    told = found(report, "layer_chosen") if "issues" in report else []
    check(code == 5 and report.get("layer") == "plots", f"the copy checked again: {code} {report.get('error')}")
    check(len(told) == 1 and told[0]["severity"] == "note" and "refused_before" in told[0]["message_zh"], f"which layer was taken: {told}")
    report, _ = asked(copy, "--layer", "plots")
    check(not found(report, "layer_chosen"), "a layer that was named needs no note")


def values_listed(folder):
    """Values that messages cut short are all in the JSON, with every row."""
    words = ["91", "92", "93", "94", "95", "91"] * 4
    source = geojson(folder / "values.geojson", [square(i) for i in range(24)], properties=[{"TBDL": word} for word in words])
    report, _ = asked(source)
    listed = {v["value"]: v["rows"] for v in report["values"] if v["code"] == "unknown_code"}
    wanted = {word: [n + 1 for n, other in enumerate(words) if other == word] for word in words}
    check(listed == wanted, f"values: {listed}")
    check("……" not in tuban("check", source).stdout.split("警告：代码不认识")[1].split("→")[0], "the printed text stays short by itself")
    taken_out = report["ineligible"]
    check([(c["id"], c["rows"], [p["row"] for p in c["plots"]]) for c in taken_out] == [("TBDL", 24, list(range(1, 25)))], f"who takes no part: {taken_out}")
    check(report["eligible"] == 0 and report["usable"] == 24, f"{report['eligible']} eligible, {report['usable']} usable")
    check(taken_out[0]["plots"][3]["plot_id"] == "CT6542242022000001003", f"by id: {taken_out[0]['plots'][3]}")
    check("24 行，0 行能参与" in tuban("check", source).stdout, "the printed table counts who may take part")


def parts_of_data_sets(folder):
    """A file that is only a part of a data set: which one to give."""
    for ending in ("shx", "dbf", "prj", "cpg", "shp", "SHX"):
        name = "PLOTS" if ending.isupper() else "plots"
        if ending.islower():
            shutil.copy(ROOT / f"data/toli/plots.{ending}", folder / f"{name}.{ending}")
        elif not (folder / "PLOTS.SHX").exists():
            shutil.copy(ROOT / "data/toli/plots.shx", folder / "PLOTS.SHX")
    (folder / "x.gpkg").write_bytes((ROOT / "data/toli/context.gpkg").read_bytes())
    for behind in ("-wal", "-shm", "-journal"):
        (folder / f"x.gpkg{behind}").write_text("x", encoding="utf-8")
    (folder / "a.gdb").mkdir()
    (folder / "a.gdb/a00000001.gdbtable").write_text("x", encoding="utf-8")
    cases = [("plots.shx", "plots.shp"), ("plots.dbf", "plots.shp"), ("plots.prj", "plots.shp"), ("plots.cpg", "plots.shp"), ("PLOTS.SHX", "PLOTS.shp"),
             ("x.gpkg-wal", "x.gpkg"), ("x.gpkg-shm", "x.gpkg"), ("x.gpkg-journal", "x.gpkg"), ("a.gdb/a00000001.gdbtable", "a.gdb")]
    for part, whole in cases:
        for language, words in (("zh", "的一部分"), ("en", "is only a part of a")):
            done = tuban("check", part, "--lang", language, cwd=folder)
            check(done.returncode == 3 and words in done.stderr and whole in done.stderr.split(part.split("/")[-1])[-1].replace("\n", ""), f"{part} ({language}): {done.returncode} {done.stderr}")
    (folder / "plots.shp").unlink()
    check(tuban("check", folder / "plots.dbf").returncode in (0, 5), "a .dbf alone is a table")
    table = folder / "joined.yaml"
    shutil.copy(ROOT / "data/toli/plots.shp", folder / "plots.shp")
    table.write_text("tuban: 1\nname: 合成数据\nplots: {file: plots.shp, join: [{file: plots.dbf, on: TBBH}]}\n", encoding="utf-8")
    check(tuban("check", table).returncode == 0, "the .dbf of a shapefile may be joined as a table")


def main():
    for test in (schema, repaired_copy, refused_repair, refuses_to_overwrite, exit_codes, words, command_line, byte_order_mark, idle_filters, misspelt_columns, held_out,
                 rows_without_id, vertex_named_once, far_away, county_unchecked, areas_of_tables, copy_checked_again, values_listed, parts_of_data_sets):
        with tempfile.TemporaryDirectory() as name:
            test(Path(name))
    closed_pipe()
    finish()


main()
