// The arrangement of arcs in the plane: against closed forms, a bracket by quadtree that knows only distances, and GEOS.
#include "spatial/arc_arrangement.hpp"

#include "catch.hpp"
#include "spatial/geos.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <random>
#include <string>
#include <vector>

using namespace tuban;

namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double spread_m = 1e-6;

using Ring = std::vector<PlanePoint>;

Ring square(double half, double x = 0.0, double y = 0.0) {
    return {
        {x - half, y - half}, {x + half, y - half}, {x + half, y + half}, {x - half, y + half}};
}

Ring reversed(const Ring& ring) {
    return {ring.rbegin(), ring.rend()};
}

PlaneRings rings_of(const std::vector<Ring>& rings) {
    PlaneRings result;
    for (const Ring& ring : rings) {
        for (const PlanePoint& p : ring) {
            result.add(p);
        }
        result.close_ring();
    }
    return result;
}

std::vector<PlaneSegment> path(const Ring& vertices) {
    std::vector<PlaneSegment> result;
    for (std::size_t i = 0; i + 1 < vertices.size(); ++i) {
        result.push_back({vertices[i], vertices[i + 1]});
    }
    return result;
}

/// Rings, what lies near them, and polygons among it.
struct Scene {
    PlaneRings rings;
    std::vector<PlaneSegment> segments;
    std::vector<Ring> polygons;
    double within_m = 0.0;

    void add(const Ring& vertices) {
        for (const PlaneSegment& segment : path(vertices)) {
            segments.push_back(segment);
        }
    }

    void add_point(PlanePoint p) { segments.push_back({p, p}); }

    void add_polygon(const Ring& ring) {
        polygons.push_back(ring);
        Ring closed = ring;
        closed.push_back(ring.front());
        add(closed);
    }

    /// In one order, without duplicates, as the kernel is promised.
    [[nodiscard]] std::vector<PlaneSegment> ordered() const {
        std::vector<PlaneSegment> result = segments;
        const auto key = [](const PlaneSegment& s) {
            return std::array{s.from.x_m, s.from.y_m, s.to.x_m, s.to.y_m};
        };
        for (PlaneSegment& s : result) {
            const PlaneSegment turned{s.to, s.from};
            s = std::min(key(s), key(turned)) == key(s) ? s : turned;
        }
        std::sort(result.begin(), result.end(), [&](const auto& a, const auto& b) {
            return key(a) < key(b);
        });
        const auto same = [&](const auto& a, const auto& b) { return key(a) == key(b); };
        result.erase(std::unique(result.begin(), result.end(), same), result.end());
        return result;
    }

    [[nodiscard]] std::optional<double> covered() const {
        ArcArrangement arrangement;
        const std::vector<PlaneSegment> all = ordered();
        LocalPolygons local;
        for (std::uint32_t i = 0; i < polygons.size(); ++i) {
            for (std::size_t k = 0; k < polygons[i].size(); ++k) {
                local.add_edge(i, {polygons[i][k], polygons[i][(k + 1) % polygons[i].size()]});
            }
        }
        const PlanePoint reference = local.clear_point(box_of(rings));
        std::vector<std::size_t> holders;
        for (std::size_t i = 0; i < polygons.size(); ++i) {
            if (holds(rings_of({polygons[i]}), reference)) {
                holders.push_back(i);
            }
        }
        local.refer_to(reference, holders);
        return arrangement.covered_m2(
            {rings, all, within_m, polygons.empty() ? nullptr : &local}, spread_m
        );
    }
};

double distance(const PlaneSegment& s, PlanePoint p) {
    const double dx = s.to.x_m - s.from.x_m;
    const double dy = s.to.y_m - s.from.y_m;
    const double length2 = dx * dx + dy * dy;
    double u = 0.0;
    if (length2 > 0.0) {
        u = ((p.x_m - s.from.x_m) * dx + (p.y_m - s.from.y_m) * dy) / length2;
    }
    u = std::min(1.0, std::max(0.0, u));
    return std::hypot(p.x_m - s.from.x_m - u * dx, p.y_m - s.from.y_m - u * dy);
}

bool inside(const std::vector<Ring>& rings, PlanePoint p) {
    bool odd = false;
    for (const Ring& ring : rings) {
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const PlanePoint a = ring[i];
            const PlanePoint b = ring[(i + 1) % ring.size()];
            if ((a.y_m > p.y_m) != (b.y_m > p.y_m) &&
                p.x_m < a.x_m + (p.y_m - a.y_m) * (b.x_m - a.x_m) / (b.y_m - a.y_m)) {
                odd = !odd;
            }
        }
    }
    return odd;
}

