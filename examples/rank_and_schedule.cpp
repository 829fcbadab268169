// Ranks four made-up plots (合成数据) by two rules and schedules them over two years, from a table alone: no GDAL needed.
#include <tuban/ranking.hpp>
#include <tuban/schedule.hpp>

#include <iostream>
#include <optional>
#include <string>
#include <vector>

int main() {
    using namespace tuban;
    try {
        Table table;
        table.put(text_column("plot_id", "图斑编号", {"A", "B", "C", "D"}));
        table.put(
            real_column("area_m2", "图斑面积", "m2", {52'000.0, 31'000.0, 88'000.0, 40'000.0})
        );
        table.put(integer_column(
            "cost_yuan", "资金", "yuan", {1'200'000, 700'000, 1'900'000, 800'000}
        ));
        table.put(
            real_column("road_distance_m", "距道路距离", "m", {120.0, 2500.0, 480.0, 900.0})
        );

        Rules rules;
        PointRule near_road;
        near_road.id = "near-road";
        near_road.name = "交通道路两侧";
        near_road.when = Condition{"road_distance_m <= 1000", {}};
        near_road.points = Decimal{40, 0};
        rules.points.push_back(near_road);
        const Ranking ranking = rank(table, rules, judge_gates(table, rules));
        put_ranking(table, ranking, rules);

        ScheduleRules block;
        block.periods = {{"2025", {2025}}, {"2026", {2026}}};
        for (const Period& period : block.periods) {
            Requirement money;
            money.id = money.name = "money-" + period.name;
            money.quantity = "cost_wan_yuan";
            money.in = period.name;
            money.limits = {{Relation::at_most, Decimal{300, 0}}};
            block.require.push_back(money);
        }
        block.prefer = {
            {.kind = PreferenceKind::earliest,
             .of = "score",
             .per_plot = false,
             .give_up_pct = {},
             .where = {}}};
        const Plan plan = schedule(table, ranking, block);

        std::cout << name_of(plan.status) << '\n';
        for (const Assignment& part : plan.assignments) {
            std::cout << plan.periods[part.period].name << ' '
                      << *table.at("plot_id").text(part.row) << '\n';
        }
    } catch (const Error& error) {
        std::cerr << error.what() << '\n';
        return static_cast<int>(error.code());
    }
    return 0;
}
