#include <tuban/geodesy.hpp>
#include <tuban/terrain.hpp>

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "terrain/grid.hpp"
#include "terrain/rim_plane.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace tuban {

RasterSource::~RasterSource() = default;

namespace {

/// Far more than a plot has: guards against a raster whose cells are centimetres under a plot the size of a county.
constexpr std::size_t most_cells = 100'000'000;
constexpr std::size_t fewest_rim_samples = 8;
constexpr double most_missing_fraction = 0.2;
/// Edges are cut until their readings differ by less: far below any cell.
constexpr double edge_tolerance_m = 1e-3;

using Points = std::vector<LocalFrame::Point>;

/// From pixels to metres around one plot, through the raster's CRS: right for projected, geographic and turned grids.
class Ground {
public:
    Ground(const Grid& grid, const Transform& transform, LonLat origin)
        : grid_(grid), transform_(transform), frame_(origin) {}

    [[nodiscard]] Points metres(const std::vector<Pixel>& pixels) const {
        std::vector<double> x(pixels.size());
        std::vector<double> y(pixels.size());
        for (std::size_t i = 0; i < pixels.size(); ++i) {
            x[i] = grid_.x(pixels[i]);
            y[i] = grid_.y(pixels[i]);
        }
        transform_.to_lonlat(x, y);
        Points points(pixels.size());
        for (std::size_t i = 0; i < pixels.size(); ++i) {
            points[i] = frame_.forward({x[i], y[i]});
        }
        return points;
    }

private:
    const Grid& grid_;
    const Transform& transform_;
    LocalFrame frame_;
};

/// How many metres one column and one row are.
struct CellShape {
    LocalFrame::Point column;
    LocalFrame::Point row;

    [[nodiscard]] double determinant() const {
        return column.x_m * row.y_m - column.y_m * row.x_m;
    }

    [[nodiscard]] double size_m() const { return std::sqrt(std::abs(determinant())); }

    [[nodiscard]] double slope_deg(const Heights::Gradient& gradient) const {
        const double per_x =
            (gradient.per_column * row.y_m - gradient.per_row * column.y_m) / determinant();
        const double per_y =
            (gradient.per_row * column.x_m - gradient.per_column * row.x_m) / determinant();
        return std::atan(std::hypot(per_x, per_y)) * (180.0 / 3.14159265358979323846);
    }
};

/// Cell shapes at some pixels, by central differences over a cell on either side.
std::vector<CellShape> cell_shapes(const Ground& ground, const std::vector<Pixel>& at) {
    std::vector<Pixel> around;
    for (const Pixel& pixel : at) {
        around.push_back({pixel.column - 1.0, pixel.row});
        around.push_back({pixel.column + 1.0, pixel.row});
        around.push_back({pixel.column, pixel.row - 1.0});
        around.push_back({pixel.column, pixel.row + 1.0});
    }
    const Points points = ground.metres(around);
    const auto half = [&](std::size_t from) {
        return LocalFrame::Point{
            (points[from + 1].x_m - points[from].x_m) / 2.0,
            (points[from + 1].y_m - points[from].y_m) / 2.0};
    };
    std::vector<CellShape> shapes;
    for (std::size_t i = 0; i < at.size(); ++i) {
        shapes.push_back({half(4 * i), half(4 * i + 2)});
    }
    return shapes;
}

void remark(PlotTerrain& result, const Text& note) {
    if (!result.note.zh.empty()) {
        result.note.zh += "；";
        result.note.en += "; ";
    }
    result.note.zh += note.zh;
    result.note.en += note.en;
}

/// One plot over one raster.
class PlotOnRaster {
public:
    PlotOnRaster(PixelRings rings, const Ground& ground, const Heights& heights)
        : rings_(std::move(rings)), ground_(ground), heights_(heights) {}

