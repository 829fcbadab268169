// How much quicker the official area is than a geodesic polygon of the same pieces.
//
// Plots of straight edges (合成数据, seeded), as longitude and latitude and on a 3° Gauss–Krüger plane, by area_m2(…, survey),
// which cuts the edges to 70 m by itself; against geod_polygon of PROJ's geodesic.h over the vertices of the same cuts, made
// beforehand. One thread each, in turn. The areas are checked before anything is timed.
//
// Usage: tuban_bench_area [REPEATS]
#include <tuban/geodesy.hpp>

#include <geodesic.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr double radians_per_degree = 3.14159265358979323846 / 180.0;
constexpr double piece_m = 70.0;
constexpr std::size_t plots = 1000;
constexpr std::size_t vertices = 50;

/// Plots of some 9 km², edges of about 250 m.
tuban::Geometry make_plots() {
    std::mt19937_64 numbers(20240601);
    const auto random = [&](double low, double high) {
        return std::uniform_real_distribution<double>(low, high)(numbers);
    };
    tuban::Geometry made;
    for (std::size_t plot = 0; plot < plots; ++plot) {
        const double lon = random(82.7, 85.3);
        const double lat = random(45.0, 46.3); // a county
        for (std::size_t v = 0; v < vertices; ++v) {
            const double angle = 360.0 * (static_cast<double>(v) + random(0.1, 0.9)) / vertices;
            const double radius = random(0.015, 0.017);
            made.lon_deg.push_back(
                lon + radius * std::cos(angle * radians_per_degree) /
                          std::cos(lat * radians_per_degree)
            );
            made.lat_deg.push_back(lat + radius * std::sin(angle * radians_per_degree));
        }
        made.ring_offsets.push_back(made.lon_deg.size());
        made.part_offsets.push_back(made.ring_offsets.size() - 1);
        made.feature_offsets.push_back(made.part_offsets.size() - 1);
        made.kinds.push_back(tuban::GeometryKind::polygon);
    }
    return made;
}

/// The same plots with edges that are straight in longitude and latitude cut to at most 70 m.
tuban::Geometry cut(const tuban::Geometry& whole) {
    tuban::Geometry made = whole;
    made.lon_deg.clear();
    made.lat_deg.clear();
    for (std::size_t plot = 0; plot < plots; ++plot) {
        for (std::size_t v = 0; v < vertices; ++v) {
            const std::size_t i = plot * vertices + v;
            const std::size_t j = plot * vertices + (v + 1) % vertices;
            const double dlon = whole.lon_deg[j] - whole.lon_deg[i];
            const double dlat = whole.lat_deg[j] - whole.lat_deg[i];
            const double length = tuban::geodesic_distance_m(
                {whole.lon_deg[i], whole.lat_deg[i]}, {whole.lon_deg[j], whole.lat_deg[j]}
            );
            const double pieces = std::ceil(length / piece_m);
            for (double k = 0.0; k < pieces; ++k) {
                made.lon_deg.push_back(whole.lon_deg[i] + dlon * k / pieces);
                made.lat_deg.push_back(whole.lat_deg[i] + dlat * k / pieces);
            }
        }
        made.ring_offsets[plot + 1] = made.lon_deg.size();
    }
    return made;
}

/// Area between the equator and a latitude over a radian of longitude, m²: the closed form of the ellipsoid's zone.
double zone_m2(double lat_deg) {
    const double f = 1.0 / tuban::cgcs2000.inverse_flattening;
    const double b = tuban::cgcs2000.a_m * (1.0 - f);
    const double e = std::sqrt(f * (2.0 - f));
    const double sine = std::sin(lat_deg * radians_per_degree);
    return 0.5 * b * b * (sine / (1.0 - e * e * sine * sine) + std::atanh(e * sine) / e);
}

