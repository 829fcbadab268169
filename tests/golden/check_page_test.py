#!/usr/bin/env python3
"""The page of a check in headless Chromium from file://, in both languages.

Usage: check_page_test.py PROGRAM ROOT
Checks: the map draws the plots that have a shape; a click on a marker opens its message; the table of issues sorts and
filters; repairs and what to do are there; nothing outside of the file is asked for; no script error; 360 px are enough.
"""
import json
import shutil
import tempfile
from pathlib import Path

from browser import CHANGE, COLUMN, PRESS_HEAD, SORT, Browser, Checks, check_narrow, check_quiet, require_chromium
from program import ROOT, tuban

LON, LAT, STEP = 83.6, 45.9, 0.001  # 合成数据


def square(i):
    x = LON + 3 * i * STEP
    return [[x, LAT], [x + STEP, LAT], [x + STEP, LAT + STEP], [x, LAT + STEP], [x, LAT]]


def plots(path):
    rings = [square(0), square(1), None, square(3), square(4)]
    rings[1] = [rings[1][i] for i in (0, 2, 1, 3, 0)]  # a bow-tie: held out
    ids = ["A", "B", "C", "<script>window.broken = true</script>", "A"]
    features = [{"type": "Feature", "properties": {"TBBH": one}, "geometry": ring and {"type": "Polygon", "coordinates": [ring]}}
                for one, ring in zip(ids, rings)]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


def check_markers(page, checks):
    keys = page.run("return window.tuban.markers()")
    checks.that(len(keys) >= 3, f"the map has {len(keys)} markers")
    for key in keys[:1] + keys[-1:]:
        page.run("document.getElementById('map').scrollIntoView({block: 'center'})")
        at = page.run("return window.tuban.point(arguments[0])", key)
        page.click(at["x"], at["y"])
        words = page.run("return document.querySelector('.leaflet-popup-content')?.textContent ?? ''")
        checks.that(page.run("return window.tuban.open") is not None and len(words) > 10, f"a click on {key} shows {words!r}")
        page.press("Escape")


def check_issues(page, checks, report):
    rows = page.run(COLUMN, "message")
    checks.that(len(rows) == len(report["issues"]), f"the table has {len(rows)} of {len(report['issues'])} issues")
    for key in ("plot_id", "kind"):
        page.run(PRESS_HEAD, key)
        way, cells = page.run(SORT, key), [c for c in page.run(COLUMN, key) if c]
        checks.that(cells == sorted(cells, reverse=way == "descending"), f"the table is not sorted by {key}")
    page.run(CHANGE, "severity-filter", "error")
    errors = sum(issue["severity"] == "error" for issue in report["issues"])
    checks.that(len(page.run(COLUMN, "message")) == errors, "the filter by severity")
    page.run(CHANGE, "severity-filter", "")
    page.run(CHANGE, "kind-filter", "duplicate_id")
    checks.that(len(page.run(COLUMN, "message")) == 2, "the filter by kind")
    page.run(CHANGE, "kind-filter", "")
    page.run(CHANGE, "search", "no issue says this")
    checks.that(page.run(COLUMN, "message") == [], "a search that fits nothing shows rows")
    page.run(CHANGE, "search", "")
    repairs = page.run("return document.querySelectorAll('#repairs tbody tr').length")
    checks.that(repairs == len(report["repairs"]), f"the ledger has {repairs} of {len(report['repairs'])} lines")
    overlaps = page.run("return document.querySelectorAll('#overlaps tbody tr').length")
    checks.that(overlaps == len(report["overlaps"]), f"{overlaps} of {len(report['overlaps'])} overlaps")
    advice = page.run("return document.getElementById('kinds').textContent")
    checks.that("duplicate_id" not in advice and len(advice) > 100, f"kinds by name, with what to do: {advice[:80]!r}")


