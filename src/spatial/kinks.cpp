#include "spatial/kinks.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace tuban {
namespace {

using Point = LocalFrame::Point;
using Edge = PlaneShape::Edge;

/// Beyond so many pieces of boundary their meetings with each other are left to the halving of intervals.
constexpr std::size_t most_pieces = 1500;

bool before(const Point& a, const Point& b) {
    return std::tie(a.x_m, a.y_m) < std::tie(b.x_m, b.y_m);
}

/// Gathers kinks; a point counts if it is in the rectangle and on the outer boundary.
class Kinks {
public:
    Kinks(const std::vector<Edge>& capsules, double within_m, Point low, Point high)
        : capsules_(capsules), within_m_(within_m), low_(low), high_(high) {
        for (const Edge& edge : capsules_) {
            add_capsule(edge);
        }
        std::sort(centers_.begin(), centers_.end(), before);
        const auto same = [](const Point& a, const Point& b) {
            return a.x_m == b.x_m && a.y_m == b.y_m;
        };
        centers_.erase(std::unique(centers_.begin(), centers_.end(), same), centers_.end());
    }

    void meet_part(const std::vector<Edge>& part) {
        for (const Edge& edge : part) {
            meet_all(edge, 0, 0);
        }
    }

    void meet_each_other() {
        for (std::size_t i = 0; i < flanks_.size(); ++i) {
            meet_all(flanks_[i], 0, i + 1);
        }
        for (std::size_t i = 0; i < centers_.size(); ++i) {
            for (std::size_t k = i + 1; k < centers_.size(); ++k) {
                circles(centers_[i], centers_[k]);
            }
        }
    }

    void ends() {
        for (const Point& c : centers_) {
            take({c.x_m, c.y_m - within_m_});
            take({c.x_m, c.y_m + within_m_});
        }
        for (const Edge& flank : flanks_) {
            take(flank.from);
            take(flank.to);
        }
    }

    [[nodiscard]] std::size_t pieces() const { return centers_.size() + flanks_.size(); }

    [[nodiscard]] std::vector<double> result() && { return std::move(kinks_); }

private:
    void add_capsule(const Edge& edge) {
        const auto& [a, b] = edge;
        centers_.push_back(a);
        centers_.push_back(b);
        const double length = std::hypot(b.x_m - a.x_m, b.y_m - a.y_m);
        if (length == 0.0) {
            return;
        }
        const double nx = -(b.y_m - a.y_m) / length * within_m_;
        const double ny = (b.x_m - a.x_m) / length * within_m_;
        flanks_.push_back({{a.x_m + nx, a.y_m + ny}, {b.x_m + nx, b.y_m + ny}});
        flanks_.push_back({{a.x_m - nx, a.y_m - ny}, {b.x_m - nx, b.y_m - ny}});
    }

    void take(Point p) {
        if (p.x_m < low_.x_m || p.x_m > high_.x_m || p.y_m <= low_.y_m || p.y_m >= high_.y_m) {
            return;
        }
        const double inside = within_m_ * (1.0 - 1e-9) - 1e-7;
        const bool hidden =
            std::any_of(capsules_.begin(), capsules_.end(), [&](const Edge& edge) {
                return nearest_points(edge, {p, p}).distance_m < inside;
            });
        if (!hidden) {
            kinks_.push_back(p.y_m);
        }
    }

    void meet_all(const Edge& edge, std::size_t first_center, std::size_t first_flank) {
        for (std::size_t i = first_center; i < centers_.size(); ++i) {
            line_circle(edge, centers_[i]);
        }
        for (std::size_t i = first_flank; i < flanks_.size(); ++i) {
            lines(edge, flanks_[i]);
        }
    }

    void line_circle(const Edge& edge, Point center) {
        const double dx = edge.to.x_m - edge.from.x_m;
        const double dy = edge.to.y_m - edge.from.y_m;
        const double length2 = dx * dx + dy * dy;
        const double px = center.x_m - edge.from.x_m;
        const double py = center.y_m - edge.from.y_m;
        const double off = px * dy - py * dx;
        const double root2 = within_m_ * within_m_ * length2 - off * off;
        if (!(length2 > 0.0) || root2 < 0.0) {
            return;
        }
        for (const double root : {-std::sqrt(root2), std::sqrt(root2)}) {
            const double u = (px * dx + py * dy + root) / length2;
            if (u >= 0.0 && u <= 1.0) {
                take({edge.from.x_m + u * dx, edge.from.y_m + u * dy});
            }
        }
    }

    void lines(const Edge& a, const Edge& b) {
        const double ax = a.to.x_m - a.from.x_m;
        const double ay = a.to.y_m - a.from.y_m;
        const double bx = b.to.x_m - b.from.x_m;
        const double by = b.to.y_m - b.from.y_m;
        const double turn = ax * by - ay * bx;
        if (turn == 0.0) {
            return;
        }
        const double px = b.from.x_m - a.from.x_m;
        const double py = b.from.y_m - a.from.y_m;
        const double u = (px * by - py * bx) / turn;
        const double v = (px * ay - py * ax) / turn;
        if (u >= 0.0 && u <= 1.0 && v >= 0.0 && v <= 1.0) {
            take({a.from.x_m + u * ax, a.from.y_m + u * ay});
        }
    }

    void circles(Point a, Point b) {
        const double dx = b.x_m - a.x_m;
        const double dy = b.y_m - a.y_m;
        const double d = std::hypot(dx, dy);
        const double root2 = within_m_ * within_m_ - 0.25 * d * d;
        if (!(d > 0.0) || root2 < 0.0) {
            return;
        }
        for (const double root : {-std::sqrt(root2), std::sqrt(root2)}) {
            take({a.x_m + 0.5 * dx - root * dy / d, a.y_m + 0.5 * dy + root * dx / d});
        }
    }

    const std::vector<Edge>& capsules_;
    double within_m_;
    Point low_;
    Point high_;
    std::vector<Point> centers_;
    std::vector<Edge> flanks_;
    std::vector<double> kinks_;
};

} // namespace

std::vector<double> capsule_kinks(
    const std::vector<PlaneShape::Edge>& part,
    const std::vector<PlaneShape::Edge>& capsules,
    double within_m,
    LocalFrame::Point low,
    LocalFrame::Point high
) {
    Kinks kinks(capsules, within_m, low, high);
    kinks.ends();
    kinks.meet_part(part);
    if (kinks.pieces() <= most_pieces) {
        kinks.meet_each_other();
    }
    return std::move(kinks).result();
}

} // namespace tuban
