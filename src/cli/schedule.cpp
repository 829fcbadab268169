#include "cli/commands.hpp"
#include "cli/print.hpp"

namespace tuban::cli {

int schedule(const ScheduleArguments& arguments, Console& console) {
    const UnitsResult result = schedule_units(
        arguments.units,
        arguments.rules,
        {arguments.relax, console.common().seed},
        console.execution()
    );
    const Plan& plan = result.plan;
    const bool infeasible = plan.status == PlanStatus::infeasible;
    console.words(plan_status(plan, console));
    for (const std::string& line : conflict_lines(plan, console)) {
        console.complain(line);
    }
    if (!plan.assignments.empty()) {
        console.words(plan_table(plan, console));
        if (!arguments.out.empty()) {
            write_plan_csv(result, arguments.out);
        }
    }
    if (console.common().json) {
        console.data(plan_json(plan, result.units));
    } else if (arguments.out.empty() && !plan.assignments.empty()) {
        console.data(plan_csv(result));
    }
    return infeasible ? static_cast<int>(ErrorCode::infeasible) : 0;
}

} // namespace tuban::cli
