#include "spatial/barriers.hpp"

#include "geodesy/geometry.hpp"
#include "geodesy/plane_frame.hpp"
#include "spatial/shapes.hpp"

#include <array>
#include <cmath>

namespace tuban {
namespace {

Geometry without_points(const Geometry& geometry) {
    Geometry result;
    for (std::size_t feature = 0; feature < geometry.size(); ++feature) {
        if (geometry.kinds[feature] == GeometryKind::point) {
            append_nothing(result);
        } else {
            append_feature(geometry, feature, result);
        }
    }
    return result;
}

Box3 box_of(const PlotTree::Ball& ball) {
    const Ecef at = ecef(ball.middle);
    Box3 box;
    box.add({at.x_m, at.y_m, at.z_m});
    box.grow(ball.radius_m);
    return box;
}

/// Whether a link in a plane comes to a run's segments within what counts as touching.
bool meets(const PlaneShape::Edge& link, const SegmentRun& run, const PlaneFrame& frame) {
    LocalFrame::Point last = frame.forward({run.x_m[0], run.y_m[0], run.z_m[0]});
    for (std::size_t i = 1; i <= run.segments; ++i) {
        const LocalFrame::Point next =
            frame.forward({run.x_m.at(i), run.y_m.at(i), run.z_m.at(i)});
        if (nearest_points(link, {last, next}).distance_m < touch_m) {
            return true;
        }
        last = next;
    }
    return false;
}

/// Whether something holds for any run whose box in space meets a box.
template <class Holds>
bool any_run(const SegmentIndex& index, const Box3& box, const Holds& holds) {
    bool found = false;
    if (!index.is_empty()) {
        index.visit_in_space(
            box,
            [&] { return found ? -1.0 : 0.0; },
            [&](std::size_t run) { found = found || holds(index.run(run)); }
        );
    }
    return found;
}

} // namespace

Barriers::Barriers(const Layer& layer)
    : geometry_(densify(without_points(layer.geometry), "EPSG:4490")), index_(geometry_) {}

bool Barriers::may_part(const PlotTree::Ball& a, const PlotTree::Ball& b, double within_m)
    const {
    Box3 box = box_of(a);
    box.merge(box_of(b));
    box.grow(sag_m(within_m + 1.0));
    return any_run(index_, box, [](const SegmentRun& /*run*/) { return true; });
}

bool Barriers::part(LonLat from, LonLat to) const {
    const PlaneFrame frame(from);
    const Ecef begin = ecef(from);
    const Ecef end = ecef(to);
    Box3 box;
    box.add({begin.x_m, begin.y_m, begin.z_m});
    box.add({end.x_m, end.y_m, end.z_m});
    box.grow(sag_m(std::hypot(end.x_m - begin.x_m, end.y_m - begin.y_m, end.z_m - begin.z_m)));
    const PlaneShape::Edge link{frame.forward(begin), frame.forward(end)};
    return any_run(index_, box, [&](const SegmentRun& run) { return meets(link, run, frame); });
}

} // namespace tuban
