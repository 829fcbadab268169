#pragma once
#include <tuban/core.hpp>
#include <tuban/spatial.hpp>
#include <tuban/terrain.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The registry of what can be measured of a plot, as families: one entry gives several columns from one pass.
namespace tuban {

enum class Direction { high, low, none };

/// One column of a family, as users see it. `{layer}` and `{d}` stand for the layer's key and whole metres.
struct IndicatorColumn {
    std::string name;  ///< "{layer}_distance_m"
    std::string alias; ///< "距{layer}距离"
    std::string unit;  ///< "m"
    Direction better = Direction::none;
    Text method;        ///< what is computed, in one sentence
    std::string source; ///< paper, standard, or "tuban definition"
    Text accuracy;
};

/// What a family needs to be measurable.
enum class IndicatorNeeds { geometry, layer, elevation };

/// What a project asks of a family.
struct IndicatorRequest {
    std::string family; ///< "distance", "share_within", "clusters", …
    std::string layer;  ///< key, for families that need one
    /// For share_within, clusters and packages: whole metres.
    std::optional<double> within_m;
    /// Keys of layers that no link of clusters and packages may cross.
    std::vector<std::string> barriers{};
    std::optional<double> at_most_ha{};   ///< no cluster holds more; none: no limit
    std::optional<double> at_least_km2{}; ///< for packages
    friend bool operator==(const IndicatorRequest&, const IndicatorRequest&) = default;
};

/// What families may look at, handed out by name.
struct Context {
    std::map<std::string, LayerSource*> layers;       ///< by key; not owned
    std::map<std::string, std::string> layer_aliases; ///< Chinese word for a key: road → 道路
    RasterSource* elevation = nullptr;                ///< not owned; null: none given
};

/// The plots that count where plots are grouped.
struct EligiblePlots {
    const Plots& plots;
    const std::vector<std::uint8_t>& take; ///< (n) 1: eligible
    /// (n) what the plan counts, in 0.01 m²; none: nothing. measure_clusters() takes it from the table.
    std::vector<std::optional<std::int64_t>> counted_dm2{};
};

struct IndicatorFamily {
    std::string name;
    IndicatorNeeds needs = IndicatorNeeds::geometry;
    bool by_default = true;               ///< measured when a project lists nothing
    bool takes_within = false;            ///< has a distance parameter
    std::vector<IndicatorColumn> columns; ///< in the order in which they are appended
    /// Measures (n) rows per column; `issues` gets what users should know.
    std::vector<Column> (*measure
    )(const Plots& plots,
      const Context& context,
      const IndicatorRequest& request,
      std::vector<Issue>& issues,
      const Execution& execution) = nullptr;
    /// The same over some plots, others null: for families that depend on who is eligible.
    std::vector<Column> (*measure_eligible
    )(const EligiblePlots& eligible,
      const Context& context,
      const IndicatorRequest& request,
      std::vector<Issue>& issues,
      const Execution& execution) = nullptr;
};

/// All families, in the order of their columns.
[[nodiscard]] TUBAN_EXPORT const std::vector<IndicatorFamily>& indicator_registry();

/// The request behind a column name ("road_distance_m" → distance of road), given the layers there are.
/// @throws Error{invalid_project} for an unknown name, with the nearest one.
[[nodiscard]] TUBAN_EXPORT IndicatorRequest
indicator_of_column(const std::string& column, const std::vector<std::string>& layer_keys);

/// Requests for everything that can be measured with this context.
[[nodiscard]] TUBAN_EXPORT std::vector<IndicatorRequest>
default_indicators(const Context& context);

/// Every column that can be measured, as a Markdown table: name, alias, unit, direction, method, source, accuracy.
/// @param lang  "zh" or "en"
[[nodiscard]] TUBAN_EXPORT std::string indicator_reference_markdown(std::string_view lang);

struct Measured {
    Table
        table; ///< (n) plot_id, the plots' standard columns, indicators, then source attributes
    std::vector<Issue> issues;
};

/// Measures the plots. Areas and perimeters come always; area_m2 is what the plan counts (area_basis: survey | given),
/// rounded half-up to 0.01 m² as are ellipsoid_area_m2 and geodesic_area_m2; area_ha = area_m2 / 10000.
///
/// Clusters, packages and mines are measured over all plots here; measure_clusters() does it again once it is known who is
/// eligible.
/// Order of columns: plot_id, mine_id, name, town, mode, responsible, cost_yuan, area_m2, area_ha, area_basis,
/// ellipsoid_area_m2, geodesic_area_m2, perimeter_m, other indicators in the order asked, source attributes. Standard
/// columns are always there, all null where the source has none. A source attribute that collides with a column of
/// ours (in any case) becomes src_<name>.
/// @throws Error{invalid_project} for a request whose layer or elevation is missing.
[[nodiscard]] TUBAN_EXPORT Measured measure(
    const Plots& plots,
    const Context& context,
    const std::vector<IndicatorRequest>& requests,
    const Execution& execution = {}
);

/// Measures what depends on who is eligible (clusters, packages, mines) again over some rows, and replaces those columns.
/// @param eligible  other rows become null
/// @return what users should know, in place of what measure() said of borderline pairs
[[nodiscard]] TUBAN_EXPORT std::vector<Issue> measure_clusters(
    Table& table,
    EligiblePlots eligible,
    const Context& context,
    const std::vector<IndicatorRequest>& requests,
    const Execution& execution = {}
);

} // namespace tuban
