#include "io/shapefile_check.hpp"

#include "core/format.hpp"
#include "io/handles.hpp"
#include "io/national_schema.hpp"
#include "io/source.hpp"

#include <cpl_vsi.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>

namespace tuban {
namespace {

constexpr std::size_t header_bytes = 100;
constexpr std::size_t whole_file = SIZE_MAX;

using File = std::unique_ptr<VSILFILE, CloseWith<&VSIFCloseL>>;

std::uint64_t file_size(const std::string& name) {
    VSIStatBufL status{};
    return VSIStatL(name.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size)
                                                : 0;
}

std::uint64_t big_endian(std::string_view bytes, std::size_t at) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        value = value * 256 + static_cast<unsigned char>(bytes[at + i]);
    }
    return value;
}

std::uint64_t little_endian(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = size; i > 0; --i) {
        value = value * 256 + static_cast<unsigned char>(bytes[at + i - 1]);
    }
    return value;
}

[[noreturn]] void throw_missing(const FileSpec& spec, const char* ending) {
    throw_unreadable(
        spec,
        text(
            "缺少同名的 {0} 文件；Shapefile 至少要有 .shp、.shx、.dbf "
            "三个文件，请补齐（不会代为重建，以免改动源数据）",
            "its {0} is missing; a shapefile needs at least .shp, .shx and .dbf: bring the "
            "file back (it "
            "is not rebuilt here, sources are never touched)",
            ending
        )
    );
}

/// The number of records of a .dbf whose bytes are all there.
std::uint64_t dbf_records(const std::string& name, const FileSpec& spec) {
    const std::string header = bytes_of(name, 32);
    if (header.size() < 32) {
        throw_unreadable(
            spec,
            text(
                ".dbf 只有 {} 字节，不完整",
                "its .dbf has only {} bytes: it is incomplete",
                header.size()
            )
        );
    }
    const std::uint64_t records = little_endian(header, 4, 4);
    const std::uint64_t begin = little_endian(header, 8, 2);
    const std::uint64_t length = little_endian(header, 10, 2);
    const std::uint64_t size = file_size(name);
    if (begin < 33 || length == 0 || size < begin + records * length) {
        const std::uint64_t whole = length == 0 || size < begin ? 0 : (size - begin) / length;
        throw_unreadable(
            spec,
            text(
                ".dbf 被截断：应有 {} 条记录，第 {} 条起不可读；请取得完整的文件",
                "its .dbf is cut off: of {} records those from {} on cannot be read; get a "
                "whole copy",
                records,
                whole + 1
            )
        );
    }
    return records;
}

[[noreturn]] void
throw_cut(const FileSpec& spec, std::uint64_t has, std::uint64_t needs, std::size_t feature) {
    throw_unreadable(
        spec,
        text(
            ".shp 被截断：只有 {0} 字节，应有 {1} 字节，第 {2} "
            "个要素起不可读；请取得完整的文件",
            "its .shp is cut off: {0} bytes where {1} are needed, features from number {2} on "
            "cannot be "
            "read; get a whole copy",
            has,
            needs,
            feature
        )
    );
}

/// The number of shapes whose bytes are all there.
std::uint64_t
shp_records(const std::string& name, const std::string& shx, const FileSpec& spec) {
    const std::uint64_t size = file_size(name);
    const std::string header = bytes_of(name, header_bytes);
    if (header.size() < header_bytes || big_endian(header, 0) != 9994) {
        throw_unreadable(
            spec,
            text(
                "不是 Shapefile，或文件头不完整（{} 字节）",
                "it is no shapefile, or its header is incomplete ({} bytes)",
                size
            )
        );
    }
    const std::string index = bytes_of(shx, whole_file);
    if (index.size() < header_bytes || big_endian(index, 24) * 2 > index.size()) {
        throw_unreadable(
            spec,
            text(
                ".shx 不完整（{} 字节）；请取得完整的文件",
                "its .shx is incomplete ({} bytes); get a whole copy",
                index.size()
            )
        );
    }
    const std::uint64_t needs = big_endian(header, 24) * 2;
    const std::size_t records = (index.size() - header_bytes) / 8;
    for (std::size_t i = 0; i < records; ++i) {
        const std::uint64_t begin = big_endian(index, header_bytes + 8 * i) * 2;
        const std::uint64_t length = big_endian(index, header_bytes + 8 * i + 4) * 2;
        if (begin + 8 + length > size) {
            throw_cut(spec, size, std::max(needs, begin + 8 + length), i + 1);
        }
    }
    return records;
}

} // namespace

std::string sibling(const std::string& name, const std::string& ending) {
    const std::string stem = name.substr(0, name.rfind('.'));
    std::string upper = ending;
    std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) {
        return static_cast<char>(std::toupper(c));
    });
    for (const std::string& candidate : {stem + ending, stem + upper}) {
        VSIStatBufL status{};
        if (VSIStatL(candidate.c_str(), &status) == 0) {
            return candidate;
        }
    }
    return {};
}

std::string bytes_of(const std::string& name, std::size_t most) {
    const File file(VSIFOpenL(name.c_str(), "rb"));
    std::string bytes;
    std::string buffer(std::min<std::size_t>(most, 1U << 20U), '\0');
    while (file && bytes.size() < most) {
        const std::size_t got = VSIFReadL(
            buffer.data(), 1, std::min(buffer.size(), most - bytes.size()), file.get()
        );
        if (got == 0) {
            break;
        }
        bytes.append(buffer, 0, got);
    }
    return bytes;
}

void check_shapefile(const std::string& name, const FileSpec& spec) {
    const std::string dbf = sibling(name, ".dbf");
    if (!lower(name).ends_with(".shp")) {
        static_cast<void>(dbf_records(name, spec));
        return;
    }
    const std::string shx = sibling(name, ".shx");
    if (shx.empty()) {
        throw_missing(spec, ".shx");
    }
    if (dbf.empty()) {
        throw_missing(spec, ".dbf");
    }
    const std::uint64_t shapes = shp_records(name, shx, spec);
    const std::uint64_t records = dbf_records(dbf, spec);
    if (shapes != records) {
        throw_unreadable(
            spec,
            text(
                ".shp 有 {} 个图形，.dbf 有 {} 条记录，对不上；请取得同一批的文件",
                "its .shp has {} shapes and its .dbf {} records: they do not belong together; "
                "get files of "
                "one export",
                shapes,
                records
            )
        );
    }
}

} // namespace tuban
