#include "core/format.hpp"
#include "report/figures.hpp"
#include "report/sheets.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>

namespace tuban {
namespace {

std::int64_t total_area(const std::vector<PeriodFigures>& figures) {
    return std::accumulate(
        figures.begin(),
        figures.end(),
        std::int64_t{0},
        [](std::int64_t sum, const PeriodFigures& period) { return sum + period.area; }
    );
}

std::string sum_formula(Cell from, Cell to) {
    return format("SUM({}:{})", cell_name(from), cell_name(to));
}

std::string county_of(const Result& result) {
    return result.project.report.county.empty() ? "本县" : result.project.report.county;
}

/// 友好区 → 全区.
std::string whole_county(const std::string& county) {
    constexpr std::array<const char*, 4> kinds{"区", "县", "市", "旗"};
    for (const char* kind : kinds) {
        if (county.ends_with(kind)) {
            return format("全{}", kind);
        }
    }
    return county;
}

/// What a reader of the printed sheet must know of a plan that is not plain.
std::string remark(const Result& result) {
    return result.plan->status == PlanStatus::infeasible
               ? "各项约束不能同时满足，本表按最小放宽安排，详见“约束与资金”。"
               : "";
}

/// What the areas of the sheet are, and how they were rounded.
std::string area_note(const Result& result, const PrintedUnit& unit) {
    return format(
        "面积口径：{}。{}{}。",
        in_language(result, result.area_caliber),
        in_language(result, rounding_words(result, unit)),
        adjusted_parts(result, unit).empty() ? "" : "（逐项见“参数与版本”）"
    );
}

void write_without_plan(Sheet& sheet) {
    sheet.merge({0, 0}, {0, 4}, "任务分解表", Look::title);
    sheet.merge(
        {1, 0},
        {1, 4},
        "项目文件没有 schedule，本次只排序、不排期，因此没有分解的任务。",
        Look::note
    );
    sheet.widths({16, 16, 16, 16, 16});
}

// The annex of an action plan: one county, a column per period.

void write_annex_header(Sheet& sheet, const Plan& plan) {
    const std::size_t n = plan.periods.size();
    sheet.merge({2, 0}, {3, 0}, "县（市）区", Look::header);
    sheet.merge({2, 1}, {2, n + 1}, "计    划", Look::header);
    sheet.blank({2, n + 2}, Look::header);
    for (std::size_t t = 0; t < n; ++t) {
        sheet.text(
            {3, t + 1},
            annex_years({plan.periods[t]}) + "需完成历史遗留矿山\n生态修复治理任务",
            Look::header
        );
    }
    sheet.text({3, n + 1}, annex_years(plan.periods) + "\n合计", Look::header);
    sheet.text({3, n + 2}, "总计", Look::header);
    sheet.height(3, 48);
}

void write_annex(Sheet& sheet, const Result& result) {
    const Plan& plan = *result.plan;
    const std::size_t n = plan.periods.size();
    const std::size_t last = n + 2;
    const PrintedUnit unit = annex_unit(result.project.report.unit);
    const std::string years = years_of(plan.periods);
    sheet.merge(
        {0, 0},
        {0, last},
        format(
            "{}历史遗留矿山生态修复治理行动计划任务分解表{}",
            whole_county(county_of(result)),
            years.empty() ? "" : format("（{}）", years)
        ),
        Look::title
    );
    sheet.height(0, 30);
    sheet.merge({1, 0}, {1, last}, format("单位：{}", unit.name), Look::unit);
    write_annex_header(sheet, plan);
    const auto figures = period_figures(result, unit);
    const double total = shown(unit, total_area(figures));
    sheet.text({4, 0}, county_of(result), Look::centred);
    for (std::size_t t = 0; t < n; ++t) {
        sheet.number({4, t + 1}, shown(unit, figures[t].area));
    }
    sheet.formula({4, n + 1}, sum_formula({4, 1}, {4, n}), total, Look::number);
    sheet.formula({4, last}, cell_name({4, n + 1}), total, Look::number);
    sheet.height(4, 24);
    sheet.merge(
        {5, 0},
        {5, last},
        "备注：最终数据以国家公布的历史遗留矿山数据为准，目标任务相应进行调整。" +
            remark(result),
        Look::note
    );
    sheet.height(5, 30);
    sheet.merge({6, 0}, {6, last}, area_note(result, unit), Look::note);
    sheet.height(6, 48);
    std::vector<double> widths(last + 1, 30);
    widths.front() = 16;
    widths.back() = 14;
    sheet.widths(widths);
    sheet.freeze(4, 1);
}

// T1: a row per period, modes across, completion against the target.

constexpr std::size_t first_body_row = 4;

/// Columns of T1. The last mode is there only if some area has none of the four.
struct Columns {
    std::size_t county = 0;
    std::size_t target = 1;
    std::size_t period = 2;
    std::size_t plots = 3;
    std::size_t area = 4;
    std::size_t modes = 5;
    std::size_t mode_count = 4;
    std::size_t done = 9;
    std::size_t money = 10;
    std::size_t remark = 11;
};

Columns columns_of(const std::vector<PeriodFigures>& figures) {
    Columns columns;
    if (std::any_of(figures.begin(), figures.end(), [](const PeriodFigures& period) {
            return period.area_by_mode.back() > 0;
        })) {
        columns.mode_count = 5;
        ++columns.done;
        ++columns.money;
        ++columns.remark;
    }
    return columns;
}

/// How many 0.01 m² a requirement's unit holds; none where it is not about area.
std::optional<double> dm2_per_unit(const std::string& quantity) {
    constexpr std::array<std::pair<const char*, double>, 3> known{
        {{"area_ha", 1e6}, {"area_m2", 100.0}, {"area_mu", 200'000.0 / 3.0}}};
    const auto* found = std::find_if(known.begin(), known.end(), [&](const auto& unit) {
        return quantity == unit.first;
    });
    return found == known.end() ? std::nullopt : std::optional<double>(found->second);
}

/// The area that was set for the whole plan, in 0.01 m²: the first requirement of that kind.
std::optional<std::int64_t> target_dm2(const Plan& plan) {
    for (const ConstraintResult& line : plan.constraints) {
        const auto factor = dm2_per_unit(line.quantity);
        const bool whole = !line.from_period && !line.to_period && line.filter.empty();
        if (factor && whole && line.relation != Relation::at_most) {
            return std::llround(line.required * *factor);
        }
    }
    return std::nullopt;
}

void write_t1_header(Sheet& sheet, const Columns& columns) {
    const auto down = [&](std::size_t column, const char* text) {
        sheet.merge({2, column}, {3, column}, text, Look::header);
    };
    down(columns.county, "县（市、区）");
    down(columns.target, "下达目标");
    down(columns.period, "年度");
    down(columns.plots, "图斑数（个）");
    down(columns.area, "面积");
    sheet.merge(
        {2, columns.modes}, {2, columns.modes + columns.mode_count - 1}, "其中", Look::header
    );
    constexpr std::array<const char*, 5> modes{
        "自然恢复", "辅助再生", "生态重建", "转型利用", "方式未定"};
    for (std::size_t i = 0; i < columns.mode_count; ++i) {
        sheet.text({3, columns.modes + i}, modes.at(i), Look::header);
    }
    down(columns.done, "累计完成率\n（%）");
    down(columns.money, "计划投入资金\n（万元）");
    down(columns.remark, "备注");
    sheet.height(3, 30);
}

/// A body row: figures of one period.
void write_t1_period(
    Sheet& sheet,
    const Columns& columns,
    std::size_t row,
    const PeriodFigures& figures,
    const PrintedUnit& unit
) {
    sheet.number({row, columns.plots}, static_cast<double>(figures.plots));
    sheet.number({row, columns.area}, shown(unit, figures.area));
    for (std::size_t i = 0; i < columns.mode_count; ++i) {
        sheet.number({row, columns.modes + i}, shown(unit, figures.area_by_mode[i]));
    }
    sheet.number({row, columns.money}, static_cast<double>(figures.yuan) / 1e4);
    sheet.blank({row, columns.remark});
}

/// What the total row needs to know of the rows above it.
struct Totals {
    std::size_t row = 0;
    std::int64_t plots = 0;    ///< each once
    std::int64_t repeated = 0; ///< plots of later periods that were counted before
    std::int64_t yuan = 0;
    std::vector<std::int64_t> modes; ///< printed counts
    std::int64_t area = 0;           ///< printed count
};

Totals totals_of(const Result& result, const std::vector<PeriodFigures>& figures) {
    Totals totals;
    totals.row = first_body_row + figures.size();
    totals.plots = plan_totals(*result.plan).plots;
    totals.repeated = -totals.plots;
    totals.modes.assign(5, 0);
    for (const PeriodFigures& period : figures) {
        totals.repeated += period.plots;
        totals.yuan += period.yuan;
        totals.area += period.area;
        std::transform(
            period.area_by_mode.begin(),
            period.area_by_mode.end(),
            totals.modes.begin(),
            totals.modes.begin(),
            std::plus<>()
        );
    }
    return totals;
}

void write_t1_totals(
    Sheet& sheet, const Columns& columns, const PrintedUnit& unit, const Totals& totals
) {
    const std::size_t row = totals.row;
    const auto above = [&](std::size_t column) {
        return sum_formula({first_body_row, column}, {row - 1, column});
    };
    sheet.text({row, columns.period}, "合计", Look::total_text);
    sheet.formula(
        {row, columns.plots},
        above(columns.plots) + (totals.repeated > 0 ? format("-{}", totals.repeated) : ""),
        static_cast<double>(totals.plots)
    );
    sheet.formula({row, columns.area}, above(columns.area), shown(unit, totals.area));
    for (std::size_t i = 0; i < columns.mode_count; ++i) {
        const std::size_t column = columns.modes + i;
        sheet.formula({row, column}, above(column), shown(unit, totals.modes[i]));
    }
    sheet.formula(
        {row, columns.money}, above(columns.money), static_cast<double>(totals.yuan) / 1e4
    );
    sheet.text(
        {row, columns.remark},
        totals.repeated > 0
            ? format("分期实施的图斑在合计中只计一次（扣除重复 {} 个）", totals.repeated)
            : "",
        Look::wrapped
    );
}

/// Completion against the target, added up over the periods; "—" where there is no target.
void write_t1_target(
    Sheet& sheet,
    const Columns& columns,
    const std::pair<const PrintedUnit&, std::optional<std::int64_t>>& goal,
    const std::vector<PeriodFigures>& figures,
    const std::string& county
) {
    const auto& [unit, target] = goal;
    const std::size_t last = first_body_row + figures.size();
    sheet.merge(
        {first_body_row, columns.county}, {last, columns.county}, county, Look::centred
    );
    const std::int64_t target_count = target ? printed(unit, *target) : 0;
    sheet.merge({first_body_row, columns.target}, {last, columns.target}, "—", Look::centred);
    if (target) {
        sheet.number(
            {first_body_row, columns.target}, shown(unit, target_count), Look::centred
        );
    }
    const std::string target_cell = cell_name({first_body_row, columns.target});
    std::int64_t sum = 0;
    for (std::size_t row = first_body_row; row <= last; ++row) {
        const bool total = row == last;
        sum += total ? 0 : figures[row - first_body_row].area;
        if (target_count <= 0) {
            sheet.text({row, columns.done}, "—", Look::centred);
            continue;
        }
        const Cell from{first_body_row, columns.area};
        const Cell to{total ? row - 1 : row, columns.area};
        const std::int64_t hundredths = (sum * 20'000 + target_count) / (2 * target_count);
        sheet.formula(
            {row, columns.done},
            format("ROUND({}/{}*100,2)", sum_formula(from, to), target_cell),
            static_cast<double>(hundredths) / 100.0,
            total ? Look::total : Look::number
        );
    }
}

void write_t1(Sheet& sheet, const Result& result) {
    const Plan& plan = *result.plan;
    const PrintedUnit unit = printed_unit(result.project.report.unit);
    const auto figures = period_figures(result, unit);
    const Columns columns = columns_of(figures);
    const std::string county = county_of(result);
    const std::string years = years_of(plan.periods);
    sheet.merge(
        {0, 0},
        {0, columns.remark},
        format(
            "{}历史遗留矿山生态修复目标分解计划表{}",
            county,
            years.empty() ? "" : format("（{}）", years)
        ),
        Look::title
    );
    sheet.height(0, 30);
    sheet.merge({1, 0}, {1, columns.remark}, format("单位：{}", unit.name), Look::unit);
    write_t1_header(sheet, columns);
    for (std::size_t t = 0; t < figures.size(); ++t) {
        const std::size_t row = first_body_row + t;
        sheet.period({row, columns.period}, plan.periods[t].name, t);
        write_t1_period(sheet, columns, row, figures[t], unit);
    }
    const Totals totals = totals_of(result, figures);
    write_t1_totals(sheet, columns, unit, totals);
    write_t1_target(sheet, columns, {unit, target_dm2(plan)}, figures, county);
    const std::size_t below = totals.row + 1;
    sheet.merge(
        {below, 0},
        {below, columns.remark},
        "备注：" + remark(result) + area_note(result, unit),
        Look::note
    );
    sheet.height(below, 48);
    std::vector<double> widths(columns.remark + 1, 12);
    widths[columns.period] = 15;
    widths[columns.done] = 13;
    widths[columns.money] = 15;
    widths[columns.remark] = 24;
    sheet.widths(widths);
    sheet.freeze(first_body_row, columns.period + 1);
}

} // namespace

void write_decomposition(Book& book, const Result& result) {
    Sheet sheet = book.sheet("任务分解表");
    if (!result.plan || result.plan->periods.empty()) {
        write_without_plan(sheet);
    } else if (result.project.report.table == "youhao") {
        write_annex(sheet, result);
    } else {
        write_t1(sheet, result);
    }
}

} // namespace tuban
