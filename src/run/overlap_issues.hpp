#pragma once
#include <tuban/io.hpp>
#include <tuban/spatial.hpp>

#include <vector>

namespace tuban {

/// What overlaps of plots are in people's words, for a run and a check alike.
///
/// A pair that shares ground: code overlap, a warning. The same ground twice: duplicate_geometry, an error, since all of
/// it counts twice. Of more than 100 pairs those that share most are told one by one, the others in one sum.
/// @param found  as overlaps()
[[nodiscard]] std::vector<Issue>
overlap_issues(const Plots& plots, const std::vector<Overlap>& found, const InputFile& input);

} // namespace tuban
