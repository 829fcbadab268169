// Boxes that a GeoPackage states for its shapes, spoilt byte by byte. 合成数据.
#include <tuban/io.hpp>

#include "catch.hpp"
#include "core/format.hpp"
#include "io/plots_reader.hpp"
#include "io_files.hpp"

#include <gdal.h>
#include <ogr_api.h>

#include <algorithm>
#include <cstring>

using namespace tuban;
using tuban_test::FeatureMade;
using tuban_test::Folder;

namespace {

constexpr std::size_t boxes_begin = 8; ///< in a blob: west, east, south, north follow

std::string bytes_of_number(double value) {
    std::string bytes(sizeof(value), '\0');
    std::memcpy(bytes.data(), &value, sizeof(value));
    return bytes;
}

/// A file of three squares, and where their blobs begin in it.
struct Squares {
    explicit Squares(const Folder& folder) : file(folder.file("p.gpkg")) {
        std::vector<FeatureMade> features;
        for (int i = 0; i < 3; ++i) {
            const double x = 83.6 + 0.01 * i;
            features.push_back(
                {format(
                     "POLYGON(({0} 45.9,{1} 45.9,{1} 45.901,{0} 45.901,{0} 45.9))", x, x + 0.001
                 ),
                 {format("P{}", i + 1)}}
            );
        }
        features.push_back({"POLYGON EMPTY", {"P4"}});
        tuban_test::make(file, "GPKG", {{"p", 4490, {{"id"}}, features}});
        bytes = tuban_test::bytes_of(file);
        for (int i = 0; i < 3; ++i) {
            const std::string west = bytes_of_number(83.6 + 0.01 * i);
            const std::size_t at = bytes.find(std::string("GP\0\3", 4) + srs() + west);
            REQUIRE(at != std::string::npos);
            begin.push_back(at);
        }
    }

    static std::string srs() { return tuban_test::little_endian(4490, 4); }

    /// @param number  0 west, 1 east, 2 south, 3 north
    void state(std::size_t row, std::size_t number, double value) {
        bytes.replace(begin[row] + boxes_begin + number * 8, 8, bytes_of_number(value));
    }

    std::vector<Issue> issues(const Folder& folder) const {
        folder.write("p.gpkg", bytes);
        PlotsSpec spec;
        spec.source.file = "p.gpkg";
        spec.fields.id = {"id"};
        const PlotsRead read = read_plots_as_found(spec, folder.path(), ReadFor::check, {});
        CHECK(read.plots.states[0] == PlotState::ok);
        CHECK(read.plots.states[1] == PlotState::ok);
        std::vector<Issue> found;
        std::copy_if(
            read.plots.issues.begin(),
            read.plots.issues.end(),
            std::back_inserter(found),
            [](const Issue& issue) { return issue.code.starts_with("box_"); }
        );
        return found;
    }

    std::string file;
    std::string bytes;
    std::vector<std::size_t> begin;
};

} // namespace

TEST_CASE("Boxes that GDAL writes are right", "[io][boxes]") {
    const Folder folder;
    Squares squares(folder);
    CHECK(squares.issues(folder).empty());
    squares.state(1, 1, 83.611 + 5e-9); // half a millimetre: it was computed before rounding
    CHECK(squares.issues(folder).empty());
}

TEST_CASE("A box that does not hold its shape is told", "[io][boxes]") {
    const Folder folder;
    Squares squares(folder);
    squares.state(0, 1, 83.6002);
    squares.state(2, 2, 45.9005);
    const auto found = squares.issues(folder);
    REQUIRE(found.size() == 1);
    CHECK(found[0].code == "box_contradicted");
    CHECK(found[0].severity == Severity::warning);
    CHECK(found[0].file == "p.gpkg");
    CHECK_THAT(found[0].message.en, ContainsSubstring("2 shapes"));
    CHECK_THAT(found[0].message.en, ContainsSubstring("(rows 1, 3)"));
    CHECK_THAT(found[0].message.zh, ContainsSubstring("第 1, 3 行"));
}

