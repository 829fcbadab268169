#pragma once
#include "io/rows.hpp"

namespace tuban {

/// A sheet may begin with a title ("2023年度台账", "单位：万元"), which GDAL takes for the header: all columns but its own are
/// then called Field2, Field3 … Where that is so, the fullest of the first rows, if it fills more columns with words that
/// all differ, names the columns, and it and what stands above it are no rows; a note says so.
/// @param rows  of a sheet, columns as text
void take_header_below_title(Rows& rows);

} // namespace tuban
