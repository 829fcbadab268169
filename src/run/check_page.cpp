#include "report/check_page.hpp"

#include <tuban/version.hpp>

#include "core/format.hpp"
#include "report/page_shapes.hpp"
#include "run/check_output.hpp"
#include "run/json.hpp"
#include "workspace/palette.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>

namespace tuban {
namespace {

/// Everything the page's script draws, texts in one language.
class PageData {
public:
    PageData(const Checked& checked, bool english)
        : plots_(checked.plots), report_(checked.report), english_(english) {}

    [[nodiscard]] Json json() const {
        const MapShapes shapes = map_shapes(shown_geometry(plots_), {}, report_.issues);
        const InputFile& input = report_.input;
        Json data{
            {"tuban", version()},
            {"lang", english_ ? "en" : "zh"},
            {"file", report_.file},
            {"layer", report_.layer},
            {"rows", report_.rows},
            {"eligible", report_.eligible},
            {"total_ha", report_.total_ellipsoid_area_m2 / 1e4},
            {"crs", or_null(input.crs)},
            {"crs_because", said(words_of_basis(input.crs_because))},
            {"proposals", report_.crs_proposals},
            {"encoding", input.encoding},
            {"encoding_because", said(words_of_basis(input.encoding_because))},
            {"colours", colours()},
            {"tolerance_m", shapes.tolerance_m},
            {"kinds", kinds()},
            {"areas", areas()},
            {"ineligible", ineligible()},
            {"repairs", repairs()},
            {"overlaps", overlaps()},
            {"issues", issues()},
            {"plots", plots(shapes)},
        };
        return data;
    }

private:
    [[nodiscard]] const std::string& said(const Text& text) const {
        return english_ ? text.en : text.zh;
    }

    [[nodiscard]] static Json colours() {
        const Palette& all = palette();
        return {
            {"ok", all.periods.at(0)},
            {"repaired", all.periods.at(1)},
            {"alert", all.alert},
            {"none", all.not_scheduled},
            {"outline", all.outline},
        };
    }

    [[nodiscard]] Json kinds() const {
        Json json = Json::object();
        for (const IssueKind& kind : issue_kinds()) {
            json[std::string(kind.code)] = {
                {"name", said(kind.name)}, {"advice", said(kind.advice)}};
        }
        return json;
    }

    [[nodiscard]] Json areas() const {
        Json json = Json::array();
        for (const CheckedArea& area : report_.areas) {
            json.push_back(said(describe(area.column, area.fit)));
        }
        return json;
    }

    [[nodiscard]] Json ineligible() const {
        Json json = Json::array();
        for (const EligibilityCount& count : report_.ineligible) {
            json.push_back({{"name", said(count.name)}, {"rows", count.rows}});
        }
        return json;
    }

    [[nodiscard]] Json repairs() const {
        Json json = Json::array();
        for (const RepairEntry& entry : report_.repairs) {
            json.push_back(
                {{"row", entry.row},
                 {"plot", entry.plot_id},
                 {"rule", entry.rule},
                 {"state", name_of(entry.state)},
                 {"vertices_before", entry.vertices_before},
                 {"vertices_after", entry.vertices_after},
                 {"before_m2", entry.area_before_m2},
                 {"after_m2", entry.area_after_m2}}
            );
        }
        return json;
    }

    [[nodiscard]] Json overlaps() const {
        Json json = Json::array();
        for (const Overlap& pair : report_.overlaps) {
            json.push_back(
                {{"plot", plots_.ids[pair.first]},
                 {"other", plots_.ids[pair.second]},
                 {"area_m2", pair.area_m2},
                 {"same", pair.same},
                 {"at", place_json(pair.at)}}
            );
        }
        return json;
    }

    [[nodiscard]] Json issues() const {
        Json json = Json::array();
        for (const Issue& issue : report_.issues) {
            const bool changed = issue.area_before_m2 && issue.area_after_m2;
            json.push_back(
                {{"severity", name_of(issue.severity)},
                 {"code", issue.code},
                 {"row", or_null(issue.row)},
                 {"plot", issue.plot_id},
                 {"message", said(issue.message)},
                 {"change_m2",
                  changed ? Json(*issue.area_after_m2 - *issue.area_before_m2) : Json(nullptr)},
                 {"at", issue.at ? place_json(*issue.at) : Json(nullptr)}}
            );
        }
        return json;
    }

    [[nodiscard]] Json plots(const MapShapes& shapes) const {
        Json json = Json::array();
        for (std::size_t row = 0; row < report_.plots.size(); ++row) {
            json.push_back(
                {{"row", report_.plots[row].row},
                 {"id", report_.plots[row].plot_id},
                 {"status", report_.plots[row].status},
                 {"far", shapes.far[row] != 0},
                 {"shape", shape_json(shapes.plots[row])}}
            );
        }
        return json;
    }

    const Plots& plots_;
    const CheckReport& report_;
    bool english_;
};

} // namespace

Text words_of_basis(const std::string& because) {
    static const std::map<std::string, Text, std::less<>> known{
        {"file", {"文件里写明", "the file says so"}},
        {"project", {"按用户指定", "as the user says"}},
        {"bytes", {"按文字的字节判断", "judged by the bytes of the text"}},
        {"cpg", {".cpg 声明，字节相符", "the .cpg says so, and the bytes agree"}},
        {"ldid", {"DBF 语言字节声明，字节相符", "the DBF's language byte says so"}},
    };
    const std::size_t end = std::min(because.find(';'), because.size());
    const auto found = known.find(because.substr(0, end));
    if (found == known.end()) {
        return {because, because};
    }
    const std::string more = because.substr(end);
    return {found->second.zh + more, found->second.en + more};
}

void write_check_page(
    const Checked& checked, const std::string& lang, const std::string& file
) {
    const bool english = lang == "en";
    const std::string name = std::filesystem::path(checked.report.file).filename().string();
    const Text title = text("检查 {}", "Check of {}", name);
    write_check_page(
        PageData(checked, english).json(), english ? title.en : title.zh, english, file
    );
}

} // namespace tuban
