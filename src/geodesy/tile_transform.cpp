#include "geodesy/tile_transform.hpp"

#include "geodesy/geometry.hpp"
#include "geodesy/lanes.hpp"
#include "geodesy/projection.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tuban {
namespace {

constexpr std::size_t degree = 6;
constexpr std::size_t terms = (degree + 1) * (degree + 2) / 2;
constexpr std::size_t nodes = 8;  ///< of the fit, along each side
constexpr std::size_t checks = 9; ///< of the check
constexpr int deepest = 5;        ///< splits of a tile of the grid
constexpr double tile_m = 160'000.0;
constexpr double tile_deg = 1.6;
constexpr double polar_deg = 85.0;
constexpr double metres_per_degree = 111'700.0; ///< of latitude, at most
constexpr std::size_t lanes = 8;                ///< vertices that are computed side by side

using Row = std::array<double, degree + 1>;
using Square = std::array<Row, degree + 1>;

struct Point {
    double x = 0.0;
    double y = 0.0;
};

/// Chebyshev polynomial k as powers of u.
constexpr Square chebyshev_powers() {
    Square powers{};
    powers[0][0] = 1.0;
    powers[1][1] = 1.0;
    for (std::size_t k = 2; k <= degree; ++k) {
        for (std::size_t i = 0; i <= k; ++i) {
            powers[k][i] = (i > 0 ? 2.0 * powers[k - 1][i - 1] : 0.0) - powers[k - 2][i];
        }
    }
    return powers;
}

/// Values at the nodes of a side → the powers of the truncated Chebyshev series through them.
struct SideFit {
    std::array<double, nodes> at{}; ///< cos(π(n + ½)/8)
    std::array<std::array<double, nodes>, degree + 1>
        series{}; ///< of Chebyshev polynomial k, from node n

    SideFit() {
        for (std::size_t n = 0; n < nodes; ++n) {
            const double angle = pi * (static_cast<double>(n) + 0.5) / double{nodes};
            at.at(n) = std::cos(angle);
            for (std::size_t k = 0; k <= degree; ++k) {
                const double weight = (k == 0 ? 1.0 : 2.0) / double{nodes};
                series.at(k).at(n) = weight * std::cos(static_cast<double>(k) * angle);
            }
        }
    }
};

const SideFit& side_fit() {
    static const SideFit fit;
    return fit;
}

constexpr Square powers_of_series = chebyshev_powers();

using Lanes = std::array<double, lanes>;

/// sum = sum·by + term, side by side.
void step(Lanes& sum, const Lanes& by, double term) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        sum[lane] = sum[lane] * by[lane] + term;
    }
}

void step(Lanes& sum, const Lanes& by, const Lanes& term) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        sum[lane] = sum[lane] * by[lane] + term[lane];
    }
}

/// A polynomial of two variables of total degree 6 at most, in the order in which Horner's scheme asks for it.
struct Polynomial {
    std::array<double, terms> term{};
    double centre = 0.0; ///< added at the end: what is left is small and keeps its digits

    using Values = std::array<double, nodes * nodes>;

    /// @param values  at the nodes, minus the value at the centre; y runs quicker
    static Polynomial fitted(const Values& values, double centre) {
        const SideFit& fit = side_fit();
        std::array<Row, nodes> by_x{}; // over y
        for (std::size_t n = 0; n < nodes * nodes; ++n) {
            for (std::size_t k = 0; k <= degree; ++k) {
                by_x.at(n / nodes).at(k) += fit.series.at(k).at(n % nodes) * values.at(n);
            }
        }
        Square series{}; // over both
        for (std::size_t jk = 0; jk < (degree + 1) * (degree + 1); ++jk) {
            const std::size_t j = jk / (degree + 1);
            const std::size_t k = jk % (degree + 1);
            for (std::size_t n = 0; j + k <= degree && n < nodes; ++n) {
                series.at(j).at(k) += fit.series.at(j).at(n) * by_x.at(n).at(k);
            }
        }
        return in_powers(series, centre);
    }

    /// For `lanes` positions in [-1, 1]², in an order of steps that does not depend on what they are.
    [[nodiscard]] Lanes at(const Lanes& u, const Lanes& v) const {
        Lanes sum{};
        std::size_t next = 0;
        for (std::size_t i = 0; i <= degree; ++i) { // power degree − i of u
            Lanes inner{};
            for (std::size_t j = 0; j <= i; ++j) {
                step(inner, v, term[next++]);
            }
            step(sum, u, inner);
        }
        for (double& value : sum) {
            value += centre;
        }
        return sum;
    }

private:
    static Polynomial in_powers(const Square& series, double centre) {
        Polynomial result;
        result.centre = centre;
        std::size_t next = 0;
        for (std::size_t i = 0; i <= degree; ++i) {
            for (std::size_t j = 0; j <= i; ++j) {
                result.term.at(next++) = power(series, degree - i, i - j);
            }
        }
        return result;
    }

