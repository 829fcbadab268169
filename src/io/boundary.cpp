#include "io/boundary.hpp"

#include "core/format.hpp"
#include "io/national_schema.hpp"
#include "io/rows.hpp"

#include <algorithm>

namespace tuban {
namespace {

/// The first of some names that is a column, in any case; "" for none.
std::string first_of(const Table& table, const std::vector<const char*>& names) {
    for (const char* name : names) {
        const auto found =
            std::find_if(table.columns.begin(), table.columns.end(), [&](const Column& column) {
                return lower(column.name) == lower(name);
            });
        if (found != table.columns.end()) {
            return found->name;
        }
    }
    return "";
}

[[noreturn]] void refuse(const BoundarySpec& spec, const Table& table) {
    std::string list;
    for (const Column& column : table.columns) {
        list += (list.empty() ? "" : ", ") + column.name;
    }
    const bool of_project = spec.source.named_by == NamedBy::project;
    throw Error(
        code_of_mistake(spec.source, ErrorCode::invalid_project),
        text(
            "县界 {0} 里没有 adcode、XZQDM 或 code 列；请{1}写明县代码是哪一列（有：{3}）",
            "the boundary layer {0} has no column adcode, XZQDM or code: name the column of "
            "the "
            "county code by {2} (it has: {3})",
            spec.source.file,
            of_project ? "在项目文件的 boundary 里用 code: " : "用 --boundary-code ",
            of_project ? "code: under boundary in the project" : "--boundary-code",
            list
        ),
        spec.source.where
    );
}

} // namespace

LayerOpened open_boundary(const BoundarySpec& spec, const std::string& folder) {
    LayerSpec layer;
    layer.key = "boundary";
    layer.source = spec.source;
    layer.class_name = spec.code;
    layer.name = spec.name;
    layer.places = spec.places;
    if (spec.code.empty() || spec.name.empty()) {
        GdalScope gdal;
        const Source source = open_source(spec.source, folder, Want::geometry, gdal);
        const Table columns = RowReader(source).take().table;
        if (spec.code.empty()) {
            layer.class_name = first_of(columns, {"adcode", "XZQDM", "code"});
        }
        if (spec.name.empty()) {
            layer.name = first_of(columns, {"name", "XZQMC", "县"});
        }
        if (layer.class_name.empty()) {
            refuse(spec, columns);
        }
    }
    return open_layer(layer, folder);
}

} // namespace tuban
