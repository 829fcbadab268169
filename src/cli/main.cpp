#include "cli/commands.hpp"
#include "io/gdal.hpp"

#include <exception>
#include <new>
#include <string>
#include <variant>
#include <vector>

namespace tuban::cli {
namespace {

int dispatch(const Command& command, Console& console) {
    struct Visitor {
        Console& console;

        int operator()(const PrintArguments& arguments) const {
            console.data(arguments.text);
            return 0;
        }

        int operator()(const RunArguments& arguments) const { return run(arguments, console); }

        int operator()(const CheckArguments& arguments) const {
            return check(arguments, console);
        }

        int operator()(const MeasureArguments& arguments) const {
            return measure(arguments, console);
        }

        int operator()(const ScheduleArguments& arguments) const {
            return schedule(arguments, console);
        }

        int operator()(const ExplainArguments& arguments) const {
            return explain(arguments, console);
        }

        int operator()(const VerifyArguments& arguments) const {
            return verify(arguments, console);
        }

        int operator()(const SchemaArguments& arguments) const {
            return schema(arguments, console);
        }
    };

    return std::visit(Visitor{console}, command);
}

/// The error in words on stderr, as JSON on stdout where JSON was asked for, and as the exit code.
int fail(const Error& error, const Common& common) {
    wait_if_left();
    Console console(common);
    console.complain(console.say({"错误：", "error: "}) + console.say(full_message(error)));
    if (common.json) {
        try {
            console.data(error_json(error));
        } catch (const Error&) {
            return static_cast<int>(ErrorCode::unwritable_output);
        }
    }
    return static_cast<int>(error.code());
}

int run_program(const std::vector<std::string>& words) {
    Common common;
    common.language = language_of(words);
    common.json = wants_json(words);
    try {
        const Arguments arguments = parse_command_line(words);
        common = arguments.common;
        Console console(common);
        const int code = dispatch(arguments.command, console);
        console.end_progress();
        return code;
    } catch (const Error& error) {
        return fail(error, common);
    } catch (const std::bad_alloc&) {
        return fail(Error(ErrorCode::internal, {"内存不够", "out of memory"}), common);
    } catch (const std::exception& error) {
        const std::string what = error.what();
        return fail(
            Error(ErrorCode::internal, {"内部错误：" + what, "internal error: " + what}), common
        );
    }
}

} // namespace
} // namespace tuban::cli

int main(int argc, char* argv[]) {
    tuban::cli::watch_interrupts();
    tuban::silence_threads_of_gdal();
    return tuban::cli::run_program(std::vector<std::string>(argv + 1, argv + argc));
}
