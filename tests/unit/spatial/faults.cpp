// What is wrong with rings: every fault by its name and place, and the repair against GEOS, closed forms and a count of
// points.
#include <tuban/spatial.hpp>

#include "catch.hpp"
#include "spatial/geos.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace tuban;

namespace {

using Ring = std::vector<std::pair<double, double>>;

RawPolygon polygon(const std::vector<std::vector<Ring>>& parts) {
    RawPolygon result;
    for (const auto& part : parts) {
        for (const Ring& ring : part) {
            RawRing& raw = result.rings.emplace_back();
            for (const auto& [x, y] : ring) {
                raw.x.push_back(x);
                raw.y.push_back(y);
            }
        }
        result.part_offsets.push_back(result.rings.size());
    }
    return result;
}

Ring square(double x, double y, double side) {
    return {{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}};
}

Ring reversed(Ring ring) {
    return {ring.rbegin(), ring.rend()};
}

std::string codes(const Repair& repair) {
    std::string list;
    for (const RingFault& fault : repair.faults) {
        list += (list.empty() ? "" : " ") + fault.code;
    }
    return list;
}

bool geos_valid(const RawPolygon& polygon) {
    const GeosGeometry geometry = geos_polygon(polygon);
    return geometry && GEOSisValid_r(geos_handle(), geometry.get()) == 1;
}

/// Even–odd of one ring at a position.
bool in_ring(const RawRing& ring, double x, double y) {
    bool inside = false;
    const std::size_t n = ring.x.size();
    for (std::size_t i = 0, j = n - 1; i < n; j = i++) {
        if ((ring.y[i] > y) != (ring.y[j] > y) &&
            x < (ring.x[j] - ring.x[i]) * (y - ring.y[i]) / (ring.y[j] - ring.y[i]) +
                    ring.x[i]) {
            inside = !inside;
        }
    }
    return inside;
}

/// The rule at a position, word for word: in the shell of a part and in none of its holes, for any part. Rings as read,
/// the largest of a part its shell.
bool in_rule(const RawPolygon& polygon, double x, double y) {
    for (std::size_t part = 0; part + 1 < polygon.part_offsets.size(); ++part) {
        std::size_t shell = polygon.part_offsets[part];
        const auto size = [&](std::size_t r) {
            return std::abs(signed_area(polygon.rings[r]));
        };
        for (std::size_t r = shell; r < polygon.part_offsets[part + 1]; ++r) {
            shell = size(r) > size(shell) ? r : shell;
        }
        bool in = in_ring(polygon.rings[shell], x, y);
        for (std::size_t r = polygon.part_offsets[part]; r < polygon.part_offsets[part + 1];
             ++r) {
            in = in && (r == shell || !in_ring(polygon.rings[r], x, y));
        }
        if (in) {
            return true;
        }
    }
    return false;
}

Ring star(std::mt19937& random, int n, double cx, double cy, double radius) {
    std::uniform_real_distribution<double> reach(0.3, 1.0);
    std::uniform_real_distribution<double> jitter(-0.45, 0.45);
    Ring ring;
    for (int i = 0; i < n; ++i) {
        const double angle = 2.0 * std::numbers::pi * (i + jitter(random)) / n;
        const double r = radius * reach(random);
        ring.emplace_back(cx + r * std::cos(angle), cy + r * std::sin(angle));
    }
    return ring;
}

Ring tangle(std::mt19937& random, int n, double x, double y, double side) {
    std::uniform_real_distribution<double> along(0.0, side);
    Ring ring;
    for (int i = 0; i < n; ++i) {
        ring.emplace_back(x + along(random), y + along(random));
    }
    return ring;
}

/// Corners of a small lattice: meets at vertices, along edges and at right angles all the time.
Ring lattice(std::mt19937& random, int n) {
    std::uniform_int_distribution<int> along(0, 5);
    Ring ring;
    for (int i = 0; i < n; ++i) {
        ring.emplace_back(along(random) * 10.0, along(random) * 10.0);
    }
    return ring;
}

void check_idempotent(const Repair& once) {
    const Repair twice = repair(once.polygon, 1.0);
    INFO("again: " << codes(twice));
    CHECK(twice.outcome == RepairOutcome::valid);
    REQUIRE(twice.polygon.rings.size() == once.polygon.rings.size());
    CHECK(twice.polygon.part_offsets == once.polygon.part_offsets);
    for (std::size_t r = 0; r < once.polygon.rings.size(); ++r) {
        CHECK(twice.polygon.rings[r].x == once.polygon.rings[r].x);
        CHECK(twice.polygon.rings[r].y == once.polygon.rings[r].y);
    }
}

} // namespace

