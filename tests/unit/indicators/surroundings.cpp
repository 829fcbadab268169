// What lies round a 100 m square, on land of rectangles: areas in closed form, with the circle's 256 chords. 合成数据.
#include <tuban/indicators.hpp>

#include "catch.hpp"
#include "indicators/families.hpp"
#include "indicators/land_use.hpp"
#include "sample.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace tuban;

namespace {

constexpr auto null = std::nullopt;
constexpr double whole_m2 = 200'000.0 + 785'319.313; // 4·100·500 + 128·sin(π/128)·500²
constexpr double share = 1e-6;                       // 1 m² of the ring

struct Ground {
    double west;
    double south;
    double east;
    double north;
    std::string code;
};

/// Metres from the plot's south-west corner.
Layer land(const std::vector<Ground>& all) {
    std::vector<std::string> wkb;
    std::vector<std::string> ids;
    std::vector<std::string> codes;
    for (const Ground& ground : all) {
        wkb.push_back(sample::polygon(
            {{ground.west, ground.south},
             {ground.east, ground.south},
             {ground.east, ground.north},
             {ground.west, ground.north}}
        ));
        ids.push_back(std::to_string(ids.size() + 1));
        codes.push_back(ground.code);
    }
    Layer layer = layer_from_wkb(wkb, ids, "EPSG:4516");
    layer.key = "landuse";
    layer.names.assign(ids.size(), "");
    layer.classes = codes;
    return layer;
}

struct Given {
    std::unique_ptr<LayerSource> landuse;
    Context context;

    explicit Given(Layer layer) : landuse(memory_source(std::move(layer))) {
        context.layers["landuse"] = landuse.get();
    }
};

/// Columns of 37 m from 1000 m west of the plot's corner: 30 columns of 10, 5 of 20, others of 30.
class Stripes : public RasterSource {
public:
    [[nodiscard]] int columns() const override { return 60; }

    [[nodiscard]] int rows() const override { return 100; }

    [[nodiscard]] std::array<double, 6> geo_transform() const override {
        return {sample::east_m - 1000.0, 37.0, 0.0, sample::north_m + 1900.0, 0.0, -37.0};
    }

    [[nodiscard]] const std::string& crs() const override { return crs_; }

    [[nodiscard]] std::vector<double> read(const RasterWindow& window) override {
        std::vector<double> values;
        for (int row = 0; row < window.rows; ++row) {
            for (int column = 0; column < window.columns; ++column) {
                const int at = window.column + column;
                values.push_back(at < 30 ? 10.0 : at < 35 ? 20.0 : 30.0);
            }
        }
        return values;
    }

private:
    std::string crs_ = "EPSG:4516";
};

Plots one_plot() {
    return plots_from_wkb({sample::square(0, 0, 100), ""}, {"a", "empty"}, "EPSG:4516");
}

Measured measured(const std::vector<Ground>& all) {
    const Given given{land(all)};
    return measure(one_plot(), given.context, {{"surroundings", "", null}});
}

double number(const Measured& measured, const char* column) {
    return measured.table.at(column).number(0).value();
}

std::string word(const Measured& measured, const char* column) {
    return measured.table.at(column).text(0).value_or("null");
}

/// A table as surroundings leave it, with a slope.
Table site(const std::string& group, double forest, double grass, std::optional<double> slope) {
    Table table;
    table.put(text_column("surround_group", "", {group}));
    table.put(real_column("surround_share", "", "", {{0.6}}));
    table.put(real_column("surround_known_share", "", "", {{1.0}}));
    table.put(real_column("surround_forest_share", "", "", {{forest}}));
    table.put(real_column("surround_grass_share", "", "", {{grass}}));
    table.put(real_column("slope_mean_deg", "", "deg", {slope}));
    for (const char* name : {"surround_suggestion", "surround_reason", "surround_reason_en"}) {
        table.put(text_column(name, "", {null}));
    }
    indicators::suggest_directions(table);
    return table;
}

std::string
suggested(const std::string& group, double forest, double grass, std::optional<double> slope) {
    return site(group, forest, grass, slope).at("surround_suggestion").text(0).value_or("null");
}

} // namespace

