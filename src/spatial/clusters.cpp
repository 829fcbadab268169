#include <tuban/spatial.hpp>

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "spatial/disjoint_sets.hpp"
#include "spatial/link_growth.hpp"
#include "spatial/plot_pairs.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <tuple>

namespace tuban {
namespace {

const Text stage{"聚集图斑", "clustering plots"};

/// What joins plots where no limit needs an order of links: pairs joined already need no look.
class Joiner {
public:
    Joiner(const PlotPairs& pairs, double within_m)
        : pairs_(pairs), within_m_(within_m), sets_(pairs.tree().size()),
          uniform_(pairs.tree().nodes()) {}

    void run(const Execution& execution) {
        std::vector<std::vector<PlacePair>> open(pairs_.blocks());
        parallel_for(
            pairs_.blocks(),
            part_of(execution, 0.0, 0.8),
            stage,
            [&](std::size_t block) {
                Block rule(*this, open[block]);
                pairs_.look_at_block(block, within_m_, rule);
            }
        );
        settle_all(open, part_of(execution, 0.8, 1.0));
        const auto is_joined = [&](const PlotLink& link) {
            return sets_.are_joined(link.places.first, link.places.second);
        };
        std::erase_if(borderline_, is_joined);
        for (const PlotLink& link : borderline_) {
            if (link.distance_m <= within_m_) {
                sets_.join(link.places.first, link.places.second);
            }
        }
    }

    [[nodiscard]] std::uint32_t cluster(std::size_t place) {
        return sets_.find(static_cast<std::uint32_t>(place));
    }

    [[nodiscard]] const std::vector<PlotLink>& borderline() const { return borderline_; }

private:
    static constexpr std::size_t most_open = 4096;
    static constexpr std::size_t chunk = 256;

    /// How the pairs of one block are dealt with.
    class Block {
    public:
        Block(Joiner& joiner, std::vector<PlacePair>& open) : joiner_(joiner), open_(open) {}

        [[nodiscard]] bool may_skip(std::uint32_t place, std::size_t node) const {
            if (joiner_.uniform_[node].load(std::memory_order_relaxed) == 0) {
                return false;
            }
            const auto first = joiner_.pairs_.tree().places(node).first;
            return joiner_.sets_.are_joined(place, static_cast<std::uint32_t>(first));
        }

        [[nodiscard]] bool is_settled(const PlacePair& pair) {
            const bool joined = joiner_.sets_.are_joined(pair.first, pair.second);
            if (joined && ++wasted_ >= 4 * joiner_.pairs_.tree().size() + 1000) {
                joiner_.find_uniform();
                wasted_ = 0;
            }
            return joined;
        }

        void take(const PlacePair& pair, bool is_sure) {
            if (is_sure) {
                joiner_.sets_.join(pair.first, pair.second);
                return;
            }
            open_.push_back(pair);
            if (open_.size() >= most_open) {
                joiner_.settle(open_);
                open_.clear();
            }
        }

    private:
        Joiner& joiner_;
        std::vector<PlacePair>& open_;
        std::size_t wasted_ = 0; ///< looks at pairs that were joined already
    };

    /// Marks the nodes all of whose plots are in one set; they stay so.
    void find_uniform() {
        const PlotTree& tree = pairs_.tree();
        for (std::size_t node = 0; node < tree.nodes(); ++node) {
            const auto [first, end] = tree.below(node);
            const bool lowest = tree.is_lowest(node);
            const auto place = [&](std::size_t child) {
                return static_cast<std::uint32_t>(lowest ? child : tree.places(child).first);
            };
            bool uniform = true;
            for (std::size_t child = first; uniform && child < end; ++child) {
                uniform = (lowest || uniform_[child].load(std::memory_order_relaxed) != 0) &&
                          sets_.are_joined(place(first), place(child));
            }
            if (uniform) {
                uniform_[node].store(1, std::memory_order_relaxed);
            }
        }
    }

    void settle_all(std::vector<std::vector<PlacePair>>& open, const Execution& execution) {
        std::vector<PlacePair> all;
        for (std::vector<PlacePair>& some : open) {
            all.insert(all.end(), some.begin(), some.end());
            some = {};
        }
        std::erase_if(all, [&](const PlacePair& pair) {
            return sets_.are_joined(pair.first, pair.second);
        });
        parallel_for((all.size() + chunk - 1) / chunk, execution, stage, [&](std::size_t at) {
            const auto first = all.begin() + static_cast<std::ptrdiff_t>(at * chunk);
            const std::size_t count = std::min(chunk, all.size() - at * chunk);
            settle({first, first + static_cast<std::ptrdiff_t>(count)});
        });
    }

