#include <tuban/ranking.hpp>

#include "core/format.hpp"
#include "indicators/own_columns.hpp"
#include "ranking/judging.hpp"
#include "ranking/names.hpp"
#include "ranking/sandbox.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace tuban {
namespace {

/// Uses by column that they need and the table lacks.
using Missing = std::map<std::string, std::vector<std::string>>;

/// The columns of a table without its rows: what names mean needs no more.
Table heads_of(const Table& table) {
    Table heads;
    for (const Column& column : table.columns) {
        Column head = column;
        std::visit([](auto& values) { values.clear(); }, head.values);
        head.valid.clear();
        heads.columns.push_back(std::move(head));
    }
    return heads;
}

/// The column that SQLite says is not there; none if it has nothing or something else against the condition.
std::optional<std::string> column_not_there(const Condition& condition, const Table& heads) {
    constexpr std::string_view complaint = "no such column: ";
    const expression::Names names(heads);
    const auto rewritten = expression::rewrite(condition, names);
    const auto outcome = expression::Sandbox(heads).evaluate(rewritten.sql);
    if (!outcome.failure || !outcome.failure->message.starts_with(complaint)) {
        return std::nullopt;
    }
    return outcome.failure->message.substr(complaint.size());
}

/// Columns that a condition reads and the table lacks.
std::vector<std::string> lacking(const Condition& condition, Table heads) {
    std::vector<std::string> names;
    auto name = column_not_there(condition, heads);
    while (name && heads.find(*name) == nullptr
    ) { // a name told twice is no column: judging says so
        names.push_back(*name);
        heads.put(real_column(*name, "", "", {}));
        name = column_not_there(condition, heads);
    }
    return names;
}

void note(Missing& missing, const std::vector<std::string>& columns, const std::string& use) {
    for (const std::string& column : columns) {
        std::vector<std::string>& uses = missing[column];
        if (uses.empty() || uses.back() != use) {
            uses.push_back(use);
        }
    }
}

/// Finds what the needs read and the table lacks.
Missing missing_columns(const Table& table, const std::vector<ReuseOption>& options) {
    const Table heads = heads_of(table);
    Missing missing;
    for (const ReuseOption& option : options) {
        for (const ReuseNeed& need : option.needs) {
            note(missing, lacking(need.when, heads), option.id);
        }
    }
    return missing;
}

std::string joined(const std::vector<std::string>& words) {
    std::string all;
    for (const std::string& word : words) {
        all += (all.empty() ? "" : ", ") + word;
    }
    return all;
}

Issue missing_issue(
    const std::string& column, const std::vector<std::string>& uses, const Table& table
) {
    const bool ours = is_own_column(column);
    const Text hint = ours ? Text{} : expression::Names(table).suggestion(column);
    Issue issue;
    issue.severity = ours ? Severity::note : Severity::warning;
    issue.code = "reuse_column_missing";
    issue.field = column;
    issue.message = text(
        "再利用筛选要用的列 {0} 没有{2}；用到它的用途（{1}）不会判为可以",
        "the column {0}, which the reuse screening reads, is not there{3}; no use that needs "
        "it "
        "({1}) is found fit",
        column,
        joined(uses),
        hint.zh,
        hint.en
    );
    return issue;
}

/// A need over all rows.
struct JudgedNeed {
    const ReuseNeed* need;
    judging::Judgement judgement;

    [[nodiscard]] ReuseAnswer answer(std::size_t row) const {
        const auto truth = judgement.truth[row];
        if (truth && !*truth) {
            return ReuseAnswer::no;
        }
        const bool complete = std::all_of(
            judgement.looked_at.begin(),
            judgement.looked_at.end(),
            [&](const Column* column) { return column->valid[row] != 0; }
        );
        return truth && complete ? ReuseAnswer::yes : ReuseAnswer::unknown;
    }
};

/// Needs with what they looked at: 坑深 5 米以上（pit_depth_max_m = 3.2）.
Text needs_text(const std::vector<JudgedNeed>& needs, std::size_t row, ReuseAnswer answer) {
    Text all;
    for (const JudgedNeed& judged : needs) {
        if (judged.answer(row) != answer) {
            continue;
        }
        const ReuseNeed& need = *judged.need;
        const std::string values = judging::values_text(judged.judgement.looked_at, row);
        all.zh += format(
            "{}{}（{}）",
            all.zh.empty() ? "" : "、",
            need.name.empty() ? need.when.text : need.name,
            values
        );
        all.en += format("{}{} ({})", all.en.empty() ? "" : "; ", need.when.text, values);
    }
    return all;
}

ReuseVerdict
verdict_of(const std::vector<JudgedNeed>& needs, std::size_t row, std::size_t option) {
    ReuseVerdict verdict{row, option, ReuseAnswer::yes, {}};
    for (const JudgedNeed& need : needs) {
        verdict.answer = std::min(verdict.answer, need.answer(row)); // no < unknown < yes
    }
    const Text needs_words = needs_text(needs, row, verdict.answer);
    switch (verdict.answer) {
    case ReuseAnswer::no:
        verdict.reason = text("不满足：{}", "not met: {1}", needs_words.zh, needs_words.en);
        break;
    case ReuseAnswer::unknown:
        verdict.reason = text(
            "缺少数据，无法判断：{}",
            "data are missing for: {1}",
            needs_words.zh,
            needs_words.en
        );
        break;
    case ReuseAnswer::yes:
        verdict.reason = text("都满足：{}", "all met: {1}", needs_words.zh, needs_words.en);
        break;
    }
    return verdict;
}

} // namespace

const char* name_of(ReuseAnswer answer) noexcept {
    switch (answer) {
    case ReuseAnswer::no:
        return "no";
    case ReuseAnswer::unknown:
        return "unknown";
    case ReuseAnswer::yes:
        break;
    }
    return "yes";
}

ReuseScreening screen_reuse(const Table& table, const std::vector<ReuseOption>& options) {
    ReuseScreening screening;
    Table complete = table;
    for (const auto& [column, uses] : missing_columns(table, options)) {
        complete.put(real_column(column, "", "", std::vector<std::optional<double>>(table.rows))
        );
        screening.issues.push_back(missing_issue(column, uses, table));
    }
    Conditions conditions(complete);
    std::vector<std::vector<JudgedNeed>> judged;
    for (const ReuseOption& option : options) {
        judged.emplace_back();
        for (const ReuseNeed& need : option.needs) {
            judged.back().push_back({&need, judging::judge(conditions, complete, need.when)});
        }
    }
    for (std::size_t row = 0; row < table.rows; ++row) {
        for (std::size_t option = 0; option < options.size(); ++option) {
            screening.verdicts.push_back(verdict_of(judged[option], row, option));
        }
    }
    return screening;
}

void put_reuse(
    Table& table, const ReuseScreening& screening, const std::vector<ReuseOption>& options
) {
    std::vector<std::optional<std::string>> fit(table.rows);
    for (const ReuseVerdict& verdict : screening.verdicts) {
        if (verdict.answer == ReuseAnswer::yes) {
            std::optional<std::string>& cell = fit[verdict.row];
            cell = (cell ? *cell + "," : "") + options[verdict.option].id;
        }
    }
    table.put(text_column("reuse_options", "可再利用为", fit));
}

} // namespace tuban
