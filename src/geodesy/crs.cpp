#include <tuban/geodesy.hpp>

#include "core/format.hpp"
#include "geodesy/proj.hpp"
#include "geodesy/projection.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace tuban {
namespace {

constexpr std::size_t quoted_bytes = 80;

/// The beginning of what the user wrote, cut between characters.
std::string quoted(std::string_view text) {
    if (text.size() <= quoted_bytes) {
        return std::string(text);
    }
    std::size_t end = quoted_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return std::string(text.substr(0, end)) + "…";
}

[[noreturn]] void throw_unknown(std::string_view given) {
    throw Error(
        ErrorCode::unreadable_input,
        text(
            "无法识别坐标系“{}”。应为 EPSG 代码（如 EPSG:4490）、WKT、PROJJSON、PROJ "
            "字符串或完整的名称；请检查写法。",
            "unknown coordinate system \"{}\". Expected an EPSG code (such as EPSG:4490), WKT, "
            "PROJJSON, a PROJ string or an exact name; check the spelling.",
            quoted(given)
        )
    );
}

[[noreturn]] void throw_kind(const std::string& name) {
    throw Error(
        ErrorCode::unreadable_input,
        text(
            "坐标系“{}”既不是地理坐标系，也不是投影坐标系。请给出平面或经纬度坐标系，例如 "
            "EPSG:4490。",
            "\"{}\" is neither a geographic nor a projected CRS. Give one in the plane or in "
            "longitude and latitude, "
            "such as EPSG:4490.",
            name
        )
    );
}

[[noreturn]] void throw_datum(const std::string& crs, const std::string& datum) {
    throw Error(
        ErrorCode::unreadable_input,
        text(
            "坐标系“{}”的基准面是“{}”，不能视同 CGCS2000（可视同的有：CGCS2000、WGS "
            "84、ETRS89、"
            "ITRF）。请先用有参数的软件把数据转换到 CGCS2000（如 "
            "EPSG:4490）再读入，或向测绘部门取得转换参数，写在项目文件的 datum_shift: 里。",
            "\"{}\" has the datum \"{}\", which cannot be taken as CGCS2000 (CGCS2000, WGS 84, "
            "ETRS89 and ITRF can). It takes an operation with a stated accuracy or your own "
            "parameters: convert the data to CGCS2000 (such as EPSG:4490) with software that "
            "has "
            "them, or write them as datum_shift: in the project.",
            crs,
            datum
        )
    );
}

/// The ellipsoid is that of CGCS2000, but the datum has no name, or one that nobody knows.
[[noreturn]] void throw_unnamed_datum(
    const std::string& crs, const std::string& datum, const std::string& proposal
) {
    const Text what =
        datum.empty()
            ? Text{"没有写明基准面（Unknown）", "does not name its datum (Unknown)"}
            : text("的基准面名称“{}”不认得", "has the unfamiliar datum \"{}\"", datum);
    throw Error(
        ErrorCode::unreadable_input,
        text(
            "坐标系“{0}”{1}，椭球与 CGCS2000 相同；如果它就是 CGCS2000，请写 crs: "
            "{3}（命令行用 --crs {3}）。",
            "\"{0}\" {2}; its ellipsoid is that of CGCS2000. If it is CGCS2000, write crs: {3} "
            "(--crs {3} on the command line).",
            crs,
            what.zh,
            what.en,
            proposal
        )
    );
}

/// The name promises a datum that counts, and the ellipsoid is another one's.
[[noreturn]] void
throw_ellipsoid(const std::string& crs, const std::string& datum, const Ellipsoid& ellipsoid) {
    const auto is = [&](double a_m, double inverse_flattening) {
        return std::abs(ellipsoid.a_m - a_m) < 0.5 &&
               std::abs(ellipsoid.inverse_flattening - inverse_flattening) < 1e-3;
    };
    Text whose = {"不是 CGCS2000 的椭球", "which is not that of CGCS2000"};
    if (is(6'378'140.0, 298.257)) {
        whose = {"那是西安 80 的椭球", "which is that of Xian 80"};
    } else if (is(6'378'245.0, 298.3)) {
        whose = {"那是北京 54 的椭球", "which is that of Beijing 54"};
    }
    throw Error(
        ErrorCode::unreadable_input,
        text(
            "坐标系“{0}”自相矛盾：基准面写作“{1}”，椭球却是 a = {2} m、1/f = "
            "{3}，{4}。请查明数据"
            "真正的坐标系，再用 crs: 写明（命令行用 --crs）。",
            "\"{0}\" contradicts itself: its datum is called \"{1}\", but its ellipsoid has a "
            "= "
            "{2} m and 1/f = {3}, {5}. Find out which CRS the data are in and name it by crs: "
            "(--crs on the command line).",
            crs,
            datum,
            ellipsoid.a_m,
            ellipsoid.inverse_flattening,
            whose.zh,
            whose.en
        )
    );
}

bool starts_with_any(std::string_view name, const auto& list) {
    return std::any_of(list.begin(), list.end(), [&](std::string_view prefix) {
        return name.starts_with(prefix);
    });
}

bool is_cgcs2000(std::string_view plain_name) {
    constexpr std::array<std::string_view, 4> names{
        "china2000", "cgcs2000", "chinageodeticcoordinatesystem2000", "china2000geodeticdatum"};
    return std::find(names.begin(), names.end(), plain_name) != names.end();
}

/// Datums under 1 m from CGCS2000 (static), with all their realisations.
bool counts_as_cgcs2000(std::string_view plain_name) {
    constexpr std::array<std::string_view, 12> prefixes{
        "worldgeodeticsystem1984",
        "wgs1984",
        "wgs84",
        "europeanterrestrialreferencesystem1989",
        "europeanterrestrialreferenceframe",
        "etrs1989",
        "etrs89",
        "etrf",
        "internationalterrestrialreferenceframe",
        "itrf",
        "igs",
        "igb"};
    return starts_with_any(plain_name, prefixes);
}

/// Zeros where PROJ knows none.
Ellipsoid read_ellipsoid(PJ_CONTEXT* context, const PJ* crs) {
    Ellipsoid result{0.0, 0.0};
    const ProjObject ellipsoid(proj_get_ellipsoid(context, crs));
    if (ellipsoid) {
        proj_ellipsoid_get_parameters(
            context, ellipsoid.get(), &result.a_m, nullptr, nullptr, &result.inverse_flattening
        );
    }
    return result;
}

bool is_that_of_cgcs2000(const Ellipsoid& ellipsoid) {
    // GRS 80 and WGS 84 differ by 1.5e-6 in 1/f, which is 0.1 mm; Xian 80 by 2e-4 and 3 m.
    return std::abs(ellipsoid.a_m - cgcs2000.a_m) < 1e-3 &&
           std::abs(ellipsoid.inverse_flattening - cgcs2000.inverse_flattening) < 1e-5;
}

/// A datum called "D_国家2000" or "CGCS 2000 (county)" may be CGCS2000: its owner knows.
bool may_be_cgcs2000(std::string_view datum_name) {
    return datum_name.find("2000") != std::string_view::npos ||
           std::any_of(datum_name.begin(), datum_name.end(), [](char c) {
               return static_cast<unsigned char>(c) >= 0x80U;
           });
}

/// The horizontal part of a compound CRS, without an attached shift if that is null.
ProjObject horizontal(PJ_CONTEXT* context, ProjObject crs) {
    if (crs && proj_get_type(crs.get()) == PJ_TYPE_COMPOUND_CRS) {
        crs.reset(proj_crs_get_sub_crs(context, crs.get(), 0));
    }
    if (crs && proj_get_type(crs.get()) == PJ_TYPE_BOUND_CRS) {
        std::array<double, 7> shift{};
        const ProjObject operation(proj_crs_get_coordoperation(context, crs.get()));
        const int read = operation ? proj_coordoperation_get_towgs84_values(
                                         context, operation.get(), shift.data(), 7, 0
                                     )
                                   : 0;
        if (read == 0 ||
            std::any_of(shift.begin(), shift.end(), [](double v) { return v != 0.0; })) {
            throw_datum(name_of_object(crs.get()), "TOWGS84");
        }
        crs.reset(proj_get_source_crs(context, crs.get()));
    }
    if (crs && proj_get_type(crs.get()) == PJ_TYPE_COMPOUND_CRS) {
        crs.reset(proj_crs_get_sub_crs(context, crs.get(), 0));
    }
    return crs;
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isdigit(c) != 0;
    });
}

