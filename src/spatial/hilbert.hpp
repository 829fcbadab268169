#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tuban {

/// Place of a cell along Hilbert's curve through 2^16 × 2^16 cells: neighbours on the curve are neighbours in the plane.
/// Source: Hilbert, Math. Annalen 38 (1891), doi:10.1007/BF01199431; bit by bit as in Warren, Hacker's Delight, 16-3.
[[nodiscard]] std::uint32_t hilbert_key(std::uint32_t x, std::uint32_t y);

/// Rows in the order of positions along the curve over their common box; rows of one cell stay in order.
/// @param x, y  (n) finite
[[nodiscard]] std::vector<std::uint32_t>
hilbert_order(std::span<const double> x, std::span<const double> y);

} // namespace tuban
