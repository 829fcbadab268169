#pragma once
// Synthetic shapes (合成数据) for the tests of this room.
#include <tuban/geodesy.hpp>
#include <tuban/spatial.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

namespace shapes {

using Ring = std::vector<tuban::LonLat>;
using Parts = std::vector<std::vector<Ring>>;
using Plane = std::vector<tuban::LocalFrame::Point>;

inline void add(tuban::Geometry& geometry, tuban::GeometryKind kind, const Parts& parts) {
    for (const auto& part : parts) {
        for (const Ring& ring : part) {
            for (const tuban::LonLat& p : ring) {
                geometry.lon_deg.push_back(p.lon_deg);
                geometry.lat_deg.push_back(p.lat_deg);
            }
            geometry.ring_offsets.push_back(geometry.lon_deg.size());
        }
        geometry.part_offsets.push_back(geometry.ring_offsets.size() - 1);
    }
    geometry.feature_offsets.push_back(geometry.part_offsets.size() - 1);
    geometry.kinds.push_back(kind);
}

inline void add_polygon(tuban::Geometry& geometry, const std::vector<Ring>& rings) {
    add(geometry, tuban::GeometryKind::polygon, {rings});
}

inline tuban::Geometry polygon(const std::vector<Ring>& rings) {
    tuban::Geometry geometry;
    add_polygon(geometry, rings);
    return geometry;
}

inline Ring box(double west, double south, double east, double north) {
    return {{west, south}, {east, south}, {east, north}, {west, north}};
}

inline Ring reversed(const Ring& ring) {
    return {ring.rbegin(), ring.rend()};
}

/// Corners in the plane of a frame, each edge cut into pieces so short that it is straight there.
inline Ring placed(
    const tuban::LocalFrame& frame, const Plane& corners, bool closed = true, double turn = 0.0
) {
    Ring ring;
    const std::size_t n = corners.size();
    for (std::size_t i = 0; i < n; ++i) {
        const auto& a = corners[i];
        const auto& b = corners[(i + 1) % n];
        const bool last = i + 1 == n && !closed;
        const int pieces =
            last ? 1 : 1 + static_cast<int>(std::hypot(b.x_m - a.x_m, b.y_m - a.y_m) / 20.0);
        for (int k = 0; k < pieces; ++k) {
            const double u = static_cast<double>(k) / pieces;
            const double x = a.x_m + u * (b.x_m - a.x_m);
            const double y = a.y_m + u * (b.y_m - a.y_m);
            ring.push_back(frame.inverse(
                {x * std::cos(turn) - y * std::sin(turn),
                 x * std::sin(turn) + y * std::cos(turn)}
            ));
        }
    }
    return ring;
}

} // namespace shapes
