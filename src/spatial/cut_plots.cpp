#include "spatial/cut_plots.hpp"

#include "geodesy/geometry.hpp"

namespace tuban {

CutPlots::CutPlots(const Geometry& plots, std::string_view edge_crs)
    : plots_(plots), cutter_(edge_crs) {
    check_geometry(plots);
    if (!cutter_.is_shareable()) {
        whole_ = densify(plots, edge_crs);
    }
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
