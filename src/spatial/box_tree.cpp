#include "spatial/box_tree.hpp"

#include <numeric>

namespace tuban {
namespace {

constexpr std::uint32_t leaf_size = 4;

} // namespace

BoxTree::BoxTree(std::vector<Box3> boxes) : boxes_(std::move(boxes)), order_(boxes_.size()) {
    std::iota(order_.begin(), order_.end(), 0U);
    if (!boxes_.empty()) {
        nodes_.reserve(boxes_.size());
        (void)build(0, static_cast<std::uint32_t>(boxes_.size()));
    }
}

// The depth is the logarithm of the number of boxes.
std::uint32_t
BoxTree::build(std::uint32_t first, std::uint32_t count) { // NOLINT(misc-no-recursion)
    const auto at = static_cast<std::uint32_t>(nodes_.size());
    nodes_.emplace_back();
    Box3 box;
    Box3 centers;
    const auto center = [&](std::uint32_t i, std::size_t axis) {
        return boxes_[i].low.at(axis) + boxes_[i].high.at(axis);
    };
    for (std::uint32_t i = first; i < first + count; ++i) {
        box.merge(boxes_[order_[i]]);
        centers.add({center(order_[i], 0), center(order_[i], 1), center(order_[i], 2)});
    }
    nodes_[at].box = box;
    if (count <= leaf_size) {
        nodes_[at].first = first;
        nodes_[at].count = count;
        return at;
    }
    std::size_t axis = 0;
    for (std::size_t k = 1; k < 3; ++k) {
        if (centers.high.at(k) - centers.low.at(k) >
            centers.high.at(axis) - centers.low.at(axis)) {
            axis = k;
        }
    }
    const std::uint32_t half = count / 2;
    const auto begin = order_.begin() + first;
    std::nth_element(begin, begin + half, begin + count, [&](std::uint32_t a, std::uint32_t b) {
        return std::pair(center(a, axis), a) < std::pair(center(b, axis), b);
    });
    const std::uint32_t left = build(first, half);
    const std::uint32_t right = build(first + half, count - half);
    nodes_[at].first = left;
    nodes_[at].right = right;
    return at;
}

} // namespace tuban
