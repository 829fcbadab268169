#include "io/profile.hpp"

#include "core/format.hpp"
#include "core/joined.hpp"
#include "io/project_schedule.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace tuban {
namespace {

std::vector<std::string> texts_at(const YamlNode& map, const char* key) {
    std::vector<std::string> texts;
    for (const YamlNode& item : items_at(map, key)) {
        texts.push_back(item.text);
    }
    return texts;
}

std::optional<double> number_at(const YamlNode& map, const char* key) {
    const YamlNode* const node = map.find(key);
    const auto number = node == nullptr ? std::nullopt : number_of(*node);
    return number ? std::optional(number->value()) : std::nullopt;
}

ZoneSource source_of(const YamlNode& node) {
    const std::string role = text_at(node, "layer");
    return {role, role, texts_at(node, "classes"), texts_at(node, "names")};
}

ZoneMode mode_of(const std::string& word) {
    return word == "within"     ? ZoneMode::within
           : word == "share"    ? ZoneMode::share
           : word == "centroid" ? ZoneMode::centroid
                                : ZoneMode::distance;
}

ZoneMark mark_of(const std::string& word) {
    return word == "legal"      ? ZoneMark::legal
           : word == "official" ? ZoneMark::official
                                : ZoneMark::example;
}

/// What a project changes and thereby takes off the basis that the profile gave.
bool changes_figures(const YamlNode& node) {
    constexpr std::array<const char*, 8> figures{
        "layer",
        "classes",
        "names",
        "mode",
        "metres",
        "least_share",
        "half_width_m",
        "half_widths"};
    return std::any_of(figures.begin(), figures.end(), [&](const char* key) {
        return node.find(key) != nullptr;
    });
}

void apply_sources(const YamlNode& node, ZoneRule& rule) {
    if (rule.sources.empty()) {
        rule.sources.emplace_back();
    }
    ZoneSource& first = rule.sources.front();
    if (node.find("layer") != nullptr) {
        first.role = first.layer = text_at(node, "layer");
    }
    if (node.find("classes") != nullptr) {
        first.classes = texts_at(node, "classes");
    }
    if (node.find("names") != nullptr) {
        first.names = texts_at(node, "names");
    }
    if (node.find("fallback") != nullptr) {
        rule.sources.resize(1);
        for (const YamlNode& item : items_at(node, "fallback")) {
            rule.sources.push_back(source_of(item));
        }
    }
}

void apply_figures(const YamlNode& node, ZoneRule& rule) {
    if (node.find("mode") != nullptr) {
        rule.mode = mode_of(text_at(node, "mode"));
        rule.metres = rule.mode == ZoneMode::within ? 0.0 : rule.metres;
    }
    rule.metres = number_at(node, "metres").value_or(rule.metres);
    rule.least_share = number_at(node, "least_share").value_or(rule.least_share);
    rule.half_width_m = number_at(node, "half_width_m").value_or(rule.half_width_m);
    rule.severity = static_cast<int>(number_at(node, "severity").value_or(rule.severity));
    if (node.find("half_widths") != nullptr) {
        rule.half_widths.clear();
        for (const YamlNode& item : items_at(node, "half_widths")) {
            rule.half_widths.push_back(
                {texts_at(item, "classes"), number_at(item, "metres").value_or(0.0)}
            );
        }
    }
}

void apply_words(const YamlNode& node, ZoneRule& rule) {
    if (node.find("name") != nullptr) {
        rule.name = text_at(node, "name");
    }
    if (node.find("kind") != nullptr) {
        rule.kind = text_at(node, "kind") == "line" ? ZoneKind::line : ZoneKind::zone;
    }
    if (node.find("mark") != nullptr) {
        rule.mark = mark_of(text_at(node, "mark"));
    }
    if (node.find("basis") != nullptr) {
        rule.basis = text_at(node, "basis");
    }
}

/// Reads rules of one list, of a profile or of a project.
class ZoneRules {
public:
    ZoneRules(std::string path, std::vector<Problem>& problems)
        : path_(std::move(path)), problems_(problems) {}

