#include "io/plot_checks.hpp"

#include <tuban/geodesy.hpp>

#include "core/format.hpp"
#include "io/national_id.hpp"
#include "io/row_words.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>
#include <utility>

namespace tuban {
namespace {

constexpr std::size_t quoted = 10;

std::string some_of(const std::vector<std::string>& words) {
    std::string list;
    for (std::size_t i = 0; i < words.size() && i < quoted; ++i) {
        list += (i == 0 ? "" : ", ") + words[i];
    }
    return words.size() > quoted ? list + ", …" : list;
}

std::string word_of(const Column* column, std::size_t row) {
    return column == nullptr ? "" : trimmed(column->text(row).value_or(""));
}

struct Box {
    LonLat least;
    LonLat most;
};

/// Of a plot's vertices; plots are small, far from the antimeridian or wholly on one side of it.
std::optional<Box> box_of(const Geometry& geometry, std::size_t row) {
    const std::size_t first_part = geometry.feature_offsets[row];
    const std::size_t last_part = geometry.feature_offsets[row + 1];
    const std::size_t begin = geometry.ring_offsets[geometry.part_offsets[first_part]];
    const std::size_t end = geometry.ring_offsets[geometry.part_offsets[last_part]];
    if (begin == end) {
        return std::nullopt;
    }
    const auto offset = [](std::size_t i) { return static_cast<std::ptrdiff_t>(i); };
    const auto lon = std::minmax_element(
        geometry.lon_deg.begin() + offset(begin), geometry.lon_deg.begin() + offset(end)
    );
    const auto lat = std::minmax_element(
        geometry.lat_deg.begin() + offset(begin), geometry.lat_deg.begin() + offset(end)
    );
    return Box{{*lon.first, *lat.first}, {*lon.second, *lat.second}};
}

double distance_m(const Box& box, LonLat at) {
    const LonLat nearest{
        std::clamp(at.lon_deg, box.least.lon_deg, box.most.lon_deg),
        std::clamp(at.lat_deg, box.least.lat_deg, box.most.lat_deg)};
    return geodesic_distance_m(nearest, at);
}

class NationalCheck {
public:
    explicit NationalCheck(const Plots& plots) : plots_(plots), table_(plots.attributes) {
        const Column* column = national_column(table_, "TBBH");
        id_column_ = column == nullptr ? "" : column->name;
        for (std::size_t row = 0; column != nullptr && row < plots.size(); ++row) {
            const std::string id = word_of(column, row);
            given_.push_back(id);
            ids_.push_back(parse_plot_id(normal_plot_id(id)));
        }
    }

    NationalFindings check() {
        lost_digits();
        forms();
        mines();
        counties();
        centres();
        areas("SDZLMJ", {"实地治理面积", "area restored in the field"});
        areas("TBHDMJ", {"图斑核定面积", "verified area"});
        return {std::move(issues_), std::move(values_)};
    }

private:
    void
    add(Severity severity,
        const char* code,
        std::optional<std::size_t> row,
        const char* field,
        Text message) {
        Issue issue;
        issue.severity = severity;
        issue.code = code;
        issue.field = field;
        issue.message = std::move(message);
        if (row) {
            issue.row = static_cast<std::int64_t>(*row) + 1;
            issue.plot_id = plots_.ids[*row];
        }
        issues_.push_back(std::move(issue));
    }

    /// 6.54224202200001e+17: a spreadsheet keeps 15 digits of a number.
    static bool is_rounded_number(const std::string& id) {
        constexpr double most_exact = 1e15;
        if (id.empty() || std::isdigit(static_cast<unsigned char>(id.front())) == 0 ||
            id.find_first_of("eE") == std::string::npos) {
            return false;
        }
        char* end = nullptr;
        const double number = std::strtod(id.c_str(), &end);
        return *end == '\0' && number >= most_exact && std::isfinite(number);
    }

