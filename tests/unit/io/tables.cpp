#include <tuban/io.hpp>

#include "catch.hpp"
#include "io/geopackage.hpp"
#include "io/national_schema.hpp"
#include "io/sha256.hpp"
#include "io/table_reader.hpp"
#include "io/text_encoding.hpp"
#include "io_files.hpp"

#include <cpl_conv.h>
#include <gdal.h>
#include <ogr_srs_api.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <iterator>

using namespace tuban;
using tuban_test::bytes_of;
using tuban_test::Folder;

TEST_CASE("SHA-256 over files is that of their bytes in a row", "[io][hash]") {
    const Folder folder;
    folder.write("a", "ab");
    folder.write("b", "c");
    // FIPS 180-4, example: "abc"
    const std::string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    CHECK(sha256_hex("abc") == abc);
    CHECK(sha256_of_files({folder.file("a"), folder.file("b")}) == abc);
}

TEST_CASE("Encodings are judged by the bytes", "[io][encoding]") {
    const std::string gbk = "\xCD\xAC\xC0\xEF"; // 同里
    CHECK(judge_encoding({}, {gbk}).used == "GBK");
    CHECK(to_utf8(gbk, "GBK") == "同里");
    CHECK(to_utf8("图斑\xE7\xBC", "UTF-8") == "图斑");
    CHECK(to_utf8(gbk + "\xB1", "GBK") == "同里");
    CHECK(to_utf8("a\xFFz", "UTF-8") == "a\xEF\xBF\xBDz");
    CHECK(from_utf8("同里", "GBK") == gbk);
}

TEST_CASE("Restoration modes are known by code, letter and name", "[io][schema]") {
    CHECK(restoration_mode("1") == "natural");
    CHECK(restoration_mode(" D ") == "reuse");
    CHECK(restoration_mode("辅助再生") == "assisted");
    CHECK(restoration_mode("/") == "");
    CHECK_FALSE(restoration_mode("火星"));
}

TEST_CASE("A CSV in GBK and a workbook give the same table", "[io][table]") {
    const Folder folder;
    folder.write("t.csv", "unit_id,\xC3\xFB\xB3\xC6,area_ha\na,\xCD\xAC\xC0\xEF,1.5\nb,,2\n");
    tuban_test::make(
        folder.file("t.xlsx"),
        "XLSX",
        {{"t",
          0,
          {{"unit_id"}, {"名称"}, {"area_ha", 'r'}},
          {{"", {"a", "同里", "1.5"}}, {"", {"b", "", "2"}}},
          {},
          false}}
    );
    const Table csv = read_table({"t.csv", "", {}, {}, {}}, folder.path());
    const Table xlsx = read_table({"t.xlsx", "", {}, {}, {}}, folder.path());
    CHECK(csv.at("名称").text(0) == "同里");
    CHECK_FALSE(csv.at("名称").text(1));
    CHECK(csv.at("area_ha").number(1) == 2.0);
    CHECK(csv == xlsx);
}

TEST_CASE("A workbook of texts only still has a header", "[io][table]") {
    const Folder folder;
    tuban_test::make(
        folder.file("t.xlsx"),
        "XLSX",
        {{"t", 0, {{"甲"}, {"乙"}}, {{"", {"x", "y"}}}, {}, false}}
    );
    const Table table = read_table({"t.xlsx", "", {}, {}, {}}, folder.path());
    CHECK(table.rows == 1);
    CHECK(table.at("乙").text(0) == "y");
}

TEST_CASE("A title above the header of a sheet is no header", "[io][table]") {
    const Folder folder;
    tuban_test::make(
        folder.file("t.xlsx"),
        "XLSX",
        {{"台账",
          0,
          {{"2023年度台账"}, {"Field2"}, {"Field3"}},
          {{"", {"填报单位：某县", "", "单位：万元"}},
           {"", {"图斑编号", "投资", "乡镇"}},
           {"", {"A1", "12.5", "甲"}},
           {"", {"A2", "7", ""}}},
          {},
          false}}
    );
    const TableRead read = read_table_as_found({"t.xlsx", "", {}, {}, {}}, folder.path());
    REQUIRE(read.table.rows == 2);
    CHECK(read.table.at("图斑编号").text(1) == "A2");
    CHECK(read.table.at("投资").number(0) == 12.5);
    CHECK(read.table.at("乡镇").text(0) == "甲");
    REQUIRE(read.issues.size() == 1);
    CHECK(read.issues[0].code == "header_below_title");
    CHECK(read.issues[0].message.zh.find("第 3 行") != std::string::npos);
}

