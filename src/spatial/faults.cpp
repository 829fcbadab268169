#include "spatial/faults.hpp"

#include "spatial/geos.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace tuban {
namespace {

constexpr std::size_t places_told = 3;

constexpr double needle_width_m = 0.001; ///< thinner: nobody drew it
constexpr double needle_length_m = 0.05; ///< shorter: rounding of coordinates
constexpr double sliver_m2 = 1.0;
constexpr double sliver_width_m = 0.1;
constexpr double dense_edge_m = 1.5; ///< buffers and CAD arcs set a vertex about every metre
constexpr std::size_t dense_run = 20;

constexpr Faults::Kind duplicate_vertices{"duplicate_vertices", Severity::note};
constexpr Faults::Kind hole_first{"hole_first", Severity::note};
constexpr Faults::Kind ring_orientation{"ring_orientation", Severity::note};
constexpr Faults::Kind dense_vertices{"dense_vertices", Severity::note};
constexpr Faults::Kind needle{"needle", Severity::warning};
constexpr Faults::Kind sliver_part{"sliver_part", Severity::warning};

constexpr Faults::Kind mended(std::string_view code) {
    return {code, Severity::warning, true};
}

std::size_t after(const RawRing& ring, std::size_t vertex) {
    return vertex + 1 == ring.x.size() ? 0 : vertex + 1;
}

std::size_t before(const RawRing& ring, std::size_t vertex) {
    return vertex == 0 ? ring.x.size() - 1 : vertex - 1;
}

/// The ring turns back on itself at b.
bool reverses(const RawRing& ring, std::size_t a, std::size_t b, std::size_t c) {
    const double ax = ring.x[a] - ring.x[b];
    const double ay = ring.y[a] - ring.y[b];
    const double cx = ring.x[c] - ring.x[b];
    const double cy = ring.y[c] - ring.y[b];
    return ax * cx + ay * cy > 0.0 &&
           std::abs(ax * cy - ay * cx) <= 1e-9 * (std::abs(ax * cx) + std::abs(ay * cy)) &&
           side_of({ring.x[a], ring.y[a]}, {ring.x[b], ring.y[b]}, {ring.x[c], ring.y[c]}) == 0;
}

bool same_place(const RawRing& ring, std::size_t a, std::size_t b) {
    return ring.x[a] == ring.x[b] && ring.y[a] == ring.y[b];
}

/// Vertices where a ring comes nearly back on itself, its edges less than 1.8° apart: few, if any, and all that spikes and
/// needles can be at.
std::vector<std::size_t> sharp_corners(const RawRing& ring) {
    constexpr double most_sine2 = 1e-3;
    std::vector<std::size_t> sharp;
    const std::size_t n = ring.x.size();
    if (n < 2) {
        return sharp;
    }
    double ax = ring.x[n - 1] - ring.x[0]; // back along the edge before
    double ay = ring.y[n - 1] - ring.y[0];
    for (std::size_t v = 0; v < n; ++v) {
        const std::size_t next = after(ring, v);
        const double cx = ring.x[next] - ring.x[v];
        const double cy = ring.y[next] - ring.y[v];
        const double width = ax * cy - ay * cx;
        const double lengths = (ax * ax + ay * ay) * (cx * cx + cy * cy);
        const bool thin = width * width <= most_sine2 * lengths;
        if (thin && ax * cx + ay * cy > 0.0) { // thin first: it is rare, which branches like
            sharp.push_back(v);
        }
        ax = -cx;
        ay = -cy;
    }
    return sharp;
}

bool has_spike(const RawRing& ring) {
    const std::vector<std::size_t> sharp = sharp_corners(ring);
    return std::any_of(sharp.begin(), sharp.end(), [&](std::size_t v) {
        return reverses(ring, before(ring, v), v, after(ring, v));
    });
}

/// Takes tips of spikes, and what then repeats, from the end of a chain of rows.
void drop_spikes_at_end(
    const RawRing& ring, std::vector<std::size_t>& chain, std::vector<std::size_t>& tips
) {
    while (chain.size() >= 2) {
        const std::size_t n = chain.size();
        if (same_place(ring, chain[n - 2], chain[n - 1])) {
            chain.pop_back();
        } else if (n >= 3 && reverses(ring, chain[n - 3], chain[n - 2], chain[n - 1])) {
            tips.push_back(chain[n - 2]);
            chain.erase(chain.end() - 2);
        } else {
            return;
        }
    }
}

/// Rows of a ring without repeats and spikes; `tips` gets the ends of spikes.
std::vector<std::size_t> smooth_rows(const RawRing& ring, std::vector<std::size_t>& tips) {
    std::vector<std::size_t> chain;
    for (std::size_t v = 0; v < ring.x.size(); ++v) {
        chain.push_back(v);
        drop_spikes_at_end(ring, chain, tips);
    }
    std::size_t first = 0; // now where the chain closes
    while (chain.size() - first >= 2) {
        const std::size_t last = chain.back();
        const std::size_t n = chain.size() - first;
        if (same_place(ring, last, chain[first])) {
            chain.pop_back();
        } else if (n >= 3 && reverses(ring, chain[chain.size() - 2], last, chain[first])) {
            tips.push_back(last);
            chain.pop_back();
        } else if (n >= 3 && reverses(ring, last, chain[first], chain[first + 1])) {
            tips.push_back(chain[first]);
            ++first;
        } else {
            break;
        }
    }
    chain.erase(chain.begin(), chain.begin() + static_cast<std::ptrdiff_t>(first));
    return chain;
}

void find_repeats(const RawRing& ring, std::size_t r, Faults& faults) {
    const std::size_t n = ring.x.size();
    for (std::size_t v = 1; v < n; ++v) {
        if (ring.x[v] == ring.x[v - 1] && ring.y[v] == ring.y[v - 1]) {
            faults.add(duplicate_vertices, r, v);
        }
    }
}

/// A ring on its way into order.
struct Tidying {
    RawRing ring;
    TidyPolygon::Origin origin;
    double area = 0.0; ///< signed
};

RawRing picked(const RawRing& ring, const std::vector<std::size_t>& rows) {
    RawRing result;
    for (const std::size_t row : rows) {
        result.x.push_back(ring.x[row]);
        result.y.push_back(ring.y[row]);
    }
    return result;
}

/// Without repeats and spikes; fewer than three vertices are left of a ring that encloses nothing.
Tidying smoothed(const RawRing& as_read, std::size_t r, Faults& faults) {
    Tidying made{as_read, {r, {}, false}, 0.0};
    const bool repeats = drop_repeats(made.ring) > 0;
    if (repeats) {
        find_repeats(as_read, r, faults);
    }
    if (repeats || has_spike(made.ring)) {
        std::vector<std::size_t> tips;
        made.origin.rows = smooth_rows(as_read, tips);
        made.ring = picked(as_read, made.origin.rows);
        if (made.ring.x.size() < 3) {
            return made;
        }
        for (const std::size_t tip : tips) {
            faults.add(mended("spike"), r, tip);
        }
    }
    return made;
}

std::vector<Tidying>
rings_of_part(const RawPolygon& as_read, std::size_t part, Faults& faults) {
    std::vector<Tidying> rings;
    for (std::size_t r = as_read.part_offsets[part]; r < as_read.part_offsets[part + 1]; ++r) {
        Tidying made = smoothed(as_read.rings[r], r, faults);
        if (made.ring.x.size() < 3) {
            faults.add(mended("ring_collapses"), r, 0);
            continue;
        }
        made.area = signed_area(made.ring);
        rings.push_back(std::move(made));
    }
    return rings;
}

/// Shell first: no hole is larger than its shell.
void put_in_order(std::vector<Tidying>& rings, Faults& faults) {
    const auto shell =
        std::max_element(rings.begin(), rings.end(), [](const Tidying& a, const Tidying& b) {
            return std::abs(a.area) < std::abs(b.area);
        });
    if (shell != rings.begin()) {
        faults.add(hole_first, rings.front().origin.ring, 0);
        std::rotate(rings.begin(), shell, shell + 1);
    }
    for (std::size_t r = 1; r < rings.size(); ++r) {
        if ((rings[r].area > 0.0) == (rings[0].area > 0.0)) {
            faults.add(ring_orientation, rings[r].origin.ring, 0);
        }
    }
}

/// Turns a ring if need be; the first vertex stays the first.
void turn(Tidying& tidying, bool counter_clockwise) {
    tidying.origin.turned = (tidying.area > 0.0) != counter_clockwise;
    if (tidying.origin.turned) {
        std::reverse(tidying.ring.x.begin() + 1, tidying.ring.x.end());
        std::reverse(tidying.ring.y.begin() + 1, tidying.ring.y.end());
    }
}

/// An excursion that comes nearly back on itself at a sharp corner.
void look_at_corner(const TidyPolygon& tidy, RingEdge corner, double unit_m, Faults& faults) {
    const RawRing& ring = tidy.polygon.rings[corner.ring];
    const std::size_t b = corner.vertex;
    const std::size_t a = before(ring, b);
    const std::size_t c = after(ring, b);
    const double ax = ring.x[a] - ring.x[b];
    const double ay = ring.y[a] - ring.y[b];
    const double cx = ring.x[c] - ring.x[b];
    const double cy = ring.y[c] - ring.y[b];
    const double width = std::abs(ax * cy - ay * cx);
    const double longer = std::max(std::hypot(ax, ay), std::hypot(cx, cy));
    const double shorter = std::min(std::hypot(ax, ay), std::hypot(cx, cy));
    if (shorter * unit_m > needle_length_m && width / longer * unit_m < needle_width_m) {
        faults.add(needle, tidy, corner);
    }
}

/// Runs of short edges.
void look_along(const TidyPolygon& tidy, std::size_t r, double unit_m, Faults& faults) {
    const RawRing& ring = tidy.polygon.rings[r];
    const double short2 = dense_edge_m * dense_edge_m / (unit_m * unit_m);
    std::size_t run = 0;
    for (std::size_t v = 0; v < ring.x.size(); ++v) {
        const std::size_t next = after(ring, v);
        const double dx = ring.x[next] - ring.x[v];
        const double dy = ring.y[next] - ring.y[v];
        run = dx * dx + dy * dy < short2 ? run + 1 : 0;
        if (run == dense_run) {
            const std::size_t first = v + 1 - dense_run;
            faults.add(dense_vertices, tidy, {r, first});
        }
    }
}

double length_of(const RawRing& ring) {
    double length = 0.0;
    for (std::size_t v = 0; v < ring.x.size(); ++v) {
        const std::size_t next = after(ring, v);
        length += std::hypot(ring.x[next] - ring.x[v], ring.y[next] - ring.y[v]);
    }
    return length;
}

/// No ring is longer than that: edges as long as its box is across.
double longest(const RawRing& ring) {
    const auto [low_x, high_x] = std::minmax_element(ring.x.begin(), ring.x.end());
    const auto [low_y, high_y] = std::minmax_element(ring.y.begin(), ring.y.end());
    return static_cast<double>(ring.x.size()) * (*high_x - *low_x + *high_y - *low_y);
}

/// Sum over the rings of a part.
template <class OfRing>
double sum_of_part(const RawPolygon& polygon, std::size_t part, const OfRing& of_ring) {
    double total = 0.0;
    for (std::size_t r = polygon.part_offsets[part]; r < polygon.part_offsets[part + 1]; ++r) {
        total += of_ring(polygon.rings[r]);
    }
    return total;
}

bool is_sliver(const RawPolygon& polygon, std::size_t part, double unit_m2) {
    const double area_m2 =
        sum_of_part(polygon, part, signed_area) * unit_m2; // holes count less
    const double thin_m = 2.0 * area_m2 / sliver_width_m;  // thinner if its rings are longer
    const double unit_m = std::sqrt(unit_m2);
    if (area_m2 < sliver_m2) {
        return true;
    }
    // The length is only measured where it may matter.
    return thin_m < sum_of_part(polygon, part, longest) * unit_m &&
           thin_m < sum_of_part(polygon, part, length_of) * unit_m;
}

bool at(const RawRing& ring, std::size_t vertex, double x, double y) {
    return ring.x[vertex] == x && ring.y[vertex] == y;
}

/// The vertices before and after a position on an edge.
std::pair<PlanePoint, PlanePoint>
branch(const RawPolygon& polygon, RingEdge edge, double x, double y) {
    const RawRing& ring = polygon.rings[edge.ring];
    std::size_t from = edge.vertex;
    std::size_t to = after(ring, edge.vertex);
    if (at(ring, from, x, y)) {
        from = before(ring, from);
    } else if (at(ring, to, x, y)) {
        to = after(ring, to);
    }
    return {{ring.x[from], ring.y[from]}, {ring.x[to], ring.y[to]}};
}

/// True if a touch at a vertex passes from one side of the other line to its other side.
bool passes_through(const RawPolygon& polygon, const Contact& touch) {
    const PlanePoint at{touch.x, touch.y};
    const auto [from, to] = branch(polygon, touch.first, at.x, at.y);
    const auto [other_from, other_to] = branch(polygon, touch.second, at.x, at.y);
    const bool left_turn = side_of(from, at, to) >= 0;
    // Left, right, or 0 where it runs along a line.
    const auto side = [&, a = from, b = to](const PlanePoint& point) {
        const int in = side_of(a, at, point);
        const int out = side_of(at, b, point);
        if (left_turn ? in > 0 && out > 0 : in > 0 || out > 0) {
            return 1;
        }
        return (left_turn ? in < 0 || out < 0 : in < 0 && out < 0) ? -1 : 0;
    };
    return side(other_from) * side(other_to) < 0;
}

/// The nearest vertex that is a number, going back; NaN if there is none.
std::pair<double, double> finite_at_or_before(const RawRing& ring, std::size_t vertex) {
    const std::size_t n = ring.x.size();
    for (std::size_t back = 0; back < n; ++back) {
        const std::size_t v = (vertex + n - back) % n;
        if (std::isfinite(ring.x[v]) && std::isfinite(ring.y[v])) {
            return {ring.x[v], ring.y[v]};
        }
    }
    return {std::nan(""), std::nan("")};
}

std::vector<std::size_t> parts_of_rings(const RawPolygon& polygon) {
    std::vector<std::size_t> parts(polygon.rings.size());
    for (std::size_t part = 0; part + 1 < polygon.part_offsets.size(); ++part) {
        for (std::size_t r = polygon.part_offsets[part]; r < polygon.part_offsets[part + 1];
             ++r) {
            parts[r] = part;
        }
    }
    return parts;
}

/// The same vertices, wherever they begin and whichever way they run.
bool same_ring(const RawRing& a, const RawRing& b) {
    if (a.x.size() != b.x.size()) {
        return false;
    }
    const auto sorted = [](const RawRing& ring) {
        std::vector<std::pair<double, double>> points;
        for (std::size_t v = 0; v < ring.x.size(); ++v) {
            points.emplace_back(ring.x[v], ring.y[v]);
        }
        std::sort(points.begin(), points.end());
        return points;
    };
    return sorted(a) == sorted(b);
}

/// The edge by where it starts as read.
RingEdge edge_as_read(const TidyPolygon& tidy, RingEdge edge) {
    const TidyPolygon::Origin& origin = tidy.origins[edge.ring];
    if (origin.turned) {
        edge.vertex = after(tidy.polygon.rings[edge.ring], edge.vertex);
    }
    return {origin.ring, tidy.row_as_read(edge)};
}

/// Names contacts between rings of one polygon.
class Namer {
public:
    explicit Namer(const TidyPolygon& tidy)
        : tidy_(tidy), parts_(parts_of_rings(tidy.polygon)) {}

