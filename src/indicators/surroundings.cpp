#include <tuban/spatial.hpp>

#include "core/format.hpp"
#include "indicators/families.hpp"
#include "indicators/land_raster.hpp"
#include "indicators/land_use.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

namespace tuban::indicators {
namespace {

constexpr double default_within_m = 500.0;
constexpr int greatest_m = 10'000;
/// Below it nobody can say what the surroundings are.
constexpr double least_known_share = 0.5;
/// Below it the plot is named in an Issue.
constexpr double well_known_share = 0.95;
constexpr double same_area_m2 = 1.0; ///< areas that differ by less count as equal
/// 韩良弼 2016 (U_suit): 耕地 坡度 ≤ 6°、土层 ≥ 100 cm；林地 < 25°、≥ 80 cm；草地不限.
constexpr double farmland_slope_deg = 6.0;
constexpr double forest_slope_deg = 25.0;

constexpr std::size_t group_count = 9;

/// What the ring of one plot holds.
struct Around {
    double ring_m2 = 0.0;
    double mined_m2 = 0.0;
    std::array<double, group_count> group_m2{};
    std::map<std::string, double> class_m2; ///< by code, mined land too
    double unknown_m2 = 0.0;                ///< of polygons whose class is no code

    void add(const std::string& code, double area_m2) {
        const auto group = land_group(code);
        if (is_mined(code)) {
            mined_m2 += area_m2;
        } else if (group) {
            group_m2.at(*group) += area_m2;
        } else {
            unknown_m2 += area_m2;
        }
        if (!code.empty()) {
            class_m2[code] += area_m2;
        }
    }

    [[nodiscard]] double known_m2() const {
        double sum = 0.0;
        for (const double area : group_m2) {
            sum += area;
        }
        return sum;
    }

    /// What shares are of: the ring less mined land, or what polygons cover of it twice and more.
    [[nodiscard]] double base_m2() const {
        return std::max(ring_m2 - mined_m2, known_m2() + unknown_m2);
    }
};

std::vector<Around> sort_out(const RingAreas& rings) {
    std::vector<Around> result(rings.ring_m2.size());
    for (std::size_t row = 0; row < result.size(); ++row) {
        result[row].ring_m2 = rings.ring_m2[row];
        for (std::size_t i = rings.offsets[row]; i < rings.offsets[row + 1]; ++i) {
            result[row].add(land_code(rings.classes[i]), rings.areas_m2[i]);
        }
    }
    return result;
}

/// The group that covers most; of equals the first of land_groups(). None where nothing is known.
std::optional<std::size_t> largest_group(const Around& around) {
    const double most = *std::max_element(around.group_m2.begin(), around.group_m2.end());
    if (!(most > 0.0)) {
        return std::nullopt;
    }
    const auto* const found =
        std::find_if(around.group_m2.begin(), around.group_m2.end(), [&](double area_m2) {
            return area_m2 > 0.0 && area_m2 >= most - same_area_m2;
        });
    return static_cast<std::size_t>(found - around.group_m2.begin());
}

/// Codes by area, largest first; equals, to the square metre that is printed, by code.
std::vector<std::pair<std::string, double>> classes_by_area(const Around& around) {
    std::vector<std::pair<std::string, double>> classes(
        around.class_m2.begin(), around.class_m2.end()
    );
    std::stable_sort(classes.begin(), classes.end(), [](const auto& a, const auto& b) {
        return std::llround(a.second) > std::llround(b.second);
    });
    return classes;
}

/// The code that covers most, mined land aside; of equals the first in byte order.
std::optional<std::string> largest_class(const Around& around) {
    double most = 0.0;
    for (const auto& [code, area_m2] : around.class_m2) {
        most = is_mined(code) ? most : std::max(most, area_m2);
    }
    for (const auto& [code, area_m2] : around.class_m2) {
        if (!is_mined(code) && area_m2 >= most - same_area_m2) {
            return code;
        }
    }
    return std::nullopt;
}

std::string classes_text(const Around& around) {
    std::string words;
    for (const auto& [code, area_m2] : classes_by_area(around)) {
        if (std::llround(area_m2) == 0) {
            continue; // a border digitised twice
        }
        words += format("{}{} {:.4f}", words.empty() ? "" : ", ", code, area_m2 / 1e4);
    }
    return words;
}

/// Cells of the family's columns, in their order.
struct Cells {
    explicit Cells(std::size_t rows)
        : classes(rows), groups(rows), shares(rows), suggestions(rows), reasons_zh(rows),
          reasons_en(rows), known(rows), areas(rows) {
        for (auto& share : group_shares) {
            share.resize(rows);
        }
    }

