// Columns of tuban's own: the list that readers and writers share, against what measuring gives. 合成数据.
#include "indicators/own_columns.hpp"

#include <tuban/indicators.hpp>

#include "catch.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace tuban;

TEST_CASE("Measured plots begin with the columns that tell an earlier result", "[indicators]") {
    Plots plots;
    plots.attributes.rows = 0;
    const Table table = measure(plots, {}, {}).table;
    REQUIRE(table.columns.size() > columns_first().size());
    std::vector<std::string> begins;
    for (std::size_t i = 0; i < columns_first().size(); ++i) {
        begins.push_back(table.columns[i].name);
    }
    CHECK(begins == std::vector<std::string>(columns_first().begin(), columns_first().end()));
}

/// "{layer}_share_within_{d}m" → "road_share_within_500m".
static std::string of_road(std::string name) {
    for (const auto& [what, with] : {std::pair("{layer}", "road"), std::pair("{d}", "500")}) {
        if (const std::size_t at = name.find(what); at != std::string::npos) {
            name.replace(at, std::string(what).size(), with);
        }
    }
    return name;
}

TEST_CASE("A source's column may be called like none that measuring gives", "[indicators]") {
    Plots plots;
    plots.attributes.rows = 0;
    for (const Column& column : measure(plots, {}, {}).table.columns) {
        INFO(column.name);
        CHECK(is_own_column(column.name));
    }
    for (const std::string_view name : columns_read()) {
        INFO(name);
        CHECK(is_own_column(name));
    }
    CHECK(is_own_column("road_distance_m"));
    CHECK(is_own_column("road_share_within_500m"));
    CHECK(is_own_column("Area_M2"));
    CHECK_FALSE(is_own_column("src_road_distance_m"));
    for (const IndicatorFamily& family : indicator_registry()) {
        for (const IndicatorColumn& column : family.columns) {
            INFO(column.name);
            CHECK(is_own_column(of_road(column.name)));
        }
    }
    CHECK_FALSE(is_own_column("tbtymj"));
    CHECK_FALSE(is_own_column("distance_m"));
}
