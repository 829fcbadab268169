#include "ranking/checks.hpp"

#include "core/format.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tuban::expression {
namespace {

// SQLITE_LIMIT_SQL_LENGTH is 64 KiB; aliases grow a little when rewritten.
constexpr std::size_t max_bytes = 32'768;

constexpr std::array<std::string_view, 14> aggregates = {
    "avg",
    "count",
    "first_value",
    "group_concat",
    "lag",
    "last_value",
    "lead",
    "median",
    "ntile",
    "rank",
    "row_number",
    "string_agg",
    "sum",
    "total"};

bool one_of(std::string_view word, const auto& words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view known) {
        return same_name(known, word);
    });
}

struct HalfWidth {
    char32_t full;
    std::string_view half;
};

constexpr std::array<HalfWidth, 19> lookalikes = {
    HalfWidth{U'　', " "},
    HalfWidth{U'\u00A0', " "},
    HalfWidth{U'\u200B', ""},
    HalfWidth{U'\uFEFF', ""},
    HalfWidth{U'≥', ">="},
    HalfWidth{U'≤', "<="},
    HalfWidth{U'≠', "<>"},
    HalfWidth{U'×', "*"},
    HalfWidth{U'÷', "/"},
    HalfWidth{U'−', "-"},
    HalfWidth{U'、', ","},
    HalfWidth{U'。', "."},
    HalfWidth{U'“', "'"},
    HalfWidth{U'”', "'"},
    HalfWidth{U'‘', "'"},
    HalfWidth{U'’', "'"},
    HalfWidth{U'「', "'"},
    HalfWidth{U'」', "'"},
    HalfWidth{U'＇', "'"}};

/// The half-width sign that a full-width one was probably meant to be.
std::optional<std::string> half_width(char32_t point) {
    for (const HalfWidth& pair : lookalikes) {
        if (pair.full == point) {
            return std::string(pair.half);
        }
    }
    if (point >= 0xFF01 && point <= 0xFF5E) {
        return std::string(1, static_cast<char>(point - 0xFF01 + '!'));
    }
    return std::nullopt;
}

/// Chinese input methods give signs that look right and are part of a name for SQLite.
void check_full_width(const Condition& condition, const Names& names, const Token& token) {
    if (token.kind != TokenKind::name || names.knows(token.text)) {
        return;
    }
    for (std::size_t at = 0; at < token.text.size();) {
        const CodePoint point = code_point_at(token.text, at);
        const auto half = half_width(point.value);
        if (!half) {
            at += point.size;
            continue;
        }
        const std::string found = token.text.substr(at, point.size);
        const bool quote = *half == "'";
        const bool blank = half->empty() || *half == " ";
        const Text remedy =
            quote ? text("文本请使用英文单引号 '…'", "put text in plain single quotes '…'")
            : blank ? text("请用半角空格", "use a plain space")
                    : text("请用半角 {}", "write {} in half-width", *half);
        refuse(
            condition,
            token.offset + at,
            joined(
                text("条件中有全角符号“{}”；", "full-width sign {} in a condition: ", found),
                remedy
            )
        );
    }
}

void check_brackets(const Condition& condition, const std::vector<Token>& tokens) {
    std::vector<std::size_t> open;
    for (const Token& token : tokens) {
        if (is_symbol(token, "(")) {
            open.push_back(token.offset);
        } else if (is_symbol(token, ")") && open.empty()) {
            refuse(
                condition,
                token.offset,
                text("多余的右括号 )", "this closing bracket ) has no opening one")
            );
        } else if (is_symbol(token, ")")) {
            open.pop_back();
        } else if (is_symbol(token, ";") || (is_symbol(token, ",") && open.empty())) {
            refuse(
                condition,
                token.offset,
                text(
                    "条件只能是一个表达式，这里出现了 {}",
                    "a condition is one expression; found {}",
                    token.text
                )
            );
        }
    }
    if (!open.empty()) {
        refuse(condition, open.back(), text("括号没有闭合", "this bracket is never closed"));
    }
}

/// Whether the call whose name is tokens[at] has exactly one argument.
bool has_one_argument(const std::vector<Token>& tokens, std::size_t at) {
    int depth = 0;
    bool any = false;
    for (std::size_t i = at + 1; i < tokens.size(); ++i) {
        if (is_symbol(tokens[i], ",") && depth == 1) {
            return false;
        }
        if (is_symbol(tokens[i], ")") && --depth == 0) {
            return any;
        }
        any = any || i > at + 1;
        depth += is_symbol(tokens[i], "(") ? 1 : 0;
    }
    return false;
}

