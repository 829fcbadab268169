#include "spatial/hilbert.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace tuban {
namespace {

constexpr double last_cell = 65'535.0;

/// Cells of values over their range.
class Cells {
public:
    explicit Cells(std::span<const double> values) {
        if (!values.empty()) {
            const auto [low, high] = std::minmax_element(values.begin(), values.end());
            low_ = *low;
            scale_ = *high > *low ? last_cell / (*high - *low) : 0.0;
        }
    }

    [[nodiscard]] std::uint32_t at(double value) const {
        return static_cast<std::uint32_t>(std::clamp((value - low_) * scale_, 0.0, last_cell));
    }

private:
    double low_ = 0.0;
    double scale_ = 0.0;
};

struct Keyed {
    std::uint32_t key = 0;
    std::uint32_t row = 0;
};

/// Stable, least digit first.
void radix_sort(std::vector<Keyed>& items) {
    constexpr unsigned digit_bits = 11;
    constexpr std::size_t digits = std::size_t{1} << digit_bits;
    std::vector<Keyed> sorted(items.size());
    for (unsigned shift = 0; shift < 32; shift += digit_bits) {
        std::array<std::size_t, digits> starts{};
        const auto digit = [&](const Keyed& item) { return (item.key >> shift) % digits; };
        for (const Keyed& item : items) {
            ++starts.at(digit(item));
        }
        std::exclusive_scan(starts.begin(), starts.end(), starts.begin(), std::size_t{0});
        for (const Keyed& item : items) {
            sorted[starts.at(digit(item))++] = item;
        }
        items.swap(sorted);
    }
}

} // namespace

std::uint32_t hilbert_key(std::uint32_t x, std::uint32_t y) {
    std::uint32_t key = 0;
    for (std::uint32_t side = 1U << 15U; side > 0; side >>= 1U) {
        const std::uint32_t right = (x & side) != 0 ? 1 : 0;
        const std::uint32_t upper = (y & side) != 0 ? 1 : 0;
        key = (key << 2U) | ((3 * right) ^ upper);
        if (upper == 0) { // turn the quarter so that the curve enters where it should
            const std::uint32_t flip = right != 0 ? 0xFFFFU : 0U;
            const std::uint32_t old_x = x;
            x = y ^ flip;
            y = old_x ^ flip;
        }
    }
    return key;
}

std::vector<std::uint32_t> hilbert_order(std::span<const double> x, std::span<const double> y) {
    const Cells columns(x);
    const Cells rows(y);
    std::vector<Keyed> items(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        items[i] = {
            hilbert_key(columns.at(x[i]), rows.at(y[i])), static_cast<std::uint32_t>(i)};
    }
    radix_sort(items);
    std::vector<std::uint32_t> order(items.size());
    std::transform(items.begin(), items.end(), order.begin(), [](const Keyed& item) {
        return item.row;
    });
    return order;
}

} // namespace tuban
