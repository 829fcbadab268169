#include "io/column_finder.hpp"

#include "core/format.hpp"
#include "io/row_words.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

namespace tuban {
namespace {

/// "TBBH" of "TBBH_1", as joins and DBF writers number a second column of a name; "" for other names.
std::string unnumbered(const std::string& name) {
    const std::size_t line = name.rfind('_');
    const bool numbered =
        line != std::string::npos && line > 0 && line + 1 < name.size() &&
        std::all_of(
            name.begin() + static_cast<std::ptrdiff_t>(line) + 1,
            name.end(),
            [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
        );
    return numbered ? name.substr(0, line) : "";
}

/// How well a column's name fits a field: 0 its own name, 1 its label, 2 another name; none: not at all.
std::optional<int> closeness(const std::string& name, const NationalField& field) {
    if (lower(name) == lower(field.name)) {
        return 0;
    }
    if (name == field.alias) {
        return 1;
    }
    for (const std::string_view other : field.others) {
        if (lower(name) == lower(other)) {
            return 2;
        }
    }
    return std::nullopt;
}

std::string joined(const std::vector<const Column*>& columns) {
    std::string list;
    for (const Column* column : columns) {
        list += (list.empty() ? "" : ", ") + column->name;
    }
    return list;
}

Issue made(Severity severity, const char* code, const std::string& field, Text message) {
    Issue issue;
    issue.severity = severity;
    issue.code = code;
    issue.field = field;
    issue.message = std::move(message);
    return issue;
}

Issue name_ambiguous(const std::string& name, const CutName& cut) {
    std::string names;
    for (const NationalField* field : cut.fields) {
        names += format("{}{} {}", names.empty() ? "" : ", ", field->alias, field->name);
    }
    return made(
        Severity::warning,
        "column_ambiguous",
        name,
        text(
            "字段名“{0}”被 DBF 截断，可能是：{1}；没有采用，请在源数据中改用短的字段名",
            "the field name \"{0}\" was cut by the DBF and may be any of: {1}. None is "
            "assumed: "
            "use short names in the source",
            name,
            names
        )
    );
}

/// How the numbered column compares with the one it doubles.
Issue compared(const Column& doubled, const Column& numbered) {
    std::vector<std::size_t> differing;
    for (std::size_t row = 0; row < doubled.size(); ++row) {
        const std::string own = trimmed(doubled.text(row).value_or(""));
        if (own != trimmed(numbered.text(row).value_or(""))) {
            differing.push_back(row);
        }
    }
    if (differing.empty()) {
        return made(
            Severity::note,
            "join_debris",
            numbered.name,
            text(
                "列 {} 与 {} 完全相同，多半是连接留下的；用 {}",
                "column {} is the same as {}, probably left by a join: {} is used",
                numbered.name,
                doubled.name,
                doubled.name
            )
        );
    }
    return made(
        Severity::warning,
        "join_debris",
        numbered.name,
        text(
            "列 {0} 与 {1} 有 {2} 行不同（第 {3} 行）；用 {1}，请查明哪一列对",
            "column {0} differs from {1} in {2} rows ({3}): {1} is used; find out which is "
            "right",
            numbered.name,
            doubled.name,
            differing.size(),
            row_list(differing)
        )
    );
}

} // namespace

std::vector<Issue> complete_names(Rows& rows, const Source& source) {
    std::vector<Issue> issues;
    std::set<std::string> taken;
    for (const Column& column : rows.table.columns) {
        taken.insert(lower(column.name));
    }
    for (std::size_t i = 0; source.cut_names && i < rows.table.columns.size(); ++i) {
        Column& column = rows.table.columns[i];
        if (national_field(column.name) != nullptr) {
            continue;
        }
        const CutName cut = cut_name(rows.raw_names[i], source.encoding.names());
        if (cut.fields.size() > 1) {
            issues.push_back(name_ambiguous(column.name, cut));
        }
        if (cut.whole.empty() || !taken.insert(lower(cut.whole)).second) {
            continue;
        }
        issues.push_back(made(
            Severity::note,
            "column_completed",
            cut.whole,
            text(
                "字段名“{}”被 DBF 截断，补全为“{}”（{}）",
                R"(the field name "{}" was cut by the DBF and is completed to "{}" ({}))",
                column.name,
                cut.whole,
                cut.fields[0]->name
            )
        ));
        column.name = cut.whole;
    }
    for (const Column& column : rows.table.columns) {
        const std::string base = unnumbered(column.name);
        const Column* doubled = base.empty() ? nullptr : rows.table.find(base);
        if (doubled != nullptr) {
            issues.push_back(compared(*doubled, column));
        }
    }
    return issues;
}

ColumnFinder::ColumnFinder(const Rows& rows, const Source& source)
    : rows_(rows), source_(source) {}

ColumnFinder::Found ColumnFinder::of_field(const NationalField& field) const {
    std::optional<int> best;
    Found found;
    for (const Column& column : rows_.table.columns) {
        const auto close = closeness(column.name, field);
        if (!close || (best && *close > *best)) {
            continue;
        }
        if (!best || *close < *best) {
            found.columns.clear();
        }
        best = close;
        found.columns.push_back(&column);
    }
    if (!found.columns.empty()) {
        return found;
    }
    for (const Column& column : rows_.table.columns) {
        const std::string base = unnumbered(column.name);
        if (!base.empty() && closeness(base, field)) {
            found.columns.push_back(&column);
        }
    }
    return found;
}

ColumnFinder::Found ColumnFinder::with_cut_name(const std::string& name) const {
    constexpr std::size_t longest_kept = 10;
    constexpr std::size_t shortest_cut = 8; // a writer may drop the broken character
    const std::string bytes = from_utf8(name, source_.encoding.names());
    Found found;
    for (std::size_t i = 0; i < rows_.raw_names.size(); ++i) {
        const std::string& raw = rows_.raw_names[i];
        const bool cut =
            bytes.size() > longest_kept && raw.size() >= shortest_cut && bytes.starts_with(raw);
        if (cut || to_utf8(raw, source_.encoding.names()) == name) { // completed since
            found.columns.push_back(&rows_.table.columns[i]);
        }
    }
    return found;
}

ColumnFinder::Found ColumnFinder::look_up(const std::string& name) const {
    if (const Column* exact = rows_.table.find(name)) {
        return {{exact}};
    }
    if (const NationalField* field = national_field(name)) {
        if (Found found = of_field(*field); !found.columns.empty()) {
            return found;
        }
    }
    Found found;
    for (const Column& column : rows_.table.columns) {
        if (lower(column.name) == lower(name)) {
            found.columns.push_back(&column);
        }
    }
    return found.columns.empty() && source_.cut_names ? with_cut_name(name) : found;
}

const Column* ColumnFinder::find(const std::string& name) const {
    const Found found = look_up(name);
    return found.columns.size() == 1 ? found.columns[0] : nullptr;
}

const Column& ColumnFinder::require(const std::string& name, const Where& where) const {
    const Found found = look_up(name);
    if (found.columns.size() == 1) {
        return *found.columns[0];
    }
    const bool of_project = !where.file.empty();
    const Where& place = of_project ? where : source_.spec.where;
    const ErrorCode code = of_project
                               ? ErrorCode::invalid_project
                               : code_of_mistake(source_.spec, ErrorCode::invalid_project);
    if (found.columns.size() > 1) {
        throw Error(
            code,
            text(
                "{} 里有几列都可能是“{}”：{}；请写明其中一列的原名",
                "several columns of {} may be \"{}\": {}; write the name of one as it stands "
                "there",
                source_.spec.file,
                name,
                joined(found.columns)
            ),
            place
        );
    }
    std::vector<std::string> names;
    std::vector<const Column*> all;
    for (const Column& column : rows_.table.columns) {
        names.push_back(column.name);
        all.push_back(&column);
    }
    const auto near = nearest_name(name, names);
    throw Error(
        code,
        text(
            "{} 没有列“{}”{}；有：{}",
            "{} has no column \"{}\"{}; it has: {}",
            source_.spec.file,
            name,
            near ? format(" (→ {}?)", *near) : std::string{},
            joined(all)
        ),
        place
    );
}

const Column& ColumnFinder::require(
    const std::string& name, const std::vector<std::pair<std::string, Where>>& places
) const {
    const auto place = std::find_if(places.begin(), places.end(), [&](const auto& each) {
        return each.first == name;
    });
    return require(name, place == places.end() ? Where{} : place->second);
}

const NationalField* ColumnFinder::field_of(const Column& column) const {
    const NationalField* field = national_field(column.name);
    if (field == nullptr) {
        const std::string base = unnumbered(column.name);
        field = base.empty() ? nullptr : national_field(base);
    }
    if (field == nullptr) {
        return nullptr;
    }
    const Found found = of_field(*field);
    return found.columns.size() == 1 && found.columns[0]->name == column.name ? field : nullptr;
}

} // namespace tuban
