#include "run/extents.hpp"

#include <algorithm>

namespace tuban {

LonLatBox extent_of(const Geometry& geometry, std::size_t feature) {
    constexpr double beyond = 1e9; // no longitude or latitude
    LonLatBox box{beyond, beyond, -beyond, -beyond};
    const std::size_t first = geometry.part_offsets[geometry.feature_offsets[feature]];
    const std::size_t last = geometry.part_offsets[geometry.feature_offsets[feature + 1]];
    for (std::size_t i = geometry.ring_offsets[first]; i < geometry.ring_offsets[last]; ++i) {
        box.west_deg = std::min(box.west_deg, geometry.lon_deg[i]);
        box.south_deg = std::min(box.south_deg, geometry.lat_deg[i]);
        box.east_deg = std::max(box.east_deg, geometry.lon_deg[i]);
        box.north_deg = std::max(box.north_deg, geometry.lat_deg[i]);
    }
    return box;
}

bool meet(const LonLatBox& a, const LonLatBox& b) {
    return a.west_deg <= b.east_deg && b.west_deg <= a.east_deg && a.south_deg <= b.north_deg &&
           b.south_deg <= a.north_deg;
}

} // namespace tuban
