#include <tuban/io.hpp>

#include "core/format.hpp"
#include "core/joined.hpp"
#include "indicators/land_use.hpp"
#include "io/built_in.hpp"
#include "io/national_schema.hpp"
#include "io/profile.hpp"
#include "io/project_reuse.hpp"
#include "io/project_schedule.hpp"
#include "io/project_shape.hpp"
#include "io/sha256.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

namespace tuban {

namespace {

namespace fs = std::filesystem;

struct LayerAlias {
    std::string_view key;
    std::string_view alias;
};

constexpr std::array<LayerAlias, 12> layer_aliases{
    {{"road", "道路"},
     {"railway", "铁路"},
     {"settlement", "居民点"},
     {"river", "河流"},
     {"lake", "湖泊"},
     {"coast", "海岸线"},
     {"reserve", "保护地"},
     {"scenic", "景观区"},
     {"landuse", "土地利用"},
     {"water", "水体"},
     {"building", "建筑"},
     {"reservoir", "水库"}}};

std::string alias_of(const std::string& key) {
    for (const LayerAlias& known : layer_aliases) {
        if (known.key == key) {
            return std::string(known.alias);
        }
    }
    return key;
}

std::optional<std::string> optional_text_at(const YamlNode& map, const char* key) {
    std::string value = text_at(map, key);
    return value.empty() ? std::nullopt : std::optional(std::move(value));
}

DatumShift decode_shift(const YamlNode& node) {
    const YamlNode* const plane = node.find("plane");
    const YamlNode& numbers = plane != nullptr ? *plane : node;
    const auto number_at = [&](const char* key) {
        const YamlNode* const value = numbers.find(key);
        const auto number = value == nullptr ? std::nullopt : number_of(*value);
        return number ? number->value() : 0.0;
    };
    DatumShift shift;
    shift.kind = plane != nullptr ? DatumShift::Kind::plane : DatumShift::Kind::helmert;
    shift.dx_m = number_at("dx_m");
    shift.dy_m = number_at("dy_m");
    shift.dz_m = number_at("dz_m");
    shift.rx_arcsec = number_at("rx_arcsec");
    shift.ry_arcsec = number_at("ry_arcsec");
    shift.rz_arcsec = number_at(plane != nullptr ? "rotation_arcsec" : "rz_arcsec");
    shift.scale_ppm = number_at("scale_ppm");
    shift.target = text_at(numbers, "target");
    if (text_at(node, "convention") == "coordinate_frame") {
        shift.convention = DatumShift::Convention::coordinate_frame;
    }
    return shift;
}

FileSpec decode_source(const YamlNode& node, const char* layer_key) {
    FileSpec source;
    source.file = text_at(node, "file");
    source.layer = text_at(node, layer_key);
    source.crs = optional_text_at(node, "crs");
    source.encoding = optional_text_at(node, "encoding");
    if (const auto axes = optional_text_at(node, "axes")) {
        source.axes = *axes == "yx" ? Axes::yx : Axes::xy;
    }
    if (const YamlNode* const shift = node.find("datum_shift")) {
        source.datum_shift = decode_shift(*shift);
    }
    const YamlNode* const file = node.find("file");
    source.where = file != nullptr ? file->where : node.where;
    return source;
}

PlotFields decode_fields(const YamlNode& node) {
    PlotFields fields;
    if (const YamlNode* const id = node.find("id")) {
        if (id->kind == YamlKind::scalar) {
            fields.id.push_back(id->text);
        }
        for (const YamlNode& item : id->items) {
            fields.id.push_back(item.text);
        }
    }
    fields.mine = text_at(node, "mine");
    fields.name = text_at(node, "name");
    fields.town = text_at(node, "town");
    fields.mode = text_at(node, "mode");
    fields.responsible = text_at(node, "responsible");
    fields.cost_yuan = text_at(node, "cost_yuan");
    fields.cost_wan_yuan = text_at(node, "cost_wan_yuan");
    fields.area_m2 = text_at(node, "area_m2");
    fields.area_ha = text_at(node, "area_ha");
    fields.area_mu = text_at(node, "area_mu");
    for (const YamlEntry& entry : node.entries) {
        if (entry.value.kind == YamlKind::scalar) {
            fields.places.emplace_back(entry.value.text, entry.where);
        }
        for (const YamlNode& item : entry.value.items) {
            fields.places.emplace_back(item.text, item.where);
        }
    }
    return fields;
}

double number_at(const YamlNode& map, const char* key, double otherwise) {
    const YamlNode* const node = map.find(key);
    const std::optional<Decimal> number = node == nullptr ? std::nullopt : number_of(*node);
    return number ? number->value() : otherwise;
}

PlotsSpec decode_plots(const YamlNode& node) {
    PlotsSpec plots;
    plots.source = decode_source(node, "layer");
    if (const YamlNode* const fields = node.find("fields")) {
        plots.fields = decode_fields(*fields);
    }
    for (const YamlNode& item : items_at(node, "join")) {
        JoinSpec join{decode_source(item, "sheet"), text_at(item, "on"), {}};
        for (const YamlEntry& entry : item.entries) {
            join.on_where = entry.key == "on" ? entry.where : join.on_where;
        }
        plots.joins.push_back(std::move(join));
    }
    if (const YamlNode* const limit = node.find("repair")) {
        plots.repair.area_m2 = number_at(*limit, "limit_m2", plots.repair.area_m2);
        plots.repair.share_pct = number_at(*limit, "limit_pct", plots.repair.share_pct);
    }
    for (const YamlNode& item : items_at(node, "accept")) {
        plots.accept.push_back(item.text);
    }
    return plots;
}

/// Where the values of some keys stand, by value.
std::vector<std::pair<std::string, Where>>
places_of(const YamlNode& node, const std::vector<std::string>& keys) {
    std::vector<std::pair<std::string, Where>> places;
    for (const YamlEntry& entry : node.entries) {
        if (std::find(keys.begin(), keys.end(), entry.key) != keys.end()) {
            places.emplace_back(entry.value.text, entry.where);
        }
    }
    return places;
}

std::vector<LayerSpec> decode_layers(const YamlNode& node) {
    std::vector<LayerSpec> layers;
    for (const YamlEntry& entry : node.entries) {
        LayerSpec layer;
        layer.key = entry.key;
        layer.alias = text_at(entry.value, "alias");
        if (layer.alias.empty()) {
            layer.alias = alias_of(layer.key);
        }
        layer.source = decode_source(entry.value, "layer");
        layer.id = text_at(entry.value, "id");
        layer.name = text_at(entry.value, "name");
        layer.class_name = text_at(entry.value, "class");
        layer.filter = condition_at(entry.value, "where");
        layer.places = places_of(entry.value, {"id", "name", "class"});
        if (const YamlNode* const reference = entry.value.find("reference")) {
            layer.reference = decode_source(*reference, "layer");
        }
        layers.push_back(std::move(layer));
    }
    return layers;
}

BoundarySpec decode_boundary(const YamlNode& node) {
    return {
        decode_source(node, "layer"),
        text_at(node, "code"),
        text_at(node, "name"),
        places_of(node, {"code", "name"})};
}

ElevationSpec decode_elevation(const YamlNode& node) {
    ElevationSpec elevation{decode_source(node, "layer"), {}};
    if (const YamlNode* const error_m = node.find("vertical_error_m")) {
        if (const auto number = number_of(*error_m)) {
            elevation.vertical_error_m = number->value();
        }
    }
    return elevation;
}

LandCoverSpec decode_land_cover(const YamlNode& node, std::vector<Problem>& problems) {
    LandCoverSpec cover{decode_source(node, "layer"), {}};
    const std::vector<YamlNode>& items = items_at(node, "codes");
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string code = text_at(items[i], "code");
        if (!code.empty() && land_code(code).empty()) {
            problems.push_back(problem_at(
                items[i].where,
                format("landcover.codes[{}].code", i + 1),
                text(
                    "没有地类编码 {}；应为三调地类，如 0103、0301（加引号）",
                    "there is no code of land {}; expected one of the land survey, such as "
                    "0103 "
                    "or 0301 (in quotes)",
                    code
                )
            ));
        }
        cover.codes.emplace_back(number_at(items[i], "value", 0.0), code);
    }
    return cover;
}

ReportSpec decode_report(const YamlNode& node) {
    ReportSpec report;
    report.county = text_at(node, "county");
    report.table = optional_text_at(node, "table").value_or(report.table);
    report.unit = optional_text_at(node, "unit").value_or(report.unit);
    report.sum = optional_text_at(node, "sum").value_or(report.sum);
    report.lang = optional_text_at(node, "lang").value_or(report.lang);
    return report;
}

/// Where each rule id of a file stands: ids are unique over gates, tiers and points.
struct RuleId {
    std::string id;
    std::string list;
    Where where;
};

/// Reads the rules of one file; those of the same id in one file are a problem.
class RuleReader {
public:
    RuleReader(Origin origin, std::vector<Problem>& problems)
        : origin_(origin), problems_(problems) {}