void check_call(
    const Condition& condition,
    const Names& names,
    const std::vector<Token>& tokens,
    std::size_t at
) {
    const Token& token = tokens[at];
    const bool extreme = is_word(token, "max") || is_word(token, "min");
    if (one_of(token.text, aggregates) || (extreme && has_one_argument(tokens, at))) {
        refuse(
            condition,
            token.offset,
            text(
                "条件逐个图斑判断，不能用汇总函数 {}()",
                "a condition looks at one plot: {}() over all plots is not possible",
                token.text
            )
        );
    }
    if (is_word(token, "left") || is_word(token, "right")) {
        refuse(
            condition,
            token.offset,
            text(
                "没有函数 {}()；请写 substr(列, 起始, 长度)",
                "there is no function {}(): write substr(column, start, length)",
                token.text
            )
        );
    }
    if (names.knows(token.text) && !allowed_functions().contains(token.text)) {
        refuse(
            condition,
            token.offset,
            text(
                "{} 是列名，后面不能跟括号；条件中的列名不带单位",
                "{} is a column, not a function: leave out the bracket (names have no unit "
                "here)",
                token.text
            )
        );
    }
}

void check_symbol(const Condition& condition, const Token& token) {
    if (is_symbol(token, "^")) {
        refuse(
            condition,
            token.offset,
            text("没有运算符 ^；平方请写 x*x", "there is no operator ^: write x*x for a square")
        );
    }
    if (is_symbol(token, "//")) {
        refuse(
            condition,
            token.offset,
            text(
                "没有运算符 //；请写 floor(a / b)",
                "there is no operator //: write floor(a / b)"
            )
        );
    }
    if (is_symbol(token, ".")) {
        refuse(
            condition,
            token.offset,
            text(
                "条件只能读本表的列，不能写“表名.列名”；请只写列名",
                "a condition reads the columns of this table alone: write the column without a "
                "table's name"
            )
        );
    }
}

void check_word(const Condition& condition, const Token& token) {
    for (const std::string_view word : {"SELECT", "EXISTS", "VALUES"}) {
        if (is_word(token, word)) {
            refuse(
                condition,
                token.offset,
                text(
                    "条件不能含子查询（{}），只能读本图斑的列",
                    "no sub-select ({}) in a condition: it reads the columns of its plot alone",
                    word
                )
            );
        }
    }
    if (is_word(token, "ILIKE")) {
        refuse(
            condition,
            token.offset,
            text(
                "没有 ILIKE；请写 lower(列) LIKE '小写样式'",
                "there is no ILIKE: write lower(column) LIKE 'lower-case pattern'"
            )
        );
    }
}

void check_token(
    const Condition& condition,
    const Names& names,
    const std::vector<Token>& tokens,
    std::size_t at
) {
    const Token& token = tokens[at];
    if (token.kind == TokenKind::unclosed) {
        refuse(
            condition,
            token.offset,
            text("引号或注释没有闭合", "this quote or comment is never closed")
        );
    }
    if (token.kind == TokenKind::parameter) {
        refuse(
            condition,
            token.offset,
            text("条件不能有参数 {}", "no parameter ({}) in a condition", token.text)
        );
    }
    check_full_width(condition, names, token);
    check_symbol(condition, token);
    check_word(condition, token);
    if (token.kind == TokenKind::name && token.called) {
        check_call(condition, names, tokens, at);
    }
}

std::string after(const std::string& message, std::string_view start) {
    return message.starts_with(start) ? message.substr(start.size()) : std::string{};
}

/// The first token of this text, where SQLite names a word but not its place.
std::size_t find_word(const Condition& condition, std::string_view word) {
    for (const Token& token : significant(condition.text)) {
        if (same_name(token.text, word)) {
            return token.offset;
        }
    }
    return 0;
}

[[noreturn]] void refuse_column(
    const Condition& condition, const Names& names, std::size_t at, const std::string& name
) {
    const auto quote = condition.text[std::min(at, condition.text.size() - 1)];
    const auto aliased = names.aliased(name);
    if (quote == '"' && !aliased.empty()) {
        refuse(
            condition,
            at,
            text(
                "双引号里只能是列名：中文名 {} 请不加引号，或写 \"{}\"；文本请用单引号 '…'",
                "double quotes hold a column's own name: write {} without quotes, or \"{}\"; "
                "text "
                "goes in single quotes '…'",
                name,
                aliased[0]->name
            )
        );
    }
    const Text hint =
        quote == '"' ? text(
                           "；双引号是列名，文本请用单引号 '{}'",
                           "; double quotes mean a column, text goes in single quotes '{}'",
                           name
                       )
                     : names.suggestion(name);
    refuse(condition, at, joined(text("没有列 {}", "there is no column {}", name), hint));
}

