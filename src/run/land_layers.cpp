#include "run/land_layers.hpp"

#include "core/format.hpp"
#include "core/joined.hpp"
#include "indicators/land_use.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace tuban {
namespace {

bool is_asked(const std::optional<std::vector<IndicatorRequest>>& asked, const LandRole& role) {
    return asked && std::any_of(asked->begin(), asked->end(), [&](const auto& request) {
               return request.layer == role.key;
           });
}

Issue stands_in(const Layer& layer, const LandRole& role) {
    Issue issue;
    issue.severity = layer.size() == 0 ? Severity::warning : Severity::note;
    issue.code = "layer_from_landuse";
    issue.layer = layer.key;
    const std::string codes = joined(role.codes);
    issue.message =
        layer.size() == 0
            ? text(
                  "没有给{0}图层（{1}），地类图层里也没有 {2} 的图斑；距离都为空",
                  "no layer {1} is given, and the land layer has no polygon of {2}: distances "
                  "to it "
                  "are null",
                  role.alias,
                  role.key,
                  codes
              )
            : text(
                  "没有给{0}图层（{1}），用地类 {2} 的 {3} 个图斑代替，距离量到图斑边线",
                  "no layer {1} is given: {3} land polygons of {2} stand in, distances are to "
                  "their edges",
                  role.alias,
                  role.key,
                  codes,
                  layer.size()
              );
    return issue;
}

} // namespace

LandLayers
add_land_layers(Context& context, const std::optional<std::vector<IndicatorRequest>>& asked) {
    LandLayers made;
    const auto land = context.layers.find(std::string(land_layer));
    if (land == context.layers.end()) {
        return made;
    }
    std::vector<const LandRole*> wanted;
    for (const LandRole& role : land_roles()) {
        if (!context.layers.contains(std::string(role.key)) &&
            (!asked || is_asked(asked, role))) {
            wanted.push_back(&role);
        }
    }
    if (wanted.empty()) {
        return made;
    }
    const Layer all = land->second->all();
    for (const LandRole* role : wanted) {
        Layer layer = layer_in_role(all, *role);
        if (layer.size() == 0 && !is_asked(asked, *role)) {
            continue;
        }
        made.issues.push_back(stands_in(layer, *role));
        made.sources.push_back(memory_source(std::move(layer)));
        context.layers[std::string(role->key)] = made.sources.back().get();
        context.layer_aliases[std::string(role->key)] = role->alias;
    }
    return made;
}

} // namespace tuban
