#include "io/plots_reader.hpp"

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "core/side_by_side.hpp"
#include "io/column_finder.hpp"
#include "io/crs_words.hpp"
#include "io/far_plots.hpp"
#include "io/plot_checks.hpp"
#include "io/plot_columns.hpp"
#include "io/read_rows.hpp"
#include "io/row_words.hpp"
#include "io/vertices.hpp"
#include "spatial/overlaps.hpp"
#include "spatial/wkb.hpp"

#include <algorithm>
#include <functional>
#include <future>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace tuban {
namespace {

constexpr std::size_t ids_quoted = 20;

/// Rows that share an id, by id.
std::map<std::string, std::vector<std::size_t>>
rows_of_duplicates(const std::vector<std::string>& ids) {
    if (std::adjacent_find(ids.begin(), ids.end(), std::greater_equal<>()) == ids.end()) {
        return {}; // each id after the one before, as tables often have them
    }
    std::unordered_map<std::string_view, std::size_t> counts;
    counts.reserve(ids.size());
    for (const std::string& id : ids) {
        ++counts[id];
    }
    std::map<std::string, std::vector<std::size_t>> rows;
    for (std::size_t row = 0; row < ids.size() && counts.size() < ids.size(); ++row) {
        if (counts[ids[row]] > 1) {
            rows[ids[row]].push_back(row);
        }
    }
    return rows;
}

using RowPairs = std::vector<std::pair<std::size_t, std::size_t>>;

/// Every pair of a few rows; of many, neighbours only.
RowPairs pairs_of(const std::vector<std::size_t>& rows) {
    constexpr std::size_t few = 8;
    RowPairs pairs;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::size_t end = rows.size() <= few ? rows.size() : std::min(i + 2, rows.size());
        for (std::size_t j = i + 1; j < end; ++j) {
            pairs.emplace_back(rows[i], rows[j]);
        }
    }
    return pairs;
}

/// What the rows of one id are to each other, and what to do about it.
Text advice_on(const std::vector<std::size_t>& rows, const Plots& plots) {
    const std::vector<GroundRelation> found =
        ground_relations(plots.geometry, plots.edge_crs, pairs_of(rows));
    const auto any = [&](GroundRelation relation) {
        return std::find(found.begin(), found.end(), relation) != found.end();
    };
    if (any(GroundRelation::same)) {
        return {
            "图形相同，是重复录入，请只留一行",
            "the same geometry, entered twice: keep one row"};
    }
    if (any(GroundRelation::overlapping)) {
        return {
            "图形部分重叠，请核对哪一行是新的、哪一行是旧的",
            "the geometries overlap in part: find out which row is the newer one"};
    }
    if (any(GroundRelation::touching)) {
        return {
            "图形相邻接，多半是一个图斑分成了几行；是则合并为一个多部件图斑，否则分别编号",
            "the geometries touch, so it may be one plot in several rows: dissolve them into "
            "one multipart, or give each an id of its own"};
    }
    if (any(GroundRelation::apart)) {
        return {
            "图形相离；如果是一个图斑的几块，请合并为一个多部件图斑，否则分别编号",
            "the geometries lie apart: if they are parts of one plot, dissolve them into one "
            "multipart, else give each an id of its own"};
    }
    return {
        "没有可以比较的图形，请分别编号",
        "there is no geometry to compare: give each an id of its own"};
}

void refuse_duplicates(const std::vector<std::string>& ids, const FileSpec& spec) {
    const auto twice = rows_of_duplicates(ids);
    if (twice.empty()) {
        return;
    }
    std::string list;
    std::size_t quoted = 0;
    for (const auto& [id, rows] : twice) {
        if (++quoted > ids_quoted) {
            list += "; …";
            break;
        }
        list += format("{}{} ({})", list.empty() ? "" : "; ", id, row_list(rows));
    }
    const Text place = place_of(spec, "id");
    throw Error(
        ErrorCode::data_check_failed,
        text(
            "{0} 有 {1} 个重复的图斑编号（括号内为行号）：{2}；每个图斑应有自己的编号，请改正，"
            "或用 {3} 换一列作编号",
            "{0} has {1} plot ids that occur more than once (rows in brackets): {2}; every "
            "plot "
            "needs an id of its own: correct them, or name another column by {4}",
            spec.file,
            twice.size(),
            list,
            place.zh,
            place.en
        ),
        spec.where
    );
}

/// 第 3, 7 行, rows 3, 7; of many how many there are, too.
Text words_of_rows(const std::vector<std::size_t>& rows) {
    const std::string list = row_list(rows);
    return list.ends_with("…")
               ? text("第 {0} 行（共 {1} 行）", "rows {0} ({1} rows)", list, rows.size())
               : text("第 {0} 行", "rows {0}", list);
}

