#include <tuban/spatial.hpp>

#include "core/format.hpp"
#include "indicators/families.hpp"
#include "indicators/groups.hpp"

#include <algorithm>

namespace tuban::indicators {
namespace {

constexpr int greatest_m = 300'000;
constexpr double m2_per_km2 = 1e6;

double least_area_m2(const IndicatorRequest& request) {
    if (!request.at_least_km2 || !(*request.at_least_km2 > 0.0)) {
        throw Error(
            ErrorCode::invalid_project,
            {"集中连片区需要大于 0 的最小面积，例如 {packages_at_least_km2: 10, within_m: "
             "2000}",
             "packages need a least area above 0, as in {packages_at_least_km2: 10, within_m: "
             "2000}"}
        );
    }
    return *request.at_least_km2 * m2_per_km2;
}

std::vector<Column> measure_eligible(
    const EligiblePlots& eligible,
    const Context& context,
    const IndicatorRequest& request,
    std::vector<Issue>& issues,
    const Execution& execution
) {
    const Plots& plots = eligible.plots;
    const std::optional<Layer> barriers = barriers_of(context, request, issues);
    PackageOptions options;
    options.most_gap_m = static_cast<double>(whole_metres(request, greatest_m));
    options.least_area_m2 = least_area_m2(request);
    options.take = eligible.take;
    options.barriers = barriers ? &*barriers : nullptr;
    std::vector<std::optional<std::string>> ids(plots.size());
    std::vector<std::optional<double>> gaps(plots.size());
    for (const Package& package : contiguous_packages(
             plots.geometry, plots.edge_crs, counted_m2(eligible), options, execution
         )) {
        const auto is_before = [&](std::size_t a, std::size_t b) {
            return plots.ids[a] < plots.ids[b];
        };
        const std::size_t first =
            *std::min_element(package.plots.begin(), package.plots.end(), is_before);
        for (const std::size_t row : package.plots) {
            ids[row] = plots.ids[first];
            gaps[row] = package.gap_m;
        }
    }
    const auto heads = packages().columns;
    std::vector<Column> columns = group_columns(eligible, ids, heads);
    columns.push_back(real_column(heads[3].name, heads[3].alias, heads[3].unit, gaps));
    return columns;
}

} // namespace

IndicatorFamily packages() {
    const Text exact = {"精确", "exact"};
    return {
        .name = "packages",
        .needs = IndicatorNeeds::geometry,
        .by_default = false,
        .takes_within = true,
        .columns =
            {{.name = "package_id",
              .alias = "集中连片区",
              .unit = "",
              .better = Direction::none,
              .method =
                  {"间距不超过给定米数、合计不小于给定平方公里的一组图斑，由近及远连接，以其"
                   "中最小的图斑编号命名；不在任何一组里的为空；只算参与排序的图斑",
                   "plots at most the given metres apart that reach the given km² together, "
                   "joined from the nearest on; named after the smallest plot id; null where a "
                   "plot is in none; eligible plots only"},
              .source = "tuban definition; 财办资环〔2023〕1号 (10 km²)",
              .accuracy = {"距离 1 mm", "distances within 1 mm"}},
             {.name = "package_plots",
              .alias = "集中连片区图斑数",
              .unit = "plots",
              .better = Direction::high,
              .method = {"集中连片区内图斑个数", "number of plots in the package"},
              .source = "tuban definition",
              .accuracy = exact},
             {.name = "package_area_ha",
              .alias = "集中连片区面积",
              .unit = "ha",
              .better = Direction::high,
              .method =
                  {"集中连片区内图斑 area_m2 之和（以 0.01 m² 为单位求和）",
                   "sum of area_m2 over the package, added up in counts of 0.01 m²"},
              .source = "tuban definition",
              .accuracy = exact},
             {.name = "package_gap_m",
              .alias = "集中连片区最大间距",
              .unit = "m",
              .better = Direction::low,
              .method =
                  {"把集中连片区连成一体的最长间距",
                   "the longest gap that has to be bridged to hold the package together"},
              .source = "tuban definition",
              .accuracy = {"1 mm", "1 mm"}}},
        .measure = measure_everyone<packages>,
        .measure_eligible = measure_eligible,
    };
}

} // namespace tuban::indicators
