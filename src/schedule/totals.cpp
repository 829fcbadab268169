#include <tuban/schedule.hpp>

#include <set>

namespace tuban {
namespace {

struct Sums {
    std::set<std::size_t> rows;
    PlanTotals totals;

    void add(const Assignment& part) {
        totals.plots += rows.insert(part.row).second ? 1 : 0;
        totals.area_dm2 += part.area_dm2;
        totals.cost_yuan += part.cost_yuan;
    }
};

} // namespace

std::vector<PlanTotals> period_totals(const Plan& plan) {
    std::vector<Sums> sums(plan.periods.size());
    for (const Assignment& part : plan.assignments) {
        sums.at(part.period).add(part);
    }
    std::vector<PlanTotals> totals;
    totals.reserve(sums.size());
    for (const Sums& period : sums) {
        totals.push_back(period.totals);
    }
    return totals;
}

PlanTotals plan_totals(const Plan& plan) {
    Sums sums;
    for (const Assignment& part : plan.assignments) {
        sums.add(part);
    }
    return sums.totals;
}

} // namespace tuban
