#pragma once
// YAML as a tree of text with places. No scalar is typed here: 011010 stays "011010".
#include <tuban/error.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tuban {

/// One thing wrong with a project file, and where.
struct Problem {
    Where where;
    Text message;
};

struct YamlEntry;

enum class YamlKind { null, scalar, list, map };

struct YamlNode {
    YamlKind kind = YamlKind::null;
    Where where;      ///< of the node as written: its quote, bracket or block indicator
    Where text_where; ///< of the first character of a scalar's text
    std::string text;
    bool plain = true; ///< a scalar without quotes that is no block
    std::vector<YamlEntry> entries;
    std::vector<YamlNode> items;

    /// The value of a key, or null.
    [[nodiscard]] const YamlNode* find(std::string_view key) const noexcept;
};

struct YamlEntry {
    std::string key;
    Where where;
    YamlNode value;
};

/// Reads one YAML document. What the project format does not allow (a second document, a repeated key, `<<`, anchors,
/// tags, tabs as indentation, bytes that are not UTF-8) becomes a Problem.
/// @return none if there is no tree to look at
[[nodiscard]] std::optional<YamlNode>
parse_yaml(std::string_view bytes, const std::string& file, std::vector<Problem>& problems);

/// The first full-width punctuation mark or space in a text, or "".
[[nodiscard]] std::string full_width_mark(std::string_view text);

/// One Error{invalid_project} out of all problems, ordered by file, line and column. Its message has a line for each;
/// the place of the first is Error::where(), the others carry theirs in the text.
[[noreturn]] void throw_problems(std::vector<Problem> problems);

} // namespace tuban
