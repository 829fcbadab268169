#pragma once
#include <tuban/core.hpp>

#include <cstddef>
#include <functional>

namespace tuban {

/// As parallel_for(), and takes what each body(i) has made in the order of i, one at a time, while later ones are still
/// being made. Only a few wait to be taken at any time, so that what take(i) lets go of serves the next.
///
/// What body(i) or take(i) throws is rethrown, that of the smallest i among those thrown.
TUBAN_EXPORT void parallel_in_order(
    std::size_t n,
    const Execution& execution,
    const Text& stage,
    const std::function<void(std::size_t)>& body,
    const std::function<void(std::size_t)>& take
);

} // namespace tuban
