#include "spatial/overlaps.hpp"

#include <tuban/geodesy.hpp>

#include "core/parallel.hpp"
#include "geodesy/projection.hpp"
#include "spatial/box_tree.hpp"
#include "spatial/geos.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

namespace tuban {
namespace {

constexpr double widest_m = 3e6; ///< a ring wider than that in its plane is torn at ±180°
constexpr double touch_tolerance_m = 1e-3;
constexpr double meters_per_degree = 111'000.0;

double nearest_turn(double lon, double to) {
    return lon + 360.0 * std::round((to - lon) / 360.0);
}

/// A ring of a Geometry whose longitudes run on over ±180°, from the turn of the earth that `last` is in.
RawRing ring_running_on(const Geometry& geometry, std::size_t r, std::optional<double> last) {
    RawRing ring;
    for (std::size_t v = geometry.ring_offsets[r]; v < geometry.ring_offsets[r + 1]; ++v) {
        const double lon = geometry.lon_deg[v];
        last = last ? nearest_turn(lon, *last) : lon;
        ring.x.push_back(*last);
        ring.y.push_back(geometry.lat_deg[v]);
    }
    return ring;
}

/// A polygon of a Geometry; of each part, longitudes run on over ±180°.
RawPolygon running_on(const Geometry& geometry, std::size_t feature) {
    RawPolygon result;
    for (std::size_t part = geometry.feature_offsets[feature];
         part < geometry.feature_offsets[feature + 1];
         ++part) {
        std::optional<double> last;
        std::vector<RawRing> rings;
        for (std::size_t r = geometry.part_offsets[part]; r < geometry.part_offsets[part + 1];
             ++r) {
            rings.push_back(ring_running_on(geometry, r, last));
            last = rings.back().x.front();
        }
        append_part(result, std::move(rings));
    }
    return result;
}

bool runs_over_180(const RawPolygon& polygon) {
    return std::any_of(polygon.rings.begin(), polygon.rings.end(), [](const RawRing& ring) {
        return std::any_of(ring.x.begin(), ring.x.end(), [](double lon) {
            return std::abs(lon) > 180.0;
        });
    });
}

Box3 box_of(const RawPolygon& polygon) {
    Box3 box;
    for (const RawRing& ring : polygon.rings) {
        for (std::size_t v = 0; v < ring.x.size(); ++v) {
            box.add({ring.x[v], ring.y[v], 0.0});
        }
    }
    return box;
}

void push_ring(Geometry& geometry, const RawRing& ring) {
    for (std::size_t v = 0; v < ring.x.size(); ++v) {
        geometry.lon_deg.push_back(nearest_turn(ring.x[v], 0.0));
        geometry.lat_deg.push_back(ring.y[v]);
    }
    geometry.ring_offsets.push_back(geometry.lon_deg.size());
}

void push_polygon(Geometry& geometry, const RawPolygon& polygon) {
    for (std::size_t part = 0; part + 1 < polygon.part_offsets.size(); ++part) {
        for (std::size_t r = polygon.part_offsets[part]; r < polygon.part_offsets[part + 1];
             ++r) {
            push_ring(geometry, polygon.rings[r]);
        }
        geometry.part_offsets.push_back(geometry.ring_offsets.size() - 1);
    }
    geometry.kinds.push_back(
        polygon.rings.empty() ? GeometryKind::none : GeometryKind::polygon
    );
    geometry.feature_offsets.push_back(geometry.part_offsets.size() - 1);
}

Geometry subset(const Geometry& geometry, const std::vector<std::size_t>& rows) {
    Geometry result;
    for (const std::size_t row : rows) {
        const bool polygon = geometry.kinds[row] == GeometryKind::polygon;
        push_polygon(result, polygon ? running_on(geometry, row) : RawPolygon{});
    }
    return result;
}

/// What two polygons share, in the plane.
struct Piece {
    std::size_t first = 0;
    std::size_t second = 0;
    RawPolygon polygon;
    double x = 0.0; ///< a point in it
    double y = 0.0;
};

bool is_finite(const RawPolygon& polygon) {
    const auto finite = [](double value) { return std::isfinite(value); };
    return std::all_of(polygon.rings.begin(), polygon.rings.end(), [&](const RawRing& ring) {
        return std::all_of(ring.x.begin(), ring.x.end(), finite) &&
               std::all_of(ring.y.begin(), ring.y.end(), finite);
    });
}

void wrap(std::vector<double>& lons) {
    for (double& lon : lons) {
        lon = nearest_turn(lon, 0.0);
    }
}

GeosGeometry valid_polygon(const RawPolygon& polygon) {
    GeosGeometry made = geos_polygon(polygon);
    if (made && GEOSisValid_r(geos_handle(), made.get()) != 1) {
        // Valid where it was read; there and back to degrees moved a vertex by nanometres.
        made.reset(GEOSMakeValid_r(geos_handle(), made.get()));
    }
    return made;
}

GeosGeometry intersection(const RawPolygon& a, const RawPolygon& b) {
    const GEOSContextHandle_t geos = geos_handle();
    GeosGeometry first = geos_polygon(a);
    GeosGeometry second = geos_polygon(b);
    if (!first || !second) {
        return nullptr;
    }
    GeosGeometry shared(GEOSIntersection_r(geos, first.get(), second.get()));
    if (!shared) {
        first = valid_polygon(a);
        second = valid_polygon(b);
        shared.reset(
            first && second ? GEOSIntersection_r(geos, first.get(), second.get()) : nullptr
        );
    }
    return shared;
}

RawPolygon moved(RawPolygon polygon, double by) {
    for (RawRing& ring : polygon.rings) {
        for (double& x : ring.x) {
            x += by;
        }
    }
    return polygon;
}

/// Plots where their edges are straight, and what they share there.
class Plane {
public:
    Plane(const Geometry& plots, std::string_view edge_crs)
        : crs_(parse_crs(edge_crs)), unit_m_(unit_m_of(crs_)), in_degrees_(crs_.geographic),
          method_crs_(edge_crs) {
        take(plots);
        if (!in_degrees_) {
            to_plane(plots);
        }
        for (RawPolygon& polygon : polygons_) {
            if (!is_finite(polygon)) {
                polygon = {}; // no place in the plane
            }
            boxes_.push_back(box_of(polygon));
        }
    }

