#include "geodesy/tile_transform.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

using namespace tuban;

namespace {

struct Positions {
    std::vector<double> x;
    std::vector<double> y;
};

Positions scattered(int count, double west, double east, double south, double north) {
    std::mt19937_64 random(7); // NOLINT(*-msc51-cpp)
    std::uniform_real_distribution<double> x(west, east);
    std::uniform_real_distribution<double> y(south, north);
    Positions result;
    for (int i = 0; i < count; ++i) {
        result.x.push_back(x(random));
        result.y.push_back(y(random));
    }
    return result;
}

/// Every corner, edge and middle of tiles of this side, and their neighbours in the last bit.
Positions borders(double side, int from, int to, int from_y, int to_y) {
    Positions result;
    for (int i = 2 * from; i <= 2 * to; ++i) {
        for (int j = 2 * from_y; j <= 2 * to_y; ++j) {
            const double x = 0.5 * i * side;
            const double y = 0.5 * j * side;
            for (const double near : {x, std::nextafter(x, -1e9), std::nextafter(x, 1e9)}) {
                result.x.push_back(near);
                result.y.push_back(y);
            }
        }
    }
    return result;
}

double worst_on_ground_m(const Positions& a, const Positions& b) {
    constexpr double radians = 3.14159265358979323846 / 180.0;
    double worst = 0.0;
    for (std::size_t i = 0; i < a.x.size(); ++i) {
        const double east = std::remainder(a.x[i] - b.x[i], 360.0) * std::cos(b.y[i] * radians);
        const double off = std::hypot(east, a.y[i] - b.y[i]) * 111'320.0;
        worst = std::max(worst, std::isnan(off) ? 1e9 : off);
    }
    return worst;
}

double worst_on_plane(const Positions& a, const Positions& b) {
    double worst = 0.0;
    for (std::size_t i = 0; i < a.x.size(); ++i) {
        const double off = std::hypot(a.x[i] - b.x[i], a.y[i] - b.y[i]);
        worst = std::max(worst, std::isnan(off) ? 1e9 : off);
    }
    return worst;
}

Positions to_lonlat(const std::string& crs, double bound_m, Positions at) {
    TileTransform(parse_crs(crs), bound_m).to_lonlat(at.x, at.y);
    return at;
}

Positions from_lonlat(const std::string& crs, double bound_m, Positions at) {
    TileTransform(parse_crs(crs), bound_m).from_lonlat(at.x, at.y);
    return at;
}

Positions exact_lonlat(const std::string& crs, Positions at) {
    Transform(parse_crs(crs)).to_lonlat(at.x, at.y);
    return at;
}

Positions exact_plane(const std::string& crs, Positions at) {
    Transform(parse_crs(crs)).from_lonlat(at.x, at.y);
    return at;
}

} // namespace

