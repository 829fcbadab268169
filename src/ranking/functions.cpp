#include "ranking/sandbox.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <locale>
#include <memory>
#include <regex>
#include <span>
#include <string>

// The functions that QGIS has and SQLite has not, so that a rule pasted from there gives the same plots.
namespace tuban::expression {
namespace {

using Arguments = std::span<sqlite3_value*>;

Arguments arguments(int count, sqlite3_value** values) {
    return {values, static_cast<std::size_t>(count)};
}

bool is_null(sqlite3_value* value) {
    return sqlite3_value_type(value) == SQLITE_NULL;
}

std::string text_of(sqlite3_value* value) {
    const auto* bytes = sqlite3_value_text(value);
    const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
    std::string text(size, '\0');
    if (size > 0) {
        std::memcpy(text.data(), bytes, size);
    }
    return text;
}

std::wstring code_points(const std::string& text) {
    std::wstring points;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = code_point_at(text, at);
        points += static_cast<wchar_t>(point.value);
        at += point.size;
    }
    return points;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t\r\n") + 1 - first);
}

template <class T>
std::optional<T> parsed(sqlite3_value* value) {
    const std::string whole = text_of(value);
    const std::string_view text = trimmed(whole);
    T number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool complete = error == std::errc{} && end == text.data() + text.size();
    return complete ? std::optional<T>(number) : std::nullopt;
}

void call_if(sqlite3_context* context, int count, sqlite3_value** values) {
    const Arguments given = arguments(count, values);
    const bool taken = !is_null(given[0]) && sqlite3_value_double(given[0]) != 0.0;
    sqlite3_result_value(context, given[taken ? 1 : 2]);
}

void call_strpos(sqlite3_context* context, int count, sqlite3_value** values) {
    const Arguments given = arguments(count, values);
    if (is_null(given[0]) || is_null(given[1])) {
        return sqlite3_result_null(context);
    }
    const std::size_t at = code_points(text_of(given[0])).find(code_points(text_of(given[1])));
    const bool found = at != std::wstring::npos;
    return sqlite3_result_int64(context, found ? static_cast<sqlite3_int64>(at) + 1 : 0);
}

void call_concat(sqlite3_context* context, int count, sqlite3_value** values) {
    std::string joined; // NULLs count as empty, as in QGIS
    for (sqlite3_value* value : arguments(count, values)) {
        joined += is_null(value) ? std::string{} : text_of(value);
    }
    auto* copy = static_cast<char*>(sqlite3_malloc64(joined.size() + 1));
    if (copy == nullptr) {
        return sqlite3_result_error_nomem(context);
    }
    std::memcpy(copy, joined.c_str(), joined.size() + 1);
    return sqlite3_result_text64(context, copy, joined.size(), sqlite3_free, SQLITE_UTF8);
}

void call_to_int(sqlite3_context* context, int count, sqlite3_value** values) {
    sqlite3_value* given = arguments(count, values)[0];
    const int type = sqlite3_value_type(given);
    if (type == SQLITE_INTEGER) {
        return sqlite3_result_value(context, given);
    }
    if (type == SQLITE_FLOAT && std::abs(sqlite3_value_double(given)) < 9e18) {
        return sqlite3_result_int64(context, std::llround(sqlite3_value_double(given)));
    }
    const auto number = type == SQLITE_TEXT ? parsed<std::int64_t>(given) : std::nullopt;
    return number ? sqlite3_result_int64(context, *number) : sqlite3_result_null(context);
}

void call_to_real(sqlite3_context* context, int count, sqlite3_value** values) {
    sqlite3_value* given = arguments(count, values)[0];
    const int type = sqlite3_value_type(given);
    if (type == SQLITE_INTEGER || type == SQLITE_FLOAT) {
        return sqlite3_result_double(context, sqlite3_value_double(given));
    }
    const auto number = type == SQLITE_TEXT ? parsed<double>(given) : std::nullopt;
    return number ? sqlite3_result_double(context, *number) : sqlite3_result_null(context);
}

std::unique_ptr<std::wregex> compiled(const std::string& pattern) {
    auto flags = std::regex_constants::ECMAScript;
#ifdef __GLIBCXX__
    // The other engine of libstdc++ backtracks: (a*)*b would never end, and long texts would eat the stack.
    flags |= std::regex_constants::__polynomial;
#endif
    auto expression = std::make_unique<std::wregex>();
    expression->imbue(std::locale::classic());
    expression->assign(code_points(pattern), flags);
    return expression;
}

void call_regexp_match(sqlite3_context* context, int count, sqlite3_value** values) {
    const Arguments given = arguments(count, values);
    if (is_null(given[0]) || is_null(given[1])) {
        return sqlite3_result_null(context);
    }
    const std::string pattern = text_of(given[1]);
    const std::wstring subject = code_points(text_of(given[0]));
    if (pattern.size() > 200 || subject.size() > 10'000) {
        return sqlite3_result_error(context, "regexp_match: text or pattern too long", -1);
    }
    try {
        std::wsmatch match;
        const bool found = std::regex_search(subject, match, *compiled(pattern));
        return sqlite3_result_int64(context, found ? match.position(0) + 1 : 0);
    } catch (const std::regex_error&) {
        return sqlite3_result_error(context, "regexp_match: not a regular expression", -1);
    }
}

void call_one_argument(sqlite3_context* context, int /*count*/, sqlite3_value** /*values*/) {
    sqlite3_result_error(context, "aggregate: max() and min() need two arguments or more", -1);
}

struct OwnFunction {
    const char* name;
    int arguments;
    void (*call)(sqlite3_context*, int, sqlite3_value**);
};

constexpr std::array<OwnFunction, 6> own_functions = {
    OwnFunction{"if", 3, call_if},
    OwnFunction{"regexp_match", 2, call_regexp_match},
    OwnFunction{"strpos", 2, call_strpos},
    OwnFunction{"concat", -1, call_concat},
    OwnFunction{"to_int", 1, call_to_int},
    OwnFunction{"to_real", 1, call_to_real}};

} // namespace

