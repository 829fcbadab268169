#pragma once
// What the names of a condition mean: columns, their Chinese aliases, and exact views of a column in another unit.
#include <tuban/ranking.hpp>

#include "ranking/tokens.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tuban::expression {

/// What a condition may know of a column without its values.
struct ColumnInfo {
    std::string name;
    std::string alias;
    ColumnType type = ColumnType::text;
    std::size_t nulls = 0;
};

class Names {
public:
    explicit Names(const Table& table);

    [[nodiscard]] const std::vector<ColumnInfo>& columns() const noexcept { return columns_; }

    /// By name, in any case of A–Z, as SQLite does.
    [[nodiscard]] const ColumnInfo* column(std::string_view name) const;
    /// All columns with this alias, in the table's order.
    [[nodiscard]] std::vector<const ColumnInfo*> aliased(std::string_view alias) const;
    /// The SQL behind a name that is a column's exact view in another unit (area_mu, cost_wan_yuan), if the table has
    /// that column and none of the view's own name.
    [[nodiscard]] std::optional<std::string> view(std::string_view name) const;
    /// Whether a bare name means something here.
    [[nodiscard]] bool knows(std::string_view name) const;
    /// "；是不是 X？" with the nearest column or alias; both empty if none is near.
    [[nodiscard]] Text suggestion(std::string_view name) const;

private:
    std::vector<ColumnInfo> columns_;
};

/// A condition's text in column names, and where each byte of it came from.
struct Rewritten {
    std::string sql;
    std::vector<std::size_t> origin; ///< (sql.size()) offset in the condition's text
};

/// Aliases and views → quoted columns, outside of literals, quoted names and comments.
/// @throws Error{invalid_project} for an alias that several columns share
[[nodiscard]] Rewritten rewrite(const Condition& condition, const Names& names);

/// Where in the file a byte of a condition stands: columns in code points, further lines indented like the first.
[[nodiscard]] Where place(const Condition& condition, std::size_t offset);

/// Throws Error{invalid_project} at a byte of a condition.
[[noreturn]] void refuse(const Condition& condition, std::size_t offset, Text message);

/// One text after the other, in both languages.
[[nodiscard]] Text joined(Text first, const Text& second);

/// "name" with quotes doubled.
[[nodiscard]] std::string quoted_name(std::string_view name);

} // namespace tuban::expression
