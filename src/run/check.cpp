#include <tuban/geodesy.hpp>
#include <tuban/run.hpp>

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "core/side_by_side.hpp"
#include "io/plot_checks.hpp"
#include "io/plots_reader.hpp"
#include "run/area_columns.hpp"
#include "run/check_output.hpp"
#include "run/county.hpp"
#include "run/eligibility.hpp"
#include "run/far_data.hpp"
#include "run/filter_issues.hpp"
#include "run/input_paths.hpp"
#include "run/json.hpp"
#include "run/overlap_issues.hpp"
#include "run/zone_issues.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

namespace tuban {
namespace {

bool is_project(const std::string& file) {
    return file.ends_with(".yaml") || file.ends_with(".yml");
}

/// Issues of a project's context: what reading layers finds, where nothing is left of them, and what lies elsewhere.
void check_context(
    const Project& project,
    const Plots& plots,
    std::vector<Issue>& issues,
    const Execution& execution
) {
    const auto add = [&](std::optional<Issue> issue) {
        if (issue) {
            issues.push_back(*std::move(issue));
        }
    };
    double done = 0.0;
    for (const LayerSpec& spec : project.layers) {
        report_progress(
            execution,
            done++ / static_cast<double>(project.layers.size()),
            text("读取图层 {}", "reading layer {}", spec.key)
        );
        const LayerOpened opened = open_layer(spec, project.folder);
        const Layer layer = opened.source->all();
        issues.insert(issues.end(), layer.issues.begin(), layer.issues.end());
        if (layer.size() == 0) {
            issues.push_back(empty_layer(spec, opened.input));
        }
        add(far_layer(plots, layer, opened.input));
        if (project.profile) {
            add(control_line_as_zone(spec, layer, *project.profile));
        }
    }
    if (project.elevation) {
        const RasterOpened opened = open_elevation(*project.elevation, project.folder);
        add(far_elevation(plots, *opened.source, opened.input));
    }
}

/// What to look at: a project's plots, or a file alone.
struct CheckRequest {
    PlotsSpec plots;
    std::optional<Project> project;
    std::optional<BoundarySpec> boundary;

