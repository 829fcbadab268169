#include <tuban/ranking.hpp>

#include "catch.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace tuban;

namespace {

constexpr auto null = std::nullopt;

Condition when(std::string text) {
    return {std::move(text), {}};
}

Decimal points(const char* text) {
    return Decimal::parse(text).value();
}

PointRule by_condition(std::string id, std::string text, const char* given) {
    PointRule rule;
    rule.id = std::move(id);
    rule.when = when(std::move(text));
    rule.points = points(given);
    return rule;
}

PointRule by_curve(
    std::string id, std::string of, const std::vector<std::pair<double, const char*>>& curve
) {
    PointRule rule;
    rule.id = std::move(id);
    rule.of = when(std::move(of));
    for (const auto& [x, y] : curve) {
        rule.curve.emplace_back(x, points(y));
    }
    return rule;
}

/// Five plots, synthetic (合成数据); e has no area.
Table plots() {
    Table table;
    table.put(text_column("plot_id", "图斑编号", {"d", "b", "a", "c", "e"}));
    table.put(text_column("TBDL", "", {"10", "10", "20", "10", "10"}));
    table.put(
        real_column("area_m2", "图斑面积", "m2", {{100.0}, {200.0}, {300.0}, {400.0}, null})
    );
    table.put(real_column(
        "road_distance_m", "距道路距离", "m", {{329.4}, {1200.0}, {10.0}, null, {5.0}}
    ));
    table.put(
        real_column("pit_depth_max_m", "最大坑深", "m", {{20.0}, {30.0}, {5.0}, {null}, {1.0}})
    );
    return table;
}

Rules rules() {
    Rules rules;
    rules.gates.push_back({"legacy", "历史遗留", "政策第 3 条", when("TBDL = '10'")});
    rules.tiers.push_back({"key", "重点区域", "", when("road_distance_m <= 1000")});
    rules.tiers.push_back({"rest", "其他", "", when("area_m2 > 150")});
    rules.points.push_back(by_condition("near", "road_distance_m <= 500", "40"));
    rules.points.back().name = "交通道路两侧";
    rules.points.push_back(
        by_curve("depth", "pit_depth_max_m", {{0, "0"}, {10, "5"}, {40, "20"}})
    );
    return rules;
}

Ranking ranked(const Table& table, const Rules& rules) {
    return rank(table, rules, judge_gates(table, rules));
}

/// The same table with rows in another order: row i of the result is row order[i].
Table shuffled(const Table& table, const std::vector<std::size_t>& order) {
    Table result = table;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        for (std::size_t i = 0; i < order.size(); ++i) {
            result.columns[c].valid[i] = table.columns[c].valid[order[i]];
            std::visit(
                [&](auto& to) {
                    using Cells = std::decay_t<decltype(to)>;
                    to[i] = std::get<Cells>(table.columns[c].values)[order[i]];
                },
                result.columns[c].values
            );
        }
    }
    return result;
}

/// Random plots over a few values, so that ties, nulls and every tier happen. Synthetic (合成数据).
Table random_plots(std::mt19937& random, std::size_t n) {
    std::vector<std::optional<std::string>> ids;
    std::vector<std::optional<double>> areas;
    std::vector<std::optional<double>> xs;
    std::vector<std::optional<double>> ys;
    for (std::size_t i = 0; i < n; ++i) {
        ids.emplace_back("p" + std::to_string(random() % 1000) + "-" + std::to_string(i));
        areas.emplace_back(static_cast<double>(random() % 5 + 1));
        xs.emplace_back(random() % 6 == 0 ? null : std::optional<double>(random() % 7));
        ys.emplace_back(random() % 6 == 0 ? null : std::optional<double>(random() % 7));
    }
    Table table;
    table.put(text_column("plot_id", "", ids));
    table.put(real_column("area_m2", "", "m2", areas));
    table.put(real_column("x", "", "", xs));
    table.put(real_column("y", "", "", ys));
    return table;
}

