#include <tuban/io.hpp>

#include "catch.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace fs = std::filesystem;
using namespace tuban;

namespace {

const std::string folder = std::string(TUBAN_SOURCE_DIR) + "/tests/unit/io/project";

std::vector<fs::path> files_in(const std::string& name) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder + "/" + name)) {
        files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// A file of its own for one test, removed at its end.
class Written {
public:
    Written(const std::string& name, const std::string& text)
        : folder_(fs::temp_directory_path() / ("tuban_project_" + std::to_string(count_++))) {
        fs::create_directories(folder_);
        add(name, text);
    }

    ~Written() { fs::remove_all(folder_); }

    std::string add(const std::string& name, const std::string& text) {
        const fs::path path = folder_ / name;
        std::ofstream(path, std::ios::binary) << text;
        if (file_.empty()) {
            file_ = path.string();
        }
        return path.string();
    }

    [[nodiscard]] const std::string& file() const { return file_; }

private:
    static inline int count_ = 0;
    fs::path folder_;
    std::string file_;
};

Error error_of(const std::string& file) {
    try {
        static_cast<void>(read_project(file));
    } catch (const Error& error) {
        return error;
    }
    FAIL("no error for " << file);
    throw;
}

} // namespace

TEST_CASE("Each bad project file is refused at its line and column", "[io][project]") {
    const std::vector<fs::path> files = files_in("bad");
    REQUIRE(files.size() >= 25);
    for (const fs::path& path : files) {
        INFO(path.filename().string());
        // First line: "# 5:9 both: words of the message".
        std::ifstream stream(path);
        std::string head;
        std::getline(stream, head);
        const std::size_t colon = head.find(": ");
        const std::string place = head.substr(2, head.find(' ', 2) - 2);
        REQUIRE(colon != std::string::npos);
        const Error error = error_of(path.string());
        INFO(full_message(error).en);
        CHECK(error.code() == ErrorCode::invalid_project);
        CHECK(error.where().file == path.string());
        CHECK(
            std::to_string(error.where().line) + ":" + std::to_string(error.where().column) ==
            place
        );
        CHECK_THAT(error.message().en, ContainsSubstring(head.substr(colon + 2)));
        CHECK(error.message().zh != error.message().en);
    }
}

TEST_CASE("A project says how coordinates are to be read", "[io][project]") {
    const Project project = read_project(folder + "/good/shifts.yaml");
    const FileSpec& plots = project.plots.source;
    CHECK(plots.axes == Axes::yx);
    REQUIRE(plots.datum_shift);
    CHECK(plots.datum_shift->kind == DatumShift::Kind::helmert);
    CHECK(plots.datum_shift->convention == DatumShift::Convention::coordinate_frame);
    CHECK(plots.datum_shift->dx_m == 110.25);
    CHECK(plots.datum_shift->dy_m == -60.5);
    CHECK(plots.datum_shift->dz_m == -35.75);
    CHECK(plots.datum_shift->rx_arcsec == 1.2);
    CHECK(plots.datum_shift->ry_arcsec == -0.8);
    CHECK(plots.datum_shift->rz_arcsec == 2.5);
    CHECK(plots.datum_shift->scale_ppm == -3.1);
    REQUIRE(project.layers.size() == 1);
    const FileSpec& road = project.layers[0].source;
    CHECK_FALSE(road.axes);
    REQUIRE(road.datum_shift);
    CHECK(road.datum_shift->kind == DatumShift::Kind::plane);
    CHECK(road.datum_shift->dx_m == -1000.5);
    CHECK(road.datum_shift->rz_arcsec == 3.5);
    CHECK(road.datum_shift->target == "EPSG:4516");
    REQUIRE(project.layers[0].reference);
    CHECK(project.layers[0].reference->file == "right.gpkg");
    CHECK(project.layers[0].reference->axes == Axes::xy);
}

