#include "io/file_kind.hpp"

#include "core/format.hpp"
#include "io/handles.hpp"
#include "io/national_schema.hpp"
#include "io/shapefile_check.hpp"
#include "io/utf16.hpp"

#include <cpl_vsi.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace tuban {
namespace {

using namespace std::string_view_literals;
namespace fs = std::filesystem;

struct Kind {
    std::string_view begins;
    Text words;
};

/// Files that people send by mistake, by what they begin with.
const auto& kinds() {
    static const auto packed = [](const char* name) {
        return text(
            "这是压缩包（{}），不能直接读；请先解压，再读里面的数据文件",
            "it is an archive ({}), which is not read: unpack it and name a data file in it",
            name
        );
    };
    static const Text access{
        "这是 Access 数据库（.mdb，个人地理数据库），不能直接读；请在 ArcGIS 中导出为 FileGDB "
        "或 Shapefile",
        "it is an Access database (.mdb, a personal geodatabase), which is not read: export it "
        "as FileGDB or shapefile in ArcGIS"};
    static const Text picture{
        "这是图片，不是矢量数据；请取得图斑的 Shapefile、GeoPackage 等",
        "it is a picture, no vector data: get the plots as a shapefile, GeoPackage or the "
        "like"};
    static const Text office{
        "这是旧版 Office 文件（.xls、.doc）或已损坏；表格请在 Excel 中另存为 .xlsx",
        "it is a file of old Office (.xls, .doc), or damaged: save a table as .xlsx in Excel"};
    static const std::array<Kind, 16> list{{
        {"7z\xBC\xAF"sv, packed("7z")},
        {"Rar!"sv, packed("RAR")},
        {"\x1F\x8B"sv, packed("gzip")},
        {"BZh"sv, packed("bzip2")},
        {"\xFD"
         "7zXZ"sv,
         packed("xz")},
        {"AC10"sv,
         {"这是 AutoCAD 的 DWG 图，不能直接读；请在 CAD 中另存为 DXF，或转换为 Shapefile",
          "it is an AutoCAD drawing (DWG), which is not read: save it as DXF, or convert it to "
          "a "
          "shapefile"}},
        {"\0\1\0\0Standard Jet DB"sv, access},
        {"\0\1\0\0Standard ACE DB"sv, access},
        {"%PDF"sv,
         {"这是 PDF，不是数据文件；请取得图斑的 Shapefile、GeoPackage 等",
          "it is a PDF, no data file: get the plots as a shapefile, GeoPackage or the like"}},
        {"\xFF\xD8\xFF"sv, picture},
        {"\x89PNG"sv, picture},
        {"II*\0"sv, picture},
        {"MM\0*"sv, picture},
        {"\xD0\xCF\x11\xE0"sv, office},
        {"fgb\3"sv,
         {"这是 FlatGeobuf，但已损坏或不完整；请取得完整的文件",
          "it is a FlatGeobuf, but damaged or incomplete: get a whole copy"}},
        {"PAR1"sv,
         {"这是 Parquet 文件，不能直接读；请另存为 GeoPackage",
          "it is a Parquet file, which is not read: save it as GeoPackage"}},
    }};
    return list;
}

std::uint64_t size_of(const std::string& name) {
    VSIStatBufL status{};
    return VSIStatL(name.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size)
                                                : 0;
}

std::uint64_t big_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char c : bytes) {
        value = value * 256 + static_cast<unsigned char>(c);
    }
    return value;
}

/// An SQLite database that is no good. Its header has the size of a page at 16 and their number at 28.
Text words_of_database(const std::string& name, std::string_view start) {
    constexpr std::size_t header_bytes = 100;
    const std::uint64_t size = size_of(name);
    if (start.size() >= header_bytes) {
        const std::uint64_t said = big_endian(start.substr(16, 2));
        const std::uint64_t page = said == 1 ? 65'536 : said; // too large for two bytes
        const std::uint64_t needs = page * big_endian(start.substr(28, 4));
        if (size < needs) {
            return text(
                "这是 GeoPackage（SQLite 数据库），但被截断：应有 {} 字节，只有 {} "
                "字节；请取得完整的文件",
                "it is a GeoPackage (an SQLite database), but cut off: {} bytes are needed, {} "
                "are there; get a whole copy",
                needs,
                size
            );
        }
    }
    return {
        "这是 SQLite 数据库，但已损坏，或缺少 GeoPackage 的目录表（gpkg_contents）；请从原软件"
        "重新导出",
        "it is an SQLite database, but damaged or without the catalogue of a GeoPackage "
        "(gpkg_contents): export it anew"};
}

