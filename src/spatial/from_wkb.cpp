#include "core/format.hpp"
#include "core/in_order.hpp"
#include "geodesy/geometry.hpp"
#include "geodesy/pool.hpp"
#include "geodesy/projection.hpp"
#include "spatial/geometry_issues.hpp"
#include "spatial/wkb.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>
#include <set>
#include <span>
#include <utility>

namespace tuban {
namespace {

/// m² per square degree at a latitude, on the ellipsoid: enough to hold a repair against its limit.
double square_degree_m2(double lat_deg) {
    const double flattening = 1.0 / cgcs2000.inverse_flattening;
    const double e2 = flattening * (2.0 - flattening);
    const double radians = std::numbers::pi / 180.0;
    const double sine = std::sin(lat_deg * radians);
    const double w2 = 1.0 - e2 * sine * sine;
    const double meridian_m = cgcs2000.a_m * (1.0 - e2) / (w2 * std::sqrt(w2));
    const double normal_m = cgcs2000.a_m / std::sqrt(w2);
    return meridian_m * normal_m * std::cos(lat_deg * radians) * radians * radians;
}

/// How rows are read: the CRS they are in and what the user decided.
struct Reading {
    Reading(const Crs& of, RepairLimit decided)
        : crs(of), unit_m(unit_m_of(of)), limit(decided) {}

