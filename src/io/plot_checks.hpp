#pragma once
#include <tuban/io.hpp>

#include "io/national_schema.hpp"

#include <vector>

/// What the columns of national plots say of each other and of the geometry.
namespace tuban {

/// The column of a table that is a field of the national schema; null if there is none or several fit equally well.
[[nodiscard]] const Column* national_column(const Table& table, std::string_view field);

struct NationalFindings {
    std::vector<Issue> issues;    ///< without file and layer
    std::vector<OddValue> values; ///< ids that have none of the forms, or lost digits
};

/// Ids that have none of the forms or were rounded as numbers; mine and county against the id; centre against the polygon; areas that exceed the
/// plot's. Columns that are not there are not missed.
/// @param plots  complete: geometry and attributes
[[nodiscard]] NationalFindings check_national(const Plots& plots);

} // namespace tuban
