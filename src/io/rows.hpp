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

} // namespace tuban
