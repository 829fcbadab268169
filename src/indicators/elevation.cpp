#include <tuban/terrain.hpp>

#include "indicators/families.hpp"

#include <utility>

namespace tuban::indicators {
namespace {

std::vector<Column> measure_elevation(
    const Plots& plots,
    const Context& context,
    const IndicatorRequest& request,
    std::vector<Issue>& issues,
    const Execution& execution
) {
    const auto terrain =
        plot_terrain(plots.geometry, plots.edge_crs, *context.elevation, execution);
    std::vector<std::optional<double>> ranges;
    std::vector<std::optional<double>> slopes;
    std::vector<std::optional<double>> depths;
    for (std::size_t row = 0; row < terrain.size(); ++row) {
        ranges.push_back(terrain[row].elevation_range_m);
        slopes.push_back(terrain[row].slope_mean_deg);
        depths.push_back(terrain[row].pit_depth_max_m);
        const bool told = terrain[row].note.zh.empty();
        if (!told && plots.geometry.kinds[row] != GeometryKind::none) {
            Issue issue = plot_issue(plots, row, Severity::note, "terrain");
            issue.message = terrain[row].note;
            issues.push_back(std::move(issue));
        }
    }
    std::vector<Column> heads;
    for (const IndicatorColumn& column : elevation().columns) {
        heads.push_back(column_head(column, context, request));
    }
    return {
        real_column(heads[0].name, heads[0].alias, heads[0].unit, ranges),
        real_column(heads[1].name, heads[1].alias, heads[1].unit, slopes),
        real_column(heads[2].name, heads[2].alias, heads[2].unit, depths)};
}

} // namespace

IndicatorFamily elevation() {
    const Text raster = {
        "取决于高程数据的分辨率和误差", "as good as the raster's resolution and heights"};
    return {
        .name = "elevation",
        .needs = IndicatorNeeds::elevation,
        .columns =
            {{.name = "elevation_range_m",
              .alias = "高差",
              .unit = "m",
              .better = Direction::none,
              .method =
                  {"像元中心落在图斑内的最高与最低高程之差",
                   "highest minus lowest cell with its centre in the plot"},
              .source = "tuban definition",
              .accuracy = raster},
             {.name = "slope_mean_deg",
              .alias = "平均坡度",
              .unit = "deg",
              .better = Direction::none,
              .method =
                  {"上述像元坡度（Horn 法，度）的平均值",
                   "mean over those cells of the slope in degrees after Horn"},
              .source = "Horn 1981, doi:10.1109/PROC.1981.11918",
              .accuracy = raster},
             {.name = "pit_depth_max_m",
              .alias = "最大坑深",
              .unit = "m",
              .better = Direction::high,
              .method =
                  {"图斑内像元低于边缘拟合平面的最大深度，不小于 0",
                   "greatest depth of a cell below a plane fitted to the plot's rim, at least "
                   "0"},
              .source = "tuban definition",
              .accuracy = raster}},
        .measure = measure_elevation,
    };
}

} // namespace tuban::indicators