TEST_CASE("A sheet whose header is first keeps its rows", "[io][table]") {
    const Folder folder;
    tuban_test::make(
        folder.file("t.xlsx"),
        "XLSX",
        {{"t", 0, {{"a"}, {"Field2"}}, {{"", {"x", "1"}}, {"", {"y", "2"}}}, {}, false}}
    );
    const TableRead read = read_table_as_found({"t.xlsx", "", {}, {}, {}}, folder.path());
    CHECK(read.table.rows == 2);
    CHECK(read.issues.empty());
}

TEST_CASE("A table is written whole in every ending and comes back", "[io][write]") {
    const Folder folder;
    Table table;
    table.put(text_column("plot_id", "图斑编号", {"a", "b, \"c\""}));
    table.put(real_column("area_ha", "", "ha", {0.1, std::nullopt}));
    table.put(integer_column("cost_yuan", "", "yuan", {std::nullopt, 7}));
    CHECK(table_csv(table) == "plot_id,area_ha,cost_yuan\na,0.1,\n\"b, \"\"c\"\"\",,7\n");
    Geometry geometry;
    geometry.lon_deg = {83.0, 83.1, 83.1};
    geometry.lat_deg = {45.0, 45.0, 45.1};
    geometry.ring_offsets = {0, 3};
    geometry.part_offsets = {0, 1};
    geometry.feature_offsets = {0, 1, 1};
    geometry.kinds = {GeometryKind::polygon, GeometryKind::none};
    for (const char* name : {"t.csv", "t.gpkg", "t.geojson", "t.json"}) {
        write_table(table, &geometry, folder.file(name));
        CHECK(std::filesystem::exists(folder.file(name)));
    }
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 4);
    CHECK(
        bytes_of(folder.file("t.json")) ==
        "[\n{\"plot_id\":\"a\",\"area_ha\":0.1,\"cost_yuan\":null},\n{\"plot_id\":\"b, "
        "\\\"c\\\"\",\"area_ha\":null,\"cost_yuan\":7}\n]\n"
    );
    for (const char* name : {"t.gpkg", "t.geojson"}) {
        PlotsSpec spec;
        spec.source.file = name;
        spec.fields.id = {"plot_id"};
        const Plots plots = read_plots(spec, folder.path()).plots;
        CHECK(plots.geometry == geometry);
        CHECK(plots.attributes.at("src_cost_yuan").integer(1) == 7);
    }
    for (const char* name : {"t.parquet", "t.arrow", "t", "t.xyz"}) {
        try {
            write_table(table, nullptr, folder.file(name));
            FAIL("written");
        } catch (const Error& error) {
            CHECK(error.code() == ErrorCode::invalid_argument);
        }
    }
    try {
        write_table(table, nullptr, folder.file("no/such/t.csv"));
        FAIL("written");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::unwritable_output);
    }
}

namespace {

void make_raster(const std::string& file, int epsg, double nodata, double scale) {
    GDALAllRegister();
    GDALDatasetH raster =
        GDALCreate(GDALGetDriverByName("GTiff"), file.c_str(), 3, 2, 1, GDT_Int16, nullptr);
    std::array<double, 6> transform{83.0, 0.1, 0.0, 46.0, 0.0, -0.1};
    GDALSetGeoTransform(raster, transform.data());
    if (epsg != 0) {
        OGRSpatialReferenceH reference = OSRNewSpatialReference(nullptr);
        OSRImportFromEPSG(reference, epsg);
        GDALSetSpatialRef(raster, reference);
        OSRRelease(reference);
    }
    GDALRasterBandH band = GDALGetRasterBand(raster, 1);
    GDALSetRasterNoDataValue(band, nodata);
    GDALSetRasterScale(band, scale);
    std::array<std::int16_t, 6> cells{1, 2, -9999, -32768, 5, 6};
    CPL_IGNORE_RET_VAL(
        GDALRasterIO(band, GF_Write, 0, 0, 3, 2, cells.data(), 3, 2, GDT_Int16, 0, 0)
    );
    GDALClose(raster);
}

} // namespace

