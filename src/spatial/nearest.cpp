#include <tuban/spatial.hpp>

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "spatial/shapes.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace tuban {
namespace {

/// A plot's edge and a feature's, as far apart as the plot's plane says.
struct Candidate {
    double distance_m = 0.0;
    std::size_t edge = 0;    ///< of the plot
    std::size_t segment = 0; ///< of the layer
    double on_edge = 0.0;
};

struct Found {
    std::size_t feature = 0;
    ExactPair pair;
};

/// Looks for the nearest feature to one plot.
class Search {
public:
    Search(const Shapes& plots, std::size_t plot, const ShapeIndex& layer, double max_range_m)
        : plots_(plots), plot_(plot), layer_(layer), plane_(plots, plot), best_m_(max_range_m) {
    }

    [[nodiscard]] std::optional<Nearest> run(double max_range_m) {
        find_contained();
        collect();
        refine();
        return choose(max_range_m);
    }

private:
    /// Beyond it, no pair can be the answer or within the error of it.
    [[nodiscard]] double limit() const {
        return best_m_ + 2.0 * plane_.plane_error_m(best_m_) + 2.0 * distance_error_m;
    }

    void find_contained() {
        for (const LonLat& p : plots_.part_positions(plot_)) {
            for (const std::size_t feature : layer_.holders(p)) {
                found_.push_back({feature, {0.0, p, p}});
            }
        }
        for (const auto& held : layer_.held_by(plots_, plot_)) {
            found_.push_back({held.feature, {0.0, held.position, held.position}});
        }
        if (!found_.empty()) {
            best_m_ = 0.0;
        }
    }

    void collect() {
        layer_.segment_tree().visit(
            plane_.box(),
            [&] { return limit(); },
            [&](std::size_t segment) {
                compare(segment);
                return true;
            }
        );
        std::erase_if(candidates_, [&](const Candidate& c) { return c.distance_m > limit(); });
        std::sort(candidates_.begin(), candidates_.end(), [](const auto& a, const auto& b) {
            return std::tie(a.distance_m, a.edge, a.segment) <
                   std::tie(b.distance_m, b.edge, b.segment);
        });
    }

    void compare(std::size_t segment) {
        const Segment& other = layer_.shapes().segments()[segment];
        const PlaneShape::Edge projected = plane_.project(other);
        plane_.tree().visit(
            space_box(other),
            [&] { return limit(); },
            [&](std::size_t edge) {
                const EdgePair pair = nearest_points(plane_.edges()[edge], projected);
                if (pair.distance_m <= limit()) {
                    candidates_.push_back({pair.distance_m, edge, segment, pair.on_first});
                    best_m_ = std::min(best_m_, pair.distance_m);
                }
                return true;
            }
        );
    }

    void refine() {
        double best = found_.empty() ? std::numeric_limits<double>::infinity() : 0.0;
        for (const Candidate& c : candidates_) {
            if (c.distance_m - plane_.plane_error_m(c.distance_m) > best + distance_error_m) {
                break;
            }
            const Segment& segment = layer_.shapes().segments()[c.segment];
            const ExactPair pair =
                exact_distance(plane_.segments()[c.edge], segment, c.on_edge);
            best = std::min(best, pair.distance_m);
            found_.push_back({segment.feature, pair});
        }
    }

    [[nodiscard]] std::optional<Nearest> choose(double max_range_m) const {
        double least = std::numeric_limits<double>::infinity();
        for (const Found& f : found_) {
            least = std::min(least, f.pair.distance_m);
        }
        if (!(least <= max_range_m)) {
            return std::nullopt;
        }
        const Found* chosen = nullptr;
        for (const Found& f : found_) {
            if (f.pair.distance_m > least + distance_error_m) {
                continue;
            }
            if (chosen == nullptr || std::tie(f.feature, f.pair.distance_m) <
                                         std::tie(chosen->feature, chosen->pair.distance_m)) {
                chosen = &f;
            }
        }
        return Nearest{
            least,
            chosen->feature,
            distance_error_m,
            chosen->pair.first_foot,
            chosen->pair.second_foot};
    }

    const Shapes& plots_;
    std::size_t plot_;
    const ShapeIndex& layer_;
    PlaneShape plane_;
    double best_m_; ///< least distance in the plane so far
    std::vector<Candidate> candidates_;
    std::vector<Found> found_;
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
    const Shapes shapes(plots, plots_edge_crs);
    const Shapes features(layer.geometry, "EPSG:4490");
    const ShapeIndex index(features);
    std::vector<std::optional<Nearest>> result(plots.size());
    parallel_for(
        plots.size(),
        execution,
        {"计算最近距离", "measuring distances"},
        [&](std::size_t plot) {
            if (!shapes.is_empty(plot)) {
                result[plot] =
                    Search(shapes, plot, index, options.max_range_m).run(options.max_range_m);
            }
        }
    );
    return result;
}

} // namespace tuban
