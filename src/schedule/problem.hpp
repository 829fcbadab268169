#pragma once
// A scheduling problem in integers: what the table, the ranking and the rules come to. No solver here.
#include <tuban/schedule.hpp>

#include "core/int128.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tuban::planning {

/// Whole per cents of each unit in each period: shares[unit * periods + period], [0, 100].
using Shares = std::vector<int>;

/// What a requirement counts, and how the user's number becomes an integer:
/// user's number · 10^power · factor = amount in base units · multiplier.
struct Quantity {
    enum class Base { area, cost, column, plots, share, groups };
    std::string name; ///< as the user wrote it
    Text unit;        ///< 公顷, ha …
    Base base = Base::column;
    std::int64_t multiplier = 1;
    int power = 0;
    std::int64_t factor = 1;

    /// Integers per one unit of the user.
    [[nodiscard]] double per_unit() const;
};

/// One limit of one requirement. Left sides and bounds are compared in per cents of base units (integer · 100), so
/// that shares of whole per cents stay exact.
struct Demand {
    enum class Shape {
        sum,    ///< Σ coefficient(unit, period) · share
        count,  ///< Σ plots of the units with work in the periods
        groups, ///< number of groups whose units do not have the same shares
    };
    std::size_t requirement = 0; ///< index into rules.require
    std::string id;
    std::string name;
    Shape shape = Shape::sum;
    Quantity quantity;
    Relation relation = Relation::at_least;
    std::int64_t value = 0;
    std::int64_t within = 0;
    std::size_t from = 0;
    std::size_t to = 0;
    bool whole_plan = false;
    bool soft = false;
    std::vector<std::int64_t> coefficients;       ///< sum: (units · periods); count: (units)
    std::vector<std::vector<std::size_t>> groups; ///< units, increasing
    std::vector<std::size_t> rows;                ///< plots that count
    std::vector<double> values; ///< (rows of the table · periods), real columns only
    std::string filter;         ///< SQL
    double required = 0.0;      ///< as the user wrote it
    double tolerance = 0.0;
    Int128 relaxed = 0; ///< how far it may be broken, in per cents of base units
};

/// One step of the lexicographic solve.
struct Goal {
    enum class Shape { linear, shortfall, pairs, splits, deviation };
    std::string name; ///< "earliest score"
    Text title;       ///< for sentences
    Shape shape = Shape::linear;
    bool maximise = false;
    std::vector<Int128> coefficients; ///< linear: (units · periods), per share of 100 %
    std::vector<std::vector<std::size_t>> groups; ///< pairs: units of each group
    std::vector<std::size_t> demands;             ///< shortfall, deviation
    double per_unit = 1.0;                        ///< integers per natural unit
    Decimal give_up_pct{};
};

struct Problem {
    std::size_t periods = 0;
    int step_pct = 100;
    int least_pct = 100;
    std::vector<std::string> plot_ids;           ///< (rows of the table)
    std::vector<std::vector<std::size_t>> units; ///< rows by plot_id; units by their smallest
    std::vector<std::optional<std::size_t>> unit_of; ///< (rows)
    std::vector<std::int64_t> area_dm2;              ///< (rows · periods)
    std::vector<std::int64_t> cost_yuan;             ///< (rows · periods)
    std::vector<Demand> demands;
    std::vector<Goal> goals;
    std::vector<Issue> issues;

    [[nodiscard]] bool whole() const { return step_pct == 100; }

    [[nodiscard]] std::size_t at(std::size_t unit, std::size_t period) const {
        return unit * periods + period;
    }
};

/// @throws Error{invalid_project} for whatever the rules name that is not there or not usable.
Problem make_problem(const Table& table, const Ranking& ranking, const ScheduleRules& rules);

/// Left side of a demand, in per cents of base units.
Int128 left_side(const Problem& problem, const Demand& demand, const Shares& shares);
/// How far a left side breaks a demand as written (not counting `relaxed`); 0 if it holds.
Int128 shortfall(const Demand& demand, Int128 left);
/// Value of a goal, exactly.
Int128 goal_value(const Problem& problem, const Goal& goal, const Shares& shares);

/// A plot's parts of a whole: integers that add up (largest remainder), one per period.
std::vector<std::int64_t> parts_of(
    const Problem& problem,
    const std::vector<std::int64_t>& amounts,
    std::size_t row,
    const Shares& shares
);
/// Whether every hard demand holds, in exact shares and in the rounded parts that are printed.
bool holds(const Problem& problem, const Shares& shares);
/// Sum over the printed parts of a demand on area or money, in its integers.
Int128 rounded_sum(const Problem& problem, const Demand& demand, const Shares& shares);

} // namespace tuban::planning
