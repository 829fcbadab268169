#pragma once
#include <tuban/geodesy.hpp>

#include <memory>
#include <span>

namespace tuban {

/// Bounds of a TileTransform, m on the ground.
inline constexpr double plot_bound_m = 5e-9;  ///< for figures; PROJ repeats itself to 3e-9 m
inline constexpr double layer_bound_m = 1e-5; ///< for what distances are measured to

/// As Transform, by polynomials that are fitted through it: many times quicker for many vertices that lie together.
///
/// The plane is divided into square tiles of 160 km (1.6° of longitude and latitude) on an absolute grid. In a tile each
/// coordinate is a polynomial of the sixth degree, the truncated Chebyshev series of PROJ's answers at 8 × 8 nodes, and is
/// held against PROJ at 9 × 9 others, the corners among them: where they differ by more than the bound, the tile is split in
/// four, up to five times as long as that helps, and beyond that (and polewards of 85°, and where PROJ has no answer) PROJ
/// itself is asked for each vertex. What becomes of a vertex does not depend on which others come with it. Tiles are fitted when first needed and
/// kept; not for use by several threads at once.
/// Accuracy: `bound_m` from PROJ; below 3e-9 m PROJ's own rounding is met. Source: J. C. Mason, D. C. Handscomb,
/// Chebyshev Polynomials (2003), ch. 6.
class TUBAN_EXPORT TileTransform {
public:
    /// @param bound_m  > 0
    TileTransform(const Crs& crs, double bound_m);
    ~TileTransform();
    TileTransform(TileTransform&& other) noexcept;
    TileTransform& operator=(TileTransform&& other) noexcept;
    TileTransform(const TileTransform&) = delete;
    TileTransform& operator=(const TileTransform&) = delete;

    /// x, y → lon, lat in degrees. A vertex that cannot be transformed becomes NaN, NaN.
    void to_lonlat(std::span<double> x_then_lon, std::span<double> y_then_lat);
    /// lon, lat in degrees → x, y. A vertex that cannot be transformed becomes NaN, NaN.
    void from_lonlat(std::span<double> lon_then_x, std::span<double> lat_then_y);

    /// The greatest difference from PROJ that was met where tiles were checked, m; 0 before any was fitted.
    [[nodiscard]] double worst_check_m() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace tuban
