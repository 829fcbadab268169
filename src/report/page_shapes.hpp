#pragma once
#include "report/page_map.hpp"

#include <nlohmann/json.hpp>

/// Shapes and places as the pages' scripts read them: latitude first, six decimals (0.1 m).
namespace tuban {

[[nodiscard]] nlohmann::ordered_json shape_json(const MapFeature& feature);
/// [latitude, longitude]
[[nodiscard]] nlohmann::ordered_json place_json(LonLat at);

} // namespace tuban
