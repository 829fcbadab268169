#include <tuban/geodesy.hpp>

#include "indicators/families.hpp"

#include <cmath>

namespace tuban::indicators {
namespace {

std::vector<Column> measure_perimeter(
    const Plots& plots,
    const Context& context,
    const IndicatorRequest& request,
    std::vector<Issue>& /*issues*/,
    const Execution& execution
) {
    std::vector<std::optional<double>> cells;
    for (const double length_m : perimeter_m(plots.geometry, execution)) {
        cells.push_back(
            std::isfinite(length_m) ? std::optional<double>(length_m) : std::nullopt
        );
    }
    const Column head = column_head(perimeter().columns[0], context, request);
    return {real_column(head.name, head.alias, head.unit, cells)};
}

} // namespace

IndicatorFamily perimeter() {
    return {
        .name = "perimeter",
        .needs = IndicatorNeeds::geometry,
        .columns =
            {{.name = "perimeter_m",
              .alias = "周长",
              .unit = "m",
              .better = Direction::none,
              .method =
                  {"各环（含洞）顶点间大地线长度之和",
                   "length of all rings, holes included, along geodesics between the vertices"},
              .source = "Karney, J. Geodesy 87 (2013), doi:10.1007/s00190-012-0578-z",
              .accuracy = {"每边 15 nm", "15 nm per edge"}}},
        .measure = measure_perimeter,
    };
}

} // namespace tuban::indicators
