#include <tuban/geodesy.hpp>
#include <tuban/spatial.hpp>

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "geodesy/geometry.hpp"
#include "spatial/box_tree.hpp"
#include "spatial/geos.hpp"
#include "spatial/polygon_locator.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

namespace tuban {
namespace {

constexpr double earth_radius_m = 6'371'000.0;
/// Parts of a plot that spread wider have planes of their own where their rings cannot meet.
constexpr double widest_group_m = 100'000.0;
constexpr double chord_rad =
    pi / 128.0; ///< 64 chords to a quarter: 7.5e-5 of the radius inside
/// Turns below it are those of a straight edge that was cut: both sides' offsets differ by ring_m times as much.
constexpr double straight_rad = 1e-6;
constexpr std::size_t block = 64;

using Point = LocalFrame::Point;

std::array<double, 3> space(const Geometry& geometry, std::size_t v) {
    const Ecef p = ecef({geometry.lon_deg[v], geometry.lat_deg[v]});
    return {p.x_m, p.y_m, p.z_m};
}

double diagonal_m(const Box3& box) {
    return std::hypot(
        box.high[0] - box.low[0], box.high[1] - box.low[1], box.high[2] - box.low[2]
    );
}

/// The box in space of a part of a polygon: its ground bulges over the box of its outline.
Box3 box_of_part(const Geometry& geometry, std::size_t part) {
    Box3 box;
    const std::size_t shell = geometry.part_offsets[part];
    for (std::size_t v = geometry.ring_offsets[shell]; v < geometry.ring_offsets[shell + 1];
         ++v) {
        box.add(space(geometry, v));
    }
    const double across_m = diagonal_m(box);
    box.grow(1.2 * across_m * across_m / (8.0 * earth_radius_m) + 1e-3);
    return box;
}

/// What a layer's polygons cover, by parts.
class Cover {
public:
    Cover(const Layer& layer, const Execution& execution)
        : layer_(layer), geometry_(densify(layer.geometry, "EPSG:4490")) {
        for (std::size_t feature = 0; feature < geometry_.size(); ++feature) {
            for (std::size_t part = geometry_.feature_offsets[feature];
                 geometry_.kinds[feature] == GeometryKind::polygon &&
                 part < geometry_.feature_offsets[feature + 1];
                 ++part) {
                parts_.push_back({feature, part});
            }
        }
        std::vector<Box3> boxes(parts_.size());
        const std::size_t blocks = (parts_.size() + block - 1) / block;
        const auto look = [&](std::size_t i) {
            const std::size_t end = std::min(parts_.size(), (i + 1) * block);
            for (std::size_t item = i * block; item < end; ++item) {
                boxes[item] = box_of_part(geometry_, parts_[item].part);
            }
        };
        parallel_for(blocks, execution, {"整理地类图斑", "indexing land polygons"}, look);
        tree_ = BoxTree(std::move(boxes));
    }

    [[nodiscard]] const Geometry& geometry() const { return geometry_; }

    [[nodiscard]] std::size_t part_of(std::size_t item) const { return parts_[item].part; }

    [[nodiscard]] const std::string& class_of(std::size_t item) const {
        static const std::string none;
        const std::size_t feature = parts_[item].feature;
        return feature < layer_.classes.size() ? layer_.classes[feature] : none;
    }

    /// Parts whose boxes meet the query, by feature.
    [[nodiscard]] std::vector<std::size_t> near(const Box3& query) const {
        std::vector<std::size_t> items;
        tree_.visit(
            query,
            [] { return 0.0; },
            [&](std::size_t item) {
                items.push_back(item);
                return true;
            }
        );
        std::sort(items.begin(), items.end());
        return items;
    }

private:
    struct Part {
        std::size_t feature = 0;
        std::size_t part = 0;
    };

