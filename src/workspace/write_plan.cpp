#include <tuban/workspace.hpp>

#include "io/geopackage.hpp"
#include "workspace/plan_tables.hpp"
#include "workspace/style.hpp"

#include <utility>

namespace tuban {

void write_plan(const Result& result, const std::string& file) {
    std::vector<GeoPackageTable> tables;
    tables.push_back(
        {"plots", "every plot of the input", plan_plots_table(result), &result.plots.geometry}
    );
    for (PlanTable& table : plan_tables(result)) {
        tables.push_back(
            {std::move(table.name),
             std::move(table.description),
             std::move(table.table),
             nullptr}
        );
    }
    const std::vector<Period> periods =
        result.plan ? result.plan->periods : std::vector<Period>{};
    write_geopackage(tables, {{"plots", "默认", plots_qml(periods)}}, file);
}

} // namespace tuban
