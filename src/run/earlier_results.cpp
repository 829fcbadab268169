#include "run/earlier_results.hpp"

#include "core/format.hpp"
#include "indicators/own_columns.hpp"
#include "io/geopackage.hpp"
#include "io/national_schema.hpp"
#include "run/input_paths.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <span>
#include <string_view>
#include <system_error>

namespace tuban {
namespace {

namespace fs = std::filesystem;

using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 3> schedule_columns = {"unit_id", "period", "share"};
constexpr std::array<std::string_view, 3> tables_of_fixed_copy = {"plots", "repairs", "issues"};
constexpr std::array<std::string_view, 5> tables_of_plan = {
    "plots", "assignments", "constraints", "inputs", "run"};
constexpr std::string_view page_mark = R"(<meta name="generator" content="tuban check">)";

/// How a table is told from other files: the columns it begins with, and whether others may follow.
struct FirstColumns {
    Names names;
    bool more;
};

std::string start_of(const std::string& file, std::size_t most) {
    std::string start(most, '\0');
    std::ifstream in(file, std::ios::binary);
    in.read(start.data(), static_cast<std::streamsize>(start.size()));
    start.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    return start;
}

std::string ending_of(const std::string& file) {
    return lower(fs::path(file).extension().string());
}

bool is_marked_csv(std::string_view start, const FirstColumns& mark) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (start.starts_with(byte_order_mark)) {
        start.remove_prefix(byte_order_mark.size());
    }
    std::string header;
    for (const std::string_view column : mark.names) {
        header += (header.empty() ? "" : ",") + std::string(column);
    }
    const std::string_view line = start.substr(0, start.find('\n'));
    return line == header || (mark.more && line.starts_with(header + ","));
}

/// The keys of the first row stand in order behind the words that every file of ours begins with.
bool is_marked_json(std::string_view start, std::string_view begins, const FirstColumns& mark) {
    const std::string head = std::string(begins) + "{\"" + std::string(mark.names[0]) + "\":";
    if (!start.starts_with(head)) {
        return false;
    }
    std::size_t at = 0;
    for (const std::string_view column : mark.names) {
        at = start.find("\"" + std::string(column) + "\":", at);
        if (at == std::string_view::npos) {
            return false;
        }
    }
    return true;
}

/// The tables of a GeoPackage; none of any other file.
std::vector<GeoPackageTable> tables_of(const std::string& file) {
    try {
        return read_geopackage(file);
    } catch (const Error&) {
        return {}; // whatever it is, it is not ours
    }
}

bool is_marked_geopackage(const std::string& file, const FirstColumns& mark) {
    const std::vector<GeoPackageTable> tables = tables_of(file);
    if (tables.size() != 1) {
        return false;
    }
    const std::vector<Column>& columns = tables[0].table.columns;
    const bool enough =
        mark.more ? columns.size() >= mark.names.size() : columns.size() == mark.names.size();
    return enough &&
           std::equal(
               mark.names.begin(),
               mark.names.end(),
               columns.begin(),
               [](std::string_view name, const Column& own) { return own.name == name; }
           );
}

bool holds_tables(const std::string& file, Names names) {
    const std::vector<GeoPackageTable> tables = tables_of(file);
    return std::all_of(names.begin(), names.end(), [&](std::string_view name) {
        return std::any_of(tables.begin(), tables.end(), [&](const GeoPackageTable& table) {
            return table.name == name;
        });
    });
}

bool is_marked_table(const std::string& file, const FirstColumns& mark) {
    const std::string ending = ending_of(file);
    if (ending == ".gpkg") {
        return is_marked_geopackage(file, mark);
    }
    constexpr std::size_t header_bytes = 65'536;
    const std::string start = start_of(file, header_bytes);
    if (ending == ".csv") {
        return is_marked_csv(start, mark);
    }
    constexpr std::string_view collection = "{\"type\": \"FeatureCollection\", \"features\": "
                                            "[\n{\"type\":\"Feature\",\"properties\":";
    return is_marked_json(start, ending == ".geojson" ? collection : "[\n", mark);
}

bool is_earlier_result(const std::string& file, Product product) {
    switch (product) {
    case Product::measured:
        return is_marked_table(file, {columns_first(), true});
    case Product::schedule:
        return is_marked_table(file, {schedule_columns, false});
    case Product::fixed_copy:
        return holds_tables(file, tables_of_fixed_copy);
    case Product::check_page:
        return start_of(file, 1024).find(page_mark) != std::string::npos;
    case Product::plan:
        break;
    }
    return holds_tables(file, tables_of_plan);
}

const char* command_of(Product product) {
    switch (product) {
    case Product::measured:
        return "tuban measure";
    case Product::schedule:
        return "tuban schedule";
    case Product::fixed_copy:
    case Product::check_page:
        return "tuban check";
    case Product::plan:
        break;
    }
    return "tuban";
}

/// What write_table() can write at all; it refuses the rest itself.
bool is_table_file(const std::string& file) {
    constexpr std::array<std::string_view, 4> endings = {".csv", ".gpkg", ".geojson", ".json"};
    return std::find(endings.begin(), endings.end(), ending_of(file)) != endings.end();
}

/// Tables have their ending judged where they are written.
bool is_refused_later(const std::string& file, Product product) {
    return (product == Product::measured || product == Product::schedule) &&
           !is_table_file(file);
}

} // namespace

void require_replaceable(const std::string& output, Product product) {
    std::error_code error;
    if (fs::exists(output, error) && !fs::is_directory(output, error) &&
        !is_refused_later(output, product) &&
        !(fs::is_regular_file(output, error) && is_earlier_result(output, product))) {
        throw Error(
            ErrorCode::unwritable_output,
            text(
                "已有这个文件，又不是 {0} 写的；不会覆盖，请换一个名字",
                "is there already and was not written by {0}; it is left alone: choose another "
                "name",
                command_of(product)
            ),
            {output, 0, 0}
        );
    }
    require_writable(output);
}

void require_output(
    const std::string& output, const std::vector<std::string>& inputs, Product product
) {
    require_apart(output, inputs);
    require_replaceable(output, product);
}

} // namespace tuban
