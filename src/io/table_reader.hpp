#pragma once
#include <tuban/io.hpp>

#include <optional>
#include <string>
#include <vector>

namespace tuban {

struct TableRead {
    Table table;
    std::vector<Issue> issues; ///< of the file and of single cells, rows of the table from 1
    std::optional<Text> empty_because; ///< why a file that has rows gives none
};

/// read_table(), and what reading found.
/// @throws Error as read_table()
[[nodiscard]] TUBAN_EXPORT TableRead
read_table_as_found(const FileSpec& source, const std::string& folder);

} // namespace tuban
