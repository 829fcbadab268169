#pragma once
// The numbers of a data set against the CRS that is claimed for them.
#include <tuban/geodesy.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tuban {

/// One place per feature, in the numbers of the file: the middle of its box. Features without one are left out.
struct Places {
    std::vector<double> x;
    std::vector<double> y;
    std::vector<std::size_t> rows; ///< (n) of the file, from 0
    std::vector<LonLat> said; ///< (n) where columns say it is, NaN where they do not; or empty
    std::optional<LonLatBox> expected; ///< the province that most ids name

    [[nodiscard]] std::size_t size() const noexcept { return x.size(); }
};

/// A way to read the numbers.
struct Reading {
    std::string crs;      ///< for `crs:`
    bool swapped = false; ///< `axes: yx`

    /// As written after --crs: "EPSG:4490 --axes yx".
    [[nodiscard]] TUBAN_EXPORT std::string words() const;
    friend bool operator==(const Reading&, const Reading&) = default;
};

/// Every common reading of numbers in China that fits at least nine in ten places, likeliest first: degrees; zones by
/// their prefix; zones without prefix, by the columns, the province or all 21; Web Mercator; each with axes swapped, and
/// planes in kilometres and millimetres. Columns that give positions, then the province, decide between them.
[[nodiscard]] TUBAN_EXPORT std::vector<Reading> plausible_readings(const Places& places);

/// Rows by zone prefix, where the places are of several zones, each within its own: {28: 1200 rows, 29: 15}; else empty.
[[nodiscard]] TUBAN_EXPORT std::map<int, std::vector<std::size_t>>
mixed_zones(const Places& places);

enum class Placement {
    good,
    doubtful, ///< out of where the CRS is used, but no other reading is known
    contradicted, ///< another reading fits, or the CRS is one of China and the numbers cannot be there
};

struct PlaceJudgement {
    Placement placement = Placement::good;
    Text because;                     ///< what was seen; empty if good
    std::vector<Reading> readings;    ///< what may be true instead, likeliest first
    std::vector<std::size_t> outside; ///< rows out of range where most are not
};

/// @param swapped     the numbers are y, x
/// @param axes_given  the user said which comes first: readings with another order are not looked for
[[nodiscard]] TUBAN_EXPORT PlaceJudgement
judge_places(const Crs& crs, const Places& places, bool swapped, bool axes_given);

/// Outline box of a province by the first two digits of its county codes, to 0.1°; none for other numbers.
[[nodiscard]] TUBAN_EXPORT std::optional<LonLatBox> province_box(int code);

} // namespace tuban