    [[nodiscard]] Rules read(const YamlNode& block) {
        Rules rules;
        each(block, "gates", [&](const YamlNode& node, const std::string& /*path*/) {
            rules.gates.push_back(
                {text_at(node, "id"),
                 text_at(node, "name"),
                 text_at(node, "basis"),
                 condition_at(node, "when").value_or(Condition{}),
                 origin_}
            );
        });
        each(block, "tiers", [&](const YamlNode& node, const std::string& /*path*/) {
            rules.tiers.push_back(
                {text_at(node, "id"),
                 text_at(node, "name"),
                 text_at(node, "basis"),
                 condition_at(node, "when").value_or(Condition{}),
                 origin_}
            );
        });
        each(block, "points", [&](const YamlNode& node, const std::string& path) {
            rules.points.push_back(point_rule(node, path));
        });
        return rules;
    }

    [[nodiscard]] const std::vector<RuleId>& ids() const { return ids_; }

private:
    template <class Take>
    void each(const YamlNode& block, const char* list, Take&& take) {
        const std::vector<YamlNode>& items = items_at(block, list);
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (items[i].kind == YamlKind::map) {
                const std::string path = format("rank.{}[{}]", list, i + 1);
                note_id(items[i], list, path);
                take(items[i], path);
            }
        }
    }

