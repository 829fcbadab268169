#include "run/input_paths.hpp"

#include "core/format.hpp"
#include "io/source.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace tuban {
namespace {

namespace fs = std::filesystem;

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
    if (project.land_cover) {
        paths.add(project.land_cover->source);
    }
    std::vector<std::string> all = paths.taken();
    all.push_back(project.file);
    return all;
}

} // namespace tuban