    const Layer& layer_;
    Geometry geometry_;
    std::vector<Part> parts_;
    BoxTree tree_;
};

/// Boxes that are not taken yet and come so near to one, ascending; takes them.
std::vector<std::size_t> take_near(
    const Box3& box,
    const std::vector<Box3>& boxes,
    double reach_m,
    std::vector<std::uint8_t>& taken
) {
    std::vector<std::size_t> found;
    for (std::size_t other = 0; other < boxes.size(); ++other) {
        if (taken[other] == 0 && gap(box, boxes[other]) < reach_m) {
            taken[other] = 1;
            found.push_back(other);
        }
    }
    return found;
}

/// The parts that a part's ring leads to, from one to the next. @param taken  (parts) 1: in a group
std::vector<std::size_t> group_from(
    std::size_t start,
    const std::vector<Box3>& boxes,
    double reach_m,
    std::vector<std::uint8_t>& taken
) {
    std::vector<std::size_t> group{start};
    taken[start] = 1;
    for (std::size_t next = 0; next < group.size(); ++next) { // grows on the way
        const auto more = take_near(boxes[group[next]], boxes, reach_m, taken);
        group.insert(group.end(), more.begin(), more.end());
    }
    std::sort(group.begin(), group.end());
    return group;
}

/// Parts of a plot whose rings may meet, so that one plane holds them.
std::vector<std::vector<std::size_t>>
groups_of_parts(const Geometry& plots, std::size_t plot, double ring_m) {
    const std::size_t first = plots.feature_offsets[plot];
    const std::size_t count = plots.feature_offsets[plot + 1] - first;
    std::vector<std::size_t> all(count);
    std::iota(all.begin(), all.end(), first);
    std::vector<Box3> boxes;
    Box3 whole;
    for (const std::size_t part : all) {
        boxes.push_back(box_of_part(plots, part));
        whole.merge(boxes.back());
    }
    if (diagonal_m(whole) <= widest_group_m) {
        return {all};
    }
    std::vector<std::vector<std::size_t>> groups;
    std::vector<std::uint8_t> taken(count, 0);
    for (std::size_t start = 0; start < count; ++start) {
        if (taken[start] == 0) {
            groups.push_back(group_from(start, boxes, 2.1 * ring_m, taken));
        }
    }
    for (std::vector<std::size_t>& group : groups) {
        std::for_each(group.begin(), group.end(), [&](std::size_t& part) { part += first; });
    }
    return groups;
}

LonLat middle_of(const Geometry& plots, const std::vector<std::size_t>& parts) {
    const std::size_t begin = plots.ring_offsets[plots.part_offsets[parts.front()]];
    const double lon = plots.lon_deg[begin];
    Box3 box;
    for (const std::size_t part : parts) {
        const std::size_t from = plots.ring_offsets[plots.part_offsets[part]];
        const std::size_t to = plots.ring_offsets[plots.part_offsets[part + 1]];
        for (std::size_t v = from; v < to; ++v) {
            box.add({lon_step(lon, plots.lon_deg[v]), plots.lat_deg[v], 0.0});
        }
    }
    return {
        std::remainder(lon + 0.5 * (box.low[0] + box.high[0]), 360.0),
        0.5 * (box.low[1] + box.high[1])};
}

/// A straight edge of a plot's outline and the direction out of the plot.
struct Side {
    Point from;
    Point to;
    Point out;             ///< of length 1
    double turn_rad = 0.0; ///< at `from`, from the side before: above 0 the plot bulges there
};

std::vector<Side> sides_of(const RawRing& ring) {
    const std::size_t n = ring.x.size();
    std::vector<Side> sides(n);
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t next = i + 1 == n ? 0 : i + 1;
        const double dx = ring.x[next] - ring.x[i];
        const double dy = ring.y[next] - ring.y[i];
        const double length = std::hypot(dx, dy);
        sides[i].from = {ring.x[i], ring.y[i]};
        sides[i].to = {ring.x[next], ring.y[next]};
        sides[i].out = {dy / length, -dx / length};
    }
    for (std::size_t i = 0; i < n; ++i) {
        const Point& a = sides[i == 0 ? n - 1 : i - 1].out;
        const Point& b = sides[i].out;
        sides[i].turn_rad =
            std::atan2(a.x_m * b.y_m - a.y_m * b.x_m, a.x_m * b.x_m + a.y_m * b.y_m);
    }
    return sides;
}

/// What lies beside a run of sides that bends one way: between it and its offset.
class Strip {
public:
    explicit Strip(double ring_m) : ring_m_(ring_m) {}

