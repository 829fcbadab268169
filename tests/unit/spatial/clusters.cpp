#include "catch.hpp"
#include "shapes_for_tests.hpp"

#include <map>
#include <random>

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
}
