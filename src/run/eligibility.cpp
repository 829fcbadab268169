#include "run/eligibility.hpp"

#include "core/format.hpp"
#include "io/plot_checks.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tuban {
namespace {

void add(EligibilityCount& count, std::size_t row) {
    ++count.rows;
    count.which.push_back(static_cast<std::int64_t>(row) + 1);
}

EligibilityCount held_out(const Plots& plots) {
    return plots.edge_crs.empty()
               ? EligibilityCount{"held_out", {"坐标系未定，不知道在哪里", "no place without a CRS"}, 0}
               : EligibilityCount{
                     "held_out", {"图形有误，待核实", "geometry to be decided upon"}, 0};
}

EligibilityCount no_area() {
    return {"no_area", {"没有面积", "without area"}, 0};
}

std::vector<EligibilityCount>
nationally(const Plots& plots, const std::vector<double>& areas_m2) {
    const Column* type = national_column(plots.attributes, "TBDL");
    const Column* restored = national_column(plots.attributes, "HFZLQK");
    const Column* given = plots.attributes.find("given_area_m2");
    EligibilityCount held = held_out(plots);
    EligibilityCount none = no_area();
    EligibilityCount other{
        "TBDL",
        {"图斑大类不是“10 历史遗留矿山”", "TBDL is not 10, a legacy abandoned mine"},
        0};
    EligibilityCount done{"HFZLQK", {"已恢复治理", "restored already"}, 0};
    for (std::size_t row = 0; row < plots.size(); ++row) {
        const bool has_area =
            given != nullptr ? given->number(row).has_value() : std::isfinite(areas_m2[row]);
        if (plots.states[row] == PlotState::held_out) {
            add(held, row);
        } else if (!has_area) {
            add(none, row);
        } else if (type != nullptr && type->text(row) != "10") {
            add(other, row);
        } else if (restored != nullptr && restored->text(row) == "B") {
            add(done, row);
        }
    }
    return {std::move(held), std::move(none), std::move(other), std::move(done)};
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
by_gates(const Table& table, const Rules& rules, const Plots& plots) {
    const Ranking judged = judge_gates(table, rules, plots.states);
    std::vector<EligibilityCount> counts{held_out(plots), no_area()};
    for (const Gate& gate : rules.gates) {
        const std::string name = gate.name.empty() ? gate.id : gate.name;
        counts.push_back({gate.id, text("不符合“{}”", "not {}", name), 0});
    }
    for (std::size_t row = 0; row < judged.failed_gate.size(); ++row) {
        const auto count =
            std::find_if(counts.begin(), counts.end(), [&](const EligibilityCount& each) {
                return judged.failed_gate[row] == each.id;
            });
        if (count != counts.end()) {
            add(*count, row);
        }
    }
    return counts;
}

/// Where no plot has an area, no gate can be judged.
std::vector<EligibilityCount> without_areas(const Plots& plots) {
    std::vector<EligibilityCount> counts{held_out(plots), no_area()};
    for (std::size_t row = 0; row < plots.size(); ++row) {
        add(counts[plots.states[row] == PlotState::held_out ? 0 : 1], row);
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
        counts = nationally(plots, areas_m2);
    } else {
        const Table table = with_areas(plots, areas_m2);
        const auto& areas = table.at("area_m2").valid;
        if (std::find(areas.begin(), areas.end(), 1) == areas.end()) {
            counts = without_areas(plots);
        } else {
            Rules here;
            here.gates = judgeable(table, rules.gates, issues);
            counts = by_gates(table, here, plots);
        }
    }
    std::erase_if(counts, [](const EligibilityCount& count) { return count.rows == 0; });
    return counts;
}

} // namespace tuban
