#pragma once
#include "cli/arguments.hpp"
#include "cli/console.hpp"

/// The second phase: each command does its work and returns the exit code. Failures are thrown.
namespace tuban::cli {

[[nodiscard]] int run(const RunArguments& arguments, Console& console);
[[nodiscard]] int check(const CheckArguments& arguments, Console& console);
[[nodiscard]] int measure(const MeasureArguments& arguments, Console& console);
[[nodiscard]] int schedule(const ScheduleArguments& arguments, Console& console);
[[nodiscard]] int explain(const ExplainArguments& arguments, Console& console);
[[nodiscard]] int verify(const VerifyArguments& arguments, Console& console);
[[nodiscard]] int schema(const SchemaArguments& arguments, Console& console);

} // namespace tuban::cli
