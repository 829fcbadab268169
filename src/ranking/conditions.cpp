#include <tuban/ranking.hpp>

#include "ranking/checks.hpp"
#include "ranking/names.hpp"
#include "ranking/sandbox.hpp"

#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>

namespace tuban {

using expression::Outcome;
using expression::Value;

struct Conditions::State {
    expression::Names names;
    expression::Sandbox sandbox;

    /// Checked, rewritten, worked out; throws what is wrong in the user's terms.
    [[nodiscard]] std::pair<expression::Rewritten, Outcome> run(const Condition& condition) {
        expression::check(condition, names);
        auto rewritten = expression::rewrite(condition, names);
        Outcome outcome = sandbox.evaluate(rewritten.sql);
        if (outcome.failure) {
            expression::explain(condition, names, rewritten, *outcome.failure);
        }
        return {std::move(rewritten), std::move(outcome)};
    }
};

namespace {

std::optional<double> leading_number(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) {
        return std::nullopt;
    }
    double value = 0.0;
    const auto parsed = std::from_chars(text.data() + first, text.data() + text.size(), value);
    return parsed.ec == std::errc{} ? std::optional<double>(value) : std::nullopt;
}

std::optional<bool> truth_of(const Value& value) {
    if (std::holds_alternative<std::monostate>(value)) {
        return std::nullopt;
    }
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        return *integer != 0;
    }
    if (const auto* real = std::get_if<double>(&value)) {
        return *real != 0.0;
    }
    // As SQLite's WHERE: the number that the text begins with, else 0.
    return leading_number(std::get<std::string>(value)).value_or(0.0) != 0.0;
}

std::optional<double> number_of(const Value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        return static_cast<double>(*integer);
    }
    if (const auto* real = std::get_if<double>(&value)) {
        return *real;
    }
    if (const auto* text = std::get_if<std::string>(&value)) {
        double number = 0.0;
        const auto parsed = std::from_chars(text->data(), text->data() + text->size(), number);
        if (parsed.ec == std::errc{} && parsed.ptr == text->data() + text->size() &&
            std::isfinite(number)) {
            return number;
        }
    }
    return std::nullopt;
}

} // namespace

Conditions::Conditions(const Table& table)
    : state_(std::make_unique<State>(State{expression::Names(table), expression::Sandbox(table)}
      )) {}

Conditions::~Conditions() = default;

std::vector<std::optional<bool>> Conditions::truth(const Condition& condition) {
    std::vector<std::optional<bool>> truths;
    for (const Value& value : state_->run(condition).second.values) {
        truths.push_back(truth_of(value));
    }
    return truths;
}

std::vector<std::optional<double>> Conditions::number(const Condition& condition) {
    std::vector<std::optional<double>> numbers;
    for (const Value& value : state_->run(condition).second.values) {
        numbers.push_back(number_of(value));
    }
    return numbers;
}

std::string Conditions::portable(const Condition& condition) {
    const auto [rewritten, outcome] = state_->run(condition);
    return expression::portable_sql(condition, rewritten);
}

std::vector<std::string> Conditions::columns_read(const Condition& condition) {
    const Outcome outcome = state_->run(condition).second;
    std::vector<std::string> read;
    for (const auto& column : state_->names.columns()) {
        if (outcome.read.contains(column.name)) {
            read.push_back(column.name);
        }
    }
    return read;
}

std::vector<Text> Conditions::warnings(const Condition& condition) {
    static_cast<void>(state_->run(condition));
    return expression::lints(condition, state_->names);
}

} // namespace tuban
