#include "spatial/quick_pair.hpp"

#include "geodesy/geometry.hpp"
#include "geodesy/lanes.hpp"
#include "spatial/polygon_locator.hpp"
#include "spatial/shapes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tuban {
namespace {

constexpr double earth_m = 6'371'000.0;    // in error bounds only
constexpr double most_radius_m = 3'000.0;  ///< of a plot in one plane
constexpr double steepest_lat_deg = 80.0;  ///< edges leave their chords by far beyond it
constexpr double measured_error_m = 1e-3;  ///< more than any distance's that is no rough one
constexpr double plane_reach_m = 312e3;    ///< from the origin to PlaneFrame::near_deg
constexpr std::size_t most_lanes = wide_bytes / sizeof(double);

struct Range {
    double low = 0.0;
    double high = 0.0;
};

Range range_of(const std::vector<double>& values) {
    using Lanes = Doubles<plain_bytes>;
    constexpr std::size_t step = plain_bytes / sizeof(double);
    const std::size_t n = values.size();
    Lanes low = Lanes{} + values[0];
    Lanes high = low;
    for (std::size_t i = 0; i + step <= n; i += step) {
        Lanes more;
        load(more, &values[i]);
        keep_smaller(low, more);
        keep_larger(high, more);
    }
    return {
        std::min({low[0], low[1], values[n - 1]}), std::max({high[0], high[1], values[n - 1]})};
}

/// Whether [low, high] and a range meet.
bool meets(double low, double high, const Range& range) {
    return low <= range.high && high >= range.low;
}

} // namespace

QuickPair::QuickPair(const Geometry& outlines, double within_m)
    : outlines_(outlines), within_m_(within_m) {}

void QuickPair::fetch(std::size_t plot) const {
    constexpr std::size_t lines = 5;
    constexpr std::size_t values_per_line = 8;
    const std::size_t part = outlines_.feature_offsets[plot];
    const std::size_t vertex = outlines_.ring_offsets[outlines_.part_offsets[part]];
    for (std::size_t line = 0; line < lines; ++line) {
        __builtin_prefetch(outlines_.lon_deg.data() + vertex + line * values_per_line);
        __builtin_prefetch(outlines_.lat_deg.data() + vertex + line * values_per_line);
    }
}

void QuickPair::find_origin(std::size_t plot) {
    const std::size_t part = outlines_.feature_offsets[plot];
    const std::size_t ring = outlines_.part_offsets[part];
    const std::size_t first = outlines_.ring_offsets[ring];
    const std::size_t end = outlines_.ring_offsets[ring + 1];
    double west = outlines_.lon_deg[first];
    double east = west;
    double south = outlines_.lat_deg[first];
    double north = south;
    for (std::size_t i = first; i < end; ++i) {
        west = std::min(west, outlines_.lon_deg[i]);
        east = std::max(east, outlines_.lon_deg[i]);
        south = std::min(south, outlines_.lat_deg[i]);
        north = std::max(north, outlines_.lat_deg[i]);
    }
    origin_ = {0.5 * (west + east), 0.5 * (south + north)};
}

void QuickPair::turn_to(std::size_t plot) {
    is_usable_ = false;
    if (outlines_.kinds[plot] != GeometryKind::polygon) {
        return;
    }
    find_origin(plot);
    if (std::abs(origin_.lat_deg) > steepest_lat_deg) {
        return;
    }
    frame_ = PlaneFrame(origin_);
    const double tangent = std::tan(
        (std::abs(origin_.lat_deg) + PlaneFrame::near_deg) * radians_per_degree
    );
    // Straight in longitude and latitude and straight in the plane part from the geodesic.
    sag_per_m2_ = 1.1 * (tangent + 0.01) / (8.0 * earth_m) +
                  1.1 * plane_reach_m / (12.0 * earth_m * earth_m);
    if (!project(plot, own_)) {
        return;
    }
    const Box& box = own_.box;
    radius_m_ = std::hypot(
        std::max(std::abs(box.west), box.east), std::max(std::abs(box.south), box.north)
    );
    is_usable_ = radius_m_ <= most_radius_m;
    const double reach_m = within_m_ + 2.0 * radius_m_ + 1.0;
    plane_error_m_ = 2.0 * plane_error_m(reach_m, radius_m_) + measured_error_m;
}

