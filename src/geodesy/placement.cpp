#include "geodesy/placement.hpp"

#include "core/format.hpp"
#include "geodesy/projection.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <utility>

namespace tuban {
namespace {

constexpr double most_of =
    0.9; ///< a form fits if so many places have it: a few rows may be wrong
constexpr double half = 0.5;
constexpr double middle_m = 500'000.0;
constexpr double farthest_from_meridian_deg = 4.5;
constexpr double zone_m = 1e6;
constexpr double agree_m =
    3'000.0; ///< columns give a plot's middle, and web maps shift by 1.5 km
constexpr double disagree_m = 10'000.0; ///< beyond any plot's size
constexpr double province_margin_deg = 0.5;
constexpr double southernmost_deg = 2.0; ///< of what CGCS2000 is used for, with a margin
constexpr double northernmost_deg = 58.0;

enum class Form { degrees, prefixed, plain, mercator };

bool between(double value, double least, double most) {
    return value >= least && value <= most;
}

/// Zone of an easting with prefix, 13 to 23 (6°) or 25 to 45 (3°); 0 for none.
int prefix_of(double easting_m) {
    if (!between(easting_m, 0.0, 100.0 * zone_m)) {
        return 0; // damaged files have boxes beyond any integer
    }
    const auto zone = static_cast<int>(std::floor(easting_m / zone_m));
    const bool known = (zone >= 13 && zone <= 23) || (zone >= 25 && zone <= 45);
    return known && between(easting_m - zone * zone_m, 100'000.0, 900'000.0) ? zone : 0;
}

/// Whether numbers, east first and in metres or degrees, look like that in China.
bool has_form(Form form, double x, double y) {
    switch (form) {
    case Form::degrees:
        return between(x, 73.0, 136.0) && between(y, 3.0, 54.5);
    case Form::prefixed:
        return prefix_of(x) != 0 && between(y, 300'000.0, 6'100'000.0); // 3° to 55° N
    case Form::plain:
        return between(x, 100'000.0, 900'000.0) && between(y, 1'600'000.0, 6'100'000.0);
    case Form::mercator:
        return between(x, 8'100'000.0, 15'200'000.0) && between(y, 1'700'000.0, 7'300'000.0);
    }
    return false;
}

/// A form, and what has been done to it.
struct View {
    Form form = Form::degrees;
    bool swapped = false;
    double unit_m = 1.0; ///< metres in a unit of the numbers
};

std::pair<double, double> seen(const Places& places, std::size_t i, const View& view) {
    const double x = places.x[i] * view.unit_m;
    const double y = places.y[i] * view.unit_m;
    return view.swapped ? std::pair(y, x) : std::pair(x, y);
}

bool is_view(const Places& places, const View& view) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const auto [x, y] = seen(places, i, view);
        count += has_form(view.form, x, y) ? 1U : 0U;
    }
    return places.size() > 0 &&
           static_cast<double>(count) >= most_of * static_cast<double>(places.size());
}

/// The zone prefix that most places have.
int common_prefix(const Places& places, const View& view) {
    std::map<int, std::size_t> counts;
    for (std::size_t i = 0; i < places.size(); ++i) {
        ++counts[prefix_of(seen(places, i, view).first)];
    }
    const auto most =
        std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
            return a.second < b.second;
        });
    return most == counts.end() ? 0 : most->first;
}

int code_of_prefix(int zone) {
    return zone <= 23 ? 4491 + zone - 13 : 4513 + zone - 25;
}

int meridian_of_prefix(int zone) {
    return zone <= 23 ? 6 * zone - 3 : 3 * zone;
}

std::string metric(double meridian_deg, double false_easting_m, double unit_m) {
    return format(
        "+proj=tmerc +lon_0={} +x_0={} +datum=WGS84 +units={}",
        meridian_deg,
        false_easting_m,
        unit_m > 1.0 ? "km" : "mm"
    );
}

