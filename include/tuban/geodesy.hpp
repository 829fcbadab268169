#pragma once
#include <tuban/core.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Measures on the ellipsoid and the coordinate systems they come from. Lengths in m, areas in m², angles in degrees.
namespace tuban {

struct Ellipsoid {
    double a_m = 6378137.0;
    double inverse_flattening = 298.257222101;
};

/// CGCS2000 (GB 22021-2008); equal to GRS 80 in a and f.
inline constexpr Ellipsoid cgcs2000{};

/// What is known of a coordinate system after it has been judged by the datum rule.
struct Crs {
    std::string definition; ///< "EPSG:4516" where PROJ knows the code, else WKT 2
    std::string name;       ///< "CGCS2000 / 3-degree Gauss-Kruger zone 28"
    bool geographic = false;
    bool datum_note =
        false; ///< a datum taken as equal to CGCS2000 though it is not that one (WGS 84, ETRS89, ITRF…)
    std::string
        given_name; ///< what the text that was read calls it; it may name another zone than the parameters make
};

/// Reads a CRS from "EPSG:4516" (or the number alone), WKT 1 or 2 (also ESRI's), PROJJSON, a PROJ string or an exact
/// name (in any case, never a similar one), and judges its datum.
///
/// CGCS2000, WGS 84, ETRS89 and ITRF realisations count as equal (under 1 m, static): an allow-list of datums, since
/// PROJ calls such pairs "ballpark" as it does Xian 80.
/// @throws Error{unreadable_input} for an unknown CRS, or a datum off the list (Beijing 54, Xian 80, local ones).
[[nodiscard]] TUBAN_EXPORT Crs parse_crs(std::string_view text);

/// Between a CRS and CGCS2000 longitude and latitude, always in the order east (or longitude), north (or latitude).
/// Made once per data set; const after. One instance per thread.
class TUBAN_EXPORT Transform {
public:
    explicit Transform(const Crs& crs);
    ~Transform();
    Transform(Transform&& other) noexcept;
    Transform& operator=(Transform&& other) noexcept;
    Transform(const Transform&) = delete;
    Transform& operator=(const Transform&) = delete;

    /// x, y → lon, lat in degrees. A vertex that cannot be transformed becomes NaN, NaN.
    void to_lonlat(std::span<double> x_then_lon, std::span<double> y_then_lat) const;
    /// lon, lat in degrees → x, y. A vertex that cannot be transformed becomes NaN, NaN.
    void from_lonlat(std::span<double> lon_then_x, std::span<double> lat_then_y) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

enum class AreaMethod {
    survey, ///< the notice's trapezoid series, edges straight in the source plane, cut at 70 m: the official area
    survey_vertices, ///< the same series, one trapezoid per edge
    geodesic,        ///< geodesic edges between the vertices (Karney)
};

/// Area of each feature of a geometry, shells minus holes.
///
/// @param geometry  (n) features; those that are not polygons have no area
/// @param edge_crs  where edges are straight ("EPSG:n" or WKT)
/// @return (n) m², >= 0, unrounded; NaN where there is no polygon, or `edge_crs` cannot express a vertex of it
/// Accuracy: survey series 1e-10 relative against the closed form between 16° and 55°; geodesic ≈ 1e-4 m² per plot.
/// Source: 国土调查办发〔2008〕32号 with CGCS2000 constants; Karney, J. Geodesy 87 (2013), doi:10.1007/s00190-012-0578-z.
[[nodiscard]] TUBAN_EXPORT std::vector<double> area_m2(
    const Geometry& geometry,
    std::string_view edge_crs,
    AreaMethod method,
    const Execution& execution = {}
);

/// Area of each feature in a plane: edges straight between the projected vertices, shells minus holes.
/// @return (n) m², whatever the unit of the plane, >= 0; NaN where there is no polygon, or `plane_crs` cannot express it
[[nodiscard]] TUBAN_EXPORT std::vector<double>
plane_area_m2(const Geometry& geometry, const Crs& plane_crs, const Execution& execution = {});

/// How the figures of an area column were made (口径).
enum class AreaCaliber : std::uint8_t {
    survey,         ///< the official area on the ellipsoid
    geodesic,       ///< geodesic edges on the ellipsoid
    plane_3_degree, ///< in the plane of a 3° Gauss–Krüger zone
    plane_6_degree,
    plane_of_file, ///< in the plane of the file's own CRS, where that is no zone of Gauss–Krüger
    web_mercator, ///< in the plane of EPSG:3857: 1/cos² B too large
    square_degrees,
};

/// What one column of figures turns out to be, against the geometry of its rows.
struct CaliberFit {
    AreaCaliber caliber = AreaCaliber::survey;
    /// "m2", "ha", "mu"; of square degrees "deg2", and "deg2_as_ha", "deg2_as_mu" where they were converted like m²
    std::string unit;
    std::string
        plane_crs; ///< of a plane caliber: the CRS of all rows; "" where each row is in its own zone
    std::size_t rows = 0; ///< rows with a figure above 0 and a polygon
    std::size_t rows_fitting =
        0; ///< of them, those that agree to the digits they are written with
    double tolerance_m2 = 0.0; ///< half a unit of the last written digit, at least 0.01 m²
    double median_residual_m2 = 0.0; ///< residuals are |given − expected|, over all rows
    double p95_residual_m2 = 0.0;
    double max_residual_m2 = 0.0;
    /// Others that fit as many rows: near a central meridian they cannot be told apart. In the order of AreaCaliber.
    std::vector<AreaCaliber> as_good;

