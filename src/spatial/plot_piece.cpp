#include "spatial/plot_piece.hpp"

#include "geodesy/geometry.hpp"
#include "geodesy/lanes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tuban {
namespace {

using Lanes = Doubles<plain_bytes>;
constexpr std::size_t lanes = plain_bytes / sizeof(double);

/// The least and the greatest of n >= 1 values.
std::pair<double, double> range_of(const double* values, std::size_t n) {
    Lanes low = Lanes{} + values[0];
    Lanes high = low;
    for (std::size_t i = 0; i + lanes <= n; i += lanes) {
        Lanes more;
        load(more, values + i);
        keep_smaller(low, more);
        keep_larger(high, more);
    }
    for (std::size_t k = 1; k < lanes; ++k) {
        low[0] = std::min(low[0], low[k]);
        high[0] = std::max(high[0], high[k]);
    }
    return {std::min(low[0], values[n - 1]), std::max(high[0], values[n - 1])};
}

/// The greatest of n >= 1 sums of two squares.
double most_square(const double* x, const double* y, std::size_t n) {
    Lanes most{};
    for (std::size_t i = 0; i + lanes <= n; i += lanes) {
        Lanes east;
        Lanes north;
        load(east, x + i);
        load(north, y + i);
        keep_larger<Lanes>(most, east * east + north * north);
    }
    return std::max({most[0], most[1], x[n - 1] * x[n - 1] + y[n - 1] * y[n - 1]});
}

static_assert(lanes == 2); // the last of an odd number stands alone

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
    if (closed && end > first && add_whole(first, end)) {
        return;
    }
    const double reach_deg = PlotPiece::most_reach_m * meter_deg;
    bool joined = false; // to the edge before
    for (std::size_t i = first; i < end; ++i) {
        const double dlon = short_way_deg(plots_.lon_deg[i] - start_.lon_deg);
        const double dlat = plots_.lat_deg[i] - start_.lat_deg;
        const bool is_far = std::max(std::abs(dlon) * cos_start_, std::abs(dlat)) > reach_deg;
        if (edges_ == PlotPiece::most_edges || (edges_ > 0 && is_far)) {
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

bool PlotPieces::add_whole(std::size_t first, std::size_t end) {
    const std::size_t n = end - first;
    if (edges_ + n > PlotPiece::most_edges) {
        return false;
    }
    if (edges_ == 0) {
        start_at(first);
    }
    const auto [west, east] = range_of(&plots_.lon_deg[first], n);
    const auto [south, north] = range_of(&plots_.lat_deg[first], n);
    const double reach_deg = PlotPiece::most_reach_m * meter_deg;
    const double reach_lon = std::max(east - start_.lon_deg, start_.lon_deg - west);
    const double reach_lat = std::max(north - start_.lat_deg, start_.lat_deg - south);
    if (reach_lon > 180.0 || std::max(reach_lon * cos_start_, reach_lat) > reach_deg) {
        return false;
    }
    stretches_.push_back({places_, edges_, n});
    double* const lon = lon_.data() + places_;
    double* const lat = lat_.data() + places_;
    std::uint32_t* const vertex = vertex_.data() + places_;
    const double* const from_lon = plots_.lon_deg.data() + first;
    const double* const from_lat = plots_.lat_deg.data() + first;
    const double start_lon = start_.lon_deg;
    for (std::size_t i = 0; i < n; ++i) {
        lon[i] = from_lon[i] - start_lon;
        lat[i] = from_lat[i];
        vertex[i] = static_cast<std::uint32_t>(first + i);
    }
    lon[n] = lon[0];
    lat[n] = lat[0];
    vertex[n] = vertex[0];
    places_ += n + 1;
    edges_ += n;
    return true;
}

void PlotPieces::start_at(std::size_t vertex) {
    start_ = {plots_.lon_deg[vertex], plots_.lat_deg[vertex]};
    cos_start_ = std::cos(start_.lat_deg * radians_per_degree);
}

void PlotPieces::begin_stretch(std::size_t vertex) {
    if (edges_ == 0) {
        start_at(vertex);
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
    const auto [west, east] = range_of(lon_.data(), places_);
    const auto [south, north] = range_of(lat_.data(), places_);
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
    piece.radius_m = std::sqrt(most_square(lon_.data(), lat_.data(), places_));
}

void PlotPieces::lay_edges(PlotPiece& piece) const {
    for (const Stretch& stretch : stretches_) {
        lay_stretch(stretch, piece);
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
    const auto [west, east] = range_of(lon_.data(), places_);
    const auto [south, north] = range_of(lat_.data(), places_);
    piece.all_west = rounded_down(west);
    piece.all_south = rounded_down(south);
    piece.all_east = rounded_up(east);
    piece.all_north = rounded_up(north);
}

void PlotPieces::lay_stretch(const Stretch& stretch, PlotPiece& piece) const {
    const std::size_t n = stretch.edges;
    const double* const from_x = lon_.data() + stretch.first_place;
    const double* const from_y = lat_.data() + stretch.first_place;
    const std::size_t e = stretch.first_edge;
    for (std::size_t k = 0; k < n; ++k) {
        const double dx = from_x[k + 1] - from_x[k];
        const double dy = from_y[k + 1] - from_y[k];
        const double length2 = dx * dx + dy * dy;
        piece.x_m[e + k] = from_x[k];
        piece.y_m[e + k] = from_y[k];
        piece.dx_m[e + k] = dx;
        piece.dy_m[e + k] = dy;
        // An edge without length goes nowhere, whatever it is multiplied by.
        piece.inverse_length2[e + k] = 1.0 / (length2 > 0.0 ? length2 : 1.0);
    }
    for (std::size_t k = 0; k < n; ++k) {
        const double x = from_x[k];
        const double next_x = from_x[k + 1];
        piece.west[e + k] = rounded_down(x < next_x ? x : next_x);
        piece.east[e + k] = rounded_up(x > next_x ? x : next_x);
    }
    for (std::size_t k = 0; k < n; ++k) {
        const double y = from_y[k];
        const double next_y = from_y[k + 1];
        piece.south[e + k] = rounded_down(y < next_y ? y : next_y);
        piece.north[e + k] = rounded_up(y > next_y ? y : next_y);
    }
    for (std::size_t k = 0; k < n; ++k) {
        piece.from[e + k] = vertex_[stretch.first_place + k];
        piece.to[e + k] = vertex_[stretch.first_place + k + 1];
    }
}

} // namespace tuban
