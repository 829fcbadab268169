#include <tuban/spatial.hpp>

#include "indicators/families.hpp"

namespace tuban::indicators {
namespace {

constexpr int greatest_m = 100'000;

std::vector<Column> measure_share(
    const Plots& plots,
    const Context& context,
    const IndicatorRequest& request,
    std::vector<Issue>& issues,
    const Execution& execution
) {
    const int within_m = whole_metres(request, greatest_m);
    const Layer layer = layer_of(context, request, issues);
    const Column head = column_head(share_within().columns[0], context, request);
    const auto shares = tuban::share_within(
        plots.geometry, plots.edge_crs, layer, static_cast<double>(within_m), execution
    );
    return {real_column(head.name, head.alias, head.unit, shares)};
}

} // namespace

IndicatorFamily share_within() {
    return {
        .name = "share_within",
        .needs = IndicatorNeeds::layer,
        .by_default = false,
        .takes_within = true,
        .columns =
            {{.name = "{layer}_share_within_{d}m",
              .alias = "{layer}{d}米内占比",
              .unit = "",
              .better = Direction::high,
              .method =
                  {"图斑面积中距该图层任一要素不超过 d 米的部分所占比例（0–1）；d 为整数米",
                   "share (0 to 1) of the plot's area that lies within d metres of any feature "
                   "of "
                   "the layer; d in whole metres"},
              .source = "tuban definition",
              .accuracy = {"1e-6", "1e-6"}}},
        .measure = measure_share,
    };
}

} // namespace tuban::indicators
