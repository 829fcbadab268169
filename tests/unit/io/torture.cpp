// Files made to be hard (../shared/data/torture, with a README of what each expects).
#include <tuban/geodesy.hpp>
#include <tuban/io.hpp>

#include "catch.hpp"
#include "io/plots_reader.hpp"
#include "io_files.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>

using namespace tuban;

namespace {

const std::string torture = std::string(TUBAN_SHARED_DATA) + "/torture";

bool absent() {
    if (std::filesystem::exists(torture)) {
        return false;
    }
    WARN("skipped: " << torture << " is not there");
    return true;
}

PlotsRead read(const std::string& file, const char* crs = nullptr) {
    PlotsSpec spec;
    spec.source.file = file;
    if (crs != nullptr) {
        spec.source.crs = crs;
    }
    return read_plots(spec, torture);
}

std::string error_of(const std::string& file) {
    try {
        (void)read(file);
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::unreadable_input);
        return error.message().en;
    }
    return "no error";
}

std::vector<double> areas(const Plots& plots) {
    return area_m2(plots.geometry, plots.edge_crs, AreaMethod::survey);
}

/// Back in the plane of the source: these squares have no real place, far outside of their UTM zone.
std::vector<double> plane_areas(const Plots& plots) {
    std::vector<double> x = plots.geometry.lon_deg;
    std::vector<double> y = plots.geometry.lat_deg;
    Transform(parse_crs(plots.edge_crs)).from_lonlat(x, y);
    const auto& rings = plots.geometry.ring_offsets;
    std::vector<double> result;
    for (std::size_t feature = 0; feature < plots.size(); ++feature) {
        double twice = 0.0; // holes run the other way and subtract
        const std::size_t from =
            plots.geometry.part_offsets[plots.geometry.feature_offsets[feature]];
        const std::size_t to =
            plots.geometry.part_offsets[plots.geometry.feature_offsets[feature + 1]];
        for (std::size_t ring = from; ring < to; ++ring) {
            for (std::size_t v = rings[ring]; v < rings[ring + 1]; ++v) {
                const std::size_t next = v + 1 < rings[ring + 1] ? v + 1 : rings[ring];
                twice += (x[v] - x[0]) * (y[next] - y[0]) - (x[next] - x[0]) * (y[v] - y[0]);
            }
        }
        result.push_back(twice / 2.0);
    }
    return result;
}

const Issue* issue_of(const Plots& plots, const std::string& code) {
    const auto found =
        std::find_if(plots.issues.begin(), plots.issues.end(), [&](const Issue& issue) {
            return issue.code == code;
        });
    return found == plots.issues.end() ? nullptr : &*found;
}

} // namespace

TEST_CASE("Chinese text is right whatever the file says of its encoding", "[io][torture]") {
    if (absent()) {
        return;
    }

    struct Case {
        const char* file;
        const char* used;
        const char* because;
    };

    const auto c = GENERATE(
        Case{"cty_gbk_cpg.shp", "GBK", "cpg"},
        Case{"cty_gb18030_cpg_name.shp", "GB18030", "cpg"},
        Case{"cty_gbk_ldid_only.shp", "GBK", "ldid"},
        Case{"cty_gbk_no_hint.shp", "GBK", "bytes"},
        Case{"cty_utf8.shp", "UTF-8", "cpg"}
    );
    INFO(c.file);
    const PlotsRead plots = read(c.file);
    CHECK(plots.inputs[0].encoding == c.used);
    CHECK(plots.inputs[0].encoding_because == c.because);
    CHECK(plots.plots.size() == 6);
    const Table& table = plots.plots.attributes;
    const PlotsRead sound = read("cty_gbk_cpg.shp");
    for (const Column& column : table.columns) {
        for (std::size_t row = 0; row < table.rows; ++row) {
            CHECK_THAT(column.text(row).value_or(""), !ContainsSubstring("\xEF\xBF\xBD"));
        }
    }
    CHECK(table.columns[1].text(0) == sound.plots.attributes.columns[1].text(0));
    CHECK_THAT(table.columns.back().text(0).value_or(""), ContainsSubstring("废弃矿山图斑"));
    CHECK(plots.plots.geometry == sound.plots.geometry);
}

TEST_CASE("Field names cut in the middle of a character are found", "[io][torture]") {
    if (absent()) {
        return;
    }
    PlotsSpec spec;
    spec.source.file = GENERATE("cty_utf8.shp", "cty_gbk_no_hint.shp");
    spec.fields.name = "矿区名称";
    spec.fields.town = "备注说明文字";
    spec.fields.area_ha = "面积公顷";
    const Plots plots = read_plots(spec, torture).plots;
    CHECK(plots.attributes.at("name").text(0));
    CHECK_THAT(plots.attributes.at("town").text(0).value_or(""), ContainsSubstring("图斑"));
}

