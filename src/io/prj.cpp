#include "io/prj.hpp"

#include "core/format.hpp"
#include "geodesy/projection.hpp"
#include "io/national_schema.hpp"
#include "io/shapefile_check.hpp"
#include "io/text_encoding.hpp"
#include "io/utf16.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <utility>

namespace tuban {
namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 16U; ///< no definition is nearly as long
constexpr std::size_t quoted_bytes = 60;

std::string text_in(std::string_view bytes, Utf16 wide) {
    const std::string decoded = wide != Utf16::none
                                    ? utf16_to_utf8(bytes, wide)
                                    : to_utf8(bytes, is_utf8(bytes) ? "UTF-8" : "GB18030");
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    return trimmed(decoded.starts_with(mark) ? decoded.substr(mark.size()) : decoded);
}

/// The beginning, for a sentence: whole characters, without line ends and what cannot be shown.
std::string beginning_of(const std::string& text) {
    std::size_t end = std::min(text.size(), quoted_bytes);
    while (end < text.size() && end > 0 &&
           (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    std::string shown = text.substr(0, end);
    std::replace_if(
        shown.begin(), shown.end(), [](unsigned char c) { return std::iscntrl(c) != 0; }, ' '
    );
    return shown + (end < text.size() ? "…" : "");
}

/// Brackets outside of quotes that are opened and never closed, or the reverse.
bool is_lopsided(const std::string& text) {
    int open = 0;
    bool quoted = false;
    for (const char c : text) {
        if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == '[' || c == '(' || c == '{')) {
            ++open;
        } else if (!quoted && (c == ']' || c == ')' || c == '}')) {
            --open;
        }
    }
    return quoted || open != 0;
}

/// How it is written, for people who know the words; the rest need only know that it is unusual.
Text kind_of(const std::string& text) {
    const bool letters_only = text.find('[') == std::string::npos;
    if (text.starts_with("{")) {
        return {"PROJJSON", "PROJJSON"};
    }
    if (text.find("+proj=") != std::string::npos) {
        return {"PROJ 字符串", "a PROJ string"};
    }
    if (letters_only) {
        return {"坐标系的代码或名称", "the code or the name of a CRS"};
    }
    const std::string word = text.substr(0, text.find('['));
    return word.find("CRS") != std::string::npos ? Text{"WKT2", "WKT2"} : Text{"WKT", "WKT"};
}

Prj unreadable(const std::string& file, const Text& why) {
    return {
        std::nullopt,
        text("坐标系文件 {0} {1}", "its .prj file, {0}, {2}", file, why.zh, why.en)};
}

Prj with_beginning(const std::string& file, const Text& why, const std::string& content) {
    return unreadable(
        file,
        text(
            "{0}（开头是“{1}”）",
            "{2} (it begins \"{1}\")",
            why.zh,
            beginning_of(content),
            why.en
        )
    );
}

std::optional<Crs> crs_in(const std::string& content) {
    try {
        return parse_crs_of_any_datum(content);
    } catch (const Error&) { // told with the beginning of the file
        return std::nullopt;
    }
}

} // namespace

Prj judge_prj(const std::string& file, std::string_view bytes) {
    if (bytes.size() > most_bytes) {
        return unreadable(
            file,
            {"太大，不像坐标系的定义，可能已损坏",
             "is too large for the definition of a CRS: it may be damaged"}
        );
    }
    const Utf16 wide = utf16_of(bytes);
    const std::string content = text_in(bytes, wide);
    if (content.empty()) {
        return unreadable(file, {"是空白的", "is blank"});
    }
    if (is_lopsided(content)) {
        return with_beginning(
            file,
            {"不完整：括号或引号没有配对，可能被截断",
             "is incomplete: brackets or quotes are not closed, it may be cut off"},
            content
        );
    }
    std::optional<Crs> crs = crs_in(content);
    if (!crs) {
        return with_beginning(
            file,
            {"里的内容读不懂，不是坐标系的定义或已损坏",
             "cannot be understood: it does not define a CRS, or is damaged"},
            content
        );
    }
    const Text kind = kind_of(content);
    Text words = text(
        "坐标系文件 {0} 的写法不常见（{1}{2}），有些软件读不了；已按其内容读作“{3}”",
        "its .prj file, {0}, is written in an unusual way ({4}{5}) that some programs cannot "
        "read; "
        "it was read as \"{3}\"",
        file,
        kind.zh,
        wide != Utf16::none ? "，UTF-16 编码" : "",
        crs->name,
        kind.en,
        wide != Utf16::none ? ", in UTF-16" : ""
    );
    return {std::move(crs), std::move(words)};
}

std::optional<Prj> read_prj(const std::string& name) {
    const std::string file = sibling(name, ".prj");
    if (file.empty()) {
        const std::string other = differently_spelt(name, ".prj");
        return other.empty() ? std::nullopt
                             : std::optional(unreadable(
                                   other,
                                   {"的大小写与数据文件不一致，没有读；请改成一致",
                                    "is spelt with other capitals than the data and was not "
                                    "read: rename it"}
                               ));
    }
    return judge_prj(file.substr(file.rfind('/') + 1), bytes_of(file, most_bytes + 1));
}

} // namespace tuban
