#include "io/local_coordinates.hpp"

#include "core/format.hpp"
#include "geodesy/projection.hpp"

#include <cmath>

namespace tuban {
namespace {

constexpr double near_m = 10'000.0; ///< a site or a sheet, seen from its own corner
/// Of planes of China, northings begin at 330 km (3° N) and eastings at 100 km.
constexpr double small_m = 100'000.0;

/// Whether at least nine in ten places are so.
template <class Is>
bool are_most(const std::vector<double>& x, const std::vector<double>& y, Is is) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        count += is(x[i], y[i]) ? 1U : 0U;
    }
    return count > 0 && 10 * count >= 9 * x.size();
}

bool are_within(const Places& places, double limit) {
    return are_most(places.x, places.y, [&](double x, double y) {
        return std::abs(x) < limit && std::abs(y) < limit;
    });
}

bool are_beyond_degrees(const Places& places) {
    return are_most(places.x, places.y, [](double x, double y) {
        return std::abs(x) > 360.0 || std::abs(y) > 360.0;
    });
}

/// The zero of Web Mercator lies off the coast of Africa, that of UTM (and of every plane cut into zones like it) on the
/// equator in the zone next to it. Of other planes nothing is known: their zero may be anywhere.
bool are_at_zero_of(const Projection& projection, const std::vector<double>& lon_deg) {
    constexpr double beyond_zone_deg = 3.5;
    if (projection.web_mercator) {
        return true;
    }
    const bool zones = projection.origin_lat_deg == 0.0 && projection.false_easting_m == 5e5 &&
                       projection.false_northing_m == 0.0;
    return zones && are_most(lon_deg, lon_deg, [&](double lon, double /*unused*/) {
               const double off = std::remainder(lon - projection.central_meridian_deg, 360.0);
               return !(std::abs(off) < beyond_zone_deg);
           });
}

} // namespace

bool look_local(const Places& places) {
    return are_within(places, small_m) && are_beyond_degrees(places);
}

bool look_local(const Crs& crs, const Places& places, const PlaceJudgement& judgement) {
    const bool good = judgement.placement == Placement::good;
    if (!are_within(places, good ? near_m : small_m) ||
        (crs.geographic && !are_beyond_degrees(places))) {
        return false;
    }
    std::vector<double> lon = places.x;
    std::vector<double> lat = places.y;
    Transform(crs).to_lonlat(lon, lat);
    const bool in_china = are_most(lon, lat, [](double lon_deg, double lat_deg) {
        return lon_deg > 70.0 && lon_deg < 140.0 && lat_deg > 2.0 && lat_deg < 58.0;
    });
    if (in_china || !plausible_readings(places).empty()) {
        return false;
    }
    const auto projection = projection_of(crs);
    return !good || (projection && are_at_zero_of(*projection, lon));
}

Text words_of_local(const Places& places, const std::string& crs) {
    return text(
        "坐标（如 ({0:.10g}, {1:.10g})）都很小，像是绘图软件里的局部坐标{2}；"
        "请在原软件里用控制点把图放到真实坐标上再导出；知道平面四参数的，也可写在项目文件 "
        "datum_shift: "
        "的 plane: 里",
        "its coordinates (such as ({0:.10g}, {1:.10g})) are small and look like local drawing "
        "coordinates{3}; place the drawing by control points in the program it comes from and "
        "export it again, or, where its four plane parameters are known, write them as plane: "
        "under datum_shift: in the project",
        places.x.at(0),
        places.y.at(0),
        crs.empty() ? "" : "，不是 " + crs + " 的坐标",
        crs.empty() ? "" : ", not those of " + crs
    );
}

} // namespace tuban