    [[nodiscard]] PlotTerrain measure() const {
        PlotTerrain result;
        const std::optional<std::vector<Cell>> inside = cells_inside(rings_, most_cells);
        if (!inside) {
            remark(result, text("图斑内像元过多", "too many cells in the plot"));
            return result;
        }
        if (inside->empty()) {
            remark(
                result,
                text(
                    "图斑内没有高程像元的中心",
                    "no cell of the heights has its centre in the plot"
                )
            );
            return result;
        }
        std::vector<Cell> known;
        for (const Cell& cell : *inside) {
            if (!std::isnan(heights_.at(cell))) {
                known.push_back(cell);
            }
        }
        const double missing =
            1.0 - static_cast<double>(known.size()) / static_cast<double>(inside->size());
        if (missing > most_missing_fraction) {
            remark(
                result,
                text(
                    "图斑内 {} 个像元中有 {} 个没有高程",
                    "{1} of {0} cells in the plot have no height",
                    inside->size(),
                    inside->size() - known.size()
                )
            );
            return result;
        }
        const auto [low, high] =
            std::minmax_element(known.begin(), known.end(), [&](Cell a, Cell b) {
                return heights_.at(a) < heights_.at(b);
            });
        result.elevation_range_m = heights_.at(*high) - heights_.at(*low);
        measure_slope(known, result);
        measure_depth(known, result);
        return result;
    }

private:
    void measure_slope(const std::vector<Cell>& cells, PlotTerrain& result) const {
        // One shape per row, in the middle of the row's cells: along a row it hardly changes.
        std::vector<Pixel> middles;
        for (std::size_t i = 0; i < cells.size();) {
            std::size_t end = i;
            while (end < cells.size() && cells[end].row == cells[i].row) {
                ++end;
            }
            const double middle = (cells[i].column + cells[end - 1].column) / 2.0;
            middles.push_back({middle + 0.5, cells[i].row + 0.5});
            i = end;
        }
        const std::vector<CellShape> shapes = cell_shapes(ground_, middles);
        double sum = 0.0;
        std::size_t counted = 0;
        std::size_t line = 0; // index into shapes
        for (const Cell& cell : cells) {
            if (cell.row + 0.5 > middles[line].row) {
                ++line;
            }
            if (const auto gradient = heights_.horn(cell)) {
                sum += shapes[line].slope_deg(*gradient);
                ++counted;
            }
        }
        if (counted == 0) {
            remark(
                result,
                text(
                    "坡度：每个像元旁都有缺高程的像元",
                    "slope: every cell has a neighbour without a height"
                )
            );
            return;
        }
        result.slope_mean_deg = sum / static_cast<double>(counted);
    }

    void measure_depth(const std::vector<Cell>& cells, PlotTerrain& result) const {
        std::size_t samples = 0;
        const std::vector<RimSample> rim = rim_samples(samples);
        const double missing = 1.0 - static_cast<double>(rim.size()) /
                                         static_cast<double>(std::max<std::size_t>(samples, 1));
        if (rim.size() < fewest_rim_samples) {
            remark(
                result,
                text(
                    "坑深：边界上只有 {} 个高程采样点，至少要 {} 个",
                    "depth: {} samples of height on the rim, at least {} are needed",
                    rim.size(),
                    fewest_rim_samples
                )
            );
            return;
        }
        if (missing > most_missing_fraction) {
            remark(
                result,
                text(
                    "坑深：边界上 {} 个采样点中有 {} 个没有高程",
                    "depth: {1} of {0} samples on the rim have no height",
                    samples,
                    samples - rim.size()
                )
            );
            return;
        }
        const std::optional<Plane> plane = fit_plane(rim);
        if (!plane) {
            remark(result, text("坑深：边界几乎成一条线", "depth: the rim is almost a line"));
            return;
        }
        std::vector<Pixel> centres;
        centres.reserve(cells.size());
        for (const Cell& cell : cells) {
            centres.push_back({cell.column + 0.5, cell.row + 0.5});
        }
        const Points points = ground_.metres(centres);
        double depth_m = 0.0;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            depth_m = std::max(depth_m, plane->at(points[i]) - heights_.at(cells[i]));
        }
        result.pit_depth_max_m = depth_m;
    }

    /// All rings, walked in equal steps of at most half a cell; a sample in the middle of each step.
    /// @param samples  how many there are with those that have no height
    [[nodiscard]] std::vector<RimSample> rim_samples(std::size_t& samples) const {
        std::vector<RimSample> rim;
        for (const std::vector<Pixel>& ring : rings_) {
            const Points corners = ground_.metres(ring);
            const double half_cell_m =
                cell_shapes(ground_, {ring.front()}).front().size_m() / 2.0;
            std::vector<Pixel> pixels;
            const double step_m = walk(ring, corners, half_cell_m, pixels);
            samples += pixels.size();
            add_known(pixels, step_m, rim);
        }
        return rim;
    }

    void add_known(const std::vector<Pixel>& pixels, double step_m, std::vector<RimSample>& rim)
        const {
        const Points points = ground_.metres(pixels);
        for (std::size_t i = 0; i < pixels.size(); ++i) {
            const double height_m = heights_.bilinear(pixels[i]);
            if (!std::isnan(height_m)) {
                rim.push_back({points[i], height_m, step_m});
            }
        }
    }

