#include "spatial/segment_index.hpp"

#include "geodesy/geometry.hpp"
#include "geodesy/plane_frame.hpp"
#include "spatial/hilbert.hpp"
#include "spatial/shapes.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace tuban {
namespace {

constexpr double polar_lat_deg = 85.0;   ///< no path that counts may pass it in Mercator
constexpr double least_radius_m = 6.3e6; ///< of curvature of a meridian, less than anywhere
constexpr double box_share = 0.99999;    ///< of a gap between boxes, for floats: prune only
constexpr double steepest_lat_deg =
    89.9; ///< beyond it boxes end: shorter gaps are still bounds

MercatorBox united(const MercatorBox& a, const MercatorBox& b) {
    return {
        std::min(a.west, b.west),
        std::min(a.south, b.south),
        std::max(a.east, b.east),
        std::max(a.north, b.north)};
}

constexpr MercatorBox nowhere{
    std::numeric_limits<float>::infinity(),
    std::numeric_limits<float>::infinity(),
    -std::numeric_limits<float>::infinity(),
    -std::numeric_limits<float>::infinity()};

/// Box in space that all segments of a run lie in, sag included.
Box3 space_box_of(const SegmentRun& run) {
    Box3 box;
    double longest = 0.0;
    for (std::size_t i = 0; i < SegmentRun::places; ++i) {
        box.add({run.x_m.at(i), run.y_m.at(i), run.z_m.at(i)});
        const std::size_t k = i == 0 ? 0 : i - 1;
        const double length = std::hypot(
            run.x_m.at(i) - run.x_m.at(k),
            run.y_m.at(i) - run.y_m.at(k),
            run.z_m.at(i) - run.z_m.at(k)
        );
        longest = std::max(longest, length);
    }
    box.grow(sag_m(longest));
    return box;
}

} // namespace

LonArc arc_of(const std::vector<double>& lon_deg) {
    constexpr std::size_t cells = 3600;
    std::vector<std::uint8_t> taken(cells, 0);
    for (const double lon : lon_deg) {
        const double turned = lon + (lon < 0.0 ? 720.0 : 360.0);
        taken[static_cast<std::size_t>(turned * 10.0) % cells] = 1;
    }
    std::size_t longest = 0;
    std::size_t longest_end = cells;
    std::size_t length = 0;
    for (std::size_t i = 0; i < 2 * cells; ++i) {
        length = taken[i % cells] != 0 ? 0 : length + 1;
        if (length > longest && length <= cells) {
            longest = length;
            longest_end = i + 1;
        }
    }
    const double width = 0.1 * static_cast<double>(cells - longest);
    return {std::remainder(0.1 * static_cast<double>(longest_end) + 0.5 * width, 360.0), width};
}

SegmentIndex::SegmentIndex(const Geometry& geometry) : geometry_(geometry) {
    find_center();
    std::vector<MercatorBox> boxes;
    find_runs(boxes);
    place(boxes);
}

void SegmentIndex::find_center() {
    const LonArc arc = arc_of(geometry_.lon_deg);
    center_lon_deg_ = arc.middle_deg;
    spans_far_ = arc.width_deg > 179.0;
}

void SegmentIndex::find_runs(std::vector<MercatorBox>& boxes) {
    runs_.reserve(geometry_.lon_deg.size() / 4 + geometry_.size());
    for (std::size_t feature = 0; feature < geometry_.size(); ++feature) {
        add_feature(feature);
    }
    boxes.reserve(runs_.size());
    for (const SegmentRun& run : runs_) {
        boxes.push_back(box_of(run));
    }
}

void SegmentIndex::add_feature(std::size_t feature) {
    for (std::size_t part = geometry_.feature_offsets[feature];
         part < geometry_.feature_offsets[feature + 1];
         ++part) {
        const std::size_t shell = geometry_.part_offsets[part];
        for (std::size_t ring = shell; ring < geometry_.part_offsets[part + 1]; ++ring) {
            add_ring(ring, feature, ring == shell);
        }
    }
}

void SegmentIndex::add_ring(std::size_t ring, std::size_t feature, bool starts_part) {
    const std::size_t first = geometry_.ring_offsets[ring];
    const std::size_t n = geometry_.ring_offsets[ring + 1] - first;
    const bool closed = geometry_.kinds[feature] == GeometryKind::polygon || n == 1;
    const std::size_t segments = closed || n == 0 ? n : n - 1;
    const std::size_t count =
        (segments + SegmentRun::most_segments - 1) / SegmentRun::most_segments;
    for (std::size_t k = 0; k < count; ++k) {
        const std::size_t from = k * segments / count;
        const std::size_t to = (k + 1) * segments / count;
        SegmentRun run{};
        run.feature = static_cast<std::uint32_t>(feature);
        run.first_vertex = static_cast<std::uint32_t>(first + from);
        run.ring_start = static_cast<std::uint32_t>(first);
        run.segments = static_cast<std::uint16_t>(to - from);
        run.closes = closed && to == segments ? 1 : 0;
        run.starts_part = starts_part && from == 0 ? 1 : 0;
        runs_.push_back(run);
    }
}

MercatorBox SegmentIndex::mercator_box(
    double west_deg, double south_deg, double east_deg, double north_deg
) const {
    const double west = std::remainder(west_deg - center_lon_deg_, 360.0);
    const auto northing = [](double lat) {
        return isometric_latitude(std::clamp(lat, -steepest_lat_deg, steepest_lat_deg));
    };
    return {
        rounded_down(west * radians_per_degree),
        rounded_down(northing(south_deg)),
        rounded_up((west + (east_deg - west_deg)) * radians_per_degree),
        rounded_up(northing(north_deg))};
}

