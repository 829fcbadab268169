#include "workspace/plan_tables.hpp"

#include <tuban/version.hpp>

#include "core/format.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <string_view>

namespace tuban {
namespace {

using Texts = std::vector<std::optional<std::string>>;
using Integers = std::vector<std::optional<std::int64_t>>;
using Reals = std::vector<std::optional<double>>;

std::optional<std::string> if_any(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

double square_metres(std::int64_t dm2) {
    return static_cast<double>(dm2) / 100.0;
}

double points_of(std::int64_t micro) {
    return static_cast<double>(micro) / 1e6;
}

Table table_of(std::vector<Column> columns) {
    Table table;
    table.rows = columns.empty() ? 0 : columns.front().size();
    table.columns = std::move(columns);
    return table;
}

/// Columns drawn from lines of one kind, a row per line. `value` takes a line and gives the cell, an optional or a plain
/// value.
template <class Line>
class Lines {
public:
    explicit Lines(const std::vector<Line>& lines) : lines_(lines) {}

    template <class Value>
    Column texts(const char* name, const char* alias, Value&& value) const {
        return text_column(name, alias, cells<std::string>(value));
    }

    template <class Value>
    Column
    integers(const char* name, const char* alias, const char* unit, Value&& value) const {
        return integer_column(name, alias, unit, cells<std::int64_t>(value));
    }

    template <class Value>
    Column reals(const char* name, const char* alias, const char* unit, Value&& value) const {
        return real_column(name, alias, unit, cells<double>(value));
    }

private:
    template <class Cell, class Value>
    std::vector<std::optional<Cell>> cells(Value& value) const {
        std::vector<std::optional<Cell>> column;
        column.reserve(lines_.size());
        for (const Line& line : lines_) {
            column.emplace_back(value(line));
        }
        return column;
    }

    const std::vector<Line>& lines_;
};

bool same_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(
        a.begin(),
        a.end(),
        b.begin(),
        b.end(),
        [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); }
    );
}

bool is_plan_column(std::string_view name) {
    constexpr std::array<std::string_view, 6> ours{
        "status", "period", "planned_share", "planned_area_m2", "reason_zh", "reason_en"};
    return std::any_of(ours.begin(), ours.end(), [&](std::string_view our) {
        return same_ignoring_case(name, our);
    });
}

/// A source column that bears a name of the plan's own columns makes way for it.
void make_way(Table& table) {
    for (Column& column : table.columns) {
        if (is_plan_column(column.name)) {
            column.name = "src_" + column.name;
        }
    }
}

void put_standard_columns(Table& table, const Plots& plots) {
    const std::size_t n = table.rows;
    if (table.find("plot_id") == nullptr) {
        Texts ids(plots.ids.begin(), plots.ids.end());
        table.columns.insert(table.columns.begin(), text_column("plot_id", "图斑编号", ids));
    }
    const std::array<std::pair<const char*, const char*>, 4> texts{
        {{"mine_id", "主体编号"}, {"name", "名称"}, {"town", "乡镇"}, {"mode", "修复方式"}}};
    for (const auto& [name, alias] : texts) {
        if (table.find(name) == nullptr) {
            table.put(text_column(name, alias, Texts(n)));
        }
    }
    if (table.find("cost_yuan") == nullptr) {
        table.put(integer_column("cost_yuan", "投资", "yuan", Integers(n)));
    }
}

std::optional<std::string>
tier_name(const std::vector<Tier>& tiers, const std::optional<int>& tier) {
    const auto index = static_cast<std::size_t>(tier.value_or(0));
    return index >= 1 && index <= tiers.size()
               ? std::optional<std::string>(tiers[index - 1].name)
               : std::nullopt;
}

/// Null for every plot where the run ended before ranking.
void put_ranking_columns(Table& table, const Result& result) {
    const std::size_t n = table.rows;
    const Ranking& ranking = result.ranking;
    Integers tiers(n);
    Texts tier_names(n);
    Reals scores(n);
    Integers ranks(n);
    for (std::size_t i = 0; i < std::min(n, ranking.rank.size()); ++i) {
        tiers[i] = ranking.tier[i];
        tier_names[i] = tier_name(result.project.rules.tiers, ranking.tier[i]);
        ranks[i] = ranking.rank[i];
        if (ranking.score_micro[i]) {
            scores[i] = points_of(*ranking.score_micro[i]);
        }
    }
    table.put(integer_column("tier", "优先等级", "", tiers));
    table.put(text_column("tier_name", "等级名称", tier_names));
    table.put(real_column("score", "得分", "", scores));
    table.put(integer_column("rank", "名次", "", ranks));
}

/// What a plan takes of one plot, summed over its parts.
struct PlannedPart {
    std::optional<std::string> first_period;
    std::int64_t pct = 0;
    std::int64_t dm2 = 0;
};

std::vector<PlannedPart> planned_parts(const Plan& plan, std::size_t rows) {
    std::vector<PlannedPart> parts(rows);
    for (const Assignment& assignment : plan.assignments) {
        PlannedPart& part = parts[assignment.row];
        part.pct += assignment.share_pct;
        part.dm2 += assignment.area_dm2;
        if (!part.first_period) { // assignments come by period
            part.first_period = plan.periods[assignment.period].name;
        }
    }
    return parts;
}

void put_plan_columns(Table& table, const Result& result) {
    const std::size_t n = table.rows;
    Texts periods(n);
    Reals shares(n);
    Reals areas(n);
    if (result.plan) {
        const std::vector<PlannedPart> parts = planned_parts(*result.plan, n);
        for (std::size_t i = 0; i < n; ++i) {
            periods[i] = parts[i].first_period;
            shares[i] = static_cast<double>(parts[i].pct) / 100.0;
            areas[i] = square_metres(parts[i].dm2);
        }
    }
    table.put(text_column("period", "计划年度", periods));
    table.put(real_column("planned_share", "计划占比", "", shares));
    table.put(real_column("planned_area_m2", "计划修复面积", "m2", areas));
}

/// Two sentences as one reason; either may be empty.
std::string both(const std::string& first, const std::string& second, bool chinese) {
    if (first.empty() || second.empty()) {
        return first + second;
    }
    if (chinese) {
        return first + (first.ends_with("。") || first.ends_with("；") ? "" : "；") + second;
    }
    return first + (first.ends_with('.') || first.ends_with(';') ? " " : "; ") + second;
}

void put_reasons(Table& table, const Result& result) {
    const std::size_t n = table.rows;
    Texts zh(n);
    Texts en(n);
    for (std::size_t i = 0; i < n; ++i) {
        const Text ranked =
            i < result.ranking.reasons.size() ? result.ranking.reasons[i] : Text{};
        const Text planned =
            result.plan && i < result.plan->reasons.size() ? result.plan->reasons[i] : Text{};
        zh[i] = if_any(both(ranked.zh, planned.zh, true));
        en[i] = if_any(both(ranked.en, planned.en, false));
    }
    table.put(text_column("reason_zh", "理由", zh));
    table.put(text_column("reason_en", "理由（英文）", en));
}

Table assignments_table(const Result& result) {
    using Line = const Assignment&;
    const std::vector<Assignment> none;
    const auto& all = result.plan ? result.plan->assignments : none;
    const Lines lines(all);
    const Column* mode = result.table.find("mode");
    const Column* cost = result.table.find("cost_yuan");
    return table_of(
        {lines.texts("plot_id", "图斑编号", [&](Line a) { return result.plots.ids[a.row]; }),
         lines.texts(
             "period", "计划年度", [&](Line a) { return result.plan->periods[a.period].name; }
         ),
         lines.reals("share", "占本图斑", "", [](Line a) { return a.share_pct / 100.0; }),
         lines.reals("area_m2", "面积", "m2", [](Line a) { return square_metres(a.area_dm2); }),
         lines.texts(
             "mode",
             "修复方式",
             [&](Line a) { return mode != nullptr ? mode->text(a.row) : std::nullopt; }
         ),
         lines.integers(
             "cost_yuan",
             "投资",
             "yuan",
             [&](Line a) {
                 const bool known = cost != nullptr && cost->valid[a.row] != 0;
                 return known ? std::optional(a.cost_yuan) : std::nullopt;
             }
         )}
    );
}

Table periods_table(const Result& result) {
    Texts names;
    Integers first;
    Integers last;
    Integers plots;
    Reals areas;
    Integers costs;
    if (result.plan) {
        const std::vector<PlanTotals> totals = period_totals(*result.plan);
        for (std::size_t t = 0; t < totals.size(); ++t) {
            const Period& period = result.plan->periods[t];
            names.emplace_back(period.name);
            first.push_back(
                period.years.empty() ? std::nullopt
                                     : std::optional<std::int64_t>(period.years.front())
            );
            last.push_back(
                period.years.empty() ? std::nullopt
                                     : std::optional<std::int64_t>(period.years.back())
            );
            plots.emplace_back(totals[t].plots);
            areas.emplace_back(square_metres(totals[t].area_dm2));
            costs.emplace_back(totals[t].cost_yuan);
        }
    }
    return table_of(
        {text_column("period", "计划年度", names),
         integer_column("first_year", "首年", "", first),
         integer_column("last_year", "末年", "", last),
         integer_column("plots", "图斑数", "", plots),
         real_column("area_m2", "面积", "m2", areas),
         integer_column("cost_yuan", "投资", "yuan", costs)}
    );
}

Table rules_table(const Result& result) {
    using Line = const RuleLine&;
    const std::vector<RuleLine> all = rule_lines(result);
    const Lines lines(all);
    return table_of(
        {lines.texts("rule_id", "规则", [](Line rule) { return rule.id; }),
         lines.texts("kind", "类别", [](Line rule) { return rule.kind; }),
         lines.texts("name", "名称", [](Line rule) { return rule.name; }),
         lines.texts("condition", "条件", [](Line rule) { return if_any(rule.condition); }),
         lines.reals("points", "分值", "", [](Line rule) { return rule.points; }),
         lines.texts("curve", "折线", [](Line rule) { return if_any(rule.curve); }),
         lines.texts("basis", "依据", [](Line rule) { return if_any(rule.basis); }),
         lines.texts("origin", "来源", [](Line rule) { return rule.origin; })}
    );
}

Table contributions_table(const Result& result) {
    using Line = const Contribution&;
    const Lines lines(result.ranking.contributions);
    return table_of(
        {lines.texts(
             "plot_id", "图斑编号", [&](Line part) { return result.plots.ids[part.row]; }
         ),
         lines.texts("rule_id", "规则", [](Line part) { return part.rule_id; }),
         lines.texts("value", "取值", [](Line part) { return if_any(part.value); }),
         lines.reals(
             "points", "得分", "", [](Line part) { return points_of(part.micro_points); }
         )}
    );
}

std::optional<std::string>
period_name(const Plan& plan, const std::optional<std::size_t>& period) {
    return period ? std::optional<std::string>(plan.periods[*period].name) : std::nullopt;
}

Table constraints_table(const Result& result) {
    using Line = const ConstraintResult&;
    const std::vector<ConstraintResult> none;
    const auto& plan = result.plan;
    const auto& all = plan ? plan->constraints : none;
    const Lines lines(all);
    return table_of(
        {lines.texts("id", "约束", [](Line c) { return c.id; }),
         lines.texts("name", "名称", [](Line c) { return c.name; }),
         lines.texts(
             "from_period", "起", [&](Line c) { return period_name(*plan, c.from_period); }
         ),
         lines.texts(
             "to_period", "止", [&](Line c) { return period_name(*plan, c.to_period); }
         ),
         lines.texts("quantity", "指标", [](Line c) { return c.quantity; }),
         lines.texts("filter", "范围", [](Line c) { return if_any(c.filter); }),
         lines.texts(
             "group_by",
             "分组",
             [&](Line c) {
                 return if_any(c.quantity == "together" ? group_column(result, c.id) : "");
             }
         ),
         lines.texts("relation", "关系", [](Line c) { return name_of(c.relation); }),
         lines.reals("required", "要求", "", [](Line c) { return c.required; }),
         lines.reals("tolerance", "允许偏差", "", [](Line c) { return c.tolerance; }),
         lines.reals("achieved", "达到", "", [](Line c) { return c.achieved; }),
         lines.reals("slack", "余量", "", [](Line c) { return c.slack; }),
         lines.reals("price", "边际", "", [](Line c) { return c.price; }),
         lines.integers("soft", "可放宽", "", [](Line c) { return c.soft ? 1 : 0; })}
    );
}

Table inputs_table(const Result& result) {
    using Line = const InputFile&;
    const Lines lines(result.inputs);
    return table_of(
        {lines.texts("role", "用途", [](Line f) { return if_any(f.role); }),
         lines.texts("file", "文件", [](Line f) { return if_any(f.file); }),
         lines.texts("layer", "图层", [](Line f) { return if_any(f.layer); }),
         lines.integers("rows", "行数", "", [](Line f) { return f.rows; }),
         lines.texts("crs", "坐标系", [](Line f) { return if_any(f.crs); }),
         lines.texts("crs_because", "坐标系来自", [](Line f) { return if_any(f.crs_because); }),
         lines.texts("encoding", "编码", [](Line f) { return if_any(f.encoding); }),
         lines.texts(
             "encoding_because", "编码来自", [](Line f) { return if_any(f.encoding_because); }
         ),
         lines.texts("sha256", "SHA-256", [](Line f) { return if_any(f.sha256); })}
    );
}

Table zone_hits_table(const Result& result) {
    using Line = const ZoneHit&;
    const ZoneProfile none;
    const ZoneProfile& profile = result.project.profile ? *result.project.profile : none;
    const Lines lines(result.zones.hits);
    const auto rule = [&](Line hit) -> const ZoneRule& { return profile.rules[hit.rule]; };
    const auto truth = [](const std::optional<bool>& value) {
        return value ? std::optional<std::int64_t>(*value ? 1 : 0) : std::nullopt;
    };
    return table_of(
        {lines.texts("plot_id", "图斑编号", [&](Line h) { return result.plots.ids[h.row]; }),
         lines.texts("profile_id", "方案", [&](Line) { return profile.id; }),
         lines.texts("rule_id", "规则", [&](Line h) { return rule(h).id; }),
         lines.texts("name", "名称", [&](Line h) { return rule(h).name; }),
         lines.texts("kind", "区或线", [&](Line h) { return name_of(rule(h).kind); }),
         lines.texts("role", "对象", [&](Line h) { return rule(h).sources.front().role; }),
         lines.texts("layer", "图层", [](Line h) { return if_any(h.layer); }),
         lines.texts("mode", "判断方式", [&](Line h) { return name_of(rule(h).mode); }),
         lines.reals("metres", "界限", "m", [&](Line h) { return rule(h).metres; }),
         lines.texts("verdict", "判断", [](Line h) { return name_of(h.verdict); }),
         lines.texts("feature_id", "最近要素编号", [](Line h) { return if_any(h.feature_id); }),
         lines.texts(
             "feature_name", "最近要素名称", [](Line h) { return if_any(h.feature_name); }
         ),
         lines.texts(
             "feature_class", "最近要素类别", [](Line h) { return if_any(h.feature_class); }
         ),
         lines.reals("distance_m", "距离", "m", [](Line h) { return h.distance_m; }),
         lines.reals("distance_error_m", "距离误差", "m", [](Line h) { return h.error_m; }),
         lines.reals("half_width_m", "已减半宽", "m", [](Line h) { return h.half_width_m; }),
         lines.reals("share", "界限内占比", "", [](Line h) { return h.share; }),
         lines.integers(
             "intersects", "在界限内", "", [&](Line h) { return truth(h.intersects); }
         ),
         lines.integers(
             "centroid_inside",
             "重心在界限内",
             "",
             [&](Line h) { return truth(h.centroid_inside); }
         ),
         lines.integers(
             "borderline", "离界限不到误差", "", [](Line h) { return h.borderline ? 1 : 0; }
         ),
         lines.integers("severity", "程度", "", [&](Line h) { return rule(h).severity; }),
         lines.texts("mark", "来历", [&](Line h) { return name_of(rule(h).mark); }),
         lines.texts("basis", "依据", [&](Line h) { return if_any(rule(h).basis); }),
         lines.texts(
             "origin",
             "来源",
             [&](Line h) { return rule(h).from_project ? "project" : "profile"; }
         ),
         lines.texts("reason_zh", "说明", [](Line h) { return if_any(h.reason.zh); }),
         lines.texts("reason_en", "说明（英文）", [](Line h) { return if_any(h.reason.en); })}
    );
}

Table alternatives_table(const Result& result) {
    using Line = const Alternative&;
    const std::vector<Alternative> none;
    const auto& all = result.plan ? result.plan->alternatives : none;
    const Lines lines(all);
    return table_of(
        {lines.texts("plot_id", "图斑编号", [&](Line a) { return result.plots.ids[a.row]; }),
         lines.texts(
             "period", "计划年度", [&](Line a) { return period_name(*result.plan, a.period); }
         ),
         lines.reals("cost_of_moving", "调整代价", "", [](Line a) { return a.cost_of_moving; }),
         lines.texts("breaks_zh", "将违反", [](Line a) { return if_any(a.breaks.zh); }),
         lines.texts("breaks_en", "将违反（英文）", [](Line a) { return if_any(a.breaks.en); })}
    );
}

Table stages_table(const Result& result) {
    using Line = const Stage&;
    const std::vector<Stage> none;
    const auto& all = result.plan ? result.plan->stages : none;
    const Lines lines(all);
    return table_of(
        {lines.integers(
             "stage", "步骤", "", [number = std::int64_t{0}](Line) mutable { return ++number; }
         ),
         lines.texts("name", "名称", [](Line stage) { return stage.name; }),
         lines.reals("objective", "目标值", "", [](Line stage) { return stage.objective; }),
         lines.reals("bound", "界", "", [](Line stage) { return stage.bound; }),
         lines.reals("gap", "差距", "", [](Line stage) { return stage.gap; })}
    );
}

Table conflicts_table(const Result& result) {
    using Line = const Conflict&;
    const std::vector<Conflict> none;
    const auto& all = result.plan ? result.plan->conflicts : none;
    const Lines lines(all);
    return table_of(
        {lines.texts("id", "约束", [](Line c) { return c.id; }),
         lines.texts("name", "名称", [](Line c) { return c.name; }),
         lines.reals("shortfall", "缺口", "", [](Line c) { return c.shortfall; }),
         lines.texts("unit", "单位", [](Line c) { return if_any(c.unit); }),
         lines.texts("message_zh", "说明", [](Line c) { return if_any(c.message.zh); }),
         lines.texts("message_en", "说明（英文）", [](Line c) { return if_any(c.message.en); })}
    );
}

Table reuse_table(const Result& result) {
    using Line = const ReuseVerdict&;
    const Lines lines(result.reuse.verdicts);
    const auto option = [&](Line v) -> const ReuseOption& {
        return result.project.reuse[v.option];
    };
    return table_of(
        {lines.texts("plot_id", "图斑编号", [&](Line v) { return result.plots.ids[v.row]; }),
         lines.texts("option", "用途", [&](Line v) { return option(v).id; }),
         lines.texts("name", "名称", [&](Line v) { return if_any(option(v).name); }),
         lines.texts("verdict", "结论", [](Line v) { return name_of(v.answer); }),
         lines.texts("reason_zh", "理由", [](Line v) { return if_any(v.reason.zh); }),
         lines.texts("reason_en", "理由（英文）", [](Line v) { return if_any(v.reason.en); }),
         lines.texts("basis", "依据", [&](Line v) { return if_any(option(v).basis); })}
    );
}

void add_totals(const Plan& plan, std::vector<std::pair<std::string, std::string>>& lines) {
    const PlanTotals totals = plan_totals(plan);
    const std::int64_t dm2 = totals.area_dm2;
    lines.emplace_back("planned_plots", format("{}", totals.plots));
    lines.emplace_back("planned_area_m2", format("{}.{:02}", dm2 / 100, dm2 % 100));
    lines.emplace_back("planned_cost_yuan", format("{}", totals.cost_yuan));
}

Table run_table(const Result& result) {
    std::vector<std::pair<std::string, std::string>> lines{
        {"format", "1"},
        {"version", version()},
        {"name", result.project.name},
        {"county", result.project.report.county},
        {"project", result.project.text},
        {"project_sha256", result.project.sha256},
        {"area_basis",
         result.plots.attributes.find("given_area_m2") == nullptr ? "survey" : "given"},
        {"area_caliber_zh", result.area_caliber.zh},
        {"area_caliber_en", result.area_caliber.en},
        {"plane_crs", result.plane_crs},
        {"seed", format("{}", result.seed)}};
    if (result.plan) {
        const Plan& plan = *result.plan;
        lines.emplace_back("status", name_of(plan.status));
        lines.emplace_back("objective", format("{}", plan.objective));
        lines.emplace_back("bound", format("{}", plan.bound));
        lines.emplace_back("gap", format("{}", plan.gap));
        lines.emplace_back("solver", plan.solver);
        add_totals(plan, lines);
    }
    Texts keys;
    Texts values;
    for (const auto& [key, value] : lines) {
        keys.emplace_back(key);
        values.emplace_back(value);
    }
    return table_of({text_column("key", "项目", keys), text_column("value", "值", values)});
}

} // namespace

