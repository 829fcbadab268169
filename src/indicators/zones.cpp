#include "indicators/zones.hpp"

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "indicators/families.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace tuban {
namespace {

using indicators::Found;
using indicators::Measuring;
using indicators::RuleLayer;
using indicators::Selection;

/// Beyond this a layer may end rather than the county be empty: an extract of one county seldom leaves so much bare.
constexpr double reach_m = 50'000.0;

/// Half of what share_within() is good for on plots of the usual size.
constexpr double share_error = 1e-6;

/// Why nobody can tell.
enum class Doubt { none, no_shape, no_layer, empty, beyond, uncovered, strange_class, no_area };

struct Judged {
    ZoneHit hit;
    Doubt doubt = Doubt::none;
};

Text quoted(const std::string& word) {
    return {" " + word + " ", word};
}

/// Features of a layer that a rule might mean, and how far from each plot.
struct Near {
    std::vector<std::optional<Found>> counted;
    std::vector<std::optional<Found>> doubtful;
    std::vector<std::optional<Found>> from_centroid; ///< of counted
    std::vector<std::optional<double>> shares;
    std::vector<std::uint8_t> reached; ///< (n) the layer has something to say about that place
    std::vector<std::uint8_t> covered; ///< (n) of a cover: it does not end within the limit
};

class SourceJudge {
public:
    SourceJudge(
        const Plots& plots,
        const Geometry& centroids,
        const ZoneProfile& profile,
        Execution execution
    )
        : plots_(plots), centroids_(centroids), profile_(profile),
          execution_(std::move(execution)) {}

    /// (n) what one source of a rule tells of every plot. @param layer  null: the project has none
    [[nodiscard]] std::vector<Judged>
    judge(const ZoneRule& rule, const ZoneSource& source, const Layer* layer) const {
        std::vector<Judged> judged(plots_.size());
        if (layer == nullptr || layer->size() == 0) {
            for (Judged& one : judged) {
                nothing_there(one, source, layer == nullptr);
            }
            return judged;
        }
        const RuleLayer seen{rule, *layer};
        Near near = measure(seen, indicators::select(*layer, source, profile_));
        near.covered = indicators::is_of_land_use(source)
                           ? covered(plots_.geometry, centroids_, seen, execution_)
                           : std::vector<std::uint8_t>(plots_.size(), 1);
        for (std::size_t plot = 0; plot < judged.size(); ++plot) {
            judged[plot].hit.layer = source.layer;
            put_figures(judged[plot].hit, seen, near, plot);
            decide(judged[plot], seen, near, plot);
        }
        return judged;
    }

private:
    static void nothing_there(Judged& one, const ZoneSource& source, bool missing) {
        one.doubt = missing ? Doubt::no_layer : Doubt::empty;
        one.hit.reason = missing ? text(
                                       "项目里没有图层 {0}，无法判断",
                                       "the project has no layer {0}: nobody can tell",
                                       source.layer
                                   )
                                 : text(
                                       "图层 {0} 没有要素，无法判断",
                                       "the layer {0} has no features: nobody can tell",
                                       source.layer
                                   );
    }

    [[nodiscard]] Near measure(const RuleLayer& seen, const Selection& selection) const {
        const Measuring whole{plots_.geometry, plots_.edge_crs};
        static const std::string degrees = "EPSG:4490";
        Near near;
        near.counted = nearest_of(whole, seen, selection.counted, execution_);
        near.doubtful = nearest_of(whole, seen, selection.doubtful, execution_);
        near.from_centroid =
            nearest_of({centroids_, degrees}, seen, selection.counted, execution_);
        near.shares = shares_of(whole, seen, selection.counted, execution_);
        near.reached = reached(seen, near);
        return near;
    }