    /// Of uᵖ vᵠ.
    static double power(const Square& series, std::size_t p, std::size_t q) {
        double sum = 0.0;
        for (std::size_t jk = 0; jk < (degree + 1) * (degree + 1); ++jk) {
            const std::size_t j = jk / (degree + 1);
            const std::size_t k = jk % (degree + 1);
            sum += series.at(j).at(k) * powers_of_series.at(j).at(p) *
                   powers_of_series.at(k).at(q);
        }
        return sum;
    }
};

/// A square of the plane that is transformed from.
struct Tile {
    Point low;
    Point high; ///< not part of it
    Point middle;
    Point half;
    Polynomial x;
    Polynomial y;
    int depth = 0;
    double off_m = std::numeric_limits<double>::infinity(); ///< from PROJ where it was checked
    std::int32_t children =
        -1;              ///< the first of four, south-west, south-east, north-west, north-east
    bool direct = false; ///< PROJ answers

    [[nodiscard]] bool holds(double at_x, double at_y) const {
        return at_x >= low.x && at_x < high.x && at_y >= low.y && at_y < high.y;
    }
};

/// The tile's polynomials for positions in it, in place.
TUBAN_VECTOR_CLONES void answer(const Tile& tile, double* x, double* y, std::size_t size) {
    Lanes u{};
    Lanes v{};
    for (std::size_t begin = 0; begin < size; begin += lanes) {
        const std::size_t count = std::min(lanes, size - begin);
        for (std::size_t lane = 0; lane < count; ++lane) {
            u[lane] = (x[begin + lane] - tile.middle.x) / tile.half.x;
            v[lane] = (y[begin + lane] - tile.middle.y) / tile.half.y;
        }
        const Lanes to_x = tile.x.at(u, v);
        const Lanes to_y = tile.y.at(u, v);
        for (std::size_t lane = 0; lane < count; ++lane) {
            x[begin + lane] = to_x[lane];
            y[begin + lane] = to_y[lane];
        }
    }
}

/// PROJ's answers, one after the other: x, y in place.
using Exact = void (*)(const Transform&, std::span<double>, std::span<double>);

/// What a tile is made from, and how far an answer is from another one on the ground.
struct Direction {
    const Transform* transform;
    Exact exact;
    bool gives_degrees;
    double side;   ///< of the grid's tiles
    double unit_m; ///< of what is given, where it is no degrees

    void ask(std::vector<double>& x, std::vector<double>& y) const { exact(*transform, x, y); }

    [[nodiscard]] double away_m(Point a, Point b) const {
        if (!gives_degrees) {
            return std::hypot(a.x - b.x, a.y - b.y) * unit_m;
        }
        const double east = short_way_deg(a.x - b.x) * std::cos(b.y * radians_per_degree);
        return std::hypot(east, a.y - b.y) * metres_per_degree;
    }
};

/// The tiles of one direction.
class Tiles {
public:
    Tiles(const Direction& direction, double bound_m)
        : direction_(direction), bound_m_(bound_m) {}

    void run(std::span<double> x, std::span<double> y) {
        std::size_t begin = 0;
        while (begin < x.size()) {
            const Tile* const tile = tile_at(x[begin], y[begin]);
            std::size_t end = begin + 1;
            while (end < x.size() && (tile != nullptr ? tile->holds(x[end], y[end])
                                                      : !has_tile(x[end], y[end]))) {
                ++end;
            }
            const auto xs = x.subspan(begin, end - begin);
            const auto ys = y.subspan(begin, end - begin);
            if (tile == nullptr || tile->direct) {
                direction_.exact(*direction_.transform, xs, ys);
            } else {
                evaluate(*tile, xs, ys);
            }
            begin = end;
        }
    }

    [[nodiscard]] double worst_check_m() const { return worst_m_; }

private:
    struct Key {
        std::int32_t x;
        std::int32_t y;

        bool operator==(const Key&) const = default;
    };