std::string ending_of(const std::string& name) {
    const std::size_t dot = name.find_last_of("./");
    return dot == std::string::npos || name[dot] == '/' ? "" : lower(name.substr(dot));
}

Text words_of_archive(const std::string& name) {
    const std::string ending = ending_of(name);
    if (ending == ".xlsx" || ending == ".ods") {
        return {
            "工作簿已损坏或不完整；请在 Excel 中打开后另存一份",
            "the workbook is damaged or incomplete: open it in Excel and save it anew"};
    }
    if (ending == ".kmz") {
        return {
            "KMZ 已损坏，或里面没有 KML；请重新导出",
            "the KMZ is damaged or holds no KML: export it anew"};
    }
    return {
        "这是压缩包（zip），扩展名却不是 .zip；请改名为 .zip 或先解压",
        "it is a zip archive under another ending: rename it to .zip, or unpack it first"};
}

/// What a text begins with, but for blanks and a mark.
char first_letter(std::string_view start) {
    const std::size_t at = start.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    return at == std::string_view::npos ? '\0' : start[at];
}

std::optional<Text> words_of_text(std::string_view start) {
    if (utf16_of(start) != Utf16::none) {
        return Text{
            "文字是 UTF-16 编码（记事本和 Excel 称“Unicode”），不能直接读；请用记事本另存为 "
            "UTF-8 编码",
            "its text is UTF-16 (Notepad and Excel call it \"Unicode\"), which is not read: "
            "save it as UTF-8"};
    }
    switch (first_letter(start)) {
    case '{':
    case '[':
        return Text{
            "这是 JSON 文本，但不完整、写法有误，或不是 GeoJSON；请取得完整的文件或重新导出",
            "it is JSON text, but incomplete, wrongly written, or no GeoJSON: get a whole "
            "copy, "
            "or export it anew"};
    case '<':
        return Text{
            "这是 XML 文本（KML、GML 等），但不完整、写法有误，或不是能读的格式；请取得完整的"
            "文件，或转换为 Shapefile、GeoPackage",
            "it is XML (KML, GML or the like), but incomplete, wrongly written, or of a format "
            "that is not read: get a whole copy, or convert it to a shapefile or GeoPackage"};
    default:
        return std::nullopt;
    }
}

bool is_archive(const std::string& name) {
    static constexpr std::array<std::string_view, 6> endings{
        ".zip", ".rar", ".7z", ".tar", ".gz", ".kmz"};
    return std::find(endings.begin(), endings.end(), ending_of(name)) != endings.end();
}

std::string file_name(const fs::path& path) {
    return path.filename().string();
}

/// "Shapefile x.shx": a part of a data set, and the file that stands for all of it.
Text words_of_member(
    const fs::path& part, const char* format_name, const fs::path& main, bool there
) {
    return there
               ? text(
                     "{0} 只是 {1} 的一部分；请给出 {2}",
                     "{0} is only a part of a {1}: give {2}",
                     file_name(part),
                     format_name,
                     main.string()
                 )
               : text(
                     "{0} 只是 {1} 的一部分，旁边没有 {2}；请取得整套文件，再给出 {2}",
                     "{0} is only a part of a {1}, and there is no {2} beside it: get all its "
                     "files, and give {2}",
                     file_name(part),
                     format_name,
                     file_name(main)
                 );
}

/// Endings of files beside the one that people are to name.
struct Family {
    const char* format_name;
    std::string_view main;
    std::vector<std::string_view> parts;
    bool certain; ///< these endings mean nothing else
};

const std::vector<Family>& families() {
    static const std::vector<Family> list{
        {"Shapefile", ".shp", {".shx", ".prj", ".cpg", ".qpj", ".sbn", ".sbx", ".qix"}, true},
        {"Shapefile", ".shp", {".dbf", ".xml"}, false},
        {"MapInfo TAB", ".tab", {".dat", ".map", ".id", ".ind"}, false},
        {"MapInfo MIF", ".mif", {".mid"}, false},
    };
    return list;
}

