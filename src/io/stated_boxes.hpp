#pragma once
#include "io/rows.hpp"

#include <cstddef>
#include <span>

/// Boxes that a file states for its shapes, against their vertices.
namespace tuban {

/// One warning for all shapes whose stated box is larger than they are: it may have lost an outermost vertex.
/// @param rows  from 0, not empty
[[nodiscard]] Issue box_too_large(std::span<const std::size_t> rows);

/// Of a GeoPackage, whose geometries say their box before their vertices. Programs look for shapes by it.
/// @param rows  as read, vertices in the numbers of the file
[[nodiscard]] std::vector<Issue> stated_box_issues(const Source& source, const Rows& rows);

} // namespace tuban
