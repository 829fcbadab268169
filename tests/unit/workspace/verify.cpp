#include <tuban/workspace.hpp>

#include "catch.hpp"
#include "unit/workspace/sample_result.hpp"

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <filesystem>
#include <string>
#include <vector>

using namespace tuban;

namespace {

std::string fresh_plan(const std::string& name, const Result& result = sample::result()) {
    const auto folder = std::filesystem::path(TUBAN_SCRATCH) / "verify";
    std::filesystem::create_directories(folder);
    const std::string file = (folder / (name + ".gpkg")).string();
    write_plan(result, file);
    return file;
}

/// Changes a plan file behind tuban's back.
void damage(const std::string& file, const std::string& sql) {
    GDALAllRegister();
    const GDALDatasetUniquePtr dataset(GDALDataset::Open(
        file.c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE, nullptr, nullptr, nullptr
    ));
    REQUIRE(dataset);
    CPLErrorReset();
    OGRLayer* rows = dataset->ExecuteSQL(sql.c_str(), nullptr, nullptr);
    if (rows != nullptr) {
        dataset->ReleaseResultSet(rows);
    }
    INFO(CPLGetLastErrorMsg());
    REQUIRE(CPLGetLastErrorType() < CE_Failure);
}

std::string all(const Verification& verification) {
    std::string text;
    for (const Finding& finding : verification.findings) {
        text += finding.table + " " + finding.key + ": " + finding.message.en + "\n";
    }
    return text;
}

struct Damage {
    const char* name;
    const char* sql;
    const char* finding; ///< must be among what is found
};

} // namespace

TEST_CASE("A plan as written has nothing to find", "[workspace][verify]") {
    const Verification verification = verify_plan(fresh_plan("whole"));
    INFO(all(verification));
    CHECK(verification.findings.empty());
    CHECK(verification.requirements == 11);
    CHECK(verification.parts == 6);
    CHECK(verification.totals > 30);
}

TEST_CASE("A run without a schedule has nothing to find", "[workspace][verify]") {
    const Verification verification = verify_plan(fresh_plan("ranked", sample::ranked_only()));
    INFO(all(verification));
    CHECK(verification.findings.empty());
}

