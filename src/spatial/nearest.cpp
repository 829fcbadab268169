#include <tuban/spatial.hpp>

#include "core/format.hpp"
#include "spatial/keepers.hpp"
#include "spatial/plots_and_layer.hpp"
#include "spatial/proximity.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

namespace tuban {
namespace {

/// The k nearest features, and those as near as the last within the error.
class KNearestKeeper : public Keeper {
public:
    KNearestKeeper(const Proximity& proximity, const KNearestOptions& options)
        : Keeper(proximity.limit_for(options.max_range_m)), proximity_(proximity),
          count_(options.count) {}

    void offer(const Hit& hit) override {
        const auto same = std::find_if(hits_.begin(), hits_.end(), [&](const Hit& other) {
            return other.feature == hit.feature;
        });
        if (same != hits_.end()) {
            if (!(hit < *same)) {
                return;
            }
            hits_.erase(same);
        }
        const auto is_closer = [](const Hit& a, const Hit& b) {
            return a.distance_m < b.distance_m;
        };
        hits_.insert(std::upper_bound(hits_.begin(), hits_.end(), hit, is_closer), hit);
        if (hits_.size() >= count_) {
            set_limit_m(std::min(limit_m(), proximity_.limit_for(hits_[count_ - 1].distance_m))
            );
            while (hits_.back().distance_m > limit_m()) {
                hits_.pop_back();
            }
        }
    }

    /// By feature.
    [[nodiscard]] const std::vector<Hit>& hits() {
        std::sort(hits_.begin(), hits_.end());
        return hits_;
    }

private:
    const Proximity& proximity_;
    std::size_t count_;
    std::vector<Hit> hits_; ///< one per feature, by distance
};

std::optional<Nearest> nearest_of(Proximity& proximity, double most_m) {
    NearestKeeper keeper(proximity, most_m);
    proximity.search(keeper);
    const std::vector<Hit>& hits = keeper.hits();
    if (hits.empty()) {
        return std::nullopt;
    }
    const auto closer = [](const auto& a, const auto& b) {
        return a.distance_m < b.distance_m;
    };
    const double least_m = std::min_element(hits.begin(), hits.end(), closer)->distance_m;
    Measured chosen;
    double distance_m = least_m < touch_m ? 0.0 : least_m;
    const auto is_tie = [&](const auto& found) {
        return found.distance_m <= distance_m + distance_error_m;
    };
    if (proximity.is_rough(least_m)) {
        const std::vector<Measured> exact = proximity.measured_exactly(hits);
        distance_m = std::min_element(exact.begin(), exact.end(), closer)->distance_m;
        chosen = *std::find_if(exact.begin(), exact.end(), is_tie);
    } else {
        chosen = proximity.measured(*std::find_if(hits.begin(), hits.end(), is_tie));
    }
    if (!(distance_m <= most_m)) {
        return std::nullopt;
    }
    return Nearest{
        distance_m, chosen.feature, chosen.error_m, chosen.plot_foot, chosen.target_foot};
}

/// A feature that is told, and whether it may not belong there.
struct Listed {
    Measured measured;
    bool borderline = false;
};

bool may_pass(const Measured& found, double limit_m) {
    return std::abs(found.distance_m - limit_m) <= found.error_m;
}

std::vector<Listed> k_nearest_of(Proximity& proximity, const KNearestOptions& options) {
    KNearestKeeper keeper(proximity, options);
    proximity.search(keeper);
    std::vector<Measured> found = measured(proximity, keeper.hits());
    std::erase_if(found, [&](const Measured& m) { return m.distance_m > options.max_range_m; });
    std::vector<Listed> result;
    for (std::size_t i = 0; i < std::min(found.size(), options.count); ++i) {
        bool borderline = may_pass(found[i], options.max_range_m);
        if (found.size() > options.count) {
            const Measured& next = found[options.count];
            borderline = borderline || next.distance_m - found[i].distance_m <=
                                           next.error_m + found[i].error_m;
        }
        result.push_back({found[i], borderline});
    }
    return result;
}

std::vector<Listed> all_within_of(Proximity& proximity, double within_m) {
    WithinKeeper keeper(proximity, within_m);
    proximity.search(keeper);
    std::vector<Listed> result;
    for (const Measured& found : measured(proximity, keeper.hits())) {
        if (found.distance_m <= within_m) {
            result.push_back({found, may_pass(found, within_m)});
        }
    }
    return result;
}

Nearby in_rows(const std::vector<std::vector<Listed>>& lists) {
    Nearby result;
    for (const std::vector<Listed>& list : lists) {
        for (const Listed& listed : list) {
            result.targets.push_back(listed.measured.feature);
            result.distances_m.push_back(listed.measured.distance_m);
            result.errors_m.push_back(listed.measured.error_m);
            result.plot_feet.push_back(listed.measured.plot_foot);
            result.target_feet.push_back(listed.measured.target_foot);
            result.borderline.push_back(listed.borderline ? 1 : 0);
        }
        result.offsets.push_back(result.targets.size());
    }
    return result;
}

} // namespace

std::vector<std::optional<Nearest>> nearest(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    const Layer& layer,
    const NearestOptions& options,
    const Execution& execution
) {
    check_range(options.max_range_m);
    const PlotsAndLayer question(plots, plots_edge_crs, layer);
    std::vector<std::optional<Nearest>> result(plots.size());
    const auto answer = [&](Proximity& proximity, std::size_t plot) {
        result[plot] = nearest_of(proximity, options.max_range_m);
    };
    each_plot(question.plots, question.layer, options.max_range_m, execution, answer);
    return result;
}

Nearby k_nearest(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    const Layer& layer,
    const KNearestOptions& options,
    const Execution& execution
) {
    check_range(options.max_range_m);
    if (options.count == 0) {
        throw Error(
            ErrorCode::invalid_argument,
            {"要求的要素个数为 0，应至少为 1。", "count is 0, must be at least 1."}
        );
    }
    const PlotsAndLayer question(plots, plots_edge_crs, layer);
    std::vector<std::vector<Listed>> lists(plots.size());
    const auto answer = [&](Proximity& proximity, std::size_t plot) {
        lists[plot] = k_nearest_of(proximity, options);
    };
    each_plot(question.plots, question.layer, options.max_range_m, execution, answer);
    return in_rows(lists);
}

Nearby all_within(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    const Layer& layer,
    double within_m,
    const Execution& execution
) {
    if (!(within_m >= 0.0 && within_m <= 300'000.0)) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "距离为 {} 米，应在 0–300000 米之间。",
                "within_m is {} m, must be in [0, 300000] m.",
                within_m
            )
        );
    }
    const PlotsAndLayer question(plots, plots_edge_crs, layer);
    std::vector<std::vector<Listed>> lists(plots.size());
    const auto answer = [&](Proximity& proximity, std::size_t plot) {
        lists[plot] = all_within_of(proximity, within_m);
    };
    each_plot(question.plots, question.layer, within_m, execution, answer);
    return in_rows(lists);
}

} // namespace tuban
