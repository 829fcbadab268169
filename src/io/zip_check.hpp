#pragma once
#include <tuban/io.hpp>

#include <string>

namespace tuban {

/// Refuses an archive (a workbook is one, too) that holds far more than it weighs: to read it would fill the memory.
/// @param path  of a .zip, .xlsx, .ods or .kmz
/// @throws Error{unreadable_input} naming the member
void check_zip(const std::string& path, const FileSpec& spec);

} // namespace tuban
