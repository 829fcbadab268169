#include "core/format.hpp"
#include "core/int128.hpp"
#include "ranking/judging.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

namespace tuban {
namespace {

using judging::Judgement;

constexpr std::int64_t micro = 1'000'000;
// Scores stay whole in a double (2^53 micro-points), so that score / 1e6 keeps their order in every table.
constexpr std::int64_t max_score_micro = std::int64_t{1} << 53;

[[noreturn]] void
refuse(const std::string& rule_id, const Text& what, const Where& where = {}) {
    throw Error(
        ErrorCode::invalid_project,
        {format("规则 {}：{}", rule_id, what.zh), format("rule {}: {}", rule_id, what.en)},
        where
    );
}

std::int64_t micro_points(const std::string& rule_id, const Decimal& points) {
    const auto scaled = points.scaled(6);
    if (!scaled || std::abs(*scaled) > max_score_micro) {
        refuse(
            rule_id,
            text(
                "分值 {} 应有至多 6 位小数，且绝对值不大于 90 亿",
                "{} points: must have at most 6 decimals and be at most 9e9",
                points.text()
            )
        );
    }
    return *scaled;
}

/// A point rule over all rows.
struct Scored {
    const PointRule* rule = nullptr;
    std::vector<std::optional<std::int64_t>> micro_points; ///< (n) none: its data are missing
    std::vector<const Column*> looked_at;
    std::int64_t least_micro = 0;    ///< <= 0: missing data give 0
    std::int64_t greatest_micro = 0; ///< >= 0
};

struct CurvePoint {
    double x = 0.0;
    std::int64_t micro_points = 0;
};

std::vector<CurvePoint> curve_of(const PointRule& rule) {
    std::vector<CurvePoint> curve;
    for (const auto& [x, points] : rule.curve) {
        const bool rises = std::isfinite(x) && (curve.empty() || curve.back().x < x);
        if (!rises) {
            refuse(
                rule.id,
                text("曲线的横坐标 {} 没有递增", "x = {} of the curve does not increase", x),
                rule.of->where
            );
        }
        curve.push_back({x, micro_points(rule.id, points)});
    }
    if (curve.empty()) {
        refuse(rule.id, text("曲线没有点", "the curve has no points"), rule.of->where);
    }
    return curve;
}

/// Straight between points, flat beyond both ends, half-up to 1e-6 points.
std::int64_t on_curve(const std::vector<CurvePoint>& curve, double x) {
    const auto right = std::find_if(curve.begin(), curve.end(), [&](const CurvePoint& point) {
        return x < point.x;
    });
    if (right == curve.begin()) {
        return curve.front().micro_points;
    }
    const CurvePoint& left = *std::prev(right);
    if (right == curve.end() || x == left.x) {
        return left.micro_points;
    }
    const auto rise = static_cast<double>(right->micro_points - left.micro_points);
    const double along = rise * ((x - left.x) / (right->x - left.x));
    return left.micro_points + static_cast<std::int64_t>(std::floor(along + 0.5));
}

Scored by_condition(Conditions& conditions, const Table& table, const PointRule& rule) {
    Judgement judged = judging::judge(conditions, table, *rule.when);
    const std::int64_t points = micro_points(rule.id, rule.points);
    Scored scored{&rule, {}, std::move(judged.looked_at), 0, 0};
    for (const auto& truth : judged.truth) {
        scored.micro_points.push_back(
            truth ? std::optional<std::int64_t>(*truth ? points : 0) : std::nullopt
        );
    }
    scored.least_micro = std::min<std::int64_t>(points, 0);
    scored.greatest_micro = std::max<std::int64_t>(points, 0);
    return scored;
}

Scored by_curve(Conditions& conditions, const Table& table, const PointRule& rule) {
    const std::vector<CurvePoint> curve = curve_of(rule);
    Scored scored{&rule, {}, {}, 0, 0};
    scored.looked_at = judging::columns_of(table, conditions.columns_read(*rule.of));
    for (const auto& value : conditions.number(*rule.of)) {
        scored.micro_points.push_back(
            value ? std::optional<std::int64_t>(on_curve(curve, *value)) : std::nullopt
        );
    }
    for (const CurvePoint& point : curve) {
        scored.least_micro = std::min(scored.least_micro, point.micro_points);
        scored.greatest_micro = std::max(scored.greatest_micro, point.micro_points);
    }
    return scored;
}

Scored score_rule(Conditions& conditions, const Table& table, const PointRule& rule) {
    if (rule.when.has_value() == rule.of.has_value()) {
        refuse(
            rule.id,
            text("需要 when 或 of 之一", "needs either when or of"),
            rule.when ? rule.when->where : Where{}
        );
    }
    return rule.when ? by_condition(conditions, table, rule)
                     : by_curve(conditions, table, rule);
}

/// What one tier counts more than the next: one point more than the points of two plots can differ by.
std::int64_t tier_step_micro(const std::vector<Scored>& points, std::size_t tiers) {
    Int128 spread = 0;
    Int128 greatest = 0;
    for (const Scored& scored : points) {
        spread += Int128{scored.greatest_micro} - scored.least_micro;
        greatest += std::max(scored.greatest_micro, -scored.least_micro);
    }
    const Int128 step = spread + micro;
    if (greatest + step * static_cast<std::int64_t>(tiers) > max_score_micro) {
        throw Error(
            ErrorCode::invalid_project,
            text(
                "级别与分值太大：最高分超过 90 亿，请缩小分值",
                "tiers and points are too large: the greatest score is above 9e9; use smaller "
                "points"
            )
        );
    }
    return static_cast<std::int64_t>(step);
}

/// All rules over all rows: what ranking one plot needs.
struct Judged {
    const Table* table = nullptr;
    const Rules* rules = nullptr;
    std::vector<Judgement> tiers;
    std::vector<Scored> points;
    std::int64_t step_micro = 0;
};

Judged judge_all(const Table& table, const Rules& rules) {
    Conditions conditions(table);
    Judged judged{&table, &rules, {}, {}, 0};
    for (const Tier& tier : rules.tiers) {
        judged.tiers.push_back(judging::judge(conditions, table, tier.when));
    }
    for (const PointRule& rule : rules.points) {
        judged.points.push_back(score_rule(conditions, table, rule));
    }
    judged.step_micro = tier_step_micro(judged.points, rules.tiers.size());
    return judged;
}

void place_in_tier(const Judged& judged, std::size_t row, Ranking& ranking) {
    const std::size_t tiers = judged.tiers.size();
    for (std::size_t i = 0; i < tiers; ++i) {
        const Tier& tier = judged.rules->tiers[i];
        const auto truth = judged.tiers[i].truth[row];
        const std::string values = judging::values_text(judged.tiers[i].looked_at, row);
        const bool open = !ranking.tier[row].has_value();
        const bool taken = open && truth.value_or(false);
        const std::int64_t counts =
            taken ? static_cast<std::int64_t>(tiers - i) * judged.step_micro : 0;
        if (taken) {
            ranking.tier[row] = static_cast<int>(i) + 1;
        }
        if (open && !truth) {
            const std::string& name = judging::shown(tier.name, tier.id);
            ranking.issues.push_back(judging::issue_at(
                *judged.table,
                row,
                judging::null_condition(Severity::note, tier.id, name, values)
            ));
        }
        ranking.contributions.push_back({row, tier.id, values, counts});
        *ranking.score_micro[row] += counts;
    }
}

judging::RuleIssue missing(const Scored& scored, const std::string& values) {
    const PointRule& rule = *scored.rule;
    const std::string& name = judging::shown(rule.name, rule.id);
    if (rule.when) {
        return judging::null_condition(Severity::note, rule.id, name, values);
    }
    return {
        Severity::note,
        "missing_value",
        rule.id,
        text(
            "规则“{}”缺少数值（{}），得 0 分；请补全数据",
            "rule {}: no value ({}), so 0 points: complete the data",
            name,
            values
        )};
}

void add_points(const Judged& judged, std::size_t row, Ranking& ranking) {
    for (const Scored& scored : judged.points) {
        const std::string values = judging::values_text(scored.looked_at, row);
        const std::int64_t points = scored.micro_points[row].value_or(0);
        ranking.contributions.push_back({row, scored.rule->id, values, points});
        *ranking.score_micro[row] += points;
        if (!scored.micro_points[row]) {
            ranking.issues.push_back(
                judging::issue_at(*judged.table, row, missing(scored, values))
            );
        }
    }
}

void put_in_order(const Table& table, Ranking& ranking) {
    const Column& ids = table.at("plot_id");
    std::vector<std::string> keys(table.rows);
    for (std::size_t row = 0; row < table.rows; ++row) {
        keys[row] = ids.text(row).value_or("");
        if (ranking.eligible[row] != 0) {
            ranking.order.push_back(row);
        }
    }
    std::sort(ranking.order.begin(), ranking.order.end(), [&](std::size_t a, std::size_t b) {
        return std::tie(*ranking.score_micro[b], keys[a]) <
               std::tie(*ranking.score_micro[a], keys[b]);
    });
    for (std::size_t place = 0; place < ranking.order.size(); ++place) {
        ranking.rank[ranking.order[place]] = static_cast<int>(place) + 1;
    }
}

/// "+40", "-2.5".
std::string signed_points(std::int64_t micro_points) {
    std::string digits = format("{:+.6f}", static_cast<double>(micro_points) / 1e6);
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') {
        digits.pop_back();
    }
    return digits;
}

struct Part {
    std::string name;
    std::string points; ///< "" for a tier
    std::string values;
};

/// What put a plot where it is: its tier, then the rules that gave or took points.
std::vector<Part> parts_of(const Judged& judged, std::size_t row, const Ranking& ranking) {
    std::vector<Part> parts;
    if (const auto tier = ranking.tier[row]) {
        const auto index = static_cast<std::size_t>(*tier - 1);
        const Tier& rule = judged.rules->tiers[index];
        parts.push_back(
            {judging::shown(rule.name, rule.id),
             "",
             judging::values_text(judged.tiers[index].looked_at, row)}
        );
    }
    for (const Scored& scored : judged.points) {
        const std::int64_t points = scored.micro_points[row].value_or(0);
        if (points != 0) {
            parts.push_back(
                {judging::shown(scored.rule->name, scored.rule->id),
                 " " + signed_points(points),
                 judging::values_text(scored.looked_at, row)}
            );
        }
    }
    return parts;
}

Text reason_of(const Judged& judged, std::size_t row, const Ranking& ranking) {
    Text reason =
        text("第 {} 名（共 {}）", "rank {} of {}", *ranking.rank[row], ranking.order.size());
    const auto parts = parts_of(judged, row, ranking);
    const char* zh_sign = "：";
    const char* en_sign = ": ";
    if (!judged.tiers.empty() && !ranking.tier[row]) {
        reason.zh += "：不属于任何级别";
        reason.en += ": in no tier";
        zh_sign = "；";
        en_sign = "; ";
    }
    for (const Part& part : parts) {
        reason.zh += zh_sign + part.name + part.points;
        reason.en += en_sign + part.name + part.points;
        if (!part.values.empty()) {
            reason.zh += format("（{}）", part.values);
            reason.en += format(" ({})", part.values);
        }
        zh_sign = "；";
        en_sign = "; ";
    }
    if (parts.empty()) {
        reason.zh += format("{}各项规则均未得分，同分按图斑编号", zh_sign);
        reason.en += format("{}no rule gave points; equals are ordered by plot id", en_sign);
    }
    return reason;
}

} // namespace

