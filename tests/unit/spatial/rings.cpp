// Rings whose areas are known in closed form, or counted on a grid of points. 合成数据.
#include "catch.hpp"
#include "shapes_for_tests.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

using namespace tuban;
using shapes::Plane;
using shapes::Ring;

namespace {

constexpr double pi = std::numbers::pi;
/// Of a ring of a square kilometre: vertices are placed to 1e-8 m, areas add up to 1e-9 of themselves.
constexpr double tolerance_m2 = 0.05;

/// Of a disc drawn with 64 chords to a quarter.
double disc_m2(double radius_m) {
    return 128.0 * std::sin(2.0 * pi / 256.0) * radius_m * radius_m;
}

Plane rectangle(double west, double south, double east, double north) {
    return {{west, south}, {east, south}, {east, north}, {west, north}};
}

struct Ground {
    Plane corners;
    std::string name;
};

Layer layer_of(const LocalFrame& frame, const std::vector<Ground>& all) {
    Layer layer;
    layer.key = "landuse";
    for (const Ground& ground : all) {
        shapes::add_polygon(layer.geometry, {shapes::placed(frame, ground.corners)});
        layer.ids.push_back(std::to_string(layer.ids.size()));
        layer.names.emplace_back();
        layer.classes.push_back(ground.name);
    }
    return layer;
}

/// Area of a class in the ring of a plot; 0 if it is not in it.
double of_class(const RingAreas& rings, std::size_t plot, const std::string& name) {
    for (std::size_t i = rings.offsets[plot]; i < rings.offsets[plot + 1]; ++i) {
        if (rings.classes[i] == name) {
            return rings.areas_m2[i];
        }
    }
    return 0.0;
}

RingAreas rings_of(const Geometry& plots, const Layer& layer, double ring_m = 500.0) {
    return ring_areas(plots, "EPSG:4490", layer, ring_m);
}

double away_m(LocalFrame::Point p, const Plane& corners) {
    double least = 1e9;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const auto a = corners[i];
        const auto b = corners[(i + 1) % corners.size()];
        const double dx = b.x_m - a.x_m;
        const double dy = b.y_m - a.y_m;
        const double u = std::clamp(
            ((p.x_m - a.x_m) * dx + (p.y_m - a.y_m) * dy) / (dx * dx + dy * dy), 0.0, 1.0
        );
        least = std::min(least, std::hypot(p.x_m - a.x_m - u * dx, p.y_m - a.y_m - u * dy));
    }
    return least;
}

bool inside(LocalFrame::Point p, const Plane& corners) {
    bool odd = false;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const auto a = corners[i];
        const auto b = corners[(i + 1) % corners.size()];
        if ((a.y_m > p.y_m) != (b.y_m > p.y_m) &&
            p.x_m < a.x_m + (p.y_m - a.y_m) / (b.y_m - a.y_m) * (b.x_m - a.x_m)) {
            odd = !odd;
        }
    }
    return odd;
}

} // namespace

TEST_CASE("A square's ring has the area of four strips and a disc", "[spatial][rings]") {
    const LonLat at = GENERATE(
        LonLat{83.6, 45.9},
        LonLat{180.0, 45.9},
        LonLat{-180.0, -20.0},
        LonLat{128.8, 0.0},
        LonLat{10.0, 80.0}
    );
    INFO(at.lon_deg << ' ' << at.lat_deg);
    const LocalFrame frame(at);
    const Geometry plot = shapes::polygon({shapes::placed(frame, rectangle(-50, -50, 50, 50))});
    const Layer layer = layer_of(
        frame,
        {{rectangle(-2000, -2000, 0, 2000), "0103"}, {rectangle(0, -2000, 2000, 0), "0301"}}
    );
    const RingAreas rings = rings_of(plot, layer);
    const double expected = 4.0 * 100.0 * 500.0 + disc_m2(500.0);
    CHECK_THAT(rings.ring_m2.at(0), WithinAbs(expected, tolerance_m2));
    CHECK(rings.classes == std::vector<std::string>{"0103", "0301"});
    CHECK_THAT(of_class(rings, 0, "0103"), WithinAbs(expected / 2.0, tolerance_m2));
    CHECK_THAT(of_class(rings, 0, "0301"), WithinAbs(expected / 4.0, tolerance_m2));
}

