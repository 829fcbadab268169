#include "core/format.hpp"
#include "core/joined.hpp"
#include "io/project_shape.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace tuban {
namespace {

Text range_of(const Shape& shape) {
    if (shape.least && shape.most) {
        return text("[{}, {}] 内的", " in [{}, {}]", *shape.least, *shape.most);
    }
    if (shape.least) {
        return text("{} {} 的", " {} {}", shape.above ? ">" : ">=", *shape.least);
    }
    return {};
}

Text list_expected(const Shape& shape) {
    if (shape.most) {
        return text("含 {} 项的列表 […]", "a list […] of {} items", *shape.most);
    }
    return shape.least
               ? text("至少 {} 项的列表 […]", "a list […] of at least {} item", *shape.least)
               : text("列表 […]", "a list […]");
}

/// Which of the three forms of YAML a shape takes.
YamlKind form_of(const Shape& shape) {
    switch (shape.kind) {
    case ShapeKind::list:
        return YamlKind::list;
    case ShapeKind::map:
    case ShapeKind::free_map:
        return YamlKind::map;
    default:
        return YamlKind::scalar;
    }
}

bool is_layer_key(const std::string& key) {
    return !key.empty() && key[0] >= 'a' && key[0] <= 'z' &&
           std::all_of(key.begin(), key.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
           });
}

Text half_width_hint(const std::string& given) {
    static constexpr std::array<std::string_view, 10> digits{
        "０", "１", "２", "３", "４", "５", "６", "７", "８", "９"};
    const bool wide_digit =
        std::any_of(digits.begin(), digits.end(), [&](std::string_view digit) {
            return given.find(digit) != std::string::npos;
        });
    const std::string mark = full_width_mark(given);
    if (mark.empty() && !wide_digit) {
        return {};
    }
    return text(
        "；里面有全角字符{}，请用半角",
        "; it holds full-width characters{}; use half-width ones",
        mark.empty() ? mark : " “" + mark + "”"
    );
}

/// `elevation：{file` is one key to YAML: what stands before the full-width mark is what was meant.
std::string before_mark(const std::string& key) {
    const std::string mark = full_width_mark(key);
    return mark.empty() ? key : key.substr(0, key.find(mark));
}

Text found(const YamlNode& node) {
    switch (node.kind) {
    case YamlKind::null:
        return text("没有值", "has no value");
    case YamlKind::list:
        return text("是列表", "is a list");
    case YamlKind::map:
        return text("是一组键", "is a group of keys");
    case YamlKind::scalar:
        break;
    }
    return node.text.empty() ? text("是空的", "is empty")
                             : text("是“{}”", "is \"{}\"", node.text);
}

/// Walks a tree beside its shape.
class Checker {
public:
    explicit Checker(std::vector<Problem>& problems) : problems_(problems) {}

    void check(const YamlNode& node, const Shape& shape, const std::string& path) {
        if (shape.kind == ShapeKind::either) {
            check_either(node, shape, path);
        } else if (node.kind != form_of(shape) || (node.kind == YamlKind::scalar && node.text.empty())) {
            unexpected(node, shape, path);
        } else if (shape.kind == ShapeKind::list) {
            check_list(node, shape, path);
        } else if (shape.kind == ShapeKind::map) {
            check_map(node, shape, path);
        } else if (shape.kind == ShapeKind::free_map) {
            check_free_map(node, shape, path);
        } else {
            check_scalar(node, shape, path);
        }
    }

private:
    void add(const Where& where, const std::string& path, const Text& what) {
        problems_.push_back(problem_at(where, path, what));
    }

    void unexpected(const YamlNode& node, const Shape& shape, const std::string& path) {
        const Text got = found(node);
        const Text want = expected(shape);
        const Text hint = node.kind == YamlKind::scalar ? half_width_hint(node.text) : Text{};
        add(node.where,
            path,
            {format("{}；应为{}{}", got.zh, want.zh, hint.zh),
             format("{}; expected {}{}", got.en, want.en, hint.en)});
    }

    void check_either(const YamlNode& node, const Shape& shape, const std::string& path) {
        for (const Shape* part : shape.parts) {
            if (form_of(*part) == node.kind) {
                check(node, *part, path);
                return;
            }
        }
        unexpected(node, shape, path);
    }

    void check_list(const YamlNode& node, const Shape& shape, const std::string& path) {
        const int size = static_cast<int>(node.items.size());
        if (size < shape.least.value_or(0) || (shape.most && size > *shape.most)) {
            const Text want = expected(shape);
            add(node.where,
                path,
                {format("有 {} 项；应为{}", size, want.zh),
                 format("has {} items; expected {}", size, want.en)});
        }
        for (std::size_t i = 0; i < node.items.size(); ++i) {
            check(node.items[i], *shape.parts.front(), format("{}[{}]", path, i + 1));
        }
    }

