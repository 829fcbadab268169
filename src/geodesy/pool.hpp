#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace tuban {

/// Things that are dear to make and not shared by threads: a thread borrows one for a block of work.
template <class T>
class Pool {
public:
    /// @param make  gives a new T by std::unique_ptr
    template <class Make>
    [[nodiscard]] std::unique_ptr<T> borrow(const Make& make) {
        {
            const std::lock_guard lock(mutex_);
            if (!idle_.empty()) {
                std::unique_ptr<T> taken = std::move(idle_.back());
                idle_.pop_back();
                return taken;
            }
        }
        return make();
    }

    void give_back(std::unique_ptr<T> taken) {
        const std::lock_guard lock(mutex_);
        idle_.push_back(std::move(taken));
    }

private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<T>> idle_;
};

} // namespace tuban