TEST_CASE("The same polygons have the same ellipsoidal area in every CRS", "[io][torture]") {
    if (absent()) {
        return;
    }
    const Plots degrees = read("cty_cgcs2000_geographic_4490.shp").plots;
    const PlotsRead zoned = read("cty_cgcs2000_gk_zone28_4516.shp");
    const PlotsRead plain = read("cty_cgcs2000_gk_cm84_4537.shp");
    CHECK_THAT(zoned.inputs[0].crs, ContainsSubstring("EPSG:4516"));
    CHECK_THAT(plain.inputs[0].crs, ContainsSubstring("EPSG:4537"));
    const std::vector<double> a = areas(zoned.plots);
    const std::vector<double> b = areas(plain.plots);
    const std::vector<double> all = areas(degrees);
    REQUIRE(a.size() == 2);
    REQUIRE(b.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK_THAT(a[i], WithinAbs(b[i], 0.01));
        // Edges of some km, straight in degrees there and in the plane here, differ by metres: 1e-5.
        const bool found = std::any_of(all.begin(), all.end(), [&](double area) {
            return std::abs(area - a[i]) < 1e-5 * a[i];
        });
        INFO(a[i]);
        CHECK(found);
    }
}

TEST_CASE("A broken file is an error, never a short read", "[io][torture]") {
    if (absent()) {
        return;
    }
    CHECK_THAT(error_of("cty_truncated_shp.shp"), ContainsSubstring("features from number 5"));
    CHECK_THAT(error_of("cty_missing_shx.shp"), ContainsSubstring(".shx is missing"));
    CHECK_THAT(error_of("cty_no_prj.shp"), ContainsSubstring("EPSG:4516"));
    CHECK(read("cty_no_prj.shp", "EPSG:4516").plots.size() == 2);
}

TEST_CASE("GeoJSON with a byte-order mark and a URN keeps its axes", "[io][torture]") {
    if (absent()) {
        return;
    }
    const PlotsRead plots = read("gj_bom.geojson");
    CHECK(plots.plots.geometry.lon_deg[0] == 83.6);
    CHECK(plots.plots.geometry.lat_deg[0] == 45.9);
    CHECK_THAT(plots.inputs[0].crs, ContainsSubstring("EPSG:4490"));
}

TEST_CASE("Null and empty geometries keep their rows", "[io][torture]") {
    if (absent()) {
        return;
    }
    const Plots plots = read("gj_null_and_empty.geojson").plots;
    CHECK(
        plots.states ==
        std::vector{
            PlotState::no_geometry,
            PlotState::no_geometry,
            PlotState::no_geometry,
            PlotState::ok}
    );
    CHECK(std::count_if(plots.issues.begin(), plots.issues.end(), [](const Issue& issue) {
              return issue.code == "no_geometry";
          }) == 3);
}

TEST_CASE("Raw shapes have the areas that were worked out for them", "[io][torture]") {
    if (absent()) {
        return;
    }
    std::ifstream in(torture + "/expected_area_m2.json");
    const nlohmann::json expected = nlohmann::json::parse(in);

    struct Case {
        const char* name;
        PlotState state;
        double after_m2; ///< plane area by the one rule
    };

    const auto c = GENERATE_COPY(
        Case{"raw_bowtie", PlotState::held_out, expected["raw_bowtie"]["make_valid"]},
        Case{"raw_duplicate_vertices", PlotState::ok, expected["raw_duplicate_vertices"]},
        Case{
            "raw_hole_crosses_shell",
            PlotState::held_out,
            expected["raw_hole_crosses_shell"]["difference"]},
        Case{"raw_hole_listed_first", PlotState::ok, expected["raw_hole_listed_first"]},
        Case{"raw_polygonz", PlotState::ok, expected["raw_polygonz"]},
        Case{
            "raw_two_outers_overlap",
            PlotState::held_out,
            expected["raw_two_outers_overlap"]["union"]},
        Case{"raw_unclosed_ring", PlotState::ok, expected["raw_unclosed_ring"]},
        Case{"raw_zero_area_spike", PlotState::repaired, expected["raw_zero_area_spike"]}
    );
    INFO(c.name);
    const Plots plots = read(std::string(c.name) + ".shp").plots;
    REQUIRE(plots.size() == 1);
    CHECK(plots.states[0] == c.state);
    if (c.state == PlotState::ok) {
        CHECK_THAT(plane_areas(plots)[0], WithinAbs(c.after_m2, 1e-4));
    } else {
        const Issue* issue =
            issue_of(plots, c.state == PlotState::repaired ? "repaired" : "held_out");
        REQUIRE(issue != nullptr);
        REQUIRE(issue->area_after_m2);
        CHECK_THAT(*issue->area_after_m2, WithinAbs(c.after_m2, 1e-6));
        CHECK(issue->file == std::string(c.name) + ".shp");
        CHECK(issue->row == 1);
    }
}

TEST_CASE("NaN vertices and null shapes are held out row by row", "[io][torture]") {
    if (absent()) {
        return;
    }
    const Plots nan = read("raw_nan_vertex.shp").plots;
    CHECK(nan.states == std::vector{PlotState::held_out, PlotState::ok});
    CHECK_THAT(plane_areas(nan)[1], WithinAbs(100.0, 1e-4));
    const Plots null = read("raw_null_shapes.shp").plots;
    CHECK(
        null.states ==
        std::vector{PlotState::no_geometry, PlotState::ok, PlotState::no_geometry}
    );
}

TEST_CASE("Reading leaves the folder as it was", "[io][torture]") {
    if (absent()) {
        return;
    }
    const std::string before = tuban_test::state_of(torture);
    for (const auto& entry : std::filesystem::directory_iterator(torture)) {
        const std::string ending = entry.path().extension().string();
        if (ending == ".shp" || ending == ".geojson") {
            try {
                (void)read(entry.path().filename().string());
            } catch (const Error&) {
                continue; // said elsewhere
            }
        }
    }
    CHECK(tuban_test::state_of(torture) == before);
}
