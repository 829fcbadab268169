#include <tuban/geodesy.hpp>
#include <tuban/io.hpp>

#include "catch.hpp"
#include "io_files.hpp"

#include <filesystem>

using namespace tuban;
using tuban_test::Folder;

namespace {

void make_roads(const std::string& file, const char* driver, int epsg) {
    tuban_test::make(
        file,
        driver,
        {{"roads",
          epsg,
          {{"osm_id"}, {"id", 'i'}, {"name"}, {"grade"}, {"lanes", 'i'}},
          {{"LINESTRING(83.0 45.0,83.2 45.0)", {"w1", "5", "甲路", "县道", "2"}},
           {"LINESTRING(85.0 46.0,85.1 46.1)", {"", "6", "", "小路", ""}},
           {"LINESTRING(83.1 45.0,83.1 45.1)", {"", "", "乙路", "国道", "4"}},
           {"", {"w4", "7", "丙路", "国道", "4"}}}}}
    );
}

LayerSpec roads(const std::string& file) {
    LayerSpec spec;
    spec.key = "road";
    spec.source.file = file;
    spec.name = "name";
    spec.class_name = "grade";
    return spec;
}

} // namespace

TEST_CASE("A layer comes whole, by box and in pieces, always in file order", "[io][layer]") {
    const Folder folder;

    struct Format {
        const char* file;
        const char* driver;
        const char*
            third_id; ///< the file's own number: GDAL gives GeoJSON's the first that is free
    };

    const auto format =
        GENERATE(Format{"roads.gpkg", "GPKG", "3"}, Format{"roads.geojson", "GeoJSON", "0"});
    make_roads(folder.file(format.file), format.driver, 4490);
    const std::string before = tuban_test::state_of(folder.path());
    const LayerOpened opened = open_layer(roads(format.file), folder.path());
    CHECK(opened.input.role == "road");
    CHECK(opened.input.rows == 4);
    CHECK(opened.source->key() == "road");
    const Layer all = opened.source->all();
    CHECK(all.key == "road");
    CHECK(all.ids == std::vector<std::string>{"w1", "6", format.third_id, "w4"});
    CHECK(all.names == std::vector<std::string>{"甲路", "", "乙路", "丙路"});
    CHECK(all.classes[1] == "小路");
    CHECK(all.geometry.kinds[3] == GeometryKind::none);
    const Layer near = opened.source->window({83.05, 44.9, 83.15, 45.2});
    CHECK(near.ids == std::vector<std::string>{"w1", format.third_id});
    CHECK(
        opened.source->window({83.15, 44.9, 83.05, 45.2}).size() == 4
    ); // over the antimeridian: all
    CHECK(opened.source->all().ids == all.ids);
    std::vector<std::string> pieces;
    opened.source->stream(3, [&](const Layer& piece) {
        CHECK(piece.size() <= 3);
        pieces.insert(pieces.end(), piece.ids.begin(), piece.ids.end());
        return true;
    });
    CHECK(pieces == all.ids);
    std::size_t calls = 0;
    opened.source->stream(1, [&](const Layer&) { return ++calls < 2; });
    CHECK(calls == 2);
    CHECK(tuban_test::state_of(folder.path()) == before);
}

TEST_CASE("A condition leaves features out, also in boxes and pieces", "[io][layer]") {
    const Folder folder;
    make_roads(folder.file("roads.gpkg"), "GPKG", 4490);
    LayerSpec spec = roads("roads.gpkg");
    spec.filter = Condition{"grade <> '小路' AND lanes < 4", {"p.yaml", 3, 5}};
    const LayerOpened opened = open_layer(spec, folder.path());
    CHECK(opened.source->all().ids == std::vector<std::string>{"w1"});
    CHECK(opened.source->window({82, 44, 86, 47}).ids == std::vector<std::string>{"w1"});
    spec.filter = Condition{"graed <> '小路'", {"p.yaml", 3, 5}};
    try {
        (void)open_layer(spec, folder.path());
        FAIL("opened");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::invalid_project);
        CHECK(error.where().line == 3);
        CHECK_THAT(error.message().en, ContainsSubstring("grade"));
    }
}

