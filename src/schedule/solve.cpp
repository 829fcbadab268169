#include "schedule/solve.hpp"

#include "core/format.hpp"

#include <algorithm>
#include <cmath>

namespace tuban::planning {
namespace {

// A solver's solution that fails in exact integers is cut off; so many in a row mean that the numbers are hopeless.
constexpr int most_cuts = 1000;
// Digits of ties packed into one objective: its integers stay far below the solver's limits.
constexpr double most_per_block = 0x1p20;

struct Kept {
    const Goal* goal = nullptr;
    Int128 value = 0;
};

bool at_least_as_good(const Goal& goal, Int128 value, Int128 than) {
    return goal.maximise ? value >= than : value <= than;
}

Int128 after_giving_up(const Goal& goal, Int128 value) {
    Int128 whole = 100;
    for (int i = 0; i < goal.give_up_pct.scale; ++i) {
        whole *= 10;
    }
    const Int128 size = value < 0 ? -value : value;
    // In two steps, so that the product stays in range for any value.
    const Int128 pct = goal.give_up_pct.digits;
    const Int128 give = size / whole * pct + size % whole * pct / whole;
    return goal.maximise ? value - give : value + give;
}

Stage stage_of(const Goal& goal, Int128 value, Int128 bound) {
    const auto natural = [&](Int128 exact) {
        return static_cast<double>(exact) / 100.0 / goal.per_unit;
    };
    Stage stage;
    stage.name = goal.name;
    stage.objective = natural(value);
    stage.bound = natural(bound);
    stage.gap =
        std::abs(stage.bound - stage.objective) / std::max(1e-9, std::abs(stage.objective));
    return stage;
}

class InOrder {
public:
    InOrder(const Problem& problem, const Settings& settings, Watch& watch)
        : problem_(problem), settings_(settings), watch_(watch),
          model_(problem, Model::Kind::strict) {}

    std::optional<Solution> run();

private:
    struct Found {
        Shares shares;
        double bound = 0.0;
    };

    std::optional<Found>
    solve(Model& model, const std::vector<Term>& objective, const MipOptions& options);
    [[nodiscard]] bool acceptable(const Shares& shares) const;
    bool step(const Goal& goal);
    bool is_only_plan();
    [[nodiscard]] std::vector<Term>
    tie_objective(std::size_t from, std::size_t to, double base) const;
    void break_ties();