    void add(const Side& before, const Side& side) {
        const bool bulges = side.turn_rad > straight_rad;
        if (inner_.x.empty()) {
            push(inner_, side.from, {}, 0.0);
            push(outer_, side.from, bulges ? before.out : side.out, ring_m_);
        }
        if (bulges) {
            add_arc(before, side);
        }
        push(inner_, side.to, {}, 0.0);
        push(outer_, side.to, side.out, ring_m_);
    }

    [[nodiscard]] GeosGeometry polygon() && {
        RawRing ring = std::move(inner_);
        ring.x.insert(ring.x.end(), outer_.x.rbegin(), outer_.x.rend());
        ring.y.insert(ring.y.end(), outer_.y.rbegin(), outer_.y.rend());
        drop_repeats(ring);
        RawPolygon polygon;
        append_part(polygon, {std::move(ring)});
        return geos_part(polygon, 0);
    }

private:
    static void push(RawRing& ring, Point at, Point towards, double by) {
        ring.x.push_back(at.x_m + by * towards.x_m);
        ring.y.push_back(at.y_m + by * towards.y_m);
    }

    /// From before's direction, which is there already, to the side's own.
    void add_arc(const Side& before, const Side& side) {
        const int chords = // a quarter is 64
            static_cast<int>(std::ceil(side.turn_rad / chord_rad - 1e-6));
        for (int k = 1; k < chords; ++k) {
            const double angle = side.turn_rad * k / chords;
            const double c = std::cos(angle);
            const double s = std::sin(angle);
            const Point& a = before.out;
            push(outer_, side.from, {a.x_m * c - a.y_m * s, a.x_m * s + a.y_m * c}, ring_m_);
        }
        push(outer_, side.from, side.out, ring_m_);
    }

    double ring_m_;
    RawRing inner_;
    RawRing outer_;
};

/// Strips beside a ring whose polygon lies on its left, one per run of sides that bends outwards by half a turn at most.
///
/// Not GEOS's own buffer: that first straightens what it takes for shallow dents, up to 1 % of the distance.
void add_strips(const RawRing& ring, double ring_m, std::vector<GeosGeometry>& strips) {
    const std::vector<Side> sides = sides_of(ring);
    const std::size_t n = sides.size();
    const auto dent = std::find_if(sides.begin(), sides.end(), [](const Side& side) {
        return side.turn_rad < -straight_rad;
    });
    const std::size_t start =
        dent == sides.end() ? 0 : static_cast<std::size_t>(dent - sides.begin());
    Strip strip(ring_m);
    double turned_rad = 0.0;
    for (std::size_t k = 0; k < n; ++k) {
        const std::size_t i = (start + k) % n;
        const double bulge_rad = std::max(sides[i].turn_rad, 0.0);
        const bool dents = sides[i].turn_rad < -straight_rad;
        if (k > 0 && (dents || turned_rad + bulge_rad > pi)) {
            strips.push_back(std::exchange(strip, Strip(ring_m)).polygon());
            turned_rad = 0.0;
        }
        turned_rad += bulge_rad;
        strip.add(sides[i == 0 ? n - 1 : i - 1], sides[i]);
    }
    strips.push_back(std::move(strip).polygon());
}

GeosGeometry made_valid(GeosGeometry made) {
    if (made && GEOSisValid_r(geos_handle(), made.get()) != 1) {
        // Valid where it was read; there and back moved a vertex by nanometres.
        made.reset(GEOSMakeValid_r(geos_handle(), made.get()));
    }
    return made;
}

/// The ring round parts of a plot, in a plane about them.
class PlaneRing {
public:
    PlaneRing(const Geometry& plots, const std::vector<std::size_t>& parts, double ring_m)
        : frame_(middle_of(plots, parts)), center_(ecef(frame_.origin())) {
        RawPolygon plot;
        for (const std::size_t part : parts) {
            add_part(plots, part, plot);
        }
        make(plot, ring_m);
        const LonLat o = frame_.origin();
        const double lon = o.lon_deg * radians_per_degree;
        const double lat = o.lat_deg * radians_per_degree;
        east_ = {-std::sin(lon), std::cos(lon), 0.0};
        north_ = {
            -std::sin(lat) * std::cos(lon), -std::sin(lat) * std::sin(lon), std::cos(lat)};
    }

    /// Null where GEOS made none.
    [[nodiscard]] const GEOSGeometry* ring() const { return ring_.get(); }

