#pragma once
// What the codes of the third national land survey (三调地类, DLBM) stand for here: groups of land, what was mined, and
// which codes can serve as roads, settlements and waters.
#include <tuban/core.hpp>
#include <tuban/export.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tuban {

/// The layer whose classes are codes of land.
inline constexpr std::string_view land_layer = "landuse";

/// Land that asks for the same direction of restoration.
struct LandGroup {
    std::string_view key;       ///< of columns: farmland → surround_farmland_share
    std::string_view zh;        ///< 耕地
    std::string_view en;        ///< "farmland"
    std::string_view direction; ///< 耕, 林, 草, 建 or 水
};

/// All groups; of two that cover as much, the earlier one counts.
[[nodiscard]] TUBAN_EXPORT std::span<const LandGroup> land_groups();

/// The code without the suffix that only some polygons have: 0201K → 0201, 1104A → 1104; "" for what is no code.
[[nodiscard]] TUBAN_EXPORT std::string land_code(std::string_view written);

/// The place in land_groups() of a code as land_code() gives it; none for mined land (0602) and for what is no code.
[[nodiscard]] TUBAN_EXPORT std::optional<std::size_t> land_group(std::string_view code);

/// 采矿用地: what plots are themselves.
[[nodiscard]] inline bool is_mined(std::string_view code) {
    return code == "0602";
}

/// A layer that land polygons stand in for where a project gives none.
struct LandRole {
    std::string_view key;
    std::string_view alias;
    std::vector<std::string_view> codes;
};

/// road, railway, settlement, river, lake, reservoir.
[[nodiscard]] TUBAN_EXPORT std::span<const LandRole> land_roles();

/// The keys, and those of land_roles() if the layer of land is among them: what indicators may be measured to.
[[nodiscard]] TUBAN_EXPORT std::vector<std::string>
with_land_roles(std::vector<std::string> keys);

/// The polygons of a layer of land that serve in a role, under its key. Names and ids stay as they are.
[[nodiscard]] TUBAN_EXPORT Layer layer_in_role(const Layer& land, const LandRole& role);

} // namespace tuban
