#include "io/national_schema.hpp"

#include "core/format.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace tuban {
namespace {

// 自然资办函〔2021〕1283号 and what later stages add; the names are those of published tables.
constexpr std::array<NationalField, 45> fields{{
    {"SHENG", "省", FieldKind::text},
    {"SHI", "市", FieldKind::text},
    {"XIAN", "县", FieldKind::text},
    {"XIANG", "乡镇", FieldKind::text},
    {"KFX", "中心点经度", FieldKind::number},
    {"KFY", "中心点纬度", FieldKind::number},
    {"ZTBH", "主体编号", FieldKind::text},
    {"TBBH", "图斑编号", FieldKind::text},
    {"TBTYMJ", "图斑投影面积", FieldKind::number},
    {"TBDL", "图斑大类", FieldKind::code},
    {"TBXL", "图斑小类", FieldKind::code},
    {"KSWZ", "矿山位置", FieldKind::text},
    {"BHDLX", "保护地类型", FieldKind::code},
    {"BHDJB", "保护地级别", FieldKind::code},
    {"CKZH", "采矿证号", FieldKind::text},
    {"KZ", "矿种", FieldKind::text},
    {"KCFS", "开采方式", FieldKind::code},
    {"TBHDMJ", "图斑核定面积", FieldKind::number},
    {"GBND", "关闭年度", FieldKind::text},
    {"HFZLQK", "恢复治理情况", FieldKind::code},
    {"SDZLMJ", "实地治理面积", FieldKind::number},
    {"HFYDSX", "合法用地手续", FieldKind::code},
    {"TBSX", "图斑属性", FieldKind::code},
    {"SDDL", "三调地类", FieldKind::text},
    {"SYQ", "所有权", FieldKind::code},
    {"SHYQ", "使用权权属", FieldKind::code},
    {"STWT", "生态问题", FieldKind::code},
    {"FKYWR", "复垦义务人", FieldKind::text},
    {"ZRR", "责任人", FieldKind::text},
    {"NXFFS", "拟修复方式", FieldKind::code},
    {"NXFFX", "拟修复方向", FieldKind::text},
    {"NXFSJ", "拟修复时间段", FieldKind::code},
    {"HCDW", "核查单位", FieldKind::personal},
    {"HCRY", "核查人", FieldKind::personal},
    {"HCRQ", "核查日期", FieldKind::personal},
    {"BZ", "备注", FieldKind::text},
    {"XTTBBH", "系统图斑编号", FieldKind::text},
    {"TBTBLX", "填报图斑类型", FieldKind::text},
    {"DLBM", "地类编码", FieldKind::text},
    {"DLMC", "地类名称", FieldKind::text},
    {"BSM", "标识码", FieldKind::text},
    {"YSDM", "要素代码", FieldKind::text},
    {"QSDWDM", "权属单位代码", FieldKind::text},
    {"ZLDWDM", "坐落单位代码", FieldKind::text},
    {"ZLDWMC", "坐落单位名称", FieldKind::text},
}};

struct Label {
    const char* field;
    const char* label; ///< whole value, trimmed
    const char* code;
};

// Labels that name one code without doubt. Whatever is not here stays as it is.
constexpr std::array<Label, 62> labels{{
    {"TBDL", "历史遗留矿山", "10"},
    {"TBDL", "有责任主体的废弃矿山", "20"},
    {"TBDL", "其他情形", "30"},
    {"TBDL", "功能未损毁采矿沉陷区", "40"},
    {"TBXL", "无法确认治理恢复责任主体的无主废弃矿山", "11"},
    {"TBXL", "由政府承担治理恢复责任的政策性关闭矿山", "12"},
    {"TBXL", "生产矿山", "31"},
    {"TBXL", "采矿权过期未注销", "32"},
    {"TBXL", "自然灾毁", "33"},
    {"TBXL", "工程建设损毁", "34"},
    {"TBXL", "河道采砂损毁", "35"},
    {"TBXL", "尾矿库占用损毁", "36"},
    {"TBXL", "未损毁", "37"},
    {"BHDLX", "国家公园", "1"},
    {"BHDLX", "自然保护区", "2"},
    {"BHDLX", "自然公园", "3"},
    {"BHDLX", "其他", "4"},
    {"BHDLX", "无", "5"},
    {"BHDJB", "国家级", "1"},
    {"BHDJB", "省级", "2"},
    {"BHDJB", "市级", "3"},
    {"BHDJB", "县级", "4"},
    {"BHDJB", "无", "5"},
    {"KCFS", "露天", "A"},
    {"KCFS", "井工", "B"},
    {"KCFS", "联合", "C"},
    {"HFZLQK", "未治理", "A"},
    {"HFZLQK", "已恢复治理", "B"},
    {"HFZLQK", "已治理", "B"},
    {"HFZLQK", "完全修复", "B"},
    {"HFYDSX", "有", "A"},
    {"HFYDSX", "无", "B"},
    {"TBSX", "采场", "1"},
    {"TBSX", "中转场地", "2"},
    {"TBSX", "固体废弃物堆场", "3"},
    {"TBSX", "矿山建筑", "4"},
    {"TBSX", "塌陷坑", "5"},
    {"TBSX", "井口", "6"},
    {"TBSX", "硐口", "6"},
    {"TBSX", "井口/硐口", "6"},
    {"TBSX", "其他", "7"},
    {"SYQ", "国有", "A"},
    {"SYQ", "集体", "B"},
    {"SYQ", "其他", "C"},
    {"SHYQ", "国有", "A"},
    {"SHYQ", "集体", "B"},
    {"SHYQ", "其他", "C"},
    {"STWT", "土地损毁", "1"},
    {"STWT", "地质环境问题", "2"},
    {"STWT", "植被破坏", "3"},
    {"NXFFS", "自然恢复", "1"},
    {"NXFFS", "A", "1"},
    {"NXFFS", "辅助再生", "2"},
    {"NXFFS", "B", "2"},
    {"NXFFS", "生态重建", "3"},
    {"NXFFS", "C", "3"},
    {"NXFFS", "转型利用", "4"},
    {"NXFFS", "D", "4"},
    {"NXFFS", "/", "5"},
    {"NXFSJ", "十四五期间", "A"},
    {"NXFSJ", "十四五之后", "B"},
    {"NXFSJ", "“十四五”期间", "A"},
}};

std::string code_of(std::string_view field, std::string value) {
    for (const Label& label : labels) {
        if (field == label.field && value == label.label) {
            return label.code;
        }
    }
    return value;
}

} // namespace

