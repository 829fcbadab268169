#include "io/zip_check.hpp"

#include "core/format.hpp"
#include "io/handles.hpp"
#include "io/source.hpp"
#include "io/text_encoding.hpp"

#include <cpl_vsi.h>
#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tuban {
namespace {

constexpr std::uint64_t gibibyte = 1ULL << 30U;
constexpr std::uint64_t always_fine_bytes = gibibyte;
constexpr std::uint64_t most_expansion =
    100; ///< tables of blanks pack 50-fold, zeros 1000-fold

using Folder = std::unique_ptr<VSIDIR, CloseWith<&VSICloseDir>>;

/// A member as the directory at the end of an archive has it (PKWARE's APPNOTE 6.3).
struct Member {
    std::string name; ///< as it stands there, in whatever encoding
    std::uint64_t method = 0;
    std::uint64_t crc = 0;
    std::uint64_t packed_bytes = 0;
    std::uint64_t unpacked_bytes = 0;
    std::uint64_t begin = 0; ///< of its own header
    bool encrypted = false;
};

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = size; i > 0; --i) {
        value = value * 256 + static_cast<unsigned char>(bytes[at + i - 1]);
    }
    return value;
}

/// Members of an archive, and whether what they unpack to is what was packed.
class Archive {
public:
    explicit Archive(const std::string& path) : file_(path, std::ios::binary) {
        file_.seekg(0, std::ios::end);
        size_ = file_ ? static_cast<std::uint64_t>(file_.tellg()) : 0;
    }

    /// None of an archive without a directory that can be read: opening it fails with words of its own.
    std::vector<Member> members() {
        constexpr std::uint64_t end_bytes = 22;
        constexpr std::uint64_t most_comment = 65'535;
        const std::uint64_t tail_bytes = std::min(size_, end_bytes + most_comment);
        const std::string tail = read(size_ - tail_bytes, tail_bytes);
        const std::size_t end = tail.rfind("PK\5\6");
        if (end == std::string::npos || end + end_bytes > tail.size()) {
            return {};
        }
        const std::uint64_t bytes = number_at(tail, end + 12, 4);
        const std::uint64_t begin = number_at(tail, end + 16, 4);
        const std::uint64_t end_at = size_ - tail_bytes + end;
        if (bytes == all_ones || begin == all_ones || bytes > end_at) {
            return {}; // zip64: counties do not send 4 GiB
        }
        shift_ = end_at - bytes - std::min(begin, end_at - bytes);
        return members_of(read(end_at - bytes, bytes));
    }

    /// False if the bytes unpack to something else, or not at all. True of what is packed in a way not known here.
    bool is_sound(const Member& member) {
        constexpr std::uint64_t header_bytes = 30;
        constexpr std::uint64_t stored = 0;
        constexpr std::uint64_t deflated = 8;
        if (member.encrypted || (member.method != stored && member.method != deflated)) {
            return true;
        }
        const std::string header = read(member.begin + shift_, header_bytes);
        if (header.size() < header_bytes || !header.starts_with("PK\3\4")) {
            return false;
        }
        file_.clear();
        file_.seekg(static_cast<std::streamoff>(
            member.begin + shift_ + header_bytes + number_at(header, 26, 2) +
            number_at(header, 28, 2)
        ));
        const Sum sum =
            member.method == stored ? sum_of(member.packed_bytes) : sum_unpacked(member);
        return sum.whole && sum.bytes == member.unpacked_bytes && sum.crc == member.crc;
    }

private:
    static constexpr std::uint64_t all_ones = 0xFFFFFFFFU;
    static constexpr std::size_t piece = 1U << 16U;

    struct Sum {
        bool whole = false;
        std::uint64_t bytes = 0;
        unsigned long crc = 0;

        void add(const std::string& data, std::size_t size) {
            // zlib asks for unsigned char
            const auto* begin =
                reinterpret_cast<const Bytef*>(data.data()); // NOLINT(*-reinterpret-cast)
            crc = crc32(crc, begin, static_cast<uInt>(size));
            bytes += size;
        }
    };

    std::string read(std::uint64_t at, std::uint64_t size) {
        std::string bytes(static_cast<std::size_t>(size), '\0');
        file_.clear();
        file_.seekg(static_cast<std::streamoff>(at));
        file_.read(bytes.data(), static_cast<std::streamsize>(size));
        bytes.resize(static_cast<std::size_t>(file_.gcount()));
        return bytes;
    }

    static std::vector<Member> members_of(std::string_view directory) {
        constexpr std::size_t entry_bytes = 46;
        std::vector<Member> members;
        std::size_t at = 0;
        while (at + entry_bytes <= directory.size() &&
               directory.substr(at).starts_with("PK\1\2")) {
            const std::uint64_t name = number_at(directory, at + 28, 2);
            Member member;
            member.name = std::string(directory.substr(at + entry_bytes, name));
            member.encrypted = number_at(directory, at + 8, 2) % 2 == 1;
            member.method = number_at(directory, at + 10, 2);
            member.crc = number_at(directory, at + 16, 4);
            member.packed_bytes = number_at(directory, at + 20, 4);
            member.unpacked_bytes = number_at(directory, at + 24, 4);
            member.begin = number_at(directory, at + 42, 4);
            members.push_back(std::move(member));
            at += entry_bytes + name + number_at(directory, at + 30, 2) +
                  number_at(directory, at + 32, 2);
        }
        return members;
    }

