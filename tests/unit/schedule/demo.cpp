#include <tuban/schedule.hpp>

#include "catch.hpp"
#include "samples.hpp"

#include <algorithm>
#include <map>
#include <random>

using namespace tuban;
using namespace samples;

namespace {

Plan plan_of(const std::vector<Plot>& plots, const ScheduleRules& rules, bool relax = false) {
    const Table table = table_of(plots);
    ScheduleOptions options;
    options.relax = relax;
    return schedule(table, ranking_of(table), rules, options);
}

/// Plot → period index of whole plots; −1 where a plot is left out.
std::map<std::string, int> years_of(const std::vector<Plot>& plots, const Plan& plan) {
    std::map<std::string, int> years;
    for (const Plot& plot : plots) {
        years[plot.id] = -1;
    }
    for (const Assignment& part : plan.assignments) {
        CHECK(part.share_pct == 100);
        years[plots[part.row].id] = static_cast<int>(part.period);
    }
    return years;
}

/// "P13 0>1, P18 1>0": what differs from the plan of the recipe.
std::string changes(const std::vector<Plot>& plots, const Plan& plan) {
    std::string text;
    for (const auto& [id, year] : years_of(plots, plan)) {
        const auto plot =
            std::find_if(plots.begin(), plots.end(), [&, &wanted = id](const Plot& p) {
                return p.id == wanted;
            });
        if (plot->expected - 2023 != year) {
            text += (text.empty() ? "" : ", ") + id + " " +
                    std::to_string(plot->expected - 2023) + ">" + std::to_string(year);
        }
    }
    return text;
}

Requirement& requirement(ScheduleRules& rules, const std::string& id) {
    return *std::find_if(rules.require.begin(), rules.require.end(), [&](const auto& r) {
        return r.id == id;
    });
}

void erase(ScheduleRules& rules, const std::string& id) {
    rules.require.erase(
        rules.require.begin() + (&requirement(rules, id) - rules.require.data())
    );
}

Plot& plot(std::vector<Plot>& plots, const std::string& id) {
    return *std::find_if(plots.begin(), plots.end(), [&](const Plot& p) { return p.id == id; });
}

struct Sums {
    std::vector<int> plots;
    std::vector<std::int64_t> dm2;
    std::vector<std::int64_t> yuan;
};

Sums sums_of(const Plan& plan) {
    Sums sums;
    sums.plots.resize(plan.periods.size());
    sums.dm2.resize(plan.periods.size());
    sums.yuan.resize(plan.periods.size());
    for (const Assignment& part : plan.assignments) {
        ++sums.plots[part.period];
        sums.dm2[part.period] += part.area_dm2;
        sums.yuan[part.period] += part.cost_yuan;
    }
    return sums;
}

} // namespace

TEST_CASE("Toli's plan is the one of the recipe", "[schedule]") {
    const Plan plan = plan_of(toli, toli_rules());
    CHECK(plan.status == PlanStatus::optimal);
    CHECK(changes(toli, plan).empty());
    const Sums sums = sums_of(plan);
    CHECK(sums.plots == std::vector<int>{13, 12, 3});
    CHECK(sums.dm2 == std::vector<std::int64_t>{76'737'800, 65'700'000, 68'860'000});
    CHECK(sums.yuan == std::vector<std::int64_t>{16'892'000, 14'493'000, 15'092'500});
    REQUIRE(plan.stages.size() == 3);
    CHECK(plan.stages[0].name == "earliest score");
    CHECK(plan.bound == plan.objective);
    CHECK(plan.gap == 0.0);
    double by_hand = 0.0;
    for (const Plot& one : toli) {
        by_hand += one.score * one.area_m2 / 1e4 * (2026 - one.expected);
    }
    CHECK_THAT(plan.objective, WithinAbs(by_hand, 1e-6));
    CHECK(plan.stages[2].objective == 46'477'500);
    for (const ConstraintResult& one : plan.constraints) {
        INFO(one.id);
        CHECK(one.slack >= 0.0);
        if (one.id == "money-2023") {
            CHECK_THAT(one.achieved, WithinAbs(1689.2, 1e-9));
            CHECK_THAT(one.slack, WithinAbs(10.8, 1e-9));
        }
    }
}

