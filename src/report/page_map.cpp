#include "report/page_map.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <utility>

namespace tuban {
namespace {

constexpr double metres_per_degree = 111320.0; // of latitude; good to 1 %, for display only
constexpr double least_margin_m = 2000.0;

/// Tolerances tried in turn, in metres, for the layers around the plots.
constexpr std::array<double, 9> tolerances_m{0, 2, 5, 10, 20, 50, 100, 200, 500};

MapRing ring_of(const Geometry& geometry, std::size_t ring) {
    MapRing points;
    for (auto i = geometry.ring_offsets[ring]; i < geometry.ring_offsets[ring + 1]; ++i) {
        points.push_back({geometry.lon_deg[i], geometry.lat_deg[i]});
    }
    return points;
}

MapFeature feature_of(const Geometry& geometry, std::size_t index) {
    MapFeature feature;
    const auto end = geometry.feature_offsets[index + 1];
    for (auto part = geometry.feature_offsets[index]; part < end; ++part) {
        MapPart drawn{geometry.kinds[index], {}};
        for (auto ring = geometry.part_offsets[part]; ring < geometry.part_offsets[part + 1];
             ++ring) {
            drawn.rings.push_back(ring_of(geometry, ring));
        }
        feature.parts.push_back(std::move(drawn));
    }
    return feature;
}

/// Of the plots that do not lie far away.
std::optional<LonLatBox>
box_of(const Geometry& geometry, const std::vector<std::uint8_t>& far) {
    constexpr double infinite = std::numeric_limits<double>::infinity();
    LonLatBox box{infinite, infinite, -infinite, -infinite};
    for (std::size_t row = 0; row < geometry.size(); ++row) {
        const auto begin =
            geometry.ring_offsets[geometry.part_offsets[geometry.feature_offsets[row]]];
        const auto end =
            geometry.ring_offsets[geometry.part_offsets[geometry.feature_offsets[row + 1]]];
        for (auto i = begin; i < end && far[row] == 0; ++i) {
            box.west_deg = std::min(box.west_deg, geometry.lon_deg[i]);
            box.south_deg = std::min(box.south_deg, geometry.lat_deg[i]);
            box.east_deg = std::max(box.east_deg, geometry.lon_deg[i]);
            box.north_deg = std::max(box.north_deg, geometry.lat_deg[i]);
        }
    }
    return box.west_deg <= box.east_deg ? std::optional(box) : std::nullopt;
}

std::vector<std::uint8_t> far_rows(const std::vector<Issue>& issues, std::size_t plots) {
    std::vector<std::uint8_t> far(plots, 0);
    for (const Issue& issue : issues) {
        if (issue.code == "plot_far_away" && issue.row && *issue.row >= 1 &&
            static_cast<std::size_t>(*issue.row) <= plots) {
            far[static_cast<std::size_t>(*issue.row) - 1] = 1;
        }
    }
    return far;
}

double east_scale(const LonLatBox& box) {
    const double middle_deg = (box.south_deg + box.north_deg) / 2;
    return std::max(0.05, std::cos(middle_deg * std::numbers::pi / 180));
}

/// The plots' box with a margin of a quarter of its longer side, at least 2 km.
LonLatBox surroundings(const LonLatBox& plots) {
    const double scale = east_scale(plots);
    const double side_m =
        metres_per_degree *
        std::max((plots.east_deg - plots.west_deg) * scale, plots.north_deg - plots.south_deg);
    const double margin_deg = std::max(least_margin_m, side_m / 4) / metres_per_degree;
    return {
        plots.west_deg - margin_deg / scale,
        plots.south_deg - margin_deg,
        plots.east_deg + margin_deg / scale,
        plots.north_deg + margin_deg};
}

bool inside(const LonLatBox& box, LonLat at) {
    return at.lon_deg >= box.west_deg && at.lon_deg <= box.east_deg &&
           at.lat_deg >= box.south_deg && at.lat_deg <= box.north_deg;
}

bool segment_near(const LonLatBox& box, LonLat from, LonLat to) {
    return std::max(from.lon_deg, to.lon_deg) >= box.west_deg &&
           std::min(from.lon_deg, to.lon_deg) <= box.east_deg &&
           std::max(from.lat_deg, to.lat_deg) >= box.south_deg &&
           std::min(from.lat_deg, to.lat_deg) <= box.north_deg;
}

/// The runs of a line whose segments come near the box.
std::vector<MapRing> clipped_line(const MapRing& line, const LonLatBox& box) {
    std::vector<MapRing> runs;
    bool running = false;
    for (std::size_t i = 1; i < line.size(); ++i) {
        const bool near = segment_near(box, line[i - 1], line[i]);
        if (near && !running) {
            runs.push_back({line[i - 1]});
        }
        if (near) {
            runs.back().push_back(line[i]);
        }
        running = near;
    }
    return runs;
}

/// How far a point lies inside one of the four sides of a box, in degrees; negative outside.
double depth_deg(const LonLatBox& box, std::size_t side, LonLat at) {
    switch (side) {
    case 0:
        return at.lon_deg - box.west_deg;
    case 1:
        return box.east_deg - at.lon_deg;
    case 2:
        return at.lat_deg - box.south_deg;
    default:
        return box.north_deg - at.lat_deg;
    }
}

/// The part of a ring inside one side of a box.
MapRing clipped_by_side(const MapRing& ring, const LonLatBox& box, std::size_t side) {
    MapRing kept;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const LonLat from = ring[(i + ring.size() - 1) % ring.size()];
        const LonLat to = ring[i];
        const double from_deg = depth_deg(box, side, from);
        const double to_deg = depth_deg(box, side, to);
        if ((from_deg < 0) != (to_deg < 0)) {
            const double share = from_deg / (from_deg - to_deg);
            kept.push_back(
                {from.lon_deg + share * (to.lon_deg - from.lon_deg),
                 from.lat_deg + share * (to.lat_deg - from.lat_deg)}
            );
        }
        if (to_deg >= 0) {
            kept.push_back(to);
        }
    }
    return kept;
}

/// Sutherland and Hodgman, "Reentrant polygon clipping", CACM 17 (1974): side by side; a ring that leaves and comes
/// back keeps an edge along the box, which lies outside of the first view.
MapRing clipped_ring(MapRing ring, const LonLatBox& box) {
    for (std::size_t side = 0; side < 4; ++side) {
        ring = clipped_by_side(ring, box, side);
    }
    return ring;
}

/// The polygon inside the box, or no rings if its shell is outside, and its holes with it.
MapPart clipped_polygon(const MapPart& part, const LonLatBox& box) {
    MapPart kept{part.kind, {}};
    for (const MapRing& ring : part.rings) {
        MapRing clipped = clipped_ring(ring, box);
        if (clipped.size() >= 3) {
            kept.rings.push_back(std::move(clipped));
        } else if (kept.rings.empty()) {
            return kept;
        }
    }
    return kept;
}

/// The parts of a part that lie near the box.
std::vector<MapPart> clipped(const MapPart& part, const LonLatBox& box) {
    std::vector<MapPart> kept;
    if (part.kind == GeometryKind::point && inside(box, part.rings.at(0).at(0))) {
        kept.push_back(part);
    }
    if (part.kind == GeometryKind::line) {
        for (MapRing& run : clipped_line(part.rings.at(0), box)) {
            kept.push_back({part.kind, {std::move(run)}});
        }
    }
    if (part.kind == GeometryKind::polygon) {
        kept.push_back(clipped_polygon(part, box));
    }
    return kept;
}

void append_clipped(const MapPart& part, const LonLatBox& box, MapFeature& out) {
    for (MapPart& kept : clipped(part, box)) {
        if (!kept.rings.empty()) {
            out.parts.push_back(std::move(kept));
        }
    }
}

/// Squared distance in m² of a point from a segment, in a plane that is good enough to draw in.
double distance2_m2(LonLat at, LonLat from, LonLat to, double scale) {
    const double ax = (to.lon_deg - from.lon_deg) * scale;
    const double ay = to.lat_deg - from.lat_deg;
    const double px = (at.lon_deg - from.lon_deg) * scale;
    const double py = at.lat_deg - from.lat_deg;
    const double length2 = ax * ax + ay * ay;
    const double share =
        length2 > 0 ? std::clamp((px * ax + py * ay) / length2, 0.0, 1.0) : 0.0;
    const double dx = px - share * ax;
    const double dy = py - share * ay;
    return (dx * dx + dy * dy) * metres_per_degree * metres_per_degree;
}

/// Index of the vertex between two that lies farthest from their segment (the first such), and how far, in m².
std::pair<std::size_t, double>
farthest(const MapRing& line, std::size_t from, std::size_t to, double scale) {
    std::pair<std::size_t, double> best{from, -1.0};
    for (std::size_t i = from + 1; i < to; ++i) {
        const double found = distance2_m2(line[i], line[from], line[to], scale);
        if (found > best.second) {
            best = {i, found};
        }
    }
    return best;
}

/// Douglas and Peucker, "Algorithms for the reduction of the number of points …", Cartographica 10 (1973).
MapRing simplified_line(const MapRing& line, double tolerance_m, double scale) {
    if (line.size() < 3) {
        return line;
    }
    std::vector<std::uint8_t> keep(line.size(), 0);
    keep.front() = 1;
    keep.back() = 1;
    std::vector<std::pair<std::size_t, std::size_t>> open{{0, line.size() - 1}};
    while (!open.empty()) {
        const auto [from, to] = open.back();
        open.pop_back();
        const auto [at, distance2] = farthest(line, from, to, scale);
        if (distance2 > tolerance_m * tolerance_m) {
            keep[at] = 1;
            open.emplace_back(from, at);
            open.emplace_back(at, to);
        }
    }
    MapRing kept;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (keep[i] != 0) {
            kept.push_back(line[i]);
        }
    }
    return kept;
}