TEST_CASE("All errors of a file are told at once, in its order", "[io][project]") {
    const Written project(
        "p.yaml",
        "tuban: 1\nnaem: x\nplots: {fiel: a.shp}\nreport: {lang: fr}\n"
        "schedule: {periods: [2024, 2023], gap_pct: -1}\n"
    );
    const std::string message = full_message(error_of(project.file())).en;
    std::vector<std::string> lines;
    for (std::size_t at = 0; at != std::string::npos;) {
        const std::size_t end = message.find('\n', at);
        lines.push_back(message.substr(at, end - at));
        at = end == std::string::npos ? end : end + 1;
    }
    const std::vector<std::string> expected{
        ":2:1: naem: unknown key; did you mean name?",
        ":3:9: plots.fiel: unknown key; did you mean file?",
        ":4:16: report.lang: is \"fr\"; expected zh | en",
        ":5:28: schedule.periods[2]: year 2023 follows 2024",
        ":5:44: schedule.gap_pct: is \"-1\"; expected a number in [0, 100]"};
    REQUIRE(lines.size() == expected.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
        CHECK_THAT(lines[i], ContainsSubstring(project.file() + expected[i]));
    }
}

TEST_CASE("Codes stay text and numbers are exact", "[io][project]") {
    const Project project = read_project(folder + "/good/codes.yaml");
    CHECK(project.name == "2024");
    CHECK(project.plots.source.file == "011010.csv");
    CHECK(project.plots.fields.id == std::vector<std::string>{"TBBH", "011010"});
    CHECK(project.plots.fields.area_mu == "面积（亩）");
    CHECK(project.plots.fields.cost_yuan == "投资，元");
    REQUIRE(project.schedule);
    const std::vector<Requirement>& require = project.schedule->require;
    REQUIRE(require.size() == 3);
    CHECK(require[0].kind == RequirementKind::pin);
    CHECK(require[0].plots == std::vector<std::string>{"000123", "true"});
    CHECK(require[0].in == std::optional<std::string>("一期")); // a year alone in its period
    CHECK(require[1].by == std::optional<std::string>("二期"));
    REQUIRE(require[1].limits.size() == 2);
    CHECK(require[1].limits[1].relation == Relation::at_most);
    CHECK(require[1].limits[1].value == Decimal{25, 1});
    CHECK(require[1].name == "two-sided");
    CHECK(require[2].soft);
    REQUIRE(project.schedule->prefer.size() == 2);
    CHECK(project.schedule->prefer[0].kind == PreferenceKind::meet);
    CHECK(project.schedule->prefer[1].per_plot);
    CHECK(project.schedule->prefer[1].give_up_pct == Decimal{5, 1});
    REQUIRE(project.indicators);
    CHECK(project.indicators->empty());
}