TEST_CASE("Heights come scaled, with NaN where there is no data", "[io][raster]") {
    const Folder folder;
    make_raster(folder.file("dem.tif"), 4490, -9999, 0.5);
    const std::string before = tuban_test::state_of(folder.path());
    ElevationSpec spec;
    spec.source.file = "dem.tif";
    const RasterOpened opened = open_elevation(spec, folder.path());
    CHECK(opened.source->columns() == 3);
    CHECK(opened.source->rows() == 2);
    CHECK(opened.source->crs() == "EPSG:4490");
    CHECK(
        opened.source->geo_transform() == std::array<double, 6>{83.0, 0.1, 0.0, 46.0, 0.0, -0.1}
    );
    const std::vector<double> cells = opened.source->read({1, 0, 2, 2});
    CHECK(cells[0] == 1.0);
    CHECK(std::isnan(cells[1]));
    CHECK(cells[2] == 2.5);
    CHECK(cells[3] == 3.0);
    CHECK(std::isnan(opened.source->read({0, 1, 1, 1})[0]));
    CHECK(tuban_test::state_of(folder.path()) == before);
}

TEST_CASE("A raster without a CRS is refused", "[io][raster]") {
    const Folder folder;
    make_raster(folder.file("dem.tif"), 0, -200, 1.0);
    ElevationSpec spec;
    spec.source.file = "dem.tif";
    CHECK_THROWS_AS(open_elevation(spec, folder.path()), Error);
    spec.source.crs = "EPSG:4490";
    CHECK(open_elevation(spec, folder.path()).input.crs_because == "project");
}

TEST_CASE("Real rasters open, whatever way their CRS is written", "[io][raster]") {
    const std::string dem = std::string(TUBAN_SHARED_DATA) + "/dem";
    if (!std::filesystem::exists(dem)) {
        WARN("skipped: " << dem << " is not there");
        return;
    }

    struct Case {
        const char* file;
        double least_m;
        double most_m;
        bool voids;
    };

    // Least and greatest heights: README of the data.
    const auto c = GENERATE(
        Case{"hirschau_kaolin_pits_srtm3.tif", 354, 666, false},
        Case{"andorra_srtm3.tif", 712, 3100, true},
        Case{"olinda_dem_utm25s.tif", -1, 88, false},
        Case{"N48W125.hgt.zip", -13, 10000, true}
    );
    INFO(c.file);
    ElevationSpec spec;
    spec.source.file = c.file;
    const RasterOpened opened = open_elevation(spec, dem);
    double least = 1e9;
    double most = -1e9;
    bool voids = false;
    for (const double height :
         opened.source->read({0, 0, opened.source->columns(), opened.source->rows()})) {
        voids = voids || std::isnan(height);
        least = std::isnan(height) ? least : std::min(least, height);
        most = std::isnan(height) ? most : std::max(most, height);
    }
    CHECK(std::round(least) == c.least_m);
    CHECK(most <= c.most_m + 0.5);
    CHECK(voids == c.voids);
}

TEST_CASE("What is no GeoPackage of ours is told in the user's words first", "[io][tables]") {
    const Folder folder;
    tuban_test::make(
        folder.file("whole.gpkg"), "GPKG", {{"t", 4490, {{"id"}}, {{"POINT(83 45)", {"a"}}}}}
    );
    CHECK(read_geopackage(folder.file("whole.gpkg")).size() == 1);
    folder.write("cut.gpkg", bytes_of(folder.file("whole.gpkg")).substr(0, 5000));
    folder.write("text.gpkg", std::string(5000, 'x'));
    for (const char* name : {"cut.gpkg", "text.gpkg", "none.gpkg"}) {
        INFO(name);
        try {
            (void)read_geopackage(folder.file(name));
            FAIL("it was read");
        } catch (const Error& error) {
            CHECK(error.code() == ErrorCode::unreadable_input);
            const Text& why = error.message();
            INFO(why.zh);
            CHECK(why.zh.starts_with("打不开，或不是完整的 GeoPackage；"));
            const std::size_t quoted = why.zh.find("GDAL");
            CHECK((quoted == std::string::npos || why.zh.find("（GDAL: ") + 3 == quoted));
            CHECK((quoted == std::string::npos || why.zh.ends_with("）")));
            CHECK(why.zh.find("not recognized") == std::string::npos);
        }
    }
}
