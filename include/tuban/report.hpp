#pragma once
#include <tuban/workspace.hpp>

#include <string>

/// What people read: the workbook and the page, drawn from the same Result.
namespace tuban {

/// plan.xlsx: 任务分解表 (layout t1 or youhao), 年度计划表, 评分明细, 约束与资金, 数据问题, 参数与版本. Totals are formulas with
/// cached values; printed hectares of a period add up to its printed total. Same Result, same bytes.
/// @throws Error{unwritable_output}
TUBAN_EXPORT void write_workbook(const Result& result, const std::string& file);

/// report.html: one file, offline: map, bars, plot table, cards, constraints, issues, versions. Same Result, same bytes.
/// @throws Error{unwritable_output}
TUBAN_EXPORT void write_page(const Result& result, const std::string& file);

} // namespace tuban
