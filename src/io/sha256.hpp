#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace tuban {

/// SHA-256 of bytes, 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

/// SHA-256 over the contents of files, one after the other in the order given: of one file, what sha256sum prints.
/// @throws Error{unreadable_input}
[[nodiscard]] std::string sha256_of_files(const std::vector<std::string>& files);

} // namespace tuban
