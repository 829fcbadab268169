#include "spatial/proximity.hpp"

#include "geodesy/geometry.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tuban {
namespace {

constexpr double edge_error_m = 1e-4; ///< an edge's three readings (densify)
constexpr double rounding_m = 1e-3;   ///< of boxes and of edges' chords: prune only

} // namespace

Proximity::Proximity(
    const Geometry& plots,
    const SegmentIndex& index,
    const PolygonLocator& polygons,
    double most_m
)
    : plots_(plots), index_(index), polygons_(polygons), most_m_(most_m),
      pieces_(plots, index) {}

bool Proximity::turn_to(std::size_t plot) {
    plot_ = plot;
    pieces_.cut(plot);
    radius_m_ = pieces_.radius_m();
    is_polygon_ = plots_.kinds[plot] == GeometryKind::polygon;
    asked_about_plot_ = false;
    in_space_ = false;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
        in_space_ = in_space_ || SegmentIndex::is_polar(pieces_[i].around, most_m_);
    }
    return pieces_.size() > 0;
}

template <class Limit, class Take>
void Proximity::each_run(std::size_t piece, const Limit& limit_m, const Take& take) const {
    const PlotPiece& from = pieces_[piece];
    const auto reach_m = [&](double limit) {
        return limit + plane_error_m(limit) + rounding_m;
    };
    if (in_space_) {
        index_.visit_in_space(
            space_box(from),
            [&] { return reach_m(limit_m()); },
            [&](std::size_t run) { take(run, false); }
        );
        return;
    }
    double known_limit = -1.0;
    float known_reach2 = 0.0F;
    const auto reach2 = [&] {
        const double limit = limit_m();
        if (limit != known_limit) {
            known_limit = limit;
            known_reach2 = SegmentIndex::mercator_reach2(
                from.around, reach_m(limit), from.frame.sin_lat(), from.frame.cos_lat()
            );
        }
        return known_reach2;
    };
    index_.visit_round(from.box, reach2, [&](std::size_t run, float gap2) {
        take(run, gap2 == 0.0F);
    });
}

template <class Take>
void Proximity::each_run_of_whole(const Take& take) const {
    if (in_space_) {
        Box3 box;
        for (std::size_t i = 0; i < pieces_.size(); ++i) {
            box.merge(space_box(pieces_[i]));
        }
        // Ground inside an outline stands out of the box of the outline like the arc of a chord.
        box.grow(sag_m(std::hypot(
            box.high[0] - box.low[0], box.high[1] - box.low[1], box.high[2] - box.low[2]
        )));
        index_.visit_in_space(
            box, [] { return 0.0; }, take
        );
        return;
    }
    const LonLat middle = pieces_[0].around.middle;
    Box3 box;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
        const LonLatReach& around = pieces_[i].around;
        const double lon = lon_step(middle.lon_deg, around.middle.lon_deg);
        const double lat = around.middle.lat_deg;
        box.add({lon - around.lon_reach_deg, lat - around.lat_reach_deg, 0.0});
        box.add({lon + around.lon_reach_deg, lat + around.lat_reach_deg, 0.0});
    }
    if (box.high[0] - box.low[0] > 180.0) { // perhaps round a pole
        box.add({-360.0, -90.0, 0.0});
        box.add({360.0, 90.0, 0.0});
    }
    for (const double turn : {-360.0, 0.0, 360.0}) {
        const double west = middle.lon_deg + box.low[0];
        MercatorBox where =
            index_.mercator_box(west, box.low[1], middle.lon_deg + box.high[0], box.high[1]);
        where.west = rounded_down(static_cast<double>(where.west) + turn * radians_per_degree);
        where.east = rounded_up(static_cast<double>(where.east) + turn * radians_per_degree);
        index_.visit(
            where, [] { return 0.0F; }, [&](std::size_t run, float /*gap2*/) { take(run); }
        );
    }
}

