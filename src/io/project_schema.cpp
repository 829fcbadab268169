#include <tuban/io.hpp>

#include "core/format.hpp"
#include "core/joined.hpp"
#include "io/built_in.hpp"
#include "io/profile.hpp"
#include "io/project_shape.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace tuban {
namespace {

using Json = nlohmann::ordered_json;

Json schema_of(const Shape& shape);

/// Scalars are text to the decoder whatever YAML makes of them: 011010 and true are ids, too.
Json text_schema() {
    return {
        {"anyOf", {{{"type", "string"}, {"minLength", 1}}, {{"type", {"number", "boolean"}}}}}};
}

Json number_schema(const Shape& shape) {
    Json number{{"type", shape.kind == ShapeKind::whole ? "integer" : "number"}};
    if (shape.least) {
        number[shape.above ? "exclusiveMinimum" : "minimum"] = *shape.least;
    }
    if (shape.most) {
        number["maximum"] = *shape.most;
    }
    const char* const digits =
        shape.kind == ShapeKind::whole ? "^[+-]?[0-9]+$" : "^[+-]?[0-9]+(\\.[0-9]+)?$";
    return {{"anyOf", {number, {{"type", "string"}, {"pattern", digits}}}}};
}

Json choice_schema(const Shape& shape) {
    Json words = Json::array();
    for (const std::string& word : shape.words) {
        words.push_back(word);
        if (const auto number = Decimal::parse(word); number && number->scale == 0) {
            words.push_back(number->digits); // as an editor's YAML reads it
        }
    }
    return {{"enum", words}};
}

Json list_schema(const Shape& shape) {
    Json list{{"type", "array"}, {"items", schema_of(*shape.parts.front())}};
    if (shape.least) {
        list["minItems"] = *shape.least;
    }
    if (shape.most) {
        list["maxItems"] = *shape.most;
    }
    return list;
}

Json one_of_keys(const std::vector<std::string>& keys) {
    Json choices = Json::array();
    for (const std::string& key : keys) {
        choices.push_back({{"required", Json::array({key})}});
    }
    return choices;
}

/// Forbids each pair of the keys.
void add_pairs(Json& rules, const std::vector<std::string>& keys) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
        for (std::size_t j = i + 1; j < keys.size(); ++j) {
            rules.push_back({{"not", {{"required", Json::array({keys[i], keys[j]})}}}});
        }
    }
}

void add_exclusive(Json& map, const Shape& shape) {
    Json rules = Json::array();
    for (const Exclusive& group : shape.exclusive) {
        if (group.required) {
            rules.push_back({{"oneOf", one_of_keys(group.keys)}});
        } else {
            add_pairs(rules, group.keys);
        }
    }
    if (!rules.empty()) {
        map["allOf"] = rules;
    }
}

