#pragma once
#include "spatial/arc_arrangement.hpp"
#include "spatial/local_polygons.hpp"
#include "spatial/plot_part.hpp"
#include "spatial/polygon_locator.hpp"
#include "spatial/segment_index.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace tuban {

struct AreaSums {
    double covered_m2 = 0.0;
    double area_m2 = 0.0;

    void add(const AreaSums& more) {
        covered_m2 += more.covered_m2;
        area_m2 += more.area_m2;
    }
};

/// What lies within a distance of a layer, of parts of plots one after the other; keeps its room, and the segment that
/// covered the last part, which covers the next as well if that lies near. What is found does not depend on what came before.
class CoveredArea {
public:
    /// @param within_m  [0, 100000]; 0: only what polygons of the layer hold
    CoveredArea(const SegmentIndex& index, const PolygonLocator& polygons, double within_m)
        : index_(index), polygons_(polygons), within_m_(within_m) {}

    /// @param plots  densified polygons
    [[nodiscard]] AreaSums of_part(const Geometry& plots, std::size_t part);

private:
    /// A segment of the index.
    struct Place {
        std::size_t run = 0;
        std::size_t segment = 0;
    };

    /// A piece of the part that is looked at on its own, with what comes near it.
    struct Cell {
        PlaneRings rings;
        std::vector<PlaneSegment> segments;
        PlaneBox box;
        int depth = 0;
    };

    [[nodiscard]] bool gather();
    [[nodiscard]] bool gather_run(std::size_t at);
    [[nodiscard]] bool is_held(const Geometry& plots, std::size_t part) const;
    void locate_polygons();
    [[nodiscard]] AreaSums by_cells();
    [[nodiscard]] std::optional<double>
    arranged(const PlaneRings& rings, const std::vector<PlaneSegment>& segments);
    [[nodiscard]] AreaSums settle(const Cell& cell, std::vector<Cell>& open);
    void quarter(const Cell& cell, std::vector<Cell>& open) const;

    const SegmentIndex& index_;
    const PolygonLocator& polygons_;
    double within_m_;
    PlotPart part_;
    std::optional<Place> last_cover_;
    std::vector<PlaneSegment> segments_; ///< that may reach the part
    LocalPolygons local_polygons_;
    std::size_t cells_ = 0; ///< of this part, settled by quarters
    ArcArrangement arrangement_;
};

} // namespace tuban