/// "EPSG:4490", "OGC:CRS84", "EPSG:4490+5737", "urn:ogc:def:crs:EPSG::4490": an authority's own words.
bool is_code(std::string_view text) {
    const std::size_t colon = text.find(':');
    return colon != std::string_view::npos && colon > 0 &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) {
               return std::isalnum(c) != 0 || c == ':' || c == '_' || c == '.' || c == '+' ||
                      c == '-' || c == ',';
           });
}

bool is_definition(std::string_view text) {
    return text.front() == '{' || text.find('[') != std::string_view::npos ||
           text.find("+proj=") != std::string_view::npos || is_code(text);
}

/// A CRS of exactly that name, in any case: PROJ's own search would also take "foo" for "Amersfoort".
ProjObject named_exactly(PJ_CONTEXT* context, const std::string& name) {
    const std::array<PJ_TYPE, 2> types{PJ_TYPE_GEOGRAPHIC_2D_CRS, PJ_TYPE_PROJECTED_CRS};
    const ProjList found(
        proj_create_from_name(context, nullptr, name.c_str(), types.data(), 2, 0, 10, nullptr)
    );
    ProjObject result;
    const int count = found ? proj_list_get_count(found.get()) : 0;
    for (int i = 0; i < count && !result; ++i) {
        ProjObject candidate(proj_list_get(context, found.get(), i));
        if (candidate && proj_is_deprecated(candidate.get()) == 0) {
            result = std::move(candidate);
        }
    }
    return result;
}

