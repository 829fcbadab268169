#pragma once
#include <tuban/core.hpp>

#include <cstddef>
#include <functional>

namespace tuban {

/// Runs body(i) for i in [0, n) on the threads that `execution` allows. Each i writes only what belongs to i, so the
/// result does not depend on the number of threads.
///
/// Progress runs from 0 to 1 (part_of() maps it). The first exception (smallest i among those thrown) is
/// rethrown; a progress callback that returns false stops the loop with Error{interrupted}.
TUBAN_EXPORT void parallel_for(
    std::size_t n,
    const Execution& execution,
    const Text& stage,
    const std::function<void(std::size_t)>& body
);

/// Tells progress and throws Error{interrupted} if the caller wants to stop.
TUBAN_EXPORT void
report_progress(const Execution& execution, double complete, const Text& stage);

/// The same execution with its progress mapped into [from, to] of a larger whole.
[[nodiscard]] TUBAN_EXPORT Execution
part_of(const Execution& execution, double from, double to);

} // namespace tuban
