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

TEST_CASE("A plot among more than can be arranged at once is quartered", "[spatial][oracle]") {
    Scene scene;
    scene.plot_of(square(500.0));
    for (int i = 0; i < 20; ++i) {
        for (int k = 0; k < 20; ++k) {
            scene.point(-475.0 + 50.0 * i, -475.0 + 50.0 * k);
        }
    }
    CHECK_THAT(scene.share(20.0), WithinAbs(400.0 * pi * 400.0 / 1e6, 1e-9));
    // Neighbours overlap; between four of them a star of ground is left.
    const double r = 30.0;
    const double lens =
        2.0 * r * r * std::acos(25.0 / r) - 25.0 * std::sqrt(4.0 * r * r - 2500.0);
    const double half_segment = 0.5 * lens; // beyond a side of the plot
    const double covered = 400.0 * pi * r * r - 2.0 * 20.0 * 19.0 * lens - 80.0 * half_segment;
    CHECK_THAT(scene.share(r), WithinAbs(covered / 1e6, 1e-9));
    // All of it, by no one disc alone.
    CHECK_THAT(scene.share(36.0), WithinAbs(1.0, 1e-12));
}

TEST_CASE("Duplicates and cut edges leave a share as it is", "[spatial][oracle]") {
    std::mt19937_64 random(5);
    std::uniform_real_distribution<double> unit(-1.0, 1.0);
    for (int i = 0; i < 30; ++i) {
        Scene once;
        Scene often;
        once.plot_of(square(150.0, 20.0, -30.0));
        often.plot_of(square(150.0, 20.0, -30.0));
        for (int k = 0; k < 5; ++k) {
            const Plane road{
                {300.0 * unit(random), 300.0 * unit(random)},
                {300.0 * unit(random), 300.0 * unit(random)}};
            once.line(road);
            often.line(road);
            often.line({road[1], road[0]});
            often.line(road);
            often.point(road[0].x_m, road[0].y_m);
            often.line({road[0], road[0]});
        }
        INFO(i);
        for (const double d : {0.5, 20.0, 90.0}) {
            CHECK_THAT(often.share(d), WithinAbs(once.share(d), 1e-8));
        }
    }
}

TEST_CASE("Shares do not depend on rings' sense, threads or company", "[spatial]") {
    std::mt19937_64 random(17);
    std::uniform_real_distribution<double> unit(-1.0, 1.0);
    const LocalFrame frame(center);
    Geometry plots;
    Geometry turned;
    std::vector<std::vector<Ring>> all;
    for (int i = 0; i < 600; ++i) {
        const double x = 20000.0 * unit(random);
        const double y = 20000.0 * unit(random);
        const Ring shell = shapes::placed(frame, square(150.0 + 100.0 * unit(random), x, y));
        const Ring hole = shapes::reversed(shapes::placed(frame, square(30.0, x, y)));
        all.push_back({shell, hole});
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        shapes::add_polygon(plots, all[i]);
        const auto& other = all[all.size() - 1 - i];
        shapes::add_polygon(turned, {shapes::reversed(other[0]), shapes::reversed(other[1])});
    }
    Scene scene;
    for (int k = 0; k < 300; ++k) {
        const double x = 20000.0 * unit(random);
        const double y = 20000.0 * unit(random);
        scene.line(
            {{x, y}, {x + 800.0 * unit(random), y + 800.0 * unit(random)}, {x, y + 300.0}}
        );
        if (k % 10 == 0) {
            scene.polygon(square(300.0, -x, y));
        }
    }
    for (const double d : {0.0, 120.0, 2000.0}) {
        Execution one;
        one.threads = 1;
        Execution seven;
        seven.threads = 7;
        const auto got = share_within(plots, "EPSG:4490", scene.layer, d, one);
        CHECK(got == share_within(plots, "EPSG:4490", scene.layer, d, seven));
        const auto other = share_within(turned, "EPSG:4490", scene.layer, d, seven);
        for (std::size_t i = 0; i < got.size(); ++i) {
            INFO(d << " " << i);
            CHECK_THAT(other[got.size() - 1 - i].value(), WithinAbs(got[i].value(), 1e-12));
        }
    }
}