Table repairs_table(const std::vector<RepairEntry>& entries) {
    using Line = const RepairEntry&;
    const Lines lines(entries);
    const auto whole = [](std::size_t n) { return static_cast<std::int64_t>(n); };
    return table_of(
        {lines.texts("plot_id", "图斑编号", [](Line e) { return e.plot_id; }),
         lines.integers("row", "行", "", [](Line e) { return e.row; }),
         lines.texts("rule", "修复的问题", [](Line e) { return e.rule; }),
         lines.texts("state", "处理", [](Line e) { return name_of(e.state); }),
         lines.integers(
             "vertices_before", "原顶点数", "", [&](Line e) { return whole(e.vertices_before); }
         ),
         lines.integers(
             "vertices_after", "现顶点数", "", [&](Line e) { return whole(e.vertices_after); }
         ),
         lines.reals("area_before_m2", "原面积", "m2", [](Line e) { return e.area_before_m2; }),
         lines.reals("area_after_m2", "现面积", "m2", [](Line e) { return e.area_after_m2; })}
    );
}

Table issues_table(const std::vector<Issue>& issues) {
    using Line = const Issue&;
    using Degrees = std::optional<double>;
    const Lines lines(issues);
    return table_of(
        {lines.texts("severity", "程度", [](Line i) { return name_of(i.severity); }),
         lines.texts("code", "代码", [](Line i) { return if_any(i.code); }),
         lines.texts("file", "文件", [](Line i) { return if_any(i.file); }),
         lines.texts("layer", "图层", [](Line i) { return if_any(i.layer); }),
         lines.integers("row", "行", "", [](Line i) { return i.row; }),
         lines.texts("plot_id", "图斑编号", [](Line i) { return if_any(i.plot_id); }),
         lines.texts("field", "字段", [](Line i) { return if_any(i.field); }),
         lines.texts("message_zh", "说明", [](Line i) { return if_any(i.message.zh); }),
         lines.texts("message_en", "说明（英文）", [](Line i) { return if_any(i.message.en); }),
         lines.reals(
             "lon_deg",
             "经度",
             "deg",
             [](Line i) { return i.at ? Degrees(i.at->lon_deg) : std::nullopt; }
         ),
         lines.reals(
             "lat_deg",
             "纬度",
             "deg",
             [](Line i) { return i.at ? Degrees(i.at->lat_deg) : std::nullopt; }
         ),
         lines.reals("area_before_m2", "原面积", "m2", [](Line i) { return i.area_before_m2; }),
         lines.reals("area_after_m2", "现面积", "m2", [](Line i) { return i.area_after_m2; })}
    );
}

