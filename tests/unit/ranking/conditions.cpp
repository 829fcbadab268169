#include <tuban/ranking.hpp>

#include "catch.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace tuban;

namespace {

using Truths = std::vector<std::optional<bool>>;
using Numbers = std::vector<std::optional<double>>;

constexpr auto null = std::nullopt;

/// Three plots, synthetic (合成数据).
Table plots() {
    Table table;
    table.put(text_column("plot_id", "图斑编号", {"a", "b", "c"}));
    table.put(text_column("TBDL", "", {"10", "20", null}));
    table.put(text_column("类型", "", {"露天采场", "固体废弃物堆场", "井口"}));
    table.put(text_column("town", "乡镇", {"铁厂沟镇", "Aqu", "aqu*"}));
    table.put(real_column("area_m2", "图斑面积", "m2", {{60'000.0}, {20'000.0}, {4000.0}}));
    table.put(real_column("road_distance_m", "距道路距离", "m", {{329.4}, {1200.0}, null}));
    table.put(integer_column("cost_yuan", "投资", "yuan", {{7}, {17'000'000}, null}));
    table.put(integer_column("count", "", "", {{7}, {2}, {0}}));
    return table;
}

Truths truth(const std::string& text) {
    Conditions conditions(plots());
    return conditions.truth({text, {}});
}

Numbers number(const std::string& text) {
    Conditions conditions(plots());
    return conditions.number({text, {}});
}

/// The error that a condition makes; a failed check if it makes none.
struct Refusal {
    ErrorCode code = ErrorCode::internal;
    std::string zh;
    std::string en;
    Where where;
};

Refusal refusal(const Condition& condition, const Table& table = plots()) {
    Conditions conditions(table);
    try {
        static_cast<void>(conditions.truth(condition));
    } catch (const Error& error) {
        return {error.code(), error.message().zh, error.message().en, error.where()};
    }
    return {};
}

Refusal refusal(const std::string& text) {
    return refusal(Condition{text, {"项目.yaml", 5, 9}});
}

std::string portable(const std::string& text) {
    Conditions conditions(plots());
    return conditions.portable({text, {}});
}

std::size_t warned(const std::string& text, const std::string& word) {
    Conditions conditions(plots());
    std::size_t times = 0;
    for (const Text& warning : conditions.warnings({text, {}})) {
        times += warning.en.find(word) != std::string::npos ? 1U : 0U;
        CHECK_FALSE(warning.zh.empty());
    }
    return times;
}

} // namespace

TEST_CASE("A condition is true, false or unknown for each plot", "[ranking]") {
    CHECK(truth("road_distance_m <= 1000") == Truths{true, false, null});
    CHECK(truth("TBDL = '10' AND area_m2 > 5e4") == Truths{true, false, false});
    CHECK(truth("road_distance_m IS NULL") == Truths{false, false, true});
    CHECK(truth("TRUE") == Truths{true, true, true});
    CHECK(truth("NULL") == Truths{null, null, null});
    CHECK(truth("'1a'") == Truths{true, true, true}); // as SQLite's WHERE
    CHECK(truth("'镇'") == Truths{false, false, false});
}

TEST_CASE("An expression gives numbers, and text that is one counts", "[ranking]") {
    CHECK(number("area_m2 / 10000") == Numbers{6.0, 2.0, 0.4});
    CHECK(number("TBDL") == Numbers{10.0, 20.0, null});
    CHECK(number("town") == Numbers{null, null, null});
    CHECK(number("'nan'") == Numbers{null, null, null});
}

TEST_CASE("Chinese aliases stand for columns outside of literals", "[ranking]") {
    CHECK(truth("距道路距离 <= 1000") == Truths{true, false, null});
    CHECK(truth("乡镇 = '乡镇'") == Truths{false, false, false});
    CHECK(truth("TRUE -- 距道路距离") == Truths{true, true, true});
    CHECK(truth("\"road_distance_m\" <= 1000") == Truths{true, false, null});
    CHECK_THAT(refusal("\"距道路距离\" < 5").zh, ContainsSubstring("\"road_distance_m\""));
}

