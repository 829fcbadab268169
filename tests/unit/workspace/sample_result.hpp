#pragma once
// A Result made by hand (合成数据): eight plots, three periods; S003 is split, S005 has no geometry, S006 found no place,
// S007 fails a gate, S008 is held out. Every number below was added up on paper, not taken from the code under test.
#include <tuban/workspace.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tuban::sample {

using Texts = std::vector<std::optional<std::string>>;
using Reals = std::vector<std::optional<double>>;
using Integers = std::vector<std::optional<std::int64_t>>;

// Rows, in the order of the "file".
inline constexpr std::size_t s003 = 0, s001 = 1, s002 = 2, s004 = 3, s005 = 4, s006 = 5,
                             s007 = 6, s008 = 7;

inline void add_square(Geometry& geometry, double west_deg, double south_deg) {
    constexpr double side_deg = 0.002;
    for (const auto& [x, y] : std::vector<std::pair<double, double>>{
             {0.0, 0.0}, {side_deg, 0.0}, {side_deg, side_deg}, {0.0, side_deg}}) {
        geometry.lon_deg.push_back(west_deg + x);
        geometry.lat_deg.push_back(south_deg + y);
    }
    geometry.ring_offsets.push_back(geometry.lon_deg.size());
    geometry.part_offsets.push_back(geometry.ring_offsets.size() - 1);
    geometry.feature_offsets.push_back(geometry.part_offsets.size() - 1);
    geometry.kinds.push_back(GeometryKind::polygon);
}

inline void add_nothing(Geometry& geometry) {
    geometry.feature_offsets.push_back(geometry.part_offsets.size() - 1);
    geometry.kinds.push_back(GeometryKind::none);
}

inline Plots plots() {
    Plots plots;
    plots.ids = {"S003", "S001", "S002", "S004", "S005", "S006", "S007", "S008"};
    plots.states.assign(8, PlotState::ok);
    plots.states[s001] = PlotState::repaired;
    plots.states[s005] = PlotState::no_geometry;
    plots.states[s008] = PlotState::held_out;
    for (std::size_t i = 0; i < 8; ++i) {
        if (i == s005 || i == s008) {
            add_nothing(plots.geometry);
        } else {
            add_square(
                plots.geometry, 83.6 + 0.004 * static_cast<double>(i % 4), i < 4 ? 45.9 : 45.91
            );
        }
    }
    plots.attributes.rows = 8;
    plots.attributes.put(
        text_column("plot_id", "图斑编号", Texts(plots.ids.begin(), plots.ids.end()))
    );
    return plots;
}

