#include "io/national_schema.hpp"

#include "io/text_encoding.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace tuban {
namespace {

constexpr std::size_t longest_kept = 10; ///< bytes of a name in a DBF
constexpr std::size_t shortest_cut = 8;  ///< a writer may drop the broken character

bool is_called(const NationalField& field, std::string_view name) {
    const std::string small = lower(name);
    return small == lower(field.name) || name == field.alias ||
           std::any_of(field.others.begin(), field.others.end(), [&](std::string_view other) {
               return small == lower(other);
           });
}

/// The table of 自然资办函〔2021〕1283号, by the names of published tables.
std::vector<NationalField> fields_of_the_inventory() {
    using enum FieldKind;
    return {
        {"SHENG", "省", text, {"省份", "省级"}},
        {"SHI", "市", text, {"XZS", "地市", "市州", "地级市"}},
        {"XIAN", "县", text, {"XZX", "县区", "区县", "县级", "县(市、区)", "县（市、区）"}},
        {"XIANG", "乡镇", text, {"乡", "乡镇名称", "所在乡镇", "乡（镇）", "乡(镇)"}},
        {"KFX", "中心点经度", number, {"经度", "中心经度"}},
        {"KFY", "中心点纬度", number, {"纬度", "中心纬度"}},
        {"ZTBH", "主体编号", text, {"主体编码", "矿山编号", "矿山主体编号"}},
        {"TBBH", "图斑编号", text, {"图斑号", "图斑编码", "编号"}},
        {"TBTYMJ", "图斑投影面积", number, {"TBMJ", "图斑面积", "投影面积", "面积"}},
        {"TBDL", "图斑大类", code, {"大类"}},
        {"TBXL", "图斑小类", code, {"小类"}},
        {"KSWZ", "矿山位置", text, {"WZ", "位置", "图斑位置", "矿区位置"}},
        {"KSMC", "矿山名称", text, {"矿区名称", "矿山名"}},
        {"BHDLX", "保护地类型", code, {}},
        {"BHDJB", "保护地级别", code, {}},
        {"CKZH", "采矿证号", text, {"采矿许可证号", "采矿权证号"}},
        {"KZ", "矿种", codes, {"开采矿种", "主要矿种", "矿种类型"}},
        {"KCFS", "开采方式", code, {}},
        {"TBHDMJ", "图斑核定面积", number, {"核定面积"}},
        {"GBND", "关闭年度", year, {"关闭年份"}},
        {"HFZLQK", "恢复治理情况", code, {}},
        {"SDZLMJ", "实地治理面积", number, {}},
        {"HFYDSX", "合法用地手续", code, {"HDYDSX"}},
        {"TBSX", "图斑属性", codes, {}},
        {"SDDL", "三调地类", codes, {"三调地类名称", "三调地类编码"}},
        {"SYQ", "所有权", code, {"所有权权属", "土地所有权"}},
        {"SHYQ", "使用权权属", code, {"使用权", "土地使用权"}},
        {"STWT", "生态问题", codes, {"主要生态问题", "存在的生态问题"}},
        {"FKYWR", "复垦义务人", text, {}},
        {"ZRR", "责任人", text, {}},
        {"NXFFS", "拟修复方式", code, {"修复方式"}},
        {"NXFFX", "拟修复方向", codes, {"修复方向"}},
        {"NXFSJ", "拟修复时间段", code, {"NXFSJD", "修复时间段", "拟修复时间"}},
        {"HCDW", "核查单位", personal, {}},
        {"HCRY", "核查人", personal, {"核查人员"}},
        {"HCRQ", "核查日期", personal, {"核查时间"}},
        {"BZ", "备注", text, {"备注说明"}},
    };
}

/// What provincial systems and later stages add.
std::vector<NationalField> fields_of_later_stages() {
    using enum FieldKind;
    return {
        {"XTTBBH", "系统图斑编号", text, {}},     {"TBTBLX", "填报图斑类型", text, {}},
        {"ZLND", "治理年度", year, {"治理年份"}}, {"XFSJ", "实际修复时间", date, {}},
        {"FKSJ", "复垦时间", date, {}},           {"YSSJ", "验收时间", date, {}},
        {"YSDW", "验收单位", text, {}},           {"YSJL", "验收结论", text, {}},
        {"FKFX", "复垦方向", text, {}},           {"ZRZT", "责任主体", text, {}},
        {"ZLQK", "治理情况", text, {}},           {"ZLMJ", "治理面积", number, {}},
        {"SHLX", "损毁类型", text, {}},           {"XMMC", "项目名称", text, {}},
        {"YSZZJ", "预算总资金", number, {}},      {"SBZJ", "省补资金", number, {}},
        {"PSJD", "审批进展", text, {}},           {"DLBM", "地类编码", text, {}},
        {"DLMC", "地类名称", text, {}},           {"BSM", "标识码", text, {}},
        {"YSDM", "要素代码", text, {}},           {"QSDWDM", "权属单位代码", text, {}},
        {"ZLDWDM", "坐落单位代码", text, {}},     {"ZLDWMC", "坐落单位名称", text, {}},
    };
}

std::vector<std::string_view> labels_of(const NationalField& field) {
    std::vector<std::string_view> names{field.alias};
    names.insert(names.end(), field.others.begin(), field.others.end());
    return names;
}

} // namespace

const std::vector<NationalField>& national_fields() {
    static const std::vector<NationalField> fields = [] {
        std::vector<NationalField> all = fields_of_the_inventory();
        for (NationalField& field : fields_of_later_stages()) {
            all.push_back(std::move(field));
        }
        return all;
    }();
    return fields;
}

std::string_view trimmed_view(std::string_view text) {
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
    return text;
}

std::string trimmed(std::string_view text) {
    return std::string(trimmed_view(text));
}

std::string lower(std::string_view text) {
    std::string result;
    for (const char c : text) {
        result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return result;
}

const NationalField* national_field(std::string_view name) {
    const auto& fields = national_fields();
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& field) {
        return is_called(field, name);
    });
    return found == fields.end() ? nullptr : &*found;
}

CutName cut_name(std::string_view raw, const std::string& encoding) {
    CutName cut;
    const bool beyond_ascii = std::any_of(raw.begin(), raw.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x80U;
    });
    if (!beyond_ascii || raw.size() < shortest_cut || raw.size() > longest_kept) {
        return cut;
    }
    for (const NationalField& field : national_fields()) {
        const auto names = labels_of(field);
        const auto whole = std::find_if(names.begin(), names.end(), [&](std::string_view name) {
            const std::string bytes = from_utf8(name, encoding);
            return bytes.size() > longest_kept && bytes.starts_with(raw);
        });
        if (whole == names.end()) {
            continue;
        }
        if (cut.fields.empty()) {
            cut.whole = *whole;
        }
        cut.fields.push_back(&field);
    }
    if (cut.fields.size() != 1) {
        cut.whole.clear();
    }
    return cut;
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
