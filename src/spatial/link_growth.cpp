#include "spatial/link_growth.hpp"

#include "core/format.hpp"
#include "core/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>

namespace tuban {
namespace {

constexpr double rounding = 1e-12; ///< share of a sum of areas

std::vector<double> by_place(const PlotTree& tree, const std::vector<double>& by_row) {
    std::vector<double> result(tree.size());
    for (std::size_t place = 0; place < result.size(); ++place) {
        result[place] = by_row[tree.row(place)];
    }
    return result;
}

} // namespace

bool GroupRule::is_complete(double area_m2) const {
    return area_m2 >= complete_area_m2 * (1.0 - rounding);
}

bool GroupRule::allows(double a_m2, double b_m2) const {
    return a_m2 + b_m2 <= most_area_m2 * (1.0 + rounding) &&
           !(is_complete(a_m2) && is_complete(b_m2));
}

PlotGroups::PlotGroups(std::vector<double> areas_m2)
    : parents_(areas_m2.size()), sizes_(areas_m2.size(), 1), areas_m2_(std::move(areas_m2)),
      gaps_m_(parents_.size(), 0.0) {
    std::iota(parents_.begin(), parents_.end(), 0U);
}

std::uint32_t PlotGroups::find(std::size_t place) const {
    auto at = static_cast<std::uint32_t>(place);
    while (parents_[at] != at) {
        at = parents_[at];
    }
    return at;
}

void PlotGroups::take(const PlotLink& link, const GroupRule& rule) {
    std::uint32_t a = find(link.places.first);
    std::uint32_t b = find(link.places.second);
    if (a == b || !rule.allows(areas_m2_[a], areas_m2_[b])) {
        return;
    }
    if (sizes_[a] < sizes_[b]) {
        std::swap(a, b);
    }
    sizes_[a] += sizes_[b];
    areas_m2_[a] += areas_m2_[b];
    gaps_m_[a] = std::max({gaps_m_[a], gaps_m_[b], link.distance_m});
    parents_[b] = a;
}

/// How the pairs of one block are dealt with: settled are those that will never join groups, as things stood before the
/// band.
class LinkGrowth::Block {
public:
    Block(const LinkGrowth& growth, const Band& band, std::vector<PlotLink>& links)
        : growth_(growth), band_(band), links_(links) {}

    [[nodiscard]] static bool may_skip(std::uint32_t /*place*/, std::size_t /*node*/) {
        return false;
    }

    [[nodiscard]] bool is_settled(const PlacePair& pair) const {
        const PlotGroups& groups = growth_.groups_;
        const std::uint32_t a = groups.find(pair.first);
        const std::uint32_t b = groups.find(pair.second);
        return a == b || !growth_.rule_.allows(groups.area_m2(a), groups.area_m2(b));
    }

    void take(const PlacePair& pair, bool /*is_sure*/) {
        open_.push_back(pair);
        if (open_.size() >= most_open) {
            measure();
        }
    }

    void measure() {
        if (open_.empty()) {
            return;
        }
        for (const PlotLink& link :
             growth_.pairs_.measure(std::exchange(open_, {}), band_.within_m)) {
            if (link.distance_m > band_.above_m &&
                (band_.is_last || link.distance_m <= band_.within_m)) {
                links_.push_back(link);
            }
        }
    }

private:
    static constexpr std::size_t most_open = 4096;

    const LinkGrowth& growth_;
    const Band& band_;
    std::vector<PlotLink>& links_;
    std::vector<PlacePair> open_;
};

LinkGrowth::LinkGrowth(
    const PlotPairs& pairs, const std::vector<double>& areas_m2, const GroupRule& rule
)
    : pairs_(pairs), rule_(rule), groups_(by_place(pairs.tree(), areas_m2)) {}

void LinkGrowth::run(double within_m, const Execution& execution, const Text& stage) {
    constexpr int bands = 6;
    double above_m = -1.0;
    for (int i = within_m > 0.0 ? 0 : bands - 1; i < bands; ++i) {
        const Band band{above_m, std::ldexp(within_m, i + 1 - bands), i + 1 == bands};
        const Execution part =
            part_of(execution, static_cast<double>(i) / bands, (i + 1.0) / bands);
        take(links_of(band, part, stage), band);
        above_m = band.within_m;
    }
}

std::vector<PlotLink>
LinkGrowth::links_of(const Band& band, const Execution& execution, const Text& stage) const {
    std::vector<std::vector<PlotLink>> found(pairs_.blocks());
    parallel_for(pairs_.blocks(), execution, stage, [&](std::size_t at) {
        Block block(*this, band, found[at]);
        pairs_.look_at_block(at, band.within_m, block);
        block.measure();
    });
    std::vector<PlotLink> links;
    for (std::vector<PlotLink>& some : found) {
        links.insert(links.end(), some.begin(), some.end());
        some = {};
    }
    const auto rows = [&](const PlotLink& link) {
        const std::uint32_t a = pairs_.tree().row(link.places.first);
        const std::uint32_t b = pairs_.tree().row(link.places.second);
        return std::pair(std::min(a, b), std::max(a, b));
    };
    std::sort(links.begin(), links.end(), [&](const PlotLink& a, const PlotLink& b) {
        return std::tuple(a.distance_m, rows(a)) < std::tuple(b.distance_m, rows(b));
    });
    // A turn round the globe may have shown a pair more than once.
    const auto same = [&](const PlotLink& a, const PlotLink& b) { return rows(a) == rows(b); };
    links.erase(std::unique(links.begin(), links.end(), same), links.end());
    return links;
}

void LinkGrowth::take(const std::vector<PlotLink>& links, const Band& band) {
    if (band.is_last) {
        find_borderline(links);
    }
    for (const PlotLink& link : links) {
        if (link.distance_m <= band.within_m) {
            groups_.take(link, rule_);
        }
    }
}

/// What would join groups that the other links leave apart.
void LinkGrowth::find_borderline(const std::vector<PlotLink>& links) {
    PlotGroups sure = groups_;
    for (const PlotLink& link : links) {
        if (!link.is_borderline) {
            sure.take(link, rule_);
        }
    }
    for (const PlotLink& link : links) {
        const std::uint32_t a = sure.find(link.places.first);
        const std::uint32_t b = sure.find(link.places.second);
        if (link.is_borderline && a != b && rule_.allows(sure.area_m2(a), sure.area_m2(b))) {
            borderline_.push_back(link);
        }
    }
}

void check_sizes(
    std::size_t plots, std::string_view what_zh, std::string_view what_en, std::size_t count
) {
    if (count != plots) {
        throw Error(
            ErrorCode::invalid_argument,
            {format("图斑 {} 个，{} {} 个：应一样多。", plots, what_zh, count),
             format(
                 "there are {} plots and {} {}: they must be equally many.",
                 plots,
                 count,
                 what_en
             )}
        );
    }
}

void check_areas(const std::vector<double>& areas_m2) {
    for (std::size_t row = 0; row < areas_m2.size(); ++row) {
        if (!(areas_m2[row] >= 0.0 && std::isfinite(areas_m2[row]))) {
            throw Error(
                ErrorCode::invalid_argument,
                text(
                    "第 {} 个图斑的面积为 {} 平方米，应为不小于 0 的数。",
                    "the area of plot {} is {} m², must be a number of at least 0.",
                    row + 1,
                    areas_m2[row]
                )
            );
        }
    }
}

} // namespace tuban
