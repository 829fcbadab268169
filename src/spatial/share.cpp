#include <tuban/spatial.hpp>

#include "core/format.hpp"
#include "spatial/covered_area.hpp"
#include "spatial/plots_and_layer.hpp"

#include <algorithm>

namespace tuban {
namespace {

constexpr double least_area_m2 = 1.0;

std::optional<double> share_of(CoveredArea& covered, const Geometry& plots, std::size_t plot) {
    if (plots.kinds[plot] != GeometryKind::polygon) {
        return std::nullopt;
    }
    AreaSums sums;
    for (std::size_t part = plots.feature_offsets[plot]; part < plots.feature_offsets[plot + 1];
         ++part) {
        sums.add(covered.of_part(plots, part));
    }
    if (!(sums.area_m2 >= least_area_m2)) {
        return std::nullopt;
    }
    return std::clamp(sums.covered_m2 / sums.area_m2, 0.0, 1.0);
}

} // namespace

std::vector<std::optional<double>> share_within(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    const Layer& layer,
    double within_m,
    const Execution& execution
) {
    if (!(within_m >= 0.0 && within_m <= 100'000.0)) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "距离为 {} 米，应在 0–100000 米之间。",
                "within_m is {} m, must be in [0, 100000] m.",
                within_m
            )
        );
    }
    const PlotsAndLayer question(plots, plots_edge_crs, layer);
    std::vector<std::optional<double>> result(plots.size());
    const auto measure = [&](const Geometry& near, std::span<const std::uint32_t> rows) {
        CoveredArea covered(question.layer.segments(), question.layer.polygons(), within_m);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            result[rows[i]] = share_of(covered, near, i);
        }
    };
    question.plots.each_block(execution, {"计算占比", "measuring shares"}, measure);
    return result;
}

} // namespace tuban
