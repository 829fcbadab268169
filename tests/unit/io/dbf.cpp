// Tables in dBASE's format, byte by byte: what their headers may say, rows marked as deleted, counts that disagree. 合成数据.
#include "io/dbf.hpp"

#include <tuban/io.hpp>

#include "catch.hpp"
#include "core/format.hpp"
#include "io/plots_reader.hpp"
#include "io/row_words.hpp"
#include "io/table_reader.hpp"
#include "io_files.hpp"

#include <gdal.h>
#include <ogr_api.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <numeric>
#include <random>

using namespace tuban;
using tuban_test::dbf_bytes;
using tuban_test::DbfFieldMade;
using tuban_test::DbfRowMade;
using tuban_test::Folder;
using tuban_test::little_endian;
using tuban_test::ShapesMade;

namespace {

const std::vector<DbfFieldMade> id_and_area{{"TBBH", 'C', 10}, {"AREA", 'N', 12, 2}};

std::vector<DbfRowMade> rows_of(std::size_t count, const std::vector<std::size_t>& deleted) {
    std::vector<DbfRowMade> rows;
    for (std::size_t i = 0; i < count; ++i) {
        const bool gone = std::find(deleted.begin(), deleted.end(), i) != deleted.end();
        rows.push_back({{format("P{}", i + 1), format("{}.50", i + 1)}, gone});
    }
    return rows;
}

ShapesMade shapes_of(std::size_t count) {
    std::vector<std::pair<double, double>> corners;
    for (std::size_t i = 0; i < count; ++i) {
        corners.emplace_back(83.6 + 0.01 * static_cast<double>(i), 45.9);
    }
    return tuban_test::square_shapes(corners, 0.001);
}

void write_shapefile(const Folder& folder, const ShapesMade& shapes, const std::string& dbf) {
    folder.write("p.shp", shapes.shp);
    folder.write("p.shx", shapes.shx);
    folder.write("p.dbf", dbf);
}

void patch(std::string& bytes, std::size_t at, const std::string& data) {
    bytes.replace(at, data.size(), data);
}

PlotsSpec spec_of(const std::string& file) {
    PlotsSpec spec;
    spec.source.file = file;
    spec.source.crs = "EPSG:4490";
    spec.fields.id = {"TBBH"};
    return spec;
}

PlotsRead check(const Folder& folder, const std::string& file) {
    return read_plots_as_found(spec_of(file), folder.path(), ReadFor::check, {});
}

Text refusal(const Folder& folder, const std::string& file) {
    try {
        (void)check(folder, file);
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::unreadable_input);
        return error.message();
    }
    return {"没有错误", "no error"};
}

std::vector<Issue> issues_of(const PlotsRead& read, const std::string& code) {
    std::vector<Issue> found;
    for (const Issue& issue : read.plots.issues) {
        if (issue.code == code) {
            found.push_back(issue);
        }
    }
    return found;
}

constexpr std::size_t square_bytes = 8 + 44 + 4 + 80; ///< of a square's record

} // namespace

TEST_CASE("Rows are listed from 1, ten at most", "[io][rows]") {
    std::vector<std::size_t> rows(10);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    CHECK(row_list(rows) == "1, 2, 3, 4, 5, 6, 7, 8, 9, 10");
    rows.push_back(10);
    CHECK(row_list(rows) == "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …");
    CHECK(row_list(std::vector<std::size_t>{6, 2}) == "7, 3");
    CHECK(row_list({}).empty());
}

