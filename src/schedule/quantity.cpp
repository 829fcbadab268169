#include "schedule/quantity.hpp"

#include "core/format.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace tuban::planning {
namespace {

constexpr double micro = 1e6;

std::vector<std::string> number_columns(const Table& table) {
    std::vector<std::string> names{"area_ha", "area_mu", "cost_wan_yuan", "cost_yuan"};
    for (const Column& column : table.columns) {
        if (column.type() != ColumnType::text) {
            names.push_back(column.name);
        }
    }
    return names;
}

[[noreturn]] void unknown_column(
    const std::string& name, const std::vector<std::string>& known, const Where& where
) {
    const auto near = nearest_name(name, known);
    const std::string zh = near ? format("；是否指“{}”", *near) : "";
    const std::string en = near ? format("; did you mean \"{}\"", *near) : "";
    throw Error(
        ErrorCode::invalid_project,
        {format("没有名为“{}”的列{}", name, zh),
         format("there is no column \"{}\"{}", name, en)},
        where
    );
}

Quantity fixed_quantity(const std::string& name) {
    using Base = Quantity::Base;
    static const std::map<std::string, Quantity> known{
        {"area_m2", {"area_m2", {"平方米", "m2"}, Base::area, 1, 2, 1}},
        {"area_ha", {"area_ha", {"公顷", "ha"}, Base::area, 1, 6, 1}},
        // 1 mu = 2000/3 m2: both sides times 3, so 3 · 0.01 m2 against mu · 200 000.
        {"area_mu", {"area_mu", {"亩", "mu"}, Base::area, 3, 5, 2}},
        {"cost_yuan", {"cost_yuan", {"元", "yuan"}, Base::cost, 1, 0, 1}},
        {"cost_wan_yuan", {"cost_wan_yuan", {"万元", "x10,000 yuan"}, Base::cost, 1, 4, 1}},
    };
    const auto found = known.find(name);
    return found == known.end() ? Quantity{} : found->second;
}

/// The column that holds a quantity's base: area_ha is read from area_m2.
std::string base_column(const Quantity& quantity) {
    switch (quantity.base) {
    case Quantity::Base::area:
        return "area_m2";
    case Quantity::Base::cost:
        return "cost_yuan";
    default:
        return quantity.name;
    }
}

std::int64_t base_integer(const Quantity& quantity, const Column& column, std::size_t row) {
    if (column.type() == ColumnType::integer && quantity.base != Quantity::Base::area) {
        const std::int64_t value = column.integer(row).value_or(0);
        std::int64_t scaled = value;
        if (quantity.base == Quantity::Base::column && quantity.power == 6 &&
            __builtin_mul_overflow(value, std::int64_t{1'000'000}, &scaled)) {
            throw Error(
                ErrorCode::invalid_project,
                text("列“{}”的数值过大", "values of column \"{}\" are too large", column.name)
            );
        }
        return scaled;
    }
    const double value = column.number(row).value_or(0.0);
    if (quantity.base == Quantity::Base::area) {
        return area_dm2(value);
    }
    if (quantity.base == Quantity::Base::cost) {
        return whole_yuan(value);
    }
    if (std::abs(value) > 9e12) {
        throw Error(
            ErrorCode::invalid_project,
            text(
                "列“{}”的数值过大：{}",
                "a value of column \"{}\" is too large: {}",
                column.name,
                value
            )
        );
    }
    return std::llround(value * micro);
}

} // namespace

double Quantity::per_unit() const {
    return std::pow(10.0, power) * static_cast<double>(factor);
}

// Only base columns may differ by period: area_ha@2023 would be a second definition of the area.
const Column* Amounts::in_period(const Quantity& quantity, std::size_t period) const {
    const std::string base = base_column(quantity);
    const Column* own = table_.find(base + "@" + rules_.periods[period].name);
    return own != nullptr ? own : table_.find(base);
}

Quantity Amounts::quantity(const std::string& name, const Where& where) const {
    Quantity result = fixed_quantity(name);
    const bool fixed = !result.name.empty();
    if (!fixed) {
        result.name = name;
    }
    bool real = false;
    bool found = false;
    std::string unit;
    for (std::size_t t = 0; t < rules_.periods.size(); ++t) {
        const Column* column = in_period(result, t);
        if (column == nullptr) {
            continue;
        }
        found = true;
        if (column->type() == ColumnType::text) {
            throw Error(
                ErrorCode::invalid_project,
                text(
                    "列“{}”是文本，这里需要数值",
                    "column \"{}\" holds text; a number is needed",
                    column->name
                ),
                where
            );
        }
        real = real || column->type() == ColumnType::real;
        unit = column->unit;
    }
    if (!found) {
        unknown_column(name, number_columns(table_), where);
    }
    if (!fixed) {
        result.unit = {unit, unit};
        result.power = real ? 6 : 0;
    }
    return result;
}

void Amounts::note_missing(const std::string& column, std::size_t row) {
    const std::pair<std::string, std::size_t> key{column, row};
    if (std::find(noted_.begin(), noted_.end(), key) != noted_.end()) {
        return;
    }
    noted_.push_back(key);
    Issue issue;
    issue.code = "missing_value";
    issue.row = static_cast<std::int64_t>(row) + 1;
    issue.plot_id = table_.at("plot_id").text(row).value_or("");
    issue.field = column;
    issue.message = text(
        "图斑 {} 没有“{}”的值，排期时按 0 计",
        "plot {} has no value of {}: the schedule counts it as 0",
        issue.plot_id,
        column
    );
    issues.push_back(issue);
}