    /// "": nothing wrong with it in itself.
    std::string_view name(const Contact& contact) {
        const std::size_t a = contact.first.ring;
        const std::size_t b = contact.second.ring;
        const bool crosses =
            contact.kind == Contact::Kind::crossing ||
            (contact.kind == Contact::Kind::touch && passes_through(tidy_.polygon, contact));
        if (a == b) {
            return within_ring(contact, crosses);
        }
        if (contact.kind == Contact::Kind::overlap && same(a, b)) {
            return "duplicate_ring";
        }
        if (!crosses && contact.kind == Contact::Kind::touch) {
            return "";
        }
        if (parts_[a] != parts_[b]) {
            return crosses ? "overlapping_parts" : "parts_share_edge";
        }
        const std::size_t shell = tidy_.polygon.part_offsets[parts_[a]];
        if (a != shell && b != shell) {
            return "holes_overlap";
        }
        return crosses ? "hole_crosses_shell" : "hole_on_shell";
    }

private:
    static std::string_view within_ring(const Contact& contact, bool crosses) {
        if (crosses) {
            return "self_intersection";
        }
        return contact.kind == Contact::Kind::touch ? "self_touch" : "self_overlap";
    }

    bool same(std::size_t a, std::size_t b) {
        const auto [found, added] = same_.try_emplace({a, b}, false);
        if (added) {
            found->second = same_ring(tidy_.polygon.rings[a], tidy_.polygon.rings[b]);
        }
        return found->second;
    }

