#pragma once
#include "spatial/proximity.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
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

/// The nearest feature, and those as near within the error.
class NearestKeeper : public Keeper {
public:
    NearestKeeper(const Proximity& proximity, double most_m)
        : Keeper(proximity.limit_for(most_m)), proximity_(proximity) {}

    void offer(const Hit& hit) override {
        expect(hit.distance_m);
        pile_.add(hit, limit_m());
    }

    void expect(double distance_m) override {
        if (distance_m < best_m_) {
            best_m_ = distance_m;
            set_limit_m(std::min(limit_m(), proximity_.limit_for(distance_m)));
        }
    }

    [[nodiscard]] const std::vector<Hit>& hits() { return pile_.closest(limit_m()); }

private:
    const Proximity& proximity_;
    double best_m_ = std::numeric_limits<double>::infinity();
    Pile pile_;
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

/// @throws Error{invalid_argument} for a range outside (0, 2e6] m
void check_range(double max_range_m);

/// Hits on the ellipsoid, by distance, then by row.
[[nodiscard]] std::vector<Measured>
measured(Proximity& proximity, const std::vector<Hit>& hits);

} // namespace tuban
