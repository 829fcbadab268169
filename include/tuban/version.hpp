#pragma once
#include <tuban/export.hpp>

#include <string>
#include <utility>
#include <vector>

namespace tuban {

/// "0.1.0"; written once, in CMakeLists.txt.
[[nodiscard]] TUBAN_EXPORT const char* version() noexcept;

} // namespace tuban
