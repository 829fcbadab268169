#include "spatial/scanline.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace tuban {
namespace {

constexpr double radius_m = 6'371'000.0;
constexpr double curvature = 1.0 / (6.0 * radius_m * radius_m);
constexpr int most_halvings = 40;

/// ∫ of the plane's area scale 1 − (x² + y²)/(6R²) from x = 0.
double weighted(double x, double y) {
    return x - curvature * (x * x * x / 3.0 + y * y * x);
}

/// x where an edge crosses a line of constant y; the caller knows that it does.
double crossing(const PlaneShape::Edge& edge, double y) {
    const double u = (y - edge.from.y_m) / (edge.to.y_m - edge.from.y_m);
    return edge.from.x_m + u * (edge.to.x_m - edge.from.x_m);
}

bool crosses(const PlaneShape::Edge& edge, double y) {
    return (edge.from.y_m > y) != (edge.to.y_m > y);
}

/// Signed area of the edges of closed rings, with the plane's scale.
double ring_area(const std::vector<PlaneShape::Edge>& edges) {
    double plain = 0.0;
    double second = 0.0; // ∫(x² + y²)
    for (const auto& [a, b] : edges) {
        const double c = a.x_m * b.y_m - b.x_m * a.y_m;
        plain += c;
        second += c * (a.x_m * a.x_m + a.x_m * b.x_m + b.x_m * b.x_m + a.y_m * a.y_m +
                       a.y_m * b.y_m + b.y_m * b.y_m);
    }
    return plain / 2.0 - curvature * second / 12.0;
}

double distance_to(const PlaneShape::Edge& edge, LocalFrame::Point p) {
    return nearest_points(edge, {p, p}).distance_m;
}

} // namespace

Scene::Scene(const std::vector<PlaneShape::Edge>& part, double within_m)
    : part_(part), within_m_(within_m) {
    low_ = high_ = part_.empty() ? LocalFrame::Point{} : part_.front().from;
    for (const auto& edge : part_) {
        low_.x_m = std::min(low_.x_m, edge.from.x_m);
        low_.y_m = std::min(low_.y_m, edge.from.y_m);
        high_.x_m = std::max(high_.x_m, edge.from.x_m);
        high_.y_m = std::max(high_.y_m, edge.from.y_m);
    }
}

double Scene::area_m2() const {
    return std::abs(ring_area(part_));
}

bool Scene::covers_all(const PlaneShape::Edge& edge) const {
    if (within_m_ == 0.0) {
        return false;
    }
    return std::all_of(part_.begin(), part_.end(), [&](const PlaneShape::Edge& own) {
        return distance_to(edge, own.from) <= within_m_;
    });
}

void Scene::add_capsule(const PlaneShape::Edge& edge) {
    const double left = std::min(edge.from.x_m, edge.to.x_m) - within_m_;
    const double right = std::max(edge.from.x_m, edge.to.x_m) + within_m_;
    const Span span{
        std::min(edge.from.y_m, edge.to.y_m) - within_m_,
        std::max(edge.from.y_m, edge.to.y_m) + within_m_};
    if (within_m_ == 0.0 || left >= high_.x_m || right <= low_.x_m || span.low >= high_.y_m ||
        span.high <= low_.y_m) {
        return;
    }
    capsules_.push_back(edge);
    capsule_spans_.push_back(span);
}

void Scene::add_polygon(
    const std::vector<PlaneShape::Edge>& edges,
    const std::function<bool(LocalFrame::Point)>& contains
) {
    // The corner must not lie on an edge, where two readings of that edge could disagree.
    LocalFrame::Point corner{low_.x_m - 0.37, low_.y_m - 0.23};
    for (int attempt = 0; attempt < 64; ++attempt) {
        const bool clear =
            std::all_of(edges.begin(), edges.end(), [&](const PlaneShape::Edge& edge) {
                return distance_to(edge, corner) > 1e-3;
            });
        if (clear) {
            break;
        }
        corner.x_m -= 0.0061;
        corner.y_m -= 0.0037;
    }
    Polygon polygon;
    polygon.inside_at_corner = contains(corner);
    for (const PlaneShape::Edge& edge : edges) {
        const double left = std::min(edge.from.x_m, edge.to.x_m);
        const double right = std::max(edge.from.x_m, edge.to.x_m);
        const double bottom = std::min(edge.from.y_m, edge.to.y_m);
        const double top = std::max(edge.from.y_m, edge.to.y_m);
        if (left > high_.x_m || right < corner.x_m || bottom > high_.y_m || top < corner.y_m) {
            continue;
        }
        if ((edge.from.x_m > corner.x_m) != (edge.to.x_m > corner.x_m)) {
            const double u = (corner.x_m - edge.from.x_m) / (edge.to.x_m - edge.from.x_m);
            const double y = edge.from.y_m + u * (edge.to.y_m - edge.from.y_m);
            if (y > corner.y_m) {
                polygon.left_crossings.push_back(y);
            }
        }
        polygon.edges.push_back(edge);
    }
    // What an edge reaches to the left of the side has been counted there.
    for (PlaneShape::Edge& edge : polygon.edges) {
        for (auto [end, other] :
             {std::pair(&edge.from, edge.to), std::pair(&edge.to, edge.from)}) {
            if (end->x_m <= corner.x_m && other.x_m > corner.x_m) {
                const double u = (corner.x_m - end->x_m) / (other.x_m - end->x_m);
                *end = {corner.x_m, end->y_m + u * (other.y_m - end->y_m)};
            }
        }
    }
    std::erase_if(polygon.edges, [&](const PlaneShape::Edge& edge) {
        return std::max(edge.from.x_m, edge.to.x_m) <= corner.x_m;
    });
    std::sort(polygon.left_crossings.begin(), polygon.left_crossings.end());
    if (!polygon.edges.empty() || polygon.inside_at_corner || !polygon.left_crossings.empty()) {
        polygons_.push_back(std::move(polygon));
    }
}