    [[nodiscard]] std::size_t size() const { return polygons_.size(); }

    [[nodiscard]] const std::vector<Box3>& boxes() const { return boxes_; }

    [[nodiscard]] bool is_empty(std::size_t row) const { return polygons_[row].rings.empty(); }

    /// Shifts under which two plots may meet: around the earth, in degrees.
    [[nodiscard]] std::vector<double> shifts() const {
        return in_degrees_ ? std::vector{0.0, -360.0, 360.0} : std::vector{0.0};
    }

    /// What two plots share, the second one shifted. Empty: nothing that has an area.
    [[nodiscard]] RawPolygon
    shared(std::size_t a, std::size_t b, double shift, std::array<double, 2>& inside) const {
        const GEOSContextHandle_t geos = geos_handle();
        const GeosGeometry piece = shift == 0.0
                                       ? intersection(polygons_[a], polygons_[b])
                                       : intersection(polygons_[a], moved(polygons_[b], shift));
        RawPolygon result = piece ? raw_polygon(piece.get()) : RawPolygon{};
        if (!result.rings.empty()) {
            const GeosGeometry areas = geos_polygon(result);
            const GeosGeometry point(areas ? GEOSPointOnSurface_r(geos, areas.get()) : nullptr);
            inside = {result.rings[0].x[0], result.rings[0].y[0]};
            if (point) {
                GEOSGeomGetX_r(geos, point.get(), inside.data());
                GEOSGeomGetY_r(geos, point.get(), &inside[1]);
            }
        }
        return result;
    }

    [[nodiscard]] bool touch(std::size_t a, std::size_t b) const {
        const double tolerance =
            in_degrees_ ? touch_tolerance_m / meters_per_degree : touch_tolerance_m / unit_m_;
        for (const double shift : shifts()) {
            const GeosGeometry first = geos_polygon(polygons_[a]);
            const GeosGeometry second = geos_polygon(moved(polygons_[b], shift));
            double away = 2.0 * tolerance;
            if (first && second &&
                GEOSDistance_r(geos_handle(), first.get(), second.get(), &away) == 1 &&
                away <= tolerance) {
                return true;
            }
        }
        return false;
    }

