#include "catch.hpp"
#include "shapes_for_tests.hpp"
#include "spatial/polygon_locator.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <random>

using namespace tuban;
using shapes::Ring;

namespace {

constexpr auto polygon = GeometryKind::polygon;
constexpr auto line = GeometryKind::line;
constexpr auto point = GeometryKind::point;
constexpr double pi = 3.14159265358979323846;

std::optional<Nearest> nearest_of(const Geometry& plot, const Geometry& features) {
    Layer layer;
    layer.geometry = features;
    return nearest(plot, "EPSG:4490", layer).at(0);
}

struct Edge {
    LonLat a;
    LonLat b;
};

double step(double from, double to) {
    return std::remainder(to - from, 360.0);
}

std::vector<Edge> edges_of(const Geometry& geometry, std::size_t feature) {
    std::vector<Edge> edges;
    for (std::size_t part = geometry.feature_offsets[feature];
         part < geometry.feature_offsets[feature + 1];
         ++part) {
        for (std::size_t r = geometry.part_offsets[part]; r < geometry.part_offsets[part + 1];
             ++r) {
            const std::size_t from = geometry.ring_offsets[r];
            const std::size_t n = geometry.ring_offsets[r + 1] - from;
            const bool closed = geometry.kinds[feature] == polygon;
            for (std::size_t i = 0; i < (closed || n == 1 ? n : n - 1); ++i) {
                const std::size_t p = from + i;
                const std::size_t q = from + (i + 1) % n;
                edges.push_back(
                    {{geometry.lon_deg[p], geometry.lat_deg[p]},
                     {geometry.lon_deg[q], geometry.lat_deg[q]}}
                );
            }
        }
    }
    return edges;
}

LonLat along(const Edge& edge, double u) {
    return {
        edge.a.lon_deg + u * step(edge.a.lon_deg, edge.b.lon_deg),
        edge.a.lat_deg + u * (edge.b.lat_deg - edge.a.lat_deg)};
}

/// Golden-section minimum of Karney's inverse from a position to an edge.
double golden(LonLat p, const Edge& edge) {
    const double ratio = 0.6180339887498949;
    double low = 0.0;
    double high = 1.0;
    double x = high - ratio * (high - low);
    double y = low + ratio * (high - low);
    double fx = geodesic_distance_m(p, along(edge, x));
    double fy = geodesic_distance_m(p, along(edge, y));
    for (int i = 0; i < 45; ++i) {
        if (fx < fy) {
            high = y;
            y = x;
            fy = fx;
            x = high - ratio * (high - low);
            fx = geodesic_distance_m(p, along(edge, x));
        } else {
            low = x;
            x = y;
            fx = fy;
            y = low + ratio * (high - low);
            fy = geodesic_distance_m(p, along(edge, y));
        }
    }
    return std::min({fx, fy, geodesic_distance_m(p, edge.a), geodesic_distance_m(p, edge.b)});
}

bool cross(const Edge& e, const Edge& f) {
    const auto side = [&](const Edge& g, const LonLat& p) {
        const double gx = step(g.a.lon_deg, g.b.lon_deg);
        const double gy = g.b.lat_deg - g.a.lat_deg;
        return gx * (p.lat_deg - g.a.lat_deg) - gy * step(g.a.lon_deg, p.lon_deg) > 0.0;
    };
    return side(e, f.a) != side(e, f.b) && side(f, e.a) != side(f, e.b);
}

bool inside(const std::vector<Edge>& rings, const LonLat& p) {
    bool odd = false;
    for (const Edge& e : rings) { // a ray to the east
        if ((e.a.lat_deg > p.lat_deg) == (e.b.lat_deg > p.lat_deg)) {
            continue;
        }
        const double u = (p.lat_deg - e.a.lat_deg) / (e.b.lat_deg - e.a.lat_deg);
        const double from = step(p.lon_deg, e.a.lon_deg);
        if (from + u * step(e.a.lon_deg, e.b.lon_deg) > 0.0) {
            odd = !odd;
        }
    }
    return odd;
}

/// The plain reference: every edge against every edge.
double brute(const Geometry& plot, const Geometry& features, std::size_t feature) {
    const auto own = edges_of(plot, 0);
    const auto other = edges_of(features, feature);
    if (inside(own, other.front().a) ||
        (features.kinds[feature] == polygon && inside(other, own.front().a))) {
        return 0.0;
    }
    double least = std::numeric_limits<double>::infinity();
    for (const Edge& e : own) {
        for (const Edge& f : other) {
            if (cross(e, f)) {
                return 0.0;
            }
            least =
                std::min({least, golden(e.a, f), golden(e.b, f), golden(f.a, e), golden(f.b, e)}
                );
        }
    }
    return least;
}

/// A star-shaped ring around a centre, radii up to `size` m.
Ring star(std::mt19937_64& random, LonLat center, double size, int n) {
    std::uniform_real_distribution<double> unit(0.0, 1.0);
    const LocalFrame frame(center);
    Ring ring;
    for (int k = 0; k < n; ++k) {
        const double angle = 6.283185307179586 * (k + 0.8 * unit(random)) / n;
        const double r = size * (0.3 + 0.7 * unit(random));
        ring.push_back(frame.inverse({r * std::cos(angle), r * std::sin(angle)}));
    }
    return ring;
}

/// Round 40° north, up to a degree wide; longitudes in [-180, 180].
template <class Random>
Ring star_of(std::size_t vertices, double middle_deg, const Random& random) {
    Ring ring;
    for (std::size_t k = 0; k < vertices; ++k) {
        const double angle = 2.0 * pi * static_cast<double>(k) / static_cast<double>(vertices);
        const double r = random(0.4, 1.0);
        ring.push_back(
            {std::remainder(middle_deg + r * std::cos(angle), 360.0),
             40.0 + r * std::sin(angle)}
        );
    }
    return ring;
}

} // namespace

