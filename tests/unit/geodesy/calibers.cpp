#include <tuban/geodesy.hpp>

#include "area_oracle.hpp"
#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <random>

using namespace tuban;

namespace {

/// Synthetic plots (合成数据), drawn in the plane of a 3° zone: their plane areas are known by construction.
struct Drawn {
    Geometry geometry;
    std::vector<double> plane_m2;
    std::vector<double> ellipsoid_m2;
};

/// @param east_m  of the central meridian
Drawn draw(double meridian_deg, double east_m, double north_m, std::size_t plots) {
    std::mt19937_64 random(20261122);
    std::uniform_real_distribution<double> unit(0.0, 1.0);
    Drawn drawn;
    for (std::size_t i = 0; i < plots; ++i) {
        std::vector<oracle::Point> ring;
        const double x = east_m + 8000.0 * unit(random);
        const double y = north_m + 8000.0 * unit(random);
        for (int k = 0; k < 9; ++k) {
            const double angle = 6.283185307179586 * k / 9.0;
            const double r = 40.0 + 45.0 * unit(random);
            ring.push_back(
                {oracle::real(x + r * std::cos(angle)), oracle::real(y + r * std::sin(angle))}
            );
        }
        for (const oracle::Point& p : ring) {
            const oracle::Point at = oracle::inverse_gauss(p);
            drawn.geometry.lon_deg.push_back(
                static_cast<double>(oracle::real(meridian_deg) + at.x / oracle::degree)
            );
            drawn.geometry.lat_deg.push_back(static_cast<double>(at.y / oracle::degree));
        }
        drawn.geometry.ring_offsets.push_back(drawn.geometry.lon_deg.size());
        drawn.geometry.part_offsets.push_back(i + 1);
        drawn.geometry.feature_offsets.push_back(i + 1);
        drawn.geometry.kinds.push_back(GeometryKind::polygon);
        drawn.plane_m2.push_back(static_cast<double>(oracle::shoelace_m2(ring)));
        drawn.ellipsoid_m2.push_back(static_cast<double>(oracle::official_m2(ring)));
    }
    return drawn;
}

std::vector<std::optional<double>>
written(const std::vector<double>& m2, double per_unit, int decimals) {
    std::vector<std::optional<double>> figures;
    const double scale = std::pow(10.0, decimals);
    for (const double area : m2) {
        figures.emplace_back(std::round(area / per_unit * scale) / scale);
    }
    return figures;
}

// A prefecture 127 km from its central meridian, as in the handbook's finding: 366–447 ppm.
constexpr double meridian = 102.0;
constexpr double east = -131000.0;
constexpr double north = 2877000.0;

} // namespace

TEST_CASE("Two counties that report different calibers are told apart", "[geodesy][calibers]") {
    const Drawn plots = draw(meridian, east, north, 28);
    for (std::size_t i = 0; i < plots.plane_m2.size(); ++i) {
        const double ppm = (plots.plane_m2[i] / plots.ellipsoid_m2[i] - 1.0) * 1e6;
        CHECK(ppm > 366.0);
        CHECK(ppm < 447.0);
    }
    const std::string crs = GENERATE("EPSG:4490", "EPSG:4543", "EPSG:4522");
    const auto one = area_caliber(plots.geometry, crs, written(plots.plane_m2, 1.0, 2), 2);
    REQUIRE(one);
    CHECK(one->caliber == AreaCaliber::plane_3_degree);
    CHECK(one->unit == "m2");
    CHECK(one->plane_crs == "EPSG:4543");
    CHECK(one->rows == 28);
    CHECK(one->rows_fitting == 28);
    CHECK_THAT(one->tolerance_m2, WithinAbs(0.01, 1e-12));
    CHECK(one->max_residual_m2 < 0.0051);
    CHECK(one->as_good.empty());
    CHECK(one->outliers.empty());
    // Longer edges in the file's plane than in longitude and latitude differ by less than a figure's last digit here.
    const auto two = area_caliber(plots.geometry, crs, written(plots.ellipsoid_m2, 1.0, 2), 2);
    REQUIRE(two);
    CHECK(two->caliber == AreaCaliber::survey);
    CHECK(two->rows_fitting == 28);
    CHECK(two->as_good == std::vector{AreaCaliber::geodesic});
}

