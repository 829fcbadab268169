#include "catch.hpp"
#include "geodesy/geometry.hpp"
#include "shapes_for_tests.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <tuple>

using namespace tuban;

namespace {

using Ids = std::vector<std::string>;

std::vector<std::optional<std::string>>
clusters_of(const Geometry& plots, const Ids& ids, double within_m, int threads = 0) {
    Execution execution;
    execution.threads = threads;
    ClusterOptions options;
    options.within_m = within_m;
    options.take.assign(ids.size(), 1);
    return clusters(plots, "EPSG:4490", ids, options, execution).ids;
}

} // namespace

TEST_CASE("Chains make one cluster, named after the smallest id", "[spatial]") {
    // Squares of 0.001° along the equator, 0.001° (111.3 m) apart; the last is 0.01° away.
    Geometry plots;
    for (const double west : {0.004, 0.0, 0.002, 0.015}) {
        shapes::add_polygon(plots, {shapes::box(west, 0.0, west + 0.001, 0.001)});
    }
    const Ids ids{"b", "c", "a2", "a10"};
    const auto near = clusters_of(plots, ids, 112.0);
    CHECK(near == std::vector<std::optional<std::string>>{"a2", "a2", "a2", "a10"});
    const auto apart = clusters_of(plots, ids, 111.0);
    CHECK(apart == std::vector<std::optional<std::string>>{"b", "c", "a2", "a10"});
    const auto all = clusters_of(plots, ids, 1200.0);
    CHECK(all == std::vector<std::optional<std::string>>(4, "a10"));
}

TEST_CASE("Plots left out join nothing", "[spatial]") {
    Geometry plots;
    for (const double west : {0.0, 0.001, 0.002}) {
        shapes::add_polygon(plots, {shapes::box(west, 0.0, west + 0.001, 0.001)});
    }
    shapes::add(plots, GeometryKind::none, {});
    ClusterOptions options;
    options.take = {1, 0, 1, 1};
    const auto got = clusters(plots, "EPSG:4490", {"a", "b", "c", "d"}, options).ids;
    CHECK(got == std::vector<std::optional<std::string>>{"a", std::nullopt, "c", std::nullopt});
    CHECK(
        clusters_of(plots, {"a", "b", "c", "d"}, 0.0) ==
        std::vector<std::optional<std::string>>{"a", "a", "a", std::nullopt}
    );
}

TEST_CASE("A plot inside another belongs to it, one in its hole does not", "[spatial]") {
    Geometry plots;
    const auto shell = shapes::box(100.0, 30.0, 100.1, 30.1);
    const auto hole = shapes::reversed(shapes::box(100.02, 30.02, 100.08, 30.08));
    shapes::add_polygon(plots, {shapes::box(100.01, 30.01, 100.011, 30.011)});
    shapes::add_polygon(plots, {shell, hole});
    shapes::add_polygon(plots, {shapes::box(100.05, 30.05, 100.051, 30.051)});
    const auto got = clusters_of(plots, {"in", "around", "hole"}, 10.0);
    CHECK(got == std::vector<std::optional<std::string>>{"around", "around", "hole"});
}

TEST_CASE("Clusters are those of all pairwise distances", "[spatial][oracle]") {
    std::mt19937_64 random(3);
    std::uniform_real_distribution<double> unit(0.0, 1.0);
    Geometry plots;
    Ids ids;
    for (int i = 0; i < 80; ++i) {
        const double west = 84.0 + 0.1 * unit(random);
        const double south = 46.0 + 0.1 * unit(random);
        shapes::add_polygon(plots, {shapes::box(west, south, west + 0.003, south + 0.002)});
        ids.push_back("p" + std::to_string(i));
    }
    for (const double within : {0.0, 150.0, 500.0}) {
        std::vector<std::string> names = ids;
        for (bool changed = true; changed;) { // the least name spreads until nothing moves
            changed = false;
            for (std::size_t i = 0; i < ids.size(); ++i) {
                Layer one;
                one.geometry = shapes::polygon({shapes::box(
                    plots.lon_deg[4 * i],
                    plots.lat_deg[4 * i],
                    plots.lon_deg[4 * i + 2],
                    plots.lat_deg[4 * i + 2]
                )});
                const auto distances = nearest(plots, "EPSG:4490", one);
                for (std::size_t k = 0; k < ids.size(); ++k) {
                    if (distances[k]->distance_m <= within && names[k] != names[i]) {
                        names[k] = names[i] = std::min(names[k], names[i]);
                        changed = true;
                    }
                }
            }
        }
        const auto got = clusters_of(plots, ids, within);
        for (std::size_t i = 0; i < ids.size(); ++i) {
            CHECK(got[i] == names[i]);
        }
        CHECK(clusters_of(plots, ids, within, 1) == got);
        CHECK(clusters_of(plots, ids, within, 7) == got);
    }
}

