#include "cli/commands.hpp"
#include "cli/print.hpp"
#include "core/format.hpp"

#include <algorithm>
#include <map>

namespace tuban::cli {
namespace {

constexpr std::size_t most_issues = 40;

std::string words_of(const CheckReport& report, const Console& console) {
    const auto say = [&](const Text& text) { return console.say(text); };
    std::string words = report.file + (report.layer.empty() ? "" : " " + report.layer) + "\n";
    words += say(text(
        "  {} 行，{} 行可用；椭球面积合计 {} 公顷\n",
        "  {} rows, {} usable; {} ha on the ellipsoid in all\n",
        report.rows,
        report.usable,
        trimmed(report.total_ellipsoid_area_m2 / 1e4, 6)
    ));
    if (!report.input.crs.empty()) {
        words += say(text("  坐标系 {}\n", "  CRS {}\n", report.input.crs));
    }
    if (!report.input.encoding.empty()) {
        words += say(text("  文字编码 {}\n", "  encoding {}\n", report.input.encoding));
    }
    std::map<std::string, std::size_t> by_code;
    for (const Issue& issue : report.issues) {
        ++by_code[issue.code];
    }
    for (const auto& [code, number] : by_code) {
        words += format("  {:>6}  {}\n", number, code);
    }
    for (const std::string& line : issue_lines(report.issues, console, most_issues)) {
        words += "  " + line + "\n";
    }
    const std::size_t notes = count(report.issues, Severity::note);
    if (notes == report.issues.size()) {
        words += say({"  没有发现问题\n", "  nothing is wrong\n"});
    }
    if (notes > 0) {
        words +=
            say(text("  另有 {} 条说明，见 --json\n", "  {} notes more: see --json\n", notes));
    }
    return words;
}

} // namespace

int check(const CheckArguments& arguments, Console& console) {
    const CheckReport report =
        check_file(arguments.file, arguments.options, console.execution());
    console.data(console.common().json ? check_json(report) : words_of(report, console));
    const bool errors =
        std::any_of(report.issues.begin(), report.issues.end(), [](const Issue& issue) {
            return issue.severity == Severity::error;
        });
    const bool anything = count(report.issues, Severity::note) < report.issues.size();
    return errors || (arguments.strict && anything)
               ? static_cast<int>(ErrorCode::data_check_failed)
               : 0;
}

} // namespace tuban::cli
