#include "run/json.hpp"

#include <tuban/run.hpp>
#include <tuban/version.hpp>

#include <sys/resource.h>

#include <cmath>

namespace tuban {
namespace {

Json cell_json(const Column& column, std::size_t row) {
    if (column.valid[row] == 0) {
        return nullptr;
    }
    return std::visit([row](const auto& values) { return Json(values[row]); }, column.values);
}

double in_m2(std::int64_t dm2) {
    return static_cast<double>(dm2) / 100.0;
}

Json stages_json(const Plan& plan) {
    Json stages = Json::array();
    for (const Stage& stage : plan.stages) {
        stages.push_back(
            {{"name", stage.name},
             {"objective", stage.objective},
             {"bound", stage.bound},
             {"gap", stage.gap}}
        );
    }
    return stages;
}

Json totals_json(const PlanTotals& totals) {
    return {
        {"plots", totals.plots},
        {"area_m2", in_m2(totals.area_dm2)},
        {"cost_yuan", totals.cost_yuan},
    };
}

Json periods_json(const Plan& plan) {
    const std::vector<PlanTotals> totals = period_totals(plan);
    Json periods = Json::array();
    for (std::size_t i = 0; i < totals.size(); ++i) {
        Json period{{"name", plan.periods[i].name}};
        period.update(totals_json(totals[i]));
        periods.push_back(std::move(period));
    }
    return periods;
}

Json conflicts_json(const Plan& plan) {
    Json conflicts = Json::array();
    for (const Conflict& conflict : plan.conflicts) {
        conflicts.push_back(
            {{"id", conflict.id},
             {"name", conflict.name},
             {"shortfall", conflict.shortfall},
             {"unit", conflict.unit},
             {"message_zh", conflict.message.zh},
             {"message_en", conflict.message.en}}
        );
    }
    return conflicts;
}

Json constraints_json(const Plan& plan) {
    const auto period = [&](const std::optional<std::size_t>& index) {
        return index ? Json(plan.periods[*index].name) : Json(nullptr);
    };
    Json constraints = Json::array();
    for (const ConstraintResult& row : plan.constraints) {
        constraints.push_back(
            {{"id", row.id},
             {"name", row.name},
             {"from_period", period(row.from_period)},
             {"to_period", period(row.to_period)},
             {"quantity", row.quantity},
             {"filter", or_null(row.filter)},
             {"relation", name_of(row.relation)},
             {"required", row.required},
             {"tolerance", row.tolerance},
             {"achieved", row.achieved},
             {"slack", row.slack},
             {"price", or_null(row.price)},
             {"soft", row.soft}}
        );
    }
    return constraints;
}

void put_plan(Json& json, const Plan& plan) {
    json["status"] = name_of(plan.status);
    json["objective"] = plan.objective;
    json["bound"] = plan.bound;
    json["gap"] = plan.gap;
    json["stages"] = stages_json(plan);
    json["periods"] = periods_json(plan);
    json["totals"] = totals_json(plan_totals(plan));
    json["conflicts"] = conflicts_json(plan);
}

Json input_json(const InputFile& input) {
    return {
        {"role", input.role},
        {"file", input.file},
        {"layer", or_null(input.layer)},
        {"rows", input.rows},
        {"crs", or_null(input.crs)},
        {"encoding", or_null(input.encoding)},
        {"sha256", input.sha256},
    };
}

Json libraries_json(const RunResult& run) {
    Json json = Json::object();
    for (const auto& [name, number] : libraries()) {
        json[name] = number;
    }
    if (run.result.plan && !run.result.plan->solver.empty()) {
        json["solver"] = run.result.plan->solver;
    }
    return json;
}

double peak_memory_mib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024.0; // Linux counts KiB
}

} // namespace

Json issue_json(const Issue& issue) {
    return {
        {"severity", name_of(issue.severity)},
        {"code", issue.code},
        {"file", or_null(issue.file)},
        {"layer", or_null(issue.layer)},
        {"row", or_null(issue.row)},
        {"plot_id", or_null(issue.plot_id)},
        {"field", or_null(issue.field)},
        {"message_zh", issue.message.zh},
        {"message_en", issue.message.en},
        {"lon_deg", issue.at ? Json(issue.at->lon_deg) : Json(nullptr)},
        {"lat_deg", issue.at ? Json(issue.at->lat_deg) : Json(nullptr)},
        {"area_before_m2", or_null(issue.area_before_m2)},
        {"area_after_m2", or_null(issue.area_after_m2)},
    };
}

std::vector<std::pair<std::string, std::string>> libraries() {
    return {
        {"GDAL", TUBAN_GDAL_VERSION},
        {"GEOS", TUBAN_GEOS_VERSION},
        {"PROJ", TUBAN_PROJ_VERSION},
        {"SQLite", TUBAN_SQLITE_VERSION},
    };
}

std::string run_json(const RunResult& run) {
    Json json{{"format", 1}, {"tuban", version()}};
    json["libraries"] = libraries_json(run);
    json["name"] = run.result.project.name;
    Plan nothing_asked; // without a `schedule:` block the empty plan is the best one
    nothing_asked.status = PlanStatus::optimal;
    put_plan(json, run.result.plan.value_or(nothing_asked));
    json["inputs"] = Json::array();
    for (const InputFile& input : run.result.inputs) {
        json["inputs"].push_back(input_json(input));
    }
    json["project_sha256"] = run.result.project.sha256;
    json["seed"] = run.result.seed;
    json["timings_s"] = Json::object();
    for (const auto& [stage, seconds] : run.timings_s) {
        json["timings_s"][stage] = std::round(seconds * 1000.0) / 1000.0;
    }
    json["peak_memory_mib"] = std::round(peak_memory_mib() * 10.0) / 10.0;
    return json.dump(2) + "\n";
}

