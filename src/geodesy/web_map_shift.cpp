#include "geodesy/web_map_shift.hpp"

#include "geodesy/geometry.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace tuban {
namespace {

constexpr std::size_t fewest_positions = 3;
constexpr std::size_t most_positions =
    300; ///< enough for a median; each is held against the whole reference
constexpr double least_shift_m = 100.0;
constexpr double most_shift_m = 1500.0;
constexpr double least_distance_m = 30.0;
constexpr double part_left = 0.2;

double sine_of(double value, double factor) {
    return std::sin(value * factor * pi);
}

bool is_covered(LonLat p) {
    return p.lon_deg >= 72.004 && p.lon_deg <= 137.8347 && p.lat_deg >= 0.8293 &&
           p.lat_deg <= 55.8271;
}

/// GCJ-02: two polynomials with sines, in metres of Krassovsky's ellipsoid, about 105° E 35° N.
LonLat to_gcj02(LonLat p) {
    if (!is_covered(p)) {
        return p;
    }
    constexpr double a_m = 6378245.0;
    constexpr double e2 = 0.00669342162296594323;
    const double x = p.lon_deg - 105.0;
    const double y = p.lat_deg - 35.0;
    const double ripple = (20.0 * sine_of(x, 6.0) + 20.0 * sine_of(x, 2.0)) * 2.0 / 3.0;
    const double root = std::sqrt(std::abs(x));
    const double north_m =
        -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple +
        (20.0 * sine_of(y, 1.0) + 40.0 * sine_of(y, 1.0 / 3.0)) * 2.0 / 3.0 +
        (160.0 * sine_of(y, 1.0 / 12.0) + 320.0 * sine_of(y, 1.0 / 30.0)) * 2.0 / 3.0;
    const double east_m =
        300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple +
        (20.0 * sine_of(x, 1.0) + 40.0 * sine_of(x, 1.0 / 3.0)) * 2.0 / 3.0 +
        (150.0 * sine_of(x, 1.0 / 12.0) + 300.0 * sine_of(x, 1.0 / 30.0)) * 2.0 / 3.0;
    const double lat = p.lat_deg * radians_per_degree;
    const double w2 = 1.0 - e2 * std::sin(lat) * std::sin(lat);
    const double w = std::sqrt(w2);
    const double meridian_m = a_m * (1.0 - e2) / (w2 * w);
    const double parallel_m = a_m / w * std::cos(lat);
    return {
        p.lon_deg + east_m / parallel_m / radians_per_degree,
        p.lat_deg + north_m / meridian_m / radians_per_degree};
}

/// BD-09: GCJ-02, turned and moved a little.
LonLat to_bd09(LonLat gcj02) {
    constexpr double factor = 3000.0 / 180.0;
    const double x = gcj02.lon_deg;
    const double y = gcj02.lat_deg;
    const double radius = std::hypot(x, y) + 0.00002 * sine_of(y, factor);
    const double angle = std::atan2(y, x) + 0.000003 * std::cos(x * factor * pi);
    return {radius * std::cos(angle) + 0.0065, radius * std::sin(angle) + 0.006};
}

double middle(std::vector<double> values) {
    const auto half = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), half, values.end());
    return *half;
}

/// East and north of `from`, in metres: a plane that is right to 1e-3 over some kilometres.
std::array<double, 2> step_m(LonLat from, LonLat to) {
    const double lat = from.lat_deg * radians_per_degree;
    constexpr double degree_m = 111'320.0;
    return {
        (to.lon_deg - from.lon_deg) * degree_m * std::cos(lat),
        (to.lat_deg - from.lat_deg) * degree_m};
}

double edge_distance_m(LonLat p, LonLat a, LonLat b) {
    const auto [ax, ay] = step_m(p, a);
    const auto [bx, by] = step_m(p, b);
    const double dx = bx - ax;
    const double dy = by - ay;
    const double length2 = dx * dx + dy * dy;
    const double t = length2 > 0.0 ? std::clamp(-(ax * dx + ay * dy) / length2, 0.0, 1.0) : 0.0;
    return std::hypot(ax + t * dx, ay + t * dy);
}

