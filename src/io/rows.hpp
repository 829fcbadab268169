#pragma once
#include "io/source.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Features of an open layer as columns and well-known binary.
namespace tuban {

struct Rows {
    Table table;                        ///< the source's columns, names in UTF-8
    std::vector<std::string> raw_names; ///< as the file has them, in its encoding
    std::vector<std::string> wkb;       ///< "" where there is no geometry
    std::vector<std::int64_t> fids;
    std::size_t curves = 0; ///< geometries whose curves were made straight
};

/// Takes features one by one; take() hands out what has come since the last time.
class RowReader {
public:
    explicit RowReader(const Source& source);

    void add(OGRFeatureH feature);

    [[nodiscard]] std::size_t size() const { return fids_.size(); }

    [[nodiscard]] Rows take();

private:
    struct Field {
        int index = 0;
        std::string name;
        std::string raw_name;
        ColumnType type = ColumnType::text;
        bool date = false;
        std::vector<std::optional<std::string>> texts;
        std::vector<std::optional<std::int64_t>> integers;
        std::vector<std::optional<double>> reals;
    };

    void add_field(OGRFieldDefnH definition, int index);
    void add_value(Field& field, OGRFeatureH feature) const;
    std::string wkb_of(OGRFeatureH feature);

    std::string encoding_;
    std::vector<Field> fields_;
    std::vector<std::string> wkb_;
    std::vector<std::int64_t> fids_;
    std::size_t curves_ = 0;
    bool degrees_ = false; ///< coordinates are geographic
};

/// Every row, in file order. Text columns of formats without types (CSV, workbooks) become numbers where every value is
/// one and none is a code with leading zeros.
/// @throws Error{unreadable_input} naming the first feature that cannot be read.
[[nodiscard]] Rows
read_rows(const Source& source, const GdalScope& gdal, const Execution& execution);

/// @throws Error{unreadable_input} if GDAL told of a failure while it read the feature after `read` ones.
void require_whole(const Source& source, const GdalScope& gdal, std::size_t read);

/// Finds columns by what a project or the schema calls them.
class ColumnFinder {
public:
    ColumnFinder(const Rows& rows, const Source& source) : rows_(rows), source_(source) {}

    /// Exact name, then the other name of the national schema, then ASCII in any case, then a DBF name cut at 10 bytes.
    [[nodiscard]] const Column* find(const std::string& name) const;
    /// @throws Error{invalid_project} at the source's `where`, with the nearest name.
    [[nodiscard]] const Column& require(const std::string& name) const;

private:
    [[nodiscard]] const Column* find_cut(const std::string& name) const;

    const Rows& rows_;
    const Source& source_;
};

} // namespace tuban
