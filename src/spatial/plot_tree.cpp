#include "spatial/plot_tree.hpp"

#include "geodesy/geometry.hpp"
#include "spatial/hilbert.hpp"
#include "spatial/polygon_locator.hpp"
#include "spatial/segment_index.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tuban {
namespace {

constexpr double least_radius_m = 6.3e6; ///< of curvature of a meridian, less than anywhere
constexpr double most_radius_m = 6.4e6;  ///< of curvature, more than anywhere
constexpr double polar_lat_deg = 89.0;   ///< beyond it every longitude may be near
constexpr double slack_m = 0.1;          ///< for rounding: prune only

/// Degrees of longitude (from anywhere, going east without a jump) and of latitude.
struct Extent {
    double west = 0.0;
    double south = 0.0;
    double east = 0.0;
    double north = 0.0;

    void add(double lon, double lat) {
        west = std::min(west, lon);
        east = std::max(east, lon);
        south = std::min(south, lat);
        north = std::max(north, lat);
    }
};

using Lanes = Doubles<plain_bytes>;

/// The least and the greatest of n >= 1 values.
std::pair<double, double> range_of(const double* values, std::size_t n) {
    constexpr std::size_t step = plain_bytes / sizeof(double);
    Lanes low = Lanes{} + values[0];
    Lanes high = low;
    Lanes low_too = low;
    Lanes high_too = low;
    std::size_t i = 0;
    for (; i + 2 * step <= n; i += 2 * step) {
        Lanes more;
        load(more, values + i);
        keep_smaller(low, more);
        keep_larger(high, more);
        load(more, values + i + step);
        keep_smaller(low_too, more);
        keep_larger(high_too, more);
    }
    keep_smaller(low, low_too);
    keep_larger(high, high_too);
    double least = std::min(low[0], low[1]);
    double most = std::max(high[0], high[1]);
    for (; i < n; ++i) {
        least = std::min(least, values[i]);
        most = std::max(most, values[i]);
    }
    return {least, most};
}

/// Vertices of a feature: [first, second).
std::pair<std::size_t, std::size_t> vertices_of(const Geometry& geometry, std::size_t feature) {
    const std::size_t first = geometry.part_offsets[geometry.feature_offsets[feature]];
    const std::size_t end = geometry.part_offsets[geometry.feature_offsets[feature + 1]];
    return {geometry.ring_offsets[first], geometry.ring_offsets[end]};
}

/// Walks a ring that crosses ±180° or runs round a pole.
void walk(const Geometry& geometry, std::size_t ring, bool closed, Extent& extent) {
    const std::size_t first = geometry.ring_offsets[ring];
    const std::size_t end = geometry.ring_offsets[ring + 1];
    const double start = extent.west + lon_step(extent.west, geometry.lon_deg[first]);
    double lon = start;
    for (std::size_t i = first; i < end; ++i) {
        extent.add(lon, geometry.lat_deg[i]);
        if (closed || i + 1 < end) {
            const std::size_t next = i + 1 < end ? i + 1 : first;
            lon += lon_step(geometry.lon_deg[i], geometry.lon_deg[next]);
        }
    }
    if (std::abs(lon - start) > 180.0) {
        const double pole = extent.south + extent.north > 0.0 ? 90.0 : -90.0;
        extent.add(extent.west, pole);
        extent.add(extent.west + 360.0, pole);
    }
}

Extent walked(const Geometry& geometry, std::size_t feature) {
    const std::size_t first = geometry.part_offsets[geometry.feature_offsets[feature]];
    const std::size_t end = geometry.part_offsets[geometry.feature_offsets[feature + 1]];
    const std::size_t vertex = geometry.ring_offsets[first];
    const double lon = geometry.lon_deg[vertex];
    const double lat = geometry.lat_deg[vertex];
    Extent extent{lon, lat, lon, lat};
    const bool closed = geometry.kinds[feature] == GeometryKind::polygon;
    for (std::size_t ring = first; ring < end; ++ring) {
        if (geometry.ring_offsets[ring] < geometry.ring_offsets[ring + 1]) {
            walk(geometry, ring, closed, extent);
        }
    }
    return extent;
}

Extent extent_of(const Geometry& geometry, std::size_t feature) {
    const auto [first, end] = vertices_of(geometry, feature);
    const auto [west, east] = range_of(&geometry.lon_deg[first], end - first);
    if (east - west >= 180.0) {
        return walked(geometry, feature);
    }
    const auto [south, north] = range_of(&geometry.lat_deg[first], end - first);
    return {west, south, east, north};
}

bool has_vertices(const Geometry& geometry, std::size_t feature) {
    const auto [first, end] = vertices_of(geometry, feature);
    return first < end;
}

} // namespace