    const Crs& crs;
    double unit_m; ///< of a plane
    RepairLimit limit;
};

double unit_m2(const RawPolygon& polygon, const Reading& reading) {
    if (!reading.crs.geographic) {
        return reading.unit_m * reading.unit_m;
    }
    double low = 90.0;
    double high = -90.0;
    for (const RawRing& ring : polygon.rings) {
        for (const double lat : ring.y) {
            low = std::min(low, lat);
            high = std::max(high, lat);
        }
    }
    return square_degree_m2(std::clamp((low + high) / 2.0, -90.0, 90.0));
}

/// A ring that jumps from one end of the earth to the other crosses ±180°: its longitudes are made to run on.
void run_on(RawPolygon& polygon) {
    double low = 180.0;
    double high = -180.0;
    for (const RawRing& ring : polygon.rings) {
        for (const double lon : ring.x) {
            low = std::min(low, lon);
            high = std::max(high, lon);
        }
    }
    if (!(high - low > 180.0) || !(high - low <= 360.0)) {
        return;
    }
    RawPolygon moved = polygon;
    double moved_high = -360.0;
    double moved_low = 360.0;
    for (RawRing& ring : moved.rings) {
        for (double& lon : ring.x) {
            lon += lon < 0.0 ? 360.0 : 0.0;
            moved_low = std::min(moved_low, lon);
            moved_high = std::max(moved_high, lon);
        }
    }
    if (moved_high - moved_low < 180.0) {
        polygon = std::move(moved);
    }
}

/// WKB's rings repeat their first vertex; one that does not may have lost its end.
std::optional<RingFault> unclosed(const RawPolygon& polygon) {
    RingFault fault;
    fault.code = "unclosed_ring";
    for (std::size_t r = 0; r < polygon.rings.size(); ++r) {
        const RawRing& ring = polygon.rings[r];
        const bool closed = ring.x.front() == ring.x.back() && ring.y.front() == ring.y.back();
        if (closed || !std::isfinite(ring.x.back()) || !std::isfinite(ring.x.front())) {
            continue;
        }
        ++fault.count;
        if (fault.places.size() < 3) {
            fault.places.push_back({r + 1, ring.x.size(), ring.x.back(), ring.y.back()});
        }
    }
    return fault.count == 0 ? std::nullopt : std::optional(std::move(fault));
}

void transform_rings(RawPolygon& polygon, TileTransform& transform) {
    for (RawRing& ring : polygon.rings) {
        transform.to_lonlat(ring.x, ring.y);
    }
}

void transform_places(Repair& repair, TileTransform& transform) {
    for (RingFault& fault : repair.faults) {
        for (RingFault::Place& place : fault.places) {
            transform.to_lonlat({&place.x, 1}, {&place.y, 1});
        }
    }
}

bool has_place(const RawPolygon& polygon) {
    const auto bad = [](double value) { return !std::isfinite(value); };
    return !polygon.rings.empty() &&
           std::none_of(polygon.rings.begin(), polygon.rings.end(), [&](const RawRing& ring) {
               return std::any_of(ring.x.begin(), ring.x.end(), bad) ||
                      std::any_of(ring.y.begin(), ring.y.end(), bad);
           });
}

/// One row on its way from bytes to vertices; coordinates in longitude and latitude.
struct Read {
    RawGeometry
        raw;       ///< of polygons: the parts as read, where they differ from the repaired ones
    Repair repair; ///< of polygons
    std::size_t vertices_before =
        0; ///< of polygons that were repaired, closing ones not counted
};

void repair_polygon(Read& read, const Reading& reading, TileTransform& transform) {
    RawPolygon& parts = read.raw.parts;
    read.repair = repair(parts, unit_m2(parts, reading), reading.limit);
    if (std::optional<RingFault> fault = unclosed(parts)) {
        const auto place = std::find_if(
            read.repair.faults.begin(),
            read.repair.faults.end(),
            [](const RingFault& other) { return other.code > "unclosed_ring"; }
        );
        read.repair.faults.insert(place, std::move(*fault));
    }
    transform_places(read.repair, transform);
    transform_rings(read.repair.polygon, transform);
    if (read.repair.outcome == RepairOutcome::valid) {
        parts = {};
        return;
    }
    for (RawRing& ring : parts.rings) {
        const bool closed = ring.x.size() > 1 && ring.x.front() == ring.x.back() &&
                            ring.y.front() == ring.y.back();
        if (closed) {
            ring.x.pop_back();
            ring.y.pop_back();
        }
        read.vertices_before += ring.x.size();
    }
    transform_rings(parts, transform);
}

/// Longitudes that stand for latitudes, most often: no rule of repair can judge them.
bool reaches_beyond_poles(const RawPolygon& polygon) {
    return std::any_of(polygon.rings.begin(), polygon.rings.end(), [](const RawRing& ring) {
        return std::any_of(ring.y.begin(), ring.y.end(), [](double lat) {
            return std::isfinite(lat) && std::abs(lat) > 90.0;
        });
    });
}

/// One vertex that has no place: it is told as out of range, and as nothing else.
RawPolygon nowhere() {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    RawPolygon polygon;
    polygon.rings.push_back({{nan}, {nan}});
    polygon.part_offsets.push_back(1);
    return polygon;
}

Read read_one(
    const std::string& wkb, WkbOwner owner, const Reading& reading, TileTransform& transform
) {
    Read read;
    if (wkb.empty()) {
        return read;
    }
    read.raw = parse_wkb(wkb, owner);
    if (read.raw.kind == GeometryKind::polygon) {
        if (reading.crs.geographic && reaches_beyond_poles(read.raw.parts)) {
            read.raw.parts = {};
            read.repair.polygon = nowhere();
            return read;
        }
        if (reading.crs.geographic) {
            run_on(read.raw.parts);
        }
        repair_polygon(read, reading, transform);
    } else {
        transform_rings(read.raw.parts, transform);
    }
    return read;
}

/// Appends parts that are in longitude and latitude.
void push(Geometry& geometry, GeometryKind kind, const RawPolygon& parts) {
    for (std::size_t part = 0; part + 1 < parts.part_offsets.size(); ++part) {
        for (std::size_t r = parts.part_offsets[part]; r < parts.part_offsets[part + 1]; ++r) {
            const RawRing& ring = parts.rings[r];
            geometry.lon_deg.insert(geometry.lon_deg.end(), ring.x.begin(), ring.x.end());
            geometry.lat_deg.insert(geometry.lat_deg.end(), ring.y.begin(), ring.y.end());
            geometry.ring_offsets.push_back(geometry.lon_deg.size());
        }
        geometry.part_offsets.push_back(geometry.ring_offsets.size() - 1);
    }
    geometry.kinds.push_back(kind);
    geometry.feature_offsets.push_back(geometry.part_offsets.size() - 1);
}

/// As push(); false (and nothing appended but kind none) if a vertex has no place on the ellipsoid.
bool push_whole(Geometry& geometry, GeometryKind kind, const RawPolygon& parts) {
    if (!has_place(parts)) {
        append_nothing(geometry);
        return false;
    }
    push(geometry, kind, parts);
    return true;
}

/// Neighbouring rows, read by one thread. Sound polygons, which are nearly all, lie one behind the other in `sound` instead
/// of each in pieces of memory of its own.
struct ReadBlock {
    std::vector<Read> reads; ///< rows; those in `sound` without their polygon
    Geometry sound;          ///< (rows) kind none where the row is not sound
};

/// For the vertices of some rows: no WKB has more than a sixteenth of its bytes.
void make_room(Geometry& geometry, std::span<const std::string> wkb) {
    constexpr std::size_t vertex_bytes = 2 * sizeof(double);
    std::size_t vertices = 0;
    for (const std::string& bytes : wkb) {
        vertices += bytes.size() / vertex_bytes;
    }
    geometry.lon_deg.reserve(vertices);
    geometry.lat_deg.reserve(vertices);
}

void add_to_block(ReadBlock& block, Read read) {
    const bool sound = read.raw.kind == GeometryKind::polygon &&
                       read.repair.outcome == RepairOutcome::valid &&
                       has_place(read.repair.polygon);
    if (sound) {
        push(block.sound, GeometryKind::polygon, read.repair.polygon);
        read.repair.polygon = {};
    } else {
        append_nothing(block.sound);
    }
    block.reads.push_back(std::move(read));
}

/// Without vertices that have no place on the ellipsoid: the rest can still be shown.
RawRing what_has_place(const RawRing& ring) {
    RawRing result;
    for (std::size_t v = 0; v < ring.x.size(); ++v) {
        if (std::isfinite(ring.x[v]) && std::isfinite(ring.y[v])) {
            result.x.push_back(ring.x[v]);
            result.y.push_back(ring.y[v]);
        }
    }
    return result;
}

RawPolygon what_has_place(const RawPolygon& polygon) {
    RawPolygon result = polygon;
    for (RawRing& ring : result.rings) {
        ring = what_has_place(ring);
    }
    return result;
}

Issue issue(Severity severity, std::string code, std::size_t row, const std::string& id) {
    Issue issue;
    issue.severity = severity;
    issue.code = std::move(code);
    issue.row = static_cast<std::int64_t>(row) + 1;
    issue.plot_id = id;
    return issue;
}

Issue no_geometry(std::size_t row, const std::string& id) {
    Issue made = issue(Severity::warning, "no_geometry", row, id);
    made.message = {
        "没有几何图形：只有项目文件指定的面积列能给出面积",
        "no geometry: only an area column named in the project can give it an area"};
    return made;
}

Issue out_of_range(std::size_t row, const std::string& id) {
    Issue made = issue(Severity::error, "held_out", row, id);
    made.message = {
        "坐标超出其坐标系的范围，无法换算为经纬度，不参与；请检查坐标系和坐标轴的顺序（axes）",
        "coordinates lie outside of their CRS and have no longitude and latitude: held out; "
        "check the CRS and the order of its axes"};
    return made;
}

/// One note for all rows: national exports are PolygonZM throughout.
void note_dropped(std::vector<Issue>& issues, std::size_t rows) {
    if (rows == 0) {
        return;
    }
    Issue made;
    made.code = "dimensions_dropped";
    made.message = text(
        "{} 个图形带有 Z 或 M 值，已舍去，只用平面坐标",
        "{} geometries have Z or M values; they are dropped, only plane coordinates count",
        rows
    );
    issues.push_back(std::move(made));
}

Issue mixed_geometry(std::size_t row, const std::string& id) {
    Issue made = issue(Severity::warning, "mixed_geometry", row, id);
    made.message = {
        "几何集合里混有点、线、面，只取其中维数最高的",
        "a collection mixes points, lines and polygons: only those of the highest dimension "
        "are taken"};
    return made;
}

Issue not_polygon(std::size_t row, const std::string& id) {
    Issue made = issue(Severity::error, "not_polygon", row, id);
    made.message = {
        "图形是点或线，图斑应为面，没有面积，不参与",
        "the geometry is a point or line where a plot must be a polygon: it has no area and "
        "takes no part"};
    return made;
}

/// Puts rows together into Plots, in file order.
class PlotsMaker {
public:
    PlotsMaker(Plots& plots, const RepairChoice& choice)
        : plots_(plots), choice_(choice),
          accepted_(choice.accept.begin(), choice.accept.end()) {}