ProjObject read_text(PJ_CONTEXT* context, std::string_view given) {
    std::string definition(given);
    const bool is_proj_string = definition.find("+proj=") != std::string::npos;
    if (all_digits(given)) {
        definition.insert(0, "EPSG:");
    } else if (is_proj_string && definition.find("type=crs") == std::string::npos) {
        definition += " +type=crs";
    }
    ProjObject crs(
        is_definition(definition) ? proj_create(context, definition.c_str())
                                  : named_exactly(context, definition).release()
    );
    if (!crs || proj_is_crs(crs.get()) == 0) {
        throw_unknown(given);
    }
    if (is_proj_string && definition.find("+datum=") == std::string::npos &&
        definition.find("+ellps=") == std::string::npos &&
        definition.find("+a=") == std::string::npos) {
        throw_datum(quoted(given), "?"); // PROJ would take WGS 84 without having been told
    }
    return crs;
}

/// The CRS to name for one without a datum on CGCS2000's ellipsoid; "" for none.
std::string same_on_cgcs2000(PJ_CONTEXT* context, const PJ* crs) {
    if (proj_get_type(crs) != PJ_TYPE_PROJECTED_CRS) {
        return "EPSG:4490";
    }
    const ProjObject operation(proj_crs_get_coordoperation(context, crs));
    const int code = operation ? cgcs2000_code(read_projection(context, operation.get())) : 0;
    return code == 0 ? std::string() : format("EPSG:{}", code);
}

