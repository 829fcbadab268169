#include "geodesy/datum_shift.hpp"

#include "core/format.hpp"
#include "geodesy/geometry.hpp"
#include "geodesy/proj.hpp"
#include "geodesy/projection.hpp"

#include <cmath>
#include <optional>
#include <string>

namespace tuban {
namespace {

/// Geographic positions at height 0, degrees, from the ellipsoid of the old datum to CGCS2000's.
std::string pipeline(const Ellipsoid& from, const Helmert& shift) {
    const std::string ellipsoid =
        from.inverse_flattening == 0.0
            ? format("+R={:.17g}", from.a_m)
            : format("+a={:.17g} +rf={:.17g}", from.a_m, from.inverse_flattening);
    return format(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=cart {} "
        "+step +proj=helmert +x={:.17g} +y={:.17g} +z={:.17g} +rx={:.17g} +ry={:.17g} "
        "+rz={:.17g} +s={:.17g} +convention={} +step +inv +proj=cart +a={:.17g} +rf={:.17g} "
        "+step +proj=unitconvert +xy_in=rad +xy_out=deg",
        ellipsoid,
        shift.dx_m,
        shift.dy_m,
        shift.dz_m,
        shift.rx_arcsec,
        shift.ry_arcsec,
        shift.rz_arcsec,
        shift.scale_ppm,
        shift.coordinate_frame ? "coordinate_frame" : "position_vector",
        cgcs2000.a_m,
        cgcs2000.inverse_flattening
    );
}

} // namespace

struct DatumMapping::State {
    Crs target_crs;
    ProjContext context = proj_context();
    ProjObject operation; ///< none for a plane shift
    std::optional<Transform> from;
    std::optional<Transform> to;
    PlaneShift plane;

    void run(PJ_DIRECTION direction, std::span<double> lon, std::span<double> lat) const {
        for (std::size_t i = 0; i < lon.size(); ++i) {
            PJ_COORD position = proj_coord(lon[i], lat[i], 0.0, 0.0);
            position = proj_trans(operation.get(), direction, position);
            const bool good = std::isfinite(position.xy.x) && std::isfinite(position.xy.y);
            lon[i] = good ? position.xy.x : std::nan("");
            lat[i] = good ? position.xy.y : std::nan("");
        }
    }

    void run_plane(std::span<double> x, std::span<double> y, bool forward) const {
        const double angle = plane.rotation_arcsec / 3600.0 * radians_per_degree;
        const double scale = 1.0 + plane.scale_ppm * 1e-6;
        const double c = std::cos(angle);
        const double s = std::sin(angle);
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double u = forward ? x[i] : (x[i] - plane.dx_m) / scale;
            const double v = forward ? y[i] : (y[i] - plane.dy_m) / scale;
            x[i] = forward ? plane.dx_m + scale * (u * c - v * s) : u * c + v * s;
            y[i] = forward ? plane.dy_m + scale * (u * s + v * c) : v * c - u * s;
        }
    }
};

DatumMapping::DatumMapping(const Crs& from, const Helmert& shift)
    : state_(std::make_unique<State>()) {
    state_->target_crs = on_cgcs2000(from);
    state_->from.emplace(from);
    state_->to.emplace(state_->target_crs);
    state_->operation.reset(
        proj_create(state_->context.get(), pipeline(ellipsoid_of(from), shift).c_str())
    );
    if (!state_->operation) {
        throw Error(
            ErrorCode::invalid_project,
            {"datum_shift 的参数无法使用；请检查数值",
             "the parameters of datum_shift cannot be used: check the numbers"}
        );
    }
}

DatumMapping::DatumMapping(const PlaneShift& shift, const Crs& target)
    : state_(std::make_unique<State>()) {
    state_->target_crs = target;
    state_->plane = shift;
}

DatumMapping::~DatumMapping() = default;
DatumMapping::DatumMapping(DatumMapping&& other) noexcept = default;
DatumMapping& DatumMapping::operator=(DatumMapping&& other) noexcept = default;

const Crs& DatumMapping::target() const {
    return state_->target_crs;
}

void DatumMapping::forward(std::span<double> x, std::span<double> y) const {
    if (!state_->operation) {
        return state_->run_plane(x, y, true);
    }
    state_->from->to_lonlat(x, y);
    state_->run(PJ_FWD, x, y);
    state_->to->from_lonlat(x, y);
}

void DatumMapping::inverse(std::span<double> x, std::span<double> y) const {
    if (!state_->operation) {
        return state_->run_plane(x, y, false);
    }
    state_->to->to_lonlat(x, y);
    state_->run(PJ_INV, x, y);
    state_->from->from_lonlat(x, y);
}

} // namespace tuban