std::vector<double> Scene::breaks() const {
    std::vector<double> result{low_.y_m, high_.y_m};
    const auto add = [&](double y) {
        if (y > low_.y_m && y < high_.y_m) {
            result.push_back(y);
        }
    };
    for (const auto& edge : part_) {
        add(edge.from.y_m);
    }
    for (const auto& [a, b] : capsules_) {
        const double dx = b.x_m - a.x_m;
        const double dy = b.y_m - a.y_m;
        const double length = std::hypot(dx, dy);
        for (const double y : {a.y_m, b.y_m}) {
            add(y - within_m_);
            add(y + within_m_);
            if (length > 0.0) {
                add(y - within_m_ * dx / length);
                add(y + within_m_ * dx / length);
            }
        }
    }
    for (const Polygon& polygon : polygons_) {
        for (const auto& edge : polygon.edges) {
            add(edge.from.y_m);
            add(edge.to.y_m);
        }
        std::for_each(polygon.left_crossings.begin(), polygon.left_crossings.end(), add);
    }
    std::sort(result.begin(), result.end());
    const double least = 1e-9 * (high_.y_m - low_.y_m);
    std::vector<double> apart;
    for (const double y : result) {
        if (apart.empty() || y - apart.back() > least) {
            apart.push_back(y);
        }
    }
    apart.back() = high_.y_m;
    return apart;
}

Scene::Strip Scene::strip(double low, double high) const {
    Strip result;
    for (std::size_t i = 0; i < part_.size(); ++i) {
        if (std::min(part_[i].from.y_m, part_[i].to.y_m) < high &&
            std::max(part_[i].from.y_m, part_[i].to.y_m) > low) {
            result.part_edges.push_back(i);
        }
    }
    for (std::size_t i = 0; i < capsules_.size(); ++i) {
        if (capsule_spans_[i].low < high && capsule_spans_[i].high > low) {
            result.capsules.push_back(i);
        }
    }
    return result;
}

