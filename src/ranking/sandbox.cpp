#include "ranking/sandbox.hpp"

#include "core/format.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace tuban::expression {
namespace {

// The line breaks keep a "-- comment" at the end of an expression from eating the bracket.
constexpr std::string_view prefix = "SELECT (\n";
constexpr std::string_view suffix = "\n) FROM p";
constexpr int steps_per_tick = 1000;

int authorize( // NOLINT(readability-function-size): SQLite's signature
    void* user,
    int code,
    const char* first,
    const char* second,
    const char* /*database*/,
    const char* /*trigger*/
) {
    auto& guard = *static_cast<Sandbox::Guard*>(user);
    if (code == SQLITE_SELECT) { // the one of ours; a second is a sub-select
        return ++guard.selects == 1 ? SQLITE_OK : SQLITE_DENY;
    }
    if (code == SQLITE_READ) {
        if (std::strcmp(first, "p") != 0 || !guard.columns.contains(second)) {
            return SQLITE_DENY;
        }
        guard.read.insert(second);
        return SQLITE_OK;
    }
    if (code == SQLITE_FUNCTION) {
        return allowed_functions().contains(second) ? SQLITE_OK : SQLITE_DENY;
    }
    return SQLITE_DENY;
}

int tick(void* user) {
    return --static_cast<Sandbox::Guard*>(user)->steps_left < 0 ? 1 : 0;
}

void must(int status, sqlite3* database) {
    if (status != SQLITE_OK && status != SQLITE_DONE) {
        const std::string why = sqlite3_errmsg(database);
        throw Error(
            ErrorCode::internal,
            text(
                "SQLite 无法建立条件表：{}",
                "SQLite cannot hold the table of conditions: {}",
                why
            )
        );
    }
}

void run(sqlite3* database, const std::string& sql) {
    must(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), database);
}

Statement prepare(sqlite3* database, const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    must(
        sqlite3_prepare_v2(
            database, sql.c_str(), static_cast<int>(sql.size()), &statement, nullptr
        ),
        database
    );
    return Statement(statement);
}

const char* declared(ColumnType type) {
    switch (type) {
    case ColumnType::text:
        return "TEXT";
    case ColumnType::integer:
        return "INTEGER";
    case ColumnType::real:
        return "REAL";
    }
    return "TEXT";
}

/// Binds a cell; text is not copied, so the table must outlive the step.
int bind(sqlite3_stmt* statement, int index, const Column& column, std::size_t row) {
    if (column.valid[row] == 0) {
        return sqlite3_bind_null(statement, index);
    }
    if (const auto* texts = std::get_if<std::vector<std::string>>(&column.values)) {
        const std::string& cell = (*texts)[row];
        return sqlite3_bind_text(
            statement, index, cell.data(), static_cast<int>(cell.size()), SQLITE_STATIC
        );
    }
    if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&column.values)) {
        return sqlite3_bind_int64(statement, index, (*integers)[row]);
    }
    return sqlite3_bind_double(
        statement, index, std::get<std::vector<double>>(column.values)[row]
    );
}

Value value_of(sqlite3_stmt* statement) {
    switch (sqlite3_column_type(statement, 0)) {
    case SQLITE_INTEGER:
        return std::int64_t{sqlite3_column_int64(statement, 0)};
    case SQLITE_FLOAT:
        return sqlite3_column_double(statement, 0);
    case SQLITE_NULL:
        return std::monostate{};
    default:
        break;
    }
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, 0));
    const int size = sqlite3_column_bytes(statement, 0);
    return bytes == nullptr ? std::string{}
                            : std::string(bytes, static_cast<std::size_t>(size));
}

/// Columns that can stand side by side in one SQLite table: of names that differ only in case, the first.
std::vector<const Column*> columns_of(const Table& table) {
    std::vector<const Column*> columns;
    for (const Column& column : table.columns) {
        bool usable = !column.name.empty();
        for (const Column* other : columns) {
            usable = usable && !same_name(other->name, column.name);
        }
        if (usable) {
            columns.push_back(&column);
        }
    }
    return columns;
}

} // namespace

void close_database(sqlite3* database) noexcept {
    sqlite3_close(database);
}

void finalize(sqlite3_stmt* statement) noexcept {
    sqlite3_finalize(statement);
}

