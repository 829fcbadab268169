#pragma once
#include <tuban/indicators.hpp>

#include <memory>
#include <optional>
#include <vector>

/// Roads, settlements and waters that a project gives no layer for, taken from its layer of land.
namespace tuban {

/// Layers that stand in, and a note about each.
struct LandLayers {
    std::vector<std::unique_ptr<LayerSource>> sources;
    std::vector<Issue> issues;
};

/// Adds to the context what polygons of its layer `landuse` can serve as (indicators/land_use.hpp) and no layer is given
/// for: what the indicators ask for, or, where a project names none, everything that there is a polygon of.
/// @param asked  none: a project that names no indicators
[[nodiscard]] LandLayers
add_land_layers(Context& context, const std::optional<std::vector<IndicatorRequest>>& asked);

} // namespace tuban
