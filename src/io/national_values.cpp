#include "io/national_values.hpp"

#include "core/format.hpp"
#include "io/national_codes.hpp"
#include "io/row_words.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <map>
#include <utility>

namespace tuban {
namespace {

constexpr std::string_view ellipsis = "…";

bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

std::string without(std::string text, std::string_view what) {
    for (std::size_t i = text.find(what); i != std::string::npos; i = text.find(what, i)) {
        text.erase(i, what.size());
    }
    return text;
}

/// A word for comparing with codes and labels: half-width, trimmed, no quotes, letters in capitals.
std::string plain(std::string_view value) {
    std::string word = trimmed(half_width(value));
    for (const std::string_view quote : {"“", "”", "‘", "’", "\""}) {
        word = without(std::move(word), quote);
    }
    std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) {
        return static_cast<char>(std::toupper(c));
    });
    return trimmed(word);
}

/// Less notes in brackets: "土地损毁(含挖损、占压、塌陷)" → "土地损毁".
std::string without_brackets(std::string_view word) {
    std::string result;
    int depth = 0;
    for (const char c : word) {
        depth += c == '(' ? 1 : 0;
        if (depth == 0) {
            result += c;
        }
        depth -= c == ')' && depth > 0 ? 1 : 0;
    }
    return trimmed(result);
}

bool fits_label(std::string_view word, std::string_view label) {
    const std::size_t gap = label.find(ellipsis);
    if (gap == std::string_view::npos) {
        return lower(word) == lower(label);
    }
    const std::string_view begin = label.substr(0, gap);
    const std::string_view end = label.substr(gap + ellipsis.size());
    return word.size() >= begin.size() + end.size() && word.starts_with(begin) &&
           word.ends_with(end);
}

/// The code of a label; "" for a word without a code; none if it is no label of the field.
std::optional<std::string> labelled(std::string_view field, std::string_view word) {
    for (const NationalCode& known : national_codes()) {
        if (known.field == field && fits_label(word, known.label)) {
            return std::string(known.code);
        }
    }
    return std::nullopt;
}

bool is_code(std::string_view field, std::string_view word) {
    const auto codes = national_codes();
    return std::any_of(codes.begin(), codes.end(), [&](const NationalCode& known) {
        return known.field == field && known.code == word;
    });
}

/// A code as it stands, or with what a spreadsheet adds: "10.0", "01".
std::optional<std::string> bare_code(std::string_view field, std::string_view word) {
    if (is_code(field, word)) {
        return std::string(word);
    }
    if (word.ends_with(".0") && is_code(field, word.substr(0, word.size() - 2))) {
        return std::string(word.substr(0, word.size() - 2));
    }
    if (word.size() == 2 && word[0] == '0' && is_code(field, word.substr(1))) {
        return std::string(word.substr(1));
    }
    // Land classes may carry a letter: 0201K, 1104A.
    const bool land = field == "SDDL" && word.size() == 5 &&
                      (word[4] == 'K' || word[4] == 'A') && is_code(field, word.substr(0, 4));
    return land ? std::optional(std::string(word)) : std::nullopt;
}

/// How many bytes of separator a text begins with; 0 for none.
std::size_t separator_at_begin(std::string_view text) {
    for (const std::string_view separator :
         {" ", "-", "_", ".", ":", ",", ")", "(", "—", "–", "、", "．", "·"}) {
        if (text.starts_with(separator)) {
            return separator.size();
        }
    }
    return 0;
}

/// Letters and digits at the beginning, and what follows them and any separators.
std::pair<std::string, std::string> parted(std::string_view word) {
    std::size_t end = 0;
    while (end < word.size() && std::isalnum(static_cast<unsigned char>(word[end])) != 0) {
        ++end;
    }
    std::string code(word.substr(0, end));
    std::string rest(word.substr(end));
    while (const std::size_t separator = separator_at_begin(rest)) {
        rest.erase(0, separator);
    }
    return {std::move(code), std::move(rest)};
}

