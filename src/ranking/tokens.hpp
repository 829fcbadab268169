#pragma once
// The words of an SQL expression, as SQLite splits it. Needed to find names outside of literals, and to say what is
// wrong in the user's terms before SQLite says it in its own.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tuban::expression {

enum class TokenKind {
    name,        ///< bare; every byte from 0x80 on belongs to names, as in SQLite
    quoted_name, ///< "…", `…`, […]
    text,        ///< '…'
    number,
    symbol, ///< one operator or bracket
    parameter,
    comment,
    unclosed, ///< a quote or comment without an end
};

struct Token {
    TokenKind kind = TokenKind::symbol;
    std::size_t offset = 0; ///< bytes from the start of the expression
    std::size_t size = 0;   ///< bytes
    std::string text;       ///< without quotes, doubled quotes undone; else as written
    bool called =
        false; ///< a name right before an opening bracket (white space does not matter)
};

/// Splits an expression; white space is dropped, comments are kept.
[[nodiscard]] std::vector<Token> split(std::string_view expression);

/// The same without comments: what counts.
[[nodiscard]] std::vector<Token> significant(std::string_view expression);

/// Equal but for the case of A–Z: how SQLite compares names.
[[nodiscard]] bool same_name(std::string_view a, std::string_view b);

/// A bare name that is this keyword, in any case.
[[nodiscard]] bool is_word(const Token& token, std::string_view keyword);

[[nodiscard]] bool is_symbol(const Token& token, std::string_view symbol);

/// One code point of UTF-8 text.
struct CodePoint {
    char32_t value = 0;
    std::size_t size = 1; ///< bytes; 1 for a byte that starts no code point
};

[[nodiscard]] CodePoint code_point_at(std::string_view text, std::size_t offset);

} // namespace tuban::expression
