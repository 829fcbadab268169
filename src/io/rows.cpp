#include "io/rows.hpp"

#include "core/format.hpp"
#include "io/curves.hpp"
#include "io/damaged_geometry.hpp"
#include "io/national_schema.hpp"
#include "io/national_values.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <iterator>
#include <set>
#include <type_traits>
#include <utility>

namespace tuban {
namespace {

constexpr std::size_t rows_per_batch = 4096;

void add_null(Column& column) {
    std::visit([](auto& cells) { cells.emplace_back(); }, column.values);
    column.valid.push_back(0);
}

/// A NaN or infinite number is null, as in every table.
template <class T>
void put(Column& column, std::size_t row, std::optional<T> cell) {
    if constexpr (std::is_same_v<T, double>) {
        cell = cell && std::isfinite(*cell) ? cell : std::nullopt;
    }
    column.valid[row] = cell ? 1 : 0;
    std::get<std::vector<T>>(column.values)[row] = cell ? *std::move(cell) : T{};
}

/// Puts a value in the place that add_null() made for it.
template <class T>
void put_last(Column& column, T cell) {
    put(column, column.size() - 1, std::optional<T>(std::move(cell)));
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

/// Little-endian, not empty, no curve or collection: bytes that OGR would write just so.
bool is_plain_wkb(std::string_view bytes) {
    constexpr std::size_t head_bytes = 5;
    constexpr std::uint32_t least = 2; // a point may be empty, a collection may hold anything
    constexpr std::uint32_t most = 6;
    if (bytes.size() < head_bytes + 4 || bytes[0] != 1) {
        return false;
    }
    const auto number = [&](std::size_t at) {
        std::uint32_t value = 0;
        std::memcpy(&value, bytes.data() + at, sizeof(value));
        return value;
    };
    const std::uint32_t kind = number(1);
    return std::endian::native == std::endian::little && kind >= least && kind <= most &&
           kind != 4 && number(head_bytes) > 0;
}

/// In the unit of the layer's coordinates; metres where it does not say.
double arc_tolerance_of(OGRSpatialReferenceH reference) {
    constexpr double radius_m = 6'378'137.0;
    double unit_m = 1.0;
    if (reference != nullptr && OSRIsGeographic(reference) != 0) {
        unit_m = OSRGetAngularUnits(reference, nullptr) * radius_m; // as if on the equator
    } else if (reference != nullptr) {
        unit_m = OSRGetLinearUnits(reference, nullptr);
    }
    return unit_m > 0.0 ? arc_tolerance_m / unit_m : arc_tolerance_m;
}

std::int64_t integer_at(const ArrowArray& values, std::size_t row, std::string_view format) {
    if (format == "s") {
        return number_at<std::int16_t>(values, row);
    }
    return format == "i" ? number_at<std::int32_t>(values, row)
                         : number_at<std::int64_t>(values, row);
}

/// Tells OGR which fields nobody will ask for; none: all are wanted again.
void leave_out(const Source& source, const std::vector<std::string>& names) {
    if (OGR_L_TestCapability(source.layer, OLCIgnoreFields) == 0) {
        return;
    }
    StringList list;
    for (const std::string& name : names) {
        list.reset(CSLAddString(list.release(), name.c_str()));
    }
    OGR_L_SetIgnoredFields(source.layer, const_cast<const char**>(list.get()));
}

[[noreturn]] void throw_after(const Source& source, const GdalScope& gdal, std::size_t read) {
    FileSpec spec = source.spec;
    spec.layer = source.layer_name;
    const Text said = said_by_gdal(gdal.failure());
    const Text where =
        read == 0
            ? Text{"里面的要素读不出", "its features cannot be read"}
            : text("第 {} 个要素之后读不出", "features after number {} cannot be read", read);
    throw_unreadable(
        spec,
        text(
            "{0}，文件可能已损坏；请取得完整的文件{1}",
            "{2}, it may be damaged: get a whole copy{3}",
            where.zh,
            said.zh,
            where.en,
            said.en
        )
    );
}

Issue foreign_text_issue(const std::string& field, const std::string& value, std::size_t row) {
    Issue issue;
    issue.severity = Severity::warning;
    issue.code = "text_mixed";
    issue.row = static_cast<std::int64_t>(row);
    issue.field = field;
    issue.message = text(
        "列“{0}”这一格的文字是 UTF-8，其余是 GBK；已按 UTF-8 读作“{1}”，请核对",
        "{0}: the text of this cell is UTF-8 among GBK; it was read as \"{1}\": check it",
        field,
        value
    );
    return issue;
}

/// An error where digits stand that cannot be read, a warning where there are none ("****" is what some programs write for
/// nothing, and others for a number too wide), a note where the value is clear.
Issue odd_number_issue(
    const std::string& field, const OddNumber& odd, bool taken, std::size_t row
) {
    constexpr std::string_view digits = "0123456789";
    Issue issue;
    issue.row = static_cast<std::int64_t>(row);
    issue.field = field;
    if (taken) {
        issue.code = "values_normalised";
        issue.message = text(
            "列“{0}”写的是“{1}”，读作 {2}",
            "{0}: \"{1}\" was read as {2}",
            field,
            odd.raw,
            *odd.value
        );
        return issue;
    }
    const bool has_digits = half_width(odd.raw).find_first_of(digits) != std::string::npos;
    issue.severity = has_digits ? Severity::error : Severity::warning;
    issue.code = "number_unreadable";
    issue.message = text(
        "列“{0}”是数值列，这一格写的是“{1}”，不是数，按空值处理；请在源数据中改正",
        "{0} is a column of numbers, and this cell has \"{1}\", which is none: it counts as "
        "empty; correct the source",
        field,
        odd.raw
    );
    return issue;
}

} // namespace

void tell_damaged(Issue& issue, const Text& why) {
    issue.severity = Severity::error;
    issue.code = "geometry_damaged";
    issue.message = text(
        "图形已损坏，不参与：{0}；请从原始数据重新导出",
        "the geometry is damaged and held out: {1}; export it anew from the original",
        why.zh,
        why.en
    );
}

RowReader::RowReader(const Source& source, const std::optional<ColumnNames>& wanted)
    : encoding_(source.encoding.used), names_encoding_(source.encoding.names()),
      gbk_(
          source.encoding.because != "project" && (encoding_ == "GBK" || encoding_ == "GB18030")
      ),
      arc_tolerance_(arc_tolerance_of(OGR_L_GetSpatialRef(source.layer))),
      odd_numbers_(source.odd_numbers), damaged_fids_(source.damaged) {
    OGRFeatureDefnH definition = OGR_L_GetLayerDefn(source.layer);
    has_geometry_ = OGR_FD_GetGeomFieldCount(definition) > 0;
    for (int i = 0; i < OGR_FD_GetFieldCount(definition); ++i) {
        add_field(OGR_FD_GetFieldDefn(definition, i), i);
    }
    if (wanted) { // names are made with all of them in view
        std::erase_if(fields_, [&](const Field& field) {
            return !wanted->contains(field.column.name);
        });
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
    const std::string name = readable_name(field.raw_name, names_encoding_);
    field.date = type == OFTDate || type == OFTDateTime;
    field.subtype = OGR_Fld_GetSubType(definition);
    field.narrow = type == OFTInteger;
    field.plain =
        type == OFTInteger || type == OFTInteger64 || type == OFTReal || type == OFTString;
    if (type == OFTInteger || type == OFTInteger64) {
        field.column.values = std::vector<std::int64_t>();
    } else if (type == OFTReal) {
        field.column.values = std::vector<double>();
    }
    const std::string base = name.empty() ? "column" : name;
    field.column.name = base;
    const auto taken = [&](const std::string& tried) {
        return std::any_of(fields_.begin(), fields_.end(), [&](const Field& other) {
            return lower(other.column.name) == lower(tried); // SQLite's names know no case
        });
    };
    for (int n = 2; taken(field.column.name); ++n) {
        field.column.name = format("{}_{}", base, n);
    }
    fields_.push_back(std::move(field));
}

void RowReader::add_value(Field& field, OGRFeatureH feature) {
    add_null(field.column);
    if (OGR_F_IsFieldSetAndNotNull(feature, field.index) == 0) {
        return;
    }
    if (field.column.type() == ColumnType::integer) {
        put_last(
            field.column,
            static_cast<std::int64_t>(OGR_F_GetFieldAsInteger64(feature, field.index))
        );
    } else if (field.column.type() == ColumnType::real) {
        put_last(field.column, OGR_F_GetFieldAsDouble(feature, field.index));
    } else if (field.date) {
        const bool with_time =
            OGR_Fld_GetType(OGR_F_GetFieldDefnRef(feature, field.index)) == OFTDateTime;
        put_last(field.column, date_text(feature, field.index, with_time));
    } else {
        add_text(field, OGR_F_GetFieldAsString(feature, field.index));
    }
}

/// Puts text in the place that was made for it.
void RowReader::add_text(Field& field, std::string_view bytes) {
    const bool foreign = gbk_ && is_utf8_among_gbk(bytes);
    std::string value = to_utf8(bytes, foreign ? "UTF-8" : encoding_);
    if (foreign) {
        issues_.push_back(foreign_text_issue(field.column.name, value, field.column.size()));
    }
    const bool inked = !value.empty() && static_cast<unsigned char>(value.front()) > ' ' &&
                       !value.starts_with("\xE3"); // a wide blank begins so
    if (inked || !trimmed(value).empty()) {        // blank is absent
        put_last(field.column, std::move(value));
    }
}

std::string RowReader::wkb_of(OGRGeometryH geometry) {
    if (geometry == nullptr || OGR_G_IsEmpty(geometry) != 0) {
        return {};
    }
    OgrGeometry straight;
    if (OGR_G_HasCurveGeometry(geometry, 0) != 0) {
        straight = straightened(geometry, arc_tolerance_);
        if (OGR_G_Is3D(geometry) != 0 || OGR_G_IsMeasured(geometry) != 0) {
            OGR_G_Set3D(straight.get(), 1); // zeros: only to tell that there was more than x, y
        }
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
    if (OGR_G_ExportToIsoWkb(taken, wkbNDR, begin) != OGRERR_NONE) {
        bytes.clear();
    }
    return bytes;
}

/// Plain shapes pass as they are; what is empty, curved, mixed or in another byte order goes through OGR, as in a feature.
std::string RowReader::wkb_of(std::string_view bytes) {
    if (is_plain_wkb(bytes)) {
        return std::string(bytes);
    }
    OGRGeometryH made = nullptr;
    OGR_G_CreateFromWkb(bytes.data(), nullptr, &made, static_cast<int>(bytes.size()));
    const OgrGeometry geometry(made);
    return wkb_of(geometry.get());
}

void RowReader::correct_numbers() {
    static const OddNumbers none;
    const OddNumbers& odd_numbers = odd_numbers_.valid() ? odd_numbers_.get() : none;
    for (Field& field : fields_) {
        const auto odd = odd_numbers.find(static_cast<std::size_t>(field.index));
        if (odd != odd_numbers.end() && field.column.type() != ColumnType::text) {
            correct_column(field, odd->second);
        }
    }
}

void RowReader::correct_column(Field& field, const std::map<std::int64_t, OddNumber>& by_fid) {
    for (std::size_t row = 0; row < fids_.size(); ++row) {
        const auto found = by_fid.find(fids_[row]);
        if (found != by_fid.end()) {
            correct_number(field, found->second, row);
        }
    }
}

void RowReader::correct_number(Field& field, const OddNumber& odd, std::size_t row) {
    const bool whole =
        odd.value && std::abs(*odd.value) < 9e15 && std::trunc(*odd.value) == *odd.value;
    if (field.column.type() == ColumnType::real) {
        put(field.column, row, odd.value);
    } else {
        put(field.column,
            row,
            whole ? std::optional(static_cast<std::int64_t>(*odd.value)) : std::nullopt);
    }
    const bool taken = odd.value && (whole || field.column.type() == ColumnType::real);
    issues_.push_back(odd_number_issue(field.column.name, odd, taken, row + 1));
}

void RowReader::expect(std::size_t rows) {
    constexpr std::size_t most = 1'000'000;
    const std::size_t room = std::min(rows, most);
    wkb_.reserve(room);
    fids_.reserve(room);
    for (Field& field : fields_) {
        std::visit([room](auto& cells) { cells.reserve(room); }, field.column.values);
        field.column.valid.reserve(room);
    }
}

void RowReader::add(OGRFeatureH feature) {
    for (Field& field : fields_) {
        add_value(field, feature);
    }
    wkb_.push_back(wkb_of(OGR_F_GetGeometryRef(feature)));
    fids_.push_back(OGR_F_GetFID(feature));
    drop_damaged();
}

void RowReader::drop_damaged() {
    const auto found = damaged_fids_.find(fids_.back());
    if (found != damaged_fids_.end()) {
        wkb_.back().clear();
        damaged_.emplace(fids_.size() - 1, found->second);
    }
}

bool RowReader::matches(const ArrowSchema& schema) const {
    const std::size_t before = 1; // the feature id comes first
    const std::size_t columns = before + fields_.size() + (has_geometry_ ? 1U : 0U);
    if (static_cast<std::size_t>(schema.n_children) != columns ||
        std::string_view(schema.children[0]->format) != "l") {
        return false;
    }
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        const ArrowSchema& child = *schema.children[before + i];
        if (child.name != fields_[i].raw_name || child.format != arrow_format(fields_[i])) {
            return false;
        }
    }
    return !has_geometry_ || std::string_view(schema.children[columns - 1]->format) == "z";
}

std::string_view RowReader::arrow_format(const Field& field) {
    switch (field.column.type()) {
    case ColumnType::integer:
        return field.subtype == OFSTInt16 ? "s" : field.narrow ? "i" : "l";
    case ColumnType::real:
        return field.subtype == OFSTFloat32 ? "f" : "g";
    case ColumnType::text:
        break;
    }
    return "u";
}

bool RowReader::has_same_stream(const Source& source) const {
    // GDAL 3.6: booleans come wrong out of GeoPackage and FlatGeobuf (pyogrio#335), shapes without any column come empty
    // (pyogrio#227), and so does what is beyond 125 columns (gdal#8757). Times would lose their zone.
    constexpr std::size_t most_fields = 100;
    const auto sound = [](const Field& field) {
        const bool known = field.subtype == OFSTNone || field.subtype == OFSTInt16 ||
                           field.subtype == OFSTFloat32 || field.subtype == OFSTJSON;
        return field.plain && known;
    };
    return !fields_.empty() && fields_.size() <= most_fields &&
           std::all_of(fields_.begin(), fields_.end(), sound) &&
           OGR_FD_GetGeomFieldCount(OGR_L_GetLayerDefn(source.layer)) <= 1 &&
           OGR_L_TestCapability(source.layer, OLCFastGetArrowStream) != 0;
}

/// As a feature hands it out: up to a zero byte.
static std::string_view text_at(const ArrowArray& values, std::size_t row) {
    const std::string_view bytes = bytes_at(values, row, false);
    return bytes.substr(0, bytes.find('\0'));
}

void RowReader::add_values(
    Field& field, const ArrowArray& values, std::size_t begin, std::size_t end
) {
    const auto add_value = [&](std::size_t row) {
        switch (field.column.type()) {
        case ColumnType::integer:
            put_last(field.column, integer_at(values, row, arrow_format(field)));
            break;
        case ColumnType::real:
            put_last(
                field.column,
                arrow_format(field) == "f" ? static_cast<double>(number_at<float>(values, row))
                                           : number_at<double>(values, row)
            );
            break;
        case ColumnType::text:
            add_text(field, text_at(values, row));
            break;
        }
    };
    for (std::size_t row = begin; row < end; ++row) {
        add_null(field.column);
        if (is_given(values, row)) {
            add_value(row);
        }
    }
}

void RowReader::add(const ArrowBatch& batch, std::size_t begin, std::size_t end) {
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        add_values(fields_[i], batch.column(1 + i), begin, end);
    }
    const ArrowArray* shapes = has_geometry_ ? &batch.column(1 + fields_.size()) : nullptr;
    for (std::size_t row = begin; row < end; ++row) {
        fids_.push_back(number_at<std::int64_t>(batch.column(0), row));
        const bool given = shapes != nullptr && is_given(*shapes, row);
        wkb_.push_back(given ? wkb_of(bytes_at(*shapes, row, false)) : std::string());
        drop_damaged();
    }
}

std::vector<std::string> RowReader::not_taken(const Source& source) const {
    OGRFeatureDefnH definition = OGR_L_GetLayerDefn(source.layer);
    std::set<std::string> names;
    std::vector<std::string> result;
    const int count = OGR_FD_GetFieldCount(definition);
    for (int i = 0; i < count; ++i) {
        names.insert(OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, i)));
    }
    if (names.size() < static_cast<std::size_t>(count)) {
        return {}; // OGR leaves fields out by name: it would take the first of two
    }
    for (const Field& field : fields_) {
        names.erase(field.raw_name);
    }
    result.assign(names.begin(), names.end());
    return result;
}

