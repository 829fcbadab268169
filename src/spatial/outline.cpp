#include <tuban/geodesy.hpp>
#include <tuban/spatial.hpp>

#include "core/parallel.hpp"
#include "geodesy/geometry.hpp"
#include "spatial/geos.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace tuban {
namespace {

constexpr std::size_t block = 64; ///< features per step of the loop over features
/// Of the radius of the inscribed circle, which is at least area / perimeter: how close GEOS has to come to it.
constexpr double radius_share = 0.01;

/// A shell in the plane about the middle of its box.
RawRing in_plane(const Geometry& geometry, std::size_t ring) {
    const std::size_t begin = geometry.ring_offsets[ring];
    const std::size_t end = geometry.ring_offsets[ring + 1];
    const double first = geometry.lon_deg[begin]; // longitudes run on across ±180°
    double west = 0.0;
    double east = 0.0;
    double south = geometry.lat_deg[begin];
    double north = south;
    for (std::size_t v = begin; v < end; ++v) {
        const double off = short_way_deg(geometry.lon_deg[v] - first);
        west = std::min(west, off);
        east = std::max(east, off);
        south = std::min(south, geometry.lat_deg[v]);
        north = std::max(north, geometry.lat_deg[v]);
    }
    const LocalFrame frame({wrapped_lon_deg(first + 0.5 * (west + east)), 0.5 * (south + north)}
    );
    RawRing plane;
    for (std::size_t v = begin; v < end; ++v) {
        const auto point = frame.forward({geometry.lon_deg[v], geometry.lat_deg[v]});
        plane.x.push_back(point.x_m);
        plane.y.push_back(point.y_m);
    }
    return plane;
}

double perimeter_of(const RawRing& ring) {
    double sum = 0.0;
    for (std::size_t v = 0; v < ring.x.size(); ++v) {
        const std::size_t next = v + 1 == ring.x.size() ? 0 : v + 1;
        sum += std::hypot(ring.x[next] - ring.x[v], ring.y[next] - ring.y[v]);
    }
    return sum;
}

/// Both ends of a line that GEOS has made; none where it has made none.
std::optional<std::pair<LocalFrame::Point, LocalFrame::Point>> ends_of(const GEOSGeometry* line
) {
    const GEOSContextHandle_t geos = geos_handle();
    if (line == nullptr || GEOSisEmpty_r(geos, line) != 0) {
        return std::nullopt;
    }
    const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(geos, line);
    LocalFrame::Point from;
    LocalFrame::Point to;
    unsigned count = 0;
    if (sequence == nullptr || GEOSCoordSeq_getSize_r(geos, sequence, &count) == 0 ||
        count < 2) {
        return std::nullopt;
    }
    GEOSCoordSeq_getXY_r(geos, sequence, 0, &from.x_m, &from.y_m);
    GEOSCoordSeq_getXY_r(geos, sequence, count - 1, &to.x_m, &to.y_m);
    return std::pair(from, to);
}

/// How far the ring reaches along the lines that are `across` apart.
double length_beside(const RawRing& ring, LocalFrame::Point across, double width_m) {
    double least = std::numeric_limits<double>::infinity();
    double most = -least;
    for (std::size_t v = 0; v < ring.x.size(); ++v) {
        const double along = (ring.y[v] * across.x_m - ring.x[v] * across.y_m) / width_m;
        least = std::min(least, along);
        most = std::max(most, along);
    }
    return most - least;
}

std::optional<Outline> outline_of(const RawRing& ring) {
    const GEOSContextHandle_t geos = geos_handle();
    RawPolygon polygon;
    append_part(polygon, {ring});
    const GeosGeometry shape = geos_part(polygon, 0);
    const GeosGeometry width_line(shape ? GEOSMinimumWidth_r(geos, shape.get()) : nullptr);
    const auto width = ends_of(width_line.get());
    const double area_m2 = std::abs(signed_area(ring));
    if (!width || !(area_m2 > 0.0)) {
        return std::nullopt;
    }
    const LocalFrame::Point across{
        width->second.x_m - width->first.x_m, width->second.y_m - width->first.y_m};
    Outline outline;
    outline.width_m = std::hypot(across.x_m, across.y_m);
    if (!(outline.width_m > 0.0)) {
        return std::nullopt;
    }
    outline.length_m = length_beside(ring, across, outline.width_m);
    const double perimeter_m = perimeter_of(ring);
    outline.compactness = 4.0 * pi * area_m2 / (perimeter_m * perimeter_m);
    const GeosGeometry radius_line(
        GEOSMaximumInscribedCircle_r(geos, shape.get(), radius_share * area_m2 / perimeter_m)
    );
    const auto radius = ends_of(radius_line.get());
    if (!radius) {
        return std::nullopt;
    }
    outline.inscribed_m =
        2.0 * std::hypot(
                  radius->second.x_m - radius->first.x_m, radius->second.y_m - radius->first.y_m
              );
    outline.strip_ratio = area_m2 / (outline.inscribed_m * outline.inscribed_m);
    return outline;
}

/// The shell of a polygon's part with the largest area; none for other features.
std::optional<RawRing> largest_shell(const Geometry& geometry, std::size_t feature) {
    if (geometry.kinds[feature] != GeometryKind::polygon) {
        return std::nullopt;
    }
    std::optional<RawRing> largest;
    double most = -1.0;
    for (std::size_t part = geometry.feature_offsets[feature];
         part < geometry.feature_offsets[feature + 1];
         ++part) {
        RawRing shell = in_plane(geometry, geometry.part_offsets[part]);
        const double area = std::abs(signed_area(shell));
        if (area > most) {
            most = area;
            largest = std::move(shell);
        }
    }
    return largest;
}

} // namespace

std::vector<std::optional<Outline>>
outlines(const Geometry& plots, const Execution& execution) {
    check_geometry(plots);
    std::vector<std::optional<Outline>> result(plots.size());
    const auto look = [&](std::size_t i) {
        const std::size_t end = std::min(plots.size(), (i + 1) * block);
        for (std::size_t feature = i * block; feature < end; ++feature) {
            const auto shell = largest_shell(plots, feature);
            result[feature] = shell ? outline_of(*shell) : std::nullopt;
        }
    };
    const std::size_t blocks = (plots.size() + block - 1) / block;
    parallel_for(blocks, execution, {"量算形状", "measuring shapes"}, look);
    return result;
}

} // namespace tuban
