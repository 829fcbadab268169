#pragma once
#include <tuban/spatial.hpp>

#include <cstddef>
#include <vector>

namespace tuban {

struct PlanePoint {
    double x = 0.0;
    double y = 0.0;
};

/// The edge of a ring from a vertex to the next.
struct RingEdge {
    std::size_t ring = 0;
    std::size_t vertex = 0;
    friend bool operator==(const RingEdge&, const RingEdge&) = default;

    friend bool operator<(const RingEdge& a, const RingEdge& b) {
        return a.ring != b.ring ? a.ring < b.ring : a.vertex < b.vertex;
    }
};

/// Two edges of a polygon that meet, though they are not neighbours in a ring.
struct Contact {
    enum class Kind {
        crossing, ///< each passes through the other
        touch,    ///< one ends on the other
        overlap,  ///< they run along each other
    };

    Kind kind = Kind::crossing;
    RingEdge first;
    RingEdge second;
    double x = 0.0; ///< where; of an overlap, its beginning
    double y = 0.0;
};

struct Contacts {
    std::vector<Contact> found;
    bool gave_up =
        false; ///< more than was asked for, or too many pairs to look at: `found` is a part
};

/// Where the edges of a polygon meet. None found: its rings are simple and apart from each other.
///
/// Sides of lines are judged as GEOS judges them (a filter, then GEOS's own predicate), so that both agree on what is
/// valid. Edges are swept along x in strips of y; an edge is in few strips and meets few others in nature.
/// @param polygon  rings without repeated vertices, >= 3 vertices each, finite
/// @param most     contacts after which it gives up
[[nodiscard]] Contacts contacts_of(const RawPolygon& polygon, std::size_t most);

/// Side of c as seen along a → b: 1 left, -1 right, 0 on the line. As GEOS judges it.
[[nodiscard]] int side_of(PlanePoint a, PlanePoint b, PlanePoint c);

} // namespace tuban
