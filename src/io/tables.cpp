#include "core/format.hpp"
#include "io/geopackage.hpp"
#include "io/national_schema.hpp"
#include "io/read_rows.hpp"
#include "io/table_reader.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace tuban {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::string csv_cell(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
        return text;
    }
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c;
        if (c == '"') {
            quoted += c;
        }
    }
    return quoted + '"';
}

Json json_cell(const Column& column, std::size_t row) {
    if (column.valid[row] == 0) {
        return nullptr;
    }
    return std::visit([row](const auto& values) { return Json(values[row]); }, column.values);
}

Json json_row(const Table& table, std::size_t row) {
    Json object = Json::object();
    for (const Column& column : table.columns) {
        object[column.name] = json_cell(column, row);
    }
    return object;
}

std::string lines_of(const std::vector<std::string>& lines) {
    std::string text;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        text += lines[i] + (i + 1 < lines.size() ? ",\n" : "\n");
    }
    return text;
}

std::string table_json(const Table& table) {
    std::vector<std::string> lines;
    for (std::size_t row = 0; row < table.rows; ++row) {
        lines.push_back(json_row(table, row).dump());
    }
    return "[\n" + lines_of(lines) + "]\n";
}

Json position(const Geometry& geometry, std::size_t vertex) {
    return {geometry.lon_deg[vertex], geometry.lat_deg[vertex]};
}

Json json_ring(const Geometry& geometry, std::size_t ring, bool closed) {
    Json positions = Json::array();
    const std::size_t begin = geometry.ring_offsets[ring];
    for (std::size_t v = begin; v < geometry.ring_offsets[ring + 1]; ++v) {
        positions.push_back(position(geometry, v));
    }
    if (closed) {
        positions.push_back(position(geometry, begin));
    }
    return positions;
}

Json json_part(const Geometry& geometry, GeometryKind kind, std::size_t part) {
    const std::size_t first = geometry.part_offsets[part];
    if (kind == GeometryKind::point) {
        return position(geometry, geometry.ring_offsets[first]);
    }
    if (kind == GeometryKind::line) {
        return json_ring(geometry, first, false);
    }
    Json rings = Json::array();
    for (std::size_t ring = first; ring < geometry.part_offsets[part + 1]; ++ring) {
        rings.push_back(json_ring(geometry, ring, true));
    }
    return rings;
}

Json json_geometry(const Geometry& geometry, std::size_t feature) {
    const GeometryKind kind = geometry.kinds[feature];
    if (kind == GeometryKind::none) {
        return nullptr;
    }
    Json parts = Json::array();
    for (std::size_t part = geometry.feature_offsets[feature];
         part < geometry.feature_offsets[feature + 1];
         ++part) {
        parts.push_back(json_part(geometry, kind, part));
    }
    const char* type = kind == GeometryKind::point  ? "MultiPoint"
                       : kind == GeometryKind::line ? "MultiLineString"
                                                    : "MultiPolygon";
    Json result = Json::object();
    result["type"] = type;
    result["coordinates"] = std::move(parts);
    return result;
}

std::string table_geojson(const Table& table, const Geometry* geometry) {
    std::vector<std::string> lines;
    for (std::size_t row = 0; row < table.rows; ++row) {
        Json feature = Json::object();
        feature["type"] = "Feature";
        feature["properties"] = json_row(table, row);
        feature["geometry"] = geometry == nullptr ? Json() : json_geometry(*geometry, row);
        lines.push_back(feature.dump());
    }
    return "{\"type\": \"FeatureCollection\", \"features\": [\n" + lines_of(lines) + "]}\n";
}

[[noreturn]] void throw_unwritable(const std::string& file, const std::string& why) {
    throw Error(
        ErrorCode::unwritable_output,
        text(
            "写不出（{}）；请检查文件夹是否存在、权限和剩余空间",
            "cannot be written ({}); check that the folder exists, its permissions and free "
            "space",
            why
        ),
        {file, 0, 0}
    );
}

