// Datum shifts against a seven-parameter transformation computed apart (Python, Bursa–Wolf written out), and the shifts
// of web maps against published pairs.
#include "catch.hpp"
#include "geodesy/datum_shift.hpp"
#include "geodesy/projection.hpp"
#include "geodesy/web_map_shift.hpp"

#include <array>
#include <cmath>

using namespace tuban;

namespace {

LonLat through(const DatumMapping& mapping, double x, double y) {
    std::array<double, 1> u{x};
    std::array<double, 1> v{y};
    mapping.forward(u, v);
    return {u[0], v[0]};
}

constexpr Helmert seven{110.25, -60.5, -35.75, 1.2, -0.8, 2.5, -3.1};
constexpr Helmert three{15.8, -154.4, -82.3};

} // namespace

TEST_CASE(
    "Seven parameters give the worked example of the EPSG guidance note", "[geodesy][shift]"
) {
    // IOGP 373-7-2, position vector: WGS 72 55° N 4° E → 55°00'00.090" N 4°00'00.554" E. Printed to 0.001" (3 cm).
    const DatumMapping mapping(
        parse_crs_of_any_datum("EPSG:4322"), {0.0, 0.0, 4.5, 0.0, 0.0, 0.554, 0.219}
    );
    CHECK(mapping.target().definition == "EPSG:4490");
    const LonLat p = through(mapping, 4.0, 55.0);
    CHECK_THAT((p.lon_deg - 4.0) * 3600.0, WithinAbs(0.554, 0.0006));
    CHECK_THAT((p.lat_deg - 55.0) * 3600.0, WithinAbs(0.090, 0.0006));
}

TEST_CASE("Old datums come to CGCS2000 by the parameters given", "[geodesy][shift]") {
    struct Case {
        const char* from;
        Helmert shift;
        LonLat given;
        const char* plane; ///< the same projection on CGCS2000
        LonLat expected;
    };

    const auto c = GENERATE(
        Case{
            "EPSG:2425", // Beijing 54, CM 84
            three,
            {468980.696104, 5089584.398582},
            "EPSG:4537",
            {468948.574306, 5089549.324709}},
        Case{
            "EPSG:2373", // Xian 80, CM 84
            seven,
            {468981.199007, 5089497.066995},
            "EPSG:4537",
            {468933.625224, 5089544.049092}},
        Case{
            "EPSG:2385", // Xian 80, CM 120
            seven,
            {624030.851464, 3442789.844156},
            "EPSG:4549",
            {624054.508288, 3442833.079098}}
    );
    INFO(c.from);
    const DatumMapping mapping(parse_crs_of_any_datum(c.from), c.shift);
    CHECK(mapping.target().definition == c.plane);
    const LonLat p = through(mapping, c.given.lon_deg, c.given.lat_deg);
    CHECK_THAT(p.lon_deg, WithinAbs(c.expected.lon_deg, 1e-4)); // m; numbers above have 1e-6
    CHECK_THAT(p.lat_deg, WithinAbs(c.expected.lat_deg, 1e-4));
    std::array<double, 1> x{p.lon_deg};
    std::array<double, 1> y{p.lat_deg};
    mapping.inverse(x, y); // the height of some metres is lost on the way
    CHECK_THAT(x[0], WithinAbs(c.given.lon_deg, 2e-3));
    CHECK_THAT(y[0], WithinAbs(c.given.lat_deg, 2e-3));
}

TEST_CASE("Coordinate-frame rotations turn the other way", "[geodesy][shift]") {
    Helmert turned = seven;
    turned.coordinate_frame = true;
    const DatumMapping mapping(parse_crs_of_any_datum("EPSG:4610"), turned);
    const LonLat p = through(mapping, 83.6, 45.94);
    CHECK_THAT(p.lon_deg, WithinAbs(83.597617179348, 1e-10)); // 1e-5 m
    CHECK_THAT(p.lat_deg, WithinAbs(45.939729967878, 1e-10));
    const LonLat q = through({parse_crs_of_any_datum("EPSG:4610"), seven}, 83.6, 45.94);
    CHECK_THAT(q.lon_deg, WithinAbs(83.599383144941, 1e-10));
    CHECK_THAT(q.lat_deg, WithinAbs(45.940441902457, 1e-10));
}

