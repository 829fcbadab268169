#include <tuban/run.hpp>

#include "core/format.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>
#include <span>
#include <tuple>
#include <utility>

namespace tuban {
namespace {

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
            throw Error(
                ErrorCode::unreadable_input,
                text(
                    "第 {} 行，列 {}：“{}” 不是数",
                    "row {}, column {}: \"{}\" is not a number",
                    row + 1,
                    column.name,
                    *cell
                ),
                {file, 0, 0}
            );
        }
        cells[row] = *value * factor;
    }
    return cells;
}

struct UnitColumn {
    const char* name;
    double factor;
};

/// The first of the columns that the table has, with what turns it into the integer's unit.
const UnitColumn* first_present(const Table& table, std::span<const UnitColumn> columns) {
    const auto found =
        std::find_if(columns.begin(), columns.end(), [&](const UnitColumn& column) {
            return table.find(column.name) != nullptr;
        });
    return found == columns.end() ? nullptr : &*found;
}

constexpr std::array<UnitColumn, 3> area_columns = {
    {{"area_m2", 1.0}, {"area_ha", 10'000.0}, {"area_mu", 2000.0 / 3.0}}};
constexpr std::array<UnitColumn, 2> cost_columns = {
    {{"cost_yuan", 1.0}, {"cost_wan_yuan", 10'000.0}}};

void put_ids(Table& units, const std::string& file) {
    const Column* column = units.find("unit_id");
    if (column == nullptr) {
        column = units.find("plot_id");
    }
    if (column == nullptr) {
        throw Error(
            ErrorCode::unreadable_input,
            {"没有 unit_id 列；每行一个单元，要有编号",
             "has no column unit_id; each row is a unit and needs an id"},
            {file, 0, 0}
        );
    }
    std::vector<std::optional<std::string>> ids(units.rows);
    std::set<std::string> seen;
    for (std::size_t row = 0; row < units.rows; ++row) {
        ids[row] = column->text(row);
        if (!ids[row] || ids[row]->empty()) {
            throw Error(
                ErrorCode::data_check_failed,
                text("第 {} 行没有编号", "row {} has no id", row + 1),
                {file, 0, 0}
            );
        }
        if (!seen.insert(*ids[row]).second) {
            throw Error(
                ErrorCode::data_check_failed,
                text(
                    "编号 {} 重复（第 {} 行）",
                    "id {} appears twice (row {})",
                    *ids[row],
                    row + 1
                ),
                {file, 0, 0}
            );
        }
    }
    units.put(text_column("plot_id", "图斑编号", ids));
}

void put_area_and_cost(Table& units, const std::string& file) {
    std::vector<std::optional<double>> area(units.rows, 0.0);
    if (const UnitColumn* source = first_present(units, area_columns)) {
        area = numbers(file, units.at(source->name), source->factor);
    }
    for (auto& cell : area) {
        cell = static_cast<double>(area_dm2(cell.value_or(0.0))) / 100.0;
    }
    units.put(real_column("area_m2", "图斑面积", "m2", area));

    std::vector<std::optional<std::int64_t>> cost(units.rows);
    if (const UnitColumn* source = first_present(units, cost_columns)) {
        const auto yuan = numbers(file, units.at(source->name), source->factor);
        std::transform(
            yuan.begin(),
            yuan.end(),
            cost.begin(),
            [](const std::optional<double>& cell) {
                return cell ? std::optional(whole_yuan(*cell)) : std::nullopt;
            }
        );
    }
    units.put(integer_column("cost_yuan", "资金", "yuan", cost));
}

/// Ranks by the score column (0 where there is none), ties by id, so that the plan never depends on the order of rows.
Ranking rank_units(Table& units, const std::string& file) {
    const std::size_t n = units.rows;
    std::vector<std::optional<double>> score(n, 0.0);
    if (const Column* column = units.find("score")) {
        score = numbers(file, *column, 1.0);
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
    units.put(real_column("score", "得分", "", score));
    ranking.order.resize(n);
    std::iota(ranking.order.begin(), ranking.order.end(), std::size_t{0});
    const auto& ids = std::get<std::vector<std::string>>(units.at("plot_id").values);
    std::sort(ranking.order.begin(), ranking.order.end(), [&](std::size_t a, std::size_t b) {
        return std::tie(ranking.score_micro[b], ids[a]) <
               std::tie(ranking.score_micro[a], ids[b]);
    });
    std::vector<std::optional<std::int64_t>> ranks(n);
    for (std::size_t i = 0; i < n; ++i) {
        ranking.rank[ranking.order[i]] = static_cast<int>(i + 1);
        ranks[ranking.order[i]] = static_cast<std::int64_t>(i + 1);
    }
    units.put(integer_column("rank", "名次", "", ranks));
    return ranking;
}

/// Columns per period (score@2023) are numbers too, whatever the file made of them.
void put_period_columns(Table& units, const std::string& file) {
    std::vector<Column> made;
    for (const Column& column : units.columns) {
        if (column.name.find('@') != std::string::npos && column.type() == ColumnType::text) {
            made.push_back(
                real_column(column.name, column.alias, column.unit, numbers(file, column, 1.0))
            );
        }
    }
    for (Column& column : made) {
        units.put(std::move(column));
    }
}

} // namespace

UnitsResult schedule_units(
    const std::string& units_file,
    const std::string& rules_file,
    const ScheduleOptions& options,
    const Execution& execution
) {
    UnitsResult result;
    FileSpec source;
    source.file = units_file;
    result.units = read_table(source, "");
    const ScheduleRules rules = read_schedule_rules(rules_file);
    if (result.units.rows == 0) {
        throw Error(
            ErrorCode::data_check_failed, {"没有一行单元", "holds no unit"}, {units_file, 0, 0}
        );
    }
    put_ids(result.units, units_file);
    put_area_and_cost(result.units, units_file);
    put_period_columns(result.units, units_file);
    result.ranking = rank_units(result.units, units_file);
    result.plan = schedule(result.units, result.ranking, rules, options, execution);
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
