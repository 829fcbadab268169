#pragma once
#include <tuban/geodesy.hpp>
#include <tuban/io.hpp>

#include "io/handles.hpp"

#include <string>
#include <vector>

/// Which coordinate system a data set is in, and who says so.
namespace tuban {

struct Source;

/// A CRS and who says so.
struct JudgedCrs {
    Crs crs;
    std::string because; ///< "file" or "project"
};

/// @throws Error{unreadable_input} if there is none (with proposals), or the datum is refused.
[[nodiscard]] JudgedCrs crs_of(const Source& source);
[[nodiscard]] JudgedCrs judged_crs(OGRSpatialReferenceH reference, const FileSpec& spec);
/// From the extent of the layer's coordinates; see plots_reader.hpp.
[[nodiscard]] std::vector<std::string> crs_proposals(const Source& source);

/// "EPSG:4516 CGCS2000 / 3-degree Gauss-Kruger zone 28"
[[nodiscard]] std::string words_of(const Crs& crs);

} // namespace tuban
