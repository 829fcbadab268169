#include "spatial/capsule.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tuban {
namespace {

constexpr double point_m = 1e-9;   ///< segments not longer are points
constexpr double grazing_m = 1e-9; ///< half chords not longer are none

/// Place on a half circle by its direction, in [-1, 1]: by the corner of the diamond, which resolves all directions alike.
double on_half(double outward, double across) {
    const double out = outward > 0.0 ? outward : 0.0;
    const double sum = out + std::abs(across);
    return sum > 0.0 ? across / sum : 0.0;
}

PlanePoint from_to(PlanePoint a, PlanePoint b) {
    return {b.x_m - a.x_m, b.y_m - a.y_m};
}

double dot(PlanePoint a, PlanePoint b) {
    return a.x_m * b.x_m + a.y_m * b.y_m;
}

/// Positive where b points to the left of a.
double cross(PlanePoint a, PlanePoint b) {
    return a.x_m * b.y_m - a.y_m * b.x_m;
}

PlanePoint moved(PlanePoint p, PlanePoint direction, double by) {
    return {p.x_m + by * direction.x_m, p.y_m + by * direction.y_m};
}

/// The place on an arc of a point given from its centre; none if it is on the other half. Of the two half circles round a
/// point each direction belongs to one.
std::optional<double> place_on_arc(const CapsuleSide& arc, PlanePoint from_center) {
    const double outward = dot(from_center, arc.direction);
    if (arc.place < 2.0 ? !(outward > 0.0) : !(outward >= 0.0)) {
        return std::nullopt;
    }
    return arc.place + 0.5 + 0.5 * on_half(outward, cross(arc.direction, from_center));
}

void cross_straight(
    const CapsuleSide& first, const CapsuleSide& second, std::vector<Meeting>& meetings
) {
    // How far the ends of either side lie left of the other side.
    const double a = cross(second.direction, from_to(second.from, first.from));
    const double b = cross(second.direction, from_to(second.from, first.to));
    const double c = cross(first.direction, from_to(first.from, second.from));
    const double d = cross(first.direction, from_to(first.from, second.to));
    if ((a < 0.0) == (b < 0.0) || (c < 0.0) == (d < 0.0)) {
        return;
    }
    const double u = a / (a - b);
    const double v = c / (c - d);
    meetings.push_back(
        {moved(first.from, first.direction, u * first.length_m),
         first.place + u,
         second.place + v,
         a < 0.0}
    );
}

/// @param is_swapped  the arc is the first of the two
void cross_straight_with_arc(
    const CapsuleSide& straight,
    const CapsuleSide& arc,
    bool is_swapped,
    std::vector<Meeting>& meetings
) {
    const PlanePoint to_center = from_to(straight.from, arc.from);
    const double beside = cross(straight.direction, to_center);
    const double square = (arc.radius_m - beside) * (arc.radius_m + beside);
    if (!(square > grazing_m * grazing_m)) {
        return;
    }
    const double foot = dot(straight.direction, to_center);
    const double half = std::sqrt(square);
    for (const double along : {foot - half, foot + half}) {
        if (along < 0.0 || along > straight.length_m) {
            continue;
        }
        const PlanePoint at = moved(straight.from, straight.direction, along);
        const std::optional<double> on_arc = place_on_arc(arc, from_to(arc.from, at));
        if (!on_arc) {
            continue;
        }
        const double on_straight = straight.place + along / straight.length_m;
        const bool enters = along < foot;
        if (is_swapped) {
            meetings.push_back({at, *on_arc, on_straight, !enters});
        } else {
            meetings.push_back({at, on_straight, *on_arc, enters});
        }
    }
}

void cross_arcs(
    const CapsuleSide& first, const CapsuleSide& second, std::vector<Meeting>& meetings
) {
    const PlanePoint way = from_to(first.from, second.from);
    const double r = first.radius_m;
    const double other_r = second.radius_m;
    const double distance2 = dot(way, way);
    if (distance2 >= (r + other_r) * (r + other_r) ||
        distance2 <= (r - other_r) * (r - other_r)) {
        return;
    }
    const double distance = std::sqrt(distance2);
    const double foot = 0.5 * (distance + (r - other_r) * (r + other_r) / distance);
    const double square = (r - foot) * (r + foot);
    if (!(square > grazing_m * grazing_m)) {
        return;
    }
    const double half = std::sqrt(square);
    for (const double left : {-half, half}) {
        const PlanePoint from_first{
            (foot * way.x_m - left * way.y_m) / distance,
            (foot * way.y_m + left * way.x_m) / distance};
        const std::optional<double> on_first = place_on_arc(first, from_first);
        if (!on_first) {
            continue;
        }
        const std::optional<double> on_second = place_on_arc(second, from_to(way, from_first));
        if (on_second) {
            meetings.push_back(
                {moved(first.from, from_first, 1.0), *on_first, *on_second, left < 0.0}
            );
        }
    }
}

} // namespace