void list_duplicates(const Plots& plots, std::vector<Issue>& issues) {
    for (const auto& [id, rows] : rows_of_duplicates(plots.ids)) {
        const Text advice = advice_on(rows, plots);
        const Text which = words_of_rows(rows);
        for (const std::size_t row : rows) {
            Issue issue;
            issue.severity = Severity::error;
            issue.code = "duplicate_id";
            issue.row = static_cast<std::int64_t>(row) + 1;
            issue.plot_id = id;
            issue.message = text(
                "图斑编号重复：{0}；{1}",
                "plot id occurs more than once: {2}; {3}",
                which.zh,
                advice.zh,
                which.en,
                advice.en
            );
            issues.push_back(std::move(issue));
        }
    }
}

/// Ids that accept a repair where there is none to accept.
void list_unused_accept(
    const std::vector<std::string>& accept, const Plots& plots, std::vector<Issue>& issues
) {
    if (accept.empty()) {
        return;
    }
    const std::set<std::string_view> ids(plots.ids.begin(), plots.ids.end());
    std::map<std::string_view, const RepairEntry*> entries;
    for (const RepairEntry& entry : plots.repairs.entries) {
        entries[entry.plot_id] = &entry;
    }
    for (const std::string& id : accept) {
        const auto found = entries.find(id);
        if (found != entries.end() && found->second->state == RepairState::accepted) {
            continue;
        }
        Issue issue;
        issue.severity = Severity::warning;
        issue.code = "accept_unused";
        issue.plot_id = id;
        if (!ids.contains(id)) {
            issue.message = text(
                "plots: accept: 里的 {} 不是任何图斑的编号",
                "{} under plots: accept: is not the id of a plot",
                id
            );
        } else if (found != entries.end() && found->second->state == RepairState::refused) {
            issue.message = text(
                "plots: accept: 里的 {} 修复后没有面积，无法接受",
                "{} under plots: accept: has no area after repair: there is nothing to take",
                id
            );
        } else {
            issue.message = text(
                "plots: accept: 里的 {} 没有超过限度的修复，不需接受",
                "{} under plots: accept: has no repair beyond the limit",
                id
            );
        }
        issues.push_back(std::move(issue));
    }
}

Issue file_note(const char* code, Text message) {
    Issue issue;
    issue.code = code;
    issue.message = std::move(message);
    return issue;
}

void set_file(std::vector<Issue>& issues, const Source& source) {
    for (Issue& issue : issues) {
        if (issue.file.empty()) {
            issue.file = source.spec.file;
            issue.layer = source.layer_name;
        }
    }
}

/// Plots without any geometry need no CRS, and one note instead of one per row.
Plots plots_of_table(const std::vector<std::string>& ids) {
    Plots plots;
    plots.ids = ids;
    plots.states.assign(ids.size(), PlotState::no_geometry);
    plots.geometry.kinds.assign(ids.size(), GeometryKind::none);
    plots.geometry.feature_offsets.assign(ids.size() + 1, 0);
    if (!ids.empty()) {
        plots.issues.push_back(file_note(
            "no_geometry",
            {"表格没有图形，只能用给定的面积列，空间指标都为空",
             "the table has no geometry: only a given area column counts, and spatial "
             "indicators are null"}
        ));
    }
    return plots;
}

void append(std::vector<Issue>& to, const std::vector<Issue>& from) {
    to.insert(to.end(), from.begin(), from.end());
}

void refuse_no_rows(const Rows& rows, const Source& source) {
    if (rows.table.rows == 0) {
        throw Error(
            ErrorCode::data_check_failed,
            source.deleted_rows > 0
                ? words_of_all_deleted(source)
                : text(
                      "{} 没有任何图斑（0 行）；请检查文件和图层",
                      "{} has no plots (0 rows); check the file and its layer",
                      source.spec.file
                  ),
            source.spec.where
        );
    }
}

/// Plots whose CRS is not known have no place: those with a shape are held out. The file's Issue says why.
Plots plots_without_place(
    const std::vector<std::string>& ids, const std::vector<std::string>& wkb
) {
    Plots plots = plots_of_table(ids);
    plots.issues.clear();
    for (std::size_t row = 0; row < wkb.size(); ++row) {
        if (!wkb[row].empty()) {
            plots.states[row] = PlotState::held_out;
        }
    }
    return plots;
}

Issue crs_issue(const CrsProblem& problem) {
    Issue issue = file_note(problem.code.c_str(), problem.message);
    issue.severity = Severity::error;
    return issue;
}