TEST_CASE("Each kind of damage is found", "[workspace][verify]") {
    const auto c = GENERATE(
        Damage{
            "share",
            "UPDATE assignments SET share = 0.34 WHERE plot_id = 'S003' AND period = '2023'",
            "assignments S003: its shares add up to 101 %"},
        Damage{
            "share range",
            "UPDATE assignments SET share = 1.5 WHERE plot_id = 'S001'",
            "assignments S001: its share is 1.5"},
        Damage{
            "part area",
            "UPDATE assignments SET area_m2 = 16500.12 WHERE plot_id = 'S003' AND period = "
            "'2023'",
            "assignments S003: area_m2 is stored as 50000.34, recomputed as 50000.33"},
        Damage{
            "part money",
            "UPDATE assignments SET cost_yuan = 82500 WHERE plot_id = 'S003' AND period = "
            "'2023'",
            "assignments S003: cost_yuan is stored as 250002"},
        Damage{
            "area moved between parts",
            "UPDATE assignments SET area_m2 = CASE period WHEN '2023' THEN 16600.11 ELSE "
            "33400.22 END WHERE plot_id = 'S003'",
            "assignments S003: area_m2 does not fit its share"},
        Damage{
            "part mode",
            "UPDATE assignments SET mode = 'reuse' WHERE plot_id = 'S001'",
            "assignments S001: its mode"},
        Damage{
            "unknown plot",
            "UPDATE assignments SET plot_id = 'S999' WHERE plot_id = 'S001'",
            "assignments S999: there is no such plot"},
        Damage{
            "unknown period",
            "UPDATE assignments SET period = '2027' WHERE plot_id = 'S001'",
            "assignments S001: there is no period \"2027\""},
        Damage{
            "part twice",
            "INSERT INTO assignments(plot_id, period, share, area_m2, mode, cost_yuan) SELECT "
            "plot_id, period, share, area_m2, mode, cost_yuan FROM assignments WHERE plot_id = "
            "'S001'",
            "assignments S001: two rows in period"},
        Damage{
            "part moved",
            "UPDATE assignments SET period = '2024' WHERE plot_id = 'S001'",
            "plots S001: period is stored as 2023, recomputed as 2024"},
        Damage{
            "part gone",
            "DELETE FROM assignments WHERE plot_id = 'S005'",
            "plots S005: its status, period and assignments disagree"},
        Damage{
            "plot area",
            "UPDATE plots SET area_m2 = 120001 WHERE plot_id = 'S001'",
            "assignments S001: area_m2 is stored as 120000, recomputed as 120001"},
        Damage{
            "plot cost",
            "UPDATE plots SET cost_yuan = 600001 WHERE plot_id = 'S001'",
            "assignments S001: cost_yuan is stored as 600000, recomputed as 600001"},
        Damage{
            "plot twice",
            "UPDATE plots SET plot_id = 'S001' WHERE plot_id = 'S006'",
            "plots S001: this plot_id is there twice"},
        Damage{
            "status",
            "UPDATE plots SET status = 'planned' WHERE plot_id = 'S006'",
            "plots S006: its status, period and assignments disagree"},
        Damage{
            "unknown status",
            "UPDATE plots SET status = 'done' WHERE plot_id = 'S006'",
            "plots S006: unknown status"},
        Damage{
            "first period",
            "UPDATE plots SET period = '2024' WHERE plot_id = 'S003'",
            "plots S003: period is stored as 2024, recomputed as 2023"},
        Damage{
            "planned share",
            "UPDATE plots SET planned_share = 0.67 WHERE plot_id = 'S003'",
            "plots S003: planned_share (%) is stored as 67"},
        Damage{
            "planned area",
            "UPDATE plots SET planned_area_m2 = 50000.34 WHERE plot_id = 'S003'",
            "plots S003: planned_area_m2 is stored as 50000.34"},
        Damage{
            "no area",
            "UPDATE plots SET area_m2 = NULL WHERE plot_id = 'S006'",
            "plots S006: it takes part but has no area"},
        Damage{
            "rank twice",
            "UPDATE plots SET rank = 1 WHERE plot_id = 'S002'",
            "plots S002: two plots have rank 1"},
        Damage{
            "rank gap",
            "UPDATE plots SET rank = 9 WHERE plot_id = 'S006'",
            "ranks are not 1 to 6"},
        Damage{
            "rank of the ineligible",
            "UPDATE plots SET rank = 7, score = 0 WHERE plot_id = 'S007'",
            "plots S007: rank and status disagree"},
        Damage{
            "rank against score",
            "UPDATE plots SET rank = 3 - rank WHERE rank < 3",
            "plots S001: its score does not fit rank 2"},
        Damage{
            "score",
            "UPDATE plots SET score = 85.001 WHERE plot_id = 'S001'",
            "plots S001: its score 85.001 is not the sum of its contributions 85"},
        Damage{
            "contribution",
            "UPDATE contributions SET points = points + 1 WHERE plot_id = 'S002' AND rule_id = "
            "'depth'",
            "plots S002: its score 80 is not the sum of its contributions 81"},
        Damage{
            "unknown rule",
            "UPDATE contributions SET rule_id = 'x' WHERE plot_id = 'S002' AND rule_id = "
            "'depth'",
            "contributions S002: no such plot, or no rule \"x\""},
        Damage{
            "plots of a period",
            "UPDATE periods SET plots = 2 WHERE period = '2024'",
            "periods 2024: plots is stored as 2, recomputed as 3"},
        Damage{
            "area of a period",
            "UPDATE periods SET area_m2 = area_m2 + 0.01 WHERE period = '2024'",
            "periods 2024: area_m2 is stored as 133500.73, recomputed as 133500.72"},
        Damage{
            "money of a period",
            "UPDATE periods SET cost_yuan = 667502 WHERE period = '2024'",
            "periods 2024: cost_yuan is stored as 667502, recomputed as 667503"},
        Damage{
            "years",
            "UPDATE periods SET first_year = 2023 WHERE period = '2024'",
            "periods 2024: its years"},
        Damage{
            "achieved area",
            "UPDATE constraints SET achieved = 30.000084 WHERE id = 'target'",
            "constraints target: achieved is stored as 30.000084, recomputed as 30.000083"},
        Damage{
            "achieved plots",
            "UPDATE constraints SET achieved = 3 WHERE id = 'count-2023'",
            "constraints count-2023: achieved is stored as 3, recomputed as 2"},
        Damage{
            "achieved money",
            "UPDATE constraints SET achieved = 66.7502 WHERE id = 'money-2024'",
            "constraints money-2024: achieved"},
        Damage{
            "achieved share",
            "UPDATE constraints SET achieved = 2.99 WHERE id = 'finish'",
            "constraints finish: achieved is stored as 2.99, recomputed as 3"},
        Damage{
            "achieved column",
            "UPDATE constraints SET achieved = 60.1 WHERE id = 'central'",
            "constraints central: achieved is stored as 60.1, recomputed as 60"},
        Damage{
            "achieved of a soft one",
            "UPDATE constraints SET achieved = 2, slack = 0 WHERE id = 'even'",
            "constraints even: achieved is stored as 2, recomputed as 3"},
        Damage{
            "slack",
            "UPDATE constraints SET slack = 5 WHERE id = 'target'",
            "constraints target: slack is stored as 5, recomputed as 5.000083"},
        Damage{
            "required raised",
            "UPDATE constraints SET required = 31, slack = -0.999917 WHERE id = 'target'",
            "constraints target: does not hold: required 31, achieved 30.000083"},
        Damage{
            "tolerance",
            "UPDATE constraints SET tolerance = 0, slack = -0.000072 WHERE id = 'area-2024'",
            "constraints area-2024: does not hold"},
        Damage{
            "filter",
            "UPDATE constraints SET filter = 'town = ''多拉特乡''' WHERE id = 'town'",
            "constraints town: achieved is stored as 19.000033, recomputed as 0"},
        Damage{
            "filter that reads elsewhere",
            "UPDATE constraints SET filter = '(SELECT count(*) FROM run) > 0' WHERE id = "
            "'town'",
            "constraints town: "},
        Damage{
            "together",
            "UPDATE plots SET cluster_id = 'S001' WHERE plot_id = 'S002'",
            "constraints one-year: achieved is stored as 0, recomputed as 1"},
        Damage{
            "periods of a requirement",
            "UPDATE constraints SET to_period = '2023' WHERE id = 'finish'",
            "constraints finish: achieved is stored as 3, recomputed as 1.33"},
        Damage{
            "unknown quantity",
            "UPDATE constraints SET quantity = 'gold' WHERE id = 'target'",
            "constraints target: unknown quantity \"gold\""},
        Damage{
            "relation",
            "UPDATE constraints SET relation = 'about' WHERE id = 'target'",
            "constraints target: unknown relation"},
        Damage{
            "total plots",
            "UPDATE run SET value = '6' WHERE key = 'planned_plots'",
            "run planned_plots: planned_plots is stored as 6, recomputed as 5"},
        Damage{
            "total area",
            "UPDATE run SET value = '300000.84' WHERE key = 'planned_area_m2'",
            "run planned_area_m2"},
        Damage{
            "total money",
            "DELETE FROM run WHERE key = 'planned_cost_yuan'",
            "run planned_cost_yuan"},
        Damage{
            "state",
            "UPDATE run SET value = 'best' WHERE key = 'status'",
            "run status: unknown status"}
    );
    const std::string file = fresh_plan("damaged");
    damage(file, c.sql);
    const Verification verification = verify_plan(file);
    INFO(c.name << "\n" << all(verification));
    CHECK_THAT(all(verification), ContainsSubstring(c.finding));
    for (const Finding& finding : verification.findings) {
        CHECK_FALSE(finding.message.zh.empty());
    }
}

