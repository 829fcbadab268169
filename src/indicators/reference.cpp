#include "indicators/families.hpp"

namespace tuban {
namespace {

std::string direction(Direction better, bool zh) {
    switch (better) {
    case Direction::high:
        return zh ? "大者优先" : "higher first";
    case Direction::low:
        return zh ? "小者优先" : "lower first";
    case Direction::none:
        break;
    }
    return zh ? "—" : "–";
}

/// A cell of a Markdown table.
std::string cell(const std::string& text) {
    return " " + indicators::replaced(text, "|", "\\|") + " |";
}

} // namespace

std::string indicator_reference_markdown(std::string_view lang) {
    const bool zh = lang.starts_with("zh");
    std::string table =
        zh ? "| 列 | 中文名 | 单位 | 默认方向 | 方法 | 来源 | 精度 |\n"
           : "| column | alias | unit | direction | method | source | accuracy |\n";
    table += "|---|---|---|---|---|---|---|\n";
    const auto add = [&](const std::vector<IndicatorColumn>& columns) {
        for (const IndicatorColumn& column : columns) {
            table += "|" + cell("`" + column.name + "`") + cell(column.alias) +
                     cell(column.unit.empty() ? (zh ? "—" : "–") : column.unit) +
                     cell(direction(column.better, zh)) +
                     cell(zh ? column.method.zh : column.method.en) + cell(column.source) +
                     cell(zh ? column.accuracy.zh : column.accuracy.en) + "\n";
        }
    };
    for (const IndicatorFamily& family : indicator_registry()) {
        add(family.columns);
    }
    add(indicators::zone_columns());
    return table;
}

} // namespace tuban
