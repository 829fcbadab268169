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
[[nodiscard]] std::vector<Issue>
stated_box_issues(const StatedBoxes& boxes, const Rows& rows, const Execution& execution);

/// Shapes of a GeoPackage that its spatial index leaves out or has where they are not: a search by it misses them. Held
/// against the boxes that shapes state; stated_box_issues() holds those against the vertices, which only reading tells.
/// @return 0 where there is no such index
[[nodiscard]] std::size_t shapes_index_misses(const Source& source);

/// A warning of such shapes. @param count  > 0
[[nodiscard]] Issue index_contradicted(std::size_t count);

} // namespace tuban