    struct KeyHash {
        std::size_t operator()(const Key& key) const {
            const auto x = static_cast<std::uint64_t>(static_cast<std::uint32_t>(key.x));
            const auto y = static_cast<std::uint64_t>(static_cast<std::uint32_t>(key.y));
            return std::hash<std::uint64_t>()(x << 32U | y);
        }
    };

    /// No CRS goes farther: Mercator ends at 2e7 m. What lies beyond, and what is no number, is PROJ's.
    [[nodiscard]] bool has_tile(double x, double y) const {
        constexpr double most_tiles = 1000.0;
        const double most = most_tiles * direction_.side;
        return std::abs(x) < most && std::abs(y) < most;
    }

    /// Which tile of the grid, so that low ≤ value < high holds in the numbers that holds() compares.
    [[nodiscard]] std::int32_t index_of(double value) const {
        double index = std::floor(value / direction_.side);
        if (value < index * direction_.side) {
            index -= 1.0;
        } else if (value >= (index + 1.0) * direction_.side) {
            index += 1.0;
        }
        return static_cast<std::int32_t>(index);
    }

    const Tile* tile_at(double x, double y) {
        if (!has_tile(x, y)) {
            return nullptr;
        }
        if (last_ >= 0 && tile(last_).holds(x, y)) {
            return &tile(last_);
        }
        const Key key{index_of(x), index_of(y)};
        auto found = roots_.find(key);
        if (found == roots_.end()) {
            const double side = direction_.side;
            const Point low{key.x * side, key.y * side};
            found = roots_.emplace(key, add(low, {(key.x + 1) * side, (key.y + 1) * side}, 0))
                        .first;
        }
        last_ = found->second;
        while (tile(last_).children >= 0) {
            const Tile& parent = tile(last_);
            last_ = parent.children + (x >= parent.middle.x ? 1 : 0) +
                    (y >= parent.middle.y ? 2 : 0);
            if (!is_made_[static_cast<std::size_t>(last_)]) {
                make(last_);
            }
        }
        return &tile(last_);
    }

    Tile& tile(std::int32_t index) { return tiles_[static_cast<std::size_t>(index)]; }

    /// A tile that is fitted at once.
    std::int32_t add(Point low, Point high, int depth) {
        const std::int32_t index = place(low, high, depth);
        make(index);
        return index;
    }

    std::int32_t place(Point low, Point high, int depth) {
        Tile made;
        made.low = low;
        made.high = high;
        made.middle = {0.5 * (low.x + high.x), 0.5 * (low.y + high.y)};
        made.half = {0.5 * (high.x - low.x), 0.5 * (high.y - low.y)};
        made.depth = depth;
        tiles_.push_back(made);
        is_made_.push_back(false);
        return static_cast<std::int32_t>(tiles_.size()) - 1;
    }

    /// Fits a tile; where that does not hold, makes room for its children.
    void make(std::int32_t index) {
        is_made_[static_cast<std::size_t>(index)] = true;
        Tile& made = tile(index);
        const double parent_off_m = made.off_m;
        made.off_m = fit(made) ? check(made) : std::numeric_limits<double>::infinity();
        if (made.off_m <= bound_m_) {
            worst_m_ = std::max(worst_m_, made.off_m);
            return;
        }
        // Half the side leaves a hundredth of what the series cuts off: what stays is PROJ's own jitter, or a jump.
        const bool stays = std::isfinite(made.off_m) && made.off_m > 0.25 * parent_off_m;
        if (made.depth == deepest || stays) {
            made.direct = true;
            return;
        }
        const Tile parent = made; // placing others may move it
        const int depth = parent.depth + 1;
        const std::int32_t first = place(parent.low, parent.middle, depth);
        place({parent.middle.x, parent.low.y}, {parent.high.x, parent.middle.y}, depth);
        place({parent.low.x, parent.middle.y}, {parent.middle.x, parent.high.y}, depth);
        place(parent.middle, parent.high, depth);
        for (std::int32_t child = first; child < first + 4; ++child) {
            tile(child).off_m = parent.off_m;
        }
        tile(index).children = first;
    }

    /// PROJ's answers on a grid of positions of the tile and, last, in its middle.
    template <std::size_t count>
    void ask_grid(const Tile& tile, const std::array<double, count>& at) {
        x_.clear();
        y_.clear();
        for (const double u : at) {
            for (const double v : at) {
                x_.push_back(tile.middle.x + u * tile.half.x);
                y_.push_back(tile.middle.y + v * tile.half.y);
            }
        }
        x_.push_back(tile.middle.x);
        y_.push_back(tile.middle.y);
        direction_.ask(x_, y_);
    }

