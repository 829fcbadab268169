#include "io/vertices.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

namespace tuban {
namespace {

static_assert(std::endian::native == std::endian::little, "WKB is read as it lies in memory");

/// Goes through the vertices of a geometry in their order and hands each one's kind (1 point, 2 line, 3 polygon) and where
/// it begins to `visit`.
template <class Visit>
class VertexWalk {
public:
    VertexWalk(const std::string& wkb, const Visit& visit) : wkb_(wkb), visit_(visit) {}

    /// False for bytes that are no such WKB, at the end of what could be read: whoever parses them says what is wrong.
    [[nodiscard]] bool run() { return geometry(0) && at_ == wkb_.size(); }

private:
    static constexpr int deepest = 32;

    bool number(std::uint32_t& value) {
        if (wkb_.size() - at_ < sizeof(value)) {
            return false;
        }
        std::memcpy(&value, wkb_.data() + at_, sizeof(value));
        at_ += sizeof(value);
        return true;
    }

    bool vertices(std::uint32_t kind, std::uint32_t count, std::size_t dimensions) {
        const std::size_t size = dimensions * sizeof(double);
        if (count > (wkb_.size() - at_) / size) {
            return false;
        }
        for (std::uint32_t i = 0; i < count; ++i) {
            visit_(kind, at_);
            at_ += size;
        }
        return true;
    }

    // Nested collections: the depth is limited.
    bool geometry(int depth) { // NOLINT(misc-no-recursion)
        std::uint32_t type = 0;
        std::uint32_t count = 1;
        if (depth > deepest || at_ >= wkb_.size() || wkb_[at_++] != 1 || !number(type)) {
            return false;
        }
        const std::uint32_t kind = type % 1000;
        const std::uint32_t thousands = type / 1000;
        const std::size_t dimensions = thousands == 0 ? 2U : 2U + (thousands == 3 ? 2U : 1U);
        if (kind == 1) {
            return vertices(kind, 1, dimensions);
        }
        if (kind < 1 || kind > 7 || thousands > 3 || !number(count)) {
            return false;
        }
        if (kind == 2) {
            return vertices(kind, count, dimensions);
        }
        for (std::uint32_t i = 0; i < count; ++i) {
            std::uint32_t ring = 0;
            const bool good = kind == 3 ? number(ring) && vertices(kind, ring, dimensions)
                                        : geometry(depth + 1);
            if (!good) {
                return false;
            }
        }
        return true;
    }

