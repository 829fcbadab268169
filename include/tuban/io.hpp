#pragma once
#include <tuban/core.hpp>
#include <tuban/indicators.hpp>
#include <tuban/ranking.hpp>
#include <tuban/schedule.hpp>
#include <tuban/spatial.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Files in, values out (and tables back to files). The only room that knows GDAL and YAML. Inputs are opened
/// read-only and no side file is ever written beside them.
namespace tuban {

/// Parameters from a datum that is not CGCS2000 (Beijing 54, Xian 80, a local one) to it, as a surveyor hands them out.
struct DatumShift {
    enum class Kind {
        helmert, ///< three or seven parameters, geocentric
        plane,   ///< four parameters, from the file's plane to the plane of `target`
    };

    /// Which way the rotations turn: the same numbers with the other sign.
    enum class Convention {
        position_vector,  ///< EPSG:9606, 布尔莎 as most Chinese software has it
        coordinate_frame, ///< EPSG:9607
    };

    Kind kind = Kind::helmert;
    Convention convention = Convention::position_vector; ///< helmert
    double dx_m = 0.0;
    double dy_m = 0.0;
    double dz_m = 0.0;      ///< helmert
    double rx_arcsec = 0.0; ///< helmert
    double ry_arcsec = 0.0; ///< helmert
    double rz_arcsec = 0.0; ///< rotation of a plane shift, counter-clockwise, too
    double scale_ppm = 0.0;
    std::string target; ///< plane: the CRS the result is in, on CGCS2000, "EPSG:4516"
};

/// Which of a position's two numbers comes first in a file.
enum class Axes {
    xy, ///< east, then north (longitude, latitude): how files are as a rule
    yx, ///< north, then east (latitude, longitude)
};

/// Who names a data set, so that an error can say what to change there.
enum class NamedBy : std::uint8_t {
    project, ///< keys of the project file: layer:, crs:
    option,  ///< options of the command line: --layer, --crs
    with,    ///< --with key=file:layer, --dem
    call,    ///< arguments of a call: layer=, crs=
};

/// A data set as the project names it. `file` is relative to the project's folder, or absolute.
struct FileSpec {
    std::string file;
    std::string layer;                   ///< "": the only one
    std::optional<std::string> crs;      ///< overrides the file's
    std::optional<std::string> encoding; ///< "GBK", "UTF-8"
    Where where;
    std::optional<DatumShift> datum_shift = std::nullopt;
    std::optional<Axes> axes = std::nullopt; ///< none: xy, and numbers that look like yx stop
    NamedBy named_by = NamedBy::project;
};

/// Which source columns mean what; empty: the national schema's name if the source has it.
struct PlotFields {
    std::vector<std::string> id; ///< first non-empty wins; default TBBH
    std::string mine;            ///< default ZTBH, else TBBH less its last 3 digits
    std::string name;            ///< default KSWZ
    std::string town;            ///< default XIANG
    std::string
        mode; ///< default NXFFS: 1/A/自然恢复 → natural, 2/B/辅助再生 → assisted, 3/C/生态重建 → engineering, 4/D/转型利用 → reuse
    std::string responsible; ///< default ZRR
    std::string cost_yuan;   ///< at most one of the two
    std::string cost_wan_yuan;
    std::string area_m2; ///< at most one of the three; none: the survey area counts
    std::string area_ha;
    std::string area_mu;
    std::vector<std::pair<std::string, Where>>
        places{}; ///< where the project names each column, for messages; may be empty
};

/// More columns by id, from CSV, XLSX or any table GDAL opens.
struct JoinSpec {
    FileSpec source; ///< layer = sheet
    std::string
        on; ///< column name on both sides; plot_id matches the plots' ids, however they are made
    Where on_where{}; ///< of `on` in the project
};

struct PlotsSpec {
    FileSpec source;
    PlotFields fields;
    std::vector<JoinSpec> joins;
    RepairLimit repair;
    std::vector<std::string>
        accept; ///< ids of plots whose repair is taken though it is beyond the limit
};

struct LayerSpec {
    std::string key;
    std::string alias; ///< 道路; known keys have one, others use the key
    FileSpec source;
    std::string id;   ///< column of feature ids; "": osm_id / id / fid, first that has a value
    std::string name; ///< column; "": none
    std::string class_name;          ///< column (`class:` in the project); "": none
    std::optional<Condition> filter; ///< `where`, in the same sandbox as rules
    /// A layer of the same things whose place is trusted: the two are compared for the shifts of web maps (GCJ-02).
    std::optional<FileSpec> reference = std::nullopt;
    std::vector<std::pair<std::string, Where>>
        places{}; ///< where the project names each column, for messages; may be empty
};

/// County polygons to hold the plots against (`boundary:` in the project).
struct BoundarySpec {
    FileSpec source;
    std::string
        code; ///< column of the county code; "": adcode, XZQDM or code, the first that is there
    std::string name; ///< column of the county's name; "": name, XZQMC or 县, or none
    std::vector<std::pair<std::string, Where>>
        places{}; ///< where the project names each column, for messages; may be empty
};

struct ElevationSpec {
    FileSpec source;
    std::optional<double> vertical_error_m; ///< > 0
};

/// A raster of land cover (`landcover:` in the project) in place of land polygons.
struct LandCoverSpec {
    FileSpec source;
    std::vector<std::pair<double, std::string>> codes; ///< value → code of the land survey
};

struct ReportSpec {
    std::string county;
    std::string table = "t1";  ///< layout of 任务分解表: t1 | youhao
    std::string unit = "公顷"; ///< 公顷 | 亩 | 平方米
    /// How printed areas add up. largest_remainder: the total is rounded, its parts are made to add up to it;
    /// rounded_parts: every part is rounded on its own, a total is the sum of what is printed.
    std::string sum = "largest_remainder";
    std::string lang = "zh"; ///< zh | en; of what is in OUT
};

/// A decoded project file. Keys that a later version will know are errors that say so.
struct Project {
    std::string file;   ///< as given
    std::string folder; ///< that relative files start from
    std::string text;   ///< the bytes of the file
    std::string sha256; ///< of the file, its pack and its profile
    std::string name;
    PlotsSpec plots;
    std::vector<LayerSpec> layers;
    std::optional<BoundarySpec> boundary;
    std::optional<ElevationSpec> elevation;
    std::optional<ZoneProfile> profile; ///< of 三区两线, with the project's `zones` put in
    std::optional<std::vector<IndicatorRequest>> indicators; ///< none: the default ones
    Rules rules;
    std::optional<ScheduleRules> schedule;
    ReportSpec report;
    std::optional<LandCoverSpec> land_cover;
    std::vector<ReuseOption> reuse; ///< of a pack and the project; empty: no screening
};

/// @throws Error{invalid_project} with every error found, one per line, each file:line:column, what was expected and
///         the nearest known name; Error{unreadable_input} if the file cannot be read.
[[nodiscard]] TUBAN_EXPORT Project read_project(const std::string& file);
/// A `schedule:` block alone (with or without that key), for `tuban schedule`.
[[nodiscard]] TUBAN_EXPORT ScheduleRules read_schedule_rules(const std::string& file);
/// Rules alone: of a project file, of a rule pack's file, or of a built-in pack by its name ("toli-hazard-first").
/// @throws as read_project().
[[nodiscard]] TUBAN_EXPORT Rules read_rules(const std::string& file_or_pack);
/// A profile of 三区两线: of a file, or a built-in one by its name ("mnr-2012"). Every role stands for the layer of the same
/// key. @throws as read_project(); Error{unreadable_input} if there is neither
[[nodiscard]] TUBAN_EXPORT ZoneProfile read_profile(const std::string& file_or_name);
/// The JSON Schema (draft-07) of a profile's file; and its keys with the built-in profiles, as a page. @param lang "zh" or "en"
[[nodiscard]] TUBAN_EXPORT std::string profile_schema_json();
[[nodiscard]] TUBAN_EXPORT std::string profile_reference_markdown(std::string_view lang);
/// The JSON Schema (draft-07) of a project file, from the decoder's own tables.
[[nodiscard]] TUBAN_EXPORT std::string project_schema_json();
/// Reference page of project keys (Markdown), from the same tables. @param lang "zh" or "en"
[[nodiscard]] TUBAN_EXPORT std::string project_reference_markdown(std::string_view lang);

/// A file that was read (table `inputs`).
struct InputFile {
    std::string role; ///< plots, join, elevation, or a layer's key
    std::string file; ///< as the project says it
    std::string layer;
    std::int64_t rows = 0;
    std::string crs; ///< "EPSG:4516 CGCS2000 / 3-degree Gauss-Kruger zone 28", "" for tables
    std::string crs_because; ///< "file" or "project"
    std::string encoding;    ///< "UTF-8", "GBK", "" where it does not apply
    std::string encoding_because;
    std::string sha256; ///< over the data set's files, sorted by name
};

/// A value that reading put in another form, or made nothing of, and every row that has it.
struct OddValue {
    std::string code; ///< of the Issue about its column: values_normalised, unknown_code …
    std::string column;
    std::string value;                  ///< as it stands in the file
    std::optional<std::string> becomes; ///< what it is taken as; none: empty
    std::vector<std::int64_t> rows;     ///< from 1, ascending
};

struct PlotsRead {
    Plots plots;
    std::vector<InputFile> inputs; ///< plots first, then joins
    std::vector<OddValue>
        values; ///< all of those that Issues about a column name a few of, by column as the file has them
    std::vector<std::string>
        crs_proposals; ///< of `check`, where the CRS is missing or contradicted: likeliest first
};

/// Reads plots from any vector file or database GDAL opens, or rows without geometry from CSV or XLSX.
///
/// CRS from the file (or the project), judged by the datum rule; invalid polygons repaired or held out by the one rule
/// (spatial.hpp), each with an Issue; Z and M dropped, curves linearised, with a note. Rows keep file order.
/// No id → row-000017 with an Issue.
/// @throws Error{unreadable_input} for a missing or broken file, wrong layer (lists the layers there are), unknown or
///         refused CRS; Error{invalid_project} for a column that is not there or text where a number belongs;
///         Error{data_check_failed} for duplicate ids and for no rows at all.
[[nodiscard]] TUBAN_EXPORT PlotsRead
read_plots(const PlotsSpec& spec, const std::string& folder, const Execution& execution = {});

struct LayerOpened {
    std::unique_ptr<LayerSource> source;
    InputFile input;
    bool is_indexed = false; ///< the file has a spatial index: LayerSource::window() is quick
};

/// Opens a context layer; its `where` filter and densification are applied on the way in. @throws as read_plots().
[[nodiscard]] TUBAN_EXPORT LayerOpened
open_layer(const LayerSpec& spec, const std::string& folder);

struct RasterOpened {
    std::unique_ptr<RasterSource> source;
    InputFile input;
};

/// Opens band 1 of a raster. @throws as read_plots().
[[nodiscard]] TUBAN_EXPORT RasterOpened
open_elevation(const ElevationSpec& spec, const std::string& folder);

/// A table without geometry (CSV, XLSX, DBF …), text and number columns as found. @throws as read_plots().
[[nodiscard]] TUBAN_EXPORT Table read_table(const FileSpec& source, const std::string& folder);

/// Writes a table to .csv, .gpkg, .geojson (with geometry) or .json by the file's ending, whole or not at all. A .csv
/// with Chinese in it starts with a byte order mark, for Excel.
/// @param geometry  null: none
/// @throws Error{unwritable_output}; Error{invalid_argument} for an ending that is not built (.parquet, .arrow …).
TUBAN_EXPORT void
write_table(const Table& table, const Geometry* geometry, const std::string& file);
/// Before long work: that a file can be written where it is wanted. Leaves nothing behind and an old file as it is.
/// @throws Error{unwritable_output}
TUBAN_EXPORT void require_writable(const std::string& file);
/// The same as CSV text (UTF-8, RFC 4180, \n; numbers in shortest round-trip form).
[[nodiscard]] TUBAN_EXPORT std::string table_csv(const Table& table);

} // namespace tuban
