#include <tuban/run.hpp>

#include "long_call.hpp"
#include "values.hpp"

#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <array>
#include <memory>
#include <optional>
#include <utility>

namespace nb = nanobind;

namespace tuban::python {
namespace {

using Fields = std::map<std::string, std::vector<std::string>>;

std::optional<Axes> axes_of(const std::optional<std::string>& word) {
    if (!word) {
        return std::nullopt;
    }
    if (*word != "xy" && *word != "yx") {
        throw Error(
            ErrorCode::invalid_argument,
            {"axes 是“" + *word + "”；应为 xy（东、北）或 yx（北、东）",
             "axes is \"" + *word + "\"; expected xy (east, north) or yx (north, east)"}
        );
    }
    return *word == "yx" ? Axes::yx : Axes::xy;
}

std::optional<std::string> word_of(const std::optional<Axes>& axes) {
    return axes ? std::optional<std::string>(*axes == Axes::yx ? "yx" : "xy") : std::nullopt;
}

using Numbers = std::map<std::string, double>;

double number_at(const Numbers& numbers, const char* key) {
    const auto found = numbers.find(key);
    return found == numbers.end() ? 0.0 : found->second;
}

DatumShift shift_of(DatumShift::Kind kind, const Numbers& numbers) {
    DatumShift shift;
    shift.kind = kind;
    shift.dx_m = number_at(numbers, "dx_m");
    shift.dy_m = number_at(numbers, "dy_m");
    shift.scale_ppm = number_at(numbers, "scale_ppm");
    return shift;
}

/// A data set as Python names it.
struct Source {
    FileSpec file;
    Fields fields;
    std::vector<JoinSpec> joins;

    void join(
        std::string table,
        std::string sheet,
        std::string on,
        std::optional<std::string> encoding
    ) {
        JoinSpec spec;
        spec.source.file = std::move(table);
        spec.source.layer = std::move(sheet);
        spec.source.encoding = std::move(encoding);
        spec.on = std::move(on);
        joins.push_back(std::move(spec));
    }

    /// @param numbers  by the keys of a project's datum_shift:, checked by Python; absent ones are 0
    void helmert(const Numbers& numbers, bool coordinate_frame) {
        DatumShift shift = shift_of(DatumShift::Kind::helmert, numbers);
        shift.dz_m = number_at(numbers, "dz_m");
        shift.rx_arcsec = number_at(numbers, "rx_arcsec");
        shift.ry_arcsec = number_at(numbers, "ry_arcsec");
        shift.rz_arcsec = number_at(numbers, "rz_arcsec");
        shift.convention = coordinate_frame ? DatumShift::Convention::coordinate_frame
                                            : DatumShift::Convention::position_vector;
        file.datum_shift = shift;
    }