Json map_schema(const Shape& shape) {
    Json properties = Json::object();
    Json required = Json::array();
    Json dependencies = Json::object();
    for (const Key& key : shape.keys) {
        if (key.shape == nullptr) {
            continue; // not built yet: an error for the decoder as well
        }
        Json property = schema_of(*key.shape);
        property["description"] = key.about.zh + "\n" + key.about.en;
        if (!key.fallback.empty()) {
            property["default"] = key.fallback;
        }
        properties[key.name] = property;
        if (key.required) {
            required.push_back(key.name);
        }
        if (!key.with.empty()) {
            dependencies[key.name] = {{"anyOf", one_of_keys(key.with)}};
        }
    }
    Json map{{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
    if (!required.empty()) {
        map["required"] = required;
    }
    if (!dependencies.empty()) {
        map["dependencies"] = dependencies;
    }
    add_exclusive(map, shape);
    return map;
}

Json schema_of(const Shape& shape) {
    switch (shape.kind) {
    case ShapeKind::text:
    case ShapeKind::code:
    case ShapeKind::condition:
        return text_schema();
    case ShapeKind::choice:
        return choice_schema(shape);
    case ShapeKind::number:
    case ShapeKind::whole:
        return number_schema(shape);
    case ShapeKind::truth:
        return {{"type", "boolean"}};
    case ShapeKind::list:
        return list_schema(shape);
    case ShapeKind::map:
        return map_schema(shape);
    case ShapeKind::free_map:
        return {
            {"type", "object"},
            {"propertyNames", {{"pattern", "^[a-z][a-z0-9_]*$"}}},
            {"additionalProperties", schema_of(*shape.parts.front())}};
    case ShapeKind::either:
        break;
    }
    Json alternatives = Json::array();
    for (const Shape* part : shape.parts) {
        alternatives.push_back(schema_of(*part));
    }
    return {{"anyOf", alternatives}};
}

/// Pipes end a cell of a Markdown table.
std::string cell(std::string text) {
    for (std::size_t at = text.find('|'); at != std::string::npos;
         at = text.find('|', at + 2)) {
        text.insert(at, "\\");
    }
    return text;
}

/// What stands above the keys of a profile.
Text profile_words() {
    return {
        "# 三区两线方案\n\n由 `tuban schema --reference profile` 输出；JSON "
        "Schema（draft-07）由 "
        "`tuban schema --reference profile --json` 输出。\n\n"
        "方案是一个文件：哪些图层的哪些要素算三区（周边）或两线（可视范围），多近算，凭什么。项"
        "目里写 "
        "`profile: mnr-2012`（自带的）或 `profile: 本县.yaml`，个别的数在 `zones: rules` "
        "里按编号改，`zones: layers` 指明哪个图层充当方案里的图层。\n\n"
        "没有哪部法规给三区两线定了米数：自带方案里的数凡是示例，都注明“示例”（`mark: "
        "example`）；法规和正式文件的数各注明出处（`legal`、`official`）。\n\n"
        "每条规则对每个图斑有三种判断：yes、no、unknown。图层缺失、为空、不到图斑这里、地类没有"
        "盖住图斑四周、类别看不出"
        "，都是 unknown，不当作 no。列 `zones` 是成立的规则，可以写进排序的条件，如 `zones "
        "LIKE "
        "'%railway%'`、`zone_severity >= 2`。\n\n"
        "全部判断和依据在 `plan.gpkg` 的表 `zone_hits`，一行是一个图斑对一条规则："
        "`plot_id`、`profile_id`、`rule_id`、`name`、`kind`、`role`（方案里的图层）、`layer`"
        "（实际充当的）、`mode`、"
        "`metres`、`verdict`、`feature_id`、`feature_name`、`feature_class`（最近的要素）、`"
        "distance_m`（边界起算，已减半宽 "
        "`half_width_m`；误差 "
        "`distance_error_m`）、`share`（界限内的面积占比）、`intersects`、`centroid_inside`、"
        "`borderline`（离界限不到误差）、`severity`、`mark`、`basis`、`origin`"
        "（profile，或项目改过的 "
        "project）、`reason_zh`、`reason_en`。\n\n"
        "三区两线不是三区三线（永久基本农田、生态保护红线、城镇开发边界）：把后者当图层用，会有"
        "警告。\n",
        "# Profiles of 三区两线\n\nPrinted by `tuban schema --reference profile --lang en`; "
        "the "
        "JSON Schema (draft-07) by `tuban schema --reference profile --json`.\n\n"
        "A profile is a file: which features of which layers count as one of the three zones "
        "(surroundings) or the two lines (ranges in sight), how near, and on what grounds. A "
        "project says `profile: mnr-2012` (built in) or `profile: county.yaml`; `zones: rules` "
        "changes single figures by id, `zones: layers` tells which layer serves one of the "
        "profile's.\n\n"
        "No law gives metres for 三区两线: figures of the built-in profiles that are an "
        "example "
        "say so (`mark: example`, 示例); those of laws and official texts name them (`legal`, "
        "`official`).\n\n"
        "A rule is yes, no or unknown for a plot. A layer that is missing, empty or does not "
        "come near, land uses that do not cover the ground round the plot, and classes that "
        "nobody names give unknown and never no. The column `zones` has the rules that hold "
        "and "
        "can stand in conditions, as in `zones LIKE '%railway%'`, `zone_severity >= 2`.\n\n"
        "All verdicts and their grounds are in table `zone_hits` of `plan.gpkg`, a row per "
        "plot "
        "and rule: `plot_id`, `profile_id`, `rule_id`, `name`, `kind`, `role` (the profile's "
        "layer), `layer` (that which served), `mode`, `metres`, `verdict`, `feature_id`, "
        "`feature_name`, `feature_class` (of the nearest), `distance_m` (from the edge, half "
        "width `half_width_m` taken off; error `distance_error_m`), `share` (of the area, "
        "within "
        "the limit), `intersects`, `centroid_inside`, `borderline` (nearer to the limit than "
        "the "
        "error), `severity`, `mark`, `basis`, `origin` (profile, or project where that changed "
        "it), `reason_zh`, `reason_en`.\n\n"
        "三区两线 are not 三区三线 (permanent farmland, ecological red line, urban boundary): "
        "a "
        "layer of those in their place is warned of.\n"};
}

/// Writes a table of keys per map, each map after the one that names it.
class Reference {
public:
    explicit Reference(bool chinese) : chinese_(chinese) {}

    [[nodiscard]] std::string write() {
        page_ = chinese_ ? "# "
                           "项目文件的键\n\n由解码器的键表生成。键一律为英文；编号和列名按字面"
                           "保留；列表项从 1 数起。\n"
                         : "# Keys of a project file\n\nGenerated from the decoder's table. "
                           "Keys are English; ids and column names are kept letter by letter; "
                           "list items count from 1.\n";
        top_ = chinese_ ? "项目" : "project";
        table(project_shape(), top_);
        return page_;
    }

    /// The keys of a profile's file, and the profiles that tuban brings.
    [[nodiscard]] std::string write_profile() {
        page_ = chinese_ ? profile_words().zh : profile_words().en;
        top_ = chinese_ ? "方案文件的键" : "keys of a profile";
        table(profile_shape(), top_);
        for (const std::string& name : zone_profiles().names()) {
            builtin(read_profile(name));
        }
        return page_;
    }

private:
    [[nodiscard]] const std::string& pick(const Text& text) const {
        return chinese_ ? text.zh : text.en;
    }

    [[nodiscard]] std::string remarks(const Key& key) const {
        std::string result = pick(key.about);
        const auto add = [&](const std::string& more) {
            result += (chinese_ ? "；" : "; ") + more;
        };
        if (key.required) {
            add(chinese_ ? "必填" : "required");
        }
        if (!key.fallback.empty()) {
            add((chinese_ ? "默认 " : "default ") + key.fallback);
        }
        std::string beside;
        for (const std::string& other : key.with) {
            beside += (beside.empty() ? "`" : " | `") + other + "`";
        }
        if (!beside.empty()) {
            add((chinese_ ? "要与它一起写：" : "stands with ") + beside);
        }
        return cell(result);
    }

    void table(const Shape& shape, const std::string& title) {
        page_ += format("\n## {}\n\n", title);
        page_ += chinese_ ? "| 键 | 值 | 说明 |\n|---|---|---|\n"
                          : "| key | value | meaning |\n|---|---|---|\n";
        for (const Key& key : shape.keys) {
            if (key.shape != nullptr) {
                page_ += format(
                    "| `{}` | {} | {} |\n",
                    key.name,
                    cell(pick(expected(*key.shape))),
                    remarks(key)
                );
            }
        }
        for (const Exclusive& group : shape.exclusive) {
            exclusive(group);
        }
        for (const Key& key : shape.keys) {
            if (key.shape != nullptr) {
                inner(
                    *key.shape,
                    shape.kind == ShapeKind::map && title_is_top(title) ? key.name
                                                                        : title + "." + key.name
                );
            }
        }
    }

    [[nodiscard]] bool title_is_top(const std::string& title) const { return title == top_; }

    void exclusive(const Exclusive& group) {
        std::string keys;
        for (const std::string& key : group.keys) {
            keys += (keys.empty() ? "`" : ", `") + key + "`";
        }
        if (chinese_) {
            page_ += format("\n{}：{}\n", group.required ? "恰有其一" : "至多其一", keys);
        } else {
            page_ +=
                format("\n{} of {}\n", group.required ? "Exactly one" : "At most one", keys);
        }
    }

    /// Maps below a list or a free map carry its path: `rank.points[]`, `layers.KEY`.
    void inner(const Shape& shape, const std::string& path) {
        switch (shape.kind) {
        case ShapeKind::map:
            table(shape, path);
            break;
        case ShapeKind::list:
            inner(*shape.parts.front(), path + "[]");
            break;
        case ShapeKind::free_map:
            inner(*shape.parts.front(), path + ".KEY");
            break;
        case ShapeKind::either:
            for (const Shape* part : shape.parts) {
                inner(*part, path);
            }
            break;
        default:
            break;
        }
    }

    /// A table of a built-in profile's rules.
    void builtin(const ZoneProfile& profile) {
        page_ += format("\n## {}\n\n{}", profile.id, profile.name);
        page_ += profile.basis.empty() ? "\n" : format("\n\n{}\n", profile.basis);
        if (profile.rules.empty()) {
            return;
        }
        page_ += chinese_
                     ? "\n| 规则 | 名称 | 区或线 | 图层 | 类别、名称 | 判断 | 半宽（米） | "
                       "程度 | 来历 | 依据 |\n|---|---|---|---|---|---|---|---|---|---|\n"
                     : "\n| rule | name | kind | layer | classes, names | decides | half "
                       "width (m) | severity | mark | basis |\n"
                       "|---|---|---|---|---|---|---|---|---|---|\n";
        for (const ZoneRule& rule : profile.rules) {
            rule_line(rule);
        }
    }

    void rule_line(const ZoneRule& rule) {
        std::string layers;
        std::string classes;
        for (const ZoneSource& source : rule.sources) {
            layers += (layers.empty() ? "" : chinese_ ? "，否则 " : ", else ") + source.role;
            const std::string some = joined(source.classes) + joined(source.names);
            classes += (classes.empty() || some.empty() ? "" : "; ") + some;
        }
        std::string widths = rule.half_width_m > 0.0 ? format("{}", rule.half_width_m) : "";
        for (const HalfWidth& width : rule.half_widths) {
            widths += format("; {}: {}", joined(width.classes), width.metres);
        }
        const bool example = rule.mark == ZoneMark::example;
        page_ += format(
            "| `{}` | {} | {} | {} | {} | {} {} m | {} | {} | {} | {} |\n",
            rule.id,
            rule.name,
            name_of(rule.kind),
            layers,
            classes,
            name_of(rule.mode),
            rule.metres,
            widths,
            rule.severity,
            example ? (chinese_ ? "示例" : "example (示例)") : name_of(rule.mark),
            cell(rule.basis)
        );
    }

    bool chinese_;
    std::string top_; ///< title of the first table, which paths do not repeat
    std::string page_;
};

} // namespace

std::string project_schema_json() {
    Json schema{
        {"$schema", "http://json-schema.org/draft-07/schema#"},
        {"title", "tuban project"},
        {"description", "图斑项目文件\nproject file of tuban"}};
    schema.update(schema_of(project_shape()));
    return schema.dump(2) + "\n";
}

std::string profile_schema_json() {
    Json schema{
        {"$schema", "http://json-schema.org/draft-07/schema#"},
        {"title", "tuban profile"},
        {"description", "三区两线方案文件\nprofile of 三区两线 for tuban"}};
    schema.update(schema_of(profile_shape()));
    return schema.dump(2) + "\n";
}

std::string profile_reference_markdown(std::string_view lang) {
    return Reference(lang != "en").write_profile();
}

std::string project_reference_markdown(std::string_view lang) {
    return Reference(lang != "en").write();
}

} // namespace tuban
