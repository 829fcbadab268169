#include <tuban/workspace.hpp>

#include "core/format.hpp"
#include "workspace/plan_file.hpp"

#include <map>
#include <utility>

namespace tuban {
namespace {

std::size_t row_of_plot(const PlanFile& plan, const std::string& plot_id) {
    const Column& ids = plan.at("plots").at("plot_id");
    std::vector<std::string> known;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        known.push_back(ids.text(i).value_or(""));
        if (known.back() == plot_id) {
            return i;
        }
    }
    const auto near = nearest_name(plot_id, known);
    throw Error(
        ErrorCode::invalid_argument,
        {format("没有图斑 {}{}", plot_id, near ? format("，是否指 {}", *near) : "，请核对编号"),
         format(
             "there is no plot {}{}",
             plot_id,
             near ? format("; did you mean {}", *near) : ": check the id"
         )},
        {plan.file, 0, 0}
    );
}

std::vector<ExplainedRule> rules_of(const PlanFile& plan, const std::string& plot_id) {
    const Table& rules = plan.at("rules");
    std::map<std::string, std::size_t> row_of_rule;
    for (std::size_t i = 0; i < rules.rows; ++i) {
        row_of_rule.emplace(rules.at("rule_id").text(i).value_or(""), i);
    }
    const Table& parts = plan.at("contributions");
    std::vector<ExplainedRule> explained;
    for (std::size_t i = 0; i < parts.rows; ++i) {
        if (parts.at("plot_id").text(i) != plot_id) {
            continue;
        }
        ExplainedRule rule;
        rule.id = parts.at("rule_id").text(i).value_or("");
        rule.points = parts.at("points").number(i).value_or(0.0);
        if (const auto found = row_of_rule.find(rule.id); found != row_of_rule.end()) {
            rule.name = rules.at("name").text(found->second).value_or("");
            rule.basis = rules.at("basis").text(found->second).value_or("");
        }
        explained.push_back(std::move(rule));
    }
    return explained;
}

/// Verdicts of the profile but for "no"; none in plans without a profile and in those of earlier versions.
std::vector<ExplainedZone> zones_of(const PlanFile& plan, const std::string& plot_id) {
    const auto found = plan.tables.find("zone_hits");
    std::vector<ExplainedZone> explained;
    if (found == plan.tables.end()) {
        return explained;
    }
    const Table& hits = found->second;
    const Column& plots = hits.at("plot_id");
    const Column& verdicts = hits.at("verdict");
    for (std::size_t i = 0; i < hits.rows; ++i) {
        if (plots.text(i) != plot_id || verdicts.text(i) == "no") {
            continue;
        }
        const auto word = [&](const char* column) {
            return hits.at(column).text(i).value_or("");
        };
        explained.push_back(
            {word("rule_id"),
             word("name"),
             word("verdict"),
             word("mark"),
             word("feature_id"),
             word("feature_name"),
             hits.at("distance_m").number(i),
             hits.at("share").number(i),
             word("basis"),
             {word("reason_zh"), word("reason_en")}}
        );
    }
    return explained;
}

std::vector<ExplainedAlternative>
alternatives_of(const PlanFile& plan, const std::string& plot_id) {
    const Table& table = plan.at("alternatives");
    std::vector<ExplainedAlternative> explained;
    for (std::size_t i = 0; i < table.rows; ++i) {
        if (table.at("plot_id").text(i) == plot_id) {
            explained.push_back(
                {table.at("period").text(i).value_or(""),
                 table.at("cost_of_moving").number(i),
                 {table.at("breaks_zh").text(i).value_or(""),
                  table.at("breaks_en").text(i).value_or("")}}
            );
        }
    }
    return explained;
}

/// What the first preference counts, from the plan's table of stages: （score 高的尽早，按 score × 公顷 × 剩余期数计）
Text first_preference(const PlanFile& plan) {
    const auto stages = plan.tables.find("stages");
    const Column* names = stages == plan.tables.end() ? nullptr : stages->second.find("name");
    const std::string name =
        names == nullptr || names->size() == 0 ? "" : names->text(0).value_or("");
    const std::size_t space = name.find(' ');
    const std::string verb = name.substr(0, space);
    const std::string what = space == std::string::npos ? "" : name.substr(space + 1);
    if (verb == "earliest") {
        return text(
            "（{0} 高的尽早，按 {0} × 公顷 × 剩余期数计）",
            " (earliest {0}: {0} × hectares × periods left)",
            what
        );
    }
    if (verb == "least") {
        return text("（{0} 最少，按 {0} 计）", " (least {0}, in its unit)", what);
    }
    if (verb == "meet") {
        return text("（尽量满足 {}，按该要求的单位计）", " (meet {}, in its unit)", what);
    }
    if (verb == "together") {
        return text("（同一 {} 集中在同一期）", " (together by {})", what);
    }
    if (verb == "fewest") {
        return {"（少拆分，按处计）", " (fewest splits, in pieces)"};
    }
    return name.empty() ? Text{} : text("（{}）", " ({})", name);
}

/// One move in words: where to, and what it would cost or break.
Text move_in_words(const ExplainedAlternative& other, const Text& preference) {
    const Text to = other.period.empty() ? Text{"不列入计划", "leaving it out"}
                                         : text("改到 {}", "moving it to {}", other.period);
    if (!other.breaks.zh.empty()) {
        return {
            format("{}：将违反{}，先要放宽", to.zh, other.breaks.zh),
            format("{}: breaks {}, which would have to give", to.en, other.breaks.en)};
    }
    const double cost = other.cost_of_moving.value_or(0.0);
    if (cost > 0.0) {
        return {
            format("{}：各项约束都满足，首要偏好减少 {}{}", to.zh, cost, preference.zh),
            format(
                "{}: every requirement holds, the first preference loses {}{}",
                to.en,
                cost,
                preference.en
            )};
    }
    return {
        format("{}：各项约束都满足，首要偏好不受影响", to.zh),
        format("{}: every requirement holds, the first preference loses nothing", to.en)};
}

std::vector<Text> changes(const Explanation& plot, const Text& preference) {
    if (plot.status == "ineligible") {
        return {
            {format("先满足准入条件（{}），再重新计算", plot.reason.zh),
             format("it has to pass the gates first ({}), then run again", plot.reason.en)}};
    }
    if (plot.status == "held_out") {
        return {{"核实并修正图形后重新计算", "check and mend its shape, then run again"}};
    }
    std::vector<Text> texts;
    for (const ExplainedAlternative& other : plot.alternatives) {
        if (other.period != plot.period) {
            texts.push_back(move_in_words(other, preference));
        }
    }
    return texts;
}

/// Table `reuse`, which a plan has only if its project screens for reuse.
std::vector<ExplainedReuse> reuse_of(const PlanFile& plan, const std::string& plot_id) {
    const auto found = plan.tables.find("reuse");
    std::vector<ExplainedReuse> explained;
    if (found == plan.tables.end()) {
        return explained;
    }
    const Table& table = found->second;
    for (std::size_t i = 0; i < table.rows; ++i) {
        const auto word = [&](const char* column) {
            return table.at(column).text(i).value_or("");
        };
        if (word("plot_id") == plot_id) {
            explained.push_back(
                {word("option"),
                 word("name"),
                 word("verdict"),
                 {word("reason_zh"), word("reason_en")},
                 word("basis")}
            );
        }
    }
    return explained;
}

} // namespace

