// The national plot table as counties send it: names, values, ids, and what its columns say of each other. 合成数据.
#include <tuban/io.hpp>

#include "catch.hpp"
#include "io/column_finder.hpp"
#include "io/national_id.hpp"
#include "io/national_values.hpp"
#include "io/plot_checks.hpp"
#include "io/plots_reader.hpp"
#include "io/text_encoding.hpp"
#include "io_files.hpp"

#include <algorithm>
#include <functional>
#include <iterator>

using namespace tuban;
using tuban_test::FieldMade;
using tuban_test::Folder;

namespace {

constexpr const char* square =
    "POLYGON((83.6 45.9,83.61 45.9,83.61 45.91,83.6 45.91,83.6 45.9))";

/// One value of one field.
std::optional<std::string> value(const char* field, const char* given) {
    const NationalValue read = national_value(*national_field(field), given);
    CHECK(read.known);
    return read.text;
}

bool is_unknown(const char* field, const char* given) {
    const NationalValue read = national_value(*national_field(field), given);
    CHECK(read.text == given);
    return !read.known;
}

/// Plots with these text columns, one square each.
PlotsRead plots_of(
    const std::vector<std::string>& names,
    const std::vector<std::vector<std::string>>& rows,
    const std::function<void(PlotsSpec&)>& change = {}
) {
    const Folder folder;
    std::vector<FieldMade> fields;
    for (const std::string& name : names) {
        fields.push_back({name});
    }
    std::vector<tuban_test::FeatureMade> features;
    for (const auto& row : rows) {
        features.emplace_back(square, row);
    }
    tuban_test::make(folder.file("p.gpkg"), "GPKG", {{"p", 4490, fields, features}});
    PlotsSpec spec;
    spec.source.file = "p.gpkg";
    spec.source.where = {"p.yaml", 3, 9};
    if (change) {
        change(spec);
    }
    return read_plots_as_found(spec, folder.path(), ReadFor::check, {});
}

std::vector<Issue> issues_of(const PlotsRead& read, const std::string& code) {
    std::vector<Issue> found;
    std::copy_if(
        read.plots.issues.begin(),
        read.plots.issues.end(),
        std::back_inserter(found),
        [&](const Issue& issue) { return issue.code == code; }
    );
    return found;
}

} // namespace

TEST_CASE("A code is known by code, label and both, in any width", "[io][national]") {
    struct Case {
        const char* field;
        const char* given;
        const char* code;
    };

    // Q4 of the test matrix; the lists of 自然资办函〔2021〕1283号.
    const auto c = GENERATE(
        Case{"TBDL", "10", "10"},
        Case{"TBDL", "１０", "10"},
        Case{"TBDL", "10.0", "10"},
        Case{"TBDL", " 历史遗留矿山 ", "10"},
        Case{"TBDL", "10 历史遗留矿山", "10"},
        Case{"TBDL", "10-历史遗留矿山", "10"},
        Case{"TBDL", "10、历史遗留矿山（2021年核查）", "10"},
        Case{"TBDL", "历史遗留矿山（10）", "10"},
        Case{"TBXL", "由企业履行治理恢复责任的政策性关闭矿山", "21"},
        Case{"TBXL", "22由企业或个人履行治理恢复责任的有主废弃矿山", "22"},
        Case{"TBXL", "有效矿业权范围内功能未损毁的采矿沉陷区", "41"},
        Case{"TBXL", "过期未注销矿业权范围内功能未损毁的采矿沉陷区", "42"},
        Case{"TBXL", "其他功能未损毁的采矿沉陷区", "43"},
        Case{"TBXL", "采矿权过期未注销", "32"},
        Case{"TBXL", "工程建设损毁（建设类损毁）", "34"},
        Case{"TBXL", "未损毁(伪变化)", "37"},
        Case{"BHDLX", "无", "5"},
        Case{"BHDJB", "国家级", "1"},
        Case{"KCFS", "a", "A"},
        Case{"KCFS", "露天开采", "A"},
        Case{"HFZLQK", "完全修复", "B"},
        Case{"HFZLQK", "治理中", "治理中"},
        Case{"HFYDSX", "无", "B"},
        Case{"SYQ", "Ｂ", "B"},
        Case{"NXFFS", "C", "3"},
        Case{"NXFFS", "2辅助再生", "2"},
        Case{"NXFFS", "/", "5"},
        Case{"NXFFS", "工程修复", "工程修复"},
        Case{"NXFSJ", "“十四五”期间", "A"},
        Case{"NXFSJ", "2024年", "2024"},
        Case{"KZ", "84132砖瓦用页岩", "84132"}
    );
    INFO(c.field << " " << c.given);
    CHECK(value(c.field, c.given) == c.code);
}