std::vector<Issue> Amounts::gaps() const {
    std::map<std::string, std::vector<std::string>> plots; // by column
    for (const auto& [column, row] : noted_) {
        plots[column].push_back(table_.at("plot_id").text(row).value_or(""));
    }
    std::vector<Issue> found;
    for (const auto& [column, ids] : plots) {
        if (ids.size() == rows().size()) {
            continue; // nobody has it: then nobody counts on it
        }
        constexpr std::size_t quoted = 5;
        std::string list;
        for (std::size_t i = 0; i < std::min(quoted, ids.size()); ++i) {
            list += (i == 0 ? "" : "、") + ids[i];
        }
        Issue issue;
        issue.severity = Severity::warning; // what is not known is not free
        issue.code = "missing_value";
        issue.field = column;
        issue.message = text(
            "{0} 个图斑没有“{1}”，排期时按 0 计，等于不花钱、不占量；请补上：{2}{3}",
            "{0} plots have no {1} and count as 0, as if they cost or took nothing: fill it in "
            "for "
            "{2}{3}",
            ids.size(),
            column,
            list,
            ids.size() > quoted ? "……" : ""
        );
        found.push_back(std::move(issue));
    }
    return found;
}

std::int64_t Amounts::integer(const Quantity& quantity, const Column* own, std::size_t row) {
    const Column* from = own;
    if (from == nullptr || from->valid[row] == 0) {
        from = table_.find(base_column(quantity));
    }
    if (from == nullptr || from->valid[row] == 0) {
        note_missing(own == nullptr ? base_column(quantity) : own->name, row);
        return 0;
    }
    std::int64_t result = 0;
    if (__builtin_mul_overflow(
            base_integer(quantity, *from, row), quantity.multiplier, &result
        )) {
        throw Error(
            ErrorCode::invalid_project,
            text("列“{}”的数值过大", "values of column \"{}\" are too large", from->name)
        );
    }
    return result;
}

std::vector<std::int64_t> Amounts::integers(const Quantity& quantity) {
    const std::size_t periods = rules_.periods.size();
    const std::vector<std::size_t> eligible = rows();
    std::vector<std::int64_t> result(table_.rows * periods, 0);
    for (std::size_t t = 0; t < periods; ++t) {
        const Column* own = in_period(quantity, t);
        for (const std::size_t row : eligible) {
            result[row * periods + t] = integer(quantity, own, row);
        }
    }
    return result;
}

std::vector<double> Amounts::reals(const Quantity& quantity) const {
    const std::size_t periods = rules_.periods.size();
    if (quantity.base != Quantity::Base::column || quantity.power != 6) {
        return {};
    }
    std::vector<double> result(table_.rows * periods, 0.0);
    for (std::size_t t = 0; t < periods; ++t) {
        const Column* own = in_period(quantity, t);
        const Column* fallback = table_.find(quantity.name);
        for (std::size_t row = 0; row < table_.rows; ++row) {
            const auto value = own == nullptr ? std::nullopt : own->number(row);
            const auto other = fallback == nullptr ? std::nullopt : fallback->number(row);
            result[row * periods + t] = value.value_or(other.value_or(0.0));
        }
    }
    return result;
}

std::vector<std::size_t> Amounts::rows() const {
    const Column& ids = table_.at("plot_id");
    std::vector<std::pair<std::string, std::size_t>> named;
    for (std::size_t row = 0; row < table_.rows; ++row) {
        if (ranking_.eligible.at(row) != 0) {
            named.emplace_back(ids.text(row).value_or(""), row);
        }
    }
    std::sort(named.begin(), named.end());
    std::vector<std::size_t> result;
    result.reserve(named.size());
    for (const auto& [id, row] : named) {
        result.push_back(row);
    }
    return result;
}

std::vector<std::pair<std::string, std::vector<std::size_t>>>
Amounts::groups(const std::string& column, const Where& where) const {
    const Column* names = table_.find(column);
    if (names == nullptr) {
        std::vector<std::string> known;
        for (const Column& one : table_.columns) {
            known.push_back(one.name);
        }
        unknown_column(column, known, where);
    }
    std::map<std::string, std::vector<std::size_t>> found;
    for (const std::size_t row : rows()) {
        const auto name = names->text(row);
        if (name && !name->empty()) {
            found[*name].push_back(row);
        }
    }
    return {found.begin(), found.end()};
}

std::int64_t integer_of(const Quantity& quantity, const Decimal& value, const Where& where) {
    const auto scaled = value.scaled(quantity.power);
    std::int64_t result = 0;
    if (!scaled || __builtin_mul_overflow(*scaled, quantity.factor, &result)) {
        throw Error(
            ErrorCode::invalid_project,
            text(
                "{}（{}）不是最小计量单位的整数倍（小数位过多或数值过大）",
                "{} ({}) is not a whole number of the smallest unit (too many decimals, or too "
                "large)",
                value.text(),
                quantity.name
            ),
            where
        );
    }
    return result;
}

} // namespace tuban::planning
