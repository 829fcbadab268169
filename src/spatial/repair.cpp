#include "spatial/contacts.hpp"
#include "spatial/faults.hpp"
#include "spatial/geos.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace tuban {
namespace {

constexpr std::size_t most_contacts = 20'000; ///< GEOS takes seconds to untangle as many
constexpr double largest_coordinate = 1e12;   ///< no CRS has such; products stay finite
constexpr double least_area_m2 = 0.005;       ///< what is printed as 0.00 m² is no plot
constexpr double longest_m =
    1e9; ///< of an outline: the land borders of all countries are 2.5e8; 1.4e7 pieces of 70 m

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

/// True if all rings together are longer than `most`, in the unit of the coordinates.
bool is_longer(const RawPolygon& polygon, double most) {
    double length = 0.0;
    for (const RawRing& ring : polygon.rings) {
        std::size_t before = ring.x.empty() ? 0 : ring.x.size() - 1;
        for (std::size_t v = 0; v < ring.x.size(); before = v++) {
            const double dx = ring.x[v] - ring.x[before];
            const double dy = ring.y[v] - ring.y[before];
            length += std::sqrt(dx * dx + dy * dy);
        }
    }
    return length > most;
}

void find_no_numbers(const RawRing& ring, std::size_t r, Faults& faults) {
    const auto bad = [](double value) { return !(std::abs(value) <= largest_coordinate); };
    for (std::size_t v = 0; v < ring.x.size(); ++v) {
        if (bad(ring.x[v]) || bad(ring.y[v])) {
            faults.add({"not_finite", Severity::error, false}, r, v);
        }
    }
}

/// True if every vertex is a number that a coordinate can be.
bool are_numbers(const RawPolygon& polygon, Faults& faults) {
    for (std::size_t r = 0; r < polygon.rings.size(); ++r) {
        find_no_numbers(polygon.rings[r], r, faults);
    }
    return !faults.has("not_finite");
}

RingEdge nearest_vertex(const RawPolygon& polygon, double x, double y) {
    RingEdge nearest;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t r = 0; r < polygon.rings.size(); ++r) {
        const RawRing& ring = polygon.rings[r];
        for (std::size_t v = 0; v < ring.x.size(); ++v) {
            const double away = std::hypot(ring.x[v] - x, ring.y[v] - y);
            nearest = away < least ? RingEdge{r, v} : nearest;
            least = std::min(least, away);
        }
    }
    return nearest;
}

/// GEOS's judgement where ours does not reach: what touches without crossing, and rings by the thousand.
void ask_geos(const TidyPolygon& tidy, Faults& faults) {
    const GEOSContextHandle_t geos = geos_handle();
    const GeosGeometry geometry = geos_polygon(tidy.polygon);
    char* reason = nullptr;
    GEOSGeometry* location = nullptr;
    const char valid =
        geometry ? GEOSisValidDetail_r(geos, geometry.get(), 0, &reason, &location) : char{2};
    const std::string why = reason == nullptr ? "" : reason;
    GEOSFree_r(geos, reason);
    const GeosGeometry place(location);
    if (valid == 1) {
        return;
    }
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> known{{
        {"Hole lies outside shell", "hole_outside"},
        {"Holes are nested", "nested_holes"},
        {"Interior is disconnected", "interior_cut"},
        {"Nested shells", "nested_shells"},
        {"Duplicate Rings", "duplicate_ring"},
        {"Self-intersection", "self_intersection"},
        {"Ring Self-intersection", "self_touch"},
    }};
    std::string_view code = "invalid_geometry";
    for (const auto& [words, name] : known) {
        code = why == words ? name : code;
    }
    double x = tidy.polygon.rings[0].x[0];
    double y = tidy.polygon.rings[0].y[0];
    if (place) {
        GEOSGeomGetX_r(geos, place.get(), &x);
        GEOSGeomGetY_r(geos, place.get(), &y);
    }
    const RingEdge near = nearest_vertex(tidy.polygon, x, y);
    const RingEdge as_read{tidy.origins[near.ring].ring, tidy.row_as_read(near)};
    faults.add({code, Severity::warning, true}, as_read, x, y);
}

/// True where the rule has ground: in the shell of a part and in none of its holes, each by even–odd.
bool has_ground(const RawPolygon& polygon, double x, double y) {
    for (std::size_t part = 0; part + 1 < polygon.part_offsets.size(); ++part) {
        const std::size_t shell = polygon.part_offsets[part];
        bool ground = position_in(polygon.rings[shell], x, y) > 0;
        for (std::size_t r = shell + 1; ground && r < polygon.part_offsets[part + 1]; ++r) {
            ground = position_in(polygon.rings[r], x, y) <= 0;
        }
        if (ground) {
            return true;
        }
    }
    return false;
}

/// The faces into which the rings cut the plane. Null where GEOS fails.
GeosGeometry faces_of(const RawPolygon& polygon) {
    const GEOSContextHandle_t geos = geos_handle();
    const GeosGeometry rings = geos_rings(polygon);
    const GeosGeometry lines(
        rings ? GEOSUnaryUnion_r(geos, rings.get()) : nullptr
    ); // nodes them
    if (!lines) {
        return nullptr;
    }
    const GEOSGeometry* all = lines.get();
    return GeosGeometry(GEOSPolygonize_r(geos, &all, 1));
}