TEST_CASE("A project file with every key gives the values it says", "[io][project]") {
    const std::string file = folder + "/good/full.yaml";
    const Project project = read_project(file);
    CHECK(project.name == "新疆托里县历史遗留矿山生态修复方案（2023—2025年）");
    CHECK(project.folder == folder + "/good");
    CHECK(project.plots.source.file == "plots.shp");
    CHECK(project.plots.source.layer == "plots");
    CHECK(project.plots.source.crs == std::optional<std::string>("EPSG:4516"));
    CHECK(project.plots.source.encoding == std::optional<std::string>("GBK"));
    CHECK(project.plots.fields.id == std::vector<std::string>{"TBBH"});
    CHECK(project.plots.fields.cost_wan_yuan == "投资");
    CHECK(project.plots.fields.responsible == "ZRR");
    REQUIRE(project.plots.joins.size() == 1);
    CHECK(project.plots.joins[0].source.file == "台账.xlsx");
    CHECK(project.plots.joins[0].source.layer == "图斑");
    CHECK(project.plots.joins[0].on == "TBBH");
    REQUIRE(project.layers.size() == 6);
    CHECK(project.layers[0].key == "road");
    CHECK(project.layers[5].class_name == "DLBM");
    REQUIRE(project.elevation);
    CHECK_THAT(project.elevation->vertical_error_m.value(), WithinAbs(5.0, 0.0));
    REQUIRE(project.indicators);
    REQUIRE(project.indicators->size() == 5);
    CHECK(project.indicators->at(0).layer == "road");
    CHECK(project.indicators->at(1).family == "share_within");
    CHECK(project.indicators->at(1).layer == "road");
    CHECK_THAT(project.indicators->at(1).within_m.value(), WithinAbs(1000.0, 0.0));
    CHECK(project.indicators->at(2).family == "clusters");
    CHECK_THAT(project.indicators->at(2).within_m.value(), WithinAbs(500.0, 0.0));
    CHECK_THAT(project.indicators->at(2).at_most_ha.value(), WithinAbs(200.0, 0.0));
    CHECK(project.indicators->at(2).barriers == std::vector<std::string>{"river", "railway"});
    CHECK(project.indicators->at(3).family == "packages");
    CHECK_THAT(project.indicators->at(3).at_least_km2.value(), WithinAbs(10.0, 0.0));
    CHECK_THAT(project.indicators->at(3).within_m.value(), WithinAbs(2000.0, 0.0));
    CHECK(project.indicators->at(3).barriers == std::vector<std::string>{"railway"});
    CHECK(project.indicators->at(4).family == "mines");
    REQUIRE(project.rules.gates.size() == 1);
    CHECK(project.rules.gates[0].when.text == "TBDL = '10' AND HFZLQK = 'A'");
    REQUIRE(project.rules.tiers.size() == 2);
    CHECK(project.rules.tiers[1].name == "超深、超大采坑");
    REQUIRE(project.rules.points.size() == 12); // ten of the pack, then two
    const PointRule& depth = project.rules.points.back();
    REQUIRE(depth.curve.size() == 3);
    CHECK(depth.of->text == "pit_depth_max_m");
    CHECK_THAT(depth.curve[2].first, WithinAbs(30.0, 0.0));
    CHECK(depth.curve[2].second == Decimal{20, 0});
    CHECK(project.report.county == "托里县");
}

TEST_CASE(
    "Requirements and preferences keep their words, years become periods", "[io][project]"
) {
    const Project project = read_project(folder + "/good/full.yaml");
    REQUIRE(project.schedule);
    const ScheduleRules& rules = *project.schedule;
    REQUIRE(rules.periods.size() == 3);
    CHECK(rules.periods[2].name == "2025—2026年");
    CHECK(rules.periods[2].years == std::vector<int>{2025, 2026});
    REQUIRE(rules.split);
    CHECK(rules.split->least_pct == 10);
    REQUIRE(rules.require.size() == 12);
    const auto requirement = [&](const std::string& id) {
        for (const Requirement& each : rules.require) {
            if (each.id == id) {
                return each;
            }
        }
        FAIL("no requirement " << id);
        throw;
    };
    CHECK(requirement("target").name == "下达目标");
    CHECK(requirement("target").limits[0].value == Decimal{19545, 2});
    CHECK_FALSE(requirement("target").in);
    CHECK(requirement("area-2024").in == std::optional<std::string>("2024"));
    CHECK(requirement("area-2024").limits[0].relation == Relation::equal);
    CHECK(requirement("area-2024").within == Decimal{5, 1});
    CHECK(requirement("area-2024c").by == std::optional<std::string>("2024"));
    CHECK(requirement("count-2023").kind == RequirementKind::count);
    CHECK(requirement("count-2023").quantity == "plots");
    CHECK(requirement("central").quantity == "中央资金");
    CHECK(requirement("town").filter->text == "town = '铁厂沟镇'");
    CHECK(requirement("finish").kind == RequirementKind::complete_by);
    CHECK(requirement("finish").period == "2024");
    CHECK(requirement("survey").kind == RequirementKind::not_before);
    CHECK(requirement("survey").period == "2025—2026年"); // 2025 opens it
    CHECK(requirement("begun").kind == RequirementKind::pin);
    CHECK(requirement("begun").plots == std::vector<std::string>{"CT6542242022000001001"});
    CHECK(requirement("one-year").kind == RequirementKind::together);
    CHECK(requirement("one-year").quantity == "mine_id");
    CHECK(requirement("even").soft);
    const std::vector<std::pair<PreferenceKind, std::string>> expected{
        {PreferenceKind::meet, "even"},
        {PreferenceKind::earliest, "score"},
        {PreferenceKind::together, "cluster_id"},
        {PreferenceKind::fewest_splits, "splits"},
        {PreferenceKind::least, "cost_yuan"}};
    REQUIRE(rules.prefer.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(rules.prefer[i].kind == expected[i].first);
        CHECK(rules.prefer[i].of == expected[i].second);
    }
    CHECK_THAT(rules.gap_pct.value(), WithinAbs(0.0, 0.0));
}

