#include <tuban/spatial.hpp>

#include "core/parallel.hpp"
#include "indicators/families.hpp"

#include <map>

namespace tuban::indicators {
namespace {

constexpr int greatest_m = 300'000;

struct Cluster {
    std::int64_t plots = 0;
    std::int64_t area_dm2 = 0;
};

std::vector<Column> measure_all(
    const Plots& plots,
    const Context& /*context*/,
    const IndicatorRequest& request,
    std::vector<Issue>& /*issues*/,
    const Execution& execution
) {
    const auto counted = counted_area_dm2(plots, part_of(execution, 0.0, 0.5));
    const std::vector<std::uint8_t> everyone(plots.size(), 1);
    return cluster_columns(plots, counted, everyone, request, part_of(execution, 0.5, 1.0));
}

} // namespace

std::vector<Column> cluster_columns(
    const Plots& plots,
    const std::vector<std::optional<std::int64_t>>& counted_dm2,
    const std::vector<std::uint8_t>& take,
    const IndicatorRequest& request,
    const Execution& execution
) {
    const int within_m = whole_metres(request, greatest_m);
    ClusterOptions options;
    options.within_m = static_cast<double>(within_m);
    options.take = take;
    const auto ids =
        tuban::clusters(plots.geometry, plots.edge_crs, plots.ids, options, execution).ids;
    std::map<std::string, Cluster> clusters;
    for (std::size_t row = 0; row < ids.size(); ++row) {
        if (ids[row]) {
            Cluster& cluster = clusters[*ids[row]];
            ++cluster.plots;
            cluster.area_dm2 += counted_dm2[row].value_or(0);
        }
    }
    std::vector<std::optional<std::int64_t>> sizes(ids.size());
    std::vector<std::optional<double>> areas(ids.size());
    for (std::size_t row = 0; row < ids.size(); ++row) {
        if (ids[row]) {
            const Cluster& cluster = clusters[*ids[row]];
            sizes[row] = cluster.plots;
            areas[row] = static_cast<double>(cluster.area_dm2) / 1e6;
        }
    }
    const IndicatorFamily family = indicators::clusters();
    const auto& heads = family.columns;
    return {
        text_column(heads[0].name, heads[0].alias, ids),
        integer_column(heads[1].name, heads[1].alias, heads[1].unit, sizes),
        real_column(heads[2].name, heads[2].alias, heads[2].unit, areas)};
}

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
                  {"间距不超过给定米数的图斑连成一片（可递推），以其中最小的图斑编号命名；只算"
                   "参与排序的图斑",
                   "plots at most the given metres apart belong together, chains count; named "
                   "after the smallest plot id; eligible plots only"},
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
        .measure = measure_all,
    };
}

} // namespace tuban::indicators
