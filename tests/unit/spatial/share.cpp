#include "catch.hpp"
#include "shapes_for_tests.hpp"

#include <random>

using namespace tuban;
using shapes::Plane;
using shapes::Ring;

namespace {

constexpr double pi = 3.14159265358979323846;

const LonLat center{83.6, 45.94};

Plane square(double half, double x = 0.0, double y = 0.0) {
    return {
        {x - half, y - half}, {x + half, y - half}, {x + half, y + half}, {x - half, y + half}};
}

/// What a test puts around a plot, in its plane, turned by an angle.
struct Scene {
    LocalFrame frame{center};
    double turn = 0.0;
    Geometry plot;
    Layer layer;

    Scene() = default;

    explicit Scene(double angle) : turn(angle) {}

    void plot_of(const Plane& corners) {
        shapes::add_polygon(plot, {shapes::placed(frame, corners, true, turn)});
    }

    void point(double x, double y) {
        shapes::add(
            layer.geometry,
            GeometryKind::point,
            {{shapes::placed(frame, {{x, y}}, false, turn)}}
        );
    }

    void line(const Plane& vertices) {
        shapes::add(
            layer.geometry, GeometryKind::line, {{shapes::placed(frame, vertices, false, turn)}}
        );
    }

    void polygon(const Plane& corners) {
        shapes::add_polygon(layer.geometry, {shapes::placed(frame, corners, true, turn)});
    }

    [[nodiscard]] double share(double within_m) const {
        return share_within(plot, "EPSG:4490", layer, within_m).at(0).value();
    }
};

} // namespace

TEST_CASE("A disc in a square covers its circle", "[spatial][oracle]") {
    Scene scene;
    scene.plot_of(square(500.0));
    scene.point(0.0, 0.0);
    CHECK_THAT(scene.share(300.0), WithinAbs(pi * 0.09, 1e-6));
    CHECK_THAT(scene.share(0.0), WithinAbs(0.0, 0.0));
    CHECK_THAT(scene.share(708.0), WithinAbs(1.0, 0.0));
    // Circle beyond the sides: half-chords from the sides, h = 500, r = 600.
    const double r = 600.0;
    const double segment = r * r * std::acos(500.0 / r) - 500.0 * std::sqrt(r * r - 250000.0);
    CHECK_THAT(scene.share(r), WithinAbs((pi * r * r - 4.0 * segment) / 1e6, 1e-6));
}

TEST_CASE(
    "A disc at a corner covers a quarter, two discs their lens once", "[spatial][oracle]"
) {
    Scene corner;
    corner.plot_of(square(500.0));
    corner.point(500.0, 500.0);
    CHECK_THAT(corner.share(400.0), WithinAbs(pi * 0.04, 1e-6));
    Scene two;
    two.plot_of(square(500.0));
    two.point(-100.0, 20.0);
    two.point(100.0, 20.0);
    const double r = 250.0;
    const double lens =
        2.0 * r * r * std::acos(100.0 / r) - 100.0 * std::sqrt(4.0 * r * r - 40000.0);
    CHECK_THAT(two.share(r), WithinAbs((2.0 * pi * r * r - lens) / 1e6, 1e-6));
}

TEST_CASE("A disc that only just reaches in is not stepped over", "[spatial][oracle]") {
    const double r = 1000.0;
    for (const double h : {0.3, 2.0}) {
        const double segment =
            r * r * std::acos((r - h) / r) - (r - h) * std::sqrt(2.0 * r * h - h * h);
        for (const double angle : {0.0, pi / 2.0, pi, 1.5 * pi}) {
            INFO(h << " " << angle);
            Scene scene;
            scene.plot_of(square(400.0));
            const double d = 400.0 + r - h;
            const double aside = 37.0;
            scene.point(
                d * std::cos(angle) - aside * std::sin(angle),
                d * std::sin(angle) + aside * std::cos(angle)
            );
            CHECK_THAT(scene.share(r), WithinAbs(segment / 640000.0, 1e-6));
        }
    }
}

