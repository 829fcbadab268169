#include <tuban/version.hpp>

#include "cli/arguments.hpp"
#include "core/format.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <memory>
#include <string_view>
#include <utility>

namespace tuban::cli {
namespace {

struct CommandWords {
    const char* name;
    Text does;
    const char* example;
};

const std::array<CommandWords, 7>& command_words() {
    static const std::array<CommandWords, 7> words = {
        {{"run",
          {"按项目文件做完整件事：读取、测量、排序、排期、写结果",
           "the whole job of a project: read, measure, rank, schedule, write"},
          "tuban run data/toli/toli.yaml -o out/toli"},
         {"check",
          {"检查一份图斑数据或一个项目的数据", "look a plot file or a project's data over"},
          "tuban check plots.shp --page 问题.html --fix 修复.gpkg"},
         {"measure",
          {"量一份图斑数据，不要项目文件", "measure a plot file without a project"},
          "tuban measure plots.shp --with road=roads.gpkg --dem dem.tif -o measured.csv"},
         {"schedule",
          {"只凭一张单元表排期", "schedule the rows of a table"},
          "tuban schedule units.csv rules.yaml -o plan.csv"},
         {"explain",
          {"说明一个图斑为什么排在这里", "why a plot is where it is"},
          "tuban explain out/toli/plan.gpkg CT6542242022000001001"},
         {"verify",
          {"用独立的代码重新核对一个计划", "check a plan again with independent code"},
          "tuban verify out/toli/plan.gpkg"},
         {"schema",
          {"输出项目文件的 JSON Schema（供编辑器用）或参考页",
           "print the project file's JSON Schema, or a reference page"},
          "tuban schema > tuban.schema.json"}}};
    return words;
}

/// What `tuban help schedule` says of the table's columns; docs/zh/unit-table.md says more.
const Text& unit_table_words() {
    static const Text words = {
        "单元表的列（第一行是列名，一行一个单元）：\n"
        "  unit_id         编号，必有；也可叫 单元编号、图斑编号、TBBH\n"
        "  area_ha         面积，公顷；或 area_m2（平方米）、area_mu（亩）；也可叫 面积(公顷) "
        "等\n"
        "  cost_wan_yuan   资金，万元；或 cost_yuan（元）；也可叫 资金(万元)、投资(万元) 等\n"
        "  score           得分，高的先排；也可叫 得分、分值\n"
        "  score@2023      某一期自己的得分；@ 后是期名，cost_yuan@2023 等同理\n"
        "  use@2023        某一期自己的任何数，供 earliest: use 之类引用\n"
        "  mine_id、town…  分组或相加用的任何列，规则里按列名引用\n"
        "空格按 0 计并提示；负的面积和资金不接受。详见 docs/zh/unit-table.md",
        "Columns of the table (the first line names them; a line is a unit):\n"
        "  unit_id         its id, required; plot_id and TBBH will do\n"
        "  area_ha         area in hectares; or area_m2, area_mu\n"
        "  cost_wan_yuan   cost in 10,000 yuan; or cost_yuan\n"
        "  score           the higher, the earlier\n"
        "  score@2023      the score in one period; after @ its name; likewise cost_yuan@2023\n"
        "  use@2023        any number of a period, for earliest: use and the like\n"
        "  mine_id, town … any column that the rules add up or group by, under its own name\n"
        "Empty cells count as 0 with a warning; negative areas and costs are refused. More: "
        "docs/en/unit-table.md"};
    return words;
}

[[noreturn]] void refuse(const Text& message) {
    throw Error(ErrorCode::invalid_argument, message);
}

/// The parser and the places it fills. Words for people come in one language, chosen before parsing.
class Parser {
public:
    explicit Parser(Language language) : language_(language) {
        app_.name("tuban");
        app_.description(
            say("图斑：历史遗留矿山图斑的量测、排序与分年排期",
                "tuban: measures, ranks and schedules land plots for restoration")
        );
        app_.require_subcommand(0, 1);
        app_.formatter(formatter_);
        if (language == Language::zh) {
            translate();
        }
        app_.set_help_flag("-h,--help", say("显示帮助", "show this help"));
        app_.add_flag("--version", show_version_, say("显示版本", "show the version"));
        const std::string own_group = app_.option_defaults()->get_group();
        app_.option_defaults()->group(common_group());
        add_common(app_);
        app_.option_defaults()->group(own_group); // commands take over what stands here
        for (const CommandWords& words : command_words()) {
            CLI::App* command = app_.add_subcommand(
                words.name, language == Language::zh ? words.does.zh : words.does.en
            );
            command->fallthrough();
            command->set_help_flag("-h,--help", say("显示帮助", "show this help"));
        }
        add_run();
        add_check();
        add_measure();
        add_rest();
        for (const CommandWords& words : command_words()) {
            tell_common(*app_.get_subcommand(words.name));
        }
    }

