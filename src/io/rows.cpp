#include "io/rows.hpp"

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "io/curves.hpp"
#include "io/national_schema.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

namespace tuban {
namespace {

constexpr std::size_t features_per_report = 1000;

/// Digits enough to survive as int64 and double: longer ones are ids.
constexpr std::size_t longest_number = 15;

bool is_number(const std::string& cell) {
    const std::size_t sign = cell.starts_with('-') || cell.starts_with('+') ? 1 : 0;
    const bool leading_zero = cell.size() > sign + 1 && cell[sign] == '0' &&
                              std::isdigit(static_cast<unsigned char>(cell[sign + 1])) != 0;
    return !leading_zero && cell.size() <= longest_number && Decimal::parse(cell).has_value();
}

/// A text column whose every value is a number, as numbers.
Column typed(const Column& column) {
    if (column.type() != ColumnType::text) {
        return column;
    }
    bool any = false;
    bool whole = true;
    std::vector<std::optional<double>> reals(column.size());
    std::vector<std::optional<std::int64_t>> integers(column.size());
    for (std::size_t row = 0; row < column.size(); ++row) {
        const auto cell = column.text(row);
        if (!cell) {
            continue;
        }
        const std::string word = trimmed(*cell);
        if (!is_number(word)) {
            return column;
        }
        const Decimal value = *Decimal::parse(word);
        reals[row] = value.value();
        integers[row] = value.scaled(0);
        whole = whole && value.scale == 0;
        any = true;
    }
    if (!any) {
        return column;
    }
    return whole ? integer_column(column.name, column.alias, column.unit, integers)
                 : real_column(column.name, column.alias, column.unit, reals);
}

/// A field name in UTF-8, with "_" for bytes that mean nothing.
std::string readable_name(const std::string& raw, const std::string& encoding) {
    constexpr std::string_view unreadable = "\xEF\xBF\xBD";
    std::string name = to_utf8(raw, encoding);
    for (std::size_t i = name.find(unreadable); i != std::string::npos;
         i = name.find(unreadable)) {
        name.replace(i, unreadable.size(), "_");
    }
    return name;
}

bool has_types(const Source& source) {
    return source.driver != "CSV" && source.driver != "XLSX" && source.driver != "ODS" &&
           source.driver != "XLS";
}

std::string date_text(OGRFeatureH feature, int index, bool with_time) {
    int year = 0;
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    float second = 0.0F;
    int zone = 0;
    if (OGR_F_GetFieldAsDateTimeEx(
            feature, index, &year, &month, &day, &hour, &minute, &second, &zone
        ) == 0) {
        return OGR_F_GetFieldAsString(feature, index);
    }
    std::string result = format("{:04}-{:02}-{:02}", year, month, day);
    if (with_time) {
        result += format("T{:02}:{:02}:{:02}", hour, minute, static_cast<int>(second));
    }
    return result;
}

} // namespace

RowReader::RowReader(const Source& source) : encoding_(source.encoding.used) {
    OGRSpatialReferenceH reference = OGR_L_GetSpatialRef(source.layer);
    degrees_ = reference != nullptr && OSRIsGeographic(reference) != 0;
    OGRFeatureDefnH definition = OGR_L_GetLayerDefn(source.layer);
    for (int i = 0; i < OGR_FD_GetFieldCount(definition); ++i) {
        add_field(OGR_FD_GetFieldDefn(definition, i), i);
    }
}

void RowReader::add_field(OGRFieldDefnH definition, int index) {
    const OGRFieldType type = OGR_Fld_GetType(definition);
    if (type == OFTBinary) {
        return;
    }
    Field field;
    field.index = index;
    field.raw_name = OGR_Fld_GetNameRef(definition);
    field.name = readable_name(field.raw_name, encoding_);
    field.date = type == OFTDate || type == OFTDateTime;
    if (type == OFTInteger || type == OFTInteger64) {
        field.type = ColumnType::integer;
    } else if (type == OFTReal) {
        field.type = ColumnType::real;
    }
    const std::string base = field.name.empty() ? "column" : field.name;
    field.name = base;
    const auto taken = [&](const std::string& name) {
        return std::any_of(fields_.begin(), fields_.end(), [&](const Field& other) {
            return lower(other.name) == lower(name); // SQLite's names know no case
        });
    };
    for (int n = 2; taken(field.name); ++n) {
        field.name = format("{}_{}", base, n);
    }
    fields_.push_back(std::move(field));
}

void RowReader::add_value(Field& field, OGRFeatureH feature) const {
    const bool given = OGR_F_IsFieldSetAndNotNull(feature, field.index) != 0;
    if (field.type == ColumnType::integer) {
        field.integers.emplace_back();
        if (given) {
            field.integers.back() = OGR_F_GetFieldAsInteger64(feature, field.index);
        }
        return;
    }
    if (field.type == ColumnType::real) {
        field.reals.emplace_back();
        if (given) {
            field.reals.back() = OGR_F_GetFieldAsDouble(feature, field.index);
        }
        return;
    }
    field.texts.emplace_back();
    if (!given) {
        return;
    }
    if (field.date) {
        const bool with_time =
            OGR_Fld_GetType(OGR_F_GetFieldDefnRef(feature, field.index)) == OFTDateTime;
        field.texts.back() = date_text(feature, field.index, with_time);
        return;
    }
    std::string value = to_utf8(OGR_F_GetFieldAsString(feature, field.index), encoding_);
    if (!trimmed(value).empty()) { // blank is absent
        field.texts.back() = std::move(value);
    }
}

std::string RowReader::wkb_of(OGRFeatureH feature) {
    OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
    if (geometry == nullptr || OGR_G_IsEmpty(geometry) != 0) {
        return {};
    }
    OgrGeometry straight;
    if (OGR_G_HasCurveGeometry(geometry, 0) != 0) {
        straight = straightened(geometry, degrees_);
        ++curves_;
    }
    const OGRwkbGeometryType flat =
        OGR_GT_Flatten(OGR_G_GetGeometryType(straight ? straight.get() : geometry));
    if (flat == wkbTIN || flat == wkbPolyhedralSurface || flat == wkbTriangle) {
        straight.reset(OGR_G_ForceToMultiPolygon(OGR_G_Clone(geometry)));
    }
    OGRGeometryH taken = straight ? straight.get() : geometry;
    std::string bytes(static_cast<std::size_t>(OGR_G_WkbSize(taken)), '\0');
    // GDAL asks for unsigned char
    auto* begin = reinterpret_cast<unsigned char*>(bytes.data()); // NOLINT(*-reinterpret-cast)
    return OGR_G_ExportToIsoWkb(taken, wkbNDR, begin) == OGRERR_NONE ? bytes : std::string();
}

void RowReader::add(OGRFeatureH feature) {
    for (Field& field : fields_) {
        add_value(field, feature);
    }
    wkb_.push_back(wkb_of(feature));
    fids_.push_back(OGR_F_GetFID(feature));
}

Rows RowReader::take() {
    Rows rows;
    rows.table.rows = fids_.size();
    for (Field& field : fields_) {
        switch (field.type) {
        case ColumnType::integer:
            rows.table.put(integer_column(field.name, "", "", std::exchange(field.integers, {}))
            );
            break;
        case ColumnType::real:
            rows.table.put(real_column(field.name, "", "", std::exchange(field.reals, {})));
            break;
        case ColumnType::text:
            rows.table.put(text_column(field.name, "", std::exchange(field.texts, {})));
            break;
        }
        rows.raw_names.push_back(field.raw_name);
    }
    rows.wkb = std::exchange(wkb_, {});
    rows.fids = std::exchange(fids_, {});
    rows.curves = std::exchange(curves_, 0);
    return rows;
}

void require_whole(const Source& source, const GdalScope& gdal, std::size_t read) {
    if (gdal.failure().empty()) {
        return;
    }
    FileSpec spec = source.spec;
    spec.layer = source.layer_name;
    throw_unreadable(
        spec,
        text(
            "第 {} 个要素读不出（{}）；请取得完整的文件",
            "feature {} cannot be read ({}); get a whole copy",
            read + 1,
            gdal.failure()
        )
    );
}

Rows read_rows(const Source& source, const GdalScope& gdal, const Execution& execution) {
    RowReader reader(source);
    const double expected =
        static_cast<double>(std::max<GIntBig>(1, OGR_L_GetFeatureCount(source.layer, 1)));
    OGR_L_ResetReading(source.layer);
    while (true) {
        const Feature feature(OGR_L_GetNextFeature(source.layer));
        require_whole(source, gdal, reader.size());
        if (!feature) {
            break;
        }
        reader.add(feature.get());
        if (reader.size() % features_per_report == 0) {
            report_progress(
                execution,
                std::min(1.0, static_cast<double>(reader.size()) / expected),
                text("读取 {}", "reading {}", source.spec.file)
            );
        }
    }
    Rows rows = reader.take();
    if (!has_types(source)) {
        for (Column& column : rows.table.columns) {
            column = typed(column);
        }
    }
    return rows;
}

} // namespace tuban
