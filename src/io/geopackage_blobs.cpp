#include "io/geopackage_blobs.hpp"

#include "core/format.hpp"
#include "io/gdal.hpp"

#include <string>

namespace tuban {
namespace {

/// The value of a hexadecimal digit as SQLite writes it.
unsigned digit_of(char c) {
    return static_cast<unsigned>(c >= 'A' ? c - 'A' + 10 : c - '0');
}

/// @param digits  hexadecimal, two for a byte
std::string bytes_of_digits(std::string_view digits) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        bytes += static_cast<char>(digit_of(digits[i]) * 16U + digit_of(digits[i + 1]));
    }
    return bytes;
}

} // namespace

void for_each_blob(
    GDALDatasetH dataset,
    const std::string& layer_name,
    std::size_t bytes,
    const std::function<void(std::int64_t fid, std::string_view head)>& take
) {
    OGRLayerH layer = GDALDatasetGetLayerByName(dataset, layer_name.c_str());
    if (layer == nullptr) {
        return;
    }
    const std::string fid = OGR_L_GetFIDColumn(layer);
    const std::string geometry = OGR_L_GetGeometryColumn(layer);
    if (fid.empty() || geometry.empty()) {
        return;
    }
    const std::string sql = format(
        "SELECT {0} + 0 AS tuban_row, hex(substr({1}, 1, {3})) AS tuban_bytes FROM {2} WHERE "
        "{1} IS NOT NULL",
        sql_name(fid),
        sql_name(geometry),
        sql_name(layer_name),
        bytes
    );
    OGRLayerH found = GDALDatasetExecuteSQL(dataset, sql.c_str(), nullptr, nullptr);
    if (found == nullptr) {
        return;
    }
    while (const Feature feature{OGR_L_GetNextFeature(found)}) {
        take(
            OGR_F_GetFieldAsInteger64(feature.get(), 0),
            bytes_of_digits(OGR_F_GetFieldAsString(feature.get(), 1))
        );
    }
    GDALDatasetReleaseResultSet(dataset, found);
}

} // namespace tuban