TEST_CASE("Numbers of a box in the order of other formats are told", "[io][boxes]") {
    const Folder folder;
    Squares squares(folder);
    squares.state(1, 1, 45.9); // west, south, east, north
    squares.state(1, 2, 83.611);
    const auto found = squares.issues(folder);
    REQUIRE(found.size() == 1);
    CHECK(found[0].code == "box_contradicted");
}

TEST_CASE("A box larger than its shape is told", "[io][boxes]") {
    const Folder folder;
    Squares squares(folder);
    squares.state(1, 0, 83.5);
    const auto found = squares.issues(folder);
    REQUIRE(found.size() == 1);
    CHECK(found[0].code == "box_too_large");
    CHECK_THAT(found[0].message.en, ContainsSubstring("(rows 2)"));
}

TEST_CASE("Boxes may be in the other byte order, or nowhere", "[io][boxes]") {
    const Folder folder;
    Squares squares(folder);
    const std::size_t at = squares.begin[1];
    squares.bytes[at + 3] = '\2'; // big-endian
    std::reverse(
        squares.bytes.begin() + static_cast<std::ptrdiff_t>(at + 4),
        squares.bytes.begin() + static_cast<std::ptrdiff_t>(at + 8)
    );
    for (std::size_t i = 0; i < 4; ++i) {
        const auto number =
            squares.bytes.begin() + static_cast<std::ptrdiff_t>(at + boxes_begin + i * 8);
        std::reverse(number, number + 8);
    }
    CHECK(squares.issues(folder).empty());
    std::string spoilt = bytes_of_number(83.6105); // west, inside of the square
    std::reverse(spoilt.begin(), spoilt.end());
    squares.bytes.replace(at + boxes_begin, 8, spoilt);
    CHECK(squares.issues(folder).size() == 1);
}

TEST_CASE("A window does not trust an index that misses shapes", "[io][boxes]") {
    struct Spoilt {
        const char* name;
        const char* sql;
        std::size_t missed;
    };

    // Squares 0.01° apart; the last feature is empty and in no index.
    const auto spoilt = GENERATE(
        Spoilt{"sound", "SELECT 1", 0},
        Spoilt{"without a shape", "DELETE FROM rtree_p_geom WHERE id = 2", 1},
        Spoilt{
            "with two shapes elsewhere",
            "UPDATE rtree_p_geom SET minx = 10, maxx = 11 WHERE id < 3",
            2},
        Spoilt{"with a box cut", "UPDATE rtree_p_geom SET maxy = 45.9005 WHERE id = 2", 1},
        Spoilt{"with a box too large", "UPDATE rtree_p_geom SET maxx = 84 WHERE id = 3", 0}
    );
    INFO("an index " << spoilt.name);
    const Folder folder;
    const Squares squares(folder);
    GDALDatasetH dataset = GDALOpenEx(
        squares.file.c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE, nullptr, nullptr, nullptr
    );
    REQUIRE(dataset != nullptr);
    GDALDatasetReleaseResultSet(
        dataset, GDALDatasetExecuteSQL(dataset, spoilt.sql, nullptr, nullptr)
    );
    GDALClose(dataset);
    LayerSpec spec;
    spec.key = "road";
    spec.source.file = "p.gpkg";
    const LayerOpened opened = open_layer(spec, folder.path());
    // The upper half of the second square: what a window has to hold at the least.
    const Layer near = opened.source->window({83.6101, 45.9008, 83.6102, 45.9009});
    CHECK(std::count(near.ids.begin(), near.ids.end(), "P2") == 1);
    CHECK(
        (near.size() > 1) == (spoilt.missed > 0)
    ); // GDAL holds what it finds against its vertices
    const auto told = [](const Layer& layer) {
        return std::find_if(layer.issues.begin(), layer.issues.end(), [](const Issue& issue) {
            return issue.code == "index_contradicted";
        });
    };
    const auto issue = told(near);
    REQUIRE((issue != near.issues.end()) == (spoilt.missed > 0));
    if (spoilt.missed > 0) {
        CHECK_THAT(
            issue->message.en, ContainsSubstring(format("leaves out {} shapes", spoilt.missed))
        );
        CHECK(issue->file == "p.gpkg");
    }
}
