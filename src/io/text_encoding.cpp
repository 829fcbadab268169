#include "io/text_encoding.hpp"

#include "core/format.hpp"
#include "io/gdal.hpp"
#include "io/handles.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

namespace tuban {
namespace {

constexpr const char* replacement = "\xEF\xBF\xBD"; // U+FFFD

unsigned at(std::string_view bytes, std::size_t i) {
    return static_cast<unsigned char>(bytes[i]);
}

bool within(unsigned byte, unsigned least, unsigned most) {
    return byte >= least && byte <= most;
}

bool is_ascii(std::string_view bytes) {
    return std::none_of(bytes.begin(), bytes.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x80U;
    });
}

struct Character {
    std::size_t size = 0; ///< 0: no character begins here
    bool cut = false;     ///< the bytes end within it
    double weight = 0.0;  ///< how well it fits ordinary text, about 1 per byte at best
};

using Next = Character (*)(std::string_view bytes, std::size_t i);

/// "m²" and "36°" are what two-byte characters of Chinese tables in UTF-8 look like.
bool is_unit(std::string_view bytes, std::size_t i) {
    if (i == 0 || at(bytes, i) != 0xC2U) {
        return false;
    }
    const unsigned before = at(bytes, i - 1);
    const unsigned second = at(bytes, i + 1);
    const bool power = second == 0xB2U || second == 0xB3U;
    return (power && (before == 'm' || before == 'M')) ||
           (second == 0xB0U && std::isdigit(static_cast<int>(before)) != 0);
}

Character utf8_character(std::string_view bytes, std::size_t i) {
    const unsigned lead = at(bytes, i);
    if (lead < 0x80U) {
        return {1, false, 0.0};
    }
    const std::size_t size = within(lead, 0xC2U, 0xDFU)   ? 2
                             : within(lead, 0xE0U, 0xEFU) ? 3
                             : within(lead, 0xF0U, 0xF4U) ? 4
                                                          : 0;
    for (std::size_t k = 1; k < size; ++k) {
        if (i + k >= bytes.size()) {
            return {k, true, 0.0};
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
    const double weight = size == 2 ? (is_unit(bytes, i) ? 3.0 : 1.0) : 3.0;
    return {size, false, size == 0 ? 0.0 : weight};
}

/// Weight of a two-byte GBK character: full for the punctuation and the common characters of GB 2312, little for its
/// rarer ones, below zero for what GBK adds and for private use.
double gbk_weight(unsigned lead, unsigned second) {
    if (second < 0xA1U) {
        return -0.5;
    }
    if (within(lead, 0xA1U, 0xA3U) || within(lead, 0xB0U, 0xD7U)) {
        return 2.0;
    }
    if (within(lead, 0xD8U, 0xF7U)) {
        return 0.6;
    }
    return within(lead, 0xA4U, 0xA9U) ? 0.3 : -0.5;
}

Character gb18030_character(std::string_view bytes, std::size_t i) {
    const unsigned lead = at(bytes, i);
    if (lead < 0x80U) {
        return {1, false, 0.0};
    }
    if (lead == 0x80U || lead == 0xFFU) {
        return {};
    }
    if (i + 1 >= bytes.size()) {
        return {1, true, 0.0};
    }
    const unsigned second = at(bytes, i + 1);
    if (second >= 0x40U && second != 0x7FU && second != 0xFFU) {
        return {2, false, gbk_weight(lead, second)};
    }
    if (!within(second, 0x30U, 0x39U)) {
        return {};
    }
    if (i + 3 >= bytes.size()) {
        const bool begun = i + 2 >= bytes.size() || within(at(bytes, i + 2), 0x81U, 0xFEU);
        return begun ? Character{bytes.size() - i, true, 0.0} : Character{};
    }
    const bool good =
        within(at(bytes, i + 2), 0x81U, 0xFEU) && within(at(bytes, i + 3), 0x30U, 0x39U);
    return good ? Character{4, false, 2.0} : Character{};
}

Character big5_character(std::string_view bytes, std::size_t i) {
    const unsigned lead = at(bytes, i);
    if (lead < 0x80U) {
        return {1, false, 0.0};
    }
    if (!within(lead, 0xA1U, 0xF9U)) {
        return {};
    }
    if (i + 1 >= bytes.size()) {
        return {1, true, 0.0};
    }
    const unsigned second = at(bytes, i + 1);
    if (!within(second, 0x40U, 0x7EU) && !within(second, 0xA1U, 0xFEU)) {
        return {};
    }
    return {2, false, within(lead, 0xA1U, 0xC6U) ? 2.0 : 0.3};
}

Character shift_jis_character(std::string_view bytes, std::size_t i) {
    const unsigned lead = at(bytes, i);
    if (lead < 0x80U || within(lead, 0xA1U, 0xDFU)) { // half-width katakana: out of use
        return {1, false, lead < 0x80U ? 0.0 : -0.5};
    }
    if (!within(lead, 0x81U, 0x9FU) && !within(lead, 0xE0U, 0xEFU)) {
        return {};
    }
    if (i + 1 >= bytes.size()) {
        return {1, true, 0.0};
    }
    const unsigned second = at(bytes, i + 1);
    if (!within(second, 0x40U, 0xFCU) || second == 0x7FU) {
        return {};
    }
    // Japanese is never without kana for long; kanji alone may be anything.
    const bool kana = (lead == 0x82U && within(second, 0x9FU, 0xF1U)) ||
                      (lead == 0x83U && within(second, 0x40U, 0x96U));
    return {2, false, kana ? 3.0 : (within(lead, 0x81U, 0x97U) ? 0.5 : 0.0)};
}

bool is_letter(std::string_view bytes, std::size_t i) {
    return i < bytes.size() && std::isalpha(static_cast<int>(at(bytes, i) & 0x7FU)) != 0 &&
           at(bytes, i) < 0x80U;
}

/// Western text has its accented letters one by one among plain ones ("Müller"); Chinese bytes come in pairs.
Character latin_character(std::string_view bytes, std::size_t i) {
    const unsigned byte = at(bytes, i);
    if (byte < 0x80U) {
        return {1, false, 0.0};
    }
    const bool before = i > 0 && at(bytes, i - 1) >= 0x80U;
    const bool after = i + 1 < bytes.size() && at(bytes, i + 1) >= 0x80U;
    if (before || after || byte < 0xA0U) {
        return {1, false, -1.0};
    }
    const bool in_word = (i > 0 && is_letter(bytes, i - 1)) || is_letter(bytes, i + 1);
    return {1, false, byte >= 0xC0U ? (in_word ? 1.0 : 0.3) : 0.2};
}

template <class Step>
bool all_characters(std::string_view bytes, Step step) {
    for (std::size_t i = 0; i < bytes.size();) {
        const Character character = step(bytes, i);
        if (character.size == 0) {
            return false;
        }
        i += character.size;
    }
    return true;
}

/// How well bytes fit an encoding.
struct Fit {
    const char* name = "";
    std::size_t characters = 0; ///< beyond ASCII
    std::size_t wide = 0;       ///< of them, of three or four bytes
    std::size_t breaks = 0;     ///< runs of bytes that begin no character
    double weight = 0.0;
    std::set<std::string> pairs; ///< distinct two-byte characters, counted up to some

    /// Whether the text is of this encoding but for a broken byte here and there.
    [[nodiscard]] bool holds() const {
        // GBK text has two-byte UTF-8 characters by chance, but not many different ones.
        constexpr std::size_t chance_ends = 12;
        const bool by_chance = is_utf8_fit() && pairs.size() < chance_ends;
        const std::size_t solid = by_chance ? wide : characters;
        return breaks == 0 || breaks * 10 <= solid || (breaks == 1 && solid >= 3);
    }

    [[nodiscard]] bool is_utf8_fit() const { return name == std::string_view("UTF-8"); }

    /// Whether the characters are mostly those of ordinary text.
    [[nodiscard]] bool ordinary() const { return mean() >= 1.0; }

    [[nodiscard]] double mean() const {
        return characters == 0 ? 0.0 : weight / static_cast<double>(characters);
    }
};

void add_to(Fit& fit, std::string_view sample, Next next) {
    constexpr std::size_t pairs_kept = 64;
    bool broken = false;
    for (std::size_t i = 0; i < sample.size();) {
        const Character character = next(sample, i);
        if (character.size == 0) {
            fit.breaks += broken ? 0U : 1U;
            fit.weight -= 1.0;
            broken = true;
            ++i;
            continue;
        }
        const bool counts = at(sample, i) >= 0x80U && !character.cut;
        if (counts) {
            ++fit.characters;
            fit.wide += character.size > 2 ? 1U : 0U;
            fit.weight += character.weight;
            broken = false;
        }
        if (counts && character.size == 2 && fit.pairs.size() < pairs_kept) {
            fit.pairs.emplace(sample.substr(i, 2));
        }
        i += character.size;
    }
}

struct Judged {
    const char* name;
    Next next;
};

constexpr std::array<Judged, 5> judged{{
    {"UTF-8", utf8_character},
    {"GBK", gb18030_character},
    {"BIG5", big5_character},
    {"SHIFT_JIS", shift_jis_character},
    {"WINDOWS-1252", latin_character},
}};

enum Which : std::size_t { utf8 = 0, gbk = 1, big5 = 2, shift_jis = 3, latin = 4 };

using Fits = std::array<Fit, judged.size()>;

Fits fits_of(const std::set<std::string>& samples) {
    Fits fits;
    for (std::size_t i = 0; i < fits.size(); ++i) {
        fits[i].name = judged[i].name;
        for (const std::string& sample : samples) {
            add_to(fits[i], sample, judged[i].next);
        }
    }
    // GBK text rarely passes as two-byte UTF-8 for long: "联通" does, a dozen characters do not.
    constexpr std::size_t chance_ends = 12;
    Fit& own = fits[utf8];
    if (own.breaks == 0 && own.wide == 0 && own.pairs.size() >= chance_ends) {
        own.weight *= 3.0;
    }
    return fits;
}

/// Far more likely, so that it outweighs another's word.
bool beats(const Fit& better, const Fit& worse) {
    constexpr double clearly = 1.5;
    return better.holds() && (better.weight > clearly * std::max(worse.weight, 0.0) ||
                              (!worse.holds() && better.weight > 0.0));
}

/// Big5 and Shift-JIS against somebody's word that it is GBK.
constexpr std::size_t characters_to_tell = 8;

bool is_chinese(const std::string& encoding) {
    return encoding == "GBK" || encoding == "GB18030";
}

bool is_single_byte(const std::string& encoding) {
    static constexpr std::array<std::string_view, 12> begins{
        "ISO-8859-",
        "ISO8859",
        "ISO_8859-",
        "LATIN",
        "WINDOWS-125",
        "CP125",
        "CP437",
        "CP85",
        "CP86",
        "KOI8",
        "MACINTOSH",
        "125"};
    return std::any_of(begins.begin(), begins.end(), [&](std::string_view begin) {
        return encoding.starts_with(begin);
    });
}

std::string recode(std::string_view bytes, const std::string& from, const std::string& to) {
    const GdalScope quiet;
    const CplText recoded(CPLRecode(std::string(bytes).c_str(), from.c_str(), to.c_str()));
    return recoded ? recoded.get() : std::string();
}

/// There and back again.
bool decodes(const std::set<std::string>& samples, const std::string& encoding) {
    return std::all_of(samples.begin(), samples.end(), [&](const std::string& sample) {
        return recode(recode(sample, encoding, "UTF-8"), "UTF-8", encoding) == sample;
    });
}

bool contradicted(
    const std::string& encoding, const Fits& fits, const std::set<std::string>& samples
) {
    if (encoding == "UTF-8") {
        return !fits[utf8].holds();
    }
    if (is_chinese(encoding)) {
        const bool other = std::any_of(&fits[big5], &fits[latin], [&](const Fit& fit) {
            return fit.breaks == 0 && fit.characters >= characters_to_tell && fit.ordinary() &&
                   beats(fit, fits[gbk]);
        });
        return !fits[gbk].holds() || (fits[utf8].wide > 0 && beats(fits[utf8], fits[gbk])) ||
               other;
    }
    constexpr double slightly = 1.2; // true Big5 makes half as much of GBK
    for (const Which which : {big5, shift_jis}) {
        if (encoding == fits[which].name) {
            return !fits[which].holds() ||
                   (fits[utf8].wide > 0 && beats(fits[utf8], fits[which])) ||
                   (fits[gbk].holds() && fits[gbk].weight > slightly * fits[which].weight);
        }
    }
    if (fits[utf8].breaks == 0 && fits[utf8].characters > 0) {
        return true;
    }
    if (is_single_byte(encoding)) {
        constexpr double ordinary = 1.2;
        return fits[gbk].holds() && fits[gbk].mean() >= ordinary &&
               beats(fits[gbk], fits[latin]);
    }
    return !decodes(samples, encoding);
}

/// What the bytes look like by themselves.
const Fit& likeliest(const Fits& fits) {
    const bool as_utf8 =
        fits[utf8].holds() && (!fits[gbk].holds() || fits[utf8].weight >= fits[gbk].weight);
    const Fit* best = as_utf8 ? &fits[utf8] : &fits[gbk];
    constexpr double margin = 4.0; // two common characters
    for (const Which which : {big5, shift_jis}) {
        if (fits[which].weight > margin && fits[which].ordinary() &&
            beats(fits[which], *best)) {
            best = &fits[which];
        }
    }
    if (best->weight <= 0.0 && fits[latin].weight > 0.0) {
        best = &fits[latin];
    }
    return *best;
}

std::string used_name(const Fit& fit) {
    return fit.name == std::string_view("GBK") && fit.wide > 0 ? "GB18030" : fit.name;
}

const char* words_of_source(const EncodingHint& hint) {
    return hint.source == "cpg" ? ".cpg" : "DBF (LDID)";
}

EncodingDoubt overruled(const EncodingHint& hint, const std::string& used) {
    return {
        "encoding_overruled",
        text(
            "{} 声明文字编码为“{}”，但字节不符，按 {} 读取；如不对，请在项目文件中用 encoding: "
            "指定",
            "the {} says that text is \"{}\", but the bytes say otherwise: read as {}; if that "
            "is wrong, name it in the project by encoding:",
            words_of_source(hint),
            hint.name,
            used
        )};
}

/// Of a guess that the reader should look at: other scripts than Chinese, or nothing that fits.
std::optional<EncodingDoubt> guessed(const Fit& best, const std::string& used) {
    constexpr double ordinary = 0.8; // of Chinese text, per character
    const bool known = best.name == std::string_view("UTF-8");
    if (best.holds() &&
        (known || (best.name == std::string_view("GBK") && best.mean() >= ordinary))) {
        return std::nullopt;
    }
    return EncodingDoubt{
        "encoding_guessed",
        text(
            "文件没有说明文字编码，字节最像 {}，先按它读取；请核对文字，如不对，在项目文件中用 "
            "encoding: 指定（命令行用 --encoding）",
            "the file does not say how its text is encoded; the bytes look most like {}: read "
            "so for now. Check the words, and if they are wrong name the encoding by encoding: "
            "in the project (--encoding on the command line)",
            used
        )};
}

std::string valid_utf8(std::string_view bytes) {
    std::size_t sound = 0; // nearly always all
    while (sound < bytes.size()) {
        const Character character = utf8_character(bytes, sound);
        if (character.cut || character.size == 0) {
            break;
        }
        sound += character.size;
    }
    std::string result(bytes.substr(0, sound));
    for (std::size_t i = sound; i < bytes.size();) {
        const Character character = utf8_character(bytes, i);
        if (character.cut) {
            break;
        }
        if (character.size == 0) {
            result += replacement;
            ++i;
            continue;
        }
        result += bytes.substr(i, character.size);
        i += character.size;
    }
    return result;
}

/// Characters beyond ASCII.
std::size_t wide_characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0xC0U;
    }));
}