    const TidyPolygon& tidy_;
    std::vector<std::size_t> parts_;
    std::map<std::pair<std::size_t, std::size_t>, bool> same_;
};

/// Ends of edges that run along others: there they touch, too.
std::set<std::pair<double, double>>
ends_of_overlaps(const RawPolygon& polygon, const std::vector<Contact>& contacts) {
    std::set<std::pair<double, double>> ends;
    const auto add = [&](RingEdge edge) {
        const RawRing& ring = polygon.rings[edge.ring];
        const std::size_t next = after(ring, edge.vertex);
        ends.emplace(ring.x[edge.vertex], ring.y[edge.vertex]);
        ends.emplace(ring.x[next], ring.y[next]);
    };
    for (const Contact& contact : contacts) {
        if (contact.kind == Contact::Kind::overlap) {
            add(contact.first);
            add(contact.second);
        }
    }
    return ends;
}

/// Where a ring lies whose edges do not cross another's: by its first vertex that is not on it. 0: they are all on it.
int lies_in(const RawRing& outer, const RawRing& inner) {
    for (std::size_t v = 0; v < inner.x.size(); ++v) {
        if (const int position = position_in(outer, inner.x[v], inner.y[v]); position != 0) {
            return position;
        }
    }
    return 0;
}

/// Looks at pairs of rings that do not cross.
class Nesting {
public:
    Nesting(const TidyPolygon& tidy, const std::vector<Contact>& contacts, Faults& faults)
        : tidy_(tidy), faults_(faults) {
        Namer namer(tidy);
        for (const Contact& contact : contacts) {
            if (!namer.name(contact).empty()) {
                known_.insert({contact.first.ring, contact.second.ring});
            }
        }
    }

