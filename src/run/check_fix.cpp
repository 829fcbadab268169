#include "core/format.hpp"
#include "geodesy/geometry.hpp"
#include "io/geopackage.hpp"
#include "run/check_output.hpp"
#include "run/earlier_results.hpp"
#include "run/json.hpp"
#include "workspace/plan_tables.hpp"

#include <cmath>
#include <filesystem>
#include <utility>

namespace tuban {
namespace {

namespace fs = std::filesystem;

void require_ending(const std::string& file, const char* ending) {
    if (fs::path(file).extension() != ending) {
        throw Error(
            ErrorCode::invalid_argument,
            text("应当以 {} 结尾", "the name has to end in {}", ending),
            {file, 0, 0}
        );
    }
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
    if (!options.fix.empty()) {
        require_ending(options.fix, ".gpkg");
        require_replaceable(options.fix, Product::fixed_copy);
    }
    if (!options.page.empty()) {
        require_ending(options.page, ".html");
        require_replaceable(options.page, Product::check_page);
    }
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
