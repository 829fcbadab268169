#include "report/page_shell.hpp"

#include <tuban/error.hpp>

#include "core/format.hpp"
#include "report/embedded_page.hpp"
#include "workspace/palette.hpp"

#include <kainjow/mustache.hpp>

#include <filesystem>
#include <fstream>

namespace tuban {
namespace {

using Json = nlohmann::ordered_json;

/// Text in which no HTML parser can see the end of a script: `<` as \u003c, which only strings of JSON hold.
std::string script_safe(const Json& data) {
    const std::string plain =
        data.dump(-1, ' ', false, nlohmann::detail::error_handler_t::replace);
    std::string safe;
    safe.reserve(plain.size());
    for (const char letter : plain) {
        if (letter == '<') {
            safe += "\\u003c";
        } else {
            safe += letter;
        }
    }
    return safe;
}

/// Takes out everything from `from` to `to`, both included, wherever it stands.
void cut_all(std::string& text, std::string_view from, std::string_view to) {
    for (auto begin = text.find(from); begin != std::string::npos;
         begin = text.find(from, begin)) {
        const auto end = text.find(to, begin);
        text.erase(begin, end == std::string::npos ? end : end - begin + to.size());
    }
}

/// Leaflet's files without what would make a browser look for others: pictures of markers that the page does not use
/// and the maps for debuggers.
std::string leaflet_css() {
    std::string css(embedded::leaflet_css);
    cut_all(css, "background-image:url(images/", ")");
    cut_all(css, "/*# sourceMappingURL=", "*/");
    return css;
}

std::string leaflet_script() {
    std::string script(embedded::leaflet_min_js);
    cut_all(script, "//# sourceMappingURL=", "\n");
    return script;
}

/// The words of one language.
Json words_of(std::string_view words, bool english) {
    const Json all = Json::parse(words);
    Json chosen = Json::object();
    for (const auto& [key, both] : all.items()) {
        chosen[key] = both.at(english ? 1 : 0);
    }
    return chosen;
}

void set_colours(kainjow::mustache::data& view) {
    const Palette& colours = palette();
    view.set("text", colours.text);
    view.set("muted", colours.muted);
    view.set("rule", colours.rule);
    view.set("header", colours.header);
    view.set("alert", colours.alert);
    view.set("accent", colours.periods.front());
}

} // namespace

std::string render_page(const PageParts& parts) {
    const Json labels = words_of(parts.words, parts.english);
    kainjow::mustache::data view;
    view.set("lang", parts.english ? "en" : "zh-CN");
    view.set(
        "title", parts.title.empty() ? labels.at("title").get<std::string>() : parts.title
    );
    view.set("leaflet_css", leaflet_css());
    view.set("leaflet_js", leaflet_script());
    view.set("leaflet_license", std::string(embedded::leaflet_license_txt));
    view.set("css", std::string(embedded::page_css));
    view.set("common", std::string(embedded::common_js));
    view.set("script", std::string(parts.script));
    view.set("generator", std::string(parts.generator));
    view.set("sections", std::string(parts.sections));
    view.set("map", std::string(embedded::map_html));
    view.set("licence", std::string(embedded::licence_html));
    view.set("words", script_safe(labels));
    view.set("data", script_safe(parts.data));
    set_colours(view);
    kainjow::mustache::data named;
    for (const auto& [key, word] : labels.items()) {
        named.set(key, word.get<std::string>());
    }
    view.set("w", named);
    kainjow::mustache::mustache page{std::string(embedded::shell_html)};
    if (!page.is_valid()) {
        throw Error(
            ErrorCode::internal,
            text("网页模板有误：{}", "the page's template is broken: {}", page.error_message())
        );
    }
    return page.render(view);
}

void save_page(const std::string& page, const std::string& file) {
    const std::filesystem::path target(file);
    const std::filesystem::path part =
        target.parent_path() / ("." + target.filename().string() + ".part");
    std::ofstream out(part, std::ios::binary | std::ios::trunc);
    out.write(page.data(), static_cast<std::streamsize>(page.size()));
    out.close();
    std::error_code error;
    if (out) {
        std::filesystem::rename(part, target, error);
    }
    if (!out || error) {
        std::filesystem::remove(part, error);
        throw Error(
            ErrorCode::unwritable_output,
            text(
                "不能写入 {}：请检查文件夹是否存在、磁盘是否已满、是否有写权限",
                "{} cannot be written: check that the folder exists, that the disk has room "
                "and that you may "
                "write there",
                file
            ),
            {file, 0, 0}
        );
    }
}

} // namespace tuban
