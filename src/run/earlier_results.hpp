#pragma once
#include <tuban/export.hpp>

#include <string>
#include <vector>

/// What tuban wrote itself, told by marks in the files: nothing else is replaced.
namespace tuban {

/// A file that is written where the user says.
enum class Product {
    measured,   ///< tuban measure: a row per plot
    schedule,   ///< tuban schedule: a row per part of a unit
    fixed_copy, ///< tuban check --fix
    check_page, ///< tuban check --page
    plan,       ///< a plan.gpkg
};

/// That `output` is absent or an earlier result of the same kind, and can be written.
/// @throws Error{unwritable_output}
void require_replaceable(const std::string& output, Product product);

/// Before anything is read: as require_replaceable(), and that `output` is no file of `inputs`.
/// @param inputs  as require_apart()
/// @throws Error{unwritable_output}
TUBAN_EXPORT void require_output(
    const std::string& output, const std::vector<std::string>& inputs, Product product
);

} // namespace tuban
