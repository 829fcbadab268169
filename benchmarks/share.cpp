// How many plots a second are told their share within a distance of lines, against GEOS on the same shapes.
//
// Shapes as in scenes.hpp. GEOS works in the plane the shapes were drawn in: a tree of the lines' boxes is asked for those
// within the distance of the plot's box, those that really come so near are kept (prepared plot), and the plot is intersected
// with the buffer of the lines as one collection, or with the union of a buffer for each line; 8 segments to a quarter of a
// circle, so that up to 0.5 % of the distance is missing. tuban works on the ellipsoid, with arcs. One thread each, in turn. A
// sample of the answers is checked against GEOS with 64 to a quarter, in planes of the plots' own, before anything is timed.
//
// Usage: tuban_bench_share [PLOTS [LINES [REPEATS]]]
#include "scenes.hpp"

#include <array>

using namespace scenes;

namespace {

constexpr std::array<double, 3> distances_m{50.0, 200.0, 1000.0};

std::vector<std::optional<double>>
ours(const tuban::Geometry& plots, const tuban::Layer& layer, double within_m) {
    return tuban::share_within(plots, "EPSG:4490", layer, within_m, one_thread());
}

/// Takes a geometry's area and forgets it.
double area_of(const Geos& geos, GEOSGeometry* geometry) {
    double area = 0.0;
    GEOSArea_r(geos.handle, geometry, &area);
    GEOSGeom_destroy_r(geos.handle, geometry);
    return area;
}

struct Reference {
    double share = 0.0;
    double error = 0.0; ///< what chords in place of arcs may miss
};

/// The share as GEOS finds it in a plane of the plot's own, with chords so short that they miss 7.6e-5 of the distance.
Reference reference(
    const Geos& geos,
    const Shapes& plots,
    const Shapes& lines,
    std::size_t plot,
    double within_m
) {
    const std::size_t first = plots.geometry.ring_offsets[plot];
    const tuban::LocalFrame frame({plots.geometry.lon_deg[first], plots.geometry.lat_deg[first]}
    );
    GEOSGeometry* own = geos.polygon(in_plane(plots.geometry, plot, true, frame));
    const Point at = plots.paths[plot].front();
    std::vector<Path> near;
    for (std::size_t i = 0; i < lines.paths.size(); ++i) {
        const Point& p = lines.paths[i].front();
        if (std::hypot(p.x_m - at.x_m, p.y_m - at.y_m) < within_m + 1500.0) {
            near.push_back(in_plane(lines.geometry, i, false, frame));
        }
    }
    GEOSGeometry* all = geos.multiline(near);
    GEOSGeometry* buffer = GEOSBuffer_r(geos.handle, all, within_m, 64);
    GEOSGeometry* outline = GEOSBoundary_r(geos.handle, buffer);
    GEOSGeometry* inside = GEOSIntersection_r(geos.handle, outline, own);
    double length = 0.0;
    GEOSLength_r(geos.handle, inside, &length);
    const double covered = area_of(geos, GEOSIntersection_r(geos.handle, buffer, own));
    for (GEOSGeometry* made : {all, buffer, outline, inside}) {
        GEOSGeom_destroy_r(geos.handle, made);
    }
    const double area = area_of(geos, own);
    return {covered / area, (7.6e-5 * within_m * length + 1e-3 * (length + 1.0)) / area};
}

/// Refuses to go on if a sample of the answers is off by more than the chords and the plane of the reference allow.
void check(const Shapes& plots, const Shapes& lines, const tuban::Layer& layer) {
    const Geos geos;
    constexpr std::size_t wanted = 60;
    for (const double within_m : distances_m) {
        const auto found = ours(plots.geometry, layer, within_m);
        double worst = 0.0;
        std::size_t samples = 0;
        std::size_t settled = 0;
        for (std::size_t plot = 0; plot < plots.paths.size(); ++plot) {
            const double share = found[plot].value();
            const bool is_settled = share == 0.0 || share == 1.0;
            settled += is_settled ? 1 : 0;
            if (samples >= wanted || (is_settled && plot % 50 != 0)) {
                continue;
            }
            ++samples;
            const Reference expected = reference(geos, plots, lines, plot, within_m);
            const double off = std::abs(share - expected.share);
            worst = std::max(worst, off);
            if (!(off <= expected.error + 1e-6)) {
                std::printf(
                    "wrong result for plot %zu at %.0f m: %.9f, expected %.9f\n",
                    plot,
                    within_m,
                    share,
                    expected.share
                );
                std::exit(1);
            }
        }
        std::printf(
            "%.0f m: %zu shares agree with GEOS at 64 to a quarter, worst %.1e; %.1f %% are 0 "
            "or 1\n",
            within_m,
            samples,
            worst,
            100.0 * static_cast<double>(settled) / static_cast<double>(plots.paths.size())
        );
    }
}

/// Plots and a tree of the lines, asked for shares by buffers.
class Buffers {
public:
    Buffers(const Shapes& plots, const Shapes& lines, std::size_t count)
        : tree_(GEOSSTRtree_create_r(geos_.handle, 10)) {
        for (const Path& path : lines.paths) {
            lines_.push_back(geos_.line(path));
            GEOSSTRtree_insert_r(geos_.handle, tree_, lines_.back(), lines_.back());
        }
        for (std::size_t i = 0; i < count; ++i) {
            plots_.push_back(geos_.polygon(plots.paths[i]));
        }
        (void)query(1, distances_m[0], true); // builds the tree
    }

