#pragma once
#include <tuban/core.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What lies near what: distances on the ellipsoid, shares, clusters, and the one rule of repair.
namespace tuban {

/// The nearest feature of a layer to one plot.
struct Nearest {
    double distance_m = 0.0; ///< 0 if they touch (to 0.1 mm), cross or one contains the other
    std::size_t target =
        0; ///< row of the layer; the smallest of those within 0.3 mm of the minimum
    double error_m = 0.0; ///< bound on |distance_m - true|, at most 0.4 mm
    LonLat plot_foot;     ///< where on the plot
    LonLat target_foot;   ///< where on the feature
};

struct NearestOptions {
    double max_range_m = 500'000.0; ///< (0, 2e6]; farther features do not count
};

/// Shortest distance on the ellipsoid from each plot to a layer of points, lines and polygons.
///
/// A plot is the closed area inside its shells and outside its holes; so is a polygon of the layer. A line inside a
/// plot's hole is not in the plot. Segments without length are points; parts may lie anywhere, poles and ±180° included.
/// @param plots     (n) polygons (points and lines are measured too); `plots_edge_crs` is where their edges are straight
/// @param layer     (m) any kinds, edges densified (core.hpp, Layer)
/// @return (n); none for plots without geometry and where nothing lies in range. The same bits for any number of
///         threads, any order of the plots and any company they are in.
/// Accuracy: within error_m of the least Karney inverse over the two edges; 10 000 pairs in tests/unit/spatial. Edges of
/// both are cut until their readings agree to 0.1 mm; what the plane of a plot adds is bounded by its size and the distance,
/// and where that is more than 0.1 mm the distance is Karney's inverse between the feet.
/// Source: branch and bound over boxes after Roussopoulos, Kelley and Vincent, "Nearest neighbor queries" (SIGMOD 1995),
/// doi:10.1145/223784.223794, in a packed tree along Hilbert's curve after Kamel and Faloutsos, "On packing R-trees" (CIKM
/// 1993), doi:10.1145/170088.170403; Karney, J. Geodesy 87 (2013), doi:10.1007/s00190-012-0578-z.
[[nodiscard]] TUBAN_EXPORT std::vector<std::optional<Nearest>> nearest(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    const Layer& layer,
    const NearestOptions& options = {},
    const Execution& execution = {}
);

/// How the features of a layer are come by. The answers are the same; time and memory are not.
enum class AccessPath {
    window, ///< those in a box round all plots, by the file's own index
    stream, ///< all in turn, of which those stay that may be an answer
    memory, ///< all at once
};

/// What is known of a layer before it is read.
struct LayerSize {
    std::size_t features = 0;
    bool is_indexed = false; ///< finds what lies in a box without reading the rest
};

/// window for at most 500 plots and an indexed layer; stream where features are more than 50 to a plot; else memory.
[[nodiscard]] TUBAN_EXPORT AccessPath access_path(std::size_t plots, const LayerSize& layer);

/// Those features of a source among which nearest() finds the same as among all, and more, in file order: distances, feet,
/// ids and names have the same bits, only the row of the target is another.
///
/// Memory: window: the features in a box that reaches as far beyond the plots as the farthest answer (about one doubling
/// from 2 km more on the way); stream: 65 536 features at a time and what was nearest so far, about as many features as
/// plots; memory: all. Plots that reach over ±180° or within 5° of a pole are served by stream where window was asked for.
/// @throws what the source throws; Error{invalid_argument} for a range out of bounds
[[nodiscard]] TUBAN_EXPORT Layer nearest_candidates(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    LayerSource& layer,
    AccessPath path,
    const NearestOptions& options = {},
    const Execution& execution = {}
);

/// Features near plots, row by row: those of plot i are [offsets[i], offsets[i + 1]) of the other columns, by distance, then
/// by row of the layer. Each feature stands once, at its least distance.
struct Nearby {
    std::vector<std::size_t> offsets{0}; ///< (n + 1)
    std::vector<std::size_t> targets;    ///< (m) rows of the layer
    std::vector<double> distances_m;     ///< (m) as Nearest::distance_m
    std::vector<double> errors_m;        ///< (m) as Nearest::error_m
    std::vector<LonLat> plot_feet;       ///< (m)
    std::vector<LonLat> target_feet;     ///< (m)
    std::vector<std::uint8_t>
        borderline; ///< (m) 1 where the errors leave open whether it belongs here
};

struct KNearestOptions {
    std::size_t count = 1;          ///< >= 1, per plot
    double max_range_m = 500'000.0; ///< (0, 2e6]; farther features do not count
};

/// The `count` nearest features to each plot, distances as nearest() measures them.
///
/// Features at the same distance are taken by row, so that all that touch a plot come before the others by row.
/// @return fewer features for a plot where fewer lie in range, none without geometry. Borderline: a feature that was left
///         out, or the range, is as near as the errors of both allow.
[[nodiscard]] TUBAN_EXPORT Nearby k_nearest(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    const Layer& layer,
    const KNearestOptions& options,
    const Execution& execution = {}
);

/// All features at most `within_m` from each plot, distances as nearest() measures them.
///
/// @param within_m  [0, 300000], closed; 0 asks for what touches (to 0.1 mm)
/// @return borderline: the distance is within its error of `within_m`
[[nodiscard]] TUBAN_EXPORT Nearby all_within(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    const Layer& layer,
    double within_m,
    const Execution& execution = {}
);

/// Share of each plot's area that lies within a distance of any feature of the layer.
///
/// What lies within is bounded by segments and arcs, not by polygons in place of circles: Green's theorem over the pieces
/// of its outline, which are found exactly in the plane about the plot. Where pieces do not close to 0.1 mm the plot is cut
/// into quarters and bracketed.
/// @param within_m  [0, 100000]; 0 counts what polygons of the layer cover
/// @return (n) 0 to 1; none for plots without geometry and below 1 m²
/// Accuracy: |Δs| ≤ ℓ·(1e-6 m + 1.1·d(d+r)²/(6R²) + 1e-4 m)/A, ℓ the length of the outline inside the plot, r half the size
/// of the part, A its area; 1e-6 for plots of 3 ha at distances up to 1 km.
[[nodiscard]] TUBAN_EXPORT std::vector<std::optional<double>> share_within(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    const Layer& layer,
    double within_m,
    const Execution& execution = {}
);

struct ClusterOptions {
    double within_m = 0.0; ///< [0, 300000], closed; 0 joins plots that touch (to 0.1 mm)
    std::vector<std::uint8_t>
        take; ///< (n) plots with 0 are left out and link nothing; empty: all
    /// Lines and outlines of polygons that no link may cross (rivers, railways); not owned, null: none.
    const Layer* barriers = nullptr;
    double most_area_m2 = 0.0;    ///< > 0: no cluster may hold more; 0: no limit
    std::vector<double> areas_m2; ///< (n) what counts towards the limit; empty without a limit
};

/// Two plots whose distance is within its error of ClusterOptions::within_m: the other reading might join or part them.
struct BorderlineLink {
    std::size_t first = 0; ///< rows, first < second
    std::size_t second = 0;
    double distance_m = 0.0;
};

struct Clusters {
    std::vector<std::optional<std::string>>
        ids; ///< (n); none for plots left out or without geometry
    std::vector<BorderlineLink> borderline; ///< by rows
};

/// Single-linkage clusters: plots at most `within_m` apart belong together, and chains count.
///
/// A link runs straight from foot to foot, as nearest() finds them; one that crosses or touches a barrier does not count,
/// however short. Under an area limit links are taken by length, then rows, and one that would make a cluster too large is
/// passed over; a plot above the limit stays alone.
/// @param ids  (n) plot ids: a cluster is named after the smallest (byte order) in it
/// @throws Error{invalid_argument} for sizes that differ and options out of range
/// Accuracy: distances as nearest() measures them. The same bits for any number of threads; without an area limit for any
/// order of plots too.
/// Source: union-find along Kruskal's order (Proc. AMS 7, 1956), doi:10.1090/S0002-9939-1956-0078686-7.
[[nodiscard]] TUBAN_EXPORT Clusters clusters(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    const std::vector<std::string>& ids,
    const ClusterOptions& options,
    const Execution& execution = {}
);

/// Plots that lie close together and add up to enough ground.
struct Package {
    std::vector<std::size_t> plots; ///< rows, ascending
    double area_m2 = 0.0;           ///< Σ areas of its plots
    double gap_m = 0.0;             ///< the longest link that holds them together
};

struct PackageOptions {
    /// > 0; 10 km² is what 财办资环〔2023〕1号 asks of a national demonstration project
    double least_area_m2 = 10e6;
    double most_gap_m = 1000.0;      ///< [0, 300000]: no link is longer
    std::vector<std::uint8_t> take;  ///< (n) as ClusterOptions
    const Layer* barriers = nullptr; ///< as ClusterOptions
};

/// Contiguous packages of at least so much ground, each held together by links as short as can be.
///
/// Links are taken by length, then rows. A package comes to be where two groups that were each too small reach the least
/// area together, or one plot alone does; later it takes in the small groups that a link joins to it. Two packages stay
/// apart, so that no plot is in two.
/// @param areas_m2  (n) what counts
/// @return by area, largest first, then by rows; empty where no group within `most_gap_m` reaches the area
/// @throws Error{invalid_argument} for sizes that differ and options out of range
[[nodiscard]] TUBAN_EXPORT std::vector<Package> contiguous_packages(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    const std::vector<double>& areas_m2,
    const PackageOptions& options,
    const Execution& execution = {}
);

/// What polygons of a layer cover of the ring round each plot, by class.
struct RingAreas {
    std::vector<double> ring_m2; ///< (n) of the ring; 0 for plots without geometry
    std::vector<std::size_t> offsets{
        0}; ///< (n + 1): entries of plot i are [offsets[i], offsets[i + 1])
    std::vector<std::string> classes; ///< (m) of Layer::classes, in byte order within a plot
    std::vector<double> areas_m2;     ///< (m) > 0; ground covered twice counts twice
};

/// The ring is all ground at most `ring_m` from the plot, less the plot itself.
///
/// @param layer   polygons count, other kinds cover nothing
/// @param ring_m  (0, 10000]
/// Accuracy: in the plane about the plot (LocalFrame); round corners are 64 chords to a quarter, 1.0e-4 of ring_m inside the
/// circle at most.
[[nodiscard]] TUBAN_EXPORT RingAreas ring_areas(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    const Layer& layer,
    double ring_m,
    const Execution& execution = {}
);

/// The shape of a plot's largest part, its holes filled.
struct Outline {
    double compactness =
        0.0; ///< 4πA/P², 1 for a circle, π/4 for a square (Polsby and Popper, 1991)
    double width_m =
        0.0; ///< least distance between two parallels that hold the part between them
    double length_m = 0.0; ///< how far it reaches along these parallels, >= width_m
    double inscribed_m =
        0.0; ///< diameter of the largest circle inside: the width of a strip, bent or not
    double strip_ratio =
        0.0; ///< A / inscribed_m²: about a strip's length over its width; π/4 for a circle
};

/// Compactness, width and length of each plot, in the plane about the part (LocalFrame).
///
/// @param plots  (n) valid polygons
/// @return (n); none for other features and those without geometry
/// Accuracy: of the plane, 1e-6 of each length for parts up to 20 km; inscribed_m is at most 2 % of width_m too small.
/// Sources: rotating calipers (Toussaint, 1983) and the pole of inaccessibility (Garcia-Castellanos and Lombardo, 2007), as
/// GEOS has them.
[[nodiscard]] TUBAN_EXPORT std::vector<std::optional<Outline>>
outlines(const Geometry& plots, const Execution& execution = {});

/// Ground that two plots share: what would be counted twice.
struct Overlap {
    std::size_t first = 0; ///< rows, first < second
    std::size_t second = 0;
    double area_m2 = 0.0; ///< on the ellipsoid, by the survey series (AreaMethod::survey)
    LonLat at;            ///< a point in it
    bool same = false;    ///< the two are the same area: nothing is left of either
};

/// Pairs of plots that overlap by more than `least_m2`, ordered by rows.
///
/// The overlay is made where edges are straight: in the plane of `plots_edge_crs`, or of longitude and latitude for
/// plots that cross ±180° in a projected CRS. Neighbours that share a border, corners on edges included, do not overlap.
/// @param plots           (n) valid polygons; others and features without geometry overlap nothing
/// @param plots_edge_crs  where their edges are straight
/// @param least_m2        >= 0; borders digitised twice overlap by slivers
/// Accuracy: 1e-3 m² plus 1e-9 of the piece's area.
[[nodiscard]] TUBAN_EXPORT std::vector<Overlap> overlaps(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    double least_m2 = 0.01,
    const Execution& execution = {}
);

/// One polygon in the plane of its source, as read: parts of rings, not yet trusted.
struct RawRing {
    std::vector<double> x; ///< source CRS; a repeated last vertex is allowed
    std::vector<double> y;
};

struct RawPolygon {
    std::vector<RawRing> rings; ///< any order and orientation
    std::vector<std::size_t> part_offsets{
        0}; ///< parts + 1, into rings; the largest ring of a part is its shell
};

/// A repair that changes the area by more than both is refused until the user decides.
struct RepairLimit {
    double area_m2 = 10.0;  ///< >= 0
    double share_pct = 0.1; ///< >= 0, of the area before
};

enum class RepairOutcome {
    valid,    ///< nothing to do but ring order and orientation
    repaired, ///< made valid; area changed within the limit
    held_out, ///< making it valid changes the area beyond the limit, or leaves nothing, or a vertex is not finite
};

/// Something odd about the rings of a polygon, and where.
struct RingFault {
    struct Place {
        std::size_t ring = 0;   ///< from 1, over all rings of the polygon as read
        std::size_t vertex = 0; ///< from 1; of an edge: the one it starts at
        double x = 0.0;         ///< source CRS
        double y = 0.0;
    };

