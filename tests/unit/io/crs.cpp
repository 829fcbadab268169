// What files say of their coordinates, against the coordinates: every trap of the specification. 合成数据 throughout.
#include <tuban/geodesy.hpp>
#include <tuban/io.hpp>

#include "catch.hpp"
#include "core/format.hpp"
#include "geodesy/projection.hpp"
#include "geodesy/web_map_shift.hpp"
#include "io/local_coordinates.hpp"
#include "io/plots_reader.hpp"
#include "io_files.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numbers>

using namespace tuban;
using tuban_test::FeatureMade;
using tuban_test::FieldMade;
using tuban_test::Folder;
using tuban_test::LayerMade;

namespace {

/// A square with its south-west corner at x, y.
std::string square(double x, double y, double size) {
    return format(
        "POLYGON(({0:.9f} {1:.9f},{2:.9f} {1:.9f},{2:.9f} {3:.9f},{0:.9f} {3:.9f},{0:.9f} "
        "{1:.9f}))",
        x,
        y,
        x + size,
        y + size
    );
}

std::vector<FeatureMade> squares(double x, double y, double size) {
    std::vector<FeatureMade> features;
    for (int i = 0; i < 6; ++i) {
        features.push_back({square(x + 3.0 * size * i, y, size), {format("p{}", i)}});
    }
    return features;
}

void make_plots(const Folder& folder, int epsg, std::vector<FeatureMade> features) {
    tuban_test::make(
        folder.file("p.shp"), "ESRI Shapefile", {{"p", epsg, {{"id"}}, std::move(features)}}
    );
}

PlotsSpec spec_of(const std::string& file) {
    PlotsSpec spec;
    spec.source.file = file;
    spec.fields.id = {"id"};
    return spec;
}

std::string failure(const PlotsSpec& spec, const Folder& folder) {
    try {
        (void)read_plots(spec, folder.path());
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::unreadable_input);
        CHECK_FALSE(error.message().zh.empty());
        return error.message().en;
    }
    return "no failure";
}

const Issue* issue_of(const std::vector<Issue>& issues, const std::string& code) {
    const auto found = std::find_if(issues.begin(), issues.end(), [&](const Issue& issue) {
        return issue.code == code;
    });
    return found == issues.end() ? nullptr : &*found;
}

constexpr double toli_x = 468981.21; // 83.6° E 45.94° N in EPSG:4537
constexpr double toli_y = 5089494.69;

} // namespace

TEST_CASE("A file whose CRS its numbers contradict stops with what to write", "[io][crs]") {
    struct Case {
        int epsg;
        double x, y, size;
        const char* accept;
    };

    const auto c = GENERATE(
        Case{4537, 28e6 + toli_x, toli_y, 100.0, "--crs EPSG:4516 on"},
        Case{4516, toli_x, toli_y, 100.0, "--crs EPSG:4537 on"},
        Case{4516, 29e6 + toli_x, toli_y, 100.0, "--crs EPSG:4517 on"},
        Case{4490, 45.94, 83.6, 0.001, "--crs EPSG:4490 --axes yx on"},
        Case{4537, toli_y, toli_x, 100.0, "--crs EPSG:4537 --axes yx on"},
        Case{4537, 83.6, 45.94, 0.001, "--crs EPSG:4490 on"},
        Case{4490, 28e6 + toli_x, toli_y, 100.0, "--crs EPSG:4516 on"},
        Case{4537, toli_x / 1e3, toli_y / 1e3, 0.1, "+units=km"},
        Case{4537, toli_x * 1e3, toli_y * 1e3, 1e5, "+units=mm"},
        Case{4490, 1.0, 2.0, 0.1, "lie outside of where that CRS is used"}
    );
    INFO(c.epsg << " " << c.accept);
    const Folder folder;
    make_plots(folder, c.epsg, squares(c.x, c.y, c.size));
    CHECK_THAT(failure(spec_of("p.shp"), folder), ContainsSubstring(c.accept));

    // check answers all the same, with an error and the proposals, and no areas.
    const PlotsRead found =
        read_plots_as_found(spec_of("p.shp"), folder.path(), ReadFor::check, {});
    CHECK(found.plots.size() == 6);
    const Issue* issue = issue_of(found.plots.issues, "crs_contradicted");
    REQUIRE(issue != nullptr);
    CHECK(issue->severity == Severity::error);
    CHECK(found.plots.states[0] == PlotState::held_out);
}

