#pragma once
#include "io/rows.hpp"

#include <string>

namespace tuban {

/// Adds to rows.damaged the rows that have a geometry in the file which GDAL hands out as none: it says nothing of bytes
/// that it cannot make a shape of. Of GeoPackage, GeoJSON and the column WKT of a CSV; other formats tell.
/// To rows.issues it adds what the boxes that a GeoPackage states for its shapes say against their vertices.
void find_damaged(const Source& source, Rows& rows);

} // namespace tuban
