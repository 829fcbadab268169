#include "spatial/arc_arrangement.hpp"

#include "geodesy/geometry.hpp"
#include "geodesy/lanes.hpp"

#include <algorithm>
#include <cmath>

namespace tuban {
namespace {

constexpr double closure_m = 1e-7;
constexpr double least_radius_m = 1e-5; ///< within 0 m: outlines are made this thick, and thinned again

using Local = Capsule::Local;

/// Vertices as a capsule sees them.
struct Seen {
    double* along_m;
    double* left_m;
    double* excess_m2;
};

TUBAN_VECTOR_CLONES
void see(const Capsule& capsule, const double* x_m, const double* y_m, std::size_t n, Seen seen) {
    const PlanePoint start = capsule.start();
    const double ux = capsule.along_x();
    const double uy = capsule.along_y();
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

std::optional<double>
ArcArrangement::covered_m2(const Question& question, double spread_m) {
    question_ = &question;
    box_ = box_of(question.rings);
    depths_.assign(question.rings.x_m.size(), 0);
    along_m_.resize(depths_.size());
    left_m_.resize(depths_.size());
    excess_m2_.resize(depths_.size());
    edge_events_.clear();
    lay_capsules(spread_m);
    for (std::size_t i = 0; i < count_; ++i) {
        if (!cross_rings(loops_[i])) {
            return std::nullopt;
        }
    }
    if (!cross_each_other()) {
        return std::nullopt;
    }
    twice_m2_ = 0.0;
    excess_area_m2_ = 0.0;
    gap_ = {};
    add_outline_of_rings();
    for (std::size_t i = 0; i < count_; ++i) {
        add_loop(loops_[i]);
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
            loops_.push_back({capsule, false, 0, false, {}});
        }
        Loop& loop = loops_[count_++];
        loop.capsule = capsule;
        loop.meets_rings = false;
        loop.depth = 0;
        loop.events.clear();
    }
}

bool ArcArrangement::cross_rings(Loop& loop) {
    const PlaneRings& rings = question_->rings;
    const Seen seen{along_m_.data(), left_m_.data(), excess_m2_.data()};
    see(loop.capsule, rings.x_m.data(), rings.y_m.data(), depths_.size(), seen);
    std::size_t held = 0;
    std::size_t count = 0;
    for (std::size_t ring = 0; ring < rings.size(); ++ring) {
        const std::size_t last = rings.offsets[ring + 1] - 1;
        for (std::size_t i = rings.offsets[ring]; i < last; ++i) {
            held += excess_m2_[i] <= 0.0 ? 1U : 0U;
            cross_edge(loop, i, count);
        }
    }
    for (std::size_t i = 0; i < depths_.size() && held > 0; ++i) {
        depths_[i] += excess_m2_[i] <= 0.0 ? 1 : 0;
    }
    const PlanePoint start = loop.capsule.corner(0);
    loop.inside = holds(rings, start);
    loop.meets_rings = held > 0 || count > 0 || loop.inside;
    if (count == 0) {
        return true;
    }
    // A boundary that comes in first, or goes out last, began outside. Edges of clipped rings that run there and back are
    // crossed twice in one place, in any order, so that one of the two signs is enough.
    const auto [first, last] = std::minmax_element(
        loop.events.begin(),
        loop.events.end(),
        [](const LoopEvent& a, const LoopEvent& b) { return a.place < b.place; }
    );
    return count % 2 == 0 &&
           (loop.inside == (first->enters < 0) || loop.inside == (last->enters > 0));
}

void ArcArrangement::cross_edge(Loop& loop, std::size_t edge, std::size_t& count) {
    const bool from_held = excess_m2_[edge] <= 0.0;
    const bool to_held = excess_m2_[edge + 1] <= 0.0;
    if (from_held && to_held) {
        return;
    }
    const Local a{along_m_[edge], left_m_[edge]};
    const Local b{along_m_[edge + 1], left_m_[edge + 1]};
    const double r = loop.capsule.radius_m();
    const double end = loop.capsule.length_m() + r;
    if (from_held == to_held &&
        ((a.left_m > r && b.left_m > r) || (a.left_m < -r && b.left_m < -r) ||
         (a.along_m < -r && b.along_m < -r) || (a.along_m > end && b.along_m > end))) {
        return;
    }
    const std::optional<Chord> chord = line_chord(loop.capsule, a, b);
    if (from_held != to_held) {
        ++count;
        const double t = !chord ? (from_held ? 0.0 : 1.0) : (from_held ? chord->to : chord->from);
        add_crossing(loop, edge, std::clamp(t, 0.0, 1.0), from_held ? -1 : 1);
    } else if (chord && chord->from > 0.0 && chord->to < 1.0) {
        count += 2;
        add_crossing(loop, edge, chord->from, 1);
        add_crossing(loop, edge, chord->to, -1);
    }
}

void ArcArrangement::add_crossing(Loop& loop, std::size_t edge, double t, int covers) {
    const PlanePoint a = question_->rings.at(edge);
    const PlanePoint b = question_->rings.at(edge + 1);
    const PlanePoint at{a.x_m + t * (b.x_m - a.x_m), a.y_m + t * (b.y_m - a.y_m)};
    edge_events_.push_back({edge, t, at, covers});
    // The rings' area is on the left of the edge, the capsule's on the left of its boundary: where the edge comes in, the
    // boundary goes out.
    loop.events.push_back({loop.capsule.place(loop.capsule.local(at)), at, 0, -covers});
}

bool ArcArrangement::cross_each_other() {
    for (std::size_t i = 0; i < count_; ++i) {
        if (!loops_[i].meets_rings) {
            continue;
        }
        for (std::size_t j = i + 1; j < count_; ++j) {
            if (loops_[j].meets_rings &&
                overlap(loops_[i].capsule.box(), loops_[j].capsule.box()) &&
                !cross_pair(loops_[i], loops_[j])) {
                return false;
            }
        }
    }
    return true;
}

bool ArcArrangement::cross_pair(Loop& first, Loop& second) {
    meetings_.clear();
    find_meetings(first.capsule, second.capsule, meetings_);
    bool first_begins_in = second.capsule.holds(second.capsule.local(first.capsule.corner(0)));
    bool second_begins_in = first.capsule.holds(first.capsule.local(second.capsule.corner(0)));
    if (!meetings_.empty()) {
        int balance = 0;
        const Meeting* on_first = &meetings_.front();
        const Meeting* on_second = on_first;
        for (const Meeting& meeting : meetings_) {
            balance += meeting.enters ? 1 : -1;
            on_first = meeting.on_first < on_first->on_first ? &meeting : on_first;
            on_second = meeting.on_second < on_second->on_second ? &meeting : on_second;
            const int covers = meeting.enters ? 1 : -1;
            first.events.push_back({meeting.on_first, meeting.at, covers, 0});
            second.events.push_back({meeting.on_second, meeting.at, -covers, 0});
        }
        // Where a boundary comes in first it began outside; the points themselves have to say the same.
        if (balance != 0 || first_begins_in == on_first->enters ||
            second_begins_in != on_second->enters) {
            return false;
        }
    }
    first.depth += first_begins_in ? 1 : 0;
    second.depth += second_begins_in ? 1 : 0;
    return true;
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
            depth += event.covers;
        }
        add(from, rings.at(i + 1), depth);
    }
}

