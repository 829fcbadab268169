#include "catch.hpp"
#include "shapes_for_tests.hpp"

#include <algorithm>
#include <numeric>
#include <random>
#include <tuple>

using namespace tuban;

namespace {

/// Squares of 100 m with gaps between them, in a row along the equator (0.001° is 111.3 m).
Geometry row_of(const std::vector<double>& gaps_m) {
    const LocalFrame frame({100.0, 30.0});
    Geometry plots;
    double west = 0.0;
    for (std::size_t i = 0; i <= gaps_m.size(); ++i) {
        shapes::add_polygon(
            plots,
            {shapes::placed(
                frame, {{west, 0}, {west + 100, 0}, {west + 100, 100}, {west, 100}}
            )}
        );
        west += 100.0 + (i < gaps_m.size() ? gaps_m[i] : 0.0);
    }
    return plots;
}

} // namespace

TEST_CASE("A package is the nearest plots that reach the area", "[spatial][packages]") {
    const Geometry plots = row_of({50, 10, 20, 500});
    PackageOptions options;
    options.most_gap_m = 100.0;
    options.least_area_m2 = 2.0;
    // 10 m joins 1 and 2 (2 reached), 20 m takes 3 in, 50 m takes 0 in; 4 is too far.
    const auto found =
        contiguous_packages(plots, "EPSG:4490", {1.0, 1.0, 1.0, 1.0, 1.0}, options);
    REQUIRE(found.size() == 1);
    CHECK(found[0].plots == std::vector<std::size_t>{0, 1, 2, 3});
    CHECK(found[0].area_m2 == 4.0);
    CHECK_THAT(found[0].gap_m, WithinAbs(50.0, 1e-3));
    // Two that are enough on their own stay apart.
    const auto apart =
        contiguous_packages(plots, "EPSG:4490", {1.0, 5.0, 2.0, 0.5, 9.0}, options);
    REQUIRE(apart.size() == 3);
    CHECK(apart[0].plots == std::vector<std::size_t>{4});
    CHECK(apart[0].gap_m == 0.0);
    CHECK(apart[1].plots == std::vector<std::size_t>{0, 1});
    CHECK_THAT(apart[1].gap_m, WithinAbs(50.0, 1e-3));
    CHECK(apart[2].plots == std::vector<std::size_t>{2, 3});
    options.take = {1, 1, 0, 1, 1};
    CHECK(
        contiguous_packages(plots, "EPSG:4490", {1.0, 1.0, 1.0, 1.0, 1.0}, options).size() == 1
    );
    options.take.clear();
    Layer river;
    const LocalFrame frame({100.0, 30.0});
    shapes::add(
        river.geometry,
        GeometryKind::line,
        {{shapes::placed(frame, {{255, -500}, {255, 500}}, false)}}
    );
    options.barriers = &river; // between 1 and 2
    const auto parted =
        contiguous_packages(plots, "EPSG:4490", {1.0, 1.0, 1.0, 1.0, 1.0}, options);
    REQUIRE(parted.size() == 2);
    CHECK(parted[0].plots == std::vector<std::size_t>{0, 1});
    CHECK(parted[1].plots == std::vector<std::size_t>{2, 3});
}

TEST_CASE("Packages are those of links taken one by one", "[spatial][packages][oracle]") {
    std::mt19937_64 random(17);
    std::uniform_real_distribution<double> unit(0.0, 1.0);
    const LocalFrame frame({84.0, 46.0});
    for (int round = 0; round < 4; ++round) {
        Geometry plots;
        std::vector<double> areas;
        constexpr std::size_t n = 90;
        for (std::size_t i = 0; i < n; ++i) {
            const double x = 6'000.0 * unit(random);
            const double y = 6'000.0 * unit(random);
            const double side = 20.0 + 150.0 * unit(random);
            shapes::add_polygon(
                plots,
                {shapes::placed(
                    frame, {{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}}
                )}
            );
            areas.push_back(side * side);
        }
        std::vector<std::tuple<double, std::size_t, std::size_t>> links;
        Layer all;
        all.geometry = plots;
        const double within_m = 700.0;
        const Nearby near = all_within(plots, "EPSG:4490", all, within_m);
        for (std::size_t plot = 0; plot < n; ++plot) {
            for (std::size_t i = near.offsets[plot]; i < near.offsets[plot + 1]; ++i) {
                if (near.targets[i] > plot) {
                    links.emplace_back(near.distances_m[i], plot, near.targets[i]);
                }
            }
        }
        std::sort(links.begin(), links.end());
        const double least = 60'000.0;
        std::vector<std::size_t> group(n);
        std::iota(group.begin(), group.end(), std::size_t{0});
        std::vector<double> sums = areas;
        std::vector<double> gaps(n, 0.0);
        for (const auto& [distance, first, second] : links) {
            const std::size_t a = group[first];
            const std::size_t b = group[second];
            if (a != b && (sums[a] < least || sums[b] < least)) {
                sums[a] += sums[b];
                gaps[a] = std::max({gaps[a], gaps[b], distance});
                std::replace(group.begin(), group.end(), b, a);
            }
        }
        PackageOptions options;
        options.most_gap_m = within_m;
        options.least_area_m2 = least;
        const auto found = contiguous_packages(plots, "EPSG:4490", areas, options);
        std::size_t expected = 0;
        for (std::size_t i = 0; i < n; ++i) {
            expected += group[i] == i && sums[i] >= least ? 1U : 0U;
        }
        CHECK(found.size() == expected);
        CHECK(expected > 1);
        for (const Package& package : found) {
            const std::size_t of = group[package.plots[0]];
            for (const std::size_t plot : package.plots) {
                CHECK(group[plot] == of);
            }
            CHECK(
                static_cast<std::ptrdiff_t>(package.plots.size()) ==
                std::count(group.begin(), group.end(), of)
            );
            CHECK_THAT(package.area_m2, WithinAbs(sums[of], 1e-6));
            // Whoever measures: feet and planes differ by less than a micrometre here.
            CHECK_THAT(package.gap_m, WithinAbs(gaps[of], 1e-6));
        }
        CHECK(std::is_sorted(found.begin(), found.end(), [](const auto& a, const auto& b) {
            return a.area_m2 > b.area_m2;
        }));
    }
}

TEST_CASE("Packages refuse arguments that do not fit", "[spatial][packages]") {
    const Geometry plots = row_of({});
    const auto refused = [&](PackageOptions options, const std::vector<double>& areas) {
        CHECK_THROWS_AS(contiguous_packages(plots, "EPSG:4490", areas, options), Error);
    };
    PackageOptions options;
    refused(options, {});
    refused(options, {std::nan("")});
    options.least_area_m2 = 0.0;
    refused(options, {1.0});
    options.least_area_m2 = 1.0;
    options.most_gap_m = -1.0;
    refused(options, {1.0});
    options.most_gap_m = 1.0;
    options.take = {1, 1};
    refused(options, {1.0});
    options.take = {0};
    CHECK(contiguous_packages(plots, "EPSG:4490", {1.0}, options).empty());
}