TEST_CASE("Every fault has its name and its place", "[spatial][faults]") {
    struct Case {
        const char* codes;
        RawPolygon given;
        std::size_t ring; ///< of the first place of the first fault, from 1
        std::size_t vertex;
        double area_m2;
    };

    const double inf = std::numeric_limits<double>::infinity();
    const Ring shell = square(0, 0, 100);
    Ring arc;
    for (int i = 0; i < 90; ++i) { // a quarter circle of 40 m, a vertex every 0.7 m
        const double angle = i / 90.0 * std::numbers::pi / 2.0;
        arc.emplace_back(40.0 * std::cos(angle), 40.0 * std::sin(angle));
    }
    arc.emplace_back(0, 0);
    double arc_area =
        0.0; // triangles from the centre; the last one reaches 40 m short of the y axis
    arc_area = 89 * 0.5 * 1600.0 * std::sin(std::numbers::pi / 180.0);
    const auto c = GENERATE_COPY(
        Case{
            "duplicate_vertices",
            polygon({{{{0, 0}, {100, 0}, {100, 0}, {100, 100}, {0, 100}, {0, 0}}}}),
            1,
            3,
            10000},
        Case{"hole_first", polygon({{square(40, 40, 20), reversed(shell)}}), 1, 1, 9600},
        Case{"ring_orientation", polygon({{shell, square(40, 40, 20)}}), 2, 1, 9600},
        Case{
            "spike",
            polygon(
                {{{{0, 0}, {100, 0}, {100, 50}, {150, 50}, {100, 50}, {100, 100}, {0, 100}}}}
            ),
            1,
            4,
            10000},
        Case{
            // the tip is the first vertex, and the way back has another vertex
            "spike",
            polygon({{{{150, 0}, {120, 0}, {0, 0}, {0, 100}, {100, 100}, {100, 0}, {150, 0}}}}),
            1,
            1,
            10000},
        Case{
            "needle",
            polygon(
                {{{{0, 0},
                   {100, 0},
                   {100, 50},
                   {150, 50},
                   {100, 50.0001},
                   {100, 100},
                   {0, 100}}}}
            ),
            1,
            4,
            10000.0025},
        Case{"self_intersection", polygon({{{{0, 0}, {10, 10}, {10, 0}, {0, 10}}}}), 1, 1, 50},
        Case{// the crossing is a vertex on both branches
             "self_intersection",
             polygon({{{{0, 0}, {5, 5}, {10, 10}, {10, 0}, {5, 5}, {0, 10}}}}),
             1,
             1,
             50},
        Case{
            // two squares that hang on one vertex
            "self_touch",
            polygon(
                {{{{0, 0}, {10, 0}, {10, 10}, {20, 10}, {20, 20}, {10, 20}, {10, 10}, {0, 10}}}}
            ),
            1,
            2,
            200},
        Case{// a hole drawn into the outline, with a cut to it
             "self_overlap",
             polygon(
                 {{{{0, 0},
                    {100, 0},
                    {100, 100},
                    {0, 100},
                    {0, 40},
                    {40, 40},
                    {40, 60},
                    {60, 60},
                    {60, 40},
                    {40, 40},
                    {0, 40}}}}
             ),
             1,
             5,
             9600},
        Case{"ring_collapses", polygon({{shell, {{5, 5}, {9, 9}, {7, 7}}}}), 2, 1, 10000},
        Case{
            "hole_crosses_shell", polygon({{shell, reversed(square(90, 40, 30))}}), 1, 2, 9700},
        Case{"hole_outside", polygon({{shell, reversed(square(200, 0, 20))}}), 2, 1, 10000},
        Case{"hole_on_shell", polygon({{shell, reversed(square(0, 40, 20))}}), 1, 4, 9600},
        Case{// larger than half of the shell's side, along an edge and across another
             "hole_crosses_shell",
             polygon({{shell, {{0, 20}, {-20, 20}, {-20, 40}, {0, 40}}}}),
             1,
             4,
             10000},
        Case{
            "holes_overlap",
            polygon({{shell, reversed(square(20, 20, 20)), reversed(square(30, 30, 20))}}),
            2,
            1,
            9300},
        Case{
            "nested_holes",
            polygon({{shell, reversed(square(20, 20, 40)), reversed(square(30, 30, 5))}}),
            3,
            1,
            8400},
        Case{
            // holes that touch the shell and each other in single points: a wall from side to side
            "interior_cut",
            polygon({{shell, {{0, 50}, {25, 60}, {50, 50}}, {{50, 50}, {75, 60}, {100, 50}}}}),
            2,
            3,
            9500},
        Case{"nested_shells", polygon({{shell}, {square(40, 40, 20)}}), 2, 1, 10000},
        Case{"overlapping_parts", polygon({{shell}, {square(50, 50, 100)}}), 1, 2, 17500},
        Case{// no edges cross: one within the other, along its border
             "overlapping_parts",
             polygon({{shell}, {square(0, 0, 50)}}),
             1,
             1,
             10000},
        Case{"parts_share_edge", polygon({{shell}, {square(100, 0, 100)}}), 1, 2, 20000},
        Case{"duplicate_ring", polygon({{shell}, {reversed(shell)}}), 1, 1, 10000},
        Case{"sliver_part", polygon({{shell}, {square(200, 0, 0.9)}}), 2, 1, 10000.81},
        Case{"sliver_part", polygon({{{{0, 0}, {100, 0}, {100, 0.04}, {0, 0.04}}}}), 1, 1, 4},
        Case{"dense_vertices", polygon({{arc}}), 1, 1, arc_area},
        Case{"not_finite", polygon({{{{0, 0}, {9, 0}, {9, inf}, {0, 9}}}}), 1, 3, 0}
    );
    INFO(c.codes);
    const Repair result = repair(c.given, 1.0);
    INFO(codes(result));
    const auto found =
        std::find_if(result.faults.begin(), result.faults.end(), [&](const RingFault& fault) {
            return fault.code == c.codes;
        });
    REQUIRE(found != result.faults.end());
    CHECK(found->places[0].ring == c.ring);
    CHECK(found->places[0].vertex == c.vertex);
    CHECK_THAT(result.area_after_m2, WithinAbs(c.area_m2, 1e-9));
    if (result.faults.size() > 1) {
        CHECK(codes(result) == c.codes);
    }
}

