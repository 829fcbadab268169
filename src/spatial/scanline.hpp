#pragma once
#include "spatial/shapes.hpp"

#include <array>
#include <functional>
#include <optional>
#include <vector>

namespace tuban {

/// One part of a plot in its plane, and what covers it: all points within a distance of edges, and insides of polygons.
///
/// Along a line of constant y the covered set is a union of intervals, known exactly; the area is the integral of their
/// length over y, cut where anything begins or ends and refined by Gauss–Kronrod rules until its own estimate of error
/// is small. Lengths are weighted by the plane's scale, so that areas are those of the ellipsoid to r⁴/(60R⁴).
class Scene {
public:
    Scene(std::vector<PlaneShape::Edge> part, double within_m);

    [[nodiscard]] double area_m2() const;

    /// Of the rectangle around the part.
    [[nodiscard]] std::array<LocalFrame::Point, 4> corners() const {
        return {
            low_,
            high_,
            LocalFrame::Point{low_.x_m, high_.y_m},
            LocalFrame::Point{high_.x_m, low_.y_m}};
    }

    /// True if the capsule around one edge holds the whole part.
    [[nodiscard]] bool covers_all(const PlaneShape::Edge& edge) const;

    /// All points within the distance of an edge. Edges out of reach are dropped.
    void add_capsule(const PlaneShape::Edge& edge);

    /// The inside of a polygon, by those of its edges that come near the part and a test for one position.
    void add_polygon(
        const std::vector<PlaneShape::Edge>& edges,
        const std::function<bool(LocalFrame::Point)>& contains
    );

    /// @param tolerance_m2  of the whole area
    [[nodiscard]] double covered_m2(double tolerance_m2) const;

private:
    struct Interval {
        double from = 0.0;
        double to = 0.0;
    };

    struct Span { ///< a shape's extent in y, for the active list
        double low = 0.0;
        double high = 0.0;
    };

    struct Polygon {
        std::vector<PlaneShape::Edge> edges;
        std::vector<double> left_crossings; ///< y where edges cross the left side, ascending
        bool inside_at_corner = false;
    };

    struct Strip { ///< what may matter between two neighbouring breaks
        std::vector<PlaneShape::Edge> part;
        std::vector<PlaneShape::Edge> capsules;
        std::vector<std::vector<PlaneShape::Edge>> polygons; ///< edges, as polygons_
    };

    /// Working memory of one evaluation.
    struct Scratch {
        std::vector<double> crossings;
        std::vector<Interval> cover;
    };

    struct Rule {
        double value = 0.0;
        double error = 0.0;
    };

    [[nodiscard]] std::vector<double> breaks() const;
    [[nodiscard]] Strip strip(double low, double high) const;
    [[nodiscard]] double covered_length(double y, const Strip& strip, Scratch& scratch) const;
    [[nodiscard]] std::optional<Interval>
    capsule_interval(double y, const PlaneShape::Edge& capsule) const;
    void cover_by_polygon(
        double y,
        const Polygon& polygon,
        const std::vector<PlaneShape::Edge>& edges,
        Scratch& scratch
    ) const;
    static void merge(std::vector<Interval>& cover);
    /// Left below the rectangle, and on no edge: there two readings of an edge could disagree.
    [[nodiscard]] LocalFrame::Point clear_corner(const std::vector<PlaneShape::Edge>& edges
    ) const;
    [[nodiscard]] Rule
    gauss_kronrod(double low, double high, const Strip& strip, Scratch& scratch) const;
    [[nodiscard]] double
    integrate(double low, double high, double tolerance_per_m, Scratch& scratch) const;

    std::vector<PlaneShape::Edge> part_;
    double within_m_;
    LocalFrame::Point low_;
    LocalFrame::Point high_;
    std::vector<PlaneShape::Edge> capsules_;
    std::vector<Span> capsule_spans_;
    std::vector<Polygon> polygons_;
};

} // namespace tuban