TEST_CASE("Polynomials stay within their bound of PROJ", "[tiles]") {
    // Between the checked positions PROJ itself jitters: by 3e-9 m in transverse Mercator, by 1e-8 m in Albers.
    constexpr double noise_m = 1e-8;
    const Positions plane = scattered(10'000, 200'000, 800'000, 2'000'000, 5'900'000);
    const Positions degrees = scattered(10'000, 81.0, 87.0, 18.0, 53.0);
    for (const double bound_m : {plot_bound_m, layer_bound_m}) {
        CAPTURE(bound_m);
        for (const std::string crs : {"EPSG:4537", "EPSG:32644", "EPSG:3857", "EPSG:32617"}) {
            CAPTURE(crs);
            CHECK(
                worst_on_ground_m(to_lonlat(crs, bound_m, plane), exact_lonlat(crs, plane)) <=
                bound_m + noise_m
            );
            if (crs != "EPSG:32617") { // a zone on the other side of the earth
                CHECK(
                    worst_on_plane(
                        from_lonlat(crs, bound_m, degrees), exact_plane(crs, degrees)
                    ) <= bound_m + noise_m
                );
            }
        }
        const std::string albers =
            "+proj=aea +lat_1=25 +lat_2=47 +lon_0=105 +datum=WGS84 +units=m +type=crs";
        CHECK(
            worst_on_plane(
                from_lonlat(albers, bound_m, degrees), exact_plane(albers, degrees)
            ) <= bound_m + noise_m
        );
    }
}

TEST_CASE("A hundred thousand vertices of a county stay within the bound", "[tiles]") {
    const Positions plane = scattered(100'000, 400'000, 560'000, 4'900'000, 5'100'000);
    CHECK(
        worst_on_ground_m(
            to_lonlat("EPSG:4537", plot_bound_m, plane), exact_lonlat("EPSG:4537", plane)
        ) <= plot_bound_m + 5e-9
    );
}

TEST_CASE("Borders of tiles are within the bound, too", "[tiles]") {
    for (const double side : {160'000.0, 80'000.0, 40'000.0, 5'000.0}) {
        const auto first = static_cast<int>(320'000.0 / side);
        const auto row = static_cast<int>(4'800'000.0 / side);
        const Positions at = borders(side, first, first + 4, row, row + 4);
        for (const double bound_m : {plot_bound_m, layer_bound_m}) {
            CHECK(
                worst_on_ground_m(
                    to_lonlat("EPSG:4537", bound_m, at), exact_lonlat("EPSG:4537", at)
                ) <= bound_m + 5e-9
            );
        }
    }
}

TEST_CASE("A vertex gets the same bits in whatever company", "[tiles]") {
    const Positions at = scattered(2000, 300'000, 700'000, 4'000'000, 5'000'000);
    const Positions together = to_lonlat("EPSG:4537", plot_bound_m, at);
    TileTransform one(parse_crs("EPSG:4537"), plot_bound_m);
    bool same = true;
    for (std::size_t i = at.x.size(); i-- > 0;) {
        std::vector<double> x{at.x[i]};
        std::vector<double> y{at.y[i]};
        one.to_lonlat(x, y);
        same = same && x[0] == together.x[i] && y[0] == together.y[i];
    }
    CHECK(same);
    CHECK(one.worst_check_m() > 0.0);
    CHECK(one.worst_check_m() <= plot_bound_m);
}

TEST_CASE("Where polynomials cannot follow, PROJ answers", "[tiles]") {
    // Round the pole, longitudes meet: the same bits as PROJ.
    const Positions polar = scattered(500, -200'000, 200'000, -200'000, 200'000);
    CHECK(
        worst_on_ground_m(
            to_lonlat("EPSG:3995", plot_bound_m, polar), exact_lonlat("EPSG:3995", polar)
        ) == 0.0
    );
    // Across ±180° they jump.
    const Positions fiji = scattered(5000, 400'000, 1'200'000, 7'900'000, 8'300'000);
    CHECK(
        worst_on_ground_m(
            to_lonlat("EPSG:32760", plot_bound_m, fiji), exact_lonlat("EPSG:32760", fiji)
        ) <= plot_bound_m + 5e-9
    );
    // No place on the ellipsoid, no number, beyond all tiles.
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    for (const double odd : {nan, infinity, -infinity, 1e300, 1e18, -1e9}) {
        const Positions one{{500'000.0, odd, 500'000.0}, {5e6, 5e6, odd}};
        const Positions got = to_lonlat("EPSG:4537", plot_bound_m, one);
        const Positions expected = exact_lonlat("EPSG:4537", one);
        for (std::size_t i = 1; i < 3; ++i) {
            CHECK(std::isnan(got.x[i]) == std::isnan(expected.x[i]));
        }
        CHECK(std::isfinite(got.x[0]));
    }
    // Degrees are no plane: they pass as they are.
    const Positions degrees = scattered(10, 80, 90, 40, 50);
    CHECK(to_lonlat("EPSG:4490", plot_bound_m, degrees).x == degrees.x);
}
