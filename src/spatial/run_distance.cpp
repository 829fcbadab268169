#include "spatial/run_distance.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace tuban {
namespace {

constexpr std::size_t lanes = 8;
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
    std::array<double, lanes> dx;
    std::array<double, lanes> dy;
    std::array<double, lanes> inverse_length2;
};

double smaller(double a, double b) {
    return a < b ? a : b;
}

double larger(double a, double b) {
    return a > b ? a : b;
}

void project(const SegmentRun& run, const PlaneFrame& frame, PlaneRun& plane) {
    for (std::size_t i = 0; i < SegmentRun::places; ++i) {
        const auto p = frame.forward({run.x_m[i], run.y_m[i], run.z_m[i]});
        plane.x[i] = p.x_m;
        plane.y[i] = p.y_m;
    }
    double west = plane.x[0];
    double east = plane.x[0];
    double south = plane.y[0];
    double north = plane.y[0];
    for (std::size_t i = 1; i <= lanes; ++i) {
        west = smaller(plane.x[i], west);
        east = larger(plane.x[i], east);
        south = smaller(plane.y[i], south);
        north = larger(plane.y[i], north);
    }
    plane.west = rounded_down(west);
    plane.east = rounded_up(east);
    plane.south = rounded_down(south);
    plane.north = rounded_up(north);
}

float gap2(float west, float east, float south, float north) {
    float dx = west > east ? west : east;
    float dy = south > north ? south : north;
    dx = dx > 0.0F ? dx : 0.0F;
    dy = dy > 0.0F ? dy : 0.0F;
    return dx * dx + dy * dy;
}

/// Edges whose box is within the limit of the run's.
struct Survivors {
    std::array<std::uint8_t, PlotPiece::most_edges> edge;
    std::array<float, PlotPiece::most_edges> gap2;
    std::size_t count = 0;
};

/// prune only: a little more than the limit, for the rounding of squares.
float loose(double limit2) {
    return static_cast<float>(limit2 * 1.00001);
}

void find_survivors(
    const PlotPiece& piece, const PlaneRun& run, double limit2, Survivors& survivors
) {
    const float most = loose(limit2);
    survivors.count = 0;
    std::array<float, lanes> gaps; // NOLINT(*-member-init): written below
    for (std::size_t e = 0; e < piece.padded; e += lanes) {
        for (std::size_t k = 0; k < lanes; ++k) {
            gaps[k] = gap2(
                piece.west[e + k] - run.east,
                run.west - piece.east[e + k],
                piece.south[e + k] - run.north,
                run.south - piece.north[e + k]
            );
        }
        for (std::size_t k = 0; k < lanes; ++k) {
            survivors.edge[survivors.count] = static_cast<std::uint8_t>(e + k);
            survivors.gap2[survivors.count] = gaps[k];
            survivors.count += gaps[k] <= most ? 1U : 0U;
        }
    }
}

/// The least distance between a position and where the edges start, and a little for rounding.
double upper_bound_m(const PlotPiece& piece, double x, double y) {
    std::array<double, lanes> least; // NOLINT(*-member-init): written below
    for (std::size_t k = 0; k < lanes; ++k) {
        const double dx = piece.x_m[k] - x;
        const double dy = piece.y_m[k] - y;
        least[k] = dx * dx + dy * dy;
    }
    for (std::size_t e = lanes; e < piece.padded; e += lanes) {
        for (std::size_t k = 0; k < lanes; ++k) {
            const double dx = piece.x_m[e + k] - x;
            const double dy = piece.y_m[e + k] - y;
            least[k] = smaller(dx * dx + dy * dy, least[k]);
        }
    }
    return std::sqrt(*std::min_element(least.begin(), least.end())) + 1e-6;
}

void direct(const PlaneRun& run, Directions& directions) {
    for (std::size_t k = 0; k < lanes; ++k) {
        const double dx = run.x[k + 1] - run.x[k];
        const double dy = run.y[k + 1] - run.y[k];
        const double length2 = dx * dx + dy * dy;
        directions.dx[k] = dx;
        directions.dy[k] = dy;
        directions.inverse_length2[k] = 1.0 / (length2 > 0.0 ? length2 : 1.0);
    }
}

