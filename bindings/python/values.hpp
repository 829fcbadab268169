#pragma once
// What crosses between Python and tuban, and the parts of the module.
#include <tuban/core.hpp>
#include <tuban/indicators.hpp>

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstdint>
#include <string>
#include <vector>

namespace tuban::python {

using Numbers = nanobind::ndarray<nanobind::numpy, double, nanobind::ndim<1>>;

/// A numpy array that owns the values.
[[nodiscard]] Numbers to_numpy(std::vector<double> values);
/// bytes or None per row; None becomes "".
[[nodiscard]] std::vector<std::string> wkb_of(const nanobind::sequence& cells);
/// bytes per row, None for "".
[[nodiscard]] nanobind::list to_list(const std::vector<std::string>& wkb);
[[nodiscard]] nanobind::list to_list(const std::vector<Issue>& issues);
[[nodiscard]] nanobind::tuple to_tuple(const Text& text);

/// What measure() was asked for, remembered until it is known who is eligible.
struct Requests {
    std::vector<IndicatorRequest> list;
};

void bind_values(nanobind::module_& module);
void bind_arrow(nanobind::module_& module);
void bind_measures(nanobind::module_& module);
void bind_plans(nanobind::module_& module);

} // namespace tuban::python
