#include <tuban/run.hpp>

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "run/json.hpp"

#include <algorithm>

namespace tuban {
namespace {

const char* key_of(AreaCaliber caliber) {
    switch (caliber) {
    case AreaCaliber::survey:
        return "survey";
    case AreaCaliber::geodesic:
        return "geodesic";
    case AreaCaliber::plane_3_degree:
        return "plane_3_degree";
    case AreaCaliber::plane_6_degree:
        return "plane_6_degree";
    case AreaCaliber::plane_of_file:
        return "plane_of_file";
    case AreaCaliber::web_mercator:
        return "web_mercator";
    case AreaCaliber::square_degrees:
        break;
    }
    return "square_degrees";
}

std::string id_of(const CheckReport& report, std::size_t row) {
    return row < report.plots.size() ? report.plots[row].plot_id : "";
}

Json area_json(const CheckedArea& area, const CheckReport& report) {
    const CaliberFit& fit = area.fit;
    Json json{
        {"column", area.column},
        {"caliber", key_of(fit.caliber)},
        {"unit", fit.unit},
        {"rows", fit.rows},
        {"rows_fitting", fit.rows_fitting},
        {"tolerance_m2", fit.tolerance_m2},
        {"median_residual_m2", fit.median_residual_m2},
        {"p95_residual_m2", fit.p95_residual_m2},
        {"max_residual_m2", fit.max_residual_m2},
        {"as_good", Json::array()},
        {"outliers", Json::array()},
    };
    for (const AreaCaliber caliber : fit.as_good) {
        json["as_good"].push_back(key_of(caliber));
    }
    for (const CaliberFit::Outlier& outlier : fit.outliers) {
        json["outliers"].push_back(
            {{"row", outlier.row + 1},
             {"plot_id", id_of(report, outlier.row)},
             {"given_m2", outlier.given_m2},
             {"expected_m2", outlier.expected_m2},
             {"fits", outlier.fits ? Json(key_of(*outlier.fits)) : Json(nullptr)},
             {"fits_unit", or_null(outlier.fits_unit)}}
        );
    }
    return json;
}

Json overlap_json(const Overlap& overlap, const CheckReport& report) {
    return {
        {"row", overlap.first + 1},
        {"other_row", overlap.second + 1},
        {"plot_id", id_of(report, overlap.first)},
        {"other_plot_id", id_of(report, overlap.second)},
        {"area_m2", overlap.area_m2},
        {"same", overlap.same},
        {"lon_deg", overlap.at.lon_deg},
        {"lat_deg", overlap.at.lat_deg},
    };
}

Json repair_json(const RepairEntry& entry) {
    return {
        {"row", entry.row},
        {"plot_id", entry.plot_id},
        {"rule", entry.rule},
        {"state", name_of(entry.state)},
        {"vertices_before", entry.vertices_before},
        {"vertices_after", entry.vertices_after},
        {"area_before_m2", entry.area_before_m2},
        {"area_after_m2", entry.area_after_m2},
    };
}

Json ineligible_json(const EligibilityCount& count, const CheckReport& report) {
    Json plots = Json::array();
    for (const std::int64_t row : count.which) {
        plots.push_back(
            {{"row", row}, {"plot_id", id_of(report, static_cast<std::size_t>(row - 1))}}
        );
    }
    return {
        {"id", count.id},
        {"name_zh", count.name.zh},
        {"name_en", count.name.en},
        {"rows", count.rows},
        {"plots", std::move(plots)},
    };
}

Json value_json(const OddValue& value) {
    return {
        {"column", value.column},
        {"value", value.value},
        {"becomes", value.becomes ? Json(*value.becomes) : Json(nullptr)},
        {"code", value.code},
        {"rows", value.rows},
    };
}

std::string dumped(const Json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

/// As dumped() has it, and at once where nothing needs an escape.
std::string quoted(const std::string& text) {
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
        return c >= ' ' && c <= '~' && c != '"' && c != '\\';
    });
    return plain ? '"' + text + '"' : dumped(text);
}

/// As dumped() has a list of objects in an object. There is one for each row: a tree of them all would take longer than
/// to read the file.
std::string plots_text(const std::vector<CheckedPlot>& plots, const Execution& execution) {
    constexpr std::size_t in_a_piece = 4096;
    std::vector<std::string> pieces((plots.size() + in_a_piece - 1) / in_a_piece);
    const auto write = [&](std::size_t piece) {
        std::string& text = pieces[piece];
        const std::size_t begin = piece * in_a_piece;
        for (std::size_t i = begin; i < std::min(plots.size(), begin + in_a_piece); ++i) {
            const CheckedPlot& plot = plots[i];
            text += i > 0 ? ",\n    {\n      \"row\": " : "\n    {\n      \"row\": ";
            text += std::to_string(plot.row);
            text += ",\n      \"plot_id\": ";
            text += quoted(plot.plot_id);
            text += ",\n      \"ellipsoid_area_m2\": ";
            text += dumped(or_null(plot.ellipsoid_area_m2));
            text += ",\n      \"status\": ";
            text += quoted(plot.status);
            text += "\n    }";
        }
    };
    parallel_for(pieces.size(), execution, {"写出结果", "writing the result"}, write);
    std::string text = "[";
    for (const std::string& piece : pieces) {
        text += piece;
    }
    return text + (plots.empty() ? "]" : "\n  ]");
}

template <class T, class ToJson>
Json list_of(const std::vector<T>& values, ToJson to_json) {
    Json list = Json::array();
    for (const T& value : values) {
        list.push_back(to_json(value));
    }
    return list;
}

} // namespace

std::string check_json(const CheckReport& report, const Execution& execution) {
    const InputFile& input = report.input;
    const Json json{
        {"format", 1},
        {"file", report.file},
        {"layer", or_null(report.layer)},
        {"rows", report.rows},
        {"usable", report.usable},
        {"eligible", report.eligible},
        {"encoding",
         {{"used", or_null(input.encoding)}, {"because", or_null(input.encoding_because)}}},
        {"crs",
         {{"used", or_null(input.crs)},
          {"because", or_null(input.crs_because)},
          {"proposals", report.crs_proposals}}},
        {"total_ellipsoid_area_m2", report.total_ellipsoid_area_m2},
        {"areas",
         list_of(report.areas, [&](const CheckedArea& a) { return area_json(a, report); })},
        {"issues", list_of(report.issues, issue_json)},
        {"overlaps",
         list_of(report.overlaps, [&](const Overlap& o) { return overlap_json(o, report); })},
        {"repairs", list_of(report.repairs, repair_json)},
        {"ineligible",
         list_of(
             report.ineligible,
             [&](const EligibilityCount& count) { return ineligible_json(count, report); }
         )},
        {"values", list_of(report.values, value_json)},
    };
    std::string text = dumped(json);
    text.resize(text.size() - 2); // "\n}"
    return text + ",\n  \"plots\": " + plots_text(report.plots, execution) + "\n}\n";
}

} // namespace tuban
