// Which columns of numbers are held against the plots' areas, and what is said of them. 合成数据.
#include "run/area_columns.hpp"

#include "catch.hpp"

#include <limits>

using namespace tuban;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr double height_deg = 0.0011;
constexpr double width_deg = 0.001234; ///< of the first plot; the n-th is n times as wide

/// Areas on the ellipsoid of CGCS2000 between two parallels and two meridians, m²: (b²/2) Δλ [q(φ₂) − q(φ₁)] with
/// q(φ) = sin φ / (1 − e² sin² φ) + ln((1 + e sin φ) / (1 − e sin φ)) / (2e), computed apart from this program.
const std::vector<double> areas_m2{11'791.0884, 23'578.0432, 35'360.8635, 47'139.5481};

/// Four cells of longitude and latitude, 1.6° from the central meridian of their zone: a plane area is 0.03 % larger.
Plots cells() {
    Plots plots;
    Geometry& shapes = plots.geometry;
    for (std::size_t i = 0; i < areas_m2.size(); ++i) {
        const double n = static_cast<double>(i) + 1.0;
        const double west = 85.6;
        const double east = west + n * width_deg;
        const double south = 45.5 + 0.01 * static_cast<double>(i);
        const double north = south + height_deg;
        shapes.lon_deg.insert(shapes.lon_deg.end(), {west, east, east, west, west});
        shapes.lat_deg.insert(shapes.lat_deg.end(), {south, south, north, north, south});
        shapes.ring_offsets.push_back(shapes.lon_deg.size());
        shapes.part_offsets.push_back(i + 1);
        shapes.feature_offsets.push_back(i + 1);
        shapes.kinds.push_back(GeometryKind::polygon);
        plots.ids.push_back("p" + std::to_string(i));
    }
    plots.states.assign(plots.size(), PlotState::ok);
    plots.attributes.rows = plots.size();
    return plots;
}

Column figures(const std::string& name, const std::vector<std::optional<double>>& cells) {
    return real_column(name, "", "", cells);
}

std::vector<std::string> names_of(const std::vector<CheckedArea>& found) {
    std::vector<std::string> names;
    for (const CheckedArea& area : found) {
        names.push_back(area.column);
    }
    return names;
}

using Names = std::vector<std::string>;

const Column hectares = figures("公顷", {1.1791, 2.3578, 3.5361, 4.7140});
const Column mu = figures("亩", {17.687, 35.367, 53.041, 70.709}); // 1 亩 = 2000/3 m²
const Column square_metres = figures("TBTYMJ", {11791.09, 23578.04, 35360.86, 47139.55});

} // namespace

TEST_CASE("A column of areas is found whatever its name, in m², ha and 亩", "[run][areas]") {
    Plots plots = cells();
    plots.attributes.put(mu);
    plots.attributes.put(figures("条数", {3, 1, 4, 1}));
    plots.attributes.put(square_metres);
    plots.attributes.put(hectares);
    plots.attributes.put(figures("平方度", {1.3574e-06, 2.7148e-06, 4.0722e-06, 5.4296e-06}));
    const auto found = area_columns(plots, areas_m2, {});
    REQUIRE(names_of(found) == Names{"亩", "TBTYMJ", "公顷", "平方度"});
    const std::vector<std::string> units{"mu", "m2", "ha", "deg2"};
    // Half of the last written digit: 0.0005 亩, 0.01 m² at least, 0.00005 ha, 0.5e-10 square degrees (of 1.3574e-6 in
    // 11 791.09 m²).
    const std::vector<double> tolerances_m2{1.0 / 3.0, 0.01, 0.5, 0.434};
    for (std::size_t i = 0; i < found.size(); ++i) {
        CAPTURE(found[i].column);
        const CaliberFit& fit = found[i].fit;
        CHECK(fit.caliber == (i == 3 ? AreaCaliber::square_degrees : AreaCaliber::survey));
        CHECK(fit.unit == units[i]);
        CHECK(fit.rows == 4);
        CHECK(fit.rows_fitting == 4);
        CHECK_THAT(fit.tolerance_m2, WithinAbs(tolerances_m2[i], 0.001));
        CHECK(fit.outliers.empty());
    }
    CHECK_THAT(
        describe("亩", found[0].fit).zh,
        ContainsSubstring("亩 是椭球面积，单位亩（4 行中 4 行相差不超过 0.333 m²）")
    );
    CHECK_THAT(
        describe("公顷", found[2].fit).zh, ContainsSubstring("公顷 是椭球面积，单位公顷（")
    );
    CHECK_THAT(describe("TBTYMJ", found[1].fit).zh, ContainsSubstring("单位平方米（"));
}

TEST_CASE("What is no column of areas is passed by", "[run][areas]") {
    Plots plots = cells();
    const std::vector<std::optional<double>> areas{11791.09, 23578.04, 35360.86, 47139.55};
    plots.attributes.put(
        text_column("文字", "", {"11791.09", "23578.04", "35360.86", "47139.55"})
    );
    // What reading made of a column of the source: that column is told, not its copy.
    plots.attributes.put(figures("given_area_m2", areas));
    plots.attributes.put(integer_column("cost_yuan", "", "", {11791, 23578, 35361, 47140}));
    plots.attributes.put(figures("十倍", {117910.9, 235780.4, 353608.6, 471395.5}));
    // Of the size of areas, but 10 % and more off.
    plots.attributes.put(figures("近似", {13000, 21000, 39000, 42000}));
    plots.attributes.put(figures("空", {std::nullopt, std::nullopt, std::nullopt, std::nullopt})
    );
    plots.attributes.put(figures("零", {0, 0, -11791.09, -23578.04}));
    CHECK(names_of(area_columns(plots, areas_m2, {})).empty());
}

