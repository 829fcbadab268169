#include "spatial/geos.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tuban {
namespace {

class Geos {
public:
    Geos() : handle_(GEOS_init_r()) {}

    ~Geos() { GEOS_finish_r(handle_); }

    Geos(const Geos&) = delete;
    Geos& operator=(const Geos&) = delete;
    Geos(Geos&&) = delete;
    Geos& operator=(Geos&&) = delete;

    [[nodiscard]] GEOSContextHandle_t handle() const { return handle_; }

private:
    GEOSContextHandle_t handle_;
};

GEOSGeometry* geos_ring(const RawRing& ring) {
    const GEOSContextHandle_t geos = geos_handle();
    std::vector<double> x = ring.x;
    std::vector<double> y = ring.y;
    x.push_back(x.front());
    y.push_back(y.front());
    GEOSCoordSequence* sequence = GEOSCoordSeq_copyFromArrays_r(
        geos, x.data(), y.data(), nullptr, nullptr, static_cast<unsigned>(x.size())
    );
    return sequence == nullptr ? nullptr : GEOSGeom_createLinearRing_r(geos, sequence);
}

RawRing raw_ring(const GEOSGeometry* ring) {
    const GEOSContextHandle_t geos = geos_handle();
    const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(geos, ring);
    unsigned n = 0;
    GEOSCoordSeq_getSize_r(geos, sequence, &n);
    RawRing result;
    result.x.resize(n);
    result.y.resize(n);
    GEOSCoordSeq_copyToArrays_r(
        geos, sequence, result.x.data(), result.y.data(), nullptr, nullptr
    );
    drop_repeats(result);
    return result;
}

void append_polygon(RawPolygon& result, const GEOSGeometry* polygon) {
    const GEOSContextHandle_t geos = geos_handle();
    std::vector<RawRing> rings{raw_ring(GEOSGetExteriorRing_r(geos, polygon))};
    const int holes = GEOSGetNumInteriorRings_r(geos, polygon);
    for (int hole = 0; hole < holes; ++hole) {
        rings.push_back(raw_ring(GEOSGetInteriorRingN_r(geos, polygon, hole)));
    }
    for (std::size_t r = 0; r < rings.size(); ++r) {
        orient(rings[r], r == 0);
    }
    append_part(result, std::move(rings));
}

// NOLINTNEXTLINE(misc-no-recursion): a collection may hold a multipolygon, no deeper
void append_polygons(RawPolygon& result, const GEOSGeometry* geometry) {
    const GEOSContextHandle_t geos = geos_handle();
    const int type = GEOSGeomTypeId_r(geos, geometry);
    if (type == GEOS_POLYGON && GEOSisEmpty_r(geos, geometry) == 0) {
        append_polygon(result, geometry);
    }
    if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
        const int parts = GEOSGetNumGeometries_r(geos, geometry);
        for (int part = 0; part < parts; ++part) {
            append_polygons(result, GEOSGetGeometryN_r(geos, geometry, part));
        }
    }
}

} // namespace

GEOSContextHandle_t geos_handle() {
    thread_local const Geos geos;
    return geos.handle();
}

GeosGeometry geos_part(const RawPolygon& polygon, std::size_t part) {
    const GEOSContextHandle_t geos = geos_handle();
    std::vector<GEOSGeometry*> rings;
    rings.reserve(polygon.part_offsets[part + 1] - polygon.part_offsets[part]);
    for (std::size_t r = polygon.part_offsets[part]; r < polygon.part_offsets[part + 1]; ++r) {
        rings.push_back(geos_ring(polygon.rings[r]));
    }
    if (std::find(rings.begin(), rings.end(), nullptr) != rings.end()) {
        for (GEOSGeometry* ring : rings) {
            GEOSGeom_destroy_r(geos, ring);
        }
        return nullptr;
    }
    return GeosGeometry(GEOSGeom_createPolygon_r(
        geos, rings[0], rings.data() + 1, static_cast<unsigned>(rings.size() - 1)
    ));
}

GeosGeometry geos_collection(std::vector<GeosGeometry> members, int type) {
    std::vector<GEOSGeometry*> released;
    released.reserve(members.size());
    for (GeosGeometry& member : members) {
        released.push_back(member.release());
    }
    return GeosGeometry(GEOSGeom_createCollection_r(
        geos_handle(), type, released.data(), static_cast<unsigned>(released.size())
    ));
}

GeosGeometry geos_polygon(const RawPolygon& polygon) {
    std::vector<GeosGeometry> parts;
    for (std::size_t part = 0; part + 1 < polygon.part_offsets.size(); ++part) {
        parts.push_back(geos_part(polygon, part));
        if (!parts.back()) {
            return nullptr;
        }
    }
    return geos_collection(std::move(parts), GEOS_MULTIPOLYGON);
}

GeosGeometry geos_rings(const RawPolygon& polygon) {
    std::vector<GeosGeometry> rings;
    for (const RawRing& ring : polygon.rings) {
        rings.emplace_back(geos_ring(ring));
        if (!rings.back()) {
            return nullptr;
        }
    }
    return geos_collection(std::move(rings), GEOS_MULTILINESTRING);
}

RawPolygon raw_polygon(const GEOSGeometry* geometry) {
    RawPolygon result;
    append_polygons(result, geometry);
    return result;
}

double signed_area(const RawRing& ring) {
    const std::size_t n = ring.x.size();
    double twice = 0.0;
    for (std::size_t i = 1; i + 1 < n; ++i) { // terms with the first vertex are 0
        const double ax = ring.x[i] - ring.x[0];
        const double ay = ring.y[i] - ring.y[0];
        const double bx = ring.x[i + 1] - ring.x[0];
        const double by = ring.y[i + 1] - ring.y[0];
        twice += ax * by - bx * ay;
    }
    return twice / 2.0;
}

void orient(RawRing& ring, bool counter_clockwise) {
    if ((signed_area(ring) > 0.0) != counter_clockwise) {
        std::reverse(ring.x.begin() + 1, ring.x.end());
        std::reverse(ring.y.begin() + 1, ring.y.end());
    }
}

std::size_t drop_repeats(RawRing& ring) {
    std::size_t kept = 0;
    const std::size_t n = ring.x.size();
    for (std::size_t i = 0; i < n; ++i) {
        if (kept == 0 || ring.x[i] != ring.x[kept - 1] || ring.y[i] != ring.y[kept - 1]) {
            ring.x[kept] = ring.x[i];
            ring.y[kept] = ring.y[i];
            ++kept;
        }
    }
    std::size_t dropped = n - kept;
    bool closing = true;
    while (kept > 1 && ring.x[0] == ring.x[kept - 1] && ring.y[0] == ring.y[kept - 1]) {
        --kept;
        dropped += closing ? 0U : 1U;
        closing = false;
    }
    ring.x.resize(kept);
    ring.y.resize(kept);
    return dropped;
}

void append_part(RawPolygon& polygon, std::vector<RawRing> rings) {
    std::move(rings.begin(), rings.end(), std::back_inserter(polygon.rings));
    polygon.part_offsets.push_back(polygon.rings.size());
}

} // namespace tuban