TEST_CASE("Four parameters turn, stretch and move the plane", "[geodesy][shift]") {
    // By hand: 90° counter-clockwise takes (3, 4) to (−4, 3); 1 000 000 ppm doubles.
    const DatumMapping quarter({10.0, 20.0, 324'000.0, 1e6}, parse_crs("EPSG:4516"));
    const LonLat p = through(quarter, 3.0, 4.0);
    CHECK_THAT(p.lon_deg, WithinAbs(10.0 - 8.0, 1e-9));
    CHECK_THAT(p.lat_deg, WithinAbs(20.0 + 6.0, 1e-9));
    std::array<double, 1> x{p.lon_deg};
    std::array<double, 1> y{p.lat_deg};
    quarter.inverse(x, y);
    CHECK_THAT(x[0], WithinAbs(3.0, 1e-9));
    CHECK_THAT(y[0], WithinAbs(4.0, 1e-9));
}

TEST_CASE("An edge of 10 km stays straight to 0.1 mm under a datum shift", "[geodesy][shift]") {
    const DatumMapping mapping(parse_crs_of_any_datum("EPSG:2373"), seven);
    for (const double dx : {10'000.0, 0.0}) {
        const double dy = 10'000.0 - dx;
        const LonLat a = through(mapping, 468981.0, 5089497.0);
        const LonLat b = through(mapping, 468981.0 + dx, 5089497.0 + dy);
        const LonLat middle = through(mapping, 468981.0 + dx / 2.0, 5089497.0 + dy / 2.0);
        CHECK(
            std::hypot(
                (a.lon_deg + b.lon_deg) / 2.0 - middle.lon_deg,
                (a.lat_deg + b.lat_deg) / 2.0 - middle.lat_deg
            ) < 1e-4
        );
    }
}

TEST_CASE(
    "The shifts of web maps have their published size and are undone", "[geodesy][webmap]"
) {
    // Public test pairs of the formulas (Beijing, Tiananmen: 116.404 E 39.915 N).
    const LonLat gcj02 = shifted({116.404, 39.915}, WebMap::gcj02);
    CHECK_THAT(gcj02.lon_deg, WithinAbs(116.41024449916938, 1e-9));
    CHECK_THAT(gcj02.lat_deg, WithinAbs(39.91640428150164, 1e-9));
    CHECK(shifted({9.5, 47.1}, WebMap::gcj02) == LonLat{9.5, 47.1});
    CHECK(shifted({9.5, 47.1}, WebMap::bd09) == LonLat{9.5, 47.1});
    for (const WebMap map : {WebMap::gcj02, WebMap::bd09}) {
        for (const LonLat p : {LonLat{83.6, 45.94}, LonLat{121.3, 31.1}, LonLat{100.8, 26.0}}) {
            const LonLat back = unshifted(shifted(p, map), map);
            CHECK_THAT(back.lon_deg, WithinAbs(p.lon_deg, 1e-9));
            CHECK_THAT(back.lat_deg, WithinAbs(p.lat_deg, 1e-9));
        }
    }
}

TEST_CASE(
    "A layer off by a web map's shift is found, other shifts are not", "[geodesy][webmap]"
) {
    std::vector<LonLat> place;
    std::vector<LonLat> gcj02;
    std::vector<LonLat> bd09;
    std::vector<LonLat> moved;
    for (int i = 0; i < 40; ++i) {
        const LonLat p{83.2 + 0.02 * (i % 8), 45.6 + 0.03 * (i / 8)};
        place.push_back({p.lon_deg + 1e-5 * (i % 3), p.lat_deg});
        gcj02.push_back(shifted(p, WebMap::gcj02));
        bd09.push_back(shifted(p, WebMap::bd09));
        moved.push_back({p.lon_deg - 0.004, p.lat_deg + 0.003}); // 450 m to the north-west
    }
    const auto found = web_map_shift(gcj02, place);
    REQUIRE(found);
    CHECK(found->map == WebMap::gcj02);
    CHECK(found->positions == 40);
    CHECK(found->residual_m < 3.0);
    CHECK_THAT(found->before_m, WithinAbs(found->offset_m, 3.0));
    const auto baidu = web_map_shift(bd09, place);
    REQUIRE(baidu);
    CHECK(baidu->map == WebMap::bd09);
    CHECK_FALSE(web_map_shift(place, place));
    CHECK_FALSE(web_map_shift(moved, place));
    CHECK_FALSE(web_map_shift({gcj02[0]}, {place[0]}));

    Geometry reference;
    for (const LonLat& p : place) {
        reference.lon_deg.push_back(p.lon_deg);
        reference.lat_deg.push_back(p.lat_deg);
        reference.ring_offsets.push_back(reference.lon_deg.size());
    }
    const auto nearest = web_map_shift_to_nearest(gcj02, reference);
    REQUIRE(nearest);
    CHECK(nearest->map == WebMap::gcj02);
    CHECK_FALSE(web_map_shift_to_nearest(moved, reference));
    CHECK_FALSE(web_map_shift_to_nearest(gcj02, Geometry{}));
}
