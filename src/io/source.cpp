#include "io/source.hpp"

#include "core/format.hpp"
#include "core/joined.hpp"
#include "io/crs_words.hpp"
#include "io/csv_check.hpp"
#include "io/file_kind.hpp"
#include "io/geojson_check.hpp"
#include "io/national_schema.hpp"
#include "io/sha256.hpp"
#include "io/shapefile_check.hpp"
#include "io/source_text.hpp"
#include "io/zip_check.hpp"

#include <cpl_conv.h>
#include <cpl_vsi.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace tuban {
namespace {

namespace fs = std::filesystem;

/// Formats that keep to one file or folder and write nothing on reading.
constexpr std::array<const char*, 16> vector_drivers{
    "ESRI Shapefile",
    "GPKG",
    "OpenFileGDB",
    "GeoJSON",
    "GeoJSONSeq",
    "TopoJSON",
    "FlatGeobuf",
    "SQLite",
    "LIBKML",
    "KML",
    "MapInfo File",
    "DXF",
    "CSV",
    "XLSX",
    "XLS",
    "ODS"};

const std::vector<std::string>& vector_endings() {
    static const std::vector<std::string> endings{
        ".shp", ".gpkg", ".gdb", ".geojson", ".json", ".fgb", ".kml", ".tab", ".csv", ".xlsx"};
    return endings;
}

std::string ending_of(const std::string& name) {
    std::string plain = name;
    while (plain.ends_with('/')) {
        plain.pop_back();
    }
    return lower(fs::path(plain).extension().string());
}

/// Workbooks are archives, too.
bool is_archive(const std::string& path) {
    const std::string ending = ending_of(path);
    return ending == ".zip" || ending == ".xlsx" || ending == ".ods" || ending == ".kmz";
}

std::string stem_of(const std::string& name) {
    std::string plain = name;
    while (plain.ends_with('/')) {
        plain.pop_back();
    }
    return fs::path(plain).stem().string();
}

/// A database being written by another program keeps its latest rows in a file of its own; to read them would mean to
/// write beside it.
void refuse_open_database(const std::string& path, const FileSpec& spec) {
    const std::string header = bytes_of(path, 20);
    const bool write_ahead =
        header.size() == 20 && header.starts_with("SQLite format 3") && header[18] == 2;
    std::error_code none;
    const auto pending = fs::file_size(path + "-wal", none);
    if (write_ahead && !none && pending > 0) {
        throw_unreadable(
            spec,
            {"数据库有尚未写入主文件的改动（旁边有 -wal 文件）；请关闭正在使用它的程序（如 "
             "QGIS）后再读",
             "it has changes that are not in the main file yet (a -wal file lies beside it): "
             "close the "
             "program that uses it, such as QGIS, and read again"}
        );
    }
}

StringList open_options(const std::string& ending, Want want) {
    StringList options;
    const auto set = [&](const char* name, const char* value) {
        options.reset(CSLSetNameValue(options.release(), name, value));
    };
    if (ending == ".shp" || ending == ".dbf") {
        set("ENCODING", ""); // raw bytes: we judge them
    } else if (ending == ".gpkg") {
        set("IMMUTABLE", "YES"); // no -shm, -wal or lock beside the file
        if (want != Want::table) {
            set("LIST_ALL_TABLES",
                "NO"); // one that its catalogue has lost would come without shapes
        }
    } else if (ending == ".csv") {
        set("HEADERS", "YES");
    }
    return options;
}

Dataset
open_dataset(const std::string& name, const FileSpec& spec, Want want, const GdalScope& gdal) {
    StringList drivers;
    for (const char* driver : vector_drivers) {
        if (GDALGetDriverByName(driver) != nullptr) {
            drivers.reset(CSLAddString(drivers.release(), driver));
        }
    }
    const StringList options = open_options(ending_of(name), want);
    Dataset dataset(GDALOpenEx(
        name.c_str(),
        GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
        drivers.get(),
        options.get(),
        nullptr
    ));
    if (!dataset) {
        const Text kind = kind_of_unopened(name);
        const Text said = said_by_gdal(gdal.failure());
        throw_unreadable(spec, text("{0}{1}", "{2}{3}", kind.zh, said.zh, kind.en, said.en));
    }
    return dataset;
}

bool has_geometry(OGRLayerH layer) {
    return OGR_L_GetGeomType(layer) != wkbNone;
}

[[noreturn]] void
throw_layers(const FileSpec& spec, const std::vector<std::string>& names, const Text& what) {
    const bool misnamed = !spec.layer.empty();
    const auto near = nearest_name(spec.layer, names);
    throw_unreadable(
        spec,
        text(
            "{0}；文件中有：{2}{3}",
            "{1}; there are: {2}{3}",
            what.zh,
            what.en,
            joined(names),
            near ? format(" (→ {}?)", *near) : std::string{}
        ),
        misnamed ? code_of_mistake(spec, ErrorCode::unreadable_input)
                 : ErrorCode::unreadable_input
    );
}

/// Has GDAL read the layer's CRS now, so that what it says of a damaged .prj is not taken for a feature's fault.
void load_reference(OGRLayerH layer) {
    const GdalScope own_words;
    static_cast<void>(OGR_L_GetSpatialRef(layer));
}

/// What tuban itself calls the layer of plots, beside others of its own.
constexpr std::string_view name_of_plots = "plots";

/// The layer that is meant.
OGRLayerH choose_layer(const Dataset& dataset, const FileSpec& spec, Want want) {
    std::vector<std::string> names;
    std::vector<OGRLayerH> layers;
    std::vector<OGRLayerH> drawn;
    for (int i = 0; i < GDALDatasetGetLayerCount(dataset.get()); ++i) {
        OGRLayerH layer = GDALDatasetGetLayer(dataset.get(), i);
        const std::string name = OGR_L_GetName(layer);
        if (name == spec.layer) {
            return layer;
        }
        if (name != "layer_styles") { // QGIS keeps its styles there
            names.push_back(name);
            layers.push_back(layer);
        }
        if (has_geometry(layer)) {
            drawn.push_back(layer);
        }
    }
    if (layers.empty()) {
        throw_unreadable(
            spec,
            {"文件中没有图层，可能已损坏；请取得完整的文件或重新导出",
             "it holds no layer and may be damaged: get a whole copy, or export it anew"}
        );
    }
    if (!spec.layer.empty()) {
        throw_layers(spec, names, text("没有图层“{}”", "there is no layer \"{}\"", spec.layer));
    }
    if (want != Want::table && drawn.size() == 1) {
        return drawn[0];
    }
    const auto plots = std::find(names.begin(), names.end(), name_of_plots);
    if (want == Want::plots && plots != names.end()) {
        return layers[static_cast<std::size_t>(plots - names.begin())];
    }
    if (layers.size() > 1) {
        const Text place = place_of(spec, want == Want::table ? "sheet" : "layer");
        throw_layers(
            spec,
            names,
            {format("有多个图层，请指明是哪一个：{}", place.zh),
             format("it holds several layers: say which by {}", place.en)}
        );
    }
    return layers[0];
}

/// That plots were taken from one of several layers with shapes, which nobody named.
void tell_choice(Source& source, Want want) {
    std::vector<std::string> others;
    for (int i = 0; i < GDALDatasetGetLayerCount(source.dataset.get()); ++i) {
        OGRLayerH layer = GDALDatasetGetLayer(source.dataset.get(), i);
        if (layer != source.layer && has_geometry(layer)) {
            others.emplace_back(OGR_L_GetName(layer));
        }
    }
    if (want != Want::plots || !source.spec.layer.empty() || others.empty()) {
        return;
    }
    Issue issue;
    issue.code = "layer_chosen";
    const Text place = place_of(source.spec, "layer");
    issue.message = text(
        "文件里有几个图层，读的是 {0}；另有 {1}，要读它们请用 {2} 写明",
        "of several layers {0} was read; there are also {1}: name one by {3} to read it",
        source.layer_name,
        joined(others),
        place.zh,
        place.en
    );
    source.issues.push_back(std::move(issue));
}

std::vector<std::string>
candidates_in_zip(const std::string& zip, const std::vector<std::string>& endings) {
    std::vector<std::string> found;
    const StringList entries(VSIReadDirRecursive(zip.c_str()));
    for (int i = 0; i < CSLCount(entries.get()); ++i) {
        const std::string entry = entries.get()[i];
        const bool inside_gdb =
            entry.find(".gdb/") != std::string::npos && entry.find(".gdb/") + 5 < entry.size();
        if (!inside_gdb && entry.find("__MACOSX") == std::string::npos &&
            std::find(endings.begin(), endings.end(), ending_of(entry)) != endings.end()) {
            found.push_back(entry.ends_with('/') ? entry.substr(0, entry.size() - 1) : entry);
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

void add_findings(Source& source, GeoJsonFindings findings, GdalScope& gdal) {
    source.crs_refused = std::move(findings.crs_refused);
    if (source.crs_refused) {
        gdal.forget_failure(); // GDAL's own about the same
    }
    if (findings.whole) {
        source.drawn = std::move(findings.drawn);
    }
    source.issues = std::move(findings.issues);
}

std::string name_in_zip(const std::string& name, const std::string& zip) {
    return name.substr(std::string("/vsizip/").size() + fs::absolute(zip).string().size() + 1);
}

std::vector<std::string> files_in(const std::string& folder) {
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.is_regular_file() && !entry.path().filename().string().ends_with(".lock")) {
            files.push_back(entry.path().string());
        }
    }
    return files;
}

} // namespace

Text place_of(const FileSpec& spec, std::string_view key) {
    const bool layer = key == "layer" || key == "sheet";
    const std::string_view of_data = layer ? "layer" : key;
    switch (spec.named_by) {
    case NamedBy::option:
        return text("--{}", "--{}", key);
    case NamedBy::call:
        return text("{}=", "{}=", of_data);
    case NamedBy::with:
        return layer
                   ? Text{"--with 名称=文件:图层（--boundary 同样写法）", "--with key=file:layer, likewise --boundary"}
                   : text("项目文件的 {}:", "{}: in a project file", key);
    case NamedBy::project:
        break;
    }
    return key == "id" ? Text{"fields: 的 id", "id under fields:"}
           : layer     ? Text{"layer:（表格用 sheet:）", "layer: (sheet: for workbooks)"}
                       : text("项目文件的 {}:", "{}: in the project file", key);
}

ErrorCode code_of_mistake(const FileSpec& spec, ErrorCode otherwise) {
    const bool of_command_line =
        spec.named_by == NamedBy::option || spec.named_by == NamedBy::with;
    return of_command_line ? ErrorCode::invalid_argument : otherwise;
}

Text words_of_all_deleted(const Source& source) {
    return text(
        "{0} 没有可用的行：.dbf 的 {1} "
        "行全部标记为已删除；请在原软件中恢复要用的行，或取得没有删除标记的文件",
        "{0} has no rows to use: all {1} rows of its .dbf are marked as deleted; bring back "
        "those "
        "that are meant in the program it comes from, or get a file without these marks",
        source.spec.file,
        source.deleted_rows
    );
}

void throw_too_many_columns(const FileSpec& spec) {
    throw_unreadable(
        spec,
        text(
            "列数超过 {}，不像图斑表；请检查分隔符和表头，或删去用不到的列",
            "it has more than {} columns, which no table of plots has: check the separator and "
            "the header, or delete the columns that are not needed",
            most_columns
        )
    );
}

void throw_unreadable(const FileSpec& spec, const Text& why, ErrorCode code) {
    const std::string what =
        spec.layer.empty() ? spec.file : format("{} [{}]", spec.file, spec.layer);
    throw Error(
        code,
        text("无法读取 {0}：{1}", "{0} cannot be read: {2}", what, why.zh, why.en),
        spec.where
    );
}

std::string local_path(const FileSpec& spec, const std::string& folder) {
    if (spec.file.starts_with("/vsi") || spec.file.find("://") != std::string::npos) {
        throw_unreadable(
            spec,
            {"只读取本机的文件，不读网络地址和虚拟路径；请先下载",
             "only local files are read, no network addresses or virtual paths: download it "
             "first"}
        );
    }
    if (spec.file.empty()) {
        throw Error(
            ErrorCode::unreadable_input,
            {"没有写文件名；请给出要读的文件", "no file is named: give the file to read"},
            spec.where
        );
    }
    const fs::path given(spec.file);
    const fs::path path =
        given.is_absolute() || folder.empty() ? given : fs::path(folder) / given;
    std::error_code error;
    if (!fs::exists(path, error)) {
        throw_unreadable(
            spec,
            {"没有这个文件；请检查文件名和路径",
             "there is no such file; check its name and path"}
        );
    }
    if (fs::is_directory(path, error) && ending_of(spec.file) != ".gdb") {
        throw_unreadable(
            spec,
            {"这是文件夹；请写明其中的文件（只有 .gdb 可以是文件夹）",
             "it is a folder: name a file in it (only a .gdb may be a folder)"}
        );
    }
    if (!fs::is_directory(path, error) && !fs::is_regular_file(path, error)) {
        throw_unreadable(
            spec,
            {"这不是文件（是管道或设备）；请先存成文件",
             "it is no file but a pipe or a device: save it to a file first"}
        );
    }
    if (fs::is_regular_file(path, error) && fs::file_size(path, error) == 0) {
        throw_unreadable(spec, {"文件是空的（0 字节）", "the file is empty (0 bytes)"});
    }
    return path.string();
}

std::string gdal_name(
    const std::string& path,
    const FileSpec& spec,
    const std::vector<std::string>& endings,
    Want want
) {
    if (ending_of(path) != ".zip") {
        return path;
    }
    const std::string zip = "/vsizip/" + fs::absolute(path).string();
    std::vector<std::string> found = candidates_in_zip(zip, endings);
    const auto named = std::find_if(found.begin(), found.end(), [&](const std::string& entry) {
        return !spec.layer.empty() && stem_of(entry) == spec.layer;
    });
    if (named != found.end()) {
        return zip + "/" + *named;
    }
    if (found.empty()) {
        throw_unreadable(spec, zip_without_data(path, zip));
    }
    if (found.size() > 1) {
        const Text place = place_of(spec, want == Want::table ? "sheet" : "layer");
        throw_unreadable(
            spec,
            text(
                "压缩包里有 {0} 个数据集（{1}）；请指明是哪一个：{2}",
                "the zip holds {0} data sets ({1}): say which by {3}",
                found.size(),
                joined(found),
                place.zh,
                place.en
            )
        );
    }
    return zip + "/" + found[0];
}

std::vector<std::string> member_files(const std::string& path) {
    std::vector<std::string> members;
    const std::string ending = ending_of(path);
    if (fs::is_directory(path)) {
        members = files_in(path);
    } else if (ending == ".shp" || ending == ".dbf") {
        for (const char* member : {".cpg", ".dbf", ".prj", ".shp", ".shx"}) {
            members.push_back(sibling(path, member));
        }
        std::erase(members, std::string());
    } else {
        members.push_back(path);
    }
    std::sort(members.begin(), members.end());
    return members;
}

Source
open_source(const FileSpec& spec, const std::string& folder, Want want, GdalScope& gdal) {
    const std::string path = local_path(spec, folder);
    if (const auto words = words_of_part(path, want == Want::table)) {
        throw_unreadable(spec, *words);
    }
    if (is_archive(path)) {
        check_zip(path, spec);
    }
    const std::string name = gdal_name(path, spec, vector_endings(), want);
    if (is_archive(path)) {
        check_members(path, name.starts_with("/vsizip/") ? name_in_zip(name, path) : "", spec);
    }
    const std::string ending = ending_of(name);
    Source source;
    if (ending == ".shp" || ending == ".dbf") {
        ShapefileFindings findings = check_shapefile(name, spec);
        source.damaged = std::move(findings.damaged);
        source.issues = std::move(findings.issues);
        source.deleted_rows = findings.deleted;
    } else if (ending == ".csv") {
        refuse_utf16(name, spec);
        check_csv(name, spec);
    }
    refuse_open_database(path, spec);
    source.spec = spec;
    source.dataset = open_dataset(name, spec, want, gdal);
    source.layer = choose_layer(source.dataset, spec, want);
    if (OGR_FD_GetFieldCount(OGR_L_GetLayerDefn(source.layer)) >
        static_cast<int>(most_columns)) {
        throw_too_many_columns(spec);
    }
    source.layer_name = OGR_L_GetName(source.layer);
    tell_choice(source, want);
    load_reference(source.layer);
    source.members = member_files(path);
    source.driver = GDALGetDriverShortName(GDALGetDatasetDriver(source.dataset.get()));
    if (source.driver == "GeoJSON") {
        add_findings(source, check_geojson(name), gdal);
    }
    source.encoding = encoding_of(source, name);
    source.cut_names = source.driver == "ESRI Shapefile";
    if (source.cut_names) {
        const std::string dbf = sibling(name, ".dbf");
        std::promise<OddNumbers> found;
        found.set_value(odd_numbers(dbf.empty() ? name : dbf));
        source.odd_numbers = found.get_future();
    } else if (source.driver == "GPKG") {
        source.odd_numbers = odd_numbers_of_table(source.dataset.get(), source.layer);
    }
    return source;
}

Source open_again(const Source& source, const GdalScope& gdal) {
    const std::string name = GDALGetDescription(source.dataset.get());
    Source again;
    again.spec = source.spec;
    again.layer_name = source.layer_name;
    again.members = source.members;
    again.driver = source.driver;
    again.encoding = source.encoding;
    again.cut_names = source.cut_names;
    again.damaged = source.damaged;
    again.odd_numbers = source.odd_numbers;
    again.dataset = open_dataset(name, source.spec, Want::geometry, gdal);
    again.layer = GDALDatasetGetLayerByName(again.dataset.get(), source.layer_name.c_str());
    if (again.layer == nullptr) {
        throw_unreadable(source.spec, {"图层不见了", "its layer is gone"});
    }
    load_reference(again.layer);
    return again;
}

InputFile input_of(const Source& source) {
    InputFile input;
    input.file = source.spec.file;
    input.layer = source.layer_name;
    input.encoding = source.encoding.used;
    input.encoding_because = source.encoding.because;
    return input;
}

std::string hash_of(const Source& source) {
    return sha256_of_files(source.members);
}

std::vector<Issue> source_issues(const Source& source, const std::optional<JudgedCrs>& crs) {
    std::vector<Issue> issues;
    const auto add = [&](Severity severity, const char* code, Text message) {
        Issue issue;
        issue.severity = severity;
        issue.code = code;
        issue.file = source.spec.file;
        issue.layer = source.layer_name;
        issue.message = std::move(message);
        issues.push_back(std::move(issue));
    };
    if (source.encoding.doubt) {
        add(Severity::warning, source.encoding.doubt->code, source.encoding.doubt->message);
    }
    if (source.encoding.cut_values > 0) {
        add(Severity::note,
            "text_cut",
            text(
                "至少 {} 个文字值在字段宽度处被截断，末尾的半个字已去掉；DBF 的文字最长 254 "
                "字节，请用 GeoPackage 保存全文",
                "at least {} texts were cut at the width of their field, and half a character "
                "at the end was dropped; text in a DBF has at most 254 bytes: keep whole texts "
                "in a GeoPackage",
                source.encoding.cut_values
            ));
    }
    for (Issue issue : source.issues) {
        issue.file = source.spec.file;
        issue.layer = source.layer_name;
        issues.push_back(std::move(issue));
    }
    if (crs) {
        for (Issue issue : crs->issues) {
            issue.file = source.spec.file;
            issue.layer = source.layer_name;
            issues.push_back(std::move(issue));
        }
    }
    if (crs && crs->crs.datum_note) {
        add(Severity::note,
            "datum_taken_as_equal",
            text(
                "{} 的基准面与 CGCS2000 相差不到 1 米，视为相同",
                "the datum of {} is within 1 m of CGCS2000 and taken as equal to it",
                words_of(crs->crs)
            ));
    }
    return issues;
}

} // namespace tuban
