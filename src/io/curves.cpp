#include "io/curves.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace tuban {
namespace {

constexpr double most_pieces = 100'000.0; ///< of half an arc: more is a radius beyond reason

struct Point {
    double x = 0.0;
    double y = 0.0;
};

Point point_of(OGRGeometryH line, int i) {
    return {OGR_G_GetX(line, i), OGR_G_GetY(line, i)};
}

class Straightener {
public:
    explicit Straightener(double tolerance) : tolerance_(tolerance) {}

    // Collections hold collections: as deep as GDAL has read them.
    OgrGeometry make(OGRGeometryH geometry) const { // NOLINT(misc-no-recursion)
        switch (OGR_GT_Flatten(OGR_G_GetGeometryType(geometry))) {
        case wkbCircularString:
        case wkbCompoundCurve:
            return line_of(geometry, wkbLineString);
        case wkbCurvePolygon:
            return polygon_of(geometry);
        case wkbMultiCurve:
            return collection_of(geometry, wkbMultiLineString);
        case wkbMultiSurface:
            return collection_of(geometry, wkbMultiPolygon);
        case wkbGeometryCollection:
            return collection_of(geometry, wkbGeometryCollection);
        default:
            return OgrGeometry(OGR_G_Clone(geometry));
        }
    }

private:
    OgrGeometry collection_of(OGRGeometryH geometry, OGRwkbGeometryType type)
        const { // NOLINT(misc-no-recursion)
        OgrGeometry result(OGR_G_CreateGeometry(type));
        for (int i = 0; i < OGR_G_GetGeometryCount(geometry); ++i) {
            OGR_G_AddGeometryDirectly(
                result.get(), make(OGR_G_GetGeometryRef(geometry, i)).release()
            );
        }
        return result;
    }

    [[nodiscard]] OgrGeometry polygon_of(OGRGeometryH geometry) const {
        OgrGeometry result(OGR_G_CreateGeometry(wkbPolygon));
        for (int i = 0; i < OGR_G_GetGeometryCount(geometry); ++i) {
            OGR_G_AddGeometryDirectly(
                result.get(),
                line_of(OGR_G_GetGeometryRef(geometry, i), wkbLinearRing).release()
            );
        }
        return result;
    }

    /// Vertices of a line on its way: OGR would move all of them for each one added.
    struct Line {
        std::vector<double> x;
        std::vector<double> y;

        void add(Point p) {
            x.push_back(p.x);
            y.push_back(p.y);
        }
    };

    [[nodiscard]] OgrGeometry line_of(OGRGeometryH curve, OGRwkbGeometryType type) const {
        Line line;
        if (OGR_GT_Flatten(OGR_G_GetGeometryType(curve)) == wkbCompoundCurve) {
            for (int i = 0; i < OGR_G_GetGeometryCount(curve); ++i) {
                append(line, OGR_G_GetGeometryRef(curve, i));
            }
        } else {
            append(line, curve);
        }
        OgrGeometry result(OGR_G_CreateGeometry(type));
        constexpr int stride = sizeof(double);
        const auto count = static_cast<int>(line.x.size());
        OGR_G_SetPoints(
            result.get(), count, line.x.data(), stride, line.y.data(), stride, nullptr, 0
        );
        return result;
    }

    void append(Line& line, OGRGeometryH curve) const {
        const int count = OGR_G_GetPointCount(curve);
        const bool arcs = OGR_GT_Flatten(OGR_G_GetGeometryType(curve)) == wkbCircularString;
        if (line.x.empty() && count > 0) {
            line.add(point_of(curve, 0));
        }
        for (int i = 1; i < count; ++i) {
            if (arcs && i + 1 < count) {
                arc(line, point_of(curve, i - 1), point_of(curve, i), point_of(curve, i + 1));
                ++i;
            } else {
                line.add(point_of(curve, i));
            }
        }
    }

    /// From a over b to c; a is there already.
    void arc(Line& line, Point a, Point b, Point c) const {
        const double bx = b.x - a.x;
        const double by = b.y - a.y;
        const double cx = c.x - a.x;
        const double cy = c.y - a.y;
        const double twice = 2.0 * (bx * cy - by * cx);
        const bool circle = cx == 0.0 && cy == 0.0;
        if (!circle && std::abs(twice) < 1e-12 * (cx * cx + cy * cy)) {
            line.add(b); // three points on a line
            return line.add(c);
        }
        const double b2 = bx * bx + by * by;
        const double c2 = cx * cx + cy * cy;
        const Point center =
            circle
                ? Point{a.x + bx / 2.0, a.y + by / 2.0}
                : Point{a.x + (cy * b2 - by * c2) / twice, a.y + (bx * c2 - cx * b2) / twice};
        const double turn = circle || twice > 0.0 ? 1.0 : -1.0;
        half(line, center, a, b, turn);
        half(line, center, b, c, turn);
    }

    /// From `from` to `to` about a centre, counter-clockwise for turn 1.
    void half(Line& line, Point center, Point from, Point to, double turn) const {
        const double radius = std::hypot(from.x - center.x, from.y - center.y);
        const double begin = std::atan2(from.y - center.y, from.x - center.x);
        double sweep = turn * (std::atan2(to.y - center.y, to.x - center.x) - begin);
        if (sweep <= 0.0) {
            sweep += 2.0 * std::numbers::pi;
        }
        // An edge over the angle s lies r·(1 − cos(s/2)) from the arc.
        const double step =
            2.0 * std::acos(std::max(0.0, 1.0 - std::min(1.0, tolerance_ / radius)));
        const auto pieces =
            static_cast<int>(std::clamp(std::ceil(sweep / step), 1.0, most_pieces));
        for (int k = 1; k < pieces; ++k) {
            const double angle = begin + turn * sweep * (static_cast<double>(k) / pieces);
            line.add({center.x + radius * std::cos(angle), center.y + radius * std::sin(angle)}
            );
        }
        line.add(to);
    }

    double tolerance_;
};

} // namespace

OgrGeometry straightened(OGRGeometryH geometry, double tolerance) {
    return Straightener(tolerance).make(geometry);
}

} // namespace tuban
