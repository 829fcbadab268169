#pragma once
#include <algorithm>
#include <cmath>
#include <limits>

namespace tuban {

/// Least and greatest of x and y, in the numbers of a file; made empty, it holds what is added.
struct Box {
    double west = std::numeric_limits<double>::infinity();
    double south = std::numeric_limits<double>::infinity();
    double east = -std::numeric_limits<double>::infinity();
    double north = -std::numeric_limits<double>::infinity();

    /// A vertex that is not finite is left out: it is told of with the rings.
    void add(double x, double y) {
        if (std::isfinite(x) && std::isfinite(y)) {
            west = std::min(west, x);
            south = std::min(south, y);
            east = std::max(east, x);
            north = std::max(north, y);
        }
    }

    /// By how much `other` reaches out of this box at most; not above 0 where it does not.
    [[nodiscard]] double excess(const Box& other) const {
        return std::max(
            {west - other.west, south - other.south, other.east - east, other.north - north}
        );
    }

    [[nodiscard]] bool is_finite() const {
        return std::isfinite(west) && std::isfinite(south) && std::isfinite(east) &&
               std::isfinite(north);
    }
};

/// By how much the box that a file states for a shape may differ from its vertices: writers compute it before they round
/// them. 1 mm on the ground, in metres or degrees.
[[nodiscard]] inline double rounding_in(const Box& box) {
    constexpr double largest_degree = 400.0;
    return std::max(std::abs(box.west), std::abs(box.east)) > largest_degree ? 1e-3 : 1e-8;
}

} // namespace tuban
