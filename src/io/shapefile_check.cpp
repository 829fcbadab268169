#include "io/shapefile_check.hpp"

#include "core/format.hpp"
#include "io/box.hpp"
#include "io/dbf.hpp"
#include "io/handles.hpp"
#include "io/national_schema.hpp"
#include "io/row_words.hpp"
#include "io/source.hpp"
#include "io/stated_boxes.hpp"

#include <cpl_vsi.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

namespace tuban {
namespace {

constexpr std::size_t header_bytes = 100;
constexpr std::size_t record_header_bytes = 8;
constexpr std::size_t whole_file = SIZE_MAX;
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
void require_fields(const DbfHeader& header, const FileSpec& spec) {
    if (header.long_text) {
        throw_unreadable(
            spec,
            text(
                ".dbf 的第 {} 个字段是超过 255 字节的长文字，这种写法会使后面的字段错位；"
                "请在原软件中另存为 GeoPackage，或把这个字段改短",
                "field {} of its .dbf is text of more than 255 bytes, written in a way that "
                "would "
                "put the fields behind it out of place: save it as a GeoPackage in the program "
                "it "
                "comes from, or make that field shorter",
                *header.long_text + 1
            )
        );
    }
    for (std::size_t i = 0; i < header.fields.size(); ++i) {
        const DbfField& field = header.fields[i];
        if (field.begin + field.width > header.record_bytes) {
            throw_unreadable(
                spec,
                text(
                    ".dbf 的字段定义与记录长度（{} 字节）不符，到第 {} "
                    "个字段已超出；文件已损坏，请重新导出",
                    "the fields of its .dbf do not fit in a record ({} bytes), from field {} "
                    "on: it is damaged, export it anew",
                    header.record_bytes,
                    i + 1
                )
            );
        }
    }
    // A header of the wrong length would shift every cell: the fields it has room for must be ended by their mark (which
    // some writers leave out), or make up the record.
    if (header.fields.empty() || !header.ended) {
        throw_unreadable(
            spec,
            text(
                ".dbf 的文件头说自己长 {} "
                "字节，与字段定义对不上，再读下去每一格都会错位；请重新导出或取得完好的文件",
                "the header of its .dbf says that it has {} bytes, which its fields "
                "contradict: "
                "every "
                "cell would be read from the wrong place; export it anew or get a sound copy",
                header.header_bytes
            )
        );
    }
}

/// The rows of a .dbf, whose bytes are all there.
struct DbfRows {
    std::uint64_t stated = 0;
    std::uint64_t stored = 0;         ///< with those that follow behind the stated ones
    std::vector<std::size_t> deleted; ///< from 0

    /// A row's place among those that are read, from 0.
    [[nodiscard]] std::size_t read_as(std::size_t row) const {
        const auto before = std::lower_bound(deleted.begin(), deleted.end(), row);
        return row - static_cast<std::size_t>(before - deleted.begin());
    }

