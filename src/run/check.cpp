#include <tuban/geodesy.hpp>
#include <tuban/run.hpp>

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "io/plots_reader.hpp"
#include "run/area_columns.hpp"
#include "run/county.hpp"
#include "run/eligibility.hpp"
#include "run/overlap_issues.hpp"

#include <cmath>
#include <filesystem>
#include <utility>

namespace tuban {
namespace {

bool is_project(const std::string& file) {
    return file.ends_with(".yaml") || file.ends_with(".yml");
}

/// Issues of a project's context layers: what reading them finds.
void check_context(
    const Project& project, std::vector<Issue>& issues, const Execution& execution
) {
    double done = 0.0;
    for (const LayerSpec& spec : project.layers) {
        report_progress(
            execution,
            done++ / static_cast<double>(project.layers.size()),
            text("读取图层 {}", "reading layer {}", spec.key)
        );
        const Layer layer = open_layer(spec, project.folder).source->all();
        issues.insert(issues.end(), layer.issues.begin(), layer.issues.end());
    }
    if (project.elevation) {
        (void)open_elevation(*project.elevation, project.folder);
    }
}

/// A row is usable if it has an area that a plan can count.
bool usable(const Plots& plots, const std::vector<double>& areas, std::size_t row) {
    const Column* given = plots.attributes.find("given_area_m2");
    return plots.states[row] != PlotState::held_out &&
           (std::isfinite(areas[row]) || (given != nullptr && given->number(row).has_value()));
}

} // namespace

CheckReport
check_file(const std::string& file, const CheckOptions& options, const Execution& execution) {
    CheckReport report;
    PlotsSpec spec;
    Rules rules;
    std::optional<BoundarySpec> boundary;
    std::string folder;
    if (is_project(file)) {
        const Project project = read_project(file);
        spec = project.plots;
        rules = project.rules;
        boundary = project.boundary;
        folder = project.folder;
        check_context(project, report.issues, part_of(execution, 0.0, 0.4));
    } else {
        spec.source.file = file;
    }
    if (!options.layer.empty()) {
        spec.source.layer = options.layer;
    }
    if (options.crs) {
        spec.source.crs = options.crs;
    }
    if (options.axes) {
        spec.source.axes = options.axes;
    }
    if (options.encoding) {
        spec.source.encoding = options.encoding;
    }
    const PlotsRead read =
        read_plots_as_found(spec, folder, DuplicateIds::issues, part_of(execution, 0.4, 0.8));
    const Plots& plots = read.plots;
    report.input = read.inputs.front();
    report.file = report.input.file;
    report.layer = report.input.layer;
    report.rows = static_cast<std::int64_t>(plots.size());
    report.crs_proposals = read.crs_proposals;
    report.issues.insert(report.issues.begin(), plots.issues.begin(), plots.issues.end());

    report.overlaps =
        overlaps(plots.geometry, plots.edge_crs, 0.01, part_of(execution, 0.8, 0.85));
    const std::vector<Issue> shared = overlap_issues(plots, report.overlaps, report.input);
    report.issues.insert(report.issues.end(), shared.begin(), shared.end());

    const std::vector<double> areas = area_m2(
        plots.geometry, plots.edge_crs, AreaMethod::survey, part_of(execution, 0.85, 0.9)
    );
    report.areas = area_columns(plots, areas, part_of(execution, 0.9, 1.0));
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
    if (!options.boundary.empty()) {
        boundary =
            BoundarySpec{layer_of_argument("boundary=" + options.boundary).source, "", ""};
        boundary->source.file = std::filesystem::absolute(boundary->source.file).string();
    }
    if (boundary) {
        const std::vector<Issue> found = check_counties(plots, *boundary, folder);
        report.issues.insert(report.issues.end(), found.begin(), found.end());
    }
    report.ineligible = count_ineligible(plots, areas, rules, report.issues);
    return report;
}

} // namespace tuban
