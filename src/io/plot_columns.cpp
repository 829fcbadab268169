#include "io/plot_columns.hpp"

#include "core/format.hpp"
#include "core/int128.hpp"
#include "indicators/own_columns.hpp"
#include "io/column_finder.hpp"
#include "io/national_id.hpp"
#include "io/national_values.hpp"
#include "io/row_words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <set>
#include <utility>

namespace tuban {
namespace {

constexpr std::size_t plot_digits = 3; ///< of a national plot id, after those of its mine

std::int64_t half_up(Int128 dividend, Int128 divisor) { // both >= 0
    return static_cast<std::int64_t>((2 * dividend + divisor) / (2 * divisor));
}

class Builder {
public:
    Builder(const Rows& rows, const Source& source, const PlotFields& fields)
        : rows_(rows), source_(source), fields_(fields), finder_(rows, source) {}

    PlotColumns build() {
        result_.attributes.rows = rows_.table.rows;
        ids();
        mines();
        words("name", "名称", fields_.name, "KSWZ");
        words("town", "乡镇", fields_.town, "XIANG");
        modes();
        words("responsible", "责任人", fields_.responsible, "ZRR");
        costs();
        areas();
        source_columns();
        return std::move(result_);
    }

private:
    Issue
    issue(Severity severity, const char* code, std::optional<std::size_t> row = {}) const {
        Issue made;
        made.severity = severity;
        made.code = code;
        made.file = source_.spec.file;
        made.layer = source_.layer_name;
        if (row) {
            made.row = static_cast<std::int64_t>(*row) + 1;
            made.plot_id = row < result_.ids.size() ? result_.ids[*row] : "";
        }
        return made;
    }

    [[nodiscard]] const Column& require(const std::string& name) const {
        return finder_.require(name, fields_.places);
    }

    /// The named column, or the schema's where none is named.
    const Column* column(const std::string& named, const char* otherwise) const {
        return named.empty() ? finder_.find(otherwise) : &require(named);
    }

    static std::optional<std::string> word(const Column* column, std::size_t row) {
        if (column == nullptr || column->valid[row] == 0) {
            return std::nullopt;
        }
        std::string cell;
        if (const auto* texts = std::get_if<std::vector<std::string>>(&column->values)) {
            cell = trimmed_view((*texts)[row]);
        } else {
            cell = column->text(row).value_or("");
        }
        return cell.empty() ? std::nullopt : std::optional(std::move(cell));
    }

    /// Cells of this kind are made one by one; blank is absent.
    static void put(Column& column, std::size_t row, std::optional<std::string> cell) {
        if (cell) {
            std::get<std::vector<std::string>>(column.values)[row] = *std::move(cell);
            column.valid[row] = 1;
        }
    }

    [[nodiscard]] Column texts(const char* name, const char* alias) const {
        const std::size_t rows = rows_.table.rows;
        return {
            name, alias, "", std::vector<std::string>(rows), std::vector<std::uint8_t>(rows)};
    }

    void ids() {
        std::vector<const Column*> columns;
        for (const std::string& name : fields_.id) {
            columns.push_back(&require(name));
        }
        if (columns.empty()) {
            id_ = finder_.find("TBBH");
            columns.push_back(id_);
        }
        std::vector<std::size_t> without;
        std::size_t normalised = 0;
        std::string example;
        for (std::size_t row = 0; row < rows_.table.rows; ++row) {
            std::optional<std::string> id;
            for (std::size_t i = 0; i < columns.size() && !id; ++i) {
                id = word(columns[i], row);
            }
            if (!id) {
                without.push_back(row);
            }
            std::string normal = normal_plot_id(id.value_or(""));
            if (id && normal != *id) {
                example = ++normalised == 1 ? format("“{}” → {}", *id, normal) : example;
                id = std::move(normal);
            }
            result_.ids.push_back(id ? *std::move(id) : format("row-{:06}", row + 1));
        }
        if (!without.empty()) {
            tell_without_id(without, columns.front() != nullptr);
        }
        if (normalised > 0) {
            Issue made = issue(Severity::note, "id_normalised");
            made.message = text(
                "{} 个图斑编号去掉了空格，或把全角、小写改成了标准写法：{}",
                "{} plot ids were put in the standard form (spaces, full-width and lower-case "
                "characters): {}",
                normalised,
                example
            );
            result_.issues.push_back(std::move(made));
        }
        result_.attributes.put(
            {"plot_id",
             "图斑编号",
             "",
             result_.ids,
             std::vector<std::uint8_t>(result_.ids.size(), 1)}
        );
    }

