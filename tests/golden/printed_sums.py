"""`report: {sum: …}` and `unit: …` from the project to the workbook and the page: every figure by hand.

Usage: printed_sums.py PROGRAM ROOT
"""
import json
import re
import tempfile
from pathlib import Path

import openpyxl

from program import check, finish, tuban

# Three plots of 10002.40 m² in 2023, two of 20002.40 m² in 2024; 合成数据. By hand, in the last printed digit:
#   公顷 (0.0001 ha = 1 m²)      plots 10002.4 → 10002, 20002.4 → 20002; years 30007.2 and 40004.8, together 70012.0
#   亩   (0.01 亩 = 20/3 m²)     plots 1500.36 → 1500, 3000.36 → 3000; years 4501.08 and 6000.72, together 10501.8 → 10502
#   平方米 (0.01 m²)             nothing to round
PLOTS = [("A1", 2023, 10002.4), ("A2", 2023, 10002.4), ("A3", 2023, 10002.4), ("B1", 2024, 20002.4), ("B2", 2024, 20002.4)]
# unit, rule, the plots in order of their ids (those that largest remainder gives one more to: the first), years, total
CASES = [
    ("公顷", "rounded_parts", [1.0002, 1.0002, 1.0002, 2.0002, 2.0002], [3.0006, 4.0004], 7.001),
    ("公顷", "largest_remainder", [1.0003, 1.0002, 1.0002, 2.0003, 2.0002], [3.0007, 4.0005], 7.0012),
    ("亩", "rounded_parts", [15.0, 15.0, 15.0, 30.0, 30.0], [45.0, 60.0], 105.0),
    ("亩", "largest_remainder", [15.01, 15.0, 15.0, 30.01, 30.0], [45.01, 60.01], 105.02),
    ("平方米", "rounded_parts", [10002.4, 10002.4, 10002.4, 20002.4, 20002.4], [30007.2, 40004.8], 70012.0),
    ("平方米", "largest_remainder", [10002.4, 10002.4, 10002.4, 20002.4, 20002.4], [30007.2, 40004.8], 70012.0),
]
WORDS = {"rounded_parts": "合计为印出的各数之和", "largest_remainder": "按最大余数法凑成合计"}
DECIMALS = {"公顷": 4, "亩": 2, "平方米": 2}


def run(folder, unit, rule):
    (folder / "plots.csv").write_text("TBBH,面积,年度\n" + "".join(f"{name},{area},{year}\n" for name, year, area in PLOTS), encoding="utf-8")
    given = f", sum: {rule}" if rule != "largest_remainder" else ""  # the default needs no word
    (folder / "sums.yaml").write_text(
        "tuban: 1\nname: 合成数据\nplots: {file: plots.csv, fields: {area_m2: 面积}}\n"
        "schedule:\n  periods: [2023, 2024]\n  require:\n"
        "    - {id: first, where: \"年度 = 2023\", in: 2023, sum: area_m2, at_least: 30007.2}\n"
        "    - {id: second, where: \"年度 = 2024\", in: 2024, sum: area_m2, at_least: 40004.8}\n"
        f"report: {{county: 示例县, table: t1, unit: {unit}{given}}}\n", encoding="utf-8")
    out = folder / "out"
    done = tuban("run", folder / "sums.yaml", "-o", out)
    check(done.returncode == 0, f"{unit}, {rule}: exit {done.returncode}, {done.stderr}")
    return out


def same(found, expected, what):
    # 1e-9: cells are decimal figures as doubles; sums of five of them
    good = len(found) == len(expected) and all(isinstance(f, (int, float)) and abs(f - e) <= 1e-9 for f, e in zip(found, expected))
    check(good, f"{what}: {found}, by hand {expected}")


def workbook(out, unit, rule, plots, years, total):
    what = f"{unit}, {rule}"
    book = openpyxl.load_workbook(next(out.glob("*.xlsx")), data_only=True)
    source = openpyxl.load_workbook(next(out.glob("*.xlsx")))
    tasks = book["任务分解表"]
    check(tasks["A2"].value == f"单位：{unit}", f"{what}: {tasks['A2'].value}")
    same([tasks.cell(row, 5).value for row in (5, 6, 7)], [*years, total], f"任务分解表 in {what}")
    check(source["任务分解表"]["E7"].value == "=SUM(E5:E6)", f"{what}: the total is the sum of what is printed")
    yearly = book["年度计划表"]
    head = [cell.value for cell in yearly[1]]
    check(f"计划修复面积（{unit}）" in head, f"{what}: columns of 年度计划表 are {head}")
    area, name = head.index(f"计划修复面积（{unit}）"), head.index("图斑编号")
    rows = {row[name]: row[area] for row in yearly.iter_rows(min_row=2, values_only=True) if row[name]}
    same([rows.get(plot[0]) for plot in PLOTS], plots, f"年度计划表 in {what}")
    same([yearly.cell(len(PLOTS) + 2, area + 1).value], [total], f"the total of 年度计划表 in {what}")
    facts = [(row[0], row[1]) for row in book["参数与版本"].iter_rows(values_only=True)]
    at = next(i for i, fact in enumerate(facts) if str(fact[0]).startswith("面积取整"))
    check(WORDS[rule] in facts[at][1], f"{what}: the rule is told as {facts[at]}")
    digits = DECIMALS[unit]
    own = {plot[0]: value for plot, value in zip(PLOTS, next(case[2] for case in CASES if case[:2] == (unit, "rounded_parts")))}
    moved = [(f"　{plot[0]}，{plot[1]}", f"四舍五入 {own[plot[0]]:.{digits}f}，计作 {value:.{digits}f} {unit}")
             for plot, value in zip(PLOTS, plots) if value != own[plot[0]]]
    check(sorted(facts[at + 1:at + 1 + len(moved)]) == sorted(moved), f"{what}: the log of rounding is {facts[at + 1:at + 4]}, by hand {moved}")
    check(not str(facts[at + 1 + len(moved)][0]).startswith("　"), f"{what}: more lines in the log: {facts[at + 1 + len(moved)]}")


def page(out, unit, rule, years):
    text = (out / "report.html").read_text(encoding="utf-8")
    data = json.loads(re.search(r'<script id="data" type="application/json">(.*?)</script>', text, re.DOTALL)[1])
    scale = 10 ** DECIMALS[unit]
    found = [period["area_digits"] for period in data["plan"]["periods"]]
    check(found == [round(year * scale) for year in years], f"years of the page in {unit}, {rule}: {found}, by hand {years}")
    check(any(WORDS[rule] in note for note in data["area_notes"]), f"notes of the page in {unit}, {rule}: {data['area_notes']}")


def main():
    for unit, rule, plots, years, total in CASES:
        with tempfile.TemporaryDirectory() as name:
            out = run(Path(name), unit, rule)
            workbook(out, unit, rule, plots, years, total)
            page(out, unit, rule, years)
    finish()


main()