double nearest_m(LonLat p, const Geometry& reference) {
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t ring = 0; ring + 1 < reference.ring_offsets.size(); ++ring) {
        const std::size_t begin = reference.ring_offsets[ring];
        const std::size_t end = reference.ring_offsets[ring + 1];
        for (std::size_t v = begin; v < end; ++v) {
            const std::size_t next = v + 1 < end ? v + 1 : v;
            least = std::min(
                least,
                edge_distance_m(
                    p,
                    {reference.lon_deg[v], reference.lat_deg[v]},
                    {reference.lon_deg[next], reference.lat_deg[next]}
                )
            );
        }
    }
    return least;
}

/// Every so many of n, so that at most `most_positions` are looked at.
std::vector<std::size_t> sampled(std::size_t n) {
    std::vector<std::size_t> rows;
    const std::size_t step =
        std::max<std::size_t>(1, (n + most_positions - 1) / most_positions);
    for (std::size_t i = 0; i < n; i += step) {
        rows.push_back(i);
    }
    return rows;
}

/// @param distance_m (row, position) how far the position is from where it should be
template <class Distance>
std::optional<WebMapFinding> judge(
    const std::vector<LonLat>& shown,
    const std::vector<std::size_t>& rows,
    Distance&& distance_m
) {
    if (rows.size() < fewest_positions) {
        return std::nullopt;
    }
    std::vector<double> before;
    before.reserve(rows.size());
    for (const std::size_t row : rows) {
        before.push_back(distance_m(row, shown[row]));
    }
    const double before_m = middle(before);
    std::optional<WebMapFinding> best;
    for (const WebMap map : {WebMap::gcj02, WebMap::bd09}) {
        std::vector<double> after;
        std::vector<double> shift;
        double east = 0.0;
        double north = 0.0;
        for (const std::size_t row : rows) {
            const LonLat place = unshifted(shown[row], map);
            const auto [dx, dy] = step_m(place, shown[row]);
            after.push_back(distance_m(row, place));
            shift.push_back(std::hypot(dx, dy));
            east += dx;
            north += dy;
        }
        WebMapFinding finding{map, middle(shift), before_m, middle(after), 0.0, rows.size()};
        const bool explained =
            before_m >= least_distance_m && finding.offset_m >= least_shift_m &&
            finding.offset_m <= most_shift_m && finding.residual_m <= part_left * before_m;
        if (explained && (!best || finding.residual_m < best->residual_m)) {
            const double direction = std::atan2(east, north) / radians_per_degree;
            finding.direction_deg = direction < 0.0 ? direction + 360.0 : direction;
            best = finding;
        }
    }
    return best;
}

} // namespace

LonLat shifted(LonLat position, WebMap map) {
    const LonLat gcj02 = to_gcj02(position);
    return map == WebMap::gcj02 || !is_covered(position) ? gcj02 : to_bd09(gcj02);
}

LonLat unshifted(LonLat shown, WebMap map) {
    LonLat place = shown;
    constexpr int most_rounds =
        20; // the shift changes by 1e-2 of a step: each round gains two digits
    for (int round = 0; round < most_rounds; ++round) {
        const LonLat there = shifted(place, map);
        const double dx = shown.lon_deg - there.lon_deg;
        const double dy = shown.lat_deg - there.lat_deg;
        place.lon_deg += dx;
        place.lat_deg += dy;
        if (std::abs(dx) < 1e-11 && std::abs(dy) < 1e-11) {
            break;
        }
    }
    return place;
}

std::optional<WebMapFinding>
web_map_shift(const std::vector<LonLat>& shown, const std::vector<LonLat>& true_place) {
    return judge(shown, sampled(shown.size()), [&](std::size_t row, LonLat place) {
        return geodesic_distance_m(place, true_place[row]);
    });
}

std::optional<WebMapFinding>
web_map_shift_to_nearest(const std::vector<LonLat>& shown, const Geometry& reference) {
    if (reference.lon_deg.empty()) {
        return std::nullopt;
    }
    return judge(shown, sampled(shown.size()), [&](std::size_t /*row*/, LonLat place) {
        return nearest_m(place, reference);
    });
}

} // namespace tuban
