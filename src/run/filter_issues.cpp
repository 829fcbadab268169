#include "run/filter_issues.hpp"

#include "core/format.hpp"

namespace tuban {

Text quotes_hint(const Condition& filter) {
    // "A" in double quotes is a column to SQL, and text only where there is no such column.
    return filter.text.find('"') == std::string::npos
               ? Text{}
               : Text{
                     "；双引号里的是列名，文字要用单引号",
                     "; double quotes name columns, text goes in single quotes"};
}

Issue empty_layer(const LayerSpec& spec, const InputFile& input) {
    Issue issue;
    issue.severity = Severity::warning;
    issue.code = "empty_layer";
    issue.file = input.file;
    issue.layer = input.layer;
    issue.field = spec.key;
    if (spec.filter) {
        const Text hint = quotes_hint(*spec.filter);
        issue.message = text(
            "图层 {0} 的 "
            "where（{1}）没有选中任何要素，与它有关的指标都为空；请核对列值的写法{2}",
            "no feature of the layer {0} passes its where ({1}); its indicators are null: "
            "check "
            "how the values are written{3}",
            spec.key,
            spec.filter->text,
            hint.zh,
            hint.en
        );
    } else {
        issue.message = text(
            "图层 {} 没有要素，与它有关的指标都为空；请检查文件和图层",
            "the layer {} has no features and its indicators are null: check file and layer",
            spec.key
        );
    }
    return issue;
}

} // namespace tuban
