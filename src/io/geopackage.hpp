#pragma once
#include <tuban/core.hpp>
#include <tuban/export.hpp>
#include <tuban/table.hpp>

#include <string>
#include <vector>

/// GeoPackages of ours: whole tables in, whole tables out, through GDAL.
namespace tuban {

/// One table of a GeoPackage.
struct GeoPackageTable {
    std::string name;
    std::string description; ///< for gpkg_contents
    Table table;
    /// (n) written as MultiPolygon in EPSG:4490, longitude first; other kinds and `none` become null. Null pointer: a
    /// table of attributes. Not owned, must outlive the call.
    const Geometry* geometry = nullptr;
};

/// A QGIS style stored in the file (table layer_styles), the default of its layer.
struct GeoPackageStyle {
    std::string table;
    std::string name;
    std::string qml;
};

/// Writes a new GeoPackage, whole or not at all; a file of that name is replaced. Tables and rows in the order given,
/// no clock, host or path inside: the same tables give the same bytes.
/// @throws Error{unwritable_output}
TUBAN_EXPORT void write_geopackage(
    const std::vector<GeoPackageTable>& tables,
    const std::vector<GeoPackageStyle>& styles,
    const std::string& file
);

/// Every table of a GeoPackage in the file's order, without geometries, styles and row numbers.
/// @throws Error{unreadable_input} if the file is missing or no GeoPackage.
[[nodiscard]] TUBAN_EXPORT std::vector<GeoPackageTable> read_geopackage(const std::string& file
);

} // namespace tuban
