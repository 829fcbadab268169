#include "io/project_schedule.hpp"

#include "core/format.hpp"
#include "io/project_shape.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace tuban {
namespace {

struct RelationKey {
    const char* key;
    Relation relation;
};

constexpr std::array<RelationKey, 3> relation_keys{
    {{"at_least", Relation::at_least},
     {"at_most", Relation::at_most},
     {"equal", Relation::equal}}};

std::optional<int> year_of(const std::string& text) {
    int year = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, year);
    return failure == std::errc{} && stop == end ? std::optional(year) : std::nullopt;
}

class Decoder {
public:
    Decoder(const YamlNode& block, std::string path, std::vector<Problem>& problems)
        : block_(block), path_(std::move(path)), problems_(problems) {}

    [[nodiscard]] ScheduleRules decode() {
        decode_periods();
        const std::string unit = text_at(block_, "unit");
        rules_.unit = unit == "mine"      ? UnitKind::mine
                      : unit == "cluster" ? UnitKind::cluster
                                          : UnitKind::plot;
        decode_split();
        decode_requirements();
        decode_preferences();
        if (const YamlNode* const gap = block_.find("gap_pct")) {
            if (const auto number = number_of(*gap)) {
                rules_.gap_pct = number->value();
            }
        }
        return std::move(rules_);
    }

private:
    void add(const Where& where, const std::string& path, const Text& what) {
        problems_.push_back(problem_at(where, path_.empty() ? path : path_ + "." + path, what));
    }

    [[nodiscard]] std::string period_names() const {
        std::string names;
        for (const Period& period : rules_.periods) {
            names += (names.empty() ? "" : ", ") + period.name;
        }
        return names;
    }

    void decode_periods() {
        const std::vector<YamlNode>& items = items_at(block_, "periods");
        for (std::size_t i = 0; i < items.size(); ++i) {
            const std::string path = format("periods[{}]", i + 1);
            Period period = period_of(items[i], path);
            const bool repeated = std::any_of(
                rules_.periods.begin(),
                rules_.periods.end(),
                [&](const Period& other) { return other.name == period.name; }
            );
            if (repeated && items[i].kind == YamlKind::map) {
                add(items[i].where,
                    path,
                    text("期名“{}”重复", "period name \"{}\" is repeated", period.name));
            }
            rules_.periods.push_back(std::move(period));
        }
    }

    [[nodiscard]] Period period_of(const YamlNode& item, const std::string& path) {
        Period period;
        if (item.kind == YamlKind::scalar) {
            period.name = item.text;
            add_year(period, item, path);
            return period;
        }
        period.name = text_at(item, "name");
        for (const YamlNode& year : items_at(item, "years")) {
            add_year(period, year, path);
        }
        return period;
    }

    void add_year(Period& period, const YamlNode& node, const std::string& path) {
        const std::optional<int> year =
            node.kind == YamlKind::scalar ? year_of(node.text) : std::nullopt;
        if (!year) {
            return; // check_shape() has said so
        }
        if (last_year_ && *year <= *last_year_) {
            add(node.where,
                path,
                text(
                    "年份 {} 在 {} 之后；各期的年份要递增，每年只出现一次",
                    "year {} follows {}; years must increase over the periods, each once",
                    *year,
                    *last_year_
                ));
        }
        last_year_ = year;
        period.years.push_back(*year);
    }

    /// The name of the period that a name or a year stands for; "" with a problem if there is none.
    [[nodiscard]] std::string
    period_at(const YamlNode& map, const char* key, const std::string& path) {
        const YamlNode* const node = map.find(key);
        if (node == nullptr || node->kind != YamlKind::scalar || rules_.periods.empty()) {
            return {};
        }
        for (const Period& period : rules_.periods) {
            if (period.name == node->text) {
                return period.name;
            }
        }
        const std::string inner = format("{}.{}", path, key);
        const std::optional<int> year = year_of(node->text);
        for (const Period& period : rules_.periods) {
            const bool inside =
                year && std::find(period.years.begin(), period.years.end(), *year) !=
                            period.years.end();
            // "Not before 2025" is plain where 2025 opens a period; any other year of a longer one is not.
            const bool opens = inside && std::string_view(key) == "not_before" &&
                               *year == period.years.front();
            if (opens || (inside && period.years.size() == 1)) {
                return period.name;
            }
            if (inside) {
                add(node->where,
                    inner,
                    text(
                        "{} 年在“{}”期内，不单独成期；请写期名：{}",
                        "year {} lies inside the longer period \"{}\"; write a period's name: "
                        "{}",
                        *year,
                        period.name,
                        period_names()
                    ));
                return {};
            }
        }
        std::vector<std::string> names;
        for (const Period& period : rules_.periods) {
            names.push_back(period.name);
        }
        const Text hint = year ? Text{} : did_you_mean(node->text, names);
        Text what = text(
            "没有“{}”这一期；各期：{}",
            "there is no period \"{}\"; periods: {}",
            node->text,
            period_names()
        );
        add(node->where, inner, {what.zh + hint.zh, what.en + hint.en});
        return {};
    }