TEST_CASE("Distances are the least Karney inverse over both outlines", "[spatial][oracle]") {
    std::mt19937_64 random(20240607);
    std::uniform_real_distribution<double> unit(0.0, 1.0);
    double worst = 0.0;
    int zeros = 0;
    for (int i = 0; i < 600; ++i) {
        LonLat center{360.0 * unit(random) - 180.0, 168.0 * unit(random) - 84.0};
        if (i % 4 == 0) { // on the antimeridian
            center.lon_deg = 180.0 - 0.003 * unit(random);
        }
        const double size = 50.0 + 600.0 * unit(random);
        const auto ring = star(random, center, size, 4 + i % 7);
        const Geometry plot = shapes::polygon({ring});
        const LocalFrame frame(center);
        Geometry features;
        const double reach = std::pow(10.0, 5.5 * unit(random)); // 1 m to 316 km
        for (int k = 0; k < 3; ++k) {
            const double angle = 6.283185307179586 * unit(random);
            const double d = reach * (1.0 + 0.2 * unit(random));
            const LonLat there = frame.inverse({d * std::cos(angle), d * std::sin(angle)});
            const auto other = star(random, there, 20.0 + 0.4 * size * unit(random), 3 + k);
            const std::array<GeometryKind, 3> kinds{polygon, line, point};
            const auto kind = kinds.at(static_cast<std::size_t>(i + k) % 3);
            shapes::add(features, kind, {{kind == point ? Ring{other.front()} : other}});
        }
        double expected = std::numeric_limits<double>::infinity();
        for (std::size_t f = 0; f < 3; ++f) {
            expected = std::min(expected, brute(plot, features, f));
        }
        const auto got = nearest_of(plot, features);
        INFO("case " << i << " at " << center.lon_deg << " " << center.lat_deg);
        REQUIRE(got.has_value());
        CHECK_THAT(got->distance_m, WithinAbs(expected, 1e-3));
        CHECK(std::abs(got->distance_m - expected) <= got->error_m);
        CHECK(brute(plot, features, got->target) <= expected + 2.0 * got->error_m);
        if (got->distance_m > 0.0) {
            CHECK_THAT(
                geodesic_distance_m(got->plot_foot, got->target_foot),
                WithinAbs(got->distance_m, 1e-3)
            );
        }
        worst = std::max(worst, std::abs(got->distance_m - expected));
        zeros += expected == 0.0 ? 1 : 0;
    }
    INFO("worst difference " << worst << " m; " << zeros << " of 600 touch");
    CHECK(worst <= 1e-3);
    CHECK(zeros > 20);
    CHECK(zeros < 400);
}

