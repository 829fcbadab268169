"""Broken input: each gets its exit code and a message in both languages that says what, where and what to do.

Usage: refusals.py PROGRAM ROOT
"""
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
from pathlib import Path

from program import ROOT, check, edit, finish, hashes, project_copy, tuban


def in_project(name, pairs, code, zh, en):
    """A case: texts of toli.yaml replaced, then the exit code and a part of the message in both languages."""
    return name, lambda project: edit(project / "toli.yaml", *pairs), code, zh, en


def drop(name):
    return lambda project: (project / name).unlink()


def truncate_shapefile(project):
    data = (project / "plots.shp").read_bytes()
    (project / "plots.shp").write_bytes(data[: len(data) // 2])


def empty_shapefile(project):
    (project / "plots.shp").write_bytes(b"")


def no_prj(project):
    (project / "plots.prj").unlink()


def xian_80(project):
    edit(project / "toli.yaml", ("file: plots.shp", "crs: EPSG:2352\n  file: plots.shp"))


def csv_project(rows):
    """The plots as a CSV without geometry."""
    def prepare(project):
        (project / "plots.csv").write_text(rows, encoding="utf-8")
        text = (project / "toli.yaml").read_text(encoding="utf-8")
        head, tail = text.split("plots:\n", 1)
        tail = tail[tail.index("rank:"):]
        (project / "toli.yaml").write_text(
            head + "plots: {file: plots.csv, fields: {id: id, area_ha: ha}}\n"
            "schedule: {periods: [2023], require: [{id: t, sum: area_ha, at_least: 1}]}\n", encoding="utf-8")
    return prepare


CASES = [
    in_project("missing file", [("file: plots.shp", "file: plotz.shp")], 3, "plotz.shp", "plotz.shp"),
    in_project("wrong layer", [("layer: roads", "layer: raods")], 3, "roads", "roads"),
    in_project("context layer not there", [("{file: context.gpkg, layer: rivers", "{file: rivers.gpkg, layer: rivers")], 3, "rivers.gpkg", "rivers.gpkg"),
    in_project("unknown CRS", [("file: plots.shp", "crs: EPSG:999999\n  file: plots.shp")], 3, "EPSG:999999", "EPSG:999999"),
    ("refused datum", xian_80, 3, "1980", "1980"),
    ("no CRS", no_prj, 3, "EPSG:4516", "EPSG:4516"),
    in_project("misspelt key", [("schedule:\n", "schedul:\n")], 4, "schedule", "schedule"),
    in_project("misspelt key inside", [("at_least: 195.45", "at_leest: 195.45")], 4, "at_least", "at_least"),
    in_project("text where a number belongs", [("at_least: 195.45", "at_least: 很多")], 4, "很多", "很多"),
    in_project("unknown column in a condition", [("road_distance_m <= 1000", "raod_distance_m <= 1000")], 4, "road_distance_m", "road_distance_m"),
    in_project("a condition that reads another table", [("area_ha >= 15", "area_ha >= (SELECT count(*) FROM sqlite_master)")], 4, "toli.yaml", "toli.yaml"),
    in_project("full-width punctuation in a condition", [("area_ha >= 15", "area_ha ≥ 15")], 4, ">=", ">="),
    in_project("curly quotes in a condition", [("TBDL = '10'", "TBDL = ‘10’")], 4, "'", "'"),
    in_project("areas in another unit than told", [("cost_wan_yuan: 投资, responsible", "area_ha: TBTYMJ, cost_wan_yuan: 投资, responsible")], 5,
               "area_m2: TBTYMJ", "write area_m2: TBTYMJ"),
    in_project("unknown period", [("in: 2024, sum", "in: 2034, sum")], 4, "2034", "2034"),
    in_project("unknown sum column", [("sum: area_ha, at_least", "sum: area_hectare, at_least")], 4, "area_h", "area_h"),
    in_project("join file not there", [("台账.xlsx", "台帐.xlsx")], 3, "台帐.xlsx", "台帐.xlsx"),
    in_project("column not there", [("cost_wan_yuan: 投资", "cost_wan_yuan: 投入")], 4, "投入", "投入"),
    in_project("elevation not there", [("file: dem.tif", "file: dom.tif")], 3, "dom.tif", "dom.tif"),
    in_project("a key of a later version", [("gates:", "fund: {}\n  gates:")], 4, "fund", "fund"),
    in_project("infeasible", [("at_least: 195.45", "at_least: 300")], 6, "地区下达目标", "地区下达目标"),
    ("empty file", empty_shapefile, 3, "plots.shp", "plots.shp"),
    ("truncated file", truncate_shapefile, 3, "plots.shp", "plots.shp"),
    ("no table of attributes", drop("plots.dbf"), 3, "plots", "plots"),
    ("not YAML", lambda project: (project / "toli.yaml").write_text("tuban: [1", encoding="utf-8"), 4, "toli.yaml", "toli.yaml"),
    ("GBK project", lambda project: (project / "toli.yaml").write_bytes("tuban: 1\nname: 托里县\n".encode("gbk")), 4, "UTF-8", "UTF-8"),
    ("text where an area belongs", csv_project("id,ha\nA,1.5\nB,约三公顷\n"), 3, "约三公顷", "约三公顷"),
    ("duplicate ids", csv_project("id,ha\nA,1.5\nA,2\n"), 5, "A", "A"),
    ("no plot with an area", csv_project("id,ha\nA,\nB,\n"), 5, "面积", "area"),
    ("zero plots", csv_project("id,ha\n"), 5, "plots.csv", "plots.csv"),
]

COMMANDS = [
    ("no such command", ["rnu"], 2, "run"),
    ("no such option", ["run", "x.yaml", "--outt", "y"], 2, "--outt"),
    ("missing argument", ["run"], 2, "PROJECT"),
    ("threads below zero", ["run", "x.yaml", "--threads", "-1"], 2, "threads"),
    ("axes of no such order", ["measure", "data/toli/plots.shp", "--axes", "zz"], 2, "xy, yx"),
    ("a CRS that nobody knows", ["measure", "data/toli/plots.shp", "--crs", "foo"], 2, "--crs"),
    ("a CRS that nobody knows, for a project", ["check", "data/toli/toli.yaml", "--crs", "foo"], 2, "--crs"),
    ("a CRS whose datum is refused", ["check", "data/toli/plots.shp", "--crs", "EPSG:2334"], 3, "1980"),
    ("an encoding that nobody knows", ["check", "data/toli/plots.shp", "--encoding", "GBKK"], 2, "GBK"),
    ("a column of ids that is not there", ["check", "data/toli/plots.shp", "--id", "TBBHH"], 2, "TBBH"),
    ("a column of ids that is not there, for a project", ["check", "data/toli/toli.yaml", "--id", "TBBHH"], 2, "TBBH"),
    ("a layer that is not there", ["check", "data/toli/context.gpkg", "--layer", "raods"], 2, "roads"),
    ("a layer that is not there after --with", ["measure", "data/toli/plots.shp", "--with", "road=data/toli/context.gpkg:raods"], 2, "roads"),
    ("an indicator that is not there", ["measure", "data/toli/plots.shp", "--indicators", "perimeter"], 2, "perimeter_m"),
    ("a sheet that is not there", ["schedule", "data/toli/台账.xlsx", "x.yaml", "--sheet", "nowhere"], 2, "nowhere"),
    ("a boundary without codes", ["check", "data/toli/plots.shp", "--boundary", "data/toli/context.gpkg:reserves"], 2, "--boundary-code"),
    ("a column of codes that is not there", ["check", "data/toli/plots.shp", "--boundary", "data/toli/context.gpkg:reserves",
                                             "--boundary-code", "grad"], 2, "grade"),
    ("a column of codes and no boundary", ["check", "data/toli/plots.shp", "--boundary-code", "dm"], 2, "--boundary"),
    ("one of several layers to be named", ["check", "data/toli/context.gpkg"], 3, "--layer"),
    ("a file that is not there after --with", ["measure", "data/toli/plots.shp", "--with", "road=nowhere.gpkg"], 3, "nowhere.gpkg"),
    ("project not there", ["run", "nowhere.yaml"], 3, "nowhere.yaml"),
    ("plan not there", ["verify", "nowhere.gpkg"], 3, "nowhere.gpkg"),
    ("output of a kind that is not built", ["measure", "data/toli/plots.shp", "-o", "/tmp/x.parquet"], 2, "parquet"),
    ("output folder not there", ["measure", "data/toli/plots.shp", "-o", "/nowhere/x.csv"], 8, "/nowhere"),
]


def projects(folder):
    for number, (name, prepare, code, zh, en) in enumerate(CASES):
        project = project_copy("toli", folder / str(number))
        prepare(project)
        before = hashes(project)
        out = folder / f"out-{number}"
        for language, part in (("zh", zh), ("en", en)):
            done = tuban("run", project / "toli.yaml", "-o", out, "--lang", language)
            check(done.returncode == code, f"{name} ({language}): exit {done.returncode}, wanted {code}: {done.stderr}")
            check(part in done.stderr, f"{name} ({language}): {part!r} is not in {done.stderr!r}")
        check(not out.exists(), f"{name}: OUT was not made")
        check(hashes(project) == before, f"{name}: the inputs are as they were")
        spoken = tuban("run", project / "toli.yaml", "-o", out, "--json")
        answer = json.loads(spoken.stdout) if spoken.stdout.strip() else {}
        if code == 6:
            check(answer.get("status") == "infeasible" and answer.get("conflicts"), f"{name}: the conflict is in the JSON")
        else:
            error = answer.get("error", {})
            check(error.get("code") == code and error.get("message_zh") and error.get("message_en"), f"{name}: the error is JSON: {spoken.stdout!r}")


def commands():
    for name, words, code, part in COMMANDS:
        for language in ("zh", "en"):
            done = tuban(*words, "--lang", language, cwd=ROOT)
            check(done.returncode == code and part in done.stderr, f"{name} ({language}): {done.returncode} {done.stderr}")


def relaxed(folder):
    """With --relax an infeasible project gives the best relaxed plan and still exit 6."""
    project = project_copy("toli", folder / "relaxed")
    edit(project / "toli.yaml", ("at_least: 195.45", "at_least: 211.5"))
    out = folder / "relaxed-out"
    done = tuban("run", project / "toli.yaml", "-o", out, "--relax")
    check(done.returncode == 6 and (out / "plan.gpkg").exists(), f"--relax: exit {done.returncode}, {done.stderr}")
    status = json.loads((out / "run.json").read_text())["status"] if out.exists() else None
    check(status == "infeasible", f"--relax: status {status}")
    for language, part in (("zh", "放宽后的计划"), ("en", "relaxed plan")):
        said = tuban("verify", out / "plan.gpkg", "--lang", language)
        check(said.returncode == 6 and part in said.stdout and "211.5" in said.stderr,
              f"a relaxed plan does not hold: {said.returncode} {said.stdout}{said.stderr}")
    answer = json.loads(tuban("verify", out / "plan.gpkg", "--json").stdout)
    check(answer["holds"] is False and not answer["findings"], f"a relaxed plan in JSON: {answer}")
    check([line["id"] for line in answer["unmet"]] == ["target"], f"what a relaxed plan misses: {answer['unmet']}")


def strict(folder):
    """--strict writes nothing over data with warnings, and all over data that are clean."""
    project = project_copy("toli", folder / "strict")
    out = folder / "strict-out"
    edit(project / "toli.yaml", ("at_least: 195.45", "at_least: 100, where: \"name = 'nowhere'\", soft: true"))
    lenient = tuban("run", project / "toli.yaml", "-o", folder / "lenient-out", "--lang", "en")
    check(lenient.returncode == 0 and "1 warnings" in lenient.stderr, f"a run over a warning: {lenient.returncode} {lenient.stderr}")
    done = tuban("run", ROOT / "data/toli/toli.yaml", "-o", folder / "clean-out", "--strict")
    check(done.returncode == 0 and (folder / "clean-out").exists(), f"--strict over clean data: {done.returncode} {done.stderr}")
    for language, part in (("zh", "去掉 --strict"), ("en", "leave --strict out")):
        done = tuban("run", project / "toli.yaml", "-o", out, "--strict", "--lang", language)
        check(done.returncode == 5 and part in done.stderr and not out.exists(), f"--strict: exit {done.returncode}, {done.stderr}")


def damaged_plan(folder):
    """A plan that somebody changed does not hold."""
    out = folder / "toli"
    tuban("run", ROOT / "data/toli/toli.yaml", "-o", out)
    with sqlite3.connect(out / "plan.gpkg") as db:
        db.execute("UPDATE assignments SET period = '2024' WHERE plot_id = (SELECT min(plot_id) FROM assignments)")
    done = tuban("verify", out / "plan.gpkg", "--json")
    check(done.returncode == 5 and json.loads(done.stdout)["findings"], f"a damaged plan: exit {done.returncode}")
    check(tuban("explain", out / "plan.gpkg", "CT000").returncode == 2, "explain names no unknown plot")


def unwritable_out(folder):
    closed = folder / "closed"
    closed.mkdir()
    closed.chmod(0o555)
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            print("not checked: a folder without permission (root may write anywhere)")
            return
        # As nobody, who may read the program and the data but not write there.
        probe = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "test", "-r", str(ROOT / "data/toli/toli.yaml")])
        if probe.returncode != 0:
            print("not checked: a folder without permission (the project is not readable for others)")
            return
        from program import PROGRAM
        done = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", str(PROGRAM), "run",
                               str(ROOT / "data/toli/toli.yaml"), "-o", str(closed / "out")], capture_output=True, text=True)
    else:
        done = tuban("run", ROOT / "data/toli/toli.yaml", "-o", closed / "out")
    check(done.returncode == 8, f"a folder without permission: exit {done.returncode} {done.stderr}")