TEST_CASE("Faults keep apart what one plot has of several", "[spatial][faults]") {
    const Repair result = repair(
        polygon(
            {{square(0, 0, 100), square(40, 40, 20), reversed(square(95, 50, 20))},
             {{{200, 0}, {210, 10}, {210, 10}, {210, 0}, {200, 10}}},
             {square(300, 0, 0.5)}} // a sliver only counts in a polygon that is sound
        ),
        1.0
    );
    CHECK(
        codes(result) ==
        "duplicate_vertices hole_crosses_shell ring_orientation self_intersection"
    );
    CHECK_THAT(result.area_after_m2, WithinAbs(10000 - 400 - 100 + 50 + 0.25, 1e-9));
}

TEST_CASE("The limit of change is the caller's", "[spatial][faults]") {
    const RawPolygon bow = polygon({{{{0, 0}, {100, 100}, {100, 0}, {0, 100}}}}); // 0 → 5000 m²
    CHECK(repair(bow, 1.0).outcome == RepairOutcome::held_out);
    CHECK(repair(bow, 1.0, {5001.0, 0.1}).outcome == RepairOutcome::repaired);
    const RawPolygon hole = polygon({{square(0, 0, 100), square(90, 40, 30)}}); // 9100 → 9700
    CHECK(repair(hole, 1.0, {0.0, 6.5}).outcome == RepairOutcome::held_out);
    CHECK(repair(hole, 1.0, {0.0, 6.7}).outcome == RepairOutcome::repaired);
}

