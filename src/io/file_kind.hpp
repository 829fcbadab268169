#pragma once
#include <tuban/error.hpp>

#include <optional>
#include <string>

/// What a file is that cannot be opened, by its first bytes, in the words of whoever has it on the desk.
namespace tuban {

/// What a file is that no format takes, and what to do with it.
/// @param name  as GDAL was to open it
[[nodiscard]] Text kind_of_unopened(const std::string& name);

/// Why a .zip holds no data set: damaged, empty, an archive in it, or other files.
/// @param path  of the archive; @param zip  the same, as GDAL lists it
[[nodiscard]] Text zip_without_data(const std::string& path, const std::string& zip);

/// What to name instead of a file that is only a part of a data set: x.shp for x.shx, x.gpkg for x.gpkg-wal, the folder
/// for a file inside a .gdb; none for all others.
/// @param table  attributes alone are wanted: x.dbf will do
[[nodiscard]] std::optional<Text> words_of_part(const std::string& path, bool table);

} // namespace tuban
