#include "io/stated_boxes.hpp"

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "io/geopackage_blobs.hpp"
#include "io/row_words.hpp"
#include "io/vertices.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string>

namespace tuban {
namespace {

/// From the header of a geometry (OGC 12-128, clause 2.1.3): "GP", version, flags, four bytes, then west, east, south and
/// north in the byte order that the flags say. None where it states none.
std::optional<Box> stated_box(std::string_view blob) {
    constexpr std::size_t begin = 8;
    constexpr std::size_t numbers = 4;
    if (blob.size() < begin + numbers * sizeof(double) || !blob.starts_with("GP")) {
        return std::nullopt;
    }
    const auto flags = static_cast<unsigned>(static_cast<unsigned char>(blob[3]));
    const bool little = (flags & 1U) != 0;
    const unsigned kind = flags >> 1U & 7U;
    if (kind == 0 || kind > 4) {
        return std::nullopt;
    }
    std::array<double, numbers> values{};
    for (std::size_t i = 0; i < numbers; ++i) {
        std::array<char, sizeof(double)> bytes{};
        blob.copy(bytes.data(), bytes.size(), begin + i * sizeof(double));
        if (little != (std::endian::native == std::endian::little)) {
            std::reverse(bytes.begin(), bytes.end());
        }
        std::memcpy(&values.at(i), bytes.data(), bytes.size());
    }
    const Box box{values[0], values[2], values[1], values[3]};
    return box.is_finite() ? std::optional(box) : std::nullopt; // NaN: of an empty shape
}

StatedBoxes boxes_in(const std::string& file, const std::string& layer) {
    const GdalScope gdal;
    const Dataset dataset = open_geopackage_again(file);
    StatedBoxes boxes;
    constexpr std::size_t header = 40; // with the box
    const auto take = [&](std::int64_t fid, std::string_view head) {
        if (const auto box = stated_box(head)) {
            boxes.emplace_back(fid, *box);
        }
    };
    if (dataset) {
        for_each_blob(dataset.get(), layer, header, take);
    }
    const auto by_id = [](const auto& a, const auto& b) { return a.first < b.first; };
    if (!std::is_sorted(boxes.begin(), boxes.end(), by_id)) {
        std::sort(boxes.begin(), boxes.end(), by_id);
    }
    return boxes;
}

/// Rows mostly come in the order of their ids: `from` goes on with them.
const Box* box_of_fid(const StatedBoxes& boxes, std::int64_t fid, std::size_t& from) {
    if (from >= boxes.size() || boxes[from].first != fid) {
        const auto found = std::lower_bound(
            boxes.begin(),
            boxes.end(),
            fid,
            [](const auto& entry, std::int64_t wanted) { return entry.first < wanted; }
        );
        from = static_cast<std::size_t>(found - boxes.begin());
    }
    const bool found = from < boxes.size() && boxes[from].first == fid;
    return found ? &boxes[from++].second : nullptr;
}

} // namespace

Issue box_too_large(std::span<const std::size_t> rows) {
    Issue issue;
    issue.severity = Severity::warning;
    issue.code = "box_too_large";
    issue.message = text(
        "{0} 个图形写明的外框比图形本身大（第 {1} 行），可能有顶点被改动；请对照原图核对",
        "{0} shapes state a box larger than they are (rows {1}): a vertex may have been moved; "
        "compare them with the original",
        rows.size(),
        row_list(rows)
    );
    return issue;
}

std::size_t shapes_index_misses(const Source& source) {
    if (source.driver != "GPKG" ||
        OGR_L_TestCapability(source.layer, OLCFastSpatialFilter) == 0) {
        return 0;
    }
    const std::string geometry = OGR_L_GetGeometryColumn(source.layer);
    const std::string sql = format(
        "SELECT count(*) FROM {0} AS shape LEFT JOIN {2} AS box ON box.id = shape.{3} "
        "WHERE ST_IsEmpty(shape.{1}) = 0 AND (box.id IS NULL OR box.minx > ST_MinX(shape.{1}) "
        "OR box.maxx < ST_MaxX(shape.{1}) OR box.miny > ST_MinY(shape.{1}) OR box.maxy < "
        "ST_MaxY(shape.{1}))",
        sql_name(source.layer_name),
        sql_name(geometry),
        sql_name("rtree_" + source.layer_name + "_" + geometry),
        sql_name(OGR_L_GetFIDColumn(source.layer))
    );
    OGRLayerH found =
        GDALDatasetExecuteSQL(source.dataset.get(), sql.c_str(), nullptr, nullptr);
    if (found == nullptr) {
        return 1; // an index that cannot even be read
    }
    const Feature counted{OGR_L_GetNextFeature(found)};
    const std::size_t count =
        counted ? static_cast<std::size_t>(OGR_F_GetFieldAsInteger64(counted.get(), 0))
                : std::size_t{1};
    GDALDatasetReleaseResultSet(source.dataset.get(), found);
    return count;
}

Issue index_contradicted(std::size_t count) {
    Issue issue;
    issue.severity = Severity::warning;
    issue.code = "index_contradicted";
    issue.message = text(
        "空间索引漏了 {0} "
        "个图形，或把它们放错了地方；这里不用索引，全部读取。地图软件按索引查找会"
        "漏掉它们，请重建空间索引（在 QGIS 里：图层属性 → 源 → 创建空间索引）",
        "the spatial index leaves out {0} shapes or has them where they are not; it is not "
        "used "
        "here and all is read. Programs that search by it will miss them: build the index anew "
        "(in QGIS: layer properties, Source, Create Spatial Index)",
        count
    );
    return issue;
}

std::future<StatedBoxes> read_stated_boxes(const Source& source, const Execution& execution) {
    const std::string file =
        source.driver == "GPKG" ? GDALGetDescription(source.dataset.get()) : "";
    return std::async(
        execution.threads == 1 ? std::launch::deferred : std::launch::async,
        [file, layer = source.layer_name] {
            return file.empty() ? StatedBoxes{} : boxes_in(file, layer);
        }
    );
}

std::vector<Issue>
stated_box_issues(const StatedBoxes& boxes, const Rows& rows, const Execution& execution) {
    enum class Held : std::uint8_t { well, narrow, wide };
    constexpr std::size_t in_a_piece = 4096;
    std::vector<Held> held(boxes.empty() ? 0 : rows.wkb.size());
    const auto hold = [&](std::size_t row, std::size_t& from) {
        const Box* const stated = box_of_fid(boxes, rows.fids[row], from);
        const Box own = stated == nullptr ? Box{} : box_of(rows.wkb[row]);
        if (!own.is_finite()) {
            return Held::well;
        }
        if (stated->excess(own) > rounding_in(own)) {
            return Held::narrow;
        }
        return own.excess(*stated) > rounding_in(own) ? Held::wide : Held::well;
    };
    const std::size_t pieces = (held.size() + in_a_piece - 1) / in_a_piece;
    const Text stage{"核对外框", "comparing boxes"};
    parallel_for(pieces, execution, stage, [&](std::size_t piece) {
        const std::size_t begin = piece * in_a_piece;
        std::size_t from = begin;
        for (std::size_t row = begin; row < std::min(held.size(), begin + in_a_piece); ++row) {
            held[row] = hold(row, from);
        }
    });
    std::vector<std::size_t> narrow;
    std::vector<std::size_t> wide;
    for (std::size_t row = 0; row < held.size(); ++row) {
        if (held[row] == Held::narrow) {
            narrow.push_back(row);
        } else if (held[row] == Held::wide) {
            wide.push_back(row);
        }
    }
    std::vector<Issue> issues;
    if (!narrow.empty()) {
        Issue issue;
        issue.severity = Severity::warning;
        issue.code = "box_contradicted";
        issue.message = text(
            "{0} 个图形写明的外框没有包住自己的顶点（第 {1} "
            "行）：外框写错了，或有顶点被改动；图形照读，但地图软件按外框查找会漏掉它们，请对照"
            "原图核对后重新保存",
            "{0} shapes state a box that does not hold their vertices (rows {1}): the box is "
            "wrong, or a vertex was moved; they are read as they are, but programs that search "
            "by "
            "boxes will miss them: compare them with the original and save them anew",
            narrow.size(),
            row_list(narrow)
        );
        issues.push_back(std::move(issue));
    }
    if (!wide.empty()) {
        issues.push_back(box_too_large(wide));
    }
    return issues;
}

} // namespace tuban