    [[nodiscard]] double area_m2() const { return area_of(ring_.get()); }

    /// The box in space that the ring lies in.
    [[nodiscard]] Box3 space_box() const {
        Box3 box;
        box.add({center_.x_m, center_.y_m, center_.z_m});
        box.grow(1.01 * std::hypot(reach_x_m_, reach_y_m_) + 1.0);
        return box;
    }

    /// How much of the ring a part of a polygon covers.
    [[nodiscard]] double covered_m2(const Geometry& geometry, std::size_t part) const {
        std::vector<RawRing> rings;
        for (std::size_t r = geometry.part_offsets[part]; r < geometry.part_offsets[part + 1];
             ++r) {
            RawRing ring = near_ring(geometry, r);
            const bool shell = r == geometry.part_offsets[part];
            if (ring.x.size() >= 3) {
                rings.push_back(std::move(ring));
            } else if (shell) {
                return 0.0;
            }
        }
        RawPolygon polygon;
        append_part(polygon, std::move(rings));
        return shared_m2(polygon);
    }

private:
    static double area_of(const GEOSGeometry* geometry) {
        double area = 0.0;
        return geometry != nullptr && GEOSArea_r(geos_handle(), geometry, &area) == 1 ? area
                                                                                      : 0.0;
    }

    void add_part(const Geometry& plots, std::size_t part, RawPolygon& plot) const {
        std::vector<RawRing> rings;
        for (std::size_t r = plots.part_offsets[part]; r < plots.part_offsets[part + 1]; ++r) {
            RawRing ring;
            for (std::size_t v = plots.ring_offsets[r]; v < plots.ring_offsets[r + 1]; ++v) {
                const Point p = frame_.forward({plots.lon_deg[v], plots.lat_deg[v]});
                ring.x.push_back(p.x_m);
                ring.y.push_back(p.y_m);
            }
            drop_repeats(ring);
            if (ring.x.size() >= 3) {
                orient(ring, rings.empty()); // the plot is on the left of every side
                rings.push_back(std::move(ring));
            }
        }
        if (!rings.empty()) {
            append_part(plot, std::move(rings));
        }
    }

    void make(const RawPolygon& plot, double ring_m) {
        const GEOSContextHandle_t geos = geos_handle();
        std::vector<GeosGeometry> strips;
        for (const RawRing& ring : plot.rings) {
            add_strips(ring, ring_m, strips);
            for (std::size_t v = 0; v < ring.x.size(); ++v) {
                reach_x_m_ = std::max(reach_x_m_, std::abs(ring.x[v]) + ring_m);
                reach_y_m_ = std::max(reach_y_m_, std::abs(ring.y[v]) + ring_m);
            }
        }
        std::erase_if(strips, [](const GeosGeometry& strip) { return !strip; });
        const GeosGeometry pieces = geos_collection(std::move(strips), GEOS_GEOMETRYCOLLECTION);
        const GeosGeometry around(pieces ? GEOSUnaryUnion_r(geos, pieces.get()) : nullptr);
        const GeosGeometry inside = made_valid(geos_polygon(plot));
        if (around && inside) {
            ring_.reset(GEOSDifference_r(geos, around.get(), inside.get()));
        }
    }

    /// A ring in the plane, in which runs of vertices beyond one side of the ring's box are cut short: what lies in the
    /// box stays the same, since the run and its chord are on the same side of a line.
    [[nodiscard]] RawRing near_ring(const Geometry& geometry, std::size_t r) const {
        RawRing ring;
        unsigned run = 0;     // sides that all of the run lies beyond
        bool pending = false; // the last vertex of the run is not in the ring yet
        const std::size_t end = geometry.ring_offsets[r + 1];
        for (std::size_t v = geometry.ring_offsets[r]; v < end; ++v) {
            const unsigned beyond = sides_beyond(space(geometry, v));
            if ((run & beyond) != 0) {
                run &= beyond;
                pending = true;
                continue;
            }
            if (pending) {
                push(ring, geometry, v - 1);
            }
            push(ring, geometry, v);
            run = beyond;
            pending = false;
        }
        if (pending) {
            push(ring, geometry, end - 1);
        }
        drop_repeats(ring);
        return ring;
    }

