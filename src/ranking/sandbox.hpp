#pragma once
// SQLite with one table, and nothing that an expression could do but read its columns.
#include <tuban/table.hpp>

#include "ranking/names.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace tuban::expression {

void close_database(sqlite3* database) noexcept;
void finalize(sqlite3_stmt* statement) noexcept;

template <auto Close>
struct CloseWith {
    template <class T>
    void operator()(T* handle) const noexcept {
        Close(handle);
    }
};

using Database = std::unique_ptr<sqlite3, CloseWith<&close_database>>;
using Statement = std::unique_ptr<sqlite3_stmt, CloseWith<&finalize>>;

/// What SQLite has against an expression.
struct SqlFailure {
    std::string message;
    std::optional<std::size_t> offset; ///< bytes into the expression
};

/// NULL, integer, real or text.
using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

struct Outcome {
    std::vector<Value> values;               ///< (n) one per row
    std::set<std::string, std::less<>> read; ///< columns
    std::optional<SqlFailure> failure;
};

class Sandbox {
public:
    explicit Sandbox(const Table& table);

    /// Compiles an expression and works it out for every row. Failures are data: the caller knows the user's words.
    [[nodiscard]] Outcome evaluate(std::string_view expression);

    /// What the authorizer and the progress handler look at.
    struct Guard {
        std::set<std::string, std::less<>> columns;
        std::set<std::string, std::less<>> read;
        int selects = 0;
        std::int64_t steps_left = 0; ///< thousands of SQLite's instructions
    };

private:
    void fill(const Table& table, const std::vector<const Column*>& columns);
    void lock();
    [[nodiscard]] SqlFailure failure(std::string_view expression) const;

    std::size_t rows_ = 0;
    std::unique_ptr<Guard> guard_; ///< stays where SQLite was told it is
    Database database_;
};

/// Names of the functions that an expression may call.
[[nodiscard]] const std::set<std::string, std::less<>>& allowed_functions();
/// Those of them that no other SQLite has.
[[nodiscard]] bool is_own_function(std::string_view name);
void register_functions(sqlite3* database);

} // namespace tuban::expression
