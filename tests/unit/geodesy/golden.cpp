#include <tuban/geodesy.hpp>

#include "catch.hpp"

#include <sqlite3.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

using namespace tuban;

namespace {

const std::string data_folder = TUBAN_SHARED_DATA;

/// Little-endian well-known binary of polygons, as GeoPackage files of the collection hold it.
class Reader {
public:
    explicit Reader(std::string bytes) : bytes_(std::move(bytes)) {}

    template <class T>
    T get() {
        T value{};
        std::memcpy(&value, bytes_.data() + at_, sizeof value);
        at_ += sizeof value;
        return value;
    }

    std::optional<Geometry> polygon() {
        const auto flags = static_cast<unsigned>(static_cast<unsigned char>(bytes_.at(3)));
        const std::size_t envelope[] = {0, 32, 48, 48, 64};
        at_ = 8 + envelope[(flags >> 1U) & 7U];
        Geometry geometry;
        (void)get<std::uint8_t>();
        const auto type = get<std::uint32_t>() % 1000U;
        if (type == 3) {
            part(geometry);
        } else if (type == 6) {
            const auto parts = get<std::uint32_t>();
            for (std::uint32_t i = 0; i < parts; ++i) {
                at_ += 5;
                part(geometry);
            }
        } else {
            return std::nullopt;
        }
        geometry.feature_offsets.push_back(geometry.part_offsets.size() - 1);
        geometry.kinds.push_back(GeometryKind::polygon);
        return geometry;
    }

private:
    void part(Geometry& geometry) {
        const auto rings = get<std::uint32_t>();
        for (std::uint32_t i = 0; i < rings; ++i) {
            const auto points = get<std::uint32_t>();
            for (std::uint32_t k = 0; k < points; ++k) {
                const double x = get<double>();
                const double y = get<double>();
                if (k + 1 < points) {
                    geometry.lon_deg.push_back(x);
                    geometry.lat_deg.push_back(y);
                }
            }
            geometry.ring_offsets.push_back(geometry.lon_deg.size());
        }
        geometry.part_offsets.push_back(geometry.ring_offsets.size() - 1);
    }

    std::string bytes_;
    std::size_t at_ = 0;
};

struct Row {
    std::string file, layer, fid;
    bool valid = false;
    double perimeter_m = 0.0, area_m2 = 0.0;
};

std::vector<Row> golden_rows() {
    std::ifstream file(data_folder + "/geodesy/golden_geodesic_areas.csv");
    std::vector<Row> rows;
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
        std::vector<std::string> cells;
        std::size_t from = 0;
        for (std::size_t to = 0; to != std::string::npos; from = to + 1) {
            to = line.find(',', from);
            cells.push_back(line.substr(from, to - from));
        }
        if (cells.size() != 9) {
            continue; // a name with a comma
        }
        Row row{cells[0], cells[1], cells[2], cells[4] == "1", 0.0, 0.0};
        std::from_chars(cells[7].data(), cells[7].data() + cells[7].size(), row.perimeter_m);
        std::from_chars(cells[8].data(), cells[8].data() + cells[8].size(), row.area_m2);
        rows.push_back(row);
    }
    return rows;
}

std::optional<Geometry> read(const Row& row) {
    sqlite3* database = nullptr;
    sqlite3_open_v2(
        ("file:" + data_folder + "/" + row.file + "?immutable=1").c_str(),
        &database,
        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
        nullptr
    );
    std::optional<Geometry> result;
    sqlite3_stmt* statement = nullptr;
    for (const char* column : {"geom", "geometry"}) {
        const std::string sql = std::string("SELECT ") + column + " FROM \"" + row.layer +
                                "\" WHERE fid = " + row.fid;
        if (sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK) {
            break;
        }
    }
    if (statement != nullptr && sqlite3_step(statement) == SQLITE_ROW) {
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, 0));
        result =
            Reader(
                std::string(static_cast<const char*>(sqlite3_column_blob(statement, 0)), size)
            )
                .polygon();
    }
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return result;
}

} // namespace

TEST_CASE(
    "Geodesic areas and perimeters of real polygons are GeographicLib's", "[geodesy][oracle]"
) {
    const auto rows = golden_rows();
    if (rows.empty()) {
        WARN("skipped: no golden_geodesic_areas.csv in " + data_folder + "/geodesy");
        return;
    }
    int compared = 0;
    for (const Row& row : rows) {
        if (!row.valid || row.file.find(".gpkg") == std::string::npos) {
            continue;
        }
        const auto geometry = read(row);
        if (!geometry) {
            continue;
        }
        INFO(row.file << " " << row.layer << " " << row.fid);
        const double area = area_m2(*geometry, "EPSG:4490", AreaMethod::geodesic).at(0);
        // Printed to 0.001 m²; WGS 84 against CGCS2000 moves areas by 3e-13 of their size.
        CHECK_THAT(area, WithinAbs(row.area_m2, 2e-3 + 1e-11 * row.area_m2));
        CHECK_THAT(
            perimeter_m(*geometry).at(0),
            WithinAbs(row.perimeter_m, 1e-5 + 1e-10 * row.perimeter_m)
        );
        ++compared;
    }
    INFO(compared << " polygons compared");
    CHECK(compared > 10);
}