TEST_CASE("Toli's plan is unique: the next best swaps P13 and P18", "[schedule]") {
    const Plan best = plan_of(toli, toli_rules());
    // A column per period counts the plots that stay where they were: at most 27 may.
    Table table = table_of(toli);
    for (const char* year : {"2023", "2024", "2025"}) {
        std::vector<std::optional<std::int64_t>> stays;
        for (const Plot& one : toli) {
            stays.emplace_back(std::to_string(one.expected) == year ? 1 : 0);
        }
        table.put(integer_column(std::string("stays@") + year, "", "", stays));
    }
    ScheduleRules rules = toli_rules();
    rules.require.push_back(sum("another", "stays", Relation::at_most, "27"));
    const Plan second = schedule(table, ranking_of(table), rules);
    CHECK(second.status == PlanStatus::optimal);
    CHECK(changes(toli, second) == "P13 0>1, P18 1>0");
    const double loss_pct = (best.objective - second.objective) / best.objective * 100.0;
    CHECK_THAT(loss_pct, WithinAbs(0.20, 0.005));
}

TEST_CASE("Toli's plan answers to each change as the recipe found", "[schedule]") {
    std::vector<Plot> plots = toli;
    ScheduleRules rules = toli_rules();
    SECTION("no lead time") {
        erase(rules, "survey");
        CHECK(
            changes(plots, plan_of(plots, rules)) ==
            "P17 1>2, P19 1>2, P24 1>2, P25 1>2, P28 2>1"
        );
    }
    SECTION("no ceiling in 2023") {
        erase(rules, "money-2023");
        CHECK(sums_of(plan_of(plots, rules)).plots == std::vector<int>{25, 0, 3});
    }
    SECTION("no ceiling in 2024") {
        erase(rules, "money-2024");
        CHECK(changes(plots, plan_of(plots, rules)).empty());
    }
    SECTION("no ceiling in 2025") {
        erase(rules, "money-2025");
        CHECK(changes(plots, plan_of(plots, rules)).empty());
    }
    SECTION("money of 2023 less 5 %") {
        requirement(rules, "money-2023").limits[0].value = decimal("1615");
        CHECK(changes(plots, plan_of(plots, rules)) == "P11 0>1, P16 1>0, P25 1>-1");
    }
    SECTION("money of 2024 less 5 %") {
        requirement(rules, "money-2024").limits[0].value = decimal("1387");
        CHECK(changes(plots, plan_of(plots, rules)) == "P25 1>-1");
    }
    SECTION("P13 20 % dearer") {
        plot(plots, "P13").cost_yuan = 1'287'960;
        CHECK(changes(plots, plan_of(plots, rules)) == "P13 0>1, P18 1>0, P25 1>-1");
    }
    SECTION("P05 20 % dearer") {
        plot(plots, "P05").cost_yuan = 1'907'640;
        CHECK(changes(plots, plan_of(plots, rules)) == "P13 0>1, P14 1>0, P25 1>-1");
    }
    SECTION("P13 far from the road") {
        plot(plots, "P13").score -= plot(plots, "P13").road_points;
        CHECK(changes(plots, plan_of(plots, rules)) == "P13 0>1, P18 1>0");
    }
    SECTION("P03 far from the road") {
        plot(plots, "P03").score -= plot(plots, "P03").road_points;
        CHECK(changes(plots, plan_of(plots, rules)) == "P03 0>1, P18 1>0");
    }
}

TEST_CASE("Toli without enough money in 2025 says what is short", "[schedule]") {
    std::vector<Plot> plots = toli;
    ScheduleRules rules = toli_rules();
    SECTION("less 5 %") {
        requirement(rules, "money-2025").limits[0].value = decimal("1444");
    }
    SECTION("P26 15 % larger and dearer") {
        plot(plots, "P26").area_m2 = 242'492.45;
        plot(plots, "P26").cost_yuan = 5'497'115;
    }
    const Plan plan = plan_of(plots, rules);
    CHECK(plan.status == PlanStatus::infeasible);
    CHECK(plan.assignments.empty());
    REQUIRE_FALSE(plan.conflicts.empty());
    std::string all;
    for (const Conflict& conflict : plan.conflicts) {
        all += conflict.message.zh + "\n";
        CHECK(conflict.shortfall > 0.0);
    }
    INFO(all);
    CHECK_THAT(all, ContainsSubstring("target"));
    CHECK_THAT(all, ContainsSubstring("money-2025"));
}

