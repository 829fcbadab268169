#pragma once
#include <tuban/core.hpp>

#include "core/parallel.hpp"

#include <atomic>
#include <chrono>
#include <exception>
#include <future>
#include <utility>

namespace tuban {

/// Runs two things that do not touch each other's values at once, or the second after the first where `execution` allows
/// one thread only. The first tells progress. What it throws goes before what the second throws.
///
/// @param first   called with an Execution that reports to the caller's
/// @param second  on a thread of its own, with an Execution that stops it (Error{interrupted}) as soon as the first fails
template <class First, class Second>
void side_by_side(const Execution& execution, First&& first, Second&& second) {
    if (execution.threads == 1) {
        std::forward<First>(first)(execution);
        std::forward<Second>(second)(execution);
        return;
    }
    std::atomic<bool> stop = false;
    Execution quiet = execution;
    quiet.progress = [&stop](double /*complete*/, const Text& /*stage*/) { return !stop; };
    std::future<void> other =
        std::async(std::launch::async, [&] { std::forward<Second>(second)(quiet); });
    try {
        std::forward<First>(first)(execution);
        while (other.wait_for(std::chrono::milliseconds(100)) != std::future_status::ready) {
            report_progress(execution, 1.0, {"收尾", "finishing"});
        }
    } catch (...) {
        stop = true;
        other.wait();
        throw;
    }
    other.get();
}

} // namespace tuban