Rows RowReader::take() {
    correct_numbers();
    Rows rows;
    rows.table.rows = fids_.size();
    for (Field& field : fields_) {
        Column next{field.column.name, "", "", {}, {}};
        std::visit(
            [&](const auto& cells) { next.values.emplace<std::decay_t<decltype(cells)>>(); },
            field.column.values
        );
        rows.table.put(std::exchange(field.column, std::move(next)));
        rows.raw_names.push_back(field.raw_name);
    }
    rows.wkb = std::exchange(wkb_, {});
    rows.fids = std::exchange(fids_, {});
    rows.curves = std::exchange(curves_, 0);
    rows.damaged = std::exchange(damaged_, {});
    rows.issues = std::exchange(issues_, {});
    return rows;
}

void append(Rows& rows, Rows more) {
    const std::size_t before = rows.table.rows;
    const auto move_to = [](auto& to, auto& from) {
        to.insert(
            to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end())
        );
    };
    for (std::size_t i = 0; i < rows.table.columns.size(); ++i) {
        Column& column = rows.table.columns[i];
        Column& next = more.table.columns.at(i);
        std::visit(
            [&](auto& cells) {
                move_to(cells, std::get<std::decay_t<decltype(cells)>>(next.values));
            },
            column.values
        );
        move_to(column.valid, next.valid);
    }
    rows.table.rows += more.table.rows;
    move_to(rows.wkb, more.wkb);
    move_to(rows.fids, more.fids);
    rows.curves += more.curves;
    for (auto& [row, why] : more.damaged) {
        rows.damaged.emplace(before + row, std::move(why));
    }
    for (Issue& issue : more.issues) {
        if (issue.row) {
            *issue.row += static_cast<std::int64_t>(before);
        }
        rows.issues.push_back(std::move(issue));
    }
}

