#include "cli/commands.hpp"
#include "core/format.hpp"

namespace tuban::cli {
namespace {

/// A rule of 三区两线, and what it found.
std::string zone_line(const ExplainedZone& zone, const Console& console) {
    const ZoneMark mark = zone.mark == "example" ? ZoneMark::example : ZoneMark::official;
    const std::string verdict =
        zone.verdict == "yes" ? "" : console.say({"（不明）", " (unknown)"});
    return "    " + console.say(zone_rule_name(zone.name, mark)) + verdict +
           console.say({"：", ": "}) + console.say(zone.reason) +
           (zone.basis.empty() ? "\n" : format("  ({})\n", zone.basis));
}

/// 适合, 不适合 or 未知.
Text verdict_in_words(const std::string& verdict) {
    return verdict == "yes"  ? Text{"可以", "fit"}
           : verdict == "no" ? Text{"不适合", "unfit"}
                             : Text{"未知", "unknown"};
}

/// What the land round the plot suggests, and what it may be used for.
std::string uses_of(const Explanation& plot, const Console& console) {
    const auto say = [&](const Text& text) { return console.say(text); };
    std::string words;
    if (!plot.surround_suggestion.empty()) {
        words +=
            "  " +
            say(
                {format("建议方向 {}：{}", plot.surround_suggestion, plot.surround_reason.zh),
                 format(
                     "suggested direction {}: {}",
                     plot.surround_suggestion,
                     plot.surround_reason.en
                 )}
            ) +
            "\n";
    }
    for (const ExplainedReuse& use : plot.reuse) {
        const Text verdict = verdict_in_words(use.verdict);
        const std::string& name = use.name.empty() ? use.option : use.name;
        words += "  " +
                 say(
                     {format("再利用 {}：{}，{}", name, verdict.zh, use.reason.zh),
                      format("reuse as {}: {}, {}", use.option, verdict.en, use.reason.en)}
                 ) +
                 "\n";
    }
    return words;
}

std::string words_of(const Explanation& plot, const Console& console) {
    const auto say = [&](const Text& text) { return console.say(text); };
    std::string words = plot.plot_id + "\n  " + say(plot.reason) + "\n";
    if (plot.rank && plot.score) {
        words +=
            "  " +
            say(text(
                "名次 {}，得分 {}", "rank {}, score {}", *plot.rank, trimmed(*plot.score, 6)
            )) +
            "\n";
    }
    for (const ExplainedRule& rule : plot.rules) {
        if (rule.points == 0.0) {
            continue; // --json has the rules that gave nothing too
        }
        words += format("    {:+g}  {}", rule.points, rule.name.empty() ? rule.id : rule.name);
        words += rule.basis.empty() ? "\n" : format("  ({})\n", rule.basis);
    }
    if (!plot.zones.empty()) {
        words += console.say({"  三区两线\n", "  三区两线 (zones and lines)\n"});
    }
    for (const ExplainedZone& zone : plot.zones) {
        words += zone_line(zone, console);
    }
    words += "  " +
             (plot.period.empty() ? say({"没有排进计划", "not in the plan"})
                                  : say(text("排在 {}", "in {}", plot.period))) +
             "\n";
    for (const Text& change : plot.what_would_change_it) {
        words += "    " + say(change) + "\n";
    }
    return words + uses_of(plot, console);
}

} // namespace

int explain(const ExplainArguments& arguments, Console& console) {
    const Explanation explanation = explain_plot(arguments.plan, arguments.plot_id);
    console.data(
        console.common().json ? explanation_json(explanation) : words_of(explanation, console)
    );
    return 0;
}

} // namespace tuban::cli