    /// A plot is reached inside of the layer's extent, or where any feature of it is not too far.
    [[nodiscard]] std::vector<std::uint8_t>
    reached(const RuleLayer& seen, const Near& near) const {
        const double far_m = reach_m + seen.rule.metres;
        const Geometry& features = seen.layer.geometry;
        std::vector<std::uint8_t> inside(plots_.size(), 0);
        if (features.lon_deg.empty()) {
            return inside;
        }
        const auto [west, east] =
            std::minmax_element(features.lon_deg.begin(), features.lon_deg.end());
        const auto [south, north] =
            std::minmax_element(features.lat_deg.begin(), features.lat_deg.end());
        bool all = true;
        for (std::size_t plot = 0; plot < plots_.size(); ++plot) {
            const std::size_t part = plots_.geometry.feature_offsets[plot];
            if (plots_.geometry.kinds[plot] == GeometryKind::none) {
                continue;
            }
            const std::size_t vertex =
                plots_.geometry.ring_offsets[plots_.geometry.part_offsets[part]];
            const double lon = plots_.geometry.lon_deg[vertex];
            const double lat = plots_.geometry.lat_deg[vertex];
            const bool in_extent =
                lon >= *west && lon <= *east && lat >= *south && lat <= *north;
            const auto& found = near.counted[plot];
            inside[plot] = in_extent || (found && found->distance_m <= far_m) ? 1 : 0;
            all = all && inside[plot] != 0;
        }
        return all ? inside : reached_by_any(seen, far_m, std::move(inside));
    }

    [[nodiscard]] std::vector<std::uint8_t> reached_by_any(
        const RuleLayer& seen, double far_m, std::vector<std::uint8_t> inside
    ) const {
        const auto any = nearest(
            plots_.geometry, plots_.edge_crs, seen.layer, {.max_range_m = far_m}, execution_
        );
        for (std::size_t plot = 0; plot < inside.size(); ++plot) {
            inside[plot] = inside[plot] != 0 || any[plot] ? 1 : 0;
        }
        return inside;
    }

    static void
    put_figures(ZoneHit& hit, const RuleLayer& seen, const Near& near, std::size_t plot) {
        hit.share = near.shares[plot];
        const auto& found = near.counted[plot];
        if (!found) {
            return;
        }
        hit.feature_id = seen.layer.ids[found->row];
        hit.feature_name = seen.layer.names[found->row];
        hit.feature_class = seen.layer.classes[found->row];
        hit.distance_m = found->distance_m;
        hit.error_m = found->error_m;
        hit.half_width_m = found->half_width_m;
        hit.intersects = found->distance_m <= seen.rule.metres;
        if (near.from_centroid[plot]) {
            hit.centroid_inside = near.from_centroid[plot]->distance_m <= seen.rule.metres;
        }
    }

    /// Yes or no by what the rule says decides; none where the plot has no such figure.
    [[nodiscard]] std::optional<bool>
    holds(const ZoneRule& rule, ZoneHit& hit, const Near& near, std::size_t plot) const {
        const auto by_distance = [&](const std::optional<Found>& found) {
            if (!found) {
                return false;
            }
            const double gap = found->distance_m - rule.metres;
            const bool touches = rule.metres == 0.0 && found->distance_m == 0.0;
            hit.borderline = !touches && std::abs(gap) <= found->error_m;
            return gap <= 0.0;
        };
        switch (rule.mode) {
        case ZoneMode::within:
        case ZoneMode::distance:
            return by_distance(near.counted[plot]);
        case ZoneMode::share:
            if (!hit.share) {
                return std::nullopt;
            }
            hit.borderline = std::abs(*hit.share - rule.least_share) <= share_error &&
                             rule.least_share < 1.0;
            return *hit.share >= rule.least_share;
        case ZoneMode::centroid:
            break;
        }
        if (centroids_.kinds[plot] == GeometryKind::none) {
            return std::nullopt;
        }
        return by_distance(near.from_centroid[plot]);
    }

    void decide(Judged& one, const RuleLayer& seen, const Near& near, std::size_t plot) const {
        ZoneHit& hit = one.hit;
        if (plots_.geometry.kinds[plot] == GeometryKind::none) {
            one.doubt = Doubt::no_shape;
            hit.reason = {"图斑没有图形，无法判断", "the plot has no shape: nobody can tell"};
            return;
        }
        const std::optional<bool> yes = holds(seen.rule, hit, near, plot);
        if (!yes) {
            one.doubt = Doubt::no_area;
            hit.reason = {
                "图斑不是面，没有面积占比和重心，无法判断",
                "the plot is no area and has neither share nor centroid: nobody can tell"};
            return;
        }
        const auto& strange = near.doubtful[plot];
        if (*yes) {
            hit.verdict = Verdict::yes;
        } else if (strange && strange->distance_m <= seen.rule.metres) {
            one.doubt = Doubt::strange_class;
            hit.reason = strange_words(seen.layer, *strange);
            return;
        } else if (near.reached[plot] == 0) {
            one.doubt = Doubt::beyond;
            hit.reason = beyond_words(seen.layer, hit);
            return;
        } else if (near.covered[plot] == 0) {
            one.doubt = Doubt::uncovered;
            hit.reason = text(
                "地类图层 {0} 没有盖住图斑四周 {1} 米，无法判断",
                "the land uses of {0} do not cover the {1} m round the plot: nobody can tell",
                seen.layer.key,
                seen.rule.metres
            );
            return;
        } else {
            hit.verdict = Verdict::no;
        }
        hit.reason = indicators::reason_of(seen.rule, hit, quoted(seen.layer.key));
    }