    /// A row that does not fit.
    struct Outlier {
        std::size_t row = 0;
        double given_m2 = 0.0;
        double expected_m2 = 0.0;
        std::optional<AreaCaliber> fits; ///< the caliber it fits instead
        std::string fits_unit;
    };

    std::vector<Outlier> outliers; ///< by row
};

/// Tries a column of figures as each caliber in each unit; the reading that fits most rows wins, ties by AreaCaliber.
///
/// Plane calibers are tried in each plot's own zone, in the one zone that holds most plot area and in the file's own.
/// Square degrees are compared through the survey area of their row. Above 500 rows, which reading wins and
/// `as_good` are judged on 500 rows spread evenly; counts, residuals and outliers are of all rows.
/// @param figures  (n) as written; none for null
/// @param decimals digits after the point that the column is written with, [0, 15]
/// @return none if no reading comes within 1 % (or the written digits) on at least half of the rows; a fit with
///         rows_fitting below half of rows tells the likely unit, not more
[[nodiscard]] TUBAN_EXPORT std::optional<CaliberFit> area_caliber(
    const Geometry& geometry,
    std::string_view edge_crs,
    const std::vector<std::optional<double>>& figures,
    int decimals,
    const Execution& execution = {}
);

/// 椭球面积, area on the ellipsoid …
[[nodiscard]] TUBAN_EXPORT Text name_of(AreaCaliber caliber);

/// What a fit says of its column, in a sentence without full stop: "TBTYMJ is area in the plane of the 3° zone (central
/// meridian 84°), in m²: 27 of 28 rows agree within 0.01 m²; row 7 fits area on the ellipsoid instead".
[[nodiscard]] TUBAN_EXPORT Text describe(std::string_view column, const CaliberFit& fit);

/// The 3° zone (as gauss_kruger_3_degree) that holds most of the plots' area; plots belong to the zone of the middle of
/// their longitudes. None if no polygon lies in the zones of China.
[[nodiscard]] TUBAN_EXPORT std::optional<Crs> main_zone_3_degree(const Geometry& geometry);

/// Length of all rings of each feature, geodesics between the vertices. @return (n) m; NaN where there is no polygon.
[[nodiscard]] TUBAN_EXPORT std::vector<double>
perimeter_m(const Geometry& geometry, const Execution& execution = {});

/// Shortest distance on the ellipsoid between two positions, m. Karney's inverse, accuracy 15 nm.
[[nodiscard]] TUBAN_EXPORT double geodesic_distance_m(LonLat from, LonLat to);

/// Cuts edges that are straight in `edge_crs` until straight in that CRS, straight in lon/lat and geodesic agree.
///
/// @param tolerance_m  > 0; greatest distance between the three readings of an edge
/// @return the same features with more vertices; original vertices keep their bits
[[nodiscard]] TUBAN_EXPORT Geometry
densify(const Geometry& geometry, std::string_view edge_crs, double tolerance_m = 1e-4);

/// Earth-centred position at height 0, m.
struct Ecef {
    double x_m = 0.0;
    double y_m = 0.0;
    double z_m = 0.0;
};

[[nodiscard]] TUBAN_EXPORT Ecef ecef(LonLat position);

/// A plane (azimuthal equidistant) in which distance from its origin is geodesic, and distance between two points at
/// r and d from it is off by at most 1.1·d·r²/(6R²) + 1e-6 m for d + r up to 300 km. No state but its origin.
class TUBAN_EXPORT LocalFrame {
public:
    explicit LocalFrame(LonLat origin);

    struct Point {
        double x_m = 0.0; ///< east
        double y_m = 0.0; ///< north
    };

    [[nodiscard]] Point forward(LonLat position) const;
    [[nodiscard]] LonLat inverse(Point point) const;

    [[nodiscard]] LonLat origin() const noexcept { return origin_; }

private:
    LonLat origin_;
    // What forward() needs of the origin, computed once.
    Ecef center_;
    double sin_lon_;
    double cos_lon_;
    double sin_lat_;
    double cos_lat_;
    double inverse_n2_ = 0.0;
    double inverse_m2_ = 0.0;
};

/// The 3° Gauss–Krüger CRS (EPSG 4534–4554, no zone prefix) or the 6° one (4502–4512) for a longitude.
/// @throws Error{invalid_argument} outside 73.5–136.5° (3°) or 72–138° (6°).
[[nodiscard]] TUBAN_EXPORT Crs gauss_kruger_3_degree(double lon_deg);
[[nodiscard]] TUBAN_EXPORT Crs gauss_kruger_6_degree(double lon_deg);

} // namespace tuban
