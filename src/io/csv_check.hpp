#pragma once
#include <tuban/io.hpp>

#include <string>

namespace tuban {

/// Whether a CSV is whole: GDAL swallows the rest of a file behind a quote without an end, drops cells beyond the header, and
/// ends text at a zero byte, all without a word.
/// @param name  as GDAL opens it
/// @throws Error{unreadable_input} naming file and line
void check_csv(const std::string& name, const FileSpec& spec);

} // namespace tuban
