#include "geodesy/projection.hpp"

#include "core/format.hpp"
#include "geodesy/geometry.hpp"
#include "geodesy/proj.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <vector>

namespace tuban {
namespace {

[[noreturn]] void throw_unmovable(const Crs& crs) {
    throw Error(
        ErrorCode::unreadable_input,
        text(
            "坐标系“{}”的投影无法换到 CGCS2000 上；请改用高斯-克吕格等常见投影的坐标系。",
            "the projection of \"{}\" cannot be put on CGCS2000; use a CRS with a common "
            "projection such as Gauss–Krüger.",
            crs.name
        )
    );
}

/// What stands between the outermost brackets of WKT, split at its commas.
std::vector<std::string_view> members_of(std::string_view wkt) {
    std::vector<std::string_view> members;
    int depth = 0;
    bool quoted = false;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < wkt.size(); ++i) {
        const char c = wkt[i];
        quoted = quoted != (c == '"');
        if (quoted) {
            continue;
        }
        if (c == '[' && ++depth == 1) {
            begin = i + 1;
        }
        const bool end = c == ']' && --depth == 0;
        if (end || (c == ',' && depth == 1)) {
            members.push_back(wkt.substr(begin, i - begin));
            begin = i + 1;
        }
    }
    return members;
}

} // namespace

std::string plain_name(std::string_view name) {
    if (name.starts_with("D_")) {
        name.remove_prefix(2);
    }
    std::string result;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0) {
            result += static_cast<char>(std::tolower(byte));
        }
    }
    return result;
}

namespace {

/// A parameter of a projection by its EPSG code, in SI units; none if the projection has none of the kind.
std::optional<double>
parameter(PJ_CONTEXT* context, const PJ* operation, std::string_view code) {
    const int count = proj_coordoperation_get_param_count(context, operation);
    for (int i = 0; i < count; ++i) {
        const char* found = nullptr;
        double value = 0.0;
        double factor = 0.0;
        proj_coordoperation_get_param(
            context,
            operation,
            i,
            nullptr,
            nullptr,
            &found,
            &value,
            nullptr,
            &factor,
            nullptr,
            nullptr,
            nullptr,
            nullptr
        );
        if (found != nullptr && found == code) {
            return value * factor;
        }
    }
    return std::nullopt;
}

} // namespace

Projection read_projection(PJ_CONTEXT* context, const PJ* operation) {
    Projection result;
    const auto read = [&](const char* code, double& into, double unit) {
        if (const auto value = parameter(context, operation, code)) {
            into = *value / unit;
        }
    };
    read("8801", result.origin_lat_deg, radians_per_degree);
    read("8802", result.central_meridian_deg, radians_per_degree);
    read("8805", result.scale, 1.0);
    read("8806", result.false_easting_m, 1.0);
    read("8807", result.false_northing_m, 1.0);
    // "84" in degrees is not 84 times the radian of a degree, rounded.
    const double rounded = std::round(result.central_meridian_deg * 1e9) / 1e9;
    result.central_meridian_deg = rounded;
    return result;
}

std::optional<Projection> projection_of(const Crs& crs) {
    const ProjContext context = proj_context();
    const ProjObject object(proj_create(context.get(), crs.definition.c_str()));
    if (crs.geographic || !object) {
        return std::nullopt;
    }
    const ProjObject operation(proj_crs_get_coordoperation(context.get(), object.get()));
    const char* method = nullptr;
    if (!operation || proj_coordoperation_get_method_info(
                          context.get(), operation.get(), nullptr, nullptr, &method
                      ) == 0) {
        return std::nullopt;
    }
    const std::string_view code = method != nullptr ? method : "";
    constexpr std::string_view transverse_mercator = "9807";
    constexpr std::string_view pseudo_mercator = "1024";
    if (code != transverse_mercator && code != pseudo_mercator) {
        return std::nullopt;
    }
    Projection result = read_projection(context.get(), operation.get());
    result.web_mercator = code == pseudo_mercator;
    result.unit_m = unit_m_of(crs);
    return result;
}

double unit_m_of(const Crs& crs) {
    const ProjContext context = proj_context();
    const ProjObject object(proj_create(context.get(), crs.definition.c_str()));
    const ProjObject axes(
        crs.geographic || !object ? nullptr
                                  : proj_crs_get_coordinate_system(context.get(), object.get())
    );
    double unit_m = 1.0;
    const bool told = axes && proj_cs_get_axis_info(
                                  context.get(),
                                  axes.get(),
                                  0,
                                  nullptr,
                                  nullptr,
                                  nullptr,
                                  &unit_m,
                                  nullptr,
                                  nullptr,
                                  nullptr
                              ) != 0;
    return told && unit_m > 0.0 ? unit_m : 1.0;
}

