// Expected figures are of the plane of sample.hpp, whose scale is 1 to 1e-8. Synthetic (合成数据).
#include <tuban/indicators.hpp>

#include "catch.hpp"
#include "sample.hpp"

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace tuban;

namespace {

constexpr double m = 1e-3;        // what a distance is good for
constexpr double share_of = 1e-6; // what a share is good for

/// Layers by key, which live as long as the context that names them.
struct Given {
    std::vector<std::unique_ptr<LayerSource>> sources;
    Context context;

    Given& with(const std::string& key, Layer layer) {
        layer.key = key;
        sources.push_back(memory_source(std::move(layer)));
        context.layers[key] = sources.back().get();
        return *this;
    }
};

Layer layer_of(const std::vector<std::string>& wkb, const std::vector<std::string>& classes) {
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < wkb.size(); ++i) {
        ids.push_back(std::to_string(i + 1));
    }
    Layer layer = layer_from_wkb(wkb, ids, "EPSG:4516");
    layer.classes = classes;
    return layer;
}

/// Country roads along y = -200 and a highway along y = -300, both below a and b.
Layer two_roads() {
    Layer layer = layer_of(
        {sample::line({{-3000, -200}, {3000, -200}}),
         sample::line({{-3000, -300}, {3000, -300}})},
        {"县道", "高速公路"}
    );
    layer.names = {"X12", "G30"};
    return layer;
}

ZoneRule rule(ZoneMode mode, double metres, const std::string& layer = "road") {
    ZoneRule rule;
    rule.id = "r";
    rule.name = "规则";
    rule.kind = ZoneKind::line;
    rule.sources = {{layer, layer}};
    rule.mode = mode;
    rule.metres = metres;
    return rule;
}

ZoneProfile profile_of(std::vector<ZoneRule> rules) {
    ZoneProfile profile;
    profile.id = "p";
    profile.rules = std::move(rules);
    return profile;
}

ZoneHits judge(const Given& given, std::vector<ZoneRule> rules) {
    return judge_zones(sample::plots(), given.context, profile_of(std::move(rules)));
}

std::string verdicts(const ZoneHits& hits) {
    std::string words;
    for (const ZoneHit& hit : hits.hits) {
        words += (words.empty() ? "" : " ") + std::string(name_of(hit.verdict));
    }
    return words;
}

std::vector<std::string> codes(const ZoneHits& hits) {
    std::vector<std::string> found;
    for (const Issue& issue : hits.issues) {
        CHECK_FALSE(issue.message.zh.empty());
        CHECK_FALSE(issue.message.en.empty());
        found.push_back(issue.code);
    }
    return found;
}

} // namespace

TEST_CASE(
    "A rule by distance quotes the nearest feature, and its limit is included", "[zones]"
) {
    Given given;
    given.with("road", two_roads());
    const ZoneHits hits = judge(given, {rule(ZoneMode::distance, 260)});
    CHECK(verdicts(hits) == "yes yes no unknown"); // c lies 900 m away, d has no shape
    const ZoneHit& a = hits.hits[0];
    CHECK(a.layer == "road");
    CHECK(a.feature_id == "1");
    CHECK(a.feature_name == "X12");
    CHECK(a.feature_class == "县道");
    CHECK_THAT(a.distance_m.value(), WithinAbs(200.0, m));
    CHECK_THAT(a.share.value(), WithinAbs(0.6, share_of)); // 60 of 100 m
    CHECK(a.intersects == true);
    CHECK(a.centroid_inside == true); // at 250 m
    CHECK_FALSE(a.borderline);
    CHECK_THAT(a.reason.zh, ContainsSubstring("X12（县道）"));
    CHECK_THAT(a.reason.zh, ContainsSubstring("200.00 米"));
    CHECK_THAT(hits.hits[2].distance_m.value(), WithinAbs(900.0, m));
    CHECK(hits.hits[2].share == 0.0);
    CHECK(hits.issues.empty()); // that d has no shape was told when it was read
}

TEST_CASE("Which membership decides is the rule's to say", "[zones]") {
    Given given;
    given.with("road", two_roads());
    // At 230 m a third of a is inside, its centroid (at 250 m) is not.
    ZoneRule share = rule(ZoneMode::share, 230);
    share.least_share = 0.31;
    CHECK(verdicts(judge(given, {rule(ZoneMode::distance, 230)})) == "yes yes no unknown");
    CHECK(verdicts(judge(given, {rule(ZoneMode::within, 0)})) == "no no no unknown");
    CHECK(verdicts(judge(given, {rule(ZoneMode::centroid, 230)})) == "no no no unknown");
    CHECK(verdicts(judge(given, {rule(ZoneMode::centroid, 251)})) == "yes yes no unknown");
    CHECK(verdicts(judge(given, {share})) == "no no no unknown");
    share.least_share = 0.29;
    const ZoneHits hits = judge(given, {share});
    CHECK(verdicts(hits) == "yes yes no unknown");
    CHECK_THAT(hits.hits[0].share.value(), WithinAbs(0.3, share_of));
    CHECK(hits.hits[0].intersects == true);
    CHECK(hits.hits[0].centroid_inside == false);
}

