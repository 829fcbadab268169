#pragma once
#include <tuban/geodesy.hpp>

#include "geodesy/geometry.hpp"
#include "geodesy/lanes.hpp"
#include "spatial/box_tree.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

namespace tuban {

/// The nearest float or so below a value: boxes are rounded outward.
[[nodiscard]] inline float rounded_down(double value) {
    return static_cast<float>(value - (1.2e-7 * std::abs(value) + 1e-20));
}

[[nodiscard]] inline float rounded_up(double value) {
    return static_cast<float>(value + (1.2e-7 * std::abs(value) + 1e-20));
}

/// A run of at most eight consecutive segments of a ring, or a point: what the index hands out.
struct alignas(64) SegmentRun {
    static constexpr std::size_t most_segments = 8;
    /// One more than there are vertices, so that the loops over them come in pairs; the tail repeats the last vertex.
    static constexpr std::size_t places = most_segments + 2;

    std::array<double, places> x_m; ///< Earth-centred
    std::array<double, places> y_m;
    std::array<double, places> z_m;
    std::uint32_t feature;
    std::uint32_t first_vertex; ///< of the geometry
    std::uint32_t ring_start;   ///< the vertex that a closing segment ends at
    std::uint16_t segments;     ///< 1 to 8
    std::uint8_t closes;        ///< the last segment ends at ring_start
    std::uint8_t starts_part;   ///< begins with the first position of a part

    /// The vertex where segment `segment` ends, in the geometry.
    [[nodiscard]] std::size_t end_vertex(std::size_t segment) const {
        return closes != 0 && segment + 1 == segments ? ring_start : first_vertex + segment + 1;
    }
};

static_assert(sizeof(SegmentRun) == 256);

/// Box in the plane of Mercator on a unit equator, rounded outward.
struct MercatorBox {
    float west = 0.0F;
    float south = 0.0F;
    float east = 0.0F;
    float north = 0.0F;
};

/// An arc of longitudes.
struct LonArc {
    double middle_deg = 0.0;
    double width_deg = 0.0;
};

/// The arc that holds all longitudes (within ±360), to 0.1°: the rest of the circle is the longest gap between them.
[[nodiscard]] LonArc arc_of(const std::vector<double>& lon_deg);

/// Positions up to so many degrees from a longitude and a latitude.
struct LonLatReach {
    LonLat middle;
    double lon_reach_deg = 0.0;
    double lat_reach_deg = 0.0;
};

/// Segments of a geometry in a packed tree of eight children per node over runs, sorted along Hilbert's curve.
///
/// Boxes are in Mercator, where an edge that is straight in longitude and latitude stays in the box of its ends, and a
/// path of length D between latitudes within ±φ has at least D/(a cos φ) to go. Towards the poles, where that says little,
/// a tree of boxes in space stands in, built when first needed.
/// Source: Kamel and Faloutsos, "Hilbert R-tree" (VLDB 1994); Leutenegger, Lopez and Edgington, "STR" (ICDE 1997) for packing.
class SegmentIndex {
public:
    /// @param geometry  densified; must outlive the index
    explicit SegmentIndex(const Geometry& geometry);

    [[nodiscard]] const Geometry& geometry() const { return geometry_; }

    [[nodiscard]] const SegmentRun& run(std::size_t at) const { return runs_[at]; }

    [[nodiscard]] bool is_empty() const { return runs_.empty(); }

    /// Box in the index's Mercator of what lies at these longitudes (unwrapped) and latitudes.
    [[nodiscard]] MercatorBox
    mercator_box(double west_deg, double south_deg, double east_deg, double north_deg) const;

    /// Box of what lies at most so far from a position. @param sin_lat, cos_lat  of the position
    [[nodiscard]] MercatorBox
    mercator_box_round(const LonLatReach& reach, double sin_lat, double cos_lat) const;

    /// Whether paths of that length may come so near to a pole that the search has to go by boxes in space.
    [[nodiscard]] static bool is_polar(const LonLatReach& around, double reach_m);
    /// Squared reach in the plane of Mercator, on the unit equator, of reach_m on the ground. @pre !is_polar()
    [[nodiscard]] static float
    mercator_reach2(const LonLatReach& around, double reach_m, double sin_lat, double cos_lat);

    /// Calls take(run, gap²) for runs whose box is at most `reach()` from `box` (squares, on the unit equator), near ones
    /// first as far as the tree knows. reach() may fall on the way. Overlapping boxes have gap² 0.
    template <class Reach, class Take>
    void visit(const MercatorBox& box, const Reach& reach, const Take& take) const;

    /// The same, a turn to the west and to the east as well if the geometry spans far.
    template <class Reach, class Take>
    void visit_round(const MercatorBox& box, const Reach& reach, const Take& take) const;

