#pragma once
#include <tuban/error.hpp>
#include <tuban/export.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Columns with units, a row per plot (or unit), in the order of the source file.
namespace tuban {

enum class ColumnType { text, integer, real };

/// One column. `values` and `valid` always have the same length; a value whose `valid` is 0 is null and holds "" or 0.
struct Column {
    std::string
        name; ///< snake_case with the unit in it (`road_distance_m`), or the source's own name
    std::string alias; ///< for people, in Chinese, without a unit (距道路距离); may be empty
    std::string unit; ///< "m", "m2", "ha", "deg", "yuan", "" for none
    std::variant<std::vector<std::string>, std::vector<std::int64_t>, std::vector<double>>
        values;
    std::vector<std::uint8_t> valid;

    [[nodiscard]] ColumnType type() const noexcept {
        return static_cast<ColumnType>(values.index());
    }

    [[nodiscard]] std::size_t size() const noexcept { return valid.size(); }

    /// Value of a row as a number; null for text columns and null cells.
    [[nodiscard]] TUBAN_EXPORT std::optional<double> number(std::size_t row) const;
    /// Value of a row as an integer; null unless the column is integer and the cell not null.
    [[nodiscard]] TUBAN_EXPORT std::optional<std::int64_t> integer(std::size_t row) const;
    /// Value of a row as text (numbers in shortest round-trip form); null for null cells.
    [[nodiscard]] TUBAN_EXPORT std::optional<std::string> text(std::size_t row) const;
    friend bool operator==(const Column&, const Column&) = default;
};

[[nodiscard]] TUBAN_EXPORT Column text_column(
    std::string name, std::string alias, const std::vector<std::optional<std::string>>& cells
);
[[nodiscard]] TUBAN_EXPORT Column integer_column(
    std::string name,
    std::string alias,
    std::string unit,
    const std::vector<std::optional<std::int64_t>>& cells
);
/// A NaN or infinite cell becomes null: no table of tuban holds either.
[[nodiscard]] TUBAN_EXPORT Column real_column(
    std::string name,
    std::string alias,
    std::string unit,
    const std::vector<std::optional<double>>& cells
);

struct Table {
    std::size_t rows = 0;
    std::vector<Column> columns;

    /// Null if there is no column of that exact name.
    [[nodiscard]] TUBAN_EXPORT const Column* find(std::string_view name) const noexcept;
    /// @throws Error{invalid_argument} naming the nearest column if there is none of that name.
    [[nodiscard]] TUBAN_EXPORT const Column& at(std::string_view name) const;
    /// Appends, or replaces a column of the same name in its place.
    /// @throws Error{invalid_argument} if the lengths differ.
    TUBAN_EXPORT void put(Column column);
    friend bool operator==(const Table&, const Table&) = default;
};

/// The name of `known` nearest to `given` (edit distance at most a third of its length, in characters; a name that only
/// lacks its end is at most two edits away; between equals the one that begins alike for longest, then the first), or
/// none.
[[nodiscard]] TUBAN_EXPORT std::optional<std::string>
nearest_name(std::string_view given, const std::vector<std::string>& known);

} // namespace tuban