    /// @param row  in the file, of row i of the block
    void add(const ReadBlock& block, std::size_t i, std::size_t row) {
        if (block.sound.kinds[i] == GeometryKind::none) {
            return add(block.reads[i], row);
        }
        tell(block.reads[i], row);
        append_feature(block.sound, i, plots_.geometry);
        plots_.states.push_back(PlotState::ok);
    }

    void finish() {
        for (Issue& issue : notes_.issues()) {
            plots_.issues.push_back(std::move(issue));
        }
        note_dropped(plots_.issues, dropped_);
    }

private:
    /// What a polygon has about it, whatever becomes of it.
    void tell(const Read& read, std::size_t row) {
        dropped_ += read.raw.dimensions_dropped ? 1U : 0U;
        if (read.raw.mixed) {
            plots_.issues.push_back(mixed_geometry(row, plots_.ids[row]));
        }
        for (const RingFault& fault : read.repair.faults) {
            if (fault.severity == Severity::note) {
                notes_.add(fault, row);
            } else {
                plots_.issues.push_back(fault_issue(fault, row, plots_.ids[row]));
            }
        }
    }

    void add(const Read& read, std::size_t row) {
        if (read.raw.kind != GeometryKind::polygon) {
            const std::string& id = plots_.ids[row];
            const bool none = read.raw.kind == GeometryKind::none;
            dropped_ += read.raw.dimensions_dropped ? 1U : 0U;
            plots_.issues.push_back(none ? no_geometry(row, id) : not_polygon(row, id));
            plots_.states.push_back(none ? PlotState::no_geometry : PlotState::held_out);
            return append_nothing(plots_.geometry);
        }
        tell(read, row);
        if (read.repair.outcome ==
            RepairOutcome::valid) { // and without a place, else it were sound
            return add_geometry(read, row, PlotState::ok);
        }
        const RepairState state = add_entry(read, row);
        if (state == RepairState::refused) {
            plots_.states.push_back(PlotState::held_out);
            return append_nothing(plots_.geometry);
        }
        add_geometry(read, row, PlotState::repaired);
    }

