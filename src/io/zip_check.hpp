#pragma once
#include <tuban/io.hpp>

#include <string>

namespace tuban {

/// Refuses an archive (a workbook is one, too) that holds far more than it weighs: to read it would fill the memory.
/// @param path  of a .zip, .xlsx, .ods or .kmz
/// @throws Error{unreadable_input} naming the member
void check_zip(const std::string& path, const FileSpec& spec);
/// Whether the members of a data set are what was packed, by their CRC-32: GDAL does not look.
/// @param path      of a zip or of a file that is one, such as a workbook
/// @param data_set  within it, as in "folder/plots.shp"; members are checked that share its name. "": all
/// @throws Error{unreadable_input} naming the member
void check_members(const std::string& path, const std::string& data_set, const FileSpec& spec);

} // namespace tuban
