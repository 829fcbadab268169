#include "io/source_crs.hpp"

#include "core/format.hpp"
#include "geodesy/projection.hpp"
#include "geodesy/web_map_shift.hpp"
#include "io/column_finder.hpp"
#include "io/crs_words.hpp"
#include "io/local_coordinates.hpp"
#include "io/prj.hpp"
#include "io/rows.hpp"
#include "io/source.hpp"
#include "io/vertices.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace tuban {
namespace {

constexpr std::size_t features_judged = 20'000; ///< of a context layer

/// A datum without a name, on the ellipsoid of GRS 80 and said to be WGS 84 by seven zeros (old GeoTIFF), is WGS 84.
void name_zero_shift(OGRSpatialReferenceH reference) {
    std::array<double, 7> shift{};
    const bool given =
        OSRGetTOWGS84(reference, shift.data(), static_cast<int>(shift.size())) == OGRERR_NONE;
    const bool zero = given && std::all_of(shift.begin(), shift.end(), [](double value) {
                          return value == 0.0;
                      });
    constexpr double most_differing_flattening = 1e-5; // GRS 80 against WGS 84: 1.5e-6
    if (zero && OSRGetSemiMajor(reference, nullptr) == cgcs2000.a_m &&
        std::abs(OSRGetInvFlattening(reference, nullptr) - cgcs2000.inverse_flattening) <
            most_differing_flattening) {
        const SpatialReference wgs84(OSRNewSpatialReference(nullptr));
        OSRImportFromEPSG(wgs84.get(), 4326);
        OSRCopyGeogCSFrom(reference, wgs84.get());
    }
}

/// "EPSG:4516" where the file says so, else WKT.
std::string text_of(OGRSpatialReferenceH reference, bool keep_shift) {
    const SpatialReference own(OSRClone(reference));
    if (OSRIsCompound(own.get()) != 0) {
        OSRStripVertical(own.get());
    }
    if (!keep_shift) {
        name_zero_shift(own.get());
    }
    const char* authority = OSRGetAuthorityName(own.get(), nullptr);
    const char* code = OSRGetAuthorityCode(own.get(), nullptr);
    if (authority != nullptr && code != nullptr && std::string_view(authority) == "EPSG") {
        return format("EPSG:{}", code);
    }
    char* wkt = nullptr;
    constexpr std::array<const char*, 2> options{"FORMAT=WKT2_2019", nullptr};
    OSRExportToWktEx(own.get(), &wkt, options.data());
    const CplText text(wkt);
    return text ? text.get() : "";
}

/// The CRS in a .prj that GDAL made nothing of.
struct OddPrj {
    SpatialReference reference;
    Text words; ///< what is unusual about it
};

std::variant<OddPrj, CrsProblem> look_in_prj(const Source& source, const Places& places) {
    const auto prj = read_prj(GDALGetDescription(source.dataset.get()));
    if (!prj) {
        return unknown_place(
            "crs_missing",
            source.driver == "ESRI Shapefile"
                ? Text{"文件没有坐标系（缺少同名的 .prj 文件）", "the file has no coordinate system (no .prj of the same name)"}
                : Text{"文件没有写明坐标系", "the file does not name its coordinate system"},
            places
        );
    }
    if (!prj->crs) {
        return unknown_place("crs_unreadable", prj->words, places);
    }
    OddPrj odd{SpatialReference(OSRNewSpatialReference(nullptr)), prj->words};
    OSRSetFromUserInput(odd.reference.get(), prj->crs->definition.c_str());
    return odd;
}

/// The CGCS2000 zone of a meridian, with a prefix where the plane has one; 0 for none.
int code_on(Projection plane, double meridian_deg) {
    const double prefix = std::floor(plane.false_easting_m / 1e6);
    constexpr double last_of_6_degrees = 23.0;
    if (prefix > 0.0) {
        const double zone =
            prefix <= last_of_6_degrees ? (meridian_deg + 3.0) / 6.0 : meridian_deg / 3.0;
        plane.false_easting_m = zone * 1e6 + 5e5;
    }
    plane.central_meridian_deg = meridian_deg;
    return cgcs2000_code(plane);
}

/// A zone's name on another zone's meridian: one of the two is a slip, and nothing says which.
std::optional<CrsProblem> name_against_parameters(const Crs& crs) {
    const auto promised = meridian_in_name(crs.given_name);
    const auto projection = promised ? projection_of(crs) : std::nullopt;
    if (!projection || std::abs(*promised - projection->central_meridian_deg) < 1e-6) {
        return std::nullopt;
    }
    const int by_name = code_on(*projection, *promised);
    const int by_meridian = code_on(*projection, projection->central_meridian_deg);
    std::vector<std::string> proposals;
    for (const int code : {by_name, by_meridian}) {
        if (code != 0 && !crs.datum_note) {
            proposals.push_back(format("EPSG:{}", code));
        }
    }
    return meridian_contradicted(
        crs, *promised, projection->central_meridian_deg, std::move(proposals)
    );
}

/// A shift on top of a datum that already counts as CGCS2000 would move right coordinates away.
void refuse_needless_shift(const std::string& definition, const FileSpec& spec) {
    std::optional<Crs> right;
    try {
        right = parse_crs(definition);
    } catch (const Error&) { // refused without parameters: that is what they are for
        return;
    }
    throw Error(
        ErrorCode::invalid_project,
        text(
            "{0} 的坐标系 {1} 已视同 CGCS2000，不能再加 datum_shift；请删去 datum_shift，或用 "
            "crs: 写明原来的坐标系",
            "{0} is in {1}, which counts as CGCS2000: a datum_shift would move it away. Take "
            "datum_shift out, or name the CRS it really is in by crs:",
            spec.file,
            words_of(*right)
        ),
        spec.where
    );
}

JudgedCrs shifted_crs(OGRSpatialReferenceH reference, const FileSpec& spec) {
    const DatumShift& shift = *spec.datum_shift;
    const std::string source = spec.crs ? "project" : "file";
    JudgedCrs judged;
    std::string from;
    if (shift.kind == DatumShift::Kind::plane) {
        judged.shift = std::make_shared<DatumMapping>(
            PlaneShift{shift.dx_m, shift.dy_m, shift.rz_arcsec, shift.scale_ppm},
            parse_crs(shift.target)
        );
        from = spec.crs.value_or("");
    } else {
        const std::string definition = spec.crs ? *spec.crs : text_of(reference, true);
        refuse_needless_shift(definition, spec);
        const Crs crs = parse_crs_of_any_datum(definition);
        from = words_of(crs);
        judged.shift = std::make_shared<DatumMapping>(
            crs,
            Helmert{
                shift.dx_m,
                shift.dy_m,
                shift.dz_m,
                shift.rx_arcsec,
                shift.ry_arcsec,
                shift.rz_arcsec,
                shift.scale_ppm,
                shift.convention == DatumShift::Convention::coordinate_frame}
        );
    }
    judged.crs = judged.shift->target();
    judged.because = format("{}; datum_shift {}", source, words_of(shift));
    judged.issues.push_back(shift_applied(shift, from, judged.crs));
    return judged;
}

/// A CRS that nobody knows is a mistake of who wrote it; one whose datum is refused is known, and coordinates in it cannot
/// be read.
ErrorCode code_of_refused(const FileSpec& spec) {
    try {
        static_cast<void>(parse_crs_of_any_datum(*spec.crs));
        return ErrorCode::unreadable_input;
    } catch (const Error&) {
        return code_of_mistake(spec, ErrorCode::unreadable_input);
    }
}

/// The user's CRS against a file that names another datum: a hundred metres that nothing else shows.
void tell_replaced(OGRSpatialReferenceH reference, JudgedCrs& judged) {
    try {
        const Crs of_file = parse_crs_of_any_datum(text_of(reference, true));
        constexpr double same_m = 1e-3;
        if (std::abs(ellipsoid_of(of_file).a_m - cgcs2000.a_m) >= same_m) {
            judged.issues.push_back(datum_replaced(of_file, judged.crs));
        }
    } catch (const Error&) { // nothing that could be told of
        return;
    }
}

std::optional<int> province_of(const std::string& cell) {
    std::string digits;
    for (const char c : cell) {
        if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
            digits += c;
        } else if (!digits.empty()) {
            return std::nullopt;
        }
    }
    constexpr std::size_t county_digits = 6;
    constexpr std::size_t plot_digits = 12; // fewer may be any number
    if (digits.size() != county_digits && digits.size() < plot_digits) {
        return std::nullopt;
    }
    const int code = std::stoi(digits.substr(0, 2));
    return province_box(code) ? std::optional(code) : std::nullopt;
}