bool begins_with_label(std::string_view field, std::string_view code, std::string_view rest) {
    const auto codes = national_codes();
    return std::any_of(codes.begin(), codes.end(), [&](const NationalCode& known) {
        const std::string_view label = known.label.substr(0, known.label.find(ellipsis));
        return known.field == field && known.code == code && !label.empty() &&
               (rest.starts_with(label) || label.starts_with(rest));
    });
}

/// "10 历史遗留矿山", "10-历史遗留矿山(2021)": both halves must say the same.
std::optional<std::string> code_with_label(std::string_view field, std::string_view word) {
    const auto [code, rest] = parted(word);
    auto known = bare_code(field, code);
    if (known && !rest.empty() && begins_with_label(field, *known, rest)) {
        return known;
    }
    // "历史遗留矿山(10)", "历史遗留矿山 10"
    const std::size_t last = word.find_last_not_of(')');
    std::size_t begin = last == std::string_view::npos ? 0 : last + 1;
    while (begin > 0 && std::isalnum(static_cast<unsigned char>(word[begin - 1])) != 0) {
        --begin;
    }
    const std::string tail(word.substr(begin, last + 1 - begin));
    const std::string label = trimmed(without(std::string(word.substr(0, begin)), "("));
    const auto said = labelled(field, label);
    return said && !tail.empty() && bare_code(field, tail) == said ? said : std::nullopt;
}

/// @return none: in no list; "" : a word that stays as it is
std::optional<std::string> code_of(std::string_view field, std::string_view word) {
    if (auto code = bare_code(field, word)) {
        return code;
    }
    if (auto code = labelled(field, word)) {
        return code;
    }
    if (auto code = code_with_label(field, word)) {
        return code;
    }
    const std::string short_form = without_brackets(word);
    if (short_form.empty() || short_form == word) {
        return std::nullopt;
    }
    auto code = bare_code(field, short_form);
    return code ? code : labelled(field, short_form);
}

bool means_none(std::string_view word) {
    return word.empty() || word == "/";
}

std::vector<std::string> items_of(std::string_view list) {
    std::vector<std::string> items(1);
    int depth = 0;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const char c = list[i];
        depth += c == '(' ? 1 : (c == ')' && depth > 0 ? -1 : 0);
        const bool wide = list.substr(i).starts_with("、");
        if (depth == 0 && (c == ',' || c == ';' || c == '\n' || wide)) {
            items.emplace_back();
            i += wide ? std::string_view("、").size() - 1 : 0;
            continue;
        }
        items.back() += c;
    }
    for (std::string& item : items) {
        item = trimmed(item);
    }
    std::erase(items, std::string());
    return items;
}

/// Minerals have a list of their own, of which published tables show little.
bool is_open_list(std::string_view field) {
    return field == "KZ";
}

NationalValue one_code(const NationalField& field, std::string_view value) {
    const std::string word = plain(value);
    const auto code = code_of(field.name, word);
    if (!code && means_none(word)) {
        return {};
    }
    if (code && !code->empty()) {
        return {code, true};
    }
    const bool year =
        field.name == std::string_view("NXFSJ") && !code; // some tables have a date there
    if (const auto date = year ? iso_date(word) : std::nullopt) {
        return {date, true};
    }
    return {trimmed(value), code.has_value()};
}

NationalValue list_of_codes(const NationalField& field, std::string_view value) {
    const std::string word = plain(value);
    if (means_none(word) && !code_of(field.name, word)) {
        return {};
    }
    // A label may hold a separator ("土地损毁(含挖损、占压)") or be given whole.
    const auto whole = code_of(field.name, word);
    std::vector<std::string> items = whole ? std::vector{word} : items_of(word);
    std::string list;
    bool known = true;
    for (const std::string& item : items) {
        const auto code = code_of(field.name, item);
        known = known && (code.has_value() || is_open_list(field.name));
        list += (list.empty() ? "" : ",") + (code && !code->empty() ? *code : item);
    }
    if (list.empty()) {
        return {};
    }
    return {known ? list : trimmed(value), known};
}

