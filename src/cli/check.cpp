#include "cli/commands.hpp"
#include "cli/print.hpp"
#include "core/format.hpp"
#include "run/check_output.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

namespace tuban::cli {
namespace {

constexpr std::size_t most_examples = 5; ///< of each kind of issue
constexpr std::size_t most_lines = 10;   ///< of the other lists
constexpr std::size_t most_rows_named = 6;

/// Issues of one kind, the worst first.
struct Group {
    Severity severity = Severity::note;
    const IssueKind* kind = nullptr; ///< null for a code without words
    std::string code;
    std::vector<const Issue*> issues;
};

const IssueKind* kind_of(const std::string& code) {
    const std::vector<IssueKind>& kinds = issue_kinds();
    const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const IssueKind& kind) {
        return kind.code == code;
    });
    return found == kinds.end() ? nullptr : &*found;
}

double area_change(const Issue& issue) {
    return issue.area_before_m2 && issue.area_after_m2
               ? std::abs(*issue.area_after_m2 - *issue.area_before_m2)
               : 0.0;
}

/// By severity, errors first, then by how many there are, then by code.
std::vector<Group> groups_of(const std::vector<Issue>& issues) {
    std::map<std::pair<int, std::string>, Group> by_kind;
    for (const Issue& issue : issues) {
        Group& group = by_kind[{-static_cast<int>(issue.severity), issue.code}];
        group.severity = issue.severity;
        group.code = issue.code;
        group.kind = kind_of(issue.code);
        group.issues.push_back(&issue);
    }
    std::vector<Group> groups;
    for (auto& [key, group] : by_kind) {
        std::stable_sort(
            group.issues.begin(),
            group.issues.end(),
            [](const Issue* a, const Issue* b) { return area_change(*a) > area_change(*b); }
        );
        groups.push_back(std::move(group));
    }
    std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
        return std::tuple(-static_cast<int>(a.severity), b.issues.size()) <
               std::tuple(-static_cast<int>(b.severity), a.issues.size());
    });
    return groups;
}

/// Writes a report as words, part by part.
class Teller {
public:
    Teller(const CheckReport& report, const Console& console)
        : report_(report), console_(console), groups_(groups_of(report.issues)) {}

    /// What went wrong, what to do about it, and the verdict; nothing where nothing did.
    std::string quiet_words() {
        tell_kinds();
        if (!words_.empty()) {
            tell_verdict();
        }
        words_.erase(0, words_.find_first_not_of('\n'));
        return std::move(words_);
    }

    std::string words() {
        tell_file();
        tell_calibers();
        tell_counts();
        tell_kinds();
        tell_repairs();
        tell_overlaps();
        tell_ineligible();
        tell_verdict();
        return std::move(words_);
    }

private:
    [[nodiscard]] std::string say(const Text& text) const { return console_.say(text); }

    void line(const Text& text) { words_ += say(text) + "\n"; }

    void heading(const Text& text) { words_ += "\n" + say(text) + "\n"; }

    [[nodiscard]] std::string severity(Severity severity) const {
        switch (severity) {
        case Severity::error:
            return say({"错误", "error"});
        case Severity::warning:
            return say({"警告", "warning"});
        case Severity::note:
            break;
        }
        return say({"提示", "note"});
    }

    [[nodiscard]] std::string name(const Group& group) const {
        return group.kind == nullptr ? group.code : say(group.kind->name);
    }

    [[nodiscard]] std::string because(const std::string& source) const {
        const std::string reason = say(words_of_basis(source));
        return reason.empty() ? "" : say(text("（{}）", " ({})", reason));
    }

    void tell_file() {
        const InputFile& input = report_.input;
        words_ += report_.file + (report_.layer.empty() ? "" : " " + report_.layer) + "\n";
        line(text(
            "  图斑    {} 行，{} 行能参与；椭球面积合计 {} 公顷",
            "  plots     {} rows, {} may take part; {} ha on the ellipsoid in all",
            report_.rows,
            report_.eligible,
            trimmed(report_.total_ellipsoid_area_m2 / 1e4, 6)
        ));
        if (!input.crs.empty()) {
            line(text(
                "  坐标系  {}{}", "  CRS       {}{}", input.crs, because(input.crs_because)
            ));
        }
        if (!report_.crs_proposals.empty()) {
            const bool one = report_.crs_proposals.size() == 1;
            const std::string example = one ? " " + report_.crs_proposals.front() : "";
            line(text(
                "  坐标系可能是 {0}；{1} --crs{2} 指定",
                "  the CRS may be {0}; {3} name it by --crs{2}",
                joined(report_.crs_proposals),
                one ? "查明后用" : "从数字看不出是哪一个，查明后用",
                example,
                one ? "find out and" : "the numbers do not tell which: find out and"
            ));
        }
        if (!input.encoding.empty()) {
            line(text(
                "  编码    {}{}",
                "  encoding  {}{}",
                input.encoding,
                because(input.encoding_because)
            ));
        }
        for (const Issue& issue : report_.issues) {
            if (issue.code == "county_not_checked") {
                line({"  县界    " + issue.message.zh, "  county    " + issue.message.en});
            }
        }
    }

