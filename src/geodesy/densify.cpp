#include <tuban/geodesy.hpp>

#include "core/format.hpp"
#include "geodesy/edge_cutter.hpp"
#include "geodesy/geometry.hpp"
#include "geodesy/projection.hpp"
#include "geodesy/tile_transform.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace tuban {
namespace {

constexpr double radius_m = 6'371'000.0; // in error bounds only
constexpr double most_pieces = 1e6;
constexpr double safety = 2.0;

struct Edge {
    LonLat from;
    LonLat to;
};

double steepest_tangent(const Edge& edge) {
    const double lat = std::max(std::abs(edge.from.lat_deg), std::abs(edge.to.lat_deg));
    return std::min(1e4, std::abs(std::tan(lat * radians_per_degree)));
}

/// The point at u of an edge that is straight in longitude and latitude.
LonLat along_lonlat(const Edge& edge, double u) {
    const double dlon = short_way_deg(edge.to.lon_deg - edge.from.lon_deg);
    return {
        wrapped_lon_deg(edge.from.lon_deg + u * dlon),
        edge.from.lat_deg + u * (edge.to.lat_deg - edge.from.lat_deg)};
}

} // namespace

/// Cuts one edge after the other; knows the plane of the source.
class EdgeCutter::Densifier {
public:
    Densifier(const Crs& crs, double tolerance_m) : crs_(crs), tolerance_m_(tolerance_m) {
        if (!crs.geographic) {
            transform_.emplace(crs, plot_bound_m);
            unit_m_ = unit_m_of(crs);
        }
    }

    [[nodiscard]] bool is_geographic() const { return crs_.geographic; }

    /// The points between the ends of an edge.
    [[nodiscard]] std::vector<LonLat> between(const Edge& edge) {
        const double length = rough_length_m(edge.from, edge.to);
        const double bend = lonlat_bend(steepest_tangent(edge));
        double pieces = std::max(1.0, std::ceil(length * std::sqrt(bend / tolerance_m_)));
        if (crs_.geographic) {
            return cut(edge, std::min(pieces, most_pieces));
        }
        if (plane_bend(steepest_tangent(edge)) * length * length < tolerance_m_) {
            return {};
        }
        for (;; pieces *= 2.0) {
            std::vector<LonLat> points = cut(edge, std::min(pieces, most_pieces));
            if (pieces >= most_pieces || is_fine(edge, points)) {
                return points;
            }
        }
    }

    /// Appends the vertices of a ring and what lies between them.
    void
    append_ring(const Geometry& geometry, std::size_t ring, bool closed, Geometry& result) {
        const std::size_t first = geometry.ring_offsets[ring];
        const std::size_t end = geometry.ring_offsets[ring + 1];
        ShortEdges short_edges = short_edges_of(geometry, first, end);
        if (!crs_.geographic && short_edges.is_narrow && load_plane(geometry, first, end)) {
            if (const auto bend = bend_here()) {
                short_edges.set_length(
                    std::sqrt(tolerance_m_ / std::max(lonlat_bend(short_edges.tangent), *bend))
                );
                append_ring_of_plane(geometry, {first, end, closed}, short_edges, result);
                return;
            }
        }
        for (std::size_t i = first; i < end; ++i) {
            const LonLat from{geometry.lon_deg[i], geometry.lat_deg[i]};
            result.lon_deg.push_back(from.lon_deg);
            result.lat_deg.push_back(from.lat_deg);
            if (i + 1 == end && !closed) {
                break;
            }
            const std::size_t j = i + 1 == end ? first : i + 1;
            const double pieces = short_edges.pieces(
                geometry.lon_deg[j] - from.lon_deg, geometry.lat_deg[j] - from.lat_deg
            );
            if (pieces > 1.0) {
                const Edge edge{from, {geometry.lon_deg[j], geometry.lat_deg[j]}};
                append_between(edge, short_edges.is_narrow ? pieces : 0.0, result);
            }
        }
    }

private:
    struct Ring {
        std::size_t first;
        std::size_t end;
        bool closed;
    };

    struct ShortEdges;

    /// Brings the vertices of a ring into the plane. @return false where one has no place in it
    [[nodiscard]] bool
    load_plane(const Geometry& geometry, std::size_t first, std::size_t end) {
        const auto begin = static_cast<std::ptrdiff_t>(first);
        const auto stop = static_cast<std::ptrdiff_t>(end);
        x_.assign(geometry.lon_deg.begin() + begin, geometry.lon_deg.begin() + stop);
        y_.assign(geometry.lat_deg.begin() + begin, geometry.lat_deg.begin() + stop);
        transform_->from_lonlat(x_, y_);
        return !x_.empty() &&
               std::all_of(x_.begin(), x_.end(), [](double x) { return std::isfinite(x); });
    }

