#pragma once
// Long calls leave Python free: the work runs in a thread of its own without the GIL, while the calling thread looks for
// Ctrl-C and hands progress to Python.
#include <tuban/core.hpp>

#include <nanobind/nanobind.h>

#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace tuban::python {

/// How a call from Python runs: `progress` is None or f(complete, zh, en), which returns False to stop.
struct Running {
    nanobind::object progress;
    int threads = 0;
};

/// What the working thread tells the waiting one.
class Watch {
public:
    [[nodiscard]] Execution execution(int threads) {
        return {threads, [this](double complete, const Text& stage) {
                    const std::lock_guard lock(mutex_);
                    news_ = News{complete, stage};
                    return !stop_.load();
                }};
    }

    /// Called with the GIL. A Python failure is kept and stops the work.
    void look(const nanobind::object& progress) {
        try {
            if (PyErr_CheckSignals() != 0) {
                throw nanobind::python_error();
            }
            tell(progress);
        } catch (nanobind::python_error& failure) {
            failure_.emplace(std::move(failure));
            stop_ = true;
        }
    }

    [[nodiscard]] bool stopped() const { return stop_.load(); }

    /// @throws what Python raised meanwhile.
    void finish(const nanobind::object& progress) {
        if (!failure_ && !stop_) {
            look(progress);
        }
        if (failure_) {
            throw nanobind::python_error(std::move(*failure_));
        }
    }

private:
    struct News {
        double complete = 0.0;
        Text stage;
    };

    void tell(const nanobind::object& progress) {
        std::optional<News> news;
        {
            const std::lock_guard lock(mutex_);
            news.swap(news_);
        }
        if (!news || progress.is_none()) {
            return;
        }
        const nanobind::object answer =
            progress(news->complete, news->stage.zh, news->stage.en);
        if (answer.ptr() == Py_False) {
            stop_ = true;
        }
    }

    std::mutex mutex_;
    std::optional<News> news_;
    std::optional<nanobind::python_error> failure_;
    std::atomic<bool> stop_ = false;
};

/// Runs call(execution), which must not touch Python, and returns what it returns.
template <class Call>
std::invoke_result_t<Call, const Execution&> long_call(const Running& running, Call&& call) {
    if (running.threads < 0) {
        throw Error(
            ErrorCode::invalid_argument, {"threads 不能为负", "threads must not be negative"}
        );
    }
    Watch watch;
    const Execution execution = watch.execution(running.threads);
    auto result = std::async(std::launch::async, [&] { return call(execution); });
    const auto wait = [&result](std::chrono::milliseconds time) {
        const nanobind::gil_scoped_release released;
        return result.wait_for(time) == std::future_status::ready;
    };
    while (!wait(std::chrono::milliseconds(50))) {
        if (!watch.stopped()) {
            watch.look(running.progress);
        }
    }
    watch.finish(running.progress);
    return result.get();
}

} // namespace tuban::python
