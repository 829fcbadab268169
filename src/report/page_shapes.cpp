#include "report/page_shapes.hpp"

#include <cmath>

namespace tuban {
namespace {

using Json = nlohmann::ordered_json;

double micro_degrees(double degrees) {
    return std::round(degrees * 1e6) / 1e6;
}

Json ring_json(const MapRing& ring) {
    Json flat = Json::array();
    for (const LonLat& at : ring) {
        flat.push_back(micro_degrees(at.lat_deg));
        flat.push_back(micro_degrees(at.lon_deg));
    }
    return flat;
}

const char* name_of(GeometryKind kind) {
    switch (kind) {
    case GeometryKind::polygon:
        return "polygon";
    case GeometryKind::line:
        return "line";
    case GeometryKind::point:
        return "point";
    case GeometryKind::none:
        break;
    }
    return "none";
}

} // namespace

Json shape_json(const MapFeature& feature) {
    Json parts = Json::array();
    for (const MapPart& part : feature.parts) {
        Json rings = Json::array();
        for (const MapRing& ring : part.rings) {
            rings.push_back(ring_json(ring));
        }
        parts.push_back({{"kind", name_of(part.kind)}, {"rings", std::move(rings)}});
    }
    return parts;
}

Json place_json(LonLat at) {
    return {micro_degrees(at.lat_deg), micro_degrees(at.lon_deg)};
}

} // namespace tuban
