#include "schedule/problem.hpp"

#include "core/format.hpp"
#include "schedule/quantity.hpp"

#include <algorithm>
#include <set>

namespace tuban::planning {
namespace {

[[noreturn]] void invalid(Text message, const Where& where) {
    throw Error(ErrorCode::invalid_project, std::move(message), where);
}

/// Reads the rules against the table, one part of the problem after the other.
class Reader {
public:
    Reader(const Table& table, const Ranking& ranking, const ScheduleRules& rules)
        : table_(table), ranking_(ranking), rules_(rules), amounts_(table, ranking, rules) {}

    Problem read();

private:
    void read_periods();
    void read_units();
    void add_units(const std::vector<std::size_t>& rows, const std::set<std::size_t>& grouped);
    void read_demands();
    void read_goals();
    void add_soft_goal(std::size_t requirement);

    [[nodiscard]] std::size_t period(const std::string& name, const Where& where) const;
    std::vector<std::size_t> filtered(const Requirement& requirement, std::string& sql);
    std::vector<std::size_t> pinned(const Requirement& requirement, std::string& sql) const;
    [[nodiscard]] Demand start(std::size_t requirement) const;
    void span(Demand& demand, const Requirement& requirement) const;
    void add_limits(std::size_t requirement);
    void add_share(std::size_t requirement);
    void add_together(std::size_t requirement);
    void fill(Demand& demand);
    [[nodiscard]] std::vector<std::vector<std::size_t>>
    unit_groups(const std::string& column, const Where& where) const;
    Goal goal(const Preference& preference);
    Goal earliest(const Preference& preference);
    [[nodiscard]] Goal meet(const Preference& preference) const;

    const Table& table_;
    const Ranking& ranking_;
    const ScheduleRules& rules_;
    Amounts amounts_;
    std::unique_ptr<Conditions> conditions_;
    Problem problem_;
};

Problem Reader::read() {
    read_periods();
    read_units();
    const Quantity area = amounts_.quantity("area_m2", {});
    problem_.area_dm2 = amounts_.integers(area);
    if (table_.find("cost_yuan") != nullptr) {
        problem_.cost_yuan = amounts_.integers(amounts_.quantity("cost_yuan", {}));
    } else {
        problem_.cost_yuan.assign(table_.rows * problem_.periods, 0);
    }
    read_demands();
    read_goals();
    problem_.issues.insert(
        problem_.issues.end(), amounts_.issues.begin(), amounts_.issues.end()
    );
    for (Issue& gap : amounts_.gaps()) {
        problem_.issues.push_back(std::move(gap));
    }
    return std::move(problem_);
}

void Reader::read_periods() {
    problem_.periods = rules_.periods.size();
    if (rules_.periods.empty()) {
        invalid(text("排期没有任何期（periods）", "the schedule has no periods"), {});
    }
    std::set<std::string> names;
    for (const Period& one : rules_.periods) {
        if (!names.insert(one.name).second) {
            invalid(text("期“{}”出现了两次", "period \"{}\" is there twice", one.name), {});
        }
    }
    if (ranking_.eligible.size() != table_.rows) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "排序结果有 {} 行，表有 {} 行",
                "the ranking has {} rows, the table {}",
                ranking_.eligible.size(),
                table_.rows
            )
        );
    }
    if (!rules_.split) {
        return;
    }
    problem_.step_pct = rules_.split->step_pct;
    problem_.least_pct = rules_.split->least_pct;
    const int step = problem_.step_pct;
    const int least = problem_.least_pct;
    if (step < 1 || step > 100 || 100 % step != 0 || least < step || least > 100) {
        invalid(
            text(
                "拆分：step_pct 为 {}，须在 1—100 之间并整除 100；least_pct 为 {}，须在 "
                "step_pct—100 之间",
                "split: step_pct is {}, must be in [1, 100] and divide 100; least_pct is {}, "
                "must be in [step_pct, 100]",
                step,
                least
            ),
            {}
        );
    }
}

