#pragma once
#include <tuban/error.hpp>

#include "io/source_crs.hpp"

#include <optional>
#include <string>
#include <string_view>

/// The .prj of a shapefile that GDAL makes nothing of: read all the same where PROJ knows what it means, else told.
namespace tuban {

struct Prj {
    std::optional<Crs>
        crs;    ///< what it says, of any datum; none where nothing can be read from it
    Text words; ///< what is unusual, or what is wrong with it, with its name and its beginning
};

/// @param name  as GDAL opened the data set
/// @return none if there is no .prj
[[nodiscard]] std::optional<Prj> read_prj(const std::string& name);

/// @param file   for the words
/// @param bytes  of the .prj
[[nodiscard]] Prj judge_prj(const std::string& file, std::string_view bytes);

} // namespace tuban
