#include "cli/commands.hpp"
#include "core/format.hpp"

namespace tuban::cli {
namespace {

/// One sentence: whether the plan holds, and what was looked at.
Text verdict(const Verification& verification, const std::string& counts) {
    if (!verification.findings.empty()) {
        return text(
            "核对不通过：{} 处不符（查了 {}）\n",
            "the plan does not hold: {} findings in {}\n",
            verification.findings.size(),
            counts
        );
    }
    if (!verification.unmet.empty()) {
        return text(
            "这是放宽后的计划：所记与重新计算一致，但有 {} 项要求未满足（查了 {}）\n",
            "this is a relaxed plan: it is what it says, but misses {} requirement(s) ({})\n",
            verification.unmet.size(),
            counts
        );
    }
    return text("核对无误：{}\n", "the plan holds: {}\n", counts);
}

int exit_code(const Verification& verification) {
    if (!verification.findings.empty()) {
        return static_cast<int>(ErrorCode::data_check_failed);
    }
    return verification.unmet.empty() ? 0 : static_cast<int>(ErrorCode::infeasible);
}

} // namespace

int verify(const VerifyArguments& arguments, Console& console) {
    const Verification verification = verify_plan(arguments.plan);
    if (console.common().json) {
        console.data(verification_json(verification));
    }
    for (const Finding& finding : verification.findings) {
        console.complain(
            format("{} {}: {}", finding.table, finding.key, console.say(finding.message))
        );
    }
    for (const UnmetRequirement& unmet : verification.unmet) {
        console.complain(console.say({"未满足：", "not met: "}) + console.say(unmet.message));
    }
    if (!console.common().json) {
        const Text counts = text(
            "{} 项要求、{} 个部分、{} 个合计",
            "{} requirements, {} parts, {} totals",
            verification.requirements,
            verification.parts,
            verification.totals
        );
        console.data(console.say(verdict(verification, console.say(counts))));
    }
    return exit_code(verification);
}

} // namespace tuban::cli