inline Table table() {
    const Reals areas{
        50000.33, 120000.0, 80000.5, 30000.0, 20000.0, 40000.0, 10000.0, std::nullopt};
    Reals hectares;
    for (const auto& area : areas) {
        hectares.push_back(area ? std::optional<double>(*area / 10000.0) : std::nullopt);
    }
    const auto none = std::nullopt;
    Table table;
    table.rows = 8;
    table.put(text_column(
        "plot_id", "图斑编号", {"S003", "S001", "S002", "S004", "S005", "S006", "S007", "S008"}
    ));
    table.put(
        text_column("mine_id", "主体编号", {"M2", "M1", "M1", "M2", "M3", "M3", none, none})
    );
    table.put(text_column(
        "name",
        "名称",
        {"三号坑", "一号坑", "二号坑", "四号坑", "五号坑 <甲&乙>", "六号坑", "七号坑", "八号坑"}
    ));
    table.put(text_column(
        "town",
        "乡镇",
        {"铁厂沟镇",
         "铁厂沟镇",
         "乌雪特乡",
         "乌雪特乡",
         "铁厂沟镇",
         "多拉特乡",
         "多拉特乡",
         none}
    ));
    table.put(text_column(
        "mode",
        "修复方式",
        {"assisted", "natural", "engineering", "reuse", "natural", "engineering", none, none}
    ));
    table.put(text_column("responsible", "责任单位", Texts(8)));
    table.put(integer_column(
        "cost_yuan", "投资", "yuan", {250003, 600000, 400001, none, 100000, 900000, 50000, none}
    ));
    table.put(real_column("area_m2", "面积", "m2", areas));
    table.put(real_column("area_ha", "面积公顷", "ha", hectares));
    table.put(text_column(
        "area_basis",
        "面积依据",
        {"given", "given", "given", "given", "given", "given", "given", none}
    ));
    for (const char* name : {"ellipsoid_area_m2", "geodesic_area_m2", "perimeter_m"}) {
        table.put(real_column(name, "", name[0] == 'p' ? "m" : "m2", Reals(8)));
    }
    table.put(real_column(
        "road_distance_m",
        "距道路距离",
        "m",
        {812.5, 120.25, 0.0, 430.0, none, 99.5, 2500.0, none}
    ));
    table.put(real_column(
        "pit_depth_max_m", "最大采坑深度", "m", {15.0, 10.0, 0.0, 0.0, none, 10.0, 3.0, none}
    ));
    table.put(text_column(
        "cluster_id", "片区", {"S003", "S001", "S002", "S004", "S002", "S006", none, none}
    ));
    table.put(text_column("TBDL", "", {"10", "10", "10", "10", "10", "10", "20", "10"}));
    table.put(real_column("中央资金", "", "", {10.0, 30.0, 20.0, none, none, 5.0, none, none}));
    return table;
}

inline Ranking ranking() {
    const auto none = std::nullopt;
    Ranking ranking;
    ranking.eligible = {1, 1, 1, 1, 1, 1, 0, 0};
    ranking.failed_gate = {"", "", "", "", "", "", "legacy", ""};
    ranking.tier = {1, 1, 1, 2, 2, none, none, none};
    ranking.score_micro = {
        62'500'000, 85'000'000, 80'000'000, 50'000'000, 30'000'000, 25'000'000, none, none};
    ranking.rank = {3, 1, 2, 4, 5, 6, none, none};
    ranking.order = {s001, s002, s003, s004, s005, s006};
    ranking.contributions = {
        {s003, "key-area", "重点区域", 60'000'000},
        {s003, "near-road", "road_distance_m = 812.5", 0},
        {s003, "depth", "pit_depth_max_m = 15", 2'500'000},
        {s001, "key-area", "重点区域", 60'000'000},
        {s001, "near-road", "road_distance_m = 120.25", 20'000'000},
        {s001, "depth", "pit_depth_max_m = 10", 5'000'000},
        {s002, "key-area", "重点区域", 60'000'000},
        {s002, "near-road", "road_distance_m = 0", 20'000'000},
        {s002, "depth", "pit_depth_max_m = 0", 0},
        {s004, "threat", "超深、超大采坑", 30'000'000},
        {s004, "near-road", "road_distance_m = 430", 20'000'000},
        {s004, "depth", "pit_depth_max_m = 0", 0},
        {s005, "threat", "超深、超大采坑", 30'000'000},
        {s005, "near-road", "", 0},
        {s005, "depth", "", 0},
        {s006, "near-road", "road_distance_m = 99.5", 20'000'000},
        {s006, "depth", "pit_depth_max_m = 10", 5'000'000},
    };
    for (const char* id : {"S003", "S001", "S002", "S004", "S005", "S006"}) {
        ranking.reasons.push_back(
            {std::string(id) + " 按得分排序", std::string(id) + " is ranked by its score"}
        );
    }
    ranking.reasons.push_back({"未通过准入条件：历史遗留", "fails the gate: legacy"});
    ranking.reasons.push_back({"图形有误，暂缓", "held out: its shape is broken"});
    return ranking;
}