    [[nodiscard]] std::string folder() const { return project ? project->folder : ""; }
};

/// The county outlines that the options or the project name.
std::optional<BoundarySpec>
boundary_of(const std::optional<Project>& project, const CheckOptions& options) {
    std::optional<BoundarySpec> boundary = project ? project->boundary : std::nullopt;
    if (!options.boundary.empty()) {
        boundary =
            BoundarySpec{layer_of_argument("boundary=" + options.boundary).source, "", "", {}};
        if (project) { // whose folder other names are relative to
            boundary->source.file = std::filesystem::absolute(boundary->source.file).string();
        }
    }
    if (options.boundary_code.empty()) {
        return boundary;
    }
    if (!boundary) {
        throw Error(
            ErrorCode::invalid_argument,
            {"--boundary-code 要与 --boundary 同用（或在项目文件里写 boundary:）",
             "--boundary-code goes with --boundary (or with boundary: in a project)"}
        );
    }
    boundary->code = options.boundary_code;
    boundary->source.named_by = NamedBy::with; // what is wrong now is the option
    boundary->source.where = {};
    return boundary;
}

CheckRequest request_of(const std::string& file, const CheckOptions& options) {
    CheckRequest request;
    if (is_project(file)) {
        request.project = read_project(file);
        request.plots = request.project->plots;
    } else {
        request.plots.source.file = file;
        request.plots.source.named_by = NamedBy::option;
    }
    FileSpec& source = request.plots.source;
    if (!options.layer.empty()) {
        source.layer = options.layer;
    }
    if (!options.id.empty()) {
        request.plots.fields.id = {options.id};
    }
    if (options.crs) {
        source.crs = options.crs;
    }
    if (options.axes) {
        source.axes = options.axes;
    }
    if (options.encoding) {
        source.encoding = options.encoding;
    }
    const bool overridden = !options.layer.empty() || !options.id.empty() || options.crs ||
                            options.axes || options.encoding;
    if (overridden) { // what is wrong now is the option, at no line of the project
        source.named_by = NamedBy::option;
        source.where = {};
    }
    request.boundary = boundary_of(request.project, options);
    return request;
}

/// A row is usable if it has an area that a plan can count.
bool usable(const Plots& plots, const std::vector<double>& areas, std::size_t row) {
    const Column* given = plots.attributes.find("given_area_m2");
    return plots.states[row] != PlotState::held_out &&
           (std::isfinite(areas[row]) || (given != nullptr && given->number(row).has_value()));
}

/// Which county each plot lies in, where the project or the caller names the outlines.
void find_counties(const Plots& plots, const CheckRequest& request, CheckReport& report) {
    if (request.boundary) {
        const std::vector<Issue> found =
            check_counties(plots, *request.boundary, request.folder());
        report.issues.insert(report.issues.end(), found.begin(), found.end());
        return;
    }
    const Text how =
        request.project
            ? Text{"在项目文件里写 boundary:，或加 --boundary 县界文件", "write boundary: in the project, or add --boundary FILE"}
            : Text{"加 --boundary 县界文件 即核对", "add --boundary FILE to have it checked"};
    if (auto note = county_not_checked(plots, how)) {
        note->file = report.file;
        note->layer = report.layer;
        report.issues.push_back(*std::move(note));
    }
}

std::vector<double>
list_plots(const Plots& plots, CheckReport& report, const Execution& execution) {
    std::vector<double> areas = area_m2(
        plots.geometry, plots.edge_crs, AreaMethod::survey, part_of(execution, 0.0, 0.5)
    );
    report.areas = area_columns(plots, areas, part_of(execution, 0.5, 1.0));
    std::int64_t total_dm2 = 0;
    for (std::size_t row = 0; row < plots.size(); ++row) {
        CheckedPlot plot{
            static_cast<std::int64_t>(row + 1),
            plots.ids[row],
            std::nullopt,
            name_of(plots.states[row])};
        if (std::isfinite(areas[row])) {
            const std::int64_t dm2 = area_dm2(areas[row]);
            plot.ellipsoid_area_m2 = static_cast<double>(dm2) / 100.0;
            total_dm2 += dm2;
        }
        report.usable += usable(plots, areas, row) ? 1 : 0;
        report.plots.push_back(std::move(plot));
    }
    report.total_ellipsoid_area_m2 = static_cast<double>(total_dm2) / 100.0;
    return areas;
}

Issue about_file(const CheckReport& report, Severity severity, const char* code) {
    Issue issue;
    issue.severity = severity;
    issue.code = code;
    issue.file = report.file;
    issue.layer = report.layer;
    return issue;
}

/// What coordinates that are kept to 0.1 mm, as in a FileGDB, do to the area of a plot: no one has changed it.
constexpr double slight_m2 = 0.05;

/// Rows that disagree with what the rest of their column is.
void list_outliers(const CheckedArea& area, CheckReport& report) {
    const Text caliber = name_of(area.fit.caliber);
    for (const CaliberFit::Outlier& outlier : area.fit.outliers) {
        if (std::abs(outlier.given_m2 - outlier.expected_m2) <= slight_m2) {
            continue;
        }
        Issue issue = about_file(report, Severity::warning, "area_disagrees");
        issue.row = static_cast<std::int64_t>(outlier.row) + 1;
        issue.plot_id = report.plots.at(outlier.row).plot_id;
        issue.field = area.column;
        issue.message = text(
            "{0} 写的是 {1:.2f} m²，按{2}应为 {3:.2f} m²",
            "{0} says {1:.2f} m², by {4} it should be {3:.2f} m²",
            area.column,
            outlier.given_m2,
            caliber.zh,
            outlier.expected_m2,
            caliber.en
        );
        report.issues.push_back(std::move(issue));
    }
}

/// What the calibers say that someone has to look at: rows that disagree with their column, and areas of no ground.
void judge_areas(const PlotFields& fields, CheckReport& report) {
    for (const CheckedArea& area : report.areas) {
        const CaliberFit& fit = area.fit;
        if (auto words = unit_contradicted(fields, area.column, fit)) {
            Issue issue = about_file(report, Severity::error, "area_unit_contradicted");
            issue.field = area.column;
            issue.message = *std::move(words);
            report.issues.push_back(std::move(issue));
        }
        if (fit.caliber == AreaCaliber::web_mercator ||
            fit.caliber == AreaCaliber::square_degrees) {
            Issue issue = about_file(report, Severity::warning, "area_not_ground");
            issue.field = area.column;
            issue.message = describe(area.column, fit);
            report.issues.push_back(std::move(issue));
        }
        if (2 * fit.rows_fitting < fit.rows) {
            continue; // no caliber is sure enough for a single row to be wrong
        }
        list_outliers(area, report);
    }
}

/// Rows of the national column of plots' areas that have a plot to compare with, and of all those that are negative.
struct AreaRows {
    std::size_t comparable = 0;
    std::vector<std::size_t> negative;
};

AreaRows rows_of_area(const Column& column, const std::vector<double>& areas) {
    AreaRows rows;
    for (std::size_t row = 0; row < areas.size(); ++row) {
        const std::optional<double> figure = column.number(row);
        if (figure && *figure < 0.0) {
            rows.negative.push_back(row);
        }
        rows.comparable += figure && std::isfinite(areas[row]) ? 1U : 0U;
    }
    return rows;
}

void list_negative(
    const std::string& column, const std::vector<std::size_t>& rows, CheckReport& report
) {
    for (const std::size_t row : rows) {
        Issue issue = about_file(report, Severity::error, "area_negative");
        issue.row = static_cast<std::int64_t>(row) + 1;
        issue.plot_id = report.plots.at(row).plot_id;
        issue.field = column;
        issue.message = text(
            "{0} 是负数，面积不能为负；请在源数据中改正",
            "{0} is negative, which no area can be: correct the source",
            column
        );
        report.issues.push_back(std::move(issue));
    }
}

/// A column that is called an area and fits the shapes in no way would else pass as if nobody had looked.
void judge_national_areas(
    const Plots& plots, const std::vector<double>& areas, CheckReport& report
) {
    for (const char* field : {"TBTYMJ", "TBHDMJ", "SDZLMJ", "ZLMJ"}) {
        const Column* const column = national_column(plots.attributes, field);
        if (column == nullptr || column->type() == ColumnType::text) {
            continue;
        }
        const AreaRows rows = rows_of_area(*column, areas);
        list_negative(column->name, rows.negative, report);
        const bool of_plot = std::string_view(field) == "TBTYMJ"; // others may be of a part
        if (!of_plot || rows.comparable == 0) {
            continue;
        }
        std::size_t fitting = 0;
        for (const CheckedArea& area : report.areas) {
            fitting = area.column == column->name ? area.fit.rows_fitting : fitting;
        }
        if (2 * fitting >= rows.comparable) {
            continue; // single rows are told of
        }
        Issue issue = about_file(report, Severity::warning, "area_unexplained");
        issue.field = column->name;
        issue.message = text(
            "{0} 的 {1} 行里有 {2} "
            "行与图形对不上，哪种算法和单位都不合；请核对它是不是这些图斑的面积",
            "{0} agrees with no caliber in {2} of {1} rows: no method and unit gives it from "
            "the "
            "shapes; check that it is the area of these plots",
            column->name,
            rows.comparable,
            rows.comparable - fitting
        );
        report.issues.push_back(std::move(issue));
    }
}

/// A name as it may stand in a list of YAML.
std::string yaml_word(const std::string& name) {
    const bool plain = name.find_first_of(",[]{}:#&*!|>'\"%@`") == std::string::npos;
    return plain ? name : Json(name).dump();
}

/// A table without geometry has an area only where a project names its column: which of those at hand that can be.
Issue no_area_in_table(const Plots& plots, bool in_project, const CheckReport& report) {
    const std::optional<AreaColumn> found = area_column_of_table(plots.attributes);
    Issue issue = about_file(
        report, found && !in_project ? Severity::warning : Severity::error, "nothing_usable"
    );
    if (!found) {
        issue.message = {
            "表格没有图形，也没有各格都是数、又有正数的面积列；请补上或改正面积，或取得图形",
            "the table has no geometry, and no area column whose cells are all numbers, some "
            "of "
            "them above 0: add or correct the areas, or get the geometry"};
        return issue;
    }
    issue.field = found->column;
    issue.message = text(
        "表格没有图形，但列“{0}”像是面积（{1} 行有数，合计 {2:.2f}）；要按它排期，在项目文件的 "
        "plots: 里写 fields: {{{3}: {0}}}（{4}）",
        "the table has no geometry, but \"{0}\" looks like an area ({1} rows, {2:.2f} in all); "
        "to "
        "plan by it, write fields: {{{3}: {0}}} under plots: in a project ({5})",
        yaml_word(found->column),
        found->rows,
        found->sum,
        found->key,
        "单位是平方米写 area_m2，公顷写 area_ha，亩写 area_mu",
        "area_m2 for m², area_ha for hectares, area_mu for mu"
    );
    return issue;
}

/// A run stops where no row has an area; a table alone may still get its area column from a project.
void judge_use(const Plots& plots, bool in_project, CheckReport& report) {
    const bool told =
        std::any_of(report.issues.begin(), report.issues.end(), [](const Issue& issue) {
            return issue.severity == Severity::error; // why they are out
        });
    if (report.rows == 0 || report.usable > 0) {
        return;
    }
    const bool table =
        std::all_of(plots.states.begin(), plots.states.end(), [](PlotState state) {
            return state == PlotState::no_geometry;
        });
    if (table) {
        report.issues.push_back(no_area_in_table(plots, in_project, report));
        return;
    }
    if (told) {
        return;
    }
    Issue issue = about_file(report, Severity::error, "nothing_usable");
    issue.message = {
        "没有一行有可计的面积，这份数据不能排期",
        "no row has an area that counts: nothing can be scheduled from these data"};
    report.issues.push_back(std::move(issue));
}

/// A file as the request names it, for whoever must not overwrite it.
std::string path_in(const CheckRequest& request, const std::string& file) {
    return (std::filesystem::path(request.folder()) / file).string();
}

/// That what is written is nothing that is read, and replaces nothing foreign.
void require_outputs(const CheckRequest& request, const CheckOptions& options) {
    std::vector<std::string> inputs =
        request.project ? inputs_of(*request.project) : std::vector<std::string>{};
    inputs.push_back(path_in(request, request.plots.source.file));
    if (request.boundary) {
        inputs.push_back(path_in(request, request.boundary->source.file));
    }
    for (const std::string& output : {options.fix, options.page}) {
        if (!output.empty()) {
            require_apart(output, inputs);
        }
    }
    require_replaceable(options);
}

void write_outputs(
    const Checked& checked, const CheckOptions& options, const Execution& execution
) {
    if (!options.fix.empty()) {
        report_progress(execution, 0.0, text("写 {}", "writing {}", options.fix));
        write_fixed(checked, options.fix);
    }
    if (!options.page.empty()) {
        report_progress(execution, 0.5, text("写 {}", "writing {}", options.page));
        write_check_page(checked, options.lang, options.page);
    }
    report_progress(execution, 1.0, {"检查完毕", "checked"});
}

} // namespace

CheckReport
check_file(const std::string& file, const CheckOptions& options, const Execution& execution) {
    CheckReport report;
    const CheckRequest request = request_of(file, options);
    require_outputs(request, options);
    const PlotsRead read = read_plots_as_found(
        request.plots, request.folder(), ReadFor::check, part_of(execution, 0.0, 0.5)
    );
    const Plots& plots = read.plots;
    report.input = read.inputs.front();
    report.file = report.input.file;
    report.layer = report.input.layer;
    report.rows = static_cast<std::int64_t>(plots.size());
    report.crs_proposals = read.crs_proposals;
    report.values = read.values;
    report.issues = plots.issues;
    report.repairs = plots.repairs.entries;
    if (request.project) {
        check_context(*request.project, plots, report.issues, part_of(execution, 0.5, 0.6));
    }
    std::vector<double> areas;
    side_by_side(
        part_of(execution, 0.6, 0.9),
        [&](const Execution& part) { areas = list_plots(plots, report, part); },
        [&](const Execution& part) {
            constexpr double least_m2 = 0.01;
            report.overlaps = overlaps(plots.geometry, plots.edge_crs, least_m2, part);
        }
    );
    const std::vector<Issue> shared = overlap_issues(plots, report.overlaps, report.input);
    report.issues.insert(report.issues.end(), shared.begin(), shared.end());
    find_counties(plots, request, report);
    report.ineligible = count_ineligible(
        plots, areas, request.project ? request.project->rules : Rules{}, report.issues
    );
    report.eligible = report.rows;
    for (const EligibilityCount& count : report.ineligible) {
        report.eligible -= count.rows;
    }
    judge_areas(request.plots.fields, report);
    judge_national_areas(plots, areas, report);
    judge_use(plots, request.project.has_value(), report);
    write_outputs({plots, report}, options, part_of(execution, 0.9, 1.0));
    return report;
}

} // namespace tuban
