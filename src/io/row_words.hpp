#pragma once
#include <tuban/error.hpp>
#include <tuban/export.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tuban {

/// A row as its owner finds it: 第 3 行, row 3. Where the first line of the file is its header (a spreadsheet, CSV):
/// 第 3 行（表格第 4 行）, row 3 (line 4 of the sheet).
/// @param row  from 1, in file order
[[nodiscard]] TUBAN_EXPORT Text row_words(std::string_view file, std::int64_t row);

/// Numbers of the first ten of some rows, for a sentence that says how many there are: "3, 7, 12", and ", …" behind ten.
/// @param rows  from 0, in any order
[[nodiscard]] TUBAN_EXPORT std::string row_list(std::span<const std::size_t> rows);

} // namespace tuban
