#pragma once
#include "cli/console.hpp"

#include <string>
#include <vector>

/// What several commands print.
namespace tuban::cli {

/// Where an issue is and what it says, on one line: "plots.shp 第 7 行 CT…007：自相交，已修复".
[[nodiscard]] std::string issue_line(const Issue& issue, const Console& console);

/// Warnings and errors, at most `most`, then how many more there are and of which kinds.
[[nodiscard]] std::vector<std::string>
issue_lines(const std::vector<Issue>& issues, const Console& console, std::size_t most);

[[nodiscard]] std::size_t count(const std::vector<Issue>& issues, Severity severity);

/// The table of a plan's periods: count, hectares, money, the requirements of that period; and the totals.
[[nodiscard]] std::string plan_table(const Plan& plan, const Console& console);

/// "最优，差距 0".
[[nodiscard]] std::string plan_status(const Plan& plan, const Console& console);

/// Says on stderr that a file was written.
void tell_written(const std::string& file, Console& console);

/// Infeasible: which requirements clash and what each would have to give.
[[nodiscard]] std::vector<std::string> conflict_lines(const Plan& plan, const Console& console);

} // namespace tuban::cli
