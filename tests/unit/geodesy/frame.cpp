#include <tuban/geodesy.hpp>

#include "catch.hpp"

#include <array>
#include <cmath>
#include <random>

using namespace tuban;

TEST_CASE("Geodesic distances are the published ones", "[geodesy]") {
    // A quarter of the equator, and the meridian quadrant of GRS 80 (Moritz, Geodetic Reference System 1980).
    CHECK_THAT(
        geodesic_distance_m({0.0, 0.0}, {90.0, 0.0}),
        WithinAbs(6378137.0 * 1.5707963267948966, 1e-8)
    );
    CHECK_THAT(geodesic_distance_m({12.0, 0.0}, {12.0, 90.0}), WithinAbs(10001965.7293, 1e-4));
    CHECK(geodesic_distance_m({83.6, 45.94}, {83.6, 45.94}) == 0.0);
}

TEST_CASE("Earth-centred positions lie on the ellipsoid", "[geodesy]") {
    const Ecef pole = ecef({0.0, 90.0});
    CHECK_THAT(pole.z_m, WithinAbs(6356752.3141403561, 1e-8)); // b of CGCS2000
    const Ecef p = ecef({100.8, 26.0});
    const double a = 6378137.0;
    const double b = 6356752.3141403561;
    const double on = (p.x_m * p.x_m + p.y_m * p.y_m) / (a * a) + p.z_m * p.z_m / (b * b);
    CHECK_THAT(on, WithinAbs(1.0, 1e-15));
}

TEST_CASE("The local frame keeps distances within its bound", "[geodesy][oracle]") {
    std::mt19937_64 random(20240501);
    std::uniform_real_distribution<double> unit(0.0, 1.0);
    double worst = 0.0;
    for (int i = 0; i < 4000; ++i) {
        const LonLat origin{360.0 * unit(random) - 180.0, 170.0 * unit(random) - 85.0};
        const LocalFrame frame(origin);
        const double r = 2000.0 * unit(random);
        const double d = std::pow(10.0, 1.0 + 4.4 * unit(random));
        const double u = 6.283185307179586 * unit(random);
        const double v = 6.283185307179586 * unit(random);
        const LonLat p = frame.inverse({r * std::cos(u), r * std::sin(u)});
        const LonLat q = frame.inverse({d * std::cos(v), d * std::sin(v)});
        const auto plane_p = frame.forward(p);
        const auto plane_q = frame.forward(q);
        REQUIRE_THAT(plane_p.x_m, WithinAbs(r * std::cos(u), 1e-6));
        REQUIRE_THAT(plane_q.y_m, WithinAbs(d * std::sin(v), 1e-6));
        const double plane = std::hypot(plane_q.x_m - plane_p.x_m, plane_q.y_m - plane_p.y_m);
        const double bound = 1.1 * (d + r) * r * r / (6.0 * 6371000.0 * 6371000.0) + 1e-6;
        const double off = std::abs(plane - geodesic_distance_m(p, q));
        worst = std::max(worst, off / bound);
    }
    INFO("worst share of the bound " << worst);
    CHECK(worst <= 1.0);
    CHECK(worst > 0.2); // the bound is not idle
}

TEST_CASE("The frame is a plane of metres around its origin", "[geodesy]") {
    const LocalFrame frame({83.6, 45.94});
    CHECK(frame.origin() == LonLat{83.6, 45.94});
    const auto zero = frame.forward({83.6, 45.94});
    CHECK(std::hypot(zero.x_m, zero.y_m) < 1e-9);
    CHECK(frame.forward({83.601, 45.94}).x_m > 0.0);
    CHECK(frame.forward({83.6, 45.941}).y_m > 0.0);
}