    /// Of the next bytes as they are.
    Sum sum_of(std::uint64_t left) {
        Sum sum;
        std::string buffer(piece, '\0');
        while (left > 0) {
            const std::uint64_t wanted = std::min<std::uint64_t>(left, piece);
            file_.read(buffer.data(), static_cast<std::streamsize>(wanted));
            const auto got = static_cast<std::size_t>(file_.gcount());
            if (got == 0) {
                return sum;
            }
            sum.add(buffer, got);
            left -= got;
        }
        sum.whole = true;
        return sum;
    }

    /// Of what the next bytes unpack to, in bounded memory.
    Sum sum_unpacked(const Member& member) {
        Sum sum;
        z_stream stream{};
        constexpr int no_header = -MAX_WBITS;
        if (inflateInit2(&stream, no_header) != Z_OK) {
            return sum;
        }
        std::string packed(piece, '\0');
        std::string unpacked(4 * piece, '\0');
        std::uint64_t left = member.packed_bytes;
        int state = Z_OK;
        while (state == Z_OK && sum.bytes <= member.unpacked_bytes) {
            if (stream.avail_in == 0 && left > 0) {
                file_.read(
                    packed.data(),
                    static_cast<std::streamsize>(std::min<std::uint64_t>(left, piece))
                );
                stream.next_in =
                    reinterpret_cast<Bytef*>(packed.data()); // NOLINT(*-reinterpret-cast)
                stream.avail_in = static_cast<uInt>(file_.gcount());
                left = stream.avail_in == 0 ? 0 : left - stream.avail_in;
            }
            stream.next_out =
                reinterpret_cast<Bytef*>(unpacked.data()); // NOLINT(*-reinterpret-cast)
            stream.avail_out = static_cast<uInt>(unpacked.size());
            state = inflate(&stream, Z_NO_FLUSH);
            sum.add(unpacked, unpacked.size() - stream.avail_out);
        }
        inflateEnd(&stream);
        sum.whole = state == Z_STREAM_END;
        return sum;
    }

    std::ifstream file_;
    std::uint64_t size_ = 0;
    std::uint64_t shift_ = 0; ///< bytes before the archive, as in one that unpacks itself
};

/// "folder/plots" of "folder/plots.shp"; of a folder such as "folder/plots.gdb" all that is in it.
bool belongs_to(const std::string& member, const std::string& data_set) {
    const std::string stem = data_set.substr(0, data_set.rfind('.'));
    return member.starts_with(stem + ".") || member.starts_with(data_set + "/");
}

[[noreturn]] void throw_damaged(const FileSpec& spec, const std::string& member) {
    throw_unreadable(
        spec,
        text(
            "压缩包已损坏：其中的 {} 与打包时的校验值（CRC-32）不符；请重新传送或重新打包",
            "the zip is damaged: {} in it is not what was packed (CRC-32); send or pack it "
            "anew",
            to_utf8(member, is_utf8(member) ? "UTF-8" : "GBK")
        )
    );
}

} // namespace

void check_zip(const std::string& path, const FileSpec& spec) {
    namespace fs = std::filesystem;
    std::error_code error;
    const std::uint64_t packed = fs::file_size(path, error);
    const std::string zip = "/vsizip/{" + fs::absolute(path).string() + "}";
    const Folder folder(VSIOpenDir(zip.c_str(), -1, nullptr));
    std::uint64_t unpacked = 0;
    while (folder && !error) {
        const VSIDIREntry* entry = VSIGetNextDirEntry(folder.get());
        if (entry == nullptr) {
            break;
        }
        unpacked += entry->bSizeKnown != 0 ? entry->nSize : 0;
        if (unpacked > always_fine_bytes && unpacked / most_expansion > packed) {
            throw_unreadable(
                spec,
                text(
                    "压缩包展开后超过 {} GiB（到 {} 为止），是压缩后的 100 "
                    "倍以上，不予读取；若确实如此，请先解压",
                    "it unpacks to more than {} GiB (up to {}), over 100 times its size, and "
                    "is "
                    "not read; if that is meant, unpack it first",
                    unpacked / gibibyte,
                    entry->pszName
                )
            );
        }
    }
}

void check_members(const std::string& path, const std::string& data_set, const FileSpec& spec) {
    Archive archive(path);
    const std::vector<Member> members = archive.members();
    const bool named = std::any_of(members.begin(), members.end(), [&](const Member& member) {
        return belongs_to(member.name, data_set);
    });
    for (const Member& member : members) { // of names that GDAL has recoded: all
        if ((!named || belongs_to(member.name, data_set)) && !archive.is_sound(member)) {
            throw_damaged(spec, member.name);
        }
    }
}

} // namespace tuban
