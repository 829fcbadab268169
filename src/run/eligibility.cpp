#include "run/eligibility.hpp"

#include "core/format.hpp"
#include "io/plot_checks.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tuban {
namespace {

std::vector<EligibilityCount> nationally(const Table& attributes) {
    const Column* type = national_column(attributes, "TBDL");
    const Column* restored = national_column(attributes, "HFZLQK");
    EligibilityCount other{
        "TBDL",
        {"图斑大类不是“10 历史遗留矿山”", "TBDL is not 10, a legacy abandoned mine"},
        0};
    EligibilityCount done{"HFZLQK", {"已恢复治理", "restored already"}, 0};
    for (std::size_t row = 0; row < attributes.rows; ++row) {
        if (type != nullptr && type->text(row) != "10") {
            ++other.rows;
        } else if (restored != nullptr && restored->text(row) == "B") {
            ++done.rows;
        }
    }
    return {std::move(other), std::move(done)};
}

/// The plots' columns with the area that a plan counts.
Table with_areas(const Plots& plots, const std::vector<double>& areas_m2) {
    Table table = plots.attributes;
    const Column* given = table.find("given_area_m2");
    std::vector<std::optional<double>> m2(plots.size());
    std::vector<std::optional<double>> ha(plots.size());
    for (std::size_t row = 0; row < m2.size(); ++row) {
        m2[row] = given != nullptr            ? given->number(row)
                  : std::isnan(areas_m2[row]) ? std::nullopt
                                              : std::optional(areas_m2[row]);
        ha[row] = m2[row] ? std::optional(*m2[row] / 1e4) : std::nullopt;
    }
    table.put(real_column("area_m2", "面积", "m2", m2));
    table.put(real_column("area_ha", "面积公顷", "ha", ha));
    return table;
}

/// The gates that the columns at hand suffice for.
std::vector<Gate>
judgeable(const Table& table, const std::vector<Gate>& gates, std::vector<Issue>& issues) {
    std::vector<Gate> result;
    Conditions conditions(table);
    for (const Gate& gate : gates) {
        try {
            static_cast<void>(conditions.truth(gate.when));
            result.push_back(gate);
        } catch (const Error& error) {
            Issue issue;
            issue.code = "gate_not_judged";
            issue.field = gate.id;
            issue.message = text(
                "准入条件“{0}”检查时不判断，运行时再判断（{1}）",
                "the gate {0} is not judged by a check but by a run ({2})",
                gate.name.empty() ? gate.id : gate.name,
                error.message().zh,
                error.message().en
            );
            issues.push_back(std::move(issue));
        }
    }
    return result;
}

std::vector<EligibilityCount>
by_gates(const Table& table, const Rules& rules, const std::vector<PlotState>& states) {
    const Ranking judged = judge_gates(table, rules, states);
    std::vector<EligibilityCount> counts{
        {"held_out", {"图形有误，待核实", "geometry to be decided upon"}, 0},
        {"no_area", {"没有面积", "without area"}, 0}};
    for (const Gate& gate : rules.gates) {
        const std::string name = gate.name.empty() ? gate.id : gate.name;
        counts.push_back({gate.id, text("不符合“{}”", "not {}", name), 0});
    }
    for (EligibilityCount& count : counts) {
        count.rows = std::count(judged.failed_gate.begin(), judged.failed_gate.end(), count.id);
    }
    return counts;
}

} // namespace

std::vector<EligibilityCount> count_ineligible(
    const Plots& plots,
    const std::vector<double>& areas_m2,
    const Rules& rules,
    std::vector<Issue>& issues
) {
    std::vector<EligibilityCount> counts;
    if (rules.gates.empty()) {
        counts = nationally(plots.attributes);
    } else {
        const Table table = with_areas(plots, areas_m2);
        const auto& areas = table.at("area_m2").valid;
        if (std::find(areas.begin(), areas.end(), 1) == areas.end()) { // no gate can be judged
            counts = {
                {"no_area",
                 {"没有面积", "without area"},
                 static_cast<std::int64_t>(plots.size())}};
        } else {
            Rules here;
            here.gates = judgeable(table, rules.gates, issues);
            counts = by_gates(table, here, plots.states);
        }
    }
    std::erase_if(counts, [](const EligibilityCount& count) { return count.rows == 0; });
    return counts;
}

} // namespace tuban
