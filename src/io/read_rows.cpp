#include "io/read_rows.hpp"

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "io/damaged_geometry.hpp"
#include "io/national_schema.hpp"
#include "io/stated_boxes.hpp"
#include "io/table_header.hpp"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <future>
#include <limits>
#include <string_view>
#include <thread>
#include <utility>

namespace tuban {
namespace {

constexpr std::size_t features_per_report = 1000;

/// Digits enough to survive as int64 and double: longer ones are ids.
constexpr std::size_t longest_number = 15;

bool is_number(const std::string& cell) {
    const std::size_t sign = cell.starts_with('-') || cell.starts_with('+') ? 1 : 0;
    const bool leading_zero = cell.size() > sign + 1 && cell[sign] == '0' &&
                              std::isdigit(static_cast<unsigned char>(cell[sign + 1])) != 0;
    return !leading_zero && cell.size() <= longest_number && Decimal::parse(cell).has_value();
}

/// A text column whose every value is a number, as numbers.
Column typed(const Column& column) {
    if (column.type() != ColumnType::text) {
        return column;
    }
    bool any = false;
    bool whole = true;
    std::vector<std::optional<double>> reals(column.size());
    std::vector<std::optional<std::int64_t>> integers(column.size());
    for (std::size_t row = 0; row < column.size(); ++row) {
        const auto cell = column.text(row);
        if (!cell) {
            continue;
        }
        const std::string word = trimmed(*cell);
        if (!is_number(word)) {
            return column;
        }
        const Decimal value = *Decimal::parse(word);
        reals[row] = value.value();
        integers[row] = value.scaled(0);
        whole = whole && value.scale == 0;
        any = true;
    }
    if (!any) {
        return column;
    }
    return whole ? integer_column(column.name, column.alias, column.unit, integers)
                 : real_column(column.name, column.alias, column.unit, reals);
}

bool has_types(const Source& source) {
    return source.driver != "CSV" && source.driver != "XLSX" && source.driver != "ODS" &&
           source.driver != "XLS";
}

/// The header of a FlatGeobuf says how many features follow; GDAL stops at the end of a cut file without a word.
void require_count(const Source& source, std::size_t read) {
    if (source.driver != "FlatGeobuf") {
        return;
    }
    const GIntBig said = OGR_L_GetFeatureCount(source.layer, 0); // negative: not written there
    if (said > 0 && static_cast<std::size_t>(said) != read) {
        FileSpec spec = source.spec;
        spec.layer = source.layer_name;
        throw_unreadable(
            spec,
            text(
                "文件被截断：应有 {} 个要素，只读出 {} 个；请取得完整的文件",
                "it is cut off: of {} features only {} can be read; get a whole copy",
                said,
                read
            )
        );
    }
}

Rows read_at_once(const Source& source, const GdalScope& gdal, const Execution& execution) {
    const double expected =
        static_cast<double>(std::max<GIntBig>(1, OGR_L_GetFeatureCount(source.layer, 1)));
    RowStream stream(source);
    stream.expect(static_cast<std::size_t>(expected));
    while (stream.read(stream.rows_read() + features_per_report, gdal)) {
        report_progress(
            execution,
            std::min(1.0, static_cast<double>(stream.rows_read()) / expected),
            text("读取 {}", "reading {}", source.spec.file)
        );
    }
    require_count(source, stream.rows_read());
    return stream.take();
}

/// The least and the greatest id of a table's rows.
std::optional<FidRange> ids_of_table(const Source& source) {
    const GdalScope own_words;
    const std::string id = OGR_L_GetFIDColumn(source.layer);
    const std::string sql =
        format("SELECT min({0}), max({0}) FROM {1}", sql_name(id), sql_name(source.layer_name));
    OGRLayerH found =
        id.empty() ? nullptr
                   : GDALDatasetExecuteSQL(source.dataset.get(), sql.c_str(), nullptr, nullptr);
    if (found == nullptr) {
        return std::nullopt;
    }
    std::optional<FidRange> ids;
    if (const Feature feature{OGR_L_GetNextFeature(found)}) {
        ids = FidRange{
            OGR_F_GetFieldAsInteger64(feature.get(), 0),
            OGR_F_GetFieldAsInteger64(feature.get(), 1)};
    }
    GDALDatasetReleaseResultSet(source.dataset.get(), found);
    return ids;
}

/// Parts of about as many features each, in file order, where the format has features of a part at hand; else none.
std::vector<FidRange> parts_of(const Source& source, const Execution& execution) {
    constexpr std::int64_t least_rows =
        8192; // of a part: opening a file takes as long as reading hundreds
    constexpr std::int64_t most_parts = 8;
    constexpr std::int64_t no_end = std::numeric_limits<std::int64_t>::max();
    const std::int64_t threads =
        execution.threads > 0 ? execution.threads
                              : static_cast<std::int64_t>(std::thread::hardware_concurrency());
    const std::int64_t rows = OGR_L_GetFeatureCount(source.layer, 1);
    const std::int64_t count = std::min({threads, most_parts, rows / least_rows});
    const std::string name = GDALGetDescription(source.dataset.get());
    if (count < 2 ||
        name.starts_with("/vsi")) { // in an archive, going back means beginning anew
        return {};
    }
    std::optional<FidRange> ids;
    if (source.driver == "ESRI Shapefile") {
        ids = FidRange{0, rows};
    } else if (source.driver == "GPKG") {
        ids = ids_of_table(source);
    }
    if (!ids || ids->first < 0 || ids->end > no_end / 2 || ids->first >= ids->end) {
        return {};
    }
    std::vector<FidRange> parts;
    const std::int64_t width = (ids->end - ids->first) / count;
    for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t begin = ids->first + i * width;
        parts.push_back({begin, i + 1 < count ? begin + width : no_end});
    }
    return parts;
}

/// One part of a source, by a handle of its own, until `stop`.
Rows read_part(const Source& source, const FidRange& part, const std::atomic<bool>& stop) {
    const GdalScope gdal;
    const Source own = open_again(source, gdal);
    RowStream stream(own, std::nullopt, false, part);
    while (!stop && stream.read(stream.rows_read() + features_per_report, gdal)) {
    }
    return stream.take();
}

/// The parts, one after the other. None where one cannot be read: whoever reads all in turn can say which feature it is.
std::optional<Rows> read_in_parts(
    const Source& source, const std::vector<FidRange>& parts, const Execution& execution
) {
    const GdalScope gdal; // what fails here is read again, and is told then
    std::atomic<bool> stop = false;
    std::vector<std::future<Rows>> others;
    for (std::size_t i = 1; i < parts.size(); ++i) {
        others.push_back(std::async(
            std::launch::async, read_part, std::cref(source), parts[i], std::cref(stop)
        ));
    }
    const auto rows = static_cast<double>(OGR_L_GetFeatureCount(source.layer, 1));
    const double expected = rows / static_cast<double>(parts.size());
    try {
        RowStream stream(source, std::nullopt, false, parts.front());
        stream.expect(static_cast<std::size_t>(rows));
        while (stream.read(stream.rows_read() + features_per_report, gdal)) {
            report_progress(
                execution,
                std::min(1.0, static_cast<double>(stream.rows_read()) / expected),
                text("读取 {}", "reading {}", source.spec.file)
            );
        }
        Rows all = stream.take();
        for (std::future<Rows>& other : others) {
            append(all, other.get());
        }
        return all;
    } catch (const Error& error) {
        stop = true;
        if (error.code() == ErrorCode::interrupted) {
            throw;
        }
        return std::nullopt;
    }
}

} // namespace

Rows read_rows(const Source& source, const GdalScope& gdal, const Execution& execution) {
    std::future<StatedBoxes> boxes = read_stated_boxes(source, execution);
    const std::vector<FidRange> parts = parts_of(source, execution);
    std::optional<Rows> in_parts;
    if (!parts.empty()) {
        in_parts = read_in_parts(source, parts, execution);
    }
    Rows rows = in_parts ? *std::move(in_parts) : read_at_once(source, gdal, execution);
    Execution quiet; // its progress has come to the end
    quiet.threads = execution.threads;
    for (Issue& issue : stated_box_issues(boxes.get(), rows, quiet)) {
        rows.issues.push_back(std::move(issue));
    }
    find_damaged(source, rows);
    if (!has_types(source)) {
        if (source.driver != "CSV") {
            take_header_below_title(rows);
        }
        for (Column& column : rows.table.columns) {
            column = typed(column);
        }
    }
    return rows;
}

} // namespace tuban
