#pragma once
#include <tuban/geodesy.hpp>

#include <vector>

namespace tuban {

/// Where the 3° and the 6° zones of CGCS2000 begin and end, degrees of longitude.
inline constexpr double west_3_degree = 73.5;
inline constexpr double east_3_degree = 136.5;
inline constexpr double west_6_degree = 72.0;
inline constexpr double east_6_degree = 138.0;

/// Area of each feature in the plane of longitude and latitude, square degrees; NaN where there is no polygon.
[[nodiscard]] TUBAN_EXPORT std::vector<double> square_degrees(const Geometry& geometry);

/// Middle of each polygon's longitudes, degrees; NaN where there is no polygon.
[[nodiscard]] std::vector<double> middle_longitudes(const Geometry& geometry);

} // namespace tuban