Rules random_rules() {
    Rules rules;
    rules.gates.push_back({"g", "", "", when("area_m2 > 1")});
    rules.tiers.push_back({"t1", "", "", when("x > 4")});
    rules.tiers.push_back({"t2", "", "", when("y > 3")});
    rules.tiers.push_back({"t3", "", "", when("x + y > 3")});
    rules.points.push_back(by_condition("plus", "x = y", "12.5"));
    rules.points.push_back(by_condition("minus", "y < 2", "-30"));
    rules.points.push_back(by_curve("down", "x", {{0, "7"}, {6, "-11.000001"}}));
    return rules;
}

} // namespace

TEST_CASE("Gates keep plots out, each by its name", "[ranking]") {
    const Ranking judged = judge_gates(plots(), rules());
    CHECK(judged.eligible == std::vector<std::uint8_t>{1, 1, 0, 1, 0});
    CHECK(judged.failed_gate == std::vector<std::string>{"", "", "legacy", "", "no_area"});
    CHECK_THAT(judged.reasons[2].zh, ContainsSubstring("历史遗留"));
    CHECK_THAT(judged.reasons[2].zh, ContainsSubstring("TBDL = 20"));
    CHECK_THAT(judged.reasons[2].zh, ContainsSubstring("依据：政策第 3 条"));
    CHECK_THAT(judged.reasons[2].en, ContainsSubstring("basis: 政策第 3 条"));
    CHECK_THAT(judged.reasons[4].zh, ContainsSubstring("没有面积"));
}

TEST_CASE("A plot that is held out takes no part whatever its area", "[ranking]") {
    std::vector<PlotState> states(5, PlotState::ok);
    states[0] = PlotState::held_out;
    states[1] = PlotState::no_geometry; // its area was given
    const Ranking judged = judge_gates(plots(), {}, states);
    CHECK(judged.eligible == std::vector<std::uint8_t>{0, 1, 1, 1, 0});
    CHECK(judged.failed_gate[0] == "held_out");
    CHECK_THROWS_AS(judge_gates(plots(), {}, {PlotState::ok}), Error);
}

TEST_CASE("The first gate that fails is named", "[ranking]") {
    Rules two;
    two.gates.push_back({"g1", "", "", when("area_m2 > 250")});
    two.gates.push_back({"g2", "", "", when("area_m2 > 350")});
    CHECK(
        judge_gates(plots(), two).failed_gate ==
        std::vector<std::string>{"g1", "g1", "g2", "", "no_area"}
    );
}

TEST_CASE("A gate without data is not passed, and a warning says so", "[ranking]") {
    Rules one;
    one.gates.push_back({"near", "近路", "", when("road_distance_m < 5000")});
    const Ranking judged = judge_gates(plots(), one);
    CHECK(judged.failed_gate[3] == "near");
    REQUIRE(judged.issues.size() == 1);
    CHECK(judged.issues[0].severity == Severity::warning);
    CHECK(judged.issues[0].code == "null_condition");
    CHECK(judged.issues[0].plot_id == "c");
    CHECK(judged.issues[0].row == 4);
    CHECK(judged.issues[0].field == "near");
    CHECK_THAT(judged.issues[0].message.zh, ContainsSubstring("road_distance_m = NULL"));
}

TEST_CASE("A table in which no plot has an area is refused", "[ranking]") {
    Table table = plots();
    table.put(real_column("area_m2", "", "m2", {null, null, null, null, null}));
    try {
        static_cast<void>(judge_gates(table, {}));
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::data_check_failed);
    }
}

