#include "values.hpp"

#include <tuban/spatial.hpp>
#include <tuban/terrain.hpp>

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

namespace nb = nanobind;

namespace tuban::python {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

bool has_nulls(const Column& column) {
    return std::find(column.valid.begin(), column.valid.end(), 0) != column.valid.end();
}

/// None for null.
nb::object cell(const Column& column, std::size_t row) {
    if (column.valid[row] == 0) {
        return nb::none();
    }
    return std::visit(
        [row](const auto& values) { return nb::cast(values[row]); }, column.values
    );
}

/// Python values per row.
nb::list cells(const Table& table, const std::string& name) {
    const Column& column = table.at(name);
    nb::list list;
    for (std::size_t row = 0; row < column.size(); ++row) {
        list.append(cell(column, row));
    }
    return list;
}

/// Numbers as numpy: null is NaN, and integers with nulls are floats, since numpy has no null.
nb::object column(const Table& table, const std::string& name) {
    const Column& column = table.at(name);
    if (column.type() == ColumnType::text) {
        return cells(table, name);
    }
    if (column.type() == ColumnType::integer && !has_nulls(column)) {
        auto kept = std::make_unique<std::vector<std::int64_t>>(
            std::get<std::vector<std::int64_t>>(column.values)
        );
        std::vector<std::int64_t>* values = kept.release();
        const nb::capsule owner(values, [](void* p) noexcept {
            const std::unique_ptr<std::vector<std::int64_t>> owned(
                static_cast<std::vector<std::int64_t>*>(p)
            );
        });
        return nb::cast(nb::ndarray<nb::numpy, std::int64_t, nb::ndim<1>>(
            values->data(), {values->size()}, owner
        ));
    }
    std::vector<double> values(column.size());
    for (std::size_t row = 0; row < values.size(); ++row) {
        values[row] = column.number(row).value_or(missing);
    }
    return nb::cast(to_numpy(std::move(values)));
}

const char* kind(const Table& table, const std::string& name) {
    switch (table.at(name).type()) {
    case ColumnType::integer:
        return "integer";
    case ColumnType::real:
        return "real";
    default:
        return "text";
    }
}

void put(Table& table, Column column) {
    if (table.columns.empty()) {
        table.rows = column.size();
    }
    table.put(std::move(column));
}

void bind_columns(nb::module_& module) {
    nb::class_<Table>(module, "Columns", "Columns of values without geometry.")
        .def(nb::init<>())
        .def("__len__", [](const Table& table) { return table.rows; })
        .def(
            "names",
            [](const Table& table) {
                std::vector<std::string> names;
                for (const Column& each : table.columns) {
                    names.push_back(each.name);
                }
                return names;
            }
        )
        .def("unit", [](const Table& t, const std::string& name) { return t.at(name).unit; })
        .def("alias", [](const Table& t, const std::string& name) { return t.at(name).alias; })
        .def("kind", &kind, "text, integer or real")
        .def("column", &column, "numpy array of numbers, list of texts")
        .def("cells", &cells, "list with None for null")
        .def("copy", [](const Table& table) { return table; })
        .def(
            "put_text",
            [](Table& table,
               std::string name,
               const std::vector<std::optional<std::string>>& values) {
                put(table, text_column(std::move(name), "", values));
            }
        )
        .def(
            "put_integer",
            [](Table& table,
               std::string name,
               const std::vector<std::optional<std::int64_t>>& values) {
                put(table, integer_column(std::move(name), "", "", values));
            }
        )
        .def(
            "put_real",
            [](Table& table, std::string name, const std::vector<std::optional<double>>& values
            ) { put(table, real_column(std::move(name), "", "", values)); }
        );
}

/// Columns of the user beside what the plots know of themselves.
void add_attributes(Plots& plots, const Table& attributes) {
    for (const Column& each : attributes.columns) {
        if (each.name != "plot_id") {
            plots.attributes.put(each);
        }
    }
}

Plots plots_of_wkb(
    const nb::sequence& wkb,
    const std::vector<std::string>& ids,
    const std::string& crs,
    const Table& attributes
) {
    Plots plots = plots_from_wkb(wkb_of(wkb), ids, crs);
    add_attributes(plots, attributes);
    return plots;
}

/// Rows without geometry.
Plots plots_of_rows(const std::vector<std::string>& ids, const Table& attributes) {
    Plots plots = plots_from_wkb(std::vector<std::string>(ids.size()), ids, "EPSG:4490");
    plots.issues.clear(); // a table has no geometry to miss
    add_attributes(plots, attributes);
    return plots;
}

void bind_plots(nb::module_& module) {
    nb::class_<Plots>(module, "Plots", "Plots: polygons, ids and the source's columns.")
        .def_static("from_wkb", &plots_of_wkb)
        .def_static("from_rows", &plots_of_rows)
        .def("__len__", &Plots::size)
        .def_ro("ids", &Plots::ids)
        .def_ro("edge_crs", &Plots::edge_crs)
        .def("attributes", [](const Plots& plots) { return plots.attributes; })
        .def("issues", [](const Plots& plots) { return to_list(plots.issues); })
        .def(
            "states",
            [](const Plots& plots) {
                std::vector<std::string> states;
                for (const PlotState state : plots.states) {
                    states.emplace_back(name_of(state));
                }
                return states;
            }
        )
        .def("wkb", [](const Plots& plots) { return to_list(to_wkb(plots.geometry)); })
        .def("has_polygons", [](const Plots& plots) {
            const auto& kinds = plots.geometry.kinds;
            return std::find(kinds.begin(), kinds.end(), GeometryKind::polygon) != kinds.end();
        });
}

void bind_layer(nb::module_& module) {
    nb::class_<Layer>(module, "Layer", "Points, lines or polygons of the surroundings.")
        .def_static(
            "from_wkb",
            [](const nb::sequence& wkb,
               const std::vector<std::string>& ids,
               std::vector<std::string> names,
               const std::string& crs) {
                Layer layer = layer_from_wkb(wkb_of(wkb), ids, crs);
                layer.names = std::move(names);
                return layer;
            }
        )
        .def("__len__", &Layer::size)
        .def_ro("ids", &Layer::ids)
        .def_ro("names", &Layer::names)
        .def("issues", [](const Layer& layer) { return to_list(layer.issues); })
        .def("wkb", [](const Layer& layer) { return to_list(to_wkb(layer.geometry)); });
    const nb::class_<RasterSource> elevation(
        module, "Elevation", "An opened raster of heights, in m."
    );
    nb::class_<Requests>(module, "Requests", "The indicators that a table was measured for.")
        .def(nb::init<>());
}

} // namespace

