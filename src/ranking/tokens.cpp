#include "ranking/tokens.hpp"

#include <algorithm>
#include <array>

namespace tuban::expression {
namespace {

bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v');
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool starts_name(char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool continues_name(char c) {
    return starts_name(c) || is_digit(c) || c == '$';
}

std::size_t end_of_name(std::string_view sql, std::size_t at) {
    while (at < sql.size() && continues_name(sql[at])) {
        ++at;
    }
    return at;
}

Token quoted(std::string_view sql, std::size_t at) {
    const char close = sql[at] == '[' ? ']' : sql[at];
    Token token{sql[at] == '\'' ? TokenKind::text : TokenKind::quoted_name, at, 0, {}};
    for (std::size_t i = at + 1; i < sql.size(); ++i) {
        if (sql[i] != close) {
            token.text += sql[i];
            continue;
        }
        const bool doubled = close != ']' && i + 1 < sql.size() && sql[i + 1] == close;
        if (!doubled) {
            token.size = i + 1 - at;
            return token;
        }
        token.text += close;
        ++i;
    }
    token.kind = TokenKind::unclosed;
    token.size = sql.size() - at;
    return token;
}

Token comment(std::string_view sql, std::size_t at) {
    const bool block = sql[at] == '/';
    const std::size_t end = sql.find(block ? "*/" : "\n", at + 2);
    Token token{TokenKind::comment, at, sql.size() - at, {}};
    if (end != std::string_view::npos) {
        token.size = end - at + (block ? 2 : 0);
    } else if (block) {
        token.kind = TokenKind::unclosed;
    }
    return token;
}

Token number(std::string_view sql, std::size_t at) {
    std::size_t end = at;
    while (end < sql.size()) {
        const bool exponent_sign = (sql[end] == '+' || sql[end] == '-') && end > at &&
                                   lower(sql[end - 1]) == 'e' &&
                                   !sql.substr(at).starts_with("0x");
        if (!continues_name(sql[end]) && sql[end] != '.' && !exponent_sign) {
            break;
        }
        ++end;
    }
    return {TokenKind::number, at, end - at, std::string(sql.substr(at, end - at))};
}

Token symbol(std::string_view sql, std::size_t at) {
    static constexpr std::array<std::string_view, 11> two = {
        "<=", ">=", "<>", "!=", "==", "||", "<<", ">>", "->", "//", "&&"};
    const std::string_view pair = sql.substr(at, 2);
    const std::size_t size = std::find(two.begin(), two.end(), pair) == two.end() ? 1 : 2;
    return {TokenKind::symbol, at, size, std::string(sql.substr(at, size))};
}

Token next(std::string_view sql, std::size_t at) {
    const char c = sql[at];
    const char after = at + 1 < sql.size() ? sql[at + 1] : '\0';
    if (c == '\'' || c == '"' || c == '`' || c == '[') {
        return quoted(sql, at);
    }
    if ((c == '-' && after == '-') || (c == '/' && after == '*')) {
        return comment(sql, at);
    }
    if (is_digit(c) || (c == '.' && is_digit(after))) {
        return number(sql, at);
    }
    if (starts_name(c)) {
        const std::size_t end = end_of_name(sql, at);
        return {TokenKind::name, at, end - at, std::string(sql.substr(at, end - at))};
    }
    if (c == '?' || ((c == ':' || c == '@' || c == '$' || c == '#') && continues_name(after))) {
        const std::size_t end = end_of_name(sql, at + 1);
        return {TokenKind::parameter, at, end - at, std::string(sql.substr(at, end - at))};
    }
    return symbol(sql, at);
}

void mark_calls(std::vector<Token>& tokens) {
    Token* name = nullptr;
    for (Token& token : tokens) {
        if (token.kind == TokenKind::comment) {
            continue;
        }
        if (name != nullptr && is_symbol(token, "(")) {
            name->called = true;
        }
        const bool named =
            token.kind == TokenKind::name || token.kind == TokenKind::quoted_name;
        name = named ? &token : nullptr;
    }
}

} // namespace

std::vector<Token> split(std::string_view expression) {
    std::vector<Token> tokens;
    std::size_t at = 0;
    while (at < expression.size()) {
        if (is_space(expression[at])) {
            ++at;
            continue;
        }
        tokens.push_back(next(expression, at));
        at += tokens.back().size;
    }
    mark_calls(tokens);
    return tokens;
}

std::vector<Token> significant(std::string_view expression) {
    std::vector<Token> tokens = split(expression);
    std::erase_if(tokens, [](const Token& token) { return token.kind == TokenKind::comment; });
    return tokens;
}

bool same_name(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return lower(x) == lower(y);
    });
}

bool is_word(const Token& token, std::string_view keyword) {
    return token.kind == TokenKind::name && same_name(token.text, keyword);
}

bool is_symbol(const Token& token, std::string_view symbol) {
    return token.kind == TokenKind::symbol && token.text == symbol;
}

CodePoint code_point_at(std::string_view text, std::size_t offset) {
    const auto byte = [&](std::size_t i) {
        return static_cast<char32_t>(static_cast<unsigned char>(text[i]));
    };
    const char32_t first = byte(offset);
    std::size_t size = 1;
    if (first >= 0xF0) {
        size = 4;
    } else if (first >= 0xE0) {
        size = 3;
    } else if (first >= 0xC0) {
        size = 2;
    }
    if (size == 1 || offset + size > text.size()) {
        return {first, 1};
    }
    char32_t value = first & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        value = (value << 6U) | (byte(offset + i) & 0x3FU);
    }
    return {value, size};
}

} // namespace tuban::expression