TEST_CASE("What is in no list stays and is told", "[io][national]") {
    CHECK(is_unknown("TBDL", "11"));
    CHECK(is_unknown("TBDL", "10 其他情形")); // code and label contradict each other
    CHECK(is_unknown("KCFS", "露天和井工"));
    CHECK(is_unknown("SDDL", "旱地,月球"));
    CHECK(is_unknown("GBND", "去年"));
    CHECK(is_unknown("YSSJ", "2021-02-30"));
    CHECK(is_unknown("TBHDMJ", "约3亩"));
    CHECK_FALSE(national_value(*national_field("KCFS"), "/").text);
    CHECK_FALSE(national_value(*national_field("TBHDMJ"), "／").text);
    CHECK_FALSE(national_value(*national_field("KSWZ"), "/").text);
}

TEST_CASE("Lists are split at every separator and kept with commas", "[io][national]") {
    // Q5
    CHECK(value("SDDL", "旱地,乔木林地,采矿用地") == "0103,0301,0602");
    CHECK(value("SDDL", "旱地、乔木林地；采矿用地") == "0103,0301,0602");
    CHECK(value("SDDL", "0103，0301;0602") == "0103,0301,0602");
    CHECK(value("SDDL", "0201K,1104A") == "0201K,1104A");
    CHECK(value("NXFFX", "林地、草地") == "3,4");
    CHECK(value("NXFFX", "3，交通运输用地") == "3,10");
    CHECK(value("NXFFX", "/") == "13");
    CHECK(value("KZ", "砖瓦用页岩、煤;99999") == "84132,11001,99999");
    CHECK(value("KZ", "页岩气") == "页岩气"); // the list of minerals is open
    CHECK(value("STWT", "土地损毁（含挖损、占压、塌陷）、植被破坏") == "1,3");
    CHECK(value("STWT", "土地损毁（含挖损、占压、塌陷）") == "1");
    CHECK(value("TBSX", "采场；井口/硐口") == "1,6");
}

TEST_CASE("Years and dates come in many forms", "[io][national]") {
    // Q6
    for (const char* given :
         {"2019",
          "2019年",
          "2019.0",
          "２０１９年",
          "2019年12月",
          "20191201",
          "2019-12-01",
          "2019年度",
          "43800"}) { // 43800: 2019-12-01 in Excel
        INFO(given);
        CHECK(value("GBND", given) == "2019");
    }
    for (const char* given :
         {"20211003",
          "2021-10-03 00:00:00",
          "2021/10/3",
          "2021年10月3号",
          "2021年10月3日",
          "2021.10.3",
          "2021-10-03T08:30:00",
          "44472"}) {
        INFO(given);
        CHECK(value("YSSJ", given) == "2021-10-03"); // 44472: Excel's =DATE(2021,10,3)
    }
    CHECK(value("YSSJ", "2021年3月") == "2021-03");
    CHECK(value("YSSJ", "2021/3") == "2021-03");
    CHECK(value("YSSJ", "2021年3月1号验收") == "2021-03-01");
    CHECK_FALSE(iso_date("12345")); // no plausible day
    CHECK_FALSE(iso_date("2021.1"));
    CHECK_FALSE(iso_date("2021年13月"));
}

TEST_CASE("Numbers come with groups and full-width digits", "[io][national]") {
    CHECK(value("TBHDMJ", "1,234.50") == "1234.50");
    CHECK(value("TBHDMJ", "１２３．５") == "123.5");
    CHECK(is_unknown("TBHDMJ", "1,23"));
    CHECK(is_unknown("TBHDMJ", "nan"));
}