/// Area of the whole plots, edges straight in longitude and latitude: the integral of zone_m2() along them, by the rule of
/// Gauss with three nodes on each edge.
std::vector<double> exact_m2(const tuban::Geometry& whole) {
    constexpr std::array<double, 3> nodes{0.1127016653792583, 0.5, 0.8872983346207417};
    constexpr std::array<double, 3> weights{5.0 / 18.0, 8.0 / 18.0, 5.0 / 18.0};
    std::vector<double> areas;
    for (std::size_t plot = 0; plot < plots; ++plot) {
        const double base = zone_m2(whole.lat_deg[plot * vertices]);
        double sum = 0.0;
        for (std::size_t v = 0; v < vertices; ++v) {
            const std::size_t i = plot * vertices + v;
            const std::size_t j = plot * vertices + (v + 1) % vertices;
            const double dlat = whole.lat_deg[j] - whole.lat_deg[i];
            const double dlon = (whole.lon_deg[j] - whole.lon_deg[i]) * radians_per_degree;
            for (std::size_t n = 0; n < nodes.size(); ++n) {
                sum += weights[n] * dlon * (zone_m2(whole.lat_deg[i] + nodes[n] * dlat) - base);
            }
        }
        areas.push_back(std::abs(sum));
    }
    return areas;
}

std::vector<double> geodesic_m2(const tuban::Geometry& pieces) {
    geod_geodesic ellipsoid{};
    geod_init(&ellipsoid, tuban::cgcs2000.a_m, 1.0 / tuban::cgcs2000.inverse_flattening);
    std::vector<double> areas;
    for (std::size_t plot = 0; plot < plots; ++plot) {
        geod_polygon polygon{};
        geod_polygon_init(&polygon, 0);
        for (std::size_t i = pieces.ring_offsets[plot]; i < pieces.ring_offsets[plot + 1];
             ++i) {
            geod_polygon_addpoint(&ellipsoid, &polygon, pieces.lat_deg[i], pieces.lon_deg[i]);
        }
        double area = 0.0;
        geod_polygon_compute(&ellipsoid, &polygon, 0, 1, &area, nullptr);
        areas.push_back(std::abs(area));
    }
    return areas;
}

double worst_m2(const std::vector<double>& a, const std::vector<double>& b) {
    double worst = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double off = std::abs(a[i] - b[i]);
        worst = off <= worst ? worst : off; // NaN counts as wrong
    }
    return worst;
}

template <class Work>
double seconds(const Work& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void require(const char* what, double worst, double most) {
    std::printf("%-44s off by %.2e m2 at most, allowed %.0e\n", what, worst, most);
    if (!(worst <= most)) {
        std::printf("wrong result: nothing is timed\n");
        std::exit(1);
    }
}

} // namespace

int main(int argc, char** argv) {
    const int repeats = argc > 1 ? std::max(5, std::atoi(argv[1])) : 7;
    const tuban::Geometry whole = make_plots();
    const tuban::Geometry pieces = cut(whole);
    tuban::Execution one;
    one.threads = 1;
    const auto survey = [&](const char* crs) {
        return tuban::area_m2(whole, crs, tuban::AreaMethod::survey, one);
    };
    const std::string plane = "EPSG:4537";
    std::printf(
        "%zu plots, %zu edges, %zu pieces\n", plots, whole.lon_deg.size(), pieces.lon_deg.size()
    );
    // The definition's pieces are trapezoids, and geodesic ones arcs: both are off the straight edge by ℓ³ tan B / (12R) or
    // less for each, most of it in balance around a ring. Edges straight on the plane bow away from these by up to 0.2 mm.
    require(
        "survey against the closed form", worst_m2(survey("EPSG:4490"), exact_m2(whole)), 0.05
    );
    require(
        "geodesic against the closed form", worst_m2(geodesic_m2(pieces), exact_m2(whole)), 0.2
    );
    require(
        "survey on a plane against the closed form",
        worst_m2(survey(plane.c_str()), exact_m2(whole)),
        5.0
    );

    std::array<std::vector<double>, 2> ratios;
    for (int i = 0; i < repeats; ++i) {
        const double geodesic_s = seconds([&] { (void)geodesic_m2(pieces); });
        ratios[0].push_back(geodesic_s / seconds([&] { (void)survey("EPSG:4490"); }));
        ratios[1].push_back(geodesic_s / seconds([&] { (void)survey(plane.c_str()); }));
    }
    std::printf(
        "geodesic polygon / official area, time, %d runs: median (least to greatest); target "
        "15\n",
        repeats
    );
    for (std::size_t k = 0; k < ratios.size(); ++k) {
        std::sort(ratios[k].begin(), ratios[k].end());
        std::printf(
            "%-24s %6.1f (%.1f to %.1f)\n",
            k == 0 ? "longitude and latitude" : "3-degree plane",
            ratios[k][ratios[k].size() / 2],
            ratios[k].front(),
            ratios[k].back()
        );
    }
    return 0;
}
