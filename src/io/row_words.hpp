#pragma once
#include <tuban/error.hpp>
#include <tuban/export.hpp>

#include <cstdint>
#include <string_view>

namespace tuban {

/// A row as its owner finds it: 第 3 行, row 3. Where the first line of the file is its header (a spreadsheet, CSV):
/// 第 3 行（表格第 4 行）, row 3 (line 4 of the sheet).
/// @param row  from 1, in file order
[[nodiscard]] TUBAN_EXPORT Text row_words(std::string_view file, std::int64_t row);

} // namespace tuban
