#pragma once
#include <tuban/io.hpp>

namespace tuban {

/// The county polygons as a context layer: codes are its classes, names its names.
/// @throws as open_layer(); Error{invalid_project} naming the columns there are if none holds a code.
[[nodiscard]] LayerOpened open_boundary(const BoundarySpec& spec, const std::string& folder);

} // namespace tuban
