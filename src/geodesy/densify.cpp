#include <tuban/geodesy.hpp>

#include "core/format.hpp"
#include "geodesy/edge_cutter.hpp"
#include "geodesy/geometry.hpp"
#include "geodesy/tile_transform.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

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
        const ShortEdges short_edges = short_edges_of(geometry, first, end);
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
        bool is_narrow =
            false; ///< in latitude: what holds for the ring holds closely for each edge

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
        constexpr double most_degree_m =
            111'900.0; // of a great circle, and what rough_length_m() adds
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
        return {
            std::cos(least_lat * radians_per_degree),
            length_m / most_degree_m,
            most_lat - least_lat < 0.1 && most_lat < 80.0};
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
        if (!std::isfinite(p.lon_deg)) {
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
