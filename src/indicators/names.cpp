#include "core/format.hpp"
#include "core/joined.hpp"
#include "geodesy/geometry.hpp"
#include "indicators/families.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace tuban {
namespace indicators {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

bool same_column(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return lower(x) == lower(y);
    });
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    for (std::size_t at = text.find(what); at != std::string::npos;
         at = text.find(what, at + with.size())) {
        text.replace(at, what.size(), with);
    }
    return text;
}

Column column_head(
    const IndicatorColumn& column, const Context& context, const IndicatorRequest& request
) {
    const auto word = context.layer_aliases.find(request.layer);
    const std::string& people =
        word == context.layer_aliases.end() ? request.layer : word->second;
    const std::string metres =
        request.within_m ? format("{:.0f}", *request.within_m) : std::string();
    Column head;
    head.name = replaced(replaced(column.name, "{layer}", request.layer), "{d}", metres);
    head.alias = replaced(replaced(column.alias, "{layer}", people), "{d}", metres);
    head.unit = column.unit;
    return head;
}

int whole_metres(const IndicatorRequest& request, int greatest_m) {
    if (!request.within_m) {
        const char* const example = request.family == "packages"
                                        ? "{packages_at_least_km2: 10, within_m: 2000}"
                                        : "clusters_within_m: 500";
        throw Error(
            ErrorCode::invalid_project,
            text(
                "指标 {} 需要距离（米），例如 {}",
                "the indicator {} needs a distance in metres, as in {}",
                request.family,
                example
            )
        );
    }
    const double metres = *request.within_m;
    if (!(metres >= 0.0 && metres <= greatest_m) || metres != std::floor(metres)) {
        throw Error(
            ErrorCode::invalid_project,
            text(
                "指标 {} 的距离是 {} 米，应为 0 到 {} 的整数",
                "the indicator {} is asked within {} m: must be whole metres from 0 to {}",
                request.family,
                metres,
                greatest_m
            )
        );
    }
    return static_cast<int>(metres);
}

namespace {

Layer layer_called(
    const Context& context,
    const std::string& key,
    const std::string& family,
    std::vector<Issue>& issues
) {
    const auto found = context.layers.find(key);
    if (found == context.layers.end() || found->second == nullptr) {
        std::vector<std::string> keys;
        for (const auto& [known, source] : context.layers) {
            keys.push_back(known);
        }
        throw Error(
            ErrorCode::invalid_project,
            text(
                "指标 {} 需要图层 {}，但没有这个图层；现有图层：{}",
                "the indicator {} needs the layer {}, which is not there; layers: {}",
                family,
                key,
                keys.empty() ? "–" : joined(keys)
            )
        );
    }
    Layer layer = found->second->all();
    if (layer.size() == 0) {
        Issue issue;
        issue.severity = Severity::warning;
        issue.code = "empty_layer";
        issue.layer = key;
        issue.message = text(
            "图层 {} 没有要素；请检查文件和筛选条件",
            "the layer {} has no features: check its file and filter",
            key
        );
        if (std::find(issues.begin(), issues.end(), issue) == issues.end()) {
            issues.push_back(std::move(issue));
        }
    }
    return layer;
}

} // namespace

Layer layer_of(
    const Context& context, const IndicatorRequest& request, std::vector<Issue>& issues
) {
    return layer_called(context, request.layer, request.family, issues);
}

std::optional<Layer> barriers_of(
    const Context& context, const IndicatorRequest& request, std::vector<Issue>& issues
) {
    if (request.barriers.empty()) {
        return std::nullopt;
    }
    Layer all;
    for (const std::string& key : request.barriers) {
        const Layer layer = layer_called(context, key, request.family, issues);
        for (std::size_t row = 0; row < layer.size(); ++row) {
            append_feature(layer.geometry, row, all.geometry);
        }
    }
    return all;
}

Issue plot_issue(const Plots& plots, std::size_t row, Severity severity, std::string code) {
    Issue issue;
    issue.severity = severity;
    issue.code = std::move(code);
    issue.row = static_cast<std::int64_t>(row) + 1;
    issue.plot_id = plots.ids[row];
    return issue;
}

} // namespace indicators

