#pragma once
// Numbers and names of requirements as people read them.
#include "schedule/problem.hpp"

#include <string>
#include <vector>

namespace tuban::planning {

/// Up to six decimals, none that are 0: 0.35, 12, 1689.2.
std::string number_text(double value);
/// Per cents of base units in the user's unit.
double in_user_unit(const Demand& demand, Int128 amount);
/// "0.35 公顷", "0.35 ha"
Text amount_text(const Demand& demand, Int128 amount);
/// "2023、2024" and "2023, 2024"
Text joined(const std::vector<Text>& items);

} // namespace tuban::planning
