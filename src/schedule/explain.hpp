#pragma once
// Why a plot stands where it stands: single moves, judged in integers.
#include "schedule/problem.hpp"

namespace tuban::planning {

/// Fills reasons and alternatives of a plan that has its assignments.
void explain(Plan& plan, const Problem& problem, const Ranking& ranking, const Shares& shares);

} // namespace tuban::planning