    Arguments parse(const std::vector<std::string>& words) {
        std::vector<std::string> reversed(
            words.rbegin(), words.rend()
        ); // CLI11 takes them from the back
        try {
            app_.parse(reversed);
        } catch (const CLI::CallForHelp&) {
            return {common(), PrintArguments{help(chosen())}};
        } catch (const CLI::ParseError& error) {
            refuse_parse(error);
        }
        if (show_version_) {
            return {common(), PrintArguments{format("tuban {}\n", version())}};
        }
        if (chosen().empty()) {
            return {common(), PrintArguments{help("")}};
        }
        return {common(), command()};
    }

    [[nodiscard]] std::string help(const std::string& name) {
        if (name.empty()) {
            return app_.help();
        }
        const auto& all = command_words();
        const auto* const words =
            std::find_if(all.begin(), all.end(), [&](const CommandWords& w) {
                return w.name == name;
            });
        return say("例：", "Example: ") + std::string(words->example) + "\n\n" +
               app_.get_subcommand(name)->help("tuban");
    }

private:
    [[nodiscard]] std::string say(const char* zh, const char* en) const {
        return language_ == Language::zh ? zh : en;
    }

    /// The words that CLI11 puts into help by itself, in Chinese.
    void translate() {
        const std::array<std::pair<const char*, const char*>, 9> labels{
            {{"Usage", "用法"},
             {"OPTIONS", "选项"},
             {"SUBCOMMAND", "命令"},
             {"SUBCOMMANDS", "命令"},
             {"Positionals", "参数"},
             {"REQUIRED", "（必填）"},
             {"TEXT", "文字"},
             {"INT", "整数"},
             {"UINT", "整数"}}};
        for (const auto& [english, chinese] : labels) {
            formatter_->label(english, chinese);
        }
        app_.option_defaults()->group("选项");
    }

    [[nodiscard]] std::string chosen() const {
        const auto commands = app_.get_subcommands();
        return commands.empty() ? "" : commands.front()->get_name();
    }

    [[nodiscard]] std::string common_group() const { return say("通用选项", "Common options"); }

