#include "geodesy/calibers.hpp"

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "geodesy/geometry.hpp"
#include "geodesy/plane_area.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace tuban {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t most_judged = 500; ///< rows that choose among the readings
constexpr double close_share =
    0.01; ///< nearer than this, a figure is likely an area in that unit
constexpr double coarse_share =
    0.2; ///< digits coarser than this part of the area prove nothing
constexpr double least_tolerance_m2 = 0.01;
constexpr double edge_slack = 1.0 + 1e-9; ///< a figure rounded at a tie still agrees

struct Unit {
    const char* name;
    const char* degrees_name;
    double m2;
};

constexpr std::array<Unit, 3> units{
    {{"m2", "deg2", 1.0}, {"ha", "deg2_as_ha", 1e4}, {"mu", "deg2_as_mu", 2000.0 / 3.0}}};

/// The zones' codes without prefix; others as they are.
std::string without_prefix(const Crs& crs) {
    constexpr std::string_view authority = "EPSG:";
    int code = 0;
    const std::string& text = crs.definition;
    if (!text.starts_with(authority)) {
        return text;
    }
    std::from_chars(text.data() + authority.size(), text.data() + text.size(), code);
    if (code >= 4513 && code <= 4533) {
        return format("EPSG:{}", code + 21);
    }
    return code >= 4491 && code <= 4501 ? format("EPSG:{}", code + 11) : text;
}

/// Width of the zones that a CRS (without prefix) belongs to, and its central meridian; none if it is no zone.
std::optional<std::pair<int, int>> zone_of(const std::string& crs) {
    for (int zone = 0; zone < 21; ++zone) {
        if (crs == format("EPSG:{}", 4534 + zone)) {
            return std::pair(3, 75 + 3 * zone);
        }
        if (zone < 11 && crs == format("EPSG:{}", 4502 + zone)) {
            return std::pair(6, 75 + 6 * zone);
        }
    }
    return std::nullopt;
}

bool has_zone(AreaCaliber caliber, double lon_deg) {
    const bool three = caliber == AreaCaliber::plane_3_degree;
    const double west = three ? west_3_degree : west_6_degree;
    const double east = three ? east_3_degree : east_6_degree;
    return lon_deg >= west && lon_deg <= east;
}

/// Looks the zone's CRS up, which takes about a millisecond.
std::optional<Crs> own_zone(AreaCaliber caliber, double lon_deg) {
    if (!has_zone(caliber, lon_deg)) {
        return std::nullopt;
    }
    return caliber == AreaCaliber::plane_3_degree ? gauss_kruger_3_degree(lon_deg)
                                                  : gauss_kruger_6_degree(lon_deg);
}

/// Number of the zone that a longitude is in, from the first one's western edge.
int zone_number(AreaCaliber caliber, double lon_deg) {
    const bool three = caliber == AreaCaliber::plane_3_degree;
    return static_cast<int>(
        std::floor((lon_deg - (three ? west_3_degree : west_6_degree)) / (three ? 3.0 : 6.0))
    );
}

Geometry chosen(const Geometry& geometry, const std::vector<std::size_t>& rows) {
    Geometry some;
    for (const std::size_t row : rows) {
        append_feature(geometry, row, some);
    }
    return some;
}

/// Plane area of each plot in its own zone.
std::vector<double>
own_zone_areas(const Geometry& geometry, AreaCaliber caliber, const Execution& execution) {
    const std::vector<double> middle = degree_areas(geometry, execution).middle_lon_deg;
    std::map<int, std::vector<std::size_t>> rows_by_zone;
    for (std::size_t row = 0; row < geometry.size(); ++row) {
        if (has_zone(caliber, middle[row])) {
            rows_by_zone[zone_number(caliber, middle[row])].push_back(row);
        }
    }
    std::vector<double> result(geometry.size(), nan);
    for (const auto& [zone, rows] : rows_by_zone) {
        const auto areas = plane_area_m2(
            chosen(geometry, rows), *own_zone(caliber, middle[rows.front()]), execution
        );
        for (std::size_t i = 0; i < rows.size(); ++i) {
            result[rows[i]] = areas[i];
        }
    }
    return result;
}

/// The CRS of the only zone that all plots lie in; "" if they lie in several, none if in no zone.
std::optional<std::string>
common_zone(const std::vector<double>& middle_longitudes_deg, AreaCaliber caliber) {
    std::set<int> zones;
    double lon_deg = 0.0;
    for (const double middle : middle_longitudes_deg) {
        if (std::isfinite(middle) && middle >= west_6_degree && middle <= east_6_degree) {
            zones.insert(zone_number(caliber, middle));
            lon_deg = middle;
        }
    }
    if (zones.empty()) {
        return std::nullopt;
    }
    if (zones.size() > 1) {
        return std::string();
    }
    const auto zone = own_zone(caliber, lon_deg);
    return zone ? std::optional(zone->definition) : std::nullopt;
}

} // namespace