Sandbox::Sandbox(const Table& table) : rows_(table.rows), guard_(std::make_unique<Guard>()) {
    sqlite3* opened = nullptr;
    const int status = sqlite3_open_v2(
        ":memory:", &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr
    );
    database_.reset(opened);
    must(status, opened);
    // With this on, a misspelt "name" in double quotes would be a text, and true.
    for (const int option : {SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_DQS_DDL}) {
        must(sqlite3_db_config(opened, option, 0, nullptr), opened);
    }
    run(opened, "PRAGMA case_sensitive_like=ON");
    const std::vector<const Column*> columns = columns_of(table);
    fill(table, columns);
    register_functions(opened);
    lock();
}

void Sandbox::fill(const Table& table, const std::vector<const Column*>& columns) {
    std::string create = "CREATE TABLE p (";
    std::string insert = "INSERT INTO p VALUES (";
    for (const Column* column : columns) {
        const bool first = guard_->columns.empty();
        create += format(
            "{}{} {}", first ? "" : ", ", quoted_name(column->name), declared(column->type())
        );
        insert += first ? "?" : ", ?";
        guard_->columns.insert(column->name);
    }
    if (columns.empty()) { // a table without columns is none for SQLite
        create += "\"\" TEXT";
        insert += "NULL";
    }
    guard_->columns.insert(""); // read by expressions that name no column
    run(database_.get(), create + ")");
    run(database_.get(), "BEGIN");
    const Statement statement = prepare(database_.get(), insert + ")");
    for (std::size_t row = 0; row < table.rows; ++row) {
        int index = 0;
        for (const Column* column : columns) {
            must(bind(statement.get(), ++index, *column, row), database_.get());
        }
        must(sqlite3_step(statement.get()), database_.get());
        must(sqlite3_reset(statement.get()), database_.get());
    }
    run(database_.get(), "COMMIT");
}

void Sandbox::lock() {
    sqlite3* database = database_.get();
    sqlite3_limit(database, SQLITE_LIMIT_VARIABLE_NUMBER, 0); // else ?1 is a silent NULL
    sqlite3_limit(database, SQLITE_LIMIT_EXPR_DEPTH, 100);
    sqlite3_limit(database, SQLITE_LIMIT_SQL_LENGTH, 64 * 1024);
    sqlite3_limit(database, SQLITE_LIMIT_LENGTH, 1 << 20);
    sqlite3_limit(database, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200);
    sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
    must(sqlite3_set_authorizer(database, authorize, guard_.get()), database);
    sqlite3_progress_handler(database, steps_per_tick, tick, guard_.get());
}

SqlFailure Sandbox::failure(std::string_view expression) const {
    SqlFailure failure{sqlite3_errmsg(database_.get()), std::nullopt};
    const int offset = sqlite3_error_offset(database_.get()) - static_cast<int>(prefix.size());
    if (offset >= 0) {
        failure.offset = std::min(static_cast<std::size_t>(offset), expression.size());
    }
    return failure;
}

Outcome Sandbox::evaluate(std::string_view expression) {
    guard_->selects = 0;
    guard_->read.clear();
    guard_->steps_left = 100 + static_cast<std::int64_t>(rows_) * 10;
    const std::string sql = format("{}{}{}", prefix, expression, suffix);
    sqlite3_stmt* prepared = nullptr;
    const char* tail = nullptr;
    Outcome outcome;
    const int status = sqlite3_prepare_v2(
        database_.get(), sql.c_str(), static_cast<int>(sql.size()), &prepared, &tail
    );
    const Statement statement(prepared);
    if (status != SQLITE_OK) {
        outcome.failure = failure(expression);
        return outcome;
    }
    if (statement == nullptr || tail != sql.c_str() + sql.size() ||
        sqlite3_column_count(statement.get()) != 1) {
        outcome.failure = SqlFailure{"more than one expression", std::nullopt};
        return outcome;
    }
    outcome.read = guard_->read;
    int stepped = sqlite3_step(statement.get());
    for (; stepped == SQLITE_ROW; stepped = sqlite3_step(statement.get())) {
        outcome.values.push_back(value_of(statement.get()));
    }
    if (stepped != SQLITE_DONE) {
        outcome.failure = SqlFailure{sqlite3_errmsg(database_.get()), std::nullopt};
    } else if (outcome.values.size() != rows_) { // an aggregate or a filter slipped through
        outcome.failure = SqlFailure{"not one value per row", std::nullopt};
    }
    return outcome;
}

} // namespace tuban::expression