TEST_CASE(
    "A column of the source wins over an alias of the same name, with a warning", "[ranking]"
) {
    Table table = plots();
    table.put(real_column("距道路距离", "", "", {{5.0}, {5.0}, {5.0}}));
    Conditions conditions(table);
    const Condition condition{"距道路距离 = 5", {}};
    CHECK(conditions.truth(condition) == Truths{true, true, true});
    REQUIRE(conditions.warnings(condition).size() == 1);
    CHECK_THAT(conditions.warnings(condition)[0].en, ContainsSubstring("road_distance_m"));
}

TEST_CASE("An alias that two columns share is refused", "[ranking]") {
    Table table = plots();
    table.put(real_column("other_m", "距道路距离", "m", {{5.0}, {5.0}, {5.0}}));
    CHECK_THAT(refusal({"距道路距离 = 5", {}}, table).en, ContainsSubstring("other_m"));
}

TEST_CASE("Views in mu and wan yuan are exact", "[ranking]") {
    CHECK(truth("area_mu = 90") == Truths{true, false, false});
    CHECK(truth("cost_wan_yuan = 1700") == Truths{false, true, null});
    CHECK(portable("cost_wan_yuan <= 1700") == "(\"cost_yuan\" / 10000.0) <= 1700");
    Table table = plots();
    table.put(real_column("area_mu", "", "mu", {{1.0}, {1.0}, {1.0}}));
    Conditions conditions(table); // a column of that name wins
    CHECK(conditions.truth({"area_mu = 1", {}}) == Truths{true, true, true});
}

TEST_CASE("Declared types keep text and numbers apart", "[ranking]") {
    CHECK(truth("area_m2 > '5'") == Truths{true, true, true});
    CHECK(truth("count = '7'") == Truths{true, false, false});
    CHECK(truth("'3' > CAST(5 AS REAL)") == Truths{false, false, false});
}

TEST_CASE("An error stands at its line and column, counted in characters", "[ranking]") {
    const auto misspelt = refusal("乡镇 = '镇' AND raod_distance_m > 5");
    CHECK(misspelt.code == ErrorCode::invalid_project);
    CHECK(misspelt.where == Where{"项目.yaml", 5, 9 + 13});
    CHECK_THAT(misspelt.zh, ContainsSubstring("是不是 road_distance_m？"));
    CHECK_THAT(misspelt.en, ContainsSubstring("did you mean road_distance_m?"));
    // The second line of a block is indented like the first.
    CHECK(refusal("TRUE AND\n  距道路 > 5").where == Where{"项目.yaml", 6, 11});
    CHECK(refusal({"x", {}}, plots()).where == Where{"", 1, 1});
    // An alias before the place grows when rewritten; the place does not move.
    CHECK(refusal("距道路距离 > 1 AND nix = 2").where == Where{"项目.yaml", 5, 9 + 14});
}

TEST_CASE("A misspelt Chinese name gets the nearest alias", "[ranking]") {
    CHECK_THAT(refusal("距公路距离 > 5").zh, ContainsSubstring("是不是 距道路距离？"));
}

TEST_CASE("Text in double quotes is never a silent text", "[ranking]") {
    const auto found = refusal("类型 = \"露天采场\"");
    CHECK_THAT(found.zh, ContainsSubstring("文本请用单引号 '露天采场'"));
    CHECK_THAT(found.en, ContainsSubstring("single quotes '露天采场'"));
    CHECK(found.where.column == 9 + 5);
    CHECK(refusal("\"面积X\" > 5").code == ErrorCode::invalid_project);
}

TEST_CASE("Full-width signs are named with their remedy, at their place", "[ranking]") {
    struct Case {
        const char* text;
        const char* zh;
        int column; // from 1 in the text
    };

    const auto c = GENERATE(
        Case{"类型 = ‘露天采场’", "英文单引号", 6},
        Case{"类型 = “露天采场”", "英文单引号", 6},
        Case{"area_m2≥5", "半角 >=", 8},
        Case{"area_m2 ＞ 5", "半角 >", 9},
        Case{"area_m2 > ５", "半角 5", 11},
        Case{"area_m2　> 5", "半角空格", 8},
        Case{"coalesce(area_m2，0) > 5", "半角 ,", 17},
        Case{"（area_m2 > 5)", "半角 (", 1},
        Case{"类型＝'井口'", "半角 =", 3}
    );
    INFO(c.text);
    const auto found = refusal(c.text);
    CHECK(found.code == ErrorCode::invalid_project);
    CHECK_THAT(found.zh, ContainsSubstring(c.zh));
    CHECK(found.where.column == 8 + c.column);
}