    void add_common(CLI::App& app) {
        app.add_option("--lang", lang_, say("提示的语言", "language of messages"))
            ->check(CLI::IsMember({"zh", "en"}))
            ->option_text("zh | en");
        app.add_option("--threads", common_.threads, say("线程数，0 为全部", "threads, 0: all"))
            ->check(CLI::Range(0, 1024))
            ->option_text(say("整数", "INT"));
        app.add_option(
               "--progress",
               progress_,
               say("进度写到标准错误；auto 在终端上画进度条，别处每半分钟写一行",
                   "progress on standard error; auto: a bar on a terminal, a line every half "
                   "minute elsewhere")
        )
            ->check(CLI::IsMember({"auto", "bar", "json", "none"}))
            ->option_text("auto | bar | json | none");
        app.add_option("--seed", common_.seed, say("随机种子", "seed of the solver"))
            ->check(CLI::Range(std::int64_t{0}, std::int64_t{2'147'483'647}))
            ->option_text(say("整数", "INT"));
        app.add_flag(
            "-q,--quiet",
            common_.quiet,
            say("少说话：只出结果和错误；check 只列错误、警告和结论",
                "say less: results and errors only; of check errors, warnings and the verdict")
        );
        app.add_flag(
            "--json",
            common_.json,
            say("结果（和错误）用 JSON 写到标准输出", "answer, and errors, as JSON on stdout")
        );
    }

    /// Every command takes the common options, so its help lists them, before the words at its end.
    void tell_common(CLI::App& command) const {
        std::vector<const CLI::Option*> common;
        for (const CLI::Option* option : app_.get_options()) {
            if (option->get_group() == common_group()) {
                common.push_back(option);
            }
        }
        std::string words = formatter_->make_group(common_group(), false, common);
        words.erase(0, words.find_first_not_of('\n'));
        const std::string own = command.get_footer();
        command.footer(own.empty() ? words : words + "\n" + own);
    }

    void add_run() {
        CLI::App* command = app_.get_subcommand("run");
        command
            ->add_option("PROJECT", run_.project, say("项目文件 .yaml", "project file, .yaml"))
            ->required();
        command->add_option(
            "-o,--out", run_.out, say("结果文件夹，默认 out", "result folder, default out")
        );
        command->add_option("--until", until_, "measure | rank | schedule")
            ->check(CLI::IsMember({"measure", "rank", "schedule"}));
        command->add_flag(
            "--relax",
            run_.relax,
            say("无解时写出放宽最少的计划", "if infeasible, write the least relaxed plan")
        );
        command->add_flag(
            "--strict",
            run_.strict,
            say("数据有错误或警告就不写结果，以 5 结束",
                "write nothing and end with 5 if the data have errors or warnings")
        );
    }

    void add_axes(CLI::App& command, std::optional<Axes>& axes) const {
        command
            .add_option_function<std::string>(
                "--axes",
                [&axes](const std::string& word) { axes = word == "yx" ? Axes::yx : Axes::xy; },
                say("坐标的次序：xy 先东（经度），yx 先北（纬度）",
                    "order of coordinates: xy east (longitude) first, yx north (latitude) first"
                )
            )
            ->check(CLI::IsMember({"xy", "yx"}))
            ->option_text("xy | yx");
    }

    void add_check() {
        CLI::App* command = app_.get_subcommand("check");
        command
            ->add_option("FILE", check_.file, say("图斑数据或项目文件", "plot file or project"))
            ->required();
        command->add_option(
            "--layer,--sheet",
            check_.options.layer,
            say("图层名，或工作簿的表名", "layer, or sheet of a workbook")
        );
        command->add_option("--id", check_.options.id, say("编号列", "id column"));
        command->add_option(
            "--fix",
            check_.options.fix,
            say("把修复后的图斑、修复台账和问题写成一个 .gpkg（坐标系 EPSG:4490）",
                "write the repaired plots, the ledger of repairs and the issues to a .gpkg (in "
                "EPSG:4490)")
        );
        command->add_option(
            "--page",
            check_.options.page,
            say("把结果写成一个不联网的网页 .html，带问题地图",
                "write the findings to one offline page, .html, with a map of the problems")
        );
        command->add_option(
            "--crs", check_.options.crs, say("坐标系，如 EPSG:4516", "CRS, such as EPSG:4516")
        );
        add_axes(*command, check_.options.axes);
        command->add_option(
            "--encoding",
            check_.options.encoding,
            say("文字编码，如 GBK", "encoding, such as GBK")
        );
        command->add_option(
            "--boundary",
            check_.options.boundary,
            say("县界，如 counties.gpkg[:图层]；核对图斑落在哪个县",
                "county polygons, counties.gpkg[:layer], to see which county each plot lies in")
        );
        command->add_option(
            "--boundary-code",
            check_.options.boundary_code,
            say("县界里写县代码的列；不写则找 adcode、XZQDM、code",
                "the boundary's column of county codes; without it adcode, XZQDM or code")
        );
        command->add_flag(
            "--strict", check_.strict, say("有警告也算不通过", "warnings fail too")
        );
    }

    void add_measure() {
        CLI::App* command = app_.get_subcommand("measure");
        command->add_option("FILE", measure_.file, say("图斑数据", "plot file"))->required();
        command->add_option(
            "--layer,--sheet",
            measure_.layer,
            say("图层名，或工作簿的表名", "layer, or sheet of a workbook")
        );
        command->add_option("--id", measure_.id, say("编号列", "id column"));
        command->add_option("--with", measure_.with, "road=roads.gpkg[:layer]");
        command->add_option("--dem", measure_.dem, say("高程栅格", "elevation raster"));
        command->add_option("--indicators", measure_.indicators, "a,b")->delimiter(',');
        command->add_option(
            "--crs", measure_.crs, say("坐标系，如 EPSG:4516", "CRS, such as EPSG:4516")
        );
        add_axes(*command, measure_.axes);
        command->add_option(
            "--encoding", measure_.encoding, say("文字编码，如 GBK", "encoding, such as GBK")
        );
        command->add_option(
            "-o,--out",
            measure_.out,
            say("写到文件：.csv | .gpkg | .geojson | .json；不写则 CSV 到标准输出。含中文的 "
                ".csv "
                "带 BOM，Excel 直接打开不乱码",
                "write a file: .csv | .gpkg | .geojson | .json; without it CSV goes to "
                "standard "
                "output. A .csv with Chinese in it starts with a BOM, for Excel")
        );
    }

    void add_rest() {
        CLI::App* command = app_.get_subcommand("schedule");
        command
            ->add_option(
                "UNITS",
                schedule_.units,
                say("单元表 .csv 或 .xlsx", "table of units, .csv or .xlsx")
            )
            ->required();
        command
            ->add_option(
                "RULES",
                schedule_.rules,
                say("schedule 一节 .yaml", "the schedule block, .yaml")
            )
            ->required();
        command->add_option(
            "--sheet", schedule_.sheet, say("工作簿里的哪张表", "which sheet of a workbook")
        );
        command->add_option(
            "-o,--out",
            schedule_.out,
            say("把计划写到 .csv 文件；不写则到标准输出",
                "write the plan to a .csv file; without it, to standard output")
        );
        command->add_flag(
            "--relax",
            schedule_.relax,
            say("无解时给出放宽最少的计划", "if infeasible, the least relaxed plan")
        );
        command->footer(
            language_ == Language::zh ? unit_table_words().zh : unit_table_words().en
        );
        command = app_.get_subcommand("explain");
        command->add_option("PLAN", explain_.plan, "plan.gpkg")->required();
        command->add_option("PLOT_ID", explain_.plot_id, say("图斑编号", "plot id"))
            ->required();
        command = app_.get_subcommand("verify");
        command->add_option("PLAN", verify_.plan, "plan.gpkg")->required();
        command = app_.get_subcommand("schema");
        command
            ->add_option(
                "--reference",
                schema_.reference,
                say("参考页：keys 项目的键 | profile 三区两线方案 | columns 指标列 | issues "
                    "数据问题 | check 检查结果的 JSON（profile、check 再加 --json 给出 JSON "
                    "Schema）",
                    "reference page: keys of a project | profile of 三区两线 | columns "
                    "measured "
                    "| issues of data | check: its JSON (profile and check with --json: the "
                    "JSON Schema)")
            )
            ->check(CLI::IsMember({"keys", "profile", "columns", "issues", "check"}));
    }

    [[nodiscard]] Common common() const {
        Common common = common_;
        common.language = language_;
        const std::map<std::string, ProgressStyle> styles = {
            {"auto", ProgressStyle::automatic},
            {"bar", ProgressStyle::bar},
            {"json", ProgressStyle::json},
            {"none", ProgressStyle::none},
        };
        common.progress = styles.at(progress_);
        return common;
    }

    [[nodiscard]] Command command() {
        const std::map<std::string, Until> stops = {
            {"", Until::report},
            {"measure", Until::measure},
            {"rank", Until::rank},
            {"schedule", Until::schedule},
        };
        run_.until = stops.at(until_);
        if (!until_.empty() && chosen() == "run" &&
            app_.get_subcommand("run")->count("-o") > 0) {
            refuse(text(
                "--until {} 不写结果文件夹，与 -o 不能同用；去掉 -o，表格在标准输出",
                "--until {} writes no result folder and cannot be used with -o: leave -o out, "
                "the table goes to standard output",
                until_
            ));
        }
        const std::map<std::string, Command> commands = {
            {"run", run_},
            {"check", check_},
            {"measure", measure_},
            {"schedule", schedule_},
            {"explain", explain_},
            {"verify", verify_},
            {"schema", schema_},
        };
        return commands.at(chosen());
    }

    [[noreturn]] void refuse_parse(const CLI::ParseError& error) {
        const Text words = words_of(error);
        const std::string see = chosen().empty() ? "tuban --help" : "tuban help " + chosen();
        refuse({format("{}（用法见 {}）", words.zh, see), format("{} (see {})", words.en, see)}
        );
    }

    /// What CLI11 found, in words of ours: its own are English and name no remedy.
    [[nodiscard]] Text words_of(const CLI::ParseError& error) const {
        const std::string what = error.what();
        if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
            return words_of_extras();
        }
        if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
            const std::string name = what.substr(0, what.find(' '));
            const CLI::Option* option = option_of(name);
            const std::string meaning = option == nullptr ? "" : option->get_description();
            return text("缺少 {0}（{1}）", "{0} is missing ({1})", name, meaning);
        }
        if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
            const std::string name = what.substr(0, what.find(':'));
            return text("{} 后面缺少值", "{} needs a value", name);
        }
        if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr) {
            const std::string given = what.substr(what.find(':') + 1);
            return text("应当是数：{}", "a number is expected:{}", given);
        }
        if (dynamic_cast<const CLI::ValidationError*>(&error) != nullptr) {
            return words_of_range(what);
        }
        return {"命令行有误：" + what, what};
    }