/// Beside, then renamed: whole or not at all.
void write_text(const std::string& text, const std::string& file) {
    const fs::path target(file);
    const fs::path part = target.parent_path() / ("." + target.filename().string() + ".part");
    std::error_code error;
    {
        std::ofstream out(part, std::ios::binary | std::ios::trunc);
        out << text;
        out.close();
        if (!out) {
            const std::string why = std::generic_category().message(errno);
            fs::remove(part, error);
            throw_unwritable(file, why);
        }
    }
    fs::rename(part, target, error);
    if (error) {
        const std::string why = error.message();
        fs::remove(part, error);
        throw_unwritable(file, why);
    }
}

/// Excel takes a CSV without this mark for GBK and shows Chinese as rubbish; plain ASCII needs none.
std::string with_byte_order_mark(const std::string& csv) {
    const bool ascii = std::all_of(csv.begin(), csv.end(), [](char letter) {
        return static_cast<unsigned char>(letter) < 0x80U;
    });
    return ascii ? csv : "\xEF\xBB\xBF" + csv;
}

[[noreturn]] void throw_ending(const std::string& file, const std::string& ending) {
    if (ending.empty()) {
        throw Error(
            ErrorCode::invalid_argument,
            {"输出文件名没有扩展名；请以 .csv、.gpkg、.geojson 或 .json 结尾",
             "the output has no ending: let it end in .csv, .gpkg, .geojson or .json"},
            {file, 0, 0}
        );
    }
    const bool arrow = ending == ".parquet" || ending == ".arrow" || ending == ".feather";
    throw Error(
        ErrorCode::invalid_argument,
        text(
            "不能写“{0}”格式；可写 .csv、.gpkg、.geojson、.json{1}",
            "\"{0}\" cannot be written; .csv, .gpkg, .geojson and .json can{2}",
            ending,
            arrow ? "（Parquet 和 Arrow 请用 Python 接口经 pyarrow 写出）" : "",
            arrow ? " (Parquet and Arrow: from Python through pyarrow)" : ""
        ),
        {file, 0, 0}
    );
}

} // namespace

TableRead read_table_as_found(const FileSpec& source, const std::string& folder) {
    GdalScope gdal;
    const Source opened = open_source(source, folder, Want::table, gdal);
    Rows rows = read_rows(opened, gdal, {});
    TableRead read{std::move(rows.table), source_issues(opened, std::nullopt), std::nullopt};
    for (Issue& issue : rows.issues) {
        issue.file = source.file;
        issue.layer = opened.layer_name;
        read.issues.push_back(std::move(issue));
    }
    if (read.table.rows == 0 && opened.deleted_rows > 0) {
        read.empty_because = words_of_all_deleted(opened);
    }
    return read;
}

Table read_table(const FileSpec& source, const std::string& folder) {
    return read_table_as_found(source, folder).table;
}

std::string table_csv(const Table& table) {
    std::string csv;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        csv += (c == 0 ? "" : ",") + csv_cell(table.columns[c].name);
    }
    csv += '\n';
    for (std::size_t row = 0; row < table.rows; ++row) {
        for (std::size_t c = 0; c < table.columns.size(); ++c) {
            csv += (c == 0 ? "" : ",") + csv_cell(table.columns[c].text(row).value_or(""));
        }
        csv += '\n';
    }
    return csv;
}

void require_writable(const std::string& file) {
    const fs::path target(file);
    const fs::path probe = target.parent_path() / ("." + target.filename().string() + ".part");
    std::error_code error;
    if (fs::is_directory(target, error)) {
        throw_unwritable(file, std::generic_category().message(EISDIR));
    }
    std::ofstream out(probe, std::ios::binary | std::ios::trunc);
    const std::string why = std::generic_category().message(errno);
    out.close();
    if (!out) {
        throw_unwritable(file, why);
    }
    fs::remove(probe, error);
}

void write_table(const Table& table, const Geometry* geometry, const std::string& file) {
    const std::string ending = lower(fs::path(file).extension().string());
    if (ending == ".csv") {
        return write_text(with_byte_order_mark(table_csv(table)), file);
    }
    if (ending == ".json") {
        return write_text(table_json(table), file);
    }
    if (ending == ".geojson") {
        return write_text(table_geojson(table, geometry), file);
    }
    if (ending == ".gpkg") {
        return write_geopackage(
            {{fs::path(file).stem().string(), "", table, geometry}}, {}, file
        );
    }
    throw_ending(file, ending);
}

} // namespace tuban
