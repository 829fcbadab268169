// Rows by Arrow batches against rows by features: the same rows, order, bits, nulls and types.
#include "catch.hpp"
#include "io/rows.hpp"
#include "io_files.hpp"

#include <filesystem>

using namespace tuban;
using tuban_test::FeatureMade;
using tuban_test::FieldMade;
using tuban_test::Folder;
using tuban_test::LayerMade;

namespace {

constexpr std::size_t all_rows = 1'000'000;

FileSpec spec_of(const std::string& file, const std::string& layer = "") {
    FileSpec spec;
    spec.file = file;
    spec.layer = layer;
    return spec;
}

/// Field by field, so that a failure names what differs.
void check_same(const Rows& batches, const Rows& features) {
    CHECK(batches.fids == features.fids);
    CHECK(batches.wkb == features.wkb);
    CHECK(batches.raw_names == features.raw_names);
    CHECK(batches.curves == features.curves);
    REQUIRE(batches.table.rows == features.table.rows);
    REQUIRE(batches.table.columns.size() == features.table.columns.size());
    for (std::size_t i = 0; i < batches.table.columns.size(); ++i) {
        INFO(features.table.columns[i].name);
        CHECK(batches.table.columns[i] == features.table.columns[i]);
    }
}

struct BothWays {
    bool by_batches = false;
    Rows batches;
    Rows features;
};

BothWays read_both(const FileSpec& spec, const std::optional<ColumnNames>& wanted = {}) {
    GdalScope gdal;
    const Source source = open_source(spec, "", Want::geometry, gdal);
    BothWays both;
    {
        RowStream stream(source, wanted);
        both.by_batches = stream.by_batches();
        both.batches = stream.next(all_rows, gdal);
    }
    RowStream stream(source, wanted, true); // as if filtered: features
    CHECK_FALSE(stream.by_batches());
    both.features = stream.next(all_rows, gdal);
    return both;
}

LayerMade plots_of_all_kinds() {
    const std::vector<FieldMade> fields{
        {"TBBH", 't'}, {"面积", 'r'}, {"number", 'i'}, {"note", 't'}};
    const std::vector<FeatureMade> features{
        {"POLYGON ((0 0,0 1,1 1,0 0))", {"A1", "1.5", "7", "合成数据"}},
        {"", {"A2", "", "", ""}},
        {"POLYGON EMPTY", {"A3", "-0.0", "-7", "   "}},
        {"MULTIPOLYGON (((0 0,0 1,1 1,0 0)),((5 5,5 6,6 6,5 5)))", {"A4", "1e300", "0", "b"}},
        {"POLYGON Z ((0 0 9,0 1 9,1 1 9,0 0 9))", {"A5", "0.1", "2147483647", "c"}},
        {"CURVEPOLYGON (CIRCULARSTRING (0 0,1 1,2 0,1 -1,0 0))", {"A6", "2", "1", "arc"}},
        {"POINT (3 4)", {"A7", "2", "1", ""}},
        {"POINT EMPTY", {"A8", "2", "1", ""}},
        {"LINESTRING (3 4,5 6)", {"A9", "2", "1", ""}},
        {"GEOMETRYCOLLECTION (POINT (1 2),POLYGON ((0 0,0 1,1 1,0 0)))", {"A10", "", "5", ""}},
    };
    return {"plots", 4490, fields, features, {}, true, false};
}

} // namespace

TEST_CASE("A GeoPackage read by batches is the GeoPackage read by features", "[io][streams]") {
    const Folder folder;
    const std::string file = folder.file("plots.gpkg");
    tuban_test::make(file, "GPKG", {plots_of_all_kinds()});
    const BothWays both = read_both(spec_of(file));
    CHECK(both.by_batches);
    CHECK(both.features.table.rows == 10);
    CHECK(both.features.curves == 1);
    check_same(both.batches, both.features);
}