/// Each ring by even–odd, holes taken from their shell, parts united: of the faces between all rings, those that have
/// ground. Looking at each face alone follows the rule to the letter; GEOS's own ways of making valid do not (what a ring
/// winds around twice, edges it passes twice).
RawPolygon made_valid(const RawPolygon& polygon) {
    const GEOSContextHandle_t geos = geos_handle();
    const GeosGeometry faces = faces_of(polygon);
    if (!faces) {
        return {};
    }
    std::vector<GeosGeometry> taken;
    const int n = GEOSGetNumGeometries_r(geos, faces.get());
    for (int i = 0; i < n; ++i) {
        const GEOSGeometry* face = GEOSGetGeometryN_r(geos, faces.get(), i);
        const GeosGeometry inside(GEOSPointOnSurface_r(geos, face));
        double x = 0.0;
        double y = 0.0;
        if (inside && GEOSGeomGetX_r(geos, inside.get(), &x) == 1 &&
            GEOSGeomGetY_r(geos, inside.get(), &y) == 1 && has_ground(polygon, x, y)) {
            taken.emplace_back(GEOSGeom_clone_r(geos, face));
        }
    }
    const GeosGeometry all = geos_collection(std::move(taken), GEOS_GEOMETRYCOLLECTION);
    const GeosGeometry united(GEOSUnaryUnion_r(geos, all.get()));
    return united ? raw_polygon(united.get()) : RawPolygon{};
}

void judge_change(Repair& repair, const RepairLimit& limit) {
    const double change_m2 = std::abs(repair.area_after_m2 - repair.area_before_m2);
    const bool beyond = change_m2 > limit.area_m2 &&
                        change_m2 > limit.share_pct / 100.0 * repair.area_before_m2;
    const bool nothing_left = !(repair.area_after_m2 >= least_area_m2);
    repair.outcome = beyond || nothing_left ? RepairOutcome::held_out : RepairOutcome::repaired;
}

/// Edges that only run along each other may belong to rings that overlap: then the area changes.
void name_by_change(const Repair& repair, Faults& faults) {
    const double change = std::abs(repair.area_after_m2 - repair.area_before_m2);
    if (!(change > 1e-9 * repair.area_before_m2)) {
        return;
    }
    if (!faults.has("overlapping_parts")) {
        faults.rename("parts_share_edge", "overlapping_parts");
    }
    if (!faults.has("hole_crosses_shell")) {
        faults.rename("hole_on_shell", "hole_crosses_shell");
    }
}

/// Everything that is wrong with the rings. False: too long or too tangled to tell.
bool find_faults(const TidyPolygon& tidy, double unit_m2, Faults& faults) {
    if (is_longer(tidy.polygon, longest_m / std::sqrt(unit_m2))) {
        faults.add({"too_long", Severity::error, true}, tidy, {0, 0});
        return false;
    }
    find_in_rings(tidy, unit_m2, faults);
    const Contacts contacts = contacts_of(tidy.polygon, most_contacts);
    if (contacts.gave_up) {
        faults.add({"too_tangled", Severity::error, true}, tidy, {0, 0});
        return false;
    }
    name_contacts(tidy, contacts.found, faults);
    const bool sure = name_nesting(tidy, contacts.found, faults);
    if (!(sure && contacts.found.empty()) && !faults.needs_overlay()) {
        ask_geos(tidy, faults);
    }
    if (!faults.needs_overlay()) { // else the areas of its rings are not yet what they enclose
        find_slivers(tidy, unit_m2, faults);
    }
    return true;
}

} // namespace

Repair repair(const RawPolygon& polygon, double unit_m2, const RepairLimit& limit) {
    Repair result;
    result.outcome = RepairOutcome::held_out;
    Faults faults(polygon);
    if (!are_numbers(polygon, faults)) {
        result.faults = faults.take();
        return result;
    }
    TidyPolygon tidy = tidied(polygon, faults); // takes no area away
    result.area_before_m2 = naive_area(tidy.polygon) * unit_m2;
    if (tidy.polygon.rings.empty() || !find_faults(tidy, unit_m2, faults)) {
        result.faults = faults.take();
        return result;
    }
    const bool sound = !faults.needs_overlay();
    result.polygon = sound ? std::move(tidy.polygon) : made_valid(tidy.polygon);
    result.area_after_m2 = naive_area(result.polygon) * unit_m2;
    name_by_change(result, faults);
    if (!(result.area_after_m2 >= least_area_m2) && !faults.has("ring_collapses")) {
        faults.add({"ring_collapses", Severity::warning, true}, 0, 0);
    }
    const bool mended = faults.any_mended();
    result.faults = faults.take();
    if (!mended) {
        result.outcome = RepairOutcome::valid;
    } else {
        judge_change(result, limit);
    }
    return result;
}

} // namespace tuban
