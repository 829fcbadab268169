#pragma once
#include <tuban/spatial.hpp>

#include "geodesy/pool.hpp"
#include "spatial/barriers.hpp"
#include "spatial/cut_plots.hpp"
#include "spatial/plot_tree.hpp"
#include "spatial/quick_pair.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace tuban {

/// Two plots by their places in a PlotTree.
struct PlacePair {
    std::uint32_t first = 0;
    std::uint32_t second = 0;
};

/// A distance as nearest() measures it, from the plot whose first vertices come first: no order of rows shows in it.
struct PlotLink {
    PlacePair places;
    double distance_m = 0.0;
    bool is_borderline =
        false; ///< within its error of what was asked for; never where plots touch
};

/// What clusters and packages are asked of: plots, the tree over them, and what parts them.
class PlotPairs {
public:
    /// @param take      (n) or empty
    /// @param barriers  null: none
    PlotPairs(
        const Geometry& plots,
        std::string_view edge_crs,
        const std::vector<std::uint8_t>& take,
        const Layer* barriers
    );

    [[nodiscard]] const PlotTree& tree() const { return tree_; }

    [[nodiscard]] std::size_t blocks() const;

    /// Looks quickly at the pairs of one block of places and later ones. Pairs for which rule.is_settled(first, second)
    /// holds are passed over, nodes for which rule.may_skip(first, node) does too;
    /// rule.take({first, second}, is_sure) is told of the others that may lie within the distance. Sure are those
    /// that lie there, error and all, with no barrier near.
    template <class Rule>
    void look_at_block(std::size_t block, double within_m, Rule& rule) const;

    /// Measures pairs: those at most so far apart, or within the error of it, that no barrier parts.
    [[nodiscard]] std::vector<PlotLink>
    measure(std::span<const PlacePair> pairs, double within_m) const;

private:
    static constexpr std::size_t groups_per_block = 32;
    static constexpr std::size_t most_waiting = 4096;

    template <class Rule>
    void compare(std::vector<PlacePair>& waiting, double within_m, QuickPair& quick, Rule& rule)
        const;

    CutPlots plots_;
    PlotTree tree_;
    std::unique_ptr<Barriers> barriers_;
    mutable Pool<QuickPair> quick_;
};

template <class Rule>
void PlotPairs::look_at_block(std::size_t block, double within_m, Rule& rule) const {
    std::unique_ptr<QuickPair> borrowed =
        quick_.borrow([&] { return std::make_unique<QuickPair>(plots_.outlines(), within_m); });
    borrowed->look_within(within_m);
    QuickPair& quick = *borrowed;
    std::vector<PlacePair> waiting;
    const auto may_skip = [&](std::size_t place, std::size_t node) {
        return rule.may_skip(static_cast<std::uint32_t>(place), node);
    };
    const auto take = [&](std::size_t place, std::size_t other) {
        const PlacePair pair{
            static_cast<std::uint32_t>(place), static_cast<std::uint32_t>(other)};
        if (!rule.is_settled(pair)) {
            waiting.push_back(pair);
        }
        if (waiting.size() >= most_waiting) {
            compare(waiting, within_m, quick, rule);
        }
    };
    const std::size_t end = std::min(tree_.groups(), (block + 1) * groups_per_block);
    for (std::size_t group = block * groups_per_block; group < end; ++group) {
        tree_.visit_later(group, within_m, may_skip, take);
    }
    compare(waiting, within_m, quick, rule);
    quick_.give_back(std::move(borrowed));
}

template <class Rule>
void PlotPairs::compare(
    std::vector<PlacePair>& waiting, double within_m, QuickPair& quick, Rule& rule
) const {
    constexpr std::size_t ahead = 4;
    std::size_t turned_to = tree_.size();
    for (std::size_t i = 0; i < waiting.size(); ++i) {
        if (i + ahead < waiting.size()) {
            quick.fetch(tree_.row(waiting[i + ahead].second));
        }
        const PlacePair pair = waiting[i];
        if (rule.is_settled(pair)) {
            continue;
        }
        if (turned_to != pair.first) {
            turned_to = pair.first;
            quick.turn_to(tree_.row(pair.first));
        }
        const QuickPair::Verdict verdict = quick.compare(tree_.row(pair.second));
        if (verdict != QuickPair::Verdict::apart) {
            const bool sure =
                verdict == QuickPair::Verdict::near &&
                (barriers_ == nullptr ||
                 !barriers_->may_part(tree_.ball(pair.first), tree_.ball(pair.second), within_m)
                );
            rule.take(pair, sure);
        }
    }
    waiting.clear();
}

} // namespace tuban