/// The province that most rows name in a column.
std::optional<LonLatBox> province_in(const Column* column) {
    std::map<int, std::size_t> counts;
    if (column == nullptr) {
        return std::nullopt;
    }
    for (std::size_t row = 0; row < column->size(); ++row) {
        if (const auto code = province_of(column->text(row).value_or(""))) {
            ++counts[*code];
        }
    }
    for (const auto& [code, count] : counts) {
        if (10 * count > 9 * column->size()) {
            return province_box(code);
        }
    }
    return std::nullopt;
}

void unwrap(std::span<double> lon) {
    if (lon.empty()) {
        return;
    }
    const auto [west, east] = std::minmax_element(lon.begin(), lon.end());
    if (!(*east - *west > 180.0)) {
        return;
    }
    std::vector<double> joined(lon.begin(), lon.end());
    for (double& value : joined) {
        value = joined.front() + std::remainder(value - joined.front(), 360.0);
    }
    const auto [least, most] = std::minmax_element(joined.begin(), joined.end());
    if (*most > *least && *most - *least < 180.0) { // else it goes round the globe
        std::copy(joined.begin(), joined.end(), lon.begin());
    }
}

/// A warning if most places lie outside of the province that the ids name.
void add_code_doubt(const Places& places, JudgedCrs& judged) {
    if (!places.expected) {
        return;
    }
    std::vector<double> x = places.x;
    std::vector<double> y = places.y;
    judged.to_plane(x, y);
    Transform(judged.crs).to_lonlat(x, y);
    std::size_t away = 0;
    constexpr double margin_deg = 0.5; // boxes are written to 0.1°
    for (std::size_t i = 0; i < x.size(); ++i) {
        const LonLatBox& box = *places.expected;
        const bool inside =
            x[i] >= box.west_deg - margin_deg && x[i] <= box.east_deg + margin_deg &&
            y[i] >= box.south_deg - margin_deg && y[i] <= box.north_deg + margin_deg;
        away += inside ? 0U : 1U;
    }
    if (2 * away > x.size()) {
        judged.issues.push_back(away_from_codes(x.size(), away, {x[0], y[0]}, judged.crs));
    }
}

