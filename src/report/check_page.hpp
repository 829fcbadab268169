#pragma once
#include <nlohmann/json.hpp>

#include <string>

namespace tuban {

/// The page of a check, drawn by page/check.js from `data`. @throws Error{unwritable_output}
void write_check_page(
    const nlohmann::ordered_json& data,
    const std::string& title,
    bool english,
    const std::string& file
);

} // namespace tuban