TEST_CASE("A project's rule takes the place of the pack's rule of that id", "[io][project]") {
    const Project project = read_project(folder + "/good/codes.yaml");
    std::vector<std::string> ids;
    for (const PointRule& rule : project.rules.points) {
        ids.push_back(rule.id);
    }
    CHECK(
        ids ==
        std::vector<std::string>{
            "natural", "assisted", "light", "medium", "key-area", "near-road", "extra"}
    );
    CHECK(project.rules.points[2].origin == Origin::pack);
    CHECK(project.rules.points[3].origin == Origin::project);
    CHECK(project.rules.points[3].points == Decimal{125, 1});
    CHECK(project.rules.points[6].origin == Origin::project);
    CHECK(project.rules.points[0].when->where.file == "<youhao-easy-first>");
}

TEST_CASE("A pack beside the project goes before a built-in one", "[io][project]") {
    Written project(
        "p.yaml", "tuban: 1\nname: x\nplots: {file: a.shp}\npack: toli-hazard-first\n"
    );
    const std::string before = read_project(project.file()).sha256;
    CHECK(read_project(project.file()).rules.points.size() == 10);
    const std::string pack = project.add(
        "toli-hazard-first.yaml", "tuban: 1\nrank: {gates: [{id: g, when: TRUE}]}\n"
    );
    const Project own = read_project(project.file());
    CHECK(own.rules.points.empty());
    REQUIRE(own.rules.gates.size() == 1);
    CHECK(own.rules.gates[0].when.where == Where{pack, 2, 30});
    CHECK(own.sha256 != before);
    project.add("toli-hazard-first.yaml", "tuban: 1\nrank: {gates: [{id: g, wehn: TRUE}]}\n");
    const Error error = error_of(project.file());
    CHECK(error.where() == Where{pack, 2, 24});
    project.add("toli-hazard-first.yaml", "tuban: 1\nrank: {gates: [{id: g, when: TRUE}]}\n");
    project.add(
        "p.yaml",
        "tuban: 1\nname: x\nplots: {file: a.shp}\npack: toli-hazard-first\n"
        "rank: {tiers: [{id: g, when: TRUE}]}\n"
    );
    CHECK_THAT(
        error_of(project.file()).message().en, ContainsSubstring("id g belongs to gates")
    );
}

TEST_CASE("A project sets the limit of repair and takes repairs by id", "[io][project]") {
    const Written project(
        "p.yaml",
        "tuban: 1\nname: x\nplots:\n  file: a.shp\n  repair: {limit_m2: 2.5, limit_pct: 1}\n"
        "  accept: [CT1, 000012]\n"
    );
    const PlotsSpec plots = read_project(project.file()).plots;
    CHECK(plots.repair.area_m2 == 2.5);
    CHECK(plots.repair.share_pct == 1.0);
    CHECK(plots.accept == std::vector<std::string>{"CT1", "000012"});
    const Written bare(
        "q.yaml", "tuban: 1\nname: x\nplots: {file: a.shp, repair: {limit_m2: 0}}\n"
    );
    CHECK(read_project(bare.file()).plots.repair.area_m2 == 0.0);
    CHECK(read_project(bare.file()).plots.repair.share_pct == 0.1);
}

