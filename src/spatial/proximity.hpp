#pragma once
#include "spatial/plot_piece.hpp"
#include "spatial/polygon_locator.hpp"
#include "spatial/run_distance.hpp"
#include "spatial/segment_index.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

namespace tuban {

/// How close a plot and a feature come: a pair of an edge and a segment, or that one holds the other.
struct Hit {
    enum class Kind : std::uint8_t {
        pair,
        plot_inside,    ///< `edge` is the plot's vertex that lies in the feature
        feature_inside, ///< `run` begins with a vertex that lies in the plot
    };

    double distance_m = 0.0; ///< in the plane of the piece
    std::uint32_t feature = 0;
    std::uint32_t piece = 0;
    std::uint32_t run = 0;
    std::uint32_t edge = 0;
    std::uint32_t segment = 0;
    Kind kind = Kind::pair;

    /// The order in which the first is kept: nothing in it depends on the order of the search.
    friend bool operator<(const Hit& a, const Hit& b) {
        return std::tie(a.feature, a.distance_m, a.kind, a.piece, a.edge, a.run, a.segment) <
               std::tie(b.feature, b.distance_m, b.kind, b.piece, b.edge, b.run, b.segment);
    }
};

/// What is wanted of a search, and how far it still has to look.
class Keeper {
public:
    explicit Keeper(double limit_m) { set_limit_m(limit_m); }

    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;
    Keeper(Keeper&&) = delete;
    Keeper& operator=(Keeper&&) = delete;
    virtual ~Keeper() = default;

    /// Hits farther than it do not count. It only falls.
    [[nodiscard]] double limit_m() const { return limit_m_; }

    [[nodiscard]] double limit2() const { return limit2_; }

    /// Takes the closest hit of a run. @pre hit.distance_m <= limit_m()
    virtual void offer(const Hit& hit) = 0;

    /// Told that some feature is at most so far away; of use only for the nearest.
    virtual void expect(double /*distance_m*/) {}

protected:
    void set_limit_m(double limit_m) {
        limit_m_ = limit_m;
        limit2_ = limit_m * limit_m;
    }

private:
    double limit_m_ = 0.0;
    double limit2_ = 0.0;
};

/// A hit as it is told: on the ellipsoid.
struct Measured {
    std::size_t feature = 0;
    double distance_m = 0.0;
    double error_m = 0.0;
    LonLat plot_foot;
    LonLat target_foot;
};

/// Looks for what is near plots, one after the other; keeps its room and the last run it found, where the next plot, if it
/// lies near, finds an upper bound. What is found does not depend on what came before.
///
/// Source: branch and bound after Roussopoulos, Kelley and Vincent, "Nearest neighbor queries" (SIGMOD 1995),
/// doi:10.1145/223784.223794.
class Proximity {
public:
    /// @param plots    densified
    /// @param most_m   farthest that anything is looked for, (0, 2e6]
    Proximity(
        const Geometry& plots,
        const SegmentIndex& index,
        const PolygonLocator& polygons,
        double most_m
    );

    /// Turns to a plot. @return false if it has no geometry
    bool turn_to(std::size_t plot);

    /// Offers every feature that may be within the keeper's limit at its least distance, and more.
    void search(Keeper& keeper);

    /// Bound on what the planes of this plot make of a distance.
    [[nodiscard]] double plane_error_m(double distance_m) const {
        return ::tuban::plane_error_m(distance_m, radius_m_);
    }

    /// The limit within which the least distance and all within the error of it lie, if `distance_m` is the least so far.
    [[nodiscard]] double limit_for(double distance_m) const {
        return distance_m + 2.0 * plane_error_m(distance_m) + 2.0 * distance_error_m;
    }

    /// Whether a distance has to be measured again by Karney's inverse to keep the error that is declared.
    [[nodiscard]] bool is_rough(double distance_m) const {
        return plane_error_m(distance_m) > rough_m;
    }

    /// A hit that is not rough, with its feet.
    [[nodiscard]] Measured measured(const Hit& hit) const;

    /// Exact distances of features by Karney's inverse: every pair that may be a feature's closest is tried.
    /// @param hits  one per feature, ascending
    [[nodiscard]] std::vector<Measured> measured_exactly(std::span<const Hit> hits);

private:
    static constexpr double rough_m = 1e-4;

    template <class Limit, class Take>
    void each_run(std::size_t piece, const Limit& limit_m, const Take& take) const;
    template <class Take>
    void each_run_of_whole(const Take& take) const;

    void look_at(std::size_t piece, std::size_t at, bool may_be_held, Keeper& keeper);
    void offer_holders(Keeper& keeper);
    void offer_held(std::size_t run, Keeper& keeper);
    [[nodiscard]] Box3 space_box(const PlotPiece& piece) const;
    [[nodiscard]] Segment plot_segment(const PlotPiece& piece, std::size_t edge) const;
    [[nodiscard]] Segment layer_segment(const SegmentRun& run, std::size_t segment) const;
    void find_candidates(std::span<const Hit> hits);
    void add_candidates(std::size_t piece, std::size_t at, std::span<const Hit> hits);

    struct Candidate {
        double distance_m = 0.0; ///< in the plane
        Segment edge;
        Segment segment;
        double on_edge = 0.0;
    };

    const Geometry& plots_;
    const SegmentIndex& index_;
    const PolygonLocator& polygons_;
    double most_m_;
    PlotPieces pieces_;
    std::size_t plot_ = 0;
    double radius_m_ = 0.0;
    bool in_space_ = false; ///< too near to a pole for Mercator
    bool is_polygon_ = false;
    bool asked_about_plot_ = false;
    PolygonBlocks plot_blocks_;           ///< of the plot, once positions are asked about
    std::optional<std::size_t> last_run_; ///< of the closest hit
    double closest_m_ = 0.0;
    std::vector<Candidate> candidates_;
};

} // namespace tuban
