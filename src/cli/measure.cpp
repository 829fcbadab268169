#include "cli/commands.hpp"
#include "cli/print.hpp"
#include "core/format.hpp"
#include "run/earlier_results.hpp"
#include "run/input_paths.hpp"

namespace tuban::cli {

namespace {

void refuse_project(const std::string& file) {
    if (file.ends_with(".yaml") || file.ends_with(".yml")) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "{0} 是项目文件；measure 读数据文件（.shp、.gpkg、.csv 等），项目请用 tuban "
                "run "
                "{0}",
                "{0} is a project: measure takes data files (.shp, .gpkg, .csv …); for a "
                "project use tuban run {0}",
                file
            )
        );
    }
}

} // namespace

int measure(const MeasureArguments& arguments, Console& console) {
    refuse_project(arguments.file);
    MeasureFile request;
    request.plots.source.file = arguments.file;
    request.plots.source.layer = arguments.layer;
    request.plots.source.crs = arguments.crs;
    request.plots.source.axes = arguments.axes;
    request.plots.source.encoding = arguments.encoding;
    request.plots.source.named_by = NamedBy::option;
    if (!arguments.id.empty()) {
        request.plots.fields.id = {arguments.id};
    }
    for (const std::string& with : arguments.with) {
        request.layers.push_back(layer_of_argument(with));
    }
    if (!arguments.dem.empty()) {
        FileSpec& source = request.elevation.emplace().source;
        source.file = arguments.dem;
        source.named_by = NamedBy::with;
    }
    request.columns = arguments.indicators;
    if (!arguments.out.empty()) {
        require_output(arguments.out, inputs_of(request), Product::measured);
    }
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
        tell_written(arguments.out, console);
    }
    return 0;
}

} // namespace tuban::cli
