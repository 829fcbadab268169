#include <tuban/geodesy.hpp>
#include <tuban/io.hpp>

#include "catch.hpp"
#include "io/plots_reader.hpp"
#include "io_files.hpp"

#include <filesystem>
#include <functional>

using namespace tuban;
using tuban_test::FeatureMade;
using tuban_test::Folder;
using tuban_test::LayerMade;

namespace {

constexpr const char* square_4490 =
    "POLYGON((83.6 45.9,83.61 45.9,83.61 45.91,83.6 45.91,83.6 45.9))";

PlotsSpec spec_of(const std::string& file) {
    PlotsSpec spec;
    spec.source.file = file;
    spec.source.where = {"p.yaml", 7, 9};
    return spec;
}

ErrorCode code_of(const std::function<void()>& call, std::string& message) {
    try {
        call();
    } catch (const Error& error) {
        message = full_message(error).en + "\n" + full_message(error).zh;
        return error.code();
    }
    message = "no error";
    return ErrorCode::internal;
}

std::size_t count_of(const std::vector<Issue>& issues, const std::string& code) {
    std::size_t n = 0;
    for (const Issue& issue : issues) {
        n += issue.code == code ? 1U : 0U;
    }
    return n;
}

LayerMade national() {
    return {
        "plots",
        4490,
        {{"TBBH"},
         {"ZTBH"},
         {"KSWZ"},
         {"TBDL", 'i'},
         {"NXFFS"},
         {"HFZLQK"},
         {"HCRY"},
         {"COST", 'r'},
         {"MU", 'r'}},
        {{square_4490,
          {"CT6542242022000001001",
           "CT6542242022000001",
           "铁厂沟镇",
           "10",
           "B",
           "未治理",
           "某人",
           "12.3456",
           "15"}},
         {square_4490,
          {"CT6542242022000002001",
           "",
           "库甫乡",
           "20",
           "生态重建",
           "B",
           "某人",
           "0.00005",
           ""}}}};
}

} // namespace

TEST_CASE("The national schema gives the standard columns in every format", "[io][plots]") {
    const Folder folder;

    struct Format {
        const char* file;
        const char* driver;
    };

    const auto format = GENERATE(
        Format{"plots.shp", "ESRI Shapefile"},
        Format{"plots.gpkg", "GPKG"},
        Format{"plots.gdb", "OpenFileGDB"},
        Format{"plots.geojson", "GeoJSON"}
    );
    INFO(format.file);
    LayerMade made = national();
    if (std::string(format.driver) == "ESRI Shapefile") {
        made.options = {"ENCODING=UTF-8"};
    }
    made.polygons = std::string(format.driver) == "OpenFileGDB";
    tuban_test::make(folder.file(format.file), format.driver, {made});
    const std::string before = tuban_test::state_of(folder.path());
    PlotsSpec spec = spec_of(format.file);
    spec.fields.cost_wan_yuan = "COST";
    spec.fields.area_mu = "MU";
    const PlotsRead read = read_plots(spec, folder.path());
    const Table& table = read.plots.attributes;
    CHECK(
        read.plots.ids ==
        std::vector<std::string>{"CT6542242022000001001", "CT6542242022000002001"}
    );
    CHECK(table.at("mine_id").text(0) == "CT6542242022000001");
    CHECK(table.at("mine_id").text(1) == "CT6542242022000002"); // less its last three digits
    CHECK(table.at("name").text(0) == "铁厂沟镇");
    CHECK(table.at("mode").text(0) == "assisted");
    CHECK(table.at("mode").text(1) == "engineering");
    CHECK(table.at("cost_yuan").integer(0) == 123456);
    CHECK(table.at("cost_yuan").integer(1) == 1); // half a yuan, half up
    CHECK(table.at("given_area_m2").number(0) == 10000.0);
    CHECK_FALSE(table.at("given_area_m2").number(1));
    CHECK(table.at("TBDL").text(0) == "10");
    CHECK(table.at("TBDL").type() == ColumnType::text);
    CHECK(table.at("TBDL").alias == "图斑大类");
    CHECK(table.at("plot_id").alias == "图斑编号");
    CHECK(table.at("TBBH").alias.empty()); // one alias, one column
    CHECK(table.at("HFZLQK").text(0) == "A");
    CHECK(table.at("NXFFS").text(1) == "3");
    CHECK(table.find("HCRY") == nullptr);
    CHECK(count_of(read.plots.issues, "personal_data_dropped") == 1);
    CHECK(read.plots.states == std::vector{PlotState::ok, PlotState::ok});
    REQUIRE(read.inputs.size() == 1);
    CHECK(read.inputs[0].rows == 2);
    CHECK(read.inputs[0].crs_because == "file");
    CHECK_THAT(read.inputs[0].crs, ContainsSubstring("EPSG:4490"));
    CHECK(read.inputs[0].sha256.size() == 64);
    CHECK(tuban_test::state_of(folder.path()) == before);
}