    [[nodiscard]] std::string joined(const std::vector<std::string>& words) const {
        std::string list;
        for (std::size_t i = 0; i < std::min(words.size(), most_lines); ++i) {
            list += (i == 0 ? "" : say({"、", ", "})) + words[i];
        }
        return list + (words.size() > most_lines ? "…" : "");
    }

    void tell_calibers() {
        if (report_.areas.empty()) {
            return;
        }
        heading({"面积列的口径", "What the area columns measure"});
        for (const CheckedArea& area : report_.areas) {
            words_ += "  " + say(describe(area.column, area.fit)) + "\n";
        }
    }

    /// "2、5、7…": the rows of a kind, in file order.
    [[nodiscard]] std::string rows_of(const Group& group) const {
        std::vector<std::int64_t> rows;
        for (const Issue* issue : group.issues) {
            if (issue->row) {
                rows.push_back(*issue->row);
            }
        }
        std::sort(rows.begin(), rows.end());
        rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
        std::string list;
        for (std::size_t i = 0; i < std::min(rows.size(), most_rows_named); ++i) {
            list += (i == 0 ? "" : say({"、", ", "})) + format("{}", rows[i]);
        }
        return list + (rows.size() > most_rows_named ? say({"……", " …"}) : "");
    }

    void tell_counts() {
        if (groups_.empty()) {
            return;
        }
        std::vector<std::vector<std::string>> rows{
            {say({"程度", "severity"}),
             say({"问题", "what"}),
             say({"个数", "count"}),
             say({"行", "rows"})}};
        for (const Group& group : groups_) {
            rows.push_back(
                {severity(group.severity),
                 name(group),
                 format("{}", group.issues.size()),
                 rows_of(group)}
            );
        }
        words_ += "\n" + aligned(rows, {false, false, true, false});
    }

    /// Where an issue is, without the file that the whole report is about.
    [[nodiscard]] std::string place_and_message(const Issue& issue) const {
        Issue here = issue;
        if (here.file == report_.file && here.layer == report_.layer) {
            here.file.clear();
            here.layer.clear();
        }
        std::string words = issue_line(here, console_);
        words.erase(0, words.find_first_not_of(' '));
        return words;
    }

    void tell_kinds() {
        for (const Group& group : groups_) {
            if (group.severity == Severity::note) {
                continue;
            }
            heading(text("{}：{}", "{}: {}", severity(group.severity), name(group)));
            const std::size_t shown = std::min(group.issues.size(), most_examples);
            for (std::size_t i = 0; i < shown; ++i) {
                words_ += "  " + place_and_message(*group.issues[i]) + "\n";
            }
            tell_more(group.issues.size() - shown);
            if (group.kind != nullptr) {
                line(text("  → {}", "  → {}", say(group.kind->advice)));
            }
        }
    }

    void tell_more(std::size_t more) {
        if (more > 0) {
            line(text(
                "  ……另有 {} 条，--json 和 --page 列出全部",
                "  … and {} more: --json and --page list them all",
                more
            ));
        }
    }

    void tell_repairs() {
        std::vector<const RepairEntry*> entries;
        for (const RepairEntry& entry : report_.repairs) {
            entries.push_back(&entry);
        }
        if (entries.empty()) {
            return;
        }
        const auto change = [](const RepairEntry& entry) {
            return std::abs(entry.area_after_m2 - entry.area_before_m2);
        };
        std::stable_sort(
            entries.begin(),
            entries.end(),
            [&](const RepairEntry* a, const RepairEntry* b) { return change(*a) > change(*b); }
        );
        heading({"修复台账（面积变化大的在前）", "Repairs, largest change of area first"});
        std::vector<std::vector<std::string>> rows{
            {say({"行", "row"}),
             say({"图斑", "plot"}),
             say({"修复前(m²)", "before (m²)"}),
             say({"修复后(m²)", "after (m²)"}),
             say({"顶点", "vertices"}),
             say({"处理", "outcome"})}};
        for (std::size_t i = 0; i < std::min(entries.size(), most_lines); ++i) {
            const RepairEntry& entry = *entries[i];
            rows.push_back(
                {format("{}", entry.row),
                 entry.plot_id,
                 format("{:.2f}", entry.area_before_m2),
                 format("{:.2f}", entry.area_after_m2),
                 format("{} → {}", entry.vertices_before, entry.vertices_after),
                 outcome(entry.state)}
            );
        }
        words_ += aligned(rows, {true, false, true, true, true, false});
        tell_more(entries.size() - std::min(entries.size(), most_lines));
    }