    static Text strange_words(const Layer& layer, const Found& found) {
        const std::string& name = layer.names[found.row];
        const std::string& feature = name.empty() ? layer.ids[found.row] : name;
        return text(
            "{0:.2f} 米处的要素 {1} 类别是“{2}”、名称是“{3}”，看不出算不算，无法判断",
            "the feature {1} at {0:.2f} m has the class \"{2}\" and the name \"{3}\": nobody "
            "can tell whether it counts",
            found.distance_m,
            feature,
            layer.classes[found.row],
            name
        );
    }

    static Text beyond_words(const Layer& layer, const ZoneHit& hit) {
        const std::string far =
            hit.distance_m ? format("{:.1f}", *hit.distance_m / 1000.0) : "50";
        return text(
            "图层 {0} 的数据不到这里（图斑在它的范围之外，最近的要素在 {1} 千米{2}），无法判断",
            "the layer {0} does not come near (the plot lies outside of its extent, its "
            "nearest "
            "feature is {3}{1} km away): nobody can tell",
            layer.key,
            far,
            hit.distance_m ? "处" : "以外",
            hit.distance_m ? "" : "more than "
        );
    }

    const Plots& plots_;
    const Geometry& centroids_;
    const ZoneProfile& profile_;
    Execution execution_;
};

bool undecided(const Judged& one) {
    return one.hit.verdict == Verdict::unknown && one.doubt != Doubt::no_shape;
}

/// Layers by key, read once.
class ReadLayers {
public:
    explicit ReadLayers(const Context& context) : context_(context) {}

