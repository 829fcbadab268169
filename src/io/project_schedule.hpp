#pragma once
#include <tuban/schedule.hpp>

#include "io/project_yaml.hpp"

#include <string>
#include <vector>

namespace tuban {

/// The value of a scalar key, or "" if it is missing or no scalar (then check_shape() has said so).
[[nodiscard]] std::string text_at(const YamlNode& map, const char* key);
/// A condition with the place of its first character; none if the key is missing or no scalar.
[[nodiscard]] std::optional<Condition> condition_at(const YamlNode& map, const char* key);
/// The items of a list, none for anything else.
[[nodiscard]] const std::vector<YamlNode>& items_at(const YamlNode& map, const char* key);

/// Decodes a `schedule:` block that check_shape() has seen. Years become names of periods.
[[nodiscard]] ScheduleRules
decode_schedule(const YamlNode& block, const std::string& path, std::vector<Problem>& problems);

} // namespace tuban