namespace {

Json zone_json(const ExplainedZone& zone) {
    return {
        {"rule_id", zone.rule_id},
        {"name", zone.name},
        {"verdict", zone.verdict},
        {"mark", zone.mark},
        {"feature_id", or_null(zone.feature_id)},
        {"feature_name", or_null(zone.feature_name)},
        {"distance_m", or_null(zone.distance_m)},
        {"share", or_null(zone.share)},
        {"basis", or_null(zone.basis)},
        {"reason_zh", zone.reason.zh},
        {"reason_en", zone.reason.en}};
}

} // namespace

std::string explanation_json(const Explanation& explanation) {
    Json json{
        {"plot_id", explanation.plot_id},
        {"status", explanation.status},
        {"rank", or_null(explanation.rank)},
        {"tier", or_null(explanation.tier)},
        {"tier_name", or_null(explanation.tier_name)},
        {"score", or_null(explanation.score)},
        {"rules", Json::array()},
        {"zones", Json::array()},
        {"period", or_null(explanation.period)},
        {"reason_zh", explanation.reason.zh},
        {"reason_en", explanation.reason.en},
        {"alternatives", Json::array()},
        {"what_would_change_it", Json::array()},
    };
    for (const ExplainedRule& rule : explanation.rules) {
        json["rules"].push_back(
            {{"id", rule.id},
             {"name", rule.name},
             {"basis", or_null(rule.basis)},
             {"points", rule.points}}
        );
    }
    for (const ExplainedZone& zone : explanation.zones) {
        json["zones"].push_back(zone_json(zone));
    }
    for (const ExplainedAlternative& alternative : explanation.alternatives) {
        json["alternatives"].push_back(
            {{"period", or_null(alternative.period)},
             {"cost_of_moving", or_null(alternative.cost_of_moving)},
             {"breaks_zh", or_null(alternative.breaks.zh)},
             {"breaks_en", or_null(alternative.breaks.en)}}
        );
    }
    for (const Text& change : explanation.what_would_change_it) {
        json["what_would_change_it"].push_back({{"zh", change.zh}, {"en", change.en}});
    }
    json["reuse"] = Json::array();
    for (const ExplainedReuse& use : explanation.reuse) {
        json["reuse"].push_back(
            {{"option", use.option},
             {"name", or_null(use.name)},
             {"verdict", use.verdict},
             {"reason_zh", use.reason.zh},
             {"reason_en", use.reason.en},
             {"basis", or_null(use.basis)}}
        );
    }
    json["surround_suggestion"] = or_null(explanation.surround_suggestion);
    json["surround_reason_zh"] = or_null(explanation.surround_reason.zh);
    json["surround_reason_en"] = or_null(explanation.surround_reason.en);
    return json.dump(2) + "\n";
}

std::string units_json(const UnitsResult& scheduled) {
    const Plan& plan = scheduled.plan;
    Json json{{"format", 1}};
    put_plan(json, plan);
    json["constraints"] = constraints_json(plan);
    json["assignments"] = Json::array();
    const Column& ids = scheduled.units.at("plot_id");
    for (const Assignment& part : plan.assignments) {
        json["assignments"].push_back(
            {{"unit_id", ids.text(part.row).value_or("")},
             {"period", plan.periods[part.period].name},
             {"share", part.share_pct / 100.0},
             {"area_m2", in_m2(part.area_dm2)},
             {"cost_yuan", part.cost_yuan}}
        );
    }
    json["issues"] = Json::array();
    for (const Issue& issue : scheduled.issues) {
        json["issues"].push_back(issue_json(issue));
    }
    json["solver"] = plan.solver;
    json["seed"] = plan.seed;
    return json.dump(2) + "\n";
}

std::string table_json(const Table& table) {
    Json rows = Json::array();
    for (std::size_t row = 0; row < table.rows; ++row) {
        Json object = Json::object();
        for (const Column& column : table.columns) {
            object[column.name] = cell_json(column, row);
        }
        rows.push_back(std::move(object));
    }
    return rows.dump(1) + "\n";
}

std::string verification_json(const Verification& verification) {
    Json json{
        {"holds", holds(verification)},
        {"requirements", verification.requirements},
        {"parts", verification.parts},
        {"totals", verification.totals},
        {"findings", Json::array()},
        {"unmet", Json::array()},
    };
    for (const Finding& finding : verification.findings) {
        json["findings"].push_back(
            {{"table", finding.table},
             {"key", finding.key},
             {"message_zh", finding.message.zh},
             {"message_en", finding.message.en}}
        );
    }
    for (const UnmetRequirement& unmet : verification.unmet) {
        json["unmet"].push_back(
            {{"id", unmet.id},
             {"name", unmet.name},
             {"relation", name_of(unmet.relation)},
             {"required", unmet.required},
             {"achieved", unmet.achieved},
             {"message_zh", unmet.message.zh},
             {"message_en", unmet.message.en}}
        );
    }
    return json.dump(2) + "\n";
}

std::string error_json(const Error& error) {
    const Json json{
        {"error",
         {{"code", static_cast<int>(error.code())},
          {"name", name_of(error.code())},
          {"message_zh", error.message().zh},
          {"message_en", error.message().en},
          {"file", or_null(error.where().file)},
          {"line", error.where().line > 0 ? Json(error.where().line) : Json(nullptr)},
          {"column", error.where().column > 0 ? Json(error.where().column) : Json(nullptr)}}},
    };
    return json.dump(2) + "\n";
}

} // namespace tuban
