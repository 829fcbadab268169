#pragma once
#include <tuban/run.hpp>

#include <vector>

/// Which county each plot lies in.
namespace tuban {

/// Holds plots against county polygons: a note for each plot that crosses a line, with the shares of its area; a
/// warning where the county of its id (or of XIAN) is not the one that holds most of it, and where no county holds it.
/// Shares below 0.1 % are taken for the inaccuracy of borders. @throws as open_boundary()
/// Accuracy of a share: as share_within(), 1e-6.
[[nodiscard]] std::vector<Issue>
check_counties(const Plots& plots, const BoundarySpec& boundary, const std::string& folder);

/// A note that nobody held the plots' place against the county that their ids or XIAN name, for want of county outlines;
/// none where neither names one, or nothing has a place.
/// @param how  what to write to have it checked: --boundary, boundary:
[[nodiscard]] std::optional<Issue> county_not_checked(const Plots& plots, const Text& how);

} // namespace tuban
