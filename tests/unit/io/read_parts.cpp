// Rows read in parts by several handles at once against rows read by one.
#include "catch.hpp"
#include "io/handles.hpp"
#include "io/read_rows.hpp"
#include "io_files.hpp"

#include <filesystem>
#include <fstream>

using namespace tuban;
using tuban_test::FeatureMade;
using tuban_test::Folder;
using tuban_test::LayerMade;

namespace {

constexpr std::size_t many = 20'000; ///< two parts of 8192 rows and more

LayerMade plots() {
    std::vector<FeatureMade> features;
    for (std::size_t i = 0; i < many; ++i) {
        const std::string number = std::to_string(i);
        const std::string wkt = "POLYGON ((" + number + " 0," + number + " 1," +
                                std::to_string(i + 1) + " 1," + number + " 0))";
        features.push_back({i % 97 == 0 ? "" : wkt, {"合成数据" + number, number, ""}});
    }
    return {
        "plots",
        4534,
        {{"TBBH", 't'}, {"number", 'i'}, {"area", 'r'}},
        features,
        {},
        true,
        true};
}

FileSpec spec_of(const std::string& file) {
    FileSpec spec;
    spec.file = file;
    spec.encoding = "UTF-8";
    return spec;
}

Rows read_with(const std::string& file, int threads) {
    GdalScope gdal;
    const Source source = open_source(spec_of(file), "", Want::geometry, gdal);
    Execution execution;
    execution.threads = threads;
    return read_rows(source, gdal, execution);
}

void check_same(const Rows& parts, const Rows& whole) {
    CHECK(parts.fids == whole.fids);
    CHECK(parts.wkb == whole.wkb);
    CHECK(parts.raw_names == whole.raw_names);
    CHECK(parts.table == whole.table);
    REQUIRE(parts.issues.size() == whole.issues.size());
    for (std::size_t i = 0; i < parts.issues.size(); ++i) {
        CHECK(parts.issues[i].row == whole.issues[i].row);
        CHECK(parts.issues[i].message.en == whole.issues[i].message.en);
    }
}

/// As another program leaves it: without some rows, one number written as text.
void change(const std::string& file, const std::vector<std::string>& statements) {
    const GdalScope gdal;
    const Dataset dataset(
        GDALOpenEx(file.c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE, nullptr, nullptr, nullptr)
    );
    REQUIRE(dataset != nullptr);
    for (const std::string& statement : statements) {
        OGRLayerH rows =
            GDALDatasetExecuteSQL(dataset.get(), statement.c_str(), nullptr, nullptr);
        GDALDatasetReleaseResultSet(dataset.get(), rows);
    }
}

void delete_each(const std::string& file, std::int64_t step) {
    const GdalScope gdal;
    const Dataset dataset(
        GDALOpenEx(file.c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE, nullptr, nullptr, nullptr)
    );
    OGRLayerH layer = GDALDatasetGetLayer(dataset.get(), 0);
    for (std::int64_t fid = 0; fid < static_cast<std::int64_t>(many); fid += step) {
        REQUIRE(OGR_L_DeleteFeature(layer, fid) == OGRERR_NONE);
    }
}

} // namespace

TEST_CASE("A GeoPackage read in parts is the GeoPackage read at once", "[io][parts]") {
    const Folder folder;
    const std::string file = folder.file("plots.gpkg");
    tuban_test::make(file, "GPKG", {plots()});
    change(
        file,
        {"DELETE FROM plots WHERE fid % 7 = 0 AND fid > 300",
         "UPDATE plots SET area = '1,5a' WHERE fid = 19000",
         "UPDATE plots SET fid = 90000000 WHERE fid = 1"}
    );
    const Rows whole = read_with(file, 1);
    CHECK(whole.table.rows > 16'384);
    CHECK(whole.issues.size() == 1);
    check_same(read_with(file, 2), whole);
    check_same(read_with(file, 7), whole);
}

TEST_CASE("A Shapefile read in parts is the Shapefile read at once", "[io][parts]") {
    const Folder folder;
    const std::string file = folder.file("plots.shp");
    tuban_test::make(file, "ESRI Shapefile", {plots()});
    delete_each(file, 13);
    const Rows whole = read_with(file, 1);
    CHECK(whole.table.rows == many - 1539);
    check_same(read_with(file, 2), whole);
    check_same(read_with(file, 8), whole);
}

TEST_CASE("What cannot be read is told alike, in parts and at once", "[io][parts]") {
    const Folder folder;
    const std::string file = folder.file("plots.gpkg");
    LayerMade layer = plots();
    layer.options = {"SPATIAL_INDEX=NO"};
    tuban_test::make(file, "GPKG", {layer});
    { // a page in the middle of the table is lost
        std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
        const auto size = static_cast<std::streamoff>(std::filesystem::file_size(file));
        bytes.seekp(size / 4096 * 3 / 4 * 4096);
        bytes << std::string(4096, '\xFF');
    }
    const auto message_with = [&](int threads) {
        try {
            return std::to_string(read_with(file, threads).table.rows);
        } catch (const Error& error) {
            return error.message().en;
        }
    };
    const std::string whole = message_with(1);
    CHECK(whole.find("cannot be read") != std::string::npos);
    CHECK(message_with(2) == whole);
    CHECK(message_with(5) == whole);
}

TEST_CASE("Reading in parts stops when the caller wants it to", "[io][parts]") {
    const Folder folder;
    const std::string file = folder.file("plots.shp");
    tuban_test::make(file, "ESRI Shapefile", {plots()});
    GdalScope gdal;
    const Source source = open_source(spec_of(file), "", Want::geometry, gdal);
    Execution execution;
    execution.threads = 4;
    execution.progress = [](double complete, const Text& /*stage*/) { return complete < 0.5; };
    CHECK_THROWS_AS(read_rows(source, gdal, execution), Error);
}
