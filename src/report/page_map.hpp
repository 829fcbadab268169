#pragma once
#include <tuban/core.hpp>
#include <tuban/workspace.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// What the page's map draws: plots and what lies around them, light enough for a browser.
namespace tuban {

using MapRing = std::vector<LonLat>;

struct MapPart {
    GeometryKind kind = GeometryKind::none;
    std::vector<MapRing> rings; ///< shell and holes; one ring for points and lines
};

struct MapFeature {
    std::vector<MapPart> parts; ///< empty: nothing to draw
};

struct MapLayer {
    std::string key;
    std::vector<MapFeature> features; ///< clipped to the plots' surroundings
};

struct MapShapes {
    std::vector<MapFeature> plots; ///< (n) rows of Result.plots
    std::vector<MapLayer> layers;  ///< in the order of the context, one per key
    double tolerance_m = 0.0;      ///< of simplification; 0: none was needed
    std::vector<std::uint8_t>
        far; ///< (n) 1: so far from the body of the plots that the first view leaves it out
};

/// Shapes for the map. Lines are simplified (Douglas–Peucker) with the first tolerance of a fixed list that leaves at
/// most `most_vertices` in all, plots with a tenth of the layers' tolerance; plots are never dropped. Surroundings are those
/// of the plots that no issue plot_far_away names.
[[nodiscard]] MapShapes map_shapes(const Result& result, std::size_t most_vertices = 20000);
/// The same of geometry. @param plots  (n) need not be valid
[[nodiscard]] MapShapes map_shapes(
    const Geometry& plots,
    const std::vector<Layer>& context,
    const std::vector<Issue>& issues,
    std::size_t most_vertices = 20000
);

} // namespace tuban