PlotTree::PlotTree(const Geometry& outlines, const std::vector<std::uint8_t>& take) {
    std::vector<std::uint32_t> rows;
    std::vector<LonLat> lows;
    std::vector<LonLat> highs;
    rows.reserve(outlines.size());
    lows.reserve(outlines.size());
    highs.reserve(outlines.size());
    for (std::size_t row = 0; row < outlines.size(); ++row) {
        if ((take.empty() || take[row] != 0) && has_vertices(outlines, row)) {
            const Extent extent = extent_of(outlines, row);
            rows.push_back(static_cast<std::uint32_t>(row));
            lows.push_back({extent.west, extent.south});
            highs.push_back({extent.east, extent.north});
        }
    }
    find_middle(lows, highs);
    std::vector<double> x(rows.size());
    std::vector<double> y(rows.size());
    std::vector<DegreeBox> boxes(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const double west = short_way_deg(lows[i].lon_deg - middle_deg_);
        const double east = west + (highs[i].lon_deg - lows[i].lon_deg);
        x[i] = 0.5 * (west + east);
        y[i] = 0.5 * (lows[i].lat_deg + highs[i].lat_deg);
        boxes[i] = {
            rounded_down(west),
            rounded_down(lows[i].lat_deg),
            rounded_up(east),
            rounded_up(highs[i].lat_deg)};
    }
    std::vector<DegreeBox> sorted;
    sorted.reserve(rows.size());
    rows_.reserve(rows.size());
    for (const std::uint32_t at : hilbert_order(x, y)) {
        rows_.push_back(rows[at]);
        sorted.push_back(boxes[at]);
    }
    pack(std::move(sorted));
}

/// Opposite the longest gap between plots, so that no box but those of plots all round lies across it.
void PlotTree::find_middle(const std::vector<LonLat>& lows, const std::vector<LonLat>& highs) {
    double west = 360.0;
    double east = -360.0;
    for (std::size_t i = 0; i < lows.size(); ++i) {
        west = std::min(west, lows[i].lon_deg);
        east = std::max(east, highs[i].lon_deg);
    }
    if (east - west < 179.0) {
        middle_deg_ = 0.5 * (west + east);
        return;
    }
    std::vector<double> lon;
    for (std::size_t i = 0; i < lows.size(); ++i) {
        const double width = std::min(360.0, highs[i].lon_deg - lows[i].lon_deg);
        constexpr double step_deg = 0.05; // no cell of the arc is left out
        for (int k = 0; k * step_deg < width; ++k) {
            lon.push_back(std::remainder(lows[i].lon_deg + k * step_deg, 360.0));
        }
        lon.push_back(std::remainder(lows[i].lon_deg + width, 360.0));
    }
    const LonArc arc = arc_of(lon);
    middle_deg_ = arc.middle_deg;
    goes_round_ = arc.width_deg > 179.0;
}

