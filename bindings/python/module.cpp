#include <tuban/error.hpp>
#include <tuban/version.hpp>

#include "values.hpp"

#include <nanobind/stl/string.h>

#include <exception>

namespace nb = nanobind;

namespace {

void raise(const tuban::Error& error) {
    const tuban::Text full = tuban::full_message(error);
    const nb::object made = nb::module_::import_("tuban._errors")
                                .attr("make_error"
                                )(static_cast<int>(error.code()),
                                  tuban::name_of(error.code()),
                                  full.zh,
                                  full.en,
                                  error.where().file,
                                  error.where().line,
                                  error.where().column);
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(made.ptr())), made.ptr());
}

void translate(const std::exception_ptr& thrown, void* /*payload*/) {
    try {
        std::rethrow_exception(thrown);
    } catch (const tuban::Error& error) {
        raise(error);
    }
}

} // namespace

NB_MODULE(_tuban, module) {
    module.doc() = "Measures, ranks and plans; needs no GDAL. Used through the package tuban.";
    nb::register_exception_translator(translate);
    module.def("version", &tuban::version, "Version of tuban.");
    tuban::python::bind_values(module);
    tuban::python::bind_arrow(module);
    tuban::python::bind_measures(module);
    tuban::python::bind_plans(module);
}
