#include <tuban/run.hpp>
#include <tuban/tuban.h>

#include "guard.hpp"

using tuban::c::guard;
using tuban::c::require;

// NOLINTBEGIN(readability-function-size): these signatures are the C contract.

tuban_status tuban_run(
    const char* project_file,
    const char* out,
    int relax,
    tuban_progress progress,
    void* user,
    tuban_error* error
) {
    return guard(error, [&] {
        require(project_file, "project_file");
        require(out, "out");
        tuban::RunOptions options;
        options.out = out;
        options.relax = relax != 0;
        const tuban::RunResult run = tuban::run_project(
            project_file, options, tuban::c::execution_of(0, progress, user)
        );
        if (!run.result.plan || run.result.plan->status != tuban::PlanStatus::infeasible) {
            return TUBAN_OK;
        }
        tuban::Text message{
            "没有一个计划能同时满足全部要求", "no plan meets all requirements at once"};
        for (const tuban::Conflict& conflict : run.result.plan->conflicts) {
            message.zh += "；" + conflict.message.zh;
            message.en += "; " + conflict.message.en;
        }
        return tuban::c::fail(
            error, tuban::Error(tuban::ErrorCode::infeasible, message, {project_file, 0, 0})
        );
    });
}

tuban_status tuban_verify(const char* plan_file, size_t* findings, tuban_error* error) {
    return guard(error, [&] {
        require(plan_file, "plan_file");
        require(findings, "findings");
        *findings = tuban::verify_plan(plan_file).findings.size();
        return TUBAN_OK;
    });
}

// NOLINTEND(readability-function-size)