int cgcs2000_code(const Projection& projection) {
    const double meridian = projection.central_meridian_deg;
    const bool plain = !projection.web_mercator && projection.origin_lat_deg == 0.0 &&
                       projection.scale == 1.0 && projection.false_northing_m == 0.0 &&
                       projection.unit_m == 1.0 && meridian == std::floor(meridian);
    if (!plain || meridian < 75.0 || meridian > 135.0) {
        return 0;
    }
    constexpr double middle_m = 500'000.0;
    const auto whole = static_cast<int>(meridian);
    const int zone3 = whole % 3 == 0 ? whole / 3 : 0;
    const int zone6 = (whole + 3) % 6 == 0 ? (whole + 3) / 6 : 0;
    const double easting = projection.false_easting_m;
    if (zone3 != 0 && easting == middle_m) {
        return 4534 + zone3 - 25;
    }
    if (zone3 != 0 && easting == zone3 * 1e6 + middle_m) {
        return 4513 + zone3 - 25;
    }
    if (zone6 != 0 && easting == zone6 * 1e6 + middle_m) {
        return 4491 + zone6 - 13;
    }
    return 0;
}

std::optional<double> meridian_in_name(std::string_view name) {
    const std::string key = plain_name(name);
    const auto number_after = [&](std::string_view word) -> std::optional<int> {
        const std::size_t at = key.rfind(word);
        if (at == std::string::npos) {
            return std::nullopt;
        }
        const std::size_t begin = at + word.size();
        const std::size_t end =
            std::min(key.find_first_not_of("0123456789", begin), key.size());
        const std::string digits = key.substr(begin, end - begin);
        return digits.empty() || digits.size() > 3 ? std::nullopt
                                                   : std::optional(std::stoi(digits));
    };
    const bool gauss = key.find("gk") != std::string::npos ||
                       key.find("gausskr") != std::string::npos ||
                       key.find("gauss") != std::string::npos;
    const auto zone = number_after("zone");
    if (gauss && zone && *zone >= 13 && *zone <= 23) {
        return 6.0 * *zone - 3.0;
    }
    if (gauss && zone && *zone >= 25 && *zone <= 45) {
        return 3.0 * *zone;
    }
    const auto meridian = number_after("cm");
    if (gauss && meridian && *meridian >= 72 && *meridian <= 138) {
        return *meridian;
    }
    if (key.find("utm") != std::string::npos && zone && *zone >= 1 && *zone <= 60) {
        return 6.0 * *zone - 183.0;
    }
    return std::nullopt;
}

Ellipsoid ellipsoid_of(const Crs& crs) {
    const ProjContext context = proj_context();
    const ProjObject object(proj_create(context.get(), crs.definition.c_str()));
    const ProjObject ellipsoid(
        object ? proj_get_ellipsoid(context.get(), object.get()) : nullptr
    );
    Ellipsoid result;
    if (!ellipsoid || proj_ellipsoid_get_parameters(
                          context.get(),
                          ellipsoid.get(),
                          &result.a_m,
                          nullptr,
                          nullptr,
                          &result.inverse_flattening
                      ) == 0) {
        throw_unmovable(crs);
    }
    return result;
}

Crs on_cgcs2000(const Crs& crs) {
    if (crs.geographic) {
        return parse_crs("EPSG:4490");
    }
    const ProjContext context = proj_context();
    const ProjObject object(proj_create(context.get(), crs.definition.c_str()));
    const std::string wkt = object ? wkt_of(context.get(), object.get()) : std::string();
    std::string moved =
        "PROJCRS[\"CGCS2000 / " + crs.name +
        "\",BASEGEOGCRS[\"China Geodetic Coordinate System 2000\",DATUM[\"China 2000\","
        "ELLIPSOID[\"CGCS2000\",6378137,298.257222101,LENGTHUNIT[\"metre\",1]]],PRIMEM["
        "\"Greenwich\",0,ANGLEUNIT[\"degree\",0.0174532925199433]],ID[\"EPSG\",4490]]";
    bool has_projection = false;
    for (const std::string_view member : members_of(wkt)) {
        const bool conversion = member.starts_with("CONVERSION[");
        has_projection = has_projection || conversion;
        if (conversion || member.starts_with("CS[") || member.starts_with("AXIS[") ||
            member.starts_with("LENGTHUNIT[")) {
            moved += "," + std::string(member);
        }
    }
    if (!has_projection || crs.name.find('"') != std::string::npos) {
        throw_unmovable(crs);
    }
    return parse_crs(moved + "]");
}

} // namespace tuban
