#pragma once
#include <tuban/export.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Tables in dBASE's format as their bytes have them: a header of 32 bytes, 32 for each field, the mark 0x0D, then records
/// of one length. Laid out as GDAL does it.
namespace tuban {

struct DbfField {
    std::string name;         ///< raw bytes before the first zero, at most 11
    char type = 'C';          ///< C text, N and F numbers, D date, L truth …
    std::size_t begin = 0;    ///< in a record
    std::size_t width = 0;    ///< bytes, [0, 255]
    std::size_t decimals = 0; ///< of a number; of text some writers put anything here
};

struct DbfHeader {
    std::uint64_t rows = 0;       ///< that are stated, deleted ones among them
    std::size_t header_bytes = 0; ///< > 32
    std::size_t record_bytes = 0; ///< > 0: the mark of a deleted row, then the fields
    unsigned language = 0;        ///< the language driver's number
    std::vector<DbfField> fields;
    bool ended =
        false; ///< the mark stands behind the fields, or they fill the header and make up a record
    std::optional<std::size_t>
        long_text; ///< the field, from 0, that only fits if text may have more than 255 bytes, which GDAL takes for less

    /// Where a row begins, from 0. May lie outside of the file.
    [[nodiscard]] std::uint64_t begin_of(std::uint64_t row) const {
        return header_bytes + row * record_bytes;
    }
};

/// @param bytes  of a file, from its beginning: the header, or as much as there is of it
/// @return none if lengths are missing or impossible; fields that the bytes do not hold are left out
[[nodiscard]] TUBAN_EXPORT std::optional<DbfHeader> dbf_header(std::string_view bytes);
/// @param file  as GDAL opens it
[[nodiscard]] std::optional<DbfHeader> read_dbf_header(const std::string& file);

/// The bytes of a field; "" where the record does not hold it.
[[nodiscard]] TUBAN_EXPORT std::string_view
cell_of(std::string_view record, const DbfField& field);

/// dBASE keeps a row that was deleted until the table is packed.
[[nodiscard]] inline bool is_deleted(std::string_view record) {
    return record.starts_with('*');
}

/// Calls `take` with each record that is there, deleted ones too, and its number from 0.
void for_each_record(
    const std::string& file,
    const DbfHeader& header,
    const std::function<void(std::uint64_t row, std::string_view record)>& take
);

} // namespace tuban