TEST_CASE("Ten thousand rows of one id make a short message", "[io][rows]") {
    const Folder folder;
    std::vector<DbfRowMade> rows(10'000, DbfRowMade{{"P1", "1.00"}});
    folder.write("p.dbf", dbf_bytes(id_and_area, rows));
    const auto found = issues_of(check(folder, "p.dbf"), "duplicate_id");
    REQUIRE(found.size() == rows.size());
    CHECK_THAT(
        found[0].message.en,
        ContainsSubstring("rows 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, … (10000 rows)")
    );
    CHECK_THAT(found[0].message.zh, ContainsSubstring("（共 10000 行）"));
    CHECK(found[0].message.en.size() < 200);
}

TEST_CASE("A header gives lengths, fields and the language", "[io][dbf]") {
    const std::string bytes =
        dbf_bytes({{"TBBH", 'C', 21}, {"AREA", 'N', 12, 2}}, rows_of(2, {}), '\x4D');
    const auto header = dbf_header(bytes);
    REQUIRE(header);
    CHECK(header->rows == 2);
    CHECK(header->header_bytes == 97);
    CHECK(header->record_bytes == 34);
    CHECK(header->language == 0x4D);
    CHECK(header->ended);
    CHECK_FALSE(header->long_text);
    REQUIRE(header->fields.size() == 2);
    CHECK(header->fields[1].name == "AREA");
    CHECK(header->fields[1].type == 'N');
    CHECK(header->fields[1].begin == 22);
    CHECK(header->fields[1].width == 12);
    CHECK(header->fields[1].decimals == 2);
    CHECK(header->begin_of(2) == 97 + 68);
    const std::string_view second = std::string_view(bytes).substr(header->begin_of(1), 34);
    CHECK(cell_of(second, header->fields[1]) == "        2.50");
    CHECK(cell_of(second.substr(0, 33), header->fields[1]).empty());
}

TEST_CASE(
    "Headers that make no sense give nothing, or only what their bytes hold", "[io][dbf]"
) {
    const std::string good = dbf_bytes(id_and_area, rows_of(2, {}));
    const auto changed = [&](std::size_t at, std::size_t value) {
        std::string bytes = good;
        patch(bytes, at, little_endian(value, 2));
        return dbf_header(bytes);
    };
    CHECK_FALSE(dbf_header(""));
    CHECK_FALSE(dbf_header(std::string(31, '\xFF')));
    CHECK_FALSE(changed(8, 0));  // header of no length
    CHECK_FALSE(changed(8, 32)); // no room for a field
    CHECK_FALSE(changed(10, 0)); // records of no length
    CHECK(changed(8, 33)->fields.empty());
    CHECK_FALSE(changed(8, 33)->ended);
    CHECK_FALSE(changed(8, 70)->ended); // in the middle of the second field
    CHECK(changed(8, 96)->ended);       // no mark, but fields that make up a record
    CHECK_FALSE(changed(10, 24) == std::nullopt);
    std::string endless = good;
    patch(endless, 8, "\xFF\xFF");
    patch(endless, 96, "X"); // where the mark was
    const auto open = dbf_header(endless);
    REQUIRE(open);
    CHECK(open->fields.size() <= (endless.size() - 32) / 32);

    // Any bytes: widths and places stay within what one header can say.
    std::mt19937 numbers(20240601);
    std::uniform_int_distribution<int> byte(0, 255);
    for (int run = 0; run < 2000; ++run) {
        std::string bytes(static_cast<std::size_t>(byte(numbers)) * 4, '\0');
        std::generate(bytes.begin(), bytes.end(), [&] {
            return static_cast<char>(byte(numbers));
        });
        const auto header = dbf_header(bytes);
        if (!header) {
            continue;
        }
        std::size_t begin = 1;
        for (const DbfField& field : header->fields) {
            CHECK(field.begin == begin);
            CHECK(field.width <= 255);
            CHECK(field.name.size() <= 11);
            begin += field.width;
            CHECK(cell_of(bytes, field).size() <= field.width);
        }
        CHECK(header->fields.size() * 32 + 32 <= std::max<std::size_t>(bytes.size(), 32));
    }
}

TEST_CASE("Text with decimals is text of its width", "[io][dbf]") {
    const Folder folder;
    const std::vector<DbfFieldMade> fields{{"TBBH", 'C', 10, 5}, {"AREA", 'N', 12, 2}};
    folder.write("p.dbf", dbf_bytes(fields, {{{"P1", "1,234.50"}}, {{"P2", "2.50"}}}));
    const PlotsRead read = check(folder, "p.dbf");
    CHECK(read.plots.ids == std::vector<std::string>{"P1", "P2"});
    REQUIRE(
        issues_of(read, "values_normalised").size() == 1
    ); // the second field is looked at in its place
    CHECK(read.plots.attributes.at("AREA").number(0) == 1234.5);
}

TEST_CASE(
    "Text of more than 255 bytes is refused, as what follows would be out of place", "[io][dbf]"
) {
    const Folder folder;
    const std::vector<DbfFieldMade> fields{{"BZ", 'C', 300, 1}, {"TBBH", 'C', 10}};
    folder.write("p.dbf", dbf_bytes(fields, {{{std::string(280, 'x'), "P1"}}}));
    const Text why = refusal(folder, "p.dbf");
    CHECK_THAT(why.en, ContainsSubstring("field 1"));
    CHECK_THAT(why.en, ContainsSubstring("255"));
    CHECK_THAT(why.zh, ContainsSubstring("第 1 个字段"));
}

TEST_CASE("Rows marked as deleted are counted and named", "[io][dbf]") {
    const Folder folder;
    const bool shapes = GENERATE(false, true);
    INFO((shapes ? "with shapes" : "a table"));
    std::vector<DbfRowMade> rows = rows_of(6, {0, 3});
    rows[4].cells[1] = "5公顷";
    write_shapefile(folder, shapes_of(6), dbf_bytes(id_and_area, rows));
    if (!shapes) {
        std::filesystem::remove(folder.file("p.shp")); // beside it the .dbf is only a part
    }
    const PlotsRead read = check(folder, shapes ? "p.shp" : "p.dbf");
    CHECK(read.plots.ids == std::vector<std::string>{"P2", "P3", "P5", "P6"});
    CHECK(read.inputs[0].rows == 4);
    const auto found = issues_of(read, "rows_deleted");
    REQUIRE(found.size() == 1);
    CHECK(found[0].severity == Severity::warning);
    CHECK_FALSE(found[0].row);
    CHECK_THAT(found[0].message.en, ContainsSubstring("2 of the 6 rows"));
    CHECK_THAT(found[0].message.en, ContainsSubstring("rows 1, 4"));
    CHECK_THAT(found[0].message.zh, ContainsSubstring("第 1, 4 行"));
    // A cell is told at the row that is read, under its own id.
    const auto odd = issues_of(read, "number_unreadable");
    REQUIRE(odd.size() == 1);
    CHECK(odd[0].row == 3);
    CHECK(odd[0].plot_id == "P5");
}

TEST_CASE("A layer counts the rows that are not deleted", "[io][dbf]") {
    const Folder folder;
    write_shapefile(folder, shapes_of(3), dbf_bytes(id_and_area, rows_of(3, {1})));
    LayerSpec spec;
    spec.key = "road";
    spec.source.file = "p.shp";
    spec.source.crs = "EPSG:4490";
    const LayerOpened opened = open_layer(spec, folder.path());
    CHECK(opened.input.rows == 2);
    const Layer layer = opened.source->all();
    CHECK(layer.size() == 2);
    CHECK(std::count_if(layer.issues.begin(), layer.issues.end(), [](const Issue& issue) {
              return issue.code == "rows_deleted";
          }) == 1);
}

TEST_CASE("What is wrong with a joined table is told of the table", "[io][dbf][join]") {
    const Folder folder;
    folder.write("p.dbf", dbf_bytes({{"TBBH", 'C', 10}}, {{{"P1"}}, {{"P3"}}}));
    std::vector<DbfRowMade> rows = rows_of(4, {0});
    rows[3].cells[1] = "5公顷";
    folder.write("table.dbf", dbf_bytes(id_and_area, rows));
    PlotsSpec spec = spec_of("p.dbf");
    spec.joins.push_back({{"table.dbf", "", {}, {}, {}}, "TBBH"});
    const PlotsRead read = read_plots(spec, folder.path());
    CHECK_FALSE(read.plots.attributes.at("AREA").number(0));
    CHECK(read.plots.attributes.at("AREA").number(1) == 3.5);
    const auto deleted = issues_of(read, "rows_deleted");
    REQUIRE(deleted.size() == 1);
    CHECK(deleted[0].file == "table.dbf");
    const auto odd = issues_of(read, "number_unreadable");
    REQUIRE(odd.size() == 1);
    CHECK(odd[0].file == "table.dbf");
    CHECK(odd[0].row == 3);
    CHECK(odd[0].plot_id.empty()); // it is no row of the plots, which are two
}

TEST_CASE("A table of its own comes with what reading found", "[io][dbf]") {
    const Folder folder;
    std::vector<DbfRowMade> rows = rows_of(3, {0});
    rows[2].cells[1] = "5公顷";
    folder.write("t.dbf", dbf_bytes(id_and_area, rows));
    FileSpec spec;
    spec.file = "t.dbf";
    const TableRead read = read_table_as_found(spec, folder.path());
    CHECK(read.table.rows == 2);
    CHECK_FALSE(read.empty_because);
    REQUIRE(read.issues.size() == 2);
    CHECK(read.issues[0].code == "rows_deleted");
    CHECK(read.issues[0].file == "t.dbf");
    CHECK(read.issues[1].code == "number_unreadable");
    CHECK(read.issues[1].row == 2);
    CHECK(read.issues[1].layer == "t");

    folder.write("t.dbf", dbf_bytes(id_and_area, rows_of(3, {0, 1, 2})));
    const TableRead none = read_table_as_found(spec, folder.path());
    CHECK(none.table.rows == 0);
    REQUIRE(none.empty_because);
    CHECK_THAT(none.empty_because->en, ContainsSubstring("all 3 rows"));
}

TEST_CASE("A file whose rows are all deleted says so", "[io][dbf]") {
    const Folder folder;
    write_shapefile(
        folder,
        shapes_of(12),
        dbf_bytes(id_and_area, rows_of(12, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}))
    );
    const PlotsRead read = check(folder, "p.shp");
    CHECK(read.plots.size() == 0);
    const auto empty = issues_of(read, "empty_layer");
    REQUIRE(empty.size() == 1);
    CHECK_THAT(empty[0].message.en, ContainsSubstring("all 12 rows"));
    CHECK_THAT(empty[0].message.zh, ContainsSubstring("12 行全部标记为已删除"));
    CHECK_THAT(issues_of(read, "rows_deleted").at(0).message.en, ContainsSubstring("9, 10, …"));
    try {
        (void)read_plots(spec_of("p.shp"), folder.path());
        FAIL("no plots, and no error");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::data_check_failed);
        CHECK_THAT(error.message().en, ContainsSubstring("all 12 rows"));
    }
}

