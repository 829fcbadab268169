#include <tuban/schedule.hpp>

#include "catch.hpp"
#include "samples.hpp"

#include <algorithm>
#include <chrono>
#include <random>

using namespace tuban;
using namespace samples;

namespace {

ScheduleRules three_years() {
    ScheduleRules rules;
    rules.periods = {{"2023", {2023}}, {"2024", {2024}}, {"2025", {2025}}};
    return rules;
}

/// 合成数据.
const std::vector<Plot> four{
    {"a", "A", 10000.00, 100, 10, 0, 0},
    {"b", "A", 20000.00, 200, 20, 0, 0},
    {"c", "", 30000.00, 300, 30, 0, 0},
    {"d", "", 40000.00, 400, 40, 0, 0},
};

Plan plan_of(const std::vector<Plot>& plots, const ScheduleRules& rules, bool relax = false) {
    const Table table = table_of(plots);
    ScheduleOptions options;
    options.relax = relax;
    return schedule(table, ranking_of(table), rules, options);
}

Error error_of(const std::vector<Plot>& plots, const ScheduleRules& rules) {
    try {
        static_cast<void>(plan_of(plots, rules));
    } catch (const Error& error) {
        return error;
    }
    return Error(ErrorCode::internal, {"没有出错", "no error"});
}

const ConstraintResult& row_of(const Plan& plan, const std::string& id) {
    return *std::find_if(plan.constraints.begin(), plan.constraints.end(), [&](const auto& c) {
        return c.id == id;
    });
}

} // namespace

TEST_CASE("Without rules everything is planned in the first period", "[schedule]") {
    const Plan plan = plan_of(four, three_years());
    CHECK(plan.status == PlanStatus::optimal);
    CHECK(plan.assignments.size() == 4);
    for (const Assignment& part : plan.assignments) {
        CHECK(part.period == 0);
    }
    CHECK_THAT(plan.solver, ContainsSubstring("HiGHS 1."));
}

TEST_CASE("A table in which nothing is eligible has an empty plan", "[schedule]") {
    const Table table = table_of(four);
    Ranking ranking = ranking_of(table);
    ranking.eligible.assign(4, 0);
    ScheduleRules rules = three_years();
    CHECK(schedule(table, ranking, rules).status == PlanStatus::optimal);
    rules.require.push_back(sum("target", "area_ha", Relation::at_least, "1"));
    const Plan plan = schedule(table, ranking, rules);
    CHECK(plan.status == PlanStatus::infeasible);
    REQUIRE(plan.conflicts.size() == 1);
    CHECK(plan.conflicts[0].shortfall == 1.0);
    CHECK(plan.conflicts[0].unit == "ha");
}

TEST_CASE("A plot that takes no part is never planned", "[schedule]") {
    const Table table = table_of(four);
    Ranking ranking = ranking_of(table);
    ranking.eligible[2] = 0;
    const Plan plan = schedule(table, ranking, three_years());
    for (const Assignment& part : plan.assignments) {
        CHECK(part.row != 2);
    }
    CHECK(plan.reasons[2].zh.empty());
    CHECK_FALSE(plan.reasons[1].zh.empty());
}

TEST_CASE("A mu is 2000/3 square metres, exactly", "[schedule]") {
    ScheduleRules rules = three_years();
    rules.require.push_back(sum("mu", "area_mu", Relation::at_most, "15"));
    rules.prefer = {prefer(PreferenceKind::earliest, "score")};
    const Plan plan = plan_of(four, rules); // 15 mu are 1 ha: only a fits
    REQUIRE(plan.assignments.size() == 1);
    CHECK(plan.assignments[0].row == 0);
    CHECK(row_of(plan, "mu").achieved == 15.0);
    CHECK(row_of(plan, "mu").slack == 0.0);
    rules.require[0].limits[0].value = decimal("14.99999");
    CHECK(plan_of(four, rules).assignments.empty());
}