    double query(std::size_t count, double within_m, bool is_collected) {
        double sum = 0.0;
        for (std::size_t i = 0; i < count; ++i) {
            sum += share(plots_[i], within_m, is_collected);
        }
        return sum;
    }

private:
    static void take(void* line, void* found) {
        static_cast<std::vector<GEOSGeometry*>*>(found)->push_back(
            static_cast<GEOSGeometry*>(line)
        );
    }

    double share(const GEOSGeometry* plot, double within_m, bool is_collected) {
        const GEOSContextHandle_t handle = geos_.handle;
        std::array<double, 4> box{};
        GEOSGeom_getXMin_r(handle, plot, box.data());
        GEOSGeom_getYMin_r(handle, plot, &box[1]);
        GEOSGeom_getXMax_r(handle, plot, &box[2]);
        GEOSGeom_getYMax_r(handle, plot, &box[3]);
        GEOSGeometry* around = GEOSGeom_createRectangle_r(
            handle, box[0] - within_m, box[1] - within_m, box[2] + within_m, box[3] + within_m
        );
        found_.clear();
        GEOSSTRtree_query_r(handle, tree_, around, &take, &found_);
        GEOSGeom_destroy_r(handle, around);
        if (found_.empty()) {
            return 0.0;
        }
        const GEOSPreparedGeometry* prepared = GEOSPrepare_r(handle, plot);
        std::erase_if(found_, [&](const GEOSGeometry* line) {
            return GEOSPreparedDistanceWithin_r(handle, prepared, line, within_m) != 1;
        });
        GEOSPreparedGeom_destroy_r(handle, prepared);
        if (found_.empty()) {
            return 0.0;
        }
        GEOSGeometry* buffer = is_collected ? of_collection(within_m) : of_each(within_m);
        const double covered = area_of(geos_, GEOSIntersection_r(handle, buffer, plot));
        GEOSGeom_destroy_r(handle, buffer);
        double area = 0.0;
        GEOSArea_r(handle, plot, &area);
        return covered / area;
    }

    GEOSGeometry* of_collection(double within_m) {
        std::vector<GEOSGeometry*> parts;
        for (const GEOSGeometry* line : found_) {
            parts.push_back(GEOSGeom_clone_r(geos_.handle, line));
        }
        GEOSGeometry* all = GEOSGeom_createCollection_r(
            geos_.handle,
            GEOS_MULTILINESTRING,
            parts.data(),
            static_cast<unsigned>(parts.size())
        );
        GEOSGeometry* buffer = GEOSBuffer_r(geos_.handle, all, within_m, 8);
        GEOSGeom_destroy_r(geos_.handle, all);
        return buffer;
    }

    GEOSGeometry* of_each(double within_m) {
        std::vector<GEOSGeometry*> parts;
        for (const GEOSGeometry* line : found_) {
            parts.push_back(GEOSBuffer_r(geos_.handle, line, within_m, 8));
        }
        if (parts.size() == 1) {
            return parts.front();
        }
        GEOSGeometry* all = GEOSGeom_createCollection_r(
            geos_.handle,
            GEOS_GEOMETRYCOLLECTION,
            parts.data(),
            static_cast<unsigned>(parts.size())
        );
        GEOSGeometry* joined = GEOSUnaryUnion_r(geos_.handle, all);
        GEOSGeom_destroy_r(geos_.handle, all);
        return joined;
    }

    Geos geos_;
    GEOSSTRtree* tree_;
    std::vector<GEOSGeometry*> lines_;
    std::vector<GEOSGeometry*> plots_;
    std::vector<GEOSGeometry*> found_;
};

void time(
    const Shapes& plots, const tuban::Layer& layer, Buffers& buffers, std::size_t repeats
) {
    const std::size_t plot_count = plots.paths.size();
    for (const double within_m : distances_m) {
        const std::size_t buffer_count =
            std::min<std::size_t>(plot_count, within_m < 500.0 ? 4'000 : 1'000);
        std::array<std::vector<double>, 4> rates;
        for (std::size_t i = 0; i < repeats; ++i) {
            const double build_s = seconds([&] { (void)ours({}, layer, within_m); });
            const double whole_s =
                seconds([&] { (void)ours(plots.geometry, layer, within_m); });
            const auto n = static_cast<double>(plot_count);
            rates[0].push_back(n / std::max(1e-9, whole_s - build_s));
            rates[1].push_back(n / whole_s);
            for (const bool is_collected : {true, false}) {
                rates.at(is_collected ? 2 : 3)
                    .push_back(static_cast<double>(buffer_count) / seconds([&] {
                                   (void)buffers.query(buffer_count, within_m, is_collected);
                               }));
            }
        }
        const bool collected_is_better = median(rates[2]) > median(rates[3]);
        std::printf("within %.0f m\n", within_m);
        print_rate("  tuban, plots prepared and asked", rates[0]);
        print_rate("  tuban, index and all", rates[1]);
        print_rate("  GEOS buffer of collected lines, asked", rates[2]);
        print_rate("  GEOS buffer of each line and union, asked", rates[3]);
        print_ratio("  tuban / collected", rates[0], rates[2]);
        print_ratio("  tuban / each and union", rates[0], rates[3]);
        print_ratio(
            within_m < 1000.0 ? "  tuban / better; target 4" : "  tuban / better; target 50",
            rates[0],
            rates.at(collected_is_better ? 2 : 3)
        );
    }
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
    Buffers buffers(plots, lines, std::min<std::size_t>(plot_count, 4'000));
    std::printf("one thread, processor time, %zu runs: median (least to greatest)\n", repeats);
    time(plots, layer, buffers, repeats);
    return 0;
}
