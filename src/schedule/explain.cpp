#include "schedule/explain.hpp"

#include "core/format.hpp"
#include "schedule/words.hpp"

#include <algorithm>

namespace tuban::planning {
namespace {

constexpr std::size_t most_named = 2; // requirements named per period in a reason

/// What moving one unit wholly into a period (or out of the plan) would do.
struct Effect {
    struct Break {
        std::size_t demand = 0;
        Int128 amount = 0; ///< more than the plan breaks it already
    };

    std::vector<Break> breaks;
    Int128 loss = 0; ///< of the first goal
};

class Moves {
public:
    Moves(const Problem& problem, const Shares& shares);

    [[nodiscard]] Effect effect(std::size_t unit, std::optional<std::size_t> period) const;
    /// The first goal that gets worse by a move, if any.
    [[nodiscard]] const Goal* worse(std::size_t unit, std::optional<std::size_t> period) const;
    [[nodiscard]] int planned_pct(std::size_t unit) const;

private:
    [[nodiscard]] Shares moved(std::size_t unit, std::optional<std::size_t> period) const;
    [[nodiscard]] Int128
    left_after(const Demand& demand, Int128 left, std::size_t unit, const Shares& after) const;

    const Problem& problem_;
    const Shares& shares_;
    std::vector<Int128> left_;
    std::vector<Int128> values_;
};

Moves::Moves(const Problem& problem, const Shares& shares)
    : problem_(problem), shares_(shares) {
    for (const Demand& demand : problem.demands) {
        left_.push_back(left_side(problem, demand, shares));
    }
    for (const Goal& goal : problem.goals) {
        values_.push_back(goal_value(problem, goal, shares));
    }
}

int Moves::planned_pct(std::size_t unit) const {
    int sum = 0;
    for (std::size_t t = 0; t < problem_.periods; ++t) {
        sum += shares_[problem_.at(unit, t)];
    }
    return sum;
}

Shares Moves::moved(std::size_t unit, std::optional<std::size_t> period) const {
    Shares after = shares_;
    const int planned = planned_pct(unit);
    for (std::size_t t = 0; t < problem_.periods; ++t) {
        after[problem_.at(unit, t)] = 0;
    }
    if (period) {
        after[problem_.at(unit, *period)] = planned > 0 ? planned : 100;
    }
    return after;
}

Int128 Moves::left_after(
    const Demand& demand, Int128 left, std::size_t unit, const Shares& after
) const {
    if (demand.shape == Demand::Shape::groups) {
        return left_side(problem_, demand, after);
    }
    bool before_works = false;
    bool after_works = false;
    for (std::size_t t = demand.from; t <= demand.to; ++t) {
        const std::size_t i = problem_.at(unit, t);
        before_works = before_works || shares_[i] > 0;
        after_works = after_works || after[i] > 0;
        if (demand.shape == Demand::Shape::sum) {
            left += static_cast<Int128>(demand.coefficients[i]) * (after[i] - shares_[i]);
        }
    }
    if (demand.shape == Demand::Shape::count) {
        const int change = static_cast<int>(after_works) - static_cast<int>(before_works);
        left += static_cast<Int128>(demand.coefficients[unit]) * change * 100;
    }
    return left;
}

Effect Moves::effect(std::size_t unit, std::optional<std::size_t> period) const {
    const Shares after = moved(unit, period);
    Effect result;
    for (std::size_t d = 0; d < problem_.demands.size(); ++d) {
        const Demand& demand = problem_.demands[d];
        if (demand.soft) {
            continue;
        }
        const Int128 now = shortfall(demand, left_[d]);
        const Int128 then = shortfall(demand, left_after(demand, left_[d], unit, after));
        if (then > now) {
            result.breaks.push_back({d, then - now});
        }
    }
    if (!problem_.goals.empty()) {
        const Goal& first = problem_.goals.front();
        const Int128 change = goal_value(problem_, first, after) - values_.front();
        result.loss = first.maximise ? -change : change;
    }
    return result;
}

const Goal* Moves::worse(std::size_t unit, std::optional<std::size_t> period) const {
    const Shares after = moved(unit, period);
    for (std::size_t g = 0; g < problem_.goals.size(); ++g) {
        const Goal& goal = problem_.goals[g];
        const Int128 change = goal_value(problem_, goal, after) - values_[g];
        if (change != 0) {
            return (change > 0) == goal.maximise ? nullptr : &goal;
        }
    }
    return nullptr;
}

Text break_text(const Demand& demand, Int128 amount) {
    const Text by = amount_text(demand, amount);
    switch (demand.shape == Demand::Shape::groups ? Relation::at_most : demand.relation) {
    case Relation::at_least:
        return {
            format("“{}”将差 {}", demand.name, by.zh),
            format("\"{}\" would lack {}", demand.name, by.en)};
    case Relation::at_most:
        return {
            format("“{}”将超出 {}", demand.name, by.zh),
            format("\"{}\" would be exceeded by {}", demand.name, by.en)};
    case Relation::equal:
        return {
            format("“{}”将偏出 {}", demand.name, by.zh),
            format("\"{}\" would be missed by {}", demand.name, by.en)};
    }
    return {};
}

/// "2023：“资金”将超出 12 万元"
Text obstacle(
    const Problem& problem,
    const Moves& moves,
    std::size_t unit,
    std::size_t period,
    const Plan& plan
) {
    const Effect effect = moves.effect(unit, period);
    std::vector<Text> parts;
    for (const Effect::Break& one : effect.breaks) {
        if (parts.size() < most_named) {
            parts.push_back(break_text(problem.demands[one.demand], one.amount));
        }
    }
    if (parts.empty()) {
        if (const Goal* goal = moves.worse(unit, period)) {
            parts.push_back(
                {format("与偏好“{}”相违", goal->title.zh),
                 format("against the preference \"{}\"", goal->title.en)}
            );
        } else {
            parts.push_back(
                {"须与其他图斑同时调整才有益，或结果相当",
                 "no better, unless other plots move as well"}
            );
        }
    }
    const Text all = joined(parts);
    const std::string& name = plan.periods[period].name;
    return {format("{}：{}", name, all.zh), format("{}: {}", name, all.en)};
}

std::optional<Text> pin_of(const Problem& problem, std::size_t row, std::size_t period) {
    for (const Demand& demand : problem.demands) {
        const bool pins = demand.quantity.base == Quantity::Base::share &&
                          demand.relation == Relation::equal && !demand.soft &&
                          demand.from == period && demand.to == period;
        if (pins &&
            std::find(demand.rows.begin(), demand.rows.end(), row) != demand.rows.end()) {
            return Text{
                format("由“{}”指定在这一期。", demand.name),
                format(" Given to this period by \"{}\".", demand.name)};
        }
    }
    return std::nullopt;
}

Text placed(const Problem& problem, const Plan& plan, std::size_t unit, const Shares& shares) {
    std::vector<Text> parts;
    for (std::size_t t = 0; t < problem.periods; ++t) {
        const int pct = shares[problem.at(unit, t)];
        const std::string& name = plan.periods[t].name;
        if (pct == 100) {
            parts.push_back({name, name});
        } else if (pct > 0) {
            parts.push_back({format("{}（{}%）", name, pct), format("{} ({}%)", name, pct)});
        }
    }
    return joined(parts);
}

std::string obstacles_tail(const std::string& all, const char* start, const char* end) {
    return all.empty() ? "" : start + all + end;
}

Text reason(
    const Problem& problem,
    const Plan& plan,
    const Moves& moves,
    std::size_t row,
    const Shares& shares
) {
    const std::size_t unit = problem.unit_of[row].value();
    std::size_t first = 0;
    while (first < problem.periods && shares[problem.at(unit, first)] == 0) {
        ++first;
    }
    const bool planned = first < problem.periods;
    if (planned) {
        if (const auto pin = pin_of(problem, row, first)) {
            const Text where = placed(problem, plan, unit, shares);
            return {
                format("排入 {}。{}", where.zh, pin->zh),
                format("Planned in {}.{}", where.en, pin->en)};
        }
    }
    std::vector<Text> obstacles;
    for (std::size_t t = 0; t < first; ++t) {
        obstacles.push_back(obstacle(problem, moves, unit, t, plan));
    }
    std::string zh;
    std::string en;
    for (const Text& one : obstacles) {
        zh += (zh.empty() ? "" : "；") + one.zh;
        en += (en.empty() ? "" : "; ") + one.en;
    }
    if (!planned) {
        return {
            "未排入。" + obstacles_tail(zh, "若单独排入 ", "。"),
            "Not planned." + obstacles_tail(en, " If added by itself in ", ".")};
    }
    const Text where = placed(problem, plan, unit, shares);
    if (first == 0) {
        return {
            format("排入 {}，为最早一期。", where.zh),
            format("Planned in {}, the earliest there is.", where.en)};
    }
    return {
        format("排入 {}。{}", where.zh, obstacles_tail(zh, "若单独提前到 ", "。")),
        format(
            "Planned in {}.{}", where.en, obstacles_tail(en, " If moved by itself to ", ".")
        )};
}

Alternative alternative_of(
    const Problem& problem,
    const Moves& moves,
    std::size_t row,
    std::optional<std::size_t> period
) {
    const Effect effect = moves.effect(problem.unit_of[row].value(), period);
    Alternative alternative;
    alternative.row = row;
    alternative.period = period;
    std::vector<Text> names;
    for (const Effect::Break& one : effect.breaks) {
        const std::string& name = problem.demands[one.demand].name;
        if (names.empty() || names.back().zh != name) {
            names.push_back({name, name});
        }
    }
    alternative.breaks = joined(names);
    if (names.empty()) {
        const double per_unit = problem.goals.empty() ? 1.0 : problem.goals.front().per_unit;
        alternative.cost_of_moving = static_cast<double>(effect.loss) / 100.0 / per_unit;
    }
    return alternative;
}

void add_alternatives(
    Plan& plan,
    const Problem& problem,
    const Moves& moves,
    std::size_t row,
    const Shares& shares
) {
    const std::size_t unit = problem.unit_of[row].value();
    const int planned = moves.planned_pct(unit);
    for (std::size_t t = 0; t < problem.periods; ++t) {
        if (planned == 0 || shares[problem.at(unit, t)] != planned) {
            plan.alternatives.push_back(alternative_of(problem, moves, row, t));
        }
    }
    if (planned > 0) {
        plan.alternatives.push_back(alternative_of(problem, moves, row, std::nullopt));
    }
}

} // namespace

void explain(Plan& plan, const Problem& problem, const Ranking& ranking, const Shares& shares) {
    const Moves moves(problem, shares);
    plan.reasons.resize(problem.unit_of.size());
    for (std::size_t row = 0; row < problem.unit_of.size(); ++row) {
        if (!problem.unit_of[row]) {
            continue;
        }
        plan.reasons[row] = reason(problem, plan, moves, row, shares);
        if (row < ranking.rank.size() && ranking.rank[row]) {
            plan.reasons[row].zh += format("排名第 {}。", *ranking.rank[row]);
            plan.reasons[row].en += format(" Rank {}.", *ranking.rank[row]);
        }
        add_alternatives(plan, problem, moves, row, shares);
    }
}

} // namespace tuban::planning
