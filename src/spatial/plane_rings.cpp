#include "spatial/plane_rings.hpp"

#include <algorithm>
#include <limits>

namespace tuban {
namespace {

/// A side of a box: what lies inside has a coordinate times `sign` of at least `limit`.
struct Side {
    bool is_x = true;
    double sign = 1.0;
    double at = 0.0;

    [[nodiscard]] double depth(PlanePoint p) const {
        return sign * ((is_x ? p.x_m : p.y_m) - at);
    }
};

PlanePoint crossing(PlanePoint a, PlanePoint b, const Side& side) {
    const double depth = side.depth(a);
    const double u = depth / (depth - side.depth(b));
    PlanePoint p{a.x_m + u * (b.x_m - a.x_m), a.y_m + u * (b.y_m - a.y_m)};
    (side.is_x ? p.x_m : p.y_m) = side.at;
    return p;
}

/// Adds what is left of an edge, less its end.
void add_clipped(PlanePoint a, PlanePoint b, const Side& side, PlaneRings& result) {
    const bool from_inside = side.depth(a) >= 0.0;
    if (from_inside) {
        result.add(a);
    }
    if (from_inside != (side.depth(b) >= 0.0)) {
        result.add(crossing(a, b, side));
    }
}

/// Whether a ray to the east from a point crosses an edge.
bool crosses_ray(PlanePoint a, PlanePoint b, PlanePoint point) {
    if ((a.y_m > point.y_m) == (b.y_m > point.y_m)) {
        return false;
    }
    const double turn =
        (b.x_m - a.x_m) * (point.y_m - a.y_m) - (point.x_m - a.x_m) * (b.y_m - a.y_m);
    return (turn > 0.0) == (b.y_m > a.y_m);
}

PlaneRings clipped_at(const PlaneRings& rings, const Side& side) {
    PlaneRings result;
    for (std::size_t ring = 0; ring < rings.size(); ++ring) {
        for (std::size_t i = rings.offsets[ring]; i + 1 < rings.offsets[ring + 1]; ++i) {
            add_clipped(rings.at(i), rings.at(i + 1), side, result);
        }
        result.close_ring();
    }
    return result;
}

} // namespace

void PlaneRings::clear() {
    x_m.clear();
    y_m.clear();
    offsets.assign(1, 0);
}

void PlaneRings::add(PlanePoint vertex) {
    x_m.push_back(vertex.x_m);
    y_m.push_back(vertex.y_m);
}

void PlaneRings::close_ring() {
    const std::size_t first = offsets.back();
    if (x_m.size() < first + 3) {
        x_m.resize(first);
        y_m.resize(first);
        return;
    }
    add(at(first));
    offsets.push_back(x_m.size());
}

double twice_area_m2(const PlaneRings& rings, std::size_t ring) {
    const std::size_t first = rings.offsets[ring];
    const double x = rings.x_m[first];
    const double y = rings.y_m[first];
    double twice = 0.0;
    for (std::size_t i = first; i + 1 < rings.offsets[ring + 1]; ++i) {
        twice += (rings.x_m[i] - x) * (rings.y_m[i + 1] - y) -
                 (rings.x_m[i + 1] - x) * (rings.y_m[i] - y);
    }
    return twice;
}

double area_m2(const PlaneRings& rings) {
    double twice = 0.0;
    for (std::size_t ring = 0; ring < rings.size(); ++ring) {
        twice += twice_area_m2(rings, ring);
    }
    return 0.5 * twice;
}

PlaneBox box_of(const PlaneRings& rings) {
    constexpr double far = std::numeric_limits<double>::infinity();
    PlaneBox box{{far, far}, {-far, -far}};
    for (std::size_t i = 0; i < rings.x_m.size(); ++i) {
        box.low.x_m = std::min(box.low.x_m, rings.x_m[i]);
        box.low.y_m = std::min(box.low.y_m, rings.y_m[i]);
        box.high.x_m = std::max(box.high.x_m, rings.x_m[i]);
        box.high.y_m = std::max(box.high.y_m, rings.y_m[i]);
    }
    return box;
}

bool holds(const PlaneRings& rings, PlanePoint point) {
    bool inside = false;
    for (std::size_t ring = 0; ring < rings.size(); ++ring) {
        for (std::size_t i = rings.offsets[ring]; i + 1 < rings.offsets[ring + 1]; ++i) {
            inside = inside != crosses_ray(rings.at(i), rings.at(i + 1), point);
        }
    }
    return inside;
}

PlaneRings clipped(const PlaneRings& rings, const PlaneBox& box) {
    PlaneRings result = clipped_at(rings, {true, 1.0, box.low.x_m});
    result = clipped_at(result, {true, -1.0, box.high.x_m});
    result = clipped_at(result, {false, 1.0, box.low.y_m});
    return clipped_at(result, {false, -1.0, box.high.y_m});
}

} // namespace tuban
