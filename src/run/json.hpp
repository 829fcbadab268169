#pragma once
#include <tuban/core.hpp>

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

/// Pieces that several answers in JSON share.
namespace tuban {

using Json = nlohmann::ordered_json;

template <class T>
[[nodiscard]] Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

[[nodiscard]] inline Json or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

/// The columns of table `issues` of plan.gpkg.
[[nodiscard]] Json issue_json(const Issue& issue);

} // namespace tuban
