#include "run/area_columns.hpp"

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "geodesy/calibers.hpp"
#include "io/national_values.hpp"
#include "io/plot_checks.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace tuban {
namespace {

constexpr int most_decimals = 15;
constexpr double least_ratio = 0.2; ///< of a figure to the area it may be, in its unit
constexpr double most_ratio = 5.0;

std::vector<std::optional<double>> figures_of(const Column& column) {
    std::vector<std::optional<double>> figures(column.size());
    for (std::size_t row = 0; row < figures.size(); ++row) {
        figures[row] = column.number(row);
    }
    return figures;
}

/// The digits after the point of a number's shortest text: "0.25" → 2, "1.5e-07" → 8.
int decimals_of(const std::string& text) {
    const std::size_t power_at = text.find('e');
    const int power = power_at == std::string::npos ? 0 : std::stoi(text.substr(power_at + 1));
    const std::string digits = text.substr(0, power_at);
    const std::size_t point = digits.find('.');
    const int written =
        point == std::string::npos ? 0 : static_cast<int>(digits.size() - point - 1);
    return std::clamp(written - power, 0, most_decimals);
}

/// A column is worth a look if half of its figures are of the size of their plot in one of the units.
bool may_be_area(
    const std::vector<std::optional<double>>& figures,
    const std::vector<double>& survey_m2,
    const std::vector<double>& degrees
) {
    constexpr std::array<double, 3> units{1.0, 1e4, 2000.0 / 3.0};
    std::array<std::size_t, 2 * units.size()> near{};
    std::size_t rows = 0;
    for (std::size_t row = 0; row < figures.size(); ++row) {
        if (!figures[row] || !(*figures[row] > 0.0) || !(survey_m2[row] > 0.0)) {
            continue;
        }
        ++rows;
        for (std::size_t i = 0; i < near.size(); ++i) {
            const double area = i < units.size() ? survey_m2[row] : degrees[row];
            const double ratio = *figures[row] * units.at(i % units.size()) / area;
            near.at(i) += ratio >= least_ratio && ratio <= most_ratio ? 1U : 0U;
        }
    }
    return rows > 0 && 2 * *std::max_element(near.begin(), near.end()) >= rows;
}

bool is_word_in(const std::string& name, std::string_view word) {
    const auto is_letter = [](char c) {
        return std::isalpha(static_cast<unsigned char>(c)) != 0;
    };
    const std::size_t at = name.find(word);
    if (at == std::string::npos) {
        return false;
    }
    const std::size_t end = at + word.size();
    return (at == 0 || !is_letter(name[at - 1])) &&
           (end == name.size() || !is_letter(name[end]));
}

/// The key that a column's name asks for; "" for one that is called no area.
std::string area_key(const Column& column) {
    const std::string name = lower(column.name);
    const auto has = [&](std::string_view part) {
        return name.find(part) != std::string::npos;
    };
    if (has("亩") || is_word_in(name, "mu")) {
        return "area_mu";
    }
    if (has("公顷") || is_word_in(name, "ha")) {
        return "area_ha";
    }
    return has("面积") || is_word_in(name, "area") ? "area_m2" : "";
}

/// A column with figures above 0 and nothing else; none for any other.
std::optional<AreaColumn> figures_in(const Column& column, const std::string& key) {
    constexpr std::string_view renamed = "src_"; // where it is called like a column of ours
    const std::string name =
        column.name.starts_with(renamed) ? column.name.substr(renamed.size()) : column.name;
    AreaColumn found{name, key, 0, 0.0};
    static const NationalField& number = *national_field("TBTYMJ");
    for (std::size_t row = 0; row < column.size(); ++row) {
        const auto cell = column.text(row);
        const NationalValue value = cell ? national_value(number, *cell) : NationalValue{};
        if (!value.known) {
            return std::nullopt;
        }
        const double figure = value.text ? std::strtod(value.text->c_str(), nullptr) : 0.0;
        found.rows += figure > 0.0 ? 1U : 0U;
        found.sum += figure > 0.0 ? figure : 0.0;
    }
    return found.rows > 0 ? std::optional(found) : std::nullopt;
}

} // namespace

std::optional<AreaColumn> area_column_of_table(const Table& attributes) {
    for (const char* field : {"TBTYMJ", "TBHDMJ"}) {
        const Column* const column = national_column(attributes, field);
        auto found = column != nullptr ? figures_in(*column, "area_m2") : std::nullopt;
        if (found) {
            return found;
        }
    }
    for (const Column& column : attributes.columns) {
        const std::string key = area_key(column);
        auto found = key.empty() ? std::nullopt : figures_in(column, key);
        if (found) {
            return found;
        }
    }
    return std::nullopt;
}

