#include "io/project_reuse.hpp"

#include "core/format.hpp"
#include "core/joined.hpp"
#include "io/embedded_reuse.hpp"
#include "io/project_schedule.hpp"
#include "io/project_shape.hpp"

#include <algorithm>
#include <utility>

namespace tuban {
namespace {

ReuseOption decode_reuse_option(const YamlNode& node, Origin origin) {
    ReuseOption option{
        text_at(node, "id"), text_at(node, "name"), text_at(node, "basis"), {}, origin};
    for (const YamlNode& need : items_at(node, "needs")) {
        option.needs.push_back(
            {text_at(need, "name"), condition_at(need, "when").value_or(Condition{})}
        );
    }
    return option;
}

/// The example options that tuban brings; a project takes one by its id.
std::vector<ReuseOption> example_reuse(std::vector<Problem>& problems) {
    std::vector<ReuseOption> options;
    const std::string bytes(embedded::reuse_example_yaml);
    if (const auto root = parse_yaml(bytes, "<reuse-example>", problems)) {
        for (const YamlNode& node : items_at(*root, "reuse")) {
            options.push_back(decode_reuse_option(node, Origin::pack));
        }
    }
    return options;
}

/// An example by its id.
ReuseOption
example_named(const YamlNode& node, const std::string& path, std::vector<Problem>& problems) {
    std::vector<std::string> names;
    for (ReuseOption& example : example_reuse(problems)) {
        if (example.id == node.text) {
            return std::move(example);
        }
        names.push_back(example.id);
    }
    const Text hint = did_you_mean(node.text, names);
    const Text what = text(
        "没有自带的用途 {}；自带的有 {}，别的要写出 id、name、needs",
        "there is no built-in use {}; there are {}, others need id, name and needs",
        node.text,
        joined(names)
    );
    problems.push_back(problem_at(node.where, path, {what.zh + hint.zh, what.en + hint.en}));
    return {};
}

} // namespace

std::vector<ReuseOption>
decode_reuse(const YamlNode& root, Origin origin, std::vector<Problem>& problems) {
    std::vector<ReuseOption> options;
    const std::vector<YamlNode>& items = items_at(root, "reuse");
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string path = format("reuse[{}]", i + 1);
        ReuseOption option = items[i].kind == YamlKind::scalar
                                 ? example_named(items[i], path, problems)
                                 : decode_reuse_option(items[i], origin);
        const bool repeated =
            !option.id.empty() &&
            std::any_of(options.begin(), options.end(), [&](const auto& other) {
                return other.id == option.id;
            });
        if (repeated) {
            problems.push_back(problem_at(
                items[i].where,
                path,
                text("用途 {} 重复", "the use {} is there twice", option.id)
            ));
        }
        options.push_back(std::move(option));
    }
    return options;
}

} // namespace tuban