    void put(std::size_t row, const Around& around) {
        const double base_m2 = around.base_m2();
        if (!around.class_m2.empty()) {
            areas[row] = classes_text(around);
        }
        if (!(base_m2 > same_area_m2)) {
            return; // no geometry, or mined land all round
        }
        known[row] = around.known_m2() / base_m2;
        for (std::size_t group = 0; group < group_count; ++group) {
            group_shares.at(group)[row] = around.group_m2.at(group) / base_m2;
        }
        if (const auto group = largest_group(around)) {
            classes[row] = largest_class(around);
            groups[row] = land_groups()[*group].zh;
            shares[row] = around.group_m2.at(*group) / base_m2;
        }
    }

    std::vector<std::optional<std::string>> classes;
    std::vector<std::optional<std::string>> groups;
    std::vector<std::optional<double>> shares;
    std::vector<std::optional<std::string>> suggestions;
    std::vector<std::optional<std::string>> reasons_zh;
    std::vector<std::optional<std::string>> reasons_en;
    std::vector<std::optional<double>> known;
    std::vector<std::optional<std::string>> areas;
    std::array<std::vector<std::optional<double>>, group_count> group_shares;
};

std::vector<Column> columns_of(const Cells& cells) {
    const IndicatorFamily family = surroundings();
    const auto& heads = family.columns;
    const auto text_at = [&](std::size_t i, const auto& values) {
        return text_column(heads[i].name, heads[i].alias, values);
    };
    const auto real_at = [&](std::size_t i, const auto& values) {
        return real_column(heads[i].name, heads[i].alias, heads[i].unit, values);
    };
    std::vector<Column> columns{
        text_at(0, cells.classes),
        text_at(1, cells.groups),
        real_at(2, cells.shares),
        text_at(3, cells.suggestions),
        text_at(4, cells.reasons_zh),
        text_at(5, cells.reasons_en),
        real_at(6, cells.known),
        text_at(7, cells.areas)};
    for (std::size_t group = 0; group < group_count; ++group) {
        columns.push_back(real_at(8 + group, cells.group_shares.at(group)));
    }
    return columns;
}

/// Classes that are no code, so that what they cover stays unknown.
void tell_unknown_classes(
    const RingAreas& rings, const IndicatorRequest& request, std::vector<Issue>& issues
) {
    std::map<std::string, double> unknown_m2;
    for (std::size_t i = 0; i < rings.classes.size(); ++i) {
        if (land_code(rings.classes[i]).empty()) {
            unknown_m2[rings.classes[i]] += rings.areas_m2[i];
        }
    }
    if (unknown_m2.empty()) {
        return;
    }
    std::string few;
    std::size_t named = 0;
    double sum_m2 = 0.0;
    for (const auto& [name, area_m2] : unknown_m2) {
        sum_m2 += area_m2;
        if (named++ < 5) {
            few += (few.empty() ? "" : ", ") + (name.empty() ? std::string("–") : name);
        }
    }
    Issue issue;
    issue.severity = Severity::warning;
    issue.code = "land_class_unknown";
    issue.layer = request.layer;
    issue.message = text(
        "图层 {0} 里有 {1} 种类别不是三调地类编码（{2}{3}），图斑周边共 {4:.2f} "
        "公顷按未知处理；"
        "请检查 class 写的是不是地类编码（DLBM）的字段，栅格则检查 codes",
        "the layer {0} has {1} classes that are no codes of the land survey ({2}{5}); {4:.2f} "
        "ha "
        "round the plots count as unknown: check that class names the column of codes (DLBM), "
        "of a "
        "raster its codes",
        request.layer,
        unknown_m2.size(),
        few,
        unknown_m2.size() > 5 ? " 等" : "",
        sum_m2 / 1e4,
        unknown_m2.size() > 5 ? " …" : ""
    );
    issues.push_back(std::move(issue));
}

void tell_uncovered(
    const Plots& plots,
    const std::vector<Around>& all,
    const IndicatorRequest& request,
    std::vector<Issue>& issues
) {
    for (std::size_t row = 0; row < all.size(); ++row) {
        const double base_m2 = all[row].base_m2();
        const double share = base_m2 > same_area_m2 ? all[row].known_m2() / base_m2 : 1.0;
        if (share >= well_known_share) {
            continue;
        }
        const bool enough = share >= least_known_share;
        Issue issue = plot_issue(
            plots, row, enough ? Severity::note : Severity::warning, "surround_uncovered"
        );
        issue.layer = request.layer;
        issue.message = text(
            "周边 {0:.0f} 米范围只有 {1:.1f}% 的地类已知{2}；请补充图斑四周的地类数据",
            "of the ground within {0:.0f} m only {1:.1f} % has a known land class{3}: add the "
            "land polygons round the plot",
            *request.within_m,
            100.0 * share,
            enough ? "" : "，不给建议方向",
            enough ? "" : ", so no direction is suggested"
        );
        issues.push_back(std::move(issue));
    }
}

struct Telling {
    std::vector<Issue>& issues;
    const Execution& execution;
};

/// Over the raster only where no layer is named and there is no layer of land.
RingAreas rings_of(
    const Plots& plots,
    const Context& context,
    IndicatorRequest& request,
    double within_m,
    const Telling& telling
) {
    const bool raster = context.land_cover.raster != nullptr && request.layer.empty() &&
                        !context.layers.contains(std::string(land_layer));
    request.layer = raster                  ? "landcover"
                    : request.layer.empty() ? std::string(land_layer)
                                            : request.layer;
    if (raster) {
        return raster_ring_areas(plots, context.land_cover, within_m, telling.execution);
    }
    const Layer layer = layer_of(context, request, telling.issues);
    return ring_areas(plots.geometry, plots.edge_crs, layer, within_m, telling.execution);
}

std::vector<Column> measure_surroundings(
    const Plots& plots,
    const Context& context,
    const IndicatorRequest& request,
    std::vector<Issue>& issues,
    const Execution& execution
) {
    IndicatorRequest asked = request;
    asked.within_m = request.within_m.value_or(default_within_m);
    const int within_m = whole_metres(asked, greatest_m);
    const RingAreas rings =
        rings_of(plots, context, asked, static_cast<double>(within_m), {issues, execution});
    tell_unknown_classes(rings, asked, issues);
    const std::vector<Around> all = sort_out(rings);
    tell_uncovered(plots, all, asked, issues);
    Cells cells(plots.size());
    for (std::size_t row = 0; row < all.size(); ++row) {
        cells.put(row, all[row]);
    }
    return columns_of(cells);
}

/// What a direction may be suggested on, as the table has it.
struct Site {
    std::size_t group = 0; ///< that covers most
    double share = 0.0;
    double forest_share = 0.0;
    double grass_share = 0.0;
    std::optional<double> slope_deg;
};

struct Suggestion {
    std::string direction;
    Text reason;
};

std::string_view word_of(std::string_view direction) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> words{
        {{"耕", "farmland"},
         {"林", "forest"},
         {"草", "grass"},
         {"建", "building"},
         {"水", "water"}}};
    const auto* const found = std::find_if(words.begin(), words.end(), [&](const auto& word) {
        return word.first == direction;
    });
    return found == words.end() ? direction : found->second;
}

bool slope_allows(std::string_view direction, double slope_deg) {
    return direction == "耕"   ? slope_deg <= farmland_slope_deg
           : direction == "林" ? slope_deg < forest_slope_deg
                               : true;
}

/// Woods or grass, whichever there is more of round the plot and the slope allows; grass if there is as much.
std::string_view instead_of_steep(const Site& site) {
    const bool woods = site.forest_share > site.grass_share &&
                       slope_allows("林", site.slope_deg.value_or(0.0));
    return woods ? "林" : "草";
}

/// What the slope says of a direction.
Text slope_reason(const Site& site, std::string_view wanted, std::string_view direction) {
    const double limit = wanted == "耕" ? farmland_slope_deg : forest_slope_deg;
    if (wanted != "耕" && wanted != "林") {
        return {};
    }
    if (!site.slope_deg) {
        return {"；没有坡度，未校核", "; no slope is known, so it was not checked"};
    }
    if (direction == wanted) {
        return text(
            "；平均坡度 {:.1f}°，在{}的限度 {:g}° 以内",
            "; mean slope {0:.1f}°, within the limit for {3} ({2:g}°)",
            *site.slope_deg,
            wanted,
            limit,
            word_of(wanted)
        );
    }
    return text(
        "；平均坡度 {0:.1f}° 超过{1}的限度 {2:g}°，改为{3}",
        "; mean slope {0:.1f}° is beyond the limit for {4} ({2:g}°), so {5} instead",
        *site.slope_deg,
        wanted,
        limit,
        direction,
        word_of(wanted),
        word_of(direction)
    );
}

Text soil_reason(std::string_view direction) {
    if (direction == "耕") {
        return {
            "；土层厚度没有数据（耕地应不少于 100 厘米），请实地核实",
            "; soil depth is not known (farmland needs 100 cm): look on site"};
    }
    if (direction == "林") {
        return {
            "；土层厚度没有数据（林地应不少于 80 厘米），请实地核实",
            "; soil depth is not known (forest needs 80 cm): look on site"};
    }
    return {};
}

Suggestion suggest(const Site& site) {
    const LandGroup& group = land_groups()[site.group];
    const std::string_view wanted = group.direction;
    const bool fits = !site.slope_deg || slope_allows(wanted, *site.slope_deg);
    const std::string_view direction = fits ? wanted : instead_of_steep(site);
    const Text ring = text(
        "周边以{0}为主（{1:.1f}%）",
        "the surroundings are mostly {2} ({1:.1f} %)",
        group.zh,
        100.0 * site.share,
        group.en
    );
    const Text slope = slope_reason(site, wanted, direction);
    const Text soil = soil_reason(direction);
    return {
        std::string(direction), {ring.zh + slope.zh + soil.zh, ring.en + slope.en + soil.en}};
}

std::optional<std::size_t> group_named(const std::optional<std::string>& zh) {
    const auto groups = land_groups();
    for (std::size_t i = 0; zh && i < groups.size(); ++i) {
        if (groups[i].zh == *zh) {
            return i;
        }
    }
    return std::nullopt;
}

} // namespace