/// The first segment that an edge crosses; `lanes` if there is none.
std::size_t crossed_segment(
    const PlotPiece& piece, std::size_t edge, const PlaneRun& run, const Directions& directions
) {
    const double ax = piece.x_m[edge];
    const double ay = piece.y_m[edge];
    const double dx = piece.dx_m[edge];
    const double dy = piece.dy_m[edge];
    std::array<double, SegmentRun::places> side; // NOLINT(*-member-init): written below
    for (std::size_t i = 0; i < SegmentRun::places; ++i) {
        side[i] = dx * (run.y[i] - ay) - dy * (run.x[i] - ax);
    }
    for (std::size_t k = 0; k < lanes; ++k) {
        if ((side[k] > 0.0) == (side[k + 1] > 0.0)) {
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
    return lanes;
}

/// Squares of the distances of the run's vertices from an edge, and of the edge's start from the run's segments.
struct Squares {
    std::array<double, SegmentRun::places> of_vertices;
    std::array<double, lanes> of_segments;
};

/// @return the least of them
double measure(
    const PlotPiece& piece,
    std::size_t edge,
    const PlaneRun& run,
    const Directions& directions,
    Squares& squares
) {
    const double ax = piece.x_m[edge];
    const double ay = piece.y_m[edge];
    const double dx = piece.dx_m[edge];
    const double dy = piece.dy_m[edge];
    const double inverse = piece.inverse_length2[edge];
    for (std::size_t i = 0; i < SegmentRun::places; ++i) {
        const double px = run.x[i] - ax;
        const double py = run.y[i] - ay;
        double t = (px * dx + py * dy) * inverse;
        t = t > 0.0 ? t : 0.0;
        t = t < 1.0 ? t : 1.0;
        const double x = px - t * dx;
        const double y = py - t * dy;
        squares.of_vertices[i] = x * x + y * y;
    }
    for (std::size_t k = 0; k < lanes; ++k) {
        const double px = ax - run.x[k];
        const double py = ay - run.y[k];
        double t =
            (px * directions.dx[k] + py * directions.dy[k]) * directions.inverse_length2[k];
        t = t > 0.0 ? t : 0.0;
        t = t < 1.0 ? t : 1.0;
        const double x = px - t * directions.dx[k];
        const double y = py - t * directions.dy[k];
        squares.of_segments[k] = x * x + y * y;
    }
    std::array<double, lanes> least; // NOLINT(*-member-init): written below
    for (std::size_t k = 0; k < lanes; ++k) {
        least[k] = smaller(squares.of_vertices[k], squares.of_segments[k]);
    }
    for (std::size_t k = 0; k < 4; ++k) {
        least[k] = smaller(least[k], least[k + 4]);
    }
    for (std::size_t k = 0; k < 2; ++k) {
        least[k] = smaller(least[k], least[k + 2]);
    }
    return smaller(smaller(least[0], least[1]), squares.of_vertices[lanes]);
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

} // namespace

std::optional<RunPair>
closest_pair(const PlotPiece& piece, const SegmentRun& run, double limit2) {
    PlaneRun plane; // NOLINT(*-member-init): project() writes it
    project(run, piece.frame, plane);
    if (gap2(
            piece.all_west - plane.east,
            plane.west - piece.all_east,
            piece.all_south - plane.north,
            plane.south - piece.all_north
        ) > loose(limit2)) {
        return std::nullopt;
    }
    Survivors survivors; // NOLINT(*-member-init): find_survivors() writes it
    find_survivors(piece, plane, limit2, survivors);
    if (survivors.count > few) {
        const std::size_t middle = (run.segments + 1U) / 2;
        const double bound = upper_bound_m(piece, plane.x[middle], plane.y[middle]);
        limit2 = smaller(bound * bound, limit2);
        find_survivors(piece, plane, limit2, survivors);
    }
    if (survivors.count == 0) {
        return std::nullopt;
    }
    Directions directions; // NOLINT(*-member-init): direct() writes it
    direct(plane, directions);
    std::optional<RunPair> best;
    Squares squares; // NOLINT(*-member-init): measure() writes it
    for (std::size_t i = 0; i < survivors.count; ++i) {
        const std::size_t edge = survivors.edge[i];
        if (survivors.gap2[i] > loose(limit2)) {
            continue;
        }
        if (survivors.gap2[i] == 0.0F) {
            const std::size_t crossed = crossed_segment(piece, edge, plane, directions);
            if (crossed < run.segments) {
                return RunPair{0.0, edge, crossed};
            }
        }
        const double least = measure(piece, edge, plane, directions, squares);
        if (least < limit2 || (!best && least == limit2)) {
            best = RunPair{least, edge, first_segment(squares, least, run.segments)};
            limit2 = least;
        }
    }
    return best;
}

double upper_bound_m(const PlotPiece& piece, const SegmentRun& run) {
    const std::size_t middle = (run.segments + 1U) / 2;
    const auto p = piece.frame.forward({run.x_m[middle], run.y_m[middle], run.z_m[middle]});
    return upper_bound_m(piece, p.x_m, p.y_m);
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
