#pragma once
#include "io/handles.hpp"

namespace tuban {

/// Farthest that the straight edges made of an arc lie from it.
inline constexpr double arc_tolerance_m = 1e-4;

/// The geometry with every arc as a chain of edges on it. Points that define an arc are kept; Z and M are not.
/// @param tolerance  farthest that an edge lies from its arc, > 0, in the coordinates' unit
[[nodiscard]] OgrGeometry straightened(OGRGeometryH geometry, double tolerance);

} // namespace tuban
