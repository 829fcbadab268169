#include <tuban/geodesy.hpp>

#include "area_oracle.hpp"
#include "catch.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

// The figures of docs/*/area.md. `tuban_test_geodesy "[.area-docs]"` prints the rows as they stand there.

using namespace tuban;

namespace {

constexpr double meridian_deg = 129.0; // 3° zone 43, EPSG:4552

Geometry of_plane(const std::vector<oracle::Point>& ring) {
    Geometry geometry;
    for (const oracle::Point& p : ring) {
        const oracle::Point at = oracle::inverse_gauss(p);
        geometry.lon_deg.push_back(
            static_cast<double>(oracle::real(meridian_deg) + at.x / oracle::degree)
        );
        geometry.lat_deg.push_back(static_cast<double>(at.y / oracle::degree));
    }
    geometry.ring_offsets.push_back(ring.size());
    geometry.part_offsets.push_back(1);
    geometry.feature_offsets.push_back(1);
    geometry.kinds.push_back(GeometryKind::polygon);
    return geometry;
}

/// East and north, in the plane, of a latitude and a longitude from the meridian.
oracle::Point place(double lat_deg, double dlon_deg) {
    const Transform transform(parse_crs("EPSG:4552"));
    double x = meridian_deg + dlon_deg;
    double y = lat_deg;
    transform.from_lonlat({&x, 1}, {&y, 1});
    return {oracle::real(x) - 500'000.0L, oracle::real(y)};
}

/// Latitude, edge in m, area in ha; survey, survey_vertices and geodesic minus the limit, in m². The triangle has an
/// edge along a parallel that no other one balances: the worst case of its size.
std::vector<std::vector<double>> method_rows() {
    std::vector<std::vector<double>> rows;
    for (const double lat : {20.0, 30.0, 40.0, 50.0}) {
        for (const double edge_m : {100.0, 300.0, 1000.0, 10'000.0}) {
            const oracle::Point at = place(lat, 1.0);
            const oracle::Real half = oracle::real(edge_m) / 2.0L;
            const std::vector<oracle::Point> ring{
                {at.x - half, at.y}, {at.x + half, at.y}, {at.x, at.y + 1.6L * half}};
            const double limit = static_cast<double>(oracle::limit_m2(ring));
            std::vector<double> row{lat, edge_m, limit / 1e4};
            for (const AreaMethod method :
                 {AreaMethod::survey, AreaMethod::survey_vertices, AreaMethod::geodesic}) {
                row.push_back(area_m2(of_plane(ring), "EPSG:4552", method).at(0) - limit);
            }
            rows.push_back(row);
        }
    }
    return rows;
}

/// Latitude, degrees from the central meridian; plane minus ellipsoid in ppm, of a square of 1 km rotated by 20°.
std::vector<std::vector<double>> plane_rows() {
    std::vector<std::vector<double>> rows;
    const std::array<std::array<double, 2>, 8> cases{
        {{20, 1.5}, {26, 1.5}, {40, 1.5}, {46, 1.5}, {48, 1.5}, {46, 0.75}, {46, 3}, {20, 3}}};
    for (const auto& [lat, dlon] : cases) {
        const oracle::Point at = place(lat, dlon);
        std::vector<oracle::Point> ring;
        for (const oracle::Real quarter : {0.0L, 1.0L, 2.0L, 3.0L}) {
            const oracle::Real angle = (65.0L + 90.0L * quarter) * oracle::degree;
            const oracle::Real half_diagonal = 1000.0L * std::sqrt(0.5L);
            ring.push_back(
                {at.x + half_diagonal * std::cos(angle), at.y + half_diagonal * std::sin(angle)}
            );
        }
        const double official = area_m2(of_plane(ring), "EPSG:4552", AreaMethod::survey).at(0);
        const double plane = plane_area_m2(of_plane(ring), parse_crs("EPSG:4552")).at(0);
        rows.push_back({lat, dlon, (plane / official - 1.0) * 1e6});
    }
    return rows;
}

/// The rows of a page's tables that hold nothing but numbers, by their number of columns.
std::vector<std::vector<double>> numbers_in(const std::string& page, std::size_t columns) {
    std::ifstream stream(std::string(TUBAN_SOURCE_DIR) + "/docs/" + page);
    std::vector<std::vector<double>> rows;
    for (std::string line; std::getline(stream, line);) {
        std::istringstream cells(line);
        std::vector<double> row;
        std::string cell;
        std::getline(cells, cell, '|');
        bool numeric = line.starts_with("|");
        while (numeric && std::getline(cells, cell, '|')) {
            char* end = nullptr;
            row.push_back(std::strtod(cell.c_str(), &end));
            numeric = end != cell.c_str() && std::string(end) == " ";
        }
        if (numeric && row.size() == columns) {
            rows.push_back(row);
        }
    }
    return rows;
}

void compare(
    const std::string& page, const std::vector<std::vector<double>>& expected, double tolerance
) {
    const auto printed = numbers_in(page, expected.front().size());
    REQUIRE(printed.size() == expected.size());
    for (std::size_t i = 0; i < printed.size(); ++i) {
        for (std::size_t k = 0; k < printed[i].size(); ++k) {
            INFO(page << ", row " << i + 1 << ", column " << k + 1);
            CHECK_THAT(printed[i][k], WithinAbs(expected[i][k], tolerance));
        }
    }
}

} // namespace

TEST_CASE("The tables of the area page hold what the program computes", "[geodesy][docs]") {
    const std::string page = GENERATE("zh/area.md", "en/area.md");
    compare(page, method_rows(), 7e-4); // printed to 1e-3 m², computed to 1e-4
    compare(page, plane_rows(), 0.51);
}

TEST_CASE("Print the tables of the area page", "[.area-docs]") {
    for (const auto& row : method_rows()) {
        std::printf(
            "| %.0f | %.0f | %.3f | %.3f | %.3f | %.3f |\n",
            row[0],
            row[1],
            row[2],
            row[3],
            row[4],
            row[5]
        );
    }
    for (const auto& row : plane_rows()) {
        std::printf("| %.0f | %g | %.0f |\n", row[0], row[1], row[2]);
    }
    SUCCEED();
}