void suggest_directions(Table& table) {
    const Column* const groups = table.find("surround_group");
    if (groups == nullptr) {
        return;
    }
    const Column& known = table.at("surround_known_share");
    const Column& shares = table.at("surround_share");
    const Column& forest = table.at("surround_forest_share");
    const Column& grass = table.at("surround_grass_share");
    const Column* const slopes = table.find("slope_mean_deg");
    std::vector<std::optional<std::string>> directions(table.rows);
    std::vector<std::optional<std::string>> reasons_zh(table.rows);
    std::vector<std::optional<std::string>> reasons_en(table.rows);
    for (std::size_t row = 0; row < table.rows; ++row) {
        const auto group = group_named(groups->text(row));
        if (!group || known.number(row).value_or(0.0) < least_known_share) {
            continue;
        }
        Suggestion suggestion = suggest(
            {*group,
             shares.number(row).value_or(0.0),
             forest.number(row).value_or(0.0),
             grass.number(row).value_or(0.0),
             slopes == nullptr ? std::nullopt : slopes->number(row)}
        );
        directions[row] = std::move(suggestion.direction);
        reasons_zh[row] = std::move(suggestion.reason.zh);
        reasons_en[row] = std::move(suggestion.reason.en);
    }
    const auto put = [&](const char* name, const auto& cells) {
        const std::string alias = table.at(name).alias;
        table.put(text_column(name, alias, cells));
    };
    put("surround_suggestion", directions);
    put("surround_reason", reasons_zh);
    put("surround_reason_en", reasons_en);
}