TEST_CASE("Plot ids tell kind, county, year and mine", "[io][national]") {
    // Forms as in published ids; the numbers are made up.
    const auto legacy = parse_plot_id("CT6542242022000001002");
    REQUIRE(legacy);
    CHECK(legacy->kind == NationalId::Kind::legacy);
    CHECK(legacy->county == "654224");
    CHECK(legacy->year == 2022);
    CHECK(legacy->mine == "CT6542242022000001");
    CHECK(legacy->plot == "002");
    const auto added = parse_plot_id("ZJ6542242022001003");
    REQUIRE(added);
    CHECK(added->kind == NationalId::Kind::added);
    CHECK(added->county == "654224");
    CHECK(added->mine == "ZJ6542242022001");
    const auto licensed = parse_plot_id("C1234567890123456789012003");
    REQUIRE(licensed);
    CHECK(licensed->kind == NationalId::Kind::licensed);
    CHECK(licensed->county.empty());
    CHECK_FALSE(licensed->year);
    CHECK(licensed->mine == "C1234567890123456789012");
    for (const char* odd :
         {"",
          "CT654224202200000100",
          "CT65422420220000010021",
          "C12",
          "YH-1",
          "CT65422420220000O1002"}) {
        INFO(odd);
        CHECK_FALSE(parse_plot_id(odd));
    }
    CHECK(normal_plot_id("ct654224 2022000001 002") == "CT6542242022000001002");
    CHECK(
        normal_plot_id("ＣＴ６５４２２４２０２２０００００１００２　") ==
        "CT6542242022000001002"
    );
    CHECK(normal_plot_id(" yh 1 ") == "yh 1"); // no such form: left alone
}

TEST_CASE("Ids are put in the standard form, also as keys of a join", "[io][national]") {
    const Folder folder;
    folder.write("t.csv", "TBBH,COST\nct6542242022000001001,7\n");
    const PlotsRead read =
        plots_of({"TBBH"}, {{"CT654224 2022000001001"}, {"甲-2"}}, [&](PlotsSpec& spec) {
            JoinSpec join;
            join.source.file = folder.file("t.csv");
            join.on = "TBBH";
            spec.joins.push_back(join);
        });
    CHECK(read.plots.ids == std::vector<std::string>{"CT6542242022000001001", "甲-2"});
    CHECK(read.plots.attributes.at("COST").integer(0) == 7);
    CHECK(issues_of(read, "id_normalised").size() == 1);
    REQUIRE(issues_of(read, "id_form").size() == 1);
    CHECK_THAT(issues_of(read, "id_form")[0].message.zh, ContainsSubstring("甲-2"));
}

TEST_CASE("Changes of values are counted and unknown ones listed", "[io][national]") {
    const PlotsRead read = plots_of(
        {"TBBH", "TBDL", "GBND", "TBHDMJ", "YSSJ"},
        {{"a", "历史遗留矿山", "2018年", "1,000", "2021年3月1号"},
         {"b", "历史遗留矿山", "2018", "/", "20210301"},
         {"c", "99", "2018年", "12.5", ""}}
    );
    const Table& table = read.plots.attributes;
    CHECK(table.at("TBDL").text(0) == "10");
    CHECK(table.at("TBDL").text(2) == "99");
    CHECK(table.at("GBND").text(0) == "2018");
    CHECK(table.at("TBHDMJ").number(0) == 1000.0);
    CHECK_FALSE(table.at("TBHDMJ").number(1));
    CHECK(table.at("YSSJ").text(1) == "2021-03-01");
    const auto notes = issues_of(read, "values_normalised");
    REQUIRE(notes.size() == 4);
    CHECK(notes[0].field == "TBDL");
    CHECK_THAT(notes[0].message.zh, ContainsSubstring("2 个值"));
    CHECK_THAT(notes[0].message.zh, ContainsSubstring("“历史遗留矿山” → 10 ×2"));
    const auto unknown = issues_of(read, "unknown_code");
    for (const Issue& issue : unknown) {
        CHECK_THAT(issue.message.zh, ContainsSubstring("代码表是"));
    }
    REQUIRE(unknown.size() == 1);
    CHECK(unknown[0].severity == Severity::warning);
    CHECK(unknown[0].row == 3);
    CHECK(unknown[0].plot_id == "c");
    CHECK(unknown[0].file == "p.gpkg");
}

