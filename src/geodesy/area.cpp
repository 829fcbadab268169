#include <tuban/geodesy.hpp>

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "geodesy/geometry.hpp"
#include "geodesy/pool.hpp"
#include "geodesy/projection.hpp"
#include "geodesy/tile_transform.hpp"

#include <geodesic.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <utility>

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

/// Cosines of latitudes that lie close together, from one sine and one cosine: to the last bit or two.
class NearbyCosine {
public:
    double of(double lat_rad) {
        constexpr double near_rad = 3e-3; // the first term left out is 1e-18
        double d = lat_rad - at_rad_;
        if (!(std::abs(d) < near_rad)) {
            at_rad_ = lat_rad;
            sine_ = std::sin(lat_rad);
            cosine_ = std::cos(lat_rad);
            d = 0.0;
        }
        const double d2 = d * d;
        const double fall = d2 * (0.5 - d2 / 24.0);
        const double turn = d * (1.0 - d2 / 6.0 * (1.0 - d2 / 20.0));
        return cosine_ - (cosine_ * fall + sine_ * turn);
    }

private:
    double at_rad_ = nan;
    double sine_ = 0.0;
    double cosine_ = 0.0;
};

/// Area between the equator's side and an edge, ΔB and ΔL in rad: 2b²ΔL[A sin(ΔB/2)cos Bm − …]. The odd multiples come
/// from one sine and one cosine by sin((k + 2)x) = 2cos 2x·sin kx − sin((k − 2)x), and the same for cosines.
double trapezoid_m2(double lat1_deg, double lat2_deg, double dlon_rad, NearbyCosine& cosine) {
    const double half = 0.5 * (lat2_deg - lat1_deg) * radians_per_degree;
    const double middle = 0.5 * (lat1_deg + lat2_deg) * radians_per_degree;
    constexpr double short_rad = 1e-3; // where three terms give a sine to the last bit
    const double h2 = half * half;
    const double s1 = std::abs(half) < short_rad ? half * (1.0 - h2 / 6.0 * (1.0 - h2 / 20.0))
                                                 : std::sin(half);
    const double c1 = cosine.of(middle);
    const double twice_cos_half = 2.0 - 4.0 * s1 * s1;
    const double twice_cos_middle = 4.0 * c1 * c1 - 2.0;
    const double s3 = (twice_cos_half + 1.0) * s1;
    const double c3 = (twice_cos_middle - 1.0) * c1;
    const double s5 = twice_cos_half * s3 - s1;
    const double c5 = twice_cos_middle * c3 - c1;
    const double s7 = twice_cos_half * s5 - s3;
    const double c7 = twice_cos_middle * c5 - c3;
    const double s9 = twice_cos_half * s7 - s5;
    const double c9 = twice_cos_middle * c7 - c5;
    const double sum = series.a * s1 * c1 - series.b * s3 * c3 + series.c * s5 * c5 -
                       series.d * s7 * c7 + series.e * s9 * c9;
    return 2.0 * series.b2 * dlon_rad * sum;
}

/// Vertices of a ring that somebody else holds.
struct RingView {
    std::span<const double> lon_deg;
    std::span<const double> lat_deg;
};

struct Ring {
    std::vector<double> lon_deg;
    std::vector<double> lat_deg;

    [[nodiscard]] RingView view() const { return {lon_deg, lat_deg}; }
};

geod_geodesic geodesic() {
    geod_geodesic g{};
    geod_init(&g, cgcs2000.a_m, 1.0 / cgcs2000.inverse_flattening);
    return g;
}

/// Area (signed, counter-clockwise positive) and perimeter with geodesic edges.
std::pair<double, double> geodesic_ring(const RingView& ring) {
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
double series_ring_m2(const RingView& ring) {
    const std::size_t n = ring.lon_deg.size();
    NearbyCosine cosine;
    double sum = 0.0;
    double lon = 0.0; // of the edge's start, relative to L₀
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t j = i + 1 == n ? 0 : i + 1;
        const double step = short_way_deg(ring.lon_deg[j] - ring.lon_deg[i]);
        sum += trapezoid_m2(
            ring.lat_deg[i], ring.lat_deg[j], (lon + 0.5 * step) * radians_per_degree, cosine
        );
        lon += step;
    }
    if (std::abs(lon) > 1.0) { // round a pole: no meridian to measure from
        return std::abs(geodesic_ring(ring).first);
    }
    return std::abs(sum);
}

