// Every plan of small random counties, judged from the rules by plain loops: no code of the scheduler is used.
#include <tuban/schedule.hpp>

#include "catch.hpp"
#include "samples.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <random>
#include <set>

using namespace tuban;
using namespace samples;

namespace {

using Grid = std::vector<std::vector<int>>; ///< per cent by plot and period

struct County {
    std::vector<Plot> plots;
    ScheduleRules rules;
    double threshold_ha = 0.5; ///< of every `where`

    [[nodiscard]] std::size_t periods() const { return rules.periods.size(); }

    [[nodiscard]] int step() const { return rules.split ? rules.split->step_pct : 100; }
};

std::size_t index_of(const County& county, const std::string& period) {
    std::size_t t = 0;
    while (county.rules.periods[t].name != period) {
        ++t;
    }
    return t;
}

bool counts(const County& county, const Requirement& requirement, std::size_t plot) {
    const Plot& one = county.plots[plot];
    if (requirement.kind == RequirementKind::pin) {
        return std::count(requirement.plots.begin(), requirement.plots.end(), one.id) > 0;
    }
    return !requirement.filter || one.area_m2 / 1e4 > county.threshold_ha;
}

std::map<std::string, std::vector<std::size_t>> groups_of(const County& county) {
    std::map<std::string, std::vector<std::size_t>> groups;
    for (std::size_t p = 0; p < county.plots.size(); ++p) {
        if (!county.plots[p].cluster.empty()) {
            groups[county.plots[p].cluster].push_back(p);
        }
    }
    return groups;
}

std::int64_t amount(const Plot& plot, const std::string& quantity) {
    if (quantity == "cost_yuan" || quantity == "cost_wan_yuan") {
        return plot.cost_yuan;
    }
    return std::llround(plot.area_m2 * 100) * (quantity == "area_mu" ? 3 : 1);
}

std::int64_t bound_of(const Requirement& requirement, const Decimal& decimal) {
    // The county below writes its limits with exactly these decimals.
    return requirement.quantity == "area_mu" ? decimal.digits * 2000 : decimal.digits;
}

/// The span of periods that a requirement looks at; empty where nothing lies before the first.
std::pair<std::size_t, std::size_t> span(const County& county, const Requirement& r) {
    if (r.kind == RequirementKind::complete_by) {
        return {0, index_of(county, r.period) + 1};
    }
    if (r.kind == RequirementKind::not_before) {
        return {0, index_of(county, r.period)};
    }
    if (r.in) {
        return {index_of(county, *r.in), index_of(county, *r.in) + 1};
    }
    return {0, r.by ? index_of(county, *r.by) + 1 : county.periods()};
}

std::int64_t
broken(std::int64_t left, Relation relation, std::int64_t value, std::int64_t within) {
    if (relation == Relation::at_least) {
        return std::max<std::int64_t>(0, value - left);
    }
    if (relation == Relation::at_most) {
        return std::max<std::int64_t>(0, left - value);
    }
    return std::max<std::int64_t>(0, std::abs(left - value) - within);
}

std::int64_t left_of(const County& county, const Requirement& r, const Grid& grid) {
    const auto [from, to] = span(county, r);
    std::int64_t left = 0;
    for (std::size_t p = 0; p < grid.size(); ++p) {
        if (!counts(county, r, p)) {
            continue;
        }
        const int pct = std::accumulate(
            grid[p].begin() + static_cast<std::ptrdiff_t>(from),
            grid[p].begin() + static_cast<std::ptrdiff_t>(to),
            0
        );
        if (r.kind == RequirementKind::sum) {
            left += amount(county.plots[p], r.quantity) * pct;
        } else if (r.kind == RequirementKind::count) {
            left += pct > 0 ? 100 : 0;
        } else {
            left += pct;
        }
    }
    return left;
}

/// Breaks of each limit of a requirement (in hundredths of its integers), and the size that each is measured by.
std::vector<std::pair<std::int64_t, double>>
breaks_of(const County& county, const Requirement& r, const Grid& grid) {
    if (r.kind == RequirementKind::together) {
        std::int64_t divided = 0;
        std::int64_t groups = 0;
        for (const auto& [name, plots] : groups_of(county)) {
            divided +=
                std::any_of(plots.begin(), plots.end(), [&, first = plots[0]](std::size_t p) {
                    return grid[p] != grid[first];
                });
            groups += plots.size() > 1 ? 1 : 0;
        }
        return {{divided * 100, std::max(1.0, static_cast<double>(groups) * 100)}};
    }
    const std::int64_t left = left_of(county, r, grid);
    std::int64_t plots = 0;
    for (std::size_t p = 0; p < grid.size(); ++p) {
        plots += counts(county, r, p) ? 1 : 0;
    }
    const auto [from, to] = span(county, r);
    const double several = static_cast<double>(plots * 100) * static_cast<double>(to - from);
    switch (r.kind) {
    case RequirementKind::complete_by:
        return {
            {broken(left, Relation::at_least, plots * 100, 0),
             plots > 0 ? static_cast<double>(plots * 100) : 1.0}};
    case RequirementKind::not_before:
        return {{left, std::max(1.0, several)}};
    case RequirementKind::pin:
        return {{plots * 100 - left, static_cast<double>(plots * 100)}};
    default:
        break;
    }
    std::vector<std::pair<std::int64_t, double>> result;
    for (const Limit& limit : r.limits) {
        const std::int64_t value = bound_of(r, limit.value);
        const std::int64_t within =
            limit.relation == Relation::equal ? bound_of(r, r.within) : 0;
        result.emplace_back(
            broken(left, limit.relation, value * 100, within * 100),
            static_cast<double>(value) * 100
        );
    }
    return result;
}

std::int64_t total_break(const County& county, const Requirement& r, const Grid& grid) {
    std::int64_t sum = 0;
    for (const auto& [by, size] : breaks_of(county, r, grid)) {
        sum += by;
    }
    return sum;
}

/// A stage's value, smaller is better (hundredths of integers).
std::int64_t value_of(const County& county, const Preference& preference, const Grid& grid) {
    std::int64_t value = 0;
    const auto groups = groups_of(county);
    for (std::size_t p = 0; p < grid.size(); ++p) {
        const Plot& plot = county.plots[p];
        for (std::size_t t = 0; t < county.periods(); ++t) {
            const auto early = static_cast<std::int64_t>(county.periods() - t);
            if (preference.kind == PreferenceKind::earliest) {
                const std::int64_t size = preference.per_plot ? 1 : amount(plot, "area_m2");
                value -= std::llround(plot.score) * size * early * grid[p][t];
            }
            if (preference.kind == PreferenceKind::least) {
                value += amount(plot, preference.of) * grid[p][t];
            }
        }
    }
    if (preference.kind == PreferenceKind::together) {
        for (const auto& [name, plots] : groups) {
            for (std::size_t t = 0; t < county.periods(); ++t) {
                value += std::any_of(
                             plots.begin(),
                             plots.end(),
                             [&, t = t](std::size_t p) { return grid[p][t] > 0; }
                         )
                             ? 100
                             : 0;
            }
        }
    }
    return value;
}

using Stages = std::vector<std::pair<std::string, std::function<std::int64_t(const Grid&)>>>;

/// Plots that are one unit, in the order of their smallest id.
std::vector<std::vector<std::size_t>> units_of(const County& county) {
    std::vector<std::vector<std::size_t>> units;
    std::set<std::size_t> grouped;
    if (county.rules.unit != UnitKind::plot) {
        for (const auto& [name, plots] : groups_of(county)) {
            units.push_back(plots);
            grouped.insert(plots.begin(), plots.end());
        }
    }
    for (std::size_t p = 0; p < county.plots.size(); ++p) {
        if (grouped.count(p) == 0) {
            units.push_back({p});
        }
    }
    const auto smallest = [&](const std::vector<std::size_t>& unit) {
        std::string id = county.plots[unit[0]].id;
        for (const std::size_t p : unit) {
            id = std::min(id, county.plots[p].id);
        }
        return id;
    };
    std::sort(units.begin(), units.end(), [&](const auto& a, const auto& b) {
        return smallest(a) < smallest(b);
    });
    return units;
}

Stages stages_of(const County& county) {
    Stages stages;
    const auto meet = [&](const Requirement& r) {
        stages.emplace_back("meet " + r.id, [&county, &r](const Grid& grid) {
            return total_break(county, r, grid);
        });
    };
    std::set<std::string> named;
    for (const Preference& p : county.rules.prefer) {
        named.insert(p.kind == PreferenceKind::meet ? p.of : "");
    }
    for (const Requirement& r : county.rules.require) {
        if (r.soft && named.count(r.id) == 0) {
            meet(r);
        }
    }
    for (const Preference& p : county.rules.prefer) {
        if (p.kind == PreferenceKind::meet) {
            for (const Requirement& r : county.rules.require) {
                if (r.id == p.of) {
                    meet(r);
                }
            }
        } else if (p.kind == PreferenceKind::fewest_splits) {
            stages.emplace_back("splits", [&county](const Grid& grid) {
                std::int64_t splits = 0;
                for (const auto& unit : units_of(county)) {
                    const auto& shares = grid[unit[0]];
                    splits += std::count_if(shares.begin(), shares.end(), [](int s) {
                                  return s > 0;
                              }) > 1;
                }
                return splits * 100;
            });
        } else {
            stages.emplace_back("value", [&county, &p](const Grid& grid) {
                return value_of(county, p, grid);
            });
        }
    }
    std::vector<std::string> quantities;
    for (const Requirement& r : county.rules.require) {
        const bool equal = !r.limits.empty() && r.limits[0].relation == Relation::equal;
        if (equal && std::count(quantities.begin(), quantities.end(), r.quantity) == 0) {
            quantities.push_back(r.quantity);
        }
    }
    for (const std::string& quantity : quantities) {
        stages.emplace_back("deviation", [&county, quantity](const Grid& grid) {
            std::int64_t sum = 0;
            for (const Requirement& r : county.rules.require) {
                if (!r.limits.empty() && r.limits[0].relation == Relation::equal &&
                    r.quantity == quantity) {
                    sum += std::abs(
                        left_of(county, r, grid) - bound_of(r, r.limits[0].value) * 100
                    );
                }
            }
            return sum;
        });
    }
    return stages;
}

void all_shares(
    const County& county, std::vector<int>& now, std::vector<std::vector<int>>& all
) {
    if (now.size() == county.periods()) {
        all.push_back(now);
        return;
    }
    const int used = std::accumulate(now.begin(), now.end(), 0);
    const int least = county.rules.split ? county.rules.split->least_pct : 100;
    for (int pct = 0; pct + used <= 100; pct += county.step()) {
        if (pct == 0 || pct >= least) {
            now.push_back(pct);
            all_shares(county, now, all);
            now.pop_back();
        }
    }
}

std::vector<Grid> all_plans(const County& county) {
    std::vector<std::vector<int>> shares;
    std::vector<int> now;
    all_shares(county, now, shares);
    std::vector<Grid> plans{Grid(county.plots.size(), std::vector<int>(county.periods(), 0))};
    for (const auto& unit : units_of(county)) {
        std::vector<Grid> more;
        for (const Grid& plan : plans) {
            for (const auto& one : shares) {
                more.push_back(plan);
                for (const std::size_t p : unit) {
                    more.back()[p] = one;
                }
            }
        }
        plans = std::move(more);
    }
    return plans;
}

struct Answer {
    bool feasible = false;
    std::vector<std::int64_t> stages;
    Grid grid;
    double least_relaxation = 0.0;
};

Answer enumerate(const County& county) {
    Answer answer;
    std::vector<Grid> plans;
    answer.least_relaxation = 1e300;
    for (Grid& grid : all_plans(county)) {
        double relaxation = 0.0;
        for (const Requirement& r : county.rules.require) {
            for (const auto& [by, size] : breaks_of(county, r, grid)) {
                relaxation += r.soft ? 0.0 : static_cast<double>(by) / size;
            }
        }
        answer.least_relaxation = std::min(answer.least_relaxation, relaxation);
        if (relaxation == 0.0) {
            plans.push_back(std::move(grid));
        }
    }
    answer.feasible = !plans.empty();
    if (plans.empty()) {
        return answer;
    }
    const Stages stages = stages_of(county);
    for (std::size_t s = 0; s < stages.size(); ++s) {
        std::vector<std::int64_t> values;
        for (const Grid& grid : plans) {
            values.push_back(stages[s].second(grid));
        }
        const std::int64_t best = *std::min_element(values.begin(), values.end());
        answer.stages.push_back(best);
        // Only the county's first preference gives up, by whole per cents.
        const auto& prefer = county.rules.prefer;
        const std::size_t offset = static_cast<std::size_t>(std::count_if(
            county.rules.require.begin(),
            county.rules.require.end(),
            [&](const auto& r) {
                return r.soft && std::none_of(prefer.begin(), prefer.end(), [&](const auto& p) {
                           return p.kind == PreferenceKind::meet && p.of == r.id;
                       });
            }
        ));
        const bool gives = s >= offset && s - offset < prefer.size();
        const std::int64_t pct = gives ? prefer[s - offset].give_up_pct.digits : 0;
        const std::int64_t kept = best + std::abs(best) * pct / 100;
        std::vector<Grid> good;
        for (std::size_t i = 0; i < plans.size(); ++i) {
            if (values[i] <= kept) {
                good.push_back(plans[i]);
            }
        }
        plans = std::move(good);
    }
    const auto units = units_of(county);
    answer.grid =
        *std::min_element(plans.begin(), plans.end(), [&](const Grid& a, const Grid& b) {
            for (const auto& unit : units) { // earlier, or more of it early, is first
                if (a[unit[0]] != b[unit[0]]) {
                    return a[unit[0]] > b[unit[0]];
                }
            }
            return false;
        });
    return answer;
}

class Dice {
public:
    explicit Dice(unsigned seed) : random_(seed) {}

