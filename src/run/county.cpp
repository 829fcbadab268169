#include "run/county.hpp"

#include <tuban/spatial.hpp>

#include "core/format.hpp"
#include "geodesy/geometry.hpp"
#include "io/boundary.hpp"
#include "io/national_id.hpp"
#include "io/plot_checks.hpp"
#include "run/extents.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace tuban {
namespace {

constexpr double border_share = 0.001; ///< less is what two surveys of one border differ by
constexpr std::size_t code_digits = 6;

/// Features of a geometry, with all that belongs to them.
Geometry picked(const Geometry& from, const std::vector<std::size_t>& features) {
    Geometry result;
    for (const std::size_t feature : features) {
        append_feature(from, feature, result);
    }
    return result;
}

struct County {
    std::string code; ///< six digits
    std::string name;
    Layer layer;
    std::vector<LonLatBox> extents;
};

/// A county per code, in the order of codes; a county may have several features.
std::vector<County> counties_of(const Layer& layer) {
    std::map<std::string, std::vector<std::size_t>> features;
    for (std::size_t i = 0; i < layer.size(); ++i) {
        features[layer.classes[i].substr(0, code_digits)].push_back(i);
    }
    std::vector<County> counties;
    for (const auto& [code, rows] : features) {
        County county;
        county.code = code;
        county.name = layer.names[rows[0]];
        county.layer.key = layer.key;
        county.layer.geometry = picked(layer.geometry, rows);
        for (const std::size_t row : rows) {
            county.layer.ids.push_back(layer.ids[row]);
            county.layer.names.push_back(layer.names[row]);
            county.layer.classes.push_back(layer.classes[row]);
            county.extents.push_back(extent_of(layer.geometry, row));
        }
        counties.push_back(std::move(county));
    }
    return counties;
}

struct Share {
    const County* county = nullptr;
    double share = 0.0;
};

/// Rows of the polygons whose extents meet the county's.
std::vector<std::size_t>
rows_near(const County& county, const Geometry& plots, const std::vector<LonLatBox>& extents) {
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < extents.size(); ++row) {
        const auto meets = [&](const LonLatBox& extent) { return meet(extent, extents[row]); };
        if (plots.kinds[row] == GeometryKind::polygon &&
            std::any_of(county.extents.begin(), county.extents.end(), meets)) {
            rows.push_back(row);
        }
    }
    return rows;
}

/// Shares of each plot in each county, largest first.
std::vector<std::vector<Share>>
shares_of(const Plots& plots, const std::vector<County>& counties) {
    std::vector<std::vector<Share>> shares(plots.size());
    std::vector<LonLatBox> extents;
    for (std::size_t row = 0; row < plots.size(); ++row) {
        extents.push_back(extent_of(plots.geometry, row));
    }
    for (const County& county : counties) {
        const std::vector<std::size_t> rows = rows_near(county, plots.geometry, extents);
        const auto found =
            share_within(picked(plots.geometry, rows), plots.edge_crs, county.layer, 0.0);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            shares[rows[i]].push_back({&county, found[i].value_or(0.0)});
        }
    }
    for (auto& of_plot : shares) { // counties come by code: equals keep that order
        std::erase_if(of_plot, [](const Share& share) { return share.share <= 0.0; });
        std::stable_sort(of_plot.begin(), of_plot.end(), [](const Share& a, const Share& b) {
            return a.share > b.share;
        });
    }
    return shares;
}

std::string words_of(const County& county) {
    return county.name.empty() ? county.code : format("{} {}", county.name, county.code);
}

std::string word(const Column* column, std::size_t row) {
    return column == nullptr ? "" : trimmed(column->text(row).value_or(""));
}

std::string percent(double share) {
    return format("{:.2f} %", 100.0 * share);
}

class CountyCheck {
public:
    CountyCheck(const Plots& plots, const BoundarySpec& boundary)
        : plots_(plots), file_(boundary.source.file),
          id_(national_column(plots.attributes, "TBBH")),
          county_(national_column(plots.attributes, "XIAN")) {}

    void plot(std::size_t row, const std::vector<Share>& shares) {
        double inside = 0.0;
        for (const Share& share : shares) {
            inside += share.share;
        }
        if (inside < 1.0 - border_share) {
            add(Severity::warning,
                "outside_counties",
                row,
                text(
                    "图斑面积的 {} 不在县界 {} 的任何一个县内",
                    "{} of the plot's area lies in no county of {}",
                    percent(1.0 - inside),
                    file_
                ));
        }
        if (shares.empty()) {
            return;
        }
        crossing(row, shares);
        mismatch(row, *shares[0].county);
    }