    void add_geometry(const Read& read, std::size_t row, PlotState state) {
        if (!push_whole(plots_.geometry, GeometryKind::polygon, read.repair.polygon)) {
            plots_.issues.push_back(out_of_range(row, plots_.ids[row]));
            state = PlotState::held_out;
        }
        plots_.states.push_back(state);
    }

    [[nodiscard]] RepairState decide(const Read& read, const std::string& id) const {
        if (read.repair.outcome == RepairOutcome::repaired) {
            return RepairState::applied;
        }
        const bool takeable = read.repair.area_after_m2 > 0.0;
        return takeable && accepted_.contains(id) ? RepairState::accepted
                                                  : RepairState::refused;
    }

    RepairState add_entry(const Read& read, std::size_t row) {
        const RepairState state = decide(read, plots_.ids[row]);
        const JudgedRepair judged{read.repair, state, choice_.limit};
        plots_.issues.push_back(repair_issue(judged, row, plots_.ids[row]));
        RepairEntry entry;
        entry.row = static_cast<std::int64_t>(row) + 1;
        entry.plot_id = plots_.ids[row];
        entry.rule = rule_of(read.repair);
        entry.state = state;
        entry.vertices_before = read.vertices_before;
        for (const RawRing& ring : read.repair.polygon.rings) {
            entry.vertices_after += ring.x.size();
        }
        entry.area_before_m2 = read.repair.area_before_m2;
        entry.area_after_m2 = read.repair.area_after_m2;
        RepairLedger& ledger = plots_.repairs;
        ledger.entries.push_back(std::move(entry));
        push(ledger.before, GeometryKind::polygon, what_has_place(read.raw.parts));
        push_whole(ledger.after, GeometryKind::polygon, read.repair.polygon);
        return state;
    }

