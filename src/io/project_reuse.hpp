#pragma once
#include <tuban/ranking.hpp>

#include "io/project_yaml.hpp"

#include <vector>

namespace tuban {

/// The uses under `reuse:` of a project or a pack: written out, or named as one of the examples that tuban brings.
/// @param root  that check_shape() has seen
[[nodiscard]] std::vector<ReuseOption>
decode_reuse(const YamlNode& root, Origin origin, std::vector<Problem>& problems);

} // namespace tuban
