#pragma once
#include <span>
#include <string_view>

/// Code lists of the national plot table and of the land classes of the third survey.
namespace tuban {

struct NationalCode {
    std::string_view field;
    std::string_view code; ///< "": a word that is used and has no code of its own
    std::string_view
        label; ///< half-width; "…" stands for words that published tables leave out
};

[[nodiscard]] std::span<const NationalCode> national_codes();

} // namespace tuban
