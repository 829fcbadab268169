#pragma once
// What has to give where no plan meets every requirement.
#include "schedule/solve.hpp"

#include <vector>

namespace tuban::planning {

/// Finds the least relaxation of the hard demands (each break counted as a fraction of what was required), writes it
/// into `relaxed` of the demands, and says in words what gives and with what it clashes.
std::vector<Conflict> relax(
    Problem& problem, const std::vector<Period>& periods, const Settings& settings, Watch& watch
);

} // namespace tuban::planning