namespace {

/// Where a column comes from and how good it is.
struct Standing {
    std::string source;
    Text accuracy;
};

Standing land() {
    return {
        "三调地类 (GB/T 21010-2017), tuban definition",
        {"环在图斑局部平面内，圆角内接误差至多为环宽的 1e-4",
         "in the plane about the plot; round corners at most 1e-4 of the width inside"}};
}

Standing advice() {
    return {"韩良弼 2016 (slope and soil limits), tuban definition", {"按规则", "by rule"}};
}

IndicatorColumn column(std::string name, std::string alias, Text method, Standing standing) {
    return {
        std::move(name),
        std::move(alias),
        "",
        Direction::none,
        std::move(method),
        std::move(standing.source),
        std::move(standing.accuracy)};
}

std::vector<IndicatorColumn> dominant_heads() {
    return {
        column(
            "surround_class",
            "周边主要地类",
            {"环带内面积最大的三调地类编码（去后缀 K、A）；环带为图斑外 500 "
             "米（或所给米数）以内，"
             "不含图斑和采矿用地 0602；相差不到 1 m² 的取编码小的",
             "code of land, without suffix, that covers most of the ring: the ground within "
             "500 m "
             "(or the metres given) of the plot, less the plot and mined land 0602; of those "
             "within "
             "1 m² the smallest code"},
            land()
        ),
        column(
            "surround_group",
            "周边主导类型",
            {"环带内面积最大的一类：耕地、园地、林地、草地、其他农用地、湿地、水域、建设用地、"
             "未利用地；相差不到 1 m² 的取排在前面的",
             "group of land that covers most of the ring: 耕地 farmland, 园地 orchards, 林地 "
             "forest, 草地 grassland, 其他农用地 other farm land, 湿地 wetland, 水域 water, "
             "建设用地 "
             "built-up, 未利用地 unused; of those within 1 m² the first of this list"},
            land()
        ),
        column(
            "surround_share",
            "周边主导占比",
            {"主导类型占环带的比例（0–1）", "share (0 to 1) of that group in the ring"},
            land()
        )};
}

std::vector<IndicatorColumn> direction_heads() {
    return {
        column(
            "surround_suggestion",
            "建议方向",
            {"主导类型的方向：耕、林、草、建、水；有坡度（slope_mean_deg）时耕地不超过 "
             "6°、林地小于 25°，否则改为周边较多的林或草；已知地类不到一半时为空",
             "direction of that group: 耕 farmland, 林 forest, 草 grass, 建 building, 水 "
             "water; "
             "where slope_mean_deg is known, farmland up to 6° and forest below 25°, else "
             "forest or "
             "grass, whichever the ring has more of; null where less than half of the ring is "
             "known"},
            advice()
        ),
        column(
            "surround_reason",
            "建议方向的理由",
            {"建议方向的理由（中文）", "why that direction, in Chinese"},
            advice()
        ),
        column(
            "surround_reason_en",
            "建议方向的英文理由",
            {"建议方向的理由（英文）", "why that direction, in English"},
            advice()
        )};
}

std::vector<IndicatorColumn> share_heads() {
    std::vector<IndicatorColumn> all{
        column(
            "surround_known_share",
            "周边已知地类占比",
            {"环带中地类已知的比例（0–1）；其余没有地类图斑覆盖，或类别不是三调编码",
             "share (0 to 1) of the ring whose land is known: the rest is covered by no "
             "polygon, or by "
             "one whose class is no code"},
            land()
        ),
        column(
            "surround_classes",
            "周边各地类面积",
            {"环带内各地类编码及面积（公顷），面积大的在前，含采矿用地 0602",
             "codes of land in the ring with their areas in ha, largest first, mined land 0602 "
             "too"},
            land()
        )};
    for (const LandGroup& group : land_groups()) {
        all.push_back(column(
            format("surround_{}_share", group.key),
            format("周边{}占比", group.zh),
            {format("{}占环带的比例（0–1）", group.zh),
             format("share (0 to 1) of {} in the ring", group.en)},
            land()
        ));
    }
    return all;
}

std::vector<IndicatorColumn> heads() {
    std::vector<IndicatorColumn> all = dominant_heads();
    for (auto* part : {&direction_heads, &share_heads}) {
        for (IndicatorColumn& one : (*part)()) {
            all.push_back(std::move(one));
        }
    }
    return all;
}

} // namespace

IndicatorFamily surroundings() {
    return {
        .name = "surroundings",
        .needs = IndicatorNeeds::land_classes,
        .columns = heads(),
        .measure = measure_surroundings,
    };
}

} // namespace tuban::indicators