void Reader::read_units() {
    const Column& ids = table_.at("plot_id");
    problem_.plot_ids.resize(table_.rows);
    problem_.unit_of.resize(table_.rows);
    for (std::size_t row = 0; row < table_.rows; ++row) {
        problem_.plot_ids[row] = ids.text(row).value_or("");
    }
    const std::vector<std::size_t> rows = amounts_.rows();
    std::set<std::size_t> grouped;
    if (rules_.unit != UnitKind::plot) {
        const std::string column = rules_.unit == UnitKind::mine ? "mine_id" : "cluster_id";
        for (const auto& [name, members] : amounts_.groups(column, {})) {
            grouped.insert(members.begin(), members.end());
            problem_.units.push_back(members);
        }
    }
    add_units(rows, grouped);
}

/// Rows of no group are units of their own; then all are ordered by their smallest plot_id.
void Reader::add_units(
    const std::vector<std::size_t>& rows, const std::set<std::size_t>& grouped
) {
    for (const std::size_t row : rows) {
        if (!grouped.contains(row)) {
            problem_.units.push_back({row});
        }
    }
    std::sort(problem_.units.begin(), problem_.units.end(), [&](const auto& a, const auto& b) {
        return problem_.plot_ids[a.front()] < problem_.plot_ids[b.front()];
    });
    for (std::size_t u = 0; u < problem_.units.size(); ++u) {
        for (const std::size_t row : problem_.units[u]) {
            problem_.unit_of[row] = u;
        }
    }
}

std::size_t Reader::period(const std::string& name, const Where& where) const {
    std::string known;
    for (std::size_t t = 0; t < rules_.periods.size(); ++t) {
        if (rules_.periods[t].name == name) {
            return t;
        }
        known += (t == 0 ? "" : ", ") + rules_.periods[t].name;
    }
    invalid(
        text(
            "没有名为“{}”的期；各期为 {}",
            "there is no period \"{}\"; the periods are {}",
            name,
            known
        ),
        where
    );
}

std::vector<std::size_t> Reader::filtered(const Requirement& requirement, std::string& sql) {
    if (!requirement.filter) {
        return amounts_.rows();
    }
    if (!conditions_) {
        conditions_ = std::make_unique<Conditions>(table_);
    }
    sql = conditions_->portable(*requirement.filter);
    const auto truth = conditions_->truth(*requirement.filter);
    std::vector<std::size_t> rows;
    for (const std::size_t row : amounts_.rows()) {
        if (truth[row].value_or(false)) {
            rows.push_back(row);
        }
        if (truth[row].has_value()) {
            continue;
        }
        Issue issue;
        issue.code = "null_condition";
        issue.row = static_cast<std::int64_t>(row) + 1;
        issue.plot_id = problem_.plot_ids[row];
        issue.field = requirement.id;
        issue.message = text(
            "要求“{}”的条件对图斑 {} 没有结果（有空值），按不符合计",
            "the condition of requirement \"{}\" is NULL for plot {} and counts as false",
            requirement.id,
            issue.plot_id
        );
        problem_.issues.push_back(issue);
    }
    return rows;
}

std::vector<std::size_t>
Reader::pinned(const Requirement& requirement, std::string& sql) const {
    std::vector<std::size_t> rows;
    std::set<std::string> ids(requirement.plots.begin(), requirement.plots.end());
    for (const std::string& id : ids) {
        const auto found = std::find(problem_.plot_ids.begin(), problem_.plot_ids.end(), id);
        if (found == problem_.plot_ids.end()) {
            const auto near = nearest_name(id, problem_.plot_ids);
            invalid(
                {format(
                     "要求“{}”：没有图斑 {}{}",
                     requirement.id,
                     id,
                     near ? format("；是否指 {}", *near) : ""
                 ),
                 format(
                     "requirement \"{}\": there is no plot {}{}",
                     requirement.id,
                     id,
                     near ? format("; did you mean {}", *near) : ""
                 )},
                requirement.where
            );
        }
        const auto row = static_cast<std::size_t>(found - problem_.plot_ids.begin());
        if (!problem_.unit_of[row]) {
            invalid(
                text(
                    "要求“{}”：图斑 {} 不参加排期（未通过准入条件），不能指定其期次",
                    "requirement \"{}\": plot {} takes no part in the schedule (a gate keeps "
                    "it out) and cannot be given a period",
                    requirement.id,
                    id
                ),
                requirement.where
            );
        }
        rows.push_back(row);
        std::string quoted;
        for (const char c : id) {
            quoted += c == '\'' ? std::string("''") : std::string(1, c);
        }
        sql += (sql.empty() ? "plot_id IN ('" : ", '") + quoted + "'";
    }
    if (rows.empty()) {
        invalid(
            text("要求“{}”没有列出图斑", "requirement \"{}\" lists no plots", requirement.id),
            requirement.where
        );
    }
    sql += ")";
    return rows;
}

