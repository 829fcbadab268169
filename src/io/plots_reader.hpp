#pragma once
#include <tuban/io.hpp>

namespace tuban {

enum class ReadFor {
    run,  ///< stops at duplicate ids and at a file without rows
    check ///< lists them as Issues, ids as found; takes no SHA-256 of the plots' file, which no check prints
};

/// read_plots(), with a choice of what for.
[[nodiscard]] PlotsRead read_plots_as_found(
    const PlotsSpec& spec,
    const std::string& folder,
    ReadFor purpose,
    const Execution& execution
);

} // namespace tuban
