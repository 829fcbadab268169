#include "run/overlap_issues.hpp"

#include "core/format.hpp"

#include <algorithm>
#include <utility>

namespace tuban {
namespace {

constexpr std::size_t pairs_told = 100;

Issue issue_of(const Plots& plots, const Overlap& overlap) {
    const std::string& first = plots.ids[overlap.first];
    const std::string& second = plots.ids[overlap.second];
    Issue issue;
    issue.severity = overlap.same ? Severity::error : Severity::warning;
    issue.code = overlap.same ? "duplicate_geometry" : "overlap";
    issue.row = static_cast<std::int64_t>(overlap.second) + 1;
    issue.plot_id = second;
    issue.at = overlap.at;
    issue.message = text(
        overlap.same ? "与 {0}（第 {1} 行）图形相同，{2:.2f} m² 重复计算"
                     : "与 {0}（第 {1} 行）重叠 {2:.2f} m²，重复计算",
        overlap.same ? "covers the same ground as {0} (row {1}): {2:.2f} m² count twice"
                     : "overlaps {0} (row {1}) by {2:.2f} m², which count twice",
        first,
        overlap.first + 1,
        overlap.area_m2
    );
    return issue;
}

} // namespace

std::vector<Issue>
overlap_issues(const Plots& plots, const std::vector<Overlap>& found, const InputFile& input) {
    std::vector<Overlap> told = found;
    double rest_m2 = 0.0;
    if (told.size() > pairs_told) {
        std::stable_sort(told.begin(), told.end(), [](const Overlap& a, const Overlap& b) {
            return a.area_m2 > b.area_m2;
        });
        for (std::size_t i = pairs_told; i < told.size(); ++i) {
            rest_m2 += told[i].area_m2;
        }
        told.resize(pairs_told);
    }
    std::vector<Issue> issues;
    issues.reserve(told.size() + 1);
    for (const Overlap& overlap : told) {
        issues.push_back(issue_of(plots, overlap));
    }
    if (found.size() > told.size()) {
        Issue rest;
        rest.severity = Severity::warning;
        rest.code = "overlap";
        rest.message = text(
            "还有 {} 对图斑重叠，共 {:.2f} m²",
            "{} more pairs of plots overlap, by {:.2f} m² in all",
            found.size() - told.size(),
            rest_m2
        );
        issues.push_back(std::move(rest));
    }
    for (Issue& issue : issues) {
        issue.file = input.file;
        issue.layer = input.layer;
    }
    return issues;
}

} // namespace tuban