int written_decimals(const Column& column) {
    std::array<std::size_t, most_decimals + 1> counts{};
    std::size_t cells = 0;
    for (std::size_t row = 0; row < column.size(); ++row) {
        if (const auto cell = column.text(row); cell && column.number(row)) {
            ++counts.at(static_cast<std::size_t>(decimals_of(*cell)));
            ++cells;
        }
    }
    // Trailing zeros are not stored, and an odd cell may have more digits than its column: nine of ten cells decide.
    int decimals = 0;
    for (std::size_t covered = counts.front(); 10 * covered < 9 * cells;) {
        covered += counts.at(static_cast<std::size_t>(++decimals));
    }
    return decimals;
}

namespace {

/// The column that a project counts, by the key it names it with.
struct CountedColumn {
    std::string key;
    std::string name;
};

CountedColumn counted_column(const PlotFields& fields) {
    if (!fields.area_ha.empty()) {
        return {"area_ha", fields.area_ha};
    }
    return fields.area_mu.empty() ? CountedColumn{"area_m2", fields.area_m2}
                                  : CountedColumn{"area_mu", fields.area_mu};
}

/// Where the project names a column.
Where place_of_column(const PlotFields& fields, const std::string& name) {
    for (const auto& [column, where] : fields.places) {
        if (column == name) {
            return where;
        }
    }
    return {};
}

} // namespace

std::optional<Text>
unit_contradicted(const PlotFields& fields, const std::string& column, const CaliberFit& fit) {
    const CountedColumn counted = counted_column(fields);
    const std::string key = "area_" + fit.unit;
    const bool unit = fit.unit == "m2" || fit.unit == "ha" || fit.unit == "mu";
    if (column != counted.name || !unit || key == counted.key ||
        2 * fit.rows_fitting < fit.rows) {
        return std::nullopt;
    }
    return text(
        "项目里写的是 {0}: {1}，而这一列与图形相比是另一个单位的数（{2} 行中 {3} "
        "行相符）；请改为 "
        "{4}: {1}",
        "the project says {0}: {1}, but held against the shapes the column is in another unit "
        "({3} of {2} rows agree): write {4}: {1}",
        counted.key,
        column,
        fit.rows,
        fit.rows_fitting,
        key
    );
}

Text counted_caliber(const Plots& plots, const PlotFields& fields, const Execution& execution) {
    const Column* given = plots.attributes.find("given_area_m2");
    if (given == nullptr) {
        return {
            "图斑椭球面积（国土调查办发〔2008〕32号；边在源坐标平面内为直线，截成不超过 70 m "
            "的段）",
            "official ellipsoid area (国土调查办发〔2008〕32号; edges straight in the source's "
            "plane, cut at 70 m)"};
    }
    const std::string name = counted_column(fields).name;
    // In the unit and the digits that the source writes: rounding to 0.01 m² would hide how coarse a hectare is.
    const Column* source = plots.attributes.find(name);
    const Column& figures =
        source != nullptr && source->type() != ColumnType::text ? *source : *given;
    CaliberAreas areas(plots.geometry, plots.edge_crs);
    const auto fit =
        fit_caliber(areas, figures_of(figures), written_decimals(figures), execution);
    const auto words =
        fit && &figures == source ? unit_contradicted(fields, name, *fit) : std::nullopt;
    if (words) {
        throw Error(ErrorCode::data_check_failed, *words, place_of_column(fields, name));
    }
    if (fit) {
        return describe(name, *fit);
    }
    const bool shapes = std::any_of(
        plots.geometry.kinds.begin(),
        plots.geometry.kinds.end(),
        [](GeometryKind kind) { return kind == GeometryKind::polygon; }
    );
    return shapes
               ? text(
                     "项目指定的列 {0}；与图形算出的各种面积都不相符，口径不明",
                     "column {0} that the project names; it fits no area of the shapes, so how "
                     "it was made is unknown",
                     name
                 )
               : text(
                     "项目指定的列 {0}；没有图形可以核对口径",
                     "column {0} that the project names; there are no shapes to check it by",
                     name
                 );
}

std::vector<CheckedArea> area_columns(
    const Plots& plots, const std::vector<double>& survey_m2, const Execution& execution
) {
    // What reading made of a column of the source stands beside that column.
    static const std::set<std::string> ours{"given_area_m2", "cost_yuan"};
    std::vector<CheckedArea> found;
    CaliberAreas areas(plots.geometry, plots.edge_crs, part_of(execution, 0.0, 0.1));
    areas.know_survey(survey_m2);
    const auto n = static_cast<double>(plots.attributes.columns.size());
    double done = 0.0;
    for (const Column& column : plots.attributes.columns) {
        const Execution part =
            part_of(execution, 0.1 + 0.9 * done / n, 0.1 + 0.9 * (done + 1.0) / n);
        done += 1.0;
        if (column.type() == ColumnType::text || ours.contains(column.name)) {
            continue;
        }
        const auto figures = figures_of(column);
        if (!may_be_area(figures, survey_m2, areas.degrees())) {
            continue;
        }
        if (auto fit = fit_caliber(areas, figures, written_decimals(column), part)) {
            found.push_back({column.name, *std::move(fit)});
        }
    }
    return found;
}

} // namespace tuban
