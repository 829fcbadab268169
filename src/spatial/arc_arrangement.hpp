#pragma once
#include "spatial/capsule.hpp"
#include "spatial/local_polygons.hpp"
#include "spatial/plane_rings.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace tuban {

/// The area of rings that lies within a distance of segments, or in polygons whose outlines are among the segments: by
/// Green's theorem over the pieces of its outline, straight ones and arcs. Keeps its room from one question to the next.
///
/// Radii differ by up to a micrometre, so that roads drawn twice, roads 2d apart and edges just d away cross or do not, like
/// any others; what this adds to the area is taken off again to first order (length of outline times what its radius is too
/// large). Crossings are found once for both curves that cross, so that pieces fit: where they do not close to 0.1 µm, or
/// boundary and edge do not count the same number of capsules where they meet, there is no answer.
class ArcArrangement {
public:
    struct Question {
        const PlaneRings& rings;
        /// In an order that does not depend on where they came from; none twice.
        std::span<const PlaneSegment> segments;
        double within_m = 0.0;
        const LocalPolygons* polygons = nullptr; ///< null: none
    };

    /// @param spread_m  by how much radii differ, about 1e-6
    /// @return m², or none if rounding made a contradiction; another spread may help
    [[nodiscard]] std::optional<double> covered_m2(const Question& question, double spread_m);

private:
    /// A crossing of a capsule's boundary: with another, or with an edge of the rings.
    struct LoopEvent {
        double place = 0.0;
        PlanePoint at;
        int covers = 0; ///< 1: comes into another capsule, -1: leaves one
        int enters = 0; ///< 1: comes into the rings, -1: leaves them
        int depth = 0;  ///< on an edge of the rings: other capsules that hold the point
    };

    /// A crossing of an edge of the rings with a capsule's boundary.
    struct EdgeEvent {
        std::size_t edge = 0;
        double t = 0.0;
        PlanePoint at;
        int covers = 0;
        std::size_t loop = 0;
        std::size_t loop_event = 0;
    };

    /// A capsule's boundary.
    struct Loop {
        Capsule capsule;
        bool lies_inside = false; ///< in the rings, no edge crosses it
        std::vector<LoopEvent> events;
        std::size_t edge_events = 0; ///< the first so many are with edges
    };

    struct Side {
        CapsuleSide side;
        std::size_t loop = 0;
    };

    void lay_capsules(double spread_m);
    void cross_rings(std::size_t at);
    void cross_edge(std::size_t at, std::size_t edge);
    void add_crossing(std::size_t at, std::size_t edge, double t, int covers);
    void cross_each_other();
    void cross(const Side& first, const Side& second);
    void add_outline_of_rings();
    void add_ring(std::size_t ring, std::size_t& next_event);
    [[nodiscard]] bool add_loop(Loop& loop);
    [[nodiscard]] int begins_inside(const Loop& loop) const;
    [[nodiscard]] bool add_crossed_loop(const Loop& loop);
    [[nodiscard]] bool add_inner_loop(const Loop& loop);
    void add_exposed(const Capsule& capsule, const LoopEvent& from, const LoopEvent& to);
    void add_stretch(const Capsule& capsule, const LoopEvent& from, const LoopEvent& to);
    void add_straight(PlanePoint from, PlanePoint to);
    void add_arc(PlanePoint center, PlanePoint from, PlanePoint to, double radius_m);

    const Question* question_ = nullptr;
    double base_m_ = 0.0; ///< least radius
    std::vector<Loop> loops_;
    std::size_t count_ = 0; ///< of loops
    std::vector<Side>
        sides_; ///< of loops that meet the rings, those that come into the rings' box
    std::vector<EdgeEvent> edge_events_;
    std::vector<int> depths_; ///< per vertex of the rings: capsules that hold it
    std::vector<Meeting> meetings_;
    // The rings' vertices as one capsule sees them.
    std::vector<double> along_m_;
    std::vector<double> left_m_;
    std::vector<double>
        excess_m2_; ///< square of the distance from the segment, less that of the radius
    PlaneBox box_;
    // What has been added up.
    double twice_m2_ = 0.0;
    double excess_area_m2_ = 0.0;
    PlanePoint gap_;
};

/// Whether all points of rings lie within a distance of one segment.
[[nodiscard]] bool
covers_all(const PlaneSegment& segment, double within_m, const PlaneRings& rings);

} // namespace tuban
