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
        return {dx * along_x_ + dy * along_y_, dy * along_x_ - dx * along_y_};
    }

    [[nodiscard]] PlanePoint global(Local p) const {
        return {
            start_.x_m + p.along_m * along_x_ - p.left_m * along_y_,
            start_.y_m + p.along_m * along_y_ + p.left_m * along_x_};
    }

    [[nodiscard]] bool holds(Local p) const { return excess_m2(p) <= 0.0; }

    /// Square of the distance from the segment, less that of the radius.
    [[nodiscard]] double excess_m2(Local p) const {
        const double before = -p.along_m;
        const double after = p.along_m - length_m_;
        const double beyond = before > after ? before : after;
        const double past = beyond > 0.0 ? beyond : 0.0;
        return past * past + p.left_m * p.left_m - radius_m_ * radius_m_;
    }

    /// The place of a point of the boundary.
    [[nodiscard]] double place(Local p) const;
    [[nodiscard]] PlanePoint at(double place) const;

    /// Where place k begins, k = 0 to 4.
    [[nodiscard]] PlanePoint corner(std::size_t k) const;

    [[nodiscard]] PlanePoint start() const { return start_; }

    [[nodiscard]] PlanePoint end() const { return global({length_m_, 0.0}); }

    [[nodiscard]] double length_m() const { return length_m_; }

    [[nodiscard]] double radius_m() const { return radius_m_; }

    /// Directions of the segment: unit vector, (1, 0) for a point.
    [[nodiscard]] double along_x() const { return along_x_; }

    [[nodiscard]] double along_y() const { return along_y_; }

    [[nodiscard]] const PlaneBox& box() const { return box_; }

private:
    PlanePoint start_;
    double along_x_ = 1.0;
    double along_y_ = 0.0;
    double length_m_ = 0.0;
    double radius_m_ = 0.0;
    PlaneBox box_;
};

/// Where the boundaries of two capsules cross.
struct Meeting {
    PlanePoint at;
    double on_first = 0.0; ///< places
    double on_second = 0.0;
    bool enters = false; ///< the first's boundary comes into the second, so that the second's leaves the first
};

/// All crossings of two boundaries. Each is found once, with its place on both, so that what is made of one boundary fits
/// what is made of the other.
void find_meetings(const Capsule& first, const Capsule& second, std::vector<Meeting>& meetings);

/// The part of a straight edge inside a capsule, between from and to in [0, 1].
struct Chord {
    double from = 0.0;
    double to = 0.0;
};

/// @param a, b  ends of the edge as the capsule sees them
/// @return none if the edge's line does not come into the capsule by more than a nanometre
[[nodiscard]] std::optional<Chord>
line_chord(const Capsule& capsule, Capsule::Local a, Capsule::Local b);

} // namespace tuban