TEST_CASE("Barriers and limits change what belongs together", "[spatial][clusters]") {
    // Squares of 0.001° on the equator, 0.001° (111.3 m) apart.
    Geometry plots;
    for (const double west : {0.0, 0.002, 0.004, 0.006}) {
        shapes::add_polygon(plots, {shapes::box(west, 0.0, west + 0.001, 0.001)});
    }
    const Ids ids{"a", "b", "c", "d"};
    ClusterOptions options;
    options.within_m = 112.0;
    const auto found = [&] { return clusters(plots, "EPSG:4490", ids, options).ids; };
    using Names = std::vector<std::optional<std::string>>;
    Layer river;
    options.barriers = &river;
    CHECK(found() == Names{"a", "a", "a", "a"});
    // A river from north to south between b and c; its south end stops short of the others.
    shapes::add(river.geometry, GeometryKind::line, {{{{0.0035, -0.01}, {0.0035, 0.01}}}});
    CHECK(found() == Names{"a", "a", "c", "c"});
    // Points part nothing, nor does a polygon whose outline no link crosses.
    river.geometry = {};
    shapes::add(river.geometry, GeometryKind::point, {{{{0.0035, 0.0}}}});
    shapes::add_polygon(river.geometry, {shapes::box(-1.0, -1.0, 1.0, 1.0)});
    CHECK(found() == Names{"a", "a", "a", "a"});
    shapes::add_polygon(river.geometry, {shapes::box(0.0013, -1.0, 0.0015, 1.0)});
    CHECK(found() == Names{"a", "b", "b", "b"});
    options.barriers = nullptr;
    options.areas_m2 = {10.0, 20.0, 20.0, 10.0};
    options.most_area_m2 = 30.0;
    CHECK(found() == Names{"a", "a", "c", "c"}); // whatever is first: b and c would be too much
    options.most_area_m2 = 15.0;
    CHECK(found() == Names{"a", "b", "c", "d"});
    options.most_area_m2 = 60.0;
    CHECK(found() == Names{"a", "a", "a", "a"});
}

TEST_CASE("A pair whose distance is that asked for is told", "[spatial][clusters]") {
    Geometry plots;
    shapes::add_polygon(plots, {shapes::box(0.0, 0.0, 0.001, 0.001)});
    shapes::add_polygon(plots, {shapes::box(0.002, 0.0, 0.003, 0.001)});
    Layer second;
    shapes::add_polygon(second.geometry, {shapes::box(0.002, 0.0, 0.003, 0.001)});
    const double gap = nearest(plots, "EPSG:4490", second)[0]->distance_m;
    for (const double off : {-1e-4, 0.0, 1e-4}) {
        for (const bool limited : {false, true}) {
            ClusterOptions options;
            options.within_m = gap + off;
            if (limited) {
                options.most_area_m2 = 10.0;
                options.areas_m2 = {1.0, 1.0};
            }
            const Clusters found = clusters(plots, "EPSG:4490", {"a", "b"}, options);
            REQUIRE(found.borderline.size() == 1);
            CHECK(found.borderline[0].first == 0);
            CHECK(found.borderline[0].second == 1);
            CHECK_THAT(found.borderline[0].distance_m, WithinAbs(gap, 1e-7));
            CHECK((found.ids[0] == found.ids[1]) == (gap <= options.within_m));
        }
    }
    ClusterOptions clear;
    for (const double off : {-1e-2, 1e-2}) {
        clear.within_m = gap + off;
        CHECK(clusters(plots, "EPSG:4490", {"a", "b"}, clear).borderline.empty());
    }
}

