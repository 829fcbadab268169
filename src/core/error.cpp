#include <tuban/error.hpp>
#include <tuban/version.hpp>

#include "core/format.hpp"

#include <string>
#include <utility>

namespace tuban {
namespace {

std::string place(const Where& where) {
    std::string place = where.file;
    for (const int number : {where.line, where.column}) {
        if (number > 0) {
            place += format("{}{}", place.empty() ? "" : ":", number);
        }
    }
    return place.empty() ? place : place + ": ";
}

} // namespace

const char* name_of(ErrorCode code) noexcept {
    switch (code) {
    case ErrorCode::internal:
        return "internal";
    case ErrorCode::invalid_argument:
        return "invalid_argument";
    case ErrorCode::unreadable_input:
        return "unreadable_input";
    case ErrorCode::invalid_project:
        return "invalid_project";
    case ErrorCode::data_check_failed:
        return "data_check_failed";
    case ErrorCode::infeasible:
        return "infeasible";
    case ErrorCode::stopped:
        return "stopped";
    case ErrorCode::unwritable_output:
        return "unwritable_output";
    case ErrorCode::interrupted:
        return "interrupted";
    }
    return "internal";
}

Error::Error(ErrorCode code, Text message, Where where)
    : std::runtime_error(place(where) + message.en), code_(code), message_(std::move(message)),
      where_(std::move(where)) {}

Text full_message(const Error& error) {
    const std::string at = place(error.where());
    return {at + error.message().zh, at + error.message().en};
}

const char* version() noexcept {
    return TUBAN_VERSION;
}

} // namespace tuban