/// All at once, or character by character, so that one without a meaning takes no other with it.
std::string gb18030_to_utf8(std::string_view bytes) {
    std::vector<std::string_view> characters; ///< empty: a byte that begins none
    std::string whole;
    std::size_t wide = 0;
    bool sound = true;
    for (std::size_t i = 0; i < bytes.size();) {
        const Character character = gb18030_character(bytes, i);
        if (character.cut) {
            break;
        }
        sound = sound && character.size > 0;
        wide += character.size > 1 ? 1U : 0U;
        characters.push_back(bytes.substr(i, character.size));
        whole += characters.back();
        i += std::max<std::size_t>(character.size, 1);
    }
    if (sound) {
        std::string at_once = recode(whole, "GB18030", "UTF-8");
        if (wide_characters(at_once) == wide && is_utf8(at_once)) {
            return at_once;
        }
    }
    std::string result;
    for (const std::string_view character : characters) {
        if (character.size() == 1) {
            result += character;
            continue;
        }
        const std::string one = character.empty() ? "" : recode(character, "GB18030", "UTF-8");
        result += wide_characters(one) == 1 && is_utf8(one) ? one : replacement;
    }
    return result;
}

std::set<std::string> beyond_ascii(const std::vector<std::string>& samples) {
    std::set<std::string> distinct;
    for (const std::string& sample : samples) {
        if (!is_ascii(sample)) {
            distinct.insert(sample);
        }
    }
    return distinct;
}

} // namespace