void PlotTree::pack(std::vector<DegreeBox> boxes) {
    std::size_t places = fan;
    while (!boxes.empty()) {
        const std::size_t first = nodes_.size();
        const std::size_t count = (boxes.size() + fan - 1) / fan;
        levels_.push_back({first, places});
        nodes_.resize(first + count);
        std::vector<DegreeBox> above(count);
        for (std::size_t k = 0; k < count; ++k) {
            above[k] = fill(first + k, &boxes[k * fan], std::min(fan, boxes.size() - k * fan));
        }
        if (count == 1) {
            return;
        }
        boxes = std::move(above);
        places *= fan;
    }
}

DegreeBox PlotTree::fill(std::size_t node, const DegreeBox* boxes, std::size_t count) {
    DegreeBox whole;
    for (std::size_t k = 0; k < fan; ++k) {
        const DegreeBox box = k < count ? boxes[k] : DegreeBox{};
        nodes_[node].west.at(k) = box.west;
        nodes_[node].south.at(k) = box.south;
        nodes_[node].east.at(k) = box.east;
        nodes_[node].north.at(k) = box.north;
        whole = united(whole, box);
    }
    return whole;
}

std::size_t PlotTree::level_of(std::size_t node) const {
    std::size_t level = levels_.size() - 1;
    while (node < levels_[level].first_node) {
        --level;
    }
    return level;
}

std::pair<std::size_t, std::size_t> PlotTree::places(std::size_t node) const {
    const Level& level = levels_[level_of(node)];
    const std::size_t first = (node - level.first_node) * level.places_per_node;
    return {first, std::min(size(), first + level.places_per_node)};
}

std::pair<std::size_t, std::size_t> PlotTree::below(std::size_t node) const {
    if (is_lowest(node)) {
        return places(node);
    }
    const std::size_t level = level_of(node);
    const std::size_t lower = levels_[level - 1].first_node;
    const std::size_t first = lower + fan * (node - levels_[level].first_node);
    return {first, std::min(levels_[level].first_node, first + fan)};
}

DegreeBox PlotTree::box(std::size_t place) const {
    const Node& node = nodes_[place / fan];
    const std::size_t k = place % fan;
    return {node.west.at(k), node.south.at(k), node.east.at(k), node.north.at(k)};
}

PlotTree::Ball PlotTree::ball(std::size_t place) const {
    const DegreeBox around = box(place);
    const auto middle = [](float low, float high) {
        return 0.5 * (static_cast<double>(low) + static_cast<double>(high));
    };
    const LonLat at{
        std::remainder(middle_deg_ + middle(around.west, around.east), 360.0),
        std::clamp(middle(around.south, around.north), -90.0, 90.0)};
    const auto width = static_cast<double>(around.east - around.west);
    const auto height = static_cast<double>(around.north - around.south);
    const double nearest_lat =
        std::max(0.0, std::abs(at.lat_deg) - 0.5 * height); // where parallels are longest
    const double radius = radians_per_degree * most_radius_m * 0.5 *
                          (height + width * std::cos(nearest_lat * radians_per_degree));
    return {at, radius + slack_m};
}

/// A path no longer than the distance stays between latitudes where a parallel's radius is at least k.
DegreeBox PlotTree::grown(std::size_t place, double within_m) const {
    const DegreeBox from = box(place);
    const double reach_m = within_m + slack_m;
    const double up = reach_m / (least_radius_m * radians_per_degree);
    const double south = static_cast<double>(from.south) - up;
    const double north = static_cast<double>(from.north) + up;
    const double steepest = std::max(-south, north);
    if (steepest > polar_lat_deg) {
        return {-1e3F, rounded_down(south), 1e3F, rounded_up(north)};
    }
    const double k = cgcs2000.a_m * std::cos(steepest * radians_per_degree);
    const double across = reach_m / (k * radians_per_degree);
    return {
        rounded_down(static_cast<double>(from.west) - across),
        rounded_down(south),
        rounded_up(static_cast<double>(from.east) + across),
        rounded_up(north)};
}

} // namespace tuban