/// Day 1 of Excel is 1900-01-01, and it believes in 1900-02-29.
std::optional<std::string> excel_date(std::string_view word) {
    constexpr long first = 32'874; // 1990-01-01
    constexpr long last = 55'153;  // 2050-12-31
    if (!all_digits(word) || word.size() != 5) {
        return std::nullopt;
    }
    const long serial = std::strtol(std::string(word).c_str(), nullptr, 10);
    if (serial < first || serial > last) {
        return std::nullopt;
    }
    namespace dates = std::chrono;
    constexpr dates::sys_days before_first{
        dates::year_month_day{dates::year{1899}, dates::December, dates::day{30}}};
    const dates::year_month_day day{before_first + dates::days{serial}};
    return format(
        "{:04}-{:02}-{:02}",
        static_cast<int>(day.year()),
        static_cast<unsigned>(day.month()),
        static_cast<unsigned>(day.day())
    );
}

/// Runs of digits and what stands between them: "2021年3月1号" → 2021 年 3 月 1 号.
struct Runs {
    std::vector<std::string> numbers;
    std::vector<std::string> words; ///< words[i] follows numbers[i]
};

Runs runs_of(std::string_view word) {
    Runs runs;
    bool was_digit = false;
    for (const char c : word) {
        const bool digit = is_digit(c);
        if (!digit && runs.numbers.empty()) {
            return {};
        }
        std::vector<std::string>& list = digit ? runs.numbers : runs.words;
        list.resize(digit == was_digit ? list.size() : list.size() + 1);
        list.back() += c;
        was_digit = digit;
    }
    runs.words.resize(runs.numbers.size());
    return runs;
}

constexpr int least_year = 1900;
constexpr int most_year = 2100;

std::optional<int> year_of(const std::string& digits) {
    const int year = digits.size() == 4 ? std::atoi(digits.c_str()) : 0;
    return year >= least_year && year <= most_year ? std::optional(year) : std::nullopt;
}

std::optional<std::string> dated(int year, const std::string& month, const std::string& day) {
    const auto m = static_cast<unsigned>(std::atoi(month.c_str()));
    if (month.empty() || month.size() > 2 || m < 1 || m > 12) {
        return std::nullopt;
    }
    if (day.empty()) {
        return format("{:04}-{:02}", year, m);
    }
    const auto d = static_cast<unsigned>(std::atoi(day.c_str()));
    const std::chrono::year_month_day date{
        std::chrono::year{year}, std::chrono::month{m}, std::chrono::day{d}};
    return day.size() <= 2 && date.ok() ? std::optional(format("{:04}-{:02}-{:02}", year, m, d))
                                        : std::nullopt;
}

bool is_one_of(const std::string& word, const std::vector<std::string_view>& known) {
    return std::find(known.begin(), known.end(), trimmed(word)) != known.end();
}

/// "2019", "2019年", "2019.0"
std::optional<std::string> year_alone(const Runs& runs) {
    if (runs.numbers.empty() || !year_of(runs.numbers[0])) {
        return std::nullopt;
    }
    const bool alone = runs.numbers.size() == 1 &&
                       is_one_of(runs.words[0], {"", "年", "年度", "年底", "年末", "年初"});
    const bool real = runs.numbers.size() == 2 && runs.words[0] == "." &&
                      runs.numbers[1] == "0" && runs.words[1].empty();
    return alone || real ? std::optional(runs.numbers[0]) : std::nullopt;
}

NationalValue year_value(std::string_view value) {
    const std::string word = trimmed(half_width(value));
    if (means_none(word)) {
        return {};
    }
    if (auto year = year_alone(runs_of(word))) {
        return {year, true};
    }
    const auto date = iso_date(word);
    return date ? NationalValue{date->substr(0, 4), true}
                : NationalValue{trimmed(value), false};
}

NationalValue date_value(std::string_view value) {
    const std::string word = trimmed(half_width(value));
    if (means_none(word)) {
        return {};
    }
    const auto date = iso_date(word);
    return date ? NationalValue{date, true} : NationalValue{trimmed(value), false};
}

