#include "io/built_in.hpp"

#include "core/format.hpp"
#include "core/joined.hpp"
#include "io/embedded_packs.hpp"
#include "io/embedded_profiles.hpp"
#include "io/project_shape.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace tuban {

namespace fs = std::filesystem;

BuiltIns::BuiltIns(Text kind, std::vector<File> files)
    : kind_(std::move(kind)), files_(std::move(files)) {}

const std::string_view* BuiltIns::find(std::string_view name) const {
    for (const File& file : files_) {
        if (file.name == name) {
            return file.text;
        }
    }
    return nullptr;
}

std::vector<std::string> BuiltIns::names() const {
    std::vector<std::string> names;
    names.reserve(files_.size());
    for (const File& file : files_) {
        names.emplace_back(file.name);
    }
    return names;
}

const BuiltIns& rule_packs() {
    static const BuiltIns packs(
        {"规则包", "rule pack"},
        {{"toli-hazard-first", &embedded::toli_hazard_first_yaml},
         {"youhao-easy-first", &embedded::youhao_easy_first_yaml}}
    );
    return packs;
}

const BuiltIns& zone_profiles() {
    static const BuiltIns profiles(
        {"三区两线方案", "profile"},
        {{"mnr-2012", &embedded::mnr_2012_yaml},
         {"coastal", &embedded::coastal_yaml},
         {"yangtze-10km", &embedded::yangtze_10km_yaml},
         {"railway-1000", &embedded::railway_1000_yaml},
         {"custom", &embedded::custom_yaml}}
    );
    return profiles;
}

std::string read_bytes(const std::string& file) {
    std::error_code failure;
    const fs::path path(file);
    std::ifstream stream;
    if (!fs::is_directory(path, failure)) {
        stream.open(path, std::ios::binary);
    }
    if (!stream.is_open()) {
        throw Error(
            ErrorCode::unreadable_input,
            text(
                "打不开文件 {}；请检查路径和权限",
                "cannot open file {}; check the path and permissions",
                file
            )
        );
    }
    return {std::istreambuf_iterator<char>(stream), {}};
}

namespace {

RuleText given_file(const std::string& file) {
    return {read_bytes(file), file, fs::path(file).stem().string()};
}

RuleText built_in(const std::string& name, std::string_view text) {
    return {std::string(text), format("<{}>", name), name};
}

} // namespace

RuleText file_or_built_in(const std::string& file_or_name, const BuiltIns& all) {
    std::error_code failure;
    if (fs::exists(file_or_name, failure)) {
        return given_file(file_or_name);
    }
    if (const std::string_view* const known = all.find(file_or_name)) {
        return built_in(file_or_name, *known);
    }
    const Text hint = did_you_mean(file_or_name, all.names());
    const std::string names = joined(all.names());
    throw Error(
        ErrorCode::unreadable_input,
        {format(
             "没有文件或{0} {1}；自带的{0}有 {2}{3}",
             all.kind().zh,
             file_or_name,
             names,
             hint.zh
         ),
         format(
             "there is no file or {0} {1}; built-in {0}s: {2}{3}",
             all.kind().en,
             file_or_name,
             names,
             hint.en
         )}
    );
}

std::optional<RuleText> of_project(
    const std::string& folder,
    const std::string& file_name,
    const std::string& name,
    const BuiltIns& all
) {
    std::error_code failure;
    const std::string file = (fs::path(folder) / file_name).string();
    if (!file_name.empty() && fs::is_regular_file(file, failure)) {
        return given_file(file);
    }
    if (const std::string_view* const known = all.find(name)) {
        return built_in(name, *known);
    }
    return std::nullopt;
}

Text not_in_project(
    const std::string& file_name, const std::string& name, const BuiltIns& all
) {
    const Text hint = did_you_mean(name, all.names());
    const std::string names = joined(all.names());
    return {
        format(
            "没有{} {}：项目文件夹里没有 {}，自带的有 {}{}",
            all.kind().zh,
            name,
            file_name,
            names,
            hint.zh
        ),
        format(
            "there is no {} {}: no {} in the project's folder; built-in ones: {}{}",
            all.kind().en,
            name,
            file_name,
            names,
            hint.en
        )};
}

} // namespace tuban
