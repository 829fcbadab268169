#pragma once
#include <tuban/export.hpp>

#include <stdexcept>
#include <string>

/// How tuban fails. A wrong call or a broken file throws Error; a bad plot is an Issue (core.hpp); an infeasible or
/// stopped solve is a status of the Plan (schedule.hpp). One number is error code, C status and exit code.
namespace tuban {

/// One message in both languages of the users. Both are always filled.
struct Text {
    std::string zh;
    std::string en;
    friend bool operator==(const Text&, const Text&) = default;
};

/// Values are the program's exit codes; 5 to 7 are answers rather than failures.
enum class ErrorCode {
    internal = 1,
    invalid_argument = 2,  ///< a wrong call or command line
    unreadable_input = 3,  ///< a data file that cannot be read, or not trusted (CRS, datum)
    invalid_project = 4,   ///< project file, rules or conditions
    data_check_failed = 5, ///< duplicate ids, no plot with an area, failed verification
    infeasible = 6,
    stopped = 7, ///< a limit came before any plan
    unwritable_output = 8,
    interrupted = 130,
};

/// snake_case name of a code, as in `--json`: "unreadable_input".
[[nodiscard]] TUBAN_EXPORT const char* name_of(ErrorCode code) noexcept;

/// Where something was found. Empty and 0 mean unknown; line and column count from 1, columns in code points.
struct Where {
    std::string file; ///< as the user wrote it, never made absolute
    int line = 0;
    int column = 0;
    friend bool operator==(const Where&, const Where&) = default;
};

/// The one exception of the library.
class TUBAN_EXPORT Error : public std::runtime_error {
public:
    Error(ErrorCode code, Text message, Where where = {});

    [[nodiscard]] ErrorCode code() const noexcept { return code_; }

    [[nodiscard]] const Text& message() const noexcept { return message_; }

    [[nodiscard]] const Where& where() const noexcept { return where_; }

private:
    ErrorCode code_;
    Text message_;
    Where where_;
};

/// "file:line:column: message"; parts that are unknown are left out.
[[nodiscard]] TUBAN_EXPORT Text full_message(const Error& error);

} // namespace tuban