/// "1,234.50" → "1234.50"; groups of three only.
std::string without_groups(const std::string& word) {
    const std::size_t point = std::min(word.find('.'), word.size());
    std::string whole = word.substr(0, point);
    std::size_t digits = 0;
    for (std::size_t i = whole.size(); i > 0; --i) {
        const char c = whole[i - 1];
        if (c == ',' && digits % 3 != 0) {
            return word;
        }
        digits += is_digit(c) ? 1U : 0U;
    }
    const bool grouped = whole.find(',') != std::string::npos && whole.find(',') <= 3;
    return grouped ? without(whole, ",") + word.substr(point) : word;
}

NationalValue number_value(std::string_view value) {
    const std::string word = trimmed(half_width(value));
    if (means_none(word)) {
        return {};
    }
    std::string digits = without_groups(word);
    char* end = nullptr;
    const double number = std::strtod(digits.c_str(), &end);
    const bool plain_digits =
        Decimal::parse(digits).has_value() ||
        (*end == '\0' && digits.find_first_of("xXnN") == std::string::npos);
    return plain_digits && std::isfinite(number) ? NationalValue{digits, true}
                                                 : NationalValue{trimmed(value), false};
}

/// What normalising a column did.
struct Changes {
    std::size_t changed = 0;
    std::map<std::pair<std::string, std::string>, std::vector<std::int64_t>>
        kinds; ///< from, to: rows
    std::vector<std::size_t> unknown_rows;
    std::map<std::string, std::vector<std::int64_t>> unknown;
};

constexpr std::size_t examples = 3;

template <class Map, class Words>
std::string some_of(const Map& map, Words words) {
    using Entry = std::pair<std::size_t, std::string>;
    std::vector<Entry> entries;
    entries.reserve(map.size());
    for (const auto& [key, rows] : map) {
        entries.emplace_back(rows.size(), words(key));
    }
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    std::string list;
    for (std::size_t i = 0; i < entries.size() && i < examples; ++i) {
        list += format("{}{} ×{}", i == 0 ? "" : "; ", entries[i].second, entries[i].first);
    }
    return entries.size() > examples ? list + "; …" : list;
}

Issue normalised(const std::string& column, const Changes& changes) {
    Issue issue;
    issue.code = "values_normalised";
    issue.field = column;
    const std::string list = some_of(changes.kinds, [](const auto& kind) {
        return format("“{}” → {}", kind.first, kind.second.empty() ? "NULL" : kind.second);
    });
    issue.message = text(
        "列“{}”有 {} 个值改为标准写法：{}",
        "{}: {} values were put in the standard form: {}",
        column,
        changes.changed,
        list
    );
    return issue;
}

/// What is not in the list of a code is another matter than a number, a year or a date that nobody can read.
const char* code_of_unknown(FieldKind kind) {
    return kind == FieldKind::code || kind == FieldKind::codes ? "unknown_code"
                                                               : "value_unreadable";
}

/// What becomes of a column with such values.
Text consequence_of_unknown(FieldKind kind) {
    return kind == FieldKind::number
               ? Text{"因此整列按文字保留，不与图形核对", "so the whole column stays text and is not held against the shapes"}
               : Text{"这些值原样保留", "they stay as they are"};
}

/// "：10 历史遗留矿山、20 …" where the list is short enough to be read.
std::string known_codes(const NationalField& field) {
    constexpr std::size_t most = 12;
    std::vector<std::string> codes;
    for (const NationalCode& code : national_codes()) {
        if (code.field == field.name && !code.code.empty()) {
            codes.push_back(format("{} {}", code.code, code.label));
        }
    }
    std::string list;
    for (const std::string& code : codes) {
        list += (list.empty() ? "" : "、") + code;
    }
    return codes.size() <= most ? list : "";
}