TEST_CASE("A road through a plot covers a strip", "[spatial][oracle]") {
    for (const double turn : {0.0, 0.3, 1.0, pi / 2.0}) {
        INFO(turn);
        Scene scene(turn);
        scene.plot_of(square(400.0));
        scene.line({{-3000.0, 100.0}, {3000.0, 100.0}});
        CHECK_THAT(scene.share(50.0), WithinAbs(100.0 / 800.0, 1e-6));
        CHECK_THAT(scene.share(0.5), WithinAbs(1.0 / 800.0, 1e-6)); // a metre in 800 m
        CHECK_THAT(scene.share(300.0), WithinAbs(600.0 / 800.0, 1e-6));
        CHECK_THAT(scene.share(500.0), WithinAbs(1.0, 1e-6)); // just all
        scene.line({{-3000.0, 100.0}, {3000.0, 100.0}});      // twice the same road
        CHECK_THAT(scene.share(50.0), WithinAbs(100.0 / 800.0, 1e-6));
    }
    Scene edge; // the boundary of the strip runs along a side of the plot
    edge.plot_of(square(400.0));
    edge.line({{-3000.0, -600.0}, {3000.0, -600.0}});
    CHECK_THAT(edge.share(200.0), WithinAbs(0.0, 1e-6));
    CHECK_THAT(edge.share(1000.0), WithinAbs(1.0, 1e-6));
    CHECK_THAT(edge.share(600.0), WithinAbs(0.5, 1e-6));
}

TEST_CASE("Polygons cover what is in them, and a margin around", "[spatial][oracle]") {
    for (const double turn : {0.0, 0.5}) {
        INFO(turn);
        Scene scene(turn);
        scene.plot_of(square(400.0));
        scene.polygon({{0.0, -5000.0}, {20000.0, -5000.0}, {20000.0, 5000.0}, {0.0, 5000.0}});
        CHECK_THAT(scene.share(0.0), WithinAbs(0.5, 1e-6));
        CHECK_THAT(scene.share(100.0), WithinAbs(0.625, 1e-6));
        scene.polygon(square(100.0, 50.0, 0.0)); // 50 m of it beyond the first
        CHECK_THAT(scene.share(0.0), WithinAbs(0.5 + 50.0 * 200.0 / 640000.0, 1e-6));
    }
    Scene all;
    all.plot_of(square(400.0));
    all.polygon(square(30000.0));
    CHECK(all.share(0.0) == 1.0);
    CHECK(all.share(10.0) == 1.0);
}

TEST_CASE("Holes of plot and polygon are left out", "[spatial][oracle]") {
    Scene scene;
    const Ring shell = shapes::placed(scene.frame, square(400.0));
    const Ring hole = shapes::reversed(shapes::placed(scene.frame, square(200.0)));
    shapes::add_polygon(scene.plot, {shell, hole});
    scene.point(0.0, 0.0);
    CHECK(scene.share(199.0) == 0.0);
    CHECK_THAT(scene.share(240.0), [] {
        const double r = 240.0;
        const double outside =
            4.0 * (r * r * std::acos(200.0 / r) - 200.0 * std::sqrt(r * r - 40000.0));
        return WithinAbs(outside / 480000.0, 1e-6);
    }());
    Scene reserve;
    reserve.plot_of(square(300.0));
    shapes::add_polygon(reserve.layer.geometry, {shell, hole});
    CHECK_THAT(reserve.share(0.0), WithinAbs(200000.0 / 360000.0, 1e-6));
    CHECK_THAT(reserve.share(50.0), WithinAbs((360000.0 - 90000.0) / 360000.0, 1e-6));
}

