#include "core/format.hpp"
#include "indicators/zones.hpp"

namespace tuban {

const char* name_of(Verdict verdict) noexcept {
    switch (verdict) {
    case Verdict::no:
        return "no";
    case Verdict::yes:
        return "yes";
    case Verdict::unknown:
        break;
    }
    return "unknown";
}

const char* name_of(ZoneKind kind) noexcept {
    return kind == ZoneKind::zone ? "zone" : "line";
}

const char* name_of(ZoneMode mode) noexcept {
    switch (mode) {
    case ZoneMode::within:
        return "within";
    case ZoneMode::distance:
        return "distance";
    case ZoneMode::share:
        return "share";
    case ZoneMode::centroid:
        break;
    }
    return "centroid";
}

const char* name_of(ZoneMark mark) noexcept {
    switch (mark) {
    case ZoneMark::legal:
        return "legal";
    case ZoneMark::official:
        return "official";
    case ZoneMark::example:
        break;
    }
    return "example";
}

Text zone_rule_name(const std::string& name, ZoneMark mark) {
    return mark == ZoneMark::example ? text("{}（示例）", "{} (示例, example)", name)
                                     : Text{name, name};
}

namespace indicators {
namespace {

/// G217（国道）, or the feature's id where it has no name.
Text feature_words(const ZoneHit& hit) {
    Text words = hit.feature_name.empty() ? text("要素 {}", "feature {}", hit.feature_id)
                                          : Text{hit.feature_name, hit.feature_name};
    if (!hit.feature_class.empty()) {
        words.zh += "（" + hit.feature_class + "）";
        words.en += " (" + hit.feature_class + ")";
    }
    return words;
}

Text nearest_words(const ZoneHit& hit) {
    const Text feature = feature_words(hit);
    const double distance_m = hit.distance_m.value_or(0.0);
    const double half_m = hit.half_width_m.value_or(0.0);
    Text words = distance_m > 0.0 ? text(
                                        "最近的是{0}，距 {2:.2f} 米",
                                        "nearest: {1}, {2:.2f} m",
                                        feature.zh,
                                        feature.en,
                                        distance_m
                                    )
                                  : text(
                                        "与{0}相接、相交或在其中",
                                        "touches, crosses or lies in {1}",
                                        feature.zh,
                                        feature.en
                                    );
    if (half_m > 0.0) {
        words.zh += format("（中心线两侧各 {} 米已扣除）", half_m);
        words.en += format(" ({} m on both sides of the centreline taken off)", half_m);
    }
    return words;
}

/// What decides, and how it came out.
Text decision_words(const ZoneRule& rule, const ZoneHit& hit) {
    const bool yes = hit.verdict == Verdict::yes;
    switch (rule.mode) {
    case ZoneMode::within:
        return yes ? Text{} : Text{"，不相接", ": does not touch"};
    case ZoneMode::distance:
        return yes ? text("，在 {} 米以内", ", within {} m", rule.metres)
                   : text("，超过 {} 米", ", more than {} m", rule.metres);
    case ZoneMode::share:
        return text(
            "；图斑面积的 {:.4f}% 在 {} 米以内，界限 {}%",
            "; {:.4f} % of the plot's area within {} m, the limit is {} %",
            100.0 * hit.share.value_or(0.0),
            rule.metres,
            100.0 * rule.least_share
        );
    case ZoneMode::centroid:
        break;
    }
    return yes ? text("；重心在 {} 米以内", "; the centroid is within {} m", rule.metres)
               : text("；重心不在 {} 米以内", "; the centroid is not within {} m", rule.metres);
}

} // namespace

Text reason_of(const ZoneRule& rule, const ZoneHit& hit, const Text& layer_word) {
    if (!hit.distance_m) {
        return text(
            "图层{0}里没有这条规则所指的要素，或在 500 千米以外",
            "the layer {1} has no feature that the rule means, or none within 500 km",
            layer_word.zh,
            layer_word.en
        );
    }
    const Text nearest = nearest_words(hit);
    const Text decision = decision_words(rule, hit);
    Text words{nearest.zh + decision.zh, nearest.en + decision.en};
    if (hit.borderline) {
        words.zh += "；离界限不到误差，请核实";
        words.en += "; nearer to the limit than the error: check it";
    }
    return words;
}

} // namespace indicators
} // namespace tuban
