#include <tuban/geodesy.hpp>

#include "area_oracle.hpp"
#include "catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>

using namespace tuban;

namespace {

using Ring = std::vector<LonLat>;
using Polygon = std::vector<std::vector<Ring>>; // parts of rings

void add(Geometry& geometry, const Polygon& polygon) {
    for (const auto& part : polygon) {
        for (const Ring& ring : part) {
            for (const LonLat& p : ring) {
                geometry.lon_deg.push_back(p.lon_deg);
                geometry.lat_deg.push_back(p.lat_deg);
            }
            geometry.ring_offsets.push_back(geometry.lon_deg.size());
        }
        geometry.part_offsets.push_back(geometry.ring_offsets.size() - 1);
    }
    geometry.feature_offsets.push_back(geometry.part_offsets.size() - 1);
    geometry.kinds.push_back(polygon.empty() ? GeometryKind::none : GeometryKind::polygon);
}

Geometry of(const Polygon& polygon) {
    Geometry geometry;
    add(geometry, polygon);
    return geometry;
}

Ring box(double west, double south, double east, double north) {
    return {{west, south}, {east, south}, {east, north}, {west, north}};
}

double area(const Polygon& polygon, const char* crs, AreaMethod method) {
    return area_m2(of(polygon), crs, method).at(0);
}

/// Exact area of a strip between two parallels, by the authalic function.
double strip_m2(double south_deg, double north_deg, double width_deg) {
    const double f = 1.0 / 298.257222101;
    const double b = 6378137.0 * (1.0 - f);
    const double e = std::sqrt(f * (2.0 - f));
    const auto q = [&](double lat_deg) {
        const double s = std::sin(lat_deg * 3.14159265358979323846 / 180.0);
        return b * b / 2.0 * (s / (1.0 - e * e * s * s) + std::atanh(e * s) / e);
    };
    return width_deg * 3.14159265358979323846 / 180.0 * (q(north_deg) - q(south_deg));
}

/// Corners in the plane of a CRS as a ring of positions.
Ring from_plane(const char* crs, const std::vector<std::array<double, 2>>& corners) {
    const Transform transform(parse_crs(crs));
    Ring ring;
    for (auto [x, y] : corners) {
        transform.to_lonlat({&x, 1}, {&y, 1});
        ring.push_back({x, y});
    }
    return ring;
}

} // namespace

TEST_CASE("A strip between parallels has its exact area", "[geodesy][oracle]") {
    for (const double lat : {-35.0, 0.0, 16.0, 26.0, 45.94, 55.0}) {
        INFO(lat);
        const double exact = strip_m2(lat, lat + 0.01, 0.01);
        const Polygon plot{{box(83.0, lat, 83.01, lat + 0.01)}};
        CHECK_THAT(area(plot, "EPSG:4490", AreaMethod::survey), WithinAbs(exact, 1e-4));
        CHECK_THAT(
            area(plot, "EPSG:4490", AreaMethod::survey_vertices), WithinAbs(exact, 1e-4)
        );
    }
    // 100 km²; the series itself may be 1.2e-11 of that off.
    const double exact = strip_m2(45.0, 45.09, 0.127);
    CHECK(exact > 99e6);
    const Polygon plot{{box(83.0, 45.0, 83.127, 45.09)}};
    CHECK_THAT(area(plot, "EPSG:4490", AreaMethod::survey), WithinAbs(exact, 1.3e-3));
}

TEST_CASE(
    "Survey area of a Gauss plane square meets its densely cut limit", "[geodesy][oracle]"
) {
    // The oracle: edges cut to 1 m in the plane, geodesic between the cuts (Karney).
    const std::vector<std::array<double, 2>> corners{
        {28468981.0, 5089494.0},
        {28469920.7, 5089836.0},
        {28469578.7, 5090775.7},
        {28468639.0, 5090433.7}};
    std::vector<std::array<double, 2>> dense;
    for (std::size_t i = 0; i < 4; ++i) {
        const auto& a = corners.at(i);
        const auto& b = corners.at((i + 1) % 4);
        for (int k = 0; k < 1000; ++k) {
            const double u = k / 1000.0;
            dense.push_back({a[0] + u * (b[0] - a[0]), a[1] + u * (b[1] - a[1])});
        }
    }
    const double limit =
        area({{from_plane("EPSG:4516", dense)}}, "EPSG:4516", AreaMethod::geodesic);
    const Polygon plot{{from_plane("EPSG:4516", corners)}};
    const double survey = area(plot, "EPSG:4516", AreaMethod::survey);
    CHECK_THAT(
        survey, WithinAbs(limit, 1e-3)
    ); // 4e3 m of edges cut at 70 m, and Karney's 1e-4 m²
    CHECK_THAT(survey, WithinAbs(1e6, 600.0));
    // official minus geodesic: -0.0020 ppm of 1 km² at 40–48°, -0.0016 without cuts (domain handbook, measured).
    const double geodesic = area(plot, "EPSG:4516", AreaMethod::geodesic);
    CHECK_THAT(survey - geodesic, WithinAbs(-0.0020, 6e-4));
}

