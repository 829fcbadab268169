#pragma once
#include <tuban/io.hpp>

#include "io/gdal.hpp"
#include "io/handles.hpp"
#include "io/odd_numbers.hpp"
#include "io/source_crs.hpp"
#include "io/text_encoding.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Opening files, once and for all rooms: what a name may be, which layer is meant, whether the bytes are all there.
namespace tuban {

/// A layer of a data set, open.
struct Source {
    FileSpec spec;
    std::string layer_name;
    std::vector<std::string> members; ///< real files, sorted by name
    Dataset dataset;
    OGRLayerH layer = nullptr; ///< owned by the data set
    std::string driver;
    TextEncoding encoding;
    bool cut_names = false; ///< field names of DBF end at 10 bytes
    std::map<std::int64_t, Text>
        damaged{};             ///< geometries not to be believed, by feature id, and why
    std::vector<bool> drawn{}; ///< per feature of a GeoJSON: it has a geometry, readable or not
    std::shared_future<OddNumbers>
        odd_numbers{}; ///< of a .dbf or a GeoPackage; not valid where there can be none
    std::size_t deleted_rows = 0;      ///< of a .dbf, marked so and not read
    std::optional<Text> crs_refused{}; ///< why what the file says of its CRS cannot be taken
    std::vector<Issue> issues{};       ///< found on opening; without file and layer
};

/// `file` from `folder`, unless it is absolute. @throws Error{unreadable_input} for network names and a missing file.
[[nodiscard]] std::string local_path(const FileSpec& spec, const std::string& folder);
enum class Want {
    geometry, ///< among several layers the only one with geometry is meant
    plots,    ///< likewise; among several with geometry the one called "plots", which is told
    table
};

/// The name GDAL opens: inside a .zip the one data set with one of the endings (or the one called like the layer).
[[nodiscard]] std::string gdal_name(
    const std::string& path,
    const FileSpec& spec,
    const std::vector<std::string>& endings,
    Want want
);
/// The data set's real files, sorted by name: what its SHA-256 is taken over.
[[nodiscard]] std::vector<std::string> member_files(const std::string& path);

/// @throws Error{unreadable_input} naming file and layer.
[[nodiscard]] Source
open_source(const FileSpec& spec, const std::string& folder, Want want, GdalScope& gdal);

/// The same layer through another handle, for another thread: what was found on opening is taken over.
[[nodiscard]] Source open_again(const Source& source, const GdalScope& gdal);

/// The row of `inputs`, less role, rows and hash.
[[nodiscard]] InputFile input_of(const Source& source);
/// SHA-256 over the members, which takes as long as reading them does.
[[nodiscard]] std::string hash_of(const Source& source);
/// Notes on encoding and datum.
[[nodiscard]] std::vector<Issue>
source_issues(const Source& source, const std::optional<JudgedCrs>& crs);

/// Why a file that has rows gives none: all of them are marked as deleted.
[[nodiscard]] Text words_of_all_deleted(const Source& source);

/// What the user has to write to set a key of a data set: "layer:" in a project, "--layer" on the command line.
/// @param key  layer, sheet (the layer of a table without geometry), crs, encoding, id
[[nodiscard]] Text place_of(const FileSpec& spec, std::string_view key);

/// Of a table: more are a table turned on its side, or rubbish, and a GeoPackage cannot hold them.
inline constexpr std::size_t most_columns = 2000;
[[noreturn]] void throw_too_many_columns(const FileSpec& spec);

/// The code of a mistake in what is said of a data set, as a CRS that nobody knows: that of the command line where it
/// was said there, else `otherwise`.
[[nodiscard]] ErrorCode code_of_mistake(const FileSpec& spec, ErrorCode otherwise);

[[noreturn]] void throw_unreadable(
    const FileSpec& spec, const Text& why, ErrorCode code = ErrorCode::unreadable_input
);

} // namespace tuban
