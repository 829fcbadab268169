#pragma once
#include <tuban/error.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Which bytes mean which characters, decided by the bytes rather than by what a file says of itself.
namespace tuban {

/// What is worth telling about the choice of an encoding, as an Issue.
struct EncodingDoubt {
    const char* code; ///< "encoding_overruled", "encoding_guessed", "encoding_contradicted"
    Text message;
};

struct TextEncoding {
    std::string used = "UTF-8"; ///< "UTF-8", "GBK", "GB18030", or a name that iconv knows
    std::string because; ///< "file" (the format says so), "cpg", "ldid", "bytes", "project"
    std::optional<EncodingDoubt> doubt;
    std::size_t cut_values = 0; ///< distinct values that the width of their field has cut
    std::string
        of_names{}; ///< of field names, where they are in another; "" where they are not

    [[nodiscard]] const std::string& names() const {
        return of_names.empty() ? used : of_names;
    }
};

/// What a file says of its own text.
struct EncodingHint {
    std::string name;   ///< as written; "" for none
    std::string source; ///< "cpg" or "ldid"
};

/// A cut character at the end is allowed: DBF cuts names at 10 bytes and values at 254.
[[nodiscard]] bool is_utf8(std::string_view bytes);
[[nodiscard]] bool is_gb18030(std::string_view bytes);
/// Whether the bytes end within a character of a Chinese encoding or of UTF-8; false for all other encodings.
[[nodiscard]] bool ends_cut(std::string_view bytes, const std::string& encoding);

/// "936", "ANSI 936", "gb2312" → "GBK"; "65001" → "UTF-8"; "950" → "BIG5"; "932" → "SHIFT_JIS"; others in capitals.
[[nodiscard]] std::string encoding_name(std::string_view given);

/// The first hint that the bytes do not contradict; without one, what the bytes look like: UTF-8, GB18030, or (with a
/// doubt) Big5, Shift-JIS or Windows-1252. A few broken bytes in a long text contradict nothing.
/// @param hints    in the order they are to be believed
/// @param samples  names and values, raw; each counts once
[[nodiscard]] TextEncoding
judge_encoding(const std::vector<EncodingHint>& hints, const std::vector<std::string>& samples);

/// What the user named, with a doubt if the bytes contradict it. @param encoding known
[[nodiscard]] TextEncoding
taken_on_trust(const std::string& encoding, const std::vector<std::string>& samples);

/// Whether the bytes are UTF-8 with Chinese characters, and make better sense so than as a Chinese encoding: a cell from
/// elsewhere in a table of GBK.
[[nodiscard]] bool is_utf8_among_gbk(std::string_view bytes);

/// The encoding of names where it is another than that of values; "" where they go together.
[[nodiscard]] std::string
encoding_of_names(const std::vector<std::string>& names, const std::string& values);

/// To UTF-8. A character cut at the end is dropped, a byte that means nothing becomes U+FFFD: the result is valid.
[[nodiscard]] std::string to_utf8(std::string_view bytes, const std::string& encoding);
/// From UTF-8, for comparing with names cut by bytes.
[[nodiscard]] std::string from_utf8(std::string_view text, const std::string& encoding);
/// Whether iconv knows the name.
[[nodiscard]] bool is_known_encoding(const std::string& encoding);
/// Encodings worth naming to a user.
[[nodiscard]] const std::vector<std::string>& common_encodings();

} // namespace tuban