std::string trimmed(std::string_view text) {
    constexpr std::string_view wide = "\xE3\x80\x80";
    const auto is_space = [](char c) {
        return std::isspace(static_cast<unsigned char>(c)) != 0;
    };
    while (!text.empty() && (is_space(text.front()) || text.starts_with(wide))) {
        text.remove_prefix(is_space(text.front()) ? 1 : wide.size());
    }
    while (!text.empty() && (is_space(text.back()) || text.ends_with(wide))) {
        text.remove_suffix(is_space(text.back()) ? 1 : wide.size());
    }
    return std::string(text);
}

std::string lower(std::string_view text) {
    std::string result;
    for (const char c : text) {
        result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return result;
}

const NationalField* national_field(std::string_view name) {
    for (const NationalField& field : fields) {
        if (lower(name) == lower(field.name) || name == field.alias) {
            return &field;
        }
    }
    return nullptr;
}

Column as_national(Column column) {
    const NationalField* field = national_field(column.name);
    if (field == nullptr) {
        return column;
    }
    if (column.name != field->alias) {
        column.alias = field->alias;
    }
    if (field->kind != FieldKind::text && field->kind != FieldKind::code) {
        return column;
    }
    std::vector<std::optional<std::string>> cells(column.size());
    for (std::size_t row = 0; row < cells.size(); ++row) {
        if (auto cell = column.text(row)) {
            const std::string word = trimmed(*cell);
            cells[row] = field->kind == FieldKind::code ? code_of(field->name, word) : word;
        }
    }
    return text_column(std::move(column.name), std::move(column.alias), cells);
}

std::optional<std::string> restoration_mode(std::string_view value) {
    struct Mode {
        const char* name;
        std::array<std::string_view, 5> words;
    };

    static constexpr std::array<Mode, 5> modes{{
        {"natural", {"natural", "1", "A", "自然恢复", "自然修复"}},
        {"assisted", {"assisted", "2", "B", "辅助再生", "人工辅助修复"}},
        {"engineering", {"engineering", "3", "C", "生态重建", "工程修复"}},
        {"reuse", {"reuse", "4", "D", "转型利用", "利用型修复"}},
        {"", {"", "5", "/", "无", "E"}},
    }};
    const std::string word = trimmed(value);
    for (const Mode& mode : modes) {
        if (std::find(mode.words.begin(), mode.words.end(), word) != mode.words.end()) {
            return mode.name;
        }
    }
    return std::nullopt;
}

} // namespace tuban