    void plane_shift(const Numbers& numbers, std::string target) {
        DatumShift shift = shift_of(DatumShift::Kind::plane, numbers);
        shift.rz_arcsec = number_at(numbers, "rotation_arcsec");
        shift.target = std::move(target);
        file.datum_shift = std::move(shift);
    }
};

Source source_of(
    std::string file,
    std::string layer,
    std::optional<std::string> crs,
    std::optional<std::string> encoding,
    Fields fields
) {
    FileSpec spec{std::move(file), std::move(layer), std::move(crs), std::move(encoding), {}};
    spec.named_by = NamedBy::call;
    return {std::move(spec), std::move(fields), {}};
}

void put_field(PlotFields& fields, const std::string& key, const std::string& column) {
    const std::array<std::pair<const char*, std::string*>, 10> known{
        {{"mine", &fields.mine},
         {"name", &fields.name},
         {"town", &fields.town},
         {"mode", &fields.mode},
         {"responsible", &fields.responsible},
         {"cost_yuan", &fields.cost_yuan},
         {"cost_wan_yuan", &fields.cost_wan_yuan},
         {"area_m2", &fields.area_m2},
         {"area_ha", &fields.area_ha},
         {"area_mu", &fields.area_mu}}};
    for (const auto& [name, target] : known) {
        if (key == name) {
            *target = column;
            return;
        }
    }
    std::string names = "id";
    for (const auto& [name, target] : known) {
        names += ", " + std::string(name);
    }
    throw Error(
        ErrorCode::invalid_argument,
        {"fields 里没有“" + key + "”；应为 " + names,
         "fields has no \"" + key + "\"; expected one of " + names}
    );
}

PlotsSpec plots_spec(const Source& source) {
    PlotsSpec spec;
    spec.source = source.file;
    spec.joins = source.joins;
    for (const auto& [key, columns] : source.fields) {
        if (key == "id") {
            spec.fields.id = columns;
        } else if (!columns.empty()) {
            put_field(spec.fields, key, columns.front());
        }
    }
    return spec;
}

Plots read_file(const Source& source, const Running& running) {
    const PlotsSpec spec = plots_spec(source);
    return long_call(running, [&](const Execution& execution) {
        return read_plots(spec, "", execution).plots;
    });
}

Layer read_layer(const Source& source, const Running& running) {
    LayerSpec spec;
    spec.key = "layer";
    spec.source = source.file;
    const auto first = [&](const char* key) {
        const auto found = source.fields.find(key);
        return found == source.fields.end() || found->second.empty() ? std::string()
                                                                     : found->second.front();
    };
    spec.id = first("id");
    spec.name = first("name");
    return long_call(running, [&](const Execution& /*execution*/) {
        return open_layer(spec, "").source->all();
    });
}

std::unique_ptr<RasterSource> open_heights(const std::string& file) {
    ElevationSpec spec;
    spec.source.file = file;
    return open_elevation(spec, "").source;
}

Until until_of(const std::string& word) {
    constexpr std::array<std::pair<const char*, Until>, 4> words{
        {{"measure", Until::measure},
         {"rank", Until::rank},
         {"schedule", Until::schedule},
         {"report", Until::report}}};
    for (const auto& [known, until] : words) {
        if (word == known) {
            return until;
        }
    }
    throw Error(
        ErrorCode::invalid_argument,
        {"until 是“" + word + "”；应为 measure、rank、schedule 或 report",
         "until is \"" + word + "\"; expected measure, rank, schedule or report"}
    );
}

RunResult
run(const std::string& project,
    const std::string& out,
    const std::string& until,
    const std::pair<bool, std::int64_t>& relax_and_seed,
    const Running& running) {
    const RunOptions options{
        .out = out,
        .until = until_of(until),
        .relax = relax_and_seed.first,
        .seed = relax_and_seed.second};
    return long_call(running, [&](const Execution& execution) {
        return run_project(project, options, execution);
    });
}

std::string
check(const std::string& file, const CheckOptions& options, const Running& running) {
    return long_call(running, [&](const Execution& execution) {
        Execution quiet; // progress has come to its end
        quiet.threads = execution.threads;
        return check_json(check_file(file, options, execution), quiet);
    });
}

void bind_source(nb::module_& module) {
    nb::class_<Source>(module, "Source", "A file, layer and what its columns mean.")
        .def(
            "__init__",
            [](Source* self,
               std::string file,
               std::string layer,
               std::optional<std::string> crs,
               std::optional<std::string> encoding,
               Fields fields) {
                new (self) Source(source_of(
                    std::move(file),
                    std::move(layer),
                    std::move(crs),
                    std::move(encoding),
                    std::move(fields)
                ));
            },
            nb::arg("file"),
            nb::arg("layer"),
            nb::arg("crs").none(),
            nb::arg("encoding").none(),
            nb::arg("fields")
        )
        .def(
            "join",
            &Source::join,
            nb::arg("file"),
            nb::arg("sheet"),
            nb::arg("on"),
            nb::arg("encoding").none()
        )
        .def(
            "set_axes",
            [](Source& source, const std::optional<std::string>& word) {
                source.file.axes = axes_of(word);
            },
            nb::arg("axes").none()
        )
        .def("helmert", &Source::helmert, nb::arg("numbers"), nb::arg("coordinate_frame"))
        .def("plane_shift", &Source::plane_shift, nb::arg("numbers"), nb::arg("target"));
}

void bind_check_options(nb::module_& module) {
    nb::class_<CheckOptions>(
        module, "CheckOptions", "How check reads a file, and what it writes."
    )
        .def(nb::init<>())
        .def_rw("layer", &CheckOptions::layer)
        .def_rw("id", &CheckOptions::id)
        .def_rw("crs", &CheckOptions::crs, nb::arg().none())
        .def_prop_rw(
            "axes",
            [](const CheckOptions& options) { return word_of(options.axes); },
            [](CheckOptions& options, const std::optional<std::string>& word) {
                options.axes = axes_of(word);
            },
            nb::arg().none()
        )
        .def_rw("encoding", &CheckOptions::encoding, nb::arg().none())
        .def_rw("fix", &CheckOptions::fix)
        .def_rw("page", &CheckOptions::page)
        .def_rw("lang", &CheckOptions::lang)
        .def_rw("boundary", &CheckOptions::boundary)
        .def_rw("boundary_code", &CheckOptions::boundary_code);
}

} // namespace
} // namespace tuban::python

NB_MODULE(_tuban_io, module) {
    using namespace tuban::python; // NOLINT(google-build-using-namespace): one function
    nb::module_::import_("tuban._tuban");
    module.doc() = "Files in and out; links the system's GDAL. Used through the package tuban.";
    bind_source(module);
    bind_check_options(module);
    nb::class_<tuban::RunResult>(module, "RunResult", "What a run did.")
        .def_ro("result", &tuban::RunResult::result)
        .def_ro("files", &tuban::RunResult::files)
        .def_ro("timings_s", &tuban::RunResult::timings_s);
    module.def("read", &read_file);
    module.def("read_layer", &read_layer);
    module.def("read_table", [](const Source& source) {
        return tuban::read_table(source.file, "");
    });
    module.def("read_rules", &tuban::read_rules);
    module.def("open_elevation", &open_heights);
    module.def("run", &run);
    module.def("check_json", &check);
    module.def("save_plan", &tuban::save_plan, nb::call_guard<nb::gil_scoped_release>());
    module.def("verification_json", [](const std::string& file) {
        const nb::gil_scoped_release released;
        return tuban::verification_json(tuban::verify_plan(file));
    });
    module.def("explanation_json", [](const std::string& file, const std::string& plot_id) {
        return tuban::explanation_json(tuban::explain_plot(file, plot_id));
    });
    module.def("libraries", &tuban::libraries);
}
