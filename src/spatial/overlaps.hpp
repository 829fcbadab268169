#pragma once
#include <tuban/spatial.hpp>

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace tuban {

/// How the ground of two plots lies.
enum class GroundRelation {
    unknown,     ///< one has no geometry
    same,        ///< nothing is left of either
    overlapping, ///< by more than 0.01 m²
    touching,    ///< within 1 mm
    apart,
};

/// @param pairs  (p) rows of `plots`
/// @return (p)
[[nodiscard]] TUBAN_EXPORT std::vector<GroundRelation> ground_relations(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    const std::vector<std::pair<std::size_t, std::size_t>>& pairs
);

} // namespace tuban