    void to_lonlat(std::vector<Piece>& pieces) const {
        if (in_degrees_) {
            return;
        }
        const Transform transform(crs_);
        for (Piece& piece : pieces) {
            for (RawRing& ring : piece.polygon.rings) {
                transform.to_lonlat(ring.x, ring.y);
            }
            transform.to_lonlat({&piece.x, 1}, {&piece.y, 1});
        }
    }

    [[nodiscard]] std::vector<double>
    areas_m2(const Geometry& pieces, const Execution& execution) const {
        return torn_ ? area_m2(pieces, "EPSG:4490", AreaMethod::geodesic, execution)
                     : area_m2(pieces, method_crs_, AreaMethod::survey, execution);
    }

private:
    void take(const Geometry& plots) {
        polygons_.clear();
        for (std::size_t row = 0; row < plots.size(); ++row) {
            const bool polygon = plots.kinds[row] == GeometryKind::polygon;
            polygons_.push_back(polygon ? running_on(plots, row) : RawPolygon{});
        }
    }

    /// To the plane of the CRS; back to degrees if it tears a plot apart at ±180°.
    void to_plane(const Geometry& plots) {
        const Transform transform(crs_);
        for (RawPolygon& polygon : polygons_) {
            const bool over_180 = runs_over_180(polygon);
            for (RawRing& ring : polygon.rings) {
                wrap(ring.x);
                transform.from_lonlat(ring.x, ring.y);
            }
            const Box3 box = box_of(polygon);
            torn_ = torn_ || (over_180 && (box.high[0] - box.low[0]) * unit_m_ > widest_m);
        }
        if (torn_) {
            in_degrees_ = true;
            take(plots);
        }
    }

    Crs crs_;
    double unit_m_; ///< of the plane
    bool in_degrees_;
    bool torn_ = false;
    std::string method_crs_;
    std::vector<RawPolygon> polygons_;
    std::vector<Box3> boxes_;
};

void append_piece(std::vector<Piece>& pieces, const Plane& plane, Piece pair) {
    for (const double shift : plane.shifts()) {
        Box3 box = plane.boxes()[pair.second];
        box.low[0] += shift;
        box.high[0] += shift;
        if (gap(plane.boxes()[pair.first], box) > 0.0) {
            continue;
        }
        std::array<double, 2> inside{};
        const RawPolygon shared = plane.shared(pair.first, pair.second, shift, inside);
        if (shared.rings.empty()) {
            continue;
        }
        if (pair.polygon.rings.empty()) {
            pair.x = inside[0];
            pair.y = inside[1];
        }
        for (std::size_t part = 0; part + 1 < shared.part_offsets.size(); ++part) {
            const auto from = static_cast<std::ptrdiff_t>(shared.part_offsets[part]);
            const auto to = static_cast<std::ptrdiff_t>(shared.part_offsets[part + 1]);
            append_part(pair.polygon, {shared.rings.begin() + from, shared.rings.begin() + to});
        }
    }
    if (!pair.polygon.rings.empty()) {
        pieces.push_back(std::move(pair));
    }
}

/// Which plots may meet.
class Partners {
public:
    explicit Partners(const Plane& plane) : plane_(plane) {
        std::vector<Box3> boxes;
        for (std::size_t row = 0; row < plane.size(); ++row) {
            if (!plane.is_empty(row)) {
                rows_.push_back(row);
                boxes.push_back(plane.boxes()[row]);
            }
        }
        tree_ = BoxTree(std::move(boxes));
    }

    /// Rows that are not empty, ascending.
    [[nodiscard]] const std::vector<std::size_t>& rows() const { return rows_; }