TEST_CASE(
    "Every odd value is listed with its rows, whatever a message names", "[io][national]"
) {
    const PlotsRead read = plots_of(
        {"TBBH", "TBDL", "GBND", "TBHDMJ"},
        {{"a", "91", "去年", "约5"},
         {"b", "92", "2018年", "6"},
         {"c", "93", "去年", "7"},
         {"d", "94", "/", "8"},
         {"e", "历史遗留矿山", "2019", "9"}}
    );
    const auto listed = [&](const std::string& code, const std::string& column) {
        std::vector<
            std::tuple<std::string, std::optional<std::string>, std::vector<std::int64_t>>>
            found;
        for (const OddValue& value : read.values) {
            if (value.code == code && value.column == column) {
                found.emplace_back(value.value, value.becomes, value.rows);
            }
        }
        return found;
    };
    using Listed = decltype(listed("", ""));
    CHECK(
        listed("unknown_code", "TBDL") ==
        Listed{{"91", "91", {1}}, {"92", "92", {2}}, {"93", "93", {3}}, {"94", "94", {4}}}
    );
    CHECK(listed("values_normalised", "TBDL") == Listed{{"历史遗留矿山", "10", {5}}});
    CHECK(listed("value_unreadable", "GBND") == Listed{{"去年", "去年", {1, 3}}});
    CHECK(
        listed("values_normalised", "GBND") ==
        Listed{{"/", std::nullopt, {4}}, {"2018年", "2018", {2}}}
    );
    CHECK(listed("value_unreadable", "TBHDMJ") == Listed{{"约5", "约5", {1}}});
    CHECK(listed("id_form", "TBBH").size() == 5);
}

TEST_CASE(
    "A year, a date or a number that cannot be read is no unknown code", "[io][national]"
) {
    const PlotsRead read = plots_of(
        {"TBBH", "GBND", "YSSJ", "TBHDMJ"},
        {{"a", "去年", "上月", "约5公顷"}, {"b", "", "", "6"}}
    );
    CHECK(issues_of(read, "unknown_code").empty());
    const auto found = issues_of(read, "value_unreadable");
    REQUIRE(found.size() == 3);
    CHECK_THAT(found[0].message.zh, ContainsSubstring("不是年份"));
    CHECK_THAT(found[1].message.zh, ContainsSubstring("不是日期"));
    CHECK_THAT(found[2].message.zh, ContainsSubstring("整列按文字保留"));
    CHECK(read.plots.attributes.at("TBHDMJ").type() == ColumnType::text);
}

TEST_CASE("Ids that a spreadsheet has rounded are told", "[io][national]") {
    const PlotsRead read = plots_of(
        {"TBBH"},
        {{"6.54224202200001e+17"}, {"6.54224E+17"}, {"1e5"}, {"CT6542242022000001001"}}
    );
    const auto found = issues_of(read, "id_digits_lost");
    REQUIRE(found.size() == 1);
    CHECK(found[0].severity == Severity::warning);
    CHECK_THAT(found[0].message.zh, ContainsSubstring("2 个图斑编号存成了数"));
    CHECK_THAT(found[0].message.en, ContainsSubstring("rows 1, 2"));
    REQUIRE(issues_of(read, "id_form").size() == 1); // 1e5 is an id of some other kind
    CHECK_THAT(issues_of(read, "id_form")[0].message.zh, ContainsSubstring("1 个图斑编号"));
}

TEST_CASE("Provincial names and Chinese labels are the national fields", "[io][national]") {
    for (const auto& [name, field] : std::vector<std::pair<const char*, const char*>>{
             {"tbmj", "TBTYMJ"},
             {"xzx", "XIAN"},
             {"hdydsx", "HFYDSX"},
             {"nxfsjd", "NXFSJ"},
             {"wz", "KSWZ"},
             {"图斑面积", "TBTYMJ"},
             {"图斑号", "TBBH"},
             {"zlnd", "ZLND"},
             {"县", "XIAN"}}) {
        INFO(name);
        REQUIRE(national_field(name) != nullptr);
        CHECK(national_field(name)->name == std::string(field));
    }
    const PlotsRead read =
        plots_of({"图斑号", "wz", "xzx"}, {{"CT6542242022000001001", "铁厂沟镇", "托里县"}});
    CHECK(read.plots.ids[0] == "CT6542242022000001001");
    CHECK(read.plots.attributes.at("name").text(0) == "铁厂沟镇");
    CHECK(read.plots.attributes.at("mine_id").text(0) == "CT6542242022000001");
}

TEST_CASE("Two columns that may both be the id are not guessed at", "[io][national]") {
    const PlotsRead read = plots_of({"图斑号", "编号"}, {{"a", "b"}});
    CHECK(read.plots.ids[0] == "row-000001");
    try {
        (void)plots_of({"图斑号", "编号"}, {{"a", "b"}}, [](PlotsSpec& spec) {
            spec.fields.id = {"TBBH"};
        });
        FAIL("guessed");
    } catch (const Error& error) {
        CHECK_THAT(error.message().zh, ContainsSubstring("图斑号, 编号"));
    }
}

