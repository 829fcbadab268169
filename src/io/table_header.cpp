#include "io/table_header.hpp"

#include "core/format.hpp"
#include "io/national_schema.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tuban {
namespace {

/// The name that GDAL gives to a column without one.
bool is_nameless(const Column& column, std::size_t index) {
    return column.name == format("Field{}", index + 1);
}

std::size_t named_columns(const Table& table) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        count += is_nameless(table.columns[i], i) ? 0U : 1U;
    }
    return count;
}

/// The words of a row that could be a header: all different, none of them a number; "" where a cell is empty.
std::optional<std::vector<std::string>> header_in(const Table& table, std::size_t row) {
    std::vector<std::string> words;
    std::set<std::string> different;
    for (const Column& column : table.columns) {
        const std::string word = trimmed(column.text(row).value_or(""));
        if (!word.empty() && (Decimal::parse(word) || column.type() != ColumnType::text ||
                              !different.insert(word).second)) {
            return std::nullopt;
        }
        words.push_back(word);
    }
    return words;
}

std::size_t filled(const std::vector<std::string>& words) {
    return static_cast<std::size_t>(
        std::count_if(words.begin(), words.end(), [](const auto& w) { return !w.empty(); })
    );
}

/// Takes the first rows out.
void drop_rows(Rows& rows, std::size_t count) {
    const auto drop = [count](auto& values) {
        values.erase(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count));
    };
    for (Column& column : rows.table.columns) {
        std::visit(drop, column.values);
        drop(column.valid);
    }
    rows.table.rows -= count;
    drop(rows.wkb);
    drop(rows.fids);
    std::erase_if(rows.issues, [&](const Issue& issue) {
        return issue.row && *issue.row <= static_cast<std::int64_t>(count);
    });
    for (Issue& issue : rows.issues) {
        if (issue.row) {
            *issue.row -= static_cast<std::int64_t>(count);
        }
    }
}

} // namespace

void take_header_below_title(Rows& rows) {
    constexpr std::size_t most_above = 5;
    Table& table = rows.table;
    const std::size_t named = named_columns(table);
    if (table.columns.size() < 2 || 2 * named > table.columns.size()) {
        return;
    }
    std::size_t found = 0;
    std::vector<std::string> names;
    for (std::size_t row = 0; row < std::min(most_above, table.rows); ++row) {
        auto words = header_in(table, row);
        // A second line of title fills some cells too: the fullest is the header.
        if (words && filled(*words) > std::max(named, filled(names))) {
            names = *std::move(words);
            found = row;
        }
    }
    if (2 * filled(names) <= table.columns.size()) {
        return;
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
        Column& column = table.columns[i];
        column.name = names[i].empty() ? format("Field{}", i + 1) : names[i];
        rows.raw_names[i] = column.name;
    }
    drop_rows(rows, found + 1);
    Issue issue;
    issue.severity = Severity::note;
    issue.code = "header_below_title";
    issue.message = text(
        "表头在第 {0} 行，它上面的按标题略过；行号从表头的下一行算起",
        "the header is in row {0}, what stands above it is taken for a title; rows are counted "
        "from below the header",
        found + 2
    );
    rows.issues.push_back(std::move(issue));
}

} // namespace tuban
