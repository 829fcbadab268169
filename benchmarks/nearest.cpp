// How many plots a second find their nearest line, against GEOS on the same shapes.
//
// Polylines of ten segments (mean 50 m; half of them in 200 towns) and star-shaped plots of 8 to 64 vertices and 20 to 300 m
// radius in a square of 300 km (合成数据, seeded). tuban measures on the ellipsoid; GEOS in the plane the shapes were drawn in,
// which is off by up to 2e-4 of a distance. One thread each, in turn. A sample of the answers is checked before anything is timed.
//
// Usage: tuban_bench_nearest [PLOTS [LINES [REPEATS]]]
#include <tuban/geodesy.hpp>
#include <tuban/spatial.hpp>

#include <geos_c.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace {

using Point = tuban::LocalFrame::Point;
using Path = std::vector<Point>;

constexpr double pi = 3.14159265358979323846;
constexpr double half_side_m = 150'000.0;
constexpr std::size_t towns = 200;
constexpr std::size_t segments_per_line = 10;
constexpr tuban::LonLat middle{108.0, 36.0};

/// Shapes in the plane round the middle, and the same on the ellipsoid.
struct Shapes {
    std::vector<Path> paths;
    tuban::Geometry geometry;
};

class Maker {
public:
    Shapes lines(std::size_t count) {
        std::vector<Point> centers;
        for (std::size_t i = 0; i < towns; ++i) {
            centers.push_back(anywhere());
        }
        Shapes made;
        for (std::size_t i = 0; i < count; ++i) {
            Point at = i % 2 == 0 ? anywhere() : near_to(centers[i / 2 % towns]);
            double heading = random(0.0, 2.0 * pi);
            Path path{at};
            for (std::size_t k = 0; k < segments_per_line; ++k) {
                const double length = random(20.0, 80.0);
                heading += random(-0.5, 0.5);
                at = {at.x_m + length * std::cos(heading), at.y_m + length * std::sin(heading)};
                path.push_back(at);
            }
            add(made, path, tuban::GeometryKind::line);
        }
        return made;
    }

    Shapes stars(std::size_t count) {
        Shapes made;
        for (std::size_t i = 0; i < count; ++i) {
            const Point center = anywhere();
            const double radius = random(20.0, 300.0);
            const auto n = static_cast<std::size_t>(random(8.0, 65.0));
            Path path;
            for (std::size_t k = 0; k < n; ++k) {
                const double angle = 2.0 * pi * (static_cast<double>(k) + random(0.1, 0.9)) /
                                     static_cast<double>(n);
                const double r = radius * random(0.6, 1.0);
                path.push_back(
                    {center.x_m + r * std::cos(angle), center.y_m + r * std::sin(angle)}
                );
            }
            add(made, path, tuban::GeometryKind::polygon);
        }
        return made;
    }

private:
    double random(double low, double high) {
        return std::uniform_real_distribution<double>(low, high)(numbers_);
    }

    Point anywhere() {
        return {random(-half_side_m, half_side_m), random(-half_side_m, half_side_m)};
    }

    /// Towns thin out from their centre.
    Point near_to(Point center) {
        const double r = 4'000.0 * std::sqrt(-std::log(random(1e-9, 1.0)));
        const double angle = random(0.0, 2.0 * pi);
        return {center.x_m + r * std::cos(angle), center.y_m + r * std::sin(angle)};
    }

    void add(Shapes& made, const Path& path, tuban::GeometryKind kind) {
        for (const Point& p : path) {
            const tuban::LonLat at = frame_.inverse(p);
            made.geometry.lon_deg.push_back(at.lon_deg);
            made.geometry.lat_deg.push_back(at.lat_deg);
        }
        made.geometry.ring_offsets.push_back(made.geometry.lon_deg.size());
        made.geometry.part_offsets.push_back(made.geometry.ring_offsets.size() - 1);
        made.geometry.feature_offsets.push_back(made.geometry.part_offsets.size() - 1);
        made.geometry.kinds.push_back(kind);
        made.paths.push_back(path);
    }

