#include "ranking/names.hpp"

#include "core/format.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tuban::expression {
namespace {

struct View {
    std::string_view name;
    std::string_view of;
    std::string_view factor; ///< SQL after the column
};

// 1 亩 = 2000/3 m² (exactly), 1 万元 = 10 000 yuan.
constexpr std::array<View, 2> views = {
    View{"area_mu", "area_m2", " * 3 / 2000.0"},
    View{"cost_wan_yuan", "cost_yuan", " / 10000.0"}};

/// What a bare name is rewritten to; empty if it stays as it is.
std::string replacement(const Condition& condition, const Names& names, const Token& token) {
    if (token.kind != TokenKind::name || token.called || names.column(token.text) != nullptr) {
        return {};
    }
    const auto aliased = names.aliased(token.text);
    if (aliased.size() > 1) {
        refuse(
            condition,
            token.offset,
            text(
                "{} 是多列的中文名（{}、{} 等），请改写英文列名",
                "{} is the alias of several columns ({}, {}): write the column's name",
                token.text,
                aliased[0]->name,
                aliased[1]->name
            )
        );
    }
    return aliased.empty() ? names.view(token.text).value_or("")
                           : quoted_name(aliased[0]->name);
}

} // namespace

Names::Names(const Table& table) {
    for (const Column& column : table.columns) {
        const auto nulls = std::count(column.valid.begin(), column.valid.end(), 0);
        columns_.push_back(
            {column.name, column.alias, column.type(), static_cast<std::size_t>(nulls)}
        );
    }
}

const ColumnInfo* Names::column(std::string_view name) const {
    const auto found = std::find_if(columns_.begin(), columns_.end(), [&](const auto& known) {
        return same_name(known.name, name);
    });
    return found == columns_.end() ? nullptr : &*found;
}

std::vector<const ColumnInfo*> Names::aliased(std::string_view alias) const {
    std::vector<const ColumnInfo*> found;
    for (const ColumnInfo& known : columns_) {
        if (!known.alias.empty() && known.alias == alias) {
            found.push_back(&known);
        }
    }
    return found;
}

std::optional<std::string> Names::view(std::string_view name) const {
    for (const View& view : views) {
        if (same_name(view.name, name) && column(name) == nullptr &&
            column(view.of) != nullptr) {
            return format("({}{})", quoted_name(column(view.of)->name), view.factor);
        }
    }
    return std::nullopt;
}

bool Names::knows(std::string_view name) const {
    return column(name) != nullptr || !aliased(name).empty() || view(name).has_value();
}

Text Names::suggestion(std::string_view name) const {
    std::vector<std::string> known;
    for (const ColumnInfo& column : columns_) {
        known.push_back(column.name);
        if (!column.alias.empty()) {
            known.push_back(column.alias);
        }
    }
    const auto near = nearest_name(name, known);
    return near ? text("；是不是 {}？", "; did you mean {}?", *near) : Text{};
}

Rewritten rewrite(const Condition& condition, const Names& names) {
    Rewritten result;
    std::size_t done = 0;
    const auto copy_until = [&](std::size_t end) {
        for (; done < end; ++done) {
            result.sql += condition.text[done];
            result.origin.push_back(done);
        }
    };
    for (const Token& token : split(condition.text)) {
        const std::string instead = replacement(condition, names, token);
        if (instead.empty()) {
            continue;
        }
        copy_until(token.offset);
        result.sql += instead;
        result.origin.resize(result.sql.size(), token.offset);
        done = token.offset + token.size;
    }
    copy_until(condition.text.size());
    return result;
}

Where place(const Condition& condition, std::size_t offset) {
    // A text of unknown origin is its own file: line 1, column 1.
    const Where& start = condition.where;
    Where where{start.file, std::max(start.line, 1), std::max(start.column, 1)};
    const int first_column = where.column;
    for (std::size_t at = 0; at < std::min(offset, condition.text.size());) {
        const CodePoint point = code_point_at(condition.text, at);
        at += point.size;
        if (point.value == U'\n') {
            ++where.line;
            where.column = first_column;
        } else {
            ++where.column;
        }
    }
    return where;
}

void refuse(const Condition& condition, std::size_t offset, Text message) {
    throw Error(ErrorCode::invalid_project, std::move(message), place(condition, offset));
}

Text joined(Text first, const Text& second) {
    first.zh += second.zh;
    first.en += second.en;
    return first;
}

std::string quoted_name(std::string_view name) {
    std::string quoted = "\"";
    for (const char c : name) {
        quoted += c;
        if (c == '"') {
            quoted += c;
        }
    }
    return quoted + '"';
}

} // namespace tuban::expression
