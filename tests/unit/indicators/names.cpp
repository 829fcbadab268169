#include <tuban/indicators.hpp>

#include "catch.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace tuban;

namespace {

const std::vector<std::string> layers = {"road", "road_old", "river"};

std::string refused(const std::string& column) {
    try {
        static_cast<void>(indicator_of_column(column, layers));
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::invalid_project);
        CHECK_FALSE(error.message().zh.empty());
        return error.message().en;
    }
    return {};
}

} // namespace

TEST_CASE("A column's name is a request", "[indicators]") {
    struct Case {
        const char* column;
        const char* family;
        const char* layer;
        std::optional<double> within_m;
    };

    const auto c = GENERATE(
        Case{"area_m2", "area", "", {}},
        Case{"area_basis", "area", "", {}},
        Case{"perimeter_m", "perimeter", "", {}},
        Case{"road_distance_m", "distance", "road", {}},
        Case{"road_old_nearest_id", "distance", "road_old", {}},
        Case{"river_nearest_name", "distance", "river", {}},
        Case{"road_share_within_1000m", "share_within", "road", 1000.0},
        Case{"road_share_within_0m", "share_within", "road", 0.0},
        Case{"pit_depth_max_m", "elevation", "", {}}
    );
    INFO(c.column);
    const IndicatorRequest request = indicator_of_column(c.column, layers);
    CHECK(request.family == c.family);
    CHECK(request.layer == c.layer);
    CHECK(request.within_m == c.within_m);
}

TEST_CASE("An unknown column is refused with the nearest one", "[indicators]") {
    CHECK_THAT(refused("raod_distance_m"), ContainsSubstring("did you mean road_distance_m?"));
    CHECK_THAT(refused("perimetre_m"), ContainsSubstring("did you mean perimeter_m?"));
    CHECK_THAT(
        refused("railway_distance_m"), ContainsSubstring("no indicator railway_distance_m")
    );
    CHECK_THAT(refused("road_share_within_1000"), ContainsSubstring("road_share_within_1000m"));
    CHECK_THAT(refused("road_share_within_010m"), ContainsSubstring("no indicator"));
    CHECK_THAT(refused("_distance_m"), ContainsSubstring("no indicator"));
    CHECK_THAT(refused("zzz"), ContainsSubstring("lists them all"));
    CHECK_THAT(refused("cluster_id"), ContainsSubstring("clusters_within_m: 500"));
}

TEST_CASE("The registry says of every column what a reader must know", "[indicators]") {
    std::set<std::string> names;
    std::set<std::string> aliases;
    for (const IndicatorFamily& family : indicator_registry()) {
        CHECK(family.measure != nullptr);
        CHECK_FALSE(family.columns.empty());
        for (const IndicatorColumn& column : family.columns) {
            INFO(column.name);
            CHECK(names.insert(column.name).second);
            CHECK(aliases.insert(column.alias).second);
            CHECK_FALSE(column.alias.empty());
            for (const char* bracket : {"(", "（", " "}) { // no unit in it
                CHECK(column.alias.find(bracket) == std::string::npos);
            }
            CHECK_FALSE(column.method.zh.empty());
            CHECK_FALSE(column.method.en.empty());
            CHECK_FALSE(column.source.empty());
            CHECK_FALSE(column.accuracy.zh.empty());
            CHECK_FALSE(column.accuracy.en.empty());
            CHECK(
                (column.name.find("{layer}") != std::string::npos) ==
                (family.needs == IndicatorNeeds::layer)
            );
        }
    }
}

TEST_CASE("The reference has a row of seven cells for every column", "[indicators]") {
    for (const char* lang : {"zh", "en"}) {
        const std::string reference = indicator_reference_markdown(lang);
        std::size_t columns = 0;
        for (const char* name : {"zones", "zone_names", "zones_unknown", "zone_severity"}) {
            CHECK_THAT(reference, ContainsSubstring("| `" + std::string(name) + "` |"));
            ++columns; // of a profile, which is no family
        }
        for (const IndicatorFamily& family : indicator_registry()) {
            columns += family.columns.size();
            for (const IndicatorColumn& column : family.columns) {
                CHECK_THAT(reference, ContainsSubstring("| `" + column.name + "` |"));
            }
        }
        CHECK(
            static_cast<std::size_t>(std::count(reference.begin(), reference.end(), '\n')) ==
            columns + 2
        );
        CHECK(
            static_cast<std::size_t>(std::count(reference.begin(), reference.end(), '|')) ==
            8 * (columns + 2)
        );
    }
    CHECK_THAT(indicator_reference_markdown("zh"), ContainsSubstring("距{layer}距离"));
}