/// A database's log, journal or shared memory: its name with something behind.
std::optional<Text> words_of_database_part(const std::string& path) {
    for (const std::string_view behind : {"-wal", "-shm", "-journal"}) {
        if (path.ends_with(behind)) {
            const std::string main = path.substr(0, path.size() - behind.size());
            std::error_code none;
            return words_of_member(path, "GeoPackage", main, fs::exists(main, none));
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<Text> words_of_part(const std::string& path, bool table) {
    const fs::path file(path);
    const fs::path folder = file.parent_path();
    if (lower(folder.extension().string()) == ".gdb") {
        return words_of_member(file, "FileGDB", folder, true);
    }
    if (auto words = words_of_database_part(path)) {
        return words;
    }
    const std::string ending = ending_of(path);
    for (const Family& family : families()) {
        if (std::find(family.parts.begin(), family.parts.end(), ending) == family.parts.end() ||
            (table && ending == ".dbf")) {
            continue;
        }
        const fs::path stem = ending == ".xml" ? fs::path(file).replace_extension() : file;
        const std::string main =
            ending == ".xml" && lower(stem.extension().string()) == family.main
                ? stem.string()
                : sibling(path, std::string(family.main));
        if (family.certain || !main.empty()) {
            const fs::path named =
                main.empty() ? fs::path(file).replace_extension(family.main) : fs::path(main);
            return words_of_member(file, family.format_name, named, !main.empty());
        }
    }
    return std::nullopt;
}

Text kind_of_unopened(const std::string& name) {
    const std::string start = bytes_of(name, 512);
    if (start.starts_with("SQLite format 3")) {
        return words_of_database(name, start);
    }
    if (start.starts_with("PK\3\4") || start.starts_with("PK\5\6")) {
        return words_of_archive(name);
    }
    for (const Kind& kind : kinds()) {
        if (start.starts_with(kind.begins)) {
            return kind.words;
        }
    }
    if (const auto words = words_of_text(start)) {
        return *words;
    }
    if (ending_of(name) == ".gdb") {
        return {
            "FileGDB（.gdb 文件夹）已损坏，或缺少其中的文件；请取得完整的文件夹",
            "the FileGDB (a .gdb folder) is damaged, or files in it are missing: get the whole "
            "folder"};
    }
    return {
        "不是可读的矢量或表格文件，或已损坏；应为 "
        "Shapefile、GeoPackage、FileGDB、GeoJSON、CSV、"
        "XLSX 等",
        "it is no vector file or table that can be read, or damaged; expected a shapefile, "
        "GeoPackage, FileGDB, GeoJSON, CSV, XLSX or the like"};
}

Text zip_without_data(const std::string& path, const std::string& zip) {
    constexpr std::size_t most_named = 8;
    const std::string start = bytes_of(path, 8);
    if (!start.starts_with("PK")) {
        return kind_of_unopened(path);
    }
    const StringList entries(VSIReadDirRecursive(zip.c_str()));
    std::string list;
    std::string inner;
    std::size_t count = 0;
    for (int i = 0; i < CSLCount(entries.get()); ++i) {
        const std::string entry = entries.get()[i];
        if (entry.ends_with('/')) {
            continue;
        }
        inner = inner.empty() && is_archive(entry) ? entry : inner;
        if (++count <= most_named) {
            list += (count == 1 ? "" : ", ") + entry;
        }
    }
    if (!inner.empty()) {
        return text(
            "压缩包里还有压缩包（{}）；请先解压，再读里面的",
            "the zip holds another archive ({}): unpack it and name that one",
            inner
        );
    }
    if (count > 0) {
        return text(
            "压缩包里没有能读的数据（有：{}{}）；应有 .shp、.gpkg、.geojson、.csv、.xlsx "
            "之类的文件",
            "the zip holds no data that can be read (there are: {}{}); a .shp, .gpkg, "
            ".geojson, "
            ".csv, .xlsx or the like is needed",
            list,
            count > most_named ? " …" : ""
        );
    }
    if (start.starts_with("PK\5\6")) {
        return {
            "压缩包是空的，里面没有文件；请重新压缩", "the zip is empty: pack the files again"};
    }
    return {
        "压缩包已损坏或不完整，打不开；请重新下载或重新压缩",
        "the zip is damaged or incomplete and cannot be opened: download it again, or pack it "
        "anew"};
}

} // namespace tuban
