#include "schedule/model.hpp"

#include <algorithm>
#include <cmath>

namespace tuban::planning {
namespace {

// Terms up to this go to the solver as integers; beyond, a power of two brings the greatest down to it. A row's sums
// then stay far enough below what doubles hold for the solver's absolute tolerance of 1e-7 to mean something.
constexpr int term_bits = 17;

Int128 absolute(Int128 value) {
    return value < 0 ? -value : value;
}

Int128 gcd_of(Int128 a, Int128 b) {
    a = absolute(a);
    b = absolute(b);
    while (b != 0) {
        const Int128 rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

Int128 floor_div(Int128 a, Int128 b) {
    const Int128 quotient = a / b;
    return quotient * b > a ? quotient - 1 : quotient;
}

Int128 ceil_div(Int128 a, Int128 b) {
    return -floor_div(-a, b);
}

double power_for(double greatest) {
    int exponent = 0;
    std::frexp(greatest, &exponent);
    return exponent <= term_bits ? 1.0 : std::ldexp(1.0, term_bits - exponent);
}

struct Bounds {
    std::optional<Int128> lower;
    std::optional<Int128> upper;
};

/// In per cents of base units.
Bounds bounds_of(const Demand& demand) {
    const Int128 value = static_cast<Int128>(demand.value) * 100;
    const Int128 within = static_cast<Int128>(demand.within) * 100;
    Bounds bounds;
    if (demand.relation != Relation::at_most) {
        bounds.lower = value - within - demand.relaxed;
    }
    if (demand.relation != Relation::at_least) {
        bounds.upper = value + within + demand.relaxed;
    }
    return bounds;
}

} // namespace

Int128 Objective::bound(double model_bound, Int128 value) const {
    const double in_units = model_bound / factor / static_cast<double>(unit);
    // A model bound may be off by rounding; an integer that it misses by so little is reached.
    const double slack = 1e-6 + std::abs(in_units) * 1e-12;
    const auto exact = static_cast<Int128>(
        maximise ? std::floor(-in_units + slack) : std::ceil(in_units - slack)
    );
    const Int128 result = exact * unit;
    // Beyond what doubles tell apart, the bound is the value.
    if (absolute(result - value) < unit || static_cast<double>(absolute(result - value)) <=
                                               1e-11 * static_cast<double>(absolute(value))) {
        return value;
    }
    return maximise ? std::max(result, value) : std::min(result, value);
}

double Objective::absolute_gap() const {
    return std::max(0.9 * factor * static_cast<double>(unit), 1e-7);
}

Model::Model(const Problem& problem, Kind kind, const std::vector<std::size_t>& left_out)
    : problem_(problem), steps_(100 / problem.step_pct) {
    add_units();
    for (const Demand& demand : problem.demands) {
        if (demand.soft ||
            std::find(left_out.begin(), left_out.end(), demand.requirement) != left_out.end()) {
            continue;
        }
        if (kind == Kind::strict) {
            add_hard(demand);
        } else {
            add_elastic(demand);
        }
    }
}

void Model::add_units() {
    const int least = problem_.least_pct / problem_.step_pct +
                      (problem_.least_pct % problem_.step_pct != 0 ? 1 : 0);
    mip_.add_column(0, 0, false); // so that a problem without units is still a model
    for (std::size_t i = 0; i < problem_.units.size() * problem_.periods; ++i) {
        share_.push_back(mip_.add_column(0, steps_, true));
    }
    use_ = share_;
    for (std::size_t i = 0; i < share_.size() && !problem_.whole(); ++i) {
        use_[i] = mip_.add_column(0, 1, true);
        mip_.add_row(0, infinity, {{share_[i], 1.0}, {use_[i], -static_cast<double>(least)}});
        mip_.add_row(-infinity, 0, {{share_[i], 1.0}, {use_[i], -static_cast<double>(steps_)}});
    }
    for (std::size_t u = 0; u < problem_.units.size(); ++u) {
        std::vector<Term> terms;
        for (std::size_t t = 0; t < problem_.periods; ++t) {
            terms.push_back({column(u, t), 1.0});
        }
        mip_.add_row(-infinity, steps_, std::move(terms));
    }
}

Model::Scaled Model::scaled(const std::vector<std::pair<int, Int128>>& exact) const {
    Scaled result;
    result.gcd = 0;
    Int128 greatest = 0;
    for (const auto& [column, value] : exact) {
        result.gcd = gcd_of(result.gcd, value);
        greatest = std::max(greatest, absolute(value));
    }
    if (result.gcd == 0) {
        result.gcd = 1;
        return result;
    }
    const auto greatest_quotient = greatest / result.gcd; // exact: the gcd divides it
    const double scale = power_for(static_cast<double>(greatest_quotient) * steps_);
    result.factor = scale / static_cast<double>(result.gcd);
    for (const auto& [column, value] : exact) {
        if (value != 0) {
            const auto quotient = value / result.gcd;
            result.terms.push_back({column, static_cast<double>(quotient) * scale});
        }
    }
    return result;
}

/// A column that is 1 if a unit works in any of the periods: each use pushes it up, their sum holds it down.
int Model::works_in(std::size_t unit, std::size_t from, std::size_t to) {
    const int any = mip_.add_column(0, 1, false);
    std::vector<Term> sum{{any, -1.0}};
    for (std::size_t t = from; t <= to; ++t) {
        const int use = use_[problem_.at(unit, t)];
        mip_.add_row(0, infinity, {{any, 1.0}, {use, -1.0}});
        sum.push_back({use, 1.0});
    }
    mip_.add_row(0, infinity, std::move(sum));
    return any;
}

/// Σ plots of units with work in the periods.
std::vector<Term> Model::count_terms(const Demand& demand) {
    const bool once = problem_.whole() || demand.from == demand.to;
    const std::size_t width = once ? demand.to - demand.from + 1 : 1;
    std::vector<Term> terms;
    for (std::size_t i = 0; i < problem_.units.size() * width; ++i) {
        const std::size_t u = i / width;
        const auto plots = static_cast<double>(demand.coefficients[u]);
        if (plots > 0.0) {
            const int column = once ? use_[problem_.at(u, demand.from + i % width)]
                                    : works_in(u, demand.from, demand.to);
            terms.push_back({column, plots});
        }
    }
    return terms;
}

Model::Scaled Model::left_of(const Demand& demand) {
    if (demand.shape == Demand::Shape::count) {
        return {count_terms(demand), 0.01, 100};
    }
    std::vector<std::pair<int, Int128>> exact;
    for (std::size_t i = 0; i < share_.size(); ++i) {
        exact.emplace_back(
            share_[i], static_cast<Int128>(demand.coefficients[i]) * problem_.step_pct
        );
    }
    return scaled(exact);
}

/// Each unit of a group against the first, in each period: (one, first) columns.
std::vector<std::pair<int, int>> Model::twins(const std::vector<std::size_t>& group) const {
    std::vector<std::pair<int, int>> result;
    for (const std::size_t unit : group) {
        for (std::size_t t = 0; unit != group.front() && t < problem_.periods; ++t) {
            result.emplace_back(column(unit, t), column(group.front(), t));
        }
    }
    return result;
}

void Model::keep_together(const Demand& demand) {
    if (demand.relaxed > 0) { // at most so many groups may be divided
        mip_.add_row(-infinity, static_cast<double>(demand.relaxed), group_breaks(demand));
        return;
    }
    for (const auto& group : demand.groups) {
        for (const auto& [one, first] : twins(group)) {
            mip_.add_row(0, 0, {{one, 1.0}, {first, -1.0}});
        }
    }
}

void Model::add_hard(const Demand& demand) {
    if (demand.shape == Demand::Shape::groups) {
        keep_together(demand);
        return;
    }
    const Scaled left = left_of(demand);
    const Bounds bounds = bounds_of(demand);
    // The left side is an integer: half an integer of room takes the solver's tolerance out of play.
    const double one = left.factor * static_cast<double>(left.gcd);
    const double room = one < 1.0 ? one / 2 : 0.0;
    double lower = -infinity;
    double upper = infinity;
    if (bounds.lower) {
        lower = static_cast<double>(ceil_div(*bounds.lower, left.gcd)) * one - room;
    }
    if (bounds.upper) {
        upper = static_cast<double>(floor_div(*bounds.upper, left.gcd)) * one + room;
    }
    if (lower > upper) { // no multiple of the common divisor lies between: nothing can hold
        mip_.add_row(1, infinity, {});
        return;
    }
    mip_.add_row(lower, upper, left.terms);
}

std::vector<Term> Model::group_breaks(const Demand& demand) {
    std::vector<Term> result;
    const auto most = static_cast<double>(steps_);
    for (const auto& group : demand.groups) {
        const int divided = mip_.add_column(0, 1, true);
        result.push_back({divided, 100.0});
        for (const auto& [one, first] : twins(group)) {
            mip_.add_row(-infinity, 0, {{one, 1.0}, {first, -1.0}, {divided, -most}});
            mip_.add_row(0, infinity, {{one, 1.0}, {first, -1.0}, {divided, most}});
        }
    }
    return result;
}

std::vector<Term> Model::breaks(const Demand& demand, bool deviation) {
    if (demand.shape == Demand::Shape::groups) {
        return group_breaks(demand);
    }
    const Scaled left = left_of(demand);
    Demand bounded = demand;
    bounded.relaxed = 0;
    bounded.within = deviation ? 0 : demand.within;
    const Bounds bounds = bounds_of(bounded);
    const int broken = mip_.add_column(0, infinity, false);
    std::vector<Term> terms = left.terms;
    if (bounds.lower) {
        terms.push_back({broken, 1.0});
        mip_.add_row(static_cast<double>(*bounds.lower) * left.factor, infinity, terms);
        terms.pop_back();
    }
    if (bounds.upper) {
        terms.push_back({broken, -1.0});
        mip_.add_row(-infinity, static_cast<double>(*bounds.upper) * left.factor, terms);
    }
    return {{broken, 1.0 / left.factor}};
}

void Model::add_elastic(const Demand& demand) {
    Int128 size = absolute(static_cast<Int128>(demand.value) * 100);
    if (size == 0) {
        Int128 all = 0;
        for (const std::int64_t coefficient : demand.coefficients) {
            all += absolute(coefficient);
        }
        size = all * 100;
    }
    if (demand.shape == Demand::Shape::groups) {
        size = static_cast<Int128>(demand.groups.size()) * 100;
    }
    // Each break counts as a fraction of what was required; a whole is 2^20, so that small ones are seen.
    const double weight = 0x1p20 / std::max(1.0, static_cast<double>(size));
    for (Term term : breaks(demand, false)) {
        term.value *= weight;
        penalty_.push_back(term);
    }
}

Objective Model::linear(const Goal& goal) {
    std::vector<std::pair<int, Int128>> exact;
    for (std::size_t i = 0; i < share_.size(); ++i) {
        exact.emplace_back(share_[i], goal.coefficients[i] * problem_.step_pct);
    }
    Scaled left = scaled(exact);
    for (Term& term : left.terms) {
        term.value = goal.maximise ? -term.value : term.value;
    }
    return {std::move(left.terms), left.factor, left.gcd, goal.maximise};
}

Objective Model::pairs(const Goal& goal) {
    Objective result;
    result.factor = 0.01;
    result.unit = 100;
    for (std::size_t i = 0; i < goal.groups.size() * problem_.periods; ++i) {
        const std::size_t t = i % problem_.periods;
        const int used = mip_.add_column(0, 1, false);
        for (const std::size_t unit : goal.groups[i / problem_.periods]) {
            mip_.add_row(0, infinity, {{used, 1.0}, {use_[problem_.at(unit, t)], -1.0}});
        }
        result.terms.push_back({used, 1.0});
    }
    return result;
}

Objective Model::splits() {
    Objective result;
    result.factor = 0.01;
    result.unit = 100;
    for (std::size_t u = 0; u < problem_.units.size() && !problem_.whole(); ++u) {
        const int split = mip_.add_column(0, 1, true);
        std::vector<Term> parts{{split, 1.0 - static_cast<double>(problem_.periods)}};
        for (std::size_t t = 0; t < problem_.periods; ++t) {
            parts.push_back({use_[problem_.at(u, t)], 1.0});
        }
        mip_.add_row(-infinity, 1, std::move(parts));
        result.terms.push_back({split, 1.0});
    }
    return result;
}

Objective Model::shortfalls(const Goal& goal) {
    Objective result;
    for (const std::size_t d : goal.demands) {
        const bool deviation = goal.shape == Goal::Shape::deviation;
        for (const Term& term : breaks(problem_.demands[d], deviation)) {
            result.terms.push_back(term);
        }
    }
    result.unit = problem_.step_pct;
    double greatest = 0.0;
    for (const Term& term : result.terms) {
        greatest = std::max(greatest, term.value);
    }
    // Breaks of large sums come in scaled columns: bring their weights back to about 1.
    result.factor = greatest > 0.0 ? 1.0 / greatest : 1.0;
    for (Term& term : result.terms) {
        term.value *= result.factor;
    }
    return result;
}

Objective Model::add_goal(const Goal& goal) {
    switch (goal.shape) {
    case Goal::Shape::linear:
        return linear(goal);
    case Goal::Shape::pairs:
        return pairs(goal);
    case Goal::Shape::splits:
        return splits();
    case Goal::Shape::shortfall:
    case Goal::Shape::deviation:
        return shortfalls(goal);
    }
    return {};
}

void Model::keep(const Objective& objective, Int128 value) {
    const auto exact = static_cast<double>(objective.maximise ? -value : value);
    const double room = static_cast<double>(objective.unit) / 2;
    mip_.add_row(-infinity, (exact + room) * objective.factor, objective.terms);
}

void Model::forbid(const Shares& shares) {
    std::vector<Term> terms;
    double least = 1.0;
    for (std::size_t i = 0; i < share_.size(); ++i) {
        const int steps = shares[i] / problem_.step_pct;
        const double now = steps;
        const auto most = static_cast<double>(steps_);
        if (problem_.whole()) {
            terms.push_back({share_[i], now > 0 ? -1.0 : 1.0});
            least -= now > 0 ? 1.0 : 0.0;
            continue;
        }
        if (now < most) { // more than now
            const int more = mip_.add_column(0, 1, true);
            mip_.add_row(0, infinity, {{share_[i], 1.0}, {more, -now - 1.0}});
            terms.push_back({more, 1.0});
        }
        if (now > 0) { // less than now
            const int less = mip_.add_column(0, 1, true);
            mip_.add_row(-infinity, most, {{share_[i], 1.0}, {less, most - now + 1.0}});
            terms.push_back({less, 1.0});
        }
    }
    mip_.add_row(least, infinity, std::move(terms));
}

void Model::fix(std::size_t unit, std::size_t period, int share_pct) {
    const int steps = share_pct / problem_.step_pct;
    mip_.fix(column(unit, period), steps);
}

MipResult Model::solve(
    const std::vector<Term>& objective,
    const Shares* start,
    const MipOptions& options,
    Watch& watch
) const {
    std::vector<Term> known;
    for (std::size_t i = 0; start != nullptr && i < share_.size(); ++i) {
        const int share = (*start)[i];
        const int steps = share / problem_.step_pct;
        known.push_back({share_[i], static_cast<double>(steps)});
        if (!problem_.whole()) {
            known.push_back({use_[i], share > 0 ? 1.0 : 0.0});
        }
    }
    return mip_.solve(objective, known, options, watch);
}

Shares Model::shares(const MipResult& result) const {
    Shares shares;
    for (const int column : share_) {
        const double steps = result.values[static_cast<std::size_t>(column)];
        shares.push_back(static_cast<int>(std::lround(steps)) * problem_.step_pct);
    }
    return shares;
}

} // namespace tuban::planning