    /// Null if there is none of that key.
    const Layer* find(const std::string& key) {
        const auto source = context_.layers.find(key);
        if (source == context_.layers.end() || source->second == nullptr) {
            return nullptr;
        }
        const auto read = layers_.find(key);
        if (read != layers_.end()) {
            return &read->second;
        }
        Layer& layer = layers_[key] = source->second->all();
        layer.key = key;
        return &layer;
    }

private:
    const Context& context_;
    std::map<std::string, Layer> layers_;
};

/// Takes for undecided plots what another source has decided.
void take_decided(std::vector<Judged>& judged, std::vector<Judged> other) {
    for (std::size_t plot = 0; plot < judged.size(); ++plot) {
        if (undecided(judged[plot]) && other[plot].hit.verdict != Verdict::unknown) {
            judged[plot] = std::move(other[plot]);
        }
    }
}

/// What all sources of a rule tell together: the first that can tell does.
std::vector<Judged>
judge_rule(const SourceJudge& judge, const ZoneRule& rule, ReadLayers& layers) {
    std::vector<Judged> judged;
    for (const ZoneSource& source : rule.sources) {
        if (judged.empty()) {
            judged = judge.judge(rule, source, layers.find(source.layer));
            continue;
        }
        const Layer* const layer = layers.find(source.layer);
        if (layer == nullptr || std::none_of(judged.begin(), judged.end(), undecided)) {
            continue;
        }
        take_decided(judged, judge.judge(rule, source, layer));
    }
    return judged;
}

Text remedy(Doubt doubt, const ZoneRule& rule) {
    switch (doubt) {
    case Doubt::no_layer:
        return text(
            "请在 layers 里加上这个图层，或在 zones: layers 里指明哪个图层是 "
            "{0}；本县确实没有，"
            "就在 zones: rules 里写 {{id: {1}, off: true}}",
            "add the layer, or say under zones: layers which one is {0}; if the county has "
            "none, write {{id: {1}, off: true}} under zones: rules",
            rule.sources.front().role,
            rule.id
        );
    case Doubt::strange_class:
        return {
            "请在规则的 classes 或方案的 other_classes 里写明这些类别",
            "name those classes in the rule's classes or the profile's other_classes"};
    default:
        break;
    }
    return text(
        "请换覆盖全部图斑的数据；本县确实没有，就在 zones: rules 里写 {{id: {0}, off: true}}",
        "take data that cover all plots; if the county has none, write {{id: {0}, off: true}} "
        "under zones: rules",
        rule.id
    );
}

/// A warning for each kind of doubt of a rule, with how many plots it is about.
void tell_doubts(
    const ZoneRule& rule, const std::vector<Judged>& judged, std::vector<Issue>& issues
) {
    for (const Doubt doubt :
         {Doubt::no_layer,
          Doubt::empty,
          Doubt::beyond,
          Doubt::uncovered,
          Doubt::strange_class,
          Doubt::no_area}) {
        const auto is_it = [&](const Judged& one) { return one.doubt == doubt; };
        const auto first = std::find_if(judged.begin(), judged.end(), is_it);
        if (first == judged.end()) {
            continue;
        }
        const Text what = remedy(doubt, rule);
        Issue issue;
        issue.severity = Severity::warning;
        issue.code = "zone_unknown";
        issue.layer = rule.sources.front().layer;
        issue.field = rule.id;
        issue.message = text(
            "三区两线规则 {0}（{1}）对 {2} 个图斑判断不了：{3}。{5}",
            "the rule {0} ({1}) of 三区两线 is unknown for {2} plots: {4}. {6}",
            rule.id,
            rule.name,
            std::count_if(judged.begin(), judged.end(), is_it),
            first->hit.reason.zh,
            first->hit.reason.en,
            what.zh,
            what.en
        );
        issues.push_back(std::move(issue));
    }
}

Issue borderline(
    const Plots& plots, std::size_t row, const ZoneRule& rule, const ZoneHit& hit
) {
    Issue issue = indicators::plot_issue(plots, row, Severity::note, "zone_borderline");
    issue.layer = hit.layer;
    issue.field = rule.id;
    issue.message = {
        format("三区两线规则 {}（{}）：{}", rule.id, rule.name, hit.reason.zh),
        format("rule {} ({}) of 三区两线: {}", rule.id, rule.name, hit.reason.en)};
    return issue;
}

/// The same execution, which can be interrupted, with progress that does not move.
Execution standing_at(const Execution& execution, double done) {
    if (!execution.progress) {
        return execution;
    }
    const auto tell = [progress = execution.progress, done](double, const Text& stage) {
        return progress(done, stage);
    };
    return {execution.threads, tell};
}

/// All hits by plot, then rule, borderline ones told of.
void gather(
    const Plots& plots,
    const ZoneProfile& profile,
    std::vector<std::vector<Judged>> by_rule,
    ZoneHits& result
) {
    for (std::size_t at = 0; at < plots.size() * by_rule.size(); ++at) {
        const std::size_t plot = at / by_rule.size();
        const std::size_t rule = at % by_rule.size();
        ZoneHit& hit = by_rule[rule][plot].hit;
        hit.row = plot;
        hit.rule = rule;
        if (hit.borderline) {
            result.issues.push_back(borderline(plots, plot, profile.rules[rule], hit));
        }
        result.hits.push_back(std::move(hit));
    }
}

} // namespace

ZoneHits judge_zones(
    const Plots& plots,
    const Context& context,
    const ZoneProfile& profile,
    const Execution& execution
) {
    const Geometry centroids = indicators::centroids(plots.geometry);
    ReadLayers layers(context);
    std::vector<std::vector<Judged>> by_rule;
    ZoneHits result;
    for (const ZoneRule& rule : profile.rules) {
        const double done =
            static_cast<double>(by_rule.size()) / static_cast<double>(profile.rules.size());
        report_progress(
            execution, done, text("判断三区两线 {}", "judging 三区两线: {}", rule.id)
        );
        const SourceJudge judge(plots, centroids, profile, standing_at(execution, done));
        by_rule.push_back(judge_rule(judge, rule, layers));
        tell_doubts(rule, by_rule.back(), result.issues);
    }
    gather(plots, profile, std::move(by_rule), result);
    return result;
}

} // namespace tuban