TEST_CASE("A CRS that the user names is held against the numbers too", "[io][crs]") {
    const Folder folder;
    make_plots(folder, 0, squares(28e6 + toli_x, toli_y, 100.0));
    PlotsSpec spec = spec_of("p.shp");
    spec.source.crs = "EPSG:4537";
    CHECK_THAT(failure(spec, folder), ContainsSubstring("--crs EPSG:4516 on"));
    spec.source.crs = "EPSG:4516";
    const Plots plots = read_plots(spec, folder.path()).plots;
    CHECK_THAT(plots.geometry.lon_deg[0], WithinAbs(83.6, 1e-6));

    // Where nothing better is known, the user's word stands, with a warning.
    make_plots(folder, 0, squares(1.0, 2.0, 100.0));
    spec.source.crs = "EPSG:4537";
    CHECK(
        issue_of(read_plots(spec, folder.path()).plots.issues, "coordinates_local") != nullptr
    );
    make_plots(folder, 0, squares(1.0, 2.0, 0.1));
    spec.source.crs = "EPSG:4490";
    CHECK(issue_of(read_plots(spec, folder.path()).plots.issues, "crs_doubtful") != nullptr);
}

TEST_CASE("A datum that the user's word replaces is told of", "[io][crs]") {
    const Folder folder;
    const auto replaced = [&](int of_file, const char* given) {
        make_plots(folder, of_file, squares(28e6 + toli_x, toli_y, 100.0));
        PlotsSpec spec = spec_of("p.shp");
        spec.source.crs = given;
        const auto issues = read_plots(spec, folder.path()).plots.issues;
        const Issue* issue = issue_of(issues, "datum_replaced");
        return issue == nullptr ? std::string() : issue->message.en;
    };
    // Beijing 1954 and Xian 1980, zone 28, read as CGCS2000: a hundred metres and more.
    CHECK_THAT(replaced(2404, "EPSG:4516"), ContainsSubstring("Beijing 1954"));
    CHECK_THAT(replaced(2352, "EPSG:4516"), ContainsSubstring("Xian 1980"));
    CHECK(replaced(4516, "EPSG:4516").empty());
    CHECK(replaced(4490, "EPSG:4516").empty()); // the label was wrong, the datum is the same
    CHECK(replaced(0, "EPSG:4516").empty());
}

TEST_CASE("A missing CRS is proposed, and check answers", "[io][crs]") {
    const Folder folder;
    make_plots(folder, 0, squares(toli_x, toli_y, 100.0));
    const PlotsRead found =
        read_plots_as_found(spec_of("p.shp"), folder.path(), ReadFor::check, {});
    CHECK(found.crs_proposals.size() == 21);
    const Issue* issue = issue_of(found.plots.issues, "crs_missing");
    REQUIRE(issue != nullptr);
    CHECK(issue->severity == Severity::error);
    CHECK(found.inputs[0].crs.empty());
    CHECK(found.inputs[0].rows == 6);
    const std::string words = failure(spec_of("p.shp"), folder);
    CHECK_THAT(words, ContainsSubstring("no coordinate system"));
    // Nothing makes one zone likelier than another, and the words do not pretend it.
    CHECK_THAT(words, ContainsSubstring("one of 21; the numbers do not tell which zone"));
    CHECK_THAT(words, ContainsSubstring("EPSG:4537 (84°)"));
    CHECK(words.find("most likely") == std::string::npos);
}

TEST_CASE(
    "Six digits without a CRS: county codes and centre points choose the zone", "[io][crs]"
) {
    const Folder folder;
    std::vector<FeatureMade> features = squares(toli_x, toli_y, 100.0);
    for (FeatureMade& feature : features) {
        feature.second = {feature.second[0], "654224", "", ""};
    }
    const std::vector<FieldMade> fields{{"id"}, {"XIAN"}, {"KFX", 'r'}, {"KFY", 'r'}};
    tuban_test::make(folder.file("p.shp"), "ESRI Shapefile", {{"p", 0, fields, features}});
    const auto proposals = [&] {
        return read_plots_as_found(spec_of("p.shp"), folder.path(), ReadFor::check, {})
            .crs_proposals;
    };
    CHECK(proposals().size() == 8); // Xinjiang: central meridians 75° to 96°
    for (FeatureMade& feature : features) {
        feature.second = {feature.second[0], "654224", "83.601", "45.941"};
    }
    tuban_test::make(folder.file("p.shp"), "ESRI Shapefile", {{"p", 0, fields, features}});
    CHECK(proposals() == std::vector<std::string>{"EPSG:4537"});
    // The same columns show that a wrong zone is wrong.
    tuban_test::make(folder.file("p.shp"), "ESRI Shapefile", {{"p", 4538, fields, features}});
    CHECK_THAT(failure(spec_of("p.shp"), folder), ContainsSubstring("--crs EPSG:4537 on"));
}

