#include "spatial/plot_piece.hpp"

#include "geodesy/geometry.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tuban {
namespace {

constexpr double meter_deg = 1.0 / 111'000.0; ///< of latitude, about

} // namespace

void PlotPieces::cut(std::size_t plot) {
    count_ = 0;
    const bool closed = plots_.kinds[plot] == GeometryKind::polygon;
    const std::size_t first = plots_.part_offsets[plots_.feature_offsets[plot]];
    const std::size_t end = plots_.part_offsets[plots_.feature_offsets[plot + 1]];
    for (std::size_t ring = first; ring < end; ++ring) {
        add_ring(ring, closed);
    }
    finish();
}

double PlotPieces::radius_m() const {
    double radius = 0.0;
    for (std::size_t i = 0; i < count_; ++i) {
        radius = std::max(radius, pieces_[i].radius_m);
    }
    return radius;
}

void PlotPieces::add_ring(std::size_t ring, bool closed) {
    const std::size_t first = plots_.ring_offsets[ring];
    const std::size_t end = plots_.ring_offsets[ring + 1];
    bool joined = false; // to the edge before
    for (std::size_t i = first; i < end; ++i) {
        const LonLat at{plots_.lon_deg[i], plots_.lat_deg[i]};
        const double reach_deg = PlotPiece::most_reach_m * meter_deg;
        if (edges_ == PlotPiece::most_edges ||
            (edges_ > 0 &&
             (std::abs(at.lat_deg - start_.lat_deg) > reach_deg ||
              std::abs(short_way_deg(at.lon_deg - start_.lon_deg)) * cos_start_ > reach_deg))) {
            finish();
            joined = false;
        }
        if (!joined) {
            begin_stretch(i);
            joined = true;
        }
        const std::size_t next = i + 1 < end ? i + 1 : (closed ? first : i);
        add_edge(next);
    }
}

void PlotPieces::begin_stretch(std::size_t vertex) {
    if (edges_ == 0) {
        start_ = {plots_.lon_deg[vertex], plots_.lat_deg[vertex]};
        cos_start_ = std::cos(start_.lat_deg * radians_per_degree);
    }
    stretches_.push_back({places_, edges_, 0});
    add_place(vertex);
}

void PlotPieces::add_edge(std::size_t to) {
    add_place(to);
    ++stretches_.back().edges;
    ++edges_;
}

void PlotPieces::add_place(std::size_t vertex) {
    lon_[places_] = short_way_deg(plots_.lon_deg[vertex] - start_.lon_deg);
    lat_[places_] = plots_.lat_deg[vertex];
    vertex_[places_] = static_cast<std::uint32_t>(vertex);
    ++places_;
}

void PlotPieces::finish() {
    if (edges_ == 0) {
        return;
    }
    if (count_ == pieces_.size()) {
        pieces_.emplace_back();
    }
    PlotPiece& piece = pieces_[count_++];
    locate(piece);
    project(piece);
    lay_edges(piece);
    stretches_.clear();
    places_ = 0;
    edges_ = 0;
}

void PlotPieces::locate(PlotPiece& piece) {
    double west = lon_[0];
    double east = lon_[0];
    double south = lat_[0];
    double north = lat_[0];
    for (std::size_t i = 0; i < places_; ++i) {
        west = std::min(west, lon_[i]);
        east = std::max(east, lon_[i]);
        south = std::min(south, lat_[i]);
        north = std::max(north, lat_[i]);
    }
    piece.around = {
        {std::remainder(start_.lon_deg + 0.5 * (west + east), 360.0), 0.5 * (south + north)},
        0.5 * (east - west),
        0.5 * (north - south)};
    piece.frame = PlaneFrame(piece.around.middle);
    piece.box =
        index_.mercator_box_round(piece.around, piece.frame.sin_lat(), piece.frame.cos_lat());
    for (std::size_t i = 0; i < places_; ++i) {
        lon_[i] -= 0.5 * (west + east);
        lat_[i] -= piece.around.middle.lat_deg;
    }
}

void PlotPieces::project(PlotPiece& piece) {
    if (piece.around.lon_reach_deg > PlaneFrame::near_deg ||
        piece.around.lat_reach_deg > PlaneFrame::near_deg) { // round a pole
        const std::size_t middle = vertex_[places_ / 2];
        piece.frame = PlaneFrame({plots_.lon_deg[middle], plots_.lat_deg[middle]});
        for (std::size_t i = 0; i < places_; ++i) {
            const std::size_t v = vertex_[i];
            const auto p = piece.frame.forward(ecef({plots_.lon_deg[v], plots_.lat_deg[v]}));
            lon_[i] = p.x_m;
            lat_[i] = p.y_m;
        }
    } else {
        piece.frame.forward_near({lon_.data(), places_}, {lat_.data(), places_});
    }
    double radius2 = 0.0;
    for (std::size_t i = 0; i < places_; ++i) {
        radius2 = std::max(radius2, lon_[i] * lon_[i] + lat_[i] * lat_[i]);
    }
    piece.radius_m = std::sqrt(radius2);
}

void PlotPieces::lay_edges(PlotPiece& piece) const {
    for (const Stretch& stretch : stretches_) {
        for (std::size_t k = 0; k < stretch.edges; ++k) {
            const std::size_t e = stretch.first_edge + k;
            const std::size_t p = stretch.first_place + k;
            const double x = lon_[p];
            const double y = lat_[p];
            const double dx = lon_[p + 1] - x;
            const double dy = lat_[p + 1] - y;
            const double length2 = dx * dx + dy * dy;
            piece.x_m[e] = x;
            piece.y_m[e] = y;
            piece.dx_m[e] = dx;
            piece.dy_m[e] = dy;
            piece.inverse_length2[e] = length2 > 0.0 ? 1.0 / length2 : 0.0;
            piece.west[e] = rounded_down(std::min(x, lon_[p + 1]));
            piece.south[e] = rounded_down(std::min(y, lat_[p + 1]));
            piece.east[e] = rounded_up(std::max(x, lon_[p + 1]));
            piece.north[e] = rounded_up(std::max(y, lat_[p + 1]));
            piece.from[e] = vertex_[p];
            piece.to[e] = vertex_[p + 1];
        }
    }
    piece.edges = edges_;
    piece.padded = (edges_ + 7) / 8 * 8;
    for (std::size_t e = edges_; e < piece.padded; ++e) {
        piece.x_m[e] = piece.x_m[e - 1];
        piece.y_m[e] = piece.y_m[e - 1];
        piece.west[e] = std::numeric_limits<float>::infinity();
        piece.south[e] = std::numeric_limits<float>::infinity();
        piece.east[e] = -std::numeric_limits<float>::infinity();
        piece.north[e] = -std::numeric_limits<float>::infinity();
    }
    piece.all_west = *std::min_element(piece.west.begin(), piece.west.begin() + edges_);
    piece.all_south = *std::min_element(piece.south.begin(), piece.south.begin() + edges_);
    piece.all_east = *std::max_element(piece.east.begin(), piece.east.begin() + edges_);
    piece.all_north = *std::max_element(piece.north.begin(), piece.north.begin() + edges_);
}

} // namespace tuban
