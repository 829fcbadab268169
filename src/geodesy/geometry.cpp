#include "geodesy/geometry.hpp"

#include "core/format.hpp"

#include <algorithm>
#include <cmath>

namespace tuban {
namespace {

[[noreturn]] void throw_inconsistent() {
    throw Error(
        ErrorCode::invalid_argument,
        {"几何的偏移数组互不一致：要求从 0 "
         "开始、不减，且末项等于下一级的个数。请检查生成该几何的程序。",
         "the offsets of a geometry do not fit each other: each must start at 0, never fall "
         "and end at the number "
         "of items below. Check the code that made the geometry."}
    );
}

void check_offsets(const std::vector<std::size_t>& offsets, std::size_t below) {
    if (offsets.empty() || offsets.front() != 0 || offsets.back() != below ||
        !std::is_sorted(offsets.begin(), offsets.end())) {
        throw_inconsistent();
    }
}

/// Without a branch in the loop, which goes over every vertex of a file.
std::size_t count_beyond(const std::vector<double>& values, double most) {
    std::size_t beyond = 0;
    for (const double value : values) {
        beyond += std::abs(value) <= most ? 0U : 1U; // NaN is beyond
    }
    return beyond;
}

[[noreturn]] void throw_out_of_range(const Geometry& geometry) {
    std::size_t i = 0;
    while (std::abs(geometry.lon_deg[i]) <= 360.0 && std::abs(geometry.lat_deg[i]) <= 90.0) {
        ++i;
    }
    throw Error(
        ErrorCode::invalid_argument,
        text(
            "第 {} 个顶点的经纬度为（{}，{}），应为经度 -180–180、纬度 "
            "-90–90。请检查坐标系与坐标顺序。",
            "vertex {} has longitude and latitude ({}, {}); expected -180 to 180 and "
            "-90 to 90. Check the "
            "coordinate system and the order of the coordinates.",
            i + 1,
            geometry.lon_deg[i],
            geometry.lat_deg[i]
        )
    );
}

} // namespace

double wrapped_lon_deg(double lon_deg) {
    if (lon_deg >= -180.0 && lon_deg <= 180.0) {
        return lon_deg;
    }
    return std::remainder(lon_deg, 360.0);
}

void check_geometry(const Geometry& geometry) {
    if (geometry.lon_deg.size() != geometry.lat_deg.size() ||
        geometry.feature_offsets.size() != geometry.size() + 1 ||
        geometry.part_offsets.empty() || geometry.ring_offsets.empty()) {
        throw_inconsistent();
    }
    check_offsets(geometry.ring_offsets, geometry.lon_deg.size());
    check_offsets(geometry.part_offsets, geometry.ring_offsets.size() - 1);
    check_offsets(geometry.feature_offsets, geometry.part_offsets.size() - 1);
    if (count_beyond(geometry.lon_deg, 360.0) + count_beyond(geometry.lat_deg, 90.0) > 0) {
        throw_out_of_range(geometry);
    }
}

void append_feature(const Geometry& from, std::size_t feature, Geometry& to) {
    const std::size_t first_part = from.feature_offsets[feature];
    const std::size_t end_part = from.feature_offsets[feature + 1];
    const std::size_t first_ring = from.part_offsets[first_part];
    const std::size_t end_ring = from.part_offsets[end_part];
    const auto begin = static_cast<std::ptrdiff_t>(from.ring_offsets[first_ring]);
    const auto end = static_cast<std::ptrdiff_t>(from.ring_offsets[end_ring]);
    const std::size_t rings = to.ring_offsets.size() - 1;
    const std::size_t vertices = to.lon_deg.size();
    for (std::size_t part = first_part; part < end_part; ++part) {
        to.part_offsets.push_back(rings + from.part_offsets[part + 1] - first_ring);
    }
    for (std::size_t ring = first_ring; ring < end_ring; ++ring) {
        to.ring_offsets.push_back(
            vertices + from.ring_offsets[ring + 1] - from.ring_offsets[first_ring]
        );
    }
    to.lon_deg.insert(
        to.lon_deg.end(), from.lon_deg.begin() + begin, from.lon_deg.begin() + end
    );
    to.lat_deg.insert(
        to.lat_deg.end(), from.lat_deg.begin() + begin, from.lat_deg.begin() + end
    );
    to.feature_offsets.push_back(to.part_offsets.size() - 1);
    to.kinds.push_back(from.kinds[feature]);
}

void append_nothing(Geometry& to) {
    to.feature_offsets.push_back(to.part_offsets.size() - 1);
    to.kinds.push_back(GeometryKind::none);
}

double rough_length_m(LonLat from, LonLat to) {
    const double mid = 0.5 * (from.lat_deg + to.lat_deg) * radians_per_degree;
    const double f = 1.0 / cgcs2000.inverse_flattening;
    const double e2 = f * (2.0 - f);
    const double sine = std::sin(mid);
    const double w = 1.0 - e2 * sine * sine;
    const double n = cgcs2000.a_m / std::sqrt(w);
    const double m = n * (1.0 - e2) / w;
    const double east =
        n * std::cos(mid) * radians_per_degree * short_way_deg(to.lon_deg - from.lon_deg);
    const double north = m * radians_per_degree * (to.lat_deg - from.lat_deg);
    return std::hypot(east, north);
}

} // namespace tuban
