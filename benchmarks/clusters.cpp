// How many plots a second are put into clusters, against GEOS on the same shapes.
//
// Star-shaped plots of 8 to 64 vertices and 20 to 300 m radius in a square of 300 km, half of them in 2 000 groups (合成数据,
// seeded). tuban measures on the ellipsoid; GEOS in the plane the shapes were drawn in, which is off by up to 2e-4 of a
// distance. The peer at its best: a tree of boxes, pairs joined already passed over, each plot prepared once and only
// if it is needed; building its geometries is not charged. One thread each, in turn. The number of clusters is compared
// before anything is timed: pairs that the two measure differently may be as many as lie that close to the limit.
//
// Usage: tuban_bench_clusters [PLOTS [REPEATS]]
#include "scenes.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace scenes;

constexpr std::size_t groups = 2'000;

struct Plots : Shapes {
    std::vector<std::string> ids;
};

Plots grouped_stars(std::size_t count) {
    Maker maker;
    Plots plots{maker.stars(count, groups), {}};
    for (std::size_t i = 0; i < count; ++i) {
        plots.ids.push_back("p" + std::to_string(i));
    }
    return plots;
}

/// A tree of the plots' boxes, pairs by prepared plots, union-find.
class GeosClusters {
public:
    explicit GeosClusters(const Plots& plots) {
        for (const Path& path : plots.paths) {
            plots_.push_back(geos_.polygon(path));
            boxes_.push_back(plots_.back());
        }
    }

    /// @return how many clusters there are
    std::size_t count(double within_m) {
        within_m_ = within_m;
        parents_.resize(plots_.size());
        std::iota(parents_.begin(), parents_.end(), std::size_t{0});
        rows_.resize(plots_.size());
        std::iota(rows_.begin(), rows_.end(), std::size_t{0});
        GEOSSTRtree* tree = GEOSSTRtree_create_r(handle_, 10);
        for (std::size_t& row : rows_) {
            GEOSSTRtree_insert_r(handle_, tree, boxes_[row], &row);
        }
        for (row_ = 0; row_ < plots_.size(); ++row_) {
            GEOSGeometry* near = grown_box(row_);
            GEOSSTRtree_query_r(handle_, tree, near, &GeosClusters::look, this);
            GEOSGeom_destroy_r(handle_, near);
            if (prepared_ != nullptr) {
                GEOSPreparedGeom_destroy_r(handle_, prepared_);
                prepared_ = nullptr;
            }
        }
        GEOSSTRtree_destroy_r(handle_, tree);
        std::size_t result = 0;
        for (std::size_t row = 0; row < plots_.size(); ++row) {
            result += root(row) == row ? 1U : 0U;
        }
        return result;
    }

private:
    [[nodiscard]] GEOSGeometry* grown_box(std::size_t row) const {
        double west = 0.0;
        double south = 0.0;
        double east = 0.0;
        double north = 0.0;
        GEOSGeom_getXMin_r(handle_, plots_[row], &west);
        GEOSGeom_getYMin_r(handle_, plots_[row], &south);
        GEOSGeom_getXMax_r(handle_, plots_[row], &east);
        GEOSGeom_getYMax_r(handle_, plots_[row], &north);
        // A line has the same box and is made faster than a rectangle.
        GEOSCoordSequence* ends = GEOSCoordSeq_create_r(handle_, 2, 2);
        GEOSCoordSeq_setXY_r(handle_, ends, 0, west - within_m_, south - within_m_);
        GEOSCoordSeq_setXY_r(handle_, ends, 1, east + within_m_, north + within_m_);
        return GEOSGeom_createLineString_r(handle_, ends);
    }

    static void look(void* item, void* self) {
        static_cast<GeosClusters*>(self)->look_at(*static_cast<std::size_t*>(item));
    }