bool QuickPair::project(std::size_t plot, Outline& outline) const {
    outline.plot = plot;
    outline.x.clear();
    outline.y.clear();
    outline.ring_ends.clear();
    const std::size_t first_ring = outlines_.part_offsets[outlines_.feature_offsets[plot]];
    const std::size_t end_ring = outlines_.part_offsets[outlines_.feature_offsets[plot + 1]];
    const std::size_t first_vertex = outlines_.ring_offsets[first_ring];
    const double turn =
        360.0 * std::nearbyint((outlines_.lon_deg[first_vertex] - origin_.lon_deg) / 360.0);
    const double lon = origin_.lon_deg + turn;
    const double lat = origin_.lat_deg;
    for (std::size_t ring = first_ring; ring < end_ring; ++ring) {
        const std::size_t first = outlines_.ring_offsets[ring];
        const std::size_t n = outlines_.ring_offsets[ring + 1] - first;
        const std::size_t at = outline.x.size();
        if (n == 0) {
            continue;
        }
        outline.x.resize(at + n + 1);
        outline.y.resize(at + n + 1);
        for (std::size_t i = 0; i < n; ++i) {
            outline.x[at + i] = outlines_.lon_deg[first + i] - lon;
            outline.y[at + i] = outlines_.lat_deg[first + i] - lat;
        }
        outline.x[at + n] = outline.x[at];
        outline.y[at + n] = outline.y[at];
        outline.ring_ends.push_back(at + n + 1);
    }
    if (outline.x.empty()) {
        return false;
    }
    const Range lons = range_of(outline.x);
    const Range lats = range_of(outline.y);
    if (std::max({-lons.low, lons.high, -lats.low, lats.high}) > PlaneFrame::near_deg) {
        return false;
    }
    frame_.forward_near(outline.x, outline.y);
    const Range easts = range_of(outline.x);
    const Range norths = range_of(outline.y);
    outline.box = {easts.low, norths.low, easts.high, norths.high};
    const double width = easts.high - easts.low;
    const double height = norths.high - norths.low;
    outline.most_sag_m = sag_per_m2_ * (width * width + height * height);
    return true;
}

void QuickPair::Edges::make_room(std::size_t edges) {
    count = 0;
    longest2 = 0.0;
    const std::size_t room = edges + most_lanes;
    if (x.size() < room) {
        x.resize(2 * room);
        y.resize(2 * room);
        dx.resize(2 * room);
        dy.resize(2 * room);
        inverse_length2.resize(2 * room);
    }
}

/// Keeps the edges that may be within the distance of another plot, sags included.
void QuickPair::keep_near(const Outline& outline, const Outline& other, Edges& edges) const {
    edges.make_room(outline.x.size());
    const Box& box = other.box;
    const double reach_m = within_m_ + plane_error_m_ + other.most_sag_m;
    std::size_t first = 0;
    for (const std::size_t end : outline.ring_ends) {
        for (std::size_t i = first; i + 1 < end; ++i) {
            const double x = outline.x[i];
            const double y = outline.y[i];
            const double to_x = outline.x[i + 1];
            const double to_y = outline.y[i + 1];
            const double dx = to_x - x;
            const double dy = to_y - y;
            const double length2 = dx * dx + dy * dy;
            const double reach = reach_m + sag_per_m2_ * length2;
            const bool may_be =
                meets(
                    std::min(x, to_x), std::max(x, to_x), {box.west - reach, box.east + reach}
                ) &&
                meets(
                    std::min(y, to_y), std::max(y, to_y), {box.south - reach, box.north + reach}
                );
            const std::size_t at = edges.count;
            edges.x[at] = x;
            edges.y[at] = y;
            edges.dx[at] = dx;
            edges.dy[at] = dy;
            edges.inverse_length2[at] = length2;
            edges.longest2 = may_be ? std::max(edges.longest2, length2) : edges.longest2;
            edges.count += may_be ? 1U : 0U;
        }
        first = end;
    }
    for (std::size_t i = 0; i < edges.count; ++i) {
        const double length2 = edges.inverse_length2[i];
        edges.inverse_length2[i] = 1.0 / (length2 > 0.0 ? length2 : 1.0);
    }
    for (std::size_t i = edges.count; edges.count > 0 && i % most_lanes != 0; ++i) {
        edges.x[i] = edges.x[i - 1]; // lanes beyond the last repeat it
        edges.y[i] = edges.y[i - 1];
        edges.dx[i] = edges.dx[i - 1];
        edges.dy[i] = edges.dy[i - 1];
        edges.inverse_length2[i] = edges.inverse_length2[i - 1];
    }
}