    /// "{xy,yx}" as "xy, yx".
    [[nodiscard]] static std::string members(const std::string& set) {
        std::string list;
        for (const char c : set) {
            list += c == ',' ? ", " : c == '{' || c == '}' ? "" : std::string(1, c);
        }
        return list;
    }

    /// "--threads: Value -1 not in range 0 to 1024", "--lang: fr not in {zh,en}".
    [[nodiscard]] static Text words_of_range(const std::string& what) {
        const std::size_t colon = what.find(": ");
        const std::string name = what.substr(0, colon);
        const std::string rest = colon == std::string::npos ? what : what.substr(colon + 2);
        constexpr std::string_view range = " not in range ";
        constexpr std::string_view set = " not in ";
        if (const std::size_t at = rest.find(range); at != std::string::npos) {
            const std::string ends = rest.substr(at + range.size());
            const std::size_t to = ends.find(" to ");
            const std::string value = rest.substr(rest.find(' ') + 1);
            return text(
                "{0} 的值 {1} 不对，应在 {2} 与 {3} 之间",
                "{0}: {1} is not between {2} and {3}",
                name,
                value.substr(0, value.find(' ')),
                ends.substr(0, to),
                to == std::string::npos ? "" : ends.substr(to + 4)
            );
        }
        if (const std::size_t at = rest.find(set); at != std::string::npos) {
            return text(
                "{0} 的值“{1}”不对，应为 {2} 之一",
                "{0}: \"{1}\" is not one of {2}",
                name,
                rest.substr(0, at),
                members(rest.substr(at + set.size()))
            );
        }
        return text("{0} 的值不对：{1}", "{0}: {1}", name, rest);
    }