    void look_at(std::size_t other) {
        if (other <= row_ || root(other) == root(row_)) {
            return;
        }
        if (prepared_ == nullptr) {
            prepared_ = GEOSPrepare_r(handle_, plots_[row_]);
        }
        if (GEOSPreparedDistanceWithin_r(handle_, prepared_, plots_[other], within_m_) == 1) {
            parents_[root(other)] = root(row_);
        }
    }

    std::size_t root(std::size_t row) {
        while (parents_[row] != row) {
            parents_[row] = parents_[parents_[row]];
            row = parents_[row];
        }
        return row;
    }

    Geos geos_;
    GEOSContextHandle_t handle_ = geos_.handle;
    std::vector<GEOSGeometry*> plots_;
    std::vector<GEOSGeometry*> boxes_;
    std::vector<std::size_t> parents_;
    std::vector<std::size_t> rows_;
    const GEOSPreparedGeometry* prepared_ = nullptr;
    std::size_t row_ = 0;
    double within_m_ = 0.0;
};

double peak_mib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

tuban::Clusters ours(const Plots& plots, double within_m) {
    tuban::ClusterOptions options;
    options.within_m = within_m;
    return tuban::clusters(plots.geometry, "EPSG:4490", plots.ids, options, one_thread());
}

std::size_t clusters_in(const tuban::Clusters& made) {
    std::set<std::string> names;
    for (const auto& name : made.ids) {
        names.insert(*name);
    }
    return names.size();
}

/// Refuses to go on if the numbers of clusters differ by more than the planes explain: 1e-3 of the clusters.
void check(const Plots& plots, GeosClusters& geos, double within_m) {
    const std::size_t found = clusters_in(ours(plots, within_m));
    const std::size_t expected = geos.count(within_m);
    const std::size_t off = found > expected ? found - expected : expected - found;
    if (static_cast<double>(off) > 1e-3 * static_cast<double>(expected)) {
        std::printf(
            "wrong result within %.0f m: %zu clusters, expected %zu\n",
            within_m,
            found,
            expected
        );
        std::exit(1);
    }
    std::printf("within %3.0f m: %zu clusters, GEOS %zu\n", within_m, found, expected);
}

void time(const Plots& plots, GeosClusters& geos, double within_m, std::size_t repeats) {
    const auto n = static_cast<double>(plots.paths.size());
    std::array<std::vector<double>, 2> rates;
    for (std::size_t i = 0; i < repeats; ++i) {
        rates[0].push_back(n / seconds([&] { (void)ours(plots, within_m); }));
        rates[1].push_back(n / seconds([&] { (void)geos.count(within_m); }));
    }
    std::printf("within %.0f m\n", within_m);
    print_rate("  tuban", rates[0]);
    print_rate("  GEOS STRtree and prepared plots", rates[1]);
    print_ratio("  tuban / GEOS; target 4", rates[0], rates[1]);
}

} // namespace

int main(int argc, char** argv) {
    const std::size_t count = std::max<std::size_t>(1, argument(argc, argv, 1, 100'000));
    const std::size_t repeats = std::max<std::size_t>(1, argument(argc, argv, 2, 5));
    constexpr std::array<double, 3> distances{0.0, 100.0, 500.0};
    const Plots plots = grouped_stars(count);
    std::printf(
        "%zu plots of %zu edges; GEOS %s\n", count, plots.geometry.lon_deg.size(), GEOSversion()
    );
    const double before_mib = peak_mib();
    (void)ours(plots, distances.back());
    const double used = (peak_mib() - before_mib) * 1024.0 * 1024.0;
    std::printf(
        "tuban: %.0f bytes per plot on top of them\n", used / static_cast<double>(count)
    );
    GeosClusters geos(plots);
    for (const double within_m : distances) {
        check(plots, geos, within_m);
    }
    std::printf("one thread, processor time, %zu runs: median (least to greatest)\n", repeats);
    for (const double within_m : distances) {
        time(plots, geos, within_m, repeats);
    }
    return 0;
}