TEST_CASE("Turned scenes have the same share", "[spatial][oracle]") {
    // The integral runs along other lines each time, so agreement is a check of it.
    std::mt19937_64 random(11);
    std::uniform_real_distribution<double> unit(-1.0, 1.0);
    for (int i = 0; i < 12; ++i) {
        Plane plot;
        for (int k = 0; k < 7; ++k) {
            const double angle = 2.0 * pi * (k + 0.3 * unit(random)) / 7.0;
            const double r = 300.0 + 200.0 * unit(random);
            plot.push_back({r * std::cos(angle), r * std::sin(angle)});
        }
        std::vector<Plane> lines;
        for (int k = 0; k < 4; ++k) {
            lines.push_back(
                {{900.0 * unit(random), 900.0 * unit(random)},
                 {900.0 * unit(random), 900.0 * unit(random)},
                 {900.0 * unit(random), 900.0 * unit(random)}}
            );
        }
        const Plane yard = square(120.0, 300.0 * unit(random), 300.0 * unit(random));
        std::vector<double> shares;
        for (const double turn : {0.0, 0.7, 2.1}) {
            Scene scene(turn);
            scene.plot_of(plot);
            for (const Plane& vertices : lines) {
                scene.line(vertices);
            }
            scene.polygon(yard);
            shares.push_back(scene.share(60.0));
        }
        INFO(i << " " << shares[0]);
        CHECK_THAT(shares[1], WithinAbs(shares[0], 1e-6));
        CHECK_THAT(shares[2], WithinAbs(shares[0], 1e-6));
    }
}

TEST_CASE("Shares agree with a grid of points", "[spatial][oracle]") {
    Scene scene;
    scene.plot_of(square(300.0));
    const Plane road{{-500.0, -130.0}, {20.0, 40.0}, {100.0, 480.0}};
    scene.line(road);
    scene.point(210.0, -190.0);
    const double d = 75.0;
    const auto to_edge =
        [](double x, double y, const LocalFrame::Point& a, const LocalFrame::Point& b) {
            const double dx = b.x_m - a.x_m;
            const double dy = b.y_m - a.y_m;
            double u = ((x - a.x_m) * dx + (y - a.y_m) * dy) / (dx * dx + dy * dy);
            u = std::min(1.0, std::max(0.0, u));
            return std::hypot(x - a.x_m - u * dx, y - a.y_m - u * dy);
        };
    const int n = 2400;
    long covered = 0;
    for (int i = 0; i < n; ++i) {
        for (int k = 0; k < n; ++k) {
            const double x = -300.0 + 600.0 * (i + 0.5) / n;
            const double y = -300.0 + 600.0 * (k + 0.5) / n;
            if (to_edge(x, y, road[0], road[1]) <= d || to_edge(x, y, road[1], road[2]) <= d ||
                std::hypot(x - 210.0, y + 190.0) <= d) {
                ++covered;
            }
        }
    }
    // Edges of the covered set run through about 3n cells, each off by half a cell at random: ±2e-5.
    CHECK_THAT(scene.share(d), WithinAbs(static_cast<double>(covered) / n / n, 2e-5));
}

TEST_CASE("A plot in two places far apart is measured in each", "[spatial]") {
    Scene scene;
    const LocalFrame far({120.0, 30.0});
    shapes::add(
        scene.plot,
        GeometryKind::polygon,
        {{shapes::placed(scene.frame, square(500.0))}, {shapes::placed(far, square(500.0))}}
    );
    scene.point(0.0, 0.0);
    CHECK_THAT(scene.share(300.0), WithinAbs(pi * 0.09 / 2.0, 1e-6));
}

TEST_CASE("The antimeridian does not matter to a share", "[spatial]") {
    const LocalFrame frame({180.0, 66.0});
    Layer layer;
    shapes::add(layer.geometry, GeometryKind::point, {{{{-180.0, 66.0}}}});
    const Geometry plot = shapes::polygon({shapes::placed(frame, square(500.0))});
    const auto got = share_within(plot, "EPSG:4490", layer, 300.0).at(0);
    CHECK_THAT(got.value(), WithinAbs(pi * 0.09, 1e-6));
}

TEST_CASE("Shares need a distance in range and a plot with geometry", "[spatial]") {
    Scene scene;
    scene.plot_of(square(100.0));
    shapes::add(scene.plot, GeometryKind::none, {});
    CHECK(scene.share(10.0) == 0.0); // an empty layer covers nothing
    CHECK_FALSE(share_within(scene.plot, "EPSG:4490", scene.layer, 10.0).at(1).has_value());
    for (const double bad : {-1.0, 100001.0, std::nan("")}) {
        CHECK_THROWS_AS(share_within(scene.plot, "EPSG:4490", scene.layer, bad), Error);
    }
}