TEST_CASE(
    "A relaxed plan may break requirements, but not misstate them", "[workspace][verify]"
) {
    const std::string file = fresh_plan("relaxed");
    damage(file, "UPDATE constraints SET required = 31, slack = -0.999917 WHERE id = 'target'");
    damage(file, "UPDATE run SET value = 'infeasible' WHERE key = 'status'");
    const Verification verification = verify_plan(file);
    INFO(all(verification));
    CHECK(verification.findings.empty());
    CHECK_FALSE(holds(verification)); // "holds" was said of a plan that misses its target
    REQUIRE(verification.unmet.size() == 1);
    CHECK(verification.unmet[0].id == "target");
    CHECK_THAT(verification.unmet[0].required, WithinAbs(31.0, 0.0));
    CHECK_THAT(verification.unmet[0].achieved, WithinAbs(30.000083, 1e-9)); // 31 − 0.999917
    CHECK_THAT(verification.unmet[0].message.zh, ContainsSubstring("不少于 31"));
}

TEST_CASE("What is no plan is refused", "[workspace][verify]") {
    const auto refused = [](const std::string& file) {
        try {
            (void)verify_plan(file);
        } catch (const Error& error) {
            return error.code() == ErrorCode::unreadable_input;
        }
        return false;
    };
    CHECK(refused((std::filesystem::path(TUBAN_SCRATCH) / "nothing.gpkg").string()));
    CHECK(refused(std::string(TUBAN_SOURCE_DIR) + "/CMakeLists.txt"));
    const std::string file = fresh_plan("headless");
    damage(file, "DROP TABLE constraints");
    CHECK(refused(file));
}

