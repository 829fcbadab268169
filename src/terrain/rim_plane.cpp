#include "terrain/rim_plane.hpp"

#include <cmath>

namespace tuban {

std::optional<Plane> fit_plane(const std::vector<RimSample>& samples) {
    // About the weighted centre the equations fall apart into the mean height and a 2×2 system.
    double length = 0.0;
    Plane plane;
    for (const RimSample& sample : samples) {
        length += sample.length_m;
        plane.centre.x_m += sample.length_m * sample.at.x_m;
        plane.centre.y_m += sample.length_m * sample.at.y_m;
        plane.height_m += sample.length_m * sample.height_m;
    }
    if (!(length > 0.0)) {
        return std::nullopt;
    }
    plane.centre.x_m /= length;
    plane.centre.y_m /= length;
    plane.height_m /= length;
    double xx = 0.0;
    double xy = 0.0;
    double yy = 0.0;
    double xz = 0.0;
    double yz = 0.0;
    for (const RimSample& sample : samples) {
        const double x = sample.at.x_m - plane.centre.x_m;
        const double y = sample.at.y_m - plane.centre.y_m;
        const double z = sample.height_m - plane.height_m;
        xx += sample.length_m * x * x;
        xy += sample.length_m * x * y;
        yy += sample.length_m * y * y;
        xz += sample.length_m * x * z;
        yz += sample.length_m * y * z;
    }
    const double determinant = xx * yy - xy * xy;
    const double spread = xx + yy;
    // Ratio of the two principal moments: (1e-4)² of the spread is a line.
    if (!(determinant > 1e-8 * spread * spread)) {
        return std::nullopt;
    }
    plane.per_x = (xz * yy - yz * xy) / determinant;
    plane.per_y = (yz * xx - xz * xy) / determinant;
    return plane;
}

} // namespace tuban
