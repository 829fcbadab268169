#include "geodesy/geometry.hpp"
#include "indicators/zones.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string_view>

namespace tuban::indicators {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// A land-use code (三调地类): two digits and two digits or H and a digit, perhaps with the suffix K or A.
bool is_land_use_code(std::string_view text) {
    return (text.size() == 4 || (text.size() == 5 && (text[4] == 'K' || text[4] == 'A'))) &&
           is_digit(text[0]) && is_digit(text[1]) && is_digit(text[3]) &&
           (is_digit(text[2]) || text[2] == 'H');
}

/// 1104 takes 1104A: the suffix tells how land is used, not what it is.
bool is_of_class(const std::string& name, const std::vector<std::string>& classes) {
    return std::any_of(classes.begin(), classes.end(), [&](const std::string& one) {
        return name == one ||
               (one.size() == 4 && is_land_use_code(name) && name.starts_with(one));
    });
}

enum class Fit { counted, other, doubtful };

/// Whether a feature's class is one of a source's, known to be another, or neither.
class ClassFilter {
public:
    ClassFilter(const ZoneSource& source, const ZoneProfile& profile)
        : classes_(source.classes), codes_(is_of_land_use(source)) {
        const auto learn = [&](const ZoneSource& other) {
            if (other.layer == source.layer) {
                known_.insert(known_.end(), other.classes.begin(), other.classes.end());
            }
        };
        for (const ZoneRule& rule : profile.rules) {
            std::for_each(rule.sources.begin(), rule.sources.end(), learn);
        }
        std::for_each(profile.other_classes.begin(), profile.other_classes.end(), learn);
    }

