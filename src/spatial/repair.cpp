#include <tuban/spatial.hpp>

#include "core/format.hpp"

#include <geos_c.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <memory>
#include <numeric>
#include <utility>

namespace tuban {
namespace {

// The limit of the one rule: beyond both, the plot is held out until the user decides.
constexpr double limit_m2 = 10.0;
constexpr double limit_fraction = 0.001;

/// A GEOS context of the thread; GEOS says nothing on its own.
class Geos {
public:
    Geos() : handle_(GEOS_init_r()) {}

    ~Geos() { GEOS_finish_r(handle_); }

    Geos(const Geos&) = delete;
    Geos& operator=(const Geos&) = delete;
    Geos(Geos&&) = delete;
    Geos& operator=(Geos&&) = delete;

    static GEOSContextHandle_t handle() {
        thread_local const Geos geos;
        return geos.handle_;
    }

private:
    GEOSContextHandle_t handle_;
};

struct DestroyGeometry {
    void operator()(GEOSGeometry* geometry) const noexcept {
        GEOSGeom_destroy_r(Geos::handle(), geometry);
    }
};

using GeosGeometry = std::unique_ptr<GEOSGeometry, DestroyGeometry>;

/// Twice the signed area, relative to the first vertex: coordinates of millions of metres would cost digits.
double signed_area(const RawRing& ring) {
    double twice = 0.0;
    const std::size_t n = ring.x.size();
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t next = (i + 1) % n;
        const double ax = ring.x[i] - ring.x[0];
        const double ay = ring.y[i] - ring.y[0];
        const double bx = ring.x[next] - ring.x[0];
        const double by = ring.y[next] - ring.y[0];
        twice += ax * by - bx * ay;
    }
    return twice / 2.0;
}

/// Σ|ring| of shells − holes.
double naive_area(const RawPolygon& polygon) {
    double area = 0.0;
    for (std::size_t part = 0; part + 1 < polygon.part_offsets.size(); ++part) {
        for (std::size_t r = polygon.part_offsets[part]; r < polygon.part_offsets[part + 1];
             ++r) {
            const double ring = std::abs(signed_area(polygon.rings[r]));
            area += r == polygon.part_offsets[part] ? ring : -ring;
        }
    }
    return area;
}

bool finite(const RawRing& ring, Repair& repair) {
    for (std::size_t i = 0; i < ring.x.size(); ++i) {
        if (!std::isfinite(ring.x[i]) || !std::isfinite(ring.y[i])) {
            repair.reason = text(
                "第 {} 个顶点的坐标不是有限数",
                "vertex {} has a coordinate that is not a finite number",
                i + 1
            );
            return false;
        }
    }
    return true;
}

/// Without repeated neighbours and without a repeated first vertex.
RawRing without_repeats(const RawRing& ring) {
    RawRing result;
    for (std::size_t i = 0; i < ring.x.size(); ++i) {
        if (result.x.empty() || ring.x[i] != result.x.back() || ring.y[i] != result.y.back()) {
            result.x.push_back(ring.x[i]);
            result.y.push_back(ring.y[i]);
        }
    }
    while (result.x.size() > 1 && result.x.front() == result.x.back() &&
           result.y.front() == result.y.back()) {
        result.x.pop_back();
        result.y.pop_back();
    }
    return result;
}

void orient(RawRing& ring, bool counter_clockwise) {
    if ((signed_area(ring) > 0.0) != counter_clockwise) {
        std::reverse(ring.x.begin() + 1, ring.x.end()); // the first vertex stays the first
        std::reverse(ring.y.begin() + 1, ring.y.end());
    }
}

void append_part(RawPolygon& polygon, std::vector<RawRing> rings) {
    std::move(rings.begin(), rings.end(), std::back_inserter(polygon.rings));
    polygon.part_offsets.push_back(polygon.rings.size());
}

/// Shell first (no hole is larger than its shell), shells counter-clockwise.
void put_in_order(std::vector<RawRing>& rings) {
    const auto shell =
        std::max_element(rings.begin(), rings.end(), [](const RawRing& a, const RawRing& b) {
            return std::abs(signed_area(a)) < std::abs(signed_area(b));
        });
    std::rotate(rings.begin(), shell, shell + 1);
    for (std::size_t r = 0; r < rings.size(); ++r) {
        orient(rings[r], r == 0);
    }
}

/// What needs no judgement: repeats, closing vertices, order and orientation. Rings of fewer than three vertices
/// enclose nothing and are dropped: `collapsed` tells.
RawPolygon normalised(const RawPolygon& polygon, bool& collapsed) {
    RawPolygon result;
    for (std::size_t part = 0; part + 1 < polygon.part_offsets.size(); ++part) {
        std::vector<RawRing> rings;
        for (std::size_t r = polygon.part_offsets[part]; r < polygon.part_offsets[part + 1];
             ++r) {
            rings.push_back(without_repeats(polygon.rings[r]));
        }
        const std::size_t before = rings.size();
        std::erase_if(rings, [](const RawRing& ring) { return ring.x.size() < 3; });
        collapsed = collapsed || rings.size() < before;
        if (!rings.empty()) {
            put_in_order(rings);
            append_part(result, std::move(rings));
        }
    }
    return result;
}

GEOSGeometry* geos_ring(const RawRing& ring) {
    const GEOSContextHandle_t geos = Geos::handle();
    std::vector<double> x = ring.x;
    std::vector<double> y = ring.y;
    x.push_back(x.front());
    y.push_back(y.front());
    GEOSCoordSequence* sequence = GEOSCoordSeq_copyFromArrays_r(
        geos, x.data(), y.data(), nullptr, nullptr, static_cast<unsigned>(x.size())
    );
    return sequence == nullptr ? nullptr : GEOSGeom_createLinearRing_r(geos, sequence);
}

/// One part as a GEOS polygon. Null where GEOS refuses a ring.
GeosGeometry geos_part(const RawPolygon& polygon, std::size_t part) {
    const GEOSContextHandle_t geos = Geos::handle();
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

GeosGeometry collection(std::vector<GeosGeometry> members, int type) {
    std::vector<GEOSGeometry*> released;
    released.reserve(members.size());
    for (GeosGeometry& member : members) {
        released.push_back(member.release());
    }
    return GeosGeometry(GEOSGeom_createCollection_r(
        Geos::handle(), type, released.data(), static_cast<unsigned>(released.size())
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
    return collection(std::move(parts), GEOS_MULTIPOLYGON);
}

RawRing raw_ring(const GEOSGeometry* ring) {
    const GEOSContextHandle_t geos = Geos::handle();
    const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(geos, ring);
    unsigned n = 0;
    GEOSCoordSeq_getSize_r(geos, sequence, &n);
    RawRing result;
    result.x.resize(n);
    result.y.resize(n);
    GEOSCoordSeq_copyToArrays_r(
        geos, sequence, result.x.data(), result.y.data(), nullptr, nullptr
    );
    return without_repeats(result);
}

void append_polygon(RawPolygon& result, const GEOSGeometry* polygon) {
    const GEOSContextHandle_t geos = Geos::handle();
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

/// The polygons of whatever GEOS made; lines and points left over enclose nothing.
// NOLINTNEXTLINE(misc-no-recursion): a collection may hold a multipolygon, no deeper
void append_polygons(RawPolygon& result, const GEOSGeometry* geometry) {
    const GEOSContextHandle_t geos = Geos::handle();
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

std::string reason_in_chinese(const std::string& reason) {
    static constexpr std::array<std::pair<const char*, const char*>, 13> known{{
        {"Self-intersection", "自相交"},
        {"Ring Self-intersection", "环自相接"},
        {"Hole lies outside shell", "洞在外环之外"},
        {"Holes are nested", "洞相互嵌套"},
        {"Interior is disconnected", "内部被割开"},
        {"Nested shells", "外环相互嵌套"},
        {"Duplicate Rings", "环重复"},
        {"Too few points in geometry component", "环的顶点太少"},
        {"Too few distinct points in geometry component", "环的顶点太少"},
        {"Invalid Coordinate", "坐标无效"},
        {"Ring is not closed", "环未闭合"},
        {"Repeated Point", "顶点重复"},
        {"Topology Validation Error", "拓扑错误"},
    }};
    for (const auto& [english, chinese] : known) {
        if (reason == english) {
            return chinese;
        }
    }
    return reason;
}

/// True if valid; else why and where.
bool is_valid(const GEOSGeometry* geometry, Repair& repair) {
    const GEOSContextHandle_t geos = Geos::handle();
    char* reason = nullptr;
    GEOSGeometry* location = nullptr;
    const char valid = GEOSisValidDetail_r(geos, geometry, 0, &reason, &location);
    const std::string why = reason == nullptr ? "Topology Validation Error" : reason;
    GEOSFree_r(geos, reason);
    const GeosGeometry place(location);
    if (valid == 1) {
        return true;
    }
    repair.reason = {reason_in_chinese(why), why};
    double x = 0.0;
    double y = 0.0;
    if (place && GEOSGeomGetX_r(geos, place.get(), &x) == 1 &&
        GEOSGeomGetY_r(geos, place.get(), &y) == 1) {
        repair.at_x = x;
        repair.at_y = y;
    }
    return false;
}

/// A ring alone, by even–odd. GEOS's structure method would count what a ring winds around twice; its linework method
/// counts it as outside.
GeosGeometry even_odd(const RawRing& ring) {
    const GEOSContextHandle_t geos = Geos::handle();
    RawPolygon alone;
    append_part(alone, {ring});
    GeosGeometry polygon = geos_polygon(alone);
    if (!polygon || GEOSisValid_r(geos, polygon.get()) == 1) {
        return polygon;
    }
    const GeosGeometry valid(GEOSMakeValid_r(geos, polygon.get()));
    RawPolygon areas;
    if (valid) {
        append_polygons(areas, valid.get());
    }
    return geos_polygon(areas);
}

/// A part: its shell by even–odd without its holes by even–odd. Null where GEOS fails.
GeosGeometry valid_part(const RawPolygon& polygon, std::size_t part) {
    const GEOSContextHandle_t geos = Geos::handle();
    GeosGeometry whole = geos_part(polygon, part);
    if (whole && GEOSisValid_r(geos, whole.get()) == 1) {
        return whole;
    }
    const std::size_t shell = polygon.part_offsets[part];
    GeosGeometry area = even_odd(polygon.rings[shell]);
    for (std::size_t r = shell + 1; area && r < polygon.part_offsets[part + 1]; ++r) {
        const GeosGeometry hole = even_odd(polygon.rings[r]);
        area.reset(hole ? GEOSDifference_r(geos, area.get(), hole.get()) : nullptr);
    }
    return area;
}

/// Each ring by even–odd, holes taken from their shell, parts united.
RawPolygon made_valid(const RawPolygon& polygon) {
    std::vector<GeosGeometry> parts;
    for (std::size_t part = 0; part + 1 < polygon.part_offsets.size(); ++part) {
        GeosGeometry area = valid_part(polygon, part);
        if (!area) {
            return {};
        }
        parts.push_back(std::move(area));
    }
    const GeosGeometry all = collection(std::move(parts), GEOS_GEOMETRYCOLLECTION);
    const GeosGeometry united(GEOSUnaryUnion_r(Geos::handle(), all.get()));
    RawPolygon result;
    if (united) {
        append_polygons(result, united.get());
    }
    return result;
}

void judge_change(Repair& repair) {
    const double change_m2 = std::abs(repair.area_after_m2 - repair.area_before_m2);
    const bool beyond =
        change_m2 > limit_m2 && change_m2 > limit_fraction * repair.area_before_m2;
    const bool nothing_left = !(repair.area_after_m2 > 0.0);
    repair.outcome = beyond || nothing_left ? RepairOutcome::held_out : RepairOutcome::repaired;
}

Text collapsed_ring() {
    return {"环退化为点或线", "a ring collapses to a point or a line"};
}

} // namespace

Repair repair(const RawPolygon& polygon, double unit_m2) {
    Repair result;
    result.outcome = RepairOutcome::held_out;
    for (const RawRing& ring : polygon.rings) {
        if (!finite(ring, result)) {
            return result;
        }
    }
    bool collapsed = false;
    RawPolygon clean = normalised(polygon, collapsed); // takes no area away
    result.area_before_m2 = naive_area(clean) * unit_m2;
    if (clean.rings.empty()) {
        result.reason = collapsed_ring();
        return result;
    }
    const GeosGeometry geometry = geos_polygon(clean);
    if (!geometry) {
        result.reason = {"几何无法处理", "the geometry cannot be processed"};
        return result;
    }
    const bool valid = is_valid(geometry.get(), result);
    result.polygon = valid ? std::move(clean) : made_valid(clean);
    result.area_after_m2 = naive_area(result.polygon) * unit_m2;
    if (valid && !collapsed) {
        result.outcome = RepairOutcome::valid;
        return result;
    }
    if (valid) {
        result.reason = collapsed_ring();
    }
    judge_change(result);
    return result;
}

} // namespace tuban
