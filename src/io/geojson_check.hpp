#pragma once
#include <tuban/io.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

/// What a GeoJSON says that GDAL passes over without a word.
namespace tuban {

struct GeoJsonFindings {
    std::vector<bool>
        drawn; ///< per feature: it has a geometry, readable or not, that is not plainly empty
    bool whole = false; ///< all of the file was looked at
    std::optional<Text>
        crs_refused; ///< why its "crs" cannot be taken; none where it can, or there is none
    std::vector<Issue> issues; ///< features_dropped; without file and layer
};

/// @param name  as GDAL opens it
[[nodiscard]] GeoJsonFindings check_geojson(const std::string& name);

} // namespace tuban
