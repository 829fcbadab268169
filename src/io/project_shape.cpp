#include "io/project_shape.hpp"

#include <tuban/io.hpp>

#include "core/format.hpp"
#include "io/profile.hpp"

#include <tuple>
#include <utility>

namespace tuban {

const Shape& words() {
    static const Shape shape{.kind = ShapeKind::text};
    return shape;
}

const Shape& code() {
    static const Shape shape{.kind = ShapeKind::code};
    return shape;
}

namespace {

const Shape& codes() {
    static const Shape shape{.kind = ShapeKind::list, .least = 1, .parts = {&code()}};
    return shape;
}

const Shape& condition() {
    static const Shape shape{.kind = ShapeKind::condition};
    return shape;
}

const Shape& percent() {
    static const Shape shape{.kind = ShapeKind::number, .least = 0, .most = 100};
    return shape;
}

const Shape& amount() {
    static const Shape shape{.kind = ShapeKind::number, .least = 0};
    return shape;
}

const Shape& any_number() {
    static const Shape shape{.kind = ShapeKind::number};
    return shape;
}

const Shape& above_zero() {
    static const Shape shape{.kind = ShapeKind::number, .least = 0, .above = true};
    return shape;
}

const Shape& metres() {
    static const Shape shape{.kind = ShapeKind::whole, .least = 1, .most = 1'000'000};
    return shape;
}

const Shape& gap_metres() {
    static const Shape shape{.kind = ShapeKind::whole, .least = 0, .most = 300'000};
    return shape;
}

const Shape& year() {
    static const Shape shape{.kind = ShapeKind::whole, .least = 1900, .most = 2200};
    return shape;
}

const Shape& truth() {
    static const Shape shape{.kind = ShapeKind::truth};
    return shape;
}

Key file_key() {
    return {
        .name = "file",
        .about =
            {"文件；相对路径从项目文件所在的文件夹算起",
             "the file; a relative path starts from the project's folder"},
        .shape = &words(),
        .required = true};
}

std::vector<Key> source_keys(Key layer) {
    return {
        file_key(),
        std::move(layer),
        {.name = "crs",
         .about =
             {"坐标系，只在文件没有或写错时给出，如 EPSG:4516",
              "coordinate system, only where the file has none or a wrong one, such as "
              "EPSG:4516"},
         .shape = &words()},
        {.name = "encoding",
         .about =
             {"属性编码，只在文件没有或写错时给出，如 GBK",
              "encoding of the attributes, only where the file has none or a wrong one, such "
              "as GBK"},
         .shape = &words()}};
}

Key layer_name_key() {
    return {
        .name = "layer",
        .about = {"文件里有多个图层时的图层名", "layer name, where a file holds several"},
        .shape = &words()};
}

const Shape& axes() {
    static const Shape shape{.kind = ShapeKind::choice, .words = {"xy", "yx"}};
    return shape;
}

Key shift_key(std::string name, Text about, std::vector<std::string> with) {
    return {
        .name = std::move(name),
        .about = std::move(about),
        .shape = &any_number(),
        .with = std::move(with)};
}

const Shape& plane_shift() {
    static const Shape shape{
        .kind = ShapeKind::map,
        .keys = {
            {.name = "dx_m",
             .about = {"向东平移，米", "shift to the east, m"},
             .shape = &any_number(),
             .required = true},
            {.name = "dy_m",
             .about = {"向北平移，米", "shift to the north, m"},
             .shape = &any_number(),
             .required = true},
            {.name = "rotation_arcsec",
             .about = {"旋转角，角秒，逆时针为正", "rotation, arc seconds, counter-clockwise"},
             .shape = &any_number(),
             .fallback = "0"},
            {.name = "scale_ppm",
             .about = {"尺度，百万分之一", "scale, parts per million"},
             .shape = &any_number(),
             .fallback = "0"},
            {.name = "target",
             .about =
                 {"转换后的 CGCS2000 平面坐标系，如 EPSG:4516",
                  "the plane on CGCS2000 that it leads to, such as EPSG:4516"},
             .shape = &words(),
             .required = true}}};
    return shape;
}

const Shape& datum_shift() {
    static const Shape convention{
        .kind = ShapeKind::choice, .words = {"position_vector", "coordinate_frame"}};
    static const Shape shape{
        .kind = ShapeKind::map,
        .keys =
            {shift_key("dx_m", {"地心 X 平移，米", "geocentric shift along X, m"}, {"dy_m"}),
             shift_key("dy_m", {"地心 Y 平移，米", "geocentric shift along Y, m"}, {"dz_m"}),
             shift_key("dz_m", {"地心 Z 平移，米", "geocentric shift along Z, m"}, {"dx_m"}),
             shift_key(
                 "rx_arcsec",
                 {"绕 X 轴旋转，角秒（七参数）",
                  "rotation about X, arc seconds (seven parameters)"},
                 {"dx_m"}
             ),
             shift_key(
                 "ry_arcsec", {"绕 Y 轴旋转，角秒", "rotation about Y, arc seconds"}, {"dx_m"}
             ),
             shift_key(
                 "rz_arcsec", {"绕 Z 轴旋转，角秒", "rotation about Z, arc seconds"}, {"dx_m"}
             ),
             shift_key("scale_ppm", {"尺度，百万分之一", "scale, parts per million"}, {"dx_m"}),
             {.name = "convention",
              .about =
                  {"旋转角的符号：position_vector（EPSG:9606）或 coordinate_frame（EPSG:9607）",
                   "sign of the rotations: position_vector (EPSG:9606) or coordinate_frame "
                   "(EPSG:9607)"},
              .shape = &convention,
              .fallback = "position_vector",
              .with = {"dx_m"}},
             {.name = "plane",
              .about = {"平面四参数，代替地心参数", "four parameters in the plane, instead"},
              .shape = &plane_shift()}},
        .exclusive = {{{"dx_m", "plane"}, true}}};
    return shape;
}

Key axes_key() {
    return {
        .name = "axes",
        .about =
            {"坐标次序，只在文件写反时给出：xy 先东（经度），yx 先北（纬度）",
             "order of coordinates, only where the file has it the other way: xy east "
             "(longitude) first, yx north (latitude) first"},
        .shape = &axes(),
        .fallback = "xy"};
}

Key datum_shift_key() {
    return {
        .name = "datum_shift",
        .about =
            {"从北京 54、西安 80 等到 CGCS2000 "
             "的转换参数（三参数、七参数或平面四参数），向测绘部门取得",
             "parameters from Beijing 54, Xian 80 and others to CGCS2000 (three, seven, or "
             "four "
             "in the plane), from the surveying office"},
        .shape = &datum_shift()};
}

Key column_key(std::string name, Text about, std::string fallback = {}) {
    return {
        .name = std::move(name),
        .about = std::move(about),
        .shape = &code(),
        .fallback = std::move(fallback)};
}

const Shape& fields() {
    static const Shape ids{.kind = ShapeKind::either, .parts = {&code(), &codes()}};
    static const Shape shape{
        .kind = ShapeKind::map,
        .keys =
            {{.name = "id",
              .about =
                  {"图斑编号的字段；可以列几个，取第一个非空的",
                   "column of the plot id; may list several, the first that is not empty wins"},
              .shape = &ids,
              .fallback = "TBBH"},
             column_key("mine", {"矿山（主体）编号的字段", "column of the mine id"}, "ZTBH"),
             column_key("name", {"名称的字段", "column of the name"}, "KSWZ"),
             column_key("town", {"乡镇的字段", "column of the town"}, "XIANG"),
             column_key("mode", {"修复方式的字段", "column of the restoration mode"}, "NXFFS"),
             column_key("responsible", {"责任人的字段", "column of who is responsible"}, "ZRR"),
             column_key("cost_yuan", {"投资的字段，单位元", "column of the cost in yuan"}),
             column_key(
                 "cost_wan_yuan", {"投资的字段，单位万元", "column of the cost in 10 000 yuan"}
             ),
             column_key(
                 "area_m2",
                 {"计划采用的面积字段，单位平方米；不给则用勘测面积",
                  "column of the area that counts, in m²; none: the survey area counts"}
             ),
             column_key(
                 "area_ha",
                 {"计划采用的面积字段，单位公顷", "column of the area that counts, in ha"}
             ),
             column_key(
                 "area_mu",
                 {"计划采用的面积字段，单位亩", "column of the area that counts, in mu"}
             )},
        .exclusive = {{{"cost_yuan", "cost_wan_yuan"}}, {{"area_m2", "area_ha", "area_mu"}}}};
    return shape;
}

const Shape& joins() {
    static const Shape join = [] {
        Shape shape{
            .kind = ShapeKind::map,
            .keys = source_keys(
                {.name = "sheet",
                 .about =
                     {"工作簿里有多个表时的表名", "sheet name, where a workbook holds several"},
                 .shape = &words()}
            )};
        shape.keys.push_back(
            {.name = "on",
             .about =
                 {"两边都有的编号字段", "column of the id, with the same name on both sides"},
             .shape = &code(),
             .required = true}
        );
        return shape;
    }();
    static const Shape shape{.kind = ShapeKind::list, .parts = {&join}};
    return shape;
}

const Shape& repair_limit() {
    static const Shape shape{
        .kind = ShapeKind::map,
        .keys = {
            {.name = "limit_m2",
             .about = {"面积变化的限度，平方米", "limit of change, in m²"},
             .shape = &amount(),
             .fallback = "10"},
            {.name = "limit_pct",
             .about =
                 {"面积变化的限度，占原面积的 %", "limit of change, in % of the area before"},
             .shape = &percent(),
             .fallback = "0.1"}}};
    return shape;
}

const Shape& ids() {
    static const Shape shape{.kind = ShapeKind::list, .parts = {&words()}};
    return shape;
}

const Shape& plots() {
    static const Shape shape = [] {
        Shape result{.kind = ShapeKind::map, .keys = source_keys(layer_name_key())};
        result.keys.push_back(axes_key());
        result.keys.push_back(datum_shift_key());
        result.keys.push_back(
            {.name = "fields",
             .about =
                 {"哪个字段是什么；不给则按国家标准字段名",
                  "which column means what; default: the names of the national schema"},
             .shape = &fields()}
        );
        result.keys.push_back(
            {.name = "join",
             .about =
                 {"按编号并入的其他表（台账等）",
                  "other tables whose columns are joined by id"},
             .shape = &joins()}
        );
        result.keys.push_back(
            {.name = "repair",
             .about =
                 {"图形修复的限度：面积变化同时超过两者的，图斑暂不参与",
                  "limits of repair: a plot whose area would change by more than both is held "
                  "out"},
             .shape = &repair_limit()}
        );
        result.keys.push_back(
            {.name = "accept",
             .about =
                 {"核实后接受修复结果的图斑编号，虽然面积变化超限",
                  "ids of plots whose repair is taken though it changes the area beyond the "
                  "limits"},
             .shape = &ids()}
        );
        return result;
    }();
    return shape;
}

const Shape& reference() {
    static const Shape shape = [] {
        Shape result{.kind = ShapeKind::map, .keys = source_keys(layer_name_key())};
        result.keys.push_back(axes_key());
        return result;
    }();
    return shape;
}

const Shape& layers() {
    static const Shape layer = [] {
        Shape result{.kind = ShapeKind::map, .keys = source_keys(layer_name_key())};
        result.keys.push_back(axes_key());
        result.keys.push_back(datum_shift_key());
        result.keys.push_back(
            {.name = "reference",
             .about =
                 {"同类地物的可信图层；用来发现网络地图坐标（GCJ-02、BD-09）的偏移",
                  "a layer of the same things that is trusted: to find the shift of web maps "
                  "(GCJ-02, BD-09)"},
             .shape = &reference()}
        );
        result.keys.push_back({
            .name = "alias",
            .about =
                {"给人看的中文名；road、railway、settlement、river、lake、coast、reserve、sceni"
                 "c、"
                 "landuse、water、building、reservoir 已有",
                 "Chinese word for people; road, railway, settlement, river, lake, coast, "
                 "reserve, scenic, landuse, water, building and reservoir have one"},
            .shape = &words(),
        });
        result.keys.push_back(
            column_key("id", {"要素编号的字段", "column of the feature id"}, "osm_id, id, fid")
        );
        result.keys.push_back(column_key("name", {"名称的字段", "column of the name"}));
        result.keys.push_back(column_key("class", {"类别的字段", "column of the class"}));
        result.keys.push_back(
            {.name = "where",
             .about =
                 {"只取满足条件的要素（条件写法同规则）",
                  "take only features that meet this condition"},
             .shape = &condition()}
        );
        result.keys.push_back(
            {.name = "visible", .about = {"可见性分析", "visibility of the layer"}}
        );
        return result;
    }();
    static const Shape shape{.kind = ShapeKind::free_map, .parts = {&layer}};
    return shape;
}

const Shape& boundary() {
    static const Shape shape = [] {
        Shape result{.kind = ShapeKind::map, .keys = source_keys(layer_name_key())};
        result.keys.push_back(column_key(
            "code",
            {"县代码（六位行政区代码）的字段", "column of the county code, six digits"},
            "adcode, XZQDM, code"
        ));
        result.keys.push_back(
            column_key("name", {"县名的字段", "column of the county's name"}, "name, XZQMC")
        );
        return result;
    }();
    return shape;
}

const Shape& elevation() {
    static const Shape shape = [] {
        Shape result{.kind = ShapeKind::map, .keys = source_keys(layer_name_key())};
        std::erase_if(result.keys, [](const Key& key) {
            return key.name == "layer" || key.name == "encoding";
        });
        result.keys.push_back(
            {.name = "vertical_error_m",
             .about = {"高程误差，米", "error of the heights, m"},
             .shape = &above_zero()}
        );
        return result;
    }();
    return shape;
}

const Shape& ring_metres() {
    static const Shape shape{.kind = ShapeKind::whole, .least = 1, .most = 10'000};
    return shape;
}

/// Keys of requests for plots that belong together.
std::vector<Key> group_keys() {
    return {
        {.name = "clusters_within_m",
         .about =
             {"相距不超过多少米的图斑合为一个片区；0：相接才算",
              "plots at most so many metres apart make a cluster; 0: only if they touch"},
         .shape = &gap_metres()},
        {.name = "at_most_ha",
         .about =
             {"片区合计不超过多少公顷；由近及远连接，超过的不连",
              "no cluster holds more hectares: the nearest plots are joined first, and "
              "what would be too much is not"},
         .shape = &above_zero(),
         .with = {"clusters_within_m"}},
        {.name = "packages_at_least_km2",
         .about =
             {"找出合计不小于多少平方公里的集中连片区",
              "find packages of plots that reach so many km² together"},
         .shape = &above_zero(),
         .with = {"within_m"}},
        {.name = "within_m",
         .about =
             {"集中连片区内图斑间距不超过多少米",
              "plots of a package are at most so many metres apart"},
         .shape = &gap_metres(),
         .with = {"packages_at_least_km2"}},
        {.name = "barriers",
         .about =
             {"图层的键：连接两个图斑的直线不得跨过这些图层的线和面的边界（如河流、铁路）",
              "keys of layers whose lines and outlines no straight link between two plots "
              "may cross (rivers, railways)"},
         .shape = &codes(),
         .with = {"clusters_within_m", "packages_at_least_km2"}}};
}

const Shape& indicators() {
    static const Shape request = [] {
        Shape made{
            .kind = ShapeKind::map,
            .keys =
                {{.name = "of",
                  .about =
                      {"图层的键；周边地类不写则为 landuse",
                       "key of a layer; of surroundings: landuse, if none is given"},
                  .shape = &code(),
                  .with = {"share_within_m", "surroundings_within_m"}},
                 {.name = "share_within_m",
                  .about =
                      {"图斑在该图层多少米以内的面积占比",
                       "share of the plot's area within so many metres of the layer"},
                  .shape = &metres(),
                  .with = {"of"}}},
            .exclusive = {
                {{"share_within_m",
                  "clusters_within_m",
                  "packages_at_least_km2",
                  "surroundings_within_m"},
                 true}}};
        std::vector<Key> groups = group_keys();
        made.keys.insert(made.keys.end(), groups.begin(), groups.end());
        made.keys.push_back(
            {.name = "surroundings_within_m",
             .about =
                 {"图斑四周多少米以内的地类（surround_…）；只写列名则为 500",
                  "land within so many metres round the plot (surround_…); 500 where a column "
                  "is named alone"},
             .shape = &ring_metres()}
        );
        return made;
    }();
    static const Shape item{.kind = ShapeKind::either, .parts = {&code(), &request}};
    static const Shape shape{.kind = ShapeKind::list, .parts = {&item}};
    return shape;
}

std::vector<Key> rule_keys() {
    return {
        {.name = "id",
         .about = {"规则编号，全部规则中唯一", "id of the rule, unique among all rules"},
         .shape = &code(),
         .required = true},
        {.name = "name", .about = {"给人看的名称", "what people see"}, .shape = &words()},
        {.name = "basis",
         .about = {"依据", "the sentence, standard or choice that it stands on"},
         .shape = &words()}};
}

const Shape& conditional_rules() {
    static const Shape rule = [] {
        Shape shape{.kind = ShapeKind::map, .keys = rule_keys()};
        shape.keys.push_back(
            {.name = "when",
             .about = {"条件（SQLite 表达式）", "condition (a SQLite expression)"},
             .shape = &condition(),
             .required = true}
        );
        return shape;
    }();
    static const Shape shape{.kind = ShapeKind::list, .parts = {&rule}};
    return shape;
}

const Shape& land_cover() {
    static const Shape pair{
        .kind = ShapeKind::map,
        .keys = {
            {.name = "value",
             .about = {"像元值", "value of cells"},
             .shape = &any_number(),
             .required = true},
            {.name = "code",
             .about =
                 {"对应的三调地类编码，如 \"0301\"",
                  "its code of the land survey, such as \"0301\""},
             .shape = &code(),
             .required = true}}};
    static const Shape codes{.kind = ShapeKind::list, .least = 1, .parts = {&pair}};
    static const Shape shape = [] {
        Shape result{.kind = ShapeKind::map, .keys = source_keys(layer_name_key())};
        std::erase_if(result.keys, [](const Key& key) {
            return key.name == "layer" || key.name == "encoding";
        });
        result.keys.push_back(
            {.name = "codes",
             .about =
                 {"像元值各是什么地类；没列的值按未知",
                  "what the values of cells stand for; other values are unknown"},
             .shape = &codes,
             .required = true}
        );
        return result;
    }();
    return shape;
}

/// Uses to screen plots for: an example's name, or an option written out.
const Shape& reuse_options() {
    static const Shape need{
        .kind = ShapeKind::map,
        .keys = {
            {.name = "name",
             .about = {"给人看的名称", "what people see"},
             .shape = &words(),
             .fallback = "when"},
            {.name = "when",
             .about =
                 {"条件（SQLite 表达式）；所用的列没有或为空时为未知",
                  "condition (a SQLite expression); unknown where a column that it reads is "
                  "missing "
                  "or null"},
             .shape = &condition(),
             .required = true}}};
    static const Shape needs{.kind = ShapeKind::list, .least = 1, .parts = {&need}};
    static const Shape option = [] {
        Shape shape{.kind = ShapeKind::map, .keys = rule_keys()};
        shape.keys.push_back(
            {.name = "needs",
             .about =
                 {"要求，全部满足才可以", "what it asks of a plot: fit if all of them are met"},
             .shape = &needs,
             .required = true}
        );
        return shape;
    }();
    static const Shape item{.kind = ShapeKind::either, .parts = {&code(), &option}};
    static const Shape shape{.kind = ShapeKind::list, .parts = {&item}};
    return shape;
}

Key reuse_key() {
    return {
        .name = "reuse",
        .about =
            {"再利用筛选：自带的示例用途（reservoir、pond、landfill、farm）的名字，或自己写的用"
             "途；结"
             "果在表 reuse 和列 reuse_options；规则包里也可以有",
             "screening for reuse: names of built-in example uses (reservoir, pond, landfill, "
             "farm) "
             "or uses of your own; results in the table reuse and the column reuse_options; a "
             "pack "
             "may have it too"},
        .shape = &reuse_options()};
}

const Shape& point_rules() {
    static const Shape pair{
        .kind = ShapeKind::list, .least = 2, .most = 2, .parts = {&any_number()}};
    static const Shape curve{.kind = ShapeKind::list, .least = 1, .parts = {&pair}};
    static const Shape points{
        .kind = ShapeKind::number, .least = -1'000'000, .most = 1'000'000};
    static const Shape rule = [] {
        Shape shape{
            .kind = ShapeKind::map, .keys = rule_keys(), .exclusive = {{{"when", "of"}, true}}};
        shape.keys.push_back(
            {.name = "when",
             .about = {"条件；为真则得 points 分", "condition; if true the plot gets `points`"},
             .shape = &condition(),
             .with = {"points"}}
        );
        shape.keys.push_back(
            {.name = "points",
             .about = {"分值，至多六位小数", "points, at most six decimals"},
             .shape = &points,
             .with = {"when"}}
        );
        shape.keys.push_back(
            {.name = "of",
             .about =
                 {"列名或表达式；按 curve 得分", "column or expression; points follow `curve`"},
             .shape = &condition(),
             .with = {"curve"}}
        );
        shape.keys.push_back(
            {.name = "curve",
             .about =
                 {"折线 [[值, 分], …]；值严格递增，两端外持平",
                  "line [[value, points], …]; values strictly increasing, flat beyond both "
                  "ends"},
             .shape = &curve,
             .with = {"of"}}
        );
        return shape;
    }();
    static const Shape shape{.kind = ShapeKind::list, .parts = {&rule}};
    return shape;
}

const Shape& ranking_rules() {
    static const Shape shape{
        .kind = ShapeKind::map,
        .keys = {
            {.name = "gates",
             .about =
                 {"准入条件；不满足的图斑不参加排序和排期",
                  "who may take part; plots that fail one are neither ranked nor scheduled"},
             .shape = &conditional_rules()},
            {.name = "tiers",
             .about =
                 {"分级；图斑归入第一个成立的级", "tiers; a plot takes the first that is true"},
             .shape = &conditional_rules()},
            {.name = "points",
             .about = {"计分规则", "rules that give points"},
             .shape = &point_rules()},
            {.name = "weights", .about = {"权重", "weights"}},
            {.name = "method", .about = {"综合评价方法", "method of aggregation"}},
            {.name = "normalize", .about = {"归一化", "normalisation"}},
            {.name = "robustness", .about = {"排序稳健性", "robustness of the rank"}}}};
    return shape;
}

const Shape& periods() {
    static const Shape years{.kind = ShapeKind::list, .least = 1, .parts = {&year()}};
    static const Shape named{
        .kind = ShapeKind::map,
        .keys = {
            {.name = "name",
             .about = {"期的名称", "name of the period"},
             .shape = &words(),
             .required = true},
            {.name = "years",
             .about = {"包含的年份，递增", "its calendar years, increasing"},
             .shape = &years,
             .required = true}}};
    static const Shape period{.kind = ShapeKind::either, .parts = {&year(), &named}};
    static const Shape shape{.kind = ShapeKind::list, .least = 1, .parts = {&period}};
    return shape;
}

const Shape& split() {
    static const Shape share{.kind = ShapeKind::whole, .least = 1, .most = 100};
    static const Shape shape{
        .kind = ShapeKind::map,
        .keys = {
            {.name = "step_pct",
             .about =
                 {"份额的步长，%；须整除 100", "step of the shares in per cent; divides 100"},
             .shape = &share,
             .fallback = std::to_string(Split{}.step_pct)},
            {.name = "least_pct",
             .about =
                 {"最小份额，%；不小于步长", "least share in per cent; not below the step"},
             .shape = &share,
             .fallback = std::to_string(Split{}.least_pct)}}};
    return shape;
}

Key period_key(std::string name, Text about, std::vector<std::string> with = {}) {
    return {
        .name = std::move(name),
        .about = std::move(about),
        .shape = &code(),
        .with = std::move(with)};
}

std::vector<Key> requirement_kinds() {
    static const Shape count{.kind = ShapeKind::choice, .words = {"plots"}};
    const std::vector<std::string> limits{"at_least", "at_most", "equal"};
    return {
        {.name = "id",
         .about = {"目标编号，唯一", "id of the requirement, unique"},
         .shape = &code(),
         .required = true},
        {.name = "name",
         .about = {"给人看的名称", "what people see"},
         .shape = &words(),
         .fallback = "id"},
        {.name = "sum",
         .about =
             {"求和的量：area_ha、area_mu、area_m2、cost_wan_yuan、cost_yuan 或可加的列",
              "what is summed: area_ha, area_mu, area_m2, cost_wan_yuan, cost_yuan or an "
              "additive column"},
         .shape = &code(),
         .with = limits},
        {.name = "count",
         .about = {"计数：plots", "what is counted: plots"},
         .shape = &count,
         .with = limits},
        period_key(
            "complete_by",
            {"到该期为止全部完成（期名或年份）",
             "wholly done up to this period (a name or a year)"}
        ),
        period_key(
            "not_before",
            {"该期之前不得开工（期名或该期的第一年）",
             "no work before this period (a name or its first year)"}
        ),
        {.name = "together",
         .about =
             {"该列相同的放在同一期，或都不放",
              "members of a group (a column) in the same period, or left out together"},
         .shape = &code()},
        {.name = "plots",
         .about = {"指定图斑，全部放在 in 期", "these plots, wholly in the period of `in`"},
         .shape = &codes(),
         .with = {"in"}}};
}

Key limit_key(std::string name, Text about) {
    return {
        .name = std::move(name),
        .about = std::move(about),
        .shape = &amount(),
        .with = {"sum", "count"}};
}

std::vector<Key> requirement_terms() {
    return {
        period_key(
            "in",
            {"只算这一期（期名或年份）", "this period alone (a name or a year)"},
            {"sum", "count", "plots"}
        ),
        period_key(
            "by",
            {"从第一期到这一期（期名或年份）", "from the first period up to this one"},
            {"sum", "count"}
        ),
        limit_key("at_least", {"不少于", "not less than"}),
        limit_key("at_most", {"不多于", "not more than"}),
        limit_key("equal", {"等于", "equal to"}),
        {.name = "within",
         .about = {"equal 的允许偏差，同一单位", "tolerance of `equal`, in the same unit"},
         .shape = &amount(),
         .fallback = "0",
         .with = {"equal"}},
        {.name = "where",
         .about = {"只对满足条件的图斑", "only plots that meet this condition"},
         .shape = &condition(),
         .with = {"sum", "count", "complete_by", "not_before", "together"}},
        {.name = "soft",
         .about = {"尽量满足，而非必须", "to be met as far as possible rather than always"},
         .shape = &truth(),
         .fallback = "false"},
        {.name = "fund", .about = {"资金来源", "where money comes from"}},
        {.name = "precedence", .about = {"先后顺序", "which plot comes before which"}},
        {.name = "mode", .about = {"修复方式", "restoration mode"}},
        {.name = "consecutive", .about = {"连续各期", "consecutive periods"}}};
}

const Shape& requirements() {
    static const Shape requirement = [] {
        Shape shape{
            .kind = ShapeKind::map,
            .keys = requirement_kinds(),
            .exclusive = {
                {{"sum", "count", "complete_by", "not_before", "together", "plots"}, true},
                {{"in", "by"}},
                {{"equal", "at_least"}},
                {{"equal", "at_most"}}}};
        std::vector<Key> terms = requirement_terms();
        for (Key& key : terms) {
            shape.keys.push_back(std::move(key));
        }
        return shape;
    }();
    static const Shape shape{.kind = ShapeKind::list, .parts = {&requirement}};
    return shape;
}

const Shape& preferences() {
    static const Shape per{.kind = ShapeKind::choice, .words = {"plot"}};
    static const Shape splits{.kind = ShapeKind::choice, .words = {"splits"}};
    static const Shape preference{
        .kind = ShapeKind::map,
        .keys =
            {{.name = "meet",
              .about = {"尽量满足该编号的软目标", "meet the soft requirement of this id"},
              .shape = &code()},
             {.name = "earliest",
              .about =
                  {"该列（如 score）值大的早做，按公顷计",
                   "high values of this column (such as score) early, by hectares"},
              .shape = &code()},
             {.name = "per",
              .about = {"按图斑个数而非公顷计", "by plots instead of hectares"},
              .shape = &per,
              .with = {"earliest"}},
             {.name = "together",
              .about =
                  {"该列相同的尽量放在同一期",
                   "members of a group (a column) in the same period"},
              .shape = &code()},
             {.name = "fewest",
              .about = {"拆分的单元最少：splits", "fewest split units: splits"},
              .shape = &splits},
             {.name = "least",
              .about = {"该列合计最小", "the least sum of this column"},
              .shape = &code()},
             {.name = "few_changes",
              .about = {"相对上一版改动最少", "fewest changes against an earlier plan"}},
             {.name = "give_up_pct",
              .about =
                  {"后面各项最多可让本项损失其最优值的百分之几",
                   "per cent of its optimum that later entries may cost this one"},
              .shape = &percent(),
              .fallback = "0"}},
        .exclusive = {{{"meet", "earliest", "together", "fewest", "least"}, true}}};
    static const Shape shape{.kind = ShapeKind::list, .parts = {&preference}};
    return shape;
}

const Shape& report() {
    static const Shape table{.kind = ShapeKind::choice, .words = {"t1", "youhao"}};
    static const Shape unit{.kind = ShapeKind::choice, .words = {"公顷", "亩", "平方米"}};
    static const Shape sum{
        .kind = ShapeKind::choice, .words = {"largest_remainder", "rounded_parts"}};
    static const Shape lang{.kind = ShapeKind::choice, .words = {"zh", "en"}};
    static const Shape shape{
        .kind = ShapeKind::map,
        .keys = {
            {.name = "county", .about = {"县（市、区）", "the county"}, .shape = &words()},
            {.name = "table",
             .about = {"任务分解表的版式", "layout of the task table"},
             .shape = &table,
             .fallback = ReportSpec{}.table},
            {.name = "unit",
             .about = {"表中的面积单位", "unit of area in the tables"},
             .shape = &unit,
             .fallback = ReportSpec{}.unit},
            {.name = "sum",
             .about =
                 {"印出的面积怎样相加：largest_remainder "
                  "合计四舍五入、分项按最大余数凑成合计；rounded_parts "
                  "分项各自四舍五入、合计为印出的分项之和",
                  "how printed areas add up: largest_remainder rounds the total and makes its "
                  "parts add up to it; rounded_parts rounds every part, and a total is the sum "
                  "of what is printed"},
             .shape = &sum,
             .fallback = ReportSpec{}.sum},
            {.name = "lang",
             .about = {"成果的语言", "language of what is written"},
             .shape = &lang,
             .fallback = ReportSpec{}.lang}}};
    return shape;
}

Key format_key(bool required) {
    static const Shape one{.kind = ShapeKind::choice, .words = {"1"}};
    return {
        .name = "tuban",
        .about = {"本格式的版本", "version of this format"},
        .shape = &one,
        .required = required};
}

Key rank_key() {
    return {
        .name = "rank",
        .about =
            {"排序规则；没有则得分为 0，按图斑编号",
             "rules of the rank; without them scores are 0 and plot_id ranks"},
        .shape = &ranking_rules()};
}

Key schedule_key(bool required) {
    return {
        .name = "schedule",
        .about = {"排期：期、目标、偏好", "periods, requirements, preferences"},
        .shape = &schedule_shape(),
        .required = required};
}

std::vector<Key> project_keys() {
    return {
        format_key(true),
        {.name = "name",
         .about = {"项目名称", "name of the project"},
         .shape = &words(),
         .required = true},
        {.name = "pack",
         .about =
             {"规则包：本文件夹的 <名>.yaml，或自带的包；同编号的规则以项目为准",
              "rule pack: <name>.yaml in this folder, or a built-in one; a rule of the project "
              "replaces that of the same id"},
         .shape = &code()},
        {.name = "plots", .about = {"图斑", "the plots"}, .shape = &plots(), .required = true},
        {.name = "layers",
         .about =
             {"参照图层；键给列命名：road → road_distance_m",
              "context layers; the key names columns: road → road_distance_m"},
         .shape = &layers()},
        {.name = "boundary",
         .about =
             {"县界；检查时核对图斑落在哪个县、有无跨界",
              "county polygons: a check tells which county each plot lies in, and which plots "
              "cross a line"},
         .shape = &boundary()},
        {.name = "elevation", .about = {"高程", "heights"}, .shape = &elevation()},
        {.name = "profile",
         .about =
             {"三区两线方案：本文件夹的 <名>.yaml 或一个 .yaml 文件，或自带的 "
              "mnr-2012、coastal、yangtze-10km、railway-1000、custom（tuban schema --reference "
              "profile）；给出列 zones 和表 zone_hits",
              "profile of 三区两线: <name>.yaml in this folder or a .yaml file, or a built-in "
              "one: "
              "mnr-2012, coastal, yangtze-10km, railway-1000, custom (tuban schema --reference "
              "profile); gives the column zones and the table zone_hits"},
         .shape = &words()},
        {.name = "zones",
         .about =
             {"对方案的改动：图层由谁充当，规则改哪些数",
              "changes to the profile: which layers serve it, which figures differ"},
         .shape = &zones_shape(),
         .with = {"profile"}},
        {.name = "indicators",
         .about =
             {"要测的指标；不给则测全部可测的",
              "what to measure; default: all whose inputs are there"},
         .shape = &indicators()},
        rank_key(),
        schedule_key(false),
        {.name = "report", .about = {"成果", "what is written"}, .shape = &report()},
        {.name = "landcover",
         .about =
             {"土地覆盖栅格；没有 landuse 图层时用来量图斑周边",
              "a raster of land cover, for the surroundings of plots where there is no layer "
              "landuse"},
         .shape = &land_cover()},
        reuse_key()};
}

} // namespace

const Shape& schedule_shape() {
    static const Shape unit{.kind = ShapeKind::choice, .words = {"plot", "mine", "cluster"}};
    static const Shape shape{
        .kind = ShapeKind::map,
        .keys = {
            {.name = "periods",
             .about =
                 {"各期，按时间先后；一个年份，或 {name, years}",
                  "the periods in order; a year, or {name, years}"},
             .shape = &periods(),
             .required = true},
            {.name = "unit",
             .about = {"整体安排的单元", "what is scheduled as one"},
             .shape = &unit,
             .fallback = "plot"},
            {.name = "split",
             .about =
                 {"允许一个单元分几期做；不给则不拆",
                  "a unit may be spread over periods; absent: whole units"},
             .shape = &split()},
            {.name = "require",
             .about = {"必须满足的目标", "what a plan must meet"},
             .shape = &requirements()},
            {.name = "prefer",
             .about =
                 {"偏好，最要紧的在前，逐项优化",
                  "what a plan should do, strongest first, one after the other"},
             .shape = &preferences()},
            {.name = "gap_pct",
             .about =
                 {"允许的最优性差距，%；不给则 200 个单元以内为 0，更多为 0.1",
                  "allowed gap in per cent; default: 0 up to 200 units, else 0.1"},
             .shape = &percent()},
            {.name = "modes", .about = {"修复方式的选择", "a choice of restoration modes"}},
            {.name = "funds", .about = {"资金来源", "where money comes from"}},
            {.name = "regions", .about = {"地区均衡", "balance among regions"}}}};
    return shape;
}

const Shape& schedule_file_shape() {
    static const Shape shape{
        .kind = ShapeKind::map, .keys = {format_key(false), schedule_key(true)}};
    return shape;
}

const Shape& pack_shape() {
    static const Shape shape = [] {
        Shape result{
            .kind = ShapeKind::map,
            .keys = {
                format_key(true),
                {.name = "name",
                 .about = {"规则包的名称", "name of the pack"},
                 .shape = &words()},
                rank_key()}};
        result.keys.back().required = true;
        result.keys.push_back(reuse_key());
        return result;
    }();
    return shape;
}

const Shape& project_shape() {
    static const Shape shape = [] {
        Shape result{.kind = ShapeKind::map, .keys = project_keys()};
        for (const auto& [name, zh, en] :
             {std::tuple{
                  "accept", "已核实、予以接受的数据问题", "data issues accepted by the user"},
              std::tuple{"funds", "资金来源", "where money comes from"},
              std::tuple{"modes", "修复方式", "restoration modes"},
              std::tuple{"texts", "文字模板", "texts"},
              std::tuple{"previous", "上一版计划", "an earlier plan"}}) {
            result.keys.push_back({.name = name, .about = {zh, en}});
        }
        return result;
    }();
    return shape;
}

} // namespace tuban