    /// Later rows whose boxes meet that of a row, ascending.
    [[nodiscard]] std::vector<std::size_t> of(std::size_t row) const {
        std::vector<std::size_t> found;
        const auto take = [&](std::size_t other) {
            if (rows_[other] > row) {
                found.push_back(rows_[other]);
            }
            return true;
        };
        for (const double shift : plane_.shifts()) {
            Box3 query = plane_.boxes()[row];
            query.low[0] -= shift;
            query.high[0] -= shift;
            tree_.visit(
                query, [] { return 0.0; }, take
            );
        }
        std::sort(found.begin(), found.end());
        found.erase(std::unique(found.begin(), found.end()), found.end());
        return found;
    }

private:
    const Plane& plane_;
    std::vector<std::size_t> rows_;
    BoxTree tree_;
};

/// Pieces with their areas; those of the plots that have one, to tell what is left of them.
std::vector<Overlap> measured(
    const Geometry& plots,
    const Plane& plane,
    std::vector<Piece> pieces,
    double least_m2,
    const Execution& execution
) {
    if (pieces.empty()) {
        return {};
    }
    plane.to_lonlat(pieces);
    Geometry geometry;
    std::vector<std::size_t> rows;
    for (const Piece& piece : pieces) {
        push_polygon(geometry, piece.polygon);
        rows.push_back(piece.first);
        rows.push_back(piece.second);
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    const std::vector<double> shared_m2 =
        plane.areas_m2(geometry, part_of(execution, 0.0, 0.5));
    const std::vector<double> whole_m2 =
        plane.areas_m2(subset(plots, rows), part_of(execution, 0.5, 1.0));
    const auto left_m2 = [&](std::size_t row, double shared) {
        const auto at = std::lower_bound(rows.begin(), rows.end(), row) - rows.begin();
        return whole_m2[static_cast<std::size_t>(at)] - shared;
    };
    std::vector<Overlap> result;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const Piece& piece = pieces[i];
        if (!(shared_m2[i] > least_m2)) {
            continue;
        }
        const double nothing_m2 = 1e-3 + 1e-9 * shared_m2[i];
        result.push_back(
            {piece.first,
             piece.second,
             shared_m2[i],
             {nearest_turn(piece.x, 0.0), piece.y},
             left_m2(piece.first, shared_m2[i]) < nothing_m2 &&
                 left_m2(piece.second, shared_m2[i]) < nothing_m2}
        );
    }
    return result;
}

/// The box of a plot's vertices; none where it lies near a pole or ±180°, or reaches so far that straight edges of another
/// plane may leave it by more than bend_share.
std::optional<Box3> box_on_globe(const Geometry& plots, std::size_t row) {
    constexpr double widest_deg = 5.0;
    constexpr double most_lon_deg = 174.0;
    constexpr double most_lat_deg = 80.0;
    Box3 box;
    const std::size_t begin = plots.part_offsets[plots.feature_offsets[row]];
    const std::size_t end = plots.part_offsets[plots.feature_offsets[row + 1]];
    for (std::size_t v = plots.ring_offsets[begin]; v < plots.ring_offsets[end]; ++v) {
        box.add({plots.lon_deg[v], plots.lat_deg[v], 0.0});
    }
    const bool plain = box.low[0] > -most_lon_deg && box.high[0] < most_lon_deg &&
                       box.low[1] > -most_lat_deg && box.high[1] < most_lat_deg &&
                       box.high[0] - box.low[0] < widest_deg &&
                       box.high[1] - box.low[1] < widest_deg;
    return plain ? std::optional(box) : std::nullopt;
}

/// True if a box of a tree meets one of the others.
bool meets_another(const BoxTree& tree, const Box3& box, std::size_t own) {
    bool found = false;
    tree.visit(
        box,
        [] { return 0.0; },
        [&](std::size_t other) {
            found = other != own;
            return !found;
        }
    );
    return found;
}

/// Rows whose plots may meet others, ascending: by boxes in degrees, which need no way back to the plane. None if that
/// cannot be told.
std::optional<std::vector<std::size_t>>
rows_that_may_meet(const Geometry& plots, const Execution& execution) {
    constexpr double bend_share = 0.05; // an edge of 5° bends by less than a fiftieth of it
    constexpr double least_margin_deg = 1e-5;
    std::vector<std::size_t> rows;
    std::vector<Box3> boxes;
    for (std::size_t row = 0; row < plots.size(); ++row) {
        if (plots.kinds[row] != GeometryKind::polygon) {
            continue;
        }
        std::optional<Box3> box = box_on_globe(plots, row);
        if (!box) {
            return std::nullopt;
        }
        const double side = std::max(box->high[0] - box->low[0], box->high[1] - box->low[1]);
        box->grow(bend_share * side + least_margin_deg);
        rows.push_back(row);
        boxes.push_back(*box);
    }
    const BoxTree tree(boxes);
    constexpr std::size_t block = 256;
    std::vector<std::uint8_t> meets(rows.size(), 0);
    const auto look = [&](std::size_t k) {
        const std::size_t end = std::min(rows.size(), (k + 1) * block);
        for (std::size_t i = k * block; i < end; ++i) {
            meets[i] = meets_another(tree, boxes[i], i) ? 1 : 0;
        }
    };
    parallel_for(
        (rows.size() + block - 1) / block,
        execution,
        {"检查图斑重叠", "looking for overlaps"},
        look
    );
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (meets[i] != 0) {
            found.push_back(rows[i]);
        }
    }
    return found;
}

std::vector<Overlap> overlaps_of_all(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    double least_m2,
    const Execution& execution
) {
    const Plane plane(plots, plots_edge_crs);
    const Partners partners(plane);
    const std::vector<std::size_t>& rows = partners.rows();
    std::vector<std::vector<Piece>> found(rows.size());
    parallel_for(
        rows.size(),
        part_of(execution, 0.0, 0.7),
        {"检查图斑重叠", "looking for overlaps"},
        [&](std::size_t i) {
            for (const std::size_t other : partners.of(rows[i])) {
                append_piece(found[i], plane, {rows[i], other, {}, 0.0, 0.0});
            }
        }
    );
    std::vector<Piece> pieces;
    for (std::vector<Piece>& of_row : found) {
        std::move(of_row.begin(), of_row.end(), std::back_inserter(pieces));
    }
    return measured(plots, plane, std::move(pieces), least_m2, part_of(execution, 0.7, 1.0));
}

} // namespace