TEST_CASE("Half of the figures make a column of areas", "[run][areas]") {
    Plots plots = cells();
    plots.attributes.put(figures("一半", {11791.09, 7.0, 35360.86, 7.0}));
    plots.attributes.put(figures("一个", {11791.09, 7.0, 7.0, 7.0}));
    plots.attributes.put(figures("缺数", {11791.09, std::nullopt, 0.0, 7.0}));
    const auto found = area_columns(plots, areas_m2, {});
    REQUIRE(names_of(found) == Names{"一半", "缺数"});
    CHECK(found[0].fit.rows == 4);
    CHECK(found[0].fit.rows_fitting == 2);
    REQUIRE(found[0].fit.outliers.size() == 2);
    CHECK(found[0].fit.outliers[0].row == 1);
    CHECK(found[0].fit.outliers[1].row == 3);
    CHECK(found[1].fit.rows == 2); // figures above 0
    CHECK(found[1].fit.rows_fitting == 1);
}

TEST_CASE("Rows without a shape say nothing about a column", "[run][areas]") {
    Plots plots = cells();
    plots.geometry.kinds[1] = GeometryKind::none;
    plots.geometry.kinds[3] = GeometryKind::none;
    plots.attributes.put(figures("面积", {11791.09, 500000.0, 35360.86, 500000.0}));
    const auto found = area_columns(plots, {areas_m2[0], none, areas_m2[2], none}, {});
    REQUIRE(names_of(found) == Names{"面积"});
    CHECK(found[0].fit.rows == 2);
    CHECK(found[0].fit.rows_fitting == 2);
    CHECK(area_columns(plots, std::vector<double>(4, none), {}).empty());
}

TEST_CASE("Nine of ten cells tell how many digits a column is written with", "[run][areas]") {
    struct Case {
        std::vector<std::optional<double>> cells;
        int decimals;
    };

    const auto given = GENERATE(
        Case{{1.25, 2.5, 3.0}, 2}, // trailing zeros are not stored
        Case{{1.25, 1.25, 1.25, 1.25, 1.25, 1.25, 1.25, 1.25, 1.25, 1.00001}, 2},
        Case{{1.25, 1.25, 1.25, 1.25, 1.25, 1.25, 1.25, 1.25, 1.00001, 1.00001}, 5},
        Case{{1.0, 20.0, std::nullopt}, 0},
        Case{{1.5e-07, 1.5e-07}, 8},
        Case{{1.5e+20}, 0},
        Case{{std::nullopt}, 0},
        Case{{}, 0}
    );
    CHECK(written_decimals(figures("x", given.cells)) == given.decimals);
    CHECK(written_decimals(integer_column("n", "", "", {1, 20, 300})) == 0);
}

TEST_CASE("The area that a plan counts is named by how it was made", "[run][areas]") {
    Plots plots = cells();
    plots.attributes.put(hectares);
    plots.attributes.put(mu);
    plots.attributes.put(square_metres);
    PlotFields fields;
    CHECK_THAT(
        counted_caliber(plots, fields, {}).zh, ContainsSubstring("国土调查办发〔2008〕32号")
    );

    // In the unit and the digits of the source, not in those of given_area_m2.
    fields.area_ha = "公顷";
    plots.attributes.put(figures("given_area_m2", {11791, 23578, 35361, 47140}));
    CHECK_THAT(
        counted_caliber(plots, fields, {}).en,
        ContainsSubstring("公顷 is official ellipsoid area, in ha (4 of 4 rows within 0.5 m²)")
    );
    fields = {};
    fields.area_mu = "亩";
    CHECK_THAT(
        counted_caliber(plots, fields, {}).en,
        ContainsSubstring(
            "亩 is official ellipsoid area, in mu (亩) (4 of 4 rows within 0.333 m²)"
        )
    );
    fields = {};
    fields.area_m2 = "TBTYMJ";
    CHECK_THAT(
        counted_caliber(plots, fields, {}).en,
        ContainsSubstring(
            "TBTYMJ is official ellipsoid area, in m² (4 of 4 rows within 0.01 m²)"
        )
    );
}

TEST_CASE(
    "Areas of text, of nothing known and without shapes are said to be so", "[run][areas]"
) {
    Plots plots = cells();
    PlotFields fields;
    fields.area_m2 = "面积";
    plots.attributes.put(text_column("面积", "", {"11791", "23578", "35361", "47140"}));
    plots.attributes.put(figures("given_area_m2", {11791, 23578, 35361, 47140}));
    CHECK_THAT(
        counted_caliber(plots, fields, {}).en,
        ContainsSubstring("面积 is official ellipsoid area, in m² (4 of 4 rows within 0.5 m²)")
    );
    plots.attributes.put(figures("given_area_m2", {13000, 21000, 39000, 42000}));
    CHECK_THAT(counted_caliber(plots, fields, {}).zh, ContainsSubstring("口径不明"));
    plots.geometry.kinds.assign(plots.size(), GeometryKind::none);
    CHECK_THAT(
        counted_caliber(plots, fields, {}).zh, ContainsSubstring("没有图形可以核对口径")
    );
}
