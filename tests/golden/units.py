"""`tuban schedule`: what a table of units may look like, and what is said when it is wrong.

Usage: units.py PROGRAM ROOT
"""
import csv
import io
import json
import re
import struct
import tempfile
from pathlib import Path

from program import ROOT, check, finish, tuban

RULES = """periods: [2023, 2024]
require:
  - {id: target, sum: area_ha, at_least: 3}
  - {id: money, in: 2023, sum: cost_wan_yuan, at_most: 25}
prefer: [{earliest: score}]
"""
HEADER = "unit_id,area_ha,cost_wan_yuan,score\n"
GOOD = HEADER + "A,1,10,3\nB,1.5,20,2\nC,0.5,5,1\n"
PLAN = [("A", "2023"), ("C", "2023"), ("B", "2024")]  # 2023: A and B cost 30, A and C cost 15; A first


def parts(done):
    return [(row["unit_id"], row["period"]) for row in csv.DictReader(io.StringIO(done.stdout))]


def schedule(folder, units, rules=RULES, *words, lang="zh"):
    table = folder / "units.csv"
    table.write_text(units, encoding="utf-8")
    (folder / "rules.yaml").write_text(rules, encoding="utf-8")
    return tuban("schedule", table, folder / "rules.yaml", "--lang", lang, *words)


def same_plan_by_any_name(folder):
    """Chinese headers, full-width brackets and other units give the plan of the plain table."""
    done = schedule(folder, GOOD)
    check(done.returncode == 0 and sorted(parts(done)) == sorted(PLAN), f"the plain table: {done.stdout} {done.stderr}")
    for header in ("单元编号,面积(公顷),资金(万元),得分", "图斑编号,面积（公顷）,投资（万元）,分值", "TBBH, 公顷面积,cost_wan_yuan,score"):
        again = schedule(folder, GOOD.replace(HEADER, header + "\n"))
        check(again.stdout == done.stdout, f"{header}: {again.stdout} {again.stderr}")
    mu = HEADER.replace("area_ha", "area_mu") + "A,15,10,3\nB,22.5,20,2\nC,7.5,5,1\n"  # 15 mu are 1 ha
    check(schedule(folder, mu).stdout == done.stdout, "areas in mu")


AREAS = [  # names of a column, its figures and their square metres by hand, rounded half-up to 0.01: 1 亩 = 2000/3 m²
    (["area_m2", "面积(平方米)", "面积（平方米）", "图斑面积(平方米)", "图斑面积（平方米）"], ["666.665", "0.005", "12000"], [666.67, 0.01, 12000]),
    (["area_ha", "面积(公顷)", "面积（公顷）", "图斑面积(公顷)", "图斑面积（公顷）", "公顷面积", " 公顷面积 "], ["0.0000004", "1.2345678", "15"], [0, 12345.68, 150000]),
    (["area_mu", "面积(亩)", "面积（亩）", "图斑面积(亩)", "图斑面积（亩）", "亩面积"], ["1", "7.5", "0.1"], [666.67, 5000, 66.67]),
]


def every_word_for_areas(folder):
    """A column of areas is read in the unit that its name says; a unit in a cell is no number."""
    for names, figures, square_metres in AREAS:
        for name in names:
            units = f"unit_id,{name},score\n" + "".join(f"{unit},{figure},1\n" for unit, figure in zip("ABC", figures))
            done = schedule(folder, units, "periods: [2023]\nprefer: [{earliest: score}]\n", "--json")
            found = {row["unit_id"]: row["area_m2"] for row in json.loads(done.stdout)["assignments"]}
            check(found == dict(zip("ABC", square_metres)), f"{name!r}: {found}, by hand {square_metres}; {done.stderr}")
    for cell in ("0.5公顷", "7.5亩", "5000平方米", "5000 m2"):
        done = schedule(folder, GOOD.replace("C,0.5", f"C,{cell}"))
        check(done.returncode == 3 and cell in done.stderr and "表格第 4 行" in done.stderr and "area_ha" in done.stderr,
              f"a cell of {cell}: exit {done.returncode}, {done.stderr}")


def costs_of_a_period(folder):
    """Costs in 10,000 yuan by period win over the plain ones: in 2023 A costs 30, above the ceiling of 25."""
    units = "unit_id,area_ha,cost_wan_yuan,cost_wan_yuan@2023,score\nA,1,10,30,3\nB,1.5,20,20,2\nC,0.5,5,5,1\n"
    done = schedule(folder, units)
    check(("A", "2024") in parts(done) and ("B", "2023") in parts(done), f"costs of a period: {done.stdout} {done.stderr}")


REFUSED = [
    ("a negative cost", GOOD.replace("B,1.5,20", "B,1.5,-20"), 5, ["第 2 行（表格第 3 行）", "cost_wan_yuan", "-20"],
     ["row 2 (line 3 of the sheet)", "cost_wan_yuan", "-20"]),
    ("a negative area", GOOD.replace("C,0.5", "C,-0.5"), 5, ["表格第 4 行", "area_ha"], ["line 4", "area_ha"]),
    ("words for a number", GOOD.replace("C,0.5", "C,半公顷"), 3, ["表格第 4 行", "半公顷"], ["line 4", "半公顷"]),
    ("an id twice", GOOD.replace("C,0.5", "A,0.5"), 5, ["第 1 行（表格第 2 行）", "第 3 行（表格第 4 行）"], ["line 2", "line 4"]),
    ("no id", GOOD.replace("C,0.5", ",0.5"), 5, ["表格第 4 行"], ["line 4"]),
    ("no column of ids", GOOD.replace("unit_id", "编码"), 3, ["unit_id", "编码, area_ha"], ["unit_id", "编码, area_ha"]),
    ("no column of areas", GOOD.replace("area_ha", "mj"), 4, ["rules.yaml:3:23", "unit_id, mj, cost_wan_yuan"], ["rules.yaml:3:23", "mj"]),
    ("no column of costs", GOOD.replace("cost_wan_yuan", "钱"), 4, ["rules.yaml:4:32", "cost_wan_yuan", "钱"], ["rules.yaml:4:32"]),
]


