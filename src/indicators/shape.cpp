#include <tuban/spatial.hpp>

#include "indicators/families.hpp"

namespace tuban::indicators {
namespace {

constexpr double least_of_strips = 5.0; ///< times as long as wide

std::vector<Column> measure_shape(
    const Plots& plots,
    const Context& /*context*/,
    const IndicatorRequest& /*request*/,
    std::vector<Issue>& /*issues*/,
    const Execution& execution
) {
    const auto found = outlines(plots.geometry, execution);
    std::vector<std::optional<double>> compactness(found.size());
    std::vector<std::optional<double>> elongation(found.size());
    std::vector<std::optional<double>> width(found.size());
    std::vector<std::optional<double>> inscribed(found.size());
    std::vector<std::optional<std::string>> classes(found.size());
    for (std::size_t row = 0; row < found.size(); ++row) {
        if (const auto& outline = found[row]) {
            compactness[row] = outline->compactness;
            elongation[row] = outline->length_m / outline->width_m;
            width[row] = outline->width_m;
            inscribed[row] = outline->inscribed_m;
            classes[row] = outline->strip_ratio >= least_of_strips ? "linear" : "areal";
        }
    }
    const auto heads = shape().columns;
    return {
        real_column(heads[0].name, heads[0].alias, heads[0].unit, compactness),
        real_column(heads[1].name, heads[1].alias, heads[1].unit, elongation),
        real_column(heads[2].name, heads[2].alias, heads[2].unit, width),
        real_column(heads[3].name, heads[3].alias, heads[3].unit, inscribed),
        text_column(heads[4].name, heads[4].alias, classes)};
}

} // namespace

IndicatorFamily shape() {
    const Text in_plane = {"相对 1e-6", "1e-6 of itself"};
    return {
        .name = "shape",
        .needs = IndicatorNeeds::geometry,
        .columns =
            {{.name = "shape_compactness",
              .alias = "紧凑度",
              .unit = "",
              .better = Direction::high,
              .method =
                  {"4π·面积/周长²（最大部件，洞填满）：圆为 1，正方形为 0.785",
                   "4π·area/perimeter² of the largest part, its holes filled: 1 for a circle, "
                   "0.785 for a square"},
              .source = "Polsby & Popper, Yale Law & Policy Review 9 (1991)",
              .accuracy = in_plane},
             {.name = "shape_elongation",
              .alias = "伸长度",
              .unit = "",
              .better = Direction::none,
              .method =
                  {"长/宽：宽是夹住图斑的两条平行线的最小间距，长是沿这两条线的伸展",
                   "length over width of the narrowest strip between two parallels that holds "
                   "the plot"},
              .source = "Toussaint, Proc. IEEE MELECON (1983)",
              .accuracy = in_plane},
             {.name = "shape_width_m",
              .alias = "最小宽度",
              .unit = "m",
              .better = Direction::none,
              .method =
                  {"夹住图斑的两条平行线的最小间距",
                   "least distance between two parallels that hold the plot between them"},
              .source = "Toussaint, Proc. IEEE MELECON (1983)",
              .accuracy = in_plane},
             {.name = "shape_inscribed_m",
              .alias = "内切圆直径",
              .unit = "m",
              .better = Direction::none,
              .method =
                  {"图斑内最大圆的直径：弯曲条带的宽度",
                   "diameter of the largest circle inside: the width of a strip, however it "
                   "bends"},
              .source = "Garcia-Castellanos & Lombardo, Scot. Geogr. J. 123 (2007)",
              .accuracy =
                  {"不大于真值，至多小 1 %",
                   "never too large, too small by at most 1 % of itself"}},
             {.name = "shape_class",
              .alias = "面状或线状",
              .unit = "",
              .better = Direction::none,
              .method =
                  {"面积/内切圆直径² 不小于 5 的是线状（linear），其余是面状（areal）",
                   "linear where area / shape_inscribed_m² is at least 5, about five times as "
                   "long as wide, else areal"},
              .source = "tuban definition",
              .accuracy =
                  {"比值在 5 的 2 % 以内时可能两可", "either within 2 % of that ratio"}}},
        .measure = measure_shape,
    };
}

} // namespace tuban::indicators
