#pragma once
#include "spatial/contacts.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

/// What is odd about the rings of a polygon, by name and place.
namespace tuban {

/// A polygon without repeated vertices and spikes, shells first, shells counter-clockwise and holes clockwise, with the
/// way back to the vertices as read.
struct TidyPolygon {
    RawPolygon polygon;

    struct Origin {
        std::size_t ring = 0; ///< row of the rings as read
        std::vector<std::size_t>
            rows;            ///< of the vertices, before turning; empty: all, in order
        bool turned = false; ///< runs against its reading, the first vertex the same
    };

    std::vector<Origin> origins; ///< (rings)

    /// Row, in its ring as read, of a vertex.
    [[nodiscard]] std::size_t row_as_read(RingEdge vertex) const;
};

/// Faults of one polygon, each code once.
class Faults {
public:
    explicit Faults(const RawPolygon& as_read) : as_read_(as_read) {}

    struct Kind {
        std::string_view code;
        Severity severity = Severity::warning;
        bool mended = false;
    };

    /// @param ring, vertex  rows of the rings as read
    void add(const Kind& kind, std::size_t ring, std::size_t vertex);
    /// On an edge, at a position. @param as_read  rows as read
    void add(const Kind& kind, RingEdge as_read, double x, double y);
    /// At a vertex of the tidy polygon.
    void add(const Kind& kind, const TidyPolygon& tidy, RingEdge vertex);

    [[nodiscard]] bool has(std::string_view code) const;
    /// True if only a repair makes it a polygon.
    [[nodiscard]] bool any_mended() const;
    /// The same of faults that tidied() did not mend on its way.
    [[nodiscard]] bool needs_overlay() const;
    void rename(std::string_view from, std::string_view to);
    /// In the byte order of their codes.
    [[nodiscard]] std::vector<RingFault> take();

private:
    RingFault& fault(const Kind& kind);

    const RawPolygon& as_read_;
    std::vector<RingFault> faults_;
};

/// Drops repeats, spikes and rings that enclose nothing, orders and orients; tells what it did.
[[nodiscard]] TidyPolygon tidied(const RawPolygon& as_read, Faults& faults);

/// Where a position lies by even–odd: 1 inside, 0 on the ring, -1 outside.
[[nodiscard]] int position_in(const RawRing& ring, double x, double y);

/// Parts too small or too thin to be meant, of a polygon whose rings are sound.
void find_slivers(const TidyPolygon& tidy, double unit_m2, Faults& faults);

/// Needles and dense vertices: what one ring shows on its own.
void find_in_rings(const TidyPolygon& tidy, double unit_m2, Faults& faults);

/// Names what the contacts of edges are.
void name_contacts(
    const TidyPolygon& tidy, const std::vector<Contact>& contacts, Faults& faults
);

/// Holes outside of their shell or in each other, shells in each other, of rings whose edges do not cross.
/// @return false if it could not be told for all of them
[[nodiscard]] bool
name_nesting(const TidyPolygon& tidy, const std::vector<Contact>& contacts, Faults& faults);

} // namespace tuban
