#include "spatial/arc_arrangement.hpp"

#include "geodesy/geometry.hpp"
#include "geodesy/lanes.hpp"

#include <algorithm>
#include <cmath>

namespace tuban {
namespace {

constexpr double closure_m = 1e-7;
constexpr double least_radius_m =
    1e-5; ///< within 0 m: outlines are made this thick, and thinned again

using Local = Capsule::Local;

/// Vertices as a capsule sees them.
struct Seen {
    double* along_m;
    double* left_m;
    double* excess_m2;
};

TUBAN_VECTOR_CLONES
void see(
    const Capsule& capsule, const double* x_m, const double* y_m, std::size_t n, Seen seen
) {
    const PlanePoint start = capsule.start();
    const auto [ux, uy] = capsule.along();
    const double length = capsule.length_m();
    const double radius2 = capsule.radius_m() * capsule.radius_m();
    for (std::size_t i = 0; i < n; ++i) {
        const double dx = x_m[i] - start.x_m;
        const double dy = y_m[i] - start.y_m;
        const double along = dx * ux + dy * uy;
        const double left = dy * ux - dx * uy;
        const double before = -along;
        const double after = along - length;
        const double beyond = before > after ? before : after;
        const double past = beyond > 0.0 ? beyond : 0.0;
        seen.along_m[i] = along;
        seen.left_m[i] = left;
        seen.excess_m2[i] = past * past + left * left - radius2;
    }
}

bool overlap(const PlaneBox& a, const PlaneBox& b) {
    return a.low.x_m <= b.high.x_m && b.low.x_m <= a.high.x_m && a.low.y_m <= b.high.y_m &&
           b.low.y_m <= a.high.y_m;
}

} // namespace

std::optional<double> ArcArrangement::covered_m2(const Question& question, double spread_m) {
    question_ = &question;
    box_ = box_of(question.rings);
    depths_.assign(question.rings.x_m.size(), 0);
    along_m_.resize(depths_.size());
    left_m_.resize(depths_.size());
    excess_m2_.resize(depths_.size());
    edge_events_.clear();
    sides_.clear();
    lay_capsules(spread_m);
    for (std::size_t i = 0; i < count_; ++i) {
        cross_rings(i);
    }
    cross_each_other();
    twice_m2_ = 0.0;
    excess_area_m2_ = 0.0;
    gap_ = {};
    add_outline_of_rings();
    for (std::size_t i = 0; i < count_; ++i) {
        if (!add_loop(loops_[i])) {
            return std::nullopt;
        }
    }
    if (!(std::abs(gap_.x_m) <= closure_m && std::abs(gap_.y_m) <= closure_m)) {
        return std::nullopt;
    }
    return 0.5 * twice_m2_ - excess_area_m2_;
}

void ArcArrangement::lay_capsules(double spread_m) {
    const std::span<const PlaneSegment> segments = question_->segments;
    base_m_ = std::max(question_->within_m, least_radius_m);
    const double step = spread_m / static_cast<double>(segments.size() + 1);
    count_ = 0;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const Capsule capsule(segments[i], base_m_ + step * static_cast<double>(i + 1));
        if (!overlap(capsule.box(), box_)) {
            continue;
        }
        if (count_ == loops_.size()) {
            loops_.push_back({capsule, false, {}, 0});
        }
        Loop& loop = loops_[count_++];
        loop.capsule = capsule;
        loop.lies_inside = false;
        loop.events.clear();
    }
}

