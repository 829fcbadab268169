#pragma once
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

/// What every page of ours is made of: one file, offline, Leaflet and scripts inside.
namespace tuban {

struct PageParts {
    std::string_view generator; ///< the command that made it
    std::string_view sections;  ///< mustache template of what stands in page/shell.html
    std::string_view script;    ///< draws the page, after common.js
    std::string_view words;     ///< JSON object: key → [Chinese, English]
    bool english = false;
    std::string title; ///< "": the word `title`
    nlohmann::ordered_json data;
};

/// @throws Error{internal} for a broken template.
[[nodiscard]] std::string render_page(const PageParts& parts);

/// Writes a page, whole or not at all. @throws Error{unwritable_output}
void save_page(const std::string& page, const std::string& file);

} // namespace tuban
