#include "spatial/covered_area.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace tuban {
namespace {

constexpr std::size_t most_segments = 32; ///< of a part that is arranged as a whole
constexpr std::size_t cell_segments =
    6; ///< of a cell of a part; more where halving does not part them
constexpr std::size_t most_cells = 20'000; ///< of a part
constexpr double most_half_m =
    10'000.0; ///< half a cell: beyond it the plane's scale is not one number
constexpr int most_depth = 24;
constexpr double spread_m = 1e-6;
constexpr double earth_m = 6'371'000.0;

/// With the end first that has the smaller x, then y: roads drawn both ways are the same.
PlaneSegment ordered(const PlaneSegment& segment) {
    const bool is_ordered = std::tie(segment.from.x_m, segment.from.y_m) <=
                            std::tie(segment.to.x_m, segment.to.y_m);
    return is_ordered ? segment : PlaneSegment{segment.to, segment.from};
}

auto key(const PlaneSegment& s) {
    return std::tie(s.from.x_m, s.from.y_m, s.to.x_m, s.to.y_m);
}

/// Whether the box of a segment comes within a distance of a box.
bool is_near(const PlaneSegment& segment, const PlaneBox& box, double within_m) {
    const double west = std::min(segment.from.x_m, segment.to.x_m);
    const double east = std::max(segment.from.x_m, segment.to.x_m);
    const double south = std::min(segment.from.y_m, segment.to.y_m);
    const double north = std::max(segment.from.y_m, segment.to.y_m);
    const double dx = std::max({0.0, box.low.x_m - east, west - box.high.x_m});
    const double dy = std::max({0.0, box.low.y_m - north, south - box.high.y_m});
    return dx * dx + dy * dy <= within_m * within_m;
}

double half_side_m(const PlaneBox& box) {
    return 0.5 * std::max(box.high.x_m - box.low.x_m, box.high.y_m - box.low.y_m);
}

/// Area on the ellipsoid of a square metre of the plane at a point.
double scale_at(PlanePoint p) {
    return 1.0 - (p.x_m * p.x_m + p.y_m * p.y_m) / (6.0 * earth_m * earth_m);
}

} // namespace

AreaSums CoveredArea::of_part(const Geometry& plots, std::size_t part) {
    part_.turn_to(plots, part);
    const double area = area_m2(part_.rings());
    if (!(area > 0.0)) {
        return {};
    }
    if (within_m_ == 0.0 && polygons_.is_empty()) {
        return {0.0, area};
    }
    if (!gather()) {
        return {area, area};
    }
    if (segments_.empty()) {
        return {is_held(plots, part) ? area : 0.0, area};
    }
    std::sort(segments_.begin(), segments_.end(), [](const auto& a, const auto& b) {
        return key(a) < key(b);
    });
    const auto same = [](const auto& a, const auto& b) { return key(a) == key(b); };
    segments_.erase(std::unique(segments_.begin(), segments_.end(), same), segments_.end());
    locate_polygons();
    if (local_polygons_.holds_all()) {
        return {area, area};
    }
    if (segments_.size() <= most_segments && half_side_m(part_.box()) <= most_half_m) {
        if (const std::optional<double> covered = arranged(part_.rings(), segments_)) {
            return {std::clamp(*covered, 0.0, area), area};
        }
    }
    return by_cells();
}

/// Takes all segments in reach; false if one of them alone has the whole part within its distance.
bool CoveredArea::gather() {
    segments_.clear();
    local_polygons_.clear();
    if (last_cover_ && !gather_run(last_cover_->run)) {
        return false;
    }
    segments_.clear();
    local_polygons_.clear();
    bool is_open = true;
    const double reach = within_m_ + (polygons_.is_empty() ? 0.0 : 1.0);
    part_.each_run(
        index_,
        reach,
        [&] { return is_open ? reach : -1.0; },
        [&](std::size_t run) { is_open = is_open && gather_run(run); }
    );
    return is_open;
}

