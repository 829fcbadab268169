#include "indicators/groups.hpp"

#include "core/format.hpp"
#include "indicators/families.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

namespace tuban::indicators {
namespace {

constexpr std::size_t pairs_told = 100;
constexpr double dm2_per_m2 = 100.0;
constexpr double dm2_per_ha = 1e6;

struct Group {
    std::int64_t plots = 0;
    std::int64_t area_dm2 = 0;
};

} // namespace

std::vector<double> counted_m2(const EligiblePlots& eligible) {
    std::vector<double> areas;
    areas.reserve(eligible.counted_dm2.size());
    for (const auto& counted : eligible.counted_dm2) {
        areas.push_back(
            static_cast<double>(std::max<std::int64_t>(0, counted.value_or(0))) / dm2_per_m2
        );
    }
    return areas;
}

std::vector<Column> group_columns(
    const EligiblePlots& eligible,
    const std::vector<std::optional<std::string>>& groups,
    const std::vector<IndicatorColumn>& heads
) {
    std::map<std::string, Group> sums;
    for (std::size_t row = 0; row < groups.size(); ++row) {
        if (groups[row]) {
            Group& group = sums[*groups[row]];
            ++group.plots;
            group.area_dm2 += eligible.counted_dm2[row].value_or(0);
        }
    }
    std::vector<std::optional<std::int64_t>> sizes(groups.size());
    std::vector<std::optional<double>> areas(groups.size());
    for (std::size_t row = 0; row < groups.size(); ++row) {
        if (groups[row]) {
            const Group& group = sums[*groups[row]];
            sizes[row] = group.plots;
            areas[row] = static_cast<double>(group.area_dm2) / dm2_per_ha;
        }
    }
    return {
        text_column(heads[0].name, heads[0].alias, groups),
        integer_column(heads[1].name, heads[1].alias, heads[1].unit, sizes),
        real_column(heads[2].name, heads[2].alias, heads[2].unit, areas)};
}

void append_borderline(
    const Plots& plots,
    const std::vector<BorderlineLink>& links,
    double within_m,
    std::vector<Issue>& issues
) {
    for (std::size_t i = 0; i < std::min(links.size(), pairs_told); ++i) {
        const BorderlineLink& link = links[i];
        Issue issue = plot_issue(plots, link.second, Severity::note, "clusters_borderline");
        issue.message = text(
            "与 {0}（第 {1} 行）相距 {2:.4f} 米，与 {3:.0f} "
            "米之差小于测量误差：合为一片与否都说得通，"
            "本次{4}",
            "is {2:.4f} m from {0} (row {1}), closer to {3:.0f} m than can be measured: they "
            "may be joined or not, and this run {5}",
            plots.ids[link.first],
            link.first + 1,
            link.distance_m,
            within_m,
            link.distance_m <= within_m ? "合为一片" : "不合",
            link.distance_m <= within_m ? "joins them" : "does not"
        );
        issues.push_back(std::move(issue));
    }
    if (links.size() > pairs_told) {
        Issue rest;
        rest.severity = Severity::note;
        rest.code = "clusters_borderline";
        rest.message = text(
            "还有 {} 对图斑的间距与 {:.0f} 米之差小于测量误差",
            "{} more pairs of plots are closer to {:.0f} m apart than can be measured",
            links.size() - pairs_told,
            within_m
        );
        issues.push_back(std::move(rest));
    }
}

} // namespace tuban::indicators
