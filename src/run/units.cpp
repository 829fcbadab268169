#include <tuban/run.hpp>

#include "core/format.hpp"
#include "io/row_words.hpp"
#include "io/table_reader.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <string_view>
#include <tuple>
#include <utility>

namespace tuban {
namespace {

/// A column that means the same under several names, and what turns a cell of it into the integer's unit.
struct UnitColumn {
    std::vector<const char*> names;
    double factor = 1.0;
};

const UnitColumn id_column = {{"unit_id", "plot_id", "单元编号", "图斑编号", "TBBH"}, 1.0};

const std::array<UnitColumn, 3> area_columns = {
    {{{"area_m2", "面积(平方米)", "图斑面积(平方米)"}, 1.0},
     {{"area_ha", "面积(公顷)", "图斑面积(公顷)", "公顷面积"}, 10'000.0},
     {{"area_mu", "面积(亩)", "图斑面积(亩)", "亩面积"}, 2000.0 / 3.0}}};

const std::array<UnitColumn, 2> cost_columns = {
    {{{"cost_yuan", "资金(元)", "投资(元)"}, 1.0},
     {{"cost_wan_yuan", "资金(万元)", "投资(万元)"}, 10'000.0}}};

const UnitColumn score_column = {{"score", "得分", "分值"}, 1.0};

/// A header as it is compared: 面积（公顷） is 面积(公顷), blanks around it are nothing.
std::string plain_header(std::string header) {
    for (const auto& [wide, narrow] : {std::pair{"（", "("}, std::pair{"）", ")"}}) {
        const std::string_view from = wide;
        for (auto at = header.find(from); at != std::string::npos; at = header.find(from)) {
            header.replace(at, from.size(), narrow);
        }
    }
    const auto first = header.find_first_not_of(' ');
    const auto last = header.find_last_not_of(' ');
    return first == std::string::npos ? "" : header.substr(first, last - first + 1);
}

const Column* find_column(const Table& table, const UnitColumn& wanted) {
    for (const char* name : wanted.names) {
        const auto found =
            std::find_if(table.columns.begin(), table.columns.end(), [&](const Column& column) {
                return plain_header(column.name) == name;
            });
        if (found != table.columns.end()) {
            return &*found;
        }
    }
    return nullptr;
}

/// Where a cell stands: the row as its owner counts, and the column.
Text cell_words(const std::string& file, std::size_t row, const Column& column) {
    const Text words = row_words(file, static_cast<std::int64_t>(row) + 1);
    return {
        format("{}，列“{}”", words.zh, column.name),
        format("{}, column \"{}\"", words.en, column.name)};
}

/// Numbers of a column, scaled; null cells stay null. Text that is no number is refused with its row.
std::vector<std::optional<double>>
numbers(const std::string& file, const Column& column, double factor) {
    std::vector<std::optional<double>> cells(column.size());
    for (std::size_t row = 0; row < column.size(); ++row) {
        const std::optional<std::string> cell = column.text(row);
        if (!cell || cell->empty()) {
            continue;
        }
        const std::optional<Decimal> decimal = Decimal::parse(*cell);
        const std::optional<double> value =
            decimal ? std::optional(decimal->value()) : column.number(row);
        if (!value) {
            const Text at = cell_words(file, row, column);
            throw Error(
                ErrorCode::unreadable_input,
                text(
                    "{0}：“{2}”不是数，或大得不合理；请改正，没有值就留空",
                    "{1}: \"{2}\" is not a number, or is larger than can be meant; correct it, "
                    "or leave the "
                    "cell empty",
                    at.zh,
                    at.en,
                    *cell
                ),
                {file, 0, 0}
            );
        }
        cells[row] = *value * factor;
    }
    return cells;
}

/// Rows and columns of a table of units on their way to the schedule.
class Units {
public:
    Units(Table& table, std::string file) : table_(table), file_(std::move(file)) {
        for (const Column& column : table.columns) {
            found_ += (found_.empty() ? "" : ", ") + column.name;
        }
    }

    void put_ids();
    void put_area_and_cost();
    void put_period_columns();
    Ranking rank();
    /// @throws Error{invalid_project} for the first rule that counts what the table does not have.
    void check_counted(const ScheduleRules& rules) const;

    std::vector<Issue> issues;

private:
    /// Areas and costs: none below 0.
    [[nodiscard]] std::vector<std::optional<double>>
    amounts(const Column& column, double factor) const;
    void note_missing(const Column& column, const std::vector<std::optional<double>>& cells);
    void check_counted(const std::string& quantity, const Where& where) const;

    Table& table_;
    std::string file_;
    std::string found_; ///< columns of the file
    bool has_area_ = false;
    bool has_cost_ = false;
};

void Units::put_ids() {
    const Column* column = find_column(table_, id_column);
    if (column == nullptr) {
        throw Error(
            ErrorCode::unreadable_input,
            text(
                "没有 unit_id 列（也可以叫 "
                "单元编号、图斑编号、TBBH）；每行一个单元，要有编号。表里有：{}",
                "has no column unit_id (or plot_id, TBBH); each row is a unit and needs an id. "
                "Its columns: {}",
                found_
            ),
            {file_, 0, 0}
        );
    }
    std::vector<std::optional<std::string>> ids(table_.rows);
    std::map<std::string, std::size_t> seen;
    for (std::size_t row = 0; row < table_.rows; ++row) {
        ids[row] = column->text(row);
        const Text words = row_words(file_, static_cast<std::int64_t>(row) + 1);
        if (!ids[row] || ids[row]->empty()) {
            throw Error(
                ErrorCode::data_check_failed,
                Text{words.zh + "没有编号", words.en + " has no id"},
                {file_, 0, 0}
            );
        }
        const auto [first, fresh] = seen.emplace(*ids[row], row);
        if (!fresh) {
            const Text before = row_words(file_, static_cast<std::int64_t>(first->second) + 1);
            throw Error(
                ErrorCode::data_check_failed,
                text(
                    "编号 {0} 重复：{1}和{2}",
                    "id {0} appears twice: {3} and {4}",
                    *ids[row],
                    before.zh,
                    words.zh,
                    before.en,
                    words.en
                ),
                {file_, 0, 0}
            );
        }
    }
    table_.put(text_column("plot_id", "图斑编号", ids));
}

std::vector<std::optional<double>> Units::amounts(const Column& column, double factor) const {
    std::vector<std::optional<double>> cells = numbers(file_, column, factor);
    for (std::size_t row = 0; row < cells.size(); ++row) {
        if (cells[row].value_or(0.0) < 0.0) {
            const Text at = cell_words(file_, row, column);
            throw Error(
                ErrorCode::data_check_failed,
                text(
                    "{0}：{2} 是负数；面积和资金不能为负",
                    "{1}: {2} is negative; areas and costs must not be",
                    at.zh,
                    at.en,
                    column.text(row).value_or("")
                ),
                {file_, 0, 0}
            );
        }
    }
    return cells;
}

void Units::note_missing(
    const Column& column, const std::vector<std::optional<double>>& cells
) {
    const Column& ids = table_.at("plot_id");
    for (std::size_t row = 0; row < cells.size(); ++row) {
        if (cells[row]) {
            continue;
        }
        Issue issue;
        issue.severity = Severity::warning;
        issue.code = "missing_value";
        issue.file = file_;
        issue.row = static_cast<std::int64_t>(row) + 1;
        issue.plot_id = ids.text(row).value_or("");
        issue.field = column.name;
        issue.message = text(
            "“{}”没有填，排期时按 0 计；请补上",
            "no value in \"{}\": the schedule counts it as 0; fill it in",
            column.name
        );
        issues.push_back(std::move(issue));
    }
}

std::vector<std::optional<std::int64_t>> whole(const std::vector<std::optional<double>>& yuan) {
    std::vector<std::optional<std::int64_t>> cells(yuan.size());
    std::transform(
        yuan.begin(),
        yuan.end(),
        cells.begin(),
        [](const std::optional<double>& cell) {
            return cell ? std::optional(whole_yuan(*cell)) : std::nullopt;
        }
    );
    return cells;
}

void Units::put_area_and_cost() {
    std::vector<std::optional<double>> area(table_.rows);
    for (const UnitColumn& known : area_columns) {
        const Column* column = has_area_ ? nullptr : find_column(table_, known);
        if (column != nullptr) {
            has_area_ = true;
            area = amounts(*column, known.factor);
            note_missing(*column, area);
        }
    }
    for (auto& cell : area) {
        cell = static_cast<double>(area_dm2(cell.value_or(0.0))) / 100.0;
    }
    std::vector<std::optional<std::int64_t>> cost(table_.rows);
    for (const UnitColumn& known : cost_columns) {
        const Column* column = has_cost_ ? nullptr : find_column(table_, known);
        if (column != nullptr) {
            has_cost_ = true;
            const auto yuan = amounts(*column, known.factor);
            note_missing(*column, yuan);
            cost = whole(yuan);
        }
    }
    table_.put(real_column("area_m2", "图斑面积", "m2", area));
    table_.put(integer_column("cost_yuan", "资金", "yuan", cost));
}

void Units::check_counted(const std::string& quantity, const Where& where) const {
    const bool area =
        !has_area_ && (quantity == "area_m2" || quantity == "area_ha" || quantity == "area_mu");
    const bool cost = !has_cost_ && (quantity == "cost_yuan" || quantity == "cost_wan_yuan");
    const bool by_period =
        std::any_of(table_.columns.begin(), table_.columns.end(), [&](const Column& column) {
            return column.name.starts_with(area ? "area_m2@" : "cost_yuan@");
        });
    if ((!area && !cost) || by_period) {
        return;
    }
    const Text missing =
        area
            ? Text{"面积列（area_ha、area_m2、area_mu 或 面积(公顷) 等）", "column of areas (area_ha, area_m2 or area_mu)"}
            : Text{
                  "资金列（cost_wan_yuan、cost_yuan 或 资金(万元) 等）",
                  "column of costs (cost_wan_yuan or cost_yuan)"};
    throw Error(
        ErrorCode::invalid_project,
        text(
            "规则要算 {0}，而 {1} 没有{2}。表里有：{4}",
            "the rules count {0}, but {1} has no {3}. Its columns: {4}",
            quantity,
            file_,
            missing.zh,
            missing.en,
            found_
        ),
        where
    );
}

void Units::check_counted(const ScheduleRules& rules) const {
    for (const Requirement& requirement : rules.require) {
        if (requirement.kind == RequirementKind::sum) {
            check_counted(requirement.quantity, requirement.quantity_where);
        }
    }
    for (const Preference& preference : rules.prefer) {
        if (preference.kind == PreferenceKind::least) {
            check_counted(preference.of, preference.of_where);
        } else if (preference.kind == PreferenceKind::earliest && !preference.per_plot) {
            check_counted("area_ha", preference.of_where); // it weighs by hectares
        }
    }
}

/// Ranks by the score column (0 where there is none), ties by id, so that the plan never depends on the order of rows.
Ranking Units::rank() {
    const std::size_t n = table_.rows;
    std::vector<std::optional<double>> score(n, 0.0);
    if (const Column* column = find_column(table_, score_column)) {
        score = numbers(file_, *column, 1.0);
        note_missing(*column, score);
    }
    Ranking ranking;
    ranking.eligible.assign(n, 1);
    ranking.failed_gate.assign(n, "");
    ranking.tier.assign(n, std::nullopt);
    ranking.rank.assign(n, std::nullopt);
    ranking.reasons.assign(n, Text{});
    for (auto& cell : score) {
        cell = cell.value_or(0.0);
        ranking.score_micro.emplace_back(std::llround(*cell * 1e6));
    }
    table_.put(real_column("score", "得分", "", score));
    ranking.order.resize(n);
    std::iota(ranking.order.begin(), ranking.order.end(), std::size_t{0});
    const auto& ids = std::get<std::vector<std::string>>(table_.at("plot_id").values);
    std::sort(ranking.order.begin(), ranking.order.end(), [&](std::size_t a, std::size_t b) {
        return std::tie(ranking.score_micro[b], ids[a]) <
               std::tie(ranking.score_micro[a], ids[b]);
    });
    std::vector<std::optional<std::int64_t>> ranks(n);
    for (std::size_t i = 0; i < n; ++i) {
        ranking.rank[ranking.order[i]] = static_cast<int>(i + 1);
        ranks[ranking.order[i]] = static_cast<std::int64_t>(i + 1);
    }
    table_.put(integer_column("rank", "名次", "", ranks));
    return ranking;
}

/// Columns per period (score@2023) are numbers too, whatever the file made of them.
void Units::put_period_columns() {
    struct View {
        const char* prefix;
        const char* counted; ///< the column that the schedule reads
        double factor;
    };

    constexpr std::array<View, 5> views{
        {{"area_m2@", "area_m2@", 1.0},
         {"area_ha@", "area_m2@", 10'000.0},
         {"area_mu@", "area_m2@", 2000.0 / 3.0},
         {"cost_yuan@", "cost_yuan@", 1.0},
         {"cost_wan_yuan@", "cost_yuan@", 10'000.0}}};
    std::vector<Column> made;
    for (const Column& column : table_.columns) {
        const auto* const view =
            std::find_if(views.begin(), views.end(), [&](const View& known) {
                return column.name.starts_with(known.prefix);
            });
        if (view != views.end()) {
            made.push_back(real_column(
                view->counted + column.name.substr(std::string_view(view->prefix).size()),
                column.alias,
                column.unit,
                amounts(column, view->factor)
            ));
        } else if (column.name.find('@') != std::string::npos && column.type() == ColumnType::text) {
            made.push_back(
                real_column(column.name, column.alias, column.unit, numbers(file_, column, 1.0))
            );
        }
    }
    for (Column& column : made) {
        table_.put(std::move(column));
    }
}

/// Issues of single cells were made before ids were known.
void name_rows(std::vector<Issue>& issues, const Column& ids) {
    for (Issue& issue : issues) {
        if (issue.row && issue.plot_id.empty()) {
            issue.plot_id = ids.text(static_cast<std::size_t>(*issue.row - 1)).value_or("");
        }
    }
}

} // namespace

UnitsResult schedule_units(
    const FileSpec& units,
    const std::string& rules_file,
    const ScheduleOptions& options,
    const Execution& execution
) {
    UnitsResult result;
    TableRead read = read_table_as_found(units, "");
    result.units = std::move(read.table);
    const ScheduleRules rules = read_schedule_rules(rules_file);
    if (result.units.rows == 0) {
        throw Error(
            ErrorCode::data_check_failed,
            read.empty_because.value_or(Text{"没有一行单元", "holds no unit"}),
            {units.file, 0, 0}
        );
    }
    Units given(result.units, units.file);
    given.put_ids();
    given.put_area_and_cost();
    given.put_period_columns();
    given.check_counted(rules);
    result.ranking = given.rank();
    result.plan = schedule(result.units, result.ranking, rules, options, execution);
    result.issues = std::move(read.issues);
    result.issues.insert(result.issues.end(), given.issues.begin(), given.issues.end());
    name_rows(result.issues, result.units.at("plot_id"));
    return result;
}

namespace {

Table parts_table(const UnitsResult& scheduled) {
    const Column& ids = scheduled.units.at("plot_id");
    std::vector<std::optional<std::string>> unit;
    std::vector<std::optional<std::string>> period;
    std::vector<std::optional<double>> share;
    for (const Assignment& part : scheduled.plan.assignments) {
        unit.push_back(ids.text(part.row));
        period.emplace_back(scheduled.plan.periods[part.period].name);
        share.emplace_back(part.share_pct / 100.0);
    }
    Table table;
    table.rows = unit.size();
    table.put(text_column("unit_id", "单元编号", unit));
    table.put(text_column("period", "期", period));
    table.put(real_column("share", "份额", "", share));
    return table;
}

} // namespace

std::string plan_csv(const UnitsResult& scheduled) {
    return table_csv(parts_table(scheduled));
}

void write_plan_csv(const UnitsResult& scheduled, const std::string& file) {
    write_table(parts_table(scheduled), nullptr, file);
}

} // namespace tuban
