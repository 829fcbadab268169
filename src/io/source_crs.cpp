#include "io/source_crs.hpp"

#include "core/format.hpp"
#include "io/source.hpp"

#include <array>
#include <cmath>

namespace tuban {
namespace {

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

} // namespace

JudgedCrs judged_crs(OGRSpatialReferenceH reference, const FileSpec& spec) {
    if (spec.crs) {
        try {
            return {parse_crs(*spec.crs), "project"};
        } catch (const Error& error) {
            throw_unreadable(spec, error.message());
        }
    }
    const SpatialReference own(OSRClone(reference));
    if (OSRIsCompound(own.get()) != 0) {
        OSRStripVertical(own.get());
    }
    name_zero_shift(own.get());
    const char* authority = OSRGetAuthorityName(own.get(), nullptr);
    const char* code = OSRGetAuthorityCode(own.get(), nullptr);
    try {
        if (authority != nullptr && code != nullptr && std::string_view(authority) == "EPSG") {
            return {parse_crs(format("EPSG:{}", code)), "file"};
        }
        char* wkt = nullptr;
        constexpr std::array<const char*, 2> options{"FORMAT=WKT2_2019", nullptr};
        OSRExportToWktEx(own.get(), &wkt, options.data());
        const CplText text(wkt);
        return {parse_crs(text ? text.get() : ""), "file"};
    } catch (const Error& error) {
        throw_unreadable(spec, error.message());
    }
}

std::vector<std::string> crs_proposals(const Source& source) {
    OGREnvelope box{};
    if (OGR_L_GetExtent(source.layer, &box, 1) != OGRERR_NONE || !std::isfinite(box.MinX)) {
        return {};
    }
    const bool degrees =
        box.MinX >= 73.0 && box.MaxX <= 136.0 && box.MinY >= 3.0 && box.MaxY <= 54.5;
    if (degrees) {
        return {"EPSG:4490"};
    }
    const bool north = box.MinY > 300'000.0 && box.MaxY < 6'100'000.0; // 3°–55° N
    const auto zone = static_cast<int>(std::floor(box.MinX / 1e6));
    if (north && zone >= 13 && zone <= 23) {
        return {format("EPSG:{}", 4491 + zone - 13)};
    }
    if (north && zone >= 25 && zone <= 45) {
        return {format("EPSG:{}", 4513 + zone - 25)};
    }
    std::vector<std::string> proposals;
    if (north && box.MinX > 100'000.0 && box.MaxX < 900'000.0) {
        for (int code = 4534; code <= 4554; ++code) {
            proposals.push_back(format("EPSG:{}", code));
        }
    }
    return proposals;
}

JudgedCrs crs_of(const Source& source) {
    OGRSpatialReferenceH reference = OGR_L_GetSpatialRef(source.layer);
    if (reference != nullptr || source.spec.crs) {
        return judged_crs(reference, source.spec);
    }
    const std::vector<std::string> proposals = crs_proposals(source);
    Text hint{
        "请查明后在项目文件中写 crs:（命令行用 --crs），例如 EPSG:4490",
        "find out which it is and write crs: in the project (--crs on the command line), such "
        "as EPSG:4490"};
    if (proposals.size() == 1) {
        hint = text(
            "坐标的范围像 {0}；确认后在项目文件中写 crs: {0}（命令行用 --crs {0}）",
            "its coordinates look like {0}; if that is right, write crs: {0} in the project "
            "(--crs {0} on "
            "the command line)",
            proposals[0]
        );
    } else if (!proposals.empty()) {
        hint = text(
            "坐标像不带带号的 3 度带，应为 {0}—{1} "
            "之一（由县所在的中央经线定）；请在项目文件中写 crs:（命令行用 --crs）",
            "its coordinates look like a 3-degree zone without prefix, one of {0} to {1} by "
            "the county's "
            "central meridian; write crs: in the project (--crs on the command line)",
            proposals.front(),
            proposals.back()
        );
    }
    throw_unreadable(
        source.spec,
        text(
            "文件没有坐标系（.prj）；{0}",
            "the file has no coordinate system (.prj); {1}",
            hint.zh,
            hint.en
        )
    );
}

std::string words_of(const Crs& crs) {
    return crs.definition.starts_with("EPSG:") ? crs.definition + " " + crs.name : crs.name;
}

} // namespace tuban
