#pragma once
// Pixel space of a raster: columns run with t1, t4 and rows with t2, t5; cell (c, r) has its centre at (c + 0.5, r + 0.5).
#include <tuban/geodesy.hpp>
#include <tuban/terrain.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace tuban {

struct Pixel {
    double column = 0.0;
    double row = 0.0;
};

/// Rings in pixel space; the first vertex of a ring is not repeated.
using PixelRings = std::vector<std::vector<Pixel>>;

struct Cell {
    int column = 0;
    int row = 0;
};

/// A raster's affine transform and its inverse.
class Grid {
public:
    /// @throws Error{unreadable_input} if the transform cannot be inverted.
    explicit Grid(const RasterSource& raster);

    [[nodiscard]] Pixel pixel(double x, double y) const;
    [[nodiscard]] double x(Pixel at) const;
    [[nodiscard]] double y(Pixel at) const;

private:
    std::array<double, 6> transform_;
    double determinant_;
};

/// Heights of a window, addressed by the raster's own columns and rows.
class Heights {
public:
    Heights(RasterSource& raster, const RasterWindow& window);

    /// NaN where there is no data and outside of the window.
    [[nodiscard]] double at(Cell cell) const;
    /// Bilinear between cell centres; NaN if one of the four has no data.
    [[nodiscard]] double bilinear(Pixel at) const;

    /// Height differences per cell along a row and down a column (Horn 1981), none if one of the nine has no data.
    struct Gradient {
        double per_column = 0.0;
        double per_row = 0.0;
    };

    [[nodiscard]] std::optional<Gradient> horn(Cell cell) const;

private:
    RasterWindow window_;
    std::vector<double> heights_;
};

/// The part of a raster that holds the rings and two cells around them; none if it is empty.
[[nodiscard]] std::optional<RasterWindow>
window_around(const PixelRings& rings, const RasterSource& raster);

/// Cells with their centre inside the rings (even–odd), by row, then column; those beyond the raster too, as far as
/// `most` of them. @return none if there are more
[[nodiscard]] std::optional<std::vector<Cell>>
cells_inside(const PixelRings& rings, std::size_t most);

} // namespace tuban
