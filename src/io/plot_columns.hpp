#pragma once
#include "io/rows.hpp"

#include <string>
#include <vector>

namespace tuban {

/// Ids and standard columns of plots, from a source's rows.
struct PlotColumns {
    std::vector<std::string> ids;
    Table attributes; ///< as Plots documents
    std::vector<Issue> issues;
    std::vector<OddValue> values; ///< as PlotsRead has them
};

/// @param rows  with joined columns; the joined files' names are in it
/// @throws Error{invalid_project} for a named column that is not there; Error{unreadable_input} for text where a number
///         belongs.
[[nodiscard]] PlotColumns
plot_columns(const Rows& rows, const Source& source, const PlotFields& fields);

/// Adds the columns of other tables by id. @return their rows of `inputs`
[[nodiscard]] std::vector<InputFile> join_columns(
    Rows& rows,
    const Source& source,
    const PlotsSpec& spec,
    const std::string& folder,
    std::vector<Issue>& issues
);

} // namespace tuban