/// A CRS that may be wrong, and rows that lie elsewhere.
void add_doubts(const PlaceJudgement& judgement, JudgedCrs& judged) {
    if (judgement.placement == Placement::doubtful) {
        judged.issues.push_back(crs_doubtful(judgement.because, judged.crs));
    } else if (!judgement.outside.empty()) {
        for (const std::size_t row : judgement.outside) {
            judged.issues.push_back(row_elsewhere(row));
        }
    }
}

/// Numbers of the file in the plane where they are judged: east first, and where a shift leaves them.
Places in_plane(const Places& places, const JudgedCrs& judged) {
    Places moved = places;
    judged.to_plane(moved.x, moved.y);
    return moved;
}

/// Where the first place lies, with the axes in one order or the other.
LonLat first_place(const JudgedCrs& judged, const Places& places, bool swapped) {
    JudgedCrs turned = judged;
    turned.swapped = swapped;
    std::vector<double> x{places.x.front()};
    std::vector<double> y{places.y.front()};
    turned.to_plane(x, y);
    Transform(turned.crs).to_lonlat(x, y);
    return {x.front(), y.front()};
}

bool is_in_china(LonLat at) {
    return at.lon_deg > 73.0 && at.lon_deg < 136.0 && at.lat_deg > 3.0 && at.lat_deg < 54.0;
}

/// Numbers that the user had swapped and that were right as they stood: they land far from China, or where the CRS does
/// not reach, and would not without.
std::optional<CrsProblem>
needless_swap(const JudgedCrs& judged, const PlaceJudgement& judgement, const Places& places) {
    if (places.size() == 0 || !judged.swapped || judged.shift) {
        return std::nullopt;
    }
    const LonLat swapped = first_place(judged, places, true);
    const LonLat as_they_are = first_place(judged, places, false);
    const bool lands_well = is_in_china(swapped) && judgement.placement == Placement::good &&
                            judgement.outside.empty();
    const PlaceJudgement plain = judge_places(judged.crs, places, false, true);
    if (lands_well || !is_in_china(as_they_are) || plain.placement != Placement::good ||
        !plain.outside.empty()) {
        return std::nullopt;
    }
    return swap_needless(swapped, as_they_are, judged.crs);
}

void tell_swap(const Places& places, JudgedCrs& judged) {
    if (!judged.swapped || places.size() == 0) {
        return;
    }
    judged.issues.push_back(axes_swapped(first_place(judged, places, true)));
}

