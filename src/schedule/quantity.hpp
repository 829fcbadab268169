#pragma once
// Columns as integers: what a quantity of the rules means over a table.
#include "schedule/problem.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tuban::planning {

/// The table as the rules see it: only eligible rows, missing values noted once each.
class Amounts {
public:
    Amounts(const Table& table, const Ranking& ranking, const ScheduleRules& rules)
        : table_(table), ranking_(ranking), rules_(rules) {}

    /// What `name` counts. @throws Error{invalid_project} if there is no such column or it holds text.
    [[nodiscard]] Quantity quantity(const std::string& name, const Where& where) const;
    /// (rows · periods) base integers · multiplier; `name@period` wins over `name` in that period. Null counts 0.
    std::vector<std::int64_t> integers(const Quantity& quantity);
    /// (rows · periods) as in the table, for real columns; empty for all else.
    [[nodiscard]] std::vector<double> reals(const Quantity& quantity) const;
    /// Eligible rows of each group named by a text (or integer) column, by group name; rows by plot_id.
    [[nodiscard]] std::vector<std::pair<std::string, std::vector<std::size_t>>>
    groups(const std::string& column, const Where& where) const;
    /// Eligible rows by plot_id in byte order.
    [[nodiscard]] std::vector<std::size_t> rows() const;

    /// A warning for each column of which some plots have no value and others have one.
    [[nodiscard]] std::vector<Issue> gaps() const;

    std::vector<Issue> issues; ///< notes on missing values, in the order found

private:
    [[nodiscard]] const Column* in_period(const Quantity& quantity, std::size_t period) const;
    std::int64_t integer(const Quantity& quantity, const Column* own, std::size_t row);
    void note_missing(const std::string& column, std::size_t row);

    const Table& table_;
    const Ranking& ranking_;
    const ScheduleRules& rules_;
    std::vector<std::pair<std::string, std::size_t>> noted_;
};

/// The user's number as an integer of the quantity. @throws Error{invalid_project} if it is not whole there.
std::int64_t integer_of(const Quantity& quantity, const Decimal& value, const Where& where);

} // namespace tuban::planning
