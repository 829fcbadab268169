#include "io/geopackage.hpp"

#include "core/format.hpp"
#include "io/gdal.hpp"

#include <cpl_error.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <memory>
#include <set>
#include <string_view>
#include <utility>

namespace tuban {
namespace {

constexpr const char* fixed_time = "2000-01-01T00:00:00.000Z";

std::string last_gdal_message() {
    const char* message = CPLGetLastErrorMsg();
    return message == nullptr ? "" : message;
}

[[noreturn]] void fail_writing(const std::string& file) {
    const Text said = said_by_gdal(last_gdal_message());
    throw Error(
        ErrorCode::unwritable_output,
        text(
            "写不出 GeoPackage；请检查文件夹权限和磁盘剩余空间{0}",
            "cannot write the GeoPackage: check the folder's permissions and free space{1}",
            said.zh,
            said.en
        ),
        {file, 0, 0}
    );
}

std::string lower_case(std::string text) {
    for (char& c : text) {
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return text;
}

/// `wanted`, or with _2, _3 … behind it if SQLite, which ignores case, would not tell it from a name in use.
std::string free_name(const std::string& wanted, std::set<std::string>& used) {
    std::string name = wanted;
    for (int i = 2; !used.insert(lower_case(name)).second; ++i) {
        name = format("{}_{}", wanted, i);
    }
    return name;
}

struct CloseDataset {
    void operator()(GDALDataset* dataset) const noexcept { GDALClose(dataset); }
};

using Dataset = std::unique_ptr<GDALDataset, CloseDataset>;

std::unique_ptr<OGRLinearRing> ring_of(const Geometry& geometry, std::size_t ring) {
    auto line = std::make_unique<OGRLinearRing>();
    const std::size_t from = geometry.ring_offsets[ring];
    const std::size_t to = geometry.ring_offsets[ring + 1];
    line->setNumPoints(static_cast<int>(to - from + 1), FALSE);
    for (std::size_t i = from; i < to; ++i) {
        line->setPoint(static_cast<int>(i - from), geometry.lon_deg[i], geometry.lat_deg[i]);
    }
    line->setPoint(static_cast<int>(to - from), geometry.lon_deg[from], geometry.lat_deg[from]);
    return line;
}

/// Null for anything but polygons.
std::unique_ptr<OGRMultiPolygon> multi_polygon(const Geometry& geometry, std::size_t feature) {
    if (geometry.kinds[feature] != GeometryKind::polygon) {
        return nullptr;
    }
    auto whole = std::make_unique<OGRMultiPolygon>();
    for (std::size_t part = geometry.feature_offsets[feature];
         part < geometry.feature_offsets[feature + 1];
         ++part) {
        auto polygon = std::make_unique<OGRPolygon>();
        for (std::size_t ring = geometry.part_offsets[part];
             ring < geometry.part_offsets[part + 1];
             ++ring) {
            polygon->addRingDirectly(ring_of(geometry, ring).release());
        }
        whole->addGeometryDirectly(polygon.release());
    }
    return whole;
}

OGRFieldType field_type(ColumnType type) {
    switch (type) {
    case ColumnType::text:
        return OFTString;
    case ColumnType::integer:
        return OFTInteger64;
    case ColumnType::real:
        return OFTReal;
    }
    return OFTString;
}

std::string sql_text(std::string_view text) {
    std::string result = "'";
    for (const char c : text) {
        result += c;
        if (c == '\'') {
            result += c;
        }
    }
    return result + "'";
}

/// A column's name for people.
struct Alias {
    std::string table;
    std::string column;
    std::string alias;
};

/// Writes one data set; every call of GDAL that fails ends in fail_writing().
class Writer {
public:
    explicit Writer(std::string file) : file_(std::move(file)) {
        GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("GPKG");
        if (driver == nullptr) {
            fail_writing(file_);
        }
        dataset_.reset(driver->Create(file_.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
        require(dataset_ != nullptr);
        require(dataset_->StartTransaction(FALSE) == OGRERR_NONE);
    }

    void add(const GeoPackageTable& source) {
        OGRLayer* layer = create_layer(source);
        for (std::size_t row = 0; row < source.table.rows; ++row) {
            add_row(*layer, source, row);
        }
        require(layer->SyncToDisk() == OGRERR_NONE);
    }

    void run(const std::string& sql) {
        CPLErrorReset();
        OGRLayer* rows = dataset_->ExecuteSQL(sql.c_str(), nullptr, nullptr);
        if (rows != nullptr) {
            dataset_->ReleaseResultSet(rows);
        }
        require(CPLGetLastErrorType() < CE_Failure);
    }

    /// Names for people, which GDAL reads from a GeoPackage but does not write before 3.7.
    void add_aliases() {
        run("CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT "
            "NULL, "
            "name TEXT, title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT, "
            "CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), "
            "CONSTRAINT gdc_tn UNIQUE (table_name, name))");
        for (const Alias& alias : aliases_) {
            run(format(
                "INSERT INTO gpkg_data_columns(table_name, column_name, name) "
                "VALUES({}, {}, {})",
                sql_text(alias.table),
                sql_text(alias.column),
                sql_text(alias.alias)
            ));
        }
        // GDAL makes this one for the index of a layer's geometry; a table alone has none.
        run("CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT,column_name TEXT,"
            "extension_name TEXT NOT NULL,definition TEXT NOT NULL,scope TEXT NOT NULL,"
            "CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))");
        run("INSERT INTO gpkg_extensions(table_name, column_name, extension_name, definition, "
            "scope) VALUES('gpkg_data_columns', NULL, 'gpkg_schema', "
            "'http://www.geopackage.org/spec121/#extension_schema', 'read-write')");
    }

    void finish() {
        require(dataset_->CommitTransaction() == OGRERR_NONE);
        CPLErrorReset();
        dataset_.reset(); // some failures show only here
        require(CPLGetLastErrorType() < CE_Failure);
    }

private:
    void require(bool done) const {
        if (!done) {
            fail_writing(file_);
        }
    }

    OGRLayer* create_layer(const GeoPackageTable& source) {
        std::set<std::string> used;
        std::vector<std::string> names;
        for (const Column& column : source.table.columns) {
            names.push_back(free_name(column.name, used));
        }
        OGRSpatialReference crs;
        CPLStringList options;
        options.SetNameValue("FID", free_name("fid", used).c_str());
        options.SetNameValue("DESCRIPTION", source.description.c_str());
        if (source.geometry != nullptr) {
            crs.importFromEPSG(4490);
            crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
            options.SetNameValue("GEOMETRY_NAME", free_name("geom", used).c_str());
        } else {
            options.SetNameValue("ASPATIAL_VARIANT", "GPKG_ATTRIBUTES");
        }
        OGRLayer* layer = dataset_->CreateLayer(
            source.name.c_str(),
            source.geometry != nullptr ? &crs : nullptr,
            source.geometry != nullptr ? wkbMultiPolygon : wkbNone,
            options.List()
        );
        require(layer != nullptr);
        add_fields(*layer, source.table, names);
        return layer;
    }

    void
    add_fields(OGRLayer& layer, const Table& table, const std::vector<std::string>& names) {
        std::set<std::string> aliases; // unique in a table of a GeoPackage
        for (std::size_t i = 0; i < names.size(); ++i) {
            const Column& column = table.columns[i];
            OGRFieldDefn field(names[i].c_str(), field_type(column.type()));
            require(layer.CreateField(&field) == OGRERR_NONE);
            if (!column.alias.empty() && aliases.insert(column.alias).second) {
                aliases_.push_back({layer.GetName(), names[i], column.alias});
            }
        }
    }

    void add_row(OGRLayer& layer, const GeoPackageTable& source, std::size_t row) const {
        OGRFeature feature(layer.GetLayerDefn());
        feature.SetFID(static_cast<GIntBig>(row) + 1);
        for (std::size_t i = 0; i < source.table.columns.size(); ++i) {
            set_field(feature, static_cast<int>(i), source.table.columns[i], row);
        }
        if (source.geometry != nullptr) {
            if (auto shape = multi_polygon(*source.geometry, row)) {
                feature.SetGeometryDirectly(shape.release());
            }
        }
        require(layer.CreateFeature(&feature) == OGRERR_NONE);
    }

    static void
    set_field(OGRFeature& feature, int field, const Column& column, std::size_t row) {
        if (column.valid[row] == 0) {
            feature.SetFieldNull(field);
            return;
        }
        switch (column.type()) {
        case ColumnType::text:
            feature.SetField(
                field, std::get<std::vector<std::string>>(column.values)[row].c_str()
            );
            break;
        case ColumnType::integer:
            feature.SetField(
                field,
                static_cast<GIntBig>(std::get<std::vector<std::int64_t>>(column.values)[row])
            );
            break;
        case ColumnType::real:
            feature.SetField(field, std::get<std::vector<double>>(column.values)[row]);
            break;
        }
    }

    std::string file_;
    Dataset dataset_;
    std::vector<Alias> aliases_;
};

/// The table that QGIS looks for (a layer's default style), as QGIS itself makes it.
void add_styles(Writer& writer, const std::vector<GeoPackageStyle>& styles) {
    if (styles.empty()) {
        return;
    }
    writer.run("CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "
               "f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256), "
               "f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, "
               "useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), "
               "update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))");
    writer.run(format(
        "INSERT INTO gpkg_contents(table_name, data_type, identifier, description, "
        "last_change) "
        "VALUES('layer_styles', 'attributes', 'layer_styles', '', '{}')",
        fixed_time
    ));
    for (const GeoPackageStyle& style : styles) {
        writer.run(format(
            "INSERT INTO layer_styles(f_table_catalog, f_table_schema, f_table_name, "
            "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, "
            "owner, "
            "update_time) SELECT '', '', {0}, column_name, {1}, {2}, '', 1, '', '', '{3}' "
            "FROM gpkg_geometry_columns WHERE table_name = {0}",
            sql_text(style.table),
            sql_text(style.name),
            sql_text(style.qml),
            fixed_time
        ));
    }
}

void write_tables(
    const std::vector<GeoPackageTable>& tables,
    const std::vector<GeoPackageStyle>& styles,
    const std::string& file
) {
    Writer writer(file);
    for (const GeoPackageTable& table : tables) {
        writer.add(table);
    }
    writer.add_aliases();
    add_styles(writer, styles);
    writer.finish();
}

// Reading.

struct FieldCells {
    std::vector<std::optional<std::string>> text;
    std::vector<std::optional<std::int64_t>> integer;
    std::vector<std::optional<double>> real;
};

ColumnType column_type(OGRFieldType type) {
    switch (type) {
    case OFTInteger:
    case OFTInteger64:
        return ColumnType::integer;
    case OFTReal:
        return ColumnType::real;
    default:
        return ColumnType::text;
    }
}

void take_cell(const OGRFeature& feature, int field, ColumnType type, FieldCells& cells) {
    const bool set = feature.IsFieldSetAndNotNull(field);
    switch (type) {
    case ColumnType::text:
        cells.text.push_back(
            set ? std::optional<std::string>(feature.GetFieldAsString(field)) : std::nullopt
        );
        break;
    case ColumnType::integer:
        cells.integer.push_back(
            set ? std::optional<std::int64_t>(feature.GetFieldAsInteger64(field)) : std::nullopt
        );
        break;
    case ColumnType::real:
        cells.real.push_back(
            set ? std::optional<double>(feature.GetFieldAsDouble(field)) : std::nullopt
        );
        break;
    }
}

Column column_of(const OGRFieldDefn& field, const FieldCells& cells) {
    const char* alias = field.GetAlternativeNameRef();
    const std::string name = field.GetNameRef();
    switch (column_type(field.GetType())) {
    case ColumnType::integer:
        return integer_column(name, alias, "", cells.integer);
    case ColumnType::real:
        return real_column(name, alias, "", cells.real);
    case ColumnType::text:
        break;
    }
    return text_column(name, alias, cells.text);
}

Table read_layer(OGRLayer& layer) {
    const OGRFeatureDefn& definition = *layer.GetLayerDefn();
    const int fields = definition.GetFieldCount();
    std::vector<FieldCells> cells(static_cast<std::size_t>(fields));
    Table table;
    layer.ResetReading();
    while (const OGRFeatureUniquePtr feature{layer.GetNextFeature()}) {
        for (int i = 0; i < fields; ++i) {
            take_cell(
                *feature,
                i,
                column_type(definition.GetFieldDefn(i)->GetType()),
                cells[static_cast<std::size_t>(i)]
            );
        }
        ++table.rows;
    }
    for (int i = 0; i < fields; ++i) {
        table.put(column_of(*definition.GetFieldDefn(i), cells[static_cast<std::size_t>(i)]));
    }
    return table;
}

} // namespace

void write_geopackage(
    const std::vector<GeoPackageTable>& tables,
    const std::vector<GeoPackageStyle>& styles,
    const std::string& file
) {
    GdalScope gdal;
    gdal.set("OGR_CURRENT_DATE", fixed_time);
    gdal.set("OGR_SQLITE_JOURNAL", "DELETE");
    CPLErrorReset();

    // GDAL wants the ending; a rename makes it whole or not at all.
    const std::filesystem::path target(file);
    const std::filesystem::path part =
        target.parent_path() / ("." + target.stem().string() + ".part.gpkg");
    std::error_code error;
    std::filesystem::remove(part, error);
    try {
        write_tables(tables, styles, part.string());
    } catch (const Error& failure) {
        std::filesystem::remove(part, error);
        throw Error(failure.code(), failure.message(), {file, 0, 0});
    }
    std::filesystem::rename(part, target, error);
    if (error) {
        const std::string reason = error.message();
        std::filesystem::remove(part, error);
        throw Error(
            ErrorCode::unwritable_output,
            text("写不出（{}）", "cannot be written ({})", reason),
            {file, 0, 0}
        );
    }
}

std::vector<GeoPackageTable> read_geopackage(const std::string& file) {
    const GdalScope gdal;
    CPLErrorReset();
    const std::array<const char*, 2> drivers{"GPKG", nullptr};
    const Dataset dataset(GDALDataset::Open(
        file.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers.data(), nullptr, nullptr
    ));
    if (!dataset) {
        const Text said = said_by_gdal(gdal.failure());
        throw Error(
            ErrorCode::unreadable_input,
            text(
                "打不开，或不是完整的 GeoPackage；请检查文件名，或取得完好的文件{0}",
                "cannot be opened, or is no whole GeoPackage: check its name, or get a sound "
                "copy{1}",
                said.zh,
                said.en
            ),
            {file, 0, 0}
        );
    }
    std::vector<GeoPackageTable> tables;
    for (int i = 0; i < dataset->GetLayerCount(); ++i) {
        OGRLayer& layer = *dataset->GetLayer(i);
        if (std::string_view(layer.GetName()) != "layer_styles") {
            tables.push_back({layer.GetName(), "", read_layer(layer), nullptr});
        }
    }
    return tables;
}

} // namespace tuban
