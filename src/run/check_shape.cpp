#include <tuban/run.hpp>

#include "core/format.hpp"
#include "run/json.hpp"

#include <algorithm>
#include <array>
#include <string_view>

// The shape of `check --json`, told once: its JSON Schema and its reference page are made from one table.

namespace tuban {
namespace {

struct Words {
    std::string_view zh;
    std::string_view en;
};

struct Field {
    std::string_view path; ///< "crs.used"; "[]" after a list of objects or of texts
    std::string_view
        type; ///< a JSON type, "…|null", or the words allowed, as in "note/warning/error"
    Words means;
};

constexpr auto all_fields = std::to_array<Field>({
    {"format", "integer", {"这种 JSON 的版本，现为 1", "version of this JSON, now 1"}},
    {"file", "string", {"读的文件，按用户的写法", "the file, as the user wrote it"}},
    {"layer", "string|null", {"图层", "the layer"}},
    {"rows", "integer", {"行数", "rows in the layer"}},
    {"usable", "integer", {"有面积可计的行数", "rows with an area that a plan can count"}},
    {"eligible",
     "integer",
     {"能参与计划的行数：其余各行见 ineligible",
      "rows that may take part in a plan: the others are under ineligible"}},
    {"encoding.used", "string|null", {"文字编码", "encoding of text"}},
    {"encoding.because",
     "string|null",
     {"为什么是它：bytes 按字节，cpg、ldid、file 按声明，project 按用户",
      "why: bytes, cpg, ldid, file (declared), project (said by the user)"}},
    {"crs.used",
     "string|null",
     {"坐标系；没有图形或不知道时为空",
      "the CRS; null without geometry or where it is not known"}},
    {"crs.because", "string|null", {"为什么是它：file 或 project", "why: file or project"}},
    {"crs.proposals[]",
     "string",
     {"可能的坐标系，最像的在前；要用户用 --crs 认可",
      "CRSs it may be, likeliest first; --crs accepts one"}},
    {"total_ellipsoid_area_m2",
     "number",
     {"椭球面积合计，m²，各行先四舍五入到 0.01",
      "sum of ellipsoid areas, m², each rounded to 0.01 first"}},
    {"areas[].column", "string", {"面积列", "an area column"}},
    {"areas[].caliber",
     "survey/geodesic/plane_3_degree/plane_6_degree/plane_of_file/web_mercator/"
     "square_degrees",
     {"它的口径", "what it measures"}},
    {"areas[].unit", "string", {"它的单位：m2、ha、mu、deg2", "its unit: m2, ha, mu, deg2"}},
    {"areas[].rows", "integer", {"有数值又有图形的行数", "rows with a figure and a geometry"}},
    {"areas[].rows_fitting", "integer", {"其中与口径相符的行数", "of them, rows that agree"}},
    {"areas[].tolerance_m2",
     "number",
     {"相符的允许差，m²", "how far a row that agrees may be off, m²"}},
    {"areas[].median_residual_m2", "number", {"残差的中位数，m²", "median residual, m²"}},
    {"areas[].p95_residual_m2",
     "number",
     {"残差的 95 % 分位数，m²", "95 % quantile of residuals, m²"}},
    {"areas[].max_residual_m2", "number", {"最大残差，m²", "largest residual, m²"}},
    {"areas[].as_good[]", "string", {"同样相符、分不出的口径", "calibers that fit as well"}},
    {"areas[].outliers[].row",
     "integer",
     {"不符的行，从 1 起", "a row that does not agree, from 1"}},
    {"areas[].outliers[].plot_id", "string", {"它的图斑编号", "its plot"}},
    {"areas[].outliers[].given_m2", "number", {"写的面积，m²", "area as written, m²"}},
    {"areas[].outliers[].expected_m2", "number", {"按口径应有的面积，m²", "area expected, m²"}},
    {"areas[].outliers[].fits", "string|null", {"它另合的口径", "the caliber it fits instead"}},
    {"areas[].outliers[].fits_unit", "string|null", {"和单位", "and the unit"}},
    {"issues[].severity", "note/warning/error", {"程度", "how bad it is"}},
    {"issues[].code",
     "string",
     {"问题的代码，见 issues.md", "code of the issue: see issues.md"}},
    {"issues[].file", "string|null", {"文件", "file"}},
    {"issues[].layer", "string|null", {"图层", "layer"}},
    {"issues[].row", "integer|null", {"行，从 1 起", "row, from 1"}},
    {"issues[].plot_id", "string|null", {"图斑编号", "plot"}},
    {"issues[].field", "string|null", {"列或键", "column or key"}},
    {"issues[].message_zh", "string", {"中文说明", "message in Chinese"}},
    {"issues[].message_en", "string", {"英文说明", "message in English"}},
    {"issues[].lon_deg", "number|null", {"位置的经度，度", "longitude of the place, degrees"}},
    {"issues[].lat_deg", "number|null", {"位置的纬度，度", "latitude of the place, degrees"}},
    {"issues[].area_before_m2",
     "number|null",
     {"修复前的平面面积，m²", "plane area before a repair, m²"}},
    {"issues[].area_after_m2",
     "number|null",
     {"修复后的平面面积，m²", "plane area after a repair, m²"}},
    {"overlaps[].row",
     "integer",
     {"重叠的一对：前一行，从 1 起", "a pair that overlaps: the earlier row, from 1"}},
    {"overlaps[].other_row", "integer", {"后一行", "the later row"}},
    {"overlaps[].plot_id", "string", {"前一行的图斑", "plot of the earlier row"}},
    {"overlaps[].other_plot_id", "string", {"后一行的图斑", "plot of the later row"}},
    {"overlaps[].area_m2",
     "number",
     {"共有的椭球面积，m²", "what they share on the ellipsoid, m²"}},
    {"overlaps[].same", "boolean", {"两个图形相同", "the two are the same area"}},
    {"overlaps[].lon_deg",
     "number",
     {"重叠处一点的经度，度", "longitude of a point in it, degrees"}},
    {"overlaps[].lat_deg",
     "number",
     {"重叠处一点的纬度，度", "latitude of a point in it, degrees"}},
    {"repairs[].row", "integer", {"修复台账：行，从 1 起", "ledger of repairs: row, from 1"}},
    {"repairs[].plot_id", "string", {"图斑编号", "plot"}},
    {"repairs[].rule",
     "string",
     {"修了什么：问题代码，逗号分隔", "what was mended: codes of issues, comma list"}},
    {"repairs[].state",
     "applied/refused/accepted",
     {"applied 在限度之内；refused 超过限度，图斑暂缓；accepted 超过限度，用户已接受",
      "applied: within the limit; refused: beyond it, held out; accepted: beyond it, taken "
      "by the user"}},
    {"repairs[].vertices_before", "integer", {"修复前的顶点数", "vertices before"}},
    {"repairs[].vertices_after", "integer", {"修复后的顶点数", "vertices after"}},
    {"repairs[].area_before_m2", "number", {"修复前的平面面积，m²", "plane area before, m²"}},
    {"repairs[].area_after_m2", "number", {"修复后的平面面积，m²", "plane area after, m²"}},
    {"ineligible[].id",
     "string",
     {"为什么不能参与：held_out 图形待核实，no_area 没有面积，项目的规则 id，或国家表的字段",
      "why rows take no part: held_out (geometry to be decided upon), no_area, id of a gate, "
      "or a national field"}},
    {"ineligible[].name_zh", "string", {"它的中文说法", "its words in Chinese"}},
    {"ineligible[].name_en", "string", {"它的英文说法", "its words in English"}},
    {"ineligible[].rows",
     "integer",
     {"因它不能参与的行数；一行只算在第一条原因里",
      "rows that it takes out; a row counts under its first reason"}},
    {"ineligible[].plots[].row", "integer", {"其中的一行，从 1 起", "one of them, from 1"}},
    {"ineligible[].plots[].plot_id", "string", {"它的图斑编号", "its plot"}},
    {"values[].column",
     "string",
     {"改写了或读不懂的值：所在的列；issues 里只举几个，这里全部列出",
      "a value that was put in another form or made nothing of: its column; issues name a few, "
      "here are all"}},
    {"values[].value", "string", {"文件里的写法", "as it stands in the file"}},
    {"values[].becomes",
     "string|null",
     {"当作什么；与 value 相同是原样保留，空是当作没有值",
      "what it is taken as; the same as value: left as it is, null: no value"}},
    {"values[].code", "string", {"所属的问题代码", "code of the issue that it belongs to"}},
    {"values[].rows[]",
     "integer",
     {"有这个值的各行，从 1 起", "the rows that have it, from 1"}},
    {"plots[].row", "integer", {"行，从 1 起，按文件的次序", "row, from 1, in file order"}},
    {"plots[].plot_id", "string", {"图斑编号", "plot"}},
    {"plots[].ellipsoid_area_m2",
     "number|null",
     {"椭球面积，m²，四舍五入到 0.01", "ellipsoid area, m², rounded to 0.01"}},
    {"plots[].status",
     "ok/repaired/held_out/no_geometry",
     {"状态：完好、已修复、暂缓待核实、没有图形", "state"}},
});

Json type_schema(const Field& field) {
    const std::string type(field.type);
    Json schema = Json::object();
    if (type.find('/') != std::string::npos) {
        Json words = Json::array();
        for (std::size_t from = 0; from <= type.size();) {
            const std::size_t to = std::min(type.find('/', from), type.size());
            words.push_back(type.substr(from, to - from));
            from = to + 1;
        }
        schema["enum"] = std::move(words);
    } else if (type.ends_with("|null")) {
        schema["type"] = Json::array({type.substr(0, type.size() - 5), "null"});
    } else {
        schema["type"] = type;
    }
    schema["description"] = format("{} / {}", field.means.en, field.means.zh);
    return schema;
}

Json empty_object() {
    return {
        {"type", "object"},
        {"properties", Json::object()},
        {"required", Json::array()},
        {"additionalProperties", false}};
}

/// Puts a field where its path leads, making the objects and lists on the way.
void put(Json& object, std::string_view path, const Field& field) {
    const std::size_t dot = path.find('.');
    std::string name(path.substr(0, dot));
    const bool list = name.ends_with("[]");
    if (list) {
        name.resize(name.size() - 2);
    }
    Json& properties = object["properties"];
    const bool known = properties.contains(name);
    if (!known) {
        object["required"].push_back(name);
    }
    Json& child = properties[name];
    if (dot == std::string_view::npos) {
        child =
            list ? Json{{"type", "array"}, {"items", type_schema(field)}} : type_schema(field);
        return;
    }
    if (!known) {
        child = list ? Json{{"type", "array"}, {"items", empty_object()}} : empty_object();
    }
    put(list ? child["items"] : child, path.substr(dot + 1), field);
}

} // namespace

std::string check_schema_json() {
    Json schema = empty_object();
    Json head{
        {"$schema", "http://json-schema.org/draft-07/schema#"},
        {"title", "tuban check --json"}};
    for (const Field& field : all_fields) {
        put(schema, field.path, field);
    }
    head.update(schema);
    return head.dump(2) + "\n";
}

std::string check_reference_markdown(std::string_view lang) {
    const bool zh = lang == "zh";
    std::string page =
        zh ? "# `tuban check --json` 的字段\n\n"
             "由 `tuban schema --reference check` 输出；JSON Schema（draft-07）由 `tuban "
             "schema "
             "--reference check --json` 输出。`a[].b` 表示列表 a 中每一项的 b。\n\n"
             "`check --fix 副本.gpkg` 写的图层：`plots` 修复后的图斑（拒绝的修复保持原样）、"
             "`refused_before` 和 `refused_after` 被拒绝的修复前后的图形，表 `repairs` "
             "修复台账、"
             "`issues` 全部问题。再检查副本时读 `plots`，不必写 `--layer`。\n\n"
             "| 字段 | 类型 | 意思 |\n|---|---|---|\n"
           : "# Fields of `tuban check --json`\n\n"
             "Printed by `tuban schema --reference check --lang en`; the JSON Schema "
             "(draft-07) "
             "by `tuban schema --reference check --json`. `a[].b` is the b of every item of "
             "the "
             "list a.\n\n"
             "`check --fix copy.gpkg` writes the layers `plots` (as repaired; a refused repair "
             "as "
             "it was read), `refused_before` and `refused_after` (refused repairs, both ways), "
             "and "
             "the tables `repairs` (the ledger) and `issues` (all of them). Checking the copy "
             "reads `plots`; `--layer` is not needed.\n\n"
             "| field | type | meaning |\n|---|---|---|\n";
    for (const Field& field : all_fields) {
        std::string type;
        for (const char letter : field.type) {
            type += letter == '|' ? "\\|" : letter == '/' ? ", " : std::string(1, letter);
        }
        page += format(
            "| `{}` | {} | {} |\n", field.path, type, zh ? field.means.zh : field.means.en
        );
    }
    return page;
}

std::string issue_reference_markdown(std::string_view lang) {
    const bool zh = lang == "zh";
    std::string page =
        zh ? "# 数据问题\n\n"
             "由 `tuban schema --reference issues` 输出。代码出现在 `check "
             "--json`、`plan.gpkg` "
             "的 `issues` 表里，不会改名。\n\n"
             "| 代码 | 问题 | 意味着什么，怎么办 |\n|---|---|---|\n"
           : "# Issues of data\n\n"
             "Printed by `tuban schema --reference issues --lang en`. Codes stand in `check "
             "--json` and in table `issues` of `plan.gpkg`, and are never renamed.\n\n"
             "| code | issue | what it means, what to do |\n|---|---|---|\n";
    for (const IssueKind& kind : issue_kinds()) {
        page += format(
            "| `{}` | {} | {} |\n",
            kind.code,
            zh ? kind.name.zh : kind.name.en,
            zh ? kind.advice.zh : kind.advice.en
        );
    }
    return page;
}

} // namespace tuban