TEST_CASE("Tiers come first, points inside, and both add up to the score", "[ranking]") {
    const Ranking ranking = ranked(plots(), rules());
    // Spread of points: 40 + 20; a tier counts 61.
    CHECK(ranking.tier == std::vector<std::optional<int>>{1, 2, null, 2, null});
    CHECK(ranking.score_micro[0] == 2 * 61'000'000 + 40'000'000 + 10'000'000);
    CHECK(ranking.score_micro[1] == 61'000'000 + 15'000'000);
    CHECK(ranking.score_micro[2] == null);
    CHECK(ranking.score_micro[3] == 61'000'000);
    CHECK(ranking.order == std::vector<std::size_t>{0, 1, 3});
    CHECK(ranking.rank == std::vector<std::optional<int>>{1, 2, null, 3, null});
    REQUIRE(ranking.contributions.size() == 3 * 4); // every rule of every eligible plot
    CHECK(ranking.contributions[0].rule_id == "key");
    CHECK(ranking.contributions[0].value == "road_distance_m = 329.4");
    CHECK(ranking.contributions[1].rule_id == "rest");
    CHECK(ranking.contributions[1].micro_points == 0);
    CHECK(ranking.contributions[3].value == "pit_depth_max_m = 20");
}

TEST_CASE("Missing data give no points, and a note per rule and plot", "[ranking]") {
    const Ranking ranking = ranked(plots(), rules());
    std::vector<std::pair<std::string, std::string>> notes;
    for (const Issue& issue : ranking.issues) {
        CHECK(issue.plot_id == "c");
        CHECK(issue.severity == Severity::note);
        notes.emplace_back(issue.code, issue.field);
    }
    CHECK(
        notes ==
        std::vector<std::pair<std::string, std::string>>{
            {"null_condition", "key"}, {"null_condition", "near"}, {"missing_value", "depth"}}
    );
}

TEST_CASE("A reason names what put the plot there", "[ranking]") {
    const Ranking ranking = ranked(plots(), rules());
    CHECK(
        ranking.reasons[0].zh == "第 1 名（共 3）：重点区域（road_distance_m = "
                                 "329.4）；交通道路两侧 +40（road_distance_m "
                                 "= 329.4）；depth +10（pit_depth_max_m = 20）"
    );
    CHECK(
        ranking.reasons[0].en ==
        "rank 1 of 3: 重点区域 (road_distance_m = 329.4); 交通道路两侧 +40 (road_distance_m = "
        "329.4); depth +10 (pit_depth_max_m = 20)"
    );
    CHECK_THAT(ranking.reasons[2].zh, ContainsSubstring("历史遗留"));
    Rules one;
    one.tiers.push_back({"t", "", "", when("area_m2 > 1000")});
    const Ranking none = ranked(plots(), one);
    CHECK(
        none.reasons[0].zh ==
        "第 4 名（共 4）：不属于任何级别；各项规则均未得分，同分按图斑编号"
    );
}

TEST_CASE("Without rules every score is 0 and plot_id ranks by its bytes", "[ranking]") {
    Table table = plots();
    table.put(text_column("plot_id", "", {"B", "a", "图", "Z10", "Z2"}));
    table.put(real_column("area_m2", "", "m2", {{1.0}, {1.0}, {1.0}, {1.0}, {1.0}}));
    const Ranking ranking = ranked(table, {});
    CHECK(ranking.order == std::vector<std::size_t>{0, 3, 4, 1, 2});
    CHECK(ranking.score_micro[4] == 0);
    CHECK(ranking.tier[4] == null);
    CHECK(ranking.contributions.empty());
}

TEST_CASE("A curve is straight between its points and flat beyond, half-up", "[ranking]") {
    Table table;
    table.put(text_column("plot_id", "", {"a", "b", "c", "d", "e", "f"}));
    table.put(real_column("area_m2", "", "m2", {{-5.0}, {0.0}, {1.0}, {2.0}, {3.0}, {9.0}}));
    Rules one;
    one.points.push_back(by_curve("c", "area_m2", {{0, "0"}, {3, "1"}, {5, "-1"}}));
    const Ranking ranking = ranked(table, one);
    CHECK(
        ranking.score_micro ==
        std::vector<std::optional<std::int64_t>>{0, 0, 333'333, 666'667, 1'000'000, -1'000'000}
    );
    one.points[0] = by_curve("c", "area_m2", {{0, "0"}, {2, "0.000001"}});
    CHECK(ranked(table, one).score_micro[2] == 1); // 0.5e-6 rounds up
}

