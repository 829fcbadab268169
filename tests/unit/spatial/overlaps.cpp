// Ground that plots share: squares in closed form, shapely on the same coordinates, ±180°, duplicates.
#include "spatial/overlaps.hpp"

#include <tuban/geodesy.hpp>
#include <tuban/spatial.hpp>

#include "catch.hpp"
#include "spatial/geos.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

using namespace tuban;

namespace {

using Ring = std::vector<std::pair<double, double>>;

Ring box(double x, double y, double width, double height) {
    return {{x, y}, {x + width, y}, {x + width, y + height}, {x, y + height}};
}

/// Plots of one ring each, through WKB as files are.
Plots plots_of(const std::vector<Ring>& rings, const char* crs) {
    std::vector<std::string> wkb;
    std::vector<std::string> ids;
    for (const Ring& ring : rings) {
        Geometry geometry; // to_wkb() writes numbers as they are: here the plane's
        for (const auto& [x, y] : ring) {
            geometry.lon_deg.push_back(x);
            geometry.lat_deg.push_back(y);
        }
        geometry.ring_offsets.push_back(ring.size());
        geometry.part_offsets.push_back(1);
        geometry.feature_offsets.push_back(1);
        geometry.kinds.push_back(GeometryKind::polygon);
        wkb.push_back(to_wkb(geometry)[0]);
        ids.push_back("p" + std::to_string(ids.size()));
    }
    return plots_from_wkb(wkb, ids, crs);
}

/// m² on the ellipsoid of a box in the 3° plane, through the measure of areas: it has oracles of its own.
double ellipsoid_m2(const Ring& ring, const char* crs) {
    const Plots plots = plots_of({ring}, crs);
    return area_m2(plots.geometry, plots.edge_crs, AreaMethod::survey)[0];
}

} // namespace

TEST_CASE("Squares share what they share", "[spatial][overlaps]") {
    const double x =
        28'500'000; // on the central meridian: 1 m² of the plane is 1 m² of the ellipsoid to 1e-9
    const double y = 4'500'000;
    const Plots plots = plots_of(
        {box(x, y, 100, 100),
         box(x + 90, y + 50, 100, 100), // 10 × 50 m of the first
         box(x + 100, y - 50, 50, 100), // touches the first; 50 × 0 of the second: only an edge
         box(x, y, 100, 100),           // the first again
         box(x + 50, y + 99.9999, 1, 1), // 1e-4 m² of the first: below the limit
         box(x + 1000, y, 10, 10)},
        "EPSG:4516"
    );
    const std::vector<Overlap> found = overlaps(plots.geometry, plots.edge_crs);
    REQUIRE(found.size() == 3);
    CHECK((found[0].first == 0 && found[0].second == 1 && !found[0].same));
    CHECK_THAT(found[0].area_m2, WithinAbs(500.0, 1e-3));
    CHECK((found[1].first == 0 && found[1].second == 3 && found[1].same));
    CHECK_THAT(found[1].area_m2, WithinAbs(10000.0, 1e-3));
    CHECK((found[2].first == 1 && found[2].second == 3 && !found[2].same));
    std::vector<double> at_x{found[0].at.lon_deg};
    std::vector<double> at_y{found[0].at.lat_deg};
    Transform(parse_crs(plots.edge_crs)).from_lonlat(at_x, at_y);
    CHECK((at_x[0] > x + 90 && at_x[0] < x + 100 && at_y[0] > y + 50 && at_y[0] < y + 100));
    CHECK(overlaps(plots.geometry, plots.edge_crs, 600.0).size() == 1);
    CHECK(overlaps(plots.geometry, plots.edge_crs, 1e-5).size() == 5);
    Execution one;
    one.threads = 1;
    const std::vector<Overlap> again = overlaps(plots.geometry, plots.edge_crs, 0.01, one);
    REQUIRE(again.size() == found.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        CHECK(again[i].area_m2 == found[i].area_m2);
    }
}

TEST_CASE("A corner on a long edge of the neighbour is no overlap", "[spatial][overlaps]") {
    // 8 km straight in the plane, 120 km off the central meridian: in degrees the edge sags by a metre.
    const double x = 28'620'000;
    const double y = 5'000'000;
    const Plots plots = plots_of(
        {box(x, y, 8000, 1000),
         box(x, y + 1000, 3000, 500),
         box(x + 3000, y + 1000, 5000, 500)},
        "EPSG:4516"
    );
    CHECK(overlaps(plots.geometry, plots.edge_crs).empty());
    const std::vector<GroundRelation> relations =
        ground_relations(plots.geometry, plots.edge_crs, {{0, 1}, {1, 2}});
    CHECK(relations == std::vector{GroundRelation::touching, GroundRelation::touching});
}

TEST_CASE("The shared area is that of the ellipsoid", "[spatial][overlaps]") {
    const double x = 28'630'000; // 130 km off: the plane is larger by 4e-4
    const double y = 4'900'000;
    const Plots plots =
        plots_of({box(x, y, 2000, 2000), box(x + 500, y + 500, 3000, 700)}, "EPSG:4516");
    const std::vector<Overlap> found = overlaps(plots.geometry, plots.edge_crs);
    REQUIRE(found.size() == 1);
    const double expected = ellipsoid_m2(box(x + 500, y + 500, 1500, 700), "EPSG:4516");
    CHECK_THAT(found[0].area_m2, WithinAbs(expected, 1e-3));
    CHECK(std::abs(found[0].area_m2 - 1500.0 * 700.0) > 100.0);
}

