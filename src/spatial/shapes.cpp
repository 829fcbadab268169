#include "spatial/shapes.hpp"

#include <algorithm>
#include <cmath>

namespace tuban {
namespace {

constexpr double radius_m = 6'371'000.0; // in error bounds only

LonLat middle_of(const std::vector<Segment>& segments) {
    if (segments.empty()) {
        return {};
    }
    const LonLat start = segments.front().from;
    double west = 0.0;
    double east = 0.0;
    double south = start.lat_deg;
    double north = start.lat_deg;
    for (const Segment& segment : segments) {
        for (const LonLat& p : {segment.from, segment.to}) {
            const double step = lon_step(start.lon_deg, p.lon_deg);
            west = std::min(west, step);
            east = std::max(east, step);
            south = std::min(south, p.lat_deg);
            north = std::max(north, p.lat_deg);
        }
    }
    return {std::remainder(start.lon_deg + 0.5 * (west + east), 360.0), 0.5 * (south + north)};
}

std::vector<Segment> segments_of(const Shapes& shapes, std::size_t feature) {
    const auto [from, to] = shapes.range(feature);
    return {
        shapes.segments().begin() + static_cast<std::ptrdiff_t>(from),
        shapes.segments().begin() + static_cast<std::ptrdiff_t>(to)};
}

std::array<double, 3> space(LonLat position) {
    const Ecef p = ecef(position);
    return {p.x_m, p.y_m, p.z_m};
}

double
cross(const LocalFrame::Point& o, const LocalFrame::Point& a, const LocalFrame::Point& b) {
    return (a.x_m - o.x_m) * (b.y_m - o.y_m) - (a.y_m - o.y_m) * (b.x_m - o.x_m);
}

struct OnEdge {
    double distance_m;
    double u;
};

OnEdge foot(const LocalFrame::Point& p, const PlaneShape::Edge& edge) {
    const double dx = edge.to.x_m - edge.from.x_m;
    const double dy = edge.to.y_m - edge.from.y_m;
    const double length2 = dx * dx + dy * dy;
    const double px = p.x_m - edge.from.x_m;
    const double py = p.y_m - edge.from.y_m;
    const double u = length2 > 0.0 ? std::clamp((px * dx + py * dy) / length2, 0.0, 1.0) : 0.0;
    return {std::hypot(px - u * dx, py - u * dy), u};
}

} // namespace

LonLat Segment::at(double u) const {
    return {
        std::remainder(from.lon_deg + u * lon_step(from.lon_deg, to.lon_deg), 360.0),
        from.lat_deg + u * (to.lat_deg - from.lat_deg)};
}

Box3 space_box(const Segment& segment) {
    Box3 box;
    const auto a = space(segment.from);
    const auto b = space(segment.to);
    box.add(a);
    box.add(b);
    box.grow(sag_m(std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])));
    return box;
}

Shapes::Shapes(const Geometry& geometry, std::string_view edge_crs)
    : geometry_(densify(geometry, edge_crs)) {
    for (std::size_t feature = 0; feature < geometry_.size(); ++feature) {
        add_feature(feature);
        segment_offsets_.push_back(segments_.size());
    }
}

void Shapes::add_feature(std::size_t feature) {
    const std::size_t first = geometry_.part_offsets[geometry_.feature_offsets[feature]];
    const std::size_t last = geometry_.part_offsets[geometry_.feature_offsets[feature + 1]];
    for (std::size_t ring = first; ring < last; ++ring) {
        add_ring(ring, feature);
    }
}

void Shapes::add_ring(std::size_t ring, std::size_t feature) {
    const bool closed = geometry_.kinds[feature] == GeometryKind::polygon;
    const std::size_t from = geometry_.ring_offsets[ring];
    const std::size_t to = geometry_.ring_offsets[ring + 1];
    const std::size_t edges = closed || to - from == 1 ? to - from : to - from - 1;
    for (std::size_t i = from; from < to && i < from + edges; ++i) {
        const std::size_t j = i + 1 == to ? from : i + 1;
        segments_.push_back(
            {{geometry_.lon_deg[i], geometry_.lat_deg[i]},
             {geometry_.lon_deg[j], geometry_.lat_deg[j]},
             feature}
        );
    }
}

