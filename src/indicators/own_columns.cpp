#include "indicators/own_columns.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace tuban {
namespace {

constexpr std::array<std::string_view, 8> read{
    "plot_id", "mine_id", "name", "town", "mode", "responsible", "cost_yuan", "given_area_m2"};

constexpr std::array<std::string_view, 11> first{
    "plot_id",
    "mine_id",
    "name",
    "town",
    "mode",
    "responsible",
    "cost_yuan",
    "area_m2",
    "area_ha",
    "area_basis",
    "ellipsoid_area_m2"};

/// What indicators, ranks and plans add, and what a GeoPackage has of itself.
constexpr std::array<std::string_view, 26> others{
    "area_mu",
    "plane_area_m2",
    "geodesic_area_m2",
    "perimeter_m",
    "cost_wan_yuan",
    "cluster_id",
    "elevation_range_m",
    "slope_mean_deg",
    "pit_depth_max_m",
    "shape_compactness",
    "shape_elongation",
    "shape_width_m",
    "shape_inscribed_m",
    "shape_class",
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

constexpr std::array<std::string_view, 3> endings{
    "_distance_m", "_nearest_id", "_nearest_name"};

bool is_in(std::span<const std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

std::span<const std::string_view> columns_read() {
    return read;
}

std::span<const std::string_view> columns_first() {
    return first;
}

bool is_own_column(std::string_view given) {
    std::string name(given);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    if (name.starts_with("src_")) { // what made way already, whatever it ends in
        return false;
    }
    return is_in(read, name) || is_in(first, name) || is_in(others, name) ||
           name.find("_share_within_") != std::string_view::npos ||
           std::any_of(endings.begin(), endings.end(), [&](std::string_view ending) {
               return name.ends_with(ending);
           });
}

} // namespace tuban
