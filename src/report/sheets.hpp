#pragma once
#include <tuban/workspace.hpp>

#include "report/book.hpp"

/// The sheets of plan.xlsx.
namespace tuban {

/// 任务分解表, in the layout that the project names: t1 (years down, modes across) or youhao (the two-row annex).
void write_decomposition(Book& book, const Result& result);
/// 年度计划表: a row per plot and period.
void write_yearly_plan(Book& book, const Result& result);
/// 评分明细: a row per plot, a column per rule.
void write_scores(Book& book, const Result& result);
/// 约束与资金: what the plan had to meet, and money by period.
void write_requirements(Book& book, const Result& result);
/// 数据问题: what is worth knowing about the inputs.
void write_issues(Book& book, const Result& result);
/// 参数与版本: how the result came about.
void write_run(Book& book, const Result& result);

} // namespace tuban
