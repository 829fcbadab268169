#include <tuban/geodesy.hpp>

#include "core/format.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

namespace tuban {
namespace {

constexpr std::size_t rows_named = 5;

Text unit_words(const std::string& unit) {
    struct Word {
        const char* unit;
        const char* zh;
        const char* en;
    };

    constexpr std::array<Word, 6> words{
        {{"m2", "平方米", "m²"},
         {"ha", "公顷", "ha"},
         {"mu", "亩", "mu (亩)"},
         {"deg2", "平方度", "square degrees"},
         {"deg2_as_ha", "平方度除以 10000", "square degrees divided by 10000"},
         {"deg2_as_mu", "平方度乘以 0.0015", "square degrees times 0.0015"}}};
    const auto* found = std::find_if(words.begin(), words.end(), [&](const Word& word) {
        return unit == word.unit;
    });
    return found == words.end() ? Text{unit, unit} : Text{found->zh, found->en};
}

bool is_zone_plane(AreaCaliber caliber) {
    return caliber == AreaCaliber::plane_3_degree || caliber == AreaCaliber::plane_6_degree;
}

/// The central meridian of the plane that all rows are in, degrees.
std::optional<int> meridian_of(const CaliberFit& fit) {
    if (!is_zone_plane(fit.caliber) || fit.plane_crs.empty()) {
        return std::nullopt;
    }
    constexpr std::size_t authority = 5; // "EPSG:"
    int code = 0;
    std::from_chars(
        fit.plane_crs.data() + authority, fit.plane_crs.data() + fit.plane_crs.size(), code
    );
    const bool three = fit.caliber == AreaCaliber::plane_3_degree;
    return 75 + (three ? 3 * (code - 4534) : 6 * (code - 4502));
}

/// Every other 3° zone has the meridian of a 6° zone: the two are one plane, and no area can tell them apart.
bool is_shared_plane(const CaliberFit& fit) {
    const std::optional<int> meridian = meridian_of(fit);
    return meridian && (*meridian - 75) % 6 == 0;
}

/// （中央子午线 84°）
Text plane_words(const CaliberFit& fit) {
    if (!is_zone_plane(fit.caliber)) {
        return {};
    }
    const std::optional<int> meridian = meridian_of(fit);
    if (!meridian) {
        return {"（各图斑取所在分带）", ", each plot in its own zone"};
    }
    return is_shared_plane(fit)
               ? text(
                     "（中央子午线 {}°，3° 带与 6° 带同一平面）",
                     ", central meridian {}° (the same plane in 3° and 6° zones)",
                     *meridian
                 )
               : text("（中央子午线 {}°）", ", central meridian {}°", *meridian);
}

/// "0.01", "0.5", "33.3": a tolerance without digits nobody needs.
std::string short_number(double value) {
    return format("{:.3g}", value);
}

std::string row_list(const std::vector<std::size_t>& rows, const char* separator) {
    std::string list;
    for (std::size_t i = 0; i < std::min(rows.size(), rows_named); ++i) {
        list += format("{}{}", i == 0 ? "" : separator, rows[i] + 1);
    }
    return list;
}

/// ；第 7 行与椭球面积（平方米）相符
Text outlier_words(
    const std::string& unit, const std::vector<std::size_t>& rows, const Text& fits
) {
    const bool more = rows.size() > rows_named;
    const Text which = text(
        "；第 {} 行{}",
        "; {}",
        row_list(rows, "、"),
        more ? format("等 {} 行", rows.size()) : ""
    );
    const std::string en_rows = format(
        "{} {}{}",
        rows.size() == 1 ? "row" : "rows",
        row_list(rows, ", "),
        more ? format(" … ({} rows)", rows.size()) : ""
    );
    if (fits.zh.empty()) {
        return {
            which.zh + "与各种口径都不相符",
            format("; {} fit{} none", en_rows, rows.size() == 1 ? "s" : "")};
    }
    const Text in = unit_words(unit);
    return {
        format("{}与{}（{}）相符", which.zh, fits.zh, in.zh),
        format(
            "; {} fit{} {} ({}) instead", en_rows, rows.size() == 1 ? "s" : "", fits.en, in.en
        )};
}

/// Outliers by what they fit instead, those that fit nothing last.
Text all_outliers(const CaliberFit& fit) {
    std::map<std::pair<int, std::string>, std::vector<std::size_t>> groups;
    constexpr int nothing = 99;
    for (const CaliberFit::Outlier& outlier : fit.outliers) {
        const int caliber = outlier.fits ? static_cast<int>(*outlier.fits) : nothing;
        groups[{caliber, outlier.fits_unit}].push_back(outlier.row);
    }
    Text result;
    for (const auto& [key, rows] : groups) {
        const Text fits =
            key.first == nothing ? Text{} : name_of(static_cast<AreaCaliber>(key.first));
        const Text words = outlier_words(key.second, rows, fits);
        result.zh += words.zh;
        result.en += words.en;
    }
    return result;
}

Text as_good_words(const CaliberFit& fit) {
    Text names;
    for (const AreaCaliber other : fit.as_good) {
        if (is_zone_plane(other) && is_shared_plane(fit)) {
            continue; // said with the meridian
        }
        const Text name = name_of(other);
        names.zh += (names.zh.empty() ? "" : "、") + name.zh;
        names.en += (names.en.empty() ? "" : ", ") + name.en;
    }
    if (names.zh.empty()) {
        return {};
    }
    return text(
        "；按所写的位数与{0}无法区分",
        "; in the digits written it cannot be told from {1}",
        names.zh,
        names.en
    );
}

Text warning_words(AreaCaliber caliber) {
    if (caliber != AreaCaliber::web_mercator && caliber != AreaCaliber::square_degrees) {
        return {};
    }
    return {
        "；这不是地面面积，不能用于方案",
        "; this is no area on the ground: do not plan with it"};
}

} // namespace

Text name_of(AreaCaliber caliber) {
    switch (caliber) {
    case AreaCaliber::survey:
        return {"椭球面积", "official ellipsoid area"};
    case AreaCaliber::geodesic:
        return {"测地面积", "geodesic area"};
    case AreaCaliber::plane_3_degree:
        return {"3° 带平面面积", "3° plane area"};
    case AreaCaliber::plane_6_degree:
        return {"6° 带平面面积", "6° plane area"};
    case AreaCaliber::plane_of_file:
        return {"源文件坐标系的平面面积", "plane area in the file's CRS"};
    case AreaCaliber::web_mercator:
        return {"Web 墨卡托平面面积", "Web Mercator plane area"};
    case AreaCaliber::square_degrees:
        return {"经纬度平方度", "square degrees"};
    }
    return {};
}

namespace {

/// What a column is nearest to, though less than half of its rows agree.
Text describe_nearest(std::string_view column, const CaliberFit& fit) {
    const Text name = name_of(fit.caliber);
    const Text plane = plane_words(fit);
    const Text unit = unit_words(fit.unit);
    const Text others = fit.rows_fitting == 0 ? Text{} : all_outliers(fit);
    const std::string tolerance = short_number(fit.tolerance_m2);
    const std::string median = short_number(fit.median_residual_m2);
    return {
        format(
            "{} 与{}{}最接近，单位{}，但 {} 行中只有 {} 行相差不超过 {} m²（差值中位数 {} "
            "m²）{}",
            column,
            name.zh,
            plane.zh,
            unit.zh,
            fit.rows,
            fit.rows_fitting,
            tolerance,
            median,
            others.zh
        ),
        format(
            "{} is nearest to {}{}, in {}, but only {} of {} rows are within {} m² (median "
            "difference {} m²){}",
            column,
            name.en,
            plane.en,
            unit.en,
            fit.rows_fitting,
            fit.rows,
            tolerance,
            median,
            others.en
        )};
}

} // namespace

Text describe(std::string_view column, const CaliberFit& fit) {
    if (2 * fit.rows_fitting < fit.rows) {
        return describe_nearest(column, fit);
    }
    const Text name = name_of(fit.caliber);
    const Text plane = plane_words(fit);
    const Text unit = unit_words(fit.unit);
    const std::string tolerance = short_number(fit.tolerance_m2);
    Text words{
        format(
            "{} 是{}{}，单位{}（{} 行中 {} 行相差不超过 {} m²）",
            column,
            name.zh,
            plane.zh,
            unit.zh,
            fit.rows,
            fit.rows_fitting,
            tolerance
        ),
        format(
            "{} is {}{}, in {} ({} of {} rows within {} m²)",
            column,
            name.en,
            plane.en,
            unit.en,
            fit.rows_fitting,
            fit.rows,
            tolerance
        )};
    for (const Text& more :
         {all_outliers(fit), as_good_words(fit), warning_words(fit.caliber)}) {
        words.zh += more.zh;
        words.en += more.en;
    }
    return words;
}

} // namespace tuban
