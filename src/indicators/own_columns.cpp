#include "indicators/own_columns.hpp"

#include "indicators/families.hpp"

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

/// What ranks and plans add, and what a GeoPackage has of itself.
constexpr std::array<std::string_view, 15> later{
    "area_mu",
    "cost_wan_yuan",
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
    "reuse_options",
    "fid",
    "geom"};

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
    return is_in(read, name) || is_in(first, name) || is_in(later, name) ||
           indicators::is_indicator_column(name);
}

} // namespace tuban