    void push(RawRing& ring, const Geometry& geometry, std::size_t v) const {
        const Point p = frame_.forward({geometry.lon_deg[v], geometry.lat_deg[v]});
        ring.x.push_back(p.x_m);
        ring.y.push_back(p.y_m);
    }

    /// Bits of the sides of a box around the ring that a position is beyond. The plane keeps directions and stretches
    /// what a look from above shows, so what is beyond from above is so in the plane.
    [[nodiscard]] unsigned sides_beyond(const std::array<double, 3>& p) const {
        constexpr double margin = 1.5; // GEOS clips a tenth of the box beyond it
        const std::array<double, 3> d{
            p[0] - center_.x_m, p[1] - center_.y_m, p[2] - center_.z_m};
        const double x = d[0] * east_[0] + d[1] * east_[1];
        const double y = d[0] * north_[0] + d[1] * north_[1] + d[2] * north_[2];
        return (x > margin * reach_x_m_ ? 1U : 0U) | (x < -margin * reach_x_m_ ? 2U : 0U) |
               (y > margin * reach_y_m_ ? 4U : 0U) | (y < -margin * reach_y_m_ ? 8U : 0U);
    }

    [[nodiscard]] double shared_m2(const RawPolygon& polygon) const {
        const GEOSContextHandle_t geos = geos_handle();
        GeosGeometry ground = geos_part(polygon, 0);
        if (!ground) {
            return 0.0;
        }
        GeosGeometry shared(GEOSIntersection_r(geos, ring_.get(), ground.get()));
        if (!shared) {
            ground = made_valid(std::move(ground));
            shared.reset(
                ground ? GEOSIntersection_r(geos, ring_.get(), ground.get()) : nullptr
            );
        }
        return area_of(shared.get());
    }

    LocalFrame frame_;
    Ecef center_;
    std::array<double, 3> east_{};
    std::array<double, 3> north_{};
    double reach_x_m_ = 0.0;
    double reach_y_m_ = 0.0;
    GeosGeometry ring_;
};

/// The ring of one plot.
struct PlotRing {
    double area_m2 = 0.0;
    std::map<std::string, double> by_class;
};

/// Adds the ring round parts that one plane holds.
void add_ring(PlotRing& result, const PlaneRing& ring, const Cover& cover) {
    if (ring.ring() == nullptr) {
        return;
    }
    result.area_m2 += ring.area_m2();
    for (const std::size_t item : cover.near(ring.space_box())) {
        const double covered_m2 = ring.covered_m2(cover.geometry(), cover.part_of(item));
        if (covered_m2 > 0.0) {
            result.by_class[cover.class_of(item)] += covered_m2;
        }
    }
}

PlotRing ring_of(const Geometry& plots, std::size_t plot, const Cover& cover, double ring_m) {
    PlotRing result;
    if (plots.kinds[plot] != GeometryKind::polygon) {
        return result;
    }
    for (const auto& parts : groups_of_parts(plots, plot, ring_m)) {
        add_ring(result, PlaneRing(plots, parts, ring_m), cover);
    }
    return result;
}

void check_ring(double ring_m) {
    if (!(ring_m > 0.0 && ring_m <= 10'000.0)) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "环宽为 {} 米，应大于 0、不超过 10000 米。",
                "ring_m is {} m, must be in (0, 10000] m.",
                ring_m
            )
        );
    }
}

} // namespace

RingAreas ring_areas(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    const Layer& layer,
    double ring_m,
    const Execution& execution
) {
    check_ring(ring_m);
    check_geometry(plots);
    const Geometry cut = densify(plots, plots_edge_crs);
    const Cover cover(layer, part_of(execution, 0.0, 0.1));
    std::vector<PlotRing> rings(plots.size());
    parallel_for(
        plots.size(),
        part_of(execution, 0.1, 1.0),
        {"叠加周边地类", "overlaying surroundings"},
        [&](std::size_t plot) { rings[plot] = ring_of(cut, plot, cover, ring_m); }
    );
    RingAreas result;
    for (const PlotRing& ring : rings) {
        result.ring_m2.push_back(ring.area_m2);
        for (const auto& [name, area_m2] : ring.by_class) {
            result.classes.push_back(name);
            result.areas_m2.push_back(area_m2);
        }
        result.offsets.push_back(result.classes.size());
    }
    return result;
}

} // namespace tuban
