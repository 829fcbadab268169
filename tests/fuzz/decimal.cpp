// Exact decimal numbers.
#include <tuban/core.hpp>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto value = tuban::Decimal::parse(tuban_fuzz::bytes_of(data, size));
    if (!value) {
        return 0;
    }
    tuban_fuzz::require(value->scale >= 0 && value->scale <= 18, "scale in [0, 18]");
    const auto again = tuban::Decimal::parse(value->text());
    tuban_fuzz::require(again && *again == *value, "its text is the number");
    (void)value->value();
    for (int power = -20; power <= 20; ++power) {
        (void)value->scaled(power);
    }
    return 0;
}