TEST_CASE("Names cut at 10 bytes get their end back", "[io][national]") {
    struct Case {
        const char* raw;
        const char* encoding;
        const char* whole;
        std::size_t candidates;
    };

    // Q2: GBK keeps five characters, UTF-8 three and a byte of the next; some writers drop that byte.
    const auto c = GENERATE(
        Case{"\xCD\xBC\xB0\xDF\xCD\xB6\xD3\xB0\xC3\xE6", "GBK", "图斑投影面积", 1},
        Case{"图斑投\xE5", "UTF-8", "图斑投影面积", 1},
        Case{"图斑投", "UTF-8", "图斑投影面积", 1},
        Case{"图斑编\xE5", "UTF-8", "图斑编号", 1},
        Case{"恢复治\xE7", "UTF-8", "恢复治理情况", 1},
        Case{"拟修复\xE6", "UTF-8", "", 3}, // 方式, 方向, 时间段
        Case{"拟修复", "UTF-8", "", 3},
        Case{"图斑", "UTF-8", "", 0}, // too short to be cut
        Case{"月球背\xE9", "UTF-8", "", 0}
    );
    INFO(c.raw);
    const CutName cut = cut_name(c.raw, c.encoding);
    CHECK(cut.whole == c.whole);
    CHECK(cut.fields.size() == c.candidates);
}

TEST_CASE(
    "A Shapefile with Chinese names is matched whatever the encoding left", "[io][national]"
) {
    const auto encoding = GENERATE(as<std::string>{}, "GBK", "UTF-8");
    INFO(encoding);
    const Folder folder;
    tuban_test::make(
        folder.file("p.shp"),
        "ESRI Shapefile",
        {{"p",
          4490,
          {{"图斑编号"}, {"图斑投影面积", 'r'}, {"恢复治理情况"}, {"矿山位置"}, {"TBDL_1"}},
          {{square, {"CT6542242022000001001", "8641.5", "未治理", "铁厂沟镇", "10"}}},
          {"ENCODING=" + encoding}}}
    );
    PlotsSpec spec;
    spec.source.file = "p.shp";
    spec.fields.area_m2 = "图斑投影面积";
    const PlotsRead read = read_plots(spec, folder.path());
    CHECK(read.plots.ids[0] == "CT6542242022000001001");
    CHECK(read.plots.attributes.at("given_area_m2").number(0) == 8641.5);
    CHECK(read.plots.attributes.at("图斑投影面积").number(0) == 8641.5);
    CHECK(read.plots.attributes.at("恢复治理情况").text(0) == "A");
    CHECK(read.plots.attributes.at("name").text(0) == "铁厂沟镇");
    CHECK(read.plots.attributes.at("TBDL_1").alias == "图斑大类"); // the only one there is
    CHECK(issues_of(read, "column_completed").size() >= 2);
    for (const Column& column : read.plots.attributes.columns) {
        CHECK_THAT(column.name, !ContainsSubstring("\xEF\xBF\xBD"));
    }
}

TEST_CASE("A column that a join has doubled gives way to the first", "[io][national]") {
    // Q17
    const PlotsRead read = plots_of(
        {"TBBH", "TBBH_1", "XIAN", "XIAN_1"},
        {{"a", "a", "托里县", "托里县"}, {"b", "b", "托里县", "额敏县"}}
    );
    CHECK(read.plots.ids == std::vector<std::string>{"a", "b"});
    const auto debris = issues_of(read, "join_debris");
    REQUIRE(debris.size() == 2);
    CHECK(debris[0].severity == Severity::note);
    CHECK(debris[0].field == "TBBH_1");
    CHECK(debris[1].severity == Severity::warning);
    CHECK_THAT(debris[1].message.en, ContainsSubstring("1 rows (2)"));
}