TEST_CASE(
    "Plots meet across ±180°, in degrees and in planes torn there", "[spatial][overlaps]"
) {
    const std::vector<Ring> rings{
        {{179.99, 40.0}, {-179.99, 40.0}, {-179.99, 40.01}, {179.99, 40.01}},
        {{-179.995, 40.0}, {-179.98, 40.0}, {-179.98, 40.01}, {-179.995, 40.01}},
        {{179.98, 40.0}, {179.9925, 40.0}, {179.9925, 40.01}, {179.98, 40.01}}};
    const Plots degrees = plots_of(rings, "EPSG:4490");
    const double quarter = // 0.005° of 0.02°
        area_m2(degrees.geometry, "EPSG:4490", AreaMethod::survey)[0] / 4.0;
    const std::vector<Overlap> found = overlaps(degrees.geometry, "EPSG:4490");
    REQUIRE(found.size() == 2);
    CHECK((found[0].first == 0 && found[0].second == 1));
    CHECK_THAT(found[0].area_m2, WithinAbs(quarter, 1e-3));
    CHECK(found[0].at.lon_deg < -179.98);
    CHECK((found[1].first == 0 && found[1].second == 2));
    CHECK_THAT(found[1].area_m2, WithinAbs(quarter / 2.0, 1e-3));
    // Along parallels and meridians, straight in degrees is straight in Web Mercator, too.
    const std::vector<Overlap> torn = overlaps(degrees.geometry, "EPSG:3857");
    REQUIRE(torn.size() == 2);
    CHECK_THAT(
        torn[0].area_m2, WithinAbs(quarter, 5.0)
    ); // geodesic edges 430 m long bulge by 3 mm
    CHECK_THAT(torn[1].area_m2, WithinAbs(quarter / 2.0, 5.0));
}

TEST_CASE("Plots that only share ground on their plane are found", "[spatial][overlaps]") {
    // The northern edge of the first plot runs straight over the central meridian, 40 km on the plane; at 45° N it bows
    // 31 m north of its ends in degrees. So the box in degrees of a small plot on its middle lies apart from its own.
    const double x = 28'500'000;
    const double y = 5'000'000;
    const Plots plots = plots_of(
        {box(x - 20'000, y, 40'000, 1'000),
         box(x - 1, y + 999, 2, 2),
         box(x + 100'000, y, 50, 50),
         box(x - 1, y + 1'002, 2, 2)},
        "EPSG:4516"
    );
    const std::vector<Overlap> found = overlaps(plots.geometry, plots.edge_crs);
    REQUIRE(found.size() == 1);
    CHECK(found[0].first == 0);
    CHECK(found[0].second == 1);
    CHECK_THAT(found[0].area_m2, WithinAbs(2.0, 1e-3)); // on the meridian the plane is true
}

TEST_CASE("Rows between plots that overlap keep their numbers", "[spatial][overlaps]") {
    const double x = 28'500'000;
    const double y = 4'500'000;
    const Plots plots = plots_of(
        {box(x, y, 10, 10),
         box(x + 1000, y, 100, 100),
         box(x + 2000, y, 10, 10),
         box(x + 1050, y, 100, 100)},
        "EPSG:4516"
    );
    const std::vector<Overlap> found = overlaps(plots.geometry, plots.edge_crs);
    REQUIRE(found.size() == 1);
    CHECK(found[0].first == 1);
    CHECK(found[0].second == 3);
    CHECK_THAT(found[0].area_m2, WithinAbs(5000.0, 2.0)); // scale of the plane
}

TEST_CASE("Rows of one id are told apart by their ground", "[spatial][overlaps]") {
    const double x = 28'500'000;
    const double y = 4'500'000;
    Ring turned = box(x, y, 100, 100);
    std::rotate(turned.begin(), turned.begin() + 2, turned.end());
    std::reverse(turned.begin(), turned.end());
    Plots plots = plots_of(
        {box(x, y, 100, 100),
         turned,
         box(x + 50, y, 100, 100),
         box(x + 100, y, 100, 100),
         box(x + 300, y, 10, 10)},
        "EPSG:4516"
    );
    CHECK(
        ground_relations(plots.geometry, plots.edge_crs, {{0, 1}, {0, 2}, {0, 3}, {0, 4}}) ==
        std::vector{
            GroundRelation::same,
            GroundRelation::overlapping,
            GroundRelation::touching,
            GroundRelation::apart}
    );
}

TEST_CASE(
    "What touches is told in metres whatever the unit of the plane", "[spatial][overlaps]"
) {
    // Neighbours 0.5 m apart, and neighbours that share a border, in kilometres.
    const char* crs = "+proj=tmerc +lon_0=84 +x_0=500000 +datum=WGS84 +units=km";
    const Plots plots = plots_of(
        {box(500, 4500, 0.1, 0.1), box(500.1005, 4500, 0.1, 0.1), box(500, 4500.1, 0.1, 0.1)},
        crs
    );
    CHECK(
        ground_relations(plots.geometry, plots.edge_crs, {{0, 1}, {0, 2}}) ==
        std::vector{GroundRelation::apart, GroundRelation::touching}
    );
}

TEST_CASE("Nothing overlaps nothing", "[spatial][overlaps]") {
    CHECK(overlaps(Geometry{}, "EPSG:4490").empty());
    const Plots rows = plots_from_wkb({"", ""}, {"a", "b"}, "EPSG:4490");
    CHECK(overlaps(rows.geometry, "EPSG:4490").empty());
    CHECK(
        ground_relations(rows.geometry, "EPSG:4490", {{0, 1}}) ==
        std::vector{GroundRelation::unknown}
    );
}