    /// What a straight line of the plane is off a geodesic at the most, over its length squared, where the ring that was
    /// loaded lies: probed once for each square of 10 km, so that it does not depend on which other rings there are. It
    /// changes little over the few kilometres that a ring reaches beyond its square; `safety` is in it.
    /// @return none where the ring reaches far or the plane ends
    [[nodiscard]] std::optional<double> bend_here() {
        constexpr double square_m = 10'000.0;
        constexpr double most_m = 20'000.0;
        const auto [west, east] = std::minmax_element(x_.begin(), x_.end());
        const auto [south, north] = std::minmax_element(y_.begin(), y_.end());
        if ((*east - *west) * unit_m_ > most_m || (*north - *south) * unit_m_ > most_m) {
            return std::nullopt;
        }
        const std::pair<double, double> square{
            std::floor(0.5 * (*west + *east) * unit_m_ / square_m),
            std::floor(0.5 * (*south + *north) * unit_m_ / square_m)};
        const auto found = bends_.find(square);
        if (found != bends_.end()) {
            return found->second;
        }
        const LonLat middle{
            (square.first + 0.5) * square_m / unit_m_,
            (square.second + 0.5) * square_m / unit_m_};
        return bends_.emplace(square, probed_bend(middle)).first->second;
    }

    /// Lines of 1 km through a place of the plane, 22.5° apart.
    [[nodiscard]] std::optional<double> probed_bend(const LonLat& place) {
        constexpr int directions = 8;
        const double half = 500.0 / unit_m_;
        double most = 0.0;
        for (int i = 0; i < directions; ++i) {
            const double angle = i * pi / directions;
            const double dx = half * std::cos(angle);
            const double dy = half * std::sin(angle);
            std::array<double, 3> x{place.lon_deg - dx, place.lon_deg, place.lon_deg + dx};
            std::array<double, 3> y{place.lat_deg - dy, place.lat_deg, place.lat_deg + dy};
            transform_->to_lonlat(x, y);
            if (!std::isfinite(x[0] + x[1] + x[2])) {
                return std::nullopt;
            }
            const LocalFrame frame({x[1], y[1]});
            const auto a = frame.forward({x[0], y[0]});
            const auto b = frame.forward({x[2], y[2]});
            const double chord = std::hypot(b.x_m - a.x_m, b.y_m - a.y_m);
            const double off = std::abs(a.x_m * b.y_m - a.y_m * b.x_m) / chord;
            most = std::max(most, off / (chord * chord));
        }
        return std::isfinite(most) ? std::optional(safety * most) : std::nullopt;
    }

    /// Appends the ring that was loaded, all that lies between its vertices brought back at once.
    void append_ring_of_plane(
        const Geometry& geometry,
        const Ring& ring,
        const ShortEdges& short_edges,
        Geometry& result
    ) {
        between_x_.clear();
        between_y_.clear();
        places_.clear();
        for (std::size_t i = ring.first; i < ring.end; ++i) {
            result.lon_deg.push_back(geometry.lon_deg[i]);
            result.lat_deg.push_back(geometry.lat_deg[i]);
            if (i + 1 == ring.end && !ring.closed) {
                break;
            }
            const std::size_t j = i + 1 == ring.end ? ring.first : i + 1;
            const double pieces = short_edges.pieces(
                geometry.lon_deg[j] - geometry.lon_deg[i],
                geometry.lat_deg[j] - geometry.lat_deg[i]
            );
            const double step = 1.0 / pieces;
            const auto count = static_cast<std::int64_t>(pieces);
            for (std::int64_t n = 1; n < count; ++n) {
                const auto k = static_cast<double>(n);
                const std::size_t a = i - ring.first;
                const std::size_t b = j - ring.first;
                between_x_.push_back(x_[a] + k * step * (x_[b] - x_[a]));
                between_y_.push_back(y_[a] + k * step * (y_[b] - y_[a]));
                places_.push_back(result.lon_deg.size());
                result.lon_deg.push_back(0.0);
                result.lat_deg.push_back(0.0);
            }
        }
        transform_->to_lonlat(between_x_, between_y_);
        for (std::size_t i = 0; i < places_.size(); ++i) {
            require_finite(between_x_[i]);
            result.lon_deg[places_[i]] = between_x_[i];
            result.lat_deg[places_[i]] = between_y_[i];
        }
    }

