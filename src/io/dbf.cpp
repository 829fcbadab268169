#include "io/dbf.hpp"

#include "io/handles.hpp"
#include "io/shapefile_check.hpp"

#include <cpl_vsi.h>

#include <algorithm>

namespace tuban {
namespace {

constexpr std::size_t start_bytes = 32;
constexpr std::size_t field_bytes = 32;
constexpr char end_of_fields = '\r';

using File = std::unique_ptr<VSILFILE, CloseWith<&VSIFCloseL>>;

/// Least significant byte first.
std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = size; i > 0; --i) {
        value = value * 256 + static_cast<unsigned char>(bytes[at + i - 1]);
    }
    return value;
}

DbfField field_at(std::string_view bytes, std::size_t at, std::size_t begin) {
    constexpr std::size_t name_bytes = 11;
    const std::string_view name = bytes.substr(at, name_bytes);
    DbfField field;
    field.name = name.substr(0, name.find('\0'));
    field.type = bytes[at + 11];
    field.begin = begin;
    field.width = number_at(bytes, at + 16, 1);
    field.decimals = number_at(bytes, at + 17, 1);
    return field;
}

/// Clipper and FoxPro write the length of long text into two bytes; where only that makes up a record, it was meant.
std::optional<std::size_t> long_text_in(const DbfHeader& header) {
    std::size_t plain = 1;
    std::size_t extended = 1;
    std::optional<std::size_t> first;
    for (std::size_t i = 0; i < header.fields.size(); ++i) {
        const DbfField& field = header.fields[i];
        const bool more = field.type == 'C' && field.decimals > 0;
        plain += field.width;
        extended += field.width + (more ? 256 * field.decimals : 0);
        if (more && !first) {
            first = i;
        }
    }
    return extended == header.record_bytes && plain < extended ? first : std::nullopt;
}

} // namespace

std::optional<DbfHeader> dbf_header(std::string_view bytes) {
    if (bytes.size() < start_bytes) {
        return std::nullopt;
    }
    DbfHeader header;
    header.rows = number_at(bytes, 4, 4);
    header.header_bytes = number_at(bytes, 8, 2);
    header.record_bytes = number_at(bytes, 10, 2);
    header.language = static_cast<unsigned>(number_at(bytes, 29, 1));
    if (header.header_bytes <= start_bytes || header.record_bytes == 0) {
        return std::nullopt;
    }
    bytes = bytes.substr(0, header.header_bytes);
    std::size_t at = start_bytes;
    std::size_t begin = 1; // behind the mark of a deleted row
    for (; at + field_bytes <= bytes.size() && bytes[at] != end_of_fields; at += field_bytes) {
        header.fields.push_back(field_at(bytes, at, begin));
        begin += header.fields.back().width;
    }
    const bool marked = at < bytes.size() && bytes[at] == end_of_fields;
    header.long_text = long_text_in(header);
    header.ended = marked || (at == header.header_bytes &&
                              (begin == header.record_bytes || header.long_text));
    return header;
}

std::optional<DbfHeader> read_dbf_header(const std::string& file) {
    const auto start = dbf_header(bytes_of(file, start_bytes));
    return start ? dbf_header(bytes_of(file, start->header_bytes)) : std::nullopt;
}

std::string_view cell_of(std::string_view record, const DbfField& field) {
    return field.begin + field.width <= record.size() ? record.substr(field.begin, field.width)
                                                      : std::string_view();
}

void for_each_record(
    const std::string& file,
    const DbfHeader& header,
    const std::function<void(std::uint64_t row, std::string_view record)>& take
) {
    const File in(VSIFOpenL(file.c_str(), "rb"));
    if (!in || VSIFSeekL(in.get(), header.header_bytes, SEEK_SET) != 0) {
        return;
    }
    const std::size_t size = header.record_bytes;
    const std::size_t at_once = std::max<std::size_t>(1, (1U << 18U) / size);
    std::string buffer(at_once * size, '\0');
    for (std::uint64_t row = 0; row < header.rows;) {
        const std::size_t got = VSIFReadL(buffer.data(), size, at_once, in.get());
        if (got == 0) {
            return;
        }
        for (std::size_t i = 0; i < got && row < header.rows; ++i, ++row) {
            take(row, std::string_view(buffer).substr(i * size, size));
        }
    }
}

} // namespace tuban
