#pragma once
#include <tuban/io.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tuban {

/// What is wrong with a shapefile that can be read all the same.
struct ShapefileFindings {
    std::map<std::int64_t, Text> damaged; ///< shapes not to be believed, by feature id, and why
    std::vector<Issue> issues;            ///< without file and layer
    std::size_t deleted = 0;              ///< rows that are marked so and not read
};

/// Whether .shp, .shx and .dbf are all there and whole: GDAL lists features that a cut file no longer holds.
/// @param name  of the .shp, or of a .dbf alone, as GDAL opens it
/// @throws Error{unreadable_input} naming file and feature
ShapefileFindings check_shapefile(const std::string& name, const FileSpec& spec);

/// The file beside `name` with another ending, in either case; "" if there is none.
[[nodiscard]] std::string sibling(const std::string& name, const std::string& ending);
/// The name, without folder, of the file that differs from that sibling by capitals only: one file where it was made
/// (Windows), another here. "" if there is none.
[[nodiscard]] std::string differently_spelt(const std::string& name, const std::string& ending);
/// All bytes of a file that GDAL can open, at most `most`; "" if it cannot be read.
[[nodiscard]] std::string bytes_of(const std::string& name, std::size_t most);

} // namespace tuban