Capsule::Capsule(const PlaneSegment& segment, double radius_m)
    : start_(segment.from), end_(segment.from), radius_m_(radius_m) {
    const double dx = segment.to.x_m - segment.from.x_m;
    const double dy = segment.to.y_m - segment.from.y_m;
    const double length = std::sqrt(dx * dx + dy * dy);
    if (length > point_m) {
        end_ = segment.to;
        along_ = {dx / length, dy / length};
        length_m_ = length;
    }
    box_ = {
        {std::min(segment.from.x_m, segment.to.x_m) - radius_m,
         std::min(segment.from.y_m, segment.to.y_m) - radius_m},
        {std::max(segment.from.x_m, segment.to.x_m) + radius_m,
         std::max(segment.from.y_m, segment.to.y_m) + radius_m}};
}

double Capsule::place(Local p) const {
    if (p.along_m <= 0.0) {
        return 3.5 - 0.5 * on_half(-p.along_m, p.left_m);
    }
    if (p.along_m >= length_m_) {
        return 1.5 + 0.5 * on_half(p.along_m - length_m_, p.left_m);
    }
    const double u = p.along_m / length_m_;
    return p.left_m < 0.0 ? u : 3.0 - u;
}

PlanePoint Capsule::at(double place) const {
    if (place <= 1.0) {
        return global({place * length_m_, -radius_m_});
    }
    if (place >= 2.0 && place <= 3.0) {
        return global({(3.0 - place) * length_m_, radius_m_});
    }
    const bool at_end = place < 2.0;
    const double across = at_end ? 2.0 * (place - 1.5) : 2.0 * (3.5 - place);
    const double out = 1.0 - std::abs(across);
    const double scale = radius_m_ / std::sqrt(out * out + across * across);
    return global({at_end ? length_m_ + scale * out : -scale * out, scale * across});
}

PlanePoint Capsule::corner(std::size_t k) const {
    const bool is_left = k == 2 || k == 3;
    const bool at_end = k == 1 || k == 2;
    return global({at_end ? length_m_ : 0.0, is_left ? radius_m_ : -radius_m_});
}

CapsuleSide::CapsuleSide(const Capsule& capsule, std::size_t k)
    : is_arc(k % 2 == 1), place(static_cast<double>(k)), length_m(capsule.length_m()),
      radius_m(capsule.radius_m()), from(capsule.corner(k)), to(capsule.corner(k + 1)),
      direction(capsule.along()) {
    if (k >= 2) {
        direction = {-direction.x_m, -direction.y_m};
    }
    box = {
        {std::min(from.x_m, to.x_m), std::min(from.y_m, to.y_m)},
        {std::max(from.x_m, to.x_m), std::max(from.y_m, to.y_m)}};
    if (is_arc) {
        // The half circle lies in the rectangle over its diameter.
        const double dx = radius_m * direction.x_m;
        const double dy = radius_m * direction.y_m;
        (dx < 0.0 ? box.low.x_m : box.high.x_m) += dx;
        (dy < 0.0 ? box.low.y_m : box.high.y_m) += dy;
        from = k == 1 ? capsule.end() : capsule.start();
    }
}

void find_meetings(
    const CapsuleSide& first, const CapsuleSide& second, std::vector<Meeting>& meetings
) {
    if (first.is_arc && second.is_arc) {
        cross_arcs(first, second, meetings);
    } else if (first.is_arc) {
        cross_straight_with_arc(second, first, true, meetings);
    } else if (second.is_arc) {
        cross_straight_with_arc(first, second, false, meetings);
    } else {
        cross_straight(first, second, meetings);
    }
}

std::optional<Chord> line_chord(const Capsule& capsule, Capsule::Local a, Capsule::Local b) {
    const double dx = b.along_m - a.along_m;
    const double dy = b.left_m - a.left_m;
    const double length2 = dx * dx + dy * dy;
    if (!(length2 > 0.0)) {
        return std::nullopt;
    }
    const double length = std::sqrt(length2);
    const double r = capsule.radius_m();
    constexpr double far = std::numeric_limits<double>::infinity();
    Chord chord{far, -far};
    for (const double center : {0.0, capsule.length_m()}) {
        const double along = a.along_m - center;
        const double beside = (dx * a.left_m - dy * along) / length;
        const double square = (r - beside) * (r + beside);
        if (!(square > grazing_m * grazing_m)) {
            continue;
        }
        const double middle = -(along * dx + a.left_m * dy) / length2;
        const double half = std::sqrt(square) / length;
        chord.from = std::min(chord.from, middle - half);
        chord.to = std::max(chord.to, middle + half);
    }
    for (const double side : {-r, r}) {
        const double t = dy != 0.0 ? (side - a.left_m) / dy : far;
        const double along = a.along_m + t * dx;
        if (dy == 0.0 || !(along > 0.0 && along < capsule.length_m())) {
            continue;
        }
        if ((side > 0.0) == (dy > 0.0)) {
            chord.to = std::max(chord.to, t);
        } else {
            chord.from = std::min(chord.from, t);
        }
    }
    if (!(chord.to - chord.from > 2.0 * grazing_m / length)) {
        return std::nullopt;
    }
    return chord;
}

} // namespace tuban
