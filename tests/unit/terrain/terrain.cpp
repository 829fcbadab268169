#include <tuban/geodesy.hpp>
#include <tuban/terrain.hpp>

#include "catch.hpp"

#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace tuban;

namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double no_data = std::numeric_limits<double>::quiet_NaN();

/// 1.4° east of the central meridian of EPSG:4516: lengths there are 1.00015 of the ground's.
constexpr LonLat middle{85.4, 45.9};

class MemoryRaster final : public RasterSource {
public:
    MemoryRaster(int size, std::array<double, 6> transform, std::string crs)
        : size_(size), transform_(transform), crs_(std::move(crs)),
          heights_(static_cast<std::size_t>(size) * static_cast<std::size_t>(size)) {}

    [[nodiscard]] int columns() const override { return size_; }

    [[nodiscard]] int rows() const override { return size_; }

    [[nodiscard]] std::array<double, 6> geo_transform() const override { return transform_; }

    [[nodiscard]] const std::string& crs() const override { return crs_; }

    [[nodiscard]] std::vector<double> read(const RasterWindow& window) override {
        std::vector<double> result;
        for (int r = window.row; r < window.row + window.rows; ++r) {
            for (int c = window.column; c < window.column + window.columns; ++c) {
                REQUIRE((c >= 0 && r >= 0 && c < size_ && r < size_));
                result.push_back(cell(c, r));
            }
        }
        return result;
    }

    double& cell(int c, int r) {
        return heights_
            [static_cast<std::size_t>(r) * static_cast<std::size_t>(size_) +
             static_cast<std::size_t>(c)];
    }

    /// Heights by a function of metres east and north of `middle`.
    void fill(const std::function<double(LocalFrame::Point)>& height) {
        const Transform transform(parse_crs(crs_));
        const LocalFrame frame(middle);
        for (int r = 0; r < size_; ++r) {
            for (int c = 0; c < size_; ++c) {
                std::vector<double> x{
                    transform_[0] + (c + 0.5) * transform_[1] + (r + 0.5) * transform_[2]};
                std::vector<double> y{
                    transform_[3] + (c + 0.5) * transform_[4] + (r + 0.5) * transform_[5]};
                transform.to_lonlat(x, y);
                cell(c, r) = height(frame.forward({x[0], y[0]}));
            }
        }
    }

private:
    int size_;
    std::array<double, 6> transform_;
    std::string crs_;
    std::vector<double> heights_;
};

/// Grids of 80 × 80 cells of about 30 m with `middle` in their middle.
struct Layout {
    std::string name;
    std::string crs;
    std::array<double, 6> transform;
};

std::vector<Layout> layouts() {
    std::vector<double> x{middle.lon_deg};
    std::vector<double> y{middle.lat_deg};
    Transform(parse_crs("EPSG:4516")).from_lonlat(x, y);
    const double turn = pi / 6.0;
    const double a = 30.0 * std::cos(turn);
    const double b = 30.0 * std::sin(turn);
    const double d = 1.0 / 3600.0;
    return {
        {"projected", "EPSG:4516", {x[0] - 1200.0, 30.0, 0.0, y[0] + 1200.0, 0.0, -30.0}},
        {"south up", "EPSG:4516", {x[0] - 1200.0, 30.0, 0.0, y[0] - 1200.0, 0.0, 30.0}},
        {"turned by 30°",
         "EPSG:4516",
         {x[0] - 40.0 * (a + b), a, b, y[0] - 40.0 * (b - a), b, -a}},
        {"geographic",
         "EPSG:4490",
         {middle.lon_deg - 40.0 * d, d, 0.0, middle.lat_deg + 40.0 * d, 0.0, -d}}};
}

MemoryRaster raster_of(const Layout& layout) {
    return {80, layout.transform, layout.crs};
}

void add_ring(
    Geometry& geometry, double radius_m, LocalFrame::Point centre, bool clockwise = false
) {
    const LocalFrame frame(middle);
    constexpr int corners = 90;
    for (int i = 0; i < corners; ++i) {
        const double turn = 2.0 * pi * (clockwise ? corners - i : i) / corners;
        const LonLat at = frame.inverse(
            {centre.x_m + radius_m * std::cos(turn), centre.y_m + radius_m * std::sin(turn)}
        );
        geometry.lon_deg.push_back(at.lon_deg);
        geometry.lat_deg.push_back(at.lat_deg);
    }
    geometry.ring_offsets.push_back(geometry.lon_deg.size());
}

void end_plot(Geometry& geometry) {
    geometry.part_offsets.push_back(geometry.ring_offsets.size() - 1);
    geometry.feature_offsets.push_back(geometry.part_offsets.size() - 1);
    geometry.kinds.push_back(GeometryKind::polygon);
}

/// A circle of 90 corners round a place in metres from `middle`.
Geometry circle(double radius_m, LocalFrame::Point centre = {}) {
    Geometry geometry;
    add_ring(geometry, radius_m, centre);
    end_plot(geometry);
    return geometry;
}

