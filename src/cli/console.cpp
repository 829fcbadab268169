#include "cli/console.hpp"

#include "core/format.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <thread>
#include <utility>

namespace tuban::cli {
namespace {

std::atomic<bool> interrupted = false;
std::atomic<bool> left = false;  ///< the watch is clearing away what the call had begun
std::atomic<int> watch_end = -1; ///< of the pipe that wakes the watch
static_assert(
    std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free,
    "a signal handler may only touch lock-free atomics"
);

/// What removes the files of a call that is left half done.
struct Leftovers {
    std::mutex mutex;
    std::function<void()> remove;
};

Leftovers& leftovers() {
    static Leftovers one;
    return one;
}

extern "C" void on_interrupt(int /*signal*/) {
    const int error = errno;
    interrupted = true;
    const char byte = 0;
    static_cast<void>(write(watch_end, &byte, 1) == 1); // a full pipe has woken it already
    errno = error;
}

/// Waits for Ctrl-C, then a second for the library to stop, or for another Ctrl-C, and leaves. A thread of its own may
/// remove files, which a signal handler may not.
void watch(int begin) {
    char byte = 0;
    while (read(begin, &byte, 1) != 1) {
    }
    constexpr int patience_ms = 1000;
    pollfd again{begin, POLLIN, 0};
    static_cast<void>(poll(&again, 1, patience_ms));
    left = true;
    Leftovers& all = leftovers();
    const std::lock_guard lock(all.mutex);
    if (all.remove) {
        all.remove();
    }
    _exit(static_cast<int>(ErrorCode::interrupted));
}

/// Whoever read our output has had enough (`| head`): end as any filter does. Files are written by then.
[[noreturn]] void leave_as_sigpipe() {
    struct sigaction action = {};
    action.sa_handler = SIG_DFL;
    sigaction(SIGPIPE, &action, nullptr);
    raise(SIGPIPE);
    _exit(static_cast<int>(ErrorCode::unwritable_output)); // only if the signal is blocked
}

/// The code point at `at`, which moves past it; malformed bytes count as themselves.
std::uint32_t next_code_point(std::string_view text, std::size_t& at) {
    const auto byte = static_cast<unsigned char>(text[at++]);
    const int more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0;
    std::uint32_t point = more == 3   ? byte & 0x07U
                          : more == 2 ? byte & 0x0FU
                          : more == 1 ? byte & 0x1FU
                                      : byte;
    for (int i = 0; i < more && at < text.size(); ++i) {
        point = (point << 6U) | (static_cast<unsigned char>(text[at++]) & 0x3FU);
    }
    return point;
}

bool is_wide(std::uint32_t point) {
    struct Range {
        std::uint32_t first;
        std::uint32_t last;
    };

    // Unicode East Asian Width W and F, the blocks that occur in Chinese text.
    constexpr std::array<Range, 8> wide = {
        {{0x1100, 0x115F},
         {0x2E80, 0x303E},
         {0x3041, 0xA4CF},
         {0xAC00, 0xD7A3},
         {0xF900, 0xFAFF},
         {0xFE30, 0xFE6F},
         {0xFF00, 0xFF60},
         {0x20000, 0x3FFFD}}};
    return std::any_of(wide.begin(), wide.end(), [&](const Range& range) {
        return point >= range.first && point <= range.last;
    });
}

/// Short runs stay silent in a log; long ones tell that they live.
constexpr std::chrono::seconds between_lines{30};

std::string json_escaped(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            escaped += '\\';
        }
        escaped += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return escaped;
}

} // namespace

Console::Console(const Common& common) : common_(common) {
    const bool terminal = isatty(STDERR_FILENO) == 1;
    bar_ = common_.progress == ProgressStyle::bar ||
           (common_.progress == ProgressStyle::automatic && terminal && !common_.quiet);
    lines_ = common_.progress == ProgressStyle::automatic && !terminal && !common_.quiet;
}

const std::string& Console::say(const Text& text) const {
    return common_.language == Language::zh ? text.zh : text.en;
}