TEST_CASE("Money counts to the yuan", "[schedule]") {
    ScheduleRules rules = three_years();
    rules.require.push_back(sum("money", "cost_wan_yuan", Relation::at_most, "0.0999"));
    rules.prefer = {prefer(PreferenceKind::earliest, "score")};
    std::int64_t yuan = 0;
    for (const Assignment& part : plan_of(four, rules).assignments) {
        yuan += part.cost_yuan;
    }
    CHECK(yuan == 900);
    rules.require[0].limits[0].value = decimal("0.1");
    CHECK(plan_of(four, rules).assignments.size() == 4);
}

TEST_CASE("A column of a period wins over the one without", "[schedule]") {
    Table table = table_of(four);
    table.put(integer_column("cost_yuan@2023", "", "", {1000, 1000, 1000, std::nullopt}));
    table.put(real_column("score@2024", "", "", {{}, {}, 500.0, {}}));
    ScheduleRules rules = three_years();
    rules.require.push_back(sum("money", "cost_yuan", Relation::at_most, "1000"));
    rules.require.back().in = "2023";
    rules.prefer = {prefer(PreferenceKind::earliest, "score")};
    const Plan plan = schedule(table, ranking_of(table), rules);
    const auto shares = shares_of(plan, 4);
    CHECK(shares[2] == std::vector<int>{0, 100, 0}); // 500 · 2 beats 30 · 3
    CHECK(shares[3] == std::vector<int>{100, 0, 0}); // its cost in 2023 is the plain 400
    CHECK(shares[0] == std::vector<int>{0, 100, 0}); // 1000 + 400 are too much
}

TEST_CASE("A real column adds up by share", "[schedule]") {
    Table table = table_of(four);
    table.put(real_column("central", "中央资金", "", {0.1, 0.2, 0.3, 0.4}));
    ScheduleRules rules = three_years();
    rules.require.push_back(sum("central", "central", Relation::at_most, "0.6"));
    rules.prefer = {prefer(PreferenceKind::earliest, "score")};
    const Plan plan = schedule(table, ranking_of(table), rules);
    CHECK_THAT(row_of(plan, "central").achieved, WithinAbs(0.6, 1e-12));
    CHECK(row_of(plan, "central").slack == 0.0);
}

TEST_CASE("Each kind of requirement has its row among the constraints", "[schedule]") {
    ScheduleRules rules = three_years();
    Requirement finish = named(RequirementKind::complete_by, "finish");
    finish.period = "2024";
    Requirement later = named(RequirementKind::not_before, "later");
    later.period = "2024";
    Requirement pin = named(RequirementKind::pin, "pin");
    pin.in = "2024";
    pin.plots = {"d", "b"};
    Requirement together = named(RequirementKind::together, "together");
    together.quantity = "mine_id";
    Requirement counted = count("count", Relation::equal, "2");
    counted.within = decimal("2");
    counted.by = "2024";
    rules.require = {finish, later, pin, together, counted};
    const Plan plan = plan_of(four, rules);
    REQUIRE(plan.status == PlanStatus::optimal);
    REQUIRE(plan.constraints.size() == 5);
    const ConstraintResult& done = row_of(plan, "finish");
    CHECK(done.quantity == "share");
    CHECK(done.relation == Relation::at_least);
    CHECK(done.required == 4.0);
    CHECK(done.achieved == 4.0);
    CHECK(done.from_period == 0);
    CHECK(done.to_period == 1);
    CHECK(row_of(plan, "later").relation == Relation::at_most);
    CHECK(row_of(plan, "later").to_period == 0);
    CHECK(row_of(plan, "pin").filter == "plot_id IN ('b', 'd')");
    CHECK(row_of(plan, "pin").relation == Relation::equal);
    CHECK(row_of(plan, "pin").required == 2.0);
    CHECK(row_of(plan, "together").quantity == "together");
    CHECK(row_of(plan, "together").achieved == 0.0);
    CHECK_FALSE(row_of(plan, "together").from_period.has_value());
    CHECK(row_of(plan, "count").achieved == 4.0);
    CHECK(row_of(plan, "count").slack == 0.0);
    CHECK_THAT(plan.reasons[1].zh, ContainsSubstring("由“pin”指定"));
}

TEST_CASE("A quote in a plot id does not end the filter", "[schedule]") {
    std::vector<Plot> plots = four;
    plots[0].id = "a'b";
    ScheduleRules rules = three_years();
    Requirement pin = named(RequirementKind::pin, "pin");
    pin.in = "2023";
    pin.plots = {"a'b"};
    rules.require = {pin};
    CHECK(plan_of(plots, rules).constraints[0].filter == "plot_id IN ('a''b')");
}

