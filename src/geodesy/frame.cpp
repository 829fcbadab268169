#include <tuban/geodesy.hpp>

#include "geodesy/geometry.hpp"

#include <geodesic.h>

#include <cmath>

namespace tuban {
namespace {

constexpr double flattening = 1.0 / cgcs2000.inverse_flattening;
constexpr double e2 = flattening * (2.0 - flattening);

/// Beyond it the series of forward() may be off sideways by more than 1e-6 m, and Karney's inverse is used.
constexpr double series_reach_m = 4'000.0;

const geod_geodesic& geodesic() {
    static const geod_geodesic value = [] {
        geod_geodesic g{};
        geod_init(&g, cgcs2000.a_m, flattening);
        return g;
    }();
    return value;
}

} // namespace

double geodesic_distance_m(LonLat from, LonLat to) {
    double distance = 0.0;
    geod_inverse(
        &geodesic(),
        from.lat_deg,
        from.lon_deg,
        to.lat_deg,
        to.lon_deg,
        &distance,
        nullptr,
        nullptr
    );
    return distance;
}

Ecef ecef(LonLat position) {
    const double lon = position.lon_deg * radians_per_degree;
    const double lat = position.lat_deg * radians_per_degree;
    const double sin_lat = std::sin(lat);
    const double n = cgcs2000.a_m / std::sqrt(1.0 - e2 * sin_lat * sin_lat);
    const double parallel = n * std::cos(lat);
    return {parallel * std::cos(lon), parallel * std::sin(lon), n * (1.0 - e2) * sin_lat};
}

LocalFrame::LocalFrame(LonLat origin)
    : origin_(origin), center_(ecef(origin)),
      sin_lon_(std::sin(origin.lon_deg * radians_per_degree)),
      cos_lon_(std::cos(origin.lon_deg * radians_per_degree)),
      sin_lat_(std::sin(origin.lat_deg * radians_per_degree)),
      cos_lat_(std::cos(origin.lat_deg * radians_per_degree)) {
    const double w = 1.0 - e2 * sin_lat_ * sin_lat_;
    const double n = cgcs2000.a_m / std::sqrt(w);
    const double m = n * (1.0 - e2) / w;
    inverse_n2_ = 1.0 / (n * n);
    inverse_m2_ = 1.0 / (m * m);
}

LocalFrame::Point LocalFrame::forward(LonLat position) const {
    const Ecef p = ecef(position);
    const double dx = p.x_m - center_.x_m;
    const double dy = p.y_m - center_.y_m;
    const double dz = p.z_m - center_.z_m;
    if (dx * dx + dy * dy + dz * dz > series_reach_m * series_reach_m) {
        double distance = 0.0;
        double azimuth = 0.0;
        geod_inverse(
            &geodesic(),
            origin_.lat_deg,
            origin_.lon_deg,
            position.lat_deg,
            position.lon_deg,
            &distance,
            &azimuth,
            nullptr
        );
        const double a = azimuth * radians_per_degree;
        return {distance * std::sin(a), distance * std::cos(a)};
    }
    const double east = -sin_lon_ * dx + cos_lon_ * dy;
    const double north = -sin_lat_ * (cos_lon_ * dx + sin_lon_ * dy) + cos_lat_ * dz;
    const double z = north * north * inverse_m2_ + east * east * inverse_n2_;
    const double g = 1.0 + z / 6.0 + 3.0 * z * z / 40.0;
    return {g * east, g * north};
}

LonLat LocalFrame::inverse(Point point) const {
    LonLat result;
    geod_direct(
        &geodesic(),
        origin_.lat_deg,
        origin_.lon_deg,
        std::atan2(point.x_m, point.y_m) / radians_per_degree,
        std::hypot(point.x_m, point.y_m),
        &result.lat_deg,
        &result.lon_deg,
        nullptr
    );
    return result;
}

} // namespace tuban
