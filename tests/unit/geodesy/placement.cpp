// Numbers against the CRS that is claimed for them, county by county of domain knowledge: Toli 83.6° E 45.94° N.
#include "geodesy/placement.hpp"

#include "catch.hpp"
#include "core/format.hpp"
#include "geodesy/projection.hpp"

#include <array>
#include <cmath>

using namespace tuban;

namespace {

/// Places about a position, as a CRS has them; then what a careless hand made of them.
Places places_in(const char* crs, LonLat middle, std::size_t n = 20) {
    Places places;
    for (std::size_t i = 0; i < n; ++i) {
        places.x.push_back(middle.lon_deg + 0.01 * static_cast<double>(i % 5));
        places.y.push_back(middle.lat_deg + 0.01 * static_cast<double>(i / 5));
        places.rows.push_back(i);
    }
    Transform(parse_crs(crs)).from_lonlat(places.x, places.y);
    return places;
}

Places swapped(Places places) {
    std::swap(places.x, places.y);
    return places;
}

Places times(Places places, double factor) {
    for (std::size_t i = 0; i < places.size(); ++i) {
        places.x[i] *= factor;
        places.y[i] *= factor;
    }
    return places;
}

PlaceJudgement judged(const char* crs, const Places& places) {
    return judge_places(parse_crs(crs), places, false, false);
}

constexpr LonLat toli{83.6, 45.94};
constexpr LonLat yichun{128.84, 48.0};

} // namespace

TEST_CASE("Numbers that fit their CRS are good", "[geodesy][placement]") {
    struct Case {
        const char* crs;
        LonLat at;
    };

    const auto c = GENERATE(
        Case{"EPSG:4490", toli},
        Case{"EPSG:4516", toli},
        Case{"EPSG:4537", toli},
        Case{"EPSG:4492", toli},
        Case{"EPSG:4540", toli}, // three zones off: CM 93, drawn far beyond its zone
        Case{"EPSG:4552", yichun},
        Case{"EPSG:3857", toli},
        Case{"EPSG:32644", toli},
        Case{"EPSG:4326", {9.52, 47.16}},
        Case{"EPSG:4326", {1.6, 42.5}},
        Case{"EPSG:32725", {-34.9, -8.0}},
        Case{"EPSG:25832", {9.52, 47.16}},
        Case{"EPSG:3035", {9.52, 47.16}}
    );
    INFO(c.crs);
    const PlaceJudgement judgement = judged(c.crs, places_in(c.crs, c.at));
    CHECK(judgement.placement == Placement::good);
    CHECK(judgement.outside.empty());
}