std::string group_column(const Result& result, const std::string& requirement_id) {
    if (!result.project.schedule) {
        return "";
    }
    const std::vector<Requirement>& all = result.project.schedule->require;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Requirement& requirement) {
            return requirement.id == requirement_id &&
                   requirement.kind == RequirementKind::together;
        });
    return found == all.end() ? "" : found->quantity;
}

std::vector<std::string> plot_statuses(const Result& result) {
    std::vector<std::string> statuses(result.plots.size(), "unscheduled");
    if (result.plan) {
        for (const Assignment& part : result.plan->assignments) {
            statuses[part.row] = "planned";
        }
    }
    for (std::size_t i = 0; i < statuses.size(); ++i) {
        if (result.plots.states[i] == PlotState::held_out) {
            statuses[i] = "held_out";
        } else if (i < result.ranking.eligible.size() && result.ranking.eligible[i] == 0) {
            statuses[i] = "ineligible";
        }
    }
    return statuses;
}

namespace {

std::string curve_text(const PointRule& rule) {
    std::string text;
    for (const auto& [x, points] : rule.curve) {
        text += format("{}{}: {}", text.empty() ? "" : ", ", x, points.text());
    }
    return text;
}

/// What a tier counts: the same for every plot in it.
std::optional<double> tier_points(const Result& result, const std::string& id) {
    std::optional<double> points;
    for (const Contribution& part : result.ranking.contributions) {
        if (part.rule_id == id && part.micro_points != 0) {
            points = points_of(part.micro_points);
            break;
        }
    }
    return points;
}

std::string origin_name(Origin origin) {
    return origin == Origin::pack ? "pack" : "project";
}

} // namespace

