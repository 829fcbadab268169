#include "io/own_columns.hpp"

#include <algorithm>
#include <array>

namespace tuban {
namespace {

/// In the order of outputs, with what reading makes of a source in one run: the two lists overlap.
constexpr std::array<std::string_view, 33> own = {
    "given_area_m2", // first of what reading makes
    "plot_id",       // first of what outputs begin with
    "mine_id",
    "name",
    "town",
    "mode",
    "responsible",
    "cost_yuan", // last of what reading makes
    "area_m2",
    "area_ha",
    "area_basis",
    "ellipsoid_area_m2", // last of what outputs begin with
    "area_mu",
    "plane_area_m2",
    "geodesic_area_m2",
    "perimeter_m",
    "cost_wan_yuan",
    "cluster_id",
    "elevation_range_m",
    "slope_mean_deg",
    "pit_depth_max_m",
    "status",
    "tier",
    "tier_name",
    "score",
    "rank",
    "period",
    "planned_share",
    "planned_area_m2",
    "reason_zh",
    "reason_en",
    "fid",
    "geom"};
constexpr std::size_t read_count = 8;
constexpr std::size_t first_count = 11;
static_assert(own[read_count - 1] == "cost_yuan" && own[first_count] == "ellipsoid_area_m2");

} // namespace

std::span<const std::string_view> columns_read() {
    return std::span(own).first<read_count>();
}

std::span<const std::string_view> columns_first() {
    return std::span(own).subspan<1, first_count>();
}

bool is_own_column(std::string_view name) {
    constexpr std::array<std::string_view, 3> endings{
        "_distance_m", "_nearest_id", "_nearest_name"};
    return std::find(own.begin(), own.end(), name) != own.end() ||
           name.find("_share_within_") != std::string_view::npos ||
           std::any_of(endings.begin(), endings.end(), [&](std::string_view ending) {
               return name.ends_with(ending);
           });
}

} // namespace tuban