TEST_CASE(
    "What is wrong with a shape is told at its plot, whatever rows were deleted before",
    "[io][dbf]"
) {
    const Folder folder;
    ShapesMade shapes = shapes_of(5);
    const std::size_t second = 100 + square_bytes;
    const std::size_t fifth = 100 + 4 * square_bytes;
    // The deleted second shape is rubbish, and nobody asks for it.
    patch(shapes.shp, second + 8, little_endian(77, 4));
    SECTION("another number") {
        patch(shapes.shp, fifth, std::string("\0\0\0\x63", 4));
        write_shapefile(folder, shapes, dbf_bytes(id_and_area, rows_of(5, {0, 1})));
        const auto found = issues_of(check(folder, "p.shp"), "shape_numbers");
        REQUIRE(found.size() == 1);
        CHECK(found[0].row == 3);
        CHECK(found[0].plot_id == "P5");
    }
    SECTION("a box too large") {
        patch(shapes.shp, fifth + 8 + 4, std::string(8, '\0'));
        write_shapefile(folder, shapes, dbf_bytes(id_and_area, rows_of(5, {0, 1})));
        const auto found = issues_of(check(folder, "p.shp"), "box_too_large");
        REQUIRE(found.size() == 1);
        CHECK_THAT(found[0].message.en, ContainsSubstring("(rows 3)"));
    }
    SECTION("a vertex outside of its box") {
        patch(shapes.shp, fifth + 8 + 48, std::string(8, '\0'));
        write_shapefile(folder, shapes, dbf_bytes(id_and_area, rows_of(5, {0, 1})));
        const auto found = issues_of(check(folder, "p.shp"), "geometry_damaged");
        REQUIRE(found.size() == 1);
        CHECK(found[0].row == 3);
        CHECK(found[0].plot_id == "P5");
    }
}