void Proximity::search(Keeper& keeper) {
    offer_holders(keeper);
    const bool folded = pieces_.size() == 1 && !in_space_;
    if (is_polygon_ && !folded) {
        each_run_of_whole([&](std::size_t run) { offer_held(run, keeper); });
    }
    if (last_run_) {
        keeper.expect(upper_bound_m(pieces_[0], index_.run(*last_run_)));
    }
    closest_m_ = std::numeric_limits<double>::infinity();
    for (std::size_t piece = 0; piece < pieces_.size(); ++piece) {
        const auto take = [&](std::size_t run, bool overlaps) {
            look_at(piece, run, overlaps && folded, keeper);
        };
        each_run(
            piece, [&] { return keeper.limit_m(); }, take
        );
    }
}

void Proximity::look_at(std::size_t piece, std::size_t at, bool may_be_held, Keeper& keeper) {
    if (may_be_held) {
        offer_held(at, keeper);
    }
    const SegmentRun& run = index_.run(at);
    RunPair pair;
    if (!closest_pair(pieces_[piece], run, keeper.limit2(), pair)) {
        return;
    }
    Hit hit;
    hit.distance_m = std::sqrt(pair.distance2);
    hit.feature = run.feature;
    hit.piece = static_cast<std::uint32_t>(piece);
    hit.run = static_cast<std::uint32_t>(at);
    hit.edge = static_cast<std::uint32_t>(pair.edge);
    hit.segment = static_cast<std::uint32_t>(pair.segment);
    keeper.offer(hit);
    if (hit.distance_m < closest_m_) {
        closest_m_ = hit.distance_m;
        last_run_ = at;
    }
}

void Proximity::offer_holders(Keeper& keeper) {
    if (polygons_.is_empty()) {
        return;
    }
    for (std::size_t part = plots_.feature_offsets[plot_];
         part < plots_.feature_offsets[plot_ + 1];
         ++part) {
        const std::size_t vertex = plots_.ring_offsets[plots_.part_offsets[part]];
        for (const std::size_t feature :
             polygons_.holders({plots_.lon_deg[vertex], plots_.lat_deg[vertex]})) {
            Hit hit;
            hit.kind = Hit::Kind::plot_inside;
            hit.feature = static_cast<std::uint32_t>(feature);
            hit.edge = static_cast<std::uint32_t>(vertex);
            keeper.offer(hit);
        }
    }
}

void Proximity::offer_held(std::size_t run, Keeper& keeper) {
    if (!is_polygon_ || index_.run(run).starts_part == 0) {
        return;
    }
    const std::size_t vertex = index_.run(run).first_vertex;
    const LonLat position{index_.geometry().lon_deg[vertex], index_.geometry().lat_deg[vertex]};
    if (!asked_about_plot_) {
        plot_blocks_.turn_to(plots_, plot_);
        asked_about_plot_ = true;
    }
    if (plot_blocks_.holds(position)) {
        Hit hit;
        hit.kind = Hit::Kind::feature_inside;
        hit.feature = index_.run(run).feature;
        hit.run = static_cast<std::uint32_t>(run);
        keeper.offer(hit);
    }
}

Box3 Proximity::space_box(const PlotPiece& piece) const {
    Box3 box;
    for (std::size_t e = 0; e < piece.edges; ++e) {
        box.merge(::tuban::space_box(plot_segment(piece, e)));
    }
    return box;
}

Segment Proximity::plot_segment(const PlotPiece& piece, std::size_t edge) const {
    const std::size_t from = piece.from[edge];
    const std::size_t to = piece.to[edge];
    return {
        {plots_.lon_deg[from], plots_.lat_deg[from]},
        {plots_.lon_deg[to], plots_.lat_deg[to]},
        plot_};
}

Segment Proximity::layer_segment(const SegmentRun& run, std::size_t segment) const {
    const Geometry& layer = index_.geometry();
    const std::size_t from = run.first_vertex + segment;
    const std::size_t to = run.end_vertex(segment);
    return {
        {layer.lon_deg[from], layer.lat_deg[from]},
        {layer.lon_deg[to], layer.lat_deg[to]},
        run.feature};
}

