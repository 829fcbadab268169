#include "core/format.hpp"
#include "indicators/land_use.hpp"
#include "io/column_finder.hpp"
#include "io/crs_words.hpp"
#include "io/stated_boxes.hpp"
#include "spatial/wkb.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace tuban {
namespace {

constexpr std::size_t whole_layer = std::numeric_limits<std::size_t>::max();
/// What features are told by where the project names no column; the last that has a value counts.
constexpr std::array<const char*, 3> id_columns{"fid", "id", "osm_id"};
constexpr int box_edge_points = 32; ///< a box's edges are curves in another CRS

/// A context layer over OGR: read as asked for, by the file's own index, unless that of a GeoPackage is seen to miss
/// shapes. Boxes that shapes themselves state are believed in a window: only all() has every vertex to hold against them.
class OgrLayerSource final : public LayerSource {
public:
    OgrLayerSource(LayerSpec spec, Source source, JudgedCrs crs)
        : spec_(std::move(spec)), source_(std::move(source)), crs_(std::move(crs)),
          transform_(crs_.crs, layer_bound_m) {
        check_columns();
    }

    [[nodiscard]] const std::string& key() const override { return spec_.key; }

    /// Of the layer as a whole: handed out with its first features.
    void add_issue(Issue issue) { crs_.issues.push_back(std::move(issue)); }

    Layer all() override {
        const GdalScope gdal;
        OGR_L_SetSpatialFilter(source_.layer, nullptr);
        return everything(false, gdal);
    }

    Layer window(const LonLatBox& box) override {
        const GdalScope gdal;
        const bool filtered = index_holds() && set_filter(box);
        Layer found = everything(filtered, gdal);
        OGR_L_SetSpatialFilter(source_.layer, nullptr);
        return found;
    }

    void stream(std::size_t batch, const std::function<bool(const Layer&)>& take) override {
        const GdalScope gdal;
        OGR_L_SetSpatialFilter(source_.layer, nullptr);
        RowStream rows_of_layer(source_, wanted_);
        while (true) {
            Rows rows = rows_of_layer.next(std::max<std::size_t>(1, batch), gdal);
            const std::size_t got = rows.table.rows;
            if (got == 0) {
                return;
            }
            const Layer piece = layer_of(rows, rows_of_layer.rows_read() - got);
            if (piece.size() > 0 && !take(piece)) {
                return;
            }
        }
    }

private:
    /// Errors in the project show on opening, not when the first box is asked for.
    void check_columns() {
        const Rows none = RowReader(source_).take();
        const ColumnFinder finder(none, source_);
        ColumnNames wanted;
        const bool codes = spec_.key == land_layer && spec_.class_name.empty();
        if (codes && none.table.find("DLBM") != nullptr) {
            spec_.class_name = "DLBM"; // as the land survey calls it
        }
        for (const std::string& name : {spec_.id, spec_.name, spec_.class_name}) {
            if (!name.empty()) {
                wanted.insert(finder.require(name, spec_.places).name);
            }
        }
        if (spec_.id.empty()) {
            wanted.insert(id_columns.begin(), id_columns.end());
        }
        if (spec_.filter) {
            Conditions conditions(none.table);
            static_cast<void>(conditions.truth(*spec_.filter));
            for (const std::string& name : conditions.columns_read(*spec_.filter)) {
                wanted.insert(name);
            }
        }
        wanted_ = std::move(wanted);
    }

    /// Whether the file's index finds every shape; looked at once, when it is first asked for.
    bool index_holds() {
        if (!index_holds_) {
            const std::size_t missed = shapes_index_misses(source_);
            index_holds_ = missed == 0;
            if (missed > 0) {
                add_issue(index_contradicted(missed));
            }
        }
        return *index_holds_;
    }