    /// False where PROJ has no answer, or near a pole.
    bool fit(Tile& tile) {
        ask_grid(tile, side_fit().at);
        if (!direction_.gives_degrees &&
            std::max(std::abs(tile.low.y), std::abs(tile.high.y)) > polar_deg) {
            return false;
        }
        const Point centre{x_.back(), y_.back()};
        Polynomial::Values from_x{};
        Polynomial::Values from_y{};
        for (std::size_t n = 0; n < from_x.size(); ++n) {
            const double east = x_[n] - centre.x;
            from_x.at(n) = direction_.gives_degrees ? short_way_deg(east) : east;
            from_y.at(n) = y_[n] - centre.y;
            const bool polar = direction_.gives_degrees && std::abs(y_[n]) > polar_deg;
            if (polar || !std::isfinite(x_[n]) || !std::isfinite(y_[n])) {
                return false;
            }
        }
        tile.x = Polynomial::fitted(from_x, centre.x);
        tile.y = Polynomial::fitted(from_y, centre.y);
        return std::isfinite(centre.x) && std::isfinite(centre.y);
    }

    /// How far the polynomials are from PROJ at worst, m; NaN where PROJ has no answer.
    double check(const Tile& tile) {
        std::array<double, checks> at{};
        for (std::size_t n = 0; n < checks; ++n) {
            at.at(n) = -1.0 + 2.0 * static_cast<double>(n) / double{checks - 1};
        }
        ask_grid(tile, at);
        double worst = 0.0;
        for (std::size_t n = 0; n < checks * checks; ++n) {
            std::array<double, 1> x{tile.middle.x + at.at(n / checks) * tile.half.x};
            std::array<double, 1> y{tile.middle.y + at.at(n % checks) * tile.half.y};
            evaluate(tile, x, y);
            const double off = direction_.away_m({x[0], y[0]}, {x_[n], y_[n]});
            worst = std::isfinite(off) ? std::max(worst, off)
                                       : std::numeric_limits<double>::infinity();
        }
        return worst;
    }

    void evaluate(const Tile& tile, std::span<double> x, std::span<double> y) const {
        answer(tile, x.data(), y.data(), x.size());
        if (direction_.gives_degrees) {
            for (double& lon : x) {
                lon = wrapped_lon_deg(lon);
            }
        }
    }

    Direction direction_;
    double bound_m_;
    double worst_m_ = 0.0;
    std::unordered_map<Key, std::int32_t, KeyHash> roots_;
    std::vector<Tile> tiles_;
    std::vector<bool> is_made_;
    std::int32_t last_ = -1;
    std::vector<double> x_; ///< what PROJ was asked last, then its answers
    std::vector<double> y_;
};

} // namespace

struct TileTransform::State {
    State(const Crs& crs, double bound_m)
        : exact(crs), geographic(crs.geographic), unit_m(unit_m_of(crs)),
          to({&exact,
              [](const Transform& transform, std::span<double> x, std::span<double> y) {
                  transform.to_lonlat(x, y);
              },
              true,
              tile_m / unit_m,
              1.0},
             bound_m),
          from(
              {&exact,
               [](const Transform& transform, std::span<double> x, std::span<double> y) {
                   transform.from_lonlat(x, y);
               },
               false,
               tile_deg,
               unit_m},
              bound_m
          ) {}

    Transform exact;
    bool geographic; ///< nothing to approximate
    double unit_m;
    Tiles to;
    Tiles from;
};

TileTransform::TileTransform(const Crs& crs, double bound_m)
    : state_(std::make_unique<State>(crs, bound_m)) {}

TileTransform::~TileTransform() = default;
TileTransform::TileTransform(TileTransform&& other) noexcept = default;
TileTransform& TileTransform::operator=(TileTransform&& other) noexcept = default;

void TileTransform::to_lonlat(std::span<double> x_then_lon, std::span<double> y_then_lat) {
    if (state_->geographic) {
        return state_->exact.to_lonlat(x_then_lon, y_then_lat);
    }
    state_->to.run(x_then_lon, y_then_lat);
}

void TileTransform::from_lonlat(std::span<double> lon_then_x, std::span<double> lat_then_y) {
    if (state_->geographic) {
        return state_->exact.from_lonlat(lon_then_x, lat_then_y);
    }
    state_->from.run(lon_then_x, lat_then_y);
}

double TileTransform::worst_check_m() const {
    return std::max(state_->to.worst_check_m(), state_->from.worst_check_m());
}

} // namespace tuban
