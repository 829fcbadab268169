#include <tuban/spatial.hpp>

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "geodesy/edge_cutter.hpp"
#include "geodesy/geometry.hpp"
#include "spatial/hilbert.hpp"
#include "spatial/proximity.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

namespace tuban {
namespace {

/// The nearest feature, and those as near within the error.
class NearestKeeper : public Keeper {
public:
    NearestKeeper(const Proximity& proximity, double most_m)
        : Keeper(proximity.limit_for(most_m)), proximity_(proximity) {}

    void offer(const Hit& hit) override {
        expect(hit.distance_m);
        if (hits_.size() >= most_hits_) {
            (void)hits();
            most_hits_ = 2 * hits_.size() + 64;
        }
        hits_.push_back(hit);
    }

    void expect(double distance_m) override {
        if (distance_m < best_m_) {
            best_m_ = distance_m;
            set_limit_m(std::min(limit_m(), proximity_.limit_for(distance_m)));
        }
    }

    /// The closest of each feature within the limit, by feature.
    [[nodiscard]] std::vector<Hit>& hits() {
        std::erase_if(hits_, [&](const Hit& hit) { return hit.distance_m > limit_m(); });
        std::sort(hits_.begin(), hits_.end());
        const auto same = [](const Hit& a, const Hit& b) { return a.feature == b.feature; };
        hits_.erase(std::unique(hits_.begin(), hits_.end(), same), hits_.end());
        return hits_;
    }

private:
    const Proximity& proximity_;
    double best_m_ = std::numeric_limits<double>::infinity();
    std::vector<Hit> hits_;
    std::size_t most_hits_ = 64;
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

/// Plots along Hilbert's curve, those without geometry left out.
std::vector<std::uint32_t> order_of(const Geometry& plots) {
    std::vector<std::uint32_t> rows;
    std::vector<double> lon;
    std::vector<double> lat;
    for (std::size_t plot = 0; plot < plots.size(); ++plot) {
        const std::size_t ring = plots.part_offsets[plots.feature_offsets[plot]];
        if (plots.feature_offsets[plot] < plots.feature_offsets[plot + 1]) {
            rows.push_back(static_cast<std::uint32_t>(plot));
            lon.push_back(plots.lon_deg[plots.ring_offsets[ring]]);
            lat.push_back(plots.lat_deg[plots.ring_offsets[ring]]);
        }
    }
    std::vector<std::uint32_t> order = hilbert_order(lon, lat);
    for (std::uint32_t& at : order) {
        at = rows[at];
    }
    return order;
}

/// Plots against a layer: what the questions of this file share.
class Question {
public:
    Question(const Geometry& plots, std::string_view plots_edge_crs, const Layer& layer)
        : plots_(plots), cutter_(plots_edge_crs), layer_(densify(layer.geometry, "EPSG:4490")),
          index_(layer_), polygons_(layer_) {
        check_geometry(plots);
        if (!cutter_.is_shareable()) {
            whole_ = densify(plots, plots_edge_crs);
        }
    }

    /// Calls answer(proximity, plot) for each plot that has a geometry, in any order and from several threads.
    template <class Answer>
    void each_plot(double most_m, const Execution& execution, const Answer& answer) const {
        constexpr std::size_t block = 256;
        const std::vector<std::uint32_t> order = order_of(plots_);
        parallel_for(
            (order.size() + block - 1) / block,
            execution,
            {"计算最近距离", "measuring distances"},
            [&](std::size_t at) {
                const std::size_t first = at * block;
                const std::size_t count = std::min(order.size() - first, block);
                const Geometry near = cut({order.data() + first, count});
                Proximity proximity(near, index_, polygons_, most_m);
                for (std::size_t i = 0; i < count; ++i) {
                    if (proximity.turn_to(i)) {
                        answer(proximity, std::size_t{order[first + i]});
                    }
                }
            }
        );
    }

private:
    /// Some plots with their edges cut.
    [[nodiscard]] Geometry cut(std::span<const std::uint32_t> plots) const {
        Geometry result;
        for (const std::uint32_t plot : plots) {
            if (whole_) {
                append_feature(*whole_, plot, result);
            } else {
                cutter_.append_feature(plots_, plot, result);
            }
        }
        return result;
    }

    const Geometry& plots_;
    EdgeCutter cutter_;
    std::optional<Geometry>
        whole_; ///< all plots with their edges cut, where that needs a plane
    Geometry layer_;
    SegmentIndex index_;
    PolygonLocator polygons_;
};

} // namespace

std::vector<std::optional<Nearest>> nearest(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    const Layer& layer,
    const NearestOptions& options,
    const Execution& execution
) {
    if (!(options.max_range_m > 0.0 && options.max_range_m <= 2e6)) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "最大搜索距离为 {} 米，应大于 0 且不超过 2000000 米。",
                "max_range_m is {} m, must be greater than 0 and at most 2000000 m.",
                options.max_range_m
            )
        );
    }
    const Question question(plots, plots_edge_crs, layer);
    std::vector<std::optional<Nearest>> result(plots.size());
    question
        .each_plot(options.max_range_m, execution, [&](Proximity& proximity, std::size_t plot) {
            result[plot] = nearest_of(proximity, options.max_range_m);
        });
    return result;
}

} // namespace tuban
