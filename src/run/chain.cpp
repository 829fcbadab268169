#include <tuban/run.hpp>

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "indicators/land_use.hpp"
#include "run/area_columns.hpp"
#include "run/earlier_results.hpp"
#include "run/far_data.hpp"
#include "run/filter_issues.hpp"
#include "run/input_paths.hpp"
#include "run/land_layers.hpp"
#include "run/overlap_issues.hpp"
#include "run/publish.hpp"
#include "run/zone_issues.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <set>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace tuban {
namespace {

/// Times the stages of a run and maps their progress into the whole.
class Stages {
public:
    Stages(const Execution& execution, std::vector<std::pair<std::string, double>>& timings_s)
        : execution_(execution), timings_s_(timings_s) {}

    /// Runs work(execution) as the stage that reaches `to` of the whole.
    template <class Work>
    void stage(const char* name, double to, Work&& work) {
        const Execution part = part_of(execution_, from_, to);
        from_ = to;
        const auto start = std::chrono::steady_clock::now();
        std::forward<Work>(work)(part);
        timings_s_.emplace_back(
            name,
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()
        );
    }

private:
    const Execution& execution_;
    std::vector<std::pair<std::string, double>>& timings_s_;
    double from_ = 0.0;
};

/// Context layers, read once and served from memory.
struct ReadContext {
    std::vector<std::unique_ptr<LayerSource>> sources;
    std::unique_ptr<RasterSource> elevation;
    std::unique_ptr<RasterSource> land_cover;
    Context context;
    Context given;   ///< the same without what stands in: a profile has stand-ins of its own
    LandLayers land; ///< what stands in
};

/// Adds what is not there yet, in its order.
void append(std::vector<Issue>& issues, const std::vector<Issue>& more) {
    // By place in the list, as the list moves while it grows.
    const auto hash = [&](std::size_t at) {
        const Issue& issue = issues[at];
        const std::hash<std::string_view> of_text;
        return of_text(issue.message.zh) ^ (3 * of_text(issue.plot_id)) ^
               (5 * of_text(issue.code)) ^ std::hash<std::int64_t>()(issue.row.value_or(0));
    };
    const auto same = [&](std::size_t a, std::size_t b) { return issues[a] == issues[b]; };
    std::unordered_set<std::size_t, decltype(hash), decltype(same)> known(
        2 * (issues.size() + more.size()), hash, same
    );
    const std::size_t before = issues.size();
    for (std::size_t at = 0; at < before; ++at) {
        known.insert(at);
    }
    for (const Issue& issue : more) {
        issues.push_back(issue);
        if (!known.insert(issues.size() - 1).second) {
            issues.pop_back();
        }
    }
}

/// What there is to measure against, as a project or the command line names it.
struct ContextSpec {
    const std::vector<LayerSpec>& layers;
    const std::optional<ElevationSpec>& elevation;
    const std::string& folder;
    /// Keys of layers of which only nearest features are asked: no more of them has to be read than what may be nearest to
    /// these plots.
    const Plots* plots = nullptr;
    std::set<std::string> nearest_only{};
};

/// What of a layer has to be in memory.
Layer layer_for(
    const ContextSpec& project,
    const LayerSpec& spec,
    LayerOpened& opened,
    const Execution& execution
) {
    if (!project.nearest_only.contains(spec.key)) {
        return opened.source->all();
    }
    const auto features =
        static_cast<std::size_t>(std::max<std::int64_t>(0, opened.input.rows));
    Layer near = nearest_candidates(
        project.plots->geometry,
        project.plots->edge_crs,
        *opened.source,
        access_path(project.plots->size(), {features, opened.is_indexed}),
        {},
        execution
    );
    // Of a layer that has nothing near it is still to be told where it lies.
    return near.size() > 0 ? std::move(near) : opened.source->all();
}

ReadContext
read_context(const ContextSpec& project, Result& result, const Execution& execution) {
    ReadContext read;
    double done = 0.0;
    for (const LayerSpec& spec : project.layers) {
        report_progress(
            execution,
            done++ / static_cast<double>(project.layers.size() + 1),
            text("读取图层 {}", "reading layer {}", spec.key)
        );
        LayerOpened opened = open_layer(spec, project.folder);
        Layer layer = layer_for(project, spec, opened, part_of(execution, done, done));
        append(result.issues, layer.issues);
        if (layer.size() == 0) {
            append(result.issues, {empty_layer(spec, opened.input)});
        }
        opened.input.rows = static_cast<std::int64_t>(layer.size());
        result.inputs.push_back(std::move(opened.input));
        result.context.push_back(layer);
        result.layer_aliases.emplace_back(spec.key, spec.alias.empty() ? spec.key : spec.alias);
        read.context.layer_aliases[spec.key] = result.layer_aliases.back().second;
        read.sources.push_back(memory_source(std::move(layer)));
        read.context.layers[spec.key] = read.sources.back().get();
    }
    if (project.elevation) {
        RasterOpened opened = open_elevation(*project.elevation, project.folder);
        result.inputs.push_back(std::move(opened.input));
        read.elevation = std::move(opened.source);
        read.context.elevation = read.elevation.get();
    }
    return read;
}

/// Warnings for what lies elsewhere than the plots.
void append_far(const Plots& plots, const ReadContext& read, Result& result) {
    const std::size_t context = result.context.size() + (read.elevation ? 1 : 0);
    std::size_t input = result.inputs.size() - context; // read_context() put them at the end
    for (const Layer& layer : result.context) {
        if (const auto issue = far_layer(plots, layer, result.inputs.at(input++))) {
            append(result.issues, {*issue});
        }
    }
    if (read.elevation) {
        if (const auto issue = far_elevation(plots, *read.elevation, result.inputs.at(input))) {
            append(result.issues, {*issue});
        }
    }
}

/// Conditions as any SQLite runs them, in the order of Rules: gates, tiers, points that have one.
std::vector<std::string> portable_filters(const Table& table, const Rules& rules) {
    Conditions conditions(table);
    std::vector<std::string> filters;
    const auto add = [&](const Condition& condition) {
        try {
            filters.push_back(conditions.portable(condition));
        } catch (const Error&) {
            // A rule may use functions of ours; requirements may not. It is then shown as it was written.
            filters.push_back(condition.text);
        }
    };
    for (const Gate& gate : rules.gates) {
        add(gate.when);
    }
    for (const Tier& tier : rules.tiers) {
        add(tier.when);
    }
    for (const PointRule& rule : rules.points) {
        if (rule.when) {
            add(*rule.when);
        }
    }
    return filters;
}

void append_warnings(Result& result) {
    Conditions conditions(result.table);
    const auto add = [&](const std::string& id, const Condition& condition) {
        for (const Text& warning : conditions.warnings(condition)) {
            Issue issue;
            issue.severity = Severity::warning;
            issue.code = "condition";
            issue.file = condition.where.file;
            issue.field = id;
            issue.message = {
                format("规则 {}（第 {} 行）：{}", id, condition.where.line, warning.zh),
                format("rule {} (line {}): {}", id, condition.where.line, warning.en)};
            append(result.issues, {issue});
        }
    };
    for (const Gate& gate : result.project.rules.gates) {
        add(gate.id, gate.when);
    }
    for (const Tier& tier : result.project.rules.tiers) {
        add(tier.id, tier.when);
    }
    for (const PointRule& rule : result.project.rules.points) {
        if (rule.when) {
            add(rule.id, *rule.when);
        }
    }
}

/// Requirements whose `where` picks no plot: they would hold, or fail, for no reason that anyone sees.
void append_idle_filters(Result& result) {
    if (!result.project.schedule) {
        return;
    }
    Conditions conditions(result.table);
    for (const Requirement& requirement : result.project.schedule->require) {
        if (!requirement.filter) {
            continue;
        }
        const std::vector<std::optional<bool>> truth = conditions.truth(*requirement.filter);
        if (std::any_of(truth.begin(), truth.end(), [](const std::optional<bool>& one) {
                return one.value_or(false);
            })) {
            continue;
        }
        const Text hint = quotes_hint(*requirement.filter);
        Issue issue;
        issue.severity = Severity::warning;
        issue.code = "filter_matches_nothing";
        issue.file = requirement.filter->where.file;
        issue.field = requirement.id;
        issue.message = text(
            "要求 {0}（第 {1} 行）的 where（{2}）没有选中任何图斑；请核对列值的写法{3}",
            "the where of requirement {0} (line {1}: {2}) picks no plot: check how the values "
            "are written{4}",
            requirement.id,
            requirement.filter->where.line,
            requirement.filter->text,
            hint.zh,
            hint.en
        );
        append(result.issues, {issue});
    }
}

/// An empty layer was told of with its file when it was read.
std::vector<Issue> without_empty_layers(std::vector<Issue> issues) {
    std::erase_if(issues, [](const Issue& issue) {
        return issue.code == "empty_layer" && issue.file.empty();
    });
    return issues;
}

/// What the project's profile of 三区两线 says of each plot; conditions of the rank may look at it.
void judge_profile(Result& result, const Context& context, Stages& stages) {
    stages.stage("zones", 0.8, [&](const Execution& execution) {
        const ZoneProfile& profile = *result.project.profile;
        result.zones = judge_zones(result.plots, context, profile, execution);
        put_zones(result.table, profile, result.zones);
        append(result.issues, result.zones.issues);
    });
}

/// The file behind what is said of land round the plots: indicators know layers by their keys alone.
void tell_land_files(
    std::vector<Issue>& issues,
    const std::vector<LayerSpec>& layers,
    const std::optional<LandCoverSpec>& cover
) {
    for (Issue& issue : issues) {
        if (issue.code != "land_class_unknown" && issue.code != "surround_uncovered") {
            continue;
        }
        for (const LayerSpec& layer : layers) {
            issue.file = layer.key == issue.layer ? layer.source.file : issue.file;
        }
        issue.file = issue.file.empty() && cover ? cover->source.file : issue.file;
    }
}

/// What land polygons stand in for, told with the file they come from.
void stand_in_layers(
    ReadContext& read,
    Result& result,
    const std::vector<LayerSpec>& layers,
    const std::optional<std::vector<IndicatorRequest>>& asked
) {
    read.given = read.context;
    read.land = add_land_layers(read.context, asked);
    for (const LayerSpec& layer : layers) {
        for (Issue& issue : read.land.issues) {
            issue.file = layer.key == land_layer ? layer.source.file : issue.file;
        }
    }
    append(result.issues, read.land.issues);
}

/// Before the ranking, so that its rules may ask what a plot can be used for.
void put_reuse_screening(Result& result) {
    const std::vector<ReuseOption>& options = result.project.reuse;
    if (options.empty()) {
        return;
    }
    result.reuse = screen_reuse(result.table, options);
    put_reuse(result.table, result.reuse, options);
    append(result.issues, result.reuse.issues);
}

void open_land_cover(ReadContext& read, Result& result) {
    const auto& spec = result.project.land_cover;
    if (!spec) {
        return;
    }
    RasterOpened opened = open_elevation({spec->source, std::nullopt}, result.project.folder);
    opened.input.role = "landcover";
    result.inputs.push_back(std::move(opened.input));
    read.land_cover = std::move(opened.source);
    read.context.land_cover = {read.land_cover.get(), spec->codes};
}

/// Warnings for layers of 三区三线 in the place of 三区两线.
void append_control_lines(Result& result) {
    const Project& project = result.project;
    for (std::size_t i = 0; project.profile && i < project.layers.size(); ++i) {
        if (const auto issue =
                control_line_as_zone(project.layers[i], result.context[i], *project.profile)) {
            append(result.issues, {*issue});
        }
    }
}

/// @return the layers that were measured against
ReadContext read_and_measure(Result& result, Stages& stages) {
    stages.stage("read", 0.3, [&](const Execution& execution) {
        PlotsRead read = read_plots(
            result.project.plots, result.project.folder, part_of(execution, 0.0, 0.8)
        );
        result.plots = std::move(read.plots);
        result.inputs = std::move(read.inputs);
        result.issues = result.plots.issues;
        const std::vector<Overlap> found = overlaps(
            result.plots.geometry, result.plots.edge_crs, 0.01, part_of(execution, 0.8, 1.0)
        );
        for (Issue& issue : overlap_issues(result.plots, found, result.inputs.front())) {
            result.issues.push_back(std::move(issue));
        }
    });
    ReadContext read;
    stages.stage("context", 0.5, [&](const Execution& execution) {
        const Project& project = result.project;
        read = read_context(
            {project.layers, project.elevation, project.folder}, result, execution
        );
        append_far(result.plots, read, result); // by the last inputs
        append_control_lines(result);
        open_land_cover(read, result);
        stand_in_layers(read, result, project.layers, project.indicators);
    });
    stages.stage("measure", 0.7, [&](const Execution& execution) {
        result.indicators = result.project.indicators ? *result.project.indicators
                                                      : default_indicators(read.context);
        Measured measured = measure(result.plots, read.context, result.indicators, execution);
        result.table = std::move(measured.table);
        tell_land_files(measured.issues, result.project.layers, result.project.land_cover);
        append(result.issues, without_empty_layers(std::move(measured.issues)));
        result.area_caliber =
            counted_caliber(result.plots, result.project.plots.fields, execution);
        if (const auto zone = main_zone_3_degree(result.plots.geometry)) {
            result.plane_crs = zone->name;
        }
    });
    if (result.project.profile) {
        judge_profile(result, read.given, stages);
    }
    put_reuse_screening(result);
    return read;
}

void rank_plots(Result& result, const Context& context, Stages& stages) {
    stages.stage("rank", 0.85, [&](const Execution& execution) {
        const Rules& rules = result.project.rules;
        const Ranking judged = judge_gates(result.table, rules, result.plots.states);
        const std::vector<Issue> regrouped = measure_clusters(
            result.table, {result.plots, judged.eligible}, context, result.indicators, execution
        );
        std::erase_if(result.issues, [](const Issue& issue) {
            return issue.code == "clusters_borderline"; // of all plots, eligible or not
        });
        append(result.issues, without_empty_layers(regrouped));
        result.ranking = rank(result.table, rules, judged);
        append(result.issues, result.ranking.issues);
        append_warnings(result);
        result.filters = portable_filters(result.table, rules);
        put_ranking(result.table, result.ranking, rules);
        append_idle_filters(result);
    });
}

void write_text(const std::string& file, const std::string& content) {
    std::ofstream stream(file, std::ios::binary);
    stream << content;
    stream.close();
    if (!stream) {
        throw Error(
            ErrorCode::unwritable_output,
            {"写不进去，请检查磁盘空间", "cannot be written; check the disk space"},
            {file, 0, 0}
        );
    }
}

void write_out(RunResult& run, OutFolder& out, Stages& stages) {
    stages.stage("report", 1.0, [&](const Execution& execution) {
        report_progress(execution, 0.0, {"写结果", "writing results"});
        write_plan(run.result, out.path("plan.gpkg"));
        report_progress(execution, 0.4, {"写工作簿", "writing the workbook"});
        write_workbook(run.result, out.path("plan.xlsx"));
        report_progress(execution, 0.6, {"写报告页", "writing the page"});
        write_page(run.result, out.path("report.html"));
        report_progress(execution, 0.9, {"写结果", "writing results"});
    });
    write_text(out.path("run.json"), run_json(run));
    out.publish();
}

std::vector<std::string> result_files(const std::string& out) {
    std::vector<std::string> files;
    for (const char* name : {"plan.xlsx", "plan.gpkg", "report.html", "run.json"}) {
        files.push_back(out + (out.ends_with('/') ? "" : "/") + name);
    }
    return files;
}

/// What --indicators asks for. @throws Error{invalid_argument} for a name that no indicator has
std::vector<IndicatorRequest> indicators_named(const MeasureFile& request) {
    std::vector<std::string> keys;
    for (const LayerSpec& layer : request.layers) {
        keys.push_back(layer.key);
    }
    keys = with_land_roles(std::move(keys));
    std::vector<IndicatorRequest> indicators;
    try {
        for (const std::string& column : request.columns) {
            indicators.push_back(indicator_of_column(column, keys));
        }
    } catch (const Error& error) {
        throw Error(ErrorCode::invalid_argument, error.message(), error.where());
    }
    return indicators;
}

} // namespace