bool is_utf8(std::string_view bytes) {
    return all_characters(bytes, utf8_character);
}

bool is_gb18030(std::string_view bytes) {
    return all_characters(bytes, gb18030_character);
}

bool ends_cut(std::string_view bytes, const std::string& encoding) {
    if (encoding != "UTF-8" && !is_chinese(encoding)) {
        return false;
    }
    bool cut = false;
    const Next next = encoding == "UTF-8" ? utf8_character : gb18030_character;
    for (std::size_t i = 0; i < bytes.size();) {
        const Character character = next(bytes, i);
        cut = character.cut;
        i += std::max<std::size_t>(character.size, 1);
    }
    return cut;
}

std::string encoding_name(std::string_view given) {
    std::string name;
    for (const char c : given) {
        if (std::isspace(static_cast<unsigned char>(c)) == 0) {
            name += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        }
    }

    struct Names {
        const char* name;
        std::vector<std::string_view> others;
    };

    static const std::vector<Names> names{
        {"UTF-8", {"UTF8", "65001", "CP65001", "UTF-8-SIG", "UTF8-BOM"}},
        {"GB18030", {"54936", "CP54936", "GB-18030", "GB18030-2000", "GB18030-2005"}},
        {"GBK",
         {"936",
          "CP936",
          "CP-936",
          "MS936",
          "ANSI936",
          "OEM936",
          "WINDOWS-936",
          "GB2312",
          "GB-2312",
          "GB_2312-80",
          "EUC-CN",
          "EUCCN",
          "X-GBK"}},
        {"BIG5", {"950", "CP950", "ANSI950", "OEM950", "BIG-5", "BIG5-ETEN"}},
        {"SHIFT_JIS", {"932", "CP932", "ANSI932", "OEM932", "SJIS", "SHIFT-JIS"}},
        {"CP949", {"949", "ANSI949", "OEM949", "UHC"}},
        {"WINDOWS-1252", {"1252", "CP1252", "ANSI1252"}},
        {"WINDOWS-1251", {"1251", "CP1251", "ANSI1251"}},
        {"ISO-8859-1", {"8859-1", "88591", "ISO88591", "ISO8859-1", "ISO_8859-1", "LATIN1"}},
        {"", {"OEM", "ANSI", "SYSTEM", "NONE", "UNKNOWN"}},
    };
    for (const Names& known : names) {
        if (std::find(known.others.begin(), known.others.end(), name) != known.others.end()) {
            return known.name;
        }
    }
    return name;
}