PlotTerrain measure(const Geometry& plot, RasterSource& raster) {
    const std::vector<PlotTerrain> results = plot_terrain(plot, "EPSG:4490", raster);
    REQUIRE(results.size() == 1);
    return results[0];
}

/// A frustum dug into a plane: whole depth within 100 m of the middle, none beyond 250 m.
double frustum(LocalFrame::Point at, double depth_m) {
    const double away = std::hypot(at.x_m, at.y_m);
    const double share = std::min(1.0, std::max(0.0, (250.0 - away) / 150.0));
    return 1000.0 + 0.12 * at.x_m - 0.2 * at.y_m - depth_m * share;
}

} // namespace

TEST_CASE("A plane has its own slope in every aspect, on every grid", "[terrain]") {
    for (const Layout& layout : layouts()) {
        MemoryRaster raster = raster_of(layout);
        for (int aspect = 0; aspect < 8; ++aspect) {
            INFO(layout.name << ", aspect " << aspect * 45 << "°");
            const double turn = aspect * pi / 4.0;
            raster.fill([&](LocalFrame::Point at) {
                return 800.0 + 0.3 * (at.x_m * std::sin(turn) + at.y_m * std::cos(turn));
            });
            const PlotTerrain terrain = measure(circle(400.0), raster);
            CHECK(terrain.note.en.empty());
            REQUIRE(terrain.slope_mean_deg);
            // atan(0.3) = 16.699244233993621°
            CHECK_THAT(*terrain.slope_mean_deg, WithinAbs(16.699244233993621, 1e-5));
            REQUIRE(terrain.pit_depth_max_m);
            CHECK_THAT(*terrain.pit_depth_max_m, WithinAbs(0.0, 1e-4));
            // At either end cell centres reach to within a diagonal of a cell (42.43 m) of the circle.
            REQUIRE(terrain.elevation_range_m);
            CHECK_THAT(*terrain.elevation_range_m, WithinAbs(0.3 * 800.0, 0.3 * 84.86));
        }
    }
}

TEST_CASE("Only cells with their centre in the plot count", "[terrain]") {
    // Cell centres stand 30 m apart, 15 m from the corner of the grid: 4 columns lie within x of 100..220 m.
    const Layout layout = layouts().front();
    MemoryRaster raster = raster_of(layout);
    for (int r = 0; r < 80; ++r) {
        for (int c = 0; c < 80; ++c) {
            raster.cell(c, r) = 10.0 * c;
        }
    }
    std::vector<double> x{100.0, 220.0, 220.0, 100.0};
    std::vector<double> y{-320.0, -320.0, -200.0, -200.0};
    for (std::size_t i = 0; i < 4; ++i) {
        x[i] += layout.transform[0];
        y[i] += layout.transform[3];
    }
    Transform(parse_crs("EPSG:4516")).to_lonlat(x, y);
    Geometry plot;
    plot.lon_deg = x;
    plot.lat_deg = y;
    plot.ring_offsets.push_back(4);
    end_plot(plot);
    const std::vector<PlotTerrain> results = plot_terrain(plot, "EPSG:4516", raster);
    REQUIRE(results[0].elevation_range_m);
    CHECK_THAT(*results[0].elevation_range_m, WithinAbs(30.0, 1e-9)); // columns 3..6
}

TEST_CASE("A frustum in a tilted plane is as deep as it was dug", "[terrain]") {
    for (const Layout& layout : layouts()) {
        INFO(layout.name);
        MemoryRaster raster = raster_of(layout);
        raster.fill([](LocalFrame::Point at) { return frustum(at, 25.0); });
        const PlotTerrain terrain = measure(circle(320.0), raster);
        REQUIRE(terrain.pit_depth_max_m);
        CHECK_THAT(*terrain.pit_depth_max_m, WithinAbs(25.0, 1e-3));
    }
}

TEST_CASE("A heap is no pit", "[terrain]") {
    MemoryRaster raster = raster_of(layouts().front());
    raster.fill([](LocalFrame::Point at) { return frustum(at, -25.0); });
    const PlotTerrain terrain = measure(circle(320.0), raster);
    REQUIRE(terrain.pit_depth_max_m);
    CHECK_THAT(*terrain.pit_depth_max_m, WithinAbs(0.0, 1e-3));
}

TEST_CASE("The rim of a hole is rim, and its cells are not the plot's", "[terrain]") {
    // The hole takes out the pit, and lies on the plane itself: nothing is deep.
    MemoryRaster raster = raster_of(layouts().front());
    raster.fill([](LocalFrame::Point at) { return frustum(at, 25.0); });
    Geometry plot;
    add_ring(plot, 600.0, {});
    add_ring(plot, 320.0, {}, true);
    end_plot(plot);
    const PlotTerrain around = measure(plot, raster);
    REQUIRE(around.pit_depth_max_m);
    CHECK_THAT(*around.pit_depth_max_m, WithinAbs(0.0, 1e-3));
    REQUIRE(around.slope_mean_deg);
    // atan(√(0.12² + 0.2²)) = 13.131206…°
    CHECK_THAT(
        *around.slope_mean_deg, WithinAbs(std::atan(std::hypot(0.12, 0.2)) * 180.0 / pi, 1e-4)
    );
    // With the hole on the floor of the pit, its samples pull the plane down by their share of the rim's length:
    // 25 m · 50 / (320 + 50).
    Geometry holed;
    add_ring(holed, 320.0, {});
    add_ring(holed, 50.0, {}, true);
    end_plot(holed);
    const PlotTerrain pulled = measure(holed, raster);
    REQUIRE(pulled.pit_depth_max_m);
    CHECK_THAT(*pulled.pit_depth_max_m, WithinAbs(25.0 - 25.0 * 50.0 / 370.0, 0.02));
}

