#include <tuban/geodesy.hpp>

#include "core/format.hpp"
#include "geodesy/geometry.hpp"
#include "geodesy/proj.hpp"

#include <cmath>
#include <limits>

namespace tuban {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

[[noreturn]] void throw_unusable(const Crs& crs) {
    throw Error(
        ErrorCode::unreadable_input,
        text(
            "坐标系“{}”无法与经纬度互相转换。请改用 PROJ "
            "能够识别的投影坐标系或地理坐标系，例如 "
            "EPSG:4490。",
            "\"{}\" cannot be converted to and from longitude and latitude. Use a projected or "
            "geographic CRS that "
            "PROJ knows, such as EPSG:4490.",
            crs.name.empty() ? crs.definition : crs.name
        )
    );
}

} // namespace

struct Transform::State {
    ProjContext context = proj_context();
    ProjObject operation; ///< projected → its own geographic CRS; none for geographic sources
    double unit_deg = 1.0;   ///< degrees in a unit of the geographic CRS
    double meridian_deg = 0; ///< prime meridian, east of Greenwich

    void read_meridian(const PJ* crs) {
        const ProjObject meridian(proj_get_prime_meridian(context.get(), crs));
        double value = 0.0;
        double factor = radians_per_degree;
        if (meridian && proj_prime_meridian_get_parameters(
                            context.get(), meridian.get(), &value, &factor, nullptr
                        ) != 0) {
            meridian_deg = value == 0.0 ? 0.0 : value * factor / radians_per_degree;
        }
    }

    [[nodiscard]] bool read_unit(const PJ* crs) {
        const ProjObject axes(proj_crs_get_coordinate_system(context.get(), crs));
        double factor = 0.0;
        if (!axes || proj_cs_get_axis_info(
                         context.get(),
                         axes.get(),
                         0,
                         nullptr,
                         nullptr,
                         nullptr,
                         &factor,
                         nullptr,
                         nullptr,
                         nullptr
                     ) == 0) {
            return false;
        }
        // Degrees are written with 15 digits or so: such a unit is the degree itself and keeps the bits.
        unit_deg = factor / radians_per_degree;
        if (std::abs(unit_deg - 1.0) < 1e-12) {
            unit_deg = 1.0;
        }
        return unit_deg > 0.0;
    }

    /// To the source's own geographic CRS: the datum rule takes that as CGCS2000, so no shift may enter.
    [[nodiscard]] bool make_operation(const PJ* crs) {
        const ProjObject base(proj_crs_get_geodetic_crs(context.get(), crs));
        if (!base || !read_unit(base.get())) {
            return false;
        }
        const ProjObject raw(
            proj_create_crs_to_crs_from_pj(context.get(), crs, base.get(), nullptr, nullptr)
        );
        if (raw) {
            operation.reset(proj_normalize_for_visualization(context.get(), raw.get()));
        }
        return operation != nullptr;
    }

    void run(PJ_DIRECTION direction, std::span<double> x, std::span<double> y) const {
        constexpr std::size_t step = sizeof(double);
        proj_errno_reset(operation.get());
        proj_trans_generic(
            operation.get(),
            direction,
            x.data(),
            step,
            x.size(),
            y.data(),
            step,
            y.size(),
            nullptr,
            0,
            0,
            nullptr,
            0,
            0
        );
    }
};

Transform::Transform(const Crs& crs) : state_(std::make_unique<State>()) {
    const ProjObject source(proj_create(state_->context.get(), crs.definition.c_str()));
    if (!source) {
        throw_unusable(crs);
    }
    state_->read_meridian(source.get());
    const bool made =
        crs.geographic ? state_->read_unit(source.get()) : state_->make_operation(source.get());
    if (!made) {
        throw_unusable(crs);
    }
}

Transform::~Transform() = default;
Transform::Transform(Transform&& other) noexcept = default;
Transform& Transform::operator=(Transform&& other) noexcept = default;

void Transform::to_lonlat(std::span<double> x_then_lon, std::span<double> y_then_lat) const {
    const State& state = *state_;
    if (state.operation) {
        state.run(PJ_FWD, x_then_lon, y_then_lat);
    }
    for (std::size_t i = 0; i < x_then_lon.size(); ++i) {
        double lon = x_then_lon[i];
        double lat = y_then_lat[i];
        if (state.unit_deg != 1.0) {
            lon *= state.unit_deg;
            lat *= state.unit_deg;
        }
        lon = wrapped_lon_deg(lon + state.meridian_deg);
        const bool good = std::isfinite(lon) && std::abs(lat) <= 90.0;
        x_then_lon[i] = good ? lon : nan;
        y_then_lat[i] = good ? lat : nan;
    }
}

void Transform::from_lonlat(std::span<double> lon_then_x, std::span<double> lat_then_y) const {
    const State& state = *state_;
    for (std::size_t i = 0; i < lon_then_x.size(); ++i) {
        if (state.meridian_deg != 0.0) {
            lon_then_x[i] = wrapped_lon_deg(lon_then_x[i] - state.meridian_deg);
        }
        if (state.unit_deg != 1.0) {
            lon_then_x[i] /= state.unit_deg;
            lat_then_y[i] /= state.unit_deg;
        }
    }
    if (!state.operation) {
        return;
    }
    state.run(PJ_INV, lon_then_x, lat_then_y);
    for (std::size_t i = 0; i < lon_then_x.size(); ++i) {
        if (!std::isfinite(lon_then_x[i]) || !std::isfinite(lat_then_y[i])) {
            lon_then_x[i] = nan;
            lat_then_y[i] = nan;
        }
    }
}

} // namespace tuban
