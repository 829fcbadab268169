#pragma once
#include <string>
#include <string_view>

/// Text with two bytes a letter, as Excel and Notepad write under the name "Unicode".
namespace tuban {

enum class Utf16 { none, little_endian, big_endian };

/// By the mark at the beginning, or by a zero in every second byte of mostly Latin text. A stray zero byte is none.
[[nodiscard]] Utf16 utf16_of(std::string_view bytes);

/// To UTF-8, without the mark; characters beyond the basic plane become U+FFFD. @param order not none
[[nodiscard]] std::string utf16_to_utf8(std::string_view bytes, Utf16 order);

} // namespace tuban