    /// False where the box has no counterpart in the layer's CRS: then nothing is left out.
    bool set_filter(const LonLatBox& box) {
        if (box.west_deg > box.east_deg || crs_.past_180) {
            OGR_L_SetSpatialFilter(source_.layer, nullptr);
            return false;
        }
        std::vector<double> x;
        std::vector<double> y;
        for (int i = 0; i <= box_edge_points; ++i) {
            const double part = static_cast<double>(i) / box_edge_points;
            const double lon = std::lerp(box.west_deg, box.east_deg, part);
            const double lat = std::lerp(box.south_deg, box.north_deg, part);
            x.insert(x.end(), {lon, lon, box.west_deg, box.east_deg});
            y.insert(y.end(), {box.south_deg, box.north_deg, lat, lat});
        }
        transform_.from_lonlat(x, y);
        crs_.from_plane(x, y);
        const auto unknown = [](double value) { return !std::isfinite(value); };
        if (std::any_of(x.begin(), x.end(), unknown) ||
            std::any_of(y.begin(), y.end(), unknown)) {
            OGR_L_SetSpatialFilter(source_.layer, nullptr);
            return false;
        }
        const auto [west, east] = std::minmax_element(x.begin(), x.end());
        const auto [south, north] = std::minmax_element(y.begin(), y.end());
        // Between the sampled points the outline bulges by less than this.
        const double margin = std::max(*east - *west, *north - *south) * 1e-3 +
                              (crs_.crs.geographic ? 1e-7 : 1e-2);
        OGR_L_SetSpatialFilterRect(
            source_.layer, *west - margin, *south - margin, *east + margin, *north + margin
        );
        return true;
    }

    Layer everything(bool filtered, const GdalScope& gdal) {
        Rows rows = RowStream(source_, wanted_, filtered).next(whole_layer, gdal);
        if (filtered && source_.driver != "GeoJSON") {
            sort_by_fid(rows); // an index hands features out in its own order
        }
        return layer_of(rows, 0);
    }

    static void sort_by_fid(Rows& rows) {
        std::vector<std::size_t> order(rows.fids.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return rows.fids[a] < rows.fids[b];
        });
        keep(rows, order);
    }

    /// The named rows, in that order.
    static void keep(Rows& rows, const std::vector<std::size_t>& order) {
        const auto picked = [&order]<class T>(std::vector<T>& values) {
            std::vector<T> result;
            result.reserve(order.size());
            for (const std::size_t row : order) {
                result.push_back(std::move(values[row]));
            }
            values = std::move(result);
        };
        picked(rows.wkb);
        picked(rows.fids);
        for (Column& column : rows.table.columns) {
            std::visit(picked, column.values);
            picked(column.valid);
        }
        rows.table.rows = order.size();
        const std::map<std::size_t, Text> damaged = std::exchange(rows.damaged, {});
        for (std::size_t row = 0; row < order.size() && !damaged.empty(); ++row) {
            if (const auto found = damaged.find(order[row]); found != damaged.end()) {
                rows.damaged.emplace(row, found->second);
            }
        }
    }

    void filter_rows(Rows& rows, std::vector<std::size_t>& numbers) const {
        if (!spec_.filter) {
            return;
        }
        const auto truth = Conditions(rows.table).truth(*spec_.filter);
        std::vector<std::size_t> order;
        for (std::size_t row = 0; row < truth.size(); ++row) {
            if (truth[row].value_or(false)) {
                order.push_back(row);
            }
        }
        keep(rows, order);
        numbers = std::move(order);
    }

    [[nodiscard]] std::vector<std::string>
    texts(const Rows& rows, const std::string& name) const {
        std::vector<std::string> result(rows.table.rows);
        if (!name.empty()) {
            const Column& column = ColumnFinder(rows, source_).require(name);
            for (std::size_t row = 0; row < result.size(); ++row) {
                result[row] = column.text(row).value_or("");
            }
        }
        return result;
    }

    [[nodiscard]] std::vector<std::string> ids(const Rows& rows) const {
        if (!spec_.id.empty()) {
            return texts(rows, spec_.id);
        }
        std::vector<std::string> result(rows.table.rows);
        for (std::size_t row = 0; row < result.size(); ++row) {
            result[row] = format("{}", rows.fids[row]);
        }
        for (const char* name : id_columns) {
            const Column* column = rows.table.find(name);
            for (std::size_t row = 0; column != nullptr && row < result.size(); ++row) {
                result[row] = column->text(row).value_or(result[row]);
            }
        }
        return result;
    }

