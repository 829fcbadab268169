// The list sheets: one header row, a filter, a row per thing.
#include <tuban/version.hpp>

#include "core/format.hpp"
#include "report/figures.hpp"
#include "report/sheets.hpp"
#include "workspace/plan_tables.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace tuban {
namespace {

struct Heading {
    const char* text;
    double width;
};

/// Header row, column widths, frozen header.
void write_headings(Sheet& sheet, const std::vector<Heading>& headings, std::size_t frozen) {
    std::vector<double> widths;
    for (std::size_t i = 0; i < headings.size(); ++i) {
        sheet.text({0, i}, headings[i].text, Look::header);
        widths.push_back(headings[i].width);
    }
    sheet.widths(widths);
    sheet.height(0, 32);
    sheet.freeze(1, frozen);
}

std::string cell_text(const Table& table, const char* column, std::size_t row) {
    const Column* found = table.find(column);
    return found == nullptr ? "" : found->text(row).value_or("");
}

void put_number(Sheet& sheet, Cell at, const std::optional<double>& number) {
    if (number) {
        sheet.number(at, *number);
    } else {
        sheet.blank(at);
    }
}

std::optional<double> cell_number(const Table& table, const char* column, std::size_t row) {
    const Column* found = table.find(column);
    return found == nullptr ? std::nullopt : found->number(row);
}

std::string sum_above(std::size_t column, std::size_t from, std::size_t rows) {
    return format(
        "SUM({}:{})", cell_name({from, column}), cell_name({from + rows - 1, column})
    );
}

// 年度计划表

/// Parts in the order of the sheet: by period, then rank.
std::vector<std::size_t> parts_in_order(const Result& result) {
    const auto& parts = result.plan->assignments;
    std::vector<std::size_t> order(parts.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = i;
    }
    const auto key = [&](std::size_t i) {
        const std::size_t row = parts[i].row;
        const int rank =
            row < result.ranking.rank.size() ? result.ranking.rank[row].value_or(0) : 0;
        return std::make_tuple(parts[i].period, rank, std::cref(result.plots.ids[row]));
    };
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return key(a) < key(b);
    });
    return order;
}

/// What a part shows that depends on its neighbours: percents of a period add up to 100.
struct PrintedPart {
    std::int64_t area = 0;          ///< count of the last printed decimal
    std::int64_t period_pct100 = 0; ///< hundredths of a per cent
};

