#pragma once
// A raster of land cover in place of land polygons: its cells, as far as they lie round a plot, are polygons.
#include <tuban/indicators.hpp>
#include <tuban/spatial.hpp>

#include <string_view>

namespace tuban::indicators {

/// As ring_areas(), over the cells of a raster: a cell counts with what of it lies in the ring. Cells whose value has no
/// code are of the class that is the value's text; cells without data cover nothing.
/// @param ring_m  (0, 10000]; a raster is not followed across ±180°
[[nodiscard]] RingAreas raster_ring_areas(
    const Plots& plots, const LandCover& cover, double ring_m, const Execution& execution
);

} // namespace tuban::indicators
