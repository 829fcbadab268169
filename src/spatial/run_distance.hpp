#pragma once
#include "spatial/plot_piece.hpp"
#include "spatial/segment_index.hpp"
#include "spatial/shapes.hpp"

#include <cstddef>

namespace tuban {

/// An edge of a piece and a segment of a run, and the square of how far apart they are in the piece's plane, m².
struct RunPair {
    double distance2 = 0.0;
    std::size_t edge = 0;
    std::size_t segment = 0;
};

/// The closest pair of a piece and a run, with distance 0 where they cross. @return false if it is farther than the limit
///
/// Exact to rounding in the plane. Of pairs equally near the first: by edge, then segment. Boxes and upper bounds only
/// spare work, so the limit never shows in what is found.
[[nodiscard]] bool
closest_pair(const PlotPiece& piece, const SegmentRun& run, double limit2, RunPair& best);
/// The same by the instructions that every processor has; the same bits.
[[nodiscard]] bool
closest_pair_plain(const PlotPiece& piece, const SegmentRun& run, double limit2, RunPair& best);

/// An upper bound on the distance of a piece and a run in the piece's plane, m: from one vertex of the run.
[[nodiscard]] double upper_bound_m(const PlotPiece& piece, const SegmentRun& run);

/// The edge of a piece, and the segment of a run, in the piece's plane.
[[nodiscard]] PlaneShape::Edge plane_edge(const PlotPiece& piece, std::size_t edge);
[[nodiscard]] PlaneShape::Edge
plane_edge(const PlotPiece& piece, const SegmentRun& run, std::size_t segment);

} // namespace tuban
