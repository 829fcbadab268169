#include "core/format.hpp"
#include "core/parallel.hpp"
#include "indicators/families.hpp"
#include "indicators/land_use.hpp"
#include "indicators/own_columns.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace tuban {
namespace {

/// Columns that the plots' attributes hold under names of ours; all of them are in every table.
struct Standard {
    std::string_view name;
    std::string_view alias;
    std::string_view unit;
    ColumnType type;
};

constexpr std::array<Standard, 6> standard = {
    Standard{"mine_id", "主体编号", "", ColumnType::text},
    Standard{"name", "名称", "", ColumnType::text},
    Standard{"town", "乡镇", "", ColumnType::text},
    Standard{"mode", "修复方式", "", ColumnType::text},
    Standard{"responsible", "责任单位", "", ColumnType::text},
    Standard{"cost_yuan", "资金", "yuan", ColumnType::integer}};

Column empty_column(const Standard& known, std::size_t rows) {
    const std::string name(known.name);
    const std::string alias(known.alias);
    if (known.type == ColumnType::integer) {
        return integer_column(
            name, alias, std::string(known.unit), std::vector<std::optional<std::int64_t>>(rows)
        );
    }
    return text_column(name, alias, std::vector<std::optional<std::string>>(rows));
}

void put_standard(Table& table, const Plots& plots) {
    std::vector<std::optional<std::string>> ids(plots.ids.begin(), plots.ids.end());
    table.put(text_column("plot_id", "图斑编号", ids));
    for (const Standard& known : standard) {
        const Column* given = plots.attributes.find(known.name);
        Column column = empty_column(known, plots.size());
        if (given != nullptr && given->type() == known.type) {
            column.values = given->values;
            column.valid = given->valid;
        } else if (given != nullptr) {
            throw Error(
                ErrorCode::invalid_argument,
                text(
                    "列 {} 的类型不对",
                    "the column {} has the wrong type",
                    std::string(known.name)
                )
            );
        }
        table.put(std::move(column));
    }
}

bool is_standard(std::string_view name) {
    return name == "plot_id" || name == "given_area_m2" ||
           std::any_of(standard.begin(), standard.end(), [&](const Standard& known) {
               return known.name == name;
           });
}

bool is_taken(const Table& table, std::string_view name) {
    const auto same = [&](const auto& other) { return indicators::same_column(other, name); };
    return is_own_column(name) ||
           std::any_of(table.columns.begin(), table.columns.end(), [&](const Column& column) {
               return same(column.name);
           });
}

void put_source(Table& table, const Table& attributes) {
    for (const Column& column : attributes.columns) {
        if (is_standard(column.name)) {
            continue;
        }
        Column own = column;
        while (is_taken(table, own.name)) {
            own.name = "src_" + own.name;
        }
        table.put(std::move(own));
    }
}

const IndicatorFamily& family_of(const IndicatorRequest& request) {
    const auto& families = indicator_registry();
    const auto found =
        std::find_if(families.begin(), families.end(), [&](const IndicatorFamily& family) {
            return family.name == request.family;
        });
    if (found == families.end()) {
        std::vector<std::string> known;
        known.reserve(families.size());
        for (const IndicatorFamily& family : families) {
            known.push_back(family.name);
        }
        const auto near = nearest_name(request.family, known);
        throw Error(
            ErrorCode::invalid_project,
            text(
                "没有指标族 {}{}",
                "there is no family of indicators {}{}",
                request.family,
                near ? format(" (→ {}?)", *near) : std::string()
            )
        );
    }
    return *found;
}

/// Whether a family's columns have names of their own for each request.
bool is_once(const IndicatorRequest& request) {
    return request.family == "clusters" || request.family == "packages" ||
           request.family == "surroundings";
}

[[noreturn]] void refuse_second(const IndicatorRequest& first, const IndicatorRequest& second) {
    if (first.family == "surroundings") {
        throw Error(
            ErrorCode::invalid_project,
            text(
                "周边地类只能按一个图层和一个距离量：{} {} 米或 {} {} 米",
                "surroundings can be measured in one layer and within one distance only: "
                "{} {} m or {} {} m",
                first.layer,
                first.within_m.value_or(0.0),
                second.layer,
                second.within_m.value_or(0.0)
            )
        );
    }
    if (first.within_m == second.within_m) {
        throw Error(
            ErrorCode::invalid_project,
            {"片区（或集中连片区）只能按一种条件划分：屏障和面积不一致",
             "clusters and packages can be made in one way only: barriers or areas differ"}
        );
    }
    throw Error(
        ErrorCode::invalid_project,
        text(
            "片区只能按一个距离划分：{} 米或 {} 米",
            "clusters can be made with one distance only: {} m or {} m",
            first.within_m.value_or(0.0),
            second.within_m.value_or(0.0)
        )
    );
}

/// What a request leaves open is taken from another of the same family: a column named beside {surroundings_within_m: 300}.
void complete(IndicatorRequest& one, IndicatorRequest& other) {
    if (one.family != "surroundings") {
        return;
    }
    for (IndicatorRequest* request : {&one, &other}) {
        const IndicatorRequest& from = request == &one ? other : one;
        request->layer = request->layer.empty() ? from.layer : request->layer;
        request->within_m = request->within_m ? request->within_m : from.within_m;
    }
}

/// What is measured: areas and perimeter first and always, then the rest in the order asked, each once.
std::vector<IndicatorRequest> to_measure(const std::vector<IndicatorRequest>& requests) {
    std::vector<IndicatorRequest> wanted = {
        {"area", "", std::nullopt}, {"perimeter", "", std::nullopt}};
    for (IndicatorRequest request : requests) {
        const bool once = is_once(request);
        const auto same =
            std::find_if(wanted.begin(), wanted.end(), [&](const IndicatorRequest& other) {
                return request == other || (once && request.family == other.family);
            });
        if (same == wanted.end()) {
            wanted.push_back(std::move(request));
            continue;
        }
        complete(*same, request);
        if (!(*same == request)) {
            refuse_second(*same, request);
        }
    }
    return wanted;
}

void check_elevation(const IndicatorFamily& family, const Context& context) {
    if (family.needs == IndicatorNeeds::elevation && context.elevation == nullptr) {
        throw Error(
            ErrorCode::invalid_project,
            text(
                "指标 {} 需要高程数据；请在项目中写 elevation: {{file: …}}",
                "the indicator {} needs heights: give elevation: {{file: …}}",
                family.columns[0].name
            )
        );
    }
}

/// One request per layer for a family that needs one, else one; none if its inputs are not there.
std::vector<IndicatorRequest>
requests_of(const IndicatorFamily& family, const Context& context) {
    std::vector<IndicatorRequest> requests;
    if (family.needs == IndicatorNeeds::layer) {
        for (const auto& [key, source] : context.layers) {
            requests.push_back({family.name, key, std::nullopt});
        }
        return requests;
    }
    if (family.needs == IndicatorNeeds::land_classes) {
        const std::string land(land_layer);
        if (context.layers.contains(land)) {
            requests.push_back({family.name, land, std::nullopt});
        } else if (context.land_cover.raster != nullptr) {
            requests.push_back({family.name, "", std::nullopt});
        }
        return requests;
    }
    if (family.needs != IndicatorNeeds::elevation || context.elevation != nullptr) {
        requests.push_back({family.name, "", std::nullopt});
    }
    return requests;
}

} // namespace

