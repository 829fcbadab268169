#pragma once
// The one table of project keys: the decoder, the JSON Schema and the reference page all read it.
#include <tuban/core.hpp>

#include "io/project_yaml.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace tuban {

enum class ShapeKind {
    text,      ///< for people
    code,      ///< an id or a column name: kept letter by letter
    choice,    ///< one of a few words
    condition, ///< a SQLite expression
    number,
    whole, ///< a number without decimals
    truth, ///< true | false
    list,
    map,      ///< known keys
    free_map, ///< keys of the user's choice ([a-z][a-z0-9_]*)
    either    ///< told apart by being scalar, list or map
};

struct Shape;

struct Key {
    std::string name;
    Text about;
    const Shape* shape = nullptr; ///< null: known, but not built yet
    bool required = false;
    std::string fallback{}; ///< the default as it would be written; "": none
    /// One of these must stand beside the key, else it has no meaning.
    std::vector<std::string> with{};
};

/// Keys that exclude one another.
struct Exclusive {
    std::vector<std::string> keys;
    bool required = false; ///< one of them must be there
};

struct Shape {
    ShapeKind kind = ShapeKind::text;
    std::optional<int> least{};       ///< of a number, or of the length of a list
    std::optional<int> most{};        ///< likewise
    bool above = false;               ///< `least` itself is out
    std::vector<std::string> words{}; ///< of a choice
    std::vector<std::string> later{}; ///< words of a choice that are known, but not built yet
    std::vector<Key> keys{};
    std::vector<Exclusive> exclusive{};
    std::vector<const Shape*> parts{}; ///< item of a list, value of a free map, or alternatives
};

/// The plainest shapes: something for people to read, and an id.
[[nodiscard]] const Shape& words();
[[nodiscard]] const Shape& code();

/// A project file, a file of scheduling rules under the key `schedule`, the block alone, and a rule pack.
[[nodiscard]] const Shape& project_shape();
[[nodiscard]] const Shape& schedule_file_shape();
[[nodiscard]] const Shape& schedule_shape();
[[nodiscard]] const Shape& pack_shape();

/// What a value of that shape looks like: "a number in [0, 100]".
[[nodiscard]] Text expected(const Shape& shape);

/// Adds a problem for all that does not fit the shape. @param path  "rank.points[2]"; list items count from 1
void check_shape(
    const YamlNode& node,
    const Shape& shape,
    const std::string& path,
    std::vector<Problem>& problems
);

/// "path: what", in both languages.
[[nodiscard]] Problem problem_at(const Where& where, const std::string& path, const Text& what);

/// ", did you mean x?" or nothing.
[[nodiscard]] Text
did_you_mean(const std::string& given, const std::vector<std::string>& known);

/// True for plain notation: "195.45", "-3".
[[nodiscard]] std::optional<Decimal> number_of(const YamlNode& node);

} // namespace tuban
