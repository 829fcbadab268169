#pragma once
#include <tuban/geodesy.hpp>

#include <cstddef>
#include <memory>
#include <string_view>

namespace tuban {

/// densify() feature by feature.
class EdgeCutter {
public:
    explicit EdgeCutter(std::string_view edge_crs, double tolerance_m = 1e-4);
    ~EdgeCutter();
    EdgeCutter(const EdgeCutter&) = delete;
    EdgeCutter& operator=(const EdgeCutter&) = delete;
    EdgeCutter(EdgeCutter&&) = delete;
    EdgeCutter& operator=(EdgeCutter&&) = delete;

    /// Whether several threads may use it at once: it needs no plane.
    [[nodiscard]] bool is_shareable() const;

    /// Appends a feature with its edges cut. @pre check_geometry(from)
    void append_feature(const Geometry& from, std::size_t feature, Geometry& to) const;

private:
    class Densifier;
    std::unique_ptr<Densifier> densifier_;
};

} // namespace tuban
