#pragma once
#include <tuban/geodesy.hpp>

#include <optional>
#include <vector>

namespace tuban {

/// A height on the rim, and the length of rim that it stands for.
struct RimSample {
    LocalFrame::Point at;
    double height_m = 0.0;
    double length_m = 0.0;
};

/// z = height_m + per_x·(x − centre.x) + per_y·(y − centre.y)
struct Plane {
    LocalFrame::Point centre;
    double height_m = 0.0;
    double per_x = 0.0;
    double per_y = 0.0;

    [[nodiscard]] double at(LocalFrame::Point point) const {
        return height_m + per_x * (point.x_m - centre.x_m) + per_y * (point.y_m - centre.y_m);
    }
};

/// Length-weighted least squares; none if the samples lie on a line (to 1e-4 of their spread).
[[nodiscard]] std::optional<Plane> fit_plane(const std::vector<RimSample>& samples);

} // namespace tuban
