#include "core/format.hpp"
#include "core/parallel.hpp"
#include "spatial/wkb.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <set>
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

double unit_m2(const RawPolygon& polygon, bool geographic) {
    if (!geographic) {
        return 1.0;
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

/// One row on its way from bytes to vertices.
struct Read {
    RawGeometry raw;
    Repair repair; ///< of polygons
};

Read read_one(const std::string& wkb, const std::string& who, bool geographic) {
    Read read;
    if (wkb.empty()) {
        return read;
    }
    read.raw = parse_wkb(wkb, who);
    if (read.raw.kind == GeometryKind::polygon) {
        read.repair = repair(read.raw.parts, unit_m2(read.raw.parts, geographic));
    }
    return read;
}

void push_none(Geometry& geometry) {
    geometry.kinds.push_back(GeometryKind::none);
    geometry.feature_offsets.push_back(geometry.part_offsets.size() - 1);
}

/// Appends transformed parts; false (and nothing appended but kind none) if a vertex has no place on the ellipsoid.
bool push(
    Geometry& geometry, GeometryKind kind, const RawPolygon& parts, const Transform& transform
) {
    std::vector<double> x;
    std::vector<double> y;
    for (const RawRing& ring : parts.rings) {
        x.insert(x.end(), ring.x.begin(), ring.x.end());
        y.insert(y.end(), ring.y.begin(), ring.y.end());
    }
    transform.to_lonlat(x, y);
    const auto bad = [](double value) { return !std::isfinite(value); };
    if (x.empty() || std::any_of(x.begin(), x.end(), bad) ||
        std::any_of(y.begin(), y.end(), bad)) {
        push_none(geometry);
        return false;
    }
    geometry.lon_deg.insert(geometry.lon_deg.end(), x.begin(), x.end());
    geometry.lat_deg.insert(geometry.lat_deg.end(), y.begin(), y.end());
    for (std::size_t part = 0; part + 1 < parts.part_offsets.size(); ++part) {
        for (std::size_t r = parts.part_offsets[part]; r < parts.part_offsets[part + 1]; ++r) {
            geometry.ring_offsets.push_back(
                geometry.ring_offsets.back() + parts.rings[r].x.size()
            );
        }
        geometry.part_offsets.push_back(geometry.ring_offsets.size() - 1);
    }
    geometry.kinds.push_back(kind);
    geometry.feature_offsets.push_back(geometry.part_offsets.size() - 1);
    return true;
}

std::optional<LonLat> place(const Repair& repair, const Transform& transform) {
    if (!repair.at_x || !repair.at_y) {
        return std::nullopt;
    }
    std::array<double, 1> x{*repair.at_x};
    std::array<double, 1> y{*repair.at_y};
    transform.to_lonlat(x, y);
    if (!std::isfinite(x[0]) || !std::isfinite(y[0])) {
        return std::nullopt;
    }
    return LonLat{x[0], y[0]};
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
        "坐标超出其坐标系的范围，无法换算为经纬度，不参与；请检查坐标系",
        "coordinates lie outside of their CRS and have no longitude and latitude: held out; "
        "check the CRS"};
    return made;
}

/// Issue of a repair; none if there was nothing to repair.
std::optional<Issue> repair_issue(
    const Repair& repair, std::size_t row, const std::string& id, const Transform& transform
) {
    if (repair.outcome == RepairOutcome::valid) {
        return std::nullopt;
    }
    const bool repaired = repair.outcome == RepairOutcome::repaired;
    Issue made = issue(
        repaired ? Severity::warning : Severity::error,
        repaired ? "repaired" : "held_out",
        row,
        id
    );
    made.at = place(repair, transform);
    const bool measured = repair.area_before_m2 != 0.0 || repair.area_after_m2 != 0.0;
    if (measured) {
        made.area_before_m2 = repair.area_before_m2;
        made.area_after_m2 = repair.area_after_m2;
    }
    if (repaired) {
        made.message = text(
            "{0}，已修复（各环按奇偶规则，洞从外环中减去，各部分取并集），平面面积 {2:.2f} → "
            "{3:.2f} m²",
            "{1}: repaired (each ring by even–odd, holes taken from their shell, parts "
            "united), "
            "plane area {2:.2f} → {3:.2f} m²",
            repair.reason.zh,
            repair.reason.en,
            repair.area_before_m2,
            repair.area_after_m2
        );
    } else if (measured) {
        made.message = text(
            "{0}，修复会使平面面积由 {2:.2f} 变为 {3:.2f} m²（超过 10 m² 且超过 0.1 "
            "%，或修复后无面积），"
            "暂不参与；请在源数据中改正",
            "{1}: repair would change the plane area from {2:.2f} to {3:.2f} m² (by more than "
            "10 m² and "
            "0.1 %, or to nothing), so the plot is held out; correct it in the source",
            repair.reason.zh,
            repair.reason.en,
            repair.area_before_m2,
            repair.area_after_m2
        );
    } else {
        made.message = text(
            "{0}，无法得到面积，暂不参与；请在源数据中改正",
            "{1}: no area can be had, so the plot is held out; correct it in the source",
            repair.reason.zh,
            repair.reason.en
        );
    }
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

void append_plot(Plots& plots, const Read& read, std::size_t row, const Transform& transform) {
    const std::string& id = plots.ids[row];
    if (read.raw.kind != GeometryKind::polygon) {
        const bool none = read.raw.kind == GeometryKind::none;
        plots.issues.push_back(none ? no_geometry(row, id) : not_polygon(row, id));
        plots.states.push_back(none ? PlotState::no_geometry : PlotState::held_out);
        return push_none(plots.geometry);
    }
    if (read.raw.mixed) {
        plots.issues.push_back(mixed_geometry(row, id));
    }
    if (auto repaired = repair_issue(read.repair, row, id, transform)) {
        plots.issues.push_back(std::move(*repaired));
    }
    if (read.repair.outcome == RepairOutcome::held_out) {
        plots.states.push_back(PlotState::held_out);
        return push_none(plots.geometry);
    }
    if (!push(plots.geometry, GeometryKind::polygon, read.repair.polygon, transform)) {
        plots.issues.push_back(out_of_range(row, id));
        plots.states.push_back(PlotState::held_out);
        return;
    }
    plots.states.push_back(
        read.repair.outcome == RepairOutcome::repaired ? PlotState::repaired : PlotState::ok
    );
}

void append_feature(
    Layer& layer, const Read& read, std::size_t row, const Transform& transform
) {
    const std::string& id = layer.ids[row];
    if (read.raw.kind == GeometryKind::none) {
        layer.issues.push_back(no_geometry(row, id));
        layer.issues.back().message = {
            "没有几何图形，不起作用", "no geometry: it counts for nothing"};
        layer.issues.back().plot_id.clear();
        return push_none(layer.geometry);
    }
    const bool polygon = read.raw.kind == GeometryKind::polygon;
    const RawPolygon& parts = polygon ? read.repair.polygon : read.raw.parts;
    if (read.raw.mixed) {
        layer.issues.push_back(mixed_geometry(row, ""));
    }
    if (polygon) {
        Repair judged = read.repair; // a layer's polygons are taken whatever the change
        if (judged.outcome == RepairOutcome::held_out && !judged.polygon.rings.empty()) {
            judged.outcome = RepairOutcome::repaired;
        }
        if (auto repaired = repair_issue(judged, row, "", transform)) {
            layer.issues.push_back(std::move(*repaired));
        }
    }
    if (polygon && parts.rings.empty()) {
        return push_none(layer.geometry);
    }
    if (!push(layer.geometry, read.raw.kind, parts, transform)) {
        layer.issues.push_back(out_of_range(row, ""));
    }
}

std::string who(const std::string& id, std::size_t row) {
    return format("{} ({})", id, row + 1);
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
    const Execution& execution
) {
    require_same_size(wkb.size(), ids.size());
    std::vector<Read> reads(wkb.size());
    parallel_for(
        wkb.size(),
        execution,
        {"检查几何", "checking geometries"},
        [&](std::size_t i) { reads[i] = read_one(wkb[i], who(ids[i], i), crs.geographic); }
    );
    Plots plots;
    plots.ids = ids;
    plots.edge_crs = crs.definition;
    plots.attributes.rows = ids.size();
    const Transform transform(crs);
    std::size_t dropped = 0;
    for (std::size_t row = 0; row < reads.size(); ++row) {
        dropped += reads[row].raw.dimensions_dropped ? 1U : 0U;
        append_plot(plots, reads[row], row, transform);
    }
    note_dropped(plots.issues, dropped);
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
    const Transform& transform
) {
    require_same_size(wkb.size(), ids.size());
    Layer layer;
    layer.ids = ids;
    layer.names.resize(ids.size());
    layer.classes.resize(ids.size());
    std::size_t dropped = 0;
    for (std::size_t row = 0; row < wkb.size(); ++row) {
        const Read read = read_one(wkb[row], who(ids[row], row), crs.geographic);
        dropped += read.raw.dimensions_dropped ? 1U : 0U;
        append_feature(layer, read, row, transform);
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
    return layer_piece(wkb, ids, parsed, Transform(parsed));
}

} // namespace tuban
