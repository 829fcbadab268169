#include "workspace/plan_file.hpp"

#include "core/format.hpp"
#include "io/geopackage.hpp"

#include <utility>

namespace tuban {
namespace {

using Columns = std::vector<std::pair<const char*, ColumnType>>;

const std::vector<std::pair<const char*, Columns>>& expected_tables() {
    using enum ColumnType;
    static const std::vector<std::pair<const char*, Columns>> expected{
        {"plots",
         {{"plot_id", text},
          {"status", text},
          {"tier", integer},
          {"score", real},
          {"rank", integer},
          {"period", text},
          {"planned_share", real},
          {"planned_area_m2", real},
          {"area_m2", real},
          {"mode", text},
          {"cost_yuan", integer},
          {"reason_zh", text},
          {"reason_en", text}}},
        {"assignments",
         {{"plot_id", text},
          {"period", text},
          {"share", real},
          {"area_m2", real},
          {"mode", text},
          {"cost_yuan", integer}}},
        {"periods",
         {{"period", text},
          {"first_year", integer},
          {"last_year", integer},
          {"plots", integer},
          {"area_m2", real},
          {"cost_yuan", integer}}},
        {"rules", {{"rule_id", text}, {"kind", text}, {"name", text}, {"basis", text}}},
        {"contributions", {{"plot_id", text}, {"rule_id", text}, {"points", real}}},
        {"constraints",
         {{"id", text},
          {"name", text},
          {"from_period", text},
          {"to_period", text},
          {"quantity", text},
          {"filter", text},
          {"group_by", text},
          {"relation", text},
          {"required", real},
          {"tolerance", real},
          {"achieved", real},
          {"slack", real},
          {"soft", integer}}},
        {"alternatives",
         {{"plot_id", text},
          {"period", text},
          {"cost_of_moving", real},
          {"breaks_zh", text},
          {"breaks_en", text}}},
        {"run", {{"key", text}, {"value", text}}},
    };
    return expected;
}

[[noreturn]] void fail(const std::string& file, const std::string& what) {
    throw Error(
        ErrorCode::unreadable_input,
        text(
            "不是 tuban 的规划文件：缺少 {}。请用 tuban run 生成的 plan.gpkg",
            "no plan of tuban: {} is missing. Give the plan.gpkg of a tuban run",
            what
        ),
        {file, 0, 0}
    );
}

void require_columns(
    const std::string& file, const std::string& name, const Table& table, const Columns& columns
) {
    for (const auto& [column, type] : columns) {
        const Column* there = table.find(column);
        if (there == nullptr || there->type() != type) {
            fail(file, format("{}.{}", name, column));
        }
    }
}

} // namespace

std::optional<std::string> PlanFile::run_value(const std::string& key) const {
    const Table& run = at("run");
    for (std::size_t i = 0; i < run.rows; ++i) {
        if (run.at("key").text(i) == key) {
            return run.at("value").text(i);
        }
    }
    return std::nullopt;
}

PlanFile read_plan_file(const std::string& file) {
    PlanFile plan;
    plan.file = file;
    for (GeoPackageTable& table : read_geopackage(file)) {
        plan.tables.emplace(std::move(table.name), std::move(table.table));
    }
    for (const auto& [name, columns] : expected_tables()) {
        const auto found = plan.tables.find(name);
        if (found == plan.tables.end()) {
            fail(file, name);
        }
        require_columns(file, name, found->second, columns);
    }
    return plan;
}

} // namespace tuban