    std::mt19937_64 numbers_{20240601};
    tuban::LocalFrame frame_{middle};
};

/// GEOS with one handle; geometries of the shapes.
struct Geos {
    GEOSContextHandle_t handle = GEOS_init_r();

    [[nodiscard]] GEOSCoordSequence* sequence(const Path& path, bool closed) const {
        const auto n = static_cast<unsigned>(path.size());
        GEOSCoordSequence* made = GEOSCoordSeq_create_r(handle, closed ? n + 1 : n, 2);
        for (unsigned i = 0; i < n; ++i) {
            GEOSCoordSeq_setXY_r(handle, made, i, path[i].x_m, path[i].y_m);
        }
        if (closed) {
            GEOSCoordSeq_setXY_r(handle, made, n, path[0].x_m, path[0].y_m);
        }
        return made;
    }

    [[nodiscard]] GEOSGeometry* line(const Path& path) const {
        return GEOSGeom_createLineString_r(handle, sequence(path, false));
    }

    [[nodiscard]] GEOSGeometry* polygon(const Path& path) const {
        GEOSGeometry* shell = GEOSGeom_createLinearRing_r(handle, sequence(path, true));
        return GEOSGeom_createPolygon_r(handle, shell, nullptr, 0);
    }

    [[nodiscard]] GEOSGeometry* multiline(const std::vector<Path>& paths) const {
        std::vector<GEOSGeometry*> parts;
        for (const Path& path : paths) {
            parts.push_back(line(path));
        }
        return GEOSGeom_createCollection_r(
            handle, GEOS_MULTILINESTRING, parts.data(), static_cast<unsigned>(parts.size())
        );
    }
};

double step(double from, double to) {
    return std::remainder(to - from, 360.0);
}

/// A path of a geometry in the plane of a frame; edges, straight in longitude and latitude, cut in eight.
Path in_plane(
    const tuban::Geometry& geometry,
    std::size_t feature,
    bool closed,
    const tuban::LocalFrame& frame
) {
    const std::size_t from = geometry.ring_offsets[feature];
    const std::size_t n = geometry.ring_offsets[feature + 1] - from;
    Path path;
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t a = from + i;
        const std::size_t b = from + (i + 1) % n;
        const bool last = i + 1 == n && !closed;
        for (int k = 0; k < (last ? 1 : 8); ++k) {
            const double u = 0.125 * k;
            path.push_back(frame.forward(
                {geometry.lon_deg[a] + u * step(geometry.lon_deg[a], geometry.lon_deg[b]),
                 geometry.lat_deg[a] + u * (geometry.lat_deg[b] - geometry.lat_deg[a])}
            ));
        }
    }
    return path;
}

/// The distance as GEOS finds it in a plane of the plot's own, among the lines that come near.
double
reference_m(const Geos& geos, const Shapes& plots, const Shapes& lines, std::size_t plot) {
    const std::size_t first = plots.geometry.ring_offsets[plot];
    const tuban::LocalFrame frame({plots.geometry.lon_deg[first], plots.geometry.lat_deg[first]}
    );
    GEOSGeometry* own = geos.polygon(in_plane(plots.geometry, plot, true, frame));
    const Point at = plots.paths[plot].front();
    double least = std::numeric_limits<double>::infinity();
    for (double reach = 4'000.0; !(least < reach - 2'000.0); reach *= 2.0) {
        for (std::size_t i = 0; i < lines.paths.size(); ++i) {
            const Point& p = lines.paths[i].front();
            if (std::hypot(p.x_m - at.x_m, p.y_m - at.y_m) > reach) {
                continue;
            }
            GEOSGeometry* line = geos.line(in_plane(lines.geometry, i, false, frame));
            double distance = 0.0;
            GEOSDistance_r(geos.handle, own, line, &distance);
            GEOSGeom_destroy_r(geos.handle, line);
            least = std::min(least, distance);
        }
    }
    GEOSGeom_destroy_r(geos.handle, own);
    return least;
}

