#pragma once
#include "io/rows.hpp"

namespace tuban {

/// Every row, in file order. Text columns of formats without types (CSV, workbooks) become numbers where every value is
/// one and none is a code with leading zeros. Large Shapefiles and GeoPackages are read in parts at once, by a handle
/// each.
/// @throws Error{unreadable_input} naming the first feature that cannot be read.
[[nodiscard]] Rows
read_rows(const Source& source, const GdalScope& gdal, const Execution& execution);

} // namespace tuban
