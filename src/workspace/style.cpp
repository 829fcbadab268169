#include "workspace/style.hpp"

#include "core/format.hpp"
#include "workspace/palette.hpp"

#include <charconv>
#include <string_view>

namespace tuban {
namespace {

/// How a polygon is drawn; colours as "#rrggbb", "" for no fill.
struct Fill {
    std::string fill;
    std::string outline;
    std::string outline_style = "solid";
    std::string outline_width = "0.26";
    std::string outline_unit = "MM";
};

struct Category {
    std::string value;
    std::string label;
    Fill fill;
};

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        switch (c) {
        case '&':
            result += "&amp;";
            break;
        case '<':
            result += "&lt;";
            break;
        case '>':
            result += "&gt;";
            break;
        case '"':
            result += "&quot;";
            break;
        default:
            result += c;
        }
    }
    return result;
}

int channel(std::string_view colour, std::size_t index) {
    int value = 0;
    const std::string_view digits = colour.substr(1 + 2 * index, 2);
    std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return value;
}

/// "#rrggbb" as QGIS writes it; transparent white for "".
std::string rgba(const std::string& colour) {
    if (colour.empty()) {
        return "255,255,255,0";
    }
    return format("{},{},{},255", channel(colour, 0), channel(colour, 1), channel(colour, 2));
}

std::string prop(std::string_view key, std::string_view value) {
    return format("          <prop k=\"{}\" v=\"{}\"/>\n", key, value);
}

std::string symbol(std::size_t index, const Fill& fill) {
    std::string xml = format(
        "      <symbol name=\"{}\" type=\"fill\" alpha=\"1\" clip_to_extent=\"1\" "
        "force_rhr=\"0\">\n"
        "        <layer class=\"SimpleFill\" enabled=\"1\" locked=\"0\" pass=\"0\">\n",
        index
    );
    xml += prop("color", rgba(fill.fill));
    xml += prop("style", fill.fill.empty() ? "no" : "solid");
    xml += prop("outline_color", rgba(fill.outline));
    xml += prop("outline_style", fill.outline_style);
    xml += prop("outline_width", fill.outline_width);
    xml += prop("outline_width_unit", fill.outline_unit);
    xml += prop("joinstyle", "round");
    return xml + "        </layer>\n      </symbol>\n";
}

std::vector<Category> categories_of(const std::vector<Period>& periods) {
    const Palette& colours = palette();
    const std::vector<std::string> fills = period_colours(colours, periods.size());
    std::vector<Category> categories;
    for (std::size_t i = 0; i < periods.size(); ++i) {
        categories.push_back({periods[i].name, periods[i].name, {fills[i], colours.outline}});
    }
    categories.push_back(
        {"unscheduled", "未安排", {colours.not_scheduled, colours.not_eligible}}
    );
    categories.push_back({"ineligible", "不参与排序", {"", colours.not_eligible, "dash"}});
    categories.push_back(
        {"held_out", "暂缓，待核实", {"", colours.alert, "solid", "2", "Pixel"}}
    );
    return categories;
}

} // namespace

std::string plots_qml(const std::vector<Period>& periods) {
    const std::vector<Category> categories = categories_of(periods);
    std::string xml =
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        "<qgis version=\"3.22.0\" styleCategories=\"Symbology\">\n"
        "  <renderer-v2 type=\"categorizedSymbol\" symbollevels=\"0\" enableorderby=\"0\" "
        "forceraster=\"0\" attr=\"CASE WHEN &quot;status&quot; = 'planned' THEN "
        "&quot;period&quot; ELSE &quot;status&quot; END\">\n"
        "    <categories>\n";
    for (std::size_t i = 0; i < categories.size(); ++i) {
        xml += format(
            "      <category value=\"{}\" label=\"{}\" symbol=\"{}\" render=\"true\" "
            "type=\"string\"/>\n",
            escaped(categories[i].value),
            escaped(categories[i].label),
            i
        );
    }
    xml += "    </categories>\n    <symbols>\n";
    for (std::size_t i = 0; i < categories.size(); ++i) {
        xml += symbol(i, categories[i].fill);
    }
    return xml + "    </symbols>\n  </renderer-v2>\n  <blendMode>0</blendMode>\n"
                 "  <layerGeometryType>2</layerGeometryType>\n</qgis>\n";
}

} // namespace tuban