/// Processor time, which others on the machine disturb least.
template <class Work>
double seconds(const Work& work) {
    const std::clock_t begin = std::clock();
    work();
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

tuban::Execution one_thread() {
    tuban::Execution one;
    one.threads = 1;
    return one;
}

std::vector<std::optional<tuban::Nearest>>
ours(const tuban::Geometry& plots, const tuban::Layer& layer) {
    return tuban::nearest(plots, "EPSG:4490", layer, {}, one_thread());
}

/// Refuses to go on if a sample of the answers is off by more than they say plus 1e-5 m for the plane of the reference.
void check(const Shapes& plots, const Shapes& lines, const tuban::Layer& layer) {
    const Geos geos;
    const auto found = ours(plots.geometry, layer);
    const std::size_t samples = std::min<std::size_t>(300, plots.paths.size());
    double worst = 0.0;
    for (std::size_t i = 0; i < samples; ++i) {
        const std::size_t plot = i * (plots.paths.size() / samples);
        const double expected = reference_m(geos, plots, lines, plot);
        const double off = std::abs(found[plot]->distance_m - expected);
        worst = std::max(worst, off);
        if (!(off <= found[plot]->error_m + 1e-5)) {
            std::printf(
                "wrong result for plot %zu: %.6f m, expected %.6f m\n",
                plot,
                found[plot]->distance_m,
                expected
            );
            std::exit(1);
        }
    }
    std::printf(
        "%zu distances agree with GEOS in planes of their own, worst %.1e m\n", samples, worst
    );
}

/// The layer as one geometry with its facet index, asked for the nearest points of each plot.
class FacetDistance {
public:
    FacetDistance(const Shapes& plots, const Shapes& lines, std::size_t count)
        : layer_(geos_.multiline(lines.paths)), prepared_(GEOSPrepare_r(geos_.handle, layer_)) {
        for (std::size_t i = 0; i < count; ++i) {
            plots_.push_back(geos_.polygon(plots.paths[i]));
        }
        (void)query(1); // builds the index
    }

    double query(std::size_t count) {
        double sum = 0.0;
        for (std::size_t i = 0; i < count; ++i) {
            GEOSCoordSequence* points =
                GEOSPreparedNearestPoints_r(geos_.handle, prepared_, plots_[i]);
            std::array<double, 4> xy{};
            GEOSCoordSeq_getXY_r(geos_.handle, points, 0, xy.data(), &xy[1]);
            GEOSCoordSeq_getXY_r(geos_.handle, points, 1, &xy[2], &xy[3]);
            sum += std::hypot(xy[0] - xy[2], xy[1] - xy[3]);
            GEOSCoordSeq_destroy_r(geos_.handle, points);
        }
        return sum;
    }

private:
    Geos geos_;
    GEOSGeometry* layer_;
    const GEOSPreparedGeometry* prepared_;
    std::vector<GEOSGeometry*> plots_;
};

/// A tree of the lines' boxes, asked for the nearest by prepared plots: what GeoPandas does inside sjoin_nearest.
class StrTree {
public:
    StrTree(const Shapes& plots, const Shapes& lines, std::size_t count)
        : tree_(GEOSSTRtree_create_r(geos_.handle, 10)) {
        for (const Path& path : lines.paths) {
            lines_.push_back(geos_.line(path));
            GEOSSTRtree_insert_r(geos_.handle, tree_, lines_.back(), lines_.back());
        }
        for (std::size_t i = 0; i < count; ++i) {
            plots_.push_back(geos_.polygon(plots.paths[i]));
        }
        (void)query(1); // builds the tree
    }

    double query(std::size_t count) {
        double sum = 0.0;
        for (std::size_t i = 0; i < count; ++i) {
            Asked asked{geos_.handle, GEOSPrepare_r(geos_.handle, plots_[i])};
            const void* found = GEOSSTRtree_nearest_generic_r(
                geos_.handle, tree_, plots_[i], plots_[i], &distance, &asked
            );
            double d = 0.0;
            GEOSPreparedDistance_r(
                geos_.handle, asked.plot, static_cast<const GEOSGeometry*>(found), &d
            );
            sum += d;
            GEOSPreparedGeom_destroy_r(geos_.handle, asked.plot);
        }
        return sum;
    }

private:
    struct Asked {
        GEOSContextHandle_t handle;
        const GEOSPreparedGeometry* plot;
    };

    static int distance(const void* line, const void* /*plot*/, double* result, void* data) {
        const auto* asked = static_cast<const Asked*>(data);
        return GEOSPreparedDistance_r(
            asked->handle, asked->plot, static_cast<const GEOSGeometry*>(line), result
        );
    }

    Geos geos_;
    GEOSSTRtree* tree_;
    std::vector<GEOSGeometry*> lines_;
    std::vector<GEOSGeometry*> plots_;
};

void print_rate(const char* what, const std::vector<double>& rates) {
    std::printf(
        "%-46s %10.0f plots/s (%.0f to %.0f)\n",
        what,
        median(rates),
        *std::min_element(rates.begin(), rates.end()),
        *std::max_element(rates.begin(), rates.end())
    );
}

void print_ratio(
    const char* what, const std::vector<double>& ours, const std::vector<double>& theirs
) {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < ours.size(); ++i) {
        ratios.push_back(ours[i] / theirs[i]);
    }
    std::sort(ratios.begin(), ratios.end());
    std::printf(
        "%-46s %10.1f times (%.1f to %.1f)\n",
        what,
        median(ratios),
        ratios.front(),
        ratios.back()
    );
}

