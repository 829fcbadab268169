#include "io/zip_check.hpp"

#include "core/format.hpp"
#include "io/handles.hpp"
#include "io/source.hpp"

#include <cpl_vsi.h>

#include <cstdint>
#include <filesystem>
#include <memory>

namespace tuban {
namespace {

constexpr std::uint64_t gibibyte = 1ULL << 30U;
constexpr std::uint64_t always_fine_bytes = gibibyte;
constexpr std::uint64_t most_expansion =
    100; ///< tables of blanks pack 50-fold, zeros 1000-fold

using Folder = std::unique_ptr<VSIDIR, CloseWith<&VSICloseDir>>;

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

} // namespace tuban
