#include "spatial/polygon_locator.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace tuban {
namespace {

/// Vertices of a ring: from first to end, closed.
struct Ring {
    std::size_t first = 0;
    std::size_t end = 0;

    [[nodiscard]] std::size_t next(std::size_t vertex) const {
        return vertex + 1 == end ? first : vertex + 1;
    }
};

Ring ring_of(const Geometry& geometry, std::size_t ring) {
    return {geometry.ring_offsets[ring], geometry.ring_offsets[ring + 1]};
}

/// Rings of a feature: [first, second).
std::pair<std::size_t, std::size_t> rings_of(const Geometry& geometry, std::size_t feature) {
    return {
        geometry.part_offsets[geometry.feature_offsets[feature]],
        geometry.part_offsets[geometry.feature_offsets[feature + 1]]};
}

bool runs_round_north_pole(const Geometry& geometry, const Ring& ring) {
    double turn = 0.0;
    double lat_sum = 0.0;
    for (std::size_t i = ring.first; i < ring.end; ++i) {
        turn += lon_step(geometry.lon_deg[i], geometry.lon_deg[ring.next(i)]);
        lat_sum += geometry.lat_deg[i];
    }
    return std::abs(turn) > 180.0 && lat_sum > 0.0;
}

/// Whether an odd number of consecutive edges cross the meridian between a position and the north pole.
bool is_odd_north_of(const Geometry& geometry, const EdgeBlock& block, LonLat position) {
    bool odd = false;
    double to = lon_step(position.lon_deg, geometry.lon_deg[block.first]);
    for (std::size_t i = block.first; i < block.end; ++i) {
        const double from = to;
        const std::size_t j = i + 1 == block.end ? block.last_to : i + 1;
        to = lon_step(position.lon_deg, geometry.lon_deg[j]);
        if ((from > 0.0) == (to > 0.0) || std::abs(to - from) > 180.0) {
            continue;
        }
        const double u = -from / (to - from);
        const double lat = geometry.lat_deg[i];
        if (lat + u * (geometry.lat_deg[j] - lat) > position.lat_deg) {
            odd = !odd;
        }
    }
    return odd;
}

Box3 box_of(const Geometry& geometry, const Ring& ring) {
    Box3 box;
    double lon = ring.first < ring.end ? geometry.lon_deg[ring.first] : 0.0;
    for (std::size_t i = ring.first; i < ring.end; ++i) {
        box.add({lon, geometry.lat_deg[i], 0.0});
        lon += lon_step(geometry.lon_deg[i], geometry.lon_deg[ring.next(i)]);
    }
    if (ring.first < ring.end && std::abs(lon - geometry.lon_deg[ring.first]) > 180.0) {
        const double pole = box.low[1] + box.high[1] > 0.0 ? 90.0 : -90.0; // round it
        box.add({-180.0, pole, 0.0});
        box.add({180.0, pole, 0.0});
    }
    box.grow(1e-9);
    return box;
}

} // namespace

bool holds_north_pole(const Geometry& geometry, std::size_t feature) {
    bool odd = false;
    const auto [first, end] = rings_of(geometry, feature);
    for (std::size_t ring = first; ring < end; ++ring) {
        odd = odd != runs_round_north_pole(geometry, ring_of(geometry, ring));
    }
    return odd && geometry.kinds[feature] == GeometryKind::polygon;
}

bool holds(const Geometry& geometry, std::size_t feature, LonLat position, bool north_pole) {
    if (geometry.kinds[feature] != GeometryKind::polygon) {
        return false;
    }
    bool inside = north_pole;
    const auto [first, end] = rings_of(geometry, feature);
    for (std::size_t ring = first; ring < end; ++ring) {
        const Ring one = ring_of(geometry, ring);
        if (one.first < one.end) {
            inside =
                inside != is_odd_north_of(geometry, {one.first, one.end, one.first}, position);
        }
    }
    return inside;
}

