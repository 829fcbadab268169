#include "core/format.hpp"
#include "ranking/judging.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tuban {
namespace judging {
namespace {

/// Fixed notation without trailing zeros: what a person reads in a table.
std::string number_text(double value) {
    const int decimals = std::abs(value) < 1.0 ? 6 : 3;
    std::string digits = format("{:.{}f}", value, decimals);
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') {
        digits.pop_back();
    }
    return digits == "-0" ? "0" : digits;
}

} // namespace

std::vector<const Column*>
columns_of(const Table& table, const std::vector<std::string>& names) {
    std::vector<const Column*> columns;
    columns.reserve(names.size());
    for (const std::string& name : names) {
        columns.push_back(&table.at(name));
    }
    return columns;
}

Judgement judge(Conditions& conditions, const Table& table, const Condition& condition) {
    return {conditions.truth(condition), columns_of(table, conditions.columns_read(condition))};
}

std::string values_text(const std::vector<const Column*>& columns, std::size_t row) {
    std::string all;
    for (const Column* column : columns) {
        const bool real = column->type() == ColumnType::real && column->valid[row] != 0;
        const std::string value =
            real ? number_text(*column->number(row)) : column->text(row).value_or("NULL");
        all += format("{}{} = {}", all.empty() ? "" : ", ", column->name, value);
    }
    return all;
}

const std::string& shown(const std::string& name, const std::string& id) {
    return name.empty() ? id : name;
}

Issue issue_at(const Table& table, std::size_t row, RuleIssue about) {
    Issue issue;
    issue.severity = about.severity;
    issue.code = about.code;
    issue.row = static_cast<std::int64_t>(row) + 1;
    issue.plot_id = table.at("plot_id").text(row).value_or("");
    issue.field = std::move(about.rule_id);
    issue.message = std::move(about.message);
    return issue;
}

RuleIssue null_condition(
    Severity severity,
    const std::string& rule_id,
    const std::string& name,
    const std::string& values
) {
    return {
        severity,
        "null_condition",
        rule_id,
        text(
            "规则“{}”缺少数据（{}），按不成立处理；请补全数据",
            "rule {}: data are missing ({}), so it counts as not true: complete the data",
            name,
            values
        )};
}

} // namespace judging

namespace {

/// Why a plot takes no part before any gate; empty if it may.
struct Exclusion {
    std::string gate;
    Text reason;
};

Exclusion
exclusion(const Column& area_m2, const std::vector<PlotState>& states, std::size_t row) {
    if (!states.empty() && states[row] == PlotState::held_out) {
        return {
            "held_out",
            text(
                "不参与：图形有误，修复会明显改变面积，待核实",
                "takes no part: its polygon is invalid, and repairing it changes the area too "
                "much"
            )};
    }
    if (area_m2.valid[row] == 0) {
        return {"no_area", text("不参与：没有面积", "takes no part: it has no area")};
    }
    return {};
}

void check_sizes(const Table& table, const std::vector<PlotState>& states) {
    if (!states.empty() && states.size() != table.rows) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "表有 {} 行，状态有 {} 个",
                "the table has {} rows, but there are {} states",
                table.rows,
                states.size()
            )
        );
    }
    const auto& valid = table.at("area_m2").valid;
    if (std::find(valid.begin(), valid.end(), 1) == valid.end()) {
        throw Error(
            ErrorCode::data_check_failed,
            text(
                "没有一个图斑有面积：请检查图形，或在 fields 中用 area_m2、area_ha、area_mu "
                "指定面积列",
                "no plot has an area: check the geometry, or name the column that holds it "
                "under "
                "fields (area_m2, area_ha, area_mu)"
            )
        );
    }
}

Text refusal(const Gate& gate, const std::string& values) {
    const std::string& name = judging::shown(gate.name, gate.id);
    Text reason = text("不参与：不符合“{}”", "takes no part: not {}", name);
    if (!values.empty()) {
        reason.zh += format("（{}）", values);
        reason.en += format(" ({})", values);
    }
    if (!gate.basis.empty()) {
        reason.zh += format("；依据：{}", gate.basis);
        reason.en += format("; basis: {}", gate.basis);
    }
    return reason;
}

} // namespace

Ranking
judge_gates(const Table& table, const Rules& rules, const std::vector<PlotState>& states) {
    check_sizes(table, states);
    Conditions conditions(table);
    std::vector<judging::Judgement> judgements;
    for (const Gate& gate : rules.gates) {
        judgements.push_back(judging::judge(conditions, table, gate.when));
    }
    Ranking ranking;
    ranking.eligible.assign(table.rows, 1);
    ranking.failed_gate.assign(table.rows, "");
    ranking.reasons.assign(table.rows, {});
    const Column& area = table.at("area_m2");
    for (std::size_t row = 0; row < table.rows; ++row) {
        if (Exclusion out = exclusion(area, states, row); !out.gate.empty()) {
            ranking.eligible[row] = 0;
            ranking.failed_gate[row] = std::move(out.gate);
            ranking.reasons[row] = std::move(out.reason);
            continue;
        }
        const auto failed =
            std::find_if(judgements.begin(), judgements.end(), [&](const auto& judged) {
                return !judged.truth[row].value_or(false);
            });
        if (failed == judgements.end()) {
            continue;
        }
        const Gate& gate = rules.gates[static_cast<std::size_t>(failed - judgements.begin())];
        const std::string values = judging::values_text(failed->looked_at, row);
        ranking.eligible[row] = 0;
        ranking.failed_gate[row] = gate.id;
        ranking.reasons[row] = refusal(gate, values);
        if (!failed->truth[row]) { // lack of data alone keeps the plot out
            const std::string& name = judging::shown(gate.name, gate.id);
            ranking.issues.push_back(judging::issue_at(
                table, row, judging::null_condition(Severity::warning, gate.id, name, values)
            ));
        }
    }
    return ranking;
}

} // namespace tuban
