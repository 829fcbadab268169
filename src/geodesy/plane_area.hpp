#pragma once
#include <tuban/geodesy.hpp>

#include <optional>
#include <vector>

namespace tuban {

/// Where the 3° and the 6° zones of CGCS2000 begin and end, degrees of longitude.
inline constexpr double west_3_degree = 73.5;
inline constexpr double east_3_degree = 136.5;
inline constexpr double west_6_degree = 72.0;
inline constexpr double east_6_degree = 138.0;

/// Features in the plane of longitude and latitude; NaN where there is no polygon.
struct DegreeAreas {
    std::vector<double> square_degrees; ///< (n) area
    std::vector<double> middle_lon_deg; ///< (n) middle of its longitudes
};

/// @throws Error as check_geometry()
[[nodiscard]] DegreeAreas
degree_areas(const Geometry& geometry, const Execution& execution = {});

/// main_zone_3_degree() of areas that the caller has.
[[nodiscard]] std::optional<Crs>
main_zone_3_degree(const Geometry& geometry, const DegreeAreas& areas);

} // namespace tuban
