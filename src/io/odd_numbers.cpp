#include "io/odd_numbers.hpp"

#include "core/format.hpp"
#include "io/handles.hpp"
#include "io/national_schema.hpp"
#include "io/national_values.hpp"
#include "io/shapefile_check.hpp"
#include "io/text_encoding.hpp"

#include <cpl_vsi.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace tuban {
namespace {

using File = std::unique_ptr<VSILFILE, CloseWith<&VSIFCloseL>>;

struct NumberField {
    std::size_t index = 0; ///< among all fields
    std::size_t begin = 0; ///< in a record
    std::size_t width = 0;
};

struct NumberFields {
    std::size_t header_bytes = 0;
    std::size_t record_bytes = 0;
    std::size_t records = 0;
    std::vector<NumberField> fields;
};

std::size_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

/// Fields of type N and F, from the header (dBASE III: 32 bytes, then 32 for each field, then 0x0D).
NumberFields number_fields(const std::string& dbf) {
    constexpr std::size_t entry = 32;
    NumberFields found;
    const std::string start = bytes_of(dbf, entry);
    if (start.size() < entry) {
        return found;
    }
    for (std::size_t i = 4; i > 0; --i) {
        found.records = found.records * 256 + byte_at(start, 3 + i);
    }
    found.header_bytes = byte_at(start, 8) + 256 * byte_at(start, 9);
    found.record_bytes = byte_at(start, 10) + 256 * byte_at(start, 11);
    const std::string header = bytes_of(dbf, found.header_bytes);
    std::size_t begin = 1; // the deletion mark
    for (std::size_t at = entry; at + entry <= header.size() && header[at] != '\r';
         at += entry) {
        const char kind = header[at + 11];
        std::size_t width = byte_at(header, at + 16);
        if (kind == 'N' || kind == 'F') {
            found.fields.push_back({at / entry - 1, begin, width});
        } else if (kind == 'C') {
            width += 256 * byte_at(header, at + 17); // text of more than 255 bytes
        }
        begin += width;
    }
    return found;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// "-12.50", "1.2e+05": what GDAL reads to the end.
bool is_plain(std::string_view word) {
    std::size_t at = 0;
    const auto digits = [&] {
        const std::size_t before = at;
        while (at < word.size() && is_digit(word[at])) {
            ++at;
        }
        return at - before;
    };
    const auto sign = [&] {
        at += at < word.size() && (word[at] == '-' || word[at] == '+') ? 1U : 0U;
    };
    sign();
    std::size_t count = digits();
    if (at < word.size() && word[at] == '.') {
        ++at;
        count += digits();
    }
    if (count > 0 && at < word.size() && (word[at] == 'e' || word[at] == 'E')) {
        ++at;
        sign();
        count = digits();
    }
    return count > 0 && at == word.size();
}

/// What stands between blanks; zero bytes are blanks.
std::string_view word_in(std::string_view cell) {
    constexpr std::string_view blanks(" \t\r\n\0", 5);
    const std::size_t first = cell.find_first_not_of(blanks);
    return first == std::string_view::npos
               ? std::string_view()
               : cell.substr(first, cell.find_last_not_of(blanks) - first + 1);
}

/// @param full  it fills its field, whose width may have cut it
OddNumber odd_number(std::string_view word, bool full) {
    OddNumber odd;
    odd.raw = to_utf8(word, is_utf8(word) ? "UTF-8" : "GBK");
    static const NationalField number{"", "", FieldKind::number, {}};
    const NationalValue value = national_value(number, odd.raw);
    if (!full && value.known && value.text && is_plain(*value.text)) {
        odd.value = std::strtod(value.text->c_str(), nullptr);
    }
    return odd;
}

void look_at(
    const NumberFields& shape, std::string_view record, std::int64_t row, OddNumbers& found
) {
    for (const NumberField& field : shape.fields) {
        const std::string_view word = word_in(record.substr(field.begin, field.width));
        if (!word.empty() && !is_plain(word)) {
            found[field.index].emplace(row, odd_number(word, word.size() == field.width));
        }
    }
}

std::string sql_name(const std::string& name) {
    std::string result = "\"";
    for (const char c : name) {
        result += c == '"' ? "\"\"" : std::string(1, c);
    }
    return result + "\"";
}

bool is_numeric(OGRFieldDefnH definition) {
    const OGRFieldType type = OGR_Fld_GetType(definition);
    return type == OFTInteger || type == OFTInteger64 || type == OFTReal;
}

/// @param row  its id, then the text of each of the fields, "" where it has a number
void look_at(OGRFeatureH row, const std::vector<std::size_t>& fields, OddNumbers& found) {
    const std::int64_t id = OGR_F_GetFieldAsInteger64(row, 0);
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::string cell = OGR_F_GetFieldAsString(row, static_cast<int>(i) + 1);
        const std::string_view word = word_in(cell);
        if (!word.empty()) {
            found[fields[i]].emplace(id, odd_number(word, false));
        }
    }
}

} // namespace