std::vector<PrintedPart> parts_shown(const Result& result, const PrintedUnit& unit) {
    const auto& parts = result.plan->assignments;
    const auto areas = printed_parts(result, unit);
    std::vector<std::vector<std::size_t>> members(result.plan->periods.size());
    std::vector<PrintedPart> shown_parts(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
        members[parts[i].period].push_back(i);
        shown_parts[i].area = areas[i];
    }
    for (const auto& period : members) {
        std::vector<std::int64_t> weights;
        std::int64_t sum = 0;
        for (const std::size_t i : period) {
            weights.push_back(parts[i].area_dm2);
            sum += parts[i].area_dm2;
        }
        if (sum <= 0) {
            continue;
        }
        const auto percents = largest_remainder(10'000, weights);
        for (std::size_t k = 0; k < period.size(); ++k) {
            shown_parts[period[k]].period_pct100 = percents[k];
        }
    }
    return shown_parts;
}

constexpr std::size_t zones_column = 17; ///< of projects with a profile

std::vector<Heading> yearly_headings(const Result& result) {
    std::vector<Heading> headings{
        {"序号", 6},
        {"图斑编号", 22},
        {"主体编号", 20},
        {"名称", 20},
        {"乡镇", 14},
        {"计划年度", 14},
        {"修复方式", 11},
        {"图斑面积（平方米）", 14},
        {"计划修复面积", 14},
        {"占本图斑%", 10},
        {"占当年任务%", 11},
        {"资金（万元）", 12},
        {"等级", 7},
        {"得分", 10},
        {"名次", 7},
        {"责任单位", 18},
        {"安排理由", 60}};
    if (result.project.profile) {
        headings.push_back({"是否三区两线（规则，最近要素，距离）", 60});
    }
    return headings;
}

/// Whether a plot is in 三区两线: which rules hold, nearest feature and distance of each, and which are unknown.
std::string zones_cell(const Result& result, std::size_t plot) {
    std::string yes;
    std::string unknown;
    for (std::size_t i = 0; i < result.project.profile->rules.size(); ++i) {
        const ZoneRule& rule = result.project.profile->rules[i];
        const ZoneHit& hit = result.zones.hits[plot * result.project.profile->rules.size() + i];
        const std::string name = zone_rule_name(rule.name, rule.mark).zh;
        if (hit.verdict == Verdict::unknown) {
            unknown += (unknown.empty() ? "不明：" : "、") + name;
        } else if (hit.verdict == Verdict::yes) {
            const std::string& feature =
                hit.feature_name.empty() ? hit.feature_id : hit.feature_name;
            yes += format(
                "{}{}（{}，{:.1f} 米）",
                yes.empty() ? "是：" : "；",
                name,
                feature,
                hit.distance_m.value_or(0.0)
            );
        }
    }
    const std::string known = yes.empty() && unknown.empty() ? "否" : yes;
    return known + (known.empty() || unknown.empty() ? "" : "；") + unknown;
}

void write_part(
    Sheet& sheet,
    std::size_t row,
    const Result& result,
    const Assignment& part,
    const std::pair<const PrintedUnit&, PrintedPart>& figures
) {
    const Table& table = result.table;
    const std::size_t plot = part.row;
    const auto& [unit, shown_part] = figures;
    sheet.number({row, 0}, static_cast<double>(row));
    sheet.text({row, 1}, result.plots.ids[plot]);
    sheet.text({row, 2}, cell_text(table, "mine_id", plot));
    sheet.text({row, 3}, cell_text(table, "name", plot));
    sheet.text({row, 4}, cell_text(table, "town", plot));
    sheet.period({row, 5}, result.plan->periods[part.period].name, part.period);
    sheet.text({row, 6}, mode_word(cell_text(table, "mode", plot)), Look::centred);
    put_number(sheet, {row, 7}, cell_number(table, "area_m2", plot));
    sheet.number({row, 8}, shown(unit, shown_part.area));
    sheet.number({row, 9}, part.share_pct);
    sheet.number({row, 10}, static_cast<double>(shown_part.period_pct100) / 100.0);
    const bool known = cell_number(table, "cost_yuan", plot).has_value();
    put_number(
        sheet,
        {row, 11},
        known ? std::optional<double>(static_cast<double>(part.cost_yuan) / 1e4) : std::nullopt
    );
    const Ranking& ranking = result.ranking;
    put_number(
        sheet,
        {row, 12},
        ranking.tier[plot] ? std::optional<double>(*ranking.tier[plot]) : std::nullopt
    );
    sheet.number({row, 13}, static_cast<double>(ranking.score_micro[plot].value_or(0)) / 1e6);
    sheet.number({row, 14}, ranking.rank[plot].value_or(0));
    sheet.text({row, 15}, cell_text(table, "responsible", plot));
    sheet.text(
        {row, 16},
        plot < result.plan->reasons.size() ? in_language(result, result.plan->reasons[plot])
                                           : "",
        Look::wrapped
    );
    if (result.project.profile && !result.zones.hits.empty()) {
        sheet.text({row, zones_column}, zones_cell(result, plot), Look::wrapped);
    }
}

void write_yearly_totals(
    Sheet& sheet,
    const Result& result,
    const PrintedUnit& unit,
    const std::vector<PrintedPart>& parts
) {
    const Plan& plan = *result.plan;
    const std::size_t n = plan.assignments.size();
    const std::size_t row = n + 1;
    std::int64_t area = 0;
    std::int64_t yuan = 0;
    for (std::size_t i = 0; i < n; ++i) {
        area += parts[i].area;
        yuan += plan.assignments[i].cost_yuan;
    }
    for (std::size_t column = 0; column < yearly_headings(result).size(); ++column) {
        sheet.blank({row, column});
    }
    sheet.text({row, 0}, "合计", Look::total_text);
    sheet.formula({row, 8}, sum_above(8, 1, n), shown(unit, area));
    sheet.formula({row, 11}, sum_above(11, 1, n), static_cast<double>(yuan) / 1e4);
}

// 评分明细

/// Plots in the order of the sheet: ranked ones first, then those that take no part, in file order.
std::vector<std::size_t> plots_in_order(const Result& result) {
    std::vector<std::size_t> order = result.ranking.order;
    std::vector<std::uint8_t> listed(result.plots.size());
    for (const std::size_t row : order) {
        listed[row] = 1;
    }
    for (std::size_t i = 0; i < listed.size(); ++i) {
        if (listed[i] == 0) {
            order.push_back(i);
        }
    }
    return order;
}

std::map<std::pair<std::size_t, std::string>, std::int64_t> points_by_rule(const Result& result
) {
    std::map<std::pair<std::size_t, std::string>, std::int64_t> points;
    for (const Contribution& part : result.ranking.contributions) {
        points[{part.row, part.rule_id}] += part.micro_points;
    }
    return points;
}

std::vector<RuleLine> scoring_rules(const Result& result) {
    std::vector<RuleLine> rules = rule_lines(result);
    rules.erase(
        std::remove_if(
            rules.begin(), rules.end(), [](const RuleLine& rule) { return rule.kind == "gate"; }
        ),
        rules.end()
    );
    return rules;
}

constexpr std::size_t first_rule_column = 7;

void write_score_header(Sheet& sheet, const std::vector<RuleLine>& rules) {
    std::vector<double> widths{8, 22, 20, 14, 12, 7, 22};
    std::size_t column = 0;
    for (const char* text : {"名次", "图斑编号", "名称", "乡镇", "状态", "等级", "等级名称"}) {
        sheet.text({0, column++}, text, Look::header);
    }
    for (const RuleLine& rule : rules) {
        sheet.text({0, column++}, rule.name.empty() ? rule.id : rule.name, Look::header);
        widths.push_back(13);
    }
    sheet.text({0, column}, "得分", Look::header);
    sheet.text({0, column + 1}, "理由", Look::header);
    widths.insert(widths.end(), {12, 70});
    sheet.widths(widths);
    sheet.height(0, 32);
    sheet.freeze(1, 2);
}

/// Points per rule and their sum, as a formula.
void write_points(
    Sheet& sheet,
    std::size_t row,
    std::size_t plot,
    const Result& result,
    const std::pair<
        const std::vector<RuleLine>&,
        const std::map<std::pair<std::size_t, std::string>, std::int64_t>&>& scored
) {
    const auto& [rules, points] = scored;
    for (std::size_t k = 0; k < rules.size(); ++k) {
        const auto found = points.find({plot, rules[k].id});
        put_number(
            sheet,
            {row, first_rule_column + k},
            found == points.end()
                ? std::nullopt
                : std::optional<double>(static_cast<double>(found->second) / 1e6)
        );
    }
    const Cell sum{row, first_rule_column + rules.size()};
    const auto score = plot < result.ranking.score_micro.size()
                           ? result.ranking.score_micro[plot]
                           : std::nullopt;
    if (!score) {
        sheet.blank(sum);
    } else if (rules.empty()) {
        sheet.number(sum, static_cast<double>(*score) / 1e6);
    } else {
        const Cell first{row, first_rule_column};
        const Cell last{row, first_rule_column + rules.size() - 1};
        sheet.formula(
            sum,
            format("SUM({}:{})", cell_name(first), cell_name(last)),
            static_cast<double>(*score) / 1e6,
            Look::number
        );
    }
}

// 约束与资金

std::size_t write_money(Sheet& sheet, const Result& result) {
    const PrintedUnit unit = printed_unit(result.project.report.unit);
    const auto figures = period_figures(result, unit);
    const Plan& plan = *result.plan;
    const std::size_t n = figures.size();
    std::size_t column = 0;
    for (const std::string& text :
         {std::string("年度"),
          std::string("图斑数（个）"),
          format("面积（{}）", unit.name),
          std::string("资金（万元）")}) {
        sheet.text({0, column++}, text, Look::header);
    }
    std::int64_t area = 0;
    std::int64_t yuan = 0;
    std::int64_t counted = 0;
    for (std::size_t t = 0; t < n; ++t) {
        area += figures[t].area;
        yuan += figures[t].yuan;
        counted += figures[t].plots;
        sheet.period({t + 1, 0}, plan.periods[t].name, t);
        sheet.number({t + 1, 1}, static_cast<double>(figures[t].plots));
        sheet.number({t + 1, 2}, shown(unit, figures[t].area));
        sheet.number({t + 1, 3}, static_cast<double>(figures[t].yuan) / 1e4);
    }
    const std::int64_t plots = plan_totals(plan).plots;
    const std::string repeated = counted > plots ? format("-{}", counted - plots) : "";
    sheet.text({n + 1, 0}, "合计", Look::total_text);
    sheet.formula({n + 1, 1}, sum_above(1, 1, n) + repeated, static_cast<double>(plots));
    sheet.formula({n + 1, 2}, sum_above(2, 1, n), shown(unit, area));
    sheet.formula({n + 1, 3}, sum_above(3, 1, n), static_cast<double>(yuan) / 1e4);
    return n + 3;
}

void write_constraint(
    Sheet& sheet, std::size_t row, const Result& result, const ConstraintResult& line
) {
    const Plan& plan = *result.plan;
    const std::string from = line.from_period ? plan.periods[*line.from_period].name : "";
    const std::string to = line.to_period ? plan.periods[*line.to_period].name : "";
    sheet.text({row, 0}, line.name.empty() ? line.id : line.name, Look::wrapped);
    sheet.text(
        {row, 1},
        from.empty() && to.empty() ? "全部"
        : from == to               ? from
                                   : from + " 至 " + to
    );
    sheet.text({row, 2}, quantity_word(line.quantity, result.table), Look::wrapped);
    sheet.text({row, 3}, line.filter.empty() ? "全部图斑" : line.filter, Look::wrapped);
    sheet.text({row, 4}, relation_word(line.relation), Look::centred);
    sheet.number({row, 5}, line.required);
    put_number(
        sheet,
        {row, 6},
        line.relation == Relation::equal ? std::optional<double>(line.tolerance) : std::nullopt
    );
    sheet.number({row, 7}, line.achieved);
    sheet.number({row, 8}, line.slack);
    const bool holds = line.slack >= -1e-9;
    sheet.text({row, 9}, holds ? "满足" : "未满足", holds ? Look::centred : Look::failed);
    sheet.text({row, 10}, line.soft ? "可放宽" : "必须满足", Look::centred);
    sheet.text({row, 11}, line.id);
}

std::size_t write_constraints(Sheet& sheet, std::size_t row, const Result& result) {
    std::size_t column = 0;
    for (const char* text :
         {"约束",
          "时段",
          "指标",
          "范围",
          "关系",
          "要求",
          "允许偏差",
          "达到",
          "余量",
          "是否满足",
          "性质",
          "编号"}) {
        sheet.text({row, column++}, text, Look::header);
    }
    for (const ConstraintResult& line : result.plan->constraints) {
        write_constraint(sheet, ++row, result, line);
    }
    if (result.plan->constraints.empty()) {
        sheet.merge({row + 1, 0}, {row + 1, 11}, "项目文件没有写约束（require）。", Look::note);
        ++row;
    }
    return row + 2;
}

void write_conflicts(Sheet& sheet, std::size_t row, const Result& result) {
    if (result.plan->conflicts.empty()) {
        return;
    }
    sheet.text({row, 0}, "互相矛盾的约束", Look::header);
    sheet.text({row, 1}, "还差", Look::header);
    sheet.text({row, 2}, "单位", Look::header);
    sheet.merge({row, 3}, {row, 11}, "说明", Look::header);
    for (const Conflict& conflict : result.plan->conflicts) {
        ++row;
        sheet.text({row, 0}, conflict.name, Look::wrapped);
        sheet.number({row, 1}, conflict.shortfall);
        sheet.text({row, 2}, conflict.unit, Look::centred);
        sheet.merge({row, 3}, {row, 11}, in_language(result, conflict.message), Look::wrapped);
    }
}

// 参数与版本

/// The rule of rounding, and every printed area that it moved.
void add_rounding(
    const Result& result, std::vector<std::pair<std::string, std::string>>& lines
) {
    if (!result.plan) {
        return;
    }
    const bool annex = result.project.report.table == "youhao";
    const PrintedUnit yearly = printed_unit(result.project.report.unit);
    const PrintedUnit tasks = annex ? annex_unit(result.project.report.unit) : yearly;
    const auto add = [&](const char* sheet, const PrintedUnit& unit) {
        lines.emplace_back(
            format("面积取整（{}）", sheet), in_language(result, rounding_words(result, unit))
        );
        for (const Adjusted& moved : adjusted_parts(result, unit)) {
            const Assignment& part = result.plan->assignments[moved.part];
            lines.emplace_back(
                format(
                    "　{}，{}",
                    result.plots.ids[part.row],
                    result.plan->periods[part.period].name
                ),
                format(
                    "四舍五入 {:.{}f}，计作 {:.{}f} {}",
                    shown(unit, moved.rounded),
                    unit.digits,
                    shown(unit, moved.printed),
                    unit.digits,
                    unit.name
                )
            );
        }
    };
    add(annex ? "年度计划表" : "各表", yearly);
    if (annex && tasks.digits != yearly.digits) {
        add("任务分解表", tasks);
    }
}

std::vector<std::pair<std::string, std::string>> run_lines(const Result& result) {
    std::vector<std::pair<std::string, std::string>> lines{
        {"项目名称", result.project.name},
        {"县（市、区）", result.project.report.county},
        {"tuban 版本", version()},
        {"项目文件 SHA-256", result.project.sha256},
        {"随机种子", format("{}", result.seed)},
        {"面积口径", in_language(result, result.area_caliber)}};
    if (!result.plane_crs.empty()) {
        lines.emplace_back("平面面积（plane_area_m2）的分带", result.plane_crs);
    }
    add_rounding(result, lines);
    if (result.plan) {
        const Plan& plan = *result.plan;
        lines.emplace_back("求解状态", status_word(plan.status));
        lines.emplace_back("首要目标值", format("{}", plan.objective));
        lines.emplace_back("目标值的界", format("{}", plan.bound));
        lines.emplace_back("差距", format("{}", plan.gap));
        lines.emplace_back("求解器", plan.solver);
        for (std::size_t i = 0; i < plan.stages.size(); ++i) {
            const Stage& stage = plan.stages[i];
            lines.emplace_back(
                format("求解步骤 {}：{}", i + 1, stage.name),
                format("目标值 {}，界 {}，差距 {}", stage.objective, stage.bound, stage.gap)
            );
        }
    }
    return lines;
}

std::size_t write_inputs(Sheet& sheet, std::size_t row, const Result& result) {
    std::size_t column = 0;
    for (const char* text : {"输入数据", "文件", "图层", "行数", "坐标系", "编码", "SHA-256"}) {
        sheet.text({row, column++}, text, Look::header);
    }
    for (const InputFile& input : result.inputs) {
        ++row;
        sheet.text({row, 0}, input.role);
        sheet.text({row, 1}, input.file, Look::wrapped);
        sheet.text({row, 2}, input.layer);
        sheet.number({row, 3}, static_cast<double>(input.rows));
        sheet.text({row, 4}, input.crs, Look::wrapped);
        sheet.text({row, 5}, input.encoding);
        sheet.text({row, 6}, input.sha256);
    }
    return row + 2;
}

/// The project file line by line, so that a reader of the workbook alone can repeat the run.
void write_project(Sheet& sheet, std::size_t row, const std::string& project) {
    sheet.text({row, 0}, "项目文件", Look::header);
    std::size_t from = 0;
    while (from < project.size()) {
        const std::size_t end = std::min(project.find('\n', from), project.size());
        std::string line = project.substr(from, end - from);
        if (line.ends_with('\r')) {
            line.pop_back();
        }
        sheet.text({++row, 0}, line, Look::plain);
        from = end + 1;
    }
}

} // namespace