void ArcArrangement::cross_rings(std::size_t at) {
    Loop& loop = loops_[at];
    const PlaneRings& rings = question_->rings;
    const Seen seen{along_m_.data(), left_m_.data(), excess_m2_.data()};
    see(loop.capsule, rings.x_m.data(), rings.y_m.data(), depths_.size(), seen);
    for (std::size_t ring = 0; ring < rings.size(); ++ring) {
        const std::size_t last = rings.offsets[ring + 1] - 1;
        for (std::size_t i = rings.offsets[ring]; i < last; ++i) {
            depths_[i] += excess_m2_[i] <= 0.0 ? 1 : 0;
            cross_edge(at, i);
        }
    }
    loop.edge_events = loop.events.size();
    const PlanePoint corner = loop.capsule.corner(0);
    loop.lies_inside =
        loop.edge_events == 0 && overlap({corner, corner}, box_) && holds(rings, corner);
    if (loop.edge_events == 0 && !loop.lies_inside) {
        return; // it holds all or nothing of them
    }
    const bool is_point = !(loop.capsule.length_m() > 0.0);
    for (std::size_t k = is_point ? 1 : 0; k < 4; k += is_point ? 2 : 1) {
        const CapsuleSide side(loop.capsule, k);
        if (overlap(side.box, box_)) {
            sides_.push_back({side, at});
        }
    }
}

void ArcArrangement::cross_edge(std::size_t at, std::size_t edge) {
    const bool from_held = excess_m2_[edge] <= 0.0;
    const bool to_held = excess_m2_[edge + 1] <= 0.0;
    if (from_held && to_held) {
        return;
    }
    const Capsule& capsule = loops_[at].capsule;
    const Local a{along_m_[edge], left_m_[edge]};
    const Local b{along_m_[edge + 1], left_m_[edge + 1]};
    const double r = capsule.radius_m();
    const double end = capsule.length_m() + r;
    if (from_held == to_held &&
        ((a.left_m > r && b.left_m > r) || (a.left_m < -r && b.left_m < -r) ||
         (a.along_m < -r && b.along_m < -r) || (a.along_m > end && b.along_m > end))) {
        return;
    }
    const std::optional<Chord> chord = line_chord(capsule, a, b);
    if (from_held != to_held) {
        const double otherwise = from_held ? 0.0 : 1.0;
        const double t = !chord ? otherwise : (from_held ? chord->to : chord->from);
        add_crossing(at, edge, std::clamp(t, 0.0, 1.0), from_held ? -1 : 1);
    } else if (chord && chord->from > 0.0 && chord->to < 1.0) {
        add_crossing(at, edge, chord->from, 1);
        add_crossing(at, edge, chord->to, -1);
    }
}

void ArcArrangement::add_crossing(std::size_t at, std::size_t edge, double t, int covers) {
    Loop& loop = loops_[at];
    const PlanePoint a = question_->rings.at(edge);
    const PlanePoint b = question_->rings.at(edge + 1);
    const PlanePoint point{a.x_m + t * (b.x_m - a.x_m), a.y_m + t * (b.y_m - a.y_m)};
    edge_events_.push_back({edge, t, point, covers, at, loop.events.size()});
    // The rings' area is on the left of the edge, the capsule's on the left of its boundary: where the edge comes in, the
    // boundary goes out.
    loop.events.push_back({loop.capsule.place(loop.capsule.local(point)), point, 0, -covers, 0}
    );
}

/// What lies outside the rings does not matter: how many capsules hold a boundary where it comes in is known from the edge.
void ArcArrangement::cross_each_other() {
    for (std::size_t i = 0; i < sides_.size(); ++i) {
        const Side& first = sides_[i];
        for (std::size_t j = i + 1; j < sides_.size(); ++j) {
            cross(first, sides_[j]);
        }
    }
}

void ArcArrangement::cross(const Side& first, const Side& second) {
    if (first.loop == second.loop || !overlap(first.side.box, second.side.box)) {
        return;
    }
    meetings_.clear();
    find_meetings(first.side, second.side, meetings_);
    for (const Meeting& meeting : meetings_) {
        const int covers = meeting.enters ? 1 : -1;
        loops_[first.loop].events.push_back({meeting.on_first, meeting.at, covers, 0, 0});
        loops_[second.loop].events.push_back({meeting.on_second, meeting.at, -covers, 0, 0});
    }
}

void ArcArrangement::add_outline_of_rings() {
    std::sort(
        edge_events_.begin(),
        edge_events_.end(),
        [](const EdgeEvent& a, const EdgeEvent& b) {
            return a.edge != b.edge ? a.edge < b.edge : a.t < b.t;
        }
    );
    std::size_t next_event = 0;
    for (std::size_t ring = 0; ring < question_->rings.size(); ++ring) {
        add_ring(ring, next_event);
    }
}