    [[nodiscard]] bool skips(std::size_t row) const {
        return std::binary_search(deleted.begin(), deleted.end(), row);
    }
};

DbfRows dbf_rows(const std::string& name, const FileSpec& spec) {
    const std::uint64_t size = file_size(name);
    const std::optional<DbfHeader> header = read_dbf_header(name);
    if (!header || size < header->header_bytes) {
        throw_cut_table(spec, size);
    }
    require_fields(*header, spec);
    if (size < header->begin_of(header->rows)) {
        throw_unreadable(
            spec,
            text(
                ".dbf 被截断：应有 {} 条记录，第 {} 条起不可读；请取得完整的文件",
                "its .dbf is cut off: of {} records those from {} on cannot be read; get a "
                "whole copy",
                header->rows,
                (size - header->header_bytes) / header->record_bytes + 1
            )
        );
    }
    DbfRows rows;
    rows.stated = header->rows;
    rows.stored = header->rows;
    DbfHeader all = *header;
    all.rows = (size - header->header_bytes) / header->record_bytes;
    for_each_record(name, all, [&](std::uint64_t row, std::string_view record) {
        if (row < rows.stated && is_deleted(record)) {
            rows.deleted.push_back(static_cast<std::size_t>(row));
        }
        // What fills up a file begins with another byte, most of the time its end mark 0x1A.
        rows.stored += row == rows.stored && (record[0] == ' ' || is_deleted(record)) ? 1U : 0U;
    });
    return rows;
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
    std::uint64_t vertex_bytes; ///< x, y and Z
    bool may_measure;           ///< M may follow, or be left out
};

std::optional<ShapeLayout> layout_of(std::uint64_t type) {
    switch (type) {
    case 3:
    case 5:
        return ShapeLayout{44, 4, 0, 16, false};
    case 23:
    case 25:
        return ShapeLayout{44, 4, 0, 16, true};
    case 13:
    case 15:
        return ShapeLayout{44, 4, 16, 24, true};
    case 31:
        return ShapeLayout{44, 8, 16, 24, true};
    case 8:
        return ShapeLayout{40, 0, 0, 16, false};
    case 28:
        return ShapeLayout{40, 0, 0, 16, true};
    case 18:
        return ShapeLayout{40, 0, 16, 24, true};
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

double double_at(std::string_view bytes, std::size_t at) {
    double value = 0.0;
    std::memcpy(&value, bytes.data() + at, sizeof(value));
    return value;
}

/// Checks one shape at a time against the bytes that are its own.
class ShapeCheck {
public:
    ShapeCheck(const std::string& name, const FileSpec& spec) : spec_(spec), bytes_(name) {}

    /// Shapes that cannot be what was meant, by feature id, and why.
    std::map<std::int64_t, Text> damaged;
    std::vector<std::size_t>
        wide_boxes; ///< features, from 0, whose box is larger than they are

    /// The number that the record at `at` gives itself: 1 for the first feature.
    [[nodiscard]] std::uint64_t number_at(std::uint64_t at) {
        return big_endian(whole(at, record_header_bytes), 0);
    }

    /// Whole records that follow each other from `at` to `end` and number themselves on from `number`.
    [[nodiscard]] std::uint64_t
    count_from(std::uint64_t at, std::uint64_t end, std::uint64_t number) {
        constexpr std::uint64_t least_bytes = 4; // the type
        std::uint64_t count = 0;
        while (at + record_header_bytes <= end) {
            const std::string_view header = whole(at, record_header_bytes);
            const std::uint64_t length = big_endian(header, record_header_bytes / 2) * 2;
            const bool next = big_endian(header, 0) == number + count && length >= least_bytes;
            if (!next || at + record_header_bytes + length > end) {
                break;
            }
            ++count;
            at += record_header_bytes + length;
        }
        return count;
    }

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
            const std::uint64_t measure = type == 0 ? 0 : 8;
            hold_out_excess(body, length, *single, measure);
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
        const std::uint64_t needs = layout.fixed_bytes + parts * layout.part_bytes +
                                    layout.range_bytes + vertices * layout.vertex_bytes;
        require_bytes(length, needs);
        const std::uint64_t measures = layout.may_measure ? 16 + vertices * 8 : 0;
        hold_out_excess(body, length, needs, measures);
        check_starts(body, parts, vertices, layout);
        check_box(body, body + layout.fixed_bytes + parts * layout.part_bytes, vertices);
    }

    /// Bytes beyond what counts of vertices account for are vertices that were lost, but for zeros that fill up.
    void hold_out_excess(
        std::uint64_t body, std::uint64_t length, std::uint64_t needs, std::uint64_t measures
    ) {
        if (length == needs || (measures > 0 && length == needs + measures)) {
            return;
        }
        constexpr std::uint64_t piece = 1U << 16U;
        for (std::uint64_t at = needs; at < length; at += piece) {
            const std::string_view rest = bytes_.get(body + at, std::min(piece, length - at));
            if (rest.find_first_not_of('\0') != std::string_view::npos) {
                hold_out(text(
                    "记录长 {} 字节，图形只需要 {} 字节，多半是顶点个数被改坏了",
                    "its record has {} bytes and its shape needs {}: the number of vertices "
                    "was "
                    "probably spoilt",
                    length,
                    needs
                ));
                return;
            }
        }
    }

    void hold_out(const Text& why) { damaged.try_emplace(fid(), why); }

    [[nodiscard]] std::int64_t fid() const { return static_cast<std::int64_t>(feature_) - 1; }

    /// Against the box that the record states of itself. Some writers leave it at zero.
    void check_box(std::uint64_t body, std::uint64_t first, std::uint64_t vertices) {
        const std::string_view stated = whole(body + 4, 32);
        const Box box{
            double_at(stated, 0),
            double_at(stated, 8),
            double_at(stated, 16),
            double_at(stated, 24)};
        const bool unset =
            box.west == 0.0 && box.south == 0.0 && box.east == 0.0 && box.north == 0.0;
        if (unset || vertices == 0) {
            return;
        }
        constexpr std::uint64_t piece = 4096;
        Box found;
        for (std::uint64_t i = 0; i < vertices; i += piece) {
            const std::uint64_t n = std::min(piece, vertices - i);
            const std::string_view bytes =
                whole(first + i * 16, static_cast<std::size_t>(n) * 16);
            for (std::size_t at = 0; at < bytes.size(); at += 16) {
                found.add(double_at(bytes, at), double_at(bytes, at + 8));
            }
        }
        const double rounding = rounding_in(found);
        if (const double out = box.excess(found); out > rounding) {
            hold_out(text(
                "有顶点落在文件自己写明的外框之外，最远超出 {:.6g}（坐标单位），坐标被改坏了",
                "a vertex lies outside of the box that the file states for it, by up to {:.6g} "
                "in "
                "units of the coordinates: a coordinate was spoilt",
                out
            ));
        } else if (const double spare = found.excess(box);
                   spare > rounding && std::isfinite(spare) && !damaged.contains(fid())) {
            wide_boxes.push_back(feature_ - 1);
        }
    }

    void check_starts(
        std::uint64_t body,
        std::uint64_t parts,
        std::uint64_t vertices,
        const ShapeLayout& layout
    ) {
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
    const std::uint64_t stated = index.size() < header_bytes ? 0 : big_endian(index, 24) * 2;
    const bool whole = stated >= header_bytes && stated <= index.size() &&
                       big_endian(index, 0) == file_code &&
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

/// Whether each row's shape is the one that the .shp numbers so. Numbers from 0, or not counted anew after rows were taken
/// out, do no harm where the index has the shapes in the order of the file.
class ShapeNumbers {
public:
    void add(std::size_t feature, std::uint64_t begin, std::uint64_t number) {
        const std::uint64_t expected = feature;
        from_one_ = from_one_ && number == expected;
        from_zero_ = from_zero_ && number + 1 == expected;
        ordered_ = ordered_ && begin > last_;
        last_ = begin;
        if (number != expected && odd_ == 0) {
            odd_ = feature;
            odd_number_ = number;
        }
    }

    /// @throws Error{unreadable_input} where plots would get each other's shapes
    [[nodiscard]] std::optional<Issue> judge(const FileSpec& spec, const DbfRows& rows) const {
        if (from_one_ || (from_zero_ && ordered_)) {
            return std::nullopt;
        }
        if (!ordered_) {
            throw_unreadable(
                spec,
                text(
                    ".shx 让第 {0} 行取 .shp 中编号为 {1} "
                    "的图形，图形会张冠李戴；.shx 已损坏或不是同一批的，请取得完好的文件",
                    "its .shx gives row {0} the shape that the .shp numbers {1}: plots would "
                    "get "
                    "each other's shapes. The .shx is damaged or of another export: get a "
                    "sound "
                    "copy",
                    odd_,
                    odd_number_
                )
            );
        }
        Issue issue;
        issue.severity = Severity::warning;
        issue.code = "shape_numbers";
        issue.row = static_cast<std::int64_t>(rows.read_as(odd_ - 1)) + 1;
        issue.message = text(
            ".shp 把这个图形编为 {0} 号而不是 {1} "
            "号；按文件中的先后与表格对应，请核对图形与属性",
            "the .shp numbers this shape {0} and not {1}; shapes are matched to rows by their "
            "order: check that they belong together",
            odd_number_,
            odd_
        );
        return issue;
    }

private:
    bool from_one_ = true;
    bool from_zero_ = true;
    bool ordered_ = true;
    std::uint64_t last_ = 0;
    std::size_t odd_ = 0; ///< the first feature with another number
    std::uint64_t odd_number_ = 0;
};

/// How many shapes there are by each of the files that say it.
struct ShapeCounts {
    std::uint64_t listed = 0; ///< in the .shx: those that are read
    std::uint64_t stored = 0; ///< in the .shp as far as its header reaches
    std::uint64_t behind = 0; ///< in the .shp behind that
};

/// The length that a .shp states of itself.
std::uint64_t stated_length(const std::string& name, std::uint64_t size, const FileSpec& spec) {
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
    return big_endian(header, 24) * 2;
}

/// Goes through the shapes that a .shx lists.
class ShapeWalk {
public:
    ShapeWalk(const std::string& name, const FileSpec& spec, const DbfRows& rows)
        : spec_(spec), rows_(rows), size_(file_size(name)),
          stated_(stated_length(name, size_, spec)), shapes_(name, spec) {}

    ShapeCounts check(const std::string& index) {
        ShapeCounts counts;
        counts.listed = (big_endian(index, 24) * 2 - header_bytes) / record_header_bytes;
        for (std::size_t i = 0; i < counts.listed; ++i) {
            const std::size_t entry = header_bytes + record_header_bytes * i;
            const std::uint64_t begin = big_endian(index, entry) * 2;
            const std::uint64_t length = big_endian(index, entry + 4) * 2;
            if (begin != 0 || length != 0) { // how some writers leave out a shape
                look_at(i, begin, begin + record_header_bytes + length);
            }
        }
        if (stated_ > size_) {
            throw_cut(spec_, size_, stated_, counts.listed + 1);
        }
        const std::uint64_t all = shapes_.count_from(last_end_, size_, last_number_ + 1);
        const std::uint64_t stated = shapes_.count_from(last_end_, stated_, last_number_ + 1);
        counts.stored = counts.listed + stated;
        counts.behind = all - stated;
        return counts;
    }

    /// What of it can be read all the same.
    void tell(ShapefileFindings& findings) {
        if (auto odd = numbers_.judge(spec_, rows_)) {
            findings.issues.push_back(*std::move(odd));
        }
        if (!shapes_.wide_boxes.empty()) {
            std::vector<std::size_t> wide;
            for (const std::size_t feature : shapes_.wide_boxes) {
                wide.push_back(rows_.read_as(feature));
            }
            findings.issues.push_back(box_too_large(wide));
        }
        findings.damaged = std::move(shapes_.damaged);
    }

private:
    void look_at(std::size_t row, std::uint64_t begin, std::uint64_t end) {
        if (end > size_) {
            throw_cut(spec_, size_, std::max(stated_, end), row + 1);
        }
        if (begin < header_bytes) {
            throw_damaged(
                spec_,
                row + 1,
                {".shx 把它指到文件头里", "the .shx says that it lies in the header"}
            );
        }
        const std::uint64_t number = shapes_.number_at(begin);
        if (end > last_end_) {
            last_end_ = end;
            last_number_ = number;
        }
        if (rows_.skips(row)) {
            return;
        }
        numbers_.add(row + 1, begin, number);
        const std::uint64_t own_end = shapes_.check(begin, row + 1);
        if (own_end > size_) {
            throw_cut(spec_, size_, std::max(stated_, own_end), row + 1);
        }
    }

    const FileSpec& spec_;
    const DbfRows& rows_;
    std::uint64_t size_;
    std::uint64_t stated_;
    ShapeCheck shapes_;
    ShapeNumbers numbers_;
    std::uint64_t last_end_ = header_bytes;
    std::uint64_t last_number_ = 0;
};

/// Files that count differently were not made together, or not closed.
void require_same_count(const ShapeCounts& shapes, const DbfRows& rows, const FileSpec& spec) {
    if (shapes.listed == rows.stated && shapes.stored == shapes.listed) {
        return;
    }
    const bool index_agrees = shapes.stored == shapes.listed;
    const Text listed =
        index_agrees ? Text{} : text("，.shx 列出 {} 个", ", its .shx lists {}", shapes.listed);
    const Text more = rows.stored > rows.stated && rows.stored >= shapes.stored
                          ? text(
                                "（.dbf 里存着 {} 条，是文件头写少了）",
                                " (the .dbf stores {}: its header states too few)",
                                rows.stored
                            )
                          : Text{};
    throw_unreadable(
        spec,
        text(
            ".shp 有 {0} 个图形{1}，.dbf 有 {2} 条记录{3}，对不上；请取得同一批的文件",
            "its .shp has {0} shapes{4} and its .dbf {2} records{5}: they do not belong "
            "together; "
            "get files of one export",
            shapes.stored,
            listed.zh,
            rows.stated,
            more.zh,
            listed.en,
            more.en
        )
    );
}

void tell_deleted(const DbfRows& rows, ShapefileFindings& findings) {
    findings.deleted = rows.deleted.size();
    if (findings.deleted == 0) {
        return;
    }
    Issue issue;
    issue.severity = Severity::warning;
    issue.code = "rows_deleted";
    issue.message = text(
        ".dbf 的 {0} 行里有 {1} 行标记为已删除（按文件中的次序是第 {2} "
        "行），没有读入；其他信息里的行号不计这些行",
        "{1} of the {0} rows of its .dbf are marked as deleted (as stored, rows {2}) and were "
        "not "
        "read; row numbers elsewhere do not count them",
        rows.stated,
        findings.deleted,
        row_list(rows.deleted)
    );
    findings.issues.push_back(std::move(issue));
}

/// Rows behind those that a header counts: it was not brought up to date, or they were cut off on purpose.
void tell_uncounted(
    const char* ending, std::uint64_t counted, std::uint64_t behind, ShapefileFindings& findings
) {
    if (behind == 0) {
        return;
    }
    Issue issue;
    issue.severity = Severity::warning;
    issue.code = "rows_uncounted";
    issue.message = text(
        "{0} 的文件头写明 {1} 行，后面还存着 {2} 行，没有读入；请在原软件中核对行数后重新保存",
        "the header of its {0} counts {1} rows, and {2} more are stored behind them, which "
        "were "
        "not read: check the number of rows in the program it comes from and save it anew",
        ending,
        counted,
        behind
    );
    findings.issues.push_back(std::move(issue));
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

ShapefileFindings check_shapefile(const std::string& name, const FileSpec& spec) {
    ShapefileFindings findings;
    const bool alone = !lower(name).ends_with(".shp");
    const std::string dbf = alone ? name : sibling(name, ".dbf");
    const std::string shx = alone ? "" : sibling(name, ".shx");
    if (!alone && shx.empty()) {
        throw_missing(name, spec, ".shx");
    }
    if (dbf.empty()) {
        throw_missing(name, spec, ".dbf");
    }
    const DbfRows rows = dbf_rows(dbf, spec);
    if (alone) {
        tell_uncounted(".dbf", rows.stated, rows.stored - rows.stated, findings);
    } else {
        ShapeWalk walk(name, spec, rows);
        const ShapeCounts shapes = walk.check(index_of(shx, spec));
        require_same_count(shapes, rows, spec);
        walk.tell(findings);
        tell_uncounted(".shp", shapes.stored, shapes.behind, findings);
    }
    tell_deleted(rows, findings);
    return findings;
}

} // namespace tuban
