#pragma once
#include <tuban/error.hpp>
#include <tuban/run.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What the user asked for, before anything is done: the first of a command's two phases.
namespace tuban::cli {

enum class Language { zh, en };
enum class ProgressStyle { automatic, bar, json, none };

/// Options that every command takes.
struct Common {
    Language language = Language::zh;
    int threads = 0;
    ProgressStyle progress = ProgressStyle::automatic;
    std::int64_t seed = 0;
    bool quiet = false;
    bool json = false;
};

struct RunArguments {
    std::string project;
    std::string out = "out";
    Until until = Until::report;
    bool relax = false;
    bool strict = false;
};

struct CheckArguments {
    std::string file;
    CheckOptions options;
    bool strict = false;
};

struct MeasureArguments {
    std::string file;
    std::string layer;
    std::string id;
    std::vector<std::string> with; ///< road=roads.gpkg[:layer]
    std::string dem;
    std::vector<std::string> indicators;
    std::optional<std::string> crs;
    std::optional<Axes> axes;
    std::optional<std::string> encoding;
    std::string out; ///< "": CSV on stdout
};

struct ScheduleArguments {
    std::string units;
    std::string sheet;
    std::string rules;
    std::string out; ///< "": CSV on stdout
    bool relax = false;
};

struct ExplainArguments {
    std::string plan;
    std::string plot_id;
};

struct VerifyArguments {
    std::string plan;
};

struct SchemaArguments {
    std::string
        reference; ///< "": the JSON Schema; otherwise a reference page: keys | columns | issues | check
};

/// Nothing to do but print: help, version.
struct PrintArguments {
    std::string text;
};

using Command = std::variant<
    PrintArguments,
    RunArguments,
    CheckArguments,
    MeasureArguments,
    ScheduleArguments,
    ExplainArguments,
    VerifyArguments,
    SchemaArguments>;

struct Arguments {
    Common common;
    Command command;
};

/// The language that --lang, TUBAN_LANG or the locale asks for; Chinese where none of them says.
[[nodiscard]] Language language_of(const std::vector<std::string>& words);
/// Whether the words ask for JSON: known even when the rest cannot be parsed.
[[nodiscard]] bool wants_json(const std::vector<std::string>& words);

/// @param words  argv without the program's name
/// @throws Error{invalid_argument} with what was wrong and the nearest known word.
[[nodiscard]] Arguments parse_command_line(const std::vector<std::string>& words);

} // namespace tuban::cli