std::vector<Overlap> overlaps(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    double least_m2,
    const Execution& execution
) {
    const auto rows = rows_that_may_meet(plots, part_of(execution, 0.0, 0.2));
    const Execution rest = part_of(execution, 0.2, 1.0);
    if (!rows || rows->size() == plots.size()) {
        return overlaps_of_all(plots, plots_edge_crs, least_m2, rest);
    }
    std::vector<Overlap> found =
        overlaps_of_all(subset(plots, *rows), plots_edge_crs, least_m2, rest);
    for (Overlap& overlap : found) {
        overlap.first = (*rows)[overlap.first];
        overlap.second = (*rows)[overlap.second];
    }
    return found;
}

std::vector<GroundRelation> ground_relations(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    const std::vector<std::pair<std::size_t, std::size_t>>& pairs
) {
    constexpr double least_m2 = 0.01;
    std::vector<std::size_t> rows;
    for (const auto& [a, b] : pairs) {
        rows.push_back(a);
        rows.push_back(b);
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    const auto local = [&](std::size_t row) {
        return static_cast<std::size_t>(
            std::lower_bound(rows.begin(), rows.end(), row) - rows.begin()
        );
    };
    const Geometry geometry = subset(plots, rows);
    const Plane plane(geometry, plots_edge_crs);
    std::vector<Piece> pieces;
    for (const auto& [a, b] : pairs) {
        if (!plane.is_empty(local(a)) && !plane.is_empty(local(b))) {
            append_piece(pieces, plane, {local(a), local(b), {}, 0.0, 0.0});
        }
    }
    const std::vector<Overlap> shared =
        measured(geometry, plane, std::move(pieces), least_m2, {});
    std::vector<GroundRelation> result;
    for (const auto& [a, b] : pairs) {
        const std::size_t first = local(a);
        const std::size_t second = local(b);
        const auto found =
            std::find_if(shared.begin(), shared.end(), [&](const Overlap& overlap) {
                return overlap.first == first && overlap.second == second;
            });
        if (plane.is_empty(first) || plane.is_empty(second)) {
            result.push_back(GroundRelation::unknown);
        } else if (found != shared.end()) {
            result.push_back(found->same ? GroundRelation::same : GroundRelation::overlapping);
        } else {
            const bool touch = plane.touch(first, second);
            result.push_back(touch ? GroundRelation::touching : GroundRelation::apart);
        }
    }
    return result;
}

} // namespace tuban
