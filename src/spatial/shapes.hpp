#pragma once
#include <tuban/geodesy.hpp>

#include "spatial/box_tree.hpp"
#include "spatial/polygon_locator.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace tuban {

/// An edge short enough to be straight in every reading, or a point (both ends the same).
struct Segment {
    LonLat from;
    LonLat to;
    std::size_t feature = 0;

    /// The position at u in [0, 1].
    [[nodiscard]] LonLat at(double u) const;
};

/// How far an edge of this length leaves its chord in space at the most, m.
[[nodiscard]] constexpr double sag_m(double chord_m) {
    return 1.1 * chord_m * chord_m / (8.0 * 6'371'000.0) + 1e-3;
}

/// Box of a segment in space that the whole edge lies in, sag included.
[[nodiscard]] Box3 space_box(const Segment& segment);

/// Features with their edges cut short, as segments.
class Shapes {
public:
    Shapes(const Geometry& geometry, std::string_view edge_crs);

    [[nodiscard]] std::size_t size() const { return geometry_.size(); }

    [[nodiscard]] bool is_empty(std::size_t feature) const {
        return segment_offsets_[feature] == segment_offsets_[feature + 1];
    }

    [[nodiscard]] const std::vector<Segment>& segments() const { return segments_; }

    /// Segments of a feature: [first, second) of segments().
    [[nodiscard]] std::pair<std::size_t, std::size_t> range(std::size_t feature) const {
        return {segment_offsets_[feature], segment_offsets_[feature + 1]};
    }

    [[nodiscard]] const Geometry& geometry() const { return geometry_; }

private:
    void add_feature(std::size_t feature);
    void add_ring(std::size_t ring, std::size_t feature);

    Geometry geometry_;
    std::vector<Segment> segments_;
    std::vector<std::size_t> segment_offsets_{0};
};

/// A set of shapes with trees over its segments and polygons. The shapes must outlive it.
class ShapeIndex {
public:
    explicit ShapeIndex(const Shapes& shapes);

    [[nodiscard]] const Shapes& shapes() const { return shapes_; }

    [[nodiscard]] const BoxTree& segment_tree() const { return segment_tree_; }

    [[nodiscard]] const PolygonLocator& polygons() const { return polygons_; }

private:
    const Shapes& shapes_;
    BoxTree segment_tree_;
    PolygonLocator polygons_;
};

/// One shape in a plane of its own: what distances are looked for in.
class PlaneShape {
public:
    PlaneShape(const Shapes& shapes, std::size_t feature);
    /// Only some segments: those of one part.
    explicit PlaneShape(std::vector<Segment> segments);

    struct Edge {
        LocalFrame::Point from;
        LocalFrame::Point to;
    };

    [[nodiscard]] const LocalFrame& frame() const { return frame_; }

    [[nodiscard]] const std::vector<Segment>& segments() const { return segments_; }

    [[nodiscard]] const std::vector<Edge>& edges() const { return edges_; }

    [[nodiscard]] const Box3& box() const { return box_; }

    [[nodiscard]] const BoxTree& tree() const { return tree_; }

    /// Greatest distance of a vertex from the origin of the plane, m.
    [[nodiscard]] double radius_m() const { return radius_m_; }

    /// Bound on what the plane makes of a distance d from the shape, m (algorithms of the local frame).
    [[nodiscard]] double plane_error_m(double distance_m) const;

    [[nodiscard]] Edge project(const Segment& segment) const {
        return {frame_.forward(segment.from), frame_.forward(segment.to)};
    }

private:
    std::vector<Segment> segments_;
    LocalFrame frame_;
    std::vector<Edge> edges_;
    BoxTree tree_;
    Box3 box_;
    double radius_m_ = 0.0;
};

/// Nearest points of two straight edges: where on each (0 to 1), and how far.
struct EdgePair {
    double distance_m = 0.0;
    double on_first = 0.0;
    double on_second = 0.0;
};

[[nodiscard]] EdgePair nearest_points(const PlaneShape::Edge& a, const PlaneShape::Edge& b);

/// Distance of two segments on the ellipsoid with its feet: the plane is moved to the foot, then Karney's inverse.
struct ExactPair {
    double distance_m = 0.0;
    LonLat first_foot;
    LonLat second_foot;
};

[[nodiscard]] ExactPair exact_distance(const Segment& a, const Segment& b, double start_on_a);

/// Distances below it are 0: the readings of a straight edge differ by as much.
inline constexpr double touch_m = 1e-4;
/// What a distance of ours may be off: both edges' readings and the last plane.
inline constexpr double distance_error_m = 3e-4;

} // namespace tuban
