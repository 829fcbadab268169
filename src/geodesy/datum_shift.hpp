#pragma once
// From a datum that PROJ has no parameters for to CGCS2000, by parameters that a surveyor gave.
#include <tuban/geodesy.hpp>

#include <memory>
#include <span>

namespace tuban {

/// Geocentric, three or seven parameters. Rotations are of the position vector (EPSG:9606); of the coordinate frame
/// (EPSG:9607) with the other sign.
struct Helmert {
    double dx_m = 0.0;
    double dy_m = 0.0;
    double dz_m = 0.0;
    double rx_arcsec = 0.0;
    double ry_arcsec = 0.0;
    double rz_arcsec = 0.0;
    double scale_ppm = 0.0;
    bool coordinate_frame = false;
};

/// Four parameters: X = dx + (1 + k)·(x·cos a − y·sin a), Y = dy + (1 + k)·(x·sin a + y·cos a), x east, y north.
struct PlaneShift {
    double dx_m = 0.0;
    double dy_m = 0.0;
    double rotation_arcsec = 0.0; ///< a, counter-clockwise
    double scale_ppm = 0.0;       ///< k·10⁶
};

/// Takes coordinates in `from` to the plane (or longitude and latitude) of `target` on CGCS2000, in which their edges
/// count as straight.
///
/// An edge that was straight in `from` is off from straight by at most L²/8 times the second derivative of the shift
/// between the two planes. A shift of 200 m between ellipsoids 110 m apart in size varies over the Earth's radius R, so
/// that is ≤ 310 m/R² = 8e-12 /m: 0.1 mm for an edge of 10 km. A plane shift keeps lines straight exactly.
class TUBAN_EXPORT DatumMapping {
public:
    DatumMapping(const Crs& from, const Helmert& shift);
    DatumMapping(const PlaneShift& shift, const Crs& target);
    ~DatumMapping();
    DatumMapping(DatumMapping&& other) noexcept;
    DatumMapping& operator=(DatumMapping&& other) noexcept;
    DatumMapping(const DatumMapping&) = delete;
    DatumMapping& operator=(const DatumMapping&) = delete;

    /// Where edges are straight afterwards.
    [[nodiscard]] const Crs& target() const;
    /// East first. A vertex that cannot be placed becomes NaN, NaN. Heights count as 0 on the ellipsoid of `from`.
    void forward(std::span<double> x, std::span<double> y) const;
    /// Back, to 2 mm: heights count as 0 here too.
    void inverse(std::span<double> x, std::span<double> y) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace tuban