void Scene::cover_by_capsules(double y, const Strip& strip, std::vector<Interval>& cover)
    const {
    for (const std::size_t i : strip.capsules) {
        const auto& [a, b] = capsules_[i];
        Interval hull{
            std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
        const auto add = [&](double from, double to) {
            hull.from = std::min(hull.from, from);
            hull.to = std::max(hull.to, to);
        };
        for (const auto& end : {a, b}) {
            const double dy = y - end.y_m;
            if (std::abs(dy) < within_m_) {
                const double half = std::sqrt((within_m_ - dy) * (within_m_ + dy));
                add(end.x_m - half, end.x_m + half);
            }
        }
        const double length = std::hypot(b.x_m - a.x_m, b.y_m - a.y_m);
        if (length > 0.0) {
            const double nx = -(b.y_m - a.y_m) / length * within_m_;
            const double ny = (b.x_m - a.x_m) / length * within_m_;
            for (const double side : {-1.0, 1.0}) {
                const PlaneShape::Edge flank{
                    {a.x_m + side * nx, a.y_m + side * ny},
                    {b.x_m + side * nx, b.y_m + side * ny}};
                if (crosses(flank, y)) {
                    const double x = crossing(flank, y);
                    add(x, x);
                }
            }
        }
        if (hull.from < hull.to) {
            cover.push_back(hull);
        }
    }
}

void Scene::cover_by_polygon(double y, const Polygon& polygon, Scratch& scratch) const {
    const auto below =
        std::lower_bound(polygon.left_crossings.begin(), polygon.left_crossings.end(), y);
    const bool odd = ((below - polygon.left_crossings.begin()) & 1) != 0;
    scratch.crossings.clear();
    for (const auto& edge : polygon.edges) {
        if (crosses(edge, y)) {
            scratch.crossings.push_back(crossing(edge, y));
        }
    }
    if (polygon.inside_at_corner != odd) {
        scratch.crossings.push_back(low_.x_m - 1.0);
    }
    std::sort(scratch.crossings.begin(), scratch.crossings.end());
    if (scratch.crossings.size() % 2 == 1) {
        scratch.crossings.push_back(high_.x_m + 1.0);
    }
    for (std::size_t i = 0; i + 1 < scratch.crossings.size(); i += 2) {
        scratch.cover.push_back({scratch.crossings[i], scratch.crossings[i + 1]});
    }
}

double Scene::covered_length(double y, const Strip& strip, Scratch& scratch) const {
    scratch.cover.clear();
    cover_by_capsules(y, strip, scratch.cover);
    for (const Polygon& polygon : polygons_) {
        cover_by_polygon(y, polygon, scratch);
    }
    if (scratch.cover.empty()) {
        return 0.0;
    }
    std::sort(scratch.cover.begin(), scratch.cover.end(), [](const auto& a, const auto& b) {
        return a.from < b.from;
    });
    std::size_t last = 0;
    for (std::size_t i = 1; i < scratch.cover.size(); ++i) {
        if (scratch.cover[i].from <= scratch.cover[last].to) {
            scratch.cover[last].to = std::max(scratch.cover[last].to, scratch.cover[i].to);
        } else {
            scratch.cover[++last] = scratch.cover[i];
        }
    }
    scratch.cover.resize(last + 1);
    scratch.crossings.clear();
    for (const std::size_t i : strip.part_edges) {
        if (crosses(part_[i], y)) {
            scratch.crossings.push_back(crossing(part_[i], y));
        }
    }
    std::sort(scratch.crossings.begin(), scratch.crossings.end());
    double length = 0.0;
    for (std::size_t i = 0; i + 1 < scratch.crossings.size(); i += 2) {
        for (const Interval& cover : scratch.cover) {
            const double from = std::max(cover.from, scratch.crossings[i]);
            const double to = std::min(cover.to, scratch.crossings[i + 1]);
            if (from < to) {
                length += weighted(to, y) - weighted(from, y);
            }
        }
    }
    return length;
}

// The 7-point Gauss and 15-point Kronrod rules (Piessens et al., QUADPACK, 1983).
Scene::Rule
Scene::gauss_kronrod(double low, double high, const Strip& strip, Scratch& scratch) const {
    constexpr std::array<double, 8> node{
        0.991455371120812639206854697526329,
        0.949107912342758524526189684047851,
        0.864864423359769072789712788640926,
        0.741531185599394439863864773280788,
        0.586087235467691130294144838258730,
        0.405845151377397166906606412076961,
        0.207784955007898467600689403773245,
        0.0};
    constexpr std::array<double, 8> kronrod{
        0.022935322010529224963732008058970,
        0.063092092629978553290700663189204,
        0.104790010322250183839876322541518,
        0.140653259715525918745189590510238,
        0.169004726639267902826583426598550,
        0.190350578064785409913256402421014,
        0.204432940075298892414161999234649,
        0.209482141084727828012999174891714};
    constexpr std::array<double, 4> gauss{
        0.129484966168869693270611432679082,
        0.279705391489276667901467771423780,
        0.381830050505118944950369775488975,
        0.417959183673469387755102040816327};
    const double middle = 0.5 * (low + high);
    const double half = 0.5 * (high - low);
    double fine = 0.0;
    double coarse = 0.0;
    for (std::size_t k = 0; k < node.size(); ++k) {
        double value = covered_length(middle + half * node[k], strip, scratch);
        if (k + 1 < node.size()) {
            value += covered_length(middle - half * node[k], strip, scratch);
        }
        fine += kronrod[k] * value;
        if (k % 2 == 1) {
            coarse += gauss[k / 2] * value;
        }
    }
    return {half * fine, half * std::abs(fine - coarse)};
}

double
Scene::integrate(double low, double high, double tolerance_per_m, Scratch& scratch) const {
    struct Piece {
        double low, high;
        int depth;
    };

    const Strip active = strip(low, high);
    double sum = 0.0;
    std::vector<Piece> pieces{{low, high, 0}};
    while (!pieces.empty()) {
        const Piece piece = pieces.back();
        pieces.pop_back();
        const Rule rule = gauss_kronrod(piece.low, piece.high, active, scratch);
        if (piece.depth >= most_halvings ||
            rule.error <= tolerance_per_m * (piece.high - piece.low)) {
            sum += rule.value;
            continue;
        }
        const double middle = 0.5 * (piece.low + piece.high);
        pieces.push_back({middle, piece.high, piece.depth + 1});
        pieces.push_back({piece.low, middle, piece.depth + 1});
    }
    return sum;
}

double Scene::covered_m2(double tolerance_m2) const {
    if (capsules_.empty() && polygons_.empty()) {
        return 0.0;
    }
    const std::vector<double> cuts = breaks();
    const double per_m = tolerance_m2 / (high_.y_m - low_.y_m);
    Scratch scratch;
    double sum = 0.0;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        sum += integrate(cuts[i], cuts[i + 1], per_m, scratch);
    }
    return sum;
}

} // namespace tuban