RunResult run_project(
    const std::string& project_file, const RunOptions& options, const Execution& execution
) {
    RunResult run;
    Result& result = run.result;
    Stages stages(execution, run.timings_s);
    result.seed = options.seed;
    result.project = read_project(project_file);

    // Before the long work: an OUT that cannot be written should not cost an hour.
    std::unique_ptr<OutFolder> out;
    if (options.until == Until::report && !options.out.empty()) {
        for (const std::string& file : result_files(options.out)) {
            require_apart(file, inputs_of(result.project));
        }
        out = std::make_unique<OutFolder>(
            options.out, std::filesystem::path(project_file).stem().string()
        );
    }
    const ReadContext read = read_and_measure(result, stages);
    if (options.until == Until::measure) {
        return run;
    }
    rank_plots(result, read.context, stages);
    if (options.until == Until::rank) {
        return run;
    }
    if (result.project.schedule) {
        stages.stage("schedule", 0.95, [&](const Execution& part) {
            result.plan = schedule(
                result.table,
                result.ranking,
                *result.project.schedule,
                {options.relax, options.seed},
                part
            );
            append(result.issues, result.plan->issues);
        });
    }
    const bool answer =
        !result.plan || result.plan->status != PlanStatus::infeasible || options.relax;
    const bool clean =
        std::all_of(result.issues.begin(), result.issues.end(), [](const Issue& issue) {
            return issue.severity == Severity::note;
        });
    if (out && answer && (clean || !options.strict)) {
        write_out(run, *out, stages);
        run.files = result_files(options.out);
    }
    return run;
}

