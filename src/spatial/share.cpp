#include <tuban/spatial.hpp>

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "spatial/scanline.hpp"
#include "spatial/shapes.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace tuban {
namespace {

struct Sums {
    double covered_m2 = 0.0;
    double area_m2 = 0.0;
};

/// The segments of each part of a plot: parts may lie far apart, so each has a plane of its own.
std::vector<std::vector<Segment>> segments_by_part(const Shapes& plots, std::size_t plot) {
    const Geometry& geometry = plots.geometry();
    auto next = plots.segments().begin() + static_cast<std::ptrdiff_t>(plots.range(plot).first);
    std::vector<std::vector<Segment>> result;
    for (std::size_t part = geometry.feature_offsets[plot];
         part < geometry.feature_offsets[plot + 1];
         ++part) {
        const std::size_t count = geometry.ring_offsets[geometry.part_offsets[part + 1]] -
                                  geometry.ring_offsets[geometry.part_offsets[part]];
        result.emplace_back(next, next + static_cast<std::ptrdiff_t>(count));
        next += static_cast<std::ptrdiff_t>(count);
    }
    return result;
}

/// Measures what a layer's surroundings cover of one part of a plot.
class PartShare {
public:
    PartShare(const ShapeIndex& layer, std::vector<Segment> segments, double within_m)
        : layer_(layer), within_m_(within_m), plane_(std::move(segments)),
          scene_(plane_.edges(), within_m) {}

    [[nodiscard]] Sums run() {
        const double area = scene_.area_m2();
        if (!(area > 0.0)) {
            return {};
        }
        if (!collect()) {
            return {area, area}; // one capsule covers all
        }
        add_polygons();
        return {std::clamp(scene_.covered_m2(1e-7 * area), 0.0, area), area};
    }

private:
    /// Takes all segments in reach; false if one of them alone has the whole part within its distance.
    [[nodiscard]] bool collect() {
        bool open = true;
        const double reach = within_m_ + plane_.plane_error_m(within_m_) + 1.0;
        layer_.segment_tree().visit(
            rectangle_box(),
            [&] { return reach; },
            [&](std::size_t item) {
                const Segment& segment = layer_.shapes().segments()[item];
                const PlaneShape::Edge edge = plane_.project(segment);
                open = !scene_.covers_all(edge);
                reached_.push_back({item, edge});
                return open;
            }
        );
        std::sort(reached_.begin(), reached_.end(), [](const auto& a, const auto& b) {
            return a.item < b.item;
        });
        for (const Reached& r : reached_) {
            scene_.add_capsule(r.edge);
        }
        return open;
    }

    /// The part's rectangle in the plane, as a box in space: whether a polygon's inside is left or right of an edge is
    /// counted along its sides.
    [[nodiscard]] Box3 rectangle_box() const {
        Box3 box = plane_.box();
        for (const LocalFrame::Point corner : scene_.corners()) {
            const Ecef p = ecef(plane_.frame().inverse(corner));
            box.add({p.x_m, p.y_m, p.z_m});
        }
        box.grow(plane_.radius_m() * plane_.radius_m() / 6e6);
        return box;
    }

    void add_polygons() {
        const Shapes& shapes = layer_.shapes();
        std::map<std::size_t, std::vector<PlaneShape::Edge>> polygons;
        for (const std::size_t feature :
             layer_.polygons().holders(plane_.segments().front().from)) {
            polygons[feature];
        }
        for (const Reached& r : reached_) {
            const std::size_t feature = shapes.segments()[r.item].feature;
            if (shapes.geometry().kinds[feature] == GeometryKind::polygon) {
                polygons[feature].push_back(r.edge);
            }
        }
        for (const auto& [feature, edges] : polygons) {
            const std::size_t id = feature;
            scene_.add_polygon(edges, [&](LocalFrame::Point p) {
                return layer_.polygons().contains(id, plane_.frame().inverse(p));
            });
        }
    }

    struct Reached {
        std::size_t item = 0;
        PlaneShape::Edge edge;
    };

    const ShapeIndex& layer_;
    double within_m_;
    PlaneShape plane_;
    Scene scene_;
    std::vector<Reached> reached_;
};

} // namespace

std::vector<std::optional<double>> share_within(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    const Layer& layer,
    double within_m,
    const Execution& execution
) {
    if (!(within_m >= 0.0 && within_m <= 100'000.0)) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "距离为 {} 米，应在 0–100000 米之间。",
                "within_m is {} m, must be in [0, 100000] m.",
                within_m
            )
        );
    }
    const Shapes shapes(plots, plots_edge_crs);
    const Shapes features(layer.geometry, "EPSG:4490");
    const ShapeIndex index(features);
    std::vector<std::optional<double>> result(plots.size());
    const auto measure = [&](std::size_t plot) {
        if (plots.kinds[plot] != GeometryKind::polygon) {
            return;
        }
        Sums sums;
        for (std::vector<Segment>& part : segments_by_part(shapes, plot)) {
            const Sums more = PartShare(index, std::move(part), within_m).run();
            sums.covered_m2 += more.covered_m2;
            sums.area_m2 += more.area_m2;
        }
        if (sums.area_m2 > 0.0) {
            result[plot] = std::clamp(sums.covered_m2 / sums.area_m2, 0.0, 1.0);
        }
    };
    parallel_for(plots.size(), execution, {"计算占比", "measuring shares"}, measure);
    return result;
}

} // namespace tuban
