#include <tuban/spatial.hpp>

#include "indicators/families.hpp"
#include "indicators/groups.hpp"

namespace tuban::indicators {
namespace {

constexpr int greatest_m = 300'000;
constexpr double m2_per_ha = 1e4;

std::vector<Column> measure_eligible(
    const EligiblePlots& eligible,
    const Context& context,
    const IndicatorRequest& request,
    std::vector<Issue>& issues,
    const Execution& execution
) {
    const Plots& plots = eligible.plots;
    const std::optional<Layer> barriers = barriers_of(context, request, issues);
    ClusterOptions options;
    options.within_m = static_cast<double>(whole_metres(request, greatest_m));
    options.take = eligible.take;
    options.barriers = barriers ? &*barriers : nullptr;
    if (request.at_most_ha) {
        options.most_area_m2 = *request.at_most_ha * m2_per_ha;
        options.areas_m2 = counted_m2(eligible);
    }
    const Clusters found =
        tuban::clusters(plots.geometry, plots.edge_crs, plots.ids, options, execution);
    append_borderline(plots, found.borderline, options.within_m, issues);
    return group_columns(eligible, found.ids, indicators::clusters().columns);
}

} // namespace

IndicatorFamily clusters() {
    const Text exact = {"精确", "exact"};
    return {
        .name = "clusters",
        .needs = IndicatorNeeds::geometry,
        .by_default = false,
        .takes_within = true,
        .columns =
            {{.name = "cluster_id",
              .alias = "片区",
              .unit = "",
              .better = Direction::none,
              .method =
                  {"间距不超过给定米数的图斑连成一片（可递推），以其中最小的图斑编号命名；可"
                   "设屏障图层（连线不得跨过）和面积上限；只算参与排序的图斑",
                   "plots at most the given metres apart belong together, chains count; named "
                   "after the smallest plot id; barriers that no link may cross and a largest "
                   "area may be set; eligible plots only"},
              .source = "tuban definition (single linkage)",
              .accuracy = {"距离 1 mm", "distances within 1 mm"}},
             {.name = "cluster_plots",
              .alias = "片区图斑数",
              .unit = "plots",
              .better = Direction::high,
              .method = {"片区内图斑个数", "number of plots in the cluster"},
              .source = "tuban definition",
              .accuracy = exact},
             {.name = "cluster_area_ha",
              .alias = "片区面积",
              .unit = "ha",
              .better = Direction::high,
              .method =
                  {"片区内图斑 area_m2 之和（以 0.01 m² 为单位求和）",
                   "sum of area_m2 over the cluster, added up in counts of 0.01 m²"},
              .source = "tuban definition",
              .accuracy = exact}},
        .measure = measure_everyone<clusters>,
        .measure_eligible = measure_eligible,
    };
}

} // namespace tuban::indicators
