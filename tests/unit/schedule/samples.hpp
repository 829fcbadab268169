#pragma once
// Two small synthetic counties (合成数据) and the words to write rules over them.
#include <tuban/schedule.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace samples {

struct Plot {
    std::string id;
    std::string cluster;
    double area_m2 = 0.0;
    std::int64_t cost_yuan = 0;
    double score = 0.0;
    double road_points = 0.0;
    int expected = 0; ///< Toli: the year; Youhao: per cent in the first period
};

/// 合成数据: 28 plots of a county made up after Toli's plan.
inline const std::vector<Plot> toli{
    {"P01", "A", 80681.00, 1785100, 80, 40, 2023},
    {"P02", "A", 71411.00, 1703600, 80, 40, 2023},
    {"P03", "A", 50204.00, 1164400, 70, 40, 2023},
    {"P04", "A", 36020.00, 884300, 90, 40, 2023},
    {"P05", "A", 75686.00, 1589700, 70, 40, 2023},
    {"P06", "B", 36577.00, 792500, 90, 40, 2023},
    {"P07", "B", 45779.00, 971200, 80, 40, 2023},
    {"P08", "B", 79817.00, 1754600, 80, 40, 2023},
    {"P09", "B", 63485.00, 1216200, 70, 40, 2023},
    {"P10", "C", 46484.00, 1117300, 85, 40, 2023},
    {"P11", "C", 80433.00, 1801100, 65, 40, 2023},
    {"P12", "C", 50121.00, 1038700, 65, 40, 2023},
    {"P13", "a", 50680.00, 1073300, 60, 40, 2023},
    {"P14", "D", 37991.00, 811100, 55, 15, 2024},
    {"P15", "D", 81652.00, 1705300, 45, 15, 2024},
    {"P16", "D", 46209.00, 881500, 45, 15, 2024},
    {"P17", "D", 84158.00, 1912500, 35, 15, 2024},
    {"P18", "E", 51057.00, 1118500, 50, 15, 2024},
    {"P19", "E", 35400.00, 799900, 40, 15, 2024},
    {"P20", "E", 35439.00, 802800, 40, 15, 2024},
    {"P21", "F", 68946.00, 1582400, 40, 15, 2024},
    {"P22", "F", 42580.00, 981100, 40, 15, 2024},
    {"P23", "b", 47055.00, 1170300, 45, 15, 2024},
    {"P24", "c", 86731.00, 1869600, 30, 0, 2024},
    {"P25", "d", 39782.00, 858000, 25, 15, 2024},
    {"P26", "X", 210863.00, 4780100, 30, 0, 2025},
    {"P27", "Y", 217940.00, 4793400, 30, 0, 2025},
    {"P28", "Z", 259797.00, 5519000, 40, 0, 2025},
};

/// 合成数据: nine mines of a district made up after Youhao's plan.
inline const std::vector<Plot> youhao{
    {"Y1", "", 11154.16, 6700, 75, 0, 100},
    {"Y2", "", 8677.98, 7800, 70, 0, 100},
    {"Y3", "", 15845.90, 22200, 65, 0, 100},
    {"Y4", "", 14093.18, 77500, 55, 0, 100},
    {"Y5", "", 18071.95, 126500, 40, 0, 40},
    {"Y6", "", 29986.61, 269900, 35, 0, 0},
    {"Y7", "", 37195.38, 706700, 20, 0, 0},
    {"Y8", "", 46165.44, 1246500, 15, 0, 0},
    {"Y9", "", 64309.40, 2315100, 0, 0, 0},
};

tuban::Table table_of(const std::vector<Plot>& plots);
/// All eligible, ranked by score.
tuban::Ranking ranking_of(const tuban::Table& table);
tuban::Decimal decimal(const std::string& text);
tuban::Requirement
sum(const std::string& id,
    const std::string& column,
    tuban::Relation relation,
    const std::string& value);
tuban::Requirement
count(const std::string& id, tuban::Relation relation, const std::string& value);
tuban::Requirement named(tuban::RequirementKind kind, const std::string& id);
tuban::Condition where(const std::string& text);
tuban::Preference prefer(tuban::PreferenceKind kind, const std::string& of = "");
/// Per cents of each plot in each period.
std::vector<std::vector<int>> shares_of(const tuban::Plan& plan, std::size_t rows);
tuban::ScheduleRules toli_rules();
tuban::ScheduleRules youhao_rules();

} // namespace samples