CrsFinding judge(JudgedCrs judged, const FileSpec& spec, const Places& places) {
    const bool plane = spec.datum_shift && spec.datum_shift->kind == DatumShift::Kind::plane;
    const PlaceJudgement judgement =
        plane ? judge_places(judged.crs, in_plane(places, judged), false, true)
              : judge_places(judged.crs, places, judged.swapped, spec.axes.has_value());
    if (auto problem = needless_swap(judged, judgement, places)) {
        return *std::move(problem);
    }
    tell_swap(places, judged);
    // The user's own word stands unless something better is known.
    const bool insisted = spec.crs && judgement.readings.empty();
    const bool stops = judgement.placement == Placement::contradicted && !insisted;
    if (!judged.shift && look_local(judged.crs, in_plane(places, judged), judgement)) {
        const Text words = words_of_local(places, words_of(judged.crs));
        if (stops) {
            return CrsProblem{"coordinates_local", words, {}};
        }
        judged.issues.push_back(coordinates_local(words));
        return judged;
    }
    if (stops) {
        return contradicted(judged, judgement, judged.shift != nullptr);
    }
    PlaceJudgement doubt = judgement;
    if (doubt.placement == Placement::contradicted) {
        doubt.placement = Placement::doubtful;
    }
    add_doubts(doubt, judged);
    if (doubt.placement == Placement::good) {
        add_code_doubt(places, judged);
    }
    return judged;
}

} // namespace

void JudgedCrs::to_plane(std::span<double> x, std::span<double> y) const {
    if (swapped) {
        std::swap_ranges(x.begin(), x.end(), y.begin());
    }
    if (shift) {
        shift->forward(x, y);
    }
}

void JudgedCrs::from_plane(std::span<double> x, std::span<double> y) const {
    if (shift) {
        shift->inverse(x, y);
    }
    if (swapped) {
        std::swap_ranges(x.begin(), x.end(), y.begin());
    }
}

void JudgedCrs::place(std::vector<std::string>& wkb) const {
    if (!swapped && !shift && !crs.geographic) {
        return;
    }
    constexpr double half_turn_deg = 180.0; // what is narrower does not cross ±180°
    const auto to_reading = [&](std::span<double> x, std::span<double> y) {
        to_plane(x, y);
        if (crs.geographic) {
            unwrap(x);
        }
    };
    for (std::string& geometry : wkb) {
        if (!swapped && !shift && !is_wider_than(geometry, half_turn_deg)) {
            continue;
        }
        map_vertices(geometry, to_reading);
    }
}

Places places_of(const std::vector<std::string>& wkb) {
    Places places;
    for (std::size_t row = 0; row < wkb.size(); ++row) {
        if (const auto middle = middle_of(wkb[row])) {
            places.x.push_back(middle->first);
            places.y.push_back(middle->second);
            places.rows.push_back(row);
        }
    }
    return places;
}

Places places_of(const Source& source) {
    Places places;
    OGR_L_ResetReading(source.layer);
    for (std::size_t row = 0; row < features_judged; ++row) {
        const Feature feature(OGR_L_GetNextFeature(source.layer));
        if (!feature) {
            break;
        }
        OGRGeometryH geometry = OGR_F_GetGeometryRef(feature.get());
        OGREnvelope box{};
        if (geometry == nullptr || OGR_G_IsEmpty(geometry) != 0) {
            continue;
        }
        OGR_G_GetEnvelope(geometry, &box);
        const double x = box.MinX / 2.0 + box.MaxX / 2.0;
        const double y = box.MinY / 2.0 + box.MaxY / 2.0;
        if (std::isfinite(x) && std::isfinite(y)) {
            places.x.push_back(x);
            places.y.push_back(y);
            places.rows.push_back(row);
        }
    }
    OGR_L_ResetReading(source.layer);
    return places;
}

void add_hints(Places& places, const Rows& rows, const Source& source) {
    const ColumnFinder finder(rows, source);
    places.expected = province_in(finder.find("XIAN"));
    if (!places.expected) {
        places.expected = province_in(finder.find("TBBH"));
    }
    const Column* const lon = finder.find("KFX");
    const Column* const lat = finder.find("KFY");
    if (lon == nullptr || lat == nullptr) {
        return;
    }
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    for (const std::size_t row : places.rows) {
        LonLat said{lon->number(row).value_or(none), lat->number(row).value_or(none)};
        if (said.lat_deg > 73.0 && said.lat_deg < 136.0 && said.lon_deg < 55.0) {
            std::swap(said.lon_deg, said.lat_deg); // X is north to many
        }
        const bool degrees = std::abs(said.lon_deg) <= 180.0 &&
                             std::abs(said.lat_deg) <= 90.0 &&
                             (said.lon_deg != 0.0 || said.lat_deg != 0.0);
        places.said.push_back(degrees ? said : LonLat{none, none});
    }
}

