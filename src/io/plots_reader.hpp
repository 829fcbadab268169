#pragma once
#include <tuban/io.hpp>

namespace tuban {

enum class DuplicateIds {
    error, ///< stop: a run needs unique ids
    issues ///< list them (and that there are no rows) as Issues, for `check`; ids stay as found
};

/// read_plots(), with a choice of what duplicate ids do.
[[nodiscard]] PlotsRead read_plots_as_found(
    const PlotsSpec& spec,
    const std::string& folder,
    DuplicateIds duplicates,
    const Execution& execution
);

} // namespace tuban
