#include "io/national_id.hpp"

#include "io/national_values.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

namespace tuban {
namespace {

constexpr std::size_t plot_digits = 3;

struct Form {
    NationalId::Kind kind;
    std::string_view begin;
    std::size_t digits; ///< after it, in all
};

constexpr std::array<Form, 3> forms{{
    {NationalId::Kind::legacy, "CT", 6 + 4 + 6 + plot_digits},
    {NationalId::Kind::added, "ZJ", 6 + 4 + 3 + plot_digits},
    {NationalId::Kind::licensed, "C", 22 + plot_digits},
}};

bool fits(const Form& form, std::string_view id) {
    return id.size() == form.begin.size() + form.digits && id.starts_with(form.begin) &&
           std::all_of(
               id.begin() + static_cast<std::ptrdiff_t>(form.begin.size()),
               id.end(),
               [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
           );
}

} // namespace

std::optional<NationalId> parse_plot_id(std::string_view id) {
    const auto* const form = std::find_if(forms.begin(), forms.end(), [&](const Form& each) {
        return fits(each, id);
    });
    if (form == forms.end()) {
        return std::nullopt;
    }
    NationalId parsed;
    parsed.kind = form->kind;
    parsed.mine = id.substr(0, id.size() - plot_digits);
    parsed.plot = id.substr(id.size() - plot_digits);
    if (form->kind != NationalId::Kind::licensed) {
        parsed.county = id.substr(2, 6);
        parsed.year = std::atoi(std::string(id.substr(8, 4)).c_str());
    }
    return parsed;
}

bool is_plain_id(std::string_view id) {
    return std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    });
}

std::string normal_plot_id(std::string_view id) {
    if (is_plain_id(id)) { // most are: there is nothing to change
        return std::string(id);
    }
    std::string normal;
    for (const char c : half_width(id)) {
        if (std::isspace(static_cast<unsigned char>(c)) == 0) {
            normal += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        }
    }
    return parse_plot_id(normal) ? normal : trimmed(id);
}

} // namespace tuban
