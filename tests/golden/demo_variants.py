#!/usr/bin/env python3
"""Runs tuban on the demo projects and on changed copies of them: which cause puts which plot in which year.

Usage: demo_variants.py PROGRAM ROOT      Exit 1 and a line per failure.
The expected plans stand in demo_oracle.py; demo_numbers.py finds each of them again with another solver.
"""
import csv
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path

import demo_oracle as oracle
import geopandas
import openpyxl
from shapely.geometry import LineString

failures = []
INFEASIBLE = 6


def check(ok, text):
    if not ok:
        failures.append(text)


def table(path):
    with open(path, encoding="utf-8") as file:
        return {row["name"]: row for row in csv.DictReader(line for line in file if not line.startswith("#"))}


# ---- Changes to a copy of a project

def replace_in_project(folder, old, new):
    path = folder / f"{folder.name}.yaml"
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise AssertionError(f"{path.name}: {text.count(old)} places say {old!r}")
    path.write_text(text.replace(old, new), encoding="utf-8")


def drop_requirement(folder, name):
    path = folder / f"{folder.name}.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.lstrip().startswith(f"- {{id: {name},")]
    if len(kept) != len(lines) - 1:
        raise AssertionError(f"{path.name}: no requirement {name}")
    path.write_text("".join(kept), encoding="utf-8")


def set_ceiling(folder, year, wan_yuan):
    old = {2023: "1700", 2024: "1460", 2025: "1520"}[year]
    replace_in_project(folder, f"in: {year}, sum: cost_wan_yuan, at_most: {old},",
                       f"in: {year}, sum: cost_wan_yuan, at_most: {wan_yuan},")


def raise_cost(folder, plot_id, factor):
    path = folder / "台账.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["图斑"]
    column = [cell.value for cell in sheet[1]].index("投资")
    [row] = [row for row in sheet.iter_rows(min_row=2) if row[0].value == plot_id]
    row[column].value = round(row[column].value * factor, 4)
    book.save(path)


def replace_road(folder, name, points):
    path = folder / "context.gpkg"
    roads = geopandas.read_file(path, layer="roads")
    roads.loc[roads["name"] == name, "geometry"] = LineString(points)
    roads.to_file(path, layer="roads", driver="GPKG")


def move_road_from_p13(folder):
    """The main road goes round P13 to the north, more than 2 km away; no other plot changes its points."""
    local = [(0, 0), (9000, 150), (18000, -100), (20500, -39), (21500, 3000), (27000, 3000), (27000, 120), (40000, 0)]
    replace_road(folder, "示例省道一号线", [(28450000 + x, 5089000 + y) for x, y in local])


# ---- Runs

def run(program, folder, name):
    out = folder.parent / "out"
    done = subprocess.run([program, "run", str(folder / f"{folder.name}.yaml"), "-o", str(out), "--lang", "en"],
                          capture_output=True, text=True)
    if done.returncode not in (0, INFEASIBLE):
        failures.append(f"{name}: exit {done.returncode}: {done.stderr.strip()[-600:]}")
    return done, out / "plan.gpkg"


def rows_of(path, sql):
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        return db.execute(sql).fetchall()


def changed(program, root, project, name, change):
    """(exit code, standard error, plan.gpkg read into plot → period) of a changed copy."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / project
        shutil.copytree(root / "data" / project, folder)
        change(folder)
        done, gpkg = run(program, folder, name)
        plan = dict(rows_of(gpkg, "SELECT plot_id, period FROM assignments")) if done.returncode == 0 else None
        return done.returncode, done.stderr, plan


def toli_ids(root):
    """Short names in the order of the plot ids, which is the order of the table."""
    names = list(table(root / "tests/tables/demo_toli.csv"))
    ids = sorted(geopandas.read_file(root / "data/toli/plots.shp", ignore_geometry=True)["TBBH"])
    return dict(zip(names, ids, strict=True))


def toli_as_committed(program, root, ids):
    wanted = table(root / "tests/tables/demo_toli.csv")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "toli"
        shutil.copytree(root / "data/toli", folder)
        done, gpkg = run(program, folder, "Toli")
        if done.returncode != 0:
            check(False, f"Toli: exit {done.returncode}")
            return
        plots = {row[0]: row[1:] for row in rows_of(gpkg, "SELECT plot_id, period, score, area_m2, cost_yuan FROM plots")}
        for short, row in wanted.items():
            period, score, area, cost = plots[ids[short]]
            check(period == row["period"], f"Toli {short}: period {period}")
            check(abs(score - float(row["score"])) < 1e-9, f"Toli {short}: {score} points")
            check(round(area * 100) == round(float(row["area_m2"]) * 100), f"Toli {short}: {area} m²")
            check(cost == int(row["cost_yuan"]), f"Toli {short}: {cost} yuan")
        periods = rows_of(gpkg, "SELECT period, plots, area_m2, cost_yuan FROM periods ORDER BY first_year")
        periods = [(p, n, round(a * 100), c) for p, n, a, c in periods]
        check(periods == [("2023", 13, 76737800, 16892000), ("2024", 12, 65700000, 14493000), ("2025", 3, 68860000, 15092500)],
              f"Toli periods: {periods}")


def toli_variants(program, root, ids):
    base = {name: row["period"] for name, row in table(root / "tests/tables/demo_toli.csv").items()}
    changes = {
        "no lead time": lambda f: drop_requirement(f, "survey"),
        "no ceiling in 2023": lambda f: drop_requirement(f, "money-2023"),
        "no ceiling in 2024": lambda f: drop_requirement(f, "money-2024"),
        "no ceiling in 2025": lambda f: drop_requirement(f, "money-2025"),
        "2023 money -5 %": lambda f: set_ceiling(f, 2023, 1615),
        "2024 money -5 %": lambda f: set_ceiling(f, 2024, 1387),
        "2025 money -5 %": lambda f: set_ceiling(f, 2025, 1444),
        "P13 20 % dearer": lambda f: raise_cost(f, ids["P13"], 1.2),
        "P05 20 % dearer": lambda f: raise_cost(f, ids["P05"], 1.2),
        "P26 15 % dearer": lambda f: raise_cost(f, ids["P26"], 1.15),
        "road moved from P13": move_road_from_p13,
    }
    for name, moves in oracle.MOVES.items():
        code, words, plan = changed(program, root, "toli", name, changes[name])
        if moves is None:
            check(code == INFEASIBLE, f"Toli, {name}: exit {code}, wanted {INFEASIBLE}")
            check("2025年资金上限" in words or "地区下达目标" in words, f"Toli, {name}: names no requirement: {words[-400:]}")
        elif plan is not None:
            got = {short: plan.get(plot_id) for short, plot_id in ids.items()}
            differences = {short: period for short, period in got.items() if period != base[short]}
            check(differences == moves, f"Toli, {name}: {differences}, wanted {moves}")
        else:
            check(False, f"Toli, {name}: exit {code}")


def youhao_as_committed(program, root):
    wanted = table(root / "tests/tables/demo_youhao.csv")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "youhao"
        shutil.copytree(root / "data/youhao", folder)
        done, gpkg = run(program, folder, "Youhao")
        if done.returncode != 0:
            check(False, f"Youhao: exit {done.returncode}")
            return
        mine = {row[0]: f"Y{int(row[1][-6:])}" for row in rows_of(gpkg, "SELECT plot_id, mine_id FROM plots")}
        parts = rows_of(gpkg, "SELECT plot_id, period, share, area_m2 FROM assignments")
        areas, shares = Counter(), {}
        for plot_id, period, share, area in parts:
            areas[period] += round(area * 100)
            if period == "2022—2023年":
                shares.setdefault(mine[plot_id], set()).add(round(share * 100))
        check(dict(areas) == {"2022—2023年": 5700000, "2024—2025年": 18850000}, f"Youhao: {dict(areas)} (0.01 m²)")
        check(shares == {name: {int(row["pct_first"])} for name, row in wanted.items() if row["pct_first"] != "0"},
              f"Youhao: {shares}")
        check(len(set(mine.values())) == 9 and len(mine) == 14, "Youhao: not 14 plots of 9 mines")
        scores = rows_of(gpkg, "SELECT plot_id, score FROM plots")
        for plot_id, score in scores:
            check(abs(score - float(wanted[mine[plot_id]]["score"])) < 1e-9, f"Youhao {plot_id}: {score} points")


if __name__ == "__main__":
    program, root = sys.argv[1], Path(sys.argv[2])
    ids = toli_ids(root)
    toli_as_committed(program, root, ids)
    youhao_as_committed(program, root)
    toli_variants(program, root, ids)
    for text in failures:
        print(text, file=sys.stderr)
    sys.exit(1 if failures else 0)
