#include <tuban/geodesy.hpp>
#include <tuban/spatial.hpp>

#include "catch.hpp"
#include "spatial/wkb.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

using namespace tuban;

namespace {

using Ring = std::vector<std::pair<double, double>>;

RawRing raw(const Ring& ring) {
    RawRing result;
    for (const auto& [x, y] : ring) {
        result.x.push_back(x);
        result.y.push_back(y);
    }
    return result;
}

/// Parts of rings.
RawPolygon polygon(const std::vector<std::vector<Ring>>& parts) {
    RawPolygon result;
    for (const auto& part : parts) {
        for (const Ring& ring : part) {
            result.rings.push_back(raw(ring));
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

/// Bytes of WKB put together by hand, in either byte order.
class Bytes {
public:
    explicit Bytes(bool big_endian = false) : big_(big_endian) {}

    Bytes& order() {
        text_.push_back(big_ ? '\0' : '\1');
        return *this;
    }

    Bytes& u32(std::uint32_t value) { return raw_number(value); }

    Bytes& f64(double value) { return raw_number(value); }

    Bytes& point(double x, double y) { return f64(x).f64(y); }

    [[nodiscard]] const std::string& text() const { return text_; }

private:
    template <class T>
    Bytes& raw_number(T value) {
        auto bytes = std::bit_cast<std::array<char, sizeof(T)>>(value);
        if ((std::endian::native == std::endian::big) != big_) {
            std::reverse(bytes.begin(), bytes.end());
        }
        text_.append(bytes.data(), bytes.size());
        return *this;
    }

    bool big_;
    std::string text_;
};

std::string wkb_polygon(const Ring& ring, bool big_endian = false) {
    Bytes bytes(big_endian);
    bytes.order().u32(3).u32(1).u32(static_cast<std::uint32_t>(ring.size()));
    for (const auto& [x, y] : ring) {
        bytes.point(x, y);
    }
    return bytes.text();
}

const Issue* issue_of(const std::vector<Issue>& issues, const std::string& code) {
    for (const Issue& issue : issues) {
        if (issue.code == code) {
            return &issue;
        }
    }
    return nullptr;
}

} // namespace

TEST_CASE("A sound polygon only gets its order and orientation set", "[spatial][repair]") {
    struct Case {
        const char* name;
        RawPolygon given;
        double area_m2;
    };

    const Ring shell = square(0, 0, 100);
    const Ring hole = square(40, 40, 20);
    const auto c = GENERATE_COPY(
        Case{"clockwise shell", polygon({{reversed(shell)}}), 10000},
        Case{"hole with the shell's orientation", polygon({{shell, hole}}), 9600},
        Case{"hole listed first", polygon({{reversed(hole), shell}}), 9600},
        Case{
            "repeated vertices",
            polygon(
                {{{{0, 0}, {0, 0}, {100, 0}, {100, 100}, {100, 100}, {0, 100}, {0, 0}, {0, 0}}}}
            ),
            10000},
        Case{"two parts", polygon({{shell}, {square(200, 0, 100)}}), 20000}
    );
    INFO(c.name);
    const Repair result = repair(c.given, 1.0);
    CHECK(result.outcome == RepairOutcome::valid);
    CHECK(std::all_of(result.faults.begin(), result.faults.end(), [](const RingFault& fault) {
        return fault.severity == Severity::note;
    }));
    CHECK_THAT(result.area_after_m2, WithinAbs(c.area_m2, 1e-9));
    CHECK_THAT(result.area_before_m2, WithinAbs(c.area_m2, 1e-9));
}

TEST_CASE(
    "A sound polygon keeps its first vertex and its shells run counter-clockwise",
    "[spatial][repair]"
) {
    const Repair result = repair(polygon({{{{0, 0}, {0, 9}, {9, 9}, {9, 0}, {0, 0}}}}), 1.0);
    REQUIRE(result.polygon.rings.size() == 1);
    CHECK(result.polygon.rings[0].x == std::vector<double>{0, 9, 9, 0});
    CHECK(result.polygon.rings[0].y == std::vector<double>{0, 0, 9, 9});
}

TEST_CASE("Repair within the limit is told with its place", "[spatial][repair]") {
    // A notch crosses itself: a triangle of 0.5 m² beyond the upper side, and 25.5 m² that the notch takes.
    const Repair result = repair(
        polygon({{{{0, 0}, {100, 0}, {100, 100}, {50, 100}, {51, 101}, {51, 99}, {0, 100}}}}),
        1.0
    );
    CHECK(result.outcome == RepairOutcome::repaired);
    REQUIRE(result.faults.size() == 1);
    CHECK(result.faults[0].code == "self_intersection");
    CHECK(result.faults[0].count == 1);
    CHECK(result.faults[0].places[0].ring == 1);
    CHECK_THAT(result.faults[0].places[0].x, WithinAbs(51.0, 1e-12));
    CHECK_THAT(result.faults[0].places[0].y, WithinAbs(100.0, 1e-12));
    CHECK_THAT(result.area_after_m2, WithinAbs(9975.0, 1e-9));
}

TEST_CASE("A change beyond 10 m² and 0.1 % holds the plot out", "[spatial][repair]") {
    struct Case {
        const char* name;
        RawPolygon given;
        double before_m2;
        double after_m2;
        RepairOutcome outcome;
    };

    const Ring shell = square(0, 0, 100);
    const auto c = GENERATE_COPY(
        Case{
            "bow-tie",
            polygon({{{{0, 0}, {100, 100}, {100, 0}, {0, 100}}}}),
            0,
            5000,
            RepairOutcome::held_out},
        Case{
            "small bow-tie: under 10 m²",
            polygon({{{{0, 0}, {4, 4}, {4, 0}, {0, 4}}}}),
            0,
            8,
            RepairOutcome::repaired},
        Case{
            "overlapping outers",
            polygon({{shell}, {square(50, 50, 100)}}),
            20000,
            17500,
            RepairOutcome::held_out},
        Case{
            "hole across the shell",
            polygon({{shell, square(90, 40, 30)}}),
            9100,
            9700,
            RepairOutcome::held_out},
        Case{
            "zero-area spike",
            polygon(
                {{{{0, 0}, {100, 0}, {100, 50}, {150, 50}, {100, 50}, {100, 100}, {0, 100}}}}
            ),
            10000,
            10000,
            RepairOutcome::repaired},
        Case{
            "shared edge",
            polygon({{shell}, {square(100, 0, 100)}}),
            20000,
            20000,
            RepairOutcome::repaired},
        Case{
            "11 m² of 40000",
            polygon({{square(0, 0, 200)}, {{{199, 0}, {210, 0}, {210, 11}, {199, 11}}}}),
            40121,
            40110,
            RepairOutcome::repaired}
    );
    INFO(c.name);
    const Repair result = repair(c.given, 1.0);
    CHECK(result.outcome == c.outcome);
    CHECK_THAT(result.area_before_m2, WithinAbs(c.before_m2, 1e-9));
    CHECK_THAT(result.area_after_m2, WithinAbs(c.after_m2, 1e-9));
    CHECK_FALSE(result.faults.empty());
}

TEST_CASE("A ring that winds twice counts by even and odd", "[spatial][repair]") {
    Ring star;
    for (int i = 0; i < 5; ++i) {
        const double angle = std::numbers::pi * (0.5 + 0.8 * i);
        star.emplace_back(std::cos(angle), std::sin(angle));
    }
    // Points of the pentagram without its middle: 5 triangles. R = 1, inner radius r = 1/φ².
    const double inner = 1.0 / (std::numbers::phi * std::numbers::phi);
    const double tau = 2.0 * std::numbers::pi;
    const double outline = 5.0 * inner * std::sin(tau / 10.0);
    const double middle = 2.5 * inner * inner * std::sin(tau / 5.0);
    const Repair result = repair(polygon({{star}}), 1.0);
    CHECK(result.outcome == RepairOutcome::repaired);
    CHECK_THAT(result.area_after_m2, WithinAbs(outline - middle, 1e-12));
}

TEST_CASE("What has no area or no number is held out", "[spatial][repair]") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double inf = std::numeric_limits<double>::infinity();
    for (const Ring& ring :
         {Ring{{0, 0}, {nan, 0}, {1, 1}, {0, 1}},
          Ring{{0, 0}, {1, 0}, {1, inf}, {0, 1}},
          Ring{{0, 0}, {5, 0}, {10, 0}},
          Ring{{0, 0}, {5, 0}},
          Ring{{3, 3}, {3, 3}, {3, 3}, {3, 3}},
          Ring{{0, 0}, {1e300, 0}, {1e300, 1e300}},
          Ring{}}) {
        const Repair result = repair(polygon({{ring}}), 1.0);
        CHECK(result.outcome == RepairOutcome::held_out);
        CHECK_FALSE(result.faults.empty());
        CHECK(result.area_after_m2 == 0.0);
    }
}

TEST_CASE("Coordinates beyond any place hold the plot out, with no area", "[spatial][repair]") {
    // Found by fuzzing: products of such numbers overflow, and the area was infinite.
    const double huge = GENERATE(1.1e12, -3e182, 1e308);
    RawPolygon polygon;
    polygon.rings = {{{0.0, 0.0, huge, 1.0}, {0.0, 1.0, 1.0, 0.0}}};
    polygon.part_offsets = {0, 1};
    const Repair repaired = repair(polygon, 1.0);
    CHECK(repaired.outcome == RepairOutcome::held_out);
    CHECK(repaired.area_after_m2 == 0.0);
    REQUIRE(repaired.faults.size() == 1);
    CHECK(std::string_view(repaired.faults[0].code) == "not_finite");
}

TEST_CASE("Square degrees are held against the limit in m²", "[spatial][repair]") {
    // 8 m² and 800 m² bow-ties at the equator, in degrees.
    for (const auto& [half_m, state] :
         {std::pair{4.0, PlotState::repaired}, std::pair{40.0, PlotState::held_out}}) {
        const double d = half_m / 111000.0;
        const std::string wkb =
            wkb_polygon({{100, 0}, {100 + d, d}, {100 + d, 0}, {100, d}, {100, 0}});
        const Plots plots = plots_from_wkb({wkb}, {"a"}, "EPSG:4490");
        CHECK(plots.states[0] == state);
        CHECK(issue_of(plots.issues, "self_intersection") != nullptr);
        const Issue* told =
            issue_of(plots.issues, state == PlotState::repaired ? "repaired" : "held_out");
        REQUIRE(told != nullptr);
        REQUIRE(told->area_after_m2);
        CHECK_THAT(
            *told->area_after_m2, WithinAbs(half_m * half_m / 2, 0.02 * half_m * half_m)
        );
    }
}

TEST_CASE("Squares of any unit are held against the limit in m²", "[spatial][repair]") {
    // 8 m² and 800 m² bow-ties beside the meridian, in planes of kilometres, millimetres and US feet.
    const auto [units, unit_m] = GENERATE(
        std::pair{"m", 1.0},
        std::pair{"km", 1000.0},
        std::pair{"mm", 0.001},
        std::pair{"us-ft", 1200.0 / 3937.0}
    );
    INFO(units);
    for (const auto& [half_m, state] :
         {std::pair{4.0, PlotState::repaired}, std::pair{40.0, PlotState::held_out}}) {
        const double d = half_m / unit_m;
        const double x = 500'000.0 / unit_m;
        const double y = 5'000'000.0 / unit_m;
        const std::string wkb =
            wkb_polygon({{x, y}, {x + d, y + d}, {x + d, y}, {x, y + d}, {x, y}});
        const Plots plots = plots_from_wkb(
            {wkb},
            {"a"},
            std::string("+proj=tmerc +lon_0=84 +x_0=500000 +datum=WGS84 +units=") + units
        );
        CHECK(plots.states[0] == state);
        const Issue* told =
            issue_of(plots.issues, state == PlotState::repaired ? "repaired" : "held_out");
        REQUIRE(told != nullptr);
        REQUIRE(told->area_after_m2);
        // two triangles of half × half / 2 metres; 1e-4 m²: a plane of 5·10⁹ mm keeps 1e-6 m, over 80 m
        CHECK_THAT(*told->area_after_m2, WithinAbs(half_m * half_m / 2, 1e-4));
    }
}

TEST_CASE(
    "Both byte orders and EWKB give the same plot, Z and M dropped with a note",
    "[spatial][wkb]"
) {
    const Ring ring{{100, 30}, {101, 30}, {101, 31}, {100, 30}};
    Bytes iso_zm;
    iso_zm.order().u32(3003).u32(1).u32(4);
    Bytes ewkb_z(true);
    ewkb_z.order().u32(0xA0000003U).u32(4490).u32(1).u32(4);
    for (const auto& [x, y] : ring) {
        iso_zm.point(x, y).f64(7).f64(8);
        ewkb_z.point(x, y).f64(7);
    }
    const Plots plots = plots_from_wkb(
        {wkb_polygon(ring), wkb_polygon(ring, true), iso_zm.text(), ewkb_z.text()},
        {"a", "b", "c", "d"},
        "EPSG:4490"
    );
    CHECK(
        plots.geometry.lon_deg ==
        std::vector<double>{100, 101, 101, 100, 101, 101, 100, 101, 101, 100, 101, 101}
    );
    REQUIRE(plots.issues.size() == 1);
    CHECK(plots.issues[0].code == "dimensions_dropped");
    CHECK_THAT(plots.issues[0].message.en, ContainsSubstring("2 geometries"));
}

TEST_CASE(
    "A row with its axes swapped is out of range, not a matter of repair", "[spatial][wkb]"
) {
    const Plots plots = plots_from_wkb(
        {wkb_polygon({{116.7, 24.3}, {116.8, 24.3}, {116.8, 24.4}, {116.7, 24.3}}),
         wkb_polygon({{24.3, 116.7}, {24.3, 116.8}, {24.4, 116.8}, {24.3, 116.7}})},
        {"a", "b"},
        "EPSG:4490"
    );
    CHECK(plots.states == std::vector{PlotState::ok, PlotState::held_out});
    REQUIRE(plots.issues.size() == 1);
    CHECK(plots.issues[0].code == "held_out");
    CHECK(plots.issues[0].row == 2);
    CHECK_THAT(plots.issues[0].message.en, ContainsSubstring("the order of its axes"));
    CHECK(plots.repairs.entries.empty());
}

TEST_CASE("Rows without a polygon keep their place", "[spatial][wkb]") {
    Bytes empty;
    empty.order().u32(6).u32(0);
    Bytes point;
    point.order().u32(1).point(100, 30);
    const Plots plots = plots_from_wkb(
        {"",
         empty.text(),
         point.text(),
         wkb_polygon({{100, 30}, {101, 30}, {101, 31}, {100, 30}})},
        {"a", "b", "c", "d"},
        "EPSG:4490"
    );
    CHECK(
        plots.states ==
        std::vector{
            PlotState::no_geometry, PlotState::no_geometry, PlotState::held_out, PlotState::ok}
    );
    CHECK(plots.geometry.size() == 4);
    CHECK(plots.geometry.feature_offsets == std::vector<std::size_t>{0, 0, 0, 0, 1});
    REQUIRE(issue_of(plots.issues, "not_polygon") != nullptr);
    CHECK(issue_of(plots.issues, "not_polygon")->row == 3);
    CHECK(plots.attributes.at("plot_id").text(3) == "d");
}

TEST_CASE("Hostile bytes are refused, not believed", "[spatial][wkb]") {
    const std::string good = wkb_polygon({{0, 0}, {1, 0}, {1, 1}, {0, 0}});
    Bytes many_rings;
    many_rings.order().u32(3).u32(0xFFFFFFFFU);
    Bytes many_parts;
    many_parts.order().u32(6).u32(0x7FFFFFFFU).order().u32(3).u32(0);
    Bytes curve;
    curve.order().u32(10).u32(0);
    Bytes deep;
    for (int i = 0; i < 100; ++i) {
        deep.order().u32(7).u32(1);
    }
    deep.order().u32(1).point(1, 2);
    std::vector<std::string> bad{
        many_rings.text(),
        many_parts.text(),
        curve.text(),
        deep.text(),
        "\7",
        good + "x",
        "hello world"};
    for (std::size_t n = 1; n < good.size(); ++n) {
        bad.push_back(good.substr(0, n));
    }
    for (const std::string& bytes : bad) {
        try {
            static_cast<void>(parse_wkb(bytes, {"row", 1}));
            FAIL("accepted");
        } catch (const Error& error) {
            CHECK(error.code() == ErrorCode::unreadable_input);
        }
    }
}

TEST_CASE(
    "A layer takes points, lines and collections, and polygons whatever the change",
    "[spatial][wkb]"
) {
    Bytes lines;
    lines.order().u32(7).u32(2);
    for (int i = 0; i < 2; ++i) {
        lines.order().u32(2).u32(2).point(i, 0).point(i, 0.001);
    }
    Bytes mixed;
    mixed.order()
        .u32(7)
        .u32(2)
        .order()
        .u32(1)
        .point(5, 5)
        .order()
        .u32(2)
        .u32(2)
        .point(0, 0)
        .point(0.001, 0);
    Bytes points;
    points.order().u32(4).u32(1).order().u32(1).point(3, 4);
    const Layer layer = layer_from_wkb(
        {points.text(),
         lines.text(),
         mixed.text(),
         wkb_polygon({{0, 0}, {1, 1}, {1, 0}, {0, 1}, {0, 0}})},
        {"p", "l", "m", "bow"},
        "EPSG:4490"
    );
    CHECK(
        layer.geometry.kinds ==
        std::vector{
            GeometryKind::point, GeometryKind::line, GeometryKind::line, GeometryKind::polygon}
    );
    CHECK(layer.geometry.feature_offsets == std::vector<std::size_t>{0, 1, 3, 4, 6});
    CHECK(issue_of(layer.issues, "mixed_geometry") != nullptr);
    REQUIRE(issue_of(layer.issues, "repaired") != nullptr);
    CHECK(issue_of(layer.issues, "repaired")->row == 4);
    CHECK(layer.names == std::vector<std::string>(4));
}

TEST_CASE("Geometry written as WKB comes back the same", "[spatial][wkb]") {
    Bytes with_hole;
    with_hole.order()
        .u32(3)
        .u32(2)
        .u32(5)
        .point(0, 0)
        .point(9, 0)
        .point(9, 9)
        .point(0, 9)
        .point(0, 0);
    with_hole.u32(5).point(2, 2).point(2, 4).point(4, 4).point(4, 2).point(2, 2);
    const Plots plots = plots_from_wkb(
        {with_hole.text(), "", wkb_polygon({{20, 0}, {21, 0}, {21, 1}, {20, 0}})},
        {"a", "b", "c"},
        "EPSG:4490"
    );
    const std::vector<std::string> wkb = to_wkb(plots.geometry);
    CHECK(wkb[1].empty());
    CHECK(plots_from_wkb(wkb, plots.ids, "EPSG:4490").geometry == plots.geometry);
}

TEST_CASE("Ids of plots are unique", "[spatial][wkb]") {
    const std::string wkb = wkb_polygon({{0, 0}, {1, 0}, {1, 1}, {0, 0}});
    try {
        static_cast<void>(plots_from_wkb({wkb, wkb, wkb}, {"a", "b", "a"}, "EPSG:4490"));
        FAIL("accepted");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::data_check_failed);
        CHECK_THAT(error.message().en, ContainsSubstring(": a;"));
    }
}