TEST_CASE("Deleted rows have no say in the encoding", "[io][dbf]") {
    const Folder folder;
    std::vector<DbfRowMade> rows = rows_of(3, {1});
    rows[0].cells[0] = "图斑一";
    rows[1].cells[0] = "\xCD\xBC\xB0\xDF\xB6\xFE"; // 图斑二 in GBK
    folder.write("p.dbf", dbf_bytes(id_and_area, rows));
    const PlotsRead read = check(folder, "p.dbf");
    CHECK(read.plots.ids == std::vector<std::string>{"图斑一", "P3"});
    CHECK(read.inputs[0].encoding == "UTF-8");
}

TEST_CASE("Files of a shapefile that count differently are refused", "[io][dbf]") {
    const Folder folder;
    ShapesMade shapes = shapes_of(5);
    std::string dbf = dbf_bytes(id_and_area, rows_of(5, {}));
    SECTION("the .dbf states fewer rows than it stores") {
        patch(dbf, 4, little_endian(3, 4));
        write_shapefile(folder, shapes, dbf);
        const Text why = refusal(folder, "p.shp");
        CHECK_THAT(why.en, ContainsSubstring("5 shapes"));
        CHECK_THAT(why.en, ContainsSubstring("3 records"));
        CHECK_THAT(why.en, ContainsSubstring("stores 5"));
        CHECK_THAT(why.zh, ContainsSubstring("存着 5 条"));
    }
    SECTION("the .shx states fewer shapes than it lists, and so does the .dbf") {
        patch(shapes.shx, 24, std::string("\0\0\0", 3) + static_cast<char>((100 + 3 * 8) / 2));
        patch(dbf, 4, little_endian(3, 4));
        write_shapefile(folder, shapes, dbf);
        const Text why = refusal(folder, "p.shp");
        CHECK_THAT(why.en, ContainsSubstring("5 shapes"));
        CHECK_THAT(why.en, ContainsSubstring(".shx lists 3"));
    }
    SECTION("the .shx and the .dbf are shorter than the .shp") {
        shapes.shx = shapes_of(4).shx;
        write_shapefile(folder, shapes, dbf_bytes(id_and_area, rows_of(4, {})));
        CHECK_THAT(refusal(folder, "p.shp").en, ContainsSubstring(".shx lists 4"));
    }
    SECTION("a length that the .shx cannot have") {
        patch(shapes.shx, 24, std::string(4, '\0'));
        write_shapefile(folder, shapes, dbf);
        CHECK_THAT(
            refusal(folder, "p.shp").en, ContainsSubstring(".shx is incomplete or damaged")
        );
    }
}

