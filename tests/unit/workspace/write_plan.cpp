#include <tuban/workspace.hpp>

#include "catch.hpp"
#include "core/format.hpp"
#include "io/geopackage.hpp"
#include "unit/workspace/sample_result.hpp"
#include "workspace/style.hpp"

#include <array>
#include <clocale>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace tuban;

namespace {

std::filesystem::path scratch(const std::string& name) {
    const auto folder = std::filesystem::path(TUBAN_SCRATCH) / name;
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    return folder;
}

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

const Table& table_of(const std::vector<GeoPackageTable>& tables, const std::string& name) {
    for (const GeoPackageTable& table : tables) {
        if (table.name == name) {
            return table.table;
        }
    }
    FAIL("no table " << name);
    return tables.front().table;
}

std::size_t row_of(const Table& plots, const std::string& id) {
    const Column& ids = plots.at("plot_id");
    for (std::size_t i = 0; i < plots.rows; ++i) {
        if (ids.text(i) == id) {
            return i;
        }
    }
    FAIL("no plot " << id);
    return 0;
}

} // namespace

TEST_CASE("A plan file holds every table, in the values of the Result", "[workspace]") {
    const auto file = scratch("tables") / "plan.gpkg";
    write_plan(sample::result(), file.string());
    const auto tables = read_geopackage(file.string());

    const Table& plots = table_of(tables, "plots");
    REQUIRE(plots.rows == 8);
    const std::size_t split = row_of(plots, "S003");
    CHECK(split == 0); // rows keep file order
    CHECK(plots.at("status").text(split) == "planned");
    CHECK(plots.at("period").text(split) == "2023");
    CHECK(plots.at("planned_share").number(split) == 1.0);
    CHECK_THAT(*plots.at("planned_area_m2").number(split), WithinAbs(50000.33, 1e-9));
    CHECK(plots.at("rank").integer(split) == 3);
    CHECK(plots.at("cost_yuan").integer(split) == 250003);
    CHECK(plots.at("reason_zh").text(split) == "S003 按得分排序；分两期安排：2023、2024");

    // In gpkg_data_columns, which GDAL 3.6 does not read.
    CHECK(bytes_of(file).find("road_distance_m距道路距离") != std::string::npos);
    CHECK(plots.at("status").text(row_of(plots, "S006")) == "unscheduled");
    CHECK_FALSE(plots.at("period").text(row_of(plots, "S006")));
    CHECK(plots.at("planned_area_m2").number(row_of(plots, "S006")) == 0.0);
    CHECK(plots.at("status").text(row_of(plots, "S007")) == "ineligible");
    CHECK_FALSE(plots.at("score").number(row_of(plots, "S007")));
    CHECK_FALSE(plots.at("rank").integer(row_of(plots, "S007")));
    CHECK(plots.at("status").text(row_of(plots, "S008")) == "held_out");

    const Table& parts = table_of(tables, "assignments");
    REQUIRE(parts.rows == 6);
    CHECK(parts.at("plot_id").text(1) == "S003");
    CHECK(parts.at("share").number(1) == 0.33);
    CHECK(parts.at("area_m2").number(1) == 16500.11);
    CHECK(parts.at("cost_yuan").integer(1) == 82501);
    CHECK_FALSE(parts.at("cost_yuan").integer(5)); // S004 has no cost, which is not 0

    const Table& periods = table_of(tables, "periods");
    REQUIRE(periods.rows == 3);
    CHECK(periods.at("plots").integer(1) == 3);
    CHECK_THAT(*periods.at("area_m2").number(1), WithinAbs(133500.72, 1e-9));
    CHECK(periods.at("cost_yuan").integer(1) == 667503);
    CHECK(periods.at("last_year").integer(2) == 2026);

    const Table& rules = table_of(tables, "rules");
    REQUIRE(rules.rows == 5);
    CHECK(rules.at("condition").text(3) == "road_distance_m <= 500"); // not the alias
    CHECK(rules.at("points").number(1) == 60.0);
    CHECK(rules.at("curve").text(4) == "0: 0, 10: 5");
    CHECK(rules.at("origin").text(2) == "pack");

    const Table& constraints = table_of(tables, "constraints");
    REQUIRE(constraints.rows == 11);
    CHECK_FALSE(constraints.at("from_period").text(0));
    CHECK(constraints.at("to_period").text(5) == "2024");
    CHECK(constraints.at("group_by").text(8) == "cluster_id");
    CHECK(constraints.at("soft").integer(10) == 1);

    CHECK(table_of(tables, "alternatives").rows == 5);
    CHECK(table_of(tables, "issues").at("lon_deg").number(0) == 83.605);
    CHECK(table_of(tables, "inputs").at("sha256").text(1) == std::string(64, 'b'));
    const Table& run = table_of(tables, "run");
    CHECK(run.at("key").text(0) == "format");
    CHECK(run.at("value").text(0) == "1");
}