/// A ring as a closed line; fewer than 3 vertices if it is smaller than the tolerance.
MapRing simplified_ring(MapRing ring, double tolerance_m, double scale) {
    if (ring.empty()) {
        return ring;
    }
    ring.push_back(ring.front());
    MapRing kept = simplified_line(ring, tolerance_m, scale);
    kept.pop_back();
    return kept;
}

/// @param may_vanish  false: a shell smaller than the tolerance stays as it is
MapPart simplified(const MapPart& part, double tolerance_m, double scale, bool may_vanish) {
    MapPart kept{part.kind, {}};
    for (const MapRing& ring : part.rings) {
        if (part.kind != GeometryKind::polygon) {
            kept.rings.push_back(simplified_line(ring, tolerance_m, scale));
            continue;
        }
        MapRing smaller = simplified_ring(ring, tolerance_m, scale);
        const bool is_shell = &ring == &part.rings.front();
        if (smaller.size() >= 3) {
            kept.rings.push_back(std::move(smaller));
        } else if (is_shell && may_vanish) {
            return kept;
        } else if (is_shell) {
            kept.rings.push_back(ring);
        }
    }
    return kept;
}

MapFeature
simplified(const MapFeature& feature, double tolerance_m, double scale, bool may_vanish) {
    MapFeature result;
    for (const MapPart& part : feature.parts) {
        MapPart kept = simplified(part, tolerance_m, scale, may_vanish);
        if (!kept.rings.empty()) {
            result.parts.push_back(std::move(kept));
        }
    }
    return result;
}

