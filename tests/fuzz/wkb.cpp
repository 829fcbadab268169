// Well-known binary, and the one rule of repair behind it. The first byte chooses how far an input goes: most are parsed
// and repaired in the plane, some go all the way to plots and layers (which set up PROJ each time).
#include "spatial/wkb.hpp"

#include <tuban/geodesy.hpp>
#include <tuban/spatial.hpp>

#include "fuzz.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace {

using tuban_fuzz::require;

struct System {
    tuban::Crs crs;
    tuban::TileTransform transform;
};

System& system_of(std::uint8_t choice) {
    static const std::array<const char*, 3> names{"EPSG:4490", "EPSG:4516", "EPSG:3857"};
    static std::array<std::unique_ptr<System>, names.size()> made;
    auto& system = made[choice % names.size()];
    if (!system) {
        const tuban::Crs crs = tuban::parse_crs(names[choice % names.size()]);
        system = std::make_unique<System>(System{
            crs, tuban::TileTransform(crs, tuban::layer_bound_m)});
    }
    return *system;
}

/// Edges round the world are cut into millions of pieces, as they must be; here that would only take time.
bool is_local(const tuban::RawPolygon& parts, bool geographic) {
    const double most = geographic ? 2.0 : 2e5;
    const auto spread = [](const std::vector<double>& values, const double first) {
        double most_apart = 0.0;
        for (const double value : values) {
            most_apart = std::max(most_apart, std::abs(value - first));
        }
        return most_apart;
    };
    return std::all_of(parts.rings.begin(), parts.rings.end(), [&](const tuban::RawRing& ring) {
        return spread(ring.x, parts.rings[0].x[0]) <= most &&
               spread(ring.y, parts.rings[0].y[0]) <= most &&
               (!geographic || std::abs(ring.y[0]) < 80.0);
    });
}

void check_repair(const tuban::RawPolygon& polygon) {
    const tuban::Repair repaired = tuban::repair(polygon, 1.0);
    if (repaired.outcome == tuban::RepairOutcome::held_out) {
        require(!repaired.faults.empty(), "what is held out has a fault");
        return;
    }
    require(
        std::isfinite(repaired.area_after_m2) && repaired.area_after_m2 >= 0.0,
        "an area is finite and not negative"
    );
    require(!repaired.polygon.rings.empty(), "what is taken has rings");
    for (const tuban::RawRing& ring : repaired.polygon.rings) {
        require(ring.x.size() >= 3 && ring.x.size() == ring.y.size(), "rings have vertices");
    }
}

void check(const tuban::Geometry& geometry, std::size_t rows) {
    require(geometry.kinds.size() == rows, "a kind per row");
    require(geometry.feature_offsets.size() == rows + 1, "offsets per row");
    require(
        geometry.feature_offsets.back() == geometry.part_offsets.size() - 1 &&
            geometry.part_offsets.back() == geometry.ring_offsets.size() - 1 &&
            geometry.ring_offsets.back() == geometry.lon_deg.size() &&
            geometry.lon_deg.size() == geometry.lat_deg.size(),
        "offsets end where the arrays do"
    );
    for (std::size_t v = 0; v < geometry.lon_deg.size(); ++v) {
        require(
            std::isfinite(geometry.lon_deg[v]) && std::isfinite(geometry.lat_deg[v]),
            "vertices are finite"
        );
    }
}

void check_plots(const std::vector<std::string>& wkb, const System& system) {
    const std::vector<std::string> ids{"A", "B"};
    const tuban::Plots plots = tuban::plots_with_any_ids(wkb, ids, system.crs, {});
    check(plots.geometry, 2);
    const bool drawn = plots.geometry.kinds[0] == tuban::GeometryKind::polygon;
    require(
        drawn == (plots.states[0] == tuban::PlotState::ok ||
                  plots.states[0] == tuban::PlotState::repaired),
        "what is held out has no geometry"
    );
    const auto areas =
        tuban::area_m2(plots.geometry, plots.edge_crs, tuban::AreaMethod::survey_vertices);
    require(drawn == std::isfinite(areas[0]), "an area if and only if there is a polygon");
}

void check_layer(const std::vector<std::string>& wkb, System& system) {
    const std::vector<std::string> ids{"A", "B"};
    const tuban::Layer layer = tuban::layer_piece(wkb, ids, system.crs, system.transform);
    check(layer.geometry, 2);
    for (const std::string& bytes : tuban::to_wkb(layer.geometry)) {
        if (!bytes.empty()) {
            (void)tuban::parse_wkb(bytes, {"written by tuban", 1});
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::uint8_t choice = data[0];
    const std::string bytes(tuban_fuzz::bytes_of(data + 1, size - 1));
    tuban_fuzz::expect_answer_or_error([&] {
        const tuban::RawGeometry raw = tuban::parse_wkb(bytes, {"input", 1});
        if (raw.kind == tuban::GeometryKind::polygon) {
            check_repair(raw.parts);
        }
        if (choice < 0xE0) {
            return;
        }
        System& system = system_of(choice);
        if (is_local(raw.parts, system.crs.geographic)) {
            check_layer({bytes, ""}, system);
        }
        if (choice >= 0xF0) {
            check_plots({bytes, ""}, system);
        }
    });
    return 0;
}
