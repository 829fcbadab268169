#include "spatial/cut_plots.hpp"

#include "core/parallel.hpp"
#include "geodesy/geometry.hpp"
#include "spatial/hilbert.hpp"

#include <algorithm>
#include <vector>

namespace tuban {
namespace {

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

} // namespace

CutPlots::CutPlots(const Geometry& plots, std::string_view edge_crs)
    : plots_(plots), cutter_(edge_crs) {
    check_geometry(plots);
    if (!cutter_.is_shareable()) {
        whole_ = densify(plots, edge_crs);
    }
}

void CutPlots::each_block(const Execution& execution, const Text& stage, const TakeBlock& take)
    const {
    constexpr std::size_t block = 256;
    const std::vector<std::uint32_t> order = order_of(plots_);
    parallel_for((order.size() + block - 1) / block, execution, stage, [&](std::size_t at) {
        const std::size_t first = at * block;
        const std::span<const std::uint32_t> rows(
            order.data() + first, std::min(order.size() - first, block)
        );
        take(cut(rows), rows);
    });
}

Geometry CutPlots::cut(std::span<const std::uint32_t> rows) const {
    constexpr std::size_t ahead = 8;
    Geometry result;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (whole_) {
            append_feature(*whole_, rows[i], result);
            continue;
        }
        if (i + ahead < rows.size()) {
            fetch(rows[i + ahead]);
        }
        cutter_.append_feature(plots_, rows[i], result);
    }
    return result;
}

/// Plots along the curve lie anywhere in memory: has the first vertices of one brought near while others are cut.
void CutPlots::fetch(std::size_t plot) const {
    constexpr std::size_t lines = 5;
    constexpr std::size_t values_per_line = 8;
    const std::size_t part = plots_.feature_offsets[plot];
    const std::size_t vertex = plots_.ring_offsets[plots_.part_offsets[part]];
    for (std::size_t line = 0; line < lines; ++line) {
        __builtin_prefetch(plots_.lon_deg.data() + vertex + line * values_per_line);
        __builtin_prefetch(plots_.lat_deg.data() + vertex + line * values_per_line);
    }
}

} // namespace tuban
