#include "run/outputs.hpp"

#include "core/format.hpp"
#include "io/geopackage.hpp"
#include "io/national_schema.hpp"
#include "io/source.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

namespace tuban {
namespace {

namespace fs = std::filesystem;

/// How a result is told from other files: the columns it begins with, and whether others may follow.
struct Mark {
    const char* command;
    std::span<const std::string_view> columns;
    bool more;
};

constexpr std::array<std::string_view, 11> measured_columns = {
    "plot_id",
    "mine_id",
    "name",
    "town",
    "mode",
    "responsible",
    "cost_yuan",
    "area_m2",
    "area_ha",
    "area_basis",
    "ellipsoid_area_m2"};
constexpr std::array<std::string_view, 3> schedule_columns = {"unit_id", "period", "share"};

Mark mark_of(Product product) {
    return product == Product::measured ? Mark{"tuban measure", measured_columns, true}
                                        : Mark{"tuban schedule", schedule_columns, false};
}

std::string ending_of(const std::string& file) {
    return lower(fs::path(file).extension().string());
}

bool is_marked_csv(std::string_view start, const Mark& mark) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (start.starts_with(byte_order_mark)) {
        start.remove_prefix(byte_order_mark.size());
    }
    std::string header;
    for (const std::string_view column : mark.columns) {
        header += (header.empty() ? "" : ",") + std::string(column);
    }
    const std::string_view line = start.substr(0, start.find('\n'));
    return line == header || (mark.more && line.starts_with(header + ","));
}

/// The keys of the first row stand in order behind the words that every file of ours begins with.
bool is_marked_json(std::string_view start, std::string_view begins, const Mark& mark) {
    const std::string head = std::string(begins) + "{\"" + std::string(mark.columns[0]) + "\":";
    if (!start.starts_with(head)) {
        return false;
    }
    std::size_t at = 0;
    for (const std::string_view column : mark.columns) {
        at = start.find("\"" + std::string(column) + "\":", at);
        if (at == std::string_view::npos) {
            return false;
        }
    }
    return true;
}

bool is_marked_geopackage(const std::string& file, const Mark& mark) {
    try {
        const std::vector<GeoPackageTable> tables = read_geopackage(file);
        if (tables.size() != 1) {
            return false;
        }
        const std::vector<Column>& columns = tables[0].table.columns;
        const bool enough = mark.more ? columns.size() >= mark.columns.size()
                                      : columns.size() == mark.columns.size();
        return enough &&
               std::equal(
                   mark.columns.begin(),
                   mark.columns.end(),
                   columns.begin(),
                   [](std::string_view name, const Column& own) { return own.name == name; }
               );
    } catch (const Error&) {
        return false; // whatever it is, it is not ours
    }
}

bool is_earlier_result(const std::string& file, const Mark& mark) {
    const std::string ending = ending_of(file);
    if (ending == ".gpkg") {
        return is_marked_geopackage(file, mark);
    }
    std::string start(65'536, '\0');
    std::ifstream in(file, std::ios::binary);
    in.read(start.data(), static_cast<std::streamsize>(start.size()));
    start.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    if (ending == ".csv") {
        return is_marked_csv(start, mark);
    }
    constexpr std::string_view collection = "{\"type\": \"FeatureCollection\", \"features\": "
                                            "[\n{\"type\":\"Feature\",\"properties\":";
    return is_marked_json(start, ending == ".geojson" ? collection : "[\n", mark);
}

/// What write_table() can write at all; it refuses the rest itself.
bool is_table_file(const std::string& file) {
    constexpr std::array<std::string_view, 4> endings = {".csv", ".gpkg", ".geojson", ".json"};
    return std::find(endings.begin(), endings.end(), ending_of(file)) != endings.end();
}

/// `file` is in `folder` or deeper; links are followed.
bool lies_in(const fs::path& file, const fs::path& folder) {
    std::error_code error;
    const fs::path inner = fs::weakly_canonical(fs::absolute(file), error);
    const fs::path outer = fs::weakly_canonical(fs::absolute(folder), error);
    return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first ==
           outer.end();
}

bool is_file_of(const std::string& output, const std::string& input) {
    std::error_code error;
    if (!fs::exists(input, error)) {
        return false; // reading will say so
    }
    if (fs::equivalent(output, input, error) ||
        (fs::is_directory(input, error) && lies_in(output, input))) {
        return true;
    }
    const std::vector<std::string> members = member_files(input);
    return std::any_of(members.begin(), members.end(), [&](const std::string& member) {
        std::error_code none;
        return fs::equivalent(output, member, none);
    });
}

/// Paths of data sets as their owner names them.
class Paths {
public:
    explicit Paths(std::string folder) : folder_(std::move(folder)) {}

    void add(const FileSpec& source) { paths_.push_back((folder_ / source.file).string()); }

    void add(const std::vector<LayerSpec>& layers) {
        for (const LayerSpec& layer : layers) {
            add(layer.source);
            if (layer.reference) {
                add(*layer.reference);
            }
        }
    }

    void add(const PlotsSpec& plots) {
        add(plots.source);
        for (const JoinSpec& join : plots.joins) {
            add(join.source);
        }
    }

    [[nodiscard]] std::vector<std::string> taken() { return std::move(paths_); }

private:
    fs::path folder_;
    std::vector<std::string> paths_;
};

} // namespace

void require_apart(const std::string& output, const std::vector<std::string>& inputs) {
    for (const std::string& input : inputs) {
        if (!is_file_of(output, input)) {
            continue;
        }
        throw Error(
            ErrorCode::unwritable_output,
            text(
                "这就是要读的文件（{0}），不会覆盖；请换一个名字",
                "is a file that is read ({0}), which is never changed: choose another name",
                input
            ),
            {output, 0, 0}
        );
    }
}

void require_output(
    const std::string& output, const std::vector<std::string>& inputs, Product product
) {
    require_apart(output, inputs);
    const Mark mark = mark_of(product);
    std::error_code error;
    if (fs::is_regular_file(output, error) && is_table_file(output) &&
        !is_earlier_result(output, mark)) {
        throw Error(
            ErrorCode::unwritable_output,
            text(
                "已有这个文件，又不是 {0} 写的；不会覆盖，请换一个名字",
                "is there already and was not written by {0}; it is left alone: choose another "
                "name",
                mark.command
            ),
            {output, 0, 0}
        );
    }
    require_writable(output);
}

std::vector<std::string> inputs_of(const MeasureFile& request) {
    Paths paths("");
    paths.add(request.plots);
    paths.add(request.layers);
    if (request.elevation) {
        paths.add(request.elevation->source);
    }
    return paths.taken();
}

std::vector<std::string> inputs_of(const Project& project) {
    Paths paths(project.folder);
    paths.add(project.plots);
    paths.add(project.layers);
    if (project.boundary) {
        paths.add(project.boundary->source);
    }
    if (project.elevation) {
        paths.add(project.elevation->source);
    }
    std::vector<std::string> all = paths.taken();
    all.push_back(project.file);
    return all;
}

} // namespace tuban
