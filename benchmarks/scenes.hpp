#pragma once
// What the benchmarks of distances share: shapes of a county's kind (合成数据, seeded), GEOS, and how times are told.
//
// Polylines of ten segments (mean 50 m; half of them in 200 towns) and star-shaped plots of 8 to 64 vertices and 20 to 300 m
// radius in a square of 300 km.
#include <tuban/geodesy.hpp>
#include <tuban/spatial.hpp>

#include <geos_c.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <vector>

namespace scenes {

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
        const std::vector<Point> centers = some(towns);
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

    /// @param groups  that every second plot belongs to; 0: none
    Shapes stars(std::size_t count, std::size_t groups = 0) {
        const std::vector<Point> centers = some(groups);
        Shapes made;
        for (std::size_t i = 0; i < count; ++i) {
            const bool alone = groups == 0 || i % 2 == 0;
            const Point center = alone ? anywhere() : near_to(centers[i / 2 % groups]);
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

    std::vector<Point> some(std::size_t count) {
        std::vector<Point> points;
        for (std::size_t i = 0; i < count; ++i) {
            points.push_back(anywhere());
        }
        return points;
    }

    /// Towns and groups of mines thin out from their centre.
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

inline double step(double from, double to) {
    return std::remainder(to - from, 360.0);
}

/// A path of a geometry in the plane of a frame; edges, straight in longitude and latitude, cut in eight.
inline Path in_plane(
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

/// Processor time, which others on the machine disturb least.
template <class Work>
double seconds(const Work& work) {
    const std::clock_t begin = std::clock();
    work();
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

inline double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

inline tuban::Execution one_thread() {
    tuban::Execution one;
    one.threads = 1;
    return one;
}

inline void print_rate(const char* what, const std::vector<double>& rates) {
    std::printf(
        "%-46s %10.0f plots/s (%.0f to %.0f)\n",
        what,
        median(rates),
        *std::min_element(rates.begin(), rates.end()),
        *std::max_element(rates.begin(), rates.end())
    );
}

inline void print_ratio(
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

inline std::size_t argument(int argc, char** argv, int at, std::size_t otherwise) {
    return argc > at ? static_cast<std::size_t>(std::atoll(argv[at])) : otherwise;
}

} // namespace scenes