TEST_CASE(
    "Full-width signs are left alone in texts, comments and names of columns", "[ranking]"
) {
    CHECK(truth("类型 <> '（，）' /* ， */") == Truths{true, true, true});
    Table table = plots();
    table.put(real_column("面积（公顷）", "", "", {{1.0}, {2.0}, {3.0}}));
    Conditions conditions(table);
    CHECK(conditions.truth({"面积（公顷） > 1.5", {}}) == Truths{false, true, true});
}

TEST_CASE("A condition reads its own table and nothing else", "[ranking]") {
    for (const char* text :
         {"(SELECT 1)",
          "EXISTS (SELECT 1 FROM p)",
          "1 IN (SELECT count FROM p)",
          "1 IN sqlite_master",
          "1 IN other",
          "1 IN p",
          "p.count = 7",
          "sqlite_master.name = 'x'",
          "rowid = 1",
          "oid = 1",
          "load_extension('x') = 1",
          "readfile('/etc/passwd') IS NULL",
          "1) FROM p; DROP TABLE p; --",
          "1) UNION SELECT (2",
          "1) FROM p WHERE (0",
          "1; DELETE FROM p",
          "?1 = 1",
          ":a = 1",
          "@a",
          "1 IN json_each('[1]')",
          "x'41' MATCH 1"}) {
        INFO(text);
        const auto found = refusal(text);
        CHECK(found.code == ErrorCode::invalid_project);
        CHECK(found.where.line == 5);
        CHECK_FALSE(found.zh.empty());
    }
    CHECK_THAT(refusal("1 IN (SELECT 2)").zh, ContainsSubstring("子查询"));
    CHECK_THAT(refusal("1 IN other").en, ContainsSubstring("the table other"));
    CHECK_THAT(refusal("count = 7; TRUE").en, ContainsSubstring("one expression"));
}

TEST_CASE("A column called rowid or count is a column", "[ranking]") {
    Table table = plots();
    table.put(integer_column("rowid", "", "", {{70}, {80}, {90}}));
    Conditions conditions(table);
    CHECK(conditions.truth({"rowid = 80", {}}) == Truths{false, true, false});
    CHECK(conditions.truth({"count = 2", {}}) == Truths{false, true, false});
}

TEST_CASE("Functions that depend on the moment or on chance are refused", "[ranking]") {
    for (const char* text :
         {"random() > 0",
          "date('now') > '2020'",
          "current_timestamp > '2'",
          "current_date = ''"}) {
        INFO(text);
        CHECK_THAT(refusal(text).en, ContainsSubstring("not allowed"));
    }
    CHECK_THAT(refusal("coalese(count, 1)").en, ContainsSubstring("did you mean coalesce?"));
    CHECK_THAT(refusal("abs(1, 2)").zh, ContainsSubstring("参数个数"));
}

TEST_CASE("No function may look at more than one plot", "[ranking]") {
    for (const char* text :
         {"area_m2 = max(area_m2)",
          "min(count) = 0",
          "MAX ( count ) > 1",
          "max(max(count)) > 1",
          "count(*) > 1",
          "sum(area_m2) > 1",
          "row_number() OVER () = 1",
          "max(count) OVER () > 1"}) {
        INFO(text);
        CHECK_THAT(refusal(text).zh, ContainsSubstring("汇总函数"));
    }
    CHECK(truth("max(count, 3) = 7") == Truths{true, false, false});
    CHECK(truth("max(coalesce(count, 0), min(3, 2)) > 2") == Truths{true, false, false});
    CHECK(refusal("abs(count) OVER () > 1").code == ErrorCode::invalid_project);
}