std::size_t argument(int argc, char** argv, int at, std::size_t otherwise) {
    return argc > at ? static_cast<std::size_t>(std::atoll(argv[at])) : otherwise;
}

} // namespace

int main(int argc, char** argv) {
    const std::size_t plot_count = std::max<std::size_t>(1, argument(argc, argv, 1, 100'000));
    const std::size_t line_count = std::max<std::size_t>(1, argument(argc, argv, 2, 100'000));
    const std::size_t repeats = std::max<std::size_t>(1, argument(argc, argv, 3, 5));
    Maker maker;
    const Shapes lines = maker.lines(line_count);
    const Shapes plots = maker.stars(plot_count);
    tuban::Layer layer;
    layer.geometry = lines.geometry;
    std::printf(
        "%zu plots of %zu edges, %zu lines of %zu segments; GEOS %s\n",
        plot_count,
        plots.geometry.lon_deg.size(),
        line_count,
        line_count * segments_per_line,
        GEOSversion()
    );
    check(plots, lines, layer);

    const std::size_t facet_count = std::min<std::size_t>(plot_count, 20'000);
    const std::size_t tree_count = std::min<std::size_t>(plot_count, 4'000);
    FacetDistance facets(plots, lines, facet_count);
    StrTree tree(plots, lines, tree_count);
    std::vector<double> build_s;
    std::array<std::vector<double>, 4> rates;
    for (std::size_t i = 0; i < repeats; ++i) {
        build_s.push_back(seconds([&] { (void)ours({}, layer); }));
        const double whole_s = seconds([&] { (void)ours(plots.geometry, layer); });
        const auto n = static_cast<double>(plot_count);
        rates[0].push_back(n / std::max(1e-9, whole_s - build_s.back()));
        rates[1].push_back(n / whole_s);
        rates[2].push_back(static_cast<double>(facet_count) / seconds([&] {
                               (void)facets.query(facet_count);
                           }));
        rates[3].push_back(static_cast<double>(tree_count) / seconds([&] {
                               (void)tree.query(tree_count);
                           }));
    }
    std::printf("one thread, processor time, %zu runs: median (least to greatest)\n", repeats);
    std::printf("%-46s %10.3f s\n", "tuban, index of the layer", median(build_s));
    print_rate("tuban, plots prepared and asked", rates[0]);
    print_rate("tuban, index and all", rates[1]);
    print_rate("GEOS IndexedFacetDistance, asked", rates[2]);
    print_rate("GEOS STRtree and prepared plots, asked", rates[3]);
    print_ratio("tuban / IndexedFacetDistance; target 3", rates[0], rates[2]);
    print_ratio("tuban / STRtree; target 20", rates[0], rates[3]);
    return 0;
}