CaliberAreas::CaliberAreas(
    const Geometry& geometry, std::string_view edge_crs, const Execution& execution
)
    : geometry_(geometry), edge_crs_(edge_crs) {
    check_geometry(geometry);
    const Crs file = parse_crs(edge_crs);
    const std::string file_plane = file.geographic ? "" : without_prefix(file);
    const auto file_zone = zone_of(file_plane);
    const auto add = [&](AreaCaliber caliber, const std::string& crs) {
        const bool known =
            std::any_of(readings_.begin(), readings_.end(), [&](const Reading& other) {
                return other.caliber == caliber && other.plane_crs == crs;
            });
        if (!known) {
            readings_.push_back({caliber, crs});
        }
    };
    const DegreeAreas degrees = degree_areas(geometry, execution);
    const auto main_zone = main_zone_3_degree(geometry, degrees);
    const auto add_zones = [&](AreaCaliber caliber, int width) {
        if (const auto zone = common_zone(degrees.middle_lon_deg, caliber)) {
            add(caliber, *zone);
        }
        if (width == 3 && main_zone) {
            add(caliber, main_zone->definition);
        }
        if (file_zone && file_zone->first == width) {
            add(caliber, file_plane);
        }
    };
    add(AreaCaliber::survey, "");
    add(AreaCaliber::geodesic, "");
    add_zones(AreaCaliber::plane_3_degree, 3);
    add_zones(AreaCaliber::plane_6_degree, 6);
    if (!file.geographic && !file_zone && file_plane != "EPSG:3857") {
        add(AreaCaliber::plane_of_file, file.definition);
    }
    add(AreaCaliber::web_mercator, "EPSG:3857");
    add(AreaCaliber::square_degrees, "");
    for (Reading& reading : readings_) {
        reading.values.assign(geometry.size(), nan);
        reading.known.assign(geometry.size(), 0);
    }
    readings_.back().values = degrees.square_degrees;
    readings_.back().known.assign(geometry.size(), 1);
}

void CaliberAreas::know_survey(const std::vector<double>& areas) {
    readings_.front().values = areas;
    readings_.front().known.assign(areas.size(), 1);
}

std::vector<double> CaliberAreas::measured(
    const Reading& reading, const Geometry& some, const Execution& execution
) const {
    switch (reading.caliber) {
    case AreaCaliber::survey:
        return area_m2(some, edge_crs_, AreaMethod::survey, execution);
    case AreaCaliber::geodesic:
        return area_m2(some, edge_crs_, AreaMethod::geodesic, execution);
    case AreaCaliber::plane_3_degree:
    case AreaCaliber::plane_6_degree:
        if (reading.plane_crs.empty()) {
            return own_zone_areas(some, reading.caliber, execution);
        }
        [[fallthrough]];
    case AreaCaliber::plane_of_file:
    case AreaCaliber::web_mercator:
        return plane_area_m2(some, parse_crs(reading.plane_crs), execution);
    case AreaCaliber::square_degrees:
        return degree_areas(some, execution).square_degrees;
    }
    return {};
}

void CaliberAreas::measure(
    std::size_t reading, const std::vector<std::size_t>& rows, const Execution& execution
) {
    Reading& wanted = readings_[reading];
    if (wanted.caliber == AreaCaliber::square_degrees) {
        measure(0, rows, execution); // what they are compared through
    }
    std::vector<std::size_t> missing;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(missing), [&](std::size_t row) {
        return wanted.known[row] == 0;
    });
    if (missing.empty()) {
        return;
    }
    const auto values = measured(wanted, chosen(geometry_, missing), execution);
    for (std::size_t i = 0; i < missing.size(); ++i) {
        wanted.values[missing[i]] = values[i];
        wanted.known[missing[i]] = 1;
    }
}

namespace {

/// A figure as one reading in one unit sees it.
struct Comparison {
    double given_m2 = 0.0;
    double expected_m2 = 0.0;
    double tolerance_m2 = 0.0;

    [[nodiscard]] double residual_m2() const { return std::abs(given_m2 - expected_m2); }

    [[nodiscard]] bool fits() const { return residual_m2() <= tolerance_m2 * edge_slack; }

