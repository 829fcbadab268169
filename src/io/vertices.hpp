#pragma once
#include "io/box.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>

/// Vertices of well-known binary as RowReader makes it (ISO, little-endian), changed in place.
namespace tuban {

/// Hands all vertices of one geometry over, east first as the file has them; what is left in the spans is written back.
void map_vertices(
    std::string& wkb,
    const std::function<void(std::span<double> x, std::span<double> y)>& change
);

/// True if its vertices reach further from west to east than that.
[[nodiscard]] bool is_wider_than(const std::string& wkb, double width);

/// The box of all its finite vertices; not finite if there is none.
[[nodiscard]] Box box_of(const std::string& wkb);

/// The middle of the box of its finite vertices; none if there is none.
[[nodiscard]] std::optional<std::pair<double, double>> middle_of(const std::string& wkb);

/// A vertex of a geometry that lies over 1000 km (10°) from its middle one, and a hundred times as far as half of the others
/// do: a coordinate that was lost, such as (0, 0). None where there is none, of numbers beyond
/// 1e8, and of degrees that are not in China.
[[nodiscard]] std::optional<std::pair<double, double>> stray_vertex(const std::string& wkb);

} // namespace tuban