    bool run() {
        const RawPolygon& polygon = tidy_.polygon;
        if (polygon.rings.size() == 1) {
            return true;
        }
        constexpr std::size_t most_tests = 20'000'000; // beyond, GEOS has an index for it
        std::size_t vertices = 0;
        for (const RawRing& ring : polygon.rings) {
            vertices += ring.x.size();
        }
        if (vertices > most_tests / polygon.rings.size()) {
            return false;
        }
        for (std::size_t part = 0; part + 1 < polygon.part_offsets.size(); ++part) {
            look_at_holes(polygon.part_offsets[part], polygon.part_offsets[part + 1]);
            for (std::size_t other = 0; other + 1 < polygon.part_offsets.size(); ++other) {
                look_at_shells(part, other);
            }
        }
        return sure_;
    }

private:
    [[nodiscard]] int position(std::size_t outer, std::size_t inner) {
        const int result = lies_in(tidy_.polygon.rings[outer], tidy_.polygon.rings[inner]);
        sure_ = sure_ && result != 0;
        return result;
    }

    [[nodiscard]] bool known(std::size_t a, std::size_t b) const {
        return known_.contains({std::min(a, b), std::max(a, b)});
    }

    void add(const char* code, std::size_t ring) {
        faults_.add(mended(code), tidy_, {ring, 0});
    }