void PolygonBlocks::turn_to(const Geometry& geometry, std::size_t feature) {
    geometry_ = &geometry;
    north_pole_ = holds_north_pole(geometry, feature);
    blocks_.clear();
    const auto [first, end] = rings_of(geometry, feature);
    for (std::size_t ring = first; ring < end; ++ring) {
        const Ring one = ring_of(geometry, ring);
        for (std::size_t from = one.first; from < one.end; from += edges_of_block) {
            const std::size_t to = std::min(one.end, from + edges_of_block);
            add({from, to, to == one.end ? one.first : to});
        }
    }
}

void PolygonBlocks::add(const EdgeBlock& edges) {
    Block block{
        edges,
        geometry_->lon_deg[edges.last_to],
        geometry_->lon_deg[edges.last_to],
        geometry_->lat_deg[edges.last_to]};
    for (std::size_t i = edges.first; i < edges.end; ++i) {
        block.west = std::min(block.west, geometry_->lon_deg[i]);
        block.east = std::max(block.east, geometry_->lon_deg[i]);
        block.north = std::max(block.north, geometry_->lat_deg[i]);
    }
    blocks_.push_back(block);
}

bool PolygonBlocks::holds(LonLat position) const {
    // Where an edge crosses is rounded; a block that ends so far south is beyond that.
    constexpr double rounding_deg = 1e-9;
    bool inside = north_pole_;
    for (const Block& block : blocks_) {
        const bool east =
            block.west > position.lon_deg && block.east - position.lon_deg < 180.0;
        const bool west =
            block.east <= position.lon_deg && position.lon_deg - block.west < 180.0;
        if (!east && !west && block.north > position.lat_deg - rounding_deg) {
            inside = inside != is_odd_north_of(*geometry_, block.edges, position);
        }
    }
    return inside;
}

std::vector<LonLat> first_positions(const Geometry& geometry, std::size_t feature) {
    std::vector<LonLat> result;
    for (std::size_t part = geometry.feature_offsets[feature];
         part < geometry.feature_offsets[feature + 1];
         ++part) {
        const std::size_t ring = geometry.part_offsets[part];
        if (ring < geometry.part_offsets[part + 1] &&
            geometry.ring_offsets[ring] < geometry.ring_offsets[ring + 1]) {
            const std::size_t i = geometry.ring_offsets[ring];
            result.push_back({geometry.lon_deg[i], geometry.lat_deg[i]});
        }
    }
    return result;
}

PolygonLocator::PolygonLocator(const Geometry& geometry)
    : geometry_(geometry), north_pole_(geometry.size(), 0) {
    std::vector<Box3> boxes;
    for (std::size_t feature = 0; feature < geometry.size(); ++feature) {
        if (geometry.kinds[feature] == GeometryKind::polygon) {
            add_polygon(feature, boxes);
        }
    }
    tree_ = BoxTree(std::move(boxes));
}

void PolygonLocator::add_polygon(std::size_t feature, std::vector<Box3>& boxes) {
    north_pole_[feature] = holds_north_pole(geometry_, feature) ? 1 : 0;
    for (std::size_t part = geometry_.feature_offsets[feature];
         part < geometry_.feature_offsets[feature + 1];
         ++part) {
        boxes.push_back(box_of(geometry_, ring_of(geometry_, geometry_.part_offsets[part])));
        features_.push_back(feature);
    }
}

std::vector<std::size_t> PolygonLocator::holders(LonLat position) const {
    std::vector<std::size_t> result;
    if (is_empty()) {
        return result;
    }
    for (const double turn : {-360.0, 0.0, 360.0}) {
        const std::array<double, 3> at{position.lon_deg + turn, position.lat_deg, 0.0};
        tree_.visit(
            Box3{at, at},
            [] { return 0.0; },
            [&](std::size_t item) {
                result.push_back(features_[item]);
                return true;
            }
        );
    }
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    std::erase_if(result, [&](std::size_t feature) { return !contains(feature, position); });
    return result;
}

} // namespace tuban
