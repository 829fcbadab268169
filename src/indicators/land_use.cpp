#include "indicators/land_use.hpp"

#include "geodesy/geometry.hpp"

#include <algorithm>
#include <array>

namespace tuban {
namespace {

// Places in `groups` below.
constexpr std::size_t farmland = 0;
constexpr std::size_t orchard = 1;
constexpr std::size_t forest = 2;
constexpr std::size_t grass = 3;
constexpr std::size_t other_farm = 4;
constexpr std::size_t wetland = 5;
constexpr std::size_t water = 6;
constexpr std::size_t built = 7;
constexpr std::size_t unused = 8;

/// Orchards are planted with trees, bare land keeps to what grows anywhere: our choice, the rest follows the names.
constexpr std::array<LandGroup, 9> groups{
    {{"farmland", "耕地", "farmland", "耕"},
     {"orchard", "园地", "orchards", "林"},
     {"forest", "林地", "forest", "林"},
     {"grass", "草地", "grassland", "草"},
     {"other_farm", "其他农用地", "other farm land", "耕"},
     {"wetland", "湿地", "wetland", "水"},
     {"water", "水域", "water", "水"},
     {"built", "建设用地", "built-up land", "建"},
     {"unused", "未利用地", "unused land", "草"}}};

struct Code {
    std::string_view code;
    std::size_t group;
};

/// 三调工作分类 (names after GB/T 21010-2017) in byte order: groups by the survey's own 湿地 and the three great classes
/// (农用地, 建设用地, 未利用地), except that all open water is water.
constexpr auto codes = std::to_array<Code>({
    {"0101", farmland},   {"0102", farmland}, {"0103", farmland}, {"0201", orchard},
    {"0202", orchard},    {"0203", orchard},  {"0204", orchard},  {"0301", forest},
    {"0302", forest},     {"0303", wetland},  {"0304", wetland},  {"0305", forest},
    {"0306", wetland},    {"0307", forest},   {"0401", grass},    {"0402", wetland},
    {"0403", grass},      {"0404", grass},    {"0501", built},    {"0502", built},
    {"0503", built},      {"0504", built},    {"0505", built},    {"0506", built},
    {"0507", built},      {"0508", built},    {"05H1", built},    {"0601", built},
    {"0603", wetland},    {"0604", built},    {"0701", built},    {"0702", built},
    {"0801", built},      {"0802", built},    {"0803", built},    {"0804", built},
    {"0805", built},      {"0806", built},    {"0807", built},    {"0808", built},
    {"0809", built},      {"0810", built},    {"08H1", built},    {"08H2", built},
    {"09", built},        {"0901", built},    {"0902", built},    {"0903", built},
    {"0904", built},      {"0905", built},    {"0906", built},    {"1001", built},
    {"1002", built},      {"1003", built},    {"1004", built},    {"1005", built},
    {"1006", other_farm}, {"1007", built},    {"1008", built},    {"1009", built},
    {"1101", water},      {"1102", water},    {"1103", water},    {"1104", water},
    {"1105", wetland},    {"1106", wetland},  {"1107", water},    {"1108", wetland},
    {"1109", built},      {"1110", unused},   {"1201", built},    {"1202", other_farm},
    {"1203", other_farm}, {"1204", unused},   {"1205", unused},   {"1206", unused},
    {"1207", unused},
});

const Code* find(std::string_view code) {
    const auto* const found =
        std::lower_bound(codes.begin(), codes.end(), code, [](const Code& a, auto b) {
            return a.code < b;
        });
    return found != codes.end() && found->code == code ? found : nullptr;
}

bool is_suffix(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    });
}

} // namespace

std::span<const LandGroup> land_groups() {
    return groups;
}

std::string land_code(std::string_view written) {
    const std::string_view stem = written.substr(0, 4);
    const bool known = find(stem) != nullptr || is_mined(stem);
    return known && is_suffix(written.substr(stem.size())) ? std::string(stem) : std::string();
}

std::optional<std::size_t> land_group(std::string_view code) {
    const Code* const found = find(code);
    return found == nullptr ? std::nullopt : std::optional(found->group);
}

std::span<const LandRole> land_roles() {
    static const std::array<LandRole, 6> roles{
        {{"road", "道路", {"1003", "1006"}},
         {"railway", "铁路", {"1001"}},
         {"settlement", "居民点", {"0701", "0702"}},
         {"river", "河流", {"1101"}},
         {"lake", "湖泊", {"1102"}},
         {"reservoir", "水库", {"1103"}}}};
    return roles;
}

std::vector<std::string> with_land_roles(std::vector<std::string> keys) {
    if (std::find(keys.begin(), keys.end(), land_layer) == keys.end()) {
        return keys;
    }
    for (const LandRole& role : land_roles()) {
        if (std::find(keys.begin(), keys.end(), role.key) == keys.end()) {
            keys.emplace_back(role.key);
        }
    }
    return keys;
}

Layer layer_in_role(const Layer& land, const LandRole& role) {
    Layer layer;
    layer.key = role.key;
    for (std::size_t row = 0; row < land.size() && row < land.classes.size(); ++row) {
        const std::string code = land_code(land.classes[row]);
        if (land.geometry.kinds[row] != GeometryKind::polygon ||
            std::find(role.codes.begin(), role.codes.end(), code) == role.codes.end()) {
            continue;
        }
        layer.ids.push_back(land.ids[row]);
        layer.names.push_back(row < land.names.size() ? land.names[row] : std::string());
        layer.classes.push_back(land.classes[row]);
        append_feature(land.geometry, row, layer.geometry);
    }
    return layer;
}

} // namespace tuban
