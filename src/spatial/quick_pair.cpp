#include "spatial/quick_pair.hpp"

#include "geodesy/geometry.hpp"
#include "geodesy/lanes.hpp"
#include "spatial/polygon_locator.hpp"
#include "spatial/shapes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace tuban {
namespace {

constexpr double earth_m = 6'371'000.0;    // in error bounds only
constexpr double most_radius_m = 10'000.0; ///< from the origin to a plot's farthest vertex
constexpr double steepest_lat_deg = 80.0;  ///< edges leave their chords by far beyond it
constexpr double measured_error_m = 1e-3;  ///< more than any distance's that is no rough one
constexpr double plane_reach_m = 312e3;    ///< from the origin to PlaneFrame::near_deg
constexpr std::size_t most_lanes = wide_bytes / sizeof(double);

using Longs [[gnu::vector_size(plain_bytes)]] = std::int64_t;

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

/// The vertex nearest to a position, of n >= 1; one of them if several are.
std::size_t nearest_vertex(
    const std::vector<double>& x, const std::vector<double>& y, LocalFrame::Point at
) {
    const std::size_t n = x.size();
    using Lanes = Doubles<plain_bytes>;
    using Places = Longs;
    constexpr std::size_t step = plain_bytes / sizeof(double);
    Lanes least = Lanes{} + std::numeric_limits<double>::max();
    Places best{};
    Places places{0, 1};
    for (std::size_t i = 0; i + step <= n; i += step) { // a ring ends with its first
        Lanes dx;
        Lanes dy;
        load(dx, &x[i]);
        load(dy, &y[i]);
        dx -= at.x_m;
        dy -= at.y_m;
        const Lanes square = dx * dx + dy * dy;
        best = square < least ? places : best;
        keep_smaller(least, square);
        places += static_cast<std::int64_t>(step);
    }
    const std::int64_t place = least[0] <= least[1] ? best[0] : best[1];
    return std::min(static_cast<std::size_t>(place), n - 1);
}

struct Sides {
    double west;
    double south;
    double east;
    double north;
};

/// Which lanes are not 0, as bits.
template <class Whole>
TUBAN_INLINE unsigned bits_of(const Whole& lanes) {
    unsigned bits = 0;
    for (std::size_t k = 0; k < sizeof(Whole) / sizeof(std::int64_t); ++k) {
        bits |= (lanes[k] != 0 ? 1U : 0U) << k;
    }
    return bits;
}

/// Places in [first, second) of edges, each from one vertex to the next, that may meet the box. @return how many
template <std::size_t bytes>
TUBAN_INLINE std::size_t keep_meeting(
    const double* x,
    const double* y,
    std::pair<std::size_t, std::size_t> places,
    const Sides& box,
    std::uint32_t* kept
) {
    using Lanes = Doubles<bytes>;
    constexpr std::size_t step = bytes / sizeof(double);
    std::size_t count = 0;
    std::size_t i = places.first;
    for (; i + step <= places.second; i += step) {
        Lanes x0;
        Lanes x1;
        Lanes y0;
        Lanes y1;
        load(x0, x + i);
        load(x1, x + i + 1);
        load(y0, y + i);
        load(y1, y + i + 1);
        const auto misses =
            ((x0 > box.east) & (x1 > box.east)) | ((x0 < box.west) & (x1 < box.west)) |
            ((y0 > box.north) & (y1 > box.north)) | ((y0 < box.south) & (y1 < box.south));
        for (unsigned bits = bits_of(~misses); bits != 0; bits &= bits - 1) {
            kept[count++] =
                static_cast<std::uint32_t>(i + static_cast<unsigned>(__builtin_ctz(bits)));
        }
    }
    for (; i < places.second; ++i) {
        const bool misses = (x[i] > box.east && x[i + 1] > box.east) ||
                            (x[i] < box.west && x[i + 1] < box.west) ||
                            (y[i] > box.north && y[i + 1] > box.north) ||
                            (y[i] < box.south && y[i + 1] < box.south);
        if (!misses) {
            kept[count++] = static_cast<std::uint32_t>(i);
        }
    }
    return count;
}

std::size_t keep_meeting_plain(
    const double* x,
    const double* y,
    std::pair<std::size_t, std::size_t> places,
    const Sides& box,
    std::uint32_t* kept
) {
    return keep_meeting<plain_bytes>(x, y, places, box, kept);
}

TUBAN_AVX2 std::size_t keep_meeting_avx2(
    const double* x,
    const double* y,
    std::pair<std::size_t, std::size_t> places,
    const Sides& box,
    std::uint32_t* kept
) {
    return keep_meeting<wide_bytes>(x, y, places, box, kept);
}

} // namespace