def no_input_is_written_over(folder):
    """-o never names what is read: the very file, a link to it, another way to it, a member of a data set."""
    place = folder / "inputs"
    shutil.copytree(ROOT / "data/toli", place)
    (place / "units.csv").write_text("unit_id,area_ha,cost_wan_yuan,score\na,1,2,3\n", encoding="utf-8")
    (place / "rules.yaml").write_text("periods: [2024]\n", encoding="utf-8")
    (place / "unit_links").mkdir()
    shutil.copy(place / "context.gpkg", place / "dem.gpkg")
    tuban("measure", place / "plots.shp", "-o", place / "plots.gpkg")
    os.symlink(place / "plots.gpkg", place / "link.gpkg")
    os.link(place / "context.gpkg", place / "hard.gpkg")
    os.link(place / "plots.dbf", place / "member.csv")
    os.symlink(place, folder / "another-way")
    before = hashes(place)
    with_road = ["--with", f"road={place}/context.gpkg:roads"]
    cases = [
        ("the file itself", ["measure", place / "plots.gpkg", "-o", place / "plots.gpkg"]),
        ("a link to it", ["measure", place / "plots.gpkg", "-o", place / "link.gpkg"]),
        ("another way to it", ["measure", place / "plots.gpkg", "-o", folder / "another-way/unit_links/../plots.gpkg"]),
        ("a layer's file", ["measure", place / "plots.shp", *with_road, "-o", place / "context.gpkg"]),
        ("a hard link to a layer's file", ["measure", place / "plots.shp", *with_road, "-o", place / "hard.gpkg"]),
        ("heights", ["measure", place / "plots.shp", "--dem", place / "dem.gpkg", "-o", place / "dem.gpkg"]),
        ("a member of a shapefile", ["measure", place / "plots.shp", "-o", place / "member.csv"]),
        ("units", ["schedule", place / "units.csv", place / "rules.yaml", "-o", place / "units.csv"]),
        ("rules", ["schedule", place / "units.csv", place / "rules.yaml", "-o", place / "rules.yaml"]),
        ("plots of a project", ["check", place / "toli.yaml", "--fix", place / "context.gpkg"]),
        ("outlines of counties", ["check", place / "plots.shp", "--boundary", place / "hard.gpkg", "--fix", place / "context.gpkg"]),
    ]
    for name, words in cases:
        for language, part in (("zh", "不会覆盖"), ("en", "never changed")):
            done = tuban(*words, "--lang", language)
            check(done.returncode == 8 and part in done.stderr and not done.stdout, f"-o names {name} ({language}): {done.returncode} {done.stderr}")
    relative = tuban("measure", "plots.gpkg", "-o", "./plots.gpkg", cwd=place)
    check(relative.returncode == 8, f"-o names the file from its folder: {relative.returncode} {relative.stderr}")
    check(hashes(place) == before, "the inputs are as they were, and nothing is beside them")


