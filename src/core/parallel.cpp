#include "core/parallel.hpp"

#include "core/in_order.hpp"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <limits>
#include <mutex>
#include <utility>

namespace tuban {
namespace {

[[noreturn]] void throw_interrupted() {
    throw Error(ErrorCode::interrupted, {"已中断", "interrupted"});
}

/// What the threads of one loop share.
class Loop {
public:
    Loop(std::size_t n, const Execution& execution, const Text& stage)
        : n_(n), execution_(execution), stage_(stage) {}

    [[nodiscard]] bool stopped() const { return stop_.load(std::memory_order_relaxed); }

    void fail(std::size_t i, std::exception_ptr error) {
        const std::lock_guard lock(mutex_);
        if (i < failed_at_) {
            failed_at_ = i;
            error_ = std::move(error);
        }
        stop_ = true;
    }

    /// Runs one step of item i unless the loop has stopped.
    void attempt(std::size_t i, const std::function<void(std::size_t)>& step) {
        if (stopped()) {
            return;
        }
        try {
            step(i);
        } catch (...) {
            fail(i, std::current_exception());
        }
    }

    /// Called after each item; talks to the callback at most ten times a second, from one thread at a time.
    void done() {
        const std::size_t count = done_.fetch_add(1) + 1;
        if (!execution_.progress || stopped()) {
            return;
        }
        const std::unique_lock lock(mutex_, std::try_to_lock);
        const auto now = std::chrono::steady_clock::now();
        if (!lock || now - last_ < std::chrono::milliseconds(100)) {
            return;
        }
        last_ = now;
        if (!execution_.progress(
                static_cast<double>(count) / static_cast<double>(n_), stage_
            )) {
            interrupted_ = true;
            stop_ = true;
        }
    }

    void finish() {
        if (error_) {
            std::rethrow_exception(error_);
        }
        if (interrupted_) {
            throw_interrupted();
        }
        report_progress(execution_, 1.0, stage_);
    }

private:
    std::size_t n_;
    const Execution& execution_;
    const Text& stage_;
    std::mutex mutex_;
    std::atomic<bool> stop_ = false;
    std::atomic<std::size_t> done_ = 0;
    std::size_t failed_at_ = std::numeric_limits<std::size_t>::max();
    std::exception_ptr error_;
    bool interrupted_ = false;
    std::chrono::steady_clock::time_point last_{};
};

/// Runs work where at most `threads` threads take part (0: as many as the machine has).
template <class Work>
void in_arena(int threads, const Work& work) {
    if (threads == 0) {
        tbb::task_arena().execute(work);
        return;
    }
    // More than the machine has is allowed too, so that tests can show that the result does not depend on it.
    const tbb::global_control allowed(
        tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads)
    );
    tbb::task_arena(threads).execute(work);
}

} // namespace

void parallel_for(
    std::size_t n,
    const Execution& execution,
    const Text& stage,
    const std::function<void(std::size_t)>& body
) {
    Loop loop(n, execution, stage);
    const auto item = [&](std::size_t i) {
        loop.attempt(i, body);
        loop.done();
    };
    // One thread, and no pool, where one is asked for: a caller without threads gets none.
    if (execution.threads == 1) {
        for (std::size_t i = 0; i < n; ++i) {
            item(i);
        }
    } else {
        in_arena(execution.threads, [&] { tbb::parallel_for(std::size_t{0}, n, item); });
    }
    loop.finish();
}

void parallel_in_order(
    std::size_t n,
    const Execution& execution,
    const Text& stage,
    const std::function<void(std::size_t)>& body,
    const std::function<void(std::size_t)>& take
) {
    Loop loop(n, execution, stage);
    const auto make = [&](std::size_t i) {
        loop.attempt(i, body);
        return i;
    };
    const auto finish = [&](std::size_t i) {
        loop.attempt(i, take);
        loop.done();
    };
    if (execution.threads == 1) {
        for (std::size_t i = 0; i < n; ++i) {
            finish(make(i));
        }
        return loop.finish();
    }
    std::size_t next = 0;
    const auto number = [&](tbb::flow_control& flow) {
        if (next >= n || loop.stopped()) {
            flow.stop();
        }
        return next++;
    };
    in_arena(execution.threads, [&] {
        constexpr std::size_t waiting_per_thread = 4;
        const auto threads = static_cast<std::size_t>(tbb::this_task_arena::max_concurrency());
        tbb::parallel_pipeline(
            waiting_per_thread * threads,
            tbb::make_filter<void, std::size_t>(tbb::filter_mode::serial_in_order, number) &
                tbb::make_filter<std::size_t, std::size_t>(tbb::filter_mode::parallel, make) &
                tbb::make_filter<std::size_t, void>(tbb::filter_mode::serial_in_order, finish)
        );
    });
    loop.finish();
}

void report_progress(const Execution& execution, double complete, const Text& stage) {
    if (execution.progress && !execution.progress(complete, stage)) {
        throw_interrupted();
    }
}

Execution part_of(const Execution& execution, double from, double to) {
    Execution part = execution;
    if (execution.progress) {
        part.progress = [outer = execution.progress, from, to](
                            double complete, const Text& stage
                        ) { return outer(from + (to - from) * complete, stage); };
    }
    return part;
}

} // namespace tuban