void write_yearly_plan(Book& book, const Result& result) {
    Sheet sheet = book.sheet("年度计划表");
    write_headings(sheet, yearly_headings(result), 2);
    const PrintedUnit unit = printed_unit(result.project.report.unit);
    sheet.text({0, 8}, format("计划修复面积（{}）", unit.name), Look::header);
    const std::size_t n = result.plan ? result.plan->assignments.size() : 0;
    if (n == 0) {
        sheet.merge(
            {1, 0},
            {1, 16},
            result.plan ? "没有图斑列入计划。" : "项目文件没有 schedule，本次只排序、不排期。",
            Look::note
        );
        return;
    }
    const auto parts = parts_shown(result, unit);
    std::size_t row = 1;
    for (const std::size_t i : parts_in_order(result)) {
        write_part(sheet, row++, result, result.plan->assignments[i], {unit, parts[i]});
    }
    sheet.filter({0, 0}, {n, yearly_headings(result).size() - 1});
    write_yearly_totals(sheet, result, unit, parts);
}

void write_scores(Book& book, const Result& result) {
    Sheet sheet = book.sheet("评分明细");
    const auto rules = scoring_rules(result);
    const auto points = points_by_rule(result);
    const auto statuses = plot_statuses(result);
    const Ranking& ranking = result.ranking;
    write_score_header(sheet, rules);
    std::size_t row = 0;
    for (const std::size_t plot : plots_in_order(result)) {
        ++row;
        const auto optional_number = [&](const std::vector<std::optional<int>>& values) {
            return plot < values.size() && values[plot] ? std::optional<double>(*values[plot])
                                                        : std::nullopt;
        };
        put_number(sheet, {row, 0}, optional_number(ranking.rank));
        sheet.text({row, 1}, result.plots.ids[plot]);
        sheet.text({row, 2}, cell_text(result.table, "name", plot));
        sheet.text({row, 3}, cell_text(result.table, "town", plot));
        sheet.text({row, 4}, status_word(statuses[plot]), Look::centred);
        const auto tier = optional_number(ranking.tier);
        put_number(sheet, {row, 5}, tier);
        const auto index = static_cast<std::size_t>(tier.value_or(0.0));
        const auto& tiers = result.project.rules.tiers;
        sheet.text({row, 6}, index >= 1 && index <= tiers.size() ? tiers[index - 1].name : "");
        write_points(sheet, row, plot, result, {rules, points});
        sheet.text(
            {row, first_rule_column + rules.size() + 1},
            plot < ranking.reasons.size() ? in_language(result, ranking.reasons[plot]) : "",
            Look::wrapped
        );
    }
    sheet.filter({0, 0}, {row, first_rule_column + rules.size() + 1});
}

