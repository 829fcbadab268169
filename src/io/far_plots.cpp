#include "io/far_plots.hpp"

#include "core/format.hpp"
#include "geodesy/geometry.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <span>
#include <utility>

namespace tuban {
namespace {

constexpr double least_gap_m = 100'000.0;
constexpr double gap_per_extent = 0.25;
constexpr double thinning = 1.0 / 20.0; ///< side of a cell in gaps
constexpr double small_share = 0.05;
constexpr std::size_t few = 3; ///< plots of a small group, if they are at most a quarter of all

using Xyz = std::array<double, 3>;
using Cell = std::array<std::int64_t, 3>;

/// The middle of a plot's box.
struct Place {
    std::size_t row = 0;
    LonLat at;
    Xyz xyz_m{}; ///< on a sphere: chords are at most 0.3 % off
};

double square(double value) {
    return value * value;
}

double distance_m(const Xyz& a, const Xyz& b) {
    return std::sqrt(square(a[0] - b[0]) + square(a[1] - b[1]) + square(a[2] - b[2]));
}

Xyz on_sphere(LonLat at) {
    constexpr double radius_m = 6'371'000.0;
    const double lon = at.lon_deg * radians_per_degree;
    const double lat = at.lat_deg * radians_per_degree;
    return {
        radius_m * std::cos(lat) * std::cos(lon),
        radius_m * std::cos(lat) * std::sin(lon),
        radius_m * std::sin(lat)};
}

/// Between the least and the greatest of some values.
double middle_of(std::span<const double> values) {
    double least = values.front();
    double most = values.front();
    for (const double value : values) {
        least = std::min(least, value);
        most = std::max(most, value);
    }
    return (least + most) / 2.0;
}

std::vector<Place> places_of(const Geometry& geometry) {
    std::vector<Place> places;
    const auto first_vertex = [&](std::size_t feature) {
        return geometry.ring_offsets[geometry.part_offsets[geometry.feature_offsets[feature]]];
    };
    for (std::size_t row = 0; row < geometry.size(); ++row) {
        const std::size_t begin = first_vertex(row);
        const std::size_t count = first_vertex(row + 1) - begin;
        if (count == 0) {
            continue;
        }
        const LonLat at{
            middle_of(std::span(geometry.lon_deg).subspan(begin, count)),
            middle_of(std::span(geometry.lat_deg).subspan(begin, count))};
        if (std::isfinite(at.lon_deg) && std::isfinite(at.lat_deg)) {
            places.push_back({row, at, on_sphere(at)});
        }
    }
    return places;
}

Cell cell_of(const Xyz& xyz_m, double side_m) {
    Cell cell{};
    for (std::size_t i = 0; i < cell.size(); ++i) {
        cell.at(i) = static_cast<std::int64_t>(std::floor(xyz_m.at(i) / side_m));
    }
    return cell;
}

/// Places, thinned: those in one small cell go together.
struct Thinned {
    std::vector<std::size_t> first;            ///< of each cell, the place of the lowest row
    std::vector<std::vector<std::size_t>> all; ///< of each cell
};

Thinned thinned(const std::vector<Place>& places, double side_m) {
    std::map<Cell, std::vector<std::size_t>> cells; // few, of many places
    for (std::size_t i = 0; i < places.size(); ++i) {
        cells[cell_of(places[i].xyz_m, side_m)].push_back(i);
    }
    Thinned result;
    for (auto& [cell, members] : cells) {
        result.first.push_back(members.front());
        result.all.push_back(std::move(members));
    }
    return result;
}

/// Cells in blocks so small that all of a block hang together, united where two cells are within reach.
class Blocks {
public:
    Blocks(const std::vector<Place>& places, const Thinned& cells, double gap_m, double reach_m)
        : places_(places), cells_(cells), reach_m_(reach_m) {
        const double side_m = gap_m / std::sqrt(3.0); // its diagonal is the gap
        for (std::size_t i = 0; i < cells.first.size(); ++i) {
            cells_of_[cell_of(at(i), side_m)].push_back(i);
        }
        parents_.resize(cells.first.size());
        std::iota(parents_.begin(), parents_.end(), std::size_t{0});
        for (const auto& [block, members] : cells_of_) {
            for (const std::size_t member : members) {
                parents_[member] = members.front();
            }
        }
        steps_ = static_cast<int>(std::ceil(reach_m / side_m));
        for (const auto& [block, members] : cells_of_) {
            unite_near(block, members);
        }
    }

