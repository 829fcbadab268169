#pragma once
#include "spatial/shapes.hpp"

#include <vector>

namespace tuban {

/// Where the length that capsules cover on a line of constant y is not smooth in y: the ends and corners of their
/// boundary, where it meets itself, and where it meets the edges of the part. Only what lies in the rectangle
/// [low, high] and in no other capsule counts. Without these cuts a rule of integration could step over a capsule that
/// only just reaches into the part.
[[nodiscard]] std::vector<double> capsule_kinks(
    const std::vector<PlaneShape::Edge>& part,
    const std::vector<PlaneShape::Edge>& capsules,
    double within_m,
    LocalFrame::Point low,
    LocalFrame::Point high
);

} // namespace tuban