TEST_CASE("A contradiction names the likely truth first", "[geodesy][placement]") {
    struct Case {
        const char* claimed;
        Places places;
        const char* truth;
    };

    const auto c = GENERATE(
        // Prefix in the numbers, none in the CRS; and the reverse.
        Case{"EPSG:4537", places_in("EPSG:4516", toli), "EPSG:4516"},
        Case{"EPSG:4516", places_in("EPSG:4537", toli), "EPSG:4537"},
        Case{"EPSG:4503", places_in("EPSG:4492", toli), "EPSG:4492"},
        // A prefix of another zone.
        Case{"EPSG:4517", places_in("EPSG:4516", toli), "EPSG:4516"},
        Case{"EPSG:4531", places_in("EPSG:4516", toli), "EPSG:4516"},
        // Axes swapped: degrees of China's east and west, planes with and without prefix.
        Case{"EPSG:4490", swapped(places_in("EPSG:4490", toli)), "EPSG:4490 --axes yx"},
        Case{"EPSG:4490", swapped(places_in("EPSG:4490", yichun)), "EPSG:4490 --axes yx"},
        Case{"EPSG:4326", swapped(places_in("EPSG:4490", toli)), "EPSG:4326 --axes yx"},
        Case{"EPSG:4326", swapped(places_in("EPSG:4490", yichun)), "EPSG:4326 --axes yx"},
        Case{"EPSG:4516", swapped(places_in("EPSG:4516", toli)), "EPSG:4516 --axes yx"},
        Case{"EPSG:4537", swapped(places_in("EPSG:4537", toli)), "EPSG:4537 --axes yx"},
        Case{"EPSG:32644", swapped(places_in("EPSG:32644", toli)), "EPSG:32644 --axes yx"},
        Case{"EPSG:4516", swapped(places_in("EPSG:4490", toli)), "EPSG:4490 --axes yx"},
        // Degrees labelled metres; metres labelled degrees.
        Case{"EPSG:4516", places_in("EPSG:4490", toli), "EPSG:4490"},
        Case{"EPSG:4537", places_in("EPSG:4490", toli), "EPSG:4490"},
        Case{"EPSG:3857", places_in("EPSG:4490", toli), "EPSG:4490"},
        Case{"EPSG:32644", places_in("EPSG:4490", toli), "EPSG:4490"},
        Case{"EPSG:4490", places_in("EPSG:4516", toli), "EPSG:4516"},
        Case{"EPSG:4326", places_in("EPSG:4516", toli), "EPSG:4516"},
        Case{"EPSG:4490", places_in("EPSG:3857", toli), "EPSG:3857"},
        Case{"EPSG:4537", places_in("EPSG:3857", toli), "EPSG:3857"},
        // Units: km, mm.
        Case{
            "EPSG:4537",
            times(places_in("EPSG:4537", toli), 1e-3),
            "\"+proj=tmerc +lon_0=84 +x_0=500000 +datum=WGS84 +units=km\""},
        Case{
            "EPSG:4516",
            times(places_in("EPSG:4516", toli), 1e3),
            "\"+proj=tmerc +lon_0=84 +x_0=28500000 +datum=WGS84 +units=mm\""}
    );
    INFO(c.claimed << " " << c.truth);
    const PlaceJudgement judgement = judged(c.claimed, c.places);
    REQUIRE(judgement.placement == Placement::contradicted);
    REQUIRE_FALSE(judgement.readings.empty());
    CHECK(judgement.readings[0].words() == c.truth);
    CHECK_FALSE(judgement.because.zh.empty());
    CHECK_FALSE(judgement.because.en.empty());
    // What is proposed is accepted, and puts the places where they are.
    const Reading& reading = judgement.readings[0];
    const PlaceJudgement again =
        judge_places(parse_crs(reading.crs), c.places, reading.swapped, true);
    CHECK(again.placement == Placement::good);
    std::vector<double> x{reading.swapped ? c.places.y[0] : c.places.x[0]};
    std::vector<double> y{reading.swapped ? c.places.x[0] : c.places.y[0]};
    Transform(parse_crs(reading.crs)).to_lonlat(x, y);
    const bool at_toli =
        std::abs(x[0] - toli.lon_deg) < 1e-6 && std::abs(y[0] - toli.lat_deg) < 1e-6;
    const bool at_yichun =
        std::abs(x[0] - yichun.lon_deg) < 1e-6 && std::abs(y[0] - yichun.lat_deg) < 1e-6;
    CHECK((at_toli || at_yichun));
}

TEST_CASE("Numbers about zero cannot be in a zone of China", "[geodesy][placement]") {
    Places local;
    for (std::size_t i = 0; i < 10; ++i) {
        local.x.push_back(100.0 + static_cast<double>(i));
        local.y.push_back(200.0);
        local.rows.push_back(i);
    }
    const PlaceJudgement judgement = judged("EPSG:4537", local);
    CHECK(judgement.placement == Placement::contradicted);
    CHECK(judgement.readings.empty());
}

