#include "spatial/plot_pairs.hpp"

#include "spatial/keepers.hpp"

#include <algorithm>
#include <cmath>
#include <compare>
#include <tuple>
#include <utility>

namespace tuban {
namespace {

/// Two plots by their rows, and the pair they come from.
struct RowPair {
    std::uint32_t from = 0; ///< measured from
    std::uint32_t to = 0;
    PlacePair places;
};

/// Vertices of a feature: [first, second).
std::pair<std::ptrdiff_t, std::ptrdiff_t>
vertices_of(const Geometry& geometry, std::size_t feature) {
    const std::size_t first = geometry.part_offsets[geometry.feature_offsets[feature]];
    const std::size_t end = geometry.part_offsets[geometry.feature_offsets[feature + 1]];
    return {
        static_cast<std::ptrdiff_t>(geometry.ring_offsets[first]),
        static_cast<std::ptrdiff_t>(geometry.ring_offsets[end])};
}

/// An order of plots by their vertices alone.
bool is_before(const Geometry& geometry, std::size_t a, std::size_t b) {
    const auto [a_first, a_end] = vertices_of(geometry, a);
    const auto [b_first, b_end] = vertices_of(geometry, b);
    const auto compare = [&, a0 = a_first, a1 = a_end, b0 = b_first, b1 = b_end](
                             const std::vector<double>& values
                         ) {
        const auto begin = values.begin();
        return std::lexicographical_compare_three_way(
            begin + a0, begin + a1, begin + b0, begin + b1
        );
    };
    const auto by_lon = compare(geometry.lon_deg);
    return std::is_lt(by_lon) || (std::is_eq(by_lon) && std::is_lt(compare(geometry.lat_deg)));
}

std::vector<std::uint32_t>
all_of(const std::vector<RowPair>& pairs, std::uint32_t RowPair::*member) {
    std::vector<std::uint32_t> rows;
    rows.reserve(pairs.size());
    for (const RowPair& pair : pairs) {
        rows.push_back(pair.*member);
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

/// Pairs of one plot with others, against an index of all others.
class PairMeter {
public:
    PairMeter(
        Proximity& proximity, const std::vector<std::uint32_t>& layer_rows, double within_m
    )
        : proximity_(proximity), layer_rows_(layer_rows), within_m_(within_m) {}

    /// Calls take(pair, measured) for pairs of the plot that the proximity has turned to. @param pairs  by `to`
    template <class Take>
    void measure(std::span<const RowPair> pairs, const Take& take) {
        WithinKeeper keeper(proximity_, within_m_);
        proximity_.search(keeper);
        std::vector<Hit> wanted;
        std::size_t at = 0;
        for (const Hit& hit : keeper.hits()) {
            const std::uint32_t row = layer_rows_[hit.feature];
            while (at < pairs.size() && pairs[at].to < row) {
                ++at;
            }
            if (at < pairs.size() && pairs[at].to == row) {
                wanted.push_back(hit);
            }
        }
        for (const Measured& found : measured(proximity_, wanted)) {
            const std::uint32_t row = layer_rows_[found.feature];
            const auto pair = std::lower_bound(
                pairs.begin(),
                pairs.end(),
                row,
                [](const RowPair& a, std::uint32_t to) { return a.to < to; }
            );
            take(*pair, found);
        }
    }

private:
    Proximity& proximity_;
    const std::vector<std::uint32_t>& layer_rows_;
    double within_m_;
};

} // namespace

PlotPairs::PlotPairs(
    const Geometry& plots,
    std::string_view edge_crs,
    const std::vector<std::uint8_t>& take,
    const Layer* barriers
)
    : plots_(plots, edge_crs), tree_(plots_.outlines(), take),
      barriers_(barriers != nullptr ? std::make_unique<Barriers>(*barriers) : nullptr) {}

std::size_t PlotPairs::blocks() const {
    return (tree_.groups() + groups_per_block - 1) / groups_per_block;
}

std::vector<PlotLink>
PlotPairs::measure(std::span<const PlacePair> pairs, double within_m) const {
    std::vector<RowPair> rows;
    rows.reserve(pairs.size());
    for (const PlacePair& pair : pairs) {
        const std::uint32_t a = tree_.row(pair.first);
        const std::uint32_t b = tree_.row(pair.second);
        const bool forward = is_before(plots_.outlines(), a, b);
        rows.push_back({forward ? a : b, forward ? b : a, pair});
    }
    std::sort(rows.begin(), rows.end(), [](const RowPair& a, const RowPair& b) {
        return std::tie(a.from, a.to) < std::tie(b.from, b.to);
    });
    const std::vector<std::uint32_t> from = all_of(rows, &RowPair::from);
    const std::vector<std::uint32_t> to = all_of(rows, &RowPair::to);
    const Geometry near = plots_.cut(from);
    const Geometry layer = plots_.cut(to);
    const SegmentIndex index(layer);
    const PolygonLocator polygons(layer);
    Proximity proximity(near, index, polygons, within_m);
    PairMeter meter(proximity, to, within_m);
    std::vector<PlotLink> links;
    const auto take = [&](const RowPair& pair, const Measured& found) {
        const bool touches = found.distance_m == 0.0;
        const bool open = std::abs(found.distance_m - within_m) <= found.error_m;
        if ((found.distance_m <= within_m || open) &&
            (barriers_ == nullptr || !barriers_->part(found.plot_foot, found.target_foot))) {
            links.push_back({pair.places, found.distance_m, open && !touches});
        }
    };
    std::size_t first = 0;
    for (std::size_t i = 0; i < from.size(); ++i) {
        std::size_t end = first;
        while (end < rows.size() && rows[end].from == from[i]) {
            ++end;
        }
        if (proximity.turn_to(i)) {
            meter.measure(std::span(rows).subspan(first, end - first), take);
        }
        first = end;
    }
    return links;
}

} // namespace tuban
