#include <tuban/indicators.hpp>

#include "catch.hpp"
#include "sample.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace tuban;

namespace {

constexpr auto null = std::nullopt;

std::vector<std::string> names_of(const Table& table) {
    std::vector<std::string> names;
    for (const Column& column : table.columns) {
        names.push_back(column.name);
    }
    return names;
}

std::vector<std::string> codes_of(const std::vector<Issue>& issues) {
    std::vector<std::string> codes;
    for (const Issue& issue : issues) {
        CHECK_FALSE(issue.message.zh.empty());
        CHECK_FALSE(issue.message.en.empty());
        codes.push_back(issue.code + (issue.plot_id.empty() ? "" : " " + issue.plot_id));
    }
    return codes;
}

/// Context with the sample's roads, and a raster if asked.
struct Given {
    std::unique_ptr<LayerSource> road = memory_source(sample::roads());
    sample::Tilted heights;
    Context context;

    explicit Given(Layer roads = sample::roads()) : road(memory_source(std::move(roads))) {
        context.layers["road"] = road.get();
        context.layer_aliases["road"] = "道路";
    }
};

Error error_of(const Plots& plots, const Context& context, const IndicatorRequest& request) {
    try {
        static_cast<void>(measure(plots, context, {request}));
    } catch (const Error& error) {
        return error;
    }
    return {ErrorCode::internal, {}};
}

} // namespace