QuickPair::Limits QuickPair::limits() const {
    Limits result;
    result.loose_m = plane_error_m_ + sag_per_m2_ * (own_edges_.longest2 + other_edges_.longest2);
    const double near_m = within_m_ - result.loose_m;
    const double apart_m = within_m_ + result.loose_m;
    result.near2 = near_m > 0.0 ? near_m * near_m : -1.0;
    result.apart2 = apart_m * apart_m;
    return result;
}

/// One edge of the plot against all of the other's.
template <std::size_t bytes>
TUBAN_INLINE void QuickPair::compare_edge(std::size_t edge, Closest& found) const {
    using Lanes = Doubles<bytes>;
    const double adx = own_edges_.dx[edge];
    const double ady = own_edges_.dy[edge];
    const double inverse = own_edges_.inverse_length2[edge];
    const Lanes ones = Lanes{} + 1.0;
    Lanes least = Lanes{} + found.distance2;
    Lanes vertices = Lanes{} + found.vertices2;
    Lanes crossing = Lanes{} - 1.0;
    for (std::size_t k = 0; k < other_edges_.count; k += bytes / sizeof(double)) {
        Lanes px;
        Lanes py;
        Lanes dx;
        Lanes dy;
        Lanes b_inverse;
        load(px, &other_edges_.x[k]);
        load(py, &other_edges_.y[k]);
        load(dx, &other_edges_.dx[k]);
        load(dy, &other_edges_.dy[k]);
        load(b_inverse, &other_edges_.inverse_length2[k]);
        px -= own_edges_.x[edge];
        py -= own_edges_.y[edge];
        Lanes t = (px * adx + py * ady) * inverse;
        keep_larger(t, Lanes{});
        keep_smaller(t, ones);
        Lanes u = -(px * dx + py * dy) * b_inverse;
        keep_larger(u, Lanes{});
        keep_smaller(u, ones);
        const Lanes tx = px - t * adx;
        const Lanes ty = py - t * ady;
        const Lanes ux = px + u * dx;
        const Lanes uy = py + u * dy;
        keep_smaller<Lanes>(least, tx * tx + ty * ty);
        keep_smaller<Lanes>(least, ux * ux + uy * uy);
        keep_smaller<Lanes>(vertices, px * px + py * py);
        const Lanes turn = adx * dy - ady * dx;
        const Lanes b_from = adx * py - ady * px;
        const Lanes a_from = px * dy - py * dx;
        Lanes both = -b_from * (b_from + turn);
        keep_smaller<Lanes>(both, -a_from * (a_from - turn));
        keep_larger(crossing, both);
    }
    for (std::size_t k = 0; k < bytes / sizeof(double); ++k) {
        found.distance2 = std::min(found.distance2, double{least[k]});
        found.vertices2 = std::min(found.vertices2, double{vertices[k]});
        found.may_cross = found.may_cross || crossing[k] >= 0.0;
    }
}

template <std::size_t bytes>
TUBAN_INLINE QuickPair::Closest QuickPair::closest_of(const Limits& limits) const {
    constexpr double most = std::numeric_limits<double>::max();
    constexpr double touch2 = 0.81 * touch_m * touch_m;
    Closest found{most, most, false, false};
    for (std::size_t edge = 0; edge < own_edges_.count; ++edge) {
        const bool crossed_before = found.may_cross;
        found.may_cross = false;
        compare_edge<bytes>(edge, found);
        found.cross = found.cross || (found.may_cross && crosses(edge, limits.loose_m));
        found.may_cross = found.may_cross || crossed_before;
        if (found.cross || found.distance2 <= limits.near2 || found.vertices2 <= touch2) {
            found.cross = true;
            return found;
        }
    }
    return found;
}

