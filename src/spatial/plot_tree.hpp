#pragma once
#include <tuban/geodesy.hpp>

#include "geodesy/lanes.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace tuban {

/// Box in degrees of longitude from a tree's middle and of latitude, rounded outward.
struct DegreeBox {
    float west = std::numeric_limits<float>::infinity();
    float south = std::numeric_limits<float>::infinity();
    float east = -std::numeric_limits<float>::infinity();
    float north = -std::numeric_limits<float>::infinity();
};

[[nodiscard]] inline DegreeBox united(const DegreeBox& a, const DegreeBox& b) {
    return {
        std::min(a.west, b.west),
        std::min(a.south, b.south),
        std::max(a.east, b.east),
        std::max(a.north, b.north)};
}

/// The same box so many degrees to the east.
[[nodiscard]] inline DegreeBox turned(const DegreeBox& box, float by) {
    return {box.west + by, box.south, box.east + by, box.north};
}

/// Plots along Hilbert's curve in a packed tree of eight children per node over their boxes: which plots may lie close to
/// one. A plot's place along the curve stands for it.
///
/// Boxes hold the whole plot, poles included; edges are straight in longitude and latitude.
class PlotTree {
public:
    static constexpr std::size_t fan = 8;

    /// @param take  (n) plots with 0 are left out; empty: none is
    PlotTree(const Geometry& outlines, const std::vector<std::uint8_t>& take);

    /// Plots that are taken and have a geometry.
    [[nodiscard]] std::size_t size() const { return rows_.size(); }

    [[nodiscard]] std::uint32_t row(std::size_t place) const { return rows_[place]; }

    [[nodiscard]] std::size_t nodes() const { return nodes_.size(); }

    /// The places below a node: [first, second).
    [[nodiscard]] std::pair<std::size_t, std::size_t> places(std::size_t node) const;

    /// Whether plots are right below a node, and what is: nodes or places, [first, second).
    [[nodiscard]] bool is_lowest(std::size_t node) const {
        return levels_.size() < 2 || node < levels_[1].first_node;
    }

    [[nodiscard]] std::pair<std::size_t, std::size_t> below(std::size_t node) const;

    /// The ball that a plot lies in, round a position: its radius in m.
    struct Ball {
        LonLat middle;
        double radius_m = 0.0;
    };

    [[nodiscard]] Ball ball(std::size_t place) const;

    /// Groups of plots that stand next to each other along the curve: the nodes right above them.
    [[nodiscard]] std::size_t groups() const { return (size() + fan - 1) / fan; }

    /// Calls take(place, other) for places of a group and later ones of plots that may lie within a distance, by place, each
    /// pair at least once. Whole nodes are passed over where skip(place, node) says so.
    template <class Skip, class Take>
    void
    visit_later(std::size_t group, double within_m, const Skip& skip, const Take& take) const;

private:
    static constexpr std::size_t most_levels = 11;

    struct alignas(64) Node {
        std::array<float, fan> west;
        std::array<float, fan> south;
        std::array<float, fan> east;
        std::array<float, fan> north;
    };

    /// Nodes of one level: its node k is nodes_[first_node + k] and holds places_per_node places from k times as many.
    struct Level {
        std::size_t first_node = 0;
        std::size_t places_per_node = 0;
    };

    struct Waiting {
        std::uint32_t at = 0; ///< on its level
        std::uint32_t level = 0;
    };

    [[nodiscard]] std::size_t level_of(std::size_t node) const;
    [[nodiscard]] DegreeBox box(std::size_t place) const;
    [[nodiscard]] DegreeBox grown(std::size_t place, double within_m) const;
    [[nodiscard]] DegreeBox fill(std::size_t node, const DegreeBox* boxes, std::size_t count);
    void find_middle(const std::vector<LonLat>& lows, const std::vector<LonLat>& highs);
    void pack(std::vector<DegreeBox> boxes);
    [[nodiscard]] static unsigned meeting(const Node& node, const DegreeBox& box);
    template <class Skip>
    void find_groups(
        std::size_t group,
        const DegreeBox& box,
        const Skip& skip,
        std::vector<std::uint32_t>& found
    ) const;

    template <class Take>
    void visit_groups(
        std::size_t place,
        const DegreeBox& box,
        const std::vector<std::uint32_t>& groups,
        const Take& take
    ) const;

