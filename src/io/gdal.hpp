#pragma once
#include <tuban/error.hpp>
#include <tuban/export.hpp>

#include <string>
#include <utility>
#include <vector>

namespace tuban {

/// While one lives, GDAL on this thread prints nothing, writes nothing beside its inputs, opens no connection, and its
/// last error is kept.
/// Every entry into GDAL makes one; the caller's own settings come back at its end.
class GdalScope {
public:
    GdalScope();
    ~GdalScope();
    GdalScope(const GdalScope&) = delete;
    GdalScope& operator=(const GdalScope&) = delete;
    GdalScope(GdalScope&&) = delete;
    GdalScope& operator=(GdalScope&&) = delete;

    /// Sets a configuration option of GDAL for this scope.
    void set(const std::string& name, const std::string& value);

    /// The last failure that GDAL told of; "" if none.
    [[nodiscard]] const std::string& failure() const { return failure_; }

    /// For a failure that has been dealt with.
    void forget_failure() { failure_.clear(); }

    /// @param message  as GDAL has it: may quote bytes of a file that are no text
    void note_failure(const char* message);

private:
    std::vector<std::pair<std::string, std::string>> before_; ///< name, value ("" was unset)
    std::string failure_;
};

/// GDAL's own threads know no GdalScope, and print what fails. For a program, which has one standard error to keep clean; a
/// library leaves the process's settings alone.
TUBAN_EXPORT void silence_threads_of_gdal();

/// A name in SQL, in double quotes.
[[nodiscard]] std::string sql_name(const std::string& name);

/// What GDAL said, to be put behind a sentence that does without it: "（GDAL: …）", or "" where it said nothing.
[[nodiscard]] Text said_by_gdal(const std::string& failure);

} // namespace tuban