struct Bracket {
    double low = 0.0;
    double high = 0.0;
};

/// The covered area between two bounds: squares that lie in the rings and near to something, or surely not, by how far
/// their middle is; halved until `depth`. Knows nothing of arcs and crossings.
class Quadtree {
public:
    Quadtree(const Scene& scene, const std::vector<Ring>& rings)
        : scene_(scene), rings_(rings) {}

    Bracket run(double half, int depth) { return visit({0.0, 0.0}, half, depth); }

private:
    // NOLINTNEXTLINE(misc-no-recursion)
    Bracket visit(PlanePoint middle, double half, int depth) {
        const double reach = half * std::sqrt(2.0);
        double to_outline = 1e300;
        for (const Ring& ring : rings_) {
            for (std::size_t i = 0; i < ring.size(); ++i) {
                to_outline = std::min(
                    to_outline, distance({ring[i], ring[(i + 1) % ring.size()]}, middle)
                );
            }
        }
        double to_layer = 1e300;
        for (const PlaneSegment& s : scene_.segments) {
            to_layer = std::min(to_layer, distance(s, middle));
        }
        bool held = false;
        for (const Ring& polygon : scene_.polygons) {
            held = held || inside({polygon}, middle);
        }
        const bool in_rings = inside(rings_, middle);
        const double area = 4.0 * half * half;
        if (to_outline > reach && !in_rings) {
            return {};
        }
        const double signed_layer = held ? -to_layer : to_layer;
        if (signed_layer - reach > scene_.within_m) {
            return {};
        }
        if (to_outline > reach && in_rings && signed_layer + reach <= scene_.within_m) {
            return {area, area};
        }
        if (depth == 0) {
            return {0.0, area};
        }
        Bracket sum;
        for (const double dx : {-0.5, 0.5}) {
            for (const double dy : {-0.5, 0.5}) {
                const Bracket more = visit(
                    {middle.x_m + dx * half, middle.y_m + dy * half}, 0.5 * half, depth - 1
                );
                sum.low += more.low;
                sum.high += more.high;
            }
        }
        return sum;
    }

    const Scene& scene_;
    const std::vector<Ring>& rings_;
};

class Numbers {
public:
    explicit Numbers(std::uint64_t seed) : engine_(seed) {}

    double in(double low, double high) {
        return std::uniform_real_distribution<double>(low, high)(engine_);
    }

    Ring star(double radius, std::size_t n, double x = 0.0, double y = 0.0) {
        Ring ring;
        for (std::size_t k = 0; k < n; ++k) {
            const double angle =
                2.0 * pi * (static_cast<double>(k) + in(0.1, 0.9)) / static_cast<double>(n);
            const double r = radius * in(0.5, 1.0);
            ring.push_back({x + r * std::cos(angle), y + r * std::sin(angle)});
        }
        return ring;
    }

private:
    std::mt19937_64 engine_;
};

/// On the grid of 10 m, so that lines and outlines often lie on each other, or 2d and d apart.
PlanePoint on_grid(Numbers& numbers) {
    return {
        10.0 * std::round(numbers.in(-12.0, 12.0)), 10.0 * std::round(numbers.in(-12.0, 12.0))};
}

GeosGeometry geos_of(const std::vector<Ring>& rings) {
    RawPolygon polygon;
    std::vector<RawRing> raw;
    for (const Ring& ring : rings) {
        RawRing one;
        for (const PlanePoint& p : ring) {
            one.x.push_back(p.x_m);
            one.y.push_back(p.y_m);
        }
        raw.push_back(one);
    }
    append_part(polygon, raw);
    return geos_part(polygon, 0);
}

GeosGeometry geos_segment(const PlaneSegment& s) {
    const GEOSContextHandle_t geos = geos_handle();
    GEOSCoordSequence* sequence = GEOSCoordSeq_create_r(geos, 2, 2);
    GEOSCoordSeq_setXY_r(geos, sequence, 0, s.from.x_m, s.from.y_m);
    GEOSCoordSeq_setXY_r(geos, sequence, 1, s.to.x_m, s.to.y_m);
    return GeosGeometry(GEOSGeom_createLineString_r(geos, sequence));
}

