#include "workspace/palette.hpp"

#include <tuban/error.hpp>

#include "core/format.hpp"
#include "workspace/embedded_styles.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <utility>

namespace tuban {
namespace {

using Entries = std::map<std::string, std::vector<std::string>, std::less<>>;

[[noreturn]] void refuse(int line, std::string_view found) {
    throw Error(
        ErrorCode::internal,
        text(
            "色彩文件有误：{}，应为 `键: \"#rrggbb\"`，请修正 palette.yaml",
            "the palette holds {}, expected `key: \"#rrggbb\"`: mend palette.yaml",
            found
        ),
        {"palette.yaml", line, 0}
    );
}

std::string_view trimmed(std::string_view part) {
    const auto first = part.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) {
        return {};
    }
    return part.substr(first, part.find_last_not_of(" \t\r") - first + 1);
}

/// A comment starts at the line's begin or after a blank: colours hold a `#` of their own.
std::string_view without_comment(std::string_view line) {
    if (line.starts_with('#')) {
        return {};
    }
    return line.substr(0, line.find(" #"));
}

std::string unquoted(std::string_view value) {
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
        value = value.substr(1, value.size() - 2);
    }
    return std::string(value);
}

std::vector<std::string> values_of(std::string_view value) {
    if (!value.starts_with('[') || !value.ends_with(']')) {
        return {unquoted(value)};
    }
    value = value.substr(1, value.size() - 2);
    std::vector<std::string> values;
    while (!value.empty()) {
        const auto comma = std::min(value.find(','), value.size());
        values.push_back(unquoted(trimmed(value.substr(0, comma))));
        value.remove_prefix(std::min(comma + 1, value.size()));
    }
    return values;
}

Entries entries_of(std::string_view yaml) {
    Entries entries;
    int number = 0;
    while (!yaml.empty()) {
        const auto end = std::min(yaml.find('\n'), yaml.size());
        const std::string_view line = trimmed(without_comment(yaml.substr(0, end)));
        yaml.remove_prefix(std::min(end + 1, yaml.size()));
        ++number;
        if (line.empty()) {
            continue;
        }
        const auto colon = line.find(": ");
        if (colon == std::string_view::npos) {
            refuse(number, line);
        }
        entries[std::string(line.substr(0, colon))] =
            values_of(trimmed(line.substr(colon + 2)));
    }
    return entries;
}

bool is_colour(std::string_view value) {
    return value.size() == 7 && value.front() == '#' &&
           value.substr(1).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Takes the values of a key out of the entries; each must be a colour.
std::vector<std::string> take_colours(Entries& entries, std::string_view key) {
    const auto found = entries.find(key);
    if (found == entries.end()) {
        refuse(0, format("no {}", key));
    }
    std::vector<std::string> colours = std::move(found->second);
    entries.erase(found);
    if (colours.empty() || !std::all_of(colours.begin(), colours.end(), is_colour)) {
        refuse(0, key);
    }
    return colours;
}

int take_percent(Entries& entries, std::string_view key) {
    const auto found = entries.find(key);
    const std::string value =
        found == entries.end() || found->second.empty() ? "" : found->second.front();
    int percent = -1;
    std::from_chars(value.data(), value.data() + value.size(), percent);
    if (percent < 0 || percent > 100) {
        refuse(0, key);
    }
    entries.erase(found);
    return percent;
}

int channel(const std::string& colour, std::size_t index) {
    int value = 0;
    std::from_chars(colour.data() + 1 + 2 * index, colour.data() + 3 + 2 * index, value, 16);
    return value;
}

/// Colour at `step` of `steps` along the ramp, both ends included, in whole numbers.
std::string
ramp_colour(const std::vector<std::string>& ramp, std::size_t step, std::size_t steps) {
    const std::size_t scaled = step * (ramp.size() - 1);
    const std::size_t stop = std::min(scaled / steps, ramp.size() - 2);
    const int part = static_cast<int>(scaled - stop * steps);
    const int whole = static_cast<int>(steps);
    std::array<int, 3> rgb{};
    for (std::size_t i = 0; i < rgb.size(); ++i) {
        const int low = channel(ramp[stop], i);
        rgb.at(i) = low + (channel(ramp[stop + 1], i) - low) * part / whole;
    }
    return format("#{:02x}{:02x}{:02x}", rgb[0], rgb[1], rgb[2]);
}

} // namespace

Palette read_palette(std::string_view yaml) {
    Entries entries = entries_of(yaml);
    Palette result;
    result.periods = take_colours(entries, "periods");
    result.ramp = take_colours(entries, "ramp");
    if (result.ramp.size() < 2) {
        refuse(0, "ramp");
    }
    const std::vector<std::pair<std::string_view, std::string*>> single{
        {"not_scheduled", &result.not_scheduled},
        {"not_eligible", &result.not_eligible},
        {"alert", &result.alert},
        {"outline", &result.outline},
        {"text", &result.text},
        {"muted", &result.muted},
        {"rule", &result.rule},
        {"header", &result.header},
        {"road", &result.road},
        {"railway", &result.railway},
        {"railway_gap", &result.railway_gap},
        {"river", &result.river},
        {"settlement", &result.settlement},
        {"reserve", &result.reserve},
        {"other_layer", &result.other_layer},
    };
    for (const auto& [key, target] : single) {
        *target = take_colours(entries, key).front();
    }
    result.reserve_opacity_pct = take_percent(entries, "reserve_opacity_pct");
    if (!entries.empty()) {
        refuse(0, entries.begin()->first);
    }
    return result;
}

const Palette& palette() {
    static const Palette compiled_in = read_palette(embedded::palette_yaml);
    return compiled_in;
}

std::vector<std::string> period_colours(const Palette& palette, std::size_t periods) {
    std::vector<std::string> colours = palette.periods;
    if (periods > colours.size()) {
        colours.clear();
        for (std::size_t i = 0; i < periods; ++i) {
            colours.push_back(ramp_colour(palette.ramp, i, periods - 1));
        }
    }
    colours.resize(periods);
    return colours;
}

std::string layer_colour(const Palette& palette, std::string_view key) {
    const std::array<std::pair<std::string_view, const std::string*>, 5> known{{
        {"road", &palette.road},
        {"railway", &palette.railway},
        {"river", &palette.river},
        {"settlement", &palette.settlement},
        {"reserve", &palette.reserve},
    }};
    for (const auto& [name, colour] : known) {
        if (name == key) {
            return *colour;
        }
    }
    return palette.other_layer;
}

} // namespace tuban