    [[nodiscard]] Text words_of_extras() const {
        const std::vector<std::string> extras = app_.remaining(true);
        const auto option = std::find_if(extras.begin(), extras.end(), [](const auto& word) {
            return word.starts_with('-');
        });
        if (option == extras.end()) {
            const std::string extra = extras.empty() ? "" : extras.front();
            return text("多出一个参数“{}”", "one argument too many: \"{}\"", extra);
        }
        const std::string name = option->substr(0, option->find('='));
        const auto near = nearest_name(name, option_names());
        return near ? text(
                          "没有选项 {0}，是不是 {1}？",
                          "there is no option {0}; did you mean {1}?",
                          name,
                          *near
                      )
                    : text("没有选项 {}", "there is no option {}", name);
    }

    [[nodiscard]] std::vector<const CLI::App*> apps() const {
        std::vector<const CLI::App*> all{&app_};
        for (const CLI::App* command : app_.get_subcommands()) {
            all.push_back(command);
        }
        return all;
    }

    /// "--lang", "-o" …: what the chosen command takes.
    [[nodiscard]] std::vector<std::string> option_names() const {
        std::vector<std::string> names;
        for (const CLI::App* app : apps()) {
            for (const CLI::Option* option : app->get_options()) {
                add_prefixed("--", option->get_lnames(), names);
                add_prefixed("-", option->get_snames(), names);
            }
        }
        return names;
    }

