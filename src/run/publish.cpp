#include "run/publish.hpp"

#include <tuban/error.hpp>

#include "core/format.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string_view>
#include <system_error>

namespace tuban {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> our_files = {
    "plan.gpkg", "plan.xlsx", "report.html", "run.json"};

[[noreturn]] void refuse(const fs::path& path, const Text& why) {
    throw Error(ErrorCode::unwritable_output, why, {path.string(), 0, 0});
}

[[noreturn]] void refuse_system(const fs::path& path, int error) {
    const char* const why =
        std::strerror(error); // NOLINT(concurrency-mt-unsafe): glibc's is thread-safe
    refuse(
        path,
        text(
            "写不了：{}。请换一个可写的位置（-o），或腾出磁盘空间",
            "cannot be written: {}; choose another place (-o) or free some disk space",
            why
        )
    );
}

bool is_ours(const fs::path& folder) {
    std::ifstream file(folder / "run.json", std::ios::binary);
    std::string start(4096, '\0');
    file.read(start.data(), static_cast<std::streamsize>(start.size()));
    return start.find("\"tuban\"") != std::string::npos;
}

/// OUT must be absent, empty, or all ours.
void check_replaceable(const fs::path& out) {
    std::error_code error;
    const fs::file_status status = fs::status(out, error);
    if (status.type() == fs::file_type::not_found) {
        return;
    }
    if (status.type() != fs::file_type::directory) {
        refuse(
            out,
            {"已有同名的文件，不是文件夹；不会覆盖，请用 -o 另指结果文件夹",
             "is a file, not a folder; it is left alone: name another result folder with -o"}
        );
    }
    bool empty = true;
    for (const auto& entry : fs::directory_iterator(out, error)) {
        empty = false;
        const std::string name = entry.path().filename().string();
        if (std::find(our_files.begin(), our_files.end(), name) == our_files.end()) {
            refuse(
                out,
                text(
                    "这个文件夹里有不是 tuban 写的 {}；不会覆盖，请用 -o "
                    "另指结果文件夹，或先移走它",
                    "holds {}, which tuban did not write; it is left alone: name another "
                    "result folder with -o, or "
                    "move that away",
                    name
                )
            );
        }
    }
    if (error) {
        refuse_system(out, error.value());
    }
    if (!empty && !is_ours(out)) {
        refuse(
            out,
            {"这个文件夹里没有 tuban 的 run.json，看不出是以前的结果；不会覆盖，请用 -o "
             "另指结果文件夹",
             "has no run.json of tuban in it, so it may not be an earlier result; it is left "
             "alone: name another "
             "result folder with -o"}
        );
    }
}

std::string sibling_prefix(const fs::path& out) {
    return "." + out.filename().string() + ".tuban-";
}

/// What runs that were killed left behind. A sibling of a process that still lives is its own business.
void remove_left_behind(const fs::path& out) {
    const std::string prefix = sibling_prefix(out);
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(out.parent_path(), error)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(prefix)) {
            continue;
        }
        pid_t pid = 0;
        const char* const end = name.data() + name.size();
        const auto parsed = std::from_chars(name.data() + prefix.size(), end, pid);
        if (parsed.ec == std::errc{} && parsed.ptr == end && pid != getpid() &&
            kill(pid, 0) != 0 && errno == ESRCH) {
            fs::remove_all(entry.path(), error);
        }
    }
}

void sync(const fs::path& path) {
    const int file =
        open(path.c_str(), O_RDONLY | O_CLOEXEC); // NOLINT(cppcoreguidelines-pro-type-vararg)
    if (file < 0) {
        refuse_system(path, errno);
    }
    const int failed = fsync(file) == 0 ? 0 : errno;
    close(file);
    // Some file systems cannot sync a folder; they say EINVAL.
    if (failed != 0 && failed != EINVAL) {
        refuse_system(path, failed);
    }
}

/// Where a file system cannot swap two folders at once (the exchange is one step for whoever looks).
void exchange_in_two_steps(const fs::path& making, const fs::path& out) {
    const fs::path old = making.string() + ".old";
    std::error_code error;
    fs::rename(out, old, error);
    if (error) {
        refuse_system(out, error.value());
    }
    fs::rename(making, out, error);
    if (error) {
        std::error_code back;
        fs::rename(old, out, back);
        refuse_system(out, error.value());
    }
    fs::remove_all(old, error);
}

} // namespace

OutFolder::OutFolder(const std::string& out) {
    std::error_code error;
    out_ = fs::weakly_canonical(fs::absolute(out), error);
    if (error) {
        refuse_system(out, error.value());
    }
    if (!out_.has_filename()) {
        out_ = out_.parent_path();
    }
    if (out_ == out_.root_path()) {
        refuse(out, {"结果文件夹不能是根目录", "the result folder cannot be the root folder"});
    }
    check_replaceable(out_);
    fs::create_directories(out_.parent_path(), error);
    if (error) {
        refuse_system(out_.parent_path(), error.value());
    }
    remove_left_behind(out_);
    making_ = out_.parent_path() / (sibling_prefix(out_) + format("{}", getpid()));
    fs::remove_all(making_, error);
    if (mkdir(making_.c_str(), 0777) != 0) {
        refuse_system(out_.parent_path(), errno);
    }
}

OutFolder::~OutFolder() {
    std::error_code ignored;
    fs::remove_all(making_, ignored);
}

std::string OutFolder::path(const std::string& name) const {
    return (making_ / name).string();
}

void OutFolder::publish() {
    for (const auto& entry : fs::directory_iterator(making_)) {
        sync(entry.path());
    }
    sync(making_);
    check_replaceable(out_); // someone may have put a file there while we worked
    if (!fs::exists(out_)) {
        if (rename(making_.c_str(), out_.c_str()) != 0) {
            refuse_system(out_, errno);
        }
    } else if (renameat2(AT_FDCWD, making_.c_str(), AT_FDCWD, out_.c_str(), RENAME_EXCHANGE) != 0) {
        exchange_in_two_steps(making_, out_);
    }
    sync(out_.parent_path());
}

} // namespace tuban
