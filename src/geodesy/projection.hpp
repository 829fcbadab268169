#pragma once
// What a CRS says of itself beyond what Crs keeps.
#include <tuban/geodesy.hpp>

#include <proj.h>

#include <optional>
#include <string>
#include <string_view>

namespace tuban {

/// Parameters of a transverse Mercator or Web Mercator plane.
struct Projection {
    bool web_mercator = false;
    double central_meridian_deg = 0.0;
    double origin_lat_deg = 0.0;
    double scale = 1.0;
    double false_easting_m = 0.0;
    double false_northing_m = 0.0;
    double unit_m = 1.0; ///< metres in a unit of the plane
};

/// None for geographic CRSs and other projections.
[[nodiscard]] TUBAN_EXPORT std::optional<Projection> projection_of(const Crs& crs);

/// Metres in a unit of a plane; 1 for geographic CRSs.
[[nodiscard]] TUBAN_EXPORT double unit_m_of(const Crs& crs);

/// Lower case, letters and digits only; ESRI's "D_" dropped: "D_WGS_1984" → "wgs1984".
[[nodiscard]] std::string plain_name(std::string_view name);

/// Parameters by EPSG's numbers, of a conversion of PROJ; unit_m stays 1.
[[nodiscard]] Projection read_projection(PJ_CONTEXT* context, const PJ* operation);

/// The EPSG code of a CGCS2000 Gauss–Krüger plane with these parameters; 0 for none. Where the meridian is one of both
/// the 3° and the 6° zones and the easting has no prefix, the two are the same plane and the 3° code is given.
[[nodiscard]] TUBAN_EXPORT int cgcs2000_code(const Projection& projection);

/// Central meridian that a name promises ("…GK_Zone_34", "…GK_CM_102E", "UTM zone 44N"); none if it promises nothing.
[[nodiscard]] TUBAN_EXPORT std::optional<double> meridian_in_name(std::string_view name);

/// As parse_crs(), whatever the datum: for coordinates that come with a datum shift.
[[nodiscard]] TUBAN_EXPORT Crs parse_crs_of_any_datum(std::string_view text);

/// The CRS with the same projection on CGCS2000; EPSG:4490 for geographic ones.
/// @throws Error{unreadable_input} for a projection that cannot be moved.
[[nodiscard]] TUBAN_EXPORT Crs on_cgcs2000(const Crs& crs);

/// Semi-major axis in metres and inverse flattening of the CRS's own ellipsoid (0: a sphere).
[[nodiscard]] TUBAN_EXPORT Ellipsoid ellipsoid_of(const Crs& crs);

} // namespace tuban
