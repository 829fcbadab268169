#pragma once
#include <tuban/run.hpp>

#include <vector>

namespace tuban {

/// What the numeric columns of plots measure, for those that can be areas at all (area_caliber()).
///
/// @param survey_m2  (n) survey areas of the plots, NaN where there is none
/// @return in the order of the columns; without the columns that tuban itself added
[[nodiscard]] std::vector<CheckedArea> area_columns(
    const Plots& plots, const std::vector<double>& survey_m2, const Execution& execution
);

/// How the areas that a plan counts were made: the survey rule, or what the named column turns out to be.
[[nodiscard]] Text
counted_caliber(const Plots& plots, const PlotFields& fields, const Execution& execution);

/// Digits after the point that nearly all cells of a numeric column are written with, [0, 15].
[[nodiscard]] int written_decimals(const Column& column);

} // namespace tuban
