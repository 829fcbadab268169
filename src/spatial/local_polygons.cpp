#include "spatial/local_polygons.hpp"

#include <algorithm>
#include <cmath>

namespace tuban {
namespace {

/// Positive where c lies left of the line from a to b.
double turn(PlanePoint a, PlanePoint b, PlanePoint c) {
    return (b.x_m - a.x_m) * (c.y_m - a.y_m) - (c.x_m - a.x_m) * (b.y_m - a.y_m);
}

double square_to(const PlaneSegment& segment, PlanePoint p) {
    const double dx = segment.to.x_m - segment.from.x_m;
    const double dy = segment.to.y_m - segment.from.y_m;
    const double px = p.x_m - segment.from.x_m;
    const double py = p.y_m - segment.from.y_m;
    const double length2 = dx * dx + dy * dy;
    const double u = length2 > 0.0 ? std::clamp((px * dx + py * dy) / length2, 0.0, 1.0) : 0.0;
    return (px - u * dx) * (px - u * dx) + (py - u * dy) * (py - u * dy);
}

} // namespace

void LocalPolygons::clear() {
    edges_.clear();
    polygons_.clear();
    holds_all_ = false;
}

void LocalPolygons::add_edge(std::uint32_t feature, const PlaneSegment& edge) {
    edges_.push_back({feature, edge});
}

PlanePoint LocalPolygons::clear_point(const PlaneBox& box) const {
    constexpr double clear_m = 1e-3; // more than readings of an edge differ
    PlanePoint point{box.low.x_m - 0.37, box.low.y_m - 0.23};
    for (int attempt = 0; attempt < 64; ++attempt) {
        const bool is_clear = std::all_of(edges_.begin(), edges_.end(), [&](const Edge& edge) {
            return square_to(edge.segment, point) > clear_m * clear_m;
        });
        if (is_clear) {
            break;
        }
        point.x_m -= 0.0061;
        point.y_m -= 0.0037;
    }
    return point;
}

void LocalPolygons::refer_to(PlanePoint reference, const std::vector<std::size_t>& holders) {
    reference_ = reference;
    std::sort(edges_.begin(), edges_.end(), [](const Edge& a, const Edge& b) {
        return a.feature < b.feature;
    });
    for (std::uint32_t i = 0; i < edges_.size(); ++i) {
        if (i == 0 || edges_[i].feature != edges_[i - 1].feature) {
            polygons_.push_back({edges_[i].feature, i, i, false});
        }
        polygons_.back().end = i + 1;
    }
    for (const std::size_t holder : holders) {
        const auto polygon = std::lower_bound(
            polygons_.begin(),
            polygons_.end(),
            holder,
            [](const Polygon& p, std::size_t feature) { return p.feature < feature; }
        );
        if (polygon != polygons_.end() && polygon->feature == holder) {
            polygon->holds_reference = true;
        } else {
            holds_all_ = true;
        }
    }
}

bool LocalPolygons::holds(PlanePoint point) const {
    return holds_all_ || std::any_of(polygons_.begin(), polygons_.end(), [&](const auto& p) {
               return holds(p, point);
           });
}

bool LocalPolygons::holds(const Polygon& polygon, PlanePoint point) const {
    bool inside = polygon.holds_reference;
    for (std::uint32_t i = polygon.first; i < polygon.end; ++i) {
        const auto& [from, to] = edges_[i].segment;
        const bool crosses_line =
            (turn(reference_, point, from) < 0.0) != (turn(reference_, point, to) < 0.0);
        if (crosses_line &&
            (turn(from, to, reference_) < 0.0) != (turn(from, to, point) < 0.0)) {
            inside = !inside;
        }
    }
    return inside;
}

} // namespace tuban
