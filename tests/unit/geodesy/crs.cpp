#include <tuban/geodesy.hpp>

#include "catch.hpp"

#include <array>
#include <cmath>
#include <string>

using namespace tuban;

namespace {

std::string esri_gk(const std::string& datum, const std::string& spheroid) {
    return "PROJCS[\"CGCS2000_3_Degree_GK_Zone_28\",GEOGCS[\"GCS_China_Geodetic_Coordinate_"
           "System_2000\","
           "DATUM[\"" +
           datum + "\",SPHEROID[" + spheroid +
           "]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]],"
           "PROJECTION[\"Gauss_Kruger\"],PARAMETER[\"False_Easting\",28500000.0],"
           "PARAMETER[\"False_Northing\",0.0],PARAMETER[\"Central_Meridian\",84.0],"
           "PARAMETER[\"Scale_Factor\",1.0],PARAMETER[\"Latitude_Of_Origin\",0.0],UNIT["
           "\"Meter\",1.0]]";
}

/// Refused with the datum in both languages, and with these words in English.
void check_refused(const std::string& crs, const char* datum, const char* words) {
    INFO(crs);
    try {
        (void)parse_crs(crs);
        FAIL("accepted");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::unreadable_input);
        CHECK_THAT(error.message().zh, ContainsSubstring(datum));
        CHECK_THAT(error.message().en, ContainsSubstring(datum));
        CHECK_THAT(error.message().en, ContainsSubstring(words));
    }
}

LonLat there(const Transform& transform, double lon, double lat) {
    LonLat p{lon, lat};
    transform.from_lonlat({&p.lon_deg, 1}, {&p.lat_deg, 1});
    return p;
}

LonLat back(const Transform& transform, double x, double y) {
    LonLat p{x, y};
    transform.to_lonlat({&p.lon_deg, 1}, {&p.lat_deg, 1});
    return p;
}

} // namespace

TEST_CASE("A position in Toli has the published zone 28 coordinates", "[geodesy]") {
    // Computed with PROJ's cs2cs 9.1: EPSG:4490 to EPSG:4516.
    const Transform transform(parse_crs("EPSG:4516"));
    const LonLat plane = there(transform, 83.6, 45.94);
    CHECK_THAT(plane.lon_deg, WithinAbs(28468981.21, 0.005));
    CHECK_THAT(plane.lat_deg, WithinAbs(5089494.69, 0.005));
    const LonLat again = back(transform, plane.lon_deg, plane.lat_deg);
    CHECK_THAT(again.lon_deg, WithinAbs(83.6, 1e-12));
    CHECK_THAT(again.lat_deg, WithinAbs(45.94, 1e-12));
}

TEST_CASE("Every way of writing a CGCS2000 zone means the same EPSG code", "[geodesy]") {
    const std::string esri = esri_gk("D_China_2000", "\"CGCS2000\",6378137.0,298.257222101");
    for (const std::string& text : {std::string("EPSG:4516"), std::string("epsg:4516"), esri}) {
        INFO(text);
        const Crs crs = parse_crs(text);
        CHECK(crs.definition == "EPSG:4516");
        CHECK(crs.name == "CGCS2000 / 3-degree Gauss-Kruger zone 28");
        CHECK_FALSE(crs.geographic);
        CHECK_FALSE(crs.datum_note);
    }
    const Crs geographic =
        parse_crs("GEOGCS[\"GCS_China_Geodetic_Coordinate_System_2000\",DATUM[\"D_China_2000\","
                  "SPHEROID[\"CGCS2000\",6378137.0,298.257222101]],PRIMEM[\"Greenwich\",0.0],"
                  "UNIT[\"Degree\",0.0174532925199433]]");
    CHECK(geographic.definition == "EPSG:4490");
    CHECK(geographic.geographic);
}

TEST_CASE("A zone of one's own is kept as WKT and read again", "[geodesy]") {
    std::string own = esri_gk("D_China_2000", "\"CGCS2000\",6378137.0,298.257222101");
    own.replace(own.find("84.0"), 4, "83.5");
    const Crs crs = parse_crs(own);
    CHECK_THAT(crs.definition, ContainsSubstring("83.5"));
    const Crs again = parse_crs(crs.definition);
    CHECK(again.definition == crs.definition);
    CHECK_THAT(there(Transform(again), 83.5, 45.0).lon_deg, WithinAbs(28500000.0, 1e-6));
}

TEST_CASE("Datums under a metre away count as CGCS2000, with a note", "[geodesy]") {
    for (const char* text :
         {"EPSG:4326",
          "EPSG:3857",
          "EPSG:32644",
          "EPSG:4258",
          "EPSG:3035",
          "EPSG:25832",
          "EPSG:4979",
          "EPSG:9000",
          "OGC:CRS84",
          "+proj=utm +zone=44 +datum=WGS84",
          "+proj=longlat +datum=WGS84 +towgs84=0,0,0"}) {
        INFO(text);
        CHECK(parse_crs(text).datum_note);
    }
}

TEST_CASE("Other datums are refused by name", "[geodesy]") {
    struct Row {
        std::string text;
        const char* datum;
    };

    const std::array<Row, 7> rows{{
        {"EPSG:4610", "Xian 1980"},
        {"EPSG:2349", "Xian 1980"},
        {"EPSG:2369", "Xian 1980"},
        {"EPSG:4214", "Beijing 1954"},
        {"EPSG:2422", "Beijing 1954"},
        {"EPSG:4269", "North American Datum 1983"},
        {"+proj=longlat +ellps=krass +towgs84=15.8,-154.4,-82.3,0,0,0,0", "TOWGS84"},
    }};
    for (const Row& row : rows) {
        check_refused(row.text, row.datum, "stated accuracy");
    }
}

