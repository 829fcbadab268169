#pragma once
#include <tuban/spatial.hpp>

#include "spatial/plot_pairs.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace tuban {

/// Which groups of plots may become one.
struct GroupRule {
    double most_area_m2 = 0.0;     ///< they must not hold more together
    double complete_area_m2 = 0.0; ///< two that both hold as much stay apart

    [[nodiscard]] bool allows(double a_m2, double b_m2) const;
    [[nodiscard]] bool is_complete(double area_m2) const;
};

/// Groups of plots, by place: their areas and the longest links that hold them together.
class PlotGroups {
public:
    explicit PlotGroups(std::vector<double> areas_m2);

    [[nodiscard]] std::uint32_t find(std::size_t place) const;

    [[nodiscard]] double area_m2(std::uint32_t group) const { return areas_m2_[group]; }

    [[nodiscard]] double gap_m(std::uint32_t group) const { return gaps_m_[group]; }

    /// Joins two groups if the rule allows it.
    void take(const PlotLink& link, const GroupRule& rule);

private:
    std::vector<std::uint32_t> parents_;
    std::vector<std::uint32_t> sizes_; ///< of groups, at the place that stands for them
    std::vector<double> areas_m2_;
    std::vector<double> gaps_m_;
};

/// Links taken by length, then rows, as far as a rule allows.
///
/// Links are measured in bands of growing length, so that pairs in one group, or in groups that will never join, need no
/// measuring.
class LinkGrowth {
public:
    /// @param areas_m2  (n) by row
    LinkGrowth(
        const PlotPairs& pairs, const std::vector<double>& areas_m2, const GroupRule& rule
    );

    void run(double within_m, const Execution& execution, const Text& stage);

    [[nodiscard]] const PlotGroups& groups() const { return groups_; }

    /// Pairs whose error leaves open whether they are links, and which would join groups.
    [[nodiscard]] const std::vector<PlotLink>& borderline() const { return borderline_; }

private:
    struct Band {
        double above_m = 0.0;
        double within_m = 0.0;
        bool is_last = false;
    };

    class Block;

    [[nodiscard]] std::vector<PlotLink>
    links_of(const Band& band, const Execution& execution, const Text& stage) const;
    void take(const std::vector<PlotLink>& links, const Band& band);
    void find_borderline(const std::vector<PlotLink>& links);

    const PlotPairs& pairs_;
    GroupRule rule_;
    PlotGroups groups_;
    std::vector<PlotLink> borderline_;
};

/// @throws Error{invalid_argument} if there are not as many as plots
void check_sizes(
    std::size_t plots, std::string_view what_zh, std::string_view what_en, std::size_t count
);
/// @throws Error{invalid_argument} if one is negative or no number
void check_areas(const std::vector<double>& areas_m2);

} // namespace tuban