TEST_CASE("Large plots keep the millimetre far away", "[spatial][oracle]") {
    std::mt19937_64 random(99);
    for (const double km : {30.0, 120.0, 300.0, 900.0}) {
        const LonLat center{84.0, 46.0};
        const Geometry plot = shapes::polygon({star(random, center, 6000.0, 9)});
        const LonLat there = LocalFrame(center).inverse({km * 800.0, km * 600.0});
        Geometry features;
        // Edges of 6 km bend: what "straight" means must be settled before distances are compared.
        shapes::add(features, line, {{star(random, there, 300.0, 5)}});
        Layer layer;
        layer.geometry = features;
        const Geometry fine = densify(plot, "EPSG:4490");
        const auto got = nearest(plot, "EPSG:4490", layer, {2e6}).at(0);
        REQUIRE(got.has_value());
        double expected = std::numeric_limits<double>::infinity();
        for (const Edge& e : edges_of(fine, 0)) {
            for (const Edge& f : edges_of(features, 0)) {
                if (geodesic_distance_m(e.a, f.a) < got->distance_m + 1500.0) {
                    expected = std::min(
                        {expected,
                         golden(e.a, f),
                         golden(e.b, f),
                         golden(f.a, e),
                         golden(f.b, e)}
                    );
                }
            }
        }
        INFO(km);
        CHECK_THAT(got->distance_m, WithinAbs(expected, 1e-3));
    }
}

TEST_CASE("Holes count: what lies in them is outside", "[spatial]") {
    const Ring shell = shapes::box(100.0, 30.0, 100.02, 30.02);
    const Ring hole = shapes::reversed(shapes::box(100.005, 30.005, 100.015, 30.015));
    const Ring small = shapes::box(100.009, 30.009, 100.011, 30.011);
    const double gap =
        0.004; // degrees of latitude between the small square and the hole's edge
    const double expected = std::min(
        geodesic_distance_m({100.01, 30.009}, {100.01, 30.009 - gap}),
        golden({100.009, 30.011}, {{100.005, 30.005}, {100.005, 30.015}})
    );
    SECTION("a line in a plot's hole is not in the plot") {
        Geometry features;
        shapes::add(features, line, {{small}});
        CHECK_THAT(
            nearest_of(shapes::polygon({shell, hole}), features)->distance_m,
            WithinAbs(expected, 1e-3)
        );
    }
    SECTION("a plot in a reserve's hole is not in the reserve") {
        CHECK_THAT(
            nearest_of(shapes::polygon({small}), shapes::polygon({shell, hole}))->distance_m,
            WithinAbs(expected, 1e-3)
        );
    }
    SECTION("an island in the hole is in the reserve again") {
        Geometry reserve;
        shapes::add(
            reserve, polygon, {{shell, hole}, {shapes::box(100.007, 30.007, 100.013, 30.013)}}
        );
        CHECK(nearest_of(shapes::polygon({small}), reserve)->distance_m == 0.0);
    }
}

TEST_CASE("Containment and contact are distance 0", "[spatial]") {
    const Geometry plot = shapes::polygon({shapes::box(179.99, 60.0, -179.99, 60.01)});
    Geometry features;
    SECTION("a reserve around the plot") {
        shapes::add_polygon(features, {shapes::box(178.0, 59.0, -178.0, 61.0)});
    }
    SECTION("a point in the plot") {
        shapes::add(features, point, {{{{-179.995, 60.005}}}});
    }
    SECTION("one part of a multipoint in the plot") {
        shapes::add(features, point, {{{{0.0, 0.0}}}, {{{-179.995, 60.005}}}});
    }
    SECTION("a line across the plot") {
        shapes::add(features, line, {{{{179.9, 60.005}, {-179.9, 60.005}}}});
    }
    SECTION("a shared vertex") {
        shapes::add(features, line, {{{{179.99, 60.01}, {179.9, 60.1}}}});
    }
    SECTION("a shared edge") {
        shapes::add_polygon(features, {shapes::box(-179.99, 60.0, -179.98, 60.01)});
    }
    const auto got = nearest_of(plot, features);
    REQUIRE(got.has_value());
    CHECK(got->distance_m == 0.0);
    CHECK(got->target == 0);
}

TEST_CASE("A reserve round the pole holds what lies in it", "[spatial]") {
    Ring ring;
    for (int k = 0; k < 360; ++k) {
        ring.push_back({k - 180.0, 85.0});
    }
    const Geometry reserve = shapes::polygon({ring});
    CHECK(
        nearest_of(shapes::polygon({shapes::box(10.0, 88.0, 11.0, 88.1)}), reserve)
            ->distance_m == 0.0
    );
    const auto below =
        nearest_of(shapes::polygon({shapes::box(10.0, 84.0, 11.0, 84.5)}), reserve);
    CHECK_THAT(
        below->distance_m, WithinAbs(geodesic_distance_m({10.5, 84.5}, {10.5, 85.0}), 0.5)
    );
}

TEST_CASE("Of features equally near, the smallest row is named", "[spatial]") {
    const Geometry plot = shapes::polygon({shapes::box(100.0, 30.0, 100.01, 30.01)});
    Geometry features;
    shapes::add(features, point, {{{{100.2, 30.0}}}});
    for (int copy = 0; copy < 3; ++copy) {
        shapes::add(features, line, {{{{100.02, 29.9}, {100.02, 30.1}}}});
    }
    CHECK(nearest_of(plot, features)->target == 1);
}

