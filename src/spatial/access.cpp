#include <tuban/spatial.hpp>

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "geodesy/geometry.hpp"
#include "spatial/keepers.hpp"
#include "spatial/plots_and_layer.hpp"
#include "spatial/proximity.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace tuban {
namespace {

constexpr std::size_t features_at_once = 65'536;
constexpr double first_window_m = 2000.0;
constexpr double degree_m = 110'000.0; ///< less than one of latitude anywhere

/// Box round all plots; none where it would reach over ±180° or near a pole.
std::optional<LonLatBox> box_of(const Geometry& plots) {
    constexpr double most_lat_deg = 85.0;
    if (plots.lon_deg.empty()) {
        return std::nullopt;
    }
    const auto [west, east] = std::minmax_element(plots.lon_deg.begin(), plots.lon_deg.end());
    const auto [south, north] = std::minmax_element(plots.lat_deg.begin(), plots.lat_deg.end());
    if (*east - *west > 180.0 || *south < -most_lat_deg || *north > most_lat_deg) {
        return std::nullopt;
    }
    return LonLatBox{*west, *south, *east, *north};
}

/// A box that holds all within a distance of a box; none as box_of().
std::optional<LonLatBox> grown(const LonLatBox& box, double by_m) {
    constexpr double most_lat_deg = 88.0;
    const double dlat = by_m / degree_m;
    const double south = box.south_deg - dlat;
    const double north = box.north_deg + dlat;
    const double steepest = std::max(std::abs(south), std::abs(north));
    if (steepest > most_lat_deg) {
        return std::nullopt;
    }
    const double dlon = dlat / std::cos(steepest * radians_per_degree);
    if (box.west_deg - dlon < -180.0 || box.east_deg + dlon > 180.0) {
        return std::nullopt;
    }
    return LonLatBox{box.west_deg - dlon, south, box.east_deg + dlon, north};
}

/// The greatest of the least distances; none where a plot with geometry has none within the range.
std::optional<double>
farthest(const Geometry& plots, const std::vector<std::optional<Nearest>>& found) {
    double most_m = 0.0;
    for (std::size_t plot = 0; plot < found.size(); ++plot) {
        if (plots.kinds[plot] == GeometryKind::none) {
            continue;
        }
        if (!found[plot]) {
            return std::nullopt;
        }
        most_m = std::max(most_m, found[plot]->distance_m + found[plot]->error_m);
    }
    return most_m;
}

/// Windows that grow until they hold an answer for each plot. None where a window cannot be told.
class Windows {
public:
    Windows(
        const Geometry& plots,
        std::string_view plots_edge_crs,
        LayerSource& source,
        const NearestOptions& options,
        const Execution& execution
    )
        : plots_(plots), edge_crs_(plots_edge_crs), source_(source), options_(options),
          execution_(execution) {}

    [[nodiscard]] std::optional<Layer> read() {
        // Edges of a plane reach beyond the box of their ends.
        const auto box = box_of(densify(plots_, edge_crs_));
        if (!box) {
            return std::nullopt;
        }
        for (double reach_m = first_window_m;; reach_m *= 2.0) {
            const bool last = reach_m >= options_.max_range_m;
            const auto window = grown(*box, std::min(reach_m, options_.max_range_m) + margin_m);
            if (!window) {
                return std::nullopt;
            }
            Layer layer = source_.window(*window);
            if (last) {
                return layer;
            }
            const auto most_m = farthest(
                plots_, nearest(plots_, edge_crs_, layer, options_, quiet(execution_))
            );
            if (most_m && *most_m <= reach_m) {
                return layer;
            }
            if (most_m && *most_m < options_.max_range_m) {
                const auto enough = grown(*box, *most_m + margin_m);
                return enough ? std::optional(source_.window(*enough)) : std::nullopt;
            }
            report_progress(execution_, 0.0, {"读取附近的要素", "reading what lies near"});
        }
    }

private:
    static constexpr double margin_m = 10.0; ///< errors and ties many times over