TEST_CASE(
    "A GeoPackage that another program is writing is refused, a closed one leaves no trace",
    "[io][plots]"
) {
    const Folder folder;
    tuban_test::make(folder.file("plots.gpkg"), "GPKG", {national()});
    folder.write("plots.gpkg-wal", "");
    CHECK(read_plots(spec_of("plots.gpkg"), folder.path()).plots.size() == 2);
}

TEST_CASE("Names that collide with columns of ours become src_", "[io][plots]") {
    const Folder folder;
    tuban_test::make(
        folder.file("q.gpkg"),
        "GPKG",
        {{"q",
          4326,
          {{"Name"}, {"area_ha", 'r'}, {"road_distance_m", 'r'}},
          {{square_4490, {"甲", "1.5", "2"}}}}}
    );
    PlotsSpec spec = spec_of("q.gpkg");
    spec.fields.area_ha = "area_ha";
    spec.fields.name = "Name";
    const Plots plots = read_plots(spec, folder.path()).plots;
    CHECK(plots.ids == std::vector<std::string>{"row-000001"});
    CHECK(count_of(plots.issues, "no_id") == 1);
    CHECK(count_of(plots.issues, "datum_taken_as_equal") == 1);
    CHECK(plots.attributes.at("name").text(0) == "甲");
    CHECK(plots.attributes.at("src_Name").text(0) == "甲");
    CHECK(plots.attributes.at("src_area_ha").number(0) == 1.5);
    CHECK(plots.attributes.at("src_road_distance_m").number(0) == 2.0);
    CHECK(plots.attributes.at("given_area_m2").number(0) == 15000.0);
}

TEST_CASE("Tables without geometry are plots with a given area", "[io][plots]") {
    const Folder folder;
    folder.write(
        "t.csv",
        "\xEF\xBB\xBF图斑编号,面积亩,投资,代码,DLBM\nb,3.3,12.5,0103,0602\na,1,,07,0101\n"
    );
    PlotsSpec spec = spec_of("t.csv");
    spec.fields.area_mu = "面积亩";
    spec.fields.cost_wan_yuan = "投资";
    const PlotsRead read = read_plots(spec, folder.path());
    CHECK(read.plots.ids == std::vector<std::string>{"b", "a"}); // alias of TBBH, file order
    CHECK(read.plots.states == std::vector{PlotState::no_geometry, PlotState::no_geometry});
    CHECK(read.plots.attributes.at("given_area_m2").number(0) == 2200.0);
    CHECK(read.plots.attributes.at("given_area_m2").number(1) == 666.67);
    CHECK(read.plots.attributes.at("cost_yuan").integer(0) == 125000);
    CHECK_FALSE(read.plots.attributes.at("cost_yuan").integer(1));
    CHECK(read.plots.attributes.at("代码").text(0) == "0103");
    CHECK(read.inputs[0].crs.empty());
    CHECK(count_of(read.plots.issues, "no_geometry") == 1);
}

TEST_CASE("A bad cell of a joined workbook is told of the workbook", "[io][plots][join]") {
    const Folder folder;
    tuban_test::make(folder.file("plots.gpkg"), "GPKG", {national()});
    tuban_test::make(
        folder.file("台账.xlsx"),
        "XLSX",
        {{"图斑",
          0,
          {{"TBBH"}, {"投资"}},
          {{"", {"CT6542242022000002001", "约二十"}}},
          {},
          false}}
    );
    PlotsSpec spec = spec_of("plots.gpkg");
    spec.joins.push_back({{"台账.xlsx", "图斑", {}, {}, {}}, "TBBH"});
    spec.fields.cost_wan_yuan = "投资";
    try {
        (void)read_plots(spec, folder.path());
        FAIL("a cell that is no number passed");
    } catch (const Error& error) {
        CHECK(error.message().zh.find("台账.xlsx") != std::string::npos);
        CHECK(error.message().zh.find("图斑 CT6542242022000002001") != std::string::npos);
        CHECK(error.message().zh.find("约二十") != std::string::npos);
    }
}

