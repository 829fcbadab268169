#pragma once
#include <tuban/geodesy.hpp>

#include "geodesy/edge_cutter.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

namespace tuban {

/// Plots whose edges are cut when they are needed, or all at once where that takes a plane. The plots must outlive it.
class CutPlots {
public:
    /// @throws Error{invalid_argument} for a geometry whose rows do not fit, and what densify() throws
    CutPlots(const Geometry& plots, std::string_view edge_crs);

    /// Outlines that are straight in longitude and latitude: to 0.1 mm those of the plots.
    [[nodiscard]] const Geometry& outlines() const { return whole_ ? *whole_ : plots_; }

    /// Takes plots that lie near each other: their geometry with edges cut, in the order of the rows.
    using TakeBlock =
        std::function<void(const Geometry& near, std::span<const std::uint32_t> rows)>;

    /// Hands out all plots that have a geometry in blocks along Hilbert's curve, in any order and from several threads.
    void each_block(const Execution& execution, const Text& stage, const TakeBlock& take) const;

    /// Some plots with their edges cut; by several threads at once if need be.
    [[nodiscard]] Geometry cut(std::span<const std::uint32_t> rows) const;

private:
    void fetch(std::size_t plot) const;

    const Geometry& plots_;
    EdgeCutter cutter_;
    std::optional<Geometry> whole_;
};

} // namespace tuban
