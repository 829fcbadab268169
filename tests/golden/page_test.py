#!/usr/bin/env python3
"""Drives a report.html in headless Chromium from file://, as a reader would.

Usage: page_test.py REPORT.html PLOTS [DRAWN]     DRAWN: plots with a shape, if fewer than PLOTS
Checks: the map draws all plots; a click on a plot opens its card, Esc closes it; the table sorts, filters and is walked
by arrow keys; colours and layers can be switched; nothing outside of the file is asked for; no script error.
Exit 0 if all holds, else 1 and a line per failure.
"""
import os
import sys
import tempfile

from browser import CHANGE, COLUMN, PRESS_HEAD, SORT, Browser, Checks, check_narrow, check_quiet, require_chromium


def figures(cells):
    return [float(c.replace("\u202f", "").replace("−", "-")) for c in cells if c]


def check_map(page, checks, plots, drawn):
    found = page.run("return window.tuban ? [window.tuban.plots, window.tuban.drawn] : null")
    if not checks.that(found is not None, "the page's script did not run"):
        return
    checks.that(found[0] == plots, f"the page holds {found[0]} plots, expected {plots}")
    checks.that(found[1] == drawn, f"the map draws {found[1]} plots, expected {drawn}")
    if drawn == 0:
        return
    page.run("document.getElementById('map').scrollIntoView({block: 'center'})")
    ink = page.run("""const canvas = document.querySelector('.leaflet-overlay-pane canvas');
        return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((v, i) => i % 4 === 3 && v > 0)""")
    checks.that(ink, "the map's canvas is blank")
    legend = page.run("return [...document.querySelectorAll('#legend .count')].map(c => Number(c.textContent)).reduce((a, b) => a + b, 0)")
    checks.that(legend == plots, f"the legend counts {legend} plots, expected {plots}")


def check_click(page, checks, drawn):
    ids = page.run("""return JSON.parse(document.getElementById('data').textContent).plots.filter(p => p.shape.length).map(p => p.id)""")
    if drawn == 0 or not ids:
        return
    missed = []
    for plot in [ids[0], ids[len(ids) // 2], ids[-1]]:
        page.run("document.getElementById('map').scrollIntoView({block: 'center'})")
        at = page.run("return window.tuban.point(arguments[0])", plot)
        page.click(at["x"], at["y"])
        state = page.run("const c = document.getElementById('card'); return [window.tuban.open, c.hidden, c.querySelector('h2')?.textContent ?? '', c.getBoundingClientRect().width]")
        opened = state[0] == plot or (state[0] is not None and close_together(page, state[0], at))
        if not (opened and not state[1] and state[2].startswith(state[0]) and state[3] > 100):
            missed.append(f"{plot}: {state}")
        page.press("Escape")
        if not page.run("return document.getElementById('card').hidden && window.tuban.open === null"):
            missed.append(f"{plot}: Esc leaves the card open")
    checks.that(not missed, f"a click on a plot does not open its card: {missed[:2]}")


def close_together(page, other, at):
    """Dots of neighbours overlap on a small map: the one on top answers."""
    there = page.run("return window.tuban.point(arguments[0])", other)
    return abs(there["x"] - at["x"]) < 10 and abs(there["y"] - at["y"]) < 10


def check_table(page, checks, plots):
    ids = page.run(COLUMN, "plot_id")
    checks.that(len(ids) == min(plots, 500), f"the table shows {len(ids)} of {plots} plots")
    for key in ("area", "rank"):
        cells = page.run(COLUMN, key)
        if cells is None:
            continue
        page.run(PRESS_HEAD, key)
        way = page.run(SORT, key)
        values = figures(page.run(COLUMN, key))
        checks.that(values == sorted(values, reverse=way == "descending"), f"the table is not sorted by {key}, {way}")
        page.run(PRESS_HEAD, key)
        other = page.run(SORT, key)
        checks.that({way, other} == {"ascending", "descending"}, f"a second press on {key} gives {other} after {way}")
        values = figures(page.run(COLUMN, key))
        checks.that(values == sorted(values, reverse=other == "descending"), f"the table is not sorted by {key}, {other}")
    wanted = ids[len(ids) // 2]
    page.run(CHANGE, "search", wanted)
    found = page.run(COLUMN, "plot_id")
    checks.that(wanted in found and all(wanted.lower() in f.lower() for f in found), f"searching for {wanted} shows {found[:3]}")
    page.run(CHANGE, "search", "no plot is called this")
    checks.that(page.run(COLUMN, "plot_id") == [], "a search that fits nothing shows rows")
    page.run(CHANGE, "search", "")


def check_filters(page, checks):
    for box, column in (("period-filter", "period"), ("town-filter", "town")):
        options = page.run("const s = document.getElementById(arguments[0]); return s ? [...s.options].map(o => [o.value, o.textContent]) : null", box)
        if not options:
            continue
        rows = len(page.run(COLUMN, "plot_id"))
        value, words = options[1]
        page.run(CHANGE, box, value)
        cells = page.run(COLUMN, column)
        checks.that(0 < len(cells) <= rows and all(words in c for c in cells), f"{box} {words} shows {cells[:3]}")
        page.run(CHANGE, box, "")
        checks.that(len(page.run(COLUMN, "plot_id")) == rows, f"{box}: the empty choice does not bring all rows back")


def check_keys(page, checks):
    page.run("document.querySelector('#plots tbody tr').focus()")
    row = "return document.activeElement.closest('tr') ? document.activeElement.rowIndex : null"
    page.press("Down")
    rows = len(page.run(COLUMN, "plot_id"))
    checks.that(page.run(row) == min(2, rows), "the down arrow does not reach the next row")
    page.press("Enter")
    opened = page.run("return [window.tuban.open, document.getElementById('card').hidden, document.activeElement.id]")
    checks.that(opened[0] is not None and not opened[1] and opened[2] == "card-close", f"Enter on a row: {opened}")
    page.press("Escape")
    checks.that(page.run(row) is not None, "Esc does not go back to the row")


def check_switches(page, checks, drawn):
    choices = page.run("return [...document.getElementById('colour-by').options].map(o => o.value)")
    checks.that(len(choices) >= 1, "there is nothing to colour by")
    for choice in choices:
        page.run(CHANGE, "colour-by", choice)
        checks.that(page.run("return window.tuban.drawn") == drawn, f"colouring by {choice} loses plots")
    page.run("for (const box of document.querySelectorAll('#beside input')) box.click()")
    page.run("for (const box of document.querySelectorAll('#beside input')) box.click()")


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    url, plots = "file://" + os.path.abspath(sys.argv[1]), int(sys.argv[2])
    drawn = int(sys.argv[3]) if len(sys.argv) == 4 else plots
    if not os.path.exists(sys.argv[1]):
        sys.exit(f"{sys.argv[1]} is not there")
    require_chromium()
    checks = Checks()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, Browser(profile) as page:
        page.call("POST", "/url", {"url": url})
        check_map(page, checks, plots, drawn)
        if not checks.failures:
            check_click(page, checks, drawn)
            check_table(page, checks, plots)
            check_filters(page, checks)
            check_keys(page, checks)
            check_switches(page, checks, drawn)
        check_quiet(page, checks, url)
        check_narrow(page, checks)
    checks.finish()


main()
