// The checker shares nothing with the solver but the file: what it knows of plots, parts and requirements it reads from
// plan.gpkg, and adds up again in integers.
#include <tuban/workspace.hpp>

#include "core/format.hpp"
#include "core/int128.hpp"
#include "workspace/plan_file.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace tuban {
namespace {

struct Part {
    std::size_t plot = 0;
    std::size_t period = 0;
    std::int64_t pct = 0;
    std::int64_t dm2 = 0;
    std::int64_t yuan = 0;
};

/// What parts add up to.
struct Sum {
    std::set<std::size_t> plots;
    std::int64_t dm2 = 0;
    std::int64_t yuan = 0;

    void add(const Part& part) {
        plots.insert(part.plot);
        dm2 += part.dm2;
        yuan += part.yuan;
    }
};

std::string dm2_text(std::int64_t dm2) {
    return format("{}", static_cast<double>(dm2) / 100.0);
}

/// What a requirement adds up, and in how many integers its unit is counted.
struct Measure {
    enum class Kind { area, cost, plots, share, column, together, unknown };
    Kind kind = Kind::unknown;
    double per_unit = 1.0;   ///< integers per one unit of the user
    std::int64_t factor = 1; ///< by which the sum is multiplied first (亩: three times 0.01 m²)
};

Measure measure_of(const std::string& quantity, const Table& plots) {
    using Kind = Measure::Kind;
    static const std::map<std::string, Measure, std::less<>> known{
        {"area_m2", {Kind::area, 100.0, 1}},
        {"area_ha", {Kind::area, 1e6, 1}},
        {"area_mu", {Kind::area, 200'000.0, 3}},
        {"cost_yuan", {Kind::cost, 1.0, 1}},
        {"cost_wan_yuan", {Kind::cost, 1e4, 1}},
        {"plots", {Kind::plots, 1.0, 1}},
        {"share", {Kind::share, 100.0, 1}},
        {"together", {Kind::together, 1.0, 1}},
    };
    const auto found = known.find(quantity);
    if (found != known.end()) {
        return found->second;
    }
    const Column* column = plots.find(quantity);
    // Shares are whole per cents, so a hundredth of a millionth of the column's unit counts.
    return column != nullptr && column->type() != ColumnType::text
               ? Measure{Kind::column, 1e8, 1}
               : Measure{};
}

class Verifier {
public:
    explicit Verifier(PlanFile plan)
        : plan_(std::move(plan)), plots_(plan_.tables.at("plots")), conditions_(plots_) {}

    Verification run() {
        read_plots();
        read_periods();
        read_parts();
        check_ranking();
        check_contributions();
        check_plots();
        check_periods();
        check_constraints();
        check_run();
        return std::move(result_);
    }

private:
    void report(std::string table, std::string key, Text message) {
        result_.findings.push_back({std::move(table), std::move(key), std::move(message)});
    }

    /// Compares a stored number with the recomputed one, both in 0.01 of what is printed.
    template <class Number>
    bool same(
        const char* table, const std::string& key, const char* what, Number stored, Number found
    ) {
        ++result_.totals;
        if (stored == found) {
            return true;
        }
        report(
            table,
            key,
            text(
                "{} 记为 {}，重新计算为 {}",
                "{} is stored as {}, recomputed as {}",
                what,
                stored,
                found
            )
        );
        return false;
    }

    void read_plots();
    void read_periods();
    void read_parts();
    void read_part(std::size_t row, std::set<std::pair<std::size_t, std::size_t>>& seen);
    void check_part(const Part& part, std::size_t row);
    void check_ranking();
    void check_contributions();
    void check_score(std::size_t plot, std::int64_t micro);
    void check_plots();
    void check_planned(std::size_t plot, const std::vector<const Part*>& parts);
    void check_whole(std::size_t plot, const std::vector<const Part*>& parts);
    void check_periods();
    void check_constraints();
    void check_constraint(std::size_t row);
    void check_against(std::size_t row, const Measure& measure, Int128 sum);
    void broken(std::size_t row, double required, double achieved);
    void check_run();

    [[nodiscard]] bool eligible(std::size_t plot) const {
        const auto status = plots_.at("status").text(plot);
        return status == "planned" || status == "unscheduled";
    }

    /// The plot's own value, or that of the period where the plan has a column for it (area_m2@2023).
    [[nodiscard]] std::optional<double>
    value_in(const std::string& column, std::size_t plot, std::size_t period) const;
    [[nodiscard]] bool varies(const std::string& column) const;
    [[nodiscard]] std::optional<std::vector<std::uint8_t>> filtered(std::size_t row);
    [[nodiscard]] std::optional<std::size_t>
    period_of(const Column& column, std::size_t row, std::size_t open) const;
    [[nodiscard]] Int128 sum_of(
        const Measure& measure,
        const std::string& quantity,
        const std::vector<const Part*>& parts
    ) const;
    [[nodiscard]] std::int64_t broken_groups(const Column& groups) const;

    PlanFile plan_;
    const Table& plots_;
    Conditions conditions_;
    std::map<std::string, std::size_t> row_of_plot_;
    std::vector<std::string> periods_; ///< by first year
    std::vector<Part> parts_;
    Verification result_;
};

void Verifier::read_plots() {
    for (std::size_t i = 0; i < plots_.rows; ++i) {
        const std::string id = plots_.at("plot_id").text(i).value_or("");
        if (id.empty()) {
            report("plots", id, text("第 {} 行没有图斑编号", "row {} has no plot_id", i + 1));
        } else if (!row_of_plot_.emplace(id, i).second) {
            report("plots", id, text("图斑编号重复", "this plot_id is there twice"));
        }
    }
}

void Verifier::read_periods() {
    const Table& table = plan_.at("periods");
    std::vector<std::pair<std::int64_t, std::string>> named;
    std::int64_t last = std::numeric_limits<std::int64_t>::min();
    for (std::size_t i = 0; i < table.rows; ++i) {
        const std::string name = table.at("period").text(i).value_or("");
        const auto first_year = table.at("first_year").integer(i);
        const auto last_year = table.at("last_year").integer(i);
        if (!first_year || !last_year || *first_year > *last_year || *first_year <= last) {
            report(
                "periods",
                name,
                text(
                    "起止年份缺失、颠倒或与前一期重叠",
                    "its years are missing, reversed or not after the period before"
                )
            );
        }
        last = last_year.value_or(last);
        if (std::find(periods_.begin(), periods_.end(), name) != periods_.end()) {
            report("periods", name, text("期名重复", "this period is there twice"));
        }
        periods_.push_back(name);
    }
}

void Verifier::read_part(std::size_t row, std::set<std::pair<std::size_t, std::size_t>>& seen) {
    const Table& table = plan_.at("assignments");
    const std::string id = table.at("plot_id").text(row).value_or("");
    const std::string period = table.at("period").text(row).value_or("");
    const auto plot = row_of_plot_.find(id);
    const auto when = std::find(periods_.begin(), periods_.end(), period);
    if (plot == row_of_plot_.end()) {
        report("assignments", id, text("没有这个图斑", "there is no such plot"));
    }
    if (when == periods_.end()) {
        report("assignments", id, text("没有“{}”这一期", "there is no period \"{}\"", period));
    }
    if (plot == row_of_plot_.end() || when == periods_.end()) {
        return;
    }
    Part part;
    part.plot = plot->second;
    part.period = static_cast<std::size_t>(when - periods_.begin());
    const double share = table.at("share").number(row).value_or(0.0);
    part.pct = std::llround(share * 100.0);
    part.dm2 = area_dm2(table.at("area_m2").number(row).value_or(0.0));
    part.yuan = table.at("cost_yuan").integer(row).value_or(0);
    if (part.pct < 1 || part.pct > 100 ||
        std::abs(share * 100.0 - static_cast<double>(part.pct)) > 1e-6) {
        report(
            "assignments",
            id,
            text(
                "占比为 {}，应为 0.01 至 1 之间的整百分数",
                "its share is {}, expected whole per cents in 0.01 to 1",
                share
            )
        );
    }
    if (!seen.emplace(part.plot, part.period).second) {
        report("assignments", id, text("“{}”中有两行", "two rows in period \"{}\"", period));
    }
    check_part(part, row);
    parts_.push_back(part);
}

/// A part's area and money are its share of the plot's, but for rounding: at most 1.5 of the last digit, half of it
/// from the whole that is shared out.
void Verifier::check_part(const Part& part, std::size_t row) {
    const Table& table = plan_.at("assignments");
    const std::string id = table.at("plot_id").text(row).value_or("");
    const auto near = [&](std::int64_t stored, std::int64_t whole, const char* what) {
        if (std::abs(stored * 100 - part.pct * whole) > 150) {
            report(
                "assignments",
                id,
                text("{} 与占比 {}% 不符", "{} does not fit its share of {} %", what, part.pct)
            );
        }
    };
    near(
        part.dm2, area_dm2(value_in("area_m2", part.plot, part.period).value_or(0.0)), "area_m2"
    );
    const auto cost = value_in("cost_yuan", part.plot, part.period);
    near(part.yuan, whole_yuan(cost.value_or(0.0)), "cost_yuan");
    if (plots_.at("mode").text(part.plot) != table.at("mode").text(row)) {
        report("assignments", id, text("修复方式与图斑不同", "its mode is not the plot's"));
    }
}

void Verifier::read_parts() {
    std::set<std::pair<std::size_t, std::size_t>> seen;
    const std::size_t rows = plan_.at("assignments").rows;
    for (std::size_t i = 0; i < rows; ++i) {
        read_part(i, seen);
    }
    result_.parts = rows;
}

/// Ranks are 1…n over the eligible plots, and the score never rises from one rank to the next.
void Verifier::check_ranking() {
    std::map<std::int64_t, std::size_t> by_rank;
    std::size_t expected = 0;
    for (std::size_t i = 0; i < plots_.rows; ++i) {
        const std::string id = plots_.at("plot_id").text(i).value_or("");
        const auto rank = plots_.at("rank").integer(i);
        expected += eligible(i) ? 1U : 0U;
        if (rank && !by_rank.emplace(*rank, i).second) {
            report("plots", id, text("名次 {} 有两个图斑", "two plots have rank {}", *rank));
        }
        if (rank.has_value() != eligible(i)) {
            report(
                "plots",
                id,
                text(
                    "名次与状态不符：参与排序的图斑才有名次",
                    "rank and status disagree: only plots that take part are ranked"
                )
            );
        }
    }
    if (!by_rank.empty() && (by_rank.begin()->first != 1 ||
                             by_rank.rbegin()->first != static_cast<std::int64_t>(expected))) {
        report("plots", "", text("名次不是 1 至 {}", "ranks are not 1 to {}", expected));
    }
    std::optional<double> above;
    for (const auto& [rank, plot] : by_rank) {
        const auto score = plots_.at("score").number(plot);
        if (!score || (above && *score > *above + 1e-9)) {
            report(
                "plots",
                plots_.at("plot_id").text(plot).value_or(""),
                text("得分与名次 {} 不符", "its score does not fit rank {}", rank)
            );
        }
        above = score ? score : above;
    }
}

void Verifier::check_contributions() {
    const Table& table = plan_.at("contributions");
    std::set<std::string> rules;
    const Table& rule_table = plan_.at("rules");
    for (std::size_t i = 0; i < rule_table.rows; ++i) {
        rules.insert(rule_table.at("rule_id").text(i).value_or(""));
    }
    std::vector<std::int64_t> micro(plots_.rows);
    for (std::size_t i = 0; i < table.rows; ++i) {
        const std::string id = table.at("plot_id").text(i).value_or("");
        const std::string rule = table.at("rule_id").text(i).value_or("");
        const auto plot = row_of_plot_.find(id);
        if (plot == row_of_plot_.end() || !rules.contains(rule)) {
            report(
                "contributions",
                id,
                text("没有这个图斑，或没有规则“{}”", "no such plot, or no rule \"{}\"", rule)
            );
            continue;
        }
        micro[plot->second] += std::llround(table.at("points").number(i).value_or(0.0) * 1e6);
    }
    for (std::size_t i = 0; i < plots_.rows; ++i) {
        check_score(i, micro[i]);
    }
}

void Verifier::check_score(std::size_t plot, std::int64_t micro) {
    const auto score = plots_.at("score").number(plot);
    if (!score) {
        return;
    }
    ++result_.totals;
    if (std::abs(std::llround(*score * 1e6) - micro) > 1) {
        report(
            "plots",
            plots_.at("plot_id").text(plot).value_or(""),
            text(
                "得分 {} 不等于各规则得分之和 {}",
                "its score {} is not the sum of its contributions {}",
                *score,
                static_cast<double>(micro) / 1e6
            )
        );
    }
}

void Verifier::check_plots() {
    std::vector<std::vector<const Part*>> parts(plots_.rows);
    for (const Part& part : parts_) {
        parts[part.plot].push_back(&part);
    }
    const std::set<std::string> known{"planned", "unscheduled", "ineligible", "held_out"};
    for (std::size_t i = 0; i < plots_.rows; ++i) {
        const std::string id = plots_.at("plot_id").text(i).value_or("");
        const std::string status = plots_.at("status").text(i).value_or("");
        if (!known.contains(status)) {
            report("plots", id, text("状态“{}”不明", "unknown status \"{}\"", status));
        }
        if (eligible(i) && plots_.at("area_m2").valid[i] == 0) {
            report("plots", id, text("参与安排却没有面积", "it takes part but has no area"));
        }
        const bool has_period = plots_.at("period").valid[i] != 0;
        const bool planned = status == "planned";
        if (planned != !parts[i].empty() || planned != has_period) {
            report(
                "plots",
                id,
                text(
                    "状态、计划年度与分期安排不一致",
                    "its status, period and assignments disagree"
                )
            );
        }
        check_planned(i, parts[i]);
    }
}

void Verifier::check_planned(std::size_t plot, const std::vector<const Part*>& parts) {
    const std::string id = plots_.at("plot_id").text(plot).value_or("");
    std::int64_t pct = 0;
    std::int64_t dm2 = 0;
    std::size_t first = periods_.size();
    for (const Part* part : parts) {
        pct += part->pct;
        dm2 += part->dm2;
        first = std::min(first, part->period);
    }
    const double share = plots_.at("planned_share").number(plot).value_or(0.0);
    same(
        "plots",
        id,
        "planned_share (%)",
        std::llround(share * 100.0),
        static_cast<long long>(pct)
    );
    const double area = plots_.at("planned_area_m2").number(plot).value_or(0.0);
    same("plots", id, "planned_area_m2", dm2_text(area_dm2(area)), dm2_text(dm2));
    if (first < periods_.size()) {
        same(
            "plots", id, "period", plots_.at("period").text(plot).value_or(""), periods_[first]
        );
    }
    if (pct > 100) {
        report("assignments", id, text("各期占比之和为 {}%", "its shares add up to {} %", pct));
    }
    if (pct == 100) {
        check_whole(plot, parts);
    }
}

/// The parts of a plot that is wholly planned add up to it, to the last digit.
void Verifier::check_whole(std::size_t plot, const std::vector<const Part*>& parts) {
    const std::string id = plots_.at("plot_id").text(plot).value_or("");
    std::int64_t dm2 = 0;
    std::int64_t yuan = 0;
    for (const Part* part : parts) {
        dm2 += part->dm2;
        yuan += part->yuan;
    }
    if (!varies("area_m2")) {
        const std::int64_t area = area_dm2(plots_.at("area_m2").number(plot).value_or(0.0));
        same("assignments", id, "area_m2", dm2_text(dm2), dm2_text(area));
    }
    if (!varies("cost_yuan")) {
        same(
            "assignments",
            id,
            "cost_yuan",
            yuan,
            plots_.at("cost_yuan").integer(plot).value_or(0)
        );
    }
}

void Verifier::check_periods() {
    const Table& table = plan_.at("periods");
    std::vector<Sum> sums(periods_.size());
    for (const Part& part : parts_) {
        sums[part.period].add(part);
    }
    for (std::size_t t = 0; t < periods_.size(); ++t) {
        const auto& [plots, dm2, yuan] = sums[t];
        const std::string& name = periods_[t];
        same(
            "periods",
            name,
            "plots",
            table.at("plots").integer(t).value_or(0),
            static_cast<std::int64_t>(plots.size())
        );
        const std::int64_t stored = area_dm2(table.at("area_m2").number(t).value_or(0.0));
        same("periods", name, "area_m2", dm2_text(stored), dm2_text(dm2));
        same("periods", name, "cost_yuan", table.at("cost_yuan").integer(t).value_or(0), yuan);
    }
}

bool Verifier::varies(const std::string& column) const {
    return std::any_of(periods_.begin(), periods_.end(), [&](const std::string& period) {
        return plots_.find(column + "@" + period) != nullptr;
    });
}

std::optional<double>
Verifier::value_in(const std::string& column, std::size_t plot, std::size_t period) const {
    if (const Column* own = plots_.find(column + "@" + periods_[period])) {
        if (const auto value = own->number(plot)) {
            return value;
        }
    }
    const Column* whole = plots_.find(column);
    return whole == nullptr ? std::nullopt : whole->number(plot);
}

/// (plots) 1 where the requirement's filter is true; none if the filter does not run.
std::optional<std::vector<std::uint8_t>> Verifier::filtered(std::size_t row) {
    const Table& table = plan_.at("constraints");
    const auto filter = table.at("filter").text(row);
    std::vector<std::uint8_t> take(plots_.rows, 1);
    if (!filter || filter->empty()) {
        return take;
    }
    try {
        const auto truth = conditions_.truth({*filter, {plan_.file, 0, 0}});
        for (std::size_t i = 0; i < take.size(); ++i) {
            take[i] = truth[i].value_or(false) ? 1 : 0;
        }
        return take;
    } catch (const Error& error) {
        report("constraints", table.at("id").text(row).value_or(""), error.message());
        return std::nullopt;
    }
}

std::optional<std::size_t>
Verifier::period_of(const Column& column, std::size_t row, std::size_t open) const {
    const auto name = column.text(row);
    if (!name) {
        return open;
    }
    const auto found = std::find(periods_.begin(), periods_.end(), *name);
    return found == periods_.end()
               ? std::nullopt
               : std::optional<std::size_t>(static_cast<std::size_t>(found - periods_.begin()));
}

Int128 Verifier::sum_of(
    const Measure& measure, const std::string& quantity, const std::vector<const Part*>& parts
) const {
    using Kind = Measure::Kind;
    Int128 sum = 0;
    std::set<std::size_t> plots;
    for (const Part* part : parts) {
        plots.insert(part->plot);
        switch (measure.kind) {
        case Kind::area:
            sum += static_cast<Int128>(part->dm2) * measure.factor;
            break;
        case Kind::cost:
            sum += part->yuan;
            break;
        case Kind::share:
            sum += part->pct;
            break;
        case Kind::column:
            sum +=
                static_cast<Int128>(part->pct) *
                std::llround(value_in(quantity, part->plot, part->period).value_or(0.0) * 1e6);
            break;
        case Kind::plots:
        case Kind::together:
        case Kind::unknown:
            break;
        }
    }
    return measure.kind == Kind::plots ? static_cast<Int128>(plots.size()) : sum;
}

/// Groups whose plots that take part do not all have the same shares in the same periods.
std::int64_t Verifier::broken_groups(const Column& groups) const {
    std::vector<std::map<std::size_t, std::int64_t>> shares(plots_.rows);
    for (const Part& part : parts_) {
        shares[part.plot][part.period] += part.pct;
    }
    std::map<std::string, std::size_t> first;
    std::set<std::string> broken;
    for (std::size_t i = 0; i < plots_.rows; ++i) {
        const auto group = groups.text(i);
        if (!group || group->empty() || !eligible(i)) {
            continue;
        }
        const auto member = first.emplace(*group, i).first;
        if (shares[member->second] != shares[i]) {
            broken.insert(*group);
        }
    }
    return static_cast<std::int64_t>(broken.size());
}

void Verifier::check_constraint(std::size_t row) {
    const Table& table = plan_.at("constraints");
    const std::string id = table.at("id").text(row).value_or("");
    const std::string quantity = table.at("quantity").text(row).value_or("");
    const Measure measure = measure_of(quantity, plots_);
    const auto from = period_of(table.at("from_period"), row, 0);
    const auto to = period_of(table.at("to_period"), row, periods_.size());
    if (measure.kind == Measure::Kind::unknown || !from || !to) {
        report(
            "constraints",
            id,
            text("指标“{}”或其起止期不明", "unknown quantity \"{}\" or periods", quantity)
        );
        return;
    }
    if (measure.kind == Measure::Kind::together) {
        const Column* groups = plots_.find(table.at("group_by").text(row).value_or(""));
        if (groups == nullptr) {
            report("constraints", id, text("没有分组列", "its group column is not there"));
            return;
        }
        check_against(row, measure, broken_groups(*groups));
        return;
    }
    const auto take = filtered(row);
    if (!take) {
        return;
    }
    std::vector<const Part*> parts;
    for (const Part& part : parts_) {
        if ((*take)[part.plot] != 0 && part.period >= *from && part.period <= *to) {
            parts.push_back(&part);
        }
    }
    check_against(row, measure, sum_of(measure, quantity, parts));
}

/// Achieved and slack as stored against the sum, and the requirement itself against the sum, in integers.
void Verifier::check_against(std::size_t row, const Measure& measure, Int128 sum) {
    const Table& table = plan_.at("constraints");
    const std::string id = table.at("id").text(row).value_or("");
    const auto value = [&](const char* column) {
        return table.at(column).number(row).value_or(0.0);
    };
    const auto integer = [&](double number) {
        return static_cast<Int128>(std::round(number * measure.per_unit));
    };
    const Int128 required = integer(value("required"));
    const Int128 tolerance = integer(value("tolerance"));
    const std::string relation = table.at("relation").text(row).value_or("");
    Int128 slack = 0;
    if (relation == "at_least") {
        slack = sum - required;
    } else if (relation == "at_most") {
        slack = required - sum;
    } else if (relation == "equal") {
        slack = tolerance - (sum > required ? sum - required : required - sum);
    } else {
        report("constraints", id, text("关系“{}”不明", "unknown relation \"{}\"", relation));
        return;
    }
    // Values of a real column are taken in millionths: each part may be half of one off, and doubles end somewhere.
    const Int128 blur = measure.kind != Measure::Kind::column
                            ? 0
                            : 100 + 50 * static_cast<Int128>(parts_.size()) +
                                  (sum > 0 ? sum : -sum) / 1'000'000'000'000;
    const auto off = [&](double stored, Int128 found) {
        const Int128 difference = integer(stored) - found;
        return difference > blur || difference < -blur;
    };
    const auto shown = [&](Int128 number) {
        return static_cast<double>(number) / measure.per_unit;
    };
    if (off(value("achieved"), sum)) {
        same("constraints", id, "achieved", value("achieved"), shown(sum));
    } else if (off(value("slack"), slack)) {
        same("constraints", id, "slack", value("slack"), shown(slack));
    }
    if (slack < -blur && table.at("soft").integer(row).value_or(0) == 0) {
        broken(row, value("required"), shown(sum));
    }
}

/// A hard requirement that is missed: a finding, unless the plan says itself that it is a relaxed one.
void Verifier::broken(std::size_t row, double required, double achieved) {
    const Table& table = plan_.at("constraints");
    const std::string id = table.at("id").text(row).value_or("");
    if (plan_.run_value("status").value_or("") != "infeasible") {
        report(
            "constraints",
            id,
            text(
                "未满足：要求 {}，达到 {}",
                "does not hold: required {}, achieved {}",
                required,
                achieved
            )
        );
        return;
    }
    const std::string relation = table.at("relation").text(row).value_or("");
    UnmetRequirement unmet;
    unmet.id = id;
    unmet.name = table.at("name").text(row).value_or(id);
    unmet.relation = relation == "at_least"  ? Relation::at_least
                     : relation == "at_most" ? Relation::at_most
                                             : Relation::equal;
    unmet.required = required;
    unmet.achieved = achieved;
    const Text wanted = unmet.relation == Relation::at_least  ? Text{"不少于", "at least"}
                        : unmet.relation == Relation::at_most ? Text{"不超过", "at most"}
                                                              : Text{"等于", "exactly"};
    const std::string quantity = table.at("quantity").text(row).value_or("");
    unmet.message = text(
        "{0}（{1}）：要求{2} {4}，达到 {5}",
        "{0} ({1}): required {3} {4}, achieved {5}",
        unmet.name,
        quantity,
        wanted.zh,
        wanted.en,
        required,
        achieved
    );
    result_.unmet.push_back(std::move(unmet));
}

void Verifier::check_constraints() {
    const Table& table = plan_.at("constraints");
    result_.requirements = table.rows;
    for (std::size_t i = 0; i < table.rows; ++i) {
        check_constraint(i);
    }
}

void Verifier::check_run() {
    const auto stored = [&](const char* key) { return plan_.run_value(key).value_or(""); };
    same("run", "format", "format", stored("format"), std::string("1"));
    const std::string status = stored("status");
    const std::set<std::string> known{"optimal", "within_gap", "infeasible", "stopped"};
    if (periods_.empty() && parts_.empty()) {
        return; // a run without a schedule
    }
    if (!known.contains(status)) {
        report("run", "status", text("状态“{}”不明", "unknown status \"{}\"", status));
    }
    Sum sum;
    for (const Part& part : parts_) {
        sum.add(part);
    }
    const auto& [plots, dm2, yuan] = sum;
    same(
        "run",
        "planned_plots",
        "planned_plots",
        stored("planned_plots"),
        format("{}", plots.size())
    );
    same(
        "run",
        "planned_area_m2",
        "planned_area_m2",
        stored("planned_area_m2"),
        format("{}.{:02}", dm2 / 100, dm2 % 100)
    );
    same(
        "run",
        "planned_cost_yuan",
        "planned_cost_yuan",
        stored("planned_cost_yuan"),
        format("{}", yuan)
    );
}

} // namespace

Verification verify_plan(const std::string& file) {
    return Verifier(read_plan_file(file)).run();
}

} // namespace tuban