TEST_CASE("The plots of a mine are one unit", "[schedule]") {
    ScheduleRules rules = three_years();
    rules.unit = UnitKind::mine;
    rules.require.push_back(sum("area", "area_ha", Relation::at_most, "2"));
    rules.require.back().in = "2023";
    rules.require.push_back(sum("none", "area_ha", Relation::at_most, "3"));
    rules.require.back().by = "2024";
    rules.prefer = {prefer(PreferenceKind::earliest, "score")};
    const auto shares = shares_of(plan_of(four, rules), 4);
    CHECK(shares[0] == shares[1]);
    CHECK(shares[0] != std::vector<int>{100, 0, 0}); // 3 ha together are too much for 2023
}

TEST_CASE("Parts of a plot add up to its area and its money", "[schedule]") {
    const std::vector<Plot> plots{
        {"a", "", 10000.01, 101, 10, 0, 0}, {"b", "", 3333.33, 77, 9, 0, 0}};
    ScheduleRules rules = three_years();
    rules.split = Split{1, 10};
    for (const char* year : {"2023", "2024"}) {
        rules.require.push_back(sum(year, "area_m2", Relation::at_most, "4444.45"));
        rules.require.back().in = year;
    }
    Requirement finish = named(RequirementKind::complete_by, "finish");
    finish.period = "2025";
    rules.require.push_back(finish);
    rules.prefer = {prefer(PreferenceKind::earliest, "score")};
    const Plan plan = plan_of(plots, rules);
    REQUIRE(plan.status == PlanStatus::optimal);
    std::vector<std::int64_t> area(2);
    std::vector<std::int64_t> money(2);
    std::vector<std::int64_t> by_year(3);
    for (const Assignment& part : plan.assignments) {
        area[part.row] += part.area_dm2;
        money[part.row] += part.cost_yuan;
        by_year[part.period] += part.area_dm2;
        const double share = part.share_pct / 100.0 * plots[part.row].area_m2;
        CHECK_THAT(static_cast<double>(part.area_dm2) / 100.0, WithinAbs(share, 0.01));
        CHECK(part.share_pct >= 10);
    }
    CHECK(area == std::vector<std::int64_t>{1'000'001, 333'333});
    CHECK(money == std::vector<std::int64_t>{101, 77});
    CHECK(by_year[0] <= 444'445);
    CHECK(by_year[1] <= 444'445);
}

TEST_CASE("Printed parts that rounding would push over a limit are cut off", "[schedule]") {
    // 10 000.01 m² in halves: 5 000.005 each, printed as 5 000.01 and 5 000.00.
    const std::vector<Plot> plots{{"a", "", 10000.01, 0, 10, 0, 0}};
    ScheduleRules rules = three_years();
    rules.split = Split{50, 50};
    rules.require.push_back(sum("limit", "area_m2", Relation::at_most, "5000.00"));
    rules.require.back().in = "2023";
    rules.prefer = {prefer(PreferenceKind::earliest, "score")};
    const Plan plan = plan_of(plots, rules);
    CHECK(plan.status == PlanStatus::optimal);
    CHECK(shares_of(plan, 1)[0] == std::vector<int>{0, 100, 0});
    CHECK(row_of(plan, "limit").slack >= 0.0);
}

TEST_CASE("A soft requirement gives way by as little as can be", "[schedule]") {
    ScheduleRules rules = three_years();
    rules.require.push_back(sum("hard", "area_ha", Relation::at_most, "5.5"));
    rules.require.push_back(sum("soft", "area_ha", Relation::at_least, "9"));
    rules.require.back().soft = true;
    const Plan plan = plan_of(four, rules);
    CHECK(plan.status == PlanStatus::optimal);
    CHECK(plan.stages[0].name == "meet soft");
    CHECK(plan.stages[0].objective == 4.0); // 5 ha of 9
    CHECK(row_of(plan, "soft").slack == -4.0);
    CHECK(row_of(plan, "soft").soft);
}

TEST_CASE("Moves are judged by all requirements", "[schedule]") {
    ScheduleRules rules = three_years();
    for (const char* year : {"2023", "2024", "2025"}) {
        rules.require.push_back(
            sum(std::string("money ") + year, "cost_yuan", Relation::at_most, "400")
        );
        rules.require.back().in = year;
    }
    rules.prefer = {prefer(PreferenceKind::earliest, "score")};
    // d (400) in 2023; c and a (400) in 2024; b in 2025.
    const Plan plan = plan_of(four, rules);
    const auto shares = shares_of(plan, 4);
    REQUIRE(shares[3][0] == 100);
    REQUIRE(shares[2][1] == 100);
    REQUIRE(shares[0][1] == 100);
    REQUIRE(shares[1][2] == 100);
    CHECK_THAT(plan.reasons[1].zh, ContainsSubstring("2023：“money 2023”将超出 200 元"));
    CHECK_THAT(
        plan.reasons[1].en, ContainsSubstring("\"money 2024\" would be exceeded by 200 yuan")
    );
    const auto move = [&](std::size_t row, std::optional<std::size_t> period) {
        return *std::find_if(
            plan.alternatives.begin(),
            plan.alternatives.end(),
            [&](const auto& a) { return a.row == row && a.period == period; }
        );
    };
    CHECK(move(1, 0).breaks.zh == "money 2023");
    CHECK_FALSE(move(1, 0).cost_of_moving.has_value());
    // a to 2025: 10 points · 1 ha · one year less.
    CHECK_THAT(move(0, 2).cost_of_moving.value(), WithinAbs(10.0, 1e-9));
    CHECK_THAT(move(1, std::nullopt).cost_of_moving.value(), WithinAbs(40.0, 1e-9));
    CHECK(plan.alternatives.size() == 12);
}

TEST_CASE("What is not there is named with what is", "[schedule]") {
    ScheduleRules rules = three_years();
    SECTION("a period") {
        rules.require.push_back(sum("x", "area_ha", Relation::at_least, "1"));
        rules.require.back().in = "2026";
        const Error error = error_of(four, rules);
        CHECK(error.code() == ErrorCode::invalid_project);
        CHECK_THAT(error.message().en, ContainsSubstring("2023, 2024, 2025"));
    }
    SECTION("a column") {
        rules.require.push_back(sum("x", "cost_yuann", Relation::at_least, "1"));
        CHECK_THAT(error_of(four, rules).message().zh, ContainsSubstring("是否指“cost_yuan”"));
    }
    SECTION("text where a number belongs") {
        rules.require.push_back(sum("x", "plot_id", Relation::at_least, "1"));
        CHECK_THAT(error_of(four, rules).message().en, ContainsSubstring("holds text"));
    }
    SECTION("a group column") {
        rules.prefer = {prefer(PreferenceKind::together, "klaster_id")};
        CHECK_THAT(error_of(four, rules).message().en, ContainsSubstring("cluster_id"));
    }
    SECTION("a plot") {
        Requirement pin = named(RequirementKind::pin, "pin");
        pin.in = "2023";
        pin.plots = {"z"};
        rules.require = {pin};
        CHECK(error_of(four, rules).code() == ErrorCode::invalid_project);
    }
    SECTION("a soft requirement") {
        rules.require.push_back(sum("x", "area_ha", Relation::at_least, "1"));
        rules.prefer = {prefer(PreferenceKind::meet, "x")};
        CHECK_THAT(error_of(four, rules).message().en, ContainsSubstring("soft: true"));
    }
    SECTION("a fraction of 0.01 m2") {
        rules.require.push_back(sum("x", "area_m2", Relation::at_least, "1.001"));
        CHECK_THAT(error_of(four, rules).message().en, ContainsSubstring("1.001"));
    }
}

TEST_CASE("Money that is missing counts as 0, with a note and a warning", "[schedule]") {
    Table table = table_of(four);
    table.put(integer_column("cost_yuan", "", "yuan", {100, std::nullopt, 300, 400}));
    const Plan plan = schedule(table, ranking_of(table), three_years());
    REQUIRE(plan.issues.size() == 2);
    CHECK(plan.issues[0].code == "missing_value");
    CHECK(plan.issues[0].severity == Severity::note);
    CHECK(plan.issues[0].plot_id == "b");
    CHECK(plan.issues[0].row == 2);
    CHECK(plan.issues[1].code == "missing_value");
    CHECK(plan.issues[1].severity == Severity::warning);
    CHECK_THAT(plan.issues[1].message.en, ContainsSubstring("fill it in for b"));
    Table unpriced = table_of(four); // money plays no part: a note per plot is enough
    unpriced.put(integer_column("cost_yuan", "", "yuan", {{}, {}, {}, {}}));
    CHECK(schedule(unpriced, ranking_of(unpriced), three_years()).issues.size() == 4);
}

TEST_CASE("A target beyond all plots says what they hold", "[schedule]") {
    ScheduleRules rules = three_years();
    rules.require.push_back(sum("target", "area_ha", Relation::at_least, "12.5"));
    const Plan plan = plan_of(four, rules, true);
    CHECK(plan.status == PlanStatus::infeasible);
    REQUIRE(plan.conflicts.size() == 1);
    CHECK(plan.conflicts[0].shortfall == 2.5);
    CHECK_THAT(plan.conflicts[0].message.zh, ContainsSubstring("还差 2.5 公顷"));
    CHECK_THAT(plan.conflicts[0].message.zh, ContainsSubstring("合计也只有 10 公顷"));
    CHECK(plan.assignments.size() == 4);
    CHECK(row_of(plan, "target").slack == -2.5);
}

TEST_CASE("Requirements that clash are named together", "[schedule]") {
    ScheduleRules rules = three_years();
    rules.require.push_back(sum("target", "area_ha", Relation::at_least, "8"));
    rules.require.push_back(sum("money", "cost_yuan", Relation::at_most, "700"));
    rules.require.push_back(count("at least one", Relation::at_least, "1"));
    const Plan plan = plan_of(four, rules);
    REQUIRE(plan.conflicts.size() == 1);
    const Conflict& gives = plan.conflicts[0];
    const std::string other = gives.id == "target" ? "money" : "target";
    CHECK_THAT(gives.message.zh, ContainsSubstring("与 " + other + " 不能同时满足"));
    CHECK(gives.shortfall == (gives.id == "target" ? 1.0 : 100.0));
}

TEST_CASE("A schedule stops soon after the caller says so", "[schedule]") {
    std::mt19937 random(3);
    std::vector<Plot> plots;
    for (int i = 0; i < 120; ++i) {
        const double area = 3000.0 + static_cast<double>(random() % 9'000'000) / 100.0;
        plots.push_back(
            {"p" + std::to_string(1000 + i),
             "g" + std::to_string(i / 4),
             area,
             static_cast<std::int64_t>(
                 area * (18.0 + static_cast<double>(random() % 900) / 100.0)
             ),
             static_cast<double>(random() % 100),
             0,
             0}
        );
    }
    ScheduleRules rules = three_years();
    for (const char* year : {"2023", "2024", "2025"}) {
        rules.require.push_back(sum(year, "cost_wan_yuan", Relation::at_most, "2345.6789"));
        rules.require.back().in = year;
        rules.require.push_back(
            sum(std::string("area ") + year, "area_ha", Relation::equal, "100")
        );
        rules.require.back().within = decimal("0.001");
        rules.require.back().in = year;
    }
    rules.prefer = {prefer(PreferenceKind::together, "cluster_id")};
    const Table table = table_of(plots);
    using Clock = std::chrono::steady_clock;
    const Clock::time_point start = Clock::now();
    std::optional<Clock::time_point> said;
    Execution execution;
    execution.progress = [&](double complete, const Text& stage) {
        CHECK(complete >= 0.0);
        CHECK(complete <= 1.0);
        CHECK_FALSE(stage.zh.empty());
        if (Clock::now() - start < std::chrono::milliseconds(500)) {
            return true;
        }
        said = Clock::now();
        return false;
    };
    try {
        static_cast<void>(schedule(table, ranking_of(table), rules, {}, execution));
        FAIL("was not stopped");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::interrupted);
    }
    REQUIRE(said.has_value());
    CHECK(Clock::now() - *said < std::chrono::seconds(1));
}