TEST_CASE("Within is to touch, to cross, or to lie in a feature", "[zones]") {
    Given given;
    given.with(
        "reserve",
        layer_of(
            {sample::square(-100, -100, 400), // holds a and b
             sample::square(200, 750, 100)},  // shares an edge with c
            {"国家级", "国家级"}
        )
    );
    const ZoneHits hits = judge(given, {rule(ZoneMode::within, 0, "reserve")});
    CHECK(verdicts(hits) == "yes yes yes unknown");
    CHECK_THAT(hits.hits[0].share.value(), WithinAbs(1.0, share_of));
    CHECK_THAT(hits.hits[2].share.value(), WithinAbs(0.0, share_of));
    CHECK(hits.hits[0].centroid_inside == true);
    CHECK(hits.hits[2].centroid_inside == false);
    CHECK_FALSE(hits.hits[0].borderline);
}

TEST_CASE("Half widths are taken off distances from lines, by class", "[zones]") {
    Given given;
    given.with("road", two_roads());
    ZoneRule wide = rule(ZoneMode::distance, 190);
    wide.half_width_m = 5.0;
    CHECK(verdicts(judge(given, {wide})) == "no no no unknown"); // 195 m
    wide.half_widths = {{{"县道"}, 12.0}};
    const ZoneHits hits = judge(given, {wide});
    CHECK(verdicts(hits) == "yes yes no unknown");
    CHECK_THAT(hits.hits[0].distance_m.value(), WithinAbs(188.0, m));
    CHECK(hits.hits[0].half_width_m == 12.0);
    CHECK_THAT(
        hits.hits[0].share.value(), WithinAbs(0.02, share_of)
    ); // 202 m from the centreline
    CHECK_THAT(hits.hits[0].reason.zh, ContainsSubstring("12 米"));
    // A highway so wide that it is the nearer one: 300 − 150 against 200 − 12.
    wide.half_widths.push_back({{"高速公路"}, 150.0});
    const ZoneHits wider = judge(given, {wide});
    CHECK(wider.hits[0].feature_name == "G30");
    CHECK_THAT(wider.hits[0].distance_m.value(), WithinAbs(150.0, m));
    // Within 190 m of the one, 2 m of a are; of the other, 40 m: the union counts once. Chords leave 1 mm of 100 m.
    CHECK_THAT(wider.hits[0].share.value(), WithinAbs(0.4, 1e-5 + share_of));
}

TEST_CASE("A polygon is measured from its edge, whatever its class is wide", "[zones]") {
    Given given;
    given.with("road", layer_of({sample::square(0, -300, 100)}, {"1003"}));
    ZoneRule wide = rule(ZoneMode::distance, 190);
    wide.half_width_m = 20.0;
    const ZoneHits hits = judge(given, {wide});
    CHECK_THAT(hits.hits[0].distance_m.value(), WithinAbs(200.0, m));
    CHECK(hits.hits[0].verdict == Verdict::no);
}