namespace {

/// A scene of plots that touch, overlap, lie in holes or stand apart, about a position.
struct Scene {
    Geometry plots;
    Layer barriers;
    std::vector<double> areas_m2;
    Ids ids;
};

Scene scene_at(LonLat middle, unsigned seed, std::size_t count) {
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> unit(-1.0, 1.0);
    const LocalFrame frame(middle);
    Scene scene;
    const auto ring = [&](double x, double y, double size, int corners) {
        shapes::Ring made;
        for (int k = 0; k < corners; ++k) {
            const double angle = 6.283185307179586 * (k + 0.4 * unit(random)) / corners;
            const double r = size * (0.8 + 0.2 * unit(random));
            made.push_back(frame.inverse({x + r * std::cos(angle), y + r * std::sin(angle)}));
        }
        return made;
    };
    for (std::size_t i = 0; i < count; ++i) {
        const double x = 2'500.0 * unit(random);
        const double y = 2'500.0 * unit(random);
        const double size = 60.0 + 50.0 * unit(random);
        const auto corners = static_cast<int>(8 + i % 30);
        if (i % 10 == 3) { // a ring of ground, something in it later
            shapes::add_polygon(
                scene.plots,
                {ring(x, y, 4.0 * size, 40), shapes::reversed(ring(x, y, 2.0 * size, 20))}
            );
            shapes::add_polygon(scene.plots, {ring(x, y, 0.5 * size, 8)});
        } else if (i % 10 == 5) { // the same again
            const shapes::Ring twice = ring(x, y, size, corners);
            shapes::add_polygon(scene.plots, {twice});
            shapes::add_polygon(scene.plots, {twice});
        } else if (i % 10 == 7) { // two parts
            shapes::add(
                scene.plots,
                GeometryKind::polygon,
                {{ring(x, y, size, corners)}, {ring(x + 5.0 * size, y, size, 9)}}
            );
        } else {
            shapes::add_polygon(scene.plots, {ring(x, y, size, corners)});
        }
    }
    for (int i = 0; i < 6; ++i) {
        shapes::Ring line;
        double x = -3'000.0;
        double y = 2'500.0 * unit(random);
        for (; x < 3'000.0; x += 120.0, y += 100.0 * unit(random)) {
            line.push_back(
                frame.inverse(i % 2 == 0 ? LocalFrame::Point{x, y} : LocalFrame::Point{y, x})
            );
        }
        shapes::add(scene.barriers.geometry, GeometryKind::line, {{line}});
    }
    for (std::size_t i = 0; i < scene.plots.size(); ++i) {
        scene.areas_m2.push_back(100.0 + 90.0 * unit(random));
        scene.ids.push_back("p" + std::to_string((i * 7919) % 100'003));
    }
    return scene;
}

struct Pair {
    double distance_m = 0.0;
    std::size_t first = 0;
    std::size_t second = 0;
    bool crosses = false;
};

/// Whether the straight link meets a line, in a plane about its start.
bool crosses(const Nearest& found, const Geometry& lines) {
    const LocalFrame frame(found.plot_foot);
    const auto b = frame.forward(found.target_foot);
    const auto side = [](LocalFrame::Point o, LocalFrame::Point p, LocalFrame::Point q) {
        return (p.x_m - o.x_m) * (q.y_m - o.y_m) - (p.y_m - o.y_m) * (q.x_m - o.x_m) > 0.0;
    };
    for (std::size_t line = 0; line < lines.size(); ++line) {
        for (std::size_t i = lines.ring_offsets[line]; i + 1 < lines.ring_offsets[line + 1];
             ++i) {
            const double lon = std::remainder(lines.lon_deg[i + 1] - lines.lon_deg[i], 360.0);
            const double lat = lines.lat_deg[i + 1] - lines.lat_deg[i];
            const auto at = [&](double u) {
                return frame.forward({lines.lon_deg[i] + u * lon, lines.lat_deg[i] + u * lat});
            };
            const auto start = at(0.0);
            if (std::hypot(start.x_m, start.y_m) > 600.0) { // edges have 300 m at most
                continue;
            }
            for (double u = 0.0; u < 1.0; u += 0.0625) { // straight in longitude and latitude
                const auto p = at(u);
                const auto q = at(u + 0.0625);
                if (side({0, 0}, b, p) != side({0, 0}, b, q) &&
                    side(p, q, {0, 0}) != side(p, q, b)) {
                    return true;
                }
            }
        }
    }
    return false;
}

constexpr double farthest_m = 150.0; ///< beyond it nobody asks what a link crosses

/// Every pair of plots, by nearest() alone.
std::vector<Pair> pairs_of(const Scene& scene) {
    std::vector<Pair> pairs;
    for (std::size_t other = 0; other < scene.plots.size(); ++other) {
        Layer one;
        append_feature(scene.plots, other, one.geometry);
        const auto found = nearest(scene.plots, "EPSG:4490", one);
        for (std::size_t plot = 0; plot < other; ++plot) {
            pairs.push_back(
                {found[plot]->distance_m,
                 plot,
                 other,
                 found[plot]->distance_m <= farthest_m &&
                     crosses(*found[plot], scene.barriers.geometry)}
            );
        }
    }
    std::sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
        return std::tie(a.distance_m, a.first, a.second) <
               std::tie(b.distance_m, b.first, b.second);
    });
    return pairs;
}

/// Groups by name and sum, merged in the order given wherever the limit allows it.
std::vector<std::string> naive_groups(
    const Scene& scene,
    const std::vector<Pair>& pairs,
    double within_m,
    bool parted,
    double most
) {
    std::vector<std::size_t> group(scene.plots.size());
    std::vector<double> sums = scene.areas_m2;
    for (std::size_t i = 0; i < group.size(); ++i) {
        group[i] = i;
    }
    for (const Pair& pair : pairs) {
        const std::size_t a = group[pair.first];
        const std::size_t b = group[pair.second];
        if (pair.distance_m <= within_m && a != b && !(parted && pair.crosses) &&
            sums[a] + sums[b] <= most) {
            sums[a] += sums[b];
            std::replace(group.begin(), group.end(), b, a);
        }
    }
    std::vector<std::string> names(group.size());
    for (std::size_t i = 0; i < group.size(); ++i) {
        std::string& name = names[group[i]];
        name = name.empty() ? scene.ids[i] : std::min(name, scene.ids[i]);
    }
    std::vector<std::string> result;
    for (const std::size_t of : group) {
        result.push_back(names[of]);
    }
    return result;
}

std::vector<std::string> found_groups(const Scene& scene, ClusterOptions options, int threads) {
    Execution execution;
    execution.threads = threads;
    std::vector<std::string> result;
    for (const auto& name :
         clusters(scene.plots, "EPSG:4490", scene.ids, options, execution).ids) {
        result.push_back(name.value_or("none"));
    }
    return result;
}

} // namespace