TEST_CASE("Shares near a pole and far away", "[spatial][oracle]") {
    const LocalFrame pole({0.0, 90.0});
    Layer layer;
    shapes::add(layer.geometry, GeometryKind::point, {{{pole.inverse({1000.0, 0.0})}}});
    // Edges that are straight in longitude and latitude are bent here, so they are cut to 2 m.
    Ring ring;
    for (int k = 0; k < 4; ++k) {
        const auto corners = square(400.0, 1000.0, 0.0);
        for (int n = 0; n < 400; ++n) {
            const double u = n / 400.0;
            const auto& a = corners[static_cast<std::size_t>(k)];
            const auto& b = corners[static_cast<std::size_t>(k + 1) % 4];
            ring.push_back(
                pole.inverse({a.x_m + u * (b.x_m - a.x_m), a.y_m + u * (b.y_m - a.y_m)})
            );
        }
    }
    const Geometry plot = shapes::polygon({ring});
    CHECK_THAT(
        share_within(plot, "EPSG:4490", layer, 300.0).at(0).value(),
        WithinAbs(pi * 0.09 / 0.64, 1e-5)
    );
    // Round the pole itself.
    Ring cap;
    for (int lon = -180; lon < 180; ++lon) {
        cap.push_back({static_cast<double>(lon), 89.99});
    }
    const double radius = geodesic_distance_m({0.0, 89.99}, {0.0, 90.0});
    const Geometry polar = shapes::polygon({cap});
    CHECK_THAT(
        share_within(polar, "EPSG:4490", layer, 100.0).at(0).value(),
        WithinAbs(100.0 * 100.0 / (radius * radius), 1e-5)
    );
    // 60 km away with a distance of 60 km: the edge of the disc is nearly a line.
    Scene far;
    far.plot_of(square(400.0));
    far.point(60000.0, 0.0);
    const double r = 60000.0;
    // ∫ of r − √(r² − y²) over the plot's height is 400³/3r from the line x = 0.
    CHECK_THAT(
        far.share(r),
        WithinAbs((800.0 * 400.0 - 400.0 * 400.0 * 400.0 / (3.0 * r)) / 640000.0, 2e-5)
    );
    CHECK(far.share(100000.0) == 1.0);
}

TEST_CASE("A large plot is measured by cells", "[spatial][oracle]") {
    Scene scene;
    scene.plot_of(square(15000.0));
    scene.line({{-20000.0, 4000.0}, {20000.0, 4000.0}});
    CHECK_THAT(scene.share(50.0), WithinAbs(100.0 / 30000.0, 1e-7));
    scene.polygon(square(2000.0, -6000.0, -6000.0));
    CHECK_THAT(scene.share(0.0), WithinAbs(16e6 / 900e6, 1e-7));
}

TEST_CASE("Polygons of a layer that touch, hold and overlap", "[spatial][oracle]") {
    Scene scene;
    scene.plot_of(square(200.0));
    scene.polygon(square(200.0)); // the plot itself
    CHECK_THAT(scene.share(0.0), WithinAbs(1.0, 1e-9));
    Scene beside;
    beside.plot_of(square(200.0));
    beside.polygon(square(200.0, 400.0, 0.0));
    CHECK_THAT(beside.share(0.0), WithinAbs(0.0, 1e-9));
    CHECK_THAT(beside.share(40.0), WithinAbs(0.1, 1e-9));
    beside.polygon(square(200.0, 0.0, 400.0)
    );                            // shares a corner with the first, a side with the plot
    beside.polygon(square(50.0)); // in the plot
    beside.polygon(square(20.0)); // in that one
    CHECK_THAT(beside.share(0.0), WithinAbs(0.0625, 1e-9));
}

TEST_CASE("A plot below a square metre has no share", "[spatial]") {
    Scene scene;
    scene.plot_of(square(0.49));
    scene.point(0.0, 0.0);
    CHECK_FALSE(share_within(scene.plot, "EPSG:4490", scene.layer, 10.0).at(0).has_value());
    Scene larger;
    larger.plot_of(square(0.51));
    larger.point(0.0, 0.0);
    CHECK(larger.share(10.0) == 1.0);
}
