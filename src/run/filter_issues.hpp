#pragma once
#include <tuban/io.hpp>

/// Conditions of a project that nothing fulfils.
namespace tuban {

/// What to add to a message about a filter that may mistake columns for text; empty where there is nothing to say.
[[nodiscard]] Text quotes_hint(const Condition& filter);

/// A warning for a layer without features, or one whose `where` lets none through.
[[nodiscard]] Issue empty_layer(const LayerSpec& spec, const InputFile& input);

} // namespace tuban
