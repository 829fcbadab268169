#pragma once
#include <tuban/error.hpp>
#include <tuban/export.hpp>
#include <tuban/table.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The plain values that flow through tuban.
namespace tuban {

/// A position on the CGCS2000 ellipsoid. Fields are named, so lon and lat cannot be swapped in silence.
struct LonLat {
    double lon_deg = 0.0; ///< [-180, 180], east positive
    double lat_deg = 0.0; ///< [-90, 90], north positive
    friend bool operator==(const LonLat&, const LonLat&) = default;
};

/// Box in degrees, ends included; west > east means that it crosses the antimeridian.
struct LonLatBox {
    double west_deg = -180.0;
    double south_deg = -90.0;
    double east_deg = 180.0;
    double north_deg = 90.0;
    friend bool operator==(const LonLatBox&, const LonLatBox&) = default;
};

enum class GeometryKind : std::uint8_t { none, point, line, polygon };

/// Geometry of n features, columnar: feature → parts → rings → vertices.
///
/// A point part is one ring of one vertex, a line part one open ring of >= 1 vertices, a polygon part its shell
/// followed by its holes. Rings of polygons do not repeat the first vertex, have >= 3 vertices, shells run
/// counter-clockwise and holes clockwise. Features without geometry have kind `none` and no parts.
struct Geometry {
    std::vector<double> lon_deg;
    std::vector<double> lat_deg;
    std::vector<std::size_t> ring_offsets{0};    ///< rings + 1, into vertices
    std::vector<std::size_t> part_offsets{0};    ///< parts + 1, into rings
    std::vector<std::size_t> feature_offsets{0}; ///< features + 1, into parts
    std::vector<GeometryKind> kinds;             ///< one per feature

    [[nodiscard]] std::size_t size() const noexcept { return kinds.size(); }

    friend bool operator==(const Geometry&, const Geometry&) = default;
};

enum class Severity { note, warning, error };
[[nodiscard]] TUBAN_EXPORT const char* name_of(Severity severity) noexcept;

/// Something worth knowing about an input: data, not a failure.
struct Issue {
    Severity severity = Severity::note;
    std::string code; ///< stable, snake_case: "repaired", "held_out", "missing_value"
    std::string file; ///< as the project says it
    std::string layer;
    std::optional<std::int64_t> row; ///< from 1, in file order
    std::string plot_id;
    std::string field;
    Text message;
    std::optional<LonLat> at;
    std::optional<double> area_before_m2;
    std::optional<double> area_after_m2;
    friend bool operator==(const Issue&, const Issue&) = default;
};

/// What a code of Issue stands for, in people's words.
struct IssueKind {
    std::string_view code;
    Text name;   ///< a few words: 重复的编号, repeated id
    Text advice; ///< what it means for the result and what to do; a sentence or two
};

/// Every code that an Issue of tuban can have, in byte order.
[[nodiscard]] TUBAN_EXPORT const std::vector<IssueKind>& issue_kinds();

enum class PlotState : std::uint8_t { ok, repaired, held_out, no_geometry };
[[nodiscard]] TUBAN_EXPORT const char* name_of(PlotState state) noexcept;

enum class RepairState : std::uint8_t {
    applied,  ///< within the limit: the run uses the geometry after repair
    refused,  ///< beyond the limit: the plot is held out until the user decides
    accepted, ///< beyond the limit, and the user took it by id: used
};

/// "applied", "refused" …: the word that files and programs read.
[[nodiscard]] TUBAN_EXPORT const char* name_of(RepairState state) noexcept;

/// A line of the repair ledger: what was wrong with a plot's geometry, what was done, and what it changed.
struct RepairEntry {
    std::int64_t row = 0; ///< of the plot, from 1, in file order
    std::string plot_id;
    std::string rule; ///< codes of the Issues it mends, comma list: "self_intersection,spike"
    RepairState state = RepairState::applied;
    std::size_t vertices_before = 0; ///< closing vertices not counted
    std::size_t vertices_after = 0;
    double area_before_m2 = 0.0; ///< plane, as Repair
    double area_after_m2 = 0.0;
};

/// All repairs of a layer of plots, in file order, with both versions of each geometry.
struct RepairLedger {
    std::vector<RepairEntry> entries;
    Geometry
        before; ///< (entries) vertices as read, in longitude and latitude: not valid, and not in Geometry's order
    Geometry after; ///< (entries) what the rule makes of them; kind none where nothing is left
};

/// The plots of a run, rows in file order.
///
/// Coordinates are CGCS2000 longitude and latitude of the source's vertices, never densified; edges are straight in
/// `edge_crs`. A held-out plot keeps its row but has geometry kind `none`.
struct Plots {
    std::vector<std::string> ids;  ///< (n) unique, not empty
    Geometry geometry;             ///< (n)
    std::vector<PlotState> states; ///< (n)
    std::string edge_crs =
        "EPSG:4490"; ///< "EPSG:n" or WKT of the CRS in which edges are straight
    /// (n) rows. Standard columns first where the source gave them: plot_id, mine_id, name, town, mode, responsible
    /// (text), cost_yuan (integer), given_area_m2 (real: the column the project names as area); then the source's own.
    Table attributes;
    std::vector<Issue> issues;
    RepairLedger repairs;