/// True for a CRS whose datum is another than CGCS2000 but counts as equal.
bool judge_datum(PJ_CONTEXT* context, const PJ* crs, const std::string& name) {
    const ProjObject base(proj_crs_get_geodetic_crs(context, crs));
    ProjObject datum(base ? proj_crs_get_datum(context, base.get()) : nullptr);
    if (!datum && base) {
        datum.reset(proj_crs_get_datum_ensemble(context, base.get()));
    }
    const std::string datum_name = name_of_object(datum.get());
    const std::string key = plain_name(datum_name);
    const bool same = is_cgcs2000(key);
    const Ellipsoid ellipsoid = read_ellipsoid(context, base.get());
    const bool counts = same || counts_as_cgcs2000(key);
    if (counts && is_that_of_cgcs2000(ellipsoid)) {
        return !same;
    }
    const bool unnamed =
        key.starts_with("unknown") || key.starts_with("notspecified") || datum_name.empty();
    const std::string proposal =
        is_that_of_cgcs2000(ellipsoid) ? same_on_cgcs2000(context, crs) : std::string();
    if (!proposal.empty() && (unnamed || may_be_cgcs2000(datum_name))) {
        throw_unnamed_datum(name, unnamed ? "" : datum_name, proposal);
    }
    if (counts) {
        throw_ellipsoid(name, datum_name, ellipsoid);
    }
    throw_datum(name, datum_name.empty() ? "?" : datum_name);
}

std::string epsg_of(const PJ* crs) {
    const char* authority = proj_get_id_auth_name(crs, 0);
    const char* code = proj_get_id_code(crs, 0);
    if (authority == nullptr || code == nullptr || std::string_view(authority) != "EPSG") {
        return {};
    }
    return std::string("EPSG:") + code;
}

/// Two definitions that give the same positions to 1e-5 m, whatever their names and axis order.
bool same_positions(
    const Crs& a, const Crs& b, const std::array<double, 4>& west_south_east_north
) {
    const auto& [west, south, east, north] = west_south_east_north;
    if (a.geographic != b.geographic) {
        return false;
    }
    const Transform first(a);
    const Transform second(b);
    const double tolerance = a.geographic ? 1e-10 : 1e-5;
    for (const double u : {0.3, 0.5, 0.8}) {
        std::array<double, 2> x{west + u * (east - west), 0.0};
        std::array<double, 2> y{south + 0.7 * u * (north - south), 0.0};
        x[1] = x[0];
        y[1] = y[0];
        first.from_lonlat({x.data(), 1}, {y.data(), 1});
        second.from_lonlat({&x[1], 1}, {&y[1], 1});
        if (!(std::hypot(x[0] - x[1], y[0] - y[1]) <= tolerance)) {
            return false;
        }
    }
    return true;
}

/// The EPSG code that a definition without one means, compared by parameters; the definition itself if there is none.
void look_for_code(PJ_CONTEXT* context, const PJ* crs, Crs& result) {
    int* confidence = nullptr;
    const ProjList list(proj_identify(context, crs, "EPSG", nullptr, &confidence));
    const int count = list ? proj_list_get_count(list.get()) : 0;
    for (int i = 0; i < count && confidence != nullptr && confidence[i] >= 70; ++i) {
        const ProjObject candidate(proj_list_get(context, list.get(), i));
        Crs known = result;
        known.definition = epsg_of(candidate.get());
        std::array<double, 4> box{};
        const int has_area = proj_get_area_of_use(
            context, candidate.get(), box.data(), &box[1], &box[2], &box[3], nullptr
        );
        if (known.definition.empty() || has_area == 0 ||
            proj_is_deprecated(candidate.get()) != 0 ||
            judge_datum(context, candidate.get(), result.name) != result.datum_note) {
            continue;
        }
        if (same_positions(result, known, box)) {
            known.name = name_of_object(candidate.get());
            result = known;
            break;
        }
    }
    proj_int_list_destroy(confidence);
}

/// A 3° and a 6° zone without prefix may be one plane: there the name decides, which takes PROJ 0.1 s to look up.
enum class ZonesTaken { one_only, all };

