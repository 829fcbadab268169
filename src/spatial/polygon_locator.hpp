#pragma once
#include <tuban/core.hpp>

#include "spatial/box_tree.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tuban {

/// Whether an odd number of a polygon's rings run round the north pole, so that even–odd starts with "inside" there.
[[nodiscard]] bool holds_north_pole(const Geometry& geometry, std::size_t feature);

/// Even–odd over all rings of a polygon, edges straight in longitude and latitude; false for points and lines.
[[nodiscard]] bool
holds(const Geometry& geometry, std::size_t feature, LonLat position, bool north_pole);

/// Consecutive edges of a ring: those that start at the vertices from `first` up to `end`.
struct EdgeBlock {
    std::size_t first = 0;
    std::size_t end = 0;
    std::size_t last_to = 0; ///< vertex at which the last of them ends
};

/// One polygon that is asked about many positions: what holds() says, without a look at edges that cannot count.
/// Keeps its room from one polygon to the next.
class PolygonBlocks {
public:
    /// The geometry must outlive the questions.
    void turn_to(const Geometry& geometry, std::size_t feature);
    [[nodiscard]] bool holds(LonLat position) const;

private:
    static constexpr std::size_t edges_of_block = 16;

    struct Block {
        EdgeBlock edges;
        double west = 0.0; ///< degrees as they stand in the geometry
        double east = 0.0;
        double north = 0.0;
    };

    void add(const EdgeBlock& edges);

    const Geometry* geometry_ = nullptr;
    bool north_pole_ = false;
    std::vector<Block> blocks_;
};

/// The first position of each part of a feature.
[[nodiscard]] std::vector<LonLat>
first_positions(const Geometry& geometry, std::size_t feature);

/// Difference of two longitudes in [-180, 180], with the same bits for the same pair wherever it is asked for.
[[nodiscard]] inline double lon_step(double from_deg, double to_deg) {
    double step = to_deg - from_deg;
    if (step > 180.0) {
        step -= 360.0;
    }
    if (step < -180.0) {
        step += 360.0;
    }
    return step;
}

/// Which polygons hold a position. The geometry must outlive it.
class PolygonLocator {
public:
    explicit PolygonLocator(const Geometry& geometry);

    /// No polygon at all: nothing holds anything.
    [[nodiscard]] bool is_empty() const { return features_.empty(); }

    [[nodiscard]] bool contains(std::size_t feature, LonLat position) const {
        return holds(geometry_, feature, position, north_pole_[feature] != 0);
    }

    /// Polygons that hold a position, ascending.
    [[nodiscard]] std::vector<std::size_t> holders(LonLat position) const;

private:
    void add_polygon(std::size_t feature, std::vector<Box3>& boxes);

    const Geometry& geometry_;
    std::vector<std::uint8_t> north_pole_;
    BoxTree tree_; ///< boxes in longitude (unwrapped) and latitude, one per part
    std::vector<std::size_t> features_;
};

} // namespace tuban
