#include <tuban/io.hpp>

#include "catch.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;
using namespace tuban;

namespace {

const std::string data = std::string(TUBAN_SOURCE_DIR) + "/data/profiles/";
const std::string projects = std::string(TUBAN_SOURCE_DIR) + "/tests/unit/io/project/";
const std::vector<std::string> builtin{
    "mnr-2012", "coastal", "yangtze-10km", "railway-1000", "custom"};

/// A folder for one test, removed at its end.
class Folder {
public:
    Folder() : path_(fs::temp_directory_path() / "tuban_profiles") {
        fs::create_directories(path_);
    }

    ~Folder() { fs::remove_all(path_); }

    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name, std::ios::binary) << text;
        return (path_ / name).string();
    }

private:
    fs::path path_;
};

const ZoneRule& rule_of(const ZoneProfile& profile, const std::string& id) {
    const auto found =
        std::find_if(profile.rules.begin(), profile.rules.end(), [&](const ZoneRule& rule) {
            return rule.id == id;
        });
    REQUIRE(found != profile.rules.end());
    return *found;
}

Error error_of(const std::string& file_or_name) {
    try {
        static_cast<void>(read_profile(file_or_name));
    } catch (const Error& error) {
        return error;
    }
    return {ErrorCode::internal, {"", "no error"}};
}

} // namespace

TEST_CASE("A built-in profile is its file", "[io][profiles]") {
    for (const std::string& name : builtin) {
        INFO(name);
        const ZoneProfile inside = read_profile(name);
        const ZoneProfile file = read_profile(data + name + ".yaml");
        CHECK(inside.id == name);
        CHECK(file.id == name);
        CHECK(inside.name == file.name);
        CHECK(inside.rules.size() == file.rules.size());
        CHECK(inside.rules.empty() == (name == "custom"));
    }
}