    void look_at_holes(std::size_t shell, std::size_t end) {
        for (std::size_t hole = shell + 1; hole < end; ++hole) {
            if (!known(shell, hole) && position(shell, hole) < 0) {
                add("hole_outside", hole);
            }
            for (std::size_t other = shell + 1; other < end; ++other) {
                look_at_pair(hole, other);
            }
        }
    }

    void look_at_pair(std::size_t hole, std::size_t other) {
        if (other != hole && !known(hole, other) && position(other, hole) > 0) {
            add("nested_holes", hole);
        }
    }

    void look_at_shells(std::size_t part, std::size_t other) {
        const auto& offsets = tidy_.polygon.part_offsets;
        const std::size_t shell = offsets[part];
        if (part == other || known(shell, offsets[other]) ||
            position(offsets[other], shell) <= 0) {
            return;
        }
        for (std::size_t hole = offsets[other] + 1; hole < offsets[other + 1]; ++hole) {
            if (known(shell, hole) || position(hole, shell) >= 0) {
                return; // an island in a hole
            }
        }
        add("nested_shells", shell);
    }

    const TidyPolygon& tidy_;
    Faults& faults_;
    std::set<std::pair<std::size_t, std::size_t>> known_; ///< pairs that are named already
    bool sure_ = true;
};

} // namespace

