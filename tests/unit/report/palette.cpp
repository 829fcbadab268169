#include "workspace/palette.hpp"

#include <tuban/error.hpp>

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace {

std::vector<double> linear_rgb(const std::string& colour) {
    std::vector<double> channels;
    for (std::size_t at = 1; at < 7; at += 2) {
        const double value = std::stoi(colour.substr(at, 2), nullptr, 16) / 255.0;
        channels.push_back(
            value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4)
        );
    }
    return channels;
}

/// CIE 1931 luminance of an sRGB colour (IEC 61966-2-1), 0 black to 1 white.
double luminance(const std::string& colour) {
    const auto rgb = linear_rgb(colour);
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
}

} // namespace

TEST_CASE("the palette compiled in holds the documented colours") {
    const tuban::Palette& palette = tuban::palette();
    CHECK(
        palette.periods ==
        std::vector<std::string>{
            "#1b6ca8", "#e08e0b", "#3b8f5a", "#8d5bb0", "#c2453d", "#5f6b7a"}
    );
    CHECK(palette.not_scheduled == "#d9d9d9");
    CHECK(palette.not_eligible == "#8a8a8a");
    CHECK(palette.ramp.size() == 5);
    CHECK(tuban::layer_colour(palette, "river") == "#5aa0d6");
    CHECK(tuban::layer_colour(palette, "landuse") == palette.other_layer);
    CHECK(palette.reserve_opacity_pct == 40);
}

TEST_CASE("the ramp darkens in even steps that print apart") {
    const auto& ramp = tuban::palette().ramp;
    for (std::size_t i = 1; i < ramp.size(); ++i) {
        CHECK(luminance(ramp[i - 1]) - luminance(ramp[i]) > 0.05);
    }
}

TEST_CASE("up to six periods take the palette, more take the ramp") {
    const auto& palette = tuban::palette();
    CHECK(tuban::period_colours(palette, 0).empty());
    CHECK(
        tuban::period_colours(palette, 3) ==
        std::vector<std::string>{"#1b6ca8", "#e08e0b", "#3b8f5a"}
    );
    const auto nine = tuban::period_colours(palette, 9);
    REQUIRE(nine.size() == 9);
    CHECK(nine.front() == palette.ramp.front());
    CHECK(nine.back() == palette.ramp.back());
    for (std::size_t i = 1; i < nine.size(); ++i) {
        CHECK(luminance(nine[i - 1]) > luminance(nine[i]));
    }
}

TEST_CASE("a palette that is not understood is refused") {
    CHECK_THROWS_AS(tuban::read_palette("periods \"#1b6ca8\"\n"), tuban::Error);
    CHECK_THROWS_AS(tuban::read_palette("periods: [\"blue\"]\n"), tuban::Error);
    CHECK_THROWS_AS(tuban::read_palette(""), tuban::Error);
}