    static Execution quiet(const Execution& execution) {
        Execution result;
        result.threads = execution.threads;
        return result;
    }

    const Geometry& plots_;
    std::string_view edge_crs_;
    LayerSource& source_;
    const NearestOptions& options_;
    const Execution& execution_;
};

void append_feature_of(const Layer& from, std::size_t feature, Layer& to) {
    append_feature(from.geometry, feature, to.geometry);
    to.ids.push_back(from.ids[feature]);
    to.names.push_back(from.names[feature]);
    to.classes.push_back(from.classes[feature]);
}

/// Takes a layer piece by piece and keeps what may be nearest to some plot.
class Stream {
public:
    Stream(const Geometry& plots, std::string_view plots_edge_crs, double most_m, int threads)
        : plots_(plots, plots_edge_crs), limits_m_(plots.size(), most_m), near_(plots.size()),
          most_m_(most_m) {
        execution_.threads = threads;
    }

    void take(const Layer& piece) {
        const IndexedLayer indexed(piece.geometry);
        const auto look = [&](Proximity& proximity, std::size_t plot) {
            look_from(proximity, plot);
        };
        each_plot(plots_, indexed, most_m_, execution_, look);
        keep(piece);
    }

    [[nodiscard]] Layer kept() && { return std::move(kept_); }

private:
    void look_from(Proximity& proximity, std::size_t plot) {
        NearestKeeper keeper(proximity, limits_m_[plot]);
        proximity.search(keeper);
        for (const Hit& hit : keeper.hits()) {
            near_[plot].push_back(hit.feature);
            limits_m_[plot] = std::min(limits_m_[plot], hit.distance_m);
        }
    }

    void keep(const Layer& piece) {
        std::vector<std::uint8_t> wanted(piece.size(), 0);
        for (std::vector<std::uint32_t>& features : near_) {
            for (const std::uint32_t feature : features) {
                wanted[feature] = 1;
            }
            features.clear();
        }
        kept_.key = piece.key;
        for (std::size_t feature = 0; feature < piece.size(); ++feature) {
            if (wanted[feature] != 0) {
                append_feature_of(piece, feature, kept_);
            }
        }
        kept_.issues.insert(kept_.issues.end(), piece.issues.begin(), piece.issues.end());
    }

    CutPlots plots_;
    std::vector<double> limits_m_;                 ///< (n) the least distance so far
    std::vector<std::vector<std::uint32_t>> near_; ///< (n) features of the piece at work
    double most_m_;
    Execution execution_;
    Layer kept_;
};

Layer streamed(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    LayerSource& source,
    const NearestOptions& options,
    const Execution& execution
) {
    Stream stream(plots, plots_edge_crs, options.max_range_m, execution.threads);
    std::size_t read = 0;
    source.stream(features_at_once, [&](const Layer& piece) {
        stream.take(piece);
        read += piece.size();
        report_progress(execution, 0.0, text("已读 {} 个要素", "{} features read", read));
        return true;
    });
    return std::move(stream).kept();
}

} // namespace

AccessPath access_path(std::size_t plots, const LayerSize& layer) {
    constexpr std::size_t few_plots = 500;
    constexpr std::size_t many_to_a_plot = 50;
    if (layer.is_indexed && plots <= few_plots) {
        return AccessPath::window;
    }
    return layer.features / many_to_a_plot > plots ? AccessPath::stream : AccessPath::memory;
}

// NOLINTNEXTLINE(readability-function-size): six plain values, none of which belongs to another
Layer nearest_candidates(
    const Geometry& plots,
    std::string_view plots_edge_crs,
    LayerSource& layer,
    AccessPath path,
    const NearestOptions& options,
    const Execution& execution
) {
    check_range(options.max_range_m);
    check_geometry(plots);
    if (path == AccessPath::memory) {
        return layer.all();
    }
    if (path == AccessPath::window) {
        auto found = Windows(plots, plots_edge_crs, layer, options, execution).read();
        if (found) {
            return *std::move(found);
        }
    }
    return streamed(plots, plots_edge_crs, layer, options, execution);
}

} // namespace tuban