TEST_CASE("The least relaxation restores feasibility by exactly that much", "[schedule]") {
    ScheduleRules rules = toli_rules();
    requirement(rules, "money-2025").limits[0].value = decimal("1444");
    const Plan plan = plan_of(toli, rules, true);
    CHECK(plan.status == PlanStatus::infeasible);
    REQUIRE(plan.conflicts.size() == 1);
    REQUIRE_FALSE(plan.assignments.empty());
    const Conflict& gives = plan.conflicts[0];
    const auto row =
        std::find_if(plan.constraints.begin(), plan.constraints.end(), [&](const auto& c) {
            return c.id == gives.id;
        });
    CHECK_THAT(row->slack, WithinAbs(-gives.shortfall, 1e-9));
    // The same project with the requirement written as relaxed is feasible, and one 0.01 m² or yuan short of it is not.
    const bool target = gives.id == "target";
    const int power = target ? 6 : 4;
    const std::int64_t old = *requirement(rules, gives.id).limits[0].value.scaled(power);
    const auto by =
        static_cast<std::int64_t>(std::llround(gives.shortfall * (target ? 1e6 : 1e4)));
    const std::int64_t sign = target ? -1 : 1;
    requirement(rules, gives.id).limits[0].value = Decimal{old + sign * by, power};
    const Plan same = plan_of(toli, rules);
    CHECK(same.status == PlanStatus::optimal);
    CHECK(changes(toli, same) == changes(toli, plan));
    requirement(rules, gives.id).limits[0].value = Decimal{old + sign * (by - 1), power};
    CHECK(plan_of(toli, rules).status == PlanStatus::infeasible);
}

TEST_CASE("Youhao's plan splits one mine and meets both areas", "[schedule]") {
    const Plan plan = plan_of(youhao, youhao_rules());
    CHECK(plan.status == PlanStatus::optimal);
    const auto shares = shares_of(plan, youhao.size());
    for (std::size_t row = 0; row < youhao.size(); ++row) {
        INFO(youhao[row].id);
        CHECK(shares[row][0] == youhao[row].expected);
        CHECK(shares[row][1] == 100 - youhao[row].expected);
    }
    const Sums sums = sums_of(plan);
    CHECK(sums.dm2 == std::vector<std::int64_t>{5'700'000, 18'850'000});
    std::int64_t all = 0;
    for (const Plot& one : youhao) {
        all += area_dm2(one.area_m2);
    }
    CHECK(sums.dm2[0] + sums.dm2[1] == all);
    CHECK(plan.stages[1].name == "fewest splits");
    CHECK(plan.stages[1].objective == 1.0);
    CHECK(plan.bound >= plan.objective);
}

TEST_CASE("Youhao with a total that cannot be met says why", "[schedule]") {
    ScheduleRules rules = youhao_rules();
    requirement(rules, "area-1").limits[0].value = decimal("18.90");
    const Plan plan = plan_of(youhao, rules);
    CHECK(plan.status == PlanStatus::infeasible);
    REQUIRE_FALSE(plan.conflicts.empty());
    CHECK_THAT(plan.conflicts[0].message.zh, ContainsSubstring("24.55 公顷"));
    CHECK_THAT(plan.conflicts[0].message.zh, ContainsSubstring("24.6 公顷"));
}

TEST_CASE("A plan does not depend on the order of the rows", "[schedule]") {
    const bool split = GENERATE(false, true);
    const std::vector<Plot>& plots = split ? youhao : toli;
    const ScheduleRules rules = split ? youhao_rules() : toli_rules();
    const auto by_id = [](const std::vector<Plot>& rows, const Plan& plan) {
        std::vector<std::string> parts;
        for (const Assignment& part : plan.assignments) {
            parts.push_back(
                rows[part.row].id + " " + std::to_string(part.period) + " " +
                std::to_string(part.share_pct) + " " + std::to_string(part.area_dm2)
            );
        }
        return parts;
    };
    const auto expected = by_id(plots, plan_of(plots, rules));
    std::mt19937 random(7);
    for (int i = 0; i < 3; ++i) {
        std::vector<Plot> shuffled = plots;
        std::shuffle(shuffled.begin(), shuffled.end(), random);
        CHECK(by_id(shuffled, plan_of(shuffled, rules)) == expected);
    }
}