    void read(const std::vector<YamlNode>& items, ZoneProfile& profile) {
        std::vector<std::pair<std::string, Where>> ids;
        for (std::size_t i = 0; i < items.size(); ++i) {
            const YamlNode& item = items[i];
            const YamlNode* const id = item.find("id");
            if (item.kind != YamlKind::map || id == nullptr || id->text.empty()) {
                continue; // check_shape() has said so
            }
            const std::string path = format("{}[{}]", path_, i + 1);
            check_id(*id, path, ids);
            take(item, path, profile);
        }
    }

private:
    void add(const Where& where, const std::string& path, const Text& what) {
        problems_.push_back(problem_at(where, path, what));
    }

    void check_id(
        const YamlNode& id,
        const std::string& path,
        std::vector<std::pair<std::string, Where>>& ids
    ) {
        if (id.text.find(',') != std::string::npos) {
            add(id.where,
                path + ".id",
                text(
                    "是“{}”；编号里不能有逗号：列 zones 用逗号分隔各条规则",
                    "is \"{}\"; an id cannot hold a comma, which parts the rules in the column "
                    "zones",
                    id.text
                ));
        }
        const auto same = std::find_if(ids.begin(), ids.end(), [&](const auto& other) {
            return other.first == id.text;
        });
        if (same != ids.end()) {
            add(id.where,
                path + ".id",
                text(
                    "编号 {} 重复：第 {} 行已经用过",
                    "id {} is repeated: line {} has it already",
                    id.text,
                    same->second.line
                ));
        }
        ids.emplace_back(id.text, id.where);
    }

    void take(const YamlNode& node, const std::string& path, ZoneProfile& profile) {
        const std::string id = text_at(node, "id");
        const auto there =
            std::find_if(profile.rules.begin(), profile.rules.end(), [&](const ZoneRule& rule) {
                return rule.id == id;
            });
        const bool changes = of_project_ && there != profile.rules.end();
        if (of_project_ && text_at(node, "off") == "true") {
            if (changes) {
                profile.rules.erase(there);
            } else {
                unknown_rule(node, path, profile);
            }
            return;
        }
        if (of_project_ && !changes && !is_whole(node)) {
            unknown_rule(node, path, profile);
            return;
        }
        ZoneRule rule = changes ? *there : ZoneRule{};
        const ZoneRule before = rule;
        rule.id = id;
        rule.from_project = of_project_;
        apply_sources(node, rule);
        apply_figures(node, rule);
        apply_words(node, rule);
        if (changes && changes_figures(node)) {
            take_off_basis(node, before, rule);
        }
        check_figures(node, path, changes && before.mode != ZoneMode::within);
        if (changes) {
            *there = std::move(rule);
        } else {
            profile.rules.push_back(std::move(rule));
        }
    }

    [[nodiscard]] static bool is_whole(const YamlNode& node) {
        constexpr std::array<const char*, 4> needed{"name", "kind", "layer", "mode"};
        return std::all_of(needed.begin(), needed.end(), [&](const char* key) {
            return node.find(key) != nullptr;
        });
    }

    void
    unknown_rule(const YamlNode& node, const std::string& path, const ZoneProfile& profile) {
        std::vector<std::string> ids;
        std::string list;
        for (const ZoneRule& rule : profile.rules) {
            ids.push_back(rule.id);
            list += (list.empty() ? "" : ", ") + rule.id;
        }
        const Text hint = did_you_mean(text_at(node, "id"), ids);
        const Text what = text(
            "方案 {} 里没有规则 {}（有 {}）；要添加规则，须写明 name、kind、layer、mode",
            "the profile {} has no rule {} (it has {}); a rule to be added needs name, kind, "
            "layer and mode",
            profile.id,
            text_at(node, "id"),
            list.empty() ? "–" : list
        );
        add(node.find("id")->where, path + ".id", {what.zh + hint.zh, what.en + hint.en});
    }

    /// 1000 m by law are no longer the law's once a project says 800.
    static void take_off_basis(const YamlNode& node, const ZoneRule& before, ZoneRule& rule) {
        if (node.find("mark") == nullptr) {
            rule.mark = ZoneMark::example;
        }
        if (node.find("basis") == nullptr) {
            rule.basis = before.basis.empty() ? "项目自定"
                                              : format("项目自定；方案原为：{}", before.basis);
        }
    }

