#pragma once
#include <tuban/table.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The national plot table of 历史遗留矿山核查 and what later stages add: field names and what else they are called.
namespace tuban {

enum class FieldKind {
    text,    ///< ids and words: always text, so that leading zeros and 26 digits survive
    code,    ///< one code of a list; labels become codes
    codes,   ///< several, comma list
    number,  ///< area, coordinate, money
    year,    ///< four digits, text
    date,    ///< 2021-10-13, text
    personal ///< names of inspectors: dropped on reading
};

struct NationalField {
    const char* name;
    const char* alias; ///< Chinese; "" where no published label is known
    FieldKind kind;
    std::vector<std::string_view> others; ///< what it is called besides, in tables seen
};

[[nodiscard]] const std::vector<NationalField>& national_fields();

/// By name, Chinese label or another name, ASCII in any case; null if it is none of the schema.
[[nodiscard]] const NationalField* national_field(std::string_view name);

/// What a name cut by bytes may have been.
struct CutName {
    std::vector<const NationalField*> fields; ///< all it may be; one: that it is
    std::string whole;                        ///< the name before it was cut, where it is one
};

/// @param raw  the first 8 to 10 bytes of a name in `encoding`, perhaps less a broken character
[[nodiscard]] CutName cut_name(std::string_view raw, const std::string& encoding);

/// "natural", "assisted", "engineering", "reuse" from a code, letter, Chinese or English name; "" for none ("5", "/").
/// @return none if it is no mode at all
[[nodiscard]] std::optional<std::string> restoration_mode(std::string_view value);

/// Without white space at both ends, the full-width space too.
[[nodiscard]] std::string trimmed(std::string_view text);
[[nodiscard]] std::string_view trimmed_view(std::string_view text);
/// ASCII lower case.
[[nodiscard]] std::string lower(std::string_view text);

} // namespace tuban