const std::set<std::string, std::less<>>& allowed_functions() {
    // A list of what is allowed: whatever SQLite has besides or will have (random, date('now'), count) is not.
    static const std::set<std::string, std::less<>> allowed = {
        "abs",      "acos",      "asin",  "atan",    "atan2",   "ceil",    "ceiling",
        "coalesce", "concat",    "cos",   "degrees", "exp",     "floor",   "glob",
        "if",       "ifnull",    "iif",   "instr",   "length",  "like",    "ln",
        "log",      "log10",     "log2",  "lower",   "ltrim",   "max",     "min",
        "mod",      "nullif",    "pi",    "pow",     "power",   "radians", "regexp_match",
        "replace",  "round",     "rtrim", "sign",    "sin",     "sqrt",    "strpos",
        "substr",   "substring", "tan",   "to_int",  "to_real", "trim",    "trunc",
        "upper"};
    return allowed;
}

bool is_own_function(std::string_view name) {
    return std::any_of(own_functions.begin(), own_functions.end(), [&](const auto& function) {
        return same_name(function.name, name);
    });
}

void register_functions(sqlite3* database) {
    const auto add = [&](const OwnFunction& function) {
        sqlite3_create_function_v2(
            database,
            function.name,
            function.arguments,
            SQLITE_UTF8 | SQLITE_DETERMINISTIC,
            nullptr,
            function.call,
            nullptr,
            nullptr,
            nullptr
        );
    };
    for (const OwnFunction& function : own_functions) {
        add(function);
    }
    // SQLite's max(x) is an aggregate: one row for all plots.
    add({"max", 1, call_one_argument});
    add({"min", 1, call_one_argument});
}

} // namespace tuban::expression