TEST_CASE("Sound stars stay as they are, and GEOS agrees", "[spatial][faults][property]") {
    std::mt19937 random(1); // NOLINT(*-msc51-cpp): the same every time
    for (int i = 0; i < 400; ++i) {
        const int n = 3 + i % 200;
        const Ring ring = star(random, n, 500000, 4000000, 300);
        const RawPolygon given = polygon({{ring}});
        const Repair result = repair(given, 1.0);
        INFO(i);
        CHECK((result.outcome == RepairOutcome::valid) == geos_valid(given));
        CHECK(geos_valid(result.polygon));
    }
}

TEST_CASE(
    "What is valid and what is not is as GEOS has it, and repair follows the rule point by "
    "point",
    "[spatial][faults][property]"
) {
    std::mt19937 random(7); // NOLINT(*-msc51-cpp)
    std::uniform_int_distribution<int> vertices(3, 9);
    std::uniform_real_distribution<double> place(0.0, 50.0);
    for (int i = 0; i < 1500; ++i) {
        std::vector<std::vector<Ring>> parts;
        for (int part = 0; part <= i % 3; ++part) {
            std::vector<Ring> rings;
            for (int r = 0; r <= i / 3 % 3; ++r) {
                rings.push_back(
                    i % 2 == 0 ? lattice(random, vertices(random))
                               : tangle(random, vertices(random), place(random), 0.0, 50.0)
                );
            }
            parts.push_back(std::move(rings));
        }
        const RawPolygon given = polygon(parts);
        const Repair result = repair(given, 1.0, {1e9, 1e9});
        INFO(i << " " << codes(result));
        if (result.area_after_m2 == 0.0) {
            CHECK(result.outcome == RepairOutcome::held_out);
            continue;
        }
        CHECK(geos_valid(result.polygon));
        if (result.outcome == RepairOutcome::valid) {
            CHECK(codes(result).find("intersection") == std::string::npos);
        }
        check_idempotent(result);
        int differ = 0;
        for (int k = 0; k < 200; ++k) {
            const double x = place(random) * 2.0;
            const double y = place(random);
            differ += in_rule(given, x, y) != in_rule(result.polygon, x, y) ? 1 : 0;
        }
        CHECK(differ == 0);
    }
}

TEST_CASE("Rings GEOS calls valid are never repaired", "[spatial][faults][property]") {
    std::mt19937 random(3); // NOLINT(*-msc51-cpp)
    int valid = 0;
    for (int i = 0; i < 4000; ++i) {
        std::vector<std::vector<Ring>> parts{{lattice(random, 4 + i % 4)}};
        if (i % 3 == 1) {
            parts[0].push_back(lattice(random, 3 + i % 3));
        }
        if (i % 3 == 2) {
            parts.push_back({lattice(random, 3 + i % 3)});
        }
        const RawPolygon given = polygon(parts);
        const Repair result = repair(given, 1.0, {1e9, 1e9});
        const bool geos = geos_valid(given);
        // GEOS takes the order of rings as it is; a first ring that is not the largest is another polygon.
        const bool reordered = codes(result).find("hole_first") != std::string::npos;
        INFO(i << " " << codes(result));
        if (!reordered) {
            CHECK(geos == (result.outcome == RepairOutcome::valid));
        }
        valid += geos ? 1 : 0;
    }
    CHECK(valid > 200); // or nothing was tried
}

TEST_CASE("Bow-ties have the area of both wings", "[spatial][faults][property]") {
    std::mt19937 random(5); // NOLINT(*-msc51-cpp)
    std::uniform_real_distribution<double> half(1.0, 500.0);
    for (int i = 0; i < 200; ++i) {
        const double a = half(random); // wings with their tips at the origin
        const double b = half(random);
        const double w = half(random);
        const Repair result =
            repair(polygon({{{{-a, -w}, {b, w * b / a}, {b, -w * b / a}, {-a, w}}}}), 1.0);
        CHECK(codes(result) == "self_intersection");
        const double area = a * w + b * (w * b / a);
        CHECK_THAT(result.area_after_m2, WithinAbs(area, 1e-9 * area));
        CHECK_THAT(
            result.area_before_m2, WithinAbs(std::abs(a * w - b * w * b / a), 1e-9 * area)
        );
    }
}

