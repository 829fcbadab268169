#include "io/geopackage_blobs.hpp"

#include "core/format.hpp"
#include "io/gdal.hpp"

#include <string>
#include <string_view>

namespace tuban {
namespace {

/// The first two bytes of a geometry. They are asked for apart: what begins with them GDAL takes for a geometry again, and
/// hands out without its header.
constexpr std::string_view magic = "GP";

} // namespace

Dataset open_geopackage_again(const std::string& file) {
    const StringList drivers(CSLAddString(nullptr, "GPKG"));
    const StringList options(CSLSetNameValue(nullptr, "IMMUTABLE", "YES"));
    return Dataset(GDALOpenEx(
        file.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers.get(), options.get(), nullptr
    ));
}

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
        "SELECT {0} + 0 AS tuban_row, CASE WHEN substr({1}, 1, {4}) = CAST('{3}' AS BLOB) THEN "
        "substr({1}, {4} + 1, {5}) ELSE x'' END AS tuban_bytes FROM {2} WHERE {1} IS NOT NULL",
        sql_name(fid),
        sql_name(geometry),
        sql_name(layer_name),
        magic,
        magic.size(),
        bytes - magic.size()
    );
    OGRLayerH found = GDALDatasetExecuteSQL(dataset, sql.c_str(), nullptr, nullptr);
    if (found == nullptr) {
        return;
    }
    std::string head;
    while (const Feature feature{OGR_L_GetNextFeature(found)}) {
        int count = 0;
        const GByte* const rest = OGR_F_GetFieldAsBinary(feature.get(), 1, &count);
        head.clear();
        if (count > 0) {
            head = magic;
            head.append(rest, rest + count);
        }
        take(OGR_F_GetFieldAsInteger64(feature.get(), 0), head);
    }
    GDALDatasetReleaseResultSet(dataset, found);
}

} // namespace tuban
