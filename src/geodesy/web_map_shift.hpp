#pragma once
// The shifts of Chinese web maps: GCJ-02 (AMap, Tencent) and BD-09 (Baidu), 100 to 700 m away from the true place.
#include <tuban/geodesy.hpp>

#include <optional>
#include <vector>

namespace tuban {

enum class WebMap { gcj02, bd09 };

/// Where such a map shows a position; the position itself outside of the map's box (72.004–137.8347° E,
/// 0.8293–55.8271° N), where no shift is applied. The formulas are not published by their maker; these are the ones in
/// public use since 2013, and agree with the maps to about a metre.
[[nodiscard]] TUBAN_EXPORT LonLat shifted(LonLat position, WebMap map);
/// The position that such a map shows there, to 1e-9 degrees.
[[nodiscard]] TUBAN_EXPORT LonLat unshifted(LonLat shown, WebMap map);

/// Positions that are where a web map would show them.
struct WebMapFinding {
    WebMap map = WebMap::gcj02;
    double offset_m = 0.0;      ///< median length of the map's shift there
    double before_m = 0.0;      ///< median distance from the trusted places, as they are
    double residual_m = 0.0;    ///< the same with the shift undone
    double direction_deg = 0.0; ///< of the shift, from north over east, [0, 360)
    std::size_t positions = 0;
};

/// A finding where undoing a shift of 100 to 1500 m brings positions to where the same things are known to be: the
/// median distance is at least 30 m and falls by at least 80 %.
/// @param shown, true_place (n) pairs; fewer than 3 find nothing
[[nodiscard]] TUBAN_EXPORT std::optional<WebMapFinding>
web_map_shift(const std::vector<LonLat>& shown, const std::vector<LonLat>& true_place);

/// The same where the pairs are not known: each position against the nearest vertex or edge of the reference.
[[nodiscard]] TUBAN_EXPORT std::optional<WebMapFinding>
web_map_shift_to_nearest(const std::vector<LonLat>& shown, const Geometry& reference);

} // namespace tuban
