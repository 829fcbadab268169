// Every zone of CGCS2000 as ESRI and others write it, held against EPSG's own definitions.
#include "catch.hpp"
#include "core/format.hpp"
#include "geodesy/projection.hpp"

#include <array>
#include <string>
#include <vector>

using namespace tuban;

namespace {

struct Zone {
    int code = 0;
    int width_deg = 3;
    int number = 0;
    bool prefix = false;

    [[nodiscard]] int meridian() const { return width_deg == 3 ? 3 * number : 6 * number - 3; }

    /// The 3° and the 6° zone of this meridian are one plane; its name is looked up, which takes PROJ 0.1 s.
    [[nodiscard]] bool of_both() const { return !prefix && meridian() % 6 == 3; }

    [[nodiscard]] double easting() const { return prefix ? number * 1e6 + 5e5 : 5e5; }

    [[nodiscard]] std::string esri_name() const {
        const std::string kind = width_deg == 3 ? "CGCS2000_3_Degree_GK_" : "CGCS2000_GK_";
        return kind + (prefix ? format("Zone_{}", number) : format("CM_{}E", meridian()));
    }
};

std::vector<Zone> all_zones() {
    std::vector<Zone> zones;
    for (int n = 13; n <= 23; ++n) {
        zones.push_back({4491 + n - 13, 6, n, true});
        zones.push_back({4502 + n - 13, 6, n, false});
    }
    for (int n = 25; n <= 45; ++n) {
        zones.push_back({4513 + n - 25, 3, n, true});
        zones.push_back({4534 + n - 25, 3, n, false});
    }
    return zones;
}

std::string esri(
    const std::string& name,
    const std::string& base,
    const std::string& datum,
    double fe,
    double cm
) {
    return format(
        "PROJCS[\"{}\",GEOGCS[\"{}\",DATUM[\"{}\",SPHEROID[\"CGCS2000\",6378137.0,"
        "298.257222101]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]],"
        "PROJECTION[\"Gauss_Kruger\"],PARAMETER[\"False_Easting\",{:.1f}],"
        "PARAMETER[\"False_Northing\",0.0],PARAMETER[\"Central_Meridian\",{:.1f}],"
        "PARAMETER[\"Scale_Factor\",1.0],PARAMETER[\"Latitude_Of_Origin\",0.0],"
        "UNIT[\"Meter\",1.0]]",
        name,
        base,
        datum,
        fe,
        cm
    );
}

constexpr const char* usual_base = "GCS_China_Geodetic_Coordinate_System_2000";

/// East and north of positions about the meridian: equal to 1e-6 m.
void check_same_plane(const Crs& crs, int code, double meridian) {
    std::array<double, 3> x{meridian + 1.0, meridian - 1.4, meridian};
    std::array<double, 3> y{18.5, 35.0, 53.0};
    std::array<double, 3> u = x;
    std::array<double, 3> v = y;
    Transform(crs).from_lonlat(x, y);
    Crs known;
    known.definition = format("EPSG:{}", code);
    Transform(known).from_lonlat(u, v);
    for (std::size_t i = 0; i < x.size(); ++i) {
        CHECK_THAT(x[i], WithinAbs(u[i], 1e-6));
        CHECK_THAT(y[i], WithinAbs(v[i], 1e-6));
    }
}

void check_zone(const Zone& zone, const char* datum) {
    const Crs crs =
        parse_crs(esri(zone.esri_name(), usual_base, datum, zone.easting(), zone.meridian()));
    INFO(zone.esri_name() << ", " << datum << " → " << crs.definition);
    CHECK_FALSE(crs.datum_note);
    if (crs.definition != format("EPSG:{}", zone.code)) {
        // 4502 and 4534 are one plane: 75, 81, 87 … are meridians of 3° and 6° zones.
        CHECK(zone.of_both());
        check_same_plane(crs, zone.code, zone.meridian());
    }
}

} // namespace

TEST_CASE("Each zone is known by ESRI's name and by its parameters", "[geodesy][zones]") {
    for (const Zone& zone : all_zones()) {
        check_zone(zone, "D_China_2000");
    }
}

TEST_CASE("A zone is known whatever its datum is called", "[geodesy][zones]") {
    // One of each kind: the datum is judged before and apart from the plane, and PROJ takes 0.1 s to look such a name up.
    const std::array<Zone, 4> zones{
        {{4494, 6, 16, true}, {4505, 6, 16, false}, {4516, 3, 28, true}, {4537, 3, 28, false}}};
    for (const Zone& zone : zones) {
        check_zone(zone, "D_China_Geodetic_Coordinate_System_2000");
        check_zone(zone, "China_2000");
    }
}

TEST_CASE(
    "A wrong name with the right parameters is what the parameters say", "[geodesy][zones]"
) {
    const std::array<const char*, 3> names{"Unknown_projection", "测绘成果", "xian80_typo"};
    std::size_t turn = 0;
    for (const Zone& zone : all_zones()) {
        if (!zone.prefix && zone.width_deg == 6) {
            continue; // the 3° zone of that meridian is the same plane
        }
        const char* name = names.at(turn++ % names.size()); // in turn, as none is looked at
        INFO(zone.code << " " << name);
        const Crs crs =
            parse_crs(esri(name, "GCS_user", "D_China_2000", zone.easting(), zone.meridian()));
        CHECK(crs.definition == format("EPSG:{}", zone.code));
    }
}