    void decode_split() {
        const YamlNode* const node = block_.find("split");
        if (node == nullptr || node->kind != YamlKind::map) {
            return;
        }
        Split split;
        const YamlNode* step = node->find("step_pct");
        const YamlNode* least = node->find("least_pct");
        split.step_pct = year_of(text_at(*node, "step_pct")).value_or(split.step_pct);
        // A step above the default least part needs a least part of its own.
        split.least_pct = year_of(text_at(*node, "least_pct")).value_or(split.least_pct);
        if (split.step_pct < 1 || 100 % split.step_pct != 0) {
            add(step == nullptr ? node->where : step->where,
                "split.step_pct",
                text("是 {}；应整除 100", "is {}; expected a divisor of 100", split.step_pct));
        }
        if (split.least_pct < split.step_pct) {
            add(least == nullptr ? node->where : least->where,
                "split.least_pct",
                text(
                    "是 {}；应不小于 step_pct（{}）",
                    "is {}; expected at least step_pct ({})",
                    split.least_pct,
                    split.step_pct
                ));
        }
        rules_.split = split;
    }

    void decode_requirements() {
        const std::vector<YamlNode>& items = items_at(block_, "require");
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (items[i].kind == YamlKind::map) {
                decode_requirement(items[i], format("require[{}]", i + 1));
            }
        }
    }

    void decode_requirement(const YamlNode& node, const std::string& path) {
        Requirement result;
        result.where = node.where;
        result.id = text_at(node, "id");
        result.name = text_at(node, "name");
        if (result.name.empty()) {
            result.name = result.id;
        }
        const auto same = std::find_if(
            rules_.require.begin(),
            rules_.require.end(),
            [&](const Requirement& other) { return other.id == result.id; }
        );
        if (same != rules_.require.end() && !result.id.empty()) {
            add(node.find("id")->where,
                path + ".id",
                text(
                    "编号 {} 重复：第 {} 行已经用过",
                    "id {} is repeated: line {} has it already",
                    result.id,
                    same->where.line
                ));
        }
        decode_kind(node, path, result);
        if (node.find("in") != nullptr) {
            result.in = period_at(node, "in", path);
        }
        if (node.find("by") != nullptr) {
            result.by = period_at(node, "by", path);
        }
        result.filter = condition_at(node, "where");
        result.soft = text_at(node, "soft") == "true";
        decode_limits(node, path, result);
        rules_.require.push_back(std::move(result));
    }

    void decode_kind(const YamlNode& node, const std::string& path, Requirement& result) {
        if (const YamlNode* const summed = node.find("sum")) {
            result.kind = RequirementKind::sum;
            result.quantity = text_at(node, "sum");
            result.quantity_where = summed->text_where;
        } else if (node.find("count") != nullptr) {
            result.kind = RequirementKind::count;
            result.quantity = text_at(node, "count");
        } else if (node.find("complete_by") != nullptr) {
            result.kind = RequirementKind::complete_by;
            result.period = period_at(node, "complete_by", path);
        } else if (node.find("not_before") != nullptr) {
            result.kind = RequirementKind::not_before;
            result.period = period_at(node, "not_before", path);
        } else if (const YamlNode* const group = node.find("together")) {
            result.kind = RequirementKind::together;
            result.quantity = text_at(node, "together");
            result.quantity_where = group->text_where;
        } else if (node.find("plots") != nullptr) {
            result.kind = RequirementKind::pin;
            for (const YamlNode& id : items_at(node, "plots")) {
                result.plots.push_back(id.text);
            }
        }
    }

    void decode_limits(const YamlNode& node, const std::string& path, Requirement& result) {
        for (const RelationKey& known : relation_keys) {
            const YamlNode* const value = node.find(known.key);
            const auto number = value == nullptr ? std::nullopt : number_of(*value);
            if (number) {
                result.limits.push_back({known.relation, *number});
            }
        }
        if (const YamlNode* const within = node.find("within")) {
            result.within = number_of(*within).value_or(Decimal{});
        }
        const bool crossed = result.limits.size() == 2 &&
                             result.limits[0].value.value() > result.limits[1].value.value();
        if (crossed) {
            add(node.find("at_most")->where,
                path,
                text(
                    "at_least {} 大于 at_most {}",
                    "at_least {} is above at_most {}",
                    result.limits[0].value.text(),
                    result.limits[1].value.text()
                ));
        }
    }

    void decode_preferences() {
        const std::vector<YamlNode>& items = items_at(block_, "prefer");
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (items[i].kind == YamlKind::map) {
                decode_preference(items[i], format("prefer[{}]", i + 1));
            }
        }
    }

    void decode_preference(const YamlNode& node, const std::string& path) {
        static constexpr std::array<std::pair<const char*, PreferenceKind>, 5> kinds{
            {{"meet", PreferenceKind::meet},
             {"earliest", PreferenceKind::earliest},
             {"together", PreferenceKind::together},
             {"fewest", PreferenceKind::fewest_splits},
             {"least", PreferenceKind::least}}};
        Preference result;
        result.where = node.where;
        bool known = false;
        for (const auto& [key, kind] : kinds) {
            const YamlNode* const value = node.find(key);
            if (!known && value != nullptr) {
                known = true;
                result.kind = kind;
                result.of = text_at(node, key);
                result.of_where = value->text_where;
            }
        }
        if (!known) {
            return; // check_shape() has said so
        }
        if (result.kind == PreferenceKind::meet) {
            check_meet(node, result.of, path);
        }
        result.per_plot = text_at(node, "per") == "plot";
        if (const YamlNode* const give_up = node.find("give_up_pct")) {
            result.give_up_pct = number_of(*give_up).value_or(Decimal{});
        }
        rules_.prefer.push_back(std::move(result));
    }

    void check_meet(const YamlNode& node, const std::string& id, const std::string& path) {
        std::vector<std::string> soft;
        std::string names;
        for (const Requirement& requirement : rules_.require) {
            if (requirement.soft) {
                soft.push_back(requirement.id);
                names += (names.empty() ? "" : ", ") + requirement.id;
            }
        }
        if (std::find(soft.begin(), soft.end(), id) != soft.end()) {
            return;
        }
        const Text hint = did_you_mean(id, soft);
        const Text what = text(
            "{} 不是软目标的编号（soft: true）；软目标：{}",
            "{} is no id of a soft requirement (soft: true); soft ones: {}",
            id,
            names.empty() ? "—" : names
        );
        add(node.find("meet")->where, path + ".meet", {what.zh + hint.zh, what.en + hint.en});
    }

    const YamlNode& block_;
    std::string path_;
    std::vector<Problem>& problems_;
    ScheduleRules rules_;
    std::optional<int> last_year_;
};

} // namespace

std::string text_at(const YamlNode& map, const char* key) {
    const YamlNode* const node = map.find(key);
    return node != nullptr && node->kind == YamlKind::scalar ? node->text : std::string{};
}

std::optional<Condition> condition_at(const YamlNode& map, const char* key) {
    const YamlNode* const node = map.find(key);
    if (node == nullptr || node->kind != YamlKind::scalar) {
        return std::nullopt;
    }
    return Condition{node->text, node->text_where};
}

const std::vector<YamlNode>& items_at(const YamlNode& map, const char* key) {
    static const std::vector<YamlNode> none;
    const YamlNode* const node = map.find(key);
    return node != nullptr && node->kind == YamlKind::list ? node->items : none;
}

ScheduleRules decode_schedule(
    const YamlNode& block, const std::string& path, std::vector<Problem>& problems
) {
    return Decoder(block, path, problems).decode();
}

} // namespace tuban