void ArcArrangement::add_loop(Loop& loop) {
    if (!loop.meets_rings) {
        return;
    }
    std::sort(
        loop.events.begin(),
        loop.events.end(),
        [](const LoopEvent& a, const LoopEvent& b) { return a.place < b.place; }
    );
    int depth = loop.depth;
    int inside = loop.inside ? 1 : 0;
    LoopEvent from{0.0, loop.capsule.corner(0), 0, 0};
    for (const LoopEvent& event : loop.events) {
        if (depth == 0 && inside > 0) {
            add_exposed(loop.capsule, from, event);
        }
        depth += event.covers;
        inside += event.enters;
        from = event;
    }
    if (depth == 0 && inside > 0) {
        add_exposed(loop.capsule, from, {4.0, loop.capsule.corner(0), 0, 0});
    }
}

void ArcArrangement::add_exposed(
    const Capsule& capsule, const LoopEvent& from, const LoopEvent& to
) {
    if (question_->polygons != nullptr &&
        question_->polygons->holds(capsule.at(0.5 * (from.place + to.place)))) {
        return;
    }
    PlanePoint at = from.at;
    const auto add = [&](std::size_t side, PlanePoint next) {
        if (side % 2 == 1) {
            add_arc(side == 1 ? capsule.end() : capsule.start(), at, next, capsule.radius_m());
        } else {
            add_straight(at, next);
            excess_area_m2_ += std::hypot(next.x_m - at.x_m, next.y_m - at.y_m) *
                               (capsule.radius_m() - question_->within_m);
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
        angle < 0.2 ? angle * a2 / 6.0 *
                          (1.0 - a2 / 20.0 * (1.0 - a2 / 42.0 * (1.0 - a2 / 72.0)))
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
