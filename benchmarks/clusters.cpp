// How many plots a second are put into clusters, against GEOS on the same shapes.
//
// Star-shaped plots of 8 to 64 vertices and 20 to 300 m radius in a square of 300 km, half of them in 2 000 groups (合成数据,
// seeded). tuban measures on the ellipsoid; GEOS in the plane the shapes were drawn in, which is off by up to 2e-4 of a
// distance. The peer at its best: a tree of boxes, pairs joined already passed over, each plot prepared once and only
// if it is needed; building its geometries is not charged. One thread each, in turn. The number of clusters is compared
// before anything is timed: pairs that the two measure differently may be as many as lie that close to the limit.
//
// Usage: tuban_bench_clusters [PLOTS [REPEATS]]
#include <tuban/geodesy.hpp>
#include <tuban/spatial.hpp>

#include <geos_c.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace {

using Point = tuban::LocalFrame::Point;
using Path = std::vector<Point>;

constexpr double pi = 3.14159265358979323846;
constexpr double half_side_m = 150'000.0;
constexpr std::size_t groups = 2'000;
constexpr tuban::LonLat middle{108.0, 36.0};

/// Plots in the plane round the middle, and the same on the ellipsoid.
struct Plots {
    std::vector<Path> paths;
    tuban::Geometry geometry;
    std::vector<std::string> ids;
};

class Maker {
public:
    Plots stars(std::size_t count) {
        std::vector<Point> centers;
        for (std::size_t i = 0; i < groups; ++i) {
            centers.push_back(anywhere());
        }
        Plots made;
        for (std::size_t i = 0; i < count; ++i) {
            add(made, star(i % 2 == 0 ? anywhere() : near_to(centers[i / 2 % groups])));
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

    /// Mines of a district lie some kilometres apart.
    Point near_to(Point center) {
        const double r = 4'000.0 * std::sqrt(-std::log(random(1e-9, 1.0)));
        const double angle = random(0.0, 2.0 * pi);
        return {center.x_m + r * std::cos(angle), center.y_m + r * std::sin(angle)};
    }

    Path star(Point center) {
        const double radius = random(20.0, 300.0);
        const auto n = static_cast<std::size_t>(random(8.0, 65.0));
        Path path;
        for (std::size_t k = 0; k < n; ++k) {
            const double angle =
                2.0 * pi * (static_cast<double>(k) + random(0.1, 0.9)) / static_cast<double>(n);
            const double r = radius * random(0.6, 1.0);
            path.push_back({center.x_m + r * std::cos(angle), center.y_m + r * std::sin(angle)}
            );
        }
        return path;
    }

    void add(Plots& made, const Path& path) {
        for (const Point& p : path) {
            const tuban::LonLat at = frame_.inverse(p);
            made.geometry.lon_deg.push_back(at.lon_deg);
            made.geometry.lat_deg.push_back(at.lat_deg);
        }
        made.geometry.ring_offsets.push_back(made.geometry.lon_deg.size());
        made.geometry.part_offsets.push_back(made.geometry.ring_offsets.size() - 1);
        made.geometry.feature_offsets.push_back(made.geometry.part_offsets.size() - 1);
        made.geometry.kinds.push_back(tuban::GeometryKind::polygon);
        made.ids.push_back("p" + std::to_string(made.ids.size()));
        made.paths.push_back(path);
    }

    std::mt19937_64 numbers_{20240601};
    tuban::LocalFrame frame_{middle};
};

/// A tree of the plots' boxes, pairs by prepared plots, union-find.
class GeosClusters {
public:
    explicit GeosClusters(const Plots& plots) {
        for (const Path& path : plots.paths) {
            plots_.push_back(polygon(path));
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
    [[nodiscard]] GEOSGeometry* polygon(const Path& path) const {
        const auto n = static_cast<unsigned>(path.size());
        GEOSCoordSequence* made = GEOSCoordSeq_create_r(handle_, n + 1, 2);
        for (unsigned i = 0; i <= n; ++i) {
            GEOSCoordSeq_setXY_r(handle_, made, i, path[i % n].x_m, path[i % n].y_m);
        }
        return GEOSGeom_createPolygon_r(
            handle_, GEOSGeom_createLinearRing_r(handle_, made), nullptr, 0
        );
    }

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

    GEOSContextHandle_t handle_ = GEOS_init_r();
    std::vector<GEOSGeometry*> plots_;
    std::vector<GEOSGeometry*> boxes_;
    std::vector<std::size_t> parents_;
    std::vector<std::size_t> rows_;
    const GEOSPreparedGeometry* prepared_ = nullptr;
    std::size_t row_ = 0;
    double within_m_ = 0.0;
};

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

double peak_mib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

tuban::Clusters ours(const Plots& plots, double within_m) {
    tuban::ClusterOptions options;
    options.within_m = within_m;
    tuban::Execution one;
    one.threads = 1;
    return tuban::clusters(plots.geometry, "EPSG:4490", plots.ids, options, one);
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

void print_rate(const char* what, const std::vector<double>& rates) {
    std::printf(
        "  %-42s %10.0f plots/s (%.0f to %.0f)\n",
        what,
        median(rates),
        *std::min_element(rates.begin(), rates.end()),
        *std::max_element(rates.begin(), rates.end())
    );
}

void time(const Plots& plots, GeosClusters& geos, double within_m, std::size_t repeats) {
    const auto n = static_cast<double>(plots.paths.size());
    std::array<std::vector<double>, 3> values;
    for (std::size_t i = 0; i < repeats; ++i) {
        const double own_s = seconds([&] { (void)ours(plots, within_m); });
        const double geos_s = seconds([&] { (void)geos.count(within_m); });
        values[0].push_back(n / own_s);
        values[1].push_back(n / geos_s);
        values[2].push_back(geos_s / own_s);
    }
    std::printf("within %.0f m\n", within_m);
    print_rate("tuban", values[0]);
    print_rate("GEOS STRtree and prepared plots", values[1]);
    std::printf(
        "  %-42s %10.1f times (%.1f to %.1f)\n",
        "tuban / GEOS; target 4",
        median(values[2]),
        *std::min_element(values[2].begin(), values[2].end()),
        *std::max_element(values[2].begin(), values[2].end())
    );
}

std::size_t argument(int argc, char** argv, int at, std::size_t otherwise) {
    return argc > at ? static_cast<std::size_t>(std::atoll(argv[at])) : otherwise;
}

} // namespace

int main(int argc, char** argv) {
    const std::size_t count = std::max<std::size_t>(1, argument(argc, argv, 1, 100'000));
    const std::size_t repeats = std::max<std::size_t>(1, argument(argc, argv, 2, 5));
    constexpr std::array<double, 3> distances{0.0, 100.0, 500.0};
    Maker maker;
    const Plots plots = maker.stars(count);
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
