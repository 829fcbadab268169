#include "core/format.hpp"
#include "ranking/checks.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace tuban::expression {
namespace {

enum class Kind { other, integer, real, text };

/// What an operand is, where it is one token; `column` is set if it is a column.
struct Operand {
    Kind kind = Kind::other;
    const ColumnInfo* column = nullptr;
};

const ColumnInfo* column_of(const Names& names, const Token& token) {
    if (token.called ||
        (token.kind != TokenKind::name && token.kind != TokenKind::quoted_name)) {
        return nullptr;
    }
    if (const ColumnInfo* column = names.column(token.text)) {
        return column;
    }
    const auto aliased = names.aliased(token.text);
    return token.kind == TokenKind::name && aliased.size() == 1 ? aliased[0] : nullptr;
}

Operand operand(const Names& names, const std::vector<Token>& tokens, std::size_t at) {
    if (at >= tokens.size()) {
        return {};
    }
    const Token& token = tokens[at];
    if (token.kind == TokenKind::number) {
        const bool real = token.text.find_first_of(".eE") != std::string::npos &&
                          !token.text.starts_with("0x") && !token.text.starts_with("0X");
        return {real ? Kind::real : Kind::integer};
    }
    if (token.kind == TokenKind::text) {
        return {Kind::text};
    }
    const ColumnInfo* column = column_of(names, token);
    if (column == nullptr) {
        return {};
    }
    switch (column->type) {
    case ColumnType::text:
        return {Kind::text, column};
    case ColumnType::integer:
        return {Kind::integer, column};
    case ColumnType::real:
        return {Kind::real, column};
    }
    return {};
}

bool is_number(Kind kind) {
    return kind == Kind::integer || kind == Kind::real;
}

bool is_zero(const Token& token) {
    double value = 1.0;
    const char* end = token.text.data() + token.text.size();
    const auto parsed = std::from_chars(token.text.data(), end, value);
    return token.kind == TokenKind::number && parsed.ptr == end && value == 0.0;
}

bool compares(const Token& token) {
    static constexpr std::array<std::string_view, 8> comparisons = {
        "=", "==", "<>", "!=", "<", "<=", ">", ">="};
    return token.kind == TokenKind::symbol &&
           std::find(comparisons.begin(), comparisons.end(), token.text) != comparisons.end();
}

void lint_division(
    const Names& names,
    const std::vector<Token>& tokens,
    std::size_t at,
    std::vector<Text>& found
) {
    const bool divides = is_symbol(tokens[at], "/");
    const bool remains = is_symbol(tokens[at], "%");
    if ((!divides && !remains) || at == 0 || at + 1 >= tokens.size()) {
        return;
    }
    const std::string shown =
        format("{} {} {}", tokens[at - 1].text, tokens[at].text, tokens[at + 1].text);
    const Kind left = operand(names, tokens, at - 1).kind;
    const Kind right = operand(names, tokens, at + 1).kind;
    if (is_zero(tokens[at + 1])) {
        found.push_back(text("{}：除以 0 得空值", "{}: dividing by 0 gives NULL", shown));
    } else if (divides && left == Kind::integer && right == Kind::integer) {
        found.push_back(text(
            "{}：整数相除只取整数部分（7/2 = 3，QGIS 为 3.5）；请写成 * 1.0 /",
            "{}: integers divide to an integer (7/2 = 3; QGIS: 3.5): write * 1.0 /",
            shown
        ));
    } else if (remains && (left == Kind::real || right == Kind::real)) {
        found.push_back(text(
            "{}：% 先取整（7.9 % 4 = 3，QGIS 为 3.9）",
            "{}: % drops the fraction first (7.9 % 4 = 3; QGIS: 3.9)",
            shown
        ));
    }
}

void lint_comparison(
    const Names& names,
    const std::vector<Token>& tokens,
    std::size_t at,
    std::vector<Text>& found
) {
    if (!compares(tokens[at]) || at == 0) {
        return;
    }
    const Operand left = operand(names, tokens, at - 1);
    const Operand right = operand(names, tokens, at + 1);
    const bool text_and_number = (left.kind == Kind::text && is_number(right.kind)) ||
                                 (is_number(left.kind) && right.kind == Kind::text);
    if (text_and_number) {
        found.push_back(text(
            "{} {} {}：文本与数字比较；代码请写成 '10'，数字请用 to_real()",
            "{} {} {}: a text is compared with a number: write codes as '10', or use to_real()",
            tokens[at - 1].text,
            tokens[at].text,
            tokens[at + 1].text
        ));
    }
}

void lint_portability(const Token& token, std::vector<Text>& found) {
    static constexpr std::array<std::string_view, 6> functions = {
        "iif", "ifnull", "power", "pow", "sign", "instr"};
    const auto named = [&](std::string_view name) { return is_word(token, name); };
    const bool function =
        token.called && std::any_of(functions.begin(), functions.end(), named);
    const bool word = named("BETWEEN") || named("CAST") || named("GLOB");
    const bool symbol = is_symbol(token, "==") || is_symbol(token, "&");
    const bool hex = token.kind == TokenKind::number && token.text.size() > 1 &&
                     (token.text[1] == 'x' || token.text[1] == 'X');
    if (function || word || symbol || hex) {
        found.push_back(text(
            "{}：QGIS 3.22 的表达式不认识此写法",
            "{}: expressions of QGIS 3.22 do not know this",
            token.text
        ));
    }
}

/// NOT, <> and the like leave out rows whose value is null, which people rarely mean.
void lint_nulls(
    const Names& names, const std::vector<Token>& tokens, std::vector<Text>& found
) {
    bool negated = false;
    bool extreme = false;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const bool null_test = (i > 0 && is_word(tokens[i - 1], "IS")) ||
                               (i + 1 < tokens.size() && is_word(tokens[i + 1], "NULL"));
        negated = negated || is_symbol(tokens[i], "<>") || is_symbol(tokens[i], "!=") ||
                  (is_word(tokens[i], "NOT") && !null_test);
        extreme = extreme || is_word(tokens[i], "max") || is_word(tokens[i], "min");
    }
    std::set<std::string> told;
    for (const Token& token : tokens) {
        const ColumnInfo* column = column_of(names, token);
        if (column == nullptr || column->nulls == 0 || (!negated && !extreme) ||
            !told.insert(column->name).second) {
            continue;
        }
        found.push_back(
            negated
                ? text(
                      "{} 有 {} 个空值：NOT、<> 对空值不成立；需要时加 OR {} IS NULL",
                      "{} has {} nulls, for which NOT and <> are not true: add OR {} IS NULL "
                      "if they are meant",
                      column->name,
                      column->nulls,
                      column->name
                  )
                : text(
                      "{} 有 {} 个空值：max、min 遇空值得空值（QGIS 跳过空值）",
                      "{} has {} nulls: max and min with a null give null (QGIS skips it)",
                      column->name,
                      column->nulls
                  )
        );
    }
}

void lint_shadowing(const Names& names, const Token& token, std::vector<Text>& found) {
    const ColumnInfo* column =
        token.kind == TokenKind::name && !token.called ? names.column(token.text) : nullptr;
    if (column == nullptr) {
        return;
    }
    for (const ColumnInfo* other : names.aliased(token.text)) {
        if (other != column) {
            found.push_back(text(
                "{} 取数据自带的列，不是 {} 的中文名",
                "{} is the source's own column here, not the alias of {}",
                token.text,
                other->name
            ));
        }
    }
}

} // namespace

std::vector<Text> lints(const Condition& condition, const Names& names) {
    std::vector<Text> found;
    const std::vector<Token> tokens = significant(condition.text);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        lint_division(names, tokens, i, found);
        lint_comparison(names, tokens, i, found);
        lint_portability(tokens[i], found);
        lint_shadowing(names, tokens[i], found);
    }
    lint_nulls(names, tokens, found);
    return found;
}

} // namespace tuban::expression
