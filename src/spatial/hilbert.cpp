#include "spatial/hilbert.hpp"

#include "geodesy/lanes.hpp"

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

/// Step by step without a branch, so that several keys are made at a time.
TUBAN_INLINE std::uint32_t key_of(std::uint32_t x, std::uint32_t y) {
    std::uint32_t key = 0;
    for (unsigned bit = 16; bit-- > 0;) {
        const std::uint32_t right = (x >> bit) & 1U;
        const std::uint32_t upper = (y >> bit) & 1U;
        key = (key << 2U) | ((3U * right) ^ upper);
        // The lower quarters are turned so that the curve enters where it should.
        const std::uint32_t turns = upper - 1U; // all bits or none
        const std::uint32_t flip = (0U - right) & 0xFFFFU & turns;
        const std::uint32_t swap = (x ^ y) & turns;
        x = x ^ swap ^ flip;
        y = y ^ swap ^ flip;
    }
    return key;
}

/// Cells → keys, in place of the columns.
TUBAN_VECTOR_CLONES void
make_keys(std::uint32_t* columns_then_keys, const std::uint32_t* rows, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        columns_then_keys[i] = key_of(columns_then_keys[i], rows[i]);
    }
}

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
    return key_of(x, y);
}

std::vector<std::uint32_t> hilbert_order(std::span<const double> x, std::span<const double> y) {
    const Cells columns(x);
    const Cells rows(y);
    constexpr std::size_t block = 256;
    std::array<std::uint32_t, block> keys{};
    std::array<std::uint32_t, block> row{};
    std::vector<Keyed> items(x.size());
    for (std::size_t first = 0; first < x.size(); first += block) {
        const std::size_t count = std::min(block, x.size() - first);
        for (std::size_t i = 0; i < count; ++i) {
            keys[i] = columns.at(x[first + i]);
            row[i] = rows.at(y[first + i]);
        }
        make_keys(keys.data(), row.data(), count);
        for (std::size_t i = 0; i < count; ++i) {
            items[first + i] = {keys[i], static_cast<std::uint32_t>(first + i)};
        }
    }
    radix_sort(items);
    std::vector<std::uint32_t> order(items.size());
    std::transform(items.begin(), items.end(), order.begin(), [](const Keyed& item) {
        return item.row;
    });
    return order;
}

} // namespace tuban
