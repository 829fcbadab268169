#include "io/profile.hpp"

#include <utility>

namespace tuban {
namespace {

const Shape& list_of_words() {
    static const Shape shape{.kind = ShapeKind::list, .least = 1, .parts = {&words()}};
    return shape;
}

const Shape& metres() {
    static const Shape shape{.kind = ShapeKind::number, .least = 0, .most = 50'000};
    return shape;
}

const Shape& half_width() {
    static const Shape shape{.kind = ShapeKind::number, .least = 0, .most = 500};
    return shape;
}

Key layer_key(bool required) {
    return {
        .name = "layer",
        .about =
            {"图层：项目 layers 里的键，或由项目 zones: layers 指明代替它的键；通用的有 "
             "reserve、scenic、settlement、road、railway、river、lake、coast、landuse",
             "layer: a key of the project's layers, or the one that zones: layers names for "
             "it; common ones are reserve, scenic, settlement, road, railway, river, lake, "
             "coast and landuse"},
        .shape = &code(),
        .required = required};
}

Key these_classes_key(Text about) {
    return {
        .name = "classes",
        .about = std::move(about),
        .shape = &list_of_words(),
        .required = true};
}

Key classes_key() {
    return {
        .name = "classes",
        .about =
            {"只算这些类别（图层的 class 列）；三调地类代码连同后缀 K、A "
             "一起算。方案里都没有提到的类别，在界限内就判断不了",
             "only features of these classes (the layer's class column); a land-use code "
             "counts "
             "with its suffix K or A. A class that the profile never names makes the verdict "
             "unknown within the limit"},
        .shape = &list_of_words()};
}

Key names_key() {
    return {
        .name = "names",
        .about =
            {"只算名称以这些词开头的要素；没有名称的，在界限内就判断不了",
             "only features whose name begins with one of these; one without a name makes the "
             "verdict unknown within the limit"},
        .shape = &list_of_words()};
}

const Shape& fallback() {
    static const Shape source{
        .kind = ShapeKind::map, .keys = {layer_key(true), classes_key(), names_key()}};
    static const Shape shape{.kind = ShapeKind::list, .least = 1, .parts = {&source}};
    return shape;
}

const Shape& half_widths() {
    static const Shape width{
        .kind = ShapeKind::map,
        .keys = {
            these_classes_key({"这些类别的线", "lines of these classes"}),
            {.name = "metres",
             .about = {"半宽，米", "half width, m"},
             .shape = &half_width(),
             .required = true}}};
    static const Shape shape{.kind = ShapeKind::list, .least = 1, .parts = {&width}};
    return shape;
}

std::vector<Key> subject_keys(bool whole) {
    static const Shape kind{.kind = ShapeKind::choice, .words = {"zone", "line"}};
    return {
        {.name = "id",
         .about =
             {"规则编号，方案中唯一；列 zones 里写的就是它",
              "id of the rule, unique in the profile: what the column zones holds"},
         .shape = &code(),
         .required = true},
        {.name = "name",
         .about = {"给人看的名称", "what people see"},
         .shape = &words(),
         .required = whole},
        {.name = "kind",
         .about = {"zone 区（周边）或 line 线（可视范围）", "zone (区) or line (线)"},
         .shape = &kind,
         .required = whole},
        layer_key(whole),
        classes_key(),
        names_key(),
        {.name = "fallback",
         .about =
             {"前面的图层判断不了时代替的图层，依次试",
              "layers that serve where those before cannot tell, tried in order"},
         .shape = &fallback()}};
}

std::vector<Key> figure_keys(bool whole) {
    static const Shape mode{
        .kind = ShapeKind::choice,
        .words = {"within", "distance", "share", "centroid"},
        .later = {"visibility"}};
    static const Shape share{.kind = ShapeKind::number, .least = 0, .most = 1, .above = true};
    static const Shape grade{.kind = ShapeKind::whole, .least = 1, .most = 9};
    static const Shape mark{
        .kind = ShapeKind::choice, .words = {"legal", "official", "example"}};
    return {
        {.name = "mode",
         .about =
             {"哪个数说了算：within 与要素相接、相交或在其中；distance 边界距要素不超过 "
              "metres；share 面积中在 metres 以内的不少于 least_share；centroid "
              "重心距要素不超过 "
              "metres。四个数都会报出",
              "what decides: within: touches, crosses or lies in a feature; distance: the edge "
              "is "
              "at most `metres` from one; share: at least least_share of the area is; "
              "centroid: "
              "the centroid is. All four are reported"},
         .shape = &mode,
         .required = whole},
        {.name = "metres",
         .about = {"界限，米（含）", "the limit, m, included"},
         .shape = &metres()},
        {.name = "least_share",
         .about = {"mode 为 share 时的最小占比，0–1", "least share for mode share, 0 to 1"},
         .shape = &share,
         .fallback = "0.5"},
        {.name = "half_width_m",
         .about =
             {"线的半宽，米：距离从中心线量，再减去它；面从自己的边量，不减",
              "half width of lines, m: taken off distances from the centreline; polygons are "
              "measured from their own edge"},
         .shape = &half_width(),
         .fallback = "0"},
        {.name = "half_widths",
         .about =
             {"按类别的半宽，先于 half_width_m", "half widths by class, before half_width_m"},
         .shape = &half_widths()},
        {.name = "severity",
         .about = {"程度，9 最重；见列 zone_severity", "how grave, 9 most; see zone_severity"},
         .shape = &grade,
         .fallback = "1"},
        {.name = "mark",
         .about =
             {"数值的来历：legal 法律法规，official 正式文件，example "
              "示例（哪里印出都注明“示例”）",
              "what the figures stand on: legal, official, or example, which says so wherever "
              "it "
              "is printed (示例)"},
         .shape = &mark,
         .fallback = "example"},
        {.name = "basis",
         .about = {"依据", "the sentence, standard or choice that it stands on"},
         .shape = &words()}};
}

const Shape& rule(bool whole) {
    static const auto made = [](bool all) {
        Shape shape{.kind = ShapeKind::map, .keys = subject_keys(all)};
        for (Key& key : figure_keys(all)) {
            shape.keys.push_back(std::move(key));
        }
        return shape;
    };
    static const Shape in_profile = made(true);
    static const Shape in_project = [] {
        static const Shape truth{.kind = ShapeKind::truth};
        Shape shape = made(false);
        shape.keys.push_back(
            {.name = "off",
             .about =
                 {"不用这条规则（本县没有这类地物）",
                  "leave the rule out (the county has none)"},
             .shape = &truth,
             .fallback = "false"}
        );
        return shape;
    }();
    return whole ? in_profile : in_project;
}

} // namespace

const Shape& profile_shape() {
    static const Shape one{.kind = ShapeKind::choice, .words = {"1"}};
    static const Shape rules{.kind = ShapeKind::list, .parts = {&rule(true)}};
    static const Shape other{
        .kind = ShapeKind::map,
        .keys = {
            layer_key(true),
            these_classes_key({"认得、但不算的类别", "classes that are known and do not count"}
            )}};
    static const Shape others{.kind = ShapeKind::list, .least = 1, .parts = {&other}};
    static const Shape shape{
        .kind = ShapeKind::map,
        .keys = {
            {.name = "tuban",
             .about = {"本格式的版本", "version of this format"},
             .shape = &one,
             .required = true},
            {.name = "name",
             .about = {"方案的名称", "name of the profile"},
             .shape = &words(),
             .required = true},
            {.name = "basis",
             .about = {"方案的依据", "what the profile stands on"},
             .shape = &words()},
            {.name = "rules",
             .about = {"规则", "its rules"},
             .shape = &rules,
             .required = true},
            {.name = "other_classes",
             .about =
                 {"已知不算的类别，按图层：有了它们，别的要素不会让判断悬着",
                  "classes known not to count, by layer: with them, other features leave no "
                  "verdict open"},
             .shape = &others}}};
    return shape;
}

const Shape& zones_shape() {
    static const Shape layers{.kind = ShapeKind::free_map, .parts = {&code()}};
    static const Shape rules{.kind = ShapeKind::list, .parts = {&rule(false)}};
    static const Shape shape{
        .kind = ShapeKind::map,
        .keys = {
            {.name = "layers",
             .about =
                 {"方案里的图层由项目的哪个图层充当：{road: 我的图层键}；不写即同名的",
                  "which layer of the project serves a layer of the profile: {road: my_roads}; "
                  "default: the one of the same key"},
             .shape = &layers},
            {.name = "rules",
             .about =
                 {"按编号改方案的规则（只写要改的键），或添加规则；改了数值又没写 mark "
                  "的，一律算示例",
                  "changes to the profile's rules by id (only the keys that change), or more "
                  "rules; a changed figure without mark counts as an example"},
             .shape = &rules}}};
    return shape;
}

} // namespace tuban
