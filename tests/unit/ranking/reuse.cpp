#include <tuban/ranking.hpp>

#include "catch.hpp"

#include <string>
#include <vector>

using namespace tuban;

namespace {

constexpr auto null = std::nullopt;

/// Three pits, synthetic (合成数据).
Table pits() {
    Table table;
    table.put(text_column("plot_id", "图斑编号", {"a", "b", "c"}));
    table.put(real_column("pit_depth_max_m", "最大坑深", "m", {{12.0}, {3.0}, null}));
    table.put(real_column("river_distance_m", "距河流距离", "m", {{1500.0}, {20.0}, {20.0}}));
    return table;
}

ReuseNeed need(const std::string& when, const std::string& name = "") {
    return {name, {when, {}}};
}

ReuseOption option(const std::string& id, std::vector<ReuseNeed> needs) {
    return {id, id + "名", "示例", std::move(needs), Origin::project};
}

std::vector<ReuseAnswer> answers(const ReuseScreening& screening, std::size_t option = 0) {
    std::vector<ReuseAnswer> found;
    for (const ReuseVerdict& verdict : screening.verdicts) {
        if (verdict.option == option) {
            CHECK(verdict.row == found.size());
            CHECK_FALSE(verdict.reason.zh.empty());
            CHECK_FALSE(verdict.reason.en.empty());
            found.push_back(verdict.answer);
        }
    }
    return found;
}

std::vector<ReuseAnswer> answers(const std::string& when) {
    return answers(screen_reuse(pits(), {option("use", {need(when)})}));
}

using enum ReuseAnswer;

} // namespace

TEST_CASE("A use is fit if every need is met, unfit if one is not", "[ranking][reuse]") {
    const std::vector<ReuseOption> options{
        option(
            "landfill",
            {need("pit_depth_max_m >= 5", "坑深 5 米以上"), need("river_distance_m >= 1000")}
        ),
        option("pond", {need("river_distance_m <= 2000")})};
    const ReuseScreening found = screen_reuse(pits(), options);
    CHECK(answers(found, 0) == std::vector{yes, no, no});
    CHECK(answers(found, 1) == std::vector{yes, yes, yes});
    CHECK(found.issues.empty());
    REQUIRE(found.verdicts.size() == 6);
    CHECK(
        found.verdicts[2].reason.zh ==
        "不满足：坑深 5 米以上（pit_depth_max_m = 3）、river_distance_m >= "
        "1000（river_distance_m = 20）"
    );
    CHECK(
        found.verdicts[2].reason.en ==
        "not met: pit_depth_max_m >= 5 (pit_depth_max_m = 3); river_distance_m >= 1000 "
        "(river_distance_m = 20)"
    );
    Table table = pits();
    put_reuse(table, found, options);
    const Column& fit = table.at("reuse_options");
    CHECK(fit.text(0) == "landfill,pond");
    CHECK(fit.text(1) == "pond");
}

TEST_CASE("Without data a need is unknown, never met", "[ranking][reuse]") {
    CHECK(answers("pit_depth_max_m >= 5") == std::vector{yes, no, unknown});
    // What is true of nothing is not met either.
    CHECK(
        answers("pit_depth_max_m IS NULL OR pit_depth_max_m >= 5") ==
        std::vector{yes, no, unknown}
    );
    CHECK(answers("coalesce(pit_depth_max_m, 9) >= 5") == std::vector{yes, no, unknown});
    // False whatever the depth.
    CHECK(
        answers("pit_depth_max_m >= 5 AND river_distance_m > 1000") == std::vector{yes, no, no}
    );
    Table table = pits();
    put_reuse(
        table,
        screen_reuse(table, {option("x", {need("pit_depth_max_m < 0")})}),
        {option("x", {})}
    );
    CHECK(table.at("reuse_options").valid == std::vector<std::uint8_t>{0, 0, 0});
}

TEST_CASE(
    "A column that is not there makes a need unknown and is told of", "[ranking][reuse]"
) {
    const ReuseScreening found = screen_reuse(
        pits(),
        {option("landfill", {need("lake_distance_m >= 1000 AND river_distance_m >= 1000")}),
         option("farm", {need("pit_depth_max >= 2")})}
    );
    CHECK(answers(found, 0) == std::vector{unknown, no, no});
    CHECK(answers(found, 1) == std::vector{unknown, unknown, unknown});
    REQUIRE(found.issues.size() == 2);
    CHECK(found.issues[0].code == "reuse_column_missing");
    CHECK(found.issues[0].field == "lake_distance_m");
    CHECK(found.issues[0].severity == Severity::note); // an indicator that was not measured
    CHECK(found.issues[1].field == "pit_depth_max");
    CHECK(found.issues[1].severity == Severity::warning); // nobody's column: a slip of the pen
    CHECK_THAT(found.issues[1].message.en, ContainsSubstring("did you mean pit_depth_max_m?"));
    CHECK_THAT(found.verdicts[0].reason.zh, ContainsSubstring("lake_distance_m = NULL"));
}

TEST_CASE("A condition that is none stops the run", "[ranking][reuse]") {
    CHECK_THROWS_AS(screen_reuse(pits(), {option("x", {need("pit_depth_max_m >=")})}), Error);
    CHECK_THROWS_AS(screen_reuse(pits(), {option("x", {need("(SELECT 1)")})}), Error);
    CHECK_THROWS_AS(screen_reuse(pits(), {option("x", {need("nothing(1)")})}), Error);
}