    int roll(int from, int to) {
        return from + static_cast<int>(random_() % static_cast<unsigned>(to - from + 1));
    }

    bool chance(int pct) { return roll(1, 100) <= pct; }

private:
    std::mt19937 random_;
};

Requirement random_requirement(Dice& dice, const County& county, int number) {
    const std::string id = "r" + std::to_string(number);
    const int kind = dice.roll(0, 9);
    const auto period = [&] {
        return county.rules.periods[static_cast<std::size_t>(dice.roll(0, 2))].name;
    };
    Requirement r = named(RequirementKind::sum, id);
    r.soft = dice.chance(30);
    if (kind != 9 && dice.chance(30)) {
        r.filter = where("area_ha > 0.5");
    }
    const int when = dice.roll(0, 2);
    const auto relation = static_cast<Relation>(dice.roll(0, 2));
    const std::int64_t parts = when == 0 ? 3 : 1;
    if (kind <= 3) {
        const char* names[] = {"area_ha", "cost_yuan", "area_mu", "area_ha"};
        r.quantity = names[kind];
        std::int64_t all = 0;
        for (const Plot& plot : county.plots) {
            all += amount(plot, r.quantity);
        }
        const std::int64_t value = all * dice.roll(20, 90) / 100 / parts;
        const Decimal decimals[] = {{value, 6}, {value, 0}, {value / 2000, 2}, {value, 6}};
        r.limits = {{relation, decimals[kind]}};
        const std::int64_t within = all * dice.roll(2, 10) / 100;
        const Decimal tolerances[] = {
            {within, 6}, {within, 0}, {within / 2000, 2}, {within, 6}};
        r.within = relation == Relation::equal ? tolerances[kind] : Decimal{};
    } else if (kind <= 5) {
        r.kind = RequirementKind::count;
        r.quantity = "plots";
        r.limits = {{relation, {dice.roll(1, 3), 0}}};
        r.within = relation == Relation::equal ? Decimal{1, 0} : Decimal{};
    } else if (kind == 6) {
        r.kind = RequirementKind::complete_by;
        r.period = period();
        r.filter = where("area_ha > 0.5");
    } else if (kind == 7) {
        r.kind = RequirementKind::not_before;
        r.period = period();
    } else if (kind == 8) {
        r.kind = RequirementKind::together;
        r.quantity = "cluster_id";
        r.filter.reset();
    } else {
        r.kind = RequirementKind::pin;
        r.in = period();
        r.plots = {county.plots[static_cast<std::size_t>(dice.roll(0, 3))].id};
    }
    if (kind <= 5 && when == 0) {
        r.in = period();
    } else if (kind <= 5 && when == 1) {
        r.by = period();
    }
    return r;
}

County random_county(unsigned seed) {
    Dice dice(seed);
    County county;
    const bool split = dice.chance(40);
    county.rules.periods = {{"2023", {2023}}, {"2024", {2024}}, {"2025—2026年", {2025, 2026}}};
    const int plots = split ? dice.roll(4, 5) : dice.roll(4, 7);
    if (split) {
        county.rules.split = Split{50, 50};
    }
    county.rules.unit = static_cast<UnitKind>(dice.roll(0, 2));
    const char* groups[] = {"", "A", "B"};
    for (int i = 0; i < plots; ++i) {
        const std::string id(1, static_cast<char>('a' + (i * 5 + 3) % 8));
        county.plots.push_back(
            {id,
             groups[dice.roll(0, 2)],
             dice.roll(1000, 9000) + dice.roll(0, 49) * 0.02, // halves are whole 0.01 m2
             dice.roll(50, 900) * 2,
             dice.roll(1, 5) * 10.0}
        );
    }
    const int requirements = dice.roll(1, 5);
    for (int i = 0; i < requirements; ++i) {
        county.rules.require.push_back(random_requirement(dice, county, i));
    }
    std::vector<Preference> all{
        prefer(PreferenceKind::earliest, "score"),
        prefer(PreferenceKind::together, "cluster_id"),
        prefer(PreferenceKind::least, "cost_yuan")};
    all[0].per_plot = dice.chance(50);
    if (split) {
        all.push_back(prefer(PreferenceKind::fewest_splits));
    }
    for (const Requirement& r : county.rules.require) {
        if (r.soft && dice.chance(50)) {
            all.push_back(prefer(PreferenceKind::meet, r.id));
        }
    }
    while (!all.empty() && dice.chance(75)) {
        const auto which =
            static_cast<std::ptrdiff_t>(dice.roll(0, static_cast<int>(all.size()) - 1));
        all[static_cast<std::size_t>(which)].give_up_pct = {
            dice.chance(30) ? dice.roll(1, 9) : 0, 0};
        county.rules.prefer.push_back(all[static_cast<std::size_t>(which)]);
        all.erase(all.begin() + which);
    }
    return county;
}

std::string rules_text(const ScheduleRules& rules) {
    std::string text = rules.split ? "split; " : "";
    text += "unit " + std::to_string(static_cast<int>(rules.unit)) + "; ";
    for (const Requirement& r : rules.require) {
        text += "kind " + std::to_string(static_cast<int>(r.kind)) + " " + r.quantity +
                (r.soft ? " soft" : "") + (r.filter ? " where" : "") + " in " +
                r.in.value_or("-") + " by " + r.by.value_or("-") + " " + r.period;
        for (const Limit& limit : r.limits) {
            text += " rel " + std::to_string(static_cast<int>(limit.relation)) + " " +
                    limit.value.text() + " within " + r.within.text();
        }
        text += "; ";
    }
    for (const Preference& p : rules.prefer) {
        text += "prefer " + std::to_string(static_cast<int>(p.kind)) + " " + p.of + " -" +
                p.give_up_pct.text() + "%; ";
    }
    return text;
}

} // namespace