    [[nodiscard]] bool close() const {
        return residual_m2() <= std::max(tolerance_m2, close_share * expected_m2);
    }
};

/// One reading in one unit, and how well the judged rows agree with it.
struct Candidate {
    std::size_t reading = 0;
    std::size_t unit = 0;
    std::size_t fitting = 0;
    double median_share = 0.0; ///< of the residual in the area
    bool possible = false;     ///< close on half of the rows, in digits that tell something
};

double quantile(std::vector<double> values, double share) {
    const double position = share * static_cast<double>(values.size() - 1);
    const auto at = static_cast<std::ptrdiff_t>(std::ceil(position));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

/// Fits one column.
class ColumnFit {
public:
    ColumnFit(
        CaliberAreas& areas, const std::vector<std::optional<double>>& figures, int decimals
    )
        : areas_(areas), figures_(figures), half_digit_(0.5 * std::pow(10.0, -decimals)) {
        for (std::size_t row = 0; row < figures.size(); ++row) {
            if (figures[row] && std::isfinite(*figures[row]) && *figures[row] > 0.0 &&
                areas.is_polygon(row)) {
                rows_.push_back(row);
            }
        }
    }

    std::optional<CaliberFit> fit(const Execution& execution) {
        if (rows_.empty()) {
            return std::nullopt;
        }
        const std::vector<std::size_t> some = judged_rows();
        measure_all(some, part_of(execution, 0.0, 0.5));
        const std::vector<Candidate> candidates = all_candidates(some);
        const auto best = best_of(candidates, some.size());
        if (!best) {
            return std::nullopt;
        }
        areas_.measure(best->reading, rows_, part_of(execution, 0.5, 0.8));
        CaliberFit result = summary(*best);
        if (2 * best->fitting >= some.size()) {
            result.as_good = as_good(candidates, *best);
        }
        add_outliers(*best, result, part_of(execution, 0.8, 1.0));
        return result;
    }

private:
    [[nodiscard]] std::vector<std::size_t> judged_rows() const {
        if (rows_.size() <= most_judged) {
            return rows_;
        }
        std::vector<std::size_t> some;
        for (std::size_t i = 0; i < most_judged; ++i) {
            some.push_back(rows_[i * rows_.size() / most_judged]);
        }
        return some;
    }

    void measure_all(const std::vector<std::size_t>& rows, const Execution& execution) {
        const auto n = static_cast<double>(areas_.readings().size());
        for (std::size_t i = 0; i < areas_.readings().size(); ++i) {
            const auto k = static_cast<double>(i);
            areas_.measure(i, rows, part_of(execution, k / n, (k + 1.0) / n));
        }
    }

    [[nodiscard]] Comparison
    compare(std::size_t reading, std::size_t unit, std::size_t row) const {
        const CaliberAreas::Reading& from = areas_.readings()[reading];
        double m2 = units.at(unit).m2;
        double expected = from.values[row];
        if (from.caliber == AreaCaliber::square_degrees) {
            const double survey = areas_.readings().front().values[row];
            m2 *= survey / expected;
            expected = survey;
        }
        return {*figures_[row] * m2, expected, std::max(least_tolerance_m2, half_digit_ * m2)};
    }

    [[nodiscard]] Candidate candidate(
        std::size_t reading, std::size_t unit, const std::vector<std::size_t>& rows
    ) const {
        Candidate made{reading, unit};
        std::size_t close = 0;
        std::vector<double> shares;
        std::vector<double> coarseness;
        for (const std::size_t row : rows) {
            const Comparison compared = compare(reading, unit, row);
            made.fitting += compared.fits() ? 1U : 0U;
            close += compared.close() ? 1U : 0U;
            if (compared.expected_m2 > 0.0) {
                shares.push_back(compared.residual_m2() / compared.expected_m2);
                coarseness.push_back(compared.tolerance_m2 / compared.expected_m2);
            }
        }
        if (!shares.empty()) {
            made.median_share = quantile(std::move(shares), 0.5);
            made.possible =
                2 * close >= rows.size() && quantile(std::move(coarseness), 0.5) < coarse_share;
        }
        return made;
    }

    [[nodiscard]] std::vector<Candidate> all_candidates(const std::vector<std::size_t>& rows
    ) const {
        std::vector<Candidate> all;
        for (std::size_t reading = 0; reading < areas_.readings().size(); ++reading) {
            for (std::size_t unit = 0; unit < units.size(); ++unit) {
                all.push_back(candidate(reading, unit, rows));
            }
        }
        return all;
    }

    /// Most rows first; of those that explain half of them, the first by caliber, else the nearest.
    [[nodiscard]] static std::optional<Candidate>
    best_of(const std::vector<Candidate>& candidates, std::size_t rows) {
        std::optional<Candidate> best;
        for (const Candidate& other : candidates) {
            const bool better = other.possible &&
                                (!best || other.fitting > best->fitting ||
                                 (other.fitting == best->fitting && 2 * other.fitting < rows &&
                                  other.median_share < best->median_share));
            if (better) {
                best = other;
            }
        }
        return best;
    }

    [[nodiscard]] std::vector<AreaCaliber>
    as_good(const std::vector<Candidate>& candidates, const Candidate& best) const {
        std::vector<AreaCaliber> others;
        for (const Candidate& other : candidates) {
            const AreaCaliber caliber = areas_.readings()[other.reading].caliber;
            if (other.possible && other.fitting == best.fitting &&
                caliber != areas_.readings()[best.reading].caliber &&
                (others.empty() || others.back() != caliber)) {
                others.push_back(caliber);
            }
        }
        return others;
    }

    [[nodiscard]] std::string unit_name(std::size_t reading, std::size_t unit) const {
        const bool degrees = areas_.readings()[reading].caliber == AreaCaliber::square_degrees;
        return degrees ? units.at(unit).degrees_name : units.at(unit).name;
    }

    [[nodiscard]] CaliberFit summary(const Candidate& best) const {
        CaliberFit result;
        const CaliberAreas::Reading& reading = areas_.readings()[best.reading];
        result.caliber = reading.caliber;
        result.unit = unit_name(best.reading, best.unit);
        result.plane_crs = reading.plane_crs;
        result.rows = rows_.size();
        std::vector<double> residuals;
        std::vector<double> tolerances;
        for (const std::size_t row : rows_) {
            const Comparison compared = compare(best.reading, best.unit, row);
            result.rows_fitting += compared.fits() ? 1U : 0U;
            if (std::isfinite(compared.residual_m2())) {
                residuals.push_back(compared.residual_m2());
                tolerances.push_back(compared.tolerance_m2);
            }
        }
        result.tolerance_m2 = quantile(std::move(tolerances), 0.5);
        result.median_residual_m2 = quantile(residuals, 0.5);
        result.p95_residual_m2 = quantile(residuals, 0.95);
        result.max_residual_m2 = quantile(std::move(residuals), 1.0);
        return result;
    }

    void add_outliers(const Candidate& best, CaliberFit& result, const Execution& execution) {
        std::vector<std::size_t> outside;
        for (const std::size_t row : rows_) {
            if (!compare(best.reading, best.unit, row).fits()) {
                outside.push_back(row);
            }
        }
        measure_all(outside, execution);
        for (const std::size_t row : outside) {
            const Comparison compared = compare(best.reading, best.unit, row);
            result.outliers.push_back(
                {row, compared.given_m2, compared.expected_m2, std::nullopt, ""}
            );
            explain(result.outliers.back());
        }
    }

    /// The caliber that a row fits instead.
    void explain(CaliberFit::Outlier& outlier) const {
        for (std::size_t i = 0; i < areas_.readings().size() * units.size(); ++i) {
            const std::size_t reading = i / units.size();
            const std::size_t unit = i % units.size();
            const Comparison compared = compare(reading, unit, outlier.row);
            if (compared.fits() &&
                compared.tolerance_m2 < coarse_share * compared.expected_m2) {
                outlier.fits = areas_.readings()[reading].caliber;
                outlier.fits_unit = unit_name(reading, unit);
                return;
            }
        }
    }

    CaliberAreas& areas_;
    const std::vector<std::optional<double>>& figures_;
    double half_digit_;
    std::vector<std::size_t> rows_; ///< with a figure and a polygon
};

} // namespace

std::optional<CaliberFit> fit_caliber(
    CaliberAreas& areas,
    const std::vector<std::optional<double>>& figures,
    int decimals,
    const Execution& execution
) {
    return ColumnFit(areas, figures, decimals).fit(execution);
}

std::optional<CaliberFit> area_caliber(
    const Geometry& geometry,
    std::string_view edge_crs,
    const std::vector<std::optional<double>>& figures,
    int decimals,
    const Execution& execution
) {
    if (figures.size() != geometry.size() || decimals < 0 || decimals > 15) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "面积列有 {} 个数、{} 位小数；应有 {} 个数（每个图斑一个），小数 0—15 位",
                "an area column of {} figures with {} decimals; expected {} figures, one per "
                "plot, and 0 to 15 decimals",
                figures.size(),
                decimals,
                geometry.size()
            )
        );
    }
    CaliberAreas areas(geometry, edge_crs);
    return fit_caliber(areas, figures, decimals, execution);
}

} // namespace tuban