TEST_CASE("The ring is shared out among the groups of land", "[indicators][surroundings]") {
    const Measured found = measured(
        {{-2000, -2000, 50, 2000, "0103"},
         {50, -2000, 2000, 50, "0301"},
         {50, 50, 2000, 2000, "1104A"}}
    );
    CHECK(word(found, "surround_group") == "耕地");
    CHECK(word(found, "surround_class") == "0103");
    CHECK(word(found, "surround_suggestion") == "耕");
    CHECK_THAT(number(found, "surround_share"), WithinAbs(0.5, share));
    CHECK_THAT(number(found, "surround_farmland_share"), WithinAbs(0.5, share));
    CHECK_THAT(number(found, "surround_forest_share"), WithinAbs(0.25, share));
    CHECK_THAT(number(found, "surround_water_share"), WithinAbs(0.25, share));
    CHECK(number(found, "surround_grass_share") == 0.0);
    CHECK_THAT(number(found, "surround_known_share"), WithinAbs(1.0, share));
    CHECK(whole_m2 / 2e4 > 49.26595);
    CHECK(word(found, "surround_classes") == "0103 49.2660, 0301 24.6330, 1104 24.6330");
    CHECK_THAT(word(found, "surround_reason"), ContainsSubstring("没有坡度，未校核"));
    CHECK(found.issues.empty());
    for (const Column& column : found.table.columns) {
        INFO(column.name);
        CHECK((!column.name.starts_with("surround_") || column.valid[1] == 0)); // no geometry
    }
}

TEST_CASE("Mined land round the plot is no part of the ring", "[indicators][surroundings]") {
    // The west half is mined: shares are of the east half.
    const Measured found = measured(
        {{-2000, -2000, 50, 2000, "0602"},
         {50, -2000, 2000, 50, "0401"},
         {50, 50, 2000, 2000, "0301K"}}
    );
    CHECK_THAT(number(found, "surround_grass_share"), WithinAbs(0.5, share));
    CHECK_THAT(number(found, "surround_forest_share"), WithinAbs(0.5, share));
    CHECK_THAT(number(found, "surround_known_share"), WithinAbs(1.0, share));
    CHECK_THAT(word(found, "surround_classes"), ContainsSubstring("0602 "));
    // As much of both: the first of the list of groups, the smallest of the codes.
    CHECK(word(found, "surround_group") == "林地");
    CHECK(word(found, "surround_class") == "0301");

    const Measured mined = measured({{-2000, -2000, 2000, 2000, "0602"}});
    CHECK(word(mined, "surround_group") == "null");
    CHECK(mined.table.at("surround_known_share").valid[0] == 0);
    CHECK(mined.issues.empty());
}

TEST_CASE(
    "What no polygon covers is said, and counts in the shares", "[indicators][surroundings]"
) {
    const Measured most = measured({{-2000, -2000, 2000, 100, "0401"}});
    CHECK(number(most, "surround_known_share") < 0.7);
    CHECK(number(most, "surround_known_share") == number(most, "surround_share"));
    CHECK(word(most, "surround_suggestion") == "草");
    REQUIRE(most.issues.size() == 1);
    CHECK(most.issues[0].code == "surround_uncovered");
    CHECK(most.issues[0].plot_id == "a");
    CHECK(most.issues[0].severity == Severity::note);

    const Measured little = measured({{-2000, -2000, 2000, -50, "0401"}});
    CHECK(number(little, "surround_known_share") < 0.5);
    CHECK(word(little, "surround_group") == "草地");
    CHECK(word(little, "surround_suggestion") == "null");
    REQUIRE(little.issues.size() == 1);
    CHECK(little.issues[0].severity == Severity::warning);
}

TEST_CASE("Classes that are no codes of land stay unknown", "[indicators][surroundings]") {
    const Measured found =
        measured({{-2000, -2000, 50, 2000, "forest"}, {50, -2000, 2000, 2000, "0301"}});
    CHECK_THAT(number(found, "surround_known_share"), WithinAbs(0.5, share));
    REQUIRE(found.issues.size() == 2);
    CHECK(found.issues[0].code == "land_class_unknown");
    CHECK_THAT(found.issues[0].message.zh, ContainsSubstring("forest"));
}

TEST_CASE("Land covered twice takes no share above 1", "[indicators][surroundings]") {
    const Measured found =
        measured({{-2000, -2000, 2000, 2000, "0301"}, {-2000, -2000, 2000, 2000, "0401"}});
    CHECK_THAT(number(found, "surround_forest_share"), WithinAbs(0.5, share));
    CHECK_THAT(number(found, "surround_known_share"), WithinAbs(1.0, share));
}

