#include <tuban/geodesy.hpp>

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "geodesy/geometry.hpp"

#include <geodesic.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>

namespace tuban {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double piece_m =
    70.0; ///< the longest piece of an edge, as published implementations of the notice have it
constexpr std::size_t block = 64; ///< features per step of the loop over features

/// Coefficients of the notice's series, from the ellipsoid.
struct Series {
    double b2;
    double a, b, c, d, e;
};

constexpr Series series_of(const Ellipsoid& ellipsoid) {
    const double f = 1.0 / ellipsoid.inverse_flattening;
    const double b = ellipsoid.a_m * (1.0 - f);
    const double e2 = f * (2.0 - f);
    const double e4 = e2 * e2;
    const double e6 = e4 * e2;
    const double e8 = e4 * e4;
    return {
        b * b,
        1.0 + 3.0 / 6.0 * e2 + 30.0 / 80.0 * e4 + 35.0 / 112.0 * e6 + 630.0 / 2304.0 * e8,
        1.0 / 6.0 * e2 + 15.0 / 80.0 * e4 + 21.0 / 112.0 * e6 + 420.0 / 2304.0 * e8,
        3.0 / 80.0 * e4 + 7.0 / 112.0 * e6 + 180.0 / 2304.0 * e8,
        1.0 / 112.0 * e6 + 45.0 / 2304.0 * e8,
        5.0 / 2304.0 * e8};
}

constexpr Series series = series_of(cgcs2000);

/// Area between the equator's side and an edge, ΔB and ΔL in rad: 2b²ΔL[A sin(ΔB/2)cos Bm − …].
double trapezoid_m2(double lat1_deg, double lat2_deg, double dlon_rad) {
    const double half = 0.5 * (lat2_deg - lat1_deg) * radians_per_degree;
    const double middle = 0.5 * (lat1_deg + lat2_deg) * radians_per_degree;
    const double sum = series.a * std::sin(half) * std::cos(middle) -
                       series.b * std::sin(3.0 * half) * std::cos(3.0 * middle) +
                       series.c * std::sin(5.0 * half) * std::cos(5.0 * middle) -
                       series.d * std::sin(7.0 * half) * std::cos(7.0 * middle) +
                       series.e * std::sin(9.0 * half) * std::cos(9.0 * middle);
    return 2.0 * series.b2 * dlon_rad * sum;
}

struct Ring {
    std::vector<double> lon_deg;
    std::vector<double> lat_deg;
};

geod_geodesic geodesic() {
    geod_geodesic g{};
    geod_init(&g, cgcs2000.a_m, 1.0 / cgcs2000.inverse_flattening);
    return g;
}

/// Area (signed, counter-clockwise positive) and perimeter with geodesic edges.
std::pair<double, double> geodesic_ring(const Ring& ring) {
    const geod_geodesic g = geodesic();
    geod_polygon polygon{};
    geod_polygon_init(&polygon, 0);
    for (std::size_t i = 0; i < ring.lon_deg.size(); ++i) {
        geod_polygon_addpoint(&g, &polygon, ring.lat_deg[i], ring.lon_deg[i]);
    }
    double area = 0.0;
    double perimeter = 0.0;
    geod_polygon_compute(&g, &polygon, 0, 1, &area, &perimeter);
    return {area, perimeter};
}

/// |Σ S(B₁, B₂, (L₁ + L₂)/2 − L₀)| over the edges of a closed ring.
double series_ring_m2(const Ring& ring) {
    const std::size_t n = ring.lon_deg.size();
    double sum = 0.0;
    double lon = 0.0; // of the edge's start, relative to L₀
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t j = i + 1 == n ? 0 : i + 1;
        const double step = std::remainder(ring.lon_deg[j] - ring.lon_deg[i], 360.0);
        sum += trapezoid_m2(
            ring.lat_deg[i], ring.lat_deg[j], (lon + 0.5 * step) * radians_per_degree
        );
        lon += step;
    }
    if (std::abs(lon) > 1.0) { // round a pole: no meridian to measure from
        return std::abs(geodesic_ring(ring).first);
    }
    return std::abs(sum);
}

/// Cuts the edges of a ring in the plane of its source.
class Cutter {
public:
    explicit Cutter(const Crs& crs) : geographic_(crs.geographic), transform_(crs) {}