    /// @return length of a step, m
    static double walk(
        const std::vector<Pixel>& ring,
        const Points& corners,
        double longest_step_m,
        std::vector<Pixel>& samples
    ) {
        std::vector<double> lengths(ring.size());
        double perimeter = 0.0;
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const std::size_t next = i + 1 < ring.size() ? i + 1 : 0;
            lengths[i] = std::hypot(
                corners[next].x_m - corners[i].x_m, corners[next].y_m - corners[i].y_m
            );
            perimeter += lengths[i];
        }
        const double steps = std::max(1.0, std::ceil(perimeter / longest_step_m));
        const double step_m = perimeter / steps;
        double behind = 0.0; // length of the edges already walked
        double next_m = step_m / 2.0;
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const Pixel& a = ring[i];
            const Pixel& b = ring[i + 1 < ring.size() ? i + 1 : 0];
            while (next_m < behind + lengths[i]) {
                const double t = (next_m - behind) / lengths[i];
                samples.push_back(
                    {a.column + t * (b.column - a.column), a.row + t * (b.row - a.row)}
                );
                next_m = (static_cast<double>(samples.size()) + 0.5) * step_m;
            }
            behind += lengths[i];
        }
        return step_m;
    }

    PixelRings rings_;
    const Ground& ground_;
    const Heights& heights_;
};

/// All plots over one raster.
class Survey {
public:
    Survey(const Geometry& plots, RasterSource& elevation)
        : plots_(plots), raster_(elevation), grid_(elevation),
          transform_(parse_crs(elevation.crs())) {}

    [[nodiscard]] PlotTerrain measure(std::size_t feature) const {
        PlotTerrain result;
        if (plots_.kinds[feature] != GeometryKind::polygon) {
            remark(result, text("图斑没有面状图形", "the plot has no polygon"));
            return result;
        }
        const PixelRings rings = rings_of(feature);
        const std::optional<RasterWindow> window =
            rings.empty() ? std::nullopt : window_around(rings, raster_);
        if (!window) {
            remark(result, text("图斑在高程栅格之外", "the plot lies outside the heights"));
            return result;
        }
        const std::size_t first = first_vertex(feature);
        const Ground ground(grid_, transform_, {plots_.lon_deg[first], plots_.lat_deg[first]});
        const Heights heights(raster_, *window);
        return PlotOnRaster(rings, ground, heights).measure();
    }

private:
    [[nodiscard]] std::size_t first_vertex(std::size_t feature) const {
        return plots_.ring_offsets[plots_.part_offsets[plots_.feature_offsets[feature]]];
    }

    /// Empty if a vertex has no place in the raster's CRS.
    [[nodiscard]] PixelRings rings_of(std::size_t feature) const {
        PixelRings rings;
        const std::size_t first_ring = plots_.part_offsets[plots_.feature_offsets[feature]];
        const std::size_t end_ring = plots_.part_offsets[plots_.feature_offsets[feature + 1]];
        for (std::size_t ring = first_ring; ring < end_ring; ++ring) {
            rings.push_back(pixels_of(ring));
            const bool lost =
                std::any_of(rings.back().begin(), rings.back().end(), [](const Pixel& pixel) {
                    return !std::isfinite(pixel.column) || !std::isfinite(pixel.row);
                });
            if (lost) {
                return {};
            }
        }
        return rings;
    }

    [[nodiscard]] std::vector<Pixel> pixels_of(std::size_t ring) const {
        const auto from = static_cast<std::ptrdiff_t>(plots_.ring_offsets[ring]);
        const auto to = static_cast<std::ptrdiff_t>(plots_.ring_offsets[ring + 1]);
        std::vector<double> x(plots_.lon_deg.begin() + from, plots_.lon_deg.begin() + to);
        std::vector<double> y(plots_.lat_deg.begin() + from, plots_.lat_deg.begin() + to);
        transform_.from_lonlat(x, y);
        std::vector<Pixel> pixels(x.size());
        for (std::size_t i = 0; i < x.size(); ++i) {
            pixels[i] = grid_.pixel(x[i], y[i]);
        }
        return pixels;
    }

    const Geometry& plots_;
    RasterSource& raster_;
    Grid grid_;
    Transform transform_;
};

} // namespace

std::vector<PlotTerrain> plot_terrain(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    RasterSource& elevation,
    const Execution& execution
) {
    const Text stage = text("地形", "terrain");
    report_progress(execution, 0.0, stage);
    const Geometry edges = densify(plots, plots_edge_crs, edge_tolerance_m);
    const Survey survey(edges, elevation);
    std::vector<PlotTerrain> results(plots.size());
    // One after the other: a RasterSource need not be thread-safe. About a hundred reports in all.
    const std::size_t every = std::max<std::size_t>(1, plots.size() / 100);
    for (std::size_t i = 0; i < plots.size(); ++i) {
        results[i] = survey.measure(i);
        if ((i + 1) % every == 0) {
            report_progress(
                execution, static_cast<double>(i + 1) / static_cast<double>(plots.size()), stage
            );
        }
    }
    report_progress(execution, 1.0, stage);
    return results;
}

} // namespace tuban
