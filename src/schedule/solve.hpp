#pragma once
// The lexicographic solve: each goal in turn, then ties.
#include "schedule/model.hpp"

#include <optional>
#include <vector>

namespace tuban::planning {

struct Settings {
    double relative_gap = 0.0;
    std::int64_t seed = 0;
};

struct Solution {
    Shares shares;
    std::vector<Stage> stages;
    bool proven = true; ///< every stage's bound is its value
};

/// @return none if no plan meets the hard demands (as far as they are not relaxed).
std::optional<Solution>
solve_in_order(const Problem& problem, const Settings& settings, Watch& watch);

} // namespace tuban::planning