    [[nodiscard]] std::string outcome(RepairState state) const {
        switch (state) {
        case RepairState::applied:
            return say({"已修复", "repaired"});
        case RepairState::refused:
            return say({"超过限度，暂不参与", "beyond the limit, held out"});
        case RepairState::accepted:
            break;
        }
        return say({"超过限度，用户已接受", "beyond the limit, accepted"});
    }

    void tell_overlaps() {
        std::vector<const Overlap*> pairs;
        double total_m2 = 0.0;
        for (const Overlap& overlap : report_.overlaps) {
            pairs.push_back(&overlap);
            total_m2 += overlap.area_m2;
        }
        if (pairs.empty()) {
            return;
        }
        std::stable_sort(pairs.begin(), pairs.end(), [](const Overlap* a, const Overlap* b) {
            return a->area_m2 > b->area_m2;
        });
        heading(text(
            "图斑之间的重叠：{} 对，{:.2f} m²（大的在前）",
            "Overlaps between plots: {} pairs, {:.2f} m², largest first",
            pairs.size(),
            total_m2
        ));
        std::vector<std::vector<std::string>> rows{
            {say({"行", "rows"}),
             say({"图斑", "plot"}),
             say({"图斑", "plot"}),
             say({"重叠(m²)", "shared (m²)"}),
             ""}};
        for (std::size_t i = 0; i < std::min(pairs.size(), most_lines); ++i) {
            const Overlap& pair = *pairs[i];
            rows.push_back(
                {format("{}, {}", pair.first + 1, pair.second + 1),
                 report_.plots[pair.first].plot_id,
                 report_.plots[pair.second].plot_id,
                 format("{:.2f}", pair.area_m2),
                 pair.same ? say({"图形相同", "same geometry"}) : ""}
            );
        }
        words_ += aligned(rows, {false, false, false, true, false});
        tell_more(pairs.size() - std::min(pairs.size(), most_lines));
    }

    void tell_ineligible() {
        if (report_.ineligible.empty()) {
            return;
        }
        heading(
            {"不能参与的图斑（--json 列出编号）",
             "Plots that take no part (--json has their ids)"}
        );
        for (const EligibilityCount& count : report_.ineligible) {
            line(text("  {}：{} 个", "  {}: {}", say(count.name), count.rows));
        }
    }

    void tell_verdict() {
        const std::size_t errors = count(report_.issues, Severity::error);
        const std::size_t warnings = count(report_.issues, Severity::warning);
        const std::size_t notes = count(report_.issues, Severity::note);
        words_ += "\n";
        if (errors + warnings > 0) {
            line(text("{} 个错误，{} 个警告", "{} errors, {} warnings", errors, warnings));
        } else if (notes > 0) {
            line(text(
                "没有错误和警告；{} 条提示，详见 --json",
                "no errors, no warnings; {} notes, see --json",
                notes
            ));
        } else {
            line({"没有发现问题", "nothing is wrong"});
        }
    }

    const CheckReport& report_;
    const Console& console_;
    std::vector<Group> groups_;
    std::string words_;
};

std::string answer(const CheckReport& report, const Console& console) {
    if (console.common().json) {
        Execution execution;
        execution.threads = console.common().threads;
        return check_json(report, execution);
    }
    Teller teller(report, console);
    return console.common().quiet ? teller.quiet_words() : teller.words();
}

} // namespace

int check(const CheckArguments& arguments, Console& console) {
    CheckOptions options = arguments.options;
    options.lang = console.common().language == Language::zh ? "zh" : "en";
    const CheckReport report = check_file(arguments.file, options, console.execution());
    console.data(answer(report, console));
    for (const std::string& written : {options.fix, options.page}) {
        if (!written.empty()) {
            tell_written(written, console);
        }
    }
    const std::size_t errors = count(report.issues, Severity::error);
    const std::size_t warnings = count(report.issues, Severity::warning);
    return errors > 0 || (arguments.strict && warnings > 0)
               ? static_cast<int>(ErrorCode::data_check_failed)
               : 0;
}

} // namespace tuban::cli