TEST_CASE("Axes that were right are not swapped, though the user says so", "[io][crs]") {
    const auto epsg = GENERATE(4490, 4326, 4537);
    const Folder folder;
    if (epsg == 4537) {
        make_plots(folder, epsg, squares(toli_x, toli_y, 100.0));
    } else {
        make_plots(folder, epsg, squares(83.6, 45.94, 0.001));
    }
    PlotsSpec spec = spec_of("p.shp");
    CHECK(read_plots(spec, folder.path()).plots.states[0] == PlotState::ok);
    for (const bool named : {false, true}) {
        INFO(epsg << named);
        spec.source.crs = named ? std::optional(format("EPSG:{}", epsg)) : std::nullopt;
        spec.source.axes = Axes::yx;
        CHECK_THAT(
            failure(spec, folder), ContainsSubstring("the data are right, take axes out")
        );
    }
}

TEST_CASE("Swapped axes are accepted by the user's word", "[io][crs]") {
    const Folder folder;
    PlotsSpec spec = spec_of("p.shp");
    spec.source.axes = Axes::yx;
    make_plots(folder, 4490, squares(45.94, 83.6, 0.001));
    const Plots degrees = read_plots(spec, folder.path()).plots;
    CHECK_THAT(degrees.geometry.lon_deg[0], WithinAbs(83.6, 0.002));
    CHECK_THAT(degrees.geometry.lat_deg[0], WithinAbs(45.94, 0.002));
    make_plots(folder, 4537, squares(toli_y, toli_x, 100.0));
    const Plots plane = read_plots(spec, folder.path()).plots;
    CHECK_THAT(plane.geometry.lon_deg[0], WithinAbs(83.6, 0.002));
    const Issue* told = issue_of(plane.issues, "axes_swapped");
    REQUIRE(told != nullptr);
    CHECK(told->severity == Severity::note);
    CHECK_THAT(told->message.en, ContainsSubstring("83.60"));
    // And a context layer, by its window too.
    LayerSpec layer;
    layer.key = "road";
    layer.source = spec.source;
    const Layer near =
        open_layer(layer, folder.path()).source->window({83.59, 45.93, 83.601, 45.95});
    CHECK(near.size() >= 1);
    CHECK_THAT(near.geometry.lat_deg[0], WithinAbs(45.94, 0.01));
}

TEST_CASE("A zone's name on another meridian stops", "[io][crs]") {
    const Folder folder;
    make_plots(folder, 4522, squares(34.5e6, 3.4e6, 100.0));
    std::string prj = tuban_test::bytes_of(folder.file("p.prj"));
    const std::size_t at = prj.find("102.0");
    REQUIRE(at != std::string::npos);
    folder.write("p.prj", prj.replace(at, 5, "105.0"));
    const std::string why = failure(spec_of("p.shp"), folder);
    CHECK_THAT(why, ContainsSubstring("102°"));
    CHECK_THAT(why, ContainsSubstring("105°"));
    CHECK_THAT(why, ContainsSubstring("EPSG:4522"));
}