Issue no_rows(const Source& source) {
    Issue issue = file_note(
        "empty_layer",
        source.deleted_rows > 0
            ? words_of_all_deleted(source)
            : text("{} 没有任何图斑（0 行）", "{} has no plots (0 rows)", source.spec.file)
    );
    issue.severity = Severity::error;
    return issue;
}

bool has_geometry(const Rows& rows, const Source& source) {
    return OGR_L_GetGeomType(source.layer) != wkbNone &&
           std::any_of(rows.wkb.begin(), rows.wkb.end(), [](const std::string& wkb) {
               return !wkb.empty();
           });
}

/// Where the coordinates are, if there are any: what was judged of them, or what stands in the way.
struct PlacedRows {
    std::optional<JudgedCrs> crs;
    std::optional<CrsProblem> problem;
};

using StrayVertices = std::vector<std::optional<std::pair<double, double>>>;

StrayVertices stray_vertices(const Rows& rows, const Execution& execution) {
    constexpr std::size_t rows_per_block = 1024;
    StrayVertices strays(rows.wkb.size());
    const auto look = [&](std::size_t k) {
        const std::size_t end = std::min(strays.size(), (k + 1) * rows_per_block);
        for (std::size_t row = k * rows_per_block; row < end; ++row) {
            strays[row] = stray_vertex(rows.wkb[row]);
        }
    };
    const std::size_t blocks = (strays.size() + rows_per_block - 1) / rows_per_block;
    parallel_for(blocks, execution, {"检查坐标", "checking coordinates"}, look);
    return strays;
}

/// Rows with a vertex that was lost are out, and have no say in where the layer lies.
void drop_strays(Rows& rows, const Execution& execution) {
    const StrayVertices strays = stray_vertices(rows, execution);
    for (std::size_t row = 0; row < rows.wkb.size(); ++row) {
        if (const auto& stray = strays[row]) {
            rows.wkb[row].clear();
            rows.damaged.emplace(
                row,
                text(
                    "顶点（{:.6g}，{:.6g}）远离其余各点，这个坐标丢失或写错了",
                    "the vertex ({:.6g}, {:.6g}) lies far from all others: that coordinate was "
                    "lost or mistyped",
                    stray->first,
                    stray->second
                )
            );
        }
    }
}

PlacedRows place_rows(Rows& rows, const Source& source, const Execution& execution) {
    PlacedRows placed;
    drop_strays(rows, execution);
    if (!has_geometry(rows, source)) {
        return placed;
    }
    Places places = places_of(rows.wkb);
    add_hints(places, rows, source);
    CrsFinding finding = find_crs(source, places);
    if (auto* const found = std::get_if<JudgedCrs>(&finding)) {
        placed.crs = std::move(*found);
        placed.crs->place(rows.wkb);
        append(placed.crs->issues, web_map_issues(places, *placed.crs));
    } else {
        placed.problem = std::get<CrsProblem>(std::move(finding));
    }
    return placed;
}

/// What makes a run stop, and a check go on.
void refuse_for_run(const Rows& rows, const Source& source, const PlacedRows& placed) {
    refuse_no_rows(rows, source);
    if (placed.problem) {
        throw_unreadable(source.spec, placed.problem->message);
    }
}

Plots plots_of_rows(
    const Rows& rows,
    const std::vector<std::string>& ids,
    const PlacedRows& placed,
    const PlotsSpec& spec,
    const Execution& execution
) {
    if (placed.crs) {
        const RepairChoice choice{spec.repair, spec.accept};
        return plots_with_any_ids(rows.wkb, ids, placed.crs->crs, execution, choice);
    }
    return placed.problem ? plots_without_place(ids, rows.wkb) : plots_of_table(ids);
}

/// Issues of single cells were made before ids were known. Rows of a joined table are no plots.
void name_rows(
    std::vector<Issue>& issues, const std::vector<std::string>& ids, const Source& source
) {
    for (Issue& issue : issues) {
        const bool joined = !issue.file.empty() && (issue.file != source.spec.file ||
                                                    issue.layer != source.layer_name);
        if (issue.row && issue.plot_id.empty() && !joined) {
            issue.plot_id = ids.at(static_cast<std::size_t>(*issue.row - 1));
        }
    }
}

/// Plots whose geometry is there but not to be believed are held out, which is more than having none.
void hold_out_damaged(Plots& plots, const Rows& rows) {
    if (rows.damaged.empty()) {
        return;
    }
    std::erase_if(plots.issues, [&](const Issue& issue) {
        return issue.code == "no_geometry" &&
               (!issue.row || rows.damaged.contains(static_cast<std::size_t>(*issue.row - 1)));
    });
    for (const auto& [row, why] : rows.damaged) {
        plots.states[row] = PlotState::held_out;
        Issue issue;
        issue.row = static_cast<std::int64_t>(row) + 1;
        issue.plot_id = plots.ids[row];
        tell_damaged(issue, why);
        plots.issues.push_back(std::move(issue));
    }
}