TEST_CASE("A joined workbook brings columns by id", "[io][plots][join]") {
    const Folder folder;
    tuban_test::make(folder.file("plots.gpkg"), "GPKG", {national()});
    tuban_test::make(
        folder.file("台账.xlsx"),
        "XLSX",
        {{"说明", 0, {{"a"}}, {{"", {"x"}}}, {}, false},
         {"图斑",
          0,
          {{"TBBH"}, {"投资", 'r'}, {"中央资金"}, {"KSWZ"}},
          {{"", {"CT6542242022000002001", "20.5", "7", "别处"}},
           {"", {"CT6542242022000002001", "99", "9", "别处"}},
           {"", {"CT9", "1", "2", "无"}}},
          {},
          false}}
    );
    PlotsSpec spec = spec_of("plots.gpkg");
    spec.joins.push_back({{"台账.xlsx", "图斑", {}, {}, {}}, "TBBH"});
    spec.fields.cost_wan_yuan = "投资";
    const PlotsRead read = read_plots(spec, folder.path());
    const Table& table = read.plots.attributes;
    CHECK_FALSE(table.at("cost_yuan").integer(0));
    CHECK(table.at("cost_yuan").integer(1) == 205000);
    CHECK(table.at("中央资金").number(1) == 7.0);
    CHECK(table.at("KSWZ").text(1) == "库甫乡");
    CHECK(count_of(read.plots.issues, "join_unmatched") == 2);
    CHECK(count_of(read.plots.issues, "join_duplicate") == 1);
    CHECK(count_of(read.plots.issues, "join_column_collision") == 1);
    REQUIRE(read.inputs.size() == 2);
    CHECK(read.inputs[1].role == "join");
    CHECK(read.inputs[1].rows == 3);

    std::string message;
    spec.joins[0].source.layer = "图班";
    CHECK(
        code_of([&] { (void)read_plots(spec, folder.path()); }, message) ==
        ErrorCode::unreadable_input
    );
    CHECK_THAT(message, ContainsSubstring("说明, 图斑"));
    spec.joins[0].source.layer = "图斑";
    spec.joins[0].on = "TBHB";
    CHECK(
        code_of([&] { (void)read_plots(spec, folder.path()); }, message) ==
        ErrorCode::invalid_project
    );
    CHECK_THAT(message, ContainsSubstring("TBBH?"));
}

