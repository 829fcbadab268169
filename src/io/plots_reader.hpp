#pragma once
#include <tuban/io.hpp>

namespace tuban {

enum class DuplicateIds {
    error, ///< stop: a run needs unique ids
    issues ///< list them as Issues, for `check`; ids stay as found
};

/// read_plots(), with a choice of what duplicate ids do.
[[nodiscard]] PlotsRead read_plots_as_found(
    const PlotsSpec& spec,
    const std::string& folder,
    DuplicateIds duplicates,
    const Execution& execution
);

/// CRSs that the coordinates of a file without one may be in, likeliest first; "EPSG:n". Never trusted without the
/// user's word. @throws as read_plots() for a file that cannot be opened.
[[nodiscard]] std::vector<std::string>
propose_crs(const FileSpec& source, const std::string& folder);

} // namespace tuban