TEST_CASE("Zones mixed in one layer stop, by rows", "[io][crs]") {
    const Folder folder;
    std::vector<FeatureMade> features = squares(28.5e6 + 90'000.0, 5.0e6, 100.0);
    features.push_back({square(29.5e6 - 110'000.0, 5.0e6, 100.0), {"far"}});
    make_plots(folder, 4516, features);
    const std::string why = failure(spec_of("p.shp"), folder);
    CHECK_THAT(why, ContainsSubstring("6 rows in zone 28"));
    CHECK_THAT(why, ContainsSubstring("1 rows in zone 29 (rows 7)"));
}

TEST_CASE(
    "Beijing 54 and Xian 80 are refused without parameters, and read with them", "[io][crs]"
) {
    const Folder folder;
    // Xian 80, CM 84; where it is was computed apart (see the test of datum shifts).
    make_plots(folder, 2373, {{square(468981.199007, 5089497.066995, 100.0), {"a"}}});
    PlotsSpec spec = spec_of("p.shp");
    CHECK_THAT(failure(spec, folder), ContainsSubstring("datum_shift"));
    DatumShift& shift = spec.source.datum_shift.emplace();
    shift.dx_m = 110.25;
    shift.dy_m = -60.5;
    shift.dz_m = -35.75;
    shift.rx_arcsec = 1.2;
    shift.ry_arcsec = -0.8;
    shift.rz_arcsec = 2.5;
    shift.scale_ppm = -3.1;
    const PlotsRead read = read_plots(spec, folder.path());
    CHECK(read.plots.edge_crs == "EPSG:4537");
    CHECK_THAT(read.plots.geometry.lon_deg[0], WithinAbs(83.599383144941, 1e-9)); // 0.1 mm
    CHECK_THAT(read.plots.geometry.lat_deg[0], WithinAbs(45.940441902457, 1e-9));
    CHECK_THAT(read.inputs[0].crs_because, ContainsSubstring("dx 110.25 m"));
    const Issue* issue = issue_of(read.plots.issues, "datum_shift_applied");
    REQUIRE(issue != nullptr);
    CHECK(issue->severity == Severity::warning);
    // A shift on top of what is right already is refused.
    spec.source.crs = "EPSG:4537";
    CHECK_THROWS_AS(read_plots(spec, folder.path()), Error);
}

TEST_CASE("Four parameters bring a plane of one's own to a zone", "[io][crs]") {
    const Folder folder;
    make_plots(folder, 0, {{square(1000.0, 2000.0, 100.0), {"a"}}});
    PlotsSpec spec = spec_of("p.shp");
    DatumShift& shift = spec.source.datum_shift.emplace();
    shift.kind = DatumShift::Kind::plane;
    shift.dx_m = toli_x - 1000.0;
    shift.dy_m = toli_y - 2000.0;
    shift.target = "EPSG:4537";
    const PlotsRead read = read_plots(spec, folder.path());
    CHECK(read.plots.edge_crs == "EPSG:4537");
    CHECK_THAT(read.plots.geometry.lon_deg[0], WithinAbs(83.6, 1e-7));
    CHECK_THAT(read.plots.geometry.lat_deg[0], WithinAbs(45.94, 1e-7));
}

TEST_CASE(
    "Plots off by a web map's shift from their centre points are warned of", "[io][crs]"
) {
    const Folder folder;
    std::vector<FeatureMade> features;
    for (int i = 0; i < 8; ++i) {
        const LonLat place{83.3 + 0.05 * i, 45.7 + 0.03 * (i % 3)};
        const LonLat shown = shifted(place, WebMap::gcj02);
        features.push_back(
            {square(shown.lon_deg - 0.0005, shown.lat_deg - 0.0005, 0.001),
             {format("p{}", i),
              format("{:.6f}", place.lon_deg),
              format("{:.6f}", place.lat_deg)}}
        );
    }
    const std::vector<FieldMade> fields{{"id"}, {"KFX", 'r'}, {"KFY", 'r'}};
    tuban_test::make(folder.file("p.gpkg"), "GPKG", {{"p", 4490, fields, features}});
    const Plots plots = read_plots(spec_of("p.gpkg"), folder.path()).plots;
    const Issue* issue = issue_of(plots.issues, "gcj02_suspected");
    REQUIRE(issue != nullptr);
    CHECK_THAT(issue->message.en, ContainsSubstring("GCJ-02"));
    CHECK_THAT(issue->message.en, ContainsSubstring("the plots look like"));
}

TEST_CASE("A layer is held against its reference", "[io][crs]") {
    const Folder folder;
    std::vector<FeatureMade> right;
    std::vector<FeatureMade> wrong;
    for (int i = 0; i < 30; ++i) {
        const LonLat place{83.2 + 0.03 * (i % 6), 45.6 + 0.04 * (i / 6)};
        const LonLat shown = shifted(place, WebMap::bd09);
        right.push_back({format("POINT({:.8f} {:.8f})", place.lon_deg, place.lat_deg), {"a"}});
        wrong.push_back({format("POINT({:.8f} {:.8f})", shown.lon_deg, shown.lat_deg), {"a"}});
    }
    tuban_test::make(
        folder.file("s.gpkg"),
        "GPKG",
        {{"right", 4490, {{"id"}}, right}, {"wrong", 4490, {{"id"}}, wrong}}
    );
    LayerSpec spec;
    spec.key = "settlement";
    spec.source.file = "s.gpkg";
    spec.source.layer = "wrong";
    spec.reference.emplace();
    spec.reference->file = "s.gpkg";
    spec.reference->layer = "right";
    const Layer layer = open_layer(spec, folder.path()).source->all();
    const Issue* issue = issue_of(layer.issues, "gcj02_suspected");
    REQUIRE(issue != nullptr);
    CHECK_THAT(issue->message.en, ContainsSubstring("BD-09"));
    spec.source.layer = "right";
    CHECK(
        issue_of(open_layer(spec, folder.path()).source->all().issues, "gcj02_suspected") ==
        nullptr
    );
}

TEST_CASE("Arcs become edges at most 0.1 mm away", "[io][crs]") {
    const Folder folder;
    const std::string circle =
        "CURVEPOLYGON(CIRCULARSTRING(500000 5089400,500100 5089500,500000 "
        "5089600,499900 5089500,500000 5089400))";
    const std::string lens =
        "CURVEPOLYGON(COMPOUNDCURVE(CIRCULARSTRING(501000 5089500,501100 5089600,501200 "
        "5089500),(501200 5089500,501000 5089500)))";
    const std::string both =
        "MULTISURFACE(CURVEPOLYGON(CIRCULARSTRING(502000 5089400,502100 5089500,502000 "
        "5089600,501900 5089500,502000 5089400)),((503000 5089400,503100 5089400,503100 "
        "5089500,503000 5089400)))";
    tuban_test::make(
        folder.file("c.gpkg"),
        "GPKG",
        {{"c", 4537, {{"id"}}, {{circle, {"circle"}}, {lens, {"lens"}}, {both, {"both"}}}}}
    );
    const Plots plots = read_plots(spec_of("c.gpkg"), folder.path()).plots;
    CHECK(issue_of(plots.issues, "curves_linearised") != nullptr);
    std::vector<double> x = plots.geometry.lon_deg;
    std::vector<double> y = plots.geometry.lat_deg;
    Transform(parse_crs(plots.edge_crs)).from_lonlat(x, y);
    const std::size_t end = plots.geometry.ring_offsets[1];
    double farthest = 0.0;
    double twice_area = 0.0;
    for (std::size_t i = 0; i < end; ++i) {
        const std::size_t next = i + 1 < end ? i + 1 : 0;
        const double mx = (x[i] + x[next]) / 2.0 - 500000.0;
        const double my = (y[i] + y[next]) / 2.0 - 5089500.0;
        farthest = std::max(farthest, 100.0 - std::hypot(mx, my));
        twice_area +=
            (x[i] - 5e5) * (y[next] - 5089500.0) - (x[next] - 5e5) * (y[i] - 5089500.0);
    }
    CHECK(farthest > 0.0);
    CHECK(farthest < 1e-4 + 1e-6);
    // Edges inside of the circle by at most 0.1 mm along 628 m: 0.063 m².
    CHECK_THAT(twice_area / 2.0, WithinAbs(std::numbers::pi * 1e4, 0.063));
    CHECK(plots.states == std::vector<PlotState>(3, PlotState::ok));
}

namespace {

/// Area between two parallels and two meridians, in closed form on the CGCS2000 ellipsoid.
double band_m2(double width_deg, double south_deg, double north_deg) {
    const double f = 1.0 / cgcs2000.inverse_flattening;
    const double e = std::sqrt(f * (2.0 - f));
    const double b = cgcs2000.a_m * (1.0 - f);
    const double radian = std::numbers::pi / 180.0;
    const auto part = [&](double lat) {
        const double s = std::sin(lat * radian);
        return s / (1.0 - e * e * s * s) + std::atanh(e * s) / e;
    };
    return b * b / 2.0 * width_deg * radian * (part(north_deg) - part(south_deg));
}

} // namespace

TEST_CASE("Plots across the antimeridian are in one piece", "[io][crs]") {
    const Folder folder;
    const std::vector<FeatureMade> features{
        {"POLYGON((179.99 51,-179.98 51,-179.98 51.02,179.99 51.02,179.99 51))", {"turned"}},
        {"POLYGON((179.99 51,180.02 51,180.02 51.02,179.99 51.02,179.99 51))", {"beyond"}},
        {"MULTIPOLYGON(((179.99 51,180 51,180 51.02,179.99 51.02,179.99 51)),((-180 51,-179.98 "
         "51,-179.98 51.02,-180 51.02,-180 51)))",
         {"cut"}},
        {"POLYGON((359.9 51,360.1 51,360.1 51.02,359.9 51.02,359.9 51))", {"zero"}},
    };
    tuban_test::make(folder.file("a.gpkg"), "GPKG", {{"a", 4326, {{"id"}}, features}});
    const Plots plots = read_plots(spec_of("a.gpkg"), folder.path()).plots;
    const std::vector<double> areas =
        area_m2(plots.geometry, plots.edge_crs, AreaMethod::survey);
    const double expected = band_m2(0.03, 51.0, 51.02); // 4.7 km²
    CHECK_THAT(areas[0], WithinAbs(expected, 1e-2));
    CHECK_THAT(areas[1], WithinAbs(expected, 1e-2));
    CHECK_THAT(areas[2], WithinAbs(expected, 1e-2));
    CHECK_THAT(areas[3], WithinAbs(band_m2(0.2, 51.0, 51.02), 1e-1));
    CHECK(std::count(plots.states.begin(), plots.states.end(), PlotState::held_out) == 0);
    for (const double lon : plots.geometry.lon_deg) {
        CHECK(std::abs(lon) <= 180.0);
    }
}

TEST_CASE("A plane on the antimeridian measures as one beside it", "[io][crs]") {
    const Folder folder;
    // UTM 60 reaches over 180° E at x = 710 km or so; UTM 59 has the same figure 6° further west.
    const std::vector<FeatureMade> features{{square(7.08e5, 5.65e6, 5000.0), {"a"}}};
    tuban_test::make(folder.file("e.gpkg"), "GPKG", {{"e", 32660, {{"id"}}, features}});
    tuban_test::make(folder.file("w.gpkg"), "GPKG", {{"w", 32659, {{"id"}}, features}});
    const Plots over = read_plots(spec_of("e.gpkg"), folder.path()).plots;
    const Plots beside = read_plots(spec_of("w.gpkg"), folder.path()).plots;
    const auto [least, most] =
        std::minmax_element(over.geometry.lon_deg.begin(), over.geometry.lon_deg.end());
    CHECK(*least < -179.0);
    CHECK(*most > 179.0);
    for (const AreaMethod method :
         {AreaMethod::survey, AreaMethod::survey_vertices, AreaMethod::geodesic}) {
        CHECK_THAT(
            area_m2(over.geometry, over.edge_crs, method)[0],
            WithinAbs(area_m2(beside.geometry, beside.edge_crs, method)[0], 1e-3)
        );
    }
}

TEST_CASE("Drawings that were never placed are told as that", "[io][crs][local]") {
    struct Case {
        int epsg;
        double x, y, size;
        bool stops;
    };

    const auto c = GENERATE(
        Case{4537, 12.5, 340.0, 80.0, true},        // 3° zone of CGCS2000
        Case{4516, 1200.0, 3400.0, 80.0, true},     // with its prefix
        Case{4490, 1200.0, 3400.0, 80.0, true},     // degrees
        Case{4537, 52'000.0, 31'000.0, 80.0, true}, // a site's own plane
        Case{4537, -900.0, -1500.0, 80.0, true},
        Case{32644, 1200.0, 3400.0, 80.0, false}, // UTM: 4.5° off its meridian, on the equator
        Case{3857, 1200.0, 3400.0, 80.0, false}   // off the coast of Africa
    );
    INFO(c.epsg << " " << c.x);
    const Folder folder;
    make_plots(folder, c.epsg, squares(c.x, c.y, c.size));
    const PlotsRead found =
        read_plots_as_found(spec_of("p.shp"), folder.path(), ReadFor::check, {});
    const Issue* issue = issue_of(found.plots.issues, "coordinates_local");
    REQUIRE(issue != nullptr);
    CHECK(issue->severity == (c.stops ? Severity::error : Severity::warning));
    CHECK_THAT(issue->message.en, ContainsSubstring("local drawing coordinates, not those of"));
    CHECK_THAT(issue->message.en, ContainsSubstring("datum_shift"));
    CHECK_THAT(issue->message.zh, ContainsSubstring("局部坐标"));
    CHECK(found.crs_proposals.empty());
    CHECK((found.plots.states[0] == PlotState::held_out) == c.stops);
    if (c.stops) {
        CHECK_THAT(
            failure(spec_of("p.shp"), folder), ContainsSubstring("local drawing coordinates")
        );
    }

    // Without a CRS that remains what is missing, and the words are the same.
    make_plots(folder, 0, squares(1200.0, 3400.0, 80.0));
    const PlotsRead bare =
        read_plots_as_found(spec_of("p.shp"), folder.path(), ReadFor::check, {});
    const Issue* missing = issue_of(bare.plots.issues, "crs_missing");
    REQUIRE(missing != nullptr);
    CHECK_THAT(missing->message.en, ContainsSubstring("local drawing coordinates"));
}

TEST_CASE("What is in its place is no drawing", "[io][crs][local]") {
    std::vector<std::string> crs{"EPSG:4490", "EPSG:4326", "EPSG:3857"};
    for (int code = 4491; code <= 4554; ++code) { // every Gauss–Krüger zone of CGCS2000
        crs.push_back(format("EPSG:{}", code));
    }
    for (int zone = 43; zone <= 53; ++zone) {
        crs.push_back(format("EPSG:{}", 32600 + zone)); // UTM
    }
    for (const std::string& name : crs) {
        INFO(name);
        const Crs plane = parse_crs(name);
        const auto projection = projection_of(plane);
        const double meridian =
            projection && !projection->web_mercator ? projection->central_meridian_deg : 105.0;
        const LonLat hainan{meridian - 3.0, 18.2};
        const LonLat mohe{meridian + 3.0, 53.5};
        for (const LonLat& place : {hainan, mohe}) {
            Places places;
            places.x = {place.lon_deg};
            places.y = {place.lat_deg};
            places.rows = {0};
            Transform(plane).from_lonlat(places.x, places.y);
            const PlaceJudgement judgement = judge_places(plane, places, false, false);
            CHECK_FALSE(look_local(plane, places, judgement));
        }
    }
}

TEST_CASE("A plane of one's own may count from the middle of a county", "[io][crs][local]") {
    const auto own = [](const char* lat, const char* lon, const char* northing) {
        return format(
            R"(PROJCS["own",GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",)"
            R"(SPHEROID["CGCS2000",6378137,298.257222101]],PRIMEM["Greenwich",0],)"
            R"(UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],)"
            R"(PARAMETER["latitude_of_origin",{}],PARAMETER["central_meridian",{}],)"
            R"(PARAMETER["scale_factor",1],PARAMETER["false_easting",0],)"
            R"(PARAMETER["false_northing",{}],UNIT["metre",1]])",
            lat,
            lon,
            northing
        );
    };
    const std::string definition = GENERATE_COPY(
        own("45.94", "83.6", "0"),
        own("0", "83.6", "-5089000"),
        std::string(
            "+proj=lcc +lat_1=40 +lat_2=48 +lat_0=45.94 +lon_0=83.6 +datum=WGS84 +units=m"
        ),
        std::string("+proj=tmerc +lat_0=45.94 +lon_0=83.6 +datum=WGS84 +units=m")
    );
    INFO(definition);
    const Folder folder;
    make_plots(folder, 0, squares(120.0, 340.0, 80.0));
    PlotsSpec spec = spec_of("p.shp");
    spec.source.crs = definition;
    const PlotsRead read = read_plots(spec, folder.path());
    CHECK(issue_of(read.plots.issues, "coordinates_local") == nullptr);
    CHECK_THAT(read.plots.geometry.lat_deg[0], WithinAbs(45.94, 0.02)); // within 2 km
}

TEST_CASE("Layers of other countries are no drawings", "[io][crs][local]") {
    struct Case {
        const char* crs;
        double x, y;
    };

    // On the equator at the western border of a zone; a plane whose zero is off the south-western corner of the
    // country, 5.5° off its meridian.
    const auto c = GENERATE(
        Case{"EPSG:32637", 170'000.0, 2000.0},
        Case{"EPSG:32736", 200'000.0, 9'999'000.0},
        Case{
            "+proj=tmerc +lat_0=49 +lon_0=-2 +x_0=400000 +y_0=-100000 +datum=WGS84",
            4000.0,
            9000.0},
        Case{"EPSG:3035", 4'321'000.0, 3'210'000.0}
    );
    INFO(c.crs);
    const Crs crs = parse_crs(c.crs);
    Places places;
    places.x = {c.x};
    places.y = {c.y};
    places.rows = {0};
    CHECK_FALSE(look_local(crs, places, judge_places(crs, places, false, false)));
}