    std::string code;                      ///< of issue_kinds()
    Severity severity = Severity::warning; ///< note: what is enclosed does not depend on it
    bool mended = false;                   ///< only a repair makes it a polygon
    std::size_t count = 0;                 ///< how often it occurs
    std::vector<Place> places;             ///< the first three
};

struct Repair {
    RepairOutcome outcome = RepairOutcome::valid;
    RawPolygon
        polygon; ///< valid, shells counter-clockwise first, holes clockwise, no repeated vertices
    double area_before_m2 = 0.0; ///< Σ|ring| of shells − holes as read, in the source plane
    double area_after_m2 = 0.0;
    std::vector<RingFault>
        faults; ///< what is odd about it, in the order of issue_kinds(); those not mended stay as they are
};

/// The one rule of repair: each ring by even–odd, holes taken from their shell, parts united, in the source plane.
/// What changes the area by more than both limits is held out until the user decides; `polygon` then still shows what
/// the rule would make of it.
///
/// A polygon whose edges meet in more than 20 000 places, or that is too tangled to look at all pairs of edges that may
/// meet (4·10⁸), is held out with nothing left. Time is otherwise n log n for what occurs in nature.
/// @param unit_m2  square metres per square unit of the plane (1 for metres; m² per square degree for degrees)
[[nodiscard]] TUBAN_EXPORT Repair
repair(const RawPolygon& polygon, double unit_m2, const RepairLimit& limit = {});

/// Plots from well-known binary (ISO or EWKB, either byte order; Z and M dropped with a note; curves refused), one per
/// row: parsed, repaired by the one rule with an Issue each, transformed vertex by vertex. io reads through this too.
///
/// @param wkb  (n) "" for a row without geometry (state no_geometry, Issue)
/// @param ids  (n) unique, not empty
/// @param crs  where edges are straight; coordinates are in it, east (longitude) first
/// @throws Error{unreadable_input} for bytes that are no WKB and for a CRS that is unknown or refused;
///         Error{data_check_failed} for duplicate ids.
[[nodiscard]] TUBAN_EXPORT Plots plots_from_wkb(
    const std::vector<std::string>& wkb,
    const std::vector<std::string>& ids,
    std::string_view crs
);

/// A context layer from well-known binary: polygons repaired whatever the change (with Issues), edges densified.
/// `key` and `classes` stay empty, names are "".
[[nodiscard]] TUBAN_EXPORT Layer layer_from_wkb(
    const std::vector<std::string>& wkb,
    const std::vector<std::string>& ids,
    std::string_view crs
);

/// ISO WKB (MultiPoint, MultiLineString, MultiPolygon), little-endian, longitude and latitude; "" for kind none.
/// @return (n)
[[nodiscard]] TUBAN_EXPORT std::vector<std::string> to_wkb(const Geometry& geometry);

} // namespace tuban
