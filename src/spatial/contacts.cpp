#include "spatial/contacts.hpp"

#include "spatial/geos.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory_resource>
#include <span>
#include <utility>
#include <vector>

namespace tuban {
namespace {

constexpr std::size_t most_pairs = 400'000'000; ///< a second or two of looking
constexpr std::size_t edges_per_run = 4;
constexpr std::size_t runs_without_strips = 64;
constexpr std::size_t runs_per_strip = 16; ///< about; fewer strips cost pairs, more cost memory
constexpr std::size_t room_bytes = 49'152; ///< on the stack: for some 400 edges

struct Box {
    double low_x = std::numeric_limits<double>::infinity();
    double high_x = -std::numeric_limits<double>::infinity();
    double low_y = std::numeric_limits<double>::infinity();
    double high_y = -std::numeric_limits<double>::infinity();

    void add(const Box& other) {
        low_x = std::min(low_x, other.low_x);
        high_x = std::max(high_x, other.high_x);
        low_y = std::min(low_y, other.low_y);
        high_y = std::max(high_y, other.high_y);
    }

    [[nodiscard]] bool meets(const Box& other) const {
        return low_x <= other.high_x && other.low_x <= high_x && low_y <= other.high_y &&
               other.low_y <= high_y;
    }
};

struct Edge {
    double ax = 0.0;
    double ay = 0.0;
    double bx = 0.0;
    double by = 0.0;
    Box box{};
    std::uint32_t ring = 0;
    std::uint32_t vertex = 0;
};

/// Edges of most plots fit in the room that a call has on its stack.
using Edges = std::pmr::vector<Edge>;

Edges edges_of(const RawPolygon& polygon, std::pmr::memory_resource& room) {
    Edges edges(&room);
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
            edge.box = {
                std::min(edge.ax, edge.bx),
                std::max(edge.ax, edge.bx),
                std::min(edge.ay, edge.by),
                std::max(edge.ay, edge.by)};
            edge.ring = static_cast<std::uint32_t>(r);
            edge.vertex = static_cast<std::uint32_t>(v);
            edges.push_back(edge);
        }
    }
    return edges;
}

/// A few edges that follow each other in a ring, and so lie close together.
struct Run {
    Box box;
    std::span<const Edge> edges;
};

using Runs = std::pmr::vector<Run>;

Runs runs_of(const Edges& edges, std::pmr::memory_resource& room) {
    Runs runs(&room);
    runs.reserve(edges.size() / edges_per_run + 1);
    for (std::size_t begin = 0; begin < edges.size();) {
        Run run;
        std::size_t end = begin;
        while (end < edges.size() && end - begin < edges_per_run &&
               edges[end].ring == edges[begin].ring) {
            run.box.add(edges[end++].box);
        }
        run.edges = std::span(edges).subspan(begin, end - begin);
        runs.push_back(run);
        begin = end;
    }
    return runs;
}