Ranking rank(const Table& table, const Rules& rules, const Ranking& judged_gates) {
    if (judged_gates.eligible.size() != table.rows) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "表有 {} 行，门槛判断有 {} 行",
                "the table has {} rows, but gates were judged for {}",
                table.rows,
                judged_gates.eligible.size()
            )
        );
    }
    const Judged judged = judge_all(table, rules);
    Ranking ranking = judged_gates;
    ranking.tier.assign(table.rows, std::nullopt);
    ranking.score_micro.assign(table.rows, std::nullopt);
    ranking.rank.assign(table.rows, std::nullopt);
    ranking.order.clear();
    ranking.contributions.clear();
    for (std::size_t row = 0; row < table.rows; ++row) {
        if (ranking.eligible[row] == 0) {
            continue;
        }
        ranking.score_micro[row] = 0;
        place_in_tier(judged, row, ranking);
        add_points(judged, row, ranking);
    }
    put_in_order(table, ranking);
    for (const std::size_t row : ranking.order) {
        ranking.reasons[row] = reason_of(judged, row, ranking);
    }
    return ranking;
}

void put_ranking(Table& table, const Ranking& ranking, const Rules& rules) {
    std::vector<std::optional<std::int64_t>> tiers;
    std::vector<std::optional<std::string>> tier_names;
    std::vector<std::optional<double>> scores;
    std::vector<std::optional<std::int64_t>> ranks;
    for (std::size_t row = 0; row < table.rows; ++row) {
        const auto tier = ranking.tier[row];
        const auto score = ranking.score_micro[row];
        tiers.push_back(tier ? std::optional<std::int64_t>(*tier) : std::nullopt);
        tier_names.emplace_back(std::nullopt);
        if (tier) {
            const Tier& rule = rules.tiers.at(static_cast<std::size_t>(*tier - 1));
            tier_names.back() = judging::shown(rule.name, rule.id);
        }
        scores.push_back(
            score ? std::optional<double>(static_cast<double>(*score) / 1e6) : std::nullopt
        );
        const auto place = ranking.rank[row];
        ranks.push_back(place ? std::optional<std::int64_t>(*place) : std::nullopt);
    }
    table.put(integer_column("tier", "级别", "", tiers));
    table.put(text_column("tier_name", "级别名称", tier_names));
    table.put(real_column("score", "得分", "points", scores));
    table.put(integer_column("rank", "位次", "", ranks));
}

} // namespace tuban