    void require_finite(double lon_deg) const {
        if (!std::isfinite(lon_deg)) {
            throw Error(
                ErrorCode::invalid_argument,
                text(
                    "坐标系“{}”不能表示几何的一条边，无法加密。请检查坐标系是否与数据相符。",
                    "\"{}\" cannot express an edge of the geometry, so it cannot be cut. Check "
                    "that the CRS belongs to "
                    "the data.",
                    crs_.name
                )
            );
        }
    }

    /// Appends what lies between the ends of an edge. @param pieces  as many as are needed, 0 if that is not known
    void append_between(const Edge& edge, double pieces, Geometry& result) {
        if (crs_.geographic && pieces > 0.0) {
            const double step = 1.0 / pieces;
            const auto count = static_cast<int>(pieces);
            for (int k = 1; k < count; ++k) {
                const LonLat p = along_lonlat(edge, k * step);
                result.lon_deg.push_back(p.lon_deg);
                result.lat_deg.push_back(p.lat_deg);
            }
            return;
        }
        for (const LonLat& p : between(edge)) {
            result.lon_deg.push_back(p.lon_deg);
            result.lat_deg.push_back(p.lat_deg);
        }
    }

    /// How long edges of a ring may be that need no cut, told without trigonometry per edge.
    struct ShortEdges {
        double lon_share = 0.0; ///< of a degree of longitude in one of latitude, at most
        double length_deg = 0.0;
        double tangent = 0.0; ///< of the ring's greatest latitude
        bool is_narrow =
            false; ///< in latitude: what holds for the ring holds closely for each edge

        void set_length(double length_m) {
            constexpr double most_degree_m =
                111'900.0; // of a great circle, and what rough_length_m() adds
            length_deg = length_m / most_degree_m;
        }

        /// No more than 1: the edge needs no cut. @return whole
        [[nodiscard]] double pieces(double dlon_deg, double dlat_deg) const {
            const double east = dlon_deg * lon_share;
            const double length2 = east * east + dlat_deg * dlat_deg;
            if (length2 <= length_deg * length_deg) {
                return 1.0;
            }
            const double turned = short_way_deg(dlon_deg) * lon_share;
            return std::ceil(std::sqrt(turned * turned + dlat_deg * dlat_deg) / length_deg);
        }
    };

    [[nodiscard]] ShortEdges
    short_edges_of(const Geometry& geometry, std::size_t first, std::size_t end) const {
        double least_lat = 90.0;
        double most_lat = 0.0;
        for (std::size_t i = first; i < end; ++i) {
            const double lat = std::abs(geometry.lat_deg[i]);
            least_lat = std::min(least_lat, lat);
            most_lat = std::max(most_lat, lat);
        }
        const double tangent = steepest_tangent({{0.0, most_lat}, {0.0, most_lat}});
        const double length_m = crs_.geographic ? std::sqrt(tolerance_m_ / lonlat_bend(tangent))
                                                : std::sqrt(tolerance_m_ / plane_bend(tangent));
        ShortEdges result{
            std::cos(least_lat * radians_per_degree),
            0.0,
            tangent,
            most_lat - least_lat < 0.1 && most_lat < 80.0};
        result.set_length(length_m);
        return result;
    }

    /// Straight in longitude and latitude and geodesic are at most 1.1·L²|tan φ|/(8R) apart; 0.1 for what follows at the
    /// equator.
    [[nodiscard]] static double lonlat_bend(double tangent) {
        return 1.1 * safety * (tangent + 0.1) / (8.0 * radius_m);
    }

    /// A line of no usual plane bends three times as much as a parallel.
    [[nodiscard]] static double plane_bend(double tangent) {
        return 3.0 * (1.0 + tangent) / (8.0 * radius_m);
    }

    [[nodiscard]] LonLat to_plane(LonLat position) {
        transform_->from_lonlat({&position.lon_deg, 1}, {&position.lat_deg, 1});
        return position;
    }