def one_page(folder, language, checks):
    source, target = folder / "plots.geojson", folder / f"check-{language}.html"
    plots(source)
    done = tuban("check", source, "--page", target, "--json", "--lang", language)
    report = json.loads(done.stdout)
    again = folder / "again.html"
    tuban("check", source, "--page", again, "--threads", "2", "--lang", language)
    checks.that(again.read_bytes() == target.read_bytes(), "the same input gives the same page")
    with Browser(str(folder / f"profile-{language}")) as page:
        url = "file://" + str(target)
        page.call("POST", "/url", {"url": url})
        drawn = page.run("return window.tuban ? [window.tuban.plots, window.tuban.drawn, document.documentElement.lang] : null")
        shapes = 3 + sum(entry["state"] == "refused" for entry in report["repairs"])
        checks.that(drawn == [5, shapes, "en" if language == "en" else "zh-CN"], f"({language}) plots, drawn, language: {drawn}")
        check_markers(page, checks)
        check_issues(page, checks, report)
        check_quiet(page, checks, url)
        check_narrow(page, checks)


def page_without_crs(folder, language, checks):
    """Where the CRS is not known nothing was examined, and the page says that and not that nothing was found."""
    for member in (ROOT / "data/toli").glob("plots.*"):
        if member.suffix != ".prj":
            shutil.copy(member, folder / member.name)
    target = folder / f"no-crs-{language}.html"
    tuban("check", folder / "plots.shp", "--page", target, "--lang", language)
    with Browser(str(folder / f"profile-crs-{language}")) as page:
        page.call("POST", "/url", {"url": "file://" + str(target)})
        text = {key: page.run("return document.getElementById(arguments[0]).textContent", key) for key in ("map", "repairs", "overlaps", "areas")}
    for key, words in text.items():
        checks.that(("CRS is unknown" if language == "en" else "坐标系不明") in words, f"({language}) {key} of plots without a CRS: {words!r}")


def page_of_far_plot(folder, language, checks):
    """One plot three degrees off: the first view is of the others, says so, and the table leads to the far one."""
    source, target = folder / "far.geojson", folder / f"far-{language}.html"
    rings = [square(i) for i in range(5)] + [[[x + 3, y] for x, y in square(0)]]
    features = [{"type": "Feature", "properties": {"TBBH": f"P{i}"}, "geometry": {"type": "Polygon", "coordinates": [ring]}} for i, ring in enumerate(rings)]
    source.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    done = tuban("check", source, "--page", target, "--json", "--lang", language)
    number = [issue["code"] for issue in json.loads(done.stdout)["issues"]].index("plot_far_away")
    with Browser(str(folder / f"profile-far-{language}")) as page:
        page.call("POST", "/url", {"url": "file://" + str(target)})
        scale = page.run("return document.querySelector('.leaflet-control-scale-line').textContent")
        frame = page.run("const r = document.getElementById('map').getBoundingClientRect(); return [r.left, r.right]")
        at = page.run("return window.tuban.point(arguments[0])", f"issue-{number}")
        said = page.run("return document.getElementById('map-note').textContent")
    # five squares of 0.001° in 0.013°: a kilometre
    checks.that(scale.endswith(" m"), f"({language}) the scale of the first view is {scale!r}")
    checks.that(not frame[0] <= at["x"] <= frame[1], f"({language}) the far plot at {at} is in the first view {frame}")
    checks.that(("lie far from the others" if language == "en" else "1 个图斑远离其余图斑") in said, f"({language}) what the map leaves out: {said!r}")


def page_of_basis(folder, language, checks):
    """Why a CRS and an encoding were taken, in the words of the page's language."""
    target = folder / f"basis-{language}.html"
    tuban("check", ROOT / "data/toli/plots.shp", "--page", target, "--lang", language)
    with Browser(str(folder / f"profile-basis-{language}")) as page:
        page.call("POST", "/url", {"url": "file://" + str(target)})
        said = page.run("return document.getElementById('reading').textContent")
    for words in ["because: the file says so", "the DBF's language byte says so"] if language == "en" else ["依据：文件里写明", "DBF 语言字节声明，字节相符"]:
        checks.that(words in said, f"({language}) {words!r} is not in {said!r}")


def main():
    require_chromium()
    checks = Checks()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        for language in ("zh", "en"):
            one_page(Path(name), language, checks)
            page_without_crs(Path(name), language, checks)
            page_of_basis(Path(name), language, checks)
            page_of_far_plot(Path(name), language, checks)
    checks.finish()


main()
