#include <tuban/io.hpp>

#include "catch.hpp"

#include <filesystem>
#include <fstream>
#include <string>

namespace fs = std::filesystem;
using namespace tuban;

namespace {

/// A file for one test, removed at its end.
class Written {
public:
    explicit Written(const std::string& text)
        : path_(fs::temp_directory_path() / "tuban_read_rules.yaml") {
        std::ofstream(path_, std::ios::binary) << text;
    }

    ~Written() { fs::remove(path_); }

    [[nodiscard]] std::string file() const { return path_.string(); }

private:
    fs::path path_;
};

Error error_of(const std::string& file_or_pack) {
    try {
        static_cast<void>(read_rules(file_or_pack));
    } catch (const Error& error) {
        return error;
    }
    return {ErrorCode::internal, {"", "no error"}};
}

} // namespace

TEST_CASE("Rules are read from a built-in pack, its file and a project alike", "[io][rules]") {
    const std::string data = std::string(TUBAN_SOURCE_DIR) + "/data";
    const Rules built_in = read_rules("toli-hazard-first");
    const Rules file = read_rules(data + "/packs/toli-hazard-first.yaml");
    CHECK(built_in.points.size() == 10);
    CHECK(built_in.points[3].when->text == "road_distance_m <= 1000");
    CHECK(built_in.points[3].when->where.file == "<toli-hazard-first>");
    CHECK(file.points.size() == built_in.points.size());
    CHECK(file.points[3].points == built_in.points[3].points);
    CHECK(read_rules(data + "/toli/toli.yaml").gates.at(0).id == "legacy");
}

TEST_CASE("Rules that are not there name the packs there are", "[io][rules]") {
    const Error error = error_of("toli-hazard-frist");
    CHECK(error.code() == ErrorCode::unreadable_input);
    CHECK_THAT(error.message().en, ContainsSubstring("did you mean toli-hazard-first"));
    CHECK_THAT(error.message().zh, ContainsSubstring("youhao-easy-first"));
}

TEST_CASE("A mistake in a file of rules says where it stands", "[io][rules]") {
    const Written pack("tuban: 1\nrank:\n  points:\n    - {id: a, when: \"x > 1\", point: 3}\n"
    );
    const Error error = error_of(pack.file());
    CHECK(error.code() == ErrorCode::invalid_project);
    CHECK(error.where().file == pack.file());
    CHECK(error.where().line == 4);
    CHECK(error.where().column == 30);
    CHECK_THAT(error.message().en, ContainsSubstring("points"));
}
