#include "cli/print.hpp"

#include "core/format.hpp"
#include "io/row_words.hpp"

#include <algorithm>
#include <utility>

namespace tuban::cli {
namespace {

std::vector<std::string>
total_cells(std::string name, const PlanTotals& totals, std::string limits) {
    return {
        std::move(name),
        format("{}", totals.plots),
        trimmed(static_cast<double>(totals.area_dm2) / 1e6, 6),
        trimmed(static_cast<double>(totals.cost_yuan) / 1e4, 4),
        std::move(limits),
    };
}

/// "资金上限 1689.2/1700": what was reached against what was required.
std::string limit_words(const ConstraintResult& limit, const Console& console) {
    std::string words =
        format("{} {}/{}", limit.name, trimmed(limit.achieved, 4), trimmed(limit.required, 4));
    if (limit.slack < 0) {
        words += console.say({"（未满足）", " (broken)"});
    }
    return words;
}

bool about_work_in(const ConstraintResult& limit, std::optional<std::size_t> period) {
    if (limit.quantity == "share" || limit.quantity == "together") {
        return false;
    }
    const bool one =
        limit.from_period && limit.to_period && limit.from_period == limit.to_period;
    return period ? one && limit.from_period == period
                  : !one && !(limit.from_period || limit.to_period);
}

std::string
limits_of(const Plan& plan, std::optional<std::size_t> period, const Console& console) {
    std::string words;
    for (const ConstraintResult& limit : plan.constraints) {
        if (about_work_in(limit, period)) {
            words +=
                (words.empty() ? "" : console.say({"；", "; "})) + limit_words(limit, console);
        }
    }
    return words;
}

} // namespace

std::string issue_line(const Issue& issue, const Console& console) {
    std::string place = issue.file;
    if (!issue.layer.empty() && issue.layer != issue.file) {
        place += format(" {}", issue.layer);
    }
    if (issue.row) {
        place += " " + console.say(row_words(issue.file, *issue.row));
    }
    if (!issue.plot_id.empty()) {
        place += " " + issue.plot_id;
    }
    return place + (place.empty() ? "" : console.say({"：", ": "})) +
           console.say(issue.message);
}

std::size_t count(const std::vector<Issue>& issues, Severity severity) {
    return static_cast<std::size_t>(std::count_if(
        issues.begin(),
        issues.end(),
        [&](const Issue& issue) { return issue.severity == severity; }
    ));
}

std::vector<std::string>
issue_lines(const std::vector<Issue>& issues, const Console& console, std::size_t most) {
    std::vector<const Issue*> worst_first;
    for (const Issue& issue : issues) {
        if (issue.severity != Severity::note) {
            worst_first.push_back(&issue);
        }
    }
    std::stable_partition(worst_first.begin(), worst_first.end(), [](const Issue* issue) {
        return issue->severity == Severity::error;
    });
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < std::min(most, worst_first.size()); ++i) {
        lines.push_back(issue_line(*worst_first[i], console));
    }
    if (worst_first.size() > most) {
        lines.push_back(
            console.say(text("……另有 {} 条", "… and {} more", worst_first.size() - most))
        );
    }
    return lines;
}

std::string plan_table(const Plan& plan, const Console& console) {
    const auto say = [&](const char* zh, const char* en) { return console.say({zh, en}); };
    std::vector<std::vector<std::string>> rows{
        {say("期", "period"),
         say("个数", "plots"),
         say("面积(公顷)", "area (ha)"),
         say("资金(万元)", "cost (10k yuan)"),
         say("约束", "requirements")}};
    const std::vector<PlanTotals> totals = period_totals(plan);
    for (std::size_t i = 0; i < totals.size(); ++i) {
        rows.push_back(total_cells(plan.periods[i].name, totals[i], limits_of(plan, i, console))
        );
    }
    rows.push_back(total_cells(
        say("合计", "total"), plan_totals(plan), limits_of(plan, std::nullopt, console)
    ));
    return aligned(rows, {false, true, true, true, false});
}

std::string plan_status(const Plan& plan, const Console& console) {
    switch (plan.status) {
    case PlanStatus::optimal:
        return console.say({"最优，差距 0", "optimal, gap 0"});
    case PlanStatus::within_gap:
        return console.say(text("差距 {}% 以内", "within {}%", trimmed(plan.gap * 100.0, 4)));
    case PlanStatus::infeasible:
        return console.say({"无解", "infeasible"});
    case PlanStatus::stopped:
        return console.say(
            text("提前停止，差距 {}%", "stopped, gap {}%", trimmed(plan.gap * 100.0, 4))
        );
    }
    return {};
}

std::vector<std::string> conflict_lines(const Plan& plan, const Console& console) {
    std::vector<std::string> lines;
    if (plan.status != PlanStatus::infeasible) {
        return lines;
    }
    lines.push_back(console.say(
        {"没有一个计划能同时满足全部要求。要排得开，至少要让出：",
         "No plan meets all requirements at once. To make room, at the least:"}
    ));
    for (const Conflict& conflict : plan.conflicts) {
        lines.push_back("  " + console.say(conflict.message));
    }
    return lines;
}

void tell_written(const std::string& file, Console& console) {
    console.words(console.say(text("已写 {}", "written: {}", file)));
}

} // namespace tuban::cli
