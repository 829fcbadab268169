#pragma once
#include "spatial/plane_rings.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tuban {

/// Polygons as one neighbourhood of a plane sees them: some of their edges, and whether they hold a point of reference.
///
/// Whether a polygon holds another point is counted by its edges between the two, so of a polygon only those edges are
/// needed that come near.
class LocalPolygons {
public:
    void clear();

    /// @param feature  any name, the same for edges of one polygon
    void add_edge(std::uint32_t feature, const PlaneSegment& edge);

    /// A point a little outside a box that none of the edges touches.
    [[nodiscard]] PlanePoint clear_point(const PlaneBox& box) const;

    /// To be called once, after the edges. @param holders  polygons that hold the reference, ascending
    void refer_to(PlanePoint reference, const std::vector<std::size_t>& holders);

    /// Whether a polygon holds the reference that has no edges here: then it holds all around.
    [[nodiscard]] bool holds_all() const { return holds_all_; }

    /// Whether any polygon holds a point. @pre the edges between it and the reference are known, and it is on none
    [[nodiscard]] bool holds(PlanePoint point) const;

private:
    struct Edge {
        std::uint32_t feature = 0;
        PlaneSegment segment;
    };

    struct Polygon {
        std::uint32_t feature = 0;
        std::uint32_t first = 0; ///< of its edges
        std::uint32_t end = 0;
        bool holds_reference = false;
    };

    [[nodiscard]] bool holds(const Polygon& polygon, PlanePoint point) const;

    std::vector<Edge> edges_;
    std::vector<Polygon> polygons_;
    PlanePoint reference_;
    bool holds_all_ = false;
};

} // namespace tuban
