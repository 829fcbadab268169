// How many plots a second find their nearest line, against GEOS on the same shapes.
//
// Polylines of ten segments (mean 50 m; half of them in 200 towns) and star-shaped plots of 8 to 64 vertices and 20 to 300 m
// radius in a square of 300 km (合成数据, seeded). tuban measures on the ellipsoid; GEOS in the plane the shapes were drawn in,
// which is off by up to 2e-4 of a distance. One thread each, in turn. A sample of the answers is checked before anything is timed.
//
// Usage: tuban_bench_nearest [PLOTS [LINES [REPEATS]]]
#include "scenes.hpp"

#include <array>
#include <limits>
#include <memory>
#include <string>

using namespace scenes;

namespace {

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