Numbers to_numpy(std::vector<double> values) {
    std::vector<double>* kept =
        std::make_unique<std::vector<double>>(std::move(values)).release();
    const nb::capsule owner(kept, [](void* p) noexcept {
        const std::unique_ptr<std::vector<double>> owned(static_cast<std::vector<double>*>(p));
    });
    return {kept->data(), {kept->size()}, owner};
}

std::vector<std::string> wkb_of(const nb::sequence& cells) {
    std::vector<std::string> wkb;
    for (const nb::handle cell : cells) {
        if (cell.is_none()) {
            wkb.emplace_back();
        } else {
            const auto bytes = nb::cast<nb::bytes>(cell);
            wkb.emplace_back(bytes.c_str(), bytes.size());
        }
    }
    return wkb;
}

nb::list to_list(const std::vector<std::string>& wkb) {
    nb::list list;
    for (const std::string& each : wkb) {
        if (each.empty()) {
            list.append(nb::none());
        } else {
            list.append(nb::bytes(each.data(), each.size()));
        }
    }
    return list;
}

nb::tuple to_tuple(const Text& text) {
    return nb::make_tuple(text.zh, text.en);
}

nb::list to_list(const std::vector<Issue>& issues) {
    nb::list list;
    for (const Issue& issue : issues) {
        nb::dict made;
        made["severity"] = name_of(issue.severity);
        made["code"] = issue.code;
        made["file"] = issue.file;
        made["layer"] = issue.layer;
        made["row"] = issue.row;
        made["plot_id"] = issue.plot_id;
        made["field"] = issue.field;
        made["zh"] = issue.message.zh;
        made["en"] = issue.message.en;
        made["lon_deg"] = issue.at ? std::optional(issue.at->lon_deg) : std::nullopt;
        made["lat_deg"] = issue.at ? std::optional(issue.at->lat_deg) : std::nullopt;
        made["area_before_m2"] = issue.area_before_m2;
        made["area_after_m2"] = issue.area_after_m2;
        list.append(made);
    }
    return list;
}

void bind_values(nb::module_& module) {
    bind_columns(module);
    bind_plots(module);
    bind_layer(module);
}

} // namespace tuban::python