TEST_CASE("Area adds up when a plot is split by a straight line", "[geodesy]") {
    std::vector<std::array<double, 2>> whole{
        {40400000.0, 4000000.0},
        {40404200.0, 4000000.0},
        {40404200.0, 4002100.0},
        {40400000.0, 4002100.0}};
    const auto part = [&](double west, double east) {
        return Polygon{{from_plane(
            "EPSG:4528",
            {{west, 4000000.0}, {east, 4000000.0}, {east, 4002100.0}, {west, 4002100.0}}
        )}};
    };
    const double all =
        area({{from_plane("EPSG:4528", whole)}}, "EPSG:4528", AreaMethod::survey);
    const double sum = area(part(40400000.0, 40401400.0), "EPSG:4528", AreaMethod::survey) +
                       area(part(40401400.0, 40404200.0), "EPSG:4528", AreaMethod::survey);
    CHECK_THAT(sum, WithinAbs(all, 1e-4));
}

TEST_CASE("Area does not depend on direction, first vertex, or the antimeridian", "[geodesy]") {
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> unit(0.0, 1.0);
    for (int i = 0; i < 20; ++i) {
        Ring ring;
        const double lat = 120.0 * unit(random) - 60.0;
        const int n = 3 + i;
        for (int k = 0; k < n; ++k) {
            const double angle = 6.283185307179586 * k / n;
            const double r = 0.002 + 0.004 * unit(random);
            ring.push_back({r * std::cos(angle), lat + r * std::sin(angle)});
        }
        for (const AreaMethod method :
             {AreaMethod::survey, AreaMethod::survey_vertices, AreaMethod::geodesic}) {
            const double base = area({{ring}}, "EPSG:4490", method);
            Ring other = ring;
            std::reverse(other.begin(), other.end());
            CHECK_THAT(area({{other}}, "EPSG:4490", method), WithinAbs(base, 2e-4));
            std::rotate(other.begin(), other.begin() + 1, other.end());
            CHECK_THAT(area({{other}}, "EPSG:4490", method), WithinAbs(base, 2e-4));
            for (LonLat& p : other) {
                p.lon_deg = p.lon_deg >= 0.0 ? p.lon_deg - 180.0 : p.lon_deg + 180.0;
            }
            CHECK_THAT(area({{other}}, "EPSG:4490", method), WithinAbs(base, 5e-4));
        }
    }
}

TEST_CASE("Holes are taken off and parts added", "[geodesy]") {
    const Ring shell = box(100.0, 26.0, 100.03, 26.02);
    Ring hole = box(100.01, 26.005, 100.02, 26.01);
    std::reverse(hole.begin(), hole.end());
    const Ring other = box(100.04, 26.0, 100.05, 26.01);
    for (const AreaMethod method :
         {AreaMethod::survey, AreaMethod::survey_vertices, AreaMethod::geodesic}) {
        const double got = area({{shell, hole}, {other}}, "EPSG:4490", method);
        const double expected = area({{shell}}, "EPSG:4490", method) -
                                area({{hole}}, "EPSG:4490", method) +
                                area({{other}}, "EPSG:4490", method);
        CHECK_THAT(got, WithinAbs(expected, 1e-6));
    }
}

TEST_CASE("Geodesic area of an octant is an eighth of the ellipsoid", "[geodesy]") {
    const double got =
        area({{{{0.0, 0.0}, {90.0, 0.0}, {0.0, 90.0}}}}, "EPSG:4490", AreaMethod::geodesic);
    CHECK_THAT(got * 8.0, WithinAbs(strip_m2(-90.0, 90.0, 360.0), 1.0));
    CHECK_THAT(got * 8.0, WithinAbs(5.100656217e14, 5e4)); // GRS 80, to its ten digits
}