/// Pieces that an edge of longitude and latitude is cut to.
double pieces_of(LonLat from, LonLat to) {
    constexpr double rough_share = 2e-3; // rough_length_m() is within 1e-3 up to a degree
    const double rough = rough_length_m(from, to) / piece_m;
    const bool clear =
        std::abs(rough - std::round(rough)) > rough_share * rough && rough < 1000.0;
    return std::ceil(clear ? rough : geodesic_distance_m(from, to) / piece_m);
}

/// Cuts the edges of a ring in the plane of its source. Reuses its memory: one per thread.
class Cutter {
public:
    explicit Cutter(const Crs& crs)
        : geographic_(crs.geographic), unit_m_(unit_m_of(crs)), transform_(crs, plot_bound_m) {}

    /// The ring with its edges cut to 70 m, valid until the next call; NaN in it where the source's CRS cannot
    /// express a vertex.
    [[nodiscard]] RingView cut(const RingView& ring) {
        result_.lon_deg.clear();
        result_.lat_deg.clear();
        if (geographic_) {
            cut_lonlat(ring);
        } else {
            cut_plane(ring);
        }
        return result_.view();
    }

private:
    static constexpr double most_pieces = 1e7; ///< the meridian has 3e5

    /// No edge is longer than this many metres a degree of latitude, and of longitude times the ring's greatest cosine.
    static constexpr double most_m_per_degree = 111'700.0;

    /// True if an edge is shorter than a piece without a closer look.
    static bool surely_short(double dlon_deg, double dlat_deg, double greatest_cosine) {
        constexpr double most_deg = 0.99 * piece_m / most_m_per_degree;
        const double east = dlon_deg * greatest_cosine;
        return east * east + dlat_deg * dlat_deg < most_deg * most_deg;
    }

    static double greatest_cosine(const RingView& ring) {
        double south = 90.0;
        double north = -90.0;
        for (const double lat : ring.lat_deg) {
            south = std::min(south, lat);
            north = std::max(north, lat);
        }
        const bool over_equator = south <= 0.0 && north >= 0.0;
        const double nearest = std::min(std::abs(south), std::abs(north));
        return over_equator ? 1.0 : std::cos(nearest * radians_per_degree);
    }

    void cut_lonlat(const RingView& ring) {
        const double cosine = greatest_cosine(ring);
        for (std::size_t i = 0; i < ring.lon_deg.size(); ++i) {
            const std::size_t j = i + 1 == ring.lon_deg.size() ? 0 : i + 1;
            const double lon = ring.lon_deg[i];
            const double lat = ring.lat_deg[i];
            const double dlon = short_way_deg(ring.lon_deg[j] - lon);
            const double dlat = ring.lat_deg[j] - lat;
            if (surely_short(dlon, dlat, cosine)) {
                result_.lon_deg.push_back(lon);
                result_.lat_deg.push_back(lat);
                continue;
            }
            const double pieces =
                std::max(1.0, pieces_of({lon, lat}, {ring.lon_deg[j], ring.lat_deg[j]}));
            const auto count = static_cast<std::int64_t>(pieces);
            for (std::int64_t k = 0; k < count; ++k) {
                const double u = static_cast<double>(k) / pieces;
                result_.lon_deg.push_back(lon + dlon * u);
                result_.lat_deg.push_back(lat + dlat * u);
            }
        }
    }

