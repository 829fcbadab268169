#include "cli/commands.hpp"
#include "cli/print.hpp"
#include "core/format.hpp"
#include "run/publish.hpp"

#include <algorithm>

namespace tuban::cli {
namespace {

constexpr std::size_t most_issues = 20;

void tell_reading(const Result& result, Console& console) {
    console.words(result.project.name);
    const bool elevation =
        std::any_of(result.inputs.begin(), result.inputs.end(), [](const InputFile& input) {
            return input.role == "elevation";
        });
    console.words(console.say(text(
        "  读取  {} 个图斑，{} 个图层{}        {} 个错误，{} 个警告",
        "  read      {} plots, {} layers{}        {} errors, {} warnings",
        result.plots.size(),
        result.context.size(),
        elevation ? console.say({"，高程", ", elevation"}) : "",
        count(result.issues, Severity::error),
        count(result.issues, Severity::warning)
    )));
    for (const std::string& line : issue_lines(result.issues, console, most_issues)) {
        console.words("        " + line);
    }
    const auto held_out =
        std::count(result.plots.states.begin(), result.plots.states.end(), PlotState::held_out);
    if (held_out > 0) {
        console.words(console.say(text(
            "        {} 个图斑暂缓，待核实：图形有问题，不参加排序和排期，计划里没有它们；详见 "
            "tuban "
            "check",
            "        {} plots are held out for their geometry: they are neither ranked nor "
            "planned; see tuban check",
            held_out
        )));
    }
}

std::size_t eligible(const Ranking& ranking) {
    return static_cast<std::size_t>(
        std::count(ranking.eligible.begin(), ranking.eligible.end(), 1)
    );
}

void tell_measuring(const Result& result, Console& console) {
    std::size_t indicators = 0;
    for (const Column& column : result.table.columns) {
        indicators += column.unit.empty() ? std::size_t{0} : std::size_t{1};
    }
    console.words(console.say(text("  测量  {} 项指标", "  measured  {} indicators", indicators)
    ));
}

void tell_ranking(const Result& result, Console& console) {
    const std::size_t ranked = eligible(result.ranking);
    const std::size_t left_out = result.plots.size() - ranked;
    std::string words = console.say(text(
        "  排序  {} 级，{} 名",
        "  ranked    {} tiers, {} plots",
        result.project.rules.tiers.size(),
        ranked
    ));
    if (left_out > 0) {
        words += console.say(text("，{} 个不参加", ", {} take no part", left_out));
    }
    console.words(words);
}

/// How many plots are in 三区两线 by the project's profile: "mnr-2012：是 12，否 10，不明 6".
void tell_zones(const Result& result, Console& console) {
    if (!result.project.profile) {
        return;
    }
    const Column& zones = result.table.at("zones");
    std::size_t yes = 0;
    std::size_t unknown = 0;
    for (std::size_t row = 0; row < zones.size(); ++row) {
        const std::optional<std::string> ids = zones.text(row);
        unknown += ids ? 0U : 1U;
        yes += ids && !ids->empty() ? 1U : 0U;
    }
    console.words(console.say(text(
        "  三区两线  {}：是 {} 个，否 {} 个，不明 {} 个",
        "  三区两线  {}: {} in, {} not, {} unknown",
        result.project.profile->id,
        yes,
        zones.size() - yes - unknown,
        unknown
    )));
}

bool is_clean(const std::vector<Issue>& issues) {
    return count(issues, Severity::error) + count(issues, Severity::warning) == 0;
}

/// Until measure or rank nothing is written: the table itself is the answer.
int tell_table(const RunResult& run, Console& console) {
    console.data(console.common().json ? run_json(run) : table_csv(run.result.table));
    return 0;
}

int tell_plan(const RunResult& run, const RunArguments& arguments, Console& console) {
    const bool infeasible =
        run.result.plan && run.result.plan->status == PlanStatus::infeasible;
    if (run.result.plan) {
        const Plan& plan = *run.result.plan;
        console.words(console.say({"  排期  ", "  scheduled "}) + plan_status(plan, console));
        for (const std::string& line : conflict_lines(plan, console)) {
            console.complain(line);
        }
        if (!console.common().json && !plan.assignments.empty()) {
            console.data(plan_table(plan, console));
        }
    } else {
        console.words(console.say(
            {"  没有 schedule 一节，不排期", "  no schedule block: nothing is scheduled"}
        ));
    }
    if (!run.files.empty()) {
        std::string files;
        for (const std::string& file : run.files) {
            files += "  " + file;
        }
        console.words(console.say({"结果：", "results:"}) + files);
    } else if (infeasible && !arguments.relax) {
        console.complain(console.say(text(
            "{} 没有改动；加 --relax 可得到放宽后最好的计划",
            "{} is left as it was; --relax gives the best plan under that relaxation",
            arguments.out
        )));
    }
    const bool refused = arguments.strict && !is_clean(run.result.issues);
    if (refused) {
        console.complain(console.say(text(
            "{} 没有改动：数据有错误或警告（--strict）；先改好，或去掉 --strict",
            "{} is left as it was: the data have errors or warnings (--strict); mend them, or "
            "leave --strict out",
            arguments.out
        )));
    }
    if (console.common().json) {
        console.data(run_json(run));
    }
    if (refused) {
        return static_cast<int>(ErrorCode::data_check_failed);
    }
    return infeasible ? static_cast<int>(ErrorCode::infeasible) : 0;
}

} // namespace

int run(const RunArguments& arguments, Console& console) {
    RunOptions options;
    options.out = arguments.out;
    options.until = arguments.until;
    options.relax = arguments.relax;
    options.strict = arguments.strict;
    options.seed = console.common().seed;
    remove_when_left([out = options.out] { remove_unpublished(out); });
    const RunResult run = run_project(arguments.project, options, console.execution());
    tell_reading(run.result, console);
    tell_measuring(run.result, console);
    tell_zones(run.result, console);
    if (arguments.until == Until::measure) {
        return tell_table(run, console);
    }
    tell_ranking(run.result, console);
    if (arguments.until == Until::rank) {
        return tell_table(run, console);
    }
    return tell_plan(run, arguments, console);
}

} // namespace tuban::cli
