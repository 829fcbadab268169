#include <tuban/io.hpp>

#include "core/format.hpp"
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
        table(project_shape(), chinese_ ? "项目" : "project");
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

    [[nodiscard]] bool title_is_top(const std::string& title) const {
        return title == (chinese_ ? "项目" : "project");
    }

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

    bool chinese_;
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

std::string project_reference_markdown(std::string_view lang) {
    return Reference(lang != "en").write();
}

} // namespace tuban
