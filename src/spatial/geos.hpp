#pragma once
#include <tuban/spatial.hpp>

#include <geos_c.h>

#include <memory>
#include <vector>

/// GEOS behind values of ours. Its functions give null on failure and say nothing on their own.
namespace tuban {

/// The GEOS context of the thread.
[[nodiscard]] GEOSContextHandle_t geos_handle();

struct DestroyGeosGeometry {
    void operator()(GEOSGeometry* geometry) const noexcept {
        GEOSGeom_destroy_r(geos_handle(), geometry);
    }
};

using GeosGeometry = std::unique_ptr<GEOSGeometry, DestroyGeosGeometry>;

/// One part (shell first) as a GEOS polygon; null where GEOS refuses a ring.
[[nodiscard]] GeosGeometry geos_part(const RawPolygon& polygon, std::size_t part);

/// A polygon's parts (shells first) as a GEOS multipolygon; null where GEOS refuses a ring.
[[nodiscard]] GeosGeometry geos_polygon(const RawPolygon& polygon);

/// All rings as a GEOS multi-linestring; null where GEOS refuses a ring.
[[nodiscard]] GeosGeometry geos_rings(const RawPolygon& polygon);

/// @param type  GEOS_MULTILINESTRING, GEOS_MULTIPOLYGON or GEOS_GEOMETRYCOLLECTION
[[nodiscard]] GeosGeometry geos_collection(std::vector<GeosGeometry> members, int type);

/// The polygons of whatever GEOS made, shells counter-clockwise; lines and points enclose nothing and are left out.
[[nodiscard]] RawPolygon raw_polygon(const GEOSGeometry* geometry);

/// Signed area, counter-clockwise positive, taken relative to the first vertex: coordinates of millions of metres would
/// cost digits.
[[nodiscard]] double signed_area(const RawRing& ring);

/// Turns the ring if need be; the first vertex stays the first.
void orient(RawRing& ring, bool counter_clockwise);

/// Drops repeated neighbours and a repeated first vertex.
/// @return how many were dropped, the closing one not counted
std::size_t drop_repeats(RawRing& ring);

void append_part(RawPolygon& polygon, std::vector<RawRing> rings);

} // namespace tuban
