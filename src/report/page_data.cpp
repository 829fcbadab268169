#include "report/page_data.hpp"

#include <tuban/version.hpp>

#include "core/format.hpp"
#include "indicators/own_columns.hpp"
#include "report/figures.hpp"
#include "report/page_map.hpp"
#include "report/page_shapes.hpp"
#include "workspace/palette.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tuban {
namespace {

using Json = nlohmann::ordered_json;

constexpr double micro = 1e6;

bool is_english(const Result& result) {
    return result.project.report.lang == "en";
}

const std::string& chosen(const Result& result, const Text& text) {
    return is_english(result) ? text.en : text.zh;
}

double rounded(double value, double steps_per_unit) {
    return std::round(value * steps_per_unit) / steps_per_unit;
}

template <class Value>
Json or_null(const std::optional<Value>& value) {
    return value ? Json(*value) : Json(nullptr);
}

/// Key of words.json for a unit of area.
std::string_view unit_key(const PrintedUnit& unit) {
    return unit.name == "亩" ? "mu" : unit.name == "平方米" ? "m2" : "ha";
}

std::int64_t half_up(std::int64_t value, std::int64_t numerator, std::int64_t denominator) {
    return (2 * value * numerator + denominator) / (2 * denominator);
}

/// Parts in printed digits that add up to the printed total.
std::vector<std::int64_t> adding_up(
    const std::vector<std::int64_t>& parts, std::int64_t numerator, std::int64_t denominator
) {
    std::int64_t total = 0;
    for (const std::int64_t part : parts) {
        total += part;
    }
    return largest_remainder(half_up(total, numerator, denominator), parts);
}

/// Columns that the page draws from the ranking and the plan instead.
bool is_decided(const std::string& name) {
    constexpr std::array<std::string_view, 4> decided{"tier", "tier_name", "score", "rank"};
    return std::find(decided.begin(), decided.end(), name) != decided.end();
}

std::set<std::string> source_columns(const Result& result) {
    const std::span<const std::string_view> standard = columns_read();
    std::set<std::string> names;
    for (const Column& column : result.plots.attributes.columns) {
        if (std::find(standard.begin(), standard.end(), column.name) == standard.end()) {
            names.insert(column.name);
            names.insert("src_" + column.name);
        }
    }
    return names;
}

Json columns_json(const Result& result) {
    const std::set<std::string> source = source_columns(result);
    Json columns = Json::array();
    for (const Column& column : result.table.columns) {
        if (is_decided(column.name)) {
            continue;
        }
        columns.push_back({
            {"name", column.name},
            {"label", is_english(result) || column.alias.empty() ? column.name : column.alias},
            {"unit", column.unit},
            {"number", column.type() != ColumnType::text},
            {"whole", column.type() == ColumnType::integer},
            {"source", source.contains(column.name)},
        });
    }
    return columns;
}

/// Digits that a reader can use: 0.01 m², 1 m² of a hectare's part, centimetres, hundredths of a degree.
double steps_per_unit(const std::string& unit) {
    static const std::map<std::string, double, std::less<>> known{
        {"m2", 1e2}, {"ha", 1e6}, {"m", 1e2}, {"deg", 1e2}, {"m3", 1e1}, {"yuan", 1.0}};
    const auto found = known.find(unit);
    return found != known.end() ? found->second : micro;
}

Json cell_json(const Column& column, std::size_t row) {
    if (column.type() == ColumnType::integer) {
        return or_null(column.integer(row));
    }
    if (column.type() == ColumnType::text) {
        return or_null(column.text(row));
    }
    const auto value = column.number(row);
    return value ? Json(rounded(*value, steps_per_unit(column.unit))) : Json(nullptr);
}

/// What people call a layer.
std::string layer_label(const Result& result, const std::string& key) {
    for (const auto& [known, alias] : result.layer_aliases) {
        if (known == key && !is_english(result) && !alias.empty()) {
            return alias;
        }
    }
    return key;
}

Json layers_json(const Result& result, const MapShapes& shapes) {
    Json layers = Json::array();
    for (const MapLayer& layer : shapes.layers) {
        Json features = Json::array();
        for (const MapFeature& feature : layer.features) {
            features.push_back(shape_json(feature));
        }
        layers.push_back({
            {"key", layer.key},
            {"label", layer_label(result, layer.key)},
            {"colour", layer_colour(palette(), layer.key)},
            {"features", std::move(features)},
        });
    }
    return layers;
}

/// Rules by kind, as the page's cards name them.
Json rules_json(const Rules& rules) {
    Json all = Json::array();
    const auto add = [&all](const char* kind, const auto& rule) {
        all.push_back(
            {{"id", rule.id},
             {"kind", kind},
             {"name", rule.name.empty() ? rule.id : rule.name},
             {"basis", rule.basis}}
        );
    };
    for (const Gate& rule : rules.gates) {
        add("gate", rule);
    }
    for (const Tier& rule : rules.tiers) {
        add("tier", rule);
    }
    for (const PointRule& rule : rules.points) {
        add("points", rule);
    }
    return all;
}

/// The profile of 三区两线 and its rules, as the page's cards name them; null without one.
Json profile_json(const Result& result) {
    if (!result.project.profile) {
        return nullptr;
    }
    const ZoneProfile& profile = *result.project.profile;
    Json rules = Json::array();
    for (const ZoneRule& rule : profile.rules) {
        rules.push_back(
            {{"id", rule.id},
             {"name", chosen(result, zone_rule_name(rule.name, rule.mark))},
             {"basis", rule.basis}}
        );
    }
    return {{"id", profile.id}, {"name", profile.name}, {"rules", std::move(rules)}};
}

/// Of each row what is not "no": [rule, verdict, share, what was found].
std::vector<Json> zones_json(const Result& result) {
    std::vector<Json> zones(result.plots.size(), Json::array());
    for (const ZoneHit& hit : result.zones.hits) {
        if (hit.verdict == Verdict::no) {
            continue;
        }
        zones.at(hit.row).push_back(
            {hit.rule,
             name_of(hit.verdict),
             hit.share ? Json(rounded(*hit.share, micro)) : Json(nullptr),
             chosen(result, hit.reason)}
        );
    }
    return zones;
}

/// What the plan says about each row.
struct Decided {
    std::vector<Json> parts; ///< [period, per cent, 0.01 m², yuan]
    std::vector<Json> moves; ///< [period or null, cost or null, what it breaks]
};

Decided decided(const Result& result) {
    const std::size_t rows = result.plots.size();
    Decided all{std::vector<Json>(rows, Json::array()), std::vector<Json>(rows, Json::array())};
    if (!result.plan) {
        return all;
    }
    for (const Assignment& part : result.plan->assignments) {
        all.parts.at(part.row).push_back(
            {part.period, part.share_pct, part.area_dm2, part.cost_yuan}
        );
    }
    for (const Alternative& move : result.plan->alternatives) {
        const auto cost = move.cost_of_moving;
        all.moves.at(move.row).push_back(
            {or_null(move.period),
             cost ? Json(rounded(*cost, micro)) : Json(nullptr),
             chosen(result, move.breaks)}
        );
    }
    return all;
}

std::vector<Json> points_json(const Result& result) {
    std::vector<Json> points(result.plots.size(), Json::array());
    for (const Contribution& part : result.ranking.contributions) {
        points.at(part.row).push_back(
            {part.rule_id, part.value, static_cast<double>(part.micro_points) / micro}
        );
    }
    return points;
}

/// [use, verdict, reason] of each row; nothing where the project screens for none.
std::vector<Json> uses_json(const Result& result) {
    std::vector<Json> uses(result.plots.size(), Json::array());
    for (const ReuseVerdict& verdict : result.reuse.verdicts) {
        const ReuseOption& option = result.project.reuse.at(verdict.option);
        uses.at(verdict.row)
            .push_back(
                {option.name.empty() ? option.id : option.name,
                 name_of(verdict.answer),
                 chosen(result, verdict.reason)}
            );
    }
    return uses;
}

template <class Value>
Value at_or(const std::vector<Value>& values, std::size_t row, Value otherwise) {
    return row < values.size() ? values[row] : otherwise;
}

Json tier_json(const Result& result, std::size_t row) {
    const auto tier = at_or(result.ranking.tier, row, std::optional<int>{});
    if (!tier || *tier < 1 ||
        static_cast<std::size_t>(*tier) > result.project.rules.tiers.size()) {
        return nullptr;
    }
    const Tier& rule = result.project.rules.tiers[static_cast<std::size_t>(*tier) - 1];
    return rule.name.empty() ? rule.id : rule.name;
}

/// Where an issue says a plot without a shape lies, as [lat, lon].
std::map<std::string, Json> places(const Result& result) {
    std::map<std::string, Json> found;
    for (const Issue& issue : result.issues) {
        if (issue.at && !issue.plot_id.empty()) {
            found.emplace(
                issue.plot_id,
                Json{rounded(issue.at->lat_deg, micro), rounded(issue.at->lon_deg, micro)}
            );
        }
    }
    return found;
}

Json cells_json(const Table& table, std::size_t row) {
    Json cells = Json::array();
    for (const Column& column : table.columns) {
        if (!is_decided(column.name)) {
            cells.push_back(cell_json(column, row));
        }
    }
    return cells;
}

Json plots_json(const Result& result, const MapShapes& shapes) {
    const Decided plan = decided(result);
    const std::vector<Json> points = points_json(result);
    const std::vector<Json> zones = zones_json(result);
    const std::vector<Json> uses = uses_json(result);
    const Table with_plan = plan_plots_table(result);
    const Column& status = with_plan.at("status");
    const auto place_of = places(result);
    Json plots = Json::array();
    for (std::size_t row = 0; row < result.plots.size(); ++row) {
        const auto score =
            at_or(result.ranking.score_micro, row, std::optional<std::int64_t>{});
        const auto place = place_of.find(result.plots.ids[row]);
        plots.push_back({
            {"id", result.plots.ids[row]},
            {"status", status.text(row).value_or("")},
            {"state", name_of(at_or(result.plots.states, row, PlotState::ok))},
            {"rank", or_null(at_or(result.ranking.rank, row, std::optional<int>{}))},
            {"tier", tier_json(result, row)},
            {"score", score ? Json(static_cast<double>(*score) / micro) : Json(nullptr)},
            {"gate", at_or(result.ranking.failed_gate, row, std::string{})},
            {"why_rank", chosen(result, at_or(result.ranking.reasons, row, Text{}))},
            {"why_period",
             result.plan ? chosen(result, at_or(result.plan->reasons, row, Text{})) : ""},
            {"parts", plan.parts[row]},
            {"moves", plan.moves[row]},
            {"points", points[row]},
            {"zones", zones[row]},
            {"uses", uses[row]},
            {"cells", cells_json(result.table, row)},
            {"shape",
             row < shapes.plots.size() ? shape_json(shapes.plots[row]) : Json::array()},
            {"far", at_or(shapes.far, row, std::uint8_t{0}) != 0},
            {"at", place == place_of.end() ? Json(nullptr) : place->second},
        });
    }
    return plots;
}

/// What is planned per period, and the digits printed, which add up to the printed total.
Json periods_json(const Result& result, const PrintedUnit& unit) {
    const Plan& plan = *result.plan;
    const auto figures = period_figures(result, unit);
    const std::vector<PlanTotals> totals = period_totals(plan);
    std::vector<std::int64_t> area_dm2;
    std::vector<std::int64_t> cost_yuan;
    for (const PlanTotals& period : totals) {
        area_dm2.push_back(period.area_dm2);
        cost_yuan.push_back(period.cost_yuan);
    }
    const auto cost = adding_up(cost_yuan, 1, 100); // digits of 0.01 万元
    const auto colours = period_colours(palette(), plan.periods.size());
    Json periods = Json::array();
    for (std::size_t i = 0; i < plan.periods.size(); ++i) {
        periods.push_back({
            {"name", plan.periods[i].name},
            {"years", plan.periods[i].years},
            {"colour", colours[i]},
            {"plots", totals[i].plots},
            {"area_dm2", area_dm2[i]},
            {"cost_yuan", cost_yuan[i]},
            {"area_digits", figures[i].area},
            {"cost_digits", cost[i]},
        });
    }
    return periods;
}

Json constraints_json(const Plan& plan) {
    Json constraints = Json::array();
    for (const ConstraintResult& found : plan.constraints) {
        constraints.push_back({
            {"id", found.id},
            {"name", found.name.empty() ? found.id : found.name},
            {"from", or_null(found.from_period)},
            {"to", or_null(found.to_period)},
            {"quantity", found.quantity},
            {"filter", found.filter},
            {"relation", name_of(found.relation)},
            {"required", rounded(found.required, micro)},
            {"tolerance", rounded(found.tolerance, micro)},
            {"achieved", rounded(found.achieved, micro)},
            {"slack", rounded(found.slack, micro)},
            {"price", found.price ? Json(rounded(*found.price, micro)) : Json(nullptr)},
            {"soft", found.soft},
        });
    }
    return constraints;
}

Json plan_json(const Result& result, const PrintedUnit& unit) {
    if (!result.plan) {
        return nullptr;
    }
    const Plan& plan = *result.plan;
    Json conflicts = Json::array();
    for (const Conflict& conflict : plan.conflicts) {
        conflicts.push_back(chosen(result, conflict.message));
    }
    Json stages = Json::array();
    for (const Stage& stage : plan.stages) {
        stages.push_back(
            {{"name", stage.name},
             {"objective", rounded(stage.objective, micro)},
             {"bound", rounded(stage.bound, micro)},
             {"gap_pct", rounded(stage.gap * 100, micro)}}
        );
    }
    return {
        {"status", name_of(plan.status)},
        {"objective", rounded(plan.objective, micro)},
        {"gap_pct", rounded(plan.gap * 100, micro)},
        {"periods", periods_json(result, unit)},
        {"constraints", constraints_json(plan)},
        {"conflicts", std::move(conflicts)},
        {"stages", std::move(stages)},
        {"solver", plan.solver},
    };
}

Json issues_json(const Result& result) {
    Json issues = Json::array();
    for (const Issue& issue : result.issues) {
        issues.push_back({
            {"severity", name_of(issue.severity)},
            {"code", issue.code},
            {"file", issue.file},
            {"layer", issue.layer},
            {"row", or_null(issue.row)},
            {"plot", issue.plot_id},
            {"field", issue.field},
            {"message", chosen(result, issue.message)},
        });
    }
    return issues;
}

Json inputs_json(const Result& result) {
    Json inputs = Json::array();
    for (const InputFile& input : result.inputs) {
        inputs.push_back({
            {"role", input.role},
            {"file", input.file},
            {"layer", input.layer},
            {"rows", input.rows},
            {"crs", input.crs},
            {"encoding", input.encoding},
            {"sha256", input.sha256},
        });
    }
    return inputs;
}

Json colours_json() {
    const Palette& colours = palette();
    return {
        {"not_scheduled", colours.not_scheduled},
        {"not_eligible", colours.not_eligible},
        {"alert", colours.alert},
        {"ramp", colours.ramp},
        {"outline", colours.outline},
        {"railway_gap", colours.railway_gap},
        {"reserve_opacity", colours.reserve_opacity_pct / 100.0},
    };
}

/// What the areas of the page are: caliber, zone of the plane, rounding.
Json area_notes(const Result& result, const PrintedUnit& unit) {
    Json notes = Json::array({in_language(result, result.area_caliber)});
    if (!result.plane_crs.empty()) {
        notes.push_back(in_language(
            result, text("plane_area_m2：{}", "plane_area_m2: {}", result.plane_crs)
        ));
    }
    if (result.plan) {
        notes.push_back(in_language(result, rounding_words(result, unit)));
        notes.push_back(in_language(
            result,
            {"图斑表中每个图斑的面积各自四舍五入，不凑合计",
             "areas in the table of plots are each rounded on their own"}
        ));
    }
    return notes;
}

} // namespace

Json page_data(const Result& result) {
    const MapShapes shapes = map_shapes(result);
    const PrintedUnit unit = printed_unit(result.project.report.unit);
    return {
        {"lang", is_english(result) ? "en" : "zh"},
        {"county", result.project.report.county},
        {"area_unit",
         {{"word", unit_key(unit)},
          {"numerator", unit.numerator},
          {"denominator", unit.denominator},
          {"decimals", unit.digits}}},
        {"area_notes", area_notes(result, unit)},
        {"colours", colours_json()},
        {"columns", columns_json(result)},
        {"plots", plots_json(result, shapes)},
        {"layers", layers_json(result, shapes)},
        {"tolerance_m", shapes.tolerance_m},
        {"rules", rules_json(result.project.rules)},
        {"profile", profile_json(result)},
        {"plan", plan_json(result, unit)},
        {"issues", issues_json(result)},
        {"inputs", inputs_json(result)},
        {"tuban", version()},
        {"project_sha256", result.project.sha256},
        {"seed", result.seed},
    };
}

} // namespace tuban