    void check_figures(const YamlNode& node, const std::string& path, bool had_metres) {
        const std::string word = text_at(node, "mode");
        const YamlNode* const metres = node.find("metres");
        if (word == "within" && metres != nullptr) {
            add(metres->where,
                path + ".metres",
                {"mode: within 只看相接、相交，不用 metres；要看距离请写 mode: distance",
                 "mode: within looks at what touches and takes no metres; for a distance write "
                 "mode: distance"});
        }
        const bool needs = word == "distance" || word == "share" || word == "centroid";
        if (needs && metres == nullptr && !had_metres) {
            add(node.where,
                path,
                text("mode: {0} 要写 metres（米）", "mode: {0} needs metres", word));
        }
        const YamlNode* const share = node.find("least_share");
        if (share != nullptr && !word.empty() && word != "share") {
            add(share->where,
                path + ".least_share",
                {"least_share 只用于 mode: share", "least_share goes with mode: share"});
        }
    }

    std::string path_;
    std::vector<Problem>& problems_;
    bool of_project_ = path_ == "zones.rules";
};

/// A role of a profile, wherever a source names it, is served by that layer.
bool serve(const std::string& role, const std::string& layer, ZoneProfile& profile) {
    bool used = false;
    const auto take = [&](ZoneSource& source) {
        if (source.role == role) {
            source.layer = layer;
            used = true;
        }
    };
    for (ZoneRule& rule : profile.rules) {
        std::for_each(rule.sources.begin(), rule.sources.end(), take);
    }
    std::for_each(profile.other_classes.begin(), profile.other_classes.end(), take);
    return used;
}

std::vector<std::string> roles_of(const ZoneProfile& profile) {
    std::vector<std::string> roles;
    const auto take = [&](const ZoneSource& source) {
        if (std::find(roles.begin(), roles.end(), source.role) == roles.end()) {
            roles.push_back(source.role);
        }
    };
    for (const ZoneRule& rule : profile.rules) {
        std::for_each(rule.sources.begin(), rule.sources.end(), take);
    }
    return roles;
}

} // namespace

ZoneProfile
decode_profile(const YamlNode& root, const std::string& id, std::vector<Problem>& problems) {
    ZoneProfile profile;
    profile.id = id;
    profile.name = text_at(root, "name");
    profile.basis = text_at(root, "basis");
    ZoneRules("rules", problems).read(items_at(root, "rules"), profile);
    for (const YamlNode& item : items_at(root, "other_classes")) {
        profile.other_classes.push_back(source_of(item));
    }
    return profile;
}

void apply_zones(
    const YamlNode& zones,
    const std::vector<std::string>& layer_keys,
    ZoneProfile& profile,
    std::vector<Problem>& problems
) {
    ZoneRules("zones.rules", problems).read(items_at(zones, "rules"), profile);
    const YamlNode* const layers = zones.find("layers");
    if (layers == nullptr) {
        return;
    }
    const std::vector<std::string> roles = roles_of(profile);
    const std::string used = roles.empty() ? "–" : joined(roles);
    for (const YamlEntry& entry : layers->entries) {
        const std::string path = "zones.layers." + entry.key;
        const std::string& layer = entry.value.text;
        if (std::find(layer_keys.begin(), layer_keys.end(), layer) == layer_keys.end()) {
            const Text hint = did_you_mean(layer, layer_keys);
            problems.push_back(problem_at(
                entry.value.where,
                path,
                {format("没有图层 {}；应为 layers 里的键{}", layer, hint.zh),
                 format("there is no layer {}; expected a key of layers{}", layer, hint.en)}
            ));
        }
        if (!serve(entry.key, layer, profile)) {
            const Text hint = did_you_mean(entry.key, roles);
            problems.push_back(problem_at(
                entry.where,
                path,
                {format("方案里没有图层 {}；用到的有 {}{}", entry.key, used, hint.zh),
                 format("the profile has no layer {}; it uses {}{}", entry.key, used, hint.en)}
            ));
        }
    }
}

} // namespace tuban
