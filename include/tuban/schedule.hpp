#pragma once
#include <tuban/core.hpp>
#include <tuban/ranking.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Which plot in which period, so that every requirement holds: model, proven optimum, conflicts, explanation.
namespace tuban {

struct Period {
    std::string name;       ///< "2023", "2022—2023年"
    std::vector<int> years; ///< calendar years, increasing
};

/// What is scheduled as one: each plot, all plots of a mine_id, or all of a cluster_id. Plots without a mine or cluster
/// are units of their own.
enum class UnitKind { plot, mine, cluster };

/// A unit may be spread over periods in shares that are multiples of `step_pct`, each 0 or >= `least_pct`.
struct Split {
    int step_pct = 1;   ///< [1, 100], divides 100
    int least_pct = 10; ///< [step_pct, 100]
};

enum class RequirementKind { sum, count, complete_by, not_before, pin, together };
enum class Relation { at_least, at_most, equal };
[[nodiscard]] TUBAN_EXPORT const char* name_of(Relation relation) noexcept;

struct Limit {
    Relation relation = Relation::at_least;
    Decimal value;
};

/// One line of `require:`. Which members count depends on the kind.
struct Requirement {
    std::string id;
    std::string name; ///< what people see; the id if the user gave none
    RequirementKind kind = RequirementKind::sum;
    std::string
        quantity; ///< sum: a column (area_ha, area_mu, area_m2, cost_wan_yuan, cost_yuan, any additive one); count: "plots"; together: the group column
    std::optional<std::string> in; ///< period of its own …
    std::optional<std::string>
        by;             ///< … or from the first up to this one; neither: the whole plan
    std::string period; ///< complete_by, not_before
    std::optional<Condition> filter; ///< `where`
    std::vector<std::string> plots;  ///< pin: these, wholly in `in`
    std::vector<Limit> limits;       ///< sum, count
    Decimal within{};                ///< tolerance of `equal`, same unit
    bool soft = false;
    Where where;
    Where quantity_where; ///< of what is summed or grouped by
};

enum class PreferenceKind { meet, earliest, together, fewest_splits, least };

struct Preference {
    PreferenceKind kind = PreferenceKind::earliest;
    std::string
        of; ///< meet: requirement id; earliest: column or score; together: group column; least: column
    bool per_plot = false; ///< earliest: count plots instead of hectares
    Decimal give_up_pct{}; ///< later entries may cost this one at most so much of its optimum
    Where where;
    Where of_where;
};

/// The `schedule:` block.
struct ScheduleRules {
    std::vector<Period> periods;
    UnitKind unit = UnitKind::plot;
    std::optional<Split> split; ///< none: whole units
    std::vector<Requirement> require;
    std::vector<Preference> prefer;
    std::optional<double> gap_pct; ///< >= 0; none: 0 up to 200 units, else 0.1
};

struct ScheduleOptions {
    bool relax = false;    ///< infeasible: also plan under the least relaxation
    std::int64_t seed = 0; ///< >= 0; of the solver
};

enum class PlanStatus { optimal, within_gap, infeasible, stopped };
[[nodiscard]] TUBAN_EXPORT const char* name_of(PlanStatus status) noexcept;

/// A plot, or a part of it, in one period.
struct Assignment {
    std::size_t row = 0;    ///< of the table
    std::size_t period = 0; ///< index into periods
    int share_pct = 100;    ///< (0, 100]
    std::int64_t area_dm2 =
        0; ///< 0.01 m²; the parts of a wholly planned plot add up to its area
    std::int64_t cost_yuan = 0;
};

/// What became of one limit of one requirement (table `constraints` of plan.gpkg; quantities in the user's unit).
struct ConstraintResult {
    std::string id;
    std::string name;
    std::optional<std::size_t> from_period; ///< index, included
    std::optional<std::size_t> to_period;
    std::string
        quantity; ///< area_ha, plots, cost_wan_yuan, a column; "share" for complete_by, not_before, pins; "together"
    std::string filter; ///< SQL over plots; "": all
    Relation relation = Relation::at_least;
    double required = 0.0;
    double tolerance = 0.0;
    double achieved = 0.0;
    double slack = 0.0;          ///< how far inside; < 0 if broken
    std::optional<double> price; ///< none until prices exist
    bool soft = false;
};

/// One step of the lexicographic solve.
struct Stage {
    std::string name;       ///< "earliest score"
    double objective = 0.0; ///< of the plan, in the stage's own unit
    double bound = 0.0;     ///< no plan that keeps the earlier stages can beat this
    double gap = 0.0;       ///< |bound − objective| / max(1e-9, |objective|)
};

/// A requirement that cannot hold with the others, and what it would have to give.
struct Conflict {
    std::string id;
    std::string name;
    double shortfall = 0.0; ///< in the requirement's unit; least total relaxation
    std::string unit;       ///< "ha", "万元", "个" …
    Text message;           ///< "2024 …: 还差 1.37 公顷"
};

/// What would happen to a plot in another period (a look at one move, not a new solve).
struct Alternative {
    std::size_t row = 0;
    std::optional<std::size_t> period; ///< none: not in the plan
    std::optional<double>
        cost_of_moving; ///< loss of the first preference; none if the move breaks a requirement
    Text breaks;        ///< requirements it would break, by name; empty if none
};

struct Plan {
    PlanStatus status = PlanStatus::infeasible;
    double objective = 0.0; ///< of the first stage; as bound and gap
    double bound = 0.0;
    double gap = 0.0;
    std::vector<Stage> stages;
    std::vector<Period> periods;
    std::vector<Assignment> assignments;       ///< by period, then plot id
    std::vector<ConstraintResult> constraints; ///< in the order of `require`
    std::vector<Conflict> conflicts;           ///< if infeasible
    std::vector<Text>
        reasons; ///< (n) why this period, or why none; empty texts for plots not eligible
    std::vector<Alternative> alternatives; ///< by row, then period
    std::vector<Issue> issues;
    std::string solver; ///< "HiGHS 1.15.1"
    std::int64_t seed = 0;
};

/// What parts of a plan add up to.
struct PlanTotals {
    std::int64_t plots = 0; ///< rows of the table, each counted once
    std::int64_t area_dm2 = 0;
    std::int64_t cost_yuan = 0;
};

/// (periods) A plot counts in each period it has work in.
[[nodiscard]] TUBAN_EXPORT std::vector<PlanTotals> period_totals(const Plan& plan);
[[nodiscard]] TUBAN_EXPORT PlanTotals plan_totals(const Plan& plan);

/// Schedules the eligible plots.
///
/// @param table    after put_ranking(): plot_id, area_m2, cost_yuan (null: 0), mine_id, cluster_id, score and whatever
///                 the requirements name. A column per period is written `name@period` (score@2023, use@2023).
/// @param ranking  eligible rows and the order that breaks ties
/// Stages and integers: decisions.md (Schedule), quoted in docs. Same input, same plan, whatever the row order.
/// @throws Error{invalid_project} for unknown periods, columns or groups, text where a number belongs, a requirement in
///         a unit that is not whole in integers; Error{stopped} if a limit came before any plan.
[[nodiscard]] TUBAN_EXPORT Plan schedule(
    const Table& table,
    const Ranking& ranking,
    const ScheduleRules& rules,
    const ScheduleOptions& options = {},
    const Execution& execution = {}
);

} // namespace tuban
