#pragma once
#include <tuban/run.hpp>

#include <optional>
#include <string>
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
/// @throws Error{data_check_failed} where that column is in another unit than the project says
[[nodiscard]] Text
counted_caliber(const Plots& plots, const PlotFields& fields, const Execution& execution);

/// Where a project takes its area column in another unit than the shapes show: what to write instead. None where it does not,
/// or where fewer than half of the rows tell.
/// @param fit  of the column that the project names
[[nodiscard]] std::optional<Text>
unit_contradicted(const PlotFields& fields, const std::string& column, const CaliberFit& fit);

/// A column of a table that a project may name as its area.
struct AreaColumn {
    std::string column; ///< as the file calls it
    std::string
        key; ///< under fields: area_m2, area_ha, area_mu, as its name says; area_m2 where it says nothing
    std::size_t rows = 0; ///< with a figure above 0
    double sum = 0.0;     ///< of those, in its own unit
};

/// TBTYMJ, else TBHDMJ, else the first that is called an area (面积, area, ends in ha, 公顷, mu or 亩), if it has figures.
[[nodiscard]] std::optional<AreaColumn> area_column_of_table(const Table& attributes);

/// Digits after the point that nearly all cells of a numeric column are written with, [0, 15].
[[nodiscard]] int written_decimals(const Column& column);

} // namespace tuban
