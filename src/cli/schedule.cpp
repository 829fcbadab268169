#include "cli/commands.hpp"
#include "cli/print.hpp"
#include "run/earlier_results.hpp"

namespace tuban::cli {

int schedule(const ScheduleArguments& arguments, Console& console) {
    if (!arguments.out.empty()) {
        require_output(arguments.out, {arguments.units, arguments.rules}, Product::schedule);
    }
    FileSpec units;
    units.file = arguments.units;
    units.layer = arguments.sheet;
    units.named_by = NamedBy::option;
    const UnitsResult result = schedule_units(
        units, arguments.rules, {arguments.relax, console.common().seed}, console.execution()
    );
    const Plan& plan = result.plan;
    const bool infeasible = plan.status == PlanStatus::infeasible;
    for (const std::string& line : issue_lines(result.issues, console, 20)) {
        console.words(line);
    }
    console.words(plan_status(plan, console));
    for (const std::string& line : conflict_lines(plan, console)) {
        console.complain(line);
    }
    if (!plan.assignments.empty()) {
        console.words(plan_table(plan, console));
        if (!arguments.out.empty()) {
            write_plan_csv(result, arguments.out);
            tell_written(arguments.out, console);
        }
    }
    if (console.common().json) {
        console.data(units_json(result));
    } else if (arguments.out.empty() && !plan.assignments.empty()) {
        console.data(plan_csv(result));
    }
    return infeasible ? static_cast<int>(ErrorCode::infeasible) : 0;
}

} // namespace tuban::cli