namespace {

/// A ring in the plane of a Gauss–Krüger zone, in long double, and what tuban is given of it.
struct PlaneRing {
    std::vector<oracle::Point> plane;
    Ring lonlat;
};

PlaneRing drawn(
    double meridian_deg,
    oracle::Point centre,
    double radius_m,
    std::size_t vertices,
    std::uint64_t seed
) {
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> unit(0.8, 1.2);
    PlaneRing ring;
    for (std::size_t k = 0; k < vertices; ++k) {
        const double angle =
            0.3 + 6.283185307179586 * static_cast<double>(k) / static_cast<double>(vertices);
        const double r =
            radius_m * (vertices > 300 ? 1.0 + (unit(random) - 1.0) * 0.02 : unit(random));
        ring.plane.push_back(
            {centre.x + oracle::real(r * std::cos(angle)),
             centre.y + oracle::real(r * std::sin(angle))}
        );
    }
    for (const oracle::Point& p : ring.plane) {
        const oracle::Point at = oracle::inverse_gauss(p);
        ring.lonlat.push_back(
            {static_cast<double>(oracle::real(meridian_deg) + at.x / oracle::degree),
             static_cast<double>(at.y / oracle::degree)}
        );
    }
    return ring;
}

/// Northing of a latitude on the central meridian, near enough to place a plot.
oracle::Real north_of(double lat_deg) {
    return 111132.95L * oracle::real(lat_deg) -
           16038.5L * std::sin(2.0L * oracle::real(lat_deg) * oracle::degree);
}

} // namespace