    [[nodiscard]] Fit fit(const std::string& name) const {
        if (classes_.empty() || is_of_class(name, classes_)) {
            return Fit::counted;
        }
        const bool known = (codes_ && is_land_use_code(name)) || is_of_class(name, known_);
        return known ? Fit::other : Fit::doubtful;
    }

private:
    const std::vector<std::string>& classes_;
    bool codes_;
    std::vector<std::string> known_;
};

Fit fit_of_name(const std::string& name, const std::vector<std::string>& beginnings) {
    const bool counted =
        beginnings.empty() ||
        std::any_of(beginnings.begin(), beginnings.end(), [&](const std::string& one) {
            return name.starts_with(one);
        });
    return counted ? Fit::counted : name.empty() ? Fit::doubtful : Fit::other;
}

/// Some features of a layer.
Layer part_of_layer(const Layer& layer, const std::vector<std::size_t>& rows) {
    Layer part;
    for (const std::size_t row : rows) {
        append_feature(layer.geometry, row, part.geometry);
        part.ids.push_back(layer.ids[row]);
    }
    part.names.resize(rows.size());
    part.classes.resize(rows.size());
    return part;
}

/// A line's piece with round ends, as a polygon: half circles about both ends, counter-clockwise.
void append_capsule(LonLat from, LonLat to, double radius_m, Geometry& geometry) {
    constexpr double tolerance_m = 1e-3;
    const LocalFrame frame(from);
    const LocalFrame::Point ahead = frame.forward(to);
    const double heading = std::atan2(ahead.y_m, ahead.x_m);
    // Chords half inside and half outside of the circle leave it by half the sagitta of r·(1 − cos(π/2n)).
    const double turn = std::sqrt(8.0 * std::min(tolerance_m, radius_m) / radius_m);
    const int chords = std::max(8, static_cast<int>(std::ceil(pi / turn)));
    const double reach = radius_m / std::sqrt(std::cos(0.5 * pi / chords));
    for (const bool at_end : {true, false}) {
        const LocalFrame::Point centre = at_end ? ahead : LocalFrame::Point{};
        const double start = heading + (at_end ? -0.5 : 0.5) * pi;
        for (int i = 0; i <= chords; ++i) {
            const double angle = start + pi * i / chords;
            const double out_m = i == 0 || i == chords ? radius_m : reach; // sides are exact
            const LonLat corner = frame.inverse(
                {centre.x_m + out_m * std::cos(angle), centre.y_m + out_m * std::sin(angle)}
            );
            geometry.lon_deg.push_back(corner.lon_deg);
            geometry.lat_deg.push_back(corner.lat_deg);
        }
    }
    geometry.ring_offsets.push_back(geometry.lon_deg.size());
    geometry.part_offsets.push_back(geometry.ring_offsets.size() - 1);
    geometry.feature_offsets.push_back(geometry.part_offsets.size() - 1);
    geometry.kinds.push_back(GeometryKind::polygon);
}

/// A line feature as polygons: each of its segments with that much on both sides.
void append_capsules(
    const Geometry& from, std::size_t feature, double radius_m, Geometry& geometry
) {
    for (std::size_t part = from.feature_offsets[feature];
         part < from.feature_offsets[feature + 1];
         ++part) {
        const std::size_t ring = from.part_offsets[part]; // a line part is one ring
        const std::size_t first = from.ring_offsets[ring];
        const std::size_t last = from.ring_offsets[ring + 1] - 1;
        for (std::size_t i = first; i < std::max(last, first + 1); ++i) {
            const std::size_t next = std::min(i + 1, last);
            append_capsule(
                {from.lon_deg[i], from.lat_deg[i]},
                {from.lon_deg[next], from.lat_deg[next]},
                radius_m,
                geometry
            );
        }
    }
}

/// Features of several widths as features of one: what is wider than `least_m` is drawn as polygons. Those far from all
/// plots are left out.
Layer evened(
    const Measuring& plots,
    const RuleLayer& seen,
    const std::vector<std::size_t>& rows,
    double least_m
) {
    double most_m = least_m;
    for (const std::size_t row : rows) {
        most_m = std::max(most_m, half_width_m(seen, row));
    }
    const Nearby near = all_within(
        plots.geometry,
        plots.edge_crs,
        part_of_layer(seen.layer, rows),
        seen.rule.metres + most_m + 1.0
    );
    const std::set<std::size_t> wanted(near.targets.begin(), near.targets.end());
    Layer even;
    for (const std::size_t i : wanted) {
        const std::size_t row = rows[i];
        const double more_m = half_width_m(seen, row) - least_m;
        if (more_m > 0.0) {
            append_capsules(seen.layer.geometry, row, more_m, even.geometry);
        } else {
            append_feature(seen.layer.geometry, row, even.geometry);
        }
    }
    even.ids.resize(even.geometry.size());
    even.names.resize(even.geometry.size());
    even.classes.resize(even.geometry.size());
    return even;
}

/// Twice the signed area of a ring in a plane, and its moments.
struct Moments {
    double area = 0.0;
    double x = 0.0;
    double y = 0.0;
};

void add_ring(const Geometry& plots, std::size_t ring, const LocalFrame& frame, Moments& sum) {
    const std::size_t first = plots.ring_offsets[ring];
    const std::size_t end = plots.ring_offsets[ring + 1];
    LocalFrame::Point a = frame.forward({plots.lon_deg[end - 1], plots.lat_deg[end - 1]});
    for (std::size_t i = first; i < end; ++i) {
        const LocalFrame::Point b = frame.forward({plots.lon_deg[i], plots.lat_deg[i]});
        const double cross = a.x_m * b.y_m - b.x_m * a.y_m;
        sum.area += cross;
        sum.x += cross * (a.x_m + b.x_m);
        sum.y += cross * (a.y_m + b.y_m);
        a = b;
    }
}

void append_point(LonLat place, Geometry& points) {
    points.lon_deg.push_back(place.lon_deg);
    points.lat_deg.push_back(place.lat_deg);
    points.ring_offsets.push_back(points.lon_deg.size());
    points.part_offsets.push_back(points.ring_offsets.size() - 1);
    points.feature_offsets.push_back(points.part_offsets.size() - 1);
    points.kinds.push_back(GeometryKind::point);
}

/// The farthest that a plot's vertices lie from a point.
double radius_m(const Geometry& plots, std::size_t plot, const LocalFrame& frame) {
    const std::size_t first =
        plots.ring_offsets[plots.part_offsets[plots.feature_offsets[plot]]];
    const std::size_t end =
        plots.ring_offsets[plots.part_offsets[plots.feature_offsets[plot + 1]]];
    double most_m = 0.0;
    for (std::size_t i = first; i < end; ++i) {
        const LocalFrame::Point p = frame.forward({plots.lon_deg[i], plots.lat_deg[i]});
        most_m = std::max(most_m, std::hypot(p.x_m, p.y_m));
    }
    return most_m;
}

} // namespace

bool is_of_land_use(const ZoneSource& source) {
    return !source.classes.empty() &&
           std::all_of(source.classes.begin(), source.classes.end(), is_land_use_code);
}

std::vector<std::uint8_t> covered(
    const Geometry& plots,
    const Geometry& centroids,
    const RuleLayer& seen,
    const Execution& execution
) {
    constexpr int directions = 8;
    constexpr double gap_m = 1.0; // between neighbours that were digitised apart
    Geometry points;
    std::vector<std::size_t> plot_of;
    for (std::size_t plot = 0; plot < plots.size(); ++plot) {
        if (centroids.kinds[plot] == GeometryKind::none) {
            continue;
        }
        const std::size_t place =
            centroids.ring_offsets[centroids.part_offsets[centroids.feature_offsets[plot]]];
        const LocalFrame frame({centroids.lon_deg[place], centroids.lat_deg[place]});
        const double inner_m = radius_m(plots, plot, frame);
        for (int i = 0; i < 2 * directions; ++i) {
            const double angle = pi * i / directions;
            const double far_m = inner_m + seen.rule.metres * (i % 2 == 0 ? 1.0 : 0.5);
            append_point(
                frame.inverse({far_m * std::cos(angle), far_m * std::sin(angle)}), points
            );
            plot_of.push_back(plot);
        }
    }
    const auto found =
        nearest(points, "EPSG:4490", seen.layer, {.max_range_m = gap_m}, execution);
    std::vector<std::uint8_t> result(plots.size(), 0);
    for (const std::size_t plot : plot_of) {
        result[plot] = 1;
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (!found[i]) {
            result[plot_of[i]] = 0;
        }
    }
    return result;
}

