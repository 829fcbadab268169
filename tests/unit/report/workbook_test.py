"""Reads with openpyxl the workbooks that the unit tests wrote (合成数据) and checks values, formulas, merges, print set-up.

Usage: workbook_test.py FOLDER
"""
import sys

import openpyxl

folder = sys.argv[1]
failures = []


def check(found, expected, what):
    if found != expected:
        failures.append(f"{what}: {found!r}, expected {expected!r}")


def near(found, expected, what):
    if not isinstance(found, (int, float)) or abs(found - expected) > 1e-9:
        failures.append(f"{what}: {found!r}, expected {expected!r}")


def both(name):
    path = f"{folder}/{name}"
    return openpyxl.load_workbook(path, data_only=True), openpyxl.load_workbook(path)


def merges(sheet):
    return {str(r) for r in sheet.merged_cells.ranges}


def row_of(sheet, row):
    return [c.value for c in sheet[row]]


SHEETS = ["任务分解表", "年度计划表", "评分明细", "约束与资金", "数据问题", "参数与版本"]


def check_all(name):
    values, formulas = both(name)
    check(values.sheetnames, SHEETS, f"{name}: sheets")
    for sheet in formulas:
        where = f"{name} {sheet.title}"
        check(sheet.page_setup.orientation, "landscape", where)
        check(str(sheet.page_setup.paperSize), "9", f"{where}: paper")
        check((sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight), (None, 0), f"{where}: pages")
        check("第 &P 页" in str(sheet.oddFooter.center.text).replace("[Page]", "P"), True, f"{where}: {sheet.oddFooter.center.text}")
        for row in values[sheet.title].iter_rows():
            for cell in row:
                check(cell.data_type == "e", False, f"{where} {cell.coordinate}")
                if sheet[cell.coordinate].data_type == "f":
                    check(isinstance(cell.value, (int, float)), True, f"{where} {cell.coordinate}: no cached value")


def test_t1():
    values, formulas = both("t1.xlsx")
    sheet, source = values["任务分解表"], formulas["任务分解表"]
    check(sheet["A1"].value, "示例县历史遗留矿山生态修复目标分解计划表（2023—2026年）", "title")
    check(source["A1"].font.name, "黑体", "title font")
    check(source["A1"].font.sz, 16, "title size")
    check(sheet["A2"].value, "单位：公顷", "unit")
    check(merges(source), {"A1:L1", "A2:L2", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:E4", "F3:I3", "J3:J4", "K3:K4", "L3:L4",
                           "A5:A8", "B5:B8", "A9:L9"}, "merges")
    check("面积口径：" in sheet["A9"].value and "合计四舍五入到 4 位小数" in sheet["A9"].value, True, "how areas were made and rounded")
    check(row_of(sheet, 3)[2:6], ["年度", "图斑数（个）", "面积", "其中"], "header")
    check(row_of(sheet, 4)[5:9], ["自然恢复", "辅助再生", "生态重建", "转型利用"], "modes")
    check(sheet["A5"].value, "示例县", "county")
    near(sheet["B5"].value, 25, "target")
    # 136500.11, 133500.72 and 30000 m² by hand; total 300000.83 m² prints as 30.0001 ha.
    check([sheet.cell(r, 3).value for r in range(5, 9)], ["2023", "2024", "2025—2026年", "合计"], "years")
    for row, plots, area in [(5, 2, 13.65), (6, 3, 13.3501), (7, 1, 3.0), (8, 5, 30.0001)]:
        near(sheet.cell(row, 4).value, plots, f"plots of row {row}")
        near(sheet.cell(row, 5).value, area, f"area of row {row}")
    check(source["D8"].value, "=SUM(D5:D7)-1", "S003 counts in two periods and once in the total")
    check(source["E8"].value, "=SUM(E5:E7)", "total area")
    check(source["E5"].number_format, "General", "trailing zeros dropped")
    for row in range(5, 9):
        near(sum(sheet.cell(row, c).value for c in range(6, 10)), sheet.cell(row, 5).value, f"modes of row {row}")
    for column in range(5, 10):
        near(round(sum(sheet.cell(r, column).value for r in range(5, 8)), 9), sheet.cell(8, column).value, f"total of column {column}")
    near(sheet["F5"].value, 12, "natural 2023")
    near(sheet["J5"].value, 54.6, "done 2023")
    near(sheet["J6"].value, 108, "done 2024")
    near(sheet["J8"].value, 120, "done in all")
    check(source["J6"].value, "=ROUND(SUM(E5:E6)/B5*100,2)", "completion formula")
    near(sheet["K5"].value, 68.2501, "money 2023")
    near(sheet["K8"].value, 135.0004, "money in all")
    check(source["K8"].value, "=SUM(K5:K7)", "total money")
    check(source.freeze_panes, "D5", "frozen")
    check(source.print_title_rows, "$1:$4", "repeated rows")


