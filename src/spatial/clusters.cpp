#include <tuban/spatial.hpp>

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "geodesy/geometry.hpp"
#include "spatial/shapes.hpp"

#include <algorithm>
#include <numeric>

namespace tuban {
namespace {

/// Plots of a higher row at most a distance from one plot.
class Neighbours {
public:
    Neighbours(const ShapeIndex& index, std::size_t plot, double within_m)
        : index_(index), plot_(plot), within_m_(within_m), plane_(index.shapes(), plot) {}

    [[nodiscard]] std::vector<std::size_t> find() {
        // A plot inside another may have any row; the pair is found from either side.
        for (const LonLat& p : first_positions(index_.shapes().geometry(), plot_)) {
            for (const std::size_t other : index_.polygons().holders(p)) {
                add(other);
            }
        }
        index_.segment_tree().visit(
            plane_.box(),
            [&] { return reach(); },
            [&](std::size_t segment) {
                compare(index_.shapes().segments()[segment]);
                return true;
            }
        );
        return joined_;
    }

private:
    [[nodiscard]] double reach() const {
        return within_m_ + plane_.plane_error_m(within_m_) + touch_m;
    }

    void add(std::size_t other) {
        const auto at = std::lower_bound(joined_.begin(), joined_.end(), other);
        if (other != plot_ && (at == joined_.end() || *at != other)) {
            joined_.insert(at, other);
        }
    }

    void compare(const Segment& other) {
        if (other.feature <= plot_ ||
            std::binary_search(joined_.begin(), joined_.end(), other.feature)) {
            return;
        }
        const PlaneShape::Edge projected = plane_.project(other);
        plane_.tree().visit(
            space_box(other),
            [&] { return reach(); },
            [&](std::size_t edge) {
                const EdgePair pair = nearest_points(plane_.edges()[edge], projected);
                if (pair.distance_m > reach()) {
                    return true;
                }
                const bool sure =
                    pair.distance_m < touch_m ||
                    pair.distance_m + plane_.plane_error_m(pair.distance_m) <= within_m_;
                if (sure ||
                    exact_distance(plane_.segments()[edge], other, pair.on_first).distance_m <=
                        within_m_) {
                    add(other.feature);
                    return false;
                }
                return true;
            }
        );
    }

    const ShapeIndex& index_;
    std::size_t plot_;
    double within_m_;
    PlaneShape plane_;
    std::vector<std::size_t> joined_; ///< ascending
};

/// The plots to be clustered; the others lose their geometry.
Geometry taken(const Geometry& plots, const std::vector<std::uint8_t>& take) {
    Geometry result;
    for (std::size_t plot = 0; plot < plots.size(); ++plot) {
        if (take[plot] != 0) {
            append_feature(plots, plot, result);
        } else {
            append_nothing(result);
        }
    }
    return result;
}

std::size_t root_of(std::vector<std::size_t>& parents, std::size_t plot) {
    while (parents[plot] != plot) {
        parents[plot] = parents[parents[plot]];
        plot = parents[plot];
    }
    return plot;
}

void check_arguments(std::size_t plots, std::size_t ids, std::size_t take, double within_m) {
    if (!(within_m >= 0.0 && within_m <= 300'000.0)) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "聚集距离为 {} 米，应在 0–300000 米之间。",
                "within_m is {} m, must be in [0, 300000] m.",
                within_m
            )
        );
    }
    if (ids != plots || take != plots) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "图斑 {} 个，编号 {} 个，取舍标记 {} 个：三者应一样多。",
                "there are {} plots, {} ids and {} take flags: they must be equally many.",
                plots,
                ids,
                take
            )
        );
    }
}

} // namespace

Clusters clusters(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    const std::vector<std::string>& ids,
    const ClusterOptions& options,
    const Execution& execution
) {
    const double within_m = options.within_m;
    const auto& take = options.take;
    const std::size_t n = plots.size();
    check_arguments(n, ids.size(), take.size(), within_m);
    const Shapes whole(plots, plots_edge_crs); // checks the geometry
    const Shapes shapes(taken(whole.geometry(), take), "EPSG:4490");
    const ShapeIndex index(shapes);
    std::vector<std::vector<std::size_t>> joined(n);
    parallel_for(n, execution, {"聚集图斑", "clustering plots"}, [&](std::size_t plot) {
        if (!shapes.is_empty(plot)) {
            joined[plot] = Neighbours(index, plot, within_m).find();
        }
    });
    std::vector<std::size_t> parents(n);
    std::iota(parents.begin(), parents.end(), std::size_t{0});
    for (std::size_t plot = 0; plot < n; ++plot) {
        for (const std::size_t other : joined[plot]) {
            parents[root_of(parents, other)] = root_of(parents, plot);
        }
    }
    std::vector<const std::string*> names(n, nullptr);
    for (std::size_t plot = 0; plot < n; ++plot) {
        const std::string*& name = names[root_of(parents, plot)];
        if (!shapes.is_empty(plot) && (name == nullptr || ids[plot] < *name)) {
            name = &ids[plot];
        }
    }
    Clusters result;
    result.ids.resize(n);
    for (std::size_t plot = 0; plot < n; ++plot) {
        if (!shapes.is_empty(plot)) {
            result.ids[plot] = *names[root_of(parents, plot)];
        }
    }
    return result;
}

} // namespace tuban
