#include <tuban/geodesy.hpp>

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "indicators/families.hpp"

#include <cmath>
#include <utility>

namespace tuban::indicators {
namespace {

using AreasDm2 = std::vector<std::optional<std::int64_t>>;

// No plot is larger than the Earth; beyond it counts of 0.01 m² would overflow when summed.
constexpr double greatest_m2 = 5.2e14;

AreasDm2 rounded(const std::vector<double>& areas) {
    AreasDm2 counts;
    counts.reserve(areas.size());
    for (const double area : areas) {
        counts.push_back(
            std::isfinite(area) ? std::optional<std::int64_t>(area_dm2(area)) : std::nullopt
        );
    }
    return counts;
}

/// In the one 3° zone that holds most of the plots' area; null outside the zones of China.
AreasDm2 plane_dm2(const Plots& plots, const Execution& execution) {
    const auto zone = main_zone_3_degree(plots.geometry);
    return zone ? rounded(plane_area_m2(plots.geometry, *zone, execution))
                : AreasDm2(plots.size());
}

AreasDm2 survey_dm2(const Plots& plots, const Execution& execution) {
    return rounded(area_m2(plots.geometry, plots.edge_crs, AreaMethod::survey, execution));
}

std::optional<std::int64_t> given_dm2(const Column& given, std::size_t row) {
    const auto area = given.number(row);
    const bool usable = area && std::isfinite(*area) && *area >= 0.0 && *area < greatest_m2;
    return usable ? std::optional<std::int64_t>(area_dm2(*area)) : std::nullopt;
}

AreasDm2 all_given_dm2(const Column& given) {
    AreasDm2 counts;
    counts.reserve(given.size());
    for (std::size_t row = 0; row < given.size(); ++row) {
        counts.push_back(given_dm2(given, row));
    }
    return counts;
}

/// The given column is the caliber of the whole plan: a gap in it is not filled with an area of another caliber.
std::vector<Issue> gaps(const Plots& plots, const Column& given) {
    std::vector<Issue> issues;
    for (std::size_t row = 0; row < given.size(); ++row) {
        if (given_dm2(given, row)) {
            continue;
        }
        Issue issue = plot_issue(plots, row, Severity::warning, "given_area_missing");
        issue.field = "given_area_m2";
        issue.message =
            given.number(row)
                ? text(
                      "给定面积 {} 不合理，未采用；请更正",
                      "the given area {} makes no sense and is not used: correct it",
                      *given.number(row)
                  )
                : text(
                      "给定面积为空，此图斑没有面积；请补全",
                      "the given area is empty, so this plot has no area: complete it"
                  );
        issues.push_back(std::move(issue));
    }
    return issues;
}

void fill(Column& head, const AreasDm2& counts, double per_unit) {
    std::vector<std::optional<double>> cells;
    cells.reserve(counts.size());
    for (const auto& count : counts) {
        cells.push_back(
            count ? std::optional<double>(static_cast<double>(*count) / per_unit) : std::nullopt
        );
    }
    head = real_column(head.name, head.alias, head.unit, cells);
}

std::vector<Column> measure_area(
    const Plots& plots,
    const Context& context,
    const IndicatorRequest& request,
    std::vector<Issue>& issues,
    const Execution& execution
) {
    std::vector<Column> columns;
    for (const IndicatorColumn& column : area().columns) {
        columns.push_back(column_head(column, context, request));
    }
    const AreasDm2 survey = survey_dm2(plots, part_of(execution, 0.0, 0.4));
    const AreasDm2 geodesic = rounded(area_m2(
        plots.geometry, plots.edge_crs, AreaMethod::geodesic, part_of(execution, 0.4, 0.8)
    ));
    const AreasDm2 plane = plane_dm2(plots, part_of(execution, 0.8, 1.0));
    const Column* given = plots.attributes.find("given_area_m2");
    const AreasDm2 counted = given == nullptr ? survey : all_given_dm2(*given);
    if (given != nullptr) {
        const auto found = gaps(plots, *given);
        issues.insert(issues.end(), found.begin(), found.end());
    }
    std::vector<std::optional<std::string>> basis;
    for (const auto& count : counted) {
        basis.push_back(
            count ? std::optional<std::string>(given == nullptr ? "survey" : "given")
                  : std::nullopt
        );
    }
    fill(columns[0], counted, 100.0);
    fill(columns[1], counted, 1e6);
    columns[2] = text_column(columns[2].name, columns[2].alias, basis);
    fill(columns[3], survey, 100.0);
    fill(columns[4], geodesic, 100.0);
    fill(columns[5], plane, 100.0);
    return columns;
}

const char* const survey_standard = "国土调查办发〔2008〕32号; TD/T 1055-2019 (CGCS2000)";

/// What the plan counts, and where it comes from.
std::vector<IndicatorColumn> counted_columns() {
    const Text exact = {"四舍五入到 0.01 m²", "rounded half-up to 0.01 m²"};
    return {
        {.name = "area_m2",
         .alias = "图斑面积",
         .unit = "m2",
         .better = Direction::high,
         .method =
             {"方案采用的面积：项目指定的面积列，未指定时为椭球面积",
              "what the plan counts: the column that the project names, else the survey area"},
         .source = survey_standard,
         .accuracy = exact},
        {.name = "area_ha",
         .alias = "公顷面积",
         .unit = "ha",
         .better = Direction::high,
         .method = {"area_m2 除以 10000", "area_m2 divided by 10000"},
         .source = "tuban definition",
         .accuracy = {"与 area_m2 一致", "as area_m2"}},
        {.name = "area_basis",
         .alias = "面积依据",
         .unit = "",
         .better = Direction::none,
         .method =
             {"survey：椭球面积；given：项目指定的列",
              "survey: ellipsoid area; given: the column that the project names"},
         .source = "tuban definition",
         .accuracy = {"—", "–"}}};
}

/// Areas of the geometry itself.
std::vector<IndicatorColumn> measured_columns() {
    const Text series = {
        "级数相对误差小于 1e-10（北纬 16°–55°）；四舍五入到 0.01 m²",
        "series within 1e-10 relative (16°–55° N); rounded half-up to 0.01 m²"};
    return {
        {.name = "ellipsoid_area_m2",
         .alias = "椭球面积",
         .unit = "m2",
         .better = Direction::none,
         .method =
             {"图斑椭球面积：边在源坐标平面中为直线，截成不超过 70 m 的段，梯形级数求和",
              "official ellipsoid area: edges straight in the source's plane, cut at 70 m, "
              "trapezoid series"},
         .source = survey_standard,
         .accuracy = series},
        {.name = "geodesic_area_m2",
         .alias = "测地面积",
         .unit = "m2",
         .better = Direction::none,
         .method =
             {"顶点间以大地线为边的椭球面积，用于核对",
              "area inside geodesics between the vertices, as a check"},
         .source = "Karney, J. Geodesy 87 (2013), doi:10.1007/s00190-012-0578-z",
         .accuracy =
             {"每图斑约 1e-4 m²；四舍五入到 0.01 m²",
              "about 1e-4 m² per plot; rounded half-up to 0.01 m²"}},
        {.name = "plane_area_m2",
         .alias = "平面面积",
         .unit = "m2",
         .better = Direction::none,
         .method =
             {"高斯—克吕格 3° "
              "带平面内的面积，全部图斑用图斑面积最多的那一带，供核对；中国各分带之外为空",
              "area in the plane of one 3° Gauss–Krüger zone, the one that holds most of the "
              "plots' area, as a check; null outside the zones of China"},
         .source = "tuban definition; EPSG:4534–4554",
         .accuracy = {
             "不是地面面积：距中央子午线 1.5° 处偏大约 0.03%–0.06%；四舍五入到 0.01 m²",
             "no area on the ground: 0.03–0.06 % too large at 1.5° from the central meridian; "
             "rounded half-up to 0.01 m²"}}};
}

} // namespace

std::vector<std::optional<std::int64_t>>
counted_area_dm2(const Plots& plots, const Execution& execution) {
    const Column* given = plots.attributes.find("given_area_m2");
    return given == nullptr ? survey_dm2(plots, execution) : all_given_dm2(*given);
}

IndicatorFamily area() {
    std::vector<IndicatorColumn> columns = counted_columns();
    for (IndicatorColumn& column : measured_columns()) {
        columns.push_back(std::move(column));
    }
    return {
        .name = "area",
        .needs = IndicatorNeeds::geometry,
        .columns = std::move(columns),
        .measure = measure_area,
    };
}

} // namespace tuban::indicators
