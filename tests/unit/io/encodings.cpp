// Text in the encodings that counties send, honestly labelled or not. DBF bytes are written here byte by byte.
#include <tuban/io.hpp>

#include "catch.hpp"
#include "io/text_encoding.hpp"
#include "io_files.hpp"

#include <cpl_conv.h>
#include <cpl_string.h>

#include <algorithm>
#include <filesystem>

using namespace tuban;
using tuban_test::Folder;

namespace {

std::string in(const char* encoding, const std::string& text) {
    char* recoded = CPLRecode(text.c_str(), "UTF-8", encoding);
    std::string bytes = recoded;
    CPLFree(recoded);
    return bytes;
}

using Fields = std::vector<tuban_test::DbfFieldMade>;

/// A dBASE III table of text fields; values raw, cut to the width as writers do.
std::string
dbf(const Fields& fields, const std::vector<std::vector<std::string>>& rows, char ldid = 0) {
    std::vector<tuban_test::DbfRowMade> made;
    for (const auto& cells : rows) {
        made.push_back({cells});
    }
    return tuban_test::dbf_bytes(fields, made, ldid);
}

PlotsRead read(const Folder& folder, const std::string& file, const char* encoding = nullptr) {
    PlotsSpec spec;
    spec.source.file = file;
    spec.source.where = {"p.yaml", 4, 11};
    if (encoding != nullptr) {
        spec.source.encoding = encoding;
    }
    return read_plots(spec, folder.path());
}

const Issue* issue_of(const PlotsRead& read, const std::string& code) {
    const auto& issues = read.plots.issues;
    const auto found = std::find_if(issues.begin(), issues.end(), [&](const Issue& issue) {
        return issue.code == code;
    });
    return found == issues.end() ? nullptr : &*found;
}

const Fields id_and_place{{"TBBH", 'C', 21}, {"KSWZ", 'C', 60}};
constexpr const char* id = "CT6542242022000001001";

} // namespace

TEST_CASE(
    "Chinese in a DBF is right whatever its files say of the encoding", "[io][encoding]"
) {
    struct Case {
        const char* what;
        const char* encoding; ///< of the bytes
        char ldid;
        const char* cpg; ///< "" for none
        const char* used;
        const char* because;
        const char* doubt;
    };

    // Q1 of the test matrix; language bytes as ESRI and FoxPro list them.
    const auto c = GENERATE(
        Case{"GBK, no hint", "GB18030", 0, "", "GBK", "bytes", ""},
        Case{"GBK, 0x4D", "GB18030", '\x4D', "", "GBK", "ldid", ""},
        Case{"GBK, 0x7A", "GB18030", '\x7A', "", "GBK", "ldid", ""},
        Case{"GBK, 0x57 says nothing", "GB18030", '\x57', "", "GBK", "bytes", ""},
        Case{"GBK, .cpg", "GB18030", 0, "CP936", "GBK", "cpg", ""},
        Case{"GBK, .cpg ANSI 936", "GB18030", 0, "ANSI 936\r\n", "GBK", "cpg", ""},
        Case{"GBK, .cpg 936", "GB18030", 0, "936", "GBK", "cpg", ""},
        Case{"GBK, .cpg OEM says nothing", "GB18030", 0, "OEM", "GBK", "bytes", ""},
        Case{"GBK, .cpg lies", "GB18030", 0, "UTF-8", "GBK", "bytes", "encoding_overruled"},
        Case{"GBK, 0x4D against .cpg", "GB18030", '\x4D', "UTF-8", "GBK", "ldid", ""},
        Case{
            "GBK, .cpg of GDAL's default",
            "GB18030",
            '\x57',
            "ISO-8859-1",
            "GBK",
            "bytes",
            "encoding_overruled"},
        Case{
            "GBK, .cpg nobody knows",
            "GB18030",
            0,
            "KLINGON",
            "GBK",
            "bytes",
            "encoding_overruled"},
        Case{
            "GBK, language byte of Big5",
            "GB18030",
            '\x4F',
            "",
            "GBK",
            "bytes",
            "encoding_overruled"},
        Case{"UTF-8, no hint", "UTF-8", 0, "", "UTF-8", "bytes", ""},
        Case{"UTF-8, .cpg", "UTF-8", 0, "UTF-8", "UTF-8", "cpg", ""},
        Case{"UTF-8, .cpg with a mark", "UTF-8", 0, "\xEF\xBB\xBFUTF-8", "UTF-8", "cpg", ""},
        Case{"UTF-8, .cpg lies", "UTF-8", 0, "GBK", "UTF-8", "bytes", "encoding_overruled"},
        Case{
            "UTF-8, 0x4D lies", "UTF-8", '\x4D', "UTF-8", "UTF-8", "cpg", "encoding_overruled"},
        Case{
            "UTF-8, Latin-1 .cpg",
            "UTF-8",
            0,
            "ISO-8859-1",
            "UTF-8",
            "bytes",
            "encoding_overruled"}
    );
    INFO(c.what);
    const Folder folder;
    const std::string place = in(c.encoding, "铁厂沟镇东3千米废弃采坑，已停采");
    folder.write("t.dbf", dbf(id_and_place, {{id, place}}, c.ldid));
    if (*c.cpg != '\0') {
        folder.write("t.cpg", c.cpg);
    }
    const PlotsRead plots = read(folder, "t.dbf");
    CHECK(plots.plots.attributes.at("name").text(0) == "铁厂沟镇东3千米废弃采坑，已停采");
    CHECK(plots.inputs[0].encoding == c.used);
    CHECK(plots.inputs[0].encoding_because == c.because);
    for (const char* code : {"encoding_overruled", "encoding_guessed"}) {
        INFO(code);
        CHECK((issue_of(plots, code) != nullptr) == (std::string(c.doubt) == code));
    }
}

