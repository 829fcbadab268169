#pragma once
#include <tuban/geodesy.hpp>
#include <tuban/spatial.hpp>

#include "geodesy/tile_transform.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Well-known binary in detail: what io needs beyond plots_from_wkb() and layer_from_wkb().
namespace tuban {

/// One geometry in the plane of its source, not yet trusted.
struct RawGeometry {
    GeometryKind kind = GeometryKind::none;
    RawPolygon parts; ///< of points and lines: one ring a part
    bool dimensions_dropped = false;
    bool mixed = false; ///< parts of lower dimension than `kind` were left out
};

/// Whose bytes they are, for messages.
struct WkbOwner {
    std::string_view id;
    std::size_t row = 0; ///< from 1
};

/// @throws Error{unreadable_input} naming the owner, for bytes that are no WKB, and for curves.
[[nodiscard]] TUBAN_EXPORT RawGeometry parse_wkb(std::string_view bytes, WkbOwner owner);

/// What a user decides about repairs.
struct RepairChoice {
    RepairLimit limit;
    std::vector<std::string> accept; ///< ids of plots whose repair is taken beyond the limit
};

/// As plots_from_wkb(), ids unchecked and in parallel.
///
/// The repaired geometry of every plot is in `geometry`, save for plots that are held out: those have an entry of the
/// ledger with both versions, so that geometry and ledger together are all a repaired copy needs.
[[nodiscard]] TUBAN_EXPORT Plots plots_with_any_ids(
    const std::vector<std::string>& wkb,
    const std::vector<std::string>& ids,
    const Crs& crs,
    const Execution& execution,
    const RepairChoice& choice = {}
);

/// As layer_from_wkb(), with a transform made once for many pieces.
[[nodiscard]] TUBAN_EXPORT Layer layer_piece(
    const std::vector<std::string>& wkb,
    const std::vector<std::string>& ids,
    const Crs& crs,
    TileTransform& transform
);

} // namespace tuban