namespace {

/// Layers of which indicators ask for the nearest feature alone.
std::set<std::string> nearest_only(
    const std::vector<LayerSpec>& layers, const std::vector<IndicatorRequest>& indicators
) {
    std::set<std::string> keys;
    for (const LayerSpec& layer : layers) {
        keys.insert(layer.key);
    }
    keys.erase(std::string(land_layer));
    for (const IndicatorRequest& request : indicators) {
        if (request.family != "distance") {
            keys.erase(request.layer);
        }
        for (const std::string& barrier : request.barriers) {
            keys.erase(barrier);
        }
    }
    return keys;
}

} // namespace

MeasuredFile measure_file(const MeasureFile& request, const Execution& execution) {
    Result result;
    std::vector<IndicatorRequest> indicators = indicators_named(request);
    PlotsRead plots = read_plots(request.plots, "", part_of(execution, 0.0, 0.3));
    result.issues = plots.plots.issues;
    ReadContext read = read_context(
        {request.layers,
         request.elevation,
         "",
         &plots.plots,
         nearest_only(request.layers, indicators)},
        result,
        part_of(execution, 0.3, 0.5)
    );
    append_far(plots.plots, read, result);
    const bool named = !request.columns.empty();
    stand_in_layers(
        read, result, request.layers, named ? std::optional(indicators) : std::nullopt
    );
    if (!named) {
        indicators = default_indicators(read.context);
    }
    Measured measured =
        measure(plots.plots, read.context, indicators, part_of(execution, 0.5, 1.0));
    tell_land_files(measured.issues, request.layers, std::nullopt);
    append(result.issues, measured.issues);
    return {
        std::move(measured.table), std::move(plots.plots.geometry), std::move(result.issues)};
}

