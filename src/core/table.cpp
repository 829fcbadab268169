#include <tuban/table.hpp>

#include "core/format.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tuban {
namespace {

template <class T>
Column column_of(
    std::string name,
    std::string alias,
    std::string unit,
    const std::vector<std::optional<T>>& cells
) {
    Column column{
        std::move(name), std::move(alias), std::move(unit), std::vector<T>(cells.size()), {}};
    column.valid.resize(cells.size());
    auto& values = std::get<std::vector<T>>(column.values);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (cells[i]) {
            values[i] = *cells[i];
            column.valid[i] = 1;
        }
    }
    return column;
}

/// UTF-8 as code points, so that a Chinese character counts as one; what is no UTF-8 gives some characters, too.
std::u32string characters_of(std::string_view text) {
    std::u32string characters;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t size = lead >= 0xF0U ? 4 : lead >= 0xE0U ? 3 : lead >= 0xC0U ? 2 : 1;
        char32_t character = 0;
        for (const char byte : text.substr(i, size)) {
            character = (character << 8U) + static_cast<unsigned char>(byte);
        }
        characters += character;
        i += size;
    }
    return characters;
}

/// Edit distance in which two neighbours changing places count once ("wehn"): good enough to suggest a name.
std::size_t edit_distance(std::u32string_view a, std::u32string_view b) {
    std::vector<std::vector<std::size_t>> least(
        a.size() + 1, std::vector<std::size_t>(b.size() + 1)
    );
    for (std::size_t j = 0; j <= b.size(); ++j) {
        least[0][j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        least[i][0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = least[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            const std::size_t changed = swapped ? least[i - 2][j - 2] + 1 : replaced;
            least[i][j] =
                std::min({least[i - 1][j] + 1, least[i][j - 1] + 1, replaced, changed});
        }
    }
    return least[a.size()][b.size()];
}

std::size_t common_prefix(std::u32string_view a, std::u32string_view b) {
    const auto parting = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    return static_cast<std::size_t>(parting.first - a.begin());
}

/// What a name that only lacks its end costs at most: people leave the unit off ("cost_wan").
constexpr std::size_t unfinished = 2;

} // namespace

std::optional<double> Column::number(std::size_t row) const {
    if (valid[row] == 0 || type() == ColumnType::text) {
        return std::nullopt;
    }
    return type() == ColumnType::real
               ? std::get<std::vector<double>>(values)[row]
               : static_cast<double>(std::get<std::vector<std::int64_t>>(values)[row]);
}

std::optional<std::int64_t> Column::integer(std::size_t row) const {
    if (valid[row] == 0 || type() != ColumnType::integer) {
        return std::nullopt;
    }
    return std::get<std::vector<std::int64_t>>(values)[row];
}

std::optional<std::string> Column::text(std::size_t row) const {
    if (valid[row] == 0) {
        return std::nullopt;
    }
    if (const auto* texts = std::get_if<std::vector<std::string>>(&values)) {
        return (*texts)[row];
    }
    return std::visit([row](const auto& cells) { return format("{}", cells[row]); }, values);
}

Column text_column(
    std::string name, std::string alias, const std::vector<std::optional<std::string>>& cells
) {
    return column_of(std::move(name), std::move(alias), "", cells);
}

Column integer_column(
    std::string name,
    std::string alias,
    std::string unit,
    const std::vector<std::optional<std::int64_t>>& cells
) {
    return column_of(std::move(name), std::move(alias), std::move(unit), cells);
}

Column real_column(
    std::string name,
    std::string alias,
    std::string unit,
    const std::vector<std::optional<double>>& cells
) {
    auto finite = cells;
    for (auto& cell : finite) {
        if (cell && !std::isfinite(*cell)) {
            cell.reset();
        }
    }
    return column_of(std::move(name), std::move(alias), std::move(unit), finite);
}

const Column* Table::find(std::string_view name) const noexcept {
    const auto found = std::find_if(columns.begin(), columns.end(), [&](const Column& column) {
        return column.name == name;
    });
    return found == columns.end() ? nullptr : &*found;
}

const Column& Table::at(std::string_view name) const {
    if (const Column* column = find(name)) {
        return *column;
    }
    std::vector<std::string> known;
    known.reserve(columns.size());
    for (const Column& column : columns) {
        known.push_back(column.name);
    }
    const auto near = nearest_name(name, known);
    throw Error(
        ErrorCode::invalid_argument,
        text(
            "没有列 {}{}",
            "there is no column {}{}",
            name,
            near ? format(" (→ {}?)", *near) : std::string{}
        )
    );
}

void Table::put(Column column) {
    if (columns.empty() && rows == 0) {
        rows = column.size();
    }
    if (column.size() != rows) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "列 {} 有 {} 行，表有 {} 行",
                "column {} has {} rows, the table {}",
                column.name,
                column.size(),
                rows
            )
        );
    }
    const auto found = std::find_if(columns.begin(), columns.end(), [&](const Column& other) {
        return other.name == column.name;
    });
    if (found == columns.end()) {
        columns.push_back(std::move(column));
    } else {
        *found = std::move(column);
    }
}

std::optional<std::string>
nearest_name(std::string_view given, const std::vector<std::string>& known) {
    const std::u32string wanted = characters_of(given);
    std::optional<std::string> best;
    std::u32string best_characters;
    std::size_t least = std::max<std::size_t>(1, wanted.size() / 3) + 1;
    for (const std::string& name : known) {
        const std::u32string characters = characters_of(name);
        const std::size_t edits = edit_distance(wanted, characters);
        const std::size_t distance =
            name.starts_with(given) ? std::min(edits, unfinished) : edits;
        const bool as_near = best && distance == least;
        if (distance < least || (as_near && common_prefix(wanted, characters) >
                                                common_prefix(wanted, best_characters))) {
            least = distance;
            best = name;
            best_characters = characters;
        }
    }
    return best;
}

} // namespace tuban