    static void add_prefixed(
        const std::string& prefix,
        const std::vector<std::string>& bare,
        std::vector<std::string>& names
    ) {
        for (const std::string& name : bare) {
            names.push_back(prefix + name);
        }
    }

    [[nodiscard]] const CLI::Option* option_of(const std::string& name) const {
        for (const CLI::App* app : apps()) {
            if (const CLI::Option* option = app->get_option_no_throw(name)) {
                return option;
            }
        }
        return nullptr;
    }

    Language language_;
    std::shared_ptr<CLI::Formatter> formatter_ = std::make_shared<CLI::Formatter>();
    CLI::App app_;
    Common common_;
    std::string lang_;
    std::string progress_ = "auto";
    std::string until_;
    bool show_version_ = false;
    RunArguments run_;
    CheckArguments check_;
    MeasureArguments measure_;
    ScheduleArguments schedule_;
    ExplainArguments explain_;
    VerifyArguments verify_;
    SchemaArguments schema_;
};

void refuse_unknown_command(const std::string& name) {
    std::vector<std::string> known{"help"};
    for (const CommandWords& words : command_words()) {
        known.emplace_back(words.name);
    }
    if (std::find(known.begin(), known.end(), name) != known.end()) {
        return;
    }
    const auto near = nearest_name(name, known);
    refuse(text(
        "没有命令 {}{}；用法见 tuban --help",
        "there is no command {}{}; see tuban --help",
        name,
        near ? format(" → {}?", *near) : std::string{}
    ));
}

std::string environment(const char* name) {
    const char* const value =
        std::getenv(name); // NOLINT(concurrency-mt-unsafe): before any thread
    return value == nullptr ? "" : value;
}

} // namespace

Language language_of(const std::vector<std::string>& words) {
    std::string asked;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "--lang" && i + 1 < words.size()) {
            asked = words[i + 1];
        } else if (words[i].starts_with("--lang=")) {
            asked = words[i].substr(7);
        }
    }
    for (const char* name : {"TUBAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"}) {
        if (asked.empty()) {
            asked = environment(name);
        }
    }
    // "C" and "POSIX" name no language.
    const bool unsaid =
        asked.empty() || asked.starts_with("C.") || asked == "C" || asked == "POSIX";
    return unsaid || asked.starts_with("zh") ? Language::zh : Language::en;
}

bool wants_json(const std::vector<std::string>& words) {
    return std::find(words.begin(), words.end(), "--json") != words.end();
}

Arguments parse_command_line(const std::vector<std::string>& words) {
    const Language language = language_of(words);
    if (!words.empty() && !words.front().starts_with('-')) {
        refuse_unknown_command(words.front());
    }
    Parser parser(language);
    if (!words.empty() && words.front() == "help") {
        Common common;
        common.language = language;
        std::string name = words.size() > 1 && !words[1].starts_with('-') ? words[1] : "";
        if (!name.empty()) {
            refuse_unknown_command(name);
        }
        return {common, PrintArguments{parser.help(name == "help" ? "" : name)}};
    }
    return parser.parse(words);
}

} // namespace tuban::cli