TEST_CASE("Columns of centre points tell one zone from another", "[geodesy][placement]") {
    Places places = places_in("EPSG:4540", {93.4, 43.0});            // CM 93
    CHECK(judged("EPSG:4537", places).placement == Placement::good); // six digits fit any zone
    for (std::size_t i = 0; i < places.size(); ++i) {
        places.said.push_back({93.41, 43.01});
    }
    CHECK(judged("EPSG:4540", places).placement == Placement::good);
    const PlaceJudgement judgement = judged("EPSG:4537", places);
    REQUIRE(judgement.placement == Placement::contradicted);
    CHECK(judgement.readings[0].words() == "EPSG:4540");
    CHECK_THAT(judgement.because.en, ContainsSubstring("km from where the columns"));
    const std::vector<Reading> readings = plausible_readings(places);
    REQUIRE(readings.size() == 1);
    CHECK(readings[0].crs == "EPSG:4540");
}

TEST_CASE(
    "Readings of numbers without a CRS are ordered by likelihood", "[geodesy][placement]"
) {
    const auto first = [](const Places& places) {
        const std::vector<Reading> readings = plausible_readings(places);
        return readings.empty() ? std::string() : readings[0].words();
    };
    CHECK(first(places_in("EPSG:4490", toli)) == "EPSG:4490");
    CHECK(first(places_in("EPSG:4516", toli)) == "EPSG:4516");
    CHECK(first(places_in("EPSG:4492", toli)) == "EPSG:4492");
    CHECK(first(places_in("EPSG:3857", toli)) == "EPSG:3857");
    CHECK(first(swapped(places_in("EPSG:4516", toli))) == "EPSG:4516 --axes yx");
    Places plain = places_in("EPSG:4537", toli);
    CHECK(plausible_readings(plain).size() == 21);
    plain.expected = province_box(65);
    const std::vector<Reading> readings = plausible_readings(plain);
    REQUIRE(readings.size() == 8); // Xinjiang, 73.4° to 96.5° E: CM 75 to 96
    CHECK(readings.front().crs == "EPSG:4534");
    CHECK(readings.back().crs == "EPSG:4541");
    Places abroad = places_in("EPSG:32632", {9.5, 47.1});
    CHECK(plausible_readings(abroad).size() == 21); // nothing but the user can tell
    CHECK(plausible_readings(places_in("EPSG:4326", {9.5, 47.1})).empty());
}

TEST_CASE(
    "A few wrong rows do not hide what the rest are, and are counted", "[geodesy][placement]"
) {
    Places places = places_in("EPSG:4516", toli, 40);
    places.x[7] = 83.6;
    places.y[7] = 45.9;
    const PlaceJudgement good = judged("EPSG:4516", places);
    CHECK(good.placement == Placement::good);
    CHECK(good.outside == std::vector<std::size_t>{7});
    CHECK(judged("EPSG:4537", places).placement == Placement::contradicted);
}

TEST_CASE(
    "Zones mixed in one layer are told apart from a plane drawn wide", "[geodesy][placement]"
) {
    Places mixed = places_in("EPSG:4516", {85.2, 45.0}, 12);
    const Places other = places_in("EPSG:4517", {85.8, 45.0}, 3);
    for (std::size_t i = 0; i < 3; ++i) {
        mixed.x.push_back(other.x[i]);
        mixed.y.push_back(other.y[i]);
        mixed.rows.push_back(12 + i);
    }
    const auto zones = mixed_zones(mixed);
    REQUIRE(zones.size() == 2);
    CHECK(zones.at(28).size() == 12);
    CHECK(zones.at(29) == std::vector<std::size_t>{12, 13, 14});
    CHECK(mixed_zones(places_in("EPSG:4516", toli)).empty());

    Places wide; // 79° to 96° E in the plane of zone 28
    for (std::size_t i = 0; i < 60; ++i) {
        wide.x.push_back(79.0 + 17.0 * static_cast<double>(i) / 59.0);
        wide.y.push_back(45.0);
        wide.rows.push_back(i);
    }
    Transform(parse_crs("EPSG:4516")).from_lonlat(wide.x, wide.y);
    CHECK(mixed_zones(wide).empty());
    CHECK(judged("EPSG:4516", wide).placement == Placement::good);
}
