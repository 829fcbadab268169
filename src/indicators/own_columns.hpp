#pragma once
#include <tuban/export.hpp>

#include <span>
#include <string_view>

/// The names of tuban's own columns: what outputs begin with, and what a column of a source may not be called.
namespace tuban {

/// What reading makes of a source's columns, under names of ours: ids, names, costs, given areas.
[[nodiscard]] TUBAN_EXPORT std::span<const std::string_view> columns_read();

/// What every table of measured plots begins with, in that order: plot_id … ellipsoid_area_m2.
[[nodiscard]] TUBAN_EXPORT std::span<const std::string_view> columns_first();

/// Whether a name, in any case, belongs to tuban: a source's column of that name becomes src_….
[[nodiscard]] TUBAN_EXPORT bool is_own_column(std::string_view given);

} // namespace tuban
