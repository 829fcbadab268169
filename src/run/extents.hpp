#pragma once
#include <tuban/core.hpp>

#include <cstddef>

namespace tuban {

/// The box around a feature's vertices, as they stand: across ±180° it is as wide as the earth. West beyond east where
/// the feature has none.
[[nodiscard]] LonLatBox extent_of(const Geometry& geometry, std::size_t feature);

/// Whether two boxes share a position; one without vertices meets nothing.
[[nodiscard]] bool meet(const LonLatBox& a, const LonLatBox& b);

} // namespace tuban