    void tell_without_id(const std::vector<std::size_t>& rows, bool has_column) {
        Issue made = issue(Severity::warning, "no_id");
        if (has_column) {
            made.message = text(
                "{} 行没有图斑编号（第 {} 行），按行号编为 row-000001 "
                "等；行序变动后编号会变，请补上",
                "{} rows have no id (rows {}) and are numbered by row (row-000001 …): "
                "reordering "
                "the file changes these ids; fill them in",
                rows.size(),
                row_list(rows)
            );
        } else {
            const Text place = place_of(source_.spec, "id");
            made.message = text(
                "没有找到图斑编号列，{0} 行按行号编为 row-000001 等；行序变动后编号会变，"
                "请用 {1} 指明编号列",
                "no column of plot ids was found, so {0} rows are numbered by row (row-000001 "
                "…): "
                "reordering the file changes these ids; name the column by {2}",
                rows.size(),
                place.zh,
                place.en
            );
        }
        result_.issues.push_back(std::move(made));
    }

    void mines() {
        const Column* mine = column(fields_.mine, "ZTBH");
        if (mine == nullptr && id_ == nullptr) {
            return;
        }
        const Column* from_id = fields_.mine.empty() ? id_ : nullptr; // whose words are ids
        Column cells = texts("mine_id", "主体编号");
        for (std::size_t row = 0; row < cells.size(); ++row) {
            put(cells, row, word(mine, row));
            const std::string& id = result_.ids[row];
            const bool numbered = cells.valid[row] == 0 && word(from_id, row);
            if (numbered && id.size() > plot_digits) {
                put(cells, row, id.substr(0, id.size() - plot_digits));
            }
        }
        result_.attributes.put(std::move(cells));
    }

    void
    words(const char* name, const char* alias, const std::string& named, const char* field) {
        const Column* from = column(named, field);
        if (from == nullptr) {
            return;
        }
        Column cells = texts(name, alias);
        for (std::size_t row = 0; row < cells.size(); ++row) {
            put(cells, row, word(from, row));
        }
        result_.attributes.put(std::move(cells));
    }

    void modes() {
        const Column* from = column(fields_.mode, "NXFFS");
        if (from == nullptr) {
            return;
        }
        Column cells = texts("mode", "修复方式");
        for (std::size_t row = 0; row < cells.size(); ++row) {
            const auto given = word(from, row);
            if (!given) {
                continue;
            }
            static const NationalField& field = *national_field("NXFFS");
            const auto mode = restoration_mode(national_value(field, *given).text.value_or(""));
            if (mode && !mode->empty()) {
                put(cells, row, mode);
            }
            if (!mode) {
                Issue made = issue(Severity::warning, "unknown_mode", row);
                made.field = from->name;
                made.message = text(
                    "修复方式“{}”不认识；应为 1—4、A—D 或 "
                    "自然恢复、辅助再生、生态重建、转型利用",
                    "restoration mode \"{}\" is unknown; expected 1–4, A–D, or natural, "
                    "assisted, "
                    "engineering, reuse",
                    *given
                );
                result_.issues.push_back(std::move(made));
            }
        }
        result_.attributes.put(std::move(cells));
    }

    [[noreturn]] void
    not_a_number(const Column& column, std::size_t row, const std::string& cell) const {
        if (const auto joined = rows_.joined.find(column.name); joined != rows_.joined.end()) {
            throw_unreadable(
                joined->second,
                text(
                    "图斑 {0} 的“{1}”是“{2}”，应为不小于 0 的数；请在源数据中改正",
                    "\"{1}\" of the plot {0} is \"{2}\", expected a number >= 0; correct it in "
                    "the source",
                    result_.ids[row],
                    column.name,
                    cell
                )
            );
        }
        FileSpec spec = source_.spec;
        spec.layer = source_.layer_name;
        throw_unreadable(
            spec,
            text(
                "第 {0} 行（{1}）的“{2}”是“{3}”，应为不小于 0 的数；请在源数据中改正",
                "\"{2}\" of row {0} ({1}) is \"{3}\", expected a number >= 0; correct it in "
                "the source",
                row + 1,
                result_.ids[row],
                column.name,
                cell
            )
        );
    }

    /// A cell as the exact decimal it shows, >= 0.
    [[nodiscard]] std::optional<Decimal> amount(const Column& column, std::size_t row) const {
        const auto cell = word(&column, row);
        if (!cell) {
            return std::nullopt;
        }
        static const NationalField& area = *national_field("TBTYMJ");
        const auto digits = national_value(area, *cell).text; // "/" is none
        if (!digits) {
            return std::nullopt;
        }
        auto value = Decimal::parse(*digits);
        if (!value && column.type() == ColumnType::real) { // 1e-07 and the like
            value = Decimal::parse(format("{:.6f}", *column.number(row)));
        }
        if (!value || value->digits < 0) {
            not_a_number(column, row, *cell);
        }
        return value;
    }

