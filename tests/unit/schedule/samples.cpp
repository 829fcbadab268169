#include "samples.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace tuban;

namespace samples {

Table table_of(const std::vector<Plot>& plots) {
    std::vector<std::optional<std::string>> ids;
    std::vector<std::optional<std::string>> clusters;
    std::vector<std::optional<double>> areas;
    std::vector<std::optional<double>> hectares;
    std::vector<std::optional<double>> scores;
    std::vector<std::optional<std::int64_t>> costs;
    for (const Plot& plot : plots) {
        ids.emplace_back(plot.id);
        clusters.push_back(
            plot.cluster.empty() ? std::optional<std::string>() : std::optional(plot.cluster)
        );
        areas.emplace_back(plot.area_m2);
        hectares.emplace_back(plot.area_m2 / 1e4);
        scores.emplace_back(plot.score);
        costs.emplace_back(plot.cost_yuan);
    }
    Table table;
    table.rows = plots.size();
    table.put(text_column("plot_id", "图斑编号", ids));
    table.put(text_column("mine_id", "矿山", clusters));
    table.put(text_column("cluster_id", "片区", clusters));
    table.put(real_column("area_m2", "面积", "m2", areas));
    table.put(real_column("area_ha", "公顷", "ha", hectares));
    table.put(integer_column("cost_yuan", "资金", "yuan", costs));
    table.put(real_column("score", "得分", "", scores));
    return table;
}

Ranking ranking_of(const Table& table) {
    Ranking ranking;
    ranking.eligible.assign(table.rows, 1);
    ranking.failed_gate.resize(table.rows);
    ranking.tier.resize(table.rows);
    ranking.rank.resize(table.rows);
    ranking.reasons.resize(table.rows);
    ranking.order.resize(table.rows);
    std::iota(ranking.order.begin(), ranking.order.end(), std::size_t{0});
    const auto key = [&](std::size_t row) {
        return std::pair(-*table.at("score").number(row), *table.at("plot_id").text(row));
    };
    std::sort(ranking.order.begin(), ranking.order.end(), [&](std::size_t a, std::size_t b) {
        return key(a) < key(b);
    });
    for (std::size_t i = 0; i < table.rows; ++i) {
        ranking.rank[ranking.order[i]] = static_cast<int>(i) + 1;
        ranking.score_micro.emplace_back(std::llround(*table.at("score").number(i) * 1e6));
    }
    return ranking;
}

Decimal decimal(const std::string& text) {
    return Decimal::parse(text).value();
}

Requirement named(RequirementKind kind, const std::string& id) {
    Requirement requirement;
    requirement.kind = kind;
    requirement.id = id;
    requirement.name = id;
    return requirement;
}

Requirement
sum(const std::string& id,
    const std::string& column,
    Relation relation,
    const std::string& value) {
    Requirement requirement = named(RequirementKind::sum, id);
    requirement.quantity = column;
    requirement.limits = {{relation, decimal(value)}};
    return requirement;
}

Requirement count(const std::string& id, Relation relation, const std::string& value) {
    Requirement requirement = sum(id, "plots", relation, value);
    requirement.kind = RequirementKind::count;
    return requirement;
}

Condition where(const std::string& text) {
    return {text, {}};
}

Preference prefer(PreferenceKind kind, const std::string& of) {
    Preference preference;
    preference.kind = kind;
    preference.of = of;
    return preference;
}

std::vector<std::vector<int>> shares_of(const Plan& plan, std::size_t rows) {
    std::vector<std::vector<int>> shares(rows, std::vector<int>(plan.periods.size(), 0));
    for (const Assignment& part : plan.assignments) {
        shares[part.row][part.period] = part.share_pct;
    }
    return shares;
}

ScheduleRules toli_rules() {
    ScheduleRules rules;
    rules.periods = {{"2023", {2023}}, {"2024", {2024}}, {"2025", {2025}}};
    rules.require.push_back(sum("target", "area_ha", Relation::at_least, "195.45"));
    const char* money[] = {"1700", "1460", "1520"};
    for (std::size_t t = 0; t < 3; ++t) {
        const std::string year = rules.periods[t].name;
        rules.require.push_back(
            sum("money-" + year, "cost_wan_yuan", Relation::at_most, money[t])
        );
        rules.require.back().in = year;
    }
    Requirement survey = named(RequirementKind::not_before, "survey");
    survey.period = "2025";
    survey.filter = where("area_ha > 15");
    rules.require.push_back(survey);
    rules.prefer = {
        prefer(PreferenceKind::earliest, "score"),
        prefer(PreferenceKind::together, "cluster_id"),
        prefer(PreferenceKind::least, "cost_yuan")};
    return rules;
}

ScheduleRules youhao_rules() {
    ScheduleRules rules;
    rules.periods = {{"2022—2023年", {2022, 2023}}, {"2024—2025年", {2024, 2025}}};
    rules.split = Split{1, 10};
    const char* hectares[] = {"5.70", "18.85"};
    for (std::size_t t = 0; t < 2; ++t) {
        rules.require.push_back(
            sum("area-" + std::to_string(t), "area_ha", Relation::equal, hectares[t])
        );
        rules.require.back().in = rules.periods[t].name;
        rules.require.back().within = decimal("0.005");
    }
    Requirement finish = named(RequirementKind::complete_by, "finish");
    finish.period = rules.periods[1].name;
    rules.require.push_back(finish);
    rules.prefer = {
        prefer(PreferenceKind::earliest, "score"), prefer(PreferenceKind::fewest_splits)};
    rules.prefer[0].give_up_pct = decimal("0.5");
    return rules;
}

} // namespace samples