QuickPair::Closest QuickPair::closest_plain(const Limits& limits) const {
    return closest_of<plain_bytes>(limits);
}

TUBAN_AVX2 QuickPair::Closest QuickPair::closest_avx2(const Limits& limits) const {
    return closest_of<wide_bytes>(limits);
}

QuickPair::Closest QuickPair::closest(const Limits& limits) const {
    return has_avx2() ? closest_avx2(limits) : closest_plain(limits);
}

/// Whether an edge crosses one of the other plot so that all four ends are farther from the other line than could be wrong.
bool QuickPair::crosses(std::size_t edge, double loose_m) const {
    const double ax = own_edges_.x[edge];
    const double ay = own_edges_.y[edge];
    const double adx = own_edges_.dx[edge];
    const double ady = own_edges_.dy[edge];
    const double a_least = loose_m * std::hypot(adx, ady);
    for (std::size_t k = 0; k < other_edges_.count; ++k) {
        const double px = other_edges_.x[k] - ax;
        const double py = other_edges_.y[k] - ay;
        const double dx = other_edges_.dx[k];
        const double dy = other_edges_.dy[k];
        const double turn = adx * dy - ady * dx;
        const double b_from = adx * py - ady * px;
        const double b_to = b_from + turn;
        const double a_from = px * dy - py * dx;
        const double a_to = a_from - turn;
        if ((b_from > 0.0) == (b_to > 0.0) || (a_from > 0.0) == (a_to > 0.0)) {
            continue;
        }
        const double b_least = loose_m * std::hypot(dx, dy);
        if (std::min(std::abs(b_from), std::abs(b_to)) > a_least &&
            std::min(std::abs(a_from), std::abs(a_to)) > b_least) {
            return true;
        }
    }
    return false;
}

/// Whether a part of a plot begins inside another plot.
bool QuickPair::has_inside(std::size_t outer, std::size_t inner) const {
    for (std::size_t part = outlines_.feature_offsets[inner];
         part < outlines_.feature_offsets[inner + 1];
         ++part) {
        const std::size_t vertex = outlines_.ring_offsets[outlines_.part_offsets[part]];
        // Neither runs round a pole: both lie in the plane.
        if (holds(
                outlines_,
                outer,
                {outlines_.lon_deg[vertex], outlines_.lat_deg[vertex]},
                false
            )) {
            return true;
        }
    }
    return false;
}

QuickPair::Verdict QuickPair::compare_edges(bool& boxes_meet) {
    const Box& a = own_.box;
    const Box& b = other_.box;
    boxes_meet = a.west <= b.east && a.east >= b.west && a.south <= b.north &&
                 a.north >= b.south;
    keep_near(own_, other_, own_edges_);
    if (own_edges_.count == 0) {
        return Verdict::apart;
    }
    keep_near(other_, own_, other_edges_);
    if (other_edges_.count == 0) {
        return Verdict::apart;
    }
    const Limits between = limits();
    const Closest found = closest(between);
    if (found.cross) {
        return Verdict::near;
    }
    return found.may_cross || found.distance2 <= between.apart2 ? Verdict::open
                                                                : Verdict::apart;
}

QuickPair::Verdict QuickPair::compare(std::size_t other) {
    if (!is_usable_ || outlines_.kinds[other] != GeometryKind::polygon ||
        !project(other, other_)) {
        return Verdict::open;
    }
    bool boxes_meet = false;
    const Verdict verdict = compare_edges(boxes_meet);
    if (verdict != Verdict::apart || !boxes_meet) {
        return verdict;
    }
    return has_inside(other, own_.plot) || has_inside(own_.plot, other) ? Verdict::near
                                                                        : Verdict::apart;
}

} // namespace tuban