QuickPair::QuickPair(const Geometry& outlines, double within_m)
    : outlines_(outlines), within_m_(within_m) {}

void QuickPair::look_within(double within_m) {
    if (within_m != within_m_) {
        within_m_ = within_m;
        has_plane_ = false; // its errors depend on the distance
    }
}

void QuickPair::fetch(std::size_t plot) const {
    if (!slots_.empty() && slots_[slot_of(plot)] != 0) {
        return;
    }
    constexpr std::size_t lines = 5;
    constexpr std::size_t values_per_line = 8;
    const std::size_t part = outlines_.feature_offsets[plot];
    const std::size_t vertex = outlines_.ring_offsets[outlines_.part_offsets[part]];
    for (std::size_t line = 0; line < lines; ++line) {
        __builtin_prefetch(outlines_.lon_deg.data() + vertex + line * values_per_line);
        __builtin_prefetch(outlines_.lat_deg.data() + vertex + line * values_per_line);
    }
}

/// Whether a plot lies so close to the origin of the plane that the plane's errors are known for it.
bool QuickPair::is_at_hand(std::size_t plot) const {
    constexpr double most_deg = 0.9 * most_radius_m / 111'700.0;
    const std::size_t first_ring = outlines_.part_offsets[outlines_.feature_offsets[plot]];
    const std::size_t vertex = outlines_.ring_offsets[first_ring];
    const double lon = lon_step(origin_.lon_deg, outlines_.lon_deg[vertex]) * cos_lat_;
    const double lat = outlines_.lat_deg[vertex] - origin_.lat_deg;
    return has_plane_ && std::abs(lon) < 0.7 * most_deg && std::abs(lat) < 0.7 * most_deg;
}

void QuickPair::move_to(std::size_t plot) {
    const std::size_t first_ring = outlines_.part_offsets[outlines_.feature_offsets[plot]];
    const std::size_t vertex = outlines_.ring_offsets[first_ring];
    origin_ = {outlines_.lon_deg[vertex], outlines_.lat_deg[vertex]};
    laid_count_ = 0;
    std::fill(slots_.begin(), slots_.end(), 0U);
    has_plane_ = std::abs(origin_.lat_deg) < steepest_lat_deg;
    if (!has_plane_) {
        return;
    }
    cos_lat_ = std::cos(origin_.lat_deg * radians_per_degree);
    frame_ = PlaneFrame(origin_);
    const double reach_m = within_m_ + 2.0 * most_radius_m;
    plane_error_m_ = 2.0 * plane_error_m(reach_m, most_radius_m) + measured_error_m;
    const double tangent =
        std::tan((std::abs(origin_.lat_deg) + PlaneFrame::near_deg) * radians_per_degree);
    // Straight in longitude and latitude and straight in the plane part from the geodesic.
    sag_per_m2_ = 1.1 * (tangent + 0.01) / (8.0 * earth_m) +
                  1.1 * plane_reach_m / (12.0 * earth_m * earth_m);
}

void QuickPair::turn_to(std::size_t plot) {
    if (!is_at_hand(plot)) {
        move_to(plot);
    }
    if (has_plane_) {
        own_ = static_cast<std::size_t>(&outline_of(plot) - laid_.data());
    }
}