    void lost_digits() {
        std::map<std::string, std::vector<std::int64_t>> rows_of;
        std::vector<std::size_t> rows;
        for (std::size_t row = 0; row < plots_.size(); ++row) {
            if (is_rounded_number(plots_.ids[row])) {
                rows.push_back(row);
                rows_of[plots_.ids[row]].push_back(static_cast<std::int64_t>(row) + 1);
            }
        }
        for (auto& [id, which] : rows_of) {
            values_.push_back({"id_digits_lost", "plot_id", id, id, std::move(which)});
        }
        if (!rows.empty()) {
            add(Severity::warning,
                "id_digits_lost",
                rows.front(),
                "plot_id",
                text(
                    "{0} 个图斑编号存成了数，如 {1}：表格最多保留 15 "
                    "位，其余各位已经丢失（第 {2} "
                    "行）；请从原始数据重新取得编号，这一列先设为“文本”格式再粘贴",
                    "{0} plot ids were stored as numbers, such as {1}: a spreadsheet keeps at "
                    "most 15 "
                    "digits of a number, the others are lost (rows {2}); get the ids anew from "
                    "the original, into a column that is formatted as text first",
                    rows.size(),
                    plots_.ids[rows.front()],
                    row_list(rows)
                ));
        }
    }

    void forms() {
        std::vector<std::string> odd;
        std::map<std::string, std::vector<std::int64_t>> rows_of;
        for (std::size_t row = 0; row < ids_.size(); ++row) {
            if (!ids_[row] && !given_[row].empty() && !is_rounded_number(given_[row])) {
                odd.push_back(given_[row]);
                rows_of[given_[row]].push_back(static_cast<std::int64_t>(row) + 1);
            }
        }
        for (auto& [id, rows] : rows_of) {
            values_.push_back({"id_form", id_column_, id, id, std::move(rows)});
        }
        if (!odd.empty()) {
            add(Severity::note,
                "id_form",
                {},
                "TBBH",
                text(
                    "{} 个图斑编号不是国家的格式（C、CT、ZJ "
                    "开头）：{}；从中得不出县代码和主体编号",
                    "{} plot ids have none of the national forms (C…, CT…, ZJ…): {}; no county "
                    "or mine follows from them",
                    odd.size(),
                    some_of(odd)
                ));
        }
    }

    void mines() {
        const Column* column = national_column(table_, "ZTBH");
        for (std::size_t row = 0; column != nullptr && row < ids_.size(); ++row) {
            const std::string mine = normal_mine_id(word_of(column, row));
            if (ids_[row] && !mine.empty() && mine != ids_[row]->mine) {
                add(Severity::warning,
                    "mine_id_mismatch",
                    row,
                    "ZTBH",
                    text(
                        "主体编号（ZTBH）是 {}，而图斑编号去掉末三位是 "
                        "{}；按所给的主体编号归并矿山，请核对",
                        "the mine id (ZTBH) is {}, the plot id less its last three digits is "
                        "{}; plots are grouped by the mine id given: check it",
                        mine,
                        ids_[row]->mine
                    ));
            }
        }
    }

    static std::string normal_mine_id(const std::string& given) {
        const std::string whole = normal_plot_id(given + "000");
        return whole.size() > 3 && parse_plot_id(whole) ? whole.substr(0, whole.size() - 3)
                                                        : given;
    }

    /// XIAN holds a code or a name. A name stands for the county that most ids with that name have.
    void counties() {
        const Column* column = national_column(table_, "XIAN");
        if (column == nullptr) {
            return;
        }
        std::map<std::string, std::map<std::string, std::size_t>> counties_of_name;
        for (std::size_t row = 0; row < ids_.size(); ++row) {
            if (ids_[row] && !ids_[row]->county.empty()) {
                ++counties_of_name[word_of(column, row)][ids_[row]->county];
            }
        }
        for (std::size_t row = 0; row < ids_.size(); ++row) {
            const std::string given = word_of(column, row);
            if (!ids_[row] || ids_[row]->county.empty() || given.empty()) {
                continue;
            }
            const std::string expected = is_county_code(given)
                                             ? given.substr(0, 6)
                                             : most_frequent(counties_of_name[given]);
            if (!expected.empty() && expected != ids_[row]->county) {
                add(Severity::warning,
                    "county_mismatch",
                    row,
                    "XIAN",
                    text(
                        "编号里的县代码是 {0}，而县（XIAN）是 "
                        "{1}（{2}）；请核对是哪一个县的图斑",
                        "the id has county {0}, but XIAN is {1} ({2}): find out whose plot it "
                        "is",
                        ids_[row]->county,
                        given,
                        expected
                    ));
            }
        }
    }

    static bool is_county_code(const std::string& word) {
        return (word.size() == 6 || word.size() == 9 || word.size() == 12) &&
               word.find_first_not_of("0123456789") == std::string::npos;
    }

