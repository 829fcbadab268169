#include "geodesy/plane_area.hpp"

#include <tuban/geodesy.hpp>

#include "core/parallel.hpp"
#include "geodesy/geometry.hpp"
#include "geodesy/pool.hpp"
#include "geodesy/projection.hpp"
#include "geodesy/tile_transform.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace tuban {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t block = 64; ///< features per step of the loop over features

/// Vertices of neighbouring features in a plane: x, y from the vertex `first` on.
struct PlaneVertices {
    std::size_t first = 0;
    std::vector<double> x;
    std::vector<double> y;
};

/// Half the sum of cross products about the ring's first vertex: coordinates of 10⁷ m keep their digits.
double ring_area(const PlaneVertices& plane, std::size_t begin, std::size_t end) {
    const double x0 = plane.x[begin - plane.first];
    const double y0 = plane.y[begin - plane.first];
    double twice = 0.0;
    for (std::size_t i = begin + 1; i + 1 < end; ++i) {
        const std::size_t k = i - plane.first;
        twice += (plane.x[k] - x0) * (plane.y[k + 1] - y0) -
                 (plane.x[k + 1] - x0) * (plane.y[k] - y0);
    }
    return 0.5 * std::abs(twice);
}

double feature_area(const Geometry& geometry, const PlaneVertices& plane, std::size_t feature) {
    if (geometry.kinds[feature] != GeometryKind::polygon) {
        return nan;
    }
    double sum = 0.0;
    for (std::size_t part = geometry.feature_offsets[feature];
         part < geometry.feature_offsets[feature + 1];
         ++part) {
        const std::size_t shell = geometry.part_offsets[part];
        for (std::size_t ring = shell; ring < geometry.part_offsets[part + 1]; ++ring) {
            const double area =
                ring_area(plane, geometry.ring_offsets[ring], geometry.ring_offsets[ring + 1]);
            sum += ring == shell ? area : -area;
        }
    }
    return sum;
}

std::size_t first_vertex(const Geometry& geometry, std::size_t feature) {
    return geometry.ring_offsets[geometry.part_offsets[geometry.feature_offsets[feature]]];
}

/// Longitudes continuous along each ring, so that a ring across ±180° keeps its shape.
void unwrap(const Geometry& geometry, std::vector<double>& lon_deg) {
    for (std::size_t ring = 0; ring + 1 < geometry.ring_offsets.size(); ++ring) {
        for (std::size_t i = geometry.ring_offsets[ring] + 1;
             i < geometry.ring_offsets[ring + 1];
             ++i) {
            lon_deg[i] = lon_deg[i - 1] + short_way_deg(lon_deg[i] - lon_deg[i - 1]);
        }
    }
}

} // namespace

std::vector<double>
plane_area_m2(const Geometry& geometry, const Crs& plane_crs, const Execution& execution) {
    check_geometry(geometry);
    Pool<TileTransform> pool;
    const double unit_m = unit_m_of(plane_crs);
    std::vector<double> result(geometry.size(), nan);
    const auto measure_block = [&](std::size_t i) {
        auto transform = pool.borrow([&] {
            return std::make_unique<TileTransform>(plane_crs, plot_bound_m);
        });
        const std::size_t end = std::min(geometry.size(), (i + 1) * block);
        PlaneVertices plane;
        plane.first = first_vertex(geometry, i * block);
        const auto from = static_cast<std::ptrdiff_t>(plane.first);
        const auto to = static_cast<std::ptrdiff_t>(first_vertex(geometry, end));
        plane.x.assign(geometry.lon_deg.begin() + from, geometry.lon_deg.begin() + to);
        plane.y.assign(geometry.lat_deg.begin() + from, geometry.lat_deg.begin() + to);
        transform->from_lonlat(plane.x, plane.y);
        for (std::size_t feature = i * block; feature < end; ++feature) {
            result[feature] = feature_area(geometry, plane, feature) * unit_m * unit_m;
        }
        pool.give_back(std::move(transform));
    };
    const std::size_t blocks = (geometry.size() + block - 1) / block;
    parallel_for(blocks, execution, {"计算平面面积", "measuring plane areas"}, measure_block);
    return result;
}

std::vector<double> square_degrees(const Geometry& geometry) {
    check_geometry(geometry);
    PlaneVertices plane{0, geometry.lon_deg, geometry.lat_deg};
    unwrap(geometry, plane.x);
    std::vector<double> result(geometry.size(), nan);
    for (std::size_t feature = 0; feature < geometry.size(); ++feature) {
        result[feature] = feature_area(geometry, plane, feature);
    }
    return result;
}

std::vector<double> middle_longitudes(const Geometry& geometry) {
    std::vector<double> lon = geometry.lon_deg;
    unwrap(geometry, lon);
    std::vector<double> result(geometry.size(), nan);
    for (std::size_t feature = 0; feature < geometry.size(); ++feature) {
        const auto from = static_cast<std::ptrdiff_t>(first_vertex(geometry, feature));
        const auto to = static_cast<std::ptrdiff_t>(first_vertex(geometry, feature + 1));
        if (geometry.kinds[feature] == GeometryKind::polygon && from < to) {
            const auto [west, east] = std::minmax_element(lon.begin() + from, lon.begin() + to);
            result[feature] = wrapped_lon_deg(*west + 0.5 * (*east - *west));
        }
    }
    return result;
}

std::optional<Crs> main_zone_3_degree(const Geometry& geometry) {
    // A cosine is enough to weigh a zone against its neighbours; square degrees alone would favour the north.
    const std::vector<double> degrees = square_degrees(geometry);
    const std::vector<double> middle = middle_longitudes(geometry);
    std::map<long, double> areas; // by central meridian / 3°
    for (std::size_t row = 0; row < geometry.size(); ++row) {
        if (middle[row] >= west_3_degree && middle[row] <= east_3_degree) {
            const double lat = geometry.lat_deg[first_vertex(geometry, row)];
            const double area = degrees[row] * std::cos(lat * radians_per_degree);
            areas[std::min(45L, std::lround(std::floor((middle[row] + 1.5) / 3.0)))] += area;
        }
    }
    if (areas.empty()) {
        return std::nullopt;
    }
    const auto best =
        std::max_element(areas.begin(), areas.end(), [](const auto& a, const auto& b) {
            return a.second < b.second;
        });
    return gauss_kruger_3_degree(3.0 * static_cast<double>(best->first));
}

} // namespace tuban
