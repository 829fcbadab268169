#include "io/row_words.hpp"

#include "core/format.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace tuban {
namespace {

bool has_header_line(std::string_view file) {
    constexpr std::array<std::string_view, 5> endings{".csv", ".tsv", ".xlsx", ".xls", ".ods"};
    std::string lower(file);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return std::any_of(endings.begin(), endings.end(), [&](std::string_view ending) {
        return lower.ends_with(ending);
    });
}

} // namespace

Text row_words(std::string_view file, std::int64_t row) {
    return has_header_line(file)
               ? text("第 {} 行（表格第 {} 行）", "row {} (line {} of the sheet)", row, row + 1)
               : text("第 {} 行", "row {}", row);
}

std::string row_list(std::span<const std::size_t> rows) {
    constexpr std::size_t most = 10;
    std::string list;
    for (const std::size_t row : rows.first(std::min(most, rows.size()))) {
        list += format("{}{}", list.empty() ? "" : ", ", row + 1);
    }
    return list + (rows.size() > most ? ", …" : "");
}

} // namespace tuban