std::size_t TidyPolygon::row_as_read(RingEdge vertex) const {
    const Origin& origin = origins[vertex.ring];
    const std::size_t n = polygon.rings[vertex.ring].x.size();
    const std::size_t row =
        origin.turned && vertex.vertex > 0 ? n - vertex.vertex : vertex.vertex;
    return origin.rows.empty() ? row : origin.rows[row];
}

int position_in(const RawRing& ring, double x, double y) {
    bool inside = false;
    for (std::size_t v = 0; v < ring.x.size(); ++v) {
        const std::size_t next = after(ring, v);
        const double ax = ring.x[v];
        const double ay = ring.y[v];
        const double bx = ring.x[next];
        const double by = ring.y[next];
        if (std::min(ay, by) > y || std::max(ay, by) < y || std::max(ax, bx) < x) {
            continue;
        }
        const int side = side_of({ax, ay}, {bx, by}, {x, y});
        if (side == 0 && std::min(ax, bx) <= x) {
            return 0;
        }
        if ((ay > y) != (by > y) && (side > 0) == (by > ay)) {
            inside = !inside;
        }
    }
    return inside ? 1 : -1;
}

RingFault& Faults::fault(const Kind& kind) {
    const auto found =
        std::find_if(faults_.begin(), faults_.end(), [&](const RingFault& fault) {
            return fault.code == kind.code;
        });
    if (found != faults_.end()) {
        return *found;
    }
    RingFault made;
    made.code = kind.code;
    made.severity = kind.severity;
    made.mended = kind.mended;
    return faults_.emplace_back(std::move(made));
}

void Faults::add(const Kind& kind, std::size_t ring, std::size_t vertex) {
    RingFault& known = fault(kind);
    ++known.count;
    if (known.places.size() < places_told) {
        const auto [x, y] = finite_at_or_before(as_read_.rings[ring], vertex);
        known.places.push_back({ring + 1, vertex + 1, x, y});
    }
}

void Faults::add(const Kind& kind, RingEdge as_read, double x, double y) {
    RingFault& known = fault(kind);
    ++known.count;
    if (known.places.size() < places_told) {
        known.places.push_back({as_read.ring + 1, as_read.vertex + 1, x, y});
    }
}