struct GeosArea {
    double covered = 0.0;
    double outline = 0.0; ///< length of the buffer's outline inside the rings
};

GeosArea geos_area(const Scene& scene, const std::vector<Ring>& rings) {
    const GEOSContextHandle_t geos = geos_handle();
    std::vector<GeosGeometry> parts;
    for (const PlaneSegment& s : scene.segments) {
        const GeosGeometry segment = geos_segment(s);
        parts.emplace_back(GEOSBuffer_r(geos, segment.get(), scene.within_m, 64));
    }
    for (const Ring& polygon : scene.polygons) {
        parts.push_back(geos_of({polygon}));
    }
    const GeosGeometry all = geos_collection(std::move(parts), GEOS_GEOMETRYCOLLECTION);
    const GeosGeometry joined(GEOSUnaryUnion_r(geos, all.get()));
    const GeosGeometry own = geos_of(rings);
    const GeosGeometry covered(GEOSIntersection_r(geos, joined.get(), own.get()));
    const GeosGeometry boundary(GEOSBoundary_r(geos, joined.get()));
    const GeosGeometry within(GEOSIntersection_r(geos, boundary.get(), own.get()));
    GeosArea result;
    GEOSArea_r(geos, covered.get(), &result.covered);
    GEOSLength_r(geos, within.get(), &result.outline);
    return result;
}

} // namespace

TEST_CASE(
    "The plane: a disc and a square meet in circles and segments", "[spatial][oracle][arcs]"
) {
    Scene scene;
    scene.rings = rings_of({square(500.0)});
    scene.add_point({0.0, 0.0});
    scene.within_m = 300.0;
    CHECK_THAT(scene.covered().value() / 1e6, WithinAbs(pi * 0.09, 1e-12));
    for (const double r : {500.1, 600.0, 700.0, 707.0}) {
        const double segment =
            r * r * std::acos(500.0 / r) - 500.0 * std::sqrt(r * r - 250000.0);
        scene.within_m = r;
        CHECK_THAT(
            scene.covered().value() / 1e6, WithinAbs((pi * r * r - 4.0 * segment) / 1e6, 1e-11)
        );
    }
    scene.within_m = 708.0;
    CHECK_THAT(scene.covered().value(), WithinAbs(1e6, 1e-6));
    // The circle touches all four sides.
    scene.within_m = 500.0;
    CHECK_THAT(scene.covered().value() / 1e6, WithinAbs(pi / 4.0, 1e-11));
}

TEST_CASE("The plane: strips, capsules and lenses by hand", "[spatial][oracle][arcs]") {
    Scene scene;
    scene.rings = rings_of({square(400.0)});
    scene.within_m = 50.0;
    scene.add({{-3000.0, 100.0}, {3000.0, 100.0}});
    CHECK_THAT(scene.covered().value(), WithinAbs(80000.0, 1e-6));
    scene.add({{3000.0, 100.0}, {-3000.0, 100.0}}); // the other way
    scene.add({{-20.0, 100.0}, {77.0, 100.0}});     // a stretch of it
    scene.add({{-3000.0, 100.0 + 1e-12}, {3000.0, 100.0}});
    CHECK_THAT(scene.covered().value(), WithinAbs(80000.0, 1e-6));
    scene.add({{-3000.0, 200.0}, {3000.0, 200.0}}); // just 2d away
    CHECK_THAT(scene.covered().value(), WithinAbs(160000.0, 1e-6));
    scene.add({{-3000.0, -450.0}, {3000.0, -450.0}}); // its strip ends at the side
    CHECK_THAT(scene.covered().value(), WithinAbs(160000.0, 1e-6));
    scene.add({{-3000.0, -350.0}, {3000.0, -350.0}}); // its strip begins at the side
    CHECK_THAT(scene.covered().value(), WithinAbs(240000.0, 1e-6));

    Scene inner;
    inner.rings = rings_of({square(400.0)});
    inner.within_m = 30.0;
    inner.add({{-100.0, 20.0}, {50.0, 20.0}});
    CHECK_THAT(inner.covered().value(), WithinAbs(150.0 * 60.0 + pi * 900.0, 1e-7));
    inner.add_point({-100.0, 20.0}); // the end once more, as a point
    CHECK_THAT(inner.covered().value(), WithinAbs(150.0 * 60.0 + pi * 900.0, 1e-7));

    Scene two;
    two.rings = rings_of({square(500.0)});
    two.add_point({-100.0, 20.0});
    two.add_point({100.0, 20.0});
    for (const double r : {100.0, 100.5, 250.0}) { // 100: they touch
        two.within_m = r;
        const double lens =
            2.0 * r * r * std::acos(100.0 / r) - 100.0 * std::sqrt(4.0 * r * r - 40000.0);
        CHECK_THAT(two.covered().value(), WithinAbs(2.0 * pi * r * r - lens, 1e-5));
    }
}

