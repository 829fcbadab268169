#include "schedule/problem.hpp"

#include <algorithm>

namespace tuban::planning {
namespace {

bool works(
    const Problem& problem, std::size_t unit, const Demand& demand, const Shares& shares
) {
    for (std::size_t t = demand.from; t <= demand.to; ++t) {
        if (shares[problem.at(unit, t)] > 0) {
            return true;
        }
    }
    return false;
}

bool same_shares(
    const Problem& problem, const std::vector<std::size_t>& group, const Shares& shares
) {
    const auto begin_of = [&](std::size_t unit) {
        return shares.begin() + static_cast<std::ptrdiff_t>(problem.at(unit, 0));
    };
    const auto first = begin_of(group.front());
    return std::all_of(group.begin(), group.end(), [&](std::size_t unit) {
        return std::equal(
            first, first + static_cast<std::ptrdiff_t>(problem.periods), begin_of(unit)
        );
    });
}

bool in_use(
    const Problem& problem,
    const std::vector<std::size_t>& group,
    std::size_t period,
    const Shares& shares
) {
    return std::any_of(group.begin(), group.end(), [&](std::size_t unit) {
        return shares[problem.at(unit, period)] > 0;
    });
}

Int128 count_pairs(const Problem& problem, const Goal& goal, const Shares& shares) {
    Int128 pairs = 0;
    for (const auto& group : goal.groups) {
        for (std::size_t t = 0; t < problem.periods; ++t) {
            pairs += in_use(problem, group, t, shares) ? 1 : 0;
        }
    }
    return pairs;
}

Int128 count_splits(const Problem& problem, const Shares& shares) {
    Int128 splits = 0;
    for (std::size_t u = 0; u < problem.units.size(); ++u) {
        int parts = 0;
        for (std::size_t t = 0; t < problem.periods; ++t) {
            parts += shares[problem.at(u, t)] > 0 ? 1 : 0;
        }
        splits += parts > 1 ? 1 : 0;
    }
    return splits;
}

} // namespace

Int128 left_side(const Problem& problem, const Demand& demand, const Shares& shares) {
    Int128 sum = 0;
    switch (demand.shape) {
    case Demand::Shape::sum:
        for (std::size_t i = 0; i < shares.size(); ++i) {
            sum += static_cast<Int128>(demand.coefficients[i]) * shares[i];
        }
        return sum;
    case Demand::Shape::count:
        for (std::size_t u = 0; u < problem.units.size(); ++u) {
            sum += works(problem, u, demand, shares) ? demand.coefficients[u] : 0;
        }
        return sum * 100;
    case Demand::Shape::groups:
        for (const auto& group : demand.groups) {
            sum += same_shares(problem, group, shares) ? 0 : 1;
        }
        return sum * 100;
    }
    return sum;
}

Int128 shortfall(const Demand& demand, Int128 left) {
    const Int128 value = static_cast<Int128>(demand.value) * 100;
    const Int128 within = static_cast<Int128>(demand.within) * 100;
    Int128 broken = 0;
    switch (demand.relation) {
    case Relation::at_least:
        broken = value - left;
        break;
    case Relation::at_most:
        broken = left - value;
        break;
    case Relation::equal:
        broken = (left > value ? left - value : value - left) - within;
        break;
    }
    return broken > 0 ? broken : 0;
}

Int128 goal_value(const Problem& problem, const Goal& goal, const Shares& shares) {
    Int128 sum = 0;
    switch (goal.shape) {
    case Goal::Shape::linear:
        for (std::size_t i = 0; i < shares.size(); ++i) {
            sum += goal.coefficients[i] * shares[i];
        }
        return sum;
    case Goal::Shape::shortfall:
        for (const std::size_t d : goal.demands) {
            const Demand& demand = problem.demands[d];
            sum += shortfall(demand, left_side(problem, demand, shares));
        }
        return sum;
    case Goal::Shape::deviation:
        for (const std::size_t d : goal.demands) {
            const Demand& demand = problem.demands[d];
            const Int128 off =
                left_side(problem, demand, shares) - static_cast<Int128>(demand.value) * 100;
            sum += off < 0 ? -off : off;
        }
        return sum;
    case Goal::Shape::pairs:
        return count_pairs(problem, goal, shares) * 100;
    case Goal::Shape::splits:
        return count_splits(problem, shares) * 100;
    }
    return sum;
}

std::vector<std::int64_t> parts_of(
    const Problem& problem,
    const std::vector<std::int64_t>& amounts,
    std::size_t row,
    const Shares& shares
) {
    std::vector<std::int64_t> parts(problem.periods, 0);
    const std::size_t unit = problem.unit_of[row].value();
    std::vector<std::int64_t> weights(problem.periods);
    std::int64_t total_pct = 0;
    bool same = true;
    const std::int64_t amount = amounts[row * problem.periods];
    for (std::size_t t = 0; t < problem.periods; ++t) {
        weights[t] = shares[problem.at(unit, t)];
        total_pct += weights[t];
        same = same && amounts[row * problem.periods + t] == amount;
    }
    const auto half_up = [](std::int64_t whole, std::int64_t pct) {
        return static_cast<std::int64_t>((static_cast<Int128>(whole) * pct + 50) / 100);
    };
    if (same && total_pct > 0 && amount >= 0) {
        return largest_remainder(half_up(amount, total_pct), weights);
    }
    for (std::size_t t = 0; t < problem.periods; ++t) { // amounts that differ by period
        parts[t] = half_up(amounts[row * problem.periods + t], weights[t]);
    }
    return parts;
}

Int128 rounded_sum(const Problem& problem, const Demand& demand, const Shares& shares) {
    const auto& amounts =
        demand.quantity.base == Quantity::Base::area ? problem.area_dm2 : problem.cost_yuan;
    Int128 sum = 0;
    for (const std::size_t row : demand.rows) {
        const auto parts = parts_of(problem, amounts, row, shares);
        for (std::size_t t = demand.from; t <= demand.to; ++t) {
            sum += parts[t];
        }
    }
    return sum * demand.quantity.multiplier;
}

namespace {

bool demand_holds(const Problem& problem, const Demand& demand, const Shares& shares) {
    if (shortfall(demand, left_side(problem, demand, shares)) > demand.relaxed) {
        return false;
    }
    const bool rounds = !problem.whole() && (demand.quantity.base == Quantity::Base::area ||
                                             demand.quantity.base == Quantity::Base::cost);
    // A relaxation is a multiple of a hundredth of the integer: the printed parts may use all of the last one.
    const Int128 allowed = (demand.relaxed + 99) / 100 * 100;
    return !rounds || shortfall(demand, rounded_sum(problem, demand, shares) * 100) <= allowed;
}

} // namespace

bool holds(const Problem& problem, const Shares& shares) {
    return std::all_of(
        problem.demands.begin(),
        problem.demands.end(),
        [&](const Demand& demand) {
            return demand.soft || demand_holds(problem, demand, shares);
        }
    );
}

} // namespace tuban::planning