    /// "" where two are as frequent.
    static std::string most_frequent(const std::map<std::string, std::size_t>& counts) {
        std::string best;
        std::size_t most = 0;
        for (const auto& [code, count] : counts) {
            if (count > most) {
                best = code;
                most = count;
            } else if (count == most) {
                best.clear();
            }
        }
        return best;
    }

    void centres() {
        const Column* lon = national_column(table_, "KFX");
        const Column* lat = national_column(table_, "KFY");
        if (lon == nullptr || lat == nullptr) {
            return;
        }
        for (std::size_t row = 0; row < plots_.size(); ++row) {
            const auto x = lon->number(row);
            const auto y = lat->number(row);
            const auto box = box_of(plots_.geometry, row);
            if (x && y && box) {
                centre(row, *x, *y, *box);
            }
        }
    }

    void centre(std::size_t row, double x, double y, const Box& box) {
        constexpr double too_far_m = 100.0;
        constexpr double near_m = 10'000.0; // of the polygon, once the two are changed about
        const bool degrees = std::abs(x) <= 180.0 && std::abs(y) <= 90.0;
        const double off_m = degrees ? distance_m(box, {x, y}) : 0.0;
        if (degrees && off_m <= too_far_m) {
            return;
        }
        const bool could_swap = std::abs(y) <= 180.0 && std::abs(x) <= 90.0;
        if (could_swap && distance_m(box, {y, x}) <= near_m) {
            add(Severity::warning,
                "centre_swapped",
                row,
                "KFX",
                text(
                    "中心点经度 KFX 是 {}、纬度 KFY 是 {}：经纬度写反了，换过来就在图斑附近",
                    "the centre has longitude KFX {} and latitude KFY {}: they are swapped, "
                    "the "
                    "other way round it lies by the plot",
                    x,
                    y
                ));
            return;
        }
        if (!degrees) {
            add(Severity::warning,
                "centre_outside",
                row,
                "KFX",
                text(
                    "中心点 KFX {}、KFY {} 不是以度为单位的经纬度",
                    "the centre KFX {}, KFY {} is no longitude and latitude in degrees",
                    x,
                    y
                ));
            return;
        }
        add(Severity::warning,
            "centre_outside",
            row,
            "KFX",
            text(
                "中心点（{}, {}）在图斑范围之外 {} 米；请核对坐标系和中心点",
                "the centre ({}, {}) lies {} m outside of the plot's extent: check the "
                "coordinate system and the centre",
                x,
                y,
                static_cast<std::int64_t>(std::llround(off_m))
            ));
    }

    void areas(const char* field, const Text& name) {
        const Column* whole = national_column(table_, "TBTYMJ");
        const Column* part = national_column(table_, field);
        if (whole == nullptr || part == nullptr) {
            return;
        }
        constexpr double calibers_apart =
            1.001; // plane and ellipsoid differ by less than 0.1 %
        for (std::size_t row = 0; row < plots_.size(); ++row) {
            const auto all = whole->number(row);
            const auto some = part->number(row);
            if (all && some && *all > 0.0 && *some > calibers_apart * *all) {
                add(Severity::error,
                    "area_exceeds_plot",
                    row,
                    field,
                    text(
                        "{0}（{2}）{3} 平方米大于图斑投影面积（TBTYMJ）{4} 平方米；请改正",
                        "the {1} ({2}), {3} m², exceeds the plot's area (TBTYMJ), {4} m²: "
                        "correct it",
                        name.zh,
                        name.en,
                        field,
                        *some,
                        *all
                    ));
            }
        }
    }

    const Plots& plots_;
    const Table& table_;
    std::string id_column_;
    std::vector<std::string> given_;
    std::vector<std::optional<NationalId>> ids_; ///< (n), or empty without an id column
    std::vector<Issue> issues_;
    std::vector<OddValue> values_;
};

} // namespace

const Column* national_column(const Table& table, std::string_view field) {
    const NationalField* wanted = national_field(field);
    const Column* best = nullptr;
    int best_closeness = 3;
    bool several = false;
    for (const Column& column : table.columns) {
        if (wanted == nullptr || national_field(column.name) != wanted) {
            continue;
        }
        const int closeness = lower(column.name) == lower(wanted->name) ? 0
                              : column.name == wanted->alias            ? 1
                                                                        : 2;
        several = closeness == best_closeness;
        if (closeness < best_closeness) {
            best = &column;
            best_closeness = closeness;
        }
    }
    return several ? nullptr : best;
}

NationalFindings check_national(const Plots& plots) {
    return NationalCheck(plots).check();
}

} // namespace tuban