TEST_CASE("Every figure of a built-in profile says what it stands on", "[io][profiles]") {
    for (const std::string& name : builtin) {
        for (const ZoneRule& rule : read_profile(name).rules) {
            INFO(name << " " << rule.id);
            CHECK_FALSE(rule.basis.empty());
            // A figure that is nobody's but ours is called an example in words as well.
            const bool told = rule.basis.find("示例") != std::string::npos;
            CHECK(told == (rule.mark == ZoneMark::example));
        }
    }
    CHECK(read_profile("railway-1000").rules.at(0).mark == ZoneMark::legal);
    CHECK(read_profile("railway-1000").rules.at(0).metres == 1000.0);
    CHECK(read_profile("yangtze-10km").rules.at(0).mark == ZoneMark::official);
    CHECK(read_profile("yangtze-10km").rules.at(0).metres == 10'000.0);
}

TEST_CASE("The national profile has the three zones and the two lines", "[io][profiles]") {
    const ZoneProfile profile = read_profile("mnr-2012");
    for (const char* id : {"reserve", "scenic", "settlement"}) {
        CHECK(rule_of(profile, id).kind == ZoneKind::zone);
    }
    for (const char* id : {"railway", "expressway", "trunk-road", "river", "lake"}) {
        CHECK(rule_of(profile, id).kind == ZoneKind::line);
    }
    const ZoneRule& lake = rule_of(profile, "lake");
    REQUIRE(lake.sources.size() == 2);
    CHECK(lake.sources[1].layer == "landuse");
    CHECK(lake.sources[1].classes == std::vector<std::string>{"1102", "1103"});
    const ZoneRule& trunk = rule_of(profile, "trunk-road");
    CHECK(trunk.half_width_m == 8.0);
    REQUIRE(trunk.half_widths.size() == 1);
    CHECK(trunk.half_widths[0].metres == 10.0);
}

TEST_CASE("A project changes single figures of a profile and adds rules", "[io][profiles]") {
    const Project project = read_project(projects + "good/zones.yaml");
    REQUIRE(project.profile);
    const ZoneProfile& profile = *project.profile;
    const ZoneProfile before = read_profile("mnr-2012");
    CHECK(profile.rules.size() == before.rules.size()); // one left out, one added
    CHECK(profile.rules.back().id == "town");
    CHECK(profile.rules.back().mark == ZoneMark::example);

    const ZoneRule& railway = rule_of(profile, "railway");
    CHECK(railway.metres == 800.0);
    CHECK(railway.half_width_m == 10.0); // as the profile has it
    CHECK(railway.from_project);
    CHECK_THAT(railway.basis, ContainsSubstring("项目自定"));

    const ZoneRule& trunk = rule_of(profile, "trunk-road");
    CHECK(trunk.mode == ZoneMode::share);
    CHECK(trunk.least_share == 0.25);
    CHECK(trunk.mark == ZoneMark::official);
    CHECK(trunk.basis == "本县方案");
    CHECK(trunk.sources[0].role == "road");
    CHECK(trunk.sources[0].layer == "roads");
    CHECK(profile.other_classes.at(0).layer == "roads");

    const ZoneRule& reserve = rule_of(profile, "reserve");
    CHECK(reserve.severity == 9);
    CHECK(reserve.basis == rule_of(before, "reserve").basis); // its figures are the profile's
}

TEST_CASE(
    "The law's metres are no longer the law's once a project changes them", "[io][profiles]"
) {
    const Folder folder;
    const std::string head = "tuban: 1\nname: 合成数据\nplots: {file: a.shp}\n";
    const std::string zones = "profile: railway-1000\nzones: {rules: [{id: railway-1000, ";
    const Project changed =
        read_project(folder.write("a.yaml", head + zones + "metres: 800}]}\n"));
    CHECK(changed.profile->rules.at(0).mark == ZoneMark::example);
    const Project named =
        read_project(folder.write("b.yaml", head + zones + "name: 铁路}]}\n"));
    CHECK(named.profile->rules.at(0).mark == ZoneMark::legal);
}

TEST_CASE("A profile is read from the project's folder, by name or file", "[io][profiles]") {
    const Folder folder;
    static_cast<void>(folder.write(
        "county.yaml",
        "tuban: 1\nname: 本县\nrules:\n"
        "  - {id: a, name: 甲, kind: zone, layer: town, mode: centroid, metres: 300.5}\n"
    ));
    for (const char* name : {"county", "county.yaml"}) {
        INFO(name);
        const Project project = read_project(folder.write(
            "project.yaml",
            "tuban: 1\nname: 合成数据\nplots: {file: a.shp}\nprofile: " + std::string(name) +
                "\n"
        ));
        REQUIRE(project.profile);
        CHECK(project.profile->id == "county");
        CHECK(project.profile->rules.at(0).metres == 300.5);
        CHECK(project.sha256 != read_project(projects + "good/least.yaml").sha256);
    }
}

TEST_CASE("A mistake in a profile says where it stands", "[io][profiles]") {
    const Folder folder;
    const std::string head = "tuban: 1\nname: 本县\nrules:\n";
    const std::string rule = "  - {id: a, name: 甲, kind: zone, layer: town, mode: ";
    const auto at = [&](const std::string& text) {
        return error_of(folder.write("bad.yaml", head + text));
    };
    const Error visible = at(rule + "visibility}\n");
    CHECK(visible.code() == ErrorCode::invalid_project);
    CHECK(visible.where().line == 4);
    CHECK(visible.where().column == 53); // of the word
    CHECK_THAT(visible.message().en, ContainsSubstring("is not built yet"));
    CHECK_THAT(visible.message().zh, ContainsSubstring("还没有做"));
    CHECK_THAT(at(rule + "distance}\n").message().en, ContainsSubstring("needs metres"));
    CHECK_THAT(
        at(rule + "distnce, metres: 5}\n").message().en,
        ContainsSubstring("did you mean distance")
    );
    CHECK_THAT(
        at(rule + "within}\n" + rule + "within}\n").message().en,
        ContainsSubstring("id a is repeated: line 4 has it already")
    );
    CHECK_THAT(
        at("  - {id: a, name: 甲, kind: zone, mode: within}\n").message().en,
        ContainsSubstring("key layer is missing")
    );
    CHECK_THAT(
        at(rule + "within, severity: 12}\n").message().en, ContainsSubstring("in [1, 9]")
    );
    CHECK_THAT(
        at(rule + "within, off: true}\n").message().en, ContainsSubstring("unknown key")
    );
}

TEST_CASE("A profile that is not there names those that are", "[io][profiles]") {
    const Error error = error_of("mnr-2102");
    CHECK(error.code() == ErrorCode::unreadable_input);
    CHECK_THAT(error.message().en, ContainsSubstring("did you mean mnr-2012"));
    CHECK_THAT(error.message().zh, ContainsSubstring("railway-1000"));
}
