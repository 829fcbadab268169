#include <tuban/report.hpp>

#include "catch.hpp"
#include "report/page_map.hpp"
#include "unit/workspace/sample_result.hpp"

#include <cmath>
#include <fstream>
#include <numbers>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace {

/// The page of a result, left in the build folder for the browser's test.
std::string page_of(const tuban::Result& result, const std::string& name) {
    const std::string file = std::string(TUBAN_PAGES) + "/" + name;
    tuban::write_page(result, file);
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++found;
    }
    return found;
}

const std::string hostile =
    "</script><script>window.broken = 1</script><img src=x onerror=\"window.broken = 2\">"
    "&amp; '\" {{title}} \xE2\x80\xAE\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D";

tuban::Result hostile_result() {
    tuban::Result result = tuban::sample::result();
    result.project.name = hostile;
    result.project.report.county = hostile;
    result.table.put(
        tuban::text_column("name", hostile, std::vector<std::optional<std::string>>(8, hostile))
    );
    result.table.put(
        tuban::text_column("town", hostile, std::vector<std::optional<std::string>>(8, hostile))
    );
    result.plots.ids[0] = "S003" + hostile;
    result.plan->constraints[0].name = hostile;
    result.plan->periods[0].name = hostile;
    result.plan->reasons[0] = {hostile, hostile};
    result.issues[0].message = {hostile, hostile};
    result.inputs[0].file = hostile;
    result.layer_aliases = {{"road", hostile}};
    return result;
}

tuban::Layer wavy_roads(std::size_t lines, std::size_t vertices) {
    tuban::Layer layer;
    layer.key = "road";
    for (std::size_t line = 0; line < lines; ++line) {
        for (std::size_t i = 0; i < vertices; ++i) {
            const double along = static_cast<double>(i) / static_cast<double>(vertices - 1);
            layer.geometry.lon_deg.push_back(83.59 + 0.04 * along);
            layer.geometry.lat_deg.push_back(
                45.9 + 0.0001 * static_cast<double>(line) + 1e-5 * std::sin(500 * along)
            );
        }
        layer.geometry.ring_offsets.push_back(layer.geometry.lon_deg.size());
        layer.geometry.part_offsets.push_back(layer.geometry.ring_offsets.size() - 1);
        layer.geometry.feature_offsets.push_back(layer.geometry.part_offsets.size() - 1);
        layer.geometry.kinds.push_back(tuban::GeometryKind::line);
    }
    layer.ids.assign(lines, "");
    layer.names.assign(lines, "");
    layer.classes.assign(lines, "");
    return layer;
}

std::size_t vertices(const tuban::MapShapes& shapes) {
    std::size_t total = 0;
    for (const auto& plot : shapes.plots) {
        for (const auto& part : plot.parts) {
            for (const auto& ring : part.rings) {
                total += ring.size();
            }
        }
    }
    for (const auto& layer : shapes.layers) {
        for (const auto& feature : layer.features) {
            for (const auto& part : feature.parts) {
                for (const auto& ring : part.rings) {
                    total += ring.size();
                }
            }
        }
    }
    return total;
}

} // namespace

TEST_CASE("the same result gives the same page, byte for byte") {
    const std::string once = page_of(tuban::sample::result(), "report.html");
    const std::string twice = page_of(tuban::sample::result(), "report_again.html");
    CHECK(once == twice);
    CHECK(once.size() > 100000);
}

TEST_CASE("the page names every plot, period, requirement, input and hash") {
    const std::string page = page_of(tuban::sample::result(), "report.html");
    for (const char* part :
         {"S001",
          "S002",
          "S003",
          "S004",
          "S005",
          "S006",
          "S007",
          "S008",
          "2025—2026年",
          "money-2024",
          "context.gpkg",
          "自相交，已修复",
          "示例县",
          "手算示例县历史遗留矿山生态修复方案",
          "Redistribution and use in source and binary forms"}) {
        INFO(part);
        CHECK(page.find(part) != std::string::npos);
    }
    CHECK(page.find(std::string(64, 'a')) != std::string::npos);
    CHECK(page.find("lang=\"zh-CN\"") != std::string::npos);
}

TEST_CASE("printed parts of periods add up to the printed total") {
    // 136 500.11 m², 133 500.72 m² and 30 000.00 m² are 13.6500, 13.3501 and 3.0000 ha; together 300 000.83 m²,
    // printed 30.0001 ha.
    const std::string page = page_of(tuban::sample::result(), "report.html");
    CHECK(page.find("\"area_digits\":136500") != std::string::npos);
    CHECK(page.find("\"area_digits\":133501") != std::string::npos);
    CHECK(page.find("\"area_digits\":30000,") != std::string::npos);
}

TEST_CASE("the page loads nothing") {
    const std::string page = page_of(tuban::sample::result(), "report.html");
    CHECK_FALSE(std::regex_search(page, std::regex("src\\s*=\\s*[\"']?(https?:)?//")));
    CHECK_FALSE(std::regex_search(page, std::regex("<(link|iframe|img|object|embed)\\b")));
    CHECK_FALSE(std::regex_search(page, std::regex("url\\(\\s*[\"']?(?!#)[a-z]")));
    CHECK(page.find("@import") == std::string::npos);
    CHECK(page.find("sourceMappingURL") == std::string::npos);
    CHECK(page.find("{z}") == std::string::npos);
    // Addresses that nothing loads: the name of SVG (Leaflet's and ours) and Leaflet's own, in its licence and credit.
    const std::string known = "http://www.w3.org/2000/svg";
    CHECK(count(page, "http://") == count(page, known));
    CHECK(count(page, "https://") == count(page, "https://leafletjs.com"));
    CHECK(page.find("default-src 'none'") != std::string::npos);
}

