#pragma once
#include <tuban/error.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Files of rules that tuban brings: a project names one, or a file of its own in its place.
namespace tuban {

/// One kind of them.
class BuiltIns {
public:
    struct File {
        std::string_view name;
        const std::string_view* text;
    };

    /// @param kind  what people call it: 规则包, rule pack
    BuiltIns(Text kind, std::vector<File> files);

    [[nodiscard]] const Text& kind() const { return kind_; }

    /// Null if there is none of that name.
    [[nodiscard]] const std::string_view* find(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> names() const;

private:
    Text kind_;
    std::vector<File> files_;
};

[[nodiscard]] const BuiltIns& rule_packs();
[[nodiscard]] const BuiltIns& zone_profiles();

/// The text of a file, what to call it in messages ("<mnr-2012>" for one that tuban brings), and its name without folder
/// and ending.
struct RuleText {
    std::string bytes;
    std::string file;
    std::string name;
};

/// @throws Error{unreadable_input}
[[nodiscard]] std::string read_bytes(const std::string& file);

/// A file, else what is brought under that name. @throws Error{unreadable_input} saying what there is
[[nodiscard]] RuleText file_or_built_in(const std::string& file_or_name, const BuiltIns& all);

/// A file of the project's folder, else what is brought under `name`.
/// @param file_name  in the folder; "": none can be meant
[[nodiscard]] std::optional<RuleText> of_project(
    const std::string& folder,
    const std::string& file_name,
    const std::string& name,
    const BuiltIns& all
);

/// What to say where of_project() has found nothing.
[[nodiscard]] Text
not_in_project(const std::string& file_name, const std::string& name, const BuiltIns& all);

} // namespace tuban