MapLayer simplified(const MapLayer& layer, double tolerance_m, double scale) {
    MapLayer lighter{layer.key, {}};
    for (const MapFeature& feature : layer.features) {
        MapFeature kept = simplified(feature, tolerance_m, scale, true);
        if (!kept.parts.empty()) {
            lighter.features.push_back(std::move(kept));
        }
    }
    return lighter;
}

std::size_t vertices(const MapFeature& feature) {
    std::size_t count = 0;
    for (const MapPart& part : feature.parts) {
        for (const MapRing& ring : part.rings) {
            count += ring.size();
        }
    }
    return count;
}

std::size_t vertices(const MapShapes& shapes) {
    std::size_t count = 0;
    for (const MapFeature& plot : shapes.plots) {
        count += vertices(plot);
    }
    for (const MapLayer& layer : shapes.layers) {
        for (const MapFeature& feature : layer.features) {
            count += vertices(feature);
        }
    }
    return count;
}

MapShapes simplified(const MapShapes& shapes, double tolerance_m, double scale) {
    MapShapes result;
    result.tolerance_m = tolerance_m;
    result.far = shapes.far;
    for (const MapFeature& plot : shapes.plots) {
        result.plots.push_back(simplified(plot, tolerance_m / 10, scale, false));
    }
    for (const MapLayer& layer : shapes.layers) {
        result.layers.push_back(simplified(layer, tolerance_m, scale));
    }
    return result;
}

/// The layer's entry, appended if the key is new: a layer may come in pieces.
MapLayer& layer_of(std::vector<MapLayer>& layers, const std::string& key) {
    const auto found = std::find_if(layers.begin(), layers.end(), [&](const MapLayer& layer) {
        return layer.key == key;
    });
    return found != layers.end() ? *found : layers.emplace_back(MapLayer{key, {}});
}

void append_layer(const Layer& layer, const LonLatBox& box, MapLayer& out) {
    for (std::size_t i = 0; i < layer.geometry.size(); ++i) {
        MapFeature kept;
        for (const MapPart& part : feature_of(layer.geometry, i).parts) {
            append_clipped(part, box, kept);
        }
        if (!kept.parts.empty()) {
            out.features.push_back(std::move(kept));
        }
    }
}

} // namespace

MapShapes map_shapes(const Result& result, std::size_t most_vertices) {
    return map_shapes(result.plots.geometry, result.context, result.issues, most_vertices);
}

MapShapes map_shapes(
    const Geometry& plots,
    const std::vector<Layer>& context,
    const std::vector<Issue>& issues,
    std::size_t most_vertices
) {
    MapShapes shapes;
    shapes.far = far_rows(issues, plots.size());
    for (std::size_t row = 0; row < plots.size(); ++row) {
        shapes.plots.push_back(feature_of(plots, row));
    }
    const auto box = box_of(plots, shapes.far);
    if (!box) {
        return shapes;
    }
    const LonLatBox around = surroundings(*box);
    for (const Layer& layer : context) {
        append_layer(layer, around, layer_of(shapes.layers, layer.key));
    }
    if (vertices(shapes) <= most_vertices) {
        return shapes;
    }
    const double scale = east_scale(*box);
    for (const double tolerance_m : tolerances_m) {
        MapShapes lighter = simplified(shapes, tolerance_m, scale);
        if (vertices(lighter) <= most_vertices || tolerance_m == tolerances_m.back()) {
            return lighter;
        }
    }
    return shapes;
}

} // namespace tuban
