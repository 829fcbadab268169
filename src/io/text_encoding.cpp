#include "io/text_encoding.hpp"

#include "core/format.hpp"
#include "io/gdal.hpp"
#include "io/handles.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>

namespace tuban {
namespace {

unsigned at(std::string_view bytes, std::size_t i) {
    return static_cast<unsigned char>(bytes[i]);
}

bool is_ascii(std::string_view bytes) {
    return std::none_of(bytes.begin(), bytes.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x80U;
    });
}

struct Character {
    std::size_t size = 0; ///< 0: no character begins here
    bool cut = false;     ///< the bytes end within it
};

Character utf8_character(std::string_view bytes, std::size_t i) {
    const unsigned lead = at(bytes, i);
    if (lead < 0x80U) {
        return {1, false};
    }
    const std::size_t size = lead >= 0xC2U && lead < 0xE0U   ? 2
                             : lead >= 0xE0U && lead < 0xF0U ? 3
                             : lead >= 0xF0U && lead < 0xF5U ? 4
                                                             : 0;
    for (std::size_t k = 1; k < size; ++k) {
        if (i + k >= bytes.size()) {
            return {k, true};
        }
        const unsigned next = at(bytes, i + k);
        const bool overlong =
            k == 1 && ((lead == 0xE0U && next < 0xA0U) || (lead == 0xF0U && next < 0x90U));
        const bool outside =
            k == 1 && ((lead == 0xEDU && next >= 0xA0U) || (lead == 0xF4U && next >= 0x90U));
        if ((next & 0xC0U) != 0x80U || overlong || outside) {
            return {};
        }
    }
    return {size, false};
}

Character gb18030_character(std::string_view bytes, std::size_t i) {
    const unsigned lead = at(bytes, i);
    if (lead < 0x80U) {
        return {1, false};
    }
    if (lead == 0x80U || lead == 0xFFU) {
        return {};
    }
    if (i + 1 >= bytes.size()) {
        return {1, true};
    }
    const unsigned second = at(bytes, i + 1);
    if (second >= 0x40U && second != 0x7FU && second != 0xFFU) {
        return {2, false};
    }
    if (second < 0x30U || second > 0x39U) {
        return {};
    }
    if (i + 3 >= bytes.size()) {
        return {bytes.size() - i, true};
    }
    const bool good = at(bytes, i + 2) >= 0x81U && at(bytes, i + 2) <= 0xFEU &&
                      at(bytes, i + 3) >= 0x30U && at(bytes, i + 3) <= 0x39U;
    return good ? Character{4, false} : Character{};
}

template <class Next>
bool all_characters(std::string_view bytes, Next next) {
    for (std::size_t i = 0; i < bytes.size();) {
        const Character character = next(bytes, i);
        if (character.size == 0) {
            return false;
        }
        i += character.size;
    }
    return true;
}

/// Whether every character of every sample is one and passes a test.
template <class Next, class Test>
bool all_pass(const std::vector<std::string>& samples, Next next, Test test) {
    return std::all_of(samples.begin(), samples.end(), [&](const std::string& sample) {
        return all_characters(sample, [&](std::string_view bytes, std::size_t i) {
            const Character character = next(bytes, i);
            return character.cut || test(bytes, i, character.size) ? character : Character{};
        });
    });
}

/// Whether what is beyond ASCII is three-byte UTF-8 throughout, as Chinese is. GBK text that happens to be valid UTF-8
/// ("联通") is a pair of two-byte characters.
bool looks_chinese_utf8(const std::vector<std::string>& samples) {
    return all_pass(
        samples,
        utf8_character,
        [](std::string_view /*bytes*/, std::size_t /*i*/, std::size_t size) {
            return size != 2;
        }
    );
}

/// Both bytes of every character in the region of GB 2312, as ordinary Chinese is. "cafés" in Latin-1 is valid GBK, but
/// not this.
bool looks_chinese_gbk(const std::vector<std::string>& samples) {
    return all_pass(
        samples,
        gb18030_character,
        [](std::string_view bytes, std::size_t i, std::size_t size) {
            return size != 2 || at(bytes, i + 1) >= 0xA1U;
        }
    );
}

bool is_chinese(const std::string& encoding) {
    return encoding == "GBK" || encoding == "GB18030";
}

Text overruled(const EncodingHint& hint, const std::string& used) {
    return text(
        "{} 声明文字编码为“{}”，但字节不符，按 {} 读取；如不对，请在项目文件中用 encoding: "
        "指定",
        "the {} says that text is \"{}\", but the bytes say otherwise: read as {}; if that is "
        "wrong, "
        "name it in the project by encoding:",
        hint.source == "cpg" ? ".cpg" : "DBF (LDID)",
        hint.name,
        used
    );
}

std::string recode(std::string_view bytes, const std::string& from, const std::string& to) {
    const GdalScope quiet;
    const CplText recoded(CPLRecode(std::string(bytes).c_str(), from.c_str(), to.c_str()));
    return recoded ? recoded.get() : std::string();
}

std::string valid_utf8(std::string_view bytes) {
    std::string result;
    for (std::size_t i = 0; i < bytes.size();) {
        const Character character = utf8_character(bytes, i);
        if (character.cut) {
            break;
        }
        if (character.size == 0) {
            result += "\xEF\xBF\xBD";
            ++i;
            continue;
        }
        result += bytes.substr(i, character.size);
        i += character.size;
    }
    return result;
}

/// Bytes up to a character cut at the end; bytes that begin none become "?".
std::string whole_gb18030(std::string_view bytes) {
    std::string result;
    for (std::size_t i = 0; i < bytes.size();) {
        const Character character = gb18030_character(bytes, i);
        if (character.cut) {
            break;
        }
        if (character.size == 0) {
            result += '?';
            ++i;
            continue;
        }
        result += bytes.substr(i, character.size);
        i += character.size;
    }
    return result;
}

} // namespace