void require_whole(const Source& source, const GdalScope& gdal, std::size_t read) {
    if (gdal.failure().empty()) {
        return;
    }
    FileSpec spec = source.spec;
    spec.layer = source.layer_name;
    const Text said = said_by_gdal(gdal.failure());
    throw_unreadable(
        spec,
        text(
            "第 {0} 个要素读不出，文件可能已损坏；请取得完整的文件{1}",
            "feature {0} cannot be read, it may be damaged: get a whole copy{2}",
            read + 1,
            said.zh,
            said.en
        )
    );
}

RowStream::RowStream(
    const Source& source,
    const std::optional<ColumnNames>& wanted,
    bool filtered,
    const std::optional<FidRange>& part
)
    : source_(source), reader_(source, wanted), part_(part) {
    leave_out(source, reader_.not_taken(source));
    go_to_part();
    if (!filtered && reader_.has_same_stream(source)) {
        stream_ = std::make_unique<ArrowStream>(source.layer, rows_per_batch);
        if (stream_->schema() == nullptr || !reader_.matches(*stream_->schema())) {
            stream_.reset();
            go_to_part();
        }
    }
}

void RowStream::go_to_part() {
    OGR_L_ResetReading(source_.layer);
    if (!part_) {
        return;
    }
    if (source_.driver == "ESRI Shapefile") { // an id is a place in the file
        OGR_L_SetNextByIndex(source_.layer, part_->first);
        return;
    }
    const std::string fid = sql_name(OGR_L_GetFIDColumn(source_.layer));
    const std::string in_part =
        format("{0} >= {1} AND {0} < {2}", fid, part_->first, part_->end);
    OGR_L_SetAttributeFilter(source_.layer, in_part.c_str());
}

