#include <tuban/report.hpp>

#include "catch.hpp"
#include "report/book.hpp"
#include "report/figures.hpp"
#include "unit/workspace/sample_result.hpp"

#include <clocale>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

using namespace tuban;

namespace {

/// Left in the build folder, where workbook_test.py reads it with another library.
std::string workbook(const Result& result, const std::string& name) {
    const std::string file = std::string(TUBAN_PAGES) + "/" + name;
    write_workbook(result, file);
    return file;
}

std::string bytes_of(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// One county, nine mines by shares (合成数据): 5.7 ha in 2022–2023 and 18.85 ha in 2024–2025.
Result annex() {
    Result result = sample::result();
    result.project.report.county = "友好区";
    result.project.report.table = "youhao";
    result.plan->periods = {{"2022—2023年", {2022, 2023}}, {"2024—2025年", {2024, 2025}}};
    result.plan->assignments = {
        {sample::s001, 0, 100, 3'700'000, 600'000},
        {sample::s003, 0, 33, 2'000'000, 82'501},
        {sample::s002, 1, 100, 15'000'000, 400'001},
        {sample::s003, 1, 67, 3'850'000, 167'502},
    };
    result.plan->constraints.clear();
    return result;
}

} // namespace

TEST_CASE("The workbooks that another library checks are written", "[workbook]") {
    CHECK(std::filesystem::exists(workbook(sample::result(), "t1.xlsx")));
    CHECK(std::filesystem::exists(workbook(annex(), "youhao.xlsx")));
    CHECK(std::filesystem::exists(workbook(sample::ranked_only(), "ranked.xlsx")));

    Result mu = sample::result();
    mu.project.report.unit = "亩";
    mu.project.report.lang = "en";
    mu.project.rules = {};
    mu.ranking.contributions.clear();
    mu.issues.clear();
    mu.plan->constraints.clear();
    mu.plan->status = PlanStatus::infeasible;
    mu.plan->conflicts = {
        {"target", "下达目标", 1.5, "公顷", {"还差 1.5 公顷", "1.5 ha short"}}};
    CHECK(std::filesystem::exists(workbook(mu, "mu.xlsx")));
}

TEST_CASE("Locale, time zone and folder leave no trace in a workbook", "[workbook]") {
    const std::string first = bytes_of(workbook(sample::result(), "bytes_a.xlsx"));
    std::filesystem::create_directories(std::string(TUBAN_PAGES) + "/deeper");
    ::setenv("TZ", "America/St_Johns", 1);
    ::tzset();
    const std::string before = std::setlocale(LC_ALL, nullptr);
    bool comma = false; // a locale whose decimal point is a comma, where the machine has one
    for (const char* name : {"de_DE.UTF-8", "fr_FR.UTF-8", "ru_RU.UTF-8"}) {
        comma = comma || std::setlocale(LC_ALL, name) != nullptr;
    }
    const std::string second = bytes_of(workbook(sample::result(), "deeper/bytes_b.xlsx"));
    std::setlocale(LC_ALL, before.c_str());
    ::unsetenv("TZ");
    ::tzset();
    if (!comma) {
        WARN("skipped: no locale with a decimal comma on this machine");
    }
    CHECK(first.size() > 5000);
    CHECK(first == second);
}

TEST_CASE("A folder that is not there makes the workbook unwritable", "[workbook]") {
    try {
        write_workbook(sample::result(), std::string(TUBAN_PAGES) + "/nowhere/plan.xlsx");
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::unwritable_output);
    }
}

TEST_CASE("Cells have the names that spreadsheets give them", "[workbook]") {
    CHECK(cell_name({0, 0}) == "A1");
    CHECK(cell_name({4, 25}) == "Z5");
    CHECK(cell_name({9, 26}) == "AA10");
    CHECK(cell_name({0, 701}) == "ZZ1");
    CHECK(cell_name({0, 702}) == "AAA1");
}

TEST_CASE("Printed units count half up", "[workbook]") {
    const PrintedUnit hectares = printed_unit("公顷");
    CHECK(printed(hectares, 76'737'800) == 767'378); // 767378.00 m²
    CHECK(shown(hectares, 767'378) == 76.7378);
    CHECK(printed(hectares, 149) == 1); // 1.49 m²
    CHECK(printed(hectares, 150) == 2);
    CHECK(shown(printed_unit("亩"), printed(printed_unit("亩"), 66'666'667)) == 1000.0);
    CHECK(shown(annex_unit("公顷"), printed(annex_unit("公顷"), 5'704'999)) == 5.7);
}
