#include "indicators/families.hpp"
#include "indicators/groups.hpp"

namespace tuban::indicators {
namespace {

std::vector<Column> measure_eligible(
    const EligiblePlots& eligible,
    const Context& /*context*/,
    const IndicatorRequest& /*request*/,
    std::vector<Issue>& /*issues*/,
    const Execution& /*execution*/
) {
    const Column* const given = eligible.plots.attributes.find("mine_id");
    const bool has_mines = given != nullptr && given->type() == ColumnType::text;
    std::vector<std::optional<std::string>> mines(eligible.plots.size());
    for (std::size_t row = 0; has_mines && row < mines.size(); ++row) {
        if (eligible.take[row] != 0 && !given->text(row).value_or("").empty()) {
            mines[row] = given->text(row);
        }
    }
    // The group itself is the standard column mine_id.
    std::vector<IndicatorColumn> heads = indicators::mines().columns;
    heads.insert(heads.begin(), IndicatorColumn{});
    std::vector<Column> columns = group_columns(eligible, mines, heads);
    columns.erase(columns.begin());
    return columns;
}

} // namespace

IndicatorFamily mines() {
    const Text exact = {"精确", "exact"};
    return {
        .name = "mines",
        .needs = IndicatorNeeds::geometry,
        .by_default = false,
        .columns =
            {{.name = "mine_plots",
              .alias = "矿山图斑数",
              .unit = "plots",
              .better = Direction::high,
              .method =
                  {"同一矿山（mine_id，即 "
                   "ZTBH）的图斑个数；没有矿山编号的为空；只算参与排序的图斑",
                   "number of plots of the same mine (mine_id, ZTBH); null without a mine; "
                   "eligible plots only"},
              .source = "tuban definition",
              .accuracy = exact},
             {.name = "mine_area_ha",
              .alias = "矿山面积",
              .unit = "ha",
              .better = Direction::high,
              .method =
                  {"同一矿山的图斑 area_m2 之和（以 0.01 m² 为单位求和）；只算参与排序的图斑",
                   "sum of area_m2 over the mine's plots, added up in counts of 0.01 m²; "
                   "eligible plots only"},
              .source = "tuban definition",
              .accuracy = exact}},
        .measure = measure_everyone<mines>,
        .measure_eligible = measure_eligible,
    };
}

} // namespace tuban::indicators
