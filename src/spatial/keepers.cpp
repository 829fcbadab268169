#include "spatial/keepers.hpp"

#include "core/format.hpp"

#include <algorithm>
#include <tuple>

namespace tuban {
namespace {

/// The closest hit of each feature within a limit, by feature.
void keep_closest(std::vector<Hit>& hits, double limit_m) {
    std::erase_if(hits, [&](const Hit& hit) { return hit.distance_m > limit_m; });
    std::sort(hits.begin(), hits.end());
    const auto same = [](const Hit& a, const Hit& b) { return a.feature == b.feature; };
    hits.erase(std::unique(hits.begin(), hits.end(), same), hits.end());
}

} // namespace

void Pile::add(const Hit& hit, double limit_m) {
    if (hits_.size() >= most_) {
        keep_closest(hits_, limit_m);
        most_ = 2 * hits_.size() + 64;
    }
    hits_.push_back(hit);
}

const std::vector<Hit>& Pile::closest(double limit_m) {
    keep_closest(hits_, limit_m);
    return hits_;
}

void check_range(double max_range_m) {
    if (!(max_range_m > 0.0 && max_range_m <= 2e6)) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "最大搜索距离为 {} 米，应大于 0 且不超过 2000000 米。",
                "max_range_m is {} m, must be greater than 0 and at most 2000000 m.",
                max_range_m
            )
        );
    }
}

std::vector<Measured> measured(Proximity& proximity, const std::vector<Hit>& hits) {
    std::vector<Measured> result;
    std::vector<Hit> rough;
    for (const Hit& hit : hits) {
        if (proximity.is_rough(hit.distance_m)) {
            rough.push_back(hit);
        } else {
            result.push_back(proximity.measured(hit));
        }
    }
    if (!rough.empty()) {
        const std::vector<Measured> exact = proximity.measured_exactly(rough);
        result.insert(result.end(), exact.begin(), exact.end());
    }
    std::sort(result.begin(), result.end(), [](const Measured& a, const Measured& b) {
        return std::tie(a.distance_m, a.feature) < std::tie(b.distance_m, b.feature);
    });
    return result;
}

} // namespace tuban
