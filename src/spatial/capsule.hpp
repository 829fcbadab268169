#pragma once
#include "spatial/plane_rings.hpp"

#include <optional>
#include <vector>

namespace tuban {

/// All points within a radius of a segment: convex, bounded by two sides and two half circles, or one circle for a point.
///
/// Places on the boundary run counter-clockwise from where the right side begins: [0, 1] the right side, [1, 2] the half
/// circle at the end, [2, 3] the left side, [3, 4] the half circle at the start. A point has no sides. Places grow with the
/// way along the boundary but do not measure it.
class Capsule {
public:
    Capsule(const PlaneSegment& segment, double radius_m);

    /// Along the segment from its start, and to the left of it.
    struct Local {
        double along_m = 0.0;
        double left_m = 0.0;
    };

    [[nodiscard]] Local local(PlanePoint p) const {
        const double dx = p.x_m - start_.x_m;
        const double dy = p.y_m - start_.y_m;
        return {dx * along_.x_m + dy * along_.y_m, dy * along_.x_m - dx * along_.y_m};
    }

    [[nodiscard]] bool holds(Local p) const {
        const double before = -p.along_m;
        const double after = p.along_m - length_m_;
        const double beyond = before > after ? before : after;
        const double past = beyond > 0.0 ? beyond : 0.0;
        return past * past + p.left_m * p.left_m <= radius_m_ * radius_m_;
    }

    /// The place of a point of the boundary.
    [[nodiscard]] double place(Local p) const;
    [[nodiscard]] PlanePoint at(double place) const;

    /// Where place k begins, k = 0 to 4.
    [[nodiscard]] PlanePoint corner(std::size_t k) const;

    [[nodiscard]] PlanePoint start() const { return start_; }

    [[nodiscard]] PlanePoint end() const { return end_; }

    [[nodiscard]] double length_m() const { return length_m_; }

    [[nodiscard]] double radius_m() const { return radius_m_; }

    /// Direction of the segment: a unit vector, (1, 0) for a point.
    [[nodiscard]] PlanePoint along() const { return along_; }

    [[nodiscard]] const PlaneBox& box() const { return box_; }

private:
    [[nodiscard]] PlanePoint global(Local p) const {
        return {
            start_.x_m + p.along_m * along_.x_m - p.left_m * along_.y_m,
            start_.y_m + p.along_m * along_.y_m + p.left_m * along_.x_m};
    }

    PlanePoint start_;
    PlanePoint end_;
    PlanePoint along_{1.0, 0.0};
    double length_m_ = 0.0;
    double radius_m_ = 0.0;
    PlaneBox box_;
};

/// A quarter of a capsule's boundary: a side or a half circle.
struct CapsuleSide {
    CapsuleSide(const Capsule& capsule, std::size_t k);

    bool is_arc = false;
    double place = 0.0;    ///< where it begins
    double length_m = 0.0; ///< of a straight side
    double radius_m = 0.0; ///< of an arc
    PlanePoint from;       ///< of an arc: its centre
    PlanePoint to;         ///< of a straight side
    PlanePoint
        direction; ///< the way a straight side goes, or from an arc's centre to its middle; unit
    PlaneBox box;
};

/// Where the boundaries of two capsules cross.
struct Meeting {
    PlanePoint at;
    double on_first = 0.0; ///< places
    double on_second = 0.0;
    bool enters =
        false; ///< the first's boundary comes into the second, so that the second's leaves the first
};

/// All crossings of two sides of different capsules. Each is found once, with its place on both, so that what is made of one
/// boundary fits what is made of the other.
void find_meetings(
    const CapsuleSide& first, const CapsuleSide& second, std::vector<Meeting>& meetings
);

/// The part of a straight edge's line inside a capsule: where it comes in and goes out, 0 to 1 on the edge.
struct Chord {
    double from = 0.0;
    double to = 0.0;
};

/// @param a, b  ends of the edge as the capsule sees them
/// @return none if the line does not come into the capsule by more than a nanometre
[[nodiscard]] std::optional<Chord>
line_chord(const Capsule& capsule, Capsule::Local a, Capsule::Local b);

} // namespace tuban
