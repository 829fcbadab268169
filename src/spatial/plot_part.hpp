#pragma once
#include "geodesy/plane_frame.hpp"
#include "spatial/plane_rings.hpp"
#include "spatial/segment_index.hpp"

#include <cstddef>

namespace tuban {

/// One part of a plot, a shell and its holes, in a plane of its own.
class PlotPart {
public:
    /// Moves to another part; room is kept. @param geometry  densified; must stay as long as the part is asked
    void turn_to(const Geometry& geometry, std::size_t part);

    [[nodiscard]] const PlaneFrame& frame() const { return frame_; }

    /// Of the plane.
    [[nodiscard]] LonLat origin() const { return origin_; }

    /// The shell counter-clockwise, holes clockwise, however they were drawn.
    [[nodiscard]] const PlaneRings& rings() const { return rings_; }

    /// Greatest distance of a vertex from the origin, m.
    [[nodiscard]] double radius_m() const { return radius_m_; }

    [[nodiscard]] const PlaneBox& box() const { return box_; }

    /// Calls take(run) for runs that may have a point within reach_m() of the part or of the box round it, near ones first
    /// as far as the index knows. reach_m() may fall on the way; a negative one ends the search.
    /// @param most_m  reach_m() is never more
    template <class Reach, class Take>
    void each_run(
        const SegmentIndex& index, double most_m, const Reach& reach_m, const Take& take
    ) const;

private:
    void project(std::size_t first, std::size_t end);
    void project_far(std::size_t first, std::size_t end);
    void close_rings(std::size_t first_ring, std::size_t end_ring);
    [[nodiscard]] Box3 space_box() const;

    const Geometry* geometry_ = nullptr;
    std::size_t part_ = 0;
    PlaneFrame frame_;
    LonLat origin_;
    LonLatReach around_;
    double radius_m_ = 0.0;
    PlaneRings rings_;
    PlaneBox box_;
    std::vector<double> x_m_; ///< vertices as they come; degrees from the origin before
    std::vector<double> y_m_;
};

template <class Reach, class Take>
void PlotPart::each_run(
    const SegmentIndex& index, double most_m, const Reach& reach_m, const Take& take
) const {
    // Straight edges of the box leave the box in longitude and latitude like chords of parallels.
    const double tangent = 1.0 + std::abs(frame_.sin_lat()) / std::max(frame_.cos_lat(), 1e-3);
    const double more_m = 1e-2 + radius_m_ * radius_m_ * tangent / 3e6;
    const auto reach = [&] {
        const double wanted = reach_m();
        return wanted < 0.0 ? wanted : wanted + plane_error_m(wanted, radius_m_) + more_m;
    };
    if (SegmentIndex::is_polar(around_, most_m + more_m + 1.0)) {
        index.visit_in_space(space_box(), reach, take);
        return;
    }
    double known_reach = -1.0;
    float known_reach2 = -1.0F;
    const auto reach2 = [&] {
        const double wanted = reach();
        if (wanted != known_reach) {
            known_reach = wanted;
            known_reach2 = wanted < 0.0
                               ? -1.0F
                               : SegmentIndex::mercator_reach2(
                                     around_, wanted, frame_.sin_lat(), frame_.cos_lat()
                                 );
        }
        return known_reach2;
    };
    index.visit_round(
        index.mercator_box_round(around_, frame_.sin_lat(), frame_.cos_lat()),
        reach2,
        [&](std::size_t run, float /*gap2*/) { take(run); }
    );
}

} // namespace tuban
