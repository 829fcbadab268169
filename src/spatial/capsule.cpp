#include "spatial/capsule.hpp"

#include <algorithm>
#include <array>
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

/// Two capsules, each in the eyes of the other.
class Encounter {
public:
    Encounter(const Capsule& first, const Capsule& second, std::vector<Meeting>& meetings)
        : first_(first), second_(second), meetings_(meetings),
          cosine_(
              first.along_x() * second.along_x() + first.along_y() * second.along_y()
          ),
          sine_(first.along_x() * second.along_y() - first.along_y() * second.along_x()),
          // Turned by the sine and cosine from one point only, so that equal vertices stay equal.
          second_ends_{first.local(second.start()), first.local(second.end())},
          first_ends_{second.local(first.start()), second.local(first.end())} {}

    void find() {
        if (first_.length_m() > 0.0 && second_.length_m() > 0.0) {
            for (const double left : {-1.0, 1.0}) {
                cross_sides(left, -1.0);
                cross_sides(left, 1.0);
            }
        }
        cross_side_with_ends(first_, second_, second_ends_, sine_, false);
        cross_side_with_ends(second_, first_, first_ends_, -sine_, true);
        for (std::size_t i = 0; i < 4; ++i) {
            cross_ends(i / 2, i % 2);
        }
    }

private:
    using Local = Capsule::Local;

    /// @param first_left, second_left  1 for the left side, -1 for the right one
    void cross_sides(double first_left, double second_left) {
        const double a = first_left * first_.radius_m();
        const double b = second_left * second_.radius_m();
        // How far the ends of either side lie left of the other side.
        const std::array<double, 2> of_first{
            first_ends_[0].left_m + a * cosine_ - b, first_ends_[1].left_m + a * cosine_ - b};
        const std::array<double, 2> of_second{
            second_ends_[0].left_m + b * cosine_ - a,
            second_ends_[1].left_m + b * cosine_ - a};
        if ((of_first[0] < 0.0) == (of_first[1] < 0.0) ||
            (of_second[0] < 0.0) == (of_second[1] < 0.0)) {
            return;
        }
        const double u = of_first[0] / (of_first[0] - of_first[1]);
        const double v = of_second[0] / (of_second[0] - of_second[1]);
        const bool out_along = (of_first[0] < 0.0) == (second_left > 0.0);
        meetings_.push_back(
            {first_.global({u * first_.length_m(), a}),
             first_left < 0.0 ? u : 3.0 - u,
             second_left < 0.0 ? v : 3.0 - v,
             (first_left < 0.0) != out_along}
        );
    }

    /// Sides of one capsule and half circles of the other. @param sine  of the angle from the one to the other
    void cross_side_with_ends(
        const Capsule& sided,
        const Capsule& round,
        const std::array<Local, 2>& centers,
        double sine,
        bool is_swapped
    ) {
        if (!(sided.length_m() > 0.0)) {
            return;
        }
        for (std::size_t i = 0; i < 4; ++i) {
            const Local center = centers.at(i / 2);
            const double side = i % 2 == 0 ? -sided.radius_m() : sided.radius_m();
            const double left = side - center.left_m;
            const double square = (round.radius_m() - left) * (round.radius_m() + left);
            if (!(square > grazing_m * grazing_m)) {
                continue;
            }
            const double half = std::sqrt(square);
            for (const double along : {-half, half}) {
                const double at = center.along_m + along;
                const double outward = along * cosine_ + left * sine;
                if (at < 0.0 || at > sided.length_m() || (outward > 0.0) != (i / 2 == 1)) {
                    continue;
                }
                const double across = left * cosine_ - along * sine;
                const double on_side = side < 0.0 ? at / sided.length_m()
                                                  : 3.0 - at / sided.length_m();
                const double on_round = i / 2 == 1
                                            ? 1.5 + 0.5 * on_half(outward, across)
                                            : 3.5 - 0.5 * on_half(-outward, across);
                const bool enters = (along < 0.0) == (side < 0.0);
                const PlanePoint point = sided.global({at, side});
                if (is_swapped) {
                    meetings_.push_back({point, on_round, on_side, !enters});
                } else {
                    meetings_.push_back({point, on_side, on_round, enters});
                }
            }
        }
    }

    /// Half circles. @param i, j  1 for that at the segment's end
    void cross_ends(std::size_t i, std::size_t j) {
        const double r = first_.radius_m();
        const double other_r = second_.radius_m();
        const Local center{i == 1 ? first_.length_m() : 0.0, 0.0};
        const double dx = second_ends_.at(j).along_m - center.along_m;
        const double dy = second_ends_.at(j).left_m;
        const double distance2 = dx * dx + dy * dy;
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
            const Local from_center{
                (foot * dx - left * dy) / distance, (foot * dy + left * dx) / distance};
            const double ox = from_center.along_m - dx;
            const double oy = from_center.left_m - dy;
            const double outward = ox * cosine_ + oy * sine_;
            if ((from_center.along_m > 0.0) != (i == 1) || (outward > 0.0) != (j == 1)) {
                continue;
            }
            const double across = oy * cosine_ - ox * sine_;
            meetings_.push_back(
                {first_.global({center.along_m + from_center.along_m, from_center.left_m}),
                 i == 1 ? 1.5 + 0.5 * on_half(from_center.along_m, from_center.left_m)
                        : 3.5 - 0.5 * on_half(-from_center.along_m, from_center.left_m),
                 j == 1 ? 1.5 + 0.5 * on_half(outward, across)
                        : 3.5 - 0.5 * on_half(-outward, across),
                 left < 0.0}
            );
        }
    }

    const Capsule& first_;
    const Capsule& second_;
    std::vector<Meeting>& meetings_;
    double cosine_;
    double sine_;
    std::array<Local, 2> second_ends_;
    std::array<Local, 2> first_ends_;
};

} // namespace

Capsule::Capsule(const PlaneSegment& segment, double radius_m)
    : start_(segment.from), radius_m_(radius_m) {
    const double dx = segment.to.x_m - segment.from.x_m;
    const double dy = segment.to.y_m - segment.from.y_m;
    const double length = std::sqrt(dx * dx + dy * dy);
    if (length > point_m) {
        along_x_ = dx / length;
        along_y_ = dy / length;
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
    const bool left = k == 2 || k == 3;
    const bool at_end = k == 1 || k == 2;
    return global({at_end ? length_m_ : 0.0, left ? radius_m_ : -radius_m_});
}

void find_meetings(
    const Capsule& first, const Capsule& second, std::vector<Meeting>& meetings
) {
    Encounter(first, second, meetings).find();
}

std::optional<Chord>
line_chord(const Capsule& capsule, Capsule::Local a, Capsule::Local b) {
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
        const double t = dy != 0.0 ? (side - a.left_m) / dy : 2.0;
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
