#pragma once
#include "core/format.hpp"

#include <string>

namespace tuban {

/// Words of a list one behind another: "road, railway".
template <class Words>
[[nodiscard]] std::string joined(const Words& words, const std::string& between = ", ") {
    return format("{}", fmt::join(words, between));
}

} // namespace tuban