    /// value · 10^power · numerator / denominator, half up.
    [[nodiscard]] std::int64_t counted(
        const Column& column,
        std::size_t row,
        const Decimal& value,
        Int128 factor,
        Int128 divisor
    ) const {
        for (int i = 0; i < value.scale; ++i) {
            divisor *= 10;
        }
        const Int128 product = static_cast<Int128>(value.digits) * factor;
        if (product / divisor > std::numeric_limits<std::int64_t>::max() / 4) {
            not_a_number(column, row, value.text());
        }
        return half_up(product, divisor);
    }

    [[noreturn]] void at_most_one(const Text& what) const {
        throw Error(
            ErrorCode::invalid_project,
            text("fields 中 {0} 只能写一个", "fields: at most one of {1}", what.zh, what.en),
            source_.spec.where
        );
    }

    /// A warning where a column's own name says another unit than the key that the project names it with.
    void tell_unit(const std::string& column, std::string_view key) {
        struct Said {
            std::string_view word;
            std::string_view key;
        };

        constexpr std::array<Said, 6> words{{
            {"万元", "cost_wan_yuan"}, // before 元, which is in it
            {"元", "cost_yuan"},
            {"亩", "area_mu"},
            {"公顷", "area_ha"},
            {"平方米", "area_m2"},
            {"㎡", "area_m2"},
        }};
        const auto* const said =
            std::find_if(words.begin(), words.end(), [&](const Said& each) {
                return each.key.substr(0, 4) == key.substr(0, 4) &&
                       column.find(each.word) != std::string::npos;
            });
        if (said == words.end() || said->key == key) {
            return;
        }
        Issue made = issue(Severity::warning, "unit_doubtful");
        made.field = column;
        made.message = text(
            "列名“{0}”里写着“{1}”，项目却写 {2}: {0}；请核对，可能应写 {3}: {0}",
            "the column's name \"{0}\" says {1}, but the project says {2}: {0}: check it, it "
            "may "
            "have to be {3}: {0}",
            column,
            said->word,
            key,
            said->key
        );
        result_.issues.push_back(std::move(made));
    }