bool CoveredArea::gather_run(std::size_t at) {
    const SegmentRun& run = index_.run(at);
    const bool is_polygon = index_.geometry().kinds[run.feature] == GeometryKind::polygon;
    if (within_m_ == 0.0 && !is_polygon) {
        return true;
    }
    std::array<PlanePoint, SegmentRun::places> vertices;
    for (std::size_t i = 0; i <= run.segments; ++i) {
        vertices.at(i) = part_.frame().forward({run.x_m.at(i), run.y_m.at(i), run.z_m.at(i)});
    }
    for (std::size_t i = 0; i < run.segments; ++i) {
        const PlaneSegment segment{vertices.at(i), vertices.at(i + 1)};
        if (is_polygon && is_near(segment, part_.box(), 1.0)) {
            local_polygons_.add_edge(run.feature, segment);
        }
        if (!is_near(segment, part_.box(), within_m_ + 1e-4)) {
            continue;
        }
        if (within_m_ > 0.0 && covers_all(segment, within_m_, part_.rings())) {
            last_cover_ = {at, i};
            return false;
        }
        segments_.push_back(ordered(segment));
    }
    return true;
}

/// Whether a polygon holds the part, if no outline comes near it.
bool CoveredArea::is_held(const Geometry& plots, std::size_t part) const {
    const std::size_t vertex = plots.ring_offsets[plots.part_offsets[part]];
    return !polygons_.is_empty() &&
           !polygons_.holders({plots.lon_deg[vertex], plots.lat_deg[vertex]}).empty();
}

void CoveredArea::locate_polygons() {
    if (polygons_.is_empty()) {
        return;
    }
    const PlanePoint reference = local_polygons_.clear_point(part_.box());
    local_polygons_.refer_to(
        reference, polygons_.holders(LocalFrame(part_.origin()).inverse(reference))
    );
}

AreaSums CoveredArea::by_cells() {
    std::vector<Cell> open;
    cells_ = 0;
    quarter({part_.rings(), segments_, part_.box(), 0}, open);
    AreaSums sums;
    while (!open.empty()) {
        const Cell cell = std::move(open.back());
        open.pop_back();
        sums.add(settle(cell, open));
    }
    return sums;
}

/// The sums of a cell, or nothing and its quarters in `open`.
AreaSums CoveredArea::settle(const Cell& cell, std::vector<Cell>& open) {
    const double area = area_m2(cell.rings);
    if (!(area > 0.0)) {
        return {};
    }
    const double scaled_area = area * scale_at(cell.box.middle());
    const bool is_covered =
        within_m_ > 0.0 &&
        std::any_of(cell.segments.begin(), cell.segments.end(), [&](const auto& segment) {
            return covers_all(segment, within_m_, cell.rings);
        });
    if (is_covered) {
        return {scaled_area, scaled_area};
    }
    const std::size_t most = cell_segments
                             << static_cast<unsigned>(std::max(0, cell.depth - 4));
    if (cell.segments.size() <= most && half_side_m(cell.box) <= most_half_m) {
        if (const std::optional<double> covered = arranged(cell.rings, cell.segments)) {
            return {std::clamp(*covered / area, 0.0, 1.0) * scaled_area, scaled_area};
        }
    }
    if (cell.depth == most_depth || ++cells_ > most_cells) {
        return {0.5 * scaled_area, scaled_area}; // the middle of the bracket
    }
    quarter(cell, open);
    return {};
}

std::optional<double>
CoveredArea::arranged(const PlaneRings& rings, const std::vector<PlaneSegment>& segments) {
    const ArcArrangement::Question question{
        rings, segments, within_m_, polygons_.is_empty() ? nullptr : &local_polygons_};
    const std::optional<double> covered = arrangement_.covered_m2(question, spread_m);
    return covered ? covered : arrangement_.covered_m2(question, 1.7 * spread_m);
}

void CoveredArea::quarter(const Cell& cell, std::vector<Cell>& open) const {
    const PlanePoint middle = cell.box.middle();
    for (std::size_t k = 0; k < 4; ++k) {
        PlaneBox box = cell.box;
        (k % 2 == 0 ? box.high.x_m : box.low.x_m) = middle.x_m;
        (k / 2 == 0 ? box.high.y_m : box.low.y_m) = middle.y_m;
        Cell part{clipped(cell.rings, box), {}, box, cell.depth + 1};
        std::copy_if(
            cell.segments.begin(),
            cell.segments.end(),
            std::back_inserter(part.segments),
            [&](const PlaneSegment& segment) { return is_near(segment, box, within_m_ + 1e-4); }
        );
        open.push_back(std::move(part));
    }
}

} // namespace tuban
