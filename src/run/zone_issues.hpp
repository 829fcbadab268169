#pragma once
#include <tuban/io.hpp>

#include <optional>

/// What should not serve a profile of 三区两线.
namespace tuban {

/// A warning where a layer that serves a profile holds 三区三线 (permanent farmland, ecological red line, urban boundary), by
/// the names of its file, layer, key, features or classes: the two are often confused, and are not the same.
[[nodiscard]] std::optional<Issue>
control_line_as_zone(const LayerSpec& spec, const Layer& layer, const ZoneProfile& profile);

} // namespace tuban