TEST_CASE("What cannot be read says so", "[io][plots]") {
    const Folder folder;
    folder.write("empty.shp", "");
    folder.write("junk.gpkg", "this is no database");
    folder.write("bad.csv", "id,cost\na,12\nb,十二\n");
    folder.write("minus.csv", "id,cost\na,-12\n");
    folder.write("twice.csv", "id,x\na,1\nb,1\na,1\n");
    folder.write("none.csv", "id,cost\n");
    folder.write(
        "cut.geojson", R"({"type": "FeatureCollection", "features": [{"type": "Feature", "geom)"
    );
    tuban_test::make(
        folder.file("two.gpkg"),
        "GPKG",
        {{"roads", 4490, {{"a"}}, {{square_4490, {"x"}}}},
         {"rivers", 4490, {{"a"}}, {{square_4490, {"x"}}}}}
    );
    tuban_test::make(
        folder.file("xian80.gpkg"), "GPKG", {{"p", 4610, {{"a"}}, {{square_4490, {"x"}}}}}
    );
    tuban_test::make(
        folder.file("nocrs.shp"),
        "ESRI Shapefile",
        {{"nocrs", 0, {{"a"}}, {{square_4490, {"x"}}}}}
    );

    struct Case {
        const char* file;
        const char* layer;
        const char* cost;
        ErrorCode code;
        const char* says;
    };

    const auto c = GENERATE(
        Case{"missing.shp", "", "", ErrorCode::unreadable_input, "no such file"},
        Case{"empty.shp", "", "", ErrorCode::unreadable_input, "0 bytes"},
        Case{"junk.gpkg", "", "", ErrorCode::unreadable_input, "junk.gpkg"},
        Case{"cut.geojson", "", "", ErrorCode::unreadable_input, "cut.geojson"},
        Case{"", "", "", ErrorCode::unreadable_input, "no file is named"},
        Case{".", "", "", ErrorCode::unreadable_input, "folder"},
        Case{
            "/vsicurl/http://example.org/a.shp",
            "",
            "",
            ErrorCode::unreadable_input,
            "network"},
        Case{"https://example.org/a.geojson", "", "", ErrorCode::unreadable_input, "network"},
        Case{"two.gpkg", "", "", ErrorCode::unreadable_input, "roads, rivers"},
        Case{"two.gpkg", "river", "", ErrorCode::unreadable_input, "rivers?"},
        Case{"xian80.gpkg", "", "", ErrorCode::unreadable_input, "xian80.gpkg"},
        Case{"nocrs.shp", "", "", ErrorCode::unreadable_input, "crs: EPSG:4490"},
        Case{"bad.csv", "", "cost", ErrorCode::unreadable_input, "row 2 (b) is \"十二\""},
        Case{"minus.csv", "", "cost", ErrorCode::unreadable_input, "\"-12\""},
        Case{"bad.csv", "", "costs", ErrorCode::invalid_project, "p.yaml:7:9"},
        Case{"twice.csv", "", "", ErrorCode::data_check_failed, "a (1, 3)"},
        Case{"none.csv", "", "", ErrorCode::data_check_failed, "0 rows"}
    );
    INFO(c.file);
    PlotsSpec spec = spec_of(c.file);
    spec.source.layer = c.layer;
    spec.fields.cost_yuan = c.cost;
    if (std::string(c.file).ends_with(".csv")) {
        spec.fields.id = {"id"};
    }
    std::string message;
    CHECK(code_of([&] { (void)read_plots(spec, folder.path()); }, message) == c.code);
    CHECK_THAT(message, ContainsSubstring(c.says));
}

TEST_CASE("A file cut at any place is an error or has all its rows", "[io][plots]") {
    const Folder folder;
    tuban_test::make(folder.file("whole.gpkg"), "GPKG", {national()});
    tuban_test::make(folder.file("whole.geojson"), "GeoJSON", {national()});
    LayerMade shapefile = national();
    shapefile.name = "whole";
    shapefile.options = {"ENCODING=UTF-8"};
    tuban_test::make(folder.file("whole.shp"), "ESRI Shapefile", {shapefile});
    for (const std::string name :
         {"whole.gpkg", "whole.geojson", "whole.shp", "whole.shx", "whole.dbf"}) {
        const std::string bytes = tuban_test::bytes_of(folder.file(name));
        for (std::size_t part = 0; part < 16; ++part) {
            folder.write(name, bytes.substr(0, bytes.size() * part / 16));
            const bool member = name.ends_with(".shx") || name.ends_with(".dbf");
            PlotsSpec spec = spec_of(member ? "whole.shp" : name);
            INFO(name << " cut to " << part << "/16");
            std::string message;
            std::size_t rows = 0;
            const ErrorCode code =
                code_of([&] { rows = read_plots(spec, folder.path()).plots.size(); }, message);
            const bool right = code == ErrorCode::unreadable_input || rows == 2;
            INFO(message);
            CHECK(right);
        }
        folder.write(name, bytes);
    }
}

TEST_CASE("A CRS named in the project wins over the file's", "[io][plots]") {
    const Folder folder;
    tuban_test::make(
        folder.file("g.shp"),
        "ESRI Shapefile",
        {{"g",
          0,
          {{"a"}},
          {{"POLYGON((28468981 5089494,28469081 5089494,28469081 5089594,28468981 "
            "5089594,28468981 5089494))",
            {"x"}}}}}
    );
    const PlotsRead found =
        read_plots_as_found(spec_of("g.shp"), folder.path(), ReadFor::check, {});
    CHECK(found.crs_proposals == std::vector<std::string>{"EPSG:4516"});
    PlotsSpec spec = spec_of("g.shp");
    spec.source.crs = "EPSG:4516";
    const PlotsRead read = read_plots(spec, folder.path());
    CHECK(read.inputs[0].crs_because == "project");
    CHECK(read.plots.edge_crs == "EPSG:4516");
    CHECK_THAT(read.plots.geometry.lon_deg[0], WithinAbs(83.6, 1e-3)); // domain: 45.94 N 83.6 E
    CHECK_THAT(read.plots.geometry.lat_deg[0], WithinAbs(45.94, 1e-3));
}