inline Rules rules() {
    Rules rules;
    rules.gates.push_back(
        {"legacy",
         "历史遗留",
         "核查技术要求",
         {"TBDL = '10'", {"s.yaml", 10, 3}},
         Origin::project}
    );
    rules.tiers.push_back(
        {"key-area",
         "重点区域",
         "方案三（一）",
         {"road_distance_m <= 1000", {}},
         Origin::project}
    );
    rules.tiers.push_back(
        {"threat", "超深、超大采坑", "方案三（一）", {"area_ha >= 2", {}}, Origin::pack}
    );
    PointRule near;
    near.id = "near-road";
    near.name = "交通道路两侧";
    near.basis = "方案三（二）";
    near.when = Condition{"距道路距离 <= 500", {}};
    near.points = {20, 0};
    PointRule depth;
    depth.id = "depth";
    depth.name = "采坑深度";
    depth.of = Condition{"pit_depth_max_m", {}};
    depth.curve = {{0.0, {0, 0}}, {10.0, {5, 0}}};
    rules.points = {near, depth};
    return rules;
}

inline std::vector<Period> periods() {
    return {{"2023", {2023}}, {"2024", {2024}}, {"2025—2026年", {2025, 2026}}};
}

inline ConstraintResult constraint(
    std::string id,
    std::string quantity,
    std::optional<std::size_t> from,
    std::optional<std::size_t> to,
    Relation relation
) {
    ConstraintResult line;
    line.id = std::move(id);
    line.name = line.id;
    line.quantity = std::move(quantity);
    line.from_period = from;
    line.to_period = to;
    line.relation = relation;
    return line;
}

inline ConstraintResult with(
    ConstraintResult line,
    double required,
    double achieved,
    double slack,
    std::string filter = ""
) {
    line.required = required;
    line.achieved = achieved;
    line.slack = slack;
    line.filter = std::move(filter);
    return line;
}

inline std::vector<ConstraintResult> constraints() {
    using enum Relation;
    const std::optional<std::size_t> all;
    std::vector<ConstraintResult> lines{
        with(constraint("target", "area_ha", all, all, at_least), 25.0, 30.000083, 5.000083),
        with(constraint("count-2023", "plots", 0, 0, at_most), 3, 2, 1),
        with(constraint("money-2024", "cost_wan_yuan", 1, 1, at_most), 70, 66.7503, 3.2497),
        with(constraint("area-2024", "area_ha", 1, 1, equal), 13.35, 13.350072, 0.499928),
        with(
            constraint("town", "area_ha", all, all, at_least),
            10,
            19.000033,
            9.000033,
            "town = '铁厂沟镇'"
        ),
        with(constraint("finish", "share", 0, 1, at_least), 3, 3, 0, "tier = 1"),
        with(constraint("survey", "share", 0, 0, at_most), 0, 0, 0, "plot_id = 'S002'"),
        with(constraint("begun", "share", 0, 0, at_least), 1, 1, 0, "plot_id IN ('S001')"),
        with(constraint("one-year", "together", all, all, at_most), 0, 0, 0),
        with(constraint("central", "中央资金", all, all, at_most), 100, 60, 40),
        with(constraint("even", "plots", 1, 1, at_most), 2, 3, -1),
    };
    lines[3].tolerance = 0.5;
    lines[10].soft = true;
    return lines;
}

inline std::vector<Requirement> requirements() {
    std::vector<Requirement> list;
    for (const ConstraintResult& line : constraints()) {
        Requirement requirement;
        requirement.id = line.id;
        requirement.name = line.name;
        requirement.quantity = line.quantity;
        if (line.quantity == "together") {
            requirement.kind = RequirementKind::together;
            requirement.quantity = "cluster_id";
        }
        list.push_back(std::move(requirement));
    }
    return list;
}