void Faults::add(const Kind& kind, const TidyPolygon& tidy, RingEdge vertex) {
    const RawRing& ring = tidy.polygon.rings[vertex.ring];
    add(kind,
        {tidy.origins[vertex.ring].ring, tidy.row_as_read(vertex)},
        ring.x[vertex.vertex],
        ring.y[vertex.vertex]);
}

bool Faults::has(std::string_view code) const {
    return std::any_of(faults_.begin(), faults_.end(), [&](const RingFault& fault) {
        return fault.code == code;
    });
}

bool Faults::any_mended() const {
    return std::any_of(faults_.begin(), faults_.end(), [](const RingFault& fault) {
        return fault.mended;
    });
}

bool Faults::needs_overlay() const {
    return std::any_of(faults_.begin(), faults_.end(), [](const RingFault& fault) {
        return fault.mended && fault.code != "ring_collapses" && fault.code != "spike";
    });
}

void Faults::rename(std::string_view from, std::string_view to) {
    for (RingFault& fault : faults_) {
        if (fault.code == from) {
            fault.code = to;
        }
    }
}

std::vector<RingFault> Faults::take() {
    std::sort(faults_.begin(), faults_.end(), [](const RingFault& a, const RingFault& b) {
        return a.code < b.code;
    });
    return std::move(faults_);
}

TidyPolygon tidied(const RawPolygon& as_read, Faults& faults) {
    TidyPolygon result;
    for (std::size_t part = 0; part + 1 < as_read.part_offsets.size(); ++part) {
        std::vector<Tidying> rings = rings_of_part(as_read, part, faults);
        if (rings.empty()) {
            continue;
        }
        put_in_order(rings, faults);
        for (std::size_t r = 0; r < rings.size(); ++r) {
            turn(rings[r], r == 0);
            result.origins.push_back(std::move(rings[r].origin));
            result.polygon.rings.push_back(std::move(rings[r].ring));
        }
        result.polygon.part_offsets.push_back(result.polygon.rings.size());
    }
    return result;
}

void find_in_rings(const TidyPolygon& tidy, double unit_m2, Faults& faults) {
    const double unit_m = std::sqrt(unit_m2);
    for (std::size_t r = 0; r < tidy.polygon.rings.size(); ++r) {
        look_along(tidy, r, unit_m, faults);
        for (const std::size_t v : sharp_corners(tidy.polygon.rings[r])) {
            look_at_corner(tidy, {r, v}, unit_m, faults);
        }
    }
}

void find_slivers(const TidyPolygon& tidy, double unit_m2, Faults& faults) {
    for (std::size_t part = 0; part + 1 < tidy.polygon.part_offsets.size(); ++part) {
        if (is_sliver(tidy.polygon, part, unit_m2)) {
            faults.add(sliver_part, tidy, {tidy.polygon.part_offsets[part], 0});
        }
    }
}

void name_contacts(
    const TidyPolygon& tidy, const std::vector<Contact>& contacts, Faults& faults
) {
    const auto ends = ends_of_overlaps(tidy.polygon, contacts);

    struct Named {
        RingEdge as_read;
        std::string_view code;
        const Contact* contact;
    };

    std::vector<Named> named;
    Namer namer(tidy);
    for (const Contact& contact : contacts) {
        const std::string_view code = namer.name(contact);
        const bool said = code == "self_touch" && ends.contains({contact.x, contact.y});
        if (!code.empty() && !said) {
            const RingEdge as_read =
                std::min(edge_as_read(tidy, contact.first), edge_as_read(tidy, contact.second));
            named.push_back({as_read, code, &contact});
        }
    }
    std::stable_sort(named.begin(), named.end(), [](const Named& a, const Named& b) {
        return a.as_read < b.as_read;
    });
    for (const Named& one : named) {
        faults.add(mended(one.code), one.as_read, one.contact->x, one.contact->y);
    }
}

bool name_nesting(
    const TidyPolygon& tidy, const std::vector<Contact>& contacts, Faults& faults
) {
    return Nesting(tidy, contacts, faults).run();
}

} // namespace tuban
