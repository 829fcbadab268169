#include "catch.hpp"
#include "shapes_for_tests.hpp"

#include <algorithm>
#include <cmath>
#include <random>

using namespace tuban;

namespace {

void append(const Layer& from, std::size_t feature, Layer& to) {
    const Geometry& g = from.geometry;
    for (std::size_t part = g.feature_offsets[feature]; part < g.feature_offsets[feature + 1];
         ++part) {
        for (std::size_t ring = g.part_offsets[part]; ring < g.part_offsets[part + 1]; ++ring) {
            for (std::size_t v = g.ring_offsets[ring]; v < g.ring_offsets[ring + 1]; ++v) {
                to.geometry.lon_deg.push_back(g.lon_deg[v]);
                to.geometry.lat_deg.push_back(g.lat_deg[v]);
            }
            to.geometry.ring_offsets.push_back(to.geometry.lon_deg.size());
        }
        to.geometry.part_offsets.push_back(to.geometry.ring_offsets.size() - 1);
    }
    to.geometry.feature_offsets.push_back(to.geometry.part_offsets.size() - 1);
    to.geometry.kinds.push_back(g.kinds[feature]);
    to.ids.push_back(from.ids[feature]);
    to.names.push_back(from.names[feature]);
    to.classes.push_back(from.classes[feature]);
}

/// A source that hands out small pieces and exact windows, and counts what it hands out.
class Counting final : public LayerSource {
public:
    explicit Counting(Layer layer) : layer_(std::move(layer)) {}

    [[nodiscard]] const std::string& key() const override { return layer_.key; }

    Layer all() override { return layer_; }

    Layer window(const LonLatBox& box) override {
        Layer found;
        for (std::size_t feature = 0; feature < layer_.size(); ++feature) {
            if (touches(feature, box)) {
                append(layer_, feature, found);
            }
        }
        ++windows;
        handed_out += found.size();
        return found;
    }

    void stream(std::size_t /*batch*/, const std::function<bool(const Layer&)>& take) override {
        constexpr std::size_t few = 97;
        for (std::size_t first = 0; first < layer_.size(); first += few) {
            Layer piece;
            for (std::size_t i = first; i < std::min(layer_.size(), first + few); ++i) {
                append(layer_, i, piece);
            }
            ++pieces;
            if (!take(piece)) {
                return;
            }
        }
    }

    std::size_t windows = 0;
    std::size_t pieces = 0;
    std::size_t handed_out = 0;

private:
    [[nodiscard]] bool touches(std::size_t feature, const LonLatBox& box) const {
        const Geometry& g = layer_.geometry;
        const std::size_t first = g.ring_offsets[g.part_offsets[g.feature_offsets[feature]]];
        const std::size_t last = g.ring_offsets[g.part_offsets[g.feature_offsets[feature + 1]]];
        LonLatBox own{999.0, 999.0, -999.0, -999.0};
        for (std::size_t v = first; v < last; ++v) {
            own.west_deg = std::min(own.west_deg, g.lon_deg[v]);
            own.east_deg = std::max(own.east_deg, g.lon_deg[v]);
            own.south_deg = std::min(own.south_deg, g.lat_deg[v]);
            own.north_deg = std::max(own.north_deg, g.lat_deg[v]);
        }
        return own.west_deg <= box.east_deg && own.east_deg >= box.west_deg &&
               own.south_deg <= box.north_deg && own.north_deg >= box.south_deg;
    }

    Layer layer_;
};

class Scene {
public:
    explicit Scene(std::uint64_t seed) : random_(seed) {}

    /// Roads, points and fields in a square about a place, with doubles among them.
    Layer layer(LonLat middle, double half_deg, std::size_t count) {
        Layer made;
        for (std::size_t i = 0; i < count; ++i) {
            const LonLat at{
                middle.lon_deg + half_deg * unit(), middle.lat_deg + half_deg * unit()};
            switch (i % 3) {
            case 0: {
                std::vector<LonLat> road{at};
                for (int k = 0; k < 6; ++k) {
                    road.push_back(
                        {road.back().lon_deg + 0.002 * unit(),
                         road.back().lat_deg + 0.002 * unit()}
                    );
                }
                shapes::add(made.geometry, GeometryKind::line, {{road}});
                break;
            }
            case 1:
                shapes::add(made.geometry, GeometryKind::point, {{{at}}});
                break;
            default:
                shapes::add_polygon(
                    made.geometry,
                    {shapes::box(
                        at.lon_deg, at.lat_deg, at.lon_deg + 0.003, at.lat_deg + 0.002
                    )}
                );
            }
            made.ids.push_back("f" + std::to_string(i));
        }
        wrap(made.geometry);
        made.names.assign(made.ids.size(), "");
        made.classes.assign(made.ids.size(), "");
        return made;
    }

    Geometry plots(LonLat middle, double half_deg, std::size_t count) {
        Geometry made;
        for (std::size_t i = 0; i < count; ++i) {
            const double west = middle.lon_deg + half_deg * unit();
            const double south = middle.lat_deg + half_deg * unit();
            shapes::add_polygon(made, {shapes::box(west, south, west + 0.002, south + 0.001)});
        }
        wrap(made);
        return made;
    }

private:
    static void wrap(Geometry& geometry) {
        for (double& lon : geometry.lon_deg) {
            lon = std::remainder(lon, 360.0);
        }
    }