    /// @param before  rows of the file before these
    Layer layer_of(Rows& rows, std::size_t before) {
        std::vector<std::size_t> numbers(rows.table.rows);
        std::iota(numbers.begin(), numbers.end(), std::size_t{0});
        filter_rows(rows, numbers);
        crs_.place(rows.wkb);
        Layer layer = layer_piece(rows.wkb, ids(rows), crs_.crs, transform_);
        layer.key = spec_.key;
        layer.names = texts(rows, spec_.name);
        layer.classes = texts(rows, spec_.class_name);
        for (Issue& issue : layer.issues) {
            issue.file = spec_.source.file;
            issue.layer = source_.layer_name;
            if (!issue.row) {
                continue;
            }
            const auto row = static_cast<std::size_t>(*issue.row - 1);
            const auto damaged = rows.damaged.find(row);
            if (issue.code == "no_geometry" && damaged != rows.damaged.end()) {
                tell_damaged(issue, damaged->second);
            }
            issue.row = static_cast<std::int64_t>(before + numbers[row]) + 1;
        }
        if (before == 0) {
            const std::vector<Issue> notes = source_issues(source_, crs_);
            layer.issues.insert(layer.issues.begin(), notes.begin(), notes.end());
        }
        return layer;
    }

    LayerSpec spec_;
    Source source_;
    JudgedCrs crs_;
    TileTransform transform_;
    std::optional<bool> index_holds_; ///< not known before the first window
    ColumnNames wanted_;              ///< of many columns, those that are looked at
};

/// A warning if the layer lies where a web map would show its reference.
std::optional<Issue>
against_reference(LayerSource& layer, const LayerSpec& spec, const std::string& folder) {
    constexpr std::size_t features = 2000;
    std::vector<LonLat> shown;
    layer.stream(features, [&](const Layer& piece) {
        for (std::size_t i = 0; i < piece.geometry.lon_deg.size(); ++i) {
            shown.push_back({piece.geometry.lon_deg[i], piece.geometry.lat_deg[i]});
        }
        return false;
    });
    LayerSpec trusted;
    trusted.key = spec.key;
    trusted.source = *spec.reference;
    const Layer reference = open_layer(trusted, folder).source->all();
    return web_map_issue(shown, reference.geometry, spec.reference->file);
}

} // namespace

LayerOpened open_layer(const LayerSpec& spec, const std::string& folder) {
    GdalScope gdal;
    Source source = open_source(spec.source, folder, Want::geometry, gdal);
    if (OGR_L_GetGeomType(source.layer) == wkbNone) {
        throw_unreadable(
            spec.source,
            text(
                "“{}”没有图形，不能作为图层 {}",
                "\"{}\" has no geometry and cannot be the layer {}",
                source.layer_name,
                spec.key
            )
        );
    }
    JudgedCrs crs = crs_of(source, places_of(source));
    LayerOpened opened;
    opened.input = input_of(source);
    opened.input.sha256 = hash_of(source);
    opened.input.role = spec.key;
    opened.input.rows = OGR_L_GetFeatureCount(source.layer, 1) -
                        static_cast<std::int64_t>(source.deleted_rows); // which GDAL counts
    opened.input.crs = words_of(crs.crs);
    opened.input.crs_because = crs.because;
    opened.is_indexed = OGR_L_TestCapability(source.layer, OLCFastSpatialFilter) != 0;
    auto layer = std::make_unique<OgrLayerSource>(spec, std::move(source), std::move(crs));
    if (spec.reference) {
        if (auto issue = against_reference(*layer, spec, folder)) {
            layer->add_issue(*std::move(issue));
        }
    }
    opened.source = std::move(layer);
    return opened;
}

} // namespace tuban
