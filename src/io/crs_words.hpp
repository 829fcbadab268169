#pragma once
#include "geodesy/web_map_shift.hpp"
#include "io/source_crs.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

/// What is said of a data set's coordinate system: why it cannot be placed, and what the user should know where it can.
/// Whether any of it holds is judged in source_crs.hpp.
namespace tuban {

/// "EPSG:4516 CGCS2000 / 3-degree Gauss-Kruger zone 28"
[[nodiscard]] std::string words_of(const Crs& crs);
/// "dx 12 m, dy -3 m, dz 1 m"
[[nodiscard]] std::string words_of(const DatumShift& shift);

/// Nothing says where the coordinates are: what they look like, and what to write.
/// @param why  what is missing or unreadable, without full stop
[[nodiscard]] CrsProblem unknown_place(const char* code, const Text& why, const Places& places);
/// Several zones in one file have no CRS in common. @param zones  rows by zone, as mixed_zones()
[[nodiscard]] CrsProblem zones_mixed(const std::map<int, std::vector<std::size_t>>& zones);
/// A zone's name on another zone's meridian: one of the two is a slip, and nothing says which.
/// @param promised_deg  the central meridian by its name; `meridian_deg` is that of its parameters
[[nodiscard]] CrsProblem meridian_contradicted(
    const Crs& crs, double promised_deg, double meridian_deg, std::vector<std::string> proposals
);
/// The numbers cannot be in the CRS. @param has_shift  the project gives parameters, which may be wrong as well
[[nodiscard]] CrsProblem
contradicted(const JudgedCrs& judged, const PlaceJudgement& judgement, bool has_shift);

/// The user had the axes swapped, and the data were right. @param swapped, as_they_are  where the first geometry lies
[[nodiscard]] CrsProblem swap_needless(LonLat swapped, LonLat as_they_are, const Crs& crs);

/// The axes were swapped as the user said. @param at  where the first geometry lies now
[[nodiscard]] Issue axes_swapped(LonLat at);
/// @param from  what was said of the CRS before; "" for nothing
[[nodiscard]] Issue
shift_applied(const DatumShift& shift, const std::string& from, const Crs& to);
/// The user's CRS against a file that names another datum.
[[nodiscard]] Issue datum_replaced(const Crs& of_file, const Crs& used);
/// `away` of `rows` lie outside of the province that the ids name.
[[nodiscard]] Issue
away_from_codes(std::size_t rows, std::size_t away, const LonLat& example, const Crs& crs);
/// @param words  as words_of_local()
[[nodiscard]] Issue coordinates_local(Text words);
/// @param words  what is unusual about the .prj
[[nodiscard]] Issue prj_unusual(Text words);
[[nodiscard]] Issue crs_doubtful(const Text& because, const Crs& crs);
/// @param row  from 0: out of range where most are not
[[nodiscard]] Issue row_elsewhere(std::size_t row);

/// Positions as GCJ-02 or BD-09 show them, by a trusted layer. @param reference  its file
[[nodiscard]] Issue
shifted_from_reference(const WebMapFinding& found, const std::string& reference);

enum class Shifted { plots, columns };

/// The same by the plots' columns of centre points. @param which  of the two is where a web map would show it
[[nodiscard]] Issue shifted_from_columns(const WebMapFinding& found, Shifted which);

} // namespace tuban