/// Where a plot stands in the hash table, or the empty slot for it.
std::size_t QuickPair::slot_of(std::size_t plot) const {
    constexpr std::size_t spread = 0x9E37'79B1U;
    const std::size_t mask = slots_.size() - 1; // a power of two
    std::size_t slot = ((plot * spread) >> 8U) & mask;
    while (slots_[slot] != 0 && laid_[slots_[slot] - 1].plot != plot) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

/// The plot in the plane, laid out if it is not there yet.
QuickPair::Outline& QuickPair::outline_of(std::size_t plot) {
    if (2 * (laid_count_ + 1) > slots_.size()) {
        slots_.assign(std::max<std::size_t>(512, 2 * slots_.size()), 0U);
        for (std::size_t i = 0; i < laid_count_; ++i) {
            slots_[slot_of(laid_[i].plot)] = static_cast<std::uint32_t>(i + 1);
        }
    }
    const std::size_t slot = slot_of(plot);
    if (slots_[slot] != 0) {
        return laid_[slots_[slot] - 1];
    }
    if (laid_count_ == laid_.size()) {
        laid_.emplace_back();
    }
    Outline& outline = laid_[laid_count_++];
    slots_[slot] = static_cast<std::uint32_t>(laid_count_);
    outline.plot = plot;
    project(outline);
    return outline;
}

void QuickPair::project(Outline& outline) {
    outline.is_usable = false;
    if (outlines_.kinds[outline.plot] != GeometryKind::polygon) {
        return;
    }
    lay_rings(outline);
    const Range lons = range_of(outline.x);
    const Range lats = range_of(outline.y);
    if (std::max({-lons.low, lons.high, -lats.low, lats.high}) > PlaneFrame::near_deg) {
        return;
    }
    frame_.forward_near(outline.x, outline.y);
    const Range easts = range_of(outline.x);
    const Range norths = range_of(outline.y);
    outline.box = {easts.low, norths.low, easts.high, norths.high};
    const double width = easts.high - easts.low;
    const double height = norths.high - norths.low;
    outline.most_sag_m = sag_per_m2_ * (width * width + height * height);
    outline.is_usable = true;
}

/// Degrees from the origin.
void QuickPair::lay_rings(Outline& outline) const {
    const std::size_t plot = outline.plot;
    const std::size_t first_ring = outlines_.part_offsets[outlines_.feature_offsets[plot]];
    const std::size_t end_ring = outlines_.part_offsets[outlines_.feature_offsets[plot + 1]];
    const std::size_t start = outlines_.ring_offsets[first_ring];
    const double turn =
        360.0 * std::nearbyint((outlines_.lon_deg[start] - origin_.lon_deg) / 360.0);
    const double lon = origin_.lon_deg + turn;
    const double lat = origin_.lat_deg;
    const std::size_t room = outlines_.ring_offsets[end_ring] - start + end_ring - first_ring;
    outline.x.resize(room);
    outline.y.resize(room);
    outline.ring_ends.clear();
    std::size_t at = 0;
    for (std::size_t ring = first_ring; ring < end_ring; ++ring) {
        const std::size_t first = outlines_.ring_offsets[ring];
        const std::size_t n = outlines_.ring_offsets[ring + 1] - first;
        if (n == 0) {
            continue;
        }
        for (std::size_t i = 0; i < n; ++i) {
            outline.x[at + i] = outlines_.lon_deg[first + i] - lon;
            outline.y[at + i] = outlines_.lat_deg[first + i] - lat;
        }
        outline.x[at + n] = outline.x[at];
        outline.y[at + n] = outline.y[at];
        at += n + 1;
        outline.ring_ends.push_back(at);
    }
    outline.x.resize(at);
    outline.y.resize(at);
}

void QuickPair::Edges::make_room(std::size_t edges) {
    count = 0;
    const std::size_t room = edges + most_lanes;
    if (x.size() < room) {
        x.resize(room);
        y.resize(room);
        dx.resize(room);
        dy.resize(room);
        length2.resize(room);
        inverse_length2.resize(room);
    }
}

/// Lanes beyond the last edge repeat it.
void QuickPair::Edges::repeat_last() {
    for (std::size_t i = count; count > 0 && i % most_lanes != 0; ++i) {
        x[i] = x[i - 1];
        y[i] = y[i - 1];
        dx[i] = dx[i - 1];
        dy[i] = dy[i - 1];
        length2[i] = length2[i - 1];
        inverse_length2[i] = inverse_length2[i - 1];
    }
}

/// Places of the edges of an outline whose boxes meet a box. @return how many
std::size_t QuickPair::find_near(const Outline& outline, const Box& box) {
    if (kept_.size() < outline.x.size()) {
        kept_.resize(outline.x.size());
    }
    const Sides sides{box.west, box.south, box.east, box.north};
    std::size_t count = 0;
    std::size_t first = 0;
    for (const std::size_t end : outline.ring_ends) {
        const auto keep = has_avx2() ? keep_meeting_avx2 : keep_meeting_plain;
        count += keep(
            outline.x.data(), outline.y.data(), {first, end - 1}, sides, kept_.data() + count
        );
        first = end;
    }
    return count;
}

/// Keeps the edges that may be within the distance of another plot, sags included.
void QuickPair::keep_near(const Outline& outline, const Outline& other, Edges& near) {
    const double reach = within_m_ + plane_error_m_ + other.most_sag_m + outline.most_sag_m;
    const std::size_t count = find_near(
        outline,
        {other.box.west - reach,
         other.box.south - reach,
         other.box.east + reach,
         other.box.north + reach}
    );
    const double* const x = outline.x.data();
    const double* const y = outline.y.data();
    const std::uint32_t* const kept = kept_.data();
    near.make_room(count);
    for (std::size_t k = 0; k < count; ++k) {
        const std::size_t i = kept[k];
        const double dx = x[i + 1] - x[i];
        const double dy = y[i + 1] - y[i];
        const double length2 = dx * dx + dy * dy;
        near.x[k] = x[i];
        near.y[k] = y[i];
        near.dx[k] = dx;
        near.dy[k] = dy;
        near.length2[k] = length2;
        near.inverse_length2[k] = 1.0 / (length2 > 0.0 ? length2 : 1.0);
    }
    near.count = count;
    near.repeat_last();
}

QuickPair::Limits QuickPair::limits(double own_length2, double other_length2) const {
    Limits result;
    result.loose_m = plane_error_m_ + sag_per_m2_ * (own_length2 + other_length2);
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
    const double loose2 = loose_m * loose_m;
    const auto is_clear = [&](double from, double to, double length2) {
        const double least = std::min(from * from, to * to);
        return (from > 0.0) != (to > 0.0) && least > loose2 * length2;
    };
    for (std::size_t k = 0; k < other_edges_.count; ++k) {
        const double px = other_edges_.x[k] - ax;
        const double py = other_edges_.y[k] - ay;
        const double dx = other_edges_.dx[k];
        const double dy = other_edges_.dy[k];
        const double turn = adx * dy - ady * dx;
        const double b_from = adx * py - ady * px;
        const double a_from = px * dy - py * dx;
        if (is_clear(b_from, b_from + turn, own_edges_.length2[edge]) &&
            is_clear(a_from, a_from - turn, other_edges_.length2[k])) {
            return true;
        }
    }
    return false;
}

/// Whether a part of a plot begins inside another plot.
bool QuickPair::has_inside(std::size_t holder, std::size_t held) const {
    for (std::size_t part = outlines_.feature_offsets[held];
         part < outlines_.feature_offsets[held + 1];
         ++part) {
        const std::size_t vertex = outlines_.ring_offsets[outlines_.part_offsets[part]];
        // Neither runs round a pole: both lie in the plane.
        if (holds(
                outlines_, holder, {outlines_.lon_deg[vertex], outlines_.lat_deg[vertex]}, false
            )) {
            return true;
        }
    }
    return false;
}

/// Whether the vertices that look at each other are near enough: most pairs within a distance are told so.
bool QuickPair::has_near_vertices() const {
    const Outline& own = laid_[own_];
    const Outline& other = laid_[other_];
    const double near_m = within_m_ - plane_error_m_ - own.most_sag_m - other.most_sag_m;
    if (!(near_m > 0.0)) {
        return false;
    }
    const std::size_t to_other = nearest_vertex(
        own.x,
        own.y,
        {0.5 * (other.box.west + other.box.east), 0.5 * (other.box.south + other.box.north)}
    );
    const double x = own.x[to_other];
    const double y = own.y[to_other];
    const std::size_t back = nearest_vertex(other.x, other.y, {x, y});
    const double dx = other.x[back] - x;
    const double dy = other.y[back] - y;
    return dx * dx + dy * dy <= near_m * near_m;
}

/// Apart where the boxes are, else open.
QuickPair::Verdict QuickPair::compare_boxes() const {
    const Outline& own = laid_[own_];
    const Outline& other = laid_[other_];
    const Box& a = own.box;
    const Box& b = other.box;
    const double dx = std::max({0.0, b.west - a.east, a.west - b.east});
    const double dy = std::max({0.0, b.south - a.north, a.south - b.north});
    const double reach = within_m_ + plane_error_m_ + own.most_sag_m + other.most_sag_m;
    return dx * dx + dy * dy > reach * reach ? Verdict::apart : Verdict::open;
}

QuickPair::Verdict QuickPair::compare_edges() {
    keep_near(laid_[own_], laid_[other_], own_edges_);
    if (own_edges_.count == 0) {
        return Verdict::apart;
    }
    keep_near(laid_[other_], laid_[own_], other_edges_);
    if (other_edges_.count == 0) {
        return Verdict::apart;
    }
    const Limits between = limits(longest2(own_edges_), longest2(other_edges_));
    const Closest found = closest(between);
    if (found.cross) {
        return Verdict::near;
    }
    return found.may_cross || found.distance2 <= between.apart2 ? Verdict::open
                                                                : Verdict::apart;
}

double QuickPair::longest2(const Edges& edges) {
    double most = 0.0;
    for (std::size_t i = 0; i < edges.count; ++i) {
        most = std::max(most, edges.length2[i]);
    }
    return most;
}

QuickPair::Verdict QuickPair::compare(std::size_t other) {
    if (!has_plane_) {
        return Verdict::open;
    }
    const std::size_t own_plot = laid_[own_].plot;
    other_ = static_cast<std::size_t>(&outline_of(other) - laid_.data());
    const Outline& a = laid_[own_];
    const Outline& b = laid_[other_];
    const double far_x = std::max(std::abs(a.box.west), std::abs(a.box.east));
    const double far_y = std::max(std::abs(a.box.south), std::abs(a.box.north));
    const bool is_far = far_x * far_x + far_y * far_y > most_radius_m * most_radius_m;
    if (!a.is_usable || !b.is_usable || is_far) {
        return Verdict::open;
    }
    if (compare_boxes() == Verdict::apart) {
        return Verdict::apart;
    }
    if (has_near_vertices()) {
        return Verdict::near;
    }
    const Verdict verdict = compare_edges();
    const bool boxes_meet = a.box.west <= b.box.east && a.box.east >= b.box.west &&
                            a.box.south <= b.box.north && a.box.north >= b.box.south;
    if (verdict != Verdict::apart || !boxes_meet) {
        return verdict;
    }
    return has_inside(other, own_plot) || has_inside(own_plot, other) ? Verdict::near
                                                                      : Verdict::apart;
}

} // namespace tuban
