#include <tuban/geodesy.hpp>

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "geodesy/geometry.hpp"
#include "geodesy/lanes.hpp"
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
#include <optional>
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
    static constexpr double near_rad = 3e-3; ///< the first term left out is 1e-18

    double of(double lat_rad) {
        if (!(std::abs(lat_rad - at_rad_) < near_rad)) {
            at_rad_ = lat_rad;
            sine_ = std::sin(lat_rad);
            cosine_ = std::cos(lat_rad);
        }
        return near(lat_rad);
    }

    /// For a latitude that is near the one that of() was asked last.
    [[nodiscard]] double near(double lat_rad) const {
        const double d = lat_rad - at_rad_;
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

constexpr double short_rad = 1e-3; ///< where three terms give a sine to the last bit

double short_sine(double angle_rad) {
    const double a2 = angle_rad * angle_rad;
    return angle_rad * (1.0 - a2 / 6.0 * (1.0 - a2 / 20.0));
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

/// The edges of a ring as the series takes them. Its memory serves ring after ring.
struct SeriesEdges {
    std::vector<double> sine;     ///< of ΔB/2; before that ΔB/2 itself, rad
    std::vector<double> cosine;   ///< of Bm; before that Bm itself, rad
    std::vector<double> dlon_rad; ///< from L₀ to the edge's middle
    std::vector<double> area_m2;

    [[nodiscard]] std::size_t size() const { return area_m2.size(); }
};

/// @return by how much the ring does not close in longitude, degrees: 360 round a pole
double fill(SeriesEdges& edges, const RingView& ring) {
    const std::size_t n = ring.lon_deg.size();
    for (auto* values : {&edges.sine, &edges.cosine, &edges.dlon_rad, &edges.area_m2}) {
        values->resize(n);
    }
    double lon = 0.0; // of the edge's start, relative to L₀
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t j = i + 1 == n ? 0 : i + 1;
        const double step = short_way_deg(ring.lon_deg[j] - ring.lon_deg[i]);
        edges.sine[i] = 0.5 * (ring.lat_deg[j] - ring.lat_deg[i]) * radians_per_degree;
        edges.cosine[i] = 0.5 * (ring.lat_deg[i] + ring.lat_deg[j]) * radians_per_degree;
        edges.dlon_rad[i] = (lon + 0.5 * step) * radians_per_degree;
        lon += step;
    }
    return lon;
}

/// Where edges are short and close together: no branch in what many of them go through.
TUBAN_VECTOR_CLONES void take_close_angles(const NearbyCosine& nearby, SeriesEdges& edges) {
    double* const sine = edges.sine.data();
    double* const cosine = edges.cosine.data();
    for (std::size_t i = 0; i < edges.size(); ++i) {
        sine[i] = short_sine(sine[i]);
        cosine[i] = nearby.near(cosine[i]);
    }
}

void take_angles(SeriesEdges& edges) {
    NearbyCosine nearby;
    for (std::size_t i = 0; i < edges.size(); ++i) {
        double& sine = edges.sine[i];
        sine = std::abs(sine) < short_rad ? short_sine(sine) : std::sin(sine);
        edges.cosine[i] = nearby.of(edges.cosine[i]);
    }
}

/// Area between the equator's side and each edge: 2b²ΔL[A sin(ΔB/2)cos Bm − …]. The odd multiples come from one sine and
/// one cosine by sin((k + 2)x) = 2cos 2x·sin kx − sin((k − 2)x), and the same for cosines.
TUBAN_VECTOR_CLONES void measure(SeriesEdges& edges) {
    const double* const sine = edges.sine.data();
    const double* const cosine = edges.cosine.data();
    const double* const dlon_rad = edges.dlon_rad.data();
    double* const area_m2 = edges.area_m2.data();
    for (std::size_t i = 0; i < edges.size(); ++i) {
        const double s1 = sine[i];
        const double c1 = cosine[i];
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
        area_m2[i] = 2.0 * series.b2 * dlon_rad[i] * sum;
    }
}

/// |Σ S(B₁, B₂, (L₁ + L₂)/2 − L₀)| over the edges of a closed ring.
double series_ring_m2(const RingView& ring, SeriesEdges& edges) {
    if (ring.lat_deg.empty()) {
        return 0.0;
    }
    if (std::abs(fill(edges, ring)) > 1.0) { // round a pole: no meridian to measure from
        return std::abs(geodesic_ring(ring).first);
    }
    const auto [south, north] = std::minmax_element(ring.lat_deg.begin(), ring.lat_deg.end());
    const double height_rad = (*north - *south) * radians_per_degree;
    if (height_rad < std::min(NearbyCosine::near_rad, short_rad)) {
        NearbyCosine nearby;
        nearby.of(edges.cosine.front());
        take_close_angles(nearby, edges);
    } else {
        take_angles(edges);
    }
    measure(edges);
    double sum = 0.0;
    for (const double area : edges.area_m2) {
        sum += area;
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

/// Whether the plane stretches no length by more than 3 ‰ within 4° of its central meridian: 1 + (4°)²/2 is 1.0024.
bool is_true_to_scale(const std::optional<Projection>& plane) {
    return plane && !plane->web_mercator && plane->scale > 0.0 && plane->scale <= 1.0;
}

/// Cuts the edges of a ring in the plane of its source. Reuses its memory: one per thread.
class Cutter {
public:
    explicit Cutter(const Crs& crs)
        : geographic_(crs.geographic), unit_m_(unit_m_of(crs)), plane_of_(projection_of(crs)),
          transform_(crs, plot_bound_m) {}

    /// The ring with its edges cut to 70 m, valid until the next call; NaN in it where the source's CRS cannot
    /// express a vertex.
    [[nodiscard]] RingView cut(const RingView& ring) {
        find_long(ring);
        if (long_.empty()) {
            return ring;
        }
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

    /// True if an edge is shorter than a piece without a closer look, be it on a plane that stretches it by 3 ‰.
    static bool surely_short(double dlon_deg, double dlat_deg, double greatest_cosine) {
        constexpr double most_deg = 0.99 * piece_m / most_m_per_degree;
        const double east = dlon_deg * greatest_cosine;
        return east * east + dlat_deg * dlat_deg < most_deg * most_deg;
    }

    static double greatest_cosine(const RingView& ring) {
        const auto [south, north] =
            std::minmax_element(ring.lat_deg.begin(), ring.lat_deg.end());
        const bool over_equator = *south <= 0.0 && *north >= 0.0;
        const double nearest = std::min(std::abs(*south), std::abs(*north));
        return over_equator ? 1.0 : std::cos(nearest * radians_per_degree);
    }

    [[nodiscard]] bool has_true_lengths(const RingView& ring) const {
        constexpr double most_deg = 4.0;
        return geographic_ ||
               (is_true_to_scale(plane_of_) &&
                std::all_of(ring.lon_deg.begin(), ring.lon_deg.end(), [&](double lon) {
                    return std::abs(short_way_deg(lon - plane_of_->central_meridian_deg)) <
                           most_deg;
                }));
    }

    /// Edges that may have to be cut; all, where the plane's scale is not known.
    void find_long(const RingView& ring) {
        long_.clear();
        if (ring.lon_deg.empty()) {
            return;
        }
        const bool true_lengths = has_true_lengths(ring);
        const double cosine = greatest_cosine(ring);
        for (std::size_t i = 0; i < ring.lon_deg.size(); ++i) {
            const std::size_t j = after(i, ring);
            const double dlon = short_way_deg(ring.lon_deg[j] - ring.lon_deg[i]);
            const double dlat = ring.lat_deg[j] - ring.lat_deg[i];
            if (!true_lengths || !surely_short(dlon, dlat, cosine)) {
                long_.push_back(i);
            }
        }
    }

    static std::size_t after(std::size_t i, const RingView& ring) {
        return i + 1 == ring.lon_deg.size() ? 0 : i + 1;
    }

    /// Vertices from where the result ends in the ring, up to vertex `end`.
    void append_vertices(const RingView& ring, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            result_.lon_deg.push_back(ring.lon_deg[i]);
            result_.lat_deg.push_back(ring.lat_deg[i]);
        }
    }

    void cut_lonlat(const RingView& ring) {
        std::size_t done = 0;
        for (const std::size_t i : long_) {
            const std::size_t j = after(i, ring);
            append_vertices(ring, done, i + 1);
            done = i + 1;
            const double lon = ring.lon_deg[i];
            const double lat = ring.lat_deg[i];
            const double dlon = short_way_deg(ring.lon_deg[j] - lon);
            const double dlat = ring.lat_deg[j] - lat;
            const double pieces =
                std::max(1.0, pieces_of({lon, lat}, {ring.lon_deg[j], ring.lat_deg[j]}));
            const auto count = static_cast<std::int64_t>(pieces);
            for (std::int64_t k = 1; k < count; ++k) {
                const double u = static_cast<double>(k) / pieces;
                result_.lon_deg.push_back(lon + dlon * u);
                result_.lat_deg.push_back(lat + dlat * u);
            }
        }
        append_vertices(ring, done, ring.lon_deg.size());
    }

    /// The cuts of an edge are made where it is straight, on the plane, and brought back as vertices are.
    void cut_plane(const RingView& ring) {
        plane_.lon_deg.clear();
        plane_.lat_deg.clear();
        for (const std::size_t i : long_) {
            for (const std::size_t end : {i, after(i, ring)}) {
                plane_.lon_deg.push_back(ring.lon_deg[end]);
                plane_.lat_deg.push_back(ring.lat_deg[end]);
            }
        }
        transform_.from_lonlat(plane_.lon_deg, plane_.lat_deg);
        cuts_.lon_deg.clear();
        cuts_.lat_deg.clear();
        before_.assign(1, 0);
        for (std::size_t edge = 0; edge < long_.size(); ++edge) {
            cut_edge(2 * edge);
            before_.push_back(cuts_.lon_deg.size());
        }
        transform_.to_lonlat(cuts_.lon_deg, cuts_.lat_deg);
        std::size_t done = 0;
        for (std::size_t edge = 0; edge < long_.size(); ++edge) {
            append_vertices(ring, done, long_[edge] + 1);
            done = long_[edge] + 1;
            append_cuts(edge);
        }
        append_vertices(ring, done, ring.lon_deg.size());
    }

    /// @param from  of the edge's start in `plane_`; its end follows
    void cut_edge(std::size_t from) {
        const double dx = plane_.lon_deg[from + 1] - plane_.lon_deg[from];
        const double dy = plane_.lat_deg[from + 1] - plane_.lat_deg[from];
        // Coordinates come back from longitude and latitude within 1e-8 m: 140 m are two pieces, not three.
        constexpr double noise = 1e-9;
        const double length_m = std::sqrt(dx * dx + dy * dy) * unit_m_;
        const double pieces = std::min(std::ceil(length_m / piece_m - noise), most_pieces);
        const bool expressible = std::isfinite(pieces);
        const auto count = static_cast<std::int64_t>(expressible ? pieces : 1.0);
        for (std::int64_t k = 1; k < count; ++k) {
            const double u = static_cast<double>(k) / pieces;
            cuts_.lon_deg.push_back(plane_.lon_deg[from] + dx * u);
            cuts_.lat_deg.push_back(plane_.lat_deg[from] + dy * u);
        }
    }

    /// Behind the edge's start. What the plane cannot express stays without an area.
    void append_cuts(std::size_t edge) {
        const double lost = 0.0 * (plane_.lon_deg[2 * edge] + plane_.lat_deg[2 * edge]);
        result_.lon_deg.back() += lost;
        result_.lat_deg.back() += lost;
        for (std::size_t k = before_[edge]; k < before_[edge + 1]; ++k) {
            result_.lon_deg.push_back(cuts_.lon_deg[k]);
            result_.lat_deg.push_back(cuts_.lat_deg[k]);
        }
    }

    bool geographic_;
    double unit_m_;
    std::optional<Projection> plane_of_;
    TileTransform transform_;
    std::vector<std::size_t> long_;   ///< edges that may have to be cut
    Ring plane_;                      ///< x, y of their starts and ends
    Ring cuts_;                       ///< x, y, then longitude and latitude, of all cuts
    std::vector<std::size_t> before_; ///< cuts before those of each of these edges
    Ring result_;
};

/// What a thread measures rings with.
struct Measurer {
    std::optional<Cutter> cutter; ///< none: edges are taken whole
    SeriesEdges edges{};
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

double ring_area_m2(const RingView& ring, AreaMethod method, Measurer& measurer) {
    if (method == AreaMethod::geodesic) {
        return std::abs(geodesic_ring(ring).first);
    }
    return series_ring_m2(measurer.cutter ? measurer.cutter->cut(ring) : ring, measurer.edges);
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
    Pool<Measurer> pool;
    const auto make_measurer = [&] {
        auto made = std::make_unique<Measurer>();
        if (method == AreaMethod::survey) {
            made->cutter.emplace(crs);
        }
        return made;
    };
    std::vector<double> result(geometry.size(), nan);
    const auto measure_block = [&](std::size_t i) {
        std::unique_ptr<Measurer> measurer = pool.borrow(make_measurer);
        const auto ring_area = [&](const RingView& ring) {
            return ring_area_m2(ring, method, *measurer);
        };
        const std::size_t end = std::min(geometry.size(), (i + 1) * block);
        for (std::size_t feature = i * block; feature < end; ++feature) {
            result[feature] = feature_area_m2(geometry, feature, ring_area);
        }
        pool.give_back(std::move(measurer));
    };
    const std::size_t blocks = (geometry.size() + block - 1) / block;
    parallel_for(blocks, execution, {"计算椭球面积", "measuring areas"}, measure_block);
    return result;
}

std::vector<double> perimeter_m(const Geometry& geometry, const Execution& execution) {
    check_geometry(geometry);
    std::vector<double> result(geometry.size(), nan);
    const Text stage{"计算周长", "measuring perimeters"};
    parallel_for(geometry.size(), execution, stage, [&](std::size_t feature) {
        if (geometry.kinds[feature] != GeometryKind::polygon) {
            return;
        }
        double sum = 0.0;
        const std::size_t first = geometry.part_offsets[geometry.feature_offsets[feature]];
        const std::size_t last = geometry.part_offsets[geometry.feature_offsets[feature + 1]];
        for (std::size_t ring = first; ring < last; ++ring) {
            sum += geodesic_ring(ring_of(geometry, ring)).second;
        }
        result[feature] = sum;
    });
    return result;
}

} // namespace tuban