    /// The ring with its edges cut to 70 m; NaN in it where the source's CRS cannot express a vertex.
    [[nodiscard]] Ring cut(const Ring& ring) const {
        Ring plane = ring;
        if (!geographic_) {
            transform_.from_lonlat(plane.lon_deg, plane.lat_deg);
        }
        Ring result;
        std::vector<std::size_t> originals;
        for (std::size_t i = 0; i < ring.lon_deg.size(); ++i) {
            originals.push_back(result.lon_deg.size());
            append_edge(ring, plane, i, result);
        }
        if (!geographic_) {
            transform_.to_lonlat(result.lon_deg, result.lat_deg);
            for (std::size_t i = 0; i < originals.size(); ++i) {
                result.lon_deg[originals[i]] = plane.lon_deg[i] * 0.0 + ring.lon_deg[i];
                result.lat_deg[originals[i]] = plane.lat_deg[i] * 0.0 + ring.lat_deg[i];
            }
        }
        return result;
    }

private:
    void append_edge(const Ring& ring, const Ring& plane, std::size_t i, Ring& result) const {
        const std::size_t j = i + 1 == plane.lon_deg.size() ? 0 : i + 1;
        double dx = plane.lon_deg[j] - plane.lon_deg[i];
        const double dy = plane.lat_deg[j] - plane.lat_deg[i];
        double length = std::hypot(dx, dy);
        if (geographic_) {
            dx = std::remainder(dx, 360.0);
            length = geodesic_distance_m(
                {ring.lon_deg[i], ring.lat_deg[i]}, {ring.lon_deg[j], ring.lat_deg[j]}
            );
        }
        const double pieces =
            std::isfinite(length) ? std::max(1.0, std::ceil(length / piece_m)) : 1.0;
        const auto count = static_cast<std::int64_t>(pieces);
        for (std::int64_t i_piece = 0; i_piece < count; ++i_piece) {
            const auto k = static_cast<double>(i_piece);
            result.lon_deg.push_back(plane.lon_deg[i] + dx * (k / pieces));
            result.lat_deg.push_back(plane.lat_deg[i] + dy * (k / pieces));
        }
    }

    bool geographic_;
    Transform transform_;
};

/// Cutters are not shared by threads; a thread borrows one for a block of features.
class CutterPool {
public:
    explicit CutterPool(Crs crs) : crs_(std::move(crs)) {}

    std::unique_ptr<Cutter> borrow() {
        {
            const std::lock_guard lock(mutex_);
            if (!idle_.empty()) {
                std::unique_ptr<Cutter> cutter = std::move(idle_.back());
                idle_.pop_back();
                return cutter;
            }
        }
        return std::make_unique<Cutter>(crs_);
    }

    void give_back(std::unique_ptr<Cutter> cutter) {
        if (!cutter) {
            return;
        }
        const std::lock_guard lock(mutex_);
        idle_.push_back(std::move(cutter));
    }

private:
    Crs crs_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Cutter>> idle_;
};

Ring ring_of(const Geometry& geometry, std::size_t ring) {
    const auto from = static_cast<std::ptrdiff_t>(geometry.ring_offsets[ring]);
    const auto to = static_cast<std::ptrdiff_t>(geometry.ring_offsets[ring + 1]);
    return {
        {geometry.lon_deg.begin() + from, geometry.lon_deg.begin() + to},
        {geometry.lat_deg.begin() + from, geometry.lat_deg.begin() + to}};
}

/// Σ |shell| − Σ |hole| with the area of a ring given by `measure`.
template <class Measure>
double feature_area_m2(const Geometry& geometry, std::size_t feature, const Measure& measure) {
    if (geometry.kinds[feature] != GeometryKind::polygon) {
        return nan;
    }
    double sum = 0.0;
    for (std::size_t part = geometry.feature_offsets[feature];
         part < geometry.feature_offsets[feature + 1];
         ++part) {
        const std::size_t shell = geometry.part_offsets[part];
        for (std::size_t ring = shell; ring < geometry.part_offsets[part + 1]; ++ring) {
            const double area = measure(ring_of(geometry, ring));
            sum += ring == shell ? area : -area;
        }
    }
    return sum;
}

double ring_area_m2(const Ring& ring, AreaMethod method, const Cutter* cutter) {
    if (method == AreaMethod::geodesic) {
        return std::abs(geodesic_ring(ring).first);
    }
    return series_ring_m2(cutter != nullptr ? cutter->cut(ring) : ring);
}

} // namespace

std::vector<double> area_m2(
    const Geometry& geometry,
    std::string_view edge_crs,
    AreaMethod method,
    const Execution& execution
) {
    check_geometry(geometry);
    CutterPool pool(parse_crs(edge_crs));
    std::vector<double> result(geometry.size(), nan);
    const auto measure_block = [&](std::size_t i) {
        std::unique_ptr<Cutter> cutter = method == AreaMethod::survey ? pool.borrow() : nullptr;
        const auto ring_area = [&, own = cutter.get()](const Ring& ring) {
            return ring_area_m2(ring, method, own);
        };
        const std::size_t end = std::min(geometry.size(), (i + 1) * block);
        for (std::size_t feature = i * block; feature < end; ++feature) {
            result[feature] = feature_area_m2(geometry, feature, ring_area);
        }
        pool.give_back(std::move(cutter));
        // NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDeleteLeaks): the analyzer loses sight of the owner in the pool
    };
    const std::size_t blocks = (geometry.size() + block - 1) / block;
    parallel_for(blocks, execution, {"计算椭球面积", "measuring areas"}, measure_block);
    return result;
}

std::vector<double> perimeter_m(const Geometry& geometry) {
    check_geometry(geometry);
    std::vector<double> result(geometry.size(), nan);
    for (std::size_t feature = 0; feature < geometry.size(); ++feature) {
        if (geometry.kinds[feature] != GeometryKind::polygon) {
            continue;
        }
        double sum = 0.0;
        const std::size_t first = geometry.part_offsets[geometry.feature_offsets[feature]];
        const std::size_t last = geometry.part_offsets[geometry.feature_offsets[feature + 1]];
        for (std::size_t ring = first; ring < last; ++ring) {
            sum += geodesic_ring(ring_of(geometry, ring)).second;
        }
        result[feature] = sum;
    }
    return result;
}

} // namespace tuban
