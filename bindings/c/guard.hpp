#pragma once
#include <tuban/core.hpp>
#include <tuban/tuban.h>

#include <cstring>
#include <exception>
#include <new>
#include <string>

namespace tuban::c {

/// Copies UTF-8, cut before a character that does not fit whole.
template <std::size_t N>
// NOLINTNEXTLINE(modernize-avoid-c-arrays): the arrays of a C struct
void copy_text(char (&target)[N], const std::string& text) noexcept {
    std::size_t n = text.size() < N ? text.size() : N - 1;
    while (n < text.size() && n > 0 && (static_cast<unsigned char>(text[n]) & 0xC0U) == 0x80U) {
        --n;
    }
    std::memcpy(target, text.data(), n);
    target[n] = '\0';
}

inline tuban_status fail(tuban_error* error, const Error& what) noexcept {
    const auto code = static_cast<tuban_status>(what.code());
    if (error != nullptr) {
        *error = {};
        error->code = code;
        copy_text(error->message, what.message().en);
        copy_text(error->message_zh, what.message().zh);
        copy_text(error->file, what.where().file);
        error->line = what.where().line;
        error->column = what.where().column;
    }
    return code;
}

inline tuban_status fail_internal(tuban_error* error, const char* what) noexcept {
    if (error != nullptr) {
        *error = {};
        error->code = TUBAN_INTERNAL;
        std::strncpy(error->message, what, sizeof error->message - 1);
        std::strncpy(error->message_zh, what, sizeof error->message_zh - 1);
    }
    return TUBAN_INTERNAL;
}

/// The one place where exceptions become status codes. Outputs are written only on TUBAN_OK.
template <class Body>
tuban_status guard(tuban_error* error, Body&& body) noexcept {
    try {
        return body();
    } catch (const Error& what) {
        return fail(error, what);
    } catch (const std::bad_alloc&) {
        return fail_internal(error, "out of memory");
    } catch (const std::exception& what) {
        return fail_internal(error, what.what());
    } catch (...) {
        return fail_internal(error, "unknown exception");
    }
}

/// @throws Error{invalid_argument} naming the argument if it is null.
inline void require(const void* argument, const char* name) {
    if (argument == nullptr) {
        const std::string which = name;
        throw Error(
            ErrorCode::invalid_argument, {which + " 是空指针", which + " is a null pointer"}
        );
    }
}

inline Execution execution_of(int threads, tuban_progress progress, void* user) {
    Execution execution;
    execution.threads = threads;
    if (progress != nullptr) {
        execution.progress = [progress, user](double complete, const Text& stage) {
            return progress(complete, stage.en.c_str(), user) != 0;
        };
    }
    return execution;
}

} // namespace tuban::c
