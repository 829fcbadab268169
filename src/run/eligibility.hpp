#pragma once
#include <tuban/run.hpp>

#include <vector>

/// Who may not take part, before anything is measured.
namespace tuban {

/// Rows that take no part, by the first reason that holds: held out, without area, then the gates in their order. Gates
/// that need what only a run measures are left to it, with a note. Without gates: the national rule, TBDL 10 and
/// HFZLQK not B, where those columns are there; reasons without rows are left out. A row is under one reason.
/// @param areas_m2  (n) on the ellipsoid, NaN for none; a given area column counts before it
[[nodiscard]] std::vector<EligibilityCount> count_ineligible(
    const Plots& plots,
    const std::vector<double>& areas_m2,
    const Rules& rules,
    std::vector<Issue>& issues
);

} // namespace tuban