    void note_id(const YamlNode& node, const char* list, const std::string& path) {
        const YamlNode* const id = node.find("id");
        if (id == nullptr || id->kind != YamlKind::scalar || id->text.empty()) {
            return;
        }
        const auto same = std::find_if(ids_.begin(), ids_.end(), [&](const RuleId& other) {
            return other.id == id->text;
        });
        if (same != ids_.end()) {
            problems_.push_back(problem_at(
                id->where,
                path + ".id",
                text(
                    "编号 {} 重复：第 {} 行已经用过",
                    "id {} is repeated: line {} has it already",
                    id->text,
                    same->where.line
                )
            ));
            return;
        }
        ids_.push_back({id->text, list, id->where});
    }

    /// Points are counted in 1e-6.
    Decimal points_of(const YamlNode& node, const std::string& path) {
        const Decimal points = number_of(node).value_or(Decimal{});
        if (!points.scaled(6)) {
            problems_.push_back(problem_at(
                node.where,
                path,
                text(
                    "是“{}”；分值至多六位小数",
                    "is \"{}\"; points have at most six decimals",
                    node.text
                )
            ));
        }
        return points;
    }

    PointRule point_rule(const YamlNode& node, const std::string& path) {
        PointRule rule;
        rule.id = text_at(node, "id");
        rule.name = text_at(node, "name");
        rule.basis = text_at(node, "basis");
        rule.when = condition_at(node, "when");
        rule.of = condition_at(node, "of");
        rule.origin = origin_;
        if (const YamlNode* const points = node.find("points")) {
            rule.points = points_of(*points, path + ".points");
        }
        const std::vector<YamlNode>& corners = items_at(node, "curve");
        for (std::size_t i = 0; i < corners.size(); ++i) {
            add_corner(rule, corners[i], format("{}.curve[{}]", path, i + 1));
        }
        return rule;
    }

    void add_corner(PointRule& rule, const YamlNode& corner, const std::string& path) {
        const auto x = corner.items.size() == 2 ? number_of(corner.items[0]) : std::nullopt;
        if (!x) {
            return; // check_shape() has said so
        }
        if (!rule.curve.empty() && x->value() <= rule.curve.back().first) {
            problems_.push_back(problem_at(
                corner.items[0].where,
                path,
                text(
                    "值 {} 不大于前一个值；折线的值要严格递增",
                    "value {} is not above the one before; values must strictly increase",
                    corner.items[0].text
                )
            ));
        }
        rule.curve.emplace_back(x->value(), points_of(corner.items[1], path));
    }

    Origin origin_;
    std::vector<Problem>& problems_;
    std::vector<RuleId> ids_;
};

template <class Rule>
void merge(std::vector<Rule>& pack, std::vector<Rule> own) {
    for (Rule& rule : own) {
        const auto same = std::find_if(pack.begin(), pack.end(), [&](const Rule& other) {
            return other.id == rule.id;
        });
        if (same != pack.end()) {
            *same = std::move(rule);
        } else {
            pack.push_back(std::move(rule));
        }
    }
}

