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
#include <span>

namespace tuban {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t block = 64; ///< features per step of the loop over features

/// Vertices of neighbouring features in a plane: those from the vertex `first` on.
struct PlaneVertices {
    std::size_t first = 0;
    std::span<const double> x;
    std::span<const double> y;
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

std::size_t first_ring(const Geometry& geometry, std::size_t feature) {
    return geometry.part_offsets[geometry.feature_offsets[feature]];
}

std::size_t first_vertex(const Geometry& geometry, std::size_t feature) {
    return geometry.ring_offsets[first_ring(geometry, feature)];
}

struct LonRange {
    double west = std::numeric_limits<double>::infinity();
    double east = -std::numeric_limits<double>::infinity();
};

LonRange range_of(std::span<const double> lon_deg) {
    LonRange range;
    for (const double lon : lon_deg) {
        range.west = std::min(range.west, lon);
        range.east = std::max(range.east, lon);
    }
    return range;
}

/// One feature in longitude and latitude as a plane: longitudes run on along each ring, so that one across ±180° keeps its
/// shape.
class DegreePlane {
public:
    DegreePlane(const Geometry& geometry, std::size_t feature) {
        const std::size_t begin = first_vertex(geometry, feature);
        const std::size_t count = first_vertex(geometry, feature + 1) - begin;
        vertices_.first = begin;
        vertices_.x = std::span(geometry.lon_deg).subspan(begin, count);
        vertices_.y = std::span(geometry.lat_deg).subspan(begin, count);
        range_ = range_of(vertices_.x);
        if (range_.east - range_.west > 180.0) { // else no step is longer than that
            run_on(geometry, feature);
        }
    }

    [[nodiscard]] const PlaneVertices& vertices() const { return vertices_; }

    [[nodiscard]] const LonRange& range() const { return range_; }

private:
    void run_on(const Geometry& geometry, std::size_t feature) {
        unwrapped_.assign(vertices_.x.begin(), vertices_.x.end());
        for (std::size_t ring = first_ring(geometry, feature);
             ring < first_ring(geometry, feature + 1);
             ++ring) {
            const std::size_t end = geometry.ring_offsets[ring + 1] - vertices_.first;
            for (std::size_t i = geometry.ring_offsets[ring] - vertices_.first + 1; i < end;
                 ++i) {
                const double before = unwrapped_[i - 1];
                unwrapped_[i] = before + short_way_deg(unwrapped_[i] - before);
            }
        }
        vertices_.x = unwrapped_;
        range_ = range_of(unwrapped_);
    }

    PlaneVertices vertices_;
    std::vector<double> unwrapped_;
    LonRange range_;
};

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
        const std::size_t first = first_vertex(geometry, i * block);
        const auto from = static_cast<std::ptrdiff_t>(first);
        const auto to = static_cast<std::ptrdiff_t>(first_vertex(geometry, end));
        std::vector<double> x(geometry.lon_deg.begin() + from, geometry.lon_deg.begin() + to);
        std::vector<double> y(geometry.lat_deg.begin() + from, geometry.lat_deg.begin() + to);
        transform->from_lonlat(x, y);
        const PlaneVertices plane{first, x, y};
        for (std::size_t feature = i * block; feature < end; ++feature) {
            result[feature] = feature_area(geometry, plane, feature) * unit_m * unit_m;
        }
        pool.give_back(std::move(transform));
    };
    const std::size_t blocks = (geometry.size() + block - 1) / block;
    parallel_for(blocks, execution, {"计算平面面积", "measuring plane areas"}, measure_block);
    return result;
}

DegreeAreas degree_areas(const Geometry& geometry, const Execution& execution) {
    check_geometry(geometry);
    DegreeAreas areas;
    areas.square_degrees.assign(geometry.size(), nan);
    areas.middle_lon_deg.assign(geometry.size(), nan);
    const auto measure = [&](std::size_t feature) {
        const DegreePlane plane(geometry, feature);
        const LonRange& range = plane.range();
        if (geometry.kinds[feature] == GeometryKind::polygon && range.west <= range.east) {
            areas.square_degrees[feature] = feature_area(geometry, plane.vertices(), feature);
            areas.middle_lon_deg[feature] =
                wrapped_lon_deg(range.west + 0.5 * (range.east - range.west));
        }
    };
    const auto measure_block = [&](std::size_t i) {
        const std::size_t end = std::min(geometry.size(), (i + 1) * block);
        for (std::size_t feature = i * block; feature < end; ++feature) {
            measure(feature);
        }
    };
    const std::size_t blocks = (geometry.size() + block - 1) / block;
    parallel_for(blocks, execution, {"计算平面面积", "measuring plane areas"}, measure_block);
    return areas;
}

std::optional<Crs> main_zone_3_degree(const Geometry& geometry) {
    return main_zone_3_degree(geometry, degree_areas(geometry));
}

std::optional<Crs> main_zone_3_degree(const Geometry& geometry, const DegreeAreas& areas) {
    // A cosine is enough to weigh a zone against its neighbours; square degrees alone would favour the north.
    const std::vector<double>& degrees = areas.square_degrees;
    const std::vector<double>& middle = areas.middle_lon_deg;
    std::map<long, double> sums; // by central meridian / 3°
    for (std::size_t row = 0; row < geometry.size(); ++row) {
        if (middle[row] >= west_3_degree && middle[row] <= east_3_degree) {
            const double lat = geometry.lat_deg[first_vertex(geometry, row)];
            const double area = degrees[row] * std::cos(lat * radians_per_degree);
            sums[std::min(45L, std::lround(std::floor((middle[row] + 1.5) / 3.0)))] += area;
        }
    }
    if (sums.empty()) {
        return std::nullopt;
    }
    const auto best =
        std::max_element(sums.begin(), sums.end(), [](const auto& a, const auto& b) {
            return a.second < b.second;
        });
    return gauss_kruger_3_degree(3.0 * static_cast<double>(best->first));
}

} // namespace tuban
