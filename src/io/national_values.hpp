#pragma once
#include <tuban/io.hpp>

#include "io/national_schema.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Values of the national plot table: codes however they are written, lists, years, dates, numbers.
namespace tuban {

struct NationalValue {
    std::optional<std::string>
        text; ///< as the schema writes it; none for blank and for "/" where that means none
    bool known = true; ///< false: in no list and of no known form; `text` is then as given
};

/// "历史遗留矿山", "10-历史遗留矿山", "１０", "10.0" → "10"; "旱地、采矿用地" → "0103,0602"; "2019年12月" → "2019" for a
/// year, "2019-12" for a date; "1,234.50" → "1234.50" for a number. Text fields are trimmed.
[[nodiscard]] NationalValue national_value(const NationalField& field, std::string_view value);

struct NationalColumn {
    Column column;
    std::vector<Issue>
        issues; ///< values_normalised, unknown_code, value_unreadable; without file and layer
    std::vector<OddValue> values; ///< all that the issues are about: by code, then value
};

/// The column with every value so, its alias set: real for numbers (text where one is none), else text.
[[nodiscard]] NationalColumn as_national(Column column, const NationalField& field);

/// Full-width digits, letters and punctuation as their ASCII forms; the full-width space as a space.
[[nodiscard]] std::string half_width(std::string_view text);

/// Of the forms "20211013", "2021-10-21 00:00:00", "2021/10/3", "2021年3月1号", "2021年3月": "2021-10-13", "2021-03".
/// @return none for other forms and for days that the calendar does not have
[[nodiscard]] std::optional<std::string> iso_date(std::string_view value);

} // namespace tuban
