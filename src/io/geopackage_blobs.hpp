#pragma once
#include "io/handles.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace tuban {

/// A GeoPackage through another connection, for another thread; as the first one it leaves nothing beside the file. Empty
/// where it cannot be opened.
[[nodiscard]] Dataset open_geopackage_again(const std::string& file);

/// Hands the feature id and the first bytes of each geometry of a GeoPackage, as they are stored (OGC 12-128, clause 2.1.3),
/// to `take`; GDAL's own geometries come without their header. Empty for what does not begin as one. Nothing where the table has no id or no geometry.
void for_each_blob(
    GDALDatasetH dataset,
    const std::string& layer_name,
    std::size_t bytes,
    const std::function<void(std::int64_t fid, std::string_view head)>& take
);

} // namespace tuban