/// What reading found of the file as a whole, but for its columns.
std::vector<Issue>
file_issues(const Rows& rows, const Source& source, const PlacedRows& placed) {
    std::vector<Issue> issues = source_issues(source, placed.crs);
    append(issues, rows.issues);
    if (rows.table.rows == 0) {
        issues.push_back(no_rows(source));
    }
    if (placed.problem) {
        issues.push_back(crs_issue(*placed.problem));
    }
    if (rows.curves > 0) {
        issues.push_back(file_note(
            "curves_linearised",
            text(
                "{} 个图形含曲线，已化为折线，与曲线相差不超过 0.1 毫米",
                "{} geometries have curves; they were made straight, at most 0.1 mm away",
                rows.curves
            )
        ));
    }
    return issues;
}

/// What plots are to each other: those that lie far from all, and what their national columns contradict.
void hold_together(PlotsRead& read, std::vector<Issue>& issues, const Execution& execution) {
    std::vector<Issue> far;
    NationalFindings national;
    side_by_side(
        execution,
        [&](const Execution& /*part*/) { far = far_plots(read.plots); },
        [&](const Execution& /*part*/) { national = check_national(read.plots); }
    );
    append(issues, far);
    append(issues, national.issues);
    read.values.insert(read.values.end(), national.values.begin(), national.values.end());
}

InputFile plots_input(const Source& source, const Rows& rows, const PlacedRows& placed) {
    InputFile input = input_of(source);
    input.role = "plots";
    input.rows = static_cast<std::int64_t>(rows.table.rows);
    input.crs = placed.crs ? words_of(placed.crs->crs) : "";
    input.crs_because = placed.crs ? placed.crs->because : "";
    return input;
}

} // namespace

PlotsRead read_plots_as_found(
    const PlotsSpec& spec,
    const std::string& folder,
    ReadFor purpose,
    const Execution& execution
) {
    const bool for_run = purpose == ReadFor::run;
    GdalScope gdal;
    const Source source = open_source(spec.source, folder, Want::plots, gdal);
    // Hashing the file takes as long as reading it: both at once, unless the caller wants one thread.
    std::future<std::string> hash =
        for_run ? std::async(
                      execution.threads == 1 ? std::launch::deferred : std::launch::async,
                      hash_of,
                      std::cref(source)
                  )
                : std::future<std::string>();
    Rows rows = read_rows(source, gdal, part_of(execution, 0.0, 0.5));
    PlotsRead read;
    std::vector<Issue> named = complete_names(rows, source);
    read.inputs = join_columns(rows, source, spec, folder, named);
    PlacedRows placed;
    PlotColumns columns;
    side_by_side(
        part_of(execution, 0.5, 0.55),
        [&](const Execution& part) {
            placed = place_rows(rows, source, part);
            if (for_run) {
                refuse_for_run(rows, source, placed);
            }
        },
        [&](const Execution& /*part*/) { columns = plot_columns(rows, source, spec.fields); }
    );
    std::vector<Issue> issues = file_issues(rows, source, placed);
    append(issues, named);
    name_rows(issues, columns.ids, source);
    if (for_run) {
        refuse_duplicates(columns.ids, spec.source);
    }
    read.plots = plots_of_rows(rows, columns.ids, placed, spec, part_of(execution, 0.55, 1.0));
    hold_out_damaged(read.plots, rows);
    if (placed.problem) {
        read.crs_proposals = placed.problem->proposals;
    }
    if (!for_run) {
        list_duplicates(read.plots, issues);
    }
    list_unused_accept(spec.accept, read.plots, issues);
    append(issues, columns.issues);
    read.values = std::move(columns.values);
    append(issues, read.plots.issues);
    read.plots.attributes = std::move(columns.attributes);
    hold_together(read, issues, part_of(execution, 0.99, 1.0));
    set_file(issues, source);
    read.plots.issues = std::move(issues);
    InputFile input = plots_input(source, rows, placed);
    input.sha256 = for_run ? hash.get() : "";
    read.inputs.insert(read.inputs.begin(), std::move(input));
    report_progress(execution, 1.0, text("读取 {}", "reading {}", spec.source.file));
    return read;
}

PlotsRead
read_plots(const PlotsSpec& spec, const std::string& folder, const Execution& execution) {
    return read_plots_as_found(spec, folder, ReadFor::run, execution);
}

} // namespace tuban