    /// The same for boxes in space: reach in m, gaps in m.
    template <class Reach, class Take>
    void visit_in_space(const Box3& box, const Reach& reach, const Take& take) const;

private:
    static constexpr std::size_t fan = 8;
    static constexpr std::uint32_t run_bit = 0x8000'0000U;

    struct alignas(64) Node {
        std::array<float, fan> west;
        std::array<float, fan> south;
        std::array<float, fan> east;
        std::array<float, fan> north;
        std::array<std::uint32_t, fan> child; ///< a node, or a run with run_bit
    };

    /// What waits to be looked at, the nearest of a node's children last.
    struct Waiting {
        struct Item {
            std::uint32_t child;
            float gap2;
        };

        // A node adds at most seven to what waits, and there are at most eleven levels.
        std::array<Item, 12 * fan> items;
        std::size_t count;

        void add(const Item& item, std::size_t bottom) {
            std::size_t place = count++;
            for (; place > bottom && items[place - 1].gap2 < item.gap2; --place) {
                items[place] = items[place - 1];
            }
            items[place] = item;
        }
    };

    void find_center();
    void find_runs(std::vector<MercatorBox>& boxes);
    void add_feature(std::size_t feature);
    void add_ring(std::size_t ring, std::size_t feature, bool starts_part);
    void place(const std::vector<MercatorBox>& boxes);
    void pack(std::vector<MercatorBox> boxes);
    MercatorBox add_node(std::span<const MercatorBox> boxes, std::uint32_t first_child);
    void fill_positions(SegmentRun& run) const;
    [[nodiscard]] MercatorBox box_of(const SegmentRun& run) const;
    [[nodiscard]] const BoxTree& space_tree() const;
    static void gaps2(const Node& node, const MercatorBox& box, std::array<float, fan>& gaps);
    static void open(const Node& node, const MercatorBox& box, float reach2, Waiting& waiting);

    const Geometry& geometry_;
    double center_lon_deg_ = 0.0;
    bool spans_far_ = false;
    std::vector<SegmentRun> runs_;
    std::vector<Node> nodes_; ///< the root is the last
    mutable std::once_flag space_once_;
    mutable BoxTree space_tree_;
};

inline void
SegmentIndex::gaps2(const Node& node, const MercatorBox& box, std::array<float, fan>& gaps) {
    using Lanes = Floats<plain_bytes>;
    for (std::size_t i = 0; i < fan; i += plain_bytes / sizeof(float)) {
        Lanes west;
        Lanes east;
        Lanes south;
        Lanes north;
        load(west, &node.west[i]);
        load(east, &node.east[i]);
        load(south, &node.south[i]);
        load(north, &node.north[i]);
        Lanes dx = west - box.east;
        Lanes dy = south - box.north;
        keep_larger<Lanes>(dx, box.west - east);
        keep_larger<Lanes>(dy, box.south - north);
        keep_larger(dx, Lanes{});
        keep_larger(dy, Lanes{});
        store<Lanes>(dx * dx + dy * dy, &gaps[i]);
    }
}

inline void
SegmentIndex::open(const Node& node, const MercatorBox& box, float reach2, Waiting& waiting) {
    std::array<float, fan> gaps; // NOLINT(*-member-init): gaps2() writes it
    gaps2(node, box, gaps);
    const std::size_t bottom = waiting.count;
    for (std::size_t i = 0; i < fan; ++i) {
        if (gaps[i] <= reach2) {
            waiting.add({node.child[i], gaps[i]}, bottom);
        }
    }
}

template <class Reach, class Take>
void SegmentIndex::visit(const MercatorBox& box, const Reach& reach, const Take& take) const {
    if (nodes_.empty()) {
        return;
    }
    Waiting waiting; // NOLINT(*-member-init): room to write in
    waiting.items[0] = {static_cast<std::uint32_t>(nodes_.size() - 1), 0.0F};
    waiting.count = 1;
    while (waiting.count > 0) {
        const auto at = waiting.items[--waiting.count];
        if (at.gap2 > reach()) {
            continue;
        }
        if ((at.child & run_bit) != 0) {
            take(std::size_t{at.child & ~run_bit}, at.gap2);
        } else {
            open(nodes_[at.child], box, reach(), waiting);
        }
    }
}

template <class Reach, class Take>
void SegmentIndex::visit_round(const MercatorBox& box, const Reach& reach, const Take& take)
    const {
    visit(box, reach, take);
    if (!spans_far_) {
        return;
    }
    for (const double shift : {-2.0 * pi, 2.0 * pi}) {
        MercatorBox turned = box;
        turned.west = rounded_down(static_cast<double>(box.west) + shift);
        turned.east = rounded_up(static_cast<double>(box.east) + shift);
        visit(turned, reach, take);
    }
}

template <class Reach, class Take>
void SegmentIndex::visit_in_space(const Box3& box, const Reach& reach, const Take& take) const {
    space_tree().visit(box, reach, [&](std::size_t item) {
        take(item);
        return true;
    });
}

} // namespace tuban