    void check_free_map(const YamlNode& node, const Shape& shape, const std::string& path) {
        for (const YamlEntry& entry : node.entries) {
            const std::string inner = format("{}.{}", path, entry.key);
            if (!is_layer_key(entry.key)) {
                add(entry.where,
                    inner,
                    text(
                        "键不合规；应为小写字母开头，只含小写字母、数字和下划线，如 road",
                        "is no valid key; expected a lower-case letter, then lower-case "
                        "letters, digits and underscores, such as road"
                    ));
            }
            check(entry.value, *shape.parts.front(), inner);
        }
    }

    void check_map(const YamlNode& node, const Shape& shape, const std::string& path) {
        const std::vector<std::string> there = keys_meant(node, shape);
        for (const YamlEntry& entry : node.entries) {
            check_entry(there, entry, shape, path);
        }
        std::vector<std::string> names;
        for (const Key& key : shape.keys) {
            if (key.shape != nullptr) {
                names.push_back(key.name);
            }
        }
        for (const Key& key : shape.keys) {
            if (key.required && !has(there, key.name)) {
                add(node.where,
                    path,
                    text(
                        "缺少键 {}；可用的键：{}",
                        "key {} is missing; keys here: {}",
                        key.name,
                        joined(names)
                    ));
            }
        }
        const bool unbuilt =
            std::any_of(shape.keys.begin(), shape.keys.end(), [&](const Key& key) {
                return key.shape == nullptr && has(there, key.name);
            });
        for (const Exclusive& group : shape.exclusive) {
            check_exclusive(node, group, path);
            const bool none =
                std::none_of(there.begin(), there.end(), [&](const std::string& key) {
                    return has(group.keys, key);
                });
            if (none && group.required && !unbuilt) {
                add(node.where,
                    path,
                    text(
                        "要有其中一个键：{}", "needs one of these keys: {}", joined(group.keys)
                    ));
            }
        }
    }

    [[nodiscard]] static bool
    has(const std::vector<std::string>& keys, const std::string& key) {
        return std::find(keys.begin(), keys.end(), key) != keys.end();
    }

    /// The keys of a map, a misspelt one also as what it was meant to be: one slip, one error.
    [[nodiscard]] static std::vector<std::string>
    keys_meant(const YamlNode& node, const Shape& shape) {
        std::vector<std::string> names;
        for (const Key& key : shape.keys) {
            names.push_back(key.name);
        }
        std::vector<std::string> meant;
        for (const YamlEntry& entry : node.entries) {
            meant.push_back(entry.key);
            const auto near = has(names, entry.key)
                                  ? std::nullopt
                                  : nearest_name(before_mark(entry.key), names);
            if (near) {
                meant.push_back(*near);
            }
        }
        return meant;
    }

    void check_entry(
        const std::vector<std::string>& there,
        const YamlEntry& entry,
        const Shape& shape,
        const std::string& path
    ) {
        const std::string inner = path.empty() ? entry.key : format("{}.{}", path, entry.key);
        const auto key =
            std::find_if(shape.keys.begin(), shape.keys.end(), [&](const Key& known) {
                return known.name == entry.key;
            });
        if (key == shape.keys.end()) {
            unknown_key(entry, shape, inner);
        } else if (key->shape == nullptr) {
            add(entry.where,
                inner,
                {format("这个键（{}）本版还没有实现；请去掉", key->about.zh),
                 format("this key is not built yet ({}); remove it", key->about.en)});
        } else {
            check(entry.value, *key->shape, inner);
            check_company(there, entry, *key, inner);
        }
    }

    void unknown_key(const YamlEntry& entry, const Shape& shape, const std::string& path) {
        std::vector<std::string> names;
        std::vector<std::string> built;
        for (const Key& key : shape.keys) {
            names.push_back(key.name);
            if (key.shape != nullptr) {
                built.push_back(key.name);
            }
        }
        Text hint = did_you_mean(before_mark(entry.key), names);
        if (hint.zh.empty()) {
            hint = text("；可用的键：{}", "; keys here: {}", joined(built));
        }
        const Text wide = half_width_hint(entry.key);
        add(entry.where,
            path,
            {format("不认识的键{}{}", hint.zh, wide.zh),
             format("unknown key{}{}", hint.en, wide.en)});
    }

    void check_company(
        const std::vector<std::string>& there,
        const YamlEntry& entry,
        const Key& key,
        const std::string& path
    ) {
        const bool alone =
            !key.with.empty() &&
            std::none_of(key.with.begin(), key.with.end(), [&](const auto& name) {
                return has(there, name);
            });
        if (alone) {
            add(entry.where,
                path,
                text(
                    "{} 要与 {} 一起写",
                    "{} needs {} beside it",
                    key.name,
                    joined(key.with, " | ")
                ));
        }
    }