TEST_CASE("For a check duplicate ids are issues", "[io][plots]") {
    const Folder folder;
    folder.write("twice.csv", "id,x\na,1\nb,1\na,1\n");
    PlotsSpec spec = spec_of("twice.csv");
    spec.fields.id = {"id"};
    const PlotsRead read = read_plots_as_found(spec, folder.path(), ReadFor::check, {});
    CHECK(read.plots.ids == std::vector<std::string>{"a", "b", "a"});
    CHECK(count_of(read.plots.issues, "duplicate_id") == 2);
}

TEST_CASE("Rows of one id are told what they are to each other", "[io][plots]") {
    struct Case {
        const char* other;
        const char* words;
    };

    const auto c = GENERATE(
        Case{square_4490, "entered twice"},
        Case{
            "POLYGON((83.605 45.9,83.615 45.9,83.615 45.91,83.605 45.91,83.605 45.9))",
            "overlap in part"},
        Case{
            "POLYGON((83.61 45.9,83.62 45.9,83.62 45.91,83.61 45.91,83.61 45.9))",
            "dissolve them into one multipart"},
        Case{"POLYGON((83.7 45.9,83.71 45.9,83.71 45.91,83.7 45.9))", "lie apart"}
    );
    const Folder folder;
    tuban_test::make(
        folder.file("p.gpkg"),
        "GPKG",
        {{"p", 4490, {{"id"}}, {{square_4490, {"a"}}, {c.other, {"a"}}}}}
    );
    PlotsSpec spec = spec_of("p.gpkg");
    spec.fields.id = {"id"};
    const PlotsRead read = read_plots_as_found(spec, folder.path(), ReadFor::check, {});
    REQUIRE(count_of(read.plots.issues, "duplicate_id") == 2);
    for (const Issue& issue : read.plots.issues) {
        if (issue.code == "duplicate_id") {
            CHECK_THAT(issue.message.en, ContainsSubstring(c.words));
        }
    }
}

TEST_CASE(
    "A refused repair is taken by its id, and the ledger has both versions", "[io][plots]"
) {
    // In degrees: a bow-tie, a hole across the shell, a sound square, and a line there and back.
    const Folder folder;
    tuban_test::make(
        folder.file("p.gpkg"),
        "GPKG",
        {{"p",
          4490,
          {{"id"}},
          {{"POLYGON((83.6 45.9,83.61 45.91,83.61 45.9,83.6 45.91,83.6 45.9))", {"bow"}},
           {"POLYGON((83.6 45.9,83.61 45.9,83.61 45.91,83.6 45.91,83.6 45.9),"
            "(83.609 45.904,83.611 45.904,83.611 45.906,83.609 45.906,83.609 45.904))",
            {"hole"}},
           {square_4490, {"sound"}},
           {"POLYGON((83.6 45.9,83.61 45.9,83.605 45.9,83.6 45.9))", {"line"}}}}}
    );
    PlotsSpec spec = spec_of("p.gpkg");
    spec.fields.id = {"id"};
    spec.accept = {"hole", "sound", "line", "nobody"};
    const Plots plots = read_plots(spec, folder.path()).plots;
    CHECK(
        plots.states ==
        std::vector{
            PlotState::held_out, PlotState::repaired, PlotState::ok, PlotState::held_out}
    );
    const std::vector<RepairEntry>& entries = plots.repairs.entries;
    REQUIRE(entries.size() == 3);
    CHECK((entries[0].row == 1 && entries[0].plot_id == "bow"));
    CHECK((entries[0].rule == "self_intersection" && entries[0].state == RepairState::refused));
    CHECK((entries[0].vertices_before == 4 && entries[0].vertices_after == 6));
    CHECK((entries[1].rule == "hole_crosses_shell"));
    CHECK((entries[1].state == RepairState::accepted && entries[1].vertices_before == 8));
    CHECK((entries[2].rule == "ring_collapses" && entries[2].state == RepairState::refused));
    CHECK(entries[2].area_after_m2 == 0.0);
    CHECK(
        plots.repairs.before.kinds ==
        std::vector{GeometryKind::polygon, GeometryKind::polygon, GeometryKind::polygon}
    );
    CHECK(
        plots.repairs.after.kinds ==
        std::vector{GeometryKind::polygon, GeometryKind::polygon, GeometryKind::none}
    );
    CHECK(plots.repairs.before.ring_offsets == std::vector<std::size_t>{0, 4, 8, 12, 15});
    CHECK(count_of(plots.issues, "repair_accepted") == 1);
    CHECK(count_of(plots.issues, "held_out") == 2);
    CHECK(count_of(plots.issues, "accept_unused") == 3);
    spec.repair = {1e9, 100.0};
    spec.accept = {};
    CHECK(read_plots(spec, folder.path()).plots.states[0] == PlotState::repaired);
}

