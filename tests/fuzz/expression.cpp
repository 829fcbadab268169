// Conditions of rules: SQL expressions that anybody may write into a project.
#include <tuban/ranking.hpp>

#include "fuzz.hpp"
#include "ranking/tokens.hpp"

namespace {

tuban::Table plots() {
    tuban::Table table;
    table.put(tuban::text_column("plot_id", "图斑编号", {"A", "B", std::nullopt}));
    table.put(tuban::text_column("town", "乡镇", {"铁厂沟镇", std::nullopt, ""}));
    table.put(tuban::integer_column("cost_yuan", "投资", "yuan", {0, std::nullopt, 17}));
    table.put(tuban::real_column("area_m2", "面积", "m2", {1.5, 1e6, std::nullopt}));
    table.put(tuban::real_column("road_distance_m", "距道路距离", "m", {0.0, 999.9, 1e9}));
    return table;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = tuban_fuzz::bytes_of(data, size);
    std::size_t end = 0;
    for (const auto& token : tuban::expression::split(text)) {
        tuban_fuzz::require(
            token.size > 0 && token.offset >= end && token.offset + token.size <= size,
            "tokens follow each other within the text"
        );
        end = token.offset + token.size;
    }
    static const tuban::Table table = plots();
    static tuban::Conditions conditions(table);
    const tuban::Condition condition{std::string(text), {"project.yaml", 1, 1}};
    tuban_fuzz::expect_answer_or_error([&] {
        tuban_fuzz::require(conditions.truth(condition).size() == 3, "a truth per row");
    });
    tuban_fuzz::expect_answer_or_error([&] { (void)conditions.number(condition); });
    tuban_fuzz::expect_answer_or_error([&] { (void)conditions.warnings(condition); });
    tuban_fuzz::expect_answer_or_error([&] {
        const std::string portable = conditions.portable(condition);
        (void)conditions.truth({portable, condition.where}); // legal SQL again
    });
    return 0;
}