def test_yearly():
    values, formulas = both("t1.xlsx")
    sheet, source = values["年度计划表"], formulas["年度计划表"]
    check(row_of(sheet, 1)[:2], ["序号", "图斑编号"], "first columns")
    check(row_of(sheet, 1)[8:11], ["计划修复面积（公顷）", "占本图斑%", "占当年任务%"], "percent columns")
    check([(sheet.cell(r, 1).value, sheet.cell(r, 2).value, sheet.cell(r, 6).value, sheet.cell(r, 10).value) for r in range(2, 8)],
          [(1, "S001", "2023", 100), (2, "S003", "2023", 33), (3, "S002", "2024", 100), (4, "S003", "2024", 67),
           (5, "S005", "2024", 100), (6, "S004", "2025—2026年", 100)], "parts by period and rank")
    near(sheet["I2"].value + sheet["I3"].value, 13.65, "areas of 2023")
    near(sum(sheet.cell(r, 9).value for r in (4, 5, 6)), 13.3501, "areas of 2024")
    near(sum(sheet.cell(r, 11).value for r in (4, 5, 6)), 100, "percents of 2024")
    near(sheet["K2"].value, 87.91, "S001 in the task of 2023")  # 120000 / 136500.11
    check(sheet["L7"].value, None, "an unknown cost stays empty")
    check(sheet["A8"].value, "合计", "total row")
    check(source["I8"].value, "=SUM(I2:I7)", "total")
    near(sheet["I8"].value, 30.0001, "total area")
    check(source.auto_filter.ref, "A1:Q7", "filter leaves the total out")
    check(source.freeze_panes, "C2", "frozen")
    check(source["B2"].data_type, "s", "codes are text")
    check(source["F2"].fill.fgColor.rgb[-6:] != source["F4"].fill.fgColor.rgb[-6:], True, "colour of the period")


