#include <tuban/spatial.hpp>

#include "core/format.hpp"
#include "spatial/link_growth.hpp"
#include "spatial/plot_pairs.hpp"

#include <algorithm>
#include <limits>

namespace tuban {
namespace {

void check_options(
    std::size_t plots, const std::vector<double>& areas_m2, const PackageOptions& options
) {
    if (!(options.most_gap_m >= 0.0 && options.most_gap_m <= 300'000.0)) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "集中连片的间距为 {} 米，应在 0–300000 米之间。",
                "most_gap_m is {} m, must be in [0, 300000] m.",
                options.most_gap_m
            )
        );
    }
    if (!(options.least_area_m2 > 0.0 &&
          options.least_area_m2 < std::numeric_limits<double>::infinity())) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "集中连片的最小面积为 {} 平方米，应大于 0。",
                "least_area_m2 is {} m², must be greater than 0.",
                options.least_area_m2
            )
        );
    }
    check_sizes(plots, "面积", "areas", areas_m2.size());
    check_sizes(
        plots, "取舍标记", "take flags", options.take.empty() ? plots : options.take.size()
    );
    check_areas(areas_m2);
}

} // namespace

std::vector<Package> contiguous_packages(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    const std::vector<double>& areas_m2,
    const PackageOptions& options,
    const Execution& execution
) {
    check_options(plots.size(), areas_m2, options);
    const PlotPairs pairs(plots, plots_edge_crs, options.take, options.barriers);
    const GroupRule rule{std::numeric_limits<double>::infinity(), options.least_area_m2};
    LinkGrowth growth(pairs, areas_m2, rule);
    growth.run(
        options.most_gap_m, execution, {"寻找集中连片区", "looking for contiguous packages"}
    );
    std::vector<Package> by_group(pairs.tree().size());
    for (std::size_t place = 0; place < by_group.size(); ++place) {
        by_group[growth.groups().find(place)].plots.push_back(pairs.tree().row(place));
    }
    std::vector<Package> packages;
    for (std::size_t place = 0; place < by_group.size(); ++place) {
        const auto group = static_cast<std::uint32_t>(place);
        Package& package = by_group[place];
        if (package.plots.empty() || !rule.is_complete(growth.groups().area_m2(group))) {
            continue;
        }
        std::sort(package.plots.begin(), package.plots.end());
        for (const std::size_t plot : package.plots) {
            package.area_m2 += areas_m2[plot];
        }
        package.gap_m = growth.groups().gap_m(group);
        packages.push_back(std::move(package));
    }
    std::sort(packages.begin(), packages.end(), [](const Package& a, const Package& b) {
        return a.area_m2 != b.area_m2 ? a.area_m2 > b.area_m2 : a.plots < b.plots;
    });
    return packages;
}

} // namespace tuban