/// Readings of a view; zones without prefix are all listed.
std::vector<Reading> readings_of(const Places& places, const View& view) {
    const bool metres = view.unit_m == 1.0;
    std::vector<Reading> readings;
    switch (view.form) {
    case Form::degrees:
        readings.push_back({"EPSG:4490", view.swapped});
        break;
    case Form::prefixed: {
        const int zone = common_prefix(places, view);
        readings.push_back(
            {metres ? format("EPSG:{}", code_of_prefix(zone))
                    : metric(meridian_of_prefix(zone), zone * zone_m + middle_m, view.unit_m),
             view.swapped}
        );
        break;
    }
    case Form::plain:
        for (int zone = 25; zone <= 45; ++zone) {
            readings.push_back(
                {metres ? format("EPSG:{}", 4534 + zone - 25)
                        : metric(3 * zone, middle_m, view.unit_m),
                 view.swapped}
            );
        }
        break;
    case Form::mercator:
        readings.push_back({"EPSG:3857", view.swapped});
        break;
    }
    return readings;
}

struct Landed {
    std::vector<double> lon_deg;
    std::vector<double> lat_deg;
};

Landed land(const Places& places, const Crs& crs, bool swapped) {
    Landed landed{swapped ? places.y : places.x, swapped ? places.x : places.y};
    Transform(crs).to_lonlat(landed.lon_deg, landed.lat_deg);
    return landed;
}

double middle_of(std::vector<double> values) {
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

/// Median distance from where columns say the features are; none unless at least half of them are said.
std::optional<double> distance_from_said_m(const Places& places, const Landed& landed) {
    std::vector<double> distances;
    for (std::size_t i = 0; i < places.said.size(); ++i) {
        if (std::isfinite(places.said[i].lon_deg) && std::isfinite(places.said[i].lat_deg)) {
            const bool good = std::isfinite(landed.lon_deg[i]);
            distances.push_back(
                good ? geodesic_distance_m(
                           places.said[i], {landed.lon_deg[i], landed.lat_deg[i]}
                       )
                     : std::numeric_limits<double>::infinity()
            );
        }
    }
    if (distances.empty() ||
        static_cast<double>(distances.size()) < half * static_cast<double>(places.size())) {
        return std::nullopt;
    }
    return middle_of(std::move(distances));
}

/// Share of the places in the province that their ids name.
double share_expected(const Places& places, const Landed& landed) {
    std::size_t inside = 0;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const LonLatBox& box = *places.expected;
        const double margin = province_margin_deg;
        inside +=
            between(landed.lon_deg[i], box.west_deg - margin, box.east_deg + margin) &&
                    between(landed.lat_deg[i], box.south_deg - margin, box.north_deg + margin)
                ? 1U
                : 0U;
    }
    return static_cast<double>(inside) / static_cast<double>(places.size());
}

/// 0: columns agree; 1: in the province, or nothing is known; 2: known to be wrong.
int grade(const Places& places, const Reading& reading) {
    const Landed landed = land(places, parse_crs(reading.crs), reading.swapped);
    if (const auto distance = distance_from_said_m(places, landed)) {
        return *distance <= agree_m ? 0 : 2;
    }
    return places.expected && share_expected(places, landed) < half ? 2 : 1;
}

void add_views(std::initializer_list<Form> forms, double unit_m, std::vector<View>& views) {
    for (const bool swapped : {false, true}) {
        for (const Form form : forms) {
            views.push_back({form, swapped, unit_m});
        }
    }
}

std::vector<View> all_views() {
    std::vector<View> views;
    add_views({Form::degrees, Form::prefixed, Form::plain, Form::mercator}, 1.0, views);
    add_views({Form::prefixed, Form::plain}, 1000.0, views);
    add_views({Form::prefixed, Form::plain}, 0.001, views);
    return views;
}

/// "468981.21, 5089494.69": the first place that is like most.
std::string example_of(const Places& places) {
    return format("({:.10g}, {:.10g})", places.x[0], places.y[0]);
}

bool is_swapped_degrees(double x, double y) {
    return between(x, 3.0, 54.5) && between(y, 73.0, 136.0);
}

