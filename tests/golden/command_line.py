"""What options do, as a first user meets them: help, -q, --boundary-code.

Usage: command_line.py PROGRAM ROOT
"""
import csv
import json
import random
import re
import tempfile
from pathlib import Path

import pyproj

from program import ROOT, check, finish, tuban

LON, LAT = 83.6, 45.9  # near Toli; 合成数据
COMMANDS = ["run", "check", "measure", "schedule", "explain", "verify", "schema"]
COMMON = ["--lang", "--threads", "--progress", "--seed", "--quiet", "--json"]


def square(west, south, side):
    return [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]


def collection(path, features):
    """A GeoJSON of (properties, ring)."""
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for properties, ring in features]}, ensure_ascii=False), encoding="utf-8")
    return path


def common_options(_):
    """The help of each command lists what every command takes, once."""
    for command in COMMANDS:
        for language, heading in (("zh", "通用选项"), ("en", "Common options")):
            for words in ((command, "--help"), ("help", command)):
                said = tuban(*words, "--lang", language).stdout
                check(heading in said, f"{words} ({language}): {said}")
                for option in COMMON:
                    check(sum(line.split(" ")[2].split(",")[-1] == option for line in said.splitlines() if line.startswith("  -")) == 1,
                          f"{words} ({language}) tells of {option} once: {said}")
    said = tuban("schedule", "--help", "--lang", "en").stdout
    check(said.index("Common options") < said.index("Columns of the table"), "words on tables stand behind the options")


def quiet(folder):
    """With -q a check tells of errors and warnings, and of nothing where there are none."""
    clean = collection(folder / "clean.geojson", [({"TBBH": "CT6542242022000001001"}, square(LON, LAT, 0.001))])
    notes = ROOT / "data/toli/plots.shp"
    twice = collection(folder / "twice.geojson", [({"TBBH": "A"}, square(LON + i / 100, LAT, 0.001)) for i in range(2)])
    for language, verdict in (("zh", "2 个错误"), ("en", "2 errors")):
        for path in (clean, notes):
            done = tuban("check", path, "-q", "--lang", language)
            check((done.returncode, done.stdout, done.stderr) == (0, "", ""), f"check -q {path.name} ({language}): {done}")
            check(tuban("check", path, "--lang", language).stdout != "", f"without -q {path.name} is told of ({language})")
        done = tuban("check", twice, "-q", "--lang", language)
        loud = tuban("check", twice, "--lang", language).stdout
        check(done.returncode == 5 and verdict in done.stdout and "EPSG" not in done.stdout, f"check -q of an error ({language}): {done}")
        check(loud.endswith(done.stdout[done.stdout.rindex("\n\n"):]), f"the verdict is the same ({language})")
        check(done.stdout.split("\n\n")[0] in loud, f"and so is what is said of the error ({language})")
    check(tuban("check", clean, "-q", "--json").stdout == tuban("check", clean, "--json").stdout, "-q leaves JSON as it is")
    written = tuban("check", twice, "-q", "--fix", folder / "fixed.gpkg")
    check((folder / "fixed.gpkg").exists() and "fixed.gpkg" not in written.stderr, "-q writes without a word")


def boundary_code(folder):
    """--boundary-code names the column of codes, whether others are there or not, and goes before a project's code:."""
    plots = collection(folder / "plots.geojson", [({"TBBH": "CT6542212022000001001"}, square(LON, LAT, 0.001))])
    outline = square(LON - 1, LAT - 1, 2)
    named = collection(folder / "named.geojson", [({"code": "654224", "name": "托里县"}, outline)])
    other = collection(folder / "other.geojson", [({"dm": "654224", "name": "托里县"}, outline)])
    both = collection(folder / "both.geojson", [({"code": "654221", "dm": "654224", "name": "托里县"}, outline)])
    project = folder / "p.yaml"
    project.write_text("tuban: 1\nname: x\nplots: {file: plots.geojson}\nboundary: {file: both.geojson, code: code}\n", encoding="utf-8")

    def mismatches(*words):
        done = tuban("check", *words, "--json")
        return [i["message_en"] for i in json.loads(done.stdout).get("issues", []) if i["code"] == "county_mismatch"]

    expected = mismatches(plots, "--boundary", named)
    check(len(expected) == 1 and "654224" in expected[0], f"a plot in another county than its id says: {expected}")
    check(mismatches(plots, "--boundary", other, "--boundary-code", "dm") == expected, "a column of any name")
    check(mismatches(plots, "--boundary", both) == [], "without the option the usual column counts")
    check(mismatches(plots, "--boundary", both, "--boundary-code", "dm") == expected, "the option goes before the usual column")
    check(mismatches(project) == [], "a project's own code:")
    check(mismatches(project, "--boundary-code", "dm") == expected, "the option goes before a project's code:")


