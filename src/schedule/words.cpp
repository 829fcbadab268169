#include "schedule/words.hpp"

#include "core/format.hpp"

namespace tuban::planning {

std::string number_text(double value) {
    std::string result = format("{:.6f}", value);
    result.erase(result.find_last_not_of('0') + 1);
    if (result.ends_with('.')) {
        result.pop_back();
    }
    return result == "-0" ? "0" : result;
}

double in_user_unit(const Demand& demand, Int128 amount) {
    return static_cast<double>(amount) / 100.0 / demand.quantity.per_unit();
}

Text amount_text(const Demand& demand, Int128 amount) {
    const std::string number = number_text(in_user_unit(demand, amount));
    const Text& unit = demand.quantity.unit;
    return {
        unit.zh.empty() ? number : number + " " + unit.zh,
        unit.en.empty() ? number : number + " " + unit.en};
}

Text joined(const std::vector<Text>& items) {
    Text result;
    for (const Text& item : items) {
        result.zh += (result.zh.empty() ? "" : "、") + item.zh;
        result.en += (result.en.empty() ? "" : ", ") + item.en;
    }
    return result;
}

} // namespace tuban::planning