    /// The cell that stands for all that hang together with one.
    [[nodiscard]] std::size_t root_of(std::size_t cell) {
        while (parents_[cell] != cell) {
            parents_[cell] = parents_[parents_[cell]];
            cell = parents_[cell];
        }
        return cell;
    }

private:
    [[nodiscard]] const Xyz& at(std::size_t cell) const {
        return places_[cells_.first[cell]].xyz_m;
    }

    void unite_near(const Cell& block, const std::vector<std::size_t>& members) {
        const int side = 2 * steps_ + 1;
        for (int step = 0; step < side * side * side / 2; ++step) { // the others see this one
            const auto found = cells_of_.find(
                {block[0] + step / side / side - steps_,
                 block[1] + step / side % side - steps_,
                 block[2] + step % side - steps_}
            );
            if (found == cells_of_.end()) {
                continue;
            }
            const std::size_t own = root_of(members.front());
            const std::size_t other = root_of(found->second.front());
            if (own != other && are_near(members, found->second)) {
                parents_[std::max(own, other)] = std::min(own, other);
            }
        }
    }

    [[nodiscard]] bool are_near(
        const std::vector<std::size_t>& some, const std::vector<std::size_t>& others
    ) const {
        return std::any_of(some.begin(), some.end(), [&](std::size_t one) {
            return std::any_of(others.begin(), others.end(), [&](std::size_t other) {
                return distance_m(at(one), at(other)) <= reach_m_;
            });
        });
    }

    const std::vector<Place>& places_;
    const Thinned& cells_;
    double reach_m_;
    int steps_ = 0; ///< blocks that the reach may lead over, in each direction
    std::map<Cell, std::vector<std::size_t>> cells_of_; ///< by block
    std::vector<std::size_t> parents_;
};

/// Plots that hang together.
struct Group {
    std::vector<std::size_t> places;
    std::vector<std::size_t> thin; ///< of them, one per cell
};

/// Largest first; equals by their first row.
std::vector<Group> groups_of(const std::vector<Place>& places, double gap_m) {
    const double side_m = thinning * gap_m;
    const Thinned cells = thinned(places, side_m);
    const double reach_m = gap_m + 2.0 * std::sqrt(3.0) * side_m; // a place to its cell's first
    Blocks blocks(places, cells, gap_m, reach_m);
    std::map<std::size_t, Group> by_root;
    for (std::size_t cell = 0; cell < cells.first.size(); ++cell) {
        Group& group = by_root[blocks.root_of(cell)];
        group.thin.push_back(cells.first[cell]);
        group.places.insert(group.places.end(), cells.all[cell].begin(), cells.all[cell].end());
    }
    std::vector<Group> groups;
    for (auto& [root, group] : by_root) {
        std::sort(group.places.begin(), group.places.end());
        groups.push_back(std::move(group));
    }
    std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
        return a.places.size() != b.places.size() ? a.places.size() > b.places.size()
                                                  : a.places.front() < b.places.front();
    });
    return groups;
}

/// Diagonal of a group's box in space.
double extent_m(const std::vector<Place>& places, const Group& group) {
    constexpr double infinite = std::numeric_limits<double>::infinity();
    Xyz least{infinite, infinite, infinite};
    Xyz most{-infinite, -infinite, -infinite};
    for (const std::size_t place : group.thin) {
        for (std::size_t i = 0; i < least.size(); ++i) {
            least.at(i) = std::min(least.at(i), places[place].xyz_m.at(i));
            most.at(i) = std::max(most.at(i), places[place].xyz_m.at(i));
        }
    }
    return distance_m(least, most);
}

