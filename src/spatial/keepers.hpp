#pragma once
#include "spatial/proximity.hpp"

#include <cstddef>
#include <vector>

namespace tuban {

/// Hits that pile up and are thinned out now and then.
class Pile {
public:
    void add(const Hit& hit, double limit_m);

    /// The closest of each feature within the limit, by feature.
    [[nodiscard]] const std::vector<Hit>& closest(double limit_m);

private:
    std::vector<Hit> hits_;
    std::size_t most_ = 64;
};

/// All features up to a distance, and those as near within the error.
class WithinKeeper : public Keeper {
public:
    WithinKeeper(const Proximity& proximity, double within_m)
        : Keeper(proximity.limit_for(within_m)) {}

    void offer(const Hit& hit) override { pile_.add(hit, limit_m()); }

    [[nodiscard]] const std::vector<Hit>& hits() { return pile_.closest(limit_m()); }

private:
    Pile pile_;
};

/// Hits on the ellipsoid, by distance, then by row.
[[nodiscard]] std::vector<Measured>
measured(Proximity& proximity, const std::vector<Hit>& hits);

} // namespace tuban