namespace {

/// The most that a chain of short edges is off the line that is straight in the plane, and off the one that is straight in
/// longitude and latitude, m.
double worst_reading_m(const Geometry& cut, const std::string& crs) {
    const Transform transform(parse_crs(crs));
    double worst = 0.0;
    for (std::size_t i = 0; i + 1 < cut.lon_deg.size(); ++i) {
        LonLat from{cut.lon_deg[i], cut.lat_deg[i]};
        LonLat to{cut.lon_deg[i + 1], cut.lat_deg[i + 1]};
        const LonLat lonlat{
            from.lon_deg + 0.5 * std::remainder(to.lon_deg - from.lon_deg, 360.0),
            0.5 * (from.lat_deg + to.lat_deg)};
        const LocalFrame frame(lonlat);
        const auto f = frame.forward(from);
        const auto t = frame.forward(to);
        const double length = std::hypot(t.x_m - f.x_m, t.y_m - f.y_m);
        worst = std::max(worst, std::abs(f.x_m * t.y_m - f.y_m * t.x_m) / length);
        if (crs != "EPSG:4490") {
            transform.from_lonlat({&from.lon_deg, 1}, {&from.lat_deg, 1});
            transform.from_lonlat({&to.lon_deg, 1}, {&to.lat_deg, 1});
            LonLat middle{0.5 * (from.lon_deg + to.lon_deg), 0.5 * (from.lat_deg + to.lat_deg)};
            transform.to_lonlat({&middle.lon_deg, 1}, {&middle.lat_deg, 1});
            const auto m = frame.forward(middle);
            const double off =
                std::abs((m.x_m - f.x_m) * (t.y_m - f.y_m) - (m.y_m - f.y_m) * (t.x_m - f.x_m));
            worst = std::max(worst, off / length);
        }
    }
    return worst;
}

Geometry line_through(const std::vector<LonLat>& positions) {
    Geometry line;
    for (const LonLat& p : positions) {
        line.lon_deg.push_back(p.lon_deg);
        line.lat_deg.push_back(p.lat_deg);
    }
    line.ring_offsets = {0, positions.size()};
    line.part_offsets = {0, 1};
    line.feature_offsets = {0, 1};
    line.kinds = {GeometryKind::line};
    return line;
}

} // namespace

TEST_CASE("Densified edges are straight in every reading", "[geodesy][oracle]") {
    struct Row {
        const char* crs;
        LonLat a;
        LonLat b;
    };

    const std::array<Row, 7> rows{{
        {"EPSG:4490", {83.0, 45.0}, {83.5, 45.2}},
        {"EPSG:4490", {179.9, 60.0}, {-179.9, 60.1}},
        {"EPSG:4490", {10.0, -0.1}, {11.0, 0.1}},
        {"EPSG:4516", {83.0, 45.0}, {85.0, 45.01}},
        {"EPSG:3857", {83.0, 45.0}, {83.5, 45.2}},
        {"EPSG:32644", {83.0, 75.0}, {83.2, 75.2}},
        {"EPSG:3035", {30.0, 60.0}, {30.5, 60.1}},
    }};
    for (const Row& row : rows) {
        INFO(row.crs << " " << row.a.lon_deg);
        const Geometry cut = densify(line_through({row.a, row.b}), row.crs, 1e-4);
        REQUIRE(cut.lon_deg.size() > 10);
        CHECK(cut.lon_deg.front() == row.a.lon_deg);
        CHECK(cut.lat_deg.back() == row.b.lat_deg);
        // PROJ 9.1 inverts its own equal-area projection to a tenth of a millimetre only.
        CHECK(
            worst_reading_m(cut, row.crs) <= (std::string(row.crs) == "EPSG:3035" ? 5e-4 : 1e-4)
        );
    }
}

TEST_CASE("Outlines of plots are cut as finely as long edges", "[geodesy][oracle]") {
    std::mt19937_64 random(11);
    std::uniform_real_distribution<double> unit(-1.0, 1.0);
    // Gauss–Krüger in and far beyond its zone, Web Mercator, polar stereographic, Albers, a zone in the west.
    for (const char* crs :
         {"EPSG:4516", "EPSG:4534", "EPSG:3857", "EPSG:3995", "ESRI:102025", "EPSG:32610"}) {
        INFO(crs);
        const bool far = std::string(crs) == "EPSG:32610";
        std::size_t added = 0;
        for (int i = 0; i < 40; ++i) {
            const LonLat middle{
                (far ? -122.0 : 84.0) + 2.0 * unit(random),
                (far ? 40.5 : 46.0 + (std::string(crs) == "EPSG:3995" ? 25.0 : 0.0)) +
                    unit(random)};
            const double size_deg = 0.002 + 0.015 * std::abs(unit(random));
            std::vector<LonLat> positions;
            for (int k = 0; k < 12; ++k) {
                positions.push_back(
                    {middle.lon_deg + size_deg * unit(random),
                     middle.lat_deg + size_deg * unit(random)}
                );
            }
            const Geometry cut = densify(line_through(positions), crs, 1e-4);
            added += cut.lon_deg.size() - positions.size();
            CHECK(worst_reading_m(cut, crs) <= 1e-4);
        }
        CHECK(added > 1000); // there was something to cut
    }
}

TEST_CASE("Densify refuses a tolerance that is none", "[geodesy]") {
    CHECK_THROWS_AS(densify({}, "EPSG:4490", 0.0), Error);
    CHECK_THROWS_AS(densify({}, "EPSG:4490", std::nan("")), Error);
    CHECK_THROWS_AS(densify({}, "EPSG:4610"), Error);
    CHECK(densify({}, "EPSG:4490").size() == 0);
}
