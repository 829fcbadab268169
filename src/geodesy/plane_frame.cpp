#include "geodesy/plane_frame.hpp"

#include "geodesy/geometry.hpp"

#include <cmath>

namespace tuban {
namespace {

constexpr double flattening = 1.0 / cgcs2000.inverse_flattening;
constexpr double e2 = flattening * (2.0 - flattening);

} // namespace

PlaneFrame::PlaneFrame(LonLat origin)
    : sin_lon_(std::sin(origin.lon_deg * radians_per_degree)),
      cos_lon_(std::cos(origin.lon_deg * radians_per_degree)),
      sin_lat_(std::sin(origin.lat_deg * radians_per_degree)),
      cos_lat_(std::cos(origin.lat_deg * radians_per_degree)) {
    const double w = 1.0 - e2 * sin_lat_ * sin_lat_;
    const double n = cgcs2000.a_m / std::sqrt(w);
    const double m = n * (1.0 - e2) / w;
    inverse_n2_ = 1.0 / (n * n);
    inverse_m2_ = 1.0 / (m * m);
    parallel_m_ = n * cos_lat_;
    center_ = {parallel_m_ * cos_lon_, parallel_m_ * sin_lon_, n * (1.0 - e2) * sin_lat_};
}

TUBAN_INLINE void
PlaneFrame::forward_near_any(std::span<double> lon_then_x, std::span<double> lat_then_y) const {
    const PlaneFrame frame = *this; // so that writing to the spans cannot change it
    const std::size_t count = lon_then_x.size();
    double* const lon = lon_then_x.data();
    double* const lat = lat_then_y.data();
    for (std::size_t i = 0; i < count; ++i) {
        const double l = lon[i] * radians_per_degree;
        const double b = lat[i] * radians_per_degree;
        const double l2 = l * l;
        const double b2 = b * b;
        // Taylor's series: what is left out at near_deg is below 1e-16.
        const double sin_l =
            l * (1.0 - l2 * (1.0 / 6.0 - l2 * (1.0 / 120.0 - l2 * (1.0 / 5040.0))));
        const double versed_l =
            l2 * (0.5 - l2 * (1.0 / 24.0 - l2 * (1.0 / 720.0 - l2 * (1.0 / 40320.0))));
        const double sin_b =
            b * (1.0 - b2 * (1.0 / 6.0 - b2 * (1.0 / 120.0 - b2 * (1.0 / 5040.0))));
        const double versed_b =
            b2 * (0.5 - b2 * (1.0 / 24.0 - b2 * (1.0 / 720.0 - b2 * (1.0 / 40320.0))));
        const double sine = frame.sin_lat_ - frame.sin_lat_ * versed_b + frame.cos_lat_ * sin_b;
        const double cosine =
            frame.cos_lat_ - frame.cos_lat_ * versed_b - frame.sin_lat_ * sin_b;
        const double n = cgcs2000.a_m / std::sqrt(1.0 - e2 * sine * sine);
        const double parallel = n * cosine;
        const double across = parallel - frame.parallel_m_ - parallel * versed_l;
        const double up = n * (1.0 - e2) * sine - frame.center_.z_m;
        double east = parallel * sin_l;
        double north = frame.cos_lat_ * up - frame.sin_lat_ * across;
        frame.stretch(east, north);
        lon[i] = east;
        lat[i] = north;
    }
}

void PlaneFrame::forward_near_plain(std::span<double> lon_then_x, std::span<double> lat_then_y)
    const {
    forward_near_any(lon_then_x, lat_then_y);
}

TUBAN_AVX2 void PlaneFrame::forward_near_avx2(
    std::span<double> lon_then_x, std::span<double> lat_then_y
) const {
    forward_near_any(lon_then_x, lat_then_y);
}

void PlaneFrame::forward_near(std::span<double> lon_then_x, std::span<double> lat_then_y)
    const {
    if (has_avx2()) {
        forward_near_avx2(lon_then_x, lat_then_y);
    } else {
        forward_near_plain(lon_then_x, lat_then_y);
    }
}

double isometric_latitude(double lat_deg) {
    return isometric_latitude_of_sine(std::sin(lat_deg * radians_per_degree));
}

double isometric_latitude_of_sine(double sin_lat) {
    const double e = std::sqrt(e2);
    return std::atanh(sin_lat) - e * std::atanh(e * sin_lat);
}

} // namespace tuban