TEST_CASE(
    "Slope tempers the direction that the surroundings suggest", "[indicators][surroundings]"
) {
    CHECK(suggested("耕地", 0.2, 0.1, 6.0) == "耕");
    CHECK(suggested("耕地", 0.2, 0.1, 6.1) == "林");
    CHECK(suggested("耕地", 0.1, 0.2, 6.1) == "草");
    CHECK(suggested("耕地", 0.0, 0.0, 6.1) == "草");
    CHECK(suggested("耕地", 0.2, 0.1, 25.0) == "草");
    CHECK(suggested("林地", 0.6, 0.1, 24.9) == "林");
    CHECK(suggested("林地", 0.6, 0.1, 25.0) == "草");
    CHECK(suggested("园地", 0.0, 0.1, 10.0) == "林");
    CHECK(suggested("草地", 0.1, 0.6, 60.0) == "草");
    CHECK(suggested("未利用地", 0.1, 0.2, 60.0) == "草");
    CHECK(suggested("建设用地", 0.1, 0.2, 60.0) == "建");
    CHECK(suggested("湿地", 0.1, 0.2, 1.0) == "水");
    CHECK(suggested("耕地", 0.2, 0.1, null) == "耕");
    const Table table = site("耕地", 0.2, 0.1, 12.0);
    CHECK_THAT(
        table.at("surround_reason").text(0).value(),
        ContainsSubstring("平均坡度 12.0° 超过耕的限度 6°，改为林")
    );
    CHECK_THAT(
        table.at("surround_reason_en").text(0).value(),
        ContainsSubstring("mean slope 12.0° is beyond the limit for farmland (6°), so forest")
    );
}

TEST_CASE("Codes of land are compared without their suffix", "[indicators][surroundings]") {
    const auto group_of = [](std::string_view written) {
        const auto group = land_group(land_code(written));
        return group ? std::string(land_groups()[*group].key) : std::string("–");
    };
    CHECK(land_code("0201K") == "0201");
    CHECK(land_code("1104A") == "1104");
    CHECK(land_code("08H2A") == "08H2");
    CHECK(land_code("05H1") == "05H1");
    CHECK(land_code("0602") == "0602");
    for (const char* none : {"", "1", "10", "112", "01031", "0199", "forest", "0103 "}) {
        INFO(none);
        CHECK(land_code(none).empty());
    }
    CHECK(group_of("0103") == "farmland");
    CHECK(group_of("0204K") == "orchard");
    CHECK(group_of("0303") == "wetland");
    CHECK(group_of("0404") == "grass");
    CHECK(group_of("1107A") == "water");
    CHECK(group_of("1006") == "other_farm");
    CHECK(group_of("09") == "built");
    CHECK(group_of("1207") == "unused");
    CHECK(group_of("0602") == "–");
}

TEST_CASE(
    "Cells of a raster count with what of them lies in the ring", "[indicators][surroundings]"
) {
    Stripes stripes;
    Context context;
    context.land_cover = {&stripes, {{10.0, "0103"}, {20.0, "0301"}}};
    const Measured cells = measure(one_plot(), context, default_indicators(context));
    const double at = 37.0 * 30 - 1000.0; // where 10 becomes 20
    const Measured polygons =
        measured({{-1000, -2000, at, 2000, "0103"}, {at, -2000, at + 37.0 * 5, 2000, "0301"}});
    for (const char* column : {"surround_farmland_share", "surround_forest_share"}) {
        INFO(column);
        CHECK_THAT(number(cells, column), WithinAbs(number(polygons, column), 1e-8));
    }
    REQUIRE(cells.issues.size() == 2); // 30 is no code
    CHECK(cells.issues[0].code == "land_class_unknown");
    CHECK_THAT(cells.issues[0].message.en, ContainsSubstring("(30)"));
}

TEST_CASE("Surroundings are asked for once", "[indicators][surroundings]") {
    const Given given{land({{-2000, -2000, 2000, 2000, "0301"}})};
    const Measured wide = measure(
        one_plot(),
        given.context,
        {{"surroundings", "", null}, {"surroundings", "landuse", 200.0}}
    );
    CHECK(word(wide, "surround_class") == "0301");
    CHECK(word(wide, "surround_classes").starts_with("0301 20.56")); // 4·100·200 + π·200²
    CHECK_THROWS_AS(
        measure(
            one_plot(),
            given.context,
            {{"surroundings", "landuse", 300.0}, {"surroundings", "landuse", 200.0}}
        ),
        Error
    );
    CHECK_THROWS_AS(measure(one_plot(), {}, {{"surroundings", "", null}}), Error);
    const auto requests = default_indicators(given.context);
    CHECK(std::count_if(requests.begin(), requests.end(), [](const IndicatorRequest& request) {
              return request.family == "surroundings" && request.layer == "landuse";
          }) == 1);
    const auto without = default_indicators({});
    CHECK(std::none_of(without.begin(), without.end(), [](const IndicatorRequest& request) {
        return request.family == "surroundings";
    }));
}
