#pragma once
#include <tuban/geodesy.hpp>

#include <cmath>
#include <cstddef>

namespace tuban {

inline constexpr double pi = 3.14159265358979323846;
inline constexpr double radians_per_degree = pi / 180.0;

/// Longitude brought into [-180, 180]; values already there keep their bits.
[[nodiscard]] double wrapped_lon_deg(double lon_deg);

/// A difference of longitudes brought into [-180, 180]; one already there keeps its bits.
[[nodiscard]] inline double short_way_deg(double dlon_deg) {
    return std::abs(dlon_deg) <= 180.0 ? dlon_deg : std::remainder(dlon_deg, 360.0);
}

/// Rows of offsets that fit each other, finite positions in range: what every kernel relies on.
/// @throws Error{invalid_argument} naming the first row that is wrong.
void check_geometry(const Geometry& geometry);

/// Appends a feature of one geometry to another, as it is. @pre rows that fit each other
TUBAN_EXPORT void append_feature(const Geometry& from, std::size_t feature, Geometry& to);
/// Appends a feature without geometry.
TUBAN_EXPORT void append_nothing(Geometry& to);

/// Length of a short edge by the local radii (within 1e-3 of the geodesic below 1°), m.
[[nodiscard]] double rough_length_m(LonLat from, LonLat to);

} // namespace tuban