TEST_CASE("A run without a schedule writes a plan file with empty plan tables", "[workspace]") {
    const auto file = scratch("ranked") / "plan.gpkg";
    write_plan(sample::ranked_only(), file.string());
    const auto tables = read_geopackage(file.string());
    for (const char* name :
         {"assignments", "periods", "zone_hits", "constraints", "alternatives", "stages"}) {
        INFO(name);
        CHECK(table_of(tables, name).rows == 0);
    }
    const Table& plots = table_of(tables, "plots");
    CHECK(plots.at("status").text(0) == "unscheduled");
    CHECK(plots.at("rank").integer(0) == 3);
    CHECK_FALSE(plots.at("planned_area_m2").number(0));
}

TEST_CASE(
    "Folder, locale, time zone and an old file leave no trace in a plan file", "[workspace]"
) {
    const auto first = scratch("bytes_a") / "plan.gpkg";
    const auto second = scratch("bytes_b/deeper") / "plan.gpkg";
    write_plan(sample::result(), first.string());

    std::ofstream(second) << "an older file";
    ::setenv("TZ", "Asia/Shanghai", 1);
    ::tzset();
    const std::string before = std::setlocale(LC_ALL, nullptr);
    for (const char* name : {"de_DE.UTF-8", "zh_CN.UTF-8", "C.UTF-8"}) {
        if (std::setlocale(LC_ALL, name) != nullptr) {
            break;
        }
    }
    write_plan(sample::result(), second.string());
    std::setlocale(LC_ALL, before.c_str());
    ::unsetenv("TZ");
    ::tzset();

    const std::string bytes = bytes_of(first);
    CHECK(bytes.size() > 10000);
    CHECK(bytes == bytes_of(second));
    CHECK(bytes.find(std::filesystem::path(TUBAN_SCRATCH).string()) == std::string::npos);
    CHECK(std::distance(std::filesystem::directory_iterator(second.parent_path()), {}) == 1);
}

TEST_CASE("Source columns that bear our names make way and keep their values", "[workspace]") {
    Result result = sample::result();
    result.table.put(text_column("Status", "", sample::Texts(8, "旧")));
    result.table.put(text_column("FID", "", sample::Texts(8, "9")));
    result.table.put(text_column("geom", "", sample::Texts(8, "x")));
    const auto file = scratch("names") / "plan.gpkg";
    write_plan(result, file.string());
    const auto tables = read_geopackage(file.string());
    const Table& plots = table_of(tables, "plots");
    CHECK(plots.at("src_Status").text(0) == "旧");
    CHECK(plots.at("status").text(0) == "planned");
    CHECK(plots.at("FID").text(0) == "9");
    CHECK(plots.at("geom").text(0) == "x");
}

TEST_CASE("A folder that is not there is an unwritable output", "[workspace]") {
    const auto file = scratch("gone") / "no" / "plan.gpkg";
    try {
        write_plan(sample::result(), file.string());
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::unwritable_output);
        CHECK(error.where().file == file.string());
    }
}

TEST_CASE("The QGIS style has a category per period and state", "[workspace]") {
    const std::string qml = plots_qml({{"2023", {2023}}, {"2024 & <甲>", {2024}}});
    CHECK_THAT(qml, ContainsSubstring("value=\"2023\""));
    CHECK_THAT(qml, ContainsSubstring("2024 &amp; &lt;甲&gt;"));
    CHECK_THAT(qml, ContainsSubstring("k=\"color\" v=\"27,108,168,255\"")); // #1b6ca8
    CHECK_THAT(qml, ContainsSubstring("value=\"held_out\""));
    CHECK_THAT(qml, ContainsSubstring("v=\"dash\""));
}