TEST_CASE("Mine and county are held against the id", "[io][national]") {
    // Q16
    const PlotsRead read = plots_of(
        {"TBBH", "ZTBH", "XIAN"},
        {{"CT6542242022000001001", "CT6542242022000001", "托里县"},
         {"CT6542242022000002001", "CT6542242022000009", "托里县"},
         {"CT6542212022000003001", "ct6542212022000003", "托里县"},
         {"CT6542242022000004001", "", "654224"},
         {"ZJ6542242022004001", "", "654221"}}
    );
    const auto mines = issues_of(read, "mine_id_mismatch");
    REQUIRE(mines.size() == 1);
    CHECK(mines[0].row == 2);
    CHECK_THAT(mines[0].message.zh, ContainsSubstring("CT6542242022000009"));
    CHECK_THAT(mines[0].message.zh, ContainsSubstring("CT6542242022000002；"));
    const auto counties = issues_of(read, "county_mismatch");
    REQUIRE(counties.size() == 2);
    CHECK(counties[0].row == 3); // 654221 among 托里县's 654224
    CHECK(counties[1].row == 5);
}

TEST_CASE("A centre away from its polygon is reported with the distance", "[io][national]") {
    // Q16. 0.001° of latitude is 111.15 m at 46° N (pyproj.Geod, GRS 80).
    const PlotsRead read = plots_of(
        {"TBBH", "KFX", "KFY"},
        {{"a", "83.605", "45.905"},
         {"b", "83.605", "45.9108"},
         {"c", "83.605", "45.911"},
         {"d", "45.905", "83.605"},
         {"e", "468981.21", "5089494.69"},
         {"f", "", "45.9"}}
    );
    const auto outside = issues_of(read, "centre_outside");
    REQUIRE(outside.size() == 2); // b is 89 m away, within what rounding does
    CHECK(outside[0].plot_id == "c");
    CHECK_THAT(outside[0].message.en, ContainsSubstring(" 111 m"));
    CHECK(outside[1].plot_id == "e");
    const auto swapped = issues_of(read, "centre_swapped");
    REQUIRE(swapped.size() == 1);
    CHECK(swapped[0].plot_id == "d");
}

TEST_CASE("More ground restored than there is, is an error", "[io][national]") {
    // Q20; plane and ellipsoid areas differ by less than 0.1 %, so that much is no error.
    const PlotsRead read = plots_of(
        {"TBBH", "TBTYMJ", "SDZLMJ", "TBHDMJ"},
        {{"a", "1000", "1000.9", "900"},
         {"b", "1000", "1001.1", "0"},
         {"c", "1000", "", "1500"}}
    );
    const auto exceeding = issues_of(read, "area_exceeds_plot");
    REQUIRE(exceeding.size() == 2);
    CHECK(exceeding[0].plot_id == "b");
    CHECK(exceeding[0].field == "SDZLMJ");
    CHECK(exceeding[0].severity == Severity::error);
    CHECK(exceeding[1].plot_id == "c");
    CHECK(exceeding[1].field == "TBHDMJ");
}

TEST_CASE("A misspelt column is reported at its key, with the nearest name", "[io][national]") {
    const Folder folder;
    tuban_test::make(
        folder.file("p.gpkg"),
        "GPKG",
        {{"p", 4490, {{"图斑编号"}, {"矿山名称"}}, {{square, {"a", "b"}}}}}
    );
    folder.write("t.csv", "图斑编号,投资\na,3\n");
    const auto error_of = [&](const std::string& fields) {
        folder.write(
            "p.yaml", "tuban: 1\nname: 合成\nplots:\n  file: p.gpkg\n" + fields + "\n"
        );
        try {
            const Project project = read_project(folder.file("p.yaml"));
            (void)read_plots(project.plots, project.folder);
        } catch (const Error& error) {
            CHECK(error.code() == ErrorCode::invalid_project);
            return std::pair(error.where(), error.message().zh);
        }
        return std::pair(Where{}, std::string("no error"));
    };
    const auto [name_where, name] = error_of("  fields:\n    id: 图斑编号\n    name: 矿山名");
    CHECK(name_where.line == 0); // another name of the same field: found
    CHECK(name == "no error");
    const auto [where, message] = error_of("  fields:\n    id: 图斑编号\n    name: 矿山各称");
    CHECK(where.line == 7);
    CHECK(where.column == 5);
    CHECK_THAT(message, ContainsSubstring("→ 矿山名称?"));
    const auto [list_where, list] =
        error_of("  fields:\n    id:\n      - 图斑编号\n      - 图班编号");
    CHECK(list_where.line == 8);
    CHECK_THAT(list, ContainsSubstring("→ 图斑编号?"));
    const auto [on_where, on] = error_of("  join:\n    - file: t.csv\n      on: 图班编号");
    CHECK(on_where.line == 7);
    CHECK(on_where.column == 7);
    CHECK_THAT(on, ContainsSubstring("→ 图斑编号?"));
}