Demand Reader::start(std::size_t requirement) const {
    const Requirement& from = rules_.require[requirement];
    Demand demand;
    demand.requirement = requirement;
    demand.id = from.id;
    demand.name = from.name.empty() ? from.id : from.name;
    demand.soft = from.soft;
    demand.to = problem_.periods - 1;
    return demand;
}

void Reader::span(Demand& demand, const Requirement& requirement) const {
    if (requirement.in) {
        demand.from = period(*requirement.in, requirement.where);
        demand.to = demand.from;
    } else if (requirement.by) {
        demand.to = period(*requirement.by, requirement.where);
    } else {
        demand.whole_plan = true;
    }
}

/// Coefficients of the units from the rows that count.
void Reader::fill(Demand& demand) {
    const std::size_t units = problem_.units.size();
    if (demand.shape == Demand::Shape::count) {
        demand.coefficients.assign(units, 0);
        for (const std::size_t row : demand.rows) {
            ++demand.coefficients[problem_.unit_of[row].value()];
        }
        return;
    }
    const std::size_t periods = problem_.periods;
    const std::vector<std::int64_t> amounts =
        demand.quantity.base == Quantity::Base::share
            ? std::vector<std::int64_t>(table_.rows * periods, 1)
            : amounts_.integers(demand.quantity);
    demand.coefficients.assign(units * periods, 0);
    bool overflow = false;
    for (const std::size_t row : demand.rows) {
        for (std::size_t t = demand.from; t <= demand.to; ++t) {
            std::int64_t& sum =
                demand.coefficients[problem_.at(problem_.unit_of[row].value(), t)];
            overflow =
                __builtin_add_overflow(sum, amounts[row * periods + t], &sum) || overflow;
        }
    }
    if (overflow) {
        invalid(
            text("“{}”的数值之和过大", "the sum of \"{}\" is too large", demand.quantity.name),
            {}
        );
    }
}

void Reader::add_limits(std::size_t requirement) {
    const Requirement& from = rules_.require[requirement];
    Demand demand = start(requirement);
    span(demand, from);
    if (from.kind == RequirementKind::count) {
        demand.shape = Demand::Shape::count;
        demand.quantity = {"plots", {"个", "plots"}, Quantity::Base::plots, 1, 0, 1};
    } else {
        demand.quantity = amounts_.quantity(from.quantity, from.quantity_where);
        demand.values = amounts_.reals(demand.quantity);
    }
    demand.rows = filtered(from, demand.filter);
    fill(demand);
    for (const Limit& limit : from.limits) {
        demand.relation = limit.relation;
        demand.value = integer_of(demand.quantity, limit.value, from.where);
        demand.required = limit.value.value();
        const bool equal = limit.relation == Relation::equal;
        demand.within = equal ? integer_of(demand.quantity, from.within, from.where) : 0;
        demand.tolerance = equal ? from.within.value() : 0.0;
        problem_.demands.push_back(demand);
    }
}

/// complete_by, not_before and pins are sums of shares, since no share exceeds 1.
void Reader::add_share(std::size_t requirement) {
    const Requirement& from = rules_.require[requirement];
    Demand demand = start(requirement);
    demand.quantity = {"share", {"个图斑", "plots"}, Quantity::Base::share, 1, 0, 1};
    if (from.kind == RequirementKind::pin) {
        if (!from.in) {
            invalid(
                text(
                    "要求“{}”没有写明哪一期（in）",
                    "requirement \"{}\" names no period (in)",
                    from.id
                ),
                from.where
            );
        }
        span(demand, from);
        demand.rows = pinned(from, demand.filter);
        demand.relation = Relation::equal;
    } else {
        demand.to = period(from.period, from.where);
        demand.rows = filtered(from, demand.filter);
        demand.relation = Relation::at_least;
    }
    demand.value = static_cast<std::int64_t>(demand.rows.size());
    if (from.kind == RequirementKind::not_before) {
        if (demand.to == 0) {
            return; // nothing is before the first period
        }
        --demand.to;
        demand.relation = Relation::at_most;
        demand.value = 0;
    }
    demand.required = static_cast<double>(demand.value);
    fill(demand);
    problem_.demands.push_back(std::move(demand));
}

