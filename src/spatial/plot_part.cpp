#include "spatial/plot_part.hpp"

#include "geodesy/geometry.hpp"
#include "spatial/shapes.hpp"

#include <algorithm>
#include <cmath>

namespace tuban {
namespace {

/// Half the way from the least to the greatest of some values, and the middle.
struct Range {
    double middle = 0.0;
    double reach = 0.0;
};

Range range_of(const std::vector<double>& values) {
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    return {0.5 * (*least + *most), 0.5 * (*most - *least)};
}

} // namespace

void PlotPart::turn_to(const Geometry& geometry, std::size_t part) {
    geometry_ = &geometry;
    part_ = part;
    rings_.clear();
    radius_m_ = 0.0;
    const std::size_t first_ring = geometry.part_offsets[part];
    const std::size_t end_ring = geometry.part_offsets[part + 1];
    const std::size_t first = geometry.ring_offsets[first_ring];
    const std::size_t end = geometry.ring_offsets[end_ring];
    if (first == end) {
        return;
    }
    project(first, end);
    for (std::size_t i = 0; i < x_m_.size(); ++i) {
        radius_m_ = std::max(radius_m_, x_m_[i] * x_m_[i] + y_m_[i] * y_m_[i]);
    }
    radius_m_ = std::sqrt(radius_m_);
    close_rings(first_ring, end_ring);
    box_ = box_of(rings_);
}

void PlotPart::project(std::size_t first, std::size_t end) {
    const Geometry& geometry = *geometry_;
    const LonLat start{geometry.lon_deg[first], geometry.lat_deg[first]};
    x_m_.resize(end - first);
    y_m_.resize(end - first);
    for (std::size_t i = first; i < end; ++i) {
        x_m_[i - first] = short_way_deg(geometry.lon_deg[i] - start.lon_deg);
        y_m_[i - first] = geometry.lat_deg[i] - start.lat_deg;
    }
    const Range lon = range_of(x_m_);
    const Range lat = range_of(y_m_);
    origin_ = {std::remainder(start.lon_deg + lon.middle, 360.0), start.lat_deg + lat.middle};
    around_ = {origin_, lon.reach, lat.reach};
    if (lon.reach > PlaneFrame::near_deg || lat.reach > PlaneFrame::near_deg) {
        project_far(first, end);
        return;
    }
    frame_ = PlaneFrame(origin_);
    for (std::size_t i = 0; i < x_m_.size(); ++i) {
        x_m_[i] -= lon.middle;
        y_m_[i] -= lat.middle;
    }
    frame_.forward_near(x_m_, y_m_);
}

/// Large parts and those round a pole: about the middle of the vertices in space.
void PlotPart::project_far(std::size_t first, std::size_t end) {
    Ecef sum;
    for (std::size_t i = first; i < end; ++i) {
        const Ecef p = ecef({geometry_->lon_deg[i], geometry_->lat_deg[i]});
        sum = {sum.x_m + p.x_m, sum.y_m + p.y_m, sum.z_m + p.z_m};
    }
    origin_ = {
        std::atan2(sum.y_m, sum.x_m) / radians_per_degree,
        std::atan2(sum.z_m, std::hypot(sum.x_m, sum.y_m)) / radians_per_degree};
    frame_ = PlaneFrame(origin_);
    for (std::size_t i = first; i < end; ++i) {
        const PlanePoint p =
            frame_.forward(ecef({geometry_->lon_deg[i], geometry_->lat_deg[i]}));
        x_m_[i - first] = p.x_m;
        y_m_[i - first] = p.y_m;
    }
}

void PlotPart::close_rings(std::size_t first_ring, std::size_t end_ring) {
    const std::size_t first = geometry_->ring_offsets[first_ring];
    for (std::size_t ring = first_ring; ring < end_ring; ++ring) {
        const std::size_t size = rings_.size();
        const std::size_t start = rings_.x_m.size();
        for (std::size_t i = geometry_->ring_offsets[ring];
             i < geometry_->ring_offsets[ring + 1];
             ++i) {
            rings_.add({x_m_[i - first], y_m_[i - first]});
        }
        rings_.close_ring();
        const bool is_shell = ring == first_ring;
        if (rings_.size() > size && (twice_area_m2(rings_, size) < 0.0) == is_shell) {
            const auto from = static_cast<std::ptrdiff_t>(start);
            std::reverse(rings_.x_m.begin() + from, rings_.x_m.end());
            std::reverse(rings_.y_m.begin() + from, rings_.y_m.end());
        }
    }
}

Box3 PlotPart::space_box() const {
    Box3 box;
    const std::size_t first = geometry_->ring_offsets[geometry_->part_offsets[part_]];
    const std::size_t end = geometry_->ring_offsets[geometry_->part_offsets[part_ + 1]];
    for (std::size_t i = first; i < end; ++i) {
        const Ecef p = ecef({geometry_->lon_deg[i], geometry_->lat_deg[i]});
        box.add({p.x_m, p.y_m, p.z_m});
    }
    // The plane's box reaches farther than the vertices, and the ground stands out of what they span like an arc.
    box.grow(radius_m_ + sag_m(2.0 * radius_m_));
    return box;
}

} // namespace tuban