TEST_CASE("Two characters that pass as both encodings are GBK", "[io][encoding]") {
    const std::string both = "\xC3\xAF\xC2\xA1"; // 茂隆, or ï¡
    CHECK(is_utf8(both));
    CHECK(judge_encoding({}, {both}).used == "GBK");
    CHECK(judge_encoding({{"GBK", "ldid"}}, {both}).because == "ldid");
    CHECK(judge_encoding({{"UTF-8", "cpg"}}, {both}).because == "cpg"); // not contradicted
    CHECK(judge_encoding({{"UTF-8", "cpg"}}, {both, in("GBK", "矿山")}).used == "GBK");
}

TEST_CASE("A unit in an otherwise plain table does not make it Chinese", "[io][encoding]") {
    CHECK(judge_encoding({}, {"area (m²)", "36°12'"}).used == "UTF-8");
    CHECK(judge_encoding({}, {"plain"}).used == "UTF-8");
    CHECK(judge_encoding({{"GBK", "cpg"}}, {"plain"}).because == "cpg");
    CHECK(judge_encoding({{"ISO-8859-1", "cpg"}}, {"plain"}).because == "bytes");
    CHECK_FALSE(judge_encoding({{"ISO-8859-1", "cpg"}}, {"plain"}).doubt);
}

TEST_CASE("One broken byte does not turn a whole file", "[io][encoding]") {
    const std::vector<std::string> texts{
        "托里县铁厂沟镇", "历史遗留矿山", "采场边坡陡立，有塌陷危险", "工程修复"};
    for (const char* encoding : {"GBK", "UTF-8"}) {
        INFO(encoding);
        std::vector<std::string> samples;
        for (const std::string& text : texts) {
            samples.push_back(in(encoding, text));
        }
        samples[2][samples[2].size() / 2] = '\xFF';
        CHECK(judge_encoding({}, samples).used == encoding);
        CHECK(judge_encoding({{encoding, "cpg"}}, samples).because == "cpg");
        const std::string lie = encoding == std::string("GBK") ? "UTF-8" : "GBK";
        CHECK(judge_encoding({{lie, "cpg"}}, samples).used == encoding);
    }
}

TEST_CASE("A broken byte leaves a mark and takes nothing else with it", "[io][encoding]") {
    const std::string mark = "\xEF\xBF\xBD";
    CHECK(to_utf8("\xCD\xAC\xFF\xC0\xEF", "GBK") == "同" + mark + "里");
    CHECK(to_utf8("\xCD\xAC\xC0", "GBK") == "同");                   // cut at the end
    CHECK(to_utf8("\x81\x39\xEE\x39", "GB18030") == "㐀");           // four bytes: U+3400
    CHECK(to_utf8("\x82\x35\x8F\x33", "GB18030") == "\xE9\xBE\xA6"); // U+9FA6
    CHECK(to_utf8("\xFE\x39\xFE\x39", "GB18030") == mark);           // no character has it
}

TEST_CASE("Text of other scripts is not taken for Chinese in silence", "[io][encoding]") {
    struct Case {
        const char* encoding;
        const char* used;
        std::vector<std::string> texts;
    };

    const auto c = GENERATE(
        Case{"BIG5", "BIG5", {"廢棄礦山修復計畫", "露天採石場", "縣級以上道路兩側可視範圍"}},
        Case{"SHIFT_JIS", "SHIFT_JIS", {"廃止された鉱山の一覧", "ほりあと", "カタカナ"}},
        Case{"ISO-8859-1", "WINDOWS-1252", {"Steinbruch Müller", "Größe", "carrière à Évian"}}
    );
    INFO(c.encoding);
    std::vector<std::string> samples;
    for (const std::string& text : c.texts) {
        samples.push_back(in(c.encoding, text));
    }
    const TextEncoding judged = judge_encoding({}, samples);
    CHECK(judged.used == c.used);
    REQUIRE(judged.doubt);
    CHECK(judged.doubt->code == std::string("encoding_guessed"));
    for (std::size_t i = 0; i < samples.size(); ++i) {
        CHECK(to_utf8(samples[i], judged.used) == c.texts[i]);
    }
    CHECK(judge_encoding({{c.encoding, "cpg"}}, samples).because == "cpg");
    CHECK_FALSE(judge_encoding({{c.encoding, "cpg"}}, samples).doubt);
    CHECK(
        taken_on_trust("GBK", samples).doubt.has_value() ==
        (c.used != std::string("WINDOWS-1252"))
    );
}