OddNumbers odd_numbers(GDALDatasetH dataset, OGRLayerH layer) {
    OddNumbers found;
    const std::string fid = OGR_L_GetFIDColumn(layer);
    OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
    std::vector<std::size_t> fields;
    std::string columns;
    std::string any;
    for (int i = 0; i < OGR_FD_GetFieldCount(definition); ++i) {
        OGRFieldDefnH field = OGR_FD_GetFieldDefn(definition, i);
        if (is_numeric(field)) {
            const std::string name = sql_name(OGR_Fld_GetNameRef(field));
            fields.push_back(static_cast<std::size_t>(i));
            columns +=
                format(", CASE typeof({0}) WHEN 'text' THEN {0} ELSE '' END AS c{1}", name, i);
            any += format("{}typeof({}) = 'text'", any.empty() ? "" : " OR ", name);
        }
    }
    if (fid.empty() || fields.empty()) {
        return found;
    }
    const std::string sql = format(
        "SELECT {0} + 0 AS tuban_row{1} FROM {2} WHERE {3}",
        sql_name(fid),
        columns,
        sql_name(OGR_L_GetName(layer)),
        any
    );
    OGRLayerH rows = GDALDatasetExecuteSQL(dataset, sql.c_str(), nullptr, nullptr);
    if (rows == nullptr) {
        return found;
    }
    while (const Feature row{OGR_L_GetNextFeature(rows)}) {
        look_at(row.get(), fields, found);
    }
    GDALDatasetReleaseResultSet(dataset, rows);
    return found;
}

OddNumbers odd_numbers(const std::string& dbf) {
    OddNumbers found;
    NumberFields shape = number_fields(dbf);
    std::erase_if(shape.fields, [&](const NumberField& field) {
        return field.begin + field.width > shape.record_bytes;
    });
    const File file(VSIFOpenL(dbf.c_str(), "rb"));
    if (!file || shape.fields.empty() || shape.record_bytes == 0 ||
        VSIFSeekL(file.get(), shape.header_bytes, SEEK_SET) != 0) {
        return found;
    }
    const std::size_t at_once = std::max<std::size_t>(1, (1U << 18U) / shape.record_bytes);
    std::string buffer(at_once * shape.record_bytes, '\0');
    for (std::size_t row = 0; row < shape.records;) {
        const std::size_t got =
            VSIFReadL(buffer.data(), shape.record_bytes, at_once, file.get());
        if (got == 0) {
            break;
        }
        for (std::size_t i = 0; i < got && row < shape.records; ++i, ++row) {
            look_at(
                shape,
                std::string_view(buffer).substr(i * shape.record_bytes, shape.record_bytes),
                static_cast<std::int64_t>(row),
                found
            );
        }
    }
    return found;
}

} // namespace tuban
