#include "core/format.hpp"
#include "geodesy/geometry.hpp"
#include "io/geopackage.hpp"
#include "run/check_output.hpp"
#include "run/json.hpp"
#include "workspace/plan_tables.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <utility>

namespace tuban {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view page_mark = R"(<meta name="generator" content="tuban check">)";

[[noreturn]] void refuse(ErrorCode code, const std::string& file, const Text& why) {
    throw Error(code, why, {file, 0, 0});
}

bool has_table(const std::vector<GeoPackageTable>& tables, std::string_view name) {
    return std::any_of(tables.begin(), tables.end(), [&](const GeoPackageTable& table) {
        return table.name == name;
    });
}

/// A GeoPackage that an earlier --fix wrote.
bool is_fixed_copy(const std::string& file) {
    try {
        const std::vector<GeoPackageTable> tables = read_geopackage(file);
        return has_table(tables, "plots") && has_table(tables, "repairs") &&
               has_table(tables, "issues");
    } catch (const Error&) {
        return false; // whatever it is, it is not ours
    }
}

bool is_check_page(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::string start(1024, '\0');
    in.read(start.data(), static_cast<std::streamsize>(start.size()));
    return start.find(page_mark) != std::string::npos;
}

void require_replaceable(const std::string& file, const char* ending) {
    if (file.empty()) {
        return;
    }
    if (fs::path(file).extension() != ending) {
        refuse(
            ErrorCode::invalid_argument,
            file,
            text("应当以 {} 结尾", "the name has to end in {}", ending)
        );
    }
    std::error_code error;
    const bool page = std::string_view(ending) == ".html";
    if (fs::exists(file, error) && !(page ? is_check_page(file) : is_fixed_copy(file))) {
        refuse(
            ErrorCode::unwritable_output,
            file,
            {"已有这个文件，又不是 tuban check 写的；不会覆盖，请换一个名字",
             "is there already and was not written by tuban check; it is left alone: choose "
             "another name"}
        );
    }
    require_writable(file);
}

bool all_finite(const Geometry& geometry, std::size_t index) {
    const auto begin =
        geometry.ring_offsets[geometry.part_offsets[geometry.feature_offsets[index]]];
    const auto end =
        geometry.ring_offsets[geometry.part_offsets[geometry.feature_offsets[index + 1]]];
    for (auto i = begin; i < end; ++i) {
        if (!std::isfinite(geometry.lon_deg[i]) || !std::isfinite(geometry.lat_deg[i])) {
            return false;
        }
    }
    return true;
}

} // namespace

void require_replaceable(const CheckOptions& options) {
    require_replaceable(options.fix, ".gpkg");
    require_replaceable(options.page, ".html");
}

Geometry shown_geometry(const Plots& plots) {
    std::vector<std::optional<std::size_t>> refused(plots.size());
    for (std::size_t i = 0; i < plots.repairs.entries.size(); ++i) {
        const RepairEntry& entry = plots.repairs.entries[i];
        if (entry.state == RepairState::refused && all_finite(plots.repairs.before, i)) {
            refused.at(static_cast<std::size_t>(entry.row - 1)) = i;
        }
    }
    Geometry shown;
    for (std::size_t row = 0; row < plots.size(); ++row) {
        if (refused[row]) {
            append_feature(plots.repairs.before, *refused[row], shown);
        } else {
            append_feature(plots.geometry, row, shown);
        }
    }
    return shown;
}

void write_fixed(const Checked& checked, const std::string& file) {
    const RepairLedger& ledger = checked.plots.repairs;
    std::vector<RepairEntry> refused;
    Geometry before;
    Geometry after;
    for (std::size_t i = 0; i < ledger.entries.size(); ++i) {
        if (ledger.entries[i].state != RepairState::refused) {
            continue;
        }
        refused.push_back(ledger.entries[i]);
        all_finite(ledger.before, i) ? append_feature(ledger.before, i, before)
                                     : append_nothing(before);
        append_feature(ledger.after, i, after);
    }
    const Geometry plots = shown_geometry(checked.plots);
    std::vector<GeoPackageTable> tables{
        {"plots", "plots as repaired; refused ones as read", checked.plots.attributes, &plots},
        {"repairs", "the ledger of repairs", repairs_table(ledger.entries)},
        {"issues",
         "what is worth knowing about the input",
         issues_table(checked.report.issues)},
    };
    if (!refused.empty()) {
        tables.push_back(
            {"refused_before", "refused repairs: as read", repairs_table(refused), &before}
        );
        tables.push_back(
            {"refused_after",
             "refused repairs: as the rule would make them",
             repairs_table(refused),
             &after}
        );
    }
    write_geopackage(tables, {}, file);
}

} // namespace tuban
