#pragma once
#include <tuban/schedule.hpp>

#include <string>
#include <vector>

namespace tuban {

/// Style of table `plots` for QGIS 3.22 and later, in the colours of the palette: plots in the plan by their (first)
/// period, grey without one, dashed outline where not eligible, red outline where held out.
[[nodiscard]] std::string plots_qml(const std::vector<Period>& periods);

} // namespace tuban