TEST_CASE("Nothing in range, no geometry or an empty layer give no distance", "[spatial]") {
    Geometry plots;
    shapes::add_polygon(plots, {shapes::box(100.0, 30.0, 100.01, 30.01)});
    shapes::add(plots, GeometryKind::none, {});
    Layer layer;
    CHECK_FALSE(nearest(plots, "EPSG:4490", layer).at(0).has_value());
    shapes::add(layer.geometry, point, {{{{101.0, 30.0}}}});
    const auto far = nearest(plots, "EPSG:4490", layer, {1000.0});
    CHECK_FALSE(far.at(0).has_value());
    const auto near = nearest(plots, "EPSG:4490", layer);
    CHECK(near.at(0).has_value());
    CHECK_FALSE(near.at(1).has_value());
    for (const double bad : {0.0, -1.0, 3e6, std::nan("")}) {
        CHECK_THROWS_AS(nearest(plots, "EPSG:4490", layer, {bad}), Error);
    }
}

TEST_CASE("Direction of rings, cuts of edges and threads do not matter", "[spatial]") {
    std::mt19937_64 random(5);
    Geometry plots;
    Geometry backwards;
    Layer layer;
    std::uniform_real_distribution<double> unit(0.0, 1.0);
    for (int i = 0; i < 120; ++i) {
        const LonLat center{84.0 + unit(random), 46.0 + unit(random)};
        const auto ring = star(random, center, 300.0, 8);
        shapes::add_polygon(plots, {ring});
        shapes::add_polygon(backwards, {shapes::reversed(ring)});
        const LonLat other{84.0 + unit(random), 46.0 + unit(random)};
        shapes::add(
            layer.geometry, i % 2 == 0 ? line : polygon, {{star(random, other, 500.0, 9)}}
        );
    }
    Execution one;
    one.threads = 1;
    const auto expected = nearest(plots, "EPSG:4490", layer, {}, one);
    const auto other_way = nearest(backwards, "EPSG:4490", layer);
    const auto cut = nearest(densify(plots, "EPSG:4490", 1e-5), "EPSG:4490", layer);
    for (const int threads : {2, 7}) {
        Execution execution;
        execution.threads = threads;
        const auto got = nearest(plots, "EPSG:4490", layer, {}, execution);
        for (std::size_t i = 0; i < got.size(); ++i) {
            REQUIRE(got[i]->distance_m == expected[i]->distance_m); // the same bits
            REQUIRE(got[i]->target == expected[i]->target);
            REQUIRE(got[i]->plot_foot == expected[i]->plot_foot);
        }
    }
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK_THAT(other_way[i]->distance_m, WithinAbs(expected[i]->distance_m, 3e-4));
        CHECK_THAT(cut[i]->distance_m, WithinAbs(expected[i]->distance_m, 3e-4));
    }
}

TEST_CASE(
    "Polygon: asked in blocks of edges, it holds the same positions", "[spatial][nearest]"
) {
    std::mt19937_64 numbers(11);
    const auto random = [&](double low, double high) {
        return std::uniform_real_distribution<double>(low, high)(numbers);
    };
    PolygonBlocks blocks;
    std::size_t held = 0;
    std::size_t asked = 0;
    for (const std::size_t vertices : {3U, 15U, 16U, 17U, 33U, 700U}) {
        for (const double middle_deg : {87.0, 179.9, -180.0}) {
            const Geometry geometry = shapes::polygon({star_of(vertices, middle_deg, random)});
            blocks.turn_to(geometry, 0);
            const bool pole = holds_north_pole(geometry, 0);
            for (int i = 0; i < 500; ++i) {
                LonLat at{middle_deg + random(-1.5, 1.5), 40.0 + random(-1.5, 1.5)};
                if (i % 5 == 0) { // level with a vertex, or on its meridian
                    const std::size_t v = static_cast<std::size_t>(i) % vertices;
                    (i % 2 == 0 ? at.lat_deg : at.lon_deg) =
                        i % 2 == 0 ? geometry.lat_deg[v] : geometry.lon_deg[v];
                }
                at.lon_deg = std::remainder(at.lon_deg, 360.0);
                REQUIRE(blocks.holds(at) == holds(geometry, 0, at, pole));
                held += blocks.holds(at) ? 1U : 0U;
                ++asked;
            }
        }
    }
    CHECK(held > asked / 10);
    CHECK(held < asked / 2);
}
