#include "spatial/run_distance.hpp"

#include "geodesy/lanes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace tuban {
namespace {

constexpr std::size_t most_segments = SegmentRun::most_segments;
constexpr std::size_t few = 6; ///< edges for which an upper bound is not worth its while

/// A run in the plane of a piece.
struct PlaneRun {
    std::array<double, SegmentRun::places> x;
    std::array<double, SegmentRun::places> y;
    float west;
    float south;
    float east;
    float north;
};

/// Directions of its segments.
struct Directions {
    std::array<double, most_segments> dx;
    std::array<double, most_segments> dy;
    std::array<double, most_segments> inverse_length2;
};

/// Edges whose box is within the limit of the run's.
struct Survivors {
    std::array<std::uint8_t, PlotPiece::most_edges> edge;
    std::array<float, PlotPiece::most_edges> gap2; ///< by edge
    std::size_t count;
};

/// Squares of the distances of the run's vertices from an edge, and of the edge's start from the run's segments.
struct Squares {
    std::array<double, SegmentRun::places> of_vertices;
    std::array<double, most_segments> of_segments;
};

/// The least of some lanes.
template <class Lanes>
TUBAN_INLINE double least_of(const Lanes& lanes) {
    double least = lanes[0];
    for (std::size_t i = 1; i < sizeof(Lanes) / sizeof(double); ++i) {
        keep_smaller(least, double{lanes[i]});
    }
    return least;
}

template <class Lanes>
TUBAN_INLINE double most_of(const Lanes& lanes) {
    double most = lanes[0];
    for (std::size_t i = 1; i < sizeof(Lanes) / sizeof(double); ++i) {
        keep_larger(most, double{lanes[i]});
    }
    return most;
}

template <class Lanes>
TUBAN_INLINE void
project_at(const SegmentRun& run, std::size_t i, const PlaneFrame& frame, PlaneRun& plane) {
    Lanes x;
    Lanes y;
    Lanes z;
    load(x, &run.x_m[i]);
    load(y, &run.y_m[i]);
    load(z, &run.z_m[i]);
    frame.forward(x, y, z);
    store(x, &plane.x[i]);
    store(y, &plane.y[i]);
}

template <class Lanes>
TUBAN_INLINE void range_of(const double* values, Lanes& low, Lanes& high) {
    static_assert(SegmentRun::places * sizeof(double) >= 2 * sizeof(Lanes));
    load(low, values);
    high = low;
    for (std::size_t i = 0; i < SegmentRun::places; i += sizeof(Lanes) / sizeof(double)) {
        // The last lanes may have been seen before.
        const std::size_t at = std::min(i, SegmentRun::places - sizeof(Lanes) / sizeof(double));
        Lanes more;
        load(more, values + at);
        keep_smaller(low, more);
        keep_larger(high, more);
    }
}

template <std::size_t bytes>
TUBAN_INLINE void project(const SegmentRun& run, const PlaneFrame& frame, PlaneRun& plane) {
    constexpr std::size_t step = bytes / sizeof(double);
    for (std::size_t i = 0; i < most_segments; i += step) {
        project_at<Doubles<bytes>>(run, i, frame, plane);
    }
    project_at<Doubles<plain_bytes>>(run, most_segments, frame, plane);
    Doubles<bytes> low;
    Doubles<bytes> high;
    range_of(plane.x.data(), low, high);
    plane.west = rounded_down(least_of(low));
    plane.east = rounded_up(most_of(high));
    range_of(plane.y.data(), low, high);
    plane.south = rounded_down(least_of(low));
    plane.north = rounded_up(most_of(high));
}

template <class Number>
TUBAN_INLINE void
gap2(const Number& west, const Number& east, const Number& south, Number& north_then_gap2) {
    Number dx = west > east ? west : east;
    Number dy = south > north_then_gap2 ? south : north_then_gap2;
    keep_larger(dx, Number{});
    keep_larger(dy, Number{});
    north_then_gap2 = dx * dx + dy * dy;
}

/// prune only: a little more than the limit, for the rounding of squares.
TUBAN_INLINE float loose(double limit2) {
    return static_cast<float>(limit2 * 1.00001);
}

template <std::size_t bytes>
TUBAN_INLINE void find_gaps(const PlotPiece& piece, const PlaneRun& run, Survivors& survivors) {
    using Lanes = Floats<bytes>;
    for (std::size_t e = 0; e < piece.padded; e += bytes / sizeof(float)) {
        Lanes west;
        Lanes east;
        Lanes south;
        Lanes north;
        load(west, &piece.west[e]);
        load(east, &piece.east[e]);
        load(south, &piece.south[e]);
        load(north, &piece.north[e]);
        Lanes gaps = run.south - north;
        gap2<Lanes>(west - run.east, run.west - east, south - run.north, gaps);
        store(gaps, &survivors.gap2[e]);
    }
}

TUBAN_INLINE void keep_within(const PlotPiece& piece, double limit2, Survivors& survivors) {
    const float most = loose(limit2);
    std::size_t count = 0;
    for (std::size_t e = 0; e < piece.edges; ++e) {
        survivors.edge[count] = static_cast<std::uint8_t>(e);
        count += survivors.gap2[e] <= most ? 1U : 0U;
    }
    survivors.count = count;
}

/// The least distance between a position and where the edges start, and a little for rounding.
template <std::size_t bytes>
TUBAN_INLINE double bound_from(const PlotPiece& piece, double x, double y) {
    using Lanes = Doubles<bytes>;
    Lanes least = Lanes{} + std::numeric_limits<double>::max();
    for (std::size_t e = 0; e < piece.padded; e += bytes / sizeof(double)) {
        Lanes dx;
        Lanes dy;
        load(dx, &piece.x_m[e]);
        load(dy, &piece.y_m[e]);
        dx -= x;
        dy -= y;
        keep_smaller<Lanes>(least, dx * dx + dy * dy);
    }
    return std::sqrt(least_of(least)) + 1e-6;
}

template <std::size_t bytes>
TUBAN_INLINE void direct(const PlaneRun& run, Directions& directions) {
    using Lanes = Doubles<bytes>;
    for (std::size_t k = 0; k < most_segments; k += bytes / sizeof(double)) {
        Lanes x;
        Lanes y;
        Lanes dx;
        Lanes dy;
        load(x, &run.x[k]);
        load(y, &run.y[k]);
        load(dx, &run.x[k + 1]);
        load(dy, &run.y[k + 1]);
        dx -= x;
        dy -= y;
        const Lanes length2 = dx * dx + dy * dy;
        store(dx, &directions.dx[k]);
        store(dy, &directions.dy[k]);
        // A segment without length goes nowhere, whatever it is multiplied by.
        const Lanes ones = Lanes{} + 1.0;
        store<Lanes>(1.0 / (length2 > 0.0 ? length2 : ones), &directions.inverse_length2[k]);
    }
}

/// The first segment that an edge crosses; most_segments if there is none.
std::size_t crossed_segment(
    const PlotPiece& piece, std::size_t edge, const PlaneRun& run, const Directions& directions
) {
    const double ax = piece.x_m[edge];
    const double ay = piece.y_m[edge];
    const double dx = piece.dx_m[edge];
    const double dy = piece.dy_m[edge];
    const auto is_left = [&](std::size_t i) {
        return dx * (run.y[i] - ay) - dy * (run.x[i] - ax) > 0.0;
    };
    for (std::size_t k = 0; k < most_segments; ++k) {
        if (is_left(k) == is_left(k + 1)) {
            continue;
        }
        const double px = ax - run.x[k];
        const double py = ay - run.y[k];
        const double from = directions.dx[k] * py - directions.dy[k] * px;
        const double to = directions.dx[k] * (py + dy) - directions.dy[k] * (px + dx);
        if ((from > 0.0) != (to > 0.0)) {
            return k;
        }
    }
    return most_segments;
}

/// Square of the distance of positions from segments that start at (0, 0).
template <class Lanes>
TUBAN_INLINE void square_from(
    Lanes& px_then_square,
    const Lanes& py,
    const Lanes& dx,
    const Lanes& dy,
    const Lanes& inverse
) {
    Lanes t = (px_then_square * dx + py * dy) * inverse;
    keep_larger(t, Lanes{});
    keep_smaller(t, Lanes{} + 1.0);
    const Lanes x = px_then_square - t * dx;
    const Lanes y = py - t * dy;
    px_then_square = x * x + y * y;
}

template <class Lanes>
TUBAN_INLINE void measure_vertices(
    const PlotPiece& piece, std::size_t edge, const double* x, const double* y, Lanes& squares
) {
    Lanes py;
    load(squares, x);
    load(py, y);
    squares -= piece.x_m[edge];
    py -= piece.y_m[edge];
    square_from<Lanes>(
        squares,
        py,
        Lanes{} + piece.dx_m[edge],
        Lanes{} + piece.dy_m[edge],
        Lanes{} + piece.inverse_length2[edge]
    );
}

/// @return the least of the squares
template <std::size_t bytes>
TUBAN_INLINE double measure(
    const PlotPiece& piece,
    std::size_t edge,
    const PlaneRun& run,
    const Directions& directions,
    Squares& squares
) {
    using Lanes = Doubles<bytes>;
    Doubles<plain_bytes> last;
    measure_vertices(piece, edge, &run.x[most_segments], &run.y[most_segments], last);
    store(last, &squares.of_vertices[most_segments]);
    Lanes least = Lanes{} + least_of(last);
    for (std::size_t k = 0; k < most_segments; k += bytes / sizeof(double)) {
        Lanes of_vertices;
        measure_vertices(piece, edge, &run.x[k], &run.y[k], of_vertices);
        store(of_vertices, &squares.of_vertices[k]);
        Lanes of_segments;
        Lanes py;
        Lanes dx;
        Lanes dy;
        Lanes inverse;
        load(of_segments, &run.x[k]);
        load(py, &run.y[k]);
        load(dx, &directions.dx[k]);
        load(dy, &directions.dy[k]);
        load(inverse, &directions.inverse_length2[k]);
        of_segments = piece.x_m[edge] - of_segments;
        py = piece.y_m[edge] - py;
        square_from(of_segments, py, dx, dy, inverse);
        store(of_segments, &squares.of_segments[k]);
        keep_smaller(least, of_vertices);
        keep_smaller(least, of_segments);
    }
    return least_of(least);
}

/// The first segment at the least distance.
std::size_t first_segment(const Squares& squares, double least, std::size_t segments) {
    for (std::size_t k = 0; k < segments; ++k) {
        if (squares.of_segments[k] == least || squares.of_vertices[k] == least ||
            squares.of_vertices[k + 1] == least) {
            return k;
        }
    }
    return segments - 1;
}

bool is_far(const PlotPiece& piece, const PlaneRun& run, double limit2) {
    float gap = run.south - piece.all_north;
    gap2<float>(
        piece.all_west - run.east, run.west - piece.all_east, piece.all_south - run.north, gap
    );
    return gap > loose(limit2);
}

template <std::size_t bytes>
TUBAN_INLINE bool
closest_pair_of(const PlotPiece& piece, const SegmentRun& run, double limit2, RunPair& best) {
    PlaneRun plane; // NOLINT(*-member-init): project() writes it
    project<bytes>(run, piece.frame, plane);
    if (is_far(piece, plane, limit2)) {
        return false;
    }
    Survivors survivors; // NOLINT(*-member-init): the next two write it
    find_gaps<bytes>(piece, plane, survivors);
    keep_within(piece, limit2, survivors);
    if (survivors.count > few) {
        const std::size_t middle = (run.segments + 1U) / 2;
        const double bound = bound_from<bytes>(piece, plane.x[middle], plane.y[middle]);
        if (bound * bound < limit2) {
            limit2 = bound * bound;
            keep_within(piece, limit2, survivors);
        }
    }
    if (survivors.count == 0) {
        return false;
    }
    Directions directions; // NOLINT(*-member-init): direct() writes it
    direct<bytes>(plane, directions);
    bool found = false;
    Squares squares; // NOLINT(*-member-init): measure() writes it
    for (std::size_t i = 0; i < survivors.count; ++i) {
        const std::size_t edge = survivors.edge[i];
        const float gap = survivors.gap2[edge];
        if (gap > loose(limit2)) {
            continue;
        }
        const std::size_t crossed =
            gap == 0.0F ? crossed_segment(piece, edge, plane, directions) : most_segments;
        if (crossed < run.segments) {
            best = {0.0, edge, crossed};
            return true;
        }
        const double least = measure<bytes>(piece, edge, plane, directions, squares);
        if (least < limit2 || (!found && least == limit2)) {
            best = {least, edge, first_segment(squares, least, run.segments)};
            limit2 = least;
            found = true;
        }
    }
    return found;
}

TUBAN_AVX2 bool
closest_pair_avx2(const PlotPiece& piece, const SegmentRun& run, double limit2, RunPair& best) {
    return closest_pair_of<wide_bytes>(piece, run, limit2, best);
}

} // namespace

