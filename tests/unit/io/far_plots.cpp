// Plots far from the body of the others: a mistyped coordinate, a wrong zone. 合成数据.
#include "io/far_plots.hpp"

#include "catch.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace tuban;

namespace {

/// Squares of 0.001° with their middles at some places.
Plots plots_at(const std::vector<LonLat>& places) {
    Plots plots;
    for (const LonLat& at : places) {
        constexpr double half_deg = 0.0005;
        for (const auto& [x, y] :
             std::vector<std::pair<double, double>>{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}}) {
            plots.geometry.lon_deg.push_back(at.lon_deg + half_deg * x);
            plots.geometry.lat_deg.push_back(at.lat_deg + half_deg * y);
        }
        plots.geometry.ring_offsets.push_back(plots.geometry.lon_deg.size());
        plots.geometry.part_offsets.push_back(plots.geometry.ring_offsets.size() - 1);
        plots.geometry.feature_offsets.push_back(plots.geometry.part_offsets.size() - 1);
        plots.geometry.kinds.push_back(GeometryKind::polygon);
        plots.ids.push_back("p" + std::to_string(plots.ids.size() + 1));
    }
    plots.states.assign(places.size(), PlotState::ok);
    return plots;
}

std::vector<std::int64_t> rows_far(const std::vector<LonLat>& places) {
    std::vector<std::int64_t> rows;
    for (const Issue& issue : far_plots(plots_at(places))) {
        CHECK(issue.severity == Severity::warning);
        CHECK(issue.code == "plot_far_away");
        CHECK(issue.plot_id == "p" + std::to_string(issue.row.value_or(0)));
        rows.push_back(issue.row.value_or(0));
    }
    return rows;
}

/// Places scattered over a box, seeded.
std::vector<LonLat> scattered(std::size_t count, LonLat least, LonLat most, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> unit(0.0, 1.0);
    std::vector<LonLat> places;
    for (std::size_t i = 0; i < count; ++i) {
        const double x = unit(random);
        const double y = unit(random);
        places.push_back(
            {least.lon_deg + x * (most.lon_deg - least.lon_deg),
             least.lat_deg + y * (most.lat_deg - least.lat_deg)}
        );
    }
    return places;
}

using Rows = std::vector<std::int64_t>;

} // namespace

TEST_CASE("One plot in the next zone is found, and how far it is", "[io][far_plots]") {
    std::vector<LonLat> places = scattered(20, {83.2, 45.5}, {84.2, 46.3}, 1);
    CHECK(rows_far(places) == Rows{});
    places.insert(places.begin() + 4, {86.9, 45.9}); // three degrees on
    CHECK(rows_far(places) == Rows{5});
    const Issue issue = far_plots(plots_at(places)).at(0);
    REQUIRE(issue.at);
    CHECK_THAT(issue.at->lon_deg, WithinAbs(86.9, 1e-9));
    // pyproj: 45.9° N, 86.9° E is 209.6 km from 84.2° E on that parallel, so the nearest is no nearer; nor 240 km off.
    const std::size_t before = issue.message.en.find(" km from");
    REQUIRE(before != std::string::npos);
    const std::size_t word = issue.message.en.rfind(' ', before - 1);
    const double km = std::stod(issue.message.en.substr(word + 1, before - word));
    CHECK(km >= 209.0);
    CHECK(km <= 240.0);
}

TEST_CASE("The gap of 100 km is kept to within its stated accuracy", "[io][far_plots]") {
    // Along a meridian: a degree of latitude is 111.1 km.
    std::vector<LonLat> places{{83.6, 45.9}, {83.61, 45.9}, {83.6, 45.91}};
    for (const auto& [km, told] : std::vector<std::pair<double, bool>>{
             {20, false}, {95, false}, {136, true}, {900, true}}) {
        INFO(km);
        places.push_back({83.6, 45.91 + km / 111.1});
        CHECK(rows_far(places) == (told ? Rows{4} : Rows{}));
        places.pop_back();
    }
}

TEST_CASE("What is no small group beside a body is left alone", "[io][far_plots]") {
    const LonLat here{83.6, 45.9};
    const LonLat there{87.6, 45.9};
    CHECK(rows_far({here, there}).empty()); // two plots: neither is the body
    CHECK(rows_far({here, here, there}) == Rows{3});
    CHECK(rows_far({here, here, there, there}).empty());
    CHECK(rows_far({here, there, {91.6, 45.9}}).empty());
    CHECK(rows_far({here, here, here, there, there}).empty()); // two of five
    CHECK(rows_far(std::vector<LonLat>(8, here)).empty());
    std::vector<LonLat> two(8, here);
    two.insert(two.end(), 2, there);
    CHECK(rows_far(two) == Rows{9, 10});
    std::vector<LonLat> counties(30, here); // ten of forty: another county
    counties.insert(counties.end(), 10, there);
    CHECK(rows_far(counties).empty());
}

TEST_CASE("Lonely plots of a whole country are no finding", "[io][far_plots]") {
    // 3000 plots in the east, 40 in the empty west, most of them more than 100 km from any other.
    std::vector<LonLat> places = scattered(3000, {103.0, 24.0}, {119.0, 41.0}, 2);
    const std::vector<LonLat> west = scattered(40, {82.0, 30.0}, {100.0, 36.0}, 3);
    places.insert(places.end(), west.begin(), west.end());
    CHECK(rows_far(places).empty());
    places.push_back({45.9, 83.6}); // axes exchanged in one row
    CHECK(rows_far(places) == Rows{static_cast<std::int64_t>(places.size())});
}

TEST_CASE("Plots on both sides of the antimeridian are near each other", "[io][far_plots]") {
    CHECK(rows_far({{179.99, 65.0}, {-179.99, 65.0}, {179.98, 65.01}}).empty());
}

TEST_CASE("The groups of far plots do not depend on their order", "[io][far_plots]") {
    std::vector<LonLat> places = scattered(400, {83.0, 45.0}, {85.0, 47.0}, 4);
    places.push_back({88.0, 45.9});
    places.push_back({83.0, 49.5});
    CHECK(rows_far(places) == Rows{401, 402});
    std::reverse(places.begin(), places.end());
    CHECK(rows_far(places) == Rows{1, 2});
}
