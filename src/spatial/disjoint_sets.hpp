#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tuban {

/// Sets that only grow together, by several threads at once if need be: two that were found joined stay so.
/// Source: Anderson and Woll, "Wait-free parallel algorithms for the union-find problem" (STOC 1991).
class DisjointSets {
public:
    explicit DisjointSets(std::size_t count) : parents_(count) {
        for (std::size_t i = 0; i < count; ++i) {
            parents_[i].store(static_cast<std::uint32_t>(i), std::memory_order_relaxed);
        }
    }

    /// The least of the set that is known; halves the way there.
    [[nodiscard]] std::uint32_t find(std::uint32_t item) {
        std::uint32_t parent = parents_[item].load(std::memory_order_relaxed);
        while (parent != item) {
            const std::uint32_t above = parents_[parent].load(std::memory_order_relaxed);
            if (above != parent) { // an ancestor all the same if others have been faster
                parents_[item].store(above, std::memory_order_relaxed);
            }
            item = above;
            parent = parents_[item].load(std::memory_order_relaxed);
        }
        return item;
    }

    [[nodiscard]] bool are_joined(std::uint32_t a, std::uint32_t b) {
        return find(a) == find(b);
    }

    void join(std::uint32_t a, std::uint32_t b) {
        while (true) {
            a = find(a);
            b = find(b);
            if (a == b) {
                return;
            }
            std::uint32_t greater = a < b ? b : a;
            const std::uint32_t less = a < b ? a : b;
            if (parents_[greater].compare_exchange_strong(
                    greater, less, std::memory_order_relaxed
                )) {
                return;
            }
        }
    }

private:
    std::vector<std::atomic<std::uint32_t>> parents_;
};

} // namespace tuban
