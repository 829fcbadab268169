#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tuban {

/// The colours of data/styles/palette.yaml, as "#rrggbb".
struct Palette {
    std::vector<std::string> periods; ///< of periods 1…6, in this order
    std::string not_scheduled;
    std::string not_eligible;      ///< dashed outline, no fill
    std::string alert;             ///< outline of plots held out, failed checks
    std::vector<std::string> ramp; ///< 5 classes, light to dark
    std::string outline;
    std::string text;
    std::string muted;
    std::string rule;
    std::string header;
    std::string road;
    std::string railway;
    std::string railway_gap;
    std::string river;
    std::string settlement;
    std::string reserve;
    int reserve_opacity_pct = 0;
    std::string other_layer;
};

/// The palette compiled in.
[[nodiscard]] const Palette& palette();

/// Reads the text of a palette file.
/// @throws Error{internal} for a line that is not understood, an unknown or missing key, or a value that is no colour.
[[nodiscard]] Palette read_palette(std::string_view yaml);

/// One colour per period: the palette's own for up to six, else even steps of the ramp, light to dark.
[[nodiscard]] std::vector<std::string>
period_colours(const Palette& palette, std::size_t periods);

/// Colour of a context layer by its key; other_layer for keys without one.
[[nodiscard]] std::string layer_colour(const Palette& palette, std::string_view key);

} // namespace tuban
