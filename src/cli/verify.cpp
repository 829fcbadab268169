#include "cli/commands.hpp"
#include "core/format.hpp"

namespace tuban::cli {

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
    const bool holds = verification.findings.empty();
    if (!console.common().json) {
        const Text counts = text(
            "{} 项要求、{} 个部分、{} 个合计",
            "{} requirements, {} parts, {} totals",
            verification.requirements,
            verification.parts,
            verification.totals
        );
        const Text verdict =
            holds ? text("核对无误：{}\n", "the plan holds: {}\n", console.say(counts))
                  : text(
                        "核对不通过：{} 处不符（查了 {}）\n",
                        "the plan does not hold: {} findings in {}\n",
                        verification.findings.size(),
                        console.say(counts)
                    );
        console.data(console.say(verdict));
    }
    return holds ? 0 : static_cast<int>(ErrorCode::data_check_failed);
}

} // namespace tuban::cli