    std::vector<Issue> take() { return std::move(issues_); }

private:
    void add(Severity severity, const char* code, std::size_t row, Text message) {
        Issue issue;
        issue.severity = severity;
        issue.code = code;
        issue.row = static_cast<std::int64_t>(row) + 1;
        issue.plot_id = plots_.ids[row];
        issue.message = std::move(message);
        issues_.push_back(std::move(issue));
    }

    void crossing(std::size_t row, const std::vector<Share>& shares) {
        std::string list;
        for (const Share& share : shares) {
            if (share.share >= border_share) {
                list += format(
                    "{}{} {}",
                    list.empty() ? "" : "; ",
                    words_of(*share.county),
                    percent(share.share)
                );
            }
        }
        if (shares.size() > 1 && shares[1].share >= border_share) {
            add(Severity::note,
                "county_line",
                row,
                text("图斑跨县界：{}", "the plot crosses a county line: {}", list));
        }
    }

    void mismatch(std::size_t row, const County& lies_in) {
        const auto id = parse_plot_id(normal_plot_id(word(id_, row)));
        const std::string of_id = id ? id->county : "";
        const std::string given = word(county_, row);
        const bool is_code = given.size() >= code_digits &&
                             given.find_first_not_of("0123456789") == std::string::npos;
        const bool id_differs = !of_id.empty() && of_id != lies_in.code;
        const bool county_differs =
            !given.empty() && (is_code ? given.substr(0, code_digits) != lies_in.code
                                       : !lies_in.name.empty() && given != lies_in.name);
        if (!id_differs && !county_differs) {
            return;
        }
        const std::string said = id_differs && county_differs ? format("{}, {}", of_id, given)
                                 : id_differs                 ? of_id
                                                              : given;
        add(Severity::warning,
            "county_mismatch",
            row,
            text(
                "图斑落在{}，而{}写的是 {}；请核对编号、县名和坐标系",
                "the plot lies in {0}, but {3} says {2}: check the id, the county and the "
                "coordinate system",
                words_of(lies_in),
                id_differs ? (county_differs ? "编号和 XIAN " : "编号") : "XIAN ",
                said,
                id_differs ? (county_differs ? "its id and XIAN" : "its id") : "XIAN"
            ));
    }

    const Plots& plots_;
    std::string file_;
    const Column* id_;
    const Column* county_;
    std::vector<Issue> issues_;
};

} // namespace

std::vector<Issue>
check_counties(const Plots& plots, const BoundarySpec& boundary, const std::string& folder) {
    const Layer layer = open_boundary(boundary, folder).source->all();
    const std::vector<County> counties = counties_of(layer);
    const auto shares = shares_of(plots, counties);
    CountyCheck check(plots, boundary);
    for (std::size_t row = 0; row < plots.size(); ++row) {
        if (plots.geometry.kinds[row] == GeometryKind::polygon) {
            check.plot(row, shares[row]);
        }
    }
    return check.take();
}

std::optional<Issue> county_not_checked(const Plots& plots, const Text& how) {
    const Column* const ids = national_column(plots.attributes, "TBBH");
    const Column* const county = national_column(plots.attributes, "XIAN");
    constexpr std::size_t enough = 1000; // rows, to name some counties by
    std::set<std::string> named;
    std::size_t naming = 0;
    for (std::size_t row = 0; row < plots.size() && naming < enough; ++row) {
        if (plots.geometry.kinds[row] != GeometryKind::polygon) {
            continue;
        }
        const auto id = parse_plot_id(normal_plot_id(word(ids, row)));
        const std::string of_id = id ? id->county : "";
        const std::string said = of_id.empty() ? word(county, row) : of_id;
        if (!said.empty()) {
            named.insert(said);
            ++naming;
        }
    }
    if (named.empty()) {
        return std::nullopt;
    }
    constexpr std::size_t most_named = 3;
    std::string list;
    for (const std::string& name : named) {
        if (list.empty() || named.size() <= most_named) {
            list += (list.empty() ? "" : ", ") + name;
        }
    }
    list += named.size() > most_named ? ", …" : "";
    Issue issue;
    issue.code = "county_not_checked";
    issue.message = text(
        "没有县界，未核对图斑是否落在所写的县（{0}）；{1}",
        "without county outlines nobody checked that the plots lie in the county they name "
        "({0}); {2}",
        list,
        how.zh,
        how.en
    );
    return issue;
}

} // namespace tuban
