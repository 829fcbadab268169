#pragma once
#include <tuban/spatial.hpp>

#include "geodesy/edge_cutter.hpp"
#include "spatial/polygon_locator.hpp"
#include "spatial/segment_index.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

namespace tuban {

/// Plots against a layer: what questions about both share. The plots must outlive it.
class PlotsAndLayer {
public:
    PlotsAndLayer(const Geometry& plots, std::string_view plots_edge_crs, const Layer& layer);

    [[nodiscard]] const SegmentIndex& index() const { return index_; }

    [[nodiscard]] const PolygonLocator& polygons() const { return polygons_; }

    /// Takes plots that lie near each other: their geometry with edges cut, in the order of the rows.
    using TakeBlock =
        std::function<void(const Geometry& near, std::span<const std::uint32_t> rows)>;

    /// Hands out all plots that have a geometry in blocks along Hilbert's curve, in any order and from several threads.
    void each_block(const Execution& execution, const Text& stage, const TakeBlock& take) const;

private:
    [[nodiscard]] Geometry cut(std::span<const std::uint32_t> rows) const;
    void fetch(std::size_t plot) const;

    const Geometry& plots_;
    EdgeCutter cutter_;
    std::optional<Geometry>
        whole_; ///< all plots with their edges cut, where that needs a plane
    Geometry layer_;
    SegmentIndex index_;
    PolygonLocator polygons_;
};

} // namespace tuban
