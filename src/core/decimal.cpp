#include <tuban/core.hpp>

#include "core/format.hpp"
#include "core/int128.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>

namespace tuban {
namespace {

constexpr int greatest_scale = 18;

std::optional<std::int64_t> times_ten(std::int64_t value, int power) {
    for (; power > 0 && value != 0; --power) {
        if (__builtin_mul_overflow(value, std::int64_t{10}, &value)) {
            return std::nullopt;
        }
    }
    return value;
}

/// Appends decimal digits to a number; false for anything that is no digit, and on overflow.
bool append_digits(std::int64_t& number, std::string_view digits) {
    return std::all_of(digits.begin(), digits.end(), [&](char c) {
        return c >= '0' && c <= '9' &&
               !__builtin_mul_overflow(number, std::int64_t{10}, &number) &&
               !__builtin_add_overflow(number, std::int64_t{c - '0'}, &number);
    });
}

/// Half away from zero, in decimal: 28.5 is often stored just below the tie, and a person with a pencil writes 29.
/// One part in 2^50 is added, far below what any area is known to and far above the rounding of a sum.
std::int64_t half_up(double count) {
    constexpr double greatest = 9e18; // below 2^63
    if (!(std::abs(count) < greatest)) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "{} 不能化为整数个 0.01 m² 或元：不是有限的数，或者太大",
                "{} cannot be counted in 0.01 m² or yuan: it is not finite, or too large",
                count
            )
        );
    }
    const double size = std::floor(std::abs(count) * (1.0 + 0x1p-50) + 0.5);
    return static_cast<std::int64_t>(std::copysign(size, count));
}

} // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    const std::size_t point = text.find('.');
    const bool has_point = point != std::string_view::npos;
    const std::string_view whole = text.substr(0, point);
    const std::string_view fraction = has_point ? text.substr(point + 1) : std::string_view{};
    if (whole.empty() || (has_point && fraction.empty()) || fraction.size() > greatest_scale) {
        return std::nullopt;
    }
    Decimal result{0, static_cast<int>(fraction.size())};
    if (!append_digits(result.digits, whole) || !append_digits(result.digits, fraction)) {
        return std::nullopt;
    }
    if (negative) {
        result.digits = -result.digits;
    }
    return result;
}

std::optional<std::int64_t> Decimal::scaled(int power) const {
    if (power >= scale) {
        return times_ten(digits, power - scale);
    }
    const std::optional<std::int64_t> divisor =
        times_ten(1, std::min(scale - power, greatest_scale));
    if (!divisor || scale - power > greatest_scale) {
        return digits == 0 ? std::optional<std::int64_t>(0) : std::nullopt;
    }
    return digits % *divisor == 0 ? std::optional(digits / *divisor) : std::nullopt;
}

double Decimal::value() const {
    // Through text, so that 195.45 is the double nearest to 195.45 and not a quotient of two roundings.
    const std::string exact = text();
    double result = 0.0;
    std::from_chars(exact.data(), exact.data() + exact.size(), result);
    return result;
}

std::string Decimal::text() const {
    const bool negative = digits < 0;
    std::string number = format(
        "{:0{}}",
        negative ? -static_cast<Int128>(digits) : static_cast<Int128>(digits),
        scale + 1
    );
    if (scale > 0) {
        number.insert(number.size() - static_cast<std::size_t>(scale), ".");
    }
    return negative ? "-" + number : number;
}

std::int64_t area_dm2(double area_m2) {
    return half_up(area_m2 * 100.0);
}

std::int64_t whole_yuan(double yuan) {
    return half_up(yuan);
}

std::vector<std::int64_t>
largest_remainder(std::int64_t total, const std::vector<std::int64_t>& weights) {
    std::vector<std::int64_t> parts(weights.size(), 0);
    Int128 sum = 0;
    for (const std::int64_t weight : weights) {
        sum += weight;
    }
    if (sum == 0) {
        return parts;
    }
    std::vector<Int128> remainders(weights.size());
    std::int64_t given = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const Int128 exact = static_cast<Int128>(total) * weights[i];
        parts[i] = static_cast<std::int64_t>(exact / sum);
        remainders[i] = exact % sum;
        given += parts[i];
    }
    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return remainders[a] > remainders[b];
    });
    for (std::size_t i = 0; given < total; ++i, ++given) {
        ++parts[order[i]];
    }
    return parts;
}

} // namespace tuban