TEST_CASE("The plane: a polygon's inside counts", "[spatial][oracle][arcs]") {
    Scene scene;
    scene.rings = rings_of({square(300.0)});
    scene.add_polygon(square(100.0));
    scene.within_m = 0.0;
    CHECK_THAT(scene.covered().value(), WithinAbs(40000.0, 1e-6));
    scene.within_m = 20.0;
    const double rounded = 40000.0 + 4.0 * 200.0 * 20.0 + pi * 400.0;
    CHECK_THAT(scene.covered().value(), WithinAbs(rounded, 1e-6));
    scene.add_polygon(square(50.0));             // inside it
    scene.add_polygon(square(50.0, 150.0, 0.0)); // beside it: one side in common
    scene.within_m = 0.0;
    CHECK_THAT(scene.covered().value(), WithinAbs(50000.0, 1e-6));
    scene.add_polygon(square(60.0, 150.0, 0.0)); // across both
    CHECK_THAT(scene.covered().value(), WithinAbs(40000.0 + 110.0 * 120.0, 1e-6));

    Scene same;
    same.rings = rings_of({square(300.0)});
    same.add_polygon(square(300.0));
    CHECK_THAT(same.covered().value(), WithinAbs(360000.0, 1e-6));
    Scene neighbour;
    neighbour.rings = rings_of({square(300.0)});
    neighbour.add_polygon(square(300.0, 600.0, 0.0));
    CHECK_THAT(neighbour.covered().value(), WithinAbs(0.0, 1e-6));
    neighbour.within_m = 60.0;
    CHECK_THAT(neighbour.covered().value(), WithinAbs(36000.0, 1e-6));
}

TEST_CASE("The plane: what is covered lies in a bracket", "[spatial][oracle][arcs]") {
    Numbers numbers(7);
    int answered = 0;
    for (int i = 0; answered < 60; ++i) {
        const double hole = 5.0 + 0.3 * (i % 60);
        const std::vector<Ring> rings{
            numbers.star(120.0, 4 + static_cast<std::size_t>(i) % 9), reversed(square(hole))};
        Scene scene;
        scene.rings = rings_of({rings[0], rings[1]});
        scene.within_m = i % 3 == 0 ? 0.7 : numbers.in(5.0, 60.0);
        for (int k = 0; k < 5; ++k) {
            scene.add(
                {{numbers.in(-150.0, 150.0), numbers.in(-150.0, 150.0)},
                 {numbers.in(-150.0, 150.0), numbers.in(-150.0, 150.0)},
                 {numbers.in(-150.0, 150.0), numbers.in(-150.0, 150.0)}}
            );
        }
        scene.add_point({numbers.in(-90.0, 90.0), numbers.in(-90.0, 90.0)});
        if (i % 2 == 0) {
            scene.add_polygon(numbers.star(80.0, 7, numbers.in(-100.0, 100.0), 20.0));
        }
        bool crosses = false; // the hole comes out of the star
        for (std::size_t k = 0; k < rings[0].size(); ++k) {
            const PlaneSegment edge{rings[0][k], rings[0][(k + 1) % rings[0].size()]};
            crosses = crosses || distance(edge, {0.0, 0.0}) < 1.5 * hole;
        }
        if (crosses) {
            continue;
        }
        const Bracket bracket = Quadtree(scene, rings).run(125.0, 8);
        const std::optional<double> covered = scene.covered();
        INFO(i << ": " << bracket.low << " to " << bracket.high);
        REQUIRE(covered.has_value());
        CHECK(*covered >= bracket.low - 1e-6);
        CHECK(*covered <= bracket.high + 1e-6);
        ++answered;
    }
}

