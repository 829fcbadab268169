#pragma once
#include <tuban/geodesy.hpp>
#include <tuban/report.hpp>
#include <tuban/spatial.hpp>
#include <tuban/workspace.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The chain: project file → measured → ranked → scheduled → OUT, published whole or not at all.
namespace tuban {

enum class Until { measure, rank, schedule, report };

struct RunOptions {
    std::string out = "out"; ///< folder; "": write nothing
    Until until =
        Until::report;     ///< earlier stages return what is known so far and write nothing
    bool relax = false;    ///< infeasible: write the best relaxed plan
    bool strict = false;   ///< write nothing if anything above a note was found
    std::int64_t seed = 0; ///< >= 0
};

struct RunResult {
    Result result;
    std::vector<std::string> files;                        ///< written, in OUT
    std::vector<std::pair<std::string, double>> timings_s; ///< by stage, in order
};

/// Runs a project. OUT is written as a hidden sibling folder and swapped in at the end: a failed or interrupted run
/// leaves the previous OUT untouched. An infeasible plan is returned with its conflicts; OUT stays as it was unless
/// `relax`; so it does under `strict` where the data have errors or warnings, which are returned.
/// @throws Error with the exit code of what failed (interfaces: 3 input, 4 project, 5 data, 8 output, 130 interrupted).
[[nodiscard]] TUBAN_EXPORT RunResult run_project(
    const std::string& project_file,
    const RunOptions& options = {},
    const Execution& execution = {}
);

/// `tuban measure`: one plot file, layers and heights named one by one, no project.
struct MeasureFile {
    PlotsSpec plots;
    std::vector<LayerSpec> layers;
    std::optional<ElevationSpec> elevation;
    std::vector<std::string> columns; ///< indicator columns wanted; empty: the default ones
};

struct MeasuredFile {
    Table table; ///< as measure()
    Geometry geometry;
    std::vector<Issue> issues;
};

/// @throws Error{invalid_argument} for a column that no indicator gives; else as read_plots(), open_layer(),
///         open_elevation(), measure().
[[nodiscard]] TUBAN_EXPORT MeasuredFile
measure_file(const MeasureFile& request, const Execution& execution = {});
/// Writes plan.gpkg where the user says: never over a file of the run's inputs, and over nothing but an earlier plan.
/// @throws Error{unwritable_output}
TUBAN_EXPORT void save_plan(const Result& result, const std::string& file);

/// "road=roads.gpkg:layer" → the layer's key, file and layer. @throws Error{invalid_argument}
[[nodiscard]] TUBAN_EXPORT LayerSpec layer_of_argument(const std::string& argument);

struct CheckOptions {
    std::string layer;
    std::string id; ///< column of plot ids; "": as the project says, or the national schema
    std::optional<std::string> crs;
    std::optional<Axes> axes;
    std::optional<std::string> encoding;
    std::string fix;         ///< a .gpkg to write the repaired copy to; "": none
    std::string page;        ///< an .html to write the findings to, with a map; "": none
    std::string lang = "zh"; ///< of the page: zh | en
    std::string boundary;    ///< "counties.gpkg[:layer]"; "": the project's, or none
    std::string
        boundary_code; ///< its column of county codes; "": as the project says, or adcode, XZQDM, code
};

struct CheckedPlot {
    std::int64_t row = 0; ///< from 1
    std::string plot_id;
    std::optional<double> ellipsoid_area_m2;
    std::string status; ///< ok, repaired, held_out, no_geometry
};

/// What a numeric column turned out to measure.
struct CheckedArea {
    std::string column;
    CaliberFit fit;
};

/// A condition of eligibility and how many rows it takes out.
struct EligibilityCount {
    std::string id; ///< held_out, no_area, the id of a gate, or the national field
    Text name;
    std::int64_t rows = 0;
    std::vector<std::int64_t> which{}; ///< those rows, from 1, ascending
};

/// What reading a plot file (or a project's) found.
struct CheckReport {
    std::string file;
    std::string layer;
    std::int64_t rows = 0;
    std::int64_t usable = 0; ///< rows with an area that a plan can count
    std::int64_t eligible =
        0; ///< of them, those that may take part: all rows but the ineligible
    InputFile input;
    double total_ellipsoid_area_m2 = 0.0; ///< sum of areas rounded to 0.01 m²
    std::vector<Issue> issues;
    std::vector<CheckedPlot> plots;
    std::vector<std::string>
        crs_proposals; ///< where the file has no CRS, or one that its numbers contradict: likeliest first
    std::vector<CheckedArea> areas;
    std::vector<Overlap> overlaps;
    std::vector<RepairEntry> repairs; ///< the ledger, in file order
    std::vector<EligibilityCount>
        ineligible; ///< by the project's gates, or by TBDL and HFZLQK where there is no project
    std::vector<OddValue> values; ///< all of those that issues about a column name a few of
};

/// @param file  a plot file or a project file (.yaml, .yml). Duplicate ids are issues here, not failures.
/// @throws Error{invalid_argument} where an option names nothing: a CRS or an encoding that nobody knows, a layer or a
///         column that is not there; else as read_plots().
[[nodiscard]] TUBAN_EXPORT CheckReport check_file(
    const std::string& file, const CheckOptions& options = {}, const Execution& execution = {}
);

/// A schedule from a table alone (`tuban schedule`).
struct UnitsResult {
    Table
        units; ///< as read, with plot_id (= unit_id), area_m2, cost_yuan, score and rank put in place
    Ranking ranking;
    Plan plan;
    std::vector<Issue> issues; ///< cells without a value, which count as 0
};

/// Schedules rows of a CSV or XLSX. Columns: unit_id, and area_m2 | area_ha | area_mu, cost_yuan | cost_wan_yuan, score,
/// any others; a column per period as score@2023, use@2023 (docs/en/unit-table.md has their Chinese names). All rows
/// take part; score ranks, ties by unit_id. A cell without a value counts as 0 and is an issue.
/// @param units       its layer is the sheet; "" for the only one
/// @param rules_file  YAML: a `schedule:` block, with or without that key
/// @throws Error as read_table(), read_schedule_rules(), schedule(); data_check_failed for duplicate ids and negative
///         areas or costs; invalid_project where the rules count areas or costs that the table does not have.
[[nodiscard]] TUBAN_EXPORT UnitsResult schedule_units(
    const FileSpec& units,
    const std::string& rules_file,
    const ScheduleOptions& options = {},
    const Execution& execution = {}
);

/// unit_id, period, share: a row per part of a unit, as CSV text.
[[nodiscard]] TUBAN_EXPORT std::string plan_csv(const UnitsResult& scheduled);

/// Writes plan_csv() to a file, whole or not at all. @throws Error{unwritable_output}
TUBAN_EXPORT void write_plan_csv(const UnitsResult& scheduled, const std::string& file);

/// check --json: format, file, layer, rows, usable, eligible, encoding, crs, total_ellipsoid_area_m2, areas, issues,
/// overlaps, repairs, ineligible, values, plots; the fields are told by check_schema_json().
[[nodiscard]] TUBAN_EXPORT std::string
check_json(const CheckReport& report, const Execution& execution = {});
/// The JSON Schema (draft-07) of check_json().
[[nodiscard]] TUBAN_EXPORT std::string check_schema_json();
/// Reference pages (Markdown): the fields of check_json(), and issue_kinds(). @param lang "zh" or "en"
[[nodiscard]] TUBAN_EXPORT std::string check_reference_markdown(std::string_view lang);
[[nodiscard]] TUBAN_EXPORT std::string issue_reference_markdown(std::string_view lang);
/// explain --json and run --json (the same object as run.json).
[[nodiscard]] TUBAN_EXPORT std::string explanation_json(const Explanation& explanation);
[[nodiscard]] TUBAN_EXPORT std::string run_json(const RunResult& run);
/// An array of row objects, null for null.
[[nodiscard]] TUBAN_EXPORT std::string table_json(const Table& table);
/// verify --json: holds, requirements, parts, totals, findings, unmet (of a relaxed plan).
[[nodiscard]] TUBAN_EXPORT std::string verification_json(const Verification& verification);
/// {"error": {code, name, message_zh, message_en, file, line, column}}.
[[nodiscard]] TUBAN_EXPORT std::string error_json(const Error& error);
/// Names and versions of the libraries a run stands on: GDAL, GEOS, PROJ, SQLite, HiGHS.
[[nodiscard]] TUBAN_EXPORT std::vector<std::pair<std::string, std::string>> libraries();
/// schedule --json: status, objective, bound, gap, stages, assignments, constraints, conflicts, issues.
[[nodiscard]] TUBAN_EXPORT std::string units_json(const UnitsResult& scheduled);

} // namespace tuban
