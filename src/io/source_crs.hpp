#pragma once
#include <tuban/geodesy.hpp>
#include <tuban/io.hpp>

#include "geodesy/datum_shift.hpp"
#include "geodesy/placement.hpp"
#include "io/handles.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

/// Which coordinate system a data set is in, who says so, and whether its numbers agree.
namespace tuban {

struct Source;
struct Rows;

/// A CRS, who says so, and what is done to the numbers of the file before they are in it.
struct JudgedCrs {
    Crs crs;               ///< where edges are straight
    std::string because;   ///< "file" or "project", and the parameters of a datum shift
    bool swapped = false;  ///< the file has north first
    bool past_180 = false; ///< its longitudes run to 360
    std::shared_ptr<const DatumMapping> shift{}; ///< from another datum; null for none
    std::vector<Issue> issues{};                 ///< what the user should know of it

    /// Numbers of the file, x and y as it has them, to `crs`, east first.
    void to_plane(std::span<double> x, std::span<double> y) const;
    /// Back.
    void from_plane(std::span<double> x, std::span<double> y) const;
    /// Every geometry in `crs`. Longitudes of one feature come to be less than 180° from its first: what crosses the
    /// antimeridian is in one piece.
    void place(std::vector<std::string>& wkb) const;
};

/// Why a data set cannot be placed, in words that end with what to write, and what it may be in.
struct CrsProblem {
    std::string code; ///< of the Issue: crs_missing, crs_contradicted
    Text message;
    std::vector<std::string> proposals; ///< as written after --crs, likeliest first
};

using CrsFinding = std::variant<JudgedCrs, CrsProblem>;

/// Middles of all geometries that have one.
[[nodiscard]] Places places_of(const std::vector<std::string>& wkb);
/// Of the first features of a layer, enough to judge it by.
[[nodiscard]] Places places_of(const Source& source);
/// Adds what the columns of plots say of where they are: KFX and KFY, and the province in XIAN or TBBH.
void add_hints(Places& places, const Rows& rows, const Source& source);

/// @throws Error{unreadable_input} if the CRS is unknown or its datum is refused.
[[nodiscard]] CrsFinding find_crs(const Source& source, const Places& places);
/// @throws Error{unreadable_input} as find_crs(), and for a CrsProblem.
[[nodiscard]] JudgedCrs crs_of(const Source& source, const Places& places);
/// What a file or the user says, unjudged.
[[nodiscard]] JudgedCrs judged_crs(OGRSpatialReferenceH reference, const FileSpec& spec);
/// As crs_of(), of a raster. @param places  in its numbers
[[nodiscard]] JudgedCrs
crs_of_raster(OGRSpatialReferenceH reference, const FileSpec& spec, const Places& places);

/// A warning where positions lie as GCJ-02 or BD-09 would show them, by the columns KFX and KFY: of the plots (columns
/// right, plots shifted) or of the columns (the reverse).
[[nodiscard]] std::vector<Issue> web_map_issues(const Places& places, const JudgedCrs& judged);

/// The same by a layer of the same things whose place is trusted.
[[nodiscard]] std::optional<Issue> web_map_issue(
    const std::vector<LonLat>& shown, const Geometry& reference, const std::string& file
);

} // namespace tuban