void ArcArrangement::add_ring(std::size_t ring, std::size_t& next_event) {
    const PlaneRings& rings = question_->rings;
    // Between two capsules the outline stays inside or outside of all polygons.
    bool is_known = question_->polygons == nullptr;
    bool is_held = false;
    const auto add = [&](PlanePoint from, PlanePoint to, int depth) {
        if (depth > 0) {
            is_known = question_->polygons == nullptr;
        } else if (!is_known) {
            is_held = question_->polygons->holds(
                {0.5 * (from.x_m + to.x_m), 0.5 * (from.y_m + to.y_m)}
            );
            is_known = true;
        }
        if (depth > 0 || is_held) {
            add_straight(from, to);
        }
    };
    for (std::size_t i = rings.offsets[ring]; i + 1 < rings.offsets[ring + 1]; ++i) {
        PlanePoint from = rings.at(i);
        int depth = depths_[i];
        for (; next_event < edge_events_.size() && edge_events_[next_event].edge == i;
             ++next_event) {
            const EdgeEvent& event = edge_events_[next_event];
            add(from, event.at, depth);
            from = event.at;
            const int others = event.covers > 0 ? depth : depth - 1;
            loops_[event.loop].events[event.loop_event].depth = others;
            depth += event.covers;
        }
        add(from, rings.at(i + 1), depth);
    }
}

bool ArcArrangement::add_loop(Loop& loop) {
    if (loop.edge_events == 0 && !loop.lies_inside) {
        return true;
    }
    std::sort(
        loop.events.begin(),
        loop.events.end(),
        [](const LoopEvent& a, const LoopEvent& b) { return a.place < b.place; }
    );
    return loop.edge_events > 0 ? add_crossed_loop(loop) : add_inner_loop(loop);
}

/// Whether a boundary that edges cross is inside the rings where its places begin: 1 or 0.
int ArcArrangement::begins_inside(const Loop& loop) const {
    // Edges of clipped rings that run there and back are crossed twice in one place, in any order: stretches without length
    // do not tell.
    constexpr double no_length = 1e-9;
    const std::size_t n = loop.events.size();
    int inside = 0;
    int least = static_cast<int>(n);
    int most = -least;
    for (std::size_t i = 0; i < n; ++i) {
        inside += loop.events[i].enters;
        const double next = i + 1 < n ? loop.events[i + 1].place : 4.0 + loop.events[0].place;
        if (next - loop.events[i].place > no_length) {
            least = std::min(least, inside);
            most = std::max(most, inside);
        }
    }
    if (least == most) {
        return holds(question_->rings, loop.capsule.corner(0)) ? 1 : 0;
    }
    return -least;
}

/// Adds what is exposed between where the boundary comes into the rings and where it leaves them again.
bool ArcArrangement::add_crossed_loop(const Loop& loop) {
    const std::size_t n = loop.events.size();
    int inside = begins_inside(loop);
    // From where it comes in first, once round.
    std::size_t at = 0;
    while (at < n && !(inside == 0 && loop.events[at].enters > 0)) {
        inside += loop.events[at].enters;
        ++at;
    }
    if (at == n) {
        return true;
    }
    int depth = 0;
    for (std::size_t k = at; k < at + n; ++k) {
        const LoopEvent& event = loop.events[k % n];
        const bool on_edge = event.enters != 0;
        if (on_edge && inside > 0 && depth != event.depth) {
            return false;
        }
        inside += event.enters;
        depth = on_edge ? event.depth : depth + event.covers;
        if (inside > 0 && depth == 0) {
            LoopEvent next = loop.events[(k + 1) % n];
            next.place += k % n + 1 == n ? 4.0 : 0.0;
            add_exposed(loop.capsule, event, next);
        }
    }
    return true;
}

