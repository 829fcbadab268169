#include <tuban/geodesy.hpp>
#include <tuban/spatial.hpp>

#include "long_call.hpp"
#include "values.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace nb = nanobind;

namespace tuban::python {
namespace {

AreaMethod area_method(const std::string& name) {
    constexpr std::array<std::pair<const char*, AreaMethod>, 3> methods{
        {{"survey", AreaMethod::survey},
         {"survey_vertices", AreaMethod::survey_vertices},
         {"geodesic", AreaMethod::geodesic}}};
    for (const auto& [known, method] : methods) {
        if (name == known) {
            return method;
        }
    }
    throw Error(
        ErrorCode::invalid_argument,
        {"没有面积方法“" + name + "”；应为 survey、survey_vertices 或 geodesic",
         "there is no area method \"" + name +
             "\"; expected survey, survey_vertices or geodesic"}
    );
}

Numbers area(const Plots& plots, const std::string& method, const Running& running) {
    const AreaMethod wanted = area_method(method);
    return to_numpy(long_call(running, [&](const Execution& execution) {
        return area_m2(plots.geometry, plots.edge_crs, wanted, execution);
    }));
}

/// A column of one number of every result, null where there is none.
template <class Value>
Column nearest_column(
    const char* name, const std::vector<std::optional<Nearest>>& found, Value value
) {
    std::vector<std::optional<double>> cells(found.size());
    for (std::size_t row = 0; row < found.size(); ++row) {
        if (found[row]) {
            cells[row] = value(*found[row]);
        }
    }
    const std::string unit = std::string(name).ends_with("_m") ? "m" : "deg";
    return real_column(name, "", unit, cells);
}

Table nearest_table(
    const Plots& plots, const Layer& layer, const std::vector<std::optional<Nearest>>& found
) {
    std::vector<std::optional<std::string>> ids(plots.ids.begin(), plots.ids.end());
    std::vector<std::optional<std::string>> targets(found.size());
    std::vector<std::optional<std::string>> names(found.size());
    for (std::size_t row = 0; row < found.size(); ++row) {
        if (found[row]) {
            targets[row] = layer.ids[found[row]->target];
            const std::string& name = layer.names[found[row]->target];
            names[row] = name.empty() ? std::nullopt : std::optional(name);
        }
    }
    Table table;
    table.rows = found.size();
    table.put(text_column("plot_id", "图斑编号", ids));
    table.put(nearest_column("distance_m", found, [](const Nearest& n) { return n.distance_m; })
    );
    table.put(text_column("target_id", "", targets));
    table.put(text_column("target_name", "", names));
    table.put(nearest_column("error_m", found, [](const Nearest& n) { return n.error_m; }));
    table.put(nearest_column("plot_lon_deg", found, [](const Nearest& n) {
        return n.plot_foot.lon_deg;
    }));
    table.put(nearest_column("plot_lat_deg", found, [](const Nearest& n) {
        return n.plot_foot.lat_deg;
    }));
    table.put(nearest_column("target_lon_deg", found, [](const Nearest& n) {
        return n.target_foot.lon_deg;
    }));
    table.put(nearest_column("target_lat_deg", found, [](const Nearest& n) {
        return n.target_foot.lat_deg;
    }));
    return table;
}

Table nearest_of(
    const Plots& plots, const Layer& layer, double max_range_m, const Running& running
) {
    return long_call(running, [&](const Execution& execution) {
        return nearest_table(
            plots,
            layer,
            nearest(plots.geometry, plots.edge_crs, layer, {max_range_m}, execution)
        );
    });
}

/// One row for each plot and feature.
Table nearby_table(const Plots& plots, const Layer& layer, const Nearby& found) {
    const std::size_t rows = found.targets.size();
    std::vector<std::optional<std::string>> ids(rows);
    std::vector<std::optional<std::string>> targets(rows);
    std::vector<std::optional<std::string>> names(rows);
    std::vector<std::optional<std::int64_t>> borderline(rows);
    for (std::size_t plot = 0; plot < plots.size(); ++plot) {
        for (std::size_t row = found.offsets[plot]; row < found.offsets[plot + 1]; ++row) {
            const std::size_t target = found.targets[row];
            ids[row] = plots.ids[plot];
            targets[row] = layer.ids[target];
            names[row] =
                layer.names[target].empty() ? std::nullopt : std::optional(layer.names[target]);
            borderline[row] = found.borderline[row];
        }
    }
    Table table;
    table.rows = rows;
    const auto put = [&](const char* name, const char* unit, const auto& value) {
        std::vector<std::optional<double>> cells(rows);
        for (std::size_t row = 0; row < rows; ++row) {
            cells[row] = value(row);
        }
        table.put(real_column(name, "", unit, cells));
    };
    table.put(text_column("plot_id", "图斑编号", ids));
    put("distance_m", "m", [&](std::size_t row) { return found.distances_m[row]; });
    table.put(text_column("target_id", "", targets));
    table.put(text_column("target_name", "", names));
    put("error_m", "m", [&](std::size_t row) { return found.errors_m[row]; });
    table.put(integer_column("borderline", "", "", borderline));
    put("plot_lon_deg", "deg", [&](std::size_t row) { return found.plot_feet[row].lon_deg; });
    put("plot_lat_deg", "deg", [&](std::size_t row) { return found.plot_feet[row].lat_deg; });
    put("target_lon_deg", "deg", [&](std::size_t row) { return found.target_feet[row].lon_deg; }
    );
    put("target_lat_deg", "deg", [&](std::size_t row) { return found.target_feet[row].lat_deg; }
    );
    return table;
}

Table k_nearest_of(
    const Plots& plots,
    const Layer& layer,
    std::size_t count,
    double max_range_m,
    const Running& running
) {
    return long_call(running, [&](const Execution& execution) {
        const KNearestOptions options{count, max_range_m};
        return nearby_table(
            plots, layer, k_nearest(plots.geometry, plots.edge_crs, layer, options, execution)
        );
    });
}

Table all_within_of(
    const Plots& plots, const Layer& layer, double distance_m, const Running& running
) {
    return long_call(running, [&](const Execution& execution) {
        return nearby_table(
            plots,
            layer,
            all_within(plots.geometry, plots.edge_crs, layer, distance_m, execution)
        );
    });
}

Numbers
share_of(const Plots& plots, const Layer& layer, double distance_m, const Running& running) {
    return to_numpy(long_call(running, [&](const Execution& execution) {
        std::vector<double> values;
        for (const std::optional<double>& share :
             share_within(plots.geometry, plots.edge_crs, layer, distance_m, execution)) {
            values.push_back(share.value_or(std::numeric_limits<double>::quiet_NaN()));
        }
        return values;
    }));
}

/// What plots are measured against, by name.
struct Surroundings {
    std::map<std::string, std::unique_ptr<LayerSource>> sources;
    RasterSource* elevation = nullptr;
    std::vector<std::string> keys;

