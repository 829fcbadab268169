"""Log-log charts as SVG: a line for each peer, CPU seconds over plots or segments."""
import math

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 70, 170, 20, 60
# Periods' colours of the palette, tuban's first.
COLOURS = ("#1b6ca8", "#e08e0b", "#3b8f5a", "#8d5bb0", "#c2453d", "#5f6b7a", "#8c6d46", "#5aa0d6")
LABEL_ROOM = 14  # between names at the right


class Axis:
    """A logarithmic axis over whole decades, from pixel `begin` to `end`."""

    def __init__(self, values, begin, end):
        self.low = math.floor(math.log10(min(values)))
        self.high = max(math.ceil(math.log10(max(values))), self.low + 1)
        self.begin, self.end = begin, end

    def at(self, value):
        return self.begin + (math.log10(value) - self.low) / (self.high - self.low) * (self.end - self.begin)

    @property
    def decades(self):
        return range(self.low, self.high + 1)


def power(exponent):
    return f'10<tspan dy="-5" font-size="9">{exponent}</tspan>'


def frame(x, y, x_title, y_title):
    lines = []
    for exponent in x.decades:
        at = x.at(10.0 ** exponent)
        lines.append(f'<line x1="{at:.1f}" y1="{TOP}" x2="{at:.1f}" y2="{HEIGHT - BOTTOM}" stroke="#d9d9d9"/>')
        lines.append(f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{power(exponent)}</text>')
    for exponent in y.decades:
        at = y.at(10.0 ** exponent)
        lines.append(f'<line x1="{LEFT}" y1="{at:.1f}" x2="{WIDTH - RIGHT}" y2="{at:.1f}" stroke="#d9d9d9"/>')
        lines.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{power(exponent)}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    lines.append(f'<text x="{middle}" y="{HEIGHT - 14}" text-anchor="middle">{x_title}</text>')
    lines.append(f'<text transform="translate(18 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">{y_title}</text>')
    return lines


def label_heights(ends):
    """Heights of the names beside the ends of their lines, moved down where two would overlap."""
    heights = {}
    last = -math.inf
    for name, at in sorted(ends.items(), key=lambda end: (end[1], end[0])):
        last = max(at, last + LABEL_ROOM)
        heights[name] = last
    return heights


def chart(series, x_title, y_title):
    """@param series  {name: [(x, y)]}, tuban first; all > 0"""
    x = Axis([point[0] for points in series.values() for point in points], LEFT, WIDTH - RIGHT)
    y = Axis([point[1] for points in series.values() for point in points], HEIGHT - BOTTOM, TOP)
    drawn = frame(x, y, x_title, y_title)
    heights = label_heights({name: y.at(points[-1][1]) for name, points in series.items()})
    for number, (name, points) in enumerate(series.items()):
        colour, width = COLOURS[number % len(COLOURS)], 3 if number == 0 else 1.5
        places = " ".join(f"{x.at(a):.1f},{y.at(b):.1f}" for a, b in points)
        drawn.append(f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="{width}"/>')
        drawn += [f'<circle cx="{x.at(a):.1f}" cy="{y.at(b):.1f}" r="3" fill="{colour}"/>' for a, b in points]
        end = x.at(points[-1][0])
        drawn.append(f'<text x="{end + 8:.1f}" y="{heights[name] + 4:.1f}" fill="{colour}">{name}</text>')
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
                      f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>', *drawn, "</svg>"]) + "\n"