TEST_CASE("A name promises a meridian", "[geodesy][zones]") {
    for (const Zone& zone : all_zones()) {
        INFO(zone.esri_name());
        CHECK(meridian_in_name(zone.esri_name()) == zone.meridian());
        const Crs crs = parse_crs(format("EPSG:{}", zone.code));
        INFO(crs.name);
        CHECK(meridian_in_name(crs.name) == zone.meridian());
        const auto projection = projection_of(crs);
        REQUIRE(projection);
        CHECK(projection->central_meridian_deg == zone.meridian());
        CHECK(projection->false_easting_m == zone.easting());
    }
    CHECK(meridian_in_name("WGS 84 / UTM zone 44N") == 81.0);
    CHECK_FALSE(meridian_in_name("WGS 84 / Pseudo-Mercator"));
    CHECK_FALSE(meridian_in_name("Zone industrielle 34"));
}

TEST_CASE("The name a file gives is kept beside what its parameters make", "[geodesy][zones]") {
    const Crs crs = parse_crs(
        esri("CGCS2000_3_Degree_GK_Zone_34", usual_base, "D_China_2000", 34.5e6, 105.0)
    );
    CHECK(meridian_in_name(crs.given_name) == 102.0);
    REQUIRE(projection_of(crs));
    CHECK(projection_of(crs)->central_meridian_deg == 105.0);
    CHECK_FALSE(crs.definition.starts_with("EPSG:"));
}

TEST_CASE("A county's own meridian stays a plane of its own", "[geodesy][zones]") {
    const Crs crs = parse_crs(esri("Local", usual_base, "D_China_2000", 500000.0, 101.5));
    CHECK_FALSE(crs.definition.starts_with("EPSG:"));
    std::array<double, 1> x{101.5};
    std::array<double, 1> y{30.0};
    Transform(crs).from_lonlat(x, y);
    CHECK_THAT(x[0], WithinAbs(500000.0, 1e-6));
    CHECK(parse_crs(crs.definition).definition == crs.definition);
}

TEST_CASE(
    "A plane on the right ellipsoid without a datum is proposed, not taken", "[geodesy][zones]"
) {
    const auto refusal = [](const std::string& text) {
        try {
            (void)parse_crs(text);
        } catch (const Error& error) {
            return error.message();
        }
        return Text{"accepted", "accepted"};
    };
    const Text plane = refusal("+proj=tmerc +lon_0=117 +x_0=39500000 +ellps=GRS80 +units=m");
    CHECK_THAT(plane.en, ContainsSubstring("--crs EPSG:4527"));
    CHECK_THAT(plane.zh, ContainsSubstring("--crs EPSG:4527"));
    CHECK_THAT(
        refusal("PROJCS[\"unnamed\",GEOGCS[\"GRS 1980(IUGG, 1980)\",DATUM[\"unknown\",SPHEROID["
                "\"GRS80\",6378137,298.257222101]],PRIMEM[\"Greenwich\",0],UNIT[\"degree\","
                "0.0174532925199433]],PROJECTION[\"Transverse_Mercator\"],PARAMETER["
                "\"latitude_of_origin\",0],PARAMETER[\"central_meridian\",84],PARAMETER["
                "\"scale_factor\",1],PARAMETER[\"false_easting\",500000],PARAMETER["
                "\"false_northing\",0],UNIT[\"Meter\",1]]")
            .en,
        ContainsSubstring("--crs EPSG:4537")
    );
    CHECK_THAT(refusal("+proj=longlat +ellps=GRS80").en, ContainsSubstring("--crs EPSG:4490"));
    CHECK_THAT(refusal("+proj=longlat +ellps=krass").en, ContainsSubstring("datum_shift"));
}

TEST_CASE("Only exact names of a CRS are taken", "[geodesy][zones]") {
    CHECK(parse_crs("4516").definition == "EPSG:4516");
    CHECK(parse_crs("CGCS2000 / 3-degree Gauss-Kruger zone 28").definition == "EPSG:4516");
    CHECK(parse_crs("cgcs2000 / 3-DEGREE gauss-kruger CM 84e").definition == "EPSG:4537");
    CHECK(parse_crs("China Geodetic Coordinate System 2000").definition == "EPSG:4490");
    CHECK(parse_crs("urn:ogc:def:crs:EPSG::4490").definition == "EPSG:4490");
    for (const char* text :
         {"foo",
          "amersf",
          "CGCS",
          "gauss",
          "zone 28",
          "EPSG:",
          "EPSG:abc",
          "99999999",
          "4516 ",
          "CGCS2000 / 3-degree Gauss-Kruger zone"}) {
        INFO(text);
        CHECK_THROWS_AS(parse_crs(text), Error);
    }
}