Issue unknown(const std::string& column, const NationalField& field, const Changes& changes) {
    const FieldKind kind = field.kind;
    Issue issue;
    issue.severity = Severity::warning;
    issue.code = code_of_unknown(kind);
    issue.field = column;
    issue.row = static_cast<std::int64_t>(changes.unknown_rows.front()) + 1;
    const std::string list =
        some_of(changes.unknown, [](const auto& word) { return format("“{}”", word); });
    const Text expected = kind == FieldKind::number ? Text{"不是数", "no number"}
                          : kind == FieldKind::year ? Text{"不是年份", "no year"}
                          : kind == FieldKind::date ? Text{"不是日期", "no date"}
                                                    : Text{"不在代码表内", "in no code list"};
    const std::string codes = known_codes(field);
    const Text consequence = consequence_of_unknown(kind);
    issue.message = text(
        "列“{0}”有 {1} 个值{2}：{3}（第 {4} 行）；{6}，请在源数据中改正{8}",
        "{0}: {1} values are {5}: {3} (rows {4}); {7}: correct the source{9}",
        column,
        changes.unknown_rows.size(),
        expected.zh,
        list,
        row_list(changes.unknown_rows),
        expected.en,
        consequence.zh,
        consequence.en,
        codes.empty() ? "" : "；代码表是：" + codes,
        codes.empty() ? "" : "; the codes are " + codes
    );
    return issue;
}

std::vector<OddValue>
all_values(const std::string& column, FieldKind kind, const Changes& changes) {
    std::vector<OddValue> values;
    for (const auto& [change, rows] : changes.kinds) {
        const auto& [from, to] = change;
        values.push_back(
            {"values_normalised",
             column,
             from,
             to.empty() ? std::nullopt : std::optional(to),
             rows}
        );
    }
    for (const auto& [value, rows] : changes.unknown) {
        values.push_back({code_of_unknown(kind), column, value, value, rows});
    }
    return values;
}

Column as_text(Column column) {
    if (column.type() == ColumnType::text) {
        return column;
    }
    std::vector<std::optional<std::string>> cells(column.size());
    for (std::size_t row = 0; row < cells.size(); ++row) {
        cells[row] = column.text(row);
    }
    return text_column(column.name, column.alias, cells);
}

/// Numbers that came as text.
Column numbers(const Column& column) {
    const auto& texts = std::get<std::vector<std::string>>(column.values);
    std::vector<std::optional<double>> reals(texts.size());
    for (std::size_t row = 0; row < texts.size(); ++row) {
        if (column.valid[row] != 0) {
            reals[row] = std::strtod(texts[row].c_str(), nullptr);
        }
    }
    return real_column(column.name, column.alias, column.unit, reals);
}

constexpr std::size_t longest_none =
    16; ///< bytes of what may mean none: a wide "/" among blanks

/// Free text that stays as it is, as most does.
bool is_settled(const NationalField& field, std::string_view cell) {
    return field.kind == FieldKind::text && cell.size() > longest_none &&
           trimmed_view(cell).size() == cell.size();
}

/// Keeps what a cell becomes, where that is not what it was.
void note(
    Changes& changes,
    const NationalField& field,
    std::string_view cell,
    const NationalValue& value,
    std::size_t row
) {
    const auto line = static_cast<std::int64_t>(row) + 1;
    const std::string_view word = trimmed_view(cell);
    const std::string_view now = value.text ? std::string_view(*value.text) : "";
    if (!value.known) {
        changes.unknown_rows.push_back(row);
        changes.unknown[std::string(word)].push_back(line);
    } else if (field.kind != FieldKind::text && now != word) {
        ++changes.changed;
        changes.kinds[{std::string(word), std::string(now)}].push_back(line);
    }
}

} // namespace

std::string half_width(std::string_view text) {
    constexpr std::string_view leads =
        "\xE3\xEF"; // of what is wide: without them nothing changes
    const std::size_t narrow = std::min(text.find_first_of(leads), text.size());
    std::string result(text.substr(0, narrow));
    for (std::size_t i = narrow; i < text.size();) {
        const auto byte = [&](std::size_t k) {
            return static_cast<unsigned>(static_cast<unsigned char>(text[i + k]));
        };
        if (text.substr(i).starts_with("\xE3\x80\x80")) {
            result += ' ';
            i += 3;
            continue;
        }
        const bool wide =
            i + 2 < text.size() && byte(0) == 0xEFU && (byte(1) == 0xBCU || byte(1) == 0xBDU);
        const unsigned code = wide ? ((byte(1) & 0x3FU) << 6U) + (byte(2) & 0x3FU) : 0;
        constexpr unsigned first = 0xF01; // U+FF01, less its leading 0xF of sixteen bits
        constexpr unsigned last = 0xF5E;
        if (wide && code >= first && code <= last) {
            result += static_cast<char>(code - first + '!');
            i += 3;
            continue;
        }
        result += text[i++];
    }
    return result;
}

