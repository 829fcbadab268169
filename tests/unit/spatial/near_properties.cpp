// What must not change what is near: order, company, threads, direction, cuts; and what is large, round a pole or repeated.
#include "catch.hpp"
#include "geodesy/geometry.hpp"
#include "shapes_for_tests.hpp"
#include "spatial/plot_piece.hpp"
#include "spatial/run_distance.hpp"
#include "spatial/segment_index.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

using namespace tuban;
using shapes::Ring;

namespace {

constexpr auto polygon = GeometryKind::polygon;
constexpr auto line = GeometryKind::line;
constexpr auto point = GeometryKind::point;
constexpr double turn = 6.283185307179586;

Ring star(std::mt19937_64& random, LonLat center, double size_m, int n) {
    std::uniform_real_distribution<double> unit(0.0, 1.0);
    const LocalFrame frame(center);
    Ring ring;
    for (int k = 0; k < n; ++k) {
        const double angle = turn * (k + 0.8 * unit(random)) / n;
        const double r = size_m * (0.3 + 0.7 * unit(random));
        ring.push_back(frame.inverse({r * std::cos(angle), r * std::sin(angle)}));
    }
    return ring;
}

struct Scene {
    Geometry plots;
    Layer layer;
};

/// Plots and features over a degree: some touch, some share their place with others.
Scene county() {
    std::mt19937_64 random(11);
    std::uniform_real_distribution<double> unit(0.0, 1.0);
    Scene scene;
    for (int i = 0; i < 300; ++i) {
        const LonLat at{84.0 + unit(random), 46.0 + unit(random)};
        shapes::add_polygon(
            scene.plots, {star(random, at, 100.0 + 400.0 * unit(random), 4 + i % 40)}
        );
        const LonLat other{84.0 + unit(random), 46.0 + unit(random)};
        const auto ring = star(random, other, 800.0, 3 + i % 30);
        shapes::add(scene.layer.geometry, i % 3 == 0 ? polygon : line, {{ring}});
        if (i % 10 == 0) { // and again
            shapes::add(scene.layer.geometry, i % 3 == 0 ? polygon : line, {{ring}});
        }
    }
    return scene;
}

Execution threads(int count) {
    Execution execution;
    execution.threads = count;
    return execution;
}

bool same_bits(const Nearby& a, const Nearby& b) {
    return a.offsets == b.offsets && a.targets == b.targets && a.distances_m == b.distances_m &&
           a.errors_m == b.errors_m && a.plot_feet == b.plot_feet &&
           a.target_feet == b.target_feet && a.borderline == b.borderline;
}

bool same_bits(const std::optional<Nearest>& a, const std::optional<Nearest>& b) {
    return a.has_value() == b.has_value() &&
           (!a || (a->distance_m == b->distance_m && a->target == b->target &&
                   a->error_m == b->error_m && a->plot_foot == b->plot_foot &&
                   a->target_foot == b->target_foot));
}

/// Only some plots, in the order of `rows`.
Geometry picked(const Geometry& plots, const std::vector<std::size_t>& rows) {
    Geometry result;
    for (const std::size_t row : rows) {
        append_feature(plots, row, result);
    }
    return result;
}

} // namespace

TEST_CASE("What is near does not depend on threads", "[spatial]") {
    const Scene scene = county();
    const auto few = k_nearest(scene.plots, "EPSG:4490", scene.layer, {5}, threads(1));
    const auto near = all_within(scene.plots, "EPSG:4490", scene.layer, 3000.0, threads(1));
    for (const int count : {2, 7}) {
        CHECK(same_bits(
            k_nearest(scene.plots, "EPSG:4490", scene.layer, {5}, threads(count)), few
        ));
        CHECK(same_bits(
            all_within(scene.plots, "EPSG:4490", scene.layer, 3000.0, threads(count)), near
        ));
    }
}

TEST_CASE("What is near a plot does not depend on the other plots", "[spatial]") {
    const Scene scene = county();
    const auto expected = nearest(scene.plots, "EPSG:4490", scene.layer);
    std::vector<std::size_t> rows(scene.plots.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    std::shuffle(rows.begin(), rows.end(), std::mt19937_64(3));
    const auto shuffled = nearest(picked(scene.plots, rows), "EPSG:4490", scene.layer);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        REQUIRE(same_bits(shuffled[i], expected[rows[i]]));
    }
    for (const std::size_t row : std::vector<std::size_t>{0, 77, 299}) {
        const auto alone = nearest(picked(scene.plots, {row}), "EPSG:4490", scene.layer);
        CHECK(same_bits(alone[0], expected[row]));
    }
}

