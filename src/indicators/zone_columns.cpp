#include "indicators/families.hpp"

#include <algorithm>

namespace tuban {
namespace indicators {

const std::vector<IndicatorColumn>& zone_columns() {
    static const Text as_rules = {"与规则的判断一致", "as the rules' verdicts"};
    static const std::vector<IndicatorColumn> columns{
        {.name = "zones",
         .alias = "三区两线",
         .unit = "",
         .better = Direction::none,
         .method =
             {"方案（profile）中成立的规则编号，按方案的次序，逗号分隔；全部不成立为空文本；没"
              "有成"
              "立的、又有判断不了的为空值",
              "ids of the profile's rules that hold, in its order, by comma; empty text if "
              "none "
              "does; null if none does and some are unknown"},
         .source = "tuban definition",
         .accuracy = as_rules},
        {.name = "zone_names",
         .alias = "三区两线名称",
         .unit = "",
         .better = Direction::none,
         .method =
             {"同上，写规则名称；数值属示例的规则注明（示例）",
              "the same with the rules' names; a rule whose figures are an example says so"},
         .source = "tuban definition",
         .accuracy = as_rules},
        {.name = "zones_unknown",
         .alias = "三区两线不明",
         .unit = "",
         .better = Direction::none,
         .method =
             {"判断不了的规则编号（缺图层、图层为空、数据不到这里、类别看不出），逗号分隔；没有"
              "则为"
              "空文本",
              "ids of the rules that are unknown (no layer, an empty one, one that does not "
              "come "
              "near, unknown classes), by comma; empty text if there are none"},
         .source = "tuban definition",
         .accuracy = as_rules},
        {.name = "zone_severity",
         .alias = "三区两线程度",
         .unit = "",
         .better = Direction::high,
         .method =
             {"成立的规则中最高的 severity（1–9）；全部不成立为 "
              "0；没有成立的、又有判断不了的为空值",
              "the highest severity (1 to 9) among the rules that hold; 0 if none does; null "
              "if "
              "none does and some are unknown"},
         .source = "tuban definition",
         .accuracy = as_rules}};
    return columns;
}

} // namespace indicators

namespace {

/// One plot's part of the columns.
struct Cells {
    std::string ids;
    std::string names;
    std::string unknown;
    std::int64_t severity = 0;
};

void append_word(std::string& list, const std::string& word, const char* between) {
    list += (list.empty() ? "" : between) + word;
}

} // namespace

void put_zones(Table& table, const ZoneProfile& profile, const ZoneHits& hits) {
    std::vector<Cells> cells(table.rows);
    for (const ZoneHit& hit : hits.hits) {
        const ZoneRule& rule = profile.rules[hit.rule];
        Cells& plot = cells[hit.row];
        if (hit.verdict == Verdict::yes) {
            append_word(plot.ids, rule.id, ",");
            append_word(plot.names, zone_rule_name(rule.name, rule.mark).zh, "、");
            plot.severity = std::max<std::int64_t>(plot.severity, rule.severity);
        } else if (hit.verdict == Verdict::unknown) {
            append_word(plot.unknown, rule.id, ",");
        }
    }
    std::vector<std::optional<std::string>> ids(table.rows);
    std::vector<std::optional<std::string>> names(table.rows);
    std::vector<std::optional<std::string>> unknown(table.rows);
    std::vector<std::optional<std::int64_t>> severities(table.rows);
    for (std::size_t row = 0; row < table.rows; ++row) {
        unknown[row] = cells[row].unknown;
        if (!cells[row].ids.empty() || cells[row].unknown.empty()) {
            ids[row] = cells[row].ids;
            names[row] = cells[row].names;
            severities[row] = cells[row].severity;
        }
    }
    const std::vector<IndicatorColumn>& heads = indicators::zone_columns();
    table.put(text_column(heads[0].name, heads[0].alias, ids));
    table.put(text_column(heads[1].name, heads[1].alias, names));
    table.put(text_column(heads[2].name, heads[2].alias, unknown));
    table.put(integer_column(heads[3].name, heads[3].alias, heads[3].unit, severities));
}

} // namespace tuban
