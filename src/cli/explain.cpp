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
    return words;
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