TEST_CASE("What is near agrees with what is nearest", "[spatial]") {
    const Scene scene = county();
    const auto first = nearest(scene.plots, "EPSG:4490", scene.layer);
    const auto few = k_nearest(scene.plots, "EPSG:4490", scene.layer, {3});
    const auto all = k_nearest(scene.plots, "EPSG:4490", scene.layer, {1000});
    const auto near = all_within(scene.plots, "EPSG:4490", scene.layer, 20'000.0);
    for (std::size_t plot = 0; plot < scene.plots.size(); ++plot) {
        const std::size_t at = few.offsets[plot];
        REQUIRE(few.offsets[plot + 1] == at + 3);
        REQUIRE(few.distances_m[at] == first[plot]->distance_m);
        REQUIRE(all.offsets[plot + 1] - all.offsets[plot] == scene.layer.geometry.size());
        for (std::size_t i = 0; i < 3; ++i) {
            REQUIRE(few.targets[at + i] == all.targets[all.offsets[plot] + i]);
        }
        for (std::size_t i = near.offsets[plot]; i < near.offsets[plot + 1]; ++i) {
            const std::size_t other = all.offsets[plot] + i - near.offsets[plot];
            REQUIRE(near.targets[i] == all.targets[other]);
            REQUIRE(near.distances_m[i] == all.distances_m[other]);
        }
        const std::size_t next =
            all.offsets[plot] + near.offsets[plot + 1] - near.offsets[plot];
        REQUIRE((next == all.offsets[plot + 1] || all.distances_m[next] > 20'000.0));
    }
}

TEST_CASE(
    "Starting vertex, direction and cuts of rings change less than the error", "[spatial]"
) {
    const Scene scene = county();
    const auto expected = nearest(scene.plots, "EPSG:4490", scene.layer);
    Geometry turned;
    for (std::size_t plot = 0; plot < scene.plots.size(); ++plot) {
        const std::size_t from = scene.plots.ring_offsets[plot];
        const std::size_t n = scene.plots.ring_offsets[plot + 1] - from;
        Ring ring;
        for (std::size_t i = 0; i < n; ++i) {
            const std::size_t v = from + (n + n / 2 - i) % n;
            ring.push_back({scene.plots.lon_deg[v], scene.plots.lat_deg[v]});
        }
        shapes::add_polygon(turned, {ring});
    }
    const auto others = nearest(turned, "EPSG:4490", scene.layer);
    const auto cut = nearest(densify(scene.plots, "EPSG:4490", 1e-5), "EPSG:4490", scene.layer);
    for (std::size_t plot = 0; plot < expected.size(); ++plot) {
        CHECK(others[plot]->target == expected[plot]->target);
        CHECK_THAT(others[plot]->distance_m, WithinAbs(expected[plot]->distance_m, 1e-6));
        CHECK(cut[plot]->target == expected[plot]->target);
        CHECK_THAT(cut[plot]->distance_m, WithinAbs(expected[plot]->distance_m, 2e-4));
    }
}

TEST_CASE("All processors get the same bits", "[spatial]") {
    const Scene scene = county();
    const SegmentIndex index(scene.layer.geometry);
    PlotPieces pieces(scene.plots, index);
    std::size_t pairs = 0;
    for (std::size_t plot = 0; plot < 40; ++plot) {
        pieces.cut(plot);
        for (std::size_t run = 0; run < 300; ++run) {
            RunPair quick;
            RunPair plain;
            const bool found = closest_pair(pieces[0], index.run(run), 1e10, quick);
            REQUIRE(closest_pair_plain(pieces[0], index.run(run), 1e10, plain) == found);
            REQUIRE(quick.distance2 == plain.distance2);
            REQUIRE(quick.edge == plain.edge);
            REQUIRE(quick.segment == plain.segment);
            pairs += found ? 1 : 0;
        }
    }
    CHECK(pairs > 5000);
    const PlaneFrame frame({84.5, 46.5});
    std::vector<double> x(37);
    std::vector<double> y(37);
    for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] = 0.07 * static_cast<double>(i) - 1.3;
        y[i] = 0.9 - 0.05 * static_cast<double>(i);
    }
    auto plain_x = x;
    auto plain_y = y;
    const auto lon = x;
    const auto lat = y;
    frame.forward_near(x, y);
    frame.forward_near_plain(plain_x, plain_y);
    CHECK(x == plain_x);
    CHECK(y == plain_y);
    for (std::size_t i = 0; i < x.size();
         ++i) { // and the same as by way of Earth-centred positions
        const auto p = frame.forward(ecef({84.5 + lon[i], 46.5 + lat[i]}));
        CHECK_THAT(x[i], WithinAbs(p.x_m, 1e-8));
        CHECK_THAT(y[i], WithinAbs(p.y_m, 1e-8));
    }
}

TEST_CASE("The limit of a search never shows in the closest pair", "[spatial]") {
    const Scene scene = county();
    const SegmentIndex index(scene.layer.geometry);
    PlotPieces pieces(scene.plots, index);
    for (std::size_t plot = 0; plot < 20; ++plot) {
        pieces.cut(plot);
        for (std::size_t run = 0; run < 200; ++run) {
            RunPair free;
            RunPair bound;
            REQUIRE(closest_pair(pieces[0], index.run(run), 1e12, free));
            REQUIRE(closest_pair(pieces[0], index.run(run), free.distance2, bound));
            REQUIRE(bound.distance2 == free.distance2);
            REQUIRE(bound.edge == free.edge);
            REQUIRE_FALSE(
                (free.distance2 > 1.0 &&
                 closest_pair(pieces[0], index.run(run), 0.999 * free.distance2, bound))
            );
        }
    }
}

TEST_CASE("Plots of thousands of vertices are measured from each of their edges", "[spatial]") {
    std::mt19937_64 random(8);
    const LonLat center{100.0, 30.0};
    const auto shell = star(random, center, 30'000.0, 4000);
    const auto hole = shapes::reversed(star(random, center, 5'000.0, 900));
    const Geometry plots = shapes::polygon({shell, hole});
    Layer layer;
    const LocalFrame frame(center);
    const auto add = [&](double x_m, double y_m) {
        const LonLat p = frame.inverse({x_m, y_m});
        shapes::add(layer.geometry, point, {{{p}}});
    };
    add(500.0, -300.0);    // in the hole
    add(6'000.0, 0.0);     // between
    add(0.0, 50'000.0);    // outside
    add(-250'000.0, 10.0); // far
    const auto all = k_nearest(plots, "EPSG:4490", layer, {4});
    REQUIRE(all.targets == std::vector<std::size_t>{1, 0, 2, 3});
    CHECK(all.distances_m[0] == 0.0);
    for (std::size_t i = 1; i < 4; ++i) {
        const std::size_t f = all.targets[i];
        const LonLat p{layer.geometry.lon_deg[f], layer.geometry.lat_deg[f]};
        double least = 1e9;
        for (const Ring& ring : {shell, hole}) {
            for (std::size_t v = 0; v < ring.size(); ++v) { // edges in a hundred pieces
                const LonLat& a = ring[v];
                const LonLat& b = ring[(v + 1) % ring.size()];
                if (geodesic_distance_m(a, p) > all.distances_m[i] + 40'000.0) {
                    continue;
                }
                for (int k = 0; k < 100; ++k) {
                    const double u = 0.01 * k;
                    const LonLat at{
                        a.lon_deg + u * (b.lon_deg - a.lon_deg),
                        a.lat_deg + u * (b.lat_deg - a.lat_deg)};
                    if (k == 0 && geodesic_distance_m(at, p) > least + 30'000.0) {
                        break;
                    }
                    least = std::min(least, geodesic_distance_m(at, p));
                }
            }
        }
        // The samples are up to 150 m apart: the nearest of them is farther than the edge by what that makes sideways.
        CHECK(all.distances_m[i] <= least + all.errors_m[i]);
        CHECK(all.distances_m[i] >= least - 2.0);
    }
}

TEST_CASE("A plot round the pole holds what lies at the pole", "[spatial]") {
    for (const double side : {1.0, -1.0}) {
        Ring ring;
        for (int k = 0; k < 72; ++k) {
            ring.push_back({5.0 * k - 180.0, side * 88.0});
        }
        if (side < 0.0) {
            ring = shapes::reversed(ring);
        }
        const Geometry plots = shapes::polygon({ring});
        Layer layer;
        shapes::add(layer.geometry, point, {{{{12.0, side * 90.0}}}});
        shapes::add(layer.geometry, point, {{{{-33.3, side * 87.0}}}});
        shapes::add(layer.geometry, line, {{{{-179.0, side * 89.5}, {179.0, side * 89.6}}}});
        const auto all = k_nearest(plots, "EPSG:4490", layer, {3});
        REQUIRE(all.targets == std::vector<std::size_t>{0, 2, 1});
        CHECK(all.distances_m[0] == 0.0);
        CHECK(all.distances_m[1] == 0.0);
        CHECK_THAT(
            all.distances_m[2],
            WithinAbs(geodesic_distance_m({0.0, side * 87.0}, {0.0, side * 88.0}), 4e-4)
        );
    }
}

TEST_CASE("The way round the far side of the Earth counts", "[spatial]") {
    Layer layer; // spans more than half of the circle
    for (double lon = -170.0; lon <= 100.0; lon += 27.0) {
        shapes::add(layer.geometry, point, {{{{lon, 10.0}}}});
    }
    const Geometry plots = shapes::polygon({shapes::box(178.0, 10.0, 178.1, 10.1)});
    const auto got = nearest(plots, "EPSG:4490", layer, {2e6}).at(0);
    REQUIRE(got.has_value());
    CHECK(got->target == 0);
    double least = 1e9;
    for (int k = 0; k <= 10'000; ++k) { // up the eastern side
        least = std::min(least, geodesic_distance_m({178.1, 10.0 + 1e-5 * k}, {-170.0, 10.0}));
    }
    CHECK_THAT(got->distance_m, WithinAbs(least, 1e-3));
    CHECK_THAT(
        got->distance_m, WithinAbs(geodesic_distance_m(got->plot_foot, got->target_foot), 4e-4)
    );
}

TEST_CASE("A range is closed and what lies on it is borderline", "[spatial]") {
    const Geometry plots = shapes::polygon({shapes::box(100.0, 30.0, 100.01, 30.01)});
    Layer layer;
    shapes::add(layer.geometry, point, {{{{100.005, 30.02}}}});
    shapes::add(layer.geometry, point, {{{{100.005, 30.005}}}});
    shapes::add(layer.geometry, point, {{{{100.005, 30.03}}}});
    const auto all = k_nearest(plots, "EPSG:4490", layer, {3});
    REQUIRE(all.targets == std::vector<std::size_t>{1, 0, 2});
    CHECK(all.borderline == std::vector<std::uint8_t>{0, 0, 0});
    const auto near = all_within(plots, "EPSG:4490", layer, all.distances_m[1]);
    CHECK(near.targets == std::vector<std::size_t>{1, 0});
    CHECK(near.borderline == std::vector<std::uint8_t>{0, 1});
    const auto less = all_within(plots, "EPSG:4490", layer, all.distances_m[1] - 0.01);
    CHECK(less.targets == std::vector<std::size_t>{1});
    CHECK(all_within(plots, "EPSG:4490", layer, 0.0).targets == std::vector<std::size_t>{1});
    CHECK(
        k_nearest(plots, "EPSG:4490", layer, {3, 1.0}).targets == std::vector<std::size_t>{1}
    );
}

TEST_CASE("Of two at the same distance the list of one is borderline", "[spatial]") {
    const Geometry plots = shapes::polygon({shapes::box(100.0, 30.0, 100.01, 30.01)});
    Layer layer;
    for (int copy = 0; copy < 2; ++copy) {
        shapes::add(layer.geometry, line, {{{{100.02, 29.9}, {100.02, 30.1}}}});
    }
    const auto one = k_nearest(plots, "EPSG:4490", layer, {1});
    CHECK(one.targets == std::vector<std::size_t>{0});
    CHECK(one.borderline == std::vector<std::uint8_t>{1});
    const auto two = k_nearest(plots, "EPSG:4490", layer, {2});
    CHECK(two.targets == std::vector<std::size_t>{0, 1});
    CHECK(two.borderline == std::vector<std::uint8_t>{0, 0});
}

TEST_CASE(
    "Lists are empty without geometry, layer or range, and bad questions are refused",
    "[spatial]"
) {
    Geometry plots;
    shapes::add(plots, GeometryKind::none, {});
    shapes::add_polygon(plots, {shapes::box(100.0, 30.0, 100.01, 30.01)});
    Layer layer;
    CHECK(
        k_nearest(plots, "EPSG:4490", layer, {4}).offsets == std::vector<std::size_t>{0, 0, 0}
    );
    shapes::add(layer.geometry, point, {{{{101.0, 30.0}}}});
    CHECK(
        all_within(plots, "EPSG:4490", layer, 1e3).offsets == std::vector<std::size_t>{0, 0, 0}
    );
    CHECK(
        k_nearest(plots, "EPSG:4490", layer, {4}).offsets == std::vector<std::size_t>{0, 0, 1}
    );
    CHECK_THROWS_AS(k_nearest(plots, "EPSG:4490", layer, {0}), Error);
    CHECK_THROWS_AS(k_nearest(plots, "EPSG:4490", layer, {1, 0.0}), Error);
    for (const double bad : {-1.0, 300'001.0, std::nan("")}) {
        CHECK_THROWS_AS(all_within(plots, "EPSG:4490", layer, bad), Error);
    }
}
