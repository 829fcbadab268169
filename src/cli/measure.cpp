#include "cli/commands.hpp"
#include "cli/print.hpp"

namespace tuban::cli {

int measure(const MeasureArguments& arguments, Console& console) {
    MeasureFile request;
    request.plots.source.file = arguments.file;
    request.plots.source.layer = arguments.layer;
    request.plots.source.crs = arguments.crs;
    request.plots.source.axes = arguments.axes;
    request.plots.source.encoding = arguments.encoding;
    if (!arguments.id.empty()) {
        request.plots.fields.id = {arguments.id};
    }
    for (const std::string& with : arguments.with) {
        request.layers.push_back(layer_of_argument(with));
    }
    if (!arguments.dem.empty()) {
        request.elevation.emplace().source.file = arguments.dem;
    }
    request.columns = arguments.indicators;
    const MeasuredFile measured = measure_file(request, console.execution());
    for (const std::string& line : issue_lines(measured.issues, console, 20)) {
        console.words(line);
    }
    if (arguments.out.empty()) {
        console.data(
            console.common().json ? table_json(measured.table) : table_csv(measured.table)
        );
    } else {
        write_table(measured.table, &measured.geometry, arguments.out);
    }
    return 0;
}

} // namespace tuban::cli