def far_from_plots(folder):
    """A layer or heights of another place are told of, with how far; those that are near are not."""
    here = collection(folder / "here.geojson", [({"TBBH": "A"}, square(LON, LAT, 0.001))])
    far = collection(folder / "far.geojson", [({"name": "x"}, square(LON + 30, LAT - 20, 0.001))])
    near = collection(folder / "near.geojson", [({"name": "x"}, square(LON + 1, LAT, 0.001))])  # 77 km
    (folder / "dem.asc").write_text(f"ncols 4\nnrows 4\nxllcorner {LON + 30}\nyllcorner {LAT - 20}\ncellsize 0.001\n" + "1 2 3 4\n" * 4)
    (folder / "dem.prj").write_text(pyproj.CRS("EPSG:4490").to_wkt("WKT1_ESRI"))
    # From the plot's south-east corner to the north-west one of the other.
    def apart_km(side):
        return pyproj.Geod(ellps="GRS80").inv(LON + 0.001, LAT, LON + 30, LAT - 20 + side)[2] / 1000

    said = {language: tuban("measure", here, "--with", f"road={far}", "--with", f"river={near}", "--dem", folder / "dem.asc", "--lang", language)
            for language in ("zh", "en")}
    for language, unit in (("zh", "千米"), ("en", "km")):
        lines = said[language].stderr.splitlines()
        check(len(lines) == 2 and "road" in lines[0] and "dem.asc" in lines[1], f"far data ({language}): {lines}")
        for line, side in zip(lines, (0.001, 0.004)):
            told = re.search(rf"(\d+) {unit}", line)
            check(told and abs(int(told.group(1)) - apart_km(side)) <= 0.5 + 0.1, f"how far ({language}), {apart_km(side)} km: {line}")
        check(said[language].returncode == 0 and ",,,0," not in said[language].stdout, f"far data are measured all the same ({language})")
    project = folder / "far.yaml"
    project.write_text("tuban: 1\nname: x\nplots: {file: here.geojson}\nlayers: {road: {file: far.geojson}, river: {file: near.geojson}}\n"
                       "elevation: {file: dem.asc}\n", encoding="utf-8")
    issues = json.loads(tuban("check", project, "--json").stdout)["issues"]
    found = [(i["field"], i["file"]) for i in issues if i["code"] == "far_from_plots"]
    check(found == [("road", "far.geojson"), ("elevation", "dem.asc")], f"check of a project: {found}")
    run = tuban("run", project, "-o", folder / "far-out", "--lang", "en")
    check(run.returncode == 0 and "0 errors, 2 warnings" in run.stderr, f"run: {run.stderr}")
    check("far" not in tuban("measure", ROOT / "data/toli/plots.shp", "--dem", ROOT / "data/toli/dem.tif", "--lang", "en").stderr, "the demo's heights are near")
    stray = collection(folder / "stray.geojson", [({"TBBH": "A"}, square(LON, LAT, 0.001)), ({"TBBH": "B"}, square(LON + 30, LAT - 20, 0.001))])
    check("far" not in tuban("measure", stray, "--with", f"road={near}", "--lang", "en").stderr.replace(str(folder), ""), "a layer near one of the plots is near")


def ways_to_a_layer(folder):
    """Distances have the same digits whether the layer is read through its index, in a stream or whole."""
    import geopandas
    import shapely

    draw = random.Random(4)
    lines = []
    for _ in range(3000):
        x, y = LON + draw.uniform(-0.8, 0.8), LAT + draw.uniform(-0.8, 0.8)
        lines.append(shapely.LineString([(x, y), (x + draw.uniform(-0.02, 0.02), y + draw.uniform(-0.02, 0.02))]))
    roads = geopandas.GeoDataFrame({"id": [f"r{i}" for i in range(len(lines))]}, geometry=lines, crs="EPSG:4490")
    roads.to_file(folder / "roads.gpkg", layer="roads")  # with an index: a window
    roads.to_file(folder / "roads.geojson")  # without: a stream, there being more than 50 roads to a plot
    plots = ROOT / "data/toli/plots.shp"

    def distances(file, *columns):
        wanted = ",".join(("road_distance_m", "road_nearest_id") + columns)
        done = tuban("measure", plots, "--with", f"road={folder / file}", "--indicators", wanted)
        rows = list(csv.DictReader(done.stdout.splitlines()))
        return [(row["plot_id"], row["road_distance_m"], row["road_nearest_id"]) for row in rows]

    whole = distances("roads.gpkg", "road_share_within_100m")  # a share needs all roads
    check(len(whole) == 28 and all(float(row[1]) >= 0 for row in whole), f"distances: {whole}")
    check(len({row[2] for row in whole}) > 5, f"several roads are nearest: {whole}")
    check(distances("roads.gpkg") == whole, "through the index")
    check(distances("roads.geojson") == whole, "in a stream")


def main():
    with tempfile.TemporaryDirectory() as name:
        for test in (common_options, quiet, boundary_code, far_from_plots, ways_to_a_layer):
            test(Path(name))
    finish()


main()