    double unit() { return std::uniform_real_distribution<double>(-1.0, 1.0)(random_); }

    std::mt19937_64 random_;
};

void check_same(
    const Geometry& plots,
    const std::string& crs,
    const Layer& layer,
    AccessPath path,
    const NearestOptions& options = {}
) {
    Counting source(layer);
    const Layer some = nearest_candidates(plots, crs, source, path, options);
    const auto expected = nearest(plots, crs, layer, options);
    const auto got = nearest(plots, crs, some, options);
    REQUIRE(got.size() == expected.size());
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
        const bool same =
            got[i].has_value() == expected[i].has_value() &&
            (!got[i] || (got[i]->distance_m == expected[i]->distance_m &&
                         got[i]->error_m == expected[i]->error_m &&
                         got[i]->plot_foot == expected[i]->plot_foot &&
                         got[i]->target_foot == expected[i]->target_foot &&
                         some.ids[got[i]->target] == layer.ids[expected[i]->target]));
        wrong += same ? 0U : 1U;
    }
    CHECK(wrong == 0);
}

} // namespace

TEST_CASE("How a layer is come by changes no bit of a distance", "[spatial][access]") {
    Scene scene(5);
    const LonLat middle{84.0, 46.0};
    const Layer layer = scene.layer(middle, 0.6, 6000);
    const Geometry many = scene.plots(middle, 0.8, 10'000);
    check_same(many, "EPSG:4490", layer, AccessPath::stream);
    check_same(many, "EPSG:4490", layer, AccessPath::window);
    check_same(scene.plots(middle, 0.3, 300), "EPSG:4534", layer, AccessPath::window);
    check_same(scene.plots(middle, 0.3, 300), "EPSG:4534", layer, AccessPath::stream);
    for (const double range_m : {50.0, 3000.0, 40'000.0}) {
        check_same(
            scene.plots({84.9, 46.0}, 0.4, 80),
            "EPSG:4490",
            layer,
            AccessPath::window,
            {range_m}
        );
        check_same(
            scene.plots({84.9, 46.0}, 0.4, 80),
            "EPSG:4490",
            layer,
            AccessPath::stream,
            {range_m}
        );
    }
}

TEST_CASE("Plots at ±180° and near a pole find the same in a stream", "[spatial][access]") {
    Scene scene(6);
    for (const LonLat middle : {LonLat{180.0, 52.0}, LonLat{20.0, 88.5}, LonLat{0.0, -87.0}}) {
        const Layer layer = scene.layer(middle, 0.5, 600);
        const Geometry plots = scene.plots(middle, 0.5, 60);
        check_same(plots, "EPSG:4490", layer, AccessPath::window);
        check_same(plots, "EPSG:4490", layer, AccessPath::stream);
    }
}

TEST_CASE("A window holds what is near, and no more is read than needed", "[spatial][access]") {
    Scene scene(7);
    const Layer layer = scene.layer({84.0, 46.0}, 3.0, 20'000);
    const Geometry plots = scene.plots({84.0, 46.0}, 0.05, 20);
    Counting source(layer);
    const Layer some = nearest_candidates(plots, "EPSG:4490", source, AccessPath::window);
    CHECK(some.size() < layer.size() / 20);
    CHECK(source.windows <= 5);
    CHECK(source.pieces == 0);
    Counting streamed(layer);
    const Layer kept = nearest_candidates(plots, "EPSG:4490", streamed, AccessPath::stream);
    CHECK(
        kept.size() < 20 * plots.size()
    ); // what stays is of the order of the plots, not of the layer
    CHECK(streamed.windows == 0);
}

TEST_CASE(
    "An empty layer, no plots and plots without geometry have candidates too",
    "[spatial][access]"
) {
    Scene scene(8);
    const Layer layer = scene.layer({84.0, 46.0}, 0.1, 50);
    Geometry nothing;
    shapes::add(nothing, GeometryKind::none, {});
    for (const AccessPath path : {AccessPath::window, AccessPath::stream, AccessPath::memory}) {
        check_same({}, "EPSG:4490", layer, path);
        check_same(nothing, "EPSG:4490", layer, path);
        check_same(scene.plots({84.0, 46.0}, 0.1, 5), "EPSG:4490", {}, path);
        Counting source(layer);
        CHECK_THROWS_AS(nearest_candidates({}, "EPSG:4490", source, path, {-1.0}), Error);
    }
}

TEST_CASE("The way to a layer is chosen by how much there is of both", "[spatial][access]") {
    CHECK(access_path(28, {10'000'000, true}) == AccessPath::window);
    CHECK(access_path(500, {1000, true}) == AccessPath::window);
    CHECK(access_path(501, {1000, true}) == AccessPath::memory);
    CHECK(access_path(28, {10'000'000, false}) == AccessPath::stream);
    CHECK(access_path(1000, {50'000, false}) == AccessPath::memory);
    CHECK(access_path(1000, {51'000, true}) == AccessPath::stream);
    CHECK(access_path(0, {0, false}) == AccessPath::memory);
}
