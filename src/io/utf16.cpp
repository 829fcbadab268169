#include "io/utf16.hpp"

#include "io/handles.hpp"

#include <array>
#include <cstddef>

namespace tuban {

Utf16 utf16_of(std::string_view bytes) {
    if (bytes.starts_with("\xFF\xFE")) {
        return Utf16::little_endian;
    }
    if (bytes.starts_with("\xFE\xFF")) {
        return Utf16::big_endian;
    }
    std::array<std::size_t, 2> zeros{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        zeros[i % 2] += bytes[i] == '\0' ? 1U : 0U;
    }
    const std::size_t enough =
        bytes.size() / 8 + 1; // a quarter of the letters: names may be Chinese
    if (zeros[1] >= enough && zeros[0] == 0) {
        return Utf16::little_endian;
    }
    return zeros[0] >= enough && zeros[1] == 0 ? Utf16::big_endian : Utf16::none;
}

std::string utf16_to_utf8(std::string_view bytes, Utf16 order) {
    constexpr unsigned mark = 0xFEFF;
    constexpr unsigned first_surrogate = 0xD800;
    constexpr unsigned last_surrogate = 0xDFFF;
    const std::size_t high = order == Utf16::little_endian ? 1 : 0;
    std::wstring letters;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        const unsigned letter = static_cast<unsigned char>(bytes[i + high]) * 256U +
                                static_cast<unsigned char>(bytes[i + 1 - high]);
        const bool surrogate = letter >= first_surrogate && letter <= last_surrogate;
        if (letter == 0) {
            break;
        }
        if (letter != mark) {
            letters += static_cast<wchar_t>(surrogate ? 0xFFFDU : letter);
        }
    }
    const CplText text(CPLRecodeFromWChar(letters.c_str(), CPL_ENC_UCS2, CPL_ENC_UTF8));
    return text ? text.get() : "";
}

} // namespace tuban