TEST_CASE("One condition is one expression, and complete", "[ranking]") {
    CHECK_THAT(refusal("count, 1").en, ContainsSubstring("one expression"));
    CHECK_THAT(refusal("").en, ContainsSubstring("empty"));
    CHECK_THAT(refusal(" -- only a comment").en, ContainsSubstring("empty"));
    CHECK_THAT(refusal("count >").en, ContainsSubstring("not complete"));
    CHECK_THAT(refusal("(count > 1").en, ContainsSubstring("never closed"));
    CHECK_THAT(refusal("count > 1)").en, ContainsSubstring("no opening one"));
    CHECK_THAT(refusal("类型 = '井口").en, ContainsSubstring("never closed"));
    CHECK_THAT(refusal(std::string("1\0 = 1", 6)).en, ContainsSubstring("NUL"));
    CHECK(refusal("count = 1 = = 2").where.column == 9 + 12);
    CHECK(refusal("5abc > 1").code == ErrorCode::invalid_project);
    CHECK(refusal("(count, 1) IS NULL").code == ErrorCode::invalid_project);
    CHECK(refusal(std::string(40'000, ' ') + "1").code == ErrorCode::invalid_project);
}

TEST_CASE("A comment at the end does not eat the bracket", "[ranking]") {
    CHECK(truth("count = 7 -- seven") == Truths{true, false, false});
    CHECK(truth("count = /* ) */ 7") == Truths{true, false, false});
}

TEST_CASE("An alias with its unit is explained", "[ranking]") {
    CHECK_THAT(refusal("距道路距离(米) > 5").zh, ContainsSubstring("不带单位"));
}

TEST_CASE("What only QGIS knows is pointed out or works", "[ranking]") {
    CHECK_THAT(refusal("count ^ 2 > 4").en, ContainsSubstring("x*x"));
    CHECK_THAT(refusal("town ILIKE 'aqu%'").zh, ContainsSubstring("lower"));
    CHECK_THAT(refusal("left(town, 1) = 'A'").en, ContainsSubstring("substr"));
    CHECK_THAT(refusal("count // 2 = 3").en, ContainsSubstring("floor"));
    CHECK(truth("if(count > 5, 1, 0)") == Truths{true, false, false});
    CHECK(truth("if(cost_yuan > 5, 0, 1)") == Truths{false, false, true});
    CHECK(number("regexp_match(town, '[沟u]')") == Numbers{3.0, 3.0, 3.0});
    CHECK(number("regexp_match(TBDL, '^2')") == Numbers{0.0, 1.0, null});
    CHECK(number("strpos(town, '镇')") == Numbers{4.0, 0.0, 0.0});
    CHECK(truth("concat(TBDL, '-', count) = '-0'") == Truths{false, false, true});
    CHECK(number("to_int(' 12 ')") == Numbers{12.0, 12.0, 12.0});
    CHECK(number("to_int('12x')") == Numbers{null, null, null});
    CHECK(number("to_int(2.5)") == Numbers{3.0, 3.0, 3.0});
    CHECK(number("to_real(TBDL) / 4") == Numbers{2.5, 5.0, null});
    CHECK(truth("upper(town) = 'AQU'") == Truths{false, true, false});
}

TEST_CASE("LIKE minds case, as in QGIS", "[ranking]") {
    CHECK(truth("town LIKE 'a%'") == Truths{false, false, true});
}

TEST_CASE("A hostile pattern or expression ends", "[ranking]") {
    CHECK(
        number("regexp_match('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '^(a*)*b$')") ==
        Numbers{0.0, 0.0, 0.0}
    );
    CHECK_THAT(
        refusal("regexp_match(town, '(') > 0").en, ContainsSubstring("regular expression")
    );
    std::string deep = "1";
    for (int i = 0; i < 200; ++i) {
        deep = "abs(" + deep + ")";
    }
    CHECK(refusal(deep).code == ErrorCode::invalid_project);
}

TEST_CASE("Columns that are read come in the table's order", "[ranking]") {
    Conditions conditions(plots());
    CHECK(
        conditions.columns_read({"count > 1 AND (距道路距离 < 5 OR TBDL = 'count')", {}}) ==
        std::vector<std::string>{"TBDL", "road_distance_m", "count"}
    );
    CHECK(conditions.columns_read({"TRUE", {}}).empty());
}

TEST_CASE("What is stored runs in any SQLite and gives the same plots", "[ranking]") {
    CHECK(portable("距道路距离 <= 1000 -- near") == "\"road_distance_m\" <= 1000");
    CHECK(portable("town LIKE '%镇'") == "town GLOB '*镇'");
    CHECK(portable("town not like 'a_u*'") == "town not GLOB 'a?u[*]'");
    CHECK(portable("town LIKE '[x]?''%'") == "town GLOB '[[]x][?]''*'");
    CHECK(portable("town LIKE 'a\\%b%' ESCAPE '\\' AND 1") == "town GLOB 'a%b*' AND 1");
    CHECK(portable("类型 = '像 LIKE ''%'''") == "类型 = '像 LIKE ''%'''");
    CHECK(portable("town\n  IS /* no */ NULL") == "town IS NULL");
}

TEST_CASE("GLOB chooses the plots that LIKE chose", "[ranking]") {
    Conditions conditions(plots());
    for (const char* text :
         {"town LIKE '%镇'",
          "town LIKE 'a%'",
          "town LIKE '%*'",
          "town LIKE '___'",
          "town LIKE 'aqu_'",
          "town NOT LIKE '%q%'",
          "类型 LIKE '%采%' AND count LIKE '7'"}) {
        INFO(text);
        const std::string stored = conditions.portable({text, {}});
        CHECK(stored.find("LIKE") == std::string::npos);
        CHECK(conditions.truth({stored, {}}) == conditions.truth({text, {}}));
    }
}

TEST_CASE("What no other SQLite has cannot be stored", "[ranking]") {
    Conditions conditions(plots());
    for (const char* text :
         {"if(count > 5, 1, 0)",
          "concat(town, 'x') = 'x'",
          "to_real(TBDL) > 5",
          "like('a%', town)",
          "town LIKE TBDL",
          "town LIKE 'a' || '%'"}) {
        INFO(text);
        CHECK_THROWS_AS(conditions.portable({text, {}}), Error);
        CHECK_NOTHROW(conditions.truth({text, {}}));
    }
}

TEST_CASE("Legal but probably not meant: a warning", "[ranking]") {
    CHECK(warned("count / 2 > 3", "integers divide") == 1);
    CHECK(warned("count / 2.0 > 3", "integers divide") == 0);
    CHECK(warned("7.9 % 4 > 3", "drops the fraction") == 1);
    CHECK(warned("count / 0 > 3", "gives NULL") == 1);
    CHECK(warned("count / 0.5 > 3", "gives NULL") == 0);
    CHECK(warned("TBDL = 10", "compared with a number") == 1);
    CHECK(warned("TBDL = '10'", "compared with a number") == 0);
    CHECK(warned("'3' > 5", "compared with a number") == 1);
    CHECK(warned("TBDL <> '10'", "1 nulls") == 1);
    CHECK(warned("NOT (投资 > 5)", "cost_yuan has 1 nulls") == 1);
    CHECK(warned("TBDL IS NOT NULL AND cost_yuan IS NOT 5", "nulls") == 0);
    CHECK(warned("max(7, cost_yuan) > 5", "QGIS skips") == 1);
    for (const char* text :
         {"count BETWEEN 1 AND 2", "ifnull(count, 1)", "count == 1", "count & 1", "0x10 > 1"}) {
        INFO(text);
        CHECK(warned(text, "QGIS 3.22") == 1);
    }
    CHECK(warned("area_m2 > 5 AND town = '镇'", "") == 0);
}

TEST_CASE(
    "Tables without rows, or with names that differ only in case, can be asked", "[ranking]"
) {
    Table empty;
    empty.put(real_column("area_m2", "", "m2", {}));
    Conditions none(empty);
    CHECK(none.truth({"area_m2 > 5", {}}).empty());
    CHECK(refusal({"max(area_m2) > 5", {}}, empty).code == ErrorCode::invalid_project);
    Table table = plots();
    table.put(real_column("AREA_M2", "", "", {{1.0}, {1.0}, {1.0}}));
    Conditions conditions(table);
    CHECK(conditions.truth({"area_m2 > 5", {}}) == Truths{true, true, true});
}
