#pragma once
// What gates, tiers and points have in common: a rule's condition worked out, what it looked at, and its notes.
#include <tuban/ranking.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace tuban::judging {

/// A rule's condition over all rows, and the columns it looks at.
struct Judgement {
    std::vector<std::optional<bool>> truth; ///< (n)
    std::vector<const Column*> looked_at;   ///< in the table's order
};

[[nodiscard]] Judgement
judge(Conditions& conditions, const Table& table, const Condition& condition);

/// The columns behind names.
[[nodiscard]] std::vector<const Column*>
columns_of(const Table& table, const std::vector<std::string>& names);

/// "road_distance_m = 329.4, town = NULL"; numbers with at most 3 decimals, or 6 digits below 1.
[[nodiscard]] std::string
values_text(const std::vector<const Column*>& columns, std::size_t row);

/// A name that people see: the rule's, or its id.
[[nodiscard]] const std::string& shown(const std::string& name, const std::string& id);

/// An Issue about one rule and one plot.
struct RuleIssue {
    Severity severity = Severity::note;
    const char* code = "";
    std::string rule_id;
    Text message;
};

[[nodiscard]] Issue issue_at(const Table& table, std::size_t row, RuleIssue about);

/// The Issue of a condition that was NULL.
[[nodiscard]] RuleIssue null_condition(
    Severity severity,
    const std::string& rule_id,
    const std::string& name,
    const std::string& values
);

} // namespace tuban::judging
