#pragma once
#include <tuban/run.hpp>

#include <string>

/// What `tuban check` writes: the repaired copy (--fix) and the page (--page).
namespace tuban {

/// What was read and what was found in it.
struct Checked {
    const Plots& plots;
    const CheckReport& report;
};

/// Before the long work: that each output has the right ending, replaces nothing foreign and can be written.
/// @throws Error{invalid_argument} for an ending, Error{unwritable_output} for the rest.
void require_replaceable(const CheckOptions& options);

/// The repaired copy: `plots` with every source column, `repairs`, `issues`; of refused repairs both versions.
///
/// Geometry is in EPSG:4490. A refused plot keeps the geometry it came with, or none if a vertex is not finite.
/// The same input gives the same bytes. @throws Error{unwritable_output}
void write_fixed(const Checked& checked, const std::string& file);

/// Each plot as it is drawn and written: as repaired, a refused one as it was read. Row for row.
[[nodiscard]] Geometry shown_geometry(const Plots& plots);

/// Why a CRS or an encoding was taken, in words: of "file" 文件里写明; what has no words stays as it is.
/// @param because  of InputFile: a code, or a code, "; " and more
[[nodiscard]] TUBAN_EXPORT Text words_of_basis(const std::string& because);

/// The findings as one offline page, with a map. @param lang "zh" or "en" @throws Error{unwritable_output}
void write_check_page(const Checked& checked, const std::string& lang, const std::string& file);

} // namespace tuban