Measured Proximity::measured(const Hit& hit) const {
    Measured result{hit.feature, 0.0, 2.0 * edge_error_m, {}, {}};
    if (hit.kind == Hit::Kind::plot_inside) {
        result.plot_foot = {plots_.lon_deg[hit.edge], plots_.lat_deg[hit.edge]};
        result.target_foot = result.plot_foot;
        return result;
    }
    const SegmentRun& run = index_.run(hit.run);
    if (hit.kind == Hit::Kind::feature_inside) {
        result.target_foot = layer_segment(run, 0).from;
        result.plot_foot = result.target_foot;
        return result;
    }
    const PlotPiece& piece = pieces_[hit.piece];
    const EdgePair pair =
        nearest_points(plane_edge(piece, hit.edge), plane_edge(piece, run, hit.segment));
    result.plot_foot = plot_segment(piece, hit.edge).at(pair.on_first);
    result.target_foot = layer_segment(run, hit.segment).at(pair.on_second);
    result.error_m += plane_error_m(hit.distance_m);
    if (hit.distance_m < touch_m) {
        result.error_m += touch_m;
    } else {
        result.distance_m = hit.distance_m;
    }
    return result;
}

void Proximity::add_candidates(std::size_t piece, std::size_t at, std::span<const Hit> hits) {
    const PlotPiece& from = pieces_[piece];
    const SegmentRun& run = index_.run(at);
    const auto is_before = [](const Hit& a, std::uint32_t feature) {
        return a.feature < feature;
    };
    const auto hit = std::lower_bound(hits.begin(), hits.end(), run.feature, is_before);
    if (hit == hits.end() || hit->feature != run.feature) {
        return;
    }
    const double limit_m = limit_for(hit->distance_m);
    RunPair closest;
    if (!closest_pair(from, run, limit_m * limit_m, closest)) {
        return;
    }
    for (std::size_t i = 0; i < run.segments * from.edges; ++i) {
        const std::size_t segment = i / from.edges;
        const std::size_t edge = i % from.edges;
        const EdgePair pair =
            nearest_points(plane_edge(from, edge), plane_edge(from, run, segment));
        if (pair.distance_m <= limit_m) {
            candidates_.push_back(
                {pair.distance_m,
                 plot_segment(from, edge),
                 layer_segment(run, segment),
                 pair.on_first}
            );
        }
    }
}

void Proximity::find_candidates(std::span<const Hit> hits) {
    candidates_.clear();
    double farthest = 0.0;
    for (const Hit& hit : hits) {
        farthest = std::max(farthest, limit_for(hit.distance_m));
    }
    for (std::size_t piece = 0; piece < pieces_.size(); ++piece) {
        const auto take = [&](std::size_t run, bool /*overlaps*/) {
            add_candidates(piece, run, hits);
        };
        each_run(
            piece, [&] { return farthest; }, take
        );
    }
}

std::vector<Measured> Proximity::measured_exactly(std::span<const Hit> hits) {
    find_candidates(hits);
    std::sort(candidates_.begin(), candidates_.end(), [](const auto& a, const auto& b) {
        return std::tie(a.segment.feature, a.distance_m, a.on_edge) <
               std::tie(b.segment.feature, b.distance_m, b.on_edge);
    });
    std::vector<Measured> result;
    double feature_best = 0.0;
    for (const Candidate& c : candidates_) {
        const bool first = result.empty() || result.back().feature != c.segment.feature;
        if (!first &&
            c.distance_m - plane_error_m(c.distance_m) > feature_best + distance_error_m) {
            continue;
        }
        const ExactPair pair = exact_distance(c.edge, c.segment, c.on_edge);
        if (first) {
            result.emplace_back();
        }
        if (first || pair.distance_m < feature_best) {
            feature_best = pair.distance_m;
            result.back() = {
                c.segment.feature,
                pair.distance_m,
                distance_error_m,
                pair.first_foot,
                pair.second_foot};
        }
    }
    return result;
}

} // namespace tuban
