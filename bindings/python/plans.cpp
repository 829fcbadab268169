#include <tuban/ranking.hpp>
#include <tuban/schedule.hpp>
#include <tuban/workspace.hpp>

#include "long_call.hpp"
#include "values.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace nb = nanobind;

namespace tuban::python {
namespace {

using OptionalText = std::optional<std::string>;

Decimal decimal(const std::string& text) {
    const std::optional<Decimal> parsed = Decimal::parse(text);
    if (!parsed) {
        throw Error(
            ErrorCode::invalid_argument,
            {"“" + text + "”不是普通写法的数，例如 195.45",
             "\"" + text + "\" is not a number in plain notation, like 195.45"}
        );
    }
    return *parsed;
}

std::optional<Condition> condition(const OptionalText& text) {
    return text ? std::optional(Condition{*text, {}}) : std::nullopt;
}

struct RuleName {
    std::string id;
    std::string name;
    std::string basis;
};

void add_points(
    Rules& rules,
    const RuleName& rule,
    const std::pair<OptionalText, OptionalText>& when_and_of,
    const std::string& points,
    const std::vector<std::pair<double, std::string>>& curve
) {
    PointRule made;
    made.id = rule.id;
    made.name = rule.name;
    made.basis = rule.basis;
    made.when = condition(when_and_of.first);
    made.of = condition(when_and_of.second);
    made.points = decimal(points);
    for (const auto& [x, worth] : curve) {
        made.curve.emplace_back(x, decimal(worth));
    }
    rules.points.push_back(std::move(made));
}

void bind_rules(nb::module_& module) {
    nb::class_<RuleName>(module, "RuleName", "What a rule is called.")
        .def(
            "__init__",
            [](RuleName* self, std::string id, std::string name, std::string basis) {
                new (self) RuleName{std::move(id), std::move(name), std::move(basis)};
            }
        );
    nb::class_<Rules>(module, "Rules", "Gates, tiers and points.")
        .def(nb::init<>())
        .def(
            "add_gate",
            [](Rules& rules, const RuleName& rule, std::string when) {
                rules.gates.push_back(
                    {rule.id, rule.name, rule.basis, {std::move(when), {}}, Origin::project}
                );
            }
        )
        .def(
            "add_tier",
            [](Rules& rules, const RuleName& rule, std::string when) {
                rules.tiers.push_back(
                    {rule.id, rule.name, rule.basis, {std::move(when), {}}, Origin::project}
                );
            }
        )
        .def("add_points", &add_points)
        .def("ids", [](const Rules& rules) {
            std::vector<std::string> ids;
            for (const Gate& gate : rules.gates) {
                ids.push_back(gate.id);
            }
            for (const Tier& tier : rules.tiers) {
                ids.push_back(tier.id);
            }
            for (const PointRule& rule : rules.points) {
                ids.push_back(rule.id);
            }
            return ids;
        });
}

Result rank_of(
    const Table& table,
    const Plots& plots,
    const Rules& rules,
    const Requests& requests,
    const Running& running
) {
    return long_call(running, [&](const Execution& execution) {
        Result result;
        result.plots = plots;
        result.table = table;
        result.project.rules = rules;
        result.indicators = requests.list;
        result.issues = plots.issues;
        const Ranking judged = judge_gates(table, rules, plots.states);
        // No request of measure() can name barriers, so no layer is needed again.
        const std::vector<Issue> regrouped = measure_clusters(
            result.table, {plots, judged.eligible}, {}, requests.list, execution
        );
        result.issues.insert(result.issues.end(), regrouped.begin(), regrouped.end());
        result.ranking = rank(result.table, rules, judged);
        result.issues.insert(
            result.issues.end(), result.ranking.issues.begin(), result.ranking.issues.end()
        );
        put_ranking(result.table, result.ranking, rules);
        return result;
    });
}

nb::list contributions(const Result& result) {
    nb::list list;
    for (const Contribution& each : result.ranking.contributions) {
        list.append(nb::make_tuple(
            each.row, each.rule_id, each.value, static_cast<double>(each.micro_points) / 1e6
        ));
    }
    return list;
}

nb::list to_pairs(const std::vector<Text>& texts) {
    nb::list list;
    for (const Text& text : texts) {
        list.append(to_tuple(text));
    }
    return list;
}

template <class Enum, std::size_t N>
Enum choice(
    const std::array<std::pair<const char*, Enum>, N>& words, const std::string& given
) {
    for (const auto& [word, value] : words) {
        if (given == word) {
            return value;
        }
    }
    std::string known;
    for (const auto& [word, value] : words) {
        known += (known.empty() ? "" : ", ") + std::string(word);
    }
    throw Error(
        ErrorCode::invalid_argument,
        {"“" + given + "”不在其中：" + known, "\"" + given + "\" is none of: " + known}
    );
}

constexpr std::array<std::pair<const char*, UnitKind>, 3> unit_words{
    {{"plot", UnitKind::plot}, {"mine", UnitKind::mine}, {"cluster", UnitKind::cluster}}};
constexpr std::array<std::pair<const char*, RequirementKind>, 6> requirement_words{
    {{"sum", RequirementKind::sum},
     {"count", RequirementKind::count},
     {"complete_by", RequirementKind::complete_by},
     {"not_before", RequirementKind::not_before},
     {"pin", RequirementKind::pin},
     {"together", RequirementKind::together}}};
constexpr std::array<std::pair<const char*, Relation>, 3> relation_words{
    {{"at_least", Relation::at_least},
     {"at_most", Relation::at_most},
     {"equal", Relation::equal}}};
constexpr std::array<std::pair<const char*, PreferenceKind>, 5> preference_words{
    {{"meet", PreferenceKind::meet},
     {"earliest", PreferenceKind::earliest},
     {"together", PreferenceKind::together},
     {"fewest_splits", PreferenceKind::fewest_splits},
     {"least", PreferenceKind::least}}};

void set_kind(Requirement& requirement, const std::string& kind) {
    requirement.kind = choice(requirement_words, kind);
}

void add_limit(
    Requirement& requirement, const std::string& relation, const std::string& value
) {
    requirement.limits.push_back({choice(relation_words, relation), decimal(value)});
}

void bind_requirement(nb::module_& module) {
    nb::class_<Requirement>(module, "Requirement", "One requirement of a plan.")
        .def(nb::init<>())
        .def_rw("id", &Requirement::id)
        .def_rw("name", &Requirement::name)
        .def_rw("quantity", &Requirement::quantity)
        .def_rw("in_period", &Requirement::in, nb::arg().none())
        .def_rw("by", &Requirement::by, nb::arg().none())
        .def_rw("period", &Requirement::period)
        .def_rw("plots", &Requirement::plots)
        .def_rw("soft", &Requirement::soft)
        .def("set_kind", &set_kind)
        .def("add_limit", &add_limit)
        .def(
            "set_within",
            [](Requirement& self, const std::string& value) { self.within = decimal(value); }
        )
        .def("set_where", [](Requirement& self, const std::string& where) {
            self.filter = Condition{where, {}};
        });
}

void add_preference(
    ScheduleRules& rules,
    const std::string& kind,
    const std::string& of,
    bool per_plot,
    const std::string& give_up_pct
) {
    rules.prefer.push_back(
        {choice(preference_words, kind), of, per_plot, decimal(give_up_pct), {}}
    );
}

void bind_schedule_rules(nb::module_& module) {
    nb::class_<ScheduleRules>(module, "ScheduleRules", "Periods, requirements, preferences.")
        .def(nb::init<>())
        .def(
            "add_period",
            [](ScheduleRules& rules, std::string name, std::vector<int> years) {
                rules.periods.push_back({std::move(name), std::move(years)});
            }
        )
        .def(
            "add_requirement",
            [](ScheduleRules& rules, const Requirement& requirement) {
                rules.require.push_back(requirement);
            }
        )
        .def("add_preference", &add_preference)
        .def(
            "set_unit",
            [](ScheduleRules& rules, const std::string& unit) {
                rules.unit = choice(unit_words, unit);
            }
        )
        .def(
            "set_split",
            [](ScheduleRules& rules, int step_pct, int least_pct) {
                rules.split = Split{step_pct, least_pct};
            }
        )
        .def("set_gap_pct", [](ScheduleRules& rules, double pct) { rules.gap_pct = pct; });
}

/// The given table with what the ranking has put into its own.
Table with_ranking(const Table& table, const Result& ranked) {
    if (table.at("plot_id").values != ranked.table.at("plot_id").values) {
        throw Error(
            ErrorCode::invalid_argument,
            {"表格和排序的图斑编号不同或次序不同；请用同一张表排序和排期",
             "table and ranking have other plot ids, or another order: rank and schedule the "
             "same table"}
        );
    }
    Table made = table;
    std::vector<std::string> names;
    for (const IndicatorFamily& family : indicator_registry()) {
        if (family.measure_eligible == nullptr) {
            continue;
        }
        for (const IndicatorColumn& column : family.columns) {
            names.push_back(column.name);
        }
    }
    names.insert(names.end(), {"tier", "tier_name", "score", "rank"});
    for (const std::string& name : names) {
        if (const Column* column = ranked.table.find(name)) {
            made.put(*column);
        }
    }
    return made;
}

Result schedule_of(
    const Table& table,
    const Result& ranked,
    const ScheduleRules& rules,
    const std::pair<bool, std::int64_t>& relax_and_seed,
    const Running& running
) {
    return long_call(running, [&](const Execution& execution) {
        Result result = ranked;
        result.table = with_ranking(table, ranked);
        result.project.schedule = rules;
        result.seed = relax_and_seed.second;
        result.plan = schedule(
            result.table,
            result.ranking,
            rules,
            {relax_and_seed.first, relax_and_seed.second},
            execution
        );
        result.issues.insert(
            result.issues.end(), result.plan->issues.begin(), result.plan->issues.end()
        );
        return result;
    });
}

Table assignments(const Result& result) {
    std::vector<OptionalText> ids;
    std::vector<OptionalText> periods;
    std::vector<std::optional<std::int64_t>> shares;
    std::vector<std::optional<double>> areas;
    std::vector<std::optional<std::int64_t>> costs;
    const Column& plot_ids = result.table.at("plot_id");
    for (const Assignment& part : result.plan->assignments) {
        ids.push_back(plot_ids.text(part.row));
        periods.emplace_back(result.plan->periods[part.period].name);
        shares.emplace_back(part.share_pct);
        areas.emplace_back(static_cast<double>(part.area_dm2) / 100.0);
        costs.emplace_back(part.cost_yuan);
    }
    Table table;
    table.rows = ids.size();
    table.put(text_column("plot_id", "图斑编号", ids));
    table.put(text_column("period", "计划年度", periods));
    table.put(integer_column("share_pct", "占比", "%", shares));
    table.put(real_column("area_m2", "面积", "m2", areas));
    table.put(integer_column("cost_yuan", "投资", "yuan", costs));
    return table;
}

nb::object period_name(const Plan& plan, const std::optional<std::size_t>& index) {
    return index ? nb::cast(plan.periods[*index].name) : nb::none();
}

nb::list constraints(const Result& result) {
    nb::list list;
    for (const ConstraintResult& each : result.plan->constraints) {
        nb::dict made;
        made["id"] = each.id;
        made["name"] = each.name;
        made["from_period"] = period_name(*result.plan, each.from_period);
        made["to_period"] = period_name(*result.plan, each.to_period);
        made["quantity"] = each.quantity;
        made["filter"] = each.filter;
        made["relation"] = relation_words[static_cast<std::size_t>(each.relation)].first;
        made["required"] = each.required;
        made["tolerance"] = each.tolerance;
        made["achieved"] = each.achieved;
        made["slack"] = each.slack;
        made["soft"] = each.soft;
        list.append(made);
    }
    return list;
}

nb::list conflicts(const Result& result) {
    nb::list list;
    for (const Conflict& each : result.plan->conflicts) {
        nb::dict made;
        made["id"] = each.id;
        made["name"] = each.name;
        made["shortfall"] = each.shortfall;
        made["unit"] = each.unit;
        made["zh"] = each.message.zh;
        made["en"] = each.message.en;
        list.append(made);
    }
    return list;
}

nb::list stages(const Result& result) {
    nb::list list;
    for (const Stage& each : result.plan->stages) {
        nb::dict made;
        made["name"] = each.name;
        made["objective"] = each.objective;
        made["bound"] = each.bound;
        made["gap"] = each.gap;
        list.append(made);
    }
    return list;
}

std::vector<std::string> period_names(const Result& result) {
    std::vector<std::string> names;
    for (const Period& period : result.plan->periods) {
        names.push_back(period.name);
    }
    return names;
}

std::vector<std::string> order(const Result& result) {
    std::vector<std::string> ids;
    for (const std::size_t row : result.ranking.order) {
        ids.push_back(result.plots.ids[row]);
    }
    return ids;
}

void bind_result(nb::module_& module) {
    nb::class_<Result>(module, "Result", "What is known of a table: ranked, then planned.")
        .def("table", [](const Result& result) { return result.table; })
        .def_ro("plots", &Result::plots)
        .def("issues", [](const Result& result) { return to_list(result.issues); })
        .def("requests", [](const Result& result) { return Requests{result.indicators}; })
        .def("is_ranked", [](const Result& result) { return !result.ranking.rank.empty(); })
        .def("has_plan", [](const Result& result) { return result.plan.has_value(); })
        .def("order", &order)
        .def(
            "eligible",
            [](const Result& result) {
                return std::vector<bool>(
                    result.ranking.eligible.begin(), result.ranking.eligible.end()
                );
            }
        )
        .def("failed_gates", [](const Result& result) { return result.ranking.failed_gate; })
        .def(
            "rank_reasons",
            [](const Result& result) { return to_pairs(result.ranking.reasons); }
        )
        .def("contributions", &contributions)
        .def("status", [](const Result& result) { return name_of(result.plan->status); })
        .def("objective", [](const Result& result) { return result.plan->objective; })
        .def("bound", [](const Result& result) { return result.plan->bound; })
        .def("gap", [](const Result& result) { return result.plan->gap; })
        .def("solver", [](const Result& result) { return result.plan->solver; })
        .def("stages", &stages)
        .def("periods", &period_names)
        .def("assignments", &assignments)
        .def("constraints", &constraints)
        .def("conflicts", &conflicts)
        .def("plan_reasons", [](const Result& result) {
            return to_pairs(result.plan->reasons);
        });
}

} // namespace

void bind_plans(nb::module_& module) {
    bind_rules(module);
    bind_requirement(module);
    bind_schedule_rules(module);
    bind_result(module);
    module.def("rank", &rank_of);
    module.def("schedule", &schedule_of);
}

} // namespace tuban::python
