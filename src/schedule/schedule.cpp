#include <tuban/schedule.hpp>

#include "core/format.hpp"
#include "schedule/conflicts.hpp"
#include "schedule/explain.hpp"
#include "schedule/solve.hpp"

#include <algorithm>
#include <tuple>

namespace tuban {
namespace {

using planning::Demand;
using planning::Problem;
using planning::Quantity;
using planning::Shares;

// Up to so many units the optimum is proven by default.
constexpr std::size_t most_units_exact = 200;
constexpr double default_gap_pct = 0.1;

void add_parts(
    const Problem& problem,
    std::size_t row,
    const Shares& shares,
    std::vector<Assignment>& assignments
) {
    const auto areas = planning::parts_of(problem, problem.area_dm2, row, shares);
    const auto costs = planning::parts_of(problem, problem.cost_yuan, row, shares);
    for (std::size_t t = 0; t < problem.periods; ++t) {
        const int pct = shares[problem.at(problem.unit_of[row].value(), t)];
        if (pct > 0) {
            assignments.push_back({row, t, pct, areas[t], costs[t]});
        }
    }
}

std::vector<Assignment> assignments_of(const Problem& problem, const Shares& shares) {
    std::vector<Assignment> result;
    for (const auto& unit : problem.units) {
        for (const std::size_t row : unit) {
            add_parts(problem, row, shares, result);
        }
    }
    std::sort(result.begin(), result.end(), [&](const Assignment& a, const Assignment& b) {
        return std::tie(a.period, problem.plot_ids[a.row]) <
               std::tie(b.period, problem.plot_ids[b.row]);
    });
    return result;
}

/// What a demand came to, as exact integers where there are any.
double achieved_of(const Problem& problem, const Demand& demand, const Shares& shares) {
    const Quantity::Base base = demand.quantity.base;
    if (base == Quantity::Base::area || base == Quantity::Base::cost) {
        return static_cast<double>(planning::rounded_sum(problem, demand, shares)) /
               demand.quantity.per_unit();
    }
    if (demand.values.empty()) {
        return static_cast<double>(planning::left_side(problem, demand, shares)) / 100.0 /
               demand.quantity.per_unit();
    }
    double sum = 0.0;
    for (const std::size_t row : demand.rows) {
        for (std::size_t t = demand.from; t <= demand.to; ++t) {
            const int pct = shares[problem.at(problem.unit_of[row].value(), t)];
            sum += pct * demand.values[row * problem.periods + t];
        }
    }
    return sum / 100.0;
}

/// How far inside, from integers, so that a requirement met to the last digit has a slack of exactly 0.
double slack_of(const Problem& problem, const Demand& demand, const Shares& shares) {
    const Quantity::Base base = demand.quantity.base;
    const bool printed = base == Quantity::Base::area || base == Quantity::Base::cost;
    const Int128 left = printed ? planning::rounded_sum(problem, demand, shares) * 100
                                : planning::left_side(problem, demand, shares);
    const Int128 over = left - static_cast<Int128>(demand.value) * 100;
    Int128 slack = 0;
    switch (demand.relation) {
    case Relation::at_least:
        slack = over;
        break;
    case Relation::at_most:
        slack = -over;
        break;
    case Relation::equal:
        slack = static_cast<Int128>(demand.within) * 100 - (over < 0 ? -over : over);
        break;
    }
    return static_cast<double>(slack) / 100.0 / demand.quantity.per_unit();
}

std::vector<ConstraintResult> results_of(const Problem& problem, const Shares& shares) {
    std::vector<ConstraintResult> results;
    for (const Demand& demand : problem.demands) {
        ConstraintResult result;
        result.id = demand.id;
        result.name = demand.name;
        if (!demand.whole_plan) {
            result.from_period = demand.from;
            result.to_period = demand.to;
        }
        result.quantity = demand.quantity.name;
        result.filter = demand.filter;
        result.relation = demand.relation;
        result.required = demand.required;
        result.tolerance = demand.tolerance;
        result.achieved = achieved_of(problem, demand, shares);
        result.slack = slack_of(problem, demand, shares);
        result.soft = demand.soft;
        results.push_back(std::move(result));
    }
    return results;
}

planning::Settings settings_of(
    const Problem& problem, const ScheduleRules& rules, const ScheduleOptions& options
) {
    const double gap_pct = rules.gap_pct.value_or(
        problem.units.size() <= most_units_exact ? 0.0 : default_gap_pct
    );
    if (!(gap_pct >= 0.0)) {
        throw Error(
            ErrorCode::invalid_project,
            text("gap_pct 为 {}，不能为负", "gap_pct is {}, must not be negative", gap_pct)
        );
    }
    if (options.seed < 0) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "随机种子为 {}，不能为负", "the seed is {}, must not be negative", options.seed
            )
        );
    }
    return {gap_pct / 100.0, options.seed};
}

} // namespace

const char* name_of(PlanStatus status) noexcept {
    switch (status) {
    case PlanStatus::optimal:
        return "optimal";
    case PlanStatus::within_gap:
        return "within_gap";
    case PlanStatus::infeasible:
        return "infeasible";
    case PlanStatus::stopped:
        return "stopped";
    }
    return "unknown";
}

const char* name_of(Relation relation) noexcept {
    switch (relation) {
    case Relation::at_least:
        return "at_least";
    case Relation::at_most:
        return "at_most";
    case Relation::equal:
        return "equal";
    }
    return "unknown";
}

Plan schedule(
    const Table& table,
    const Ranking& ranking,
    const ScheduleRules& rules,
    const ScheduleOptions& options,
    const Execution& execution
) {
    Problem problem = planning::make_problem(table, ranking, rules);
    const planning::Settings settings = settings_of(problem, rules, options);
    planning::Watch watch(execution);
    Plan plan;
    plan.periods = rules.periods;
    plan.solver = planning::solver_name();
    plan.seed = options.seed;
    plan.reasons.resize(table.rows);
    plan.issues = problem.issues;
    auto solution = planning::solve_in_order(problem, settings, watch);
    const bool feasible = solution.has_value();
    if (!feasible) {
        watch.stage(0.5, {"排期：查找矛盾的要求", "schedule: requirements that clash"});
        plan.conflicts = planning::relax(problem, rules.periods, settings, watch);
        if (!options.relax) {
            return plan;
        }
        solution = planning::solve_in_order(problem, settings, watch);
        if (!solution) {
            throw Error(
                ErrorCode::internal,
                text("放宽要求后仍无方案", "no plan under the least relaxation that was found")
            );
        }
    }
    plan.status = solution->proven ? PlanStatus::optimal : PlanStatus::within_gap;
    if (!feasible) {
        plan.status = PlanStatus::infeasible;
    }
    plan.stages = solution->stages;
    if (!plan.stages.empty()) {
        plan.objective = plan.stages.front().objective;
        plan.bound = plan.stages.front().bound;
        plan.gap = plan.stages.front().gap;
    }
    plan.assignments = assignments_of(problem, solution->shares);
    plan.constraints = results_of(problem, solution->shares);
    planning::explain(plan, problem, ranking, solution->shares);
    watch.stage(1.0, {"排期：完成", "schedule: done"});
    return plan;
}

} // namespace tuban