TEST_CASE("Where the datum may be CGCS2000, its owner is asked", "[geodesy]") {
    struct Row {
        std::string text;
        const char* datum;
        const char* asked;
    };

    const std::string ellipsoid = "\"CGCS2000\",6378137.0,298.257222101";
    const std::array<Row, 5> rows{{
        {"+proj=longlat +ellps=GRS80 +no_defs", "Unknown", "--crs EPSG:4490"},
        {esri_gk("D_国家2000", ellipsoid), "国家2000", "--crs EPSG:4516"},
        {esri_gk("D_CGCS_2000_County", ellipsoid), "CGCS", "--crs EPSG:4516"},
        // A name that counts, on another ellipsoid: which of both is wrong, nobody can tell from here.
        {esri_gk("D_China_2000", "\"Xian_1980\",6378140.0,298.257"), "China", "Xian 80"},
        {esri_gk("D_WGS_1984", "\"Krasovsky\",6378245.0,298.3"), "World", "Beijing 54"},
    }};
    for (const Row& row : rows) {
        check_refused(row.text, row.datum, row.asked);
    }
}

TEST_CASE("What is no plane and no globe is refused", "[geodesy]") {
    for (const char* text :
         {"", "EPSG:0", "nonsense", "EPSG:4978", "EPSG:5737", "+proj=merc"}) {
        INFO(text);
        CHECK_THROWS_AS(parse_crs(text), Error);
    }
}

TEST_CASE("A compound CRS gives its horizontal part", "[geodesy]") {
    CHECK(parse_crs("EPSG:4490+5737").definition == "EPSG:4490");
    CHECK(parse_crs("EPSG:4537+5737").definition == "EPSG:4537");
}

TEST_CASE("Axes are always east and north", "[geodesy]") {
    // EPSG:3035 and EPSG:4516 say north, east; EPSG:3857 says east, north.
    const LonLat laea = there(Transform(parse_crs("EPSG:3035")), 10.0, 52.0);
    CHECK_THAT(laea.lon_deg, WithinAbs(4321000.0, 1e-6)); // false origin of ETRS89-LAEA
    CHECK_THAT(laea.lat_deg, WithinAbs(3210000.0, 1e-6));
    const LonLat mercator = there(Transform(parse_crs("EPSG:3857")), 90.0, 0.0);
    CHECK_THAT(mercator.lon_deg, WithinAbs(0.25 * 40075016.685578488, 1e-6));
    const LonLat same = there(Transform(parse_crs("EPSG:4490")), 83.6, 45.94);
    CHECK(same == LonLat{83.6, 45.94});
}

TEST_CASE(
    "Feet, grads and other prime meridians are brought to metres and degrees", "[geodesy]"
) {
    const Transform feet(parse_crs("+proj=tmerc +lon_0=84 +datum=WGS84 +units=ft"));
    const Transform metres(parse_crs("+proj=tmerc +lon_0=84 +datum=WGS84 +units=m"));
    CHECK_THAT(
        there(feet, 83.6, 45.94).lon_deg * 0.3048,
        WithinAbs(there(metres, 83.6, 45.94).lon_deg, 1e-6)
    );
    const Crs paris =
        parse_crs("GEOGCS[\"WGS 84 from Paris\",DATUM[\"WGS_1984\",SPHEROID[\"WGS "
                  "84\",6378137,298.257223563]],"
                  "PRIMEM[\"Paris\",2.5969213],UNIT[\"grad\",0.01570796326794897]]");
    // 2.5969213 grad = 2.33722917°; 100 grad = 90°.
    const LonLat p = back(Transform(paris), 100.0, 50.0);
    CHECK_THAT(p.lon_deg, WithinAbs(92.33722917, 1e-9));
    CHECK_THAT(p.lat_deg, WithinAbs(45.0, 1e-9));
    const LonLat q = there(Transform(paris), p.lon_deg, p.lat_deg);
    CHECK_THAT(q.lon_deg, WithinAbs(100.0, 1e-9));
}

TEST_CASE("A vertex that cannot be transformed becomes NaN, the others stay", "[geodesy]") {
    const Transform transform(parse_crs("EPSG:4516"));
    std::array<double, 3> x{28468981.21, 1e30, 28468981.21};
    std::array<double, 3> y{5089494.69, 5089494.69, std::nan("")};
    transform.to_lonlat(x, y);
    CHECK_THAT(x[0], WithinAbs(83.6, 1e-6));
    CHECK(std::isnan(x[1]));
    CHECK(std::isnan(y[1]));
    CHECK(std::isnan(x[2]));
    const Transform geographic(parse_crs("EPSG:4490"));
    CHECK(std::isnan(back(geographic, 83.0, 91.0).lat_deg));
    CHECK(back(geographic, 183.0, 1.0).lon_deg == -177.0);
}

TEST_CASE("The zone of a longitude follows the rule of the survey code", "[geodesy]") {
    CHECK(gauss_kruger_3_degree(83.6).definition == "EPSG:4537");
    CHECK(gauss_kruger_3_degree(128.84).definition == "EPSG:4552");
    CHECK(gauss_kruger_3_degree(73.5).definition == "EPSG:4534");
    CHECK(gauss_kruger_3_degree(136.5).definition == "EPSG:4554");
    CHECK(gauss_kruger_6_degree(83.6).definition == "EPSG:4503");
    CHECK(gauss_kruger_6_degree(128.84).definition == "EPSG:4511");
    CHECK_THROWS_AS(gauss_kruger_3_degree(73.4), Error);
    CHECK_THROWS_AS(gauss_kruger_6_degree(std::nan("")), Error);
}