/// Nothing, with problems, if there is no tree to look at.
std::optional<ZoneProfile>
parse_profile(const RuleText& given, std::vector<Problem>& problems) {
    const std::optional<YamlNode> root = parse_yaml(given.bytes, given.file, problems);
    if (!root) {
        return std::nullopt;
    }
    check_shape(*root, profile_shape(), "", problems);
    return decode_profile(*root, given.name, problems);
}

class ProjectDecoder {
public:
    explicit ProjectDecoder(const std::string& file) {
        project_.file = file;
        project_.folder = fs::path(file).parent_path().string();
        if (project_.folder.empty()) {
            project_.folder = ".";
        }
        project_.text = read_bytes(file);
        hashed_ = project_.text;
    }

    [[nodiscard]] Project decode() {
        const std::optional<YamlNode> root =
            parse_yaml(project_.text, project_.file, problems_);
        if (root) {
            check_shape(*root, project_shape(), "", problems_);
            decode_root(*root);
        }
        if (!problems_.empty()) {
            throw_problems(std::move(problems_));
        }
        project_.sha256 = sha256_hex(hashed_);
        return std::move(project_);
    }

private:
    void decode_root(const YamlNode& root) {
        project_.name = text_at(root, "name");
        if (const YamlNode* const plots = root.find("plots")) {
            project_.plots = decode_plots(*plots);
        }
        if (const YamlNode* const layers = root.find("layers")) {
            project_.layers = decode_layers(*layers);
        }
        if (const YamlNode* const boundary = root.find("boundary")) {
            project_.boundary = decode_boundary(*boundary);
        }
        if (const YamlNode* const elevation = root.find("elevation")) {
            project_.elevation = decode_elevation(*elevation);
        }
        if (const YamlNode* const cover = root.find("landcover")) {
            project_.land_cover = decode_land_cover(*cover, problems_);
        }
        if (const YamlNode* const list = root.find("indicators")) {
            decode_indicators(*list);
        }
        decode_rules(root);
        decode_zones(root);
        const YamlNode* const schedule = root.find("schedule");
        if (schedule != nullptr && schedule->kind == YamlKind::map) {
            project_.schedule = decode_schedule(*schedule, "schedule", problems_);
        }
        if (const YamlNode* const report = root.find("report")) {
            project_.report = decode_report(*report);
        }
    }

    [[nodiscard]] std::vector<std::string> layer_keys() const {
        std::vector<std::string> keys;
        for (const LayerSpec& layer : project_.layers) {
            keys.push_back(layer.key);
        }
        return with_land_roles(std::move(keys));
    }

    void decode_indicators(const YamlNode& list) {
        std::vector<IndicatorRequest> requests;
        for (std::size_t i = 0; i < list.items.size(); ++i) {
            const YamlNode& item = list.items[i];
            const std::string path = format("indicators[{}]", i + 1);
            if (item.kind == YamlKind::scalar) {
                add_column(requests, item, path);
            } else if (item.kind == YamlKind::map) {
                add_request(requests, item, path);
            }
        }
        project_.indicators = std::move(requests);
    }

    void add_column(
        std::vector<IndicatorRequest>& requests, const YamlNode& item, const std::string& path
    ) {
        try {
            requests.push_back(indicator_of_column(item.text, layer_keys()));
        } catch (const Error& failure) {
            problems_.push_back(problem_at(item.where, path, failure.message()));
        }
    }

    void add_request(
        std::vector<IndicatorRequest>& requests, const YamlNode& item, const std::string& path
    ) {
        const auto number_at = [&](const char* key) -> std::optional<double> {
            const YamlNode* const node = item.find(key);
            const auto number = node == nullptr ? std::nullopt : number_of(*node);
            return number ? std::optional(number->value()) : std::nullopt;
        };
        if (const auto around_m = number_at("surroundings_within_m")) {
            requests.push_back({"surroundings", text_at(item, "of"), around_m});
        } else if (const auto within_m = number_at("clusters_within_m")) {
            IndicatorRequest request{"clusters", "", within_m};
            request.at_most_ha = number_at("at_most_ha");
            request.barriers = barriers_at(item, path);
            requests.push_back(std::move(request));
        } else if (const auto least_km2 = number_at("packages_at_least_km2")) {
            IndicatorRequest request{"packages", "", number_at("within_m")};
            request.at_least_km2 = least_km2;
            request.barriers = barriers_at(item, path);
            requests.push_back(std::move(request));
        } else if (const auto share_m = number_at("share_within_m")) {
            const std::vector<std::string> keys = layer_keys();
            const YamlNode* const of = item.find("of");
            const std::string layer = text_at(item, "of");
            if (of != nullptr && std::find(keys.begin(), keys.end(), layer) == keys.end()) {
                const Text hint = did_you_mean(layer, keys);
                problems_.push_back(problem_at(
                    of->where,
                    path + ".of",
                    {format("没有图层 {}；应为 layers 里的键{}", layer, hint.zh),
                     format("there is no layer {}; expected a key of layers{}", layer, hint.en)}
                ));
            }
            requests.push_back({"share_within", layer, share_m});
        }
    }