bool is_small(std::size_t plots, std::size_t all) {
    return plots == 1 || (plots <= few && 4 * plots <= all) ||
           static_cast<double>(plots) < small_share * static_cast<double>(all);
}

/// The nearest pair of places so far.
struct NearestPair {
    double chord_m = std::numeric_limits<double>::infinity();
    LonLat from;
    LonLat to;

    void look_at(const Place& one, const Place& other) {
        const double apart_m = distance_m(one.xyz_m, other.xyz_m);
        if (apart_m < chord_m) {
            *this = {apart_m, one.at, other.at};
        }
    }
};

/// From a group to the nearest plot of any other.
double distance_to_others_m(
    const std::vector<Place>& places, const std::vector<Group>& groups, const Group& from
) {
    NearestPair nearest;
    const auto look_from = [&](std::size_t there) {
        for (const std::size_t here : from.thin) {
            nearest.look_at(places[here], places[there]);
        }
    };
    for (const Group& other : groups) {
        if (&other != &from) {
            std::for_each(other.thin.begin(), other.thin.end(), look_from);
        }
    }
    return geodesic_distance_m(nearest.from, nearest.to);
}

Issue far_away(const Place& place, double apart_m, std::size_t in_group) {
    Issue issue;
    issue.severity = Severity::warning;
    issue.code = "plot_far_away";
    issue.row = static_cast<std::int64_t>(place.row) + 1;
    issue.at = place.at;
    const auto km = static_cast<std::int64_t>(std::llround(apart_m / 1000.0));
    const Text with =
        in_group == 1
            ? Text{}
            : text("（连它在内 {} 个在一起）", " ({} plots lie there together)", in_group);
    issue.message = text(
        "图斑在 {0:.3f}°，{1:.3f}° 附近{2}，离其余图斑最近也有 {4} "
        "千米；请核对这一行的坐标和带号",
        "the plot lies near {0:.3f}°, {1:.3f}°{3}, {4} km from the nearest of the others: "
        "check "
        "the coordinates of this row, and its zone",
        place.at.lon_deg,
        place.at.lat_deg,
        with.zh,
        with.en,
        km
    );
    return issue;
}

bool all_near_first(const std::vector<Place>& places) {
    return std::all_of(places.begin(), places.end(), [&](const Place& place) {
        return distance_m(place.xyz_m, places.front().xyz_m) <= least_gap_m;
    });
}

/// Groups by the gap that suits the body, which is the first; none if there is no body.
std::vector<Group> groups_around_body(const std::vector<Place>& places) {
    std::vector<Group> groups = groups_of(places, least_gap_m);
    const double wider_m = gap_per_extent * extent_m(places, groups.front());
    if (groups.size() > 1 && wider_m > least_gap_m) {
        groups = groups_of(places, wider_m);
    }
    if (2 * groups.front().places.size() <= places.size()) {
        groups.clear();
    }
    return groups;
}

} // namespace

std::vector<Issue> far_plots(const Plots& plots) {
    constexpr std::size_t least_plots = 3;
    std::vector<Issue> issues;
    const std::vector<Place> places = places_of(plots.geometry);
    if (places.size() < least_plots || all_near_first(places)) {
        return issues;
    }
    const std::vector<Group> groups = groups_around_body(places);
    for (const Group& group : groups) {
        if (&group == &groups.front() || !is_small(group.places.size(), places.size())) {
            continue;
        }
        const double apart_m = distance_to_others_m(places, groups, group);
        for (const std::size_t place : group.places) {
            issues.push_back(far_away(places[place], apart_m, group.places.size()));
            issues.back().plot_id = plots.ids[places[place].row];
        }
    }
    std::sort(issues.begin(), issues.end(), [](const Issue& a, const Issue& b) {
        return a.row < b.row;
    });
    return issues;
}

} // namespace tuban
