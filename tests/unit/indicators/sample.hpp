#pragma once
// Small plots and layers in EPSG:4516 (CGCS2000 / 3-degree Gauss-Kruger zone 28). Synthetic (合成数据).
//
// Everything lies within a kilometre of the central meridian, where the plane's scale is 1 to 1e-8: lengths and areas
// in the plane are the expected answers, without any code of ours.
#include <tuban/indicators.hpp>

#include <array>
#include <bit>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace sample {

using Ring = std::vector<std::array<double, 2>>; ///< metres east and north of the corner below

constexpr double east_m = 28'500'000.0; // on the central meridian, with the zone's prefix
constexpr double north_m = 5'090'000.0; // about 45.95° N

inline void put(std::string& wkb, std::uint32_t number) {
    std::array<char, 4> bytes{};
    std::memcpy(bytes.data(), &number, bytes.size());
    wkb.append(bytes.data(), bytes.size());
}

inline void put(std::string& wkb, const Ring& ring) {
    put(wkb, static_cast<std::uint32_t>(ring.size()));
    for (const auto& [x, y] : ring) {
        for (const double value : {east_m + x, north_m + y}) {
            std::array<char, 8> bytes{};
            std::memcpy(bytes.data(), &value, bytes.size());
            wkb.append(bytes.data(), bytes.size());
        }
    }
}

inline std::string polygon(Ring ring) {
    ring.push_back(ring.front());
    std::string wkb(1, '\1');
    put(wkb, std::uint32_t{3});
    put(wkb, std::uint32_t{1});
    put(wkb, ring);
    return wkb;
}

inline std::string line(const Ring& vertices) {
    std::string wkb(1, '\1');
    put(wkb, std::uint32_t{2});
    put(wkb, vertices);
    return wkb;
}

inline std::string square(double x, double y, double side) {
    return polygon({{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}});
}

/// a: 100 m square at the corner; b: the same 50 m east of it; c: 200 m square 600 m north of a; d: no geometry.
inline tuban::Plots plots() {
    static_assert(std::endian::native == std::endian::little);
    return tuban::plots_from_wkb(
        {square(0, 0, 100), square(150, 0, 100), square(0, 700, 200), ""},
        {"a", "b", "c", "d"},
        "EPSG:4516"
    );
}

/// Two lines: 7 runs north along x = 20 and ends at y = 150, through a; 8 runs east along y = 1000, 100 m north of c.
inline tuban::Layer roads() {
    tuban::Layer layer = tuban::layer_from_wkb(
        {line({{20, -3000}, {20, 150}}), line({{-3000, 1000}, {3000, 1000}})},
        {"7", "8"},
        "EPSG:4516"
    );
    layer.key = "road";
    layer.names = {"", "省道"};
    layer.classes = {"", ""};
    return layer;
}

/// A tilted plane z = 1000 + 0.1·east, 10 m cells, over all plots.
class Tilted : public tuban::RasterSource {
public:
    [[nodiscard]] int columns() const override { return 100; }

    [[nodiscard]] int rows() const override { return 200; }

    [[nodiscard]] std::array<double, 6> geo_transform() const override {
        return {east_m - 500.0, 10.0, 0.0, north_m + 1500.0, 0.0, -10.0};
    }

    [[nodiscard]] const std::string& crs() const override { return crs_; }

    [[nodiscard]] std::vector<double> read(const tuban::RasterWindow& window) override {
        std::vector<double> heights;
        for (int row = 0; row < window.rows; ++row) {
            for (int column = 0; column < window.columns; ++column) {
                heights.push_back(1000.0 + 0.1 * (10.0 * (window.column + column) + 5.0));
            }
        }
        return heights;
    }

private:
    std::string crs_ = "EPSG:4516";
};

} // namespace sample
