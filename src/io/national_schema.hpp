#pragma once
#include <tuban/table.hpp>

#include <string>
#include <string_view>

/// The national plot table of 历史遗留矿山核查: field names, their Chinese names, and what their values may be.
namespace tuban {

enum class FieldKind {
    text,    ///< ids and words: always text, so that leading zeros and 26 digits survive
    code,    ///< text; labels become codes
    number,  ///< area, coordinate
    personal ///< names of inspectors: dropped on reading
};

struct NationalField {
    const char* name;
    const char* alias; ///< Chinese
    FieldKind kind;
};

/// By name or by Chinese alias; null if it is none of the schema.
[[nodiscard]] const NationalField* national_field(std::string_view name);

/// The column as the schema wants it: text trimmed, codes of code fields ("历史遗留矿山" → "10" for TBDL, NXFFS letters →
/// digits), alias set. A column that is not of the schema stays as it is.
[[nodiscard]] Column as_national(Column column);

/// "natural", "assisted", "engineering", "reuse" from a code, letter, Chinese or English name; "" for none ("5", "/").
/// @return none if it is no mode at all
[[nodiscard]] std::optional<std::string> restoration_mode(std::string_view value);

/// Without white space at both ends, the full-width space too.
[[nodiscard]] std::string trimmed(std::string_view text);
/// ASCII lower case.
[[nodiscard]] std::string lower(std::string_view text);

} // namespace tuban