void write_requirements(Book& book, const Result& result) {
    Sheet sheet = book.sheet("约束与资金");
    sheet.widths({24, 20, 20, 30, 10, 14, 10, 14, 14, 10, 10, 16});
    if (!result.plan || result.plan->periods.empty()) {
        sheet.merge({0, 0}, {0, 11}, "项目文件没有 schedule，没有约束和资金安排。", Look::note);
        return;
    }
    const std::size_t constraints = write_money(sheet, result);
    const std::size_t conflicts = write_constraints(sheet, constraints, result);
    write_conflicts(sheet, conflicts, result);
}

void write_issues(Book& book, const Result& result) {
    Sheet sheet = book.sheet("数据问题");
    write_headings(
        sheet,
        {{"序号", 6},
         {"程度", 8},
         {"代码", 18},
         {"文件", 20},
         {"图层", 14},
         {"行", 8},
         {"图斑编号", 22},
         {"字段", 16},
         {"说明", 70},
         {"经度（°）", 13},
         {"纬度（°）", 13},
         {"原面积（平方米）", 14},
         {"现面积（平方米）", 14}},
        1
    );
    const std::map<Severity, const char*> words{
        {Severity::note, "提示"}, {Severity::warning, "警告"}, {Severity::error, "错误"}};
    std::size_t row = 0;
    for (const Issue& issue : result.issues) {
        ++row;
        sheet.number({row, 0}, static_cast<double>(row));
        sheet.text(
            {row, 1},
            words.at(issue.severity),
            issue.severity == Severity::error ? Look::failed : Look::centred
        );
        sheet.text({row, 2}, issue.code);
        sheet.text({row, 3}, issue.file, Look::wrapped);
        sheet.text({row, 4}, issue.layer);
        put_number(
            sheet,
            {row, 5},
            issue.row ? std::optional<double>(static_cast<double>(*issue.row)) : std::nullopt
        );
        sheet.text({row, 6}, issue.plot_id);
        sheet.text({row, 7}, issue.field);
        sheet.text({row, 8}, in_language(result, issue.message), Look::wrapped);
        put_number(sheet, {row, 9}, issue.at ? std::optional(issue.at->lon_deg) : std::nullopt);
        put_number(
            sheet, {row, 10}, issue.at ? std::optional(issue.at->lat_deg) : std::nullopt
        );
        put_number(sheet, {row, 11}, issue.area_before_m2);
        put_number(sheet, {row, 12}, issue.area_after_m2);
    }
    if (row == 0) {
        sheet.merge({1, 0}, {1, 12}, "读取和测量中没有发现问题。", Look::note);
    } else {
        sheet.filter({0, 0}, {row, 12});
    }
}

void write_run(Book& book, const Result& result) {
    Sheet sheet = book.sheet("参数与版本");
    sheet.widths({26, 44, 20, 10, 36, 12, 68});
    sheet.text({0, 0}, "项目", Look::header);
    sheet.text({0, 1}, "值", Look::header);
    std::size_t row = 0;
    for (const auto& [key, value] : run_lines(result)) {
        ++row;
        sheet.text({row, 0}, key);
        sheet.text({row, 1}, value, Look::wrapped);
    }
    row = write_inputs(sheet, row + 2, result);
    write_project(sheet, row, result.project.text);
}

} // namespace tuban
