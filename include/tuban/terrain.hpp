#pragma once
#include <tuban/core.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Heights under and around a plot. Works on any raster that a host can serve by windows.
namespace tuban {

struct RasterWindow {
    int column = 0; ///< left column
    int row = 0;    ///< top row
    int columns = 0;
    int rows = 0;
};

/// A raster of heights. Implementations are not required to be thread-safe.
class TUBAN_EXPORT RasterSource {
public:
    RasterSource() = default;
    RasterSource(const RasterSource&) = delete;
    RasterSource& operator=(const RasterSource&) = delete;
    RasterSource(RasterSource&&) = delete;
    RasterSource& operator=(RasterSource&&) = delete;
    virtual ~RasterSource();

    [[nodiscard]] virtual int columns() const = 0;
    [[nodiscard]] virtual int rows() const = 0;
    /// GDAL's order: x = t0 + column·t1 + row·t2, y = t3 + column·t4 + row·t5, of cell corners, in crs().
    [[nodiscard]] virtual std::array<double, 6> geo_transform() const = 0;
    [[nodiscard]] virtual const std::string& crs() const = 0; ///< "EPSG:n" or WKT
    /// Heights in m, row by row; NaN where there is no data. The window lies inside the raster.
    [[nodiscard]] virtual std::vector<double> read(const RasterWindow& window) = 0;
};

/// Heights of one plot.
struct PlotTerrain {
    std::optional<double>
        elevation_range_m; ///< highest minus lowest cell with its centre in the plot
    std::optional<double> slope_mean_deg; ///< Horn, mean of degrees over those cells
    std::optional<double>
        pit_depth_max_m; ///< greatest depth of a cell below a plane fitted to the rim, >= 0
    Text note;           ///< why a value is missing; empty if none is
};

/// Measures each plot on the raster.
///
/// Cells count if their centre lies in the plot (even–odd); the rim is all rings, sampled at half a cell, bilinear,
/// fitted by length-weighted least squares. Fewer than 8 rim samples, more than 20 % of them without data, or a
/// collinear rim: no depth. A plot with no cell centre in it, or more than 20 % of whose cells have no data or lie
/// outside the raster: no value. A cell with a neighbour without data has no slope.
/// @return (n)
/// Source: Horn 1981, doi:10.1109/PROC.1981.11918; algorithms.md §§10–11 (thin form).
[[nodiscard]] TUBAN_EXPORT std::vector<PlotTerrain> plot_terrain(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    RasterSource& elevation,
    const Execution& execution = {}
);

} // namespace tuban