    [[nodiscard]] Context context() const {
        Context made;
        for (const auto& [key, source] : sources) {
            made.layers[key] = source.get();
        }
        made.elevation = elevation;
        return made;
    }
};

Surroundings surroundings_of(const nb::dict& layers, RasterSource* elevation) {
    Surroundings made;
    made.elevation = elevation;
    for (const auto& [key, value] : layers) {
        auto layer = nb::cast<Layer>(value);
        const auto name = nb::cast<std::string>(key);
        layer.key = name;
        made.keys.push_back(name);
        made.sources[name] = memory_source(std::move(layer));
    }
    return made;
}

nb::tuple measure_of(
    const Plots& plots,
    const nb::dict& layers,
    RasterSource* elevation,
    const std::optional<std::vector<std::string>>& columns,
    const Running& running
) {
    const Surroundings around = surroundings_of(layers, elevation);
    const Context context = around.context();
    Requests requests;
    if (columns) {
        for (const std::string& column : *columns) {
            requests.list.push_back(indicator_of_column(column, around.keys));
        }
    } else {
        requests.list = default_indicators(context);
    }
    Measured measured = long_call(running, [&](const Execution& execution) {
        return measure(plots, context, requests.list, execution);
    });
    const nb::list issues = to_list(measured.issues);
    return nb::make_tuple(std::move(measured.table), issues, std::move(requests));
}

} // namespace

void bind_measures(nb::module_& module) {
    nb::class_<Running>(module, "Running", "How a long call runs.")
        .def(
            "__init__",
            [](Running* self, nb::object progress, int threads) {
                new (self) Running{std::move(progress), threads};
            },
            nb::arg("progress").none(),
            nb::arg("threads")
        );
    module.def("area", &area);
    module.def("nearest", &nearest_of);
    module.def("k_nearest", &k_nearest_of);
    module.def("all_within", &all_within_of);
    module.def("share_within", &share_of);
    module.def(
        "measure",
        &measure_of,
        nb::arg("plots"),
        nb::arg("layers"),
        nb::arg("elevation").none(),
        nb::arg("columns").none(),
        nb::arg("running")
    );
}

} // namespace tuban::python