TEST_CASE("Rules that cannot be judged are refused with their name", "[ranking]") {
    const auto refused = [](PointRule rule) {
        Rules rules;
        rules.points.push_back(std::move(rule));
        try {
            static_cast<void>(ranked(plots(), rules));
        } catch (const Error& error) {
            CHECK(error.code() == ErrorCode::invalid_project);
            return error.message().en;
        }
        return std::string();
    };
    CHECK_THAT(
        refused(by_curve("c", "area_m2", {{1, "0"}, {1, "2"}})), ContainsSubstring("rule c")
    );
    CHECK_THAT(refused(by_curve("c", "area_m2", {})), ContainsSubstring("no points"));
    CHECK_THAT(refused({}), ContainsSubstring("when or of"));
    CHECK_THAT(
        refused(by_condition("p", "TRUE", "0.0000001")), ContainsSubstring("6 decimals")
    );
    CHECK_THAT(refused(by_condition("p", "TRUE", "9999999999")), ContainsSubstring("9e9"));
    CHECK_THAT(refused(by_condition("p", "nix", "1")), ContainsSubstring("nix"));
    CHECK_THROWS_AS(rank(plots(), {}, Ranking{}), Error);
}

TEST_CASE(
    "A tier counts more than any points below it, and contributions sum up", "[ranking]"
) {
    const auto seed = GENERATE(range(0U, 20U));
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const Table table = random_plots(random, 60);
    const Ranking ranking = ranked(table, random_rules());
    std::map<std::size_t, std::int64_t> sums;
    for (const Contribution& part : ranking.contributions) {
        sums[part.row] += part.micro_points;
    }
    CHECK(sums.size() == ranking.order.size());
    for (const auto& [row, sum] : sums) {
        CHECK(ranking.score_micro[row] == sum);
    }
    for (std::size_t i = 1; i < ranking.order.size(); ++i) {
        const std::size_t before = ranking.order[i - 1];
        const std::size_t after = ranking.order[i];
        CHECK(ranking.tier[before].value_or(4) <= ranking.tier[after].value_or(4));
        CHECK(*ranking.score_micro[before] >= *ranking.score_micro[after]);
        CHECK(*ranking.rank[before] + 1 == *ranking.rank[after]);
    }
}

TEST_CASE("Shuffled rows give each plot the same rank, score and reason", "[ranking]") {
    const auto seed = GENERATE(range(0U, 10U));
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const Table table = random_plots(random, 40);
    std::vector<std::size_t> order(table.rows);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::shuffle(order.begin(), order.end(), random);
    const Ranking one = ranked(table, random_rules());
    const Ranking two = ranked(shuffled(table, order), random_rules());
    for (std::size_t i = 0; i < order.size(); ++i) {
        CHECK(two.rank[i] == one.rank[order[i]]);
        CHECK(two.score_micro[i] == one.score_micro[order[i]]);
        CHECK(two.reasons[i] == one.reasons[order[i]]);
        CHECK(two.failed_gate[i] == one.failed_gate[order[i]]);
    }
    CHECK(two.issues.size() == one.issues.size());
}

TEST_CASE("Tier, name, score and rank go into the table", "[ranking]") {
    Table table = plots();
    put_ranking(table, ranked(table, rules()), rules());
    CHECK(table.at("tier").integer(0) == 1);
    CHECK(table.at("tier_name").text(1) == "其他");
    CHECK(table.at("score").number(3) == 61.0);
    CHECK(table.at("rank").integer(2) == null);
    Conditions conditions(table);
    CHECK(conditions.truth({"tier = 1 AND 位次 = 1", {}})[0] == true);
}
