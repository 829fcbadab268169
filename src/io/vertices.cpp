#include "io/vertices.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

namespace tuban {
namespace {

static_assert(std::endian::native == std::endian::little, "WKB is read as it lies in memory");

/// Where each vertex begins. Bytes that are no such WKB give none: whoever parses them says what is wrong.
class VertexPlaces {
public:
    explicit VertexPlaces(const std::string& wkb) : wkb_(wkb) {
        places_.reserve(wkb.size() / (2 * sizeof(double)));
        if (!geometry(0) || at_ != wkb_.size()) {
            places_.clear();
        }
    }

    [[nodiscard]] const std::vector<std::size_t>& places() const { return places_; }

    /// Of the parts of the highest dimension: a collection of polygons and points stands where its polygons are.
    [[nodiscard]] std::vector<std::size_t> main_places() const {
        std::vector<std::size_t> main;
        for (std::size_t i = 0; i < places_.size(); ++i) {
            if (kinds_[i] == highest_) {
                main.push_back(places_[i]);
            }
        }
        return main;
    }

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
            places_.push_back(at_);
            at_ += size;
        }
        kinds_.resize(places_.size(), kind);
        highest_ = std::max(highest_, count > 0 ? kind : 0U);
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
    std::size_t at_ = 0;
    std::vector<std::size_t> places_;
    std::vector<std::uint32_t> kinds_; ///< 1 point, 2 line, 3 polygon, of each place
    std::uint32_t highest_ = 0;
};

double double_at(const std::string& wkb, std::size_t place) {
    double value = 0.0;
    std::memcpy(&value, wkb.data() + place, sizeof(value));
    return value;
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

} // namespace

std::optional<std::pair<double, double>> stray_vertex(const std::string& wkb) {
    constexpr double largest_degree = 400.0;
    constexpr double largest = 1e8; // beyond it no plane has anything: told of with the rings
    constexpr double often = 100.0;
    constexpr double far_m = 1e6;
    constexpr double far_deg = 10.0;
    std::vector<double> x;
    std::vector<double> y;
    const VertexPlaces found(wkb);
    for (const std::size_t place : found.main_places()) {
        x.push_back(double_at(wkb, place));
        y.push_back(double_at(wkb, place + sizeof(double)));
    }
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
    const VertexPlaces found(wkb);
    std::vector<double> x;
    std::vector<double> y;
    x.reserve(found.places().size());
    y.reserve(found.places().size());
    for (const std::size_t place : found.places()) {
        x.push_back(double_at(wkb, place));
        y.push_back(double_at(wkb, place + sizeof(double)));
    }
    change(x, y);
    for (std::size_t i = 0; i < found.places().size(); ++i) {
        char* const begin = wkb.data() + found.places()[i];
        std::memcpy(begin, &x[i], sizeof(double));
        std::memcpy(begin + sizeof(double), &y[i], sizeof(double));
    }
}

bool is_wider_than(const std::string& wkb, double width) {
    constexpr double none = std::numeric_limits<double>::infinity();
    double west = none;
    double east = -none;
    const VertexPlaces found(wkb);
    for (const std::size_t place : found.places()) {
        const double x = double_at(wkb, place);
        west = std::min(west, x);
        east = std::max(east, x);
    }
    return east - west > width;
}

std::optional<std::pair<double, double>> middle_of(const std::string& wkb) {
    constexpr double none = std::numeric_limits<double>::infinity();
    double west = none;
    double east = -none;
    double south = none;
    double north = -none;
    const VertexPlaces found(wkb);
    for (const std::size_t place : found.main_places()) {
        const double x = double_at(wkb, place);
        const double y = double_at(wkb, place + sizeof(double));
        if (std::isfinite(x) && std::isfinite(y)) {
            west = std::min(west, x);
            east = std::max(east, x);
            south = std::min(south, y);
            north = std::max(north, y);
        }
    }
    if (!(west <= east)) {
        return std::nullopt;
    }
    return std::pair(west / 2.0 + east / 2.0, south / 2.0 + north / 2.0);
}

} // namespace tuban