TEST_CASE("The first id column that has a value counts", "[io][plots]") {
    const Folder folder;
    folder.write("t.csv", "osm_id,other\n12,x\n,y\n,\n");
    PlotsSpec spec = spec_of("t.csv");
    spec.fields.id = {"osm_id", "other"};
    CHECK(
        read_plots(spec, folder.path()).plots.ids ==
        std::vector<std::string>{"12", "y", "row-000003"}
    );
}

TEST_CASE("Curves are made straight and Z is dropped, with notes", "[io][plots]") {
    const Folder folder;
    tuban_test::make(
        folder.file("c.gpkg"),
        "GPKG",
        {{"c",
          4516,
          {{"a"}},
          {{"CURVEPOLYGON(CIRCULARSTRING(28469000 5089500,28469200 5089500,28469000 5089500))",
            {"circle"}},
           {"POLYGON Z((28468981 5089494 7,28469081 5089494 7,28469081 5089594 7,28468981 "
            "5089494 7))",
            {"z"}}}}}
    );
    const Plots plots = read_plots(spec_of("c.gpkg"), folder.path()).plots;
    CHECK(plots.states == std::vector{PlotState::ok, PlotState::ok});
    CHECK(count_of(plots.issues, "curves_linearised") == 1);
    CHECK(count_of(plots.issues, "dimensions_dropped") == 1);
    CHECK(plots.geometry.lon_deg.size() > 30);
}

TEST_CASE("Curves that lose Z or M are counted like other shapes", "[io][plots]") {
    const Folder folder;
    const std::string at = "(28469000 5089500 7,28469200 5089500 7,28469000 5089500 7)";
    tuban_test::make(
        folder.file("c.gpkg"),
        "GPKG",
        {{"c",
          4516,
          {{"a"}},
          {{"CURVEPOLYGON Z(CIRCULARSTRING Z" + at + ")", {"z"}},
           {"CURVEPOLYGON M(CIRCULARSTRING M" + at + ")", {"m"}},
           {"CURVEPOLYGON(CIRCULARSTRING(28469300 5089500,28469500 5089500,28469300 5089500))",
            {"flat"}}}}}
    );
    const Plots plots = read_plots(spec_of("c.gpkg"), folder.path()).plots;
    CHECK(plots.states == std::vector(3, PlotState::ok));
    const auto told =
        std::find_if(plots.issues.begin(), plots.issues.end(), [](const Issue& issue) {
            return issue.code == "dimensions_dropped";
        });
    REQUIRE(told != plots.issues.end());
    CHECK(told->message.en.starts_with("2 geometries"));
    // a disc of 100 m radius, less what edges 0.1 mm inside leave out: 2πr × 0.1 mm
    const std::vector<double> areas = plane_area_m2(plots.geometry, parse_crs("EPSG:4516"));
    for (const double area : areas) {
        CHECK_THAT(area, WithinAbs(31415.927, 0.07));
    }
}

TEST_CASE("Arcs keep their tolerance in planes of any unit", "[io][plots]") {
    // The same disc in a plane of kilometres: an edge may lie 0.1 mm from the arc, not 0.1 m.
    const Folder folder;
    tuban_test::make(
        folder.file("k.gpkg"),
        "GPKG",
        {{"k",
          0,
          {{"a"}},
          {{"CURVEPOLYGON(CIRCULARSTRING(469 5089.5,469.2 5089.5,469 5089.5))", {"disc"}}},
          {},
          true,
          false,
          "+proj=tmerc +lon_0=84 +x_0=500000 +datum=WGS84 +units=km"}}
    );
    const Plots plots = read_plots(spec_of("k.gpkg"), folder.path()).plots;
    REQUIRE(plots.states == std::vector{PlotState::ok});
    CHECK_THAT(
        plane_area_m2(plots.geometry, parse_crs("EPSG:4537"))[0], WithinAbs(31415.927, 0.07)
    );
}