TEST_CASE("Rows behind those that all headers count are told", "[io][dbf]") {
    const Folder folder;
    ShapesMade shapes = shapes_of(5);
    const ShapesMade three = shapes_of(3);
    std::string dbf = dbf_bytes(id_and_area, rows_of(5, {}));
    patch(dbf, 4, little_endian(3, 4));
    patch(shapes.shp, 0, three.shp.substr(0, 100)); // as if two were added and the program died
    patch(shapes.shx, 0, three.shx.substr(0, 100));
    write_shapefile(folder, shapes, dbf);
    const bool with_shapes = GENERATE(true, false);
    if (!with_shapes) {
        std::filesystem::remove(folder.file("p.shp"));
    }
    const PlotsRead read = check(folder, with_shapes ? "p.shp" : "p.dbf");
    CHECK(read.plots.size() == 3);
    const auto found = issues_of(read, "rows_uncounted");
    REQUIRE(found.size() == 1);
    CHECK(found[0].severity == Severity::warning);
    CHECK_THAT(found[0].message.en, ContainsSubstring("counts 3 rows, and 2 more"));
    CHECK_THAT(found[0].message.en, ContainsSubstring(with_shapes ? ".shp" : ".dbf"));
}

TEST_CASE("What fills up a .dbf is no row", "[io][dbf]") {
    const Folder folder;
    const char byte = GENERATE('\0', '\x1A');
    folder.write("p.dbf", dbf_bytes(id_and_area, rows_of(3, {})) + std::string(200, byte));
    CHECK(issues_of(check(folder, "p.dbf"), "rows_uncounted").empty());
}