def test_others():
    values, formulas = both("t1.xlsx")
    scores = values["评分明细"]
    check(row_of(scores, 1)[7:13], ["重点区域", "超深、超大采坑", "交通道路两侧", "采坑深度", "得分", "理由"], "rules")
    check(row_of(scores, 2)[:2], [1, "S001"], "best first")
    check(row_of(scores, 2)[7:12], [60, None, 20, 5, 85], "points of S001")
    check(formulas["评分明细"]["L2"].value, "=SUM(H2:K2)", "score")
    check([scores.cell(r, 2).value for r in range(2, 10)], ["S001", "S002", "S003", "S004", "S005", "S006", "S007", "S008"], "order")
    check(scores["E8"].value, "不参与排序", "ineligible")
    check(scores["L8"].value, None, "no score")
    needs = values["约束与资金"]
    check([c.value for c in needs["A"]][:5], ["年度", "2023", "2024", "2025—2026年", "合计"], "periods")
    near(needs["D5"].value, 135.0004, "money")
    check(formulas["约束与资金"]["D5"].value, "=SUM(D2:D4)", "money formula")
    lines = {needs.cell(r, 12).value: [needs.cell(r, c).value for c in range(1, 12)] for r in range(8, 19)}
    check(lines["target"][1:10], ["全部", "面积（公顷）", "全部图斑", "不少于", 25, None, 30.000083, 5.000083, "满足"], "target")
    check(lines["area-2024"][5:7], [13.35, 0.5], "tolerance of an equality")
    check(lines["finish"][1], "2023 至 2024", "periods of finish")
    check(lines["even"][8:11], [-1, "未满足", "可放宽"], "soft one that is broken")
    issues = values["数据问题"]
    check(row_of(issues, 2)[1:3], ["警告", "repaired"], "issue")
    check(row_of(issues, 3)[8], "修复后面积变化过大，暂缓", "issue text")
    run = values["参数与版本"]
    text = [c.value for c in run["A"]] + [c.value for c in run["B"]]
    for word in ["tuban: 1", "最优", "by hand", "plots.shp"]:
        check(word in text, True, f"参数与版本: {word}")


def test_youhao():
    values, formulas = both("youhao.xlsx")
    sheet, source = values["任务分解表"], formulas["任务分解表"]
    check(sheet["A1"].value, "全区历史遗留矿山生态修复治理行动计划任务分解表（2022—2025年）", "title")
    check(sheet["A2"].value, "单位：公顷", "unit")
    check(source["A2"].alignment.horizontal, "right", "unit on the right")
    check(merges(source), {"A1:E1", "A2:E2", "A3:A4", "B3:D3", "A6:E6", "A7:E7"}, "merges")
    check(row_of(sheet, 3), ["县（市）区", "计    划", None, None, None], "header 1")
    check(row_of(sheet, 4), [None, "2022年-2023年需完成历史遗留矿山\n生态修复治理任务", "2024年-2025年需完成历史遗留矿山\n生态修复治理任务",
                             "2022年-2025年\n合计", "总计"], "header 2")
    check(row_of(sheet, 5), ["友好区", 5.7, 18.85, 24.55, 24.55], "body")
    check([source["D5"].value, source["E5"].value], ["=SUM(B5:C5)", "=D5"], "totals are formulas")
    check(sheet["A6"].value, "备注：最终数据以国家公布的历史遗留矿山数据为准，目标任务相应进行调整。", "remark")
    check("合计四舍五入到 2 位小数" in sheet["A7"].value, True, "how areas were rounded")
    check(source["B4"].alignment.wrap_text, True, "line breaks show")


def test_empty():
    sheet = both("ranked.xlsx")[0]["任务分解表"]
    check("只排序、不排期" in sheet["A2"].value, True, "no schedule says why")
    check(both("ranked.xlsx")[0]["评分明细"]["L2"].value, 85, "scores without a plan")
    values, formulas = both("mu.xlsx")
    sheet = values["任务分解表"]
    check(sheet["A2"].value, "单位：亩", "mu")
    near(sheet["E8"].value, 450, "300000.83 m² = 450.001245 亩")
    near(round(sum(sheet.cell(r, 5).value for r in range(5, 8)), 9), 450, "parts in 亩")
    check(sheet["J5"].value, "—", "no target")
    check("最小放宽" in sheet["A9"].value, True, "relaxed plans say so")
    check(values["数据问题"]["A2"].value, "读取和测量中没有发现问题。", "no issues")
    check("1.5 ha short" in [c.value for c in values["约束与资金"]["D"]], True, "conflict in the report's language")
    check(values["评分明细"]["H2"].value, 85, "score without rules")


for name in ("t1.xlsx", "youhao.xlsx", "ranked.xlsx", "mu.xlsx"):
    check_all(name)
for test in (test_t1, test_yearly, test_others, test_youhao, test_empty):
    test()
for failure in failures:
    print("FAILS:", failure)
sys.exit(1 if failures else 0)