std::vector<std::vector<std::size_t>>
Reader::unit_groups(const std::string& column, const Where& where) const {
    std::vector<std::vector<std::size_t>> result;
    for (const auto& [name, rows] : amounts_.groups(column, where)) {
        std::set<std::size_t> units;
        for (const std::size_t row : rows) {
            units.insert(problem_.unit_of[row].value());
        }
        result.emplace_back(units.begin(), units.end());
    }
    return result;
}

void Reader::add_together(std::size_t requirement) {
    const Requirement& from = rules_.require[requirement];
    Demand demand = start(requirement);
    demand.whole_plan = true;
    demand.shape = Demand::Shape::groups;
    demand.quantity = {"together", {"组", "groups"}, Quantity::Base::groups, 1, 0, 1};
    demand.relation = Relation::equal;
    demand.groups = unit_groups(from.quantity, from.quantity_where);
    demand.groups.erase(
        std::remove_if(
            demand.groups.begin(),
            demand.groups.end(),
            [](const auto& g) { return g.size() < 2; }
        ),
        demand.groups.end()
    );
    problem_.demands.push_back(std::move(demand));
}

void Reader::read_demands() {
    for (std::size_t r = 0; r < rules_.require.size(); ++r) {
        switch (rules_.require[r].kind) {
        case RequirementKind::sum:
        case RequirementKind::count:
            add_limits(r);
            break;
        case RequirementKind::complete_by:
        case RequirementKind::not_before:
        case RequirementKind::pin:
            add_share(r);
            break;
        case RequirementKind::together:
            add_together(r);
            break;
        }
    }
}

Goal Reader::earliest(const Preference& preference) {
    const bool from_ranking = preference.of == "score" && table_.find("score") == nullptr;
    std::vector<std::int64_t> values;
    double per_unit = 1.0;
    if (from_ranking) {
        values.resize(table_.rows * problem_.periods);
        for (std::size_t i = 0; i < values.size(); ++i) {
            values[i] = ranking_.score_micro.at(i / problem_.periods).value_or(0);
        }
        per_unit = 1e6;
    } else {
        const Quantity quantity = amounts_.quantity(preference.of, preference.of_where);
        values = amounts_.integers(quantity);
        per_unit = quantity.per_unit();
    }
    Goal result;
    result.name = "earliest " + preference.of;
    result.title = text("{} 高的尽早", "earliest {}", preference.of);
    result.maximise = true;
    result.coefficients.assign(problem_.units.size() * problem_.periods, 0);
    result.per_unit = preference.per_plot ? per_unit : per_unit * 1e6;
    for (std::size_t u = 0; u < problem_.units.size(); ++u) {
        for (std::size_t i = 0; i < problem_.units[u].size() * problem_.periods; ++i) {
            const std::size_t t = i % problem_.periods;
            const std::size_t cell =
                problem_.units[u][i / problem_.periods] * problem_.periods + t;
            const Int128 size = preference.per_plot ? 1 : problem_.area_dm2[cell];
            result.coefficients[problem_.at(u, t)] +=
                size * values[cell] * static_cast<std::int64_t>(problem_.periods - t);
        }
    }
    return result;
}

Goal Reader::meet(const Preference& preference) const {
    Goal result;
    result.name = "meet " + preference.of;
    result.title = text("尽量满足 {}", "meet {}", preference.of);
    result.shape = Goal::Shape::shortfall;
    std::vector<std::string> known;
    bool hard = false;
    for (const Requirement& requirement : rules_.require) {
        known.push_back(requirement.id);
        hard = hard || (requirement.id == preference.of && !requirement.soft);
    }
    for (std::size_t d = 0; d < problem_.demands.size(); ++d) {
        if (problem_.demands[d].id == preference.of) {
            result.demands.push_back(d);
            result.per_unit = problem_.demands[d].quantity.per_unit();
        }
    }
    if (hard) {
        invalid(
            text(
                "偏好 meet: {} 指的是必须满足的要求；只有 soft: true 的要求才能作为偏好",
                "meet: {} names a requirement that must hold anyway; only one with soft: true "
                "can be a preference",
                preference.of
            ),
            preference.where
        );
    }
    if (std::find(known.begin(), known.end(), preference.of) == known.end()) {
        const auto near = nearest_name(preference.of, known);
        invalid(
            {format(
                 "没有编号为“{}”的要求{}",
                 preference.of,
                 near ? format("；是否指“{}”", *near) : ""
             ),
             format(
                 "there is no requirement \"{}\"{}",
                 preference.of,
                 near ? format("; did you mean \"{}\"", *near) : ""
             )},
            preference.where
        );
    }
    return result;
}

