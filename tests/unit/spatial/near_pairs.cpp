// Every distance that k_nearest(), nearest() and all_within() tell against Karney's inverse over pairs of edges.
#include "catch.hpp"
#include "shapes_for_tests.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

using namespace tuban;
using shapes::Ring;

namespace {

constexpr auto polygon = GeometryKind::polygon;
constexpr auto line = GeometryKind::line;
constexpr auto point = GeometryKind::point;
constexpr double turn = 6.283185307179586;

double step(double from, double to) {
    return std::remainder(to - from, 360.0);
}

struct Edge {
    LonLat a;
    LonLat b;
    double length_m = 0.0;

    [[nodiscard]] LonLat at(double u) const {
        return {
            a.lon_deg + u * step(a.lon_deg, b.lon_deg),
            a.lat_deg + u * (b.lat_deg - a.lat_deg)};
    }
};

/// A feature as the plain reference sees it: edges, straight in longitude and latitude.
struct Outline {
    bool area = false;
    std::vector<Edge> edges;
    std::vector<LonLat> starts; ///< of parts
};

Outline outline_of(const Geometry& geometry, std::size_t feature) {
    Outline result;
    result.area = geometry.kinds[feature] == polygon;
    for (std::size_t part = geometry.feature_offsets[feature];
         part < geometry.feature_offsets[feature + 1];
         ++part) {
        for (std::size_t r = geometry.part_offsets[part]; r < geometry.part_offsets[part + 1];
             ++r) {
            const std::size_t from = geometry.ring_offsets[r];
            const std::size_t n = geometry.ring_offsets[r + 1] - from;
            for (std::size_t i = 0; i < (result.area || n == 1 ? n : n - 1); ++i) {
                const std::size_t p = from + i;
                const std::size_t q = from + (i + 1) % n;
                Edge edge{
                    {geometry.lon_deg[p], geometry.lat_deg[p]},
                    {geometry.lon_deg[q], geometry.lat_deg[q]}};
                // Twice the geodesic: along a parallel near a pole an edge may be half as long again.
                edge.length_m = 2.0 * geodesic_distance_m(edge.a, edge.b);
                result.edges.push_back(edge);
            }
        }
        const std::size_t start = geometry.ring_offsets[geometry.part_offsets[part]];
        result.starts.push_back({geometry.lon_deg[start], geometry.lat_deg[start]});
    }
    return result;
}

bool inside(const Outline& area, const LonLat& p) {
    bool odd = false;
    for (const Edge& e : area.edges) { // a ray to the east
        if ((e.a.lat_deg > p.lat_deg) == (e.b.lat_deg > p.lat_deg)) {
            continue;
        }
        const double u = (p.lat_deg - e.a.lat_deg) / (e.b.lat_deg - e.a.lat_deg);
        if (step(p.lon_deg, e.a.lon_deg) + u * step(e.a.lon_deg, e.b.lon_deg) > 0.0) {
            odd = !odd;
        }
    }
    return area.area && odd;
}

bool cross(const Edge& e, const Edge& f) {
    const auto side = [](const Edge& g, const LonLat& p) {
        return step(g.a.lon_deg, g.b.lon_deg) * (p.lat_deg - g.a.lat_deg) -
                   (g.b.lat_deg - g.a.lat_deg) * step(g.a.lon_deg, p.lon_deg) >
               0.0;
    };
    return side(e, f.a) != side(e, f.b) && side(f, e.a) != side(f, e.b);
}

/// Golden-section minimum of Karney's inverse from a position to an edge.
double golden(const LonLat& p, const Edge& edge) {
    const double ratio = 0.6180339887498949;
    double low = 0.0;
    double high = 1.0;
    double x = high - ratio * (high - low);
    double y = low + ratio * (high - low);
    double fx = geodesic_distance_m(p, edge.at(x));
    double fy = geodesic_distance_m(p, edge.at(y));
    while ((high - low) * edge.length_m > 2e-5) {
        if (fx < fy) {
            high = y;
            y = x;
            fy = fx;
            x = high - ratio * (high - low);
            fx = geodesic_distance_m(p, edge.at(x));
        } else {
            low = x;
            x = y;
            fx = fy;
            y = low + ratio * (high - low);
            fy = geodesic_distance_m(p, edge.at(y));
        }
    }
    return std::min(fx, fy);
}

/// From the vertices of one outline to the edges of the other.
void reach(const Outline& from, const Outline& to, double& least) {
    for (const Edge& vertex : from.edges) {
        for (const Edge& edge : to.edges) {
            const double d = geodesic_distance_m(vertex.a, edge.a);
            least = std::min(least, d);
            if (d - edge.length_m < least) {
                least = std::min(least, golden(vertex.a, edge));
            }
        }
        least =
            from.area ? least : std::min(least, geodesic_distance_m(vertex.b, to.edges[0].a));
    }
    if (!from.area) { // the last vertex of a line
        for (const Edge& vertex : from.edges) {
            for (const Edge& edge : to.edges) {
                if (geodesic_distance_m(vertex.b, edge.a) - edge.length_m < least) {
                    least = std::min(least, golden(vertex.b, edge));
                }
            }
        }
    }
}

double brute(const Outline& a, const Outline& b) {
    const auto holds = [](const Outline& area, const Outline& other) {
        return std::any_of(other.starts.begin(), other.starts.end(), [&](const LonLat& p) {
            return inside(area, p);
        });
    };
    if (holds(a, b) || holds(b, a)) {
        return 0.0;
    }
    double least = std::numeric_limits<double>::infinity();
    reach(a, b, least);
    if (least > 25'000.0) { // farther than edges are long
        reach(b, a, least);
        return least;
    }
    for (const Edge& e : a.edges) {
        for (const Edge& f : b.edges) {
            if (cross(e, f)) {
                return 0.0;
            }
        }
    }
    reach(b, a, least);
    return least;
}

class Random {
public:
    double operator()(double low, double high) {
        return std::uniform_real_distribution<double>(low, high)(numbers_);
    }