    std::vector<std::uint32_t> rows_; ///< by place
    std::vector<Node> nodes_;
    std::vector<Level> levels_; ///< from the plots up to the root
    double middle_deg_ = 0.0;
    bool goes_round_ =
        false; ///< boxes have to be looked for a turn to the west and to the east too
};

/// Which of a node's boxes meet a box, as bits.
inline unsigned PlotTree::meeting(const Node& node, const DegreeBox& box) {
    using Lanes = Floats<plain_bytes>;
    unsigned bits = 0;
    for (std::size_t i = 0; i < fan; i += plain_bytes / sizeof(float)) {
        Lanes west;
        Lanes east;
        Lanes south;
        Lanes north;
        load(west, &node.west[i]);
        load(east, &node.east[i]);
        load(south, &node.south[i]);
        load(north, &node.north[i]);
        const auto meets = (west <= box.east) & (east >= box.west) & (south <= box.north) &
                           (north >= box.south);
#if defined(__x86_64__) && defined(__GNUC__)
        bits |= static_cast<unsigned>(__builtin_ia32_movmskps(reinterpret_cast<Lanes>(meets)))
                << i;
#else
        for (std::size_t k = 0; k < plain_bytes / sizeof(float); ++k) {
            bits |= (meets[k] != 0 ? 1U : 0U) << (i + k);
        }
#endif
    }
    return bits;
}

template <class Skip>
void PlotTree::find_groups(
    std::size_t group, const DegreeBox& box, const Skip& skip, std::vector<std::uint32_t>& found
) const {
    std::array<Waiting, fan * most_levels> waiting; // NOLINT(*-member-init): room to write in
    waiting[0] = {0, static_cast<std::uint32_t>(levels_.size() - 1)};
    std::size_t count = 1;
    while (count > 0) {
        const Waiting next = waiting[--count];
        const Level& level = levels_[next.level];
        const std::size_t node = level.first_node + next.at;
        if ((next.at + 1U) * level.places_per_node <= group * fan || skip(node)) {
            continue;
        }
        if (next.level == 0) {
            found.push_back(next.at);
            continue;
        }
        for (unsigned bits = meeting(nodes_[node], box); bits != 0; bits &= bits - 1) {
            const std::size_t child =
                fan * next.at + static_cast<unsigned>(__builtin_ctz(bits));
            waiting[count++] = {static_cast<std::uint32_t>(child), next.level - 1};
        }
    }
}

template <class Skip, class Take>
void PlotTree::visit_later(
    std::size_t group, double within_m, const Skip& skip, const Take& take
) const {
    const std::size_t first = group * fan;
    const std::size_t end = std::min(size(), first + fan);
    std::array<DegreeBox, fan> grown_boxes;
    DegreeBox whole;
    for (std::size_t place = first; place < end; ++place) {
        grown_boxes[place - first] = grown(place, within_m);
        whole = united(whole, grown_boxes[place - first]);
    }
    // Nodes may be passed over only if all of the group may do without them.
    const auto skip_all = [&](std::size_t node) {
        bool all = true;
        for (std::size_t place = first; all && place < end; ++place) {
            all = skip(place, node);
        }
        return all;
    };
    std::vector<std::uint32_t> found;
    found.reserve(64);
    for (const float turn : {0.0F, -360.0F, 360.0F}) {
        if (turn != 0.0F && !goes_round_) {
            break;
        }
        found.clear();
        find_groups(group, turned(whole, turn), skip_all, found);
        for (std::size_t place = first; place < end; ++place) {
            visit_groups(place, turned(grown_boxes[place - first], turn), found, take);
        }
    }
}

template <class Take>
void PlotTree::visit_groups(
    std::size_t place,
    const DegreeBox& box,
    const std::vector<std::uint32_t>& groups,
    const Take& take
) const {
    constexpr unsigned all = (1U << fan) - 1U;
    for (const std::uint32_t group : groups) {
        const std::size_t first = fan * group;
        const unsigned later = first > place ? all : all & (all << (place - first + 1));
        for (unsigned bits = meeting(nodes_[group], box) & later; bits != 0; bits &= bits - 1) {
            take(place, first + static_cast<unsigned>(__builtin_ctz(bits)));
        }
    }
}

} // namespace tuban
