#pragma once
#include <tuban/geodesy.hpp>

#include <cstddef>
#include <vector>

namespace tuban {

using PlanePoint = LocalFrame::Point;

struct PlaneBox {
    PlanePoint low;
    PlanePoint high;

    [[nodiscard]] PlanePoint middle() const {
        return {0.5 * (low.x_m + high.x_m), 0.5 * (low.y_m + high.y_m)};
    }
};

/// A straight edge, or a point where both ends are the same.
struct PlaneSegment {
    PlanePoint from;
    PlanePoint to;
};

/// Closed rings in a plane, the area on their left; holes are rings like any other. The first vertex of a ring stands at
/// its end again.
struct PlaneRings {
    std::vector<double> x_m;
    std::vector<double> y_m;
    std::vector<std::size_t> offsets{0}; ///< rings + 1, into the vertices

    [[nodiscard]] std::size_t size() const { return offsets.size() - 1; }

    [[nodiscard]] PlanePoint at(std::size_t vertex) const { return {x_m[vertex], y_m[vertex]}; }

    void clear();
    void add(PlanePoint vertex);
    /// Closes the ring of the vertices added last; one that encloses nothing is dropped.
    void close_ring();
};

/// Twice the area left of a ring. @param first, last  vertices, the last the same as the first
[[nodiscard]] double twice_area_m2(const PlaneRings& rings, std::size_t ring);
[[nodiscard]] double area_m2(const PlaneRings& rings);
[[nodiscard]] PlaneBox box_of(const PlaneRings& rings);

/// Even–odd; what lies on an edge may be either.
[[nodiscard]] bool holds(const PlaneRings& rings, PlanePoint point);

/// The part of rings inside a box (Sutherland and Hodgman, CACM 17 (1974), doi:10.1145/360767.360802). What would be
/// several rings stays one, held together by edges along the box that run there and back and enclose nothing.
[[nodiscard]] PlaneRings clipped(const PlaneRings& rings, const PlaneBox& box);

} // namespace tuban
