#include "report/figures.hpp"

#include "core/format.hpp"
#include "core/int128.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tuban {
namespace {

constexpr std::array<std::pair<const char*, const char*>, 4> modes{
    {{"natural", "自然恢复"},
     {"assisted", "辅助再生"},
     {"engineering", "生态重建"},
     {"reuse", "转型利用"}}};

template <std::size_t n>
std::string word_of(
    const std::array<std::pair<const char*, const char*>, n>& words, const std::string& key
) {
    for (const auto& [name, word] : words) {
        if (key == name) {
            return word;
        }
    }
    return key;
}

/// First and last year of all periods; both 0 without years.
std::pair<int, int> year_range(const std::vector<Period>& periods) {
    std::pair<int, int> range{0, 0};
    for (const Period& period : periods) {
        for (const int year : period.years) {
            range.first = range.first == 0 ? year : std::min(range.first, year);
            range.second = std::max(range.second, year);
        }
    }
    return range;
}

} // namespace

PrintedUnit printed_unit(const std::string& unit) {
    if (unit == "亩") {
        return {"亩", 3, 2000, 2};
    }
    if (unit == "平方米") {
        return {"平方米", 1, 1, 2};
    }
    return {"公顷", 1, 100, 4};
}

PrintedUnit annex_unit(const std::string& unit) {
    const PrintedUnit full = printed_unit(unit);
    return full.digits <= 2 ? full : PrintedUnit{"公顷", 1, 10'000, 2};
}

std::int64_t printed(const PrintedUnit& unit, std::int64_t dm2) {
    const Int128 twice = static_cast<Int128>(dm2) * unit.numerator * 2 + unit.denominator;
    return static_cast<std::int64_t>(twice / (static_cast<Int128>(unit.denominator) * 2));
}

double shown(const PrintedUnit& unit, std::int64_t count) {
    constexpr std::array<double, 5> powers{1.0, 10.0, 100.0, 1000.0, 10'000.0};
    return static_cast<double>(count) / powers.at(static_cast<std::size_t>(unit.digits));
}

std::vector<std::int64_t> printed_parts(const Result& result, const PrintedUnit& unit) {
    if (!result.plan) {
        return {};
    }
    const auto& parts = result.plan->assignments;
    std::vector<std::int64_t> counts(parts.size());
    if (result.project.report.sum == "rounded_parts") {
        std::transform(parts.begin(), parts.end(), counts.begin(), [&](const Assignment& part) {
            return printed(unit, part.area_dm2);
        });
        return counts;
    }
    std::vector<std::vector<std::size_t>> members(result.plan->periods.size());
    std::vector<std::int64_t> period_dm2(members.size());
    std::int64_t total = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        members[parts[i].period].push_back(i);
        period_dm2[parts[i].period] += parts[i].area_dm2;
        total += parts[i].area_dm2;
    }
    const auto period_counts = largest_remainder(printed(unit, total), period_dm2);
    for (std::size_t t = 0; t < members.size(); ++t) {
        if (period_dm2[t] <= 0) {
            continue;
        }
        std::vector<std::int64_t> weights;
        for (const std::size_t i : members[t]) {
            weights.push_back(parts[i].area_dm2);
        }
        const auto shares = largest_remainder(period_counts[t], weights);
        for (std::size_t k = 0; k < shares.size(); ++k) {
            counts[members[t][k]] = shares[k];
        }
    }
    return counts;
}

std::vector<PeriodFigures> period_figures(const Result& result, const PrintedUnit& unit) {
    std::vector<PeriodFigures> figures;
    if (!result.plan) {
        return figures;
    }
    figures.resize(result.plan->periods.size());
    for (PeriodFigures& period : figures) {
        period.area_by_mode.assign(modes.size() + 1, 0);
    }
    const std::vector<PlanTotals> totals = period_totals(*result.plan);
    for (std::size_t t = 0; t < figures.size(); ++t) {
        figures[t].plots = totals[t].plots;
        figures[t].dm2 = totals[t].area_dm2;
        figures[t].yuan = totals[t].cost_yuan;
    }
    const Column* mode = result.table.find("mode");
    const auto counts = printed_parts(result, unit);
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const Assignment& part = result.plan->assignments[i];
        PeriodFigures& period = figures[part.period];
        period.area += counts[i];
        const std::string name = mode == nullptr ? "" : mode->text(part.row).value_or("");
        const auto* found = std::find_if(modes.begin(), modes.end(), [&](const auto& known) {
            return name == known.first;
        });
        period.area_by_mode[static_cast<std::size_t>(found - modes.begin())] += counts[i];
    }
    return figures;
}