TEST_CASE("What is printed as 0.00 m² is no plot", "[spatial][faults]") {
    const Repair nothing = repair(polygon({{square(0, 0, 0.07)}}), 1.0); // 0.0049 m²
    CHECK(nothing.outcome == RepairOutcome::held_out);
    CHECK(codes(nothing) == "ring_collapses sliver_part");
    CHECK(repair(polygon({{square(0, 0, 0.08)}}), 1.0).outcome == RepairOutcome::valid);
    // The unit of the plane counts: degrees are large.
    CHECK(repair(polygon({{square(0, 0, 0.07)}}), 1e10).outcome == RepairOutcome::valid);
}

TEST_CASE("An outline longer than a million kilometres is held out", "[spatial][faults]") {
    const auto comb = [](int teeth, double height) {
        Ring ring;
        for (int i = 0; i < teeth; ++i) {
            ring.emplace_back(i, i % 2 == 0 ? 0.0 : height);
        }
        ring.emplace_back(teeth, -1.0);
        ring.emplace_back(0.0, -1.0);
        return ring;
    };
    // 1000 edges of 1e6 m are 1e9 m without what joins them below.
    CHECK(codes(repair(polygon({{comb(1000, 1e6)}}), 1.0)) == "too_long");
    CHECK(repair(polygon({{comb(990, 1e6)}}), 1.0).outcome == RepairOutcome::valid);
    // The unit of the plane counts: a kilometre here.
    CHECK(codes(repair(polygon({{comb(1000, 1e3)}}), 1e6)) == "too_long");
    CHECK(repair(polygon({{comb(990, 1e3)}}), 1e6).outcome == RepairOutcome::valid);
}

TEST_CASE("Hostile rings end soon, without a crash", "[spatial][faults]") {
    const auto start = std::chrono::steady_clock::now();
    std::mt19937 random(11); // NOLINT(*-msc51-cpp)
    constexpr int many = 200'000;
    Ring same(many, {7.0, 7.0});
    CHECK(codes(repair(polygon({{same}}), 1.0)) == "duplicate_vertices ring_collapses");
    CHECK(codes(repair(polygon({{tangle(random, many, 0, 0, 1000)}}), 1.0)) == "too_tangled");
    Ring circle;
    Ring comb;
    for (int i = 0; i < many; ++i) {
        const double angle = 2.0 * std::numbers::pi * i / many;
        circle.emplace_back(1e6 * std::cos(angle), 1e6 * std::sin(angle));
        comb.emplace_back(i, i % 2 == 0 ? 0.0 : 1e3);
    }
    comb.emplace_back(many, -1.0);
    comb.emplace_back(0.0, -1.0);
    CHECK(repair(polygon({{circle}}), 1.0).outcome == RepairOutcome::valid);
    CHECK(repair(polygon({{comb}}), 1.0).outcome == RepairOutcome::valid);
    Ring back_and_forth;
    for (int i = 0; i < many; ++i) {
        back_and_forth.emplace_back(i % 2 == 0 ? 0.0 : 1.0 + i, 0.0);
    }
    CHECK(codes(repair(polygon({{back_and_forth}}), 1.0)) == "ring_collapses");
    const double tiny = std::numeric_limits<double>::denorm_min();
    for (const double unit : {tiny, 1e-300, 1e-160, 1e11}) {
        const Repair result = repair(polygon({{tangle(random, 20, 0, 0, unit)}}), 1.0);
        CHECK((result.outcome == RepairOutcome::held_out || geos_valid(result.polygon)));
    }
    CHECK(codes(repair(polygon({{square(0, 0, 1e300)}}), 1.0)) == "not_finite");
    std::vector<std::vector<Ring>> holes{{square(0, 0, 1000)}};
    for (int i = 0; i < 40'000; ++i) {
        holes[0].push_back(reversed(square(i % 200 * 5 + 1, i / 200 * 5 + 1, 2)));
    }
    CHECK(repair(polygon(holes), 1.0).outcome == RepairOutcome::valid);
    // Minutes where a cost is quadratic; generous for slow machines and sanitizers.
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(120));
}