JudgedCrs judged_crs(OGRSpatialReferenceH reference, const FileSpec& spec) {
    try {
        JudgedCrs judged;
        judged.crs = parse_crs(spec.crs ? *spec.crs : text_of(reference, false));
        judged.because = spec.crs ? "project" : "file";
        judged.swapped = spec.axes == Axes::yx;
        if (spec.crs && reference != nullptr) {
            tell_replaced(reference, judged);
        }
        return judged;
    } catch (const Error& error) {
        if (!spec.crs) {
            throw_unreadable(spec, error.message());
        }
        const Text place = place_of(spec, "crs");
        const Text& why = error.message();
        throw Error(
            code_of_refused(spec),
            text(
                "{0} 不能用：{1}", "{2} cannot be used: {3}", place.zh, why.zh, place.en, why.en
            ),
            spec.where
        );
    }
}

CrsFinding find_crs(const Source& source, const Places& places) {
    OGRSpatialReferenceH reference =
        source.crs_refused ? nullptr : OGR_L_GetSpatialRef(source.layer);
    const bool plane =
        source.spec.datum_shift && source.spec.datum_shift->kind == DatumShift::Kind::plane;
    if (!plane) {
        const auto zones = mixed_zones(places);
        if (!zones.empty()) {
            return zones_mixed(zones);
        }
    }
    std::optional<OddPrj> odd;
    if (reference == nullptr && !source.spec.crs && !plane) {
        if (source.crs_refused) {
            return unknown_place("crs_missing", *source.crs_refused, places);
        }
        auto found = look_in_prj(source, places);
        if (auto* const problem = std::get_if<CrsProblem>(&found)) {
            return std::move(*problem);
        }
        odd = std::get<OddPrj>(std::move(found));
        reference = odd->reference.get();
    }
    JudgedCrs judged;
    if (source.spec.datum_shift) {
        judged = shifted_crs(reference, source.spec);
        judged.swapped = source.spec.axes == Axes::yx;
    } else {
        judged = judged_crs(reference, source.spec);
    }
    if (odd) {
        judged.issues.push_back(prj_unusual(odd->words));
    }
    if (!source.spec.crs) {
        if (auto problem = name_against_parameters(judged.crs)) {
            return *std::move(problem);
        }
    }
    judged.past_180 =
        judged.crs.geographic &&
        std::any_of(places.x.begin(), places.x.end(), [](double lon) { return lon > 180.0; });
    return judge(std::move(judged), source.spec, places);
}

JudgedCrs
crs_of_raster(OGRSpatialReferenceH reference, const FileSpec& spec, const Places& places) {
    CrsFinding finding = judge(judged_crs(reference, spec), spec, places);
    if (const auto* const problem = std::get_if<CrsProblem>(&finding)) {
        throw_unreadable(spec, problem->message);
    }
    return std::get<JudgedCrs>(std::move(finding));
}

JudgedCrs crs_of(const Source& source, const Places& places) {
    CrsFinding finding = find_crs(source, places);
    if (const auto* const problem = std::get_if<CrsProblem>(&finding)) {
        throw_unreadable(source.spec, problem->message);
    }
    return std::get<JudgedCrs>(std::move(finding));
}

std::optional<Issue> web_map_issue(
    const std::vector<LonLat>& shown, const Geometry& reference, const std::string& file
) {
    const auto found = web_map_shift_to_nearest(shown, reference);
    if (!found) {
        return std::nullopt;
    }
    return shifted_from_reference(*found, file);
}

std::vector<Issue> web_map_issues(const Places& places, const JudgedCrs& judged) {
    if (places.said.empty()) {
        return {};
    }
    std::vector<double> x = places.x;
    std::vector<double> y = places.y;
    judged.to_plane(x, y);
    Transform(judged.crs).to_lonlat(x, y);
    std::vector<LonLat> middles;
    std::vector<LonLat> said;
    for (std::size_t i = 0; i < places.said.size(); ++i) {
        if (std::isfinite(x[i]) && std::isfinite(places.said[i].lon_deg)) {
            middles.push_back({x[i], y[i]});
            said.push_back(places.said[i]);
        }
    }
    std::vector<Issue> issues;
    const auto plots = web_map_shift(middles, said);
    const auto found = plots ? plots : web_map_shift(said, middles);
    if (found) {
        issues.push_back(shifted_from_columns(*found, plots ? Shifted::plots : Shifted::columns)
        );
    }
    return issues;
}

} // namespace tuban