bool is_utf8(std::string_view bytes) {
    return all_characters(bytes, utf8_character);
}

bool is_gb18030(std::string_view bytes) {
    return all_characters(bytes, gb18030_character);
}

std::string encoding_name(std::string_view given) {
    std::string name;
    for (const char c : given) {
        if (std::isspace(static_cast<unsigned char>(c)) == 0) {
            name += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        }
    }
    if (name == "UTF8" || name == "UTF-8" || name == "65001" || name == "CP65001") {
        return "UTF-8";
    }
    if (name == "GB18030" || name == "54936" || name == "CP54936") {
        return "GB18030";
    }
    if (name.ends_with("936") || name == "GBK" || name == "GB2312" || name == "EUC-CN") {
        return "GBK";
    }
    return name;
}

TextEncoding judge_encoding(const EncodingHint& hint, const std::vector<std::string>& samples) {
    const std::string named = encoding_name(hint.name);
    const auto all = [&](bool (*fits)(std::string_view)) {
        return std::all_of(samples.begin(), samples.end(), fits);
    };
    const bool utf8 = all(is_utf8);
    const bool chinese = all(is_gb18030);
    if (all(is_ascii)) {
        const bool known = named == "UTF-8" || is_chinese(named);
        return {known ? named : "UTF-8", known ? hint.source : "bytes", std::nullopt};
    }
    if (named == "UTF-8" && utf8) {
        return {named, hint.source, std::nullopt};
    }
    if (is_chinese(named) && chinese && !(utf8 && looks_chinese_utf8(samples))) {
        return {named, hint.source, std::nullopt};
    }
    const bool other = !named.empty() && named != "UTF-8" && !is_chinese(named);
    const bool contradicted = utf8 || (chinese && (!other || looks_chinese_gbk(samples)));
    if (contradicted) {
        const std::string used = utf8 ? "UTF-8" : "GBK";
        return {
            used, "bytes", named.empty() ? std::nullopt : std::optional(overruled(hint, used))};
    }
    if (other && is_known_encoding(named)) {
        return {named, hint.source, std::nullopt};
    }
    return {
        "GBK",
        "bytes",
        text(
            "文字既不是 UTF-8 也不是 GB18030，按 GBK "
            "读取，读不出的字以问号代替；请在项目文件中用 "
            "encoding: 指定",
            "text is neither UTF-8 nor GB18030: read as GBK with question marks where that "
            "fails; name "
            "it in the project by encoding:"
        )};
}

std::string to_utf8(std::string_view bytes, const std::string& encoding) {
    if (is_ascii(bytes)) {
        return std::string(bytes);
    }
    if (encoding == "UTF-8") {
        return valid_utf8(bytes);
    }
    if (is_chinese(encoding)) {
        return valid_utf8(recode(whole_gb18030(bytes), "GB18030", "UTF-8"));
    }
    return valid_utf8(recode(bytes, encoding, "UTF-8"));
}

std::string from_utf8(std::string_view text, const std::string& encoding) {
    if (encoding == "UTF-8" || is_ascii(text)) {
        return std::string(text);
    }
    return recode(text, "UTF-8", is_chinese(encoding) ? "GB18030" : encoding);
}

bool is_known_encoding(const std::string& encoding) {
    GdalScope errors;
    const CplText recoded(CPLRecode("\xC3", encoding.c_str(), "UTF-8"));
    return encoding == "UTF-8" || is_chinese(encoding) || errors.failure().empty();
}

} // namespace tuban