TEST_CASE(
    "Areas and perimeters come always, and agree with the plane where its scale is 1",
    "[indicators]"
) {
    const Measured measured = measure(sample::plots(), {}, {});
    const Table& table = measured.table;
    CHECK(
        names_of(table) ==
        std::vector<std::string>{
            "plot_id",
            "mine_id",
            "name",
            "town",
            "mode",
            "responsible",
            "cost_yuan",
            "area_m2",
            "area_ha",
            "area_basis",
            "ellipsoid_area_m2",
            "geodesic_area_m2",
            "plane_area_m2",
            "perimeter_m"}
    );
    CHECK_THAT(table.at("area_m2").number(0).value(), WithinAbs(10'000.0, 0.01));
    CHECK_THAT(table.at("area_m2").number(2).value(), WithinAbs(40'000.0, 0.01));
    CHECK_THAT(table.at("geodesic_area_m2").number(2).value(), WithinAbs(40'000.0, 0.01));
    CHECK_THAT(table.at("perimeter_m").number(2).value(), WithinAbs(800.0, 0.001));
    CHECK(table.at("area_ha").number(2) == table.at("area_m2").number(2).value() / 1e4);
    CHECK(table.at("area_basis").text(0) == "survey");
    for (const char* name : {"area_m2", "area_ha", "area_basis", "perimeter_m"}) {
        INFO(name);
        CHECK(table.at(name).valid[3] == 0); // d has no geometry
    }
    CHECK(table.at("town").valid == std::vector<std::uint8_t>(4, 0));
    CHECK(table.at("cost_yuan").type() == ColumnType::integer);
    CHECK(measured.issues.empty());
}

TEST_CASE("Every area is a whole count of 0.01 m2", "[indicators]") {
    Plots plots = plots_from_wkb(
        {sample::polygon({{0, 0}, {33.337, 1}, {20.111, 47.77}})}, {"t"}, "EPSG:4516"
    );
    const Table table = measure(plots, {}, {}).table;
    for (const char* name :
         {"area_m2", "ellipsoid_area_m2", "geodesic_area_m2", "plane_area_m2"}) {
        INFO(name);
        const double area = table.at(name).number(0).value();
        CHECK(area == static_cast<double>(area_dm2(area)) / 100.0);
    }
    // Shoelace in the plane: (33.337 * 47.77 - 20.111 * 1) / 2 = 786.198745
    CHECK(table.at("area_m2").number(0) == 786.20);
    CHECK(table.at("plane_area_m2").number(0) == 786.20);
}

TEST_CASE("The area that the project names is what counts, rounded half-up", "[indicators]") {
    Plots plots = sample::plots();
    plots.attributes.put(
        real_column("given_area_m2", "", "m2", {{12.345}, null, {-1.0}, {4000.0}})
    );
    const Measured measured = measure(plots, {}, {});
    const Table& table = measured.table;
    CHECK(table.at("area_m2").number(0) == 12.35);
    CHECK(table.at("area_basis").text(0) == "given");
    CHECK(table.at("area_m2").number(3) == 4000.0); // no geometry, but an area
    CHECK(table.at("area_ha").number(3) == 0.4);
    CHECK_THAT(table.at("ellipsoid_area_m2").number(0).value(), WithinAbs(10'000.0, 0.01));
    // A gap is never filled with an area of another kind.
    CHECK(table.at("area_m2").valid[1] == 0);
    CHECK(table.at("area_m2").valid[2] == 0);
    CHECK(
        codes_of(measured.issues) ==
        std::vector<std::string>{"given_area_missing b", "given_area_missing c"}
    );
    CHECK(table.find("given_area_m2") == nullptr);
}

TEST_CASE("Distances name the nearest feature", "[indicators]") {
    const Given given;
    const Measured measured =
        measure(sample::plots(), given.context, {{"distance", "road", null}});
    const Table& table = measured.table;
    const Column& distance = table.at("road_distance_m");
    CHECK(distance.number(0) == 0.0);
    CHECK_THAT(distance.number(1).value(), WithinAbs(130.0, 0.001));
    CHECK_THAT(distance.number(2).value(), WithinAbs(100.0, 0.001));
    CHECK(distance.valid[3] == 0);
    CHECK(distance.alias == "距道路距离");
    CHECK(distance.unit == "m");
    CHECK(table.at("road_nearest_id").text(1) == "7");
    CHECK(table.at("road_nearest_id").text(2) == "8");
    CHECK(table.at("road_nearest_name").text(2) == "省道");
    CHECK(table.at("road_nearest_name").text(1) == null); // has none
    CHECK(table.at("road_nearest_name").alias == "最近道路名称");
    CHECK(measured.issues.empty());
}

TEST_CASE("A layer without features, or far away, gives nulls and says so", "[indicators]") {
    Layer nothing;
    nothing.key = "road";
    const Given empty{nothing};
    const IndicatorRequest request{"distance", "road", null};
    const Measured none = measure(sample::plots(), empty.context, {request});
    CHECK(none.table.at("road_distance_m").valid == std::vector<std::uint8_t>(4, 0));
    CHECK(codes_of(none.issues) == std::vector<std::string>{"empty_layer"});

    Layer far =
        layer_from_wkb({sample::line({{0, -900'000}, {10, -900'000}})}, {"9"}, "EPSG:4516");
    far.key = "road";
    const Given away{far};
    const Measured measured = measure(sample::plots(), away.context, {request});
    CHECK(measured.table.at("road_distance_m").valid == std::vector<std::uint8_t>(4, 0));
    CHECK(
        codes_of(measured.issues) ==
        std::vector<std::string>{"out_of_range a", "out_of_range b", "out_of_range c"}
    );
}

TEST_CASE("The share within a distance is that of a strip along the road", "[indicators]") {
    const Given given;
    const Measured measured = measure(
        sample::plots(),
        given.context,
        {{"share_within", "road", 30.0}, {"share_within", "road", 150.0}}
    );
    const Column& near = measured.table.at("road_share_within_30m");
    CHECK(near.alias == "道路30米内占比");
    CHECK_THAT(near.number(0).value(), WithinAbs(0.5, 1e-5)); // x from 0 to 50 of 100
    CHECK(near.number(2) == 0.0);
    CHECK(near.valid[3] == 0);
    CHECK_THAT(
        measured.table.at("road_share_within_150m").number(2).value(), WithinAbs(0.25, 1e-5)
    );
}

TEST_CASE("Clusters are named after their smallest plot and add up exactly", "[indicators]") {
    const IndicatorRequest request{"clusters", "", 50.0};
    const Plots plots = sample::plots();
    Table table = measure(plots, {}, {{"clusters", "", 51.0}}).table;
    CHECK(table.at("cluster_id").text(1) == "a");
    CHECK(table.at("cluster_id").text(2) == "c");
    CHECK(table.at("cluster_plots").integer(0) == 2);
    CHECK_THAT(table.at("cluster_area_ha").number(1).value(), WithinAbs(2.0, 2e-6));
    CHECK(table.at("cluster_id").valid[3] == 0);
    CHECK(measure(plots, {}, {{"clusters", "", 49.0}}).table.at("cluster_id").text(1) == "b");

    const auto before = names_of(table);
    (void)measure_clusters(table, {plots, {0, 1, 1, 1}}, {}, {{"clusters", "", 51.0}});
    CHECK(names_of(table) == before);
    CHECK(table.at("cluster_id").valid[0] == 0);
    CHECK(table.at("cluster_plots").valid[0] == 0);
    CHECK(table.at("cluster_id").text(1) == "b");
    CHECK(table.at("cluster_plots").integer(1) == 1);
    const Table same = table;
    (void)measure_clusters(table, {plots, {1, 1, 1, 1}}, {}, {}); // nobody asked
    CHECK(table == same);
}

TEST_CASE("Links of clusters cross no barrier and obey the largest area", "[indicators]") {
    const Given given; // b lies 50 m east of a, c 600 m north; the road runs through a
    const Plots plots = sample::plots();
    IndicatorRequest request{"clusters", "", 601.0};
    CHECK(measure(plots, {}, {request}).table.at("cluster_plots").integer(0) == 3);
    request.at_most_ha = 2.5; // a and b have 1 ha each, c has 4
    const Table limited = measure(plots, {}, {request}).table;
    CHECK(limited.at("cluster_id").text(1) == "a");
    CHECK(limited.at("cluster_id").text(2) == "c");
    request = {"clusters", "", 51.0, {"wall"}};
    Context context = given.context;
    Layer wall = layer_from_wkb({sample::line({{120, -900}, {120, 2000}})}, {"1"}, "EPSG:4516");
    const auto source = memory_source(std::move(wall));
    context.layers["wall"] = source.get();
    const Table parted = measure(plots, context, {request}).table;
    CHECK(parted.at("cluster_id").text(0) == "a");
    CHECK(parted.at("cluster_id").text(1) == "b");
    CHECK(parted.at("cluster_id").text(2) == "c");
    Table table = parted;
    (void)measure_clusters(table, {plots, {0, 1, 1, 1}}, context, {request});
    CHECK(table.at("cluster_id").valid[0] == 0);
    CHECK(table.at("cluster_id").text(1) == "b");
    const Error unknown = error_of(plots, given.context, request);
    CHECK(unknown.code() == ErrorCode::invalid_project);
    CHECK_THAT(unknown.message().en, ContainsSubstring("wall"));
    CHECK_THAT(unknown.message().en, ContainsSubstring("layers: road"));
}

TEST_CASE(
    "Packages are named after their smallest plot, plots in none have nulls", "[indicators]"
) {
    const Plots plots = sample::plots();
    IndicatorRequest request{"packages", "", 51.0};
    request.at_least_km2 = 0.0199; // a and b have 1 ha each
    const Table table = measure(plots, {}, {request}).table;
    CHECK(table.at("package_id").text(1) == "a");
    CHECK(table.at("package_plots").integer(0) == 2);
    CHECK_THAT(table.at("package_area_ha").number(0).value(), WithinAbs(2.0, 2e-6));
    CHECK_THAT(table.at("package_gap_m").number(0).value(), WithinAbs(50.0, 1e-3));
    CHECK(table.at("package_id").text(2) == "c"); // 4 ha alone
    CHECK_THAT(table.at("package_gap_m").number(2).value(), WithinAbs(0.0, 0.0));
    CHECK(table.at("package_id").valid[3] == 0);
    request.at_least_km2 = 0.03;
    const Table fewer = measure(plots, {}, {request}).table;
    CHECK(fewer.at("package_id").valid[0] == 0);
    CHECK(fewer.at("package_gap_m").valid[1] == 0);
    CHECK(fewer.at("package_plots").integer(2) == 1);
    request.at_least_km2 = std::nullopt;
    CHECK_THAT(error_of(plots, {}, request).message().en, ContainsSubstring("least area"));
}

TEST_CASE("Plots of a mine add up over the eligible ones", "[indicators]") {
    Plots plots = sample::plots();
    plots.attributes.put(text_column("mine_id", "", {"M1", "M2", "M1", null}));
    Table table = measure(plots, {}, {{"mines", "", null}}).table;
    CHECK(table.at("mine_plots").integer(0) == 2);
    CHECK(table.at("mine_plots").integer(1) == 1);
    CHECK_THAT(table.at("mine_area_ha").number(2).value(), WithinAbs(5.0, 5e-6));
    CHECK(table.at("mine_plots").valid[3] == 0);
    (void)measure_clusters(table, {plots, {0, 1, 1, 1}}, {}, {{"mines", "", null}});
    CHECK(table.at("mine_plots").valid[0] == 0);
    CHECK(table.at("mine_plots").integer(2) == 1);
    CHECK_THAT(table.at("mine_area_ha").number(2).value(), WithinAbs(4.0, 4e-6));
}

TEST_CASE("A gap that cannot be told from the distance asked for is a note", "[indicators]") {
    const Plots plots =
        sample::plots(); // a and b are 50 m apart in the plane, 50.00000 m on the ellipsoid
    const Measured measured = measure(plots, {}, {{"clusters", "", 50.0}});
    CHECK(codes_of(measured.issues) == std::vector<std::string>{"clusters_borderline b"});
    CHECK(measured.issues[0].severity == Severity::note);
    CHECK_THAT(measured.issues[0].message.en, ContainsSubstring("from a (row 1)"));
    CHECK_FALSE(measured.issues[0].message.zh.empty());
}

TEST_CASE("A tilted plane has its slope, its range and no pit", "[indicators]") {
    Given given;
    given.context.elevation = &given.heights;
    Plots plots = sample::plots();
    const Measured measured = measure(plots, given.context, {{"elevation", "", null}});
    const Table& table = measured.table;
    // tan = 0.1; cell centres from 5 m to 95 m in a 100 m plot, height 0.1 per metre.
    CHECK_THAT(table.at("slope_mean_deg").number(0).value(), WithinAbs(5.710593, 1e-4));
    CHECK_THAT(table.at("elevation_range_m").number(0).value(), WithinAbs(9.0, 1e-3));
    CHECK_THAT(table.at("pit_depth_max_m").number(0).value(), WithinAbs(0.0, 1e-3));
    CHECK(measured.issues.empty());
    const Plots outside =
        plots_from_wkb({sample::square(90'000, 0, 100)}, {"far"}, "EPSG:4516");
    const Measured unknown = measure(outside, given.context, {{"elevation", "", null}});
    CHECK(unknown.table.at("slope_mean_deg").valid[0] == 0);
    CHECK(codes_of(unknown.issues) == std::vector<std::string>{"terrain far"});
}

TEST_CASE(
    "By default all is measured whose inputs are there, but what needs a distance",
    "[indicators]"
) {
    Given given;
    const auto families = [&] {
        std::vector<std::string> asked;
        for (const IndicatorRequest& request : default_indicators(given.context)) {
            asked.push_back(request.family + ":" + request.layer);
        }
        return asked;
    };
    CHECK(
        families() == std::vector<std::string>{"area:", "perimeter:", "distance:road", "shape:"}
    );
    given.context.elevation = &given.heights;
    CHECK(
        families() ==
        std::vector<std::string>{"area:", "perimeter:", "distance:road", "elevation:", "shape:"}
    );
}

TEST_CASE(
    "Indicators stand in the order asked, once each, before the source's columns",
    "[indicators]"
) {
    Given given;
    given.context.elevation = &given.heights;
    Plots plots = sample::plots();
    plots.attributes.put(text_column("TBBH", "", {"1", "2", "3", "4"}));
    const Table table = measure(
                            plots,
                            given.context,
                            {{"elevation", "", null},
                             {"distance", "road", null},
                             {"area", "", null},
                             {"distance", "road", null}}
    ).table;
    const auto names = names_of(table);
    CHECK(
        std::vector<std::string>(names.begin() + 14, names.end()) ==
        std::vector<std::string>{
            "elevation_range_m",
            "slope_mean_deg",
            "pit_depth_max_m",
            "road_distance_m",
            "road_nearest_id",
            "road_nearest_name",
            "TBBH"}
    );
}

TEST_CASE(
    "A source column that collides with one of ours becomes src_, in any case", "[indicators]"
) {
    Plots plots = sample::plots();
    plots.attributes.put(text_column("town", "", {"镇", null, null, null}));
    for (const char* name :
         {"Road_distance_m",
          "AREA_M2",
          "Town",
          "status",
          "Rank",
          "src_rank",
          "tbbh",
          "TBBH",
          "fid"}) {
        plots.attributes.put(text_column(name, "", {name, null, null, null}));
    }
    const Table table = measure(plots, {}, {}).table;
    CHECK(table.at("town").text(0) == "镇");
    CHECK(table.at("town").alias == "乡镇");
    CHECK(table.at("src_Road_distance_m").text(0) == "Road_distance_m");
    CHECK(table.at("src_AREA_M2").text(0) == "AREA_M2");
    CHECK(table.at("src_Town").text(0) == "Town");
    CHECK(table.at("src_status").text(0) == "status");
    CHECK(table.at("src_Rank").text(0) == "Rank");
    CHECK(table.at("src_src_rank").text(0) == "src_rank");
    CHECK(table.at("tbbh").text(0) == "tbbh");
    CHECK(table.at("src_TBBH").text(0) == "TBBH");
    CHECK(table.at("src_fid").text(0) == "fid");
}

TEST_CASE("What cannot be measured is refused before anything is", "[indicators]") {
    const Given given;
    const Plots plots = sample::plots();
    const auto refused = [&](const IndicatorRequest& request, const char* says) {
        const Error error = error_of(plots, given.context, request);
        CHECK(error.code() == ErrorCode::invalid_project);
        CHECK_THAT(error.message().en, ContainsSubstring(says));
        CHECK_FALSE(error.message().zh.empty());
    };
    refused({"distance", "rail", null}, "layers: road");
    refused({"elevation", "", null}, "needs heights");
    refused({"distanse", "road", null}, "distance");
    refused({"share_within", "road", null}, "needs a distance");
    refused({"share_within", "road", 12.5}, "whole metres");
    refused({"clusters", "", -1.0}, "whole metres");
    CHECK_THROWS_AS(
        measure(plots, given.context, {{"clusters", "", 1.0}, {"clusters", "", 2.0}}), Error
    );
}

TEST_CASE("Threads and the order of rows change nothing", "[indicators]") {
    Given given;
    given.context.elevation = &given.heights;
    const std::vector<IndicatorRequest> requests = {
        {"distance", "road", null},
        {"share_within", "road", 60.0},
        {"clusters", "", 80.0},
        {"elevation", "", null}};
    Execution one;
    one.threads = 1;
    Execution four;
    four.threads = 4;
    const Plots plots = sample::plots();
    const Table table = measure(plots, given.context, requests, one).table;
    CHECK(measure(plots, given.context, requests, four).table == table);
    const Plots reversed = plots_from_wkb(
        {"",
         sample::square(0, 700, 200),
         sample::square(150, 0, 100),
         sample::square(0, 0, 100)},
        {"d", "c", "b", "a"},
        "EPSG:4516"
    );
    const Table backwards = measure(reversed, given.context, requests, one).table;
    for (const Column& column : table.columns) {
        for (std::size_t row = 0; row < 4; ++row) {
            INFO(column.name << " of " << plots.ids[row]);
            CHECK(backwards.at(column.name).text(3 - row) == column.text(row));
        }
    }
}

TEST_CASE("A strip along a road is linear, a pit is areal", "[indicators]") {
    const Plots plots = plots_from_wkb(
        {sample::square(0, 0, 100),
         sample::polygon({{0, 500}, {1200, 500}, {1200, 600}, {0, 600}})},
        {"pit", "strip"},
        "EPSG:4516"
    );
    const Table table = measure(plots, {}, {{"shape", "", null}}).table;
    CHECK(table.at("shape_class").text(0) == "areal");
    CHECK(table.at("shape_class").text(1) == "linear");
    CHECK_THAT(table.at("shape_elongation").number(1).value(), WithinAbs(12.0, 1e-3));
    CHECK_THAT(
        table.at("shape_width_m").number(1).value(), WithinAbs(100.0, 0.1)
    ); // the plane's scale
    CHECK_THAT(table.at("shape_inscribed_m").number(0).value(), WithinAbs(100.0, 2.1));
    CHECK_THAT(table.at("shape_compactness").number(0).value(), WithinAbs(0.785398, 1e-6));
}