std::vector<IndicatorRequest> default_indicators(const Context& context) {
    std::vector<IndicatorRequest> requests;
    for (const IndicatorFamily& family : indicator_registry()) {
        if (!family.by_default) {
            continue;
        }
        const auto asked = requests_of(family, context);
        requests.insert(requests.end(), asked.begin(), asked.end());
    }
    return requests;
}

Measured measure(
    const Plots& plots,
    const Context& context,
    const std::vector<IndicatorRequest>& requests,
    const Execution& execution
) {
    const std::vector<IndicatorRequest> wanted = to_measure(requests);
    for (const IndicatorRequest& request : wanted) { // refuse before the first long pass
        check_elevation(family_of(request), context);
    }
    Measured measured;
    put_standard(measured.table, plots);
    const auto total = static_cast<double>(wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto done = static_cast<double>(i);
        const IndicatorFamily& family = family_of(wanted[i]);
        auto columns = family.measure(
            plots,
            context,
            wanted[i],
            measured.issues,
            part_of(execution, done / total, (done + 1.0) / total)
        );
        for (Column& column : columns) {
            measured.table.put(std::move(column));
        }
    }
    indicators::suggest_directions(measured.table);
    put_source(measured.table, plots.attributes);
    return measured;
}

std::vector<Issue> measure_clusters(
    Table& table,
    EligiblePlots eligible,
    const Context& context,
    const std::vector<IndicatorRequest>& requests,
    const Execution& execution
) {
    const Column& area = table.at("area_m2");
    eligible.counted_dm2.assign(eligible.plots.size(), std::nullopt);
    for (std::size_t row = 0; row < eligible.plots.size(); ++row) {
        if (const auto area_m2 = area.number(row)) {
            eligible.counted_dm2[row] = area_dm2(*area_m2);
        }
    }
    std::vector<Issue> issues;
    const std::vector<IndicatorRequest> wanted = to_measure(requests);
    const auto total = static_cast<double>(wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const IndicatorFamily& family = family_of(wanted[i]);
        if (family.measure_eligible == nullptr) {
            continue;
        }
        const auto done = static_cast<double>(i);
        const Execution part = part_of(execution, done / total, (done + 1.0) / total);
        for (Column& column :
             family.measure_eligible(eligible, context, wanted[i], issues, part)) {
            table.put(std::move(column));
        }
    }
    return issues;
}

} // namespace tuban