TEST_CASE("Missing heights take away what needs them, and say so", "[terrain]") {
    MemoryRaster raster = raster_of(layouts().front());
    const auto fill = [&](double missing_within_m) {
        raster.fill([&](LocalFrame::Point at) {
            const double away = std::hypot(at.x_m, at.y_m);
            return away < missing_within_m ? no_data : 500.0 + 0.1 * at.x_m;
        });
    };
    fill(60.0); // a lake in the middle: 4 % of the cells
    const PlotTerrain lake = measure(circle(300.0), raster);
    CHECK(lake.elevation_range_m.has_value());
    REQUIRE(lake.slope_mean_deg);
    CHECK_THAT(*lake.slope_mean_deg, WithinAbs(std::atan(0.1) * 180.0 / pi, 1e-5));
    CHECK(lake.pit_depth_max_m.has_value());
    fill(200.0); // 44 %
    const PlotTerrain sea = measure(circle(300.0), raster);
    CHECK_FALSE(sea.elevation_range_m);
    CHECK_FALSE(sea.slope_mean_deg);
    CHECK_FALSE(sea.pit_depth_max_m);
    CHECK_THAT(sea.note.en, ContainsSubstring("have no height"));
    CHECK_FALSE(sea.note.zh.empty());
    // A third of the rim missing, and fewer cells.
    raster.fill([&](LocalFrame::Point at) {
        const bool outer = std::hypot(at.x_m, at.y_m) > 270.0;
        return outer && std::atan2(at.y_m, at.x_m) > pi / 3.0 ? no_data : 500.0;
    });
    const PlotTerrain rim = measure(circle(300.0), raster);
    CHECK(rim.elevation_range_m.has_value());
    CHECK_FALSE(rim.pit_depth_max_m);
    CHECK_THAT(rim.note.en, ContainsSubstring("samples on the rim have no height"));
}

TEST_CASE("A plot outside the raster, or across its border, has no value", "[terrain]") {
    for (const Layout& layout : layouts()) {
        INFO(layout.name);
        MemoryRaster raster = raster_of(layout);
        raster.fill([](LocalFrame::Point) { return 1.0; });
        const PlotTerrain outside = measure(circle(200.0, {50'000.0, 0.0}), raster);
        CHECK_FALSE(outside.elevation_range_m);
        CHECK_THAT(outside.note.en, ContainsSubstring("outside"));
        const PlotTerrain across = measure(circle(5000.0), raster);
        CHECK_FALSE(across.elevation_range_m);
        CHECK_FALSE(across.slope_mean_deg);
        CHECK_FALSE(across.note.en.empty());
    }
}

TEST_CASE("A plot smaller than a cell has no value", "[terrain]") {
    MemoryRaster raster = raster_of(layouts().front());
    raster.fill([](LocalFrame::Point) { return 1.0; });
    // `middle` is a corner of four cells.
    const PlotTerrain tiny = measure(circle(5.0), raster);
    CHECK_FALSE(tiny.elevation_range_m);
    CHECK_FALSE(tiny.slope_mean_deg);
    CHECK_FALSE(tiny.pit_depth_max_m);
    CHECK_THAT(tiny.note.en, ContainsSubstring("no cell"));
    // One centre, and a rim of few samples.
    const PlotTerrain small = measure(circle(8.0, {15.0, 15.0}), raster);
    CHECK(small.elevation_range_m.has_value());
    CHECK_FALSE(small.pit_depth_max_m);
    CHECK_THAT(small.note.en, ContainsSubstring("at least 8"));
}

TEST_CASE("Plots without a polygon keep their row", "[terrain]") {
    Geometry plots = circle(300.0);
    plots.kinds.push_back(GeometryKind::none);
    plots.feature_offsets.push_back(plots.feature_offsets.back());
    MemoryRaster raster = raster_of(layouts().front());
    raster.fill([](LocalFrame::Point) { return 1.0; });
    const std::vector<PlotTerrain> results = plot_terrain(plots, "EPSG:4490", raster);
    REQUIRE(results.size() == 2);
    CHECK(results[0].elevation_range_m.has_value());
    CHECK_FALSE(results[1].elevation_range_m);
    CHECK_FALSE(results[1].note.zh.empty());
}

TEST_CASE("Measuring heights can be stopped", "[terrain]") {
    MemoryRaster raster = raster_of(layouts().front());
    Execution stop;
    stop.progress = [](double, const Text&) { return false; };
    CHECK_THROWS_AS(plot_terrain(circle(300.0), "EPSG:4490", raster, stop), Error);
}
