#include "spatial/contacts.hpp"

#include "spatial/geos.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

namespace tuban {
namespace {

constexpr std::size_t most_pairs = 400'000'000; ///< a second or two of looking
constexpr std::size_t edges_without_strips = 256;
constexpr std::size_t edges_per_strip =
    64; ///< about; fewer strips cost pairs, more cost memory

struct Edge {
    double ax = 0.0;
    double ay = 0.0;
    double bx = 0.0;
    double by = 0.0;
    double low_x = 0.0;
    double high_x = 0.0;
    double low_y = 0.0;
    double high_y = 0.0;
    std::uint32_t ring = 0;
    std::uint32_t vertex = 0;
};

std::vector<Edge> edges_of(const RawPolygon& polygon) {
    std::vector<Edge> edges;
    std::size_t n = 0;
    for (const RawRing& ring : polygon.rings) {
        n += ring.x.size();
    }
    edges.reserve(n);
    for (std::size_t r = 0; r < polygon.rings.size(); ++r) {
        const RawRing& ring = polygon.rings[r];
        for (std::size_t v = 0; v < ring.x.size(); ++v) {
            const std::size_t next = v + 1 == ring.x.size() ? 0 : v + 1;
            Edge edge{ring.x[v], ring.y[v], ring.x[next], ring.y[next]};
            edge.low_x = std::min(edge.ax, edge.bx);
            edge.high_x = std::max(edge.ax, edge.bx);
            edge.low_y = std::min(edge.ay, edge.by);
            edge.high_y = std::max(edge.ay, edge.by);
            edge.ring = static_cast<std::uint32_t>(r);
            edge.vertex = static_cast<std::uint32_t>(v);
            edges.push_back(edge);
        }
    }
    return edges;
}

/// Strips of y so that an edge lies in three of them on average at the most.
struct Strips {
    double low = 0.0;
    double height = 0.0;
    std::size_t count = 1;

    [[nodiscard]] std::size_t at(double y) const {
        if (count == 1) {
            return 0;
        }
        const double k = (y - low) / height;
        return k <= 0.0 ? 0 : std::min(count - 1, static_cast<std::size_t>(k));
    }
};

/// Looks at pairs of edges and keeps what meets.
class Finder {
public:
    Finder(const RawPolygon& polygon, std::size_t most) : polygon_(polygon), most_(most) {}

    /// Sweeps the edges of strip k along x. A pair belongs to the strip where its boxes begin to share y.
    void sweep(std::vector<Edge>& edges, const Strips& strips, std::size_t k) {
        std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) {
            return a.low_x < b.low_x;
        });
        for (std::size_t i = 0; i < edges.size() && !result.gave_up; ++i) {
            std::size_t j = i + 1;
            while (j < edges.size() && edges[j].low_x <= edges[i].high_x) {
                look_in_strip(edges[i], edges[j++], strips, k);
            }
            pairs_ += j - i;
            result.gave_up =
                result.gave_up || pairs_ > most_pairs || result.found.size() > most_;
        }
    }

    Contacts result;

private:
    [[nodiscard]] bool neighbours(const Edge& a, const Edge& b) const {
        if (a.ring != b.ring) {
            return false;
        }
        const std::size_t n = polygon_.rings[a.ring].x.size();
        const std::size_t apart =
            a.vertex > b.vertex ? a.vertex - b.vertex : b.vertex - a.vertex;
        return apart == 1 || apart == n - 1;
    }

    void look_in_strip(const Edge& a, const Edge& b, const Strips& strips, std::size_t k) {
        const double from = std::max(a.low_y, b.low_y);
        if (from <= std::min(a.high_y, b.high_y) && strips.at(from) == k) {
            look(a, b);
        }
    }

    void look(const Edge& a, const Edge& b) {
        if (neighbours(a, b)) {
            return;
        }
        const int b_from = side_of({a.ax, a.ay}, {a.bx, a.by}, {b.ax, b.ay});
        const int b_to = side_of({a.ax, a.ay}, {a.bx, a.by}, {b.bx, b.by});
        if (b_from * b_to > 0) {
            return;
        }
        const int a_from = side_of({b.ax, b.ay}, {b.bx, b.by}, {a.ax, a.ay});
        const int a_to = side_of({b.ax, b.ay}, {b.bx, b.by}, {a.bx, a.by});
        if (a_from * a_to > 0) {
            return;
        }
        if (b_from == 0 && b_to == 0) {
            return add_collinear(a, b);
        }
        if (b_from * b_to < 0 && a_from * a_to < 0) {
            return add_crossing(a, b);
        }
        const bool of_b = b_from == 0 || b_to == 0;
        const Edge& ends = of_b ? b : a;
        const bool from = of_b ? b_from == 0 : a_from == 0;
        add(Contact::Kind::touch, a, b, {from ? ends.ax : ends.bx, from ? ends.ay : ends.by});
    }

