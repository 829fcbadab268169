#include "core/format.hpp"
#include "io/column_finder.hpp"
#include "io/national_id.hpp"
#include "io/plot_columns.hpp"
#include "io/read_rows.hpp"

#include <map>

namespace tuban {
namespace {

constexpr std::size_t ids_quoted = 5;

/// Rows of the joined table by key, and what was wrong with its keys.
struct Keys {
    std::map<std::string, std::size_t> rows;
    std::vector<std::string> twice;
};

Keys keys_of(const Column& column) {
    Keys keys;
    for (std::size_t row = 0; row < column.size(); ++row) {
        const auto cell = column.text(row);
        if (!cell || trimmed(*cell).empty()) {
            continue;
        }
        const std::string key = normal_plot_id(*cell);
        if (!keys.rows.emplace(key, row).second) {
            keys.twice.push_back(key);
        }
    }
    return keys;
}

std::string quoted(const std::vector<std::string>& ids) {
    std::string result;
    for (std::size_t i = 0; i < ids.size() && i < ids_quoted; ++i) {
        result += (i == 0 ? "" : ", ") + ids[i];
    }
    return ids.size() > ids_quoted ? result + ", …" : result;
}

template <class T>
std::vector<std::optional<T>> gathered(
    const Column& from,
    const std::vector<T>& values,
    const std::vector<std::optional<std::size_t>>& rows
) {
    std::vector<std::optional<T>> cells(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i] && from.valid[*rows[i]] != 0) {
            cells[i] = values[*rows[i]];
        }
    }
    return cells;
}

Column taken(const Column& from, const std::vector<std::optional<std::size_t>>& rows) {
    if (from.type() == ColumnType::text) {
        const auto& values = std::get<std::vector<std::string>>(from.values);
        return text_column(from.name, from.alias, gathered(from, values, rows));
    }
    if (from.type() == ColumnType::integer) {
        const auto& values = std::get<std::vector<std::int64_t>>(from.values);
        return integer_column(from.name, from.alias, from.unit, gathered(from, values, rows));
    }
    const auto& values = std::get<std::vector<double>>(from.values);
    return real_column(from.name, from.alias, from.unit, gathered(from, values, rows));
}

/// One joined table, open and read.
class Join {
public:
    Join(const JoinSpec& spec, const std::string& folder) : spec_(spec) {
        source_ = open_source(spec.source, folder, Want::table, gdal_);
        rows_ = read_rows(source_, gdal_, {});
    }

    InputFile into(Rows& plots, const Column& on, std::vector<Issue>& issues) {
        const Column& own = ColumnFinder(rows_, source_).require(spec_.on, spec_.on_where);
        Keys keys = keys_of(own);
        tell(
            issues,
            "join_duplicate",
            keys.twice,
            {"重复，取第一行", "occur more than once: the first row counts"}
        );
        std::vector<std::optional<std::size_t>> rows(plots.table.rows);
        std::vector<std::string> unmatched;
        std::map<std::string, std::size_t> unused = keys.rows;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const std::string key = normal_plot_id(on.text(i).value_or(""));
            const auto found = keys.rows.find(key);
            if (found == keys.rows.end()) {
                unmatched.push_back(key.empty() ? format("({})", i + 1) : key);
                continue;
            }
            rows[i] = found->second;
            unused.erase(key);
        }
        tell(
            issues,
            "join_unmatched",
            unmatched,
            {"是图斑，但表里没有", "are plots that the table does not have"}
        );
        std::vector<std::string> left;
        left.reserve(unused.size());
        for (const auto& [key, row] : unused) {
            left.push_back(key);
        }
        tell(
            issues,
            "join_unmatched",
            left,
            {"在表里，但没有这样的图斑", "are in the table, but no plot has that id"}
        );
        put_columns(plots, own.name, rows, issues);
        tell_of_table(issues);
        InputFile input = input_of(source_);
        input.sha256 = hash_of(source_);
        input.role = "join";
        input.rows = static_cast<std::int64_t>(rows_.table.rows);
        return input;
    }

private:
    void put_columns(
        Rows& plots,
        const std::string& key,
        const std::vector<std::optional<std::size_t>>& rows,
        std::vector<Issue>& issues
    ) {
        std::vector<std::string> collided;
        for (const Column& column : rows_.table.columns) {
            if (column.name == key) {
                continue;
            }
            if (plots.table.find(column.name) != nullptr) {
                collided.push_back(column.name);
                continue;
            }
            plots.table.put(taken(column, rows));
            plots.raw_names.push_back(column.name); // whole: nothing was cut
            FileSpec& from = plots.joined[column.name];
            from.file = spec_.source.file;
            from.layer = source_.layer_name;
        }
        tell(
            issues,
            "join_column_collision",
            collided,
            {"两边都有此列，用图斑文件的", "are columns of both: those of the plots count"}
        );
    }

    /// What reading found of the table itself.
    void tell_of_table(std::vector<Issue>& issues) const {
        for (Issue& issue : source_issues(source_, std::nullopt)) {
            issues.push_back(std::move(issue));
        }
        for (Issue issue : rows_.issues) {
            issue.file = spec_.source.file;
            issue.layer = source_.layer_name;
            issues.push_back(std::move(issue));
        }
    }

    void tell(
        std::vector<Issue>& issues,
        const char* code,
        const std::vector<std::string>& names,
        const Text& what
    ) const {
        if (names.empty()) {
            return;
        }
        Issue issue;
        issue.severity = Severity::warning;
        issue.code = code;
        issue.file = spec_.source.file;
        issue.layer = source_.layer_name;
        issue.field = spec_.on;
        issue.message = text(
            "按 {0} 连接：{1} 个（{2}）{3}",
            "joined by {0}: {1} ({2}) {4}",
            spec_.on,
            names.size(),
            quoted(names),
            what.zh,
            what.en
        );
        issues.push_back(std::move(issue));
    }

    const JoinSpec& spec_;
    GdalScope gdal_;
    Source source_;
    Rows rows_;
};

/// Ids as the plots will have them.
Column plot_ids(const Rows& rows, const Source& source, const PlotFields& fields) {
    PlotFields only_id;
    only_id.id = fields.id;
    return plot_columns(rows, source, only_id).attributes.at("plot_id");
}

} // namespace

std::vector<InputFile> join_columns(
    Rows& rows,
    const Source& source,
    const PlotsSpec& spec,
    const std::string& folder,
    std::vector<Issue>& issues
) {
    std::vector<InputFile> inputs;
    for (const JoinSpec& join : spec.joins) {
        const ColumnFinder finder(rows, source);
        // plot_id is known to everybody, also where it is made of several columns or of the row.
        const bool by_plot_id = join.on == "plot_id" && finder.find(join.on) == nullptr;
        const Column on = by_plot_id ? plot_ids(rows, source, spec.fields)
                                     : finder.require(join.on, join.on_where);
        inputs.push_back(Join(join, folder).into(rows, on, issues));
    }
    return inputs;
}

} // namespace tuban
