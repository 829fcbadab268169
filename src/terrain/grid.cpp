#include "terrain/grid.hpp"

#include "core/format.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace tuban {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct Extent {
    double least_column = std::numeric_limits<double>::infinity();
    double most_column = -std::numeric_limits<double>::infinity();
    double least_row = std::numeric_limits<double>::infinity();
    double most_row = -std::numeric_limits<double>::infinity();
};

Extent extent_of(const PixelRings& rings) {
    Extent extent;
    for (const auto& ring : rings) {
        for (const Pixel& vertex : ring) {
            extent.least_column = std::min(extent.least_column, vertex.column);
            extent.most_column = std::max(extent.most_column, vertex.column);
            extent.least_row = std::min(extent.least_row, vertex.row);
            extent.most_row = std::max(extent.most_row, vertex.row);
        }
    }
    return extent;
}

/// Cell index of a pixel coordinate moved by some cells, kept within [0, count].
int kept(double coordinate, int count) {
    return static_cast<int>(std::clamp(std::floor(coordinate), 0.0, static_cast<double>(count))
    );
}

/// First cell whose centre is at or beyond a coordinate.
double first_centre(double coordinate) {
    return std::ceil(coordinate - 0.5);
}

/// Per row of cells: the columns where its line of centres meets an edge.
using Crossings = std::map<int, std::vector<double>>;

/// @return rows that the edge meets; if they are more than `most`, nothing is added
std::size_t cross(Pixel a, Pixel b, std::size_t most, Crossings& crossings) {
    const double from = first_centre(std::min(a.row, b.row));
    const double to = first_centre(std::max(a.row, b.row));
    if (to - from > static_cast<double>(most)) {
        return most + 1;
    }
    for (int row = static_cast<int>(from); row < static_cast<int>(to); ++row) {
        const double t = (row + 0.5 - a.row) / (b.row - a.row);
        crossings[row].push_back(a.column + t * (b.column - a.column));
    }
    return static_cast<std::size_t>(to - from);
}

/// @return rows that the edges of a ring meet; more than `most` if it stopped there
std::size_t cross_ring(const std::vector<Pixel>& ring, std::size_t most, Crossings& crossings) {
    std::size_t met = 0;
    for (std::size_t i = 0; i < ring.size() && met <= most; ++i) {
        met += cross(ring[i], ring[i + 1 < ring.size() ? i + 1 : 0], most - met, crossings);
    }
    return met;
}

/// Adds the cells between pairs of crossings; false if that makes more than `most`.
bool add_cells(
    int row, const std::vector<double>& columns, std::size_t most, std::vector<Cell>& cells
) {
    for (std::size_t i = 0; i + 1 < columns.size(); i += 2) {
        const double from = first_centre(columns[i]);
        const double to = first_centre(columns[i + 1]);
        if (static_cast<double>(cells.size()) + (to - from) > static_cast<double>(most)) {
            return false;
        }
        for (int column = static_cast<int>(from); column < static_cast<int>(to); ++column) {
            cells.push_back({column, row});
        }
    }
    return true;
}

} // namespace

Grid::Grid(const RasterSource& raster)
    : transform_(raster.geo_transform()),
      determinant_(transform_[1] * transform_[5] - transform_[2] * transform_[4]) {
    if (!std::isfinite(determinant_) || determinant_ == 0.0) {
        throw Error(
            ErrorCode::unreadable_input,
            text(
                "高程栅格没有可用的地理变换；请先配准",
                "the raster of heights has no usable geotransform; georeference it first"
            )
        );
    }
}

Pixel Grid::pixel(double x, double y) const {
    const double east = x - transform_[0];
    const double north = y - transform_[3];
    return {
        (transform_[5] * east - transform_[2] * north) / determinant_,
        (transform_[1] * north - transform_[4] * east) / determinant_};
}

double Grid::x(Pixel at) const {
    return transform_[0] + at.column * transform_[1] + at.row * transform_[2];
}

double Grid::y(Pixel at) const {
    return transform_[3] + at.column * transform_[4] + at.row * transform_[5];
}

Heights::Heights(RasterSource& raster, const RasterWindow& window)
    : window_(window), heights_(raster.read(window)) {
    const auto cells =
        static_cast<std::size_t>(window.columns) * static_cast<std::size_t>(window.rows);
    if (heights_.size() != cells) {
        throw Error(
            ErrorCode::internal,
            text(
                "高程窗口应有 {} 个像元，读到 {} 个",
                "a window of heights has {1} cells, expected {0}",
                cells,
                heights_.size()
            )
        );
    }
}

double Heights::at(Cell cell) const {
    const int column = cell.column - window_.column;
    const int row = cell.row - window_.row;
    if (column < 0 || row < 0 || column >= window_.columns || row >= window_.rows) {
        return nan;
    }
    return heights_
        [static_cast<std::size_t>(row) * static_cast<std::size_t>(window_.columns) +
         static_cast<std::size_t>(column)];
}

double Heights::bilinear(Pixel at) const {
    const double u = at.column - 0.5;
    const double v = at.row - 0.5;
    const double left = std::floor(u);
    const double top = std::floor(v);
    const double across = u - left;
    const double down = v - top;
    const Cell cell{static_cast<int>(left), static_cast<int>(top)};
    // A neighbour without weight may be missing: the sample lies on the line of the others.
    const auto weighted = [&](double weight, int right, int below) {
        return weight == 0.0 ? 0.0 : weight * this->at({cell.column + right, cell.row + below});
    };
    return weighted((1.0 - across) * (1.0 - down), 0, 0) +
           weighted(across * (1.0 - down), 1, 0) + weighted((1.0 - across) * down, 0, 1) +
           weighted(across * down, 1, 1);
}

std::optional<Heights::Gradient> Heights::horn(Cell cell) const {
    const auto z = [&](int right, int down) {
        return at({cell.column + right, cell.row + down});
    };
    const double east = z(1, -1) + 2.0 * z(1, 0) + z(1, 1);
    const double west = z(-1, -1) + 2.0 * z(-1, 0) + z(-1, 1);
    const double south = z(-1, 1) + 2.0 * z(0, 1) + z(1, 1);
    const double north = z(-1, -1) + 2.0 * z(0, -1) + z(1, -1);
    const Gradient gradient{(east - west) / 8.0, (south - north) / 8.0};
    if (std::isnan(gradient.per_column) || std::isnan(gradient.per_row) ||
        std::isnan(z(0, 0))) {
        return std::nullopt;
    }
    return gradient;
}

std::optional<RasterWindow> window_around(const PixelRings& rings, const RasterSource& raster) {
    const Extent extent = extent_of(rings);
    const int left = kept(extent.least_column - 2.0, raster.columns());
    const int right = kept(extent.most_column + 3.0, raster.columns());
    const int top = kept(extent.least_row - 2.0, raster.rows());
    const int bottom = kept(extent.most_row + 3.0, raster.rows());
    if (left >= right || top >= bottom) {
        return std::nullopt;
    }
    return RasterWindow{left, top, right - left, bottom - top};
}

std::optional<std::vector<Cell>> cells_inside(const PixelRings& rings, std::size_t most) {
    Crossings crossings;
    std::size_t met = 0;
    for (const auto& ring : rings) {
        met += cross_ring(ring, most - met, crossings);
        if (met > most) {
            return std::nullopt;
        }
    }
    std::vector<Cell> cells;
    for (auto& [row, columns] : crossings) {
        std::sort(columns.begin(), columns.end());
        if (!add_cells(row, columns, most, cells)) {
            return std::nullopt;
        }
    }
    return cells;
}

} // namespace tuban
