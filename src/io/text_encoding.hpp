#pragma once
#include <tuban/error.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Which bytes mean which characters, decided by the bytes rather than by what a file says of itself.
namespace tuban {

struct TextEncoding {
    std::string used = "UTF-8"; ///< "UTF-8", "GBK", "GB18030", or a name that iconv knows
    std::string because; ///< "file" (the format says so), "cpg", "ldid", "bytes", "project"
    std::optional<Text> overruled; ///< the hint that the bytes contradict
};

/// What a file says of its own text.
struct EncodingHint {
    std::string name;   ///< as written; "" for none
    std::string source; ///< "cpg" or "ldid"
};

/// A cut character at the end is allowed: DBF cuts names at 10 bytes and values at 254.
[[nodiscard]] bool is_utf8(std::string_view bytes);
[[nodiscard]] bool is_gb18030(std::string_view bytes);

/// "936", "ANSI 936", "gb2312" → "GBK"; "65001" → "UTF-8"; others in capitals.
[[nodiscard]] std::string encoding_name(std::string_view given);

/// UTF-8 unless the bytes are not; then GB18030; then what the hint says. @param samples names and values, raw
[[nodiscard]] TextEncoding
judge_encoding(const EncodingHint& hint, const std::vector<std::string>& samples);

/// To UTF-8. A character cut at the end is dropped, a byte that means nothing becomes U+FFFD: the result is valid.
[[nodiscard]] std::string to_utf8(std::string_view bytes, const std::string& encoding);
/// From UTF-8, for comparing with names cut by bytes.
[[nodiscard]] std::string from_utf8(std::string_view text, const std::string& encoding);
/// Whether iconv knows the name.
[[nodiscard]] bool is_known_encoding(const std::string& encoding);

} // namespace tuban
