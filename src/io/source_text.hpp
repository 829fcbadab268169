#pragma once
#include "io/source.hpp"

/// How a source's text is encoded, from its raw bytes and what its files say.
namespace tuban {

/// @param name  as GDAL opened it
/// @throws Error{invalid_project} for an encoding of the project that nobody knows.
[[nodiscard]] TextEncoding encoding_of(const Source& source, const std::string& name);

/// Text in UTF-16 (what Excel calls Unicode text) is not read: GDAL would take it for rubbish.
/// @throws Error{unreadable_input}
void refuse_utf16(const std::string& name, const FileSpec& spec);

} // namespace tuban