Text near_function(std::string_view name) {
    const std::vector<std::string> known(
        allowed_functions().begin(), allowed_functions().end()
    );
    const auto near = nearest_name(name, known);
    return near ? text("；是不是 {}？", "; did you mean {}?", *near) : Text{};
}

[[noreturn]] void
refuse_function(const Condition& condition, const std::string& name, bool forbidden) {
    const std::size_t at = find_word(condition, name);
    if (forbidden) {
        refuse(
            condition,
            at,
            text(
                "条件中不能用函数 {}()：同样的数据必须得到同样的结果",
                "the function {}() is not allowed in a condition: the same data must give the "
                "same "
                "answer",
                name
            )
        );
    }
    refuse(
        condition,
        at,
        joined(text("没有函数 {}()", "there is no function {}()", name), near_function(name))
    );
}

/// SQLite's message about names, in the user's terms; returns if it is about something else.
void explain_names(
    const Condition& condition,
    const Names& names,
    const std::string& message,
    std::optional<std::size_t> at
) {
    if (const std::string name = after(message, "no such column: "); !name.empty()) {
        refuse_column(condition, names, at.value_or(find_word(condition, name)), name);
    }
    if (const std::string name = after(message, "no such function: "); !name.empty()) {
        refuse_function(condition, name, false);
    }
    if (const std::string name = after(message, "not authorized to use function: ");
        !name.empty()) {
        refuse_function(condition, name, true);
    }
    for (const std::string_view start :
         {"wrong number of arguments to function ", "no such table: "}) {
        std::string name = after(message, start);
        if (name.empty()) {
            continue;
        }
        name = name.substr(0, name.find('('));
        const Text what =
            start == "no such table: "
                ? text(
                      "条件只能读本表的列，不能读表 {}",
                      "a condition reads the columns of this table, not the table {}",
                      name
                  )
                : text(
                      "函数 {}() 的参数个数不对",
                      "the function {}() has the wrong number of arguments",
                      name
                  );
        refuse(condition, at.value_or(find_word(condition, name)), what);
    }
}

} // namespace

void check(const Condition& condition, const Names& names) {
    const std::vector<Token> tokens = significant(condition.text);
    if (tokens.empty()) {
        refuse(condition, 0, text("条件是空的", "the condition is empty"));
    }
    if (const std::size_t nul = condition.text.find('\0'); nul != std::string::npos) {
        refuse(
            condition,
            nul,
            text("条件中有空字符 (NUL)", "there is a NUL character in the condition")
        );
    }
    if (condition.text.size() > max_bytes) {
        refuse(
            condition,
            max_bytes,
            text(
                "条件太长：{} 字节，最多 {}",
                "the condition has {} bytes, more than {}",
                condition.text.size(),
                max_bytes
            )
        );
    }
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        check_token(condition, names, tokens, i);
    }
    check_brackets(condition, tokens);
}

void explain(
    const Condition& condition,
    const Names& names,
    const Rewritten& rewritten,
    const SqlFailure& failure
) {
    std::optional<std::size_t> at;
    if (failure.offset) {
        at = *failure.offset < rewritten.origin.size() ? rewritten.origin[*failure.offset]
                                                       : condition.text.size();
    }
    const std::string& message = failure.message;
    explain_names(condition, names, message, at);
    if (message.starts_with("not authorized") ||
        message.find("prohibited") != std::string::npos) {
        refuse(
            condition,
            at.value_or(0),
            text(
                "条件只能读本表的列（{}）",
                "a condition reads the columns of this table and nothing else ({})",
                message
            )
        );
    }
    if (message == "interrupted") {
        refuse(
            condition,
            0,
            text(
                "条件计算过久，已停止；请简化",
                "the condition took too long and was stopped: make it simpler"
            )
        );
    }
    if (at && *at >= condition.text.size()) {
        refuse(condition, *at, text("条件不完整", "the condition is not complete"));
    }
    if (message.find("syntax error") != std::string::npos ||
        message.find("unrecognized token") != std::string::npos) {
        refuse(
            condition,
            at.value_or(0),
            text(
                "条件在此处写法有误（{}）",
                "the condition cannot be read from here on ({})",
                message
            )
        );
    }
    refuse(
        condition,
        at.value_or(0),
        text("条件无法计算：{}", "the condition cannot be worked out: {}", message)
    );
}

} // namespace tuban::expression
