// Who may not take part, as a check counts it. 合成数据.
#include "run/eligibility.hpp"

#include <tuban/run.hpp>

#include "catch.hpp"

#include <limits>

using namespace tuban;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

Plots plots_of(
    const std::vector<std::optional<std::string>>& types,
    const std::vector<std::optional<std::string>>& restored
) {
    Plots plots;
    for (std::size_t row = 0; row < types.size(); ++row) {
        plots.ids.push_back("p" + std::to_string(row));
    }
    plots.states.assign(types.size(), PlotState::ok);
    plots.attributes.rows = types.size();
    plots.attributes.put(text_column("plot_id", "", {plots.ids.begin(), plots.ids.end()}));
    plots.attributes.put(text_column("TBDL", "图斑大类", types));
    plots.attributes.put(text_column("恢复治理情况", "", restored));
    return plots;
}

std::vector<std::pair<std::string, std::int64_t>>
counted(const std::vector<EligibilityCount>& counts) {
    std::vector<std::pair<std::string, std::int64_t>> result;
    for (const EligibilityCount& count : counts) {
        result.emplace_back(count.id, count.rows);
    }
    return result;
}

using Counted = std::vector<std::pair<std::string, std::int64_t>>;

} // namespace

TEST_CASE("Without gates the national rule counts", "[run][eligibility]") {
    // Q14: by hand: rows 1 and 2 are of another class, row 4 is restored, row 3 is both and counts once.
    const Plots plots = plots_of(
        {"10", "20", std::nullopt, "30", "10", "10"}, {"A", "A", "A", "B", "B", std::nullopt}
    );
    std::vector<Issue> issues;
    const std::vector<double> areas(6, 1.0);
    CHECK(
        counted(count_ineligible(plots, areas, {}, issues)) ==
        Counted{{"TBDL", 3}, {"HFZLQK", 1}}
    );
    CHECK(issues.empty());
    const auto both = count_ineligible(plots, areas, {}, issues);
    CHECK(both[0].which == std::vector<std::int64_t>{2, 3, 4});
    CHECK(both[1].which == std::vector<std::int64_t>{5});
    // Held out and without area come first, whatever the codes say.
    Plots worse = plots;
    worse.states[0] = PlotState::held_out;
    CHECK(
        counted(count_ineligible(worse, {none, none, 1.0, 1.0, 1.0, 1.0}, {}, issues)) ==
        Counted{{"held_out", 1}, {"no_area", 1}, {"TBDL", 2}, {"HFZLQK", 1}}
    );
    const Plots good = plots_of({"10"}, {"A"});
    CHECK(count_ineligible(good, {1.0}, {}, issues).empty());
}

TEST_CASE("Gates count by the first that a plot does not pass", "[run][eligibility]") {
    Plots plots = plots_of({"10", "20", "20", "10", "10"}, {"A", "B", "A", "B", "A"});
    plots.states[4] = PlotState::held_out;
    Rules rules;
    rules.gates = {
        {"legacy", "历史遗留", "", {"TBDL = '10'", {}}, Origin::project},
        {"open", "", "", {"恢复治理情况 <> 'B'", {}}, Origin::project},
        {"big", "", "", {"area_ha >= 1", {}}, Origin::project},
        {"road", "近路", "", {"road_distance_m < 100", {}}, Origin::project}};
    std::vector<Issue> issues;
    const auto counts = count_ineligible(plots, {2e4, 2e4, none, 2e4, 2e4}, rules, issues);
    CHECK(
        counted(counts) == Counted{{"held_out", 1}, {"no_area", 1}, {"legacy", 1}, {"open", 1}}
    );
    CHECK(counts[2].name.zh == "不符合“历史遗留”");
    REQUIRE(issues.size() == 1);
    CHECK(issues[0].code == "gate_not_judged");
    CHECK(issues[0].field == "road");
}