/// The EPSG code that follows from the parameters alone, whatever the names.
void look_for_zone(PJ_CONTEXT* context, const PJ* crs, Crs& result, ZonesTaken taken) {
    const ProjObject operation(proj_crs_get_coordoperation(context, crs));
    const auto projection = result.geographic || result.datum_note || !operation
                                ? std::nullopt
                                : projection_of(result);
    const int code = projection ? cgcs2000_code(*projection) : 0;
    const bool prefixed = code != 0 && projection->false_easting_m > 1e6;
    const bool of_both =
        code != 0 && !prefixed && std::fmod(projection->central_meridian_deg, 6.0) == 3.0;
    if (code == 0 || (taken == ZonesTaken::one_only && of_both)) {
        return;
    }
    Crs known = result;
    known.definition = format("EPSG:{}", code);
    const double middle = projection->central_meridian_deg;
    if (same_positions(result, known, {middle - 1.5, 18.0, middle + 1.5, 53.0})) {
        const ProjObject zone(proj_create(context, known.definition.c_str()));
        known.name = name_of_object(zone.get());
        result = known;
    }
}

Crs gauss_kruger(double lon_deg, double west, double east, double width, int first_code) {
    if (!(lon_deg >= west && lon_deg <= east)) {
        throw Error(
            ErrorCode::invalid_argument,
            text(
                "经度 {}° 不在 {:g}° 分带的范围 {:g}–{:g}° 之内。请检查经度。",
                "longitude {}° is outside of the {:g}° zones, {:g} to {:g}°. Check the "
                "longitude.",
                lon_deg,
                width,
                west,
                east
            )
        );
    }
    const int last = static_cast<int>(std::lround((east - west) / width)) - 1;
    const int zone = std::min(last, static_cast<int>(std::floor((lon_deg - west) / width)));
    return parse_crs(format("EPSG:{}", first_code + zone));
}

/// The horizontal CRS that a text means; `given_name` is filled whatever becomes of it.
ProjObject read_horizontal(
    PJ_CONTEXT* context, std::string_view text, std::string& given_name, bool any_datum
) {
    if (text.empty()) {
        throw_unknown(text);
    }
    ProjObject given = read_text(context, text);
    given_name = name_of_object(given.get());
    if (any_datum && proj_get_type(given.get()) == PJ_TYPE_BOUND_CRS) {
        given.reset(proj_get_source_crs(context, given.get())); // the user's shift counts
    }
    ProjObject crs = horizontal(context, std::move(given));
    if (!crs) {
        throw_kind(given_name);
    }
    return crs;
}

Crs parse(std::string_view text, bool any_datum) {
    const ProjContext context = proj_context();
    Crs result;
    const ProjObject crs = read_horizontal(context.get(), text, result.given_name, any_datum);
    result.name = name_of_object(crs.get());
    const PJ_TYPE type = proj_get_type(crs.get());
    result.geographic = type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS;
    if ((!result.geographic && type != PJ_TYPE_PROJECTED_CRS) ||
        (result.geographic && proj_crs_is_derived(context.get(), crs.get()) != 0)) {
        throw_kind(result.given_name);
    }
    if (!any_datum) {
        result.datum_note = judge_datum(context.get(), crs.get(), result.name);
    }
    result.definition = epsg_of(crs.get());
    if (result.definition.empty()) {
        result.definition = wkt_of(context.get(), crs.get());
        if (result.definition.empty()) {
            throw_unknown(text);
        }
        if (!any_datum) {
            look_for_zone(context.get(), crs.get(), result, ZonesTaken::one_only);
        }
        if (!any_datum && !result.definition.starts_with("EPSG:")) {
            look_for_code(context.get(), crs.get(), result);
        }
        if (!any_datum && !result.definition.starts_with("EPSG:")) {
            look_for_zone(context.get(), crs.get(), result, ZonesTaken::all);
        }
    }
    return result;
}

} // namespace

Crs parse_crs(std::string_view text) {
    return parse(text, false);
}

Crs parse_crs_of_any_datum(std::string_view text) {
    return parse(text, true);
}

Crs gauss_kruger_3_degree(double lon_deg) {
    return gauss_kruger(lon_deg, 73.5, 136.5, 3.0, 4534);
}

Crs gauss_kruger_6_degree(double lon_deg) {
    return gauss_kruger(lon_deg, 72.0, 138.0, 6.0, 4502);
}

} // namespace tuban
