#pragma once
#include <tuban/core.hpp>
#include <tuban/spatial.hpp>
#include <tuban/terrain.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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
enum class IndicatorNeeds {
    geometry,
    layer,
    elevation,
    land_classes, ///< a layer whose classes are codes of the land survey (三调地类; `landuse`, if none is named), or land cover
};

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

/// A raster whose values stand for land, in place of land polygons.
struct LandCover {
    RasterSource* raster = nullptr; ///< not owned; null: none given
    std::vector<std::pair<double, std::string>>
        codes; ///< value → code of the land survey (三调地类); other values stay unknown
};

/// What families may look at, handed out by name.
struct Context {
    std::map<std::string, LayerSource*> layers;       ///< by key; not owned
    std::map<std::string, std::string> layer_aliases; ///< Chinese word for a key: road → 道路
    RasterSource* elevation = nullptr;                ///< not owned; null: none given
    LandCover land_cover; ///< asked where there is no layer `landuse`
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

/// Whether a rule holds for a plot. What nothing tells is unknown and never taken as no.
enum class Verdict : std::uint8_t { no, yes, unknown };
[[nodiscard]] TUBAN_EXPORT const char* name_of(Verdict verdict) noexcept;

/// 三区两线: three surroundings (reserves, scenery, settlements) and two ranges in sight of a line (traffic, water).
enum class ZoneKind : std::uint8_t { zone, line };
[[nodiscard]] TUBAN_EXPORT const char* name_of(ZoneKind kind) noexcept;

/// Which of four memberships decides; the others are reported beside it.
enum class ZoneMode : std::uint8_t {
    within,   ///< the plot touches, crosses or lies in a feature
    distance, ///< the plot's edge is at most `metres` from a feature
    share,    ///< at least `least_share` of the plot's area is at most `metres` from features
    centroid, ///< the plot's centroid is at most `metres` from a feature
};
[[nodiscard]] TUBAN_EXPORT const char* name_of(ZoneMode mode) noexcept;

/// What the figures of a rule stand on: a law, an official text, or nothing but an example to be edited (示例).
enum class ZoneMark : std::uint8_t { legal, official, example };
[[nodiscard]] TUBAN_EXPORT const char* name_of(ZoneMark mark) noexcept;

/// Features that a rule is about: those of a layer, of some classes and names.
struct ZoneSource {
    std::string role;  ///< the profile's word: road, railway, reserve, …
    std::string layer; ///< key of the layer that serves it; the role itself by default
    /// Layer::classes that count; a land-use code counts with its suffix (1104 takes 1104A). Empty: all.
    std::vector<std::string> classes{};
    std::vector<std::string> names{}; ///< Layer::names that begin so count; empty: all
};

/// Half of how wide lines of some classes are, from their centreline.
struct HalfWidth {
    std::vector<std::string> classes;
    double metres = 0.0; ///< [0, 500]
};

/// What counts as in, or near, one of 三区两线.
struct ZoneRule {
    std::string id;
    std::string name;
    ZoneKind kind = ZoneKind::zone;
    std::vector<ZoneSource>
        sources; ///< >= 1; a later one serves the plots of which those before tell nothing
    ZoneMode mode = ZoneMode::distance;
    double metres = 0.0;                  ///< [0, 50000], closed; 0 for `within`
    double least_share = 0.5;             ///< (0, 1], of `share`
    double half_width_m = 0.0;            ///< [0, 500], of lines that half_widths do not name
    std::vector<HalfWidth> half_widths{}; ///< by class; taken off distances from lines
    int severity = 1;                     ///< [1, 9], 9 is gravest
    ZoneMark mark = ZoneMark::example;
    std::string basis{};       ///< the sentence or standard it stands on
    bool from_project = false; ///< added or changed by the project
};

/// A profile of 三区两线: what a county takes for it.
struct ZoneProfile {
    std::string id;
    std::string name;
    std::string basis{};
    std::vector<ZoneRule> rules; ///< in the order of the column `zones`
    /// Classes that are known to be none of the rules'. A feature of a class that neither a rule nor this names may be
    /// anything: near a plot it makes a verdict unknown. Of each only role and classes count.
    std::vector<ZoneSource> other_classes{};
};

/// One rule held against one plot.
struct ZoneHit {
    std::size_t row = 0;  ///< of the plots
    std::size_t rule = 0; ///< of the profile
    Verdict verdict = Verdict::unknown;
    std::string layer;         ///< key of the layer that told; "": none could
    std::string feature_id;    ///< nearest feature that counts; "": none
    std::string feature_name;  ///< "" where it has none
    std::string feature_class; ///< likewise
    std::optional<double>
        distance_m; ///< >= 0, from the plot's edge, half widths taken off; none: nothing in 500 km
    std::optional<double> error_m;      ///< bound on |distance_m - true|
    std::optional<double> half_width_m; ///< what was taken off
    std::optional<double>
        share; ///< 0 to 1, of the plot's area, at most `metres` from what counts; none for plots without area
    std::optional<bool> intersects;      ///< distance_m <= metres
    std::optional<bool> centroid_inside; ///< the centroid is at most `metres` from what counts
    bool borderline = false;             ///< the error of what decides leaves yes and no open
    Text reason;                         ///< what was found, or why nobody can tell
};

struct ZoneHits {
    std::vector<ZoneHit> hits; ///< plots × rules, by plot, then rule
    std::vector<Issue> issues; ///< rules that tell nothing of some plots, borderline verdicts
};

/// Holds every rule of a profile against every plot.
///
/// A verdict is unknown where the rule's layer is missing or empty; where it does not reach the plot (the plot lies outside
/// of the layer's extent and 50 km beyond `metres` from all of its features); where land uses, picked by their code, do not
/// cover the ground round the plot; where no feature of the rule's classes decides and one within reach has a class that
/// nobody names; and for plots without geometry. A class of which a layer with known classes has no feature is not there:
/// no.
/// Accuracy: distances as nearest(), shares as share_within(); where lines of several half widths meet one plot the wider
/// are drawn as polygons, round ends within 1 mm.
[[nodiscard]] TUBAN_EXPORT ZoneHits judge_zones(
    const Plots& plots,
    const Context& context,
    const ZoneProfile& profile,
    const Execution& execution = {}
);

/// Name of a rule for people: one whose figures are an example says so, 铁路两侧（示例）.
[[nodiscard]] TUBAN_EXPORT Text zone_rule_name(const std::string& name, ZoneMark mark);

/// Puts what a profile found into a table of the same plots: zones (ids of the rules that hold, in order, by comma; ""
/// if none does; null if none does and some are unknown), zone_names (the same for people), zones_unknown (ids of rules
/// that tell nothing), zone_severity (the gravest that holds; 0 and null as zones).
TUBAN_EXPORT void put_zones(Table& table, const ZoneProfile& profile, const ZoneHits& hits);

} // namespace tuban
