#pragma once
#include <tuban/geodesy.hpp>

#include "geodesy/plane_frame.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tuban {

/// Whether two plots lie within a distance, as far as a look in the plane of one of them says so for certain.
///
/// Edges are taken as they are, uncut and straight in the plane: what that may be wrong by is known from their lengths.
class QuickPair {
public:
    enum class Verdict : std::uint8_t {
        near,  ///< whoever measures finds the distance and its error within the limit
        apart, ///< whoever measures finds them beyond it, error and all
        open,  ///< has to be measured
    };

    /// @param outlines  straight in longitude and latitude; must outlive it
    QuickPair(const Geometry& outlines, double within_m);

    /// Compares other plots with this one from now on.
    void turn_to(std::size_t plot);

    [[nodiscard]] Verdict compare(std::size_t other);

    /// Has a plot's vertices brought near.
    void fetch(std::size_t plot) const;

private:
    struct Box {
        double west = 0.0;
        double south = 0.0;
        double east = 0.0;
        double north = 0.0;
    };

    /// A plot in the plane: rings closed, one after the other.
    struct Outline {
        std::size_t plot = 0;
        std::vector<double> x;
        std::vector<double> y;
        std::vector<std::size_t> ring_ends; ///< places past the last of each ring
        Box box;
        double most_sag_m = 0.0; ///< no edge leaves its chord by more
    };

    /// Edges that may come near the other plot.
    struct Edges {
        std::size_t count = 0;
        double longest2 = 0.0; ///< square of the longest, m²
        std::vector<double> x;
        std::vector<double> y;
        std::vector<double> dx;
        std::vector<double> dy;
        std::vector<double> inverse_length2;

        void make_room(std::size_t edges);
    };

    /// Squares of the limits between the three answers.
    struct Limits {
        double loose_m = 0.0; ///< what the plane and uncut edges may be wrong by
        double near2 = 0.0;
        double apart2 = 0.0;
    };

    /// What edges say of each other.
    struct Closest {
        double distance2 = 0.0;
        double vertices2 = 0.0; ///< of two vertices
        bool cross = false;     ///< for certain
        bool may_cross = false;
    };

    void find_origin(std::size_t plot);
    [[nodiscard]] bool project(std::size_t plot, Outline& outline) const;
    void keep_near(const Outline& outline, const Outline& other, Edges& edges) const;
    [[nodiscard]] Verdict compare_edges(bool& boxes_meet);
    [[nodiscard]] Limits limits() const;
    [[nodiscard]] Closest closest(const Limits& limits) const;
    [[nodiscard]] Closest closest_plain(const Limits& limits) const;
    [[nodiscard]] Closest closest_avx2(const Limits& limits) const;
    template <std::size_t bytes>
    [[nodiscard]] Closest closest_of(const Limits& limits) const;
    template <std::size_t bytes>
    void compare_edge(std::size_t edge, Closest& found) const;
    [[nodiscard]] bool crosses(std::size_t edge, double loose_m) const;
    [[nodiscard]] bool has_inside(std::size_t outer, std::size_t inner) const;

    const Geometry& outlines_;
    double within_m_;
    bool is_usable_ = false; ///< the plot is small enough for one plane and not too near a pole
    LonLat origin_;
    PlaneFrame frame_;
    double radius_m_ = 0.0;
    double plane_error_m_ = 0.0;
    double sag_per_m2_ = 0.0; ///< how far an edge may leave its chord, m per m² of length²
    Outline own_;
    Outline other_;
    Edges own_edges_;
    Edges other_edges_;
};

} // namespace tuban