TEST_CASE("hostile names stay text") {
    const std::string page = page_of(hostile_result(), "report_hostile.html");
    const std::string plain = page_of(tuban::sample::result(), "report.html");
    CHECK(count(page, "<script") == count(plain, "<script"));
    CHECK(count(page, "</script") == count(plain, "</script"));
    CHECK(page.find("<img") == std::string::npos);
    CHECK(page.find("\\u003c/script>") != std::string::npos);
    CHECK(page.find("&lt;/script&gt;") != std::string::npos);
    CHECK(page.find("{{title}}") != std::string::npos);
}

TEST_CASE("text that is no UTF-8 does not stop the page") {
    tuban::Result result = tuban::sample::result();
    result.inputs[0].file = "\xB1\xED.shp";
    CHECK(page_of(result, "report_bytes.html").find("\xEF\xBF\xBD") != std::string::npos);
}

TEST_CASE("a page without a plan, in English, names the ranked plots") {
    tuban::Result result = tuban::sample::ranked_only();
    result.project.report.lang = "en";
    const std::string page = page_of(result, "report_ranked.html");
    CHECK(page.find("lang=\"en\"") != std::string::npos);
    CHECK(page.find("\"plan\":null") != std::string::npos);
    CHECK(page.find("S001 is ranked by its score") != std::string::npos);
    CHECK(page.find("按得分排序") == std::string::npos);
}

TEST_CASE("a page of plots without any shape is written") {
    tuban::Result result = tuban::sample::result();
    result.plots.geometry = {};
    for (std::size_t i = 0; i < 8; ++i) {
        tuban::sample::add_nothing(result.plots.geometry);
    }
    const std::string page = page_of(result, "report_shapeless.html");
    CHECK(page.find("\"layers\":[]") != std::string::npos);
    CHECK(page.find("S008") != std::string::npos);
}

TEST_CASE("a folder that is not there is refused by name") {
    try {
        tuban::write_page(
            tuban::sample::result(), std::string(TUBAN_PAGES) + "/missing/report.html"
        );
        FAIL("nothing was thrown");
    } catch (const tuban::Error& error) {
        CHECK(error.code() == tuban::ErrorCode::unwritable_output);
        CHECK_THAT(error.message().zh, ContainsSubstring("missing/report.html"));
        CHECK_THAT(error.message().en, ContainsSubstring("missing/report.html"));
    }
}

TEST_CASE("a light map keeps every vertex") {
    tuban::Result result = tuban::sample::result();
    result.context = {wavy_roads(2, 100)};
    const auto shapes = tuban::map_shapes(result);
    CHECK(shapes.tolerance_m == 0.0);
    CHECK(vertices(shapes) == 6 * 4 + 2 * 100);
}

TEST_CASE("a heavy map is simplified within its tolerance and keeps all plots") {
    tuban::Result result = tuban::sample::result();
    result.context = {wavy_roads(20, 5000)};
    const auto shapes = tuban::map_shapes(result, 20000);
    CHECK(vertices(shapes) <= 20000);
    CHECK(shapes.tolerance_m > 0.0);
    for (std::size_t row = 0; row < 8; ++row) {
        CHECK(
            shapes.plots[row].parts.empty() ==
            (row == tuban::sample::s005 || row == tuban::sample::s008)
        );
    }
    // Every vertex of the first road lies near the simplified one (vertical distance: the road runs east).
    const auto& kept = shapes.layers.at(0).features.at(0).parts.at(0).rings.at(0);
    double worst_m = 0.0;
    std::size_t segment = 0;
    for (std::size_t i = 0; i < 5000; ++i) {
        const double lon = result.context[0].geometry.lon_deg[i];
        while (segment + 2 < kept.size() && kept[segment + 1].lon_deg < lon) {
            ++segment;
        }
        const double share =
            (lon - kept[segment].lon_deg) / (kept[segment + 1].lon_deg - kept[segment].lon_deg);
        const double lat =
            kept[segment].lat_deg + share * (kept[segment + 1].lat_deg - kept[segment].lat_deg);
        worst_m =
            std::max(worst_m, std::abs(lat - result.context[0].geometry.lat_deg[i]) * 111320.0);
    }
    CHECK(worst_m <= shapes.tolerance_m + 1e-6);
}

TEST_CASE("a plot far from the others does not widen the map's surroundings") {
    tuban::Result result = tuban::sample::result();
    tuban::Geometry& plots = result.plots.geometry;
    const std::size_t vertex = plots.ring_offsets[plots.part_offsets[plots.feature_offsets[0]]];
    for (std::size_t i = 0; i < 4; ++i) {
        plots.lon_deg[vertex + i] += 3.0;
    }
    tuban::Layer between = tuban::sample::road();
    between.geometry.lon_deg = {85.0, 85.1};
    result.context = {between};
    CHECK(tuban::map_shapes(result).layers.at(0).features.size() == 1);
    tuban::Issue issue;
    issue.code = "plot_far_away";
    issue.row = 1;
    result.issues.push_back(issue);
    const auto shapes = tuban::map_shapes(result);
    CHECK(shapes.layers.at(0).features.empty());
    CHECK(shapes.far == std::vector<std::uint8_t>{1, 0, 0, 0, 0, 0, 0, 0});
    CHECK_FALSE(shapes.plots[0].parts.empty()); // it is drawn all the same
}

TEST_CASE("context far from the plots is left out of the page") {
    tuban::Result result = tuban::sample::result();
    tuban::Layer far = tuban::sample::road();
    far.geometry.lon_deg = {85.0, 85.1};
    result.context.push_back(far);
    const auto shapes = tuban::map_shapes(result);
    REQUIRE(shapes.layers.size() == 1); // two pieces of one layer
    CHECK(shapes.layers[0].features.size() == 1);
}