Explanation explain_plot(const std::string& file, const std::string& plot_id) {
    const PlanFile plan = read_plan_file(file);
    const Table& plots = plan.at("plots");
    const std::size_t row = row_of_plot(plan, plot_id);
    const auto word = [&](const char* column) {
        const Column* found = plots.find(column);
        return found == nullptr ? std::string() : found->text(row).value_or("");
    };
    const auto number = [&](const char* column) {
        const auto value = plots.at(column).integer(row);
        return value ? std::optional<int>(static_cast<int>(*value)) : std::nullopt;
    };
    Explanation plot;
    plot.plot_id = plot_id;
    plot.status = word("status");
    plot.rank = number("rank");
    plot.tier = number("tier");
    plot.tier_name = word("tier_name");
    plot.score = plots.at("score").number(row);
    plot.rules = rules_of(plan, plot_id);
    plot.zones = zones_of(plan, plot_id);
    plot.period = word("period");
    plot.reason = {word("reason_zh"), word("reason_en")};
    plot.alternatives = alternatives_of(plan, plot_id);
    plot.what_would_change_it = changes(plot, first_preference(plan));
    plot.reuse = reuse_of(plan, plot_id);
    plot.surround_suggestion = word("surround_suggestion");
    plot.surround_reason = {word("surround_reason"), word("surround_reason_en")};
    return plot;
}

} // namespace tuban