TEST_CASE("A plot is explained from the plan file alone", "[workspace][explain]") {
    const std::string file = fresh_plan("explained");
    const Explanation plot = explain_plot(file, "S001");
    CHECK(plot.status == "planned");
    CHECK(plot.rank == 1);
    CHECK(plot.tier == 1);
    CHECK(plot.tier_name == "重点区域");
    CHECK(plot.score == 85.0);
    REQUIRE(plot.rules.size() == 3);
    CHECK(plot.rules[1].id == "near-road");
    CHECK(plot.rules[1].basis == "方案三（二）");
    CHECK(plot.rules[1].points == 20.0);
    CHECK(plot.period == "2023");
    REQUIRE(plot.alternatives.size() == 3);
    CHECK(plot.alternatives[0].cost_of_moving == 42.5);
    REQUIRE(plot.what_would_change_it.size() == 3);
    CHECK_THAT(plot.what_would_change_it[0].zh, ContainsSubstring("42.5"));
    CHECK_THAT(
        plot.what_would_change_it[2].zh, ContainsSubstring("不列入计划：将违反target、begun")
    );
    CHECK_THAT(plot.what_would_change_it[2].en, ContainsSubstring("breaks target, begun"));

    CHECK(explain_plot(file, "S006").period.empty());
    const Explanation gated = explain_plot(file, "S007");
    CHECK_FALSE(gated.rank);
    REQUIRE(gated.what_would_change_it.size() == 1);
    CHECK_THAT(gated.what_would_change_it[0].en, ContainsSubstring("legacy"));
}

TEST_CASE("An unknown plot is refused with the nearest id", "[workspace][explain]") {
    const std::string file = fresh_plan("unknown");
    try {
        (void)explain_plot(file, "S0O1");
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::invalid_argument);
        CHECK_THAT(error.message().en, ContainsSubstring("did you mean S0"));
    }
}
