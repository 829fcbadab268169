#pragma once
#include <gdal.h>
#include <ogr_api.h>

#include <cstddef>
#include <cstdint>
#include <future>
#include <map>
#include <optional>
#include <string>

/// Numeric cells as they stand in the file: GDAL makes of "41,553.48" 41, of "约4公顷" 0 and of asterisks nothing.
namespace tuban {

/// A cell of a numeric field that is no plain decimal.
struct OddNumber {
    std::string raw;             ///< as it stands there, without blanks around it
    std::optional<double> value; ///< where it can only be one: "41,553.48", full-width digits
};

/// By the number of the field, from 0, and the feature id: of a .dbf the record, from 0 and counting deleted ones.
using OddNumbers = std::map<std::size_t, std::map<std::int64_t, OddNumber>>;

/// Of a table of an SQLite database, whose numeric columns may hold text all the same. Of a long table of a GeoPackage they
/// are looked for beside what the caller goes on with, through a connection of their own.
[[nodiscard]] std::shared_future<OddNumbers>
odd_numbers_of_table(GDALDatasetH dataset, OGRLayerH layer);
/// Of the fields of type N and F. @param dbf  as GDAL opens it; whole, see check_shapefile()
[[nodiscard]] OddNumbers odd_numbers(const std::string& dbf);

} // namespace tuban
