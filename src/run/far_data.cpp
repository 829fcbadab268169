#include "run/far_data.hpp"

#include <tuban/geodesy.hpp>
#include <tuban/spatial.hpp>

#include "core/format.hpp"
#include "run/extents.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace tuban {
namespace {

constexpr double far_m = 100'000.0; ///< wider than most counties

/// Along one axis, the two values of the ranges that are nearest to each other; equal ones where they overlap.
std::pair<double, double> nearest_ends(
    std::pair<double, double> one, std::pair<double, double> other, double if_overlapping
) {
    if (one.second < other.first) {
        return {one.second, other.first};
    }
    if (other.second < one.first) {
        return {one.first, other.second};
    }
    return {if_overlapping, if_overlapping};
}

/// Metres between two boxes, about; 0 where they meet.
double apart_m(const LonLatBox& a, const LonLatBox& b) {
    const auto [a_lon, b_lon] =
        nearest_ends({a.west_deg, a.east_deg}, {b.west_deg, b.east_deg}, 0.0);
    // Where both have latitudes in common, meridians are nearest to each other away from the equator.
    const double south = std::max(a.south_deg, b.south_deg);
    const double north = std::min(a.north_deg, b.north_deg);
    const auto [a_lat, b_lat] = nearest_ends(
        {a.south_deg, a.north_deg},
        {b.south_deg, b.north_deg},
        std::abs(south) > std::abs(north) ? south : north
    );
    return geodesic_distance_m({a_lon, a_lat}, {b_lon, b_lat});
}

/// Boxes of all features that have a place, and the box around them.
struct Boxes {
    std::vector<LonLatBox> each;
    LonLatBox all{1e9, 1e9, -1e9, -1e9};
};

void add(const LonLatBox& box, Boxes& boxes) {
    boxes.each.push_back(box);
    boxes.all.west_deg = std::min(boxes.all.west_deg, box.west_deg);
    boxes.all.south_deg = std::min(boxes.all.south_deg, box.south_deg);
    boxes.all.east_deg = std::max(boxes.all.east_deg, box.east_deg);
    boxes.all.north_deg = std::max(boxes.all.north_deg, box.north_deg);
}

Boxes boxes_of(const Geometry& geometry) {
    Boxes boxes;
    for (std::size_t i = 0; i < geometry.kinds.size(); ++i) {
        const LonLatBox box = extent_of(geometry, i);
        if (box.west_deg <= box.east_deg) {
            add(box, boxes);
        }
    }
    return boxes;
}

double least_apart_m(const LonLatBox& box, const std::vector<LonLatBox>& others) {
    double least = std::numeric_limits<double>::infinity();
    for (const LonLatBox& other : others) {
        least = std::min(least, apart_m(box, other));
    }
    return least;
}

/// The box of a raster, by points along its edges; nothing where they have no place.
Boxes boxes_of(const RasterSource& raster) {
    constexpr int points = 16; // edges are curves in longitude and latitude
    const auto t = raster.geo_transform();
    std::vector<double> x;
    std::vector<double> y;
    const auto corner = [&](double column, double row) {
        x.push_back(t[0] + column * t[1] + row * t[2]);
        y.push_back(t[3] + column * t[4] + row * t[5]);
    };
    for (int i = 0; i <= points; ++i) {
        const double column = static_cast<double>(raster.columns()) * i / points;
        const double row = static_cast<double>(raster.rows()) * i / points;
        corner(column, 0.0);
        corner(column, raster.rows());
        corner(0.0, row);
        corner(raster.columns(), row);
    }
    Transform(parse_crs(raster.crs())).to_lonlat(x, y);
    const auto unknown = [](double value) { return !std::isfinite(value); };
    if (std::any_of(x.begin(), x.end(), unknown) || std::any_of(y.begin(), y.end(), unknown)) {
        return {};
    }
    const auto [west, east] = std::minmax_element(x.begin(), x.end());
    const auto [south, north] = std::minmax_element(y.begin(), y.end());
    Boxes boxes;
    add({*west, *south, *east, *north}, boxes);
    return boxes;
}

std::string words_of(const LonLatBox& box) {
    return format(
        "{:.2f}°–{:.2f}°, {:.2f}°–{:.2f}°",
        box.west_deg,
        box.east_deg,
        box.south_deg,
        box.north_deg
    );
}

/// @param apart  at least; metres
Issue elsewhere(const InputFile& input, double apart, const Boxes& plots, const Boxes& data) {
    const Text what = input.role == "elevation" ? Text{"高程", "the elevation"}
                                                : text("图层 {} ", "the layer {}", input.role);
    Issue issue;
    issue.severity = Severity::warning;
    issue.code = "far_from_plots";
    issue.file = input.file;
    issue.layer = input.layer;
    issue.field = input.role;
    issue.message = text(
        "{0}离图斑最近也有约 {2} 千米（图斑在 {3}，它在 "
        "{4}），与它有关的指标为空或没有意义；"
        "请核对是不是别处的数据，坐标系对不对",
        "{1} comes no nearer to the plots than about {2} km (the plots lie in {3}, it lies "
        "in "
        "{4}): its indicators are null or mean nothing; check whether it is another place's "
        "data, and its CRS",
        what.zh,
        what.en,
        format("{:.{}f}", apart / 1000.0, apart < 10'000.0 ? 1 : 0),
        words_of(plots.all),
        words_of(data.all)
    );
    return issue;
}

} // namespace

std::optional<Issue> far_layer(const Plots& plots, const Layer& layer, const InputFile& input) {
    const Boxes of_plots = boxes_of(plots.geometry);
    const Boxes of_layer = boxes_of(layer.geometry);
    if (of_plots.each.empty() || of_layer.each.empty()) {
        return std::nullopt;
    }
    // Each is no more than the true distance: one feature that lies elsewhere widens one of the two boxes only.
    const double apart = std::max(
        least_apart_m(of_plots.all, of_layer.each), least_apart_m(of_layer.all, of_plots.each)
    );
    return apart > far_m ? std::optional(elsewhere(input, apart, of_plots, of_layer))
                         : std::nullopt;
}

std::optional<Issue>
far_elevation(const Plots& plots, const RasterSource& elevation, const InputFile& input) {
    const Boxes of_plots = boxes_of(plots.geometry);
    const Boxes of_raster = boxes_of(elevation);
    if (of_plots.each.empty() || of_raster.each.empty()) {
        return std::nullopt;
    }
    const double apart = least_apart_m(of_raster.all, of_plots.each);
    return apart > 0.0 ? std::optional(elsewhere(input, apart, of_plots, of_raster))
                       : std::nullopt;
}

} // namespace tuban