Selection select(const Layer& layer, const ZoneSource& source, const ZoneProfile& profile) {
    const ClassFilter filter(source, profile);
    Selection selected;
    for (std::size_t row = 0; row < layer.size(); ++row) {
        if (layer.geometry.kinds[row] == GeometryKind::none) {
            continue;
        }
        const Fit of_class = filter.fit(layer.classes[row]);
        const Fit of_name = fit_of_name(layer.names[row], source.names);
        if (of_class == Fit::counted && of_name == Fit::counted) {
            selected.counted.push_back(row);
        } else if (of_class != Fit::other && of_name != Fit::other) {
            selected.doubtful.push_back(row);
        }
    }
    return selected;
}

double half_width_m(const RuleLayer& seen, std::size_t row) {
    if (seen.layer.geometry.kinds[row] != GeometryKind::line) {
        return 0.0;
    }
    for (const HalfWidth& width : seen.rule.half_widths) {
        if (is_of_class(seen.layer.classes[row], width.classes)) {
            return width.metres;
        }
    }
    return seen.rule.half_width_m;
}

/// Keeps the nearer of two, the earlier row of those equally near.
/// @param group  rows of the layer that the search was over, all of one half width
void keep_nearer(
    std::optional<Found>& best,
    const std::optional<Nearest>& found,
    const std::vector<std::size_t>& group,
    double width_m
) {
    if (!found) {
        return;
    }
    const Found other{
        group[found->target],
        std::max(0.0, found->distance_m - width_m),
        found->error_m,
        width_m};
    if (!best || other.distance_m < best->distance_m ||
        (other.distance_m == best->distance_m && other.row < best->row)) {
        best = other;
    }
}

std::vector<std::optional<Found>> nearest_of(
    const Measuring& plots,
    const RuleLayer& seen,
    const std::vector<std::size_t>& rows,
    const Execution& execution
) {
    std::map<double, std::vector<std::size_t>> by_width;
    for (const std::size_t row : rows) {
        by_width[half_width_m(seen, row)].push_back(row);
    }
    std::vector<std::optional<Found>> best(plots.geometry.size());
    for (const auto& [width_m, group] : by_width) {
        const auto found = nearest(
            plots.geometry, plots.edge_crs, part_of_layer(seen.layer, group), {}, execution
        );
        for (std::size_t plot = 0; plot < found.size(); ++plot) {
            keep_nearer(best[plot], found[plot], group, width_m);
        }
    }
    return best;
}

std::vector<std::optional<double>> shares_of(
    const Measuring& plots,
    const RuleLayer& seen,
    const std::vector<std::size_t>& rows,
    const Execution& execution
) {
    std::set<double> widths;
    for (const std::size_t row : rows) {
        widths.insert(half_width_m(seen, row));
    }
    const double least_m = widths.empty() ? 0.0 : *widths.begin();
    return tuban::share_within(
        plots.geometry,
        plots.edge_crs,
        widths.size() > 1 ? evened(plots, seen, rows, least_m)
                          : part_of_layer(seen.layer, rows),
        seen.rule.metres + least_m,
        execution
    );
}

Geometry centroids(const Geometry& plots) {
    Geometry points;
    for (std::size_t plot = 0; plot < plots.size(); ++plot) {
        if (plots.kinds[plot] != GeometryKind::polygon) {
            append_nothing(points);
            continue;
        }
        const std::size_t first = plots.part_offsets[plots.feature_offsets[plot]];
        const std::size_t end = plots.part_offsets[plots.feature_offsets[plot + 1]];
        const std::size_t vertex = plots.ring_offsets[first];
        const LocalFrame frame({plots.lon_deg[vertex], plots.lat_deg[vertex]});
        Moments sum;
        for (std::size_t ring = first; ring < end; ++ring) {
            add_ring(plots, ring, frame, sum);
        }
        if (sum.area > 0.0) {
            append_point(
                frame.inverse({sum.x / (3.0 * sum.area), sum.y / (3.0 * sum.area)}), points
            );
        } else {
            append_nothing(points);
        }
    }
    return points;
}

} // namespace tuban::indicators
