#pragma once
#include <optional>
#include <string>
#include <string_view>

/// 图斑编号 of the national plot table, in the three forms that published ids have.
namespace tuban {

struct NationalId {
    enum class Kind {
        licensed, ///< C, mining licence of 22 digits, plot of 3
        legacy,   ///< CT, county of 6, year of 4, serial of 6, plot of 3
        added     ///< ZJ (增加), county of 6, year of 4, serial of 3, plot of 3
    };

    Kind kind = Kind::legacy;
    std::string
        county; ///< 6 digits; "" for licensed ones: their digits name who issued the licence
    std::optional<int> year; ///< none for licensed ones
    std::string mine;        ///< 主体编号 ZTBH: the id less its last three digits
    std::string plot;        ///< those three
};

/// @param id  as normal_plot_id() leaves it
/// @return none if it has none of the forms
[[nodiscard]] std::optional<NationalId> parse_plot_id(std::string_view id);

/// Capital letters of ASCII and digits alone, as the forms have them.
[[nodiscard]] bool is_plain_id(std::string_view id);

/// Without spaces, half-width and in capitals if that makes it one of the forms; otherwise only trimmed.
[[nodiscard]] std::string normal_plot_id(std::string_view id);

} // namespace tuban