    const Problem& problem_;
    const Settings& settings_;
    Watch& watch_;
    Model model_;
    std::vector<Kept> kept_;
    std::optional<Shares> best_;
    Solution solution_;
};

bool InOrder::acceptable(const Shares& shares) const {
    return holds(problem_, shares) &&
           std::all_of(kept_.begin(), kept_.end(), [&](const Kept& kept) {
               return at_least_as_good(
                   *kept.goal, goal_value(problem_, *kept.goal, shares), kept.value
               );
           });
}

std::optional<InOrder::Found>
InOrder::solve(Model& model, const std::vector<Term>& objective, const MipOptions& options) {
    for (int cuts = 0; cuts < most_cuts; ++cuts) {
        const MipResult result =
            model.solve(objective, best_ ? &*best_ : nullptr, options, watch_);
        if (!result.found) {
            return std::nullopt;
        }
        Shares shares = model.shares(result);
        if (acceptable(shares)) {
            return Found{std::move(shares), result.bound};
        }
        model.forbid(shares);
    }
    throw Error(
        ErrorCode::internal,
        text(
            "求解器的 {} 个方案按整数核对均不成立：数值跨度过大",
            "{} plans of the solver failed when checked in integers: the numbers span too wide "
            "a range",
            most_cuts
        )
    );
}

bool InOrder::step(const Goal& goal) {
    const Objective objective = model_.add_goal(goal);
    MipOptions options;
    options.relative_gap = settings_.relative_gap;
    options.absolute_gap = objective.absolute_gap();
    options.seed = settings_.seed;
    const auto found = solve(model_, objective.terms, options);
    if (!found && !best_) {
        return false;
    }
    double bound = 0.0;
    if (found) {
        bound = found->bound;
        const Int128 value = goal_value(problem_, goal, found->shares);
        if (!best_ || at_least_as_good(goal, value, goal_value(problem_, goal, *best_))) {
            best_ = found->shares;
        }
    }
    const Int128 value = goal_value(problem_, goal, *best_);
    const Int128 exact_bound = found ? objective.bound(bound, value) : value;
    solution_.stages.push_back(stage_of(goal, value, exact_bound));
    solution_.proven = solution_.proven && exact_bound == value;
    const Int128 least = after_giving_up(goal, value);
    kept_.push_back({&goal, least});
    model_.keep(objective, least);
    return true;
}

/// Whether no other plan is as good in all goals: then there are no ties to break.
bool InOrder::is_only_plan() {
    Model others = model_;
    others.forbid(*best_);
    MipOptions options;
    options.seed = settings_.seed;
    const std::optional<Shares> known = best_;
    best_.reset(); // the known plan is no start: it has just been forbidden
    const bool only = !solve(others, {}, options).has_value();
    best_ = known;
    return only;
}

/// One number over the digits `from` to `to`, the first of them weighing most: of a whole unit how early it is, of a
/// split one how much of it each period takes.
std::vector<Term> InOrder::tie_objective(std::size_t from, std::size_t to, double base) const {
    std::vector<Term> objective;
    double weight = 1.0;
    for (std::size_t digit = to; digit-- > from; weight *= base) {
        if (!problem_.whole()) {
            const std::size_t unit = digit / problem_.periods;
            objective.push_back({model_.column(unit, digit % problem_.periods), -weight});
            continue;
        }
        for (std::size_t t = 0; t < problem_.periods; ++t) {
            const auto early = static_cast<double>(problem_.periods - t);
            objective.push_back({model_.column(digit, t), -weight * early});
        }
    }
    return objective;
}

/// Unit after unit by plot_id: in the earliest period that is still as good; of a split one, as much as can be.
void InOrder::break_ties() {
    const double base = problem_.whole() ? static_cast<double>(problem_.periods) + 1.0
                                         : 100.0 / problem_.step_pct + 1.0;
    const std::size_t each =
        problem_.whole() ? problem_.periods : 1; // shares that a digit stands for
    const std::size_t digits = problem_.units.size() * problem_.periods / each;
    const auto block = static_cast<std::size_t>(
        std::max(1.0, std::floor(std::log(most_per_block) / std::log(base)))
    );
    MipOptions options;
    options.absolute_gap = 0.5;
    options.seed = settings_.seed;
    for (std::size_t from = 0; from < digits; from += block) {
        const std::size_t to = std::min(digits, from + block);
        if (const auto found = solve(model_, tie_objective(from, to, base), options)) {
            best_ = found->shares;
        }
        for (std::size_t i = from * each; i < to * each; ++i) {
            model_.fix(i / problem_.periods, i % problem_.periods, (*best_)[i]);
        }
    }
}

std::optional<Solution> InOrder::run() {
    const auto parts = static_cast<double>(problem_.goals.size()) + 1.0;
    double done = 0.0;
    for (const Goal& goal : problem_.goals) {
        watch_.stage(done / parts, {"排期：" + goal.name, "schedule: " + goal.name});
        if (!step(goal)) {
            return std::nullopt;
        }
        done += 1.0;
    }
    watch_.stage(done / parts, {"排期：按图斑编号定序", "schedule: ties by plot_id"});
    if (!best_) {
        const auto found = solve(model_, {}, {});
        if (!found) {
            return std::nullopt;
        }
        best_ = found->shares;
    }
    // Where a gap was left, "equally good" has no meaning; the model's order, which is that of plot_id, decides.
    if (solution_.proven && !is_only_plan()) {
        break_ties();
    }
    solution_.shares = *best_;
    return solution_;
}

} // namespace

std::optional<Solution>
solve_in_order(const Problem& problem, const Settings& settings, Watch& watch) {
    return InOrder(problem, settings, watch).run();
}

} // namespace tuban::planning
