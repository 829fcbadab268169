#pragma once
#include <tuban/core.hpp>

#include "cli/arguments.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tuban::cli {

/// The two streams, the language and the progress of one call of the program.
class Console {
public:
    explicit Console(const Common& common);

    [[nodiscard]] const Common& common() const noexcept { return common_; }

    [[nodiscard]] const std::string& say(const Text& text) const;

    /// Data, to stdout. @throws Error{unwritable_output} if stdout is closed or full.
    void data(std::string_view text);
    /// Words, to stderr; nothing with -q.
    void words(std::string_view line);
    /// Words that -q does not silence.
    void complain(std::string_view line);
    /// Threads and progress for a library call; Ctrl-C ends it with Error{interrupted}.
    [[nodiscard]] Execution execution();
    /// Takes the progress bar off the terminal, so that words can follow.
    void end_progress();

private:
    bool show(double complete, const Text& stage);

    Common common_;
    bool bar_ = false;
    bool bar_shown_ = false;
    bool lines_ = false; ///< no terminal: a line now and then instead of a bar
    std::chrono::steady_clock::time_point last_line_ = std::chrono::steady_clock::now();
};

/// Ctrl-C and SIGTERM ask for an end; if the library has not stopped within a second, or at a second Ctrl-C, the process
/// leaves with 130. OUT is swapped in as a whole, so leaving at any moment loses nothing.
void watch_interrupts();

/// What to do before the process leaves so: removes what the call wrote and did not finish. Runs beside the call.
void remove_when_left(std::function<void()> remove);

/// Before a failure is told: does not come back where the process is leaving, which may well be why something failed.
void wait_if_left();

/// Columns on a terminal: Chinese characters and full-width punctuation count two.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// Rows as aligned columns, two spaces between them; the first row is the header.
/// @param right  columns whose cells are numbers
[[nodiscard]] std::string
aligned(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& right);

/// At most `digits` decimals, without trailing zeros: 65.70 → 65.7.
[[nodiscard]] std::string trimmed(double value, int digits);

} // namespace tuban::cli
