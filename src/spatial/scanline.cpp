#include "spatial/scanline.hpp"

#include "spatial/kinks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>

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

/// Where edges cross a line of constant y, ascending.
void cross_all(const std::vector<PlaneShape::Edge>& edges, double y, std::vector<double>& x) {
    x.clear();
    for (const PlaneShape::Edge& edge : edges) {
        if (crosses(edge, y)) {
            x.push_back(crossing(edge, y));
        }
    }
    std::sort(x.begin(), x.end());
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

Scene::Scene(std::vector<PlaneShape::Edge> part, double within_m)
    : part_(std::move(part)), within_m_(within_m) {
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

LocalFrame::Point Scene::clear_corner(const std::vector<PlaneShape::Edge>& edges) const {
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
    return corner;
}

void Scene::add_polygon(
    const std::vector<PlaneShape::Edge>& edges,
    const std::function<bool(LocalFrame::Point)>& contains
) {
    const LocalFrame::Point corner = clear_corner(edges);
    Polygon polygon;
    polygon.inside_at_corner = contains(corner);
    for (PlaneShape::Edge edge : edges) {
        if (edge.from.x_m > edge.to.x_m) {
            std::swap(edge.from, edge.to);
        }
        const double bottom = std::min(edge.from.y_m, edge.to.y_m);
        const double top = std::max(edge.from.y_m, edge.to.y_m);
        if (edge.from.x_m > high_.x_m || edge.to.x_m <= corner.x_m || bottom > high_.y_m ||
            top < corner.y_m) {
            continue;
        }
        if (edge.from.x_m <= corner.x_m) { // what lies left of the side is counted on it
            const double u = (corner.x_m - edge.from.x_m) / (edge.to.x_m - edge.from.x_m);
            edge.from = {corner.x_m, edge.from.y_m + u * (edge.to.y_m - edge.from.y_m)};
            polygon.left_crossings.push_back(edge.from.y_m);
        }
        polygon.edges.push_back(edge);
    }
    std::erase_if(polygon.left_crossings, [&](double y) { return y <= corner.y_m; });
    std::sort(polygon.left_crossings.begin(), polygon.left_crossings.end());
    if (!polygon.edges.empty() || polygon.inside_at_corner) {
        polygons_.push_back(std::move(polygon));
    }
}

std::vector<double> Scene::breaks() const {
    std::vector<double> result = capsule_kinks(part_, capsules_, within_m_, low_, high_);
    result.push_back(low_.y_m);
    for (const auto& edge : part_) {
        result.push_back(edge.from.y_m);
    }
    for (const Polygon& polygon : polygons_) {
        for (const auto& edge : polygon.edges) {
            result.push_back(edge.from.y_m);
            result.push_back(edge.to.y_m);
        }
        result.insert(
            result.end(), polygon.left_crossings.begin(), polygon.left_crossings.end()
        );
    }
    std::erase_if(result, [&](double y) { return y < low_.y_m || y >= high_.y_m; });
    std::sort(result.begin(), result.end());
    const double least = 1e-9 * (high_.y_m - low_.y_m);
    std::vector<double> apart;
    for (const double y : result) {
        if (apart.empty() || y - apart.back() > least) {
            apart.push_back(y);
        }
    }
    apart.push_back(high_.y_m);
    return apart;
}

Scene::Strip Scene::strip(double low, double high) const {
    const auto reaches = [&](const PlaneShape::Edge& edge) {
        return std::min(edge.from.y_m, edge.to.y_m) < high &&
               std::max(edge.from.y_m, edge.to.y_m) > low;
    };
    Strip result;
    std::copy_if(part_.begin(), part_.end(), std::back_inserter(result.part), reaches);
    for (std::size_t i = 0; i < capsules_.size(); ++i) {
        if (capsule_spans_[i].low < high && capsule_spans_[i].high > low) {
            result.capsules.push_back(capsules_[i]);
        }
    }
    for (const Polygon& polygon : polygons_) {
        std::vector<PlaneShape::Edge>& edges = result.polygons.emplace_back();
        std::copy_if(
            polygon.edges.begin(), polygon.edges.end(), std::back_inserter(edges), reaches
        );
    }
    return result;
}

std::optional<Scene::Interval>
Scene::capsule_interval(double y, const PlaneShape::Edge& capsule) const {
    const auto& [a, b] = capsule;
    constexpr double infinity = std::numeric_limits<double>::infinity();
    Interval hull{infinity, -infinity};
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
    for (const double side : {-within_m_, within_m_}) {
        const double nx = length > 0.0 ? -(b.y_m - a.y_m) / length * side : 0.0;
        const double ny = length > 0.0 ? (b.x_m - a.x_m) / length * side : 0.0;
        const PlaneShape::Edge flank{{a.x_m + nx, a.y_m + ny}, {b.x_m + nx, b.y_m + ny}};
        if (crosses(flank, y)) {
            const double x = crossing(flank, y);
            add(x, x);
        }
    }
    return hull.from < hull.to ? std::optional(hull) : std::nullopt;
}

void Scene::cover_by_polygon(
    double y,
    const Polygon& polygon,
    const std::vector<PlaneShape::Edge>& edges,
    Scratch& scratch
) const {
    const auto below =
        std::lower_bound(polygon.left_crossings.begin(), polygon.left_crossings.end(), y);
    const bool odd = ((below - polygon.left_crossings.begin()) & 1) != 0;
    cross_all(edges, y, scratch.crossings);
    if (polygon.inside_at_corner != odd) {
        scratch.crossings.insert(scratch.crossings.begin(), low_.x_m - 1.0);
    }
    if (scratch.crossings.size() % 2 == 1) {
        scratch.crossings.push_back(high_.x_m + 1.0);
    }
    for (std::size_t i = 0; i + 1 < scratch.crossings.size(); i += 2) {
        scratch.cover.push_back({scratch.crossings[i], scratch.crossings[i + 1]});
    }
}

void Scene::merge(std::vector<Interval>& cover) {
    if (cover.empty()) {
        return;
    }
    std::sort(cover.begin(), cover.end(), [](const auto& a, const auto& b) {
        return a.from < b.from;
    });
    std::size_t last = 0;
    for (std::size_t i = 1; i < cover.size(); ++i) {
        if (cover[i].from <= cover[last].to) {
            cover[last].to = std::max(cover[last].to, cover[i].to);
        } else {
            cover[++last] = cover[i];
        }
    }
    cover.resize(last + 1);
}

double Scene::covered_length(double y, const Strip& strip, Scratch& scratch) const {
    scratch.cover.clear();
    for (const PlaneShape::Edge& capsule : strip.capsules) {
        if (const auto interval = capsule_interval(y, capsule)) {
            scratch.cover.push_back(*interval);
        }
    }
    for (std::size_t i = 0; i < polygons_.size(); ++i) {
        cover_by_polygon(y, polygons_[i], strip.polygons[i], scratch);
    }
    merge(scratch.cover);
    cross_all(strip.part, y, scratch.crossings);
    double length = 0.0;
    for (std::size_t i = 0; i + 1 < scratch.crossings.size(); i += 2) {
        for (const Interval& cover : scratch.cover) {
            const double from = std::max(cover.from, scratch.crossings[i]);
            const double to = std::min(cover.to, scratch.crossings[i + 1]);
            length += from < to ? weighted(to, y) - weighted(from, y) : 0.0;
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
