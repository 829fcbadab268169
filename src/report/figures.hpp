#pragma once
#include <tuban/workspace.hpp>

#include <cstdint>
#include <string>
#include <vector>

/// Figures as tables for people print them: parts that add up to the printed whole.
namespace tuban {

/// A unit of area in print: numerator / denominator · 0.01 m² are counted in the last of `digits` decimals.
struct PrintedUnit {
    std::string name; ///< 公顷, 亩, 平方米
    std::int64_t numerator = 1;
    std::int64_t denominator = 100;
    int digits = 4;
};

/// 公顷 to 4 decimals (1 m²), 亩 and 平方米 to 2. @param unit  of ReportSpec
[[nodiscard]] PrintedUnit printed_unit(const std::string& unit);
/// The same with at most two decimals, as the annex of an action plan prints.
[[nodiscard]] PrintedUnit annex_unit(const std::string& unit);

/// Half-up count of the last printed decimal.
[[nodiscard]] std::int64_t printed(const PrintedUnit& unit, std::int64_t dm2);
/// A count of the last printed decimal as the number that stands in the cell.
[[nodiscard]] double shown(const PrintedUnit& unit, std::int64_t count);

/// What a plan takes on in a period.
struct PeriodFigures {
    std::int64_t plots = 0; ///< with work in it
    std::int64_t dm2 = 0;
    std::int64_t yuan = 0;
    std::int64_t area = 0; ///< as printed: the sum of its parts, in counts of the last decimal
    std::vector<std::int64_t>
        area_by_mode; ///< likewise; natural, assisted, engineering, reuse, none of these
};

/// Printed area of each assignment, in counts of the last decimal, by the project's rule (ReportSpec::sum). Every
/// printed total is a sum of these, so sheets and page cannot differ.
[[nodiscard]] std::vector<std::int64_t>
printed_parts(const Result& result, const PrintedUnit& unit);

[[nodiscard]] std::vector<PeriodFigures>
period_figures(const Result& result, const PrintedUnit& unit);

/// A printed area that is not its own rounding, so that the parts add up.
struct Adjusted {
    std::size_t part = 0; ///< into the plan's assignments
    std::int64_t rounded = 0;
    std::int64_t printed = 0;
};

[[nodiscard]] std::vector<Adjusted>
adjusted_parts(const Result& result, const PrintedUnit& unit);

/// What a reader must know of how areas were rounded; says how many printed figures were adjusted.
[[nodiscard]] Text rounding_words(const Result& result, const PrintedUnit& unit);

/// 自然恢复, 辅助再生, 生态重建, 转型利用; other words as they are.
[[nodiscard]] std::string mode_word(const std::string& mode);
/// 未安排, 不参与排序 …
[[nodiscard]] std::string status_word(const std::string& status);
/// 最优, 在允许差距内 …
[[nodiscard]] std::string status_word(PlanStatus status);
/// What a requirement is about, with its unit: 面积（公顷）. @param table  for the aliases of columns
[[nodiscard]] std::string quantity_word(const std::string& quantity, const Table& table);
/// 不少于, 不超过, 等于
[[nodiscard]] std::string relation_word(Relation relation);
/// The text in the language of the project's report.
[[nodiscard]] const std::string& in_language(const Result& result, const Text& text);

/// "2022—2025年", "2024年", from the first to the last of the periods' years; "" without years.
[[nodiscard]] std::string years_of(const std::vector<Period>& periods);
/// "2022年-2023年" as the annex writes it; the period's name if it has no years.
[[nodiscard]] std::string annex_years(const std::vector<Period>& periods);

} // namespace tuban
