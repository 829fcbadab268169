#!/usr/bin/env python3
"""Reads the committed demo projects with other people's code and checks what they promise.

Usage: demo_numbers.py ROOT      ROOT: the project's folder. Exit 1 and a line per failure.
"""
import csv
import itertools
import sys
from pathlib import Path

import demo_oracle as oracle

failures = []


def check(ok, text):
    if not ok:
        failures.append(text)


def table(path):
    with open(path, encoding="utf-8") as file:
        return {row["name"]: row for row in csv.DictReader(line for line in file if not line.startswith("#"))}


def clear_of(values, steps, margin, what):
    for value in values:
        for step in steps:
            check(abs(value - step) > margin, f"{what}: {value:.1f} is nearer than {margin} to the step at {step}")


def toli(root):
    plots, wanted = oracle.measure(root / "data/toli"), table(root / "tests/tables/demo_toli.csv")
    check(len(plots) == 28 and plots["TBBH"].is_unique, "Toli: not 28 plots of their own id")
    check(plots.crs.to_epsg() == 4516, "Toli: not in EPSG:4516")
    check(set(plots["TBDL"]) == {"10"} and set(plots["HFZLQK"]) == {"A"}, "Toli: a plot that does not pass the gate")
    check(set(plots["NXFFS"]) == {"3"}, "Toli: all 28 plots need engineering")
    scores = [oracle.toli_score(p) for p in plots.itertuples()]
    for p, score in zip(plots.itertuples(), scores):
        row = wanted[p.short]
        check(abs(p.exact_area_m2 - float(row["area_m2"])) < 0.001, f"{p.short}: {p.exact_area_m2:.4f} m²")
        check(abs(p.exact_area_m2 - p.geodesic_area_m2) < 0.03, f"{p.short}: geodesic {p.geodesic_area_m2:.4f} m²")
        check(score == int(row["score"]), f"{p.short}: {score} points")
        check(p.cost_yuan == int(row["cost_yuan"]), f"{p.short}: {p.cost_yuan} yuan")
        by_table = [q for q in wanted.values() if q["cluster"] == row["cluster"]]
        check(p.cluster_plots == len(by_table), f"{p.short}: cluster of {p.cluster_plots}")
    clear_of(plots["roads"], (1000, 2000), 200, "Toli road, m")
    clear_of(plots["settlements"], (1000, 2000), 200, "Toli settlement, m")
    clear_of(plots["depth"], (10, 20, 30), 2.5, "Toli depth, m")
    check(oracle.clusters(plots, 300)[1] == oracle.clusters(plots, 1500)[1], "Toli: clusters depend on the gap")
    check(plots["area_dm2"].sum() == 211297800, "Toli: total area")
    check(plots["cost_yuan"].sum() == 46477500, "Toli: total cost")

    plan, best = oracle.solve_toli(plots, scores)
    for p, t in zip(plots.itertuples(), plan):
        check(t is not None and 2023 + t == int(wanted[p.short]["period"]), f"{p.short}: period {t}")
    for t, (count, area, cost) in enumerate([(13, 76737800, 16892000), (12, 65700000, 14493000), (3, 68860000, 15092500)]):
        inside = [i for i, period in enumerate(plan) if period == t]
        check(len(inside) == count, f"{2023 + t}: {len(inside)} plots")
        check(plots["area_dm2"].iloc[inside].sum() == area, f"{2023 + t}: area")
        check(plots["cost_yuan"].iloc[inside].sum() == cost, f"{2023 + t}: cost")
    second, next_best = oracle.solve_toli(plots, scores, forbid=plan)
    check(best - next_best > 0.001 * best, f"Toli: the second best is only {(best - next_best) / best:.2%} behind")
    moved = {plots["short"].iloc[i] for i, (a, b) in enumerate(zip(plan, second)) if a != b}
    check(moved == {"P13", "P18"}, f"Toli: the second best moves {sorted(moved)}")
    toli_moves(plots, scores, plan)


