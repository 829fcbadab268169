#include "schedule/conflicts.hpp"

#include "core/format.hpp"
#include "schedule/words.hpp"

#include <algorithm>
#include <set>

namespace tuban::planning {
namespace {

// Finding out which requirements clash takes one solve per requirement.
constexpr std::size_t most_requirements = 40;
constexpr int most_nodes = 5000;

std::string unit_code(const Quantity& quantity) {
    return quantity.base == Quantity::Base::area && quantity.name != "area_mu"
               ? quantity.unit.en
               : (quantity.base == Quantity::Base::share ? "个" : quantity.unit.zh);
}

Text period_text(const Demand& demand, const std::vector<Period>& periods) {
    if (demand.whole_plan) {
        return {"全部各期", "whole plan"};
    }
    const std::string& last = periods[demand.to].name;
    return demand.from == demand.to ? Text{last, last} : text("到 {} 为止", "up to {}", last);
}

/// Requirements of which none can be left out without the rest becoming possible; empty if that would take too long.
std::vector<std::size_t>
clashing(const Problem& problem, const Settings& settings, Watch& watch) {
    std::set<std::size_t> hard;
    for (const Demand& demand : problem.demands) {
        if (!demand.soft) {
            hard.insert(demand.requirement);
        }
    }
    if (hard.size() > most_requirements) {
        return {};
    }
    MipOptions options;
    options.seed = settings.seed;
    options.max_nodes = most_nodes;
    std::vector<std::size_t> left_out;
    std::vector<std::size_t> needed;
    for (const std::size_t requirement : hard) {
        left_out.push_back(requirement);
        const Model model(problem, Model::Kind::strict, left_out);
        if (!model.solve({}, nullptr, options, watch).infeasible) {
            left_out.pop_back();
            needed.push_back(requirement);
        }
    }
    return needed;
}

/// The most that all units together can bring to a sum, in per cents of base units.
Int128 most_of(const Problem& problem, const Demand& demand) {
    Int128 sum = 0;
    for (std::size_t u = 0; u < problem.units.size(); ++u) {
        std::int64_t most = 0;
        if (demand.shape == Demand::Shape::count) {
            most = demand.coefficients[u];
        }
        for (std::size_t t = demand.from; demand.shape == Demand::Shape::sum && t <= demand.to;
             ++t) {
            most = std::max(most, demand.coefficients[problem.at(u, t)]);
        }
        sum += static_cast<Int128>(most) * 100;
    }
    return sum;
}

bool everything_must_be_done(const Problem& problem) {
    const auto eligible = static_cast<std::size_t>(std::count_if(
        problem.unit_of.begin(),
        problem.unit_of.end(),
        [](const auto& unit) { return unit.has_value(); }
    ));
    return std::any_of(problem.demands.begin(), problem.demands.end(), [&](const Demand& d) {
        return !d.soft && d.quantity.base == Quantity::Base::share &&
               d.relation == Relation::at_least && d.rows.size() == eligible;
    });
}

/// Equalities that between them cover every period fix the total, and so may finishing all.
std::optional<Text> equality_hint(const Problem& problem, const Demand& demand) {
    Int128 wanted = 0;
    std::set<std::size_t> covered;
    for (const Demand& other : problem.demands) {
        if (!other.soft && other.relation == Relation::equal && other.from == other.to &&
            other.shape == Demand::Shape::sum && other.filter.empty() &&
            other.quantity.name == demand.quantity.name) {
            wanted += static_cast<Int128>(other.value) * 100;
            covered.insert(other.to);
        }
    }
    Int128 total = 0;
    const auto& amounts =
        demand.quantity.base == Quantity::Base::area ? problem.area_dm2 : problem.cost_yuan;
    for (std::size_t row = 0; row < problem.unit_of.size(); ++row) {
        total += problem.unit_of[row] ? amounts[row * problem.periods] : 0;
    }
    total *= static_cast<Int128>(demand.quantity.multiplier) * 100;
    const bool fixed = demand.quantity.base == Quantity::Base::area ||
                       demand.quantity.base == Quantity::Base::cost;
    if (fixed && covered.size() == problem.periods && everything_must_be_done(problem)) {
        const Text plots = amount_text(demand, total);
        const Text sums = amount_text(demand, wanted);
        return Text{
            format(
                "；须全部完成的图斑合计 {}，各期等量要求合计 {}：请核对面积，或放宽容差 within",
                plots.zh,
                sums.zh
            ),
            format(
                "; the plots that must all be finished hold {}, the equal amounts of the "
                "periods add up to {}: "
                "check the areas or widen `within`",
                plots.en,
                sums.en
            )};
    }
    if (problem.whole()) {
        return Text{
            "；整个图斑难以凑成等量：可放宽容差 within，或用 split 允许拆分",
            "; whole units rarely add up to an exact amount: widen `within`, or allow `split`"};
    }
    return std::nullopt;
}

Text hint(const Problem& problem, const Demand& demand) {
    const Int128 most = demand.shape == Demand::Shape::groups ? 0 : most_of(problem, demand);
    if (demand.relation == Relation::at_least && demand.shape != Demand::Shape::groups &&
        demand.quantity.base != Quantity::Base::share &&
        most < static_cast<Int128>(demand.value) * 100) {
        const Text all = amount_text(demand, most);
        return {
            format("；参加排期的图斑合计也只有 {}", all.zh),
            format("; all plots that take part hold only {}", all.en)};
    }
    if (demand.relation == Relation::equal && demand.shape == Demand::Shape::sum &&
        demand.quantity.base != Quantity::Base::share) {
        return equality_hint(problem, demand).value_or(Text{});
    }
    return {};
}

/// "at least 195.45 ha required, 0.35 ha short"
Text gives_text(const Demand& demand) {
    const Text gives = amount_text(demand, demand.relaxed);
    const Text required = amount_text(demand, static_cast<Int128>(demand.value) * 100);
    const std::string& zh = required.zh;
    const std::string& en = required.en;
    switch (demand.shape == Demand::Shape::groups ? Relation::at_most : demand.relation) {
    case Relation::at_least:
        return {
            format("要求不少于 {}，还差 {}", zh, gives.zh),
            format("at least {} required, {} short", en, gives.en)};
    case Relation::at_most:
        return {
            format("要求不多于 {}，还差 {}（须超出这么多）", zh, gives.zh),
            format("at most {} allowed, {} more is needed", en, gives.en)};
    case Relation::equal:
        return {
            format("要求等于 {}，超出容差 {}", zh, gives.zh),
            format("must equal {}, {} beyond its tolerance", en, gives.en)};
    }
    return {};
}

Text message_of(
    const Problem& problem,
    const Demand& demand,
    const std::vector<Period>& periods,
    const std::vector<Text>& others
) {
    const Text when = period_text(demand, periods);
    const Text gives = gives_text(demand);
    const Text more = hint(problem, demand);
    Text clash;
    if (!others.empty()) {
        const Text names = joined(others);
        clash.zh = format("；与 {} 不能同时满足", names.zh);
        clash.en = format("; cannot hold together with {}", names.en);
    }
    return {
        format("{}（{}）：{}{}{}", demand.name, when.zh, gives.zh, clash.zh, more.zh),
        format("{} ({}): {}{}{}", demand.name, when.en, gives.en, clash.en, more.en)};
}

void find_relaxation(Problem& problem, const Settings& settings, Watch& watch) {
    Model model(problem, Model::Kind::elastic);
    MipOptions options;
    options.seed = settings.seed;
    const MipResult result = model.solve(model.penalty(), nullptr, options, watch);
    if (!result.found) {
        throw Error(
            ErrorCode::internal,
            text("放宽全部要求后仍无方案", "no plan even with every requirement relaxed")
        );
    }
    const Shares shares = model.shares(result);
    for (Demand& demand : problem.demands) {
        if (demand.soft) {
            continue;
        }
        demand.relaxed = shortfall(demand, left_side(problem, demand, shares));
        if (!problem.whole() && (demand.quantity.base == Quantity::Base::area ||
                                 demand.quantity.base == Quantity::Base::cost)) {
            const Int128 printed = rounded_sum(problem, demand, shares) * 100;
            demand.relaxed = std::max(demand.relaxed, shortfall(demand, printed));
        }
    }
}

/// The other requirements of a clash that a requirement is part of, by name.
std::vector<Text> clashes_with(
    const Problem& problem, std::size_t requirement, const std::vector<std::size_t>& clash
) {
    std::vector<Text> others;
    const auto in_clash = [&](std::size_t one) {
        return std::find(clash.begin(), clash.end(), one) != clash.end();
    };
    std::set<std::size_t> seen{requirement};
    for (const Demand& other : problem.demands) {
        if (in_clash(requirement) && in_clash(other.requirement) &&
            seen.insert(other.requirement).second) {
            others.push_back({other.name, other.name});
        }
    }
    return others;
}

} // namespace

std::vector<Conflict> relax(
    Problem& problem, const std::vector<Period>& periods, const Settings& settings, Watch& watch
) {
    const std::vector<std::size_t> clash = clashing(problem, settings, watch);
    find_relaxation(problem, settings, watch);
    std::vector<Conflict> conflicts;
    for (const Demand& demand : problem.demands) {
        if (demand.soft || demand.relaxed == 0) {
            continue;
        }
        const auto others = clashes_with(problem, demand.requirement, clash);
        conflicts.push_back(
            {demand.id,
             demand.name,
             in_user_unit(demand, demand.relaxed),
             unit_code(demand.quantity),
             message_of(problem, demand, periods, others)}
        );
    }
    return conflicts;
}

} // namespace tuban::planning