    /// Measures pairs, but for those that others have joined in the meantime.
    void settle(std::vector<PlacePair> pairs) {
        std::erase_if(pairs, [&](const PlacePair& pair) {
            return sets_.are_joined(pair.first, pair.second);
        });
        if (pairs.empty()) {
            return;
        }
        for (const PlotLink& link : pairs_.measure(pairs, within_m_)) {
            if (link.is_borderline) {
                const std::scoped_lock lock(borderline_mutex_);
                borderline_.push_back(link);
            } else {
                sets_.join(link.places.first, link.places.second);
            }
        }
    }

    const PlotPairs& pairs_;
    double within_m_;
    DisjointSets sets_;
    std::vector<std::atomic<std::uint8_t>> uniform_; ///< per node of the tree
    std::mutex borderline_mutex_;
    std::vector<PlotLink> borderline_;
};

void check_options(std::size_t plots, std::size_t ids, const ClusterOptions& options) {
    if (!(options.within_m >= 0.0 && options.within_m <= 300'000.0)) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "聚集距离为 {} 米，应在 0–300000 米之间。",
                "within_m is {} m, must be in [0, 300000] m.",
                options.within_m
            )
        );
    }
    const bool has_limit = options.most_area_m2 != 0.0;
    if (has_limit && !(options.most_area_m2 > 0.0)) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "片区面积上限为 {} 平方米，应大于 0（0 表示不限）。",
                "most_area_m2 is {} m², must be greater than 0, or 0 for no limit.",
                options.most_area_m2
            )
        );
    }
    check_sizes(plots, "编号", "ids", ids);
    check_sizes(
        plots, "取舍标记", "take flags", options.take.empty() ? plots : options.take.size()
    );
    check_sizes(plots, "面积", "areas", has_limit ? options.areas_m2.size() : plots);
    if (has_limit) {
        check_areas(options.areas_m2);
    }
}

/// Names clusters after the smallest id in each. @param cluster  of a place: some place of the same cluster
template <class ClusterOf>
std::vector<std::optional<std::string>>
named(const PlotTree& tree, const std::vector<std::string>& ids, const ClusterOf& cluster) {
    std::vector<const std::string*> names(tree.size(), nullptr);
    for (std::size_t place = 0; place < tree.size(); ++place) {
        const std::string& id = ids[tree.row(place)];
        const std::string*& name = names[cluster(place)];
        if (name == nullptr || id < *name) {
            name = &id;
        }
    }
    std::vector<std::optional<std::string>> result(ids.size());
    for (std::size_t place = 0; place < tree.size(); ++place) {
        result[tree.row(place)] = *names[cluster(place)];
    }
    return result;
}

std::vector<BorderlineLink> by_rows(const PlotTree& tree, const std::vector<PlotLink>& links) {
    std::vector<BorderlineLink> result;
    result.reserve(links.size());
    for (const PlotLink& link : links) {
        const std::size_t a = tree.row(link.places.first);
        const std::size_t b = tree.row(link.places.second);
        result.push_back({std::min(a, b), std::max(a, b), link.distance_m});
    }
    std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) {
        return std::tie(a.first, a.second) < std::tie(b.first, b.second);
    });
    // A turn round the globe may have shown a pair more than once.
    const auto same = [](const auto& a, const auto& b) {
        return a.first == b.first && a.second == b.second;
    };
    result.erase(std::unique(result.begin(), result.end(), same), result.end());
    return result;
}

} // namespace

Clusters clusters(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    const std::vector<std::string>& ids,
    const ClusterOptions& options,
    const Execution& execution
) {
    check_options(plots.size(), ids.size(), options);
    const PlotPairs pairs(plots, plots_edge_crs, options.take, options.barriers);
    if (options.most_area_m2 > 0.0) {
        LinkGrowth growth(
            pairs,
            options.areas_m2,
            {options.most_area_m2, std::numeric_limits<double>::infinity()}
        );
        growth.run(options.within_m, execution, stage);
        const auto cluster = [&](std::size_t place) { return growth.groups().find(place); };
        return {named(pairs.tree(), ids, cluster), by_rows(pairs.tree(), growth.borderline())};
    }
    Joiner joiner(pairs, options.within_m);
    joiner.run(execution);
    const auto cluster = [&](std::size_t place) { return joiner.cluster(place); };
    return {named(pairs.tree(), ids, cluster), by_rows(pairs.tree(), joiner.borderline())};
}

} // namespace tuban