TEST_CASE(
    "Clusters are those of all pairs, whatever parts or limits them", "[spatial][oracle]"
) {
    const std::vector<LonLat> places{{84.0, 46.0}, {180.0, -20.0}, {30.0, 89.97}, {0.0, 81.5}};
    unsigned seed = 1;
    for (const LonLat& place : places) {
        const Scene scene = scene_at(place, seed++, 110);
        const std::vector<Pair> pairs = pairs_of(scene);
        for (const double within_m : {0.0, 40.0, farthest_m}) {
            INFO(place.lon_deg << " " << place.lat_deg << " within " << within_m);
            ClusterOptions options;
            options.within_m = within_m;
            CHECK(
                found_groups(scene, options, 1) ==
                naive_groups(scene, pairs, within_m, false, 1e18)
            );
            CHECK(found_groups(scene, options, 7) == found_groups(scene, options, 1));
            options.barriers = &scene.barriers;
            CHECK(
                found_groups(scene, options, 1) ==
                naive_groups(scene, pairs, within_m, true, 1e18)
            );
            CHECK(found_groups(scene, options, 7) == found_groups(scene, options, 1));
            options.areas_m2 = scene.areas_m2;
            options.most_area_m2 = 450.0;
            CHECK(
                found_groups(scene, options, 1) ==
                naive_groups(scene, pairs, within_m, true, 450.0)
            );
            CHECK(found_groups(scene, options, 7) == found_groups(scene, options, 1));
        }
    }
}