std::vector<RuleLine> rule_lines(const Result& result) {
    const Rules& rules = result.project.rules;
    std::size_t next = 0; // into filters, which has no entry for curves
    const auto condition = [&](const Condition& written) {
        const std::size_t i = next++;
        return i < result.filters.size() ? result.filters[i] : written.text;
    };
    std::vector<RuleLine> lines;
    for (const Gate& gate : rules.gates) {
        lines.push_back(
            {gate.id,
             "gate",
             gate.name,
             condition(gate.when),
             std::nullopt,
             "",
             gate.basis,
             origin_name(gate.origin)}
        );
    }
    for (const Tier& tier : rules.tiers) {
        lines.push_back(
            {tier.id,
             "tier",
             tier.name,
             condition(tier.when),
             tier_points(result, tier.id),
             "",
             tier.basis,
             origin_name(tier.origin)}
        );
    }
    for (const PointRule& rule : rules.points) {
        RuleLine line{rule.id, "points", rule.name, "", std::nullopt, "", rule.basis, ""};
        line.origin = origin_name(rule.origin);
        if (rule.when) {
            line.condition = condition(*rule.when);
            line.points = rule.points.value();
        } else if (rule.of) {
            line.condition = rule.of->text;
            line.curve = curve_text(rule);
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

Table plan_plots_table(const Result& result) {
    Table table = result.table;
    make_way(table);
    put_standard_columns(table, result.plots);
    const std::vector<std::string> statuses = plot_statuses(result);
    table.put(text_column("status", "状态", Texts(statuses.begin(), statuses.end())));
    put_ranking_columns(table, result);
    put_plan_columns(table, result);
    put_reasons(table, result);
    return table;
}

std::vector<PlanTable> plan_tables(const Result& result) {
    std::vector<PlanTable> tables{
        {"assignments", "parts of plots in periods", assignments_table(result)},
        {"periods", "periods with their totals", periods_table(result)},
        {"rules", "gates, tiers and point rules", rules_table(result)},
        {"contributions", "each rule's part in each score", contributions_table(result)},
        {"zone_hits",
         "rules of the profile of 三区两线 held against each plot",
         zone_hits_table(result)},
        {"constraints", "requirements and what became of them", constraints_table(result)},
        {"alternatives", "what moving a plot would cost or break", alternatives_table(result)},
        {"stages", "steps of the solve", stages_table(result)},
        {"conflicts", "requirements that clash", conflicts_table(result)},
        {"issues", "what is worth knowing about the inputs", issues_table(result.issues)},
        {"repairs",
         "what repair did to the geometry of a plot",
         repairs_table(result.plots.repairs.entries)},
        {"inputs", "files read", inputs_table(result)},
        {"run", "what was run", run_table(result)},
    };
    if (!result.project.reuse.empty()) { // only where a project asks for it
        tables.push_back({"reuse", "what each plot may be used for", reuse_table(result)});
    }
    return tables;
}

} // namespace tuban
