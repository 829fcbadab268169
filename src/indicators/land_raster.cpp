#include "indicators/land_raster.hpp"

#include <tuban/geodesy.hpp>

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "geodesy/geometry.hpp"
#include "terrain/grid.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

namespace tuban::indicators {
namespace {

constexpr std::size_t batch = 256; ///< plots whose cells are in memory at a time
constexpr int side_points = 16;    ///< of the box round a plot, as sides bend in another plane
constexpr double least_degree_m = 110'500.0;
/// Cells about one plot: a raster of centimetres is refused rather than waited for.
constexpr std::int64_t most_cells = 25'000'000;

/// The box round a plot that its ring lies in, as positions along its sides.
std::vector<LonLat> box_around(const Geometry& plots, std::size_t plot, double ring_m) {
    const std::size_t from =
        plots.ring_offsets[plots.part_offsets[plots.feature_offsets[plot]]];
    const std::size_t to =
        plots.ring_offsets[plots.part_offsets[plots.feature_offsets[plot + 1]]];
    LonLatBox box{
        plots.lon_deg[from], plots.lat_deg[from], plots.lon_deg[from], plots.lat_deg[from]};
    for (std::size_t v = from; v < to; ++v) {
        box.west_deg = std::min(box.west_deg, plots.lon_deg[v]);
        box.east_deg = std::max(box.east_deg, plots.lon_deg[v]);
        box.south_deg = std::min(box.south_deg, plots.lat_deg[v]);
        box.north_deg = std::max(box.north_deg, plots.lat_deg[v]);
    }
    const double dlat = 1.02 * ring_m / least_degree_m + 1e-4;
    const double poleward =
        std::min(89.0, std::max(std::abs(box.south_deg), std::abs(box.north_deg)) + dlat);
    const double dlon = dlat / std::cos(poleward * radians_per_degree);
    std::vector<LonLat> outline;
    for (int i = 0; i <= side_points; ++i) {
        const double u = static_cast<double>(i) / side_points;
        const double lon = std::lerp(box.west_deg - dlon, box.east_deg + dlon, u);
        const double lat = std::lerp(box.south_deg - dlat, box.north_deg + dlat, u);
        outline.push_back({lon, box.south_deg - dlat});
        outline.push_back({lon, box.north_deg + dlat});
        outline.push_back({box.west_deg - dlon, lat});
        outline.push_back({box.east_deg + dlon, lat});
    }
    return outline;
}

/// Cells of a raster as polygons.
class Cells {
public:
    explicit Cells(const LandCover& cover)
        : cover_(cover), grid_(*cover.raster), crs_(parse_crs(cover.raster->crs())),
          transform_(crs_) {}

    /// Those round a plot, runs of one class along a row as one polygon.
    [[nodiscard]] Layer around(const Geometry& plots, std::size_t plot, double ring_m) const {
        Layer layer;
        const auto window = window_of(box_around(plots, plot, ring_m));
        if (!window) {
            return layer;
        }
        const std::vector<double> values = cover_.raster->read(*window);
        for (int row = 0; row < window->rows; ++row) {
            add_row(layer, *window, row, values);
        }
        layer.geometry = densify(in_degrees(layer.geometry), crs_.definition);
        return layer;
    }

private:
    struct Run {
        const RasterWindow& window;
        int row;
        std::size_t from;
        std::size_t to;
    };

    void add_row(
        Layer& layer, const RasterWindow& window, int row, const std::vector<double>& values
    ) const {
        const auto columns = static_cast<std::size_t>(window.columns);
        const std::size_t start = static_cast<std::size_t>(row) * columns;
        for (std::size_t at = 0; at < columns;) {
            const double value = values[start + at];
            std::size_t end = at + 1;
            while (end < columns && values[start + end] == value) {
                ++end;
            }
            if (std::isfinite(value)) {
                add_run(layer, {window, row, at, end}, value);
            }
            at = end;
        }
    }