    const std::string& wkb_;
    const Visit& visit_;
    std::size_t at_ = 0;
};

template <class Visit>
bool walk_vertices(const std::string& wkb, const Visit& visit) {
    return VertexWalk<Visit>(wkb, visit).run();
}

double double_at(const std::string& wkb, std::size_t place) {
    double value = 0.0;
    std::memcpy(&value, wkb.data() + place, sizeof(value));
    return value;
}

/// Vertices of the parts of the highest dimension: a collection of polygons and points stands where its polygons are.
struct MainVertices {
    std::vector<double> x;
    std::vector<double> y;
};

MainVertices main_vertices(const std::string& wkb) {
    MainVertices main;
    std::uint32_t highest = 0;
    const bool good = walk_vertices(wkb, [&](std::uint32_t kind, std::size_t place) {
        if (kind > highest) {
            main = {};
            highest = kind;
        }
        if (kind == highest) {
            main.x.push_back(double_at(wkb, place));
            main.y.push_back(double_at(wkb, place + sizeof(double)));
        }
    });
    return good ? main : MainVertices{};
}

double median_of(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

bool inside_china(double lon_deg, double lat_deg) {
    return lon_deg >= 73.0 && lon_deg <= 136.0 && lat_deg >= 3.0 && lat_deg <= 54.5;
}

/// How far each value is from the median; degrees go round.
std::vector<double> distances(const std::vector<double>& values, bool degrees) {
    const double middle = median_of(values);
    std::vector<double> result;
    result.reserve(values.size());
    for (const double value : values) {
        const double away = value - middle;
        result.push_back(std::abs(degrees ? std::remainder(away, 360.0) : away));
    }
    return result;
}

constexpr double largest_degree = 400.0;
constexpr double far_m = 1e6;
constexpr double far_deg = 10.0;

/// True if all vertices are numbers and none can be far from the others.
bool is_small(const std::string& wkb) {
    Box box;
    bool numbers = true;
    const bool good = walk_vertices(wkb, [&](std::uint32_t, std::size_t place) {
        const double x = double_at(wkb, place);
        const double y = double_at(wkb, place + sizeof(double));
        numbers = numbers && std::isfinite(x) && std::isfinite(y);
        box.add(x, y);
    });
    const bool degrees = std::max(-box.west, box.east) <= largest_degree;
    const double most = degrees ? far_deg : far_m;
    return good && numbers && box.east - box.west <= most && box.north - box.south <= most;
}

} // namespace

std::optional<std::pair<double, double>> stray_vertex(const std::string& wkb) {
    constexpr double largest = 1e8; // beyond it no plane has anything: told of with the rings
    constexpr double often = 100.0;
    if (is_small(wkb)) {
        return std::nullopt;
    }
    const auto [x, y] = main_vertices(wkb);
    const auto inside = [](double value) { return std::abs(value) <= largest; };
    if (x.size() < 4 || !std::all_of(x.begin(), x.end(), inside) ||
        !std::all_of(y.begin(), y.end(), inside)) {
        return std::nullopt;
    }
    const bool degrees = std::all_of(x.begin(), x.end(), [](double value) {
        return std::abs(value) <= largest_degree;
    });
    if (degrees && !inside_china(median_of(x), median_of(y))) {
        return std::nullopt; // small numbers of a plane of one's own look like degrees
    }
    const std::vector<double> from_x = distances(x, degrees);
    const std::vector<double> from_y = distances(y, false);
    const double spread = std::max(median_of(from_x), median_of(from_y));
    const double most = std::max(degrees ? far_deg : far_m, often * spread);
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (std::max(from_x[i], from_y[i]) > most) {
            return std::pair(x[i], y[i]);
        }
    }
    return std::nullopt;
}

void map_vertices(
    std::string& wkb,
    const std::function<void(std::span<double> x, std::span<double> y)>& change
) {
    std::vector<std::size_t> places;
    std::vector<double> x;
    std::vector<double> y;
    const bool good = walk_vertices(wkb, [&](std::uint32_t, std::size_t place) {
        places.push_back(place);
        x.push_back(double_at(wkb, place));
        y.push_back(double_at(wkb, place + sizeof(double)));
    });
    if (!good) {
        return;
    }
    change(x, y);
    for (std::size_t i = 0; i < places.size(); ++i) {
        char* const begin = wkb.data() + places[i];
        std::memcpy(begin, &x[i], sizeof(double));
        std::memcpy(begin + sizeof(double), &y[i], sizeof(double));
    }
}

bool is_wider_than(const std::string& wkb, double width) {
    Box box;
    const bool good = walk_vertices(wkb, [&](std::uint32_t, std::size_t place) {
        box.add(double_at(wkb, place), 0.0);
    });
    return good && box.east - box.west > width;
}

Box box_of(const std::string& wkb) {
    Box box;
    const bool good = walk_vertices(wkb, [&](std::uint32_t, std::size_t place) {
        box.add(double_at(wkb, place), double_at(wkb, place + sizeof(double)));
    });
    return good ? box : Box{};
}

std::optional<std::pair<double, double>> middle_of(const std::string& wkb) {
    Box box;
    std::uint32_t highest = 0;
    const bool good = walk_vertices(wkb, [&](std::uint32_t kind, std::size_t place) {
        if (kind > highest) { // of the parts of the highest dimension
            box = {};
            highest = kind;
        }
        if (kind == highest) {
            box.add(double_at(wkb, place), double_at(wkb, place + sizeof(double)));
        }
    });
    if (!good || !box.is_finite()) {
        return std::nullopt;
    }
    return std::pair(box.west / 2.0 + box.east / 2.0, box.south / 2.0 + box.north / 2.0);
}

} // namespace tuban