    [[nodiscard]] std::vector<LonLat> cut(const Edge& edge, double pieces) {
        std::vector<LonLat> points;
        if (pieces < 2.0) {
            return points;
        }
        const Edge plane =
            crs_.geographic ? edge : Edge{to_plane(edge.from), to_plane(edge.to)};
        const auto count = static_cast<std::int64_t>(pieces);
        for (std::int64_t i = 1; i < count; ++i) {
            const auto k = static_cast<double>(i);
            points.push_back(
                crs_.geographic ? along_lonlat(edge, k / pieces) : from_plane(plane, k / pieces)
            );
        }
        return points;
    }

    [[nodiscard]] LonLat from_plane(const Edge& plane, double u) {
        LonLat p{
            plane.from.lon_deg + u * (plane.to.lon_deg - plane.from.lon_deg),
            plane.from.lat_deg + u * (plane.to.lat_deg - plane.from.lat_deg)};
        transform_->to_lonlat({&p.lon_deg, 1}, {&p.lat_deg, 1});
        require_finite(p.lon_deg);
        return p;
    }

    /// Each piece: the middle of the source's straight line against the chord of its ends.
    [[nodiscard]] bool is_fine(const Edge& edge, const std::vector<LonLat>& points) {
        LonLat from = edge.from;
        for (std::size_t i = 0; i <= points.size(); ++i) {
            const LonLat to = i < points.size() ? points[i] : edge.to;
            const LonLat middle = from_plane({to_plane(from), to_plane(to)}, 0.5);
            const LocalFrame frame(middle);
            const auto a = frame.forward(from);
            const auto b = frame.forward(to);
            const double chord = std::hypot(b.x_m - a.x_m, b.y_m - a.y_m);
            const double off =
                chord > 0.0 ? std::abs(a.x_m * b.y_m - a.y_m * b.x_m) / chord : 0.0;
            if (safety * off > tolerance_m_) {
                return false;
            }
            from = to;
        }
        return true;
    }

    Crs crs_;
    std::optional<TileTransform> transform_; ///< of a plane
    double tolerance_m_;
    double unit_m_ = 1.0; ///< metres in a unit of the plane
    std::map<std::pair<double, double>, std::optional<double>>
        bends_;             ///< by square of 10 km, counted from the plane's origin
    std::vector<double> x_; ///< of the ring at work, in the plane
    std::vector<double> y_;
    std::vector<double> between_x_;
    std::vector<double> between_y_;
    std::vector<std::size_t> places_; ///< of what lies between, in the result
};

EdgeCutter::EdgeCutter(std::string_view edge_crs, double tolerance_m) {
    if (!(tolerance_m > 0.0) || !std::isfinite(tolerance_m)) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "加密容差为 {} 米，应大于 0。",
                "the tolerance is {} m, must be greater than 0.",
                tolerance_m
            )
        );
    }
    densifier_ = std::make_unique<Densifier>(parse_crs(edge_crs), tolerance_m);
}

EdgeCutter::~EdgeCutter() = default;

bool EdgeCutter::is_shareable() const {
    return densifier_->is_geographic();
}

void EdgeCutter::append_feature(const Geometry& from, std::size_t feature, Geometry& to) const {
    const bool closed = from.kinds[feature] == GeometryKind::polygon;
    for (std::size_t part = from.feature_offsets[feature];
         part < from.feature_offsets[feature + 1];
         ++part) {
        for (std::size_t ring = from.part_offsets[part]; ring < from.part_offsets[part + 1];
             ++ring) {
            densifier_->append_ring(from, ring, closed, to);
            to.ring_offsets.push_back(to.lon_deg.size());
        }
        to.part_offsets.push_back(to.ring_offsets.size() - 1);
    }
    to.feature_offsets.push_back(to.part_offsets.size() - 1);
    to.kinds.push_back(from.kinds[feature]);
}

Geometry densify(const Geometry& geometry, std::string_view edge_crs, double tolerance_m) {
    const EdgeCutter cutter(edge_crs, tolerance_m);
    check_geometry(geometry);
    Geometry result;
    const std::size_t more = geometry.lon_deg.size() / 2; // a guess that spares a copy
    result.lon_deg.reserve(geometry.lon_deg.size() + more);
    result.lat_deg.reserve(geometry.lat_deg.size() + more);
    result.ring_offsets.reserve(geometry.ring_offsets.size());
    result.part_offsets.reserve(geometry.part_offsets.size());
    result.feature_offsets.reserve(geometry.feature_offsets.size());
    result.kinds.reserve(geometry.size());
    for (std::size_t feature = 0; feature < geometry.size(); ++feature) {
        cutter.append_feature(geometry, feature, result);
    }
    return result;
}

} // namespace tuban