MercatorBox SegmentIndex::mercator_box_round(
    const LonLatReach& reach, double sin_lat, double cos_lat
) const {
    const double x =
        std::remainder(reach.middle.lon_deg - center_lon_deg_, 360.0) * radians_per_degree;
    const double dx = reach.lon_reach_deg * radians_per_degree;
    const double y = isometric_latitude_of_sine(sin_lat);
    // The derivative is at most 1/cos φ, which is largest at the end nearer to a pole.
    const double height = reach.lat_reach_deg * radians_per_degree;
    const double dy =
        height / (cos_lat - std::abs(sin_lat) * height - 0.5 * cos_lat * height * height);
    return {rounded_down(x - dx), rounded_down(y - dy), rounded_up(x + dx), rounded_up(y + dy)};
}

bool SegmentIndex::is_polar(const LonLatReach& around, double reach_m) {
    const double reach_deg = (reach_m / least_radius_m) / radians_per_degree;
    return around.lon_reach_deg > PlaneFrame::near_deg ||
           std::abs(around.middle.lat_deg) + around.lat_reach_deg + reach_deg > polar_lat_deg;
}

float SegmentIndex::mercator_reach2(
    const LonLatReach& around, double reach_m, double sin_lat, double cos_lat
) {
    // A path that is no longer than the reach stays between latitudes where a parallel's radius is at least k, and a step
    // in Mercator is at least k steps on the ground.
    const double turn = around.lat_reach_deg * radians_per_degree + reach_m / least_radius_m;
    const double k =
        cgcs2000.a_m * (cos_lat * (1.0 - 0.5 * turn * turn) - std::abs(sin_lat) * turn);
    const double steps = reach_m / (box_share * k);
    return static_cast<float>(steps * steps);
}

MercatorBox SegmentIndex::box_of(const SegmentRun& run) const {
    double lon = geometry_.lon_deg[run.first_vertex];
    double lat = geometry_.lat_deg[run.first_vertex];
    double west = lon;
    double east = lon;
    double south = lat;
    double north = lat;
    std::size_t from = run.first_vertex;
    for (std::size_t s = 0; s < run.segments; ++s) {
        const std::size_t to = run.end_vertex(s);
        lon += short_way_deg(geometry_.lon_deg[to] - geometry_.lon_deg[from]);
        lat = geometry_.lat_deg[to];
        west = std::min(west, lon);
        east = std::max(east, lon);
        south = std::min(south, lat);
        north = std::max(north, lat);
        from = to;
    }
    return mercator_box(west, south, east, north);
}

void SegmentIndex::place(const std::vector<MercatorBox>& boxes) {
    std::vector<double> x(boxes.size());
    std::vector<double> y(boxes.size());
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        x[i] = static_cast<double>(boxes[i].west) + static_cast<double>(boxes[i].east);
        y[i] = static_cast<double>(boxes[i].south) + static_cast<double>(boxes[i].north);
    }
    const std::vector<std::uint32_t> order = hilbert_order(x, y);
    std::vector<SegmentRun> sorted;
    sorted.reserve(runs_.size());
    std::vector<MercatorBox> sorted_boxes;
    sorted_boxes.reserve(runs_.size());
    for (const std::uint32_t at : order) {
        sorted.push_back(runs_[at]);
        fill_positions(sorted.back());
        sorted_boxes.push_back(boxes[at]);
    }
    runs_ = std::move(sorted);
    pack(std::move(sorted_boxes));
}

void SegmentIndex::pack(std::vector<MercatorBox> boxes) {
    std::uint32_t first_child = run_bit;
    while (!boxes.empty()) {
        const auto first_node = static_cast<std::uint32_t>(nodes_.size());
        std::vector<MercatorBox> above;
        for (std::size_t i = 0; i < boxes.size(); i += fan) {
            const std::size_t count = std::min(fan, boxes.size() - i);
            above.push_back(
                add_node({&boxes[i], count}, first_child + static_cast<std::uint32_t>(i))
            );
        }
        if (above.size() == 1) {
            return;
        }
        first_child = first_node;
        boxes = std::move(above);
    }
}

MercatorBox
SegmentIndex::add_node(std::span<const MercatorBox> boxes, std::uint32_t first_child) {
    Node node{};
    MercatorBox whole = nowhere;
    for (std::size_t k = 0; k < fan; ++k) {
        const MercatorBox& box = k < boxes.size() ? boxes[k] : nowhere;
        node.west.at(k) = box.west;
        node.south.at(k) = box.south;
        node.east.at(k) = box.east;
        node.north.at(k) = box.north;
        node.child.at(k) = first_child + static_cast<std::uint32_t>(k);
        whole = united(whole, box);
    }
    nodes_.push_back(node);
    return whole;
}

void SegmentIndex::fill_positions(SegmentRun& run) const {
    for (std::size_t i = 0; i < SegmentRun::places; ++i) {
        if (i > run.segments) {
            run.x_m.at(i) = run.x_m.at(i - 1);
            run.y_m.at(i) = run.y_m.at(i - 1);
            run.z_m.at(i) = run.z_m.at(i - 1);
            continue;
        }
        const std::size_t at = i == 0 ? run.first_vertex : run.end_vertex(i - 1);
        const Ecef p = ecef({geometry_.lon_deg[at], geometry_.lat_deg[at]});
        run.x_m.at(i) = p.x_m;
        run.y_m.at(i) = p.y_m;
        run.z_m.at(i) = p.z_m;
    }
}

const BoxTree& SegmentIndex::space_tree() const {
    std::call_once(space_once_, [&] {
        std::vector<Box3> boxes;
        boxes.reserve(runs_.size());
        std::transform(runs_.begin(), runs_.end(), std::back_inserter(boxes), space_box_of);
        space_tree_ = BoxTree(std::move(boxes));
    });
    return space_tree_;
}

} // namespace tuban
