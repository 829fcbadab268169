#include "run/zone_issues.hpp"

#include "core/format.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tuban {
namespace {

struct ControlLine {
    std::string_view word; ///< as it occurs in names, small letters
    Text line;
};

/// Names in use: Chinese, initials of the pinyin (table names of national databases), English.
const std::vector<ControlLine>& control_lines() {
    static const Text farmland{"永久基本农田", "permanent basic farmland"};
    static const Text red_line{"生态保护红线", "ecological red line"};
    static const Text boundary{"城镇开发边界", "urban development boundary"};
    static const Text all{"三区三线", "三区三线"};
    static const std::vector<ControlLine> lines{
        {"基本农田", farmland},
        {"永农", farmland},
        {"jbnt", farmland},
        {"basic_farmland", farmland},
        {"permanent_farmland", farmland},
        {"生态保护红线", red_line},
        {"生态红线", red_line},
        {"stbhhx", red_line},
        {"hongxian", red_line},
        {"red_line", red_line},
        {"redline", red_line},
        {"开发边界", boundary},
        {"czkfbj", boundary},
        {"urban_boundary", boundary},
        {"development_boundary", boundary},
        {"growth_boundary", boundary},
        {"三区三线", all},
        {"sqsx", all}};
    return lines;
}

/// Small letters, blanks and hyphens as underscores.
std::string plain(std::string name) {
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
        return c == ' ' || c == '-' ? '_' : static_cast<char>(std::tolower(c));
    });
    return name;
}

const ControlLine* line_in(const std::string& name) {
    const std::string small = plain(name);
    const auto& all = control_lines();
    const auto found = std::find_if(all.begin(), all.end(), [&](const ControlLine& one) {
        return small.find(one.word) != std::string::npos;
    });
    return found == all.end() ? nullptr : &*found;
}

/// The first name that tells of one of the lines.
struct Told {
    const ControlLine* line = nullptr;
    std::string by;
};

Told told_by(const LayerSpec& spec, const Layer& layer) {
    std::vector<std::string> names{
        std::filesystem::path(spec.source.file).filename().string(),
        spec.source.layer,
        spec.key,
        spec.alias};
    names.insert(names.end(), layer.classes.begin(), layer.classes.end());
    names.insert(names.end(), layer.names.begin(), layer.names.end());
    for (const std::string& name : names) {
        if (const ControlLine* const line = line_in(name)) {
            return {line, name};
        }
    }
    return {};
}

/// The rules that a layer serves, by name.
std::string served_rules(const std::string& key, const ZoneProfile& profile) {
    std::string list;
    for (const ZoneRule& rule : profile.rules) {
        const bool serves = std::any_of(
            rule.sources.begin(),
            rule.sources.end(),
            [&](const ZoneSource& source) { return source.layer == key; }
        );
        if (serves) {
            list += (list.empty() ? "" : "、") + rule.name;
        }
    }
    return list;
}

} // namespace

std::optional<Issue>
control_line_as_zone(const LayerSpec& spec, const Layer& layer, const ZoneProfile& profile) {
    const std::string rules = served_rules(spec.key, profile);
    const Told told = rules.empty() ? Told{} : told_by(spec, layer);
    if (told.line == nullptr) {
        return std::nullopt;
    }
    Issue issue;
    issue.severity = Severity::warning;
    issue.code = "control_line_as_zone";
    issue.file = spec.source.file;
    issue.layer = spec.source.layer;
    issue.field = spec.key;
    issue.message = text(
        "图层 {0} "
        "像是三区三线的{1}（见“{3}”），却当三区两线用（{4}"
        "）。三区三线是永久基本农田、生态保护红线、城镇开"
        "发边界，三区两线是自然保护区、景观区、居民集中区的周边和交通干线、河流湖泊的可视范围，"
        "不是一回事；请核对，"
        "确实要这样用可以不改",
        "the layer {0} looks like the {2} of 三区三线 (\"{3}\") and serves 三区两线 ({4}). The "
        "one is permanent "
        "farmland, ecological red line and urban boundary; the other the surroundings of "
        "reserves, scenery and "
        "settlements and what is in sight of traffic and water: check which is meant",
        spec.key,
        told.line->line.zh,
        told.line->line.en,
        told.by,
        rules
    );
    return issue;
}

} // namespace tuban