    [[nodiscard]] std::optional<RasterWindow> window_of(const std::vector<LonLat>& box) const {
        std::vector<double> x;
        std::vector<double> y;
        for (const LonLat& p : box) {
            x.push_back(p.lon_deg);
            y.push_back(p.lat_deg);
        }
        transform_.from_lonlat(x, y);
        PixelRings rings(1);
        for (std::size_t i = 0; i < x.size(); ++i) {
            if (std::isfinite(x[i]) && std::isfinite(y[i])) {
                rings[0].push_back(grid_.pixel(x[i], y[i]));
            }
        }
        const auto window =
            rings[0].empty() ? std::nullopt : window_around(rings, *cover_.raster);
        if (window && static_cast<std::int64_t>(window->columns) * window->rows > most_cells) {
            throw Error(
                ErrorCode::invalid_argument,
                text(
                    "土地覆盖栅格在一个图斑周围有 {} 万多个像元，太细；请用粗一些的栅格",
                    "the raster of land cover has more than {1} cells round one plot: take a "
                    "coarser one",
                    most_cells / 10'000,
                    most_cells
                )
            );
        }
        return window;
    }

    /// Corners in the raster's plane, to be brought to degrees all at once.
    void add_run(Layer& layer, const Run& run, double value) const {
        const double left = run.window.column + static_cast<double>(run.from);
        const double right = run.window.column + static_cast<double>(run.to);
        const double top = run.window.row + run.row;
        for (const Pixel corner :
             {Pixel{left, top},
              Pixel{left, top + 1.0},
              Pixel{right, top + 1.0},
              Pixel{right, top}}) {
            layer.geometry.lon_deg.push_back(grid_.x(corner));
            layer.geometry.lat_deg.push_back(grid_.y(corner));
        }
        layer.geometry.ring_offsets.push_back(layer.geometry.lon_deg.size());
        layer.geometry.part_offsets.push_back(layer.geometry.ring_offsets.size() - 1);
        layer.geometry.feature_offsets.push_back(layer.geometry.part_offsets.size() - 1);
        layer.geometry.kinds.push_back(GeometryKind::polygon);
        layer.ids.emplace_back();
        layer.classes.push_back(class_of(value));
    }

    [[nodiscard]] std::string class_of(double value) const {
        const auto found =
            std::find_if(cover_.codes.begin(), cover_.codes.end(), [&](const auto& known) {
                return known.first == value;
            });
        return found == cover_.codes.end() ? format("{}", value) : found->second;
    }

    [[nodiscard]] Geometry in_degrees(Geometry geometry) const {
        transform_.to_lonlat(geometry.lon_deg, geometry.lat_deg);
        return geometry;
    }

    const LandCover& cover_;
    Grid grid_;
    Crs crs_;
    Transform transform_;
};

void append(RingAreas& all, RingAreas one) {
    all.ring_m2.push_back(one.ring_m2.at(0));
    std::move(one.classes.begin(), one.classes.end(), std::back_inserter(all.classes));
    all.areas_m2.insert(all.areas_m2.end(), one.areas_m2.begin(), one.areas_m2.end());
    all.offsets.push_back(all.classes.size());
}

} // namespace

RingAreas raster_ring_areas(
    const Plots& plots, const LandCover& cover, double ring_m, const Execution& execution
) {
    const Cells cells(cover);
    RingAreas all;
    for (std::size_t begin = 0; begin < plots.size(); begin += batch) {
        const std::size_t end = std::min(plots.size(), begin + batch);
        std::vector<Layer> layers; // a source is not asked by several threads
        for (std::size_t plot = begin; plot < end; ++plot) {
            const bool polygon = plots.geometry.kinds[plot] == GeometryKind::polygon;
            layers.push_back(polygon ? cells.around(plots.geometry, plot, ring_m) : Layer{});
        }
        std::vector<RingAreas> rings(end - begin);
        const auto total = static_cast<double>(plots.size());
        parallel_for(
            end - begin,
            part_of(
                execution, static_cast<double>(begin) / total, static_cast<double>(end) / total
            ),
            {"叠加周边土地覆盖", "overlaying land cover"},
            [&](std::size_t i) {
                Geometry one;
                append_feature(plots.geometry, begin + i, one);
                Execution alone;
                alone.threads = 1;
                rings[i] = ring_areas(one, plots.edge_crs, layers[i], ring_m, alone);
            }
        );
        for (RingAreas& ring : rings) {
            append(all, std::move(ring));
        }
    }
    return all;
}

} // namespace tuban::indicators
