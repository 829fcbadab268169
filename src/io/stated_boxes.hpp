#pragma once
#include "io/box.hpp"
#include "io/rows.hpp"

#include <cstddef>
#include <cstdint>
#include <future>
#include <span>
#include <utility>
#include <vector>

/// Boxes that a file states for its shapes, against their vertices.
namespace tuban {

/// One warning for all shapes whose stated box is larger than they are: it may have lost an outermost vertex.
/// @param rows  from 0, not empty
[[nodiscard]] Issue box_too_large(std::span<const std::size_t> rows);

/// By feature id, ascending. Of a GeoPackage, whose geometries say their box before their vertices; programs look for
/// shapes by it.
using StatedBoxes = std::vector<std::pair<std::int64_t, Box>>;

/// None for other formats. The second way through the file goes beside the first one, through a connection of its own,
/// unless the caller wants one thread.
[[nodiscard]] std::future<StatedBoxes>
read_stated_boxes(const Source& source, const Execution& execution);

/// @param rows  as read, vertices in the numbers of the file
[[nodiscard]] std::vector<Issue> stated_box_issues(const StatedBoxes& boxes, const Rows& rows);

} // namespace tuban