TEST_CASE("Rare characters of GBK stay GBK", "[io][encoding]") {
    // 堃 镕 喆 are outside of GB 2312; traditional forms are, too.
    CHECK(judge_encoding({}, {in("GBK", "矿区：李喆堃采石场"), in("GBK", "镕")}).used == "GBK");
    CHECK(
        judge_encoding({{"GBK", "ldid"}}, {in("GBK", "廢棄礦山修復計畫"), in("GBK", "両")})
            .because == "ldid"
    );
}

TEST_CASE("A text cut at 254 bytes loses half a character and says so", "[io][encoding]") {
    const Folder folder;
    std::string words;
    for (int i = 0; i < 130; ++i) {
        words += "矿";
    }
    for (const char* encoding : {"GBK", "UTF-8"}) {
        INFO(encoding);
        const std::string shift = encoding == std::string("GBK") ? "a" : "";
        folder.write("t.dbf", dbf({{"BZ", 'C', 254}}, {{shift + in(encoding, words)}}));
        const PlotsRead plots = read(folder, "t.dbf");
        const std::string value = plots.plots.attributes.at("BZ").text(0).value_or("");
        CHECK(
            value == shift + words.substr(0, 3 * (encoding == std::string("GBK") ? 126 : 84))
        );
        CHECK(issue_of(plots, "text_cut") != nullptr);
    }
}

TEST_CASE(
    "The user's encoding is taken, and doubted where the bytes say otherwise", "[io][encoding]"
) {
    const Folder folder;
    folder.write("t.dbf", dbf(id_and_place, {{id, in("GBK", "铁厂沟镇")}}));
    CHECK(read(folder, "t.dbf", "936").inputs[0].encoding == "GBK");
    CHECK(issue_of(read(folder, "t.dbf", "gb2312"), "encoding_contradicted") == nullptr);
    const PlotsRead doubted = read(folder, "t.dbf", "utf8");
    CHECK(doubted.inputs[0].encoding == "UTF-8");
    CHECK(doubted.inputs[0].encoding_because == "project");
    REQUIRE(issue_of(doubted, "encoding_contradicted") != nullptr);
    CHECK_THAT(
        issue_of(doubted, "encoding_contradicted")->message.en, ContainsSubstring("GBK")
    );
    try {
        (void)read(folder, "t.dbf", "GB18O30");
        FAIL("taken");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::invalid_project);
        CHECK(error.where().line == 4);
        CHECK_THAT(error.message().zh, ContainsSubstring("GB18030?"));
    }
}

TEST_CASE("CSV comes with a mark, in GBK, and is refused in UTF-16", "[io][encoding]") {
    const Folder folder;
    const std::string text = "TBBH,KSWZ\n" + std::string(id) + ",铁厂沟镇\n";
    folder.write("bom.csv", "\xEF\xBB\xBF" + text);
    folder.write("gbk.csv", in("GBK", text));
    for (const char* file : {"bom.csv", "gbk.csv"}) {
        INFO(file);
        const PlotsRead plots = read(folder, file);
        CHECK(plots.plots.ids[0] == id);
        CHECK(plots.plots.attributes.at("name").text(0) == "铁厂沟镇");
    }
    std::string wide = "\xFF\xFE";
    for (const char c : std::string("TBBH,KSWZ\n")) {
        wide += c;
        wide += '\0';
    }
    folder.write("wide.csv", wide);
    try {
        (void)read(folder, "wide.csv");
        FAIL("read");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::unreadable_input);
        CHECK_THAT(error.message().zh, ContainsSubstring("UTF-16"));
    }
}

TEST_CASE("GeoJSON in GBK is read as what it is", "[io][encoding]") {
    const Folder folder;
    folder.write(
        "t.geojson",
        in("GBK",
           R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"TBBH":"a","KSWZ":"铁厂沟镇东"},"geometry":null}]})"
        )
    );
    const PlotsRead plots = read(folder, "t.geojson");
    CHECK(plots.plots.attributes.at("name").text(0) == "铁厂沟镇东");
    CHECK(plots.inputs[0].encoding == "GBK");
}
