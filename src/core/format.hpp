#pragma once
// The one place that brings in fmt: g++ 12 has no <format>. Never uses the locale.
#include <tuban/error.hpp>

#include <fmt/format.h>

#include <string>
#include <utility>

namespace tuban {

using fmt::format;

/// Both languages from one set of arguments: text("第 {} 行", "row {}", 7).
template <class... Args>
[[nodiscard]] Text text(fmt::string_view zh, fmt::string_view en, const Args&... args) {
    return {
        fmt::vformat(zh, fmt::make_format_args(args...)),
        fmt::vformat(en, fmt::make_format_args(args...))};
}

} // namespace tuban
