#pragma once
#include <tuban/geodesy.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tuban {

/// Areas of plots made in every way that a column of figures may have been made: shared by all columns of a table,
/// and computed only for the rows that are asked for.
class TUBAN_EXPORT CaliberAreas {
public:
    /// One way to make an area, and what it gives.
    struct Reading {
        AreaCaliber caliber = AreaCaliber::survey;
        std::string plane_crs;             ///< of a plane; "": each plot in its own zone
        std::vector<double> values{};      ///< (n) m², or square degrees; where known
        std::vector<std::uint8_t> known{}; ///< (n)
    };

    /// @param geometry  kept by reference
    CaliberAreas(
        const Geometry& geometry, std::string_view edge_crs, const Execution& execution = {}
    );

    /// Takes survey areas that the caller has. @param areas (n) m²
    void know_survey(const std::vector<double>& areas);

    /// Makes the areas of some rows known.
    void measure(
        std::size_t reading, const std::vector<std::size_t>& rows, const Execution& execution
    );

    /// Survey first, then in the order of AreaCaliber.
    [[nodiscard]] const std::vector<Reading>& readings() const noexcept { return readings_; }

    /// (n) square degrees, all known.
    [[nodiscard]] const std::vector<double>& degrees() const noexcept {
        return readings_.back().values;
    }

    [[nodiscard]] bool is_polygon(std::size_t row) const {
        return geometry_.kinds[row] == GeometryKind::polygon;
    }

private:
    [[nodiscard]] std::vector<double>
    measured(const Reading& reading, const Geometry& some, const Execution& execution) const;

    const Geometry& geometry_;
    std::string edge_crs_;
    std::vector<Reading> readings_;
};

/// area_caliber() with areas that are made once for several columns.
[[nodiscard]] TUBAN_EXPORT std::optional<CaliberFit> fit_caliber(
    CaliberAreas& areas,
    const std::vector<std::optional<double>>& figures,
    int decimals,
    const Execution& execution
);

} // namespace tuban