TEST_CASE("2 000 plots, in any order, give the clusters of all pairs", "[spatial][oracle]") {
    Scene scene = scene_at({101.0, 35.0}, 11, 1'700);
    scene.barriers = {};
    const double within_m = 25.0;
    // By all_within(), which looks from every plot on its own.
    Layer all;
    all.geometry = scene.plots;
    const Nearby near = all_within(scene.plots, "EPSG:4490", all, within_m);
    std::vector<Pair> pairs;
    for (std::size_t plot = 0; plot < scene.plots.size(); ++plot) {
        for (std::size_t i = near.offsets[plot]; i < near.offsets[plot + 1]; ++i) {
            pairs.push_back({near.distances_m[i], plot, near.targets[i], false});
        }
    }
    ClusterOptions options;
    options.within_m = within_m;
    const auto expected = naive_groups(scene, pairs, within_m, false, 1e18);
    CHECK(found_groups(scene, options, 0) == expected);
    std::vector<std::size_t> order(scene.plots.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = i;
    }
    std::shuffle(order.begin(), order.end(), std::mt19937_64(5));
    Scene shuffled;
    std::vector<std::string> moved;
    for (const std::size_t row : order) {
        append_feature(scene.plots, row, shuffled.plots);
        shuffled.ids.push_back(scene.ids[row]);
        moved.push_back(expected[row]);
    }
    CHECK(found_groups(shuffled, options, 0) == moved);
}

TEST_CASE("Many plots far within the distance of each other are one cluster", "[spatial]") {
    const Scene scene = scene_at({101.0, 35.0}, 12, 1'500);
    ClusterOptions options;
    options.within_m = 20'000.0;
    const auto found = found_groups(scene, options, 0);
    const std::string least = *std::min_element(scene.ids.begin(), scene.ids.end());
    CHECK(found == std::vector<std::string>(scene.ids.size(), least));
}

TEST_CASE("Plots whose edges are straight in a plane are clustered as there", "[spatial]") {
    const LocalFrame frame({84.0, 46.0});
    Geometry plots;
    shapes::add_polygon(
        plots, {shapes::placed(frame, {{0, 0}, {400, 0}, {400, 400}, {0, 400}})}
    );
    shapes::add_polygon(
        plots, {shapes::placed(frame, {{430, 0}, {800, 0}, {800, 400}, {430, 400}})}
    );
    for (const char* crs : {"EPSG:4490", "EPSG:4516"}) {
        ClusterOptions options;
        options.within_m = 30.1;
        const auto near = clusters(plots, crs, {"a", "b"}, options).ids;
        CHECK(near[0] == near[1]);
        options.within_m = 29.9;
        const auto apart = clusters(plots, crs, {"a", "b"}, options).ids;
        CHECK(apart[0] != apart[1]);
    }
}

TEST_CASE("Clusters refuse arguments that do not fit", "[spatial]") {
    const Geometry plots = shapes::polygon({shapes::box(0.0, 0.0, 0.001, 0.001)});
    const auto refused = [&](const Ids& ids, std::vector<std::uint8_t> take, double within_m) {
        ClusterOptions options;
        options.take = std::move(take);
        options.within_m = within_m;
        CHECK_THROWS_AS(clusters(plots, "EPSG:4490", ids, options), Error);
    };
    refused({"a"}, {1}, -1.0);
    refused({"a"}, {1}, std::nan(""));
    refused({"a", "b"}, {1}, 1.0);
    refused({"a"}, {1, 1}, 1.0);
    ClusterOptions options;
    options.most_area_m2 = 5.0;
    CHECK_THROWS_AS(clusters(plots, "EPSG:4490", {"a"}, options), Error);
    options.areas_m2 = {-1.0};
    CHECK_THROWS_AS(clusters(plots, "EPSG:4490", {"a"}, options), Error);
    options.areas_m2 = {1.0};
    options.most_area_m2 = -5.0;
    CHECK_THROWS_AS(clusters(plots, "EPSG:4490", {"a"}, options), Error);
}