TEST_CASE("What editing leaves in a sound shapefile is no fault", "[io][dbf]") {
    const Folder folder;
    ShapesMade shapes = shapes_of(3);
    SECTION("a shape that was written anew at the end") {
        // GDAL leaves the old record where it is and points the .shx at the new one.
        const std::string moved = shapes.shp.substr(100 + square_bytes, square_bytes);
        const std::size_t at = shapes.shp.size();
        shapes.shp += moved;
        patch(
            shapes.shp,
            24,
            std::string("\0\0", 2) + static_cast<char>((at + square_bytes) / 2 / 256) +
                static_cast<char>((at + square_bytes) / 2 % 256)
        );
        patch(
            shapes.shx,
            108,
            std::string("\0\0", 2) + static_cast<char>(at / 2 / 256) +
                static_cast<char>(at / 2 % 256)
        );
    }
    SECTION("room at the end of the .dbf") {}
    std::string dbf = dbf_bytes(id_and_area, rows_of(3, {}));
    write_shapefile(folder, shapes, dbf + std::string(23, ' ')); // one record more
    PlotsRead read;
    try {
        read = check(folder, "p.shp");
    } catch (const Error& error) {
        FAIL(error.message().en);
    }
    CHECK(read.plots.size() == 3);
    CHECK(issues_of(read, "rows_uncounted").empty());
    CHECK(issues_of(read, "rows_deleted").empty());
}

namespace {

/// Gives a feature another shape, as an editing program does.
void redraw(OGRLayerH layer, GIntBig fid, const std::string& wkt) {
    OGRFeatureH feature = OGR_L_GetFeature(layer, fid);
    std::string copy = wkt;
    char* text = copy.data();
    OGRGeometryH geometry = nullptr;
    OGR_G_CreateFromWkt(&text, nullptr, &geometry);
    OGR_F_SetGeometryDirectly(feature, geometry);
    CHECK(OGR_L_SetFeature(layer, feature) == OGRERR_NONE);
    OGR_F_Destroy(feature);
}

} // namespace

TEST_CASE("A shapefile that was edited in place reads as it is", "[io][dbf]") {
    const Folder folder;
    const std::string small = "POLYGON((83.6 45.9,83.6 45.901,83.601 45.901,83.6 45.9))";
    const std::string large = "POLYGON((83.6 45.9,83.6 45.901,83.601 45.901,83.602 "
                              "45.9005,83.6015 45.9002,83.6 45.9))";
    tuban_test::make(
        folder.file("p.shp"),
        "ESRI Shapefile",
        {{"p",
          4490,
          {{"TBBH"}},
          {{small, {"P1"}}, {small, {"P2"}}, {small, {"P3"}}, {small, {"P4"}}}}}
    );
    const std::array<const char*, 2> options{"AUTO_REPACK=NO", nullptr};
    GDALDatasetH dataset = GDALOpenEx(
        folder.file("p.shp").c_str(),
        GDAL_OF_VECTOR | GDAL_OF_UPDATE,
        nullptr,
        options.data(),
        nullptr
    );
    OGRLayerH layer = GDALDatasetGetLayer(dataset, 0);
    redraw(layer, 0, large); // goes to the end
    redraw(layer, 3, large);
    redraw(layer, 3, small); // leaves room behind it
    redraw(layer, 0, small);
    CHECK(OGR_L_DeleteFeature(layer, 1) == OGRERR_NONE);
    GDALClose(dataset);
    const PlotsRead read = check(folder, "p.shp");
    CHECK(read.plots.ids == std::vector<std::string>{"P1", "P3", "P4"});
    CHECK_THAT(
        issues_of(read, "rows_deleted").at(0).message.en, ContainsSubstring("1 of the 4 rows")
    );
    CHECK_THAT(issues_of(read, "rows_deleted").at(0).message.en, ContainsSubstring("rows 2"));
    for (const char* code :
         {"rows_uncounted", "shape_numbers", "box_too_large", "geometry_damaged"}) {
        INFO(code);
        CHECK(issues_of(read, code).empty());
    }
}