bool closest_pair_plain(
    const PlotPiece& piece, const SegmentRun& run, double limit2, RunPair& best
) {
    return closest_pair_of<plain_bytes>(piece, run, limit2, best);
}

bool closest_pair(const PlotPiece& piece, const SegmentRun& run, double limit2, RunPair& best) {
    return has_avx2() ? closest_pair_avx2(piece, run, limit2, best)
                      : closest_pair_plain(piece, run, limit2, best);
}

double upper_bound_m(const PlotPiece& piece, const SegmentRun& run) {
    const std::size_t middle = (run.segments + 1U) / 2;
    const auto p = piece.frame.forward({run.x_m[middle], run.y_m[middle], run.z_m[middle]});
    return bound_from<plain_bytes>(piece, p.x_m, p.y_m);
}

PlaneShape::Edge plane_edge(const PlotPiece& piece, std::size_t edge) {
    const double x = piece.x_m[edge];
    const double y = piece.y_m[edge];
    return {{x, y}, {x + piece.dx_m[edge], y + piece.dy_m[edge]}};
}

PlaneShape::Edge
plane_edge(const PlotPiece& piece, const SegmentRun& run, std::size_t segment) {
    const std::size_t next = segment + 1;
    return {
        piece.frame.forward({run.x_m[segment], run.y_m[segment], run.z_m[segment]}),
        piece.frame.forward({run.x_m[next], run.y_m[next], run.z_m[next]})};
}

} // namespace tuban
