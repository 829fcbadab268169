// Shapes whose compactness, width and length are known in closed form. 合成数据.
#include "catch.hpp"
#include "shapes_for_tests.hpp"

#include <cmath>
#include <numbers>

using namespace tuban;
using shapes::Plane;

namespace {

constexpr double pi = std::numbers::pi;
constexpr double plane_m =
    1e-4; ///< what the plane makes of 100 m to 1 km, and rounding of degrees

Outline outline_of(const Plane& corners, double turn = 0.0, LonLat at = {83.6, 45.9}) {
    const auto found =
        outlines(shapes::polygon({shapes::placed(LocalFrame(at), corners, true, turn)}));
    REQUIRE(found.at(0));
    return *found[0];
}

/// From (0, 0) to the right and up.
Plane rectangle(double length, double width) {
    return {{0, 0}, {length, 0}, {length, width}, {0, width}};
}

void check_inscribed(const Outline& outline, double diameter_m) {
    CHECK(outline.inscribed_m <= diameter_m + plane_m);
    CHECK(outline.inscribed_m >= 0.99 * diameter_m);
}

} // namespace

TEST_CASE("A rectangle has its own length and width, however it is turned", "[spatial]") {
    const double turn = GENERATE(0.0, 0.3, 1.2, 2.9);
    INFO(turn);
    const Outline outline = outline_of(rectangle(800.0, 100.0), turn);
    CHECK_THAT(outline.width_m, WithinAbs(100.0, plane_m));
    CHECK_THAT(outline.length_m, WithinAbs(800.0, plane_m));
    CHECK_THAT(outline.compactness, WithinAbs(4.0 * pi * 8e4 / (1800.0 * 1800.0), 1e-6));
    check_inscribed(outline, 100.0);
    CHECK_THAT(outline.strip_ratio, WithinAbs(8.0, 0.4));
}

TEST_CASE("A disc is as compact as can be", "[spatial]") {
    Plane corners;
    constexpr int n = 360;
    for (int i = 0; i < n; ++i) {
        corners.push_back(
            {300.0 * std::cos(2.0 * pi * i / n), 300.0 * std::sin(2.0 * pi * i / n)}
        );
    }
    const Outline outline = outline_of(corners);
    const double angle = pi / n; // of a regular polygon: A/P² = 1/(4n tan(π/n))
    CHECK_THAT(outline.compactness, WithinAbs(pi / (n * std::tan(angle)), 1e-6));
    CHECK_THAT(outline.width_m, WithinAbs(600.0 * std::cos(angle), 0.02)); // n is even
    CHECK(outline.length_m >= outline.width_m);
    check_inscribed(outline, 600.0 * std::cos(angle));
}

TEST_CASE("A bent strip is as wide as the strip, which its box does not show", "[spatial]") {
    // Three arms of 20 m around 200 m × 200 m.
    const Outline outline = outline_of(
        {{0, 0}, {200, 0}, {200, 200}, {180, 200}, {180, 20}, {20, 20}, {20, 200}, {0, 200}}
    );
    CHECK_THAT(outline.width_m, WithinAbs(200.0, plane_m));
    CHECK_THAT(outline.length_m, WithinAbs(200.0, plane_m));
    const double corner =
        20.0 * 2.0 / (1.0 + std::numbers::sqrt2 / 2.0); // between 45° and the reflex corner
    check_inscribed(outline, corner);
    CHECK(outline.strip_ratio > 5.0);
}

TEST_CASE("Holes are filled, and the largest part stands for a plot", "[spatial]") {
    const LocalFrame frame({83.6, 45.9});
    Geometry plots;
    const auto part = [&](const Plane& corners) { return shapes::placed(frame, corners); };
    const shapes::Ring large = part(rectangle(400.0, 100.0));
    const shapes::Ring hole = part({{150, 40}, {150, 60}, {250, 60}, {250, 40}});
    const shapes::Ring small = part({{1000, 0}, {1100, 0}, {1100, 50}, {1000, 50}});
    shapes::add(plots, GeometryKind::polygon, {{small}, {large, hole}});
    shapes::add(plots, GeometryKind::line, {{{{83.6, 45.9}, {83.7, 45.9}}}});
    shapes::add(plots, GeometryKind::none, {});
    const auto found = outlines(plots);
    REQUIRE(found.size() == 3);
    REQUIRE(found[0]);
    CHECK_THAT(found[0]->length_m, WithinAbs(400.0, plane_m));
    CHECK_THAT(found[0]->compactness, WithinAbs(4.0 * pi * 4e4 / 1e6, 1e-6));
    CHECK_FALSE(found[1]);
    CHECK_FALSE(found[2]);
}

TEST_CASE("Where a plot lies does not change its shape", "[spatial]") {
    const Plane corners{{0, 0}, {500, 100}, {700, 400}, {300, 350}, {-50, 200}};
    const Outline here = outline_of(corners);
    for (const LonLat at : {LonLat{179.9995, -16.8}, LonLat{-120.0, 0.0}, LonLat{20.0, 78.0}}) {
        const Outline there = outline_of(corners, 0.7, at);
        CHECK_THAT(there.width_m, WithinAbs(here.width_m, 1e-3));
        CHECK_THAT(there.length_m, WithinAbs(here.length_m, 1e-3));
        CHECK_THAT(there.compactness, WithinAbs(here.compactness, 1e-6));
    }
}

TEST_CASE("Shapes do not depend on threads, nor on where a ring begins", "[spatial]") {
    Geometry plots;
    for (int i = 0; i < 200; ++i) {
        const LocalFrame frame({83.0 + 0.01 * i, 45.0});
        const double side = 50.0 + i;
        shapes::add_polygon(
            plots, {shapes::placed(frame, rectangle(3.0 * side, side), true, 0.1 * i)}
        );
    }
    Execution one;
    one.threads = 1;
    Execution many;
    many.threads = 7;
    const auto expected = outlines(plots, one);
    const auto found = outlines(plots, many);
    for (std::size_t i = 0; i < expected.size(); ++i) {
        REQUIRE(found[i]);
        CHECK(found[i]->inscribed_m == expected[i]->inscribed_m);
        CHECK(found[i]->width_m == expected[i]->width_m);
    }
}