namespace {

/// The parts of a column's pattern around {layer} and {d}.
struct Pattern {
    bool layer = false;
    std::string before_d; ///< after "{layer}"; the whole name if there is no {d}
    bool metres = false;
    std::string after_d;
};

Pattern pattern_of(const std::string& name) {
    Pattern pattern;
    std::string rest = name;
    if (rest.starts_with("{layer}")) {
        pattern.layer = true;
        rest = rest.substr(7);
    }
    const std::size_t d = rest.find("{d}");
    pattern.metres = d != std::string::npos;
    pattern.before_d = rest.substr(0, d);
    pattern.after_d = pattern.metres ? rest.substr(d + 3) : std::string();
    return pattern;
}

/// The request that a column's name makes of a family, whatever the layers there are; none if it is another's column.
std::optional<IndicatorRequest>
match(const IndicatorFamily& family, const IndicatorColumn& column, const std::string& name) {
    const Pattern pattern = pattern_of(column.name);
    const std::size_t at = pattern.layer ? name.rfind(pattern.before_d) : 0;
    const bool fits = at != std::string::npos && (!pattern.layer || at > 0) &&
                      std::string_view(name).substr(at).starts_with(pattern.before_d);
    if (!fits) {
        return std::nullopt;
    }
    IndicatorRequest request{family.name, name.substr(0, at), std::nullopt};
    const std::string rest = name.substr(at + pattern.before_d.size());
    if (!pattern.metres) {
        return rest.empty() ? std::optional<IndicatorRequest>(request) : std::nullopt;
    }
    int metres = 0;
    const auto parsed = std::from_chars(rest.data(), rest.data() + rest.size(), metres);
    const bool plain = parsed.ec == std::errc{} && metres >= 0 &&
                       rest == format("{}{}", metres, pattern.after_d);
    request.within_m = static_cast<double>(metres);
    return plain ? std::optional<IndicatorRequest>(request) : std::nullopt;
}

std::vector<std::string>
names_of(const IndicatorColumn& column, const std::vector<std::string>& layer_keys) {
    if (column.name.find("{layer}") == std::string::npos) {
        return {column.name};
    }
    std::vector<std::string> names;
    for (const std::string& key : layer_keys) {
        const std::string name = indicators::replaced(column.name, "{layer}", key);
        names.push_back(indicators::replaced(name, "{d}", "1000"));
    }
    return names;
}

std::vector<std::string> known_columns(const std::vector<std::string>& layer_keys) {
    std::vector<std::string> known;
    for (const IndicatorFamily& family : indicator_registry()) {
        for (const IndicatorColumn& column : family.columns) {
            const auto names = names_of(column, layer_keys);
            known.insert(known.end(), names.begin(), names.end());
        }
    }
    return known;
}

/// The request that a column's name makes, whatever the layers there are.
std::optional<IndicatorRequest> match(const IndicatorFamily& family, const std::string& name) {
    for (const IndicatorColumn& column : family.columns) {
        if (auto request = match(family, column, name)) {
            return request;
        }
    }
    return std::nullopt;
}

[[noreturn]] void refuse_without_layer(const std::string& column, const std::string& layer) {
    throw Error(
        ErrorCode::invalid_project,
        text(
            "指标 {0} 要量到图层 {1}，但没有给任何图层；命令行加 --with {1}=文件，项目文件写在 "
            "layers: 下",
            "the indicator {0} needs a layer {1}, and no layer is given: add --with {1}=file "
            "on "
            "the command line, or name it under layers: in a project",
            column,
            layer
        )
    );
}

[[noreturn]] void
refuse_column(const std::string& column, const std::vector<std::string>& layer_keys) {
    const auto near = nearest_name(column, known_columns(layer_keys));
    const Text hint = near ? text("；是不是 {}？", "; did you mean {}?", *near)
                           : text(
                                 "；可用的列见 tuban schema --reference columns",
                                 "; tuban schema --reference columns lists them all"
                             );
    throw Error(
        ErrorCode::invalid_project,
        {format("没有指标 {}{}", column, hint.zh),
         format("there is no indicator {}{}", column, hint.en)}
    );
}

} // namespace

bool indicators::is_indicator_column(const std::string& name) {
    const auto& families = indicator_registry();
    const auto& of_zones = zone_columns();
    return std::any_of(
               families.begin(),
               families.end(),
               [&](const IndicatorFamily& family) { return match(family, name).has_value(); }
           ) ||
           std::any_of(of_zones.begin(), of_zones.end(), [&](const IndicatorColumn& column) {
               return column.name == name;
           });
}

IndicatorRequest
indicator_of_column(const std::string& column, const std::vector<std::string>& layer_keys) {
    std::string unknown_layer;
    for (const IndicatorFamily& family : indicator_registry()) {
        const auto request = match(family, column);
        if (!request) {
            continue;
        }
        const auto key = std::find(layer_keys.begin(), layer_keys.end(), request->layer);
        if (!request->layer.empty() && key == layer_keys.end()) {
            unknown_layer = request->layer;
            break;
        }
        if (family.takes_within && !request->within_m) {
            static_cast<void>(indicators::whole_metres(*request, 0)); // says what it needs
        }
        return *request;
    }
    if (layer_keys.empty() && !unknown_layer.empty()) {
        refuse_without_layer(column, unknown_layer);
    }
    refuse_column(column, layer_keys);
}

} // namespace tuban