    [[nodiscard]] std::size_t size() const noexcept { return ids.size(); }
};

/// A context layer, or a piece of one. Edges are at most so long that straight in the source's CRS, straight in
/// lon/lat and geodesic agree to 0.1 mm (io cuts them; geodesy.hpp, densify).
struct Layer {
    std::string key;                  ///< [a-z][a-z0-9_]*: names the columns
    std::vector<std::string> ids;     ///< (n) the source's feature id as text
    std::vector<std::string> names;   ///< (n) "" where there is none
    std::vector<std::string> classes; ///< (n) "" where there is none
    Geometry geometry;                ///< (n)
    std::vector<Issue> issues;

    [[nodiscard]] std::size_t size() const noexcept { return ids.size(); }
};

/// A context layer seen as a source, so that access by file index, by stream or from memory can be chosen freely.
/// Implementations are not required to be thread-safe.
class TUBAN_EXPORT LayerSource {
public:
    LayerSource() = default;
    LayerSource(const LayerSource&) = delete;
    LayerSource& operator=(const LayerSource&) = delete;
    LayerSource(LayerSource&&) = delete;
    LayerSource& operator=(LayerSource&&) = delete;
    virtual ~LayerSource();

    [[nodiscard]] virtual const std::string& key() const = 0;
    /// Every feature, in file order.
    [[nodiscard]] virtual Layer all() = 0;
    /// At least the features that touch the box, in file order.
    [[nodiscard]] virtual Layer window(const LonLatBox& box) = 0;
    /// Every feature in pieces of at most `batch` features, in file order; ends early if `take` returns false.
    virtual void stream(std::size_t batch, const std::function<bool(const Layer&)>& take) = 0;
};

/// A LayerSource over a layer in memory.
[[nodiscard]] TUBAN_EXPORT std::unique_ptr<LayerSource> memory_source(Layer layer);

/// How a long call runs. The result never depends on it.
struct Execution {
    int threads = 0; ///< >= 0; 0: as many as the machine has
    /// Called from one thread at a time, at most about ten times a second and at the end of each stage, with
    /// complete in [0, 1] of the whole call and what is going on. Returning false stops the call with
    /// Error{interrupted}. May be empty.
    std::function<bool(double complete, const Text& stage)> progress;
};

/// An exact decimal number as a user wrote it: digits · 10^-scale.
struct Decimal {
    std::int64_t digits = 0;
    int scale = 0; ///< [0, 18]

    /// Plain decimal notation with optional sign: "195.45", "-3", "1700". None for anything else, exponents included.
    [[nodiscard]] TUBAN_EXPORT static std::optional<Decimal> parse(std::string_view text);
    /// Value · 10^power as an integer, or none if that is not whole or overflows: 195.45 ha → scaled(6) in 0.01 m².
    [[nodiscard]] TUBAN_EXPORT std::optional<std::int64_t> scaled(int power) const;
    [[nodiscard]] TUBAN_EXPORT double value() const;
    [[nodiscard]] TUBAN_EXPORT std::string text() const;
    friend bool operator==(const Decimal&, const Decimal&) = default;
};

/// Half-up (四舍五入) count of 0.01 m² in an area: 12.345 → 1235; half away from zero below 0: -12.345 → -1235.
///
/// A double is seldom a tie exactly: 0.285 is stored as 0.28499999999999998. What lies within 2⁻⁵⁰ (9e-16) of its
/// size below a tie counts as the tie, as a person reads the decimal; at 100 km² that is 1e-7 m².
/// @throws Error{invalid_argument} unless finite and |area_m2| < 9e16 m².
[[nodiscard]] TUBAN_EXPORT std::int64_t area_dm2(double area_m2);
/// Half-up count of yuan, by the same rule. @throws Error{invalid_argument} unless finite and |yuan| < 9e18.
[[nodiscard]] TUBAN_EXPORT std::int64_t whole_yuan(double yuan);

/// Splits `total` by `weights` into integers that add up to it (largest remainder; ties to the smaller index).
/// @param weights (n) >= 0, not all 0 unless total is 0.
[[nodiscard]] TUBAN_EXPORT std::vector<std::int64_t>
largest_remainder(std::int64_t total, const std::vector<std::int64_t>& weights);

} // namespace tuban