RowStream::~RowStream() {
    stream_.reset();
    if (part_) {
        OGR_L_SetAttributeFilter(source_.layer, nullptr);
    }
    leave_out(source_, {});
}

bool RowStream::read_feature(const GdalScope& gdal) {
    const Feature feature(OGR_L_GetNextFeature(source_.layer));
    require_whole(source_, gdal, read_);
    if (!feature || (part_ && OGR_F_GetFID(feature.get()) >= part_->end)) {
        return false;
    }
    reader_.add(feature.get());
    ++read_;
    return true;
}

bool RowStream::read_batch(std::size_t most, const GdalScope& gdal) {
    const std::optional<std::size_t> left = stream_->left();
    if (!left || !gdal.failure().empty()) {
        throw_after(source_, gdal, read_);
    }
    if (*left == 0) {
        return false;
    }
    const std::size_t rows = std::min(*left, most);
    const std::size_t first = stream_->take(rows);
    reader_.add(stream_->batch(), first, first + rows);
    require_whole(source_, gdal, read_);
    read_ += rows;
    return true;
}

bool RowStream::read(std::size_t most, const GdalScope& gdal) {
    bool more = true;
    while (more && reader_.size() < most) {
        more = stream_ ? read_batch(most - reader_.size(), gdal) : read_feature(gdal);
    }
    return more;
}

Rows RowStream::next(std::size_t most, const GdalScope& gdal) {
    read(most, gdal);
    return take();
}

} // namespace tuban