bool ArcArrangement::add_inner_loop(const Loop& loop) {
    const LoopEvent start{0.0, loop.capsule.corner(0), 0, 0, 0};
    int depth = 0;
    for (std::size_t i = 0; i < count_; ++i) {
        const Capsule& other = loops_[i].capsule;
        depth += &loops_[i] != &loop && other.holds(other.local(start.at)) ? 1 : 0;
    }
    const int begun = depth;
    LoopEvent from = start;
    for (const LoopEvent& event : loop.events) {
        if (depth == 0) {
            add_exposed(loop.capsule, from, event);
        }
        depth += event.covers;
        from = event;
        if (depth < 0) {
            return false;
        }
    }
    if (depth == 0) {
        add_exposed(loop.capsule, from, {4.0, start.at, 0, 0, 0});
    }
    return depth == begun;
}

/// @param to  its place may be beyond 4: then the stretch runs past the place where places begin
void ArcArrangement::add_exposed(
    const Capsule& capsule, const LoopEvent& from, const LoopEvent& to
) {
    if (question_->polygons != nullptr) {
        const double middle = 0.5 * (from.place + to.place);
        if (question_->polygons->holds(capsule.at(middle >= 4.0 ? middle - 4.0 : middle))) {
            return;
        }
    }
    if (to.place > 4.0) {
        const PlanePoint corner = capsule.corner(0);
        add_stretch(capsule, from, {4.0, corner, 0, 0, 0});
        add_stretch(capsule, {0.0, corner, 0, 0, 0}, {to.place - 4.0, to.at, 0, 0, 0});
    } else {
        add_stretch(capsule, from, to);
    }
}

void ArcArrangement::add_stretch(
    const Capsule& capsule, const LoopEvent& from, const LoopEvent& to
) {
    PlanePoint at = from.at;
    const auto add = [&](std::size_t side, PlanePoint next) {
        if (side % 2 == 1) {
            add_arc(side == 1 ? capsule.end() : capsule.start(), at, next, capsule.radius_m());
        } else {
            add_straight(at, next);
            const double dx = next.x_m - at.x_m;
            const double dy = next.y_m - at.y_m;
            excess_area_m2_ +=
                std::sqrt(dx * dx + dy * dy) * (capsule.radius_m() - question_->within_m);
        }
        at = next;
    };
    const auto first = static_cast<std::size_t>(std::min(from.place, 3.999));
    const auto last = static_cast<std::size_t>(std::min(to.place, 3.999));
    for (std::size_t side = first; side < last; ++side) {
        add(side, capsule.corner(side + 1));
    }
    add(last, to.at);
}

void ArcArrangement::add_straight(PlanePoint from, PlanePoint to) {
    twice_m2_ += from.x_m * to.y_m - to.x_m * from.y_m;
    gap_.x_m += to.x_m - from.x_m;
    gap_.y_m += to.y_m - from.y_m;
}

void ArcArrangement::add_arc(
    PlanePoint center, PlanePoint from, PlanePoint to, double radius_m
) {
    add_straight(from, to);
    const double ax = from.x_m - center.x_m;
    const double ay = from.y_m - center.y_m;
    const double bx = to.x_m - center.x_m;
    const double by = to.y_m - center.y_m;
    double angle = std::atan2(ax * by - bx * ay, ax * bx + ay * by);
    if (angle < 0.0) { // rounding, at no turn or at half a one
        angle = angle < -0.5 * pi ? pi : 0.0;
    }
    const double a2 = angle * angle;
    // Less of a small angle than its sine: by the series, as the difference would lose digits.
    const double segment =
        angle < 0.2
            ? angle * a2 / 6.0 * (1.0 - a2 / 20.0 * (1.0 - a2 / 42.0 * (1.0 - a2 / 72.0)))
            : angle - std::sin(angle);
    twice_m2_ += radius_m * radius_m * segment;
    excess_area_m2_ += radius_m * angle * (radius_m - question_->within_m);
}

bool covers_all(const PlaneSegment& segment, double within_m, const PlaneRings& rings) {
    const Capsule capsule(segment, within_m);
    for (std::size_t i = 0; i < rings.x_m.size(); ++i) {
        if (!capsule.holds(capsule.local(rings.at(i)))) {
            return false;
        }
    }
    return true;
}

} // namespace tuban