TEST_CASE(
    "The plane: shapes on a grid, where everything coincides, agree with GEOS",
    "[spatial][oracle][arcs]"
) {
    Numbers numbers(99);
    int unanswered = 0;
    constexpr int scenes = 150;
    for (int i = 0; i < scenes; ++i) {
        std::vector<Ring> rings{square(100.0)};
        if (i % 2 == 0) {
            rings.push_back(reversed(square(40.0)));
        }
        Scene scene;
        scene.rings = rings_of(rings);
        scene.within_m = 10.0 * (1 + i % 4);
        for (int k = 0; k < 3 + i % 6; ++k) {
            const PlanePoint a = on_grid(numbers);
            PlanePoint b = on_grid(numbers);
            if (k % 3 == 0) {
                b.x_m = a.x_m; // along the outline
            } else if (k % 3 == 1) {
                b.y_m = a.y_m;
            }
            scene.add({a, b, on_grid(numbers)});
        }
        if (i % 3 == 0) {
            const PlanePoint at = on_grid(numbers);
            scene.add_polygon(square(30.0, at.x_m, at.y_m));
            scene.add_polygon(square(20.0, at.x_m + 50.0, at.y_m));
        }
        const std::optional<double> covered = scene.covered();
        if (!covered) {
            ++unanswered;
            continue;
        }
        const GeosArea expected = geos_area(scene, rings);
        INFO(i);
        // 64 chords to a quarter miss up to 7.6e-5 of the radius along the outline; they never reach too far.
        const double missing = 7.6e-5 * scene.within_m * expected.outline + 1e-4;
        CHECK(*covered >= expected.covered - 1e-4);
        CHECK(*covered <= expected.covered + missing);
    }
    CHECK(unanswered == 0);
}

TEST_CASE("The plane: turning, moving and cutting change nothing", "[spatial][oracle][arcs]") {
    Numbers numbers(5);
    for (int i = 0; i < 40; ++i) {
        const Ring ring = numbers.star(150.0, 9);
        std::vector<Ring> lines;
        for (int k = 0; k < 6; ++k) {
            Ring line;
            for (int n = 0; n < 4; ++n) {
                line.push_back({numbers.in(-200.0, 200.0), numbers.in(-200.0, 200.0)});
            }
            lines.push_back(line);
        }
        const double within = numbers.in(3.0, 90.0);
        std::vector<double> areas;
        for (const double turn : {0.0, 0.7, 2.9}) {
            const auto turned = [&](const Ring& from, bool cut) {
                Ring result;
                for (std::size_t n = 0; n < from.size(); ++n) {
                    const auto put = [&](double x, double y) {
                        result.push_back(
                            {500.0 * turn + x * std::cos(turn) - y * std::sin(turn),
                             x * std::sin(turn) + y * std::cos(turn)}
                        );
                    };
                    put(from[n].x_m, from[n].y_m);
                    if (cut && n + 1 < from.size()) {
                        put(0.5 * (from[n].x_m + from[n + 1].x_m),
                            0.5 * (from[n].y_m + from[n + 1].y_m));
                    }
                }
                return result;
            };
            Scene scene;
            scene.rings = rings_of({turned(ring, turn > 1.0)});
            scene.within_m = within;
            for (const Ring& line : lines) {
                scene.add(turned(line, turn > 0.0));
            }
            areas.push_back(scene.covered().value());
        }
        INFO(i);
        // Of about 5e4 m²: 1e-9 of it.
        CHECK_THAT(areas[1], WithinAbs(areas[0], 5e-5));
        CHECK_THAT(areas[2], WithinAbs(areas[0], 5e-5));
    }
}

TEST_CASE(
    "Rings are cut by a box without changing what they enclose", "[spatial][oracle][arcs]"
) {
    Numbers numbers(3);
    for (int i = 0; i < 50; ++i) {
        const PlaneRings rings = rings_of({numbers.star(100.0, 11)});
        double sum = 0.0;
        for (const double x : {-100.0, 0.0}) {
            for (const double y : {-100.0, 0.0}) {
                sum += area_m2(clipped(rings, {{x, y}, {x + 100.0, y + 100.0}}));
            }
        }
        CHECK_THAT(sum, WithinAbs(area_m2(rings), 1e-9));
    }
    // A comb: the part inside the box falls into teeth.
    const PlaneRings comb = rings_of(
        {{{0.0, 0.0},
          {50.0, 0.0},
          {50.0, 30.0},
          {40.0, 30.0},
          {40.0, 10.0},
          {20.0, 10.0},
          {20.0, 30.0},
          {0.0, 30.0}}}
    );
    CHECK_THAT(
        area_m2(clipped(comb, {{-1.0, 20.0}, {60.0, 40.0}})), WithinAbs(200.0 + 100.0, 1e-9)
    );
}