/// How far a CRS reaches.
class Range {
public:
    Range(const Crs& crs, bool axes_given)
        : crs_(crs), projection_(projection_of(crs)), axes_given_(axes_given) {}

    /// @param x, y  as the CRS has them; lon, lat where that is
    [[nodiscard]] bool holds(double x, double y, double lon, double lat) const {
        if (!std::isfinite(lon) || !std::isfinite(lat)) {
            return false;
        }
        if (crs_.geographic) {
            return std::abs(x) <= 360.0 && (axes_given_ || !is_swapped_degrees(x, y)) &&
                   in_china_if_meant(lon, lat);
        }
        if (has_form(Form::degrees, x, y) || is_swapped_degrees(x, y)) {
            return false; // degrees of China are no metres: those lie on a few ares of sea
        }
        if (projection_ && projection_->web_mercator) {
            constexpr double whole_m = 20'037'509.0;
            const bool at_origin = std::abs(lon) < 0.01 && std::abs(lat) < 0.01;
            return std::abs(x) <= whole_m && !at_origin;
        }
        const double from_meridian =
            projection_ ? std::remainder(lon - projection_->central_meridian_deg, 360.0) : 0.0;
        return std::abs(from_meridian) <= farthest_from_meridian_deg &&
               in_china_if_meant(lon, lat);
    }

    [[nodiscard]] bool is_of_china() const { return !crs_.datum_note; }

    [[nodiscard]] const std::optional<Projection>& projection() const { return projection_; }

private:
    [[nodiscard]] bool in_china_if_meant(double lon, double lat) const {
        return !is_of_china() ||
               (between(lon, 70.0, 140.0) && between(lat, southernmost_deg, northernmost_deg));
    }

    const Crs& crs_;
    std::optional<Projection> projection_;
    bool axes_given_;
};

/// Rows that a CRS does not reach.
std::vector<std::size_t>
rows_outside(const Range& range, const Places& places, const Landed& landed, bool swapped) {
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const double x = swapped ? places.y[i] : places.x[i];
        const double y = swapped ? places.x[i] : places.y[i];
        if (!range.holds(x, y, landed.lon_deg[i], landed.lat_deg[i])) {
            rows.push_back(places.rows[i]);
        }
    }
    return rows;
}

bool is_share(std::size_t count, double share, const Places& places) {
    return static_cast<double>(count) >= share * static_cast<double>(places.size());
}

/// Readings of the numbers other than the claimed one: first the same with axes swapped, then those on its meridian.
std::vector<Reading> other_readings(
    const Crs& crs, const Range& range, const Places& places, const Reading& claimed
) {
    std::vector<Reading> readings = plausible_readings(places);
    if (crs.geographic && crs.datum_note) { // degrees are degrees of the claimed datum
        for (Reading& reading : readings) {
            reading.crs = reading.crs == "EPSG:4490" ? crs.definition : reading.crs;
        }
    }
    std::erase(readings, claimed);
    if (range.projection()) {
        const double meridian = range.projection()->central_meridian_deg;
        std::stable_partition(readings.begin(), readings.end(), [&](const Reading& reading) {
            const auto other = projection_of(parse_crs(reading.crs));
            return other && !other->web_mercator && other->central_meridian_deg == meridian;
        });
    }
    const Reading turned{claimed.crs, !claimed.swapped};
    const Landed landed = land(places, crs, turned.swapped);
    const std::size_t outside = rows_outside(range, places, landed, turned.swapped).size();
    if (!crs.geographic && is_share(places.size() - outside, most_of, places)) {
        std::erase(readings, turned);
        readings.insert(readings.begin(), turned);
    }
    return readings;
}

