#pragma once
// What judging 三区两线 is made of: which features of a layer a rule is about, and how near and how wide they are.
#include <tuban/indicators.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tuban::indicators {

/// Rows of a layer by what a rule makes of their classes and names.
struct Selection {
    std::vector<std::size_t> counted;
    std::vector<std::size_t> doubtful; ///< of a class or without a name, so that nobody can say
};

[[nodiscard]] Selection
select(const Layer& layer, const ZoneSource& source, const ZoneProfile& profile);

/// A layer as one rule sees it. Both are only looked at.
struct RuleLayer {
    const ZoneRule& rule;
    const Layer& layer;
};

/// What lines of a feature's class are half as wide as; 0 for points and polygons, whose own edge counts.
[[nodiscard]] double half_width_m(const RuleLayer& seen, std::size_t row);

/// The nearest of some features, half widths taken off.
struct Found {
    std::size_t row = 0; ///< of the layer; the smallest of equals
    double distance_m = 0.0;
    double error_m = 0.0;
    double half_width_m = 0.0;
};

/// What is measured: shapes, and where their edges are straight.
struct Measuring {
    const Geometry& geometry;
    const std::string& edge_crs;
};

[[nodiscard]] std::vector<std::optional<Found>> nearest_of(
    const Measuring& plots,
    const RuleLayer& seen,
    const std::vector<std::size_t>& rows,
    const Execution& execution
);

/// Share of each plot within the rule's metres of any of the rows, each as wide as it is.
[[nodiscard]] std::vector<std::optional<double>> shares_of(
    const Measuring& plots,
    const RuleLayer& seen,
    const std::vector<std::size_t>& rows,
    const Execution& execution
);

/// Whether a source picks land uses by their code: such a layer is a cover, and where it ends nothing is known.
[[nodiscard]] bool is_of_land_use(const ZoneSource& source);

/// (n) 1 where polygons of a layer cover the ground round a plot: 16 points, half of them `metres` beyond the circle about
/// its centroid, half of them half as far. 0 for plots without a centroid.
[[nodiscard]] std::vector<std::uint8_t> covered(
    const Geometry& plots,
    const Geometry& centroids,
    const RuleLayer& seen,
    const Execution& execution
);

/// (n) centroids of the areas as points; nothing for other features. In the plane about each plot's first vertex.
[[nodiscard]] Geometry centroids(const Geometry& plots);

/// What was found, in words: the nearest feature, its distance, what decides.
/// @param layer_word  of a layer none of whose features count
[[nodiscard]] Text reason_of(const ZoneRule& rule, const ZoneHit& hit, const Text& layer_word);

} // namespace tuban::indicators
