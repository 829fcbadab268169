#include "io/damaged_geometry.hpp"

#include "core/format.hpp"
#include "io/geopackage_blobs.hpp"
#include "io/national_schema.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace tuban {
namespace {

std::string upper(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) {
        return static_cast<char>(std::toupper(c));
    });
    return result;
}

/// Whether the blob of a GeoPackage says of itself that it is empty (its flags, bit 4), or is a plain shape of no parts.
bool is_empty_blob(std::string_view blob) {
    constexpr std::size_t header = 8;
    const auto byte = [&](std::size_t at) {
        return at < blob.size() ? static_cast<unsigned>(static_cast<unsigned char>(blob[at]))
                                : 0xFFU;
    };
    if (!blob.starts_with("GP") || blob.size() < header) {
        return false;
    }
    constexpr std::size_t envelope_kinds = 5;
    constexpr std::array<std::size_t, envelope_kinds> envelope_bytes{0, 32, 48, 48, 64};
    const unsigned flags = byte(3);
    const unsigned kind = flags >> 1U & 7U;
    if ((flags & 0x10U) != 0 || kind >= envelope_kinds) {
        return kind < envelope_kinds;
    }
    const std::size_t count = header + envelope_bytes.at(kind) + 5;
    return byte(count) + byte(count + 1) + byte(count + 2) + byte(count + 3) == 0;
}

std::set<std::int64_t> damaged_fids_of_geopackage(const Source& source) {
    constexpr std::size_t head_bytes = 90; // the longest header and the count of parts
    std::set<std::int64_t> fids;
    const auto take = [&](std::int64_t fid, std::string_view head) {
        if (!is_empty_blob(head)) {
            fids.insert(fid);
        }
    };
    for_each_blob(source.dataset.get(), source.layer_name, head_bytes, take);
    return fids;
}

/// The columns that GDAL takes geometry from.
bool is_wkt_column(const std::string& name) {
    const std::string word = upper(name);
    return word == "WKT" || word.starts_with("_WKT");
}

/// Whether a row of a CSV has words for a geometry that are not those for an empty one.
bool has_wkt(const Rows& rows, std::size_t row) {
    return std::any_of(
        rows.table.columns.begin(),
        rows.table.columns.end(),
        [&](const Column& column) {
            if (!is_wkt_column(column.name)) {
                return false;
            }
            const std::string cell = trimmed(column.text(row).value_or(""));
            return !cell.empty() && !upper(cell).ends_with("EMPTY");
        }
    );
}

} // namespace

void find_damaged(const Source& source, Rows& rows) {
    std::vector<std::size_t> none;
    for (std::size_t row = 0; row < rows.wkb.size(); ++row) {
        if (rows.wkb[row].empty() && !rows.damaged.contains(row)) {
            none.push_back(row);
        }
    }
    if (none.empty()) {
        return;
    }
    const Text why{"图形的数据在，但读不出", "it is there, but cannot be read"};
    const std::set<std::int64_t> fids =
        source.driver == "GPKG" ? damaged_fids_of_geopackage(source) : std::set<std::int64_t>{};
    const bool matches = source.drawn.size() == rows.wkb.size();
    for (const std::size_t row : none) {
        if (fids.contains(rows.fids[row]) || (matches && source.drawn[row]) ||
            (source.driver == "CSV" && has_wkt(rows, row))) {
            rows.damaged.emplace(row, why);
        }
    }
}

} // namespace tuban