    Plots& plots_;
    const RepairChoice& choice_;
    std::set<std::string_view> accepted_;
    FaultNotes notes_;
    std::size_t dropped_ = 0;
};

void append_feature(Layer& layer, const Read& read, std::size_t row) {
    if (read.raw.kind == GeometryKind::none) {
        layer.issues.push_back(no_geometry(row, ""));
        layer.issues.back().message = {
            "没有几何图形，不起作用", "no geometry: it counts for nothing"};
        return append_nothing(layer.geometry);
    }
    const bool polygon = read.raw.kind == GeometryKind::polygon;
    if (read.raw.mixed) {
        layer.issues.push_back(mixed_geometry(row, ""));
    }
    if (polygon && read.repair.outcome != RepairOutcome::valid) {
        // A layer's polygons are taken whatever the change.
        const bool nothing = read.repair.polygon.rings.empty();
        const RepairState state = nothing ? RepairState::refused : RepairState::applied;
        layer.issues.push_back(repair_issue({read.repair, state, {}}, row, ""));
        if (nothing) {
            return append_nothing(layer.geometry);
        }
    }
    const RawPolygon& parts = polygon ? read.repair.polygon : read.raw.parts;
    if (!push_whole(layer.geometry, read.raw.kind, parts)) {
        layer.issues.push_back(out_of_range(row, ""));
    }
}

void require_unique(const std::vector<std::string>& ids) {
    std::set<std::string_view> seen;
    std::set<std::string_view> twice;
    for (const std::string& id : ids) {
        if (!seen.insert(id).second) {
            twice.insert(id);
        }
    }
    if (twice.empty()) {
        return;
    }
    std::string list;
    for (const std::string_view id : twice) {
        list += (list.empty() ? "" : ", ") + std::string(id);
    }
    throw Error(
        ErrorCode::data_check_failed,
        text(
            "图斑编号重复：{}；每个图斑的编号应当唯一",
            "plot ids occur more than once: {}; every plot needs an id of its own",
            list
        )
    );
}

void require_same_size(std::size_t geometries, std::size_t ids) {
    if (geometries != ids) {
        throw Error(
            ErrorCode::invalid_argument,
            text("有 {} 个几何，{} 个编号", "{} geometries, but {} ids", geometries, ids)
        );
    }
}

} // namespace

Plots plots_with_any_ids(
    const std::vector<std::string>& wkb,
    const std::vector<std::string>& ids,
    const Crs& crs,
    const Execution& execution,
    const RepairChoice& choice
) {
    require_same_size(wkb.size(), ids.size());
    Pool<TileTransform> pool;
    const Reading reading(crs, choice.limit);
    constexpr std::size_t rows_per_block = 256;
    std::vector<ReadBlock> blocks((wkb.size() + rows_per_block - 1) / rows_per_block);
    const auto read_block = [&](std::size_t k) {
        std::unique_ptr<TileTransform> transform =
            pool.borrow([&] { return std::make_unique<TileTransform>(crs, plot_bound_m); });
        const std::size_t begin = k * rows_per_block;
        const std::size_t end = std::min(wkb.size(), begin + rows_per_block);
        make_room(blocks[k].sound, std::span(wkb).subspan(begin, end - begin));
        for (std::size_t i = begin; i < end; ++i) {
            add_to_block(blocks[k], read_one(wkb[i], {ids[i], i + 1}, reading, *transform));
        }
        pool.give_back(std::move(transform));
    };
    Plots plots;
    plots.ids = ids;
    plots.edge_crs = crs.definition;
    plots.attributes.rows = ids.size();
    make_room(plots.geometry, wkb);
    PlotsMaker maker(plots, choice);
    std::size_t row = 0;
    const auto take_block = [&](std::size_t k) {
        for (std::size_t i = 0; i < blocks[k].reads.size(); ++i) {
            maker.add(blocks[k], i, row++);
        }
        blocks[k] = {};
    };
    parallel_in_order(
        blocks.size(), execution, {"检查几何", "checking geometries"}, read_block, take_block
    );
    maker.finish();
    return plots;
}

Plots plots_from_wkb(
    const std::vector<std::string>& wkb,
    const std::vector<std::string>& ids,
    std::string_view crs
) {
    require_unique(ids);
    Plots plots = plots_with_any_ids(wkb, ids, parse_crs(crs), {});
    std::vector<std::optional<std::string>> cells(ids.begin(), ids.end());
    plots.attributes.put(text_column("plot_id", "图斑编号", cells));
    return plots;
}

Layer layer_piece(
    const std::vector<std::string>& wkb,
    const std::vector<std::string>& ids,
    const Crs& crs,
    TileTransform& transform
) {
    require_same_size(wkb.size(), ids.size());
    Layer layer;
    layer.ids = ids;
    layer.names.resize(ids.size());
    layer.classes.resize(ids.size());
    const Reading reading(crs, {});
    std::size_t dropped = 0;
    for (std::size_t row = 0; row < wkb.size(); ++row) {
        const Read read = read_one(wkb[row], {ids[row], row + 1}, reading, transform);
        dropped += read.raw.dimensions_dropped ? 1U : 0U;
        append_feature(layer, read, row);
    }
    note_dropped(layer.issues, dropped);
    layer.geometry = densify(layer.geometry, crs.definition);
    return layer;
}

Layer layer_from_wkb(
    const std::vector<std::string>& wkb,
    const std::vector<std::string>& ids,
    std::string_view crs
) {
    const Crs parsed = parse_crs(crs);
    TileTransform transform(parsed, layer_bound_m);
    return layer_piece(wkb, ids, parsed, transform);
}

} // namespace tuban