const std::vector<std::string>& common_encodings() {
    static const std::vector<std::string> names{
        "UTF-8", "GBK", "GB18030", "GB2312", "BIG5", "SHIFT_JIS", "WINDOWS-1252", "ISO-8859-1"};
    return names;
}

TextEncoding judge_encoding(
    const std::vector<EncodingHint>& hints, const std::vector<std::string>& samples
) {
    const std::set<std::string> distinct = beyond_ascii(samples);
    const Fits fits = fits_of(distinct);
    std::optional<EncodingHint> lie;
    for (const EncodingHint& hint : hints) {
        const std::string named = encoding_name(hint.name);
        if (named.empty()) { // "OEM": no information
            continue;
        }
        const bool believed =
            distinct.empty() ? named == "UTF-8" || is_chinese(named)
                             : is_known_encoding(named) && !contradicted(named, fits, distinct);
        if (believed) {
            return {
                named,
                hint.source,
                lie ? std::optional(overruled(*lie, named)) : std::nullopt,
                0,
                {}};
        }
        if (!lie && !distinct.empty()) {
            lie = hint;
        }
    }
    if (distinct.empty()) {
        return {"UTF-8", "bytes", std::nullopt, 0, {}};
    }
    const Fit& best = likeliest(fits);
    const std::string used = used_name(best);
    return {
        used, "bytes", lie ? std::optional(overruled(*lie, used)) : guessed(best, used), 0, {}};
}