TEST_CASE("A row of another caliber or unit is named", "[geodesy][calibers]") {
    const Drawn plots = draw(meridian, east, north, 28);
    auto figures = written(plots.plane_m2, 1.0, 2);
    figures[6] = std::round(plots.ellipsoid_m2[6] * 100.0) / 100.0;
    figures[11] = std::round(plots.plane_m2[11] * 100.0) / 100.0 + 35.0;
    figures[12].reset();
    const auto fit = area_caliber(plots.geometry, "EPSG:4543", figures, 2);
    REQUIRE(fit);
    CHECK(fit->caliber == AreaCaliber::plane_3_degree);
    CHECK(fit->rows == 27);
    CHECK(fit->rows_fitting == 25);
    REQUIRE(fit->outliers.size() == 2);
    CHECK(fit->outliers[0].row == 6);
    CHECK(fit->outliers[0].fits == AreaCaliber::survey);
    CHECK(fit->outliers[0].fits_unit == "m2");
    CHECK_THAT(fit->outliers[0].expected_m2, WithinAbs(plots.plane_m2[6], 1e-4));
    CHECK(fit->outliers[1].row == 11);
    CHECK_FALSE(fit->outliers[1].fits);
    CHECK_THAT(fit->max_residual_m2, WithinAbs(35.0, 0.006));
    const Text words = describe("TBTYMJ", *fit);
    CHECK(
        words.zh ==
        "TBTYMJ 是3° 带平面面积（中央子午线 102°），单位平方米（27 行中 25 行相差不超过 0.01 "
        "m²）；第 7 行与椭球面积（平方米）相符；第 12 行与各种口径都不相符"
    );
    CHECK(
        words.en ==
        "TBTYMJ is 3° plane area, central meridian 102°, in m² (25 of 27 rows within "
        "0.01 m²); row 7 fits official ellipsoid area (m²) instead; row 12 fits none"
    );
}

TEST_CASE("Every caliber and unit is recognised by its figures", "[geodesy][calibers]") {
    const Drawn plots = draw(meridian, east, north, 12);
    const Geometry& geometry = plots.geometry;
    // Square degrees by the shoelace formula, Web Mercator by its own: x = a λ, y = a asinh(tan φ − …) on the sphere.
    std::vector<double> degrees;
    std::vector<double> mercator;
    for (std::size_t i = 0; i < geometry.size(); ++i) {
        std::vector<oracle::Point> in_degrees;
        std::vector<oracle::Point> in_mercator;
        for (std::size_t k = geometry.ring_offsets[i]; k < geometry.ring_offsets[i + 1]; ++k) {
            const oracle::Real lat = oracle::real(geometry.lat_deg[k]) * oracle::degree;
            in_degrees.push_back(
                {oracle::real(geometry.lon_deg[k]), oracle::real(geometry.lat_deg[k])}
            );
            in_mercator.push_back(
                {oracle::a_m * oracle::real(geometry.lon_deg[k]) * oracle::degree,
                 oracle::a_m * std::asinh(std::tan(lat))}
            );
        }
        degrees.push_back(static_cast<double>(oracle::shoelace_m2(in_degrees)));
        mercator.push_back(static_cast<double>(oracle::shoelace_m2(in_mercator)));
    }

    struct Case {
        const std::vector<double>& areas;
        AreaCaliber caliber;
        double per_unit;
        int decimals;
        const char* unit;
    };

    const auto c = GENERATE_REF(
        Case{plots.ellipsoid_m2, AreaCaliber::survey, 1e4, 6, "ha"},
        Case{plots.ellipsoid_m2, AreaCaliber::survey, 2000.0 / 3.0, 5, "mu"},
        Case{plots.plane_m2, AreaCaliber::plane_3_degree, 1e4, 6, "ha"},
        Case{plots.plane_m2, AreaCaliber::plane_3_degree, 2000.0 / 3.0, 4, "mu"},
        Case{mercator, AreaCaliber::web_mercator, 1.0, 2, "m2"},
        Case{mercator, AreaCaliber::web_mercator, 1e4, 4, "ha"},
        Case{degrees, AreaCaliber::square_degrees, 1.0, 14, "deg2"},
        Case{degrees, AreaCaliber::square_degrees, 2000.0 / 3.0, 15, "deg2_as_mu"}
    );
    const auto fit = area_caliber(
        geometry, "EPSG:4490", written(c.areas, c.per_unit, c.decimals), c.decimals
    );
    INFO(c.unit << " " << name_of(c.caliber).en);
    REQUIRE(fit);
    CHECK(fit->caliber == c.caliber);
    CHECK(fit->unit == c.unit);
    CHECK(fit->rows_fitting == 12);
}