std::vector<Adjusted> adjusted_parts(const Result& result, const PrintedUnit& unit) {
    std::vector<Adjusted> adjusted;
    const auto counts = printed_parts(result, unit);
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const std::int64_t rounded = printed(unit, result.plan->assignments[i].area_dm2);
        if (rounded != counts[i]) {
            adjusted.push_back({i, rounded, counts[i]});
        }
    }
    return adjusted;
}

Text rounding_words(const Result& result, const PrintedUnit& unit) {
    if (result.project.report.sum == "rounded_parts") {
        return text(
            "各图斑面积四舍五入到 {} 位小数，合计为印出的各数之和",
            "areas of plots are rounded half-up to {} decimals; totals are sums of the printed "
            "figures",
            unit.digits
        );
    }
    const std::size_t count = adjusted_parts(result, unit).size();
    return text(
        "合计四舍五入到 {0} 位小数，各图斑面积按最大余数法凑成合计，其中 {1} "
        "个与各自四舍五入的数不同",
        "totals are rounded half-up to {0} decimals, and areas of plots made to add up to them "
        "by largest remainder: {1} differ from their own rounding",
        unit.digits,
        count
    );
}

std::string mode_word(const std::string& mode) {
    return word_of(modes, mode);
}

std::string status_word(const std::string& status) {
    constexpr std::array<std::pair<const char*, const char*>, 4> words{
        {{"planned", "已安排"},
         {"unscheduled", "未安排"},
         {"ineligible", "不参与排序"},
         {"held_out", "暂缓，待核实"}}};
    return word_of(words, status);
}

std::string status_word(PlanStatus status) {
    switch (status) {
    case PlanStatus::optimal:
        return "最优";
    case PlanStatus::within_gap:
        return "在允许差距内";
    case PlanStatus::infeasible:
        return "约束互相矛盾，已按最小放宽安排";
    case PlanStatus::stopped:
        return "提前停止";
    }
    return "";
}

std::string quantity_word(const std::string& quantity, const Table& table) {
    constexpr std::array<std::pair<const char*, const char*>, 8> words{
        {{"area_m2", "面积（平方米）"},
         {"area_ha", "面积（公顷）"},
         {"area_mu", "面积（亩）"},
         {"cost_yuan", "资金（元）"},
         {"cost_wan_yuan", "资金（万元）"},
         {"plots", "图斑数（个）"},
         {"share", "安排图斑（折合个数）"},
         {"together", "未同期安排的组数"}}};
    std::string word = word_of(words, quantity);
    if (word != quantity) {
        return word;
    }
    const Column* column = table.find(quantity);
    return column == nullptr || column->alias.empty() ? quantity : column->alias;
}

std::string relation_word(Relation relation) {
    switch (relation) {
    case Relation::at_least:
        return "不少于";
    case Relation::at_most:
        return "不超过";
    case Relation::equal:
        return "等于";
    }
    return "";
}

const std::string& in_language(const Result& result, const Text& text) {
    return result.project.report.lang == "en" ? text.en : text.zh;
}

std::string years_of(const std::vector<Period>& periods) {
    const auto [first, last] = year_range(periods);
    if (first == 0) {
        return "";
    }
    return first == last ? format("{}年", first) : format("{}—{}年", first, last);
}

std::string annex_years(const std::vector<Period>& periods) {
    const auto [first, last] = year_range(periods);
    if (first == 0) {
        return periods.empty() ? "" : periods.front().name;
    }
    return first == last ? format("{}年", first) : format("{}年-{}年", first, last);
}

} // namespace tuban