ShapeIndex::ShapeIndex(const Shapes& shapes) : shapes_(shapes), polygons_(shapes.geometry()) {
    std::vector<Box3> boxes;
    boxes.reserve(shapes.segments().size());
    for (const Segment& segment : shapes.segments()) {
        boxes.push_back(space_box(segment));
    }
    segment_tree_ = BoxTree(std::move(boxes));
}

PlaneShape::PlaneShape(const Shapes& shapes, std::size_t feature)
    : PlaneShape(segments_of(shapes, feature)) {}

PlaneShape::PlaneShape(std::vector<Segment> segments)
    : segments_(std::move(segments)), frame_(middle_of(segments_)) {
    std::vector<Box3> boxes;
    for (const Segment& segment : segments_) {
        const Edge edge = project(segment);
        radius_m_ = std::max(radius_m_, std::hypot(edge.from.x_m, edge.from.y_m));
        radius_m_ = std::max(radius_m_, std::hypot(edge.to.x_m, edge.to.y_m));
        edges_.push_back(edge);
        boxes.push_back(space_box(segment));
        box_.merge(boxes.back());
    }
    tree_ = BoxTree(std::move(boxes));
}

double PlaneShape::plane_error_m(double distance_m) const {
    return 1.5 * distance_m * radius_m_ * radius_m_ /
               (6.0 * ::tuban::radius_m * ::tuban::radius_m) +
           1e-5;
}

EdgePair nearest_points(const PlaneShape::Edge& a, const PlaneShape::Edge& b) {
    const double from_side = cross(b.from, b.to, a.from);
    const double to_side = cross(b.from, b.to, a.to);
    const double b_from_side = cross(a.from, a.to, b.from);
    const double b_to_side = cross(a.from, a.to, b.to);
    if ((from_side > 0.0) != (to_side > 0.0) && (b_from_side > 0.0) != (b_to_side > 0.0) &&
        from_side != to_side && b_from_side != b_to_side) {
        return {
            0.0, from_side / (from_side - to_side), b_from_side / (b_from_side - b_to_side)};
    }
    const std::array<OnEdge, 4> feet{
        foot(a.from, b), foot(a.to, b), foot(b.from, a), foot(b.to, a)};
    EdgePair best{feet[0].distance_m, 0.0, feet[0].u};
    if (feet[1].distance_m < best.distance_m) {
        best = {feet[1].distance_m, 1.0, feet[1].u};
    }
    if (feet[2].distance_m < best.distance_m) {
        best = {feet[2].distance_m, feet[2].u, 0.0};
    }
    if (feet[3].distance_m < best.distance_m) {
        best = {feet[3].distance_m, feet[3].u, 1.0};
    }
    return best;
}

ExactPair exact_distance(const Segment& a, const Segment& b, double start_on_a) {
    double on_a = start_on_a;
    ExactPair result;
    // Edges are short, so the first plane is already right to a tenth of a millimetre; the second leaves nothing.
    for (int round = 0; round < 2; ++round) {
        const LocalFrame frame(a.at(on_a));
        const PlaneShape::Edge plane_a{frame.forward(a.from), frame.forward(a.to)};
        const PlaneShape::Edge plane_b{frame.forward(b.from), frame.forward(b.to)};
        const EdgePair pair = nearest_points(plane_a, plane_b);
        on_a = pair.on_first;
        result.first_foot = a.at(pair.on_first);
        result.second_foot = b.at(pair.on_second);
        if (pair.distance_m < touch_m) {
            return {0.0, result.first_foot, result.second_foot};
        }
    }
    result.distance_m = geodesic_distance_m(result.first_foot, result.second_foot);
    return result;
}

} // namespace tuban