void Console::data(std::string_view text) {
    end_progress();
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() ||
        std::fflush(stdout) != 0) {
        if (errno == EPIPE) {
            leave_as_sigpipe();
        }
        throw Error(
            ErrorCode::unwritable_output,
            {"标准输出写不进去", "standard output cannot be written"}
        );
    }
}

void Console::words(std::string_view line) {
    if (!common_.quiet) {
        complain(line);
    }
}

void Console::complain(std::string_view line) {
    end_progress();
    std::fwrite(line.data(), 1, line.size(), stderr);
    std::fputc('\n', stderr);
}

Execution Console::execution() {
    Execution execution;
    execution.threads = common_.threads;
    execution.progress = [this](double complete, const Text& stage) {
        return show(complete, stage);
    };
    return execution;
}

bool Console::show(double complete, const Text& stage) {
    if (interrupted) {
        return false;
    }
    if (common_.progress == ProgressStyle::json) {
        const std::string line = format(
            "{{\"complete\": {:.4f}, \"stage\": \"{}\"}}\n",
            std::clamp(complete, 0.0, 1.0),
            json_escaped(say(stage))
        );
        std::fwrite(line.data(), 1, line.size(), stderr);
    } else if (bar_) {
        constexpr int cells = 24;
        const int full = static_cast<int>(std::lround(std::clamp(complete, 0.0, 1.0) * cells));
        const std::string line = format(
            "\r[{}{}] {:3.0f}% {}\x1b[K",
            std::string(static_cast<std::size_t>(full), '#'),
            std::string(static_cast<std::size_t>(cells - full), '.'),
            complete * 100.0,
            say(stage)
        );
        std::fwrite(line.data(), 1, line.size(), stderr);
        bar_shown_ = true;
    } else if (lines_ && std::chrono::steady_clock::now() - last_line_ >= between_lines) {
        last_line_ = std::chrono::steady_clock::now();
        complain(format("{:3.0f}% {}", std::clamp(complete, 0.0, 1.0) * 100.0, say(stage)));
    }
    return true;
}

void Console::end_progress() {
    if (std::exchange(bar_shown_, false)) {
        std::fputs("\r\x1b[K", stderr);
    }
}

void remove_when_left(std::function<void()> remove) {
    Leftovers& all = leftovers();
    const std::lock_guard lock(all.mutex);
    all.remove = std::move(remove);
}

void wait_if_left() {
    while (left) {
        pause();
    }
}

void watch_interrupts() {
    struct sigaction action = {};
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0) {
        fcntl(
            ends[0], F_SETFL, 0
        ); // NOLINT(cppcoreguidelines-pro-type-vararg): the watch waits
        watch_end = ends[1];
        leftovers(); // made before the thread that uses it
        std::thread(watch, ends[0]).detach();
        action.sa_handler = on_interrupt;
        sigaction(SIGINT, &action, nullptr);
        sigaction(SIGTERM, &action, nullptr);
    }
    action.sa_handler = SIG_IGN; // a closed pipe is an error of the write, not a sudden end
    sigaction(SIGPIPE, &action, nullptr);
    sigaction(SIGXFSZ, &action, nullptr); // so is a file that may not grow further
}

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) {
        width += is_wide(next_code_point(text, at)) ? std::size_t{2} : std::size_t{1};
    }
    return width;
}

std::string
aligned(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& right) {
    std::vector<std::size_t> widths(right.size(), 0);
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], display_width(row[i]));
        }
    }
    std::string text;
    for (const auto& row : rows) {
        std::string line = " ";
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string padding(widths[i] - display_width(row[i]), ' ');
            line += " ";
            line += right[i] ? padding + row[i] : row[i] + padding;
            line += " ";
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

std::string trimmed(double value, int digits) {
    std::string number = format("{:.{}f}", value, digits);
    if (number.find('.') != std::string::npos) {
        number.erase(number.find_last_not_of('0') + 1);
        if (number.ends_with('.')) {
            number.pop_back();
        }
    }
    return number == "-0" ? "0" : number;
}

} // namespace tuban::cli