    void costs() {
        const bool wan = !fields_.cost_wan_yuan.empty();
        if (wan && !fields_.cost_yuan.empty()) {
            at_most_one({"cost_yuan、cost_wan_yuan", "cost_yuan, cost_wan_yuan"});
        }
        const std::string& named = wan ? fields_.cost_wan_yuan : fields_.cost_yuan;
        if (named.empty()) {
            return;
        }
        const Column& from = require(named);
        tell_unit(from.name, wan ? "cost_wan_yuan" : "cost_yuan");
        std::vector<std::optional<std::int64_t>> cells(rows_.table.rows);
        std::size_t rounded = 0;
        for (std::size_t row = 0; row < cells.size(); ++row) {
            if (const auto value = amount(from, row)) {
                cells[row] = counted(from, row, *value, wan ? 10'000 : 1, 1);
                rounded += value->scaled(wan ? 4 : 0) ? 0U : 1U;
            }
        }
        if (rounded > 0) {
            Issue made = issue(Severity::note, "rounded");
            made.field = from.name;
            made.message = text(
                "{} 行的投资不是整元，已四舍五入到元",
                "costs of {} rows are not whole yuan and were rounded half up",
                rounded
            );
            result_.issues.push_back(std::move(made));
        }
        result_.attributes.put(integer_column("cost_yuan", "投资", "yuan", cells));
    }

    void areas() {
        struct Unit {
            const std::string& named;
            std::string_view key;
            Int128 dm2_numerator; ///< 0.01 m² per unit
            Int128 dm2_denominator;
        };

        const std::array<Unit, 3> units{{
            {fields_.area_m2, "area_m2", 100, 1},
            {fields_.area_ha, "area_ha", 1'000'000, 1},
            {fields_.area_mu, "area_mu", 200'000, 3},
        }};
        const auto given = [](const Unit& unit) { return !unit.named.empty(); };
        const auto count = std::count_if(units.begin(), units.end(), given);
        if (count > 1) {
            at_most_one({"area_m2、area_ha、area_mu", "area_m2, area_ha, area_mu"});
        }
        if (count == 0) {
            return;
        }
        const Unit& unit = *std::find_if(units.begin(), units.end(), given);
        const Column& from = require(unit.named);
        tell_unit(from.name, unit.key);
        std::vector<std::optional<double>> cells(rows_.table.rows);
        for (std::size_t row = 0; row < cells.size(); ++row) {
            if (const auto value = amount(from, row)) {
                cells[row] =
                    area(from, row, *value, {unit.dm2_numerator, unit.dm2_denominator});
            }
        }
        result_.attributes.put(real_column("given_area_m2", "给定面积", "m2", cells));
    }

    std::optional<double> area(
        const Column& from,
        std::size_t row,
        const Decimal& value,
        const std::pair<Int128, Int128>& dm2_per_unit
    ) {
        const std::int64_t dm2 =
            counted(from, row, value, dm2_per_unit.first, dm2_per_unit.second);
        if (dm2 > 0) {
            return static_cast<double>(dm2) / 100.0;
        }
        Issue made = issue(Severity::warning, "missing_value", row);
        made.field = from.name;
        made.message = {"面积为 0，当作没有面积", "an area of 0 counts as no area"};
        result_.issues.push_back(std::move(made));
        return std::nullopt;
    }

    /// Also where a join has doubled it, or several columns are called so.
    static bool is_personal(const std::string& name) {
        const NationalField* field = national_field(name.substr(0, name.find('_')));
        return field != nullptr && field->kind == FieldKind::personal;
    }

    /// Bytes that were no character of the encoding show as U+FFFD.
    void tell_broken_text(const Column& column) {
        if (column.type() != ColumnType::text) {
            return;
        }
        std::size_t broken = 0;
        std::optional<std::size_t> first;
        for (std::size_t row = 0; row < column.size(); ++row) {
            const auto& cell = std::get<std::vector<std::string>>(column.values)[row];
            if (cell.find("\xEF\xBF\xBD") != std::string::npos) {
                ++broken;
                first = first ? first : row;
            }
        }
        if (!first) {
            return;
        }
        Issue made = issue(Severity::warning, "text_broken", first);
        made.field = column.name;
        made.message = text(
            "列“{0}”有 {1} 行含读不出的字节（第一处在第 {2} 行），以 \xEF\xBF\xBD "
            "代替；请在源数据中改正",
            "{1} rows of \"{0}\" hold bytes that are no character (first in row {2}), shown as "
            "\xEF\xBF\xBD: correct the source",
            column.name,
            broken,
            *first + 1
        );
        result_.issues.push_back(std::move(made));
    }

    void tell_dropped(const Column& column) {
        Issue made = issue(Severity::note, "personal_data_dropped");
        made.field = column.name;
        made.message = {
            "核查人员信息属个人信息，读取时已舍去",
            "data on inspectors are personal and were dropped on reading"};
        result_.issues.push_back(std::move(made));
    }

    /// The column in the national standard's form, what was changed told.
    Column normalised(const Column& column, const NationalField& field) {
        NationalColumn national = as_national(column, field);
        for (Issue& found : national.issues) {
            found.file = source_.spec.file;
            found.layer = source_.layer_name;
            found.plot_id =
                found.row ? result_.ids[static_cast<std::size_t>(*found.row) - 1] : "";
            result_.issues.push_back(std::move(found));
        }
        std::move(
            national.values.begin(), national.values.end(), std::back_inserter(result_.values)
        );
        return std::move(national.column);
    }

    void source_columns() {
        std::set<std::string> taken;
        std::set<std::string> aliases; // one alias, one column: conditions may use it
        for (const Column& own : result_.attributes.columns) {
            taken.insert(lower(own.name));
            aliases.insert(own.alias);
        }
        for (const Column& column : rows_.table.columns) {
            tell_broken_text(column);
            const NationalField* field = finder_.field_of(column);
            if (is_personal(column.name)) {
                tell_dropped(column);
                continue;
            }
            Column kept = field == nullptr ? column : normalised(column, *field);
            if (!aliases.insert(kept.alias).second) {
                kept.alias.clear();
            }
            if (is_own_column(kept.name)) {
                kept.name = "src_" + kept.name;
            }
            const std::string base = kept.name;
            for (int n = 2; !taken.insert(lower(kept.name)).second; ++n) {
                kept.name = format("{}_{}", base, n);
            }
            result_.attributes.put(std::move(kept));
        }
    }

    const Rows& rows_;
    const Source& source_;
    const PlotFields& fields_;
    ColumnFinder finder_;
    const Column* id_ = nullptr; ///< the national id column, where the project names none
    PlotColumns result_;
};

} // namespace

PlotColumns plot_columns(const Rows& rows, const Source& source, const PlotFields& fields) {
    return Builder(rows, source, fields).build();
}

} // namespace tuban