    [[nodiscard]] std::vector<std::string>
    barriers_at(const YamlNode& item, const std::string& path) {
        std::vector<std::string> barriers;
        const YamlNode* const list = item.find("barriers");
        for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
            const YamlNode& node = list->items[i];
            const std::vector<std::string> keys = layer_keys();
            if (std::find(keys.begin(), keys.end(), node.text) == keys.end()) {
                problems_.push_back(problem_at(
                    node.where,
                    format("{}.barriers[{}]", path, i + 1),
                    text(
                        "没有图层 {}；layers 里有：{}",
                        "there is no layer {}; layers has: {}",
                        node.text,
                        joined(keys)
                    )
                ));
            }
            barriers.push_back(node.text);
        }
        return barriers;
    }

    void decode_rules(const YamlNode& root) {
        Rules pack;
        std::vector<RuleId> pack_ids;
        if (const YamlNode* const name = root.find("pack")) {
            if (name->kind == YamlKind::scalar && !name->text.empty()) {
                pack = read_pack(*name, pack_ids);
            }
        }
        Rules own;
        RuleReader reader(Origin::project, problems_);
        const YamlNode* const rank_block = root.find("rank");
        if (rank_block != nullptr && rank_block->kind == YamlKind::map) {
            own = reader.read(*rank_block);
        }
        check_same_list(reader.ids(), pack_ids);
        merge(pack.gates, std::move(own.gates));
        merge(pack.tiers, std::move(own.tiers));
        merge(pack.points, std::move(own.points));
        project_.rules = std::move(pack);
        merge(project_.reuse, decode_reuse(root, Origin::project, problems_));
    }

    /// A rule replaces its namesake only within the same list.
    void check_same_list(const std::vector<RuleId>& own, const std::vector<RuleId>& pack) {
        for (const RuleId& rule : own) {
            const auto same = std::find_if(pack.begin(), pack.end(), [&](const RuleId& other) {
                return other.id == rule.id;
            });
            if (same != pack.end() && same->list != rule.list) {
                problems_.push_back(problem_at(
                    rule.where,
                    format("rank.{}", rule.list),
                    text(
                        "编号 {} 在规则包里是 {} 中的规则；请换一个编号",
                        "id {} belongs to {} in the pack; take another id",
                        rule.id,
                        same->list
                    )
                ));
            }
        }
    }

    Rules read_pack(const YamlNode& name, std::vector<RuleId>& ids) {
        const bool plain_name = name.text.find_first_of("/\\") == std::string::npos;
        const std::string file_name = name.text + ".yaml";
        const auto pack =
            of_project(project_.folder, plain_name ? file_name : "", name.text, rule_packs());
        if (!pack) {
            const Text what = not_in_project(file_name, name.text, rule_packs());
            problems_.push_back(problem_at(name.where, "pack", what));
            return {};
        }
        hashed_ += pack->bytes;
        std::vector<Problem> found;
        const std::optional<YamlNode> root = parse_yaml(pack->bytes, pack->file, found);
        Rules rules;
        if (root) {
            check_shape(*root, pack_shape(), "", found);
            RuleReader reader(Origin::pack, found);
            if (const YamlNode* const block = root->find("rank")) {
                rules = reader.read(*block);
            }
            ids = reader.ids();
            project_.reuse = decode_reuse(*root, Origin::pack, found);
        }
        problems_.insert(problems_.end(), found.begin(), found.end());
        return rules;
    }

    void decode_zones(const YamlNode& root) {
        const YamlNode* const name = root.find("profile");
        if (name == nullptr || name->kind != YamlKind::scalar || name->text.empty()) {
            return;
        }
        std::optional<ZoneProfile> profile = read_named_profile(*name);
        if (!profile) {
            return;
        }
        const YamlNode* const zones = root.find("zones");
        if (zones != nullptr && zones->kind == YamlKind::map) {
            apply_zones(*zones, layer_keys(), *profile, problems_);
        }
        if (profile->rules.empty() && problems_.empty()) {
            problems_.push_back(problem_at(
                name->where,
                "profile",
                text(
                    "方案 {} 没有规则；请在 zones: rules 里写",
                    "the profile {} has no rules: write them under zones: rules",
                    name->text
                )
            ));
        }
        project_.profile = std::move(profile);
    }

    /// A file of the project's folder, or a built-in profile; nothing, with a problem, where there is neither.
    std::optional<ZoneProfile> read_named_profile(const YamlNode& name) {
        const bool is_file = name.text.ends_with(".yaml") || name.text.ends_with(".yml");
        const fs::path path(is_file ? name.text : name.text + ".yaml");
        const auto given =
            of_project(project_.folder, path.string(), name.text, zone_profiles());
        if (!given) {
            const Text what = not_in_project(path.string(), name.text, zone_profiles());
            problems_.push_back(problem_at(name.where, "profile", what));
            return std::nullopt;
        }
        hashed_ += given->bytes;
        return parse_profile(*given, problems_);
    }

    Project project_;
    std::string hashed_; ///< the project's bytes, then the pack's
    std::vector<Problem> problems_;
};

