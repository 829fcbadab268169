#pragma once
#include <tuban/spatial.hpp>

#include <cstddef>

namespace tuban {

/// Appends feature `index` of `from` as it stands.
void append_feature(const Geometry& from, std::size_t index, Geometry& to);

/// Appends a feature without geometry.
void append_nothing(Geometry& to);

} // namespace tuban