Goal Reader::goal(const Preference& preference) {
    Goal result;
    switch (preference.kind) {
    case PreferenceKind::meet:
        result = meet(preference);
        break;
    case PreferenceKind::earliest:
        result = earliest(preference);
        break;
    case PreferenceKind::together:
        result.shape = Goal::Shape::pairs;
        result.name = "together " + preference.of;
        result.title = text("同一 {} 集中在同一期", "together by {}", preference.of);
        result.groups = unit_groups(preference.of, preference.of_where);
        break;
    case PreferenceKind::fewest_splits:
        result.shape = Goal::Shape::splits;
        result.name = "fewest splits";
        result.title = {"少拆分", "fewest splits"};
        break;
    case PreferenceKind::least: {
        Demand all;
        all.to = problem_.periods - 1;
        all.quantity = amounts_.quantity(preference.of, preference.of_where);
        all.rows = amounts_.rows();
        fill(all);
        result.name = "least " + preference.of;
        result.title = text("{} 最少", "least {}", preference.of);
        result.coefficients.assign(all.coefficients.begin(), all.coefficients.end());
        result.per_unit = all.quantity.per_unit();
        break;
    }
    }
    const auto pct = preference.give_up_pct;
    if (pct.digits < 0) {
        invalid(
            text(
                "give_up_pct 为 {}，不能为负",
                "give_up_pct is {}, must not be negative",
                pct.text()
            ),
            preference.where
        );
    }
    result.give_up_pct = pct;
    return result;
}

void Reader::add_soft_goal(std::size_t requirement) {
    Preference meeting;
    meeting.kind = PreferenceKind::meet;
    meeting.of = rules_.require[requirement].id;
    problem_.goals.push_back(meet(meeting));
}

void Reader::read_goals() {
    std::set<std::string> named;
    for (const Preference& preference : rules_.prefer) {
        if (preference.kind == PreferenceKind::meet) {
            named.insert(preference.of);
        }
    }
    for (std::size_t r = 0; r < rules_.require.size(); ++r) {
        if (rules_.require[r].soft && !named.contains(rules_.require[r].id)) {
            add_soft_goal(r);
        }
    }
    for (const Preference& preference : rules_.prefer) {
        problem_.goals.push_back(goal(preference));
    }
    // Least deviation from what must be equal, one goal per quantity: hectares and money have no common unit.
    for (std::size_t d = 0; d < problem_.demands.size(); ++d) {
        const Demand& demand = problem_.demands[d];
        if (demand.relation != Relation::equal || demand.shape == Demand::Shape::groups ||
            demand.quantity.base == Quantity::Base::share ||
            (!demand.soft && demand.within == 0)) {
            continue;
        }
        const std::string name = "least deviation " + demand.quantity.name;
        auto found =
            std::find_if(problem_.goals.begin(), problem_.goals.end(), [&](const Goal& g) {
                return g.name == name;
            });
        if (found == problem_.goals.end()) {
            Goal deviation;
            deviation.name = name;
            deviation.title = text(
                "贴近 {} 的等量要求", "closest to what {} must equal", demand.quantity.name
            );
            deviation.shape = Goal::Shape::deviation;
            deviation.per_unit = demand.quantity.per_unit();
            problem_.goals.push_back(deviation);
            found = problem_.goals.end() - 1;
        }
        found->demands.push_back(d);
    }
}

} // namespace

Problem make_problem(const Table& table, const Ranking& ranking, const ScheduleRules& rules) {
    return Reader(table, ranking, rules).read();
}

} // namespace tuban::planning
