#pragma once
// What the fuzz targets share. A target calls readers with whatever bytes it gets: tuban::Error is an answer, all else
// (another exception, a failed require(), a sanitizer's report) is a finding.
#include <tuban/error.hpp>

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace tuban_fuzz {

/// The bytes libFuzzer hands over, as text.
inline std::string_view bytes_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// Runs a reader. Errors must say something in both languages.
template <class Read>
void expect_answer_or_error(Read&& read) {
    try {
        read();
    } catch (const tuban::Error& error) {
        if (error.message().zh.empty() || error.message().en.empty() ||
            error.code() == tuban::ErrorCode::internal) {
            std::abort();
        }
    }
}

/// What must hold of an answer.
inline void require(bool holds, const char* what) {
    if (!holds) {
        std::fprintf(stderr, "does not hold: %s\n", what);
        std::abort();
    }
}

/// A folder in memory where there is one; each process has its own, removed at its end.
class Scratch {
public:
    Scratch()
        : folder_(
              std::filesystem::path(
                  std::filesystem::is_directory("/dev/shm")
                      ? "/dev/shm"
                      : std::filesystem::temp_directory_path().string()
              ) /
              ("tuban_fuzz_" + std::to_string(getpid()))
          ) {
        std::filesystem::create_directories(folder_);
    }

    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    Scratch(Scratch&&) = delete;
    Scratch& operator=(Scratch&&) = delete;

    [[nodiscard]] std::string folder() const { return folder_.string(); }

    [[nodiscard]] std::string file(const std::string& name) const {
        return (folder_ / name).string();
    }

    std::string write(const std::string& name, std::string_view bytes) const {
        std::ofstream(file(name), std::ios::binary)
            .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return file(name);
    }

    void remove(const std::string& name) const {
        std::error_code ignored;
        std::filesystem::remove(file(name), ignored);
    }

    /// Whether the reader left anything beside what was written.
    [[nodiscard]] std::size_t files() const {
        std::size_t count = 0;
        for ([[maybe_unused]] const auto& entry :
             std::filesystem::directory_iterator(folder_)) {
            ++count;
        }
        return count;
    }

private:
    std::filesystem::path folder_;
};

} // namespace tuban_fuzz

/// Defined by each target; libFuzzer calls it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
