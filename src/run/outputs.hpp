#pragma once
#include <tuban/run.hpp>

#include <string>
#include <vector>

/// Where commands may write: never over what they read, and over nothing that they did not write themselves.
namespace tuban {

/// What a command writes with -o.
enum class Product {
    measured, ///< tuban measure: a row per plot
    schedule, ///< tuban schedule: a row per part of a unit
};

/// That `output` is no file of `inputs`: by identity, so that links and relative paths count, and with all members of
/// a shapefile and all files of a .gdb. Inputs that do not exist are passed over.
/// @param inputs  paths, from the current folder or absolute
/// @throws Error{unwritable_output}
void require_apart(const std::string& output, const std::vector<std::string>& inputs);

/// Before anything is read: that -o is no input, is absent or an earlier result of the same command, and can be written.
/// @throws Error{unwritable_output}
TUBAN_EXPORT void require_output(
    const std::string& output, const std::vector<std::string>& inputs, Product product
);

/// Every data file that these read, and the project's own.
[[nodiscard]] TUBAN_EXPORT std::vector<std::string> inputs_of(const MeasureFile& request);
[[nodiscard]] std::vector<std::string> inputs_of(const Project& project);

} // namespace tuban
