#pragma once
#include "geodesy/placement.hpp"

namespace tuban {

/// Whether numbers without a known CRS look like those of a drawing that was never placed: small ones, counted from a
/// corner of the sheet or the site, too large for degrees.
[[nodiscard]] TUBAN_EXPORT bool look_local(const Places& places);

/// The same of numbers that are said to be in a CRS: they lie near its zero and not in China, and no other CRS is known
/// for them. A plane of one's own whose zero lies in China is none, and neither is a sound layer of another country.
/// @param judgement  what judge_places() found of the same
[[nodiscard]] TUBAN_EXPORT bool
look_local(const Crs& crs, const Places& places, const PlaceJudgement& judgement);

/// What is seen and what to do about it: 坐标（如 …）…
/// @param crs  its name; "" if none is said. @param places  at least one
[[nodiscard]] Text words_of_local(const Places& places, const std::string& crs);

} // namespace tuban
