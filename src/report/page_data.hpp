#pragma once
#include <tuban/workspace.hpp>

#include <nlohmann/json.hpp>

namespace tuban {

/// Everything the page's script draws, in a fixed order of keys; numbers rounded to what people read.
/// Texts are in the language of Result.project.report.lang.
[[nodiscard]] nlohmann::ordered_json page_data(const Result& result);

} // namespace tuban
