#pragma once
#include <tuban/core.hpp>
#include <tuban/io.hpp>
#include <tuban/ranking.hpp>
#include <tuban/schedule.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The plan GeoPackage: everything a run decided, in one file that any SQLite tool reads; and its independent checker.
namespace tuban {

/// All that a run knows, from which workbook, page, GeoPackage and run.json are drawn.
struct Result {
    Project project;
    Plots plots;
    Table table; ///< (n) as `plots` of plan.gpkg, before the plan's columns
    Ranking ranking;
    std::vector<std::string>
        filters; ///< portable SQL of every gate, tier and `when` rule, in the order of Rules
    std::optional<Plan> plan; ///< none: no `schedule:` block
    std::vector<Issue> issues;
    std::vector<InputFile> inputs;
    std::vector<Layer> context; ///< for maps: what lies around the plots, by layer
    std::vector<std::pair<std::string, std::string>> layer_aliases; ///< key → Chinese word
    std::vector<IndicatorRequest> indicators;
    ZoneHits zones; ///< what the project's profile found; empty without one
    Text
        area_caliber; ///< how the areas that the plan counts were made (口径), a sentence without full stop
    std::string plane_crs; ///< name of the zone of plane_area_m2; "": outside the zones
    std::int64_t seed = 0;
    ReuseScreening reuse; ///< over project.reuse
};

/// Table `plots` of plan.gpkg without geometry: the table and status, period, planned_share, planned_area_m2, mode,
/// cost_yuan, tier, score, rank, reason_zh, reason_en.
[[nodiscard]] TUBAN_EXPORT Table plan_plots_table(const Result& result);

/// Writes plan.gpkg: the same Result gives the same bytes, on any thread count, locale and time zone.
/// @throws Error{unwritable_output}
TUBAN_EXPORT void write_plan(const Result& result, const std::string& file);

/// One thing that verify() found wrong.
struct Finding {
    std::string table;
    std::string key; ///< plot, requirement or period
    Text message;
};

/// A requirement that a relaxed plan misses, as it says itself.
struct UnmetRequirement {
    std::string id;
    std::string name;
    Relation relation = Relation::at_least;
    double required = 0.0; ///< in the requirement's unit, as `achieved`
    double achieved = 0.0;
    Text message; ///< "下达目标：要求不少于 …，达到 …"
};

struct Verification {
    std::vector<Finding> findings; ///< empty: what the plan says of itself is so
    std::vector<UnmetRequirement>
        unmet; ///< of a relaxed plan (status infeasible); empty: every hard requirement is met
    std::size_t requirements = 0; ///< checked
    std::size_t parts = 0;
    std::size_t totals = 0;
};

/// Whether a plan is what it says and meets every hard requirement.
[[nodiscard]] inline bool holds(const Verification& verification) noexcept {
    return verification.findings.empty() && verification.unmet.empty();
}

/// Recomputes every requirement, part and total from plan.gpkg alone, in integers. Shares no code with the solver.
/// @throws Error{unreadable_input} if the file is not a plan.
[[nodiscard]] TUBAN_EXPORT Verification verify_plan(const std::string& file);

struct ExplainedRule {
    std::string id;
    std::string name;
    std::string basis;
    double points = 0.0;
};

struct ExplainedAlternative {
    std::string period; ///< "": not in the plan
    std::optional<double> cost_of_moving;
    Text breaks;
};

/// A rule of the profile of 三区两线 that holds for a plot, or that is unknown.
struct ExplainedZone {
    std::string rule_id;
    std::string name;    ///< of the rule; figures that are an example are told by `mark`
    std::string verdict; ///< yes, unknown
    std::string mark;    ///< legal, official, example
    std::string feature_id;
    std::string feature_name;
    std::optional<double> distance_m;
    std::optional<double> share;
    std::string basis;
    Text reason;
};

struct ExplainedReuse {
    std::string option;
    std::string name;
    std::string verdict; ///< yes, no, unknown
    Text reason;
    std::string basis;
};

struct Explanation {
    std::string plot_id;
    std::string status;
    std::optional<int> rank;
    std::optional<int> tier;
    std::string tier_name;
    std::optional<double> score;
    std::vector<ExplainedRule> rules;
    std::vector<ExplainedZone> zones; ///< yes and unknown, in the profile's order
    std::string period;               ///< "" if none
    Text reason;
    std::vector<ExplainedAlternative> alternatives;
    std::vector<Text> what_would_change_it;
    std::vector<ExplainedReuse> reuse; ///< empty: the plan was made without screening
    std::string surround_suggestion;   ///< 耕, 林, 草, 建, 水; "": none
    Text surround_reason;
};

/// @throws Error{unreadable_input} if the file is not a plan, Error{invalid_argument} for an unknown plot (nearest id).
[[nodiscard]] TUBAN_EXPORT Explanation
explain_plot(const std::string& file, const std::string& plot_id);

} // namespace tuban