std::optional<std::string> iso_date(std::string_view value) {
    const std::string word = trimmed(half_width(value));
    if (auto date = excel_date(word)) {
        return date;
    }
    const Runs runs = runs_of(word);
    if (runs.numbers.empty()) {
        return std::nullopt;
    }
    const std::string& first = runs.numbers[0];
    if (first.size() == 8 && runs.numbers.size() == 1 && runs.words[0].empty()) {
        const auto year = year_of(first.substr(0, 4));
        return year ? dated(*year, first.substr(4, 2), first.substr(6)) : std::nullopt;
    }
    if (auto year = year_alone(runs)) {
        return year;
    }
    const auto year = year_of(first);
    if (!year || runs.numbers.size() < 2) {
        return std::nullopt;
    }
    const std::string joint = trimmed(runs.words[0]);
    if (joint == "年") {
        if (!trimmed(runs.words[1]).starts_with("月")) {
            return std::nullopt;
        }
        return dated(*year, runs.numbers[1], runs.numbers.size() > 2 ? runs.numbers[2] : "");
    }
    if (!is_one_of(joint, {"-", "/", "."})) {
        return std::nullopt;
    }
    if (runs.numbers.size() == 2) { // "2021.1" may be a number that lost its last digit
        return joint == "." || !runs.words[1].empty() ? std::nullopt
                                                      : dated(*year, runs.numbers[1], "");
    }
    return trimmed(runs.words[1]) == joint ? dated(*year, runs.numbers[1], runs.numbers[2])
                                           : std::nullopt;
}

NationalValue national_value(const NationalField& field, std::string_view value) {
    switch (field.kind) {
    case FieldKind::code:
        return one_code(field, value);
    case FieldKind::codes:
        return list_of_codes(field, value);
    case FieldKind::number:
        return number_value(value);
    case FieldKind::year:
        return year_value(value);
    case FieldKind::date:
        return date_value(value);
    case FieldKind::text:
    case FieldKind::personal:
        break;
    }
    std::string word = trimmed(value);
    const bool none = word.size() <= longest_none && means_none(trimmed(half_width(word)));
    return none ? NationalValue{} : NationalValue{std::move(word), true};
}

NationalColumn as_national(Column column, const NationalField& field) {
    NationalColumn result;
    if (column.name != field.alias) {
        column.alias = field.alias;
    }
    if (field.kind == FieldKind::number && column.type() != ColumnType::text) {
        result.column = std::move(column);
        return result;
    }
    Changes changes;
    Column cells = as_text(std::move(column));
    auto& texts = std::get<std::vector<std::string>>(cells.values);
    std::string before; // codes repeat from row to row: what one was is the next one, too
    NationalValue value = national_value(field, before);
    for (std::size_t row = 0; row < cells.size(); ++row) {
        std::string& cell = texts[row];
        if (cells.valid[row] == 0 || is_settled(field, cell)) {
            continue;
        }
        if (cell != before) {
            value = national_value(field, cell);
        }
        note(changes, field, cell, value, row);
        before = cell;
        cells.valid[row] = value.text ? 1 : 0;
        if (!value.text) {
            cell.clear();
        } else if (cell != *value.text) {
            cell = *value.text;
        }
    }
    const bool real = field.kind == FieldKind::number && changes.unknown_rows.empty();
    result.column = real ? numbers(cells) : std::move(cells);
    if (changes.changed > 0) {
        result.issues.push_back(normalised(result.column.name, changes));
    }
    if (!changes.unknown_rows.empty()) {
        result.issues.push_back(unknown(result.column.name, field, changes));
    }
    result.values = all_values(result.column.name, field.kind, changes);
    return result;
}

} // namespace tuban