void save_plan(const Result& result, const std::string& file) {
    require_output(file, inputs_of(result.project), Product::plan);
    write_plan(result, file);
}

LayerSpec layer_of_argument(const std::string& argument) {
    const std::size_t equals = argument.find('=');
    LayerSpec layer;
    layer.source.named_by = NamedBy::with;
    layer.key = argument.substr(0, equals);
    const bool good_key = !layer.key.empty() && layer.key[0] >= 'a' && layer.key[0] <= 'z' &&
                          layer.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"
                          ) == std::string::npos;
    if (equals == std::string::npos || equals + 1 == argument.size() || !good_key) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "--with {}：应当写成 road=roads.gpkg 或 "
                "road=roads.gpkg:图层，等号前用小写英文字母",
                "--with {}: write road=roads.gpkg or road=roads.gpkg:layer, with lower-case "
                "letters before the equals sign",
                argument
            )
        );
    }
    layer.source.file = argument.substr(equals + 1);
    const std::size_t colon = layer.source.file.rfind(':');
    if (colon != std::string::npos && colon > 0 &&
        !std::filesystem::exists(layer.source.file)) {
        layer.source.layer = layer.source.file.substr(colon + 1);
        layer.source.file.resize(colon);
    }
    return layer;
}

} // namespace tuban