TEST_CASE("A box finds features in a projected layer", "[io][layer]") {
    const Folder folder;
    tuban_test::make(
        folder.file("r.shp"),
        "ESRI Shapefile",
        {{"r",
          4516,
          {{"id"}},
          {{"LINESTRING(28468981 5089494,28469981 5089494)", {"in"}},
           {"LINESTRING(28568981 5089494,28569981 5089494)", {"out"}}}}}
    );
    LayerSpec spec;
    spec.key = "r";
    spec.source.file = "r.shp";
    const LayerOpened opened = open_layer(spec, folder.path());
    const Layer near = opened.source->window({83.599, 45.9, 83.602, 45.95});
    REQUIRE(near.ids == std::vector<std::string>{"in"});
    CHECK(near.geometry.lon_deg.size() > 2); // densified
    CHECK_THAT(near.geometry.lon_deg[0], WithinAbs(83.6, 1e-3));
}

TEST_CASE("A layer that cannot serve says so on opening", "[io][layer]") {
    const Folder folder;
    make_roads(folder.file("roads.gpkg"), "GPKG", 4490);
    make_roads(folder.file("xian80.gpkg"), "GPKG", 4610);
    folder.write("t.csv", "id,name,grade\n1,a,b\n");

    struct Case {
        const char* file;
        const char* layer;
        const char* name;
        ErrorCode code;
        const char* says;
    };

    const auto c = GENERATE(
        Case{"none.gpkg", "", "name", ErrorCode::unreadable_input, "no such file"},
        Case{"roads.gpkg", "road", "name", ErrorCode::unreadable_input, "roads?"},
        Case{"roads.gpkg", "", "nmae", ErrorCode::invalid_project, "name?"},
        Case{"t.csv", "", "name", ErrorCode::unreadable_input, "no geometry"},
        Case{"xian80.gpkg", "", "name", ErrorCode::unreadable_input, "xian80.gpkg"}
    );
    INFO(c.file);
    LayerSpec spec = roads(c.file);
    spec.source.layer = c.layer;
    spec.name = c.name;
    try {
        (void)open_layer(spec, folder.path());
        FAIL("opened");
    } catch (const Error& error) {
        CHECK(error.code() == c.code);
        CHECK_THAT(error.message().en, ContainsSubstring(c.says));
    }
}

TEST_CASE("Broken polygons of a layer are repaired, with their row", "[io][layer]") {
    const Folder folder;
    tuban_test::make(
        folder.file("p.gpkg"),
        "GPKG",
        {{"p",
          4490,
          {{"id"}},
          {{"POLYGON((83 45,83.1 45,83.1 45.1,83 45))", {"a"}},
           {"POLYGON((83 45,83.1 45.1,83.1 45,83 45.1,83 45))", {"bow"}}}}}
    );
    LayerSpec spec;
    spec.key = "p";
    spec.source.file = "p.gpkg";
    const Layer layer = open_layer(spec, folder.path()).source->all();
    CHECK(layer.geometry.kinds[1] == GeometryKind::polygon);
    REQUIRE(layer.issues.size() == 1);
    CHECK(layer.issues[0].code == "repaired");
    CHECK(layer.issues[0].row == 2);
    CHECK(layer.issues[0].file == "p.gpkg");
}

TEST_CASE("Real layers open: many in one file, one in a zip, an empty one", "[io][layer]") {
    const std::string data = TUBAN_SHARED_DATA;
    if (!std::filesystem::exists(data + "/osm")) {
        WARN("skipped: " << data << " is not there");
        return;
    }

    struct Case {
        const char* file;
        const char* layer;
        std::int64_t rows;
    };

    // Counts: README of the data.
    const auto c = GENERATE(
        Case{"osm/liechtenstein_layers.gpkg", "reserves", 17},
        Case{"osm/north_bayreuth_layers.gpkg", "reserves", 0},
        Case{"china/railway_stations_osm_china_utf8_shp.zip", "", 19055},
        Case{"china/toli_county_654224.geojson", "", 1}
    );
    INFO(c.file);
    LayerSpec spec;
    spec.key = "x";
    spec.source.file = c.file;
    spec.source.layer = c.layer;
    const LayerOpened opened = open_layer(spec, data);
    CHECK(opened.input.rows == c.rows);
    CHECK(opened.source->all().size() == static_cast<std::size_t>(c.rows));
}
