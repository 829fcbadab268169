#include "run/features.hpp"

namespace tuban {
namespace {

void append_ring(const Geometry& from, std::size_t ring, Geometry& to) {
    for (auto i = from.ring_offsets[ring]; i < from.ring_offsets[ring + 1]; ++i) {
        to.lon_deg.push_back(from.lon_deg[i]);
        to.lat_deg.push_back(from.lat_deg[i]);
    }
    to.ring_offsets.push_back(to.lon_deg.size());
}

} // namespace

void append_feature(const Geometry& from, std::size_t index, Geometry& to) {
    for (auto part = from.feature_offsets[index]; part < from.feature_offsets[index + 1];
         ++part) {
        for (auto ring = from.part_offsets[part]; ring < from.part_offsets[part + 1]; ++ring) {
            append_ring(from, ring, to);
        }
        to.part_offsets.push_back(to.ring_offsets.size() - 1);
    }
    to.feature_offsets.push_back(to.part_offsets.size() - 1);
    to.kinds.push_back(from.kinds[index]);
}

void append_nothing(Geometry& to) {
    to.feature_offsets.push_back(to.part_offsets.size() - 1);
    to.kinds.push_back(GeometryKind::none);
}

} // namespace tuban
