#pragma once
#include <tuban/io.hpp>

#include <optional>

/// Context data that lie elsewhere than the plots: another county's file, or a wrong CRS. What is measured on them is null
/// row by row, and no row says why.
namespace tuban {

/// A warning for a layer that comes no nearer than 100 km to any plot, by boxes. @param input  of the layer
[[nodiscard]] std::optional<Issue>
far_layer(const Plots& plots, const Layer& layer, const InputFile& input);

/// A warning for heights that cover no part of any plot, by boxes. @param input  of the raster
[[nodiscard]] std::optional<Issue>
far_elevation(const Plots& plots, const RasterSource& elevation, const InputFile& input);

} // namespace tuban