    LonLat beside(const LonLat& center, double distance_m) {
        const double angle = (*this)(0.0, turn);
        return LocalFrame(center).inverse(
            {distance_m * std::cos(angle), distance_m * std::sin(angle)}
        );
    }

    /// A star-shaped ring.
    Ring star(const LonLat& center, double size_m, int n) {
        const LocalFrame frame(center);
        Ring ring;
        for (int k = 0; k < n; ++k) {
            const double angle = turn * (k + (*this)(0.0, 0.8)) / n;
            const double r = size_m * (*this)(0.3, 1.0);
            ring.push_back(frame.inverse({r * std::cos(angle), r * std::sin(angle)}));
        }
        return ring;
    }

private:
    std::mt19937_64 numbers_{20240607};
};

struct Scene {
    Geometry plots;
    Layer layer;
};

/// What is adverse about a scene.
enum class Kind { anywhere, antimeridian, poles, long_edges, touching, nested, parts, repeats };
constexpr int kinds = 8;

LonLat center_of(Random& random, Kind kind) {
    switch (kind) {
    case Kind::antimeridian:
        return {180.0 - random(0.0, 0.005), random(-80.0, 80.0)};
    case Kind::poles:
        return {
            random(-180.0, 180.0),
            random(0.0, 1.0) < 0.5 ? random(84.0, 89.9) : random(-89.9, -84.0)};
    default:
        return {random(-180.0, 180.0), random(-82.0, 82.0)};
    }
}

void add_feature(Random& random, Scene& scene, Kind kind, const LonLat& at, double size_m) {
    const auto& plots = scene.plots;
    const std::array<GeometryKind, 3> all{polygon, line, point};
    const auto what = all.at(static_cast<std::size_t>(random(0.0, 2.999)));
    const auto ring = random.star(at, size_m, 3 + static_cast<int>(random(0.0, 4.0)));
    auto& layer = scene.layer.geometry;
    if (kind == Kind::touching) { // from a vertex or the middle of an edge of a plot
        const auto v = static_cast<std::size_t>(random(0.0, 4.0));
        const LonLat vertex{plots.lon_deg[v], plots.lat_deg[v]};
        const Edge edge{vertex, {plots.lon_deg[v + 1], plots.lat_deg[v + 1]}};
        shapes::add(layer, line, {{{random(0.0, 1.0) < 0.5 ? vertex : edge.at(0.5), at}}});
    } else if (kind == Kind::parts) {
        const auto far = random.star(random.beside(at, 50'000.0), size_m, 4);
        shapes::add(layer, what == point ? line : what, {{far}, {ring}});
    } else if (kind == Kind::repeats) {
        Ring twice;
        for (const LonLat& p : ring) {
            twice.push_back(p);
            twice.push_back(p);
        }
        shapes::add(layer, what == point ? line : what, {{twice}});
    } else {
        shapes::add(layer, what, {{what == point ? Ring{ring.front()} : ring}});
    }
}

Scene make_scene(Random& random, Kind kind) {
    constexpr int count = 11;
    Scene scene;
    const LonLat center = center_of(random, kind);
    const double reach_m = std::pow(10.0, random(1.0, kind == Kind::long_edges ? 4.7 : 5.4));
    const double size_m = kind == Kind::long_edges ? random(2e3, 1e4) : random(50.0, 600.0);
    for (int i = 0; i < count; ++i) {
        const LonLat at = random.beside(center, random(0.0, reach_m));
        const Ring shell = random.star(at, size_m, 5 + i % 4);
        if (kind == Kind::nested && i % 2 == 0) {
            const Ring hole = random.star(at, 0.28 * size_m, 4);
            shapes::add_polygon(scene.plots, {shell, shapes::reversed(hole)});
            const auto inner = random.star(at, size_m * random(0.01, 0.3), 4);
            shapes::add(scene.layer.geometry, i % 4 == 0 ? polygon : line, {{inner}});
        } else if (kind == Kind::parts) {
            const Ring other = random.star(random.beside(at, random(3e3, 8e4)), size_m, 5);
            shapes::add(scene.plots, polygon, {{shell}, {other}});
        } else {
            shapes::add_polygon(scene.plots, {shell});
        }
    }
    while (scene.layer.geometry.size() < count + 1) {
        const double far_m = reach_m * random(0.1, 1.5);
        add_feature(
            random, scene, kind, random.beside(center, far_m), size_m * random(0.1, 0.9)
        );
    }
    shapes::add(scene.layer.geometry, point, {{{{center.lon_deg, center.lat_deg}}}});
    return scene;
}

/// What the tests hold against each other.
struct Found {
    double worst_share = 0.0; ///< of the error that is told
    double worst_m = 0.0;
    std::size_t pairs = 0;
    std::size_t zeros = 0;
};

void check_scene(const Scene& scene, Found& found) {
    std::vector<Outline> plots;
    std::vector<Outline> features;
    for (std::size_t i = 0; i < scene.plots.size(); ++i) {
        plots.push_back(outline_of(scene.plots, i));
    }
    for (std::size_t i = 0; i < scene.layer.geometry.size(); ++i) {
        features.push_back(outline_of(scene.layer.geometry, i));
    }
    const auto all = k_nearest(scene.plots, "EPSG:4490", scene.layer, {features.size(), 2e6});
    const auto first = nearest(scene.plots, "EPSG:4490", scene.layer, {2e6});
    const double within_m = std::min(3e5, all.distances_m[all.distances_m.size() / 2] + 0.5);
    const auto near = all_within(scene.plots, "EPSG:4490", scene.layer, within_m);
    REQUIRE(all.targets.size() == plots.size() * features.size());
    for (std::size_t plot = 0; plot < plots.size(); ++plot) {
        double least = std::numeric_limits<double>::infinity();
        std::size_t listed = near.offsets[plot];
        for (std::size_t i = all.offsets[plot]; i < all.offsets[plot + 1]; ++i) {
            const double expected = brute(plots[plot], features[all.targets[i]]);
            const double off = std::abs(all.distances_m[i] - expected);
            INFO("plot " << plot << " feature " << all.targets[i] << " expected " << expected);
            INFO("told " << all.distances_m[i] << " error " << all.errors_m[i]);
            REQUIRE(off <= all.errors_m[i]);
            REQUIRE(all.errors_m[i] <= 4e-4);
            if (all.distances_m[i] > 0.0) {
                REQUIRE_THAT(
                    geodesic_distance_m(all.plot_feet[i], all.target_feet[i]),
                    WithinAbs(all.distances_m[i], 4e-4)
                );
            }
            // The same features come first, whoever is asked.
            if (all.distances_m[i] <= within_m) {
                REQUIRE(listed < near.offsets[plot + 1]);
                REQUIRE(near.targets[listed] == all.targets[i]);
                REQUIRE(near.distances_m[listed] == all.distances_m[i]);
                ++listed;
            }
            least = std::min(least, expected);
            found.worst_share = std::max(found.worst_share, off / all.errors_m[i]);
            found.worst_m = std::max(found.worst_m, off);
            ++found.pairs;
            found.zeros += expected == 0.0 ? 1 : 0;
        }
        REQUIRE(listed == near.offsets[plot + 1]);
        REQUIRE(std::abs(first[plot]->distance_m - least) <= first[plot]->error_m);
        REQUIRE(brute(plots[plot], features[first[plot]->target]) <= least + 1e-3);
    }
}

} // namespace

TEST_CASE("Distances of 10 000 pairs keep the error they tell", "[spatial][oracle][near]") {
    Random random;
    Found found;
    for (int i = 0; found.pairs < 10'000; ++i) {
        INFO("scene " << i);
        check_scene(make_scene(random, static_cast<Kind>(i % kinds)), found);
    }
    UNSCOPED_INFO(
        found.pairs << " pairs, " << found.zeros << " at 0, worst " << found.worst_m << " m, "
                    << found.worst_share << " of the error"
    );
    CHECK(found.zeros > 300);
    CHECK(found.zeros < 3000);
    CHECK(found.worst_share > 0.05); // the bound says something
}