TEST_CASE("A shallow dent of the outline is a dent of the ring", "[spatial][rings]") {
    // 4 m deep and 300 m wide: less than 1 % of the distance, which GEOS's buffer would straighten.
    const LocalFrame frame({83.6, 45.9});
    const Plane corners{
        {-400, 0}, {-400, -50}, {400, -50}, {400, 0}, {150, 0}, {0, -4}, {-150, 0}};
    const Geometry plot = shapes::polygon({shapes::placed(frame, corners)});
    const RingAreas rings = rings_of(plot, layer_of(frame, {}));
    double counted = 0.0;
    for (double x = -900.5; x < 901.0; x += 1.0) {
        for (double y = -550.375; y < 501.0; y += 0.25) {
            const LocalFrame::Point p{x, y};
            counted += !inside(p, corners) && away_m(p, corners) <= 500.0 ? 0.25 : 0.0;
        }
    }
    CHECK_THAT(
        rings.ring_m2.at(0), WithinAbs(counted - pi * 250'000.0 + disc_m2(500.0), 30.0)
    ); // the dent: 600 m²
    CHECK(rings.offsets == std::vector<std::size_t>{0, 0});
}

TEST_CASE("A plot's hole is ring as far as it is near, the plot is not", "[spatial][rings]") {
    const LocalFrame frame({83.6, 45.9});
    const Ring shell = shapes::placed(frame, rectangle(-600, -600, 600, 600));
    const Ring hole = shapes::reversed(shapes::placed(frame, rectangle(-300, -300, 300, 300)));
    const Geometry plot = shapes::polygon({shell, hole});
    const Layer layer = layer_of(frame, {{rectangle(-5000, -5000, 5000, 5000), "0401"}});
    const RingAreas rings = rings_of(plot, layer, 100.0);
    const double outside = 4.0 * 1200.0 * 100.0 + disc_m2(100.0);
    const double inside = 600.0 * 600.0 - 400.0 * 400.0;
    CHECK_THAT(rings.ring_m2.at(0), WithinAbs(outside + inside, tolerance_m2));
    CHECK_THAT(of_class(rings, 0, "0401"), WithinAbs(outside + inside, tolerance_m2));
}

TEST_CASE("A long plot's ring runs along all of it", "[spatial][rings]") {
    const LocalFrame frame({179.95, 45.9});
    const Geometry plot =
        shapes::polygon({shapes::placed(frame, rectangle(-15'000, -10, 15'000, 10))});
    const Layer layer = layer_of(frame, {{rectangle(-16'000, 10, 16'000, 110), "0101"}});
    const RingAreas rings = rings_of(plot, layer);
    const double expected = 2.0 * (30'000.0 + 20.0) * 500.0 + disc_m2(500.0);
    CHECK_THAT(rings.ring_m2.at(0), WithinAbs(expected, 2.0)); // the plane of 15 km: 1e-7
    // At its ends the strip is cut by arcs between chords: x = √(500² − y²) over y in [0, 100].
    const double ends = 0.5 * (100.0 * std::sqrt(240'000.0) + 250'000.0 * std::asin(0.2));
    CHECK_THAT(of_class(rings, 0, "0101"), WithinAbs(30'000.0 * 100.0 + 2.0 * ends, 12.0));
}

TEST_CASE(
    "Parts of a plot far from each other have their rings where they are", "[spatial][rings]"
) {
    const LocalFrame one({83.0, 45.9});
    const LocalFrame other({88.0, 44.0});
    Geometry plots;
    shapes::add(
        plots,
        GeometryKind::polygon,
        {{shapes::placed(one, rectangle(-50, -50, 50, 50))},
         {shapes::placed(other, rectangle(-100, -100, 100, 100))}}
    );
    Layer layer = layer_of(one, {{rectangle(-2000, -2000, 2000, 2000), "0301"}});
    const Layer more = layer_of(other, {{rectangle(-2000, -2000, 2000, 2000), "0401"}});
    shapes::add_polygon(
        layer.geometry, {shapes::placed(other, rectangle(-2000, -2000, 2000, 2000))}
    );
    layer.ids.emplace_back("1");
    layer.names.emplace_back();
    layer.classes.emplace_back("0401");
    const RingAreas rings = rings_of(plots, layer, 200.0);
    CHECK_THAT(
        of_class(rings, 0, "0301"), WithinAbs(400.0 * 200.0 + disc_m2(200.0), tolerance_m2)
    );
    CHECK_THAT(
        of_class(rings, 0, "0401"), WithinAbs(800.0 * 200.0 + disc_m2(200.0), tolerance_m2)
    );
    CHECK_THAT(
        rings.ring_m2.at(0), WithinAbs(1200.0 * 200.0 + 2.0 * disc_m2(200.0), tolerance_m2)
    );
}

TEST_CASE("What lies far from a ring does not change what is in it", "[spatial][rings]") {
    // A comb of 4000 teeth from 3 km to 300 km away, and a straight edge through the plot's middle.
    const LocalFrame frame({100.0, 35.0});
    const Geometry plot = shapes::polygon({shapes::placed(frame, rectangle(-50, -50, 50, 50))});
    Ring comb{frame.inverse({0, -3000}), frame.inverse({0, 3000})};
    for (int tooth = 0; tooth < 4000; ++tooth) {
        const double angle = pi / 2.0 - pi * (tooth + 0.5) / 4000.0;
        const double far_m = tooth % 2 == 0 ? 300'000.0 : 3'500.0;
        comb.push_back(frame.inverse({far_m * std::cos(angle), far_m * std::sin(angle)}));
    }
    Layer layer;
    shapes::add_polygon(layer.geometry, {shapes::reversed(comb)});
    layer.ids = {"0"};
    layer.names = {""};
    layer.classes = {"0301"};
    const RingAreas rings = rings_of(plot, layer);
    CHECK_THAT(
        of_class(rings, 0, "0301"), WithinAbs((4.0 * 100.0 * 500.0 + disc_m2(500.0)) / 2.0, 1.0)
    );
}

TEST_CASE(
    "Ground covered twice counts twice, lines and empty plots count nothing", "[spatial][rings]"
) {
    const LocalFrame frame({83.6, 45.9});
    Geometry plots = shapes::polygon({shapes::placed(frame, rectangle(-50, -50, 50, 50))});
    shapes::add(plots, GeometryKind::none, {});
    Layer layer = layer_of(
        frame,
        {{rectangle(-100, 60, 100, 160), "0103"},
         {rectangle(-100, 60, 100, 160), "0103"},
         {rectangle(-100, 2000, 100, 2100), "0301"}}
    );
    shapes::add(
        layer.geometry,
        GeometryKind::line,
        {{{frame.inverse({-400, 0}), frame.inverse({400, 0})}}}
    );
    layer.ids.emplace_back("3");
    layer.names.emplace_back();
    layer.classes.emplace_back("1006");
    const RingAreas rings = rings_of(plots, layer);
    CHECK(rings.offsets == std::vector<std::size_t>{0, 1, 1});
    CHECK_THAT(of_class(rings, 0, "0103"), WithinAbs(2.0 * 200.0 * 100.0, tolerance_m2));
    CHECK(rings.ring_m2.at(1) == 0.0);
}

TEST_CASE("Rings are the same bits for any number of threads", "[spatial][rings]") {
    const LocalFrame frame({83.6, 45.9});
    Geometry plots;
    std::vector<Ground> ground;
    for (int i = 0; i < 40; ++i) {
        const double x = 300.0 * i;
        shapes::add_polygon(
            plots, {shapes::placed(frame, {{x, 0}, {x + 90, 10}, {x + 130, 80}, {x + 20, 60}})}
        );
        ground.push_back({rectangle(x, -400, x + 300, 300), i % 3 == 0 ? "0103" : "0301"});
    }
    const Layer layer = layer_of(frame, ground);
    const RingAreas one =
        ring_areas(plots, "EPSG:4516", layer, 500.0, {.threads = 1, .progress = {}});
    const RingAreas four =
        ring_areas(plots, "EPSG:4516", layer, 500.0, {.threads = 4, .progress = {}});
    CHECK(one.ring_m2 == four.ring_m2);
    CHECK(one.areas_m2 == four.areas_m2);
    CHECK(one.classes == four.classes);
}

TEST_CASE("A ring without width is refused", "[spatial][rings]") {
    const double ring_m = GENERATE(0.0, -5.0, 10'001.0);
    CHECK_THROWS_AS(rings_of({}, {}, ring_m), Error);
}