TEST_CASE("Nothing to go by is unknown, never no", "[zones]") {
    Given given;
    const std::vector<ZoneRule> rules{rule(ZoneMode::distance, 1000)};
    const ZoneHits missing = judge(given, rules);
    CHECK(verdicts(missing) == "unknown unknown unknown unknown");
    CHECK(codes(missing) == std::vector<std::string>{"zone_unknown"});
    CHECK_THAT(missing.hits[0].reason.en, ContainsSubstring("has no layer road"));
    CHECK_FALSE(missing.hits[0].distance_m);

    given.with("road", layer_of({}, {}));
    const ZoneHits empty = judge(given, rules);
    CHECK(verdicts(empty) == "unknown unknown unknown unknown");
    CHECK_THAT(empty.hits[0].reason.en, ContainsSubstring("has no features"));

    Given far; // 60 km to the east, and no more of it
    far.with("road", layer_of({sample::line({{60'000, 0}, {60'000, 500}})}, {""}));
    const ZoneHits beyond = judge(far, rules);
    CHECK(verdicts(beyond) == "unknown unknown unknown unknown");
    CHECK_THAT(beyond.hits[0].reason.en, ContainsSubstring("59.9 km"));
    CHECK_THAT(beyond.hits[0].distance_m.value(), WithinAbs(59'900.0, 3.0)); // the zone's scale

    Given near; // the same, but the layer begins in the west: its extent holds the plots
    near.with(
        "road",
        layer_of(
            {sample::line({{60'000, -900}, {60'000, 2000}}),
             sample::line({{-60'000, -900}, {-60'000, 2000}})},
            {"", ""}
        )
    );
    CHECK(verdicts(judge(near, rules)) == "no no no unknown");
}

TEST_CASE("A class that nobody names leaves a verdict open only where it is near", "[zones]") {
    ZoneRule highways = rule(ZoneMode::distance, 350);
    highways.sources[0].classes = {"高速公路"};
    Given given;
    given.with("road", two_roads());
    const ZoneHits hits =
        judge(given, {highways}); // 县道 is strange, but a highway is near as well
    CHECK(verdicts(hits) == "yes yes no unknown");
    CHECK(hits.hits[0].feature_name == "G30");

    highways.metres = 250; // only the strange one is as near as that
    const ZoneHits strange = judge(given, {highways});
    CHECK(verdicts(strange) == "unknown unknown no unknown");
    CHECK_THAT(strange.hits[0].reason.zh, ContainsSubstring("县道"));
    CHECK(codes(strange) == std::vector<std::string>{"zone_unknown"});

    ZoneProfile knows = profile_of({highways});
    knows.other_classes = {{"road", "road", {"县道"}}};
    CHECK(verdicts(judge_zones(sample::plots(), given.context, knows)) == "no no no unknown");
    // No highway at all in a layer whose classes are all known: there is none.
    Given one;
    one.with("road", layer_of({sample::line({{-3000, -200}, {3000, -200}})}, {"县道"}));
    const ZoneHits none = judge_zones(sample::plots(), one.context, knows);
    CHECK(verdicts(none) == "no no no unknown");
    CHECK_FALSE(none.hits[0].distance_m);
}

TEST_CASE("Features count by how their names begin", "[zones]") {
    Layer rivers = two_roads();
    rivers.names = {"长江宜昌段", ""};
    ZoneRule yangtze = rule(ZoneMode::distance, 250, "river");
    yangtze.sources[0].names = {"长江"};
    Given given;
    given.with("river", rivers);
    CHECK(verdicts(judge(given, {yangtze})) == "yes yes no unknown");
    rivers.names = {"黄河", ""};
    Given other;
    other.with("river", rivers);
    CHECK(verdicts(judge(other, {yangtze})) == "no no no unknown");
    yangtze.metres = 350; // as far as the river without a name
    CHECK(verdicts(judge(other, {yangtze})) == "unknown unknown no unknown");
}

TEST_CASE("Land use serves where a layer of its own is missing", "[zones]") {
    ZoneRule lakes = rule(ZoneMode::distance, 100, "lake");
    lakes.sources.push_back({"landuse", "landuse", {"1102", "1104"}});
    Given given;
    given.with(
        "landuse",
        layer_of(
            {sample::square(0, -150, 100), sample::square(-300, 400, 900)}, {"1104A", "0103"}
        )
    );
    const ZoneHits hits = judge(given, {lakes});
    CHECK(verdicts(hits) == "yes yes no unknown"); // the field goes on for 300 m round c
    CHECK(hits.hits[0].layer == "landuse");
    CHECK(hits.hits[0].feature_class == "1104A"); // a pond, used for fish
    CHECK_THAT(hits.hits[0].distance_m.value(), WithinAbs(50.0, m));
    // A field that ends 100 m north of c leaves open what lies beyond.
    Given ends;
    ends.with("landuse", layer_of({sample::square(-300, 100, 900)}, {"0103"}));
    const ZoneHits open = judge(ends, {lakes});
    CHECK(verdicts(open) == "unknown unknown unknown unknown");
    CHECK_THAT(open.hits[2].reason.en, ContainsSubstring("no layer lake"));
    ZoneRule ponds = lakes;
    ponds.sources.erase(ponds.sources.begin());
    CHECK_THAT(
        judge(ends, {ponds}).hits[2].reason.en, ContainsSubstring("do not cover the 100 m")
    );
    // A lake layer that can tell goes before.
    given.with("lake", layer_of({sample::square(0, -400, 100)}, {""}));
    const ZoneHits own = judge(given, {lakes});
    CHECK(verdicts(own) == "no no no unknown");
    CHECK(own.hits[0].layer == "lake");
}

TEST_CASE("A distance nearer to the limit than its error is told", "[zones]") {
    Given given;
    given.with("road", two_roads());
    const ZoneHits hits = judge(given, {rule(ZoneMode::distance, 200)});
    CHECK(hits.hits[0].borderline);
    CHECK(hits.hits[1].borderline);
    CHECK_FALSE(hits.hits[2].borderline);
    CHECK(codes(hits) == std::vector<std::string>{"zone_borderline", "zone_borderline"});
    CHECK(std::abs(hits.hits[0].distance_m.value() - 200.0) <= hits.hits[0].error_m.value());
    CHECK_THAT(hits.hits[0].reason.zh, ContainsSubstring("请核实"));
    ZoneRule half = rule(ZoneMode::share, 250);
    CHECK(judge(given, {half}).hits[0].borderline); // a share of 0.5, to the digit
}

TEST_CASE("The columns tell yes, no and unknown apart", "[zones]") {
    Given given;
    given.with("road", two_roads());
    ZoneRule near = rule(ZoneMode::distance, 250);
    near.id = "near";
    near.name = "道路两侧";
    near.severity = 2;
    ZoneRule far = rule(ZoneMode::distance, 2000);
    far.id = "far";
    far.name = "道路周边";
    far.mark = ZoneMark::official;
    ZoneRule lake = rule(ZoneMode::distance, 500, "lake");
    lake.id = "lake";
    lake.severity = 9;
    const auto columns = [&](const std::vector<ZoneRule>& rules) {
        Table table;
        table.rows = 4;
        const ZoneProfile profile = profile_of(rules);
        put_zones(table, profile, judge_zones(sample::plots(), given.context, profile));
        return table;
    };
    const Table all = columns({near, far, lake});
    CHECK(all.at("zones").text(0) == "near,far");
    CHECK(all.at("zone_names").text(0) == "道路两侧（示例）、道路周边");
    CHECK(all.at("zones_unknown").text(0) == "lake");
    CHECK(all.at("zone_severity").integer(0) == 2);
    CHECK(all.at("zones").text(2) == "far");
    CHECK_FALSE(all.at("zones").text(3)); // nothing holds, and all is unknown
    CHECK_FALSE(all.at("zone_severity").integer(3));
    CHECK(all.at("zones_unknown").text(3) == "near,far,lake");
    const Table one = columns({near});
    CHECK(one.at("zones").text(2) == ""); // known, and none
    CHECK(one.at("zone_severity").integer(2) == 0);
    CHECK(one.at("zones_unknown").text(2) == "");
    const Table open = columns({near, lake});
    CHECK_FALSE(open.at("zones").text(2));
}

TEST_CASE("The centroid of an area with a hole is that of what is left", "[zones]") {
    // 300 m square less a 100 m hole in its lower left ninth: Σ(A·x)/ΣA = (9·150 − 50)/8 = 162.5 on both axes.
    std::string wkb(1, '\1');
    sample::put(wkb, std::uint32_t{3});
    sample::put(wkb, std::uint32_t{2});
    sample::put(wkb, {{0, 0}, {300, 0}, {300, 300}, {0, 300}, {0, 0}});
    sample::put(wkb, {{1, 1}, {1, 101}, {101, 101}, {101, 1}, {1, 1}});
    const Plots plots = plots_from_wkb({wkb}, {"h"}, "EPSG:4516");
    // The hole is moved by 1 m so that it does not touch: (90000·150 − 10000·51)/80000.
    const double centre = (90'000.0 * 150.0 - 10'000.0 * 51.0) / 80'000.0;
    Given given;
    given.with("road", layer_of({sample::line({{-3000, -100}, {3000, -100}})}, {""}));
    const auto inside = [&](double metres) {
        return judge_zones(plots, given.context, profile_of({rule(ZoneMode::centroid, metres)}))
                   .hits[0]
                   .verdict == Verdict::yes;
    };
    CHECK(inside(100.0 + centre + 0.01));
    CHECK_FALSE(inside(100.0 + centre - 0.01));
}

TEST_CASE("Verdicts are the same for any number of threads", "[zones]") {
    Given given;
    given.with("road", two_roads());
    const ZoneProfile profile = profile_of({rule(ZoneMode::distance, 250)});
    const ZoneHits one = judge_zones(sample::plots(), given.context, profile, {1, {}});
    const ZoneHits four = judge_zones(sample::plots(), given.context, profile, {4, {}});
    REQUIRE(one.hits.size() == four.hits.size());
    for (std::size_t i = 0; i < one.hits.size(); ++i) {
        CHECK(one.hits[i].distance_m == four.hits[i].distance_m);
        CHECK(one.hits[i].share == four.hits[i].share);
        CHECK(one.hits[i].reason == four.hits[i].reason);
    }
}