def plan_that_is_read(folder):
    """A run whose OUT holds a layer it reads."""
    project = project_copy("toli", folder / "reads-a-plan")
    out = project / "out"
    tuban("run", project / "toli.yaml", "-o", out)
    text = (project / "toli.yaml").read_text(encoding="utf-8")
    at = text.index("\n", text.index("\nlayers:") + 1)
    (project / "toli.yaml").write_text(text[:at] + "\n  before: {file: out/plan.gpkg, layer: plots}" + text[at:], encoding="utf-8")
    before = hashes(out)
    done = tuban("run", project / "toli.yaml", "-o", out)
    check(done.returncode == 8 and "plan.gpkg" in done.stderr and hashes(out) == before, f"OUT holds an input: {done.returncode} {done.stderr}")


def earlier_results(folder):
    """An earlier result of the same command is replaced, any other file is left alone."""
    units = folder / "units-to-plan.csv"
    rules = folder / "rules-of-units.yaml"
    units.write_text("unit_id,area_ha,cost_wan_yuan,score\na,1,2,3\n", encoding="utf-8")
    rules.write_text("periods: [2024]\n", encoding="utf-8")
    commands = {"measure": ["measure", ROOT / "data/toli/plots.shp"], "schedule": ["schedule", units, rules]}
    for name, words in commands.items():
        for ending in ("csv", "gpkg", "geojson", "json"):
            out = folder / f"{name}-result.{ending}"
            for _ in range(2):
                done = tuban(*words, "-o", out, "--lang", "zh")
                check(done.returncode == 0 and f"已写 {out}" in done.stderr, f"{name} to .{ending}: {done.returncode} {done.stderr}")
            check(str(out) not in tuban(*words, "-o", out, "-q").stderr, f"{name} -q says nothing")
            other = folder / f"other.{ending}"
            shutil.copy(ROOT / "data/toli/context.gpkg", other)
            if ending != "gpkg":
                other.write_text("unit_id,area_ha\na,1\n", encoding="utf-8")
            before = other.read_bytes()
            for language, part in (("zh", "又不是 tuban"), ("en", "was not written by tuban")):
                done = tuban(*words, "-o", other, "--lang", language)
                check(done.returncode == 8 and part in done.stderr and name in done.stderr, f"{name} on another .{ending}: {done.returncode} {done.stderr}")
            check(other.read_bytes() == before, f"{name} leaves another .{ending} alone")
            if name == "schedule":
                check(tuban(*words, "-o", folder / f"measure-result.{ending}").returncode == 8, f"a plan does not replace measures (.{ending})")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.chmod(folder, 0o755)
        projects(folder)
        commands()
        relaxed(folder)
        strict(folder)
        damaged_plan(folder)
        unwritable_out(folder)
        no_input_is_written_over(folder)
        plan_that_is_read(folder)
        earlier_results(folder)
    finish()


main()