def refusals(folder):
    for name, units, code, zh, en in REFUSED:
        for language, wanted in (("zh", zh), ("en", en)):
            done = schedule(folder, units, lang=language)
            check(done.returncode == code and all(part in done.stderr for part in wanted),
                  f"{name} ({language}): {done.returncode} {done.stderr}")
    for wrong, column, right in (("sum: cost_wan,", 32, "cost_wan_yuan"), ('sum: "cost_wan",', 33, "cost_wan_yuan")):
        done = schedule(folder, GOOD, RULES.replace("sum: cost_wan_yuan,", wrong))
        check(done.returncode == 4 and f"rules.yaml:4:{column}:" in done.stderr and f"“{right}”" in done.stderr,
              f"{wrong}: {done.stderr}")


def empty_cells(folder):
    """An empty cell counts as 0, is said with its row, and stands in the JSON."""
    done = schedule(folder, GOOD.replace("C,0.5,5", "C,0.5,"))
    check(done.returncode == 0 and "第 3 行（表格第 4 行） C" in done.stderr and "cost_wan_yuan" in done.stderr, f"an empty cost: {done.stderr}")
    issues = json.loads(schedule(folder, GOOD.replace("C,0.5,5", "C,,5"), RULES.replace("3}", "2}", 1), "--json").stdout)["issues"]
    check([(i["code"], i["severity"], i["row"], i["plot_id"], i["field"]) for i in issues] ==
          [("missing_value", "warning", 3, "C", "area_ha")], f"an empty area: {issues}")


def deleted_rows(folder):
    """A .dbf with a row that was deleted and a cell that is no number: both are said, and only the rest is scheduled."""
    cells = [("A", "1.0", "5"), ("B", "2.0", "5"), ("C", "0.5万", "5")]
    fields = [("unit_id", b"C", 8), ("area_ha", b"N", 8), ("score", b"N", 8)]
    header = struct.pack("<B3BIHH20x", 3, 124, 1, 1, len(cells), 32 + 32 * len(fields) + 1, 1 + 8 * len(fields))
    header += b"".join(name.encode().ljust(11, b"\0") + kind + bytes(4) + bytes([width, 2 if name == "area_ha" else 0]) + bytes(14)
                       for name, kind, width in fields)

    def write(marks):
        rows = (mark + b"".join(cell.encode("gbk").rjust(8) for cell in row) for mark, row in zip(marks, cells))
        (folder / "units.dbf").write_bytes(header + b"\r" + b"".join(rows) + b"\x1a")
        (folder / "rules.yaml").write_text("periods: [2023]\nrequire: [{id: target, sum: area_ha, at_least: 1}]\nprefer: [{earliest: score}]\n")
        return tuban("schedule", folder / "units.dbf", folder / "rules.yaml", "--json", "--lang", "en")

    issues = json.loads(write([b" ", b"*", b" "]).stdout).get("issues", [])
    told = [(i["code"], i["row"], i["plot_id"]) for i in issues]
    check(("rows_deleted", None, None) in told and ("number_unreadable", 2, "C") in told, f"a deleted row and a cell: {told}")
    done = write([b"*"] * 3)
    check(done.returncode == 5 and "all 3 rows" in done.stdout + done.stderr, f"all rows deleted: {done.returncode} {done.stdout} {done.stderr}")


def sheets(folder):
    """A workbook of several sheets wants --sheet and names them."""
    import openpyxl
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["这是", "说明"])
    book.active.append(["第一", "行"])
    sheet = book.create_sheet("单元")
    for line in csv.reader(io.StringIO(GOOD)):
        sheet.append([float(cell) if re.fullmatch(r"[0-9.]+", cell) else cell for cell in line])
    book.save(folder / "units.xlsx")
    (folder / "rules.yaml").write_text(RULES, encoding="utf-8")
    done = tuban("schedule", folder / "units.xlsx", folder / "rules.yaml")
    check(done.returncode == 3 and "单元" in done.stderr and "--sheet" in done.stderr and "--layer" not in done.stderr, f"two sheets: {done.stderr}")
    for command in ("check", "measure"):
        for language in ("zh", "en"):
            done = tuban(command, folder / "units.xlsx", "--lang", language)
            check(done.returncode == 3 and "--layer" in done.stderr and "--sheet" not in done.stderr, f"{command} names an option it has: {done.stderr}")
    done = tuban("schedule", folder / "units.xlsx", folder / "rules.yaml", "--sheet", "单元")
    check(done.returncode == 0 and sorted(parts(done)) == sorted(PLAN), f"--sheet: {done.stdout} {done.stderr}")


def pages():
    """Every column that the help names is on the page that it sends people to."""
    for language in ("zh", "en"):
        said = tuban("help", "schedule", "--lang", language).stdout
        page = (ROOT / "docs" / language / "unit-table.md").read_text(encoding="utf-8")
        check("--sheet" in page and "--sheet" in said, f"{language}: --sheet")
        for name in ("unit_id", "area_ha", "area_m2", "area_mu", "cost_wan_yuan", "cost_yuan", "score", "score@2023", "use@2023"):
            check(name in said and f"`{name}`" in page, f"{language}: {name} is in the help and on the page")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        same_plan_by_any_name(folder)
        every_word_for_areas(folder)
        costs_of_a_period(folder)
        refusals(folder)
        empty_cells(folder)
        deleted_rows(folder)
        sheets(folder)
    pages()
    finish()


main()