TEST_CASE("FlatGeobuf read by batches is FlatGeobuf read by features", "[io][streams]") {
    const Folder folder;
    const std::string file = folder.file("plots.fgb");
    LayerMade layer = plots_of_all_kinds();
    layer.options = {"SPATIAL_INDEX=NO"};
    tuban_test::make(file, "FlatGeobuf", {layer});
    const BothWays both = read_both(spec_of(file));
    CHECK(both.by_batches);
    check_same(both.batches, both.features);
}

TEST_CASE("Columns that nobody wants are not read, and the rest stays", "[io][streams]") {
    const Folder folder;
    const std::string file = folder.file("plots.gpkg");
    tuban_test::make(file, "GPKG", {plots_of_all_kinds()});
    const BothWays whole = read_both(spec_of(file));
    const BothWays both = read_both(spec_of(file), ColumnNames{"面积", "nowhere"});
    CHECK(both.by_batches);
    check_same(both.batches, both.features);
    REQUIRE(both.batches.table.columns.size() == 1);
    CHECK(both.batches.table.columns[0] == whole.features.table.at("面积"));
    CHECK(both.batches.wkb == whole.features.wkb);
    CHECK(both.batches.fids == whole.features.fids);
    // Shapes alone come empty out of GDAL 3.6's stream: features.
    const BothWays shapes = read_both(spec_of(file), ColumnNames{});
    CHECK_FALSE(shapes.by_batches);
    CHECK(shapes.batches.wkb == whole.features.wkb);
}

TEST_CASE("Batches are handed out in any portions", "[io][streams]") {
    const Folder folder;
    const std::string file = folder.file("plots.gpkg");
    LayerMade layer = plots_of_all_kinds();
    std::vector<FeatureMade> few = layer.features;
    std::erase_if(few, [](const auto& one) { // 70 000 vertices once it is straight
        return one.first.starts_with("CURVE");
    });
    for (int i = 0; i < 700; ++i) {
        layer.features.insert(layer.features.end(), few.begin(), few.end());
    }
    tuban_test::make(file, "GPKG", {layer});
    const BothWays whole = read_both(spec_of(file));
    check_same(whole.batches, whole.features);
    GdalScope gdal;
    const Source source = open_source(spec_of(file), "", Want::geometry, gdal);
    RowStream stream(source);
    std::vector<std::int64_t> fids;
    std::vector<std::string> wkb;
    for (Rows rows = stream.next(999, gdal); rows.table.rows > 0;
         rows = stream.next(999, gdal)) {
        CHECK(rows.table.rows <= 999);
        fids.insert(fids.end(), rows.fids.begin(), rows.fids.end());
        wkb.insert(wkb.end(), rows.wkb.begin(), rows.wkb.end());
    }
    CHECK(fids == whole.features.fids);
    CHECK(wkb == whole.features.wkb);
}

TEST_CASE("Real layers are the same by batches and by features", "[io][streams]") {
    const std::string data = TUBAN_SHARED_DATA;
    if (!std::filesystem::exists(data)) {
        WARN("skipped: " << data << " is not there");
        return;
    }
    const auto spec = GENERATE_COPY(
        spec_of(data + "/china/counties_tacheng_karamay_yichun.gpkg", "counties"),
        spec_of(data + "/china/gem_coal_mine_boundaries_china.gpkg", "mine_boundary"),
        spec_of(data + "/osm/andorra_layers.gpkg", "roads"),
        spec_of(data + "/osm/andorra_layers.gpkg", "landcover"),
        spec_of(data + "/osm/north_bayreuth_layers.gpkg", "reserves"),
        spec_of(data + "/osm/liechtenstein_layers.gpkg", "buildings"),
        spec_of(data + "/mines/mine_segmentation_test_annotations.gpkg", "polygons_original")
    );
    INFO(spec.file << " " << spec.layer);
    const BothWays both = read_both(spec);
    check_same(both.batches, both.features);
}
