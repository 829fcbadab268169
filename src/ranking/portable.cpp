#include "core/format.hpp"
#include "ranking/checks.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

// What is stored in a plan must give the same plots in any SQLite, whose LIKE ignores case unless told otherwise.
namespace tuban::expression {
namespace {

/// Operators that bind tighter than LIKE: a literal before one of them is not the whole pattern.
constexpr std::array<std::string_view, 15> tighter = {
    "||", "+", "-", "*", "/", "%", "<", "<=", ">", ">=", "<<", ">>", "&", "|", "->"};

/// 'a%_*' → 'a*?[*]': GLOB's pattern for LIKE's.
std::string glob_of(std::string_view like, std::string_view escape) {
    std::string glob;
    for (std::size_t i = 0; i < like.size(); ++i) {
        const bool escaped = !escape.empty() && like.substr(i).starts_with(escape) &&
                             i + escape.size() < like.size();
        if (escaped) {
            i += escape.size();
        }
        const char c = like[i];
        if (!escaped && (c == '%' || c == '_')) {
            glob += c == '%' ? '*' : '?';
        } else if (c == '*' || c == '?' || c == '[') {
            glob += {'[', c, ']'};
        } else {
            glob += c;
        }
    }
    return glob;
}

std::string quoted_text(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text) {
        quoted += c;
        if (c == '\'') {
            quoted += c;
        }
    }
    return quoted + '\'';
}

bool binds_tighter(const std::vector<Token>& tokens, std::size_t at) {
    if (at >= tokens.size()) {
        return false;
    }
    const Token& token = tokens[at];
    return is_word(token, "COLLATE") ||
           (token.kind == TokenKind::symbol &&
            std::find(tighter.begin(), tighter.end(), token.text) != tighter.end());
}

/// LIKE's pattern at tokens[at] as GLOB's; `used` gets the number of tokens it takes, its ESCAPE included.
std::optional<std::string>
glob_pattern(const std::vector<Token>& tokens, std::size_t at, std::size_t& used) {
    if (at >= tokens.size() || tokens[at].kind != TokenKind::text ||
        binds_tighter(tokens, at + 1)) {
        return std::nullopt;
    }
    used = 1;
    std::string escape;
    if (at + 1 < tokens.size() && is_word(tokens[at + 1], "ESCAPE")) {
        if (at + 2 >= tokens.size() || tokens[at + 2].kind != TokenKind::text) {
            return std::nullopt;
        }
        escape = tokens[at + 2].text;
        used = 3;
    }
    return quoted_text(glob_of(tokens[at].text, escape));
}

void refuse_own(const Condition& condition, const Token& token, std::size_t offset) {
    if (!token.called || token.kind != TokenKind::name) {
        return;
    }
    if (is_own_function(token.text) || is_word(token, "like")) {
        refuse(
            condition,
            offset,
            text(
                "函数 {}() 不能用在要求的 where 中：成果里存的条件须能在任何 SQLite 中运行",
                "{}() cannot stand in the where of a requirement: what is stored must run in "
                "any "
                "SQLite",
                token.text
            )
        );
    }
}

} // namespace

std::string portable_sql(const Condition& condition, const Rewritten& rewritten) {
    const std::vector<Token> tokens = significant(rewritten.sql);
    const auto origin = [&](const Token& token) { return rewritten.origin[token.offset]; };
    std::string sql;
    std::size_t end = 0; // of the last token in the rewritten text
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const Token& token = tokens[i];
        refuse_own(condition, token, origin(token));
        // White space and comments between two tokens become one space.
        sql += token.offset > end && !sql.empty() ? " " : "";
        end = token.offset + token.size;
        if (!is_word(token, "LIKE")) {
            sql += rewritten.sql.substr(token.offset, token.size);
            continue;
        }
        std::size_t used = 0;
        const auto pattern = glob_pattern(tokens, i + 1, used);
        if (!pattern) {
            refuse(
                condition,
                origin(token),
                text(
                    "此处 LIKE 后面须直接写文本样式，例如 LIKE '%镇'",
                    "here LIKE needs its pattern as plain text, as in LIKE '%镇'"
                )
            );
        }
        sql += "GLOB " + *pattern;
        i += used;
        end = tokens[i].offset + tokens[i].size;
    }
    return sql;
}

} // namespace tuban::expression
