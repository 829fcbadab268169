#include "io/odd_numbers.hpp"

#include "core/format.hpp"
#include "io/dbf.hpp"
#include "io/gdal.hpp"
#include "io/geopackage_blobs.hpp"
#include "io/handles.hpp"
#include "io/national_schema.hpp"
#include "io/national_values.hpp"
#include "io/text_encoding.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace tuban {
namespace {

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

bool is_number(const DbfField& field) {
    return field.type == 'N' || field.type == 'F';
}

void look_at(
    const std::vector<DbfField>& fields,
    std::string_view record,
    std::int64_t row,
    OddNumbers& found
) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::string_view cell =
            is_number(fields[i]) ? cell_of(record, fields[i]) : std::string_view();
        const std::string_view word = word_in(cell);
        if (!word.empty() && !is_plain(word)) {
            found[i].emplace(row, odd_number(word, word.size() == cell.size()));
        }
    }
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

OddNumbers odd_numbers_in(GDALDatasetH dataset, OGRLayerH layer) {
    const GdalScope own_words; // a damaged file is told of by whoever reads its features
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

/// The same through another connection.
OddNumbers odd_numbers_of_file(const std::string& file, const std::string& layer_name) {
    const GdalScope own_words;
    const Dataset dataset = open_geopackage_again(file);
    OGRLayerH layer =
        dataset ? GDALDatasetGetLayerByName(dataset.get(), layer_name.c_str()) : nullptr;
    return layer == nullptr ? OddNumbers{} : odd_numbers_in(dataset.get(), layer);
}

} // namespace

std::shared_future<OddNumbers> odd_numbers_of_table(GDALDatasetH dataset, OGRLayerH layer) {
    constexpr GIntBig many = 8192; // opening a file takes as long as looking through hundreds
    const std::string file = GDALGetDescription(dataset);
    const bool later = OGR_L_GetFeatureCount(layer, 0) >= many && !file.starts_with("/vsi");
    if (later) {
        return std::async(
            std::launch::async, odd_numbers_of_file, file, std::string(OGR_L_GetName(layer))
        );
    }
    std::promise<OddNumbers> found;
    found.set_value(odd_numbers_in(dataset, layer));
    return found.get_future();
}

OddNumbers odd_numbers(const std::string& dbf) {
    OddNumbers found;
    const std::optional<DbfHeader> header = read_dbf_header(dbf);
    if (!header || std::none_of(header->fields.begin(), header->fields.end(), is_number)) {
        return found;
    }
    for_each_record(dbf, *header, [&](std::uint64_t row, std::string_view record) {
        if (!is_deleted(record)) {
            look_at(header->fields, record, static_cast<std::int64_t>(row), found);
        }
    });
    return found;
}

} // namespace tuban
