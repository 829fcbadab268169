#pragma once
// One function per family, and what families have in common. A new family: one .cpp, a line here, a line in registry.cpp.
#include <tuban/indicators.hpp>

#include "core/parallel.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tuban::indicators {

[[nodiscard]] IndicatorFamily area();
[[nodiscard]] IndicatorFamily perimeter();
[[nodiscard]] IndicatorFamily distance();
[[nodiscard]] IndicatorFamily share_within();
[[nodiscard]] IndicatorFamily clusters();
[[nodiscard]] IndicatorFamily packages();
[[nodiscard]] IndicatorFamily mines();
[[nodiscard]] IndicatorFamily elevation();
[[nodiscard]] IndicatorFamily shape();
[[nodiscard]] IndicatorFamily surroundings();

/// Name, alias and unit of a family's column for a request: "{layer}" is the layer's key in names and its Chinese word
/// in aliases, "{d}" whole metres. The column has no cells yet.
[[nodiscard]] Column column_head(
    const IndicatorColumn& column, const Context& context, const IndicatorRequest& request
);

/// The whole metres of a request.
/// @throws Error{invalid_project} if there are none, or they are not whole or not in [0, greatest_m]
[[nodiscard]] int whole_metres(const IndicatorRequest& request, int greatest_m);

/// All features of the request's layer, with an Issue if there are none.
/// @throws Error{invalid_project} naming the layers there are, if it is none of them
[[nodiscard]] Layer
layer_of(const Context& context, const IndicatorRequest& request, std::vector<Issue>& issues);

/// An Issue about one plot.
[[nodiscard]] Issue
plot_issue(const Plots& plots, std::size_t row, Severity severity, std::string code);

/// What the plan counts, as int64 counts of 0.01 m²: the given column where plots have one, else the survey area.
[[nodiscard]] std::vector<std::optional<std::int64_t>>
counted_area_dm2(const Plots& plots, const Execution& execution);

/// Measures over all plots what depends on who is eligible, as `family` does over some.
template <IndicatorFamily (*family)()>
[[nodiscard]] std::vector<Column> measure_everyone(
    const Plots& plots,
    const Context& context,
    const IndicatorRequest& request,
    std::vector<Issue>& issues,
    const Execution& execution
) {
    const auto counted = counted_area_dm2(plots, part_of(execution, 0.0, 0.5));
    const std::vector<std::uint8_t> everyone(plots.size(), 1);
    return family().measure_eligible(
        {plots, everyone, counted}, context, request, issues, part_of(execution, 0.5, 1.0)
    );
}

/// The layers that no link may cross, as one; none where none is asked for.
/// @throws Error{invalid_project} naming the layers there are, if one is none of them
[[nodiscard]] std::optional<Layer> barriers_of(
    const Context& context, const IndicatorRequest& request, std::vector<Issue>& issues
);

/// The columns that put_zones() gives, in its order.
[[nodiscard]] const std::vector<IndicatorColumn>& zone_columns();

/// Directions and their reasons from the shares that surroundings() has measured, and slope_mean_deg where it is there.
void suggest_directions(Table& table);

/// Equal but for the case of A–Z, as databases compare column names.
[[nodiscard]] bool same_column(std::string_view a, std::string_view b);

/// Whether a name is that of some family's column, whatever the layers there are.
[[nodiscard]] bool is_indicator_column(const std::string& name);

/// `text` with every `{what}` replaced.
[[nodiscard]] std::string
replaced(std::string text, std::string_view what, std::string_view with);

} // namespace tuban::indicators