/// Strips of y so that a run lies in three of them on average at the most.
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
    Finder(const RawPolygon& polygon, std::size_t most, std::pmr::memory_resource& room)
        : polygon_(polygon), most_(most), keys_(&room) {}

    /// Pairs within a run.
    void look_within(const Run& run) {
        for (std::size_t i = 0; i < run.edges.size(); ++i) {
            for (std::size_t j = i + 1; j < run.edges.size(); ++j) {
                look(run.edges[i], run.edges[j]);
            }
        }
    }

    /// Sweeps the runs of strip k along x. A pair belongs to the strip where its boxes begin to share y.
    void sweep(const Runs& runs, const Strips& strips, std::size_t k) {
        keys_.clear();
        keys_.reserve(runs.size());
        for (const Run& run : runs) {
            keys_.push_back({run.box.low_x, &run});
        }
        std::sort(keys_.begin(), keys_.end());
        for (std::size_t i = 0; i < keys_.size() && !result.gave_up; ++i) {
            const Run& run = *keys_[i].run;
            std::size_t j = i + 1;
            while (j < keys_.size() && keys_[j].low_x <= run.box.high_x) {
                look_in_strip(run, *keys_[j++].run, strips, k);
            }
            pairs_ += j - i;
            result.gave_up =
                result.gave_up || pairs_ > most_pairs || result.found.size() > most_;
        }
    }

    /// In the order of the rings, however they were found.
    [[nodiscard]] Contacts take() {
        std::sort(
            result.found.begin(),
            result.found.end(),
            [](const Contact& a, const Contact& b) {
                return a.first == b.first ? a.second < b.second : a.first < b.first;
            }
        );
        return std::move(result);
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

    void look_in_strip(const Run& a, const Run& b, const Strips& strips, std::size_t k) {
        const double from = std::max(a.box.low_y, b.box.low_y);
        if (from <= std::min(a.box.high_y, b.box.high_y) && strips.at(from) == k) {
            look_between(a, b);
        }
    }

    void look_between(const Run& a, const Run& b) {
        for (const Edge& edge : a.edges) {
            if (!edge.box.meets(b.box)) {
                continue;
            }
            pairs_ += b.edges.size();
            for (const Edge& other : b.edges) {
                look(edge, other);
            }
        }
    }

    void look(const Edge& a, const Edge& b) {
        if (!a.box.meets(b.box) || neighbours(a, b)) {
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
        const Box& of_a = a.box;
        const Box& of_b = b.box;
        const bool along_x = of_a.high_x - of_a.low_x >= of_a.high_y - of_a.low_y;
        const double from =
            along_x ? std::max(of_a.low_x, of_b.low_x) : std::max(of_a.low_y, of_b.low_y);
        const double to =
            along_x ? std::min(of_a.high_x, of_b.high_x) : std::min(of_a.high_y, of_b.high_y);
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

    /// What runs are sorted by: lighter to move than they are.
    struct Key {
        double low_x = 0.0;
        const Run* run = nullptr;

        friend bool operator<(const Key& a, const Key& b) {
            return a.low_x != b.low_x ? a.low_x < b.low_x : a.run < b.run;
        }
    };

    const RawPolygon& polygon_;
    std::size_t most_;
    std::size_t pairs_ = 0;
    std::pmr::vector<Key> keys_;
};

Strips strips_for(const Runs& runs) {
    Strips strips;
    if (runs.size() <= runs_without_strips) {
        return strips;
    }
    double high = runs.front().box.high_y;
    strips.low = runs.front().box.low_y;
    double climbs = 0.0;
    for (const Run& run : runs) {
        strips.low = std::min(strips.low, run.box.low_y);
        high = std::max(high, run.box.high_y);
        climbs += run.box.high_y - run.box.low_y;
    }
    const double range = high - strips.low;
    const auto n = static_cast<double>(runs.size());
    if (!(range > 0.0) || !(climbs > 0.0)) {
        return strips;
    }
    const double wanted =
        std::min(n / static_cast<double>(runs_per_strip), 2.0 * n * (range / climbs));
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
    std::array<std::byte, room_bytes> stack; // NOLINT(*-member-init): room to write in
    std::pmr::monotonic_buffer_resource room(stack.data(), stack.size());
    const Edges edges = edges_of(polygon, room);
    const Runs runs = runs_of(edges, room);
    Finder finder(polygon, most, room);
    for (const Run& run : runs) {
        finder.look_within(run);
    }
    const Strips strips = strips_for(runs);
    if (strips.count == 1) {
        finder.sweep(runs, strips, 0);
        return finder.take();
    }
    std::vector<std::vector<std::uint32_t>> members(strips.count);
    for (std::size_t i = 0; i < runs.size(); ++i) {
        for (std::size_t k = strips.at(runs[i].box.low_y); k <= strips.at(runs[i].box.high_y);
             ++k) {
            members[k].push_back(static_cast<std::uint32_t>(i));
        }
    }
    Runs strip; // on the heap: what it lets go is used again
    for (std::size_t k = 0; k < strips.count && !finder.result.gave_up; ++k) {
        strip.clear();
        for (const std::uint32_t i : members[k]) {
            strip.push_back(runs[i]);
        }
        finder.sweep(strip, strips, k);
    }
    return finder.take();
}

} // namespace tuban
