#include "core/format.hpp"
#include "indicators/families.hpp"

#include <utility>

namespace tuban::indicators {
namespace {

constexpr double range_m = NearestOptions{}.max_range_m;

std::optional<std::string> filled(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

Issue out_of_range(const Plots& plots, std::size_t row, const IndicatorRequest& request) {
    Issue issue = plot_issue(plots, row, Severity::note, "out_of_range");
    issue.layer = request.layer;
    issue.message = text(
        "{} 千米内没有图层 {} 的要素，距离为空",
        "no feature of layer {1} within {0} km: the distance is null",
        static_cast<int>(range_m / 1000.0),
        request.layer
    );
    return issue;
}

std::vector<Column> measure_distance(
    const Plots& plots,
    const Context& context,
    const IndicatorRequest& request,
    std::vector<Issue>& issues,
    const Execution& execution
) {
    const Layer layer = layer_of(context, request, issues);
    const auto found = nearest(plots.geometry, plots.edge_crs, layer, {}, execution);
    std::vector<std::optional<double>> distances(found.size());
    std::vector<std::optional<std::string>> ids(found.size());
    std::vector<std::optional<std::string>> names(found.size());
    for (std::size_t row = 0; row < found.size(); ++row) {
        if (found[row]) {
            distances[row] = found[row]->distance_m;
            ids[row] = filled(layer.ids[found[row]->target]);
            names[row] = filled(layer.names[found[row]->target]);
        } else if (layer.size() > 0 && plots.geometry.kinds[row] != GeometryKind::none) {
            issues.push_back(out_of_range(plots, row, request));
        }
    }
    std::vector<Column> heads;
    for (const IndicatorColumn& column : distance().columns) {
        heads.push_back(column_head(column, context, request));
    }
    return {
        real_column(heads[0].name, heads[0].alias, heads[0].unit, distances),
        text_column(heads[1].name, heads[1].alias, ids),
        text_column(heads[2].name, heads[2].alias, names)};
}

} // namespace

IndicatorFamily distance() {
    const Text with_distance = {
        "与距离一致；相差不超过误差的要素取文件中靠前者",
        "as the distance; of features that are equally near within its error, the first in the "
        "file"};
    return {
        .name = "distance",
        .needs = IndicatorNeeds::layer,
        .columns =
            {{.name = "{layer}_distance_m",
              .alias = "距{layer}距离",
              .unit = "m",
              .better = Direction::low,
              .method =
                  {"图斑边界到该图层最近要素的椭球面最短距离；相接、相交或包含为 0",
                   "shortest distance on the ellipsoid from the plot's edge to the nearest "
                   "feature; 0 if they touch, cross or one holds the other"},
              .source = "tuban definition; Karney, J. Geodesy 87 (2013)",
              .accuracy = {"1 mm", "1 mm"}},
             {.name = "{layer}_nearest_id",
              .alias = "最近{layer}编号",
              .unit = "",
              .better = Direction::none,
              .method = {"最近要素的编号", "id of the nearest feature"},
              .source = "tuban definition",
              .accuracy = with_distance},
             {.name = "{layer}_nearest_name",
              .alias = "最近{layer}名称",
              .unit = "",
              .better = Direction::none,
              .method = {"最近要素的名称", "name of the nearest feature"},
              .source = "tuban definition",
              .accuracy = with_distance}},
        .measure = measure_distance,
    };
}

} // namespace tuban::indicators
