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
#include <exception>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

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

/// What stands where OUT would be written.
struct Occupant {
    enum class Kind { none, ours, file, foreign_file, other_results, no_run_json };

    Kind kind = Kind::none;
    std::string name; ///< foreign_file, other_results: what is in the way
};

Occupant occupant_of(const fs::path& out) {
    using Kind = Occupant::Kind;
    std::error_code error;
    const fs::file_status status = fs::status(out, error);
    if (status.type() == fs::file_type::not_found) {
        return {};
    }
    if (status.type() != fs::file_type::directory) {
        return {Kind::file, ""};
    }
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(out, error)) {
        names.push_back(entry.path().filename().string());
    }
    if (error) {
        refuse_system(out, error.value());
    }
    std::sort(names.begin(), names.end());
    Kind kind = names.empty() || is_ours(out) ? Kind::ours : Kind::no_run_json;
    for (const std::string& name : names) {
        if (std::find(our_files.begin(), our_files.end(), name) == our_files.end()) {
            return {is_ours(out / name) ? Kind::other_results : Kind::foreign_file, name};
        }
    }
    return {kind, ""};
}

/// A folder that may be written: in OUT, or beside it where OUT is a file.
Text other_place(const fs::path& out, const std::string& name, bool beside) {
    std::string place = beside ? out.string() + "-" + name : (out / name).string();
    const auto is_free = [&] {
        const Occupant::Kind kind = occupant_of(place).kind;
        return kind == Occupant::Kind::none || kind == Occupant::Kind::ours;
    };
    const std::string first = place;
    for (int n = 2; !is_free(); ++n) {
        place = format("{}-{}", first, n);
    }
    std::error_code error;
    const bool replaces = fs::exists(place, error) && !fs::is_empty(place, error);
    return text(
        "-o {0}{1}",
        "-o {0}{2}",
        place,
        replaces ? "（替换那里以前的结果）" : "",
        replaces ? ", which replaces the earlier result there" : ""
    );
}

/// OUT must be absent, empty, or all ours.
/// @param out   as the user wrote it
/// @param name  of what is run
void check_replaceable(const fs::path& out, const std::string& name) {
    using Kind = Occupant::Kind;
    const Occupant occupant = occupant_of(out);
    if (occupant.kind == Kind::none || occupant.kind == Kind::ours) {
        return;
    }
    const Text place = other_place(out, name, occupant.kind == Kind::file);
    Text why;
    switch (occupant.kind) {
    case Kind::file:
        why = {
            "已有同名的文件，不是文件夹；不会覆盖",
            "is a file, not a folder; it is left alone"};
        break;
    case Kind::other_results:
        why = text(
            "这个文件夹里放着别的结果（{0}）；不会覆盖",
            "holds other results ({0}); they are left alone",
            occupant.name
        );
        break;
    case Kind::foreign_file:
        why = text(
            "这个文件夹里有不是 tuban 写的 {0}；不会覆盖，请移走它",
            "holds {0}, which tuban did not write; it is left alone: move it away",
            occupant.name
        );
        break;
    default:
        why = {
            "这个文件夹里没有 tuban 的 run.json，看不出是以前的结果；不会覆盖",
            "has no run.json of tuban in it, so it may not be an earlier result; it is left "
            "alone"};
        break;
    }
    const bool or_move = occupant.kind == Kind::foreign_file;
    refuse(
        out,
        text(
            "{0}{1}用 -o 另指结果文件夹，例如 {2}",
            "{3}{4}name another result folder with -o, such as {5}",
            why.zh,
            or_move ? "，或" : "；请",
            place.zh,
            why.en,
            or_move ? ", or " : ": ",
            place.en
        )
    );
}

std::string sibling_prefix(const fs::path& out) {
    return "." + out.filename().string() + ".tuban-";
}

/// Where this process writes it for now.
fs::path making_of(const fs::path& out) {
    return out.parent_path() / (sibling_prefix(out) + format("{}", getpid()));
}

fs::path without_slash(const fs::path& path) {
    return path.has_filename() ? path : path.parent_path();
}

fs::path real_path(const std::string& out, std::error_code& error) {
    return without_slash(fs::weakly_canonical(fs::absolute(out), error));
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

void remove_unpublished(const std::string& out) noexcept {
    constexpr int tries = 5; // the thread that writes may put a file into it meanwhile
    std::error_code error;
    try {
        const fs::path making = making_of(real_path(out, error));
        for (int i = 0; i < tries && fs::exists(making, error); ++i) {
            fs::remove_all(making, error);
        }
    } catch (const std::exception&) { // a path that cannot even be made: nothing was written
        return;
    }
}

OutFolder::OutFolder(const std::string& out, std::string name)
    : given_(without_slash(out)), name_(std::move(name)) {
    std::error_code error;
    out_ = real_path(out, error);
    if (error) {
        refuse_system(out, error.value());
    }
    if (out_ == out_.root_path()) {
        refuse(out, {"结果文件夹不能是根目录", "the result folder cannot be the root folder"});
    }
    check_replaceable(given_, name_);
    fs::create_directories(out_.parent_path(), error);
    if (error) {
        refuse_system(out_.parent_path(), error.value());
    }
    remove_left_behind(out_);
    making_ = making_of(out_);
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
    check_replaceable(given_, name_); // someone may have put a file there while we worked
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