inline Plan plan() {
    Plan plan;
    plan.status = PlanStatus::optimal;
    plan.objective = 1234.5;
    plan.bound = 1234.5;
    plan.stages = {{"earliest score", 1234.5, 1234.5, 0.0}, {"plot_id", 6.0, 6.0, 0.0}};
    plan.periods = periods();
    plan.assignments = {
        {s001, 0, 100, 12'000'000, 600'000},
        {s003, 0, 33, 1'650'011, 82'501},
        {s002, 1, 100, 8'000'050, 400'001},
        {s003, 1, 67, 3'350'022, 167'502},
        {s005, 1, 100, 2'000'000, 100'000},
        {s004, 2, 100, 3'000'000, 0},
    };
    plan.constraints = constraints();
    plan.reasons = {
        {"分两期安排：2023、2024", "spread over 2023 and 2024"},
        {"安排在 2023：得分最高", "in 2023: the highest score"},
        {"安排在 2024", "in 2024"},
        {"安排在 2025—2026年", "in 2025—2026年"},
        {"安排在 2024", "in 2024"},
        {"未安排：资金不足", "not in the plan: no money left"},
        {},
        {}};
    plan.alternatives = {
        {s001, 1, 42.5, {}},
        {s001, 2, 85.0, {}},
        {s001, std::nullopt, std::nullopt, {"target、begun", "target, begun"}},
        {s006, 0, std::nullopt, {"count-2023", "count-2023"}},
        {s006, 2, 0.0, {}},
    };
    plan.solver = "by hand";
    plan.seed = 7;
    return plan;
}

inline std::vector<Issue> issues() {
    Issue repaired;
    repaired.severity = Severity::warning;
    repaired.code = "repaired";
    repaired.file = "plots.shp";
    repaired.row = 2;
    repaired.plot_id = "S001";
    repaired.message = {"自相交，已修复", "self-intersection, repaired"};
    repaired.at = LonLat{83.605, 45.901};
    repaired.area_before_m2 = 120000.4;
    repaired.area_after_m2 = 120000.0;
    Issue held;
    held.severity = Severity::error;
    held.code = "held_out";
    held.file = "plots.shp";
    held.row = 8;
    held.plot_id = "S008";
    held.message = {"修复后面积变化过大，暂缓", "repair changes the area too much, held out"};
    return {repaired, held};
}

inline Layer road() {
    Layer layer;
    layer.key = "road";
    layer.ids = {"1"};
    layer.names = {"省道 221"};
    layer.classes = {"省道"};
    layer.geometry.lon_deg = {83.6, 83.62};
    layer.geometry.lat_deg = {45.905, 45.906};
    layer.geometry.ring_offsets = {0, 2};
    layer.geometry.part_offsets = {0, 1};
    layer.geometry.feature_offsets = {0, 1};
    layer.geometry.kinds = {GeometryKind::line};
    return layer;
}

inline Project project() {
    Project project;
    project.file = "sample.yaml";
    project.text = "tuban: 1\nname: 手算示例（合成数据）\n";
    project.sha256 = std::string(64, '0');
    project.name = "手算示例县历史遗留矿山生态修复方案（合成数据）";
    project.report.county = "示例县";
    project.rules = rules();
    ScheduleRules schedule;
    schedule.periods = periods();
    schedule.split = Split{};
    schedule.require = requirements();
    project.schedule = schedule;
    return project;
}

inline Result result() {
    Result result;
    result.project = project();
    result.plots = plots();
    result.table = table();
    result.ranking = ranking();
    result.filters = {
        "TBDL = '10'", "road_distance_m <= 1000", "area_ha >= 2", "road_distance_m <= 500"};
    result.plan = plan();
    result.issues = issues();
    result.inputs = {
        {"plots",
         "plots.shp",
         "plots",
         8,
         "EPSG:4490 CGCS2000",
         "file",
         "GBK",
         "file",
         std::string(64, 'a')},
        {"road",
         "context.gpkg",
         "roads",
         1,
         "EPSG:4490 CGCS2000",
         "file",
         "UTF-8",
         "file",
         std::string(64, 'b')}};
    result.context = {road()};
    result.layer_aliases = {{"road", "道路"}};
    result.seed = 7;
    return result;
}

/// The same plots without a `schedule:` block.
inline Result ranked_only() {
    Result ranked = result();
    ranked.plan.reset();
    ranked.project.schedule.reset();
    return ranked;
}

} // namespace tuban::sample