/// Plots where a project is meant: the first thing that people try.
void refuse_data_file(const std::string& file) {
    constexpr std::array<std::string_view, 14> endings{
        ".shp",
        ".dbf",
        ".gpkg",
        ".gdb",
        ".geojson",
        ".json",
        ".fgb",
        ".kml",
        ".tab",
        ".csv",
        ".xlsx",
        ".xls",
        ".zip",
        ".tif"};
    std::string plain = file;
    while (plain.ends_with('/')) {
        plain.pop_back();
    }
    const std::string ending = lower(std::filesystem::path(plain).extension().string());
    if (std::find(endings.begin(), endings.end(), ending) == endings.end()) {
        return;
    }
    throw Error(
        ErrorCode::invalid_project,
        text(
            "这是数据文件，这里要的是项目文件（.yaml）：在里面写明 plots: {{file: {0}}} "
            "和要求，"
            "各个键见 tuban schema --reference keys；只看这份数据用 tuban check {0}，只量用 "
            "tuban "
            "measure {0}",
            "this is a data file, and a project file (.yaml) is wanted: one that says plots: "
            "{{file: {0}}} and what is required; tuban schema --reference keys lists the keys. "
            "To look at the data alone: tuban check {0}; to measure them: tuban measure {0}",
            file
        ),
        {file, 0, 0}
    );
}

} // namespace

Project read_project(const std::string& file) {
    refuse_data_file(file);
    return ProjectDecoder(file).decode();
}

ScheduleRules read_schedule_rules(const std::string& file) {
    const std::string bytes = read_bytes(file);
    std::vector<Problem> problems;
    ScheduleRules rules;
    if (const std::optional<YamlNode> root = parse_yaml(bytes, file, problems)) {
        const YamlNode* const inner = root->find("schedule");
        check_shape(
            *root, inner == nullptr ? schedule_shape() : schedule_file_shape(), "", problems
        );
        rules = inner == nullptr ? decode_schedule(*root, "", problems)
                                 : decode_schedule(*inner, "schedule", problems);
    }
    if (!problems.empty()) {
        throw_problems(std::move(problems));
    }
    return rules;
}

ZoneProfile read_profile(const std::string& file_or_name) {
    std::vector<Problem> problems;
    const std::optional<ZoneProfile> profile =
        parse_profile(file_or_built_in(file_or_name, zone_profiles()), problems);
    if (!problems.empty()) {
        throw_problems(std::move(problems));
    }
    return profile.value();
}

Rules read_rules(const std::string& file_or_pack) {
    const RuleText given = file_or_built_in(file_or_pack, rule_packs());
    std::vector<Problem> problems;
    Rules rules;
    if (const std::optional<YamlNode> root = parse_yaml(given.bytes, given.file, problems)) {
        if (root->find("plots") != nullptr) {
            return read_project(given.file).rules; // a whole project, its pack merged in
        }
        check_shape(*root, pack_shape(), "", problems);
        if (const YamlNode* const block = root->find("rank")) {
            rules = RuleReader(Origin::pack, problems).read(*block);
        }
    }
    if (!problems.empty()) {
        throw_problems(std::move(problems));
    }
    return rules;
}

} // namespace tuban