/// Nothing better is known: is it still a place that a wide layer may reach?
Placement without_other_reading(const Range& range, const Landed& landed) {
    constexpr double widest_deg = 30.0; // a plane is drawn far beyond its zone at times
    std::size_t beyond = 0;
    for (std::size_t i = 0; i < landed.lon_deg.size(); ++i) {
        const double meridian =
            range.projection() ? range.projection()->central_meridian_deg : landed.lon_deg[i];
        const double off = std::abs(std::remainder(landed.lon_deg[i] - meridian, 360.0));
        const bool reached = off <= widest_deg &&
                             (!range.is_of_china() ||
                              (between(landed.lon_deg[i], 70.0, 140.0) &&
                               between(landed.lat_deg[i], southernmost_deg, northernmost_deg)));
        beyond += reached ? 0U : 1U; // NaN is beyond
    }
    if (2 * beyond < landed.lon_deg.size()) {
        return Placement::good;
    }
    return range.is_of_china() ? Placement::contradicted : Placement::doubtful;
}

Text what_is_seen(const Places& places, const std::vector<Reading>& readings) {
    const std::string example = example_of(places);
    if (readings.empty()) {
        return text(
            "坐标（如 {0}）不在该坐标系的适用范围内",
            "its coordinates (such as {0}) lie outside of where that CRS is used",
            example
        );
    }
    const Reading& first = readings.front();
    if (first.swapped) {
        return text(
            "坐标（如 {0}）像是先北（纬度）后东（经度）",
            "its coordinates (such as {0}) look like north (latitude) before east (longitude)",
            example
        );
    }
    if (first.crs.find("+units=") != std::string::npos) {
        return text(
            "坐标（如 {0}）的单位像是{1}，不是米",
            "the unit of its coordinates (such as {0}) looks like {2}, not metres",
            example,
            first.crs.ends_with("km") ? "千米" : "毫米",
            first.crs.ends_with("km") ? "kilometres" : "millimetres"
        );
    }
    const Crs crs = parse_crs(first.crs);
    if (crs.geographic) {
        return text(
            "坐标（如 {0}）像是经纬度的度数，不是米",
            "its coordinates (such as {0}) look like degrees, not metres",
            example
        );
    }
    return text(
        "坐标（如 {0}）像是 {1}",
        "its coordinates (such as {0}) look like {1}",
        example,
        crs.name
    );
}

} // namespace

std::string Reading::words() const {
    const std::string quoted = crs.find(' ') == std::string::npos ? crs : '"' + crs + '"';
    return quoted + (swapped ? " --axes yx" : "");
}

std::vector<Reading> plausible_readings(const Places& places) {
    std::vector<Reading> readings;
    for (const View& view : all_views()) {
        if (is_view(places, view)) {
            std::vector<Reading> found = readings_of(places, view);
            std::move(found.begin(), found.end(), std::back_inserter(readings));
        }
    }
    const bool informed = !places.said.empty() || places.expected;
    if (readings.size() < 2 || !informed) {
        return readings;
    }
    std::vector<std::pair<int, Reading>> graded;
    graded.reserve(readings.size());
    for (Reading& reading : readings) {
        graded.emplace_back(grade(places, reading), std::move(reading));
    }
    std::stable_sort(graded.begin(), graded.end(), [](const auto& a, const auto& b) {
        return a.first < b.first;
    });
    const int best = graded.front().first;
    readings.clear();
    for (auto& [mark, reading] : graded) {
        if (mark == best) {
            readings.push_back(std::move(reading));
        }
    }
    return readings;
}

std::map<int, std::vector<std::size_t>> mixed_zones(const Places& places) {
    std::map<int, std::vector<std::size_t>> zones;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const bool swapped = has_form(Form::prefixed, places.y[i], places.x[i]);
        const double easting = swapped ? places.y[i] : places.x[i];
        const double northing = swapped ? places.x[i] : places.y[i];
        if (!has_form(Form::prefixed, easting, northing)) {
            return {};
        }
        const int zone = prefix_of(easting);
        // Half a zone and a third beyond it: a plane that is drawn far beyond its zone has places in between.
        const double width_deg = zone <= 23 ? 6.0 : 3.0;
        constexpr double degree_m = 111'320.0;
        const double lat = northing / 110'900.0 * 3.14159265358979 / 180.0;
        const double reach = width_deg * 0.5 * 1.34 * degree_m * std::cos(lat);
        if (std::abs(easting - zone * zone_m - middle_m) > reach) {
            return {};
        }
        zones[zone].push_back(places.rows[i]);
    }
    if (zones.size() < 2) {
        zones.clear();
    }
    return zones;
}

