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

    /// Changes the distance.
    void look_within(double within_m);

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

    /// Edges from (x, y) by (dx, dy).
    struct Edges {
        std::size_t count = 0;
        std::vector<double> x;
        std::vector<double> y;
        std::vector<double> dx;
        std::vector<double> dy;
        std::vector<double> length2;
        std::vector<double> inverse_length2; ///< 1 for edges without length

        void make_room(std::size_t edges);
        void repeat_last();
    };

    /// A plot in the plane.
    struct Outline {
        std::size_t plot = 0;
        bool is_usable = false; ///< it lies in reach of the plane
        // Rings closed, one after the other; what leads from one to the next is no edge.
        std::vector<double> x;
        std::vector<double> y;
        std::vector<std::size_t> ring_ends; ///< places past the last of each ring
        Box box;
        double most_sag_m = 0.0; ///< no edge leaves its chord by more
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

    [[nodiscard]] bool is_at_hand(std::size_t plot) const;
    void move_to(std::size_t plot);
    [[nodiscard]] Outline& outline_of(std::size_t plot);
    void project(Outline& outline);
    void lay_rings(Outline& outline) const;
    [[nodiscard]] std::size_t slot_of(std::size_t plot) const;
    [[nodiscard]] Verdict compare_boxes() const;
    [[nodiscard]] bool has_near_vertices() const;
    [[nodiscard]] Verdict compare_edges();
    void keep_near(const Outline& outline, const Outline& other, Edges& near);
    [[nodiscard]] std::size_t find_near(const Outline& outline, const Box& box);
    [[nodiscard]] Limits limits(double own_length2, double other_length2) const;
    [[nodiscard]] static double longest2(const Edges& edges);
    [[nodiscard]] Closest closest(const Limits& limits) const;
    [[nodiscard]] Closest closest_plain(const Limits& limits) const;
    [[nodiscard]] Closest closest_avx2(const Limits& limits) const;
    template <std::size_t bytes>
    [[nodiscard]] Closest closest_of(const Limits& limits) const;
    template <std::size_t bytes>
    void compare_edge(std::size_t edge, Closest& found) const;
    [[nodiscard]] bool crosses(std::size_t edge, double loose_m) const;
    [[nodiscard]] bool has_inside(std::size_t holder, std::size_t held) const;

    const Geometry& outlines_;
    double within_m_;
    // The plane, and the plots that were laid out in it: neighbours share one.
    bool has_plane_ = false;
    LonLat origin_;
    double cos_lat_ = 1.0;
    PlaneFrame frame_;
    double plane_error_m_ = 0.0;
    double sag_per_m2_ = 0.0; ///< how far an edge may leave its chord, m per m² of length²
    std::vector<Outline> laid_;
    std::size_t laid_count_ = 0;
    std::vector<std::uint32_t> slots_; ///< hash table: place in laid_, counted from 1
    // The two in question.
    std::size_t own_ = 0; ///< in laid_
    std::size_t other_ = 0;
    Edges own_edges_;
    Edges other_edges_;
    std::vector<std::uint32_t> kept_; ///< places of edges
};

} // namespace tuban