def toli_moves(plots, scores, plan):
    """The changed plans, found by another solver."""
    money = [17000000, 14600000, 15200000]

    def dearer(name, factor):
        changed = plots.copy()
        changed["cost_yuan"] = [round(c * factor) if n == name else c for n, c in zip(plots["short"], plots["cost_yuan"])]
        return {"plots": changed}

    def ceiling(year, yuan):
        return {"money_yuan": [yuan if 2023 + t == year else m for t, m in enumerate(money)]}

    changes = {
        "no lead time": {"lead": False},
        "no ceiling in 2023": ceiling(2023, None),
        "no ceiling in 2024": ceiling(2024, None),
        "no ceiling in 2025": ceiling(2025, None),
        "2023 money -5 %": ceiling(2023, 16150000),
        "2024 money -5 %": ceiling(2024, 13870000),
        "2025 money -5 %": ceiling(2025, 14440000),
        "P13 20 % dearer": dearer("P13", 1.2),
        "P05 20 % dearer": dearer("P05", 1.2),
        "P26 15 % dearer": dearer("P26", 1.15),
        "road moved from P13": {"scores": [s - 40 * (n == "P13") for s, n in zip(scores, plots["short"])]},
    }
    for name, wanted in oracle.MOVES.items():
        try:
            new, _ = oracle.solve_toli(**({"plots": plots, "scores": scores} | changes[name]))
            moves = {n: None if b is None else str(2023 + b) for n, a, b in zip(plots["short"], plan, new) if a != b}
        except oracle.Infeasible:
            moves = None
        check(moves == wanted, f"Toli, {name}: {moves}, wanted {wanted}")


def youhao(root):
    plots, wanted = oracle.measure(root / "data/youhao"), table(root / "tests/tables/demo_youhao.csv")
    plots["mine"] = [short.split("-")[0] for short in plots["short"]]
    check(plots.crs.to_epsg() == 4531, "Youhao: not in EPSG:4531")
    check(plots["ZTBH"].nunique() == 9 and len(plots) == 14, "Youhao: not 14 plots of 9 mines")
    code = {"natural": "1", "assisted": "2", "engineering": "3"}
    for name, row in wanted.items():
        mine = plots[plots["mine"] == name]
        area = round(float(row["area_m2"]) * 100)
        check(mine["ZTBH"].nunique() == 1, f"{name}: several ZTBH")
        check(mine["area_dm2"].sum() == area, f"{name}: {mine['area_dm2'].sum()} instead of {area}")
        check(mine["cost_yuan"].sum() == int(row["cost_yuan"]), f"{name}: cost")
        check(set(mine["NXFFS"]) == {code[row["mode"]]}, f"{name}: mode")
        scores = {oracle.youhao_score(p) for p in mine.itertuples()}
        check(scores == {int(row["score"])}, f"{name}: {scores} points")
    clear_of(plots["roads"], (1000,), 300, "Youhao road, m")
    clear_of(plots["reserves"], (1000,), 300, "Youhao reserve, m")
    check(plots["area_dm2"].sum() == 24550000, "Youhao: total area")
    youhao_plan(wanted)


def youhao_plan(wanted):
    """Every plan with one mine split or none, by trying all of them: the table's is the best, alone."""
    area = {name: round(float(row["area_m2"]) * 100) for name, row in wanted.items()}
    score = {name: int(row["score"]) for name, row in wanted.items()}
    plans = []
    for whole in itertools.product((0, 100), repeat=len(area)):
        base = dict(zip(area, whole))
        for split, pct in [(None, None)] + [(name, pct) for name in area if base[name] == 0 for pct in range(10, 91)]:
            plan = base | ({split: pct} if split else {})
            first = sum(area[name] * pct for name, pct in plan.items())  # 0.0001 m²
            if abs(first - 570000000) <= 500000:
                value = sum(score[name] * area[name] * (100 + pct) for name, pct in plan.items())
                plans.append((value, abs(first - 570000000), plan))
    top = max(value for value, _, _ in plans)
    near = [p for p in plans if p[0] >= top * (1 - 0.005)]
    fewest = min(sum(pct not in (0, 100) for pct in plan.values()) for _, _, plan in near)
    near = [p for p in near if sum(pct not in (0, 100) for pct in p[2].values()) == fewest]
    exact = [plan for _, off, plan in near if off == min(off for _, off, _ in near)]
    check(exact == [{name: int(row["pct_first"]) for name, row in wanted.items()}], f"Youhao: {exact}")


if __name__ == "__main__":
    toli(Path(sys.argv[1]))
    youhao(Path(sys.argv[1]))
    for text in failures:
        print(text, file=sys.stderr)
    sys.exit(1 if failures else 0)