TEST_CASE("A condition knows where its first character stands", "[io][project]") {
    const Written project(
        "p.yaml",
        "tuban: 1\nname: x\nplots: {file: a.shp}\nrank:\n  gates:\n"
        "    - {id: 一, when: plain > 1}\n"
        "    - {id: 二, when: 'single'}\n"
        "    - {id: 三, name: 道路两侧, when: \"double\"}\n"
        "    - id: 四\n      when: |\n\n        block\n"
    );
    const std::vector<Gate> gates = read_project(project.file()).rules.gates;
    REQUIRE(gates.size() == 4);
    CHECK(gates[0].when.where == Where{project.file(), 6, 21});
    CHECK(gates[1].when.where == Where{project.file(), 7, 22});
    CHECK(gates[2].when.where == Where{project.file(), 8, 34});
    CHECK(gates[3].when.where == Where{project.file(), 12, 9});
}

TEST_CASE("Known layers have a Chinese word, others the user's or their key", "[io][project]") {
    const Written project(
        "p.yaml",
        "tuban: 1\nname: x\nplots: {file: a.shp}\nlayers:\n"
        "  road: {file: a.gpkg, layer: roads, class: grade, where: \"grade <> '小路'\"}\n"
        "  school: {file: b.gpkg}\n  well: {file: c.gpkg, alias: 水井, id: no, name: mc}\n"
    );
    const std::vector<LayerSpec> layers = read_project(project.file()).layers;
    REQUIRE(layers.size() == 3);
    CHECK(layers[0].alias == "道路");
    CHECK(layers[0].class_name == "grade");
    CHECK(layers[0].source.layer == "roads");
    CHECK(layers[0].source.where == Where{project.file(), 5, 16});
    REQUIRE(layers[0].filter);
    CHECK(layers[0].filter->text == "grade <> '小路'");
    CHECK(layers[1].alias == "school");
    CHECK(layers[2].alias == "水井");
    CHECK(layers[2].id == "no");
}

TEST_CASE("Scheduling rules stand alone or under their key", "[io][project]") {
    const std::string inner = "periods: [2023, {name: 后期, years: [2024, 2025]}]\nunit: mine\n"
                              "split: {least_pct: 20}\nrequire: []\n";
    const Written alone("a.yaml", inner);
    const Written keyed("b.yaml", "schedule: {periods: [2023], gap_pct: 0.1}\n");
    const ScheduleRules rules = read_schedule_rules(alone.file());
    REQUIRE(rules.periods.size() == 2);
    CHECK(rules.periods[1].name == "后期");
    CHECK(rules.periods[1].years == std::vector<int>{2024, 2025});
    CHECK(rules.unit == UnitKind::mine);
    REQUIRE(rules.split);
    CHECK(rules.split->step_pct == 1);
    CHECK(rules.split->least_pct == 20);
    CHECK_FALSE(rules.gap_pct);
    CHECK_THAT(read_schedule_rules(keyed.file()).gap_pct.value(), WithinAbs(0.1, 0.0));
    const Written bad("c.yaml", "periods: [2023]\nunti: mine\n");
    CHECK_THROWS_AS(read_schedule_rules(bad.file()), Error);
}

TEST_CASE("A project file that is not there cannot be read", "[io][project]") {
    const Error error = error_of("no/such.yaml");
    CHECK(error.code() == ErrorCode::unreadable_input);
    CHECK_THAT(error.message().en, ContainsSubstring("no/such.yaml"));
    CHECK(error_of(folder).code() == ErrorCode::unreadable_input); // a folder
}

TEST_CASE("A project is known by the SHA-256 of its bytes", "[io][project]") {
    // FIPS 180-2 appendix B is over other bytes; this one is from coreutils' sha256sum.
    const Written project("p.yaml", "tuban: 1\nname: x\nplots: {file: a.shp}\n");
    const Project read = read_project(project.file());
    CHECK(read.text == "tuban: 1\nname: x\nplots: {file: a.shp}\n");
    CHECK(read.sha256 == "52098a65c659b624f57b698f1868b2e65ae0918830cbee1bedc17fa730546b87");
    CHECK(read.folder == fs::path(project.file()).parent_path().string());
    CHECK(read.report.table == "t1");
    CHECK_FALSE(read.indicators);
    CHECK_FALSE(read.schedule);
}