    /// The cuts of an edge are made where it is straight, on the plane, and brought back as vertices are.
    void cut_plane(const RingView& ring) {
        plane_.lon_deg.assign(ring.lon_deg.begin(), ring.lon_deg.end());
        plane_.lat_deg.assign(ring.lat_deg.begin(), ring.lat_deg.end());
        transform_.from_lonlat(plane_.lon_deg, plane_.lat_deg);
        cuts_.lon_deg.clear();
        cuts_.lat_deg.clear();
        before_.assign(1, 0);
        for (std::size_t i = 0; i < ring.lon_deg.size(); ++i) {
            cut_edge(i);
            before_.push_back(cuts_.lon_deg.size());
        }
        transform_.to_lonlat(cuts_.lon_deg, cuts_.lat_deg);
        for (std::size_t i = 0; i < ring.lon_deg.size(); ++i) {
            append_edge(ring, i);
        }
    }

    void cut_edge(std::size_t i) {
        const std::size_t j = i + 1 == plane_.lon_deg.size() ? 0 : i + 1;
        const double dx = plane_.lon_deg[j] - plane_.lon_deg[i];
        const double dy = plane_.lat_deg[j] - plane_.lat_deg[i];
        // Coordinates come back from longitude and latitude within 1e-8 m: 140 m are two pieces, not three.
        constexpr double noise = 1e-9;
        const double length_m = std::sqrt(dx * dx + dy * dy) * unit_m_;
        const double pieces = std::min(std::ceil(length_m / piece_m - noise), most_pieces);
        const bool expressible = std::isfinite(pieces);
        const auto count = static_cast<std::int64_t>(expressible ? pieces : 1.0);
        for (std::int64_t k = 1; k < count; ++k) {
            const double u = static_cast<double>(k) / pieces;
            cuts_.lon_deg.push_back(plane_.lon_deg[i] + dx * u);
            cuts_.lat_deg.push_back(plane_.lat_deg[i] + dy * u);
        }
    }

    /// The start of an edge, then its cuts. What the plane cannot express stays without an area.
    void append_edge(const RingView& ring, std::size_t i) {
        const double lost = 0.0 * (plane_.lon_deg[i] + plane_.lat_deg[i]);
        result_.lon_deg.push_back(ring.lon_deg[i] + lost);
        result_.lat_deg.push_back(ring.lat_deg[i] + lost);
        for (std::size_t k = before_[i]; k < before_[i + 1]; ++k) {
            result_.lon_deg.push_back(cuts_.lon_deg[k]);
            result_.lat_deg.push_back(cuts_.lat_deg[k]);
        }
    }

    bool geographic_;
    double unit_m_;
    TileTransform transform_;
    Ring plane_;                      ///< x, y of the vertices
    Ring cuts_;                       ///< x, y, then longitude and latitude, of all cuts
    std::vector<std::size_t> before_; ///< cuts before those of each edge
    Ring result_;
};

RingView ring_of(const Geometry& geometry, std::size_t ring) {
    const std::size_t from = geometry.ring_offsets[ring];
    const std::size_t n = geometry.ring_offsets[ring + 1] - from;
    return {
        std::span(geometry.lon_deg).subspan(from, n),
        std::span(geometry.lat_deg).subspan(from, n)};
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

double ring_area_m2(const RingView& ring, AreaMethod method, Cutter* cutter) {
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
    const Crs crs = parse_crs(edge_crs);
    Pool<Cutter> pool;
    const auto make_cutter = [&] { return std::make_unique<Cutter>(crs); };
    std::vector<double> result(geometry.size(), nan);
    const auto measure_block = [&](std::size_t i) {
        std::unique_ptr<Cutter> cutter;
        if (method == AreaMethod::survey) {
            cutter = pool.borrow(make_cutter);
        }
        const auto ring_area = [&, own = cutter.get()](const RingView& ring) {
            return ring_area_m2(ring, method, own);
        };
        const std::size_t end = std::min(geometry.size(), (i + 1) * block);
        for (std::size_t feature = i * block; feature < end; ++feature) {
            result[feature] = feature_area_m2(geometry, feature, ring_area);
        }
        if (cutter) {
            pool.give_back(std::move(cutter));
        }
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
