#pragma once
// Profiles of 三区两线: the rules of a file, and what a project changes in them.
#include <tuban/indicators.hpp>

#include "io/project_shape.hpp"
#include "io/project_yaml.hpp"

#include <string>
#include <vector>

namespace tuban {

/// A profile's file, and the block `zones` of a project.
[[nodiscard]] const Shape& profile_shape();
[[nodiscard]] const Shape& zones_shape();

/// Decodes a file that check_shape() has seen. Each role stands for the layer of the same key.
[[nodiscard]] ZoneProfile
decode_profile(const YamlNode& root, const std::string& id, std::vector<Problem>& problems);

/// Puts a project's `zones` into a profile: its rules change those of the same id key by key or are added, its layers
/// serve the profile's roles. @param layer_keys  of the project
void apply_zones(
    const YamlNode& zones,
    const std::vector<std::string>& layer_keys,
    ZoneProfile& profile,
    std::vector<Problem>& problems
);

} // namespace tuban