TEST_CASE("Uses to screen for are named, written out, or a pack's", "[io][project]") {
    const std::string head = "tuban: 1\nname: x\nplots: {file: a.shp}\n";
    const Written own(
        "p.yaml",
        head + "reuse:\n"
               "  - landfill\n"
               "  - {id: depot, name: 料场, basis: 示例, needs: [{when: \"area_ha >= 1\", "
               "name: 够大}]}\n"
    );
    const std::vector<ReuseOption> uses = read_project(own.file()).reuse;
    REQUIRE(uses.size() == 2);
    CHECK(uses[0].id == "landfill");
    CHECK(uses[0].name == "垃圾填埋场");
    CHECK(uses[0].origin == Origin::pack);
    CHECK(uses[0].needs.size() >= 4);
    CHECK_THAT(uses[0].basis, ContainsSubstring("示例"));
    CHECK(uses[1].id == "depot");
    CHECK(uses[1].origin == Origin::project);
    CHECK(uses[1].needs.at(0).name == "够大");
    CHECK(uses[1].needs.at(0).when.text == "area_ha >= 1");
    CHECK(uses[1].needs.at(0).when.where.line == 6);

    Written packed(
        "p.yaml", head + "pack: mine\nreuse: [{id: pond, needs: [{when: \"1 > 0\"}]}]\n"
    );
    packed.add(
        "mine.yaml",
        "tuban: 1\nrank: {points: []}\nreuse: [farm, {id: pond, needs: [{when: \"0 > 1\"}]}]\n"
    );
    const std::vector<ReuseOption> merged = read_project(packed.file()).reuse;
    REQUIRE(merged.size() == 2);
    CHECK(merged[0].id == "farm");
    CHECK(merged[1].id == "pond");
    CHECK(merged[1].needs.at(0).when.text == "1 > 0");
    CHECK(read_project(Written("p.yaml", head).file()).reuse.empty());
}

TEST_CASE("Uses that nobody knows, or that ask nothing, are refused", "[io][project]") {
    const std::string head = "tuban: 1\nname: x\nplots: {file: a.shp}\n";
    const auto refusal = [&](const std::string& reuse) {
        return error_of(Written("p.yaml", head + reuse).file()).message().en;
    };
    CHECK_THAT(refusal("reuse: [landfil]\n"), ContainsSubstring("did you mean landfill?"));
    CHECK_THAT(refusal("reuse: [{id: a, needs: []}]\n"), ContainsSubstring("reuse[1].needs"));
    CHECK_THAT(refusal("reuse: [{id: a}]\n"), ContainsSubstring("needs"));
    CHECK_THAT(refusal("reuse: [farm, farm]\n"), ContainsSubstring("there twice"));
}

TEST_CASE("Land stands in for layers that indicators name", "[io][project]") {
    const std::string head = "tuban: 1\nname: x\nplots: {file: a.shp}\n";
    const Written with(
        "p.yaml",
        head +
            "layers: {landuse: {file: dltb.shp, class: DLBM}}\n"
            "indicators: [river_distance_m, surround_class, {surroundings_within_m: 300}, {of: "
            "road, share_within_m: 500}]\n"
            "landcover: {file: c.tif, codes: [{value: 10, code: \"0301\"}]}\n"
    );
    const Project project = read_project(with.file());
    REQUIRE(project.indicators);
    REQUIRE(project.indicators->size() == 4);
    CHECK(project.indicators->at(0).layer == "river");
    CHECK(project.indicators->at(1).family == "surroundings");
    CHECK(project.indicators->at(2).within_m == 300.0);
    CHECK(project.indicators->at(3).layer == "road");
    REQUIRE(project.land_cover);
    CHECK(
        project.land_cover->codes == std::vector<std::pair<double, std::string>>{{10.0, "0301"}}
    );

    const Written without(
        "p.yaml", head + "layers: {road: {file: r.shp}}\nindicators: [river_distance_m]\n"
    );
    CHECK(error_of(without.file()).code() == ErrorCode::invalid_project);
    const Written wrong(
        "p.yaml", head + "landcover: {file: c.tif, codes: [{value: 10, code: \"0199\"}]}\n"
    );
    CHECK_THAT(error_of(wrong.file()).message().en, ContainsSubstring("no code of land 0199"));
}
