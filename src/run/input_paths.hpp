#pragma once
#include <tuban/run.hpp>

#include <string>
#include <vector>

/// What is read is never written: the paths of a command's inputs, and outputs held against them.
namespace tuban {

/// Every data file that these read, and the project's own.
[[nodiscard]] TUBAN_EXPORT std::vector<std::string> inputs_of(const MeasureFile& request);
[[nodiscard]] TUBAN_EXPORT std::vector<std::string> inputs_of(const Project& project);

/// That `output` is no file of `inputs`: by identity, so that links and relative paths count, and with all members of
/// a shapefile and all files of a .gdb. Inputs that do not exist are passed over.
/// @param inputs  paths, from the current folder or absolute
/// @throws Error{unwritable_output}
void require_apart(const std::string& output, const std::vector<std::string>& inputs);

} // namespace tuban