TEST_CASE(
    "Near a central meridian plane and ellipsoid are not told apart", "[geodesy][calibers]"
) {
    // 3 ppm of 1 ha is 0.03 m²: seen in m² with two decimals, not in ha with four. Zone 43: 129° is a meridian of both widths.
    const Drawn plots = draw(129.0, -9000.0, 5302000.0, 20);
    const auto coarse =
        area_caliber(plots.geometry, "EPSG:4490", written(plots.ellipsoid_m2, 1e4, 4), 4);
    REQUIRE(coarse);
    CHECK(coarse->caliber == AreaCaliber::survey);
    CHECK_THAT(coarse->tolerance_m2, WithinAbs(0.5, 1e-12));
    CHECK(
        coarse->as_good ==
        std::vector{
            AreaCaliber::geodesic, AreaCaliber::plane_3_degree, AreaCaliber::plane_6_degree}
    );
    CHECK(describe("MJ", *coarse)
              .zh.ends_with("；按所写的位数与测地面积、3° 带平面面积、6° 带平面面积无法区分"));
    const auto six =
        area_caliber(plots.geometry, "EPSG:4490", written(plots.plane_m2, 1.0, 2), 2);
    REQUIRE(six);
    CHECK(six->caliber == AreaCaliber::plane_3_degree);
    CHECK(six->as_good == std::vector{AreaCaliber::plane_6_degree});
    CHECK(
        describe("MJ", *six).zh ==
        "MJ 是3° 带平面面积（中央子午线 129°，3° 带与 6° 带同一平面），单位平方米（20 行中 20 "
        "行相差不超过 0.01 m²）"
    );
    CHECK_THAT(
        describe("MJ", *six).en,
        ContainsSubstring("central meridian 129° (the same plane in 3° and 6° zones)")
    );
}

TEST_CASE(
    "A column in the plane of the file's own zone is found there", "[geodesy][calibers]"
) {
    // Drawn in zone 35 (105°), though the plots lie in zone 34: the figures are 0.4 % too large.
    const Drawn plots = draw(105.0, -420000.0, north, 15);
    const auto figures = written(plots.plane_m2, 1.0, 2);
    const auto fit = area_caliber(plots.geometry, "EPSG:4523", figures, 2);
    REQUIRE(fit);
    CHECK(fit->caliber == AreaCaliber::plane_3_degree);
    CHECK(fit->plane_crs == "EPSG:4544");
    CHECK(fit->rows_fitting == 15);
    CHECK(plots.plane_m2[0] / plots.ellipsoid_m2[0] - 1.0 > 0.004);
    // The meridian 105° is no 6° zone's; in longitude and latitude nothing points to zone 35.
    const auto unknown = area_caliber(plots.geometry, "EPSG:4490", figures, 2);
    REQUIRE(unknown);
    CHECK(unknown->rows_fitting == 0);
    CHECK(unknown->unit == "m2");
    const Text words = describe("MJ", *unknown);
    CHECK_THAT(words.zh, ContainsSubstring("15 行中只有 0 行相差不超过 0.01 m²"));
    CHECK_THAT(words.en, ContainsSubstring("but only 0 of 15 rows are within 0.01 m²"));
    // A plane that is no zone of Gauss–Krüger: UTM 47 N, scale 0.9996, central meridian 99°.
    std::vector<double> utm = plane_area_m2(plots.geometry, parse_crs("EPSG:32647"));
    const auto file = area_caliber(plots.geometry, "EPSG:32647", written(utm, 1.0, 2), 2);
    REQUIRE(file);
    CHECK(file->caliber == AreaCaliber::plane_of_file);
    CHECK(file->plane_crs == "EPSG:32647");
}