    void
    check_exclusive(const YamlNode& node, const Exclusive& group, const std::string& path) {
        std::vector<const YamlEntry*> given;
        for (const YamlEntry& entry : node.entries) {
            if (has(group.keys, entry.key)) {
                given.push_back(&entry);
            }
        }
        if (given.size() > 1) {
            add(given[1]->where,
                path,
                text(
                    "{} 和 {} 不能同时写；只留一个",
                    "{} and {} cannot stand together; keep one",
                    given[0]->key,
                    given[1]->key
                ));
        }
    }

    void check_scalar(const YamlNode& node, const Shape& shape, const std::string& path) {
        switch (shape.kind) {
        case ShapeKind::code:
            check_code(node, path);
            break;
        case ShapeKind::choice:
            if (std::find(shape.words.begin(), shape.words.end(), node.text) ==
                shape.words.end()) {
                wrong_word(node, shape, path);
            }
            break;
        case ShapeKind::truth:
            if (node.text != "true" && node.text != "false") {
                unexpected(node, shape, path);
            }
            break;
        case ShapeKind::number:
        case ShapeKind::whole:
            check_number(node, shape, path);
            break;
        default:
            break;
        }
    }

    /// [1，2] is one word to YAML: a mark that separates in Chinese may only stand in quotes.
    void check_code(const YamlNode& node, const std::string& path) {
        for (const char* mark : {"，", "：", "；", "、"}) {
            if (node.plain && node.text.find(mark) != std::string::npos) {
                add(node.where,
                    path,
                    text(
                        "“{}”里有全角标点“{}”；分隔请用半角，若名称本来如此请加引号",
                        "\"{}\" holds full-width “{}”; use half-width punctuation, or quotes "
                        "if the name really has it",
                        node.text,
                        mark
                    ));
                return;
            }
        }
    }

    void wrong_word(const YamlNode& node, const Shape& shape, const std::string& path) {
        const Text want = expected(shape);
        if (has(shape.later, node.text)) {
            add(node.where,
                path,
                text(
                    "“{0}”还没有做；现在可以写 {1}",
                    "\"{0}\" is not built yet; for now there is {1}",
                    node.text,
                    joined(shape.words, " | ")
                ));
            return;
        }
        const Text hint = did_you_mean(node.text, shape.words);
        add(node.where,
            path,
            {format("是“{}”；应为{}{}", node.text, want.zh, hint.zh),
             format("is \"{}\"; expected {}{}", node.text, want.en, hint.en)});
    }

    void check_number(const YamlNode& node, const Shape& shape, const std::string& path) {
        const std::optional<Decimal> number = number_of(node);
        const bool fits = [&] {
            if (!number || (shape.kind == ShapeKind::whole && number->scale != 0)) {
                return false;
            }
            const double value = number->value();
            const bool low =
                shape.least && (value < *shape.least || (shape.above && value <= *shape.least));
            return !low && !(shape.most && value > *shape.most);
        }();
        if (!fits) {
            unexpected(node, shape, path);
        }
    }

    std::vector<Problem>& problems_;
};

} // namespace

Text expected(const Shape& shape) {
    const Text range = range_of(shape);
    switch (shape.kind) {
    case ShapeKind::text:
        return text("文本", "text");
    case ShapeKind::code:
        return text("编号或列名", "an id or a column name");
    case ShapeKind::choice:
        return text("{}", "{}", joined(shape.words, " | "));
    case ShapeKind::condition:
        return text("条件（SQLite 表达式）", "a condition (a SQLite expression)");
    case ShapeKind::number:
        return {range.zh + "数", "a number" + range.en};
    case ShapeKind::whole:
        return {range.zh + "整数", "a whole number" + range.en};
    case ShapeKind::truth:
        return text("true | false", "true | false");
    case ShapeKind::list:
        return list_expected(shape);
    case ShapeKind::map:
    case ShapeKind::free_map:
        return text("一组键（键: 值）", "a group of keys (key: value)");
    case ShapeKind::either:
        break;
    }
    Text result;
    for (const Shape* part : shape.parts) {
        const Text one = expected(*part);
        result.zh += (result.zh.empty() ? "" : "，或") + one.zh;
        result.en += (result.en.empty() ? "" : ", or ") + one.en;
    }
    return result;
}

void check_shape(
    const YamlNode& node,
    const Shape& shape,
    const std::string& path,
    std::vector<Problem>& problems
) {
    Checker(problems).check(node, shape, path);
}

Problem problem_at(const Where& where, const std::string& path, const Text& what) {
    if (path.empty()) {
        return {where, what};
    }
    return {where, {format("{}：{}", path, what.zh), format("{}: {}", path, what.en)}};
}

Text did_you_mean(const std::string& given, const std::vector<std::string>& known) {
    const std::optional<std::string> near = nearest_name(given, known);
    return near ? text("；是不是 {}？", "; did you mean {}?", *near) : Text{};
}

std::optional<Decimal> number_of(const YamlNode& node) {
    return node.kind == YamlKind::scalar ? Decimal::parse(node.text) : std::nullopt;
}

} // namespace tuban
