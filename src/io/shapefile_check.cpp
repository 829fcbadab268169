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
constexpr std::size_t record_header_bytes = 8;
constexpr std::size_t whole_file = SIZE_MAX;
constexpr std::size_t dbf_header_bytes = 32;
constexpr std::size_t dbf_field_bytes = 32;
constexpr std::uint64_t file_code = 9994; ///< what a .shp and a .shx begin with

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

std::string in_capitals(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
        return static_cast<char>(std::toupper(c));
    });
    return text;
}

[[noreturn]] void
throw_missing(const std::string& name, const FileSpec& spec, const char* ending) {
    const std::string other = differently_spelt(name, ending);
    if (!other.empty()) {
        const std::string stem = name.substr(name.rfind('/') + 1);
        throw_unreadable(
            spec,
            text(
                "旁边的 {0} 与它的大小写不一致，认不出是同一份数据；请把 {0} 改名为 {1}",
                "{0} beside it is spelt with other capitals and so is not taken as its own: "
                "rename {0} to {1}",
                other,
                stem.substr(0, stem.rfind('.')) + ending
            )
        );
    }
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

[[noreturn]] void throw_cut_table(const FileSpec& spec, std::uint64_t has) {
    throw_unreadable(
        spec,
        text(
            ".dbf 只有 {} 字节，不完整；请取得完整的文件",
            "its .dbf has only {} bytes: it is incomplete, get a whole copy",
            has
        )
    );
}

/// Fields that do not fit in the record they are said to make up would be read from the next one.
void require_fields(const std::string& header, std::uint64_t length, const FileSpec& spec) {
    std::uint64_t end = 1; // the mark of a deleted record
    for (std::size_t at = dbf_header_bytes; at + dbf_field_bytes <= header.size();
         at += dbf_field_bytes) {
        if (header[at] == '\r') {
            break;
        }
        const char kind = header[at + 11];
        const std::uint64_t decimals = little_endian(header, at + 17, 1);
        // Text of more than 255 bytes has its size in two.
        end += little_endian(header, at + 16, 1) + (kind == 'C' ? 256 * decimals : 0);
        const bool long_text = kind == 'C' && decimals > 0;
        if (end > length && !long_text) {
            throw_unreadable(
                spec,
                text(
                    ".dbf 的字段定义与记录长度（{} 字节）不符，到第 {} "
                    "个字段已超出；文件已损坏，请重新导出",
                    "the fields of its .dbf do not fit in a record ({} bytes), from field {} "
                    "on: it is damaged, export it anew",
                    length,
                    (at - dbf_header_bytes) / dbf_field_bytes + 1
                )
            );
        }
    }
}

/// The number of records of a .dbf whose bytes are all there.
std::uint64_t dbf_records(const std::string& name, const FileSpec& spec) {
    const std::uint64_t size = file_size(name);
    const std::string start = bytes_of(name, dbf_header_bytes);
    if (start.size() < dbf_header_bytes) {
        throw_cut_table(spec, start.size());
    }
    const std::uint64_t records = little_endian(start, 4, 4);
    const std::uint64_t begin = little_endian(start, 8, 2);
    const std::uint64_t length = little_endian(start, 10, 2);
    if (begin <= dbf_header_bytes || length == 0 || size < begin) {
        throw_cut_table(spec, size);
    }
    require_fields(bytes_of(name, begin), length, spec);
    if (size < begin + records * length) {
        throw_unreadable(
            spec,
            text(
                ".dbf 被截断：应有 {} 条记录，第 {} 条起不可读；请取得完整的文件",
                "its .dbf is cut off: of {} records those from {} on cannot be read; get a "
                "whole copy",
                records,
                (size - begin) / length + 1
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

[[noreturn]] void throw_damaged(const FileSpec& spec, std::size_t feature, const Text& why) {
    throw_unreadable(
        spec,
        text(
            ".shp 第 {0} 个要素已损坏：{1}；请重新导出或取得完好的文件",
            "feature {0} of its .shp is damaged: {2}; export it anew or get a sound copy",
            feature,
            why.zh,
            why.en
        )
    );
}

/// A file's bytes from anywhere, read in long stretches: features mostly follow each other.
class Stretches {
public:
    explicit Stretches(const std::string& name) : file_(VSIFOpenL(name.c_str(), "rb")) {}

    /// `n` bytes from `at`; fewer where the file ends.
    std::string_view get(std::uint64_t at, std::size_t n) {
        if (at < begin_ || at + n > begin_ + buffer_.size()) {
            fill(at, std::max(n, stretch_bytes));
        }
        const std::uint64_t from = at - begin_;
        return from >= buffer_.size() ? std::string_view()
                                      : std::string_view(buffer_).substr(from, n);
    }

private:
    static constexpr std::size_t stretch_bytes = 1U << 18U;

    void fill(std::uint64_t at, std::size_t n) {
        begin_ = at;
        buffer_.resize(n);
        const bool there = file_ && VSIFSeekL(file_.get(), at, SEEK_SET) == 0;
        buffer_.resize(there ? VSIFReadL(buffer_.data(), 1, n, file_.get()) : 0);
    }

    File file_;
    std::uint64_t begin_ = 0;
    std::string buffer_;
};

/// What a shape of several vertices is made of, by its type (ESRI's white paper, 1998).
struct ShapeLayout {
    std::uint64_t fixed_bytes;  ///< type, box and counts
    std::uint64_t part_bytes;   ///< per part: where it starts, and of a patch its kind
    std::uint64_t range_bytes;  ///< least and greatest Z
    std::uint64_t vertex_bytes; ///< x, y and Z; M may be left out
};

std::optional<ShapeLayout> layout_of(std::uint64_t type) {
    switch (type) {
    case 3:
    case 5:
    case 23:
    case 25:
        return ShapeLayout{44, 4, 0, 16};
    case 13:
    case 15:
        return ShapeLayout{44, 4, 16, 24};
    case 31:
        return ShapeLayout{44, 8, 16, 24};
    case 8:
    case 28:
        return ShapeLayout{40, 0, 0, 16};
    case 18:
        return ShapeLayout{40, 0, 16, 24};
    default:
        return std::nullopt;
    }
}

/// Bytes of a null shape or a point; none for any other type.
std::optional<std::uint64_t> bytes_of_single(std::uint64_t type) {
    switch (type) {
    case 0:
        return 4;
    case 1:
    case 21: // M may be left out
        return 20;
    case 11:
        return 28;
    default:
        return std::nullopt;
    }
}

/// Checks one shape at a time against the bytes that are its own.
class ShapeCheck {
public:
    ShapeCheck(const std::string& name, const FileSpec& spec) : spec_(spec), bytes_(name) {}

    /// @param at  of the record's header, which is within the file
    /// @return the end of the record by its own word
    std::uint64_t check(std::uint64_t at, std::size_t feature) {
        feature_ = feature;
        const std::uint64_t body = at + record_header_bytes;
        const std::uint64_t length =
            big_endian(whole(at, record_header_bytes), record_header_bytes / 2) * 2;
        const std::uint64_t type = little_endian(whole(body, 4), 0, 4);
        if (const auto single = bytes_of_single(type)) {
            require_bytes(length, *single);
        } else if (const auto layout = layout_of(type)) {
            check_vertices(body, length, *layout);
        } else {
            throw_damaged(
                spec_, feature_, text("没有 {} 这种图形类型", "there is no shape type {}", type)
            );
        }
        return body + length;
    }

private:
    std::string_view whole(std::uint64_t at, std::size_t n) {
        const std::string_view bytes = bytes_.get(at, n);
        if (bytes.size() < n) {
            throw_damaged(spec_, feature_, {"字节不够", "its bytes end too early"});
        }
        return bytes;
    }

    void require_bytes(std::uint64_t has, std::uint64_t needs) const {
        if (has < needs) {
            throw_damaged(
                spec_,
                feature_,
                text(
                    "记录长 {} 字节，图形需要 {} 字节",
                    "its record has {} bytes where its shape needs {}",
                    has,
                    needs
                )
            );
        }
    }

    void check_vertices(std::uint64_t body, std::uint64_t length, const ShapeLayout& layout) {
        require_bytes(length, layout.fixed_bytes);
        const std::string_view fixed = whole(body, layout.fixed_bytes);
        const std::uint64_t parts = layout.part_bytes == 0 ? 0 : little_endian(fixed, 36, 4);
        const std::uint64_t vertices = little_endian(fixed, layout.fixed_bytes - 4, 4);
        require_bytes(
            length,
            layout.fixed_bytes + parts * layout.part_bytes + layout.range_bytes +
                vertices * layout.vertex_bytes
        );
        if (parts == 0) {
            return;
        }
        const std::string_view starts =
            whole(body + layout.fixed_bytes, static_cast<std::size_t>(parts) * 4);
        std::uint64_t before = 0;
        for (std::size_t part = 0; part < parts; ++part) {
            const std::uint64_t start = little_endian(starts, part * 4, 4);
            const bool first = part == 0 && start != 0;
            if (first || start < before || (start >= vertices && vertices > 0)) {
                throw_damaged(
                    spec_,
                    feature_,
                    text(
                        "第 {} 个环的起点（{}）不合理",
                        "ring {} cannot start at vertex {}",
                        part + 1,
                        start
                    )
                );
            }
            before = start;
        }
    }

    const FileSpec& spec_;
    Stretches bytes_;
    std::size_t feature_ = 0;
};

/// The bytes of a .shx, header included.
std::string index_of(const std::string& shx, const FileSpec& spec) {
    std::string index = bytes_of(shx, whole_file);
    const bool whole = index.size() >= header_bytes && big_endian(index, 0) == file_code &&
                       big_endian(index, 24) * 2 <= index.size() &&
                       (index.size() - header_bytes) % record_header_bytes == 0;
    if (!whole) {
        throw_unreadable(
            spec,
            text(
                ".shx 不完整或已损坏（{} 字节）；请取得完整的文件",
                "its .shx is incomplete or damaged ({} bytes); get a whole copy",
                index.size()
            )
        );
    }
    return index;
}

/// The number of shapes whose bytes are all there.
std::uint64_t
shp_records(const std::string& name, const std::string& shx, const FileSpec& spec) {
    const std::uint64_t size = file_size(name);
    const std::string header = bytes_of(name, header_bytes);
    if (header.size() < header_bytes || big_endian(header, 0) != file_code) {
        throw_unreadable(
            spec,
            text(
                "不是 Shapefile，或文件头不完整（{} 字节）",
                "it is no shapefile, or its header is incomplete ({} bytes)",
                size
            )
        );
    }
    const std::string index = index_of(shx, spec);
    const std::uint64_t needs = big_endian(header, 24) * 2;
    const std::size_t records = (index.size() - header_bytes) / record_header_bytes;
    ShapeCheck shapes(name, spec);
    for (std::size_t i = 0; i < records; ++i) {
        const std::size_t entry = header_bytes + record_header_bytes * i;
        const std::uint64_t begin = big_endian(index, entry) * 2;
        const std::uint64_t length = big_endian(index, entry + 4) * 2;
        if (begin == 0 && length == 0) {
            continue; // how some writers leave out a shape
        }
        const std::uint64_t end = begin + record_header_bytes + length;
        if (end > size) {
            throw_cut(spec, size, std::max(needs, end), i + 1);
        }
        if (begin < header_bytes) {
            throw_damaged(
                spec,
                i + 1,
                {".shx 把它指到文件头里", "the .shx says that it lies in the header"}
            );
        }
        const std::uint64_t own_end = shapes.check(begin, i + 1);
        if (own_end > size) {
            throw_cut(spec, size, std::max(needs, own_end), i + 1);
        }
    }
    if (needs > size) {
        throw_cut(spec, size, needs, records + 1);
    }
    return records;
}

} // namespace

std::string sibling(const std::string& name, const std::string& ending) {
    const std::string stem = name.substr(0, name.rfind('.'));
    for (const std::string& candidate : {stem + ending, stem + in_capitals(ending)}) {
        VSIStatBufL status{};
        if (VSIStatL(candidate.c_str(), &status) == 0) {
            return candidate;
        }
    }
    return {};
}

std::string differently_spelt(const std::string& name, const std::string& ending) {
    const std::size_t slash = name.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : name.substr(0, slash);
    const std::string stem = name.substr(0, name.rfind('.'));
    const std::string wanted =
        lower((slash == std::string::npos ? stem : stem.substr(slash + 1)) + ending);
    const StringList entries(VSIReadDir(folder.c_str()));
    for (int i = 0; i < CSLCount(entries.get()); ++i) {
        if (lower(entries.get()[i]) == wanted) {
            return entries.get()[i];
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
        throw_missing(name, spec, ".shx");
    }
    if (dbf.empty()) {
        throw_missing(name, spec, ".dbf");
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