TEST_CASE("A plan is the best of all plans, stage by stage", "[schedule][oracle]") {
    int feasible = 0;
    int relaxed = 0;
    const unsigned runs = 150;
    for (unsigned seed = 1; seed <= runs; ++seed) {
        const County county = random_county(seed);
        INFO("seed " << seed << ": " << rules_text(county.rules));
        const Answer answer = enumerate(county);
        const Table table = table_of(county.plots);
        ScheduleOptions options;
        options.relax = true;
        const Plan plan = schedule(table, ranking_of(table), county.rules, options);
        REQUIRE((plan.status == PlanStatus::optimal) == answer.feasible);
        if (!answer.feasible) {
            ++relaxed;
            // The plan under the least relaxation breaks no more than the best that any plan can do.
            const Grid grid = shares_of(plan, county.plots.size());
            double relaxation = 0.0;
            for (const Requirement& r : county.rules.require) {
                for (const auto& [by, size] : breaks_of(county, r, grid)) {
                    relaxation += r.soft ? 0.0 : static_cast<double>(by) / size;
                }
            }
            CHECK_THAT(relaxation, WithinAbs(answer.least_relaxation, 1e-7));
            CHECK_FALSE(plan.conflicts.empty());
            continue;
        }
        ++feasible;
        CHECK(shares_of(plan, county.plots.size()) == answer.grid);
        REQUIRE(plan.stages.size() >= answer.stages.size());
        for (std::size_t s = 0; s < answer.stages.size(); ++s) {
            const Stage& stage = plan.stages[s];
            double per_unit = 1.0; // ties to the user's unit: hectares, mu …
            if (stage.name == "earliest score" && !county.rules.prefer.empty()) {
                const auto p = std::find_if(
                    county.rules.prefer.begin(),
                    county.rules.prefer.end(),
                    [](const auto& one) { return one.kind == PreferenceKind::earliest; }
                );
                per_unit = p->per_plot ? 1.0 : 1e6;
            }
            for (const Requirement& r : county.rules.require) {
                if (stage.name == "meet " + r.id ||
                    stage.name == "least deviation " + r.quantity) {
                    per_unit = r.quantity == "area_ha"   ? 1e6
                               : r.quantity == "area_mu" ? 2e5
                                                         : 1.0;
                }
            }
            const double expected =
                std::abs(static_cast<double>(answer.stages[s])) / 100 / per_unit;
            CHECK_THAT(stage.objective, WithinAbs(expected, 1e-9 * std::max(1.0, expected)));
            CHECK(stage.bound == stage.objective);
        }
    }
    INFO("feasible " << feasible << ", infeasible " << relaxed);
    CHECK(feasible >= 40); // the dice must try both
    CHECK(relaxed >= 20);
}