TEST_CASE("Official area is the rule's to 1e-4 m2 up to 100 km2", "[geodesy][oracle]") {
    // The rule in long double, with Krüger's series instead of PROJ. 1e-4 m² is 1e-12 of 100 km²: coordinates in double
    // degrees alone are known to 1e-9 m, which is 1e-5 m² over 40 km of border.
    const double lat = GENERATE(20.0, 26.0, 40.0, 46.0, 54.0);
    const double east = GENERATE(0.0, 100'000.0);

    struct Size {
        double radius_m;
        std::size_t vertices;
    };

    const auto size = GENERATE(
        Size{60.0, 4},
        Size{300.0, 30},
        Size{5700.0, 4},
        Size{5700.0, 30},
        Size{5700.0, 1000},
        Size{5700.0, 10'000}
    );
    const PlaneRing ring =
        drawn(129.0, {oracle::real(east), north_of(lat)}, size.radius_m, size.vertices, 42);
    const double expected = static_cast<double>(oracle::official_m2(ring.plane));
    const double got = area({{ring.lonlat}}, "EPSG:4552", AreaMethod::survey);
    INFO(
        lat << "°, " << east << " m east, " << size.radius_m << " m, " << size.vertices
            << " vertices, " << expected << " m²"
    );
    CHECK_THAT(got, WithinAbs(expected, 1e-4));
    const double prefixed = area({{ring.lonlat}}, "EPSG:4531", AreaMethod::survey);
    CHECK_THAT(prefixed, WithinAbs(expected, 1e-4)); // eastings of 43 000 000 m
    const double plane = plane_area_m2(of({{ring.lonlat}}), parse_crs("EPSG:4552")).at(0);
    CHECK_THAT(plane, WithinAbs(static_cast<double>(oracle::shoelace_m2(ring.plane)), 1e-4));
}

TEST_CASE(
    "Official area of a geographic source is the rule's to 1e-4 m2", "[geodesy][oracle]"
) {
    // Edges are straight in longitude and latitude and cut by their geodesic length; the sum is made in long double.
    const double lat = GENERATE(20.0, 26.0, 40.0, 46.0, 54.0);
    const auto vertices =
        GENERATE(std::size_t{4}, std::size_t{30}, std::size_t{1000}, std::size_t{10'000});
    const PlaneRing ring = drawn(83.0, {40'000.0L, north_of(lat)}, 5700.0, vertices, 7);
    std::vector<oracle::Point> cut;
    for (std::size_t i = 0; i < ring.lonlat.size(); ++i) {
        const LonLat& from = ring.lonlat[i];
        const LonLat& to = ring.lonlat[(i + 1) % ring.lonlat.size()];
        const auto pieces = static_cast<int>(std::ceil(geodesic_distance_m(from, to) / 70.0));
        for (int k = 0; k < pieces; ++k) {
            const oracle::Real u =
                static_cast<oracle::Real>(k) / static_cast<oracle::Real>(pieces);
            const oracle::Real lon = oracle::real(from.lon_deg);
            const oracle::Real south = oracle::real(from.lat_deg);
            cut.push_back(
                {(lon - 83.0L + u * (oracle::real(to.lon_deg) - lon)) * oracle::degree,
                 (south + u * (oracle::real(to.lat_deg) - south)) * oracle::degree}
            );
        }
    }
    const auto same = [](oracle::Point p) { return p; };
    const double rule =
        static_cast<double>(oracle::ring_area(cut, 1.0L, same, oracle::strip_of_notice));
    const double got = area({{ring.lonlat}}, "EPSG:4490", AreaMethod::survey);
    INFO(lat << "°, " << vertices << " vertices");
    CHECK_THAT(got, WithinAbs(rule, 1e-4));
}

TEST_CASE(
    "The series of the notice is within 1.1e-11 of the closed form", "[geodesy][oracle]"
) {
    // Its five terms leave out e^10: under 1.1e-3 m² of 100 km².
    for (const double lat : {20.0, 26.0, 40.0, 46.0, 54.0}) {
        const oracle::Real south = static_cast<oracle::Real>(lat) * oracle::degree;
        const oracle::Real north = south + 1e-3L;
        const oracle::Real exact = oracle::exact_strip(south, north);
        const double short_of =
            static_cast<double>((exact - oracle::strip_of_notice(south, north)) / exact);
        INFO(lat);
        CHECK(std::abs(short_of) < 1.1e-11);
    }
}

TEST_CASE("The notice's own inverse Gauss leads to the same area", "[geodesy][oracle]") {
    // Its latitudes are 4.4e-6″ off at most, which changes slowly: 1e-9 of the area.
    for (const double lat : {20.0, 26.0, 40.0, 48.0}) {
        const PlaneRing ring = drawn(84.0, {-60'000.0L, north_of(lat)}, 500.0, 12, 3);
        const double notice = static_cast<double>(oracle::ring_area(
            ring.plane, 70.0L, oracle::inverse_gauss_of_notice, oracle::strip_of_notice
        ));
        const double got = area({{ring.lonlat}}, "EPSG:4537", AreaMethod::survey);
        INFO(lat);
        CHECK_THAT(got, WithinAbs(notice, 1e-3)); // of 0.8 km²
    }
}

TEST_CASE("Plane and ellipsoid differ by the handbook's figures", "[geodesy][oracle]") {
    // Square plots of 1 km rotated by 20°; latitude and degrees from the central meridian; ppm, as measured for the
    // domain handbook with other code.
    struct Case {
        double lat_deg;
        double dlon_deg;
        double ppm;
        double tolerance_ppm; // the last digit given
    };

    const auto c = GENERATE(
        Case{20, 1.5, 609, 1},
        Case{26, 1.5, 557, 1},
        Case{40, 1.5, 404, 1},
        Case{46, 1.5, 332, 1},
        Case{48, 1.5, 308, 1},
        Case{46, 0.75, 83, 1},
        Case{46, 3, 1328, 2},
        Case{20, 3, 2439, 2}
    );
    // 6° zone 45 (meridian 87°), as the plots of 3° lie at the edge of a 6° zone.
    const Transform transform(parse_crs("EPSG:4504"));
    double x = 87.0 + c.dlon_deg;
    double y = c.lat_deg;
    transform.from_lonlat({&x, 1}, {&y, 1});
    std::vector<std::array<double, 2>> corners;
    for (const double quarter : {0.0, 1.0, 2.0, 3.0}) {
        const double angle = (20.0 + 45.0 + 90.0 * quarter) * 3.14159265358979323846 / 180.0;
        corners.push_back(
            {x + std::sqrt(0.5) * 1000.0 * std::cos(angle),
             y + std::sqrt(0.5) * 1000.0 * std::sin(angle)}
        );
    }
    const Polygon plot{{from_plane("EPSG:4504", corners)}};
    const double official = area(plot, "EPSG:4504", AreaMethod::survey);
    const double plane = plane_area_m2(of(plot), parse_crs("EPSG:4504")).at(0);
    INFO(c.lat_deg << "° " << c.dlon_deg << "°");
    CHECK_THAT((plane - official) / official * 1e6, WithinAbs(c.ppm, c.tolerance_ppm));
}

TEST_CASE("Areas are square metres whatever the unit of the plane", "[geodesy]") {
    // A box of 12 × 8 km about 40 km east of the meridian, its corners given in each plane's own unit. Oracle of the
    // plane: width × height; of the survey area: the same box in the plane in metres.
    const auto [units, unit_m] = GENERATE(
        std::pair{"km", 1000.0}, std::pair{"mm", 0.001}, std::pair{"us-ft", 1200.0 / 3937.0}
    );
    const auto crs = [](const std::string& unit) {
        return "+proj=tmerc +lon_0=84 +x_0=500000 +datum=WGS84 +units=" + unit;
    };
    const auto plot = [&](const std::string& unit, double scale) {
        const double x = 534'000.0 / scale;
        const double y = 5'000'000.0 / scale;
        const double w = 12'000.0 / scale;
        const double h = 8'000.0 / scale;
        return of(
            {{from_plane(crs(unit).c_str(), {{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}})}}
        );
    };
    INFO(units);
    const Geometry given = plot(units, unit_m);
    const Geometry metres = plot("m", 1.0);
    // 1e-3 m²: degrees keep positions to 2e-9 m, over 20 km of sides
    CHECK_THAT(plane_area_m2(given, parse_crs(crs(units))).at(0), WithinAbs(96e6, 1e-3));
    const double expected = area_m2(metres, crs("m"), AreaMethod::survey).at(0);
    CHECK_THAT(area_m2(given, crs(units), AreaMethod::survey).at(0), WithinAbs(expected, 1e-3));
}

TEST_CASE("What is no polygon has neither area nor perimeter", "[geodesy]") {
    Geometry geometry;
    add(geometry, {});
    add(geometry, {{box(100.0, 26.0, 100.01, 26.01)}});
    geometry.lon_deg.push_back(1.0);
    geometry.lat_deg.push_back(1.0);
    geometry.ring_offsets.push_back(geometry.lon_deg.size());
    geometry.part_offsets.push_back(2);
    geometry.feature_offsets.push_back(2);
    geometry.kinds.push_back(GeometryKind::point);
    const auto areas = area_m2(geometry, "EPSG:4490", AreaMethod::survey);
    const auto lengths = perimeter_m(geometry);
    CHECK(std::isnan(areas.at(0)));
    CHECK(areas.at(1) > 0.0);
    CHECK(std::isnan(areas.at(2)));
    CHECK(std::isnan(lengths.at(0)));
    const double expected = geodesic_distance_m({100.0, 26.0}, {100.01, 26.0}) +
                            geodesic_distance_m({100.01, 26.0}, {100.01, 26.01}) +
                            geodesic_distance_m({100.01, 26.01}, {100.0, 26.01}) +
                            geodesic_distance_m({100.0, 26.01}, {100.0, 26.0});
    CHECK_THAT(lengths.at(1), WithinAbs(expected, 1e-6));
    CHECK(std::isnan(lengths.at(2)));
}

TEST_CASE("Areas have the same bits on any number of threads", "[geodesy]") {
    Geometry geometry;
    for (int i = 0; i < 300; ++i) {
        add(geometry, {{box(83.0 + 0.01 * i, 45.0, 83.0 + 0.01 * i + 0.007, 45.003)}});
    }
    Execution one;
    one.threads = 1;
    const auto expected = area_m2(geometry, "EPSG:4516", AreaMethod::survey, one);
    for (const int threads : {2, 7}) {
        Execution execution;
        execution.threads = threads;
        CHECK(area_m2(geometry, "EPSG:4516", AreaMethod::survey, execution) == expected);
    }
}

TEST_CASE("A broken geometry is refused", "[geodesy]") {
    Geometry geometry = of({{box(100.0, 26.0, 100.01, 26.01)}});
    geometry.lat_deg[2] = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_AS(area_m2(geometry, "EPSG:4490", AreaMethod::survey), Error);
    geometry.lat_deg.pop_back();
    CHECK_THROWS_AS(perimeter_m(geometry), Error);
    CHECK_THROWS_AS(area_m2({}, "EPSG:4214", AreaMethod::survey), Error);
}
