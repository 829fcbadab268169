#pragma once
#include <tuban/workspace.hpp>

#include <string>
#include <utility>
#include <vector>

/// The tables of plan.gpkg, drawn from a Result; workbook and page may show the same rows.
namespace tuban {

/// A table of plan.gpkg without geometry: its name, what a row is, and its rows.
struct PlanTable {
    std::string name;
    std::string description;
    Table table;
};

/// Every table but `plots`, in the order of the file.
[[nodiscard]] std::vector<PlanTable> plan_tables(const Result& result);

/// Table `issues`.
[[nodiscard]] Table issues_table(const std::vector<Issue>& issues);
/// Table `repairs`: the ledger, in file order.
[[nodiscard]] Table repairs_table(const std::vector<RepairEntry>& entries);

/// (n) what became of each plot, as `status` of plan.gpkg says it: planned, unscheduled, ineligible, held_out.
[[nodiscard]] std::vector<std::string> plot_statuses(const Result& result);

/// A rule of the project as `rules` of plan.gpkg lists it.
struct RuleLine {
    std::string id;
    std::string kind; ///< gate, tier, points
    std::string name;
    std::string condition;        ///< portable SQL; of a curve: the column or expression
    std::optional<double> points; ///< of a tier: what it counts, none if no plot is in it
    std::string curve;            ///< "0: 0, 10: 5"; "" for all but curves
    std::string basis;
    std::string origin; ///< project, pack
};

/// Gates, tiers and point rules, in the order of the project.
[[nodiscard]] std::vector<RuleLine> rule_lines(const Result& result);

/// The column whose groups a requirement keeps together ("one-year" → mine_id); "" for other kinds.
[[nodiscard]] std::string group_column(const Result& result, const std::string& requirement_id);

} // namespace tuban
