#pragma once
#include <tuban/spatial.hpp>

#include "spatial/cut_plots.hpp"
#include "spatial/polygon_locator.hpp"
#include "spatial/proximity.hpp"
#include "spatial/segment_index.hpp"

#include <string_view>

namespace tuban {

/// A layer's features with their edges cut, and what finds them.
class IndexedLayer {
public:
    explicit IndexedLayer(const Geometry& layer)
        : geometry_(densify(layer, "EPSG:4490")), segments_(geometry_), polygons_(geometry_) {}

    IndexedLayer(const IndexedLayer&) = delete;
    IndexedLayer& operator=(const IndexedLayer&) = delete;
    IndexedLayer(IndexedLayer&&) = delete;
    IndexedLayer& operator=(IndexedLayer&&) = delete;
    ~IndexedLayer() = default;

    [[nodiscard]] const SegmentIndex& segments() const { return segments_; }

    [[nodiscard]] const PolygonLocator& polygons() const { return polygons_; }

private:
    Geometry geometry_;
    SegmentIndex segments_; ///< of geometry_
    PolygonLocator polygons_;
};

/// Plots against a layer: what questions about both share. The plots must outlive it.
struct PlotsAndLayer {
    PlotsAndLayer(
        const Geometry& plots_given, std::string_view plots_edge_crs, const Layer& given
    )
        : plots(plots_given, plots_edge_crs), layer(given.geometry) {}

    CutPlots plots;
    IndexedLayer layer;
};

/// Calls answer(proximity, plot) for each plot of a block that has a geometry.
template <class Answer>
void each_plot_in_turn(
    Proximity& proximity, std::span<const std::uint32_t> rows, const Answer& answer
) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (proximity.turn_to(i)) {
            answer(proximity, std::size_t{rows[i]});
        }
    }
}

/// The same for all plots, in any order and from several threads.
template <class Answer>
void each_plot(
    const CutPlots& plots,
    const IndexedLayer& layer,
    double most_m,
    const Execution& execution,
    const Answer& answer
) {
    const auto answer_block = [&](const Geometry& near, std::span<const std::uint32_t> rows) {
        Proximity proximity(near, layer.segments(), layer.polygons(), most_m);
        each_plot_in_turn(proximity, rows, answer);
    };
    plots.each_block(execution, {"计算最近距离", "measuring distances"}, answer_block);
}

} // namespace tuban