TEST_CASE("What is no area is not taken for one", "[geodesy][calibers]") {
    const Drawn plots = draw(meridian, east, north, 12);
    std::vector<std::optional<double>> zeros(12, 0.0);
    CHECK_FALSE(area_caliber(plots.geometry, "EPSG:4490", zeros, 4));
    CHECK_FALSE(
        area_caliber(plots.geometry, "EPSG:4490", std::vector<std::optional<double>>(12), 4)
    );
    std::vector<std::optional<double>> numbers;
    for (int i = 0; i < 12; ++i) {
        numbers.emplace_back(3000.0 + 700.0 * i);
    }
    CHECK_FALSE(area_caliber(plots.geometry, "EPSG:4490", numbers, 0));
    // Whole hectares say nothing of plots of 1 ha.
    CHECK_FALSE(
        area_caliber(plots.geometry, "EPSG:4490", written(plots.ellipsoid_m2, 1e4, 0), 0)
    );
    CHECK_THROWS_AS(area_caliber(plots.geometry, "EPSG:4490", {1.0}, 0), Error);
    CHECK_THROWS_AS(area_caliber(plots.geometry, "EPSG:4490", zeros, 16), Error);
    CHECK_FALSE(area_caliber({}, "EPSG:4490", {}, 2));
}

TEST_CASE("Many rows are judged on a sample and counted in full", "[geodesy][calibers]") {
    const Drawn plots = draw(meridian, east, north, 5000);
    auto figures = written(plots.plane_m2, 1.0, 2);
    for (std::size_t i = 0; i < figures.size(); i += 50) {
        figures[i] = std::round(plots.ellipsoid_m2[i] * 100.0) / 100.0;
    }
    Execution one;
    one.threads = 1;
    const auto fit = area_caliber(plots.geometry, "EPSG:4490", figures, 2, one);
    REQUIRE(fit);
    CHECK(fit->caliber == AreaCaliber::plane_3_degree);
    CHECK(fit->rows == 5000);
    CHECK(fit->rows_fitting == 4900);
    REQUIRE(fit->outliers.size() == 100);
    CHECK(std::all_of(fit->outliers.begin(), fit->outliers.end(), [](const auto& outlier) {
        return outlier.fits == AreaCaliber::survey;
    }));
    CHECK_THAT(
        describe("TBTYMJ", *fit).zh,
        ContainsSubstring("；第 1、51、101、151、201 行等 100 行与椭球面积（平方米）相符")
    );
}

TEST_CASE("The main zone holds most area, not most plots", "[geodesy][calibers]") {
    Geometry geometry;
    const auto add = [&](double west, double width) {
        for (const auto& [x, y] :
             {std::pair{west, 26.0},
              {west + width, 26.0},
              {west + width, 26.0 + width},
              {west, 26.0 + width}}) {
            geometry.lon_deg.push_back(x);
            geometry.lat_deg.push_back(y);
        }
        geometry.ring_offsets.push_back(geometry.lon_deg.size());
        geometry.part_offsets.push_back(geometry.ring_offsets.size() - 1);
        geometry.feature_offsets.push_back(geometry.part_offsets.size() - 1);
        geometry.kinds.push_back(GeometryKind::polygon);
    };
    CHECK_FALSE(main_zone_3_degree(geometry));
    add(103.4, 0.01);
    add(103.3, 0.01);
    add(103.6, 0.02);
    CHECK(main_zone_3_degree(geometry)->definition == "EPSG:4544"); // 105°
    add(103.2, 0.02);
    CHECK(main_zone_3_degree(geometry)->definition == "EPSG:4543"); // 102°
    add(9.5, 1.0);
    CHECK(main_zone_3_degree(geometry)->definition == "EPSG:4543");
}
