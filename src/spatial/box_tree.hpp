#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace tuban {

/// Axis-parallel box in space; the plane uses it with z = 0.
struct Box3 {
    std::array<double, 3> low{
        std::numeric_limits<double>::infinity(),
        std::numeric_limits<double>::infinity(),
        std::numeric_limits<double>::infinity()};
    std::array<double, 3> high{
        -std::numeric_limits<double>::infinity(),
        -std::numeric_limits<double>::infinity(),
        -std::numeric_limits<double>::infinity()};

    void add(const std::array<double, 3>& point) {
        for (std::size_t k = 0; k < 3; ++k) {
            low.at(k) = std::min(low.at(k), point.at(k));
            high.at(k) = std::max(high.at(k), point.at(k));
        }
    }

    void merge(const Box3& box) {
        add(box.low);
        add(box.high);
    }

    void grow(double by) {
        for (std::size_t k = 0; k < 3; ++k) {
            low.at(k) -= by;
            high.at(k) += by;
        }
    }
};

/// Straight distance between two boxes, 0 if they share a point.
[[nodiscard]] inline double gap(const Box3& a, const Box3& b) {
    double sum = 0.0;
    for (std::size_t k = 0; k < 3; ++k) {
        const double d = std::max({0.0, b.low[k] - a.high[k], a.low[k] - b.high[k]});
        sum += d * d;
    }
    return std::sqrt(sum);
}

/// Boxes in a balanced binary tree, halved at the middle of the longest side.
class BoxTree {
public:
    BoxTree() = default;
    explicit BoxTree(std::vector<Box3> boxes);

    /// Calls take(item) for the items whose gap to `query` is at most bound(), near ones first as far as the tree
    /// knows. bound() may fall on the way. take() returns false to stop.
    template <class Bound, class Take>
    void visit(const Box3& query, const Bound& bound, const Take& take) const {
        if (nodes_.empty()) {
            return;
        }
        std::vector<std::pair<std::uint32_t, double>> stack{{0, gap(nodes_[0].box, query)}};
        while (!stack.empty()) {
            const auto [at, distance] = stack.back();
            stack.pop_back();
            if (distance > bound()) {
                continue;
            }
            const Node& node = nodes_[at];
            if (node.count == 0) {
                push_children(node, query, stack);
            } else if (!visit_leaf(node, query, bound, take)) {
                return;
            }
        }
    }

private:
    struct Node {
        Box3 box;
        std::uint32_t first = 0; ///< of the items of a leaf, or the left child
        std::uint32_t count = 0; ///< items of a leaf; 0 for inner nodes
        std::uint32_t right = 0; ///< right child
    };

    void push_children(
        const Node& node,
        const Box3& query,
        std::vector<std::pair<std::uint32_t, double>>& stack
    ) const {
        const double left = gap(nodes_[node.first].box, query);
        const double right = gap(nodes_[node.right].box, query);
        if (left <= right) {
            stack.emplace_back(node.right, right);
            stack.emplace_back(node.first, left);
        } else {
            stack.emplace_back(node.first, left);
            stack.emplace_back(node.right, right);
        }
    }

    template <class Bound, class Take>
    [[nodiscard]] bool visit_leaf(
        const Node& node, const Box3& query, const Bound& bound, const Take& take
    ) const {
        for (std::uint32_t i = node.first; i < node.first + node.count; ++i) {
            if (gap(boxes_[order_[i]], query) <= bound() && !take(std::size_t{order_[i]})) {
                return false;
            }
        }
        return true;
    }

    std::uint32_t build(std::uint32_t first, std::uint32_t count);

    std::vector<Box3> boxes_;
    std::vector<std::uint32_t> order_;
    std::vector<Node> nodes_;
};

} // namespace tuban
