#pragma once
// What is wrong with a condition, in the user's terms, at its place, with a remedy.
#include <tuban/ranking.hpp>

#include "ranking/names.hpp"
#include "ranking/sandbox.hpp"

#include <vector>

namespace tuban::expression {

/// Refuses what SQLite would refuse obscurely, or would accept though it is not one expression over one plot.
/// @throws Error{invalid_project}
void check(const Condition& condition, const Names& names);

/// Says in the user's terms what SQLite has against a condition. Always throws Error{invalid_project}.
[[noreturn]] void explain(
    const Condition& condition,
    const Names& names,
    const Rewritten& rewritten,
    const SqlFailure& failure
);

/// Things that are legal and probably not meant.
[[nodiscard]] std::vector<Text> lints(const Condition& condition, const Names& names);

/// LIKE with a literal pattern as GLOB, comments dropped. @param sql rewritten to column names
/// @throws Error{invalid_project} for functions of ours and for a LIKE whose pattern is no literal
[[nodiscard]] std::string portable_sql(const Condition& condition, const Rewritten& rewritten);

} // namespace tuban::expression
