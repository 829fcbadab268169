#pragma once
#include "geodesy/plane_frame.hpp"
#include "spatial/segment_index.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tuban {

/// Some edges of a plot that lie close together, in a plane of their own: what distances are looked for from. A plot of
/// ordinary size is one piece; large ones and those of far parts are many, so that the plane is always true.
///
/// A point is an edge without length, and so is the end of an open line: each vertex is the start of an edge.
struct PlotPiece {
    static constexpr std::size_t most_edges = 128;
    static constexpr double most_reach_m = 3'000.0; ///< from the first vertex to another

    PlaneFrame frame;
    LonLatReach around;    ///< box of the vertices
    double radius_m = 0.0; ///< greatest distance of a vertex from the origin of the plane
    MercatorBox box;

    std::size_t edges = 0;
    std::size_t padded = 0; ///< edges, rounded up to whole eights
    // Per edge: where it starts, where it goes, and 1/length² (0 for none). Padding repeats the last edge.
    std::array<double, most_edges> x_m;
    std::array<double, most_edges> y_m;
    std::array<double, most_edges> dx_m;
    std::array<double, most_edges> dy_m;
    std::array<double, most_edges> inverse_length2;
    // Its box in the plane, rounded outward; padding lies nowhere.
    std::array<float, most_edges> west;
    std::array<float, most_edges> south;
    std::array<float, most_edges> east;
    std::array<float, most_edges> north;
    // The whole in the plane.
    float all_west = 0.0F;
    float all_south = 0.0F;
    float all_east = 0.0F;
    float all_north = 0.0F;
    std::array<std::uint32_t, most_edges> from; ///< vertices of the geometry
    std::array<std::uint32_t, most_edges> to;
};

/// Cuts a feature's edges into pieces; room is kept from one feature to the next.
class PlotPieces {
public:
    PlotPieces(const Geometry& plots, const SegmentIndex& index)
        : plots_(plots), index_(index) {}

    void cut(std::size_t plot);

    [[nodiscard]] std::size_t size() const { return count_; }

    [[nodiscard]] const PlotPiece& operator[](std::size_t piece) const {
        return pieces_[piece];
    }

    /// Greatest radius of a piece, m.
    [[nodiscard]] double radius_m() const;

private:
    /// Consecutive vertices within a piece: edges go from one to the next.
    struct Stretch {
        std::size_t first_place = 0;
        std::size_t first_edge = 0;
        std::size_t edges = 0;
    };

    void add_ring(std::size_t ring, bool closed);
    [[nodiscard]] bool add_whole(std::size_t first, std::size_t end);
    void start_at(std::size_t vertex);
    void begin_stretch(std::size_t vertex);
    void add_edge(std::size_t to);
    void add_place(std::size_t vertex);
    void finish();
    void locate(PlotPiece& piece);
    void project(PlotPiece& piece);
    void lay_edges(PlotPiece& piece) const;
    void lay_stretch(const Stretch& stretch, PlotPiece& piece) const;

    const Geometry& plots_;
    const SegmentIndex& index_;
    std::vector<PlotPiece> pieces_;
    std::size_t count_ = 0;
    // The piece in the making.
    std::vector<Stretch> stretches_;
    std::size_t places_ = 0;
    std::size_t edges_ = 0;
    LonLat start_;
    double cos_start_ = 1.0;
    std::array<double, 2 * PlotPiece::most_edges> lon_; ///< degrees, then m east
    std::array<double, 2 * PlotPiece::most_edges> lat_;
    std::array<std::uint32_t, 2 * PlotPiece::most_edges> vertex_;
};

} // namespace tuban
