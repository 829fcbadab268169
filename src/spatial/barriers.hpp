#pragma once
#include <tuban/core.hpp>

#include "spatial/plot_tree.hpp"
#include "spatial/segment_index.hpp"

namespace tuban {

/// Lines and outlines of polygons that no link between plots may cross.
class Barriers {
public:
    explicit Barriers(const Layer& layer);

    /// Whether a link between the plots in two balls, no longer than so, may meet a barrier: false is certain.
    [[nodiscard]] bool
    may_part(const PlotTree::Ball& a, const PlotTree::Ball& b, double within_m) const;

    /// Whether the geodesic between two positions crosses or touches (to 0.1 mm) a barrier.
    ///
    /// Accuracy: of the plane about `from`, 0.1 mm for links up to 50 km.
    [[nodiscard]] bool part(LonLat from, LonLat to) const;

private:
    Geometry geometry_;
    SegmentIndex index_;
};

} // namespace tuban