TextEncoding
taken_on_trust(const std::string& encoding, const std::vector<std::string>& samples) {
    TextEncoding taken{encoding, "project", std::nullopt, 0, {}};
    const std::set<std::string> distinct = beyond_ascii(samples);
    const Fits fits = fits_of(distinct);
    if (!distinct.empty() && contradicted(encoding, fits, distinct)) {
        taken.doubt = EncodingDoubt{
            "encoding_contradicted",
            text(
                "按指定的 {0} 读取，但字节更像 {1}；如文字不对，请把 encoding 改为 {1} 或去掉",
                "read as {0}, as named, but the bytes look like {1}: if the words are wrong, "
                "name {1} instead or leave encoding out",
                encoding,
                used_name(likeliest(fits))
            )};
    }
    return taken;
}

bool is_utf8_among_gbk(std::string_view bytes) {
    return !is_ascii(bytes) && is_utf8(bytes) &&
           judge_encoding({}, {std::string(bytes)}).used == "UTF-8";
}

std::string
encoding_of_names(const std::vector<std::string>& names, const std::string& values) {
    const std::set<std::string> distinct = beyond_ascii(names);
    if (distinct.empty()) {
        return {};
    }
    const bool as_utf8 = std::all_of(distinct.begin(), distinct.end(), is_utf8);
    if (is_chinese(values) && as_utf8 && judge_encoding({}, names).used == "UTF-8") {
        return "UTF-8";
    }
    const bool as_gbk = std::all_of(distinct.begin(), distinct.end(), is_gb18030);
    return values == "UTF-8" && !as_utf8 && as_gbk ? "GBK" : "";
}

std::string to_utf8(std::string_view bytes, const std::string& encoding) {
    if (is_ascii(bytes)) {
        return std::string(bytes);
    }
    if (encoding == "UTF-8") {
        return valid_utf8(bytes);
    }
    if (is_chinese(encoding)) {
        return gb18030_to_utf8(bytes);
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
    // GDAL hands back what it cannot recode, and no encoding makes this byte of itself.
    return encoding == "UTF-8" || is_chinese(encoding) ||
           recode("\xC3", encoding, "UTF-8") != "\xC3";
}

} // namespace tuban
