#include "io/crs_words.hpp"

#include "core/format.hpp"
#include "geodesy/projection.hpp"
#include "io/local_coordinates.hpp"
#include "io/row_words.hpp"

#include <utility>

namespace tuban {
namespace {

constexpr std::size_t readings_named = 4; ///< in a message; all of them are in the report

std::string words_of(LonLat at) {
    return format("{:.3f}°, {:.3f}°", at.lon_deg, at.lat_deg);
}

Issue issue_of(Severity severity, const char* code, Text message) {
    Issue issue;
    issue.severity = severity;
    issue.code = code;
    issue.message = std::move(message);
    return issue;
}

std::vector<std::string> words_of(const std::vector<Reading>& readings) {
    std::vector<std::string> words;
    words.reserve(readings.size());
    for (const Reading& reading : readings) {
        words.push_back(reading.words());
    }
    return words;
}

/// "crs: EPSG:4490 and axes: yx", as a project has it.
std::string keys_of(const Reading& reading) {
    const bool quoted = reading.crs.find(' ') != std::string::npos;
    return format(
        "crs: {0}{1}{0}{2}",
        quoted ? "\"" : "",
        reading.crs,
        reading.swapped ? ", axes: yx" : ""
    );
}

/// One of several 3-degree zones without prefix.
bool is_zone(const Reading& reading) {
    return reading.crs.starts_with("EPSG:45");
}

/// Numbers without prefix are alike in every zone: none is likelier than another.
Text choice_of_zones(const std::vector<Reading>& readings) {
    constexpr std::size_t zones_named = 8;
    Text list;
    for (std::size_t i = 0; i < readings.size() && i < zones_named; ++i) {
        const auto plane = projection_of(parse_crs(readings[i].crs));
        const double meridian = plane ? plane->central_meridian_deg : 0.0;
        list.zh += format("{}{}（{}°）", i == 0 ? "" : "、", readings[i].words(), meridian);
        list.en += format("{}{} ({}°)", i == 0 ? "" : ", ", readings[i].words(), meridian);
    }
    if (readings.size() > zones_named) {
        list.zh += " … " + readings.back().words();
        list.en += " … " + readings.back().words();
    }
    return text(
        "数字本身看不出是哪一带，请按县所在的中央经线选一个，写在项目文件的 crs: 里（命令行用 "
        "--crs）：{0}",
        "the numbers do not tell which zone: choose by the county's central meridian and write "
        "it as crs: in the project (--crs on the command line): {1}",
        list.zh,
        list.en
    );
}

/// What to write to accept the first of some readings, and what else it may be.
Text how_to_accept(const std::vector<Reading>& readings) {
    if (readings.empty()) {
        return {
            "请查明坐标系后在项目文件中写 crs:（命令行用 --crs），例如 EPSG:4490",
            "find out which it is and write crs: in the project (--crs on the command line), "
            "such as EPSG:4490"};
    }
    std::string others;
    for (std::size_t i = 1; i < readings.size() && i < readings_named; ++i) {
        others += (i == 1 ? "" : ", ") + readings[i].words();
    }
    if (readings.size() > readings_named) {
        others += format(" … {}", readings.back().words());
    }
    const Reading& first = readings.front();
    return text(
        "多半应为 {0}；确认后在项目文件中写 {1}（命令行用 --crs {0}）{2}",
        "most likely it is {0}: if that is right, write {1} in the project (--crs {0} on the "
        "command line){3}",
        first.words(),
        keys_of(first),
        others.empty() ? "" : "；也可能是 " + others,
        others.empty() ? "" : "; it may also be " + others
    );
}

const char* name_of(WebMap map) {
    return map == WebMap::gcj02 ? "GCJ-02" : "BD-09";
}

} // namespace

CrsProblem unknown_place(const char* code, const Text& why, const Places& places) {
    const std::vector<Reading> readings = plausible_readings(places);
    if (readings.empty() && look_local(places)) {
        const Text local = words_of_local(places, "");
        return {code, text("{0}；{1}", "{2}; {3}", why.zh, local.zh, why.en, local.en), {}};
    }
    const bool zones = readings.size() > 1 && is_zone(readings.front());
    const Text accept = zones ? choice_of_zones(readings) : how_to_accept(readings);
    const Text many = text(
        "坐标像不带带号的 3 度带，可能是 {} 个带之一；",
        "its coordinates look like a 3-degree zone without prefix, one of {}; ",
        readings.size()
    );
    return {
        code,
        text(
            "{0}；{1}{2}",
            "{3}; {4}{5}",
            why.zh,
            zones ? many.zh : "",
            accept.zh,
            why.en,
            zones ? many.en : "",
            accept.en
        ),
        words_of(readings)};
}

CrsProblem zones_mixed(const std::map<int, std::vector<std::size_t>>& zones) {
    Text list;
    for (const auto& [zone, rows] : zones) {
        const bool first = list.zh.empty();
        list.zh += format(
            "{}{} 带 {} 行（第 {} 行）", first ? "" : "，", zone, rows.size(), row_list(rows)
        );
        list.en += format(
            "{}{} rows in zone {} (rows {})",
            first ? "" : ", ",
            rows.size(),
            zone,
            row_list(rows)
        );
    }
    return {
        "crs_contradicted",
        text(
            "同一图层里混有几个带的坐标：{0}；请按带拆成几个文件，各用各的坐标系，或先都转换到 "
            "EPSG:4490",
            "one layer mixes coordinates of several zones: {1}; split it into a file per zone, "
            "each with its own CRS, or convert all to EPSG:4490 first",
            list.zh,
            list.en
        ),
        {}};
}

CrsProblem meridian_contradicted(
    const Crs& crs, double promised_deg, double meridian_deg, std::vector<std::string> proposals
) {
    std::string list;
    for (const std::string& proposal : proposals) {
        list += (list.empty() ? "" : ", ") + proposal;
    }
    return {
        "crs_contradicted",
        text(
            "坐标系自相矛盾：名称“{0}”的中央经线应为 {1}°，参数却是 "
            "{2}°；请查明哪一个对，在项目文件中写 crs:（命令行用 --crs），例如 {3}",
            "its coordinate system contradicts itself: the name \"{0}\" means the central "
            "meridian {1}°, but the parameters say {2}°; find out which is right and write "
            "crs: in the project (--crs on the command line), such as {3}",
            crs.given_name,
            promised_deg,
            meridian_deg,
            list.empty() ? "EPSG:4490" : list
        ),
        std::move(proposals)};
}

CrsProblem
contradicted(const JudgedCrs& judged, const PlaceJudgement& judgement, bool has_shift) {
    const Text accept = has_shift
                            ? Text{"请核对 crs 和 datum_shift", "check crs and datum_shift"}
                            : how_to_accept(judgement.readings);
    const bool by_user = judged.because.starts_with("project");
    return {
        "crs_contradicted",
        text(
            "{0}坐标系 {2} 与坐标不符：{3}；{4}",
            "its coordinates contradict the CRS {1}{2}: {5}; {6}",
            by_user ? "给定的" : "文件所说的",
            by_user ? "that was given, " : "of the file, ",
            words_of(judged.crs),
            judgement.because.zh,
            accept.zh,
            judgement.because.en,
            accept.en
        ),
        has_shift ? std::vector<std::string>{} : words_of(judgement.readings)};
}

std::string words_of(const DatumShift& shift) {
    if (shift.kind == DatumShift::Kind::plane) {
        return format(
            "dx {} m, dy {} m, {}″, {} ppm",
            shift.dx_m,
            shift.dy_m,
            shift.rz_arcsec,
            shift.scale_ppm
        );
    }
    std::string words = format("dx {} m, dy {} m, dz {} m", shift.dx_m, shift.dy_m, shift.dz_m);
    if (shift.rx_arcsec != 0.0 || shift.ry_arcsec != 0.0 || shift.rz_arcsec != 0.0 ||
        shift.scale_ppm != 0.0) {
        words += format(
            ", rx {}″, ry {}″, rz {}″, {} ppm, {}",
            shift.rx_arcsec,
            shift.ry_arcsec,
            shift.rz_arcsec,
            shift.scale_ppm,
            shift.convention == DatumShift::Convention::coordinate_frame ? "coordinate_frame"
                                                                         : "position_vector"
        );
    }
    return words;
}

std::string words_of(const Crs& crs) {
    return crs.definition.starts_with("EPSG:") ? crs.definition + " " + crs.name : crs.name;
}

Issue shift_applied(const DatumShift& shift, const std::string& from, const Crs& to) {
    return issue_of(
        Severity::warning,
        "datum_shift_applied",
        text(
            "按项目给的参数（{0}）{1}转换到 {2}；精度取决于这些参数，未作检验",
            "brought {3}to {2} by the parameters of the project ({0}); it is as accurate as "
            "those, which were not tested",
            words_of(shift),
            from.empty() ? "" : "从 " + from + " ",
            words_of(to),
            from.empty() ? "" : "from " + from + " "
        )
    );
}

Issue datum_replaced(const Crs& of_file, const Crs& used) {
    return issue_of(
        Severity::warning,
        "datum_replaced",
        text(
            "文件写明的坐标系是“{0}”，按您给的 {1} 读取，没有作基准面转换；如果文件写得对，"
            "请去掉 crs，改用 datum_shift",
            "the file says it is in \"{0}\"; it was read as {1}, as you said, and its datum "
            "was not converted. If the file is right, take crs out and use datum_shift",
            words_of(of_file),
            words_of(used)
        )
    );
}

Issue away_from_codes(
    std::size_t rows, std::size_t away, const LonLat& example, const Crs& crs
) {
    return issue_of(
        Severity::warning,
        "crs_against_codes",
        text(
            "{0} 行中有 {1} 行的位置（如 {2:.3f}°，{3:.3f}°）不在编号所说的省份；请核对坐标系 "
            "{4}",
            "{1} of {0} rows lie outside of the province that their codes name (such as "
            "{2:.3f}°, {3:.3f}°): check the CRS {4}",
            rows,
            away,
            example.lon_deg,
            example.lat_deg,
            words_of(crs)
        )
    );
}

Issue coordinates_local(Text words) {
    return issue_of(Severity::warning, "coordinates_local", std::move(words));
}

Issue prj_unusual(Text words) {
    return issue_of(Severity::note, "prj_unusual", std::move(words));
}

Issue crs_doubtful(const Text& because, const Crs& crs) {
    return issue_of(
        Severity::warning,
        "crs_doubtful",
        text(
            "{0}；坐标系 {2} 可能不对，请核对",
            "{1}; the CRS {2} may be wrong: check it",
            because.zh,
            because.en,
            words_of(crs)
        )
    );
}

CrsProblem swap_needless(LonLat swapped, LonLat as_they_are, const Crs& crs) {
    return {
        "crs_contradicted",
        text(
            "按指定的 axes: yx（命令行 --axes yx）先北后东读取，图斑落在 {0}；坐标照原样先东后"
            "北读取则在 {1}，正在 {2} 的适用范围内。数据没有写反，请去掉 axes",
            "read north before east, as axes: yx (--axes yx) says, the plots lie at {0}; as "
            "they stand, east first, they lie at {1}, where {2} is used: the data are right, "
            "take axes out",
            words_of(swapped),
            words_of(as_they_are),
            words_of(crs)
        ),
        {}};
}

Issue axes_swapped(LonLat at) {
    return issue_of(
        Severity::note,
        "axes_swapped",
        text(
            "按指定的 axes: yx（命令行 --axes yx）先北后东读取，第一个图形在 {0} 附近",
            "read north before east, as axes: yx (--axes yx) says; the first geometry lies "
            "near "
            "{0}",
            words_of(at)
        )
    );
}

Issue row_elsewhere(std::size_t row) {
    Issue issue = issue_of(
        Severity::warning,
        "crs_doubtful",
        {"这一行的坐标落在坐标系的适用范围之外，与其余各行不同；请核对",
         "this row's coordinates lie outside of where the CRS is used, unlike the rest: check "
         "it"}
    );
    issue.row = static_cast<std::int64_t>(row) + 1;
    return issue;
}

Issue shifted_from_reference(const WebMapFinding& found, const std::string& reference) {
    return issue_of(
        Severity::warning,
        "gcj02_suspected",
        text(
            "疑似 {0} 坐标：与参照 {1} 相差，整体偏移约 {2:.0f} 米（方位 {3:.0f}°），消去后"
            "相差由 {4:.0f} 米降到 {5:.0f} 米；没有自动纠正，请核对来源",
            "looks like {0}: against the reference {1} it is shifted by about {2:.0f} m "
            "(bearing {3:.0f}°), and undoing that brings the distance from {4:.0f} m down to "
            "{5:.0f} m; nothing was corrected, check where it comes from",
            name_of(found.map),
            reference,
            found.offset_m,
            found.direction_deg,
            found.before_m,
            found.residual_m
        )
    );
}

Issue shifted_from_columns(const WebMapFinding& found, Shifted which) {
    const bool plots = which == Shifted::plots;
    return issue_of(
        Severity::warning,
        "gcj02_suspected",
        text(
            "{0}疑似 {2} 坐标：与{1}相差约 {3:.0f} 米（方位 {4:.0f}°），消去 {2} 偏移后只差 "
            "{5:.0f} 米；没有自动纠正，请核对来源",
            "{6} look like {2}: about {3:.0f} m (bearing {4:.0f}°) away from {7}, and only "
            "{5:.0f} m once the shift of {2} is undone; nothing was corrected, check where "
            "they come from",
            plots ? "图形" : "中心点经纬度的两列",
            plots ? "中心点经纬度的两列" : "图形",
            name_of(found.map),
            found.before_m,
            found.direction_deg,
            found.residual_m,
            plots ? "the plots" : "the columns of centre points",
            plots ? "the columns of centre points" : "the plots"
        )
    );
}

} // namespace tuban
