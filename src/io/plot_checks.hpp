#pragma once
#include <tuban/core.hpp>

#include "io/national_schema.hpp"

#include <vector>

/// What the columns of national plots say of each other and of the geometry.
namespace tuban {

/// The column of a table that is a field of the national schema; null if there is none or several fit equally well.
[[nodiscard]] const Column* national_column(const Table& table, std::string_view field);

/// Ids that have none of the forms; mine and county against the id; centre against the polygon; areas that exceed the
/// plot's. Columns that are not there are not missed.
/// @param plots  complete: geometry and attributes
/// @return without file and layer
[[nodiscard]] std::vector<Issue> check_national(const Plots& plots);

} // namespace tuban
