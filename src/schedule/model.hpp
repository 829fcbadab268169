#pragma once
// The problem as a mixed-integer program: columns and rows, scaled so that doubles are safe.
#include "schedule/mip.hpp"
#include "schedule/problem.hpp"

#include <optional>
#include <vector>

namespace tuban::planning {

/// A goal as an objective: model value = exact value · factor (negated where it is maximised).
struct Objective {
    std::vector<Term> terms;
    double factor = 1.0;
    Int128 unit = 1; ///< exact values are multiples of this
    bool maximise = false;

    /// Exact bound from a bound of the model: never worse than `value`.
    [[nodiscard]] Int128 bound(double model_bound, Int128 value) const;
    [[nodiscard]] double absolute_gap() const;
};

class Model {
public:
    enum class Kind { strict, elastic };
    /// Strict: hard demands hold (as far as `relaxed` says). Elastic: each may be broken at a price.
    /// `left_out`: indices of requirements to ignore.
    Model(const Problem& problem, Kind kind, const std::vector<std::size_t>& left_out = {});

    /// Columns and rows of a goal. Call once per goal.
    Objective add_goal(const Goal& goal);
    /// Keeps a goal at least as good as `value`.
    void keep(const Objective& objective, Int128 value);
    /// Cuts off one plan.
    void forbid(const Shares& shares);
    void fix(std::size_t unit, std::size_t period, int share_pct);

    /// What all breaks cost together (elastic).
    [[nodiscard]] const std::vector<Term>& penalty() const { return penalty_; }

    /// Column of a unit's share (in steps) in a period.
    [[nodiscard]] int column(std::size_t unit, std::size_t period) const {
        return share_[problem_.at(unit, period)];
    }

    [[nodiscard]] MipResult solve(
        const std::vector<Term>& objective,
        const Shares* start,
        const MipOptions& options,
        Watch& watch
    ) const;
    [[nodiscard]] Shares shares(const MipResult& result) const;

private:
    struct Scaled {
        std::vector<Term> terms;
        double factor = 1.0; ///< model = exact · factor
        Int128 gcd = 1;
    };

    void add_units();
    void add_hard(const Demand& demand);
    void keep_together(const Demand& demand);
    [[nodiscard]] std::vector<std::pair<int, int>> twins(const std::vector<std::size_t>& group
    ) const;
    int works_in(std::size_t unit, std::size_t from, std::size_t to);
    void add_elastic(const Demand& demand);
    [[nodiscard]] Scaled scaled(const std::vector<std::pair<int, Int128>>& exact) const;
    Scaled left_of(const Demand& demand);
    std::vector<Term> count_terms(const Demand& demand);
    /// A column that is at least the amount by which a demand is broken; returns it with its factor to exact units.
    std::vector<Term> breaks(const Demand& demand, bool deviation);
    std::vector<Term> group_breaks(const Demand& demand);
    Objective linear(const Goal& goal);
    Objective pairs(const Goal& goal);
    Objective splits();
    Objective shortfalls(const Goal& goal);

    const Problem& problem_;
    int steps_ = 1; ///< shares of 100 %
    Mip mip_;
    std::vector<int> share_;
    std::vector<int> use_; ///< whole units: the shares themselves
    std::vector<Term> penalty_;
};

} // namespace tuban::planning