    void add_crossing(const Edge& a, const Edge& b) {
        const double dx = a.bx - a.ax;
        const double dy = a.by - a.ay;
        const double ex = b.bx - b.ax;
        const double ey = b.by - b.ay;
        const double across = dx * ey - dy * ex;
        const double t =
            across == 0.0 ? 0.5 : ((b.ax - a.ax) * ey - (b.ay - a.ay) * ex) / across;
        const double on_a = std::clamp(t, 0.0, 1.0);
        add(Contact::Kind::crossing, a, b, {a.ax + on_a * dx, a.ay + on_a * dy});
    }

    /// Of two edges on one line: they share a stretch, a point or nothing.
    void add_collinear(const Edge& a, const Edge& b) {
        const bool along_x = a.high_x - a.low_x >= a.high_y - a.low_y;
        const double from = along_x ? std::max(a.low_x, b.low_x) : std::max(a.low_y, b.low_y);
        const double to = along_x ? std::min(a.high_x, b.high_x) : std::min(a.high_y, b.high_y);
        if (from > to) {
            return;
        }
        const auto starts = [&](double x, double y) { return (along_x ? x : y) == from; };
        std::pair<double, double> at{b.bx, b.by};
        if (starts(a.ax, a.ay)) {
            at = {a.ax, a.ay};
        } else if (starts(a.bx, a.by)) {
            at = {a.bx, a.by};
        } else if (starts(b.ax, b.ay)) {
            at = {b.ax, b.ay};
        }
        add(from < to ? Contact::Kind::overlap : Contact::Kind::touch, a, b, at);
    }

    void add(Contact::Kind kind, const Edge& a, const Edge& b, std::pair<double, double> at) {
        Contact contact{kind, {a.ring, a.vertex}, {b.ring, b.vertex}, at.first, at.second};
        if (std::pair(b.ring, b.vertex) < std::pair(a.ring, a.vertex)) {
            std::swap(contact.first, contact.second);
        }
        result.found.push_back(contact);
    }

    const RawPolygon& polygon_;
    std::size_t most_;
    std::size_t pairs_ = 0;
};

Strips strips_for(const std::vector<Edge>& edges) {
    Strips strips;
    if (edges.size() <= edges_without_strips) {
        return strips;
    }
    double high = edges.front().high_y;
    strips.low = edges.front().low_y;
    double climbs = 0.0;
    for (const Edge& edge : edges) {
        strips.low = std::min(strips.low, edge.low_y);
        high = std::max(high, edge.high_y);
        climbs += edge.high_y - edge.low_y;
    }
    const double range = high - strips.low;
    const auto n = static_cast<double>(edges.size());
    if (!(range > 0.0) || !(climbs > 0.0)) {
        return strips;
    }
    const double wanted =
        std::min(n / static_cast<double>(edges_per_strip), 2.0 * n * (range / climbs));
    strips.count = static_cast<std::size_t>(std::max(1.0, wanted));
    strips.height = range / static_cast<double>(strips.count);
    if (!(strips.height > 0.0)) {
        strips.count = 1;
    }
    return strips;
}

} // namespace

int side_of(PlanePoint a, PlanePoint b, PlanePoint c) {
    const double left = (a.x - c.x) * (b.y - c.y);
    const double right = (a.y - c.y) * (b.x - c.x);
    const double det = left - right;
    // Shewchuk's bound (3 + 16ε)ε on what rounding does to det, doi:10.1007/PL00009321.
    constexpr double bound = 3.3306690738754716e-16;
    if (std::abs(det) > bound * (std::abs(left) + std::abs(right))) {
        return det > 0.0 ? 1 : -1;
    }
    if ((a.x == c.x || b.y == c.y) && (a.y == c.y || b.x == c.x)) {
        return 0; // both products are 0: along an axis, or c is an end
    }
    return GEOSOrientationIndex_r(geos_handle(), a.x, a.y, b.x, b.y, c.x, c.y);
}

Contacts contacts_of(const RawPolygon& polygon, std::size_t most) {
    std::vector<Edge> edges = edges_of(polygon);
    Finder finder(polygon, most);
    const Strips strips = strips_for(edges);
    if (strips.count == 1) {
        finder.sweep(edges, strips, 0);
        return std::move(finder.result);
    }
    std::vector<std::vector<std::uint32_t>> members(strips.count);
    for (std::size_t i = 0; i < edges.size(); ++i) {
        for (std::size_t k = strips.at(edges[i].low_y); k <= strips.at(edges[i].high_y); ++k) {
            members[k].push_back(static_cast<std::uint32_t>(i));
        }
    }
    std::vector<Edge> strip;
    for (std::size_t k = 0; k < strips.count && !finder.result.gave_up; ++k) {
        strip.clear();
        for (const std::uint32_t i : members[k]) {
            strip.push_back(edges[i]);
        }
        finder.sweep(strip, strips, k);
    }
    return std::move(finder.result);
}

} // namespace tuban