PlaceJudgement
judge_places(const Crs& crs, const Places& places, bool swapped, bool axes_given) {
    PlaceJudgement judgement;
    if (places.size() == 0) {
        return judgement;
    }
    const Range range(crs, axes_given);
    const Landed landed = land(places, crs, swapped);
    judgement.outside = rows_outside(range, places, landed, swapped);
    const bool most_inside = !is_share(judgement.outside.size(), half, places);
    const auto distance = distance_from_said_m(places, landed);
    if (most_inside && (!distance || *distance <= disagree_m)) {
        return judgement;
    }
    judgement.readings = other_readings(crs, range, places, {crs.definition, swapped});
    std::erase_if(judgement.readings, [&](const Reading& reading) {
        return (axes_given && reading.swapped != swapped) ||
               (most_inside && grade(places, reading) != 0);
    });
    if (most_inside) { // only the columns are against it: they must be for another reading
        judgement.because = text(
            "坐标与中心点经纬度的两列相差约 {0:.0f} 千米",
            "its coordinates lie about {0:.0f} km from where the columns of centre points say",
            *distance / 1000.0
        );
        judgement.placement =
            judgement.readings.empty() ? Placement::doubtful : Placement::contradicted;
        return judgement;
    }
    judgement.because = what_is_seen(places, judgement.readings);
    judgement.placement = judgement.readings.empty() ? without_other_reading(range, landed)
                                                     : Placement::contradicted;
    judgement.outside.clear();
    return judgement;
}

std::optional<LonLatBox> province_box(int code) {
    struct Province {
        int code;
        double west;
        double south;
        double east;
        double north;
    };

    constexpr std::array<Province, 32> provinces{{
        {11, 115.4, 39.4, 117.6, 41.1}, {12, 116.7, 38.5, 118.1, 40.3},
        {13, 113.4, 36.0, 119.9, 42.7}, {14, 110.2, 34.5, 114.6, 40.8},
        {15, 97.1, 37.4, 126.1, 53.4},  {21, 118.8, 38.7, 125.8, 43.5},
        {22, 121.6, 40.8, 131.4, 46.4}, {23, 121.1, 43.4, 135.1, 53.6},
        {31, 120.8, 30.6, 122.3, 31.9}, {32, 116.3, 30.7, 122.0, 35.2},
        {33, 118.0, 27.0, 123.2, 31.2}, {34, 114.8, 29.3, 119.7, 34.7},
        {35, 115.8, 23.5, 120.8, 28.4}, {36, 113.5, 24.4, 118.5, 30.1},
        {37, 114.7, 34.3, 122.8, 38.5}, {41, 110.3, 31.3, 116.7, 36.4},
        {42, 108.3, 29.0, 116.2, 33.3}, {43, 108.7, 24.6, 114.3, 30.2},
        {44, 109.6, 20.1, 117.4, 25.6}, {45, 104.4, 20.9, 112.1, 26.4},
        {46, 108.5, 3.0, 119.0, 20.3},  {50, 105.2, 28.1, 110.3, 32.3},
        {51, 97.3, 26.0, 108.6, 34.4},  {52, 103.6, 24.6, 109.6, 29.3},
        {53, 97.5, 21.1, 106.2, 29.3},  {54, 78.3, 26.8, 99.2, 36.6},
        {61, 105.4, 31.7, 111.3, 39.6}, {62, 92.2, 32.5, 108.8, 42.9},
        {63, 89.4, 31.6, 103.1, 39.3},  {64, 104.2, 35.2, 107.7, 39.4},
        {65, 73.4, 34.3, 96.5, 49.2},   {71, 119.2, 21.7, 122.2, 25.4},
    }};
    for (const Province& province : provinces) {
        if (province.code == code) {
            return LonLatBox{province.west, province.south, province.east, province.north};
        }
    }
    return std::nullopt;
}

} // namespace tuban
