#pragma once
#include "io/handles.hpp"

namespace tuban {

/// Farthest that the straight edges made of an arc lie from it.
inline constexpr double arc_tolerance_m = 1e-4;

/// The geometry with every arc as a chain of edges on it, at most `arc_tolerance_m` away (in degrees, as if on the
/// equator). Points that define an arc are kept; Z and M are not.
/// @param geographic  coordinates are degrees
[[nodiscard]] OgrGeometry straightened(OGRGeometryH geometry, bool geographic);

} // namespace tuban
