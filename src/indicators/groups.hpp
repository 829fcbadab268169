#pragma once
// What families that group plots have in common: clusters, packages, mines.
#include <tuban/indicators.hpp>
#include <tuban/spatial.hpp>

#include <optional>
#include <string>
#include <vector>

namespace tuban::indicators {

/// What the plan counts of each plot, m²; 0 where nothing counts.
[[nodiscard]] std::vector<double> counted_m2(const EligiblePlots& eligible);

/// Three columns under the first three heads: the group of each plot, the plots in it, and their area in ha.
/// @param groups  (n)
[[nodiscard]] std::vector<Column> group_columns(
    const EligiblePlots& eligible,
    const std::vector<std::optional<std::string>>& groups,
    const std::vector<IndicatorColumn>& heads
);

/// Notes about pairs that might as well be joined or not: the first hundred, then how many more.
void append_borderline(
    const Plots& plots,
    const std::vector<BorderlineLink>& links,
    double within_m,
    std::vector<Issue>& issues
);

} // namespace tuban::indicators
