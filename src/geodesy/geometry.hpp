#pragma once
#include <tuban/geodesy.hpp>

#include <cstddef>

namespace tuban {

inline constexpr double pi = 3.14159265358979323846;
inline constexpr double radians_per_degree = pi / 180.0;

/// Longitude brought into [-180, 180]; values already there keep their bits.
[[nodiscard]] double wrapped_lon_deg(double lon_deg);

/// Rows of offsets that fit each other, finite positions in range: what every kernel relies on.
/// @throws Error{invalid_argument} naming the first row that is wrong.
void check_geometry(const Geometry& geometry);

/// Length of a short edge by the local radii (within 1e-3 of the geodesic below 1°), m.
[[nodiscard]] double rough_length_m(LonLat from, LonLat to);

} // namespace tuban
