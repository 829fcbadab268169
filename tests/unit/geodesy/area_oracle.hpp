#pragma once
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

/// Areas in long double, from nothing of tuban's and nothing of PROJ's: what the area kernel is held to.
namespace oracle {

using Real = long double;

inline constexpr Real real(double value) {
    return static_cast<Real>(value);
}

inline constexpr Real pi = 3.14159265358979323846264338327950288L;
inline constexpr Real degree = pi / 180.0L;
inline constexpr Real a_m = 6378137.0L;
inline constexpr Real f = 1.0L / 298.257222101L;
inline constexpr Real b_m = a_m * (1.0L - f);
inline constexpr Real e2 = f * (2.0L - f);

struct Point {
    Real x = 0.0L; ///< east of the central meridian, m; or longitude, rad
    Real y = 0.0L; ///< north of the equator, m; or latitude, rad
};

/// Krüger's n-series to the sixth order (Karney, J. Geodesy 85 (2011), eq. 36): n⁷ is 4e-20.
/// @return longitude from the central meridian, and latitude; rad
inline Point inverse_gauss(Point plane) {
    const Real n = f / (2.0L - f);
    const Real n2 = n * n;
    const Real n3 = n2 * n;
    const Real n4 = n3 * n;
    const Real n5 = n4 * n;
    const Real n6 = n5 * n;
    const Real radius = a_m / (1.0L + n) * (1.0L + n2 / 4.0L + n4 / 64.0L + n6 / 256.0L);
    const std::array<Real, 6> beta{
        n / 2.0L - 2.0L * n2 / 3.0L + 37.0L * n3 / 96.0L - n4 / 360.0L - 81.0L * n5 / 512.0L +
            96199.0L * n6 / 604800.0L,
        n2 / 48.0L + n3 / 15.0L - 437.0L * n4 / 1440.0L + 46.0L * n5 / 105.0L -
            1118711.0L * n6 / 3870720.0L,
        17.0L * n3 / 480.0L - 37.0L * n4 / 840.0L - 209.0L * n5 / 4480.0L +
            5569.0L * n6 / 90720.0L,
        4397.0L * n4 / 161280.0L - 11.0L * n5 / 504.0L - 830251.0L * n6 / 7257600.0L,
        4583.0L * n5 / 161280.0L - 108847.0L * n6 / 3991680.0L,
        20648693.0L * n6 / 638668800.0L};
    const Real xi = plane.y / radius;
    const Real eta = plane.x / radius;
    Real xi_sphere = xi;
    Real eta_sphere = eta;
    for (std::size_t j = 0; j < beta.size(); ++j) {
        const Real k = 2.0L * static_cast<Real>(j + 1);
        xi_sphere -= beta[j] * std::sin(k * xi) * std::cosh(k * eta);
        eta_sphere -= beta[j] * std::cos(k * xi) * std::sinh(k * eta);
    }
    const Real sinh_eta = std::sinh(eta_sphere);
    const Real cos_xi = std::cos(xi_sphere);
    const Real conformal = std::sin(xi_sphere) / std::hypot(sinh_eta, cos_xi); // tan of it
    const Real e = std::sqrt(e2);
    Real tangent = conformal / (1.0L - e2); // of the latitude, by Newton
    for (int i = 0; i < 8; ++i) {
        const Real secant = std::hypot(1.0L, tangent);
        const Real sigma = std::sinh(e * std::atanh(e * tangent / secant));
        const Real got = tangent * std::hypot(1.0L, sigma) - sigma * secant;
        tangent += (conformal - got) / std::hypot(1.0L, got) *
                   (1.0L + (1.0L - e2) * tangent * tangent) / ((1.0L - e2) * secant);
    }
    return {std::atan2(sinh_eta, cos_xi), std::atan(tangent)};
}

/// The notice's own inverse Gauss (国土调查办发〔2008〕32号) with the constants of CGCS2000.
inline Point inverse_gauss_of_notice(Point plane) {
    const Real e_angle = 1.57048761144159e-7L * plane.y;
    const Real s = std::sin(e_angle);
    const Real foot = e_angle + std::cos(e_angle) * (5.05250178820567e-3L * s -
                                                     2.98472900956587e-5L * s * s * s +
                                                     2.41626669230084e-7L * std::pow(s, 5.0L) -
                                                     2.22241238938534e-9L * std::pow(s, 7.0L));
    const Real t = std::tan(foot);
    const Real eta2 = e2 / (1.0L - e2) * std::cos(foot) * std::cos(foot);
    const Real v2 = 1.0L + eta2;
    const Real q = plane.x / (a_m * a_m / b_m / std::sqrt(v2));
    const Real t2 = t * t;
    const Real lat =
        foot - v2 * t * q * q / 2.0L +
        (5.0L + 3.0L * t2 + eta2 - 9.0L * eta2 * t2) * v2 * t * std::pow(q, 4.0L) / 24.0L -
        (61.0L + 90.0L * t2 + 45.0L * t2 * t2) * v2 * t * std::pow(q, 6.0L) / 720.0L;
    const Real lon = (q - (1.0L + 2.0L * t2 + eta2) * std::pow(q, 3.0L) / 6.0L +
                      (5.0L + 28.0L * t2 + 24.0L * t2 * t2 + 6.0L * eta2 + 8.0L * eta2 * t2) *
                          std::pow(q, 5.0L) / 120.0L) /
                     std::cos(foot);
    return {lon, lat};
}

/// Area per radian of longitude between two parallels: the notice's series of five terms.
inline Real strip_of_notice(Real lat_1, Real lat_2) {
    const Real e4 = e2 * e2;
    const Real e6 = e4 * e2;
    const Real e8 = e4 * e4;
    const std::array<Real, 5> factors{
        1.0L + e2 / 2.0L + 30.0L / 80.0L * e4 + 35.0L / 112.0L * e6 + 630.0L / 2304.0L * e8,
        -(e2 / 6.0L + 15.0L / 80.0L * e4 + 21.0L / 112.0L * e6 + 420.0L / 2304.0L * e8),
        3.0L / 80.0L * e4 + 7.0L / 112.0L * e6 + 180.0L / 2304.0L * e8,
        -(1.0L / 112.0L * e6 + 45.0L / 2304.0L * e8),
        5.0L / 2304.0L * e8};
    const Real half = (lat_2 - lat_1) / 2.0L;
    const Real middle = (lat_1 + lat_2) / 2.0L;
    Real sum = 0.0L;
    for (std::size_t i = 0; i < factors.size(); ++i) {
        const Real k = 2.0L * static_cast<Real>(i) + 1.0L;
        sum += factors[i] * std::sin(k * half) * std::cos(k * middle);
    }
    return 2.0L * b_m * b_m * sum;
}

/// The same without a series: Q(B) = b²/2 [sin B/(1 − e² sin² B) + atanh(e sin B)/e].
inline Real exact_strip(Real lat_1, Real lat_2) {
    const Real e = std::sqrt(e2);
    const Real s1 = std::sin(lat_1);
    const Real s2 = std::sin(lat_2);
    // Differences of sines and of atanh without cancellation.
    const Real ds = 2.0L * std::sin((lat_2 - lat_1) / 2.0L) * std::cos((lat_1 + lat_2) / 2.0L);
    const Real quotient =
        ds * (1.0L + e2 * s1 * s2) / ((1.0L - e2 * s1 * s1) * (1.0L - e2 * s2 * s2));
    return b_m * b_m / 2.0L * (quotient + std::atanh(e * ds / (1.0L - e2 * s1 * s2)) / e);
}

/// Signed sum of strips over a ring whose edges are straight in a plane and cut to `piece_m` there.
template <class Inverse, class Strip>
Real ring_area(
    const std::vector<Point>& plane, Real piece_m, const Inverse& inverse, const Strip& strip
) {
    Real sum = 0.0L;
    const Real lon_0 = inverse(plane.front()).x;
    for (std::size_t i = 0; i < plane.size(); ++i) {
        const Point& from = plane[i];
        const Point& to = plane[(i + 1) % plane.size()];
        const auto pieces =
            static_cast<long>(std::ceil(std::hypot(to.x - from.x, to.y - from.y) / piece_m));
        Point last = inverse(from);
        for (long k = 1; k <= pieces; ++k) {
            const Real u = static_cast<Real>(k) / static_cast<Real>(pieces);
            const Point next =
                inverse({from.x + u * (to.x - from.x), from.y + u * (to.y - from.y)});
            sum += strip(last.y, next.y) * ((last.x + next.x) / 2.0L - lon_0);
            last = next;
        }
    }
    return std::abs(sum);
}

/// The official rule: pieces of at most 70 m, the notice's series.
inline Real official_m2(const std::vector<Point>& plane) {
    return ring_area(plane, 70.0L, inverse_gauss, strip_of_notice);
}

/// The limit of ever finer cuts: exact strips of 4 m and 2 m, extrapolated (their error falls with the square).
inline Real limit_m2(const std::vector<Point>& plane) {
    const Real coarse = ring_area(plane, 4.0L, inverse_gauss, exact_strip);
    const Real fine = ring_area(plane, 2.0L, inverse_gauss, exact_strip);
    return fine + (fine - coarse) / 3.0L;
}

inline Real shoelace_m2(const std::vector<Point>& plane) {
    Real twice = 0.0L;
    const Point& origin = plane.front();
    for (std::size_t i = 1; i + 1 < plane.size(); ++i) {
        twice += (plane[i].x - origin.x) * (plane[i + 1].y - origin.y) -
                 (plane[i + 1].x - origin.x) * (plane[i].y - origin.y);
    }
    return std::abs(twice) / 2.0L;
}

} // namespace oracle
